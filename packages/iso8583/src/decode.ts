import { classesOf, hexValue } from './characters.ts'
import { type DecodeCode, DecodeError } from './errors.ts'
import type { Decoded, Message } from './message.ts'
import { op, type Plan, planOf, type Step, type Wire } from './plan.ts'
import { readTags } from './tags.ts'

/**
 * Reads one message, all of it: every element is checked for length and characters, and no byte may be left over.
 *
 * @param bytes  the message without its length header; not kept, but a string sliced from it may be
 * @throws {DecodeError} for anything that is not exactly what the table says; nothing else, whatever the bytes
 */
export function decode<M extends Message>(message: M, bytes: Uint8Array, wire?: Wire): Decoded<M> {
  const values: Record<string, unknown> = {}
  readMessage(planOf(message, wire), bytes, values)
  return values as Decoded<M>
}

/**
 * Reads what can be read of a message that `decode` refuses: the elements before the first bad one. Enough, most
 * of the time, to answer "format error" to the right question. Never throws.
 */
export function salvage<M extends Message>(message: M, bytes: Uint8Array, wire?: Wire): Partial<Decoded<M>> {
  const values: Record<string, unknown> = {}
  try {
    readMessage(planOf(message, wire), bytes, values)
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error
  }
  return values as Partial<Decoded<M>>
}

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

/** Four words of 32 elements; the last two are zero if bit 1 does not announce them. */
function readBitmap(bytes: Uint8Array, start: number, inHex: boolean): [number, number, number, number] {
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

function readMessage(plan: Plan, bytes: Uint8Array, values: Record<string, unknown>): void {
  const size = bytes.length
  if (size > plan.maxBytes) throw new DecodeError('too_long', ['message'])
  let at = readMti(plan, bytes)
  const [w0, w1, w2, w3] = readBitmap(bytes, at, plan.hexBitmap)
  at += (plan.hexBitmap ? 2 : 1) * (w0 < 0 ? 16 : 8)
  const unknown = firstOf(w0 & ~plan.listed[0]!, w1 & ~plan.listed[1]!, w2 & ~plan.listed[2]!, w3 & ~plan.listed[3]!)
  const latin1 = textOf(bytes)

  const steps = plan.steps
  for (let i = 0; i < steps.length; i += 1) {
    const step = steps[i]!
    const word = step.word === 0 ? w0 : step.word === 1 ? w1 : step.word === 2 ? w2 : w3
    if ((word & step.bit) === 0) continue
    if (step.de > unknown) break
    let length = step.max
    if (step.prefixBytes !== 0) {
      length = readLength(bytes, at, step)
      at += step.prefixBytes
    }
    const end = at + (step.op === op.packed || step.op === op.packedUnits ? (length + 1) >> 1 : length)
    if (end > size) throw fail('truncated', step)
    const value = readValue(step, bytes, latin1, at, end, length)
    values[step.name] = step.refine === undefined ? value : refined(step, value)
    at = end
  }

  if (unknown !== NONE) throw new DecodeError('unknown_element', [`DE ${unknown}`])
  const missing = firstOf(
    plan.required[0]! & ~w0,
    plan.required[1]! & ~w1,
    plan.required[2]! & ~w2,
    plan.required[3]! & ~w3,
  )
  if (missing !== NONE) throw new DecodeError('missing', [`DE ${missing}`])
  if (at !== size) throw new DecodeError('trailing', ['message'])
}

const fail = (code: DecodeCode, step: Step): DecodeError => new DecodeError(code, [step.label])

const NONE = 129 // one past the last element

/** The lowest element whose bit is set, or NONE. */
function firstOf(w0: number, w1: number, w2: number, w3: number): number {
  if (w0 !== 0) return Math.clz32(w0) + 1
  if (w1 !== 0) return Math.clz32(w1) + 33
  if (w2 !== 0) return Math.clz32(w2) + 65
  if (w3 !== 0) return Math.clz32(w3) + 97
  return NONE
}

/** Checks the message type and says where the bitmap starts. */
function readMti({ mti, packedMti }: Plan, bytes: Uint8Array): number {
  const width = packedMti ? 2 : 4
  if (bytes.length < width) throw new DecodeError('truncated', ['MTI'])
  for (let i = 0; i < 4; i += 1) {
    const byte = packedMti ? 48 + ((bytes[i >> 1]! >> (i & 1 ? 0 : 4)) & 15) : bytes[i]!
    if (byte !== mti.charCodeAt(i)) throw new DecodeError('mti', ['MTI'])
  }
  return width
}

/** The whole message as one string, a character per byte: values are then slices of it, without a call per element. */
function textOf(bytes: Uint8Array): string {
  const buffer = bytes instanceof Buffer ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return buffer.toString('latin1')
}

function readLength(bytes: Uint8Array, at: number, step: Step): number {
  if (at + step.prefixBytes > bytes.length) throw fail('truncated', step)
  let length = 0
  for (let i = at; i < at + step.prefixBytes; i += 1) {
    const byte = bytes[i]!
    if (step.lengths === 'ascii') {
      if (byte < 48 || byte > 57) throw fail('length_prefix', step)
      length = length * 10 + byte - 48
    } else if (step.lengths === 'bcd') {
      if (byte >> 4 > 9 || (byte & 15) > 9) throw fail('length_prefix', step)
      length = length * 100 + (byte >> 4) * 10 + (byte & 15)
    } else {
      length = length * 256 + byte
    }
  }
  if (length < step.min || length > step.max) throw fail('length', step)
  return length
}

function readValue(step: Step, bytes: Uint8Array, latin1: string, at: number, end: number, length: number): unknown {
  switch (step.op) {
    case op.text:
      if (!areAll(step.classMask, bytes, at, end)) throw fail('character', step)
      return latin1.substring(at, end)
    case op.units:
      if (!areAll(step.classMask, bytes, at, end)) throw fail('character', step)
      return BigInt(latin1.substring(at, end))
    case op.packed:
      return readPacked(step, bytes, at, end, length)
    case op.packedUnits:
      return BigInt(readPacked(step, bytes, at, end, length))
    case op.bytes:
      return new Uint8Array(bytes.subarray(at, end))
    case op.hex:
      return Buffer.from(latin1.substring(at, end), 'latin1').toString('hex').toUpperCase()
    default:
      return readTags(step, bytes, latin1, at, end)
  }
}

/** Whether every byte is in the class. */
export function areAll(classMask: number, bytes: Uint8Array, at: number, end: number): boolean {
  for (let i = at; i < end; i += 1) if ((classesOf[bytes[i]!]! & classMask) === 0) return false
  return true
}

function readPacked(step: Step, bytes: Uint8Array, at: number, end: number, length: number): string {
  let digits = ''
  for (let i = at; i < end; i += 1) {
    const high = bytes[i]! >> 4
    const low = bytes[i]! & 15
    if (high > 9 || low > 9) throw fail('character', step)
    if (i === at && length % 2 === 1) {
      if (high !== 0) throw fail('padding', step)
      digits += low
    } else digits += `${high}${low}`
  }
  return digits
}

/** Asks the check given to `as`. What it throws may hold the value, so it is not passed on. */
export function refined(step: Step, value: unknown, parent?: Step): unknown {
  let earned: unknown
  try {
    earned = step.refine?.(value)
  } catch {
    earned = undefined
  }
  if (earned === undefined) throw new DecodeError('refused', parent ? [parent.label, step.label] : [step.label])
  return earned
}
