import type { Db, Tx } from './pool.ts'

/**
 * A transaction's connection that takes no statement once it is over. What failed may have had other work under way, and a statement that
 * this sends later would run on a connection that is somebody else's by then, outside any transaction and with the rights of the pool.
 */
export function bounded(tx: Tx): { readonly tx: Tx; readonly end: () => void } {
  let over = false
  const check = (): void => {
    if (over) throw new Error('its transaction is over')
  }
  const guarded = new Proxy(tx, {
    apply(target, self, args) {
      check()
      return Reflect.apply(target, self, args)
    },
    get(target, name) {
      if (name === 'unsafe' || name === 'begin' || name === 'savepoint') check()
      return Reflect.get(target, name)
    },
  })
  return {
    tx: guarded,
    end: () => {
      over = true
    },
  }
}

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
  const own = bounded(tx)
  let open = true
  try {
    const begun = tx`begin`.execute()
    const [, found] = await allSettledOrThrow([begun, read(own.tx)] as const)
    const { result, writes } = write(own.tx, found)
    own.end()
    const committed = tx`commit`.execute()
    open = false
    const done = await Promise.allSettled([...writes, committed])
    for (const outcome of done) if (outcome.status === 'rejected') throw outcome.reason
    return result
  } finally {
    own.end()
    if (open) await tx`rollback`.catch(() => undefined)
    tx.release()
  }
}

/** Runs `run` in a transaction of its own: committed when it resolves, taken back when it throws. For work that no door waits for. */
export async function inTransaction<T>(db: Db, run: (tx: Tx) => Promise<T>): Promise<T> {
  const results: T[] = []
  // The driver's type for a transaction's connection lacks what a reserved one has; nothing here or above uses it.
  await db.begin(async (sql) => {
    const own = bounded(sql as unknown as Tx)
    try {
      results.push(await run(own.tx))
    } finally {
      own.end()
    }
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
