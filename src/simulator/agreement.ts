import type { Rrn } from '../base/identifiers.ts'
import type { Journal, JournalEntry } from './journal.ts'

/**
 * Do the hub's books and the switch's journal tell the same story? For tests that run both: the simulator knows nothing of
 * the hub's rooms, so the hub's payments come in as plain words.
 */
export type HubPayment = {
  readonly direction: 'outward' | 'inward'
  readonly rrn: Rrn | null
  readonly remitterBank: string
  readonly amountPaise: bigint
  /** The state as `payment.ts` names it. */
  readonly state: string
  /** People have it on their list: an open break. What the two sides say may then differ. */
  readonly disputed: boolean
}

export type Disagreement = { readonly rrn: string | null; readonly why: string }

const neverSent = new Set(['held', 'cancelled', 'refused'])
const open = new Set(['sent', 'unconfirmed'])

const outwardWhy = (payment: HubPayment, seen: JournalEntry | undefined): string | undefined => {
  const { state } = payment
  if (neverSent.has(state)) return seen ? `the hub says ${state}, and yet it was on the wire` : undefined
  if (seen !== undefined && seen.originals > 1) return `the original was sent ${seen.originals} times`
  if (seen !== undefined && seen.amountPaise !== String(payment.amountPaise)) return 'the amounts differ'
  if (open.has(state) || payment.disputed) return undefined
  const credited = seen?.credited === true
  if (state === 'succeeded' && !credited) return 'the hub says succeeded, and nobody was credited'
  if (state === 'declined' && credited) return 'the hub gave the money back, and the beneficiary has it, too'
  if (state === 'declined' && seen === undefined) return 'the hub says declined, and the switch never heard of it'
  if (state === 'deemed' && !(seen?.stand === 'deemed' || seen?.verificationFirst))
    return 'the hub says deemed, and nobody told it 91'
  return undefined
}

const inwardWhy = (payment: HubPayment, seen: JournalEntry | undefined): string | undefined => {
  if (seen === undefined) return 'the hub has an inward payment that nobody sent'
  if (seen.amountPaise !== String(payment.amountPaise)) return 'the amounts differ'
  if (payment.disputed) return undefined
  if (payment.state === 'succeeded' && seen.stand === 'declined') return 'the hub credited what it declined'
  if (payment.state !== 'succeeded' && seen.stand === 'approved')
    return `the hub said yes, and its books say ${payment.state}`
  return undefined
}

/**
 * Everything on which the two differ, both ways: payments that one side has and the other has not, the amount, the
 * outcome, and originals that were on the wire more than once. Payments still open on the hub are not judged by outcome.
 */
export function compare(
  journal: { readonly outward: Journal; readonly inward: Journal },
  hub: Iterable<HubPayment>,
): Disagreement[] {
  const found: Disagreement[] = []
  const known = { outward: new Set<string>(), inward: new Set<string>() }
  for (const payment of hub) {
    const { direction, rrn, remitterBank } = payment
    const key = `${remitterBank}/${rrn}`
    if (known[direction].has(key) && rrn !== null)
      found.push({ rrn, why: `two ${direction} payments have this RRN and bank` })
    known[direction].add(key)
    const seen =
      rrn === null ? undefined : journal[direction].byRrn(rrn).find((one) => one.remitterBank === remitterBank)
    const why = direction === 'outward' ? outwardWhy(payment, seen) : inwardWhy(payment, seen)
    if (why !== undefined) found.push({ rrn, why })
  }
  for (const seen of journal.outward.entries()) {
    if (known.outward.has(`${seen.remitterBank}/${seen.rrn}`)) continue
    found.push({ rrn: seen.rrn, why: 'the switch saw an outward payment that the hub does not have' })
  }
  for (const seen of journal.inward.entries()) {
    if (seen.stand !== 'approved' || known.inward.has(`${seen.remitterBank}/${seen.rrn}`)) continue
    found.push({ rrn: seen.rrn, why: 'the hub said yes to an inward payment that it does not have' })
  }
  return found
}
