import { toRfc3339 } from '../../base/clock.ts'
import { formatRupees } from '../../base/money.ts'
import { addDays, formatCycle, startOfDay } from '../../imps/cycles.ts'
import type { FeeRate } from '../../imps/fees.ts'
import type { Day } from '../../imps/files/rows.ts'
import { chart } from '../../ledger/chart.ts'
import { listFeeRates, tableOn } from '../books/fee-store.ts'
import { expectedCycles, expectedKinds } from '../intake/expected.ts'
import { type ProofDeps, proveLedger } from '../positions/ledger-proof.ts'
import { usedOf } from '../positions/net-debit.ts'
import { readNetDebits } from '../positions/net-debit-store.ts'
import {
  agedBreaks,
  breakLines,
  type CompensationLine,
  compensationLines,
  disputeLines,
  type Moved,
  movedByCycle,
  type StatementLine,
  statementLines,
} from './queries.ts'
import { ageBuckets, type Column, type ColumnKind, type Report, type ReportCell, type ReportScope } from './report.ts'

/** The reports that there are: each reads what it needs and says it in rows. What one of a bank cannot see is not in it. */

export type ReportDeps = ProofDeps

type Made = Pick<Report, 'columns' | 'rows'> & { readonly notes?: readonly string[] }
type ReportKind = {
  readonly title: string
  /** What it has, for people who choose. */
  readonly what: string
  readonly make: (deps: ReportDeps, scope: ReportScope) => Promise<Made>
}

const columns = (...all: readonly (readonly [title: string, kind: ColumnKind])[]): Column[] =>
  all.map(([title, kind]) => ({ title, kind }))
const cycleName = ({ settledOn, cycle }: { readonly settledOn: string; readonly cycle: string }): string =>
  `${settledOn}/${cycle}`

