import { istParts } from '../base/clock.ts'
import { must, parseIfsc } from '../base/identifiers.ts'
import { randomHex } from '../base/random.ts'
import type { Answering, WebResponse } from '../base/web.ts'
import { createBankDirectory } from '../imps/banks.ts'
import type { WireProfile } from '../imps/profile.ts'
import type {
  FundTransferRequest,
  FundTransferResponse,
  Result,
  VerificationRequest,
  VerificationResponse,
} from '../imps/rail-message.ts'
import { createXmlDialect } from '../imps/xml/dialect.ts'
import { XmlError } from '../imps/xml/error.ts'
import { freshMsgId } from '../imps/xml/identifiers.ts'
import type { CheckMessage, PayMessage, Provider, XmlEnvelope, XmlMessage } from '../imps/xml/message.ts'
import { openSigned, SignatureError } from '../imps/xml/signature.ts'
import { createEnquiries, type Enquiries } from './enquiries.ts'
import { disturb, strikes, type Wire } from './faults.ts'
import { type Inward, remitterBanks, type Way } from './inward.ts'
import type { Journal } from './journal.ts'
import type { Caller, Outward } from './outward.ts'
import { createReversals, type Reversals } from './reversals.ts'
import type { Violations } from './violations.ts'
import { createPoster, type PosterCounts, SWITCH, type XmlSettings } from './xml-poster.ts'

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
/** Where the legs of one transaction differ: the digit that a UUID has its version in. */
const LEG_AT = 15

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

const resultOf = (responseCode: string): Result =>
  responseCode === '00' ? 'SUCCESS' : responseCode === '91' ? 'DEEMED' : 'FAILURE'

