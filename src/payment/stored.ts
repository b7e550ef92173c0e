import type { AccountId, Ifsc, Lane, PaymentId, Rrn, Stan } from '../base/identifiers.ts'
import type { Paise } from '../base/money.ts'
import type { Beneficiary, Channel, Remitter } from '../base/party.ts'
import type { StateKind } from './payment.ts'

/** One payment as the row has it. Instants are epoch milliseconds, UTC. */
export type StoredPayment = {
  readonly id: PaymentId
  readonly lane: Lane
  readonly tenantId: number
  readonly direction: 'outward' | 'inward'
  readonly state: StateKind
  /** Goes up by one with each step; also the number of the last event. */
  readonly version: number
  readonly amountPaise: Paise
  readonly channel: Channel
  /** The hub's institution on this side of the payment: remitter bank when outward, beneficiary bank when inward. */
  readonly institution: string
  /** The customer's account on the hub; null for an inward payment to an account that is not there. */
  readonly accountId: AccountId | null
  readonly remitter: Remitter & { readonly ifsc?: Ifsc }
  readonly beneficiary: Beneficiary
  readonly remarks: string | null
  readonly reference: string | null
  /** DE 32: the remitter bank as NPCI numbers it. Outward: ours; inward: theirs. */
  readonly remitterBank: string
  readonly rrn: Rrn | null
  readonly stan: Stan | null
  /** The link that carried it and the epoch under which it was sent; null while held. */
  readonly link: string | null
  readonly epoch: number | null
  /** When the original was stamped for the wire (DE 7); a verification repeats it. */
  readonly transmittedAt: number | null
  readonly responseCode: string | null
  readonly registeredName: string | null
  /** Who asked for it: the id of an actor; null for inward payments. */
  readonly actor: string | null
  /** The hub's own reason for `refused`, `cancelled` or `unconfirmed`: a refusal code, `no_answer`, `unclear_answer`. */
  readonly reason: string | null
  readonly createdAt: number
  readonly updatedAt: number
}

/** One step of a payment's history; also the event that a webhook will carry. */
export type PaymentEvent = {
  readonly paymentId: PaymentId
  readonly sequence: number
  readonly state: StateKind
  readonly responseCode: string | null
  /** The payment's own reason at that step; null also of steps from before it was kept. */
  readonly reason: string | null
  readonly at: number
}
