import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import type { Role } from '../../../src/identity/rights.ts'
import { checkAccess, checkFits, openConsole, options, shoot } from './support/console.ts'

// Every screen, with what a day leaves on it: on a desk and on a phone, light and dark, in English and in Hindi; nothing that axe knows,
// nothing wider than the window, no policy hurt.
// `npm run screens` writes the pictures of it into docs/screens.

const console = openConsole('screens')
after(() => assert.deepEqual(console.faults, []))

/** Each screen by its address, as somebody whose work it is. */
const screens: readonly (readonly [path: string, role: Role])[] = [
  ['home', 'operations'],
  ['pay', 'maker'],
  ['payments', 'operations'],
  ['payments/{payment}', 'operations'],
  ['unconfirmed', 'operations'],
  ['approvals', 'checker'],
  ['beneficiaries', 'maker'],
  ['accounts', 'operations'],
  ['accounts/{account}', 'operations'],
  ['settlement/cycles', 'operations'],
  ['settlement/files', 'operations'],
  ['settlement/runs', 'operations'],
  ['settlement/breaks', 'operations'],
  ['settlement/disputes', 'operations'],
  ['settlement/positions', 'operations'],
  ['developers/keys', 'administrator'],
  ['developers/webhooks', 'developer'],
  ['developers/webhooks/{endpoint}', 'developer'],
  ['developers/events', 'developer'],
  ['developers/sandbox', 'developer'],
  ['administration/people', 'administrator'],
  ['administration/rules', 'administrator'],
  ['administration/limits', 'administrator'],
  ['administration/safety', 'operations'],
  ['administration/flags', 'operations'],
  ['administration/customers', 'operations'],
  ['administration/audit', 'auditor'],
]

const made = { payment: '', account: '', endpoint: '' }

/** Waits until what a screen shows is there. */
async function settled(page: Page): Promise<void> {
  await page.getByRole('heading', { level: 1 }).waitFor()
  await page.locator('.mantine-Loader-root').first().waitFor({ state: 'detached' })
  await page.evaluate('document.fonts.ready.then(() => undefined)')
}

before(async () => {
  if ('skip' in options) return
  const { accounts } = await console.sandbox()
  made.account = accounts.remitter
  const to = { kind: 'account', ifsc: 'HDFC0000123', account: '50100123456789', name: 'Asha Devi' }
  const endpoint = await console.api('POST', '/v1/webhook-endpoints', {
    url: 'http://127.0.0.1:9/hooks',
    description: 'a shop whose server is away',
  })
  made.endpoint = endpoint.id
  const step = { anyOf: [{ role: 'checker', count: 1 }] }
  await console.api('POST', '/v1/approval-rules', { subject: 'payment', overAmount: '40000000', steps: [step] })
  await console.api('POST', '/v1/limits', { rules: { day: '900000000', dayCount: 500 } })
  // Settled, declined, deemed, never answered, and one that waits for others.
  for (const [amount, reference] of [
    ['12345600', 'INV-42'],
    ['10900', 'INV-43'],
    ['10191', 'INV-44'],
    ['10500', 'INV-45'],
    ['45000000', 'INV-46'],
    ['250000', 'INV-47'],
  ]) {
    const { id } = await console.api('POST', '/v1/payments', { amount, from: accounts.remitter, to, reference })
    if (reference === 'INV-42') made.payment = id
  }
  await console.api('POST', '/sandbox/inward', { amount: '150000', to: { mobile: '9000000002', mmid: await mmidOf() } })
  const client = await console.api('POST', '/v1/clients', {
    name: 'Payroll',
    rights: ['payments:read', 'payments:create'],
  })
  await console.api('POST', `/v1/clients/${client.id}/keys`, {})
  await until(async () => (await console.api('GET', '/v1/payments?status=succeeded')).data.length >= 3)
  await console.api('POST', '/sandbox/cycle', { errors: { wrongAmount: 1 } })
  await until(async () => (await console.api('GET', '/v1/breaks?state=open')).data.length > 0)
  // The cycle has decided the first one that nothing answered: another stays in doubt.
  await console.api('POST', '/v1/payments', { amount: '10500', from: accounts.remitter, to, reference: 'INV-48' })
  await until(async () => (await console.api('GET', '/v1/payments?state=unconfirmed')).data.length > 0)
  await until(async () => (await console.api('GET', '/v1/overview')).outward.succeeded.payments > 0)
})

const WAIT_MS = 200
const MOST_WAITS = 300

/** Asks again until it is so: the hub takes files, matches and counts by itself. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (let waits = 0; waits < MOST_WAITS; waits += 1) {
    if (await isSo()) return
    await new Promise((resolve) => setTimeout(resolve, WAIT_MS))
  }
  assert.fail('it did not come to be')
}

async function mmidOf(): Promise<string> {
  const { accounts } = await console.sandbox()
  return (await console.api('GET', `/v1/accounts/${accounts.merchant}`)).mmid
}

for (const [path, role] of screens) {
  const address = () => `/${path.replace(/\{(\w+)\}/g, (_whole, name: keyof typeof made) => made[name])}`
  const name = path.replaceAll(/[{}]/g, '').replaceAll('/', '-')
  const look = async (size: 'desk' | 'phone'): Promise<void> => {
    const how = size === 'desk' ? {} : ({ scheme: 'dark', language: 'hi' } as const)
    const page = await console.as(role, { path: address(), size, ...how })
    await settled(page)
    await checkAccess(page, `${path} on a ${size}`)
    await checkFits(page, `${path} on a ${size}`)
    await shoot(page, size === 'desk' ? `${name}-desk-light` : `${name}-phone-dark-hi`)
    await page.context().close()
  }
  test(`${path}, on a desk and on a phone`, options, async () => {
    await Promise.all([look('desk'), look('phone')])
  })
}
