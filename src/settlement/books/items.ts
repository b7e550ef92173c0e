import { toRfc3339 } from '../../base/clock.ts'
import type { Lane, PaymentId } from '../../base/identifiers.ts'
import { laneOf, laneOfPayment, paymentIdOf, paymentKey } from '../../base/identifiers.ts'
import type { Db, Tx } from '../../db/pool.ts'
import type { Day } from '../../imps/files/rows.ts'

/** A payment that three cycles do not have was never settled. @source settlement.md §6.2, "hanging" */
export const ABSENT_CYCLES = 3

/** What is owed about an item: the other bank's word, ours, people's, or nothing but to look again with the next cycle. */
export type Duty = 'none' | 'hear' | 'say' | 'people' | 'watch'

/** A payment that is not simply paid and settled, and how that stands. Instants are epoch milliseconds. */
export type Item = {
  readonly id: string
  readonly tenantId: number
  readonly institution: string
  readonly direction: 'outward' | 'inward'
  readonly rrn: string
  readonly nbin: string
  readonly paymentId: PaymentId | null
  readonly lane: Lane
  readonly amountPaise: bigint
  /** T. */
  readonly transactedOn: Day
  readonly settledOn: Day
  readonly cycle: string
  readonly raw: '00' | '08' | 'declined' | 'absent'
  readonly absentCycles: number
  readonly duty: Duty
  readonly dueAt: number | null
  readonly warned: number
  /** What of a raw file was acted on: it is not acted on again. */
  readonly judged: Item['raw'] | null
  readonly returnRef: string | null
  readonly outcome: string | null
}

export type ItemRow = {
  item_id: string
  tenant_id: number
  institution: string
  direction: 'outward' | 'inward'
  rrn: string
  nbin: string
  payment_id: string | null
  lane: number
  amount: bigint
  transacted_on: Day
  settled_on: Day
  cycle: string
  raw: Item['raw']
  absent_cycles: number
  duty: Duty
  due_at: number | null
  warned: number
  judged: Item['raw'] | null
  return_ref: string | null
  outcome: string | null
}

const itemOf = (row: ItemRow): Item => ({
  id: row.item_id,
  tenantId: row.tenant_id,
  institution: row.institution,
  direction: row.direction,
  rrn: row.rrn,
  nbin: row.nbin,
  paymentId: row.payment_id === null ? null : paymentIdOf(row.payment_id),
  lane: laneOf(row.lane),
  amountPaise: row.amount,
  transactedOn: row.transacted_on,
  settledOn: row.settled_on,
  cycle: row.cycle,
  raw: row.raw,
  absentCycles: row.absent_cycles,
  duty: row.duty,
  dueAt: row.due_at,
  warned: row.warned,
  judged: row.judged,
  returnRef: row.return_ref,
  outcome: row.outcome,
})

export type NewItem = Pick<
  Item,
  'tenantId' | 'institution' | 'direction' | 'rrn' | 'nbin' | 'paymentId' | 'amountPaise' | 'transactedOn' | 'raw'
> & { readonly settledOn: Day; readonly cycle: string; readonly responseCode: string | null }

/**
 * Writes down what a raw file says, or what an adjustment implies. The same file again changes nothing; a later one that has a payment
 * that was absent outranks it; a payment absent from one more cycle counts one more. Locks the row until `tx` ends.
 */
