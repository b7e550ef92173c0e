import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { checkAccess, checkFits, openConsole, options, shoot } from './support/console.ts'

// Accounts with their statements, freezes and liens; and beneficiaries.

const console = openConsole('accounts')
after(() => assert.deepEqual(console.faults, []))

test('an account is found, read, opened anew, and its statement leads to the payment', options, async () => {
  const { accounts } = await console.sandbox()
  await console.api('POST', '/v1/payments', {
    amount: '150000',
    from: accounts.remitter,
    to: { kind: 'account', ifsc: 'HDFC0000123', account: '50100123456789' },
  })
  const page = await console.as('maker', { path: '/accounts' })
  await page.getByRole('link', { name: accounts.remitter }).waitFor()
  await checkAccess(page, 'accounts')
  await shoot(page, 'accounts-desk')
  await page.getByLabel('Id, name, reference, last digits').fill('nobody has this')
  await page.getByText('No account is like this').waitFor()
  await shoot(page, 'accounts-not-found')
  await page.getByLabel('Id, name, reference, last digits').fill(accounts.remitter)
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { level: 1, name: accounts.remitter }).waitFor()
  await page.getByRole('row').filter({ hasText: '−₹1,500.00' }).waitFor()
  await checkAccess(page, 'account')
  await shoot(page, 'accounts-one')
  assert.equal(await page.getByRole('button', { name: 'Freeze' }).count(), 0, 'a maker freezes nothing')
  await page.close()

  const opener = await console.as('maker', { path: '/accounts' })
  await opener.getByRole('button', { name: 'Open an account' }).click()
  const dialog = opener.getByRole('dialog', { name: 'Open an account' })
  await dialog.getByLabel('Mobile').fill('12345')
  await dialog.getByRole('button', { name: 'Open an account' }).click()
  await dialog.getByText('A name in Latin letters, up to 50.').waitFor()
  await dialog.getByText('10 digits, the first 6 to 9.').waitFor()
  await checkAccess(opener, 'open an account')
  await shoot(opener, 'accounts-open')
  await dialog.getByLabel('Name').fill('Asha Devi')
  await dialog.getByLabel('Mobile').fill('9876512340')
  await dialog.getByLabel('Opening balance').fill('1,23,456')
  await dialog.getByRole('button', { name: 'Open an account' }).click()
  await opener.getByText('₹1,23,456.00').first().waitFor()
  await opener.close()
})

test('somebody is asked to pay by a link, which is cancelled; whoever only looks asks nobody', options, async () => {
  const { accounts } = await console.sandbox()
  const path = `/accounts/${accounts.merchant}`
  const page = await console.as('maker', { path })
  await page.getByText('Nobody was asked to pay').waitFor()
  await page.getByRole('button', { name: 'Ask to be paid' }).click()
  const dialog = page.getByRole('dialog', { name: 'Ask to be paid' })
  await dialog.getByRole('textbox', { name: 'Amount' }).fill('abc')
  await dialog.getByRole('button', { name: 'Make the link' }).click()
  await dialog.getByText('An amount in rupees', { exact: false }).waitFor()
  await checkAccess(page, 'asking to be paid')
  await shoot(page, 'accounts-link-ask')
  await dialog.getByRole('textbox', { name: 'Amount' }).fill('1,250.50')
  await dialog.getByRole('textbox', { name: 'Reference' }).fill('ORDER-42')
  await dialog.getByRole('textbox', { name: 'What for' }).fill('Two books')
  await dialog.getByRole('button', { name: 'Make the link' }).click()
  const row = page.getByRole('row').filter({ hasText: 'ORDER-42' })
  await row.getByText('₹1,250.50').waitFor()
  const [payer] = await Promise.all([page.waitForEvent('popup'), row.getByRole('link', { name: 'Open' }).click()])
  await payer.getByText('Two books').waitFor()
  await payer.close()
  await row.scrollIntoViewIfNeeded()
  await checkAccess(page, 'payment links')
  await shoot(page, 'accounts-links')
  await row.getByRole('button', { name: 'Cancel the link' }).click()
  await page.getByRole('dialog', { name: 'Cancel this link?' }).getByRole('button', { name: 'Cancel the link' }).click()
  await row.getByText('Cancelled').waitFor()
  await page.close()

  const phone = await console.as('viewer', { path, size: 'phone', scheme: 'dark', language: 'hi' })
  await phone.getByText('ORDER-42').scrollIntoViewIfNeeded()
  assert.equal(await phone.getByRole('button', { name: 'भुगतान माँगें' }).count(), 0)
  await checkAccess(phone, 'payment links on a phone')
  await checkFits(phone, 'payment links on a phone')
  await shoot(phone, 'accounts-links-phone-hi')
  await phone.close()
})

