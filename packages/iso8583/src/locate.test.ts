import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { DecodeError, digits, encode, locate, message, minorUnits, text } from './index.ts'

const Example = message('0210', {
  account: { de: 2, is: digits(19, 2), optional: true },
  amount: { de: 4, is: minorUnits(12) },
  note: { de: 48, is: text(999, 3), optional: true },
  answer: { de: 103, is: text(28, 2), optional: true },
})

test('elements are where they are, on every wire', () => {
  for (const numeric of ['ascii', 'bcd'] as const) {
    for (const bitmap of ['binary', 'hex'] as const) {
      for (const lengths of ['ascii', 'bcd'] as const) {
        const wire = { numeric, bitmap, lengths }
        fc.assert(
          fc.property(
            fc.record(
              {
                account: fc.stringMatching(/^[0-9]{1,19}$/),
                amount: fc.bigInt({ min: 0n, max: 999_999_999_999n }),
                note: fc.stringMatching(/^[ -~]{1,80}$/),
                answer: fc.stringMatching(/^[ -~]{1,28}$/),
              },
              { requiredKeys: ['amount'], noNullPrototype: true },
            ),
            (value) => {
              const bytes = encode(Example, value, wire)
              const spans = locate(Example, bytes, wire)
              assert.deepEqual(
                spans.map(({ de }) => de),
                [2, 4, 48, 103].filter(
                  (_, i) => [value.account, value.amount, value.note, value.answer][i] !== undefined,
                ),
              )
              const note = spans.find(({ de }) => de === 48)
              if (note !== undefined) {
                assert.equal(Buffer.from(bytes.subarray(note.value, note.end)).toString('latin1'), value.note)
                assert.equal(note.value - note.from, lengths === 'ascii' ? 3 : 2)
              }
              for (const [i, { from }] of spans.slice(1).entries()) assert.equal(from, spans[i]?.end)
              assert.equal(spans.at(-1)?.end, bytes.length)
            },
          ),
          { numRuns: 50 },
        )
      }
    }
  }
})

test('what does not add up is refused, and nothing else is thrown', () => {
  const bytes = encode(Example, { amount: 5n, note: 'abc' })
  for (const broken of [bytes.subarray(0, -1), Buffer.concat([bytes, Buffer.of(0)]), bytes.subarray(0, 3)]) {
    assert.throws(() => locate(Example, broken), DecodeError)
  }
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (tail) => {
      try {
        locate(Example, Buffer.concat([Buffer.from('0210'), tail]))
      } catch (error) {
        assert.ok(error instanceof DecodeError)
      }
    }),
  )
})
