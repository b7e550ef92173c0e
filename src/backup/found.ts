import type { Act } from '../audit/acts.ts'
import { writeActs } from '../audit/acts.ts'
import { toRfc3339 } from '../base/clock.ts'
import { type PaymentId, paymentIdOf, paymentKey, type Rrn } from '../base/identifiers.ts'
import type { Db } from '../db/pool.ts'
import { inTransaction } from '../db/transaction.ts'

/** A payment that was held when the backup was taken, and that nobody has looked into yet. */
export type Barred = {
  readonly id: PaymentId
  readonly tenantId: number
  readonly institution: string
  readonly amountPaise: bigint
  /** Epoch milliseconds. */
  readonly createdAt: number
}

/** Oldest first, up to `limit`. */
export async function findBarred(db: Db, limit: number): Promise<Barred[]> {
  const rows = await db<
    { payment_id: string; tenant_id: number; institution: string; amount: bigint; created_at: number }[]
  >`
    select p.payment_id, p.tenant_id, p.institution, p.amount, p.created_at from hold h
    join payment p on p.payment_id = h.payment_id and p.lane = h.lane
    where h.awaiting = 'lag' and h.due_at is null and p.state = 'held' and p.reason like 'awaiting\\_restored%'
    order by h.payment_id limit ${limit}`
  return rows.map((row) => ({
    id: paymentIdOf(row.payment_id),
    tenantId: row.tenant_id,
    institution: row.institution,
    amountPaise: row.amount,
    createdAt: row.created_at,
  }))
}

/**
 * Writes down what people found out about a payment that was held when the backup was taken. The hub moves it by door 2 at its next
 * sweep: with the RRN under which it had left it becomes unconfirmed and is asked about; else it goes on waiting for what it waited for.
 *
 * @param rrn  under which NPCI has it; null: it never left
 * @returns false when no such payment waits for this
 * @throws when the RRN is another payment's
 */
export function tellFound(
  db: Db,
  id: PaymentId,
  rrn: Rrn | null,
  by: { readonly at: number; readonly operator: string },
): Promise<boolean> {
  return inTransaction(db, async (tx) => {
    const at = toRfc3339(by.at)
    const [row] = await tx<{ tenant_id: number }[]>`
      with found as (
        update hold h set due_at = ${at}::timestamptz from payment p
        where h.payment_id = ${paymentKey(id)}::uuid and p.payment_id = h.payment_id and p.lane = h.lane
          and h.awaiting = 'lag' and h.due_at is null and p.state = 'held' and p.reason like 'awaiting\\_restored%'
        returning h.payment_id, h.lane)
      update payment p set rrn = ${rrn} from found
      where p.payment_id = found.payment_id and p.lane = found.lane returning p.tenant_id`
    if (row === undefined) return false
    const act: Act = {
      tenantId: row.tenant_id,
      at: by.at,
      actor: { kind: 'operator', id: by.operator },
      action: rrn === null ? 'payment.found_unsent' : 'payment.found_sent',
      subject: id,
      outcome: 'done',
      detail: rrn === null ? {} : { rrn },
      requestId: null,
      address: null,
    }
    await writeActs(tx, [act])
    return true
  })
}
