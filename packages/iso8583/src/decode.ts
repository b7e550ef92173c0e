import { lowest, NONE, readBitmap } from './bitmap.ts'
import { areAll } from './characters.ts'
import { type DecodeCode, DecodeError } from './errors.ts'
import type { Decoded, Message } from './message.ts'
import { op, type Plan, planOf, type Step, type Wire } from './plan.ts'
import { readTags } from './read-tags.ts'
import { refined } from './refine.ts'

/**
 * Reads one message, all of it: every element is checked for length and characters, and no byte may be left over.
 *
 * @param bytes  the message without its length header; not kept, but a string sliced from it may be
 * @throws {DecodeError} for anything that is not exactly what the table says; nothing else, whatever the bytes
 */
export function decode<M extends Message>(message: M, bytes: Uint8Array, wire?: Wire): Decoded<M> {
  const plan = planOf(message, wire)
  const values = { ...plan.blank }
  readMessage(plan, bytes, values)
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

/**
 * Reads into `values`, in the order of the wire, and judges last what no single element shows: elements that are
 * absent, elements without a row, bytes left over. So `salvage` gets as much as there is.
 */
function readMessage(plan: Plan, bytes: Uint8Array, values: Record<string, unknown>): void {
  const size = bytes.length
  if (size > plan.maxBytes) throw new DecodeError('too_long', ['message'])
  let at = readMti(plan, bytes)
  const [w0, w1, w2, w3] = readBitmap(bytes, at, plan.hexBitmap)
  at += (plan.hexBitmap ? 2 : 1) * (w0 < 0 ? 16 : 8)
  const unknown = lowest(w0 & ~plan.listed[0]!, w1 & ~plan.listed[1]!, w2 & ~plan.listed[2]!, w3 & ~plan.listed[3]!)
  // The whole message as one string, a character per byte: values are slices of it, without a call out per element.
  const latin1 = latin1Slice.call(bytes, 0, size)

  const steps = plan.steps
  for (let i = 0; i < steps.length; i += 1) {
    const step = steps[i]!
    const word = step.word === 0 ? w0 : step.word === 1 ? w1 : step.word === 2 ? w2 : w3
    if ((word & step.bit) === 0) continue
    if (step.de > unknown) break // nobody knows how long the unknown one is
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
  const missing = lowest(
    plan.required[0]! & ~w0,
    plan.required[1]! & ~w1,
    plan.required[2]! & ~w2,
    plan.required[3]! & ~w3,
  )
  if (missing !== NONE) throw new DecodeError('missing', [`DE ${missing}`])
  if (at !== size) throw new DecodeError('trailing', ['message'])
}

const fail = (code: DecodeCode, step: Step): DecodeError => new DecodeError(code, [step.label])

/** Checks the message type, digit by digit, and says where the bitmap starts. */
export function readMti({ mti, packedMti }: Plan, bytes: Uint8Array): number {
  const width = packedMti ? 2 : 4
  if (bytes.length < width) throw new DecodeError('truncated', ['MTI'])
  for (let i = 0; i < 4; i += 1) {
    const byte = packedMti ? 48 + ((bytes[i >> 1]! >> (i & 1 ? 0 : 4)) & 15) : bytes[i]!
    if (byte !== mti.charCodeAt(i)) throw new DecodeError('mti', ['MTI'])
  }
  return width
}

/** A method of every Buffer, and of every Uint8Array it is called on, which its types leave out: half the price of `toString`. */
const { latin1Slice } = Buffer.prototype as unknown as {
  latin1Slice(this: Uint8Array, start: number, end: number): string
}

/** The length in front of a variable value, in characters, digits or bytes: what the table counts. */
export function readLength(bytes: Uint8Array, at: number, step: Step): number {
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

/** Two digits a byte; of an odd number of digits the first has a byte to itself, behind a zero. */
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
