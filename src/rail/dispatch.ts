import type { PaymentId } from '../base/identifiers.ts'
import { wireOf } from '../imps/wire.ts'
import { type Recorded, record } from '../payment/record.ts'
import type { UsableLink } from '../payment/room.ts'
import type { StoredPayment } from '../payment/stored.ts'
import type { Ready } from './carrier.ts'
import { epochNow, type RailContext, type RailLink } from './context.ts'
import { faultOf } from './options.ts'
import { findHeld, type HeldPayment } from './store.ts'

export interface Dispatch {
  /** The remitter link for new payments of an institution; undefined when none may take more, and they are then `held`. */
  linkFor(institution: string): UsableLink | undefined
  /** Writes originals whose rows say `sent`; called after their commit, once for each payment. */
  onSent(payments: readonly StoredPayment[]): void
  /** Moves what is `held`: to `sent` when a link is usable, to `refused` when it waited too long. */
  claimHeld(): Promise<void>
}

export function createDispatch(context: RailContext, links: readonly RailLink[]): Dispatch {
  const { clock, log, wire, room, options, counters, tell } = context
  const byId = new Map(links.map((link) => [link.carrier.id, link]))
  const wires = new Map(wire.institutions.map((one) => [one.code, wireOf(wire, one, 'outward')]))
  let turn = 0
  let claiming = false

  /** Committed as sent, but certainly not written: the answer cannot come, so the wait for it ends now. */
  const notWritten = (payment: StoredPayment): void => {
    counters.notWritten += 1
    tell(payment, { kind: 'lapsed' })
  }

  const send = (payment: StoredPayment): void => {
    const link = byId.get(payment.link ?? '')
    // The epoch says whose connection the row was written for: with another one, or none, nothing may leave.
    if (link === undefined || link.lease.epoch() !== payment.epoch || link.carrier.state() !== 'loggedOn') {
      notWritten(payment)
      return
    }
    let ready: Ready
    try {
      ready = link.carrier.original(payment)
    } catch (error) {
      // Nothing left and nothing ever will: a definite no, and a bug, because the front door should have refused it.
      log.error(
        { payment: payment.id, fault: faultOf(error) },
        'a payment cannot be written in the dialect of the link',
      )
      tell(payment, { kind: 'declined', responseCode: '30' })
      return
    }
    // In flight before it is written: an answer cannot overtake its entry. Known already: never written twice.
    if (!link.originals.add(ready.key, payment)) return
    room.crashPoint('dispatch:before-write')
    if (link.carrier.send(ready)) {
      counters.sent += 1
      return
    }
    link.originals.remove(ready.key)
    notWritten(payment)
  }

  const move = ({ payment, giveUpAt }: HeldPayment): Promise<Recorded> | undefined => {
    if (giveUpAt !== null && giveUpAt <= clock.now()) {
      return record(room, payment, { kind: 'refused', reason: 'waited_too_long' })
    }
    const stays = room.isOwnAddress(payment.institution, payment.beneficiary)
    if (!stays && room.linkFor(payment.institution) === undefined) return undefined
    return record(room, payment, { kind: 'dispatched' })
  }

  /** All that is held, page by page; only those that waited too long while no link is usable. */
  const claimAll = async (): Promise<void> => {
    let after: PaymentId | undefined
    for (;;) {
      const dueBy = links.some((link) => epochNow(link) !== undefined) ? null : clock.now()
      const held = await findHeld(context.db, room.vault, { after, dueBy, limit: options.pageSize })
      await Promise.all(held.map(move))
      after = held.at(-1)?.payment.id
      if (held.length < options.pageSize) return
    }
  }

  const dispatch: Dispatch = {
    linkFor(institution) {
      const wanted = wires.get(institution) ?? wire.wire
      for (let i = 0; i < links.length; i += 1) {
        turn = (turn + 1) % links.length
        const link = links[turn] as RailLink
        if (link.carrier.wire !== wanted) continue
        const epoch = epochNow(link)
        if (epoch !== undefined && link.originals.size < options.maxInflight) {
          return { link: link.carrier.id, epoch }
        }
      }
      return undefined
    },
    onSent(payments) {
      for (const payment of payments) send(payment)
    },
    async claimHeld() {
      if (claiming) return
      claiming = true
      try {
        await claimAll()
      } catch (error) {
        log.warn({ fault: faultOf(error) }, 'held payments cannot be claimed')
      } finally {
        claiming = false
      }
    },
  }
  return dispatch
}
