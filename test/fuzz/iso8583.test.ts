import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fuzzIso8583 } from './iso8583.ts'

test('60,000 spoilt messages end as a value or a DecodeError, none slow, none kept', () => {
  const { failures, decoded, refused, unframed } = fuzzIso8583({ count: 60_000, seed: 8583 })
  assert.deepEqual(failures, [])
  assert.ok(decoded > 1000 && refused > 1000 && unframed > 100, 'the mutations still reach every outcome')
})
