import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { openTestDatabase } from '../../test/support/database.ts'
import { startSettledHub } from '../../test/support/settled-hub.ts'
import { Stopped } from '../base/apart.ts'
import { createPool } from '../db/pool.ts'
import { formatCycle } from '../imps/cycles.ts'
import { BROKEN_OFF } from './match/run-store.ts'
import { type PipelineDeps, settleBank } from './pipeline.ts'
import { clearFault, countFaults, findBehind, findFaults, tryAgainAt } from './pipeline-faults.ts'

// A cycle that throws each time is put aside with its reason; later ones are booked meanwhile, and only their reports wait for its report.

const { db, url } = await openTestDatabase()
const doors = createPool(url, { connections: 4, indexOnly: true, name: 'turant doors' })
after(() => doors.end({ timeout: 1 }))
const t = await startSettledHub({ db, doors })
after(() => t.stop())

const MINUTE_MS = 60_000
/** The cycle whose match fails, with why. */
const unmatched = { cycle: '', failure: '', runs: 0 }
/** The cycle whose step throws, and how often it was taken on. */
const poison = { cycle: '', error: new Error('a row of Asha Devi, 50100123456789'), tries: 0 }
const throwing = (deps: PipelineDeps): PipelineDeps => ({
  ...deps,
  async match(request) {
    if (formatCycle(request.cycle) !== unmatched.cycle) return deps.match(request)
    unmatched.runs += 1
    return { id: `run_${unmatched.runs}`, institution: 'TRN', state: 'failed', failure: unmatched.failure }
  },
  async readFindings(cycle) {
    if (`${cycle.settlementDate}/${cycle.number}` !== poison.cycle) return deps.readFindings(cycle)
    poison.tries += 1
    throw poison.error
  },
})
const sweep = async (): Promise<string[]> =>
  ((await t.still(settleBank(throwing(t.settling.pipeline), 'TRN'))) ?? []).map(
    ({ cycle, outcome }) => `${cycle.settlementDate}/${cycle.number} ${outcome}`,
  )
const fault = async () => (await t.still(findFaults(db, 'TRN'))).get(poison.cycle)

test('the schedule: after 1, 5, 15 and 60 minutes, and then not by itself', () => {
  assert.deepEqual(
    [1, 2, 3, 4, 5, 6].map((tries) => tryAgainAt(tries, 0)),
    [1, 5, 15, 60].map<number | null>((minutes) => minutes * MINUTE_MS).concat([null, null]),
  )
})

test('a cycle that throws is tried five times, later each time, and put aside; the next ones are booked, their reports wait', async () => {
  const account = await t.open(100_000_000n)
  // Paid, and one that the simulated banks return with the report of the next cycle.
  for (const amount of [150_000, 10_291]) await t.pay(account.id, amount)
  await t.moveTo(t.clock.now() + 3 * MINUTE_MS)
  const first = formatCycle((await t.cut()).cycle)
  poison.cycle = first
  assert.deepEqual(await sweep(), [`${first} retrying`])
  await t.pay(account.id, 150_000)
  await t.moveTo(t.clock.now() + 0.5 * MINUTE_MS)
  const second = formatCycle((await t.cut()).cycle)
  assert.deepEqual(await sweep(), [`${first} retrying`, `${second} behind`])
  const settled = await t.still(db<{ cycle: string }[]>`
    select settled_on::text || '/' || cycle as cycle from pipeline_step where step = 'consequences' order by done_at`)
  assert.deepEqual([...settled], [{ cycle: second }], 'the later one is in the books')
  assert.deepEqual([...(await t.still(findBehind(db, 'TRN')))], [[second, first]])

  for (let again = (await fault())?.tryAt; again != null; again = (await fault())?.tryAt) {
    const before = poison.tries
    await t.moveTo(again - 1)
    await sweep()
    assert.equal(poison.tries, before, 'not before its time')
    await t.moveTo(again)
    const found = await sweep()
    assert.equal(poison.tries, before + 1)
    assert.deepEqual(found, [`${first} ${poison.tries === 5 ? 'aside' : 'retrying'}`, `${second} behind`])
  }
  const { step, tries, reason, tryAt } = (await fault()) ?? {}
  assert.deepEqual([step, tries, tryAt], ['settle', 5, null])
  assert.match(
    String(reason),
    /^Error at src\/settlement\/pipeline\.test\.ts:/,
    'what it is and where, never what it says',
  )
  assert.deepEqual([...(await t.still(countFaults(db)))], [{ institution: 'TRN', aside: true, count: 1 }])
  await t.moveTo(t.clock.now() + 600 * MINUTE_MS)
  await sweep()
  assert.equal(poison.tries, 5, 'aside is aside')

  // Put right, and asked for: it goes on from where it failed, and so does what waited for it.
  poison.cycle = ''
  assert.equal(
    await t.still(clearFault(db, { institution: 'TRN', settlementDate: first.slice(0, 10), number: first.slice(11) })),
    true,
  )
  assert.deepEqual(await sweep(), [`${first} done`, `${second} done`])
  assert.deepEqual([...(await t.still(countFaults(db)))], [])
  for (const _ of [1, 2]) {
    await t.cut()
    await sweep()
  }
  assert.equal(await t.balance(account.id), 100_000_000n - 300_000n, 'the return is with the customer')
  assert.deepEqual(await t.wrongs(), [])
})

