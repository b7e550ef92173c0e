import ExcelJS, { type CellValue, type Worksheet } from 'exceljs'
import { FileError, shownOf } from './refusal.ts'
import { lookIntoZip, withoutDates } from './zip.ts'

/** A cell of a workbook: text, a number, or nothing. Formulas, dates and errors are refused: what they are depends on who looks. */
export type Cell = string | number | undefined

export type Sheet = {
  readonly name: string
  /** Row by row, without the empty ones at the end; `rows[0]` is row 1. */
  readonly rows: readonly (readonly Cell[])[]
}

export type WorkbookLimits = { readonly bytes: number; readonly unpackedBytes: number; readonly rows: number }

/** 64 KiB of workbook is 5,000 lines; a statement has hundreds. */
export const workbookLimits: WorkbookLimits = { bytes: 16_777_216, unpackedBytes: 134_217_728, rows: 200_000 }

const MAX_ENTRIES = 100
const MAX_COLUMNS = 100
/** What is drawn, merged or checked says nothing, and a few bytes of it can cost the library a loop over every cell there is. */
const ignored = [
  'mergeCells',
  'dataValidations',
  'conditionalFormatting',
  'hyperlinks',
  'drawing',
  'picture',
  'legacyDrawing',
  'tableParts',
  'autoFilter',
  'rowBreaks',
  'colBreaks',
  'sheetProtection',
  'pageSetup',
  'headerFooter',
  'printOptions',
  'extLst',
]

/**
 * Reads the first sheet of a workbook.
 * @throws {FileError} when it is none, is too large unpacked, or has a cell that is neither text nor number
 */
export async function readWorkbook(
  file: string,
  bytes: Uint8Array,
  limits: WorkbookLimits = workbookLimits,
): Promise<Sheet> {
  const refuse = (fault: 'too_large' | 'unreadable' | 'too_many_rows', expected: string, found: string): never => {
    throw new FileError({ fault, file, expected, found })
  }
  if (bytes.length > limits.bytes) refuse('too_large', `at most ${limits.bytes} bytes`, `${bytes.length} bytes`)
  const zip = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const look = lookIntoZip(zip, { entries: MAX_ENTRIES, bytes: limits.unpackedBytes })
  if (look.kind === 'refused') {
    return refuse(look.large ? 'too_large' : 'unreadable', 'a workbook (xlsx)', look.found)
  }
  const main = look.texts.get('xl/workbook.xml')?.toString('latin1')
  if (main === undefined || /<definedName[\s>](?!\s*name="_xlnm\.)/.test(main)) {
    return refuse(
      'unreadable',
      'a workbook (xlsx)',
      main === undefined ? 'no workbook in it' : 'names for ranges of cells',
    )
  }
  const sheet = await parse(zip, limits.rows)
  if (sheet === undefined)
    return refuse('unreadable', `a workbook (xlsx) of at most ${limits.rows} rows`, 'one that cannot be read')
  return { name: shownOf(sheet.name), rows: cellsOf(file, sheet) }
}

/** The library throws many things at a stranger's bytes; all of them say the same. */
async function parse(zip: Buffer, maxRows: number): Promise<Worksheet | undefined> {
  try {
    const workbook = new ExcelJS.Workbook()
    const options = { ignoreNodes: ignored, maxRows, maxCols: MAX_COLUMNS }
    await workbook.xlsx.load(Uint8Array.from(zip).buffer, options)
    const [sheet] = workbook.worksheets
    return sheet !== undefined && sheet.rowCount <= maxRows && sheet.columnCount <= MAX_COLUMNS ? sheet : undefined
  } catch {
    return undefined
  }
}

function cellsOf(file: string, sheet: Worksheet): Cell[][] {
  const rows: Cell[][] = []
  sheet.eachRow((row, number) => {
    const cells: Cell[] = []
    row.eachCell((cell, column) => {
      while (cells.length < column - 1) cells.push(undefined)
      const value = cellOf(cell.value)
      if (typeof value === 'object') {
        throw new FileError({
          fault: 'bad_value',
          file,
          sheet: shownOf(sheet.name),
          row: number,
          column: columnName(column),
          expected: 'text or a number',
          found: value.is,
        })
      }
      cells.push(value)
    })
    while (cells.length > 0 && cells.at(-1) === undefined) cells.pop()
    while (rows.length < number - 1) rows.push([])
    rows.push(cells)
  })
  while (rows.length > 0 && rows.at(-1)?.length === 0) rows.pop()
  return rows
}

function cellOf(value: CellValue): Cell | { readonly is: string } {
  if (value === null || value === undefined || value === '') return undefined
  if (typeof value === 'string') return value
  if (typeof value === 'number') return Number.isFinite(value) ? value : { is: 'no number' }
  if (typeof value === 'boolean') return { is: 'true or false' }
  if (value instanceof Date) return { is: 'a date' }
  if ('formula' in value || 'sharedFormula' in value) return { is: 'a formula' }
  if ('richText' in value && Array.isArray(value.richText)) {
    const words = value.richText.map(({ text }) => text)
    return words.every((word) => typeof word === 'string') ? words.join('') || undefined : { is: 'broken text' }
  }
  return { is: 'error' in value ? 'an error' : 'a link' }
}

/** `A`, `B` ... `AA`: how a spreadsheet names its columns; 1 is the first. */
export function columnName(column: number): string {
  const rest = Math.floor((column - 1) / 26)
  const letter = String.fromCharCode(65 + ((column - 1) % 26))
  return rest > 0 ? `${columnName(rest)}${letter}` : letter
}

/** A cell to write: text, or rupees shown with two decimals. */
export type Written = string | { readonly number: number } | { readonly paise: bigint } | undefined

/** A cell is a floating-point number: fifteen digits of it are exact. */
const LARGEST_CELL = 999_999_999_999_999n

const EPOCH = new Date(Date.UTC(2000, 0, 1))

/** Writes one sheet. The same rows are the same bytes: a workbook's own dates are fixed. */
export async function writeWorkbook(
  name: string,
  rows: readonly (readonly Written[])[],
  author = 'NPCI',
): Promise<Buffer> {
  const workbook = new ExcelJS.Workbook()
  workbook.creator = author
  workbook.lastModifiedBy = author
  workbook.created = EPOCH
  workbook.modified = EPOCH
  const sheet = workbook.addWorksheet(name)
  for (const [index, cells] of rows.entries()) {
    const row = sheet.getRow(index + 1)
    for (const [at, cell] of cells.entries()) {
      if (cell === undefined || cell === '') continue
      const target = row.getCell(at + 1)
      if (typeof cell === 'string') target.value = cell
      else if ('number' in cell) target.value = cell.number
      else {
        const size = cell.paise < 0n ? -cell.paise : cell.paise
        if (size > LARGEST_CELL) throw new Error('an amount that a cell cannot carry to the paisa')
        target.value = Number(`${cell.paise < 0n ? '-' : ''}${size / 100n}.${String(size % 100n).padStart(2, '0')}`)
        target.numFmt = '0.00'
      }
    }
  }
  return withoutDates(Buffer.from(await workbook.xlsx.writeBuffer()))
}

/** A number of a cell as rupees with two decimals; undefined when it has more. Exact: by its shortest decimal form, without arithmetic. */
export function rupeesOfNumber(value: number): string | undefined {
  const found = /^(-?\d{1,13})(?:\.(\d{1,2}))?$/.exec(String(value))
  return found === null ? undefined : `${found[1]}.${(found[2] ?? '').padEnd(2, '0')}`
}
