import type { Day, FileKind } from './rows.ts'

/**
 * How a file of rows lies on disk: a table, not code, because NPCI's raw layout is known to members only and changes by circular. A
 * member bank writes its own in JSON (`readLayout`); what ships is built on what is public. @source settlement.md §2.3, §2.4
 */

export const dateMasks = ['YYMMDD', 'DDMMYY', 'YYYYMMDD', 'DDMMYYYY', 'YYYY-MM-DD', 'DD-MM-YYYY', 'DD/MM/YYYY'] as const
export type DateMask = (typeof dateMasks)[number]
export const timeMasks = ['HHMMSS', 'HH:MM:SS'] as const
export type TimeMask = (typeof timeMasks)[number]

/** What may stand in a field. */
export type FieldType =
  /** Printable ASCII. */
  | { readonly kind: 'text'; readonly max: number }
  /** Digits that are a name, not a number: RRN, STAN, mobile. */
  | { readonly kind: 'digits'; readonly min: number; readonly max: number }
  /** Letters and digits: accounts, bank codes, response codes. */
  | { readonly kind: 'letters'; readonly min: number; readonly max: number }
  /** One of a list. */
  | { readonly kind: 'code'; readonly of: readonly string[] }
  /** `point`: rupees with two decimals, `1500.00`; without: paise, `150000`. `signed` allows a minus. */
  | { readonly kind: 'paise'; readonly digits: number; readonly point: boolean; readonly signed?: boolean }
  | { readonly kind: 'count'; readonly digits: number }
  | { readonly kind: 'date'; readonly mask: DateMask }
  | { readonly kind: 'time'; readonly mask: TimeMask }

export type Field = {
  /** What the hub calls it: see `record.ts`. `_` and anything for what the hub has no use for. */
  readonly name: string
  /** The head of the column; in a fixed-width file NPCI's word for it. */
  readonly column: string
  /** Fixed width: where it lies, from and to, counted from 0, the end not part of it. */
  readonly at?: readonly [from: number, to: number]
  readonly is: FieldType
  readonly optional?: boolean
  /** Of a field without use: what a writer puts there, and a reader must find. */
  readonly value?: string
  /** Of a field without use: it repeats this one, and a reader checks that it does. */
  readonly same?: string
}

/** The last line: what proves that nothing is missing. */
export type Trailer = {
  /** What its first field is. */
  readonly mark: string
  /** Of `bank`, `settlementDate`, `cycle`, `count` and `sumPaise`. */
  readonly fields: readonly Field[]
}

export type Form =
  | { readonly kind: 'csv'; readonly delimiter: ',' | ';' | '|' | '\t' }
  /** Every line has the same length. */
  | { readonly kind: 'fixed'; readonly length: number }
  /** One sheet; `titles` are rows above the heads, templates as in `fileName`. */
  | { readonly kind: 'xlsx'; readonly titles: readonly string[] }

/** Kinds of files that are rows of one table; the statement (NTSL) is another thing. */
export type TableKind = Exclude<FileKind, 'ntsl'>

export type Layout = {
  /** `raw_remitter/csv/2026-05-05` */
  readonly id: string
  readonly kind: TableKind
  /** The first settlement date, or day in its name, it is used for. */
  readonly from: Day
  /** What files are called; see `template.ts`. */
  readonly fileName: string
  readonly form: Form
  readonly fields: readonly Field[]
  readonly trailer?: Trailer
}
