/** From the third wrong try in a row on, no more count for a while; each makes the while twice as long, up to an hour. It always ends. */
const FREE_TRIES = 2
const FIRST_LOCK_MS = 30_000
const LONGEST_LOCK_MS = 3_600_000

/** How long a customer is locked after so many wrong tries in a row, milliseconds. */
export const lockMs = (failures: number): number =>
  failures <= FREE_TRIES ? 0 : Math.min(FIRST_LOCK_MS * 2 ** Math.min(failures - FREE_TRIES - 1, 20), LONGEST_LOCK_MS)

type Locking = { readonly failures: number; readonly lockedUntil: number | null }

/**
 * Counts a try as failed before it is judged; one that is right sets the count back. So that tries that come at once, over many payments
 * and processes, are as many as if they had come one after the other.
 * @returns undefined while the customer is locked: the try does not count and is not judged
 */
export function countTry({ failures, lockedUntil }: Locking, now: number): Locking | undefined {
  if (lockedUntil !== null && lockedUntil > now) return undefined
  const lock = lockMs(failures + 1)
  return { failures: failures + 1, lockedUntil: lock === 0 ? null : now + lock }
}
