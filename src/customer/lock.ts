/** From the third wrong try in a row on, no more count for a while; each makes the while twice as long, up to an hour. It always ends. */
const FREE_TRIES = 2
const FIRST_LOCK_MS = 30_000
const LONGEST_LOCK_MS = 3_600_000

/** How long a customer is locked after so many wrong tries in a row, milliseconds. */
export const lockMs = (failures: number): number =>
  failures <= FREE_TRIES ? 0 : Math.min(FIRST_LOCK_MS * 2 ** Math.min(failures - FREE_TRIES - 1, 20), LONGEST_LOCK_MS)

/** The same for PostgreSQL, which counts tries of payments: by how many failed, from one on; the last is for all that are more. */
export const lockTable: readonly number[] = Array.from({ length: 30 }, (_, i) => lockMs(i + 1))
