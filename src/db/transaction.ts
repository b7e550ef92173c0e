import type { Db, Tx } from './pool.ts'

/**
 * Runs one batch as one transaction in two round trips: `begin` leaves together with the reads, `commit` together with the writes.
 *
 * @param read   fires the locking reads, in the stated lock order; they are pipelined behind `begin`
 * @param write  judges what was read and fires the writes; returns the answer and the promises of the writes
 * @throws the first error of any statement: nothing was written then, unless the connection was lost during `commit`,
 *   when nobody can know; callers are idempotent and simply ask again
 */
export async function runTransaction<Read, Result>(
  db: Db,
  read: (tx: Tx) => Promise<Read>,
  write: (tx: Tx, found: Read) => { readonly result: Result; readonly writes: readonly Promise<unknown>[] },
): Promise<Result> {
  const tx = await db.reserve()
  let open = true
  try {
    const begun = tx`begin`.execute()
    const [, found] = await allSettledOrThrow([begun, read(tx)] as const)
    const { result, writes } = write(tx, found)
    const committed = tx`commit`.execute()
    open = false
    const done = await Promise.allSettled([...writes, committed])
    for (const outcome of done) if (outcome.status === 'rejected') throw outcome.reason
    return result
  } finally {
    if (open) await tx`rollback`.catch(() => undefined)
    tx.release()
  }
}

/** Runs `run` in a transaction of its own: committed when it resolves, taken back when it throws. For work that no door waits for. */
export async function inTransaction<T>(db: Db, run: (tx: Tx) => Promise<T>): Promise<T> {
  const results: T[] = []
  // The driver's type for a transaction's connection lacks what a reserved one has; nothing here or above uses it.
  await db.begin(async (sql) => {
    results.push(await run(sql as unknown as Tx))
  })
  return results[0] as T
}

/** Like Promise.all, but waits for the rest before it throws, so that no statement is left behind on the connection. */
async function allSettledOrThrow<A, B>(promises: readonly [PromiseLike<A>, PromiseLike<B>]): Promise<[A, B]> {
  const [first, second] = await Promise.allSettled(promises)
  if (first.status === 'rejected') throw first.reason
  if (second.status === 'rejected') throw second.reason
  return [first.value, second.value]
}
