import type { Clock } from '../base/clock.ts'
import { isTransient } from './pool.ts'

/** Collects calls into batches; each caller gets the answer of its own item. */
export interface Batcher<Item, Result> {
  /** Adds one item. Rejects with what `run` threw for it. */
  submit(item: Item): Promise<Result>
  /** Items waiting, not yet in a running batch. */
  waiting(): number
  /** Resolves when nothing waits and nothing runs. */
  idle(): Promise<void>
}

export type BatchOptions<Item, Result> = {
  readonly clock: Clock
  /** Items in one batch at most. */
  readonly maxItems: number
  /** Batches running at once; items of one partition never run in two batches at once. */
  readonly partitions: number
  readonly partitionOf: (item: Item) => number
  /** Does the work of a batch in one commit; answers in the order of the items. */
  readonly run: (items: readonly Item[]) => Promise<readonly Result[]>
  /** How long a batch that comes right behind a busy one waits for more, in milliseconds; not given: not at all. */
  readonly gatherMs?: number
  /** Told the size of each batch, for metrics. */
  readonly onBatch?: (size: number) => void
}

type Waiting<Item, Result> = {
  readonly item: Item
  readonly resolve: (result: Result) => void
  readonly reject: (error: unknown) => void
}

/** From so many items on a batch was a busy one: more are on their way. */
const BUSY = 8
/** So many that wait are enough: what all of a batch share is little for each by then. */
const ENOUGH = 128

/**
 * Group commit: calls that arrive while a commit is running are collected, then go together. A batch that fails because
 * the database went away is run once more as it is; any other failure runs it again item by item, so that a poisonous item
 * fails alone. `run` must therefore be safe to repeat, also when its commit did happen and only the answer was lost.
 *
 * Behind a busy batch the next one gathers a little: what a statement costs whatever its rows are is most of what a small batch costs, and
 * the time is not lost where others want the processor. A call that comes alone never waits.
 */
export function createBatcher<Item, Result>(options: BatchOptions<Item, Result>): Batcher<Item, Result> {
  const { clock, maxItems, partitions, partitionOf, run, gatherMs = 0, onBatch } = options
  const enough = Math.min(ENOUGH, maxItems)
  const queues: Waiting<Item, Result>[][] = Array.from({ length: partitions }, () => [])
  const running: boolean[] = Array.from({ length: partitions }, () => false)
  const gathering: ((() => void) | undefined)[] = Array.from({ length: partitions }, () => undefined)
  const idleWaiters: (() => void)[] = []
  let active = 0

  const together = async (taken: readonly Waiting<Item, Result>[]): Promise<void> => {
    const results = await run(taken.map((one) => one.item))
    for (let i = 0; i < taken.length; i += 1) taken[i]?.resolve(results[i] as Result)
  }

  const rejectAll = (taken: readonly Waiting<Item, Result>[], error: unknown): void => {
    for (const one of taken) one.reject(error)
  }

  const alone = async (one: Waiting<Item, Result>): Promise<void> => {
    try {
      const [result] = await run([one.item])
      one.resolve(result as Result)
    } catch (error) {
      one.reject(error)
    }
  }

  const gather = (partition: number): Promise<void> =>
    new Promise((resolve) => {
      const end = (): void => {
        gathering[partition] = undefined
        cancel()
        resolve()
      }
      const cancel = clock.after(gatherMs, end)
      gathering[partition] = end
    })

  const drain = async (partition: number): Promise<void> => {
    active += 1
    const queue = queues[partition] as Waiting<Item, Result>[]
    while (queue.length > 0) {
      const taken = queue.splice(0, maxItems)
      onBatch?.(taken.length)
      try {
        await together(taken)
      } catch (error) {
        if (isTransient(error)) await together(taken).catch((again) => rejectAll(taken, again))
        else for (const one of taken) await alone(one)
      }
      if (gatherMs > 0 && taken.length >= BUSY && queue.length < enough) await gather(partition)
    }
    running[partition] = false
    active -= 1
    if (active === 0) for (const wake of idleWaiters.splice(0)) wake()
  }

  return {
    submit(item) {
      return new Promise((resolve, reject) => {
        const partition = partitionOf(item) % partitions
        const queue = queues[partition] as Waiting<Item, Result>[]
        queue.push({ item, resolve, reject })
        if (queue.length >= enough) gathering[partition]?.()
        if (!running[partition]) {
          running[partition] = true
          clock.soon(() => void drain(partition))
        }
      })
    },
    waiting: () => queues.reduce((sum, queue) => sum + queue.length, 0),
    idle: () =>
      running.includes(true)
        ? new Promise((resolve) => {
            idleWaiters.push(resolve)
          })
        : Promise.resolve(),
  }
}
