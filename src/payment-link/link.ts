import type { AccountId, AccountNumber, Ifsc, PaymentId, PaymentLinkId, Rrn } from '../base/identifiers.ts'
import type { Paise } from '../base/money.ts'

/**
 * payment-link: what a merchant asks to be paid, and what was. It promises that every credit to the virtual account of a link is the merchant's in
 * the commit that answers it, is attached to its link, and has one outcome by the rules below, which is told; that nothing is refused for its amount
 * or its time, because the payer's bank would not know why; and that no timer decides about money.
 */

export type Uses = 'once' | 'many'
/** What the row says; whether an open link is expired is the clock's to say. */
export type LinkState = 'open' | 'paid' | 'cancelled'
export const linkStatuses = ['open', 'paid', 'expired', 'cancelled'] as const
export type LinkStatus = (typeof linkStatuses)[number]

/** Instants are epoch milliseconds, UTC. */
export type PaymentLink = {
  readonly id: PaymentLinkId
  readonly tenantId: number
  /** Whose money it becomes. */
  readonly accountId: AccountId
  /** What is asked for; null: the payer says how much. */
  readonly amountPaise: Paise | null
  /** Whether the merchant wants to be paid in parts. */
  readonly partial: boolean
  readonly uses: Uses
  readonly state: LinkState
  /** The sum of all its credits, whatever came of them. */
  readonly receivedPaise: bigint
  /** The number of its last event: goes up with each. */
  readonly version: number
  readonly reference: string | null
  readonly description: string | null
  readonly returnUrl: string | null
  /** What is behind `/pay/` in its address: 22 characters, 128 bits of chance. */
  readonly token: string
  readonly virtualAccount: { readonly ifsc: Ifsc; readonly accountNumber: AccountNumber }
  readonly expiresAt: number | null
  readonly createdAt: number
  readonly updatedAt: number
  /** The newest. */
  readonly lastCredit: LinkCredit | null
}

/** What one credit was to its link. */
export const creditOutcomes = ['exact', 'part', 'under', 'over', 'late', 'repeated'] as const
export type CreditOutcome = (typeof creditOutcomes)[number]

/** One inward payment to the virtual account of a link. */
export type LinkCredit = {
  readonly paymentId: PaymentId
  readonly amountPaise: Paise
  readonly rrn: Rrn
  readonly outcome: CreditOutcome
  readonly at: number
}

export const linkEventTypes = [
  'paid',
  'overpaid',
  'partially_paid',
  'underpaid',
  'late_credit',
  'repeated_credit',
  'expired',
  'cancelled',
] as const
export type LinkEventType = (typeof linkEventTypes)[number]

/** What there is to tell of a credit, in order. Whoever waits for `paid` may deliver, whatever else is told. */
export const toldOf = {
  exact: ['paid'],
  over: ['paid', 'overpaid'],
  part: ['partially_paid'],
  under: ['underpaid'],
  late: ['late_credit'],
  repeated: ['repeated_credit'],
} as const satisfies Record<CreditOutcome, readonly LinkEventType[]>

type Asked = Pick<PaymentLink, 'state' | 'expiresAt'>
type Due = Pick<PaymentLink, 'amountPaise' | 'uses' | 'receivedPaise'>

/** The status at an instant: an open link is expired from its `expiresAt` on. @param now  epoch milliseconds */
export const statusOf = ({ state, expiresAt }: Asked, now: number): LinkStatus =>
  state === 'open' && expiresAt !== null && expiresAt <= now ? 'expired' : state

/**
 * What the next payer is asked for, in paise: what remains of a link that is paid once, the whole amount of one that is paid many times.
 * Null when the payer says how much; zero when nothing remains.
 */
export function remainingPaise({ amountPaise, uses, receivedPaise }: Due): bigint | null {
  if (amountPaise === null) return null
  if (uses === 'many') return amountPaise
  return receivedPaise >= amountPaise ? 0n : amountPaise - receivedPaise
}

/**
 * The rules for a credit. The first line that fits holds:
 *
 * | The link is | The credit is | Outcome | The link becomes |
 * |---|---|---|---|
 * | paid | anything | repeated | stays |
 * | expired or cancelled | anything | late | stays |
 * | open, no amount | anything | exact | paid, if for once |
 * | open | as much as remains | exact | paid, if for once |
 * | open | more | over | paid, if for once |
 * | open, in parts | less | part | stays open |
 * | open, not in parts | less | under | stays open: what comes next is held against what remains |
 *
 * @param now  epoch milliseconds
 */
export function judgeCredit(
  link: Asked & Due & Pick<PaymentLink, 'partial'>,
  amountPaise: bigint,
  now: number,
): { readonly outcome: CreditOutcome; readonly state: LinkState } {
  const status = statusOf(link, now)
  if (status === 'paid') return { outcome: 'repeated', state: link.state }
  if (status !== 'open') return { outcome: 'late', state: link.state }
  const remaining = remainingPaise(link)
  const outcome =
    remaining === null || amountPaise === remaining
      ? 'exact'
      : amountPaise > remaining
        ? 'over'
        : link.partial
          ? 'part'
          : 'under'
  const isPaid = link.uses === 'once' && (outcome === 'exact' || outcome === 'over')
  return { outcome, state: isPaid ? 'paid' : 'open' }
}
