import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { must, parseRrn, type Rrn } from '../base/identifiers.ts'
import { createJournal } from './journal.ts'

const rrnOf = (number: number): Rrn => must(parseRrn(String(number).padStart(12, '0')), 'RRN')

test('a payment is found by RRN and bank, until the limit forgets it, whatever the order', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(40), fc.nat(3)), { minLength: 1, maxLength: 300 }), (keys) => {
      const journal = createJournal({ limit: 1 })
      const model = new Map<string, number>()
      for (const [number, bank] of keys) {
        const rrn = rrnOf(number * 999_999_999 + bank)
        const name = `70000${bank}`
        const found = journal.find(rrn, name)
        const key = `${rrn}/${name}`
        assert.equal(found !== undefined, model.has(key))
        const id = found ?? journal.open(rrn, name, BigInt(number), 0)
        model.set(key, (model.get(key) ?? 0) + 1)
        assert.equal(journal.count(id, 'originals'), model.get(key))
      }
      assert.equal(journal.totals().entries, model.size)
      assert.equal([...journal.entries()].length, model.size)
    }),
  )
})

test('at the limit the oldest is forgotten, the others are still found, and what held it finds nothing', () => {
  const journal = createJournal({ limit: 8192 })
  const ids = Array.from({ length: 20_000 }, (_, number) => journal.open(rrnOf(number), '700001', 1n, number))
  assert.deepEqual([journal.totals().entries, journal.totals().forgotten], [8192, 20_000 - 8192])
  for (let number = 0; number < 20_000; number += 1) {
    assert.equal(journal.find(rrnOf(number), '700001'), number < 20_000 - 8192 ? undefined : ids[number])
  }
  assert.equal(journal.count(must(ids[0], 'id'), 'answers'), 0)
  assert.equal(journal.stand(must(ids[0], 'id')), 'unseen')
  journal.clear()
  assert.equal(journal.find(rrnOf(19_999), '700001'), undefined)
  journal.open(rrnOf(1), '700001', 1n, 0)
  assert.equal(journal.latest(10).length, 1)
})

test('first answers are kept byte for byte until there is no more room', () => {
  const journal = createJournal({ limit: 100, answerBytes: 1000 })
  const ids = Array.from({ length: 20 }, (_, number) => journal.open(rrnOf(number), '700001', 1n, 0))
  for (const [number, id] of ids.entries()) {
    journal.keepAnswer(id, new Uint8Array(90).fill(number))
    journal.keepAnswer(id, new Uint8Array(90).fill(99))
  }
  for (const [number, id] of ids.entries()) {
    const answer = journal.firstAnswer(id)
    if (number < 8) assert.equal(answer, undefined)
    if (number > 10) assert.deepEqual(new Uint8Array(answer ?? []), new Uint8Array(90).fill(number))
    if (answer !== undefined) assert.deepEqual(new Uint8Array(answer), new Uint8Array(90).fill(number))
  }
})
