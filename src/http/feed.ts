import type { Cancel, Clock } from '../base/clock.ts'
import type { PaymentId } from '../base/identifiers.ts'
import { isFinal } from '../payment/payment.ts'
import type { StoredPayment } from '../payment/stored.ts'
import type { Step } from './view.ts'

/** What has an id and steps that are counted. */
type Moving<Id extends string> = { readonly id: Id; readonly version: number }

/** Tells whoever waits for a payment, or for something else of the kind, that it has moved. */
export interface Feed<Id extends string = PaymentId, T = StoredPayment> {
  /** The payment room's `onMoved`: called after the commit of every step that this process made. */
  readonly moved: (one: T) => void
  /** Calls `listener` after each step later than `one.version`, in order of version; steps may be left out. */
  readonly follow: (one: Moving<Id>, listener: (one: T) => void) => Cancel
  /** How many are followed now. */
  readonly following: () => number
  /** Ends every wait: the hub is stopping, and whoever waits gets the payment as it stands. */
  readonly end: () => void
  /** Calls `fn` when the feed ends. */
  readonly onEnd: (fn: () => void) => Cancel
}

type Follower<T> = { version: number; readonly since: number; readonly listener: (one: T) => void }

/** How long one is followed before the database is asked too, and how often: only steps of another process need it. */
const POLL_MS = 1_000
/** How many are in one such question at most. */
const POLL_AT_ONCE = 1_000

/**
 * @param read  reads them by id, unlocked; what it throws is ignored, the next poll asks again
 */
export function createFeed<Id extends string, T extends Moving<Id>>(
  clock: Clock,
  read: (ids: readonly Id[]) => Promise<readonly T[]>,
): Feed<Id, T> {
  const followers = new Map<Id, Follower<T>[]>()
  const enders = new Set<() => void>()
  let polling = false

  const moved = (one: T): void => {
    const list = followers.get(one.id)
    if (list === undefined) return
    for (const follower of list) {
      if (one.version <= follower.version) continue
      follower.version = one.version
      follower.listener(one)
    }
  }

  const poll = async (): Promise<void> => {
    const before = clock.monotonicMs() - POLL_MS
    const stale: Id[] = []
    for (const [id, list] of followers) if (list.some((follower) => follower.since <= before)) stale.push(id)
    for (let from = 0; from < stale.length; from += POLL_AT_ONCE)
      for (const one of await read(stale.slice(from, from + POLL_AT_ONCE))) moved(one)
  }

  const schedule = (): void => {
    polling = true
    clock.after(POLL_MS, () => {
      poll()
        .catch(() => undefined)
        .finally(() => {
          if (followers.size > 0) schedule()
          else polling = false
        })
    })
  }

  return {
    moved,
    follow({ id, version }, listener) {
      const follower: Follower<T> = { version, since: clock.monotonicMs(), listener }
      const list = followers.get(id)
      if (list === undefined) followers.set(id, [follower])
      else list.push(follower)
      if (!polling) schedule()
      return () => {
        // A new list each time: `moved` may be walking over the old one.
        const rest = followers.get(id)?.filter((one) => one !== follower) ?? []
        if (rest.length === 0) followers.delete(id)
        else followers.set(id, rest)
      }
    },
    following: () => followers.size,
    end() {
      for (const fn of [...enders]) fn()
    },
    onEnd(fn) {
      enders.add(fn)
      return () => enders.delete(fn)
    },
  }
}

/** A payment as far as a wait has followed it. `steps` has those that were seen; fewer than `payment.version` when some were not. */
export type Followed = { readonly payment: StoredPayment; readonly steps: readonly Step[] }

/**
 * Waits until the payment is final, `waitMs` are over or the caller has gone, whichever is first.
 * @param onGone  told how to end the wait when nobody wants the answer any more
 */
export function waitUntilFinal(
  feed: Feed,
  clock: Clock,
  start: Followed,
  waitMs: number,
  onGone: (leave: () => void) => void,
): Promise<Followed> {
  if (isFinal(start.payment.state) || waitMs <= 0) return Promise.resolve(start)
  return new Promise((resolve) => {
    let latest = start.payment
    const steps = [...start.steps]
    const leave = (): void => {
      unfollow()
      stopTimer()
      stopEnd()
      resolve({ payment: latest, steps })
    }
    const unfollow = feed.follow(start.payment, (payment) => {
      latest = payment
      steps.push({ at: payment.updatedAt, state: payment.state, responseCode: payment.responseCode })
      if (isFinal(payment.state)) leave()
    })
    const stopTimer = clock.after(waitMs, leave)
    const stopEnd = feed.onEnd(leave)
    onGone(leave)
  })
}
