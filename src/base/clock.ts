/** Stops a timer; harmless when it has already fired. */
export type Cancel = () => void

/** Time, passed in. The system clock in production; a controlled one in the simulation. */
export interface Clock {
  /** Milliseconds since the epoch, UTC. May jump; for timestamps only. */
  now(): number
  /** Milliseconds that never go back; for durations and deadlines inside this process. */
  monotonicMs(): number
  /** Calls `fn` once, `ms` milliseconds from now. */
  after(ms: number, fn: () => void): Cancel
  /** Calls `fn` when the current turn of the event loop has been worked off: how calls of one turn become one batch. */
  soon(fn: () => void): void
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonicMs: () => performance.now(),
  after(ms, fn) {
    const timer = setTimeout(fn, ms)
    return () => clearTimeout(timer)
  },
  soon: (fn) => {
    setImmediate(fn)
  },
}

/** Waits `ms` on the given clock. */
export const sleep = (clock: Clock, ms: number): Promise<void> => new Promise((resolve) => clock.after(ms, resolve))

/** An instant as RFC 3339 in UTC with milliseconds. */
export const toRfc3339 = (epochMs: number): string => new Date(epochMs).toISOString()

const IST_OFFSET_MS = 19_800_000 // UTC+05:30, no daylight saving since 1945

/** The instant at which the day of `epochMs` began in India. */
export const startOfIstDay = (epochMs: number): number =>
  Math.floor((epochMs + IST_OFFSET_MS) / 86_400_000) * 86_400_000 - IST_OFFSET_MS

/** The calendar in Indian Standard Time, as the fields of IMPS use it. `dayOfYear` starts at 1. */
export function istParts(epochMs: number): {
  year: number
  month: number
  day: number
  hour: number
  minute: number
  second: number
  dayOfYear: number
} {
  const shifted = new Date(epochMs + IST_OFFSET_MS)
  const startOfYear = Date.UTC(shifted.getUTCFullYear(), 0, 1)
  return {
    year: shifted.getUTCFullYear(),
    month: shifted.getUTCMonth() + 1,
    day: shifted.getUTCDate(),
    hour: shifted.getUTCHours(),
    minute: shifted.getUTCMinutes(),
    second: shifted.getUTCSeconds(),
    dayOfYear: Math.floor((shifted.getTime() - startOfYear) / 86_400_000) + 1,
  }
}

/** The deadline of a return or confirmation: 17:30 IST on the day after `epochMs` (T+1). @source NPCI OC 93 */
export function nextDay1730Ist(epochMs: number): number {
  const { year, month, day } = istParts(epochMs)
  return Date.UTC(year, month - 1, day + 1, 17, 30) - IST_OFFSET_MS
}
