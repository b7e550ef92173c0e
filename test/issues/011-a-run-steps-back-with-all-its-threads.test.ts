import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { systemClock } from '../../src/base/clock.ts'
import { must } from '../../src/base/identifiers.ts'
import { defaultCycles, findCycle } from '../../src/imps/cycles.ts'
import { sealArchive } from '../../src/settlement/match/archive-store.ts'
import { ruleVersion } from '../../src/settlement/match/break-types.ts'
import { createRunProcesses } from '../../src/settlement/match/run-process.ts'
import { claimRun } from '../../src/settlement/match/run-store.ts'
import { openTestDatabase } from '../support/database.ts'
import { runJobOf } from '../support/run-job.ts'
import { writeThreeBooks } from '../support/three-books.ts'
import { testVault } from '../support/vault.ts'

const { db, url } = await openTestDatabase()
const folder = mkdtempSync(join(tmpdir(), 'turant-nice-'))
after(() => rmSync(folder, { recursive: true, force: true }))
const cycle = must(findCycle(defaultCycles, { settlementDate: '2026-11-27', number: '5' }), 'cycle')

type Standing = { readonly nice: number; readonly policy: number }

/** `SCHED_IDLE`, see sched(7). */
const IDLE = 5

/** Where each thread stands of the processes that this one started to run `script`: fields 19 and 41 of proc_pid_stat(5). */
function threadsOf(script: string): Standing[] {
  const standing: Standing[] = []
  for (const pid of readdirSync('/proc').filter((name) => /^[0-9]+$/.test(name))) {
    const [, parent] = fieldsOf(`/proc/${pid}`)
    if (Number(parent) !== process.pid || !readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(script)) continue
    for (const thread of readdirSync(`/proc/${pid}/task`)) {
      const fields = fieldsOf(`/proc/${pid}/task/${thread}`)
      standing.push({ nice: Number(fields[16]), policy: Number(fields[38]) })
    }
  }
  return standing
}

/** What stands in `stat` after the name: state, parent, … */
function fieldsOf(path: string): string[] {
  try {
    const stat = readFileSync(`${path}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  } catch {
    return [] // it has ended
  }
}

test('every thread of the process of a run stands behind those that pay, the ones of the runtime too', {
  skip: process.platform !== 'linux',
}, async () => {
  const seal = sealArchive(testVault, systemClock.now)
  let seen: Standing[] = []
  const runs = createRunProcesses(url, async (tenantId, id, text) => {
    seen = threadsOf('run-child.ts')
    return seal(tenantId, id, text)
  })
  const books = await writeThreeBooks(folder, { rows: 2_000, each: 1, seed: 7 })
  const { run } = await claimRun(
    db,
    { id: `run_019b${'0'.repeat(28)}`, tenantId: 1, institution: 'NICE', cycle, ruleVersion, startedBy: 'test' },
    systemClock.now(),
  )
  await runs.execute(
    runJobOf(run, books, {
      archives: join(folder, 'archives'),
      limits: { threads: 1, memoryMb: 300, folder: join(folder, 'work'), unmatched: 10_000 },
    }),
  )
  assert.ok(seen.length >= 8, `${seen.length} threads`)
  const hasChrt = spawnSync('chrt', ['--version'], { env: {} }).status === 0
  for (const one of seen) assert.deepEqual(one, { nice: 19, policy: hasChrt ? IDLE : 0 })
})
