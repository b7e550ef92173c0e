import type { Timers } from '../imps/profile.ts'

/** When to ask about a payment: milliseconds after the original was sent, one for each verification, rising. */
export type Schedule = readonly number[]

/** 56, 66, 76 seconds, then 5, 15, 30, 60 minutes after the third. @source protocol.md §5.5; NPCI OC 76 */
export function scheduleOf(timers: Pick<Timers, 'verifyAtMs' | 'thenMs'>): Schedule {
  const third = timers.verifyAtMs.at(-1) ?? 0
  return [...timers.verifyAtMs, ...timers.thenMs.map((ms) => third + ms)]
}

export type Due =
  | { readonly kind: 'wait'; readonly dueAt: number } //   not yet: look again then
  | { readonly kind: 'ask'; readonly dueAt: number } //    ask now; look again then
  | { readonly kind: 'exhausted' } //                      every verification was asked and none decided: for people

/**
 * What to do about an unconfirmed payment that is due. Instants are epoch milliseconds.
 *
 * A verification that could not go out in time does not make the next ones come in a rush: the spaces between them stay.
 * @param checks  verifications asked so far
 * @param lastWaitMs  how long the answer to the last verification is waited for
 */
export function whatIsDue(schedule: Schedule, sentAt: number, checks: number, now: number, lastWaitMs: number): Due {
  const offset = schedule[checks]
  if (offset === undefined) return { kind: 'exhausted' }
  if (now < sentAt + offset) return { kind: 'wait', dueAt: sentAt + offset }
  const next = schedule[checks + 1]
  if (next === undefined) return { kind: 'ask', dueAt: now + lastWaitMs }
  return { kind: 'ask', dueAt: Math.max(sentAt + next, now + next - offset) }
}
