import { istParts } from '../base/clock.ts'
import type { CycleNumber, Day, FileCycle } from './files/rows.ts'
import { distinct, list, matching, oneOf, type Read, SettingError, section } from './settings-reader.ts'

/**
 * When NPCI's settlement cycles begin and end, as data with a day they are in force from: four a day in 2019, then eight, now ten, and
 * UPI has split off two for disputes. The settlement date is the day a cycle ends on: cycle 1 begins at 21:00 the evening before.
 * @source settlement.md §2.2
 */

/** One cycle of a business day. Times are IST, `HH:MM`; `24:00` is the end of the day. */
export type CycleWindow = {
  readonly number: CycleNumber
  readonly from: string
  readonly to: string
  /** Begins on the evening before its settlement date. */
  readonly dayBefore: boolean
  /** What is settled in it; `disputes` alone is a cycle such as DC1. */
  readonly carries: 'payments' | 'disputes' | 'both'
}

export type CycleGrid = {
  /** The first settlement date it is in force on. */
  readonly from: Day
  readonly windows: readonly CycleWindow[]
}

const window = (number: number, from: string, to: string, dayBefore = false): CycleWindow => ({
  number: String(number),
  from,
  to,
  dayBefore,
  carries: 'both',
})

/** Ten a day. @source settlement.md §2.2; 5C is confirmed for IMPS by OC 124 */
export const defaultCycles: readonly CycleGrid[] = [
  {
    from: '2000-01-01',
    windows: [
      window(1, '21:00', '24:00', true),
      window(2, '00:00', '05:00'),
      window(3, '05:00', '07:00'),
      window(4, '07:00', '09:00'),
      window(5, '09:00', '11:00'),
      window(6, '11:00', '13:00'),
      window(7, '13:00', '15:00'),
      window(8, '15:00', '17:00'),
      window(9, '17:00', '19:00'),
      window(10, '19:00', '21:00'),
    ],
  },
]

const DAY_MS = 86_400_000
const MINUTE_MS = 60_000
const IST_OFFSET_MS = 19_800_000

/** The calendar day in IST. */
export function dayOf(epochMs: number): Day {
  const { year, month, day } = istParts(epochMs)
  return `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`
}

/** The instant a day begins in IST. */
export const startOfDay = (day: Day): number => Date.parse(`${day}T00:00:00.000Z`) - IST_OFFSET_MS

/** `day` and so many days on; or back, with a number below zero. */
export const addDays = (day: Day, days: number): Day => dayOf(startOfDay(day) + days * DAY_MS)

const minutes = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3))

/** The grid in force on a settlement date. */
export function gridOf(grids: readonly CycleGrid[], settlementDate: Day): CycleGrid {
  const inForce = grids.filter(({ from }) => from <= settlementDate).at(-1) ?? grids[0]
  if (inForce === undefined) throw new Error('a profile has at least one grid of cycles')
  return inForce
}

/** A cycle with its window: it holds what happened at or after `fromAt` and before `toAt`. */
export type Cycle = FileCycle & Pick<CycleWindow, 'carries'> & { readonly fromAt: number; readonly toAt: number }

/** The cycles of one settlement date, in the order they end. */
export function cyclesOn(grids: readonly CycleGrid[], settlementDate: Day): readonly Cycle[] {
  const midnight = startOfDay(settlementDate)
  return gridOf(grids, settlementDate)
    .windows.map(({ number, from, to, dayBefore, carries }) => {
      const start = midnight - (dayBefore ? DAY_MS : 0)
      const [fromAt, toAt] = [start + minutes(from) * MINUTE_MS, start + minutes(to) * MINUTE_MS]
      return { settlementDate, number, carries, fromAt, toAt }
    })
    .sort((a, b) => a.toAt - b.toAt || (a.number < b.number ? -1 : 1))
}

/**
 * The cycle in which what happens at `epochMs` is settled: a payment, or with `disputes` an adjustment.
 * Where two grids meet and leave a gap or an overlap, the cycle that ends first takes it.
 */
export function cycleAt(
  grids: readonly CycleGrid[],
  epochMs: number,
  what: 'payments' | 'disputes' = 'payments',
): Cycle {
  const today = dayOf(epochMs)
  const near = [today, addDays(today, 1), addDays(today, 2)].flatMap((day) => cyclesOn(grids, day))
  const own = near.filter(({ carries }) => carries === what || carries === 'both')
  const found =
    own.find(({ fromAt, toAt }) => fromAt <= epochMs && epochMs < toAt) ?? own.find(({ toAt }) => toAt > epochMs)
  if (found === undefined) throw new Error(`no cycle carries ${what}`)
  return found
}

