import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import fc from 'fast-check'
import { type RawSaid, setUpBooks, T } from '../../../test/support/books.ts'
import { openTestDatabase } from '../../../test/support/database.ts'
import { testLog } from '../../../test/support/logs.ts'
import { booksLines, changedLines, settlementInvariants } from '../../../test/support/settlement-invariants.ts'
import { paise } from '../../base/money.ts'
import { inTransaction } from '../../db/transaction.ts'
import { addDays, startOfDay } from '../../imps/cycles.ts'
import { defaultFeeRates } from '../../imps/fees.ts'
import type { AdjustmentRow, NtslRow } from '../../imps/files/rows.ts'
import { type ChartCode, chart } from '../../ledger/chart.ts'
import type { Fact } from '../../payment/payment.ts'
import { record, recordById } from '../../payment/record.ts'

import { makeReport } from '../reports/reports.ts'

import { accrue, daysLate } from './compensation.ts'
import { findFeeRates } from './fee-store.ts'
import type { CycleFindings, CycleOfBank } from './findings.ts'
import { finishFound } from './found.ts'
import { applyConfirmations, retryStuck } from './returns.ts'
import { reverseCycle } from './reverse.ts'

const { url } = await openTestDatabase()
const b = await setUpBooks(url)
after(() => b.t.close())

const total = async (code: ChartCode): Promise<bigint> => {
  const first = chart[code].number * 64
  const [row] = await b.t.db<{ sum: bigint }[]>`
    select coalesce(sum(balance), 0)::bigint as sum from account where account_id between ${first} and ${first + 63}`
  return row?.sum ?? 0n
}
const proveAll = async (): Promise<void> => {
  await b.t.proveBooks()
  assert.deepEqual(await settlementInvariants(b.t.db, { settled: b.settled, stated: b.stated, now: b.now() }), [])
}
const breaksOf = async (paymentId: string): Promise<string[]> => {
  const rows = await b.t.db<{ kind: string }[]>`
    select kind from break where payment_id = ${paymentId.slice(4)}::uuid and closed_at is null order by kind`
  return rows.map(({ kind }) => kind)
}
let number = 0
const nextCycle = (day = T): CycleOfBank => {
  number += 1
  return b.cycle(1 + (number % 10), addDays(day, Math.floor(number / 10)))
}
const say = (payment: { rrn: string | null; amountPaise: bigint }, raw: RawSaid['raw']): RawSaid => ({
  direction: 'outward',
  rrn: payment.rrn ?? '',
  raw,
  amountPaise: payment.amountPaise,
})
const run = async (rows: readonly RawSaid[], adjustments: readonly AdjustmentRow[] = []): Promise<CycleFindings> => {
  const findings = await b.match(rows)
  await b.book(nextCycle(), findings, adjustments)
  return findings
}

test('the rates in a new database are those that the simulator charges by', async () => {
  const rates = await findFeeRates(b.t.db)
  const sorted = (all: readonly object[]) => all.map((one) => JSON.stringify(one, bigints)).sort()
  assert.deepEqual(sorted(rates), sorted(defaultFeeRates))
})
const bigints = (_: string, value: unknown): unknown =>
  typeof value === 'bigint'
    ? String(value)
    : typeof value === 'object' && value !== null
      ? Object.fromEntries(Object.entries(value).sort(([a], [c]) => (a < c ? -1 : 1)))
      : value

