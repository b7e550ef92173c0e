import type { Db } from '../../db/pool.ts'
import type { FileStore } from './file-store.ts'
import { forgetContent, keptFiles, refusedBefore } from './store.ts'

/** What takes longer than this to arrive has been given up. */
const GIVEN_UP_MS = 6 * 3_600_000

/**
 * Removes what a stop left behind: half of an arrival, and content whose row never committed. What is young may be somebody's who is at
 * work now.
 * @returns how many were removed
 */
export async function removeLeftOver(db: Db, store: FileStore): Promise<number> {
  const old = (await store.stored()).filter(({ ageMs }) => ageMs > GIVEN_UP_MS)
  const rows = await keptFiles(
    db,
    old.filter(({ kept }) => kept).map(({ id }) => id),
  )
  let removed = 0
  for (const { id, kept } of old) {
    if (kept && rows.has(id)) continue
    await (kept ? store.drop(id) : store.dropReceived(id))
    removed += 1
  }
  return removed
}

/** How long what was refused is kept: a dispute about it has ended by then. @source settlement.md §7.3, 45 days */
const REFUSED_DAYS = 45

/** Removes the content of files that were refused long ago; that they were, and why, stays. @returns how many */
export async function forgetRefused(db: Db, store: FileStore, now: number): Promise<number> {
  const old = await refusedBefore(db, now - REFUSED_DAYS * 86_400_000)
  for (const id of old) {
    await forgetContent(db, id)
    await store.drop(id)
  }
  return old.length
}
