import type { Cancel, Clock } from '../../base/clock.ts'
import type { Log } from '../../base/log.ts'
import type { Db } from '../../db/pool.ts'
import { type CycleGrid, dayOf, findCycle, startOfDay } from '../../imps/cycles.ts'
import {
  type Cap,
  crossedBetween,
  type Level,
  levelOf,
  type Second,
  type Sums,
  secondsToCount,
  usedOf,
} from './net-debit.ts'
import {
  capOf,
  capsAt,
  countSeconds,
  type NetDebit,
  openSeconds,
  readNetDebits,
  saveNetDebits,
  settledCycles,
} from './net-debit-store.ts'

export type GaugeDeps = {
  readonly db: Db
  readonly clock: Clock
  readonly log: Log
  readonly cycles: readonly CycleGrid[]
  readonly institutions: readonly string[]
  /** This hub's name: who counts goes on counting. */
  readonly holder: string
}

/** How much of its net debit cap each bank has used. Reading it costs a look into memory. */
export interface Gauge {
  /** What new outward payments of a bank must do; undefined: leave. */
  stop(institution: string): 'hold' | 'refuse' | undefined
  positions(): readonly NetDebit[]
  /** Counts, or reads what another process has counted. */
  tick(): Promise<void>
  /** Ticks again and again, `everyMs` after the last one was done; the cancel waits for the one that runs. */
  start(everyMs: number): () => Promise<void>
}

/** Who has not counted for so long has stopped: another takes over. */
const SILENT_MS = 5_000
/** A payment that waited for a link before a refresh may have left after it: so far back is looked for one. */
const LOOK_BACK_S = 600
/** Seconds that one statement counts: ten minutes of payments. */
const AT_ONCE = 600

