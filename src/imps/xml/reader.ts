import type { WireProfile } from '../profile.ts'
import type { Answer, ComplaintResponse, Result, ReversalRequest, ReversalResponse } from '../rail-message.ts'
import { stanOfRrn } from '../rrn.ts'
import { amountOf, impliedCheckCode, impliedCode, originalOf, resultOf } from './answers.ts'
import { parseDocument } from './document.ts'
import { XmlError } from './error.ts'
import type { Ack as AckMessage, PayAnswer, PayMessage, ReversalMessage, XmlEnvelope, XmlMessage } from './message.ts'
import { Ack, COMPLAINT, checkSubType, complaintChecks, DR_REVERSAL, endOfDay, tables } from './messages.ts'
import { readRemitter, readRequest, stanOf } from './parties.ts'
import { readRemittance } from './remittance.ts'
import { type Rows, readDocument, type Table, type Values, type ValuesOf } from './table.ts'

type Building<T> = { -readonly [K in keyof T]: T[K] }
type PayValues = ValuesOf<typeof tables.ReqPay>
type AnswerValues = ValuesOf<typeof tables.RespPay> | ValuesOf<typeof tables.RespChkTxn>

/** Sub-types that say nothing new. */
const plainSubTypes = ['NA', 'PAY', 'CREDIT']

const refused = (path: string): XmlError => new XmlError('refused', path)

