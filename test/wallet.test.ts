import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { after, before, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { languages, walletFiles, wordsOf } from '../src/wallet-page/assets.ts'
import { hubFolder, startHub } from './support/hub-process.ts'
import { rememberSecret } from './support/logs.ts'

// The wallet in a real browser on a whole sandbox: what customers do, and what they are told when nobody knows. Skipped where there is
// no chromium, except in CI.

const found = (process.env.PATH ?? '')
  .split(delimiter)
  .flatMap((folder) => ['chromium', 'chromium-browser', 'google-chrome'].map((name) => join(folder, name)))
  .find((file) => existsSync(file))
const options =
  found === undefined && process.env.BROWSER_TESTS !== 'required' ? { skip: 'there is no chromium here' } : {}

const dataDir = hubFolder('wallet')
const hub = startHub({
  TURANT_DATA_DIR: dataDir,
  TURANT_PORT: '0',
  TURANT_SIMULATOR_PORT: '0',
  TURANT_TIMER_SCALE: '0.05',
})
type Person = { readonly mobile: string; readonly mpin: string }
let at = ''
let apiKey = ''
let asha: Person
let ravi: Person
let browser: Browser | undefined
let context: BrowserContext
let page: Page

before(async () => {
  const { baseUrl } = await hub.ready()
  at = baseUrl.replace('127.0.0.1', 'localhost')
  const file = JSON.parse(readFileSync(join(dataDir, 'customers.json'), 'utf8'))
  apiKey = file.apiKey
  asha = file.people.asha
  ravi = file.people.ravi
  if (options.skip !== undefined) return
  assert.ok(found, 'CI has no chromium')
  browser = await chromium.launch({ executablePath: found, args: ['--no-sandbox'] })
  context = await browser.newContext({ viewport: { width: 360, height: 740 }, locale: 'en-IN' })
  page = await context.newPage()
  page.setDefaultTimeout(10_000)
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
async function codeAfter(mobile: string, before: number): Promise<string> {
  const giveUpAt = performance.now() + 10_000
  while (performance.now() < giveUpAt) {
    const all = await messages(mobile)
    if (all.length > before) return rememberSecret(/[0-9]{6}/.exec(all[0]?.text ?? '')?.[0] ?? '')
  }
  throw new Error('no message came')
}

const press = (name: string | RegExp): Promise<void> => page.getByRole('button', { name }).first().click()
async function signIn({ mobile, mpin }: Person): Promise<void> {
  const before = (await messages(mobile)).length
  await page.getByLabel('Mobile number').fill(mobile)
  await press('Send me a code')
  await page.getByLabel('Code').fill(await codeAfter(mobile, before))
  await page.getByLabel('MPIN').fill(mpin)
  await press('Sign in')
  await page.getByRole('heading', { name: 'Home' }).waitFor()
}
/** Fills in a payment to an account and goes on to where it is checked. */
async function fillPayment(amount: string): Promise<void> {
  await page.goto(`${at}/wallet#home`)
  await page.getByRole('link', { name: 'Pay', exact: true }).first().click()
  await page.getByLabel('Account number').last().fill('50100123456789')
  await page.getByLabel('IFSC').fill('hdfc0000123')
  await page.getByLabel('Name of the payee').fill('Asha Devi')
  await page.getByLabel('Amount in rupees').fill(amount)
  await press('Check the payment')
  await page.getByRole('heading', { name: 'Check the payment' }).waitFor()
}
async function prove({ mobile }: Person, mpin: string): Promise<void> {
  const before = (await messages(mobile)).length
  await press('Send me a code')
  await page.getByLabel('Code').fill(await codeAfter(mobile, before))
  await page.getByLabel('MPIN').fill(mpin)
  await press(/^Pay ₹/)
}
async function pay(amount: string, person: Person): Promise<void> {
  await fillPayment(amount)
  await press(/^Pay ₹/)
  await page.getByRole('heading', { name: 'Confirm that it is you' }).waitFor()
  await prove(person, person.mpin)
}
const stands = (status: string): Promise<void> => page.locator(`[data-status=${status}]`).waitFor({ timeout: 15_000 })

/** What axe finds on the page as it stands. */
async function faults(): Promise<string[]> {
  const axe = readFileSync(new URL(import.meta.resolve('axe-core')), 'utf8')
  const client = await context.newCDPSession(page)
  await client.send('Page.enable')
  // In a world of its own: the page's policy lets no script of others run in the page's.
  const { frameTree } = await client.send('Page.getFrameTree')
  const { executionContextId } = await client.send('Page.createIsolatedWorld', { frameId: frameTree.frame.id })
  const run = (expression: string) =>
    client.send('Runtime.evaluate', {
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
  await client.detach()
  return result.value
}
async function isSound(where: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    assert.deepEqual(await faults(), [], `${where}, ${colorScheme}`)
  }
  await page.emulateMedia({ colorScheme: 'light' })
  const { width, wide } = Object(
    await page.evaluate('({ width: innerWidth, wide: document.documentElement.scrollWidth })'),
  )
  assert.ok(wide <= width, `${where} is ${wide} wide on ${width}`)
  const shots = process.env.SCREENS
  if (shots === undefined) return
  for (const [name, size, colorScheme] of [
    ['phone-light', { width: 360, height: 740 }, 'light'],
    ['phone-dark', { width: 360, height: 740 }, 'dark'],
    ['desk-light', { width: 1280, height: 800 }, 'light'],
  ] as const) {
    await page.setViewportSize(size)
    await page.emulateMedia({ colorScheme })
    await page.screenshot({ path: join(shots, `wallet-${where}-${name}.png`), fullPage: name.startsWith('phone') })
  }
  await page.setViewportSize({ width: 360, height: 740 })
  await page.emulateMedia({ colorScheme: 'light' })
}

test('a wrong MPIN lets nobody in and says no more; the right one shows the balance', options, async () => {
  await page.goto(`${at}/wallet`)
  await isSound('sign-in')
  const before = (await messages(asha.mobile)).length
  await page.getByLabel('Mobile number').fill(asha.mobile)
  await press('Send me a code')
  await page.getByLabel('Code').fill(await codeAfter(asha.mobile, before))
  await page.getByLabel('MPIN').fill('111222')
  await press('Sign in')
  await page.getByRole('alert').filter({ hasText: 'is not right' }).waitFor()
  await isSound('sign-in-refused')
  await page.getByLabel('MPIN').fill(asha.mpin)
  await press('Sign in')
  await page.getByText('₹10,00,000.00').waitFor()
  await page.getByText('Nothing yet.').waitFor()
  await isSound('home-empty')
})

test('a payment to an account is checked, proved with two factors and settled, live', options, async () => {
  await fillPayment('1,500.50')
  await page.getByText('does not tell the payee').waitFor()
  await isSound('review')
  await press(/^Pay ₹1,500\.50/)
  await page.getByRole('heading', { name: 'Confirm that it is you' }).waitFor()
  await isSound('prove')
  await prove(asha, '111222')
  await page.getByRole('alert').filter({ hasText: 'is not right' }).waitFor()
  await page.getByLabel('MPIN').fill(asha.mpin)
  await press(/^Pay ₹/)
  await stands('succeeded')
  await page.getByText('The payee has the money.').waitFor()
  await isSound('paid')
})

test(
  'of an outcome that nobody knows it says so, not to pay again, and when it will be known; then it settles by itself',
  options,
  async () => {
    await pay('103.00', asha)
    await page.locator('[data-state=unconfirmed]').waitFor({ timeout: 15_000 })
    const said = await page.locator('[data-state=unconfirmed]').textContent()
    assert.match(said ?? '', /does not know yet .* Do not pay again\. It is found out by .* IST/)
    await isSound('unconfirmed')
    await stands('succeeded')
  },
)

test('what is deemed counts as paid, and says when it ends; what is declined says why', options, async () => {
  await pay('101.91', asha)
  await stands('deemed')
  assert.match((await page.locator('[data-status=deemed]').textContent()) ?? '', /Do not pay again/)
  await isSound('deemed')
  await pay('109.00', asha)
  await stands('failed')
  assert.match(
    (await page.locator('[data-status=failed]').textContent()) ?? '',
    /not paid, and the money is in your account\. \w/,
  )
  await isSound('failed')
})

test('somebody else who signs in at the same browser sees nothing of the one before', options, async () => {
  await page.goto(`${at}/wallet#settings`)
  await press('Sign out')
  await page.getByLabel('Mobile number').waitFor()
  await page.goto(`${at}/wallet#home`)
  await signIn(ravi)
  await page.getByText('₹10,00,000.00').waitFor()
  await page.getByText('Nothing yet.').waitFor()
})

test(
  'a connection that breaks as the payment is sent makes no second one: it is the same, sent again',
  options,
  async () => {
    await fillPayment('77.00')
    // The hub takes it, and its answer never arrives.
    let taken = 0
    await page.route('**/v1/wallet/payments', async (route) => {
      if (route.request().method() === 'POST' && taken === 0) {
        taken += 1
        await route.fetch()
        await route.abort('connectionreset')
      } else await route.continue()
    })
    await press(/^Pay ₹/)
    await page.getByText('The connection broke before the bank answered').waitFor()
    await isSound('lost')
    await page.reload()
    await page.getByText('The connection broke before the bank answered').waitFor()
    await page.getByRole('button', { name: 'Send the same payment again' }).click()
    await page.getByRole('heading', { name: 'Confirm that it is you' }).waitFor()
    await page.unroute('**/v1/wallet/payments')
    await prove(ravi, ravi.mpin)
    await stands('succeeded')
    await page.goto(`${at}/wallet#home`)
    await page.getByRole('heading', { name: 'Home' }).waitFor()
    await page.locator('.lines li').first().waitFor()
    assert.equal(await page.locator('.lines li', { hasText: '₹77.00' }).count(), 1)
    await isSound('home')
  },
)

test('the statement, the numbers to be paid at, and a frozen wallet', options, async () => {
  await page.goto(`${at}/wallet#statement`)
  await page.getByText('Opening balance').waitFor()
  await isSound('statement')
  await page.goto(`${at}/wallet#receive`)
  await page.getByLabel('Amount in rupees').fill('250')
  await page.getByLabel('What for').fill('Lunch')
  await press('Make a link')
  const link = await page.locator('code', { hasText: '/pay/' }).textContent()
  await press('Show the numbers')
  await page.getByRole('button', { name: 'Copy' }).first().waitFor()
  await isSound('receive')
  await page.goto(`${at}/wallet?link=${link?.split('/').at(-1)}`)
  await page.getByRole('heading', { name: 'Check the payment' }).waitFor()
  await page.getByText('₹250.00').first().waitFor()
  await isSound('link')
  await page.goto(`${at}/wallet#settings`)
  await page.getByRole('heading', { name: 'Settings' }).waitFor()
  await isSound('settings')
  await press('Freeze my wallet')
  await page.getByText('nothing leaves it').first().waitFor()
  await fillPayment('10.00')
  await press(/^Pay ₹/)
  await page.getByRole('alert').filter({ hasText: 'frozen' }).waitFor()
  await page.goto(`${at}/wallet#settings`)
  await press('Let payments go again')
  await page.getByText('Payments go again.').waitFor()
})

test('in Hindi every word is there and fits; signing out ends it', options, async () => {
  await page.goto(`${at}/wallet#settings`)
  await press('हिन्दी')
  await page.getByRole('heading', { name: 'सेटिंग' }).waitFor()
  for (const screen of ['home', 'pay', 'receive', 'statement', 'settings']) {
    await page.goto(`${at}/wallet#${screen}`)
    await page.getByRole('heading', { level: 1, name: wordsOf('hi')[screen] ?? '' }).waitFor()
    await isSound(`hi-${screen}`)
  }
  await press('साइन आउट')
  await page.getByLabel('मोबाइल नंबर').waitFor()
  await context.clearCookies()
  await page.goto(`${at}/wallet`)
  await page.getByLabel('Mobile number').waitFor()
})

test('the page can be installed, opens without a connection, and keeps nothing but its shell', options, async () => {
  await page.goto(`${at}/wallet`)
  await signIn(ravi)
  const manifest = Object(await (await fetch(`${at}/wallet/manifest.webmanifest`)).json())
  assert.deepEqual([manifest.start_url, manifest.scope, manifest.display], ['/wallet', '/wallet', 'standalone'])
  await page.evaluate('navigator.serviceWorker.ready.then(() => undefined)')
  await page.reload()
  await page.getByRole('heading', { name: 'Home' }).waitFor()
  const kept: string[] = await page.evaluate(
    `caches.keys().then((names) => Promise.all(names.map((name) => caches.open(name).then((cache) => cache.keys()))))
      .then((all) => all.flat().map(({ url }) => new URL(url).pathname))`,
  )
  assert.ok(kept.length > 0)
  for (const path of kept) assert.match(path, /^\/wallet(\/assets\/.*)?$/)
  await context.setOffline(true)
  await page.reload()
  await page.getByText('There is no connection').waitFor()
  await context.setOffline(false)
})

test('every language has every word, and a first view is under 40 KB compressed', () => {
  const names = Object.keys(wordsOf('en')).sort()
  assert.ok(languages.includes('en') && languages.includes('hi'))
  const files = walletFiles()
  for (const language of languages) {
    assert.deepEqual(Object.keys(wordsOf(language)).sort(), names, language)
    for (const [name, word] of Object.entries(wordsOf('en')))
      assert.deepEqual(
        [...(wordsOf(language)[name] ?? '').matchAll(/\{\w+\}/g)].map(String).sort(),
        [...word.matchAll(/\{\w+\}/g)].map(String).sort(),
        `${language}: ${name}`,
      )
    const bytes = [`wallet-${language}.js`, 'wallet.css'].map((name) => gzipSync(files[name] ?? '').length)
    assert.ok(bytes.reduce((a, b) => a + b) + 1_500 < 25_000, `${language}: ${bytes}`)
  }
})
