import { type Clock, toRfc3339 } from '../../base/clock.ts'
import type { Log } from '../../base/log.ts'
import type { Db } from '../../db/pool.ts'

/**
 * Answers that this bank owes NPCI about time-outs (TCC 102 and 103, RET): due on T+1 at 17:30 IST, warned of at 12:00 and at 16:00 of that
 * day. A clock warns; what is said, and what it costs, files and people decide. @source NPCI OC 93 (R3)
 */

const MINUTE_MS = 60_000
/** How long before they are due they are warned of: 12:00 and 16:00 of a day whose answers are due at 17:30. */
export const WARN_BEFORE_MS = [330 * MINUTE_MS, 90 * MINUTE_MS] as const

/** How many warnings there should have been by now: 0, 1 or 2. */
export const warningsBy = (dueAt: number, now: number): number =>
  WARN_BEFORE_MS.filter((before) => now >= dueAt - before).length

/** What was warned of: answers of a bank with one deadline. */
export type DutyWarning = {
  readonly institution: string
  readonly dueAt: number
  /** 1: at 12:00. 2: at 16:00, or at once where the hub was not there until then. */
  readonly warning: number
  readonly count: number
}

/** An answer that has left is NPCI's; one that NPCI did not take is owed again. */
const isOwed = (db: Db) => db`
  i.done_at is null and i.direction = 'inward' and i.raw = '08' and i.duty in ('say', 'people') and i.due_at is not null
  and not exists (select from upload_row u join upload_file f using (upload_id)
                  where u.rrn = i.rrn and u.nbin = i.nbin and u.direction = i.direction and u.flag in ('TCC', 'RET')
                    and u.dropped_at is null and f.state in ('sent', 'accepted'))`

/**
 * Warns of a bank's answers whose time comes: each item once at 12:00 and once at 16:00, whoever else looks and however often; what was
 * missed while no hub ran is not made up for one by one. Kept with the item, and one line in the log for each deadline.
 */
export async function warnDuties(
  { db, clock, log }: { readonly db: Db; readonly clock: Clock; readonly log: Pick<Log, 'warn'> },
  institution: string,
): Promise<readonly DutyWarning[]> {
  const now = toRfc3339(clock.now())
  const [first, second] = WARN_BEFORE_MS.map((before) => toRfc3339(clock.now() + before))
  const rows = await db<{ due_at: number; warned: number; count: number }[]>`
    with warned as (
      update settlement_item i
      set warned = case when i.due_at <= ${second ?? now}::timestamptz then 2 else 1 end, warned_at = ${now}::timestamptz
      where i.institution = ${institution} and i.due_at <= ${first ?? now}::timestamptz and ${isOwed(db)}
        and i.warned < case when i.due_at <= ${second ?? now}::timestamptz then 2 else 1 end
      returning i.due_at, i.warned)
    select due_at, warned, count(*)::integer as count from warned group by 1, 2 order by 1, 2`
  const warnings = rows.map(({ due_at, warned, count }) => ({ institution, dueAt: due_at, warning: warned, count }))
  for (const { dueAt, warning, count } of warnings)
    log.warn(
      { institution, dueAt: toRfc3339(dueAt), warning, answers: count },
      'answers to NPCI about time-outs are due',
    )
  return warnings
}

/** One answer that is owed. Instants are epoch milliseconds. */
export type OpenDuty = {
  /** `dty_` and 32 hex digits. */
  readonly id: string
  readonly institution: string
  readonly rrn: string
  readonly paymentId: string | null
  readonly amountPaise: bigint
  readonly transactedOn: string
  /** `say`: the answer is in a file, or will be. `people`: somebody must decide first. */
  readonly duty: 'say' | 'people'
  /** What the answer is, and the file that it is in; null: none yet. */
  readonly flag: string | null
  readonly reasonCode: string | null
  readonly uploadId: string | null
  readonly dueAt: number
  readonly warned: number
  readonly warnedAt: number | null
}

export type DutyCursor = { readonly at: number; readonly id: string }

type Row = {
  item_id: string
  institution: string
  rrn: string
  payment_id: string | null
  amount: bigint
  transacted_on: string
  duty: 'say' | 'people'
  flag: string | null
  reason_code: string | null
  upload_id: string | null
  due_at: number
  warned: number
  warned_at: number | null
}

const hex = (uuid: string): string => uuid.replaceAll('-', '')

/** What banks owe NPCI, the most urgent first. @param after  the last one of the page before */
export async function listDuties(
  db: Db,
  institutions: readonly string[],
  after: DutyCursor | undefined,
  limit: number,
): Promise<OpenDuty[]> {
  const rows = await db<Row[]>`
    select i.item_id, i.institution, i.rrn, i.payment_id, i.amount, to_char(i.transacted_on, 'YYYY-MM-DD') as transacted_on, i.duty,
           a.flag, a.reason_code, a.upload_id, i.due_at, i.warned, i.warned_at
    from settlement_item i
    left join lateral (
      select u.flag, u.reason_code, u.upload_id from upload_row u
      where u.rrn = i.rrn and u.nbin = i.nbin and u.direction = i.direction and u.flag in ('TCC', 'RET') and u.dropped_at is null
      order by u.made_at desc, u.row_id desc limit 1) a on true
    where i.institution = any(${[...institutions]}::text[]) and ${isOwed(db)}
      ${after === undefined ? db`` : db`and (i.due_at, i.item_id) > (${toRfc3339(after.at)}::timestamptz, ${after.id.slice(4)}::uuid)`}
    order by i.due_at, i.item_id limit ${limit}`
  return rows.map((row) => ({
    id: `dty_${hex(row.item_id)}`,
    institution: row.institution,
    rrn: row.rrn,
    paymentId: row.payment_id === null ? null : `pay_${hex(row.payment_id)}`,
    amountPaise: row.amount,
    transactedOn: row.transacted_on,
    duty: row.duty,
    flag: row.flag,
    reasonCode: row.reason_code,
    uploadId: row.upload_id === null ? null : `upl_${hex(row.upload_id)}`,
    dueAt: row.due_at,
    warned: row.warned,
    warnedAt: row.warned_at,
  }))
}

/** How many answers of each bank are owed, by how often they were warned of, and how many of them are late. */
export type DutyCount = {
  readonly institution: string
  readonly warned: number
  readonly late: boolean
  readonly count: number
}

/** For the metrics. */
export const countDuties = (db: Db, now: number): Promise<DutyCount[]> =>
  db<DutyCount[]>`
    select i.institution, i.warned, i.due_at <= ${toRfc3339(now)}::timestamptz as late, count(*)::integer as count
    from settlement_item i where ${isOwed(db)} group by 1, 2, 3 order by 1, 2, 3`
