import { addDays, daysBetween, istDay, istInstant } from '../../imps/disputes/days.ts'
import { insteadOf } from '../../imps/disputes/matrix.ts'
import { decided } from '../../imps/disputes/own.ts'
import {
  type Condition,
  type DisputeState,
  type Family,
  type Funds,
  isClosed,
  type Lapse,
  type Party,
  type Rule,
  rulesOn,
} from '../../imps/disputes/rule.ts'
import type { Said } from '../said.ts'
import { refusal } from './refusals.ts'

/**
 * A dispute: one family of NPCI's adjustments about one payment, as a machine over the table of rules. It promises that every flag in
 * every state has an answer and none of them is a guess; that asking for something moves nothing, only a report does; and that when a
 * dispute is over the money is with whom it was decided for. Pure. @source settlement.md §4.1
 */

/** Of the payment: outward, we are the remitter bank. */
export type Direction = 'outward' | 'inward'
export const partyOf = (direction: Direction): 'remitter' | 'beneficiary' =>
  direction === 'outward' ? 'remitter' : 'beneficiary'

/** A dispute as the machine sees it. */
export type Dispute = {
  readonly family: Family
  readonly state: DisputeState
  /** The last that counted, with its reason, and its day in IST: the clocks run from there, and its rules hold for what answers it. */
  readonly flag: string
  readonly reason: string
  readonly on: string
  /** Where the money is: 0 with the beneficiary bank, 1 back with the remitter bank, -1 the beneficiary bank has it twice. */
  readonly net: number
}

/** What is on record about the payment itself. */
export type Standing = {
  readonly amountPaise: bigint
  /** The day of the transaction in IST. */
  readonly on: string
  readonly facts: ReadonlySet<Condition>
}

export type Event =
  /** Somebody here wants to say it. */
  | {
      readonly kind: 'asked'
      readonly flag: string
      readonly reason: string
      readonly by: Party
      readonly at: number
      readonly amountPaise: bigint
      readonly hasEvidence: boolean
    }
  /** A report says that it was said, and counted. */
  | {
      readonly kind: 'reported'
      readonly flag: string
      readonly reason: string
      readonly on: string
      readonly verdictFor?: 'remitter' | 'beneficiary'
    }
  /** The time for an answer is over, and no report up to now has one. */
  | { readonly kind: 'lapsed'; readonly at: number }

/** When the time for what could follow is over, and what is so then. */
export type Due = { readonly at: number; readonly lapse: Lapse }

export type Refusal =
  | 'unknown_flag'
  | 'not_in_force'
  | 'wrong_state'
  | 'wrong_bank'
  | 'wrong_reason'
  | 'too_late'
  | 'same_day'
  | 'blocked'
  | 'amount'
  | 'evidence'

export type Step =
  | {
      readonly kind: 'moved'
      readonly to: DisputeState
      readonly rule: Rule | null
      readonly funds: Funds
      readonly due: Due | null
    }
  | { readonly kind: 'repeated' } //  nothing new
  | { readonly kind: 'people' } //    the time is over, and what that means no circular says
  | { readonly kind: 'refused'; readonly why: Refusal; readonly says: Said }

const repeated: Step = { kind: 'repeated' }
const refused = (why: Refusal, says: Said): Step => ({ kind: 'refused', why, says })

/** A dispute that is not there yet. */
export const none = (family: Family, standing: Standing): Dispute => ({
  family,
  state: 'none',
  flag: '',
  reason: '',
  on: standing.on,
  net: 0,
})

/** The family that a flag opens; undefined for an answer. */
export const opens = (rules: readonly Rule[], flag: string): Family | undefined =>
  rules.find((rule) => rule.flag === flag && rule.from.includes('none'))?.families[0]

/** By which day's rules something is judged: a stage is answered by those under which it was raised. */
const basisOf = (dispute: Dispute, on: string): string =>
  dispute.state === 'none' || dispute.state === 'new' ? on : dispute.on

/** What a state is taken for when something is said: what we have asked for is not there yet. */
const standsAt = (state: DisputeState): DisputeState => (state === 'new' ? 'none' : state)

