import type { Cancel, Clock } from '../../src/base/clock.ts'

/** One run of the hub's process, from start to kill. What it does not survive happens to it here: nothing after a kill, nothing while paused. */
export interface Life {
  readonly name: string
  /** The process's own clock: its timers stop when it does. */
  readonly clock: Clock
  isAlive(): boolean
  isPaused(): boolean
  /** Runs `fn` now, or after the pause, or never: everything that reaches the process from outside passes here. */
  reach(fn: () => void): void
  /** kill -9: no code of it runs any more that the world could notice. */
  kill(): void
  /** A stopped virtual machine, or a very long collection of garbage. */
  pause(): void
  resume(): void
  onKill(fn: () => void): void
  /** Calls `fn` once, when a door of the process next asks for a transaction. */
  onNextTransaction(fn: () => void): void
  asksForTransaction(): void
}

/**
 * @param skewMs  how far the machine's wall clock is off
 * @param onThrow  told what a timer of the process threw: the process would have died of it
 */
export function createLife(name: string, clock: Clock, skewMs: number, onThrow: (error: unknown) => void): Life {
  let alive = true
  let paused = false
  let waiting: (() => void)[] = []
  const onKill: (() => void)[] = []
  let onTransaction: (() => void) | undefined

  const run = (fn: () => void) => {
    try {
      fn()
    } catch (error) {
      onThrow(error)
    }
  }
  const reach = (fn: () => void) => {
    if (!alive) return
    if (paused) waiting.push(fn)
    else run(fn)
  }
  const after = (ms: number, fn: () => void): Cancel => {
    let cancelled = false
    const cancel = clock.after(ms, () => reach(() => (cancelled ? undefined : fn())))
    return () => {
      cancelled = true
      cancel()
    }
  }

  return {
    name,
    clock: {
      now: () => clock.now() + skewMs,
      monotonicMs: clock.monotonicMs,
      after,
      soon: (fn) => {
        after(0, fn)
      },
    },
    isAlive: () => alive,
    isPaused: () => paused,
    reach,
    kill() {
      if (!alive) return
      alive = false
      waiting = []
      for (const fn of onKill) fn()
    },
    pause() {
      paused = true
    },
    resume() {
      if (!paused) return
      paused = false
      const due = waiting
      waiting = []
      // Each in a turn of its own, as the event loop of a process that wakes up would take them.
      for (const fn of due) clock.soon(() => reach(fn))
    },
    onKill(fn) {
      onKill.push(fn)
    },
    onNextTransaction(fn) {
      onTransaction = fn
    },
    asksForTransaction() {
      const fn = onTransaction
      onTransaction = undefined
      fn?.()
    },
  }
}
