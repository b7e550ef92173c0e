import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { checkAccess, checkFits, openConsole, options, shoot } from './support/console.ts'

// The inbox of four eyes: what is asked in plain words, who can never decide it, and the two words that do.

const console = openConsole('approvals')
after(() => assert.deepEqual(console.faults, []))

/** A payment that waits: a rule asks for one checker over ₹1,000. */
async function askedPayment(amount: string): Promise<{ readonly id: string }> {
  const { accounts } = await console.sandbox()
  const to = { kind: 'account', ifsc: 'HDFC0000123', account: '50100123456789', name: 'Asha Devi' }
  return console.api('POST', '/v1/payments', { amount, from: accounts.remitter, to, reference: 'INV-7' })
}
const makeRule = () =>
  console.api('POST', '/v1/approval-rules', {
    subject: 'payment',
    overAmount: '100000',
    steps: [{ anyOf: [{ role: 'checker', count: 1 }] }],
  })

test('a checker reads what is asked, approves it, and it is done', options, async () => {
  const empty = await console.as('checker', { path: '/approvals' })
  await empty.getByText('Nothing waits for you').waitFor()
  await shoot(empty, 'approvals-empty')
  await empty.close()

  await makeRule()
  const { id } = await askedPayment('150000')
  const page = await console.as('checker', { path: '/approvals' })
  await page.getByRole('link', { name: 'Pay ₹1,500.00 to XXXXXXXXXX6789' }).waitFor()
  await checkAccess(page, 'inbox')
  await shoot(page, 'approvals-desk')
  await page.getByRole('link', { name: 'Pay ₹1,500.00' }).click()
  await page.getByRole('heading', { name: 'What you agree to' }).waitFor()
  await checkAccess(page, 'approval')
  await shoot(page, 'approvals-one')
  await page.getByRole('button', { name: 'Approve' }).click()
  const dialog = page.getByRole('dialog', { name: 'Approve this?' })
  await dialog.getByText('Yours is the last vote that is needed').waitFor()
  await checkAccess(page, 'confirmation')
  await shoot(page, 'approvals-confirm')
  await dialog.getByRole('button', { name: 'Approve' }).click()
  await page.getByText('People agreed, and it was done.').waitFor()
  await shoot(page, 'approvals-approved')
  assert.notEqual((await console.api('GET', `/v1/payments/${id}`)).status, 'requires_approval')

  await page.getByRole('link', { name: 'Approvals' }).first().click()
  await page.locator('label').filter({ hasText: 'Decided' }).click()
  await page.getByRole('row').filter({ hasText: 'Approved' }).waitFor()
  await page.close()
})

test('one no is enough: the money is back', options, async () => {
  const { id } = await askedPayment('160000')
  const page = await console.as('checker', { path: `/approvals/${id}` })
  await page.getByRole('button', { name: 'Reject' }).click()
  await page.getByRole('dialog', { name: 'Reject this?' }).getByRole('button', { name: 'Reject' }).click()
  await page.getByText('Somebody said no.').waitFor()
  assert.equal((await console.api('GET', `/v1/payments/${id}`)).status, 'failed')
  await page.close()
})

test('whoever asked is told that they can never decide it, and a viewer is offered nothing', options, async () => {
  const { id } = await console.api('POST', '/v1/payments', {
    amount: '10191',
    from: (await console.sandbox()).accounts.remitter,
    to: { kind: 'account', ifsc: 'HDFC0000123', account: '50100123456789' },
  })
  const maker = await console.as('operations', { path: `/unconfirmed/${id}` })
  await maker.getByRole('button', { name: 'Say what became of it' }).click()
  await maker.getByLabel('The beneficiary has the money').check()
  await maker.getByLabel('Where it is').fill('letter of 14 November')
  await maker.getByRole('button', { name: 'Ask for agreement' }).click()
  await maker.getByRole('link', { name: 'See the approval' }).click()
  await maker.getByText('You asked for this').waitFor()
  assert.equal(await maker.getByRole('button', { name: 'Approve' }).count(), 0)
  await checkAccess(maker, 'own work')
  await shoot(maker, 'approvals-own')
  const path = new URL(maker.url()).pathname.replace('/console', '')
  await maker.close()

  const viewer = await console.as('viewer', { path })
  await viewer.getByRole('heading', { name: 'What you agree to' }).waitFor()
  assert.equal(await viewer.getByRole('button', { name: 'Approve' }).count(), 0)
  await viewer.close()

  const checker = await console.as('checker', { size: 'phone', scheme: 'dark', language: 'hi', path })
  await checker.getByRole('button', { name: 'स्वीकार करें', exact: true }).waitFor()
  await checkFits(checker, 'an approval on a phone')
  await checkAccess(checker, 'an approval on a phone')
  await shoot(checker, 'approvals-one-phone-dark-hi')
  await checker.goto(checker.url().replace(/\/approvals\/.*/, '/approvals'))
  await checker.getByRole('row').nth(1).waitFor()
  await checkFits(checker, 'the inbox on a phone')
  await checkAccess(checker, 'the inbox on a phone')
  await shoot(checker, 'approvals-phone-dark-hi')
  await checker.close()
})
