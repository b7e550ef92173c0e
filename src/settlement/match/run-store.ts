import { toRfc3339 } from '../../base/clock.ts'
import { numbers, texts, words } from '../../db/arrays.ts'
import type { Db, Tx } from '../../db/pool.ts'
import type { Cycle } from '../../imps/cycles.ts'
import { breakKey, type NewBreakRow, type RunOutcome, textOf } from './outcome.ts'
import type { ControlTotal, ReconRun, RunInput } from './rows.ts'

/** Runs and what they found, as rows. A run writes all of it in one commit, or nothing. */

type RunRow = {
  run_id: string
  tenant_id: number
  institution: string
  settled_on: string
  cycle: string
  window_from: number
  window_to: number
  rule_version: string
  state: ReconRun['state']
  step: string
  progress: number
  inputs: RunInput[]
  totals: ControlTotal[]
  counts: Record<string, number>
  outcome_hash: string | null
  failure: string | null
  started_by: string
  started_at: number
  beat_at: number
  ended_at: number | null
  rolled_back_by: string | null
  rolled_back_at: number | null
}

export const runKey = (id: string): string => id.slice(4)
const runIdOf = (uuid: string): string => `run_${uuid.replaceAll('-', '')}`

const runOf = (row: RunRow): ReconRun => ({
  id: runIdOf(row.run_id),
  tenantId: row.tenant_id,
  institution: row.institution,
  settlementDate: row.settled_on,
  cycle: row.cycle,
  fromAt: row.window_from,
  toAt: row.window_to,
  ruleVersion: row.rule_version,
  state: row.state,
  step: row.step,
  progress: row.progress,
  inputs: row.inputs,
  totals: row.totals,
  counts: row.counts,
  outcomeHash: row.outcome_hash,
  failure: row.failure,
  startedBy: row.started_by,
  startedAt: row.started_at,
  endedAt: row.ended_at,
  rolledBackBy: row.rolled_back_by,
  rolledBackAt: row.rolled_back_at,
})

const columns = (db: Db | Tx) => db`
  run_id, tenant_id, institution, settled_on::text as settled_on, cycle, window_from, window_to, rule_version, state, step, progress, inputs,
  totals, counts, outcome_hash, failure, started_by, started_at, beat_at, ended_at, rolled_back_by, rolled_back_at`

export type NewRun = Pick<ReconRun, 'id' | 'tenantId' | 'institution' | 'ruleVersion' | 'startedBy'> & {
  readonly cycle: Cycle
}

/** Why a run failed that was killed, or stopped with its hub: nothing is wrong with its cycle, which is matched again at once. */
export const BROKEN_OFF = 'broken off'
/** The end of why a run failed for which a file is not there. */
export const MISSING = ' is missing'
/** A run that has been silent for so long was killed. */
const SILENT_MS = 60_000

export type Claimed = { readonly kind: 'claimed' | 'taken'; readonly run: ReconRun }

/**
 * Begins a run of a cycle, unless there is one: then it is the answer. One that was killed has written nothing but its own row, which
 * says so from now on.
 */
export async function claimRun(db: Db, run: NewRun, now: number): Promise<Claimed> {
  const at = toRfc3339(now)
  const { cycle, institution } = run
  await db`
    update recon_run set state = 'failed', failure = ${BROKEN_OFF}, ended_at = ${at}::timestamptz
    where institution = ${institution} and settled_on = ${cycle.settlementDate}::date and cycle = ${cycle.number} and state = 'running'
      and beat_at < ${toRfc3339(now - SILENT_MS)}::timestamptz`
  const [made] = await db<RunRow[]>`
    insert into recon_run (run_id, tenant_id, institution, settled_on, cycle, window_from, window_to, rule_version, state, step,
                           started_by, started_at, beat_at)
    values (${runKey(run.id)}::uuid, ${run.tenantId}, ${institution}, ${cycle.settlementDate}::date, ${cycle.number},
            ${toRfc3339(cycle.fromAt)}::timestamptz, ${toRfc3339(cycle.toAt)}::timestamptz, ${run.ruleVersion}, 'running', 'load',
            ${run.startedBy}, ${at}::timestamptz, ${at}::timestamptz)
    on conflict do nothing returning ${columns(db)}`
  if (made !== undefined) return { kind: 'claimed', run: runOf(made) }
  const live = await findLiveRun(db, institution, cycle)
  if (live === undefined)
    throw new Error(`the run of ${institution} ${cycle.settlementDate}/${cycle.number} ended just now`)
  return { kind: 'taken', run: live }
}

