import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { setUpBooks, T } from '../../../test/support/books.ts'
import { openTestDatabase } from '../../../test/support/database.ts'
import { testLog } from '../../../test/support/logs.ts'
import { settlementInvariants } from '../../../test/support/settlement-invariants.ts'
import { paise } from '../../base/money.ts'
import { addDays, dayOf } from '../../imps/cycles.ts'
import type { CustomerAccount } from '../../ledger/store.ts'
import { record } from '../../payment/record.ts'
import type { StoredPayment } from '../../payment/stored.ts'
import { makeReport } from '../reports/reports.ts'
import { checkPaid, checkStatement, reportedNet } from './compensation-check.ts'
import { againAt, payDue } from './compensation-pay.ts'
import { retryStuck } from './returns.ts'

// A hundred rupees a day that an account cannot take stay due, with why, and are tried again by the clock; once paid, what the lines say
// is what the journals have.

const { url } = await openTestDatabase()
const b = await setUpBooks(url)
after(() => b.t.close())

const HOUR_MS = 3_600_000
let serial = 0

/** A payment of T, deemed, whose return comes on T+3: two days late. */
async function returned(account: CustomerAccount, meanwhile: () => Promise<unknown>): Promise<StoredPayment> {
  b.setDay(T)
  const payment = await b.outward(account, 50_000n)
  await record(b.t.room, payment, { kind: 'deemed', responseCode: '91' })
  serial += 2
  const cycle = b.cycle(serial % 10 === 0 ? 10 : serial % 10, addDays(T, Math.floor(serial / 10)))
  await b.book(
    cycle,
    await b.match([{ direction: 'outward', rrn: payment.rrn ?? '', raw: '08', amountPaise: 50_000n }]),
  )
  b.setDay(addDays(T, 3))
  await meanwhile()
  const said = { txnDate: T, compensationPaise: paise(20_000n), penaltyDays: 2 }
  await b.book(b.cycle((serial % 10) + 1, addDays(T, 3 + Math.floor(serial / 10))), await b.match([]), [
    b.adjustment(payment, 'RET', said),
  ])
  return payment
}
const setStatus = ({ id }: CustomerAccount, status: string) =>
  b.t.db`update account set status = ${status} where account_id = ${id.slice(4)}`
const lineOf = async ({ rrn }: StoredPayment) => {
  const [row] = await b.t.db<{ said: string; try_at: number | null; id: string }[]>`
    select state || ' ' || coalesce(waits, '-') || ' ' || tries || ' ' || amount as said, try_at, compensation_id as id
    from compensation where rrn = ${rrn}`
  return { said: row?.said ?? 'none', tryAt: row?.try_at ?? null, id: row?.id ?? '' }
}
const prove = async (): Promise<void> => {
  await b.t.proveBooks()
  assert.deepEqual(await settlementInvariants(b.t.db, { settled: b.settled, stated: b.stated, now: b.now() }), [])
}

test('the schedule: an hour after the first try, four hours after the second, then every day', () => {
  assert.deepEqual(
    [1, 2, 3, 4, 40].map((tries) => againAt(tries, 0) / HOUR_MS),
    [1, 4, 24, 24, 24],
  )
})

for (const [status, waits] of [
  ['frozen', 'account_frozen'],
  ['closed', 'account_closed'],
] as const) {
  test(`an account that is ${status} takes nothing: due with its reason, tried by the clock, paid once when it is open`, async () => {
    const account = await b.account(1_000_000n)
    const payment = await returned(account, () => setStatus(account, status))
    const start = b.now()
    assert.deepEqual(await lineOf(payment), {
      said: `due ${waits} 1 20000`,
      tryAt: start + HOUR_MS,
      id: (await lineOf(payment)).id,
    })
    const waitedFor = [HOUR_MS, 5 * HOUR_MS, 29 * HOUR_MS]
    for (const [tries, after] of waitedFor.entries()) {
      b.setNow(start + after - 1)
      assert.equal(await payDue(b.deps, 'TRN'), 0)
      assert.equal((await lineOf(payment)).said, `due ${waits} ${tries + 1} 20000`, 'not before its time')
      b.setNow(start + after)
      assert.equal(await payDue(b.deps, 'TRN'), 0)
      assert.equal((await lineOf(payment)).said, `due ${waits} ${tries + 2} 20000`)
    }
    assert.equal(await b.balanceOf(account.id), 950_000n)
    await setStatus(account, 'open')
    b.setNow(start + 60 * HOUR_MS)
    const paid = await Promise.all([payDue(b.deps, 'TRN'), payDue(b.deps, 'TRN')])
    assert.equal(paid[0] + paid[1], 1, 'two at once pay once')
    assert.equal((await lineOf(payment)).said, 'paid - 4 20000')
    assert.equal(await b.balanceOf(account.id), 970_000n)
    assert.equal(await payDue(b.deps, 'TRN'), 0)
    // The return itself goes to an account that is open again, with the next sweep.
    assert.equal(await retryStuck(b.deps, 'TRN'), 1)
    assert.equal(await b.balanceOf(account.id), 1_020_000n)
    await prove()
  })
}

