import type { Identity } from './line-reader.ts'
import type { NtslDispute, NtslRow, NtslTotals } from './rows.ts'
import { finalParts, type StatementLayout } from './statement-layout.ts'
import { writeTemplate } from './template.ts'
import { type Written, writeWorkbook } from './workbook.ts'

/** What a statement is written of: its totals follow. */
export type NewStatement = {
  /** `HH:MM:SS`, of the title. */
  readonly from: string
  readonly to: string
  readonly rows: readonly Omit<NtslRow, 'line'>[]
  readonly disputes: readonly Omit<NtslDispute, 'line'>[]
  /** What no line above says, net: more than zero is to the bank's credit. */
  readonly net: Readonly<
    Record<'adjustedFeePaise' | 'adjustmentSwitchingFeePaise' | 'penaltyPaise' | 'compensationPaise', bigint>
  >
  /** What a total says where it is not the sum: a simulator's mistake. */
  readonly says?: Partial<Readonly<Record<keyof NtslTotals, bigint>>>
}

type Money = { readonly debitPaise: bigint; readonly creditPaise: bigint }

const sumOf = (all: readonly Money[]): Money => ({
  debitPaise: all.reduce((sum, { debitPaise }) => sum + debitPaise, 0n),
  creditPaise: all.reduce((sum, { creditPaise }) => sum + creditPaise, 0n),
})

const written = ({ debitPaise, creditPaise }: Money): readonly Written[] => [
  { paise: debitPaise },
  { paise: creditPaise },
]
const asMoney = (net: bigint): Money => ({ debitPaise: net < 0n ? -net : 0n, creditPaise: net > 0n ? net : 0n })

/** Writes a statement: the same content is the same bytes. */
export async function writeStatement(
  layout: StatementLayout,
  identity: Identity,
  statement: NewStatement,
): Promise<{ readonly file: string; readonly bytes: Buffer }> {
  const { rows, disputes, says = {} } = statement
  const isOf = (side: 'remitter' | 'beneficiary') =>
    rows.filter(({ description }) => description.startsWith(layout.sides[side]))
  const [remitter, beneficiary] = [isOf('remitter'), isOf('beneficiary')]
  if (remitter.length + beneficiary.length !== rows.length) throw new Error('a line of neither side')
  const [outward, inward] = [sumOf(remitter), sumOf(beneficiary)]
  const netOf = ({ debitPaise, creditPaise }: Money): bigint => creditPaise - debitPaise
  const totals: Record<keyof NtslTotals, bigint> = {
    remitterPaise: netOf(outward),
    beneficiaryPaise: netOf(inward),
    settlementPaise: netOf(outward) + netOf(inward),
    adjustedPaise: netOf(sumOf(disputes)),
    ...statement.net,
    finalPaise: 0n,
  }
  totals.finalPaise = finalParts.reduce((sum, part) => sum + totals[part], 0n)
  const total = (name: keyof NtslTotals, money: Money = asMoney(totals[name])): readonly Written[] => {
    const said = says[name]
    return [layout.totals[name], undefined, ...written(said === undefined ? money : asMoney(said))]
  }
  const line = (row: Omit<NtslRow, 'line'>): readonly Written[] => [
    row.description,
    { number: row.count },
    ...written(row),
  ]
  const title = { ...identity, from: statement.from, to: statement.to }
  const sheet: (readonly Written[])[] = [
    ...layout.titles.map((one) => [writeTemplate(one, title)]),
    layout.heads,
    ...remitter.map(line),
    total('remitterPaise', outward),
    ...beneficiary.map(line),
    total('beneficiaryPaise', inward),
    ...finalParts.map((part) => total(part)),
    total('finalPaise'),
  ]
  if (disputes.length > 0)
    sheet.push([], [layout.disputes.title], layout.disputes.heads, ...disputeLines(layout, disputes))
  return { file: writeTemplate(layout.fileName, identity), bytes: await writeWorkbook('Settlement', sheet) }
}

function disputeLines(
  layout: StatementLayout,
  disputes: readonly Omit<NtslDispute, 'line'>[],
): readonly (readonly Written[])[] {
  const byName = Map.groupBy(disputes, ({ adjustment }) => adjustment)
  return [...byName].flatMap(([adjustment, own]) => [
    ...own.map((one): readonly Written[] => [
      `${adjustment} ${one.direction.toUpperCase()} ${one.bank}`,
      `${one.bankRef}/${one.rrn}/${one.txnDate}/${one.subType}`,
      ...written(one),
    ]),
    [layout.disputes.total.join(adjustment), undefined, ...written(sumOf(own))],
  ])
}
