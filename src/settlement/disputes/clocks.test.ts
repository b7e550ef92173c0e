import assert from 'node:assert/strict'
import { after, beforeEach, describe, test } from 'node:test'
import { openTestDatabase } from '../../../test/support/database.ts'
import { AMOUNT, setUpDisputes, T } from '../../../test/support/disputes.ts'
import { inTransaction } from '../../db/transaction.ts'
import { addDays, istInstant } from '../../imps/disputes/days.ts'
import type { StoredPayment } from '../../payment/stored.ts'
import { type Ask, ask, dropPending, type QueuedRow } from './ask.ts'
import { openDisputeBreak } from './breaks.ts'
import { answerOf, lapseDisputes, sweepDisputes } from './clocks.ts'
import { listDisputes, listEvents } from './store.ts'

const { url } = await openTestDatabase()
const d = await setUpDisputes(url)
after(() => d.t.close())

const queued: QueuedRow[] = []
const deps = {
  ...d.deps,
  queue: async (_tx: unknown, row: QueuedRow) => {
    queued.push(row)
    return true
  },
}
const noon = (day: string): number => istInstant(day, '12:00')
const asks = (payment: StoredPayment, flag: string, reason: string, change: Partial<Ask> = {}) =>
  inTransaction(d.t.db, (tx) =>
    ask(tx, deps, { tenantId: 1, paymentId: payment.id, flag, reason, actor: 'cli_x', ...change }),
  )
const disputeOf = async (payment: StoredPayment) =>
  (await inTransaction(d.t.db, (tx) => listDisputes(tx, 1, { paymentId: payment.id }, 10, undefined)))[0]

beforeEach(() => {
  queued.length = 0
  d.breaks.length = 0
  d.goTo(noon(T))
})

describe('asking', () => {
  test('puts a row before people and moves nothing; the report then moves it', async () => {
    const { payment } = await d.outward('deemed')
    const held = await d.balanceOf('DSP-HELD')
    const asked = await asks(payment, 'B', '108')
    assert.ok(asked.kind === 'asked')
    assert.deepEqual([asked.dispute.state, asked.dispute.pending?.flag], ['new', 'B'])
    assert.deepEqual(
      queued.map(({ flag, reasonCode, amountPaise, purpose }) => [flag, reasonCode, amountPaise, purpose]),
      [['B', '108', AMOUNT, 'chargeback']],
    )
    assert.equal(await d.balanceOf('DSP-HELD'), held)
    const said = await d.say(payment, 'B', '108')
    assert.ok(said.kind === 'moved')
    assert.deepEqual([said.dispute.id, said.dispute.state, said.dispute.pending], [asked.dispute.id, 'raised', null])
  })
  test('a second time says that it was asked for, and an open one that it is open', async () => {
    const { payment } = await d.outward('deemed')
    await asks(payment, 'B', '108')
    const twice = await asks(payment, 'B', '108')
    assert.ok(twice.kind === 'refused' && twice.why === 'pending')
    await d.say(payment, 'B', '108')
    const open = await asks(payment, 'B', '108')
    assert.ok(open.kind === 'refused' && open.why === 'is_open')
  })
  test('with a TCC on record it says what to raise instead', async () => {
    const { payment } = await d.outward('deemed')
    await d.t.db`
      insert into settlement_item (tenant_id, institution, direction, rrn, nbin, payment_id, lane, amount, transacted_on, settled_on, cycle, raw,
                                   duty, outcome, done_at, updated_at)
      values (1, 'TRN', 'outward', ${payment.rrn}, '7001', ${payment.id.slice(4)}, ${payment.lane}, ${AMOUNT}, ${T}, ${T}, '5', '08', 'none',
              'confirmed', now(), now())`
    const refused = await asks(payment, 'B', '108')
    assert.ok(refused.kind === 'refused')
    assert.equal(refused.says.text, 'Chargeback (B) is not allowed: a TCC is on record; raise FB')
    assert.equal((await asks(payment, 'FB', '121')).kind, 'asked')
  })
  test('what people or NPCI did not take is gone, and so is a dispute that was nothing else', async () => {
    const { payment } = await d.outward('deemed')
    const asked = await asks(payment, 'B', '108')
    assert.ok(asked.kind === 'asked')
    const gone = await inTransaction(d.t.db, (tx) => dropPending(tx, deps, asked.dispute, 'usr_y', 'not let go'))
    assert.deepEqual([gone.state, gone.pending], ['dropped', null])
    assert.equal((await asks(payment, 'B', '108')).kind, 'asked')
  })
  for (const [what, flag, reason, why] of [
    ['an answer without a dispute', 'R', '208', 'unknown_flag'],
    ['what NPCI says itself', 'IA', '9886', 'unknown_flag'],
  ] as const)
    test(`${what} is refused`, async () => {
      const { payment } = await d.outward('deemed')
      const refused = await asks(payment, flag, reason)
      assert.ok(refused.kind === 'refused' && refused.why === why)
    })
  test("another tenant's payment is not there", async () => {
    const { payment } = await d.outward('deemed')
    assert.equal((await asks(payment, 'B', '108', { tenantId: 2 })).kind, 'unknown')
  })
})

