import { Agent, request } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { type Browser, type CDPSession, chromium, type Page } from 'playwright-core'
import { chromiumHere } from '../test/support/chromium.ts'
import type { Figure } from './support/figures.ts'
import { api, type BenchHub, startHub } from './support/hub.ts'

/** A village connection: 50 kbit/s down and up, 400 ms there and back. */
const SLOW = { offline: false, latency: 400, downloadThroughput: 50_000 / 8, uploadThroughput: 50_000 / 8 }
/** Pages open at once, of which a few are real browsers'. */
const PAGES = 1_000
const BROWSER_PAGES = 5
/** Credits in a row, each to a page of its own. */
const CREDITS = 200
const AT_ONCE = 4

type Link = { readonly url: string; readonly virtualAccount: { readonly ifsc: string; readonly accountNumber: string } }

const askToBePaid = (hub: BenchHub, account: string): Promise<Link> =>
  api(hub, 'POST', '/v1/payment-links', {
    account,
    amount: '123456',
    reference: 'ORDER-2026-1017',
    description: 'Two sarees, and the sewing',
    returnUrl: 'https://sarees.example/orders/1017',
    expiresAt: new Date(Date.now() + 86_400_000).toISOString(),
  })

const credit = (hub: BenchHub, { virtualAccount: { ifsc, accountNumber } }: Link): Promise<unknown> =>
  api(hub, 'POST', '/sandbox/inward', { amount: '123456', to: { ifsc, account: accountNumber } })

/**
 * What a first visit costs on a village connection.
 * @param usable  selects what must be there, and awake, before the page is of use
 */
async function firstView(
  browser: Browser,
  url: string,
  usable: string,
): Promise<{ kilobytes: number; seconds: number }> {
  const context = await browser.newContext({ viewport: { width: 360, height: 740 } })
  try {
    const page = await context.newPage()
    const session: CDPSession = await context.newCDPSession(page)
    let bytes = 0
    session.on('Network.loadingFinished', ({ encodedDataLength }) => {
      bytes += encodedDataLength
    })
    await session.send('Network.enable')
    await session.send('Network.emulateNetworkConditions', SLOW)
    const begun = performance.now()
    await page.goto(url, { waitUntil: 'commit', timeout: 60_000 })
    await page.locator(usable).first().waitFor({ timeout: 60_000 })
    const seconds = (performance.now() - begun) / 1_000
    await session.send('Network.emulateNetworkConditions', { ...SLOW, latency: 0, downloadThroughput: -1 })
    await page.waitForFunction(`document.readyState === 'complete'`)
    return { kilobytes: bytes / 1024, seconds }
  } finally {
    await context.close()
  }
}

/** The middle of three visits, each with an empty cache. */
async function firstViewFigures(browser: Browser, name: string, url: string, usable: string): Promise<Figure[]> {
  const visits = [
    await firstView(browser, url, usable),
    await firstView(browser, url, usable),
    await firstView(browser, url, usable),
  ].sort((a, b) => a.seconds - b.seconds)
  const { kilobytes, seconds } = visits[1] ?? { kilobytes: Number.NaN, seconds: Number.NaN }
  return [
    {
      what: `${name}: first view, compressed, with headers`,
      value: kilobytes,
      unit: 'KB',
      gate: { kind: 'atMost', value: 40 },
    },
    {
      what: `${name}: usable at 50 kbit/s and 400 ms, Chromium`,
      value: seconds,
      unit: 's',
      gate: { kind: 'atMost', value: 5 },
      note: 'middle of three, cache empty',
    },
  ]
}

