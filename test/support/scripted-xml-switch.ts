import type { Clock } from '../../src/base/clock.ts'
import { paise } from '../../src/base/money.ts'
import { type Answering, type Post, PostFault, type Serve } from '../../src/base/web.ts'
import type { WireProfile } from '../../src/imps/profile.ts'
import type { FundTransferRequest, Result, VerificationRequest } from '../../src/imps/rail-message.ts'
import { createXmlDialect, type XmlDialect } from '../../src/imps/xml/dialect.ts'
import type { XmlMessage } from '../../src/imps/xml/message.ts'
import type { Seal } from '../../src/rail/xml-link.ts'
import type { ScriptedSide } from './scripted-switch.ts'

/** Documents go as they are: what signatures are worth is shown elsewhere. */
export const openSeal: Seal = { sign: (document) => document, open: (document) => Buffer.from(document).toString() }

/** What becomes of the Ack to what the hub posts. */
export type AckFate =
  | 'positive'
  | 'negative'
  | 'negative after the answer'
  | 'lost'
  | 'error'
  | 'refused'
  | 'foreign'
  | 'rubbish'

/** The other end of the XML wire. */
export type ScriptedXmlSwitch = ScriptedSide & {
  readonly dialect: XmlDialect
  readonly post: Post
  readonly serve: Serve
  /** Every message that was taken, in order. */
  readonly heard: { readonly message: XmlMessage; readonly at: number }[]
  /** `refused`: no connection; the message is not taken. With `lost` and `error` it is. */
  ackFate: (message: XmlMessage) => AckFate
  /** What a negative Ack says. */
  negativeCode: string
  answerHeartbeat: boolean
  /** Posts a message to the hub; the status and body of its answer. Arrives when the clock goes on. */
  tell(message: XmlMessage): Promise<{ readonly status: number; readonly body: string }>
  tellRaw(api: string, document: string | Uint8Array): Promise<{ readonly status: number; readonly body: string }>
  /** What an answer of ours needs besides its content. */
  envelope(transactionId: string): { msgId: string; orgId: string; at: number; transactionId: string }
}

const TRAVEL_MS = 1

