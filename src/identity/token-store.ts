import { randomBytes } from 'node:crypto'
import { toRfc3339 } from '../base/clock.ts'
import type { Db, Tx } from '../db/pool.ts'
import { type Client, type ClientRow, clientOf, keyOfClient, type SigningKey, signingKeysOf } from './client-store.ts'
import type { TokenAlgorithm } from './jwt.ts'
import { parseRight, type Right } from './rights.ts'

/** A public key that a client's assertions are signed with. */
export type TokenKey = {
  readonly id: string
  readonly algorithm: TokenAlgorithm
  readonly spki: Uint8Array
  readonly thumbprint: string
  readonly createdAt: number
  readonly revokedAt: number | null
}

/** What a token works with: the thumbprint of a DPoP key, or of a certificate. */
export type Binding = { readonly kind: 'jkt' | 'x5t'; readonly thumbprint: string }

/** A token with all that deciding about a request needs. Instants are epoch milliseconds. */
export type FoundToken = {
  readonly client: Client
  readonly rights: readonly Right[]
  readonly binding: Binding
  readonly expiresAt: number
  readonly revokedAt: number | null
  readonly signing: readonly SigningKey[]
  /** All the names of who registered the key that it was given for. */
  readonly madeBy: readonly string[]
}

type KeyRow = {
  token_key_id: string
  algorithm: TokenAlgorithm
  spki: Uint8Array
  thumbprint: string
  created_at: number
  revoked_at: number | null
}

const keyOf = (row: KeyRow): TokenKey => ({
  id: `tky_${row.token_key_id.replaceAll('-', '')}`,
  algorithm: row.algorithm,
  spki: row.spki,
  thumbprint: row.thumbprint,
  createdAt: row.created_at,
  revokedAt: row.revoked_at,
})

/** Keys of one client that work at the same time, at most: the one in use, and the one that takes its place. */
const MAX_LIVE_KEYS = 2

export async function listTokenKeys(tx: Tx, tenantId: number, clientId: string): Promise<TokenKey[]> {
  const rows = await tx<KeyRow[]>`
    select * from client_token_key where client_id = ${keyOfClient(clientId)}::uuid and tenant_id = ${tenantId}
    order by created_at desc, token_key_id limit 100`
  return rows.map(keyOf)
}

/** @returns undefined when the client already has two keys that work */
export async function insertTokenKey(
  tx: Tx,
  client: Client,
  key: Pick<TokenKey, 'algorithm' | 'spki' | 'thumbprint'> & { readonly madeBy: readonly string[] },
  now: number,
): Promise<TokenKey | undefined> {
  await tx`select from client where client_id = ${keyOfClient(client.id)}::uuid for update`
  const [row] = await tx<KeyRow[]>`
    insert into client_token_key (client_id, tenant_id, algorithm, spki, thumbprint, created_at, made_by)
    select ${keyOfClient(client.id)}::uuid, ${client.tenantId}, ${key.algorithm}, ${Buffer.from(key.spki)}, ${key.thumbprint},
           ${toRfc3339(now)}::timestamptz, ${[...key.madeBy]}::text[]
    where (select count(*) from client_token_key
           where client_id = ${keyOfClient(client.id)}::uuid and revoked_at is null) < ${MAX_LIVE_KEYS}
    returning *`
  return row && keyOf(row)
}

/** Ends a key, and the tokens that were given for it. @returns false when it had ended, or is not of this client */
export async function revokeTokenKey(
  tx: Tx,
  tenantId: number,
  clientId: string,
  id: string,
  now: number,
): Promise<boolean> {
  const rows = await tx`
    update client_token_key set revoked_at = ${toRfc3339(now)}::timestamptz
    where token_key_id = ${id.slice(4)}::uuid and client_id = ${keyOfClient(clientId)}::uuid and tenant_id = ${tenantId}
      and revoked_at is null
    returning token_key_id`
  if (rows.length === 0) return false
  await tx`
    update access_token set revoked_at = ${toRfc3339(now)}::timestamptz
    where token_key_id = ${id.slice(4)}::uuid and revoked_at is null`
  return true
}

/** A client and the keys that its assertions may be signed with, of whichever tenant. @param db  the hub's own pool */
export async function findAsserting(
  db: Db,
  clientId: string,
): Promise<{ readonly client: Client; readonly keys: readonly TokenKey[] } | undefined> {
  const [row] = await db<ClientRow[]>`select * from client where client_id = ${keyOfClient(clientId)}::uuid`
  if (row === undefined) return undefined
  const keys = await db<KeyRow[]>`
    select * from client_token_key where client_id = ${row.client_id} and revoked_at is null`
  return { client: clientOf(row), keys: keys.map(keyOf) }
}

