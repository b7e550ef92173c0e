import { connect, createServer, type Socket } from 'node:net'
import { faultOf } from './log.ts'

/** One open byte stream. Handlers are set once, right after it opens; `onClose` is called exactly once. */
export interface Connection {
  /** Queues bytes to leave; false when the peer is slow and `onDrain` will follow. Writing after close is harmless. */
  write(bytes: Uint8Array): boolean
  /** Closes at once; bytes not yet sent may be lost. */
  destroy(): void
  /** Sends what is queued, then closes. */
  end(): void
  onData(fn: (bytes: Uint8Array) => void): void
  onDrain(fn: () => void): void
  onClose(fn: (reason: string) => void): void
}

export type Address = {
  readonly host: string
  readonly port: number
  /** Which link of the profile it is for, where each has certificates of its own. */
  readonly link?: string
}

/** Opens a connection; rejects when it cannot be opened within `timeoutMs`. */
export type Dial = (address: Address, timeoutMs: number) => Promise<Connection>

export interface Listener {
  readonly port: number
  close(): Promise<void>
}

/** Accepts connections; port 0 takes a free one. */
export type Listen = (address: Address, onConnection: (connection: Connection) => void) => Promise<Listener>

/** A socket, or what TLS makes of one, that is open. */
export function overSocket(socket: Socket): Connection {
  socket.setNoDelay(true)
  socket.setKeepAlive(true, 30_000)
  let reason = 'closed by the other side'
  socket.on('error', (error) => {
    reason = faultOf(error)
    // TLS may tell of an error and of the end and then wait for good: the alert of a switch that turned us away behind the handshake.
    socket.destroy()
  })
  return {
    write: (bytes) => (socket.writable ? socket.write(bytes) : true),
    destroy: () => {
      socket.destroy()
    },
    end: () => {
      socket.end()
    },
    onData: (fn) => {
      socket.on('data', fn)
    },
    onDrain: (fn) => {
      socket.on('drain', fn)
    },
    onClose: (fn) => {
      // Turned away in the same breath in which it was taken, as TLS 1.3 does it: then it was closed before anybody could ask.
      if (socket.closed) void Promise.resolve().then(() => fn(reason))
      else socket.on('close', () => fn(reason))
    },
  }
}

export const systemDial: Dial = (address, timeoutMs) =>
  new Promise((resolve, reject) => {
    const socket = connect({ host: address.host, port: address.port })
    socket.setTimeout(timeoutMs, () => socket.destroy(new Error(`no connection within ${timeoutMs} ms`)))
    socket.once('error', reject)
    socket.once('connect', () => {
      socket.setTimeout(0)
      socket.off('error', reject)
      resolve(overSocket(socket))
    })
  })

export const systemListen: Listen = (address, onConnection) =>
  new Promise((resolve, reject) => {
    const open = new Set<Socket>()
    const server = createServer((socket) => {
      open.add(socket)
      socket.on('close', () => open.delete(socket))
      onConnection(overSocket(socket))
    })
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
