/**
 * settlement/positions: where each bank of the hub stands with NPCI. It promises figures that follow from rows alone, counted by one
 * process for all; that no payment waits for them; and that a proof that fails says so, and by how much.
 */

/** The net debit cap of a bank, as NPCI has told it. */
export type Cap = {
  /** Null: none. */
  readonly capPaise: bigint | null
  readonly onFull: OnFull
}

/** What becomes of new outward payments when the cap is used up. Whatever it is, NPCI makes its own check. */
export const onFullWords = ['alert', 'hold', 'refuse'] as const
export type OnFull = (typeof onFullWords)[number]

export const noCap: Cap = { capPaise: null, onFull: 'alert' }

/** Per cent of the cap at which people are told. @source settlement.md §2.1 */
export const levels = [60, 80, 90, 100] as const
export type Level = 0 | (typeof levels)[number]

/** Sums since the last refresh, in paise. */
export type Sums = {
  /** Outward, approved and deemed: NPCI counts both as paid. */
  readonly outwardPaise: bigint
  /** Inward, approved. */
  readonly inwardPaise: bigint
  /** Outward, sent and still open: may come to be counted, and is not yet. */
  readonly inFlightPaise: bigint
}

/** `used = Σ outward approved and deemed − Σ inward approved`; below zero the bank is to receive. @source settlement.md §2.1 */
export const usedOf = ({ outwardPaise, inwardPaise }: Sums): bigint => outwardPaise - inwardPaise

/** A level is left only this many points below it, so that a bank that stands on it is not told with every payment. */
const SLACK = 5

/**
 * The level a bank is at. One that was crossed is kept until the use is clearly below it again; the stop alone ends at once, when
 * something has come free.
 */
export function levelOf(before: Level, usedPaise: bigint, capPaise: bigint | null): Level {
  if (capPaise === null) return 0
  const reached = (percent: number): boolean => usedPaise * 100n >= capPaise * BigInt(percent)
  const up = levels.filter((level) => reached(level)).at(-1) ?? 0
  if (up >= before) return up
  const kept = levels.filter((level) => level < 100 && level <= before && reached(level - SLACK)).at(-1) ?? 0
  return kept > up ? kept : up
}

/** The levels that were crossed from below on the way from one to another. */
export const crossedBetween = (before: Level, after: Level): readonly Exclude<Level, 0>[] =>
  levels.filter((level) => level > before && level <= after)

/** What was paid in one second, by bank. */
export type Second = ReadonlyMap<string, Sums>

/** Seconds after which a second is counted again: calls that waited for their commit have it by then. */
const AGAIN_AFTER = [1, 2, 3, 10, 60]

/**
 * Which seconds to count now: the youngest; those that commits may have come late for; and those in which something was open when they
 * were counted last, and is not as it was.
 * @param openThen  how many payments were open in a second when it was counted
 * @param openNow   how many are open in it now
 */
export function secondsToCount(
  now: number,
  last: number,
  openThen: ReadonlyMap<number, number>,
  openNow: ReadonlyMap<number, number>,
): readonly number[] {
  const wanted = new Set<number>()
  for (let second = last; second <= now; second += 1) {
    wanted.add(second)
    // Every second that was passed since the last look has its ages now.
    for (const age of AGAIN_AFTER) wanted.add(second - age)
  }
  for (const [second, count] of openNow) if (openThen.get(second) !== count) wanted.add(second)
  for (const [second, count] of openThen) if ((openNow.get(second) ?? 0) !== count) wanted.add(second)
  return [...wanted].sort((a, b) => a - b)
}
