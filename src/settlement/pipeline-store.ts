import { toRfc3339 } from '../base/clock.ts'
import type { Db } from '../db/pool.ts'
import type { CycleOfBank } from './books/findings.ts'

/** Which steps of a cycle are done: where the pipeline goes on after a stop. */

export const steps = ['match', 'settle', 'consequences', 'adjustments'] as const
export type StepName = (typeof steps)[number]

/** `detail`: the run of the match, or the report whose lines were applied. */
export type DoneStep = { readonly step: StepName; readonly runId: string | null; readonly detail: string }

export async function findSteps(db: Db, cycle: CycleOfBank): Promise<Map<StepName, DoneStep>> {
  const rows = await db<{ step: StepName; run_id: string | null; detail: string }[]>`
    select step, run_id, detail from pipeline_step
    where institution = ${cycle.institution} and settled_on = ${cycle.settlementDate}::date and cycle = ${cycle.number}`
  return new Map(rows.map(({ step, run_id, detail }) => [step, { step, runId: run_id, detail }]))
}

/** Writes down that a step is done; of a report that came in place of another, that this one is. */
export async function markStep(db: Db, cycle: CycleOfBank, done: DoneStep, now: number): Promise<void> {
  await db`
    insert into pipeline_step (institution, settled_on, cycle, step, run_id, detail, done_at)
    values (${cycle.institution}, ${cycle.settlementDate}::date, ${cycle.number}, ${done.step}, ${done.runId}, ${done.detail},
            ${toRfc3339(now)}::timestamptz)
    on conflict (institution, settled_on, cycle, step)
      do update set run_id = excluded.run_id, detail = excluded.detail, done_at = excluded.done_at`
}

/** A cycle of which files are here, and which of them. */
export type Candidate = {
  readonly tenantId: number
  readonly settlementDate: string
  readonly number: string
  readonly toAt: number
  /** The report in use; null: it has none. */
  readonly adjustments: string | null
  /** Statement and raw files are here. */
  readonly complete: boolean
}

type CandidateRow = {
  tenant_id: number
  day: string
  cycle: string
  window_to: number
  adjustments: string | null
  kinds: number
}

/**
 * The cycles of an institution that have something to be done, the earliest first: those that are not booked, and those whose report of
 * adjustments has not been applied.
 */
export async function findCandidates(db: Db, institution: string, limit: number): Promise<Candidate[]> {
  const rows = await db<CandidateRow[]>`
    select c.tenant_id, c.settled_on::text as day, c.cycle, c.window_to, f.adjustments, f.kinds
    from settlement_cycle c
    left join lateral (
      select max(file_id::text) filter (where kind = 'adjustment') as adjustments,
             count(distinct kind) filter (where kind in ('ntsl', 'raw_remitter', 'raw_beneficiary'))::integer as kinds
      from settlement_file f where f.institution = c.institution and f.settled_on = c.settled_on and f.cycle = c.cycle and f.state = 'accepted'
    ) f on true
    where c.institution = ${institution}
      and (not exists (select from pipeline_step s where s.institution = c.institution and s.settled_on = c.settled_on
                         and s.cycle = c.cycle and s.step = 'consequences')
        or (f.adjustments is not null and not exists (
             select from pipeline_step s where s.institution = c.institution and s.settled_on = c.settled_on and s.cycle = c.cycle
               and s.step = 'adjustments' and s.detail = 'fil_' || replace(f.adjustments, '-', ''))))
    order by c.window_to, c.cycle limit ${limit}`
  return rows.map((row) => ({
    tenantId: row.tenant_id,
    settlementDate: row.day,
    number: row.cycle,
    toAt: row.window_to,
    adjustments: row.adjustments === null ? null : `fil_${row.adjustments.replaceAll('-', '')}`,
    complete: row.kinds === 3,
  }))
}

/**
 * Runs `work` unless somebody else is at it for this institution, in whatever process: a lock of a connection, which a process that dies
 * lets go. @returns undefined when somebody else is
 */
export async function withBank<T>(db: Db, institution: string, work: () => Promise<T>): Promise<T | undefined> {
  const connection = await db.reserve()
  const key = `settlement of ${institution}`
  try {
    const [got] = await connection<
      { locked: boolean }[]
    >`select pg_try_advisory_lock(hashtextextended(${key}, 0)) as locked`
    if (got?.locked !== true) return undefined
    try {
      return await work()
    } finally {
      await connection`select pg_advisory_unlock(hashtextextended(${key}, 0))`
    }
  } finally {
    connection.release()
  }
}