/** The run of a cycle that holds: one that runs, waits at the gate, or is done. */
export async function findLiveRun(
  db: Db | Tx,
  institution: string,
  cycle: { readonly settlementDate: string; readonly number: string },
): Promise<ReconRun | undefined> {
  const [row] = await db<RunRow[]>`
    select ${columns(db)} from recon_run
    where institution = ${institution} and settled_on = ${cycle.settlementDate}::date and cycle = ${cycle.number}
      and state in ('running', 'held', 'matched')`
  return row && runOf(row)
}

export async function findRun(db: Db | Tx, id: string): Promise<ReconRun | undefined> {
  const [row] = await db<RunRow[]>`select ${columns(db)} from recon_run where run_id = ${runKey(id)}::uuid`
  return row && runOf(row)
}

/** Which of these runs go on. */
export async function findRunning(db: Db, ids: readonly string[]): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set()
  const rows = await db<{ run_id: string }[]>`
    select run_id from recon_run where run_id = any(${ids.map(runKey)}::uuid[]) and state = 'running'`
  return new Set(rows.map(({ run_id }) => runIdOf(run_id)))
}

const ABOVE_ALL = 'ffffffffffffffffffffffffffffffff'

export type RunFilter = {
  readonly settlementDate?: string | undefined
  readonly cycle?: string | undefined
  readonly state?: ReconRun['state'] | undefined
}

/** Runs of some banks, newest first. @param before  the id of the last run of the page before */
export async function listRuns(
  db: Db | Tx,
  banks: readonly string[],
  filter: RunFilter,
  before: string | undefined,
  limit: number,
): Promise<ReconRun[]> {
  const { settlementDate, cycle, state } = filter
  const rows = await db<RunRow[]>`
    select ${columns(db)} from recon_run
    where institution = any(${[...banks]}::text[]) and run_id < ${before === undefined ? ABOVE_ALL : runKey(before)}::uuid
      ${settlementDate === undefined ? db`` : db`and settled_on = ${settlementDate}::date`}
      ${cycle === undefined ? db`` : db`and cycle = ${cycle}`}
      ${state === undefined ? db`` : db`and state = ${state}`}
    order by run_id desc limit ${limit}`
  return rows.map(runOf)
}

/** Says where a run is. @returns false when it is not this run's turn any more: it was taken for dead */
export async function beatRun(db: Db, id: string, step: string, progress: number, now: number): Promise<boolean> {
  const rows = await db`
    update recon_run set step = ${step}, progress = ${progress}, beat_at = ${toRfc3339(now)}::timestamptz
    where run_id = ${runKey(id)}::uuid and state = 'running' returning run_id`
  return rows.length > 0
}

export const failRun = (db: Db, id: string, failure: string, now: number): Promise<unknown> =>
  db`
    update recon_run set state = 'failed', failure = ${failure.slice(0, 400)}, ended_at = ${toRfc3339(now)}::timestamptz
    where run_id = ${runKey(id)}::uuid and state = 'running'`.execute()

export type Finished = {
  readonly state: 'matched' | 'held'
  readonly inputs: readonly RunInput[]
  readonly totals: readonly ControlTotal[]
  readonly outcome: RunOutcome
}

