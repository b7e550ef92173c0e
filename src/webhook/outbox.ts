import { type EventSubject, eventSubjectOf } from '../base/identifiers.ts'
import { numbers } from '../db/arrays.ts'
import type { Db, Tx } from '../db/pool.ts'
import { type EventType, type OutboxRow, typeOfRow } from './catalogue.ts'

/** One public event: a step of a payment that changed its public status, or what became of something else. Instants are epoch milliseconds. */
export type PublicEvent = {
  readonly tenantId: number
  readonly subject: EventSubject
  /** The id that the API calls it by. */
  readonly about: string
  readonly sequence: number
  readonly type: EventType
  readonly at: number
  /** By the database's clock, when the row was written. */
  readonly writtenAt: number
}

/** What was found, and the snapshot up to which everything has been taken with it. */
export type Taken = { readonly events: readonly PublicEvent[]; readonly seen: string; readonly isAll: boolean }

/** Whose steps are taken. What was written before `since`, epoch milliseconds, is old, whatever its number says: it is passed over. */
export type Reach = { readonly tenantId: number; readonly since: number }

/** Steps of one tenant that are taken at once. */
export const MAX_STEPS = 1_000

/** A snapshot of PostgreSQL as text: `xmin:xmax:running,running`. All below `xmax` have ended but those that run. */
type Snapshot = { readonly xmax: bigint; readonly running: readonly bigint[] }

export function parseSnapshot(text: string): Snapshot {
  const [, xmax = '0', running = ''] = text.split(':')
  return { xmax: BigInt(xmax), running: running === '' ? [] : running.split(',').map(BigInt) }
}

/** As far as transaction `last`, which is the last that `snapshot` is good for. */
export function cutSnapshot({ running }: Snapshot, last: bigint): string {
  const xmax = last + 1n
  const before = running.filter((one) => one < xmax)
  return `${before[0] ?? xmax}:${xmax}:${before.join(',')}`
}

type Row = OutboxRow & {
  tenant_id: number
  subject: string
  /** Null: of a payment or a link, whose subject is its id. */
  about: string | null
  sequence: number
  at: number
  written_at: number
  written_by: string
}

/**
 * Takes what is visible in `now` and was not in `seen`, in the order in which transactions began: no step is skipped, whatever the
 * order in which they end. At most `most` of a tenant; then `seen` of the answer is between the two.
 * @param now  a snapshot of a statement of the same transaction, before this one
 */
export async function takeSteps(
  tx: Db | Tx,
  seen: string,
  now: string,
  reaches: readonly Reach[],
  most = MAX_STEPS,
): Promise<Taken> {
  if (reaches.length === 0) return { events: [], seen: now, isAll: true }
  const isNew = (until: bigint) => tx`
    o.written_by >= pg_snapshot_xmin(${seen}::pg_snapshot) and o.written_by < ${String(until)}::xid8
    and not pg_visible_in_snapshot(o.written_by, ${seen}::pg_snapshot)
    and pg_visible_in_snapshot(o.written_by, ${now}::pg_snapshot)
    and o.written_at >= t.since`
  const read = (limit: number, until: bigint): Promise<Row[]> => tx<Row[]>`
    select e.tenant_id, e.subject, e.about, e.sequence, e.told, e.state, e.reason, e.at, e.written_at, e.written_by::text as written_by,
           b.state as before_state, b.reason as before_reason
    from (
      select tenant_id, to_timestamp(since / 1000.0) as since
      from unnest(${numbers(reaches, ({ tenantId }) => tenantId)}::integer[], ${numbers(reaches, ({ since }) => since)}::bigint[]) as r (tenant_id, since)
    ) t
    cross join lateral (
      (select o.tenant_id, o.payment_id as subject, null as about, o.sequence, null as told, o.state, o.reason, o.at, o.written_at, o.written_by from event o
       where o.tenant_id = t.tenant_id and ${isNew(until)} order by o.written_by limit ${limit})
      union all
      (select o.tenant_id, o.link_id, null, o.sequence, 'payment_link.' || o.type, null, null, o.at, o.written_at, o.written_by from payment_link_event o
       where o.tenant_id = t.tenant_id and ${isNew(until)} order by o.written_by limit ${limit})
      union all
      (select o.tenant_id, o.subject_id, o.about, o.sequence, o.type, null, null, o.at, o.written_at, o.written_by from settlement_event o
       where o.tenant_id = t.tenant_id and ${isNew(until)} order by o.written_by limit ${limit})
      order by written_by limit ${limit}) e
    left join event b on e.told is null and b.payment_id = e.subject and b.sequence = e.sequence - 1
    order by e.written_by, e.subject, e.sequence`
  const snapshot = parseSnapshot(now)
  const rows = await read(most, snapshot.xmax)
  // A tenant whose steps are more than that is whole up to the transaction before its last one; so are then all.
  const full = fullTenants(rows, most)
  if (full.length === 0) return { events: eventsOf(rows), seen: now, isAll: true }
  const last = full.reduce((least, one) => (one < least ? one : least)) - 1n
  const whole = rows.filter((row) => BigInt(row.written_by) <= last)
  if (whole.length > 0) return { events: eventsOf(whole), seen: cutSnapshot(snapshot, last), isAll: false }
  // One transaction wrote more than that: all of it is taken, however much it is.
  const all = await read(1_000_000, last + 2n)
  return { events: eventsOf(all), seen: cutSnapshot(snapshot, last + 1n), isAll: false }
}

/** The last transaction of each tenant that has as many rows as are taken at once. */
function fullTenants(rows: readonly Row[], most: number): bigint[] {
  const counts = new Map<number, number>()
  for (const { tenant_id } of rows) counts.set(tenant_id, (counts.get(tenant_id) ?? 0) + 1)
  return [...counts].flatMap(([tenant, count]) => {
    if (count < most) return []
    const last = rows.findLast((row) => row.tenant_id === tenant)
    return last === undefined ? [] : [BigInt(last.written_by)]
  })
}

const eventsOf = (rows: readonly Row[]): PublicEvent[] =>
  rows.flatMap((row) => {
    const type = typeOfRow(row)
    if (type === undefined) return []
    const subject = eventSubjectOf(row.subject)
    const { tenant_id: tenantId, sequence, at, written_at: writtenAt } = row
    return [{ tenantId, subject, about: row.about ?? subject, sequence, type, at, writtenAt }]
  })