export async function writeItem(tx: Tx, item: NewItem, now: number): Promise<Item> {
  const at = toRfc3339(now)
  const lane = item.paymentId === null ? 0 : laneOfPayment(item.paymentId)
  const rows = await tx<ItemRow[]>`
    insert into settlement_item as i (tenant_id, institution, direction, rrn, nbin, payment_id, lane, amount, transacted_on, settled_on,
      cycle, raw, response_code, absent_cycles, duty, updated_at)
    values (${item.tenantId}, ${item.institution}, ${item.direction}, ${item.rrn}, ${item.nbin},
      ${item.paymentId === null ? null : paymentKey(item.paymentId)}::uuid, ${lane}, ${item.amountPaise}, ${item.transactedOn}::date,
      ${item.settledOn}::date, ${item.cycle}, ${item.raw}, ${item.responseCode}, ${item.raw === 'absent' ? 1 : 0}, 'watch',
      ${at}::timestamptz)
    on conflict (rrn, nbin, direction) do update set
      payment_id = coalesce(i.payment_id, excluded.payment_id),
      tenant_id = case when i.payment_id is null then excluded.tenant_id else i.tenant_id end,
      lane = case when i.payment_id is null then excluded.lane else i.lane end,
      absent_cycles = i.absent_cycles
        + case when excluded.raw = 'absent' and i.raw = 'absent' and (i.settled_on, lpad(i.cycle, 4, '0')) <
                 (excluded.settled_on, lpad(excluded.cycle, 4, '0')) then 1 else 0 end,
      settled_on = case when i.raw = 'absent' then greatest(i.settled_on, excluded.settled_on) else i.settled_on end,
      cycle = case when i.raw = 'absent' and (i.settled_on, lpad(i.cycle, 4, '0')) < (excluded.settled_on, lpad(excluded.cycle, 4, '0'))
                   then excluded.cycle else i.cycle end,
      response_code = case when i.raw = 'absent' then excluded.response_code else i.response_code end,
      raw = case when i.raw = 'absent' then excluded.raw else i.raw end,
      -- What was taken for absent, and done with, is here after all.
      outcome = case when i.raw = 'absent' and excluded.raw <> 'absent' then null else i.outcome end,
      done_at = case when i.raw = 'absent' and excluded.raw <> 'absent' then null else i.done_at end,
      updated_at = excluded.updated_at
    returning item_id, tenant_id, institution, direction, rrn, nbin, payment_id, lane, amount,
      to_char(transacted_on, 'YYYY-MM-DD') as transacted_on, to_char(settled_on, 'YYYY-MM-DD') as settled_on, cycle, raw,
      absent_cycles, duty, due_at, warned, judged, return_ref, outcome`
  const [row] = rows
  if (row === undefined) throw new Error(`no item for RRN ${item.rrn}`)
  return itemOf(row)
}

/** What is owed about an item from now on. */
export async function setDuty(db: Db | Tx, id: string, duty: Duty, dueAt: number | null, now: number): Promise<void> {
  await db`
    update settlement_item set duty = ${duty}, due_at = ${dueAt === null ? null : toRfc3339(dueAt)}::timestamptz,
      updated_at = ${toRfc3339(now)}::timestamptz
    where item_id = ${id}::uuid and done_at is null`
}

/** All was done that a raw file asks for. What waits for an account is not judged: it is tried again. */
export async function setJudged(db: Db | Tx, { id, raw }: Item): Promise<void> {
  await db`update settlement_item set judged = ${raw} where item_id = ${id}::uuid`
}

/** What the books do away with by themselves: it is closed when they have. Who bears a loss, and what is twice, stays with people. */
const answered = ['B02', 'B03', 'B04', 'B05', 'B08', 'B16', 'B19', 'B25']

/** How what is owed about a payment ends, beside an answer of ours that NPCI's report has. */
export const outcomes = ['settled', 'declined', 'returned', 'confirmed', 'recovered'] as const
type Outcome = (typeof outcomes)[number] | `${'ret' | 'tcc'}_${string}`

/** Nothing more is owed, and breaks that this answers are closed. The first outcome stands. */
export async function finishItem(
  db: Db | Tx,
  { id, rrn, ...item }: Item,
  outcome: Outcome,
  now: number,
): Promise<void> {
  const at = toRfc3339(now)
  await db`
    with done as (
      update settlement_item set outcome = ${outcome}, duty = 'none', done_at = ${at}::timestamptz, updated_at = ${at}::timestamptz
      where item_id = ${id}::uuid and done_at is null returning payment_id)
    update break b set state = 'resolved', resolution = 'corrected', closed_at = ${at}::timestamptz, version = b.version + 1
    from done where b.closed_at is null and (b.type = any(${answered}::text[]) or b.kind = 'unresolved') and b.kind <> 'contradiction'
      and (b.payment_id = done.payment_id
           or (b.rrn = ${rrn} and b.institution = ${item.institution} and b.direction = ${item.direction}))`
}

