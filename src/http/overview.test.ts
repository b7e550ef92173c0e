import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { openTestDatabase } from '../../test/support/database.ts'
import { testLog } from '../../test/support/logs.ts'
import { createTestRoom, requestFrom } from '../../test/support/payment-room.ts'
import { keyOf, startRealServer } from '../../test/support/real-server.ts'
import { type Clock, systemClock } from '../base/clock.ts'
import { paise } from '../base/money.ts'
import { roles } from '../identity/rights.ts'
import { binOf, createFigures, msOfBin, percentile } from '../payment/figures.ts'
import { initiate } from '../payment/initiate.ts'
import type { Fact } from '../payment/payment.ts'
import { record } from '../payment/record.ts'
import { type Counted, createToday } from '../payment/today.ts'
import { troubled } from './overview-view.ts'

// What Home shows: counted beside the payments, right to the payment, whoever made it and whenever this process began.

const noon = Date.UTC(2026, 10, 22, 6, 30) // 12:00 in India
let passedMs = 0
/** Timers are the system's; the time of day is moved by hand. */
const clock: Clock = { ...systemClock, now: () => noon + passedMs, monotonicMs: () => passedMs }
const pass = (ms: number): void => {
  passedMs += ms
}
const { db, url } = await openTestDatabase()
await db`insert into tenant (tenant_id, kind, name) values (2, 'business', 'Other')`
const t = await createTestRoom(url, { clock })
const today = createToday({ db, clock, log: testLog })
const { server, call } = await startRealServer(
  db,
  t.room,
  [
    { tenantId: 1, name: 'viewer', rights: roles.viewer },
    { tenantId: 1, name: 'teller', rights: ['payments:read'] },
    { tenantId: 1, name: 'limits', rights: ['limits:read', 'limits:write', 'accounts:freeze'] },
    { tenantId: 2, name: 'viewer', rights: roles.viewer },
  ],
  { today },
)
after(() => Promise.all([server.close(), t.close()]))
const account = await t.open(100_000_000n)

const pay = async (amountPaise: bigint, fact: Fact | undefined, afterMs: number) => {
  const made = await initiate(t.room, requestFrom(account.id, { amountPaise: paise(amountPaise) }))
  assert.ok(made.kind === 'accepted')
  pass(afterMs)
  if (fact !== undefined) await record(t.room, made.payment, fact)
  return made.payment.id
}
const see = async (tenantId = 1, name = 'viewer') => {
  pass(1_100) // the answer before is kept for a second
  const { status, body } = await call('get', '/v1/overview', keyOf(tenantId, name))
  assert.equal(status, 200, JSON.stringify(body))
  return body
}
const counts = ({ outward }: Awaited<ReturnType<typeof see>>): Record<string, number> =>
  Object.fromEntries(
    Object.entries<{ readonly payments: number }>(outward).flatMap(([key, value]) =>
      value.payments === undefined ? [] : [[key, value.payments]],
    ),
  )

test('before the first count it answers that nothing is counted, from now on', async () => {
  const { countedAt, countedFrom, day } = await see()
  assert.deepEqual([countedAt, countedFrom, day], [null, new Date(clock.now()).toISOString(), '2026-11-22'])
})

test('a day without payments has no rates, not rates of nought', async () => {
  await today.tick()
  const body = await see()
  assert.deepEqual([body.day, body.out, body.in, body.hours], ['2026-11-22', '0', '0', []])
  assert.deepEqual(body.rates, {
    success: null,
    businessDecline: null,
    technicalDecline: null,
    deemed: null,
    returned: null,
  })
  assert.deepEqual(body.timeToFinal, { payments: 0, p50: null, p95: null, p99: null })
  assert.equal(body.unconfirmed.oldest, null)
})

