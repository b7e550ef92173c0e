import { createHash } from 'node:crypto'
import type { Server as HttpServer, IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import { faultOf, type Log } from '../base/log.ts'
import { tlsRules } from '../base/tls.ts'

/** PEM. `ca` vouches for certificates of clients; without it none is asked for. */
export type ApiTls = { readonly key: string; readonly cert: string; readonly ca?: string }

/** Asked at every new connection: when it gives another object than before, that one counts from then on. */
export type ApiTlsSource = () => ApiTls

const HANDSHAKE_MS = 10_000
const LOGGED_EVERY = 100 // of what anybody can cause who reaches the port

export type Handler = (request: IncomingMessage, response: ServerResponse) => void

/** A server for HTTPS. Client certificates are asked for when somebody vouches for them, and never required: keys need none. */
export function createTlsServer(
  source: ApiTlsSource,
  log: Pick<Log, 'error' | 'warn'>,
  limits: {
    readonly requireHostHeader: boolean
    readonly keepAliveTimeout: number
    readonly requestTimeout: number
    readonly headersTimeout: number
    readonly connectionsCheckingInterval?: number
    readonly maxHeaderSize: number
  },
  handler: Handler,
): HttpServer {
  let material = source()
  const server = createServer(
    {
      ...material,
      ...tlsRules,
      ...limits,
      requestCert: material.ca !== undefined,
      rejectUnauthorized: false, // one that nobody vouches for is as good as none: `certificateOf` sees to it
      handshakeTimeout: HANDSHAKE_MS,
    },
    handler,
  )
  server.prependListener('connection', () => {
    const now = source()
    if (now === material) return
    material = now
    try {
      server.setSecureContext({ ...now, ...tlsRules })
    } catch (error) {
      log.error({ fault: faultOf(error) }, 'the new certificate of the API cannot be used; the old one stays')
    }
  })
  let turnedAway = 0
  server.on('tlsClientError', (error) => {
    turnedAway += 1
    if (turnedAway % LOGGED_EVERY === 1) log.warn({ fault: faultOf(error), turnedAway }, 'a TLS client was turned away')
  })
  return server
}

/** SHA-256, base64url, of the certificate that the client proved to have on this connection; undefined when none, or nobody vouches for it. @source RFC 8705 §3.1 */
export type CertificateOf = (socket: Socket) => string | undefined

/** What is found is kept with the connection. */
export function createCertificates(): CertificateOf {
  const seen = new WeakMap<Socket, string>()
  return (socket) => {
    if (!(socket instanceof TLSSocket) || !socket.authorized) return undefined
    const before = seen.get(socket)
    if (before !== undefined) return before
    const raw = socket.getPeerX509Certificate()?.raw
    if (raw === undefined) return undefined
    const thumbprint = createHash('sha256').update(raw).digest('base64url')
    seen.set(socket, thumbprint)
    return thumbprint
  }
}
