import type { Branded } from './brand.ts'

/** An amount in paise (1 rupee = 100 paise). A bigint, never a float. */
export type Paise = Branded<bigint, 'Paise'>

/** The largest amount DE 4 can carry: twelve digits of paise. */
export const MAX_PAISE = 999_999_999_999n

export const paise = (value: bigint): Paise => value as Paise

/** Reads a positive amount written as digits of paise (`"150000"` is 1,500.00 rupees); undefined when it is anything else. */
export function parsePaise(text: unknown): Paise | undefined {
  if (typeof text !== 'string' || !/^[1-9][0-9]{0,11}$/.test(text)) return undefined
  return BigInt(text) as Paise
}

/** Reads rupees as people type them (`1500`, `1500.5`, `1,50,000.00`); undefined when it is anything else. */
export function parseRupees(text: string): Paise | undefined {
  const match = /^([0-9][0-9,]*)(?:\.([0-9]{1,2}))?$/.exec(text.trim())
  if (!match) return undefined
  const digits = `${match[1]?.replaceAll(',', '')}${(match[2] ?? '').padEnd(2, '0')}`.replace(/^0+/, '')
  return parsePaise(digits)
}

/** Paise as rupees with Indian grouping: 12345600n is `1,23,456.00`. */
export function formatRupees(amount: bigint): string {
  const sign = amount < 0n ? '-' : ''
  const digits = (amount < 0n ? -amount : amount).toString().padStart(3, '0')
  const whole = digits.slice(0, -2)
  const lastThree = whole.slice(-3)
  const rest = whole.slice(0, -3).replace(/\B(?=(\d{2})+$)/g, ',')
  return `${sign}${rest === '' ? '' : `${rest},`}${lastThree}.${digits.slice(-2)}`
}
