import { randomUUID } from 'node:crypto'
import { toRfc3339 } from '../base/clock.ts'
import type { Vault } from '../base/vault.ts'
import type { Db, Tx } from '../db/pool.ts'
import { parseRole, type Role } from './rights.ts'

/** Somebody who acts for a tenant. Instants are epoch milliseconds; ids `usr_` and 32 hex digits. */
export type Person = {
  readonly id: string
  readonly tenantId: number
  /** Empty when its key was destroyed. */
  readonly name: string
  readonly login: string
  readonly roles: readonly Role[]
  readonly createdAt: number
  readonly disabledAt: number | null
}

export type CredentialKind = 'passkey' | 'password' | 'totp'

/** One thing that a person proves who they are with. Ids `fac_` and 32 hex digits. */
export type Credential = {
  readonly id: string
  readonly personId: string
  readonly tenantId: number
  readonly kind: CredentialKind
  /** What `openCredential` opens. */
  readonly sealed: Uint8Array
  readonly passkeyId: string | null
  readonly counter: number
  readonly createdAt: number
  readonly lastUsedAt: number | null
}

const PERSON = 'person.sealed'
const CREDENTIAL = 'credential.sealed'
const keyOf = (id: string): string => id.slice(4)
export const personIdOf = (uuid: string): string => `usr_${uuid.replaceAll('-', '')}`
/** The handle that a person's passkeys carry: its id, 16 bytes. */
export const handleOf = (personId: string): Uint8Array => Buffer.from(keyOf(personId), 'hex')

export const loginIndex = (vault: Vault, tenantId: number, login: string): string =>
  vault.index('email', `${tenantId}:${login}`)

type PersonRow = {
  person_id: string
  tenant_id: number
  sealed: Uint8Array
  roles: string[]
  created_at: number
  disabled_at: number | null
}
type CredentialRow = {
  credential_id: string
  person_id: string
  tenant_id: number
  kind: CredentialKind
  sealed: Uint8Array
  passkey_id: string | null
  counter: bigint
  created_at: number
  last_used_at: number | null
}

export const rolesOf = (names: readonly string[]): Role[] => names.flatMap((name) => parseRole(name) ?? [])

async function peopleOf(vault: Vault, rows: readonly PersonRow[]): Promise<Person[]> {
  await vault.load(rows.map(({ sealed }) => sealed))
  return rows.map((row) => {
    const id = personIdOf(row.person_id)
    const text = vault.open(PERSON, row.tenant_id, keyOf(id), row.sealed)
    const known: { name: string; login: string } = text === undefined ? { name: '', login: '' } : JSON.parse(text)
    return {
      id,
      tenantId: row.tenant_id,
      ...known,
      roles: rolesOf(row.roles),
      createdAt: row.created_at,
      disabledAt: row.disabled_at,
    }
  })
}

const credentialOf = (row: CredentialRow): Credential => ({
  id: `fac_${row.credential_id.replaceAll('-', '')}`,
  personId: personIdOf(row.person_id),
  tenantId: row.tenant_id,
  kind: row.kind,
  sealed: row.sealed,
  passkeyId: row.passkey_id,
  counter: Number(row.counter),
  createdAt: row.created_at,
  lastUsedAt: row.last_used_at,
})

/** @returns undefined when somebody of the tenant has that login. @throws when the tenant's vault was not prepared */
export async function insertPerson(
  tx: Tx,
  vault: Vault,
  person: Pick<Person, 'tenantId' | 'name' | 'login' | 'roles'>,
  createdBy: string,
  now: number,
): Promise<Person | undefined> {
  const { tenantId, name, login, roles } = person
  const id = personIdOf(randomUUID())
  const sealed = vault.seal(PERSON, tenantId, keyOf(id), JSON.stringify({ name, login }))
  const rows = await tx`
    insert into person (person_id, tenant_id, sealed, login_index, roles, created_by, created_at)
    values (${keyOf(id)}::uuid, ${tenantId}, ${Buffer.from(sealed)}, ${loginIndex(vault, tenantId, login)}::uuid,
            ${[...roles]}::text[], ${createdBy}, ${toRfc3339(now)}::timestamptz)
    on conflict (tenant_id, login_index) do nothing returning person_id`
  return rows.length === 0 ? undefined : { id, tenantId, name, login, roles, createdAt: now, disabledAt: null }
}

export async function isLoginTaken(tx: Tx, vault: Vault, tenantId: number, login: string): Promise<boolean> {
  const rows = await tx`
    select from person where tenant_id = ${tenantId} and login_index = ${loginIndex(vault, tenantId, login)}::uuid`
  return rows.length > 0
}

