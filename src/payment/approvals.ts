import type { Cancel } from '../base/clock.ts'
import type { PaymentId } from '../base/identifiers.ts'
import { findApproval, findLapsed } from './approval-store.ts'
import { isAwaiting } from './payment.ts'
import { record } from './record.ts'
import type { PaymentRoom } from './room.ts'
import { findPayment } from './store.ts'
import type { StoredPayment } from './stored.ts'

/** What became of a decision. `payment` is as it stands after it. */
export type Decided =
  | { readonly kind: 'done'; readonly payment: StoredPayment }
  | { readonly kind: 'too_late'; readonly payment: StoredPayment } // it was decided otherwise, cancelled, or nobody had decided in time
  | { readonly kind: 'unknown' } //                                   no such payment, or not one that needed approval

/**
 * Decides about a payment that waits for approval, by door 2. Approved, it goes on to the rail at once if a link is usable, and else
 * waits for one. Safe to call again, and against a cancellation at the same moment: the row decides, whoever comes second is told.
 * @throws when the database is away; the caller asks again
 */
export async function decide(
  room: PaymentRoom,
  tenantId: number,
  id: PaymentId,
  decision: 'approved' | 'rejected',
): Promise<Decided> {
  const [asked, payment] = await Promise.all([findApproval(room.db, tenantId, id), findPayment(room.db, tenantId, id)])
  if (asked === undefined || payment === undefined) return { kind: 'unknown' }
  if (asked.decision !== null) return { kind: asked.decision === decision ? 'done' : 'too_late', payment }
  const recorded = await record(
    room,
    payment,
    decision === 'approved' ? { kind: 'released' } : { kind: 'rejected', reason: 'not_approved' },
  )
  if (recorded.kind === 'unknown') return recorded
  if (recorded.kind !== 'moved') {
    const since = await findApproval(room.db, tenantId, id) // somebody was faster
    return { kind: since?.decision === decision ? 'done' : 'too_late', payment: recorded.payment }
  }
  if (decision === 'rejected') return { kind: 'done', payment: recorded.payment }
  // Not needed for the money: what is held is claimed by the rail in any case, some seconds later.
  const sent = await record(room, recorded.payment, { kind: 'dispatched' })
  return { kind: 'done', payment: sent.kind === 'unknown' ? recorded.payment : sent.payment }
}

/** Payments whose wait ends in one sweep at most; the rest has the next one. */
const MAX_LAPSED = 500

/** Gives up payments that nobody approved in time: nothing was sent, so giving up is safe. */
export async function lapse(room: PaymentRoom): Promise<number> {
  const lapsed = (await findLapsed(room.db, room.clock.now(), MAX_LAPSED)).filter(isAwaiting)
  await Promise.all(lapsed.map((payment) => record(room, payment, { kind: 'rejected', reason: 'waited_too_long' })))
  return lapsed.length
}

/**
 * Sweeps every `everyMs` until cancelled. What a sweep throws is ignored: the database was away, and the next one comes.
 */
export function startLapsing(room: PaymentRoom, everyMs: number): Cancel {
  let stop: Cancel = () => undefined
  let stopped = false
  const next = (): void => {
    stop = room.clock.after(everyMs, () => {
      lapse(room)
        .catch(() => undefined)
        .finally(() => {
          if (!stopped) next()
        })
    })
  }
  next()
  return () => {
    stopped = true
    stop()
  }
}
