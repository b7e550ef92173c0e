import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openTestDatabase } from '../../../test/support/database.ts'
import { plainRow } from '../../../test/support/match-rows.ts'
import { must } from '../../base/identifiers.ts'
import { inTransaction } from '../../db/transaction.ts'
import { type Cycle, defaultCycles, findCycle, nextCycle } from '../../imps/cycles.ts'
import { ruleVersion } from './break-types.ts'
import { exportRun } from './export-run.ts'
import { matchRows } from './match.ts'
import { outcomeOf } from './outcome.ts'
import { rollBackRun } from './roll-back.ts'
import type { MatchRow, ReconRun } from './rows.ts'
import { beatRun, claimRun, findLiveRun, finishRun, listRuns } from './run-store.ts'
import { controlTotals } from './totals.ts'

const { db } = await openTestDatabase()
const cycle5 = must(findCycle(defaultCycles, { settlementDate: '2026-11-27', number: '5' }), 'cycle')
const cycle6 = nextCycle(defaultCycles, cycle5)
const NOW = cycle5.toAt + 600_000
const BANKS = ['TRNT', 'WAIT', 'ACTS']

let made = 0
const begin = async (cycle: Cycle, institution = 'TRNT', now = NOW) => {
  made += 1
  const id = `run_${String(made).padStart(32, '0')}`
  return claimRun(db, { id, tenantId: 1, institution, cycle, ruleVersion, startedBy: 'test' }, now)
}

async function finish(run: ReconRun, cycle: Cycle, rows: readonly MatchRow[], now = NOW): Promise<boolean> {
  const matched = matchRows({ rows, toAt: cycle.toAt, children: new Map() })
  const residue = { settled: [], paid: 0, unpaid: 0 }
  const outcome = outcomeOf({
    institution: run.institution,
    cycle,
    grids: defaultCycles,
    slabs: [0n],
    residue,
    matched,
    aboutCycle: [],
  })
  const totals = controlTotals(outcome.settled, [])
  return inTransaction(db, (tx) => finishRun(tx, run, { state: 'matched', inputs: [], totals, outcome }, now))
}

const row = (
  source: MatchRow['source'],
  status: MatchRow['status'],
  rrn: string,
  more: Partial<MatchRow> = {},
): MatchRow => ({
  ...plainRow,
  source,
  status,
  rrn,
  ...more,
})
const first = [
  row('core', 'S', '633109000001'),
  row('hub', 'S', '633109000001', { ref: 'pay_0123456789abcdef0123456789abcd01' }),
  row('core', 'S', '633109000002'),
  row('hub', 'P', '633109000002', { ref: 'pay_0123456789abcdef0123456789abcd02' }),
  row('raw', 'F', '633109000002', { responseCode: '51' }),
  row('raw', '00', '633109000003'),
]
const carried = first.slice(0, 2).map((one): MatchRow => ({ ...one, origin: 'carried', missed: 1 }))

const everything = async (): Promise<string> => {
  const rows = await db`select to_jsonb(b) as line from break b order by break_id`
  const more =
    await db`select count(*)::int from recon_item union all select count(*)::int from recon_settled union all select count(*)::int from recon_mark`
  return JSON.stringify([rows, more])
}

test('a cycle is matched once: whoever comes second is given the run of the first', async () => {
  const one = await begin(cycle5, 'ONCE')
  const other = await begin(cycle5, 'ONCE')
  assert.deepEqual([one.kind, other.kind, other.run.id], ['claimed', 'taken', one.run.id])
})

test('a run that was killed has left nothing, and the next one starts clean', async () => {
  const killed = await begin(cycle5, 'DEAD')
  await beatRun(db, killed.run.id, 'match', 50, NOW)
  const early = await begin(cycle5, 'DEAD', NOW + 59_000)
  assert.equal(early.kind, 'taken')
  const next = await begin(cycle5, 'DEAD', NOW + 61_000)
  assert.equal(next.kind, 'claimed')
  assert.equal(await beatRun(db, killed.run.id, 'write', 90, NOW + 62_000), false)
  assert.equal(await finish(killed.run, cycle5, first), false)
  assert.deepEqual([...(await db`select from break where institution = 'DEAD'`)], [])
  const [latest, before] = await listRuns(db, ['DEAD'], {}, undefined, 5)
  assert.deepEqual([latest?.state, before?.state, before?.failure], ['running', 'failed', 'broken off'])
})

