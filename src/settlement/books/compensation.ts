import type { Clock } from '../../base/clock.ts'
import { toRfc3339 } from '../../base/clock.ts'
import { laneOf, paymentIdOf, paymentKey } from '../../base/identifiers.ts'
import type { Db, Tx } from '../../db/pool.ts'
import { inTransaction } from '../../db/transaction.ts'
import { addDays, dayOf } from '../../imps/cycles.ts'
import type { Day } from '../../imps/files/rows.ts'
import { postJournal } from '../../ledger/journals.ts'
import type { StoredPayment } from '../../payment/stored.ts'
import { writeDetail } from '../notes.ts'
import { openBooksBreaks } from './breaks.ts'
import { payCompensation } from './compensation-pay.ts'
import { type CycleOfBank, cycleKey } from './findings.ts'
import { about, type Item } from './items.ts'
import { moveLegs } from './legs.ts'
import { occurrenceOf } from './reverse.ts'

/**
 * A hundred rupees for each day that money was late, paid unasked. T is the day of the payment in IST, T+1 is in time, and each calendar
 * day after it costs: money that came on T+3 was two days late. The bank that was late owes it: the beneficiary bank for a TCC or RET
 * that came late, through NPCI; this bank for a debit that it gave back late, and for its own late answers.
 *
 * @source RBI/2019-20/67 (R2); NPCI OC 93 (R3)
 */
export const PER_DAY_PAISE = 10_000n

const DAY_MS = 86_400_000

/** Days late of money that moved on a day. */
export const daysLate = (transactedOn: Day, movedOn: Day): number =>
  Math.max(0, Math.round((Date.parse(movedOn) - Date.parse(addDays(transactedOn, 1))) / DAY_MS))

type Late = Pick<Item, 'tenantId' | 'institution' | 'rrn' | 'nbin' | 'direction' | 'paymentId' | 'transactedOn'>

type Deps = {
  readonly db: Db
  readonly clock: Clock
  readonly crashPoint?: (name: CompensationCrashPoint) => void
}

/** What is owed is written down, and nobody has it; a customer has it, and the payment's own step is not done. */
export type CompensationCrashPoint = `compensation:${'due' | 'paid'}`

/** Writes down how late something is: so far, or for good with the day it moved. What was paid stays as it is. */
async function writeLate(
  db: Db | Tx,
  late: Late,
  owedBy: 'us' | 'other_bank',
  days: number,
  until: Day | null,
  reportedPaise: bigint | null,
  now: number,
): Promise<void> {
  await db`
    insert into compensation as c (tenant_id, institution, payment_id, rrn, nbin, direction, owed_by, from_on, until_on, days, amount,
      reported, state, updated_at)
    values (${late.tenantId}, ${late.institution}, ${late.paymentId === null ? null : paymentKey(late.paymentId)}::uuid, ${late.rrn},
      ${late.nbin}, ${late.direction}, ${owedBy}, ${addDays(late.transactedOn, 1)}::date, ${until}::date, ${days},
      ${BigInt(days) * PER_DAY_PAISE}, ${reportedPaise}, ${until === null ? 'accruing' : 'due'}, ${toRfc3339(now)}::timestamptz)
    on conflict (rrn, nbin, direction) do update set
      days = case when c.state = 'accruing' then excluded.days else c.days end,
      amount = case when c.state = 'accruing' then excluded.amount else c.amount end,
      until_on = case when c.state = 'accruing' then excluded.until_on else c.until_on end,
      reported = coalesce(c.reported, excluded.reported),
      state = case when c.state = 'accruing' then excluded.state else c.state end,
      updated_at = excluded.updated_at`
}

/**
 * Accrues for everything that is past its time and still open, by the calendar: run as often as you like.
 * @returns how many are accruing
 */
export async function accrue(deps: Deps, institution: string): Promise<number> {
  const now = deps.clock.now()
  const today = dayOf(now)
  const rows = await deps.db<
    {
      tenant_id: number
      payment_id: string | null
      rrn: string
      nbin: string
      direction: 'outward' | 'inward'
      transacted_on: Day
    }[]
  >`
    select tenant_id, payment_id, rrn, nbin, direction, to_char(transacted_on, 'YYYY-MM-DD') as transacted_on
    from settlement_item
    where institution = ${institution} and done_at is null and duty in ('hear', 'say') and transacted_on + 1 < ${today}::date
      and raw = '08'`
  for (const row of rows) {
    const late: Late = {
      tenantId: row.tenant_id,
      institution,
      rrn: row.rrn,
      nbin: row.nbin,
      direction: row.direction,
      paymentId: row.payment_id === null ? null : paymentIdOf(row.payment_id),
      transactedOn: row.transacted_on,
    }
    const owedBy = row.direction === 'outward' ? 'other_bank' : 'us'
    await writeLate(deps.db, late, owedBy, daysLate(row.transacted_on, today), null, null, now)
  }
  return rows.length
}

