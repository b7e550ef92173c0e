import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { checkAccess, checkFits, openConsole, options, shoot } from './support/console.ts'

// Settlement, on the files of a cycle that the sandbox's switch cuts: one amount in them is wrong.

const console = openConsole('settlement')
after(() => assert.deepEqual(console.faults, []))

const to = { kind: 'account', ifsc: 'HDFC0000123', account: '50100123456789' }

const WAIT_MS = 200
const MOST_WAITS = 300

/** Asks again until it is so: the hub takes files, matches them and makes its own by itself. */
async function until<T>(ask: () => Promise<T | undefined>): Promise<T> {
  for (let waits = 0; waits < MOST_WAITS; waits += 1) {
    const found = await ask()
    if (found !== undefined) return found
    await new Promise((resolve) => setTimeout(resolve, WAIT_MS))
  }
  return assert.fail('it did not come to be')
}

let cut: Promise<{ readonly cycle: string }> | undefined
/** Pays, cuts a cycle with one wrong amount, and waits for the break. */
const settled = () => {
  cut ??= (async () => {
    const { accounts } = await console.sandbox()
    for (const amount of ['150000', '250000', '10191'])
      await console.api('POST', '/v1/payments', { amount, from: accounts.remitter, to })
    await until(async () => {
      const { data } = await console.api('GET', '/v1/payments?status=succeeded')
      return data.length >= 2 ? data : undefined
    })
    const made = await console.api('POST', '/sandbox/cycle', { errors: { wrongAmount: 1 } })
    await until(async () => (await console.api('GET', '/v1/breaks?state=open')).data[0])
    return made
  })()
  return cut
}

const parts = [
  ['cycles', 'Cycles'],
  ['breaks', 'Breaks'],
  ['disputes', 'Disputes'],
  ['files', 'Files'],
  ['runs', 'Runs'],
  ['positions', 'Positions'],
  ['uploads', 'Upload files'],
  ['duties', 'Duties'],
  ['compensation', 'Compensation'],
  ['fee-rates', 'Fee rates'],
  ['reports', 'Reports'],
] as const

test('before anything was settled every part says what would be there', options, async () => {
  const page = await console.as('viewer', { path: '/settlement' })
  await page.getByText('No cycle is expected on this day').waitFor()
  for (const [path, name] of parts) {
    await page.getByRole('link', { name, exact: true }).click()
    await page.waitForURL(`**/settlement/${path}`)
    await page.waitForLoadState('networkidle')
    await checkAccess(page, `${path}, empty`)
    await shoot(page, `settlement-empty-${path}`)
  }
  await page.close()
})

test('a cycle comes: its files, its run, its sums, each where it is looked for', options, async () => {
  const { cycle } = await settled()
  const page = await console.as('operations', { path: '/settlement/cycles' })
  await page.getByLabel('Settlement date (IST)').fill(cycle.slice(0, 10))
  await page.getByRole('heading', { name: cycle, exact: true }).waitFor()
  await checkAccess(page, 'cycles')
  await shoot(page, 'settlement-cycles')
  await page.getByRole('link', { name: 'Files', exact: true }).click()
  await page.getByRole('row').filter({ hasText: 'Settlement report (NTSL)' }).waitFor()
  await checkAccess(page, 'files')
  await shoot(page, 'settlement-files')
  await page.getByRole('link', { name: 'Runs', exact: true }).click()
  await page.getByRole('link', { name: cycle }).click()
  await page.getByRole('heading', { name: `Run of cycle ${cycle}` }).waitFor()
  await checkAccess(page, 'run')
  await shoot(page, 'settlement-run')
  await page.getByRole('button', { name: 'Roll back' }).click()
  await page.getByRole('dialog', { name: `Roll back the run of ${cycle}?` }).waitFor()
  await checkAccess(page, 'roll back')
  await shoot(page, 'settlement-roll-back')
  await page.close()
})

