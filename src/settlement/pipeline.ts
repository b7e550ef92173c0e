import { Stopped } from '../base/apart.ts'
import type { Cancel, Clock } from '../base/clock.ts'
import { faultOf, type Log } from '../base/log.ts'
import { type Db, isTransient } from '../db/pool.ts'
import { type Cycle, type CycleGrid, findCycle } from '../imps/cycles.ts'
import type { AdjustmentRow, NtslRow } from '../imps/files/rows.ts'
import { accrue, settleCompensation } from './books/compensation.ts'
import { checkStatement } from './books/compensation-check.ts'
import { payDue } from './books/compensation-pay.ts'
import { type BooksDeps, drawConsequences } from './books/consequences.ts'
import { warnDuties } from './books/duties.ts'
import type { CycleFindings, CycleOfBank } from './books/findings.ts'
import { finishFound } from './books/found.ts'
import { applyConfirmations, isConfirmation, retryStuck } from './books/returns.ts'
import { type FootTotals, settleCycle } from './books/settle.ts'
import { BROKEN_OFF, MISSING } from './match/run-store.ts'
import { type CycleFault, clearFault, findFaults, noteFault, tryAgainAt } from './pipeline-faults.ts'
import { type Candidate, findCandidates, findSteps, markStep, steps, withBank } from './pipeline-store.ts'

/**
 * settlement: what NPCI says happened, and what follows. This file promises that a cycle whose files are here is matched, booked and acted
 * on in that order, once, one cycle after another; that each step is safe to do again, and that after a stop it goes on from what the rows
 * say. No clock decides money here: files do.
 */

/** A run of the match, as far as this room is concerned. */
export type MatchedRun = {
  readonly id: string
  readonly institution: string
  readonly state: 'running' | 'held' | 'matched' | 'failed' | 'rolled_back'
  /** Why it failed, in words that quote no row; null: it did not. */
  readonly failure: string | null
}

/** A match that could not be carried out, though nobody broke it off: its cycle is tried again as one whose step throws. */
class MatchFailed extends Error {
  override readonly name = 'MatchFailed'
}

export type PipelineDeps = {
  readonly db: Db
  readonly clock: Clock
  readonly log: Pick<Log, 'info' | 'warn' | 'error'>
  readonly cycles: readonly CycleGrid[]
  readonly books: BooksDeps
  /** Matches a cycle, or says which run has. */
  readonly match: (request: {
    readonly tenantId: number
    readonly institution: string
    readonly cycle: Cycle
    readonly startedBy: string
  }) => Promise<MatchedRun>
  /** What the match of a cycle found. */
  readonly readFindings: (cycle: CycleOfBank) => Promise<CycleFindings | undefined>
  /** The lines of the statement of a cycle, and of its report of adjustments. */
  readonly readStatement: (
    cycle: CycleOfBank,
  ) => Promise<{ readonly rows: readonly NtslRow[]; readonly totals: FootTotals }>
  readonly readReport: (cycle: CycleOfBank) => Promise<readonly AdjustmentRow[]>
  /** Lines of a report that are disputes', in its order. */
  readonly applyDisputes: (cycle: CycleOfBank, lines: readonly AdjustmentRow[]) => Promise<unknown>
  /** Makes files of what waits to be said to NPCI, and hands over those that people have let go. */
  readonly upload?: (institution: string) => Promise<unknown>
  /** What NPCI takes for a fee may differ from ours by so much. */
  readonly tolerancePaise: bigint
  readonly crashPoint?: (name: PipelineCrashPoint) => void
}

export type PipelineCrashPoint = `pipeline:${'matched' | 'settled' | 'acted' | 'adjusted'}`

/** What became of one cycle in a sweep. */
export type SweptCycle = {
  readonly cycle: CycleOfBank
  readonly outcome:
    | 'done'
    | 'waiting' // files are missing, and may still come
    | 'incomplete' // files are missing, and are late: people are told elsewhere
    | 'held' // files and statement differ: people decide
    | 'failed' // the match was broken off, or waits for the core's file; it is begun again
    | 'retrying' // a step threw, or the match failed; later again
    | 'aside' // the same each time; people look, and ask that it is tried again
    | 'behind' // all but its report, which waits for that of an earlier cycle that throws
}

