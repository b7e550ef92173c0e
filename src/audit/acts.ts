import { hash } from 'node:crypto'
import type { ActName } from '../base/act-names.ts'
import { toRfc3339 } from '../base/clock.ts'
import type { Tx } from '../db/pool.ts'

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
  readonly action: ActName
  /** What it was done to: `cli_…`, `pay_…`. */
  readonly subject: string | null
  readonly outcome: 'done' | 'refused'
  /** Never personal data. */
  readonly detail: Readonly<Record<string, string | number | boolean | null>>
  readonly requestId: string | null
  readonly address: string | null
}

/** An act as it stands in its tenant's chain, by whatever name it was written. Hashes are 64 hex digits. */
export type ChainedAct = WrittenAct & { readonly sequence: bigint; readonly previous: string; readonly hash: string }
type WrittenAct = Omit<Act, 'action'> & { readonly action: string }

/** What stands before the first act of every chain. */
export const FIRST = '0'.repeat(64)

/** The hash of an act: SHA-256 over the hash before it and every field of it, in one fixed order. */
export const hashOfAct = (previous: string, sequence: bigint, act: WrittenAct): string =>
  hash('sha256', `["${previous}","${sequence}",${restOf(act)}`)

/** What is hashed of an act behind the hash before it and its number: the rest of a JSON array. */
const restOf = (act: WrittenAct): string =>
  JSON.stringify([
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
  ]).slice(1)

/** The detail as it is stored and hashed: its fields in order of their names. */
export const detailText = (detail: Act['detail']): string =>
  JSON.stringify(Object.fromEntries(Object.entries(detail).sort(([a], [b]) => (a < b ? -1 : 1))))

/**
 * Appends to each tenant's chain, in the caller's own transaction: whoever writes to the same chain at the same time waits for its commit.
 * All statements leave at once, so that the end of a busy chain is not held while answers travel: PostgreSQL makes the hash.
 * @throws when the database is away; nothing of the transaction is then committed
 */
export async function writeActs(tx: Tx, acts: readonly Act[]): Promise<void> {
  const inOrder = [...acts].sort((a, b) => a.tenantId - b.tenantId) // the one order in which anybody locks chains
  await Promise.all(inOrder.flatMap((act) => appendAct(tx, act)))
}

const appendAct = (tx: Tx, act: Act): readonly Promise<unknown>[] => [
  tx`insert into act_chain (tenant_id) values (${act.tenantId}) on conflict do nothing`.execute(),
  tx`
    with ending as (select tenant_id, sequence + 1 as sequence, hash as previous from act_chain where tenant_id = ${act.tenantId} for update),
    line as (
      select tenant_id, sequence, previous,
             encode(sha256(convert_to('["' || previous || '","' || sequence || '",' || ${restOf(act)}::text, 'UTF8')), 'hex') as hash
      from ending),
    moved as (
      update act_chain c set sequence = line.sequence, hash = line.hash from line where c.tenant_id = line.tenant_id)
    insert into act (tenant_id, sequence, at, actor_kind, actor, action, subject, outcome, detail, request_id, address, previous, hash)
    select tenant_id, sequence, ${toRfc3339(act.at)}::timestamptz, ${act.actor.kind}::text, ${act.actor.id}::text, ${act.action}::text,
           ${act.subject}::text, ${act.outcome}::text, ${detailText(act.detail)}::text, ${act.requestId}::text, ${act.address}::text,
           previous, hash
    from line`.execute(),
]
