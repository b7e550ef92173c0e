import { istParts } from '../base/clock.ts'
import { type Paise, paise } from '../base/money.ts'

/**
 * risk: what is known of a payment speaks for it or against it. This room promises that it never holds money up by itself: it answers
 * before door 1 and from what is committed, within a budget, and looks at inward credits only after they are booked. Rules are a table,
 * thresholds are data of a tenant. This file is pure. @source settlement.md R5, R11; reliability-security.md §2 (API6)
 */

export const actions = ['review', 'refuse'] as const
type Acting = { readonly action?: (typeof actions)[number] | undefined }

/**
 * The rules of a tenant, as it writes them: amounts are digits, windows minutes. A rule that is not there does not look. Each fires when
 * its numbers are reached, with the payment that is judged counted in.
 */
export type RuleSet = {
  /** So many payments from one account. */
  readonly velocity?: Acting & { readonly count: number; readonly minutes: number }
  /** So much of what came in goes out again. `least`: of less than this coming in nothing is said. */
  readonly passThrough?: Acting & { readonly percent: number; readonly minutes: number; readonly least: string }
  /** So many remitters pay into one account, and then it pays out. */
  readonly fanIn?: Acting & { readonly remitters: number; readonly minutes: number }
  /** So many beneficiaries that it never paid before. */
  readonly fanOut?: Acting & { readonly beneficiaries: number; readonly minutes: number }
  /** So many payments of the amount or up to so many percent less. */
  readonly structuring?: Acting & {
    readonly amount: string
    readonly percent: number
    readonly count: number
    readonly minutes: number
  }
  /** Nothing for so many days, and then this much. */
  readonly dormant?: Acting & { readonly days: number; readonly amount: string }
  /** Money that goes back to whom it came from, so often. */
  readonly roundTrips?: Acting & { readonly times: number; readonly minutes: number }
  /** A new beneficiary, much money, and hours of India in which few pay; `from` 23 and `to` 5 is over midnight. */
  readonly oddHours?: Acting & { readonly from: number; readonly to: number; readonly amount: string }
  /** A rupee to see whether it arrives, and then much. */
  readonly probing?: Acting & { readonly probe: string; readonly amount: string; readonly minutes: number }
}
export type RuleName = keyof RuleSet

/** One payment of an account's past. The other side is by blind indexes. */
export type Past = {
  /** 32 hex digits. */
  readonly id: string
  readonly direction: 'outward' | 'inward'
  /** False: the money never left, or is back. */
  readonly stands: boolean
  readonly amountPaise: bigint
  readonly at: number
  readonly other: readonly string[]
}

/** What is judged. */
export type Facts = {
  readonly direction: 'outward' | 'inward'
  readonly amountPaise: Paise
  readonly at: number
  readonly other: readonly string[]
  /** When the account was opened. */
  readonly openedAt: number
  /** The account's last payments before this one, newest first: at most `LOOKED_AT`. */
  readonly past: readonly Past[]
  /** When this beneficiary was first paid, as far as it is remembered. */
  readonly firstPaidAt: number | null
}

/** How far back the rules look, in payments of the account: of more in a window the last ones count. */
export const LOOKED_AT = 60

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000

const within = ({ past, at }: Facts, minutes: number): Past[] => past.filter((one) => one.at > at - minutes * MINUTE_MS)
const outward = (some: readonly Past[]): Past[] => some.filter((one) => one.direction === 'outward')
const inward = (some: readonly Past[]): Past[] => some.filter((one) => one.direction === 'inward' && one.stands)
const sum = (some: readonly Past[]): bigint => some.reduce((total, one) => total + one.amountPaise, 0n)
const meets = (one: Pick<Past, 'other'>, other: readonly string[]): boolean =>
  one.other.some((id) => other.includes(id))
const amountOf = (digits: string): Paise => paise(BigInt(digits))

/** How many different other sides there are; what names the same account or the same mobile is one. */
function distinct(some: readonly Pick<Past, 'other'>[]): number {
  const seen: string[] = []
  let count = 0
  for (const one of some) {
    if (one.other.length === 0) continue
    if (!meets(one, seen)) count += 1
    seen.push(...one.other)
  }
  return count
}

/** Not paid before the window began, as far back as anybody looks or remembers. */
const isNew = (facts: Facts, other: readonly string[], minutes: number): boolean =>
  !outward(facts.past).some((one) => one.at <= facts.at - minutes * MINUTE_MS && meets(one, other))

type Rule<K extends RuleName> = {
  /** What is said when it fires; stable. */
  readonly reason: string
  readonly directions: readonly Facts['direction'][]
  readonly fires: (rule: NonNullable<RuleSet[K]>, facts: Facts) => boolean
}

