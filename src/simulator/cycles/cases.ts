import { istParts } from '../../base/clock.ts'
import type { AdjustmentChannel, FileCycle, SubType } from '../../imps/files/rows.ts'
import type { Parties } from '../parties.ts'
import {
  AUTO_ACCEPTED,
  AUTO_REPRESENTED,
  CHARGEBACK_AT_ONCE_PAISE,
  type Funds,
  type Raiser,
  type Rule,
  rules,
} from './adjustment-rules.ts'

/** What NPCI keeps of a settled payment that is deemed or disputed, and what has been raised about it. Pure: no clock, no chance. */

/** A settled payment as the files have it. Banks are NBINs. */
export type SettledPayment = Parties & {
  readonly rrn: string
  readonly stan: string
  readonly remitterBank: string
  readonly beneficiaryBank: string
  readonly amountPaise: bigint
  readonly at: number
  readonly subType: SubType
  readonly responseCode: '00' | '08'
  readonly settled: FileCycle
  /** The number of the cut it was settled in. */
  readonly cut: number
}

/** An adjustment that NPCI took, in the files of one cut. */
export type Raised = {
  readonly flag: string
  readonly reason: string
  readonly by: Raiser
  readonly funds: Funds
  readonly amountPaise: bigint
  readonly at: number
  readonly cut: number
  readonly bankRef: string
  readonly adjRef: string
  readonly channel: AdjustmentChannel
  /** Days after T+1 that a TCC or RET took, and what they cost in all. */
  readonly penaltyDays: number
}

/** What the beneficiary bank knows of its own credit; undefined while it is still deciding, or where that bank is the hub's. */
export type Truth = { readonly credited: boolean; readonly online: boolean } | undefined

export type Case = {
  readonly payment: SettledPayment
  readonly raised: Raised[]
  truth: Truth
  /** Days of compensation that were charged already. */
  paidDays: number
}

/** What a bank asks NPCI to take. */
export type Asked = {
  readonly flag: string
  readonly reason: string
  readonly by: Raiser
  readonly amountPaise: bigint
  readonly bankRef: string
  readonly channel: AdjustmentChannel
}

/** Why NPCI does not take it. */
export type Refusal =
  | 'unknown_flag'
  | 'not_yours' //            the other bank's to raise
  | 'bad_reason'
  | 'bad_amount'
  | 'too_early'
  | 'too_late'
  | 'not_deemed' //           raw is not 08, or it was confirmed or returned already
  | 'confirmed' //            a chargeback although a TCC is there: FB, DFC or DWC would be right
  | 'not_confirmed' //        a deferred flag without a TCC
  | 'returned'
  | 'not_approved'
  | 'disputed' //             another dispute is open or was
  | 'nothing_to_answer'
  | 'chargeback_settled' //   TCC or RET, and the chargeback is older than one cycle
  | 'answered_this_cycle' //  a chargeback in the cycle of its TCC or RET

/** Confirmed or returned. */
export const isAnswered = ({ raised }: Case): boolean => raised.some(({ flag }) => flag === 'TCC' || flag === 'RET')
const has = ({ raised }: Case, wanted: string): boolean => raised.some(({ flag }) => flag === wanted)
/** What was raised last, but for what confirms or returns. */
export const lastOf = ({ raised }: Case): Raised | undefined =>
  raised.findLast(({ flag }) => flag !== 'TCC' && flag !== 'RET')

const DAY_MS = 86_400_000

const dayNumber = (at: number): number => {
  const { year, month, day } = istParts(at)
  return Math.round(Date.UTC(year, month - 1, day) / DAY_MS)
}

/** Calendar days in IST from one instant to another. */
export const daysBetween = (from: number, to: number): number => dayNumber(to) - dayNumber(from)

/**
 * How many days after T+1 a deemed payment was unresolved: credited on T+3 is two. T is a calendar day in IST.
 * @source NPCI OC 93; RBI/2019-20/67
 */
export const penaltyDays = (paidAt: number, asOf: number): number => Math.max(0, daysBetween(paidAt, asOf) - 1)

/** Undefined when NPCI takes it. Rules between adjustments of one cycle are `settleAsked`'s. */
export function judge(one: Case, asked: Asked, asOf: number): Refusal | undefined {
  const rule = rules[asked.flag]
  if (rule === undefined) return 'unknown_flag'
  if (rule.by !== asked.by) return 'not_yours'
  if (!rule.reasons.includes(asked.reason)) return 'bad_reason'
  if (!amountFits(one, asked)) return 'bad_amount'
  return 'after' in rule.on ? judgeAnswer(one, rule, rule.on.after, asOf) : judgeFirst(one, rule, asked, asOf)
}

/** A return or a chargeback is of the whole payment; good-faith and credit adjustments may be of a part. */
const amountFits = ({ payment }: Case, { flag, amountPaise }: Asked): boolean =>
  ['C', 'BGGC', 'RGGC'].includes(flag)
    ? amountPaise > 0n && amountPaise <= payment.amountPaise
    : amountPaise === payment.amountPaise

