import type { Clock } from '../base/clock.ts'

/** Counts what went wrong lately, so that whoever only tries is told to wait. In memory: each process counts what it saw. */
export type Failures = {
  /** One more. @returns how many there are in this window */
  readonly add: (key: string) => number
  readonly count: (key: string) => number
  /** Milliseconds until the window of this key ends; 0 when none runs. */
  readonly endsInMs: (key: string) => number
}

/** Keys that are remembered. Whoever comes from more addresses than this is for a firewall. */
const MAX_KEYS = 10_000

export function createFailures(clock: Clock, windowMs: number): Failures {
  const windows = new Map<string, { count: number; readonly endsAt: number }>()
  const find = (key: string) => {
    const found = windows.get(key)
    return found === undefined || found.endsAt <= clock.monotonicMs() ? undefined : found
  }
  return {
    add(key) {
      const found = find(key)
      if (found !== undefined) {
        found.count += 1
        return found.count
      }
      windows.delete(key)
      if (windows.size >= MAX_KEYS)
        for (const oldest of [...windows.keys()].slice(0, MAX_KEYS / 10)) windows.delete(oldest)
      windows.set(key, { count: 1, endsAt: clock.monotonicMs() + windowMs })
      return 1
    },
    count: (key) => find(key)?.count ?? 0,
    endsInMs: (key) => Math.max(0, (find(key)?.endsAt ?? 0) - clock.monotonicMs()),
  }
}
