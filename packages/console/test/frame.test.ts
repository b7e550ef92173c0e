import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { roleNames } from '../../../src/identity/rights.ts'
import { checkAccess, checkFits, openConsole, options, shoot } from './support/console.ts'

// What is around every screen: signing in and out, the menu of each role, languages, keys.

const console = openConsole('frame')
after(() => assert.deepEqual(console.faults, []))

const menus: Readonly<Record<(typeof roleNames)[number], readonly string[]>> = {
  viewer: ['Home', 'Payments', 'Unconfirmed', 'Approvals', 'Beneficiaries', 'Accounts', 'Settlement'],
  maker: ['Home', 'Pay', 'Payments', 'Unconfirmed', 'Approvals', 'Beneficiaries', 'Accounts', 'Settlement'],
  checker: [
    'Home',
    'Payments',
    'Unconfirmed',
    'Approvals',
    'Beneficiaries',
    'Accounts',
    'Settlement',
    'Administration',
  ],
  operations: [
    'Home',
    'Payments',
    'Unconfirmed',
    'Approvals',
    'Beneficiaries',
    'Accounts',
    'Settlement',
    'Developers',
    'Administration',
  ],
  developer: [
    'Home',
    'Payments',
    'Unconfirmed',
    'Approvals',
    'Beneficiaries',
    'Accounts',
    'Settlement',
    'Developers',
    'Administration',
  ],
  auditor: [
    'Home',
    'Payments',
    'Unconfirmed',
    'Approvals',
    'Beneficiaries',
    'Accounts',
    'Settlement',
    'Developers',
    'Administration',
  ],
  administrator: ['Approvals', 'Developers', 'Administration'],
}

test(
  'whoever is not signed in comes to the door, is told what is wrong there, and then to where they wanted',
  options,
  async () => {
    const { people } = await console.sandbox()
    const page = await console.as(undefined, { path: '/payments?q=INV-42' })
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    await checkAccess(page, 'sign in')
    await shoot(page, 'sign-in')
    const { login, password } = people.viewer
    await page.getByLabel('Login').fill(login)
    await page.getByLabel(/^Password/).fill(password)
    await page.getByLabel('Code').fill('000000')
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await page.getByRole('alert').getByText('That does not sign you in').waitFor()
    await page.close()
  },
)

for (const role of roleNames)
  test(`${role} sees the areas of the role, and each opens`, options, async () => {
    const page = await console.as(role)
    const menu = page.getByRole('navigation', { name: 'Areas' })
    assert.deepEqual(await menu.getByRole('link').allInnerTexts(), menus[role])
    for (const name of menus[role]) {
      await menu.getByRole('link', { name, exact: true }).click()
      await page.getByRole('heading', { level: 1, name }).waitFor()
    }
    await page.close()
  })

test('the console speaks Hindi, in the dark, on a phone', options, async () => {
  const page = await console.as('operations', { size: 'phone', scheme: 'dark', language: 'hi' })
  await page.getByRole('heading', { level: 1, name: 'मुख्य पृष्ठ' }).waitFor()
  assert.equal(await page.locator('html').getAttribute('lang'), 'hi')
  assert.equal(await page.locator('html').getAttribute('data-mantine-color-scheme'), 'dark')
  await page.getByRole('button', { name: 'मेनू खोलें' }).click()
  await page.getByRole('link', { name: 'निपटान' }).waitFor()
  await checkFits(page, 'the menu on a phone')
  await checkAccess(page, 'the menu on a phone')
  await shoot(page, 'menu-phone-dark-hi')
  await page.close()
})

test('keys: a slash is for the search, g and a letter go to an area, a question mark lists them', options, async () => {
  const page = await console.as('operations')
  await page.getByRole('heading', { level: 1 }).waitFor()
  await page.keyboard.press('g')
  await page.keyboard.press('s')
  await page.getByRole('heading', { level: 1, name: 'Settlement' }).waitFor()
  await page.keyboard.press('?')
  await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor()
  await shoot(page, 'shortcuts')
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await page.keyboard.press('/')
  await page.keyboard.type('INV-42')
  await page.keyboard.press('Enter')
  await page.waitForURL('**/payments?q=INV-42')
  await page.close()
})
