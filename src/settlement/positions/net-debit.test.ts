import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import fc from 'fast-check'
import { openTestDatabase } from '../../../test/support/database.ts'
import { testLog } from '../../../test/support/logs.ts'
import { createTestRoom, requestFrom } from '../../../test/support/payment-room.ts'
import { type Clock, systemClock } from '../../base/clock.ts'
import { must, parseAccountNumber, parseIfsc, parseRrn, parseStan } from '../../base/identifiers.ts'
import { paise } from '../../base/money.ts'
import { inTransaction } from '../../db/transaction.ts'
import { defaultCycles } from '../../imps/cycles.ts'
import { initiate } from '../../payment/initiate.ts'
import type { Fact } from '../../payment/payment.ts'
import { receive } from '../../payment/receive.ts'
import { record } from '../../payment/record.ts'
import type { StoredPayment } from '../../payment/stored.ts'
import { createGauge } from './gauge.ts'
import { crossedBetween, type Level, levelOf, levels, usedOf } from './net-debit.ts'
import { insertCap, listAlerts, type NetDebit } from './net-debit-store.ts'

const { url, db } = await openTestDatabase()
// 27 November 2026, 12:00 IST
let now = Date.UTC(2026, 10, 27, 6, 30)
const clock: Clock = { ...systemClock, now: () => now }
const gaugeOf = (holder: string) =>
  createGauge({ db, clock, log: testLog, cycles: defaultCycles, institutions: ['TRN', 'TAA'], holder })
const gauge = gaugeOf('one')
const t = await createTestRoom(url, { clock, stopOf: (institution) => gauge.stop(institution) })
after(() => t.close())

const at = (institution: string): NetDebit =>
  must(
    gauge.positions().find((one) => one.institution === institution),
    'position',
  )
const cap = (institution: string, capPaise: bigint | null, onFull: 'alert' | 'hold' | 'refuse') =>
  inTransaction(db, (tx) =>
    insertCap(tx, {
      id: crypto.randomUUID(),
      institution,
      capPaise,
      onFull,
      validFrom: now,
      setBy: 'key_1',
      setAt: now,
    }),
  )
const pay = async (from: Parameters<typeof requestFrom>[0], amountPaise: bigint): Promise<StoredPayment> => {
  const made = await initiate(t.room, requestFrom(from, { amountPaise: paise(amountPaise) }))
  assert.equal(made.kind, 'accepted')
  if (made.kind !== 'accepted') throw new Error('refused')
  return made.payment
}
let serial = 0
const credit = (account: { readonly accountNumber: string }, amountPaise: bigint) => {
  serial += 1
  return receive(
    t.room,
    {
      rrn: must(parseRrn(`6326${String(serial).padStart(8, '0')}`), 'RRN'),
      stan: must(parseStan(String(serial).padStart(6, '0')), 'STAN'),
      remitterBank: '600001',
      amountPaise: paise(amountPaise),
      transmittedAt: now,
      channel: 'internet',
      remitter: { name: 'Asha' },
      beneficiary: {
        kind: 'account',
        ifsc: must(parseIfsc('TRNT0000001'), 'IFSC'),
        account: must(parseAccountNumber(account.accountNumber), 'account'),
        name: 'Ramesh Kumar',
      },
    },
    { link: 'beneficiary', epoch: 1 },
    (outcome) => ({
      bytes: new Uint8Array([1]),
      responseCode: outcome.kind === 'credited' ? '00' : '94',
    }),
  )
}

