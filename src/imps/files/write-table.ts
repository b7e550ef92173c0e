import { stringify } from 'csv-stringify/sync'
import { writeField } from './field.ts'
import type { Field, Layout, TableKind } from './layout.ts'
import type { Identity } from './line-reader.ts'
import { summed, type Values, valuesOf } from './record.ts'
import type { RowOf } from './rows.ts'
import { writeTemplate } from './template.ts'
import { type Written, writeWorkbook } from './workbook.ts'

/** A row to write: where it will stand in the file is not its business. */
export type NewRow<K extends TableKind> = Omit<RowOf[K], 'line'>

/** What a trailer says where it is not what the rows come to: a simulator's mistake. */
export type Says = { readonly count?: bigint; readonly sumPaise?: bigint }

const BATCH = 1_000

/**
 * The text of a file, some hundred lines at a time: CSV or fixed width, with its trailer. Deterministic: the same rows are the same bytes.
 * @throws a bug when a row does not fit the layout: nothing is written that its reader would refuse
 */
export function* writeRows<K extends TableKind>(
  kind: K,
  layout: Layout,
  identity: Identity,
  rows: Iterable<NewRow<K>>,
  says: Says = {},
): Generator<string> {
  const write = lineWriter(layout)
  const sum = createSum(kind)
  let lines: (readonly string[])[] = layout.form.kind === 'csv' ? [layout.fields.map(({ column }) => column)] : []
  for (const row of rows) {
    const values = valuesOf(row, identity.bank)
    sum.add(values)
    lines.push(textsOf(layout.fields, values))
    if (lines.length === BATCH) {
      yield write(lines, layout.fields)
      lines = []
    }
  }
  if (lines.length > 0) yield write(lines, layout.fields)
  if (layout.trailer === undefined) return
  const texts = textsOf(layout.trailer.fields, { ...sum.trailer(identity), ...says })
  if (layout.form.kind === 'csv') yield write([[layout.trailer.mark, ...texts]], [])
  else yield `${layout.trailer.mark}${write([texts], layout.trailer.fields).slice(layout.trailer.mark.length)}`
}

/** A whole file in memory, whatever its form. @throws a bug when a row does not fit the layout */
export async function writeTable<K extends TableKind>(
  kind: K,
  layout: Layout,
  identity: Identity,
  rows: Iterable<NewRow<K>>,
  says: Says = {},
): Promise<{ readonly file: string; readonly bytes: Buffer }> {
  const file = writeTemplate(layout.fileName, identity)
  if (layout.form.kind !== 'xlsx')
    return { file, bytes: Buffer.from([...writeRows(kind, layout, identity, rows, says)].join('')) }
  const sum = createSum(kind)
  const sheet: (readonly Written[])[] = [
    ...layout.form.titles.map((title) => [writeTemplate(title, identity)]),
    layout.fields.map(({ column }) => column),
  ]
  for (const row of rows) {
    const values = valuesOf(row, identity.bank)
    sum.add(values)
    sheet.push(cellsOf(layout.fields, values))
  }
  if (layout.trailer !== undefined) {
    sheet.push([layout.trailer.mark, ...cellsOf(layout.trailer.fields, { ...sum.trailer(identity), ...says })])
  }
  return { file, bytes: await writeWorkbook('Report', sheet) }
}

function createSum(kind: TableKind) {
  let count = 0n
  let sumPaise = 0n
  return {
    add(values: Values): void {
      count += 1n
      const amount = values[summed[kind]]
      if (typeof amount === 'bigint') sumPaise += amount
    },
    trailer: ({ bank, day, cycle }: Identity): Values => ({ bank, settlementDate: day, cycle, count, sumPaise }),
  }
}

function textsOf(fields: readonly Field[], values: Values): string[] {
  return fields.map(({ name, column, is, value, same, optional }) => {
    if (value !== undefined) return value
    const given = values[same ?? name]
    if (given !== undefined) return writeField(is, given)
    if (optional === true) return ''
    throw new Error(`a row has nothing for ${column}`)
  })
}

function cellsOf(fields: readonly Field[], values: Values): Written[] {
  const texts = textsOf(fields, values)
  return fields.map(({ name, is }, index): Written => {
    const value = values[name]
    if (typeof value !== 'bigint') return texts[index] || undefined
    return is.kind === 'paise' ? { paise: value } : { number: Number(value) }
  })
}

/** Lines as text, each ending in LF. */
function lineWriter(layout: Layout): (lines: readonly (readonly string[])[], fields: readonly Field[]) => string {
  const { form } = layout
  if (form.kind !== 'fixed') {
    const delimiter = form.kind === 'csv' ? form.delimiter : ','
    return (lines) =>
      stringify(
        lines.map((cells) => [...cells]),
        { delimiter, record_delimiter: '\n' },
      )
  }
  const blank = ' '.repeat(form.length)
  return (lines, fields) => {
    let text = ''
    for (const cells of lines) {
      let line = ''
      for (const [index, { at: [from, to] = [0, 0], is }] of fields.entries()) {
        const cell = cells[index] ?? ''
        const isNumber = cell !== '' && (is.kind === 'paise' || is.kind === 'count')
        line = line.padEnd(from) + (isNumber ? cell.padStart(to - from, '0') : cell.padEnd(to - from))
      }
      text += `${line}${blank.slice(line.length)}\n`
    }
    return text
  }
}
