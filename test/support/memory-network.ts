import type { Clock } from '../../src/base/clock.ts'
import type { Address, Connection, Dial, Listen } from '../../src/base/network.ts'
import { between, chance, type Random } from '../../src/base/random.ts'

export type MemoryNetworkOptions = {
  readonly clock: Clock
  readonly random: Random
  /** One-way delay of each piece of a stream, milliseconds, drawn per piece; order within a stream is kept. */
  readonly latencyMs?: readonly [least: number, most: number]
  /** How likely a write arrives in two pieces, cut anywhere. */
  readonly split?: number
  /** Bytes under way in one direction before `write` says false. */
  readonly highWater?: number
}

/** Sockets without a kernel: the same seed gives the same delays, cuts and losses. */
export interface MemoryNetwork {
  readonly dial: Dial
  readonly listen: Listen
  /** Two ends of one stream, open already. */
  pair(): [Connection, Connection]
  /** While partitioned nothing is delivered and no connection opens; bytes written meanwhile arrive after the heal, as TCP would resend them. */
  partition(on: boolean): void
  /** Breaks every open connection: both ends hear of it, bytes under way are lost. */
  cut(reason?: string): void
  open(): number
}

type End = Connection & {
  deliver(bytes: Uint8Array): void
  closed(reason: string): void
  drained(): void
}

export function createMemoryNetwork(options: MemoryNetworkOptions): MemoryNetwork {
  const { clock, random } = options
  const [least, most] = options.latencyMs ?? [0, 0]
  const split = options.split ?? 0
  const highWater = options.highWater ?? 1 << 20
  const listeners = new Map<string, (connection: Connection) => void>()
  const streams = new Set<(reason: string) => void>()
  let partitioned = false
  let afterHeal: (() => void)[] = []
  let nextPort = 40_000

  /** Runs `fn` on arrival, never before the piece that left earlier on the same stream. */
  const lane = () => {
    let lastAt = 0
    return (fn: () => void) => {
      const arrive = () => {
        if (partitioned) afterHeal.push(arrive)
        else fn()
      }
      lastAt = Math.max(lastAt, clock.monotonicMs() + between(random, least, most))
      clock.after(lastAt - clock.monotonicMs(), arrive)
    }
  }

  const pair = (): [Connection, Connection] => {
    const end = (): End & { peer: End | undefined } => {
      const travel = lane()
      let onData: ((bytes: Uint8Array) => void) | undefined
      let onDrain = () => {}
      let onClose: ((reason: string) => void) | undefined
      let early: Uint8Array[] = []
      let earlyReason: string | undefined
      let state: 'open' | 'ending' | 'closed' = 'open'
      let underWay = 0
      let blocked = false
      const self = {
        peer: undefined as End | undefined,
        write(bytes: Uint8Array) {
          if (state !== 'open') return true
          // A copy: the caller may use its buffer again, as with a kernel's.
          const copy = new Uint8Array(bytes)
          underWay += copy.length
          const at = copy.length > 1 && chance(random, split) ? between(random, 1, copy.length - 1) : copy.length
          for (const piece of at === copy.length ? [copy] : [copy.subarray(0, at), copy.subarray(at)]) {
            travel(() => {
              underWay -= piece.length
              self.peer?.deliver(piece)
              if (blocked && underWay === 0) {
                blocked = false
                self.drained()
              }
            })
          }
          blocked ||= underWay > highWater
          return !blocked
        },
        destroy() {
          if (state === 'closed') return
          self.closed('closed here')
          travel(() => self.peer?.closed('closed by the other side'))
        },
        end() {
          if (state !== 'open') return
          state = 'ending'
          travel(() => {
            self.peer?.closed('closed by the other side')
            self.closed('closed here')
          })
        },
        onData(fn: (bytes: Uint8Array) => void) {
          onData = fn
          const waiting = early
          early = []
          for (const bytes of waiting) self.deliver(bytes)
        },
        onDrain(fn: () => void) {
          onDrain = fn
        },
        onClose(fn: (reason: string) => void) {
          onClose = fn
          if (earlyReason !== undefined) fn(earlyReason)
        },
        deliver(bytes: Uint8Array) {
          if (state === 'closed') return
          if (onData === undefined) early.push(bytes)
          else onData(bytes)
        },
        closed(reason: string) {
          if (state === 'closed') return
          state = 'closed'
          streams.delete(self.closed)
          if (onClose === undefined) earlyReason = reason
          else onClose(reason)
        },
        drained() {
          if (state === 'open') onDrain()
        },
      }
      streams.add(self.closed)
      return self
    }
    const near = end()
    const far = end()
    near.peer = far
    far.peer = near
    return [near, far]
  }

  const keyOf = ({ host, port }: Address): string => `${host}:${port}`

  return {
    pair,
    dial: (address, timeoutMs) =>
      new Promise((resolve, reject) => {
        let settled = false
        const cancel = clock.after(timeoutMs, () => {
          settled = true
          reject(new Error(`no connection within ${timeoutMs} ms`))
        })
        lane()(() => {
          if (settled) return
          cancel()
          const accept = listeners.get(keyOf(address))
          if (accept === undefined) {
            reject(new Error(`connect ECONNREFUSED ${keyOf(address)}`))
            return
          }
          const [near, far] = pair()
          accept(far)
          resolve(near)
        })
      }),
    listen: async (address, onConnection) => {
      const port = address.port === 0 ? nextPort++ : address.port
      const key = keyOf({ host: address.host, port })
      if (listeners.has(key)) throw new Error(`listen EADDRINUSE ${key}`)
      listeners.set(key, onConnection)
      return {
        port,
        close: async () => {
          listeners.delete(key)
        },
      }
    },
    partition(on) {
      partitioned = on
      if (on) return
      const waiting = afterHeal
      afterHeal = []
      for (const arrive of waiting) clock.soon(arrive)
    },
    cut(reason = 'cut') {
      for (const close of [...streams]) close(reason)
    },
    open: () => streams.size / 2,
  }
}
