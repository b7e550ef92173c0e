import { istParts } from '../base/clock.ts'
import type { Answering, WebResponse } from '../base/web.ts'
import { createBankDirectory } from '../imps/banks.ts'
import type { WireProfile } from '../imps/profile.ts'
import type { FundTransferResponse, VerificationResponse } from '../imps/rail-message.ts'
import { createXmlDialect } from '../imps/xml/dialect.ts'
import { XmlError } from '../imps/xml/error.ts'
import type { PayMessage, Provider, XmlMessage } from '../imps/xml/message.ts'
import { openSigned, SignatureError } from '../imps/xml/signature.ts'
import { type ComplaintDesk, createComplaints } from './complaints.ts'
import { createEnquiries, type Enquiries } from './enquiries.ts'
import { disturb, strikes, type Wire } from './faults.ts'
import type { Inward, Way } from './inward.ts'
import type { Journal } from './journal.ts'
import type { Outward } from './outward.ts'
import { createReversals, type Reversals } from './reversals.ts'
import type { Violations } from './violations.ts'
import { createXmlCallers, type Exchange } from './xml-callers.ts'
import { createPoster, createXmlIds, type PosterCounts, SWITCH, type XmlSettings } from './xml-poster.ts'
import { bankBehind, createXmlWay } from './xml-way.ts'

export type XmlCounts = PosterCounts & {
  documents: number
  /** Not signed by the hub, or damaged on the way. */
  badSignatures: number
  /** Signed, and no message of this wire. */
  unreadable: number
  heartbeatsFromHub: number
  heartbeatsSent: number
  heartbeatsAnswered: number
  enquiriesFromHub: number
  directoriesSent: number
}

export type XmlSwitchOptions = {
  readonly settings: XmlSettings
  readonly wire: Wire
  readonly profile: WireProfile
  readonly violations: Violations
  /** Of credits that the switch took back from the hub's customers' payments. */
  readonly reversals: Journal
  readonly outward: () => Outward
  readonly inward: () => Inward
  /** Where complaints go; without one each is taken and comes to nothing. */
  readonly desk?: () => ComplaintDesk | undefined
}

/** The switch as the hub meets it on the XML wire: every document is acknowledged, and answered by a document of its own. */
export interface XmlSwitch {
  readonly answer: Answering
  /** How a payment reaches the hub as beneficiary bank. */
  readonly way: Way
  readonly enquiries: Enquiries
  readonly reversals: Reversals
  /** A heartbeat of the switch's own, or the word that the day has ended. */
  announce(what: 'alive' | 'endOfDay'): void
  counts(): XmlCounts
  clear(): void
  close(): void
}

/** Format error: what an Ack says of a message that was not taken. @source protocol.md §4 */
const NOT_TAKEN = '30'

const noCounts = () => ({
  documents: 0,
  badSignatures: 0,
  unreadable: 0,
  heartbeatsFromHub: 0,
  heartbeatsSent: 0,
  heartbeatsAnswered: 0,
  enquiriesFromHub: 0,
  directoriesSent: 0,
})

/**
 * NPCI's side of the XML wire over `settings.post` and whatever calls `answer`: no socket, no clock and no chance of its own. Originals and
 * checks go to `outward`, answers to `inward`: the same two that serve the ISO wire.
 */