test('a database that is away, or a hub that stops, is nobody’s fault: nothing is counted', async () => {
  const { cycle } = await t.cut()
  poison.cycle = formatCycle(cycle)
  for (const error of [Object.assign(new Error('gone'), { code: '57P01' }), new Stopped('stopping')]) {
    poison.error = error
    await assert.rejects(sweep, error)
    assert.equal(await fault(), undefined)
  }
  // One that goes right the second time leaves nothing behind.
  poison.error = new Error('once')
  await sweep()
  assert.equal((await fault())?.tries, 1)
  poison.cycle = ''
  await t.moveTo(t.clock.now() + MINUTE_MS)
  assert.deepEqual(await sweep(), [`${formatCycle(cycle)} done`])
  assert.equal((await t.still(findFaults(db, 'TRN'))).size, 0)
})

test('a match that fails each time is put aside after five runs, with its reason; one that was broken off is begun again at once', async () => {
  const { cycle } = await t.cut()
  poison.cycle = formatCycle(cycle)
  unmatched.cycle = poison.cycle
  unmatched.failure = BROKEN_OFF
  for (const _ of [1, 2]) assert.deepEqual(await sweep(), [`${poison.cycle} failed`])
  assert.equal(await fault(), undefined, 'nothing is wrong with its cycle')
  unmatched.failure = "the core's file TRN-2026-11-27-8.csv is missing"
  for (let tries = 1; tries <= 8; tries += 1) {
    assert.ok((await sweep()).includes(`${poison.cycle} failed`))
    const { tries: tried, reason, tryAt } = (await fault()) ?? {}
    assert.deepEqual([tried, reason], [tries, unmatched.failure], 'a core that is late is waited for, and said')
    await t.moveTo(tryAt ?? 0)
  }
  const known = { institution: 'TRN', settlementDate: cycle.settlementDate, number: cycle.number }
  await t.still(clearFault(db, known))
  unmatched.failure = 'more than 1,000,000 rows of the cycle have no partner'
  unmatched.runs = 0
  await sweep()
  for (let again = (await fault())?.tryAt; again != null; again = (await fault())?.tryAt) {
    await t.moveTo(again)
    await sweep()
  }
  const { step, tries, reason } = (await fault()) ?? {}
  assert.deepEqual([step, tries, reason, unmatched.runs], ['match', 5, unmatched.failure, 5])
  await t.moveTo(t.clock.now() + 600 * MINUTE_MS)
  await sweep()
  assert.equal(unmatched.runs, 5, 'no run more')
  assert.deepEqual([...(await t.still(countFaults(db)))], [{ institution: 'TRN', aside: true, count: 1 }])
  const asked = { institution: 'TRN', settlementDate: cycle.settlementDate, number: cycle.number }
  poison.cycle = ''
  unmatched.cycle = ''
  assert.equal(await t.still(clearFault(db, asked)), true)
  assert.ok((await sweep()).includes(`${formatCycle(cycle)} done`))
})
