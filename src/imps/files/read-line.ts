import { parse } from 'csv-parse/sync'
import type { Layout } from './layout.ts'
import { createLineReader } from './line-reader.ts'
import { rowOf } from './record.ts'
import type { RawRow } from './rows.ts'

/**
 * One line of a raw file that was accepted, read by itself.
 * @param row  where it stands in the file, 1-based
 * @throws {FileError} when it is not a line of this layout
 */
export function readRawLine(layout: Layout, file: string, line: string, row: number): RawRow {
  const { kind, form, fields } = layout
  if (kind !== 'raw_remitter' && kind !== 'raw_beneficiary') throw new Error('not a raw file')
  const texts =
    form.kind === 'csv'
      ? (parse(line, { delimiter: form.delimiter, relax_column_count: true })[0] ?? [])
      : fields.map(({ at: [from, to] = [0, 0] }) => line.slice(from, to).trimEnd())
  return rowOf[kind](row, createLineReader(kind, fields, { file })(texts, row))
}
