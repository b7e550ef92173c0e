import { parse } from 'csv-parse/sync'
import type { Field, Layout, TableKind } from './layout.ts'
import { createLineReader, createTally, cutLine, type Identity, type Place } from './line-reader.ts'
import { type Chunks, linesOf } from './lines.ts'
import { rowOf, summed } from './record.ts'
import { FileError, shownOf } from './refusal.ts'
import type { RowOf } from './rows.ts'
import { type Named, readTemplate } from './template.ts'
import { type Cell, columnName, readWorkbook, rupeesOfNumber, type WorkbookLimits } from './workbook.ts'

export type TableLimits = {
  readonly bytes: number
  readonly rows: number
  readonly workbook?: WorkbookLimits
}

/** A raw file of five million lines is 1.5 GB in CSV and 2.1 GB in fixed width. */
export const rawLimits: TableLimits = { bytes: 8_589_934_592, rows: 20_000_000 }
export const tableLimits: TableLimits = { bytes: 268_435_456, rows: 1_000_000 }

/** What a whole file comes to. */
export type Totals = { readonly count: number; readonly sumPaise: bigint }

/** One line as texts, one per field of the layout or of its trailer. */
type Line = { readonly row: number; readonly texts: readonly string[]; readonly trailer: boolean }

/**
 * Reads the rows of one file, some hundreds at a time, in the order of the file. Rows come before the end is proved: nothing may be
 * done with them before the generator has returned the totals.
 *
 * @throws {FileError} at the first thing that is wrong
 */
export async function* readRows<K extends TableKind>(
  kind: K,
  layout: Layout,
  file: string,
  identity: Identity,
  chunks: Chunks,
  limits: TableLimits,
): AsyncGenerator<readonly RowOf[K][], Totals> {
  const place: Place = { file }
  const tally = createTally(layout, identity, place, summed[kind])
  const readLine = createLineReader(kind, layout.fields, place)
  const readTrailer = createLineReader(kind, layout.trailer?.fields ?? [], place)
  const build = rowOf[kind]
  let count = 0
  let last = 0
  for await (const lines of linesBy(layout, file, identity, chunks, limits)) {
    const rows: RowOf[K][] = []
    for (const { row, texts, trailer } of lines) {
      last = row
      if (trailer) {
        tally.trailer(readTrailer(texts, row), row)
        continue
      }
      if (++count > limits.rows) {
        throw new FileError({
          fault: 'too_many_rows',
          file,
          row,
          expected: `at most ${limits.rows} rows`,
          found: 'more',
        })
      }
      const values = readLine(texts, row)
      tally.row(values, row)
      rows.push(build(row, values))
    }
    if (rows.length > 0) yield rows
  }
  return tally.end(last)
}

function linesBy(
  layout: Layout,
  file: string,
  identity: Identity,
  chunks: Chunks,
  limits: TableLimits,
): AsyncGenerator<readonly Line[]> {
  switch (layout.form.kind) {
    case 'csv':
      return csvLines(layout, layout.form.delimiter, file, linesOf(file, chunks, limits.bytes))
    case 'fixed':
      return fixedLines(layout, layout.form.length, file, linesOf(file, chunks, limits.bytes))
    case 'xlsx':
      return sheetLines(layout, layout.form.titles, file, identity, chunks, limits)
  }
}

async function* csvLines(
  layout: Layout,
  delimiter: string,
  file: string,
  batches: AsyncIterable<readonly string[]>,
): AsyncGenerator<readonly Line[]> {
  let before = 0
  for await (const { batch, isLast } of withLast(batches)) {
    const records = csvRecords(file, batch, delimiter, before)
    const lines: Line[] = []
    for (const [index, cells] of records.entries()) {
      const row = before + index + 1
      if (row === 1) checkHeads({ file }, row, layout.fields, cells)
      else {
        if (isLast && index === records.length - 1 && isCut(layout, cells)) throw cutShort(file, row)
        lines.push(lineOf(layout, { file }, row, cells))
      }
    }
    before += batch.length
    yield lines
  }
  if (before === 0) throw empty(file, layout.fields)
}

