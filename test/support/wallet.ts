import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before } from 'node:test'
import { type Browser, type BrowserContext, type CDPSession, chromium, type Page } from 'playwright-core'
import { chromiumHere, options } from './chromium.ts'
import { hubFolder, startHub } from './hub-process.ts'
import { rememberSecret } from './logs.ts'

export type Person = { readonly mobile: string; readonly mpin: string }

/** A message is there, or a payment has moved, within this time on a machine that others work on too. */
const WAIT_MS = 30_000

/** The wallet of a sandbox of its own, in a browser on a phone; for the top of a test file, with which it ends. */
export type TestWallet = {
  readonly at: () => string
  readonly person: (name: 'asha' | 'ravi') => Person
  readonly context: () => BrowserContext
  readonly page: () => Page
  readonly press: (name: string | RegExp) => Promise<void>
  /** Asks for a code by pressing, and types it in. */
  readonly giveCode: (person: Person) => Promise<void>
  readonly signIn: (person: Person) => Promise<void>
  /** Fills in a payment to an account and goes on to where it is checked. */
  readonly fillPayment: (amount: string, name?: string) => Promise<void>
  readonly prove: (person: Person, mpin: string) => Promise<void>
  readonly pay: (amount: string, person: Person) => Promise<void>
  /** Waits until the payment that is looked at is so. */
  readonly stands: (status: string) => Promise<void>
  /** Axe finds nothing, light and dark, nothing is wider than a small phone, and whatever is pressed has room for a finger. */
  readonly isSound: (where: string) => Promise<void>
}

