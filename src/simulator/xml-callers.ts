import type { XmlProfile } from '../imps/profile.ts'
import type { FundTransferRequest, Result, VerificationRequest } from '../imps/rail-message.ts'
import type { CheckMessage, PayMessage } from '../imps/xml/message.ts'
import type { Caller } from './outward.ts'
import type { Poster, XmlIds } from './xml-poster.ts'

/** One POST of the hub, until its HTTP answer has gone out. */
export type Exchange = {
  /** The outcome is that the connection ends here: no Ack. */
  hungUp: boolean
}

type Parts = Parameters<Caller['write']>[1]

/** Resp@result beside a code. @source protocol.md §2.4 */
const resultOf = (responseCode: string): Result =>
  responseCode === '00' ? 'SUCCESS' : responseCode === '91' ? 'DEEMED' : 'FAILURE'

const answerOf = (request: FundTransferRequest | VerificationRequest, parts: Parts) => ({
  rrn: request.rrn,
  stan: request.stan,
  remitterBank: request.remitterBank,
  amountPaise: request.amountPaise,
  responseCode: parts.responseCode,
  result: resultOf(parts.responseCode),
  ...(parts.registeredName === undefined ? {} : { registeredName: parts.registeredName }),
  ...(parts.approvalCode === undefined ? {} : { approvalCode: parts.approvalCode }),
})

/** The hub as whoever sent a ReqPay or a ReqChkTxn: answered by RespPay or RespChkTxn, which are delivered until they are acknowledged. */
export function createXmlCallers({ ver }: XmlProfile, poster: Poster, ids: XmlIds) {
  const callerOf = (path: string, exchange: Exchange, bytes: Uint8Array, write: Caller['write']): Caller => {
    const caller: Caller = {
      wire: 'xml',
      bytes,
      write,
      send: (answer) => poster.answer({ bytes: answer, path }),
      hangUp() {
        exchange.hungUp = true
      },
      // The body of a POST belongs to nobody else.
      keep: () => caller,
    }
    return caller
  }

  return {
    /** @param bytes the document as it came */
    paying(asked: PayMessage, exchange: Exchange, bytes: Uint8Array): Caller {
      const { transactionId, msgId: inReplyTo } = asked
      return callerOf(`/imps/RespPay/${ver}/urn:txnid:${transactionId}`, exchange, bytes, (request, parts) => {
        const { beneficiary } = request
        const isCredited = parts.responseCode === '00' && beneficiary.kind === 'account'
        const parcel = poster.seal({
          ...ids.envelope(transactionId),
          api: 'RespPay',
          leg: 'pay',
          inReplyTo,
          answer: { kind: 'fundTransferResponse', ...answerOf(request, parts) },
          ...(isCredited && {
            credited: { account: beneficiary.account, ifsc: beneficiary.ifsc, accountType: 'SAVINGS' },
          }),
        })
        return parcel.bytes
      })
    },
    checking(asked: CheckMessage, exchange: Exchange, bytes: Uint8Array): Caller {
      const { transactionId, msgId: inReplyTo, original } = asked
      return callerOf(`/imps/RespChkTxn/${ver}/urn:txnid:${transactionId}`, exchange, bytes, (request, parts) => {
        const answer = { kind: 'verificationResponse', ...answerOf(request, parts) } as const
        return poster.seal({ ...ids.envelope(transactionId), api: 'RespChkTxn', inReplyTo, original, answer }).bytes
      })
    },
  }
}
