import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createSeededRandom } from '../base/random.ts'
import { defaultProfile, scaleTimers } from '../imps/profile.ts'
import { createBackOff } from './back-off.ts'
import { scheduleOf, whatIsDue } from './schedule.ts'

const schedule = scheduleOf(defaultProfile.timers)
const second = 1_000
const minute = 60_000

test('verifications are due 56, 66 and 76 seconds after sending, then 5, 15, 30 and 60 minutes after the third', () => {
  assert.deepEqual(schedule, [
    56 * second,
    66 * second,
    76 * second,
    76 * second + 5 * minute,
    76 * second + 15 * minute,
    76 * second + 30 * minute,
    76 * second + 60 * minute,
  ])
})

test('the schedule shrinks with the timers', () => {
  assert.deepEqual(scheduleOf(scaleTimers(defaultProfile, 0.05).timers).slice(0, 3), [2_800, 3_300, 3_800])
})

// [checks so far, now, what is due, when to look again], all in milliseconds after sending
const table: readonly (readonly [number, number, string, number | undefined])[] = [
  [0, 0, 'wait', 56_000],
  [0, 40_000, 'wait', 56_000],
  [0, 55_999, 'wait', 56_000],
  [0, 56_000, 'ask', 66_000],
  [1, 65_999, 'wait', 66_000],
  [1, 66_000, 'ask', 76_000],
  [2, 76_000, 'ask', 376_000],
  [3, 376_000, 'ask', 976_000],
  [6, 3_676_000, 'ask', 3_716_000], //   the last one: its answer is waited for
  [7, 3_716_000, 'exhausted', undefined],
  [0, 7_200_000, 'ask', 7_210_000], //   after two hours of outage: ten seconds to the second, not at once
  [1, 7_210_000, 'ask', 7_220_000],
  [2, 7_220_000, 'ask', 7_520_000],
]

for (const [checks, now, kind, dueAt] of table) {
  test(`after ${checks} checks, ${now / 1000} s after sending: ${kind}`, () => {
    const sentAt = 1_795_000_000_000
    const due = whatIsDue(schedule, sentAt, checks, sentAt + now, 40_000)
    assert.deepEqual(due, dueAt === undefined ? { kind } : { kind, dueAt: sentAt + dueAt })
  })
}

// Goal: wherever a restart or an outage falls, no payment is asked about more often than its schedule has entries, and never
// faster than the schedule. Method: look at random instants and do as told.
test('however late the looks come, the spaces between verifications are at least those of the schedule', () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 400_000 }), { minLength: 50, maxLength: 300 }), (gaps) => {
      const asked: number[] = []
      let now = 0
      let dueAt = 0
      for (const gap of gaps) {
        now += gap
        if (now < dueAt) continue
        const due = whatIsDue(schedule, 0, asked.length, now, 40_000)
        if (due.kind === 'exhausted') break
        if (due.kind === 'ask') asked.push(now)
        dueAt = due.dueAt
      }
      assert.ok(asked.length <= schedule.length)
      asked.forEach((at, i) => {
        assert.ok(at >= (schedule[i] ?? 0))
        const before = asked[i - 1]
        if (before !== undefined) assert.ok(at - before >= (schedule[i] ?? 0) - (schedule[i - 1] ?? 0))
      })
    }),
  )
})

test('each reconnect waits in the upper half of a ceiling that doubles from the first to the longest', () => {
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      const backOff = createBackOff(createSeededRandom(seed), 250, 30_000)
      for (let i = 0; i < 12; i += 1) {
        const ceiling = Math.min(250 * 2 ** i, 30_000)
        const wait = backOff.next()
        assert.ok(wait >= ceiling / 2 && wait <= ceiling, `wait ${i} was ${wait}, ceiling ${ceiling}`)
      }
      backOff.reset()
      assert.ok(backOff.next() <= 250)
    }),
  )
})

test('two processes that lost the switch together do not come back together', () => {
  const waits = [1, 2].map((seed) => createBackOff(createSeededRandom(seed), 250, 30_000).next())
  assert.notEqual(waits[0], waits[1])
})
