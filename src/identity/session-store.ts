import { toRfc3339 } from '../base/clock.ts'
import type { Db, Tx } from '../db/pool.ts'
import { personIdOf, rolesOf } from './person-store.ts'
import type { Role } from './rights.ts'

/** Somebody who is signed in. Instants are epoch milliseconds; ids `ses_` and 32 hex digits. */
export type Session = {
  readonly id: string
  readonly personId: string
  readonly tenantId: number
  readonly by: 'passkey' | 'password'
  readonly address: string
  readonly createdAt: number
  readonly seenAt: number
  /** When the person last proved who they are. */
  readonly provedAt: number
  readonly expiresAt: number
}

/** Without a request for so long a session ends; and in any case after so long. @source ASVS 5.0 7.3.1, 7.3.2 */
export const IDLE_MS = 900_000
export const ABSOLUTE_MS = 28_800_000
/** Sessions of one person at a time; the oldest makes room. */
export const MAX_SESSIONS = 10

type SessionRow = {
  session_id: string
  person_id: string
  tenant_id: number
  by_kind: 'passkey' | 'password'
  address: string
  created_at: number
  seen_at: number
  proved_at: number
  expires_at: number
}

const keyOf = (id: string): string => id.slice(4)

const sessionOf = (row: SessionRow): Session => ({
  id: `ses_${row.session_id.replaceAll('-', '')}`,
  personId: personIdOf(row.person_id),
  tenantId: row.tenant_id,
  by: row.by_kind,
  address: row.address,
  createdAt: row.created_at,
  seenAt: row.seen_at,
  provedAt: row.proved_at,
  expiresAt: row.expires_at,
})

export async function insertSession(
  tx: Tx,
  made: Pick<Session, 'personId' | 'tenantId' | 'by' | 'address'> & { readonly sha256: Uint8Array },
  now: number,
): Promise<Session> {
  const at = toRfc3339(now)
  const person = keyOf(made.personId)
  await tx`
    update session set ended_at = ${at}::timestamptz
    where session_id in (
      select session_id from session where person_id = ${person}::uuid and ended_at is null
      order by created_at desc, session_id offset ${MAX_SESSIONS - 1})`
  const [row] = await tx<SessionRow[]>`
    insert into session (person_id, tenant_id, sha256, by_kind, address, created_at, seen_at, proved_at, expires_at)
    values (${person}::uuid, ${made.tenantId}, ${Buffer.from(made.sha256)}, ${made.by}, ${made.address},
            ${at}::timestamptz, ${at}::timestamptz, ${at}::timestamptz, ${toRfc3339(now + ABSOLUTE_MS)}::timestamptz)
    returning *`
  if (row === undefined) throw new Error('a session that was just made cannot be read')
  return sessionOf(row)
}

/** A session with its person's rights as they are now; undefined when it has ended, or its person has. @param db  the hub's own pool */
export async function findSession(
  db: Db,
  sha256: Uint8Array,
): Promise<{ readonly session: Session; readonly roles: readonly Role[] } | undefined> {
  const [row] = await db<(SessionRow & { roles: string[] })[]>`
    select s.*, p.roles from session s join person p using (person_id)
    where s.sha256 = ${Buffer.from(sha256)} and s.ended_at is null and p.disabled_at is null`
  return row && { session: sessionOf(row), roles: rolesOf(row.roles) }
}

/** Notes that a session is in use. */
export const noteSeen = (db: Db, id: string, now: number): Promise<unknown> =>
  db`
    update session set seen_at = ${toRfc3339(now)}::timestamptz
    where session_id = ${keyOf(id)}::uuid and seen_at < ${toRfc3339(now)}::timestamptz`.execute()

/** Another secret in the place of the one before, and a fresh proof. @returns undefined when the session has ended */
export async function renewSession(
  tx: Tx,
  session: Pick<Session, 'id' | 'tenantId'>,
  sha256: Uint8Array,
  now: number,
): Promise<Session | undefined> {
  const at = toRfc3339(now)
  const [row] = await tx<SessionRow[]>`
    update session set sha256 = ${Buffer.from(sha256)}, proved_at = ${at}::timestamptz, seen_at = ${at}::timestamptz
    where session_id = ${keyOf(session.id)}::uuid and tenant_id = ${session.tenantId} and ended_at is null returning *`
  return row && sessionOf(row)
}

/** @returns false when the person has no such session, or it had ended */
export async function endSession(
  tx: Tx,
  person: { readonly id: string; readonly tenantId: number },
  id: string,
  now: number,
): Promise<boolean> {
  const rows = await tx`
    update session set ended_at = ${toRfc3339(now)}::timestamptz
    where session_id = ${keyOf(id)}::uuid and person_id = ${keyOf(person.id)}::uuid and tenant_id = ${person.tenantId}
      and ended_at is null
    returning session_id`
  return rows.length > 0
}

