import type { Clock } from '../base/clock.ts'

/** A queue for each endpoint, of what this process has taken to tell it. */
export type Queues<Item> = {
  /** How many more may be taken for an endpoint now. */
  readonly room: (endpointId: string) => number
  /** Those taken that are not over, of all endpoints. */
  readonly taken: () => number
  /** Begins it as soon as its endpoint has room for one more at once. */
  readonly add: (endpointId: string, item: Item) => void
}

export type QueueOptions<Item> = {
  readonly clock: Clock
  /** At once to one endpoint before it is known whether it answers well, and when it does. */
  readonly first: number
  readonly most: number
  /** At once in all. */
  readonly inAll: number
  /** What may wait for one endpoint: as much as it takes in `aheadMs`, and no more than `ahead`. */
  readonly aheadMs: number
  readonly ahead: number
  /** Tells one. @returns whether its endpoint answered well */
  readonly begin: (item: Item) => Promise<boolean>
  /** Takes back what waited for an endpoint that does not answer well. */
  readonly giveBack: (items: readonly Item[]) => void
}

type Queue<Item> = { waiting: Item[]; running: number; most: number; usualMs: number }

/** How much the last answer counts in the usual time of an endpoint's answers. */
const LAST = 0.2

/** An endpoint that fails is told one thing at a time, one that works more and more; nothing of it waits here longer than a moment. */
export function createQueues<Item>(options: QueueOptions<Item>): Queues<Item> {
  const { clock, first, most, inAll, aheadMs, ahead, begin, giveBack } = options
  const queues = new Map<string, Queue<Item>>()
  let running = 0
  let taken = 0
  const end = (queue: Queue<Item>, isWell: boolean, tookMs: number): void => {
    const wasFull = running === inAll
    running -= 1
    taken -= 1
    queue.running -= 1
    queue.most = isWell ? Math.min(most, queue.most + 1) : 1
    queue.usualMs += (tookMs - queue.usualMs) * LAST
    if (!isWell && queue.waiting.length > 0) {
      const back = queue.waiting.splice(0)
      taken -= back.length
      giveBack(back)
    }
    advance(queue)
    if (wasFull) for (const other of queues.values()) advance(other)
  }
  const advance = (queue: Queue<Item>): void => {
    while (queue.running < queue.most && running < inAll) {
      const item = queue.waiting.shift()
      if (item === undefined) return
      queue.running += 1
      running += 1
      const started = clock.monotonicMs()
      const over = (isWell: boolean): void => end(queue, isWell, clock.monotonicMs() - started)
      begin(item).then(over, () => over(false))
    }
  }
  return {
    room(endpointId) {
      const queue = queues.get(endpointId)
      if (queue === undefined) return first
      const atOnce = queue.most === 1 ? 0 : Math.min(ahead, (queue.most * aheadMs) / Math.max(1, queue.usualMs))
      return Math.max(0, Math.floor(Math.max(queue.most, atOnce)) - queue.running - queue.waiting.length)
    },
    taken: () => taken,
    add(endpointId, item) {
      const queue = queues.get(endpointId) ?? { waiting: [], running: 0, most: first, usualMs: aheadMs }
      queues.set(endpointId, queue)
      queue.waiting.push(item)
      taken += 1
      advance(queue)
    },
  }
}
