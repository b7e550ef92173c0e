import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { openTestDatabase } from '../../test/support/database.ts'
import { createTestRoom, requestFrom } from '../../test/support/payment-room.ts'
import { keyOf, startRealServer } from '../../test/support/real-server.ts'
import { type Clock, systemClock } from '../base/clock.ts'
import { must, parseAccountNumber, parseIfsc } from '../base/identifiers.ts'
import { paise } from '../base/money.ts'
import { roles } from '../identity/rights.ts'
import { initiate } from '../payment/initiate.ts'
import type { Fact, StateKind } from '../payment/payment.ts'
import { record } from '../payment/record.ts'
import type { StoredPayment } from '../payment/stored.ts'
import { istText, receiptOf } from './receipt.ts'

// What leaves the hub as a file: the history for a spreadsheet, statements and receipts. And the queue of what is unconfirmed.

let now = Date.UTC(2026, 10, 22, 6, 30)
const clock: Clock = { ...systemClock, now: () => now }
const { db, url } = await openTestDatabase()
await db`insert into tenant (tenant_id, kind, name) values (2, 'business', 'Other')`
const t = await createTestRoom(url, { clock })
const { server, call } = await startRealServer(db, t.room, [
  { tenantId: 1, name: 'viewer', rights: roles.viewer },
  { tenantId: 1, name: 'operator', rights: roles.operations },
  { tenantId: 1, name: 'program', rights: ['payments:read', 'accounts:read', 'details:read'] },
  { tenantId: 2, name: 'viewer', rights: roles.viewer },
])
after(() => Promise.all([server.close(), t.close()]))

const NUMBER = '50100123456789'
const account = await t.open(100_000_000n)
const pay = async (amount: bigint, fact: Fact | undefined, reference: string) => {
  const to = {
    kind: 'account' as const,
    ifsc: must(parseIfsc('HDFC0000123'), 'IFSC'),
    account: must(parseAccountNumber(NUMBER), 'account'),
    name: 'Asha Devi',
  }
  const made = await initiate(
    t.room,
    requestFrom(account.id, { amountPaise: paise(amount), to, reference, remarks: 'rent' }),
  )
  assert.ok(made.kind === 'accepted')
  now += 60_000
  if (fact !== undefined) await record(t.room, made.payment, fact)
  return made.payment
}
const paid = await pay(150_000n, { kind: 'approved', responseCode: '00' }, '=HYPERLINK("http://x")')
await pay(20_000n, { kind: 'declined', responseCode: 'M1' }, 'INV-2')
const open = await pay(30_000n, { kind: 'lapsed' }, 'INV-3')
await pay(40_000n, undefined, 'INV-4')

const file = async (path: string, name: string, tenantId = 1) => {
  const headers = { authorization: `Bearer ${keyOf(tenantId, name)}` }
  const answer = await server.app.inject({ method: 'GET', url: path, headers })
  return {
    status: answer.statusCode,
    type: String(answer.headers['content-type']),
    text: answer.body,
    bytes: answer.rawPayload,
  }
}