test('operations freeze and unfreeze, and place and release a lien, each after a question', options, async () => {
  const { accounts } = await console.sandbox()
  const page = await console.as('operations', { path: `/accounts/${accounts.merchant}` })
  await page.getByRole('button', { name: 'Freeze' }).click()
  const dialog = page.getByRole('dialog', { name: `Freeze ${accounts.merchant}?` })
  await checkAccess(page, 'freeze')
  await shoot(page, 'accounts-freeze')
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  assert.equal((await console.api('GET', `/v1/accounts/${accounts.merchant}`)).status, 'open')
  await page.getByRole('button', { name: 'Freeze' }).click()
  await dialog.getByRole('button', { name: 'Freeze' }).click()
  await page.getByText('This account is frozen').waitFor()
  await page.getByRole('button', { name: 'Unfreeze' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Unfreeze' }).click()
  await page.getByText('This account is frozen').waitFor({ state: 'detached' })

  await page.getByRole('button', { name: 'Place a lien' }).click()
  const lien = page.getByRole('dialog', { name: 'Place a lien' })
  await lien.getByLabel('Amount').fill('2,500.50')
  await lien.getByLabel('Reference').fill('I4C 31120 / 2026')
  await lien.getByRole('button', { name: 'Place a lien' }).click()
  await page.getByRole('cell', { name: '₹2,500.50' }).waitFor()
  await page.getByRole('button', { name: 'Release' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Release' }).click()
  await page.getByRole('button', { name: 'Release' }).waitFor({ state: 'detached' })
  await page.getByRole('button', { name: 'Show Number in full' }).click()
  await page.getByText(/^[0-9]{9,}$/).waitFor()
  await page.close()
})

test('a beneficiary is registered with the name checked, and removed', options, async () => {
  const page = await console.as('maker', { path: '/beneficiaries' })
  await page.getByText('No beneficiary yet').waitFor()
  await shoot(page, 'beneficiaries-empty')
  await page.getByRole('button', { name: 'Register a beneficiary' }).click()
  const dialog = page.getByRole('dialog', { name: 'Register a beneficiary' })
  await dialog.getByRole('button', { name: 'Register' }).click()
  await dialog.getByText('Letters and digits, up to 30.').waitFor()
  await dialog.getByRole('textbox', { name: 'IFSC' }).fill('HDFC0000123')
  await dialog.getByRole('textbox', { name: 'Account number' }).fill('50100123456789')
  await dialog.getByRole('textbox', { name: 'Name' }).fill('Asha Devi')
  await dialog.getByRole('textbox', { name: 'Label' }).fill('Rent')
  await checkAccess(page, 'new beneficiary')
  await shoot(page, 'beneficiaries-new')
  await dialog.getByRole('button', { name: 'Register' }).click()
  await page.getByRole('cell', { name: 'Rent' }).waitFor()
  await checkAccess(page, 'beneficiaries')
  await shoot(page, 'beneficiaries-desk')
  await page.getByRole('button', { name: 'Remove' }).click()
  await page.getByRole('dialog', { name: 'Remove Rent?' }).getByRole('button', { name: 'Remove' }).click()
  await page.getByText('No beneficiary yet').waitFor()
  await page.close()

  const viewer = await console.as('viewer', { path: '/beneficiaries' })
  await viewer.getByText('No beneficiary yet').waitFor()
  assert.equal(await viewer.getByRole('button', { name: 'Register a beneficiary' }).count(), 0)
  await viewer.close()
})

test('in Hindi, in the dark, on a phone', options, async () => {
  const { accounts } = await console.sandbox()
  for (const [path, name] of [
    ['/accounts', 'accounts'],
    [`/accounts/${accounts.remitter}`, 'account'],
    ['/beneficiaries', 'beneficiaries'],
  ] as const) {
    const page = await console.as('operations', { size: 'phone', scheme: 'dark', language: 'hi', path })
    await page.getByRole('heading', { level: 1 }).waitFor()
    await page.waitForLoadState('networkidle')
    await checkFits(page, name)
    await checkAccess(page, name)
    await shoot(page, `${name}-phone-dark-hi`)
    await page.close()
  }
})

test(
  'a customer who is stopped is seen so on the list and at each account, with who stopped them',
  options,
  async () => {
    const made = await console.api('POST', '/v1/customers', { name: 'Ravi Kumar', mobile: '9876512345' })
    const account = await console.api('POST', '/v1/accounts', { name: 'Ravi Kumar', customer: made.id })
    const page = await console.as('operations', { path: '/administration/customers' })
    const row = page.getByRole('row').filter({ has: page.getByRole('button', { name: 'Reset factors' }) })
    await row.getByText('Active').waitFor()
    await row.getByRole('button', { name: 'Stop', exact: true }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Stop', exact: true }).click()
    await row.getByText('Stopped').waitFor()
    await row.getByText('By operations, since', { exact: false }).waitFor()
    await checkAccess(page, 'a customer who is stopped')
    await shoot(page, 'customers-stopped')
    await page.close()
    const other = await console.as('maker', {
      path: `/accounts/${account.id}`,
      size: 'phone',
      scheme: 'dark',
      language: 'hi',
    })
    await other.getByRole('alert', { name: 'इस ग्राहक के भुगतान रुके हैं' }).getByText('संचालन ने रोका').waitFor()
    await checkFits(other, 'an account of a customer who is stopped')
    await checkAccess(other, 'an account of a customer who is stopped')
    await shoot(other, 'account-of-stopped-phone-hi')
    await other.close()
  },
)
