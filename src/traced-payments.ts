import type { TraceAttributes, TraceSpan, Tracing } from './base/tracing.ts'
import type { Batcher } from './db/batch.ts'
import type { PaymentRoomOptions } from './payment/room.ts'
import type { StoredPayment } from './payment/stored.ts'
import type { WatchTry } from './webhook/deliver.ts'

/**
 * The spans of payments: one for each pass through a door, one from the original until its answer, one while it is asked about, one for
 * each try to tell a receiver. They hang below the request that asked for the payment, also when the answer comes minutes later; after a restart, or of an inward payment, they
 * begin a trace of their own, and the payment's id finds them.
 */
export type TracedPayments = Required<Pick<PaymentRoomOptions, 'watch'>> & {
  readonly sent: (payments: readonly StoredPayment[]) => void
  readonly moved: (payment: StoredPayment) => void
  readonly webhook: WatchTry
}

/** Payments followed at once, also beyond their end, for the webhooks that tell it; of more the oldest are followed no longer. */
const MOST = 20_000

export function tracePayments(tracing: Tracing, most = MOST): TracedPayments {
  /** What is open of each payment, and below what it hangs. */
  const followed = new Map<string, { readonly parent: TraceSpan | undefined; open: TraceSpan | undefined }>()

  const follow = (id: string, parent: TraceSpan | undefined) => {
    const known = followed.get(id)
    if (known !== undefined) return known
    if (followed.size >= most) {
      const [oldest] = followed.keys()
      if (oldest !== undefined) forget(oldest)
    }
    const one = { parent, open: undefined }
    followed.set(id, one)
    return one
  }
  const forget = (id: string): void => {
    followed.get(id)?.open?.end()
    followed.delete(id)
  }
  const begin = (payment: StoredPayment, name: string): void => {
    const one = follow(payment.id, tracing.current())
    one.open?.end()
    one.open = tracing.start(name, 'client', attributesOf(payment), one.parent)
  }

  return {
    watch: (door, batcher) => traced(tracing, door, batcher, (id) => followed.get(id)?.parent, follow),
    sent(payments) {
      for (const payment of payments) begin(payment, 'original')
    },
    moved(payment) {
      const one = followed.get(payment.id)
      if (payment.state === 'sent') return
      if (one?.open !== undefined) {
        one.open.set(attributesOf(payment))
        one.open.end()
        one.open = undefined
      }
      if (payment.state === 'unconfirmed') begin(payment, 'verification')
    },
    async webhook(subject, { type, data }, attempt) {
      const { rrn } = Object(data)
      const span = tracing.start(
        'webhook',
        'client',
        {
          [subject.startsWith('pay_') ? 'turant.payment_id' : 'turant.payment_link_id']: subject,
          'turant.event': type,
          ...(typeof rrn === 'string' ? { 'turant.rrn': rrn } : {}),
        },
        followed.get(subject)?.parent,
      )
      try {
        const tried = await tracing.within(span, attempt)
        const { status } = tried.attempt
        span.set({ 'turant.answer': tried.kind, ...(status === null ? {} : { 'http.response.status_code': status }) })
        span.end(tried.kind === 'failed')
        return tried
      } catch (error) {
        span.end(true)
        throw error
      }
    },
  }
}

/** A door with a span for each that passes. */
function traced<Item, Result>(
  tracing: Tracing,
  door: string,
  batcher: Batcher<Item, Result>,
  parentOf: (id: string) => TraceSpan | undefined,
  follow: (id: string, parent: TraceSpan | undefined) => unknown,
): Batcher<Item, Result> {
  return {
    ...batcher,
    async submit(item) {
      const id = idOf(item)
      const parent = tracing.current() ?? (id === undefined ? undefined : parentOf(id))
      if (id !== undefined && door === 'initiate') follow(id, parent)
      const span = tracing.start(
        `door ${door}`,
        'internal',
        id === undefined ? {} : { 'turant.payment_id': id },
        parent,
      )
      try {
        const result = await batcher.submit(item)
        span.set(attributesOfResult(result))
        span.end()
        return result
      } catch (error) {
        span.end(true)
        throw error
      }
    },
  }
}

/** The payment that goes through a door: door 1 and 3 give it its id there, door 2 is told. */
function idOf(item: unknown): string | undefined {
  const { paymentId, payment } = Object(item)
  const id = paymentId ?? Object(payment).id
  return typeof id === 'string' ? id : undefined
}

function attributesOfResult(result: unknown): TraceAttributes {
  const { kind, payment } = Object(result)
  return {
    ...(typeof kind === 'string' ? { 'turant.answer': kind } : {}),
    ...(payment === undefined ? {} : attributesOf(payment)),
  }
}

const attributesOf = ({ id, rrn, state, direction, link, responseCode }: StoredPayment): TraceAttributes => ({
  'turant.payment_id': id,
  'turant.direction': direction,
  'turant.state': state,
  ...(rrn === null ? {} : { 'turant.rrn': rrn }),
  ...(link === null ? {} : { 'turant.link': link }),
  ...(responseCode === null ? {} : { 'turant.response_code': responseCode }),
})
