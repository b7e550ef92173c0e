import { createWriteStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { toRfc3339 } from '../../base/clock.ts'
import type { Db, Tx } from '../../db/pool.ts'
import { inTransaction } from '../../db/transaction.ts'
import { dayOf } from '../../imps/cycles.ts'
import type { Direction, MatchRow, RowStatus } from './rows.ts'

/**
 * The hub's own books as sources: its payments, and what its ledger posted for them on customers' accounts. By the million they leave
 * PostgreSQL as CSV, both in one snapshot.
 */

/** The payments of an institution that left, or came, in a window. Instants are epoch milliseconds. */
export type Window = { readonly institution: string; readonly fromAt: number; readonly toAt: number }

/** A single payment beside them. */
export type Single = {
  readonly paymentId: string // 32 hex digits
  readonly origin: 'carried' | 'outside'
  readonly missed: number
}

/** How banks are numbered: the institution's NBIN, DE 32 of the hub's own banks, NBINs by the first four letters of an IFSC. */
export type Numbers = {
  readonly nbin: string
  readonly ownBanks: Readonly<Record<string, string>>
  readonly byCode: Readonly<Record<string, string>>
}

/** Codes that say that an account cannot be credited, now or ever. @source protocol.md, response codes M1, M3, M4, M5 */
const UNCREDITABLE = ['M1', 'M3', 'M4', 'M5'] as const

/** COPY takes no parameters, so what it needs stands in settings of its transaction. */
async function tell(
  tx: Tx,
  { institution, fromAt, toAt }: Window,
  singles: readonly Single[],
  numbers: Numbers,
): Promise<void> {
  const { nbin, ownBanks, byCode } = numbers
  const settings = {
    bank: institution,
    from: toRfc3339(fromAt),
    to: toRfc3339(toAt),
    singles: JSON.stringify(singles.map(({ paymentId, origin, missed }) => ({ id: paymentId, origin, missed }))),
    nbin,
    numbers: JSON.stringify({ ...byCode, ...ownBanks }),
    uncreditable: `{${UNCREDITABLE.join(',')}}`,
  }
  for (const [name, value] of Object.entries(settings))
    await tx`select set_config(${`turant.match_${name}`}, ${value}, true)`
  const [first] = await tx<{ at: number | null }[]>`
    with picked as (${pickedRows(tx)}) select min(created_at) as at from picked`
  await tx`select set_config('turant.match_first', ${toRfc3339((first?.at ?? fromAt) - 1_000)}, true)`
}

/** A snapshot in which whole tables may be read: nobody waits for it. */
async function asOf<T>(db: Db, run: (tx: Tx) => Promise<T>): Promise<T> {
  return inTransaction(db, async (tx) => {
    await tx`set transaction isolation level repeatable read read only`
    await tx`select set_config(name, value, true) from (values
      ('enable_seqscan', 'on'), ('enable_hashjoin', 'on'), ('plan_cache_mode', 'auto')) as s (name, value)`
    return run(tx)
  })
}

/** A payment that was never sent, or was taken back before, is nobody's to settle. */
const pickedRows = (tx: Tx) => tx`
  select p.payment_id, p.lane, p.direction, p.state, p.amount, p.rrn, p.account_id, p.transmitted_at, p.created_at, p.remitter_bank,
         p.beneficiary_kind, p.beneficiary_ifsc, p.response_code, 'cycle' as origin, 0 as missed
  from payment p
  where p.transmitted_at >= current_setting('turant.match_from')::timestamptz
    and p.transmitted_at < current_setting('turant.match_to')::timestamptz
    and p.institution = current_setting('turant.match_bank') and p.rrn is not null and p.state not in ('held', 'cancelled', 'refused')
  union all
  select p.payment_id, p.lane, p.direction, p.state, p.amount, p.rrn, p.account_id, p.transmitted_at, p.created_at, p.remitter_bank,
         p.beneficiary_kind, p.beneficiary_ifsc, p.response_code, o.origin, o.missed
  from jsonb_to_recordset(current_setting('turant.match_singles')::jsonb) as o(id uuid, origin text, missed integer)
  join payment p on p.payment_id = o.id
  where p.rrn is not null and p.transmitted_at is not null`

/** A number of a bank as NPCI's files have it: `600001` is 6001. */
const nbinOf = (tx: Tx) => tx`
  coalesce(current_setting('turant.match_numbers')::jsonb ->> p.remitter_bank,
           case when p.remitter_bank ~ '^[0-9]{6}$' then left(p.remitter_bank, 1) || right(p.remitter_bank, 3)
                when p.remitter_bank ~ '^[0-9]{4}$' then p.remitter_bank else '' end)`

const columnsOf = (tx: Tx) => tx`
  (extract(epoch from p.transmitted_at) * 1000)::bigint as "at",
  case p.direction when 'outward' then current_setting('turant.match_nbin') else ${nbinOf(tx)} end as remitter_bank,
  case p.direction when 'inward' then current_setting('turant.match_nbin')
    else coalesce(current_setting('turant.match_numbers')::jsonb ->> left(p.beneficiary_ifsc, 4), '') end as beneficiary_bank,
  '' as suffix, '' as stan, case p.beneficiary_kind when 'mmid' then 'FC' else 'F3' end as sub_type, '' as parent_rrn`

const hubRows = (tx: Tx) => tx`
  with picked as (${pickedRows(tx)})
  select p.direction, p.rrn, p.amount,
    case when p.state in ('succeeded', 'deemed') then 'S'
         when p.state = 'returned' then case p.direction when 'outward' then 'S' else 'F' end
         when p.state in ('sent', 'unconfirmed') then 'P'
         when p.direction = 'inward' and p.response_code = any(current_setting('turant.match_uncreditable')::text[]) then 'X'
         else 'F' end as status,
    ${columnsOf(tx)}, replace(p.payment_id::text, '-', '') as ref, p.lane, p.origin, p.missed
  from picked p`

/** The day of a posting is its payment's: the hub holds money before it sends, and gives it back when it learns of a decline. */
const coreRows = (tx: Tx) => tx`
  with picked as materialized (${pickedRows(tx)})
  select p.direction, p.rrn, abs(e.amount) as amount, case when e.kind in ('void', 'recovery') then 'V' else 'S' end as status,
    ${columnsOf(tx)}, '' as ref, null as lane, p.origin, p.missed
  from picked p
  join entry e on e.journal_id = p.payment_id and e.account_id = p.account_id and e.lane = p.lane
  where e.at >= current_setting('turant.match_first')::timestamptz
    and e.kind = any(case p.direction when 'outward' then array['hold', 'void', 'charge'] else array['credit', 'recovery'] end)`

/** Writes both books of a window as files in the plain form, as of one instant. */
export async function writeOwnRows(
  db: Db,
  window: Window,
  numbers: Numbers,
  paths: { readonly hub: string | null; readonly core: string | null },
): Promise<void> {
  await asOf(db, async (tx) => {
    await tell(tx, window, [], numbers)
    const put = async (rows: AsyncIterable<Uint8Array>, path: string): Promise<void> =>
      pipeline(rows, createWriteStream(path, { flags: 'wx', mode: 0o600 }))
    if (paths.hub !== null)
      await put(await tx`copy (${hubRows(tx)}) to stdout (format csv, header)`.readable(), paths.hub)
    if (paths.core !== null)
      await put(await tx`copy (${coreRows(tx)}) to stdout (format csv, header)`.readable(), paths.core)
  })
}

type PlainRow = {
  direction: Direction
  rrn: string
  amount: bigint
  status: RowStatus
  at: bigint
  remitter_bank: string
  beneficiary_bank: string
  sub_type: MatchRow['subType']
  ref: string
  lane: number | null
  origin: MatchRow['origin']
  missed: number
}

/** The rows of single payments. */
export async function ownRowsOf(
  db: Db,
  institution: string,
  singles: readonly Single[],
  numbers: Numbers,
  withCore: boolean,
): Promise<readonly MatchRow[]> {
  if (singles.length === 0) return []
  return asOf(db, async (tx) => {
    await tell(tx, { institution, fromAt: 0, toAt: 0 }, singles, numbers)
    const hub = await tx<PlainRow[]>`${hubRows(tx)}`
    const core = withCore ? await tx<PlainRow[]>`${coreRows(tx)}` : []
    return [...hub.map((row) => rowOf('hub', row)), ...core.map((row) => rowOf('core', row))]
  })
}

const rowOf = (source: 'hub' | 'core', row: PlainRow): MatchRow => ({
  source,
  direction: row.direction,
  rrn: row.rrn,
  amountPaise: row.amount,
  day: dayOf(Number(row.at)),
  remitterBank: row.remitter_bank,
  beneficiaryBank: row.beneficiary_bank,
  status: row.status,
  at: Number(row.at),
  suffix: '',
  stan: '',
  subType: row.sub_type,
  parentRrn: '',
  responseCode: '',
  ref: row.ref,
  lane: row.lane,
  origin: row.origin,
  missed: row.missed,
})

/**
 * Payments of other cycles that have one of these RRNs: matched, and missed by nobody. Among them what came for an account that no bank
 * of the hub has: such a payment is no bank's (`-`).
 */
export async function findOutside(
  db: Db,
  { institution, fromAt, toAt }: Window,
  rrns: readonly string[],
  known: ReadonlySet<string>,
): Promise<readonly Single[]> {
  if (rrns.length === 0) return []
  const found = await db<{ id: string }[]>`
    select replace(payment_id::text, '-', '') as id from payment
    where rrn = any(${[...rrns]}::text[]) and institution in (${institution}, '-') and transmitted_at is not null
      and not (institution = ${institution} and transmitted_at >= ${toRfc3339(fromAt)}::timestamptz
               and transmitted_at < ${toRfc3339(toAt)}::timestamptz)
    order by payment_id`
  return found
    .filter(({ id }) => !known.has(id))
    .map(({ id }): Single => ({ paymentId: id, origin: 'outside', missed: 0 }))
}
