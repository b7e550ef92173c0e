import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createShedder, defaultThresholds, type Level, type Strain } from './shed.ts'

const order: Readonly<Record<Level, number>> = { calm: 0, busy: 1, overloaded: 2 }
const rest: Strain = { loopMs: 0, databaseMs: 0, doors: 0 }
const strain = fc.record({
  loopMs: fc.integer({ min: 0, max: 3_000 }),
  databaseMs: fc.integer({ min: 0, max: 10_000 }),
  doors: fc.double({ min: 0, max: 1, noNaN: true }),
})

const steps: readonly (readonly [what: string, strain: Strain, level: Level])[] = [
  ['nothing', rest, 'calm'],
  ['a hub at its full rate', { loopMs: 80, databaseMs: 60, doors: 0.1 }, 'calm'],
  ['a late loop', { ...rest, loopMs: 251 }, 'busy'],
  ['a slow database', { ...rest, databaseMs: 1_001 }, 'busy'],
  ['full doors', { ...rest, doors: 0.51 }, 'busy'],
  ['a very late loop', { ...rest, loopMs: 1_001 }, 'overloaded'],
  ['a database that hangs', { ...rest, databaseMs: 5_001 }, 'overloaded'],
  ['doors that are nearly shut', { ...rest, doors: 0.91 }, 'overloaded'],
]
for (const [what, sample, level] of steps)
  test(`${what}, twice: ${level}`, () => {
    const shedder = createShedder()
    assert.equal(shedder.sample(sample), 'calm')
    assert.equal(shedder.sample(sample), level)
  })

test('a level is entered at the second sample and left only after four good ones, one at a time', () => {
  const shedder = createShedder()
  shedder.sample({ ...rest, loopMs: 2_000 })
  assert.equal(shedder.sample({ ...rest, loopMs: 2_000 }), 'overloaded')
  assert.deepEqual(
    Array.from({ length: 9 }, () => shedder.sample(rest)),
    ['overloaded', 'overloaded', 'overloaded', 'busy', 'busy', 'busy', 'busy', 'calm', 'calm'],
  )
})

test('on the edge of a limit nothing flaps', () => {
  const shedder = createShedder()
  for (let i = 0; i < 2; i += 1) shedder.sample({ ...rest, loopMs: 260 })
  for (let i = 0; i < 100; i += 1) assert.equal(shedder.sample({ ...rest, loopMs: i % 2 === 0 ? 240 : 130 }), 'busy')
})

/** The level of a strain that lasts. */
const ofBoth = (one: Strain): Level => {
  const shedder = createShedder(defaultThresholds)
  shedder.sample(one)
  return shedder.sample(one)
}

// Goal: whatever the history, what has been over a limit twice is refused; and it takes many good samples to be calm again.
test('in any history the level is never below what the last two samples ask for, and falls by one step after four better ones', () => {
  fc.assert(
    fc.property(fc.array(strain, { maxLength: 100 }), (history) => {
      const shedder = createShedder()
      let before: Level = 'calm'
      let since = 0
      let last = rest
      for (const one of history) {
        const needed = Math.min(order[ofBoth(one)], order[ofBoth(last)])
        last = one
        const level = shedder.sample(one)
        assert.ok(order[level] >= needed)
        if (order[level] < order[before]) {
          assert.equal(order[before] - order[level], 1)
          assert.ok(since >= 3)
        }
        since = level === before ? since + 1 : 0
        before = level
      }
      for (let i = 0; i < 8; i += 1) shedder.sample(rest)
      assert.equal(shedder.level(), 'calm')
    }),
  )
})

test('more strain never means a lower level', () => {
  fc.assert(
    fc.property(
      fc.array(strain, { minLength: 1, maxLength: 40 }),
      fc.integer({ min: 0, max: 500 }),
      (history, more) => {
        const one = createShedder()
        const other = createShedder()
        for (const sample of history) {
          const low = one.sample(sample)
          const high = other.sample({ ...sample, loopMs: sample.loopMs + more })
          assert.ok(order[high] >= order[low])
        }
      },
    ),
  )
})