export function createGauge(deps: GaugeDeps): Gauge {
  const { db, clock, log, holder } = deps
  const institutions = [...deps.institutions].sort()
  let known: readonly NetDebit[] = []
  let stops = new Map<string, 'hold' | 'refuse'>()
  let count = createCount(deps)
  let counting = false

  const show = (positions: readonly NetDebit[]): void => {
    known = positions
    stops = new Map(
      positions.flatMap(({ institution, level, onFull }) =>
        level === 100 && onFull !== 'alert' ? [[institution, onFull] as const] : [],
      ),
    )
  }

  const tick = async (): Promise<void> => {
    const now = clock.now()
    const rows = await readNetDebits(db)
    const last = rows.reduce((latest, { position }) => Math.max(latest, position.countedAt), 0)
    const others = rows.some(({ by }) => by !== holder)
    if (others && now - last < SILENT_MS && now >= last) {
      counting = false
      show(rows.map(({ position }) => position))
      return
    }
    if (!counting) count = createCount(deps) // what it remembers may be old
    counting = true
    const before = new Map(rows.map(({ position }) => [position.institution, position]))
    const [caps, sums] = await Promise.all([capsAt(db, now), count(now, before)])
    const crossed: { position: NetDebit; level: Exclude<Level, 0> }[] = []
    const positions = institutions.map((institution): NetDebit => {
      const cap: Cap = capOf(caps, institution)
      const sum = sums.get(institution) ?? nothing(now)
      const was = before.get(institution)?.level ?? 0
      const level = levelOf(was, usedOf(sum), cap.capPaise)
      const position = { ...sum, ...cap, institution, level, countedAt: now }
      for (const one of crossedBetween(was, level)) crossed.push({ position, level: one })
      return position
    })
    await saveNetDebits(db, positions, crossed, holder)
    show(positions)
    for (const { position, level } of crossed) {
      const { institution, onFull } = position
      if (level === 100) log.error({ institution, percent: level, onFull }, 'the net debit cap is used up')
      else log.warn({ institution, percent: level }, 'a part of the net debit cap is used')
    }
  }

  return {
    stop: (institution) => stops.get(institution),
    positions: () => known,
    tick,
    start(everyMs) {
      let cancel: Cancel = () => undefined
      let stopped = false
      let failing = false
      const run = async (): Promise<void> => {
        try {
          await tick()
          failing = false
        } catch (error) {
          if (!failing) log.warn({ err: error }, 'the use of the net debit cap cannot be counted now')
          failing = true
        }
        if (!stopped) cancel = clock.after(everyMs, next)
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

type Counted = Sums & { readonly refreshedAt: number }
const nothing = (now: number): Counted => ({ outwardPaise: 0n, inwardPaise: 0n, inFlightPaise: 0n, refreshedAt: now })

/**
 * Counts by the second a payment was made in, and again only where something can have changed: a few seconds at a time whatever was paid
 * since the refresh, and after a restart or a refresh all of them once.
 */
function createCount({ db, cycles, institutions }: GaugeDeps) {
  const seconds = new Map<string, Map<number, Sums>>()
  let openThen = new Map<number, number>()
  let last: number | undefined
  let counted = new Map<string, number>()

  return async (now: number, before: ReadonlyMap<string, NetDebit>): Promise<ReadonlyMap<string, Counted>> => {
    const refreshed = new Map(institutions.map((one) => [one, before.get(one)?.refreshedAt ?? startOfDay(dayOf(now))]))
    for (const cycle of await settledCycles(db)) {
      const end = findCycle(cycles, cycle)?.toAt
      const since = refreshed.get(cycle.institution)
      if (end === undefined || since === undefined) continue
      // What is paid after a cycle was settled is of a later one, even if this one was cut before its time.
      refreshed.set(cycle.institution, Math.max(since, Math.min(end, cycle.settledAt)))
    }
    const second = Math.floor(now / 1000)
    const openNow = await openSeconds(db)
    const anew = last === undefined || [...refreshed].some(([one, at]) => counted.get(one) !== at)
    if (anew) {
      seconds.clear()
      openThen = new Map()
    }
    const oldest = Math.floor(Math.min(...refreshed.values()) / 1000)
    const wanted = anew
      ? [...new Set([...range(oldest - LOOK_BACK_S, second), ...openNow.keys()])]
      : secondsToCount(second, last ?? second, openThen, openNow)
    for (let i = 0; i < wanted.length; i += AT_ONCE) {
      const some = wanted.slice(i, i + AT_ONCE)
      for (const [since, banks] of bySince(refreshed)) {
        for (const [at, { sums, open }] of await countSeconds(db, some, since)) {
          openThen.set(at, open)
          if (open === 0) openThen.delete(at)
          keep(seconds, banks, at, sums)
        }
      }
    }
    last = second
    counted = refreshed
    return new Map(
      institutions.map((one) => [one, { ...total(seconds.get(one)), refreshedAt: refreshed.get(one) ?? now }]),
    )
  }
}

const range = (from: number, until: number): number[] => Array.from({ length: until - from + 1 }, (_, i) => from + i)

/** The banks that were refreshed at the same instant are counted by one statement: nearly always all of them. */
function bySince(refreshed: ReadonlyMap<string, number>): Map<number, Set<string>> {
  const groups = new Map<number, Set<string>>()
  for (const [institution, at] of refreshed) groups.set(at, (groups.get(at) ?? new Set()).add(institution))
  return groups
}

function keep(seconds: Map<string, Map<number, Sums>>, banks: ReadonlySet<string>, at: number, sums: Second): void {
  for (const bank of banks) {
    const own = seconds.get(bank) ?? new Map<number, Sums>()
    seconds.set(bank, own)
    const sum = sums.get(bank)
    if (sum === undefined) own.delete(at)
    else own.set(at, sum)
  }
}

function total(seconds: ReadonlyMap<number, Sums> | undefined): Sums {
  let [outwardPaise, inwardPaise, inFlightPaise] = [0n, 0n, 0n]
  for (const sum of seconds?.values() ?? []) {
    outwardPaise += sum.outwardPaise
    inwardPaise += sum.inwardPaise
    inFlightPaise += sum.inFlightPaise
  }
  return { outwardPaise, inwardPaise, inFlightPaise }
}
