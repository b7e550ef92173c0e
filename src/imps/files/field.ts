import type { FieldType, TimeMask } from './layout.ts'
import { dayAs, dayFrom } from './template.ts'

/** A value of a field: text, a day, a time of day `HH:MM:SS`, or a number of paise or things. */
export type Value = string | bigint

/** No blank at an end: fixed width cannot tell it from filling. */
const PRINTABLE = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/
const DIGITS = /^[0-9]+$/
const LETTERS = /^[A-Za-z0-9]+$/

/** Reads what stands in a field, without the blanks around it; undefined when its type does not allow it. */
export function readField(is: FieldType, text: string): Value | undefined {
  switch (is.kind) {
    case 'text':
      return text.length <= is.max && PRINTABLE.test(text) ? text : undefined
    case 'digits':
      return text.length >= is.min && text.length <= is.max && DIGITS.test(text) ? text : undefined
    case 'letters':
      return text.length >= is.min && text.length <= is.max && LETTERS.test(text) ? text : undefined
    case 'code':
      return is.of.includes(text) ? text : undefined
    case 'paise':
      return readPaise(is, text)
    case 'count':
      return text.length <= is.digits && DIGITS.test(text) ? BigInt(text) : undefined
    case 'date':
      return dayFrom(is.mask, text)
    case 'time':
      return readTime(is.mask, text)
  }
}

function readPaise(is: FieldType & { kind: 'paise' }, text: string): bigint | undefined {
  const negative = text.startsWith('-')
  if (negative && is.signed !== true) return undefined
  const digits = negative ? text.slice(1) : text
  const point = digits.length - 3
  if (is.point ? point < 1 || digits[point] !== '.' : digits.length === 0) return undefined
  const bare = is.point ? digits.slice(0, point) + digits.slice(point + 1) : digits
  if (bare.length > is.digits || !DIGITS.test(bare)) return undefined
  if (negative && /^0+$/.test(bare)) return undefined
  return BigInt(negative ? `-${bare}` : bare)
}

function readTime(mask: TimeMask, text: string): string | undefined {
  const found = mask === 'HHMMSS' ? /^(\d\d)(\d\d)(\d\d)$/.exec(text) : /^(\d\d):(\d\d):(\d\d)$/.exec(text)
  if (found === null) return undefined
  const [, hour = '', minute = '', second = ''] = found
  return hour < '24' && minute < '60' && second < '60' ? `${hour}:${minute}:${second}` : undefined
}

/** The text of a value. @throws a bug when the type does not allow it: what would not be read again is not written */
export function writeField(is: FieldType, value: Value): string {
  const text = textOf(is, value)
  if (readField(is, text) !== value) throw new Error(`${describeField(is)} cannot carry this value`)
  return text
}

function textOf(is: FieldType, value: Value): string {
  if (typeof value === 'bigint') {
    if (is.kind !== 'paise' || !is.point) return String(value)
    const digits = (value < 0n ? -value : value).toString().padStart(3, '0')
    return `${value < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`
  }
  if (is.kind === 'date') return dayAs(is.mask, value)
  return is.kind === 'time' && is.mask === 'HHMMSS' ? value.replaceAll(':', '') : value
}

/** The longest text a field can be, for a place of its own in a fixed-width file. */
export function widthOf(is: FieldType): number {
  switch (is.kind) {
    case 'text':
    case 'digits':
    case 'letters':
      return is.max
    case 'code':
      return Math.max(...is.of.map(({ length }) => length))
    case 'paise':
      return is.digits + (is.point ? 1 : 0) + (is.signed === true ? 1 : 0)
    case 'count':
      return is.digits
    case 'date':
    case 'time':
      return is.mask.length
  }
}

/** In words, for refusals and the reference. */
export function describeField(is: FieldType): string {
  const some = (min: number, max: number): string => (min === max ? String(max) : `${min} to ${max}`)
  switch (is.kind) {
    case 'text':
      return `up to ${is.max} printable characters`
    case 'digits':
      return `${some(is.min, is.max)} digits`
    case 'letters':
      return `${some(is.min, is.max)} letters and digits`
    case 'code':
      return is.of.join(', ')
    case 'paise':
      return is.point ? `rupees with two decimals${is.signed === true ? ', or less than zero' : ''}` : 'paise'
    case 'count':
      return `a number of up to ${is.digits} digits`
    case 'date':
    case 'time':
      return is.mask
  }
}