export function createXmlSwitch(options: XmlSwitchOptions): XmlSwitch {
  const { settings, wire, profile, violations } = options
  const { clock, random, dials } = wire
  const { faults } = dials
  const { xml, institutions } = profile
  const dialect = createXmlDialect(profile)
  const directory = createBankDirectory(profile)
  const poster = createPoster(settings, wire, profile, dialect)
  const limits = { maxBytes: xml.maxBytes, maxDepth: xml.maxDepth }
  const banks = new Map(institutions.map((one) => [one.bank3, one]))
  const prefixes = new Map(institutions.map((one) => [one.remitterBank, one.ifscPrefix]))
  let counts = noCounts()

  const envelope = (transactionId: string): XmlEnvelope => ({
    msgId: freshMsgId(SWITCH, randomHex(random, 32)),
    orgId: xml.npciOrgId,
    at: clock.now(),
    transactionId,
  })
  const newTransaction = (bank3: string): string => freshMsgId(bank3, randomHex(random, 32))

  const answerWith = (message: XmlMessage) => poster.answer(poster.seal(message))

  const enquiries = createEnquiries({ wire, profile, directory, poster, envelope, newTransaction })
  const reversals = createReversals({
    wire,
    profile,
    journal: options.reversals,
    poster,
    envelope,
    newTransaction,
  })

  // --- to the hub as beneficiary bank -------------------------------------------------------------------------------

  /** The prefix of the IFSCs of the bank that sends: of the hub's institutions, or of the ones behind the switch. */
  const ifscOf = (remitterBank: string) => {
    const prefix = prefixes.get(remitterBank) ?? `SIM${'ABCDEFGH'.charAt(remitterBanks.indexOf(remitterBank))}`
    return must(parseIfsc(`${prefix}0000001`), 'IFSC')
  }

  const creditOf = (request: FundTransferRequest, at: number) => {
    const transactionId = must(request.transactionId, 'transaction id')
    const msgId = `${transactionId.slice(0, LEG_AT)}2${transactionId.slice(LEG_AT + 1)}`
    return poster.seal({ ...envelope(transactionId), msgId, at, api: 'ReqPay', leg: 'credit', request })
  }

  const way: Way = {
    wire: 'xml',
    exit: () => ({ send: poster.request }),
    prepare(request) {
      const { remitter, remitterBank } = request
      const bank3 = institutions.find((one) => one.remitterBank === remitterBank)?.bank3 ?? bank3Of(remitterBank)
      return {
        ...request,
        remitter: { ...remitter, ifsc: remitter.ifsc ?? ifscOf(remitterBank) },
        transactionId: request.transactionId ?? newTransaction(bank3),
      }
    },
    original: (request) => creditOf(request, request.transmittedAt),
    verification(request) {
      const transactionId = must(request.transactionId, 'transaction id')
      const asked: VerificationRequest = { ...request, kind: 'verificationRequest' }
      return poster.seal({ ...envelope(transactionId), api: 'ReqChkTxn', request: asked, original: { transactionId } })
    },
    forwarded(request) {
      try {
        return creditOf(request, clock.now())
      } catch (error) {
        if (error instanceof XmlError) return undefined
        throw error
      }
    },
  }

  /** What an answer says, without the ids and times that no two documents share. */
  const essence = ({ responseCode, result, registeredName, approvalCode, amountPaise }: FundTransferResponse) =>
    Buffer.from(JSON.stringify([responseCode, result, registeredName, approvalCode, String(amountPaise)]))

  /** DE 32 of the bank that asked, by the first three characters of the transaction: journals know payments by it on either wire. */
  const askerOf = (transactionId: string, otherwise: string): string =>
    banks.get(transactionId.slice(0, 3))?.remitterBank ?? otherwise

  const named = <T extends FundTransferResponse | VerificationResponse>(answer: T, transactionId: string): T => ({
    ...answer,
    remitterBank: bankOf3(transactionId.slice(0, 3)) ?? answer.remitterBank,
  })

  // --- from the hub as remitter bank --------------------------------------------------------------------------------

  type Exchange = { hungUp: boolean }

  const callerOf = (
    asked: PayMessage | CheckMessage,
    exchange: Exchange,
    write: Caller['write'],
    bytes: Uint8Array,
  ): Caller => {
    const path = `/imps/${asked.api === 'ReqPay' ? 'RespPay' : 'RespChkTxn'}/${xml.ver}/urn:txnid:${asked.transactionId}`
    const caller: Caller = {
      wire: 'xml',
      bytes,
      write,
      send: (answer) => poster.answer({ bytes: answer, path }),
      hangUp() {
        exchange.hungUp = true
      },
      keep: () => caller,
    }
    return caller
  }

  const answerParts = (
    request: FundTransferRequest | VerificationRequest,
    { responseCode, registeredName, approvalCode }: Parameters<Caller['write']>[1],
  ) => ({
    rrn: request.rrn,
    stan: request.stan,
    remitterBank: request.remitterBank,
    amountPaise: request.amountPaise,
    responseCode,
    result: resultOf(responseCode),
    ...(registeredName === undefined ? {} : { registeredName }),
    ...(approvalCode === undefined ? {} : { approvalCode }),
  })

  const writePayAnswer =
    (asked: PayMessage): Caller['write'] =>
    (request, parts) => {
      const { beneficiary } = request
      const { bytes } = poster.seal({
        ...envelope(asked.transactionId),
        api: 'RespPay',
        leg: 'pay',
        inReplyTo: asked.msgId,
        answer: { kind: 'fundTransferResponse', ...answerParts(request, parts) },
        ...(parts.responseCode === '00' && beneficiary.kind === 'account'
          ? { credited: { account: beneficiary.account, ifsc: beneficiary.ifsc, accountType: 'SAVINGS' } }
          : {}),
      })
      return bytes
    }

  const writeCheckAnswer =
    (asked: CheckMessage): Caller['write'] =>
    (request, parts) =>
      poster.seal({
        ...envelope(asked.transactionId),
        api: 'RespChkTxn',
        inReplyTo: asked.msgId,
        original: asked.original,
        answer: { kind: 'verificationResponse', ...answerParts(request, parts) },
      }).bytes

  // --- what comes in ------------------------------------------------------------------------------------------------

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
        const request = {
          ...message.request,
          remitterBank: askerOf(message.original.transactionId, message.request.remitterBank),
        }
        const id = options.outward().arrived(request)
        return {
          act: (exchange, bytes) =>
            options.outward().verification(id, callerOf(message, exchange, writeCheckAnswer(message), bytes), request),
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
        const { answer, original } = message
        return { act: () => options.inward().verified(named(answer, original.transactionId)) }
      }
      case 'ReqValAdd':
        counts.enquiriesFromHub += 1
        return { act: () => enquiries.asked(message) }
      case 'RespValAdd':
        return { act: () => enquiries.answered(message) }
      case 'ReqHbt':
        counts.heartbeatsFromHub += 1
        return {
          act: () => {
            const common = { ...envelope(message.transactionId), inReplyTo: message.msgId }
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
            const common = { ...envelope(message.transactionId), inReplyTo: message.msgId }
            answerWith({ ...common, api: 'RespListAccPvd', result: 'SUCCESS', providers })
          },
        }
      case 'RespListAccPvd':
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
      act: (exchange, bytes) =>
        options.outward().original(id, callerOf(message, exchange, writePayAnswer(message), bytes), request),
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
    way,
    enquiries,
    reversals,
    announce(what) {
      counts.heartbeatsSent += 1
      const { year, month, day } = istParts(clock.now())
      const two = (value: number) => String(value).padStart(2, '0')
      const signal = what === 'alive' ? 'alive' : { endOfDay: `${year}-${two(month)}-${two(day)}` }
      poster.request(poster.seal({ ...envelope(newTransaction(SWITCH)), api: 'ReqHbt', signal }), () => undefined)
    },
    counts: () => ({ ...counts, ...poster.counts() }),
    clear() {
      counts = noCounts()
      poster.clearCounts()
      enquiries.clear()
      reversals.clear()
    },
    close: poster.close,
  }
}

/** The banks behind the switch have `R01` to `R08` where others have their participation code. */
const bank3Of = (remitterBank: string): string => `R0${remitterBanks.indexOf(remitterBank) + 1}`
const bankOf3 = (bank3: string): string | undefined =>
  /^R0[1-8]$/.test(bank3) ? remitterBanks[Number(bank3.slice(1)) - 1] : undefined

/** An entry of the directory with its markup, in bytes, generously. */
const ENTRY_BYTES = 260

const fitting = (providers: readonly Provider[], maxBytes: number): readonly Provider[] =>
  providers.slice(0, Math.floor((maxBytes - 4_096) / ENTRY_BYTES))
