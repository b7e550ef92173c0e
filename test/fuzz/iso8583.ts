import { createFramer, DecodeError, type Framer, frame } from '@turant/iso8583'
import { between, createSeededRandom, type Random } from '../../src/base/random.ts'
import { memoryInUse } from './memory.ts'
import { createDraft, load, mutate } from './mutate.ts'
import { createTargets, type Target } from './targets.ts'

/**
 * Spoilt messages through framer and decoder. A run holds when every input ends as a value or as a `DecodeError`, none
 * takes longer than the limit, and memory after is as before. Input number `i` of a seed is always the same bytes.
 */

const MAX_FRAME = 4096
const SLOW_MS = 5
const SUSPECT_MS = 1 // measured again, alone
const LOOK_EVERY = 16 // inputs that are also described, salvaged and refused
const GROWTH_BYTES = 4 * 1024 * 1024 // what compiled code and caches may add
const FAILURES = 20 // kept; a broken decoder would fill the memory otherwise

export type Failure = { readonly input: number; readonly target: string; readonly why: string; readonly hex: string }

export type FuzzReport = {
  readonly inputs: number
  readonly decoded: number
  readonly refused: number
  readonly unframed: number
  /** The slowest input; one over a millisecond is measured again alone, since a pause of the machine is no finding. */
  readonly slowestMs: number
  readonly grownBytes: number
  readonly tookMs: number
  readonly failures: readonly Failure[]
}

export type FuzzOptions = {
  readonly count: number
  readonly seed: number
  /** The first input; with `count: 1` a failure is played again alone. */
  readonly from?: number
  readonly onProgress?: (done: number) => void
}

/** One target, its framer, and what became of the message pushed last. */
class Line {
  readonly target: Target
  framer: Framer
  outcome: 'nothing' | 'decoded' | 'refused' | 'unframed' = 'nothing'
  frames = 0

  constructor(target: Target) {
    this.target = target
    this.framer = this.connect()
  }

  connect(): Framer {
    const { header, inclusive } = this.target
    return createFramer({
      header,
      inclusive,
      max: MAX_FRAME,
      onFrame: (bytes) => this.receive(bytes),
      onError: () => {
        this.outcome = 'unframed'
      },
    })
  }

  receive(bytes: Uint8Array): void {
    this.frames += 1
    try {
      this.target.read(bytes)
      this.outcome = 'decoded'
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error
      this.outcome = 'refused'
    }
  }

  forget(): void {
    this.outcome = 'nothing'
    this.frames = 0
  }

  /** Sends the pieces; says what cannot be true of the result. A stream that lost its place is replaced, as a link would. */
  push(pieces: readonly Uint8Array[], framed: boolean): string | undefined {
    this.forget()
    try {
      for (const piece of pieces) this.framer.push(piece)
    } catch (error) {
      this.framer = this.connect()
      return `threw ${String(error)}`
    }
    const { outcome, frames } = this
    const { pending } = this.framer
    if (outcome === 'unframed' || !framed) this.framer = this.connect()
    if (pending > MAX_FRAME + 4) return `keeps ${pending} bytes`
    if (framed && outcome !== 'unframed' && (frames !== 1 || pending !== 0)) return `became ${frames} frames`
    return undefined
  }
}

/** Cuts the framed bytes into one to three pieces. */
function cutUp(bytes: Uint8Array, random: Random): readonly Uint8Array[] {
  if (random.next32() % 4 !== 0) return [bytes]
  const first = between(random, 0, bytes.length)
  const second = between(random, first, bytes.length)
  return [bytes.subarray(0, first), bytes.subarray(first, second), bytes.subarray(second)]
}

type Input = {
  readonly line: Line
  readonly pieces: readonly Uint8Array[]
  readonly framed: boolean
  readonly body: Uint8Array
}

const draft = createDraft()

/** Builds input number `i`: a message of one target, mostly spoilt, behind a length that is mostly true. */
function makeInput(lines: readonly Line[], seed: number, i: number): Input {
  const random = createSeededRandom(Math.imul(seed, 0x9e3779b1) + i)
  const line = lines[random.next32() % lines.length]!
  const { bases, header, inclusive } = line.target
  const crafted = random.next32() % 8 === 0 ? line.target.craft(random) : undefined
  load(draft, crafted ?? bases[random.next32() % bases.length]!)
  if (crafted === undefined && random.next32() % 16 !== 0) mutate(draft, random, bases)
  const body = draft.bytes.subarray(0, draft.length)
  const framed = draft.length > 0 && random.next32() % 64 !== 0
  const bytes = frame(draft.length > 0 ? body : Buffer.alloc(1), header, inclusive)
  if (!framed) bytes[random.next32() % 4] = random.next32()
  return { line, pieces: cutUp(bytes, random), framed, body }
}

/** Runs `count` inputs of a seed. */
export function fuzzIso8583({ count, seed, from = 0, onProgress }: FuzzOptions): FuzzReport {
  const lines = createTargets().map((target) => new Line(target))
  const tally = { nothing: 0, decoded: 0, refused: 0, unframed: 0 }
  const failures: Failure[] = []
  const warm = from + Math.min(20_000, count >> 1)
  let before = 0
  let slowestMs = 0
  const startedAt = performance.now()
  for (let i = from; i < from + count; i += 1) {
    if (i === warm) before = memoryInUse()
    if (i % 100_000 === 0) onProgress?.(i - from)
    const { line, pieces, framed, body } = makeInput(lines, seed, i)
    const at = performance.now()
    let why = line.push(pieces, framed)
    let tookMs = performance.now() - at
    tally[line.outcome] += 1
    if (tookMs > SUSPECT_MS) tookMs = again(line, pieces, framed)
    slowestMs = Math.max(slowestMs, tookMs)
    if (tookMs > SLOW_MS) why ??= `took ${tookMs.toFixed(1)} ms`
    if (i % LOOK_EVERY === 0) why ??= look(line.target, body)
    if (why !== undefined && failures.length < FAILURES) {
      failures.push({ input: i, target: line.target.name, why, hex: Buffer.from(body).toString('hex') })
    }
  }
  const tookMs = performance.now() - startedAt
  const grownBytes = memoryInUse() - before
  if (grownBytes > GROWTH_BYTES)
    failures.push({ input: from + count, target: 'all', why: `memory grew by ${grownBytes} bytes`, hex: '' })
  const { decoded, refused, unframed } = tally
  return { inputs: count, decoded, refused, unframed, slowestMs, grownBytes, tookMs, failures }
}

/** The least of five more times: the input's own cost, without the collector and the neighbours. */
function again(line: Line, pieces: readonly Uint8Array[], framed: boolean): number {
  let least = Number.POSITIVE_INFINITY
  for (let turn = 0; turn < 5; turn += 1) {
    const at = performance.now()
    line.push(pieces, framed)
    least = Math.min(least, performance.now() - at)
  }
  return least
}

function look(target: Target, body: Uint8Array): string | undefined {
  try {
    target.look(body)
    return undefined
  } catch (error) {
    return `looking threw ${String(error)}`
  }
}
