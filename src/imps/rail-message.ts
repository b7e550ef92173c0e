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
}

export type FundTransferRequest = Reference & {
  readonly kind: 'fundTransferRequest'
  /** UTC, epoch milliseconds (DE 7; whole seconds on the wire). */
  readonly transmittedAt: number
  readonly channel: Channel
  readonly remitter: Remitter
  readonly beneficiary: Beneficiary
  readonly remarks?: string
}

export type VerificationRequest = Omit<FundTransferRequest, 'kind'> & { readonly kind: 'verificationRequest' }

export type Answer = Reference & {
  readonly responseCode: string
  /** DE 120 tag 046: who owns the account, by name (20 characters at most on the ISO wire). */
  readonly registeredName?: string
  readonly approvalCode?: string
}

export type FundTransferResponse = Answer & { readonly kind: 'fundTransferResponse' }
export type VerificationResponse = Answer & { readonly kind: 'verificationResponse' }

export type NetworkFunction = 'logOn' | 'logOff' | 'echo' | 'cutOver'
export type NetworkRequest = {
  readonly kind: 'networkRequest'
  readonly function: NetworkFunction
  readonly stan: Stan
  readonly transmittedAt: number
}
export type NetworkResponse = {
  readonly kind: 'networkResponse'
  readonly function: NetworkFunction
  readonly stan: Stan
  readonly responseCode: string
}

export type RailMessage =
  | FundTransferRequest
  | FundTransferResponse
  | VerificationRequest
  | VerificationResponse
  | NetworkRequest
  | NetworkResponse
