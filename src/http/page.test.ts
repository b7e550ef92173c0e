import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  hexCursor,
  idCursor,
  readHexCursor,
  readIdCursor,
  readTextCursor,
  readTimedCursor,
  textCursor,
  timedCursor,
  toPage,
} from './page.ts'

const hex = fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 32, maxLength: 32 })
const instant = fc.integer({ min: 0, max: 2 ** 48 - 1 })

test('a page shows as many as it has room for, and goes on behind the last one shown only when there are more', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 1, max: 5 }), (there, limit) => {
      const all = Array.from({ length: there }, (_, i) => i)
      const page = toPage(all.slice(0, limit + 1), limit, String, (last) => `behind ${last}`)
      assert.deepEqual(page.data, all.slice(0, limit).map(String))
      assert.equal(page.hasMore, there > limit)
      assert.equal(page.nextCursor, there > limit ? `behind ${limit - 1}` : null)
    }),
  )
})

test('a cursor is read back as what it was written from', () => {
  fc.assert(
    fc.property(hex, instant, (digits, at) => {
      assert.equal(readHexCursor(hexCursor(digits)), digits)
      assert.equal(readIdCursor(idCursor(`run_${digits}`), 'run'), `run_${digits}`)
      assert.deepEqual(readTimedCursor(timedCursor({ at, id: `brk_${digits}` }), 'brk'), { at, id: `brk_${digits}` })
      assert.equal(readTextCursor(textCursor(`act ${at}`), /^act ([0-9]+)$/), String(at))
    }),
  )
})

test('anything else is refused by the name of its field', () => {
  const refused = { code: 'invalid_cursor' }
  const id = idCursor(`run_${'0f'.repeat(16)}`)
  for (const cursor of ['', 'x', id.slice(1), `${id}A`, `${id}=`, `${id} `, id.replace(/^D/, '/')]) {
    assert.throws(() => readHexCursor(cursor), refused, cursor)
    assert.throws(() => readTimedCursor(cursor, 'brk'), refused, cursor)
    assert.throws(() => readTextCursor(cursor, /^act ([0-9]+)$/), refused, cursor)
  }
})
