import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { defaultFeeRates, feeLines } from '../../imps/fees.ts'
import { feesOn, interchangeOf } from './fees.ts'
import { charged, count, createTally } from './tally.ts'

const payment = fc.record({
  side: fc.constantFrom('remitter', 'beneficiary'),
  subType: fc.constantFrom('F3', 'FC'),
  responseCode: fc.constantFrom('00', '08', 'M1'),
  amountPaise: fc.oneof(fc.bigInt(1n, 50_000_000n), fc.constantFrom(100_000n, 100_001n, 2_500_000n, 2_500_001n)),
})

test('the switch charges by its own table what the hub computes by its own', () => {
  fc.assert(
    fc.property(fc.array(payment, { maxLength: 50 }), (payments) => {
      const table = feesOn('2026-11-27')
      const tally = createTally()
      for (const one of payments) count(tally, table, one)
      const lines = feeLines(
        defaultFeeRates,
        '2026-11-27',
        payments.flatMap(({ responseCode, ...one }) =>
          responseCode === 'M1' ? [] : [{ ...one, status: responseCode === '00' ? '00' : '08', count: 1 } as const],
        ),
      )
      for (const { kind, side, status, feePaise, gstPaise } of lines) {
        const line = charged(tally[side][status === '00' ? 'approved' : 'deemed'], table)
        assert.deepEqual(
          kind === 'interchange' ? [line.feePaise, line.feeTaxPaise] : [line.switchingPaise, line.switchingTaxPaise],
          [feePaise, gstPaise],
        )
      }
    }),
  )
})

test('the switching fee was 25 paise before December 2016, and a day before all tables is a bug', () => {
  assert.deepEqual([feesOn('2016-11-30').switchingPaise, feesOn('2016-12-01').switchingPaise], [25n, 50n])
  assert.equal(interchangeOf(feesOn('2026-01-01'), 'F3', 2_500_001n), 150n)
  assert.throws(() => feesOn('2010-01-01'), /no fees are known/)
})