test('a cycle is booked once: amounts, fees and tax, and clearing goes back to what is not settled', async () => {
  const account = await b.account()
  const paid = await b.outward(account, 300_000n)
  const late = await b.outward(account, 70_000n)
  for (const one of [paid, late]) await record(b.t.room, one, { kind: 'approved', responseCode: '00' })
  const before = await total('OUT-CLR')
  const bank = await total('RBI-STL')
  const findings = await b.match([say(paid, '00')])
  const cycle = nextCycle()
  await b.book(cycle, findings)
  assert.equal(before - (await total('OUT-CLR')), 300_000n)
  // 1 rupee interchange, 50 paise switching fee, 18 % of each: 1.00 + 0.18 + 0.50 + 0.09 rupees
  assert.equal((await total('RBI-STL')) - bank, 300_000n + 177n)
  assert.deepEqual([await total('ICH-EXP'), await total('SWF-EXP'), await total('GST-ITC')], [-100n, -50n, -27n])
  const day = cycle.settlementDate
  const scope = { tenantId: 1, institutions: ['TRN'], from: day, to: day, cycle: cycle.number, now: b.now() }
  const { rows } = await makeReport({ db: b.t.db, cycles: [], log: testLog }, 'settlement-statement', scope)
  assert.deepEqual(
    rows.filter(([, source]) => source === 'Rates').map(([, , line]) => line),
    [
      'fees:2016-12-01: remitter interchange since 2016-12-01: Rs 0.50, over Rs 1,000.00 Rs 1.00, over Rs 25,000.00 Rs 1.50, GST 18 %',
      'fees:2016-12-01: remitter switching since 2016-12-01: Rs 0.50, GST 18 %',
      'fees:2016-12-01: beneficiary interchange since 2016-12-01: Rs 0.50, over Rs 1,000.00 Rs 1.00, over Rs 25,000.00 Rs 1.50, GST 18 %',
    ],
  )
  const lines = await booksLines(b.t.db)
  await b.book(cycle, findings)
  assert.deepEqual(changedLines(lines, await booksLines(b.t.db)), [])
  await run([say(late, '00')])
  await proveAll()
})

test('a cycle is taken back by journals turned round, and booked again as it was', async () => {
  const payment = await b.outward(await b.account(), 300_000n)
  await record(b.t.room, payment, { kind: 'approved', responseCode: '00' })
  const before = await Promise.all((['OUT-CLR', 'RBI-STL', 'ICH-EXP'] as const).map(total))
  const findings = await b.match([say(payment, '00')])
  const cycle = nextCycle()
  await b.book(cycle, findings)
  const booked = await Promise.all((['OUT-CLR', 'RBI-STL', 'ICH-EXP'] as const).map(total))
  for (const reversed of [4, 0]) {
    const said = await inTransaction(b.t.db, (tx) => reverseCycle(tx, cycle, b.now()))
    assert.equal(said, reversed)
    assert.deepEqual(await Promise.all((['OUT-CLR', 'RBI-STL', 'ICH-EXP'] as const).map(total)), before)
  }
  await b.book(cycle, findings)
  assert.deepEqual(await Promise.all((['OUT-CLR', 'RBI-STL', 'ICH-EXP'] as const).map(total)), booked)
})

test('a fee that is a little off is booked as NPCI has it; more than the tolerance is in suspense, and people look', async () => {
  const account = await b.account()
  const odd = async (fee: bigint): Promise<bigint[]> => {
    const payment = await b.outward(account, 50_000n)
    await record(b.t.room, payment, { kind: 'approved', responseCode: '00' })
    const findings = await b.match([say(payment, '00')])
    const change: Partial<NtslRow>[] = [{ description: 'Remitter P2A Approved Fee', debitPaise: paise(fee) }]
    const codes = ['ICH-EXP', 'SUSP-OUT', 'RBI-STL'] as const
    const was = await Promise.all(codes.map(total))
    await b.book(nextCycle(), findings, [], b.statement(findings, change))
    return Promise.all(codes.map(async (code, at) => (await total(code)) - (was[at] ?? 0n)))
  }
  // 50 paise are ours; 50 switching and 9 + 9 tax besides
  assert.deepEqual(await odd(51n), [-51n, 0n, 50_000n + 119n])
  assert.deepEqual(await odd(1_051n), [-50n, -1_001n, 50_000n + 1_119n])
  const [{ count } = { count: 0n }] = await b.t.db<{ count: bigint }[]>`select count(*) from break where kind = 'B15'`
  assert.equal(count, 1n)
  await proveAll()
})

