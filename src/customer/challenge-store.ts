import { toRfc3339 } from '../base/clock.ts'
import { type PaymentId, paymentIdOf, paymentKey } from '../base/identifiers.ts'
import type { Db, Tx } from '../db/pool.ts'
import { lockTable } from './lock.ts'

/** The factors that are made or proved for one payment. */
export const dynamicKinds = ['sms', 'totp', 'passkey'] as const
export type DynamicKind = (typeof dynamicKinds)[number]

/** How long a customer has, and how often they may try. @source the tables say so too */
export const CHALLENGE_MS = 180_000
export const MAX_TRIES = 3

/** What a customer was asked to prove for one payment. Digest and nonce are 64 hex digits, instants epoch milliseconds. */
export type Challenge = {
  /** 32 hex digits. */
  readonly id: string
  readonly paymentId: PaymentId
  readonly tenantId: number
  readonly customerKey: bigint
  readonly kind: DynamicKind
  readonly digest: string
  readonly nonce: string
  /** HMAC of the code that was sent. */
  readonly code: string | null
  readonly tries: number
  readonly createdAt: number
  readonly expiresAt: number
}

type ChallengeRow = {
  authentication_id: string
  payment_id: string
  tenant_id: number
  customer_id: bigint
  kind: DynamicKind
  digest: Uint8Array
  nonce: Uint8Array
  code: string | null
  tries: number
  created_at: number
  expires_at: number
}

const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
const plain = (uuid: string): string => uuid.replaceAll('-', '')

const challengeOf = (row: ChallengeRow): Challenge => ({
  id: plain(row.authentication_id),
  paymentId: paymentIdOf(row.payment_id),
  tenantId: row.tenant_id,
  customerKey: row.customer_id,
  kind: row.kind,
  digest: hexOf(row.digest),
  nonce: hexOf(row.nonce),
  code: row.code === null ? null : plain(row.code),
  tries: row.tries,
  createdAt: row.created_at,
  expiresAt: row.expires_at,
})

/** The challenge of a payment that can still be met; undefined when there is none. Whether its time is over is the caller's to see. */
export async function findChallenge(db: Db | Tx, tenantId: number, id: PaymentId): Promise<Challenge | undefined> {
  const [row] = await db<ChallengeRow[]>`
    select * from authentication
    where payment_id = ${paymentKey(id)}::uuid and tenant_id = ${tenantId} and used_at is null and voided_at is null`
  return row && challengeOf(row)
}

/** How many challenges a payment has had. */
export async function countChallenges(tx: Tx, id: PaymentId): Promise<number> {
  const [row] = await tx<{ n: number }[]>`
    select count(*)::integer as n from authentication where payment_id = ${paymentKey(id)}::uuid`
  return row?.n ?? 0
}

export const insertChallenge = (tx: Tx, one: Challenge): Promise<unknown> =>
  tx`
    insert into authentication (authentication_id, payment_id, tenant_id, customer_id, kind, digest, nonce, code, created_at, expires_at)
    values (${one.id}::uuid, ${paymentKey(one.paymentId)}::uuid, ${one.tenantId}, ${one.customerKey}, ${one.kind},
            decode(${one.digest}, 'hex'), decode(${one.nonce}, 'hex'), ${one.code}::uuid, ${toRfc3339(one.createdAt)}::timestamptz,
            ${toRfc3339(one.expiresAt)}::timestamptz)`.execute()

/** Voids what can still be met of a payment's challenges: nothing of them counts from now on. */
export const voidChallenges = (tx: Tx, id: PaymentId, now: number): Promise<unknown> =>
  tx`
    update authentication set voided_at = ${toRfc3339(now)}::timestamptz
    where payment_id = ${paymentKey(id)}::uuid and used_at is null and voided_at is null`.execute()

/** A try that was taken: the challenge with it counted, and until when its customer is locked because of it. */
export type ClaimedTry = { readonly challenge: Challenge; readonly lockedUntil: number | null }

/**
 * Takes one of the three tries, before anything of it is judged, and counts it as failed in the customer's row: one statement that looks at
 * everything and locks payer and challenge in that order, so that of many that come at once each takes one or none.
 * @returns undefined when there is none to take: the payment does not wait for factors, its customer is stopped or locked, there is evidence
 *   already, or no open challenge of this kind has a try and time left
 */
export async function claimTry(
  tx: Tx,
  tenantId: number,
  id: PaymentId,
  kind: DynamicKind,
  now: number,
): Promise<ClaimedTry | undefined> {
  const at = toRfc3339(now)
  const rows = await tx<(ChallengeRow & { locked_until: number | null })[]>`
    with payer as (
      select c.customer_id, c.failures
      from payment p
      join account a on a.lane = p.lane and a.account_id = p.account_id
      join customer c on c.customer_id = a.customer_id
      join hold h on h.lane = p.lane and h.payment_id = p.payment_id
      where p.payment_id = ${paymentKey(id)}::uuid and p.tenant_id = ${tenantId} and p.state = 'held' and h.awaiting = 'authentication'
        and c.stopped_at is null and (c.locked_until is null or c.locked_until <= ${at}::timestamptz)
        and not exists (select from evidence e where e.payment_id = p.payment_id)
      for no key update of c),
    claimed as (
      update authentication t set tries = t.tries + 1
      from payer
      where t.payment_id = ${paymentKey(id)}::uuid and t.tenant_id = ${tenantId} and t.customer_id = payer.customer_id
        and t.kind = ${kind} and t.used_at is null and t.voided_at is null and t.tries < ${MAX_TRIES} and t.expires_at > ${at}::timestamptz
      returning t.*, payer.failures + 1 as failures),
    counted as (
      update customer c set failures = k.failures,
        locked_until = ${at}::timestamptz + nullif((${lockTable}::bigint[])[least(k.failures, ${lockTable.length})], 0) * interval '1 millisecond'
      from claimed k where c.customer_id = k.customer_id
      returning c.customer_id, c.locked_until)
    select k.*, n.locked_until from claimed k join counted n on n.customer_id = k.customer_id`
  const [row] = rows
  return row && { challenge: challengeOf(row), lockedUntil: row.locked_until }
}

/**
 * Whether a challenge can still be used, once; locked until `tx` ends.
 * @returns false when it was used before or voided
 */
export async function lockChallenge(tx: Tx, id: string): Promise<boolean> {
  const rows = await tx`
    select authentication_id from authentication
    where authentication_id = ${id}::uuid and used_at is null and voided_at is null for no key update`
  return rows.length > 0
}

/** Uses a challenge that is locked. */
export const useChallenge = (tx: Tx, id: string, now: number): Promise<unknown> =>
  tx`update authentication set used_at = ${toRfc3339(now)}::timestamptz where authentication_id = ${id}::uuid`.execute()
