import type { TFunction } from 'i18next'
import type { Body } from '../../api/shapes.ts'
import { paiseOf } from '../../components/rupees.ts'
import { always, type Period } from './period.tsx'

/** What a limit can say, as it is typed: a table of its fields, what is wrong with them, and the rules that they make. */

type NewLimit = Body<'post', '/v1/limits'>
export const channels = [
  'internet',
  'mobile',
  'branch',
  'atm',
  'sms',
  'ivr',
  'ussd',
] as const satisfies readonly NonNullable<NewLimit['channel']>[]

const amounts = {
  perPayment: 'amounts',
  day: 'amounts',
  week: 'amounts',
  month: 'amounts',
  coolingAmount: 'beneficiary',
  reviewOver: 'held',
  lagOver: 'held',
} as const
/** Each with the largest number that the API takes. */
const numbers = {
  dayCount: ['counts', 1_000_000],
  weekCount: ['counts', 1_000_000],
  monthCount: ['counts', 1_000_000],
  velocityCount: ['velocity', 60],
  velocityMinutes: ['velocity', 1_440],
  coolingHours: ['beneficiary', 720],
  lagMinutes: ['held', 1_440],
} as const
/** Of these neither says anything without the other. */
const pairs = [
  ['velocityCount', 'velocityMinutes'],
  ['coolingHours', 'coolingAmount'],
  ['lagOver', 'lagMinutes'],
] as const

type AmountName = keyof typeof amounts
type NumberName = keyof typeof numbers
type FieldName = AmountName | NumberName
export const groups = ['amounts', 'counts', 'velocity', 'beneficiary', 'held'] as const

const order = [
  ...(['perPayment', 'day', 'week', 'month'] as const),
  ...(['dayCount', 'weekCount', 'monthCount'] as const),
  ...(['velocityCount', 'velocityMinutes'] as const),
  ...(['coolingHours', 'coolingAmount'] as const),
  ...(['reviewOver', 'lagOver', 'lagMinutes'] as const),
] satisfies readonly FieldName[]
export const isAmount = (name: FieldName): name is AmountName => name in amounts
export const isNumber = (name: FieldName): name is NumberName => name in numbers
export const fieldsOf = (group: (typeof groups)[number]): readonly FieldName[] =>
  order.filter((name) => (isAmount(name) ? amounts[name] : numbers[name][0]) === group)

export type Asked = Period &
  Record<AmountName, string> &
  Record<NumberName, number | string> & { whom: string; who: string; channel: string | null; registeredOnly: boolean }

export const noLimit: Asked = {
  whom: 'accounts',
  who: '',
  channel: null,
  perPayment: '',
  day: '',
  week: '',
  month: '',
  coolingAmount: '',
  reviewOver: '',
  lagOver: '',
  dayCount: '',
  weekCount: '',
  monthCount: '',
  velocityCount: '',
  velocityMinutes: '',
  coolingHours: '',
  lagMinutes: '',
  registeredOnly: false,
  ...always,
}

/** What is wrong with what was typed, by field; what is not there is not wrong. */
export function refusalsOf(t: TFunction, asked: Asked): Partial<Record<keyof Asked, string>> {
  const wrong: Partial<Record<keyof Asked, string>> = {}
  if ((asked.whom === 'account' || asked.whom === 'customer') && asked.who.trim() === '')
    wrong.who = t('administration:limit.whoMissing')
  for (const name of order) {
    const typed = asked[name]
    if (typed === '') continue
    if (isAmount(name)) {
      if (paiseOf(String(typed)) === undefined) wrong[name] = t('administration:amountWrong')
      continue
    }
    const [, most] = numbers[name]
    const number = Number(typed)
    if (!Number.isInteger(number) || number < 1 || number > most)
      wrong[name] = t('administration:numberWrong', { least: 1, most })
  }
  for (const [one, other] of pairs)
    if ((asked[one] === '') !== (asked[other] === ''))
      wrong[asked[one] === '' ? one : other] = t('administration:limit.bothMissing')
  return wrong
}

/** The rules that were asked for, as the API takes them. To be called when nothing is wrong. */
export function rulesOf(asked: Asked): NewLimit['rules'] {
  const amount = (name: AmountName): string | undefined => paiseOf(asked[name])
  const number = (name: NumberName): number | undefined => (asked[name] === '' ? undefined : Number(asked[name]))
  const rules: Record<string, unknown> = {
    perPayment: amount('perPayment'),
    day: amount('day'),
    week: amount('week'),
    month: amount('month'),
    reviewOver: amount('reviewOver'),
    dayCount: number('dayCount'),
    weekCount: number('weekCount'),
    monthCount: number('monthCount'),
    velocity: allOf({ count: number('velocityCount'), minutes: number('velocityMinutes') }),
    cooling: allOf({ hours: number('coolingHours'), amount: amount('coolingAmount') }),
    lag: allOf({ over: amount('lagOver'), seconds: times(number('lagMinutes'), 60) }),
    registeredOnly: asked.registeredOnly || undefined,
  }
  return Object.fromEntries(Object.entries(rules).filter(([, value]) => value !== undefined))
}

const times = (number: number | undefined, factor: number) => (number === undefined ? undefined : number * factor)
const allOf = (parts: object): object | undefined => (Object.values(parts).includes(undefined) ? undefined : parts)
