import { Agent, type IncomingMessage, request } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { between, chance, fraction, type Random } from '../../src/base/random.ts'
import type { StateKind } from '../../src/payment/payment.ts'
import { isFinal } from '../../src/payment/payment.ts'

/**
 * The callers of the hub, and what they were promised. They keep asking with the same key until they are told, as a caller of a
 * payment API must, and write down every 2xx: that is what the checks hold the hub to.
 */

/** One payment as its caller knows it. */
export type Asked = {
  readonly key: string
  readonly amountPaise: number
  readonly from: string
  /** Number of the beneficiary in `Payees`. */
  readonly to: number
  /** What the first 2xx said. */
  id: string | undefined
  rrn: string | null
  /** The last state that a 2xx said. */
  state: StateKind | undefined
}

export type Payee = Readonly<Record<string, string>>

export type LoadOptions = {
  readonly host: string
  readonly port: number
  readonly random: Random
  readonly callers: number
  readonly payers: readonly string[]
  /** Accounts of other banks. */
  readonly strangers: readonly Payee[]
  /** The hub's own accounts: paid over the rail, so that both sides of the payment are the hub's. */
  readonly ours: readonly Payee[]
  /** Control API of the simulator, and whom it pays. */
  readonly simulatorPort: number
  readonly onViolation: (what: string) => void
  /** Milliseconds between two payments of a caller, at most. */
  readonly thinkMs: number
  readonly inwardThinkMs: number
}

/** Amounts that the simulated switch treats in a way of its own, and how often they are asked for. @source api.md §4 */
const special: readonly (readonly [paise: number, share: number])[] = [
  [10_191, 0.03],
  [10_291, 0.02],
  [10_300, 0.03],
  [10_400, 0.03],
  [10_500, 0.003],
  [10_600, 0.003],
  [10_700, 0.02],
  [10_800, 0.04],
  [10_900, 0.06],
  [11_000, 0.03],
  [11_100, 0.03],
  [11_200, 0.03],
  [11_300, 0.03],
  [11_400, 0.015],
  [11_500, 0.015],
  [11_600, 0.002],
]
const OURS = 0.05
const WAITS = 0.15
const REPLAYS = 0.05
const CANCELS = 0.5
const INWARD_CALLERS = 4
const RECENT = 24
/** Of those, the last ones are asked for again after each restart. */
const AGAIN = 8
const REQUEST_TIMEOUT_MS = 20_000

export type Counts = {
  /** 2xx to a POST that makes or repeats a payment. */
  acknowledged: number
  replayed: number
  cancelled: number
  /** 503, by code. */
  readonly unavailable: Record<string, number>
  /** Requests whose connection broke, so that nobody knows what became of them before they are asked again. */
  unanswered: number
  inward: number
}

export interface Load {
  readonly asked: ReadonlyMap<string, Asked>
  readonly counts: Counts
  /** The hub listens and may be asked. */
  begin(apiKey: string): void
  /** The hub is gone: callers wait. Those who were not told ask again first when it is back. */
  shut(): void
  /** Only what was not answered and what was answered last is asked again; nothing new is. */
  calm(calm: boolean): void
  /** Payments whose callers wait for an answer now, or were not told yet. */
  open(): number
  /** Resolves with the next 2xx. */
  nextAcknowledged(): Promise<void>
  stop(): Promise<void>
}

type Answer = { readonly status: number; readonly body: Record<string, unknown>; readonly replayed: boolean }

