import { parseAccountNumber, parseIfsc, parseMmid, parseMobile, parseNbin, parseRrn } from '../../base/identifiers.ts'
import { MAX_PAISE, type Paise, paise } from '../../base/money.ts'
import { toWireText } from '../iso8583/wire-text.ts'

/** What one field may hold: words for the reference, and the way from text and back; undefined is a value that does not fit. */
export interface Rule<T> {
  readonly says: string
  read(text: string): T | undefined
  write(value: T): string | undefined
}

const fitting = (says: string, pattern: RegExp): Rule<string> => {
  const check = (text: string): string | undefined => (pattern.test(text) ? text : undefined)
  return { says, read: check, write: check }
}

const branded = <T extends string>(says: string, parse: (text: unknown) => T | undefined): Rule<T> => ({
  says,
  read: parse,
  write: (value) => parse(value),
})

/** Letters, digits and what a code, a type or a word of the wire is made of. */
export const word = (most: number): Rule<string> =>
  fitting(`..${most} letters, digits, _ . -`, new RegExp(`^[A-Za-z0-9_.-]{1,${most}}$`))

/** Read as it is, without control characters; written as it is, and only if it is printable US-ASCII. */
export function text(most: number, least = 1): Rule<string> {
  const readable = new RegExp(`^[^\\p{Cc}\\p{Cs}]{${least},${most}}$`, 'u')
  const writable = new RegExp(`^[\\x20-\\x7e]{${least},${most}}$`)
  return {
    says: least === most ? `${most} characters` : `..${most} characters`,
    read: (value) => (readable.test(value) ? value : undefined),
    write: (value) => (writable.test(value) ? value : undefined),
  }
}

/** What a person typed: read as it is; written folded to US-ASCII and cut, as on the ISO wire, so that both say the same. */
export function spoken(most: number): Rule<string> {
  const { read } = text(most)
  return {
    says: `..${most} characters, folded to US-ASCII when written`,
    read,
    write: (value) => toWireText(value, most),
  }
}

export function choice<const T extends string>(...choices: readonly T[]): Rule<T> {
  const find = (value: string): T | undefined => choices.find((one) => one === value)
  return { says: choices.join(', '), read: find, write: find }
}

/** Head@msgId and Txn@id: 35 characters where the hub makes them, 1 to 35 where others do. @source protocol.md §2.4 */
export const id = fitting('1..35 letters and digits', /^[A-Za-z0-9]{1,35}$/)
export const version = fitting('a version such as 2.0, ..6 characters', /^[0-9]{1,2}\.[0-9]{1,3}$/)
export const day = fitting('a day, 2026-01-31', /^20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$/)
export const rrn = branded('12 digits', parseRrn)
export const ifsc = branded('11 characters, as an IFSC', parseIfsc)
export const account = branded('..30 letters and digits', parseAccountNumber)
export const mmid = branded('7 digits', parseMmid)
export const nbin = branded('4 digits', parseNbin)

/** A mobile number: on the wire with 91 in front. */
export const mobile: Rule<NonNullable<ReturnType<typeof parseMobile>>> = {
  says: '12 digits: 91 and ten',
  read: (value) => (value.length === 12 && value.startsWith('91') ? parseMobile(value.slice(2)) : undefined),
  write: (value) => (parseMobile(value) === undefined ? undefined : `91${value}`),
}

const RUPEES = /^[0-9]{1,12}\.[0-9]{2}$/

function readRupees(value: string): bigint | undefined {
  if (!RUPEES.test(value)) return undefined
  const amount = BigInt(value.slice(0, -3) + value.slice(-2))
  return amount <= MAX_PAISE ? amount : undefined
}

function writeRupees(amount: bigint): string | undefined {
  if (amount <= 0n || amount > MAX_PAISE) return undefined
  const paiseDigits = amount.toString().padStart(3, '0')
  return `${paiseDigits.slice(0, -2)}.${paiseDigits.slice(-2)}`
}

/**
 * An amount: rupees with exactly two decimals, paise as a bigint inside, more than zero, and no more than DE 4 of the other wire
 * can carry, so that a payment fits both. @source protocol.md §2.4
 */
export const rupees: Rule<Paise> = {
  says: 'rupees, exactly two decimals, ..15 characters',
  read(value) {
    const amount = readRupees(value)
    return amount === undefined || amount === 0n ? undefined : paise(amount)
  },
  write: writeRupees,
}

/** The same in an answer, where a decline may say 0.00: nothing. */
export const rupeesOrNone: Rule<bigint> = {
  says: 'rupees, exactly two decimals; 0.00 in a decline',
  read: readRupees,
  write: writeRupees,
}

const IST_OFFSET_MS = 19_800_000
const INSTANT =
  /^(20[0-9]{2}-[0-9]{2}-[0-9]{2})T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,9})?(?:Z|[+-][0-9]{2}:[0-9]{2})$/

/** ISO 8601 with an offset, epoch milliseconds inside; written in Indian time with milliseconds. @source protocol.md §2.4 */
export const instant: Rule<number> = {
  says: 'ISO 8601 with milliseconds and offset',
  read(value) {
    const date = INSTANT.exec(value)?.[1]
    if (date === undefined || !isDay(date)) return undefined
    const at = Date.parse(value)
    return Number.isNaN(at) ? undefined : at
  },
  write(value) {
    if (!(value >= EARLIEST && value < LATEST)) return undefined
    return `${new Date(value + IST_OFFSET_MS).toISOString().slice(0, 23)}+05:30`
  },
}

const EARLIEST = Date.UTC(2000, 0, 2)
const LATEST = Date.UTC(2099, 11, 31)

/** `Date.parse` takes 30 February for 2 March. */
function isDay(date: string): boolean {
  const at = Date.parse(`${date}T00:00:00Z`)
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(date)
}