test('run, roll back, run again: between them nothing is left, and both are equal to the byte', async () => {
  const before = await everything()
  const one = await begin(cycle5)
  assert.equal(await finish(one.run, cycle5, first), true)
  const said = await exportRun(db, one.run.id)
  assert.match(said, /B05/)
  assert.match(said, /B06/)
  assert.match(said, /carried/)
  const back = await inTransaction(db, (tx) => rollBackRun(tx, BANKS, one.run.id, 'somebody', NOW))
  assert.equal(back.kind, 'rolled_back')
  assert.equal(await everything(), before)
  assert.equal(await findLiveRun(db, 'TRNT', cycle5), undefined)
  const two = await begin(cycle5, 'TRNT', NOW + 5_000)
  assert.equal(await finish(two.run, cycle5, [...first].reverse(), NOW + 6_000), true)
  assert.equal(await exportRun(db, two.run.id), said)
})

test('what waited and is found in the next cycle waits again when that is taken back; an earlier cycle is taken back after it', async () => {
  const one = await begin(cycle5, 'WAIT')
  await finish(one.run, cycle5, first)
  const waiting = await everything()
  const two = await begin(cycle6, 'WAIT')
  await finish(two.run, cycle6, [...carried, row('raw', '00', '633109000001')])
  const [found] = await db`select state, resolution from break where institution = 'WAIT' and carried = 1`
  assert.deepEqual({ ...found }, { state: 'resolved', resolution: 'matched' })
  const early = await inTransaction(db, (tx) => rollBackRun(tx, BANKS, one.run.id, 'somebody', NOW))
  assert.deepEqual(early, { kind: 'later_run', cycle: '2026-11-27/6' })
  await inTransaction(db, (tx) => rollBackRun(tx, BANKS, two.run.id, 'somebody', NOW))
  assert.equal(await everything(), waiting)
  const missed = await begin(cycle6, 'WAIT')
  await finish(missed.run, cycle6, carried)
  const [still] = await db`select state, carried from break where institution = 'WAIT' and rrn = '633109000001'`
  assert.deepEqual({ ...still }, { state: 'carried', carried: 2 })
})

test('a run that the books have acted on stays, until their journal is reversed', async () => {
  const one = await begin(cycle5, 'ACTS')
  await finish(one.run, cycle5, first)
  const journal = (event: string) => db`
    insert into journal (journal_id, tenant_id, institution, transfer_key, event, rule_version, settled_on, cycle, at)
    values (gen_random_uuid(), 0, 'ACTS', 'cycle:ACTS/2026-11-27/5', ${event}, 'x', '2026-11-27', '5', now())`
  await journal('settled')
  const refused = await inTransaction(db, (tx) => rollBackRun(tx, BANKS, one.run.id, 'somebody', NOW))
  assert.deepEqual(refused, { kind: 'consequences', what: ['journal cycle:ACTS/2026-11-27/5 settled'] })
  await journal('settled_reversed')
  const back = await inTransaction(db, (tx) => rollBackRun(tx, BANKS, one.run.id, 'somebody', NOW))
  assert.equal(back.kind, 'rolled_back')
  const again = await inTransaction(db, (tx) => rollBackRun(tx, BANKS, one.run.id, 'somebody', NOW))
  assert.deepEqual(again, { kind: 'not_live', state: 'rolled_back' })
  assert.deepEqual(await inTransaction(db, (tx) => rollBackRun(tx, ['OTHR'], one.run.id, 'somebody', NOW)), {
    kind: 'unknown',
  })
})
