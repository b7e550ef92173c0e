import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { openTestDatabase } from '../../test/support/database.ts'
import { createTestRoom, requestFrom } from '../../test/support/payment-room.ts'
import { keyOf, startRealServer } from '../../test/support/real-server.ts'
import { roles } from '../identity/rights.ts'
import { initiate } from '../payment/initiate.ts'
import type { Fact, StateKind } from '../payment/payment.ts'
import { recordById } from '../payment/record.ts'
import { openBreaks } from '../payment/store.ts'
import type { StoredPayment } from '../payment/stored.ts'

// What the wire left open, people find out: one says so with evidence, another agrees, and only then does money move.

const { db, url } = await openTestDatabase()
let dying = false
const t = await createTestRoom(url, {
  crashPoint: (name) => {
    if (dying && name === 'record:before-commit') throw new Error('the hub died here')
  },
})
const { server, call } = await startRealServer(db, t.room, [
  { tenantId: 1, name: 'operator', rights: roles.operations },
  { tenantId: 1, name: 'checker', rights: roles.checker },
  { tenantId: 1, name: 'both', rights: [...roles.operations, ...roles.checker] },
])
after(() => Promise.all([server.close(), t.close()]))
const operator = keyOf(1, 'operator')
const checker = keyOf(1, 'checker')

const evidence = { source: 'npci_settlement_file', reference: 'NTSL 27-11 5C, line 42', note: 'credited' }

async function aPayment(...facts: readonly Fact[]): Promise<StoredPayment> {
  const account = await t.open(100_000n)
  const result = await initiate(t.room, requestFrom(account.id))
  assert.ok(result.kind === 'accepted')
  for (const fact of facts) assert.equal((await recordById(t.room, result.payment.id, fact)).kind, 'moved')
  return result.payment
}
const lapsed: Fact = { kind: 'lapsed' }
const deemed: Fact = { kind: 'deemed', responseCode: '91' }

const balance = async ({ accountId }: StoredPayment): Promise<bigint | undefined> =>
  (await db<{ balance: bigint }[]>`select balance from account where account_id = ${String(accountId).slice(4)}`)[0]
    ?.balance
const stateOf = async ({ id }: StoredPayment) => (await call('get', `/v1/payments/${id}`, operator)).body
const resolve = (payment: StoredPayment, outcome: string, key = operator) =>
  call('post', `/v1/payments/${payment.id}/resolve`, key, { outcome, evidence })
const approve = (id: string, key = checker) => call('post', `/v1/approvals/${id}/approve`, key, {})

const found: readonly (readonly [facts: readonly Fact[], outcome: string, StateKind, balance: bigint])[] = [
  [[lapsed], 'succeeded', 'succeeded', 90_000n],
  [[lapsed], 'failed', 'declined', 100_000n],
  [[deemed], 'succeeded', 'succeeded', 90_000n],
  [[deemed], 'returned', 'returned', 100_000n],
]
for (const [facts, outcome, state, left] of found) {
  test(`${facts.map(({ kind }) => kind)} and found ${outcome}: ${state}, with the last vote and not before`, async () => {
    const payment = await aPayment(...facts)
    await openBreaks(db, [{ payment, kind: 'unresolved', detail: 'nobody knows' }], 0)
    const asked = await resolve(payment, outcome)
    assert.equal(asked.status, 202, JSON.stringify(asked.body))
    assert.equal((await stateOf(payment)).state, facts[0]?.kind === 'deemed' ? 'deemed' : 'unconfirmed')

    const voted = await approve(asked.body.id)
    assert.deepEqual([voted.status, voted.body.decision], [200, 'approved'])
    const after = await stateOf(payment)
    assert.equal(after.state, state)
    assert.equal(await balance(payment), left)
    assert.equal((await approve(asked.body.id)).status, 200, 'the same vote again is the same answer')
    const open = await db`select from break where payment_id = ${payment.id.slice(4)} and closed_at is null`
    assert.equal(open.length, 0, 'nobody is called any more')
    await t.proveBooks()
  })
}

const notFound: readonly (readonly [facts: readonly Fact[], outcome: string])[] = [
  [[], 'succeeded'], // sent: the answer is still awaited
  [[], 'failed'],
  [[deemed], 'failed'], // RC 91 is paid, whatever somebody says
  [[lapsed], 'returned'],
  [[{ kind: 'approved', responseCode: '00' }], 'failed'],
  [[{ kind: 'declined', responseCode: 'M1' }], 'succeeded'],
]
test('what cannot be found out of a payment is refused before anybody is asked', async () => {
  for (const [facts, outcome] of notFound) {
    const payment = await aPayment(...facts)
    const asked = await resolve(payment, outcome)
    assert.deepEqual([asked.status, asked.body.code], [409, 'not_resolvable'], `${JSON.stringify(facts)} ${outcome}`)
  }
})

