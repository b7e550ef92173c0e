import { createHash } from 'node:crypto'
import { globSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * wallet-page: the page of a tenant's customers. It promises that it is small enough for a slow line, that it says of an open payment that
 * it is open, and that nothing which runs or styles it is inside it: everything comes from the hub, under a name that changes with it.
 */

const folder = fileURLToPath(new URL('.', import.meta.url))
const read = (name: string): string => readFileSync(`${folder}${name}`, 'utf8')

/** Languages that there are words for, by their code; a file in `words/` makes one more. */
export const languages: readonly string[] = globSync('words/*.json', { cwd: folder })
  .map((name) => basename(name, '.json'))
  .sort()

export const wordsOf = (language: string): Readonly<Record<string, string>> =>
  JSON.parse(read(`words/${language}.json`))

/** In the order in which they need each other: a module names only what stands before it. */
const modules = ['dom', 'api', 'sign-in', 'home', 'pay', 'payment', 'settings', 'main']

/** One script of all modules, with the words of a language: one request, and one text to compress. Imports name modules of ours alone. */
function scriptOf(language: string): string {
  const parts = modules.map((name) =>
    read(`app/${name}.js`)
      .replaceAll(/^import [^\n]*\n/gm, '')
      .replaceAll(/^export /gm, '')
      .replaceAll(/^ *\/(?:\/|\*\*)[^\n]*\n/gm, ''),
  )
  return `globalThis.walletWords=${JSON.stringify(wordsOf(language))}\n${parts.join('')}`
}

/** Sides of the icon's pictures in pixels: for the home screen of iOS, and for that of Android and its start screen. Drawn by `npm run icons`. */
export const iconSizes = [180, 192, 512] as const

/** What the page loads, by name. */
export const walletFiles = (): Readonly<Record<string, Buffer>> =>
  Object.fromEntries([
    ['wallet.css', Buffer.from(read('wallet.css'))],
    ['icon.svg', Buffer.from(read('icon.svg'))],
    ...iconSizes.map((size): [string, Buffer] => [`icon-${size}.png`, readFileSync(`${folder}icon-${size}.png`)]),
    ...languages.map((language): [string, Buffer] => [`wallet-${language}.js`, Buffer.from(scriptOf(language))]),
  ])

/** The worker that keeps the shell: another one whenever anything of the shell changes. @param urls  where the files are, by name */
export function workerOf(urls: Readonly<Record<string, string>>): string {
  const shell = createHash('sha256').update(Object.values(urls).join()).digest('hex').slice(0, 12)
  return read('sw.js').replace('SHELL', shell)
}
