import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { openTestDatabase } from '../../test/support/database.ts'
import { createTestRoom, requestFrom } from '../../test/support/payment-room.ts'
import { testVault } from '../../test/support/vault.ts'
import type { Clock } from '../base/clock.ts'
import { systemClock } from '../base/clock.ts'
import type { EnquiryId } from '../base/identifiers.ts'
import { accountIdOf, must, parseRrn } from '../base/identifiers.ts'
import { asTenant } from '../db/tenant.ts'
import { findAccount } from '../ledger/store.ts'
import { findHeld } from '../rail/store.ts'
import { endRule, findApproval, insertRule, listApprovals, listRules } from './approval-store.ts'
import { type DecideDeps, decide, lapse } from './approvals.ts'
import { insertEnquiry } from './enquiry-store.ts'
import { oneChecker, type Vote } from './four-eyes.ts'
import { listPayments } from './history.ts'
import { initiate } from './initiate.ts'
import { isAwaiting, publicStatusOf } from './payment.ts'
import { record } from './record.ts'
import { findEvents, findPayment } from './store.ts'
import type { StoredPayment } from './stored.ts'

const DAY_MS = 86_400_000
let ahead = 0
const clock: Clock = { ...systemClock, now: () => systemClock.now() + ahead }
const { url } = await openTestDatabase()
const t = await createTestRoom(url, { clock, maxHeld: 40 })
after(() => t.close())

/** A look-up that the approvals can name. */
async function anEnquiry(): Promise<EnquiryId> {
  const { id } = await insertEnquiry(t.db, testVault, {
    tenantId: 1,
    institution: 'TRN',
    accountId: null,
    beneficiary: requestFrom(accountIdOf(1)).to,
    askedName: 'Asha',
    status: 'verified',
    registeredName: 'A*** D***',
    score: 67,
    responseCode: '00',
    transactionId: null,
    rrn: must(parseRrn('632611999991'), 'RRN'),
    createdAt: clock.now(),
  })
  return id
}

/** Two people are enough for the payment: its maker, and one checker who is somebody else. */
const approval = {
  reason: 'name_mismatch',
  steps: oneChecker,
  maker: 'cli_maker',
  makerSame: ['cli_maker', 'usr_maker'],
}
const anApproval = async () => ({ ...approval, enquiryId: await anEnquiry() })
const checker: Vote = { voter: 'usr_checker', same: ['usr_checker'], roles: ['checker'] }

const deps: DecideDeps = {
  room: t.room,
  asTenant: (tenantId, run) => asTenant(t.db, tenantId, run),
  changes: {
    intact: async () => false,
    read: async () => undefined,
    apply: async () => undefined,
    turnDown: async () => undefined,
  },
  noted: async () => undefined,
}
const ballot = ({ id }: StoredPayment, verdict: 'approve' | 'reject', tenantId = 1, vote = checker) =>
  decide(deps, { tenantId, id: id.slice(4), verdict, vote, requestId: null, address: null })

async function aWaiting(): Promise<StoredPayment> {
  const account = await t.open(100_000n)
  const result = await initiate(t.room, requestFrom(account.id, { approval: await anApproval() }))
  assert.ok(result.kind === 'accepted')
  return result.payment
}

const stored = async ({ id }: StoredPayment): Promise<StoredPayment> => {
  const found = await findPayment(t.db, testVault, 1, id)
  assert.ok(found)
  return found
}
const states = async ({ id }: StoredPayment) => (await findEvents(t.db, [id])).map((event) => event.state)
const heldIds = async () =>
  (await findHeld(t.db, testVault, { after: undefined, dueBy: null, limit: 1_000 })).map((held) => held.payment.id)

// ASVS 2.3.5
test('what needs approval is held with the money taken and a link at hand, and the rail does not see it', async () => {
  const payment = await aWaiting()
  assert.deepEqual(
    [payment.state, payment.reason, payment.rrn, payment.link],
    ['held', 'awaiting_approval', null, null],
  )
  assert.deepEqual(await stored(payment), payment)
  assert.equal(publicStatusOf(payment), 'requires_approval')
  assert.ok(!t.sent.some((one) => one.id === payment.id))
  assert.ok(!(await heldIds()).includes(payment.id))
  assert.ok(payment.accountId)
  assert.equal((await findAccount(t.db, testVault, 1, payment.accountId))?.available, 90_000n)
  const asked = await findApproval(t.db, 1, payment.id.slice(4))
  assert.deepEqual([asked?.decision, asked?.expiresAt], [null, payment.createdAt + DAY_MS])
  await t.proveBooks()
})

