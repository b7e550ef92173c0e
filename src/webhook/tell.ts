import type { Random } from '../base/random.ts'
import type { Attempt } from './attempt-store.ts'
import { eventIdOf } from './catalogue.ts'
import { type Message, retryAt, type Tried, type TryDeps, tryOnce, type WatchTry } from './deliver.ts'
import type { Receiver } from './endpoint-store.ts'
import type { Delivery, Settled } from './strand-store.ts'

/** What became of one delivery, and every try of it. @property gone  the receiver said 410 */
export type Outcome = {
  readonly settled: Settled
  readonly attempts: readonly Attempt[]
  readonly gone: Receiver | undefined
}

export type TellDeps = TryDeps & {
  readonly random: Random
  readonly timerScale: number
  readonly watch?: WatchTry
  readonly onTried?: (kind: Tried['kind'], seconds: number) => void
}

/**
 * Tells the events of a delivery one after the other, as long as the receiver takes them and the time is nobody else's. An event that is none
 * any more is passed over.
 */
export async function tell(
  deps: TellDeps,
  receiver: Receiver,
  delivery: Delivery,
  messages: ReadonlyMap<string, Message>,
): Promise<Outcome & { readonly isWell: boolean }> {
  const { clock, timeoutMs, watch } = deps
  const { subject, sequences, until } = delivery
  const attempts: Attempt[] = []
  let told = 0
  const ended = (isWell: boolean, next?: Settled['next'], gone?: Receiver) => ({
    settled: { delivery, told, ...(next === undefined ? {} : { next }) },
    attempts,
    gone,
    isWell,
  })
  for (const sequence of sequences) {
    const eventId = eventIdOf(subject, sequence)
    const message = messages.get(eventId)
    if (message !== undefined) {
      if (clock.now() + timeoutMs > until)
        return ended(true, told > 0 ? undefined : { kind: 'postponed', dueAt: clock.now() })
      const attempt = (): Promise<Tried> => tryOnce(deps, receiver, eventId, message)
      const tried = watch === undefined ? await attempt() : await watch(subject, message, attempt)
      deps.onTried?.(tried.kind, tried.attempt.durationMs / 1000)
      const now = clock.now()
      const { kind, askedMs } = tried
      if (kind === 'postponed') return ended(true, { kind, dueAt: now + askedMs })
      attempts.push(tried.attempt)
      if (kind === 'gone') return ended(false, { kind: 'postponed', dueAt: now + askedMs }, receiver)
      if (kind === 'failed') {
        const dueAt = retryAt(now, told === 0 ? delivery.tries : 0, askedMs, deps.timerScale, deps.random)
        return ended(false, dueAt === undefined ? { kind: 'dead' } : { kind: 'later', dueAt })
      }
    }
    told += 1
  }
  return ended(true)
}
