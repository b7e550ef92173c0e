import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { openTestDatabase } from '../../test/support/database.ts'
import { createTestRoom, receiveInto, requestFrom } from '../../test/support/payment-room.ts'
import { keyOf, startRealServer } from '../../test/support/real-server.ts'
import { must, parseRrn } from '../base/identifiers.ts'
import { roles } from '../identity/rights.ts'
import { type NotFindable, notFindable, type Outcome } from '../payment/findable.ts'
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

let serial = 0
/** A payment of another bank's customer to an account of ours, which is open from then on. */
async function anInward(status: 'open' | 'frozen'): Promise<StoredPayment> {
  const account = await t.open(100_000n)
  const set = (to: string) => db`update account set status = ${to} where account_id = ${account.id.slice(4)}`
  await set(status)
  serial += 1
  const rrn = must(parseRrn(`6326130${String(serial).padStart(5, '0')}`), 'RRN')
  const payment = await receiveInto(t, account, { rrn, amountPaise: 10_000n, at: t.room.clock.now() })
  await set('open')
  return payment
}

const balance = async ({ accountId }: StoredPayment): Promise<bigint | undefined> =>
  (await db<{ balance: bigint }[]>`select balance from account where account_id = ${String(accountId).slice(4)}`)[0]
    ?.balance
const stateOf = async ({ id }: StoredPayment) => (await call('get', `/v1/payments/${id}`, operator)).body
const resolve = (payment: StoredPayment, outcome: string, key = operator, fileCode?: string) =>
  call('post', `/v1/payments/${payment.id}/resolve`, key, {
    outcome,
    evidence: { ...evidence, ...(fileCode === undefined ? {} : { fileCode }) },
  })
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

const approved: Fact = { kind: 'approved', responseCode: '00' }
const declined: Fact = { kind: 'declined', responseCode: 'M1' }
type Made = readonly Fact[] | 'credited' | 'not credited'
const make = (made: Made): Promise<StoredPayment> =>
  typeof made === 'string' ? anInward(made === 'credited' ? 'open' : 'frozen') : aPayment(...made)

// What NPCI's file has, and what it does to a payment of each direction and state.
const byFile: readonly (readonly [made: Made, outcome: string, code: string, StateKind, balance: bigint])[] = [
  [[lapsed], 'settled', '00', 'succeeded', 90_000n],
  [[lapsed], 'not_settled', 'M1', 'declined', 100_000n],
  [[deemed], 'settled', '00', 'succeeded', 90_000n],
  [[deemed], 'not_settled', 'absent', 'declined', 100_000n],
  [[approved], 'not_settled', 'M1', 'declined', 100_000n],
  [[declined], 'settled', '00', 'succeeded', 90_000n],
  ['credited', 'not_settled', 'M1', 'returned', 100_000n],
  ['not credited', 'settled', '00', 'succeeded', 110_000n],
]
for (const [made, outcome, code, state, left] of byFile) {
  const name = typeof made === 'string' ? `inward, ${made},` : `outward, ${made.map(({ kind }) => kind)},`
  test(`${name} and in NPCI’s file ${code}: found ${outcome}, it is ${state}, with the last vote and not before`, async () => {
    const payment = await make(made)
    for (const kind of ['unresolved', 'settlement_conflict'] as const)
      await openBreaks(db, [{ payment, kind, detail: `${payment.state} but settled_paid` }], 0)
    await openBreaks(db, [{ payment, kind: 'contradiction', detail: 'the wire says two things' }], 0)
    const before = await balance(payment)
    const asked = await resolve(payment, outcome, operator, code)
    assert.equal(asked.status, 202, JSON.stringify(asked.body))
    assert.equal(await balance(payment), before)
    assert.equal((await approve(asked.body.id)).body.decision, 'approved')
    const [row] = await db<{ state: string; reason: string }[]>`
      select state, reason from payment where payment_id = ${payment.id.slice(4)}`
    assert.deepEqual([row?.state, row?.reason], [state, outcome === 'settled' ? 'found_settled' : 'found_unsettled'])
    assert.equal(await balance(payment), left)
    assert.equal((await approve(asked.body.id)).status, 200, 'the same vote again is the same answer')
    assert.equal(await balance(payment), left)
    const open = await db<{ kind: string }[]>`
      select kind from break where payment_id = ${payment.id.slice(4)} and closed_at is null`
    assert.deepEqual(
      open.map(({ kind }) => kind),
      ['contradiction'],
      'what the file answers asks nobody any more; the wire is another matter',
    )
    await t.proveBooks()
  })
}

