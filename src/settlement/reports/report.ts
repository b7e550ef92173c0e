import type { Day } from '../../imps/files/rows.ts'

/** A report before it is a file: what it is called, what it says of itself, and rows under columns. Pure. */

export type ColumnKind = 'text' | 'paise' | 'count' | 'instant'
export type Column = { readonly title: string; readonly kind: ColumnKind }
/** Paise are a bigint, counts a number, instants epoch milliseconds. */
export type ReportCell = string | bigint | number | null

export type Report = {
  readonly name: string
  readonly title: string
  /** Lines under the title: of which bank, of which days, as of when. */
  readonly notes: readonly string[]
  readonly columns: readonly Column[]
  readonly rows: readonly (readonly ReportCell[])[]
  /** Nobody signs it when it is printed: it is for a customer. */
  readonly unsigned?: true
}

/** What is asked for. Days are in IST, both inclusive. */
export type ReportScope = {
  readonly tenantId: number
  /** The banks that whoever asks may look at. */
  readonly institutions: readonly string[]
  readonly from: Day
  readonly to: Day
  /** One cycle of a day, where the report is of one. */
  readonly cycle: string | undefined
  readonly now: number
}

/** Days that a break has been open, in the buckets that people look at; after 45 days a chargeback is too late. @source settlement.md §7.3 */
export const ageBuckets = [
  { name: '0', from: 0, to: 0 },
  { name: '1', from: 1, to: 1 },
  { name: '2-3', from: 2, to: 3 },
  { name: '4-7', from: 4, to: 7 },
  { name: '8-30', from: 8, to: 30 },
  { name: '31-45', from: 31, to: 45 },
  { name: 'over 45', from: 46, to: Number.POSITIVE_INFINITY },
] as const
export type AgeBucket = (typeof ageBuckets)[number]['name']

/** The bucket of what is so many whole days old. */
export const bucketOf = (days: number): AgeBucket =>
  ageBuckets.find(({ from, to }) => days >= from && days <= to)?.name ?? '0'
