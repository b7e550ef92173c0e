import { nextDay1730Ist } from '../../base/clock.ts'
import { digest } from '../registered-name.ts'
import { CHARGEBACK_AT_ONCE_PAISE, rules } from './adjustment-rules.ts'
import { type Asked, type Case, isAnswered, lastOf, penaltyDays } from './cases.ts'

/** What the banks behind the switch do about deemed and disputed payments. Chance is a hash of the seed and the RRN, so that no order matters. */

export type Habits = {
  readonly seed: number
  /** How many deemed payments to the hub their remitter banks charge back when nobody answers. @source settlement.md §5: 1 to 3 % */
  readonly chargebacks: number
  /** How many of the hub's deemed payments their beneficiary banks answer only after T+1. */
  readonly tardy: number
  /** NPCI takes compensation day by day while nothing is raised; else all of it with the TCC or RET. @source NPCI OC 93 */
  readonly dailyCompensation: boolean
}

export const defaultHabits: Habits = { seed: 1, chargebacks: 0.02, tardy: 0, dailyCompensation: false }

/** Spreads the digest over all its bits: digests of texts that differ in one digit are near to each other. */
function mix(value: number): number {
  let mixed = Math.imul(value ^ (value >>> 16), 0x45d9f3b)
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x45d9f3b)
  return (mixed ^ (mixed >>> 16)) >>> 0
}

export const draw = (seed: number, ...about: readonly string[]): number =>
  mix(digest(`${seed}/${about.join('/')}`)) / 0x1_0000_0000

const RETURN_REASONS = rules.RET?.reasons ?? []
const DAY_MS = 86_400_000

type Move = { readonly flag: string; readonly reason: string }

/** What the beneficiary bank raises next, if anything. */
export function moveOfBeneficiary(one: Case, asOf: number, habits: Habits): Move | undefined {
  const { payment, truth } = one
  const { rrn } = payment
  const last = lastOf(one)
  if (last === undefined) {
    if (payment.responseCode !== '08' || isAnswered(one) || truth === undefined) return undefined
    if (draw(habits.seed, rrn, 'tardy') < habits.tardy && penaltyDays(payment.at, asOf) < 2) return undefined
    if (truth.credited) return { flag: 'TCC', reason: truth.online ? '102' : '103' }
    const reason = RETURN_REASONS[digest(rrn) % RETURN_REASONS.length] ?? '120'
    return { flag: 'RET', reason }
  }
  const stands = truth?.credited ?? draw(habits.seed, rrn, last.flag) < 0.5
  switch (last.flag) {
    case 'B':
      return stands ? { flag: 'R', reason: '208' } : { flag: 'A', reason: '111' }
    case 'P':
      return stands ? { flag: 'PR', reason: '112' } : { flag: 'AP', reason: '111' }
    case 'AR':
      return stands ? { flag: 'ACC', reason: '1102' } : { flag: 'ACA', reason: '1101' }
    case 'FB':
      return stands ? { flag: 'FR', reason: '123' } : { flag: 'FA', reason: '122' }
    case 'FP':
      return stands ? { flag: 'FPR', reason: '126' } : { flag: 'FAP', reason: '125' }
    case 'FC':
      return draw(habits.seed, rrn, 'FC') < 0.5 ? { flag: 'FCR', reason: '130' } : { flag: 'FCA', reason: '129' }
    case 'DFC':
      return draw(habits.seed, rrn, 'DFC') < 0.5 ? { flag: 'DFCR', reason: '130' } : { flag: 'DFCA', reason: '129' }
    case 'WP':
      return draw(habits.seed, rrn, 'WP') < 0.5 ? { flag: 'WPR', reason: 'WC3' } : { flag: 'WPA', reason: 'WC2' }
    case 'DWC':
      return draw(habits.seed, rrn, 'DWC') < 0.5 ? { flag: 'DWCR', reason: 'DWC7' } : { flag: 'DWCA', reason: 'DWC6' }
    case 'RGGC':
      return draw(habits.seed, rrn, 'RGGC') < 0.5 ? { flag: 'BGRC', reason: 'BGR1' } : { flag: 'BGAC', reason: 'BCA1' }
    default:
      return undefined
  }
}

/** What the remitter bank raises next, if anything. */
export function moveOfRemitter(one: Case, asOf: number, habits: Habits): Move | undefined {
  const { payment } = one
  const { rrn } = payment
  const last = lastOf(one)
  const among = (share: number, why: string): boolean => draw(habits.seed, rrn, why) < share
  if (last === undefined) {
    if (payment.responseCode !== '08' || !among(habits.chargebacks, 'chargeback')) return undefined
    // A customer who sees the money at last complains seldom; one whose bank was told 08 does as soon as the rules let him.
    if (isAnswered(one)) {
      return one.raised.some(({ flag }) => flag === 'TCC') && among(0.25, 'deferred')
        ? { flag: 'FB', reason: '121' }
        : undefined
    }
    const at = payment.amountPaise > CHARGEBACK_AT_ONCE_PAISE ? payment.at : nextDay1730Ist(payment.at) + DAY_MS
    return asOf >= at ? { flag: 'B', reason: '108' } : undefined
  }
  switch (last.flag) {
    case 'R':
      return among(0.3, 'R') ? { flag: 'P', reason: '109' } : undefined
    case 'PR':
      return among(0.3, 'PR') ? { flag: 'AR', reason: '1100' } : undefined
    case 'FR':
      return among(0.3, 'FR') ? { flag: 'FP', reason: '124' } : undefined
    case 'BGGC':
      return among(0.5, 'BGGC') ? { flag: 'RGAC', reason: 'RCA1' } : { flag: 'RGRC', reason: 'RGR1' }
    default:
      return undefined
  }
}

/** What a bank behind the switch asks for, in the words of an upload. */
export const askedBy = (one: Case, by: Asked['by'], { flag, reason }: Move): Asked => ({
  flag,
  reason,
  by,
  amountPaise: one.payment.amountPaise,
  bankRef: `${by === 'remitter' ? one.payment.remitterBank : one.payment.beneficiaryBank}${one.payment.rrn}${flag}`,
  channel: 'File',
})
