import type { Lane } from '../../base/identifiers.ts'
import { laneOf } from '../../base/identifiers.ts'
import type { Db, Tx } from '../../db/pool.ts'
import { inTransaction } from '../../db/transaction.ts'
import { type FeeLine, feeLines } from '../../imps/fees.ts'
import type { NtslRow, NtslTotals } from '../../imps/files/rows.ts'
import type { ChartCode } from '../../ledger/chart.ts'
import { type Leg, type Posted, postJournal } from '../../ledger/journals.ts'
import type { EntryKind } from '../../ledger/transfer.ts'
import { type DetailCode, writeDetail } from '../notes.ts'
import type { Said } from '../said.ts'
import { type BooksBreak, openBooksBreaks } from './breaks.ts'
import { feeVersion, findFeeRates } from './fee-store.ts'
import { type CycleFindings, type CycleOfBank, cycleKey } from './findings.ts'
import { createLegs, type Legs } from './legs.ts'
import { type CycleEvent, occurrenceOf } from './reverse.ts'

/** What the statement says of one side and status, in paise. */
type Stated = {
  readonly side: 'remitter' | 'beneficiary'
  readonly status: '00' | '08'
  readonly what: 'amount' | 'interchange' | 'interchange_gst' | 'switching' | 'switching_gst'
  readonly paise: bigint
}

/** `Remitter P2A Approved Transaction Amount`, `Remitter P2A-08 Fee GST`, `Beneficiary MRT Approved Fee` … @source settlement.md §2.3 */
const LINE =
  /^(Remitter|Beneficiary) (?:P2A|P2P|P2U|MRT)(-08)?(?: Approved)? (Transaction Amount|Fee|Fee GST|NPCI Switching Fee|NPCI Switching Fee GST)$/i
const whats: Readonly<Record<string, Stated['what']>> = {
  'transaction amount': 'amount',
  fee: 'interchange',
  'fee gst': 'interchange_gst',
  'npci switching fee': 'switching',
  'npci switching fee gst': 'switching_gst',
}

/** What can be compared of a statement. */
export function stated(rows: readonly NtslRow[]): Stated[] {
  return rows.flatMap(({ description, debitPaise, creditPaise }): Stated[] => {
    const [, who, deemed, name] = LINE.exec(description.trim().replace(/\s+/g, ' ')) ?? []
    const what = whats[(name ?? '').toLowerCase()]
    if (who === undefined || what === undefined) return []
    const side = who.toLowerCase() === 'remitter' ? 'remitter' : 'beneficiary'
    return [{ side, status: deemed === undefined ? '00' : '08', what, paise: debitPaise + creditPaise }]
  })
}

const sumOf = (all: readonly Stated[], ...wanted: readonly Partial<Stated>[]): bigint =>
  all
    .filter((one) =>
      wanted.some(
        ({ side, status, what }) =>
          (side === undefined || one.side === side) &&
          (status === undefined || one.status === status) &&
          (what === undefined || one.what === what),
      ),
    )
    .reduce((sum, { paise }) => sum + paise, 0n)

export type SettleInput = {
  readonly cycle: CycleOfBank
  readonly findings: Pick<CycleFindings, 'settled' | 'runId'>
  /** The lines of the cycle's statement. */
  readonly ntsl: readonly NtslRow[]
  /** Those of its foot that are money by themselves; adjustments are booked one by one. */
  readonly totals: FootTotals
  /** A fee that differs from ours by no more is booked as NPCI has it. */
  readonly tolerancePaise: bigint
  readonly now: number
}

export type Settled = {
  /** Whether this call booked it: a second one finds it done. */
  readonly posted: boolean
  readonly outwardPaise: bigint
  readonly inwardPaise: bigint
}

/**
 * Books what a cycle settled: one journal for the amounts and one for fees and tax, whatever is replayed. The clearing accounts of each
 * lane go down by what of that lane is in the raw files, so that what stays is what is not settled; the settlement account moves by
 * what the statement says, which is what moves at the Reserve Bank. Where the two differ the rest is in suspense, and people are told.
 *
 * @source settlement.md §6.2, §6.3 (settled), §7.3 B14 and B15, I2
 */
export function settleCycle(db: Db, input: SettleInput): Promise<Settled> {
  return inTransaction(db, (tx) => settleIn(tx, input))
}

