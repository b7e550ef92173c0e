import { writeWord } from './bitmap.ts'
import { hexValue, writeNumber, writeText } from './characters.ts'
import { type EncodeCode, EncodeError } from './errors.ts'
import type { Decoded, Message } from './message.ts'
import { op, type Plan, planOf, type Step, type Wire } from './plan.ts'
import { writeTags } from './write-tags.ts'

/**
 * Writes one message, without a length header. Elements go out in the order of their numbers; the second bitmap only
 * when an element over 64 is there.
 *
 * @throws {EncodeError} if a value is absent, of another type, too long, too short or has characters outside its class
 */
export function encode<M extends Message>(message: M, value: Decoded<M>, wire?: Wire): Uint8Array {
  const plan = planOf(message, wire)
  return writeMessage(plan, value as Readonly<Record<string, unknown>>)
}

/** Writes elements into the scratch buffer from where the body starts, the bitmap when it is known, and copies it all out. */
function writeMessage(plan: Plan, values: Readonly<Record<string, unknown>>): Uint8Array {
  const { steps, scratch } = plan
  const start = plan.packedMti ? 2 : 4
  let w0 = 0
  let w1 = 0
  let w2 = 0
  let w3 = 0
  const long = isLong(steps, values)
  if (long) w0 = 1 << 31 // bit 1
  let at = start + (plan.hexBitmap ? 2 : 1) * (long ? 16 : 8)
  for (let i = 0; i < steps.length; i += 1) {
    const step = steps[i]!
    const value = values[step.name]
    if (value === undefined) {
      if (step.optional) continue
      throw fail('missing', step)
    }
    if (step.word === 0) w0 |= step.bit
    else if (step.word === 1) w1 |= step.bit
    else if (step.word === 2) w2 |= step.bit
    else w3 |= step.bit
    at = writeValue(step, value, scratch, at)
  }
  const inHex = plan.hexBitmap
  const width = inHex ? 8 : 4
  writeWord(scratch, start, inHex, w0)
  writeWord(scratch, start + width, inHex, w1)
  if (long) {
    writeWord(scratch, start + 2 * width, inHex, w2)
    writeWord(scratch, start + 3 * width, inHex, w3)
  }
  const bytes = Buffer.allocUnsafe(at)
  scratch.copy(bytes, 0, 0, at)
  return bytes
}

const fail = (code: EncodeCode, step: Step): EncodeError => new EncodeError(code, [step.label])

/** Whether an element over 64 is there; they are the last steps. */
function isLong(steps: readonly Step[], values: Readonly<Record<string, unknown>>): boolean {
  for (let i = steps.length - 1; i >= 0 && steps[i]!.de > 64; i -= 1) {
    if (values[steps[i]!.name] !== undefined) return true
  }
  return false
}

function writeValue(step: Step, value: unknown, target: Uint8Array, at: number): number {
  switch (step.op) {
    case op.text: {
      if (typeof value !== 'string') throw fail('type', step)
      const from = writeLength(step, value.length, target, at)
      if (!writeText(target, from, value, step.classMask)) throw fail('character', step)
      return from + value.length
    }
    case op.packed:
      if (typeof value !== 'string') throw fail('type', step)
      return writeDigits(step, value, target, writeLength(step, value.length, target, at))
    case op.units: {
      const units = unitsOf(step, value)
      writeText(target, at, units, step.classMask)
      return at + units.length
    }
    case op.packedUnits:
      return writeDigits(step, unitsOf(step, value), target, at)
    case op.bytes: {
      if (!(value instanceof Uint8Array)) throw fail('type', step)
      const from = writeLength(step, value.length, target, at)
      target.set(value, from)
      return from + value.length
    }
    case op.hex: {
      if (typeof value !== 'string') throw fail('type', step)
      if (value.length % 2 === 1) throw fail('length', step)
      const from = writeLength(step, value.length / 2, target, at)
      if (!writeHex(target, from, value)) throw fail('character', step)
      return from + value.length / 2
    }
    default: {
      const from = at + step.prefixBytes
      const end = writeTags(step, value, target, from)
      writeLength(step, end - from, target, at)
      return end
    }
  }
}

/** Checks a length and writes it if the element has a prefix; says where the value starts. */
function writeLength(step: Step, length: number, target: Uint8Array, at: number): number {
  if (length < step.min || length > step.max) throw fail('length', step)
  const width = step.prefixBytes
  if (width === 0) return at
  if (step.lengths === 'ascii') writeNumber(target, at, width, length)
  else if (step.lengths === 'bcd') writePacked(target, at, String(length).padStart(2 * width, '0'))
  else for (let i = 0; i < width; i += 1) target[at + i] = length >> (8 * (width - 1 - i))
  return at + width
}

/** An amount as the digits of its element. */
function unitsOf(step: Step, value: unknown): string {
  if (typeof value !== 'bigint') throw fail('type', step)
  const units = value.toString().padStart(step.max, '0')
  if (value < 0n || units.length > step.max) throw fail('length', step)
  return units
}

/** Packs digits that came from outside, so checks them first. */
function writeDigits(step: Step, digits: string, target: Uint8Array, at: number): number {
  if (!/^[0-9]*$/.test(digits)) throw fail('character', step)
  return writePacked(target, at, digits)
}

/** Packs digits two to a byte, an odd first one behind a zero. */
function writePacked(target: Uint8Array, at: number, digits: string): number {
  const even = digits.length % 2 === 0 ? digits : `0${digits}`
  for (let i = 0; i < even.length; i += 2) {
    target[at + i / 2] = ((even.charCodeAt(i) - 48) << 4) | (even.charCodeAt(i + 1) - 48)
  }
  return at + even.length / 2
}

/** Writes a byte for every two hexadecimal digits; false if one is not a digit. */
function writeHex(target: Uint8Array, at: number, digits: string): boolean {
  for (let i = 0; i < digits.length; i += 2) {
    const high = hexValue[digits.charCodeAt(i)] ?? 255
    const low = hexValue[digits.charCodeAt(i + 1)] ?? 255
    if (high === 255 || low === 255) return false
    target[at + i / 2] = (high << 4) | low
  }
  return true
}
