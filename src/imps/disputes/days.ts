import { istParts } from '../../base/clock.ts'

const IST_OFFSET_MS = 19_800_000
const DAY_MS = 86_400_000

/** The day of an instant in IST, `2026-11-27`. */
export function istDay(epochMs: number): string {
  const { year, month, day } = istParts(epochMs)
  return `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`
}

/** The day so many calendar days after another. */
export const addDays = (day: string, days: number): string =>
  new Date(Date.parse(day) + days * DAY_MS).toISOString().slice(0, 10)

/** How many calendar days one day is after another. */
export const daysBetween = (from: string, to: string): number =>
  Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS)

/** The instant of a time of day in IST; `24:00` is the end of the day. @param until  `17:30` */
export function istInstant(day: string, until: string): number {
  const [hours = 0, minutes = 0] = until.split(':').map(Number)
  return Date.parse(day) + (hours * 60 + minutes) * 60_000 - IST_OFFSET_MS
}
