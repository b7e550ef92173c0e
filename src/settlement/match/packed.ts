import { dayOf } from '../../imps/cycles.ts'
import type { MatchRow } from './rows.ts'

/** A row as a break keeps it: without the account's last four. */
export const packRow = (row: MatchRow): string => {
  const { source, direction, rrn, status, at, stan, subType, remitterBank, beneficiaryBank, parentRrn, ref, lane } = row
  const amount = String(row.amountPaise)
  return JSON.stringify({
    source,
    direction,
    rrn,
    amount,
    status,
    at,
    stan,
    subType,
    remitterBank,
    beneficiaryBank,
    parentRrn,
    ref,
    lane,
  })
}

type Packed = Pick<
  MatchRow,
  | 'source'
  | 'direction'
  | 'rrn'
  | 'status'
  | 'at'
  | 'stan'
  | 'subType'
  | 'remitterBank'
  | 'beneficiaryBank'
  | 'parentRrn'
  | 'ref'
  | 'lane'
> & { readonly amount: string }

/** The row of a break that has waited through so many cycles. */
export const unpackRow = (text: string, missed: number): MatchRow => {
  const { amount, ...row }: Packed = JSON.parse(text)
  return {
    ...row,
    amountPaise: BigInt(amount),
    day: dayOf(row.at),
    suffix: '',
    responseCode: '',
    origin: 'carried',
    missed,
  }
}