describe('the sweep', () => {
  test('warns once, a day before our answer is due, and accepts what was never credited', async () => {
    const { payment } = await d.inward(false)
    await d.say(payment, 'B', '108')
    d.goTo(noon(addDays(T, 2)))
    assert.deepEqual(await sweepDisputes(deps), { warned: 0, answered: 0, liens: 0 })
    d.goTo(noon(addDays(T, 3)))
    assert.deepEqual(await sweepDisputes(deps), { warned: 0, answered: 1, liens: 0 })
    assert.deepEqual(
      queued.map(({ flag, reasonCode }) => [flag, reasonCode]),
      [['A', '111']],
    )
    assert.deepEqual(await sweepDisputes(deps), { warned: 0, answered: 0, liens: 0 })
    await d.say(payment, 'A', '111')
  })
  test('one that we have credited waits for its papers: people are told', async () => {
    const { payment } = await d.inward(true)
    await d.say(payment, 'B', '108')
    d.goTo(noon(addDays(T, 3)))
    assert.deepEqual(await sweepDisputes(deps), { warned: 1, answered: 0, liens: 0 })
    assert.equal(d.breaks[0]?.type, 'B20')
    assert.equal(d.breaks[0]?.deadline, istInstant(addDays(T, 3), '24:00'))
    const dispute = await disputeOf(payment)
    assert.ok(dispute !== undefined)
    await d.t.db`
      insert into evidence_file (evidence_id, tenant_id, dispute_id, media_type, bytes, sha256, sealed, content, added_by, added_at)
      values (${dispute.id.slice(4)}, 1, ${dispute.id.slice(4)}, 'text/plain', 1, ${'0'.repeat(64)}, ${Buffer.from('x')},
              ${Buffer.from('x')}, 'cli_x', now())`
    assert.deepEqual(await sweepDisputes(deps), { warned: 0, answered: 1, liens: 0 })
    assert.deepEqual(
      queued.map(({ flag, reasonCode }) => [flag, reasonCode]),
      [['R', '208']],
    )
    await d.t.db`delete from evidence_file`
    await d.say(payment, 'R', '208')
  })
  test('tells of a lien that is 90 days old', async () => {
    const { payment } = await d.inward(true)
    await d.say(payment, 'FC', '128')
    d.goTo(noon(addDays(T, 91)))
    await sweepDisputes(deps)
    assert.ok(d.breaks.some(({ type }) => type === 'B28'))
    d.goTo(noon(T))
    await d.say(payment, 'FCA', '129')
  })
})

describe('the silence of a report', () => {
  test('gives what NPCI takes as said, and not before a cycle that began after the time', async () => {
    const { payment, account } = await d.outward('deemed')
    await d.say(payment, 'B', '108')
    const end = istInstant(addDays(T, 3), '24:00')
    assert.equal(await lapseDisputes(d.deps, d.cycle, end), 0)
    assert.ok((await lapseDisputes(d.deps, d.cycle, end + 1)) >= 1) // those that were asked for above, too
    assert.equal((await d.customer(account)).balance, 10_000_000n)
    assert.equal(await lapseDisputes(d.deps, d.cycle, end + 1), 0)
    const dispute = await disputeOf(payment)
    assert.deepEqual([dispute?.state, dispute?.flag, dispute?.heldPaise], ['for_remitter', 'A', 0n])
    // NPCI's own word for it comes afterwards, and is no news.
    assert.equal((await d.say(payment, 'A', '111')).kind, 'repeated')
    await d.t.proveBooks()
  })
  test('what no circular says is for people', async () => {
    const { payment } = await d.outward('deemed')
    await d.say(payment, 'FB', '121')
    assert.equal(await lapseDisputes(d.deps, d.cycle, noon(addDays(T, 9))), 0)
    assert.equal(d.breaks[0]?.type, 'B20')
    const dispute = await disputeOf(payment)
    assert.equal(dispute?.state, 'raised')
    assert.equal((await listEvents(d.t.db, dispute?.id ?? '')).at(-1)?.kind, 'lapsed')
  })
})

test('the hub answers only what its own books know', () => {
  const of = (
    family: Parameters<typeof answerOf>[0]['family'],
    direction: 'outward' | 'inward',
    credited: boolean,
    heldPaise = 0n,
  ) => answerOf({ family, direction, heldPaise }, credited)?.flag
  assert.deepEqual(
    [
      of('chargeback', 'inward', true),
      of('chargeback', 'inward', false),
      of('deferred', 'inward', true),
      of('deferred', 'inward', false),
      of('fraud', 'inward', true),
      of('wrong_payment', 'inward', false),
      of('remitter_good_faith', 'inward', false),
      of('remitter_good_faith', 'inward', true),
      of('beneficiary_good_faith', 'outward', true),
      of('beneficiary_good_faith', 'outward', true, 1n),
      of('chargeback', 'outward', true),
    ],
    ['R', 'A', 'FR', 'FA', undefined, undefined, 'BGAC', 'BGRC', 'RGAC', 'RGRC', undefined],
  )
})

test('a break is opened once while it is open', async () => {
  const { payment } = await d.outward('deemed')
  const found = {
    type: 'B20',
    tenantId: 1,
    institution: 'TRN',
    payment,
    rrn: payment.rrn ?? '',
    direction: 'outward',
    amountPaise: AMOUNT,
    action: 'answer B',
    deadline: noon(T),
  } as const
  for (const _ of [1, 2]) await inTransaction(d.t.db, (tx) => openDisputeBreak(tx, found, 'answer_dispute', noon(T)))
  const rows = await d.t
    .db`select type, tenant_id, rrn, action, state from break where payment_id = ${payment.id.slice(4)}`
  assert.deepEqual(
    rows.map((row) => ({ ...row })),
    [{ type: 'B20', tenant_id: 1, rrn: payment.rrn, action: 'answer_dispute', state: 'open' }],
  )
})
