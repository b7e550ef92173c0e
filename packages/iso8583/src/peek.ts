import { readBitmap } from './bitmap.ts'
import { DecodeError } from './errors.ts'
import type { Wire } from './plan.ts'

/** What can be said of a message before its table is known. */
export type Peek = { readonly mti: string; readonly elements: readonly number[] }

/**
 * Reads the message type and the bitmap only: to find the table, or to log what nobody could decode.
 *
 * @throws {DecodeError} if there is no message type or no whole bitmap
 */
export function peek(bytes: Uint8Array, wire: Wire = {}): Peek {
  const packed = wire.numeric === 'bcd'
  const start = packed ? 2 : 4
  if (bytes.length < start) throw new DecodeError('truncated', ['MTI'])
  let mti = ''
  for (let i = 0; i < 4; i += 1) {
    const digit = packed ? (bytes[i >> 1]! >> (i & 1 ? 0 : 4)) & 15 : bytes[i]! - 48
    if (digit < 0 || digit > 9) throw new DecodeError('mti', ['MTI'])
    mti += digit
  }
  const words = readBitmap(bytes, start, wire.bitmap === 'hex')
  const elements: number[] = []
  for (let de = 2; de <= 128; de += 1) {
    if ((words[(de - 1) >> 5]! & (1 << (31 - ((de - 1) & 31)))) !== 0) elements.push(de)
  }
  return { mti, elements }
}
