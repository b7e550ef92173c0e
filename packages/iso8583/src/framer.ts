import { DecodeError, EncodeError, type FrameCode } from './errors.ts'

/** The length in front of a message: two bytes big-endian, or four digits. */
export type Header = 'binary2' | 'ascii4'

const headers = {
  binary2: { width: 2, most: 0xffff },
  ascii4: { width: 4, most: 9999 },
} as const satisfies Record<Header, object>

export interface FramerOptions {
  readonly header: Header
  /** Whether the length counts its own bytes. Default false. */
  readonly inclusive?: boolean
  /** The longest message accepted, in bytes without header. */
  readonly max: number
  /**
   * Gets each message, without its header: a view of what was pushed if it came in one piece, so copy it to keep it
   * long. If it throws, the framer closes and `push` throws the same: the rest of the chunk must not be taken for a header.
   */
  readonly onFrame: (frame: Uint8Array) => void
  /** Called once, for the first header that cannot be true. The stream has lost its place: close it. */
  readonly onError: (error: DecodeError) => void
}

export interface Framer {
  /** Takes what the socket gave, however it was cut. */
  push(bytes: Uint8Array): void
  /** Bytes of a message that has not come whole. More than 0 for long means a peer that stopped in mid-frame. */
  readonly pending: number
  /** Takes no more: what is left of the current chunk is dropped too. */
  close(): void
}

/**
 * Cuts a byte stream into messages. Holds one incomplete message at most, so never more than `max` bytes; a length
 * of zero, over `max`, or not a number ends the stream with one error.
 */
export function createFramer({ header, inclusive = false, max, onFrame, onError }: FramerOptions): Framer {
  const { width } = headers[header]
  const head = new Uint8Array(width)
  let headFilled = 0
  let body: Uint8Array | undefined
  let bodyFilled = 0
  let open = true

  /** The body's length, or undefined after reporting why there is none. */
  const lengthOf = (bytes: Uint8Array, at: number): number | undefined => {
    const stated = header === 'binary2' ? (bytes[at]! << 8) | bytes[at + 1]! : fourDigits(bytes, at)
    const length = inclusive ? stated - width : stated
    if (stated >= 0 && length > 0 && length <= max) return length
    open = false
    onError(new DecodeError(stated < 0 ? 'frame_header' : length > max ? 'frame_oversize' : 'frame_empty', ['frame']))
    return undefined
  }

  const close = (): void => {
    open = false
    body = undefined
    headFilled = 0
  }

  const deliver = (message: Uint8Array): void => {
    try {
      onFrame(message)
    } catch (error) {
      close()
      throw error
    }
  }

  return {
    push(bytes) {
      let at = 0
      while (open && at < bytes.length) {
        if (body === undefined) {
          let length: number | undefined
          if (headFilled === 0 && at + width <= bytes.length) {
            length = lengthOf(bytes, at)
            at += width
          } else {
            while (headFilled < width && at < bytes.length) {
              head[headFilled] = bytes[at]!
              headFilled += 1
              at += 1
            }
            if (headFilled < width) return
            headFilled = 0
            length = lengthOf(head, 0)
          }
          if (length === undefined) return
          if (at + length <= bytes.length) {
            at += length
            deliver(bytes.subarray(at - length, at))
            continue
          }
          body = new Uint8Array(length)
          bodyFilled = 0
        }
        const taken = Math.min(body.length - bodyFilled, bytes.length - at)
        body.set(bytes.subarray(at, at + taken), bodyFilled)
        bodyFilled += taken
        at += taken
        if (bodyFilled === body.length) {
          const whole = body
          body = undefined
          deliver(whole)
        }
      }
    },
    get pending() {
      return headFilled + (body === undefined ? 0 : width + bodyFilled)
    },
    close,
  }
}

function fourDigits(bytes: Uint8Array, at: number): number {
  let value = 0
  for (let i = at; i < at + 4; i += 1) {
    const digit = bytes[i]! - 48
    if (digit < 0 || digit > 9) return -1
    value = value * 10 + digit
  }
  return value
}

/**
 * Puts the length header in front of a message.
 *
 * @throws {EncodeError} if the message is empty or longer than the header can say
 */
export function frame(bytes: Uint8Array, header: Header, inclusive = false): Uint8Array {
  const { width, most } = headers[header]
  const stated = bytes.length + (inclusive ? width : 0)
  const code: FrameCode | undefined = bytes.length === 0 ? 'frame_empty' : stated > most ? 'frame_oversize' : undefined
  if (code) throw new EncodeError(code, ['frame'])
  const framed = Buffer.allocUnsafe(width + bytes.length)
  if (header === 'binary2') framed.writeUInt16BE(stated, 0)
  else framed.write(String(stated).padStart(4, '0'), 0, 'latin1')
  framed.set(bytes, width)
  return framed
}
