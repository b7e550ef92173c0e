import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  as,
  binary,
  type Decoded,
  DecodeError,
  decode,
  digits,
  type EncodeCode,
  EncodeError,
  encode,
  hex,
  message,
  minorUnits,
  salvage,
  text,
} from './index.ts'
import { ascii, cannot, hexBytes, refuses, Sale, sale } from './test-support.ts'

describe('refusals name the place and the reason', () => {
  const good = Buffer.from(encode(Sale, sale))
  const body = 12
  const changed = (at: number, byte: number): Buffer => {
    const copy = Buffer.from(good)
    copy[at] = byte
    return copy
  }
  test('another message type', () => refuses('mti', ['MTI'], () => decode(Sale, changed(3, 0x31))))
  test('bytes that end in the MTI, in the bitmap, in a length, in a value', () => {
    refuses('truncated', ['MTI'], () => decode(Sale, good.subarray(0, 3)))
    refuses('truncated', ['bitmap'], () => decode(Sale, good.subarray(0, 11)))
    refuses('truncated', ['DE 2'], () => decode(Sale, good.subarray(0, body + 1)))
    refuses('truncated', ['DE 41'], () => decode(Sale, good.subarray(0, good.length - 1)))
  })
  test('a byte after the last element', () => {
    refuses('trailing', ['message'], () => decode(Sale, Buffer.concat([good, ascii('0')])))
  })
  test('more bytes than the table can ever have, before they are looked at', () => {
    refuses('too_long', ['message'], () => decode(Sale, Buffer.alloc(1 << 20, '0')))
  })
  test('an element that the table does not list', () => {
    refuses('unknown_element', ['DE 3'], () => decode(Sale, changed(4, 0x70)))
  })
  test('an element that the table does not list, with its bytes: what came before it is salvaged', () => {
    const Wider = message('0200', { ...Sale.rows, date: { de: 13, is: digits(4) } })
    const wider = encode(Wider, { ...sale, date: '1122' })
    refuses('unknown_element', ['DE 13'], () => decode(Sale, wider))
    const { card, amount, stan } = sale
    assert.deepEqual(salvage(Sale, wider), { card, amount, stan })
  })
  test('elements over 64 by their own number', () => {
    const Net = message('0800', { code: { de: 70, is: digits(3) } })
    const Late = message('0800', { late: { de: 100, is: digits(3) } })
    refuses('unknown_element', ['DE 70'], () => decode(Late, encode(Net, { code: '301' })))
    refuses('unknown_element', ['DE 100'], () => decode(Net, encode(Late, { late: '301' })))
    refuses('missing', ['DE 70'], () => decode(Net, Buffer.concat([ascii('0800'), Buffer.alloc(8)])))
    refuses('missing', ['DE 100'], () => decode(Late, Buffer.concat([ascii('0800'), Buffer.alloc(8)])))
  })
  test('a required element that is absent', () => refuses('missing', ['DE 2'], () => decode(Sale, absent(good))))
  test('a length that is no number, or out of range', () => {
    refuses('length_prefix', ['DE 2'], () => decode(Sale, changed(body, 0x3a)))
    refuses('length', ['DE 2'], () => decode(Sale, changed(body, 0x32)))
    refuses('length', ['DE 2'], () => decode(Sale, Buffer.concat([good.subarray(0, body), ascii('00')])))
  })
  test('a character outside the class', () => {
    refuses('character', ['DE 11'], () => decode(Sale, changed(body + 2 + 17 + 12, 0x41)))
    refuses('character', ['DE 4'], () => decode(Sale, changed(body + 2 + 17, 0x20)))
    refuses('character', ['DE 41'], () => decode(Sale, changed(good.length - 1, 0x00)))
    refuses('character', ['DE 41'], () => decode(Sale, changed(good.length - 1, 0xe9)))
  })
  test('packed digits over nine, and a spare half byte in use', () => {
    const Packed = message('0800', { code: { de: 70, is: digits(3) } })
    const head = '0800 8000000000000000 0400000000000000'
    assert.deepEqual(decode(Packed, hexBytes(`${head} 0301`), { numeric: 'bcd' }), { code: '301' })
    refuses('padding', ['DE 70'], () => decode(Packed, hexBytes(`${head} 1301`), { numeric: 'bcd' }))
    refuses('character', ['DE 70'], () => decode(Packed, hexBytes(`${head} 030a`), { numeric: 'bcd' }))
  })
  test('salvage keeps the elements before the bad one', () => {
    const { terminal: _, ...before } = sale
    assert.deepEqual(salvage(Sale, changed(good.length - 1, 0x00)), before)
    assert.deepEqual(salvage(Sale, good.subarray(0, 3)), {})
    assert.deepEqual(salvage(Sale, good), sale)
  })
})

