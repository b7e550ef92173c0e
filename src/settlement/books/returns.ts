import { toRfc3339 } from '../../base/clock.ts'
import { laneOf, must, parseRrn, paymentKey } from '../../base/identifiers.ts'
import type { Tx } from '../../db/pool.ts'
import { inTransaction } from '../../db/transaction.ts'
import { remitterNbin } from '../../imps/banks.ts'
import type { AdjustmentRow } from '../../imps/files/rows.ts'
import type { ChartCode } from '../../ledger/chart.ts'
import { type NewJournal, type Posted, postJournal } from '../../ledger/journals.ts'
import type { Fact } from '../../payment/payment.ts'
import { type Recorded, record } from '../../payment/record.ts'
import { findInwardByRrn, findOutwardByRrn, findPayments } from '../../payment/store.ts'
import type { StoredPayment } from '../../payment/stored.ts'
import { writeDetail } from '../notes.ts'
import { openBooksBreaks } from './breaks.ts'
import { ownLate, payNow, settleLate } from './compensation.ts'
import { type BooksDeps, RULES } from './consequences.ts'
import type { CycleOfBank } from './findings.ts'
import { about, claimReturn, findItem, findOpenItems, finishItem, type Item, setDuty, writeItem } from './items.ts'
import { moveLegs } from './legs.ts'

/** The flags that settle a deemed payment; the rest of the report belongs to disputes. */
export const isConfirmation = ({ flag }: Pick<AdjustmentRow, 'flag'>): boolean => flag === 'TCC' || flag === 'RET'

/** What an adjustment is called: NPCI's reference, or where it has none what makes it one. */
export const adjustmentRef = (row: AdjustmentRow): string =>
  row.adjRef !== '' ? row.adjRef : `${row.flag}/${row.rrn}/${row.adjDate}/${row.bankRef}`

/**
 * What the adjustment report of a cycle says about deemed payments. Outward: a confirmation makes them paid; a return brings money, which
 * is the customer's the same day. Inward: what we said has arrived at NPCI, and a return has taken its money. The same report again
 * changes nothing.
 * @source settlement.md §6.2 (TCC, RET), §6.3 (TCC_SENT, RET_SENT), §7.3 B16 to B19
 */
export async function applyConfirmations(
  deps: BooksDeps,
  cycle: CycleOfBank,
  rows: readonly AdjustmentRow[],
): Promise<number> {
  let applied = 0
  for (const row of rows) {
    if (!isConfirmation(row)) continue
    const rrn = parseRrn(row.rrn)
    if (rrn === undefined || (await isApplied(deps, cycle, row))) continue
    if (row.remitterBank === deps.codeOf(cycle.institution)) {
      const payment = pick(await findOutwardByRrn(deps.db, deps.room.vault, rrn), cycle, row)
      if (payment === undefined) await orphaned(deps, cycle, row, 'outward')
      else await outwardConfirmed(deps, cycle, row, payment)
    } else {
      const payment = pick(await findInwardByRrn(deps.db, deps.room.vault, rrn), cycle, row)
      const item = await findItem(deps.db, { rrn, direction: 'inward', institution: cycle.institution })
      if (payment === undefined && item === undefined) await orphaned(deps, cycle, row, 'inward')
      else await inwardConfirmed(deps, cycle, row, payment)
    }
    await setApplied(deps, cycle, row)
    applied += 1
  }
  return applied
}

const lineRef = (row: AdjustmentRow): string => `${row.flag}/${adjustmentRef(row)}`

/** A line that was acted on to the end says nothing when it comes again, whatever has happened since. */
async function isApplied({ db }: BooksDeps, { institution }: CycleOfBank, row: AdjustmentRow): Promise<boolean> {
  const found = await db`
    select from adjustment_applied where institution = ${institution} and ref = ${lineRef(row)}`
  return found.length > 0
}

function setApplied({ db, clock }: BooksDeps, cycle: CycleOfBank, row: AdjustmentRow): Promise<unknown> {
  return db`
    insert into adjustment_applied (institution, ref, settled_on, cycle, at)
    values (${cycle.institution}, ${lineRef(row)}, ${cycle.settlementDate}::date, ${cycle.number}, ${toRfc3339(clock.now())}::timestamptz)
    on conflict do nothing`
}

const pick = (
  found: readonly StoredPayment[],
  { institution }: CycleOfBank,
  { amountPaise }: AdjustmentRow,
): StoredPayment | undefined =>
  found.find((one) => one.institution === institution && one.amountPaise === amountPaise) ??
  found.find((one) => one.institution === institution)

