import type { Side, SubType } from '../../imps/files/rows.ts'
import { type FeeTable, gstOn, interchangeOf } from './fees.ts'

/** What one line class of the statement adds up to, before anybody injects an error. Money in paise. */

export type Status = 'approved' | 'deemed'

export type Line = { count: number; amountPaise: bigint; feePaise: bigint; switchingPaise: bigint }

/** By side and status: payments to accounts and to mobile numbers are one line, as statements have it. */
export type Tally = Readonly<Record<Side, Readonly<Record<Status, Line>>>>

const none = (): Line => ({ count: 0, amountPaise: 0n, feePaise: 0n, switchingPaise: 0n })

export const createTally = (): Tally => ({
  remitter: { approved: none(), deemed: none() },
  beneficiary: { approved: none(), deemed: none() },
})

/** The same sums, to be changed on their own. */
export const copyOf = ({ remitter, beneficiary }: Tally): Tally => ({
  remitter: { approved: { ...remitter.approved }, deemed: { ...remitter.deemed } },
  beneficiary: { approved: { ...beneficiary.approved }, deemed: { ...beneficiary.deemed } },
})

/** Adds a payment that is settled, or with `times` -1 takes it out; a decline is in the raw file and moves nothing. */
export function count(
  tally: Tally,
  table: FeeTable,
  payment: {
    readonly side: Side
    readonly subType: SubType
    readonly responseCode: string
    readonly amountPaise: bigint
  },
  times: 1 | -1 = 1,
): void {
  const { side, subType, responseCode, amountPaise } = payment
  if (responseCode !== '00' && responseCode !== '08') return
  const line = tally[side][responseCode === '00' ? 'approved' : 'deemed']
  const sign = BigInt(times)
  line.count += times
  line.amountPaise += sign * amountPaise
  line.feePaise += sign * interchangeOf(table, subType, amountPaise)
  if (side === 'remitter') line.switchingPaise += sign * table.switchingPaise
}

/** A line with its taxes: each rounded once, on the sum. */
export type Charged = Readonly<Line> & { readonly feeTaxPaise: bigint; readonly switchingTaxPaise: bigint }

export const charged = (line: Line, table: FeeTable): Charged => ({
  ...line,
  feeTaxPaise: gstOn(table, line.feePaise),
  switchingTaxPaise: gstOn(table, line.switchingPaise),
})

/** What the line comes to for the bank: a remitter bank pays amount, fees and taxes; a beneficiary bank gets amount, interchange and its tax. */
export const netOf = (side: Side, line: Charged): bigint => {
  const { amountPaise, feePaise, feeTaxPaise, switchingPaise, switchingTaxPaise } = line
  const sum = amountPaise + feePaise + feeTaxPaise + switchingPaise + switchingTaxPaise
  return side === 'remitter' ? -sum : sum
}
