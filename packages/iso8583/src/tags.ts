import { classBit, classesOf } from './characters.ts'
import { areAll, refined } from './decode.ts'
import type { UnknownTag } from './element.ts'
import { type DecodeCode, DecodeError, type EncodeCode, EncodeError } from './errors.ts'
import type { Step, TagPlan } from './plan.ts'

const HEAD = 6 // three digits of tag, three of length
const LONGEST = 999

/** Reads the tags of one element. The whole range must be used up exactly. */
export function readTags(parent: Step, bytes: Uint8Array, latin1: string, start: number, limit: number): unknown {
  const plan = parent.tags!
  const values: Record<string, unknown> = {}
  let unknown: UnknownTag[] | undefined
  let last = 0
  let shuffled = false
  let required = plan.required
  let at = start
  while (at < limit) {
    if (at + HEAD > limit) throw bad('truncated', parent)
    const tag = threeDigits(bytes, at)
    if (tag < 0) throw bad('character', parent)
    const place = plan.places[tag]!
    const step = place === 0 ? undefined : plan.steps[place - 1]!
    const length = threeDigits(bytes, at + 3)
    if (length < 0) throw bad('length_prefix', parent, tag)
    if (step !== undefined && (length < step.min || length > step.max)) throw bad('length', parent, tag)
    const from = at + HEAD
    at = from + length
    if (at > limit) throw bad('truncated', parent, tag)
    if (!areAll(step?.classMask ?? classBit.ans, bytes, from, at)) throw bad('character', parent, tag)
    const value = latin1.substring(from, at)
    if (step === undefined) {
      const name = latin1.substring(from - HEAD, from - 3)
      unknown ??= []
      if (unknown.some((other) => other.tag === name)) throw bad('duplicate_tag', parent, tag)
      unknown.push({ tag: name, value })
      continue
    }
    // Rising places cannot repeat, so only a tag out of order can be there already.
    if (place <= last || unknown !== undefined) {
      if (values[step.name] !== undefined) throw bad('duplicate_tag', parent, tag)
      shuffled = true
    }
    last = place
    if (!step.optional) required -= 1
    values[step.name] = step.refine === undefined ? value : refined(step, value, parent)
  }
  if (required !== 0) throw bad('missing', parent, missingTag(plan, values))
  if (unknown !== undefined) values.unknownTags = unknown
  if (shuffled) values.tagOrder = orderOf(latin1, start, limit)
  return values
}

/** A number of three digits, or -1. */
function threeDigits(bytes: Uint8Array, at: number): number {
  const a = bytes[at]! - 48
  const b = bytes[at + 1]! - 48
  const c = bytes[at + 2]! - 48
  return a >>> 0 > 9 || b >>> 0 > 9 || c >>> 0 > 9 ? -1 : a * 100 + b * 10 + c
}

const labelOf = (tag: number): string => `tag ${String(tag).padStart(3, '0')}`

const bad = (code: DecodeCode, parent: Step, tag?: number): DecodeError =>
  new DecodeError(code, tag === undefined ? [parent.label] : [parent.label, labelOf(tag)])

const missingTag = (plan: TagPlan, values: Record<string, unknown>): number | undefined =>
  plan.steps.find((step) => !step.optional && values[step.name] === undefined)?.de

/** The tags as they stand on a wire that has been read already. */
function orderOf(latin1: string, start: number, limit: number): string[] {
  const order: string[] = []
  for (let at = start; at < limit; at += HEAD + Number(latin1.substring(at + 3, at + HEAD))) {
    order.push(latin1.substring(at, at + 3))
  }
  return order
}

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

/** Writes characters one byte each, checking each; false if one is outside the class. */
export function writeText(target: Uint8Array, at: number, value: string, classMask: number): boolean {
  for (let i = 0; i < value.length; i += 1) {
    const code = value.charCodeAt(i)
    if (code > 127 || (classesOf[code]! & classMask) === 0) return false
    target[at + i] = code
  }
  return true
}

/** Writes a number as `width` digits. */
export function writeNumber(target: Uint8Array, at: number, width: number, value: number): void {
  let rest = value
  for (let i = at + width - 1; i >= at; i -= 1) {
    target[i] = 48 + (rest % 10)
    rest = (rest / 10) | 0
  }
}