export const reports = {
  'settlement-statement': {
    title: 'Settlement statement',
    what: 'each cycle: what NPCI states, what the books have, by which rates, and whether they agree',
    make: async ({ db }, scope) =>
      statementOf(await movedByCycle(db, scope), await statementLines(db, scope), await listFeeRates(db)),
  },
  'cycle-positions': {
    title: 'Positions by cycle',
    what: 'each cycle: outward, inward, fees, disputes and the net that the Reserve Bank moved',
    make: async ({ db }, scope) => positionsOf(await movedByCycle(db, scope), await statementLines(db, scope)),
  },
  positions: {
    title: 'Use of net debit caps',
    what: 'each bank now: what was paid since the last settlement, of which cap',
    make: async ({ db }, scope) => ({
      columns: columns(
        ['Bank', 'text'],
        ['Since', 'instant'],
        ['Outward', 'paise'],
        ['Inward', 'paise'],
        ['Used', 'paise'],
        ['In flight', 'paise'],
        ['Cap', 'paise'],
        ['Level %', 'count'],
        ['Counted', 'instant'],
      ),
      rows: (await readNetDebits(db)).flatMap(({ position: one }): ReportCell[][] =>
        scope.institutions.includes(one.institution)
          ? [
              [
                one.institution,
                one.refreshedAt,
                one.outwardPaise,
                one.inwardPaise,
                usedOf(one),
                one.inFlightPaise,
                one.capPaise,
                one.level,
                one.countedAt,
              ],
            ]
          : [],
      ),
    }),
  },
  'ledger-proof': {
    title: 'General ledger proof',
    what: 'the last day asked for: opening, debits, credits and closing of each account of the chart, what explains clearing, and what core and banks say',
    make: proofOf,
  },
  ageing: {
    title: 'Ageing of open breaks',
    what: 'open breaks by type and by days: 0, 1, 2-3, 4-7, 8-30, 31-45, over 45',
    make: async ({ db }, scope) => {
      const aged = await agedBreaks(db, scope)
      const types = [...new Set(aged.map(({ type }) => type))].sort()
      const of = (type: string, bucket: string) => aged.find((one) => one.type === type && one.bucket === bucket)
      return {
        columns: columns(
          ['Type', 'text'],
          ...ageBuckets.map(({ name }) => [`${name} days`, 'count'] as const),
          ['Open', 'count'],
          ['Amount', 'paise'],
        ),
        rows: types.map((type): ReportCell[] => {
          const own = aged.filter((one) => one.type === type)
          return [
            type,
            ...ageBuckets.map(({ name }) => of(type, name)?.count ?? 0),
            own.reduce((sum, { count }) => sum + count, 0),
            own.reduce((sum, { amountPaise }) => sum + amountPaise, 0n),
          ]
        }),
      }
    },
  },
  breaks: {
    title: 'Breaks',
    what: 'breaks opened in these days, and all that are open still',
    make: async ({ db }, scope) => ({
      columns: columns(
        ['Break', 'text'],
        ['Type', 'text'],
        ['Bank', 'text'],
        ['RRN', 'text'],
        ['Direction', 'text'],
        ['Amount', 'paise'],
        ['State', 'text'],
        ['Action', 'text'],
        ['Days', 'count'],
        ['Due', 'instant'],
        ['Assignee', 'text'],
        ['Opened', 'instant'],
        ['Closed', 'instant'],
        ['Resolution', 'text'],
        ['What', 'text'],
      ),
      rows: (await breakLines(db, scope)).map((one): ReportCell[] => [
        one.id,
        one.type,
        one.institution,
        one.rrn,
        one.direction,
        one.amountPaise,
        one.state,
        one.action,
        one.days,
        one.dueAt,
        one.assignee,
        one.openedAt,
        one.closedAt,
        one.resolution,
        one.detail,
      ]),
    }),
  },
  disputes: {
    title: 'Disputes',
    what: 'disputes opened in these days, and all that are open still',
    make: async ({ db }, scope) => ({
      columns: columns(
        ['Dispute', 'text'],
        ['RRN', 'text'],
        ['Bank', 'text'],
        ['Direction', 'text'],
        ['Family', 'text'],
        ['Flag', 'text'],
        ['Reason', 'text'],
        ['State', 'text'],
        ['Amount', 'paise'],
        ['Held', 'paise'],
        ['Receivable', 'paise'],
        ['Transaction', 'text'],
        ['Last step', 'text'],
        ['Due', 'instant'],
        ['Closed', 'instant'],
      ),
      rows: (await disputeLines(db, scope)).map((one): ReportCell[] => [
        one.id,
        one.rrn,
        one.institution,
        one.direction,
        one.family,
        one.flag,
        one.reason,
        one.state,
        one.amountPaise,
        one.heldPaise,
        one.receivablePaise,
        one.transactionOn,
        one.steppedOn,
        one.dueAt,
        one.closedAt,
      ]),
    }),
  },
  files: {
    title: 'Files of cycles',
    what: 'each cycle: which of its files are here, refused, awaited or missing',
    make: async ({ db, cycles }, scope) => {
      const found = await Promise.all(
        scope.institutions.map((institution) =>
          expectedCycles(db, cycles, { institution, from: scope.from, to: scope.to, now: scope.now }),
        ),
      )
      return {
        columns: columns(
          ['Bank', 'text'],
          ['Cycle', 'text'],
          ['Ended', 'instant'],
          ['Due', 'instant'],
          ['State', 'text'],
          ...expectedKinds.map((kind) => [kind.replaceAll('_', ' '), 'text'] as const),
          ['Settled', 'text'],
        ),
        rows: found
          .flat()
          .map((one): ReportCell[] => [
            one.institution,
            formatCycle(one.cycle),
            one.cycle.toAt,
            one.dueAt,
            one.state,
            ...expectedKinds.map((kind) => one.files.find((file) => file.kind === kind)?.state ?? null),
            one.settled ? 'yes' : 'no',
          ]),
      }
    },
  },
  compensation: {
    title: 'Compensation for delay',
    what: 'compensation that began to accrue in these days, and all that is not paid yet, against the journals that paid it',
    make: async ({ db }, scope) => compensationOf(await compensationLines(db, scope)),
  },
} as const satisfies Readonly<Record<string, ReportKind>>

