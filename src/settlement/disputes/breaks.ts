import { toRfc3339 } from '../../base/clock.ts'
import { paymentKey } from '../../base/identifiers.ts'
import type { Tx } from '../../db/pool.ts'
import type { DisputeBreak } from './deps.ts'

/** Puts something about a dispute before people, once while it is open. In the hub's own transaction. */
export async function openDisputeBreak(tx: Tx, found: DisputeBreak, action: string, at: number): Promise<void> {
  const { type, tenantId, institution, payment, rrn, direction, amountPaise, deadline } = found
  const key = payment === null ? null : paymentKey(payment.id)
  await tx`
    insert into break (lane, payment_id, kind, detail, tenant_id, institution, direction, rrn, amount, action, due_at, opened_at)
    select ${payment?.lane ?? null}::smallint, ${key}::uuid, ${type}, ${found.action}, ${tenantId}::integer, ${institution}, ${direction},
           ${rrn}, ${amountPaise}::bigint, ${action}, ${deadline === null ? null : toRfc3339(deadline)}::timestamptz,
           ${toRfc3339(at)}::timestamptz
    where not exists (select from break b where b.kind = ${type} and b.detail = ${found.action} and b.rrn = ${rrn}
                      and b.payment_id is not distinct from ${key}::uuid and b.closed_at is null)
    on conflict (payment_id, kind, detail) where payment_id is not null do nothing`
}
