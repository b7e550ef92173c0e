import { toRfc3339 } from '../base/clock.ts'
import { type PaymentId, paymentIdOf, paymentKey } from '../base/identifiers.ts'
import type { Db, Tx } from '../db/pool.ts'

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

/**
 * Takes one of the three tries, before anything of it is judged, and counts it as failed in the customer's row, in one statement: two that
 * come at once take two. The customer is locked.
 * @param digest  of the payment as it stands: a challenge about another amount or payee has no tries
 * @returns how many are taken now; undefined when there is none left, or no time, or it was used, voided, or about something else
 */
export async function claimTry(
  tx: Tx,
  { id, customerKey }: Pick<Challenge, 'id' | 'customerKey'>,
  digest: string,
  counted: { readonly failures: number; readonly lockedUntil: number | null },
  now: number,
): Promise<number | undefined> {
  const [row] = await tx<{ tries: number }[]>`
    with claimed as (
      update authentication set tries = tries + 1
      where authentication_id = ${id}::uuid and used_at is null and voided_at is null and tries < ${MAX_TRIES}
        and digest = decode(${digest}, 'hex') and expires_at > ${toRfc3339(now)}::timestamptz
      returning tries)
    update customer c set failures = ${counted.failures},
      locked_until = ${counted.lockedUntil === null ? null : toRfc3339(counted.lockedUntil)}::timestamptz
    from claimed where c.customer_id = ${customerKey} returning claimed.tries`
  return row?.tries
}

/** Uses a challenge, once. @returns false when it was used before, voided, or is about something else */
export async function useChallenge(tx: Tx, id: string, digest: string, now: number): Promise<boolean> {
  const rows = await tx`
    update authentication set used_at = ${toRfc3339(now)}::timestamptz
    where authentication_id = ${id}::uuid and used_at is null and voided_at is null and digest = decode(${digest}, 'hex')
    returning authentication_id`
  return rows.length > 0
}