/**
 * A return or confirmation of an outward payment came: what it was late is the customer's, at once. What NPCI's report says of it is
 * kept beside ours, and people look where they differ (B22).
 */
export async function settleLate(
  deps: Deps,
  item: Item,
  payment: StoredPayment,
  movedOn: Day,
  reported: { readonly compensationPaise: bigint; readonly penaltyDays: number },
): Promise<void> {
  const days = daysLate(item.transactedOn, movedOn)
  const ours = BigInt(days) * PER_DAY_PAISE
  const now = deps.clock.now()
  if (reported.compensationPaise !== ours) {
    await openBooksBreaks(
      deps.db,
      [
        {
          type: 'B22',
          payment,
          detail: writeDetail('compensation_days', {
            rrn: item.rrn,
            days,
            ours: String(ours),
            theirDays: reported.penaltyDays,
            paise: String(reported.compensationPaise),
          }),
        },
      ],
      now,
    )
  }
  if (days === 0) return
  await writeLate(deps.db, item, 'other_bank', days, movedOn, reported.compensationPaise, now)
  deps.crashPoint?.('compensation:due')
  await payNow(deps, item)
  deps.crashPoint?.('compensation:paid')
}

/** A debit that this bank gave back after T+1, with the payment's last step: it owes for the delay itself. */
export async function payLateReversal(deps: Deps, item: Item, payment: StoredPayment): Promise<void> {
  const movedOn = dayOf(payment.updatedAt)
  const days = daysLate(dayOf(payment.createdAt), movedOn)
  if (days === 0) return
  const late = { ...item, transactedOn: dayOf(payment.createdAt) }
  await writeLate(deps.db, late, 'us', days, movedOn, null, deps.clock.now())
  await payNow(deps, item)
}

/** An answer of ours that came late: NPCI takes it with the statement. */
export async function ownLate(deps: Deps, item: Item, movedOn: Day, reportedPaise: bigint): Promise<void> {
  const days = daysLate(item.transactedOn, movedOn)
  const now = deps.clock.now()
  const ours = BigInt(days) * PER_DAY_PAISE
  if (ours !== reportedPaise) {
    const values = { rrn: item.rrn, days, ours: String(ours), paise: String(reportedPaise) }
    const detail = writeDetail('compensation_inward', values)
    await openBooksBreaks(deps.db, [{ type: 'B22', payment: null, ...about(item), detail }], now)
  }
  if (days === 0) return
  await writeLate(deps.db, item, 'us', days, movedOn, reportedPaise, now)
  // The statement of the cycle that reports it takes the money.
  if (reportedPaise > 0n)
    await deps.db`
      update compensation set state = 'paid', paid_at = ${toRfc3339(now)}::timestamptz, updated_at = ${toRfc3339(now)}::timestamptz
      where rrn = ${item.rrn} and nbin = ${item.nbin} and direction = 'inward' and state = 'due'`
}

/** Pays what is due about an item, whenever it was to be tried; where the account takes nothing it stays due, and the sweep tries it again. */
export async function payNow({ db, clock }: Deps, { rrn, nbin }: Pick<Item, 'rrn' | 'nbin'>): Promise<void> {
  await inTransaction(db, async (tx) => {
    const [due] = await tx<{ compensation_id: string }[]>`
      select compensation_id from compensation
      where rrn = ${rrn} and nbin = ${nbin} and direction = 'outward' and state = 'due'`
    if (due !== undefined) await payCompensation(tx, due.compensation_id, clock.now())
  })
}

/**
 * Books the compensation of a cycle as the statement has it: what NPCI gave for others' delay, less what it took for ours. Ours was booked
 * payment by payment against COMP-REC.
 */
export async function settleCompensation({ db, clock }: Deps, cycle: CycleOfBank, netPaise: bigint): Promise<void> {
  const transferKey = cycleKey(cycle)
  await inTransaction(db, async (tx) =>
    postJournal(tx, {
      transferKey,
      event: 'compensation',
      occurrence: await occurrenceOf(tx, transferKey, 'compensation'),
      kind: 'compensation',
      ruleVersion: 'compensation:2019-10-15',
      tenantId: 0,
      institution: cycle.institution,
      cycle: { settlementDate: cycle.settlementDate, number: cycle.number },
      legs:
        netPaise > 0n
          ? moveLegs('RBI-STL', 'COMP-REC', netPaise, laneOf(0))
          : moveLegs('COMP-EXP', 'RBI-STL', -netPaise, laneOf(0)),
      at: clock.now(),
    }),
  )
}
