import type { Paise } from '../../base/money.ts'

/**
 * NPCI's dispute matrix as data. A rule is one flag: who may say it, out of which state, with which reason codes, for how long, what
 * money it moves, and what is taken as said when the answer does not come. Rules are re-issued about twice a year: each holds from a
 * day on, and a member bank's profile overrides any of them. Days are `YYYY-MM-DD` in IST. @source settlement.md §4.1
 */

/** One line of business: of each a payment has at most one open dispute. */
export const families = [
  'chargeback', //             B, then R, P, AR ...: a time-out that was not credited
  'deferred', //               FB ...: the same where a TCC is on record; asking moves no money
  'fraud', //                  FC
  'deferred_fraud', //         DFC
  'wrong_payment', //          WP
  'deferred_wrong_payment', // DWC
  'credit_adjustment', //      C: a refund by the beneficiary bank
  'beneficiary_good_faith', // BGGC
  'remitter_good_faith', //    RGGC
  'shadow_reversal', //        the bank's own, from 2027: provisional credit while it looks into a fraud
] as const
export type Family = (typeof families)[number]

/** What NPCI has reported of a dispute; `none`: that there is none. */
export const disputeStates = [
  'none',
  'new', //                      asked for by us, nothing at NPCI yet
  'raised', //                   the other side's answer is awaited
  'represented', //              answered with a no; whoever raised it may go on
  'pre_arbitration',
  'pre_arbitration_declined',
  'arbitration',
  'arbitration_continued',
  'panel', //                    the second-level panel
  'for_remitter', //             over: the remitter bank has the money
  'for_beneficiary', //          over: the beneficiary bank has it
  'withdrawn',
  'dropped', //                  never came to be: refused by people, or by NPCI
] as const
export type DisputeState = (typeof disputeStates)[number]

export const isClosed = (state: DisputeState): boolean =>
  state === 'for_remitter' || state === 'for_beneficiary' || state === 'withdrawn' || state === 'dropped'

/** Who says a flag; `npci`: the system, or an arbitrator. `bank`: the customer's own bank, to itself. */
export const parties = ['remitter', 'beneficiary', 'npci', 'bank'] as const
export type Party = (typeof parties)[number]

/** Between the two banks. `to_remitter`: the beneficiary bank is debited (B→R). */
export const fundMoves = ['none', 'to_remitter', 'to_beneficiary'] as const
export type Funds = (typeof fundMoves)[number]

/** What must be so before a flag may be asked for. Each word has its sentence in `sentences`. */
export const conditions = [
  'deemed', //         the raw file says 08 (OC 28)
  'no_tcc', //         no TCC is on record (OC 45)
  'tcc', //            a TCC is on record (OC 45)
  'no_return', //      no RET is on record: the money came back already
  'no_chargeback', //  no chargeback has been settled (OC 45)
  'not_credited', //   our customer was not credited
  'credited', //       our customer was credited
  'not_declined', //   RC M0 and other declines get no adjustments (OC 56)
  'once', //           the same good-faith credit was not made before (OC 129)
  'other_over', //     the time of every other dispute about the payment is over (OC 129)
] as const
export type Condition = (typeof conditions)[number]

/** How long one may say it: so many calendar days after the day of the transaction, or of the step before, until this time in IST. */
export type Within = { readonly days: number; readonly since: 'transaction' | 'step'; readonly until: string }

/** What follows when nobody says what could be said in time. */
export type Lapse =
  /** NPCI takes that as said. */
  | { readonly kind: 'deemed'; readonly flag: string; readonly reason: string }
  /** Nothing more can be said: it ends so. */
  | { readonly kind: 'ends'; readonly to: DisputeState }
  /** The circulars that are known say nothing: people look. */
  | { readonly kind: 'people' }

export type Rule = {
  readonly flag: string
  readonly name: string
  readonly families: readonly Family[]
  readonly by: readonly Party[]
  /** `none` opens a dispute. */
  readonly from: readonly DisputeState[]
  readonly to: DisputeState
  readonly reasons: readonly string[]
  /** Null: no time is set. */
  readonly within: Within | null
  /** `as_decided`: to whom it is decided for, where the money is not there already. */
  readonly funds: Funds | 'as_decided'
  readonly needs: readonly Condition[]
  /** On the day of the transaction only above this amount; null: never on that day. Absent: whenever. */
  readonly sameDayAbovePaise?: Paise | null
  /** Papers must be there. */
  readonly evidence?: true
  /** Who wins by it, where the same flag and reason may go either way. */
  readonly verdictFor?: 'remitter' | 'beneficiary'
  readonly lapse: Lapse | null
  /** How we file it; null: nobody does, it comes from NPCI or is the bank's own. */
  readonly format: 'classic' | 'good_faith' | null
  readonly validFrom: string
  readonly validUntil: string | null
  readonly source: string
  /** What is not certain about this row. */
  readonly doubt?: string
}

/** The name of a row, for events and people: `B 2025-08-27 OC 127`. */
export const nameOfRule = ({ flag, validFrom, source }: Rule): string => `${flag} ${validFrom} ${source}`

/** The rules that hold on a day. */
export const rulesOn = (rules: readonly Rule[], day: string): Rule[] =>
  rules.filter((rule) => rule.validFrom <= day && (rule.validUntil === null || day <= rule.validUntil))

/** What each condition says to people when it is not so; `instead` are the flags that could be used. */
export const sentences: Readonly<Record<Condition, string>> = {
  deemed: 'the payment was not deemed (RC 08) in the settlement file',
  no_tcc: 'a TCC is on record',
  tcc: 'no TCC is on record',
  no_return: 'the beneficiary bank has returned the money (RET)',
  no_chargeback: 'a chargeback has been settled',
  not_credited: 'the customer has been credited',
  credited: 'the customer has not been credited',
  not_declined: 'the payment was declined, and declined payments get no adjustments',
  once: 'this good-faith credit was made before',
  other_over: 'another dispute about the payment is open',
}
