import { toRfc3339 } from '../base/clock.ts'
import type { Db, Tx } from '../db/pool.ts'
import type { CycleOfBank } from './books/findings.ts'
import type { StepName } from './pipeline-store.ts'

/** Cycles whose steps threw, as rows: tried again a few times, later each time, and then put aside for people. Instants are epoch milliseconds. */
export type CycleFault = {
  readonly settlementDate: string
  readonly number: string
  /** The step that threw. */
  readonly step: StepName
  readonly tries: number
  /** What kind of error it was and where; never what it says, which may quote a row. */
  readonly reason: string
  readonly failedAt: number
  /** Not before then again; null: put aside, until somebody asks that it is tried again. */
  readonly tryAt: number | null
}

/** Minutes from a try that threw to the next one; the try after the last of them puts the cycle aside. */
export const AGAIN_MINUTES = [1, 5, 15, 60] as const
const MINUTE_MS = 60_000

/** When it is tried again after so many tries; null: not by itself. */
export function tryAgainAt(tries: number, now: number): number | null {
  const minutes = AGAIN_MINUTES[tries - 1]
  return minutes === undefined ? null : now + minutes * MINUTE_MS
}

type Row = {
  day: string
  cycle: string
  step: StepName
  tries: number
  reason: string
  failed_at: number
  try_at: number | null
}

/** A bank's, by the names of its cycles: `2026-11-27/5`. */
export async function findFaults(db: Db | Tx, institution: string): Promise<ReadonlyMap<string, CycleFault>> {
  const rows = await db<Row[]>`
    select settled_on::text as day, cycle, step, tries, reason, failed_at, try_at from pipeline_fault where institution = ${institution}`
  return new Map(
    rows.map((row) => [
      `${row.day}/${row.cycle}`,
      {
        settlementDate: row.day,
        number: row.cycle,
        step: row.step,
        tries: row.tries,
        reason: row.reason,
        failedAt: row.failed_at,
        tryAt: row.try_at,
      },
    ]),
  )
}

/** Writes down that a step threw. @param tries  with this one */
export async function noteFault(
  db: Db,
  { institution, settlementDate, number }: CycleOfBank,
  { step, tries, reason, failedAt, tryAt }: Pick<CycleFault, 'step' | 'tries' | 'reason' | 'failedAt' | 'tryAt'>,
): Promise<void> {
  const at = toRfc3339(failedAt)
  const again = tryAt === null ? null : toRfc3339(tryAt)
  await db`
    insert into pipeline_fault (institution, settled_on, cycle, step, tries, reason, failed_at, try_at)
    values (${institution}, ${settlementDate}::date, ${number}, ${step}, ${tries}, ${reason}, ${at}::timestamptz, ${again}::timestamptz)
    on conflict (institution, settled_on, cycle) do update set
      step = excluded.step, tries = excluded.tries, reason = excluded.reason, failed_at = excluded.failed_at, try_at = excluded.try_at`
}

/** It went on, or is to be tried as if it had never been. @returns whether there was anything */
export async function clearFault(
  db: Db | Tx,
  { institution, settlementDate, number }: Pick<CycleOfBank, 'institution' | 'settlementDate' | 'number'>,
): Promise<boolean> {
  const gone = await db`
    delete from pipeline_fault where institution = ${institution} and settled_on = ${settlementDate}::date and cycle = ${number}`
  return gone.count > 0
}

/**
 * Cycles whose report is here and waits for an earlier cycle that throws, and for which: by the report that the earlier one has, or may
 * still get, a dispute stands otherwise, and what a report does not say is taken as said too.
 */
export async function findBehind(db: Db, institution: string): Promise<ReadonlyMap<string, string>> {
  const rows = await db<{ name: string; waits_for: string }[]>`
    select c.settled_on::text || '/' || c.cycle as name, e.name as waits_for
    from settlement_cycle c
    cross join lateral (
      select f.settled_on::text || '/' || f.cycle as name from pipeline_fault f
      join settlement_cycle earlier using (institution, settled_on, cycle)
      where f.institution = c.institution and (earlier.window_to, earlier.cycle) < (c.window_to, c.cycle)
      order by earlier.window_to, earlier.cycle limit 1) e
    join settlement_file r on r.institution = c.institution and r.settled_on = c.settled_on and r.cycle = c.cycle and r.kind = 'adjustment'
      and r.state = 'accepted'
    where c.institution = ${institution} and not exists (
      select from pipeline_step s where s.institution = c.institution and s.settled_on = c.settled_on and s.cycle = c.cycle
        and s.step = 'adjustments' and s.detail = 'fil_' || replace(r.file_id::text, '-', ''))`
  return new Map(rows.map(({ name, waits_for }) => [name, waits_for]))
}

export type FaultCount = { readonly institution: string; readonly aside: boolean; readonly count: number }

/** For the metrics. */
export const countFaults = (db: Db): Promise<FaultCount[]> =>
  db<FaultCount[]>`
    select institution, try_at is null as aside, count(*)::integer as count from pipeline_fault group by 1, 2 order by 1, 2`