/** Rows in one statement at most. */
const PAGE = 5_000

/**
 * Writes everything that a run found, and that it has ended. In the caller's transaction: nobody sees a part of it.
 * @returns false when the run was taken for dead; the caller must roll back
 */
export async function finishRun(
  tx: Tx,
  run: ReconRun,
  { state, inputs, totals, outcome }: Finished,
  now: number,
): Promise<boolean> {
  const at = toRfc3339(now)
  const ended = await tx`
    update recon_run set state = ${state}, step = '', progress = 100, inputs = ${textOf(inputs)}::text::jsonb, totals = ${textOf(totals)}::text::jsonb,
      counts = ${textOf(outcome.counts)}::text::jsonb, outcome_hash = ${outcome.hash}, ended_at = ${at}::timestamptz, beat_at = ${at}::timestamptz
    where run_id = ${runKey(run.id)}::uuid and state = 'running' returning run_id`
  if (ended.length === 0) return false
  await markEarlier(tx, run, outcome, at)
  for (let from = 0; from < outcome.breaks.length; from += PAGE)
    await insertBreaks(tx, run, outcome.breaks.slice(from, from + PAGE), at)
  for (let from = 0; from < outcome.items.length; from += PAGE)
    await insertItems(tx, run, outcome.items.slice(from, from + PAGE), from)
  const { settled } = outcome
  await tx`
    insert into recon_settled (run_id, tenant_id, side, status, sub_type, lane, over_amount, count, amount)
    select ${runKey(run.id)}::uuid, ${run.tenantId}, side, status, sub_type, lane, over_amount, count, amount
    from unnest(${words(settled, (s) => s.side)}::text[], ${words(settled, (s) => s.status)}::text[], ${words(settled, (s) => s.subType)}::text[],
                ${numbers(settled, (s) => s.lane)}::smallint[], ${numbers(settled, (s) => s.overPaise)}::bigint[],
                ${numbers(settled, (s) => s.count)}::bigint[], ${numbers(settled, (s) => s.amountPaise)}::bigint[])
      as s (side, status, sub_type, lane, over_amount, count, amount)`
  return true
}

const insertBreaks = (tx: Tx, run: ReconRun, rows: readonly NewBreakRow[], at: string): Promise<unknown> =>
  tx`
    insert into break (break_id, lane, payment_id, kind, detail, opened_at, tenant_id, type, run_id, institution, direction, rrn, nbin, amount,
                       settled_on, cycle, action, due_at, state, carried, facts)
    select id, get_byte(decode(right(replace(payment_id::text, '-', ''), 2), 'hex'), 0) % 64, payment_id, type, detail, ${at}::timestamptz,
           ${run.tenantId}, type, ${runKey(run.id)}::uuid, ${run.institution}, direction, nullif(rrn, ''), nullif(nbin, ''), amount,
           ${run.settlementDate}::date, ${run.cycle}, action, to_timestamp(due_at / 1000.0), state, carried, facts::jsonb
    from unnest(
      ${words(rows, (b) => b.id)}::uuid[], ${words(rows, (b) => paymentOf(b))}::uuid[], ${words(rows, (b) => b.type)}::text[],
      ${texts(rows, (b) => detailOf(run, b))}::text[], ${words(rows, (b) => b.direction)}::text[], ${texts(rows, (b) => b.rrn)}::text[],
      ${texts(rows, (b) => b.remitterBank)}::text[], ${numbers(rows, (b) => b.amountPaise)}::bigint[], ${words(rows, (b) => b.action)}::text[],
      ${numbers(rows, (b) => b.dueAt)}::bigint[], ${words(rows, (b) => b.state)}::text[],
      ${numbers(rows, (b) => (b.state === 'carried' ? b.missed : 0))}::smallint[], ${texts(rows, (b) => textOf(b.facts))}::text[])
      as s (id, payment_id, type, detail, direction, rrn, nbin, amount, action, due_at, state, carried, facts)`.execute()

