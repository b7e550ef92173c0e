import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { aPayment } from '../../test/support/a-payment.ts'
import { createVirtualClock } from '../../test/support/virtual-clock.ts'
import type { StoredPayment } from '../payment/stored.ts'
import { createInflight } from './inflight.ts'

const make = (serial: number): StoredPayment => aPayment({ serial })
const keyOf = (payment: StoredPayment): string => payment.rrn ?? ''

test('an answer finds its request by its key, and only by it', () => {
  const inflight = createInflight(createVirtualClock(), 40_000, () => undefined)
  const payment = make(1)
  assert.ok(inflight.add(keyOf(payment), payment))
  assert.equal(inflight.find(keyOf(payment))?.payment, payment)
  assert.equal(inflight.find(`${keyOf(payment)}700001`), undefined)
  assert.equal(inflight.find('632612999999'), undefined)
})

test('one reference is in flight once', () => {
  const inflight = createInflight(createVirtualClock(), 40_000, () => undefined)
  assert.ok(inflight.add(keyOf(make(1)), make(1)))
  assert.ok(!inflight.add(keyOf(make(1)), make(1)))
  assert.equal(inflight.size, 1)
})

test('a request lapses exactly when its wait is over, once, and needs one timer however many wait', () => {
  const clock = createVirtualClock()
  const lapsed: StoredPayment[] = []
  const inflight = createInflight(clock, 40_000, (payments) => lapsed.push(...payments))
  for (let i = 0; i < 1_000; i += 1) inflight.add(keyOf(make(i)), make(i))
  assert.equal(clock.pending(), 1)
  clock.advance(39_999)
  assert.equal(lapsed.length, 0)
  clock.advance(1)
  assert.equal(lapsed.length, 1_000)
  assert.equal(inflight.size, 0)
  assert.equal(clock.pending(), 0)
  clock.advance(100_000)
  assert.equal(lapsed.length, 1_000)
})

test('renewing starts the wait anew', () => {
  const clock = createVirtualClock()
  let lapsed = 0
  const inflight = createInflight(clock, 40_000, (payments) => {
    lapsed += payments.length
  })
  inflight.renew(keyOf(make(1)), make(1))
  clock.advance(30_000)
  inflight.renew(keyOf(make(1)), make(1))
  clock.advance(30_000)
  assert.equal(lapsed, 0)
  assert.equal(inflight.size, 1)
  clock.advance(10_000)
  assert.equal(lapsed, 1)
})

// Goal: a request ends once: by its answer or by its lapse, never by both, never by neither.
test('in any history every request is answered or lapses, exactly once and in time', () => {
  const step = fc.record({ pass: fc.nat({ max: 30_000 }), serial: fc.nat({ max: 20 }), answer: fc.boolean() })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 100 }), (steps) => {
      const clock = createVirtualClock()
      const open = new Map<string, number>()
      const inflight = createInflight(clock, 40_000, (payments) => {
        for (const { rrn } of payments) {
          assert.equal(clock.monotonicMs(), (open.get(rrn ?? '') ?? Number.NaN) + 40_000)
          open.delete(rrn ?? '')
        }
      })
      for (const { pass, serial, answer } of steps) {
        clock.advance(pass)
        const payment = make(serial)
        const rrn = payment.rrn ?? ''
        if (answer) assert.equal(inflight.remove(rrn), open.delete(rrn))
        else {
          const fresh = !open.has(rrn)
          assert.equal(inflight.add(rrn, payment), fresh)
          if (fresh) open.set(rrn, clock.monotonicMs())
        }
        assert.equal(inflight.size, open.size)
      }
      clock.advance(40_000)
      assert.equal(inflight.size, 0)
      assert.equal(open.size, 0)
    }),
  )
})
