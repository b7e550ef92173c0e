import { classBit, writeNumber, writeText } from './characters.ts'
import type { UnknownTag } from './element.ts'
import { type EncodeCode, EncodeError } from './errors.ts'
import type { Step } from './plan.ts'

const HEAD = 6 // three digits of tag, three of length
const LONGEST = 999

/** Writes the tags of one element from `start`, at most `parent.max` bytes; says where they end. */
export function writeTags(parent: Step, value: unknown, target: Uint8Array, start: number): number {
  if (typeof value !== 'object' || value === null) throw cannot('type', parent)
  const values = value as Readonly<Record<string, unknown>>
  const order = values.tagOrder
  if (order !== undefined) return writeInOrder(parent, values, order, target, start)
  let at = start
  for (const step of parent.tags!.steps) at = writeKnown(parent, step, values[step.name], target, start, at)
  for (const { tag, value } of unknownTags(parent, values))
    at = writeTag(parent, tag, value, classBit.ans, target, start, at)
  return at
}

/** As `writeTags`, but first the tags that `order` names, so that a message can be echoed as it came. */
function writeInOrder(
  parent: Step,
  values: Readonly<Record<string, unknown>>,
  order: unknown,
  target: Uint8Array,
  start: number,
): number {
  if (!Array.isArray(order)) throw cannot('type', parent)
  const rank = (tag: string): number => (order.includes(tag) ? order.indexOf(tag) : order.length)
  const entries = [
    ...parent.tags!.steps.map((step) => ({ tag: step.label.slice(4), step, value: '' })),
    ...unknownTags(parent, values).map(({ tag, value }) => ({ tag, step: undefined, value })),
  ].sort((a, b) => rank(a.tag) - rank(b.tag))
  let at = start
  for (const { tag, step, value } of entries) {
    at = step
      ? writeKnown(parent, step, values[step.name], target, start, at)
      : writeTag(parent, tag, value, classBit.ans, target, start, at)
  }
  return at
}

function writeKnown(parent: Step, step: Step, value: unknown, target: Uint8Array, start: number, at: number): number {
  if (value === undefined) {
    if (step.optional) return at
    throw cannot('missing', parent, step.label.slice(4))
  }
  const tag = step.label.slice(4)
  if (typeof value !== 'string') throw cannot('type', parent, tag)
  if (value.length < step.min || value.length > step.max) throw cannot('length', parent, tag)
  return writeTag(parent, tag, value, step.classMask, target, start, at)
}

function writeTag(
  parent: Step,
  tag: string,
  value: string,
  classMask: number,
  target: Uint8Array,
  start: number,
  at: number,
): number {
  const end = at + HEAD + value.length
  if (value.length > LONGEST || end - start > parent.max) throw cannot('length', parent, tag)
  target[at] = tag.charCodeAt(0)
  target[at + 1] = tag.charCodeAt(1)
  target[at + 2] = tag.charCodeAt(2)
  writeNumber(target, at + 3, 3, value.length)
  if (!writeText(target, at + HEAD, value, classMask)) throw cannot('character', parent, tag)
  return end
}

/** The tags that the table does not know, checked: they came from elsewhere. */
function unknownTags(parent: Step, values: Readonly<Record<string, unknown>>): readonly UnknownTag[] {
  const unknown = values.unknownTags as readonly UnknownTag[] | undefined
  if (unknown === undefined) return []
  if (!Array.isArray(unknown)) throw cannot('type', parent)
  const seen = new Set<string>()
  for (const { tag, value } of unknown) {
    if (typeof tag !== 'string' || !/^[0-9]{3}$/.test(tag) || typeof value !== 'string') throw cannot('type', parent)
    if (seen.has(tag) || parent.tags!.places[Number(tag)] !== 0) throw cannot('duplicate_tag', parent, tag)
    seen.add(tag)
  }
  return unknown
}

const cannot = (code: EncodeCode, parent: Step, tag?: string): EncodeError =>
  new EncodeError(code, tag === undefined ? [parent.label] : [parent.label, `tag ${tag}`])
