import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import type { Cancel } from '../base/clock.ts'
import { isFinal } from '../payment/payment.ts'
import type { StoredPayment } from '../payment/stored.ts'
import { type IdentifyDeps, mayStill } from './identify.ts'
import { maskDetails, seesDetails } from './masking.ts'
import { find, type PaymentDeps } from './payments.ts'
import { needs } from './policy.ts'
import { Problem } from './problems.ts'
import { answers, PaymentPath } from './schemas.ts'
import { asOf, paymentView } from './view.ts'

/** A comment that keeps proxies from closing a quiet stream. */
const HEARTBEAT_MS = 15_000
/** Bytes that may wait for one reader; whoever reads slower than that is cut off, and goes on where it was when it comes back. */
const MAX_UNREAD = 65_536
/** Streams at once, at most. */
const MAX_STREAMS = 1_000

type EventDeps = PaymentDeps & Pick<IdentifyDeps, 'clients' | 'tokens' | 'people' | 'wallets'>

/** Streams of all who follow payments, counted together. */
export type Streams = {
  /**
   * Sends every step of a payment until it is final, or until whoever asked may not see it any more.
   * @param who  for whom it is counted, and `most` of them at once
   * @param view  what this reader sees of the payment
   * @throws {Problem} `too_many_at_once`, `too_busy`
   */
  readonly follow: (
    request: FastifyRequest,
    reply: FastifyReply,
    followed: {
      readonly payment: StoredPayment
      readonly who: string
      readonly most: number
      readonly view: (whole: ReturnType<typeof paymentView>) => unknown
    },
  ) => unknown
}

/** The stream of one payment, in the document. */
export const followAnswers = {
  ...answers(
    200,
    Type.String(),
    ['invalid_request', 'unauthorized', 'not_found', 'too_many_at_once', 'too_busy', 'database_unavailable'],
    'text/event-stream',
  ),
  204: { description: 'All events of the payment have been sent.', type: 'null' },
}

/**
 * `GET /v1/payments/{id}/events`: server-sent events until the payment is final. Each event is the payment as it stood after
 * one step; its id is the number of the step, so a reader that lost the connection goes on where it was (`Last-Event-ID`).
 */
export function eventRoutes(app: FastifyInstance, deps: EventDeps, streams: Streams, perTenant: number): void {
  app.get<{ Params: Static<typeof PaymentPath> }>(
    '/v1/payments/:id/events',
    {
      config: { ...needs('payments:read'), load: 'stream' },
      exposeHeadRoute: false, // a stream without a body would say nothing and stay open
      schema: {
        tags: ['Payments'],
        summary: 'Follow a payment',
        description:
          'Server-sent events: `id` is the number of the step, `data` the payment as it stood after it. The stream ends when the ' +
          'payment is final; asked again with the last id as `Last-Event-ID`, the answer is 204 and a browser stops asking.',
        params: PaymentPath,
        response: followAnswers,
      },
    },
    async (request, reply) => {
      const payment = await find(deps, request.caller, request.params.id)
      const inFull = seesDetails(request.caller)
      return streams.follow(request, reply, {
        payment,
        who: `tenant ${request.caller.tenantId}`,
        most: perTenant,
        view: (whole) => (inFull ? whole : maskDetails(whole)),
      })
    },
  )
}

export function createStreams(deps: EventDeps): Streams {
  const open = new Set<() => void>()
  const ofWhom = new Map<string, number>()
  deps.feed.onEnd(() => {
    for (const end of [...open]) end()
  })
  return {
    follow(request, reply, { payment, who, most, view }) {
      const seen = readLastEventId(request.headers['last-event-id'])
      if (isFinal(payment.state) && seen >= payment.version) return reply.code(204).send()
      const already = ofWhom.get(who) ?? 0
      if (already >= most) throw new Problem('too_many_at_once', { detail: `You have ${already} streams open.` })
      // Behind an answer that is not over, a stream would wait for a connection that may never be its own.
      if (open.size >= MAX_STREAMS || reply.raw.socket === null)
        throw new Problem('too_busy', { detail: 'Too many event streams are open.' })
      reply.hijack()
      const { raw } = reply
      for (const [name, value] of Object.entries(reply.getHeaders()))
        if (value !== undefined) raw.setHeader(name, value)
      raw.writeHead(200, { 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' })
      const end = (): void => {
        if (!open.delete(end)) return
        const left = (ofWhom.get(who) ?? 1) - 1
        if (left === 0) ofWhom.delete(who)
        else ofWhom.set(who, left)
        unfollow()
        stopHeartbeat()
        raw.end()
      }
      open.add(end)
      ofWhom.set(who, already + 1)
      const write = (text: string): void => {
        if (raw.writableLength > MAX_UNREAD) raw.destroy()
        else raw.write(text)
      }
      let stopHeartbeat: Cancel = () => undefined
      // Whose key was revoked, or who was disabled, learns no more: looked at again before each step that came later, and now and then.
      const still = () => mayStill(deps, request)
      const beat = (): void => {
        stopHeartbeat = deps.clock.after(HEARTBEAT_MS, () => {
          write(': still open\n\n')
          beat()
          still().then((may) => may || end(), end)
        })
      }
      beat()
      const show = createShow(deps, view, seen, write, end, still)
      const unfollow = deps.feed.follow(payment, show)
      raw.once('close', end)
      show(payment)
      return reply
    },
  }
}

/** Writes every step that has not been written yet, in order, and ends after the final one. */
function createShow(
  deps: PaymentDeps,
  view: (whole: ReturnType<typeof paymentView>) => unknown,
  seen: number,
  write: (text: string) => void,
  end: () => void,
  still: () => Promise<boolean>,
) {
  let isFirst = true
  let written = seen
  let turn: Promise<void> = Promise.resolve()
  const showAll = async (payment: StoredPayment): Promise<void> => {
    if (!isFirst && !(await still())) {
      end()
      return
    }
    isFirst = false
    const events = await deps.findEvents(payment.tenantId, [payment.id])
    for (const event of events) {
      if (event.sequence <= written || event.sequence > payment.version) continue
      const upTo = events.filter((one) => one.sequence <= event.sequence)
      const whole = paymentView(asOf(payment, event), upTo, deps.view)
      write(`id: ${event.sequence}\ndata: ${JSON.stringify(view(whole))}\n\n`)
      written = event.sequence
    }
    if (isFinal(payment.state)) end()
  }
  return (payment: StoredPayment): void => {
    turn = turn.then(() => showAll(payment)).catch(end) // the reader connects again and goes on where it was
  }
}

const readLastEventId = (header: string | string[] | undefined): number =>
  typeof header === 'string' && /^[0-9]{1,6}$/.test(header) ? Number(header) : 0
