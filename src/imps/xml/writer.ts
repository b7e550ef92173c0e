import { unreachable } from '../../base/brand.ts'
import { must } from '../../base/identifiers.ts'
import type { WireProfile } from '../profile.ts'
import type { ComplaintRequest } from '../rail-message.ts'
import { codeOf, payeeReference, payerReference, responseValues } from './answers.ts'
import type {
  Ack as AckMessage,
  ComplaintAnswer,
  ComplaintCheckAnswer,
  PayAnswer,
  PayMessage,
  ReversalMessage,
  XmlEnvelope,
  XmlMessage,
} from './message.ts'
import { Ack, COMPLAINT, complaintChecks, DR_REVERSAL, tables } from './messages.ts'
import { createPayers, payeeOf } from './parties.ts'
import { FOREIGN_REMITTANCE, remittanceValues } from './remittance.ts'
import { escapeAttribute, type Root, type Rows, type Table, type Values, writeDocument } from './table.ts'

/** Turns canonical messages into documents: `write` and `writeAck` of the dialect. */
export function createWriter(profile: WireProfile) {
  const { xml } = profile
  const payer = createPayers(profile)
  const roots = new Map([...Object.keys(tables), 'Ack'].map((name) => [name, rootOf(name, profile)]))

  const write = <R extends Rows>(table: Table<R>, values: Values<R>): string =>
    writeDocument(table, values, must(roots.get(table.root), 'root element'))

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
      ...payer(request, message.transactionId),
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
      ...payer({ ...request, channel: 'internet', remitterBank: '' }, message.transactionId),
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
        ...payerReference(answer),
        reversalResponseCode: codeOf(answer),
      })
    }
    return write(tables.RespPay, {
      ...values,
      ...(leg === 'pay' && payerReference(answer)),
      ...payeeReference(answer, message.credited),
    })
  }

  const complaintHead = (message: XmlEnvelope, { rrn, stan }: Pick<ComplaintRequest, 'rrn' | 'stan'>) => ({
    ...headOf(message),
    transactedAt: message.at,
    rrn,
    stan,
    type: COMPLAINT,
  })
  const complaintAnswer = ({ inReplyTo, answer }: ComplaintAnswer | ComplaintCheckAnswer) => ({
    inReplyTo,
    ...responseValues(answer),
    reference: answer.reference,
  })

  function writeMessage(message: XmlMessage): string {
    switch (message.api) {
      case 'ReqPay':
        return message.leg === 'reversal' ? writeReversal(message) : writePay(message)
      case 'RespPay':
        return writeAnswer(message)
      case 'ReqChkTxn': {
        if (message.about === 'complaint') {
          return write(complaintChecks.ReqChkTxn, { ...complaintHead(message, message.asked), subType: COMPLAINT })
        }
        const { request, original } = message
        return write(tables.ReqChkTxn, {
          ...headOf(message),
          ...payer(request, message.transactionId),
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
        if (message.about === 'complaint') {
          return write(complaintChecks.RespChkTxn, {
            ...complaintHead(message, message.answer),
            subType: COMPLAINT,
            ...complaintAnswer(message),
          })
        }
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
      case 'ReqComplaint': {
        const { request } = message
        return write(tables.ReqComplaint, {
          ...complaintHead(message, request),
          originalRrn: request.rrn,
          originalTransactionId: request.original.transactionId,
          originalAt: request.original.transactedAt,
          flag: request.flag,
          reason: request.reason,
          amountPaise: request.amountPaise,
        })
      }
      case 'RespComplaint':
        return write(tables.RespComplaint, { ...complaintHead(message, message.answer), ...complaintAnswer(message) })
      case 'ReqValAdd':
        return write(tables.ReqValAdd, {
          ...headOf(message),
          ...payer(message.request, message.transactionId),
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

  return { writeMessage, writeAck: (ack: AckMessage): string => write(Ack, ack) }
}

/** The start and end of the root element; the profile's namespaces are in the order of their prefixes, as C14N has them. */
function rootOf(name: string, { xml }: WireProfile): Root {
  const namespaces = ` xmlns:ns2="${escapeAttribute(xml.namespace)}" xmlns:ns3="${escapeAttribute(xml.namespace2)}"`
  return { open: `<ns2:${name}${namespaces}`, close: `</ns2:${name}>` }
}
