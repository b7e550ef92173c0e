import type { Cancel, Clock } from '../../src/base/clock.ts'
import { between, chance, type Random } from '../../src/base/random.ts'
import { type Answering, type Post, PostFault, type Serve, type WebResponse } from '../../src/base/web.ts'

/** Probabilities, 0 to 1, drawn for each document posted. */
export type WebFaults = {
  /** The document never arrives; whoever posted it waits until its time is over. */
  readonly loseRequest: number
  /** It arrives and is answered, and the answer never comes back. */
  readonly loseResponse: number
  /** It arrives, is answered, and the connection breaks before the answer is through. */
  readonly breakResponse: number
  /** It arrives twice, as something between the two that tries again would have it; the first answer comes back. */
  readonly duplicate: number
  /** It arrives late, by up to `delayMs` more. */
  readonly delay: number
  readonly delayMs: number
}

const noFaults: WebFaults = {
  loseRequest: 0,
  loseResponse: 0,
  breakResponse: 0,
  duplicate: 0,
  delay: 0,
  delayMs: 0,
}

export type MemoryWebOptions = {
  readonly clock: Clock
  readonly random: Random
  /** One-way delay, milliseconds, drawn each way: two documents may overtake each other, as over two connections. */
  readonly latencyMs?: readonly [least: number, most: number]
  readonly faults?: Partial<WebFaults>
  /** Of a body, in either direction; none by default. */
  readonly maxBytes?: number
}

/** HTTPS without a kernel and without TLS: the same seed gives the same delays, losses and doubles. */
export interface MemoryWeb {
  readonly post: Post
  readonly serve: Serve
  /** Changes what goes wrong from now on; what is not named stays. */
  set(faults: Partial<WebFaults>): void
  /** While partitioned nothing arrives, neither requests nor answers, and what is posted waits its time for nothing. */
  partition(on: boolean): void
  /** Breaks what is under way: whoever posted hears of it at once, and what has not arrived never will. */
  cut(reason?: string): void
  /** Documents posted that have neither been answered nor failed. */
  underWay(): number
}

type Exchange = { readonly fail: (reason: string) => void; cut: boolean }

export function createMemoryWeb(options: MemoryWebOptions): MemoryWeb {
  const { clock, random, maxBytes = Number.POSITIVE_INFINITY } = options
  const [least, most] = options.latencyMs ?? [0, 0]
  const servers = new Map<string, Answering>()
  const exchanges = new Set<Exchange>()
  let faults: WebFaults = { ...noFaults, ...options.faults }
  let partitioned = false
  let nextPort = 50_000

  const travel = (extraMs: number, arrive: () => void): Cancel =>
    clock.after(between(random, least, most) + extraMs, () => {
      if (!partitioned) arrive()
    })

  const post: Post = ({ url, body, timeoutMs }) =>
    new Promise<WebResponse>((resolve, reject) => {
      const { host, pathname } = new URL(url)
      const bytes = Buffer.from(body) // a copy, as a kernel's
      const settle = (finish: () => void): void => {
        if (!exchanges.delete(exchange)) return
        expired()
        finish()
      }
      const exchange: Exchange = { cut: false, fail: (reason) => settle(() => reject(new PostFault(reason))) }
      const expired = clock.after(timeoutMs, () => exchange.fail(`no answer within ${timeoutMs} ms`))
      exchanges.add(exchange)
      // Drawn now, all of them, so that what one document meets does not depend on how long another takes.
      const lost = chance(random, faults.loseRequest)
      const unanswered = chance(random, faults.loseResponse)
      const broken = chance(random, faults.breakResponse)
      const twice = chance(random, faults.duplicate)
      const lateMs = chance(random, faults.delay) ? between(random, 1, Math.max(1, faults.delayMs)) : 0

      const back = (answer: WebResponse): void => {
        if (unanswered || exchange.cut) return
        travel(0, () => {
          if (broken) exchange.fail('socket hang up')
          else if (Buffer.byteLength(answer.body) > maxBytes) exchange.fail(`longer than ${maxBytes} bytes`)
          else settle(() => resolve(answer))
        })
      }
      const arrive = (answered: (answer: WebResponse) => void) => () => {
        if (exchange.cut) return
        const answering = servers.get(host)
        if (answering === undefined) exchange.fail(`connect ECONNREFUSED ${host}`)
        else if (bytes.length > maxBytes) answered({ status: 413, body: '' })
        else answering({ path: pathname, body: bytes }).then(answered, () => answered({ status: 500, body: '' }))
      }
      if (lost) return
      travel(lateMs, arrive(back))
      if (twice)
        travel(
          lateMs,
          arrive(() => undefined),
        )
    })

  const serve: Serve = async (address, answering) => {
    const port = address.port === 0 ? nextPort++ : address.port
    const key = `${address.host}:${port}`
    if (servers.has(key)) throw new Error(`listen EADDRINUSE ${key}`)
    servers.set(key, answering)
    return {
      port,
      close: async () => {
        servers.delete(key)
      },
    }
  }

  return {
    post,
    serve,
    set(changed) {
      faults = { ...faults, ...changed }
    },
    partition(on) {
      partitioned = on
    },
    cut(reason = 'cut') {
      for (const exchange of [...exchanges]) {
        exchange.cut = true
        exchange.fail(reason)
      }
    },
    underWay: () => exchanges.size,
  }
}