test('that all payments are stopped is told to whoever sees the day or the limits, and to no other tenant', async () => {
  const stopped = async (name: string) => call('get', '/v1/stopped', keyOf(1, name))
  assert.equal((await see()).stoppedAt, null)
  assert.deepEqual((await stopped('limits')).body, { stoppedAt: null })
  assert.equal((await stopped('viewer')).status, 403)
  const since = new Date(clock.now()).toISOString()
  assert.equal((await call('post', '/v1/stop', keyOf(1, 'limits'))).status, 204)
  assert.equal((await see()).stoppedAt, since)
  assert.equal((await see(1, 'teller')).stoppedAt, since)
  assert.deepEqual((await stopped('limits')).body, { stoppedAt: since })
  assert.equal((await see(2)).stoppedAt, null)
  assert.equal((await call('post', '/v1/resume', keyOf(1, 'limits'))).status, 204)
  assert.equal((await see()).stoppedAt, null)
})

test('each outcome is counted once, under its own name, with what it was worth', async () => {
  await pay(10_000n, { kind: 'approved', responseCode: '00' }, 200)
  await pay(20_000n, { kind: 'approved', responseCode: '00' }, 400)
  await pay(30_000n, { kind: 'declined', responseCode: 'M1' }, 200)
  await pay(40_000n, { kind: 'declined', responseCode: 'M6' }, 200)
  await pay(50_000n, { kind: 'deemed', responseCode: '91' }, 200)
  const open = await pay(60_000n, { kind: 'lapsed' }, 200)
  await pay(70_000n, undefined, 0)
  await today.tick()
  const body = await see()
  assert.deepEqual(counts(body), {
    succeeded: 2,
    deemed: 1,
    businessDeclines: 1,
    technicalDeclines: 1,
    returned: 0,
    open: 2,
    neverSent: 0,
  })
  assert.deepEqual([body.out, body.outward.payments, body.outward.amount], ['80000', 7, '280000'])
  assert.deepEqual(body.rates, { success: 40, businessDecline: 20, technicalDecline: 20, deemed: 20, returned: 0 })
  assert.equal(body.unconfirmed.payments, 1)
  assert.equal(body.unconfirmed.amount, '60000')
  assert.deepEqual(body.unconfirmed.oldest.id, open)
  assert.equal(body.unconfirmed.oldest.resolvesBy, '2026-11-23T12:00:00.000Z')
  assert.ok(
    Math.abs(body.timeToFinal.p50 - 200) <= 10 && Math.abs(body.timeToFinal.p99 - 400) <= 20,
    JSON.stringify(body.timeToFinal),
  )
  assert.deepEqual(
    body.hours.map((hour: { from: string }) => hour.from),
    ['2026-11-22T06:30:00.000Z'],
  )
})

test('what becomes of an old payment is counted where it was made, also by another process', async () => {
  const was = counts(await see())
  const late = await initiate(t.room, requestFrom(account.id, { amountPaise: paise(5_000n) }))
  assert.ok(late.kind === 'accepted')
  await today.tick()
  pass(3_600_000)
  await today.tick()
  assert.deepEqual(counts(await see()), { ...was, open: (was.open ?? 0) + 1 })
  await record(t.room, late.payment, { kind: 'approved', responseCode: '00' }) // nobody tells `today`: its hold is gone
  await today.tick()
  const body = await see()
  assert.deepEqual(counts(body), { ...was, succeeded: (was.succeeded ?? 0) + 1 })
  assert.equal(body.hours.length, 1)
})

test('a process that begins now counts the whole day, and comes to the same', async () => {
  const anew = createToday({ db, clock, log: testLog })
  while (anew.read(1).since > anew.read(1).startOfDay || anew.read(1).at === null) await anew.tick()
  const [one, other] = [anew.read(1), today.read(1)]
  const all = (counted: Counted) =>
    [...counted.hours]
      .flatMap(([hour, tallies]) =>
        tallies.map((one) => `${hour} ${one.state} ${one.responseCode} ${one.payments} ${one.amountPaise}`),
      )
      .sort()
  assert.ok(all(one).length > 5)
  assert.deepEqual(all(one), all(other))
  assert.deepEqual([...one.spans].sort(), [...other.spans].sort())
})

test('another tenant sees nothing of it; caps are for who may see settlement', async () => {
  const other = await see(2)
  assert.deepEqual([other.outward.payments, other.unconfirmed.payments, other.hours], [0, 0, []])
  assert.equal((await see(1, 'teller')).positions, null)
  assert.ok(Array.isArray((await see()).positions))
})

