import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { checkAccess, checkFits, openConsole, options, shoot } from './support/console.ts'

// Payments: found by what one has of them, and each with its story and what may be done.

const console = openConsole('payments')
after(() => assert.deepEqual(console.faults, []))

const to = { kind: 'account', ifsc: 'HDFC0000123', account: '50100123456789', name: 'Asha Devi' }
const pay = async (amount: string, reference: string) => {
  const { accounts } = await console.sandbox()
  return console.api('POST', '/v1/payments', { amount, from: accounts.remitter, to, reference })
}
const until = async (id: string, state: string) => {
  for (let tries = 0; tries < 200; tries += 1) {
    const found = await console.api('GET', `/v1/payments/${id}`)
    if (found.state === state) return found
    await setTimeout(50)
  }
  throw new Error(`${id} is not ${state}`)
}

test(
  'the list is empty and says how payments come; one box finds them; the address keeps what was looked for',
  options,
  async () => {
    const page = await console.as('viewer', { path: '/payments' })
    await page.getByText('No payments yet').waitFor()
    await checkAccess(page, 'no payments')
    await shoot(page, 'payments-none')
    for (const i of [1, 2, 3]) await pay(`${i}50000`, `INV-${i}`)
    await page.reload()
    await page.getByRole('cell', { name: '₹3,500.00' }).waitFor()
    await page.getByRole('textbox', { name: 'Find' }).fill('INV-2')
    await page
      .getByRole('status')
      .filter({ hasText: /^1 row/ })
      .waitFor()
    await page.waitForURL('**/payments?q=INV-2')
    await page.getByRole('cell', { name: '₹2,500.00' }).waitFor()
    await page.getByRole('textbox', { name: 'Find' }).fill('INV-NONE')
    await page.getByText('No payment fits').waitFor()
    await page.getByRole('button', { name: 'Clear the filters' }).click()
    await page
      .getByRole('status')
      .filter({ hasText: /^3 rows/ })
      .waitFor()

    await page.getByRole('button', { name: 'Columns' }).click()
    await page.getByRole('menuitemcheckbox', { name: 'Channel' }).click()
    await page.keyboard.press('Escape')
    await page.getByRole('columnheader', { name: 'Channel' }).waitFor()
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download these rows as CSV' }).click(),
    ])
    assert.equal(file.suggestedFilename(), 'payments.csv')
    await page.getByRole('button', { name: 'Export' }).click()
    const [whole] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('menuitem', { name: 'All that fit, as CSV' }).click(),
    ])
    assert.match(readFileSync(await whole.path(), 'utf8'), /INV-1[\s\S]*INV-2|INV-2[\s\S]*INV-1/)
    await checkAccess(page, 'payments')
    await shoot(page, 'payments')
    await page.close()
  },
)

test('a payment tells its story; personal details are masked, and shown to whoever may look', options, async () => {
  const { id } = await pay('4200000', 'INV-STORY')
  await until(id, 'succeeded')
  const page = await console.as('operations', { path: '/payments?q=INV-STORY' })
  await page.getByRole('cell', { name: '₹42,000.00' }).click()
  await page.getByRole('heading', { level: 1, name: '₹42,000.00 Out' }).waitFor()
  const details = page.getByRole('region', { name: 'Details' })
  await details.getByText('XXXXXXXXXX6789').waitFor()
  const parts = page.getByRole('region', { name: 'What is written down' })
  await parts.getByRole('button', { name: /0200/ }).click()
  await parts
    .getByRole('cell', { name: 'DE 37' })
    .or(parts.getByRole('cell', { name: '37', exact: true }))
    .first()
    .waitFor()
  await shoot(page, 'payment-messages')
  await parts.getByRole('tab', { name: 'Postings' }).click()
  await parts.getByRole('cell', { name: '₹42,000.00' }).first().waitFor()
  await parts.getByRole('tab', { name: 'Settlement' }).click()
  await parts.getByText(/cycle/).first().waitFor()
  await parts.getByRole('tab', { name: 'Webhooks' }).click()
  await parts.getByText('payment.succeeded').waitFor()
  await parts.getByRole('tab', { name: 'Whole story' }).click()
  await parts.getByRole('row').nth(2).waitFor()
  await page.getByText('There are no disputes about this payment.').waitFor()
  await checkAccess(page, 'a payment')
  await shoot(page, 'payment')
  await details.getByRole('button', { name: /Show Beneficiary’s account in full/ }).click()
  await details.getByText('50100123456789').waitFor()
  await page.close()
})

test('a payment whose end is not known says so; operations may ask NPCI, a viewer may not', options, async () => {
  const { id } = await pay('10600', 'INV-OPEN')
  await until(id, 'unconfirmed')
  const page = await console.as('operations', { path: `/payments/${id}`, size: 'phone', scheme: 'dark' })
  await page.getByText('The outcome is not known').waitFor()
  await page.getByText('This is settled by').waitFor()
  await page.getByRole('link', { name: 'Resolve' }).waitFor()
  await page.getByRole('button', { name: 'Ask NPCI now' }).click()
  await page
    .getByText(/NPCI was asked|No verification|budget|cannot/i)
    .first()
    .waitFor()
  await checkFits(page, 'a payment on a phone')
  await shoot(page, 'payment-open-phone-dark')
  await page.close()

  const looking = await console.as('viewer', { path: `/payments/${id}` })
  await looking.getByText('The outcome is not known').waitFor()
  assert.equal(await looking.getByRole('button', { name: 'Ask NPCI now' }).count(), 0)
  assert.equal(await looking.getByRole('link', { name: 'Resolve' }).count(), 0)
  assert.equal(await looking.getByRole('button', { name: /in full/ }).count(), 0)
  await looking.close()
})

test('an id that nobody has is said in plain words', options, async () => {
  const page = await console.as('viewer', { path: `/payments/pay_${'0'.repeat(32)}` })
  await page.getByText('It is not there').waitFor()
  await page.close()
})
