import { ApiError, ConnectionError, RateLimitError, ServerError } from './errors.ts'
import type { Payment, Resources } from './generated/resources.ts'
import { now, pause } from './host.ts'
import { readSteps } from './stream.ts'
import { send, type Transport } from './transport.ts'

/** What goes beyond one call about one payment: to wait for it, and to follow it. */

export type WaitOptions = {
  /** Milliseconds in all. */
  readonly timeoutMs?: number
  readonly signal?: AbortSignal
}

export type FollowOptions = {
  readonly signal?: AbortSignal
  /** Steps that are known already: the length of `timeline`. */
  readonly after?: number
}

export type Following = {
  /**
   * Waits until the payment is final, or until somebody has to act (`requires_authentication`, `requires_approval`), or until the time is over, and
   * returns the payment as it then is. `processing` means that the outcome is open: it is neither paid nor failed, and nothing should be paid
   * instead. Lost connections are waited through.
   *
   * @throws {TurantError} when the hub refuses to show the payment, or was never reached
   */
  readonly waitUntilFinal: (id: string, options?: WaitOptions) => Promise<Payment>
  /** The payment after each of its steps, until it is final. Lost connections are taken up where they broke. @throws {ApiError} */
  readonly follow: (id: string, options?: FollowOptions) => AsyncGenerator<Payment, void, undefined>
}

const WAIT_MS = 60_000
/** The longest that one request waits; the hub takes at most 30 s. */
const POLL_S = 25
/** Between two requests, should the hub not wait. */
const PAUSE_MS = 500
/** The hub writes something every 15 s; a stream that says nothing for longer is dead. */
const SILENCE_MS = 45_000

export function following(transport: Transport, payments: Resources['payments']): Following {
  return {
    async waitUntilFinal(id, { timeoutMs = WAIT_MS, signal } = {}) {
      const until = now() + timeoutMs
      const withSignal = signal === undefined ? {} : { signal }
      let last: Payment | undefined
      let failure: unknown
      do {
        const leftMs = Math.max(1, until - now())
        const waitS = last === undefined ? 0 : Math.min(POLL_S, Math.floor(leftMs / 1000))
        try {
          // What is left, and a moment for the answer to arrive.
          const limit = { timeoutMs: leftMs + PAUSE_MS, maxRetries: 0, ...withSignal }
          last = await payments.get(id, {}, waitS === 0 ? limit : { ...limit, waitS })
          if (last.status !== 'processing') return last
        } catch (error) {
          if (!passes(error)) throw error
          failure = error
        }
        await pause(Math.min(PAUSE_MS, Math.max(0, until - now())), signal)
      } while (now() < until && signal?.aborted !== true)
      if (last === undefined) throw failure
      return last
    },

    async *follow(id, { signal, after = 0 } = {}) {
      let seen = String(after)
      for (;;) {
        try {
          const path = `/v1/payments/${encodeURIComponent(id)}/events`
          const headers = { 'last-event-id': seen }
          const options = { headers, ...(signal === undefined ? {} : { signal }) }
          const call = { method: 'GET', path, keyed: false, accept: 'text/event-stream', options }
          const answer = await send(transport, call, async (open) => open)
          if (answer.status === 204) return
          for await (const step of readSteps<Payment>(answer, SILENCE_MS, signal)) {
            seen = step.id
            yield step.data
            if (isFinal(step.data)) return
          }
        } catch (error) {
          if (error instanceof ApiError && !passes(error)) throw error
          if (error instanceof ConnectionError && error.code === 'aborted') return
        }
        await pause(PAUSE_MS, signal)
        if (signal?.aborted === true) return
      }
    },
  }
}

/** Whether the payment has its outcome. Of `succeeded` and `deemed` NPCI's files may still make a return, days later. */
export const isFinal = ({ status }: Pick<Payment, 'status'>): boolean =>
  status !== 'processing' && status !== 'requires_approval' && status !== 'requires_authentication'

const passes = (error: unknown): boolean =>
  (error instanceof ConnectionError && error.code !== 'aborted') ||
  error instanceof ServerError ||
  error instanceof RateLimitError
