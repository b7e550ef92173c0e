import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { openTestDatabase } from '../../../test/support/database.ts'
import { runJobOf } from '../../../test/support/run-job.ts'
import { keyOf, type ThreeBooks, writeThreeBooks } from '../../../test/support/three-books.ts'
import { testVault } from '../../../test/support/vault.ts'
import { createVirtualClock } from '../../../test/support/virtual-clock.ts'
import { must } from '../../base/identifiers.ts'
import { inTransaction } from '../../db/transaction.ts'
import { defaultCycles, findCycle } from '../../imps/cycles.ts'
import { type SealArchive, sealArchive } from './archive-store.ts'
import { ruleVersion } from './break-types.ts'
import { executeRun, type RunJob } from './execute.ts'
import { exportRun } from './export-run.ts'
import { TooManyUnmatched } from './groups.ts'
import { rollBackRun } from './roll-back.ts'
import type { ReconRun } from './rows.ts'
import { claimRun, findLiveRun, findRun } from './run-store.ts'

const { db } = await openTestDatabase()
const folder = mkdtempSync(join(tmpdir(), 'turant-match-'))
after(() => rmSync(folder, { recursive: true, force: true }))
const cycle = must(findCycle(defaultCycles, { settlementDate: '2026-11-27', number: '5' }), 'cycle')
const clock = createVirtualClock(cycle.toAt + 600_000)

const seal: SealArchive = sealArchive(testVault, () => clock.now())

let made = 0
async function begin(institution: string): Promise<ReconRun> {
  made += 1
  const id = `run_${String(made).padStart(32, 'a')}`
  const claimed = await claimRun(
    db,
    { id, tenantId: 1, institution, cycle, ruleVersion, startedBy: 'test' },
    clock.now(),
  )
  assert.equal(claimed.kind, 'claimed')
  return claimed.run
}

const jobOf = (run: ReconRun, books: ThreeBooks, more: Partial<RunJob> = {}): RunJob => ({
  ...runJobOf(run, books, { archives: null, limits: { threads: 1, memoryMb: 500, folder, unmatched: 100_000 } }),
  ...more,
})

type Found = { type: string; direction: string; rrn: string; nbin: string }
const breaksOf = async (run: ReconRun): Promise<string[]> => {
  const rows = await db<Found[]>`
    select type, direction, coalesce(rrn, '') as rrn, coalesce(nbin, '') as nbin from break where run_id = ${run.id.slice(4)}::uuid`
  return rows.map(keyOf).sort()
}

let written = 0
async function writeBooks(options: { rows: number; each: number; seed: number; order?: 'kept' | 'mixed' }) {
  written += 1
  const own = join(folder, `books-${written}`)
  mkdirSync(own)
  return writeThreeBooks(own, options)
}

// Goal: precision and recall of 1.0 per type. Method: what was injected by seed is exactly what lies in the table of breaks.
for (const seed of [1, 2, 3]) {
  test(`every break that was injected is found, and none is invented: seed ${seed}`, async () => {
    const books = await writeBooks({ rows: 3_000, each: 3, seed, order: 'mixed' })
    const run = await begin(`SEED${seed}`)
    assert.equal(await executeRun({ db, clock, seal }, jobOf(run, books)), 'matched')
    assert.deepEqual(await breaksOf(run), books.expected.map(keyOf).sort())
    const ended = must(await findRun(db, run.id), 'run')
    assert.deepEqual(
      ended.inputs.map(({ what, rows }) => [what, rows > 0 || what === 'ntsl']),
      [
        ['core', true],
        ['hub', true],
        ['raw_remitter', true],
        ['raw_beneficiary', true],
        ['ntsl', true],
      ],
    )
    assert.equal(
      ended.totals.every(({ agrees }) => agrees),
      true,
    )
  })
}

test('another order of the rows gives the same bytes; so does a roll-back and a second run', async () => {
  const [kept, mixed] = [
    await writeBooks({ rows: 2_000, each: 2, seed: 9 }),
    await writeBooks({ rows: 2_000, each: 2, seed: 9, order: 'mixed' }),
  ]
  const one = await begin('SAME')
  await executeRun({ db, clock, seal }, jobOf(one, kept))
  const said = await exportRun(db, one.id)
  const back = await inTransaction(db, (tx) => rollBackRun(tx, ['SAME'], one.id, 'somebody', clock.now()))
  assert.equal(back.kind, 'rolled_back')
  assert.equal((await breaksOf(one)).length, 0)
  const two = await begin('SAME')
  await executeRun({ db, clock, seal }, jobOf(two, mixed))
  assert.equal(await exportRun(db, two.id), said)
})

test('where the statement says otherwise nothing is matched, and the difference is a break', async () => {
  const books = await writeBooks({ rows: 200, each: 1, seed: 4 })
  const run = await begin('HELD')
  const ntsl = books.ntsl.map((line, index) => (index === 0 ? { ...line, count: line.count + 1 } : line))
  assert.equal(await executeRun({ db, clock, seal }, jobOf(run, books, { ntsl })), 'held')
  assert.deepEqual(await breaksOf(run), ['B14 outward  '])
})

test('too many rows that do not match are a wrong file: nothing is written', async () => {
  const books = await writeBooks({ rows: 200, each: 2, seed: 5 })
  const run = await begin('MANY')
  const job = jobOf(run, books)
  await assert.rejects(
    executeRun({ db, clock, seal }, { ...job, limits: { ...job.limits, unmatched: 20 } }),
    TooManyUnmatched,
  )
  assert.equal((await breaksOf(run)).length, 0)
})

for (const at of ['match:loading', 'match:loaded', 'match:writing', 'match:written']) {
  test(`broken off at ${at}, a run has left nothing, and the next one is whole`, async () => {
    const books = await writeBooks({ rows: 200, each: 1, seed: 6 })
    const bank = `DIED${at.slice(6)}`
    const run = await begin(bank)
    const crashPoint = (name: string): void => {
      if (name === at) throw new Error('killed')
    }
    await assert.rejects(executeRun({ db, clock, seal, crashPoint }, jobOf(run, books)), /killed/)
    assert.equal((await breaksOf(run)).length, 0)
    assert.equal((await findLiveRun(db, bank, cycle))?.state, 'running')
    clock.advance(61_000)
    const next = await begin(bank)
    await executeRun({ db, clock, seal }, jobOf(next, books))
    assert.deepEqual(await breaksOf(next), books.expected.map(keyOf).sort())
    assert.deepEqual(
      readdirSync(folder).filter((name) => name.startsWith('run_')),
      [],
    )
  })
}
