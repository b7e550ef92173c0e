import { between, chance, fraction, type Random } from '../../src/base/random.ts'
import { defaultProfile, type MacProfile } from '../../src/imps/profile.ts'
import type { Faults } from '../../src/simulator/faults.ts'
import type { WebFaults } from '../support/memory-web.ts'
import { noStorageFaults, type StorageFaults } from './storage.ts'

/** Something that happens to the world at an instant of the chaos, `at` and `forMs` in milliseconds. */
export type Mishap = {
  readonly kind:
    | 'crash' //         kill -9 of a process; it starts again after `forMs`
    | 'pause' //         the process stands still: longer than a lease, somebody else takes over
    | 'stall' //         the same, between asking for a transaction and getting it
    | 'drain' //         SIGTERM: a clean stop, then a start
    | 'partition' //     nothing passes between hub and switch; no connection breaks
    | 'cut' //           every connection breaks, bytes under way are lost
    | 'switchDown' //    the switch refuses connections and log-ons
    | 'databaseAway' // no process reaches the database
    | 'jump' //          somebody sets the wall clock
  readonly at: number
  readonly forMs: number
  readonly process: number
}

/** Everything about a run that the seed decides before it begins: its swarm of faults. Most dials of most seeds stand at zero. */
export type Dials = {
  readonly startMs: number
  readonly timerScale: number
  /** Verifications after the third. Mostly one, five minutes later: an hour of waiting costs a second of computing. */
  readonly thenMs: readonly number[]
  readonly chaosMs: number
  readonly processes: 1 | 2
  /** True as in production: a process that starts again has the name it had on its leases. */
  readonly sameHolder: boolean
  /** How far the wall clock of each process is off, milliseconds. */
  readonly skewMs: readonly [number, number]
  readonly latencyMs: readonly [number, number]
  readonly split: number
  readonly wire: Partial<Faults>
  readonly storage: StorageFaults
  /** Chance that a process dies when it passes a crash point. */
  readonly crashPoint: number
  readonly mishaps: readonly Mishap[]
  readonly payments: number
  readonly inwards: number
  /** The wire of the run; `mixed`: one institution has moved to XML, the other has not. */
  readonly rail: 'iso8583' | 'xml' | 'mixed'
  /** What the way of an HTTPS exchange does to it. */
  readonly web: Partial<WebFaults>
  /** MACs on the ISO 8583 links, and how often the switch changes its keys, milliseconds; undefined: none. */
  readonly macs: { readonly profile: Partial<MacProfile>; readonly everyMs: number } | undefined
  /** Payments that NPCI has the hub give back (UDIR), each at some instant of the chaos. */
  readonly reversals: number
}

/** Where references, days and years turn: RRNs carry the hour of the Indian year. */
const starts = [
  '2026-11-22T06:30:00Z', // an ordinary noon in Mumbai
  '2026-11-22T07:29:40Z', // the hour turns
  '2026-11-22T18:29:45Z', // the Indian day turns
  '2026-12-31T18:29:50Z', // the Indian year turns
  '2027-12-31T23:59:55Z', // the year of UTC turns
  '2028-02-28T18:29:55Z', // into the 29th of February
]

const wireDials = ['drop', 'delay', 'duplicate', 'reorder', 'corrupt', 'disconnect'] as const
const mostOf = { drop: 0.3, delay: 0.5, duplicate: 0.5, reorder: 0.3, corrupt: 0.15, disconnect: 0.05 } as const

const mishapKinds = [
  'crash',
  'pause',
  'stall',
  'drain',
  'partition',
  'cut',
  'switchDown',
  'databaseAway',
  'jump',
] as const

function drawWire(random: Random): Partial<Faults> {
  const wire: Partial<Faults> = {}
  for (const dial of wireDials) {
    for (const direction of ['In', 'Out'] as const) {
      if (chance(random, 0.3)) wire[`${dial}${direction}`] = fraction(random) * mostOf[dial]
    }
  }
  if (chance(random, 0.3)) wire.deemed = fraction(random) * 0.2
  if (chance(random, 0.3)) wire.businessDecline = fraction(random) * 0.3
  if (chance(random, 0.3)) wire.technicalDecline = fraction(random) * 0.3
  if (chance(random, 0.2)) wire.splitFrames = fraction(random)
  if (chance(random, 0.1)) wire.garbage = fraction(random) * 0.05
  if (chance(random, 0.1)) wire.refuseLogOn = between(random, 1, 4)
  wire.delayMs = chance(random, 0.5) ? [10, 5_000] : [1_000, 90_000]
  return wire
}

function drawStorage(random: Random): StorageFaults {
  const latencyMs: readonly [number, number] = chance(random, 0.6)
    ? [0, 3]
    : chance(random, 0.5)
      ? [1, 50]
      : [5, between(random, 100, 3_000)]
  if (chance(random, 0.5)) return { ...noStorageFaults, latencyMs }
  const most = chance(random, 0.8) ? 0.05 : 0.3
  const dial = () => (chance(random, 0.5) ? fraction(random) * most : 0)
  return { refused: dial(), lost: dial(), lostAfterCommit: dial(), aborted: dial(), latencyMs }
}

