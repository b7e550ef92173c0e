import type { AccountNumber, Ifsc, Mmid, Mobile } from './identifiers.ts'

/** How the customer reached the remitter bank. Decides DE 18 and DE 22, and the channel limits. */
export const channels = ['mobile', 'internet', 'branch', 'atm', 'sms', 'ivr', 'ussd'] as const
export type Channel = (typeof channels)[number]

/**
 * Whom the money is for. P2A goes to an account, P2P to a mobile number and MMID. A transfer to a mobile number and a bank's name
 * is P2P with the bank's default MMID (NBIN and 000); `bank` then says so, by the first four letters of its IFSCs. @source NPCI OC 119
 */
export type Beneficiary =
  | { readonly kind: 'account'; readonly ifsc: Ifsc; readonly account: AccountNumber; readonly name?: string }
  | { readonly kind: 'mmid'; readonly mobile: Mobile; readonly mmid: Mmid; readonly bank?: string }

/** Who pays, as the wire names them. */
export type Remitter = {
  readonly name?: string
  readonly account?: AccountNumber
  /** The IFSC of that account; the XML wire carries it, ISO 8583 does not. */
  readonly ifsc?: Ifsc
  readonly mobile?: Mobile
  readonly mmid?: Mmid
}
