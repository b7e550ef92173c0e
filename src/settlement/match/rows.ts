import type { Day, SubType } from '../../imps/files/rows.ts'
import type { BreakAction, BreakType } from './break-types.ts'

/**
 * match: the same payments in three books. It promises that the answer follows from the rows alone, whatever their order, that nothing is
 * counted twice, that what it merely takes to belong together it only suggests, and that a run can be taken back to the last byte.
 */

export type Source = 'core' | 'hub' | 'raw'
export type Direction = 'outward' | 'inward'

/**
 * What a source says of a row. Core: `S` posted, `V` the reversal of a posting. Hub: `S` paid or deemed, `P` not known yet, `F` declined,
 * `X` declined because the account cannot be credited. Raw: `00`, `08`, `F` declined.
 */
export type RowStatus = 'S' | 'V' | 'P' | 'F' | 'X' | '00' | '08'

/** One row of one source, without anything personal but the last four characters of an account. */
export type MatchRow = {
  readonly source: Source
  readonly direction: Direction
  /** 12 digits; 6 to 11 where it was cut short. */
  readonly rrn: string
  readonly amountPaise: bigint
  /** The day in IST. */
  readonly day: Day
  /** NBINs. */
  readonly remitterBank: string
  readonly beneficiaryBank: string
  readonly status: RowStatus
  /** Epoch milliseconds. */
  readonly at: number
  /** Last four of the account on our side; empty where the source has none. */
  readonly suffix: string
  /** STAN: what is left of an RRN that was cut. Empty where the source has none. */
  readonly stan: string
  readonly subType: SubType
  /** Of a bulk payment's child. */
  readonly parentRrn: string
  readonly responseCode: string
  /** What the source calls the row: a payment's id, an entry's; empty in a raw file, where the RRN finds the line. */
  readonly ref: string
  /** Lane of the hub's payment; null elsewhere. */
  readonly lane: number | null
  /**
   * `cycle`: it belongs to this one. `carried`: it has waited since an earlier one. `outside`: of another cycle, looked up because
   * something here has its RRN; it is matched, and missed by nobody.
   */
  readonly origin: 'cycle' | 'carried' | 'outside'
  /** Cycles a carried row has been missed in, this one not counted; 0 elsewhere. */
  readonly missed: number
}

/** Why rows belong together: the pass that said so. @source settlement.md §7.1 */
export type Pass = 'self' | 'exact' | 'relaxed' | 'fallback' | 'bulk' | 'carried'

/** Something that is not as it should be. */
export type FoundBreak = {
  readonly type: BreakType
  readonly direction: Direction | null
  readonly rrn: string
  /** NBIN of the remitter bank; empty for what is about a cycle. */
  readonly remitterBank: string
  readonly amountPaise: bigint
  /** Counts from 1, where one key has several. */
  readonly ordinal: number
  readonly action: BreakAction
  /** `carried`: it waits for a later cycle before people see it. */
  readonly state: 'open' | 'carried'
  /** Cycles it has been missed in, with this one; 0 of what does not wait. */
  readonly missed: number
  readonly paymentId: string | null
  /** Epoch milliseconds of the payment; null for what is about a cycle. */
  readonly at: number | null
  /** What each source says, in one order, without personal data. */
  readonly facts: Facts
}

export type Facts = Readonly<Record<string, string | number | null | readonly string[]>>

export const runStates = ['running', 'held', 'matched', 'failed', 'rolled_back'] as const

/** A run as its row has it. Instants are epoch milliseconds. */
export type ReconRun = {
  readonly id: string // run_ and 32 hex digits
  readonly tenantId: number
  readonly institution: string
  readonly settlementDate: Day
  readonly cycle: string
  readonly fromAt: number
  readonly toAt: number
  readonly ruleVersion: string
  readonly state: (typeof runStates)[number]
  readonly step: string
  readonly progress: number
  readonly inputs: readonly RunInput[]
  readonly totals: readonly ControlTotal[]
  readonly counts: Readonly<Record<string, number>>
  readonly outcomeHash: string | null
  readonly failure: string | null
  readonly startedBy: string
  readonly startedAt: number
  readonly endedAt: number | null
  readonly rolledBackBy: string | null
  readonly rolledBackAt: number | null
}

/** One thing a run was made from. */
export type RunInput = {
  readonly what: string // core, hub, raw_remitter, raw_beneficiary, ntsl
  readonly fileId: string | null
  readonly name: string
  readonly sha256: string | null
  readonly rows: number
}

/** Count and amount of one kind of row, by us and by the statement. Digits, because JSON keeps them. */
export type ControlTotal = {
  readonly what: string // remitter 00, remitter 08, beneficiary 00, beneficiary 08
  readonly count: number
  readonly amount: string
  readonly statedCount: number | null
  readonly statedAmount: string | null
  readonly agrees: boolean
}
