import type { AccountId } from '../base/identifiers.ts'
import { type Paise, paise } from '../base/money.ts'
import type { Channel } from '../base/party.ts'
import type { Wait } from './payment.ts'
import { countsOf, type Usage } from './usage.ts'

/**
 * Policies: what payments of a tenant must keep to besides NPCI's own limits. Pure: door 1 judges with them what it has locked.
 * @source settlement.md R4 to R6, R9
 */

/** Each is a maximum that may be reached and not passed; absent: none. */
export type Rules = {
  readonly perPaymentPaise?: Paise
  readonly dayPaise?: Paise
  readonly dayCount?: number
  readonly weekPaise?: Paise
  readonly weekCount?: number
  readonly monthPaise?: Paise
  readonly monthCount?: number
  /** So many payments in so many minutes. */
  readonly velocity?: { readonly count: number; readonly minutes: number }
  /** A beneficiary is new for so many hours, and gets so much in that time. */
  readonly cooling?: { readonly hours: number; readonly paise: Paise }
  /** Only to beneficiaries that the tenant has registered. */
  readonly registeredOnly?: boolean
  /** More than this a person must look at. */
  readonly reviewOverPaise?: Paise
  /** More than this waits so many seconds, in which it can be taken back. */
  readonly lag?: { readonly overPaise: Paise; readonly seconds: number }
}

export type Policy = {
  readonly id: string
  /** Null: over all channels together. */
  readonly channel: Channel | null
  /** Null: each account by itself. */
  readonly accountId: AccountId | null
  /** Null: of accounts. Else sums run over all accounts of one customer: each customer by itself, or the one that is named. */
  readonly customer: 'each' | { readonly id: bigint; readonly publicId: string } | null
  readonly rules: Rules
  /** Epoch milliseconds: from this instant on, and until before that one. */
  readonly validFrom: number
  readonly validUntil: number | null
}

export type PolicyRefusal =
  | 'limit_exceeded'
  | 'channel_limit_exceeded'
  | 'window_limit_exceeded'
  | 'velocity_exceeded'
  | 'cooling_limit_exceeded'
  | 'beneficiary_not_registered'

/** The rule that a payment is over, in words of ours, with what it allows and what of that is left. */
export type OverRule = {
  readonly reason: PolicyRefusal
  readonly rule: keyof Rules
  readonly limitPaise?: Paise
  readonly leftPaise?: Paise
  readonly limitCount?: number
}

/** What has been paid, by an account or by a customer from all of them. */
export type Paid = {
  readonly usage: Usage
  /** When this beneficiary was first paid, and how much while it was new; null: never before. Only read where a policy cools. */
  readonly seen: { readonly firstAt: number; readonly paidPaise: bigint } | null
}

/** What is judged: a payment, and what its account has paid, and its customer. */
export type Question = Paid & {
  readonly accountId: AccountId
  readonly channel: Channel
  readonly amountPaise: Paise
  readonly now: number
  /** Whether it goes to a beneficiary that the tenant has registered. */
  readonly registered: boolean
  /** Absent: the account has no customer on this hub, and policies of customers are not about it. */
  readonly customer?: Paid & { readonly id: bigint }
}

export type Judged =
  | { readonly kind: 'within'; readonly waits: readonly Wait[]; readonly review: boolean }
  | ({ readonly kind: 'over' } & OverRule)

/** Whose payments a policy counts, when it is about this one; undefined when it is not. */
function countedBy(policy: Policy, { accountId, customer, channel, now, ...account }: Question): Paid | undefined {
  if (policy.validFrom > now || (policy.validUntil !== null && policy.validUntil <= now)) return undefined
  if (policy.channel !== null && policy.channel !== channel) return undefined
  if (policy.customer === null) {
    return policy.accountId === null || policy.accountId === accountId ? account : undefined
  }
  return policy.customer === 'each' || policy.customer.id === customer?.id ? customer : undefined
}

