import { findPayments } from '../../payment/store.ts'
import { payLateReversal } from './compensation.ts'
import type { BooksDeps } from './consequences.ts'
import { findFoundItems, finishItem } from './items.ts'

/** Items of one look at most; the rest has the next one. */
const MAX_FOUND = 1_000

/**
 * Ends what was owed about payments of which two people have said what NPCI's file says: door 2 has moved the money. A debit that went back
 * after T+1 has its compensation, as one that the books gave back themselves.
 * @returns how many are done with
 * @source settlement.md §7.2 cases 3, 6, 7 and 10; RBI/2019-20/67
 */
export async function finishFound(deps: BooksDeps, institution: string): Promise<number> {
  const items = await findFoundItems(deps.db, institution, MAX_FOUND)
  const payments = await findPayments(
    deps.db,
    deps.room.vault,
    items.flatMap(({ paymentId }) => paymentId ?? []),
  )
  const byId = new Map(payments.map((payment) => [payment.id, payment]))
  for (const item of items) {
    const payment = item.paymentId === null ? undefined : byId.get(item.paymentId)
    if (payment === undefined) continue
    if (payment.state === 'declined') await payLateReversal(deps, item, payment)
    const outcome =
      payment.reason === 'found_settled' ? 'settled' : payment.direction === 'inward' ? 'recovered' : 'declined'
    await finishItem(deps.db, item, outcome, deps.clock.now())
  }
  return items.length
}