/** The return whose money came for this payment. @returns false when another one did before */
export async function claimReturn(tx: Tx, id: string, ref: string): Promise<boolean> {
  const rows = await tx`
    update settlement_item set return_ref = ${ref} where item_id = ${id}::uuid and (return_ref is null or return_ref = ${ref})
    returning item_id`
  return rows.length > 0
}

const columns = (db: Db | Tx) => db`
  item_id, tenant_id, institution, direction, rrn, nbin, payment_id, lane, amount,
  to_char(transacted_on, 'YYYY-MM-DD') as transacted_on, to_char(settled_on, 'YYYY-MM-DD') as settled_on, cycle, raw,
  absent_cycles, duty, due_at, warned, judged, return_ref, outcome`

/** Open items of an institution with a duty, the most urgent first. */
export async function findOpenItems(
  db: Db | Tx,
  institution: string,
  duties: readonly Duty[],
  limit = 10_000,
): Promise<Item[]> {
  const rows = await db<ItemRow[]>`
    select ${columns(db)} from settlement_item
    where institution = ${institution} and duty = any(${[...duties]}::text[]) and done_at is null
    order by due_at nulls last, item_id limit ${limit}`
  return rows.map(itemOf)
}

/** The item of a payment, or of an RRN that the hub has no payment for. */
export async function findItem(
  db: Db | Tx,
  key: { readonly rrn: string; readonly direction: 'outward' | 'inward'; readonly institution: string },
): Promise<Item | undefined> {
  const [row] = await db<ItemRow[]>`
    select ${columns(db)} from settlement_item
    where rrn = ${key.rrn} and direction = ${key.direction} and institution = ${key.institution} limit 1`
  return row === undefined ? undefined : itemOf(row)
}

/** What NPCI's files have of a payment, where it is not simply paid and settled. */
export async function rawOf(
  db: Db | Tx,
  id: PaymentId,
): Promise<{ readonly raw: Item['raw']; readonly absentCycles: number } | undefined> {
  const [row] = await db<{ raw: Item['raw']; absent_cycles: number }[]>`
    select raw, absent_cycles from settlement_item where payment_id = ${paymentKey(id)}::uuid limit 1`
  return row && { raw: row.raw, absentCycles: row.absent_cycles }
}

/** Open items about which people have said what NPCI's file says. */
export async function findFoundItems(db: Db, institution: string, limit: number): Promise<Item[]> {
  const rows = await db<ItemRow[]>`
    select ${columns(db)} from settlement_item i
    where institution = ${institution} and done_at is null and exists (
      select from payment p where p.payment_id = i.payment_id and p.lane = i.lane
        and ((p.reason = 'found_unsettled' and i.raw in ('declined', 'absent')) or (p.reason = 'found_settled' and i.raw = '00')))
    order by item_id limit ${limit}`
  return rows.map(itemOf)
}

/**
 * Items that were absent and are so no more: the match of this cycle has them as paid and settled, and does not speak of them. One that
 * three cycles did not have is not spoken of either: that was acted on.
 * @param named  of this cycle
 */
export async function settleFound(
  db: Db | Tx,
  cycle: { readonly institution: string; readonly settlementDate: Day; readonly number: string },
  named: readonly { readonly rrn: string; readonly direction: string }[],
  now: number,
): Promise<void> {
  const keys = named.map(({ rrn, direction }) => `${direction} ${rrn}`)
  await db`
    update settlement_item set raw = '00', settled_on = ${cycle.settlementDate}::date, cycle = ${cycle.number}, duty = 'none',
      outcome = 'settled', done_at = ${toRfc3339(now)}::timestamptz, updated_at = ${toRfc3339(now)}::timestamptz
    where institution = ${cycle.institution} and raw = 'absent' and judged is null and done_at is null
      and (settled_on, lpad(cycle, 4, '0')) < (${cycle.settlementDate}::date, lpad(${cycle.number}, 4, '0'))
      and not (direction || ' ' || rrn = any(${keys}::text[]))`
}

/** The words for a break about it. */
export const about = ({ institution, direction, rrn, amountPaise }: Item) => ({
  institution,
  direction,
  rrn,
  amountPaise,
})
