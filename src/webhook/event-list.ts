import { type EventSubject, eventSubjectKey, eventSubjectOf, type PaymentId } from '../base/identifiers.ts'
import type { Tx } from '../db/pool.ts'
import { type EventType, type OutboxRow, typeOfRow } from './catalogue.ts'

/**
 * Where a reader of events is: behind this step. `writer` is a transaction's number in decimal, of the counting that `epoch` names: 0, or when a
 * backup was restored, epoch milliseconds.
 */
export type Place = {
  readonly epoch: number
  readonly writer: string
  readonly subject: EventSubject
  readonly sequence: number
}

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
 * misses none. Among those of a payment is what it did to its link, and what settlement found out about it. Asked by the tenant itself, whose
 * sight the transaction has.
 */
export async function listEvents(
  tx: Tx,
  tenantId: number,
  filters: {
    readonly type?: EventType | undefined
    readonly payment?: PaymentId | undefined
    /** Whether those of settlement are shown. */
    readonly settlement: boolean
  },
  asked: Place | undefined,
  limit: number,
): Promise<EventPage> {
  const [now] = await tx<{ epoch: number; begun_by: string }[]>`
    select epoch::float8 as epoch, begun_by::text as begun_by from event_epoch`
  if (now === undefined) throw new Error('the outbox has no epoch')
  const after = asked === undefined || asked.epoch === now.epoch ? asked : await placeAfterRestore(tx, asked, now)
  const rows = await tx<(OutboxRow & { subject: string; sequence: number; at: number; writer: string })[]>`
    select e.subject, e.sequence, e.told, e.state, e.reason, e.at, e.written_by::text as writer,
           b.state as before_state, b.reason as before_reason
    from (
      (select payment_id as subject, sequence, null as told, state, reason, at, written_by from event
       where tenant_id = ${tenantId} and written_by < pg_snapshot_xmin(pg_current_snapshot())
         ${after === undefined ? tx`and written_by is not null` : tx`and written_by >= ${after.writer}::xid8 and (written_by, payment_id, sequence) > (${after.writer}::xid8, ${eventSubjectKey(after.subject)}::uuid, ${after.sequence}::integer)`}
         ${filters.payment === undefined ? tx`` : tx`and payment_id = ${eventSubjectKey(filters.payment)}::uuid`}
       order by written_by, payment_id, sequence limit ${MAX_LOOKED})
      union all
      (select link_id, sequence, 'payment_link.' || type, null, null, at, written_by from payment_link_event
       where tenant_id = ${tenantId} and written_by < pg_snapshot_xmin(pg_current_snapshot())
         ${filters.payment === undefined ? tx`` : tx`and payment_id = ${eventSubjectKey(filters.payment)}::uuid and link_id = (select link_id from payment_link_credit where payment_id = ${eventSubjectKey(filters.payment)}::uuid)`}
         ${after === undefined ? tx`` : tx`and written_by >= ${after.writer}::xid8 and (written_by, link_id, sequence) > (${after.writer}::xid8, ${eventSubjectKey(after.subject)}::uuid, ${after.sequence}::integer)`}
       order by written_by, link_id, sequence limit ${MAX_LOOKED})
      union all
      (select subject_id, sequence, type, null, null, at, written_by from settlement_event
       where tenant_id = ${tenantId} and ${filters.settlement} and written_by < pg_snapshot_xmin(pg_current_snapshot())
         ${filters.payment === undefined ? tx`` : tx`and payment_id = ${eventSubjectKey(filters.payment)}::uuid`}
         ${after === undefined ? tx`` : tx`and written_by >= ${after.writer}::xid8 and (written_by, subject_id, sequence) > (${after.writer}::xid8, ${eventSubjectKey(after.subject)}::uuid, ${after.sequence}::integer)`}
       order by written_by, subject_id, sequence limit ${MAX_LOOKED})
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
    place = { epoch: now.epoch, writer: row.writer, subject, sequence: row.sequence }
    const type = typeOfRow(row)
    if (type === undefined || (filters.type !== undefined && filters.type !== type)) continue
    events.push({ subject, sequence: row.sequence, type, at: row.at })
  }
  return { events, place, hasMore: looked < rows.length || rows.length === MAX_LOOKED }
}

/** What comes before every subject. */
const FIRST = eventSubjectOf('0'.repeat(32))

/**
 * Where a reader goes on whose place is of a database that was lost: at the step it was behind, if that was restored, and with what its transaction
 * and those beside it wrote once more; else with what was written after the restore.
 */
async function placeAfterRestore(tx: Tx, asked: Place, now: { epoch: number; begun_by: string }): Promise<Place> {
  const key = eventSubjectKey(asked.subject)
  const [step] = await tx<{ writer: string | null }[]>`
    select written_by::text as writer from event where payment_id = ${key}::uuid and sequence = ${asked.sequence}
    union all
    select written_by::text from payment_link_event where link_id = ${key}::uuid and sequence = ${asked.sequence}
    union all
    select written_by::text from settlement_event where subject_id = ${key}::uuid and sequence = ${asked.sequence}`
  const writer = step === undefined ? now.begun_by : (step.writer ?? '3')
  return { epoch: now.epoch, writer, subject: FIRST, sequence: 0 }
}
