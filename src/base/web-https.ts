import type { IncomingMessage, ServerResponse } from 'node:http'
import { Agent, createServer, request } from 'node:https'
import { createSecureContext } from 'node:tls'
import { type Clock, systemClock } from './clock.ts'
import { faultOf, type Log, silentLog } from './log.ts'
import { tlsRules } from './tls.ts'
import { type Answering, type Post, PostFault, type Serve, type WebResponse } from './web.ts'

/** HTTPS with mutual TLS both ways: each end proves itself with a certificate of the one authority, or there is no connection. */

export type TlsMaterial = { readonly key: string; readonly cert: string; readonly ca: string }

export type HttpsOptions = {
  /** PEM. Asked at every new connection: when it gives another object than before, that one counts from then on. */
  readonly tls: () => TlsMaterial
  /** Of a body, in either direction. */
  readonly maxBytes: number
  readonly clock?: Clock
  readonly log?: Log
}

export interface Https {
  readonly post: Post
  readonly serve: Serve
  /** Breaks what `post` has open. Who opened a listener closes it. */
  close(): void
}

const MAX_CONNECTIONS = 256 // of post, to one host; more requests than that wait their turn inside their own time
const MAX_CLIENTS = 1024
const CONTENT_TYPE = 'application/xml'
const IDLE_MS = 75_000 // the client is told, and closes first: a request must not meet a connection that is closing
const REQUEST_MS = 15_000
const HANDSHAKE_MS = 10_000
const GRACE_MS = 1_000
const LOGGED_EVERY = 100 // of what anybody can cause who reaches the port

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/** @returns both directions over one set of keys; nothing is opened yet */
export function createHttps(options: HttpsOptions): Https {
  const { tls, maxBytes, clock = systemClock, log = silentLog } = options
  const agents = createAgents(tls)
  return {
    post: ({ url, body, timeoutMs }) =>
      new Promise<WebResponse>((resolve, reject) => {
        const fail = (reason: string): void => reject(new PostFault(reason))
        let cancel = (): void => undefined
        let answered = false
        try {
          const headers = { 'content-type': CONTENT_TYPE, 'content-length': Buffer.byteLength(body) }
          const sent = request(url, { method: 'POST', agent: agents.current(), headers })
          cancel = clock.after(timeoutMs, () => sent.destroy(new Error(`no answer within ${timeoutMs} ms`)))
          sent.on('error', (error) => fail(error.message))
          sent.on('close', () => {
            cancel()
            if (!answered) fail('closed without an answer')
          })
          sent.on('response', (response) => {
            answered = true // what is still missing of it is told by its body
            readBody(response, maxBytes).then(
              (answer) => resolve({ status: response.statusCode ?? 0, body: answer.toString('utf8') }),
              (error: unknown) => {
                sent.destroy()
                fail(reasonOf(error))
              },
            )
          })
          sent.end(body)
        } catch (error) {
          cancel()
          fail(reasonOf(error))
        }
      }),
    serve: serveWith(tls, maxBytes, clock, log),
    close: () => agents.close(),
  }
}

/** The agent of the current keys; the connections of earlier ones end with the request that they carry. */
function createAgents(tls: () => TlsMaterial) {
  let material: TlsMaterial | undefined
  let agent: Agent | undefined
  const retire = (old: Agent): void => {
    old.maxFreeSockets = 0
    for (const sockets of Object.values(old.freeSockets)) for (const socket of sockets ?? []) socket.destroy()
  }
  return {
    current(): Agent {
      const now = tls()
      if (agent !== undefined && now === material) return agent
      const secureContext = createSecureContext({ ...now, ...tlsRules })
      if (agent !== undefined) retire(agent)
      material = now
      agent = new Agent({
        keepAlive: true,
        maxSockets: MAX_CONNECTIONS,
        maxFreeSockets: MAX_CONNECTIONS,
        maxCachedSessions: 0,
        secureContext,
      })
      return agent
    },
    close(): void {
      agent?.destroy()
    },
  }
}

/** @throws {Error} when it is longer than allowed, or ends early */
function readBody(message: IncomingMessage, maxBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let length = 0
    message.on('data', (chunk: Buffer) => {
      length += chunk.length
      if (length > maxBytes) reject(new TooLong(`longer than ${maxBytes} bytes`))
      else chunks.push(chunk)
    })
    message.on('end', () => resolve(chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks)))
    message.on('error', reject)
    message.on('close', () => {
      if (!message.readableEnded) reject(new Error('closed before its end'))
    })
  })
}

class TooLong extends Error {}

function serveWith(tls: () => TlsMaterial, maxBytes: number, clock: Clock, log: Log): Serve {
  return (address, answering) =>
    new Promise((resolve, reject) => {
      let material = tls()
      const server = createServer(
        {
          ...material,
          ...tlsRules,
          requestCert: true,
          rejectUnauthorized: true,
          handshakeTimeout: HANDSHAKE_MS,
          requestTimeout: REQUEST_MS,
          headersTimeout: REQUEST_MS,
          keepAliveTimeout: IDLE_MS,
          maxHeaderSize: 8_192,
        },
        (asked, response) => void answer(asked, response, answering, maxBytes, log),
      )
      server.maxConnections = MAX_CLIENTS
      server.prependListener('connection', () => {
        try {
          const now = tls()
          if (now === material) return
          server.setSecureContext({ ...now, ...tlsRules })
          material = now
        } catch (error) {
          log.error({ fault: faultOf(error) }, 'the new TLS keys cannot be used; the old ones stay')
        }
      })
      let turnedAway = 0
      server.on('tlsClientError', (error) => {
        turnedAway += 1
        if (turnedAway % LOGGED_EVERY === 1) {
          log.warn({ fault: faultOf(error), turnedAway }, 'a TLS client was turned away')
        }
      })
      server.once('error', reject)
      server.listen(address.port, address.host, () => {
        server.off('error', reject)
        server.on('error', (error) => log.error({ fault: faultOf(error) }, 'the HTTPS server failed'))
        const bound = server.address()
        resolve({
          port: bound !== null && typeof bound === 'object' ? bound.port : address.port,
          close: () =>
            new Promise((done) => {
              const cancel = clock.after(GRACE_MS, () => server.closeAllConnections())
              server.close(() => {
                cancel()
                done()
              })
              server.closeIdleConnections()
            }),
        })
      })
    })
}

/** Answers one request; whatever happens in `answering`, the other side gets a status and this process goes on. */
async function answer(
  asked: IncomingMessage,
  response: ServerResponse,
  answering: Answering,
  maxBytes: number,
  log: Log,
): Promise<void> {
  const reply = ({ status, body }: WebResponse, close = false): void => {
    if (response.destroyed || response.headersSent) return
    const headers = { 'content-type': CONTENT_TYPE, 'content-length': Buffer.byteLength(body) }
    response.writeHead(status, close ? { ...headers, connection: 'close' } : headers)
    response.end(body)
  }
  try {
    if (asked.method !== 'POST') return reply({ status: 405, body: '' }, true)
    const body = await readBody(asked, maxBytes)
    reply(await answering({ path: pathOf(asked.url ?? '/'), body }))
  } catch (error) {
    if (error instanceof TooLong) return reply({ status: 413, body: '' }, true)
    if (asked.complete) log.error({ fault: faultOf(error) }, 'a document could not be answered')
    reply({ status: 500, body: '' }, true)
  }
}

const pathOf = (url: string): string => {
  const end = url.indexOf('?')
  return end === -1 ? url : url.slice(0, end)
}
