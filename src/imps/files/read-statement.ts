import { type Paise, paise } from '../../base/money.ts'
import { isDay } from '../cycles.ts'
import { readField } from './field.ts'
import type { Identity, Place } from './line-reader.ts'
import { checkTitle } from './read-table.ts'
import { FileError, type FileFault, shownOf, shownRupees } from './refusal.ts'
import type { Ntsl, NtslDispute, NtslRow, NtslTotals } from './rows.ts'
import { finalParts, neededTotals, type StatementLayout } from './statement-layout.ts'
import { type Cell, readWorkbook, rupeesOfNumber, type WorkbookLimits } from './workbook.ts'

const RUPEES = { kind: 'paise', digits: 18, point: true } as const
const COUNT = { kind: 'count', digits: 9 } as const
const MAX_DESCRIPTION = 80

/** `<type> FROM|TO <BNK> <bankref>/<RRN>/<date>/<F3|FC>`. A bank's own reference may have slashes. @source NPCI OC 124, 129, 133 */
const DISPUTE =
  /^([A-Za-z0-9 .,'&()-]{1,60}) (FROM|TO) ([A-Z0-9]{3}) ([\x21-\x7e]{1,100})\/(\d{6,12})\/(\d{4}-\d{2}-\d{2})\/(F3|FC)$/

type Money = { readonly debitPaise: Paise; readonly creditPaise: Paise }
type Line = Money & { readonly row: number; readonly description: string; readonly cells: readonly Cell[] }

const net = ({ debitPaise, creditPaise }: Money): bigint => creditPaise - debitPaise
/** A net sum, as a statement has it: on one side. */
const shownNet = (sum: bigint): string =>
  sum < 0n ? `a debit of ${shownRupees(-sum)} net` : `a credit of ${shownRupees(sum)} net`
const sumOf = (all: readonly Money[]): { debit: bigint; credit: bigint } => ({
  debit: all.reduce((sum, { debitPaise }) => sum + debitPaise, 0n),
  credit: all.reduce((sum, { creditPaise }) => sum + creditPaise, 0n),
})

/**
 * Reads a settlement statement and proves it: each side's lines come to its subtotals, the subtotals to the Settlement Amount, the
 * dispute lines to their totals and to the Net Adjusted Amount, and all of it to the Final Settlement Amount.
 * @throws {FileError} at the first thing that is wrong
 */
export async function readStatement(
  layout: StatementLayout,
  file: string,
  identity: Identity,
  bytes: Uint8Array,
  limits?: WorkbookLimits,
): Promise<Ntsl> {
  const sheet = await readWorkbook(file, bytes, limits)
  const place: Place = { file, sheet: sheet.name }
  const refuse = refuser(place)
  const said = layout.titles.map((title, index) =>
    checkTitle(place, index + 1, title, sheet.rows[index]?.[0], identity),
  )
  const timeOf = (what: 'from' | 'to'): string => said.find((one) => one[what] !== undefined)?.[what] ?? ''
  const headRow = layout.titles.length
  checkHeads(place, headRow + 1, layout.heads, sheet.rows[headRow])

  const body = sheet.rows.slice(headRow + 1)
  const from = headRow + 2
  const disputesAt = body.findIndex(([first]) => first === layout.disputes.title)
  const upper = linesOf(place, body.slice(0, disputesAt === -1 ? undefined : disputesAt), from, layout.heads, 2)
  const { rows, totals } = readUpper(layout, place, upper)
  const disputes = disputesAt === -1 ? [] : readDisputes(layout, place, body.slice(disputesAt), from + disputesAt)
  const adjusted = disputes.reduce((sum, dispute) => sum + net(dispute), 0n)
  const adjustedRow = totals.adjustedPaise
  if (adjusted !== (adjustedRow === undefined ? 0n : net(adjustedRow))) {
    const expected = `${shownNet(adjusted)}, which the dispute lines come to`
    const found = adjustedRow === undefined ? 'no such line' : shownNet(net(adjustedRow))
    refuse('totals_differ', adjustedRow?.row ?? from, layout.totals.adjustedPaise, expected, found)
  }
  const value = (name: keyof NtslTotals): Paise => paise(totals[name] === undefined ? 0n : net(totals[name]))
  return {
    cycle: { settlementDate: identity.day, number: identity.cycle ?? '' },
    bank: identity.bank,
    from: timeOf('from'),
    to: timeOf('to'),
    rows,
    disputes,
    totals: {
      remitterPaise: value('remitterPaise'),
      beneficiaryPaise: value('beneficiaryPaise'),
      settlementPaise: value('settlementPaise'),
      adjustedPaise: value('adjustedPaise'),
      adjustedFeePaise: value('adjustedFeePaise'),
      adjustmentSwitchingFeePaise: value('adjustmentSwitchingFeePaise'),
      penaltyPaise: value('penaltyPaise'),
      compensationPaise: value('compensationPaise'),
      finalPaise: value('finalPaise'),
    },
  }
}

const refuser =
  (place: Place) =>
  (fault: FileFault, row: number, column: string | undefined, expected: string, found: string): never => {
    throw new FileError({ fault, ...place, row, ...(column !== undefined && { column }), expected, found })
  }

function checkHeads(place: Place, row: number, heads: readonly string[], cells: readonly Cell[] = []): void {
  for (const [index, head] of heads.entries()) {
    if (cells[index] === head) continue
    const expected = `the head ${JSON.stringify(head)}`
    refuser(place)('layout_mismatch', row, 'ABCD'[index], expected, shownOf(String(cells[index] ?? '')))
  }
  if (cells.length > heads.length) refuser(place)('layout_mismatch', row, 'E', 'four columns', String(cells.length))
}

/** The rows that say something, with their money; `at` is the column the debit stands in. */
function linesOf(
  place: Place,
  rows: readonly (readonly Cell[])[],
  first: number,
  heads: readonly string[],
  at: number,
): readonly Line[] {
  const refuse = refuser(place)
  return rows.flatMap((cells, index) => {
    const row = first + index
    if (cells.length === 0) return []
    const [description] = cells
    const isText = typeof description === 'string' && /^[\x20-\x7e]+$/.test(description)
    if (!isText || description.length > 2 * MAX_DESCRIPTION) {
      return refuse('bad_value', row, heads[0], 'a description', shownOf(String(description ?? '')))
    }
    if (cells.length > heads.length) refuse('bad_value', row, 'E', 'four columns', String(cells.length))
    const money = (column: number): Paise => {
      const cell = cells[column]
      const text = typeof cell === 'number' ? (rupeesOfNumber(cell) ?? String(cell)) : (cell ?? '0.00')
      const read = readField(RUPEES, text)
      if (typeof read === 'bigint') return paise(read)
      return refuse('bad_value', row, heads[column], 'rupees with two decimals', shownOf(text))
    }
    return [{ row, description, cells, debitPaise: money(at), creditPaise: money(at + 1) }]
  })
}

type Upper = { readonly rows: readonly NtslRow[]; readonly totals: Partial<Record<keyof NtslTotals, Line>> }

function readUpper(layout: StatementLayout, place: Place, lines: readonly Line[]): Upper {
  const refuse = refuser(place)
  const [what, countHead, debitHead, creditHead] = layout.heads
  const rows: NtslRow[] = []
  const sides: Record<'remitter' | 'beneficiary', Line[]> = { remitter: [], beneficiary: [] }
  const totals: Partial<Record<keyof NtslTotals, Line>> = {}
  for (const line of lines) {
    const total = totalNames.find((name) => layout.totals[name] === line.description)
    if (total !== undefined) {
      if (totals[total] !== undefined) refuse('bad_value', line.row, what, 'each total once', line.description)
      totals[total] = line
      const own =
        total === 'remitterPaise' ? sides.remitter : total === 'beneficiaryPaise' ? sides.beneficiary : undefined
      if (own === undefined) continue
      const { debit, credit } = sumOf(own)
      for (const [sum, said, column] of [
        [debit, line.debitPaise, debitHead],
        [credit, line.creditPaise, creditHead],
      ] as const) {
        if (sum === said) continue
        const expected = `${shownRupees(sum)}, which the lines above come to`
        refuse('totals_differ', line.row, column, expected, shownRupees(said))
      }
      continue
    }
    const side = line.description.startsWith(layout.sides.remitter)
      ? 'remitter'
      : line.description.startsWith(layout.sides.beneficiary)
        ? 'beneficiary'
        : undefined
    const closed = side === undefined ? undefined : totals[`${side}Paise`]
    if (side === undefined || closed !== undefined || line.description.length > MAX_DESCRIPTION) {
      const expected = closed === undefined ? 'a line of a settlement statement' : `no line after ${closed.description}`
      return refuse('bad_value', line.row, what, expected, shownOf(line.description))
    }
    sides[side].push(line)
    const { row, description, debitPaise, creditPaise } = line
    const cell = line.cells[1]
    const count = cell === undefined ? 0n : readField(COUNT, String(cell))
    if (typeof count !== 'bigint')
      return refuse('bad_value', row, countHead, 'a number of transactions', shownOf(String(cell)))
    rows.push({ line: row, description, count: Number(count), debitPaise, creditPaise })
  }
  proveUpper(layout, place, sides, totals, lines.at(-1)?.row ?? layout.titles.length + 1)
  return { rows, totals }
}

const totalNames = ['remitterPaise', 'beneficiaryPaise', ...finalParts, 'finalPaise'] as const

function proveUpper(
  layout: StatementLayout,
  place: Place,
  sides: Readonly<Record<'remitter' | 'beneficiary', readonly Line[]>>,
  totals: Upper['totals'],
  lastRow: number,
): void {
  const refuse = refuser(place)
  const [what, , debitHead, creditHead] = layout.heads
  const needed = new Set<keyof NtslTotals>(neededTotals)
  for (const side of ['remitter', 'beneficiary'] as const) if (sides[side].length > 0) needed.add(`${side}Paise`)
  for (const name of needed) {
    if (totals[name] === undefined) refuse('cut_short', lastRow + 1, what, layout.totals[name], 'the end')
  }
  const of = (name: keyof NtslTotals): bigint => {
    const line = totals[name]
    return line === undefined ? 0n : net(line)
  }
  for (const [name, parts] of [
    ['settlementPaise', ['remitterPaise', 'beneficiaryPaise']],
    ['finalPaise', finalParts],
  ] as const) {
    const sum = parts.reduce((all, part) => all + of(part), 0n)
    if (sum === of(name)) continue
    const column = of(name) < 0n ? debitHead : creditHead
    const expected = `${shownNet(sum)}, which the rows above come to`
    refuse('totals_differ', totals[name]?.row ?? lastRow, column, expected, shownNet(of(name)))
  }
}

function readDisputes(
  layout: StatementLayout,
  place: Place,
  rows: readonly (readonly Cell[])[],
  first: number,
): readonly NtslDispute[] {
  const refuse = refuser(place)
  const [what, , debitHead, creditHead] = layout.disputes.heads
  checkHeads(place, first + 1, layout.disputes.heads, rows[1])
  const [before, after] = layout.disputes.total
  const found: NtslDispute[] = []
  const open = new Map<string, Money[]>()
  let last = first + 1
  for (const line of linesOf(place, rows.slice(2), first + 2, layout.disputes.heads, 2)) {
    const { row, description, cells, debitPaise, creditPaise } = line
    last = row
    if (description.startsWith(before) && description.endsWith(after)) {
      const name = description.slice(before.length, description.length - after.length)
      const { debit, credit } = sumOf(open.get(name) ?? [])
      if (!open.delete(name)) refuse('totals_differ', row, what, 'lines before their total', shownOf(description))
      const shown = (sum: bigint): string => `${shownRupees(sum)}, which the lines above come to`
      if (debit !== debitPaise) refuse('totals_differ', row, debitHead, shown(debit), shownRupees(debitPaise))
      if (credit !== creditPaise) refuse('totals_differ', row, creditHead, shown(credit), shownRupees(creditPaise))
      continue
    }
    const text = cells[1] === undefined ? description : `${description} ${cells[1]}`
    const [, adjustment = '', way, bank = '', bankRef = '', rrn = '', txnDate = '', subType] = DISPUTE.exec(text) ?? []
    if (adjustment === '' || !isDay(txnDate)) {
      const expected = '<adjustment> FROM|TO <bank> <reference>/<RRN>/<date>/<F3|FC>'
      return refuse('bad_value', row, what, expected, shownOf(text))
    }
    open.set(adjustment, [...(open.get(adjustment) ?? []), line])
    found.push({
      line: row,
      adjustment,
      direction: way === 'FROM' ? 'from' : 'to',
      bank,
      bankRef,
      rrn,
      txnDate,
      subType: subType === 'FC' ? 'FC' : 'F3',
      debitPaise,
      creditPaise,
    })
  }
  const [unproved] = open.keys()
  if (unproved !== undefined) refuse('cut_short', last + 1, what, `${before}${unproved}${after}`, 'the end')
  return found
}
