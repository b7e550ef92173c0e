import type { AccountNumber, Ifsc, Mmid, Mobile } from './identifiers.ts'

/** How the customer reached the remitter bank. Decides DE 18 and DE 22, and the channel limits. */
export const channels = ['mobile', 'internet', 'branch', 'atm', 'sms', 'ivr', 'ussd'] as const
export type Channel = (typeof channels)[number]

/** Whom the money is for. P2A goes to an account, P2P to a mobile number and MMID. */
export type Beneficiary =
  | { readonly kind: 'account'; readonly ifsc: Ifsc; readonly account: AccountNumber; readonly name?: string }
  | { readonly kind: 'mmid'; readonly mobile: Mobile; readonly mmid: Mmid }

/** Who pays, as the wire names them. */
export type Remitter = {
  readonly name?: string
  readonly account?: AccountNumber
  readonly mobile?: Mobile
  readonly mmid?: Mmid
}
