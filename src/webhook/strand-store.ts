import { toRfc3339 } from '../base/clock.ts'
import { type EventSubject, eventSubjectKey, eventSubjectOf } from '../base/identifiers.ts'
import { numbers, texts, words } from '../db/arrays.ts'
import type { Db, Tx } from '../db/pool.ts'
import { endpointIdOf, endpointKey } from './endpoint-store.ts'

/** What is left to tell one endpoint of one payment: numbers of steps, in order. Rows are locked in order of endpoint and payment. */
export type Strand = {
  readonly endpointId: string
  readonly subject: EventSubject
  readonly tenantId: number
  readonly sequences: readonly number[]
}

const inOrder = <T extends { readonly endpointId: string; readonly subject: string }>(rows: readonly T[]): T[] =>
  rows.toSorted((a, b) =>
    a.endpointId === b.endpointId ? (a.subject < b.subject ? -1 : 1) : a.endpointId < b.endpointId ? -1 : 1,
  )

/** Adds steps to be told. @param again  they are due at once, whatever was tried before; else they wait behind what is there */
export async function addToStrands(tx: Tx, strands: readonly Strand[], now: number, again = false): Promise<void> {
  if (strands.length === 0) return
  const rows = inOrder(strands)
  await tx`
    insert into webhook_strand as s (endpoint_id, payment_id, tenant_id, sequences, due_at)
    select endpoint_id, payment_id, tenant_id, string_to_array(sequences, ',')::integer[], ${toRfc3339(now)}::timestamptz
    from unnest(
      ${words(rows, (one) => endpointKey(one.endpointId))}::uuid[], ${words(rows, (one) => eventSubjectKey(one.subject))}::uuid[],
      ${numbers(rows, (one) => one.tenantId)}::integer[], ${texts(rows, (one) => one.sequences.join(','))}::text[])
      as t (endpoint_id, payment_id, tenant_id, sequences)
    on conflict (endpoint_id, payment_id) do update set
      sequences = array(select distinct n from unnest(s.sequences || excluded.sequences) n order by n),
      tries = case when ${again} then 0 else s.tries end,
      round = case when ${again} then s.round + 1 else s.round end,
      due_at = case when ${again} then excluded.due_at else s.due_at end`
}

/** One event on its way to one endpoint. `tries` were made before. */
export type Delivery = {
  readonly endpointId: string
  readonly subject: EventSubject
  readonly tenantId: number
  readonly sequence: number
  readonly tries: number
  readonly round: number
}

/**
 * Takes what is due, the first of each strand: of each endpoint no more than it has room for. Until `lease` is over nobody else takes them.
 * @param most  in all; the first in `wanted` come first
 * @param leaseMs  longer than a try can take
 */
export async function takeDue(
  db: Db,
  wanted: readonly { readonly endpointId: string; readonly room: number }[],
  most: number,
  now: number,
  leaseMs: number,
  holder: string,
): Promise<Delivery[]> {
  if (wanted.length === 0) return []
  const rows = await db<
    { endpoint_id: string; payment_id: string; tenant_id: number; sequence: number; tries: number; round: number }[]
  >`
    with due as materialized (
      select s.endpoint_id, s.payment_id
      from unnest(${words(wanted, (one) => endpointKey(one.endpointId))}::uuid[], ${numbers(wanted, (one) => one.room)}::integer[])
        as w (endpoint_id, room)
      cross join lateral (
        select endpoint_id, payment_id from webhook_strand
        where endpoint_id = w.endpoint_id and due_at <= ${toRfc3339(now)}::timestamptz
        order by due_at limit w.room for update skip locked) s
      limit ${most})
    update webhook_strand s set due_at = ${toRfc3339(now + leaseMs)}::timestamptz, taken_by = ${holder}
    from due where s.endpoint_id = due.endpoint_id and s.payment_id = due.payment_id and cardinality(s.sequences) > 0
    returning s.endpoint_id, s.payment_id, s.tenant_id, s.sequences[1] as sequence, s.tries, s.round`
  return rows.map((row) => ({
    endpointId: endpointIdOf(row.endpoint_id),
    subject: eventSubjectOf(row.payment_id),
    tenantId: row.tenant_id,
    sequence: row.sequence,
    tries: row.tries,
    round: row.round,
  }))
}

/** What a former life of this process had on its way is due at once. */
export const releaseTaken = (db: Db, holder: string, now: number): Promise<unknown> => db`
  update webhook_strand set due_at = ${toRfc3339(now)}::timestamptz, taken_by = null where taken_by = ${holder}`

/** What became of a try. `later` and `dead` count it; `postponed` was none. */
export type Settled = { readonly delivery: Delivery } & (
  | { readonly kind: 'told' }
  | { readonly kind: 'later' | 'postponed'; readonly dueAt: number }
  | { readonly kind: 'dead' }
)

