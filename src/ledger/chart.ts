import type { AccountId, Lane } from '../base/identifiers.ts'
import { accountIdOf, LANES } from '../base/identifiers.ts'

/**
 * ledger: double entry in integer paise. It promises that every journal sums to zero, that an entry is never changed, that
 * a balance never goes below its floor, and that a hold is resolved at most once. It knows accounts, not payments.
 */

type ChartAccount = {
  readonly number: number
  readonly name: string
  readonly type: 'asset' | 'liability' | 'income' | 'expense'
}

/** The hub's own accounts. Each exists once per lane, so that no row is hot for everybody. @source settlement.md §6.1 */
export const chart = {
  'OUT-CLR': { number: 1, name: 'IMPS outward payable pool', type: 'liability' },
  'IN-CLR': { number: 2, name: 'IMPS inward receivable pool', type: 'asset' },
  'RBI-STL': { number: 3, name: 'RBI settlement account', type: 'asset' },
  'RET-PAY': { number: 4, name: 'Returns received, to be paid to remitters', type: 'liability' },
  'DSP-HELD': { number: 5, name: 'Dispute money received, not final', type: 'liability' },
  'DSP-REC': { number: 6, name: 'Dispute money taken from us, contested', type: 'asset' },
  'SUSP-IN': { number: 7, name: 'Unexplained, inward', type: 'asset' },
  'SUSP-OUT': { number: 8, name: 'Unexplained, outward', type: 'liability' },
  'SHADOW-REC': { number: 9, name: 'Shadow reversal receivable', type: 'asset' },
  'FEE-INC': { number: 10, name: 'Charges to customers', type: 'income' },
  'ICH-INC': { number: 11, name: 'Interchange received', type: 'income' },
  'ICH-EXP': { number: 12, name: 'Interchange paid', type: 'expense' },
  'SWF-EXP': { number: 13, name: 'NPCI switching fee', type: 'expense' },
  'PEN-EXP': { number: 14, name: 'NPCI penalties', type: 'expense' },
  'COMP-EXP': { number: 15, name: 'Compensation paid for delay', type: 'expense' },
  'COMP-REC': { number: 16, name: 'Compensation due from other banks', type: 'asset' },
  'GST-OUT': { number: 17, name: 'GST collected', type: 'liability' },
  'GST-ITC': { number: 18, name: 'GST input credit', type: 'asset' },
} as const satisfies Record<string, ChartAccount>

export type ChartCode = keyof typeof chart
export const chartCodes: readonly ChartCode[] = [
  'OUT-CLR',
  'IN-CLR',
  'RBI-STL',
  'RET-PAY',
  'DSP-HELD',
  'DSP-REC',
  'SUSP-IN',
  'SUSP-OUT',
  'SHADOW-REC',
  'FEE-INC',
  'ICH-INC',
  'ICH-EXP',
  'SWF-EXP',
  'PEN-EXP',
  'COMP-EXP',
  'COMP-REC',
  'GST-OUT',
  'GST-ITC',
]

/** The hub's own account of that kind in that lane. */
export const hubAccount = (code: ChartCode, lane: Lane): AccountId => accountIdOf(chart[code].number * LANES + lane)