/** A cycle by its name; undefined when its day has none of that number. */
export const findCycle = (grids: readonly CycleGrid[], { settlementDate, number }: FileCycle): Cycle | undefined =>
  cyclesOn(grids, settlementDate).find((cycle) => cycle.number === number)

/** The cycle that ends next after this one, whatever it carries. */
export function nextCycle(grids: readonly CycleGrid[], cycle: Cycle): Cycle {
  const later = [0, 1, 2].flatMap((days) => cyclesOn(grids, addDays(cycle.settlementDate, days)))
  const at = later.findIndex(
    ({ settlementDate, number }) => settlementDate === cycle.settlementDate && number === cycle.number,
  )
  const next = later[at + 1]
  if (at < 0 || next === undefined) throw new Error(`no cycle ${formatCycle(cycle)}`)
  return next
}

/** The cycle that ends last before this one, whatever it carries. */
export function previousCycle(grids: readonly CycleGrid[], cycle: Cycle): Cycle {
  const earlier = [-2, -1, 0].flatMap((days) => cyclesOn(grids, addDays(cycle.settlementDate, days)))
  const at = earlier.findIndex(
    ({ settlementDate, number }) => settlementDate === cycle.settlementDate && number === cycle.number,
  )
  const previous = earlier[at - 1]
  if (previous === undefined) throw new Error(`no cycle ${formatCycle(cycle)}`)
  return previous
}

/** `2026-11-27/5` */
export const formatCycle = ({ settlementDate, number }: FileCycle): string => `${settlementDate}/${number}`

const CYCLE = /^(20\d{2}-\d{2}-\d{2})\/([1-9]\d?|DC[1-9])$/

/** Reads `2026-11-27/5`; undefined when it is anything else. Whether the day has such a cycle is `findCycle`'s to say. */
export function parseCycle(text: string): FileCycle | undefined {
  const [, settlementDate, number] = CYCLE.exec(text) ?? []
  return settlementDate !== undefined && number !== undefined && isDay(settlementDate)
    ? { settlementDate, number }
    : undefined
}

/** Whether a text is a day that exists, `YYYY-MM-DD`. */
export function isDay(text: string): boolean {
  if (!/^20\d{2}-\d{2}-\d{2}$/.test(text)) return false
  const at = Date.parse(`${text}T00:00:00.000Z`)
  return Number.isFinite(at) && new Date(at).toISOString().startsWith(text)
}

const time = matching(/^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$/, 'a time such as "21:00", or "24:00"')

const cycleWindow: Read<CycleWindow> = section((at) => ({
  number: at.need('number', matching(/^([1-9][0-9]?|DC[1-9])$/, 'a number such as "5", or "DC1"')),
  from: at.need('from', time),
  to: at.need('to', time),
  dayBefore: at.take('dayBefore', oneOf(true, false), false),
  carries: at.take('carries', oneOf<CycleWindow['carries']>('payments', 'disputes', 'both'), 'both'),
}))

const grid: Read<CycleGrid> = (value, path) => {
  const read = section<CycleGrid>((at) => ({
    from: at.need('from', (text, where) => {
      const day = matching(/^/, 'a day such as "2026-01-31"')(text, where)
      if (!isDay(day)) throw new SettingError(`${where} must be a day such as "2026-01-31"`)
      return day
    }),
    windows: at.need('windows', list(cycleWindow, 1, 100)),
  }))(value, path)
  distinct(read.windows, `${path}.windows`, 'number', ({ number }) => number)
  for (const what of ['payments', 'disputes'] as const) checkWhole(read, what, path)
  return read
}

/** Every minute of a business day belongs to one cycle: a payment is settled once. */
function checkWhole(grid: CycleGrid, what: 'payments' | 'disputes', path: string): void {
  const own = cyclesOn([grid], grid.from).filter(({ carries }) => carries === what || carries === 'both')
  let until = own[0]?.fromAt
  for (const { number, fromAt, toAt } of own) {
    if (toAt <= fromAt) throw new SettingError(`${path}.windows: cycle ${number} ends before it begins`)
    if (fromAt !== until) {
      throw new SettingError(`${path}.windows: cycle ${number} does not begin where the one before it ends (${what})`)
    }
    until = toAt
  }
  const length = (until ?? 0) - (own[0]?.fromAt ?? 0)
  if (length !== DAY_MS) throw new SettingError(`${path}.windows: the cycles of ${what} are not 24 hours long together`)
}

/** The grids of a profile, the oldest first. */
export const readCycles: Read<readonly CycleGrid[]> = (value, path) => {
  const grids = list(grid, 1, 50)(value, path)
  for (const [index, { from }] of grids.entries()) {
    const before = grids[index - 1]
    if (before !== undefined && before.from >= from)
      throw new SettingError(`${path}[${index}].from is not after the one before it`)
  }
  return grids
}