/** A tenant's people, newest first. */
export async function listPeople(tx: Db | Tx, vault: Vault, tenantId: number): Promise<Person[]> {
  const rows = await tx<PersonRow[]>`
    select * from person where tenant_id = ${tenantId} order by created_at desc, person_id limit 1000`
  return peopleOf(vault, rows)
}

export async function findPerson(tx: Db | Tx, vault: Vault, tenantId: number, id: string): Promise<Person | undefined> {
  const rows = await tx<PersonRow[]>`
    select * from person where person_id = ${keyOf(id)}::uuid and tenant_id = ${tenantId}`
  return (await peopleOf(vault, rows))[0]
}

/** The same, locked: what is decided about a person is decided one after the other. */
export async function lockPerson(tx: Tx, vault: Vault, tenantId: number, id: string): Promise<Person | undefined> {
  const rows = await tx<PersonRow[]>`
    select * from person where person_id = ${keyOf(id)}::uuid and tenant_id = ${tenantId} for update`
  return (await peopleOf(vault, rows))[0]
}

/**
 * The same, and the tenant's administrators with them, in order of their ids: two who take each other's roles away at the same time do
 * so one after the other.
 */
export async function lockAmongAdministrators(
  tx: Tx,
  vault: Vault,
  tenantId: number,
  id: string,
): Promise<Person | undefined> {
  const rows = await tx<PersonRow[]>`
    select * from person
    where tenant_id = ${tenantId} and (person_id = ${keyOf(id)}::uuid or 'administrator' = any(roles))
    order by person_id for update`
  return (await peopleOf(vault, rows)).find((person) => person.id === id)
}

/** Whether a tenant has an administrator besides this person who can sign in. For whoever holds them locked. */
export async function hasOtherAdministrator(tx: Tx, tenantId: number, id: string): Promise<boolean> {
  const rows = await tx`
    select from person p
    where p.tenant_id = ${tenantId} and p.person_id <> ${keyOf(id)}::uuid and p.disabled_at is null
      and 'administrator' = any(p.roles)
      and exists (select from credential c where c.person_id = p.person_id and c.ended_at is null)
    limit 1`
  return rows.length > 0
}

export const setRoles = (tx: Tx, tenantId: number, id: string, roles: readonly Role[]): Promise<unknown> =>
  tx`
    update person set roles = ${[...roles]}::text[]
    where person_id = ${keyOf(id)}::uuid and tenant_id = ${tenantId}`.execute()

/** @param at  epoch milliseconds; null: enabled */
export const setDisabled = (tx: Tx, tenantId: number, id: string, at: number | null): Promise<unknown> =>
  tx`
    update person set disabled_at = ${at === null ? null : toRfc3339(at)}::timestamptz
    where person_id = ${keyOf(id)}::uuid and tenant_id = ${tenantId}`.execute()

/** What a person can prove themselves with now, oldest first. */
export async function listCredentials(tx: Db | Tx, tenantId: number, personId: string): Promise<Credential[]> {
  const rows = await tx<CredentialRow[]>`
    select * from credential
    where person_id = ${keyOf(personId)}::uuid and tenant_id = ${tenantId} and ended_at is null order by created_at, credential_id`
  return rows.map(credentialOf)
}

/** The kinds of factors of a tenant's people, by their ids; of one of them when named. */
export async function listKinds(tx: Tx, tenantId: number, personId?: string): Promise<Map<string, CredentialKind[]>> {
  const rows = await tx<{ person_id: string; kinds: CredentialKind[] }[]>`
    select person_id, array_agg(distinct kind order by kind) as kinds from credential
    where tenant_id = ${tenantId} and ended_at is null
      ${personId === undefined ? tx`` : tx`and person_id = ${keyOf(personId)}::uuid`}
    group by person_id`
  return new Map(rows.map((row) => [personIdOf(row.person_id), row.kinds]))
}

/** What a credential is made of; of each kind its own text. */
export type NewCredential = {
  readonly kind: CredentialKind
  /** A passkey's public key and label as JSON, a password's PHC string, the base64 of an app's secret. */
  readonly text: string
  readonly passkeyId: string | null
  readonly counter: number
}

