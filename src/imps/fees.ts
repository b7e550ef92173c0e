import type { Day, Side, SubType } from './files/rows.ts'

/**
 * What NPCI takes and gives per payment, as a table by date: interchange (the remitter's bank pays it to the beneficiary's) and the
 * switching fee (the remitter's bank pays it to NPCI), with GST on both. Pure; the simulator makes its statements of it and the hub
 * computes them again. @source settlement.md §2.5; NPCI OC 132: each child of a bulk payment by itself
 */
export type FeeRate = {
  readonly kind: 'interchange' | 'switching'
  readonly side: Side
  /** Null: both. */
  readonly subType: SubType | null
  /** Null: both. A deemed payment costs what a paid one costs, unless a rate says otherwise. */
  readonly status: '00' | '08' | null
  /** The slab: payments of more than this, up to the next rate's. */
  readonly overPaise: bigint
  readonly feePaise: bigint
  readonly gstBps: number
  /** Whether GST is taken of the sum of a line, or of each payment and then added up: they differ by paise. */
  readonly rounding: 'sum_then_round' | 'round_then_sum'
  readonly validFrom: Day
}

const interchange = (side: Side, overPaise: bigint, feePaise: bigint): FeeRate => ({
  kind: 'interchange',
  side,
  subType: null,
  status: null,
  overPaise,
  feePaise,
  gstBps: 1800,
  rounding: 'sum_then_round',
  validFrom: '2016-12-01',
})

/** What the hub starts with, and the simulator charges. The slabs of the interchange are made up: NPCI does not publish them. */
export const defaultFeeRates: readonly FeeRate[] = [
  { ...interchange('remitter', 0n, 50n), kind: 'switching' },
  ...(['remitter', 'beneficiary'] as const).flatMap((side) => [
    interchange(side, 0n, 50n),
    interchange(side, 100_000n, 100n),
    interchange(side, 2_500_000n, 150n),
  ]),
]

/** Payments that cost the same: `amountPaise` is that of any of them. */
export type Charged = {
  readonly side: Side
  readonly status: '00' | '08'
  readonly subType: SubType
  readonly amountPaise: bigint
  readonly count: number
}

/** One line of the statement and the GST line below it. */
export type FeeLine = {
  readonly kind: FeeRate['kind']
  readonly side: Side
  readonly status: '00' | '08'
  readonly count: number
  readonly feePaise: bigint
  readonly gstPaise: bigint
}

/** The rate for one payment on a day; undefined when nothing is taken. Of those that match, the most particular, then the latest. */
export function rateFor(
  rates: readonly FeeRate[],
  kind: FeeRate['kind'],
  day: Day,
  payment: Omit<Charged, 'count'>,
): FeeRate | undefined {
  const matching = rates.filter(
    (rate) =>
      rate.kind === kind &&
      rate.side === payment.side &&
      rate.validFrom <= day &&
      (rate.subType === null || rate.subType === payment.subType) &&
      (rate.status === null || rate.status === payment.status),
  )
  // A table replaces the one before it as a whole: a slab that it does not have any more is gone.
  const latest = matching.reduce((at, { validFrom }) => (validFrom > at ? validFrom : at), '')
  return matching
    .filter((rate) => rate.validFrom === latest && rate.overPaise < payment.amountPaise)
    .sort((a, b) => particular(b) - particular(a) || (a.overPaise < b.overPaise ? 1 : -1))[0]
}

const particular = ({ subType, status }: FeeRate): number => (subType === null ? 0 : 2) + (status === null ? 0 : 1)

/** Half a paisa and more is a paisa. */
const gstOf = (amount: bigint, bps: number): bigint => (amount * BigInt(bps) + 5_000n) / 10_000n

/** The fee lines of one statement, in its order: remitter before beneficiary, 00 before 08, interchange before switching. */
export function feeLines(rates: readonly FeeRate[], day: Day, charged: Iterable<Charged>): FeeLine[] {
  const sums = new Map<string, { line: FeeLine; taxable: Map<number, bigint> }>()
  for (const one of charged) {
    for (const kind of ['interchange', 'switching'] as const) {
      const rate = rateFor(rates, kind, day, one)
      if (rate === undefined) continue
      const key = `${one.side} ${one.status} ${kind}`
      const sum = sums.get(key) ?? {
        line: { kind, side: one.side, status: one.status, count: 0, feePaise: 0n, gstPaise: 0n },
        taxable: new Map<number, bigint>(),
      }
      const count = BigInt(one.count)
      const each = rate.rounding === 'round_then_sum'
      if (!each) sum.taxable.set(rate.gstBps, (sum.taxable.get(rate.gstBps) ?? 0n) + rate.feePaise * count)
      sums.set(key, {
        taxable: sum.taxable,
        line: {
          ...sum.line,
          count: sum.line.count + one.count,
          feePaise: sum.line.feePaise + rate.feePaise * count,
          gstPaise: sum.line.gstPaise + (each ? gstOf(rate.feePaise, rate.gstBps) * count : 0n),
        },
      })
    }
  }
  return order.flatMap((key) => {
    const sum = sums.get(key)
    if (sum === undefined) return []
    const taxes = [...sum.taxable].reduce((total, [bps, amount]) => total + gstOf(amount, bps), 0n)
    return [{ ...sum.line, gstPaise: sum.line.gstPaise + taxes }]
  })
}

const order = (['remitter', 'beneficiary'] as const).flatMap((side) =>
  (['00', '08'] as const).flatMap((status) =>
    (['interchange', 'switching'] as const).map((kind) => `${side} ${status} ${kind}`),
  ),
)

/** Where the fee of a payment may change with its amount, ascending: whoever counts payments for `feeLines` keeps these apart. */
export const slabsOf = (rates: readonly FeeRate[]): bigint[] =>
  [...new Set(rates.map(({ overPaise }) => overPaise))].sort((a, b) => (a < b ? -1 : 1))
