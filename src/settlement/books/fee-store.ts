import { toRfc3339 } from '../../base/clock.ts'
import type { Db, Tx } from '../../db/pool.ts'
import type { FeeRate } from '../../imps/fees.ts'
import type { Day } from '../../imps/files/rows.ts'

type RateRow = {
  kind: FeeRate['kind']
  side: FeeRate['side']
  sub_type: FeeRate['subType']
  status: FeeRate['status']
  over_amount: bigint
  fee: bigint
  gst_bps: number
  rounding: FeeRate['rounding']
  valid_from: Day
  source: string
  proposed_by: string | null
  approval_id: string | null
  set_at: number | null
}

/** All rates there have been, and those to come. */
export async function findFeeRates(db: Db | Tx): Promise<FeeRate[]> {
  return (await listFeeRates(db)).map(
    ({ source: _source, proposedBy: _by, approvalId: _id, setAt: _at, ...rate }) => rate,
  )
}

/** A rate, and who is answerable for it. */
export type KeptFeeRate = FeeRate & {
  /** The circular or letter that it is from. */
  readonly source: string
  /** Null: the hub came with it. */
  readonly proposedBy: string | null
  readonly approvalId: string | null
  readonly setAt: number | null
}

/** The same with who asked for each, and by which approval. */
export async function listFeeRates(db: Db | Tx): Promise<KeptFeeRate[]> {
  const rows = await db<RateRow[]>`
    select kind, side, sub_type, status, over_amount, fee, gst_bps, rounding, to_char(valid_from, 'YYYY-MM-DD') as valid_from, source,
           proposed_by, approval_id, set_at
    from fee_rate order by valid_from, kind, side, over_amount, sub_type nulls first, status nulls first`
  return rows.map((row) => ({
    kind: row.kind,
    side: row.side,
    subType: row.sub_type,
    status: row.status,
    overPaise: row.over_amount,
    feePaise: row.fee,
    gstBps: row.gst_bps,
    rounding: row.rounding,
    validFrom: row.valid_from,
    source: row.source,
    proposedBy: row.proposed_by,
    approvalId: row.approval_id === null ? null : row.approval_id.replaceAll('-', ''),
    setAt: row.set_at,
  }))
}

/** A table of one kind and side, which holds as a whole from a day on. */
export type FeeTable = Pick<FeeRate, 'kind' | 'side' | 'gstBps' | 'rounding' | 'validFrom'> & {
  readonly source: string
  readonly slabs: readonly Pick<FeeRate, 'subType' | 'status' | 'overPaise' | 'feePaise'>[]
}

/**
 * Why a table cannot be put in: its day has come, or a cycle of that day or a later one is in the books; or there is one of that kind, side
 * and day, which stands.
 */
export async function whyNoTable(
  tx: Tx,
  { kind, side, validFrom }: Pick<FeeTable, 'kind' | 'side' | 'validFrom'>,
  today: Day,
): Promise<'past' | 'settled' | 'taken' | undefined> {
  if (validFrom <= today) return 'past'
  const [settled] = await tx`
    select from pipeline_step where step = 'settle' and settled_on >= ${validFrom}::date limit 1`
  if (settled !== undefined) return 'settled'
  const [taken] = await tx`
    select from fee_rate where kind = ${kind} and side = ${side} and valid_from = ${validFrom}::date limit 1`
  return taken === undefined ? undefined : 'taken'
}

/** Puts a table in that people have agreed about. The caller has made sure that it may be, under `lockFees`. */
export async function insertFeeTable(
  tx: Tx,
  table: FeeTable,
  by: { readonly proposedBy: string; readonly approvalId: string; readonly at: number },
): Promise<void> {
  for (const { subType, status, overPaise, feePaise } of table.slabs)
    await tx`
      insert into fee_rate (kind, side, sub_type, status, over_amount, fee, gst_bps, rounding, valid_from, source, proposed_by, approval_id, set_at)
      values (${table.kind}, ${table.side}, ${subType}, ${status}, ${overPaise}, ${feePaise}, ${table.gstBps}, ${table.rounding},
        ${table.validFrom}::date, ${table.source}, ${by.proposedBy}, ${by.approvalId}::uuid, ${toRfc3339(by.at)}::timestamptz)`
}

/** One at a time puts tables in. */
export const lockFees = (tx: Tx): Promise<unknown> =>
  tx`select pg_advisory_xact_lock(hashtextextended('fee rates', 0))`.execute()

/** The rates of a kind and side that hold on a day: the table that has begun last. */
export function tableOn<T extends FeeRate>(rates: readonly T[], kind: T['kind'], side: T['side'], day: Day): T[] {
  const own = rates.filter((rate) => rate.kind === kind && rate.side === side && rate.validFrom <= day)
  const latest = own.reduce((at, { validFrom }) => (validFrom > at ? validFrom : at), '')
  return own.filter(({ validFrom }) => validFrom === latest)
}

/** Which table of fees is in force on a day: the day its youngest rate began. */
export const feeVersion = (rates: readonly FeeRate[], day: Day): string =>
  `fees:${rates.reduce((at, { validFrom }) => (validFrom <= day && validFrom > at ? validFrom : at), '')}`
