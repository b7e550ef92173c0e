import { toRfc3339 } from '../base/clock.ts'
import type { Db, Tx } from '../db/pool.ts'
import { parseRight, type Right } from './rights.ts'
import type { SignatureAlgorithm } from './signature.ts'

/** A program that acts for a tenant. Instants are epoch milliseconds; ids `cli_` and 32 hex digits. */
export type Client = {
  readonly id: string
  readonly tenantId: number
  readonly name: string
  readonly live: boolean
  readonly rights: readonly Right[]
  readonly networks: readonly string[]
  /** All the names of who made it. */
  readonly madeBy: readonly string[]
  readonly createdAt: number
  readonly disabledAt: number | null
}

export type ClientKey = {
  readonly keyId: string
  readonly lastFour: string
  readonly createdAt: number
  readonly expiresAt: number | null
  readonly revokedAt: number | null
  readonly lastUsedOn: string | null
  /** What people agreed to before it was made, 32 hex digits; null: nobody had to. */
  readonly approvalId: string | null
}

export type SigningKey = {
  readonly id: string
  readonly algorithm: SignatureAlgorithm
  readonly spki: Uint8Array
  readonly createdAt: number
  readonly revokedAt: number | null
}

/** A key with all that deciding about a request needs. */
export type FoundKey = {
  readonly client: Client
  readonly sha256: Uint8Array
  readonly expiresAt: number | null
  readonly revokedAt: number | null
  readonly signing: readonly SigningKey[]
  /** All the names of who made the key, and has it. */
  readonly madeBy: readonly string[]
}

export type ClientRow = {
  client_id: string
  tenant_id: number
  name: string
  live: boolean
  rights: string[]
  networks: string[]
  made_by: string[]
  created_at: number
  disabled_at: number | null
}

export const clientOf = (row: ClientRow): Client => ({
  id: `cli_${row.client_id.replaceAll('-', '')}`,
  tenantId: row.tenant_id,
  name: row.name,
  live: row.live,
  rights: row.rights.flatMap((right) => parseRight(right) ?? []),
  networks: row.networks,
  madeBy: row.made_by,
  createdAt: row.created_at,
  disabledAt: row.disabled_at,
})

export const keyOfClient = (id: string): string => id.slice(4)

type KeyRow = {
  key_id: string
  client_id: string
  last_four: string
  created_at: number
  expires_at: number | null
  revoked_at: number | null
  last_used_on: string | null
  approval_id: string | null
}

const clientKeyOf = (row: KeyRow): ClientKey => ({
  keyId: row.key_id,
  lastFour: row.last_four,
  createdAt: row.created_at,
  expiresAt: row.expires_at,
  revokedAt: row.revoked_at,
  lastUsedOn: row.last_used_on,
  approvalId: row.approval_id?.replaceAll('-', '') ?? null,
})

type SigningRow = {
  signing_key_id: string
  client_id: string
  algorithm: SignatureAlgorithm
  spki: Uint8Array
  created_at: number
  revoked_at: number | null
}

const signingKeyOf = (row: SigningRow): SigningKey => ({
  id: `sgk_${row.signing_key_id.replaceAll('-', '')}`,
  algorithm: row.algorithm,
  spki: row.spki,
  createdAt: row.created_at,
  revokedAt: row.revoked_at,
})

/** A key by its id, of whichever tenant: before it is known who asks. @param db  the hub's own pool */
export async function findKey(db: Db, keyId: string): Promise<FoundKey | undefined> {
  const [row] = await db<
    (ClientRow & { sha256: Uint8Array; expires_at: number | null; revoked_at: number | null; key_made_by: string[] })[]
  >`
    select c.*, k.sha256, k.expires_at, k.revoked_at, k.made_by as key_made_by
    from client_key k join client c on c.client_id = k.client_id
    where k.key_id = ${keyId}`
  if (row === undefined) return undefined
  return {
    client: clientOf(row),
    sha256: row.sha256,
    expiresAt: row.expires_at,
    revokedAt: row.revoked_at,
    signing: await signingKeysOf(db, row.client_id),
    madeBy: row.key_made_by,
  }
}