test('approved, it leaves at once; approved again, from anywhere, it is the same payment, sent once', async () => {
  const payment = await aWaiting()
  const all = await Promise.all(Array.from({ length: 8 }, () => ballot(payment, 'approve')))
  all.push(await ballot(payment, 'approve'))
  assert.ok(all.every((one) => one.kind === 'done'))
  assert.equal(t.sent.filter((one) => one.id === payment.id).length, 1)
  assert.deepEqual(await states(payment), ['held', 'held', 'sent'])
  assert.equal((await findApproval(t.db, 1, payment.id.slice(4)))?.decision, 'approved')
  assert.equal((await ballot(payment, 'reject')).kind, 'too_late')
  await t.proveBooks()
})

test('approved without a link, it waits for one as any other, from then on', async () => {
  const payment = await aWaiting()
  t.link = undefined
  ahead += 3_600_000
  const decided = await ballot(payment, 'approve')
  t.link = { link: 'remitter', epoch: 1 }
  assert.ok(decided.kind === 'done' && decided.payment !== undefined)
  assert.deepEqual([decided.payment.state, isAwaiting(decided.payment)], ['held', false])
  const held = (await findHeld(t.db, testVault, { after: undefined, dueBy: null, limit: 1_000 })).find(
    (one) => one.payment.id === payment.id,
  )
  assert.equal(held?.giveUpAt, decided.payment.updatedAt + t.room.heldMs)
  assert.equal((await record(t.room, decided.payment, { kind: 'dispatched' })).kind, 'moved')
  await t.proveBooks()
})

test('rejected, cancelled and left alone for a day, the money is back; each says why, and no break opens', async () => {
  ahead += DAY_MS
  await lapse(t.room) // what other tests left
  const [rejected, cancelled, lapsed, waiting] = [
    await aWaiting(),
    await aWaiting(),
    await aWaiting(),
    await aWaiting(),
  ]
  assert.equal((await ballot(rejected, 'reject')).kind, 'done')
  assert.equal((await ballot(rejected, 'reject')).kind, 'done')
  assert.equal((await record(t.room, cancelled, { kind: 'cancelled' })).kind, 'moved')
  assert.equal(await lapse(t.room), 0)
  ahead += DAY_MS - 60_000
  await ballot(waiting, 'approve')
  assert.equal(await lapse(t.room), 0)
  ahead += 60_000
  assert.equal(await lapse(t.room), 1)
  const ends = await Promise.all(
    [rejected, cancelled, lapsed, waiting].map(async (one) => {
      const { state, reason } = await stored(one)
      return [state, reason, (await findApproval(t.db, 1, one.id.slice(4)))?.decision]
    }),
  )
  assert.deepEqual(ends, [
    ['refused', 'not_approved', 'rejected'],
    ['cancelled', 'cancelled', 'cancelled'],
    ['refused', 'waited_too_long', 'lapsed'],
    ['sent', null, 'approved'],
  ])
  for (const one of [rejected, cancelled, lapsed]) {
    assert.equal((await ballot(one, 'approve')).kind, 'too_late')
  }
  const breaks = await t.db`select from break`
  assert.equal(breaks.length, 0)
  await t.proveBooks()
})

test('approve and cancel at the same moment: one of them wins, and the money follows that one', async () => {
  for (let i = 0; i < 12; i += 1) {
    const payment = await aWaiting()
    const asks = [
      () => ballot(payment, 'approve').then((one) => one.kind === 'done'),
      () => record(t.room, payment, { kind: 'cancelled' }).then((one) => one.kind === 'moved'),
    ]
    const answers = await Promise.all((i % 2 === 0 ? asks : asks.reverse()).map((ask) => ask()))
    const [approved, cancelled] = i % 2 === 0 ? answers : answers.reverse()
    const { state } = await stored(payment)
    const decision = (await findApproval(t.db, 1, payment.id.slice(4)))?.decision
    const out = t.sent.filter((one) => one.id === payment.id).length
    if (decision === 'approved') {
      // Between the approval and the link a payer may still take it back.
      assert.ok(approved)
      assert.equal(state, cancelled ? 'cancelled' : 'sent')
    } else {
      assert.deepEqual([approved, cancelled, state, decision], [false, true, 'cancelled', 'cancelled'])
    }
    assert.equal(out, state === 'sent' ? 1 : 0)
  }
  await t.proveBooks()
})

