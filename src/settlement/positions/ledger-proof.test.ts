import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import fc from 'fast-check'
import { openTestDatabase } from '../../../test/support/database.ts'
import { testLog } from '../../../test/support/logs.ts'
import { createTestRoom, requestFrom } from '../../../test/support/payment-room.ts'
import { type Clock, systemClock } from '../../base/clock.ts'
import { laneOf, must } from '../../base/identifiers.ts'
import { paise } from '../../base/money.ts'
import { inTransaction } from '../../db/transaction.ts'
import { defaultCycles, findCycle } from '../../imps/cycles.ts'
import { type ChartCode, hubAccount } from '../../ledger/chart.ts'
import { postJournal } from '../../ledger/journals.ts'
import { initiate } from '../../payment/initiate.ts'
import type { Fact } from '../../payment/payment.ts'
import { record } from '../../payment/record.ts'
import type { StoredPayment } from '../../payment/stored.ts'
import { holds, openSpans, proveLedger, proveYesterday, readProofs } from './ledger-proof.ts'

const { url, db } = await openTestDatabase()
const DAY = '2026-11-27'
// 12:30 IST, in the sixth cycle
let now = Date.UTC(2026, 10, 27, 7, 0)
const clock: Clock = { ...systemClock, now: () => now }
const t = await createTestRoom(url, { clock })
after(() => t.close())
const deps = { db, cycles: defaultCycles, log: testLog }
const of = async (code: ChartCode, day = DAY) => {
  const proofs = await proveLedger(deps, day, now)
  assert.deepEqual(await readProofs(db, day), proofs)
  return must(
    proofs.find((one) => one.code === code),
    code,
  )
}

const made: { payment: StoredPayment; counted: boolean; at: number }[] = []
const facts: readonly (Fact | undefined)[] = [
  { kind: 'approved', responseCode: '00' },
  { kind: 'deemed', responseCode: '91' },
  { kind: 'declined', responseCode: 'M1' },
  { kind: 'lapsed' },
  undefined,
]

test('whatever became of payments, what clearing holds is explained to the paisa from the payments alone', async () => {
  const account = await t.open(10n ** 12n)
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ amount: fc.bigInt(1n, 10_000_000n), fact: fc.constantFrom(...facts) }), {
        minLength: 1,
        maxLength: 6,
      }),
      async (steps) => {
        for (const { amount, fact } of steps) {
          const result = await initiate(t.room, requestFrom(account.id, { amountPaise: paise(amount) }))
          if (result.kind !== 'accepted') throw new Error(result.reason)
          const { payment } = result
          if (fact !== undefined) await record(t.room, payment, fact)
          made.push({ payment, at: now, counted: fact?.kind === 'approved' || fact?.kind === 'deemed' })
          now += 10_000 // ninety payments at most: all of them before the sixth cycle ends, at 13:00
        }
        const proof = await of('OUT-CLR')
        assert.equal(proof.unexplainedPaise, 0n)
        assert.ok(holds(proof))
        const [balance] = await db<
          { sum: bigint }[]
        >`select coalesce(sum(balance), 0)::bigint as sum from account where kind = 'OUT-CLR'`
        assert.equal(proof.balancePaise, -(balance?.sum ?? 0n))
      },
    ),
    { numRuns: 15 },
  )
})

test('a cycle that is settled is explained no more, and what is settled wrongly shows by how much', async () => {
  const cycle = must(findCycle(defaultCycles, { settlementDate: DAY, number: '6' }), 'cycle')
  now = cycle.toAt + 60_000
  const lines = async () => (await of('OUT-CLR')).lines.map(({ line }) => line)
  assert.deepEqual(await lines(), ['settlement', 'in_flight'])
  const due = made.filter(({ counted, at }) => counted && at < cycle.toAt)
  const settle = (amounts: readonly { readonly lane: number; readonly amount: bigint }[], event: string) =>
    inTransaction(db, (tx) =>
      postJournal(tx, {
        transferKey: `cycle:TRN/${DAY}/6`,
        event,
        kind: 'settlement',
        ruleVersion: 'test',
        tenantId: 0,
        institution: 'TRN',
        cycle,
        legs: amounts.flatMap(({ lane, amount }) => [
          { account: hubAccount('OUT-CLR', laneOf(lane)), amountPaise: -amount },
          { account: hubAccount('RBI-STL', laneOf(lane)), amountPaise: amount },
        ]),
        at: now,
      }),
    )
  await settle(
    due.map(({ payment }) => ({ lane: payment.lane, amount: payment.amountPaise })),
    'settled',
  )
  await db`
    insert into pipeline_step (institution, settled_on, cycle, step, done_at)
    values ('TRN', ${DAY}, '6', 'settle', ${new Date(now)})`
  now += 1_000
  assert.deepEqual([await lines(), (await of('OUT-CLR')).unexplainedPaise], [['in_flight'], 0n])
  const cash = await of('RBI-STL')
  // What accounts were opened with stands on the other side of it.
  assert.equal(cash.closingPaise, 10n ** 12n - due.reduce((sum, { payment }) => sum + payment.amountPaise, 0n))
  assert.ok(holds(cash))

  await settle([{ lane: 3, amount: 7n }], 'a_mistake')
  now += 1_000
  const wrong = await of('OUT-CLR')
  assert.deepEqual([wrong.unexplainedPaise, holds(wrong)], [7n, false])
  // The day before is as it was, and the day after begins where this one ends.
  assert.deepEqual((await of('OUT-CLR', '2026-11-26')).closingPaise, 0n)
  now += 86_400_000
  const [today, tomorrow] = [await of('OUT-CLR'), await of('OUT-CLR', '2026-11-28')]
  assert.equal(tomorrow.openingPaise, today.closingPaise)
})

test('a day is proved once it is over, once; what cannot be proved is put before people', async () => {
  now = Date.UTC(2026, 10, 28, 18, 31) // 00:01 of the 29th
  assert.deepEqual([await proveYesterday(deps, now), await proveYesterday(deps, now + 1_000)], [true, false])
  const breaks = await db`select type, detail, amount, action from break where kind = 'B24'`
  assert.deepEqual(
    breaks.map((row) => ({ ...row })),
    [
      {
        type: 'B24',
        detail: 'OUT-CLR on 2026-11-28: 0 paise differ, 7 are unexplained',
        amount: 7n,
        action: 'ledger_fix',
      },
    ],
  )
})

test('what no settled cycle covers is before the first, between two, and since the last', () => {
  const span = (from: number, to: number) => ({ institution: 'TRN', from, to })
  assert.deepEqual(openSpans([span(20, 30), span(10, 20), span(40, 50)], ['TRN', 'TAA'], 60), [
    span(0, 10),
    span(30, 40),
    span(50, 60),
    { institution: 'TAA', from: 0, to: 60 },
  ])
})
