import assert from 'node:assert/strict'
import { after, beforeEach, describe, test } from 'node:test'
import fc from 'fast-check'
import { openTestDatabase } from '../../../test/support/database.ts'
import { AMOUNT, setUpDisputes } from '../../../test/support/disputes.ts'
import { matrix } from '../../imps/disputes/matrix.ts'
import { rulesOn } from '../../imps/disputes/rule.ts'
import type { ChartCode } from '../../ledger/chart.ts'
import { recordById } from '../../payment/record.ts'
import { applyAdjustment } from './apply.ts'
import { payWon } from './pay.ts'
import { listEvents } from './store.ts'

const { url } = await openTestDatabase()
const d = await setUpDisputes(url)
after(() => d.t.close())

const watched: readonly ChartCode[] = ['RBI-STL', 'DSP-HELD', 'DSP-REC', 'RET-PAY', 'IN-CLR', 'SUSP-IN', 'SUSP-OUT']
/** What a piece of work moves in the hub's own accounts, credit positive; nothing is left out. */
async function movedBy(work: () => Promise<unknown>): Promise<Partial<Record<ChartCode, bigint>>> {
  const before = await Promise.all(watched.map((code) => d.balanceOf(code)))
  await work()
  const moved: Partial<Record<ChartCode, bigint>> = {}
  for (const [index, code] of watched.entries()) {
    const by = (await d.balanceOf(code)) - (before[index] ?? 0n)
    if (by !== 0n) moved[code] = by
  }
  return moved
}
const out = { 'RBI-STL': AMOUNT } //  we are debited: a credit of our asset
const back = { 'RBI-STL': -AMOUNT }

beforeEach(() => {
  d.breaks.length = 0
})

describe('of our own payments', () => {
  test('a chargeback is held until it is accepted, and then the customer has it, once', async () => {
    const { payment, account } = await d.outward('deemed')
    assert.deepEqual(await movedBy(() => d.say(payment, 'B', '108')), { ...back, 'DSP-HELD': AMOUNT })
    assert.equal((await d.customer(account)).balance, 10_000_000n - AMOUNT)
    assert.deepEqual(await movedBy(() => d.say(payment, 'A', '111')), { 'DSP-HELD': -AMOUNT })
    assert.equal((await d.customer(account)).balance, 10_000_000n)
    const again = await d.say(payment, 'A', '111')
    assert.equal(again.kind, 'repeated')
    await d.t.proveBooks()
  })
  test('a chargeback that is represented goes back', async () => {
    const { payment, account } = await d.outward('deemed')
    await d.say(payment, 'B', '108')
    assert.deepEqual(await movedBy(() => d.say(payment, 'R', '208')), { ...out, 'DSP-HELD': -AMOUNT })
    assert.equal((await d.customer(account)).balance, 10_000_000n - AMOUNT)
  })
  test('what is won in pre-arbitration comes then, and is the customer’s', async () => {
    const { payment, account } = await d.outward('deemed')
    for (const [flag, reason] of [
      ['B', '108'],
      ['R', '209'],
      ['P', '109'],
    ] as const)
      await d.say(payment, flag, reason)
    assert.deepEqual(await movedBy(() => d.say(payment, 'AP', '111')), back)
    assert.equal((await d.customer(account)).balance, 10_000_000n)
  })
  test('a deferred chargeback moves nothing before it is accepted', async () => {
    const { payment, account } = await d.outward('deemed')
    await recordById(d.t.room, payment.id, { kind: 'confirmed' })
    assert.deepEqual(await movedBy(() => d.say(payment, 'FB', '121')), {})
    assert.deepEqual(await movedBy(() => d.say(payment, 'FA', '122')), back)
    assert.equal((await d.customer(account)).balance, 10_000_000n)
  })
  for (const [flag, reason] of [
    ['C', '1084'],
    ['BGGC', 'BGA1'],
  ] as const)
    test(`${flag}: the customer has it the day it comes`, async () => {
      const { payment, account } = await d.outward('succeeded')
      assert.deepEqual(await movedBy(() => d.say(payment, flag, reason)), back)
      assert.equal((await d.customer(account)).balance, 10_000_000n)
    })
  test('a verdict is for whom the statement says', async () => {
    for (const [verdictFor, balance] of [
      ['remitter', 10_000_000n],
      ['beneficiary', 10_000_000n - AMOUNT],
    ] as const) {
      const { payment, account } = await d.outward('deemed')
      for (const [flag, reason] of [
        ['B', '108'],
        ['R', '209'],
        ['P', '109'],
        ['PR', '112'],
        ['AR', '1100'],
        ['ACC', '1102'],
      ] as const)
        await d.say(payment, flag, reason)
      await d.say(payment, 'ACV', '1104', { verdictFor })
      assert.equal((await d.customer(account)).balance, balance, verdictFor)
    }
  })
  test('one credit per payment: a chargeback won after UDIR has credited is in suspense, and people look', async () => {
    const { payment, account } = await d.outward('deemed')
    await d.say(payment, 'B', '108')
    await recordById(d.t.room, payment.id, { kind: 'reversed' })
    const moved = await movedBy(() => d.say(payment, 'A', '111'))
    assert.deepEqual(moved, { 'DSP-HELD': -AMOUNT, 'SUSP-OUT': AMOUNT })
    assert.equal((await d.customer(account)).balance, 10_000_000n)
    assert.deepEqual(
      d.breaks.map(({ type }) => type),
      ['B18'],
    )
  })
  test('a good-faith credit that comes second waits, and what goes back is not missed', async () => {
    const { payment, account } = await d.outward('deemed')
    await recordById(d.t.room, payment.id, { kind: 'reversed' })
    assert.deepEqual(await movedBy(() => d.say(payment, 'BGGC', 'BGA2')), { ...back, 'RET-PAY': AMOUNT })
    assert.deepEqual(await movedBy(() => d.say(payment, 'RGRC', 'RGR1')), { ...out, 'RET-PAY': -AMOUNT })
    assert.equal((await d.customer(account)).balance, 10_000_000n)
    assert.deepEqual(d.breaks, [])
  })
  test('a frozen account gets it when it is open again', async () => {
    const { payment, account } = await d.outward('deemed')
    await d.say(payment, 'B', '108')
    await d.t.db`update account set status = 'frozen' where account_id = ${account.id.slice(4)}`
    await d.say(payment, 'A', '111')
    assert.deepEqual(
      d.breaks.map(({ type }) => type),
      ['B16'],
    )
    assert.equal((await d.customer(account)).balance, 10_000_000n - AMOUNT)
    await d.t.db`update account set status = 'open' where account_id = ${account.id.slice(4)}`
    await payWon(d.deps)
    assert.equal((await d.customer(account)).balance, 10_000_000n)
  })
  test('killed between the credit and its word for it: the next sweep finds the credit, and makes no second', async () => {
    const { payment, account } = await d.outward('deemed')
    const raised = await d.say(payment, 'B', '108')
    assert.ok(raised.kind === 'moved')
    await recordById(d.t.room, payment.id, { kind: 'dispute_won' })
    await d.t
      .db`update dispute set state = 'for_remitter', closed_at = now(), due_at = null, due_flag = null where payment_id = ${payment.id.slice(4)}`
    await payWon(d.deps)
    assert.equal((await d.customer(account)).balance, 10_000_000n)
    assert.deepEqual(d.breaks, [])
    assert.equal((await listEvents(d.t.db, raised.dispute.id)).at(-1)?.note, 'to the customer')
  })
})

