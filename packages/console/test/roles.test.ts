import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type Right, type Role, rightsOf, roleNames } from '../../../src/identity/rights.ts'
import { addressOf, type Day, liveADay } from './support/a-day.ts'
import { checkAccess, openConsole, options, settled } from './support/console.ts'
import { checkMasked } from './support/words.ts'

// No screen shows what its role may not see, whatever address is typed. What each role does see is frame.test.ts.

const console = openConsole('roles')
after(() => assert.deepEqual(console.faults, []))

let made: Day | undefined
before(async () => {
  if (!('skip' in options)) made = await liveADay(console)
})

/** Where people are: a screen that shows somebody's number or name. */
const personal = [
  'payments',
  'payments/{payment}',
  'unconfirmed/{open}',
  'approvals/{approval}',
  'accounts',
  'accounts/{account}',
  'settlement/disputes/{raised}',
  'settlement/breaks/{break}',
  'administration/customers',
]

/** A list that each role may not have, by the right that it needs. */
const lists: Readonly<Record<string, Right>> = {
  '/v1/payments': 'payments:read',
  '/v1/clients': 'clients:read',
  '/v1/people': 'people:read',
  '/v1/audit/acts': 'audit:read',
  '/v1/risk/flags': 'risk:read',
  '/v1/webhook-endpoints': 'webhooks:read',
}

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

for (const role of roleNames) {
  test(`${role} is shown nothing of what the role may not see`, options, async () => {
    const { origin } = await console.sandbox()
    const page = await console.as(role)
    for (const path of denied[role]) {
      await page.goto(`${origin}/console/${path}`)
      await page.getByRole('heading', { level: 2, name: 'There is nothing here' }).waitFor()
    }
    await checkAccess(page, 'nothing here')
    for (const [path, right] of Object.entries(lists)) {
      const answered = await page.evaluate(
        `fetch('${path}').then(async (answer) => [answer.status, (await answer.json()).detail])`,
      )
      if (!rightsOf([role]).has(right)) assert.deepEqual(answered, [403, `This needs the right ${right}.`], path)
    }
    await page.context().close()
  })

  test(`${role} sees nobody's number or name in full`, options, async () => {
    const { origin } = await console.sandbox()
    const page = await console.as(role)
    for (const path of personal) {
      await page.goto(`${origin}/console/${addressOf(made, path)}`)
      await settled(page)
      await checkMasked(page, made?.personal ?? [], `${path} as ${role}`)
      if (path === 'payments' && rightsOf([role]).has('payments:read')) await page.getByText(/X{4,}/).first().waitFor()
    }
    await page.context().close()
  })
}
