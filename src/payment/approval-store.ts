import { toRfc3339 } from '../base/clock.ts'
import {
  type EnquiryId,
  enquiryIdOf,
  enquiryKey,
  type Lane,
  type PaymentId,
  paymentIdOf,
  paymentKey,
} from '../base/identifiers.ts'
import { numbers, words } from '../db/arrays.ts'
import type { Db, Tx } from '../db/pool.ts'
import { findPayments } from './store.ts'
import type { StoredPayment } from './stored.ts'

/** How a wait for approval ended. `cancelled` is the payer's own word, `lapsed` nobody's. */
export type Decision = 'approved' | 'rejected' | 'cancelled' | 'lapsed'

/** What a person is asked to decide about one payment. Instants are epoch milliseconds. */
export type Approval = {
  readonly paymentId: PaymentId
  readonly enquiryId: EnquiryId
  readonly expiresAt: number
  readonly decision: Decision | null
  readonly decidedAt: number | null
}

export type NewApproval = {
  readonly paymentId: PaymentId
  readonly lane: Lane
  readonly tenantId: number
  readonly enquiryId: EnquiryId
}

/** Writes what must be approved and bars its holds from the rail. For door 1, behind `insertHolds`. One statement. */
export function insertApprovals(tx: Tx, rows: readonly NewApproval[], expiresAt: number): Promise<unknown> {
  const at = toRfc3339(expiresAt)
  const ids = words(rows, (row) => paymentKey(row.paymentId))
  return tx`
    with barred as (
      update hold set awaiting = 'approval', due_at = ${at}::timestamptz where payment_id = any(${ids}::uuid[]))
    insert into approval (lane, payment_id, tenant_id, enquiry_id, expires_at)
    select *, ${at}::timestamptz from unnest(
      ${numbers(rows, (row) => row.lane)}::smallint[], ${ids}::uuid[],
      ${numbers(rows, (row) => row.tenantId)}::integer[], ${words(rows, (row) => enquiryKey(row.enquiryId))}::uuid[])`.execute()
}

/** Lets holds go on to the rail, where they wait for a link as any other does. For door 2. */
export const writeReleased = (tx: Tx, ids: readonly PaymentId[], heldUntil: number): Promise<unknown> =>
  tx`
    update hold set awaiting = null, due_at = ${toRfc3339(heldUntil)}::timestamptz
    where payment_id = any(${words(ids, paymentKey)}::uuid[])`.execute()

/** Writes how waits ended, in the commit of the step. For door 2, which holds the payments locked. */
export const writeDecisions = (
  tx: Tx,
  rows: readonly { readonly payment: StoredPayment; readonly decision: Decision }[],
  at: number,
): Promise<unknown> =>
  tx`
    update approval a set decision = s.decision, decided_at = ${toRfc3339(at)}::timestamptz
    from unnest(${words(rows, (row) => paymentKey(row.payment.id))}::uuid[], ${words(rows, (row) => row.decision)}::text[])
      as s (payment_id, decision)
    where a.payment_id = s.payment_id and a.decision is null`.execute()

type ApprovalRow = {
  payment_id: string
  enquiry_id: string
  expires_at: number
  decision: Decision | null
  decided_at: number | null
}

const approvalOf = (row: ApprovalRow): Approval => ({
  paymentId: paymentIdOf(row.payment_id),
  enquiryId: enquiryIdOf(row.enquiry_id),
  expiresAt: row.expires_at,
  decision: row.decision,
  decidedAt: row.decided_at,
})

/** What was asked about one payment of a tenant; undefined when it never needed approval. */
export async function findApproval(db: Db, tenantId: number, id: PaymentId): Promise<Approval | undefined> {
  const [row] = await db<ApprovalRow[]>`
    select * from approval where payment_id = ${paymentKey(id)} and tenant_id = ${tenantId}`
  return row && approvalOf(row)
}

const ABOVE_ALL = 'ffffffffffffffffffffffffffffffff'

/**
 * A tenant's approvals, newest payment first.
 * @param open    true: only those that wait; the index of the open ones keeps that cheap however many were decided
 * @param before  the last payment of the page before
 */
export async function listApprovals(
  db: Db | Tx,
  tenantId: number,
  open: boolean,
  before: PaymentId | undefined,
  limit: number,
): Promise<Approval[]> {
  const below = before === undefined ? ABOVE_ALL : paymentKey(before)
  const rows = await db<ApprovalRow[]>`
    select * from approval
    where tenant_id = ${tenantId} and payment_id < ${below}::uuid ${open ? db`and decision is null` : db``}
    order by tenant_id, payment_id desc limit ${limit}`
  return rows.map(approvalOf)
}

/** Payments whose wait for approval was over at `now`, oldest wait first. By the index of all that is due: one of its own would cost every payment. */
export async function findLapsed(db: Db, now: number, limit: number): Promise<StoredPayment[]> {
  const rows = await db<{ payment_id: string }[]>`
    select payment_id from hold where awaiting is not null and due_at <= ${toRfc3339(now)}::timestamptz
    order by due_at, payment_id limit ${limit}`
  return findPayments(
    db,
    rows.map((row) => paymentIdOf(row.payment_id)),
  )
}
