import { nextDay1730Ist } from '../../base/clock.ts'
import { addDays, type Cycle, type CycleGrid, dayOf, nextCycle, startOfDay } from '../../imps/cycles.ts'
import { type BreakType, breakTypes } from './break-types.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 3_600_000

/**
 * Until when a break must be dealt with. From the payment and the cycle alone, never from the hour of a run: the same run again has the
 * same deadlines. Null: it has none, or its own (a dispute's, a lien's). @source settlement.md §7.3, the column SLA
 *
 * @param at  of the payment, epoch milliseconds; of what is about a cycle, the cycle's end
 */
export function dueAtOf(type: BreakType, at: number, cycle: Cycle, grids: readonly CycleGrid[]): number | null {
  const found = dayOf(cycle.toAt - 1)
  switch (breakTypes[type].deadline) {
    case 'two_cycles':
      return nextCycle(grids, nextCycle(grids, cycle)).toAt
    case 'next_cycle':
      return nextCycle(grids, cycle).toAt
    case 'two_hours':
      return Math.min(cycle.toAt + 2 * HOUR_MS, nextDay1730Ist(at))
    case 'next_day_1730':
      return nextDay1730Ist(at)
    case 'next_day':
      return startOfDay(addDays(dayOf(at), 2))
    case 'same_day':
      return startOfDay(addDays(found, 1))
    case 'half_hour':
      return cycle.toAt + 30 * MINUTE_MS
    case 'month':
      return startOfDay(`${addDays(`${found.slice(0, 8)}28`, 4).slice(0, 8)}01`)
    case 'ageing':
      return startOfDay(addDays(dayOf(at), 4))
    case 'clock':
    case 'lien':
    case 'none':
      return null
  }
}