/** The message without DE 2: its bit and its bytes taken away. */
function absent(bytes: Buffer): Buffer {
  const copy = Buffer.concat([bytes.subarray(0, 12), bytes.subarray(12 + 2 + 17)])
  copy[4] = 0x10
  return copy
}

describe('encoding checks what it is given', () => {
  const Odd = message('0200', {
    code: { de: 3, is: digits(6) },
    units: { de: 4, is: minorUnits(12) },
    note: { de: 44, is: text(25, 2), optional: true },
    letters: { de: 45, is: text(3, 0, { class: 'a' }), optional: true },
    bytes: { de: 64, is: binary(8), optional: true },
    key: { de: 96, is: hex(8), optional: true },
  })
  const fine: Decoded<typeof Odd> = { code: '900000', units: 1n }
  const cases: readonly (readonly [string, EncodeCode, string, Readonly<Record<string, unknown>>])[] = [
    ['an absent value', 'missing', 'DE 3', { code: undefined }],
    ['a number where digits belong', 'type', 'DE 3', { code: 900000 }],
    ['too few digits', 'length', 'DE 3', { code: '90000' }],
    ['a letter among digits', 'character', 'DE 3', { code: '90000x' }],
    ['a digit of another script, whose low byte is a digit', 'character', 'DE 3', { code: '90000\u0130' }],
    ['a number for an amount', 'type', 'DE 4', { units: 1 }],
    ['a negative amount', 'length', 'DE 4', { units: -1n }],
    ['an amount of 13 digits', 'length', 'DE 4', { units: 10n ** 12n }],
    ['an empty variable value', 'length', 'DE 44', { note: '' }],
    ['a value over its limit', 'length', 'DE 44', { note: 'x'.repeat(26) }],
    ['a line feed', 'character', 'DE 44', { note: 'a\nb' }],
    ['a digit among letters', 'character', 'DE 45', { letters: 'ab1' }],
    ['text for bytes', 'type', 'DE 64', { bytes: '12345678' }],
    ['seven bytes of eight', 'length', 'DE 64', { bytes: new Uint8Array(7) }],
    ['half a byte', 'length', 'DE 96', { key: '123' }],
    ['hexadecimal that is not', 'character', 'DE 96', { key: '000000000000000g' }],
  ]
  for (const numeric of ['ascii', 'bcd'] as const) {
    for (const [name, code, place, change] of cases) {
      test(`${name} (${numeric})`, () => {
        cannot(code, [place], () => encode(Odd, { ...fine, ...change } as Decoded<typeof Odd>, { numeric }))
      })
    }
  }
})

describe('errors never hold the value', () => {
  const Secret = message('0200', {
    pan: {
      de: 2,
      is: as(digits(19, 2), (): string => {
        throw new Error('4111111111111111')
      }),
    },
  })
  test('not from a check that throws it', () => {
    const bytes = Buffer.concat([ascii('0200'), hexBytes('4000000000000000'), ascii('164111111111111111')])
    assert.throws(
      () => decode(Secret, bytes),
      (error) =>
        error instanceof DecodeError &&
        error.code === 'refused' &&
        !JSON.stringify([error.message, error.stack, error]).includes('4111'),
    )
  })
  test('not from encoding it', () => {
    assert.throws(
      () => encode(Sale, { ...sale, card: '4111111111111111x' }),
      (error) => error instanceof EncodeError && !JSON.stringify([error.message, error.stack, error]).includes('4111'),
    )
  })
})
