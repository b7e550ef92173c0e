import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { setUpBooks, T } from '../../../test/support/books.ts'
import { openTestDatabase } from '../../../test/support/database.ts'
import { toRfc3339 } from '../../base/clock.ts'
import { createPool } from '../../db/pool.ts'
import { addDays, startOfDay } from '../../imps/cycles.ts'
import type { StoredPayment } from '../../payment/stored.ts'
import { countDuties, listDuties, WARN_BEFORE_MS, warnDuties, warningsBy } from './duties.ts'

// Answers about time-outs are warned of at 12:00 and 16:00 of T+1, each once, however many look and however often they start anew.

const { url } = await openTestDatabase()
const b = await setUpBooks(url)
// Another process: connections of its own.
const other = createPool(url, { connections: 4, name: 'turant test other' })
after(() => Promise.all([b.t.close(), other.end({ timeout: 1 })]))

const HOUR_MS = 3_600_000
const noon = startOfDay(addDays(T, 1)) + 12 * HOUR_MS
const four = noon + 4 * HOUR_MS
const due = noon + 5.5 * HOUR_MS
const said: object[] = []
const log = { warn: (fields: object) => void said.push(fields) }
const look = (db = b.t.db) => warnDuties({ db, clock: b.deps.clock, log }, 'TRN')
const counts = async () =>
  (await countDuties(b.t.db, b.now())).map(({ warned, late, count }) => `${warned} ${late} ${count}`)

const byRrn = (one: { rrn: string }, another: { rrn: string }) => one.rrn.localeCompare(another.rrn)
let serial = 0
/** Inward payments that timed out, and whose answers are in no file yet. */
async function timeouts(many: number): Promise<StoredPayment[]> {
  b.setDay(T)
  const account = await b.account(0n)
  const payments: StoredPayment[] = []
  for (let i = 0; i < many; i += 1) payments.push(await b.inward(account, 10_000n))
  serial += 1
  const rows = payments.map(({ rrn, amountPaise }) => ({
    direction: 'inward' as const,
    rrn: rrn ?? '',
    raw: '08' as const,
    amountPaise,
    beneficiaryAccount: account.accountNumber,
  }))
  await b.book(b.cycle(serial), await b.match(rows))
  return payments
}
/** Puts the answers that wait into a file that stands so. */
const sendAs = async (state: string): Promise<void> => {
  await b.t.db`
    with made as (
      insert into upload_file (upload_id, tenant_id, institution, kind, purpose, name, made_on, sequence, rows, amount, sealed, sha256, state, made_at)
      select gen_random_uuid(), 1, 'TRN', 'upload_classic', 'tcc_ret', gen_random_uuid()::text, ${T}::date, 1 + (select count(*)::integer from upload_file),
        1, 1, '', repeat('0', 64), ${state}, now() returning upload_id)
    update upload_row set upload_id = made.upload_id from made where upload_row.upload_id is null`
}

const schedule: readonly (readonly [at: number, warnings: number])[] = [
  [noon - 1, 0],
  [noon, 1],
  [four - 1, 1],
  [four, 2],
  [due + HOUR_MS, 2],
]
for (const [at, warnings] of schedule) {
  test(`due at 17:30: at ${toRfc3339(at)} there were ${warnings} warnings`, () =>
    assert.equal(warningsBy(due, at), warnings))
}

test('each answer is warned of at 12:00 and at 16:00, once, whoever looks; the list and the count have it', async () => {
  const payments = await timeouts(3)
  b.setNow(noon - 1)
  assert.deepEqual(await look(), [])
  assert.deepEqual(await counts(), ['0 false 3'])
  for (const [at, warning] of [
    [noon, 1],
    [four, 2],
  ] as const) {
    b.setNow(at)
    const found = (await Promise.all([look(), look(other), look(), look(other)])).flat()
    assert.equal(
      found.reduce((sum, { count }) => sum + count, 0),
      3,
      'four that look at once warn of three answers',
    )
    assert.ok(found.every((one) => one.warning === warning && one.dueAt === due && one.institution === 'TRN'))
    assert.deepEqual([await look(), await look(other)], [[], []], 'and not again')
    assert.deepEqual(await counts(), [`${warning} false 3`])
    const listed = await listDuties(b.t.db, ['TRN'], undefined, 10)
    assert.deepEqual(
      listed
        .sort(byRrn)
        .map((one) => [one.rrn, one.flag, one.reasonCode, one.duty, one.dueAt, one.warned, one.warnedAt]),
      payments.map(({ rrn }) => [rrn, 'TCC', '102', 'say', due, warning, at]),
    )
  }
  assert.equal(said.length >= 2, true)
  b.setNow(due)
  assert.deepEqual([await look(), await counts()], [[], ['2 true 3']])
  const [first] = await listDuties(b.t.db, ['TRN'], undefined, 1)
  assert.ok(first)
  assert.equal((await listDuties(b.t.db, ['TRN'], { at: first.dueAt, id: first.id }, 10)).length, 2)
  assert.deepEqual(await listDuties(b.t.db, ['TAA'], undefined, 10), [])
  await sendAs('sent')
})

test('a hub that was away at noon warns once when it is back; what has left is not warned of, what NPCI refused is', async () => {
  await timeouts(1)
  b.setNow(four + 1)
  assert.deepEqual(
    (await look()).map(({ warning, count }) => [warning, count]),
    [[2, 1]],
  )
  assert.deepEqual(await look(), [])
  await sendAs('accepted')
  assert.deepEqual(await counts(), [])
  for (const [state, warned] of [
    ['sent', 0],
    ['refused', 1],
    ['waiting', 1],
  ] as const) {
    await timeouts(1)
    await sendAs(state)
    b.setNow(noon)
    assert.equal((await look()).length, warned, state)
    await b.t.db`update upload_file set state = 'accepted'`
  }
})

test('the times are those of the duty', () => {
  assert.deepEqual(
    WARN_BEFORE_MS.map((before) => toRfc3339(due - before)),
    [toRfc3339(noon), toRfc3339(four)],
  )
})