export function createLoad(options: LoadOptions): Load {
  const { host, port, random, onViolation } = options
  const asked = new Map<string, Asked>()
  const unsure: Asked[] = []
  const recent: Asked[] = []
  const again: Asked[] = []
  const held: Asked[] = []
  const counts: Counts = { acknowledged: 0, replayed: 0, cancelled: 0, unavailable: {}, unanswered: 0, inward: 0 }
  // A connection for each order: one kept open may be closed by the simulator just as it is used again.
  const simulator = new Agent({ keepAlive: false, maxSockets: INWARD_CALLERS })
  let hub = new Agent({ keepAlive: true, maxSockets: options.callers })
  let apiKey = ''
  let isOpen = false
  let isCalm = false
  let stopped = false
  let asking = 0
  let wake = Promise.withResolvers<void>()
  let told = Promise.withResolvers<void>()

  const send = (
    agent: Agent,
    to: number,
    method: string,
    path: string,
    headers: Record<string, string>,
    body?: string,
  ): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const sent = request(
        { host, port: to, method, path, agent, headers, timeout: REQUEST_TIMEOUT_MS },
        (response: IncomingMessage) => {
          const chunks: Buffer[] = []
          response.on('data', (bytes: Buffer) => chunks.push(bytes))
          response.on('error', reject)
          response.on('end', () => {
            try {
              const text = Buffer.concat(chunks).toString()
              resolve({
                status: response.statusCode ?? 0,
                body: text === '' ? {} : JSON.parse(text),
                replayed: response.headers['idempotency-replayed'] === 'true',
              })
            } catch (error) {
              reject(error)
            }
          })
          response.on('close', () => reject(new Error('the answer was cut off')))
        },
      )
      sent.on('error', reject)
      sent.on('timeout', () => sent.destroy(new Error(`no answer within ${REQUEST_TIMEOUT_MS} ms`)))
      sent.end(body)
    })

  const jsonHeaders = { 'content-type': 'application/json' }

  /** One payment asked for, the first time or again. */
  const pay = async (one: Asked): Promise<void> => {
    const to = one.to < 0 ? options.ours[-one.to - 1] : options.strangers[one.to]
    const body = JSON.stringify({ amount: String(one.amountPaise), from: one.from, to, reference: one.key })
    const headers: Record<string, string> = {
      ...jsonHeaders,
      authorization: `Bearer ${apiKey}`,
      'idempotency-key': one.key,
    }
    if (chance(random, WAITS)) headers.prefer = 'wait=3'
    // What was known before asking: answers to several callers of one key may overtake each other.
    const before = { state: one.state, rrn: one.rrn }
    let answer: Answer
    asking += 1
    try {
      answer = await send(hub, port, 'POST', '/v1/payments', headers, body)
    } catch {
      counts.unanswered += 1
      if (one.id === undefined) unsure.push(one)
      return
    } finally {
      asking -= 1
    }
    if (answer.status === 201) return acknowledge(one, before, answer)
    if (answer.status === 503) {
      const code = String(answer.body.code)
      counts.unavailable[code] = (counts.unavailable[code] ?? 0) + 1
      if (one.id === undefined) unsure.push(one)
      await wait(20)
      return
    }
    onViolation(`payment ${one.key} was answered ${answer.status} ${JSON.stringify(answer.body)}`)
  }

  const acknowledge = (one: Asked, before: Pick<Asked, 'state' | 'rrn'>, { body, replayed }: Answer) => {
    const state = body.state as StateKind
    counts.acknowledged += 1
    if (replayed) counts.replayed += 1
    told.resolve()
    told = Promise.withResolvers<void>()
    if (one.id === undefined) {
      one.id = String(body.id)
      one.rrn = body.rrn as string | null
      recent.push(one)
      if (recent.length > RECENT) recent.shift()
      if (state === 'held') held.push(one)
    } else {
      if (!replayed) onViolation(`key ${one.key} was paid again: ${one.id}, then ${body.id} as a new payment`)
      if (one.id !== body.id) onViolation(`key ${one.key} gave ${one.id} first and ${body.id} later`)
      if (before.rrn !== null && before.rrn !== body.rrn) {
        onViolation(`${one.id} had RRN ${before.rrn} and has ${body.rrn} now`)
      }
      one.rrn ??= body.rrn as string | null
    }
    if (String(body.amount) !== String(one.amountPaise) || body.from !== one.from) {
      onViolation(
        `${one.id} was asked for ${one.amountPaise} from ${one.from} and says ${body.amount} from ${body.from}`,
      )
    }
    const known = before.state
    if (known !== undefined && isFinal(known) && known !== state && !(known === 'deemed' && state === 'succeeded')) {
      onViolation(`${one.id} was ${known} and says ${state} now`)
    }
    if (one.state === undefined || !isFinal(one.state)) one.state = state
  }

  /** Takes back a payment that waits for a link. Too late is no mistake. */
  const cancel = async (one: Asked): Promise<void> => {
    let answer: Answer
    try {
      answer = await send(hub, port, 'POST', `/v1/payments/${one.id}/cancel`, { authorization: `Bearer ${apiKey}` })
    } catch {
      counts.unanswered += 1
      return
    }
    if (answer.status === 200) {
      counts.cancelled += 1
      one.state = answer.body.state as StateKind
      if (one.state !== 'cancelled') onViolation(`${one.id} was cancelled and says ${one.state}`)
    } else if (answer.status !== 409 && answer.status !== 503) {
      onViolation(`cancelling ${one.id} was answered ${answer.status} ${JSON.stringify(answer.body)}`)
    }
  }

  const next = (): Asked => {
    let draw = fraction(random)
    const listed = special.find(([, share]) => {
      draw -= share
      return draw < 0
    })
    const ours = listed === undefined && chance(random, OURS)
    const one: Asked = {
      key: `crash-${asked.size + 1}`,
      amountPaise: listed?.[0] ?? between(random, 100, 999),
      from: options.payers[between(random, 0, options.payers.length - 1)] as string,
      to: ours ? -between(random, 1, options.ours.length) : between(random, 0, options.strangers.length - 1),
      id: undefined,
      rrn: null,
      state: undefined,
    }
    asked.set(one.key, one)
    return one
  }

  const whenOpen = async (): Promise<boolean> => {
    while (!isOpen && !stopped) await wake.promise
    return !stopped
  }

  const caller = async (): Promise<void> => {
    while (await whenOpen()) {
      const waiting = held.pop()
      if (waiting !== undefined && chance(random, CANCELS)) {
        await cancel(waiting)
        continue
      }
      const old = unsure.shift() ?? again.shift()
      if (old !== undefined) await pay(old)
      else if (isCalm) await wait(5)
      else if (recent.length > 0 && chance(random, REPLAYS))
        await pay(recent[between(random, 0, recent.length - 1)] as Asked)
      else await pay(next())
      await wait(between(random, 0, options.thinkMs))
    }
  }

  const inwardCaller = async (): Promise<void> => {
    while (await whenOpen()) {
      if (isCalm) {
        await wait(5)
        continue
      }
      const { name: _, kind: __, ...to } = options.ours[between(random, 0, options.ours.length - 1)] as Payee
      const known = !chance(random, 0.03)
      const order = {
        amountPaise: String(between(random, 100, 999)),
        to: known ? to : { ...to, account: '999999999999' },
        duplicates: chance(random, 0.3) ? between(random, 1, 3) : 0,
        verificationFirst: chance(random, 0.05),
        // Often after the next restart: the answer must be the one that the hub gave, or would have given, before it.
        ...(known && chance(random, 0.2) ? { repeatAfterMs: between(random, 5_000, 200_000) } : {}),
      }
      try {
        const answer = await send(
          simulator,
          options.simulatorPort,
          'POST',
          '/inward',
          jsonHeaders,
          JSON.stringify(order),
        )
        if (answer.status === 202) counts.inward += 1
        else if (answer.status !== 503) {
          onViolation(`the simulator answered ${answer.status} ${JSON.stringify(answer.body)} to an inward order`)
        }
      } catch (error) {
        onViolation(`the simulator does not answer: ${error instanceof Error ? error.message : error}`)
      }
      await wait(between(random, 0, options.inwardThinkMs))
    }
  }

  const workers = [
    ...Array.from({ length: options.callers }, caller),
    ...Array.from({ length: INWARD_CALLERS }, inwardCaller),
  ]

  return {
    asked,
    counts,
    begin(key) {
      apiKey = key
      isOpen = true
      again.push(...recent.slice(-AGAIN))
      wake.resolve()
    },
    shut() {
      if (!isOpen) return
      isOpen = false
      wake = Promise.withResolvers<void>()
      hub.destroy()
      hub = new Agent({ keepAlive: true, maxSockets: options.callers })
    },
    calm(calm) {
      isCalm = calm
    },
    open: () => asking + unsure.length + again.length,
    nextAcknowledged: () => told.promise,
    async stop() {
      stopped = true
      wake.resolve()
      hub.destroy()
      simulator.destroy()
      await Promise.all(workers)
    },
  }
}
