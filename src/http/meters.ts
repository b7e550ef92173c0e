/** How fast, and how many at once: one meter for each key, tenant or address. Pure: time is an argument. */

export type MeterLimit = {
  /** Requests a second in the long run; 0: no limit. */
  readonly perSecond: number
  /** Requests that may come in one instant after a silence. */
  readonly burst: number
  /** Requests under way at the same time; 0: no limit. */
  readonly atOnce: number
}

/** What one of them has used. */
export type Meter = { tat: number; inFlight: number }

/** `rate` and `atOnce` say which limit it was. */
export type MeterRefusal = { readonly kind: 'rate' | 'atOnce'; readonly retryAfterMs: number }

export type Meters = {
  /** Counts one request in. A meter is given back to `leave` when the request is over; a refused request counts as nothing. */
  readonly enter: (who: string, nowMs: number) => Meter | MeterRefusal
  readonly leave: (meter: Meter) => void
  /** Whether a request would be let in now. */
  readonly isOpen: (who: string, nowMs: number) => boolean
  /** Those that are remembered. */
  readonly size: () => number
}

/** How soon one may ask again when too many were under way: nobody knows when the first ends. */
const AT_ONCE_RETRY_MS = 1_000

export const isRefusal = (answer: Meter | MeterRefusal): answer is MeterRefusal => 'kind' in answer

/**
 * A token bucket in one number: `tat` is the instant at which the bucket would be full again. (The generic cell rate algorithm of
 * ATM Forum 4.0 §4.4: no timer fills anything.)
 * @param most  remembered at most; beyond that the one that came first and has nothing under way is forgotten: its bucket is full again
 */
export function createMeters({ perSecond, burst, atOnce }: MeterLimit, most: number): Meters {
  const known = new Map<string, Meter>()
  const stepMs = perSecond === 0 ? 0 : 1_000 / perSecond
  const depthMs = stepMs * Math.max(1, burst)

  const forgetOne = (): void => {
    let looked = 0
    for (const [who, meter] of known) {
      if (meter.inFlight === 0) {
        known.delete(who)
        return
      }
      looked += 1
      if (looked === FORGET_LOOKS) return
    }
  }
  /** Milliseconds until the next one is let in; 0: now. Less than a microsecond is what adding up fractions leaves. */
  const waitOf = (tat: number, nowMs: number): number => {
    const waitMs = tat + stepMs - depthMs - nowMs
    return waitMs < 0.001 ? 0 : waitMs
  }

  return {
    enter(who, nowMs) {
      let meter = known.get(who)
      if (meter === undefined) {
        if (known.size >= most) forgetOne()
        meter = { tat: 0, inFlight: 0 }
        known.set(who, meter)
      }
      if (atOnce !== 0 && meter.inFlight >= atOnce) return { kind: 'atOnce', retryAfterMs: AT_ONCE_RETRY_MS }
      const tat = meter.tat > nowMs ? meter.tat : nowMs
      const retryAfterMs = waitOf(tat, nowMs)
      if (retryAfterMs > 0) return { kind: 'rate', retryAfterMs }
      meter.tat = tat + stepMs
      meter.inFlight += 1
      return meter
    },
    leave(meter) {
      meter.inFlight -= 1
    },
    isOpen(who, nowMs) {
      const meter = known.get(who)
      return meter === undefined || waitOf(Math.max(meter.tat, nowMs), nowMs) === 0
    },
    size: () => known.size,
  }
}

/** Meters with something under way that are passed over, looking for one to forget; then the map is longer for a while. */
const FORGET_LOOKS = 16
