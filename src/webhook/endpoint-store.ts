import { toRfc3339 } from '../base/clock.ts'
import type { Vault } from '../base/vault.ts'
import { texts, words } from '../db/arrays.ts'
import type { Db, Tx } from '../db/pool.ts'
import { type EventType, parseEventType } from './catalogue.ts'
import { makeSecret, type Scheme, type SigningKey, schemes, signingKeyOf } from './sign.ts'

/** Somebody who is told: `whe_` and 32 hex digits. Instants are epoch milliseconds. */
export type Endpoint = {
  readonly id: string
  readonly tenantId: number
  readonly url: string
  /** Types that it asked for; null: all. */
  readonly events: readonly EventType[] | null
  readonly schemes: readonly Scheme[]
  readonly description: string | null
  readonly enabled: boolean
  readonly disabledReason: 'asked' | 'gone' | null
  /** Its public keys that sign now, raw in base64, the oldest first. */
  readonly publicKeys: readonly string[]
  readonly createdAt: number
  /** When it was made or last enabled: it is told what was written from then on. */
  readonly toldFrom: number
}

/** What can be said anew of an endpoint. */
export type EndpointChange = Partial<Pick<Endpoint, 'url' | 'events' | 'description' | 'enabled'>>

type Row = {
  endpoint_id: string
  tenant_id: number
  url: string
  events: string[] | null
  schemes: string[]
  description: string | null
  enabled: boolean
  disabled_reason: 'asked' | 'gone' | null
  public_keys: string[] | null
  created_at: number
  told_from: number
}

const PLACE = 'webhook_secret.sealed'
export const endpointKey = (id: string): string => id.slice(4)
export const endpointIdOf = (uuid: string): string => `whe_${uuid.replaceAll('-', '')}`

const fromRow = (row: Row): Endpoint => ({
  id: endpointIdOf(row.endpoint_id),
  tenantId: row.tenant_id,
  url: row.url,
  // A type that this version no longer has is told to nobody.
  events: row.events === null ? null : row.events.flatMap((name) => parseEventType(name) ?? []),
  schemes: schemes.filter((scheme) => row.schemes.includes(scheme)),
  description: row.description,
  enabled: row.enabled,
  disabledReason: row.disabled_reason,
  publicKeys: row.public_keys ?? [],
  createdAt: row.created_at,
  toldFrom: row.told_from,
})

const columns = (db: Db | Tx) => db`
  e.endpoint_id, e.tenant_id, e.url, e.events, e.schemes, e.description, e.enabled, e.disabled_reason, e.created_at, e.told_from,
  (select array_agg(public_key order by secret_id) from webhook_secret s
   where s.endpoint_id = e.endpoint_id and s.public_key is not null and (s.ends_at is null or s.ends_at > clock_timestamp())) as public_keys`

const list = (names: readonly string[] | null): string | null => (names === null ? null : texts(names, (name) => name))

/** The times of an endpoint are the database's own. */
export const insertEndpoint = (
  tx: Tx,
  made: Omit<Endpoint, 'createdAt' | 'toldFrom' | 'publicKeys'>,
): Promise<unknown> => tx`
    insert into webhook_endpoint (endpoint_id, tenant_id, url, events, schemes, description)
    values (${endpointKey(made.id)}::uuid, ${made.tenantId}, ${made.url}, ${list(made.events)}::text[], ${list(made.schemes)}::text[],
            ${made.description})`

export async function countEndpoints(tx: Tx, tenantId: number): Promise<number> {
  const [row] = await tx<{ count: number }[]>`
    select count(*)::integer as count from webhook_endpoint where tenant_id = ${tenantId} and ended_at is null`
  return row?.count ?? 0
}

export async function findEndpoint(tx: Tx, tenantId: number, id: string): Promise<Endpoint | undefined> {
  const [row] = await tx<Row[]>`
    select ${columns(tx)} from webhook_endpoint e
    where e.endpoint_id = ${endpointKey(id)}::uuid and e.tenant_id = ${tenantId} and e.ended_at is null`
  return row && fromRow(row)
}

/** Newest first. */
export async function listEndpoints(
  tx: Tx,
  tenantId: number,
  before: string | undefined,
  limit: number,
): Promise<Endpoint[]> {
  const rows = await tx<Row[]>`
    select ${columns(tx)} from webhook_endpoint e
    where e.tenant_id = ${tenantId} and e.ended_at is null
      ${before === undefined ? tx`` : tx`and e.endpoint_id < ${before}::uuid`}
    order by e.endpoint_id desc limit ${limit}`
  return rows.map(fromRow)
}

/** What is called of some endpoints, by id, also of those that have ended: the host of the URL, and whether it is told anything. */
export async function findHosts(
  tx: Tx,
  tenantId: number,
  ids: readonly string[],
): Promise<ReadonlyMap<string, { readonly host: string; readonly enabled: boolean }>> {
  if (ids.length === 0) return new Map()
  const rows = await tx<{ endpoint_id: string; url: string; enabled: boolean }[]>`
    select endpoint_id, url, enabled and ended_at is null as enabled from webhook_endpoint
    where tenant_id = ${tenantId} and endpoint_id in (select unnest(${words(ids, endpointKey)}::uuid[]))`
  return new Map(
    rows.map(({ endpoint_id, url, enabled }) => [endpointIdOf(endpoint_id), { host: new URL(url).host, enabled }]),
  )
}

