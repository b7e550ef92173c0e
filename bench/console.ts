import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { TOTP } from 'otpauth'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { openFileStore } from '../src/secrecy/file-store.ts'
import { keyTable } from '../src/secrecy/key-table.ts'
import { openVault } from '../src/secrecy/vault.ts'
import { chromiumHere } from '../test/support/chromium.ts'
import { type Sample, samplesOf } from './history.ts'
import type { Figure } from './support/figures.ts'
import { api, type BenchHub } from './support/hub.ts'
import type { BenchPostgres } from './support/postgres.ts'

/** What the first load may weigh, everything over the wire with headers, in thousands of bytes. @source issue 7 */
const FIRST_LOAD_KB = 350
/** What a screen may take from the click until what it shows is there, milliseconds. @source issue 7 */
const ROUTE_MS = 1_000
/** A hand that scrolls sees what is longer than this stand still, milliseconds. */
const LONG_MS = 100
const DESK = { width: 1_280, height: 800 }
/** Pages of the list that are scrolled through; searches of each kind; looks at the overview. */
const PAGES = 20
const SEARCHES = 3
const OVERVIEWS = 5

/** Seen by the page itself: calls that are not answered yet, frames, and what held the main thread up. */
const watching = `
  const seen = { asked: 0, calls: 0, frames: [], long: [] }
  window.seen = seen
  const asked = window.fetch
  window.fetch = async (...given) => {
    seen.asked += 1
    seen.calls += 1
    try {
      const answer = await asked(...given)
      await answer.clone().arrayBuffer()
      return answer
    } finally {
      seen.calls -= 1
    }
  }
  new PerformanceObserver((list) => seen.long.push(...list.getEntries().map((one) => one.duration))).observe({ type: 'longtask', buffered: true })
  let before = performance.now()
  const frame = (now) => {
    seen.frames.push(now - before)
    before = now
    requestAnimationFrame(frame)
  }
  requestAnimationFrame(frame)`

/**
 * When a screen stands: `begun` holds, its heading is there, nothing turns, no call is open, for three frames; milliseconds from `from` on. The
 * address alone says little: it changes before React has drawn.
 */
const standing = (begun: string, from: string): string => `new Promise((resolve) => {
  const from = ${from}
  let since
  const look = () => {
    const stands = (${begun}) && window.seen.calls === 0 && document.querySelector('main h1') !== null &&
      document.querySelector('.mantine-Loader-root, [data-stale]') === null
    if (!stands) since = undefined
    else since ??= { at: performance.now(), frames: 0 }
    if (since !== undefined && (since.frames += 1) > 3) resolve(since.at - from)
    else requestAnimationFrame(look)
  }
  look()
})`

/** Somebody of operations who is signed in; of an administrator, whose menu has every screen. */
async function signIn(browser: Browser, hub: BenchHub, role: string): Promise<BrowserContext> {
  const { people } = JSON.parse(readFileSync(join(hub.dataDir, 'sandbox.json'), 'utf8')) as {
    people: Record<string, { tenant: number; login: string; password: string; totpSecret: string }>
  }
  const person = people[role]
  if (person === undefined) throw new Error(`the sandbox has no ${role}`)
  const context = await browser.newContext({ viewport: DESK, locale: 'en-IN', colorScheme: 'light' })
  context.setDefaultTimeout(30_000)
  const page = await context.newPage()
  await page.goto(`${origin(hub)}/console/`)
  await page.getByLabel('Tenant').fill(String(person.tenant))
  await page.getByLabel('Login').fill(person.login)
  await page.getByLabel(/^Password/).fill(person.password)
  await page.getByLabel('Code').fill(new TOTP({ secret: person.totpSecret }).generate())
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.getByRole('navigation', { name: 'Areas' }).waitFor()
  await page.close()
  return context
}

/** Passkeys need a name, and cookies go with it. */
const origin = (hub: BenchHub): string => hub.baseUrl.replace('127.0.0.1', 'localhost')

/** Everything that comes over the wire until Home stands, with an empty cache. */
async function firstLoad(browser: Browser, hub: BenchHub, signed: BrowserContext): Promise<Figure[]> {
  const context = await browser.newContext({ viewport: DESK, storageState: await signed.storageState() })
  await context.addInitScript(watching)
  const page = await context.newPage()
  const session = await context.newCDPSession(page)
  let bytes = 0
  session.on('Network.loadingFinished', ({ encodedDataLength }) => {
    bytes += encodedDataLength
  })
  await session.send('Network.enable')
  await page.goto(`${origin(hub)}/console/home`)
  const took = Number(await page.evaluate(standing('true', '0')))
  await context.close()
  return [
    {
      what: 'console: first load until Home stands, everything over the wire, compressed, with headers',
      value: bytes / 1_000,
      unit: 'KB',
      gate: { kind: 'atMost', value: FIRST_LOAD_KB },
      note: `stands after ${took.toFixed(0)} ms, cache empty`,
    },
  ]
}