/** After the end of its cycle a file is missing. @source settlement.md §7.3 B29 */
const FILES_DUE_MS = 30 * 60_000
/** The core's file is looked for again after so long: a core that is late is nobody's fault here, and is waited for however long it takes. */
const LOOK_AGAIN_MS = 10 * 60_000
/** Cycles in one sweep at most; the rest has the next one. As many as 45 days have, so that those put aside leave room for the others. */
const MAX_CYCLES = 450

/**
 * Takes an institution's cycles as far as their files allow, the earliest first: a later one waits for an earlier one whose files may
 * still come. One whose steps throw is tried again later, and put aside when it throws each time: later ones are matched and booked
 * meanwhile, as each has its own files and journals, and only their reports wait for its report, since the order of reports decides what
 * becomes of disputes. Then what no file brings: money that waits for an account, and the compensation of another day.
 * @returns undefined when another process is at it
 * @throws when the database is away; the next sweep goes on from the rows
 */
export function settleBank(deps: PipelineDeps, institution: string): Promise<readonly SweptCycle[] | undefined> {
  return withBank(deps.db, institution, async () => {
    await warnDuties({ db: deps.db, clock: deps.clock, log: deps.log }, institution)
    const swept: SweptCycle[] = []
    const faults = await findFaults(deps.db, institution)
    let isBehind = false
    for (const candidate of await findCandidates(deps.db, institution, MAX_CYCLES)) {
      const { settlementDate, number } = candidate
      const cycle = { institution, settlementDate, number }
      const outcome = await tryCycle(deps, cycle, candidate, isBehind, faults.get(`${settlementDate}/${number}`))
      swept.push({ cycle, outcome })
      if (outcome === 'waiting') break
      if (outcome === 'retrying' || outcome === 'aside') isBehind = true
    }
    await retryStuck(deps.books, institution)
    await finishFound(deps.books, institution)
    await accrue(deps.books, institution)
    await payDue(deps.books, institution)
    await deps.upload?.(institution)
    return swept
  })
}

/** Takes a cycle on, unless it threw and its time has not come; what it throws now is written down, and holds up nobody else. */
async function tryCycle(
  deps: PipelineDeps,
  cycle: CycleOfBank,
  candidate: Candidate,
  isBehind: boolean,
  fault: CycleFault | undefined,
): Promise<SweptCycle['outcome']> {
  const { db, clock, log } = deps
  if (fault !== undefined) {
    if (fault.tryAt === null) return 'aside'
    if (clock.now() < fault.tryAt) return fault.reason.endsWith(MISSING) ? 'failed' : 'retrying'
  }
  try {
    const outcome = await takeCycle(deps, cycle, candidate, isBehind)
    if (fault !== undefined) await clearFault(db, cycle)
    return outcome
  } catch (error) {
    // The database, or this process: nothing that the cycle is to blame for.
    if (isTransient(error) || error instanceof Stopped) throw error
    const tries = (fault?.tries ?? 0) + 1
    const [now, done] = [clock.now(), await findSteps(db, cycle)]
    const step = steps.find((one) => !done.has(one)) ?? 'adjustments'
    const reason = error instanceof MatchFailed ? error.message : faultOf(error)
    const waits = error instanceof MatchFailed && reason.endsWith(MISSING)
    const tryAt = waits ? now + LOOK_AGAIN_MS : tryAgainAt(tries, now)
    await noteFault(db, cycle, { step, tries, reason, failedAt: now, tryAt })
    const about = {
      institution: cycle.institution,
      cycle: `${cycle.settlementDate}/${cycle.number}`,
      tries,
      err: error,
    }
    if (tryAt === null) log.error(about, 'a cycle is put aside: it throws each time')
    else log.warn(about, waits ? 'a cycle waits for a file' : 'a cycle throws; it is tried again')
    return tryAt === null ? 'aside' : waits ? 'failed' : 'retrying'
  }
}