/**
 * The step that an event takes a dispute. Total: every state and event has an answer.
 * @param rules  all of them, of all days
 */
export function advanceDispute(dispute: Dispute, event: Event, standing: Standing, rules: readonly Rule[]): Step {
  if (event.kind === 'lapsed') return lapse(dispute, event.at, rules)
  const on = event.kind === 'asked' ? istDay(event.at) : event.on
  const ofFlag = rules.filter((rule) => rule.flag === event.flag && rule.families.includes(dispute.family))
  if (ofFlag.length === 0) return refused('unknown_flag', refusal('no_flag_of_it', { flag: event.flag }))
  const inForce = rulesOn(ofFlag, basisOf(dispute, on))
  const [sample] = inForce
  if (sample === undefined)
    return refused('not_in_force', refusal('not_in_force', { ...nameOf(ofFlag), day: basisOf(dispute, on) }))
  if (saysTheSame(dispute, event)) return repeated
  const possible = inForce.filter((rule) => rule.from.includes(standsAt(dispute.state)))
  if (possible.length === 0)
    return refused('wrong_state', refusal('not_possible', { ...nameOf(inForce), disputeState: dispute.state }))
  const rule = possible.find((one) => takes(one, event))
  if (event.kind === 'asked') return asked(dispute, event, standing, possible, rule, rules)
  if (rule === undefined)
    return refused('wrong_reason', refusal('no_reason', { ...nameOf(possible), reasonCode: event.reason }))
  return moved(dispute, rule, on, rules)
}

const nameOf = ([rule]: readonly Rule[]) => ({ rule: rule?.name ?? '', flag: rule?.flag ?? '' })

const saysTheSame = (dispute: Dispute, event: { readonly flag: string; readonly reason: string }): boolean =>
  dispute.state !== 'none' &&
  dispute.state !== 'new' &&
  dispute.flag === event.flag &&
  dispute.reason === event.reason &&
  dispute.state !== 'panel'

const hasReason = (rule: Rule, reason: string): boolean => rule.reasons.length === 0 || rule.reasons.includes(reason)

function takes(rule: Rule, event: Exclude<Event, { kind: 'lapsed' }>): boolean {
  if (!hasReason(rule, event.reason)) return false
  if (event.kind === 'asked') return rule.by.includes(event.by)
  return event.verdictFor === undefined || rule.verdictFor === undefined || rule.verdictFor === event.verdictFor
}

function asked(
  dispute: Dispute,
  event: Extract<Event, { kind: 'asked' }>,
  standing: Standing,
  possible: readonly Rule[],
  rule: Rule | undefined,
  rules: readonly Rule[],
): Step {
  const name = nameOf(possible)
  if (rule === undefined) {
    const ours = possible.filter((one) => one.by.includes(event.by))
    if (ours.length === 0)
      return refused(
        'wrong_bank',
        refusal('other_bank', { ...name, parties: possible[0]?.by.join(' or ') ?? '', party: event.by }),
      )
    const reasons = ours.flatMap((one) => one.reasons).join(', ')
    return refused('wrong_reason', refusal('other_reasons', { ...name, reasons, reasonCode: event.reason }))
  }
  const until = untilOf(rule, dispute, standing)
  // A bank that is late with its own customer must decide all the same.
  if (until !== null && event.at > until && event.by !== 'bank')
    return refused(
      'too_late',
      refusal('too_late', { ...name, days: rule.within?.days ?? 0, endedAt: new Date(until).toISOString() }),
    )
  const day = istDay(event.at)
  const floor = rule.sameDayAbovePaise
  if (floor !== undefined && daysBetween(standing.on, day) < 1 && (floor === null || event.amountPaise <= floor))
    return refused(
      'same_day',
      floor === null ? refusal('same_day', name) : refusal('same_day_up_to', { ...name, amount: String(floor) }),
    )
  const missing = rule.needs.find((one) => !standing.facts.has(one))
  if (missing !== undefined) return refused('blocked', barred(missing, name, insteadOf[rule.flag], day, rules))
  if (event.amountPaise <= 0n || event.amountPaise > standing.amountPaise)
    return refused('amount', refusal('amount_range', { ...name, amount: String(standing.amountPaise) }))
  if (rule.evidence === true && !event.hasEvidence) return refused('evidence', refusal('needs_evidence', name))
  return moved(dispute, rule, day, rules)
}

