import type { Cancel, Clock } from '../../src/base/clock.ts'

/** A clock that a test moves by hand. Two calls for the same instant happen in the order in which they were asked for. */
export interface VirtualClock extends Clock {
  /** Does everything due within the next `ms`, in order, and stands at the end of it. `advance(0)` does what is due now. */
  advance(ms: number): void
  /** The same, waiting for promises (and whatever `settle` waits for) after each step: for code that awaits between timers. */
  advanceAsync(ms: number, settle?: () => Promise<void>): Promise<void>
  /** Moves from event to event until `done` is true; false when `limitMs` pass, or nothing is left to do, before that. */
  runUntil(done: () => boolean, limitMs: number): boolean
  /** Moves the wall clock only, as an operator or NTP would; timers do not notice. */
  jump(ms: number): void
  /** How many timers wait. */
  pending(): number
  /** Milliseconds to the next timer; undefined when there is none. */
  nextInMs(): number | undefined
}

type Timer = { readonly at: number; readonly order: number; fn: (() => void) | undefined }

const earlier = (a: Timer, b: Timer): boolean => a.at < b.at || (a.at === b.at && a.order < b.order)

/** A binary heap of timers, the earliest on top. */
function createHeap() {
  const heap: Timer[] = []
  const swap = (i: number, j: number) => {
    const held = heap[i] as Timer
    heap[i] = heap[j] as Timer
    heap[j] = held
  }
  return {
    top: (): Timer | undefined => heap[0],
    push(timer: Timer) {
      let at = heap.push(timer) - 1
      while (at > 0) {
        const parent = (at - 1) >> 1
        if (!earlier(heap[at] as Timer, heap[parent] as Timer)) break
        swap(at, parent)
        at = parent
      }
    },
    pop() {
      const last = heap.pop()
      if (heap.length === 0 || last === undefined) return
      heap[0] = last
      for (let at = 0; ; ) {
        let least = at
        for (const child of [2 * at + 1, 2 * at + 2]) {
          if (child < heap.length && earlier(heap[child] as Timer, heap[least] as Timer)) least = child
        }
        if (least === at) return
        swap(at, least)
        at = least
      }
    },
  }
}

const nextMacrotask = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** @param startMs the wall clock at the start, epoch milliseconds; by default 22 November 2026, 12:00 IST. */
export function createVirtualClock(startMs = Date.UTC(2026, 10, 22, 6, 30)): VirtualClock {
  const heap = createHeap()
  let elapsed = 0
  let jumped = 0
  let order = 0
  let live = 0

  const schedule = (ms: number, fn: () => void): Cancel => {
    order += 1
    live += 1
    const timer: Timer = { at: elapsed + Math.max(0, ms), order, fn }
    heap.push(timer)
    return () => {
      if (timer.fn === undefined) return
      timer.fn = undefined
      live -= 1
    }
  }

  /** The earliest timer that was not cancelled. */
  const next = (): Timer | undefined => {
    for (let top = heap.top(); top !== undefined; top = heap.top()) {
      if (top.fn !== undefined) return top
      heap.pop()
    }
    return undefined
  }

  /** Fires the earliest timer if it is due by `until`; false when none is. */
  const step = (until: number): boolean => {
    const timer = next()
    if (timer === undefined || timer.at > until) return false
    heap.pop()
    elapsed = timer.at
    const fn = timer.fn
    timer.fn = undefined
    live -= 1
    fn?.()
    return true
  }

  return {
    now: () => Math.floor(startMs + elapsed + jumped),
    monotonicMs: () => elapsed,
    after: schedule,
    soon: (fn) => {
      schedule(0, fn)
    },
    advance(ms) {
      const until = elapsed + ms
      while (step(until));
      elapsed = until
    },
    async advanceAsync(ms, settle = nextMacrotask) {
      const until = elapsed + ms
      await settle()
      while (step(until)) await settle()
      elapsed = until
    },
    runUntil(done, limitMs) {
      const until = elapsed + limitMs
      while (!done()) if (!step(until)) return false
      return true
    },
    jump(ms) {
      jumped += ms
    },
    pending: () => live,
    nextInMs: () => {
      const timer = next()
      return timer === undefined ? undefined : timer.at - elapsed
    },
  }
}
