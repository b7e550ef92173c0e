import { unreachable } from '../base/brand.ts'

/**
 * payment: the domain. It promises one path and three doors: `initiate` (1), `record` (2) and `receive` (3) are the only
 * functions that change a payment, each in one commit of state, ledger and event; and that a timer never decides money.
 * This file is the machine, pure and total. @source architecture.md §4, settlement.md §3 and §6.2
 */

export const stateKinds = [
  'held', //        debited, nothing sent: waiting for the customer's factors, for approval, for the end of a lag, or for a link
  'sent', //        the original is, or may be, on the wire; no answer yet
  'unconfirmed', // no answer that decides: asked about, never sent again
  'deemed', //      RC 91: counted as paid; the beneficiary bank's confirmation or return is awaited
  'succeeded', //   the beneficiary has the money
  'declined', //    a definite no: the money is back with the remitter
  'returned', //    counted as paid, then sent back by the beneficiary bank; inward: credited, then taken back
  'cancelled', //   taken back before anything was sent
  'refused', //     the hub itself gave up before anything was sent
] as const
export type StateKind = (typeof stateKinds)[number]

/** Something learned about a payment: from the wire, a timer, a settlement file or a person. */
export type Fact =
  | { readonly kind: 'dispatched' } //                                     held → sent: the row says so before the first byte leaves
  | { readonly kind: 'approved'; readonly responseCode: string; readonly registeredName?: string }
  | { readonly kind: 'deemed'; readonly responseCode: string }
  /** `notTaken`: the switch refused the message itself and never passed it on; the code is its own. */
  | { readonly kind: 'declined'; readonly responseCode: string; readonly notTaken?: true }
  | { readonly kind: 'unclear'; readonly responseCode: string } //         an answer that decides nothing: keep, and ask
  | { readonly kind: 'lapsed' } //                                         the wait for an answer is over; says nothing about the money
  | { readonly kind: 'returned' } //                                       RET: the money came back, or comes with the cycle
  | { readonly kind: 'reversed' } //                                       UDIR: NPCI tells the remitter bank to credit its customer back
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'released'; readonly stage: Stage } //                 what it waited for has come: two factors, an approval, the end of a lag
  /** Somebody said no, or nobody answered in time: in this stage, where it is named. */
  | { readonly kind: 'rejected'; readonly reason: string; readonly stage?: Stage }
  /** What the raw file of a cycle says: paid, deemed, or a decline; or three cycles that do not have it. @source settlement.md §6.2 */
  | { readonly kind: 'settled_paid' | 'settled_deemed' | 'settled_declined'; readonly responseCode: string }
  | { readonly kind: 'settled_absent' }
  | { readonly kind: 'confirmed' } //                                      TCC 102 or 103: the beneficiary has the money
  | { readonly kind: 'refunded' } //                                       a credit adjustment or one in good faith: paid, and given back
  | { readonly kind: 'dispute_won' } //                                    the money of a chargeback is the customer's
  /** The payee has its account at the payer's own bank, which took the payment or did not; NPCI never sees it. @source settlement.md §3 */
  | { readonly kind: 'paid_within'; readonly responseCode: string; readonly registeredName: string }
  | { readonly kind: 'declined_within'; readonly responseCode: string }
  | { readonly kind: 'had_left' } //                                       held when the hub was restored from a backup; people found that it had left
  | { readonly kind: 'credited_late' } //                                  inward: deemed at NPCI and not credited, so credited now, for TCC 103
  /** People found out, with evidence, and others agreed: the approval is theirs, 32 hex digits. */
  | { readonly kind: Finding; readonly approvalId: string }
export type FactKind = Fact['kind']

/** What people may find out about a payment whose outcome the wire left open. */
export const findings = [
  'found_paid',
  'found_unpaid',
  'found_returned',
  'found_settled', //   in NPCI's file as paid: a debit that was given back was due after all; inward: credited now
  'found_unsettled', // in NPCI's file as declined, or in none: the debit goes back; inward: the credit is taken back
] as const
export type Finding = (typeof findings)[number]

/**
 * What a payment in `held` waits for before it waits for a link, in this order: its customer's two factors, people, a lag. Before all of
 * them `restored`: it was held when a backup was taken that the hub was restored from, so it may have left since, and only people can
 * find that out. Nothing else moves it then, and no timer.
 */
export const stages = ['restored', 'authentication', 'approval', 'lag'] as const
export type Stage = (typeof stages)[number]
/** A stage that a payment has before it; `seconds` is how long the lag is. */
export type Wait =
  | { readonly stage: 'restored' | 'authentication' | 'approval' }
  | { readonly stage: 'lag'; readonly seconds: number }