describe('of payments to us', () => {
  test('a chargeback is taken and contested; represented it comes back', async () => {
    const { payment } = await d.inward(true)
    assert.deepEqual(await movedBy(() => d.say(payment, 'B', '108')), { ...out, 'DSP-REC': -AMOUNT })
    assert.deepEqual(await movedBy(() => d.say(payment, 'R', '208')), { ...back, 'DSP-REC': AMOUNT })
  })
  test('one that we never credited comes out of clearing', async () => {
    const { payment } = await d.inward(false)
    await d.say(payment, 'B', '108')
    assert.deepEqual(await movedBy(() => d.say(payment, 'A', '111')), { 'DSP-REC': AMOUNT, 'IN-CLR': -AMOUNT })
    assert.deepEqual(d.breaks, [])
  })
  test('one that we credited and did not answer is in suspense: it is nobody’s yet', async () => {
    const { payment, account } = await d.inward(true)
    await d.say(payment, 'B', '108')
    assert.deepEqual(await movedBy(() => d.say(payment, 'A', '111')), { 'DSP-REC': AMOUNT, 'SUSP-IN': -AMOUNT })
    assert.equal((await d.customer(account)).balance, 1_000n + AMOUNT)
    assert.deepEqual(
      d.breaks.map(({ type }) => type),
      ['B30'],
    )
  })
  test('a fraud is kept in the account, the disputed amount and no more, and recovered from there', async () => {
    const { payment, account } = await d.inward(true)
    await d.say(payment, 'FC', '128')
    assert.deepEqual([(await d.customer(account)).lien, (await d.customer(account)).available], [AMOUNT, 1_000n])
    assert.deepEqual(await movedBy(() => d.say(payment, 'FCA', '129')), { 'DSP-REC': AMOUNT })
    assert.deepEqual([(await d.customer(account)).lien, (await d.customer(account)).balance], [0n, 1_000n])
    await d.t.proveBooks()
  })
  test('what the account lacks is in suspense', async () => {
    const { payment, account } = await d.inward(true)
    await d.t.db`update account set balance = balance - 2000000 where account_id = ${account.id.slice(4)}`
    await d.say(payment, 'FC', '128')
    assert.deepEqual(await movedBy(() => d.say(payment, 'FCA', '133')), { 'DSP-REC': AMOUNT, 'SUSP-IN': -1_999_000n })
    await d.t.db`update account set balance = balance + 2000000 where account_id = ${account.id.slice(4)}`
    assert.deepEqual(
      d.breaks.map(({ amountPaise }) => amountPaise),
      [1_999_000n],
    )
  })
  test('a wrong payment that is rejected gives the account back', async () => {
    const { payment, account } = await d.inward(true)
    await d.say(payment, 'WP', 'WC1')
    await d.say(payment, 'WPR', 'WC4')
    assert.deepEqual([(await d.customer(account)).lien, (await d.customer(account)).balance], [0n, 1_000n + AMOUNT])
  })
  test('good faith of the other bank credits a customer who was not', async () => {
    const { payment, account } = await d.inward(false)
    await d.say(payment, 'RGGC', 'RGA1')
    await d.say(payment, 'BGAC', 'BCA1')
    assert.equal((await d.customer(account)).balance, 1_000n + AMOUNT)
  })
})