test('the return is paid when the account is open again, and its compensation with it, whenever that was to be tried', async () => {
  const account = await b.account(1_000_000n)
  await returned(account, () => setStatus(account, 'frozen'))
  await setStatus(account, 'open')
  assert.equal(await retryStuck(b.deps, 'TRN'), 1)
  assert.equal(await b.balanceOf(account.id), 1_020_000n)
  await prove()
})

// Not deemed, and the file of T+3 is the first to say that it failed: the money was with this bank for two days too long.
for (const [name, before] of [
  ['nobody answered', [{ kind: 'lapsed' }]],
  ['was answered unclearly', [{ kind: 'lapsed' }, { kind: 'unclear', responseCode: '08' }]],
] as const) {
  test(`a debit that ${name} and went back on T+3 has its two days with it, at this bank's cost and once`, async () => {
    const account = await b.account(1_000_000n)
    b.setDay(T)
    const payment = await b.outward(account, 50_000n)
    for (const fact of before) await record(b.t.room, payment, fact)
    b.setDay(addDays(T, 3))
    serial += 2
    const cycle = b.cycle((serial % 10) + 1, addDays(T, 3 + Math.floor(serial / 10)))
    const said = { direction: 'outward', rrn: payment.rrn ?? '', raw: 'declined', amountPaise: 50_000n } as const
    const findings = await b.match([said])
    for (const _ of [1, 2]) await b.book(cycle, findings)
    assert.equal((await b.stored(payment.id)).state, 'declined')
    const [row] = await b.t.db<{ said: string }[]>`
      select owed_by || ' ' || days || ' ' || amount || ' ' || state as said from compensation where rrn = ${payment.rrn}`
    assert.equal(row?.said, 'us 2 20000 paid')
    assert.equal(await b.balanceOf(account.id), 1_020_000n)
    await prove()
  })
}

test('a debit that went back on T+1 costs nothing', async () => {
  const account = await b.account(1_000_000n)
  b.setDay(T)
  const payment = await b.outward(account, 50_000n)
  b.setDay(addDays(T, 1))
  serial += 2
  const said = { direction: 'outward', rrn: payment.rrn ?? '', raw: 'declined', amountPaise: 50_000n } as const
  await b.book(b.cycle((serial % 10) + 1, addDays(T, 1 + Math.floor(serial / 10))), await b.match([said]))
  assert.equal((await lineOf(payment)).said, 'none')
  assert.equal(await b.balanceOf(account.id), 1_000_000n)
})

test('what was paid on a day is compared with its journals, line by line; a line that says otherwise is a break', async () => {
  const account = await b.account(1_000_000n)
  const payment = await returned(account, async () => undefined)
  const day = dayOf(b.now())
  const open = () => b.t.db<{ detail: string; amount: bigint }[]>`
    select detail, amount from break where kind = 'B22' and closed_at is null and detail like '%its journal%'`
  assert.equal(await checkPaid(b.t.db, day, b.now()), 0)
  const { id } = await lineOf(payment)
  await b.t.db`update compensation set days = 3, amount = 30000 where compensation_id = ${id}::uuid`
  const scope = { tenantId: 1, institutions: ['TRN'], from: T, to: day, cycle: undefined, now: b.now() }
  const report = await makeReport({ db: b.t.db, cycles: [], log: testLog }, 'compensation', scope)
  assert.ok(
    report.notes.some((note) => note.includes('Rs 100.00 differ')),
    report.notes.join('\n'),
  )
  for (const _ of [1, 2]) assert.equal(await checkPaid(b.t.db, day, b.now()), 1)
  assert.deepEqual(
    (await open()).map(({ amount }) => amount),
    [10_000n],
    'told once',
  )
  // Its day comes to an end before its journal: found by the line all the same.
  await b.t
    .db`update compensation set days = 2, amount = 20000, paid_at = paid_at - interval '1 day' where compensation_id = ${id}::uuid`
  assert.deepEqual([await checkPaid(b.t.db, day, b.now()), await checkPaid(b.t.db, addDays(day, -1), b.now())], [0, 0])
})

test('the line of compensation in a statement is the sum of the lines of its report, ours less theirs; else a break', async () => {
  const [ours, theirs] = [
    b.adjustment({ rrn: '633109000001', amountPaise: 1n }, 'RET', { compensationPaise: paise(30_000n) }),
    b.adjustment({ rrn: '633109000002', amountPaise: 1n, direction: 'inward' }, 'TCC', {
      compensationPaise: paise(10_000n),
    }),
  ]
  assert.equal(reportedNet([ours, theirs], 'TRN'), 20_000n)
  const cycle = b.cycle(9, addDays(T, 20))
  const found = () => b.t.db<{ amount: bigint; institution: string }[]>`
    select amount, institution from break where kind = 'B22' and detail like ${`%${cycle.settlementDate}/9: the statement has%`}`
  await checkStatement(b.deps, cycle, 20_000n, [ours, theirs])
  await checkStatement(b.deps, cycle, undefined, [ours])
  assert.equal((await found()).length, 0)
  for (const _ of [1, 2]) await checkStatement(b.deps, cycle, 20_001n, [ours, theirs])
  assert.deepEqual([...(await found())], [{ amount: 1n, institution: 'TRN' }])
})
