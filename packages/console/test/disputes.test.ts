import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type Day, liveADay } from './support/a-day.ts'
import { checkAccess, openConsole, options, settled, shoot } from './support/console.ts'

// A dispute that the other bank raised, to its answer; compensation that cannot be paid where it should; reports as files.

const console = openConsole('disputes')
after(() => assert.deepEqual(console.faults, []))

let made: Day | undefined
before(async () => {
  if (!('skip' in options)) made = await liveADay(console)
})

test(
  'a dispute that the other bank raised has a clock, and is rejected with the paper that the rules ask for',
  options,
  async () => {
    const page = await console.as('operations', { path: '/settlement/disputes' })
    await page.getByRole('row').filter({ hasText: 'Wrong payment' }).first().waitFor()
    await page.goto(page.url().replace(/\/settlement.*/, `/settlement/disputes/${made?.ids.raised}`))
    await page
      .getByText(/\(\d+ days.* left\)/)
      .first()
      .waitFor()
    await page.getByText('No paper was handed in').waitFor()
    await page.getByRole('button', { name: 'Say WPR' }).click()
    const dialog = page.getByRole('dialog', { name: /^WPR/ })
    await dialog.getByRole('button', { name: 'Say WPR' }).click()
    await dialog.getByRole('alert').getByText('evidence', { exact: false }).first().waitFor()
    await checkAccess(page, 'an answer without its paper')
    await shoot(page, 'dispute-without-paper')
    await dialog.getByRole('button', { name: 'Cancel' }).click()
    const [chooser] = await Promise.all([
      page.waitForEvent('filechooser'),
      page.getByRole('button', { name: 'Add a paper' }).click(),
    ])
    await chooser.setFiles({
      name: 'consent.txt',
      mimeType: 'text/plain',
      buffer: Buffer.from('The payment was meant for him.'),
    })
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'consent.txt' }).click(),
    ])
    assert.equal(download.suggestedFilename(), 'consent.txt')
    await page.getByRole('button', { name: 'Say WPR' }).click()
    await dialog.getByRole('button', { name: 'Say WPR' }).click()
    await dialog.waitFor({ state: 'detached' })
    await page.getByText(/^WPR WC\d was asked for$/).waitFor()
    await checkAccess(page, 'an answered dispute')
    await shoot(page, 'dispute-answered')
    await page.close()
  },
)

test(
  'compensation that is due is seen, and where it cannot be paid another account is asked for',
  options,
  async () => {
    const page = await console.as('operations', { path: '/settlement' })
    const owed = (over: object) => ({
      id: `cmp_${'0'.repeat(32)}`,
      institution: 'TRN',
      payment: made?.ids.payment,
      rrn: '633215000000',
      nbin: '5537',
      direction: 'inward',
      owedBy: 'us',
      from: '2026-11-26',
      until: '2026-11-28',
      days: 2,
      amount: '20000',
      state: 'due',
      journal: null,
      reported: null,
      ...over,
    })
    await page.route('**/v1/compensation?**', (route) =>
      route.fulfill({
        json: {
          data: [
            owed({}),
            owed({ id: `cmp_${'1'.repeat(32)}`, rrn: '633215000001', state: 'paid', days: 1, amount: '10000' }),
          ],
          hasMore: false,
          nextCursor: null,
        },
      }),
    )
    await page.getByRole('link', { name: 'Compensation', exact: true }).click()
    await page.getByRole('row').filter({ hasText: '633215000000' }).getByText('₹200.00').waitFor()
    await page.getByRole('row').filter({ hasText: '633215000001' }).getByText('Paid', { exact: true }).waitFor()
    await checkAccess(page, 'compensation')
    await shoot(page, 'settlement-compensation-owed')
    await page.getByRole('button', { name: 'Pay elsewhere' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('textbox').fill('acc_100001')
    await dialog.getByRole('button', { name: 'Pay elsewhere' }).click()
    await dialog.getByRole('alert').waitFor() // of a real hub, which owes nothing here
    await checkAccess(page, 'compensation elsewhere')
    await page.close()
  },
)

test('each report comes as a file in each format', options, async () => {
  const page = await console.as('auditor', { path: '/settlement/reports' })
  await settled(page)
  for (const format of ['CSV', 'XLSX', 'PDF']) {
    const links = page.getByRole('link', { name: new RegExp(`^Download .* as ${format}$`) })
    assert.equal(await links.count(), 9)
    for (const link of [links.first(), links.last()]) {
      const [download] = await Promise.all([page.waitForEvent('download'), link.click()])
      assert.ok(download.suggestedFilename().endsWith(`.${format.toLowerCase()}`))
      assert.equal(await download.failure(), null)
    }
  }
  await page.close()
})
