import { type Paise, paise } from '../../base/money.ts'
import type {
  Answer,
  ComplaintResponse,
  FundTransferResponse,
  NameEnquiryResponse,
  Result,
  ReversalResponse,
  VerificationResponse,
} from '../rail-message.ts'
import type { PayAnswer } from './message.ts'
import { addressOf } from './parties.ts'

/** What an answer says when it carries no code. A failure without one says nothing that any table knows: it is asked about. */
export const impliedCode = (result: Result): string => ({ SUCCESS: '00', DEEMED: '91', FAILURE: '' })[result]

/** The same of an answer to a check: whether it is the check or the payment that succeeded, nobody knows, so it is asked about. */
export const impliedCheckCode = (result: Result): string => (result === 'SUCCESS' ? '' : impliedCode(result))

/** What a code alone comes to, where the hub's side of an answer did not say. */
const impliedResult = (responseCode: string): Result =>
  responseCode === '00' ? 'SUCCESS' : responseCode === '91' ? 'DEEMED' : 'FAILURE'

/** Resp@result, and Resp@errCode where it is FAILURE and only there. @source protocol.md §2.4 */
export function responseValues(
  answer: Pick<Answer | ComplaintResponse | NameEnquiryResponse | ReversalResponse, 'responseCode' | 'result'>,
) {
  const result = answer.result ?? impliedResult(answer.responseCode)
  return { result, errCode: result === 'FAILURE' ? codeOf(answer) : undefined }
}

type PaymentAnswer = FundTransferResponse | VerificationResponse

/** The response code; a code that nobody gave is not written. */
export const codeOf = ({ responseCode }: { readonly responseCode: string }): string | undefined =>
  responseCode === '' ? undefined : responseCode

/** Ref PAYEE: what the beneficiary bank says. */
export function payeeReference(answer: PaymentAnswer, credited?: PayAnswer['credited']) {
  return {
    settled: answer.amountPaise,
    amountPaise: answer.amountPaise,
    approvalCode: answer.approvalCode ?? (answer.responseCode === '00' ? answer.stan : undefined),
    responseCode: codeOf(answer),
    registeredName: answer.registeredName,
    ...(credited !== undefined && {
      creditedAddress: addressOf(credited),
      creditedAccount: credited.account,
      creditedIfsc: credited.ifsc,
      creditedType: credited.accountType,
    }),
  }
}

/** Ref PAYER: NPCI's word on the remitter's leg. */
export const payerReference = (answer: PaymentAnswer | ReversalResponse) => ({
  payerSettled: answer.amountPaise,
  payerAmountPaise: answer.amountPaise,
  payerResponseCode: codeOf(answer),
})

/** The amount of an answer; none where a decline says 0.00. */
export const amountOf = (amount: bigint | undefined): Paise | undefined =>
  amount === undefined || amount === 0n ? undefined : paise(amount)

export const originalOf = (transactionId: string, msgId: string | undefined) => ({
  transactionId,
  ...(msgId !== undefined && { msgId }),
})

/** Result and error code of an answer that says nothing else. */
export const resultOf = ({
  inReplyTo,
  result,
  errCode,
}: {
  inReplyTo: string
  result: Result
  errCode?: string | undefined
}) => ({
  inReplyTo,
  result,
  ...(errCode !== undefined && { errCode }),
})