export type ReportName = keyof typeof reports
export const reportNames: readonly ReportName[] = Object.freeze(Object.keys(reports).filter(isReport))
export function isReport(name: string): name is ReportName {
  return Object.hasOwn(reports, name)
}

/** Makes a report. @throws when the database is away */
export async function makeReport(deps: ReportDeps, name: ReportName, scope: ReportScope): Promise<Report> {
  const { title, make }: ReportKind = reports[name]
  const { notes = [], columns: heads, rows } = await make(deps, scope)
  const days = scope.from === scope.to ? scope.from : `${scope.from} to ${scope.to}`
  return {
    name,
    title,
    notes: [
      `Banks: ${banksSaid(scope.institutions)}`,
      `Days (IST): ${days}${scope.cycle === undefined ? '' : `, cycle ${scope.cycle}`}`,
      `As of ${toRfc3339(scope.now)}`,
      'Amounts in rupees',
      ...notes,
    ],
    columns: heads,
    rows,
  }
}

const banksSaid = (banks: readonly string[]): string =>
  banks.length > 6 ? `${banks.slice(0, 4).join(', ')} and ${banks.length - 4} more` : banks.join(', ') || 'none'

/** Every cycle once, in order. */
function cyclesOf(moved: readonly Moved[], lines: readonly StatementLine[]) {
  const found = new Map<string, { institution: string; settledOn: string; cycle: string }>()
  for (const { institution, settledOn, cycle } of [...moved, ...lines])
    found.set(`${institution} ${settledOn} ${cycle.padStart(3, '0')}`, { institution, settledOn, cycle })
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one)
}
type CycleOf = ReturnType<typeof cyclesOf>[number]
const isOf = (cycle: CycleOf) => (one: CycleOf) =>
  one.institution === cycle.institution && one.settledOn === cycle.settledOn && one.cycle === cycle.cycle

/** NPCI's own names for the totals of its statement; ours of them are `NtslTotals`. */
const totalNames: Readonly<Record<string, string>> = {
  remitterPaise: 'Remitter Sub Totals',
  beneficiaryPaise: 'Beneficiary Sub Totals',
  settlementPaise: 'Settlement Amount',
  adjustedPaise: 'Net Adjusted Amount',
  adjustedFeePaise: 'Net Adjusted Fee with Tax',
  adjustmentSwitchingFeePaise: 'Net Debit Adjustment Switching Fee with Tax',
  penaltyPaise: 'Net Non Compliance Penalty',
  compensationPaise: 'Customer compensation for Non-Compliance',
  finalPaise: 'Final Settlement Amount',
}

/** What moved at the Reserve Bank by the books: to the bank's good positive. */
const netOf = (moved: readonly Moved[]): bigint =>
  moved.reduce((sum, one) => (one.code === 'RBI-STL' ? sum + one.debitPaise - one.creditPaise : sum), 0n)
const finalOf = (lines: readonly StatementLine[]): bigint | null => {
  const found = lines.find((one) => one.block === 'total' && one.description === 'finalPaise')
  return found === undefined ? null : found.creditPaise - found.debitPaise
}