/** The same another way: from the steps of payments, not from their state, and in one sum. */
async function recount(institution: string, since: number): Promise<{ used: bigint; inFlight: bigint }> {
  const [row] = await db<{ outward: bigint; inward: bigint; in_flight: bigint }[]>`
    select coalesce(sum(amount) filter (where direction = 'outward' and counted and left_at >= ${new Date(since)}), 0)::bigint as outward,
           coalesce(sum(amount) filter (where direction = 'inward' and counted), 0)::bigint as inward,
           (select coalesce(sum(h.amount), 0)::bigint from hold h join account a on a.lane = h.lane and a.account_id = h.account_id
            where h.sent_at is not null and a.institution = ${institution}) as in_flight
    from (select p.direction, p.amount, bool_or(e.state in ('succeeded', 'deemed')) as counted,
                 min(e.at) filter (where e.state = 'sent') as left_at
          from payment p join event e using (payment_id)
          where p.institution = ${institution} and p.created_at >= ${new Date(since - 600_000)}
          group by p.payment_id, p.direction, p.amount) as s`
  if (row === undefined) throw new Error('nothing')
  return { used: row.outward - row.inward, inFlight: row.in_flight }
}

test('a level is reached at its very paisa, told once, and left only when the use is clearly below it', () => {
  fc.assert(
    fc.property(fc.bigInt(1n, 10n ** 15n), fc.bigInt(-(10n ** 12n), 2n * 10n ** 15n), (capPaise, used) => {
      const level = levelOf(0, used, capPaise)
      const reached = levels.filter((one) => used * 100n >= capPaise * BigInt(one))
      assert.equal(level, reached.at(-1) ?? 0)
      // Whatever it was before, it is never below what is reached, and telling again tells nothing.
      for (const before of [0, ...levels] as const) {
        const next = levelOf(before, used, capPaise)
        assert.ok(next >= level && (next === level || next <= before))
        assert.deepEqual(crossedBetween(next, levelOf(next, used, capPaise)), [])
        if (next === 100) assert.ok(used >= capPaise, 'the stop never outlasts its reason')
      }
    }),
  )
  assert.deepEqual(crossedBetween(0, levelOf(0, 95n, 100n)), [60, 80, 90])
  const steps: [bigint, Level][] = [
    [80n, 80],
    [76n, 80],
    [74n, 60],
    [56n, 60],
    [54n, 0],
  ]
  let level: Level = 0
  for (const [used, expected] of steps) {
    level = levelOf(level, used, 100n)
    assert.equal(level, expected, `${used}`)
  }
})

test('what is counted second by second is what counting everything again says, whenever outcomes come', async () => {
  const facts: readonly (Fact | undefined)[] = [
    { kind: 'approved', responseCode: '00' },
    { kind: 'deemed', responseCode: '91' },
    { kind: 'declined', responseCode: 'M1' },
    { kind: 'lapsed' },
    undefined,
  ]
  const since = Date.UTC(2026, 10, 26, 18, 30) // midnight in IST
  const account = await t.open(10n ** 12n)
  const waiting: StoredPayment[] = []
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.record({
          outward: fc.boolean(),
          amount: fc.bigInt(1n, 10_000_000n),
          fact: fc.constantFrom(...facts),
          seconds: fc.integer({ min: 0, max: 90 }),
          late: fc.boolean(),
        }),
        { minLength: 1, maxLength: 8 },
      ),
      async (steps) => {
        for (const { outward, amount, fact, seconds, late } of steps) {
          if (outward) {
            const payment = await pay(account.id, amount)
            if (fact === undefined) waiting.push(payment)
            else await record(t.room, payment, fact)
          } else await credit(account, amount)
          if (late) {
            const old = waiting.shift()
            if (old !== undefined) await record(t.room, old, { kind: 'approved', responseCode: '00' })
          }
          now += seconds * 1000
          await gauge.tick()
        }
        const { used, inFlight } = await recount('TRN', since)
        assert.deepEqual([usedOf(at('TRN')), at('TRN').inFlightPaise], [used, inFlight])
        // Whoever has just started counts the same.
        const fresh = gaugeOf('one')
        await fresh.tick()
        assert.deepEqual(fresh.positions(), gauge.positions())
      },
    ),
    { numRuns: 12 },
  )
  assert.equal(usedOf(at('TAA')), 0n)
})