export const factKinds = [
  'dispatched',
  'approved',
  'deemed',
  'declined',
  'unclear',
  'lapsed',
  'returned',
  'reversed',
  'cancelled',
  'refused',
  'released',
  'rejected',
  'settled_paid',
  'settled_deemed',
  'settled_declined',
  'settled_absent',
  'confirmed',
  'refunded',
  'dispute_won',
  'credited_late',
  'paid_within',
  'declined_within',
  'had_left',
  ...findings,
] as const satisfies readonly FactKind[]

/** What the ledger does about a step. What gives money to a customer does it once in the life of a payment. @source settlement.md I4 */
export type LedgerVerb =
  | 'keep'
  | 'post' //    the hold, for good
  | 'pass' //    Dr OUT-CLR Cr the payee's CUST: within the bank
  | 'void' //    Dr OUT-CLR Cr CUST: of a hold
  | 'reverse' // Dr OUT-CLR Cr CUST: it was deemed, and is in no settlement
  | 'return' //  Dr RET-PAY Cr CUST
  | 'award' //   Dr DSP-HELD Cr CUST
  | 'credit' //  Dr IN-CLR Cr CUST: inward, late
  | 'recover' // Dr CUST Cr IN-CLR: inward; what the account lacks, Dr SUSP-IN
  | 'charge' //  Dr CUST Cr OUT-CLR; what the account lacks, Dr SUSP-OUT

/** What a fact does to a payment. The ledger verb is part of the answer, so no caller can forget it. */
export type Step =
  | { readonly kind: 'moved'; readonly to: StateKind; readonly ledger: LedgerVerb }
  | { readonly kind: 'repeated' } //     nothing new: write nothing, answer as before
  | { readonly kind: 'contradicted' } // cannot be true of this payment: a break for people; the hub never guesses about money

const moved = (to: StateKind, ledger: LedgerVerb): Step => ({ kind: 'moved', to, ledger })
const repeated: Step = { kind: 'repeated' }
const contradicted: Step = { kind: 'contradicted' }

/**
 * The step that `fact` takes a payment in state `from`. Total: every pair has an answer, and none of them is a guess.
 * @param waits  what a payment in `held` has before it: only that, the customer, or the end of the wait moves it
 * @param stage  what `released` says has come, or in which `rejected` says that the time was over
 */