/** What stands in the way; and what to raise instead, where a TCC bars the one family and calls for the other. */
function barred(
  missing: Condition,
  name: Said['values'],
  instead: string | undefined,
  day: string,
  rules: readonly Rule[],
): Said {
  if (missing !== 'no_tcc' && missing !== 'tcc') return refusal(`barred_${missing}`, name)
  const isThere = instead !== undefined && rulesOn(rules, day).some((one) => one.flag === instead)
  return isThere ? refusal(`barred_${missing}_instead`, { ...name, instead }) : refusal(`barred_${missing}`, name)
}

/** Until when a rule's flag may be said; null: no time is set. */
export function untilOf(rule: Rule, dispute: Pick<Dispute, 'on'>, standing: Pick<Standing, 'on'>): number | null {
  if (rule.within === null) return null
  const from = rule.within.since === 'transaction' ? standing.on : dispute.on
  return istInstant(addDays(from, rule.within.days), rule.within.until)
}

function moved(dispute: Dispute, rule: Rule, on: string, rules: readonly Rule[]): Step {
  const { to } = rule
  const due = rule.lapse === null ? null : dueOf(dispute.family, to, on, rule.lapse, rules)
  return { kind: 'moved', to, rule, funds: decided(rule, dispute.net), due }
}

/** When the last of the banks that could answer has no more time; where only NPCI can, when its time is over. */
function dueOf(family: Family, state: DisputeState, on: string, what: Lapse, rules: readonly Rule[]): Due | null {
  const next = followUps(family, state, on, rules).flatMap((rule) =>
    rule.within === null || rule.within.since !== 'step'
      ? []
      : [{ byBank: rule.by.some((one) => one !== 'npci'), within: rule.within }],
  )
  const banks = next.filter((one) => one.byBank)
  const ends = (banks.length > 0 ? banks : next).map(({ within }) => istInstant(addDays(on, within.days), within.until))
  return ends.length === 0 ? null : { at: Math.max(...ends), lapse: what }
}

/** What may follow in a state that was reached on a day. */
export const followUps = (family: Family, state: DisputeState, on: string, rules: readonly Rule[]): Rule[] =>
  rulesOn(rules, on).filter((rule) => rule.families.includes(family) && rule.from.includes(standsAt(state)))

/** The rule by which a dispute came to where it is. */
export const ruleOf = (dispute: Dispute, rules: readonly Rule[]): Rule | undefined =>
  rulesOn(rules, dispute.on).find(
    (rule) =>
      rule.flag === dispute.flag &&
      rule.to === dispute.state &&
      rule.families.includes(dispute.family) &&
      hasReason(rule, dispute.reason),
  )

/** When the time for an answer is over, and what is so then; null: nothing runs. */
export function clockOf(dispute: Dispute, rules: readonly Rule[]): Due | null {
  const rule = ruleOf(dispute, rules)
  if (rule === undefined || rule.lapse === null || isClosed(dispute.state)) return null
  return dueOf(dispute.family, dispute.state, dispute.on, rule.lapse, rules)
}

function lapse(dispute: Dispute, at: number, rules: readonly Rule[]): Step {
  const due = clockOf(dispute, rules)
  if (due === null || at <= due.at) return repeated
  const { lapse: what } = due
  if (what.kind === 'people') return { kind: 'people' }
  if (what.kind === 'ends') return { kind: 'moved', to: what.to, rule: null, funds: 'none', due: null }
  const rule = followUps(dispute.family, dispute.state, dispute.on, rules).find(
    (one) => one.flag === what.flag && one.reasons.includes(what.reason),
  )
  // A clock moves no money: that NPCI took it as accepted and moved it, its report says.
  return rule === undefined || rule.funds !== 'none' ? { kind: 'people' } : moved(dispute, rule, istDay(at), rules)
}
