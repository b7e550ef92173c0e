import { describeField, readField } from './field.ts'
import type { Field, Layout, TableKind, Trailer } from './layout.ts'
import { type Meaning, meanings, type Values } from './record.ts'
import { FileError, type FileFault, shownOf, shownRupees } from './refusal.ts'

/** Where in which file a line is, for refusals. */
export type Place = { readonly file: string; readonly sheet?: string }

/** Reads one line: the texts of its fields, in the order of the layout. */
export type LineReader = (texts: readonly string[], row: number) => Values

type Plan = {
  readonly field: Field
  readonly what: string
  readonly personal: boolean
  /** Days already read, by their text: a file has few. */
  readonly days: Map<string, string> | undefined
}

/** Columns whose content is not shown in a refusal, by layout. */
const isPersonal = (kind: TableKind, name: string): boolean => {
  const all: Readonly<Record<string, Meaning>> = meanings[kind]
  return all[name]?.personal === true
}

/** Reads lines of these fields; `_` fields are read for what they must be, and given to nobody. */
export function createLineReader(kind: TableKind, fields: readonly Field[], place: Place): LineReader {
  const plans = fields.map(
    (field): Plan => ({
      field,
      what: field.value === undefined ? describeField(field.is) : JSON.stringify(field.value),
      personal: isPersonal(kind, field.name),
      days: field.is.kind === 'date' ? new Map() : undefined,
    }),
  )
  const refuse = (row: number, plan: Plan, expected: string, text: string): never => {
    throw new FileError({
      fault: 'bad_value',
      ...place,
      row,
      column: plan.field.column,
      expected,
      found: shownOf(text, plan.personal),
    })
  }
  return (texts, row) => {
    const values: Record<string, string | bigint | undefined> = {}
    for (let index = 0; index < plans.length; index += 1) {
      const plan = plans[index]
      if (plan === undefined) continue
      const { name, is, optional, value, same } = plan.field
      const text = texts[index] ?? ''
      if (text === '' && optional === true && value === undefined) continue
      if (value !== undefined) {
        if (text !== value) refuse(row, plan, plan.what, text)
        continue
      }
      const known = plan.days?.get(text)
      const read = known ?? readField(is, text)
      if (read === undefined) return refuse(row, plan, plan.what, text)
      if (known === undefined && plan.days !== undefined && typeof read === 'string' && plan.days.size < 1_000) {
        plan.days.set(text, read)
      }
      if (same !== undefined) {
        if (read !== values[same]) refuse(row, plan, `what ${columnOf(fields, same)} says`, text)
      } else if (!name.startsWith('_')) values[name] = read
    }
    return values
  }
}

const columnOf = (fields: readonly Field[], name: string): string =>
  fields.find((one) => one.name === name)?.column ?? name

/** The texts of a fixed-width line, without the blanks that fill them. */
export function cutLine(fields: readonly Field[], line: string): string[] {
  return fields.map(({ at: [from, to] = [0, 0] }) => line.slice(from, to).trimEnd())
}

/** What a file says of itself besides its rows: from its name. */
export type Identity = {
  readonly bank: string
  readonly day: string
  readonly cycle?: string
  readonly serial?: string
}

/**
 * Follows the rows of one file, adds them up, and says at the end whether that is what the trailer says.
 * @throws {FileError} where a row says another bank or date than the file's name, or the file does not add up
 */
export function createTally(layout: Layout, identity: Identity, place: Place, sumOf: string) {
  let count = 0n
  let sumPaise = 0n
  let ended = false
  const refuse = (fault: FileFault, expected: string, found: string, row?: number, column?: string): never => {
    throw new FileError({
      fault,
      ...place,
      ...(row !== undefined && { row }),
      ...(column !== undefined && { column }),
      expected,
      found,
    })
  }
  const agree = (values: Values, fields: readonly Field[], row: number): void => {
    if (values.bank !== undefined && values.bank !== identity.bank) {
      refuse(
        'name_mismatch',
        `${identity.bank}, as in the name`,
        shownOf(String(values.bank)),
        row,
        columnOf(fields, 'bank'),
      )
    }
    // Uploads have no cycle, and the day in their name is the day of the upload.
    if (identity.cycle === undefined || values.settlementDate === undefined) return
    if (values.settlementDate !== identity.day) {
      const column = columnOf(fields, 'settlementDate')
      refuse('name_mismatch', `${identity.day}, as in the name`, String(values.settlementDate), row, column)
    }
  }
  const prove = (values: Values, { fields }: Trailer, row: number): void => {
    agree(values, fields, row)
    if (values.cycle !== undefined && values.cycle !== identity.cycle) {
      refuse(
        'name_mismatch',
        `cycle ${identity.cycle}, as in the name`,
        shownOf(String(values.cycle)),
        row,
        columnOf(fields, 'cycle'),
      )
    }
    const said = (name: string, sum: bigint, shown: (value: bigint) => string): void => {
      const value = values[name]
      if (typeof value !== 'bigint' || value === sum) return
      refuse('totals_differ', `${shown(sum)}, which the rows come to`, shown(value), row, columnOf(fields, name))
    }
    said('count', count, String)
    said('sumPaise', sumPaise, shownRupees)
  }
  return {
    /** Takes one row. */
    row(values: Values, row: number): void {
      if (ended) refuse('unreadable', 'nothing after the trailer', 'another row', row)
      agree(values, layout.fields, row)
      count += 1n
      const amount = values[sumOf]
      if (typeof amount === 'bigint') sumPaise += amount
    },
    trailer(values: Values, row: number): void {
      if (ended) refuse('unreadable', 'nothing after the trailer', 'another trailer', row)
      ended = true
      if (layout.trailer !== undefined) prove(values, layout.trailer, row)
    },
    end(lastRow: number): { readonly count: number; readonly sumPaise: bigint } {
      if (layout.trailer !== undefined && !ended) {
        refuse('cut_short', `a trailer, ${layout.trailer.mark}`, 'the end of the file', lastRow + 1)
      }
      return { count: Number(count), sumPaise }
    },
  }
}
