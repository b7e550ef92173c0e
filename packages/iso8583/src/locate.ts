import { readBitmap } from './bitmap.ts'
import { readLength, readMti } from './decode.ts'
import { DecodeError } from './errors.ts'
import type { Message } from './message.ts'
import { op, planOf, type Wire } from './plan.ts'

/** Where an element lies: from its length digits, from its value, to one past its end. */
export type Span = { readonly de: number; readonly from: number; readonly value: number; readonly end: number }

/**
 * Finds the elements of a message without reading them, in the order of the wire: for a MAC, which is over bytes and not
 * over what they mean.
 *
 * @throws {DecodeError} when lengths and bitmap do not add up to the message; characters are not looked at
 */
export function locate(message: Message, bytes: Uint8Array, wire?: Wire): readonly Span[] {
  const plan = planOf(message, wire)
  let at = readMti(plan, bytes)
  const words = readBitmap(bytes, at, plan.hexBitmap)
  at += (plan.hexBitmap ? 2 : 1) * (words[0] < 0 ? 16 : 8)
  const spans: Span[] = []
  for (let i = 0; i < words.length; i += 1) {
    if ((words[i]! & ~plan.listed[i]!) !== 0) throw new DecodeError('unknown_element', ['message'])
  }
  for (const step of plan.steps) {
    if ((words[step.word]! & step.bit) === 0) continue
    let length = step.max
    const from = at
    if (step.prefixBytes !== 0) {
      length = readLength(bytes, at, step)
      at += step.prefixBytes
    }
    const value = at
    at += step.op === op.packed || step.op === op.packedUnits ? (length + 1) >> 1 : length
    if (at > bytes.length) throw new DecodeError('truncated', [step.label])
    spans.push({ de: step.de, from, value, end: at })
  }
  if (at !== bytes.length) throw new DecodeError('trailing', ['message'])
  return spans
}
