import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createWireTimes, nearestInstant, wireTimes } from './wire-time.ts'

const at = (rfc3339: string): number => Date.parse(rfc3339)

const rule: readonly (readonly [digits: string, now: string, instant: string | undefined, claim: string])[] = [
  ['0212083509', '2026-02-12T08:35:10Z', '2026-02-12T08:35:09Z', 'this year'],
  ['1231235959', '2027-01-01T00:00:01Z', '2026-12-31T23:59:59Z', 'sent last year, read this year'],
  ['0101000001', '2026-12-31T23:59:59Z', '2027-01-01T00:00:01Z', 'a clock ahead of ours, across the turn of the year'],
  ['0229120000', '2028-02-29T12:00:05Z', '2028-02-29T12:00:00Z', '29 February in a leap year'],
  ['0229120000', '2028-12-31T00:00:00Z', '2028-02-29T12:00:00Z', '29 February, late in a leap year'],
  ['0229120000', '2029-01-10T00:00:00Z', '2028-02-29T12:00:00Z', '29 February of the year before'],
  ['0229120000', '2026-02-28T12:00:00Z', undefined, '29 February with no leap year near'],
  ['1312083509', '2026-02-12T08:35:10Z', undefined, 'month 13'],
  ['0012083509', '2026-02-12T08:35:10Z', undefined, 'month 0'],
  ['0431083509', '2026-02-12T08:35:10Z', undefined, '31 April'],
  ['0400083509', '2026-02-12T08:35:10Z', undefined, 'day 0'],
  ['0212243509', '2026-02-12T08:35:10Z', undefined, 'hour 24'],
  ['0212086009', '2026-02-12T08:35:10Z', undefined, 'minute 60'],
  ['0212083560', '2026-02-12T08:35:10Z', undefined, 'second 60'],
]

for (const [digits, now, instant, claim] of rule) {
  test(`DE 7 ${digits}: ${claim}`, () => {
    assert.equal(nearestInstant(digits, at(now)), instant === undefined ? undefined : at(instant))
  })
}

test('DE 7 is in UTC, DE 12 and 13 are in India', () => {
  assert.deepEqual(wireTimes(at('2026-12-31T18:30:00.999Z')), {
    transmitted: '1231183000',
    localTime: '000000',
    localDate: '0101',
  })
})

test('an instant comes back to the second when it is read within a few months', () => {
  const second = 1000
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 4_000_000_000 }), fc.integer({ min: -1e7, max: 1e7 }), (seconds, away) => {
      const instant = seconds * second
      assert.equal(nearestInstant(wireTimes(instant).transmitted, instant + away * second), instant)
    }),
  )
})

test('remembering the last second changes nothing', () => {
  const times = createWireTimes()
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 5_000 }), { maxLength: 20 }), (instants) => {
      for (const ms of instants) assert.deepEqual(times(1_770_000_000_000 + ms), wireTimes(1_770_000_000_000 + ms))
    }),
  )
})
