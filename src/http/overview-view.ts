import { type Static, Type } from 'typebox'
import { nextDay1730Ist, toRfc3339 } from '../base/clock.ts'
import { paymentIdOf } from '../base/identifiers.ts'
import type { BankDirectory } from '../imps/banks.ts'
import type { ResponseCodeOverride } from '../imps/response-codes.ts'
import { type BankTally, percentile, type Tally } from '../payment/figures.ts'
import type { Unconfirmed } from '../payment/figures-store.ts'
import type { Counted } from '../payment/today.ts'
import { type Outcome, outcomeOf } from './outcome.ts'
import { InstantWord, nullable, PaymentIdWord, strict } from './schemas.ts'

const Sum = Type.String({ description: 'paise as a string of digits' })
const Percent = nullable(Type.Number({ description: 'to a hundredth; null when nothing has come to an end' }))
const Count = strict({ payments: Type.Integer(), amount: Sum })
const Outward = strict({
  ...Count.properties,
  succeeded: Count,
  deemed: Count,
  businessDeclines: Count,
  technicalDeclines: Count,
  returned: Count,
  open: Count,
  neverSent: Count,
})
const Inward = strict({ ...Count.properties, succeeded: Count, declined: Count, returned: Count })
const MilliSeconds = nullable(Type.Integer({ description: 'milliseconds, to 5 per cent; null when there is nothing' }))

/** What `GET /v1/overview` says of a tenant's payments. */
export const OverviewFigures = {
  day: Type.String({ description: 'the day in India, YYYY-MM-DD' }),
  countedAt: nullable(InstantWord),
  countedFrom: Type.String({
    format: 'date-time',
    description:
      'everything made from then on is counted: the start of the day, but for the first moments of a process',
  }),
  out: Sum,
  in: Sum,
  outward: Outward,
  inward: Inward,
  rates: strict(
    {
      success: Percent,
      businessDecline: Percent,
      technicalDecline: Percent,
      deemed: Percent,
      returned: Percent,
    },
    'of the outward payments that came to an end',
  ),
  timeToFinal: strict({ payments: Type.Integer(), p50: MilliSeconds, p95: MilliSeconds, p99: MilliSeconds }),
  unconfirmed: strict({
    ...Count.properties,
    oldest: nullable(strict({ id: PaymentIdWord, createdAt: InstantWord, resolvesBy: InstantWord })),
  }),
  hours: Type.Array(strict({ from: InstantWord, outward: Outward, inward: Inward })),
  banksInTrouble: Type.Array(
    strict({
      bank: Type.String({ description: 'the first four letters of its IFSCs' }),
      name: nullable(Type.String()),
      since: InstantWord,
      payments: Type.Integer({ description: 'to that bank, in the last ten minutes' }),
      technicalDeclines: Type.Integer(),
      unconfirmed: Type.Integer(),
      deemed: Type.Integer(),
      percent: Type.Number({ description: 'of them that went wrong: all three together' }),
    }),
  ),
} as const
const Figures = strict(OverviewFigures)
export type OverviewView = Static<typeof Figures>

export type OverviewSettings = {
  readonly directory: BankDirectory
  readonly overrides: readonly ResponseCodeOverride[]
}

type Known = { readonly tally: Pick<Tally, 'payments' | 'amountPaise'>; readonly outcome: Outcome }

/** @param now  epoch milliseconds */
export function overviewView(
  counted: Counted,
  unconfirmed: Unconfirmed,
  { directory, overrides }: OverviewSettings,
  now: number,
): OverviewView {
  const known = (tallies: readonly Tally[], direction: Tally['direction']): Known[] =>
    tallies
      .filter((tally) => tally.direction === direction)
      .map((tally) => ({ tally, outcome: outcomeOf(tally, now, overrides) }))
  const all = [...counted.hours.values()].flat()
  const outward = outwardOf(known(all, 'outward'))
  const inward = inwardOf(known(all, 'inward'))
  const { succeeded, deemed, businessDeclines, technicalDeclines, returned } = outward
  const ended = [succeeded, deemed, businessDeclines, technicalDeclines, returned].reduce(
    (sum, { payments }) => sum + payments,
    0,
  )
  const rate = ({ payments }: { readonly payments: number }): number | null =>
    ended === 0 ? null : hundredth(payments / ended)
  const { spans } = counted
  return {
    day: toRfc3339(counted.startOfDay + 43_200_000).slice(0, 10),
    countedAt: counted.at === null ? null : toRfc3339(counted.at),
    countedFrom: toRfc3339(counted.since),
    out: String(BigInt(succeeded.amount) + BigInt(deemed.amount)),
    in: inward.succeeded.amount,
    outward,
    inward,
    rates: {
      success: rate(succeeded),
      businessDecline: rate(businessDeclines),
      technicalDecline: rate(technicalDeclines),
      deemed: rate(deemed),
      returned: rate(returned),
    },
    timeToFinal: {
      payments: [...spans.values()].reduce((sum, payments) => sum + payments, 0),
      p50: percentile(spans, 0.5) ?? null,
      p95: percentile(spans, 0.95) ?? null,
      p99: percentile(spans, 0.99) ?? null,
    },
    unconfirmed: {
      payments: unconfirmed.payments,
      amount: String(unconfirmed.amountPaise),
      oldest:
        unconfirmed.oldest === undefined
          ? null
          : {
              id: paymentIdOf(unconfirmed.oldest.id),
              createdAt: toRfc3339(unconfirmed.oldest.createdAt),
              resolvesBy: toRfc3339(nextDay1730Ist(unconfirmed.oldest.createdAt)),
            },
    },
    hours: [...counted.hours].map(([from, tallies]) => ({
      from: toRfc3339(from),
      outward: outwardOf(known(tallies, 'outward')),
      inward: inwardOf(known(tallies, 'inward')),
    })),
    banksInTrouble: troubled(counted.banks, overrides, now).map(({ bank, since, ...rest }) => ({
      bank,
      name: directory.byCode.get(bank)?.name ?? null,
      since: toRfc3339(since),
      ...rest,
    })),
  }
}

