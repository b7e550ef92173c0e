import { fraction, type Random } from '../base/random.ts'

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE

/** How long after each failed try the next is made. @source Standard Webhooks 1.0.0, "Deliverability and reliability" */
export const waitsMs: readonly number[] = [
  5 * SECOND,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  14 * HOUR,
  20 * HOUR,
  24 * HOUR,
]

/** Up to so much longer, by chance: what failed together does not come back together. */
const JITTER = 0.2
/** What a receiver may ask for with Retry-After, at most. */
const LONGEST_MS = 24 * HOUR

/**
 * When an event is tried again.
 * @param tries  made so far, the one that has just failed among them
 * @param scale  of the sandbox: 0.05 makes every wait twenty times shorter
 * @param askedMs  what the receiver asked for; a longer wait than the schedule's is granted
 * @returns milliseconds from now; undefined: it was the last try
 */
export function nextTry(tries: number, scale: number, random: Random, askedMs = 0): number | undefined {
  const wait = waitsMs[tries - 1]
  if (wait === undefined) return undefined
  const own = wait * scale * (1 + JITTER * fraction(random))
  return Math.round(Math.max(own, Math.min(askedMs, LONGEST_MS)))
}

/** `Retry-After` in seconds; the form with a date is not read. */
export const retryAfterMs = (header: string | undefined): number =>
  header !== undefined && /^[0-9]{1,6}$/.test(header) ? Number(header) * SECOND : 0