/** A record is a line: what is quoted may hold a delimiter, and no end of a line. */
function csvRecords(file: string, lines: readonly string[], delimiter: string, before: number): readonly string[][] {
  const blank = lines.indexOf('')
  if (blank !== -1) {
    throw new FileError({
      fault: 'unreadable',
      file,
      row: before + blank + 1,
      expected: 'a row',
      found: 'an empty line',
    })
  }
  try {
    const records: string[][] = parse(lines.join('\n'), { delimiter, relax_column_count: true, record_delimiter: '\n' })
    if (records.length === lines.length) return records
  } catch {
    // The parser says where in its own words; the loop below finds the line.
  }
  for (const [index, line] of lines.entries()) {
    if (!isOneRecord(line, delimiter)) {
      throw new FileError({
        fault: 'unreadable',
        file,
        row: before + index + 1,
        expected: 'a line of CSV',
        found: shownOf(line),
      })
    }
  }
  throw new FileError({ fault: 'unreadable', file, row: before + 1, expected: 'lines of CSV', found: 'others' })
}

function isOneRecord(line: string, delimiter: string): boolean {
  try {
    return parse(line, { delimiter, relax_column_count: true, record_delimiter: '\n' }).length === 1
  } catch {
    return false
  }
}

function checkHeads(place: Place, row: number, fields: readonly Field[], cells: readonly string[]): void {
  for (const [index, { column }] of fields.entries()) {
    if (cells[index] === column) continue
    const expected = `the head ${JSON.stringify(column)}`
    throw new FileError({
      fault: 'layout_mismatch',
      ...place,
      row,
      column: columnName(index + 1),
      expected,
      found: shownOf(cells[index] ?? ''),
    })
  }
  if (cells.length > fields.length) {
    const [expected, column] = [`${fields.length} columns`, columnName(fields.length + 1)]
    throw new FileError({ fault: 'layout_mismatch', ...place, row, column, expected, found: `${cells.length}` })
  }
}

function lineOf(layout: Layout, place: Place, row: number, cells: readonly string[]): Line {
  const isTrailer = layout.trailer !== undefined && cells[0] === layout.trailer.mark
  const [fields, texts] = isTrailer ? [layout.trailer.fields, cells.slice(1)] : [layout.fields, cells]
  if (texts.length !== fields.length) {
    const expected = `${cells.length - texts.length + fields.length} columns`
    throw new FileError({ fault: 'unreadable', ...place, row, expected, found: `${cells.length}` })
  }
  return { row, texts, trailer: isTrailer }
}

/** Batches of lines, each with whether it is the last: a line that is too short there is where a file was cut off. */
async function* withLast(
  batches: AsyncIterable<readonly string[]>,
): AsyncGenerator<{ readonly batch: readonly string[]; readonly isLast: boolean }> {
  let held: readonly string[] | undefined
  for await (const batch of batches) {
    if (held !== undefined) yield { batch: held, isLast: false }
    held = batch
  }
  if (held !== undefined) yield { batch: held, isLast: true }
}

/** Whether these cells are only the beginning of a row, or of the trailer. */
const isCut = ({ fields, trailer }: Layout, cells: readonly string[]): boolean =>
  cells.length < (trailer !== undefined && cells[0] === trailer.mark ? trailer.fields.length + 1 : fields.length)

const cutShort = (file: string, row: number): FileError =>
  new FileError({ fault: 'cut_short', file, row, expected: 'the rest of this row', found: 'the end of the file' })

async function* fixedLines(
  layout: Layout,
  length: number,
  file: string,
  batches: AsyncIterable<readonly string[]>,
): AsyncGenerator<readonly Line[]> {
  let before = 0
  for await (const { batch, isLast } of withLast(batches)) {
    yield batch.map((line, index) => {
      const row = before + index + 1
      if (row > 1 && isLast && index === batch.length - 1 && line.length < length) throw cutShort(file, row)
      if (line.length !== length) {
        const fault = row === 1 ? 'layout_mismatch' : 'unreadable'
        throw new FileError({ fault, file, row, expected: `${length} characters`, found: `${line.length}` })
      }
      const trailer = layout.trailer !== undefined && line.startsWith(layout.trailer.mark)
      return { row, texts: cutLine(trailer ? layout.trailer.fields : layout.fields, line), trailer }
    })
    before += batch.length
  }
  if (before === 0) throw empty(file, layout.fields)
}

