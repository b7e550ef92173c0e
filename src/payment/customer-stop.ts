import { toRfc3339 } from '../base/clock.ts'
import type { Tx } from '../db/pool.ts'

/** Who uses a customer's kill switch. */
export type Stopper = 'customer' | 'operations'

/** What stands at a customer's switch; undefined when a tenant has no such customer. */
async function lockSwitch(
  tx: Tx,
  tenantId: number,
  publicId: string,
): Promise<{ readonly stoppedBy: Stopper | null } | undefined> {
  const [row] = await tx<{ stopped_by: Stopper | null }[]>`
    select stopped_by from customer where public_id = ${publicId.slice(4)}::uuid and tenant_id = ${tenantId} for no key update`
  return row && { stoppedBy: row.stopped_by }
}

/**
 * The kill switch of a customer: nothing leaves its accounts from the commit on. What operations stopped stays stopped when the customer
 * asks for the same.
 * @param by  null: payments go again
 */
export async function setCustomerStopped(
  tx: Tx,
  tenantId: number,
  publicId: string,
  by: Stopper | null,
  now: number,
): Promise<'done' | 'already' | 'unknown'> {
  const found = await lockSwitch(tx, tenantId, publicId)
  if (found === undefined) return 'unknown'
  if (found.stoppedBy === by || (found.stoppedBy === 'operations' && by === 'customer')) return 'already'
  await tx`
    update customer set stopped_by = ${by},
      stopped_at = case when ${by}::text is null then null else coalesce(stopped_at, ${toRfc3339(now)}::timestamptz) end
    where public_id = ${publicId.slice(4)}::uuid and tenant_id = ${tenantId}`
  return 'done'
}