test('a return is paid the day it comes, once, whatever says so again; a frozen account waits', async () => {
  const [open, frozen] = [await b.account(), await b.account()]
  const payments = [await b.outward(open, 40_000n), await b.outward(frozen, 40_000n)]
  for (const one of payments) await record(b.t.room, one, { kind: 'deemed', responseCode: '91' })
  await run(payments.map((one) => say(one, '08')))
  await b.t.db`update account set status = 'frozen' where account_id = ${frozen.id.slice(4)}`
  const returns = payments.map((one) => b.adjustment(one, 'RET'))
  await run([], returns)
  assert.equal(await b.balanceOf(open.id), 10_000_000n)
  assert.equal(await b.balanceOf(frozen.id), 9_960_000n)
  assert.equal(await total('RET-PAY'), 40_000n)
  await run([], returns)
  await b.t.db`update account set status = 'open' where account_id = ${frozen.id.slice(4)}`
  assert.equal(await retryStuck(b.deps, 'TRN'), 1)
  assert.equal(await b.balanceOf(frozen.id), 10_000_000n)
  assert.equal(await total('RET-PAY'), 0n)
  await proveAll()
})

test('NPCI has it reversed, and the return in the file is consumed: the customer has it once', async () => {
  const account = await b.account()
  const deemed = await b.outward(account, 40_000n)
  await record(b.t.room, deemed, { kind: 'deemed', responseCode: '91' })
  const unclear = await b.outward(account, 30_000n)
  for (const one of [deemed, unclear]) await recordById(b.t.room, one.id, { kind: 'reversed' })
  assert.equal(await b.balanceOf(account.id), 10_000_000n)
  await run([say(deemed, '08'), say(unclear, '08')])
  await run([], [b.adjustment(deemed, 'RET'), b.adjustment(unclear, 'RET')])
  assert.equal(await b.balanceOf(account.id), 10_000_000n)
  assert.equal(await total('RET-PAY'), 0n)
  assert.deepEqual([await breaksOf(deemed.id), await breaksOf(unclear.id)], [[], []])
  // A second return is nobody's: in suspense, and people look.
  const suspense = await total('SUSP-OUT')
  await run([], [b.adjustment(deemed, 'RET', { adjRef: 'another' })])
  assert.equal((await total('SUSP-OUT')) - suspense, 40_000n)
  assert.deepEqual(await breaksOf(deemed.id), ['B18'])
  assert.equal(await b.balanceOf(account.id), 10_000_000n)
  await proveAll()
})

test('verified as not there, given back, and then in the file as deemed: its return is consumed out of clearing', async () => {
  const account = await b.account()
  const payment = await b.outward(account, 40_000n)
  await record(b.t.room, payment, { kind: 'declined', responseCode: 'M0' })
  await run([say(payment, '08')])
  await run([], [b.adjustment(payment, 'RET')])
  assert.equal(await b.balanceOf(account.id), 10_000_000n)
  assert.deepEqual(await breaksOf(payment.id), [])
  await proveAll()
})

test('deemed, and then declined or in no file of three cycles: the money goes back, late days paid; a paid one is for people', async () => {
  const account = await b.account()
  const [declined, missing, paid] = [
    await b.outward(account, 10_000n),
    await b.outward(account, 20_000n),
    await b.outward(account, 30_000n),
  ]
  for (const one of [declined, missing]) await record(b.t.room, one, { kind: 'deemed', responseCode: '91' })
  await record(b.t.room, paid, { kind: 'approved', responseCode: '00' })
  await run([say(declined, 'declined'), say(paid, 'declined')])
  assert.equal((await b.stored(declined.id)).state, 'declined')
  assert.deepEqual(await breaksOf(paid.id), ['B05'])
  for (const state of ['deemed', 'declined']) {
    await run([])
    assert.equal((await b.stored(missing.id)).state, state)
  }
  assert.equal(await b.balanceOf(account.id), 10_000_000n - 30_000n)
  await proveAll()
})

test('deemed, declined in the file, and the account is frozen: the money waits, and is there when it is open again', async () => {
  const account = await b.account()
  const payment = await b.outward(account, 15_000n)
  await record(b.t.room, payment, { kind: 'deemed', responseCode: '91' })
  await b.t.db`update account set status = 'frozen' where account_id = ${account.id.slice(4)}`
  await run([say(payment, 'declined')])
  assert.equal((await b.stored(payment.id)).state, 'deemed')
  await b.t.db`update account set status = 'open' where account_id = ${account.id.slice(4)}`
  assert.equal(await retryStuck(b.deps, 'TRN'), 1)
  assert.equal(await b.balanceOf(account.id), 10_000_000n)
  assert.deepEqual(await breaksOf(payment.id), [])
  await proveAll()
})

