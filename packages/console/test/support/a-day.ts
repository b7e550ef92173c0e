import assert from 'node:assert/strict'
import type { TestConsole } from './console.ts'

/** What a day leaves in a sandbox: something on every screen. */
export type Day = {
  /** Of what the screens of one thing show. */
  readonly ids: Readonly<Record<string, string>>
  /** Account numbers, mobile numbers and names of people: no screen shows one of them in full unasked. */
  readonly personal: readonly string[]
  /** Words of the names of the sandbox's own people, who are not hidden from one another. */
  readonly staff: readonly string[]
}

/** The address of a screen of `screen-list.ts`, with the ids of the day for its braces. */
export const addressOf = (day: Day | undefined, path: string): string =>
  path.replace(/\{(\w+)\}/g, (_whole, name: string) => day?.ids[name] ?? name)

/** Whom the day pays. */
const beneficiary = { ifsc: 'HDFC0000123', account: '50100123456789', name: 'Asha Devi' }

const WAIT_MS = 200
const MOST_WAITS = 450

/** Asks again until there is an answer: the hub takes files, matches and counts by itself. */
export async function until<T>(ask: () => Promise<T | undefined>, what: string): Promise<T> {
  for (let waits = 0; waits < MOST_WAITS; waits += 1) {
    const found = await ask()
    if (found !== undefined) return found
    await new Promise((resolve) => setTimeout(resolve, WAIT_MS))
  }
  return assert.fail(`it did not come to be: ${what}`)
}

/**
 * Payments settled, declined, deemed, never answered and before others; a credit that is disputed by its bank, and a payment disputed
 * by ours; two cycles, the first with a wrong amount; a webhook whose receiver is away; a program, limits and rules.
 */
export async function liveADay({ api, sandbox }: TestConsole): Promise<Day> {
  const { accounts } = await sandbox()
  const first = (path: string) => async () => (await api('GET', path)).data[0]
  const to = { kind: 'account', ...beneficiary }
  const pay = (amount: string, reference: string): Promise<{ readonly id: string }> =>
    api('POST', '/v1/payments', { amount, from: accounts.remitter, to, reference })

  const endpoint = await api('POST', '/v1/webhook-endpoints', {
    url: 'http://127.0.0.1:9/hooks',
    description: 'a shop whose server is away',
  })
  const step = { anyOf: [{ role: 'checker', count: 1 }] }
  await api('POST', '/v1/approval-rules', { subject: 'payment', overAmount: '40000000', steps: [step] })
  await api('POST', '/v1/limits', {
    rules: { day: '900000000', dayCount: 500, cooling: { hours: 24, amount: '100000000' } },
  })
  // But for the rule of odd hours: by it what is paid here at night in India would wait for people.
  const { oddHours: _night, ...rules } = (await api('GET', '/v1/risk/rules')).suggested
  await api('PUT', '/v1/risk/rules', { rules })
  const client = await api('POST', '/v1/clients', { name: 'Payroll', rights: ['payments:read', 'payments:create'] })
  await api('POST', `/v1/clients/${client.id}/keys`, {})

  const settled = await pay('12345600', 'INV-42')
  const disputed = await pay('250000', 'INV-47')
  const declined = await pay('10900', 'INV-43')
  for (const [amount, reference] of [
    ['10191', 'INV-44'],
    ['10500', 'INV-45'],
    ['45000000', 'INV-46'],
  ] as const)
    await pay(amount, reference)
  const { mmid } = await api('GET', `/v1/accounts/${accounts.merchant}`)
  await api('POST', '/sandbox/inward', { amount: '150000', to: { mobile: '9000000002', mmid } })
  const credit = await until(first('/v1/payments?direction=inward&status=succeeded'), 'a credit')
  await until(async () => {
    const { data } = await api('GET', '/v1/payments?status=succeeded&direction=outward')
    return data.length >= 2 ? data : undefined
  }, 'payments that succeeded')

  await api('POST', '/sandbox/cycle', { errors: { wrongAmount: 1 } })
  const found = await until(first('/v1/breaks?state=open'), 'a break')
  const run = await until(first('/v1/reconciliation-runs'), 'a run')
  await api('POST', '/sandbox/disputes', { paymentRrn: credit.rrn, flag: 'WP', reason: 'WC1' })
  await api('POST', '/sandbox/cycle', {})
  const raised = await until(first('/v1/disputes?direction=inward'), 'a dispute that the other bank raises')
  const dispute = await api('POST', '/v1/disputes', { payment: disputed.id, flag: 'WP', reason: 'WC1' })
  const upload = await until(first('/v1/upload-files'), 'a file for NPCI')

  // The cycle has decided the first one that nothing answered: another stays in doubt.
  const open = await pay('10500', 'INV-48')
  await until(async () => (await api('GET', '/v1/payments?state=unconfirmed')).data[0], 'a payment in doubt')
  await until(
    async () => ((await api('GET', '/v1/overview')).outward.succeeded.payments > 0 ? true : undefined),
    'the count of the day',
  )
  const approval = await until(first('/v1/approvals'), 'an approval')
  const event = await until(first('/v1/events'), 'an event')
  const people = (await api('GET', '/v1/accounts?limit=100')).data.flatMap(
    ({ accountNumber, mobile, name }: Readonly<Record<string, string | null>>) => [accountNumber, mobile, name],
  )
  return {
    ids: {
      payment: settled.id,
      open: open.id,
      disputed: credit.id,
      declined: declined.id,
      account: accounts.remitter,
      endpoint: endpoint.id,
      event: event.id,
      client: client.id,
      approval: approval.id,
      run: run.id,
      break: found.id,
      dispute: dispute.id,
      raised: raised.id,
      upload: upload.id,
    },
    staff: (await api('GET', '/v1/people')).data.flatMap(({ name }: { readonly name: string }) => name.split(' ')),
    personal: [beneficiary.account, beneficiary.name, ...people].filter((one) => typeof one === 'string'),
  }
}