test('nothing sends what awaits approval: not the door, not a program with a mistake', async () => {
  const payment = await aWaiting()
  assert.equal((await record(t.room, payment, { kind: 'dispatched' })).kind, 'contradicted')
  const lying = { ...payment, reason: null }
  assert.equal((await record(t.room, lying, { kind: 'dispatched' })).kind, 'contradicted')
  assert.equal((await record(t.room, lying, { kind: 'refused', reason: 'waited_too_long' })).kind, 'contradicted')
  const key = payment.id.slice(4)
  await assert.rejects(
    t.db`update hold set link = 'remitter', epoch = 1, sent_at = now(), due_at = null where payment_id = ${key}`,
    /hold_awaiting_is_not_sent/,
  )
  assert.equal((await stored(payment)).state, 'held')
})

test('a replay of the key gives the payment that waits; a key without approval is another payment', async () => {
  const account = await t.open(100_000n)
  const request = requestFrom(account.id, { approval: await anApproval() })
  const [first, again] = [await initiate(t.room, request), await initiate(t.room, request)]
  assert.ok(first.kind === 'accepted' && again.kind === 'accepted')
  assert.deepEqual([again.replayed, again.payment.id], [true, first.payment.id])
  const other = await initiate(t.room, requestFrom(account.id))
  assert.ok(other.kind === 'accepted' && other.payment.state === 'sent')
})

test('the list has what waits, newest first, and all of it when asked; another tenant sees nothing', async () => {
  const [first, second] = [await aWaiting(), await aWaiting()]
  await ballot(first, 'reject')
  const [open] = await listApprovals(t.db, 1, true, undefined, 1)
  assert.equal(open?.subject.id, second.id)
  const [, before] = await listApprovals(t.db, 1, false, undefined, 2)
  assert.deepEqual([before?.subject.id, before?.decision], [first.id, 'rejected'])
  const [older] = await listApprovals(t.db, 1, false, second.id.slice(4), 1)
  assert.equal(older?.subject.id, first.id)
  assert.deepEqual(await listApprovals(t.db, 2, false, undefined, 5), [])
  assert.equal((await ballot(second, 'approve', 2)).kind, 'unknown')
  const waiting = await listPayments(t.db, testVault, 1, { status: 'requires_approval' }, undefined, 100)
  assert.equal(waiting.payments[0]?.id, second.id)
  assert.ok(waiting.payments.every(isAwaiting))
  const processing = await listPayments(t.db, testVault, 1, { status: 'processing' }, undefined, 100)
  assert.ok(!processing.payments.some(isAwaiting))
})

test('as many may wait for approval as for a link; those for approval do not take the places of the others', async () => {
  const account = await t.open(10_000_000n)
  const enquiryId = await anEnquiry()
  const results = await Promise.all(
    Array.from({ length: 60 }, () =>
      initiate(t.room, requestFrom(account.id, { approval: { ...approval, enquiryId } })),
    ),
  )
  assert.ok(results.some((one) => one.kind === 'refused' && one.reason === 'too_busy'))
  t.link = undefined
  const held = await initiate(t.room, requestFrom(account.id))
  t.link = { link: 'remitter', epoch: 1 }
  assert.equal(held.kind, 'accepted')
  await t.proveBooks()
})

test('a tenant has 500 rules at most that have not ended: one more is refused, not forgotten', async () => {
  const rule = {
    subjectKind: 'beneficiary',
    overPaise: null,
    steps: oneChecker,
    validFrom: 0,
    validUntil: null,
  } as const
  await t.db`insert into tenant (tenant_id, kind, name) values (77, 'business', 'Many rules')`
  await t.db`
    insert into approval_rule (tenant_id, subject_kind, over_amount, steps, valid_from, created_at)
    select 77, 'beneficiary', null, ${JSON.stringify(oneChecker)}, 'epoch', now() from generate_series(1, 499)`
  const add = () => asTenant(t.db, 77, (tx) => insertRule(tx, 77, rule, 1_000))
  const last = must(await add(), 'rule')
  assert.equal(await add(), undefined)
  assert.equal((await listRules(t.db, 77, 1_000)).length, 500)
  assert.ok(await asTenant(t.db, 77, (tx) => endRule(tx, 77, last.id, 500)))
  assert.ok(await add())
})
