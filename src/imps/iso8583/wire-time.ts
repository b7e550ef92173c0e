import { istParts } from '../../base/clock.ts'

const HALF_YEAR_MS = 15_768_000_000

/** DE 7, 12 and 13 of one instant. */
export type WireTimes = { readonly transmitted: string; readonly localTime: string; readonly localDate: string }

const two = (value: number): string => (value < 10 ? `0${value}` : String(value))

/** DE 7 is in UTC; DE 12 and 13 in Indian time. Whole seconds. @source protocol.md §1.4 */
export function wireTimes(epochMs: number): WireTimes {
  const utc = new Date(epochMs)
  const ist = istParts(epochMs)
  return {
    transmitted:
      two(utc.getUTCMonth() + 1) +
      two(utc.getUTCDate()) +
      two(utc.getUTCHours()) +
      two(utc.getUTCMinutes()) +
      two(utc.getUTCSeconds()),
    localTime: two(ist.hour) + two(ist.minute) + two(ist.second),
    localDate: two(ist.month) + two(ist.day),
  }
}

/** As `wireTimes`, remembering the last second: messages come thousands to one. */
export function createWireTimes(): (epochMs: number) => WireTimes {
  let second = Number.NaN
  let times = wireTimes(0)
  return (epochMs) => {
    const asked = Math.floor(epochMs / 1000)
    if (asked !== second) {
      times = wireTimes(asked * 1000)
      second = asked
    }
    return times
  }
}

/** `MMDDhhmmss` in the given year as an instant; undefined for a day or time that the year does not have. */
function inYear(digits: string, year: number): number | undefined {
  const month = Number(digits.slice(0, 2))
  const day = Number(digits.slice(2, 4))
  const hour = Number(digits.slice(4, 6))
  const minute = Number(digits.slice(6, 8))
  const second = Number(digits.slice(8, 10))
  if (month < 1 || month > 12 || day < 1 || hour > 23 || minute > 59 || second > 59) return undefined
  const epochMs = Date.UTC(year, month - 1, day, hour, minute, second)
  return new Date(epochMs).getUTCDate() === day ? epochMs : undefined
}

/**
 * DE 7 has no year: of the instants it may mean, the one nearest to `now`. Undefined for what is no date, and for
 * 29 February with no leap year near.
 */
export function nearestInstant(digits: string, now: number): number | undefined {
  const year = new Date(now).getUTCFullYear()
  const same = inYear(digits, year)
  if (same !== undefined && Math.abs(same - now) < HALF_YEAR_MS) return same
  let nearest = same
  for (const other of [inYear(digits, year - 1), inYear(digits, year + 1)]) {
    if (other === undefined) continue
    if (nearest === undefined || Math.abs(other - now) < Math.abs(nearest - now)) nearest = other
  }
  return nearest
}
