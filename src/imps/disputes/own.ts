import { parsePaise } from '../../base/money.ts'
import {
  list,
  matching,
  oneOf,
  parsed,
  type Read,
  type Section,
  SettingError,
  section,
  whole,
} from '../settings-reader.ts'
import { matrix } from './matrix.ts'
import {
  conditions,
  type DisputeState,
  disputeStates,
  type Family,
  families,
  fundMoves,
  isClosed,
  type Lapse,
  nameOfRule,
  parties,
  type Rule,
  rulesOn,
  type Within,
} from './rule.ts'

/**
 * A member bank's own dispute rules: rows of its profile that stand in for the matrix's from a day on, and the checks that any set of rules
 * must pass before the hub starts. A table that would leave money with nobody is refused, not found out in a dispute.
 */

const day = matching(/^20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$/, 'a day such as "2026-01-31"')
const flag = matching(/^[A-Z]{1,4}$/, '1 to 4 capital letters')
const reason = matching(/^[A-Z0-9]{1,5}$/, '1 to 5 capital letters and digits')
const text = matching(/^[\x20-\x7e]{1,120}$/, '1 to 120 printable ASCII characters')
const time = matching(/^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$/, 'a time such as "17:30"')
const amount = parsed(parsePaise, 'a string of digits in paise, more than zero')

const within = section<Within>((at) => ({
  days: at.need('days', whole(0, 400)),
  since: at.need('since', oneOf('transaction', 'step')),
  until: at.take('until', time, '24:00'),
}))

const lapse = section<Lapse>((at, path) => {
  const kind = at.need('kind', oneOf('deemed', 'ends', 'people'))
  const [said, code, to] = [at.maybe('flag', flag), at.maybe('reason', reason), at.maybe('to', oneOf(...disputeStates))]
  if (kind === 'people') return { kind }
  if (kind === 'ends' && to !== undefined) return { kind, to }
  if (kind === 'deemed' && said !== undefined && code !== undefined) return { kind, flag: said, reason: code }
  throw new SettingError(`${path}: deemed needs flag and reason, ends needs to`)
})

const orNull =
  <T>(read: Read<T>): Read<T | null> =>
  (value, path) =>
    value === null ? null : read(value, path)

const sameDay = (at: Section) => at.maybe('sameDayAbovePaise', orNull(amount))

const ruleSetting = section<Rule>((at) => {
  const [same, verdictFor, evidence, doubt] = [
    sameDay(at),
    at.maybe('verdictFor', oneOf('remitter', 'beneficiary')),
    at.maybe('evidence', oneOf(true)),
    at.maybe('doubt', text),
  ]
  return {
    flag: at.need('flag', flag),
    name: at.need('name', text),
    families: at.need('families', list(oneOf<Family>(...families), 1, families.length)),
    by: at.need('by', list(oneOf(...parties), 1, parties.length)),
    from: at.need('from', list(oneOf<DisputeState>(...disputeStates), 1, disputeStates.length)),
    to: at.need('to', oneOf<DisputeState>(...disputeStates)),
    reasons: at.need('reasons', list(reason, 0, 40)),
    within: at.take('within', orNull(within), null),
    funds: at.need('funds', oneOf<Rule['funds']>(...fundMoves, 'as_decided')),
    needs: at.take('needs', list(oneOf(...conditions), 0, conditions.length), []),
    lapse: at.take('lapse', orNull(lapse), null),
    format: at.take('format', orNull(oneOf('classic', 'good_faith')), 'classic'),
    validFrom: at.need('validFrom', day),
    validUntil: at.take('validUntil', orNull(day), null),
    source: at.take('source', text, 'own'),
    ...(same !== undefined && { sameDayAbovePaise: same }),
    ...(verdictFor !== undefined && { verdictFor }),
    ...(evidence === true && { evidence }),
    ...(doubt !== undefined && { doubt }),
  }
})

/** Rows of the profile; a bank changes what it must and leaves the rest. */
export const ownRules: Read<readonly Rule[]> = (value, path) => {
  const rules = withOwn(matrix, list(ruleSetting, 0, 200)(value, path))
  const wrong = faultOf(rules)
  if (wrong !== undefined) throw new SettingError(`${path}: ${wrong}`)
  return rules
}

/** Whether two rows say the same thing: one flag, for one family, with a reason in common, to the same end. */
const isSame = (a: Rule, b: Rule): boolean =>
  a.flag === b.flag &&
  a.verdictFor === b.verdictFor &&
  a.families.some((one) => b.families.includes(one)) &&
  a.from.some((one) => b.from.includes(one)) &&
  a.by.some((one) => b.by.includes(one)) &&
  (a.reasons.length === 0 || b.reasons.length === 0 || a.reasons.some((one) => b.reasons.includes(one)))

