import { parse } from 'csv-parse/sync'
import type { CsvProfile } from '../../imps/files/csv-profile.ts'
import { shownOf, shownRupees } from '../../imps/files/refusal.ts'
import type { Day } from '../../imps/files/rows.ts'
import { dayFrom } from '../../imps/files/template.ts'
import { type BankStatement, paiseOf, proveStatement, refuse, type StatementLine } from './statement.ts'

/** @throws {IntakeError} at the first thing that is wrong */
export function readCsvStatement(text: string, account: string, profile: CsvProfile): BankStatement {
  const rows = recordsOf(text, profile.delimiter)
  const [heads = []] = rows
  for (const [index, head] of profile.heads.entries()) {
    if (heads[index]?.trim() === head) continue
    refuse('layout_mismatch', `the head ${JSON.stringify(head)}`, shownOf(heads[index] ?? ''), 1, head)
  }
  const read = rows.slice(1).map((cells, index) => rowOf(profile, cells, index + 2))
  const own = profile.backwards === true ? read.reverse() : read
  const [first] = own
  if (first === undefined) return refuse('cut_short', 'a row', 'the end of the file', 2)
  let balance = first.balancePaise - (first.amountPaise ?? 0n)
  const openingPaise = balance
  for (const { row, amountPaise, balancePaise } of own) {
    balance += amountPaise ?? 0n
    if (balance === balancePaise) continue
    const expected = `${shownRupees(balance)}, by the row before it`
    refuse('balance_differs', expected, shownRupees(balancePaise), row, profile.balance)
  }
  const days = own.map(({ bookedOn }) => bookedOn).sort()
  return proveStatement({
    account,
    number: '',
    row: own.at(-1)?.row ?? 2,
    from: days[0] ?? first.bookedOn,
    until: days.at(-1) ?? first.bookedOn,
    openingPaise,
    closingPaise: own.at(-1)?.balancePaise ?? openingPaise,
    lines: own.flatMap(({ amountPaise, balancePaise: _, ...line }) =>
      amountPaise === undefined ? [] : [{ ...line, amountPaise }],
    ),
  })
}

function recordsOf(text: string, delimiter = ','): readonly string[][] {
  try {
    return parse(text, { delimiter, bom: true, relax_column_count: true, skip_empty_lines: true })
  } catch {
    return refuse('unreadable', 'CSV', 'something that is none')
  }
}

type Row = Omit<StatementLine, 'amountPaise'> & {
  readonly amountPaise: bigint | undefined
  readonly balancePaise: bigint
}

function rowOf(profile: CsvProfile, cells: readonly string[], row: number): Row {
  if (cells.length !== profile.heads.length) {
    return refuse('unreadable', `${profile.heads.length} columns`, `${cells.length}`, row)
  }
  const cell = (head: string): string => cells[profile.heads.indexOf(head)]?.trim() ?? ''
  const day = (head: string): Day =>
    dayFrom(profile.dates, cell(head)) ?? refuse('bad_value', profile.dates, shownOf(cell(head)), row, head)
  const money = (head: string): bigint => {
    const plain = cell(head).replaceAll(',', '')
    const paise = paiseOf(plain.replace(/^-/, ''), '.')
    if (paise === undefined) return refuse('bad_value', 'rupees with two decimals', shownOf(cell(head)), row, head)
    return plain.startsWith('-') ? -paise : paise
  }
  const narration = cell(profile.narration)
  return {
    row,
    bookedOn: day(profile.date),
    valueOn: day(profile.valueDate),
    amountPaise:
      profile.balances?.some((one) => one === narration) === true ? undefined : moved(profile, cell, money, row),
    balancePaise: money(profile.balance),
    reference: cell(profile.reference),
    narration,
  }
}

function moved(
  { money: columns }: CsvProfile,
  cell: (head: string) => string,
  money: (head: string) => bigint,
  row: number,
): bigint {
  if ('amount' in columns) {
    const mark = cell(columns.mark).toUpperCase().replace('.', '')
    if (mark !== 'CR' && mark !== 'DR') return refuse('bad_value', 'Cr or Dr', shownOf(mark), row, columns.mark)
    return mark === 'CR' ? money(columns.amount) : -money(columns.amount)
  }
  const { withdrawal, deposit } = columns
  const sum = (cell(deposit) === '' ? 0n : money(deposit)) - (cell(withdrawal) === '' ? 0n : money(withdrawal))
  return sum === 0n ? refuse('bad_value', 'a withdrawal or a deposit', 'neither', row, withdrawal) : sum
}