async function takeCycle(
  deps: PipelineDeps,
  cycle: CycleOfBank,
  { tenantId, toAt, complete, adjustments }: Candidate,
  isBehind: boolean,
): Promise<SweptCycle['outcome']> {
  const { db, clock, crashPoint } = deps
  const { institution, settlementDate, number } = cycle
  const window = findCycle(deps.cycles, cycle)
  if (window === undefined) throw new Error(`the grid has no cycle ${settlementDate}/${number}`)
  const done = await findSteps(db, cycle)
  const hasPayments = window.carries !== 'disputes'
  if (hasPayments && !done.has('consequences')) {
    const late = clock.now() >= toAt + FILES_DUE_MS
    if (!complete) return late ? 'incomplete' : 'waiting'
    const run = await matched(deps, cycle, window, tenantId, done.get('match')?.runId ?? null)
    if (run.state === 'failed' && run.failure !== BROKEN_OFF) throw new MatchFailed(run.failure ?? 'no reason')
    if (run.state !== 'matched') return run.state === 'running' ? 'waiting' : run.state === 'held' ? 'held' : 'failed'
    const findings = await deps.readFindings(cycle)
    // Rolled back this moment.
    if (findings === undefined) return 'waiting'
    if (!done.has('settle')) {
      const { rows: ntsl, totals } = await deps.readStatement(cycle)
      await settleCycle(db, { cycle, findings, ntsl, totals, tolerancePaise: deps.tolerancePaise, now: clock.now() })
      await settleCompensation(deps.books, cycle, totals.compensationPaise ?? 0n)
      crashPoint?.('pipeline:settled')
      await markStep(db, cycle, { step: 'settle', runId: run.id, detail: '' }, clock.now())
    }
    await drawConsequences(deps.books, cycle, findings.items)
    crashPoint?.('pipeline:acted')
    await markStep(db, cycle, { step: 'consequences', runId: run.id, detail: '' }, clock.now())
    const name = `${settlementDate}/${number}`
    deps.log.info({ institution, cycle: name }, 'a cycle is settled')
  }
  if (adjustments !== null && done.get('adjustments')?.detail !== adjustments) {
    if (isBehind) return 'behind'
    const lines = await deps.readReport(cycle)
    await applyConfirmations(deps.books, cycle, lines)
    await deps.applyDisputes(
      cycle,
      lines.filter((line) => !isConfirmation(line)),
    )
    const { totals } = await deps.readStatement(cycle)
    await checkStatement(deps.books, cycle, totals.compensationPaise, lines)
    crashPoint?.('pipeline:adjusted')
    await markStep(db, cycle, { step: 'adjustments', runId: null, detail: adjustments }, clock.now())
  }
  if (!hasPayments) await markStep(db, cycle, { step: 'consequences', runId: null, detail: '' }, clock.now())
  return 'done'
}

/** The run that holds for a cycle. */
async function matched(
  { db, clock, match, crashPoint }: PipelineDeps,
  cycle: CycleOfBank,
  window: Cycle,
  tenantId: number,
  runId: string | null,
): Promise<MatchedRun> {
  if (runId !== null) return { id: runId, institution: cycle.institution, state: 'matched', failure: null }
  const run = await match({ tenantId, institution: cycle.institution, cycle: window, startedBy: 'hub' })
  crashPoint?.('pipeline:matched')
  if (run.state === 'matched') await markStep(db, cycle, { step: 'match', runId: run.id, detail: '' }, clock.now())
  return run
}

/**
 * Sweeps the institutions one after another, every `everyMs` and when it is woken, until cancelled. What a sweep throws is logged: the
 * database was away, and the next one goes on.
 */
export function startSettling(
  deps: PipelineDeps,
  institutions: readonly string[],
  everyMs: number,
): { readonly wake: () => void; readonly stop: () => Promise<void> } {
  let stopped = false
  let woken = false
  let cancel: Cancel = () => undefined
  let running: Promise<void> | undefined
  const sweep = async (): Promise<void> => {
    for (const institution of institutions) {
      if (stopped) return
      try {
        await settleBank(deps, institution)
      } catch (error) {
        deps.log.error({ err: error, institution }, 'settlement stopped; the next sweep goes on')
      }
    }
  }
  const run = (): void => {
    cancel()
    if (stopped) return
    if (running !== undefined) {
      woken = true
      return
    }
    woken = false
    running = sweep().finally(() => {
      running = undefined
      if (stopped) return
      if (woken) run()
      else cancel = deps.clock.after(everyMs, run)
    })
  }
  cancel = deps.clock.after(0, run)
  return {
    wake: run,
    async stop() {
      stopped = true
      cancel()
      await running
    },
  }
}
