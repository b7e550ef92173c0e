import { createFramer, peek } from '@turant/iso8583'
import type { Address, Connection, Dial } from '../../src/base/network.ts'
import type { Post } from '../../src/base/web.ts'
import type { IsoDialect } from '../../src/imps/iso8583/dialect.ts'
import type { IsoProfile } from '../../src/imps/profile.ts'
import type { XmlDialect } from '../../src/imps/xml/dialect.ts'
import type { XmlMessage } from '../../src/imps/xml/message.ts'
import type { Life } from './life.ts'
import type { Trace } from './trace.ts'

/** What the hub, all its processes together, wrote about one outward payment: counted before any fault of the network. */
export type Written = {
  readonly rrn: string
  readonly remitterBank: string
  readonly amountPaise: bigint
  /** Instants in milliseconds since the start. */
  readonly originals: number[]
  readonly verifications: number[]
}

/** Listens to every byte that the hub writes. */
export interface WireTap {
  /** The network as one process reaches it: its connections break when it dies and are deaf while it is paused. */
  dialFrom(life: Life): Dial
  /** HTTPS the same way: of what was posted a dead process hears nothing. */
  postFrom(life: Life): Post
  written(): Iterable<Written>
  find(rrn: string, remitterBank: string): Written | undefined
  /** Frames of the hub that nobody could read, and every other thing it should never write. */
  readonly wrongs: readonly string[]
}

export function createWireTap(options: {
  readonly dial: Dial
  readonly post: Post
  readonly dialect: IsoDialect
  readonly xmlDialect: XmlDialect
  readonly iso: IsoProfile
  readonly at: () => number
  readonly now: () => number
  readonly trace: Trace
}): WireTap {
  const { dialect, iso, at, trace } = options
  const byReference = new Map<string, Written>()
  const wrongs: string[] = []

  const entry = (rrn: string, remitterBank: string, amountPaise: bigint): Written => {
    const key = `${rrn}/${remitterBank}`
    let found = byReference.get(key)
    if (found === undefined) {
      found = { rrn, remitterBank, amountPaise, originals: [], verifications: [] }
      byReference.set(key, found)
    }
    if (found.amountPaise !== amountPaise) wrongs.push(`RRN ${rrn} was written with two amounts`)
    return found
  }

  const read = (life: Life, frame: Uint8Array) => {
    let message: ReturnType<IsoDialect['decode']>
    try {
      message = dialect.decode(frame, options.now())
    } catch (error) {
      // A refusal repeats what could be read of a broken request, and so may be as broken.
      const { mti } = peek(frame)
      trace.note(`${life.name} > refusal`)
      if (mti !== '0210' && mti !== '0810') wrongs.push(`${life.name} wrote a ${mti} that nobody can read: ${error}`)
      return
    }
    const about = 'rrn' in message ? `${message.rrn} ${message.amountPaise}` : message.function
    const code = 'responseCode' in message ? ` ${message.responseCode}` : ''
    trace.note(`${life.name} > ${message.kind} ${about}${code}`)
    if (message.kind === 'fundTransferRequest') {
      entry(message.rrn, message.remitterBank, message.amountPaise).originals.push(at())
    } else if (message.kind === 'verificationRequest') {
      entry(message.rrn, message.remitterBank, message.amountPaise).verifications.push(at())
    }
  }

  const readDocument = (life: Life, body: string | Uint8Array) => {
    let message: XmlMessage
    try {
      message = options.xmlDialect.read(Buffer.from(body).toString())
    } catch (error) {
      wrongs.push(`${life.name} wrote a document that nobody can read: ${error}`)
      return
    }
    trace.note(`${life.name} > ${message.api} ${message.transactionId}`)
    if (message.api === 'ReqPay' && message.leg === 'pay') {
      const { rrn, amountPaise } = message.request
      entry(rrn, message.orgId, amountPaise).originals.push(at())
    } else if (message.api === 'ReqChkTxn' && message.about === undefined) {
      const { rrn, amountPaise } = message.request
      entry(rrn, message.orgId, amountPaise).verifications.push(at())
    }
  }

  const tapped = (life: Life, connection: Connection, { port }: Address): Connection => {
    const framer = createFramer({
      header: iso.lengthHeader,
      inclusive: iso.lengthIncludesHeader,
      max: iso.maxFrameBytes,
      onFrame: (frame) => read(life, frame),
      onError: (error) => wrongs.push(`${life.name} lost its place on port ${port}: ${error}`),
    })
    let open = true
    life.onKill(() => connection.destroy())
    return {
      write(bytes) {
        if (!life.isAlive() || !open) return true
        framer.push(bytes)
        return connection.write(bytes)
      },
      destroy() {
        open = false
        connection.destroy()
      },
      end() {
        open = false
        connection.end()
      },
      onData: (fn) => connection.onData((bytes) => life.reach(() => fn(bytes))),
      onDrain: (fn) => connection.onDrain(() => life.reach(fn)),
      onClose: (fn) =>
        connection.onClose((reason) => {
          open = false
          life.reach(() => fn(reason))
        }),
    }
  }

  return {
    dialFrom: (life) => (address, timeoutMs) =>
      new Promise((resolve, reject) => {
        options.dial(address, timeoutMs).then(
          (connection) => {
            if (life.isAlive()) life.clock.soon(() => resolve(tapped(life, connection, address)))
            else connection.destroy()
          },
          (error: unknown) => life.clock.soon(() => reject(error)),
        )
      }),
    postFrom: (life) => (request) =>
      new Promise((resolve, reject) => {
        if (!life.isAlive()) return
        readDocument(life, request.body)
        options.post(request).then(
          (response) => life.reach(() => resolve(response)),
          (error: unknown) => life.reach(() => reject(error)),
        )
      }),
    written: () => byReference.values(),
    find: (rrn, remitterBank) => byReference.get(`${rrn}/${remitterBank}`),
    wrongs,
  }
}
