import { layoutAsDuckdb, literal } from '../../imps/files/duckdb.ts'
import type { Layout } from '../../imps/files/layout.ts'
import { dayOfInstant, type RowColumns, type RowSource } from './groups.ts'
import type { Source } from './rows.ts'

/** Where rows come from, as SQL of DuckDB: NPCI's raw files by their layout, and the core's and the hub's rows in one plain form. */

/** @param path  of a file, or of a pipe that its text comes through */
export function rawSource(layout: Layout, path: string): RowSource {
  const { source, isTrailer, columns } = layoutAsDuckdb(layout)
  const column = (name: string, otherwise = "''"): string =>
    columns[name] === undefined ? otherwise : `coalesce(${columns[name]}, '')`
  const isOutward = layout.kind === 'raw_remitter'
  const code = column('responseCode')
  return {
    source: 'raw',
    from: source(literal(path)),
    where: `not (${isTrailer})`,
    columns: {
      direction: literal(isOutward ? 'outward' : 'inward'),
      rrn: column('rrn'),
      amount: columns.amountPaise ?? 'null',
      status: `case when ${code} in ('00', '08') then ${code} else 'F' end`,
      at: columns.at ?? 'null',
      day: column('txnDate'),
      remitterBank: column('remitterBank'),
      beneficiaryBank: column('beneficiaryBank'),
      suffix: `right(${column(isOutward ? 'remitterAccount' : 'beneficiaryAccount')}, 4)`,
      stan: `right(${column('stan')}, 6)`,
      subType: column('subType', "'F3'"),
      parentRrn: column('parentRrn'),
      responseCode: code,
      ref: "''",
      lane: 'null',
      origin: "'cycle'",
      missed: '0',
    },
  }
}

/**
 * The plain form of a row: what the hub writes of its own payments and entries, and what a core banking system is asked for. CSV with a
 * head; amounts in paise, instants in epoch milliseconds, banks as NBINs or nothing, `suffix` the last four of the account.
 */
export const plainHeads = [
  'direction',
  'rrn',
  'amount',
  'status',
  'at',
  'remitter_bank',
  'beneficiary_bank',
  'suffix',
  'stan',
  'sub_type',
  'parent_rrn',
  'ref',
  'lane',
  'origin',
  'missed',
] as const

const plainTypes: Readonly<Partial<Record<(typeof plainHeads)[number], string>>> = {
  amount: 'BIGINT',
  at: 'BIGINT',
  lane: 'UTINYINT',
  missed: 'UTINYINT',
}

export function plainSource(source: Exclude<Source, 'raw'>, path: string): RowSource {
  const types = plainHeads.map((head) => `${head}: '${plainTypes[head] ?? 'VARCHAR'}'`).join(', ')
  const text = (head: (typeof plainHeads)[number]): string => `coalesce(${head}, '')`
  const columns: RowColumns = {
    direction: 'direction',
    rrn: 'rrn',
    amount: 'amount',
    status: 'status',
    at: '"at"',
    day: dayOfInstant('"at"'),
    remitterBank: text('remitter_bank'),
    beneficiaryBank: text('beneficiary_bank'),
    suffix: text('suffix'),
    stan: text('stan'),
    subType: text('sub_type'),
    parentRrn: text('parent_rrn'),
    responseCode: "''",
    ref: text('ref'),
    lane: 'lane',
    origin: text('origin'),
    missed: 'missed',
  }
  return {
    source,
    from: `read_csv(${literal(path)}, auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', columns = {${types.replace("at: '", '"at": \'')}})`,
    columns,
  }
}
