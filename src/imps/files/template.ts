import { isDay } from '../cycles.ts'
import type { CycleNumber, Day } from './rows.ts'

/** What a name or a title says about a file. */
export type Named = {
  readonly bank?: string
  readonly day?: Day
  /** `5`, or `DC1`. */
  readonly cycle?: CycleNumber
  /** `HH:MM:SS`. */
  readonly from?: string
  readonly to?: string
  /** Tells two files of a day apart, where no cycle does. */
  readonly serial?: string
}

const parts = {
  BANK: ['bank', '[A-Z0-9]{3}'],
  DDMMYY: ['day', '\\d{6}'],
  DDMMYYYY: ['day', '\\d{8}'],
  YYYYMMDD: ['day', '\\d{8}'],
  'DD-MM-YYYY': ['day', '\\d{2}-\\d{2}-\\d{4}'],
  'YYYY-MM-DD': ['day', '\\d{4}-\\d{2}-\\d{2}'],
  CYCLE: ['cycle', '(?:[1-9]\\d?C|DC[1-9])'],
  FROM: ['from', '\\d{2}:\\d{2}:\\d{2}'],
  TO: ['to', '\\d{2}:\\d{2}:\\d{2}'],
  SERIAL: ['serial', '\\d{1,8}'],
} as const satisfies Record<string, readonly [keyof Named, string]>
type Part = keyof typeof parts

const PART = /\{([A-Z-]+)\}/g
const isPart = (name: string): name is Part => Object.hasOwn(parts, name)

/** The parts a template uses that there are none of. */
export const unknownParts = (template: string): readonly string[] =>
  [...template.matchAll(PART)].flatMap(([, name = '']) => (isPart(name) ? [] : [name]))

const wordsOf = (template: string): readonly string[] => template.split(PART)
const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

/** What a name or title says, read by a template such as `IMPSNTSL{BANK}{DDMMYY}_{CYCLE}.xlsx`; undefined when it is another. */
export function readTemplate(template: string, text: string): Named | undefined {
  const words = wordsOf(template)
  const pattern = words.map((word, index) =>
    index % 2 === 0 ? escaped(word) : isPart(word) ? `(${parts[word][1]})` : '(.*)',
  )
  const found = new RegExp(`^${pattern.join('')}$`).exec(text)
  if (found === null) return undefined
  const named: { -readonly [K in keyof Named]: Named[K] } = {}
  for (const [index, word] of words.filter((_, at) => at % 2 === 1).entries()) {
    if (!isPart(word)) return undefined
    const value = found[index + 1] ?? ''
    const [name] = parts[word]
    const read = name === 'day' ? dayFrom(word, value) : name === 'cycle' ? value.replace(/C$/, '') : value
    if (read === undefined || (named[name] !== undefined && named[name] !== read)) return undefined
    named[name] = read
  }
  return named
}

/** The text a template makes. @throws a bug when it needs what is not said */
export function writeTemplate(template: string, named: Named): string {
  return wordsOf(template)
    .map((word, index) => {
      if (index % 2 === 0) return word
      if (!isPart(word)) throw new Error(`no part ${word} of a template`)
      const value = named[parts[word][0]]
      if (value === undefined) throw new Error(`${template} needs ${parts[word][0]}`)
      if (parts[word][0] === 'day') return dayAs(word, value)
      return word === 'CYCLE' && /^\d/.test(value) ? `${value}C` : value
    })
    .join('')
}

/** Reads a day in the order a mask such as `DDMMYY` says; two digits of a year are of this century. Undefined when there is no such day. */
export function dayFrom(mask: string, text: string): Day | undefined {
  if (text.length !== mask.length) return undefined
  const pick = (letter: string): string => [...text].filter((_, index) => mask[index] === letter).join('')
  for (const [index, letter] of [...mask].entries()) {
    const isDigit = /\d/.test(text[index] ?? '')
    if (/[YMD]/.test(letter) ? !isDigit : text[index] !== letter) return undefined
  }
  const year = pick('Y')
  const day = `${year.length === 2 ? `20${year}` : year}-${pick('M')}-${pick('D')}`
  return isDay(day) ? day : undefined
}

/** A day as a mask says. */
export function dayAs(mask: string, day: Day): string {
  const [year = '', month = '', date = ''] = day.split('-')
  return mask.replace('YYYY', year).replace('YY', year.slice(2)).replace('MM', month).replace('DD', date)
}