test('a file that is wrong is refused whole, with the place and what was expected', options, async () => {
  await settled()
  const page = await console.as('operations', { path: '/settlement/files' })
  const [chooser] = await Promise.all([
    page.waitForEvent('filechooser'),
    page.getByRole('button', { name: 'Hand in a file' }).click(),
  ])
  await chooser.setFiles({
    name: 'IMPSNTSLTRN281126_1C.xlsx',
    mimeType: 'application/octet-stream',
    buffer: Buffer.from('no workbook'),
  })
  await page.getByRole('alert', { name: 'The file is refused' }).waitFor()
  await page.getByText('Some files were refused').waitFor()
  await checkAccess(page, 'refused file')
  await shoot(page, 'settlement-file-refused')
  await page.close()
})

test('a break is taken on, spoken of, and settled when somebody else agrees', options, async () => {
  await settled()
  const page = await console.as('operations', { path: '/settlement/breaks' })
  await page.getByRole('row').nth(1).getByRole('link').first().waitFor()
  await checkAccess(page, 'breaks')
  await shoot(page, 'settlement-breaks')
  await page.getByRole('row').nth(1).getByRole('link').first().click()
  await page.getByRole('heading', { name: 'What each source says' }).waitFor()
  await page.getByRole('button', { name: 'Take it on' }).click()
  await page.getByRole('button', { name: 'Give it back' }).waitFor()
  await page.getByLabel('Say something').fill('NPCI was asked, ticket 4711')
  await page.getByRole('button', { name: 'Say it' }).click()
  await page.getByText('NPCI was asked, ticket 4711').waitFor()
  await checkAccess(page, 'break')
  await shoot(page, 'settlement-break')
  await page.getByRole('button', { name: 'Settle it' }).click()
  const dialog = page.getByRole('dialog', { name: 'How is this break settled?' })
  await dialog.getByRole('button', { name: 'Ask for agreement' }).click()
  await dialog.getByText('Say where the evidence is.').waitFor()
  await checkAccess(page, 'settle a break')
  await shoot(page, 'settlement-break-resolve')
  await dialog.getByLabel('Accepted').check()
  await dialog.getByLabel('Where the evidence is').fill('ticket 4711')
  await dialog.getByRole('button', { name: 'Ask for agreement' }).click()
  await page.getByText('Somebody has said how it is settled').waitFor()
  const { pathname } = new URL(page.url())
  await page.getByRole('link', { name: 'See the approval' }).click()
  await page.getByText('You asked for this').waitFor()
  const approval = new URL(page.url()).pathname.replace('/console', '')
  await page.close()
  const checker = await console.as('checker', { path: approval })
  await checker.getByRole('button', { name: 'Approve' }).click()
  await checker.getByRole('dialog').getByRole('button', { name: 'Approve' }).click()
  await checker.getByText('People agreed, and it was done.').waitFor()
  await checker.close()
  const { break: found } = await console.api('GET', `/v1/breaks/${pathname.split('/').at(-1)}`)
  assert.equal(found.state, 'resolved')
})

test('why NPCI’s rules do not allow a dispute is said in the language of whoever asks', options, async () => {
  await settled()
  const { data } = await console.api('GET', '/v1/payments?status=succeeded')
  const page = await console.as('operations', { path: '/settlement/disputes', language: 'hi' })
  await page.getByRole('button', { name: 'विवाद उठाएँ' }).click()
  const dialog = page.getByRole('dialog', { name: 'विवाद उठाएँ' })
  await dialog.getByRole('textbox', { name: 'भुगतान आईडी' }).fill(data[0].id)
  await dialog.getByRole('combobox', { name: 'कारण' }).fill('108')
  await dialog.getByRole('button', { name: 'विवाद उठाएँ' }).click()
  const refused = dialog.getByRole('alert', { name: 'NPCI के नियम इसकी अनुमति नहीं देते' })
  // On the day of the payment for a small amount, and later because it was not deemed.
  await refused.getByText(/^चार्जबैक \(B\) की .*अनुमति नहीं/).waitFor()
  await checkAccess(page, 'a dispute that is refused, in Hindi')
  await shoot(page, 'settlement-dispute-refused-hi')
  await page.close()
})

