import type { Cancel, Clock } from '../base/clock.ts'
import { paymentKey } from '../base/identifiers.ts'
import type { Log } from '../base/log.ts'
import type { Random } from '../base/random.ts'
import { randomHex } from '../base/random.ts'
import type { Answering, Post, Serve, WebListener, WebResponse } from '../base/web.ts'
import type { WireProfile, XmlApi } from '../imps/profile.ts'
import type {
  FundTransferRequest,
  FundTransferResponse,
  NameEnquiryRequest,
  NameEnquiryResponse,
  Result,
  VerificationRequest,
  VerificationResponse,
} from '../imps/rail-message.ts'
import type { XmlDialect } from '../imps/xml/dialect.ts'
import { XmlError } from '../imps/xml/error.ts'
import { freshMsgId, originalMsgIdOf, transactionIdOf } from '../imps/xml/identifiers.ts'
import type { CheckMessage, PayMessage, ReversalMessage, XmlMessage } from '../imps/xml/message.ts'
import { SignatureError } from '../imps/xml/signature.ts'
import type { StoredPayment } from '../payment/stored.ts'
import { createBackOff } from './back-off.ts'
import type { AnswerParts, Carrier, CarrierEvents, CarrierStatus, LinkState, Ready } from './carrier.ts'
import { faultOf, LOGGED_EVERY, type RailOptions } from './options.ts'
import { requestOf } from './request.ts'

/** What the XML link counts; only goes up. */
export type XmlCounters = {
  documentsIn: number
  documentsOut: number
  bytesIn: number
  bytesOut: number
  /** Positive Acks to what we posted. */
  acked: number
  /** Negative ones: the message was not taken. */
  nacked: number
  /** Posts that ended without an Ack: nobody knows whether they arrived. */
  unacked: number
  /** Documents refused because their signature does not hold. */
  badSignatures: number
  /** Signed documents that are no message. */
  badDocuments: number
  /** Documents stamped too far from our time; they count all the same. */
  skewed: number
  heartbeatsMissed: number
  /** Answers that could not be delivered in all tries. */
  undelivered: number
  /** Documents that could not be signed, so they never left. */
  unsigned: number
  notWritten: number
}

/** Signing and opening, with the keys of the moment. */
export type Seal = {
  sign(document: string): string
  /**
   * The text that was signed, and nothing else.
   * @param long  true for the one long message, the directory of members: for any other document 64 KiB is too much
   * @throws {SignatureError}
   */
  open(document: Uint8Array, long: boolean): string
}

export type XmlLinkDeps = {
  readonly clock: Clock
  readonly random: Random
  readonly post: Post
  readonly serve: Serve
  readonly wire: WireProfile
  readonly dialect: XmlDialect
  readonly seal: Seal
  readonly log: Log
  readonly options: RailOptions
  /** Where a crash test stops the process. */
  readonly crashPoint?: (name: 'link:after-write') => void
}

/** Waits between the deliveries of one answer, milliseconds: the bytes and the message id stay, so a second arrival changes nothing. */
const REDELIVER_MS = [1_000, 3_000, 10_000]
const MAX_DELIVERIES = 10_000
/**
 * Signing takes a quarter of a millisecond: so many at a time, then other work. Answers then arrive in groups, which door 2 commits
 * together: with 16, one payment costs hub and database a fifth less than with 4.
 */
const SIGNED_PER_TURN = 16
/** Posts without an Ack, one after another, after which the link is not believed in until a heartbeat has come back. */
const MOST_UNANSWERED = 5
/** A quarter of what may wait for its Ack: people who ask for names must not keep payments waiting. */
const MAX_ENQUIRIES = 500
const SUCCESS: Result = 'SUCCESS'

type Outgoing = {
  readonly api: XmlApi
  readonly transactionId: string
  readonly document: string
  readonly key: string
}

/**
 * NPCI's XML wire: each message is a POST that is only acknowledged; the answer comes later as a POST of the other side. Requests go
 * once. That an Ack is missing says nothing; that it is negative says the message was not taken. @source protocol.md §2.1, §5.4, §5.5
 */