export async function changeEndpoint(tx: Tx, found: Endpoint, change: EndpointChange): Promise<Endpoint> {
  const next = { ...found, ...change }
  const disabledReason = next.enabled ? null : (found.disabledReason ?? 'asked')
  await tx`
    update webhook_endpoint set url = ${next.url}, events = ${list(next.events)}::text[], description = ${next.description},
      enabled = ${next.enabled}, disabled_reason = ${disabledReason},
      told_from = case when ${next.enabled} and not enabled then clock_timestamp() else told_from end
    where endpoint_id = ${endpointKey(found.id)}::uuid and tenant_id = ${found.tenantId}`
  return { ...next, disabledReason }
}

/** Ends an endpoint: it is told nothing more, and what it had yet to be told is forgotten. Its tries stay for their month. */
export async function endEndpoint(tx: Tx, tenantId: number, id: string, now: number): Promise<boolean> {
  const key = endpointKey(id)
  const rows = await tx`
    update webhook_endpoint set ended_at = ${toRfc3339(now)}::timestamptz
    where endpoint_id = ${key}::uuid and tenant_id = ${tenantId} and ended_at is null returning endpoint_id`
  if (rows.length === 0) return false
  await tx`delete from webhook_secret where endpoint_id = ${key}::uuid and tenant_id = ${tenantId}`
  await tx`delete from webhook_strand where endpoint_id = ${key}::uuid and tenant_id = ${tenantId}`
  await tx`delete from webhook_dead_letter where endpoint_id = ${key}::uuid and tenant_id = ${tenantId}`
  return true
}

/** The receiver said 410: it wants nothing more. */
export async function disableGone(tx: Tx, id: string): Promise<boolean> {
  const rows = await tx`
    update webhook_endpoint set enabled = false, disabled_reason = 'gone'
    where endpoint_id = ${endpointKey(id)}::uuid and enabled returning endpoint_id`
  return rows.length > 0
}

/**
 * Gives an endpoint a new secret for each of its schemes. The vault must be prepared for its tenant.
 * @returns the one secret that both sides must have, told this once; null when there is none
 */
export async function addSecrets(
  tx: Tx,
  vault: Vault,
  endpoint: Pick<Endpoint, 'id' | 'tenantId' | 'schemes'>,
  newId: () => string,
  now: number,
): Promise<string | null> {
  let told: string | null = null
  for (const scheme of endpoint.schemes) {
    const made = makeSecret(scheme)
    const id = newId()
    told = made.secret ?? told
    await tx`
      insert into webhook_secret (secret_id, endpoint_id, tenant_id, scheme, sealed, public_key, created_at)
      values (${id}::uuid, ${endpointKey(endpoint.id)}::uuid, ${endpoint.tenantId}, ${scheme},
              ${vault.seal(PLACE, endpoint.tenantId, id, made.kept)}, ${made.publicKey}, ${toRfc3339(now)}::timestamptz)`
  }
  return told
}

/** Lets the secrets of an endpoint end that have no end yet. @param endsAt  epoch milliseconds */
export const endSecrets = (tx: Tx, { id, tenantId }: Endpoint, endsAt: number): Promise<unknown> => tx`
  update webhook_secret set ends_at = ${toRfc3339(endsAt)}::timestamptz
  where endpoint_id = ${endpointKey(id)}::uuid and tenant_id = ${tenantId} and ends_at is null`

export const forgetSecrets = (db: Db, now: number): Promise<unknown> =>
  db`delete from webhook_secret where ends_at < ${toRfc3339(now)}::timestamptz`

/** An endpoint as deliveries need it: who is told what, and signed with what. @property until  when its oldest key ends */
export type Receiver = Endpoint & {
  readonly keys: readonly { readonly key: SigningKey; readonly endsAt: number | null }[]
}

/** Everybody who is told now. */
export async function findReceivers(db: Db | Tx, vault: Vault): Promise<Receiver[]> {
  const rows = await db<Row[]>`
    select ${columns(db)} from webhook_endpoint e where e.enabled and e.ended_at is null order by e.endpoint_id`
  const kept = await db<
    {
      secret_id: string
      endpoint_id: string
      tenant_id: number
      scheme: Scheme
      sealed: Uint8Array
      ends_at: number | null
    }[]
  >`
    select s.secret_id, s.endpoint_id, s.tenant_id, s.scheme, s.sealed, s.ends_at
    from webhook_secret s join webhook_endpoint e using (endpoint_id)
    where e.enabled and e.ended_at is null order by s.endpoint_id, s.secret_id desc`
  await vault.load(kept.map(({ sealed }) => sealed))
  const keys = new Map<string, { key: SigningKey; endsAt: number | null }[]>()
  for (const one of kept) {
    const text = vault.open(PLACE, one.tenant_id, one.secret_id.replaceAll('-', ''), one.sealed)
    if (text === undefined) continue // its key was destroyed for good
    const of = keys.get(one.endpoint_id) ?? []
    of.push({ key: signingKeyOf(one.scheme, text), endsAt: one.ends_at })
    keys.set(one.endpoint_id, of)
  }
  return rows.map((row) => ({ ...fromRow(row), keys: keys.get(row.endpoint_id) ?? [] }))
}