const refusedByRule: readonly (readonly [made: Made, outcome: Outcome, NotFindable])[] = [
  [[], 'settled', 'awaited'],
  [[], 'not_settled', 'awaited'],
  [[approved], 'settled', 'known'],
  [[declined], 'not_settled', 'known'],
  [[declined], 'succeeded', 'given_back'],
  [[declined], 'returned', 'given_back'],
  [[deemed], 'failed', 'counted_paid'],
  [[approved], 'failed', 'counted_paid'],
  [[approved], 'returned', 'comes_with_file'],
  [[lapsed], 'returned', 'not_deemed'],
  [[deemed, { kind: 'returned' }], 'settled', 'final'],
  [[deemed, { kind: 'returned' }], 'not_settled', 'final'],
  ['credited', 'settled', 'known'],
  ['not credited', 'not_settled', 'known'],
  ['credited', 'succeeded', 'by_file'],
  ['credited', 'failed', 'by_file'],
  ['credited', 'returned', 'by_file'],
  ['not credited', 'succeeded', 'by_file'],
]
for (const [made, outcome, why] of refusedByRule) {
  const name =
    typeof made === 'string' ? `inward, ${made}` : `outward, ${made.map(({ kind }) => kind).join() || 'sent'}`
  test(`${name}: nobody is asked whether it is ${outcome}, since ${notFindable[why]}`, async () => {
    const asked = await resolve(await make(made), outcome, operator, outcome === 'settled' ? '00' : 'M1')
    assert.deepEqual([asked.status, asked.body.code], [409, 'not_resolvable'])
    assert.ok(asked.body.detail.includes(notFindable[why]), asked.body.detail)
  })
}

test('what NPCI’s file decides is shown by that file and by its code, and not against what the hub has read in it', async () => {
  const payment = await aPayment(lapsed)
  const path = `/v1/payments/${payment.id}/resolve`
  const shown: readonly (readonly [outcome: string, change: object, field: string])[] = [
    ['settled', { fileCode: '00', source: 'beneficiary_bank' }, 'evidence.source'],
    ['not_settled', { fileCode: 'M1', source: 'npci_dispute_system' }, 'evidence.source'],
    ['settled', {}, 'evidence.fileCode'],
    ['settled', { fileCode: '08' }, 'evidence.fileCode'],
    ['settled', { fileCode: 'absent' }, 'evidence.fileCode'],
    ['not_settled', { fileCode: '00' }, 'evidence.fileCode'],
    ['not_settled', { fileCode: '08' }, 'evidence.fileCode'],
    ['not_settled', { fileCode: 'm1' }, 'evidence.fileCode'],
  ]
  for (const [outcome, change, field] of shown) {
    const asked = await call('post', path, operator, { outcome, evidence: { ...evidence, ...change } })
    assert.deepEqual([asked.status, asked.body.errors[0].field], [400, field], `${outcome} ${JSON.stringify(change)}`)
  }
  const read: readonly (readonly [raw: string, outcome: string, code: string, status: number])[] = [
    ['08', 'settled', '00', 409],
    ['08', 'not_settled', 'M1', 409],
    ['declined', 'settled', '00', 409],
    ['00', 'not_settled', 'absent', 409],
    ['absent', 'not_settled', 'absent', 409], // of one cycle: NPCI may still have it
    ['absent', 'settled', '00', 202],
  ]
  await db`
    insert into settlement_item (tenant_id, institution, direction, rrn, nbin, payment_id, lane, amount, transacted_on, settled_on, cycle, raw,
      absent_cycles, duty, updated_at)
    values (1, 'TRN', 'outward', ${payment.rrn}, '7001', ${payment.id.slice(4)}::uuid, ${payment.lane}, 10000, '2026-11-20', '2026-11-20',
      '1', 'absent', 1, 'people', now())`
  for (const [raw, outcome, code, status] of read) {
    await db`update settlement_item set raw = ${raw} where payment_id = ${payment.id.slice(4)}::uuid`
    assert.equal((await resolve(payment, outcome, operator, code)).status, status, `${raw} ${outcome}`)
  }
})

for (const made of [[approved], 'credited'] as const) {
  test(`what is paid here and questioned by no file is not given back by what people say: ${made}`, async () => {
    const payment = await make(made)
    const asked = await resolve(payment, 'not_settled', operator, 'absent')
    assert.deepEqual([asked.status, asked.body.code], [409, 'not_resolvable'])
    await openBreaks(db, [{ payment, kind: 'settlement_conflict', detail: 'succeeded but settled_declined' }], 0)
    assert.equal((await resolve(payment, 'not_settled', operator, 'absent')).status, 202)
  })
}

test('money that people agreed on waits for an account that takes none, and the same vote again moves it', async () => {
  const payment = await aPayment(deemed)
  const asked = await resolve(payment, 'returned')
  const set = (status: string) =>
    db`update account set status = ${status} where account_id = ${String(payment.accountId).slice(4)}`
  await set('frozen')
  const voted = await approve(asked.body.id)
  assert.deepEqual([voted.status, voted.body.code], [409, 'account_takes_no_money'])
  assert.equal((await stateOf(payment)).state, 'deemed')
  assert.equal((await call('get', `/v1/approvals/${asked.body.id}`, operator)).body.decision, null)
  await set('open')
  assert.equal((await approve(asked.body.id)).body.decision, 'approved')
  assert.equal((await stateOf(payment)).state, 'returned')
  assert.equal(await balance(payment), 100_000n)
  await t.proveBooks()
})

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
