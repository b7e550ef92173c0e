import type { AccountNumber, Ifsc, Rrn } from '../base/identifiers.ts'
import type { Paise } from '../base/money.ts'

/**
 * payer-page: what somebody sees who pays a link. It promises that the page says what is known and no more: a payment that has not arrived is
 * waited for and never called failed; that it can be read without a script, by a screen reader, in ten languages, on a slow phone; and that
 * it shows nobody's account but the one made for the link. It is a function of what it is given: no database, no clock.
 */

/** One credit to the account of a link. */
export type LinkCredit = Readonly<{
  amountPaise: Paise
  rrn: Rrn
  /** When the hub answered for it, epoch milliseconds. */
  at: number
  /** The link had ended when it came. */
  isLate: boolean
}>

/** A payment link as its payer may see it. */
export type PayerLink = Readonly<{
  /** What the address of the page ends in. */
  token: string
  merchant: string
  description: string | null
  reference: string | null
  /** What is asked; null: the payer chooses. */
  amountPaise: Paise | null
  /** Less than the amount is taken too, and adds up. */
  takesParts: boolean
  /** Paid any number of times; its credits are different people's, and are not shown. */
  isForMany: boolean
  status: 'open' | 'paid' | 'expired' | 'cancelled'
  /** All that has come, also what `credits` has no room for. */
  receivedPaise: bigint
  /** The newest, oldest first. */
  credits: readonly LinkCredit[]
  account: Readonly<{ ifsc: Ifsc; accountNumber: AccountNumber; name: string }>
  /** Epoch milliseconds; null: never. */
  expiresAt: number | null
  /** Where the merchant wants its payer back; null: nowhere. */
  returnUrl: string | null
}>

/** What the page is about, worst news last. */
export type PageState = 'open' | 'partPaid' | 'paid' | 'overPaid' | 'late' | 'expired' | 'cancelled'

/** What the page says of a link. */
export function pageStateOf(link: PayerLink): PageState {
  if (link.isForMany) return link.status
  const { receivedPaise: received } = link
  switch (link.status) {
    case 'open':
      return received === 0n ? 'open' : 'partPaid'
    case 'paid':
      return link.amountPaise !== null && received > link.amountPaise ? 'overPaid' : 'paid'
    case 'expired':
    case 'cancelled':
      return link.credits.some(({ isLate }) => isLate) ? 'late' : link.status
  }
}

/** Another whenever the page has something new to say; no secret to whoever sees the page. */
export const versionOf = (link: PayerLink): string =>
  link.isForMany ? pageStateOf(link) : `${pageStateOf(link)}-${link.receivedPaise}`