describe('what nobody expects is not lost', () => {
  test('an adjustment about a payment that is not there is in suspense, once', async () => {
    const { payment } = await d.outward('deemed')
    const orphan = d.line(payment, 'B', '108', { rrn: '632412999999' })
    assert.deepEqual(await movedBy(() => applyAdjustment(d.deps, d.cycle, orphan)), { ...back, 'SUSP-OUT': AMOUNT })
    assert.deepEqual(await movedBy(() => applyAdjustment(d.deps, d.cycle, orphan)), {})
    assert.equal(d.breaks[0]?.type, 'B21')
  })
  for (const [what, flag, reason, change] of [
    ['an answer to what was not raised', 'R', '208', {}],
    ['another amount than was raised', 'A', '111', { amountPaise: 1n }],
  ] as const)
    test(`${what} is for people`, async () => {
      const { payment } = await d.outward('deemed')
      if (flag === 'A') await d.say(payment, 'B', '108')
      const said = await d.say(payment, flag, reason, change)
      assert.equal(said.kind, 'contradicted')
      assert.equal(d.breaks[0]?.type, 'B25')
    })
  test('a chargeback that is raised again while it is represented is for people, and its money in suspense', async () => {
    const { payment } = await d.outward('deemed')
    await d.say(payment, 'B', '108')
    await d.say(payment, 'R', '208')
    assert.deepEqual(await movedBy(() => d.say(payment, 'B', '108')), { ...back, 'SUSP-OUT': AMOUNT })
    assert.equal(d.breaks[0]?.type, 'B25')
  })
  test('the same line twice, or by two processes at once, counts once', async () => {
    const { payment } = await d.outward('deemed')
    const one = d.line(payment, 'B', '108')
    const moved = await movedBy(async () => {
      const kinds = await Promise.all(
        [1, 2, 3].map(() =>
          applyAdjustment(d.deps, d.cycle, one).then(
            ({ kind }) => kind,
            () => 'lost',
          ),
        ),
      )
      assert.equal(kinds.filter((kind) => kind === 'moved').length, 1)
      await applyAdjustment(d.deps, d.cycle, one)
    })
    assert.deepEqual(moved, { ...back, 'DSP-HELD': AMOUNT })
  })
})

// Goal: whatever reports say, and in whatever order, the books balance, what stands in the accounts for disputes is what disputes say, the
// customer has one credit at most. Method: random lines about one payment, on the database.
test('after any mix of adjustments the books are proved and each customer was credited once at most', async () => {
  const lines = rulesOn(matrix, '2026-11-20').flatMap(({ flag, reasons }) =>
    reasons.slice(0, 1).map((reason) => ({ flag, reason })),
  )
  const mix = fc.record({
    inward: fc.boolean(),
    paid: fc.boolean(),
    reversed: fc.nat(12),
    said: fc.array(fc.constantFrom(...lines), { minLength: 1, maxLength: 10 }),
  })
  await fc.assert(
    fc.asyncProperty(mix, async ({ inward, paid, reversed, said }) => {
      const { payment, account } = inward ? await d.inward(paid) : await d.outward(paid ? 'succeeded' : 'deemed')
      const start = (await d.customer(account)).balance
      for (const [index, { flag, reason }] of said.entries()) {
        if (index === reversed && !inward) await recordById(d.t.room, payment.id, { kind: 'reversed' })
        await d.say(payment, flag, reason)
      }
      const gained = (await d.customer(account)).balance - start
      if (!inward) assert.ok(gained === 0n || gained === AMOUNT, `${gained}`)
      await d.t.proveBooks()
      const [sums] = await d.t.db<{ held: bigint; receivable: bigint }[]>`
        select coalesce(sum(held) filter (where family not in ('credit_adjustment', 'beneficiary_good_faith') or direction = 'inward'), 0)::bigint
                 as held, coalesce(sum(receivable), 0)::bigint as receivable from dispute`
      assert.deepEqual([await d.balanceOf('DSP-HELD'), -(await d.balanceOf('DSP-REC'))], [sums?.held, sums?.receivable])
    }),
    { numRuns: 40 },
  )
})
