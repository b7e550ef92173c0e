import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { must, parseNbin } from '../base/identifiers.ts'
import { createSeededRandom } from '../base/random.ts'
import { isVirtualNumber, makeVirtualNumber } from './virtual-account.ts'

const nbin = must(parseNbin('7001'), 'NBIN')
const number = fc.integer().map((seed) => makeVirtualNumber(nbin, createSeededRandom(seed)))
const at = fc.nat({ max: 15 })

test('a number is the NBIN, eleven digits of chance and a check digit: longer than any customer’s account number', () => {
  fc.assert(
    fc.property(number, (one) => {
      assert.match(one, /^7001[0-9]{12}$/)
      assert.ok(isVirtualNumber(one))
    }),
  )
})

test('one wrong digit makes it no number', () => {
  fc.assert(
    fc.property(number, at, fc.integer({ min: 1, max: 9 }), (one, place, by) => {
      const digit = (Number(one[place]) + by) % 10
      assert.ok(!isVirtualNumber(one.slice(0, place) + digit + one.slice(place + 1)))
    }),
  )
})

test('two digits that changed places make it no number', () => {
  fc.assert(
    fc.property(number, fc.nat({ max: 14 }), (one, place) => {
      const [a, b] = [one[place], one[place + 1]]
      fc.pre(a !== b)
      assert.ok(!isVirtualNumber(one.slice(0, place) + b + a + one.slice(place + 2)))
    }),
  )
})

test('what is not 16 digits is none', () => {
  for (const text of ['', '0', '70010000000042', 'ABCDEF0123456789', '70010000000000000'])
    assert.ok(!isVirtualNumber(text))
})
