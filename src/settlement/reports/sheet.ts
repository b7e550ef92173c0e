import { stringify } from 'csv-stringify/sync'
import { toRfc3339 } from '../../base/clock.ts'
import { defused } from '../../imps/files/defused.ts'
import { type Written, writeWorkbook } from '../../imps/files/workbook.ts'
import type { ColumnKind, Report, ReportCell } from './report.ts'

/** Reports as files that people open in a spreadsheet: no cell of theirs is a formula, whoever wrote what is in it. */

/** CSV as RFC 4180 has it, in UTF-8. Amounts in rupees with two decimals, instants in UTC. The title is the file's name, not a row. */
export const csvOf = ({ columns, rows }: Report): Buffer =>
  Buffer.from(
    stringify(
      [
        columns.map(({ title }) => title),
        ...rows.map((row) => row.map((cell, i) => defused(textOf(cell, columns[i]?.kind ?? 'text')))),
      ],
      { record_delimiter: 'windows' },
    ),
  )

/** A workbook of one sheet: title, notes, an empty row, the columns, the rows. The same report is the same bytes. */
export const xlsxOf = ({ name, title, notes, columns, rows }: Report): Promise<Buffer> =>
  writeWorkbook(
    name.slice(0, 31),
    [
      [defused(title)],
      ...notes.map((note) => [defused(note)]),
      [],
      columns.map((column) => column.title),
      ...rows.map((row) => row.map((cell, i) => cellOf(cell, columns[i]?.kind ?? 'text'))),
    ],
    'Turant',
  )

/** A cell as text. */
export function textOf(cell: ReportCell, kind: ColumnKind): string {
  if (cell === null) return ''
  if (kind === 'instant' && typeof cell === 'number') return toRfc3339(cell)
  return typeof cell === 'bigint' && kind === 'paise' ? rupeesOf(cell) : String(cell)
}

function cellOf(cell: ReportCell, kind: ColumnKind): Written {
  if (cell === null) return undefined
  if (typeof cell === 'bigint' && kind === 'paise') return { paise: cell }
  return typeof cell === 'number' && kind === 'count' ? { number: cell } : defused(textOf(cell, kind))
}

/** Rupees with two decimals and no separators: what every spreadsheet reads as a number. */
function rupeesOf(paise: bigint): string {
  const size = paise < 0n ? -paise : paise
  return `${paise < 0n ? '-' : ''}${size / 100n}.${String(size % 100n).padStart(2, '0')}`
}