function drawMishaps(random: Random, chaosMs: number, timerScale: number, processes: 1 | 2): Mishap[] {
  const mishaps: Mishap[] = []
  for (const kind of mishapKinds) {
    // Where another process can take over, standing still for longer than a lease is the interesting fault.
    const overtaken = kind === 'stall' && processes === 2
    if (!chance(random, kind === 'jump' ? 0.1 : overtaken ? 0.6 : 0.3)) continue
    for (let left = between(random, 1, 3); left > 0; left -= 1) {
      const short = chance(random, 0.6)
      // Longer than a payment may wait for a link: what is held then is refused.
      const endless = (kind === 'switchDown' || kind === 'partition') && chance(random, 0.06)
      mishaps.push({
        kind,
        at: between(random, 0, chaosMs),
        forMs: endless
          ? Math.round(1_100_000 * timerScale)
          : short && !overtaken
            ? between(random, 0, 3_000)
            : between(random, 1_000, Math.max(20_000, 300_000 * timerScale)),
        process: between(random, 0, 1),
      })
    }
  }
  return mishaps.sort((a, b) => a.at - b.at)
}

/** Drawn last, so that a seed of before is the same run, with or without MACs. */
function drawMacs(random: Random): Pick<Dials, 'macs'> & { readonly wire: Partial<Faults> } {
  if (!chance(random, 0.4)) return { macs: undefined, wire: {} }
  const wire: Partial<Faults> = {}
  for (const dial of ['badMac', 'noMac', 'wrongKey', 'forged'] as const) {
    if (chance(random, 0.5)) wire[dial] = fraction(random) * 0.4
  }
  const profile = {
    enabled: true,
    algorithm: chance(random, 0.5) ? 'iso9797-1-alg3-pad1' : 'aes-cmac',
    carrier: chance(random, 0.5) ? '48.099' : '64/128',
    askForKey: chance(random, 0.7),
    maxBad: between(random, 2, 20),
  } as const
  return { macs: { profile, everyMs: between(random, 5_000, 120_000) }, wire }
}

function drawXml(random: Random): Partial<Faults> {
  const wire: Partial<Faults> = {}
  if (chance(random, 0.3)) wire.ackDrop = fraction(random) * 0.3
  if (chance(random, 0.3)) wire.ackNegative = fraction(random) * 0.2
  if (chance(random, 0.3)) wire.ackError = fraction(random) * 0.3
  if (chance(random, 0.4)) wire.responseBeforeAck = fraction(random)
  if (chance(random, 0.4)) wire.responseTwice = fraction(random)
  if (chance(random, 0.2)) wire.badSignature = fraction(random) * 0.3
  if (chance(random, 0.2)) wire.clockSkewMs = between(random, -600_000, 600_000)
  return wire
}

/** No doubling: a stream delivers a document once, and the switch doubles its own by its own dials. */
function drawWeb(random: Random): Partial<WebFaults> {
  const web: { -readonly [K in keyof WebFaults]?: number } = {}
  if (chance(random, 0.3)) web.loseRequest = fraction(random) * 0.2
  if (chance(random, 0.3)) web.loseResponse = fraction(random) * 0.2
  if (chance(random, 0.3)) web.breakResponse = fraction(random) * 0.2
  if (chance(random, 0.3)) {
    web.delay = fraction(random) * 0.3
    web.delayMs = between(random, 100, 8_000)
  }
  return web
}

export function drawDials(random: Random): Dials {
  const calm = chance(random, 0.05)
  const timerScale = chance(random, 0.96) ? 1 : 0.2
  const chaosMs = Math.round(between(random, 60_000, chance(random, 0.9) ? 400_000 : 1_500_000) * timerScale)
  const processes = chance(random, 0.3) ? 2 : 1
  const startAt = chance(random, 0.5) ? starts[0] : starts[between(random, 0, starts.length - 1)]
  const drawn: Omit<Dials, 'rail' | 'web' | 'reversals' | 'macs'> = {
    startMs: Date.parse(startAt as string) + between(random, 0, 999),
    timerScale,
    thenMs: chance(random, 0.88) ? [300_000] : defaultProfile.timers.thenMs,
    chaosMs,
    processes,
    sameHolder: chance(random, 0.7),
    skewMs:
      calm || chance(random, 0.85)
        ? [0, 0]
        : [Math.round(between(random, -120_000, 120_000) * timerScale), between(random, -2_000, 2_000)],
    latencyMs: chance(random, 0.7) ? [0, 5] : [5, between(random, 20, 800)],
    split: chance(random, 0.5) ? 0 : fraction(random),
    wire: calm ? {} : drawWire(random),
    storage: calm ? noStorageFaults : drawStorage(random),
    crashPoint: calm || chance(random, 0.6) ? 0 : fraction(random) * 0.05,
    mishaps: calm ? [] : drawMishaps(random, chaosMs, timerScale, processes),
    payments: between(random, 4, 24),
    inwards: between(random, 0, 8),
  }
  const rail = chance(random, 0.5) ? 'iso8583' : chance(random, 0.7) ? 'xml' : 'mixed'
  const onXml =
    calm || rail === 'iso8583'
      ? { wire: {}, web: {}, reversals: 0 }
      : { wire: drawXml(random), web: drawWeb(random), reversals: between(random, 0, 4) }
  const { macs, wire } = rail === 'xml' ? { macs: undefined, wire: {} } : drawMacs(random)
  return { ...drawn, ...onXml, rail, macs, wire: { ...drawn.wire, ...onXml.wire, ...(calm ? {} : wire) } }
}
