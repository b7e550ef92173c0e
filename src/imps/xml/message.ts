import type { XmlApi } from '../profile.ts'
import type {
  ComplaintRequest,
  ComplaintResponse,
  FundTransferRequest,
  FundTransferResponse,
  NameEnquiryRequest,
  NameEnquiryResponse,
  Result,
  ReversalRequest,
  ReversalResponse,
  VerificationRequest,
  VerificationResponse,
} from '../rail-message.ts'

/**
 * The messages of NPCI's XML wire as the hub thinks of them: an envelope that says which leg this is, and inside it the same
 * canonical messages that the ISO wire carries. @source protocol.md §2
 */

export type XmlEnvelope = {
  /** Head@msgId: this leg, and no other. */
  readonly msgId: string
  /** Head@orgId: who wrote it. */
  readonly orgId: string
  /** Head@ts, epoch milliseconds. */
  readonly at: number
  /** Txn@id: the same on every leg of one transaction. */
  readonly transactionId: string
}

type Asks<Api extends XmlApi> = XmlEnvelope & { readonly api: Api }
type Answers<Api extends XmlApi> = XmlEnvelope & {
  readonly api: Api
  /** Resp@reqMsgId: the request that this answers. */
  readonly inReplyTo: string
}

/** What a foreign inward remittance adds (initiationMode 12): who brought the money into the country, and for whom. */
export type ForeignRemittance = {
  readonly institution: 'MTO' | 'BANK'
  readonly route: 'MTSS' | 'RDA'
  readonly name: string
  readonly account?: string
  readonly ifsc?: string
  readonly purpose: { readonly code: string; readonly note?: string }
  readonly originator: {
    readonly name: string
    readonly reference?: string
    readonly kind?: string
    readonly location?: string
  }
  readonly beneficiaryName?: string
}

export type PayMessage = Asks<'ReqPay'> & {
  /** PAY leaves the remitter bank; CREDIT reaches the beneficiary bank. */
  readonly leg: 'pay' | 'credit'
  readonly request: FundTransferRequest
  readonly remittance?: ForeignRemittance
}
export type ReversalMessage = Asks<'ReqPay'> & { readonly leg: 'reversal'; readonly request: ReversalRequest }
export type PayAnswer = Answers<'RespPay'> & {
  /** Of the request that is answered. */
  readonly leg: 'pay' | 'credit' | 'reversal'
  readonly answer: FundTransferResponse | ReversalResponse
  /** The beneficiary's account as credited. */
  readonly credited?: { readonly account: string; readonly ifsc: string; readonly accountType?: string }
}
export type CheckMessage = Asks<'ReqChkTxn'> & {
  readonly request: VerificationRequest
  readonly original: { readonly transactionId: string; readonly msgId?: string }
  readonly about?: undefined
}
export type CheckAnswer = Answers<'RespChkTxn'> & {
  readonly about?: undefined
  readonly answer: VerificationResponse
  readonly original: { readonly transactionId: string; readonly msgId?: string }
}
/** UDIR: NPCI is to raise what a customer complains of. `transactionId` is the complaint's own. */
export type ComplaintMessage = Asks<'ReqComplaint'> & { readonly request: ComplaintRequest }
export type ComplaintAnswer = Answers<'RespComplaint'> & { readonly answer: ComplaintResponse }
/** UDIR: what became of a complaint? It is named by its transaction id, on both. */
export type ComplaintCheck = Asks<'ReqChkTxn'> & {
  readonly about: 'complaint'
  readonly asked: Pick<ComplaintRequest, 'rrn' | 'stan'>
}
export type ComplaintCheckAnswer = Answers<'RespChkTxn'> & {
  readonly about: 'complaint'
  readonly answer: ComplaintResponse
}
export type EnquiryMessage = Asks<'ReqValAdd'> & { readonly request: NameEnquiryRequest }
export type EnquiryAnswer = Answers<'RespValAdd'> & { readonly answer: NameEnquiryResponse }
export type HeartbeatMessage = Asks<'ReqHbt'> & {
  /** EOD carries the day that ended, `2026-11-22`. */
  readonly signal: 'alive' | { readonly endOfDay: string }
}
export type HeartbeatAnswer = Answers<'RespHbt'> & { readonly result: Result; readonly errCode?: string }
export type ProvidersMessage = Asks<'ReqListAccPvd'>

/** One member of IMPS, as NPCI lists it. */
export type Provider = {
  readonly name: string
  /** Four digits. */
  readonly nbin: string
  /** Three characters: the bank participation code. */
  readonly bankCode: string
  /** The first four letters of its IFSCs, or a whole one. */
  readonly ifsc: string
  readonly active: boolean
  readonly features: readonly string[]
  /** As written; undefined when absent. */
  readonly modifiedAt?: string
}
export type ProvidersAnswer = Answers<'RespListAccPvd'> & {
  readonly result: Result
  readonly errCode?: string
  readonly providers: readonly Provider[]
}

export type XmlMessage =
  | PayMessage
  | ReversalMessage
  | PayAnswer
  | CheckMessage
  | CheckAnswer
  | ComplaintMessage
  | ComplaintAnswer
  | ComplaintCheck
  | ComplaintCheckAnswer
  | EnquiryMessage
  | EnquiryAnswer
  | HeartbeatMessage
  | HeartbeatAnswer
  | ProvidersMessage
  | ProvidersAnswer

/** What comes back at once in the HTTP answer: received, nothing more; with `err` the message was not taken, and never will be. */
export type Ack = {
  readonly api: string
  readonly reqMsgId: string
  readonly at: number
  readonly err?: string
}
