import { type Cancel, type Clock, startOfIstDay } from '../base/clock.ts'
import type { PaymentId } from '../base/identifiers.ts'
import type { Log } from '../base/log.ts'
import type { Db } from '../db/pool.ts'
import { createFigures, PIECE_MS, pieceOf, type TenantFigures } from './figures.ts'
import { countPieces, lastBefore, openPieces } from './figures-store.ts'

export type TodayDeps = { readonly db: Db; readonly clock: Clock; readonly log: Pick<Log, 'warn'> }

/** What was paid since midnight in India, counted beside the payments: the doors write nothing for it and wait for nothing. */
export interface Today {
  /** A payment has moved: the piece it was made in is counted again. */
  moved(id: PaymentId): void
  /** Counts what has changed, and goes on with what has not been counted since this process began. */
  tick(): Promise<void>
  read(tenantId: number): Counted
  /** Ticks again and again; the cancel waits for the one that runs. @param everyMs  from the end of one to the next, at least */
  start(everyMs: number): () => Promise<void>
}

export type Counted = TenantFigures & {
  readonly startOfDay: number
  /** Everything made from this instant on is counted: the start of the day, once all of it is. */
  readonly since: number
  /** As of when; null before the first count. */
  readonly at: number | null
}

/**
 * Counting has about a fiftieth of one connection's time, whatever is paid meanwhile: under full load that time is taken from payments. But
 * what is shown is never older than this.
 */
const SHARE = 49
/** What was paid before this process began is wanted soon: until that is counted, a tenth of one connection's time. */
const WALK_SHARE = 9
const LONGEST_MS = 5_000
/** Pieces in one statement: five minutes of payments. */
const AT_ONCE = 30
/** How long after all of the day was counted it is counted again. */
const AGAIN_MS = 3_600_000

export function createToday({ db, clock, log }: TodayDeps): Today {
  let startOfDay = startOfIstDay(clock.now())
  let figures = createFigures(startOfDay)
  let touched = new Set<number>()
  let openThen: ReadonlyMap<number, number> = new Map()
  /** Everything from here on is counted. */
  let since = Number.POSITIVE_INFINITY
  /** How far the walk back to the start of the day has come, newest first; and when the last one was over. */
  let walk = Number.POSITIVE_INFINITY
  let walkedAt = 0
  let at: number | null = null

  const count = async (pieces: readonly number[]): Promise<void> => {
    for (const [piece, counted] of await countPieces(db, pieces)) figures.replace(piece, counted)
  }

  /** What was paid before this process began, a statement at a time; and each hour again, for what another process learned of old payments. */
  const walkBack = async (): Promise<void> => {
    const last = await lastBefore(db, walk, startOfDay)
    const newest = last === undefined ? startOfDay : pieceOf(last)
    const oldest = last === undefined ? startOfDay : Math.max(startOfDay, newest - (AT_ONCE - 1) * PIECE_MS)
    if (last !== undefined) await count(range(oldest, newest))
    walk = oldest
    since = Math.min(since, walk)
    if (walk === startOfDay) walkedAt = clock.now()
  }

  const tick = async (): Promise<void> => {
    const now = clock.now()
    const today = startOfIstDay(now)
    if (today !== startOfDay) {
      startOfDay = today
      figures = createFigures(today)
      since = Number.POSITIVE_INFINITY
      openThen = new Map()
    }
    const current = pieceOf(now)
    if (since === Number.POSITIVE_INFINITY) since = walk = Math.max(startOfDay, current - PIECE_MS)
    if (walk === startOfDay && now - walkedAt > AGAIN_MS) walk = current
    const open = await openPieces(db)
    const moved = touched
    touched = new Set()
    // Another process makes and moves payments too: its are in the newest pieces, or a hold of theirs has come or gone.
    const changed = [...open.keys(), ...openThen.keys()].filter((one) => open.get(one) !== openThen.get(one))
    const wanted = [...new Set([current, current - PIECE_MS, ...moved, ...changed])]
      .filter((one) => one >= since && one <= current)
      .sort((a, b) => b - a)
    try {
      for (let i = 0; i < wanted.length; i += AT_ONCE) await count(wanted.slice(i, i + AT_ONCE))
    } catch (error) {
      for (const one of moved) touched.add(one)
      throw error
    }
    openThen = open
    if (walk > startOfDay) await walkBack()
    at = now
  }

  return {
    moved(id) {
      touched.add(pieceOf(Number.parseInt(id.slice(4, 16), 16)))
    },
    tick,
    read(tenantId) {
      const now = clock.now()
      // Before the first count nothing is counted, from now on.
      return { ...figures.of(tenantId, now), startOfDay, since: Math.max(Math.min(since, now), startOfDay), at }
    },
    start(everyMs) {
      let cancel: Cancel = () => undefined
      let stopped = false
      let failing = false
      const run = async (): Promise<void> => {
        const began = clock.monotonicMs()
        try {
          await tick()
          failing = false
        } catch (error) {
          if (!failing) log.warn({ err: error }, 'what was paid today cannot be counted now')
          failing = true
        }
        const walks = since > startOfDay && !failing
        const waitMs = walks ? 0 : everyMs
        const restMs = Math.min(LONGEST_MS, (walks ? WALK_SHARE : SHARE) * (clock.monotonicMs() - began))
        if (!stopped) cancel = clock.after(Math.max(waitMs, restMs), next)
      }
      let running = run()
      function next(): void {
        running = run()
      }
      return async () => {
        stopped = true
        cancel()
        await running
      }
    },
  }
}

const range = (from: number, until: number): number[] =>
  Array.from({ length: (until - from) / PIECE_MS + 1 }, (_, i) => from + i * PIECE_MS)