test('an inward time-out: credited is confirmed, not credited is credited once, what cannot be credited is returned', async () => {
  const [open, frozen, closed] = [await b.account(0n), await b.account(0n), await b.account(0n)]
  const credited = await b.inward(open, 10_000n)
  await b.t.db`update account set status = 'frozen' where account_id = ${frozen.id.slice(4)}`
  await b.t.db`update account set status = 'closed' where account_id = ${closed.id.slice(4)}`
  const kept = await b.inward(frozen, 20_000n)
  const gone = await b.inward(closed, 30_000n)
  const thawed = await b.inward(frozen, 40_000n)
  const direction = 'inward' as const
  const never = { rrn: b.nextRrn(), direction, amountPaise: 50_000n, beneficiaryAccount: open.accountNumber }
  const nobody = { rrn: b.nextRrn(), direction, amountPaise: 60_000n, beneficiaryAccount: '70010000000000' }
  const rows = (all: readonly (Pick<RawSaid, 'amountPaise' | 'beneficiaryAccount'> & { rrn: string | null })[]) =>
    all.map(
      (one): RawSaid => ({
        ...say(one, '08'),
        direction: 'inward',
        ...(one.beneficiaryAccount === undefined ? {} : { beneficiaryAccount: one.beneficiaryAccount }),
      }),
    )
  await run(rows([credited, kept, gone, never, nobody]))
  await b.t.db`update account set status = 'open' where account_id = ${frozen.id.slice(4)}`
  await run(rows([thawed]))
  const said = await b.t.db<{ rrn: string; said: string }[]>`
    select rrn, flag || ' ' || reason_code as said from upload_row order by rrn`
  assert.deepEqual(Object.fromEntries(said.map((one) => [one.rrn, one.said])), {
    [credited.rrn ?? '']: 'TCC 102',
    [kept.rrn ?? '']: 'RET 118',
    [gone.rrn ?? '']: 'RET 114',
    [thawed.rrn ?? '']: 'TCC 103',
    [never.rrn]: 'TCC 103',
    [nobody.rrn]: 'RET 115',
  })
  assert.deepEqual([await b.balanceOf(open.id), await b.balanceOf(frozen.id)], [60_000n, 40_000n])
  const reports = [
    b.adjustment(credited, 'TCC'),
    b.adjustment(kept, 'RET', { reasonCode: '118' }),
    b.adjustment(gone, 'RET', { reasonCode: '114' }),
    b.adjustment(thawed, 'TCC', { reasonCode: '103' }),
    b.adjustment(never, 'TCC', { reasonCode: '103' }),
    b.adjustment(nobody, 'RET', { reasonCode: '115' }),
  ]
  await run([], reports)
  const [{ open: left } = { open: 1n }] = await b.t.db<{ open: bigint }[]>`
    select count(*) as open from settlement_item where direction = 'inward' and done_at is null`
  assert.equal(left, 0n)
  await proveAll()
})

test('the report comes before the raw file that says 08: both speak of one item, by the NBIN that the files have', async () => {
  const direction = 'inward' as const
  const out = await b.outward(await b.account(), 40_000n)
  await record(b.t.room, out, { kind: 'deemed', responseCode: '91' })
  const into = await b.inward(await b.account(0n), 20_000n)
  await applyConfirmations(b.deps, nextCycle(), [b.adjustment(out, 'TCC'), b.adjustment(into, 'TCC')])
  await run([say(out, '08'), { ...say(into, '08'), direction }])
  const items = await b.t.db<{ direction: string; nbin: string; raw: string; outcome: string }[]>`
    select direction, nbin, raw, outcome from settlement_item where rrn in (${out.rrn}, ${into.rrn}) order by direction`
  assert.deepEqual(
    items.map((one) => [one.direction, one.nbin, one.raw, one.outcome]),
    [
      ['inward', '6001', '08', 'tcc_102'],
      ['outward', '7001', '08', 'confirmed'],
    ],
  )
  await proveAll()
})