async function* sheetLines(
  layout: Layout,
  titles: readonly string[],
  file: string,
  identity: Identity,
  chunks: Chunks,
  limits: TableLimits,
): AsyncGenerator<readonly Line[]> {
  const { name, rows } = await readWorkbook(file, await gathered(file, chunks, limits.bytes), limits.workbook)
  const place: Place = { file, sheet: name }
  const titleRow = titles.length + 1
  for (const [index, title] of titles.entries()) checkTitle(place, index + 1, title, rows[index]?.[0], identity)
  const heads = rows[titles.length]
  if (heads === undefined) throw empty(file, layout.fields)
  checkHeads(place, titleRow, layout.fields, heads.map(String))
  yield rows.slice(titleRow).map((cells, index): Line => {
    const row = titleRow + index + 1
    const isTrailer = layout.trailer !== undefined && cells[0] === layout.trailer.mark
    const fields = isTrailer ? layout.trailer.fields : layout.fields
    const texts = fields.map((field, at) => textOfCell(place, row, at + (isTrailer ? 1 : 0), field, cells))
    if (cells.length > fields.length + (isTrailer ? 1 : 0) || cells.length === 0) {
      throw new FileError({
        fault: 'unreadable',
        ...place,
        row,
        expected: `${fields.length} cells`,
        found: `${cells.length}`,
      })
    }
    return { row, texts, trailer: isTrailer }
  })
}

/** A number is money or a count: in any other column it has lost what a text keeps, such as a zero at its beginning. */
function textOfCell(place: Place, row: number, at: number, { is, column }: Field, cells: readonly Cell[]): string {
  const cell = cells[at]
  if (cell === undefined) return ''
  if (typeof cell === 'string') return cell
  const text = is.kind === 'paise' && is.point ? rupeesOfNumber(cell) : is.kind === 'count' ? String(cell) : undefined
  if (text !== undefined) return text
  const [expected, found] = is.kind === 'paise' ? ['rupees with two decimals', 'another number'] : ['text', 'a number']
  throw new FileError({ fault: 'bad_value', ...place, row, column, expected, found })
}

/** A title says what the name says, or the file is another's. */
export function checkTitle(place: Place, row: number, template: string, cell: Cell, identity: Identity): Named {
  const said = typeof cell === 'string' ? readTemplate(template, cell.trim()) : undefined
  if (said === undefined) {
    throw new FileError({
      fault: 'layout_mismatch',
      ...place,
      row,
      column: 'A',
      expected: template,
      found: shownOf(String(cell ?? '')),
    })
  }
  for (const what of ['bank', 'day', 'cycle'] as const) {
    if (said[what] === undefined || said[what] === identity[what]) continue
    const [expected, found] = [`${identity[what]}, as in the name`, String(said[what])]
    throw new FileError({ fault: 'name_mismatch', ...place, row, column: 'A', expected, found })
  }
  return said
}

/** All of a small file. */
export async function gathered(file: string, chunks: Chunks, maxBytes: number): Promise<Uint8Array> {
  const found: Uint8Array[] = []
  let size = 0
  for await (const chunk of chunks) {
    size += chunk.length
    if (size > maxBytes)
      throw new FileError({ fault: 'too_large', file, expected: `at most ${maxBytes} bytes`, found: 'more' })
    found.push(chunk)
  }
  return found.length === 1 && found[0] !== undefined ? found[0] : Buffer.concat(found)
}

const empty = (file: string, [first]: readonly Field[]): FileError =>
  new FileError({
    fault: 'cut_short',
    file,
    row: 1,
    expected: `the head ${JSON.stringify(first?.column)}`,
    found: 'nothing',
  })
