import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { type Role, roleNames } from '../../../src/identity/rights.ts'
import { checkAccess, openConsole, options } from './support/console.ts'

// No screen shows what its role may not see, whatever address is typed. What each role does see is frame.test.ts.

const console = openConsole('roles')
after(() => assert.deepEqual(console.faults, []))

/** What each role may not see, by address. */
const denied: Readonly<Record<Role, readonly string[]>> = {
  viewer: ['pay', 'developers/keys', 'developers/sandbox', 'administration/people', 'administration/audit'],
  maker: ['developers/webhooks', 'administration/limits'],
  checker: ['pay', 'developers/events', 'administration/people', 'administration/safety'],
  operations: ['pay', 'developers/keys', 'developers/webhooks', 'administration/people', 'administration/audit'],
  developer: ['pay', 'administration/people', 'administration/safety', 'administration/audit'],
  auditor: ['pay', 'developers/sandbox', 'administration/safety'],
  administrator: [
    'home',
    'pay',
    'payments',
    'unconfirmed',
    'beneficiaries',
    'accounts',
    'settlement',
    'developers/webhooks',
    'developers/sandbox',
  ],
}

for (const role of roleNames)
  test(`${role} is shown nothing of what the role may not see`, options, async () => {
    const { origin } = await console.sandbox()
    const page = await console.as(role)
    for (const path of denied[role]) {
      await page.goto(`${origin}/console/${path}`)
      await page.getByRole('heading', { level: 2, name: 'There is nothing here' }).waitFor()
    }
    await checkAccess(page, 'nothing here')
    await page.context().close()
  })