function statementOf(moved: readonly Moved[], lines: readonly StatementLine[], rates: readonly FeeRate[]): Made {
  const rows: ReportCell[][] = []
  const notes: string[] = []
  for (const cycle of cyclesOf(moved, lines)) {
    const [own, stated] = [moved.filter(isOf(cycle)), lines.filter(isOf(cycle))]
    const name = `${cycle.institution} ${cycleName(cycle)}`
    for (const one of stated)
      rows.push([
        name,
        'NPCI',
        one.block === 'total' ? (totalNames[one.description] ?? one.description) : one.description,
        one.block === 'line' ? Number(one.count) : null,
        one.debitPaise,
        one.creditPaise,
      ])
    for (const one of own)
      rows.push([
        name,
        'Books',
        `${one.event.replaceAll('_', ' ')}: ${one.code === 'CUST' ? 'Customers' : chart[one.code].name}`,
        null,
        one.debitPaise,
        one.creditPaise,
      ])
    const version = own.find((one) => one.event === 'fees')?.ruleVersion
    if (version !== undefined)
      for (const line of ratesOn(rates, cycle.settledOn))
        rows.push([name, 'Rates', `${version}: ${line}`, null, null, null])
    const [net, final] = [netOf(own), finalOf(stated)]
    rows.push([name, 'Books', 'Net at the Reserve Bank', null, net < 0n ? -net : 0n, net > 0n ? net : 0n])
    if (final === null) notes.push(`${name}: no statement of NPCI`)
    else if (final === net) notes.push(`${name}: the books and NPCI agree on ${rupees(net)}`)
    else notes.push(`${name}: NPCI has ${rupees(final)}, the books ${rupees(net)}: ${rupees(final - net)} differ`)
  }
  return {
    notes,
    columns: columns(
      ['Cycle', 'text'],
      ['Source', 'text'],
      ['Line', 'text'],
      ['Count', 'count'],
      ['Debit', 'paise'],
      ['Credit', 'paise'],
    ),
    rows,
  }
}

/** Lines of compensation, and whether what was paid to customers is what the journals have. */
function compensationOf(lines: readonly CompensationLine[]): Made {
  const paid = lines.filter((one) => one.direction === 'outward' && one.state === 'paid')
  const notes = [...new Set(lines.map((one) => one.institution))].sort().map((bank) => {
    const own = paid.filter((one) => one.institution === bank)
    const said = own.reduce((sum, { amountPaise }) => sum + amountPaise, 0n)
    const booked = lines.reduce((sum, one) => (one.institution === bank ? sum + (one.bookedPaise ?? 0n) : sum), 0n)
    return said === booked
      ? `${bank}: lines and journals agree on ${rupees(said)} paid to customers`
      : `${bank}: the lines have ${rupees(said)} paid to customers, the journals ${rupees(booked)}: ${rupees(said - booked)} differ`
  })
  return {
    notes,
    columns: columns(
      ['RRN', 'text'],
      ['Bank', 'text'],
      ['Direction', 'text'],
      ['Owed by', 'text'],
      ['In time until', 'text'],
      ['Until', 'text'],
      ['Days', 'count'],
      ['Amount', 'paise'],
      ['NPCI has', 'paise'],
      ['State', 'text'],
      ['Waits for', 'text'],
      ['Next try', 'instant'],
      ['Journal', 'paise'],
    ),
    rows: lines.map((one): ReportCell[] => [
      one.rrn,
      one.institution,
      one.direction,
      one.owedBy === 'us' ? 'this bank' : 'the other bank',
      one.fromOn,
      one.untilOn,
      one.days,
      one.amountPaise,
      one.reportedPaise,
      one.state,
      one.waits?.replaceAll('_', ' ') ?? null,
      one.tryAt,
      one.bookedPaise,
    ]),
  }
}

/** The rates of a day, a line for each kind and side: `remitter switching since 2016-12-01: Rs 0.50, GST 18 %`. */
function ratesOn(rates: readonly FeeRate[], day: Day): string[] {
  return (['remitter', 'beneficiary'] as const).flatMap((side) =>
    (['interchange', 'switching'] as const).flatMap((kind) => {
      const [first, ...rest] = tableOn(rates, kind, side, day)
      if (first === undefined) return []
      const slabs = [first, ...rest].map(({ overPaise, feePaise, subType, status }) =>
        [
          overPaise === 0n ? '' : `over ${rupees(overPaise)} `,
          subType === null ? '' : `${subType} `,
          status === null ? '' : `RC ${status} `,
          rupees(feePaise),
        ].join(''),
      )
      return [`${side} ${kind} since ${first.validFrom}: ${slabs.join(', ')}, GST ${first.gstBps / 100} %`]
    }),
  )
}