/** Plain sources may call a payment as the API does, or by its bare digits. */
const paymentOf = ({ paymentId }: Pick<NewBreakRow, 'paymentId'>): string | null => {
  if (paymentId === null) return null
  const bare = paymentId.replace(/^pay_/, '').replaceAll('-', '')
  return /^[0-9a-f]{32}$/.test(bare) ? bare : null
}

const detailOf = (run: ReconRun, { rrn, ordinal }: NewBreakRow): string =>
  `${run.institution} ${run.settlementDate}/${run.cycle} ${rrn} ${ordinal}`

const insertItems = (tx: Tx, run: ReconRun, rows: RunOutcome['items'], from: number): Promise<unknown> =>
  tx`
    insert into recon_item (run_id, tenant_id, ordinal, direction, rrn, nbin, beneficiary_bank, payment_id, amount, transacted_at, raw,
                            response_code, sub_type, verdict)
    select ${runKey(run.id)}::uuid, ${run.tenantId}, ${from}::integer + row_number() over ()::integer, direction, rrn, nbin, bank, payment_id, amount,
           to_timestamp(at / 1000.0), raw, response_code, sub_type, verdict
    from unnest(
      ${words(rows, (i) => i.direction)}::text[], ${words(rows, (i) => i.rrn)}::text[], ${texts(rows, (i) => i.remitterBank)}::text[],
      ${texts(rows, (i) => i.beneficiaryBank)}::text[], ${words(rows, (i) => paymentOf(i))}::uuid[],
      ${numbers(rows, (i) => i.amountPaise)}::bigint[], ${numbers(rows, (i) => i.at)}::bigint[], ${words(rows, (i) => i.raw)}::text[],
      ${texts(rows, (i) => i.responseCode)}::text[], ${words(rows, (i) => i.subType)}::text[], ${numbers(rows, (i) => i.verdict)}::smallint[])
      as s (direction, rrn, nbin, bank, payment_id, amount, at, raw, response_code, sub_type, verdict)`.execute()

type Earlier = { break_id: string; direction: string | null; rrn: string | null; nbin: string | null }

/** What waits since runs before: found, given up, or waiting on. As each was is kept, so that this can be taken back. */
async function markEarlier(tx: Tx, run: ReconRun, { waiting, ended }: RunOutcome, at: string): Promise<void> {
  const carried = await tx<Earlier[]>`
    select break_id, direction, rrn, nbin from break where institution = ${run.institution} and state = 'carried' order by break_id for update`
  const idsOf = (keys: ReadonlySet<string>): string[] =>
    carried
      .filter(({ direction, rrn, nbin }) => keys.has(breakKey({ direction, rrn: rrn ?? '', remitterBank: nbin ?? '' })))
      .map(({ break_id }) => break_id)
  const on = idsOf(new Set(waiting))
  const matched = idsOf(new Set(ended.filter((one) => one.resolution === 'matched').map(({ key }) => key)))
  const superseded = idsOf(new Set(ended.filter((one) => one.resolution === 'superseded').map(({ key }) => key)))
  await tx`
    insert into recon_mark (run_id, break_id, tenant_id, before)
    select ${runKey(run.id)}::uuid, break_id, tenant_id,
           jsonb_build_object('state', state, 'carried', carried, 'closed_at', closed_at, 'resolution', resolution, 'version', version)
    from break where break_id = any(${[...on, ...matched, ...superseded]}::uuid[])`
  await tx`update break set carried = carried + 1, version = version + 1 where break_id = any(${on}::uuid[])`
  for (const [ids, resolution] of [
    [matched, 'matched'],
    [superseded, 'superseded'],
  ] as const) {
    await tx`
      update break set state = 'resolved', resolution = ${resolution}, closed_at = ${at}::timestamptz, version = version + 1
      where break_id = any(${ids}::uuid[])`
  }
}
