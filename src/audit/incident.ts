import { toRfc3339 } from '../base/clock.ts'
import type { Db } from '../db/pool.ts'

/**
 * What is asked for after an incident, out of the database: who did what from where, and which payments were made, in a span of time.
 * Ids, codes, amounts and addresses of machines; nobody's name or account.
 * @source CERT-In directions of 28 April 2022: a report within six hours of noticing
 */

export type Span = { readonly from: number; readonly to: number; readonly tenantId?: number | undefined }

export type ActorSeen = {
  readonly tenant: number
  readonly actor: string
  readonly address: string | null
  readonly acts: number
  readonly refused: number
  readonly first: number
  readonly last: number
}

/** Who acted, from where, and how often they were refused; the most refused first. */
export async function findActors(db: Db, { from, to, tenantId }: Span): Promise<ActorSeen[]> {
  return db<ActorSeen[]>`
    select tenant_id as tenant, actor, address, count(*)::integer as acts, count(*) filter (where outcome = 'refused')::integer as refused,
           min(at) as first, max(at) as last
    from act
    where at >= ${toRfc3339(from)}::timestamptz and at < ${toRfc3339(to)}::timestamptz
      ${tenantId === undefined ? db`` : db`and tenant_id = ${tenantId}`}
    group by tenant_id, actor, address order by refused desc, acts desc, tenant_id, actor limit 100000`
}

export type PaymentMade = {
  readonly id: string
  readonly tenant: number
  readonly direction: string
  readonly amount: string
  readonly state: string
  readonly channel: string
  readonly rrn: string | null
  readonly responseCode: string | null
  readonly actor: string | null
  readonly createdAt: number
  readonly updatedAt: number
}

/** A page of the payments that were made, oldest first. @param after  the id of the last one of the page before */
export async function listMade(
  db: Db,
  { from, to, tenantId }: Span,
  after: string | undefined,
  limit: number,
): Promise<PaymentMade[]> {
  const rows = await db<PaymentMade[]>`
    select 'pay_' || replace(payment_id::text, '-', '') as id, tenant_id as tenant, direction, amount::text as amount, state, channel, rrn,
           response_code as "responseCode", actor, created_at as "createdAt", updated_at as "updatedAt"
    from payment
    where payment_id > ${after?.slice(4) ?? startOf(from)}::uuid and payment_id < ${startOf(to)}::uuid
      ${tenantId === undefined ? db`` : db`and tenant_id = ${tenantId}`}
    order by payment_id limit ${limit}`
  return [...rows]
}

/** The least payment id of an instant: ids begin with their milliseconds (UUIDv7). */
const startOf = (at: number): string => `${Math.max(0, at).toString(16).padStart(12, '0')}${'0'.repeat(20)}`

export type Total = {
  readonly direction: string
  readonly state: string
  readonly payments: number
  readonly paise: string
}

/** How many payments, and how much, by direction and state. */
export async function totalsOf(db: Db, { from, to, tenantId }: Span): Promise<Total[]> {
  return db<Total[]>`
    select direction, state, count(*)::integer as payments, sum(amount)::text as paise from payment
    where payment_id > ${startOf(from)}::uuid and payment_id < ${startOf(to)}::uuid
      ${tenantId === undefined ? db`` : db`and tenant_id = ${tenantId}`}
    group by direction, state order by direction, state`
}

/** A page of all acts of a span, over all tenants, in the order of their chains. */
export async function listActsOf(
  db: Db,
  { from, to, tenantId }: Span,
  after: { readonly tenant: number; readonly sequence: bigint },
  limit: number,
): Promise<{ readonly tenant: number; readonly sequence: bigint; readonly line: string }[]> {
  return db<{ tenant: number; sequence: bigint; line: string }[]>`
    select tenant_id as tenant, sequence, json_build_object('tenant', tenant_id, 'sequence', sequence, 'at', at, 'actorKind', actor_kind,
             'actor', actor, 'action', action, 'subject', subject, 'outcome', outcome, 'detail', detail::json, 'requestId', request_id,
             'address', address, 'previous', previous, 'hash', hash)::text as line
    from act
    where (tenant_id, sequence) > (${after.tenant}, ${after.sequence})
      and at >= ${toRfc3339(from)}::timestamptz and at < ${toRfc3339(to)}::timestamptz
      ${tenantId === undefined ? db`` : db`and tenant_id = ${tenantId}`}
    order by tenant_id, sequence limit ${limit}`
}
