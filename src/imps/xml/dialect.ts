import { unreachable } from '../../base/brand.ts'
import { must } from '../../base/identifiers.ts'
import type { WireProfile } from '../profile.ts'
import type { Answer, ReversalRequest, ReversalResponse } from '../rail-message.ts'
import {
  amountOf,
  impliedCode,
  originalOf,
  payeeReference,
  payerReference,
  responseValues,
  resultOf,
} from './answers.ts'
import { describeDocument } from './describe.ts'
import { headOfDocument, parseDocument } from './document.ts'
import { XmlError } from './error.ts'
import type { Ack as AckMessage, PayAnswer, PayMessage, ReversalMessage, XmlEnvelope, XmlMessage } from './message.ts'
import * as tables from './messages.ts'
import { createPayers, payeeOf, readRemitter, readRequest, stanOf } from './parties.ts'
import { FOREIGN_REMITTANCE, readRemittance, remittanceValues } from './remittance.ts'
import {
  escapeAttribute,
  type Root,
  type Rows,
  readDocument,
  type Table,
  type Values,
  type ValuesOf,
  writeDocument,
} from './table.ts'

export interface XmlDialect {
  /**
   * The whole document, unsigned and in canonical form: C14N 1.0 of it is itself.
   * @throws {XmlError} when a value does not fit its field, or one is missing for the address form
   */
  write(message: XmlMessage): string
  /**
   * One message, every part checked and branded. Call it with the bytes that were signed and no others.
   * @throws {XmlError} with code and path, never a value
   */
  read(text: string): XmlMessage
  /** The HTTP answer to a message. @throws {XmlError} as `write` */
  writeAck(ack: AckMessage): string
  /** @throws {XmlError} for anything that is no Ack: whether the message was taken is then not known */
  readAck(text: string): AckMessage
  /** What an Ack needs to know of a message, however broken the rest is; undefined when not even that can be read. */
  headOf(text: string): { readonly api: string; readonly msgId: string } | undefined
  /** The document for people, values masked as the tables say; never throws. */
  describe(text: string): string
}

type Building<T> = { -readonly [K in keyof T]: T[K] }
type AnswerValues = ValuesOf<typeof tables.RespPay> | ValuesOf<typeof tables.RespChkTxn>

const refused = (path: string): XmlError => new XmlError('refused', path)

const DR_REVERSAL = 'DR_REVERSAL'
/** Sub-types that say nothing new. */
const plainSubTypes = ['NA', 'PAY', 'CREDIT']

