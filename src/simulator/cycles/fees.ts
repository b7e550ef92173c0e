import type { SubType } from '../../imps/files/rows.ts'

/**
 * What NPCI charges, by the switch's own table: the hub computes the same from a table of its own, and a difference is a break.
 * Slabs and today's switching fee are not public; these are the sandbox's. @source settlement.md §2.5
 */

/** For more than an amount in paise, the fee in paise for one payment. */
type Slab = { readonly overPaise: bigint; readonly feePaise: bigint }

export type FeeTable = {
  /** The first settlement day it holds for, IST. */
  readonly from: string
  /** What the remitter bank pays the beneficiary bank for a payment. */
  readonly interchange: Readonly<Record<SubType, readonly Slab[]>>
  /** What the remitter bank pays NPCI for a payment. */
  readonly switchingPaise: bigint
  /** GST on either, in basis points. */
  readonly gstBasisPoints: bigint
  /** The beneficiary bank pays the remitter bank so much for each day after T+1 that a deemed payment is unresolved. @source NPCI OC 93 */
  readonly compensationPaise: bigint
}

const slabs: readonly Slab[] = [
  { overPaise: 0n, feePaise: 50n },
  { overPaise: 100_000n, feePaise: 100n }, //   over 1,000 rupees
  { overPaise: 2_500_000n, feePaise: 150n }, // over 25,000 rupees
]

/** The oldest first. 25 paise to NPCI until the end of November 2016, 50 since then. @source settlement.md §2.5 */
export const feeTables: readonly FeeTable[] = [
  {
    from: '2010-11-22',
    interchange: { F3: slabs, FC: slabs },
    switchingPaise: 25n,
    gstBasisPoints: 1_800n,
    compensationPaise: 10_000n,
  },
  {
    from: '2016-12-01',
    interchange: { F3: slabs, FC: slabs },
    switchingPaise: 50n,
    gstBasisPoints: 1_800n,
    compensationPaise: 10_000n,
  },
]

/** The table in force on a settlement day. @throws a bug when the day is before all of them */
export function feesOn(day: string, tables: readonly FeeTable[] = feeTables): FeeTable {
  const found = tables.findLast(({ from }) => from <= day)
  if (found === undefined) throw new Error(`no fees are known for ${day}`)
  return found
}

/** Interchange of one payment, paise. */
export function interchangeOf(table: FeeTable, subType: SubType, amountPaise: bigint): bigint {
  const slab = table.interchange[subType].findLast(({ overPaise }) => overPaise < amountPaise)
  return slab?.feePaise ?? 0n
}

/** GST on the sum of a line, rounded once, half a paisa upwards: NPCI sums first. */
export const gstOn = (table: FeeTable, feePaise: bigint): bigint => (feePaise * table.gstBasisPoints + 5_000n) / 10_000n