export function advance(from: StateKind, fact: FactKind, waits: readonly Stage[] = [], stage?: Stage): Step {
  const awaiting = waits.length > 0
  switch (from) {
    case 'held':
      if (waits[0] === 'restored') return advanceRestored(fact, stage)
      if (fact === 'released') {
        if (stage === waits[0] && stage !== undefined) return moved('held', 'keep')
        return stage !== undefined && waits.includes(stage) ? contradicted : repeated
      }
      if (fact === 'rejected') {
        // Whose time was over in one stage, and who passed it at that moment, has the time of the next.
        if (stage !== undefined && stage !== waits[0]) return repeated
        return awaiting ? moved('refused', 'void') : contradicted
      }
      if (fact === 'dispatched') return awaiting ? contradicted : moved('sent', 'keep')
      if (fact === 'paid_within') return awaiting ? contradicted : moved('succeeded', 'pass')
      if (fact === 'declined_within') return awaiting ? contradicted : moved('declined', 'void')
      if (fact === 'cancelled') return moved('cancelled', 'void')
      if (fact === 'refused') return awaiting ? contradicted : moved('refused', 'void')
      return fact === 'lapsed' ? repeated : contradicted
    case 'sent':
    case 'unconfirmed':
      switch (fact) {
        case 'approved':
          return moved('succeeded', 'post')
        case 'deemed':
          return moved('deemed', 'post')
        case 'declined':
          return moved('declined', 'void')
        case 'unclear':
        case 'lapsed':
          return from === 'sent' ? moved('unconfirmed', 'keep') : repeated
        case 'dispatched':
        case 'released':
        case 'had_left':
          return repeated
        case 'reversed':
          return moved('returned', 'void')
        case 'settled_paid':
        case 'confirmed':
          return moved('succeeded', 'post')
        case 'settled_deemed':
          return moved('deemed', 'post')
        case 'settled_declined':
          return moved('declined', 'void')
        // While the answer is awaited a file that does not have it says nothing.
        case 'settled_absent':
          return from === 'unconfirmed' ? moved('declined', 'void') : repeated
        // A return says itself that it was counted as paid; the raw file that says so may come later.
        case 'returned':
          return moved('returned', 'return')
        // People decide only after the wire had its time: while the answer is awaited nobody knows better.
        case 'found_paid':
        case 'found_settled':
          return from === 'unconfirmed' ? moved('succeeded', 'post') : contradicted
        case 'found_unpaid':
        case 'found_unsettled':
          return from === 'unconfirmed' ? moved('declined', 'void') : contradicted
        case 'found_returned':
        case 'refunded':
        case 'dispute_won':
        case 'credited_late':
        case 'paid_within':
        case 'declined_within':
        case 'cancelled':
        case 'refused':
        case 'rejected':
          return contradicted
        default:
          return unreachable(fact)
      }
    case 'deemed':
      if (
        fact === 'approved' ||
        fact === 'found_paid' ||
        fact === 'found_settled' ||
        fact === 'settled_paid' ||
        fact === 'confirmed'
      )
        return moved('succeeded', 'keep')
      // RC 91 is paid for NPCI: only money that came back moves it, or NPCI's own file that never counted it. @source ADR 0056
      if (fact === 'returned' || fact === 'reversed' || fact === 'found_returned' || fact === 'refunded')
        return moved('returned', 'return')
      if (fact === 'settled_declined' || fact === 'settled_absent' || fact === 'found_unsettled')
        return moved('declined', 'reverse')
      if (fact === 'dispute_won') return moved('returned', 'award')
      return fact === 'deemed' || fact === 'settled_deemed' || isOldNews(fact) ? repeated : contradicted
    case 'succeeded':
      // Credited, and taken back in a dispute: NPCI's own word for it, so the customer gets it once. @source settlement.md §6.2
      if (fact === 'reversed' || fact === 'refunded') return moved('returned', 'return')
      if (fact === 'dispute_won') return moved('returned', 'award')
      // NPCI's file has the last word on what is settled; that it took nothing is for two people to say. @source settlement.md §7.2, 3 and 6
      if (fact === 'found_unsettled') return moved('declined', 'reverse')
      return saysPaid.has(fact) || isOldNews(fact) ? repeated : contradicted
    case 'declined':
      if (fact === 'found_settled') return moved('succeeded', 'charge')
      // Verified as not there, and deemed for the file all the same: the RET that follows is ours, not the customer's. @source OC 117
      return saysUnpaid.has(fact) || fact === 'settled_deemed' || fact === 'returned' || isOldNews(fact)
        ? repeated
        : contradicted
    case 'returned':
      return saysReturned.has(fact) || isOldNews(fact) ? repeated : contradicted
    case 'cancelled':
      return fact === 'cancelled' || fact === 'lapsed' || fact === 'settled_absent' ? repeated : contradicted
    case 'refused':
      return fact === 'refused' || fact === 'rejected' || fact === 'lapsed' || fact === 'settled_absent'
        ? repeated
        : contradicted
    default:
      return unreachable(from)
  }
}

/** Held when a backup was taken: it may have left since then, so nothing gives it up and nothing sends it but what people find out. */
function advanceRestored(fact: FactKind, stage: Stage | undefined): Step {
  if (fact === 'had_left') return moved('unconfirmed', 'keep')
  if (fact === 'released' && stage === 'restored') return moved('held', 'keep')
  if (fact === 'rejected' && stage === 'restored') return moved('refused', 'void')
  return fact === 'lapsed' ? repeated : contradicted
}

const saysPaid: ReadonlySet<FactKind> = new Set([
  'approved',
  'deemed',
  'found_paid',
  'found_settled',
  'settled_paid',
  'settled_deemed',
  'confirmed',
])
const saysUnpaid: ReadonlySet<FactKind> = new Set([
  'declined',
  'found_unpaid',
  'found_unsettled',
  'settled_declined',
  'settled_absent',
])
const saysReturned: ReadonlySet<FactKind> = new Set([
  'returned',
  'reversed',
  'deemed',
  'found_returned',
  'settled_paid',
  'settled_deemed',
  'settled_declined',
  'settled_absent',
])

/**
 * The same for an inward payment: door 3 decided it, and the wire says no more. What the files of a cycle say about it, and people.
 * @source settlement.md §6.3
 */
export function advanceInward(from: StateKind, fact: FactKind): Step {
  switch (from) {
    case 'succeeded':
      if (fact === 'found_unsettled') return moved('returned', 'recover')
      return fact === 'settled_paid' ||
        fact === 'settled_deemed' ||
        fact === 'credited_late' ||
        fact === 'found_settled'
        ? repeated
        : contradicted
    case 'declined':
      if (fact === 'credited_late' || fact === 'found_settled') return moved('succeeded', 'credit')
      return fact === 'settled_deemed' ||
        fact === 'settled_declined' ||
        fact === 'settled_absent' ||
        fact === 'found_unsettled'
        ? repeated
        : contradicted
    case 'returned':
      return fact === 'found_unsettled' || fact === 'settled_declined' || fact === 'settled_absent'
        ? repeated
        : contradicted
    case 'held':
    case 'sent':
    case 'unconfirmed':
    case 'deemed':
    case 'cancelled':
    case 'refused':
      return contradicted
    default:
      return unreachable(from)
  }
}

