import { type Raiser, rules } from './adjustment-rules.ts'
import { askedBy, type Habits, moveOfBeneficiary, moveOfRemitter } from './banks-behind.ts'
import {
  type Asked,
  type Case,
  daysBetween,
  dueDays,
  isAnswered,
  lapse,
  lastOf,
  type Moment,
  type Raised,
  type Refusal,
  settleAsked,
  verdict,
} from './cases.ts'

/** Every adjustment of one cut: what members uploaded, what the banks behind the switch do, what NPCI does by itself. */

export type Queued = {
  readonly one: Case
  readonly asked: Asked
  /** What became of it, told once. */
  readonly done: (refusal: Refusal | undefined) => void
}

/** Money that NPCI moves because a deemed payment was not answered in time: from the beneficiary bank to the remitter bank. */
export type Compensation = { readonly one: Case; readonly days: number }

export type Adjusted = {
  readonly raised: readonly { readonly one: Case; readonly raised: Raised }[]
  readonly compensation: readonly Compensation[]
}

export type AdjustingOptions = {
  readonly habits: Habits
  /** True of a bank that the hub speaks for: nothing is done for it but what it uploads. */
  readonly isOurs: (nbin: string) => boolean
}

const VERDICT_DAYS = 30
/** What confirms or returns goes first, so that a chargeback of the same cut finds it. @source NPCI OC 127 */
const isFirst = (flag: string): boolean => flag === 'TCC' || flag === 'RET'
const first = ({ asked }: Queued): number => (isFirst(asked.flag) ? 0 : 1)

/** @param cases in the order they were opened; those of this cut are among them, and nothing but compensation touches them */
export function adjust(
  cases: Iterable<Case>,
  queued: readonly Queued[],
  moment: Moment,
  { habits, isOurs }: AdjustingOptions,
): Adjusted {
  const raised: { one: Case; raised: Raised }[] = []
  const compensation: Compensation[] = []
  const note = (one: Case, found: readonly Raised[]) => {
    for (const each of found) raised.push({ one, raised: each })
  }
  const spontaneous: Queued[] = []
  const ask = (one: Case, by: Exclude<Raiser, 'npci'>, bank: string) => {
    if (isOurs(bank)) return
    const move =
      by === 'beneficiary' ? moveOfBeneficiary(one, moment.asOf, habits) : moveOfRemitter(one, moment.asOf, habits)
    const rule = move && rules[move.flag]
    if (move === undefined || rule === undefined) return
    spontaneous.push({ one, asked: askedBy(one, by, move), done: () => undefined })
  }

  const all = [...cases]
  for (const one of all) {
    if (one.payment.cut === moment.cut) continue
    ask(one, 'beneficiary', one.payment.beneficiaryBank)
    ask(one, 'remitter', one.payment.remitterBank)
  }
  for (const each of [...queued, ...spontaneous].sort((one, other) => first(one) - first(other))) {
    const outcome = settleAsked(each.one, each.asked, moment)
    if (typeof outcome === 'string') each.done(outcome)
    else {
      note(each.one, outcome)
      each.done(undefined)
    }
  }
  for (const one of all) {
    const last = lastOf(one)
    if (last?.cut === moment.cut) continue
    const lapsed = lapse(one, moment)
    if (lapsed !== undefined) note(one, [lapsed])
    if (last?.flag === 'ACC' && daysBetween(last.at, moment.asOf) >= VERDICT_DAYS) {
      const { amountPaise, bankRef } = last
      const said: Asked = { flag: 'ACV', reason: '1104', by: 'npci', amountPaise, bankRef, channel: 'Web' }
      note(one, [verdict(one, said, moment)])
    }
  }
  const late = habits.dailyCompensation
    ? all
    : all.filter((one) => one.raised.some(({ flag, cut }) => cut === moment.cut && isFirst(flag)))
  for (const one of late) {
    const days = dueDays(one, moment.asOf)
    if (days === 0) continue
    one.paidDays += days
    compensation.push({ one, days })
  }
  return { raised, compensation }
}

/** So long after the payment nothing can be raised about it any more. @source settlement.md §4.1: 190 days where it was disputed */
const KEPT_DAYS = 190
/** Nothing was ever disputed: it can be seen for 45 days. */
const KEPT_UNDISPUTED_DAYS = 60

export const isOver = (one: Case, asOf: number): boolean =>
  daysBetween(one.payment.at, asOf) > (lastOf(one) === undefined && isAnswered(one) ? KEPT_UNDISPUTED_DAYS : KEPT_DAYS)
