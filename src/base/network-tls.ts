import { createHash } from 'node:crypto'
import { connect, createServer, type TLSSocket } from 'node:tls'
import { type Dial, type Listen, overSocket } from './network.ts'
import { tlsRules } from './tls.ts'
import type { TlsMaterial } from './web-https.ts'

/** Byte streams over TLS: the same `Dial` and `Listen` as over plain sockets, for whoever knows who the other side must be. */

export type TlsPeer = {
  /** PEM: who vouches for the other side. */
  readonly ca: string
  /** PEM, ours: with them the TLS is mutual. */
  readonly cert?: string
  readonly key?: string
  /** The name in the other side's certificate where it is not the host. */
  readonly serverName?: string
  /** SHA-256 of the other side's public key (SPKI), base64. */
  readonly pin?: string
}

/** The pin of whoever is at the other end. */
const pinOf = (socket: TLSSocket): string | undefined => {
  const spki = socket.getPeerX509Certificate()?.publicKey.export({ type: 'spki', format: 'der' })
  return spki && createHash('sha256').update(spki).digest('base64')
}

/**
 * Dials and proves the other side before a byte is written: authority, dates, name, and its key where one is pinned.
 * @param peer  asked at every dial, so that new files count for new connections
 */
export const tlsDial =
  (peer: () => TlsPeer): Dial =>
  (address, timeoutMs) =>
    new Promise((resolve, reject) => {
      const { serverName, pin, ...material } = peer()
      const name = serverName === undefined ? {} : { servername: serverName }
      const socket = connect({ host: address.host, port: address.port, ...material, ...name, ...tlsRules })
      socket.setTimeout(timeoutMs, () => socket.destroy(new Error(`no connection within ${timeoutMs} ms`)))
      socket.once('error', reject)
      // Node itself ends what does not verify, before this.
      socket.once('secureConnect', () => {
        socket.setTimeout(0)
        if (pin !== undefined && pinOf(socket) !== pin) {
          socket.destroy(new PinError())
          return
        }
        socket.off('error', reject)
        resolve(overSocket(socket))
      })
    })

/** The other side has a good certificate for another key than the one that it must have. */
export class PinError extends Error {
  override name = 'PinError'
  constructor() {
    super('the key of the other side is not the one that is pinned')
  }
}

const HANDSHAKE_MS = 10_000

/** Accepts those with a certificate of the authority, and nobody else. @param tls asked once, when it begins to listen */
export const tlsListen =
  (tls: () => TlsMaterial): Listen =>
  (address, onConnection) =>
    new Promise((resolve, reject) => {
      const open = new Set<TLSSocket>()
      const server = createServer(
        { ...tls(), ...tlsRules, requestCert: true, rejectUnauthorized: true, handshakeTimeout: HANDSHAKE_MS },
        (socket) => {
          open.add(socket)
          socket.on('close', () => open.delete(socket))
          onConnection(overSocket(socket))
        },
      )
      // A client that was turned away has its own error; here it is nothing.
      server.on('tlsClientError', () => undefined)
      server.once('error', reject)
      server.listen(address.port, address.host, () => {
        server.off('error', reject)
        const bound = server.address()
        resolve({
          port: bound !== null && typeof bound === 'object' ? bound.port : address.port,
          close: () =>
            new Promise((done) => {
              server.close(() => done())
              for (const socket of open) socket.destroy()
            }),
        })
      })
    })
