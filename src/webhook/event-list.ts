import { type PaymentId, paymentIdOf, paymentKey } from '../base/identifiers.ts'
import type { Tx } from '../db/pool.ts'
import type { StateKind } from '../payment/payment.ts'
import { type EventType, typeOfStep } from './catalogue.ts'

/** Where a reader of events is: behind this step. `writer` is a transaction's number in decimal. */
export type Place = { readonly writer: string; readonly paymentId: PaymentId; readonly sequence: number }

export type ListedEvent = {
  readonly paymentId: PaymentId
  readonly sequence: number
  readonly type: EventType
  readonly at: number
}

/** @property place  behind the last step that was looked at; undefined: there is none, and none was given */
export type EventPage = {
  readonly events: readonly ListedEvent[]
  readonly place: Place | undefined
  readonly hasMore: boolean
}

/** Steps that are looked at for one page. */
const MAX_LOOKED = 1_000

/**
 * The events of a tenant in the order in which their transactions began, as far as all of those have ended: who goes on from `place`
 * misses none. Asked by the tenant itself, whose sight the transaction has.
 */
export async function listEvents(
  tx: Tx,
  tenantId: number,
  filters: { readonly type?: EventType | undefined; readonly payment?: PaymentId | undefined },
  after: Place | undefined,
  limit: number,
): Promise<EventPage> {
  const rows = await tx<
    {
      payment_id: string
      sequence: number
      state: StateKind
      reason: string | null
      at: number
      writer: string
      before_state: StateKind | null
      before_reason: string | null
    }[]
  >`
    select e.payment_id, e.sequence, e.state, e.reason, e.at, e.written_by::text as writer,
           b.state as before_state, b.reason as before_reason
    from (
      select * from event
      where tenant_id = ${tenantId} and written_by < pg_snapshot_xmin(pg_current_snapshot())
        ${after === undefined ? tx`and written_by is not null` : tx`and written_by >= ${after.writer}::xid8 and (written_by, payment_id, sequence) > (${after.writer}::xid8, ${paymentKey(after.paymentId)}::uuid, ${after.sequence}::integer)`}
        ${filters.payment === undefined ? tx`` : tx`and payment_id = ${paymentKey(filters.payment)}::uuid`}
      order by written_by, payment_id, sequence limit ${MAX_LOOKED}) e
    left join event b on b.payment_id = e.payment_id and b.sequence = e.sequence - 1
    order by e.written_by, e.payment_id, e.sequence`
  const events: ListedEvent[] = []
  let place = after
  let looked = 0
  for (const row of rows) {
    if (events.length === limit) break
    looked += 1
    const paymentId = paymentIdOf(row.payment_id)
    place = { writer: row.writer, paymentId, sequence: row.sequence }
    const before = row.before_state === null ? undefined : { state: row.before_state, reason: row.before_reason }
    const type = typeOfStep(before, row)
    if (type === undefined || (filters.type !== undefined && filters.type !== type)) continue
    events.push({ paymentId, sequence: row.sequence, type, at: row.at })
  }
  return { events, place, hasMore: looked < rows.length || rows.length === MAX_LOOKED }
}
