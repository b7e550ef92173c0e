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
  /** Given: so many leave in each second, whatever the answers do, and each is timed from when it should have left. Absent: a closed loop. */
  readonly perSecond?: number
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
  const pace = options.perSecond === undefined ? undefined : createPace(options.perSecond, started, until)

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
      const send = (dueAt: number) => {
        begun = dueAt
        socket.write(options.request(sent++), 'latin1')
      }
      const next = () => {
        if (pace !== undefined) return pace.whenDue(send, finish)
        const now = performance.now()
        if (now >= until) return finish()
        send(now)
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

type Waiting = { readonly send: (dueAt: number) => void; readonly finish: () => void }

/** Hands the instants at which a request is due to connections that are free; without a free one they wait, and grow old. */
function createPace(perSecond: number, started: number, until: number) {
  const free: Waiting[] = []
  const all = Math.floor(((until - started) / 1000) * perSecond)
  const dueAt = (n: number): number => started + (n * 1000) / perSecond
  let taken = 0
  const hand = () => {
    const now = performance.now()
    while (taken < all && dueAt(taken) <= now && free.length > 0) free.shift()?.send(dueAt(taken++))
    if (taken < all) return
    clearInterval(timer)
    for (const one of free.splice(0)) one.finish()
  }
  const timer = setInterval(hand, 1)
  return {
    whenDue(send: Waiting['send'], finish: Waiting['finish']) {
      free.push({ send, finish })
      if (taken >= all || dueAt(taken) <= performance.now()) hand()
    },
  }
}