test('the history as CSV: the same filters, no formula, personal details masked', async () => {
  const all = await file('/v1/payments/export', 'viewer')
  assert.deepEqual([all.status, all.type], [200, 'text/csv; charset=utf-8'])
  const lines = all.text.trim().split('\r\n')
  assert.equal(lines.length, 5)
  assert.ok(!all.text.includes(NUMBER) && !all.text.includes('Asha') && all.text.includes('XXXXXXXXXX6789'), all.text)
  assert.ok(!/(^|,)"?=/m.test(all.text), 'a reference that begins like a formula')
  assert.match(lines.at(-1) ?? '', /,1500\.00,/)
  const failed = await file('/v1/payments/export?status=failed&minAmount=20000', 'viewer')
  assert.deepEqual(failed.text.trim().split('\r\n').length, 2)
  assert.equal((await file('/v1/payments/export', 'viewer', 2)).text.trim().split('\r\n').length, 1)
  assert.equal((await file('/v1/payments/export?format=pdf', 'viewer')).status, 400)
  assert.equal((await file('/v1/payments/export?limit=5', 'viewer')).status, 400)
})

test('in full only for who may, and each export is written down', async () => {
  assert.ok((await file('/v1/payments/export', 'program')).text.includes(NUMBER))
  assert.equal((await file('/v1/payments/export?reveal=true', 'viewer')).status, 403)
  assert.ok((await file('/v1/payments/export?reveal=true', 'operator')).text.includes(NUMBER))
  const acts = await db<
    { action: string; detail: string }[]
  >`select action, detail from act where action = 'payments.exported' order by sequence desc limit 1`
  assert.match(acts[0]?.detail ?? '', /"inFull":true.*"rows":4|"rows":4.*"inFull":true/)
  const [looked] = await db`select from act where action = 'details.revealed'`
  assert.ok(looked !== undefined)
})

test('a workbook is a workbook', async () => {
  const { status, bytes } = await file('/v1/payments/export?format=xlsx', 'viewer')
  assert.deepEqual([status, bytes.subarray(0, 2).toString()], [200, 'PK'])
})

test('a statement begins with the opening balance and ends with the closing one, day by day in India', async () => {
  const csv = await file(`/v1/accounts/${account.id}/statement?from=2026-11-22&to=2026-11-22&format=csv`, 'viewer')
  assert.equal(csv.status, 200, csv.text)
  const lines = csv.text.trim().split('\r\n')
  assert.equal(lines[0], 'Date,What,RRN,Debit,Credit,Balance')
  assert.match(lines[1] ?? '', /Opening balance,,,,0\.00$/)
  assert.match(lines[3] ?? '', /^"22 Nov 2026, 12:00:00 IST",IMPS payment,6326\d{8},1500\.00,,998500\.00$/)
  assert.match(lines.at(-1) ?? '', /Closing balance,,,,997800\.00$/)
  const next = await file(`/v1/accounts/${account.id}/statement?from=2026-11-23&to=2026-11-24&format=csv`, 'viewer')
  assert.deepEqual(next.text.trim().split('\r\n').slice(1), [
    ',Opening balance,,,,997800.00',
    ',Closing balance,,,,997800.00',
  ])
  const pdf = await file(`/v1/accounts/${account.id}/statement`, 'viewer')
  assert.deepEqual([pdf.type, pdf.bytes.subarray(0, 5).toString()], ['application/pdf', '%PDF-'])
  assert.equal((await file(`/v1/accounts/${account.id}/statement`, 'viewer', 2)).status, 404)
  assert.equal((await file(`/v1/accounts/${account.id}/statement?from=2026-02-30`, 'viewer')).status, 400)
})

test('a receipt is a PDF, of the own tenant', async () => {
  const { status, type, bytes } = await file(`/v1/payments/${paid.id}/receipt`, 'viewer')
  assert.deepEqual([status, type, bytes.subarray(0, 5).toString()], [200, 'application/pdf', '%PDF-'])
  assert.equal((await file(`/v1/payments/${paid.id}/receipt`, 'viewer', 2)).status, 404)
})

const heads: Readonly<Record<StateKind, string>> = {
  held: 'Not sent yet',
  sent: 'Sent, answer awaited',
  unconfirmed: 'Not confirmed',
  deemed: 'Deemed approved',
  succeeded: 'Paid',
  declined: 'Not paid',
  returned: 'Returned',
  cancelled: 'Cancelled',
  refused: 'Not sent',
}
test('a receipt calls paid only what is paid, and shows nobody’s number', () => {
  const view = {
    heldMs: 1,
    approvalMs: 1,
    authenticationMs: 1,
    answerMs: () => 1,
    overrides: [],
    severalAccountsCode: 'MT',
  }
  for (const [state, head] of Object.entries(heads) as [StateKind, string][]) {
    const payment: StoredPayment = { ...paid, state }
    const receipt = receiptOf(payment, view)
    assert.equal(receipt.head, head)
    const text = JSON.stringify(receipt)
    assert.ok(!text.includes(NUMBER) && !text.includes('Asha Devi') && text.includes('XXXXXXXXXX6789'), text)
    assert.ok(text.includes('INR 1,500.00'))
    if (state === 'unconfirmed' || state === 'deemed')
      assert.match(text, /Known at the latest.*23 Nov 2026, 17:30:00 IST/)
  }
  assert.equal(receiptOf({ ...paid, direction: 'inward', state: 'succeeded' }, view).head, 'Received')
  assert.equal(istText(Date.UTC(2026, 0, 1, 18, 30)), '2 Jan 2026, 00:00:00 IST')
})

test('the queue of what is unconfirmed says how often the switch was asked and when next', async () => {
  await db`update hold set checks = 2, due_at = ${new Date(now + 60_000).toISOString()} where payment_id = ${open.id.slice(4)}::uuid`
  const { status, body } = await call('get', '/v1/payments?state=unconfirmed', keyOf(1, 'viewer'))
  assert.equal(status, 200)
  assert.deepEqual(
    body.data.map(({ id, verification }: { id: string; verification: object }) => [id, verification]),
    [[open.id, { checks: 2, nextCheckAt: new Date(now + 60_000).toISOString() }]],
  )
  const one = await call('get', `/v1/payments/${open.id}`, keyOf(1, 'viewer'))
  assert.equal(one.body.verification.checks, 2)
  const states = async (state: string) =>
    (await call('get', `/v1/payments?state=${state}`, keyOf(1, 'viewer'))).body.data.map(
      (found: { reference: string }) => found.reference,
    )
  assert.deepEqual(await states('sent'), ['INV-4'])
  assert.deepEqual(await states('declined'), ['INV-2'])
  assert.deepEqual((await states('succeeded')).length, 1)
  assert.deepEqual(await states('held'), [])
  assert.equal((await call('get', '/v1/payments?state=paid', keyOf(1, 'viewer'))).status, 400)
})
