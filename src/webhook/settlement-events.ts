import { toRfc3339 } from '../base/clock.ts'
import {
  type EventSubject,
  eventSubjectKey,
  eventSubjectOf,
  parseSettlementSubjectId,
  paymentIdOf,
} from '../base/identifiers.ts'
import { numbers, words } from '../db/arrays.ts'
import type { Db, Tx } from '../db/pool.ts'

/**
 * What becomes of disputes, breaks, compensation, cycles and files. The tables write these events themselves (migration 0034), in the commit
 * that makes them true, with the thing as it stood then.
 */
export const settlementEventTypes = {
  'dispute.opened': 'A dispute has begun: we asked for it, or NPCI reported one of the other bank.',
  'dispute.updated': 'It has moved: a representment, an arbitration. `reason` is the last flag and its reason code.',
  'dispute.due_soon': 'The time to answer it is nearly over: `dueAt`. What is not answered is taken as accepted.',
  'dispute.closed': 'It is decided, withdrawn or dropped: `state`.',
  'break.opened':
    'Two sources do not agree: `reason` is the type of the break, B01 to B30. Also when one that was resolved is open again.',
  'break.resolved': 'The break is explained or put right.',
  'break.withdrawn': 'The run that found it was taken back, and the break with it.',
  'compensation.due': 'Money was late by `amount` at 100 rupees a day, and is not paid yet.',
  'compensation.paid': 'The compensation is paid.',
  'settlement_cycle.settled': 'The money of a cycle is in the books. The id is its institution, date and number.',
  'settlement_file.accepted': 'A file of NPCI or of the bank was taken in.',
  'settlement_file.refused':
    'A file was not taken in: `reason`. Where it is wrong says `GET /v1/settlement-files/{id}`.',
  'upload_file.waiting': 'A file for NPCI is made, and waits for people to let it go.',
  'upload_file.released': 'People have let it go.',
  'upload_file.sent': 'It was handed over to NPCI.',
  'upload_file.accepted': 'NPCI has taken it.',
  'upload_file.refused': 'NPCI has not taken it.',
  'upload_file.withdrawn': 'It was taken back before it left.',
} as const
export type SettlementEventType = keyof typeof settlementEventTypes
export const settlementEventNames = [
  'dispute.opened',
  'dispute.updated',
  'dispute.due_soon',
  'dispute.closed',
  'break.opened',
  'break.resolved',
  'break.withdrawn',
  'compensation.due',
  'compensation.paid',
  'settlement_cycle.settled',
  'settlement_file.accepted',
  'settlement_file.refused',
  'upload_file.waiting',
  'upload_file.released',
  'upload_file.sent',
  'upload_file.accepted',
  'upload_file.refused',
  'upload_file.withdrawn',
] as const satisfies readonly SettlementEventType[]

/** One of them, as it is told. Amounts are paise; an instant is RFC 3339, `at` epoch milliseconds. */
export type SettlementEvent = {
  readonly subject: EventSubject
  readonly sequence: number
  readonly tenantId: number
  readonly type: string
  readonly at: number
  readonly data: {
    readonly id: string
    readonly state: string
    readonly institution: string | null
    readonly cycle: string | null
    readonly payment: string | null
    readonly rrn: string | null
    readonly direction: 'outward' | 'inward' | null
    readonly amount: string | null
    readonly reason: string | null
    readonly dueAt: string | null
  }
}

/** Those of `refs` that are events of settlement, of whichever tenant the caller may see. */
export async function findSettlementEvents(
  db: Db | Tx,
  refs: readonly { readonly subject: EventSubject; readonly sequence: number }[],
): Promise<readonly SettlementEvent[]> {
  const wanted = refs.filter(({ subject }) => parseSettlementSubjectId(subject) !== undefined)
  if (wanted.length === 0) return []
  const rows = await db<
    {
      subject_id: string
      sequence: number
      tenant_id: number
      type: string
      about: string
      state: string
      institution: string | null
      cycle: string | null
      payment_id: string | null
      rrn: string | null
      direction: 'outward' | 'inward' | null
      amount: bigint | null
      reason: string | null
      due_at: number | null
      at: number
    }[]
  >`
    select e.subject_id, e.sequence, e.tenant_id, e.type, e.about, e.state, e.institution, e.cycle, e.payment_id, e.rrn, e.direction,
           e.amount, e.reason, e.due_at, e.at
    from unnest(${words(wanted, ({ subject }) => eventSubjectKey(subject))}::uuid[], ${numbers(wanted, ({ sequence }) => sequence)}::integer[])
      as r (subject_id, sequence)
    join settlement_event e on e.subject_id = r.subject_id and e.sequence = r.sequence`
  return rows.map((row) => ({
    subject: eventSubjectOf(row.subject_id),
    sequence: row.sequence,
    tenantId: row.tenant_id,
    type: row.type,
    at: row.at,
    data: {
      id: row.about,
      state: row.state,
      institution: row.institution,
      cycle: row.cycle,
      payment: row.payment_id === null ? null : paymentIdOf(row.payment_id),
      rrn: row.rrn,
      direction: row.direction,
      amount: row.amount === null ? null : String(row.amount),
      reason: row.reason,
      dueAt: row.due_at === null ? null : toRfc3339(row.due_at),
    },
  }))
}
