import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { Page } from 'playwright-core'
import { checkAccess, checkFits, openConsole, options, shoot } from './support/console.ts'

// Pay: from what is typed to the receipt, and what goes wrong on the way.

const console = openConsole('pay')
after(() => assert.deepEqual(console.faults, []))

const fill = async (page: Page, fields: Readonly<Record<string, string>>) => {
  for (const [label, value] of Object.entries(fields)) await page.getByRole('textbox', { name: label }).fill(value)
}
const chooseRemitter = async (page: Page) => {
  const { accounts } = await console.sandbox()
  await page.getByRole('combobox', { name: /^(From|किस खाते से)$/ }).click()
  await page.getByRole('option', { name: accounts.remitter }).click()
}
const asha = { 'Account number': '50100123456789', IFSC: 'hdfc0000123', 'Name of the beneficiary': 'Asha Devi' }

test('a payment is typed, read once more, sent, and followed to its receipt', options, async () => {
  const page = await console.as('maker', { path: '/pay' })
  await chooseRemitter(page)
  await fill(page, { ...asha, Amount: '123456', 'Your reference': 'INV-77' })
  await page.getByText('One Lakh Twenty Three Thousand Four Hundred Fifty Six Rupees Only').waitFor()
  await page.getByText(/HDFC Bank.*branch 000123/i).waitFor()
  await page.getByText(/can be spent/).waitFor()
  await checkAccess(page, 'pay')
  await shoot(page, 'pay-form')
  await page.getByRole('button', { name: 'Review and pay' }).click()
  const dialog = page.getByRole('dialog', { name: 'Pay this?' })
  await dialog.getByText('₹1,23,456.00', { exact: true }).waitFor()
  await checkAccess(page, 'the confirmation')
  await shoot(page, 'pay-confirm')
  await dialog.getByRole('button', { name: 'Pay ₹1,23,456.00' }).click()
  await page.getByRole('heading', { level: 1, name: 'Receipt' }).waitFor()
  const { data } = await console.api('GET', '/v1/payments?reference=INV-77')
  assert.deepEqual(
    data.map(({ amount, state }: { amount: string; state: string }) => [amount, state]),
    [['12345600', 'succeeded']],
  )
  await checkAccess(page, 'the receipt')
  await shoot(page, 'pay-receipt')
  const [paper] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Receipt (PDF)' }).click(),
  ])
  assert.match(paper.suggestedFilename(), /^receipt-\d{12}\.pdf$/)

  // The same again: somebody is asked whether they mean it.
  await page.getByRole('button', { name: 'Make another payment' }).click()
  await fill(page, { ...asha, Amount: '123456' })
  await page.getByText('Was this paid already?').waitFor()
  await page.getByRole('button', { name: 'Review and pay' }).click()
  await page.getByRole('dialog').getByText('The same amount went there in the last 24 hours.').waitFor()
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click()
  await shoot(page, 'pay-duplicate')
  await page.close()
})

test('what is missing or no such thing is said at its field, and nothing is sent', options, async () => {
  const page = await console.as('maker', { path: '/pay', size: 'phone', scheme: 'dark' })
  await fill(page, { 'Account number': '50100123456789', IFSC: 'HDFC1', Amount: '0' })
  await page.getByRole('button', { name: 'Review and pay' }).click()
  await page.getByText('An IFSC has four letters, a zero, and six letters or digits.').waitFor()
  await page.getByText('Type an amount from ₹1.00 on, such as 1,500.00.').waitFor()
  await page.getByText('Choose the account to pay from.').waitFor()
  await checkFits(page, 'pay on a phone')
  await checkAccess(page, 'pay on a phone')
  await shoot(page, 'pay-faults-phone-dark')
  await page.close()
})

test('the answer is lost: the same payment is asked for again, and made once', options, async () => {
  const page = await console.as('maker', { path: '/pay' })
  await chooseRemitter(page)
  await fill(page, { ...asha, Amount: '250', 'Your reference': 'INV-LOST' })
  let lost = 0
  await page.route('**/v1/payments', async (route) => {
    if (route.request().method() !== 'POST' || lost > 0) return route.continue()
    lost += 1
    await route.fetch()
    await route.abort('connectionreset')
  })
  await page.getByRole('button', { name: 'Review and pay' }).click()
  await page.getByRole('button', { name: 'Pay ₹250.00' }).click()
  await page.getByText('It is not known whether the hub took this payment').waitFor()
  assert.equal(await page.getByRole('textbox', { name: 'Amount' }).isDisabled(), true)
  await shoot(page, 'pay-unanswered')
  await page.getByRole('button', { name: 'Ask again' }).click()
  await page.getByRole('heading', { level: 1, name: 'Receipt' }).waitFor()
  const { data } = await console.api('GET', '/v1/payments?reference=INV-LOST')
  assert.equal(data.length, 1)
  await page.close()
})

test('a payment that is declined says why, and that the money is back', options, async () => {
  const page = await console.as('maker', { path: '/pay', language: 'hi' })
  await chooseRemitter(page)
  await page.getByText('मोबाइल + MMID', { exact: true }).click()
  await fill(page, { 'मोबाइल नंबर': '9876543210', MMID: '9229123', राशि: '109' })
  await page
    .getByText(/एक सौ नौ रुपये|एक सौ नौ/)
    .first()
    .waitFor()
  await page.getByRole('button', { name: 'जाँचें और भुगतान करें' }).click()
  await page.getByRole('button', { name: '₹109.00 दें' }).click()
  await page.getByText('अस्वीकृत, पैसा वापस').waitFor()
  await checkAccess(page, 'a declined payment')
  await shoot(page, 'pay-declined-hi')
  await page.close()
})

test('where the rail has no name check, the screen says so', options, async () => {
  const page = await console.as('maker', { path: '/pay' })
  await fill(page, asha)
  await page.getByRole('button', { name: 'Check the name' }).click()
  await page.getByText('The bank cannot be asked here').waitFor()
  await page.close()
})
