import { between, chance, type Random } from '../../src/base/random.ts'
import type { CrashPoint } from '../../src/payment/room.ts'

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

export const crashPoints = Object.keys(points) as CrashPoint[]

export type Kill =
  /** The hub kills itself at a named point. `cut`: the switch hangs up first, so that payments are held and answers lost. */
  | { readonly kind: 'point'; readonly point: CrashPoint; readonly nth: number; readonly cut: boolean }
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
      const point = crashPoints[(turn / 2) % crashPoints.length] as CrashPoint
      yield { kind: 'point', point, nth: between(random, 1, points[point]), cut: chance(random, CUTS) }
    } else if (chance(random, 0.2)) yield { kind: 'starting', afterMs: between(random, 0, 800) }
    else yield { kind: 'serving', afterMs: between(random, 0, 350), cut: chance(random, CUTS) }
  }
}