test('levels are told once when they are crossed; at all of the cap payments are held, or refused, and go on when it is free', async () => {
  const account = await t.open(10n ** 12n, 'TAA')
  await cap('TAA', 100_000n, 'hold')
  const first = await pay(account.id, 85_000n)
  await gauge.tick()
  assert.deepEqual([at('TAA').level, at('TAA').inFlightPaise], [0, 85_000n])
  await record(t.room, first, { kind: 'deemed', responseCode: '91' })
  await gauge.tick()
  await gauge.tick()
  assert.deepEqual(
    (await listAlerts(db, 'TAA', 10)).map(({ level, usedPaise }) => [level, usedPaise]),
    [
      [80, 85_000n],
      [60, 85_000n],
    ],
  )
  assert.equal(gauge.stop('TAA'), undefined)
  await record(t.room, await pay(account.id, 15_000n), { kind: 'approved', responseCode: '00' })
  await gauge.tick()
  assert.equal(gauge.stop('TAA'), 'hold')
  assert.equal(gauge.stop('TRN'), undefined)
  const held = await pay(account.id, 100n)
  assert.deepEqual([held.state, held.rrn], ['held', null])
  const still = await record(t.room, held, { kind: 'dispatched' })
  assert.equal(still.kind, 'repeated', 'nothing lets it go while the cap is used up')

  now += 1_000
  await cap('TAA', 100_000n, 'refuse')
  await gauge.tick()
  const refused = await initiate(t.room, requestFrom(account.id))
  assert.deepEqual(refused, { kind: 'refused', reason: 'net_debit_cap_used' })

  // Settled: what was paid before the end of that cycle counts no more.
  now = Date.UTC(2026, 10, 27, 11, 31)
  await db`
    insert into pipeline_step (institution, settled_on, cycle, step, done_at)
    values ('TAA', '2026-11-27', '8', 'settle', ${new Date(now)})`
  await gauge.tick()
  assert.deepEqual([usedOf(at('TAA')), at('TAA').level, at('TAA').refreshedAt], [0n, 0, Date.UTC(2026, 10, 27, 11, 30)])
  const free = await record(t.room, held, { kind: 'dispatched' })
  assert.equal(free.kind, 'moved')
  if (free.kind !== 'moved') return
  await record(t.room, free.payment, { kind: 'approved', responseCode: '00' })
  await gauge.tick()
  assert.equal(usedOf(at('TAA')), 100n, 'made before the cut, and left after it: of the next cycle')
  assert.equal((await listAlerts(db, 'TAA', 10)).length, 4)

  // Cut before its time, as a sandbox may: what is paid from then on counts at once, not only from where the cycle would have ended.
  now += 60_000
  await db`
    insert into pipeline_step (institution, settled_on, cycle, step, done_at)
    values ('TAA', '2026-11-27', '9', 'settle', ${new Date(now)})`
  await gauge.tick()
  assert.deepEqual([usedOf(at('TAA')), at('TAA').refreshedAt], [0n, now])
  now += 1_000
  await record(t.room, await pay(account.id, 700n), { kind: 'approved', responseCode: '00' })
  await gauge.tick()
  assert.equal(usedOf(at('TAA')), 700n)
})

test('one process counts and the others read; when it is silent another goes on', async () => {
  const other = gaugeOf('two')
  await gauge.tick()
  await other.tick()
  assert.deepEqual(other.positions(), gauge.positions())
  const [row] = await db<{ by: string }[]>`select distinct counted_by as by from net_debit`
  assert.equal(row?.by, 'one')
  now += 6_000
  await other.tick()
  const [next] = await db<{ by: string }[]>`select distinct counted_by as by from net_debit`
  assert.equal(next?.by, 'two')
  assert.deepEqual(other.positions().map(usedOf), gauge.positions().map(usedOf))
})
