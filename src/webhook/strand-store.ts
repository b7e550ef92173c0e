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

/** Events of one payment on their way to one endpoint, in order. `tries` were made of the first of them before. */
export type Delivery = {
  readonly endpointId: string
  readonly subject: EventSubject
  readonly tenantId: number
  readonly sequences: readonly number[]
  readonly tries: number
  readonly round: number
  /** Until then nobody else takes them: epoch milliseconds. */
  readonly until: number
}

/** Events of one payment that are taken at once. */
const MOST_OF_ONE = 4

/**
 * Takes what is due, the first of each strand: of each endpoint no more strands than it has room for. Until `lease` is over nobody else takes them.
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
  const until = now + leaseMs
  const rows = await db<
    { endpoint_id: string; payment_id: string; tenant_id: number; sequences: number[]; tries: number; round: number }[]
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
    update webhook_strand s set due_at = ${toRfc3339(until)}::timestamptz, taken_by = ${holder}
    from due where s.endpoint_id = due.endpoint_id and s.payment_id = due.payment_id and cardinality(s.sequences) > 0
    returning s.endpoint_id, s.payment_id, s.tenant_id, s.sequences[:${MOST_OF_ONE}] as sequences, s.tries, s.round`
  return rows.map((row) => ({
    endpointId: endpointIdOf(row.endpoint_id),
    subject: eventSubjectOf(row.payment_id),
    tenantId: row.tenant_id,
    sequences: row.sequences,
    tries: row.tries,
    round: row.round,
    until,
  }))
}

/** What a former life of this process had on its way is due at once. */
export const releaseTaken = (db: Db, holder: string, now: number): Promise<unknown> => db`
  update webhook_strand set due_at = ${toRfc3339(now)}::timestamptz, taken_by = null where taken_by = ${holder}`

/**
 * What became of a delivery: so many of its events were `told`, and the one after them failed and comes again `later`, was given up, or was
 * not tried (`postponed`). Without `next` the rest is due at once.
 */
export type Settled = {
  readonly delivery: Delivery
  readonly told: number
  readonly next?: { readonly kind: 'later' | 'postponed'; readonly dueAt: number } | { readonly kind: 'dead' }
}

/**
 * Writes what became of deliveries. What was told or given up leaves its strand, and the next step of that payment is due. A try that
 * ended after another process had taken over changes nothing that this one did.
 */
