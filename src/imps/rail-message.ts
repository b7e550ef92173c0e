import type { Rrn, Stan } from '../base/identifiers.ts'
import type { Paise } from '../base/money.ts'
import type { Beneficiary, Channel, Remitter } from '../base/party.ts'

/**
 * imps: IMPS as data, without sockets. It promises that no other room needs to know a wire format: these are the
 * messages of the rail as the hub thinks of them, whichever dialect carries them.
 */

/** What an original and its verification have in common: enough to find the payment again. */
export type Reference = {
  readonly rrn: Rrn
  readonly stan: Stan
  /** DE 32: the remitter bank, as NPCI numbers it. */
  readonly remitterBank: string
  readonly amountPaise: Paise
  /** Txn@id, the same in all messages about one payment; the XML wire only. */
  readonly transactionId?: string
}

export type FundTransferRequest = Reference & {
  readonly kind: 'fundTransferRequest'
  /** UTC, epoch milliseconds (DE 7; whole seconds on the wire). */
  readonly transmittedAt: number
  readonly channel: Channel
  readonly remitter: Remitter
  readonly beneficiary: Beneficiary
  readonly remarks?: string
  /** It came from abroad (initiationMode 12); a bank takes such payments only if it said so. XML only. */
  readonly foreignRemittance?: true
}

export type VerificationRequest = Omit<FundTransferRequest, 'kind'> & { readonly kind: 'verificationRequest' }

/** Resp@result of the XML wire; the ISO wire has only the code. */
export type Result = 'SUCCESS' | 'FAILURE' | 'DEEMED'

export type Answer = Omit<Reference, 'amountPaise'> & {
  /** Absent where an answer carries none: a decline in XML may be without. */
  readonly amountPaise?: Paise
  readonly responseCode: string
  readonly result?: Result
  /** DE 120 tag 046: who owns the account, by name (20 characters at most on the ISO wire). */
  readonly registeredName?: string
  readonly approvalCode?: string
}

export type FundTransferResponse = Answer & { readonly kind: 'fundTransferResponse' }
export type VerificationResponse = Answer & { readonly kind: 'verificationResponse' }

/** Who owns this account, or this mobile number and MMID? Moves no money. XML only. */
export type NameEnquiryRequest = Omit<FundTransferRequest, 'kind' | 'amountPaise'> & {
  readonly kind: 'nameEnquiryRequest'
}

export type NameEnquiryResponse = {
  readonly kind: 'nameEnquiryResponse'
  readonly result: Result
  /** `00`, or the code of the refusal (errCode). */
  readonly responseCode: string
  /** maskName: the registered name, as the beneficiary bank lets it be seen. */
  readonly registeredName?: string
  readonly ifsc?: string
  readonly account?: string
  readonly accountType?: string
  readonly approvalCode?: string
}

/** UDIR: NPCI has the remitter bank credit its customer back (ReqPay, subType DR_REVERSAL). XML only. */
export type ReversalRequest = {
  readonly kind: 'reversalRequest'
  readonly rrn: Rrn
  readonly stan: Stan
  readonly amountPaise: Paise
  readonly transmittedAt: number
  readonly remitter: Remitter
  /** The payment to give back. */
  readonly original: { readonly rrn: Rrn; readonly transactionId?: string; readonly transactedAt?: number }
}

/** Also carried as `reversalRespCode`. */
export type ReversalResponse = {
  readonly kind: 'reversalResponse'
  readonly rrn: Rrn
  readonly stan: Stan
  readonly amountPaise?: Paise
  readonly responseCode: string
  readonly result: Result
}

/** A customer's complaint about a payment, for NPCI to raise as a dispute (UDIR). @source NPCI OC 117: B 108 or FB 121 alone */
export type ComplaintRequest = {
  readonly kind: 'complaintRequest'
  /** Of the payment. */
  readonly rrn: Rrn
  readonly stan: Stan
  readonly amountPaise: Paise
  readonly flag: string
  readonly reason: string
  /** The payment's transaction id, where it left over the XML wire, and when it left. */
  readonly original: { readonly transactionId?: string; readonly transactedAt: number }
}

/** What NPCI says of a complaint: taken (SUCCESS, with its reference), or why not. */
export type ComplaintResponse = {
  readonly kind: 'complaintResponse'
  readonly rrn: Rrn
  readonly stan: Stan
  readonly result: Result
  /** Empty where an answer has none. */
  readonly responseCode: string
  readonly reference?: string
}

export type NetworkFunction = 'logOn' | 'logOff' | 'echo' | 'cutOver' | 'keyExchange'

/** A working key in DE 48 of network management: hex under the key of the link (ZMK), and its check value. */
export type WrappedKey = { readonly cryptogram: string; readonly checkValue: string }

export type NetworkRequest = {
  readonly kind: 'networkRequest'
  readonly function: NetworkFunction
  readonly stan: Stan
  readonly transmittedAt: number
  /** Of a key exchange; one without it asks for a key. */
  readonly key?: WrappedKey
}
export type NetworkResponse = {
  readonly kind: 'networkResponse'
  readonly function: NetworkFunction
  readonly stan: Stan
  readonly responseCode: string
  /** A switch may answer with the key that it was asked for. */
  readonly key?: WrappedKey
}

export type RailMessage =
  | FundTransferRequest
  | FundTransferResponse
  | VerificationRequest
  | VerificationResponse
  | NetworkRequest
  | NetworkResponse
