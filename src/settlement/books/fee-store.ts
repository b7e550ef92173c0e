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
}

/** All rates there have been. */
export async function findFeeRates(db: Db | Tx): Promise<FeeRate[]> {
  const rows = await db<RateRow[]>`
    select kind, side, sub_type, status, over_amount, fee, gst_bps, rounding, to_char(valid_from, 'YYYY-MM-DD') as valid_from
    from fee_rate order by valid_from, kind, side, over_amount`
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
  }))
}

/** Which table of fees is in force on a day: the day its youngest rate began. */
export const feeVersion = (rates: readonly FeeRate[], day: Day): string =>
  `fees:${rates.reduce((at, { validFrom }) => (validFrom <= day && validFrom > at ? validFrom : at), '')}`