/** Tokens of one client that live at the same time, at most: as many as it has processes, and some. */
const MAX_LIVE_TOKENS = 100

/** @returns false when the client has as many tokens as it may have */
export async function insertToken(
  tx: Tx,
  client: Client,
  token: {
    readonly sha256: Uint8Array
    /** The key that it was given for. */
    readonly keyId: string
    readonly rights: readonly Right[]
    readonly binding: Binding
    readonly expiresAt: number
  },
  now: number,
): Promise<boolean> {
  const { binding } = token
  const rows = await tx`
    insert into access_token (sha256, client_id, tenant_id, token_key_id, rights, jkt, x5t, issued_at, expires_at)
    select ${Buffer.from(token.sha256)}, ${keyOfClient(client.id)}::uuid, ${client.tenantId}, ${token.keyId.slice(4)}::uuid,
           ${[...token.rights]}::text[],
           ${binding.kind === 'jkt' ? binding.thumbprint : null}, ${binding.kind === 'x5t' ? binding.thumbprint : null},
           ${toRfc3339(now)}::timestamptz, ${toRfc3339(token.expiresAt)}::timestamptz
    where (select count(*) from access_token
           where client_id = ${keyOfClient(client.id)}::uuid and revoked_at is null
             and expires_at > ${toRfc3339(now)}::timestamptz) < ${MAX_LIVE_TOKENS}
    returning sha256`
  return rows.length > 0
}

type TokenRow = ClientRow & {
  token_rights: string[]
  jkt: string | null
  x5t: string | null
  expires_at: number
  revoked_at: number | null
  key_made_by: string[]
}

/** A token by its digest, of whichever tenant: before it is known who asks. @param db  the hub's own pool */
export async function findToken(db: Db, sha256: Uint8Array): Promise<FoundToken | undefined> {
  const [row] = await db<TokenRow[]>`
    select c.*, t.rights as token_rights, t.jkt, t.x5t, t.expires_at, t.revoked_at, k.made_by as key_made_by
    from access_token t join client c on c.client_id = t.client_id join client_token_key k on k.token_key_id = t.token_key_id
    where t.sha256 = ${Buffer.from(sha256)}`
  if (row === undefined) return undefined
  const client = clientOf(row)
  return {
    client,
    // What was taken from the client since is taken from its tokens.
    rights: row.token_rights
      .flatMap((right) => parseRight(right) ?? [])
      .filter((right) => client.rights.includes(right)),
    binding: row.jkt === null ? { kind: 'x5t', thumbprint: row.x5t ?? '' } : { kind: 'jkt', thumbprint: row.jkt },
    expiresAt: row.expires_at,
    revokedAt: row.revoked_at,
    signing: await signingKeysOf(db, row.client_id),
    madeBy: row.key_made_by,
  }
}

/** Ends a token. @returns false when it had ended, or is not this client's */
export async function revokeToken(tx: Tx, client: Client, sha256: Uint8Array, now: number): Promise<boolean> {
  const rows = await tx`
    update access_token set revoked_at = ${toRfc3339(now)}::timestamptz
    where sha256 = ${Buffer.from(sha256)} and client_id = ${keyOfClient(client.id)}::uuid and tenant_id = ${client.tenantId}
      and revoked_at is null
    returning sha256`
  return rows.length > 0
}

/** The nonces of a period and of the one before it, newest first; made by whichever process asks first. */
export async function findNonces(db: Db, period: number): Promise<string[]> {
  const nonce = randomBytes(16).toString('base64url')
  await db`insert into dpop_nonce (period, nonce) values (${period}, ${nonce}) on conflict do nothing`
  const rows = await db<{ nonce: string }[]>`
    select nonce from dpop_nonce where period in (${period}, ${period - 1}) order by period desc`
  return rows.map((row) => row.nonce)
}

/** Forgets tokens and nonces that have ended. @returns how many */
export async function forgetTokens(db: Db, now: number, period: number): Promise<number> {
  const rows = await db`
    delete from access_token where sha256 = any(array(
      select sha256 from access_token where expires_at < ${toRfc3339(now)}::timestamptz limit 10000)) returning sha256`
  const nonces = await db`delete from dpop_nonce where period < ${period - 1} returning period`
  return rows.length + nonces.length
}