/** The XML wire of one profile. Pure: the same message gives the same text. */
export function createXmlDialect(profile: WireProfile): XmlDialect {
  const { xml } = profile
  const limits = { maxBytes: xml.maxBytes, maxDepth: xml.maxDepth }
  const outward = createPayers(profile)
  const remitterBanks = new Map(profile.institutions.map((one) => [one.bank3, one.remitterBank]))
  const roots = new Map([...Object.keys(tables.tables), 'Ack'].map((name) => [name, rootOf(name, profile)]))
  const rootFor = (name: string): Root => must(roots.get(name), 'root element')

  const write = <R extends Rows>(table: Table<R>, values: Values<R>): string =>
    writeDocument(table, values, rootFor(table.root))

  const bankOfTransaction = (transactionId: string): string => {
    const bank3 = transactionId.slice(0, 3)
    return remitterBanks.get(bank3) ?? bank3
  }

  const headOf = ({ msgId, orgId, at, transactionId }: XmlEnvelope, ver = xml.ver) => ({
    ver,
    at,
    orgId,
    msgId,
    prodType: xml.prodType,
    transactionId,
  })

  function writePay(message: PayMessage): string {
    const { request, remittance } = message
    return write(tables.ReqPay, {
      ...headOf(message),
      ...outward(request, message.transactionId),
      transactedAt: request.transmittedAt,
      type: message.leg === 'pay' ? 'PAY' : 'CREDIT',
      initiationMode: remittance === undefined ? '00' : FOREIGN_REMITTANCE,
      amountPaise: request.amountPaise,
      payeeAmountPaise: request.amountPaise,
      ...payeeOf(request.beneficiary),
      ...(remittance !== undefined && remittanceValues(remittance)),
    })
  }

  function writeReversal(message: ReversalMessage): string {
    const { request } = message
    const { original } = request
    return write(tables.ReqPay, {
      ...headOf(message),
      ...outward({ ...request, channel: 'internet', remitterBank: '' }, message.transactionId),
      transactedAt: request.transmittedAt,
      type: 'CREDIT',
      subType: DR_REVERSAL,
      initiationMode: '00',
      amountPaise: request.amountPaise,
      originalRrn: original.rrn,
      originalTransactionId: original.transactionId,
      originalAt: original.transactedAt,
    })
  }

  function writeAnswer(message: PayAnswer): string {
    const { answer, leg } = message
    const values = {
      ...headOf(message),
      transactedAt: message.at,
      rrn: answer.rrn,
      stan: answer.stan,
      type: leg === 'pay' ? 'PAY' : 'CREDIT',
      inReplyTo: message.inReplyTo,
      ...responseValues(answer),
    }
    if (answer.kind === 'reversalResponse') {
      return write(tables.RespPay, {
        ...values,
        subType: DR_REVERSAL,
        payerSettled: answer.amountPaise,
        payerAmountPaise: answer.amountPaise,
        payerResponseCode: answer.responseCode,
        reversalResponseCode: answer.responseCode,
      })
    }
    return write(tables.RespPay, {
      ...values,
      ...(leg === 'pay' && payerReference(answer)),
      ...payeeReference(answer, message.credited),
    })
  }

  function readPay(values: ValuesOf<typeof tables.ReqPay>): PayMessage | ReversalMessage {
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
      answer: { kind: 'fundTransferResponse', ...readAnswer(values, values.transactionId) },
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

  function readAnswer(values: AnswerValues, transactionId: string): Answer {
    const responseCode = values.responseCode ?? values.errCode ?? impliedCode(values.result)
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
        const found = values(tables.ReqChkTxn)
        const transactionId = found.originalTransactionId ?? found.transactionId
        return {
          ...envelopeOf(found),
          api: name,
          request: {
            kind: 'verificationRequest',
            ...readRequest(found, 'Payees/Payee'),
            rrn: found.originalRrn ?? found.rrn,
            amountPaise: found.amountPaise,
            transmittedAt: found.originalAt ?? found.transactedAt ?? found.at,
            transactionId,
          },
          original: originalOf(transactionId, found.originalMsgId),
        }
      }
      case 'RespChkTxn': {
        const found = values(tables.RespChkTxn)
        const transactionId = found.originalTransactionId ?? found.transactionId
        return {
          ...envelopeOf(found),
          api: name,
          inReplyTo: found.inReplyTo,
          answer: { kind: 'verificationResponse', ...readAnswer(found, transactionId) },
          original: originalOf(transactionId, found.originalMsgId),
        }
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
        const endOfDay = tables.endOfDay.read(found.value ?? '')
        if (endOfDay === undefined) throw refused('HbtMsg@value')
        return { ...envelopeOf(found), api: name, signal: { endOfDay } }
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

  function writeMessage(message: XmlMessage): string {
    switch (message.api) {
      case 'ReqPay':
        return message.leg === 'reversal' ? writeReversal(message) : writePay(message)
      case 'RespPay':
        return writeAnswer(message)
      case 'ReqChkTxn': {
        const { request, original } = message
        return write(tables.ReqChkTxn, {
          ...headOf(message),
          ...outward(request, message.transactionId),
          transactedAt: message.at,
          type: 'VR',
          originalRrn: request.rrn,
          originalTransactionId: original.transactionId,
          originalMsgId: original.msgId,
          originalAt: request.transmittedAt,
          amountPaise: request.amountPaise,
          payeeAmountPaise: request.amountPaise,
          ...payeeOf(request.beneficiary),
        })
      }
      case 'RespChkTxn': {
        const { answer, original } = message
        return write(tables.RespChkTxn, {
          ...headOf(message),
          transactedAt: message.at,
          type: 'ChkBankStatus',
          rrn: answer.rrn,
          stan: answer.stan,
          originalRrn: answer.rrn,
          originalTransactionId: original.transactionId,
          originalMsgId: original.msgId,
          inReplyTo: message.inReplyTo,
          ...responseValues(answer),
          ...payeeReference(answer),
        })
      }
      case 'ReqValAdd':
        return write(tables.ReqValAdd, {
          ...headOf(message),
          ...outward(message.request, message.transactionId),
          transactedAt: message.request.transmittedAt,
          type: 'NameEnq',
          ...payeeOf(message.request.beneficiary),
        })
      case 'RespValAdd': {
        const { answer } = message
        return write(tables.RespValAdd, {
          ...headOf(message),
          transactedAt: message.at,
          type: 'NameEnq',
          inReplyTo: message.inReplyTo,
          ...responseValues(answer),
          maskName: answer.registeredName,
          ifsc: answer.ifsc,
          account: answer.account,
          accountType: answer.accountType,
          approvalCode: answer.approvalCode,
        })
      }
      case 'ReqHbt':
        return write(tables.ReqHbt, {
          ...headOf(message, xml.heartbeatVer),
          transactedAt: message.at,
          type: 'Hbt',
          signal: message.signal === 'alive' ? 'ALIVE' : 'EOD',
          value: message.signal === 'alive' ? 'NA' : message.signal.endOfDay,
        })
      case 'RespHbt':
        return write(tables.RespHbt, {
          ...headOf(message, xml.heartbeatVer),
          transactedAt: message.at,
          type: 'Hbt',
          inReplyTo: message.inReplyTo,
          result: message.result,
          errCode: message.errCode,
        })
      case 'ReqListAccPvd':
        return write(tables.ReqListAccPvd, { ...headOf(message), transactedAt: message.at, type: 'ListAccPvd' })
      case 'RespListAccPvd':
        return write(tables.RespListAccPvd, {
          ...headOf(message),
          transactedAt: message.at,
          type: 'ListAccPvd',
          inReplyTo: message.inReplyTo,
          result: message.result,
          errCode: message.errCode,
          providers: message.providers.map(({ active, features, ...provider }) => ({
            ...provider,
            active: active ? 'Y' : 'N',
            features: features.length === 0 ? undefined : features.join(','),
          })),
        })
      default:
        return unreachable(message)
    }
  }

  return {
    write: writeMessage,
    read: readMessage,
    writeAck: (ack) => write(tables.Ack, ack),
    readAck(text) {
      const { name, element } = parseDocument(text, limits, xml.namespace)
      if (name !== 'Ack') throw new XmlError('unknown', name)
      const { err, ...ack } = readDocument(tables.Ack, element, xml.namespace)
      return err === undefined ? ack : { ...ack, err }
    },
    headOf: (text) => headOfDocument(text, limits, xml.namespace),
    describe: (text) => describeDocument(text, limits, xml.namespace),
  }
}

/** The start and end of the root element; the profile's namespaces are in the order of their prefixes, as C14N has them. */
function rootOf(name: string, { xml }: WireProfile): Root {
  const namespaces = ` xmlns:ns2="${escapeAttribute(xml.namespace)}" xmlns:ns3="${escapeAttribute(xml.namespace2)}"`
  return { open: `<ns2:${name}${namespaces}`, close: `</ns2:${name}>` }
}

const envelopeOf = ({ msgId, orgId, at, transactionId }: XmlEnvelope): XmlEnvelope => ({
  msgId,
  orgId,
  at,
  transactionId,
})

/** The payer of a reversal is the remitter of the payment to give back. */
function readReversal(values: ValuesOf<typeof tables.ReqPay>): ReversalRequest {
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