export function createXmlSwitch(options: XmlSwitchOptions): XmlSwitch {
  const { settings, wire, profile, violations } = options
  const { clock, random, dials } = wire
  const { faults } = dials
  const { xml } = profile
  const dialect = createXmlDialect(profile)
  const directory = createBankDirectory(profile)
  const poster = createPoster(settings, wire, profile, dialect)
  const limits = { maxBytes: xml.maxBytes, maxDepth: xml.maxDepth }
  const ids = createXmlIds(wire, profile)
  const callers = createXmlCallers(xml, poster, ids)
  const banks = new Map(profile.institutions.map((one) => [one.bank3, one.remitterBank]))
  let counts = noCounts()

  const answerWith = (message: XmlMessage) => poster.answer(poster.seal(message))

  const enquiries = createEnquiries({ wire, profile, directory, poster, ids })
  const complaints = createComplaints(poster, ids, xml.noComplaintCode, () => options.desk?.())
  const reversals = createReversals({ wire, profile, journal: options.reversals, poster, ids })

  /** What an answer says, without the ids and times that no two documents share. */
  const essence = ({ responseCode, result, registeredName, approvalCode, amountPaise }: FundTransferResponse) =>
    Buffer.from(JSON.stringify([responseCode, result, registeredName, approvalCode, String(amountPaise)]))

  /** DE 32 of the bank that asked, by the first three characters of the transaction: journals know payments by it on either wire. */
  const askerOf = (transactionId: string, otherwise: string): string =>
    banks.get(transactionId.slice(0, 3)) ?? otherwise

  /** An answer under the bank that asked for it: those behind the switch are in no profile. */
  const named = <T extends FundTransferResponse | VerificationResponse>(answer: T, transactionId: string): T => ({
    ...answer,
    remitterBank: bankBehind(transactionId) ?? answer.remitterBank,
  })

  /** What is to be done with a message, once it has come through the faults. */
  type Work = {
    /** Judges the message; what there is to say leaves after the Ack. */
    readonly act: (exchange: Exchange, bytes: Uint8Array) => void
    /** True when an Ack may say that it was not taken; writes down that it was not. */
    readonly refuse?: () => boolean
  }

  const workOf = (message: XmlMessage): Work => {
    switch (message.api) {
      case 'ReqPay':
        return message.leg === 'pay' ? payment(message) : misplaced(message.request.rrn)
      case 'ReqChkTxn': {
        if (message.about === 'complaint') return { act: () => complaints.checked(message) }
        const request = {
          ...message.request,
          remitterBank: askerOf(message.original.transactionId, message.request.remitterBank),
        }
        const id = options.outward().arrived(request)
        return {
          act: (exchange, bytes) =>
            options.outward().verification(id, callers.checking(message, exchange, bytes), request),
        }
      }
      case 'RespPay': {
        const { answer, transactionId } = message
        if (message.leg === 'pay') return misplaced(answer.rrn)
        return answer.kind === 'reversalResponse'
          ? { act: () => reversals.answered(message.inReplyTo, answer) }
          : { act: () => options.inward().answered('xml', essence(answer), named(answer, transactionId)) }
      }
      case 'RespChkTxn': {
        if (message.about === 'complaint') return misplaced()
        const { answer, original } = message
        return { act: () => options.inward().verified(named(answer, original.transactionId)) }
      }
      case 'ReqComplaint':
        return { act: () => complaints.asked(message) }
      case 'ReqValAdd':
        counts.enquiriesFromHub += 1
        return { act: () => enquiries.asked(message) }
      case 'RespValAdd':
        return { act: () => enquiries.answered(message) }
      case 'ReqHbt':
        counts.heartbeatsFromHub += 1
        return {
          act: () => {
            const common = { ...ids.envelope(message.transactionId), inReplyTo: message.msgId }
            answerWith({ ...common, api: 'RespHbt', result: 'SUCCESS' })
          },
        }
      case 'RespHbt':
        counts.heartbeatsAnswered += 1
        return { act: () => undefined }
      case 'ReqListAccPvd':
        return {
          act: () => {
            counts.directoriesSent += 1
            const common = { ...ids.envelope(message.transactionId), inReplyTo: message.msgId }
            answerWith({ ...common, api: 'RespListAccPvd', result: 'SUCCESS', providers })
          },
        }
      case 'RespListAccPvd':
      case 'RespComplaint':
        return misplaced()
      default:
        return message satisfies never
    }
  }

  const misplaced = (rrn?: string): Work => ({
    act: () => violations.report('not_for_this_port', clock.now(), rrn),
  })

  const payment = (message: PayMessage): Work => {
    const { transactionId } = message
    const request = { ...message.request, remitterBank: askerOf(transactionId, message.request.remitterBank) }
    // Counted before the faults: what the hub sent twice is found also when one copy is lost here.
    const id = options.outward().arrived(request)
    reversals.remember(request)
    return {
      act: (exchange, bytes) => options.outward().original(id, callers.paying(message, exchange, bytes), request),
      refuse() {
        const { rrn, stan, remitterBank, amountPaise } = request
        const refusal = { rrn, stan, remitterBank, amountPaise, responseCode: NOT_TAKEN } as const
        return options.outward().mayRefuse({ kind: 'fundTransferResponse', ...refusal }, 'negative Ack')
      },
    }
  }

  const acknowledge = (api: string, reqMsgId: string, err?: string): WebResponse => ({
    status: 200,
    body: dialect.writeAck({ api, reqMsgId, at: clock.now(), ...(err === undefined ? {} : { err }) }),
  })

  /** Nothing is known of it but that it is not what the hub signed. */
  const notSigned = (): WebResponse => {
    counts.badSignatures += 1
    return { status: 400, body: '' }
  }

  const open = (body: Uint8Array): string =>
    settings.secure
      ? openSigned(body, settings.pinned(), clock.now(), limits).text
      : Buffer.from(body.buffer, body.byteOffset, body.length).toString()

  /** The message, or what to say to a document that is none. */
  const read = (body: Uint8Array): { readonly message: XmlMessage } | { readonly reply: WebResponse } => {
    let text: string
    try {
      text = open(body)
    } catch (error) {
      if (!(error instanceof SignatureError)) throw error
      return { reply: notSigned() }
    }
    try {
      return { message: dialect.read(text) }
    } catch (error) {
      if (!(error instanceof XmlError)) throw error
      counts.unreadable += 1
      const head = dialect.headOf(text)
      return { reply: head === undefined ? { status: 400, body: '' } : acknowledge(head.api, head.msgId, NOT_TAKEN) }
    }
  }

  const take = (
    message: XmlMessage,
    { act, refuse }: Work,
    bytes: Uint8Array,
    reply: (response: WebResponse) => void,
  ) => {
    const { api, msgId } = message
    if (strikes(random, faults.ackNegative) && (refuse === undefined || refuse())) {
      reply(acknowledge(api, msgId, NOT_TAKEN))
      return
    }
    const unheard = strikes(random, faults.ackDrop)
    const failed = strikes(random, faults.ackError)
    const exchange: Exchange = { hungUp: false }
    const acknowledged = () => {
      if (unheard || exchange.hungUp) return
      reply(failed ? { status: 500, body: '' } : acknowledge(api, msgId))
    }
    if (strikes(random, faults.responseBeforeAck)) {
      void poster.ahead(() => act(exchange, bytes)).then(acknowledged)
    } else {
      act(exchange, bytes)
      acknowledged()
    }
  }

  /** In the order of the directory; as many as one document holds. */
  const providers: readonly Provider[] = fitting(
    directory.all.flatMap(({ name, nbin, code, takesImps }) =>
      nbin === undefined
        ? []
        : [{ name, nbin, bankCode: code.slice(0, 3), ifsc: code, active: takesImps, features: ['P2A', 'P2P'] }],
    ),
    xml.maxBytes,
  )

  return {
    // A promise that nobody keeps is an Ack that never comes: whoever posted gives up when its time is over.
    answer: ({ body }) =>
      new Promise((resolve) => {
        counts.documents += 1
        const heard = read(body)
        if ('reply' in heard) {
          resolve(heard.reply)
          return
        }
        const work = workOf(heard.message)
        disturb(
          wire,
          'In',
          body,
          (bytes, damaged) => {
            if (damaged) resolve(notSigned())
            else take(heard.message, work, bytes, resolve)
          },
          () => undefined,
        )
      }),
    way: createXmlWay(profile, poster, ids),
    enquiries,
    reversals,
    announce(what) {
      counts.heartbeatsSent += 1
      const { year, month, day } = istParts(clock.now())
      const two = (value: number) => String(value).padStart(2, '0')
      const signal = what === 'alive' ? 'alive' : { endOfDay: `${year}-${two(month)}-${two(day)}` }
      poster.request(poster.seal({ ...ids.envelope(ids.transaction(SWITCH)), api: 'ReqHbt', signal }), () => undefined)
    },
    counts: () => ({ ...counts, ...poster.counts() }),
    clear() {
      counts = noCounts()
      poster.clearCounts()
      enquiries.clear()
      complaints.clear()
      reversals.clear()
    },
    close: poster.close,
  }
}

/** An entry of the directory with its markup, in bytes, generously. */
const ENTRY_BYTES = 260

const fitting = (providers: readonly Provider[], maxBytes: number): readonly Provider[] =>
  providers.slice(0, Math.floor((maxBytes - 4_096) / ENTRY_BYTES))
