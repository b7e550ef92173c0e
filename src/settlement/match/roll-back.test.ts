import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { openTestDatabase } from '../../../test/support/database.ts'
import { keyOf, startRealServer } from '../../../test/support/real-server.ts'
import { startSettledHub } from '../../../test/support/settled-hub.ts'
import { paise } from '../../base/money.ts'
import { createPool } from '../../db/pool.ts'
import { roles } from '../../identity/rights.ts'
import { cycleEvents } from '../books/reverse.ts'

// A run is taken back with its journals over HTTP, and the next one books the cycle anew: the books come to the same, to the paisa, with every
// posting of the first time and its reversal still in them.

const { db, url } = await openTestDatabase()
const doors = createPool(url, { connections: 4, indexOnly: true, name: 'turant doors' })
after(() => doors.end({ timeout: 1 }))
const t = await startSettledHub({ db, doors })
const real = await startRealServer(
  db,
  t.hub.room,
  [{ tenantId: 1, name: 'operator', rights: roles.operations }],
  t.hub.http.matching === undefined
    ? {
        matching: {
          clock: t.clock,
          cycles: t.profile.cycles,
          begin: () => Promise.reject(new Error('nothing begins here')),
        },
      }
    : {},
)
after(async () => {
  await real.server.close()
  await t.stop()
})

const MINUTE_MS = 60_000
const rollBack = (id: string, journals: boolean) =>
  t.still(real.call('post', `/v1/reconciliation-runs/${id}/roll-back`, keyOf(1, 'operator'), { journals }))
const liveRun = async (cycle: string): Promise<string> => {
  const [row] = await t.still(db<{ id: string }[]>`
    select replace(run_id::text, '-', '') as id from recon_run where institution = 'TRN' and settled_on::text || '/' || cycle = ${cycle} and state = 'matched'`)
  return `run_${row?.id}`
}
/** What every account has, and what its entries and those of each kind come to. */
const books = async (): Promise<string[]> =>
  (
    await t.still(db<{ line: string }[]>`
      select 'account ' || a.account_id || ' has ' || a.balance || ', its entries ' || coalesce(sum(e.amount), 0) as line
      from account a left join entry e on e.lane = a.lane and e.account_id = a.account_id group by a.lane, a.account_id, a.balance
      having a.balance <> 0 or coalesce(sum(e.amount), 0) <> 0
      union all
      select 'account ' || account_id || ' ' || kind || ' ' || sum(amount) from entry group by account_id, kind having sum(amount) <> 0
      union all
      select 'settled ' || side || ' ' || status || ' ' || coalesce(lane, -1) || ' ' || over_amount || ' ' || s.count || ' ' || s.amount
      from recon_settled s join recon_run r using (run_id) where r.state = 'matched'
      order by 1`)
  ).map(({ line }) => line)
type Booked = { event: string; occurrence: number; legs: string }
const journalsOf = (cycle: string): Promise<Booked[]> =>
  t.still(db<Booked[]>`
    select j.event, j.occurrence, coalesce(string_agg(e.account_id || ':' || e.amount, ' ' order by e.account_id), '') as legs
    from journal j left join entry e on e.journal_id = j.journal_id and e.kind not in ('opening', 'hold', 'void', 'credit', 'return')
    where j.transfer_key = ${`cycle:TRN/${cycle}`} group by 1, 2 order by 1, 2`)
const turned = (legs: string): string =>
  legs.replace(/:(-?)/g, (_all, minus: string) => (minus === '-' ? ':' : ':-')).replace(/:-0\b/g, ':0')

test('with its journals: balances and postings are as before the cycle, and after the next run as after the first, again and again', async () => {
  const accounts = [await t.open(10_000_000n), await t.open(10_000_000n)]
  for (const { id } of accounts) for (const amount of [150_000, 2_600_000]) await t.pay(id, amount)
  const [{ ifsc, accountNumber } = assert.fail()] = accounts
  assert.ok(t.simulator.inward({ amountPaise: paise(70_000n), to: { kind: 'account', ifsc, account: accountNumber } }))
  await t.moveTo(t.clock.now() + 3 * MINUTE_MS)
  const before = await books()
  const { cycle } = await t.cut()
  const name = `${cycle.settlementDate}/${cycle.number}`
  assert.deepEqual(
    (await t.settle()).map(({ outcome }) => outcome),
    ['done'],
  )
  const booked = await books()
  assert.notDeepEqual(booked, before)
  const [first] = [await journalsOf(name)]
  assert.deepEqual(
    first.map(({ event }) => event),
    [...cycleEvents].sort(),
  )
  for (const round of [1, 2]) {
    const run = await liveRun(name)
    const refused = await rollBack(run, false)
    assert.deepEqual([refused.status, refused.body.type], [409, '/problems/run_not_rolled_back'])
    assert.deepEqual(await books(), booked, 'without its journals nothing is taken back')
    const back = await rollBack(run, true)
    assert.deepEqual([back.status, back.body.state], [200, 'rolled_back'], JSON.stringify(back.body))
    assert.deepEqual(await books(), before, 'taken back, it never was')
    assert.deepEqual(
      (await t.settle()).map(({ outcome }) => outcome),
      ['done'],
    )
    assert.notEqual(await liveRun(name), run, 'another run')
    assert.deepEqual(await books(), booked, 'and booked again, it is the same')
    // The first time stays in the journal, and its reversal beside it, each as often as it was taken back.
    const all = await journalsOf(name)
    assert.equal(all.length, cycleEvents.length * (2 * round + 1))
    for (const { event, legs } of first) {
      const own = all.filter((one) => one.event === event)
      assert.deepEqual(
        own.map((one) => [one.occurrence, one.legs]),
        Array.from({ length: round + 1 }, (_, at) => [at + 1, legs]),
      )
      for (const one of all.filter((other) => other.event === `${event}_reversed`))
        assert.equal(one.legs, turned(legs), event)
    }
    assert.deepEqual(await t.wrongs(), [])
  }
  const acts = await t.still(db<{ count: number }[]>`
    select count(*)::integer as count from act where action = 'reconciliation.rolled_back'`)
  assert.equal(acts[0]?.count, 2)
})

test('a cycle that a later one was matched on, or that was acted on payment by payment, is refused as a whole: no journal is turned round', async () => {
  const account = await t.open(10_000_000n)
  await t.pay(account.id, 10_291) // deemed, and returned with the next report
  await t.moveTo(t.clock.now() + 3 * MINUTE_MS)
  const names: string[] = []
  for (const _ of [1, 2]) {
    const { cycle } = await t.cut()
    await t.settle()
    names.push(`${cycle.settlementDate}/${cycle.number}`)
  }
  const [earlier = '', later = ''] = names
  const seen = async () => [await books(), await journalsOf(earlier), await journalsOf(later)]
  const was = await seen()
  for (const [name, why] of [
    [earlier, `Cycle ${later} was matched after it: take that back first.`],
    [later, 'It was acted on: journal adj:'],
  ] as const) {
    const { status, body } = await rollBack(await liveRun(name), true)
    assert.deepEqual([status, body.type], [409, '/problems/run_not_rolled_back'])
    assert.ok(body.detail.startsWith(why), body.detail)
    assert.deepEqual(await seen(), was)
  }
})
