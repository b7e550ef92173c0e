import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { countsOf, readUsage, windowsAt, withoutPayment, withPayment, writeUsage } from './usage.ts'

const IST = 5.5 * 3_600_000
/** An instant by the clock on a wall in India. */
const ist = (text: string): number => Date.parse(`${text}Z`) - IST

test('a day ends at midnight in India, a week with Sunday, a month with its last day', () => {
  const at = (text: string) => windowsAt(ist(text))
  assert.equal(at('2026-11-23T00:00:00').day - at('2026-11-22T23:59:59').day, 1)
  assert.equal(at('2026-11-22T23:59:59').week, at('2026-11-16T00:00:00').week)
  assert.equal(at('2026-11-23T00:00:00').week - at('2026-11-22T23:59:59').week, 1)
  assert.equal(at('2026-12-01T00:00:00').month - at('2026-11-30T23:59:59').month, 1)
  assert.equal(at('2027-01-01T00:00:00').month - at('2026-12-31T23:59:59').month, 1)
})

type Step = {
  readonly channel: 'mobile' | 'ussd'
  readonly paise: number
  readonly afterMs: number
  readonly back: boolean
}
const steps = fc.array(
  fc.record<Step>({
    channel: fc.constantFrom('mobile', 'ussd'),
    paise: fc.integer({ min: 1, max: 1_000_000 }),
    afterMs: fc.oneof(fc.integer({ min: 0, max: 3_600_000 }), fc.integer({ min: 0, max: 20 * 86_400_000 })),
    back: fc.boolean(),
  }),
  { maxLength: 30 },
)

// Goal: the sums kept in a few numbers are those of a list of all payments. Method: random payments, some of which come back at once.
test('it is what a list of all payments says, through the text in the row', () => {
  fc.assert(
    fc.property(steps, (all) => {
      let now = ist('2026-11-20T12:00:00')
      let text = '{}'
      const paid: { channel: string; paise: bigint; at: number }[] = []
      for (const { channel, paise, afterMs, back } of all) {
        now += afterMs
        text = writeUsage(withPayment(readUsage(text, now), channel, BigInt(paise), now, false))
        paid.push({ channel, paise: BigInt(paise), at: now })
        if (back) {
          const last = paid.pop()
          if (last !== undefined) text = writeUsage(withoutPayment(readUsage(text, now), channel, last.paise, last.at))
        }
        const here = windowsAt(now)
        for (const which of ['mobile', 'ussd', null] as const) {
          const counts = countsOf(readUsage(text, now), which)
          const within = (window: 'day' | 'week' | 'month') =>
            paid.filter(
              (one) => (which === null || one.channel === which) && windowsAt(one.at)[window] === here[window],
            )
          const sum = (window: 'day' | 'week' | 'month') => within(window).reduce((total, one) => total + one.paise, 0n)
          assert.deepEqual(
            [counts.day, counts.days, counts.week, counts.weeks, counts.month, counts.months],
            [
              sum('day'),
              within('day').length,
              sum('week'),
              within('week').length,
              sum('month'),
              within('month').length,
            ],
          )
        }
      }
    }),
  )
})

test('what comes back in another month takes nothing from this one', () => {
  const then = ist('2026-11-30T12:00:00')
  const now = ist('2026-12-01T12:00:00')
  const text = writeUsage(withPayment(readUsage('{}', then), 'mobile', 100n, then, false))
  const later = withPayment(readUsage(text, now), 'mobile', 7n, now, false)
  assert.equal(countsOf(withoutPayment(later, 'mobile', 100n, then), null).month, 7n)
  assert.equal(countsOf(withoutPayment(later, 'mobile', 100n, then), null).week, 7n)
})
