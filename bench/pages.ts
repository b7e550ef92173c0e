import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { type Browser, chromium } from 'playwright-core'
import type { Figure } from './support/figures.ts'
import { startHub } from './support/hub.ts'

/** A village connection. */
const BITS_PER_SECOND = 50_000
const LATENCY_MS = 400
const MAX_KB = 40
const MAX_SECONDS = 5
/** Loads of each page, each with nothing kept from the one before; the figure is the one in the middle. */
const LOADS = 3

/** A page, and what is on it once somebody can use it. */
type Measured = { readonly what: string; readonly url: string; readonly usable: string }

/** How much comes over the line before a page can be used, and how long that takes on a slow one. */
async function measure(browser: Browser, { what, url, usable }: Measured): Promise<Figure[]> {
  const seconds: number[] = []
  let kb = 0
  for (let i = 0; i < LOADS; i += 1) {
    const context = await browser.newContext({ viewport: { width: 360, height: 740 }, locale: 'en-IN' })
    const page = await context.newPage()
    const client = await context.newCDPSession(page)
    await client.send('Network.enable')
    await client.send('Network.emulateNetworkConditions', {
      offline: false,
      latency: LATENCY_MS,
      downloadThroughput: BITS_PER_SECOND / 8,
      uploadThroughput: BITS_PER_SECOND / 8,
    })
    let bytes = 0
    client.on('Network.loadingFinished', ({ encodedDataLength }) => {
      bytes += encodedDataLength
    })
    const begun = performance.now()
    await page.goto(url, { waitUntil: 'commit' })
    await page.locator(usable).first().waitFor({ timeout: 60_000 })
    seconds.push((performance.now() - begun) / 1000)
    await page.waitForLoadState('networkidle', { timeout: 60_000 })
    kb = Math.max(kb, bytes / 1024)
    await context.close()
  }
  seconds.sort((a, b) => a - b)
  return [
    {
      what: `${what}: first view, compressed, with headers`,
      value: kb,
      unit: 'KB',
      gate: { kind: 'atMost', value: MAX_KB },
    },
    {
      what: `${what}: usable at 50 kbit/s and ${LATENCY_MS} ms, nothing kept`,
      value: seconds[Math.floor(LOADS / 2)] ?? 0,
      unit: 's',
      gate: { kind: 'atMost', value: MAX_SECONDS },
      note: `${LOADS} loads, ${(seconds[0] ?? 0).toFixed(1)} to ${(seconds.at(-1) ?? 0).toFixed(1)} s`,
    },
  ]
}

/** The pages of payers and customers in Chromium, on a sandbox of their own. @throws when there is no chromium */
export async function benchPages(): Promise<Figure[]> {
  const executablePath = (process.env.PATH ?? '')
    .split(delimiter)
    .flatMap((folder) => ['chromium', 'chromium-browser', 'google-chrome'].map((name) => join(folder, name)))
    .find((file) => existsSync(file))
  if (executablePath === undefined) throw new Error('there is no chromium on the PATH')
  const hub = await startHub({ TURANT_SIMULATOR_PORT: '0' })
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
  try {
    return await measure(browser, {
      what: 'wallet, sign-in',
      url: `${hub.baseUrl}/wallet`,
      usable: 'input[name=mobile]',
    })
  } finally {
    await browser.close()
    await hub.stop()
  }
}