/** The keys that a client's signatures may be made with now. @param clientId  as it is in the database */
export async function signingKeysOf(db: Db, clientId: string): Promise<SigningKey[]> {
  const rows = await db<SigningRow[]>`
    select * from client_signing_key where client_id = ${clientId} and revoked_at is null`
  return rows.map(signingKeyOf)
}

/** Notes that a key was used today; of many notes of a day the first writes. */
export const noteUse = (db: Db, keyId: string, now: number): Promise<unknown> =>
  db`
    update client_key set last_used_on = ${toRfc3339(now)}::date
    where key_id = ${keyId} and last_used_on is distinct from ${toRfc3339(now)}::date`.execute()

/** Marks something as seen. @returns false when it was before */
export async function claimOnce(db: Db, id: string, expiresAt: number): Promise<boolean> {
  const rows = await db`
    insert into seen_once (seen_id, expires_at) values (${id}::uuid, ${toRfc3339(expiresAt)}::timestamptz)
    on conflict do nothing returning seen_id`
  return rows.length > 0
}

/** Forgets what has ended. @returns how many */
export async function forgetSeen(db: Db, now: number): Promise<number> {
  const rows = await db`
    delete from seen_once where seen_id = any(array(
      select seen_id from seen_once where expires_at < ${toRfc3339(now)}::timestamptz limit 10000)) returning seen_id`
  return rows.length
}

/** A tenant's clients, newest first. */
export async function listClients(tx: Tx, tenantId: number): Promise<Client[]> {
  const rows = await tx<ClientRow[]>`
    select * from client where tenant_id = ${tenantId} order by created_at desc, client_id limit 500`
  return rows.map(clientOf)
}

export async function findClient(tx: Tx, tenantId: number, id: string): Promise<Client | undefined> {
  const [row] = await tx<ClientRow[]>`
    select * from client where client_id = ${keyOfClient(id)}::uuid and tenant_id = ${tenantId}`
  return row && clientOf(row)
}

export async function insertClient(
  tx: Tx,
  client: Pick<Client, 'tenantId' | 'name' | 'live' | 'rights' | 'networks' | 'madeBy'>,
  now: number,
): Promise<Client> {
  const [row] = await tx<ClientRow[]>`
    insert into client (tenant_id, name, live, rights, networks, made_by, created_at)
    values (${client.tenantId}, ${client.name}, ${client.live}, ${[...client.rights]}::text[], ${[...client.networks]}::text[],
            ${[...client.madeBy]}::text[], ${toRfc3339(now)}::timestamptz)
    returning *`
  if (row === undefined) throw new Error('a client that was just made cannot be read')
  return clientOf(row)
}

/** Ends a client and with it all its keys. @returns false when it had ended, or is not the tenant's */
export async function disableClient(tx: Tx, tenantId: number, id: string, now: number): Promise<boolean> {
  const rows = await tx`
    update client set disabled_at = ${toRfc3339(now)}::timestamptz
    where client_id = ${keyOfClient(id)}::uuid and tenant_id = ${tenantId} and disabled_at is null returning client_id`
  return rows.length > 0
}

/** The keys of a client, newest first. */
export async function listKeys(tx: Tx, tenantId: number, clientId: string): Promise<ClientKey[]> {
  const rows = await tx<KeyRow[]>`
    select *, last_used_on::text as last_used_on from client_key where client_id = ${keyOfClient(clientId)}::uuid and tenant_id = ${tenantId}
    order by created_at desc, key_id limit 100`
  return rows.map(clientKeyOf)
}

/** Keys of one client that work at the same time, at most: the one in use, and the one that takes its place. */
const MAX_LIVE = 2

