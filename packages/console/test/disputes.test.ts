import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type Day, liveADay, until } from './support/a-day.ts'
import { checkAccess, checkFits, openConsole, options, settled, shoot } from './support/console.ts'
import { checkWords } from './support/words.ts'

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

test('NPCI takes a file and not a row of it: which, and why, is handed in and shown', options, async () => {
  const path = `/settlement/uploads/${made?.ids.upload}`
  const page = await console.as('operations', { path })
  await page.getByRole('button', { name: 'Ask to let it go' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Ask to let it go' }).click()
  await page.getByText('It waits for somebody to let it go').waitFor()
  assert.equal(await page.getByRole('button', { name: 'Hand in NPCI’s answer' }).count(), 0, 'it has not left')
  const { approval } = await console.api('GET', `/v1/upload-files/${made?.ids.upload}`)
  const checker = await console.as('checker', { path: `/approvals/${approval}` })
  await checker.getByRole('button', { name: 'Approve' }).click()
  await checker.getByRole('dialog').getByRole('button', { name: 'Approve' }).click()
  const file = await until(async () => {
    const found = await console.api('GET', `/v1/upload-files/${made?.ids.upload}`)
    return ['sent', 'accepted'].includes(found.state) ? found : undefined
  }, 'the file has left')
  await checker.close()

  await page.reload()
  await page.getByRole('button', { name: 'Hand in NPCI’s answer' }).click()
  const dialog = page.getByRole('dialog', { name: 'What NPCI made of the rows' })
  await dialog.getByRole('button', { name: 'NPCI took all rows' }).waitFor()
  await dialog.getByRole('checkbox', { name: new RegExp(`${file.lines[0].rrn}`) }).check()
  await dialog.getByRole('button', { name: 'Refused: 1 row' }).click()
  await dialog.getByText('Say why NPCI did not take this row.').waitFor()
  await checkAccess(page, 'an answer without its reason')
  await dialog.getByLabel('What NPCI says').fill('E14 beyond the time')
  await shoot(page, 'upload-answer')
  await dialog.getByRole('button', { name: 'Refused: 1 row' }).click()
  await dialog.waitFor({ state: 'detached' })
  await page.getByRole('alert', { name: 'NPCI did not take 1 row' }).waitFor()
  await page.getByRole('cell', { name: 'Not taken by NPCI: E14 beyond the time' }).waitFor()
  await checkAccess(page, 'a file with a row that was refused')
  await shoot(page, 'upload-answered')
  await page.close()

  const phone = await console.as('auditor', { path, size: 'phone', scheme: 'dark', language: 'hi' })
  await phone.getByRole('alert', { name: 'NPCI ने 1 पंक्ति नहीं ली' }).waitFor()
  assert.equal(await phone.getByRole('button', { name: 'NPCI का जवाब दर्ज करें' }).count(), 0, 'an auditor only looks')
  await checkFits(phone, 'an answered file on a phone')
  await checkWords(phone, [], 'an answered file')
  await shoot(phone, 'upload-answered-phone-hi')
  await phone.close()
})

test(
  'what this bank does by itself is agreed to or dropped by somebody else, with what the hub says to it',
  options,
  async () => {
    const page = await console.as('operations', { path: '/settlement/disputes' })
    const decided: unknown[] = []
    // In force from 1 January 2027: until then no hub has one, and the real one refuses.
    await page.route(`**/v1/disputes/${made?.ids.dispute}`, async (route) => {
      const dispute = await (await route.fetch()).json()
      const pending = { flag: 'SR', reason: 'SR1', at: dispute.openedAt, own: true }
      await route.fulfill({
        json: { ...dispute, family: 'shadow_reversal', pending: decided.length < 2 ? pending : null },
      })
    })
    await page.goto(page.url().replace(/\/settlement.*/, `/settlement/disputes/${made?.ids.dispute}`))
    const waits = page.getByRole('alert', { name: 'SR SR1 was asked for' })
    await waits.getByText('This bank does it by itself', { exact: false }).waitFor()
    await checkAccess(page, 'what this bank does by itself')
    await shoot(page, 'dispute-decision')
    await waits.getByRole('button', { name: 'Agree to SR' }).click()
    const agreeing = page.getByRole('dialog', { name: 'Agree to SR?' })
    await agreeing.getByText('under a lien', { exact: false }).waitFor()
    await agreeing.getByRole('button', { name: 'Agree to SR' }).click()
    await page.getByText('asks for nothing that this bank does by itself', { exact: false }).waitFor()
    await page.route('**/v1/disputes/*/decision', async (route) => {
      decided.push(route.request().postDataJSON())
      await route.fulfill({ json: {} })
    })
    await waits.getByRole('button', { name: 'Agree to SR' }).click()
    await agreeing.getByRole('button', { name: 'Agree to SR' }).click()
    await page.getByText('It is done.').waitFor()
    await waits.getByRole('button', { name: 'Drop it' }).click()
    const dropping = page.getByRole('dialog', { name: 'Drop SR?' })
    await dropping.getByLabel('Why').fill('it was the customer')
    await checkAccess(page, 'dropping what was asked for')
    await dropping.getByRole('button', { name: 'Drop it' }).click()
    await waits.waitFor({ state: 'detached' })
    assert.deepEqual(decided, [{ agree: true }, { agree: false, reason: 'it was the customer' }])
    await page.close()
  },
)

test('a customer’s complaint begins at the payment: what the rules say to it, and where it goes', options, async () => {
  const page = await console.as('operations', { path: `/payments/${made?.ids.payment}` })
  const complain = async (): Promise<void> => {
    await page.getByRole('button', { name: 'It did not arrive' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'It did not arrive' }).click()
  }
  await complain()
  await page.getByText('NPCI’s rules do not allow this').waitFor()
  await page.getByText(/^Chargeback \(B\) is not allowed/).waitFor()
  await checkAccess(page, 'a complaint that is refused')
  await shoot(page, 'payment-complaint-refused')
  // A payment of today that NPCI takes a complaint of no sandbox has: the answer is another dispute's.
  await page.route('**/v1/payments/*/complaint', async (route) => {
    assert.deepEqual(route.request().postDataJSON(), {})
    await route.fulfill({ status: 201, json: { id: made?.ids.dispute } })
  })
  await complain()
  await page.waitForURL(`**/settlement/disputes/${made?.ids.dispute}`)
  await page.getByText('The chargeback is asked for.', { exact: false }).waitFor()
  await page.close()
})

test('each report comes as a file in each format', options, async () => {
  const page = await console.as('auditor', { path: '/settlement/reports' })
  await settled(page)
  for (const format of ['CSV', 'XLSX', 'PDF']) {
    const links = page.getByRole('link', { name: new RegExp(`^Download .* as ${format}$`) })
    await links.nth(8).waitFor()
    assert.equal(await links.count(), 9)
    for (const link of [links.first(), links.last()]) {
      const [download] = await Promise.all([page.waitForEvent('download'), link.click()])
      assert.ok(download.suggestedFilename().endsWith(`.${format.toLowerCase()}`))
      assert.equal(await download.failure(), null)
    }
  }
  await page.close()
})
