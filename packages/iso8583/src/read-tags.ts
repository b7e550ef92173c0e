import { areAll, classBit } from './characters.ts'
import type { UnknownTag } from './element.ts'
import { type DecodeCode, DecodeError } from './errors.ts'
import type { Step, TagPlan } from './plan.ts'
import { refined } from './refine.ts'

const HEAD = 6 // three digits of tag, three of length

/** Reads the tags of one element. The whole range must be used up exactly. */
export function readTags(parent: Step, bytes: Uint8Array, latin1: string, start: number, limit: number): unknown {
  const plan = parent.tags!
  const values: Record<string, unknown> = {}
  let unknown: UnknownTag[] | undefined
  let last = 0 // the highest place so far
  let shuffled = false // not in the order in which `writeTags` would write
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
      unknown ??= [] // at most 166 of them in 999 bytes, so looking through them all is cheap enough
      if (unknown.some((other) => other.tag === name)) throw bad('duplicate_tag', parent, tag)
      unknown.push({ tag: name, value })
      continue
    }
    // A place beyond all before it cannot be a repetition; only a tag out of order needs the look.
    if (place <= last || unknown !== undefined) {
      if (values[step.name] !== undefined) throw bad('duplicate_tag', parent, tag)
      shuffled = true
    }
    if (place > last) last = place
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
