import type { PayerLink } from '../payer-page/link.ts'
import { statusOf } from '../payment-link/link.ts'
import type { PayableLink } from '../payment-link/store.ts'

/** A link as its payer may see it: whose it is and what came, and no id of the hub's. @param now  epoch milliseconds */
export const payerLinkOf = ({ link, payee, credits }: PayableLink, now: number): PayerLink => ({
  token: link.token,
  merchant: payee,
  description: link.description,
  reference: link.reference,
  amountPaise: link.amountPaise,
  takesParts: link.partial,
  isForMany: link.uses === 'many',
  status: statusOf(link, now),
  receivedPaise: link.receivedPaise,
  credits: credits
    .map(({ amountPaise, rrn, at, outcome }) => ({ amountPaise, rrn, at, isLate: outcome === 'late' }))
    .reverse(),
  account: { ...link.virtualAccount, name: payee },
  expiresAt: link.expiresAt,
  returnUrl: link.returnUrl,
})