/** Turns documents into canonical messages: `read` and `readAck` of the dialect. */
export function createReader({ xml, institutions }: WireProfile) {
  const limits = { maxBytes: xml.maxBytes, maxDepth: xml.maxDepth }
  const remitterBanks = new Map(institutions.map((one) => [one.bank3, one.remitterBank]))

  /** An answer has no payer: its remitter bank is the institution whose three characters begin Txn@id. */
  const bankOfTransaction = (transactionId: string): string => {
    const bank3 = transactionId.slice(0, 3)
    return remitterBanks.get(bank3) ?? bank3
  }

  function readPay(values: PayValues): PayMessage | ReversalMessage {
    const { type, subType } = values
    if (type !== 'PAY' && type !== 'CREDIT') throw refused('Txn@type')
    const envelope = envelopeOf(values)
    if (subType === DR_REVERSAL) return { ...envelope, api: 'ReqPay', leg: 'reversal', request: readReversal(values) }
    // A kind of credit nobody here knows is not taken for a plain one.
    if (subType !== undefined && !plainSubTypes.includes(subType)) throw refused('Txn@subType')
    if (values.payeeAmountPaise !== undefined && values.payeeAmountPaise !== values.amountPaise) {
      throw refused('Payees/Payee/Amount@value')
    }
    const remittance = readRemittance(values)
    return {
      ...envelope,
      api: 'ReqPay',
      leg: type === 'PAY' ? 'pay' : 'credit',
      request: {
        kind: 'fundTransferRequest',
        ...readRequest(values, 'Payees/Payee'),
        amountPaise: values.amountPaise,
        transmittedAt: values.transactedAt ?? values.at,
        transactionId: values.transactionId,
      },
      ...(remittance !== undefined && { remittance }),
    }
  }

  function readPayAnswer(values: ValuesOf<typeof tables.RespPay>): PayAnswer {
    const { inReplyTo, type, subType, result, rrn } = values
    const envelope = { ...envelopeOf(values), inReplyTo }
    const stan = stanOf(values)
    if (subType === DR_REVERSAL) {
      const amount = amountOf(values.payerAmountPaise)
      const responseCode =
        values.reversalResponseCode ??
        values.payerResponseCode ??
        values.responseCode ??
        values.errCode ??
        impliedCode(result)
      const answer: ReversalResponse = {
        kind: 'reversalResponse',
        rrn,
        stan,
        responseCode,
        result,
        ...(amount !== undefined && { amountPaise: amount }),
      }
      return { ...envelope, api: 'RespPay', leg: 'reversal', answer }
    }
    const { creditedAccount, creditedIfsc, creditedType } = values
    return {
      ...envelope,
      api: 'RespPay',
      leg: type === 'CREDIT' ? 'credit' : 'pay',
      answer: { kind: 'fundTransferResponse', ...readAnswer(values, values.transactionId, impliedCode) },
      ...(creditedAccount !== undefined &&
        creditedIfsc !== undefined && {
          credited: {
            account: creditedAccount,
            ifsc: creditedIfsc,
            ...(creditedType !== undefined && { accountType: creditedType }),
          },
        }),
    }
  }

  function readAnswer(values: AnswerValues, transactionId: string, implied: (result: Result) => string): Answer {
    const responseCode = values.responseCode ?? values.errCode ?? implied(values.result)
    const answer: Building<Answer> = {
      rrn: values.rrn,
      stan: stanOf(values),
      remitterBank: bankOfTransaction(transactionId),
      transactionId,
      responseCode,
      result: values.result,
    }
    const amount = amountOf(values.amountPaise ?? values.payerAmountPaise)
    if (amount !== undefined) answer.amountPaise = amount
    // In any other answer it may be what the remitter typed, sent back.
    if (values.registeredName !== undefined && responseCode === '00') answer.registeredName = values.registeredName
    if (values.approvalCode !== undefined) answer.approvalCode = values.approvalCode
    return answer
  }

  function readMessage(text: string): XmlMessage {
    const { name, element } = parseDocument(text, limits, xml.namespace)
    const values = <R extends Rows>(table: Table<R>): Values<R> => readDocument(table, element, xml.namespace)
    switch (name) {
      case 'ReqPay':
        return readPay(values(tables.ReqPay))
      case 'RespPay':
        return readPayAnswer(values(tables.RespPay))
      case 'ReqChkTxn': {
        if (values(checkSubType(name)).subType === COMPLAINT) {
          const found = values(complaintChecks.ReqChkTxn)
          const { rrn } = found
          return { ...envelopeOf(found), api: name, about: 'complaint', asked: { rrn, stan: stanOf(found) } }
        }
        const found = values(tables.ReqChkTxn)
        const transactionId = found.originalTransactionId ?? found.transactionId
        return {
          ...envelopeOf(found),
          api: name,
          request: {
            kind: 'verificationRequest',
            ...readRequest(aboutOriginal(found), 'Payees/Payee'),
            amountPaise: found.amountPaise,
            transmittedAt: found.originalAt ?? found.transactedAt ?? found.at,
            transactionId,
          },
          original: originalOf(transactionId, found.originalMsgId),
        }
      }
      case 'RespChkTxn': {
        if (values(checkSubType(name)).subType === COMPLAINT) {
          const found = values(complaintChecks.RespChkTxn)
          const { inReplyTo } = found
          return { ...envelopeOf(found), api: name, about: 'complaint', inReplyTo, answer: readComplaintAnswer(found) }
        }
        const found = values(tables.RespChkTxn)
        const transactionId = found.originalTransactionId ?? found.transactionId
        return {
          ...envelopeOf(found),
          api: name,
          inReplyTo: found.inReplyTo,
          answer: {
            kind: 'verificationResponse',
            ...readAnswer(aboutOriginal(found), transactionId, impliedCheckCode),
          },
          original: originalOf(transactionId, found.originalMsgId),
        }
      }
      case 'ReqComplaint': {
        const found = values(tables.ReqComplaint)
        const { rrn, originalRrn = rrn, originalTransactionId, originalAt, flag, reason, amountPaise } = found
        if (originalRrn !== rrn) throw refused('Txn@orgRrn')
        return {
          ...envelopeOf(found),
          api: name,
          request: {
            kind: 'complaintRequest',
            rrn,
            stan: stanOf(found),
            amountPaise,
            flag,
            reason,
            original: {
              transactedAt: originalAt ?? found.transactedAt ?? found.at,
              ...(originalTransactionId !== undefined && { transactionId: originalTransactionId }),
            },
          },
        }
      }
      case 'RespComplaint': {
        const found = values(tables.RespComplaint)
        const { inReplyTo } = found
        return { ...envelopeOf(found), api: name, inReplyTo, answer: readComplaintAnswer(found) }
      }
      case 'ReqValAdd': {
        const found = values(tables.ReqValAdd)
        return {
          ...envelopeOf(found),
          api: name,
          request: {
            kind: 'nameEnquiryRequest',
            ...readRequest(found, 'Payee'),
            transmittedAt: found.transactedAt ?? found.at,
            transactionId: found.transactionId,
          },
        }
      }
      case 'RespValAdd': {
        const found = values(tables.RespValAdd)
        return {
          ...envelopeOf(found),
          api: name,
          inReplyTo: found.inReplyTo,
          answer: {
            kind: 'nameEnquiryResponse',
            result: found.result,
            responseCode: found.errCode ?? impliedCode(found.result),
            ...(found.maskName !== undefined && { registeredName: found.maskName }),
            ...(found.ifsc !== undefined && { ifsc: found.ifsc }),
            ...(found.account !== undefined && { account: found.account }),
            ...(found.accountType !== undefined && { accountType: found.accountType }),
            ...(found.approvalCode !== undefined && { approvalCode: found.approvalCode }),
          },
        }
      }
      case 'ReqHbt': {
        const found = values(tables.ReqHbt)
        if (found.signal === 'ALIVE') return { ...envelopeOf(found), api: name, signal: 'alive' }
        const ended = endOfDay.read(found.value ?? '')
        if (ended === undefined) throw refused('HbtMsg@value')
        return { ...envelopeOf(found), api: name, signal: { endOfDay: ended } }
      }
      case 'RespHbt': {
        const found = values(tables.RespHbt)
        return { ...envelopeOf(found), api: name, ...resultOf(found) }
      }
      case 'ReqListAccPvd':
        return { ...envelopeOf(values(tables.ReqListAccPvd)), api: name }
      case 'RespListAccPvd': {
        const found = values(tables.RespListAccPvd)
        return {
          ...envelopeOf(found),
          api: name,
          ...resultOf(found),
          providers: found.providers.map(({ active, features, modifiedAt, ...provider }) => ({
            ...provider,
            active: active === 'Y',
            features: (features ?? '').split(',').filter((feature) => feature !== ''),
            ...(modifiedAt !== undefined && { modifiedAt }),
          })),
        }
      }
      default:
        throw new XmlError('unknown', name)
    }
  }

  function readAck(text: string): AckMessage {
    const { name, element } = parseDocument(text, limits, xml.namespace)
    if (name !== Ack.root) throw new XmlError('unknown', name)
    const { err, ...ack } = readDocument(Ack, element, xml.namespace)
    return err === undefined ? ack : { ...ack, err }
  }

  return { readMessage, readAck }
}