/** Says nothing to a payment that has left and been decided: no answer that decides, a wait that is over, an approval it had. */
const isOldNews = (fact: FactKind): boolean => fact === 'unclear' || fact === 'lapsed' || fact === 'released'

/** True when no fact of the wire can move the payment any more. `deemed` is final for whoever waits: the debit stands. */
export const isFinal = (state: StateKind): boolean => state !== 'held' && state !== 'sent' && state !== 'unconfirmed'

const AWAITING = 'awaiting_'

/**
 * What a payment in `held` waits for, as its `reason`: `awaiting_authentication,approval,lag:3600`. Null when it waits for a link
 * only. Its hold says the first of them to the rail (`hold.awaiting`).
 */
export const reasonOfWaits = (waits: readonly Wait[]): string | null =>
  waits.length === 0
    ? null
    : AWAITING + waits.map((wait) => (wait.stage === 'lag' ? `lag:${wait.seconds}` : wait.stage)).join(',')

type Held = { readonly state: StateKind; readonly reason: string | null }

/** The waits that a payment has before it, the one it is in first. */
export function waitsOf({ state, reason }: Held): readonly Wait[] {
  if (state !== 'held' || reason === null || !reason.startsWith(AWAITING)) return []
  return reason
    .slice(AWAITING.length)
    .split(',')
    .flatMap((word): Wait[] => {
      const [stage, seconds] = word.split(':')
      if (stage === 'restored' || stage === 'authentication' || stage === 'approval') return [{ stage }]
      return stage === 'lag' ? [{ stage, seconds: Number(seconds) }] : []
    })
}

/** What the payment waits for now; undefined when it is a link, or nothing. */
export const awaitedBy = (payment: Held): Stage | undefined => waitsOf(payment)[0]?.stage

/** True when something must come before it may even wait for a link. */
export const isAwaiting = (payment: Held): boolean => awaitedBy(payment) !== undefined

/** Waits in the one order in which they are passed, each at most once; of two lags the longer. */
export function inOrder(waits: readonly Wait[]): Wait[] {
  const lags = waits.flatMap((wait) => (wait.stage === 'lag' ? [wait.seconds] : []))
  return stages.flatMap((stage): Wait[] => {
    if (!waits.some((wait) => wait.stage === stage)) return []
    return stage === 'lag' ? [{ stage, seconds: Math.max(...lags) }] : [{ stage }]
  })
}

/** What the public API calls a state. */
export type PublicStatus =
  | 'requires_authentication'
  | 'requires_approval'
  | 'processing'
  | 'deemed'
  | 'succeeded'
  | 'failed'
  | 'returned'
  | 'cancelled'
const statusOfState: Record<StateKind, PublicStatus> = {
  held: 'processing',
  sent: 'processing',
  unconfirmed: 'processing',
  deemed: 'deemed',
  succeeded: 'succeeded',
  declined: 'failed',
  returned: 'returned',
  cancelled: 'cancelled',
  refused: 'failed',
}

export function publicStatusOf(payment: Held): PublicStatus {
  const awaited = awaitedBy(payment)
  if (awaited === 'authentication') return 'requires_authentication'
  return awaited === 'approval' ? 'requires_approval' : statusOfState[payment.state]
}

/** Facts that bring money to the remitter: of a payment whose money is back already they are a second time. */
export const bringsBack: ReadonlySet<FactKind> = new Set([
  'returned',
  'reversed',
  'refunded',
  'dispute_won',
  'found_returned',
  'found_unpaid',
])

/** The beginning of the `reason` of those payments in `held` that have a public status of their own. */
export const reasonPrefixes = {
  requires_authentication: 'awaiting_authentication',
  requires_approval: 'awaiting_approval',
} as const

/** The states behind a public status; those of `reasonPrefixes` are a part of `held`. */
export const statesOf = (status: PublicStatus): StateKind[] =>
  status in reasonPrefixes ? ['held'] : stateKinds.filter((state) => statusOfState[state] === status)

export const publicStatuses = [
  'requires_authentication',
  'requires_approval',
  'processing',
  'deemed',
  'succeeded',
  'failed',
  'returned',
  'cancelled',
] as const satisfies readonly PublicStatus[]
