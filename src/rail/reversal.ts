import { paymentIdOf } from '../base/identifiers.ts'
import type { ReversalRequest } from '../imps/rail-message.ts'
import { uuidOfTransaction } from '../imps/xml/identifiers.ts'
import { record } from '../payment/record.ts'
import { findOutwardByRrn, findPayments, openBreaks } from '../payment/store.ts'
import type { StoredPayment } from '../payment/stored.ts'
import type { ReversalOutcome } from './carrier.ts'
import type { RailContext } from './context.ts'
import { faultOf, perMinute } from './options.ts'

/**
 * UDIR: NPCI has the remitter credited back. Door 2 credits once, whatever came or comes besides; what matches no payment is refused
 * and listed for people. Silence when the database is away: NPCI asks again. @source protocol.md §5.5; settlement.md §4.5, §6.2
 */
export function createReversals(
  context: RailContext,
): (request: ReversalRequest, reply: (outcome: ReversalOutcome) => void) => void {
  const { db, clock, log, room, counters, options } = context
  let pending = 0
  const mayList = perMinute(clock, options.maxUnmatchedPerMinute)

  /** The payment by its transaction id, else by its RRN; both must agree where both are given. */
  const find = async ({ original, amountPaise }: ReversalRequest): Promise<StoredPayment | undefined> => {
    const uuid = original.transactionId === undefined ? undefined : uuidOfTransaction(original.transactionId)
    if (uuid === undefined) {
      const found = await findOutwardByRrn(db, room.vault, original.rrn)
      const same = found.filter((payment) => payment.amountPaise === amountPaise)
      return same.length === 1 ? same[0] : found.length === 1 ? found[0] : undefined
    }
    const [payment] = await findPayments(db, room.vault, [paymentIdOf(uuid)])
    return payment?.direction === 'outward' && payment.rrn === original.rrn ? payment : undefined
  }

  const judge = async (request: ReversalRequest): Promise<ReversalOutcome> => {
    const payment = await find(request)
    if (payment === undefined) {
      if (!mayList()) return 'refused'
      const detail = `reversal ${request.rrn} of RRN ${request.original.rrn}`
      await openBreaks(db, [{ payment: null, kind: 'unmatched_reversal', detail }], clock.now())
      return 'refused'
    }
    if (payment.amountPaise !== request.amountPaise) {
      const detail = `the reversal says ${request.amountPaise} paise, the payment ${payment.amountPaise}`
      await openBreaks(db, [{ payment, kind: 'amount_mismatch', detail }], clock.now())
      return 'refused'
    }
    const recorded = await record(room, payment, { kind: 'reversed' })
    return recorded.kind === 'moved' || recorded.kind === 'repeated' ? 'credited' : 'refused'
  }

  return (request, reply) => {
    counters.reversals += 1
    if (pending >= options.maxInward) {
      counters.inwardRefused += 1
      return
    }
    pending += 1
    judge(request)
      .finally(() => {
        pending -= 1
      })
      .then(
        (outcome) => {
          if (outcome === 'refused') {
            counters.reversalsRefused += 1
            log.error({ rrn: request.original.rrn }, 'a reversal is refused and listed for people')
          }
          reply(outcome)
        },
        (error: unknown) =>
          log.warn({ rrn: request.rrn, fault: faultOf(error) }, 'a reversal is left without an answer'),
      )
  }
}
