import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { must, parseRrn } from '../base/identifiers.ts'
import { hourKey, makeRrn, rrnHour, rrnIsPlausible, STANS_PER_HOUR, stanOfRrn } from './rrn.ts'

const at = (rfc3339: string): number => Date.parse(rfc3339)

const rule: readonly (readonly [instant: string, number, rrn: string, claim: string])[] = [
  ['2026-02-12T08:35:09Z', 371, '604314000371', 'Y DDD HH NNNNNN in Indian time'],
  ['2026-02-12T18:29:59.999Z', 999_999, '604323999999', 'the last moment of a day in India'],
  ['2026-02-12T18:30:00Z', 0, '604400000000', 'the day turns at 18:30 UTC'],
  ['2026-02-12T08:29:59.999Z', 1, '604313000001', 'the hour turns on the half hour of UTC'],
  ['2026-02-12T08:30:00Z', 1, '604314000001', 'the hour turns on the half hour of UTC, one millisecond later'],
  ['2026-12-31T18:29:59.999Z', 5, '636523000005', 'the last moment of a year in India'],
  ['2026-12-31T18:30:00Z', 5, '700100000005', 'the year turns at 18:30 UTC'],
  ['2028-02-29T06:30:00Z', 7, '806012000007', '29 February is day 60'],
  ['2028-03-01T06:30:00Z', 7, '806112000007', '1 March of a leap year is day 61'],
  ['2027-03-01T06:30:00Z', 7, '706012000007', '1 March of a common year is day 60'],
  ['2028-12-31T06:30:00Z', 7, '836612000007', 'a leap year has a day 366'],
  ['2029-12-31T20:00:00Z', 7, '000101000007', 'the decade turns to 0'],
]

for (const [instant, stanNumber, rrn, claim] of rule) {
  test(`an RRN: ${claim}`, () => {
    assert.equal(makeRrn(at(instant), stanNumber), rrn)
    assert.equal(hourKey(at(instant)), rrn.slice(0, 6))
  })
}

test('references of other banks decode: samples published by NPCI', () => {
  for (const [sample, hour] of [
    ['604314808369', '2026-02-12T14:00:00+05:30'],
    ['506414777091', '2025-03-05T14:00:00+05:30'],
  ] as const) {
    assert.equal(rrnHour(must(parseRrn(sample), 'RRN')), hourKey(at(hour)))
  }
})

test('a STAN is the last six digits of its RRN', () => {
  fc.assert(
    fc.property(fc.nat(4_000_000_000_000), fc.nat(STANS_PER_HOUR - 1), (epochMs, stanNumber) => {
      assert.equal(stanOfRrn(makeRrn(epochMs, stanNumber)), String(stanNumber).padStart(6, '0'))
    }),
  )
})

test('two numbers of one hour never make one RRN, and neither does one number in two hours of a decade', () => {
  const hour = 3_600_000
  fc.assert(
    fc.property(fc.nat(1_000_000_000_000), fc.nat(87_000), fc.nat(999_999), fc.nat(999_999), (ms, hours, a, b) => {
      if (a !== b) assert.notEqual(makeRrn(ms, a), makeRrn(ms, b))
      if (hours > 0) assert.notEqual(makeRrn(ms, a), makeRrn(ms + hours * hour, a))
    }),
  )
})

test('a number that does not fit is a bug, not a wrong RRN', () => {
  for (const wrong of [-1, STANS_PER_HOUR, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
    assert.throws(() => makeRrn(0, wrong), /no STAN/)
  }
})

test('an RRN is plausible in its own hour and its neighbours, across the turn of a year too', () => {
  const rrn = makeRrn(at('2026-12-31T18:29:00Z'), 1)
  assert.ok(rrnIsPlausible(rrn, at('2026-12-31T18:31:00Z')))
  assert.ok(!rrnIsPlausible(rrn, at('2026-12-31T18:31:00Z'), 0))
  assert.ok(!rrnIsPlausible(rrn, at('2027-01-01T18:31:00Z')))
})
