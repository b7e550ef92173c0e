import { paise } from '../../base/money.ts'
import { layoutFor, statementLayoutFor } from '../../imps/files/detect.ts'
import type { Identity } from '../../imps/files/line-reader.ts'
import type { FileKind, NtslRow, RawRow, Side } from '../../imps/files/rows.ts'
import { writeTemplate } from '../../imps/files/template.ts'
import { writeStatement } from '../../imps/files/write-statement.ts'
import { writeRows, writeTable } from '../../imps/files/write-table.ts'
import type { MemberCycle, RawRows } from './settlement.ts'
import { charged, type Line, type Status } from './tally.ts'

/** The files of one member and one cycle, as text and workbooks. The same cycle is the same bytes. */

export type OutFile = {
  readonly name: string
  readonly kind: FileKind | 'bank_statement'
  /** Piece by piece: a raw file may be too long for memory. */
  readonly chunks: () => Iterable<string | Uint8Array>
}

/** What files say where it is not so: see `spoil.ts`. */
export type Says = {
  /** Added to the sum of a raw file's trailer, paise. */
  readonly trailerOffPaise?: Partial<Readonly<Record<Side, bigint>>>
  /** Added to the first amount line of the statement, and so to its totals. */
  readonly lineOffPaise?: bigint
}

export type RawForm = 'csv' | 'fixed'

const rawKinds = { remitter: 'raw_remitter', beneficiary: 'raw_beneficiary' } as const
const statuses: readonly (readonly [Status, string])[] = [
  ['approved', 'P2A'],
  ['deemed', 'P2A-08'],
]

function* rowsOf(rows: RawRows): Generator<RawRow> {
  for (let index = 0; index < rows.length; index += 1) yield rows.rowAt(index)
}

/** @param member as it is to be written: whoever spoils it has done so */
export async function filesOf(member: MemberCycle, form: RawForm = 'csv', says: Says = {}): Promise<OutFile[]> {
  const { institution, cycle } = member
  const day = cycle.settlementDate
  const identity: Identity = { bank: institution.bank3, day, cycle: cycle.number }
  const raw = (side: Side): OutFile => {
    const kind = rawKinds[side]
    const layout = layoutFor(kind, day, form)
    const off = says.trailerOffPaise?.[side]
    return {
      name: writeTemplate(layout.fileName, identity),
      kind,
      chunks: () => {
        const rows = member.raw[side]
        return writeRows(kind, layout, identity, rowsOf(rows), off === undefined ? {} : { sumPaise: sumOf(rows) + off })
      },
    }
  }
  const whole = (kind: OutFile['kind'], { file, bytes }: { file: string; bytes: Uint8Array }): OutFile => ({
    name: file,
    kind,
    chunks: () => [bytes],
  })
  const csv = async (kind: 'timeout' | 'adjustment' | 'udir', rows: MemberCycle['timeouts' | 'adjustments' | 'udir']) =>
    whole(kind, await writeTable(kind, layoutFor(kind, day, 'csv'), identity, rows))
  return [
    raw('remitter'),
    raw('beneficiary'),
    await csv('timeout', member.timeouts),
    await csv('adjustment', member.adjustments),
    ...(member.udir.length === 0 ? [] : [await csv('udir', member.udir)]),
    whole('ntsl', await statementOf(member, identity, says.lineOffPaise ?? 0n)),
  ]
}

const sumOf = (rows: RawRows): bigint => {
  let sum = 0n
  for (const { amountPaise } of rowsOf(rows)) sum += amountPaise
  return sum
}

/** `HH:MM:SS` in IST. */
const clockOf = (at: number): string => new Date(at + 19_800_000).toISOString().slice(11, 19)

function statementOf(member: MemberCycle, identity: Identity, offPaise: bigint) {
  const { cycle, compensation, disputes } = member
  const rows = linesOf(member)
  const first = rows.findIndex(({ description, count }) => description.endsWith('Transaction Amount') && count > 0)
  const off = (row: NewLine): NewLine => ({
    ...row,
    debitPaise: paise(row.debitPaise === 0n ? 0n : row.debitPaise + offPaise),
    creditPaise: paise(row.creditPaise === 0n ? 0n : row.creditPaise + offPaise),
  })
  return writeStatement(statementLayoutFor(cycle.settlementDate), identity, {
    from: clockOf(cycle.fromAt),
    to: clockOf(cycle.toAt),
    rows: offPaise === 0n ? rows : rows.map((row, index) => (index === first ? off(row) : row)),
    disputes,
    net: {
      adjustedFeePaise: 0n,
      adjustmentSwitchingFeePaise: 0n,
      penaltyPaise: 0n,
      compensationPaise: compensation.creditPaise - compensation.debitPaise,
    },
  })
}

type NewLine = Omit<NtslRow, 'line'>

/** The upper block of the statement: only what there is something of, and the amounts of each side always. */
export function linesOf({ tally, table }: MemberCycle): readonly NewLine[] {
  const lines: NewLine[] = []
  for (const side of ['remitter', 'beneficiary'] as const) {
    const word = side === 'remitter' ? 'Remitter' : 'Beneficiary'
    const add = (what: string, count: number, amount: bigint) =>
      lines.push({
        description: `${word} ${what}`,
        count,
        debitPaise: paise(side === 'remitter' ? amount : 0n),
        creditPaise: paise(side === 'remitter' ? 0n : amount),
      })
    for (const [status, name] of statuses) {
      const line: Line = tally[side][status]
      const { count, amountPaise, feePaise, feeTaxPaise, switchingPaise, switchingTaxPaise } = charged(line, table)
      if (count === 0 && status === 'deemed') continue
      add(`${name} Approved Fee`, count, feePaise)
      add(`${name} Approved Fee GST`, count, feeTaxPaise)
      add(`${name} Approved Transaction Amount`, count, amountPaise)
      if (side === 'beneficiary') continue
      add(`${name} Approved NPCI Switching Fee`, count, switchingPaise)
      add(`${name} Approved NPCI Switching Fee GST`, count, switchingTaxPaise)
    }
  }
  return lines
}

/** What the bank gets, or with a minus pays, for the cycle: what its settlement account shows. */
export function finalPaise(member: MemberCycle): bigint {
  const { compensation, disputes } = member
  const all = [...linesOf(member), ...disputes]
  const net = all.reduce((sum, { debitPaise, creditPaise }) => sum + creditPaise - debitPaise, 0n)
  return net + compensation.creditPaise - compensation.debitPaise
}
