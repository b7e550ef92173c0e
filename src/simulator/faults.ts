import type { Clock } from '../base/clock.ts'
import { between, chance, type Random } from '../base/random.ts'

/** What can happen to a frame on its way, each with a dial for frames from the hub (`…In`) and to it (`…Out`). */
export const wireFaults = ['drop', 'delay', 'duplicate', 'reorder', 'corrupt', 'disconnect'] as const
export type WireFault = (typeof wireFaults)[number]
export type Direction = 'In' | 'Out'

/** Probabilities from 0 to 1, but for the last three. All 0 at first. */
export type Faults = { -readonly [K in `${WireFault}${Direction}`]: number } & {
  /** Of ordinary amounts: how many are deemed, declined for business reasons, declined for technical ones. */
  deemed: number
  businessDecline: number
  technicalDecline: number
  /** Writes to the hub that leave byte by byte. */
  splitFrames: number
  /** Frames to the hub that have random bytes in front. */
  garbage: number
  /** Of documents from the hub: how many get no Ack, an Ack that refuses them unread, HTTP 500 although they were taken. */
  ackDrop: number
  ackNegative: number
  ackError: number
  /** Of answers to the hub's documents: how many come before the Ack, and how many come twice. */
  responseBeforeAck: number
  responseTwice: number
  /** Documents to the hub that somebody changed after they were signed. */
  badSignature: number
  /** Financial messages to the hub on ISO 8583: how many have a MAC with a flipped bit, have none, have one of another key. */
  badMac: number
  noMac: number
  wrongKey: number
  /** And how many somebody changed under their MAC: a yes into a no, a no into a yes, an amount into ten times as much. */
  forged: number
  /** Registered names in answers to name enquiries that show initials only. */
  maskNames: number
  /** How far Head@ts is off, milliseconds; may be negative. */
  clockSkewMs: number
  /** Log-ons still to be refused; -1 refuses all. */
  refuseLogOn: number
  /** How long `delay` holds a frame, protocol milliseconds. */
  delayMs: readonly [least: number, most: number]
}

export const noFaults = (): Faults => ({
  dropIn: 0,
  dropOut: 0,
  delayIn: 0,
  delayOut: 0,
  duplicateIn: 0,
  duplicateOut: 0,
  reorderIn: 0,
  reorderOut: 0,
  corruptIn: 0,
  corruptOut: 0,
  disconnectIn: 0,
  disconnectOut: 0,
  deemed: 0,
  businessDecline: 0,
  technicalDecline: 0,
  splitFrames: 0,
  garbage: 0,
  ackDrop: 0,
  ackNegative: 0,
  ackError: 0,
  responseBeforeAck: 0,
  responseTwice: 0,
  badSignature: 0,
  badMac: 0,
  noMac: 0,
  wrongKey: 0,
  forged: 0,
  maskNames: 0,
  clockSkewMs: 0,
  refuseLogOn: 0,
  delayMs: [100, 5_000],
})

/** A dial that is not one, or a value it does not take. `field` names it. */
export class FaultError extends Error {
  readonly field: string
  constructor(field: string, message: string) {
    super(`${field}: ${message}`)
    this.field = field
  }
}

const LONGEST_DELAY_MS = 3_600_000
const MOST_REFUSALS = 1_000_000

/**
 * Reads dials as a flag or a JSON body gives them. `drop` sets `dropIn` and `dropOut`; `delayMs` is `"100-5000"` or
 * one number; `refuseLogOn` is a count, true or false.
 *
 * @throws {FaultError} naming the dial
 */
export function readFaults(settings: Readonly<Record<string, unknown>>): Partial<Faults> {
  const read: Partial<Faults> = {}
  for (const [name, value] of Object.entries(settings)) {
    if (isWireFault(name)) {
      const p = probability(name, value)
      read[`${name}In`] = p
      read[`${name}Out`] = p
    } else if (name === 'refuseLogOn') read.refuseLogOn = refusals(name, value)
    else if (name === 'delayMs') read.delayMs = range(name, value)
    else if (name === 'clockSkewMs') read.clockSkewMs = skew(name, value)
    else if (isProbability(name)) read[name] = probability(name, value)
    else throw new FaultError(name, 'there is no such fault')
  }
  return read
}

const isWireFault = (name: string): name is WireFault => wireFaults.some((known) => known === name)

type Probability = Exclude<keyof Faults, 'refuseLogOn' | 'delayMs' | 'clockSkewMs'>
const isProbability = (name: string): name is Probability => Object.hasOwn(noFaults(), name)

const numberOf = (value: unknown): number =>
  typeof value === 'number'
    ? value
    : typeof value === 'string' && /^(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)$/.test(value)
      ? Number(value)
      : NaN

