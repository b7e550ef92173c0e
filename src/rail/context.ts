import type { Clock } from '../base/clock.ts'
import type { Log } from '../base/log.ts'
import type { Random } from '../base/random.ts'
import type { Db } from '../db/pool.ts'
import type { WireProfile } from '../imps/profile.ts'
import type { Fact } from '../payment/payment.ts'
import type { PaymentRoom } from '../payment/room.ts'
import type { StoredPayment } from '../payment/stored.ts'
import type { Carrier } from './carrier.ts'
import type { Inflight } from './inflight.ts'
import type { Lease } from './lease.ts'
import type { AnswerSeen, RailOptions } from './options.ts'

/** What the parts of the rail share. Made once, in `room.ts`. */
export type RailContext = {
  readonly db: Db
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  readonly wire: WireProfile
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
  /** Originals that the switch did not take, and said so. */
  refused: number
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
  /** Requests without proof that they are the switch's: not processed. */
  inwardUnproved: number
  enquiries: number
  inwardEnquiries: number
  /** Credits back that NPCI asked for, and those of them that were refused. */
  reversals: number
  reversalsRefused: number
}

export const noRailCounters = (): RailCounters => ({
  sent: 0,
  refused: 0,
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
  inwardUnproved: 0,
  enquiries: 0,
  inwardEnquiries: 0,
  reversals: 0,
  reversalsRefused: 0,
})

/** One way to the switch with the right to use it and the requests that wait for its answers. */
export type RailLink = {
  readonly carrier: Carrier
  readonly lease: Lease
  readonly originals: Inflight
  readonly verifications: Inflight
}

/** The epoch under which this link may carry a request now; undefined when it may not. */
export const epochNow = ({ carrier, lease }: RailLink): number | undefined =>
  carrier.state() === 'loggedOn' && !carrier.congested() ? lease.epoch() : undefined