test('a new day begins at midnight in India, and only what is unconfirmed is still there', async () => {
  pass(Date.UTC(2026, 10, 22, 18, 30) - clock.now())
  await today.tick()
  const body = await see()
  assert.deepEqual([body.day, body.outward.payments, body.hours], ['2026-11-23', 0, []])
  assert.equal(body.unconfirmed.payments, 1)
})

test('a percentile is right to five per cent', () => {
  const spans = new Map<number, number>()
  for (let ms = 1; ms <= 1_000; ms += 1) spans.set(binOf(ms), (spans.get(binOf(ms)) ?? 0) + 1)
  for (const part of [0.5, 0.95, 0.99]) {
    const found = percentile(spans, part) ?? 0
    assert.ok(Math.abs(found - part * 1_000) <= 0.055 * part * 1_000, `${part}: ${found}`)
  }
  assert.equal(percentile(new Map(), 0.5), undefined)
  assert.ok(msOfBin(binOf(60_000)) >= 60_000)
})

test('a piece that is counted again replaces itself', () => {
  const figures = createFigures(0)
  const group = {
    tenantId: 1,
    direction: 'outward',
    state: 'sent',
    responseCode: null,
    bank: 'HDFC',
    amountPaise: 5n,
  } as const
  figures.replace(0, { groups: [{ ...group, payments: 2 }], spans: [] })
  figures.replace(0, {
    groups: [{ ...group, state: 'succeeded', payments: 1 }],
    spans: [{ tenantId: 1, bin: 3, payments: 1 }],
  })
  assert.deepEqual(
    [...figures.of(1, 1).hours.values()].flat().map(({ state, payments }) => [state, payments]),
    [['succeeded', 1]],
  )
  figures.replace(0, { groups: [], spans: [] })
  assert.equal(figures.of(1, 1).hours.size, 0)
})

test('a bank is in trouble from the first failure of a bad time on, and out of it when payments arrive again', () => {
  const minute = 60_000
  const of = (at: number, state: 'succeeded' | 'unconfirmed' | 'deemed', payments: number) =>
    ({
      bank: 'HDFC',
      at,
      direction: 'outward',
      state,
      responseCode: state === 'deemed' ? '91' : null,
      payments,
    }) as const
  const well = [of(0, 'succeeded', 20), of(minute, 'deemed', 1)]
  const bad = [of(20 * minute, 'unconfirmed', 8), of(25 * minute, 'deemed', 8), of(29 * minute, 'succeeded', 4)]
  const seen = (now: number) => troubled([...well, ...bad], [], now)
  const deemed = { bank: 'HDFC', since: 20 * minute, technicalDeclines: 0, deemed: 8 }
  assert.deepEqual(seen(30 * minute - 1), [{ ...deemed, payments: 20, unconfirmed: 8, percent: 80 }])
  assert.deepEqual(seen(31 * minute), [{ ...deemed, payments: 12, unconfirmed: 0, percent: 66.67 }])
  assert.deepEqual(troubled([...well, ...bad, of(35 * minute, 'succeeded', 50)], [], 36 * minute), [])
  assert.deepEqual(troubled([of(0, 'unconfirmed', 9)], [], minute), [], 'nine payments are too few to say so')
})

test('it is counted again and again, by itself, and not after it was stopped', async () => {
  const own = createToday({ db, clock: { ...systemClock, now: clock.now }, log: testLog })
  const stop = own.start(1)
  const made = await initiate(t.room, requestFrom(account.id, { amountPaise: paise(1_000n) }))
  assert.ok(made.kind === 'accepted')
  const outward = () => [...own.read(1).hours.values()].flat().reduce((sum, { payments }) => sum + payments, 0)
  while (outward() === 0) await new Promise((resolve) => setImmediate(resolve))
  await stop()
  const { at } = own.read(1)
  pass(1_000)
  await new Promise((resolve) => setImmediate(resolve))
  assert.equal(own.read(1).at, at)
})
