import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Library } from './library.ts'
import { searchOptions } from './library.ts'

const read = (url: string | URL): Buffer => readFileSync(fileURLToPath(url))

/** What pages load, by name, with its kind; read when it is asked for. */
export const assets: Readonly<Record<string, readonly [kind: string, read: (library: Library) => Buffer | string]>> = {
  'site.css': ['text/css', () => read(new URL('./site.css', import.meta.url))],
  'icon.svg': ['image/svg+xml', () => read(new URL('../wallet-page/icon.svg', import.meta.url))],
  'site.js': ['text/javascript', () => read(new URL('./site.js', import.meta.url))],
  'minisearch.js': ['text/javascript', () => read(import.meta.resolve('minisearch'))],
  'search.json': ['application/json', ({ index }) => JSON.stringify({ options: searchOptions, index })],
}
