import type { Vault } from '../base/vault.ts'
import type { Db, Tx } from '../db/pool.ts'
import { inTransaction } from '../db/transaction.ts'
import { findReceivers, type Receiver } from './endpoint-store.ts'
import { type PublicEvent, parseSnapshot, type Reach, takeSteps } from './outbox.ts'
import { addToStrands, type Strand } from './strand-store.ts'

/** Who is told, as this process knows it: read again when somebody changed an endpoint or a secret. */
export type Receivers = {
  /** As of `version` of the changes, or later. */
  readonly at: (db: Db | Tx, version: bigint) => Promise<readonly Receiver[]>
  readonly known: () => readonly Receiver[]
  readonly find: (endpointId: string) => Receiver | undefined
  /** Reads again if something has changed. */
  readonly refresh: (db: Db) => Promise<void>
}

export function createReceivers(vault: Vault): Receivers {
  let version = -1n
  let known: readonly Receiver[] = []
  let byId = new Map<string, Receiver>()
  const at = async (db: Db | Tx, wanted: bigint): Promise<readonly Receiver[]> => {
    if (wanted > version) {
      const read = await findReceivers(db, vault)
      version = wanted
      known = read
      byId = new Map(read.map((one) => [one.id, one]))
    }
    return known
  }
  return {
    at,
    known: () => known,
    find: (endpointId) => byId.get(endpointId),
    async refresh(db) {
      const [row] = await db<{ version: bigint }[]>`select version from webhook_change`
      if (row !== undefined) await at(db, row.version)
    },
  }
}

/** Nothing has been seen: what a restored database, whose transactions begin again, is read with. */
const NOTHING = '3:3:'
/** Everything is visible in it. */
const ALL = '9223372036854775807:9223372036854775807:'
/** Steps this much older than a restore are old, whatever their numbers say. */
const RESTORE_MS = 600_000

export type Turn = {
  /** False: another process reads now. */
  readonly isOurs: boolean
  /** Strands that got something, and whether there is more at once. */
  readonly added: number
  readonly isAll: boolean
}

/**
 * Takes new steps over from the outbox into the strands of those who asked for them, in one transaction: once, whatever happens. One process
 * at a time does. Its commit is not waited for on the disk: if it is lost, the steps are taken again.
 */
export function tailOnce(db: Db, receivers: Receivers, now: number, most: number): Promise<Turn> {
  return inTransaction(db, async (tx) => {
    const [lock] = await tx<{ ours: boolean }[]>`
      select pg_try_advisory_xact_lock(hashtextextended('outbox webhooks', 0)) as ours,
             set_config('synchronous_commit', 'off', true)`
    if (lock?.ours !== true) return { isOurs: false, added: 0, isAll: true }
    const [place] = await tx<{ seen: string; since: number; now: string; version: bigint }[]>`
      select seen::text, since, pg_current_snapshot()::text as now, version
      from outbox_reader, webhook_change where reader = 'webhooks'`
    if (place === undefined) throw new Error('the outbox has no reader for webhooks')
    const known = await receivers.at(tx, place.version)
    const reaches = reachesOf(known, place.since)
    if (parseSnapshot(place.seen).xmax > parseSnapshot(place.now).xmax) {
      const left = await takeSteps(tx, place.seen, ALL, reaches)
      await addToStrands(tx, strandsOf(left.events, known), now)
      await tx`
        update outbox_reader set seen = ${left.isAll ? NOTHING : left.seen}::pg_snapshot,
          since = ${left.isAll ? tx`clock_timestamp() - ${RESTORE_MS}::integer * interval '1 millisecond'` : tx`since`}
        where reader = 'webhooks'`
      return { isOurs: true, added: left.events.length, isAll: false }
    }
    const taken = await takeSteps(tx, place.seen, place.now, reaches, most)
    const strands = strandsOf(taken.events, known)
    await addToStrands(tx, strands, now)
    if (taken.seen !== place.seen)
      await tx`update outbox_reader set seen = ${taken.seen}::pg_snapshot where reader = 'webhooks'`
    return { isOurs: true, added: strands.length, isAll: taken.isAll }
  })
}

/** The tenants of these receivers, each from when the first of them is told: what is older is for nobody, and must not take the place of what is. */
export function reachesOf(receivers: readonly Receiver[], since: number): Reach[] {
  return [...Map.groupBy(receivers, ({ tenantId }) => tenantId)].map(([tenantId, own]) => ({
    tenantId,
    since: Math.max(since, Math.min(...own.map(({ toldFrom }) => toldFrom))),
  }))
}

/** Who is told what, with the steps of one payment for one endpoint together. */
export function strandsOf(events: readonly PublicEvent[], receivers: readonly Receiver[]): Strand[] {
  const ofTenant = Map.groupBy(receivers, ({ tenantId }) => tenantId)
  const strands = new Map<string, Strand & { readonly sequences: number[] }>()
  for (const event of events) {
    for (const { id, tenantId, events: wanted, toldFrom } of ofTenant.get(event.tenantId) ?? []) {
      if (event.writtenAt < toldFrom || wanted?.includes(event.type) === false) continue
      const key = `${id} ${event.subject}`
      const strand = strands.get(key)
      if (strand === undefined)
        strands.set(key, { endpointId: id, subject: event.subject, tenantId, sequences: [event.sequence] })
      else strand.sequences.push(event.sequence)
    }
  }
  return [...strands.values()]
}
