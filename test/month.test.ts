import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { Stopped } from '../src/base/apart.ts'
import { paise } from '../src/base/money.ts'
import { between, createSeededRandom } from '../src/base/random.ts'
import { createPool } from '../src/db/pool.ts'
import { inTransaction } from '../src/db/transaction.ts'
import { listUploads, releaseUpload } from '../src/settlement/books/upload-store.ts'
import { openTestDatabase } from './support/database.ts'
import { startSettledHub } from './support/settled-hub.ts'

// A month of a bank: ten cycles a day on a clock of ours. Payments that go well and badly, banks that answer late, disputes, an account that
// is frozen for days, days without payments, steps that are broken off, files that come twice, and the end of a month. Each evening every
// paisa is explained.

const DAYS = Number(process.env.TURANT_TEST_DAYS ?? 30)
const { db, url } = await openTestDatabase()
const doors = createPool(url, { connections: 4, indexOnly: true, name: 'turant doors' })
after(() => doors.end({ timeout: 1 }))
const random = createSeededRandom(20_261_127)
const crash = { in: Number.POSITIVE_INFINITY, seen: 0 }
const t = await startSettledHub(
  { db, doors },
  {
    habits: { seed: 11, tardy: 0.3, chargebacks: 0.3 },
    crashPoint: () => {
      crash.in -= 1
      if (crash.in !== 0) return
      crash.seen += 1
      throw new Stopped('broken off here')
    },
  },
)
after(() => t.stop())

const MINUTE_MS = 60_000
/** What the simulated banks do is told by the amount: paid, deemed, silent, declined. */
const amounts = [150_000, 250_100, 99_900, 2_600_000, 10_191, 10_291, 10_500, 10_600, 10_400, 10_900, 11_500] as const

/** Again until nothing breaks it off: what the next sweep does. */
async function settle(): Promise<void> {
  for (;;) {
    try {
      await t.settle()
      return
    } catch (error) {
      if (!(error instanceof Error) || error.message !== 'broken off here') throw error
    }
  }
}

test('a month ends with every paisa explained', { timeout: 300_000 }, async () => {
  const account = await t.open(1_000_000_000n)
  const frozen = await t.open(100_000_000n)
  const paid: string[] = []
  for (let day = 1; day <= DAYS; day += 1) {
    const isHoliday = day % 7 === 5
    if (day % 10 === 4) await t.still(db`update account set status = 'frozen' where account_id = ${frozen.id.slice(4)}`)
    if (day % 10 === 7) await t.still(db`update account set status = 'open' where account_id = ${frozen.id.slice(4)}`)
    for (let cycle = 1; cycle <= 10; cycle += 1) {
      const from = day % 10 >= 4 && day % 10 < 7 ? account : cycle % 3 === 0 ? frozen : account
      for (let made = isHoliday ? 9 : between(random, 0, 3); made < 3; made += 1) {
        const payment = await t.pay(from.id, amounts[between(random, 0, amounts.length - 1)] ?? 150_000)
        if (payment.rrn !== null) paid.push(payment.rrn)
      }
      if (!isHoliday && cycle % 4 === 0) {
        const to = { kind: 'account', ifsc: account.ifsc, account: account.accountNumber } as const
        t.simulator.inward({ amountPaise: paise(BigInt(between(random, 1, 40) * 10_000)), to })
      }
      if (day % 3 === 0 && cycle === 5) {
        const rrn = paid[between(random, 0, paid.length - 1)]
        if (rrn !== undefined) t.office.dispute({ rrn, flag: between(random, 0, 1) === 0 ? 'C' : 'BGGC' })
      }
      await t.moveTo(t.clock.now() + 3 * MINUTE_MS)
      await t.cut(day % 6 === 2 && cycle === 3 ? { errors: { repeatedFile: 1 }, seed: day } : {})
      if (between(random, 1, 8) === 1) crash.in = between(random, 1, 6)
      await settle()
      crash.in = Number.POSITIVE_INFINITY
    }
    // What could not be matched is tried again ten minutes later.
    await t.moveTo(t.clock.now() + 15 * MINUTE_MS)
    await settle()
    // Two people let go what waits.
    for (const file of await t.still(listUploads(db, ['TRN'], 'waiting', undefined, 50)))
      assert.ok(await t.still(inTransaction(db, (tx) => releaseUpload(tx, file.id, file.sha256, t.clock.now()))))
    await settle()
    assert.deepEqual(await t.wrongs(), [], `the evening of day ${day}`)
  }
  assert.ok(crash.seen > 0)
  // What is left for people is an account that takes no money, and a few differences about days.
  const open = await t.still(
    db<{ kind: string }[]>`select distinct kind from break where closed_at is null order by kind`,
  )
  assert.deepEqual(
    open.map(({ kind }) => kind).filter((kind) => kind !== 'B16' && kind !== 'B22'),
    [],
  )
})
