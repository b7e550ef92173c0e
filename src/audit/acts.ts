import { hash } from 'node:crypto'
import { toRfc3339 } from '../base/clock.ts'
import type { Db, Tx } from '../db/pool.ts'

/**
 * audit: what was done, by whom, in a record that nobody can rewrite without its showing. It promises that every act is in the same
 * commit as what it tells of, that each tenant's acts are a chain without gaps in which every line carries the hash of the one before,
 * and that no line holds personal data.
 */

/** Something that was done, or refused. */
export type Act = {
  readonly tenantId: number
  /** Epoch milliseconds. */
  readonly at: number
  readonly actor: { readonly kind: string; readonly id: string }
  /** `client.created`: a noun and a past participle. */
  readonly action: string
  /** What it was done to: `cli_…`, `pay_…`. */
  readonly subject: string | null
  readonly outcome: 'done' | 'refused'
  /** Never personal data. */
  readonly detail: Readonly<Record<string, string | number | boolean | null>>
  readonly requestId: string | null
  readonly address: string | null
}

/** An act as it stands in its tenant's chain. Hashes are 64 hex digits. */
export type ChainedAct = Act & { readonly sequence: bigint; readonly previous: string; readonly hash: string }

/** What stands before the first act of every chain. */
export const FIRST = '0'.repeat(64)

/** The hash of an act: SHA-256 over the hash before it and every field of it, in one fixed order. */
export const hashOfAct = (previous: string, sequence: bigint, act: Act): string =>
  hash(
    'sha256',
    JSON.stringify([
      previous,
      String(sequence),
      act.tenantId,
      toRfc3339(act.at),
      act.actor.kind,
      act.actor.id,
      act.action,
      act.subject,
      act.outcome,
      detailText(act.detail),
      act.requestId,
      act.address,
    ]),
  )

/** The detail as it is stored and hashed: its fields in order of their names. */
export const detailText = (detail: Act['detail']): string =>
  JSON.stringify(Object.fromEntries(Object.entries(detail).sort(([a], [b]) => (a < b ? -1 : 1))))

/**
 * Appends to each tenant's chain, in the caller's own transaction: whoever writes to the same chain at the same time waits for its commit.
 * @throws when the database is away; nothing of the transaction is then committed
 */
export async function writeActs(db: Db | Tx, acts: readonly Act[]): Promise<void> {
  if (acts.length === 0) return
  const tenants = [...new Set(acts.map((act) => act.tenantId))].sort((a, b) => a - b)
  await db`
    insert into act_chain (tenant_id) select unnest(${tenants}::integer[]) on conflict do nothing`
  const heads = await db<{ tenant_id: number; sequence: bigint; hash: string }[]>`
    select tenant_id, sequence, hash from act_chain where tenant_id = any(${tenants}::integer[]) order by tenant_id for update`
  const ends = new Map(heads.map((head) => [head.tenant_id, { sequence: head.sequence, hash: head.hash }]))
  const chained = acts.map((act): ChainedAct => {
    const end = ends.get(act.tenantId)
    if (end === undefined) throw new Error(`tenant ${act.tenantId} has no chain`)
    const sequence = end.sequence + 1n
    const line = { ...act, sequence, previous: end.hash, hash: hashOfAct(end.hash, sequence, act) }
    ends.set(act.tenantId, line)
    return line
  })
  for (const act of chained) {
    await db`
      insert into act (tenant_id, sequence, at, actor_kind, actor, action, subject, outcome, detail, request_id, address, previous, hash)
      values (${act.tenantId}, ${act.sequence}, ${toRfc3339(act.at)}::timestamptz, ${act.actor.kind}, ${act.actor.id}, ${act.action},
              ${act.subject}, ${act.outcome}, ${detailText(act.detail)}, ${act.requestId}, ${act.address}, ${act.previous}, ${act.hash})`
  }
  for (const [tenantId, end] of ends) {
    await db`update act_chain set sequence = ${end.sequence}, hash = ${end.hash} where tenant_id = ${tenantId}`
  }
}