export const rules: { readonly [K in RuleName]: Rule<K> } = {
  velocity: {
    reason: 'velocity',
    directions: ['outward'],
    fires: ({ count, minutes }, facts) => outward(within(facts, minutes)).length + 1 >= count,
  },
  passThrough: {
    reason: 'pass_through',
    directions: ['outward'],
    fires({ percent, minutes, least }, facts) {
      const lately = within(facts, minutes)
      const came = sum(inward(lately))
      if (came < amountOf(least)) return false
      const goes = sum(outward(lately).filter((one) => one.stands)) + facts.amountPaise
      return goes * 100n >= came * BigInt(percent)
    },
  },
  fanIn: {
    reason: 'fan_in',
    directions: ['outward', 'inward'],
    fires({ remitters, minutes }, facts) {
      const came = inward(within(facts, minutes))
      return distinct(facts.direction === 'inward' ? [facts, ...came] : came) >= remitters
    },
  },
  fanOut: {
    reason: 'fan_out',
    directions: ['outward'],
    fires({ beneficiaries, minutes }, facts) {
      const paid = [facts, ...outward(within(facts, minutes))]
      return distinct(paid.filter((one) => isNew(facts, one.other, minutes))) >= beneficiaries
    },
  },
  structuring: {
    reason: 'structuring',
    directions: ['outward'],
    fires({ amount, percent, count, minutes }, facts) {
      const most = amountOf(amount)
      const isJustBelow = ({ amountPaise }: Pick<Past, 'amountPaise'>): boolean =>
        amountPaise <= most && amountPaise * 100n >= most * BigInt(100 - percent)
      return isJustBelow(facts) && outward(within(facts, minutes)).filter(isJustBelow).length + 1 >= count
    },
  },
  dormant: {
    reason: 'dormant_account',
    directions: ['outward', 'inward'],
    fires({ days, amount }, facts) {
      if (facts.amountPaise < amountOf(amount)) return false
      // What happened within a day belongs to its waking up: a credit comes first, and then it goes out.
      const before = facts.past.find((one) => one.at <= facts.at - DAY_MS)
      if (before === undefined && facts.past.length >= LOOKED_AT) return false
      return facts.at - (before?.at ?? facts.openedAt) >= days * DAY_MS
    },
  },
  roundTrips: {
    reason: 'round_trips',
    directions: ['outward'],
    fires({ times, minutes }, facts) {
      const here = { ...facts, stands: true }
      const oldestFirst = [here, ...within(facts, minutes)].filter((one) => meets(one, facts.other)).reverse()
      let came = false
      let trips = 0
      for (const one of oldestFirst) {
        if (one.direction === 'inward') came ||= one.stands
        else if (came) {
          trips += 1
          came = false
        }
      }
      return trips >= times
    },
  },
  oddHours: {
    reason: 'odd_hours',
    directions: ['outward'],
    fires({ from, to, amount }, facts) {
      const { hour } = istParts(facts.at)
      const odd = from <= to ? hour >= from && hour < to : hour >= from || hour < to
      if (!odd || facts.amountPaise < amountOf(amount)) return false
      const known = facts.firstPaidAt !== null && facts.firstPaidAt <= facts.at - DAY_MS
      return !known && isNew(facts, facts.other, DAY_MS / MINUTE_MS)
    },
  },
  probing: {
    reason: 'probing',
    directions: ['outward'],
    fires({ probe, amount, minutes }, facts) {
      if (facts.amountPaise < amountOf(amount)) return false
      return outward(within(facts, minutes)).some(
        (one) => one.amountPaise <= amountOf(probe) && meets(one, facts.other),
      )
    },
  },
}
export const ruleNames = Object.freeze(Object.keys(rules)) as readonly RuleName[]

/** A credit from somebody whom the tenant has blocked. */
export const BLOCKED_REMITTER = 'blocked_remitter'
/** All that the rules can say: what is counted by name. */
export const knownReasons: readonly string[] = [...ruleNames.map((name) => rules[name].reason), BLOCKED_REMITTER]

export type Judgement = { readonly kind: 'allow' | 'review' | 'refuse'; readonly reasons: readonly string[] }

/** Judges by all rules of the set: the strictest of those that fire says what becomes of the payment, and all of them why. */
export function judgeRules(set: RuleSet, facts: Facts): Judgement {
  let kind: Judgement['kind'] = 'allow'
  const reasons: string[] = []
  const look = <K extends RuleName>(name: K): void => {
    const settings = set[name]
    const rule = rules[name]
    if (settings === undefined || !rule.directions.includes(facts.direction)) return
    if (!rule.fires(settings, facts)) return
    reasons.push(rule.reason)
    if (settings.action === 'refuse') kind = 'refuse'
    else if (kind === 'allow') kind = 'review'
  }
  for (const name of ruleNames) look(name)
  return { kind, reasons }
}

/** A set to begin with, all of it review: what stands out, and little of it. Amounts are of R6 and R9. */
export const suggested: RuleSet = {
  velocity: { count: 20, minutes: 10 },
  passThrough: { percent: 90, minutes: 30, least: '2500000' },
  fanIn: { remitters: 10, minutes: 60 },
  fanOut: { beneficiaries: 10, minutes: 60 },
  structuring: { amount: '1000000', percent: 5, count: 4, minutes: 1_440 },
  dormant: { days: 180, amount: '2500000' },
  roundTrips: { times: 3, minutes: 1_440 },
  oddHours: { from: 23, to: 5, amount: '5000000' },
  probing: { probe: '1000', amount: '2500000', minutes: 60 },
}
