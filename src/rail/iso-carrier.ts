import type { IsoDialect } from '../imps/iso8583/dialect.ts'
import type { LinkProfile } from '../imps/profile.ts'
import type { StoredPayment } from '../payment/stored.ts'
import type { Carrier, CarrierEvents } from './carrier.ts'
import { createIsoLink, type IsoLinkDeps } from './iso-link.ts'
import { requestOf } from './request.ts'

/** DE 37 and DE 32: what an answer is found by. The two kinds of request wait in tables of their own. @source protocol.md §1.8 */
const keyOf = (of: { readonly rrn: string | null; readonly remitterBank: string }): string =>
  (of.rrn ?? '') + of.remitterBank

/** One ISO 8583 link as a carrier. A name enquiry and a reversal are not among its messages. */
export function createIsoCarrier(deps: IsoLinkDeps, profile: LinkProfile, events: CarrierEvents): Carrier {
  const dialect: IsoDialect = deps.dialect
  const link = createIsoLink(deps, profile, {
    onMessage(message, bytes) {
      switch (message.kind) {
        case 'fundTransferResponse':
        case 'verificationResponse':
          events.onAnswer(message, keyOf(message), bytes)
          break
        case 'fundTransferRequest':
        case 'verificationRequest': {
          const frame = bytes.slice()
          events.onRequest({
            request: message,
            encode: (parts) => dialect.answer(frame, message, parts),
            reply: (answer) => {
              link.send(answer)
            },
          })
          break
        }
      }
    },
    onUndecodable: events.onUndecodable,
    onState: events.onState,
    onDrained: events.onDrained,
    mayConnect: events.mayConnect,
  })
  const ready = (payment: StoredPayment, kind: 'fundTransferRequest' | 'verificationRequest') => ({
    key: keyOf(payment),
    document: dialect.encode(requestOf(kind, payment)),
  })
  return {
    id: profile.id,
    wire: 'iso8583',
    role: profile.role,
    responseMs: deps.wire.timers.responseMs,
    state: link.state,
    congested: link.congested,
    keyOf,
    original: (payment) => ready(payment, 'fundTransferRequest'),
    verification: (payment) => ready(payment, 'verificationRequest'),
    send: ({ document }) => document instanceof Uint8Array && link.send(document),
    open: link.open,
    close: link.close,
    logOff: link.logOff,
    status: link.status,
  }
}
