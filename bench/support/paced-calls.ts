import { Agent, request } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'

/**
 * A caller who has nothing else to do: calls at fixed times from a thread of its own, over connections that are open already. What it times is the
 * hub, and not how busy the load generator is.
 */
export type PacedCall = { readonly path: string; readonly body: string }
export type PacedOptions = {
  readonly host: string
  readonly port: number
  readonly apiKey: string
  readonly perSecond: number
  readonly calls: readonly PacedCall[]
}
export type Answered = {
  readonly status: number
  readonly ms: number
  readonly timing: string
  readonly text: string
}

/** Makes the calls. */
export function callPaced(options: PacedOptions): Promise<readonly Answered[]> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL(import.meta.url), { workerData: options })
    worker.once('message', resolve)
    worker.once('error', reject)
  })
}

async function callAll({ perSecond, calls, ...to }: PacedOptions): Promise<Answered[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 })
  // So that neither the connection nor this thread's own code is new when it counts.
  for (let n = 0; n < 20; n += 1) await Promise.all([callOne(agent, to, warming), callOne(agent, to, warming)])
  const started = performance.now()
  const under: Promise<Answered>[] = []
  for (const [n, call] of calls.entries()) {
    await wait(Math.max(0, started + (n * 1000) / perSecond - performance.now()))
    under.push(callOne(agent, to, call))
  }
  const answers = await Promise.all(under)
  agent.destroy()
  return answers
}

/** Refused at once: there is no such payment. */
const warming: PacedCall = { path: '/v1/payments/pay_00000000000000000000000000000000/authenticate', body: '{}' }

function callOne(
  agent: Agent,
  { host, port, apiKey }: Pick<PacedOptions, 'host' | 'port' | 'apiKey'>,
  { path, body }: PacedCall,
): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const begun = performance.now()
    const headers = {
      authorization: `Bearer ${apiKey}`,
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
    }
    const sent = request({ agent, host, port, path, method: 'POST', headers }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () => {
        const ms = performance.now() - begun
        const timing = String(response.headers['server-timing'] ?? '')
        resolve({ status: response.statusCode ?? 0, ms, timing, text: Buffer.concat(chunks).toString() })
      })
    })
    sent.setNoDelay(true)
    sent.on('error', reject)
    sent.end(body)
  })
}

if (!isMainThread && parentPort !== null) parentPort.postMessage(await callAll(workerData))