/** About a payment that nobody knows: its money has moved all the same, and stands in suspense. @source settlement.md §7.3 B21 */
async function orphaned(
  { db, clock }: BooksDeps,
  cycle: CycleOfBank,
  row: AdjustmentRow,
  direction: 'outward' | 'inward',
): Promise<void> {
  const detail = writeDetail(`${direction}_of_nobody`, { rrn: row.rrn, ref: lineRef(row) })
  await inTransaction(db, async (tx) => {
    if (row.flag === 'RET')
      await postReturn(tx, cycle, row, {
        tenantId: 0,
        event: direction === 'outward' ? 'ret_received' : 'ret_paid',
        legs:
          direction === 'outward'
            ? moveLegs('RBI-STL', 'SUSP-OUT', row.adjAmountPaise, laneOf(0))
            : moveLegs('SUSP-IN', 'RBI-STL', row.adjAmountPaise, laneOf(0)),
        at: clock.now(),
      })
    await openBooksBreaks(
      tx,
      [
        {
          type: 'B21',
          payment: null,
          institution: cycle.institution,
          direction,
          rrn: row.rrn,
          amountPaise: row.adjAmountPaise,
          detail,
        },
      ],
      clock.now(),
    )
  })
}

/** The money of a return, booked once. */
const postReturn = (
  tx: Tx,
  cycle: CycleOfBank,
  row: AdjustmentRow,
  what: Pick<NewJournal, 'tenantId' | 'event' | 'legs' | 'at'>,
): Promise<Posted> =>
  postJournal(tx, {
    transferKey: `adj:${adjustmentRef(row)}`,
    kind: 'received',
    ruleVersion: RULES,
    institution: cycle.institution,
    cycle: { settlementDate: cycle.settlementDate, number: cycle.number },
    ...what,
  })

const itemFor = (
  { db, clock, tenantOf, nbinOf }: BooksDeps,
  cycle: CycleOfBank,
  row: AdjustmentRow,
  direction: 'outward' | 'inward',
  payment: StoredPayment | undefined,
): Promise<Item> =>
  inTransaction(db, async (tx) => {
    const known = await findItem(tx, { rrn: row.rrn, direction, institution: cycle.institution })
    if (known !== undefined && known.raw !== 'absent') return known
    // The report says that NPCI counted it as deemed; the raw file that says so itself may come later.
    return writeItem(
      tx,
      {
        tenantId: payment?.tenantId ?? (await tenantOf(cycle.institution)),
        institution: cycle.institution,
        direction,
        rrn: row.rrn,
        nbin: known?.nbin ?? remitterNbin(nbinOf, must(payment, 'payment of a report')),
        paymentId: payment?.id ?? null,
        amountPaise: payment?.amountPaise ?? row.amountPaise,
        transactedOn: row.txnDate,
        raw: '08',
        settledOn: cycle.settlementDate,
        cycle: cycle.number,
        responseCode: row.responseCode,
      },
      clock.now(),
    )
  })

async function outwardConfirmed(
  deps: BooksDeps,
  cycle: CycleOfBank,
  row: AdjustmentRow,
  payment: StoredPayment,
): Promise<void> {
  const item = await itemFor(deps, cycle, row, 'outward', payment)
  if (row.flag === 'RET') {
    const received = await receiveReturn(deps, cycle, row, item, payment)
    if (received === 'in_suspense') return
  }
  deps.crashPoint?.('books:before-fact')
  const recorded = await record(deps.room, payment, { kind: row.flag === 'RET' ? 'returned' : 'confirmed' })
  deps.crashPoint?.('books:after-fact')
  await afterConfirmation(deps, row, item, recorded)
}

async function afterConfirmation(deps: BooksDeps, row: AdjustmentRow, item: Item, recorded: Recorded): Promise<void> {
  const { db, clock } = deps
  const now = clock.now()
  if (recorded.kind === 'unknown') return
  const { payment } = recorded
  if (recorded.kind === 'stuck') {
    await openBooksBreaks(db, [{ type: 'B16', payment, detail: writeDetail('return_waits', { rrn: item.rrn }) }], now)
    // The money has come: no more days are counted, and what they cost waits with it.
    if (item.outcome === null) await settleLate(deps, item, payment, row.adjDate, row)
    return setDuty(db, item.id, 'watch', null, now)
  }
  // Door 2 has put it before people.
  if (recorded.kind === 'contradicted') return setDuty(db, item.id, 'people', null, now)
  // The one that moved it pays for the delay, and so does the same one again if it was broken off here.
  if (item.outcome === null) await settleLate(deps, item, payment, row.adjDate, row)
  await finishItem(db, item, row.flag === 'RET' ? 'returned' : 'confirmed', now)
}

/**
 * Dr RBI-STL, and Cr what is short of it: RET-PAY, of which the customer is paid or was already; OUT-CLR where a verification had the
 * customer paid out of clearing before (expectRet, B17); suspense where a return has come for this payment before (B18), or is of another
 * amount than it (B11).
 */
