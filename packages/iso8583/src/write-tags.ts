import { classBit, writeNumber, writeText } from './characters.ts'
import type { UnknownTag } from './element.ts'
import { type EncodeCode, EncodeError } from './errors.ts'
import type { Step } from './plan.ts'

const HEAD = 6 // three digits of tag, three of length
const LONGEST = 999 // what three digits of length can say

type Values = Readonly<Record<string, unknown>>

/** Writes the tags of one element from `start`, at most `parent.max` bytes; says where they end. */
export function writeTags(parent: Step, value: unknown, target: Uint8Array, start: number): number {
  if (typeof value !== 'object' || value === null) throw cannot('type', parent)
  const values = value as Values
  const limit = start + parent.max
  if (values.tagOrder !== undefined) return writeInOrder(parent, values, target, start, limit)
  const steps = parent.tags!.steps
  let at = start
  for (let i = 0; i < steps.length; i += 1) at = writeKnown(parent, steps[i]!, values, target, at, limit)
  if (values.unknownTags === undefined) return at
  for (const { tag, value } of unknownTags(parent, values)) at = writeUnknown(parent, tag, value, target, at, limit)
  return at
}

/** As `writeTags`, but first the tags that `tagOrder` names, so that a message can be echoed as it came. */
function writeInOrder(parent: Step, values: Values, target: Uint8Array, start: number, limit: number): number {
  const order: unknown = values.tagOrder
  if (!Array.isArray(order)) throw cannot('type', parent)
  const rank = (tag: string): number => (order.includes(tag) ? order.indexOf(tag) : order.length)
  const entries = [
    ...parent.tags!.steps.map((step) => ({ tag: digitsOf(step.de), step, value: '' })),
    ...unknownTags(parent, values).map(({ tag, value }) => ({ tag, step: undefined, value })),
  ].sort((a, b) => rank(a.tag) - rank(b.tag))
  let at = start
  for (const { tag, step, value } of entries) {
    at = step
      ? writeKnown(parent, step, values, target, at, limit)
      : writeUnknown(parent, tag, value, target, at, limit)
  }
  return at
}

function writeKnown(parent: Step, step: Step, values: Values, target: Uint8Array, at: number, limit: number): number {
  const value = values[step.name]
  if (value === undefined) {
    if (step.optional) return at
    throw cannot('missing', parent, step.de)
  }
  if (typeof value !== 'string') throw cannot('type', parent, step.de)
  if (value.length < step.min || value.length > step.max) throw cannot('length', parent, step.de)
  return writeTag(parent, step.de, value, step.classMask, target, at, limit)
}

function writeUnknown(parent: Step, tag: string, value: string, target: Uint8Array, at: number, limit: number): number {
  if (value.length > LONGEST) throw cannot('length', parent, Number(tag))
  return writeTag(parent, Number(tag), value, classBit.ans, target, at, limit)
}

/** Writes one tag, unless it would not fit: `target` may end at `limit`. */
function writeTag(
  parent: Step,
  tag: number,
  value: string,
  classMask: number,
  target: Uint8Array,
  at: number,
  limit: number,
): number {
  const from = at + HEAD
  const end = from + value.length
  if (end > limit) throw cannot('length', parent, tag)
  writeNumber(target, at, 3, tag)
  writeNumber(target, at + 3, 3, value.length)
  if (!writeText(target, from, value, classMask)) throw cannot('character', parent, tag)
  return end
}

/** The tags that the table does not know, checked: they came from elsewhere. */
function unknownTags(parent: Step, values: Values): readonly UnknownTag[] {
  const unknown = values.unknownTags as readonly UnknownTag[] | undefined
  if (unknown === undefined) return []
  if (!Array.isArray(unknown)) throw cannot('type', parent)
  const seen = new Set<string>()
  for (const { tag, value } of unknown) {
    if (typeof tag !== 'string' || !/^[0-9]{3}$/.test(tag) || typeof value !== 'string') throw cannot('type', parent)
    if (seen.has(tag) || parent.tags!.places[Number(tag)] !== 0) throw cannot('duplicate_tag', parent, Number(tag))
    seen.add(tag)
  }
  return unknown
}

const digitsOf = (tag: number): string => String(tag).padStart(3, '0')

const cannot = (code: EncodeCode, parent: Step, tag?: number): EncodeError =>
  new EncodeError(code, tag === undefined ? [parent.label] : [parent.label, `tag ${digitsOf(tag)}`])
