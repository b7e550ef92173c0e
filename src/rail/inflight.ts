import type { Cancel, Clock } from '../base/clock.ts'
import type { StoredPayment } from '../payment/stored.ts'

/** One request on the wire whose answer is awaited. */
export type Waiting = {
  readonly payment: StoredPayment
  /** Monotonic milliseconds. */
  readonly sentAt: number
}

type Node = Waiting & { readonly key: string; deadline: number; before: Node | undefined; after: Node | undefined }

/**
 * The requests of one kind on one link that wait for an answer, found by the key their carrier gives them: (DE 37, DE 32) in ISO 8583,
 * the message id in XML. All wait equally long, so they stand in
 * a row by age: adding, finding and removing cost the same at ten and at a hundred thousand, and one timer serves them all.
 */
export interface Inflight {
  readonly size: number
  /** False when the same reference is waiting already: the request must not be written again. */
  add(key: string, payment: StoredPayment): boolean
  /** Adds, or starts the wait anew: for verifications, which may be asked again. */
  renew(key: string, payment: StoredPayment): void
  find(key: string): Waiting | undefined
  /** Ends the wait; false when nobody was waiting. */
  remove(key: string): boolean
  /** Forgets everything and stops the timer. */
  clear(): void
}

/** @param onLapsed  told of those that waited `waitMs` without an answer, oldest first */
export function createInflight(
  clock: Clock,
  waitMs: number,
  onLapsed: (payments: readonly StoredPayment[]) => void,
): Inflight {
  const byKey = new Map<string, Node>()
  let oldest: Node | undefined
  let youngest: Node | undefined
  let timer: Cancel | undefined

  const unlink = (node: Node): void => {
    if (node.before === undefined) oldest = node.after
    else node.before.after = node.after
    if (node.after === undefined) youngest = node.before
    else node.after.before = node.before
    byKey.delete(node.key)
  }

  // Rearmed only when it fires: an answer costs no timer call.
  const arm = (): void => {
    if (timer !== undefined || oldest === undefined) return
    timer = clock.after(Math.max(0, oldest.deadline - clock.monotonicMs()), fire)
  }

  const fire = (): void => {
    timer = undefined
    const now = clock.monotonicMs()
    const lapsed: StoredPayment[] = []
    while (oldest !== undefined && oldest.deadline <= now) {
      lapsed.push(oldest.payment)
      unlink(oldest)
    }
    arm()
    if (lapsed.length > 0) onLapsed(lapsed)
  }

  const append = (payment: StoredPayment, key: string): void => {
    const sentAt = clock.monotonicMs()
    const node: Node = { payment, sentAt, key, deadline: sentAt + waitMs, before: youngest, after: undefined }
    if (youngest === undefined) oldest = node
    else youngest.after = node
    youngest = node
    byKey.set(key, node)
    arm()
  }

  return {
    get size() {
      return byKey.size
    },
    add(key, payment) {
      if (byKey.has(key)) return false
      append(payment, key)
      return true
    },
    renew(key, payment) {
      const known = byKey.get(key)
      if (known !== undefined) unlink(known)
      append(payment, key)
    },
    find: (key) => byKey.get(key),
    remove(key) {
      const node = byKey.get(key)
      if (node === undefined) return false
      unlink(node)
      return true
    },
    clear() {
      byKey.clear()
      oldest = undefined
      youngest = undefined
      timer?.()
      timer = undefined
    },
  }
}