export async function settleStrands(tx: Tx, settled: readonly Settled[], now: number): Promise<void> {
  if (settled.length === 0) return
  const rows = inOrder(settled.map((one) => ({ ...one, ...one.delivery })))
  const over = (one: Settled): readonly number[] =>
    one.delivery.sequences.slice(0, one.told + (one.next?.kind === 'dead' ? 1 : 0))
  const endpoints = words(rows, (one) => endpointKey(one.endpointId))
  const payments = words(rows, (one) => eventSubjectKey(one.subject))
  const told = rows.flatMap((one) => one.sequences.slice(0, one.told).map((sequence) => ({ ...one, sequence })))
  const dead = rows.filter(({ next }) => next?.kind === 'dead')
  await tx`
    select 1 from webhook_strand s
    where (s.endpoint_id, s.payment_id) in (select * from unnest(${endpoints}::uuid[], ${payments}::uuid[]))
    order by s.endpoint_id, s.payment_id for update`
  // A strand that has nothing left goes; of another what is over leaves it, and what was tried is counted.
  await tx`
    with t as materialized (
      select endpoint_id, payment_id, string_to_array(gone, ',')::integer[] as gone, first, tries, counted, due_at, round
      from unnest(
        ${endpoints}::uuid[], ${payments}::uuid[], ${texts(rows, (one) => over(one).join(','))}::text[],
        ${numbers(rows, (one) => one.sequences[0] ?? 0)}::integer[], ${numbers(rows, (one) => one.tries)}::smallint[],
        ${numbers(rows, ({ next }) => (next?.kind === 'later' ? 1 : 0))}::smallint[],
        ${numbers(rows, ({ next }) => (next === undefined || next.kind === 'dead' ? now : next.dueAt))}::bigint[],
        ${numbers(rows, (one) => one.round)}::integer[])
        as t (endpoint_id, payment_id, gone, first, tries, counted, due_at, round)),
    emptied as (
      delete from webhook_strand s using t
      where s.endpoint_id = t.endpoint_id and s.payment_id = t.payment_id and s.round = t.round and s.sequences = t.gone)
    update webhook_strand s set sequences = s.sequences[cardinality(t.gone) + 1:], due_at = to_timestamp(t.due_at / 1000.0), taken_by = null,
      tries = case when cardinality(t.gone) = 0 then s.tries + t.counted else t.counted end
    from t
    where s.endpoint_id = t.endpoint_id and s.payment_id = t.payment_id and s.round = t.round and s.sequences <> t.gone
      and case when cardinality(t.gone) = 0 then s.sequences[1] = t.first and s.tries = t.tries
               else s.sequences[:cardinality(t.gone)] = t.gone end`
  if (told.length > 0)
    await tx`
      delete from webhook_dead_letter d
      using unnest(
        ${words(told, (one) => endpointKey(one.endpointId))}::uuid[], ${words(told, (one) => eventSubjectKey(one.subject))}::uuid[],
        ${numbers(told, (one) => one.sequence)}::integer[]) as t (endpoint_id, payment_id, sequence)
      where d.endpoint_id = t.endpoint_id and d.payment_id = t.payment_id and d.sequence = t.sequence`
  if (dead.length > 0)
    await tx`
      insert into webhook_dead_letter (endpoint_id, payment_id, sequence, tenant_id, tries, given_up_at)
      select *, ${toRfc3339(now)}::timestamptz from unnest(
        ${words(dead, (one) => endpointKey(one.endpointId))}::uuid[], ${words(dead, (one) => eventSubjectKey(one.subject))}::uuid[],
        ${numbers(dead, (one) => one.sequences[one.told] ?? 0)}::integer[], ${numbers(dead, (one) => one.tenantId)}::integer[],
        ${numbers(dead, (one) => (one.told === 0 ? one.tries + 1 : 1))}::smallint[])
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

/** What one endpoint has yet to be told of one payment or link, the next first; `tries` of that one were made. */
export type Pending = {
  readonly endpointId: string
  readonly sequences: readonly number[]
  readonly tries: number
  readonly dueAt: number
}

/** Of one payment or link: what endpoints that are still there have yet to be told, and what was given up. */
export async function listUntold(
  tx: Tx,
  tenantId: number,
  subject: EventSubject,
): Promise<{ readonly pending: readonly Pending[]; readonly dead: readonly (DeadLetter & { endpointId: string })[] }> {
  const key = eventSubjectKey(subject)
  const pending = await tx<{ endpoint_id: string; sequences: number[]; tries: number; due_at: number }[]>`
    select s.endpoint_id, s.sequences, s.tries, s.due_at from webhook_endpoint e
    join webhook_strand s on s.endpoint_id = e.endpoint_id and s.payment_id = ${key}::uuid
    where e.tenant_id = ${tenantId} and e.ended_at is null and cardinality(s.sequences) > 0
    order by s.endpoint_id`
  const dead = await tx<{ endpoint_id: string; sequence: number; tries: number; given_up_at: number }[]>`
    select d.endpoint_id, d.sequence, d.tries, d.given_up_at from webhook_endpoint e
    join webhook_dead_letter d on d.endpoint_id = e.endpoint_id and d.payment_id = ${key}::uuid
    where e.tenant_id = ${tenantId} and e.ended_at is null
    order by d.given_up_at desc, d.endpoint_id, d.sequence`
  return {
    pending: pending.map((row) => ({
      endpointId: endpointIdOf(row.endpoint_id),
      sequences: row.sequences,
      tries: row.tries,
      dueAt: row.due_at,
    })),
    dead: dead.map((row) => ({
      endpointId: endpointIdOf(row.endpoint_id),
      subject,
      sequence: row.sequence,
      tries: row.tries,
      givenUpAt: row.given_up_at,
    })),
  }
}