/**
 * Writes what became of tries. What was told or given up leaves its strand, and the next step of that payment is due at once. A try that
 * ended after another process had taken over changes nothing that this one did.
 */
export async function settleStrands(tx: Tx, settled: readonly Settled[], now: number): Promise<void> {
  const at = toRfc3339(now)
  const rows = inOrder(settled.map((one) => ({ ...one, ...one.delivery })))
  const over = rows.filter((one) => one.kind === 'told' || one.kind === 'dead')
  const waiting = rows.flatMap((one) => (one.kind === 'later' || one.kind === 'postponed' ? [one] : []))
  const dead = rows.filter((one) => one.kind === 'dead')
  const endpoints = (of: typeof rows): string => words(of, (one) => endpointKey(one.endpointId))
  const payments = (of: typeof rows): string => words(of, (one) => eventSubjectKey(one.subject))
  const sequences = (of: typeof rows): string => numbers(of, (one) => one.sequence)
  const rounds = (of: typeof rows): string => numbers(of, (one) => one.round)
  if (rows.length > 0)
    await tx`
      select 1 from webhook_strand s
      where (s.endpoint_id, s.payment_id) in (select * from unnest(${endpoints(rows)}::uuid[], ${payments(rows)}::uuid[]))
      order by s.endpoint_id, s.payment_id for update`
  if (over.length > 0) {
    await tx`
      update webhook_strand s set sequences = array_remove(s.sequences, t.sequence), tries = 0, due_at = ${at}::timestamptz, taken_by = null
      from unnest(${endpoints(over)}::uuid[], ${payments(over)}::uuid[], ${sequences(over)}::integer[], ${rounds(over)}::integer[])
        as t (endpoint_id, payment_id, sequence, round)
      where s.endpoint_id = t.endpoint_id and s.payment_id = t.payment_id and s.sequences[1] = t.sequence and s.round = t.round`
    await tx`
      delete from webhook_strand s using unnest(${endpoints(over)}::uuid[], ${payments(over)}::uuid[]) as t (endpoint_id, payment_id)
      where s.endpoint_id = t.endpoint_id and s.payment_id = t.payment_id and cardinality(s.sequences) = 0`
    await tx`
      delete from webhook_dead_letter d
      using unnest(${endpoints(over)}::uuid[], ${payments(over)}::uuid[], ${sequences(over)}::integer[]) as t (endpoint_id, payment_id, sequence)
      where d.endpoint_id = t.endpoint_id and d.payment_id = t.payment_id and d.sequence = t.sequence`
  }
  if (waiting.length > 0)
    await tx`
      update webhook_strand s set tries = s.tries + t.counted, due_at = to_timestamp(t.due_at / 1000.0), taken_by = null
      from unnest(
        ${endpoints(waiting)}::uuid[], ${payments(waiting)}::uuid[], ${sequences(waiting)}::integer[],
        ${numbers(waiting, (one) => one.tries)}::smallint[], ${numbers(waiting, (one) => (one.kind === 'later' ? 1 : 0))}::smallint[],
        ${numbers(waiting, (one) => one.dueAt)}::bigint[], ${rounds(waiting)}::integer[])
        as t (endpoint_id, payment_id, sequence, tries, counted, due_at, round)
      where s.endpoint_id = t.endpoint_id and s.payment_id = t.payment_id and s.sequences[1] = t.sequence and s.tries = t.tries
        and s.round = t.round`
  if (dead.length > 0)
    await tx`
      insert into webhook_dead_letter (endpoint_id, payment_id, sequence, tenant_id, tries, given_up_at)
      select *, ${at}::timestamptz from unnest(
        ${endpoints(dead)}::uuid[], ${payments(dead)}::uuid[], ${sequences(dead)}::integer[],
        ${numbers(dead, (one) => one.tenantId)}::integer[], ${numbers(dead, (one) => one.tries + 1)}::smallint[])
      on conflict (endpoint_id, payment_id, sequence) do update set tries = excluded.tries, given_up_at = excluded.given_up_at`
}

/** What was given up, of one endpoint, newest first. Instants are epoch milliseconds. */
export type DeadLetter = {
  readonly subject: EventSubject
  readonly sequence: number
  readonly tries: number
  readonly givenUpAt: number
}

export async function listDeadLetters(
  tx: Tx,
  tenantId: number,
  endpointId: string,
  limit: number,
): Promise<DeadLetter[]> {
  const rows = await tx<{ payment_id: string; sequence: number; tries: number; given_up_at: number }[]>`
    select payment_id, sequence, tries, given_up_at from webhook_dead_letter
    where endpoint_id = ${endpointKey(endpointId)}::uuid and tenant_id = ${tenantId}
    order by given_up_at desc, payment_id, sequence limit ${limit}`
  return rows.map((row) => ({
    subject: eventSubjectOf(row.payment_id),
    sequence: row.sequence,
    tries: row.tries,
    givenUpAt: row.given_up_at,
  }))
}
