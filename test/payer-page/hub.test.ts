import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { chromiumHere, options } from '../support/chromium.ts'
import { hubFolder, type Ready, startHub } from '../support/hub-process.ts'

// The payer's page of a whole hub with its switch: what a merchant asks by the API is what a payer reads, and what a bank sends turns the page green.

const hub =
  options.skip === undefined ? startHub({ TURANT_DATA_DIR: hubFolder('checkout'), TURANT_PORT: '0' }) : undefined
let sandbox: Ready
let browser: Browser
before(async () => {
  if (hub === undefined) return
  sandbox = await hub.ready()
  browser = await chromium.launch({ executablePath: chromiumHere(), args: ['--no-sandbox'] })
})
after(async () => {
  await browser?.close()
  hub?.child.kill('SIGTERM')
  await hub?.ended
})

type Link = {
  readonly id: string
  readonly url: string
  readonly virtualAccount: { readonly ifsc: string; readonly accountNumber: string }
}

async function api<T>(method: string, path: string, body?: object): Promise<T> {
  const answer = await fetch(`${sandbox.baseUrl}${path}`, {
    method,
    headers: { authorization: `Bearer ${sandbox.apiKey}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await answer.text()
  assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${text}`)
  return JSON.parse(text)
}

const ask = (more: object): Promise<Link> =>
  api('POST', '/v1/payment-links', {
    account: sandbox.accounts.merchant,
    amount: '150000',
    reference: 'ORDER-42',
    description: 'Two books',
    ...more,
  })

/** A bank somewhere sends money to the account of a link. @returns its RRN */
async function credit({ virtualAccount: { ifsc, accountNumber } }: Link, amount: string): Promise<string> {
  const { rrn } = await api<{ rrn: string }>('POST', '/sandbox/inward', {
    amount,
    to: { ifsc, account: accountNumber },
  })
  return rrn
}

async function open(link: Link, use: (page: Page) => Promise<void>, more: BrowserContextOptions = {}): Promise<void> {
  const context = await browser.newContext({ viewport: { width: 360, height: 740 }, locale: 'en-IN', ...more })
  try {
    const page = await context.newPage()
    await page.goto(link.url)
    await use(page)
  } finally {
    await context.close()
  }
}

/** The RRN as the page has it, in fours. */
const readRrn = async (page: Page): Promise<string> =>
  (await page.locator('dt:text-is("RRN") + dd bdi').last().textContent()) ?? ''

test(
  'a merchant asks, a payer sees the account, a bank sends, and the page is green with the RRN',
  options,
  async () => {
    const link = await ask({ returnUrl: 'https://shop.example/orders/42' })
    await open(link, async (page) => {
      await page.getByText('₹1,500.00').first().waitFor()
      const text = (await page.locator('main').textContent()) ?? ''
      for (const one of [link.virtualAccount.accountNumber, link.virtualAccount.ifsc, 'Two books', 'ORDER-42'])
        assert.ok(text.includes(one), one)
      const rrn = await credit(link, '150000')
      await page.locator('main[data-state="paid"]').waitFor()
      assert.equal(await readRrn(page), rrn)
      await page.getByRole('link', { name: 'Back to shop.example' }).waitFor()
    })
    // And so it stays, for whoever looks later.
    await open(link, (page) => page.locator('main[data-state="paid"]').waitFor())
  },
)

test('less, then too much: each is shown for what it is', options, async () => {
  const link = await ask({})
  await open(link, async (page) => {
    await page.locator('main[data-state="open"]').waitFor()
    await credit(link, '50000')
    await page.getByText('₹500.00 has arrived. ₹1,000.00 is still to pay.').first().waitFor()
    const rrn = await credit(link, '120000')
    await page.getByText('You paid ₹200.00 more than was asked.').first().waitFor()
    assert.equal(await readRrn(page), rrn)
  })
})

test(
  'a link whose time ends while the page is open asks for nothing more, and money that was on its way is shown',
  options,
  async () => {
    const link = await ask({ expiresAt: new Date(Date.now() + 4_000).toISOString() })
    await open(link, async (page) => {
      await page.locator('main[data-state="open"]').waitFor()
      await page.getByRole('heading', { name: 'This link has expired' }).waitFor()
      assert.ok(!(await page.locator('main').textContent())?.includes(link.virtualAccount.accountNumber))
      const rrn = await credit(link, '150000')
      await page.getByRole('heading', { name: 'Your payment came late' }).waitFor()
      assert.equal(await readRrn(page), rrn)
    })
  },
)

test('a link that the merchant cancels says so on the page that is open', options, async () => {
  const link = await ask({})
  await open(link, async (page) => {
    await page.locator('main[data-state="open"]').waitFor()
    await api('POST', `/v1/payment-links/${link.id}/cancel`)
    await page.getByRole('heading', { name: 'This link was cancelled' }).waitFor()
  })
})

test('without a script the page is green when it is looked at again', options, async () => {
  const link = await ask({ amount: undefined })
  await open(
    link,
    async (page) => {
      await page.getByText('You choose the amount').waitFor()
      const rrn = await credit(link, '777')
      await page.getByRole('link', { name: 'Look now' }).click()
      await page.locator('main[data-state="paid"]').waitFor()
      assert.equal(await readRrn(page), rrn)
    },
    { javaScriptEnabled: false },
  )
})
