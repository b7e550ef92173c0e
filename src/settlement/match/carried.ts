import type { Db } from '../../db/pool.ts'
import { unpackRow } from './packed.ts'
import type { MatchRow } from './rows.ts'

/** What waits for a later cycle: a break, and in its facts the rows it stands for. @source settlement.md §7.1, pass 7 */
export type Carried = {
  /** 32 hex digits; null: the hub has no such payment. */
  readonly paymentId: string | null
  /** Cycles it has been missed in. */
  readonly missed: number
  readonly rows: readonly MatchRow[]
}

/** What waits of an institution, in the order of its breaks. */
export async function readCarried(db: Db, institution: string): Promise<readonly Carried[]> {
  const rows = await db<{ payment_id: string | null; carried: number; carry: readonly string[] | null }[]>`
    select payment_id, carried, facts -> 'carry' as carry from break
    where institution = ${institution} and state = 'carried' order by break_id`
  return rows.map(({ payment_id, carried, carry }) => ({
    paymentId: payment_id === null ? null : payment_id.replaceAll('-', ''),
    missed: carried,
    rows: (carry ?? []).map((text) => unpackRow(text, carried)),
  }))
}
