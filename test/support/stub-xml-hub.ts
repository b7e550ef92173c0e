import type { Clock } from '../../src/base/clock.ts'
import { paise } from '../../src/base/money.ts'
import type { WebListener, WebResponse } from '../../src/base/web.ts'
import { PostFault } from '../../src/base/web.ts'
import type { WireProfile } from '../../src/imps/profile.ts'
import type { FundTransferRequest, Result } from '../../src/imps/rail-message.ts'
import { createXmlDialect } from '../../src/imps/xml/dialect.ts'
import { originalMsgIdOf } from '../../src/imps/xml/identifiers.ts'
import type { XmlEnvelope, XmlMessage } from '../../src/imps/xml/message.ts'
import { openSigned, SignatureError, type SigningKey, sign } from '../../src/imps/xml/signature.ts'
import type { MemoryWeb } from './memory-web.ts'

/** The hub's end of the XML wire, with no hub behind it: a test says every word, and both sides sign. */
export interface StubXmlHub {
  /** Every message that came with a good signature, oldest first. */
  readonly heard: XmlMessage[]
  /** What became of each post: the Ack's `err`, `ack`, the HTTP status, or `nothing`. */
  readonly acks: string[]
  /** Whether an Ack came, a message was heard, in the order they happened. */
  readonly order: string[]
  /** What the hub says to a document; an Ack of it when this returns undefined. */
  onMessage: (message: XmlMessage) => WebResponse | undefined
  /** Signs and posts. */
  say(message: XmlMessage): void
  sayRaw(document: string): void
  /** The original of a payment of the sandbox's demo bank. */
  pay(request: FundTransferRequest, uuid?: string): void
  check(request: FundTransferRequest, uuid?: string): void
  /** Answers a CREDIT or a ReqChkTxn as a beneficiary bank. */
  answer(message: XmlMessage, responseCode: string, more?: { result?: Result; amountPaise?: bigint }): void
  ack(message: XmlMessage, err?: string): WebResponse
  envelope(transactionId: string): XmlEnvelope
  close(): Promise<void>
}

export type StubXmlHubOptions = {
  readonly clock: Clock
  readonly web: MemoryWeb
  readonly profile: WireProfile
  readonly key: SigningKey
  /** Of the switch. */
  readonly pinned: SigningKey
}

export const SWITCH_URL = 'https://switch:7603'
export const HUB_ADDRESS = { host: 'hub', port: 8443 }
const LIMITS = { maxBytes: 1 << 20, maxDepth: 16 }
export const UUID = '018f00000000700080000000000000a1'

export async function createStubXmlHub({ clock, web, profile, key, pinned }: StubXmlHubOptions): Promise<StubXmlHub> {
  const dialect = createXmlDialect(profile)
  let serial = 0
  const resultOf = (code: string): Result => (code === '00' ? 'SUCCESS' : code === '91' ? 'DEEMED' : 'FAILURE')

  const post = (api: string, transactionId: string, body: string) => {
    const url = `${SWITCH_URL}/imps/${api}/2.0/urn:txnid:${transactionId}`
    void web.post({ url, body, timeoutMs: 5_000 }).then(
      ({ status, body: said }) => {
        const word = status === 200 ? (dialect.readAck(said).err ?? 'ack') : String(status)
        hub.acks.push(word)
        hub.order.push(`ack ${api}`)
      },
      (error: unknown) => {
        if (!(error instanceof PostFault)) throw error
        hub.acks.push('nothing')
      },
    )
  }

  const hub: StubXmlHub = {
    heard: [],
    acks: [],
    order: [],
    onMessage: () => undefined,
    say: (message) => post(message.api, message.transactionId, sign(dialect.write(message), key)),
    sayRaw: (document) => post('ReqPay', 'x', document),
    pay(request, uuid = UUID) {
      const transactionId = `TRN${uuid}`
      const msgId = originalMsgIdOf(transactionId)
      hub.say({ ...hub.envelope(transactionId), msgId, api: 'ReqPay', leg: 'pay', request })
    },
    check(request, uuid = UUID) {
      const transactionId = `TRN${uuid}`
      hub.say({
        ...hub.envelope(transactionId),
        api: 'ReqChkTxn',
        request: { ...request, kind: 'verificationRequest' },
        original: { transactionId, msgId: originalMsgIdOf(transactionId) },
      })
    },
    answer(message, responseCode, { result = resultOf(responseCode), amountPaise } = {}) {
      if (message.api !== 'ReqPay' && message.api !== 'ReqChkTxn') throw new Error(`no answer to ${message.api}`)
      if (message.api === 'ReqPay' && message.leg === 'reversal') throw new Error('no answer to a reversal')
      if (message.api === 'ReqChkTxn' && message.about !== undefined) throw new Error('no answer about complaints')
      const { rrn, stan, amountPaise: asked } = message.request
      const remitterBank = 'remitterBank' in message.request ? message.request.remitterBank : ''
      const parts = {
        rrn,
        stan,
        remitterBank,
        amountPaise: amountPaise === undefined ? asked : paise(amountPaise),
        responseCode,
        result,
        ...(responseCode === '00' ? { registeredName: 'RAVI KUMAR', approvalCode: stan } : {}),
      }
      const common = { ...hub.envelope(message.transactionId), inReplyTo: message.msgId }
      hub.say(
        message.api === 'ReqPay'
          ? { ...common, api: 'RespPay', leg: 'credit', answer: { kind: 'fundTransferResponse', ...parts } }
          : {
              ...common,
              api: 'RespChkTxn',
              original: message.original,
              answer: { kind: 'verificationResponse', ...parts },
            },
      )
    },
    ack: ({ api, msgId }, err) => ({
      status: 200,
      body: dialect.writeAck({ api, reqMsgId: msgId, at: clock.now(), ...(err === undefined ? {} : { err }) }),
    }),
    envelope(transactionId) {
      serial += 1
      return { msgId: `TRN${String(serial).padStart(32, '0')}`, orgId: '700001', at: clock.now(), transactionId }
    },
    close: () => listener.close(),
  }

  const listener: WebListener = await web.serve(HUB_ADDRESS, async ({ body }) => {
    let message: XmlMessage
    try {
      message = dialect.read(openSigned(body, [pinned.certificate], clock.now(), LIMITS).text)
    } catch (error) {
      if (!(error instanceof SignatureError)) throw error
      hub.order.push(`refused ${error.code}`)
      return { status: 400, body: '' }
    }
    hub.heard.push(message)
    hub.order.push(message.api)
    return hub.onMessage(message) ?? hub.ack(message)
  })
  return hub
}
