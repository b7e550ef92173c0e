import { between, chance, type Random } from '../../src/base/random.ts'
import type { CrashPoint } from '../../src/payment/room.ts'
import type { SettlementCrashPoint } from '../../src/settling.ts'

/**
 * What each cycle kills, and when: drawn from a seed, so that a run can be drawn again. Instants inside the processes are not
 * repeatable, so a seed repeats the plan and not the run.
 */

/** How often a point is passed under the load of `load.ts` before the kill: the n-th time, at most. */
const points = {
  'initiate:before-commit': 20,
  'initiate:after-commit': 20,
  'record:before-commit': 15,
  'record:after-commit': 15,
  'receive:before-commit': 15,
  'receive:after-commit': 15,
  'dispatch:before-write': 40,
  'link:after-write': 60,
} as const satisfies Record<CrashPoint, number>

/** The same of settlement, while the files of one cycle of two banks are taken in. Runs of the match count anew in each process. */
const settlingPoints = {
  'intake:proved': 8,
  'intake:kept': 8,
  'intake:committed': 8,
  'match:begun': 2,
  'match:loading': 1,
  'match:loaded': 1,
  'match:writing': 1,
  'match:written': 1,
  'pipeline:matched': 2,
  'pipeline:settled': 2,
  'books:after-item': 6,
  'books:before-fact': 4,
  'books:after-fact': 4,
  'pipeline:acted': 2,
  'compensation:due': 2,
  'compensation:paid': 2,
  'dispute:applied': 2,
  'dispute:paid': 1,
  'pipeline:adjusted': 2,
  'upload:written': 1,
  'upload:leaving': 1,
  'upload:delivered': 1,
} as const satisfies Record<SettlementCrashPoint, number>

type Point = CrashPoint | SettlementCrashPoint
const doorPoints = Object.keys(points) as CrashPoint[]
const settlePoints = Object.keys(settlingPoints) as SettlementCrashPoint[]

/** Where a run kills the hub: at its doors, or while it settles. */
export const pointsOf = (settles: boolean): readonly Point[] => (settles ? settlePoints : doorPoints)

export type Kill =
  /** The hub kills itself at a named point. `cut`: the switch hangs up first, so that payments are held and answers lost. */
  | { readonly kind: 'point'; readonly point: Point; readonly nth: number; readonly cut: boolean }
  /** The hub is killed so long after its process was made: it may not be ready yet. */
  | { readonly kind: 'starting'; readonly afterMs: number }
  /** The hub is killed so long after it began to take payments. */
  | { readonly kind: 'serving'; readonly afterMs: number; readonly cut: boolean }
  /** PostgreSQL is stopped at once; the hub lives. `immediate` is pg_ctl's word for SIGQUIT; `kill` is SIGKILL of the postmaster. */
  | { readonly kind: 'postgres'; readonly how: 'immediate' | 'kill'; readonly afterMs: number }
  /** PostgreSQL is stopped at once and the hub killed, `betweenMs` later (or that much earlier when negative). */
  | { readonly kind: 'both'; readonly how: 'immediate' | 'kill'; readonly afterMs: number; readonly betweenMs: number }

const CUTS = 0.3

/** The plan of a run: every point in turn, and as many kills at any instant. */
export function* drawKills(random: Random, postgres: boolean): Generator<Kill, never> {
  for (let turn = 0; ; turn += 1) {
    if (postgres) {
      const how = chance(random, 0.5) ? 'immediate' : 'kill'
      const afterMs = between(random, 0, 600)
      if (turn % 3 !== 2) yield { kind: 'postgres', how, afterMs }
      else yield { kind: 'both', how, afterMs, betweenMs: between(random, -100, 200) }
    } else if (turn % 2 === 0) {
      const point = doorPoints[(turn / 2) % doorPoints.length] as CrashPoint
      yield { kind: 'point', point, nth: between(random, 1, points[point]), cut: chance(random, CUTS) }
    } else if (chance(random, 0.2)) yield { kind: 'starting', afterMs: between(random, 0, 800) }
    else yield { kind: 'serving', afterMs: between(random, 0, 350), cut: chance(random, CUTS) }
  }
}

/** A kill at a point where the hub has not died yet: each of them in turn, the first time it is passed. Undefined when there is none left. */
export function missingKill(hits: Readonly<Record<string, number>>, settles: boolean, turn: number): Kill | undefined {
  const missing = pointsOf(settles).filter((point) => (hits[point] ?? 0) === 0)
  const point = missing[turn % Math.max(missing.length, 1)]
  return point === undefined ? undefined : { kind: 'point', point, nth: 1, cut: false }
}

/** The files of a cycle are taken in and settled in about so long. */
const SETTLING_MS = 2_500
/** From one point to the next: early ones and late ones by turns. It shares no factor with how many there are, so each is hit once in a round. */
const STRIDE = 9

/** The same of a run that settles: three of four at a point. */
export function* drawSettlingKills(random: Random): Generator<Kill, never> {
  for (let turn = 0, hit = 0; ; turn += 1) {
    if (turn % 4 !== 3) {
      const point = settlePoints[(hit * STRIDE) % settlePoints.length] as SettlementCrashPoint
      hit += 1
      yield { kind: 'point', point, nth: between(random, 1, settlingPoints[point]), cut: chance(random, CUTS) }
    } else if (chance(random, 0.2)) yield { kind: 'starting', afterMs: between(random, 0, 800) }
    else yield { kind: 'serving', afterMs: between(random, 0, SETTLING_MS), cut: chance(random, CUTS) }
  }
}