const dayBefore = (of: string): string => new Date(Date.parse(of) - 86_400_000).toISOString().slice(0, 10)

/** The rules with a bank's own in front: what they replace ends the day before they begin. */
export function withOwn(rules: readonly Rule[], own: readonly Rule[]): Rule[] {
  const kept = rules.flatMap((rule) => {
    const over = own.filter((one) => isSame(one, rule))
    const begins = over.map((one) => one.validFrom).sort()[0]
    if (begins === undefined || (rule.validUntil !== null && rule.validUntil < begins)) return [rule]
    return rule.validFrom < begins ? [{ ...rule, validUntil: dayBefore(begins) }] : []
  })
  return [...kept, ...own]
}

/** Where the money is: with the beneficiary bank (0), back with the remitter bank (1), or the beneficiary bank has it twice (-1). */
export const netOf = { to_remitter: 1, to_beneficiary: -1, none: 0 } as const

/** To whom a verdict moves the money, given where it is. */
export const decided = (rule: Rule, net: number): 'to_remitter' | 'to_beneficiary' | 'none' => {
  if (rule.funds !== 'as_decided') return rule.funds
  if (rule.to === 'for_remitter') return net === 0 ? 'to_remitter' : 'none'
  return net === 1 ? 'to_beneficiary' : 'none'
}

/** @returns why the rules cannot be used, in one line; undefined when they can */
export function faultOf(rules: readonly Rule[]): string | undefined {
  for (const rule of rules) {
    if (rule.validUntil !== null && rule.validUntil < rule.validFrom) return `${nameOfRule(rule)} ends before it begins`
    if (rule.from.includes('none') && rule.families.length !== 1)
      return `${nameOfRule(rule)} opens more than one family`
    if (isClosed(rule.to) !== (rule.lapse === null)) {
      return `${nameOfRule(rule)} must say what follows its lapse, unless it ends the dispute`
    }
  }
  const days = [...new Set(rules.map((rule) => rule.validFrom))].sort()
  for (const on of days) {
    const fault = faultOn(rulesOn(rules, on))
    if (fault !== undefined) return `on ${on} ${fault}`
  }
  return undefined
}

function faultOn(rules: readonly Rule[]): string | undefined {
  for (const [index, rule] of rules.entries()) {
    const twin = rules.slice(index + 1).find((other) => isSame(rule, other))
    if (twin !== undefined) return `${nameOfRule(rule)} and ${nameOfRule(twin)} both hold`
    const { lapse } = rule
    if (lapse?.kind !== 'deemed') continue
    const said = rules.some(
      (other) => other.flag === lapse.flag && other.from.includes(rule.to) && other.reasons.includes(lapse.reason),
    )
    if (!said) return `${nameOfRule(rule)} is deemed ${lapse.flag} ${lapse.reason}, which no rule can follow`
  }
  return families
    .map((family) =>
      moneyFault(
        family,
        rules.filter((rule) => rule.families.includes(family)),
      ),
    )
    .find(Boolean)
}

/** Follows every chain of flags of a family: the money must be with whom the last one says. */
function moneyFault(family: Family, rules: readonly Rule[]): string | undefined {
  const seen = new Set<string>()
  const left: { readonly state: DisputeState; readonly net: number; readonly by: string }[] = [
    { state: 'none', net: 0, by: '' },
  ]
  for (let at = left.pop(); at !== undefined; at = left.pop()) {
    const name = `${at.state} ${at.net}`
    if (seen.has(name)) continue
    seen.add(name)
    if (!isRight(family, at.state, at.net)) return `after ${at.by.trim()} the money is not where the dispute ends`
    for (const rule of rules) {
      if (!rule.from.includes(at.state)) continue
      left.push({ state: rule.to, net: at.net + netOf[decided(rule, at.net)], by: `${at.by} ${rule.flag}` })
      if (rule.lapse?.kind === 'ends')
        left.push({ state: rule.lapse.to, net: at.net + netOf[decided(rule, at.net)], by: `${at.by} ${rule.flag}` })
    }
  }
  return undefined
}

/**
 * For whom it ends has the money, and nothing has moved twice. A good-faith credit of the remitter bank begins with the beneficiary bank
 * having it twice; a shadow reversal is between a bank and its customer.
 */
function isRight(family: Family, state: DisputeState, net: number): boolean {
  if (net < -1 || net > 1) return false
  if (state === 'withdrawn' || state === 'dropped' || family === 'shadow_reversal') return net === 0
  const least = family === 'remitter_good_faith' ? -1 : 0
  if (state === 'for_remitter') return net === least + 1
  return state !== 'for_beneficiary' || net === least
}
