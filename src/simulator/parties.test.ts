import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createPartyStore, type Parties } from './parties.ts'

const account = fc.oneof(fc.stringMatching(/^[0-9]{0,18}$/), fc.stringMatching(/^[0-9A-Z]{0,28}$/))
const mobile = fc.stringMatching(/^([6-9][0-9]{9})?$/)
const parties = fc.record<Parties>(
  {
    remitterAccount: account,
    remitterMobile: mobile,
    beneficiaryAccount: account,
    beneficiaryMobile: mobile,
  },
  { noNullPrototype: true },
)

test('what was put last into a row comes back, however often rows come round', () => {
  fc.assert(
    fc.property(fc.array(parties, { minLength: 1, maxLength: 60 }), (all) => {
      const rows = 7
      const store = createPartyStore(rows)
      for (const [index, one] of all.entries()) {
        store.put(index % rows, one)
        for (let back = 0; back < Math.min(rows, index + 1); back += 1) {
          assert.deepEqual(store.get((index - back) % rows), all[index - back])
        }
      }
    }),
  )
})

test('a row whose turn comes again does not keep its old bytes', () => {
  const store = createPartyStore(100)
  const one = {
    remitterAccount: '50100123456789',
    remitterMobile: '',
    beneficiaryAccount: 'AB12',
    beneficiaryMobile: '',
  }
  for (let turn = 0; turn < 200_000; turn += 1) store.put(turn % 100, one)
  assert.deepEqual(store.get(99), one)
})