test(
  'a dispute is raised by the rules, gets a paper, and becomes a row of a file that others must let go',
  options,
  async () => {
    await settled()
    const { data } = await console.api('GET', '/v1/payments?status=succeeded')
    const page = await console.as('operations', { path: '/settlement/disputes' })
    await page.getByRole('button', { name: 'Raise a dispute' }).click()
    const dialog = page.getByRole('dialog', { name: 'Raise a dispute' })
    await dialog.getByRole('textbox', { name: 'Payment id' }).fill(data[0].id)
    await dialog.getByRole('combobox', { name: 'Reason' }).fill('108')
    await dialog.getByRole('button', { name: 'Raise a dispute' }).click()
    await dialog.getByRole('alert').waitFor() // a chargeback is for what was deemed
    await checkAccess(page, 'raise a dispute')
    await shoot(page, 'settlement-dispute-refused')
    await dialog.getByRole('combobox', { name: 'What' }).click()
    await page.getByRole('option', { name: 'WP · Wrong payment' }).click()
    await dialog.getByRole('combobox', { name: 'Reason' }).fill('WC1')
    await dialog.getByRole('button', { name: 'Raise a dispute' }).click()
    await page.getByRole('heading', { name: `Wrong payment · ${data[0].rrn}` }).waitFor()
    await page.getByText('WP WC1 was asked for').waitFor()
    const [chooser] = await Promise.all([
      page.waitForEvent('filechooser'),
      page.getByRole('button', { name: 'Add a paper' }).click(),
    ])
    await chooser.setFiles({ name: 'letter.txt', mimeType: 'text/plain', buffer: Buffer.from('The customer says so.') })
    await page.getByRole('link', { name: 'letter.txt' }).waitFor()
    await checkAccess(page, 'dispute')
    await shoot(page, 'settlement-dispute')
    await page.getByRole('link', { name: 'Disputes' }).click()
    await page.getByRole('row').filter({ hasText: data[0].rrn }).waitFor()
    await shoot(page, 'settlement-disputes')
    await page.close()
  },
)

test('a file for NPCI is read row by row, asked to leave, and taken back', options, async () => {
  await settled()
  const [payment] = (await console.api('GET', '/v1/payments?status=succeeded&maxAmount=200000')).data
  await console.api('POST', '/v1/disputes', { payment: payment.id, flag: 'WP', reason: 'WC1' })
  const file = await until(async () => (await console.api('GET', '/v1/upload-files?state=waiting')).data[0])
  const page = await console.as('operations', { path: '/settlement/uploads' })
  await page.getByRole('link', { name: file.fileName }).waitFor()
  await checkAccess(page, 'upload files')
  await shoot(page, 'settlement-uploads')
  await page.getByRole('link', { name: file.fileName }).click()
  await page.getByRole('cell', { name: 'WP WC1' }).first().waitFor()
  await page.getByRole('button', { name: 'Ask to let it go' }).click()
  const dialog = page.getByRole('dialog', { name: 'Ask that this file may leave?' })
  await dialog.getByRole('button', { name: 'Ask to let it go' }).click()
  await page.getByText('It waits for somebody to let it go').waitFor()
  await checkAccess(page, 'upload file')
  await shoot(page, 'settlement-upload')
  await page.getByRole('button', { name: 'Take it back' }).click()
  const back = page.getByRole('dialog', { name: 'Take this file back?' })
  await back.getByLabel('Why').fill('the customer was paid meanwhile')
  await back.getByRole('button', { name: 'Take it back' }).click()
  await page.getByRole('alert', { name: 'Taken back' }).waitFor()
  await page.close()
})

