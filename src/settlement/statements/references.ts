import { formatCycle, parseCycle } from '../../imps/cycles.ts'
import type { Day, FileCycle } from '../../imps/files/rows.ts'

/** What a narration says besides what was moved: an RRN, a cycle. No standard says where; only what is plausible counts. */

const DAY_MS = 86_400_000
/** A credit is booked so long after its payment at most. */
const NEAR_DAYS = 5

/**
 * The RRN in a narration: twelve digits on their own that decode to a day near this one. Y DDD HH NNNNNN.
 * @returns undefined when there is none, or more than one
 */
export function rrnIn(narration: string, bookedOn: Day): string | undefined {
  const found = new Set((narration.match(/(?<![0-9])[0-9]{12}(?![0-9])/g) ?? []).filter((rrn) => isNear(rrn, bookedOn)))
  const [only] = found
  return found.size === 1 ? only : undefined
}

function isNear(rrn: string, bookedOn: Day): boolean {
  const [year, dayOfYear, hour] = [Number(rrn[0]), Number(rrn.slice(1, 4)), Number(rrn.slice(4, 6))]
  if (dayOfYear < 1 || dayOfYear > 366 || hour > 23) return false
  const booked = Date.parse(`${bookedOn}T00:00:00Z`)
  const bookedYear = Number(bookedOn.slice(0, 4))
  const its = [bookedYear, bookedYear - 1].find((one) => one % 10 === year)
  if (its === undefined) return false
  const days = (booked - (Date.UTC(its, 0, 1) + (dayOfYear - 1) * DAY_MS)) / DAY_MS
  return days >= -1 && days <= NEAR_DAYS
}

/** The settlement cycle that a narration names: `IMPS NTSL TRN 2026-11-27/5`. */
export function cycleIn(narration: string): FileCycle | undefined {
  const [word] = /\b20\d{2}-\d{2}-\d{2}\/(?:[1-9]\d?|DC[1-9])\b/.exec(narration) ?? []
  const cycle = word === undefined ? undefined : parseCycle(word)
  return cycle !== undefined && formatCycle(cycle) === word ? cycle : undefined
}

/** A bank's reference as it may stand in the clear: no account and no mobile number is in it. */
export const plainReference = (reference: string): string | null =>
  /^[A-Za-z0-9 /._-]{1,40}$/.test(reference) && !/[0-9]{9}/.test(reference.replace(/(?<![0-9])[0-9]{12}(?![0-9])/g, ''))
    ? reference
    : null
