import type { AccountId, Lane } from '../base/identifiers.ts'
import { accountIdOf, LANES } from '../base/identifiers.ts'

/**
 * ledger: double entry in integer paise. It promises that every journal sums to zero, that an entry is never changed, that
 * a balance never goes below its floor, and that a hold is resolved at most once. It knows accounts, not payments.
 */

/** The hub's own accounts. Each exists once per lane, so that no row is hot for everybody. @source settlement.md §6.1 */
export const chart = {
  'OUT-CLR': { number: 1, name: 'IMPS outward payable pool', type: 'liability' },
  'IN-CLR': { number: 2, name: 'IMPS inward receivable pool', type: 'asset' },
  'RBI-STL': { number: 3, name: 'RBI settlement account', type: 'asset' },
} as const satisfies Record<string, { number: number; name: string; type: 'asset' | 'liability' }>

export type ChartCode = keyof typeof chart
export const chartCodes: readonly ChartCode[] = ['OUT-CLR', 'IN-CLR', 'RBI-STL']

/** The hub's own account of that kind in that lane. */
export const hubAccount = (code: ChartCode, lane: Lane): AccountId => accountIdOf(chart[code].number * LANES + lane)