function judgeAnswer(one: Case, rule: Rule, after: readonly string[], asOf: number): Refusal | undefined {
  const last = lastOf(one)
  // What NPCI represented by itself is represented.
  const flag = last?.flag === AUTO_REPRESENTED.flag && last.reason === AUTO_REPRESENTED.reason ? 'R' : last?.flag
  if (last === undefined || flag === undefined || !after.includes(flag)) return 'nothing_to_answer'
  return daysBetween(last.at, asOf) > rule.withinDays ? 'too_late' : undefined
}

function judgeFirst(one: Case, rule: Rule, { flag }: Asked, asOf: number): Refusal | undefined {
  if (!('ground' in rule.on)) return 'unknown_flag'
  const { payment } = one
  const days = daysBetween(payment.at, asOf)
  if (days > rule.withinDays) return 'too_late'
  if (flag === 'B' && days < 1 && payment.amountPaise <= CHARGEBACK_AT_ONCE_PAISE) return 'too_early'
  if (has(one, 'RET')) return 'returned'
  switch (rule.on.ground) {
    case 'deemed':
      if (has(one, 'TCC')) return flag === 'B' ? 'confirmed' : 'not_deemed'
      if (payment.responseCode !== '08') return 'not_deemed'
      break
    case 'confirmed':
      if (!has(one, 'TCC')) return 'not_confirmed'
      break
    case 'settled':
      // Against a confirmed payment the deferred twin is right. @source NPCI OC 133
      if ((flag === 'FC' || flag === 'WP') && has(one, 'TCC')) return 'confirmed'
      break
    case 'approved':
      if (payment.responseCode !== '00') return 'not_approved'
      break
    default:
      return rule.on.ground satisfies never
  }
  return lastOf(one) === undefined ? undefined : 'disputed'
}

/** One cut, as adjustments see it. */
export type Moment = { readonly cut: number; readonly asOf: number; readonly nextRef: () => string }

/**
 * Takes what was asked into one case, or says why not. TCC and RET of a cut must come before its chargebacks: those are refused then,
 * while one against a chargeback of the cut before turns it round. @source NPCI OC 127
 */
export function settleAsked(one: Case, asked: Asked, moment: Moment): readonly Raised[] | Refusal {
  const { cut, asOf } = moment
  const last = lastOf(one)
  const answers = asked.flag === 'TCC' || asked.flag === 'RET'
  if (
    asked.flag === 'B' &&
    one.raised.some(({ flag, cut: its }) => its === cut && (flag === 'TCC' || flag === 'RET'))
  ) {
    return 'answered_this_cycle'
  }
  if (answers && last !== undefined) {
    if (last.flag !== 'B' || last.cut !== cut - 1) return 'chargeback_settled'
    const refusal = judge({ ...one, raised: one.raised.filter((old) => old !== last) }, asked, asOf)
    return refusal ?? turnedRound(one, asked, moment)
  }
  const refusal = judge(one, asked, asOf)
  if (refusal !== undefined) return refusal
  const days = answers ? penaltyDays(one.payment.at, asOf) : 0
  return [take(one, asked, moment, rules[asked.flag]?.funds ?? 'none', days)]
}

/** A chargeback moved the money already: a return only accepts it, a confirmation takes it back. */
function turnedRound(one: Case, asked: Asked, moment: Moment): readonly Raised[] {
  const auto = asked.flag === 'RET' ? AUTO_ACCEPTED : AUTO_REPRESENTED
  const confirmed =
    asked.flag === 'TCC' ? [take(one, asked, moment, 'none', penaltyDays(one.payment.at, moment.asOf))] : []
  const answer: Asked = { ...asked, ...auto, by: 'npci', channel: 'Auto-Update' }
  return [...confirmed, take(one, answer, moment, asked.flag === 'RET' ? 'none' : 'R>B', 0)]
}

function take(one: Case, asked: Asked, { cut, asOf, nextRef }: Moment, funds: Funds, days: number): Raised {
  const raised: Raised = { ...asked, funds, at: asOf, cut, adjRef: nextRef(), penaltyDays: days }
  one.raised.push(raised)
  return raised
}

/** What NPCI does itself because nobody answered in time. */
export function lapse(one: Case, moment: Moment): Raised | undefined {
  const last = lastOf(one)
  const otherwise = last && rules[last.flag]?.otherwise
  if (last === undefined || otherwise === undefined) return undefined
  if (daysBetween(last.at, moment.asOf) <= otherwise.days) return undefined
  const { flag, reason } = otherwise
  const { amountPaise, bankRef } = last
  const asked: Asked = { flag, reason, by: 'npci', amountPaise, bankRef, channel: 'Auto-Update' }
  return take(one, asked, moment, rules[flag]?.funds ?? 'none', 0)
}

/** NPCI's own word on an arbitration that is continued: for the remitter, or there would be nothing to say. */
export const verdict = (one: Case, asked: Asked, moment: Moment): Raised => take(one, asked, moment, 'B>R', 0)

/** Days of compensation that were not charged yet; none more once money or a confirmation has come. */
export function dueDays(one: Case, asOf: number): number {
  if (one.payment.responseCode !== '08') return 0
  const end = one.raised.find(({ flag }) => flag === 'TCC' || flag === 'RET' || flag === 'B')
  return Math.max(0, penaltyDays(one.payment.at, end?.at ?? asOf) - one.paidDays)
}
