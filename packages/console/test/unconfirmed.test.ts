import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { checkAccess, checkFits, openConsole, options, shoot } from './support/console.ts'

// The queue of open outcomes, and the way out of it: evidence, said by one person and agreed to by another.

const console = openConsole('unconfirmed')
after(() => assert.deepEqual(console.faults, []))

/** ₹105.00 is never answered in a sandbox, ₹101.91 is deemed. */
const neverAnswered = '10500'
const deemed = '10191'

async function payUntil(amount: string, state: string): Promise<{ readonly id: string; readonly rrn: string }> {
  const { accounts } = await console.sandbox()
  const to = { kind: 'account', ifsc: 'HDFC0000123', account: '50100012345678' }
  const { id } = await console.api('POST', '/v1/payments', { amount, from: accounts.remitter, to })
  for (;;) {
    const found = await console.api('GET', `/v1/payments/${id}`)
    if (found.state === state) return found
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

test('the queue says what is open, why nothing moves, and how old it is', options, async () => {
  const page = await console.as('viewer', { path: '/unconfirmed' })
  await page.getByText('Every outcome is known').waitFor()
  await shoot(page, 'unconfirmed-empty')
  const { rrn } = await payUntil(neverAnswered, 'unconfirmed')
  await payUntil(deemed, 'deemed')
  await page.reload()
  await page.getByText(rrn).waitFor()
  await page.getByText('Why no timer moves this money').waitFor()
  await checkAccess(page, 'unconfirmed')
  await shoot(page, 'unconfirmed-desk')
  await page.getByText('Older ·').click()
  await page.getByText('None is of this age').waitFor()
  await page.getByText('All ages').click()
  await page.locator('label').filter({ hasText: 'Deemed' }).click()
  await page.getByText('Why deemed payments count as paid').waitFor()
  await page.getByText('RC 91', { exact: true }).waitFor()
  await shoot(page, 'unconfirmed-deemed')
  await page.close()
})

test('what became of a payment is said with evidence, and moves it when somebody else agrees', options, async () => {
  const { rrn, id } = await payUntil(neverAnswered, 'unconfirmed')
  const page = await console.as('operations', { path: '/unconfirmed' })
  await page.getByRole('row').filter({ hasText: rrn }).getByRole('link').click()
  await page.getByRole('heading', { name: `Open payment ${rrn}` }).waitFor()
  await page.getByText('What is known, and what comes next').waitFor()
  await page.getByRole('list', { name: 'What happened, in order' }).waitFor()
  await checkAccess(page, 'open payment')
  await shoot(page, 'unconfirmed-one-desk')

  await page.getByRole('button', { name: 'Say what became of it' }).click()
  const dialog = page.getByRole('dialog', { name: 'What became of this payment?' })
  await dialog.getByRole('button', { name: 'Ask for agreement' }).click()
  await dialog.getByText('Choose what happened.').waitFor()
  await dialog.getByText('Say where the evidence is.').waitFor()
  await checkAccess(page, 'resolve')
  await shoot(page, 'unconfirmed-resolve')
  await dialog.getByLabel('The beneficiary has the money').check()
  await dialog.getByLabel('Where it is').fill('letter of the beneficiary bank, 14 November')
  await dialog.getByRole('button', { name: 'Ask for agreement' }).click()
  await page.getByText('Somebody has said what became of it').waitFor()
  assert.equal((await console.api('GET', `/v1/payments/${id}`)).state, 'unconfirmed')
  await shoot(page, 'unconfirmed-pending')
  await page.close()
})

test('the switch is asked now, and whoever may not is not offered it', options, async () => {
  const { rrn, id } = await payUntil(neverAnswered, 'unconfirmed')
  const page = await console.as('operations', { path: `/unconfirmed/${id}` })
  await page.getByRole('button', { name: 'Ask the switch now' }).click()
  await page.getByText('The switch was asked. What it said does not decide the payment; it stays open.').waitFor()
  await page.close()
  const viewer = await console.as('viewer', { path: `/unconfirmed/${id}` })
  await viewer.getByRole('heading', { name: `Open payment ${rrn}` }).waitFor()
  assert.equal(await viewer.getByRole('button', { name: 'Ask the switch now' }).count(), 0)
  assert.equal(await viewer.getByRole('button', { name: 'Say what became of it' }).count(), 0)
  await viewer.close()
})

test('in Hindi, in the dark, on a phone', options, async () => {
  const page = await console.as('operations', { size: 'phone', scheme: 'dark', language: 'hi', path: '/unconfirmed' })
  await page.getByText('कोई टाइमर यह पैसा क्यों नहीं हिलाता').waitFor()
  await checkFits(page, 'the queue on a phone')
  await checkAccess(page, 'the queue on a phone')
  await shoot(page, 'unconfirmed-phone-dark-hi')
  await page.getByRole('row').nth(1).getByRole('link').click()
  await page.getByRole('list', { name: 'क्या हुआ, क्रम से' }).waitFor()
  await page.getByText('अभी कोई नहीं जानता कि भुगतान हुआ या नहीं', { exact: false }).waitFor()
  await page.getByText(/अभी उत्तर नहीं आया|उत्तर से बात तय नहीं हुई/).waitFor()
  await checkFits(page, 'an open payment on a phone')
  await checkAccess(page, 'an open payment on a phone')
  await shoot(page, 'unconfirmed-one-phone-dark-hi')
  await page.close()
})
