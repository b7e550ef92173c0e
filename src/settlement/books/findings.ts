import type { Lane, PaymentId } from '../../base/identifiers.ts'
import type { Day, Side, SubType } from '../../imps/files/rows.ts'

/**
 * What the match of a cycle tells the books. Sums for what is settled, by lane, so that the clearing account of each lane goes back to
 * what is not; single rows for what is not simply paid and settled, and for nothing else.
 */
export type CycleFindings = {
  /** The match run. */
  readonly runId: string
  /** Of every row of both raw files with 00 or 08: millions of payments, some hundred sums. */
  readonly settled: readonly SettledSum[]
  /** Exceptions, in order of (direction, RRN, remitter bank). */
  readonly items: readonly FoundItem[]
}

/** Rows of the raw file that are alike, added up. */
export type SettledSum = {
  readonly side: Side
  readonly status: '00' | '08'
  readonly subType: SubType
  /** Of the hub's payment; null: the hub has none with this RRN, or its amount is another. */
  readonly lane: Lane | null
  /** The highest of `slabsOf(rates)` that is below the amounts: payments of one sum cost the same. */
  readonly overPaise: bigint
  readonly count: number
  readonly amountPaise: bigint
}

/**
 * One payment that needs something: any where the raw file says other than 00, where the hub's state is other than `succeeded`, or
 * where one of the two has none. `absent`: the hub has it in or before this cycle and no raw file has it yet.
 */
export type FoundItem = {
  readonly direction: 'outward' | 'inward'
  readonly rrn: string
  /** NBIN of the remitter bank. */
  readonly remitterBank: string
  readonly beneficiaryBank: string
  /** Null: the hub has never heard of it. */
  readonly paymentId: PaymentId | null
  readonly amountPaise: bigint
  readonly at: number
  readonly raw: '00' | '08' | 'declined' | 'absent'
  readonly responseCode: string | null
  readonly subType: SubType
  /** As the raw file has them; empty where it does not. */
  readonly remitterAccount: string
  readonly beneficiaryAccount: string
  readonly remitterMobile?: string
  readonly beneficiaryMobile?: string
}

/** A cycle of an institution of the hub. */
export type CycleOfBank = { readonly institution: string; readonly settlementDate: Day; readonly number: string }

export const cycleKey = ({ institution, settlementDate, number }: CycleOfBank): string =>
  `cycle:${institution}/${settlementDate}/${number}`

/** Reads what the last match of a cycle found; undefined when it is not matched. */
export type ReadFindings = (cycle: CycleOfBank, slabs: readonly bigint[]) => Promise<CycleFindings | undefined>
