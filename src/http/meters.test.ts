import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createMeters, isRefusal, type Meter } from './meters.ts'

const limits = fc.record({
  perSecond: fc.integer({ min: 1, max: 1_000 }),
  burst: fc.integer({ min: 1, max: 2_000 }),
  atOnce: fc.constant(0),
})
const gaps = fc.array(fc.integer({ min: 0, max: 2_000 }), { minLength: 1, maxLength: 200 })

// Goal: no timing of requests gets more through than the bucket and its refill allow, and nobody waits who has kept to it.
// Method: any limits, any gaps between requests, against the definition counted by hand over every stretch of the history.
test('over any stretch of time no more get in than the burst and what was refilled', () => {
  fc.assert(
    fc.property(limits, gaps, (limit, waits) => {
      const meters = createMeters(limit, 10)
      const admitted: number[] = []
      let now = 1_000_000
      for (const wait of waits) {
        now += wait
        if (!isRefusal(meters.enter('a', now))) admitted.push(now)
      }
      for (let from = 0; from < admitted.length; from += 1)
        for (let to = from; to < admitted.length; to += 1) {
          const seconds = ((admitted[to] ?? 0) - (admitted[from] ?? 0)) / 1_000
          assert.ok(to - from + 1 <= limit.burst + seconds * limit.perSecond + 1e-6)
        }
    }),
  )
})

test('whoever asks no faster than the rate is never refused', () => {
  fc.assert(
    fc.property(limits, gaps, (limit, extra) => {
      const meters = createMeters(limit, 10)
      let now = 0
      for (const more of extra) {
        now += 1_000 / limit.perSecond + more
        assert.ok(!isRefusal(meters.enter('a', now)))
      }
    }),
  )
})

test('after what Retry-After says, one is let in; a moment earlier, nobody', () => {
  fc.assert(
    fc.property(limits, (limit) => {
      const meters = createMeters(limit, 10)
      let answer = meters.enter('a', 0)
      while (!isRefusal(answer)) answer = meters.enter('a', 0)
      assert.equal(answer.kind, 'rate')
      assert.ok(!meters.isOpen('a', answer.retryAfterMs * 0.999 - 0.001))
      assert.ok(isRefusal(meters.enter('a', answer.retryAfterMs * 0.999 - 0.001)))
      assert.ok(meters.isOpen('a', answer.retryAfterMs + 0.001))
      assert.ok(!isRefusal(meters.enter('a', answer.retryAfterMs + 0.001)))
    }),
  )
})

test('one is not refused for what another did', () => {
  const meters = createMeters({ perSecond: 1, burst: 1, atOnce: 1 }, 10)
  assert.ok(!isRefusal(meters.enter('a', 0)))
  assert.ok(isRefusal(meters.enter('a', 0)))
  assert.ok(!isRefusal(meters.enter('b', 0)))
})

test('at once: as many as may be, and one more for each that has left; a refusal costs nothing', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 20 }), fc.array(fc.boolean(), { maxLength: 200 }), (atOnce, steps) => {
      const meters = createMeters({ perSecond: 0, burst: 0, atOnce }, 10)
      const inside: Meter[] = []
      for (const enters of steps) {
        if (enters) {
          const answer = meters.enter('a', 0)
          assert.equal(isRefusal(answer), inside.length >= atOnce)
          if (isRefusal(answer)) assert.equal(answer.kind, 'atOnce')
          else inside.push(answer)
        } else {
          const one = inside.pop()
          if (one !== undefined) meters.leave(one)
        }
      }
    }),
  )
})

test('zero is no limit', () => {
  const meters = createMeters({ perSecond: 0, burst: 0, atOnce: 0 }, 10)
  for (let i = 0; i < 10_000; i += 1) assert.ok(!isRefusal(meters.enter('a', 0)))
})

test('however many come, so many are remembered; who has something under way is not forgotten', () => {
  const meters = createMeters({ perSecond: 1, burst: 1, atOnce: 1 }, 100)
  const busy = meters.enter('busy', 0)
  for (let i = 0; i < 10_000; i += 1) {
    const meter = meters.enter(`${i}`, 0)
    assert.ok(!isRefusal(meter))
    meters.leave(meter)
  }
  assert.ok(meters.size() <= 100)
  assert.ok(isRefusal(meters.enter('busy', 60_000)))
  assert.ok(!isRefusal(busy))
  meters.leave(busy)
  assert.ok(!isRefusal(meters.enter('busy', 60_000)))
})
