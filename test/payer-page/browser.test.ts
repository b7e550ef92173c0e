import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { languages } from '../../src/payer-page/languages.ts'
import { createCheckout } from '../support/checkout.ts'
import { chromiumHere, options } from '../support/chromium.ts'
import { aCredit, aLink, linkIn } from '../support/payer-link.ts'

// The payer's page in a real browser: no language runs over the edge of a small phone, no state has a barrier that axe knows, the page turns green by
// itself and says so, and it can be used without a script. Skipped where there is no chromium, except in CI.

const checkout = await createCheckout()
let browser: Browser
let base = ''
before(async () => {
  base = `http://127.0.0.1:${await checkout.server.listen({ host: '127.0.0.1', port: 0 })}`
  if (options.skip !== undefined) return
  browser = await chromium.launch({ executablePath: chromiumHere(), args: ['--no-sandbox'] })
})
after(async () => {
  await browser?.close()
  await checkout.server.close()
})

const phone = { width: 360, height: 740 }
const desk = { width: 1280, height: 900 }

/** A page of its own browser context, gone at the end; whatever the browser complains of fails the test. */
async function onPage(more: BrowserContextOptions, use: (page: Page) => Promise<void>): Promise<void> {
  const context = await browser.newContext({ viewport: phone, ...more })
  const complaints: string[] = []
  try {
    const page = await context.newPage()
    page.on('pageerror', (error) => complaints.push(String(error)))
    page.on('console', (message) => {
      if (/Content Security Policy|Refused/.test(message.text())) complaints.push(message.text())
    })
    await use(page)
    assert.deepEqual(complaints, [])
  } finally {
    await context.close()
  }
}

/** The states by name, each at an address of its own. */
const addresses = Object.keys(linkIn)
for (const [state, link] of Object.entries(linkIn)) checkout.put({ ...link, token: state })
const pages = [...addresses, 'nothing-is-here']

test('no page runs over the edge of a phone of 320 pixels, in any language', options, async () => {
  await onPage({ viewport: { width: 320, height: 740 } }, async (page) => {
    const wide: string[] = []
    for (const { code } of languages) {
      for (const address of pages) {
        await page.goto(`${base}/pay/${address}?lang=${code}`, { waitUntil: 'domcontentloaded' })
        const over = await page.evaluate<string[]>(`[...document.querySelectorAll('body *:not(.unseen, .unseen *)')]
          .filter((one) => { const { left, right, width } = one.getBoundingClientRect(); return width > 0 && (left < -0.5 || right > innerWidth + 0.5) })
          .map((one) => one.tagName + ' ' + one.className)`)
        if (over.length > 0) wide.push(`${code} ${address}: ${over[0]}`)
      }
    }
    assert.deepEqual(wide, [])
  })
})

const axe = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8')
for (const [place, viewport] of Object.entries({ phone, desk })) {
  for (const colorScheme of ['light', 'dark'] as const) {
    test(`axe finds nothing on any page: ${place}, ${colorScheme}`, options, async () => {
      await onPage({ viewport, colorScheme, bypassCSP: true }, async (page) => {
        const wrong: string[] = []
        for (const address of pages) {
          await page.goto(`${base}/pay/${address}?lang=${address === 'partPaid' ? 'ur' : 'en'}`)
          await page.evaluate(axe)
          wrong.push(
            ...(await page.evaluate<string[]>(
              `axe.run().then(({ violations }) => violations.map(({ id, nodes }) => '${address} ' + id + ' ' + nodes[0].html.slice(0, 120)))`,
            )),
          )
        }
        assert.deepEqual(wrong, [])
      })
    })
  }
}