export function createScriptedXmlSwitch(clock: Clock, profile: WireProfile): ScriptedXmlSwitch {
  const dialect = createXmlDialect(profile)
  let answering: Answering | undefined
  let serial = 0
  const envelope = (transactionId: string) => {
    serial += 1
    return {
      msgId: `NPC${String(serial).padStart(32, '0')}`,
      orgId: profile.xml.npciOrgId,
      at: clock.now(),
      transactionId,
    }
  }
  const travel = (): Promise<void> => new Promise((resolve) => clock.after(TRAVEL_MS, resolve))
  const resultOf = (code: string): Result => (code === '00' ? 'SUCCESS' : code === '91' ? 'DEEMED' : 'FAILURE')

  const answerTo = (message: XmlMessage, responseCode: string, amountPaise?: bigint): XmlMessage => {
    if (message.api !== 'ReqPay' && message.api !== 'ReqChkTxn') throw new Error(`no answer to ${message.api}`)
    if (message.api === 'ReqChkTxn' && message.about !== undefined) throw new Error('no answer about complaints')
    const { request } = message
    const { rrn, stan } = request
    const parts = {
      rrn,
      stan,
      remitterBank: 'remitterBank' in request ? request.remitterBank : '',
      amountPaise: amountPaise === undefined ? request.amountPaise : paise(amountPaise),
      responseCode,
      result: resultOf(responseCode),
      ...(responseCode === '00' ? { registeredName: 'ASHA DEVI', approvalCode: stan } : {}),
    }
    const common = { ...envelope(message.transactionId), inReplyTo: message.msgId }
    return message.api === 'ReqPay'
      ? { ...common, api: 'RespPay', leg: 'pay', answer: { kind: 'fundTransferResponse', ...parts } }
      : {
          ...common,
          api: 'RespChkTxn',
          original: message.original,
          answer: { kind: 'verificationResponse', ...parts },
        }
  }

  const onMessage = (message: XmlMessage): void => {
    made.heard.push({ message, at: clock.now() })
    if (message.api === 'ReqHbt' && made.answerHeartbeat) {
      const { transactionId, msgId } = message
      void made.tell({ ...envelope(transactionId), api: 'RespHbt', inReplyTo: msgId, result: 'SUCCESS' })
    }
    if (
      (message.api === 'ReqPay' && message.leg === 'pay') ||
      (message.api === 'ReqChkTxn' && message.about === undefined)
    ) {
      made.onRequest(message.request, (responseCode, amountPaise) => {
        void made.tell(answerTo(message, responseCode, amountPaise))
      })
    }
    if (message.api === 'RespPay' || message.api === 'RespChkTxn') {
      const { answer } = message
      made.said.push({
        kind: answer.kind,
        responseCode: answer.responseCode,
        raw: dialect.write(message),
        ...('registeredName' in answer && answer.registeredName !== undefined
          ? { registeredName: answer.registeredName }
          : {}),
      })
    }
  }

  const made: ScriptedXmlSwitch = {
    dialect,
    heard: [],
    said: [],
    ackFate: () => 'positive',
    negativeCode: 'U30',
    answerHeartbeat: true,
    onRequest: () => undefined,
    originals: () =>
      made.heard.flatMap(({ message }) => (message.api === 'ReqPay' && message.leg === 'pay' ? [message.request] : [])),
    verifications: () =>
      made.heard.flatMap(({ message }) =>
        message.api === 'ReqChkTxn' && message.about === undefined ? [message.request] : [],
      ),
    lastHeardAt: () => made.heard.findLast(({ message }) => !message.api.endsWith('Hbt'))?.at ?? 0,
    answer(request, responseCode) {
      const asked = made.heard.findLast(({ message }) => 'request' in message && message.request === request)
      if (asked === undefined) throw new Error('that was never asked')
      void made.tell(answerTo(asked.message, responseCode))
    },
    answerNobody(request) {
      const transactionId = `TRN${'0'.repeat(32)}`
      const asked: XmlMessage = { ...envelope(transactionId), api: 'ReqPay', leg: 'pay', request }
      const answer = answerTo(asked, '00')
      void made.tell(answer)
      return dialect.write(answer)
    },
    ask(request: FundTransferRequest | VerificationRequest) {
      const transactionId = `OTH${request.rrn.padStart(32, '0')}`
      const common = envelope(transactionId)
      void made.tell(
        request.kind === 'fundTransferRequest'
          ? { ...common, api: 'ReqPay', leg: 'credit', request }
          : { ...common, api: 'ReqChkTxn', request, original: { transactionId } },
      )
    },
    hangUp: () => undefined,
    async post({ body, timeoutMs }) {
      await travel()
      const message = dialect.read(Buffer.from(body).toString())
      const fate = made.ackFate(message)
      if (fate === 'refused') throw new PostFault('refused')
      if (fate === 'negative') {
        const { api, msgId } = message
        return {
          status: 200,
          body: dialect.writeAck({ api, reqMsgId: msgId, at: clock.now(), err: made.negativeCode }),
        }
      }
      onMessage(message)
      if (fate === 'foreign') {
        return {
          status: 200,
          body: dialect.writeAck({ api: message.api, reqMsgId: 'OTHER1', at: clock.now(), err: 'U30' }),
        }
      }
      if (fate === 'negative after the answer') {
        await new Promise<void>((resolve) => clock.after(timeoutMs / 2, resolve))
        const { api, msgId } = message
        return {
          status: 200,
          body: dialect.writeAck({ api, reqMsgId: msgId, at: clock.now(), err: made.negativeCode }),
        }
      }
      if (fate === 'rubbish') return { status: 200, body: '<html>' }
      if (fate === 'error') return { status: 500, body: 'oops' }
      if (fate === 'lost') {
        await new Promise<void>((resolve) => clock.after(timeoutMs, resolve))
        throw new PostFault('no answer')
      }
      await travel()
      return {
        status: 200,
        body: dialect.writeAck({ api: message.api, reqMsgId: message.msgId, at: clock.now() }),
      }
    },
    async serve(_address, answers) {
      answering = answers
      return {
        port: 1,
        async close() {
          if (answering === answers) answering = undefined
        },
      }
    },
    tell: (message) => made.tellRaw(message.api, dialect.write(message)),
    async tellRaw(api, document) {
      await travel()
      if (answering === undefined) return { status: 0, body: '' }
      const body = typeof document === 'string' ? Buffer.from(document) : document
      return answering({ path: `/imps/${api}/2.0/urn:txnid:x`, body })
    },
    envelope,
  }
  return made
}
