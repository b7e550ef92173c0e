/** What a process that has too much to do stops doing, in which order, and when it does it again. Pure. */

/** How much is refused: nothing; all but money; everything but health. */
export type Level = 'calm' | 'busy' | 'overloaded'

/** How hard it is at the moment. */
export type Strain = {
  /** How late the event loop is, milliseconds. */
  readonly loopMs: number
  /** How long a statement waits for a connection and its answer, milliseconds. */
  readonly databaseMs: number
  /** How full the doors' queues are, 0 to 1. */
  readonly doors: number
}

export type Thresholds = { readonly busy: Strain; readonly overloaded: Strain }

/** Above these; a hub at its full rate of payments stays far below. */
export const defaultThresholds: Thresholds = {
  busy: { loopMs: 250, databaseMs: 1_000, doors: 0.5 },
  overloaded: { loopMs: 1_000, databaseMs: 5_000, doors: 0.9 },
}

/** Samples in a row that must be better, and by how much, before a level is left: a limit that is on its edge must not flap. */
const CALM_SAMPLES = 4
const CALM_SHARE = 0.5

export type Shedder = { readonly sample: (strain: Strain) => Level; readonly level: () => Level }

const order = { calm: 0, busy: 1, overloaded: 2 } as const satisfies Record<Level, number>

const isOver = (strain: Strain, limit: Strain, share: number): boolean =>
  strain.loopMs > limit.loopMs * share ||
  strain.databaseMs > limit.databaseMs * share ||
  strain.doors > limit.doors * share

const levelOf = (strain: Strain, { busy, overloaded }: Thresholds, share: number): Level =>
  isOver(strain, overloaded, share) ? 'overloaded' : isOver(strain, busy, share) ? 'busy' : 'calm'

/** Up at the second bad sample in a row (one may be a page of script that was compiled); down one level after several good ones. */
export function createShedder(thresholds: Thresholds = defaultThresholds): Shedder {
  let level: Level = 'calm'
  let before: Level = 'calm'
  let good = 0
  return {
    level: () => level,
    sample(strain) {
      const now = levelOf(strain, thresholds, 1)
      const up = order[now] < order[before] ? now : before
      before = now
      if (order[up] > order[level]) {
        level = up
        good = 0
        return level
      }
      // What would have to be left behind is looked at with less patience than what is entered.
      good = order[levelOf(strain, thresholds, CALM_SHARE)] < order[level] ? good + 1 : 0
      if (good >= CALM_SAMPLES) {
        level = level === 'overloaded' ? 'busy' : 'calm'
        good = 0
      }
      return level
    },
  }
}