test('a cap is set, and the gauge and the history say so', options, async () => {
  const page = await console.as('operations', { path: '/settlement/positions' })
  // Those without a cap and without a payment are folded: there are many, and a phone is small.
  const others = page.getByRole('button', { name: /^(Show all \d+ banks|\d+ more banks)/ })
  await others.waitFor()
  assert.ok((await page.getByRole('heading', { level: 2 }).count()) <= 6)
  await others.click()
  await page.getByRole('button', { name: 'Fewer banks' }).waitFor()
  await page.getByRole('button', { name: 'Set the cap' }).first().click()
  const dialog = page.getByRole('dialog', { name: /^Net debit cap of/ })
  await dialog.getByRole('button', { name: 'Set the cap' }).click()
  await dialog.getByText('An amount in rupees, such as 1,500.00.').waitFor()
  await dialog.getByRole('textbox', { name: 'Cap', exact: true }).fill('5,00,000')
  await dialog.getByRole('button', { name: 'Set the cap' }).click()
  await page.getByText('₹5,00,000.00').first().waitFor()
  await dialog.waitFor({ state: 'detached' })
  await checkAccess(page, 'positions')
  await shoot(page, 'settlement-positions')
  await page.getByRole('button', { name: 'Fewer banks' }).click()
  await page.getByRole('button', { name: /^\d+ more banks, without a cap/ }).waitFor()

  // The sandbox's cycle was cut before its end: what is counted begins in the future, and says so.
  await page.route('**/v1/positions', async (route) => {
    const { data, ...rest } = await (await route.fetch()).json()
    const early = (one: object, i: number) =>
      i === 0 ? { ...one, refreshedAt: '2099-01-01T00:00:00.000Z', inFlight: '1' } : one
    await route.fulfill({ json: { ...rest, data: data.map(early) } })
  })
  await page.getByText('The last cycle was cut by hand before its end', { exact: false }).first().waitFor()
  await page.getByText('Counts from').first().waitFor()
  await checkAccess(page, 'a position that counts from later on')
  await page.close()

  const phone = await console.as('viewer', {
    path: '/settlement/positions',
    size: 'phone',
    scheme: 'dark',
    language: 'hi',
  })
  await phone.getByText('₹5,00,000.00').first().waitFor()
  await checkFits(phone, 'positions on a phone')
  await checkAccess(phone, 'positions on a phone')
  await shoot(phone, 'settlement-positions-phone-hi')
  await phone.close()
})

test('rates are proposed with their letter, and wait for somebody else', options, async () => {
  const page = await console.as('operations', { path: '/settlement/fee-rates' })
  await page.getByRole('button', { name: 'Propose rates' }).click()
  const dialog = page.getByRole('dialog', { name: 'Propose rates' })
  await dialog.getByRole('button', { name: 'Ask for agreement' }).click()
  await dialog.getByText('Say where the rates are from.').waitFor()
  await dialog.getByLabel('From', { exact: false }).first().fill('2027-04-01')
  await dialog.getByRole('textbox', { name: 'Fee' }).fill('0.75')
  await dialog.getByRole('textbox', { name: 'From which letter' }).fill('NPCI letter of 1 November 2026')
  await checkAccess(page, 'propose rates')
  await shoot(page, 'settlement-fee-rates-new')
  await dialog.getByRole('button', { name: 'Ask for agreement' }).click()
  await dialog.waitFor({ state: 'detached' })
  const { data } = await console.api('GET', '/v1/approvals')
  assert.ok(data.some(({ subject }: { subject: { kind: string } }) => subject.kind === 'fee_rate'))
  await page.close()
})

test('a report is downloaded', options, async () => {
  const page = await console.as('auditor', { path: '/settlement/reports' })
  const link = page.getByRole('link', { name: /^Download .* as CSV$/ }).first()
  const [download] = await Promise.all([page.waitForEvent('download'), link.click()])
  assert.match(download.suggestedFilename(), /\.csv$/)
  assert.equal(await download.failure(), null)
  await page.close()
})

test('whoever only looks is offered nothing to change', options, async () => {
  await settled()
  const page = await console.as('viewer', { path: '/settlement/files' })
  await page.getByRole('row').nth(1).waitFor()
  assert.equal(await page.getByRole('button', { name: 'Hand in a file' }).count(), 0)
  await page.getByRole('link', { name: 'Positions', exact: true }).click()
  await page.getByText('Paid outward').first().waitFor()
  assert.equal(await page.getByRole('button', { name: 'Set the cap' }).count(), 0)
  await page.close()
})

test('in Hindi, in the dark, on a phone', options, async () => {
  await settled()
  const page = await console.as('operations', { size: 'phone', scheme: 'dark', language: 'hi', path: '/settlement' })
  for (const [path] of parts) {
    await page.goto(page.url().replace(/\/settlement.*/, `/settlement/${path}`))
    await page.getByRole('navigation', { name: 'निपटान के भाग' }).waitFor()
    await page.waitForLoadState('networkidle')
    await checkFits(page, path)
    await checkAccess(page, path)
    await shoot(page, `settlement-${path}-phone-dark-hi`)
  }
  await page.close()
})
