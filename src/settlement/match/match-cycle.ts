import { Stopped } from '../../base/apart.ts'
import type { Clock } from '../../base/clock.ts'
import type { Log } from '../../base/log.ts'
import type { Db } from '../../db/pool.ts'
import type { Cycle, CycleGrid } from '../../imps/cycles.ts'
import { slabsOf } from '../../imps/fees.ts'
import { findFeeRates } from '../books/fee-store.ts'
import type { AcceptedFiles } from '../intake/accepted.ts'
import type { SettlementFile } from '../intake/file.ts'
import { readNtsl } from '../intake/line-store.ts'
import { ruleVersion } from './break-types.ts'
import type { EngineLimits } from './engine.ts'
import { type ExecuteDeps, executeRun, type PlainInput, type RunJob } from './execute.ts'
import { TooManyUnmatched } from './groups.ts'
import type { Numbers } from './own-rows.ts'
import type { ReconRun, RunInput } from './rows.ts'
import { BROKEN_OFF, claimRun, failRun, findRun, MISSING } from './run-store.ts'

export type MatchDeps = {
  readonly db: Db
  readonly clock: Clock
  readonly cycles: readonly CycleGrid[]
  readonly accepted: AcceptedFiles
  /** The numbers of banks, as of an institution. */
  readonly numbersOf: (institution: string) => Numbers
  readonly limits: EngineLimits & { readonly unmatched: number }
  /** The folder of archives of raw rows. */
  readonly archives: string | null
  /** 32 hex digits that sort by time. */
  readonly newId: () => string
  /** Carries a run out: in another process, so that payments do not wait for it, or in this one. */
  readonly execute: (job: RunJob) => Promise<unknown>
  /** The core's rows of a cycle where a core banking system brings them; undefined: they are what the hub's ledger posted. */
  readonly coreExtract?: (institution: string, cycle: Cycle) => Promise<PlainInput | undefined>
  readonly log?: Pick<Log, 'warn'>
  readonly crashPoint?: ExecuteDeps['crashPoint']
}

/** What is asked for: one cycle of an institution. */
export type MatchRequest = {
  readonly tenantId: number
  readonly institution: string
  readonly cycle: Cycle
  readonly startedBy: string
}

/** Carries runs out in this process. */
export const executeHere =
  (deps: ExecuteDeps) =>
  (job: RunJob): Promise<unknown> =>
    executeRun(deps, job)

/**
 * Matches a cycle, unless it is matched: then its run is the answer. Whoever comes while it runs is given the run as it is.
 * @returns the run when it has ended, or the one of somebody else
 * @throws nothing about the files: a run that could not be carried out is `failed` and says why
 */
export async function matchCycle(deps: MatchDeps, request: MatchRequest): Promise<ReconRun> {
  const begun = await beginMatch(deps, request)
  return begun.kind === 'taken' ? begun.run : begun.done
}

export type BegunMatch =
  | { readonly kind: 'taken'; readonly run: ReconRun }
  | { readonly kind: 'begun'; readonly run: ReconRun; readonly done: Promise<ReconRun> }

/** Claims a cycle and begins to match it: for whoever does not wait for the end. */
export async function beginMatch(deps: MatchDeps, request: MatchRequest): Promise<BegunMatch> {
  const { db, clock } = deps
  const claimed = await claimRun(db, { id: `run_${deps.newId()}`, ruleVersion, ...request }, clock.now())
  if (claimed.kind === 'taken') return { kind: 'taken', run: claimed.run }
  const { run } = claimed
  deps.crashPoint?.('match:begun')
  const done = carryOut(deps, request, run).then(async () => {
    const ended = await findRun(db, run.id)
    if (ended === undefined) throw new Error(`${run.id} is gone`)
    return ended
  })
  return { kind: 'begun', run, done }
}

async function carryOut(deps: MatchDeps, { institution, cycle }: MatchRequest, run: ReconRun): Promise<void> {
  const { db, clock, accepted } = deps
  try {
    const files = await accepted.ofCycle(institution, cycle)
    const raw = files.filter(({ kind }) => kind === 'raw_remitter' || kind === 'raw_beneficiary')
    if (raw.length < SIDES) throw new FilesMissing('a raw file of the cycle')
    const statement = files.find(({ kind }) => kind === 'ntsl')
    const core = await deps.coreExtract?.(institution, cycle)
    const job: Omit<RunJob, 'raw'> = {
      run,
      grids: deps.cycles,
      numbers: deps.numbersOf(institution),
      ntsl: statement === undefined ? null : (await readNtsl(db, statement.id)).rows,
      ntslInput: statement === undefined ? null : inputOf(statement),
      slabs: slabsOf(await findFeeRates(db)),
      core: core ?? 'ledger',
      hub: 'payments',
      archives: deps.archives,
      limits: deps.limits,
    }
    const contents = await Promise.all(
      raw.map(async (file) => ({ ...(await accepted.locate(file)), input: inputOf(file) })),
    )
    await deps.execute({ ...job, raw: contents })
  } catch (error) {
    deps.log?.warn({ error }, 'a reconciliation run failed')
    await failRun(db, run.id, whyOf(error), clock.now())
  }
}

/** The remitter file and the beneficiary file: without one of them all that it should say would be missing. */
const SIDES = 2

/** Nothing is matched with files that are not there. */
export class FilesMissing extends Error {
  override readonly name = 'FilesMissing'
  /** @param what  the file, as people call it */
  constructor(what: string) {
    super(`${what}${MISSING}`)
  }
}

const inputOf = ({ kind, id, name, sha256, rows }: SettlementFile): RunInput => ({
  what: kind ?? '',
  fileId: id,
  name,
  sha256,
  rows: rows ?? 0,
})

/** Words for a person. What DuckDB or PostgreSQL say of a failure may quote a row, so it is not shown. */
const whyOf = (error: unknown): string =>
  error instanceof Stopped
    ? BROKEN_OFF
    : error instanceof TooManyUnmatched || error instanceof FilesMissing
      ? error.message
      : error instanceof Error
        ? `${BROKEN_OFF}: ${error.name}`
        : `${BROKEN_OFF}: unknown`
