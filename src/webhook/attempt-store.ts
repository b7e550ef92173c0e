import type { EventSubject } from '../base/identifiers.ts'
import type { Vault } from '../base/vault.ts'
import { bytes, numbers, texts, words } from '../db/arrays.ts'
import type { Db, Tx } from '../db/pool.ts'
import { eventIdOf, MAX_SEQUENCE } from './catalogue.ts'
import { endpointIdOf, endpointKey } from './endpoint-store.ts'

/** One try: `att_` and 32 hex digits. */
export type Attempt = {
  readonly id: string
  readonly endpointId: string
  readonly tenantId: number
  readonly eventId: string
  readonly at: number
  readonly durationMs: number
  /** Null: no whole answer came, and `error` says why. */
  readonly status: number | null
  readonly error: string | null
  /** The beginning of the answer; null when it was empty or is gone. */
  readonly body: string | null
}

const PLACE = 'webhook_attempt.sealed'
/** Characters of an answer that are kept. */
export const KEPT_CHARACTERS = 500
const KEEP_MS = 30 * 86_400_000
const attemptKey = (id: string): string => id.slice(4)

/** The vault must be prepared for the tenants. */
export async function insertAttempts(tx: Tx, vault: Vault, rows: readonly Attempt[]): Promise<void> {
  if (rows.length === 0) return
  await tx`
    insert into webhook_attempt (attempt_id, endpoint_id, tenant_id, event_id, at, duration_ms, status, error, sealed)
    select attempt_id, endpoint_id, tenant_id, event_id, to_timestamp(at / 1000.0), duration_ms, status, error, sealed
    from unnest(
      ${words(rows, (one) => attemptKey(one.id))}::uuid[], ${words(rows, (one) => endpointKey(one.endpointId))}::uuid[],
      ${numbers(rows, (one) => one.tenantId)}::integer[], ${texts(rows, (one) => one.eventId)}::text[],
      ${numbers(rows, (one) => one.at)}::bigint[], ${numbers(rows, (one) => one.durationMs)}::integer[],
      ${numbers(rows, (one) => one.status)}::smallint[], ${texts(rows, (one) => one.error)}::text[],
      ${bytes(rows, (one) => (one.body === null ? null : vault.seal(PLACE, one.tenantId, attemptKey(one.id), one.body)))}::bytea[])
      as t (attempt_id, endpoint_id, tenant_id, event_id, at, duration_ms, status, error, sealed)`
}

type AttemptRow = {
  attempt_id: string
  endpoint_id: string
  event_id: string
  at: number
  duration_ms: number
  status: number | null
  error: string | null
  sealed: Uint8Array | null
}

/**
 * Newest first.
 * @param of  the tries of one endpoint, or of all events of one payment or link
 * @param before  the hex digits of an attempt: those that were made before it
 */
export async function listAttempts(
  tx: Tx,
  vault: Vault,
  tenantId: number,
  of: { readonly endpointId: string } | { readonly subject: EventSubject },
  before: string | undefined,
  limit: number,
): Promise<Attempt[]> {
  const [first, last] = 'subject' in of ? [eventIdOf(of.subject, 0), eventIdOf(of.subject, MAX_SEQUENCE)] : []
  const rows = await tx<AttemptRow[]>`
    select attempt_id, endpoint_id, event_id, at, duration_ms, status, error, sealed from webhook_attempt
    where tenant_id = ${tenantId}
      ${'subject' in of ? tx`and event_id collate "C" between ${first ?? ''} and ${last ?? ''}` : tx`and endpoint_id = ${endpointKey(of.endpointId)}::uuid`}
      ${before === undefined ? tx`` : tx`and attempt_id < ${before}::uuid`}
    order by attempt_id desc limit ${limit}`
  await vault.load(rows.map(({ sealed }) => sealed))
  return rows.map((row) => {
    const key = row.attempt_id.replaceAll('-', '')
    return {
      id: `att_${key}`,
      endpointId: endpointIdOf(row.endpoint_id),
      tenantId,
      eventId: row.event_id,
      at: row.at,
      durationMs: row.duration_ms,
      status: row.status,
      error: row.error,
      body: row.sealed === null ? null : (vault.open(PLACE, tenantId, key, row.sealed) ?? null),
    }
  })
}

/** Forgets what is older than a month. @param oldest  an id of that moment: ids sort by time */
export const forgetAttempts = (db: Db, oldest: string): Promise<unknown> =>
  db`delete from webhook_attempt where attempt_id < ${oldest}::uuid`

/** The least id of an attempt made `KEEP_MS` before `now`, as a UUID. */
export const oldestKept = (now: number): string =>
  `${Math.floor(now - KEEP_MS)
    .toString(16)
    .padStart(12, '0')}${'0'.repeat(20)}`
