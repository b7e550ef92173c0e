import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { toWireText } from './wire-text.ts'

const rule: readonly (readonly [from: string, to: string])[] = [
  ['RAMESH KUMAR', 'RAMESH KUMAR'],
  ['José Íñigo Müller', 'Jose Inigo Muller'],
  ['Strauß & Æsir, Łódź', 'Strauss & AEsir, Lodz'],
  ['O’Brien – “Bob”', 'O\'Brien - "Bob"'],
  ['₹500', 'Rs500'],
  ['आशा', '???'],
  ['a\tb\nc\u0000d', 'a?b?c?d'],
  ['pay 🙏 me', 'pay ? me'],
  ['\ud800', '?'],
  ['', ''],
]

for (const [from, to] of rule) {
  test(`${JSON.stringify(from)} goes out as ${JSON.stringify(to)}`, () => {
    assert.equal(toWireText(from, 50), to)
  })
}

test('a text is cut after it is folded, to the size of its element', () => {
  assert.equal(toWireText('KRISHNAMURTHY VENKATARAMAN IYER', 20), 'KRISHNAMURTHY VENKAT')
  assert.equal(toWireText('ßßß', 5), 'sssss')
})

test('any text becomes wire text, once: printable ASCII, no longer than allowed, and unchanged the second time', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 80 }), fc.integer({ min: 1, max: 60 }), (text, most) => {
      const once = toWireText(text, most)
      assert.match(once, /^[\x20-\x7e]*$/)
      assert.ok(once.length <= most)
      assert.equal(toWireText(once, most), once)
    }),
  )
})
