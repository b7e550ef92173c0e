import type { Family, Funds } from '../../imps/disputes/rule.ts'
import type { ChartCode } from '../../ledger/chart.ts'
import type { Direction } from './dispute.ts'

/**
 * What a step of a dispute does to the books. Money that comes stands in DSP-HELD until it is decided, money that goes in DSP-REC; what
 * comes back clears what stands on the other side first. Pure. @source settlement.md §6.2, §6.3
 */

/** Of one dispute. */
export type Position = { readonly heldPaise: bigint; readonly receivablePaise: bigint }

/** One side of a journal: credit positive. */
export type CodeLeg = { readonly code: ChartCode; readonly amountPaise: bigint }

export type Movement = Position & { readonly legs: readonly CodeLeg[] }

/** Where money stands that came for a family: a refund is the customer's from the start. */
export const heldCode = (family: Family, direction: Direction): ChartCode =>
  direction === 'outward' && (family === 'credit_adjustment' || family === 'beneficiary_good_faith')
    ? 'RET-PAY'
    : 'DSP-HELD'

/** Whether money comes to us. */
export const comesIn = (direction: Direction, funds: Exclude<Funds, 'none'>): boolean =>
  (funds === 'to_remitter') === (direction === 'outward')

/** What the settlement of a cycle moves between the banks. */
export function settles(
  family: Family,
  direction: Direction,
  funds: Funds,
  amountPaise: bigint,
  { heldPaise: held, receivablePaise: receivable }: Position,
): Movement {
  const position = { heldPaise: held, receivablePaise: receivable }
  if (funds === 'none') return { ...position, legs: [] }
  if (comesIn(direction, funds)) {
    const back = least(receivable, amountPaise)
    return {
      heldPaise: held + amountPaise - back,
      receivablePaise: receivable - back,
      legs: legs(['RBI-STL', -amountPaise], ['DSP-REC', back], [heldCode(family, direction), amountPaise - back]),
    }
  }
  const out = least(held, amountPaise)
  return {
    heldPaise: held - out,
    receivablePaise: receivable + amountPaise - out,
    legs: legs([heldCode(family, direction), -out], ['DSP-REC', out - amountPaise], ['RBI-STL', amountPaise]),
  }
}

/**
 * Who bears what was taken from us for good: clearing where the customer never had it, the customer as far as it was kept for this, and
 * for the rest nobody yet: suspense, and people.
 * @param kept  of the customer's account: what is under the dispute's lien and there
 */
export function bears(
  direction: Direction,
  credited: boolean,
  receivablePaise: bigint,
  kept: bigint,
): { readonly legs: readonly CodeLeg[]; readonly customerPaise: bigint; readonly lostPaise: bigint } {
  if (direction === 'inward' && !credited)
    return { legs: legs(['IN-CLR', -receivablePaise], ['DSP-REC', receivablePaise]), customerPaise: 0n, lostPaise: 0n }
  const customerPaise = direction === 'inward' ? least(kept, receivablePaise) : 0n
  const lostPaise = receivablePaise - customerPaise
  return {
    legs: legs(['DSP-REC', receivablePaise], [direction === 'inward' ? 'SUSP-IN' : 'SUSP-OUT', -lostPaise]),
    customerPaise,
    lostPaise,
  }
}

const least = (a: bigint, b: bigint): bigint => (a < b ? a : b)

const legs = (...all: readonly (readonly [ChartCode, bigint])[]): CodeLeg[] =>
  all.flatMap(([code, amountPaise]) => (amountPaise === 0n ? [] : [{ code, amountPaise }]))