async function receiveReturn(
  { db, clock }: BooksDeps,
  cycle: CycleOfBank,
  row: AdjustmentRow,
  item: Item,
  payment: StoredPayment,
): Promise<'received' | 'in_suspense'> {
  const ref = adjustmentRef(row)
  return inTransaction(db, async (tx) => {
    await tx`select from payment where payment_id = ${paymentKey(payment.id)}::uuid for update`
    const whole = row.adjAmountPaise === payment.amountPaise
    const claimed = whole && (await claimReturn(tx, item.id, ref))
    const [paid] = await tx<{ ledger: string }[]>`
      select ledger from credit_once where payment_id = ${paymentKey(payment.id)}::uuid`
    const to: ChartCode = !claimed ? 'SUSP-OUT' : paid?.ledger === 'void' ? 'OUT-CLR' : 'RET-PAY'
    const { tenantId } = payment
    const legs = moveLegs('RBI-STL', to, row.adjAmountPaise, payment.lane)
    const posted = await postReturn(tx, cycle, row, { tenantId, event: 'ret_received', legs, at: clock.now() })
    if (posted.kind === 'posted' && !claimed) {
      const detail = whole
        ? writeDetail('came_back_twice', { rrn: item.rrn, ref })
        : writeDetail('part_came_back', {
            rrn: item.rrn,
            paise: String(row.adjAmountPaise),
            ours: String(payment.amountPaise),
            ref,
          })
      await openBooksBreaks(tx, [{ type: whole ? 'B18' : 'B11', payment, detail }], clock.now())
    }
    return claimed ? 'received' : 'in_suspense'
  })
}

async function inwardConfirmed(
  deps: BooksDeps,
  cycle: CycleOfBank,
  row: AdjustmentRow,
  payment: StoredPayment | undefined,
): Promise<void> {
  const { db, clock } = deps
  const item = await itemFor(deps, cycle, row, 'inward', payment)
  const credited = payment?.state === 'succeeded'
  const now = clock.now()
  if (row.flag === 'RET') {
    // What we returned leaves: out of what was never credited; unexplained where it was, or where it leaves a second time.
    const ref = adjustmentRef(row)
    const first = await inTransaction(db, async (tx) => {
      const claimed = await claimReturn(tx, item.id, ref)
      const from = credited || !claimed ? 'SUSP-IN' : 'IN-CLR'
      const legs = moveLegs(from, 'RBI-STL', row.adjAmountPaise, item.lane)
      await postReturn(tx, cycle, row, { tenantId: 0, event: 'ret_paid', legs, at: now })
      return claimed
    })
    if (credited || !first) {
      const detail = writeDetail('returned_twice', { rrn: item.rrn, ref })
      // Contradicted: door 2 puts it before people.
      if (first && payment !== undefined) await record(deps.room, payment, { kind: 'returned' })
      else await openBooksBreaks(db, [{ type: 'B18', payment: payment ?? null, ...about(item), detail }], now)
      return setDuty(db, item.id, 'people', item.dueAt, now)
    }
  } else if (!credited) {
    const detail = writeDetail('confirmed_uncredited', { rrn: item.rrn })
    await openBooksBreaks(db, [{ type: 'B19', payment: payment ?? null, ...about(item), detail }], now)
    return setDuty(db, item.id, 'people', item.dueAt, now)
  }
  if (item.outcome === null) await ownLate(deps, item, row.adjDate, row.compensationPaise)
  await finishItem(db, item, `${row.flag === 'RET' ? 'ret' : 'tcc'}_${row.reasonCode}`, now)
}

/** Money whose accounts took none: tried again, for as long as it takes. @returns how much of it is paid now */
export async function retryStuck(deps: BooksDeps, institution: string): Promise<number> {
  let paid = 0
  for (const item of await findOpenItems(deps.db, institution, ['watch'], 1_000)) {
    const fact = owedFact(item)
    if (fact === undefined || item.paymentId === null || item.direction === 'inward') continue
    const [payment] = await findPayments(deps.db, deps.room.vault, [item.paymentId])
    if (payment === undefined) continue
    const recorded = await record(deps.room, payment, fact)
    if (recorded.kind !== 'moved' && recorded.kind !== 'repeated') continue
    await finishItem(deps.db, item, fact.kind === 'returned' ? 'returned' : 'declined', deps.clock.now())
    await payNow(deps, item)
    paid += 1
  }
  return paid
}

/** What an item that waits for its account was told last: a return, or that NPCI settled nothing. */
function owedFact({ returnRef, raw, judged }: Item): Fact | undefined {
  if (returnRef !== null) return { kind: 'returned' }
  if (judged === 'declined' && raw === 'declined') return { kind: 'settled_declined', responseCode: '' }
  return judged === 'absent' && raw === 'absent' ? { kind: 'settled_absent' } : undefined
}