test('nobody decides alone: not who said it, under no name; and not somebody without the role', async () => {
  const payment = await aPayment(lapsed)
  const asked = await resolve(payment, 'failed', keyOf(1, 'both'))
  assert.equal(asked.status, 202)
  const own = await approve(asked.body.id, keyOf(1, 'both'))
  assert.deepEqual([own.status, own.body.code], [403, 'own_work'])
  assert.equal((await approve(asked.body.id, operator)).status, 403)
  assert.equal((await stateOf(payment)).state, 'unconfirmed')
})

test('a no leaves the payment as it is, and people can be asked again; two questions at once are one', async () => {
  const payment = await aPayment(lapsed)
  const both = await Promise.all([resolve(payment, 'failed'), resolve(payment, 'succeeded')])
  assert.deepEqual(both.map(({ status }) => status).sort(), [202, 409])
  const first = both.find(({ status }) => status === 202)
  const no = await call('post', `/v1/approvals/${first?.body.id}/reject`, checker, {})
  assert.deepEqual([no.status, no.body.decision], [200, 'rejected'])
  assert.equal((await stateOf(payment)).state, 'unconfirmed')
  assert.equal((await resolve(payment, 'succeeded')).status, 202)
})

test('the wire was faster: what it said stands, the approval is void, and no second rupee moves', async () => {
  const payment = await aPayment(lapsed)
  const asked = await resolve(payment, 'failed')
  await recordById(t.room, payment.id, { kind: 'approved', responseCode: '00' })
  const late = await approve(asked.body.id)
  assert.deepEqual([late.status, late.body.code], [409, 'not_awaiting_approval'])
  assert.equal((await stateOf(payment)).state, 'succeeded')
  assert.equal(await balance(payment), 90_000n)
  assert.equal((await call('get', `/v1/approvals/${asked.body.id}`, operator)).body.decision, 'void')
  await t.proveBooks()
})

test('the answer comes at the very moment of the last vote: one of them moves the payment', async () => {
  for (let i = 0; i < 10; i += 1) {
    const payment = await aPayment(lapsed)
    const asked = await resolve(payment, 'failed')
    await Promise.all([
      approve(asked.body.id),
      recordById(t.room, payment.id, { kind: 'approved', responseCode: '00' }),
    ])
    const { state } = await stateOf(payment)
    assert.equal(await balance(payment), state === 'succeeded' ? 90_000n : 100_000n)
  }
  await t.proveBooks()
})

test('a hub that dies between the vote and the money carries it out with the same vote again', async () => {
  const payment = await aPayment(lapsed)
  const asked = await resolve(payment, 'failed')
  dying = true
  assert.equal((await approve(asked.body.id)).status, 500)
  dying = false
  assert.equal((await stateOf(payment)).state, 'unconfirmed')
  assert.equal((await approve(asked.body.id)).body.decision, 'approved')
  assert.equal((await stateOf(payment)).state, 'declined')
  assert.equal(await balance(payment), 100_000n)
  await t.proveBooks()
})

test('what was approved cannot be edited afterwards: an altered content is void', async () => {
  const payment = await aPayment(lapsed)
  const asked = await resolve(payment, 'failed')
  await db`update approval_request set digest = sha256('x') where approval_id = ${asked.body.id.slice(4)}`
  const voted = await approve(asked.body.id)
  assert.deepEqual([voted.status, voted.body.code], [409, 'approval_changed'])
  assert.equal((await stateOf(payment)).state, 'unconfirmed')
})

test('evidence is asked for, field by field', async () => {
  const payment = await aPayment(lapsed)
  const bad: readonly (readonly [object, string])[] = [
    [{ outcome: 'failed' }, 'evidence'],
    [{ outcome: 'failed', evidence: { source: 'a_friend', reference: 'x' } }, 'evidence.source'],
    [{ outcome: 'failed', evidence: { source: 'beneficiary_bank', reference: '' } }, 'evidence.reference'],
    [{ outcome: 'paid', evidence }, 'outcome'],
  ]
  for (const [body, field] of bad) {
    const answer = await call('post', `/v1/payments/${payment.id}/resolve`, operator, body)
    assert.deepEqual([answer.status, answer.body.errors[0].field], [400, field])
  }
})
