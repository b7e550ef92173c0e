import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  as,
  type DecodeCode,
  type Decoded,
  DecodeError,
  decode,
  digits,
  type EncodeCode,
  EncodeError,
  encode,
  message,
  text,
  tlv,
} from './index.ts'

const Request = message('0200', {
  imps: {
    de: 120,
    is: tlv(999, 3, {
      type: { tag: '001', is: digits(2) },
      name: { tag: '045', is: text(20, 3), optional: true },
      ifsc: { tag: '059', is: as(text(11), (ifsc) => (ifsc[4] === '0' ? ifsc : undefined)), optional: true },
    }),
  },
})
type Tags = Decoded<typeof Request>['imps']

/** The whole message around the content of DE 120: bit 1, and bit 120 (= 64 + 56). */
const around = (content: string): Buffer =>
  Buffer.concat([
    Buffer.from('0200'),
    Buffer.from('80000000000000000000000000000100', 'hex'),
    Buffer.from(`${String(content.length).padStart(3, '0')}${content}`, 'latin1'),
  ])

const read = (content: string): Tags => decode(Request, around(content)).imps
const written = (imps: Tags): string => Buffer.from(encode(Request, { imps })).toString('latin1').slice(23)

describe('tags', () => {
  const contents: readonly (readonly [string, string, Tags])[] = [
    [
      'in the order of the table',
      '00100248045004ASHA059011HDFC0001234',
      { type: '48', name: 'ASHA', ifsc: 'HDFC0001234' },
    ],
    ['without the optional ones', '00100248', { type: '48' }],
    [
      'with unknown ones at the end, in their order',
      '00100248900003abc800000',
      {
        type: '48',
        unknownTags: [
          { tag: '900', value: 'abc' },
          { tag: '800', value: '' },
        ],
      },
    ],
    [
      'in another order, which is remembered',
      '045004ASHA00100248',
      { type: '48', name: 'ASHA', tagOrder: ['045', '001'] },
    ],
    [
      'with an unknown one in between',
      '00100248900001x045004ASHA',
      { type: '48', name: 'ASHA', unknownTags: [{ tag: '900', value: 'x' }], tagOrder: ['001', '900', '045'] },
    ],
  ]
  for (const [name, content, value] of contents) {
    test(`${name}: read`, () => assert.deepEqual(read(content), value))
    test(`${name}: written back byte for byte`, () => assert.equal(written(read(content)), content))
  }
  test('a remembered order puts what it does not name last, in the order of the table', () => {
    assert.equal(
      written({ type: '48', name: 'A', ifsc: 'HDFC0001234', tagOrder: ['059'] }),
      '059011HDFC000123400100248045001A',
    )
  })
})

describe('what is not exactly tags is refused', () => {
  const wrong: readonly (readonly [string, DecodeCode, readonly string[], string])[] = [
    ['a known tag twice', 'duplicate_tag', ['DE 120', 'tag 001'], '0010024800100248'],
    ['a known tag twice with others between', 'duplicate_tag', ['DE 120', 'tag 045'], '045001A00100248045001A'],
    ['a known tag twice around an unknown one', 'duplicate_tag', ['DE 120', 'tag 001'], '00100248900001x00100248'],
    ['an unknown tag twice', 'duplicate_tag', ['DE 120', 'tag 900'], '00100248900001x900001x'],
    ['a required tag absent', 'missing', ['DE 120', 'tag 001'], '045004ASHA'],
    ['half a head', 'truncated', ['DE 120'], '0010024804500'],
    ['a value that ends outside', 'truncated', ['DE 120', 'tag 900'], '00100248900004abc'],
    ['a value shorter than its fixed length', 'length', ['DE 120', 'tag 001'], '0010014'],
    ['a value over its limit', 'length', ['DE 120', 'tag 045'], `00100248045021${'A'.repeat(21)}`],
    ['an empty value', 'length', ['DE 120', 'tag 045'], '00100248045000'],
    ['a tag that is no number', 'character', ['DE 120'], '0x100248'],
    ['a length that is no number', 'length_prefix', ['DE 120', 'tag 001'], '001 0248'],
    ['a letter among digits', 'character', ['DE 120', 'tag 001'], '0010024x'],
    ['a control character in an unknown tag', 'character', ['DE 120', 'tag 900'], '00100248900001\u0000'],
    ['a value that its check refuses', 'refused', ['DE 120', 'tag 059'], '00100248059011HDFC1001234'],
  ]
  for (const [name, code, path, content] of wrong) {
    test(name, () => {
      assert.throws(
        () => read(content),
        (error) => {
          assert.ok(error instanceof DecodeError)
          assert.deepEqual([error.code, error.path], [code, path])
          return true
        },
      )
    })
  }
})

describe('what cannot be written as tags is refused', () => {
  const wrong: readonly (readonly [string, EncodeCode, readonly string[], object])[] = [
    ['no object', 'type', ['DE 120'], '48' as unknown as object],
    ['a required tag absent', 'missing', ['DE 120', 'tag 001'], {}],
    ['a number for text', 'type', ['DE 120', 'tag 001'], { type: 48 }],
    ['a value over its limit', 'length', ['DE 120', 'tag 045'], { type: '48', name: 'A'.repeat(21) }],
    ['a character outside the class', 'character', ['DE 120', 'tag 045'], { type: '48', name: 'é' }],
    [
      'an unknown tag that the table knows',
      'duplicate_tag',
      ['DE 120', 'tag 001'],
      { type: '48', unknownTags: [{ tag: '001', value: '48' }] },
    ],
    [
      'an unknown tag twice',
      'duplicate_tag',
      ['DE 120', 'tag 900'],
      {
        type: '48',
        unknownTags: [
          { tag: '900', value: '' },
          { tag: '900', value: '' },
        ],
      },
    ],
    ['an unknown tag of four digits', 'type', ['DE 120'], { type: '48', unknownTags: [{ tag: '9000', value: '' }] }],
    [
      'more than the element holds',
      'length',
      ['DE 120', 'tag 900'],
      { type: '48', unknownTags: [{ tag: '900', value: 'x'.repeat(986) }] },
    ],
    ['an order that is no list', 'type', ['DE 120'], { type: '48', tagOrder: '001' }],
  ]
  for (const [name, code, path, imps] of wrong) {
    test(name, () => {
      assert.throws(
        () => written(imps as Tags),
        (error) => {
          assert.ok(error instanceof EncodeError)
          assert.deepEqual([error.code, error.path], [code, path])
          return true
        },
      )
    })
  }
  test('exactly what the element holds is written', () => {
    assert.equal(written({ type: '48', unknownTags: [{ tag: '900', value: 'x'.repeat(985) }] }).length, 999)
  })
})

test('a tag table that contradicts itself is refused at definition', () => {
  const define = (rows: Parameters<typeof tlv>[2]) => () =>
    message('0200', { tags: { de: 120, is: tlv(999, 3, rows) } })
  for (const rows of [
    { a: { tag: '1', is: digits(2) } },
    { a: { tag: '001', is: digits(2) }, b: { tag: '001', is: digits(2) } },
    { unknownTags: { tag: '001', is: digits(2) } },
    { a: { tag: '001', is: tlv(99, 2, {}) } },
    { a: { tag: '001', is: digits(2, 0, { encoding: 'bcd' }) } },
  ])
    assert.throws(define(rows), RangeError)
})
