import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { sleep } from '../../src/base/clock.ts'
import { createVirtualClock } from './virtual-clock.ts'

test('timers fire by their time, those of one instant in the order of asking, cancelled ones never', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(50), fc.boolean()), { maxLength: 60 }), (asked) => {
      const clock = createVirtualClock()
      const fired: number[] = []
      const cancels = asked.map(([ms], index) => clock.after(ms, () => fired.push(index)))
      for (const [index, [, cancelled]] of asked.entries()) if (cancelled) cancels[index]?.()
      const expected = asked
        .map(([ms, cancelled], index) => ({ ms, cancelled, index }))
        .filter(({ cancelled }) => !cancelled)
        .sort((a, b) => a.ms - b.ms || a.index - b.index)
        .map(({ index }) => index)
      assert.equal(clock.pending(), expected.length)
      clock.advance(50)
      assert.deepEqual(fired, expected)
      assert.deepEqual([clock.pending(), clock.nextInMs(), clock.monotonicMs()], [0, undefined, 50])
    }),
  )
})

test('a timer set by a timer fires in the same advance when it is due in it', () => {
  const clock = createVirtualClock(1000)
  const at: number[] = []
  const again = () => {
    at.push(clock.now())
    clock.after(30, again)
  }
  clock.after(10, again)
  clock.soon(() => at.push(clock.now()))
  clock.advance(100)
  assert.deepEqual(at, [1000, 1010, 1040, 1070, 1100])
  assert.equal(clock.now(), 1100)
})

test('runUntil stops at the first event that satisfies it, at its time', () => {
  const clock = createVirtualClock()
  let count = 0
  for (const ms of [10, 20, 30]) clock.after(ms, () => count++)
  assert.equal(
    clock.runUntil(() => count === 2, 1000),
    true,
  )
  assert.equal(clock.monotonicMs(), 20)
  assert.equal(
    clock.runUntil(() => count === 4, 1000),
    false,
  )
})

test('advanceAsync lets promises go on between timers', async () => {
  const clock = createVirtualClock()
  const at: number[] = []
  const walk = async () => {
    for (let step = 0; step < 3; step += 1) {
      await sleep(clock, 10)
      at.push(clock.monotonicMs())
    }
  }
  const walking = walk()
  await clock.advanceAsync(100)
  await walking
  assert.deepEqual(at, [10, 20, 30])
})

test('a jump moves the wall clock and no timer', () => {
  const clock = createVirtualClock(0)
  clock.jump(-5000)
  assert.deepEqual([clock.now(), clock.monotonicMs()], [-5000, 0])
})
