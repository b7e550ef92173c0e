import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { checkAccess, checkFits, openConsole, options, root, shoot } from './support/console.ts'

// Another language, as the console's README has it: a folder of texts and a build. The copy is built, not the repository's own.

const console = openConsole('language')
after(() => assert.deepEqual(console.faults, []))

/** Some of what a translator begins with; what is not here is said in English. */
const marathi = {
  nav: { home: 'मुख्यपृष्ठ', payments: 'व्यवहार', settlement: 'समायोजन' },
  own: { language: 'भाषा', signOut: 'बाहेर पडा' },
  table: { count_one: '{{count}} ओळ', count_other: '{{count}} ओळी' },
}

/** Builds a copy of the console with one more folder of texts. @returns where it was put */
function buildWith(language: string, texts: object): string {
  const copy = mkdtempSync(join(tmpdir(), 'turant-console-'))
  after(() => rmSync(copy, { recursive: true }))
  for (const [name, to] of [
    ['node_modules', 'node_modules'],
    ['src', 'src'],
    ['packages/sdk', 'packages/sdk'],
    ['tsconfig.json', 'tsconfig.json'],
    ['package.json', 'package.json'],
  ] as const) {
    mkdirSync(dirname(join(copy, to)), { recursive: true })
    symlinkSync(join(root, name), join(copy, to))
  }
  const own = join(copy, 'packages/console')
  for (const name of ['src', 'build', 'index.html', 'vite.config.ts', 'package.json', 'tsconfig.json'])
    cpSync(join(root, 'packages/console', name), join(own, name), { recursive: true })
  mkdirSync(join(own, 'src/locales', language))
  writeFileSync(join(own, 'src/locales', language, 'common.json'), JSON.stringify(texts))
  const vite = join(fileURLToPath(import.meta.resolve('vite/package.json')), '../bin/vite.js')
  execFileSync(process.execPath, [vite, 'build', '--logLevel', 'error'], { cwd: own, stdio: 'inherit' })
  return join(own, 'dist')
}

/** Gives a page what was built in another folder, with the headers of the hub: its policy holds for it too. */
async function serveFrom(page: Page, folder: string): Promise<void> {
  await page.route(/\/console(\/|$)/, async (route) => {
    const { pathname } = new URL(route.request().url())
    if (pathname.startsWith('/console/assets/'))
      return route.fulfill({ path: join(folder, pathname.slice('/console'.length)) })
    const response = await route.fetch()
    const nonce = /'nonce-([0-9a-f]+)'/.exec(response.headers()['content-security-policy'] ?? '')?.[1] ?? ''
    const body = readFileSync(join(folder, 'index.html'), 'utf8')
      .replace('{{nonce}}', nonce)
      .replace('{{mode}}', 'sandbox')
    await route.fulfill({ response, body })
  })
}

test(
  'a folder of texts and a build are a language: chosen in the menu, kept, and English where it says nothing',
  options,
  async () => {
    const folder = buildWith('mr', marathi)
    const page = await console.as('viewer', { path: '/payments' })
    await serveFrom(page, folder)
    await page.reload()
    await page.getByRole('button', { name: 'You and your settings' }).click()
    await page.getByRole('menuitem', { name: 'मराठी' }).click()
    await page.getByRole('link', { name: 'व्यवहार' }).waitFor()
    assert.equal(await page.locator('html').getAttribute('lang'), 'mr')

    await page.reload()
    await page.getByRole('link', { name: 'समायोजन' }).waitFor()
    await page.getByRole('heading', { level: 1, name: 'Payments' }).waitFor()
    await page.getByRole('link', { name: 'Unconfirmed' }).waitFor()
    await checkAccess(page, 'the console in another language')
    await checkFits(page, 'the console in another language')
    await shoot(page, 'language-mr')
    await page.getByRole('button', { name: 'You and your settings' }).click()
    await page.getByRole('menuitem', { name: 'बाहेर पडा' }).waitFor()
    await page.close()
  },
)