test('credited, and declined in the file: kept in the account until two people take it back', async () => {
  const account = await b.account(5_000n)
  const payment = await b.inward(account, 40_000n)
  await run([{ ...say(payment, 'declined'), direction: 'inward' }])
  const [row] = await b.t.db<{ lien: bigint }[]>`select lien from account where account_id = ${account.id.slice(4)}`
  assert.equal(row?.lien, 40_000n)
  assert.deepEqual(await breaksOf(payment.id), ['B07'])
  await b.t.db`update account set status = 'frozen' where account_id = ${account.id.slice(4)}`
  await proveAll()
})

const days: readonly (readonly [moved: string, days: number])[] = [
  [T, 0],
  [addDays(T, 1), 0],
  [addDays(T, 2), 1],
  [addDays(T, 3), 2],
]
for (const [moved, late] of days) {
  test(`money of ${T} that comes on ${moved} is ${late} days late`, () => assert.equal(daysLate(T, moved), late))
}

test('a return on T+3 pays the customer 200 rupees unasked; what NPCI says otherwise is for people', async () => {
  const account = await b.account()
  const [one, other] = [await b.outward(account, 40_000n), await b.outward(account, 50_000n)]
  for (const payment of [one, other]) await record(b.t.room, payment, { kind: 'deemed', responseCode: '91' })
  await run([say(one, '08'), say(other, '08')])
  b.setNow(startOfDay(addDays(T, 2)) + 1)
  assert.equal((await accrue(b.deps, 'TRN')) >= 2, true)
  b.setNow(startOfDay(addDays(T, 3)) + 1)
  await accrue(b.deps, 'TRN')
  const rows = await b.t.db<{ days: number; state: string }[]>`
    select days, state from compensation where rrn in (${one.rrn}, ${other.rrn})`
  assert.deepEqual(
    rows.map(({ days: n, state }) => [n, state]),
    [
      [2, 'accruing'],
      [2, 'accruing'],
    ],
  )
  const paidLate = { compensationPaise: paise(20_000n), penaltyDays: 2 }
  await run([], [b.adjustment(one, 'RET', paidLate), b.adjustment(other, 'RET')])
  assert.equal(await b.balanceOf(account.id), 10_000_000n + 40_000n)
  assert.deepEqual([await breaksOf(one.id), await breaksOf(other.id)], [[], ['B22']])
  await proveAll()
})

test('two people say what the file says: nothing more is owed, and a debit that went back late has its late days paid', async () => {
  const day = addDays(T, 4)
  b.setDay(day)
  const [from, to] = [await b.account(), await b.account(0n)]
  const paid = await b.outward(from, 30_000n)
  await record(b.t.room, paid, { kind: 'approved', responseCode: '00' })
  const given = await b.outward(from, 20_000n)
  await record(b.t.room, given, { kind: 'declined', responseCode: 'M1' })
  const credited = await b.inward(to, 40_000n)
  await run([say(paid, 'declined'), say(given, '00'), { ...say(credited, 'declined'), direction: 'inward' }])
  assert.equal(await finishFound(b.deps, 'TRN'), 0)
  b.setNow(startOfDay(addDays(day, 3)) + 1)
  await b.people(paid, 'found_unsettled')
  await b.people(given, 'found_settled')
  await b.people(credited, 'found_unsettled')
  assert.equal(await finishFound(b.deps, 'TRN'), 3)
  assert.equal(await finishFound(b.deps, 'TRN'), 0)
  assert.equal(await b.balanceOf(from.id), 10_000_000n - 20_000n + 20_000n)
  assert.equal(await b.balanceOf(to.id), 0n)
  const done = await b.t.db<{ rrn: string; outcome: string }[]>`
    select rrn, outcome from settlement_item where rrn in (${paid.rrn}, ${given.rrn}, ${credited.rrn})`
  assert.deepEqual(Object.fromEntries(done.map(({ rrn, outcome }) => [rrn, outcome])), {
    [paid.rrn ?? '']: 'declined',
    [given.rrn ?? '']: 'settled',
    [credited.rrn ?? '']: 'recovered',
  })
  for (const { id } of [paid, given, credited]) assert.deepEqual(await breaksOf(id), [])
  await proveAll()
})

