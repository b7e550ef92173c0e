import { shownRupees } from '../../imps/files/refusal.ts'
import type { Day } from '../../imps/files/rows.ts'
import { IntakeError, type IntakeFault } from '../intake/file.ts'

/**
 * settlement/statements: what the Reserve Bank, a sponsor or another bank says of an account of ours. It promises that the balances of a
 * statement are proved before a line of it is used, to the paisa and in whole numbers.
 */

export type StatementLine = {
  /** Of the file, from 1. */
  readonly row: number
  readonly bookedOn: Day
  readonly valueOn: Day
  /** More than zero is to our credit. */
  readonly amountPaise: bigint
  /** The bank's own; empty where it gives none. */
  readonly reference: string
  readonly narration: string
}

export type BankStatement = {
  readonly account: string
  /** Its own number; empty where it has none. */
  readonly number: string
  readonly row: number
  readonly from: Day
  readonly until: Day
  readonly openingPaise: bigint
  readonly closingPaise: bigint
  readonly lines: readonly StatementLine[]
}

/** @throws {IntakeError} */
export function refuse(fault: IntakeFault, expected: string, found: string, row?: number, column?: string): never {
  const place = { ...(row !== undefined && { row }), ...(column !== undefined && { column }) }
  throw new IntakeError({ fault, ...place, expected, found })
}

/** Opening and movements make the closing. @throws {IntakeError} `balance_differs` */
export function proveStatement(statement: BankStatement): BankStatement {
  const { row, openingPaise, closingPaise, lines } = statement
  const sum = lines.reduce((all, { amountPaise }) => all + amountPaise, openingPaise)
  if (sum !== closingPaise) {
    const expected = `${shownRupees(sum)}, which opening and movements come to`
    refuse('balance_differs', expected, shownRupees(closingPaise), row)
  }
  return statement
}

/** Rupees with up to two decimals, without a sign, as paise; undefined when it is anything else. @param point  `,` or `.` */
export function paiseOf(text: string, point: ',' | '.'): bigint | undefined {
  const [whole = '', part, more] = text.split(point)
  if (more !== undefined || !/^\d{1,15}$/.test(whole) || !/^\d{0,2}$/.test(part ?? '')) return undefined
  return BigInt(whole) * 100n + BigInt((part ?? '').padEnd(2, '0'))
}