type Times = Map<string, number>

/** Clicks a link of the page and measures until its screen stands: the link is the current one, or gone. */
async function follow(page: Page, times: Times, selector: string): Promise<void> {
  await page.locator(selector).first().waitFor()
  const followed = "!link.isConnected || link.ariaCurrent === 'page'"
  const [address = '', took] = await page.evaluate<[string, number]>(
    `(() => {
      const link = document.querySelector(${JSON.stringify(selector)})
      const at = performance.now()
      link.click()
      return ${standing(followed, 'at')}.then((took) => [new URL(link.href).pathname, took])
    })()`,
  )
  times.set(address.replace(/[a-z]{3}_[0-9a-f]+$/, '{id}'), Number(took))
}

const hrefs = async (page: Page, within: string): Promise<string[]> =>
  JSON.parse(
    String(
      await page.evaluate(
        `JSON.stringify([...document.querySelectorAll(${JSON.stringify(`${within} a[href]`)})].map((one) => one.getAttribute('href')))`,
      ),
    ),
  )

/** Every area of the menu and every part of it, each for the first time in this browser: with its code, and what it asks of the hub. */
async function routes(signed: BrowserContext, hub: BenchHub, role: string): Promise<Times> {
  const times: Times = new Map()
  const page = await signed.newPage()
  await page.addInitScript(watching)
  await page.goto(`${origin(hub)}/console/home`)
  await page.evaluate(standing('true', '0'))
  for (const area of await hrefs(page, 'nav[aria-label="Areas"]')) {
    await follow(page, times, `nav[aria-label="Areas"] a[href="${area}"]`)
    for (const part of await hrefs(page, 'main nav.noprint'))
      await follow(page, times, `main nav.noprint a[href="${part}"]`)
    for (const list of ['payments', 'accounts'])
      if (area === `/console/${list}`) await follow(page, times, `main tbody a[href^="/console/${list}/"]`)
  }
  await page.close()
  return new Map([...times].map(([path, took]) => [`${path} (${role})`, took]))
}

function routeFigures(times: Times): Figure[] {
  const slowest = [...times].sort(([, a], [, b]) => b - a)
  const [first] = slowest
  return [
    {
      what: `console: slowest of ${times.size} routes, from the click until its data stands`,
      value: first?.[1] ?? Number.NaN,
      unit: 'ms',
      gate: { kind: 'atMost', value: ROUTE_MS },
      note: `code not loaded before; ${slowest
        .slice(0, 5)
        .map(([path, took]) => `${path} ${took.toFixed(0)} ms`)
        .join(', ')}`,
    },
  ]
}

const quantile = (values: readonly number[], q: number): number =>
  [...values].sort((a, b) => a - b)[Math.max(0, Math.ceil(values.length * q) - 1)] ?? Number.NaN

/** The wheel turns through the list without a rest; the next page comes while it turns. */
async function scrollFigures(page: Page, stored: string): Promise<Figure[]> {
  const pages: number[] = []
  page.on('response', (answer) => {
    if (answer.url().includes('/v1/payments?')) pages.push(answer.request().timing().responseStart)
  })
  await page.locator('main table').hover()
  await page.evaluate('window.seen.frames.length = 0; window.seen.long.length = 0')
  const begun = performance.now()
  while (pages.length < PAGES && performance.now() - begun < 60_000) await page.mouse.wheel(0, 700)
  const frames: number[] = JSON.parse(String(await page.evaluate('JSON.stringify(window.seen.frames)')))
  const long: number[] = JSON.parse(String(await page.evaluate('JSON.stringify(window.seen.long)')))
  const rows = await page.locator('main tbody tr').count()
  return [
    {
      what: `payments table, ${stored} behind it, ${pages.length} pages scrolled through: a page of it, p95`,
      value: quantile(pages, 0.95),
      unit: 'ms',
      gate: { kind: 'atMost', value: 100 },
      note: `from the call to its first byte; longest ${Math.max(...pages).toFixed(0)} ms`,
    },
    {
      what: 'the same: frames, p99',
      value: quantile(frames, 0.99),
      unit: 'ms',
      gate: { kind: 'atMost', value: LONG_MS },
      note: `${frames.length} frames, p50 ${quantile(frames, 0.5).toFixed(0)} ms, longest ${Math.max(...frames).toFixed(0)} ms; ${rows} rows in the page`,
    },
    {
      what: 'the same: longest task of the page',
      value: Math.max(0, ...long),
      unit: 'ms',
      gate: { kind: 'atMost', value: 2 * LONG_MS },
      note: `${long.length} over 50 ms`,
    },
  ]
}

