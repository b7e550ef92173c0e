import type { TFunction } from 'i18next'
import type { Answer, Body } from '../../api/shapes.ts'
import { counted } from '../../components/counted.ts'
import { paiseOf, rupees } from '../../components/rupees.ts'

/** The rules of risk as a table: of each what it asks for, and the words that it makes. */

export type RuleSets = Answer<'get', '/v1/risk/rules'>
export type RuleSet = RuleSets['suggested']
type RuleName = keyof RuleSet

const minutes = ['minutes', 1, 1_440] as const
const amount = (name: string) => [name] as const
/** Fields of a rule: an amount has no bounds of its own, a number has the least and the most that the API takes. */
export type Field = readonly [name: string] | readonly [name: string, least: number, most: number]
const fields: Readonly<Record<RuleName, readonly Field[]>> = {
  velocity: [['count', 2, 60], minutes],
  passThrough: [['percent', 1, 100], minutes, amount('least')],
  fanIn: [['remitters', 2, 60], minutes],
  fanOut: [['beneficiaries', 2, 60], minutes],
  structuring: [amount('amount'), ['percent', 1, 50], ['count', 2, 60], minutes],
  dormant: [['days', 2, 3_650], amount('amount')],
  roundTrips: [['times', 1, 30], minutes],
  oddHours: [['from', 0, 23], ['to', 0, 23], amount('amount')],
  probing: [amount('probe'), amount('amount'), minutes],
}
export const riskRules = Object.entries(fields)

/** One rule as it is typed. */
export type Typed = { isOn: boolean; action: string; values: Record<string, string> }
export type Asked = { rules: Record<string, Typed>; from: string }

/** What a form begins with: the rules that hold; of those that do not, the numbers that are suggested. */
export const askedOf = (held: RuleSet, suggested: RuleSet): Asked['rules'] =>
  Object.fromEntries(
    riskRules.map(([rule, asks]) => {
      const own = Object(Object(held)[rule] ?? Object(suggested)[rule] ?? {})
      const values = asks.map(([name, least]) => {
        const value = own[name]
        const typed = value === undefined ? '' : least === undefined ? rupees(value).slice(1) : String(value)
        return [name, typed]
      })
      return [rule, { isOn: rule in held, action: own.action ?? 'review', values: Object.fromEntries(values) }]
    }),
  )

/** What is wrong with what was typed, by the path of the field in the form; only rules that are on are looked at. */
export function refusalsOf(t: TFunction, rules: Asked['rules']): Record<string, string> {
  const wrong: Record<string, string> = {}
  for (const [rule, asks] of riskRules) {
    const typed = rules[rule]
    if (typed?.isOn !== true) continue
    for (const [name, least, most] of asks) {
      const value = typed.values[name] ?? ''
      const isRight =
        least === undefined
          ? paiseOf(value) !== undefined
          : /^\d{1,4}$/.test(value) && Number(value) >= least && Number(value) <= (most ?? 0)
      if (!isRight)
        wrong[`rules.${rule}.values.${name}`] =
          least === undefined ? t('administration:amountWrong') : t('administration:numberWrong', { least, most })
    }
  }
  return wrong
}

/** The set that was asked for, as the API takes it. To be called when nothing is wrong. */
export const ruleSetOf = (rules: Asked['rules']): Body<'put', '/v1/risk/rules'>['rules'] =>
  Object.fromEntries(
    riskRules.flatMap(([rule, asks]) => {
      const typed = rules[rule]
      if (typed?.isOn !== true) return []
      const values = asks.map(([name, least]) => {
        const value = typed.values[name] ?? ''
        return [name, least === undefined ? paiseOf(value) : Number(value)]
      })
      return [[rule, { ...Object.fromEntries(values), action: typed.action }]]
    }),
  )

/** Each rule of a set in words, with what is done when it fires. */
export const inWords = (
  t: TFunction,
  set: RuleSet,
): readonly (readonly [rule: string, words: string, action: string])[] =>
  riskRules.flatMap(([rule, asks]) => {
    const own = Object(set)[rule]
    if (own === undefined) return []
    const words: Record<string, string> = Object.fromEntries(
      asks.map(([name, least]) => [name, least === undefined ? rupees(own[name]) : counted(own[name])]),
    )
    return [[rule, t(`administration:risk.words.${rule}`, words), own.action ?? 'review'] as const]
  })
