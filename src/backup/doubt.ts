import type { Act } from '../audit/acts.ts'
import { writeActs } from '../audit/acts.ts'
import type { ActName } from '../base/act-names.ts'
import { toRfc3339 } from '../base/clock.ts'
import type { Tx } from '../db/pool.ts'
import { hourKey } from '../imps/rrn.ts'
import { EVERY_INSTITUTION } from '../payment/serials.ts'
import type { End } from './dump.ts'

/**
 * What a restored database must be told, because the world went on after the backup was taken. In the transaction of the restore, so
 * that no hub ever sees the one without the other.
 */

export type Doubts = {
  /** Payments that were sent or unconfirmed: they are asked about again, from the first question on. */
  readonly asked: number
  /** Payments that were held: they may have left since, and wait until people have found out. */
  readonly barred: number
  /** Tenants whose payments are stopped until somebody resumes them. */
  readonly stopped: readonly number[]
  /** No original leaves before this instant, epoch milliseconds: the RRNs of the hours until then may be used. */
  readonly closedUntil: number
}

const HOUR_MS = 3_600_000
/** By how much the clocks of the hub that is gone, of its database and of this machine may differ. */
const CLOCKS_MS = 300_000
/** What may have been drawn from a sequence after the backup and be known outside: account numbers, keys. */
const AHEAD = 1_000_000n
/** The same of what counts in 32 bits. */
const AHEAD_SMALL = 100_000n

/** @param at  now, epoch milliseconds */
export async function markDoubts(
  tx: Tx,
  { takenAt, at, sequences, actor }: { takenAt: number; at: number; sequences: End['sequences']; actor: string },
): Promise<Doubts> {
  const now = toRfc3339(at)
  const closedUntil = await closeHours(tx, takenAt, at)
  await jumpAhead(tx, sequences)

  const asked = await tx`
    update hold set checks = 0, due_at = case when p.state = 'unconfirmed' then ${now}::timestamptz end
    from payment p where p.payment_id = hold.payment_id and p.lane = hold.lane and hold.link is not null`
  // The rail takes only what awaits nothing, and without a time nothing gives it up (payment.ts, stage `restored`).
  const barred = await tx`
    with held as (
      update hold set awaiting = 'lag', due_at = null where link is null returning lane, payment_id)
    update payment p set reason = 'awaiting_restored' || coalesce(',' || substring(p.reason from '^awaiting_(.*)$'), '')
    from held where held.payment_id = p.payment_id and held.lane = p.lane and p.state = 'held'`

  // Sessions and stops of the lost time are not known: nobody is signed in, and nothing leaves until somebody says so.
  await tx`delete from session`
  const stopped = await tx<{ tenant_id: number }[]>`
    update tenant set stopped_at = ${now}::timestamptz, policy_version = policy_version + 1
    where kind <> 'hub' and stopped_at is null returning tenant_id`
  const ids = stopped.map((row) => row.tenant_id).sort((a, b) => a - b)
  const act = (tenantId: number, action: ActName, detail: Act['detail']): Act => ({
    tenantId,
    at,
    actor: { kind: 'operator', id: actor },
    action,
    subject: null,
    outcome: 'done',
    detail,
    requestId: null,
    address: null,
  })
  await writeActs(tx, [
    act(0, 'database.restored', { takenAt: toRfc3339(takenAt), asked: asked.count, barred: barred.count }),
    ...ids.map((id) => act(id, 'payments.stopped', { reason: 'restored' })),
  ])
  return { asked: asked.count, barred: barred.count, stopped: ids, closedUntil }
}

/**
 * The hours from the backup to now have no serials any more, for any institution: how many the lost hub used cannot be known, and one
 * of them used twice would be somebody else's payment at the switch. The hour in which an RRN is used again lies ahead of all of them.
 * @returns when the first open hour begins
 */
async function closeHours(tx: Tx, takenAt: number, at: number): Promise<number> {
  const keys = new Set<string>()
  const last = at + CLOCKS_MS
  // A key comes back after ten years; of an older backup the last ten are all there is.
  for (let hour = Math.max(takenAt - CLOCKS_MS, at - 9 * 366 * 24 * HOUR_MS); hour < last; hour += HOUR_MS / 2)
    keys.add(hourKey(hour))
  keys.add(hourKey(last))
  await tx`
    insert into stan_block (institution, hour_key, next_stan)
    select ${EVERY_INSTITUTION}, key, 1000000 from unnest(${[...keys]}::text[]) as key
    on conflict (institution, hour_key) do update set next_stan = 1000000`
  // Hours of Indian time begin at half past in UTC.
  const half = HOUR_MS / 2
  return Math.floor((last + half) / HOUR_MS) * HOUR_MS + HOUR_MS - half
}

async function jumpAhead(tx: Tx, sequences: End['sequences']): Promise<void> {
  const own = await tx<{ name: string; max: bigint }[]>`
    select sequencename as name, max_value as max from pg_sequences where schemaname = current_schema()`
  for (const { name, max } of own) {
    const ahead = max > 2_147_483_647n ? AHEAD : AHEAD_SMALL
    await tx`select setval(${name}::regclass, ${String(BigInt(sequences[name] ?? '0') + ahead)}::bigint)`
  }
}