async function settleIn(
  tx: Tx,
  { cycle, findings, ntsl, totals: foot, tolerancePaise, now }: SettleInput,
): Promise<Settled> {
  const rates = await findFeeRates(tx)
  const says = stated(ntsl)
  const breaks: BooksBreak[] = []
  const name = { bank: cycle.institution, cycle: `${cycle.settlementDate}/${cycle.number}` }
  const say = (type: BooksBreak['type'], code: DetailCode, values: Said['values']): unknown =>
    breaks.push({
      type,
      payment: null,
      institution: cycle.institution,
      detail: writeDetail(code, { ...name, ...values }),
    })
  const header = {
    transferKey: cycleKey(cycle),
    ruleVersion: feeVersion(rates, cycle.settlementDate),
    tenantId: 0,
    institution: cycle.institution,
    cycle: { settlementDate: cycle.settlementDate, number: cycle.number },
    at: now,
  }

  const legs = createLegs()
  const totals = { remitter: 0n, beneficiary: 0n }
  for (const { side, lane, amountPaise } of findings.settled) {
    totals[side] += amountPaise
    if (side === 'remitter') legs.move('OUT-CLR', 'RBI-STL', amountPaise, lane ?? NO_LANE)
    else legs.move('RBI-STL', 'IN-CLR', amountPaise, lane ?? NO_LANE)
  }
  const outward = sumOf(says, { side: 'remitter', what: 'amount' }) - totals.remitter
  const inward = sumOf(says, { side: 'beneficiary', what: 'amount' }) - totals.beneficiary
  if (outward !== 0n) {
    legs.move('SUSP-OUT', 'RBI-STL', outward, NO_LANE)
    say('B14', 'outward_sum', { paise: String(outward) })
  }
  if (inward !== 0n) {
    legs.move('RBI-STL', 'SUSP-IN', inward, NO_LANE)
    say('B14', 'inward_sum', { paise: String(inward) })
  }
  const book = async (event: CycleEvent, kind: EntryKind, all: readonly Leg[]): Promise<Posted> =>
    postJournal(tx, {
      ...header,
      event,
      occurrence: await occurrenceOf(tx, header.transferKey, event),
      kind,
      legs: all,
    })
  const settled = await book('settled', 'settlement', legs.all())

  const charged = findings.settled.map(({ side, status, subType, overPaise, count }) => ({
    side,
    status,
    subType,
    amountPaise: overPaise + 1n,
    count,
  }))
  const fees = createLegs()
  const lines = feeLines(rates, cycle.settlementDate, charged)
  for (const { tax, ...difference } of bookFees(fees, lines, says, tolerancePaise))
    say('B15', tax ? 'fee_tax' : 'fee', difference)
  await book('fees', 'fees', fees.all())
  const penalties = createLegs()
  for (const [name, account] of extras) penalties.move(account, 'RBI-STL', -(foot[name] ?? 0n), NO_LANE)
  await book('penalties', 'penalty', penalties.all())
  await openBooksBreaks(tx, breaks, now)
  return { posted: settled.kind === 'posted', outwardPaise: totals.remitter, inwardPaise: totals.beneficiary }
}

/** Totals of a statement's foot by their names; more than zero is to the bank's credit. */
export type FootTotals = Readonly<Partial<Record<keyof NtslTotals, bigint>>>

const extras = [
  ['penaltyPaise', 'PEN-EXP'],
  ['adjustmentSwitchingFeePaise', 'SWF-EXP'],
  ['adjustedFeePaise', 'ICH-EXP'],
] as const satisfies readonly (readonly [keyof NtslTotals, ChartCode])[]

/** What belongs to no customer, and what nobody can say the lane of. */
const NO_LANE: Lane = laneOf(0)

/** Which account takes a kind of fee, and its tax. */
const accountsOf = {
  'remitter interchange': ['ICH-EXP', 'GST-ITC'],
  'remitter switching': ['SWF-EXP', 'GST-ITC'],
  'beneficiary interchange': ['ICH-INC', 'GST-OUT'],
  'beneficiary switching': ['SWF-EXP', 'GST-ITC'],
} as const satisfies Record<string, readonly [ChartCode, ChartCode]>

/** A fee, or the tax on it, that the statement has otherwise than the hub; both in paise. */
type FeeDifference = {
  readonly tax: boolean
  readonly side: 'remitter' | 'beneficiary'
  readonly rawStatus: '00' | '08'
  readonly fee: 'interchange' | 'switching'
  readonly paise: string
  readonly ours: string
}

/** Books each fee as the statement has it, if that is near enough to ours; else ours, and the rest in suspense. Says what differs. */
function* bookFees(
  legs: Legs,
  lines: readonly FeeLine[],
  says: readonly Stated[],
  tolerancePaise: bigint,
): Generator<FeeDifference> {
  for (const side of ['remitter', 'beneficiary'] as const) {
    for (const status of ['00', '08'] as const) {
      for (const kind of ['interchange', 'switching'] as const) {
        const line = lines.find((one) => one.side === side && one.status === status && one.kind === kind)
        for (const tax of [false, true]) {
          const ours = (tax ? line?.gstPaise : line?.feePaise) ?? 0n
          const theirs = sumOf(says, { side, status, what: tax ? `${kind}_gst` : kind })
          const [fee, gst] = accountsOf[`${side} ${kind}`]
          const account = tax ? gst : fee
          const difference = theirs - ours
          const near = difference <= tolerancePaise && -difference <= tolerancePaise
          const booked = near ? theirs : ours
          const suspense = side === 'remitter' ? 'SUSP-OUT' : 'SUSP-IN'
          const move = (code: ChartCode, amount: bigint): void =>
            side === 'remitter'
              ? legs.move(code, 'RBI-STL', amount, NO_LANE)
              : legs.move('RBI-STL', code, amount, NO_LANE)
          move(account, booked)
          move(suspense, theirs - booked)
          if (!near) yield { tax, side, rawStatus: status, fee: kind, paise: String(theirs), ours: String(ours) }
        }
      }
    }
  }
}
