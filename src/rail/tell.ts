import type { Clock } from '../base/clock.ts'
import type { Log } from '../base/log.ts'
import type { Fact } from '../payment/payment.ts'
import { record } from '../payment/record.ts'
import type { PaymentRoom } from '../payment/room.ts'
import type { StoredPayment } from '../payment/stored.ts'
import { faultOf } from './options.ts'

/** Waits between tries, milliseconds. After the last the fact is dropped: its payment is `sent` or `unconfirmed` still, and is asked about. */
const RETRIES_MS = [100, 250, 500, 1_000, 2_000, 4_000, 8_000]
const MAX_RETRYING = 50_000

export type Teller = {
  readonly tell: (payment: StoredPayment, fact: Fact) => void
  /** Facts on their way into the database. */
  readonly pending: () => number
}

/** Brings facts of the wire to door 2, and again when the database was away for a moment. */
export function createTeller(
  deps: { readonly room: PaymentRoom; readonly clock: Clock; readonly log: Log },
  onDropped: () => void,
): Teller {
  const { room, clock, log } = deps
  let pending = 0

  const attempt = (payment: StoredPayment, fact: Fact, tries: number): void => {
    record(room, payment, fact).then(
      (recorded) => {
        pending -= 1
        if (recorded.kind === 'contradicted') {
          log.error(
            { payment: payment.id, state: recorded.payment.state, fact: fact.kind },
            'a fact contradicts a payment',
          )
        }
      },
      (error: unknown) => {
        const wait = RETRIES_MS[tries]
        if (wait === undefined || pending > MAX_RETRYING) {
          pending -= 1
          log.error({ payment: payment.id, fact: fact.kind, fault: faultOf(error) }, 'a fact could not be recorded')
          onDropped()
          return
        }
        clock.after(wait, () => attempt(payment, fact, tries + 1))
      },
    )
  }

  return {
    tell(payment, fact) {
      pending += 1
      attempt(payment, fact, 0)
    },
    pending: () => pending,
  }
}
