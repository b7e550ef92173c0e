import { hexDigit, hexValue } from './characters.ts'
import { DecodeError } from './errors.ts'

/** Four words of 32 bits: element 1 is the highest bit of the first. */
export type Words = readonly [number, number, number, number]

/** One past the last element: what `lowest` answers when no bit is set. */
export const NONE = 129

/** The lowest element whose bit is set, or NONE. */
export function lowest(w0: number, w1: number, w2: number, w3: number): number {
  if (w0 !== 0) return Math.clz32(w0) + 1
  if (w1 !== 0) return Math.clz32(w1) + 33
  if (w2 !== 0) return Math.clz32(w2) + 65
  if (w3 !== 0) return Math.clz32(w3) + 97
  return NONE
}

/** Reads 64 bits, or 128 if bit 1 says so; the last two words are zero otherwise. */
export function readBitmap(bytes: Uint8Array, start: number, inHex: boolean): Words {
  const width = inHex ? 8 : 4
  if (start + 2 * width > bytes.length) throw new DecodeError('truncated', ['bitmap'])
  const first = readWord(bytes, start, inHex)
  const second = readWord(bytes, start + width, inHex)
  if (first >= 0) return [first, second, 0, 0]
  if (start + 4 * width > bytes.length) throw new DecodeError('truncated', ['bitmap'])
  return [first, second, readWord(bytes, start + 2 * width, inHex), readWord(bytes, start + 3 * width, inHex)]
}

function readWord(bytes: Uint8Array, at: number, inHex: boolean): number {
  if (!inHex) return (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!
  let word = 0
  for (let i = at; i < at + 8; i += 1) {
    const digit = hexValue[bytes[i]!]!
    if (digit === 255) throw new DecodeError('bitmap', ['bitmap'])
    word = (word << 4) | digit
  }
  return word
}

/** Writes one word as four bytes or eight digits. */
export function writeWord(target: Uint8Array, at: number, inHex: boolean, word: number): void {
  if (inHex) {
    for (let i = 0; i < 8; i += 1) target[at + i] = hexDigit[(word >>> (28 - 4 * i)) & 15]!
  } else {
    target[at] = word >>> 24
    target[at + 1] = word >>> 16
    target[at + 2] = word >>> 8
    target[at + 3] = word
  }
}