/** @param env  settings of the hub beside those of every test */
export function openWallet(name: string, env: Readonly<Record<string, string>> = {}): TestWallet {
  const dataDir = hubFolder(name)
  const hub = startHub({
    TURANT_DATA_DIR: dataDir,
    TURANT_PORT: '0',
    TURANT_SIMULATOR_PORT: '0',
    TURANT_TIMER_SCALE: '0.05',
    ...env,
  })
  let at = ''
  let apiKey = ''
  let people: Readonly<Record<'asha' | 'ravi', Person>>
  let browser: Browser | undefined
  let context: BrowserContext
  let page: Page
  let client: CDPSession | undefined

  before(async () => {
    const { baseUrl } = await hub.ready()
    at = baseUrl.replace('127.0.0.1', 'localhost')
    const file = JSON.parse(readFileSync(join(dataDir, 'customers.json'), 'utf8'))
    apiKey = file.apiKey
    people = file.people
    if (options.skip !== undefined) return
    browser = await chromium.launch({ executablePath: chromiumHere(), args: ['--no-sandbox'] })
    context = await browser.newContext({ viewport: { width: 360, height: 740 }, locale: 'en-IN' })
    page = await context.newPage()
    page.setDefaultTimeout(WAIT_MS)
    page.on('pageerror', (error) => assert.fail(error))
  })
  after(async () => {
    await browser?.close()
    hub.child.kill('SIGTERM')
    await hub.ended
  })

  const messages = async (mobile: string): Promise<{ readonly at: string; readonly text: string }[]> => {
    const headers = { authorization: `Bearer ${apiKey}` }
    const answer = await fetch(`${at}/sandbox/messages?mobile=${mobile}&limit=100`, { headers })
    return Object(await answer.json()).data
  }
  /** The code of the message that comes after so many others; a message is not waited for by whoever asked for it. */
  const codeAfter = async (mobile: string, before: number): Promise<string> => {
    const giveUpAt = performance.now() + WAIT_MS
    while (performance.now() < giveUpAt) {
      const all = await messages(mobile)
      if (all.length > before) return rememberSecret(/[0-9]{6}/.exec(all[0]?.text ?? '')?.[0] ?? '')
    }
    throw new Error('no message came')
  }
  const press = (named: string | RegExp): Promise<void> => page.getByRole('button', { name: named }).first().click()
  const giveCode = async ({ mobile }: Person): Promise<void> => {
    const before = (await messages(mobile)).length
    await press('Send me a code')
    await page.getByLabel('Code').fill(await codeAfter(mobile, before))
  }
  const signIn = async (person: Person): Promise<void> => {
    await page.getByLabel('Mobile number').fill(person.mobile)
    await giveCode(person)
    await page.getByLabel('MPIN').fill(person.mpin)
    await press('Sign in')
    await page.getByRole('heading', { name: 'Home' }).waitFor()
  }
  const fillPayment = async (amount: string, payee = 'Asha Devi'): Promise<void> => {
    await page.goto(`${at}/wallet#home`)
    await page.getByRole('link', { name: 'Pay', exact: true }).first().click()
    await page.getByLabel('Account number').last().fill('50100123456789')
    await page.getByLabel('IFSC').fill('hdfc0000123')
    await page.getByLabel('Name of the payee').fill(payee)
    await page.getByLabel('Amount in rupees').fill(amount)
    await press('Check the payment')
    await page.getByRole('heading', { name: 'Check the payment' }).waitFor()
  }
  const prove = async (person: Person, mpin: string): Promise<void> => {
    await giveCode(person)
    await page.getByLabel('MPIN').fill(mpin)
    await press(/^Pay ₹/)
  }

  /** What axe finds on the page as it stands. */
  const faults = async (): Promise<string[]> => {
    const axe = readFileSync(new URL(import.meta.resolve('axe-core')), 'utf8')
    // One session for the whole file: one that ends takes the authenticators of the others with it.
    client ??= await context.newCDPSession(page)
    await client.send('Page.enable')
    // In a world of its own: the page's policy lets no script of others run in the page's.
    const { frameTree } = await client.send('Page.getFrameTree')
    const { executionContextId } = await client.send('Page.createIsolatedWorld', { frameId: frameTree.frame.id })
    const session = client
    const run = (expression: string) =>
      session.send('Runtime.evaluate', {
        expression,
        contextId: executionContextId,
        awaitPromise: true,
        returnByValue: true,
      })
    await run(axe)
    const { result } = await run(
      `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }).then(({ violations }) =>
        violations.map(({ id, nodes }) => id + ' ' + nodes.map((node) => node.html).join(' ')))`,
    )
    return result.value
  }

  const isSound = async (where: string): Promise<void> => {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      assert.deepEqual(await faults(), [], `${where}, ${colorScheme}`)
    }
    await page.emulateMedia({ colorScheme: 'light' })
    for (const width of [320, 360]) {
      await page.setViewportSize({ width, height: 740 })
      const { wide, small } = Object(
        await page.evaluate(`({
          wide: document.documentElement.scrollWidth,
          small: [...document.querySelectorAll('button, select, input, nav a, a.button, .lines a, label.choice')].filter((one) => one.checkVisibility()).flatMap((one) => {
            const { width, height } = (one.closest('label') ?? one).getBoundingClientRect()
            return width < 24 || height < 24 ? [one.outerHTML.slice(0, 80) + ' ' + width + ' by ' + height] : []
          }),
        })`),
      )
      assert.ok(wide <= width, `${where} is ${wide} wide on ${width}`)
      assert.deepEqual(small, [], where)
    }
    const shots = process.env.SCREENS
    if (shots === undefined) return
    for (const [look, size, colorScheme] of [
      ['phone-light', { width: 360, height: 740 }, 'light'],
      ['phone-dark', { width: 360, height: 740 }, 'dark'],
      ['desk-light', { width: 1280, height: 800 }, 'light'],
    ] as const) {
      await page.setViewportSize(size)
      await page.emulateMedia({ colorScheme })
      await page.screenshot({ path: join(shots, `${name}-${where}-${look}.png`), fullPage: look.startsWith('phone') })
    }
    await page.setViewportSize({ width: 360, height: 740 })
    await page.emulateMedia({ colorScheme: 'light' })
  }

  return {
    at: () => at,
    person: (who) => people[who],
    context: () => context,
    page: () => page,
    press,
    giveCode,
    signIn,
    fillPayment,
    prove,
    async pay(amount, person) {
      await fillPayment(amount)
      await press(/^Pay ₹/)
      await page.getByRole('heading', { name: 'Confirm that it is you' }).waitFor()
      await prove(person, person.mpin)
    },
    stands: (status) => page.locator(`[data-status=${status}]`).waitFor(),
    isSound,
  }
}
