import { type EventSubject, eventSubjectKey, eventSubjectOf, type PaymentId } from '../base/identifiers.ts'
import type { Tx } from '../db/pool.ts'
import type { StateKind } from '../payment/payment.ts'
import type { LinkEventType } from '../payment-link/link.ts'
import { type EventType, linkEvent, typeOfStep } from './catalogue.ts'

/** Where a reader of events is: behind this step. `writer` is a transaction's number in decimal. */
export type Place = { readonly writer: string; readonly subject: EventSubject; readonly sequence: number }

export type ListedEvent = {
  readonly subject: EventSubject
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
 * misses none. Of a payment that came in for a link, what it did to the link is among its events. Asked by the tenant itself, whose sight the transaction has.
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
      subject: string
      sequence: number
      told: LinkEventType | null
      state: StateKind
      reason: string | null
      at: number
      writer: string
      before_state: StateKind | null
      before_reason: string | null
    }[]
  >`
    select e.subject, e.sequence, e.told, e.state, e.reason, e.at, e.written_by::text as writer,
           b.state as before_state, b.reason as before_reason
    from (
      (select payment_id as subject, sequence, null as told, state, reason, at, written_by from event
       where tenant_id = ${tenantId} and written_by < pg_snapshot_xmin(pg_current_snapshot())
         ${after === undefined ? tx`and written_by is not null` : tx`and written_by >= ${after.writer}::xid8 and (written_by, payment_id, sequence) > (${after.writer}::xid8, ${eventSubjectKey(after.subject)}::uuid, ${after.sequence}::integer)`}
         ${filters.payment === undefined ? tx`` : tx`and payment_id = ${eventSubjectKey(filters.payment)}::uuid`}
       order by written_by, payment_id, sequence limit ${MAX_LOOKED})
      union all
      (select link_id, sequence, type, null, null, at, written_by from payment_link_event
       where tenant_id = ${tenantId} and written_by < pg_snapshot_xmin(pg_current_snapshot())
         ${filters.payment === undefined ? tx`` : tx`and payment_id = ${eventSubjectKey(filters.payment)}::uuid and link_id = (select link_id from payment_link_credit where payment_id = ${eventSubjectKey(filters.payment)}::uuid)`}
         ${after === undefined ? tx`` : tx`and written_by >= ${after.writer}::xid8 and (written_by, link_id, sequence) > (${after.writer}::xid8, ${eventSubjectKey(after.subject)}::uuid, ${after.sequence}::integer)`}
       order by written_by, link_id, sequence limit ${MAX_LOOKED})
      order by written_by, subject, sequence limit ${MAX_LOOKED}) e
    left join event b on e.told is null and b.payment_id = e.subject and b.sequence = e.sequence - 1
    order by e.written_by, e.subject, e.sequence`
  const events: ListedEvent[] = []
  let place = after
  let looked = 0
  for (const row of rows) {
    if (events.length === limit) break
    looked += 1
    const subject = eventSubjectOf(row.subject)
    place = { writer: row.writer, subject, sequence: row.sequence }
    const before = row.before_state === null ? undefined : { state: row.before_state, reason: row.before_reason }
    const type = row.told === null ? typeOfStep(before, row) : linkEvent(row.told)
    if (type === undefined || (filters.type !== undefined && filters.type !== type)) continue
    events.push({ subject, sequence: row.sequence, type, at: row.at })
  }
  return { events, place, hasMore: looked < rows.length || rows.length === MAX_LOOKED }
}