const rupees = (paise: bigint): string => `Rs ${paise < 0n ? '-' : ''}${formatRupees(paise < 0n ? -paise : paise)}`

function positionsOf(moved: readonly Moved[], lines: readonly StatementLine[]): Made {
  const rows = cyclesOf(moved, lines).map((cycle): ReportCell[] => {
    const [own, stated] = [moved.filter(isOf(cycle)), lines.filter(isOf(cycle))]
    const at = (wanted: (one: Moved) => boolean): bigint => netOf(own.filter(wanted))
    const settled = own.filter((one) => one.event === 'settled')
    const clearing = (code: 'OUT-CLR' | 'IN-CLR'): bigint =>
      settled.reduce((sum, one) => (one.code === code ? sum + one.debitPaise - one.creditPaise : sum), 0n)
    const [net, final] = [netOf(own), finalOf(stated)]
    return [
      cycle.institution,
      cycleName(cycle),
      clearing('OUT-CLR'),
      -clearing('IN-CLR'),
      at((one) => one.kind === 'fees' || one.kind === 'penalty' || one.kind === 'compensation'),
      at(
        (one) =>
          one.kind !== 'settlement' && one.kind !== 'fees' && one.kind !== 'penalty' && one.kind !== 'compensation',
      ),
      net,
      final,
      final === null ? null : final - net,
    ]
  })
  return {
    columns: columns(
      ['Bank', 'text'],
      ['Cycle', 'text'],
      ['Outward', 'paise'],
      ['Inward', 'paise'],
      ['Fees, penalties, compensation', 'paise'],
      ['Returns and disputes', 'paise'],
      ['Net by the books', 'paise'],
      ['Net by NPCI', 'paise'],
      ['Difference', 'paise'],
    ),
    rows,
  }
}

/** The chart is the hub's, and not one bank's: whoever sees a bank of the hub sees its proof. */
async function proofOf(deps: ReportDeps, scope: ReportScope): Promise<Made> {
  if (scope.institutions.length === 0) return { columns: proofColumns, rows: [] }
  const proofs = await proveLedger(deps, scope.to, scope.now)
  const ended = startOfDay(addDays(scope.to, 1)) <= scope.now
  return {
    notes: ended ? [] : ['The day has not ended: this is how it stands now.'],
    columns: proofColumns,
    rows: proofs.flatMap((proof): ReportCell[][] => [
      [
        proof.code,
        chart[proof.code].name,
        proof.openingPaise,
        proof.debitsPaise,
        proof.creditsPaise,
        proof.closingPaise,
        proof.balancePaise,
        proof.closingPaise - proof.balancePaise,
        proof.unexplainedPaise,
        null,
      ],
      ...proof.lines.map((line): ReportCell[] => [
        '',
        `of it ${line.line.replaceAll('_', ' ')} (${line.count})`,
        null,
        null,
        null,
        line.amountPaise,
        null,
        null,
        null,
        null,
      ]),
      ...proof.outside.map((one): ReportCell[] => [
        '',
        one.source === 'core' ? `the core, ${one.on}` : `moved by bank statements until ${one.on}`,
        null,
        null,
        null,
        one.ledgerPaise,
        one.saysPaise,
        one.differencePaise,
        null,
        one.ageDays,
      ]),
    ]),
  }
}

const proofColumns = columns(
  ['Account', 'text'],
  ['Name', 'text'],
  ['Opening', 'paise'],
  ['Debits', 'paise'],
  ['Credits', 'paise'],
  ['Closing', 'paise'],
  ['Balance', 'paise'],
  ['Difference', 'paise'],
  ['Unexplained', 'paise'],
  ['Differs for days', 'count'],
)