/** True when a policy among them looks at velocities, or at new beneficiaries. */
export const looksAt = (policies: readonly Policy[], what: 'velocity' | 'cooling'): boolean =>
  policies.some(({ rules }) => rules[what] !== undefined)

/**
 * Judges by all policies that apply: one that is passed refuses, and all waits add up. Of several that are passed the strictest is
 * told: what allows no further payment at all, and then what leaves least.
 */
export function judgePolicies(policies: readonly Policy[], question: Question): Judged {
  const waits: Wait[] = []
  let review = false
  let strictest: OverRule | undefined
  for (const policy of policies) {
    const paid = countedBy(policy, question)
    if (paid === undefined) continue
    for (const over of overRules(policy, question, paid)) {
      if (strictest === undefined || leftOf(over) < leftOf(strictest)) strictest = over
    }
    const { reviewOverPaise, lag } = policy.rules
    if (reviewOverPaise !== undefined && question.amountPaise > reviewOverPaise) review = true
    if (lag !== undefined && question.amountPaise > lag.overPaise) waits.push({ stage: 'lag', seconds: lag.seconds })
  }
  return strictest === undefined ? { kind: 'within', waits, review } : { kind: 'over', ...strictest }
}

/** What leaves nothing is used up or closed: a smaller amount would not pass either. */
const leftOf = ({ leftPaise }: OverRule): bigint => leftPaise ?? -1n

/** The rules of a policy that a payment passes. */
function overRules(
  { channel, rules }: Policy,
  { amountPaise, now, registered }: Question,
  { usage, seen }: Paid,
): OverRule[] {
  const over: OverRule[] = []
  if (rules.registeredOnly === true && !registered)
    over.push({ reason: 'beneficiary_not_registered', rule: 'registeredOnly' })
  if (rules.perPaymentPaise !== undefined && amountPaise > rules.perPaymentPaise) {
    const reason = channel === null ? 'limit_exceeded' : 'channel_limit_exceeded'
    const limitPaise = rules.perPaymentPaise
    over.push({ reason, rule: 'perPaymentPaise', limitPaise, leftPaise: limitPaise })
  }
  const n = countsOf(usage, channel)
  const sums = [
    ['dayPaise', rules.dayPaise, n.day],
    ['weekPaise', rules.weekPaise, n.week],
    ['monthPaise', rules.monthPaise, n.month],
  ] as const
  for (const [rule, limitPaise, paid] of sums) {
    if (limitPaise === undefined || paid + amountPaise <= limitPaise) continue
    over.push({ reason: 'window_limit_exceeded', rule, limitPaise, leftPaise: left(limitPaise, paid) })
  }
  const counts = [
    ['dayCount', rules.dayCount, n.days],
    ['weekCount', rules.weekCount, n.weeks],
    ['monthCount', rules.monthCount, n.months],
  ] as const
  for (const [rule, limitCount, made] of counts) {
    if (limitCount !== undefined && made >= limitCount) over.push({ reason: 'window_limit_exceeded', rule, limitCount })
  }
  const { velocity, cooling } = rules
  if (velocity !== undefined) {
    const since = now - velocity.minutes * 60_000
    if (usage.recent.filter((at) => at > since).length >= velocity.count)
      over.push({ reason: 'velocity_exceeded', rule: 'velocity', limitCount: velocity.count })
  }
  if (cooling !== undefined) {
    const isNew = seen === null || seen.firstAt > now - cooling.hours * 3_600_000
    const paid = seen?.paidPaise ?? 0n
    if (isNew && paid + amountPaise > cooling.paise)
      over.push({
        reason: 'cooling_limit_exceeded',
        rule: 'cooling',
        limitPaise: cooling.paise,
        leftPaise: left(cooling.paise, paid),
      })
  }
  return over
}

const left = (limit: bigint, paid: bigint): Paise => paise(limit > paid ? limit - paid : 0n)
