import { type Db, errorCode, type Tx } from './pool.ts'
import { bounded } from './transaction.ts'

/**
 * Runs what somebody asked for in one transaction that sees the rows of one tenant and no others: PostgreSQL itself refuses the rest,
 * whatever the statements in it say. Committed when `run` resolves, taken back when it throws. The settings are the
 * transaction's own and gone with it, so that the connection cannot carry one tenant's sight into another's request.
 *
 * @param run  may send several statements at once; they go one after the other on its one connection
 */
export async function asTenant<T>(db: Db, tenantId: number, run: (tx: Tx) => Promise<T>): Promise<T> {
  const tx = await db.reserve()
  const own = bounded(tx)
  let open = true
  try {
    const begun = enter(tx, tenantId)
    const [result, ...settled] = await Promise.allSettled([run(own.tx), ...begun])
    for (const one of settled) if (one.status === 'rejected') throw one.reason
    if (result.status === 'rejected') throw result.reason
    open = false
    await tx`commit`
    return result.value
  } finally {
    own.end()
    if (open) await tx`rollback`.catch(() => undefined)
    tx.release()
  }
}

/**
 * The same in one round trip: `fire` sends all its statements before it waits for any, and `commit` leaves right behind them. What they find
 * is judged afterwards, so a statement that must not be done for nothing has its conditions in itself.
 *
 * Its commit is not waited for on the disk: it is there with the next commit of anybody at the latest. So who must not tell of it before it
 * is kept whatever happens, tells behind a commit of `asTenant` or of a door.
 */
export async function asTenantAtOnce<T>(db: Db, tenantId: number, fire: (tx: Tx) => Promise<T>): Promise<T> {
  const tx = await db.reserve()
  const own = bounded(tx)
  let open = true
  try {
    const begun = [...enter(tx, tenantId), tx`select set_config('synchronous_commit', 'off', true)`.execute()]
    const fired = fire(own.tx)
    await nextTurn
    own.end()
    const committed = tx`commit`.execute()
    open = false
    const [result, ...settled] = await Promise.allSettled([fired, ...begun, committed])
    if (result.status === 'rejected') throw result.reason
    for (const one of settled) if (one.status === 'rejected') throw one.reason
    return result.value
  } finally {
    own.end()
    if (open) {
      await nextTurn
      await tx`rollback`.catch(() => undefined)
    }
    tx.release()
  }
}

/** What was awaited before leaves for the database in the turn of microtasks before whoever waits for this goes on. */
const nextTurn: Promise<void> = Promise.resolve()

const enter = (tx: Tx, tenantId: number): readonly Promise<unknown>[] => [
  tx`begin`.execute(),
  tx`select set_config('role', 'turant_tenant', true), set_config('turant.tenant', ${String(tenantId)}, true)`.execute(),
]

/** Waits for what is being judged, and lets nothing be judged until the caller's commit. */
export const holdJudgement = (tx: Tx, tenantId: number): Promise<unknown> =>
  tx`select pg_advisory_xact_lock(hashtextextended('stop ' || ${tenantId}::integer, 0))`.execute()

/** Judges by what the tenants' settings are until the caller's commit, beside others who do: `holdJudgement` waits for all of them. */
export const joinJudgement = (tx: Tx, tenantIds: readonly number[]): Promise<unknown> =>
  tx`
    select pg_advisory_xact_lock_shared(hashtextextended('stop ' || one, 0))
    from unnest(${[...tenantIds]}::integer[]) one`.execute()

/** `asTenant` on a pool that is known: what the HTTP routes are given. */
export type AsTenant = <T>(tenantId: number, run: (tx: Tx) => Promise<T>) => Promise<T>

/**
 * Runs what the hub itself does in the transaction of a tenant's request: rows of a bank's books, which no tenant's sight holds. Whoever
 * calls it has made sure that the tenant may have it done, and sends nothing else in the transaction until it is over. Afterwards the
 * transaction sees what it saw before, also when `run` throws and somebody goes on; a transaction that failed can only be taken back.
 */
export async function asHub<T>(tx: Tx, run: (tx: Tx) => Promise<T>): Promise<T> {
  const [before] = await tx<{ role: string }[]>`select current_setting('role') as role`
  await tx`select set_config('role', 'turant_hub', true)`
  try {
    return await run(tx)
  } finally {
    await tx`select set_config('role', ${before?.role ?? 'none'}, true)`.catch(failedBefore)
  }
}

/** What PostgreSQL says to any statement of a transaction that has failed: why it has is thrown already. */
function failedBefore(error: unknown): void {
  if (errorCode(error) !== '25P02') throw error
}
