import type { IsoDialect } from '../imps/iso8583/dialect.ts'
import type { LinkProfile } from '../imps/profile.ts'
import type { FundTransferRequest, VerificationRequest } from '../imps/rail-message.ts'
import type { StoredPayment } from '../payment/stored.ts'
import type { Asked, Carrier, CarrierEvents } from './carrier.ts'
import { createIsoLink, type IsoLinkDeps } from './iso-link.ts'
import { requestOf } from './request.ts'

/** DE 37 and DE 32: what an answer is found by. The two kinds of request wait in tables of their own. @source protocol.md §1.8 */
const keyOf = (of: { readonly rrn: string | null; readonly remitterBank: string }): string =>
  (of.rrn ?? '') + of.remitterBank

/** DE 120, whose tag 001 says whether a message is an original or a verification. */
const IMPS_TAGS = 120

/** One ISO 8583 link as a carrier. A name enquiry and a reversal are not among its messages. */
export function createIsoCarrier(deps: IsoLinkDeps, profile: LinkProfile, events: CarrierEvents): Carrier {
  const dialect: IsoDialect = deps.dialect
  const asked = <Request extends FundTransferRequest | VerificationRequest>(
    request: Request,
    bytes: Uint8Array,
    send: (answer: Uint8Array) => boolean,
  ): Asked<Request> => {
    const frame = bytes.slice()
    return {
      request,
      encode: (parts) => dialect.answer(frame, request, parts),
      reply: (answer) => {
        send(answer)
      },
    }
  }
  const { mac } = deps.wire.iso
  const link = createIsoLink(deps, profile, {
    onMessage(message, bytes) {
      switch (message.kind) {
        case 'fundTransferResponse':
        case 'verificationResponse':
          events.onAnswer(message, keyOf(message), bytes)
          break
        case 'fundTransferRequest':
        case 'verificationRequest':
          events.onRequest(asked(message, bytes, (answer) => link.send(answer)))
          break
      }
    },
    onUnproved(message, bytes) {
      switch (message.kind) {
        case 'fundTransferResponse':
        case 'verificationResponse':
          events.onUnproved({ kind: 'answer', rrn: message.rrn, bytes })
          break
        case 'fundTransferRequest':
        case 'verificationRequest':
          events.onUnproved({ kind: 'request', asked: asked(message, bytes, (answer) => link.sendBare(answer)) })
          break
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
    provesKind: !mac.enabled || mac.carrier === '64/128' || mac.fields.includes(IMPS_TAGS),
    state: link.state,
    congested: link.congested,
    keyOf,
    original: (payment) => ready(payment, 'fundTransferRequest'),
    verification: (payment) => ready(payment, 'verificationRequest'),
    send: ({ document }) => document instanceof Uint8Array && link.send(document),
    describe: (message) =>
      deps.dialect.describe(typeof message === 'string' ? Buffer.from(message, 'latin1') : message),
    open: link.open,
    close: link.close,
    logOff: link.logOff,
    status: link.status,
  }
}
