import { toRfc3339 } from '../../base/clock.ts'
import type { Tx } from '../../db/pool.ts'
import type { ReconRun } from './rows.ts'
import { findRun, runKey } from './run-store.ts'

/** Why a run cannot be taken back now. */
export type RollBackRefusal =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'not_live'; readonly state: ReconRun['state'] }
  /** A later cycle was matched on what this one carried. */
  | { readonly kind: 'later_run'; readonly cycle: string }
  /** The books have acted on it: those journals are to be reversed by journals of their own first. */
  | { readonly kind: 'consequences'; readonly what: readonly string[] }

export type RolledBack = {
  readonly kind: 'rolled_back'
  readonly run: ReconRun
  readonly breaks: number
  readonly marks: number
}

/**
 * Takes a run of one of these banks back: its breaks, sums and items are gone, breaks of runs before it are again as they were. In the caller's transaction,
 * which notes the act. Refused while anything has been done on what the run found.
 * @source settlement.md §7.3, controls: granular rollback, every one logged
 */
export async function rollBackRun(
  tx: Tx,
  banks: readonly string[],
  id: string,
  by: string,
  now: number,
): Promise<RolledBack | RollBackRefusal> {
  await tx`select from recon_run where run_id = ${runKey(id)}::uuid for update`
  const run = await findRun(tx, id)
  if (run === undefined || !banks.includes(run.institution)) return { kind: 'unknown' }
  if (run.state !== 'matched' && run.state !== 'held') return { kind: 'not_live', state: run.state }
  const [later] = await tx<{ cycle: string }[]>`
    select settled_on::text || '/' || cycle as cycle from recon_run
    where institution = ${run.institution} and state in ('running', 'held', 'matched') and window_to > ${toRfc3339(run.toAt)}::timestamptz
    order by window_to desc limit 1`
  if (later !== undefined) return { kind: 'later_run', cycle: later.cycle }
  const what = await consequencesOf(tx, run)
  if (what.length > 0) return { kind: 'consequences', what }

  const key = runKey(id)
  const restored = await tx`
    update break b set state = m.before ->> 'state', carried = (m.before ->> 'carried')::smallint,
      closed_at = (m.before ->> 'closed_at')::timestamptz, resolution = m.before ->> 'resolution', version = (m.before ->> 'version')::integer
    from recon_mark m where m.run_id = ${key}::uuid and b.break_id = m.break_id returning b.break_id`
  await tx`delete from recon_mark where run_id = ${key}::uuid`
  const gone = await tx`delete from break where run_id = ${key}::uuid returning break_id`
  await tx`delete from recon_item where run_id = ${key}::uuid`
  await tx`delete from recon_settled where run_id = ${key}::uuid`
  await tx`
    delete from pipeline_step where institution = ${run.institution} and settled_on = ${run.settlementDate}::date and cycle = ${run.cycle}
      and step = 'match'`
  await tx`
    update recon_run set state = 'rolled_back', rolled_back_by = ${by}, rolled_back_at = ${toRfc3339(now)}::timestamptz
    where run_id = ${key}::uuid`
  return { kind: 'rolled_back', run, breaks: gone.length, marks: restored.length }
}

/**
 * What was done on the word of a run: journals of its cycle without a journal that reverses them (event `<event>_reversed`), payments that
 * moved, answers for NPCI, and breaks that people settled.
 */
async function consequencesOf(tx: Tx, run: ReconRun): Promise<string[]> {
  const rows = await tx<{ what: string }[]>`
    select 'journal ' || j.transfer_key || ' ' || j.event as what from journal j
    where j.institution = ${run.institution} and j.settled_on = ${run.settlementDate}::date and j.cycle = ${run.cycle}
      and j.event not like '%\\_reversed'
      and not exists (select from journal r where r.transfer_key = j.transfer_key and r.event = j.event || '_reversed' and r.occurrence = j.occurrence)
    union all
    select 'payment with RRN ' || rrn || ': ' || outcome from settlement_item
    where institution = ${run.institution} and settled_on = ${run.settlementDate}::date and cycle = ${run.cycle} and outcome is not null
    union all
    select 'answer for NPCI about RRN ' || u.rrn || ': ' || u.flag from upload_row u
    join settlement_item i on i.rrn = u.rrn and i.nbin = u.nbin and i.direction = u.direction
    where i.institution = ${run.institution} and i.settled_on = ${run.settlementDate}::date and i.cycle = ${run.cycle}
      and u.dropped_at is null
    union all
    select 'break ' || replace(break_id::text, '-', '') || ' was settled by people' from break
    where run_id = ${runKey(run.id)}::uuid and resolved_by is not null
    order by what limit 20`
  return rows.map(({ what }) => what)
}
