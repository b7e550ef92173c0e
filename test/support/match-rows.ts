import fc from 'fast-check'
import type { MatchRow, RowStatus, Source } from '../../src/settlement/match/rows.ts'

/** A row of a payment of an institution numbered 1234, made in the cycle that ends at 11:00 on 27 November 2026. */
export const plainRow: MatchRow = {
  source: 'core',
  direction: 'outward',
  rrn: '633109000001',
  amountPaise: 150_000n,
  day: '2026-11-27',
  remitterBank: '1234',
  beneficiaryBank: '2000',
  status: 'S',
  at: Date.parse('2026-11-27T09:30:00+05:30'),
  suffix: '4321',
  stan: '',
  subType: 'F3',
  parentRrn: '',
  responseCode: '',
  ref: '',
  lane: null,
  origin: 'cycle',
  missed: 0,
}

const statuses = { core: ['S', 'V'], hub: ['S', 'S', 'P', 'F', 'X'], raw: ['00', '00', '08', 'F'] } as const

const ofSource = (source: Source): fc.Arbitrary<MatchRow> =>
  fc
    .record({
      direction: fc.constantFrom<MatchRow['direction'][]>('outward', 'outward', 'inward'),
      rrn: fc.constantFrom('633109000001', '633109000001', '633109000002', '63310900', '633110000001'),
      amountPaise: fc.constantFrom(100n, 100n, 200n),
      day: fc.constantFrom('2026-11-27', '2026-11-27', '2026-11-28'),
      remitterBank: fc.constantFrom('1234', '1234', '2000'),
      beneficiaryBank: fc.constantFrom('2000', '2000', '1234', '2001'),
      knowsBanks: fc.boolean(),
      status: fc.constantFrom<RowStatus[]>(...statuses[source]),
      at: fc.constantFrom(plainRow.at, plainRow.at + 60_000, Date.parse('2026-11-27T10:59:59+05:30')),
      suffix: fc.constantFrom('', '4321'),
      stan: fc.constantFrom('', '000001'),
      parentRrn: fc.constantFrom('', '', '', '633109000001'),
      waited: fc.constantFrom(0, 0, 1, 2),
      ref: fc.constantFrom('a', 'b'),
    })
    .map(({ knowsBanks, waited, ...row }) => {
      const missed = source === 'raw' ? 0 : waited
      return {
        ...plainRow,
        ...row,
        source,
        missed,
        origin: missed > 0 ? 'carried' : 'cycle',
        ...(source === 'core' && !knowsBanks && { remitterBank: '', beneficiaryBank: '' }),
      }
    })

/** Rows that collide often: few RRNs, banks, amounts and days. */
export const anyRow: fc.Arbitrary<MatchRow> = fc.oneof(ofSource('core'), ofSource('hub'), ofSource('raw'))

const often = <T>(usual: T, ...others: readonly T[]): fc.Arbitrary<T> =>
  fc.oneof(
    { weight: 4, arbitrary: fc.constant(usual) },
    ...others.map((other) => ({ weight: 1, arbitrary: fc.constant(other) })),
  )

/** What may be different about one row of a payment. */
const changes: readonly Partial<MatchRow>[] = [
  { amountPaise: 300n },
  { day: '2026-11-28' },
  { day: '2026-11-29' },
  { beneficiaryBank: '2002' },
  { remitterBank: '2001' },
  { direction: 'inward' },
  { rrn: '63310900', stan: '000001' },
  { rrn: '633109888888' },
  { parentRrn: '633109000003' },
  { origin: 'outside' },
]

/** Payments that mostly agree in all books, some with a row that was changed; and strangers among them. */
export const anyRows: fc.Arbitrary<MatchRow[]> = fc
  .array(
    fc.oneof(
      { weight: 1, arbitrary: anyRow.map((row) => [row]) },
      {
        weight: 4,
        arbitrary: fc
          .record({
            direction: fc.constantFrom<MatchRow['direction'][]>('outward', 'inward'),
            rrn: fc.constantFrom('633109000001', '633109000002', '633109000003', '633110000001'),
            amountPaise: fc.constantFrom(100n, 200n),
            remitterBank: often('1234', '2000'),
            beneficiaryBank: often('2001', '1234'),
            parentRrn: often('', '633109000003'),
            core: often<readonly RowStatus[]>(['S'], [], ['S', 'V'], ['V']),
            hub: often<readonly RowStatus[]>(['S'], ['P'], ['F'], ['X'], []),
            raw: often<readonly RowStatus[]>(['00'], ['F'], ['08'], [], ['00', '00']),
            change: fc.option(fc.tuple(fc.nat(2), fc.constantFrom(...changes)), { freq: 2 }),
          })
          .map(({ core, hub, raw, change, ...one }) => {
            const of = (source: Source, all: readonly RowStatus[]): MatchRow[] =>
              all.map((status) => ({ ...plainRow, ...one, source, status, lane: source === 'hub' ? 3 : null }))
            const rows = [...of('core', core), ...of('hub', hub), ...of('raw', raw)]
            return rows.map((row, index) => (index === change?.[0] ? { ...row, ...change[1] } : row))
          }),
      },
    ),
    { maxLength: 5 },
  )
  .map((all) => all.flat())