const hundredth = (part: number): number => Math.round(part * 10_000) / 100

function sumOf(some: readonly Known[], ...outcomes: readonly Outcome[]): Static<typeof Count> {
  const own = some.filter(({ outcome }) => outcomes.length === 0 || outcomes.includes(outcome))
  return {
    payments: own.reduce((sum, { tally }) => sum + tally.payments, 0),
    amount: String(own.reduce((sum, { tally }) => sum + tally.amountPaise, 0n)),
  }
}

const outwardOf = (some: readonly Known[]): Static<typeof Outward> => ({
  ...sumOf(some),
  succeeded: sumOf(some, 'approved'),
  deemed: sumOf(some, 'deemed'),
  businessDeclines: sumOf(some, 'business_decline'),
  technicalDeclines: sumOf(some, 'technical_decline'),
  returned: sumOf(some, 'returned'),
  open: sumOf(some, 'held', 'sent', 'unconfirmed'),
  neverSent: sumOf(some, 'cancelled', 'refused'),
})

const inwardOf = (some: readonly Known[]): Static<typeof Inward> => ({
  ...sumOf(some),
  succeeded: sumOf(some, 'approved'),
  declined: sumOf(some, 'business_decline', 'technical_decline', 'deemed'),
  returned: sumOf(some, 'returned'),
})

/** A bank is in trouble when of at least ten payments to it in ten minutes a fifth went wrong on its side. */
const TROUBLE = { withinMs: 600_000, payments: 10, part: 0.2 } as const
const WRONG: ReadonlySet<Outcome> = new Set(['technical_decline', 'unconfirmed', 'deemed'])

type Trouble = {
  readonly bank: string
  readonly since: number
  readonly payments: number
  readonly technicalDeclines: number
  readonly unconfirmed: number
  readonly deemed: number
  readonly percent: number
}

/**
 * Banks whose payments go wrong now, the worst first, and since when: the first that went wrong after the last ten minutes in which it was well.
 * @param tallies  of the last hour, the oldest first
 */
export function troubled(
  tallies: readonly BankTally[],
  overrides: readonly ResponseCodeOverride[],
  now: number,
): readonly Trouble[] {
  return [...Map.groupBy(tallies, ({ bank }) => bank)]
    .flatMap(([bank, own]): Trouble[] => {
      const known = own
        .map((tally) => ({ ...tally, outcome: outcomeOf(tally, now, overrides) }))
        .filter(({ outcome }) => !['held', 'sent', 'cancelled', 'refused'].includes(outcome))
      const within = (until: number) => known.filter(({ at }) => at > until - TROUBLE.withinMs && at <= until)
      const paid = (some: typeof known): number => some.reduce((sum, { payments }) => sum + payments, 0)
      const isBad = (some: typeof known): boolean =>
        paid(some.filter(({ outcome }) => WRONG.has(outcome))) >= TROUBLE.part * paid(some)
      const recent = within(now)
      if (paid(recent) < TROUBLE.payments || !isBad(recent)) return []
      const wrong = known.filter(({ outcome }) => WRONG.has(outcome))
      // Backwards, as long as each ten minutes that end with a failure were bad themselves.
      const well = wrong.map(({ at }) => at).findLastIndex((at) => at < now - TROUBLE.withinMs && !isBad(within(at)))
      const of = (wanted: Outcome): number => paid(recent.filter(({ outcome }) => outcome === wanted))
      return [
        {
          bank,
          since: wrong[well + 1]?.at ?? now,
          payments: paid(recent),
          technicalDeclines: of('technical_decline'),
          unconfirmed: of('unconfirmed'),
          deemed: of('deemed'),
          percent: hundredth(paid(recent.filter(({ outcome }) => WRONG.has(outcome))) / paid(recent)),
        },
      ]
    })
    .sort((a, b) => b.percent - a.percent)
}
