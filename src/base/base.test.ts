import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Clock } from './clock.ts'
import { istParts, nextDay1730Ist, toRfc3339 } from './clock.ts'
import {
  createPaymentIds,
  laneOf,
  laneOfPayment,
  parseAccountId,
  parseIfsc,
  parseMobile,
  parsePaymentId,
} from './identifiers.ts'
import { formatRupees, parsePaise, parseRupees } from './money.ts'
import { createSeededRandom } from './random.ts'

const clockAt = (instants: number[]): Clock => ({
  now: () => (instants.length > 1 ? (instants.shift() ?? 0) : (instants[0] ?? 0)),
  monotonicMs: () => 0,
  after: () => () => undefined,
  soon: () => undefined,
})

// ASVS 1.4.2
test('an amount is one to twelve digits of paise, written as text, above zero', () => {
  for (const bad of [
    150000,
    1.5,
    '1.50',
    '-1',
    '0',
    '00',
    '01',
    '',
    ' 1',
    '1e3',
    '1234567890123',
    null,
    undefined,
    {},
    [],
    true,
  ]) {
    assert.equal(parsePaise(bad), undefined, String(bad))
  }
  assert.equal(parsePaise('150000'), 150000n)
  assert.equal(parsePaise('999999999999'), 999_999_999_999n)
})

test('rupees as people type them are exact to the paisa', () => {
  assert.equal(parseRupees('1500'), 150000n)
  assert.equal(parseRupees('1500.5'), 150050n)
  assert.equal(parseRupees('1,50,000.00'), 15000000n)
  assert.equal(parseRupees('0.01'), 1n)
  for (const bad of ['1.234', '', '.', 'abc', '-1', '1.', '0', '0.00', '1 500'])
    assert.equal(parseRupees(bad), undefined, bad)
})

test('formatted rupees are grouped the Indian way and read back to the same paise', () => {
  assert.equal(formatRupees(12345600n), '1,23,456.00')
  assert.equal(formatRupees(10_000_000_000n), '10,00,00,000.00')
  assert.equal(formatRupees(5n), '0.05')
  assert.equal(formatRupees(-150n), '-1.50')
  fc.assert(fc.property(fc.bigInt({ min: 1n, max: 999_999_999_999n }), (n) => parseRupees(formatRupees(n)) === n))
})

test('payment ids only go up, also when the clock goes back, and carry their lane', () => {
  const ids = createPaymentIds(clockAt([5000, 5000, 4000, 4000, 6000]), createSeededRandom(1))
  const made = Array.from({ length: 9000 }, (_, i) => ids(laneOf(i)))
  made.forEach((id, i) => {
    assert.equal(parsePaymentId(id), id)
    assert.equal(laneOfPayment(id), i % 64)
    if (i > 0) assert.ok(id > (made[i - 1] as string))
  })
})

test('identifiers are refused unless they are exactly right', () => {
  assert.ok(parseIfsc('HDFC0000123'))
  for (const bad of ['hdfc0000123', 'HDFC1000123', 'HDFC000012', 'HDFC00001234', '', 5])
    assert.equal(parseIfsc(bad), undefined)
  assert.ok(parseMobile('9876543210'))
  for (const bad of ['5876543210', '987654321', '919876543210']) assert.equal(parseMobile(bad), undefined)
  for (const bad of ['acc_0', 'acc_', 'acc_01', 'acc_1x', 'pay_1', 'acc_1234567890123456'])
    assert.equal(parseAccountId(bad), undefined)
})

test('the Indian day turns at 18:30 UTC, and the year and 29 February with it', () => {
  const at = (text: string) => istParts(Date.parse(text))
  assert.deepEqual(at('2026-12-31T18:29:59Z'), {
    year: 2026,
    month: 12,
    day: 31,
    hour: 23,
    minute: 59,
    second: 59,
    dayOfYear: 365,
  })
  assert.deepEqual(at('2026-12-31T18:30:00Z'), {
    year: 2027,
    month: 1,
    day: 1,
    hour: 0,
    minute: 0,
    second: 0,
    dayOfYear: 1,
  })
  assert.equal(at('2028-02-29T00:00:00Z').dayOfYear, 60)
  assert.equal(at('2028-12-31T00:00:00Z').dayOfYear, 366)
})

test('a deemed payment is resolved by 17:30 IST of the next Indian day', () => {
  assert.equal(toRfc3339(nextDay1730Ist(Date.parse('2026-11-22T18:29:59Z'))), '2026-11-23T12:00:00.000Z')
  assert.equal(toRfc3339(nextDay1730Ist(Date.parse('2026-11-22T18:30:00Z'))), '2026-11-24T12:00:00.000Z')
})