/** @returns undefined when the client already has two keys that work, `collected` when the approval has given a key already */
export async function insertKey(
  tx: Tx,
  client: Client,
  key: {
    readonly keyId: string
    readonly sha256: Uint8Array
    readonly lastFour: string
    readonly expiresAt: number | null
    /** What people agreed to, 32 hex digits; null: nobody had to. */
    readonly approvalId: string | null
    /** All the names of who gets it. */
    readonly madeBy: readonly string[]
  },
  now: number,
): Promise<ClientKey | 'collected' | undefined> {
  const at = toRfc3339(now)
  await tx`select from client where client_id = ${keyOfClient(client.id)}::uuid for update`
  if (key.approvalId !== null) {
    const given = await tx`select from client_key where approval_id = ${key.approvalId}::uuid`
    if (given.length > 0) return 'collected'
  }
  const [row] = await tx<KeyRow[]>`
    insert into client_key (key_id, client_id, tenant_id, sha256, last_four, created_at, expires_at, approval_id, made_by)
    select ${key.keyId}, ${keyOfClient(client.id)}::uuid, ${client.tenantId}, ${Buffer.from(key.sha256)}, ${key.lastFour},
           ${at}::timestamptz, ${key.expiresAt === null ? null : toRfc3339(key.expiresAt)}::timestamptz,
           ${key.approvalId}::uuid, ${[...key.madeBy]}::text[]
    where (select count(*) from client_key
           where client_id = ${keyOfClient(client.id)}::uuid and revoked_at is null
             and (expires_at is null or expires_at > ${at}::timestamptz)) < ${MAX_LIVE}
    returning *`
  return row && clientKeyOf(row)
}

/** Ends a key. @returns false when it had ended, or is not of this client */
export async function revokeKey(
  tx: Tx,
  tenantId: number,
  clientId: string,
  keyId: string,
  now: number,
): Promise<boolean> {
  const rows = await tx`
    update client_key set revoked_at = ${toRfc3339(now)}::timestamptz
    where key_id = ${keyId} and client_id = ${keyOfClient(clientId)}::uuid and tenant_id = ${tenantId} and revoked_at is null
    returning key_id`
  return rows.length > 0
}

export async function listSigningKeys(tx: Tx, tenantId: number, clientId: string): Promise<SigningKey[]> {
  const rows = await tx<SigningRow[]>`
    select * from client_signing_key where client_id = ${keyOfClient(clientId)}::uuid and tenant_id = ${tenantId}
    order by created_at desc limit 100`
  return rows.map(signingKeyOf)
}

/** Signing keys of one client that work at the same time, at most: one for each of its machines. */
const MAX_SIGNING = 10

/** @returns undefined when the client has as many keys as it may have */
export async function insertSigningKey(
  tx: Tx,
  client: Client,
  algorithm: SignatureAlgorithm,
  spki: Uint8Array,
  now: number,
): Promise<SigningKey | undefined> {
  await tx`select from client where client_id = ${keyOfClient(client.id)}::uuid for update`
  const [row] = await tx<SigningRow[]>`
    insert into client_signing_key (client_id, tenant_id, algorithm, spki, created_at)
    select ${keyOfClient(client.id)}::uuid, ${client.tenantId}, ${algorithm}, ${Buffer.from(spki)}, ${toRfc3339(now)}::timestamptz
    where (select count(*) from client_signing_key
           where client_id = ${keyOfClient(client.id)}::uuid and revoked_at is null) < ${MAX_SIGNING}
    returning *`
  return row && signingKeyOf(row)
}

export async function revokeSigningKey(
  tx: Tx,
  tenantId: number,
  clientId: string,
  id: string,
  now: number,
): Promise<boolean> {
  const rows = await tx`
    update client_signing_key set revoked_at = ${toRfc3339(now)}::timestamptz
    where signing_key_id = ${id.slice(4)}::uuid and client_id = ${keyOfClient(clientId)}::uuid and tenant_id = ${tenantId}
      and revoked_at is null
    returning signing_key_id`
  return rows.length > 0
}
