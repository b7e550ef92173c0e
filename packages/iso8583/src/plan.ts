import { classBit } from './characters.ts'
import type { Element, TagRows } from './element.ts'
import type { Message } from './message.ts'

/** How the bytes of a link are written, where the standard leaves a choice. The defaults are IMPS's. */
export interface Wire {
  /** Digits as characters, or packed two to a byte. Default ascii. */
  readonly numeric?: 'ascii' | 'bcd'
  /** 8 or 16 bytes, or twice as many hexadecimal digits. Default binary. */
  readonly bitmap?: 'binary' | 'hex'
  /** The lengths before LLVAR and LLLVAR values: digits, packed digits, or a big-endian number. Default ascii. */
  readonly lengths?: 'ascii' | 'bcd' | 'binary'
}

/** What to do at one element. A number, so that the loops switch on it without a call. */
export const op = { text: 0, packed: 1, units: 2, packedUnits: 3, bytes: 4, hex: 5, tags: 6 } as const

/** One element, worked out: everything the loops need, in objects of one shape. */
export interface Step {
  readonly name: string
  /** `DE 4` or `tag 062`, for error paths. */
  readonly label: string
  readonly de: number
  /** Which of the four words of the bitmap, and which bit of it. */
  readonly word: number
  readonly bit: number
  readonly optional: boolean
  readonly op: number
  readonly classMask: number
  readonly min: number
  readonly max: number
  /** Bytes of length in front, 0 if fixed. */
  readonly prefixBytes: number
  readonly lengths: 'ascii' | 'bcd' | 'binary'
  readonly refine: ((value: unknown) => unknown) | undefined
  readonly tags: TagPlan | undefined
}

export interface TagPlan {
  /** In the order of the table, which is the order of writing. */
  readonly steps: readonly Step[]
  /** For each tag from 0 to 999, its step's place plus one, or 0. */
  readonly places: Uint16Array
  readonly required: number
}

/** A message on a wire, worked out once. */
export interface Plan {
  readonly mti: string
  readonly steps: readonly Step[]
  readonly hexBitmap: boolean
  readonly packedMti: boolean
  /** Four words of 32 elements each: those listed, and those required. */
  readonly listed: Int32Array
  readonly required: Int32Array
  /** The most bytes that a valid message can have. */
  readonly maxBytes: number
  /**
   * The required elements, empty. Decoding starts from a copy: the engine then knows all properties at once instead
   * of one by one, which is a twentieth of the time. JSON.parse makes it, because its objects keep their properties inline.
   */
  readonly blank: Readonly<Record<string, unknown>>
  /** Where encoding works before it copies out what it wrote; it begins with the message type, once and for all. */
  readonly scratch: Buffer
}

const indexOf = (wire: Wire): number =>
  (wire.numeric === 'bcd' ? 1 : 0) +
  (wire.bitmap === 'hex' ? 2 : 0) +
  (wire.lengths === 'bcd' ? 4 : wire.lengths === 'binary' ? 8 : 0)

/** The plan of a message for a wire: twelve wires at most, so what is kept is bounded. */
export function planOf(message: Message, wire: Wire | undefined): Plan {
  const index = wire === undefined ? 0 : indexOf(wire)
  const known = message.plans[index]
  if (known !== undefined) return known
  const made = makePlan(message, wire ?? {})
  message.plans[index] = made
  return made
}

function makePlan({ mti, rows }: Message, wire: Wire): Plan {
  const steps = Object.entries(rows)
    .map(([name, row]) => makeStep(name, `DE ${row.de}`, row.de, row.is, row.optional === true, wire))
    .sort((a, b) => a.de - b.de)
  const listed = new Int32Array(4)
  const required = new Int32Array(4)
  let maxBytes = 4 + (wire.bitmap === 'hex' ? 32 : 16)
  for (const step of steps) {
    listed[step.word] = listed[step.word]! | step.bit
    if (!step.optional) required[step.word] = required[step.word]! | step.bit
    maxBytes += step.prefixBytes + step.max
  }
  listed[0] = listed[0]! | (1 << 31) // bit 1 says that a second bitmap follows
  const scratch = Buffer.alloc(maxBytes)
  scratch.write(mti, wire.numeric === 'bcd' ? 'hex' : 'latin1')
  const always = steps.filter((step) => !step.optional).map((step) => [step.name, ''])
  return {
    mti,
    steps,
    hexBitmap: wire.bitmap === 'hex',
    packedMti: wire.numeric === 'bcd',
    blank: JSON.parse(JSON.stringify(Object.fromEntries(always))),
    listed,
    required,
    maxBytes,
    scratch,
  }
}

function makeStep(name: string, label: string, de: number, is: Element<unknown>, optional: boolean, wire: Wire): Step {
  const lengths = is.lengths ?? wire.lengths ?? 'ascii'
  return {
    name,
    label,
    de,
    word: (de - 1) >> 5,
    bit: 1 << (31 - ((de - 1) & 31)),
    optional,
    op: opOf(is, wire),
    classMask: classBit[is.characters],
    min: is.min,
    max: is.max,
    prefixBytes: is.prefix === 0 || lengths === 'ascii' ? is.prefix : is.prefix - 1,
    lengths,
    refine: is.refine as ((value: unknown) => unknown) | undefined,
    tags: is.tags && makeTagPlan(is.tags),
  }
}

function opOf(is: Element<unknown>, wire: Wire): number {
  const packed = is.characters === 'n' && (is.encoding ?? wire.numeric) === 'bcd'
  switch (is.kind) {
    case 'characters':
      return packed ? op.packed : op.text
    case 'minorUnits':
      return packed ? op.packedUnits : op.units
    case 'bytes':
      return op.bytes
    case 'hex':
      return op.hex
    case 'tags':
      return op.tags
  }
}

function makeTagPlan(rows: TagRows): TagPlan {
  const steps = Object.entries(rows).map(([name, row]) =>
    makeStep(name, `tag ${row.tag}`, Number(row.tag), row.is, row.optional === true, {}),
  )
  const places = new Uint16Array(1000)
  for (const [place, step] of steps.entries()) places[step.de] = place + 1
  return { steps, places, required: steps.filter((step) => !step.optional).length }
}
