import { between, type Random } from '../../src/base/random.ts'

/** Bytes being spoilt, in a buffer that is used again for every input. */
export type Draft = { readonly bytes: Buffer; length: number }

/** Room for the longest mutated message; mutations never go over it. */
export const DRAFT_BYTES = 6000

export const createDraft = (): Draft => ({ bytes: Buffer.alloc(DRAFT_BYTES), length: 0 })

export function load(draft: Draft, from: Uint8Array): void {
  draft.bytes.set(from)
  draft.length = from.length
}

/** Bytes that parsers trip over: ends of ranges, separators, digits, signs. */
const awkward = [
  0x00, 0x01, 0x09, 0x0a, 0x1f, 0x20, 0x2b, 0x2d, 0x2f, 0x30, 0x39, 0x3a, 0x41, 0x66, 0x7e, 0x7f, 0x80, 0xff,
]

const place = (draft: Draft, random: Random): number => between(random, 0, Math.max(0, draft.length - 1))

type Mutation = (draft: Draft, random: Random, bases: readonly Uint8Array[]) => void

const setByte: Mutation = (draft, random) => {
  draft.bytes[place(draft, random)] = random.next32()
}

const setAwkward: Mutation = (draft, random) => {
  draft.bytes[place(draft, random)] = awkward[random.next32() % awkward.length]!
}

const flipBit: Mutation = (draft, random) => {
  draft.bytes[place(draft, random)]! ^= 1 << (random.next32() & 7)
}

/** One element more or less than the body holds. The bitmap starts at 2 (packed) or 4. */
const flipElement: Mutation = (draft, random) => {
  draft.bytes[between(random, 2, 35)]! ^= 1 << (random.next32() & 7)
}

/** Lengths and tags are digits: one up, one down, or another one. */
const changeDigit: Mutation = (draft, random) => {
  for (let at = place(draft, random), tries = 0; tries < 8; at += 1, tries += 1) {
    const byte = draft.bytes[at % DRAFT_BYTES]!
    if (at >= draft.length || byte < 48 || byte > 57) continue
    const step = random.next32() % 3
    draft.bytes[at] =
      step === 0 ? Math.max(48, byte - 1) : step === 1 ? Math.min(57, byte + 1) : 48 + (random.next32() % 10)
    return
  }
}

const cut: Mutation = (draft, random) => {
  draft.length = place(draft, random)
}

const extend: Mutation = (draft, random) => {
  const more = Math.min(between(random, 1, 40), DRAFT_BYTES - draft.length)
  for (let i = 0; i < more; i += 1) draft.bytes[draft.length + i] = random.next32()
  draft.length += more
}

const remove: Mutation = (draft, random) => {
  const at = place(draft, random)
  const less = Math.min(between(random, 1, 12), draft.length - at)
  draft.bytes.copyWithin(at, at + less, draft.length)
  draft.length -= less
}

/** Something twice: a tag, an element, half the message. */
const repeat: Mutation = (draft, random) => {
  const at = place(draft, random)
  const more = Math.min(between(random, 1, 60), draft.length - at, DRAFT_BYTES - draft.length)
  draft.bytes.copyWithin(at + more, at, draft.length)
  draft.length += more
}

const fill: Mutation = (draft, random) => {
  const at = place(draft, random)
  draft.bytes.fill(awkward[random.next32() % awkward.length]!, at, Math.min(draft.length, at + between(random, 1, 30)))
}

/** The front of one message and the back of another. */
const splice: Mutation = (draft, random, bases) => {
  const other = bases[random.next32() % bases.length]!
  const at = place(draft, random)
  const from = between(random, 0, other.length - 1)
  const tail = other.subarray(from, from + DRAFT_BYTES - at)
  draft.bytes.set(tail, at)
  draft.length = at + tail.length
}

/** As long as a hostile length can make it: digits to the end. */
const swell: Mutation = (draft, random) => {
  const longer = between(random, draft.length, DRAFT_BYTES)
  draft.bytes.fill(random.next32() % 2 === 0 ? 0x30 : 0x39, draft.length, longer)
  draft.length = longer
}

/** Common ones twice; the swelling one, which costs most, seldom. */
const mutations: readonly Mutation[] = [
  ...[setByte, setAwkward, flipBit, flipElement, changeDigit, cut, extend, remove, repeat, fill, splice],
  ...[setByte, setAwkward, flipBit, flipElement, changeDigit, changeDigit, changeDigit, repeat, remove],
]

/** Spoils a message in one to four ways, which may cancel each other out. */
export function mutate(draft: Draft, random: Random, bases: readonly Uint8Array[]): void {
  if (random.next32() % 64 === 0) swell(draft, random, bases)
  for (let turns = between(random, 1, 4); turns > 0; turns -= 1) {
    mutations[random.next32() % mutations.length]!(draft, random, bases)
  }
}
