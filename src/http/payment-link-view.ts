import { type Static, Type } from 'typebox'
import { toRfc3339 } from '../base/clock.ts'
import {
  creditOutcomes,
  type LinkCredit,
  linkStatuses,
  type PaymentLink,
  remainingPaise,
  statusOf,
} from '../payment-link/link.ts'
import type { ListedCredit } from '../payment-link/store.ts'
import {
  AccountIdWord,
  AccountNumberWord,
  Amount,
  IfscWord,
  InstantWord,
  nullable,
  PaymentIdWord,
  PaymentLinkIdWord,
  RrnWord,
  SignedAmount,
  strict,
} from './schemas.ts'

export const LinkStatusWord = Type.Unsafe<(typeof linkStatuses)[number]>({
  type: 'string',
  enum: [...linkStatuses],
  description: `one of ${linkStatuses.join(', ')}`,
})

export const LinkCreditDocument = strict(
  {
    payment: PaymentIdWord,
    amount: Amount,
    rrn: RrnWord,
    outcome: Type.Unsafe<(typeof creditOutcomes)[number]>({
      type: 'string',
      enum: [...creditOutcomes],
      description:
        'exact: as much as was due; part, under: less (in parts, or not asked for so); over: more; late: after the link had ended; ' +
        'repeated: after it was paid',
    }),
    creditedAt: InstantWord,
  },
  'an inward payment to the virtual account of the link',
)

export const ListedCreditDocument = strict(
  { ...LinkCreditDocument.properties, amountRefunded: SignedAmount },
  'a credit, and what was given back of it by refunds that have not failed',
)

export const PaymentLinkDocument = strict({
  id: PaymentLinkIdWord,
  url: Type.String({ description: 'where the payer pays; whoever has it may see what is asked for' }),
  status: LinkStatusWord,
  amount: nullable(Amount),
  currency: Type.Literal('INR'),
  partial: Type.Boolean(),
  uses: Type.Unsafe<PaymentLink['uses']>({ type: 'string', enum: ['once', 'many'] }),
  amountReceived: SignedAmount,
  amountRemaining: nullable(SignedAmount),
  account: AccountIdWord,
  reference: nullable(Type.String()),
  description: nullable(Type.String()),
  returnUrl: nullable(Type.String()),
  virtualAccount: strict(
    { ifsc: IfscWord, accountNumber: AccountNumberWord },
    'an account number made for this link: what is paid into it by IMPS is this link’s',
  ),
  lastPayment: nullable(LinkCreditDocument),
  expiresAt: nullable(InstantWord),
  createdAt: InstantWord,
  updatedAt: InstantWord,
})

export const creditView = (credit: LinkCredit): Static<typeof LinkCreditDocument> => ({
  payment: credit.paymentId,
  amount: String(credit.amountPaise),
  rrn: credit.rrn,
  outcome: credit.outcome,
  creditedAt: toRfc3339(credit.at),
})

export const listedCreditView = (credit: ListedCredit): Static<typeof ListedCreditDocument> => ({
  ...creditView(credit),
  amountRefunded: String(credit.refundedPaise),
})

/** Where the page of a link is. @param origin  what the hub is called from outside */
export const urlOf = (origin: string | undefined, { token }: Pick<PaymentLink, 'token'>): string =>
  `${origin ?? ''}/pay/${token}`

/** @param now  epoch milliseconds: whether it is expired */
export function linkView(
  link: PaymentLink,
  now: number,
  origin: string | undefined,
): Static<typeof PaymentLinkDocument> {
  const remaining = remainingPaise(link)
  return {
    id: link.id,
    url: urlOf(origin, link),
    status: statusOf(link, now),
    amount: link.amountPaise === null ? null : String(link.amountPaise),
    currency: 'INR',
    partial: link.partial,
    uses: link.uses,
    amountReceived: String(link.receivedPaise),
    amountRemaining: remaining === null ? null : String(remaining),
    account: link.accountId,
    reference: link.reference,
    description: link.description,
    returnUrl: link.returnUrl,
    virtualAccount: link.virtualAccount,
    lastPayment: link.lastCredit === null ? null : creditView(link.lastCredit),
    expiresAt: link.expiresAt === null ? null : toRfc3339(link.expiresAt),
    createdAt: toRfc3339(link.createdAt),
    updatedAt: toRfc3339(link.updatedAt),
  }
}