// Goal: whatever NPCI, the wire and people say about payments, in whatever order and however often, every paisa is explained (I1 to I8).
// Method: random payments, online facts, raw rows, adjustments and reversals, that need not agree with one another; then all of it again.
const facts: readonly Fact[] = [
  { kind: 'approved', responseCode: '00' },
  { kind: 'deemed', responseCode: '91' },
  { kind: 'declined', responseCode: 'M1' },
  { kind: 'lapsed' },
  { kind: 'unclear', responseCode: '08' },
  { kind: 'reversed' },
]
let runs = 0
const story = fc.record({
  direction: fc.constantFrom<'outward' | 'inward'>('outward', 'outward', 'inward'),
  rupees: fc.constantFrom(100n, 1_500n, 30_000n),
  before: fc.array(fc.constantFrom(...facts), { maxLength: 2 }),
  after: fc.array(fc.tuple(fc.nat(3), fc.constantFrom(...facts)), { maxLength: 2 }),
  raw: fc.constantFrom<RawSaid['raw']>('00', '00', '08', '08', 'declined'),
  cycle: fc.nat(4), // 4: in none
  said: fc.array(fc.tuple(fc.nat(3), fc.constantFrom<'TCC' | 'RET'>('TCC', 'RET'), fc.nat(1)), { maxLength: 3 }),
  account: fc.constantFrom('open', 'open', 'open', 'frozen', 'closed'),
})

test('after any mix of messages, files and adjustments, in any order, the invariants hold, and all of it again changes nothing', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(story, { minLength: 1, maxLength: 6 }), async (stories) => {
      runs += 1
      const first = addDays(T, 4 + 4 * runs) // the clock of the tests never goes back
      b.setDay(first)
      const payments = []
      for (const one of stories) {
        const account = await b.account()
        if (one.direction === 'inward' && one.account !== 'open')
          await b.t.db`update account set status = ${one.account} where account_id = ${account.id.slice(4)}`
        const payment = await (one.direction === 'outward' ? b.outward : b.inward)(account, one.rupees * 100n)
        for (const fact of one.before) await recordById(b.t.room, payment.id, fact)
        if (one.direction === 'outward')
          await b.t.db`update account set status = ${one.account} where account_id = ${account.id.slice(4)}`
        payments.push({ one, payment })
      }
      const booked: { cycle: CycleOfBank; findings: CycleFindings; said: AdjustmentRow[] }[] = []
      for (const at of [0, 1, 2, 3]) {
        b.setNow(startOfDay(addDays(first, at)) + 12 * 3_600_000)
        for (const { one, payment } of payments)
          for (const [when, fact] of one.after) if (when === at) await recordById(b.t.room, payment.id, fact)
        const rows = payments.flatMap(({ one, payment }) =>
          one.cycle === at ? [{ ...say(payment, one.raw), direction: one.direction }] : [],
        )
        const said = payments.flatMap(({ one, payment }) =>
          one.said.flatMap(([when, flag, ref]) =>
            when === at ? [b.adjustment(payment, flag, { adjRef: `${flag}${ref}-${payment.id}` })] : [],
          ),
        )
        const cycle = nextCycle()
        const findings = await b.match(rows)
        await b.book(cycle, findings, said)
        booked.push({ cycle, findings, said })
      }
      await accrue(b.deps, 'TRN')
      await b.t.db`update account set status = 'open' where status <> 'open' and kind = 'customer'`
      await retryStuck(b.deps, 'TRN')
      await proveAll()
      const lines = await booksLines(b.t.db)
      for (const { cycle, findings, said } of booked) await b.book(cycle, findings, said)
      assert.deepEqual(changedLines(lines, await booksLines(b.t.db)), [], 'a replay changed something')
    }),
    { numRuns: 25 },
  )
})
