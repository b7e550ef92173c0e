import { createFramer, frame } from '@turant/iso8583'
import type { Connection } from '../base/network.ts'
import { between } from '../base/random.ts'
import type { IsoProfile, LinkRole } from '../imps/profile.ts'
import { disturb, strikes, type Wire } from './faults.ts'

/** One connection of the hub to one port of the switch. */
export interface Link {
  readonly id: number
  readonly role: LinkRole
  /** The hub has logged on, and nobody has logged off since. */
  loggedOn: boolean
  isOpen(): boolean
  /**
   * Sends one message, through the faults. What is sent in one turn of the event loop leaves in one write; under load,
   * what is sent within two milliseconds.
   */
  send(message: Uint8Array): void
  /** Closes after what is queued. */
  hangUp(): void
  /** Closes at once. */
  destroy(): void
}

export type LinkOptions = {
  readonly id: number
  readonly role: LinkRole
  readonly connection: Connection
  readonly iso: IsoProfile
  readonly wire: Wire
  /** One message, whole; a view that is only good until this returns. */
  readonly onMessage: (message: Uint8Array) => void
  /** The stream has lost its place; the link closes itself. */
  readonly onBroken: () => void
  readonly onClose: () => void
}

/** A hub that does not read what it asked for is cut off. */
const MOST_QUEUED_BYTES = 16 << 20
/** A write costs as much as ten messages: a busy link does not write again sooner than this. */
const WRITE_GAP_MS = 2
/** The longest write that `splitFrames` takes apart byte by byte; the rest follows in one piece. */
const MOST_SINGLE_BYTES = 4096
const MOST_GARBAGE_BYTES = 64

export function createLink(options: LinkOptions): Link {
  const { connection, iso, wire } = options
  const { clock, random } = wire
  const { faults } = wire.dials
  let open = true
  let queue: Uint8Array[] = []
  let queuedBytes = 0
  let flushing = false
  let blocked = false
  let lastWriteAt = Number.NEGATIVE_INFINITY

  const flush = () => {
    flushing = false
    if (!open || blocked || queue.length === 0) return
    lastWriteAt = clock.monotonicMs()
    const bytes = queue.length === 1 ? queue[0]! : Buffer.concat(queue, queuedBytes)
    queue = []
    queuedBytes = 0
    if (strikes(random, faults.splitFrames)) {
      const single = Math.min(bytes.length, MOST_SINGLE_BYTES)
      for (let at = 0; at < single; at += 1) blocked = !connection.write(bytes.subarray(at, at + 1))
      if (single < bytes.length) blocked = !connection.write(bytes.subarray(single))
    } else blocked = !connection.write(bytes)
  }

  const enqueue = (bytes: Uint8Array) => {
    if (!open) return
    queue.push(bytes)
    queuedBytes += bytes.length
    if (queuedBytes > MOST_QUEUED_BYTES) link.destroy()
    else if (!flushing) {
      flushing = true
      const waitMs = lastWriteAt + WRITE_GAP_MS - clock.monotonicMs()
      if (waitMs > 0) clock.after(waitMs, flush)
      else clock.soon(flush)
    }
  }

  const sendFramed = (message: Uint8Array) => {
    if (strikes(random, faults.garbage)) {
      enqueue(Uint8Array.from({ length: between(random, 1, MOST_GARBAGE_BYTES) }, () => between(random, 0, 255)))
    }
    enqueue(frame(message, iso.lengthHeader, iso.lengthIncludesHeader))
  }

  const link: Link = {
    id: options.id,
    role: options.role,
    loggedOn: false,
    isOpen: () => open,
    send(message) {
      if (!open) return
      disturb(wire, 'Out', message, sendFramed, () => link.destroy())
    },
    hangUp() {
      if (!open) return
      flush()
      open = false
      connection.end()
    },
    destroy() {
      open = false
      queue = []
      connection.destroy()
    },
  }

  const framer = createFramer({
    header: iso.lengthHeader,
    inclusive: iso.lengthIncludesHeader,
    max: iso.maxFrameBytes,
    onFrame: (bytes) => {
      if (open) options.onMessage(bytes)
    },
    onError: () => {
      options.onBroken()
      link.destroy()
    },
  })
  connection.onData((bytes) => {
    if (open) framer.push(bytes)
  })
  connection.onDrain(() => {
    blocked = false
    flush()
  })
  connection.onClose(() => {
    open = false
    link.loggedOn = false
    queue = []
    framer.close()
    options.onClose()
  })
  return link
}
