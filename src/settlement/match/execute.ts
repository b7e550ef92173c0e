import { mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import type { Clock } from '../../base/clock.ts'
import { type Content, withPath } from '../../base/piped.ts'
import type { Db } from '../../db/pool.ts'
import { inTransaction } from '../../db/transaction.ts'
import { type CycleGrid, findCycle } from '../../imps/cycles.ts'
import type { Layout } from '../../imps/files/layout.ts'
import type { NtslRow } from '../../imps/files/rows.ts'
import { type LoadedFile, writeArchive } from './archive.ts'
import { archiveName, insertArchive, type NewArchive, type SealArchive } from './archive-store.ts'
import { readCarried } from './carried.ts'
import { type EngineLimits, withEngine } from './engine.ts'
import { createTables, findResidue, loadRows, rawSums } from './groups.ts'
import { type MatchOutcome, matchRows } from './match.ts'
import { outcomeOf } from './outcome.ts'
import { findOutside, type Numbers, ownRowsOf, type Single, writeOwnRows } from './own-rows.ts'
import type { MatchRow, ReconRun, RunInput } from './rows.ts'
import { beatRun, findRunning, finishRun, runKey } from './run-store.ts'
import { plainSource, rawSource } from './sources.ts'
import { controlTotals, totalBreaks } from './totals.ts'

/** What a run is made from. Plain data: it may be another process that does it. */
export type RunJob = {
  readonly run: ReconRun
  readonly grids: readonly CycleGrid[]
  readonly numbers: Numbers
  readonly raw: readonly RawInput[]
  /** Lines of the statement; null: the cycle has none. */
  readonly ntsl: readonly NtslRow[] | null
  readonly ntslInput: RunInput | null
  /** Amounts in paise above which a fee is another, from 0 on. */
  readonly slabs: readonly bigint[]
  /** The core's rows: what the hub's ledger posted, or a file in the plain form. */
  readonly core: 'ledger' | PlainInput
  /** The hub's rows: its payments, or a file. */
  readonly hub: 'payments' | PlainInput
  /** The folder of archives; null: none is made. */
  readonly archives: string | null
  readonly limits: EngineLimits & {
    /** Rows that may be left unmatched; more are a wrong file. */
    readonly unmatched: number
  }
}
export type RawInput = { readonly content: Content; readonly layout: Layout; readonly input: RunInput }
export type PlainInput = { readonly path: string; readonly input: RunInput }

export type ExecuteDeps = {
  readonly db: Db
  readonly clock: Clock
  /** Seals what opens the archive of a cycle's raw rows. */
  readonly seal: SealArchive
  /** Where a crash test stops the process. */
  readonly crashPoint?: (name: MatchCrashPoint) => void
}

/** `begun`: the run is claimed, and nobody carries it out yet; `written`: all of it is written, and the commit has not come. */
export type MatchCrashPoint = `match:${'begun' | 'loading' | 'loaded' | 'writing' | 'written'}`

/** Thrown when a run was taken for dead while it ran: it has written nothing, and must not. */
export class RunLost extends Error {
  override readonly name = 'RunLost'
}

/**
 * Carries a claimed run out: loads the three books, takes away what agrees, says what does not, and writes all of it in one commit.
 * Where the raw files do not come to what the statement says, nothing is matched: the run is `held`, and its breaks are the differences.
 * @returns the state it ended in
 * @throws {TooManyUnmatched} @throws {RunLost}
 */
export async function executeRun(deps: ExecuteDeps, job: RunJob): Promise<'matched' | 'held'> {
  const folder = join(job.limits.folder, job.run.id)
  await removeLeftOver(deps.db, job.limits.folder)
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true, mode: 0o700 })
  try {
    return await execute(deps, job, folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Folders of runs that were killed. */
async function removeLeftOver(db: Db, work: string): Promise<void> {
  const names = (await readdir(work).catch(() => [])).filter((name) => /^run_[0-9a-f]{32}$/.test(name))
  const running = await findRunning(db, names)
  for (const name of names) if (!running.has(name)) await rm(join(work, name), { recursive: true, force: true })
}

async function execute(deps: ExecuteDeps, job: RunJob, folder: string): Promise<'matched' | 'held'> {
  const { db, clock, crashPoint } = deps
  const { run, grids, numbers, limits } = job
  const { institution } = run
  const cycle = findCycle(grids, { settlementDate: run.settlementDate, number: run.cycle })
  if (cycle === undefined) throw new Error(`no cycle ${run.settlementDate}/${run.cycle}`)
  const beat = async (step: string, progress: number): Promise<void> => {
    if (!(await beatRun(db, run.id, step, progress, clock.now()))) throw new RunLost(run.id)
  }
  const paths = {
    hub: job.hub === 'payments' ? join(folder, 'hub.csv') : null,
    core: job.core === 'ledger' ? join(folder, 'core.csv') : null,
  }
  if (paths.hub !== null || paths.core !== null) await writeOwnRows(db, run, numbers, paths)
  await beat('load', 10)
  crashPoint?.('match:loading')

  return withEngine({ ...limits, threads: threadsOf(job), folder }, async (engine) => {
    const inputs = await load(engine, job, paths, folder, beat)
    crashPoint?.('match:loaded')
    const totals = controlTotals(await rawSums(engine), job.ntsl)
    const aboutCycle = totalBreaks(totals)
    const isHeld = aboutCycle.length > 0
    const { residue, matched } = isHeld ? nothing : await match(engine, job, db, beat)
    const outcome = outcomeOf({ institution, cycle, grids, slabs: job.slabs, residue, matched, aboutCycle })
    await beat('write', 90)
    crashPoint?.('match:writing')
    const archive = await keepRows(engine, deps, job, inputs)
    const state = isHeld ? 'held' : 'matched'
    const before = await inTransaction(db, async (tx) => {
      const now = clock.now()
      if (!(await finishRun(tx, run, { state, inputs, totals, outcome }, now))) throw new RunLost(run.id)
      const replaced = archive === undefined ? undefined : await insertArchive(tx, run, archive, now)
      crashPoint?.('match:written')
      return replaced
    })
    if (before !== undefined && job.archives !== null) await rm(join(job.archives, before), { force: true })
    return state
  })
}

/** Bytes of an archive at most: as many rows as a raw file may have, twice. */
const MOST_BYTES = 2 * 20_000_000 * 16

/** Writes down where each row of the raw files is. What a run that is killed leaves of it is written anew by the next one of its name. */
async function keepRows(
  engine: DuckDBConnection,
  { seal }: ExecuteDeps,
  { run, raw, archives }: RunJob,
  inputs: readonly RunInput[],
): Promise<NewArchive | undefined> {
  if (archives === null || raw.length === 0) return undefined
  await mkdir(archives, { recursive: true, mode: 0o700 })
  const archive = archiveName(run)
  const path = join(archives, archive)
  await rm(path, { force: true })
  const files = raw.map(
    ({ content, layout, input }): LoadedFile => ({
      content,
      fileId: input.fileId ?? '',
      direction: layout.kind === 'raw_remitter' ? 'outward' : 'inward',
      rows: inputs.find(({ what }) => what === input.what)?.rows ?? 0,
      skipped: layout.form.kind === 'csv' ? 1 : 0,
    }),
  )
  const { secret, rows, sha256 } = await writeArchive(engine, files, path, MOST_BYTES)
  return { archive, rows, sha256, sealed: await seal(run.tenantId, runKey(run.id), JSON.stringify(secret)) }
}

/** Rows of raw files that are one thread's work: a run that is quick anyhow leaves the other processors to those who pay. */
const PER_THREAD = 500_000

const threadsOf = ({ raw, limits }: RunJob): number =>
  Math.min(limits.threads, Math.max(1, Math.ceil(raw.reduce((sum, { input }) => sum + input.rows, 0) / PER_THREAD)))

const passes = { self: 0, exact: 0, relaxed: 0, fallback: 0, bulk: 0, carried: 0 } as const
const nothing = {
  residue: { settled: [], paid: 0, unpaid: 0 },
  matched: { breaks: [], items: [], settled: [], closed: [], passes } satisfies MatchOutcome,
} as const

type Beat = (step: string, progress: number) => Promise<void>

/** Loads the books. @returns what went in */
async function load(
  engine: DuckDBConnection,
  { core, hub, raw, ntslInput }: RunJob,
  paths: { readonly hub: string | null; readonly core: string | null },
  folder: string,
  beat: Beat,
): Promise<RunInput[]> {
  const books = [
    {
      source: plainSource('core', core === 'ledger' ? (paths.core ?? '') : core.path),
      input: core === 'ledger' ? own('core', 'ledger') : core.input,
    },
    {
      source: plainSource('hub', hub === 'payments' ? (paths.hub ?? '') : hub.path),
      input: hub === 'payments' ? own('hub', 'payments') : hub.input,
    },
  ]
  const all = [
    ...books.map(({ source, input }) => ({ input, rows: () => loadRows(engine, source) })),
    ...raw.map(({ content, layout, input }) => ({
      input,
      rows: () => withPath(content, folder, (path) => loadRows(engine, rawSource(layout, path))),
    })),
  ]
  await createTables(engine)
  const inputs: RunInput[] = []
  for (const [index, { input, rows }] of all.entries()) {
    inputs.push({ ...input, rows: await rows() })
    await beat('load', 10 + Math.round((40 * (index + 1)) / all.length))
  }
  return ntslInput === null ? inputs : [...inputs, ntslInput]
}

const own = (what: string, name: string): RunInput => ({ what, fileId: null, name, sha256: null, rows: 0 })

/**
 * What waits since earlier cycles, and what is of other cycles, is not loaded: a few rows that are never simply equal, so what agrees
 * without them agrees with them.
 */
async function match(engine: DuckDBConnection, job: RunJob, db: Db, beat: Beat) {
  const { run, slabs, limits, numbers, hub, core } = job
  const [ownHub, ownCore] = [hub === 'payments', core === 'ledger']
  const residue = await findResidue(engine, slabs, limits.unmatched, (share) =>
    beat('match', 50 + Math.round(35 * share)),
  )
  const carried = await readCarried(db, run.institution)
  const waiting = carried.flatMap(({ paymentId, missed }): Single[] =>
    paymentId === null ? [] : [{ paymentId, origin: 'carried', missed }],
  )
  const outside = ownHub
    ? await findOutside(db, run, lonely(residue.rows), new Set(waiting.map(({ paymentId }) => paymentId)))
    : []
  const singles = ownHub ? await ownRowsOf(db, run.institution, [...waiting, ...outside], numbers, ownCore) : []
  // As they were when they were missed, but for what the hub's tables say better now.
  const kept = carried.flatMap(({ paymentId, rows }) =>
    rows.filter(({ source }) => paymentId === null || !(source === 'hub' ? ownHub : ownCore)),
  )
  const rows = [...residue.rows, ...singles, ...kept]
  return { residue, matched: matchRows({ rows, toAt: run.toAt, children: residue.children }) }
}

/** RRNs that NPCI has and the hub has not. */
function lonely(rows: readonly MatchRow[]): string[] {
  const key = ({ direction, rrn }: MatchRow): string => `${direction} ${rrn}`
  const known = new Set(rows.filter(({ source }) => source === 'hub').map(key))
  return [...new Set(rows.filter((row) => row.source === 'raw' && !known.has(key(row))).map(({ rrn }) => rrn))].sort()
}