function probability(name: string, value: unknown): number {
  const p = numberOf(value)
  if (!(p >= 0 && p <= 1)) throw new FaultError(name, 'must be a probability from 0 to 1')
  return p
}

function refusals(name: string, value: unknown): number {
  if (value === true || value === 'true') return -1
  if (value === false || value === 'false') return 0
  const count = numberOf(value)
  if (!Number.isInteger(count) || count < 0 || count > MOST_REFUSALS) {
    throw new FaultError(name, 'must be true, false or a number of log-ons to refuse')
  }
  return count
}

function skew(name: string, value: unknown): number {
  const ms = typeof value === 'string' && /^-?[0-9]{1,8}$/.test(value) ? Number(value) : value
  if (typeof ms === 'number' && Number.isInteger(ms) && Math.abs(ms) <= LONGEST_DELAY_MS) return ms
  throw new FaultError(name, `must be milliseconds, at most ${LONGEST_DELAY_MS} either way`)
}

function range(name: string, value: unknown): readonly [number, number] {
  const [from, to = from, ...more] = typeof value === 'string' ? value.split('-') : [value]
  const least = numberOf(from)
  const most = numberOf(to)
  const whole = Number.isInteger(least) && Number.isInteger(most)
  if (!whole || more.length > 0 || least < 0 || most < least || most > LONGEST_DELAY_MS) {
    throw new FaultError(name, 'must be milliseconds, one number or a range such as "100-5000"')
  }
  return [least, most]
}

/** True with the probability of a dial; a dial at 0 draws nothing, so that it changes nothing else in a seeded run. */
export const strikes = (random: Random, p: number): boolean => p > 0 && chance(random, p)

/** The longest a reordered frame waits for others to overtake it, milliseconds of the clock. */
const REORDER_MS = 20

/** The dials of one simulator, and what follows from them for the fast path. */
export type Dials = {
  readonly faults: Readonly<Faults>
  /** True while no dial touches single frames in that direction. */
  quiet(direction: Direction): boolean
  /** Turns some of them. */
  turn(faults: Partial<Faults>): void
  /** True when this log-on is one of those to be refused. */
  refusesLogOn(): boolean
}

export function createDials(first: Partial<Faults> = {}): Dials {
  const faults = { ...noFaults(), ...first }
  const isQuiet = (direction: Direction): boolean => wireFaults.every((fault) => faults[`${fault}${direction}`] === 0)
  let quietIn = isQuiet('In')
  let quietOut = isQuiet('Out')
  return {
    faults,
    quiet: (direction) => (direction === 'In' ? quietIn : quietOut),
    turn(changed) {
      Object.assign(faults, changed)
      quietIn = isQuiet('In')
      quietOut = isQuiet('Out')
    },
    refusesLogOn() {
      if (faults.refuseLogOn > 0) {
        faults.refuseLogOn -= 1
        return true
      }
      return faults.refuseLogOn < 0
    },
  }
}

export type Wire = {
  readonly clock: Clock
  readonly random: Random
  readonly timerScale: number
  readonly dials: Dials
}

/**
 * Lets a frame through, or does to it what the dials say. `pass` may be called never, once or twice, now or later, and is
 * told whether the bytes are still those that came in.
 */
export function disturb(
  { clock, random, timerScale, dials }: Wire,
  direction: Direction,
  bytes: Uint8Array,
  pass: (bytes: Uint8Array, damaged: boolean) => void,
  hangUp: () => void,
): void {
  if (dials.quiet(direction)) {
    pass(bytes, false)
    return
  }
  const { faults } = dials
  if (strikes(random, faults[`disconnect${direction}`])) {
    hangUp()
    return
  }
  if (strikes(random, faults[`drop${direction}`])) return
  const damaged = strikes(random, faults[`corrupt${direction}`])
  const frame = damaged ? corrupted(random, bytes) : bytes
  const times = strikes(random, faults[`duplicate${direction}`]) ? 2 : 1
  for (let copy = 0; copy < times; copy += 1) {
    let waitMs = 0
    if (strikes(random, faults[`delay${direction}`])) waitMs += between(random, ...faults.delayMs) * timerScale
    if (strikes(random, faults[`reorder${direction}`])) waitMs += between(random, 1, REORDER_MS)
    if (waitMs === 0) pass(frame, damaged)
    else {
      // The frame may be a view of a buffer that the next read fills again.
      const later = new Uint8Array(frame)
      clock.after(waitMs, () => pass(later, damaged))
    }
  }
}

/** One byte loses its ASCII: damage that a decoder can see, since TCP would not let through what only changes a digit. */
function corrupted(random: Random, bytes: Uint8Array): Uint8Array {
  const copy = new Uint8Array(bytes)
  const at = between(random, 0, copy.length - 1)
  copy[at] = copy[at]! ^ 0x80
  return copy
}