const rupees = (paise: string): string => `${paise.slice(0, -2)}.${paise.slice(-2)}`

/** What one types into the box, for each thing that one may have of a payment. */
const searches: Readonly<Record<string, (sample: Sample) => string | null>> = {
  'an RRN': ({ rrn }) => rrn,
  'an id': ({ id }) => `pay_${id}`,
  'a reference': ({ reference }) => reference,
  "the beneficiary's account": ({ ifsc, beneficiaryAccount }) => (ifsc === null ? null : beneficiaryAccount),
  'a mobile number': ({ mobile }) => mobile,
  'a name': () => 'Fatima Sheikh',
  'a name that nobody has': () => 'Nobody At All',
  'an amount': ({ amount }) => rupees(amount),
}

/** From Enter in the box of the frame until the list stands. */
async function searchFigures(page: Page, samples: readonly Sample[]): Promise<Figure[]> {
  const figures: Figure[] = []
  for (const [what, textOf] of Object.entries(searches)) {
    const times: number[] = []
    for (const text of new Set(samples.map(textOf))) {
      if (text === null || times.length === SEARCHES) continue
      await page.keyboard.press('/')
      await page.locator('header input[type=search]').fill(text)
      await page.evaluate('window.before = { asked: window.seen.asked, at: performance.now() }')
      await page.keyboard.press('Enter')
      times.push(Number(await page.evaluate(standing('window.seen.asked > window.before.asked', 'window.before.at'))))
      const found = await page.locator('main tbody tr').count()
      if (found === 0 && !what.includes('nobody')) throw new Error(`${what} found nothing`)
      await page.keyboard.press('Escape') // leaves the box
    }
    figures.push({
      what: `payments, the box: ${what}, longest of ${times.length}`,
      value: Math.max(...times),
      unit: 'ms',
      gate: { kind: 'atMost', value: ROUTE_MS },
    })
  }
  return figures
}

/** Each answer counted anew: whoever asks again within a second is given the same. */
async function overviewFigures(hub: BenchHub, stored: string): Promise<Figure[]> {
  const times: number[] = []
  for (let run = 0; run < OVERVIEWS; run += 1) {
    await wait(1_050)
    const begun = performance.now()
    await api(hub, 'GET', '/v1/overview')
    times.push(performance.now() - begun)
  }
  return [
    {
      what: `GET /v1/overview with ${stored} stored, longest of ${OVERVIEWS}`,
      value: Math.max(...times),
      unit: 'ms',
      gate: { kind: 'atMost', value: 200 },
    },
  ]
}

/**
 * The console on a desk with so many payments behind it, in Chromium, as somebody of operations and as an administrator sees it.
 * @throws when there is no chromium, or the console is not built
 */
export async function benchConsole(
  hub: BenchHub,
  { db, keyFile }: Pick<BenchPostgres, 'db' | 'keyFile'>,
  count: number,
): Promise<Figure[]> {
  const stored = count.toLocaleString('en-IN')
  const vault = await openVault({ keys: openFileStore(keyFile, undefined), table: keyTable(db) })
  const samples = await samplesOf(db, vault, 40)
  const browser = await chromium.launch({ executablePath: chromiumHere(), args: ['--no-sandbox'] })
  try {
    const operations = await signIn(browser, hub, 'operations')
    const figures = await firstLoad(browser, hub, operations)
    const times = [
      ...(await routes(operations, hub, 'operations')),
      ...(await routes(await signIn(browser, hub, 'administrator'), hub, 'administrator')),
    ]
    figures.push(...routeFigures(new Map(times)))
    const page = await operations.newPage()
    await page.addInitScript(watching)
    await page.goto(`${origin(hub)}/console/payments`)
    await page.evaluate(standing('true', '0'))
    figures.push(...(await scrollFigures(page, stored)), ...(await searchFigures(page, samples)))
    return [...figures, ...(await overviewFigures(hub, stored))]
  } finally {
    await browser.close()
  }
}
