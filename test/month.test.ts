import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { Stopped } from '../src/base/apart.ts'
import { paise } from '../src/base/money.ts'
import { between, createSeededRandom } from '../src/base/random.ts'
import { createPool } from '../src/db/pool.ts'
import { inTransaction } from '../src/db/transaction.ts'
import { listUploads, releaseUpload } from '../src/settlement/books/upload-store.ts'
import { noteGaps } from '../src/settlement/intake/gaps.ts'
import { openTestDatabase } from './support/database.ts'
import { startSettledHub } from './support/settled-hub.ts'

// A month of a bank: ten cycles a day on a clock of ours. Payments that go well and badly, banks that answer late, disputes of every family that
// another bank can raise, an account that is frozen for days, days without payments, steps that are broken off, files that come late, in half
// or twice, and the end of a month. Each evening every paisa is explained, and nothing is missing.

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

/** What a bank behind the switch raises of payments of ours, and of payments to us. @source settlement.md §4.1 */
const raisedByBeneficiary = ['C', 'BGGC'] as const
const raisedByRemitter = ['B', 'FB', 'FC', 'DFC', 'WP', 'DWC', 'RGGC'] as const
const gaps = { db, cycles: t.profile.cycles }

const openBreaks = (): Promise<{ kind: string; count: number }[]> =>
  t.still(db`select kind, count(*)::integer as count from break where closed_at is null group by kind order by kind`)

/** What may be left for people after the month, how many at most, and why: everything else is explained by the books alone. */
const left: Readonly<Record<string, readonly [most: number, why: string]>> = {
  B16: [DAYS, 'an account that takes no money: paid when it is open again, with the next sweep'],
  B18: [
    DAYS,
    'money came for a payment whose customer has it already: by good faith or a chargeback won, one dispute a day',
  ],
  B22: [DAYS, 'NPCI counts other days than the hub: the customer has what the hub counts, and people ask NPCI'],
  B30: [
    DAYS,
    'a dispute about a payment to us was lost, and who bears it is for people to decide; one is raised a day',
  ],
  B20: [DAYS, 'an answer that NPCI takes as given when nobody gives it: warned of, one dispute a day'],
}

/** Two people let go what waits. */
async function letGo(): Promise<void> {
  for (const file of await t.still(listUploads(db, ['TRN'], 'waiting', undefined, 50)))
    assert.ok(await t.still(inTransaction(db, (tx) => releaseUpload(tx, file.id, file.sha256, t.clock.now()))))
}

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

/** The end of a day. What could not be matched is tried again ten minutes later. */
async function evening(): Promise<void> {
  await t.moveTo(t.clock.now() + 15 * MINUTE_MS)
  await settle()
  await letGo()
  await settle()
  await t.still(noteGaps(gaps, 'TRN', t.clock.now()))
}

test('a month ends with every paisa explained', { timeout: 300_000 }, async () => {
  const account = await t.open(1_000_000_000n)
  const frozen = await t.open(100_000_000n)
  const [paid, come]: [string[], string[]] = [[], []]
  const raised = new Set<string>()
  let [missed, late] = [0, 0]
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
      if (!isHoliday && (cycle % 4 === 0 || cycle === 6)) {
        // What the hub answers is lost sometimes: NPCI counts such a payment as deemed, and the hub says that it was credited.
        const isLost = cycle === 6 && day % 4 === 2
        if (isLost) t.simulator.turn({ dropIn: 1 })
        const to = { kind: 'account', ifsc: account.ifsc, account: account.accountNumber } as const
        const order = t.simulator.inward({ amountPaise: paise(BigInt(between(random, 1, 40) * 10_000)), to })
        if (order !== undefined) come.push(order.sent.rrn)
        if (isLost) {
          await t.moveTo(t.clock.now() + 65 * MINUTE_MS)
          t.simulator.turn({ dropIn: 0 })
          await t.linked()
        }
      }
      if (cycle === 5 || cycle === 8) {
        const ours = cycle === 5
        // Those of today are in no file yet.
        const rrns = (ours ? paid : come).slice(0, -4)
        const flags = ours ? raisedByBeneficiary : raisedByRemitter
        const rrn = rrns[between(random, 0, rrns.length - 1)]
        const flag = flags[day % flags.length]
        if (rrn !== undefined && flag !== undefined && typeof t.office.dispute({ rrn, flag }) === 'object')
          raised.add(flag)
      }
      await t.moveTo(t.clock.now() + 3 * MINUTE_MS)
      await t.cut(
        day % 6 === 2 && cycle === 3 ? { errors: { repeatedFile: 1 }, seed: day } : {},
        day % 3 === 1 && cycle === 4 ? { how: day % 2 === 0 ? 'late' : 'half', which: day } : undefined,
      )
      if (day % 3 === 1 && cycle === 5) {
        // Past its half hour it is missing, and people are told; later cycles go on.
        await t.still(noteGaps(gaps, 'TRN', t.clock.now()))
        missed += (await openBreaks()).filter(({ kind }) => kind === 'B29').length
        late += await t.bring()
      }
      if (between(random, 1, 8) === 1) crash.in = between(random, 1, 6)
      await settle()
      crash.in = Number.POSITIVE_INFINITY
    }
    await evening()
    assert.deepEqual(await t.wrongs(), [], `the evening of day ${day}`)
  }
  assert.ok(crash.seen > 0)
  assert.deepEqual([missed > 0, late], [true, Math.ceil(DAYS / 3)])
  // What is under way on the last day is answered in the files of the days after, on which nobody pays.
  for (let cycle = 1; cycle <= 30; cycle += 1) {
    await t.cut()
    await settle()
    await letGo()
  }
  await evening()
  assert.deepEqual(await t.wrongs(), [], 'after the month')
  if (DAYS >= 7) assert.deepEqual([...raised].sort(), [...raisedByBeneficiary, ...raisedByRemitter].sort())
  for (const code of ['OUT-CLR', 'IN-CLR', 'RET-PAY'] as const) assert.equal(await t.total(code), 0n, code)
  // Money of disputes that are not over is what their rows say.
  const [disputes] = await t.still(
    db<{ held: bigint; taken: bigint }[]>`
      select coalesce(sum(held), 0)::bigint as held, coalesce(sum(receivable), 0)::bigint as taken from dispute`,
  )
  assert.deepEqual([await t.total('DSP-HELD'), -(await t.total('DSP-REC'))], [disputes?.held, disputes?.taken])
  // What is in suspense is what people are asked about: a second credit that came, less what a lost dispute took.
  const [asked] = await t.still(
    db<{ sum: bigint }[]>`
      select coalesce(sum(case kind when 'B30' then -amount else amount end), 0)::bigint as sum from break
      where closed_at is null and kind in ('B18', 'B30')`,
  )
  assert.equal((await t.total('SUSP-IN')) + (await t.total('SUSP-OUT')), asked?.sum)
  const open = await openBreaks()
  for (const { kind, count } of open) {
    const [most, why] = left[kind] ?? [0, 'nothing of this kind is left']
    assert.ok(count <= most, `${count} of ${kind} are open, ${most} at most: ${why}`)
  }
})