/** Ends a person's sessions. @param except  the one that stays, if any. @returns how many */
export async function endSessions(
  tx: Tx,
  person: { readonly id: string; readonly tenantId: number },
  except: string | null,
  now: number,
): Promise<number> {
  const rows = await tx`
    update session set ended_at = ${toRfc3339(now)}::timestamptz
    where person_id = ${keyOf(person.id)}::uuid and tenant_id = ${person.tenantId} and ended_at is null
      ${except === null ? tx`` : tx`and session_id <> ${keyOf(except)}::uuid`}
    returning session_id`
  return rows.length
}

/** A person's sessions that have not ended, newest first. */
export async function listSessions(tx: Tx, tenantId: number, personId: string, now: number): Promise<Session[]> {
  const rows = await tx<SessionRow[]>`
    select * from session
    where person_id = ${keyOf(personId)}::uuid and tenant_id = ${tenantId} and ended_at is null
      and expires_at > ${toRfc3339(now)}::timestamptz and seen_at > ${toRfc3339(now - IDLE_MS)}::timestamptz
    order by created_at desc, session_id limit ${MAX_SESSIONS}`
  return rows.map(sessionOf)
}

/** How long an address that a person signed in from is theirs. */
const KNOWN_MS = 30 * 86_400_000

/** Whether a person signed in from this address lately. @param db  the hub's own pool */
export async function isKnownAddress(db: Db, personId: string, address: string, now: number): Promise<boolean> {
  const rows = await db`
    select from session where person_id = ${keyOf(personId)}::uuid and address = ${address}
      and created_at > ${toRfc3339(now - KNOWN_MS)}::timestamptz limit 1`
  return rows.length > 0
}

/** How long what has ended is kept. @source CERT-In 28 April 2022: logs for 180 days */
const KEPT_MS = 180 * 86_400_000

/** Forgets sessions that began longer ago than anybody asks, and failures of which nothing follows any more. @returns how many sessions */
export async function forgetSessions(db: Db, now: number): Promise<number> {
  const rows = await db`
    delete from session where session_id = any(array(
      select session_id from session where created_at < ${toRfc3339(now - KEPT_MS)}::timestamptz limit 10000)) returning session_id`
  return rows.length
}

/** The way in for a person without factors. */
export type Invitation = {
  readonly personId: string
  readonly tenantId: number
  readonly expiresAt: number
}

/** How long an invitation can be used. */
export const INVITATION_MS = 72 * 3_600_000

type InvitationRow = { person_id: string; tenant_id: number; expires_at: number }
const invitationOf = (row: InvitationRow): Invitation => ({
  personId: personIdOf(row.person_id),
  tenantId: row.tenant_id,
  expiresAt: row.expires_at,
})

/** Makes an invitation; the one before is void. */
export async function insertInvitation(
  tx: Tx,
  person: { readonly id: string; readonly tenantId: number },
  sha256: Uint8Array,
  createdBy: string,
  now: number,
): Promise<Invitation> {
  const at = toRfc3339(now)
  await tx`
    update invitation set voided_at = ${at}::timestamptz
    where person_id = ${keyOf(person.id)}::uuid and tenant_id = ${person.tenantId} and used_at is null and voided_at is null`
  await tx`
    insert into invitation (person_id, tenant_id, sha256, created_by, created_at, expires_at)
    values (${keyOf(person.id)}::uuid, ${person.tenantId}, ${Buffer.from(sha256)}, ${createdBy}, ${at}::timestamptz,
            ${toRfc3339(now + INVITATION_MS)}::timestamptz)`
  return { personId: person.id, tenantId: person.tenantId, expiresAt: now + INVITATION_MS }
}

/** An invitation that can be used now. @param db  the hub's own pool: who has none of the tenant's rights yet asks */
export async function findInvitation(db: Db, sha256: Uint8Array, now: number): Promise<Invitation | undefined> {
  const [row] = await db<InvitationRow[]>`
    select person_id, tenant_id, expires_at from invitation
    where sha256 = ${Buffer.from(sha256)} and used_at is null and voided_at is null and expires_at > ${toRfc3339(now)}::timestamptz`
  return row && invitationOf(row)
}

/** Uses an invitation up. @returns false when it was used, voided, or has ended */
export async function useInvitation(tx: Tx, tenantId: number, sha256: Uint8Array, now: number): Promise<boolean> {
  const rows = await tx`
    update invitation set used_at = ${toRfc3339(now)}::timestamptz
    where sha256 = ${Buffer.from(sha256)} and tenant_id = ${tenantId} and used_at is null and voided_at is null
      and expires_at > ${toRfc3339(now)}::timestamptz
    returning invitation_id`
  return rows.length > 0
}

/** Makes a person's open invitation void: what let them in lets nobody in any more. */
export const voidInvitations = (
  tx: Tx,
  person: { readonly id: string; readonly tenantId: number },
  now: number,
): Promise<unknown> =>
  tx`
    update invitation set voided_at = ${toRfc3339(now)}::timestamptz
    where person_id = ${keyOf(person.id)}::uuid and tenant_id = ${person.tenantId} and used_at is null and voided_at is null`.execute()
