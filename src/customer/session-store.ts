import { toRfc3339 } from '../base/clock.ts'
import { type CustomerId, customerIdOf } from '../base/identifiers.ts'
import type { Db, Tx } from '../db/pool.ts'
import { ABSOLUTE_MS, IDLE_MS } from '../identity/session-store.ts'

/** A customer who is signed in. Instants are epoch milliseconds; ids `ses_` and 32 hex digits. */
export type WalletSession = {
  readonly id: string
  readonly tenantId: number
  /** What accounts name. */
  readonly customerKey: bigint
  readonly customerId: CustomerId
  /** `code`: a code that was sent, together with the MPIN. */
  readonly by: 'code' | 'passkey'
  readonly seenAt: number
  /** When the customer last proved who they are. */
  readonly provedAt: number
  readonly expiresAt: number
}

/** Sessions of one customer at a time; the oldest makes room. */
const MAX_SESSIONS = 5

type SessionRow = {
  session_id: string
  tenant_id: number
  customer_id: bigint
  public_id: string
  by_kind: 'code' | 'passkey'
  seen_at: number
  proved_at: number
  expires_at: number
}

const keyOf = (id: string): string => id.slice(4)

const sessionOf = (row: SessionRow): WalletSession => ({
  id: `ses_${row.session_id.replaceAll('-', '')}`,
  tenantId: row.tenant_id,
  customerKey: row.customer_id,
  customerId: customerIdOf(row.public_id),
  by: row.by_kind,
  seenAt: row.seen_at,
  provedAt: row.proved_at,
  expiresAt: row.expires_at,
})

/** Whose session, and whose it is not. */
export type SessionOwner = { readonly key: bigint; readonly id: CustomerId; readonly tenantId: number }

/** Begins a session of a customer that `tx` has locked. @param sha256  of its secret */
export async function insertWalletSession(
  tx: Tx,
  owner: SessionOwner,
  made: Pick<WalletSession, 'by'> & { readonly address: string; readonly sha256: Uint8Array },
  now: number,
): Promise<WalletSession> {
  const at = toRfc3339(now)
  await tx`
    update wallet_session set ended_at = ${at}::timestamptz
    where session_id in (
      select session_id from wallet_session where customer_id = ${owner.key} and ended_at is null
      order by created_at desc, session_id offset ${MAX_SESSIONS - 1})`
  const [row] = await tx<Omit<SessionRow, 'public_id'>[]>`
    insert into wallet_session (customer_id, tenant_id, sha256, by_kind, address, created_at, seen_at, proved_at, expires_at)
    values (${owner.key}, ${owner.tenantId}, ${Buffer.from(made.sha256)}, ${made.by}, ${made.address}, ${at}::timestamptz,
            ${at}::timestamptz, ${at}::timestamptz, ${toRfc3339(now + ABSOLUTE_MS)}::timestamptz)
    returning *`
  if (row === undefined) throw new Error('a session that was just made cannot be read')
  return sessionOf({ ...row, public_id: keyOf(owner.id) })
}

/**
 * A session that has not ended, of a tenant that has the hub authenticate its customers; also one that is idle for too long.
 * @param db  the hub's own pool: before it is known who asks, there is no tenant
 */
export async function findWalletSession(db: Db, sha256: Uint8Array, now: number): Promise<WalletSession | undefined> {
  const [row] = await db<SessionRow[]>`
    select s.*, c.public_id from wallet_session s
    join customer c using (customer_id)
    join tenant t on t.tenant_id = s.tenant_id and t.customer_authentication = 'hub'
    where s.sha256 = ${Buffer.from(sha256)} and s.ended_at is null and s.expires_at > ${toRfc3339(now)}::timestamptz
      and s.seen_at > ${toRfc3339(now - IDLE_MS)}::timestamptz`
  return row && sessionOf(row)
}

/** Notes that a session is in use. */
export const noteWalletSeen = (db: Db, id: string, now: number): Promise<unknown> =>
  db`
    update wallet_session set seen_at = ${toRfc3339(now)}::timestamptz
    where session_id = ${keyOf(id)}::uuid and seen_at < ${toRfc3339(now)}::timestamptz`.execute()

/** Ends sessions of a customer: one, or all but one. */
export const endWalletSessions = (
  tx: Tx,
  key: bigint,
  which: { readonly only: string } | { readonly except: string },
  now: number,
): Promise<unknown> =>
  tx`
    update wallet_session set ended_at = ${toRfc3339(now)}::timestamptz
    where customer_id = ${key} and ended_at is null and ${
      'only' in which ? tx`session_id = ${keyOf(which.only)}::uuid` : tx`session_id <> ${keyOf(which.except)}::uuid`
    }`.execute()

/** How long what has ended is kept. @source CERT-In 28 April 2022: logs for 180 days */
const KEPT_MS = 180 * 86_400_000

/** Forgets sessions and codes that nobody asks for any more. */
export async function forgetWalletSessions(db: Db, now: number): Promise<void> {
  const before = toRfc3339(now - KEPT_MS)
  await db`
    delete from wallet_session where session_id = any(array(
      select session_id from wallet_session where created_at < ${before}::timestamptz limit 10000))`
  await db`
    delete from wallet_sign_in where sign_in_id = any(array(
      select sign_in_id from wallet_sign_in where created_at < ${toRfc3339(now - 86_400_000)}::timestamptz limit 10000))`
}
