import type { Clock } from '../base/clock.ts'
import type { Log } from '../base/log.ts'
import type { Random } from '../base/random.ts'
import type { Db } from '../db/pool.ts'
import type { IsoDialect } from '../imps/iso8583/dialect.ts'
import type { WireProfile } from '../imps/profile.ts'
import type { FundTransferRequest, VerificationRequest } from '../imps/rail-message.ts'
import type { Fact } from '../payment/payment.ts'
import type { PaymentRoom } from '../payment/room.ts'
import type { StoredPayment } from '../payment/stored.ts'
import type { Inflight } from './inflight.ts'
import type { IsoLink } from './iso-link.ts'
import type { Lease } from './lease.ts'
import type { AnswerSeen, RailOptions } from './options.ts'

/** What the parts of the rail share. Made once, in `room.ts`. */
export type RailContext = {
  readonly db: Db
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  readonly wire: WireProfile
  readonly dialect: IsoDialect
  readonly room: PaymentRoom
  readonly options: RailOptions
  readonly counters: RailCounters
  readonly onAnswer: (seen: AnswerSeen) => void
  /** Brings a fact to door 2, again if the database is away; returns at once. */
  readonly tell: (payment: StoredPayment, fact: Fact) => void
}

/** What the rail counts besides its links; only goes up. */
export type RailCounters = {
  sent: number
  /** Payments that were `sent` when the link could not take them: never written, not sent again, asked about. */
  notWritten: number
  lapsed: number
  verificationsAsked: number
  lateAnswers: number
  unmatchedAnswers: number
  /** Answers that were not looked at because too many came without a payment waiting. */
  droppedAnswers: number
  /** Facts that could not be recorded in time; the sweep finds their payments. */
  droppedFacts: number
  inwardOriginals: number
  inwardVerifications: number
  /** Inward requests that were not looked at because too many were under way; they get no answer. */
  inwardRefused: number
  /** Requests left without an answer because their outcome is not known. */
  inwardSilent: number
}

export const noRailCounters = (): RailCounters => ({
  sent: 0,
  notWritten: 0,
  lapsed: 0,
  verificationsAsked: 0,
  lateAnswers: 0,
  unmatchedAnswers: 0,
  droppedAnswers: 0,
  droppedFacts: 0,
  inwardOriginals: 0,
  inwardVerifications: 0,
  inwardRefused: 0,
  inwardSilent: 0,
})

/** One link with the right to use it and the requests that wait for its answers. */
export type RailLink = {
  readonly iso: IsoLink
  readonly lease: Lease
  readonly originals: Inflight
  readonly verifications: Inflight
}

/** The epoch under which this link may carry a request now; undefined when it may not. */
export const epochNow = ({ iso, lease }: RailLink): number | undefined =>
  iso.state() === 'loggedOn' && !iso.congested() ? lease.epoch() : undefined

/** The payment as the rail asks about it. @throws a bug when it was never given a reference */
export function requestOf<Kind extends (FundTransferRequest | VerificationRequest)['kind']>(
  kind: Kind,
  payment: StoredPayment,
): Omit<FundTransferRequest, 'kind'> & { readonly kind: Kind } {
  const { rrn, stan, transmittedAt } = payment
  if (rrn === null || stan === null || transmittedAt === null) throw new Error(`payment ${payment.id} has no reference`)
  const request = {
    kind,
    rrn,
    stan,
    remitterBank: payment.remitterBank,
    amountPaise: payment.amountPaise,
    transmittedAt,
    channel: payment.channel,
    remitter: payment.remitter,
    beneficiary: payment.beneficiary,
  }
  return payment.remarks === null ? request : { ...request, remarks: payment.remarks }
}