export function createXmlLink(deps: XmlLinkDeps, events: CarrierEvents): Carrier {
  const { clock, random, post, log, options, dialect, seal } = deps
  const { xml, institutions } = deps.wire
  const backOff = createBackOff(random, options.reconnectFirstMs, options.reconnectMaxMs)
  const byBank = new Map(institutions.map((one) => [one.remitterBank, one]))
  const byCode = new Map(institutions.map((one) => [one.code, one]))
  const own = institutions[0]
  if (own === undefined) throw new Error('an XML link needs an institution')
  const counters: XmlCounters = {
    documentsIn: 0,
    documentsOut: 0,
    bytesIn: 0,
    bytesOut: 0,
    acked: 0,
    nacked: 0,
    unacked: 0,
    badSignatures: 0,
    badDocuments: 0,
    skewed: 0,
    heartbeatsMissed: 0,
    undelivered: 0,
    unsigned: 0,
    notWritten: 0,
  }
  const enquiries = new Map<string, (response: NameEnquiryResponse | undefined) => void>()
  const timers = new Set<Cancel>()
  let wanted = false
  let state: LinkState = 'down'
  let since = clock.now()
  let lastEchoAt: number | null = null
  let listener: WebListener | undefined
  let queue: Outgoing[] = []
  let pumping = false
  let awaitingAck = 0
  let deliveries = 0
  let missed = 0
  let unansweredInARow = 0
  let heartbeatId: string | undefined
  let directoryAskedAt = Number.NEGATIVE_INFINITY
  let beat: Cancel = () => undefined

  const enter = (next: LinkState): void => {
    if (state === next) return
    log.info({ link: xml.id, from: state, to: next }, 'link state')
    state = next
    since = clock.now()
    events.onState(next)
  }

  /** A timer of this opening: forgotten when the link closes. */
  const later = (ms: number, fn: () => void): Cancel => {
    const cancel = clock.after(ms, () => {
      timers.delete(cancel)
      fn()
    })
    timers.add(cancel)
    return () => {
      timers.delete(cancel)
      cancel()
    }
  }

  const newMsgId = (bank3: string): string => freshMsgId(bank3, randomHex(random, 32))
  const envelope = (bank3: string, transactionId: string, msgId: string) => ({
    msgId,
    orgId: orgIdOf(bank3),
    at: clock.now(),
    transactionId,
  })
  const orgIdOf = (bank3: string): string => institutions.find((one) => one.bank3 === bank3)?.remitterBank ?? bank3

  const urlOf = (api: XmlApi, transactionId: string): string =>
    (xml.urls[api] ?? xml.urls.default)
      .replace('{host}', xml.host)
      .replace('{api}', api)
      .replace('{ver}', api.endsWith('Hbt') ? xml.heartbeatVer : xml.ver)
      .replace('{txnId}', transactionId)

  // --- out ----------------------------------------------------------------------------------------------------------

  /**
   * The document with our signature; undefined when there is no key to sign with, as when its certificate ended: then the link is
   * not used until a heartbeat can be signed again, and what is on the other wire goes on.
   */
  const signed = (document: string): string | undefined => {
    try {
      return seal.sign(document)
    } catch (error) {
      counters.unsigned += 1
      if (counters.unsigned % LOGGED_EVERY === 1) {
        log.error({ link: xml.id, fault: faultOf(error), unsigned: counters.unsigned }, 'a document cannot be signed')
      }
      if (state === 'loggedOn') {
        enter('connected')
        beatIn(backOff.next())
      }
      return undefined
    }
  }

  /** What came of one POST: taken, refused with a code, or unknown. */
  type Posted =
    | { readonly kind: 'acked' }
    | { readonly kind: 'nacked'; readonly code: string }
    | { readonly kind: 'unknown' }

  /**
   * One post without an Ack says nothing about its payment. Several in a row say something about the way to NPCI: nothing new goes there
   * until a heartbeat has come back, or every payment of the next minutes would be one that nobody has seen and somebody must explain.
   */
  const unanswered = (): Posted => {
    counters.unacked += 1
    unansweredInARow += 1
    if (unansweredInARow >= MOST_UNANSWERED && state === 'loggedOn') {
      log.warn({ link: xml.id, unansweredInARow }, 'no Acks: the link waits for a heartbeat')
      enter('connected')
      beatIn(1)
    }
    return { kind: 'unknown' }
  }

  const postOne = async (api: XmlApi, transactionId: string, msgId: string, body: string): Promise<Posted> => {
    counters.documentsOut += 1
    counters.bytesOut += body.length
    awaitingAck += 1
    try {
      const posting = post({ url: urlOf(api, transactionId), body, timeoutMs: xml.ackMs })
      deps.crashPoint?.('link:after-write')
      return readPosted(await posting, msgId)
    } catch {
      return unanswered()
    } finally {
      awaitingAck -= 1
      if (awaitingAck === xml.maxUnacked >> 1) events.onDrained()
    }
  }

  /** Only an Ack of this very message that says so is a refusal: whatever else comes back leaves the outcome open. */
  const readPosted = ({ status, body }: WebResponse, msgId: string): Posted => {
    if (status === 200) {
      try {
        const ack = dialect.readAck(body)
        if (ack.reqMsgId === msgId) {
          unansweredInARow = 0
          if (ack.err === undefined) {
            counters.acked += 1
            return { kind: 'acked' }
          }
          counters.nacked += 1
          return { kind: 'nacked', code: ack.err }
        }
      } catch (error) {
        if (!(error instanceof XmlError)) throw error
      }
    }
    return unanswered()
  }

  const pump = (): void => {
    pumping = false
    // The rows say `sent` under an epoch that is ours no more, or may be: nothing may leave that another process asks about.
    if (!events.mayConnect()) {
      counters.notWritten += queue.length
      queue = []
    }
    for (let i = 0; i < SIGNED_PER_TURN; i += 1) {
      const next = queue.shift()
      if (next === undefined) return
      const document = signed(next.document)
      if (document === undefined) {
        counters.notWritten += 1
        continue
      }
      void postOne(next.api, next.transactionId, next.key, document).then((posted) => {
        if (posted.kind === 'nacked') events.onRefused(next.key, posted.code)
      })
    }
    keepPumping()
  }

  const keepPumping = (): void => {
    if (pumping || queue.length === 0) return
    pumping = true
    clock.soon(pump)
  }

  /** Delivers an answer: again when no Ack came, for it is the same answer. A refusal ends it. */
  const deliver = (api: XmlApi, transactionId: string, msgId: string, document: string): void => {
    const body = deliveries < MAX_DELIVERIES ? signed(document) : undefined
    if (body === undefined) {
      counters.undelivered += 1
      return
    }
    deliveries += 1
    const attempt = async (tries: number): Promise<void> => {
      const posted = await postOne(api, transactionId, msgId, body)
      const wait = REDELIVER_MS[tries]
      if (posted.kind === 'unknown' && wait !== undefined && wanted) {
        clock.after(wait, () => void attempt(tries + 1))
        return
      }
      deliveries -= 1
      if (posted.kind === 'acked') return
      counters.undelivered += 1
      log.warn({ link: xml.id, api, msgId, posted: posted.kind }, 'an answer was not taken')
    }
    void attempt(0)
  }

  const deliverMessage = (message: XmlMessage): void =>
    deliver(message.api, message.transactionId, message.msgId, dialect.write(message))

  // --- heartbeats and the directory -----------------------------------------------------------------------------------

  /** One heartbeat is planned at a time. */
  const beatIn = (ms: number): void => {
    beat()
    beat = later(ms, heartbeat)
  }

  const heartbeat = (): void => {
    if (!wanted) return
    const { bank3 } = own
    const msgId = newMsgId(bank3)
    const transactionId = newMsgId(bank3)
    heartbeatId = msgId
    const document = signed(dialect.write({ ...envelope(bank3, transactionId, msgId), api: 'ReqHbt', signal: 'alive' }))
    if (document !== undefined) void postOne('ReqHbt', transactionId, msgId, document)
    later(xml.ackMs * 2, () => {
      if (heartbeatId !== msgId) return
      heartbeatId = undefined
      counters.heartbeatsMissed += 1
      missed += 1
      if (missed >= xml.missedHeartbeats && state === 'loggedOn') {
        log.warn({ link: xml.id, missed }, 'no answer to heartbeats')
        enter('connected')
      }
      beatIn(state === 'loggedOn' ? Math.min(xml.heartbeatMs, options.reconnectMaxMs) : backOff.next())
    })
  }

  const onHeartbeatAnswer = (inReplyTo: string, result: Result): void => {
    if (inReplyTo !== heartbeatId || result !== SUCCESS) return
    heartbeatId = undefined
    missed = 0
    backOff.reset()
    lastEchoAt = clock.now()
    beatIn(xml.heartbeatMs)
    if (wanted && state !== 'loggedOn') enter('loggedOn')
    askForDirectory()
  }

  const isDirectoryAwaited = (): boolean => clock.monotonicMs() - directoryAskedAt < xml.responseMs

  const askForDirectory = (): void => {
    if (clock.monotonicMs() - directoryAskedAt < xml.directoryMs) return
    directoryAskedAt = clock.monotonicMs()
    const { bank3 } = own
    const msgId = newMsgId(bank3)
    const transactionId = newMsgId(bank3)
    const document = signed(dialect.write({ ...envelope(bank3, transactionId, msgId), api: 'ReqListAccPvd' }))
    if (document !== undefined) void postOne('ReqListAccPvd', transactionId, msgId, document)
  }

  // --- in -----------------------------------------------------------------------------------------------------------

  const taken = (message: XmlMessage): WebResponse => ({
    status: 200,
    body: dialect.writeAck({ api: message.api, reqMsgId: message.msgId, at: clock.now() }),
  })
  const notTaken = (api: string, reqMsgId: string, err: string): WebResponse => ({
    status: 200,
    body: dialect.writeAck({ api, reqMsgId, at: clock.now(), err }),
  })

  /** The Ack says: received, and it is really from NPCI. What it means is worked on after the Ack has left. */
  const answering: Answering = async ({ path, body }) => {
    counters.documentsIn += 1
    counters.bytesIn += body.length
    // Another process has the link: NPCI, or what balances the load, tries there.
    if (!wanted) return elsewhere
    const api = apiOf(path)
    let text: string
    try {
      text = seal.open(body, api === 'RespListAccPvd' && isDirectoryAwaited())
    } catch (error) {
      if (!(error instanceof SignatureError)) throw error
      counters.badSignatures += 1
      if (counters.badSignatures % LOGGED_EVERY === 1) {
        log.warn({ link: xml.id, api, code: error.code, badSignatures: counters.badSignatures }, 'not signed by NPCI')
      }
      return notTaken(api, UNREADABLE, 'SIGNATURE')
    }
    let message: XmlMessage
    try {
      message = dialect.read(text)
    } catch (error) {
      if (!(error instanceof XmlError)) throw error
      counters.badDocuments += 1
      if (counters.badDocuments % LOGGED_EVERY === 1) {
        const { code, path: at } = error
        log.warn(
          { link: xml.id, api, code, path: at, badDocuments: counters.badDocuments },
          'a document is not a message',
        )
      }
      if (api.startsWith('Resp')) clock.soon(() => events.onUndecodable(body))
      return notTaken(api, dialect.headOf(text)?.msgId ?? UNREADABLE, 'FORMAT')
    }
    if (message.orgId !== xml.npciOrgId) {
      counters.badDocuments += 1
      return notTaken(message.api, message.msgId, 'ORGID')
    }
    // While the lease is in doubt a fact is a fact still, and a request may be somebody else's to answer.
    if (!message.api.startsWith('Resp') && !events.mayConnect()) return elsewhere
    if (message.api === 'ReqPay' && message.leg === 'pay') {
      // What a remitter bank sends to NPCI: never a reason to credit anybody here.
      counters.badDocuments += 1
      return notTaken(message.api, message.msgId, 'FORMAT')
    }
    if (Math.abs(clock.now() - message.at) > xml.skewMs) {
      counters.skewed += 1
      if (counters.skewed % LOGGED_EVERY === 1) {
        log.warn({ link: xml.id, offByMs: clock.now() - message.at }, 'the clock of NPCI and ours differ')
      }
    }
    clock.soon(() => take(message, text))
    return taken(message)
  }

  const take = (message: XmlMessage, text: string): void => {
    try {
      work(message, text)
    } catch (error) {
      // Not even a bug of ours may let a stranger's bytes end the process.
      log.error({ link: xml.id, api: message.api, fault: faultOf(error) }, 'a document could not be worked on')
    }
  }

  const work = (message: XmlMessage, text: string): void => {
    switch (message.api) {
      case 'RespPay':
        if (message.answer.kind === 'fundTransferResponse') onAnswer(message.answer, message, text)
        break
      case 'RespChkTxn': {
        if (message.about === 'complaint') {
          events.onComplaint(message.transactionId, message.answer)
          break
        }
        // Its own transaction id may be the check's: the payment is named by the original's.
        const { transactionId } = message.original
        onAnswer({ ...message.answer, transactionId }, message, text)
        break
      }
      case 'RespValAdd': {
        const waiting = enquiries.get(message.inReplyTo)
        enquiries.delete(message.inReplyTo)
        waiting?.(message.answer)
        break
      }
      case 'RespHbt':
        onHeartbeatAnswer(message.inReplyTo, message.result)
        break
      case 'RespListAccPvd':
        if (message.result === SUCCESS) events.onProviders(message.providers)
        break
      case 'ReqPay':
        if (message.leg === 'reversal') onReversal(message)
        else onPay(message)
        break
      case 'ReqChkTxn':
        // What became of a complaint only NPCI can say.
        if (message.about === undefined) onCheck(message)
        break
      case 'RespComplaint':
        events.onComplaint(message.transactionId, message.answer)
        break
      case 'ReqValAdd':
        void events.onEnquiry(message.request).then((answer) => {
          if (answer === undefined) return
          const { bank3 } = bankOf(message.request.beneficiary)
          deliverMessage({
            ...envelope(bank3, message.transactionId, newMsgId(bank3)),
            api: 'RespValAdd',
            inReplyTo: message.msgId,
            answer,
          })
        })
        break
      case 'ReqHbt': {
        const { bank3 } = own
        deliverMessage({
          ...envelope(bank3, message.transactionId, newMsgId(bank3)),
          api: 'RespHbt',
          inReplyTo: message.msgId,
          result: SUCCESS,
        })
        break
      }
      case 'ReqListAccPvd':
      case 'ReqComplaint':
        // What only NPCI answers.
        break
    }
  }

  const onAnswer = (
    answer: FundTransferResponse | VerificationResponse,
    message: { readonly inReplyTo: string; readonly transactionId: string },
    text: string,
  ): void => {
    const named = answer.transactionId === undefined ? { ...answer, transactionId: message.transactionId } : answer
    events.onAnswer(named, message.inReplyTo, Buffer.from(text))
  }

  /** The institution that a beneficiary of ours belongs to. */
  const bankOf = (beneficiary: FundTransferRequest['beneficiary']) =>
    institutions.find((one) =>
      beneficiary.kind === 'account'
        ? beneficiary.ifsc.startsWith(one.ifscPrefix)
        : beneficiary.mmid.startsWith(one.nbin),
    ) ?? own

  const resultOf = (responseCode: string): Result =>
    responseCode === '00' ? SUCCESS : responseCode === '91' ? 'DEEMED' : 'FAILURE'

  /** What an original and a check are answered with alike. */
  const answerTo = (
    { rrn, stan, remitterBank, amountPaise }: FundTransferRequest | VerificationRequest,
    { responseCode, registeredName }: AnswerParts,
  ) => ({
    rrn,
    stan,
    remitterBank,
    amountPaise,
    responseCode,
    result: resultOf(responseCode),
    ...(registeredName === undefined ? {} : { registeredName, approvalCode: stan }),
  })

  /** The answer is kept unsigned and signed as it leaves: PKCS #1 v1.5 gives the same bytes for the same key. */
  const onPay = (message: PayMessage): void => {
    const request: FundTransferRequest =
      message.remittance === undefined ? message.request : { ...message.request, foreignRemittance: true }
    const { bank3 } = bankOf(request.beneficiary)
    const msgId = newMsgId(bank3)
    const { beneficiary } = request
    events.onRequest({
      request,
      encode(parts: AnswerParts) {
        const { beneficiaryAccount } = parts
        const answer: FundTransferResponse = { kind: 'fundTransferResponse', ...answerTo(request, parts) }
        const credited =
          beneficiaryAccount === undefined || beneficiary.kind !== 'account'
            ? {}
            : { credited: { account: beneficiaryAccount, ifsc: beneficiary.ifsc } }
        const document = dialect.write({
          ...envelope(bank3, message.transactionId, msgId),
          api: 'RespPay',
          leg: 'credit',
          inReplyTo: message.msgId,
          answer,
          ...credited,
        })
        return Buffer.from(`${msgId}${document}`)
      },
      reply: (kept) => replyKept('RespPay', message.transactionId, kept),
    })
  }

  /** An answer as door 3 keeps it: its message id, then its document. */
  const replyKept = (api: XmlApi, transactionId: string, kept: Uint8Array): void => {
    const text = Buffer.from(kept).toString()
    const start = text.indexOf('<')
    deliver(api, transactionId, text.slice(0, start), text.slice(start))
  }

  const onCheck = (message: CheckMessage): void => {
    const { request, original } = message
    const { bank3 } = bankOf(request.beneficiary)
    const msgId = newMsgId(bank3)
    events.onRequest({
      request,
      encode(parts) {
        const answer: VerificationResponse = { kind: 'verificationResponse', ...answerTo(request, parts) }
        const document = dialect.write({
          ...envelope(bank3, message.transactionId, msgId),
          api: 'RespChkTxn',
          inReplyTo: message.msgId,
          answer,
          original,
        })
        return Buffer.from(`${msgId}${document}`)
      },
      reply: (kept) => replyKept('RespChkTxn', message.transactionId, kept),
    })
  }

  const onReversal = (message: ReversalMessage): void => {
    const { request } = message
    events.onReversal(request, (outcome) => {
      const bank3 = request.original.transactionId?.slice(0, 3) ?? own.bank3
      const { rrn, stan, amountPaise } = request
      deliverMessage({
        ...envelope(bank3, message.transactionId, newMsgId(bank3)),
        api: 'RespPay',
        leg: 'reversal',
        inReplyTo: message.msgId,
        answer: {
          kind: 'reversalResponse',
          rrn,
          stan,
          amountPaise,
          ...(outcome === 'credited'
            ? { responseCode: '00', result: SUCCESS }
            : { responseCode: REVERSAL_REFUSED, result: 'FAILURE' as const }),
        },
      })
    })
  }

  // --- requests of ours -----------------------------------------------------------------------------------------------

  /** @throws a fault of the profile: under another bank's id the question would be about another payment */
  const bank3Of = ({ institution }: StoredPayment): string => {
    const bank = byCode.get(institution)
    if (bank === undefined) throw new Error(`the profile has no institution ${institution}`)
    return bank.bank3
  }
  const transactionOf = (payment: StoredPayment): string => transactionIdOf(bank3Of(payment), paymentKey(payment.id))

  const original = (payment: StoredPayment): Ready => {
    const transactionId = transactionOf(payment)
    const msgId = originalMsgIdOf(transactionId)
    const request: FundTransferRequest = requestOf('fundTransferRequest', payment)
    const document = dialect.write({
      ...envelope(bank3Of(payment), transactionId, msgId),
      api: 'ReqPay',
      leg: 'pay',
      request,
    })
    return { key: msgId, document, envelope: { api: 'ReqPay', transactionId } }
  }

  const verification = (payment: StoredPayment): Ready => {
    const transactionId = transactionOf(payment)
    const bank3 = bank3Of(payment)
    const msgId = newMsgId(bank3)
    const request: VerificationRequest = requestOf('verificationRequest', payment)
    const document = dialect.write({
      ...envelope(bank3, transactionId, msgId),
      api: 'ReqChkTxn',
      request,
      original: { transactionId, msgId: originalMsgIdOf(transactionId) },
    })
    return { key: msgId, document, envelope: { api: 'ReqChkTxn', transactionId } }
  }

  const enquire = (request: NameEnquiryRequest): Promise<NameEnquiryResponse | undefined> => {
    const bank3 = byBank.get(request.remitterBank)?.bank3 ?? own.bank3
    const transactionId = request.transactionId ?? newMsgId(bank3)
    if (enquiries.size >= MAX_ENQUIRIES) return Promise.resolve(undefined)
    const msgId = newMsgId(bank3)
    const document = signed(dialect.write({ ...envelope(bank3, transactionId, msgId), api: 'ReqValAdd', request }))
    if (document === undefined) return Promise.resolve(undefined)
    return new Promise((resolve) => {
      const cancel = clock.after(xml.enquiryMs, () => {
        enquiries.delete(msgId)
        resolve(undefined)
      })
      const end = (response: NameEnquiryResponse | undefined): void => {
        cancel()
        enquiries.delete(msgId)
        resolve(response)
      }
      enquiries.set(msgId, end)
      void postOne('ReqValAdd', transactionId, msgId, document).then((posted) => {
        if (posted.kind !== 'nacked') return
        end({ kind: 'nameEnquiryResponse', result: 'FAILURE', responseCode: posted.code })
      })
    })
  }

  /** Once: that no Ack came says nothing, and what became of it is asked about. */
  const complain: Carrier['complain'] = (request, bank3, transactionId) => {
    const msgId = newMsgId(bank3)
    const document = isUp()
      ? signed(dialect.write({ ...envelope(bank3, transactionId, msgId), api: 'ReqComplaint', request }))
      : undefined
    if (document === undefined) return false
    void postOne('ReqComplaint', transactionId, msgId, document).then((posted) => {
      if (posted.kind !== 'nacked') return
      const { rrn, stan } = request
      const answer = { kind: 'complaintResponse', rrn, stan, result: 'FAILURE', responseCode: posted.code } as const
      events.onComplaint(transactionId, answer)
    })
    return true
  }

  const checkComplaint: Carrier['checkComplaint'] = (asked, bank3, transactionId) => {
    const msgId = newMsgId(bank3)
    const question = { ...envelope(bank3, transactionId, msgId), api: 'ReqChkTxn', about: 'complaint', asked } as const
    const document = isUp() ? signed(dialect.write(question)) : undefined
    if (document === undefined) return false
    void postOne('ReqChkTxn', transactionId, msgId, document)
    return true
  }
  const isUp = (): boolean => state === 'loggedOn' && events.mayConnect()

  // --- opening and closing ------------------------------------------------------------------------------------------

  const listen = async (): Promise<void> => {
    if (!wanted || listener !== undefined) return
    enter('connecting')
    try {
      const opened = await deps.serve(xml.callback, answering)
      if (!wanted) {
        await opened.close()
        return
      }
      listener = opened
      enter('connected')
      heartbeat()
    } catch (error) {
      log.error({ link: xml.id, fault: faultOf(error) }, 'cannot listen for NPCI')
      if (wanted) later(backOff.next(), () => void listen())
    }
  }

  const close = (reason: string): void => {
    if (!wanted && listener === undefined) return
    wanted = false
    for (const cancel of timers) cancel()
    timers.clear()
    heartbeatId = undefined
    missed = 0
    counters.notWritten += queue.length
    queue = []
    for (const end of [...enquiries.values()]) end(undefined)
    const closing = listener
    listener = undefined
    log.warn({ link: xml.id, reason }, 'link down')
    enter('down')
    void closing?.close()
  }

  return {
    id: xml.id,
    wire: 'xml',
    role: 'both',
    responseMs: xml.responseMs,
    provesKind: true,
    state: () => state,
    congested: () => awaitingAck + queue.length >= xml.maxUnacked,
    keyOf: (payment) => originalMsgIdOf(transactionOf(payment)),
    original,
    verification,
    describe(message) {
      const text = typeof message === 'string' ? message : Buffer.from(message).toString()
      return dialect.describe(text.slice(text.indexOf('<'))) // a kept answer has its message id before it
    },
    send({ key, document, envelope: to }) {
      if (state !== 'loggedOn' || typeof document !== 'string' || to === undefined) {
        counters.notWritten += 1
        return false
      }
      queue.push({ ...to, document, key })
      keepPumping()
      return true
    },
    enquire,
    complain,
    checkComplaint,
    open() {
      if (wanted) return
      wanted = true
      void listen()
    },
    close,
    async logOff(waitMs) {
      const until = clock.monotonicMs() + waitMs
      while ((deliveries > 0 || queue.length > 0) && clock.monotonicMs() < until) {
        await new Promise<void>((resolve) => clock.after(LOG_OFF_POLL_MS, resolve))
      }
      close('logged off')
    },
    status: (): CarrierStatus => ({ id: xml.id, role: 'both', state, since, lastEchoAt, counters: { ...counters } }),
  }
}

const elsewhere: WebResponse = { status: 503, body: '' }
const LOG_OFF_POLL_MS = 20
/** Head@msgId of a document that is not believed, or has none. */
const UNREADABLE = 'NA'
/** UDIR: no such payment, another amount, or one that was credited back already by other means. */
const REVERSAL_REFUSED = '12'

/** What a POST says it is, by its path; only for the log and for the Ack of what could not be read. */
const apiOf = (path: string): string => /(Req|Resp)[A-Za-z]{1,20}/.exec(path)?.[0] ?? 'unknown'
