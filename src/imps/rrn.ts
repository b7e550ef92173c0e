import { istParts } from '../base/clock.ts'
import { must, parseRrn, parseStan, type Rrn, type Stan } from '../base/identifiers.ts'

const HOUR_MS = 3_600_000

/** How many references one institution has in one clock hour: the six digits of the STAN. */
export const STANS_PER_HOUR = 1_000_000

/** The first six digits of every RRN made in this hour: Y DDD HH in Indian Standard Time. @source protocol.md §3.1 */
export function hourKey(epochMs: number): string {
  const { year, dayOfYear, hour } = istParts(epochMs)
  return `${year % 10}${String(dayOfYear).padStart(3, '0')}${String(hour).padStart(2, '0')}`
}

/**
 * The RRN of number `stanNumber` (0 to 999,999) in the hour of `epochMs`. Unique per institution and hour only:
 * it repeats across banks, and after ten years.
 * @throws a bug when the number does not fit: the caller counts, and refuses before a collision
 */
export function makeRrn(epochMs: number, stanNumber: number): Rrn {
  if (!Number.isInteger(stanNumber) || stanNumber < 0 || stanNumber >= STANS_PER_HOUR) {
    throw new Error(`no STAN has the number ${stanNumber}`)
  }
  return must(parseRrn(hourKey(epochMs) + String(stanNumber).padStart(6, '0')), 'RRN')
}

/** The STAN of an original is the last six digits of its RRN. @source protocol.md §1.4, DE 11 */
export const stanOfRrn = (rrn: Rrn): Stan => must(parseStan(rrn.slice(6)), 'STAN')

/** The hour an RRN says it was made in, as `hourKey` writes it. */
export const rrnHour = (rrn: Rrn): string => rrn.slice(0, 6)

/**
 * True when the RRN was made within `toleranceHours` of `epochMs`, by its own digits. False is a warning, never a
 * reason to refuse: other banks' clocks and generators differ. @source settlement.md item 9
 */
export function rrnIsPlausible(rrn: Rrn, epochMs: number, toleranceHours = 1): boolean {
  for (let hours = -toleranceHours; hours <= toleranceHours; hours += 1) {
    if (hourKey(epochMs + hours * HOUR_MS) === rrnHour(rrn)) return true
  }
  return false
}