const readComplaintAnswer = (
  found: ValuesOf<typeof tables.RespComplaint> | ValuesOf<typeof complaintChecks.RespChkTxn>,
): ComplaintResponse => ({
  kind: 'complaintResponse',
  rrn: found.rrn,
  stan: stanOf(found),
  result: found.result,
  responseCode: found.errCode ?? impliedCode(found.result),
  ...(found.reference !== undefined && { reference: found.reference }),
})

const envelopeOf = ({ msgId, orgId, at, transactionId }: XmlEnvelope): XmlEnvelope => ({
  msgId,
  orgId,
  at,
  transactionId,
})

/** A check says which payment it is about by its RRN, and may have one of its own; the STAN then is its own, too. */
function aboutOriginal<V extends ValuesOf<typeof tables.ReqChkTxn> | ValuesOf<typeof tables.RespChkTxn>>(values: V): V {
  const { originalRrn, rrn } = values
  return originalRrn === undefined || originalRrn === rrn
    ? values
    : { ...values, rrn: originalRrn, stan: stanOfRrn(originalRrn) }
}

/** The payer of a reversal is the remitter of the payment to give back. */
function readReversal(values: PayValues): ReversalRequest {
  const { originalRrn, originalTransactionId, originalAt } = values
  if (originalRrn === undefined) throw new XmlError('missing', 'Txn@orgRrn')
  return {
    kind: 'reversalRequest',
    rrn: values.rrn,
    stan: stanOf(values),
    amountPaise: values.amountPaise,
    transmittedAt: values.transactedAt ?? values.at,
    remitter: readRemitter(values),
    original: {
      rrn: originalRrn,
      ...(originalTransactionId !== undefined && { transactionId: originalTransactionId }),
      ...(originalAt !== undefined && { transactedAt: originalAt }),
    },
  }
}
