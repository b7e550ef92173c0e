import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { paise } from '../../src/base/money.ts'
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
const LONG = 'Sri Venkateswara Handlooms, Silks & Ready-Made Garments (Wholesale) Private Limited'
checkout.put({
  ...linkIn.partPaid,
  token: 'long',
  merchant: LONG,
  account: { ...linkIn.partPaid.account, name: LONG },
  amountPaise: paise(9_999_999_999_99n),
  reference: 'ORDER-2026-1017-WITHOUT-ANY-SPACE-0001',
  description: `${LONG}, ${LONG}`,
})
const pages = [...addresses, 'long', 'nothing-is-here', 'busy']

/** Each page of one language; of `busy` the hub cannot say anything. */
async function onEach(page: Page, language: string, look: (address: string) => Promise<void>): Promise<void> {
  for (const address of pages) {
    checkout.state.failWith = address === 'busy' ? new Error('the database is away') : undefined
    try {
      await page.goto(`${base}/pay/${address}?lang=${language}`, { waitUntil: 'domcontentloaded' })
      await look(address)
    } finally {
      checkout.state.failWith = undefined
    }
  }
}

const overTheEdge = `[...document.querySelectorAll('body *:not(.unseen, .unseen *)')]
  .filter((one) => { const { left, right, width } = one.getBoundingClientRect(); return width > 0 && (left < -0.5 || right > innerWidth + 0.5) })
  .map((one) => one.tagName + ' ' + one.className)`

type Pressed = { readonly name: string; readonly width: number; readonly height: number }

/** What is wrong with whatever can be pressed on a page: no name, another one's, one in English, or no room for a finger (WCAG 2.5.8). */
function faultsOf(pressed: readonly Pressed[], language: string, english: Set<string>): string[] {
  const names = pressed.map(({ name }) => name)
  const wrong = pressed.flatMap(({ name, width, height }) => {
    if (language === 'en') english.add(name)
    // Only what carries a merchant's own words is the same in two languages.
    const isEnglish = language !== 'en' && english.has(name) && !/sarees/i.test(name)
    return [
      ...(name === '' ? ['something has no name'] : []),
      ...(width < 24 || height < 24 ? [`${name} is ${width} by ${height}`] : []),
      ...(isEnglish ? [`${name} is English`] : []),
    ]
  })
  return new Set(names).size < names.length ? [...wrong, `two have one name: ${names}`] : wrong
}

test(
  'in every language each page fits phones of 320 and 360 pixels, with the languages open too, and whatever is pressed has a name and room',
  options,
  async () => {
    await onPage({}, async (page) => {
      const english = new Set<string>()
      const wrong: string[] = []
      for (const { code } of [...languages].sort((a, b) => Number(b.code === 'en') - Number(a.code === 'en')))
        await onEach(page, code, async (address) => {
          const faults = faultsOf(
            await page.evaluate<Pressed[]>(
              `[...document.querySelectorAll('main button, main a, summary')].filter((one) => one.checkVisibility()).map((one) => {
                const { width, height } = one.getBoundingClientRect()
                return { name: (one.ariaLabel ?? one.textContent).trim(), width, height }
              })`,
            ),
            code,
            english,
          )
          for (const width of [320, 360]) {
            await page.setViewportSize({ width, height: 740 })
            faults.push(
              ...(await page.evaluate<string[]>(
                `(() => {
                  const menu = document.querySelector('.languages')
                  return [false, true].flatMap((isOpen) => { menu.open = isOpen; return ${overTheEdge} }).map((one) => one + ' is over the edge of ${width}')
                })()`,
              )),
            )
          }
          wrong.push(...faults.map((one) => `${code} ${address}: ${one}`))
        })
      assert.deepEqual(wrong, [])
    })
  },
)

const axe = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8')
for (const [place, viewport] of Object.entries({ phone, desk })) {
  for (const colorScheme of ['light', 'dark'] as const) {
    test(`axe finds nothing on any page: ${place}, ${colorScheme}`, options, async () => {
      await onPage({ viewport, colorScheme, bypassCSP: true }, async (page) => {
        const wrong: string[] = []
        for (const language of ['en', 'ur'])
          await onEach(page, language, async (address) => {
            await page.evaluate(axe)
            wrong.push(
              ...(await page.evaluate<string[]>(
                `axe.run({ rules: { 'target-size': { enabled: true } } }).then(({ violations }) =>
                  violations.map(({ id, nodes }) => '${language} ${address} ' + id + ' ' + nodes[0].html.slice(0, 120)))`,
              )),
            )
          })
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

test('a hub that could not say anything is asked again, and the page is there once it can', options, async () => {
  checkout.put(linkIn.open)
  await onPage({}, async (page) => {
    // Ten seconds and more are passed by the clock of the page.
    await page.clock.install()
    checkout.state.failWith = new Error('the database is away')
    await page.goto(`${base}/pay/${aLink().token}?lang=en`)
    await page.locator('main[data-state="busy"]').waitFor()
    checkout.state.failWith = undefined
    while ((await page.locator('main[data-state="open"]').count()) === 0) await page.clock.runFor(5_000)
    await page.getByRole('heading', { name: 'Pay Asha & Daughters Sarees' }).waitFor()
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
