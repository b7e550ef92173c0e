import assert from 'node:assert/strict'
import { existsSync, mkdirSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { after } from 'node:test'
import { fileURLToPath } from 'node:url'
import axe from 'axe-core'
import { TOTP } from 'otpauth'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import type { Role } from '../../../../src/identity/rights.ts'
import { hubFolder, startHub } from '../../../../test/support/hub-process.ts'

// The console in a real browser on a real sandbox, as each role. One hub per test file: `const sandbox = openConsole('name')`.

const found = (process.env.PATH ?? '')
  .split(delimiter)
  .flatMap((folder) => ['chromium', 'chromium-browser', 'google-chrome'].map((name) => join(folder, name)))
  .find((path) => existsSync(path))
/** For `test(name, options, …)`: skipped where there is no chromium, except in CI. */
export const options =
  found === undefined && process.env.BROWSER_TESTS !== 'required' ? { skip: 'there is no chromium here' } : {}

export const sizes = { desk: { width: 1280, height: 800 }, phone: { width: 360, height: 740 } } as const

export type Looking = {
  readonly size?: keyof typeof sizes
  readonly scheme?: 'light' | 'dark'
  readonly language?: 'en' | 'hi'
  /** Where to begin, behind /console. */
  readonly path?: string
}

type Staff = {
  readonly tenant: number
  readonly login: string
  readonly password: string
  readonly totpSecret: string
}

export type Sandbox = {
  /** `http://localhost:…`: passkeys need a name. */
  readonly origin: string
  readonly apiKey: string
  readonly accounts: { readonly remitter: string; readonly merchant: string }
  readonly people: Readonly<Record<Role, Staff>>
  /** Where the hub keeps its things: `npm run people -- …` works on it. */
  readonly dataDir: string
}

export type TestConsole = {
  readonly sandbox: () => Promise<Sandbox>
  /** A page of somebody who is signed in; undefined: of nobody. Closed after the file. */
  readonly as: (role: Role | undefined, looking?: Looking) => Promise<Page>
  /** Calls the API as the sandbox's first key: what a screen shows must be there first. */
  readonly api: (method: string, path: string, body?: object) => Promise<ReturnType<typeof JSON.parse>>
  /** What the pages complained about: errors, and what their policy did not let them do. */
  readonly faults: readonly string[]
}

/** What an authenticator app shows at a moment, epoch milliseconds. */
export const codeOf = (secret: string, at = Date.now()): string => new TOTP({ secret }).generate({ timestamp: at })

/**
 * Starts a sandbox, which ends with the file: for the top of one.
 * @param env  settings of the hub beside those of every test
 */
export function openConsole(name: string, env: Readonly<Record<string, string>> = {}): TestConsole {
  const faults: string[] = []
  let browser: Promise<Browser> | undefined
  // At once: what a hub registers to be done after belongs to the file then, and not to the test that came first.
  const started = options.skip === undefined ? start(name, env) : undefined
  const signed = new Map<Role, ReturnType<BrowserContext['storageState']>>()
  after(async () => (await browser)?.close())

  const sandbox = (): Promise<Sandbox> => {
    assert.ok(started, 'there is no chromium here')
    return started
  }
  const contextOf = async ({ size = 'desk', scheme = 'light', language = 'en' }: Looking, role?: Role) => {
    assert.ok(found, 'CI has no chromium')
    browser ??= chromium.launch({ executablePath: found, args: ['--no-sandbox'] })
    const context = await (await browser).newContext({
      viewport: sizes[size],
      colorScheme: scheme,
      locale: language === 'hi' ? 'hi-IN' : 'en-IN',
      reducedMotion: 'reduce',
      hasTouch: size === 'phone',
      permissions: ['clipboard-read', 'clipboard-write'],
      ...(role === undefined ? {} : { storageState: await signIn(role) }),
    })
    context.setDefaultTimeout(30_000)
    context.on('page', (page) => watch(page, faults))
    return context
  }
  const signIn = (role: Role): ReturnType<BrowserContext['storageState']> => {
    const before = signed.get(role)
    if (before !== undefined) return before
    const made = (async () => {
      const { origin, people } = await sandbox()
      const context = await contextOf({})
      const page = await context.newPage()
      await page.goto(`${origin}/console/`)
      const { tenant, login, password, totpSecret } = people[role]
      await page.getByLabel('Tenant').fill(String(tenant))
      await page.getByLabel('Login').fill(login)
      await page.getByLabel(/^Password/).fill(password)
      await page.getByLabel('Code').fill(codeOf(totpSecret))
      await page.getByRole('button', { name: 'Sign in', exact: true }).click()
      await page.getByRole('navigation', { name: 'Areas' }).waitFor({ state: 'attached' })
      const state = await context.storageState()
      await context.close()
      return state
    })()
    signed.set(role, made)
    return made
  }
  return {
    sandbox,
    faults,
    async as(role, looking = {}) {
      const { origin } = await sandbox()
      const page = await (await contextOf(looking, role)).newPage()
      await page.goto(`${origin}/console${looking.path ?? '/'}`)
      if (role !== undefined)
        await page.getByRole('navigation', { name: /^(Areas|क्षेत्र)$/ }).waitFor({ state: 'attached' })
      return page
    },
    async api(method, path, body) {
      const { origin, apiKey } = await sandbox()
      const answer = await fetch(`${origin}${path}`, {
        method,
        headers: {
          authorization: `Bearer ${apiKey}`,
          'idempotency-key': crypto.randomUUID(),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      const text = await answer.text()
      assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${text}`)
      return text === '' ? undefined : JSON.parse(text)
    },
  }
}

async function start(name: string, env: Readonly<Record<string, string>>): Promise<Sandbox> {
  const dataDir = hubFolder(`console-${name}`)
  const hub = startHub({
    TURANT_DATA_DIR: dataDir,
    TURANT_PORT: '0',
    TURANT_SIMULATOR_PORT: '0',
    TURANT_TIMER_SCALE: '0.05',
    TURANT_INBOX_MS: '100',
    ...env,
  })
  const { baseUrl, ...rest } = Object(await hub.ready())
  return { ...rest, dataDir, origin: baseUrl.replace('127.0.0.1', 'localhost') }
}

function watch(page: Page, faults: string[]): void {
  page.on('pageerror', (error) => faults.push(`${page.url()}: ${error.message}`))
  page.on('console', (message) => {
    // Answers that refuse are the tests' own wish; a policy that was hurt is never.
    if (/Content Security Policy|Minified React error|is not defined/.test(message.text()))
      faults.push(`${page.url()}: ${message.text()}`)
  })
}

/** WCAG 2.2 AA, as far as a machine sees it: no violations. */
export async function checkAccess(page: Page, what: string): Promise<void> {
  const found = await page.evaluate(`(async () => {
    if (window.axe === undefined) { ${axe.source} }
    const { violations } = await window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] })
    return violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html.slice(0, 200)).join(' | '))
  })()`)
  assert.deepEqual(found, [], what)
}

/** Waits until what a screen shows is there. */
export async function settled(page: Page): Promise<void> {
  await page.getByRole('heading', { level: 1 }).first().waitFor()
  await page.locator('.mantine-Loader-root, .mantine-Skeleton-root').first().waitFor({ state: 'detached' })
  await page.evaluate('document.fonts.ready.then(() => undefined)')
}

/** Nothing is wider than the window: what must be, scrolls inside itself. */
export async function checkFits(page: Page, what: string): Promise<void> {
  const over = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')
  assert.equal(over, 0, `${what} is wider than the window`)
}

/** Writes a picture to look at, where `TURANT_TEST_SCREENS` says; nothing without it. */
export async function shoot(page: Page, name: string): Promise<void> {
  const folder = process.env.TURANT_TEST_SCREENS
  if (folder === undefined) return
  const path = join(folder, `${name}.png`)
  mkdirSync(dirname(path), { recursive: true })
  await page.screenshot({ path })
}

/** The repository. */
export const root = fileURLToPath(new URL('../../../..', import.meta.url))