test('the page turns green by itself, says so, shows the RRN and the way back', options, async () => {
  checkout.put(linkIn.open)
  await onPage({}, async (page) => {
    await page.goto(`${base}/pay/${aLink().token}?lang=en`)
    await page.getByRole('heading', { name: 'Pay Asha & Daughters Sarees' }).waitFor()
    await page.locator('.countdown dd', { hasText: /^0:\d\d:\d\d$/ }).waitFor()
    await page.getByRole('button', { name: 'Copy: IFSC' }).focus()
    checkout.put(linkIn.paid)
    await page.locator('main[data-state="paid"]').waitFor()
    assert.equal(await page.title(), '✓ Paid · Asha & Daughters Sarees')
    assert.match((await page.locator('#said').textContent()) ?? '', /^Paid\..* RRN 633211004217/)
    assert.equal(
      await page.evaluate('document.activeElement.id'),
      'main',
      'whoever used the keyboard is on the new page',
    )
    const green = await page.evaluate(`getComputedStyle(document.querySelector('.head')).backgroundColor`)
    assert.equal(green, 'rgb(11, 107, 58)')
    assert.equal(
      await page.getByRole('link', { name: 'Back to sarees.example' }).getAttribute('href'),
      aLink().returnUrl,
    )
    await page.getByRole('button', { name: 'Print' }).waitFor()
    assert.equal(await page.getByRole('button', { name: 'Copy: Account number' }).count(), 0)
  })
})

test('less than asked: what came and what is left; then the rest', options, async () => {
  checkout.put(linkIn.open)
  await onPage({}, async (page) => {
    await page.goto(`${base}/pay/${aLink().token}?lang=en`)
    await page.locator('.countdown dd', { hasText: /\d/ }).waitFor()
    checkout.put(linkIn.partPaid)
    await page.getByText('₹50,000.00 has arrived. ₹73,456.00 is still to pay.').first().waitFor()
    checkout.put(aLink({ status: 'paid', credits: [aCredit(5_000_000n), aCredit(7_345_600n)] }))
    await page.getByRole('heading', { name: 'Paid', exact: true }).waitFor()
  })
})

test('every value is copied as a bank’s app wants it', options, async () => {
  checkout.put(linkIn.open)
  await onPage({ permissions: ['clipboard-read', 'clipboard-write'] }, async (page) => {
    await page.goto(`${base}/pay/${aLink().token}?lang=en`)
    for (const [name, value] of [
      ['Account number', '99012345678901234'],
      ['IFSC', 'TRNT0000001'],
      ['Amount', '123456.00'],
    ]) {
      await page.getByRole('button', { name: `Copy: ${name}` }).click()
      await page.locator('#said', { hasText: `Copied: ${name}` }).waitFor()
      assert.equal(await page.evaluate('navigator.clipboard.readText()'), value)
    }
  })
})

test(
  'without a script all of it is there, no button that does nothing, and it looks again by itself',
  options,
  async () => {
    checkout.put(linkIn.open)
    await onPage({ javaScriptEnabled: false }, async (page) => {
      await page.goto(`${base}/pay/${aLink().token}?lang=hi`)
      assert.equal(await page.locator('main button:visible').count(), 0)
      assert.match((await page.locator('main').textContent()) ?? '', /TRNT0000001/)
      checkout.put(linkIn.paid)
      await page.getByRole('link', { name: 'अभी जाँचें' }).click()
      await page.locator('main[data-state="paid"]').waitFor()
      assert.match((await page.locator('main').textContent()) ?? '', /भुगतान हो गया/)
      const { body } = await checkout.server.app.inject({ url: '/pay/open' })
      assert.match(body, /<noscript><meta http-equiv="refresh" content="15"><\/noscript>/)
    })
  },
)

test('another language is one choice away, by the keyboard', options, async () => {
  checkout.put(linkIn.open)
  await onPage({}, async (page) => {
    await page.goto(`${base}/pay/${aLink().token}`)
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.getByRole('link', { name: 'اردو' }).focus()
    await page.keyboard.press('Enter')
    await page.locator('html[lang="ur"][dir="rtl"]').waitFor()
    checkout.put(linkIn.paid)
    await page.getByRole('heading', { name: 'ادائیگی ہو گئی' }).waitFor()
  })
})

test('a link for many says that somebody has paid, and stays open', options, async () => {
  const link = aLink({ isForMany: true })
  checkout.put(link)
  await onPage({}, async (page) => {
    await page.goto(`${base}/pay/${link.token}?lang=en`)
    while (checkout.linkFeed.following() === 0) await page.waitForTimeout(5)
    checkout.put({ ...link, credits: [aCredit(12_345_600n)] })
    await page.getByText('A payment of ₹1,23,456.00 has just arrived. Its RRN ends in 4217').waitFor()
    await page.locator('main[data-state="open"]').waitFor()
  })
})
