import PDFDocument from 'pdfkit'
import { istParts } from '../../base/clock.ts'
import type { Column, Report, ReportCell } from './report.ts'
import { textOf } from './sheet.ts'

/** Reports on paper: A4, the columns' heads on every page, a line for two signatures at the end. The same report is the same bytes. */

const MARGIN = 40
const LINE = 14
const SIZE = 8
/** A report of more rows is for a spreadsheet: it would be more than 120 pages. */
export const MAX_PRINTED_ROWS = 5_000

/** @param printedAt  epoch milliseconds: on every page, and the document's own date */
export function pdfOf(report: Report, printedAt: number): Promise<Buffer> {
  const date = new Date(printedAt)
  const document = new PDFDocument({
    size: 'A4',
    layout: report.columns.length > 6 ? 'landscape' : 'portrait',
    margin: MARGIN,
    bufferPages: true,
    info: { Title: report.title, Author: 'Turant', CreationDate: date, ModDate: date },
  })
  const parts: Buffer[] = []
  const done = new Promise<Buffer>((resolve, reject) => {
    document.on('data', (part: Buffer) => parts.push(part))
    document.on('end', () => resolve(Buffer.concat(parts)))
    document.on('error', reject)
  })
  const width = document.page.width - 2 * MARGIN
  const bottom = document.page.height - MARGIN - 2 * LINE
  const widths = widthsOf(report, width)
  document.font('Helvetica-Bold').fontSize(14).text(printable(report.title), MARGIN, MARGIN, { width })
  document.font('Helvetica').fontSize(SIZE + 1)
  for (const note of report.notes) document.text(printable(note), { width })
  let y = document.y + LINE

  const line = (cells: readonly string[], bold: boolean): void => {
    document.font(bold ? 'Helvetica-Bold' : 'Helvetica').fontSize(SIZE)
    let x = MARGIN
    for (const [i, text] of cells.entries()) {
      const columnWidth = widths[i] ?? 0
      const right = report.columns[i]?.kind === 'paise' || report.columns[i]?.kind === 'count'
      document.text(fitted(document, printable(text), columnWidth - 6), x + 3, y, {
        width: columnWidth - 6,
        align: right ? 'right' : 'left',
        lineBreak: false,
      })
      x += columnWidth
    }
    y += LINE
  }
  const rule = (): void => {
    document
      .moveTo(MARGIN, y - 3)
      .lineTo(MARGIN + width, y - 3)
      .lineWidth(0.5)
      .stroke()
  }
  const head = (): void => {
    line(
      report.columns.map(({ title }) => title),
      true,
    )
    rule()
  }
  head()
  for (const row of report.rows) {
    if (y > bottom) {
      document.addPage()
      y = MARGIN
      head()
    }
    line(
      row.map((cell, i) => shown(cell, report.columns[i])),
      row[0] === '',
    )
  }
  rule()
  if (report.unsigned !== true) {
    if (y + 4 * LINE > bottom) {
      document.addPage()
      y = MARGIN
    }
    y += 3 * LINE
    line(
      ['Prepared by: ____________________', '', 'Checked by: ____________________'].slice(0, report.columns.length),
      false,
    )
  }
  number(document, printedAt)
  document.end()
  return done
}

/** At the foot of every page: which it is, of how many, and when it was printed. */
function number(document: PDFKit.PDFDocument, printedAt: number): void {
  const { start, count } = document.bufferedPageRange()
  const { year, month, day, hour, minute } = istParts(printedAt)
  const two = (value: number): string => String(value).padStart(2, '0')
  const when = `${year}-${two(month)}-${two(day)} ${two(hour)}:${two(minute)} IST`
  for (let page = start; page < start + count; page += 1) {
    document.switchToPage(page)
    const { margins } = document.page
    // Below the margin, where text would open another page.
    const bottom = margins.bottom
    margins.bottom = 0
    document
      .font('Helvetica')
      .fontSize(7)
      .text(
        `Page ${page - start + 1} of ${count}, printed ${when} by Turant`,
        MARGIN,
        document.page.height - MARGIN + 8,
        {
          lineBreak: false,
        },
      )
    margins.bottom = bottom
  }
}

const shown = (cell: ReportCell, column: Column | undefined): string => textOf(cell, column?.kind ?? 'text')

/** Each column as wide as its longest text asks, in proportion. */
function widthsOf({ columns, rows }: Report, width: number): readonly number[] {
  const longest = columns.map((column, i) =>
    Math.min(
      48,
      rows
        .slice(0, 500)
        .reduce((most, row) => Math.max(most, shown(row[i] ?? null, column).length), column.title.length),
    ),
  )
  const all = longest.reduce((sum, one) => sum + one, 0)
  return longest.map((one) => (one / all) * width)
}

/** The standard fonts of PDF have Latin letters: what else there is becomes a question mark, and no rupee sign is needed. */
export const printable = (text: string): string =>
  Array.from(text, (one) => (isLatin(one.charCodeAt(0)) ? one : '?')).join('')

const isLatin = (code: number): boolean => (code >= 0x20 && code <= 0x7e) || (code >= 0xa0 && code <= 0xff)

function fitted(document: PDFKit.PDFDocument, text: string, width: number): string {
  let fit = text
  while (fit.length > 1 && document.widthOfString(fit) > width) fit = `${fit.slice(0, -3)}..`
  return fit
}
