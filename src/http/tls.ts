import { constants, createHash } from 'node:crypto'
import type { Server as HttpServer, IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import { faultOf, type Log } from '../base/log.ts'

/** PEM. `ca` vouches for certificates of clients; without it none is asked for. */
export type ApiTls = { readonly key: string; readonly cert: string; readonly ca?: string }

/** Asked at every new connection: when it gives another object than before, that one counts from then on. */
export type ApiTlsSource = () => ApiTls

/** 1.2 with ECDHE and AEAD only, and 1.3; the first group is safe from tomorrow's computers too. No session is taken up again and no key
 * agreed anew: who is at the other end is proved once for each connection. */
const strict = {
  minVersion: 'TLSv1.2',
  maxVersion: 'TLSv1.3',
  ciphers: [
    'TLS_AES_256_GCM_SHA384',
    'TLS_CHACHA20_POLY1305_SHA256',
    'TLS_AES_128_GCM_SHA256',
    'ECDHE-ECDSA-AES256-GCM-SHA384',
    'ECDHE-RSA-AES256-GCM-SHA384',
    'ECDHE-ECDSA-CHACHA20-POLY1305',
    'ECDHE-RSA-CHACHA20-POLY1305',
    'ECDHE-ECDSA-AES128-GCM-SHA256',
    'ECDHE-RSA-AES128-GCM-SHA256',
  ].join(':'),
  ecdhCurve: 'X25519MLKEM768:X25519:P-256:P-384',
  honorCipherOrder: true,
  secureOptions: constants.SSL_OP_NO_TICKET | constants.SSL_OP_NO_RENEGOTIATION,
} as const

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
      ...strict,
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
      server.setSecureContext({ ...now, ...strict })
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
