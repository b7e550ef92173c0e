import type { NtslRow } from '../../imps/files/rows.ts'
import { breakTypes } from './break-types.ts'
import type { SettledSum } from './outcome.ts'
import type { ControlTotal, FoundBreak } from './rows.ts'

/**
 * The gate before the match: what the raw files come to must be what the statement says, in count and amount, for each side and status.
 * @source settlement.md §7.1, pass 1
 */
const LINE = /^(Remitter|Beneficiary) (?:P2A|P2P|P2U|MRT)(-08)?(?: Approved)? Transaction Amount$/i

const kinds = ['remitter 00', 'remitter 08', 'beneficiary 00', 'beneficiary 08'] as const

/** @param ntsl  null: the cycle has no statement, and its totals prove nothing */
export function controlTotals(
  settled: readonly Pick<SettledSum, 'side' | 'status' | 'count' | 'amountPaise'>[],
  ntsl: readonly NtslRow[] | null,
): ControlTotal[] {
  return kinds.map((what) => {
    const own = settled.filter(({ side, status }) => `${side} ${status}` === what)
    const count = own.reduce((sum, one) => sum + one.count, 0)
    const amount = own.reduce((sum, one) => sum + one.amountPaise, 0n)
    const lines = (ntsl ?? []).filter(({ description }) => kindOf(description) === what)
    const statedCount = lines.reduce((sum, line) => sum + line.count, 0)
    const statedAmount = lines.reduce((sum, line) => sum + line.debitPaise + line.creditPaise, 0n)
    return {
      what,
      count,
      amount: String(amount),
      statedCount: ntsl === null ? null : statedCount,
      statedAmount: ntsl === null ? null : String(statedAmount),
      agrees: ntsl !== null && count === statedCount && amount === statedAmount,
    }
  })
}

function kindOf(description: string): string | undefined {
  const [, side, deemed] = LINE.exec(description.trim().replace(/\s+/g, ' ')) ?? []
  return side === undefined ? undefined : `${side.toLowerCase()} ${deemed === undefined ? '00' : '08'}`
}

/** What does not agree, as breaks for people. */
export const totalBreaks = (totals: readonly ControlTotal[]): FoundBreak[] =>
  totals.flatMap((total, index): FoundBreak[] => {
    if (total.agrees || total.statedAmount === null) return []
    const difference = BigInt(total.amount) - BigInt(total.statedAmount)
    return [
      {
        type: 'B14',
        direction: total.what.startsWith('remitter') ? 'outward' : 'inward',
        rrn: '',
        remitterBank: '',
        amountPaise: difference < 0n ? -difference : difference,
        ordinal: index + 1,
        action: breakTypes.B14.action,
        state: 'open',
        missed: 0,
        paymentId: null,
        at: null,
        facts: {
          what: total.what,
          count: total.count,
          amount: total.amount,
          statedCount: total.statedCount,
          statedAmount: total.statedAmount,
        },
      },
    ]
  })
