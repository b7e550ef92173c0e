import { connect, type Socket } from 'node:net'

/**
 * A load generator that costs little: raw keep-alive sockets, requests rendered by the caller, and an answer read no further than
 * its status, its length and one string. It shares two cores with what it measures, so each microsecond here is taken from there.
 */
export type LoadOptions = {
  readonly host: string
  readonly port: number
  readonly connections: number
  /** Stop starting requests after this many milliseconds; those under way are waited for. */
  readonly durationMs: number
  /** The whole request, head and body, number `n` of the run. */
  readonly request: (n: number) => string
  /** An answer counts when its status is this ... */
  readonly status: number
  /** ... and its body holds this. */
  readonly contains: string
}

export type LoadResult = {
  readonly done: number
  readonly errors: number
  readonly firstError: string | undefined
  readonly perSecond: number
  /** Milliseconds. */
  readonly p50: number
  readonly p99: number
  readonly max: number
}

/** Runs the load to its end. */
export async function runLoad(options: LoadOptions): Promise<LoadResult> {
  const latencies: number[] = []
  let sent = 0
  let errors = 0
  let firstError: string | undefined
  const started = performance.now()
  const until = started + options.durationMs
  const fail = (why: string) => {
    errors += 1
    firstError ??= why
  }

  const worker = (): Promise<void> =>
    new Promise((resolve) => {
      let socket: Socket
      let begun = 0
      let pending = ''
      let over = false
      const finish = () => {
        if (over) return
        over = true
        socket.destroy()
        resolve()
      }
      const next = () => {
        if (performance.now() >= until) return finish()
        begun = performance.now()
        socket.write(options.request(sent++), 'latin1')
      }
      const onData = (chunk: Buffer) => {
        pending = pending === '' ? chunk.toString('latin1') : pending + chunk.toString('latin1')
        const headEnd = pending.indexOf('\r\n\r\n')
        if (headEnd < 0) return
        const lengthAt = pending.indexOf('ontent-length: ')
        const length = Number.parseInt(pending.slice(lengthAt + 15, lengthAt + 22), 10)
        if (pending.length < headEnd + 4 + length) return
        const status = Number(pending.slice(9, 12))
        if (status === options.status && pending.includes(options.contains, headEnd)) {
          latencies.push(performance.now() - begun)
        } else fail(`${status} ${pending.slice(headEnd + 4, headEnd + 400)}`)
        pending = ''
        next()
      }
      socket = connect({ host: options.host, port: options.port })
      socket.setNoDelay(true)
      socket.on('connect', next)
      socket.on('data', onData)
      socket.on('error', (error) => {
        fail(error.message)
        finish()
      })
      socket.on('close', finish)
    })

  await Promise.all(Array.from({ length: options.connections }, worker))
  const seconds = (performance.now() - started) / 1000
  latencies.sort((a, b) => a - b)
  const at = (share: number) => latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? 0
  return {
    done: latencies.length,
    errors,
    firstError,
    perSecond: latencies.length / seconds,
    p50: at(0.5),
    p99: at(0.99),
    max: at(1),
  }
}
