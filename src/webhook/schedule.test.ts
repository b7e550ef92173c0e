import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createSeededRandom } from '../base/random.ts'
import { nextTry, retryAfterMs, waitsMs } from './schedule.ts'

test('the waits are those of the standard: ten tries over three days', () => {
  assert.deepEqual(
    waitsMs.map((ms) => ms / 1000),
    [5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400],
  )
  const days = waitsMs.reduce((sum, ms) => sum + ms, 0) / 86_400_000
  assert.ok(days > 3 && days < 3.2, `${days}`)
})

test('each wait is at least its own and a fifth more at most; behind the last there is none', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 9 }), fc.integer(), fc.constantFrom(1, 0.05), (tries, seed, scale) => {
      const wait = nextTry(tries, scale, createSeededRandom(seed)) ?? -1
      const own = (waitsMs[tries - 1] ?? 0) * scale
      assert.ok(wait >= Math.floor(own) && wait <= own * 1.2 + 1, `${wait} for ${own}`)
    }),
  )
  assert.equal(nextTry(10, 1, createSeededRandom(1)), undefined)
})

test('a receiver may ask for longer with Retry-After, for a day at most', () => {
  for (const [header, asked] of [
    [undefined, 0],
    ['120', 120_000],
    ['-1', 0],
    ['1e9', 0],
    ['9999999', 0],
    ['Wed, 21 Oct 2026 07:28:00 GMT', 0],
  ] as const)
    assert.equal(retryAfterMs(header), asked, String(header))
  const random = createSeededRandom(1)
  assert.equal(nextTry(1, 1, random, 120_000), 120_000)
  assert.equal(nextTry(1, 1, random, 999_999_000), 86_400_000)
  assert.ok((nextTry(2, 1, random, 1_000) ?? 0) >= 300_000, 'never sooner than the schedule')
})