/** @returns its id. @throws when the passkey is registered already, or the tenant's vault was not prepared */
export async function insertCredential(
  tx: Tx,
  vault: Vault,
  person: Pick<Person, 'id' | 'tenantId'>,
  made: NewCredential,
  now: number,
): Promise<string> {
  const row = randomUUID().replaceAll('-', '')
  const sealed = Buffer.from(vault.seal(CREDENTIAL, person.tenantId, row, made.text))
  await tx`
    insert into credential (credential_id, person_id, tenant_id, kind, sealed, passkey_id, counter, created_at)
    values (${row}::uuid, ${keyOf(person.id)}::uuid, ${person.tenantId}, ${made.kind}, ${sealed}, ${made.passkeyId},
            ${BigInt(made.counter)}, ${toRfc3339(now)}::timestamptz)`
  return `fac_${row}`
}

/** The text that a credential was made of; undefined when its key was destroyed. */
export async function openCredential(vault: Vault, one: Credential): Promise<string | undefined> {
  await vault.load([one.sealed])
  return vault.open(CREDENTIAL, one.tenantId, keyOf(one.id), one.sealed)
}

/** Puts another hash in the place of an outdated one. */
export const replaceText = (tx: Tx, vault: Vault, one: Credential, text: string): Promise<unknown> =>
  tx`
    update credential set sealed = ${Buffer.from(vault.seal(CREDENTIAL, one.tenantId, keyOf(one.id), text))}
    where credential_id = ${keyOf(one.id)}::uuid and tenant_id = ${one.tenantId} and ended_at is null`.execute()

/**
 * Notes the use of a credential and moves its counter on, in one statement, so that of two uses at the same time one fails.
 * @param counter  the time step or the count that was proved; 0 for a passkey that does not count, and for a password
 * @returns false when it was used for that or a later one, or has ended
 */
export async function useCredential(tx: Tx, one: Credential, counter: number, now: number): Promise<boolean> {
  const rows = await tx`
    update credential set counter = ${BigInt(counter)}, last_used_at = ${toRfc3339(now)}::timestamptz
    where credential_id = ${keyOf(one.id)}::uuid and tenant_id = ${one.tenantId} and ended_at is null
      and (counter < ${BigInt(counter)} or (counter = 0 and ${BigInt(counter)}::bigint = 0))
    returning credential_id`
  return rows.length > 0
}

/** Ends credentials for good. @param ids  null: all of the person's. @returns how many */
export async function endCredentials(
  tx: Tx,
  person: Pick<Person, 'id' | 'tenantId'>,
  ids: readonly string[] | null,
  now: number,
): Promise<number> {
  const rows = await tx`
    update credential set ended_at = ${toRfc3339(now)}::timestamptz
    where person_id = ${keyOf(person.id)}::uuid and tenant_id = ${person.tenantId} and ended_at is null
      ${ids === null ? tx`` : tx`and credential_id = any(${ids.map(keyOf)}::uuid[])`}
    returning credential_id`
  return rows.length
}

/** Somebody who may be signing in, and what with. */
export type Candidate = { readonly person: Person; readonly credentials: readonly Credential[] }

/**
 * Whoever has this login, before it is known who asks. Two statements, whether there is such a person or not.
 * @param db  the hub's own pool
 */
export async function findByLogin(
  db: Db,
  vault: Vault,
  tenantId: number,
  login: string,
): Promise<{ readonly tenantKnown: boolean; readonly candidate: Candidate | undefined }> {
  const index = loginIndex(vault, tenantId, login)
  const tenants = await db`select from tenant where tenant_id = ${tenantId}`
  const rows = await db<PersonRow[]>`
    select * from person where tenant_id = ${tenantId} and login_index = ${index}::uuid`
  const found = await db<CredentialRow[]>`
    select c.* from credential c join person p using (person_id)
    where p.tenant_id = ${tenantId} and p.login_index = ${index}::uuid and c.ended_at is null`
  const [person] = await peopleOf(vault, rows)
  return {
    tenantKnown: tenants.length > 0,
    candidate: person && { person, credentials: found.map(credentialOf) },
  }
}

/** Whether a passkey is, or was, anybody's, of whichever tenant. @param db  the hub's own pool */
export async function isPasskeyKnown(db: Db, passkeyId: string): Promise<boolean> {
  const rows = await db`select from credential where passkey_id = ${passkeyId}`
  return rows.length > 0
}

/** Whose passkey this is, of whichever tenant. @param db  the hub's own pool */
export async function findByPasskey(
  db: Db,
  vault: Vault,
  passkeyId: string,
): Promise<{ readonly person: Person; readonly passkey: Credential } | undefined> {
  const [row] = await db<CredentialRow[]>`
    select * from credential where passkey_id = ${passkeyId} and ended_at is null`
  if (row === undefined) return undefined
  const passkey = credentialOf(row)
  const person = await findPerson(db, vault, passkey.tenantId, passkey.personId)
  return person && { person, passkey }
}
