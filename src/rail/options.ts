import type { Clock } from '../base/clock.ts'
import type { ResponseClass } from '../imps/response-codes.ts'

/** Every limit and wait of the rail that the wire profile does not name. Milliseconds, counts, bytes. */
export type RailOptions = {
  /** How long a lease on a link lasts without renewal: also how long a crashed process keeps others off its links. */
  readonly leaseMs: number
  readonly leaseRenewMs: number
  /** Reconnecting: the first wait, doubled each time up to the longest; each wait is drawn from its upper half. */
  readonly reconnectFirstMs: number
  readonly reconnectMaxMs: number
  /** A link logged on for so long was a good one: the next reconnect starts from the first wait again. */
  readonly stableMs: number
  /** Originals without an answer, per link; at this many, new payments wait as `held`. One batch of door 1 may go over it. */
  readonly maxInflight: number
  /** Bytes waiting for a slow peer, per link; what does not fit is not written. */
  readonly maxQueuedBytes: number
  /** Inward requests under way at once, per process; more are not looked at, and get no answer. */
  readonly maxInward: number
  /** Answers being looked up in the database at once, per process; more are counted and dropped: their payments are asked about. */
  readonly maxLookups: number
  /** Answers without a payment that are kept, per minute and process; more are only counted. */
  readonly maxUnmatchedPerMinute: number
  /** Payments read per round when claiming `held` ones, verifying or recovering. */
  readonly pageSize: number
  /** How often `held` payments are looked at, due verifications are claimed, and unanswered originals are swept. */
  readonly heldEveryMs: number
  readonly verifyEveryMs: number
  readonly sweepEveryMs: number
  /** How much longer than the response timeout an unanswered original is left to the process that sent it. */
  readonly sweepMarginMs: number
  /** All processes together: verifications per second, and how many may go at once after a quiet time. */
  readonly verificationsPerSecond: number
  readonly verificationBurst: number
}

export const defaultRailOptions: RailOptions = {
  leaseMs: 10_000,
  leaseRenewMs: 3_000,
  reconnectFirstMs: 250,
  reconnectMaxMs: 30_000,
  stableMs: 10_000,
  maxInflight: 20_000,
  maxQueuedBytes: 8_388_608,
  maxInward: 5_000,
  maxLookups: 1_000,
  maxUnmatchedPerMinute: 600,
  pageSize: 200,
  heldEveryMs: 500,
  verifyEveryMs: 1_000,
  sweepEveryMs: 5_000,
  sweepMarginMs: 5_000,
  verificationsPerSecond: 50,
  verificationBurst: 200,
}

/** An answer that was understood, for the figures NPCI asks for: by class and beneficiary bank. */
export type AnswerSeen = {
  readonly wire: 'original' | 'verification'
  readonly class: ResponseClass
  readonly responseCode: string
  /** The beneficiary bank: four letters of the IFSC, or the NBIN of the MMID. */
  readonly bank: string
  /** From writing the request to its answer; undefined when nobody waited for it any more. */
  readonly tookMs: number | undefined
}

export { faultOf } from '../base/log.ts'

/** Of what a peer can cause as often as it likes, one in so many is logged; all are counted. */
export const LOGGED_EVERY = 100

/** Says yes so often a minute and no more: for what a peer can make the hub keep. */
export function perMinute(clock: Clock, most: number): () => boolean {
  let minute = -1
  let taken = 0
  return () => {
    const now = Math.floor(clock.monotonicMs() / 60_000)
    if (now !== minute) {
      minute = now
      taken = 0
    }
    taken += 1
    return taken <= most
  }
}
