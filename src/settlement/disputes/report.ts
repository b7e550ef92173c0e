import type { AdjustmentRow, NtslDispute } from '../../imps/files/rows.ts'
import { adjustmentRef } from '../books/returns.ts'
import type { Adjustment } from './apply.ts'

/**
 * A line of an adjustment report as disputes take it.
 * @param code    the institution's three letters: the remitter bank of what is outward
 * @param stated  the dispute lines of the same cycle's statement: whose a verdict is, its money says
 */
export function adjustmentOf(
  institution: string,
  code: string,
  row: AdjustmentRow,
  stated: readonly NtslDispute[],
): Adjustment {
  const direction = row.remitterBank === code ? 'outward' : 'inward'
  const line = stated.find(({ rrn, bankRef }) => rrn === row.rrn && bankRef === row.bankRef)
  const toUs = line === undefined ? 0n : line.creditPaise - line.debitPaise
  return {
    source: `adj:${adjustmentRef(row)}`,
    institution,
    direction,
    rrn: row.rrn,
    flag: row.flag,
    reason: row.reasonCode,
    on: row.adjDate,
    transactionOn: row.txnDate,
    amountPaise: row.adjAmountPaise === 0n ? row.amountPaise : row.adjAmountPaise,
    ...(toUs === 0n ? {} : { verdictFor: toUs > 0n === (direction === 'outward') ? 'remitter' : 'beneficiary' }),
  }
}
