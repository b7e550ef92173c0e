import { type Clock, toRfc3339 } from '../base/clock.ts'
import type { EventSubject } from '../base/identifiers.ts'
import { type Outbound, type OutboundAnswer, OutboundFault, OutboundRefused } from '../base/outbound.ts'
import type { Random } from '../base/random.ts'
import { type Attempt, KEPT_CHARACTERS } from './attempt-store.ts'
import type { Receiver } from './endpoint-store.ts'
import { nextTry, retryAfterMs } from './schedule.ts'
import { signedHeaders } from './sign.ts'

/** What is told, before it is JSON. @source Standard Webhooks 1.0.0, "Payload structure" */
export type Message = { readonly type: string; readonly timestamp: string; readonly data: unknown }

/** What came of one try. */
export type Tried = {
  readonly attempt: Attempt
  /** `postponed`: nothing left this machine, because too much was on its way to that host. `gone`: 410. */
  readonly kind: 'told' | 'failed' | 'gone' | 'postponed'
  /** What the receiver asked for by Retry-After, milliseconds. */
  readonly askedMs: number
}

/** Runs one try for whoever follows the payment, or the link, from outside. */
export type WatchTry = (subject: EventSubject, message: Message, attempt: () => Promise<Tried>) => Promise<Tried>

export type TryDeps = {
  readonly clock: Clock
  readonly outbound: Outbound
  /** Ids of attempts: 32 hex digits that sort by time. */
  readonly newId: () => string
  readonly timeoutMs: number
}

const GONE = 410
const MS_OF_BUSY = 1_000

/**
 * Tells one receiver one event, once: signed with every key that holds now, by an address that is judged anew, without following where
 * an answer points. Any status from 200 to 299 is a yes.
 */
export async function tryOnce(deps: TryDeps, receiver: Receiver, eventId: string, message: Message): Promise<Tried> {
  const { clock, outbound, newId, timeoutMs } = deps
  const at = clock.now()
  const started = clock.monotonicMs()
  const body = JSON.stringify(message)
  const keys = receiver.keys.flatMap(({ key, endsAt }) => (endsAt === null || endsAt > at ? [key] : []))
  const attempt = (status: number | null, error: string | null, text: string | null): Attempt => ({
    id: `att_${newId()}`,
    endpointId: receiver.id,
    tenantId: receiver.tenantId,
    eventId,
    at,
    durationMs: Math.round(clock.monotonicMs() - started),
    status,
    error,
    body: text,
  })
  let answer: OutboundAnswer
  try {
    answer = await outbound.send({
      method: 'POST',
      url: receiver.url,
      headers: {
        'content-type': 'application/json',
        'user-agent': 'Turant-Webhooks/1',
        ...signedHeaders(keys, eventId, at, body),
      },
      body,
      timeoutMs,
    })
  } catch (error) {
    const failed = (why: string): Tried => ({ attempt: attempt(null, why, null), kind: 'failed', askedMs: 0 })
    if (error instanceof OutboundRefused) return failed(`address_${error.reason}`)
    if (!(error instanceof OutboundFault)) throw error
    return error.kind === 'busy' ? { ...failed('busy'), kind: 'postponed', askedMs: MS_OF_BUSY } : failed(error.kind)
  }
  const { status } = answer
  // Control characters of strangers are not for anybody's screen; PostgreSQL takes no NUL.
  const text = answer.body.slice(0, KEPT_CHARACTERS).replaceAll(/\p{Cc}/gu, ' ')
  const kind = status >= 200 && status < 300 ? 'told' : status === GONE ? 'gone' : 'failed'
  return {
    attempt: attempt(status, null, text === '' ? null : text),
    kind,
    askedMs: retryAfterMs(answer.headers['retry-after']),
  }
}

/** What a receiver is sent when somebody wants to see whether it listens. */
export const testMessage = (endpointId: string, at: number): Message => ({
  type: 'webhook.test',
  timestamp: toRfc3339(at),
  data: { endpoint: endpointId },
})

/** When a failed event is tried again; undefined: never, it was the last try. @param tries  before the one that failed */
export const retryAt = (
  now: number,
  tries: number,
  askedMs: number,
  scale: number,
  random: Random,
): number | undefined => {
  const wait = nextTry(tries + 1, scale, random, askedMs)
  return wait === undefined ? undefined : now + wait
}