/** A page that is only its stream: told when the page's green main part is there. */
function openStream(link: Link, agent: Agent): { readonly opened: Promise<void>; readonly green: Promise<number> } {
  const url = `${link.url}/events?lang=en&seen=open-0`
  let opened: () => void = () => undefined
  let turned: (at: number) => void = () => undefined
  const stream = {
    opened: new Promise<void>((resolve) => {
      opened = resolve
    }),
    green: new Promise<number>((resolve) => {
      turned = resolve
    }),
  }
  request(url, { agent }, (answer) => {
    if (answer.statusCode !== 200) throw new Error(`a stream was answered ${answer.statusCode}`)
    let tail = ''
    answer.setEncoding('utf8').on('data', (part: string) => {
      opened()
      tail = (tail + part).slice(-20_000)
      if (tail.includes('data-state=\\"paid')) turned(performance.now())
    })
  })
    .on('error', (error) => {
      throw error
    })
    .end()
  return stream
}

const quantile = (sorted: readonly number[], q: number): number => sorted[Math.floor((sorted.length - 1) * q)] ?? 0

/** Of pages that are open, how long after the credit was asked of the switch they are green. */
async function greenFigures(browser: Browser, hub: BenchHub, account: string): Promise<Figure[]> {
  const links: Link[] = []
  while (links.length < PAGES + BROWSER_PAGES)
    links.push(...(await Promise.all(Array.from({ length: 15 }, () => askToBePaid(hub, account)))))
  const agent = new Agent({ maxSockets: PAGES })
  const streamed = links.slice(0, PAGES)
  const streams = streamed.map((link) => openStream(link, agent))
  const context = await browser.newContext({ viewport: { width: 360, height: 740 } })
  const shown: { readonly link: Link; readonly page: Page }[] = []
  for (const link of links.slice(PAGES, PAGES + BROWSER_PAGES)) {
    const page = await context.newPage()
    await page.goto(link.url)
    await page.locator('main[data-state="open"]').waitFor()
    shown.push({ link, page })
  }
  await Promise.all(streams.map(({ opened }) => opened))
  await wait(2_000) // the links and pages were made at once; a day is quieter

  const times: number[] = []
  const next = streamed.slice(0, CREDITS).entries()
  const worker = async (): Promise<void> => {
    for (const [index, link] of next) {
      const begun = performance.now()
      await credit(hub, link)
      times.push((await (streams[index]?.green ?? Promise.resolve(Number.NaN))) - begun)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
  times.sort((a, b) => a - b)

  const inBrowser: number[] = []
  for (const { link, page } of shown) {
    const green = page.locator('main[data-state="paid"]').waitFor({ timeout: 30_000 })
    const begun = performance.now()
    await credit(hub, link)
    await green
    inBrowser.push(performance.now() - begun)
  }
  agent.destroy()
  await context.close()
  return [
    {
      what: `checkout: from the credit asked of the switch to the green page, ${PAGES} pages open: p99`,
      value: quantile(times, 0.99),
      unit: 'ms',
      gate: { kind: 'atMost', value: 1_000 },
      note: `${times.length} credits, ${AT_ONCE} at once; p50 ${quantile(times, 0.5).toFixed(0)} ms, longest ${times.at(-1)?.toFixed(0)} ms`,
    },
    {
      what: `the same, seen in Chromium, ${BROWSER_PAGES} pages: longest`,
      value: Math.max(...inBrowser),
      unit: 'ms',
      gate: { kind: 'atMost', value: 1_000 },
    },
  ]
}

/** The pages of payers and customers, as they see them, on a sandbox of their own. @throws when there is no chromium */
export async function benchPages(): Promise<Figure[]> {
  const executablePath = chromiumHere()
  const hub = await startHub({ TURANT_SIMULATOR_PORT: '0' })
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
  try {
    const account = hub.accounts.merchant
    const { url } = await askToBePaid(hub, account)
    return [
      ...(await firstViewFigures(browser, 'checkout, English', `${url}?lang=en`, 'main .copy:visible')),
      ...(await firstViewFigures(browser, 'checkout, Tamil', `${url}?lang=ta`, 'main .copy:visible')),
      ...(await firstViewFigures(browser, 'wallet, sign-in', `${hub.baseUrl}/wallet`, 'input[name=mobile]')),
      ...(await greenFigures(browser, hub, account)),
    ]
  } finally {
    await browser.close()
    await hub.stop()
  }
}
