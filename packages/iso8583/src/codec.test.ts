import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  as,
  binary,
  type DecodeCode,
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
  peek,
  salvage,
  text,
  type Wire,
} from './index.ts'

const ascii = (value: string): Buffer => Buffer.from(value, 'latin1')
const hexBytes = (value: string): Buffer => Buffer.from(value.replaceAll(' ', ''), 'hex')
const bytesOf = (value: Uint8Array): string => Buffer.from(value).toString('hex')

const refuses = (code: DecodeCode, path: readonly string[], run: () => unknown): void => {
  assert.throws(run, (error) => {
    assert.ok(error instanceof DecodeError)
    assert.deepEqual([error.code, error.path], [code, path])
    return true
  })
}
const cannot = (code: EncodeCode, path: readonly string[], run: () => unknown): void => {
  assert.throws(run, (error) => {
    assert.ok(error instanceof EncodeError)
    assert.deepEqual([error.code, error.path], [code, path])
    return true
  })
}

const Sale = message('0200', {
  card: { de: 2, is: digits(19, 2) },
  amount: { de: 4, is: minorUnits(12) },
  stan: { de: 11, is: digits(6) },
  entryMode: { de: 22, is: digits(3) },
  terminal: { de: 41, is: text(8) },
  mac: { de: 64, is: binary(8), optional: true },
  account: { de: 102, is: text(28, 2), optional: true },
  key: { de: 105, is: hex(16, 3), optional: true },
})
const sale: Decoded<typeof Sale> = {
  card: '70020009109876543',
  amount: 150000n,
  stan: '123456',
  entryMode: '019',
  terminal: 'TRN12345',
}

describe('golden bytes, written by hand', () => {
  const golden: readonly (readonly [string, Wire, Decoded<typeof Sale>, Buffer])[] = [
    [
      'ASCII, binary bitmap',
      {},
      sale,
      // bits 2, 4, 11, 22, 41: 0101 0000 0010 0000 0000 0100 0000 0000 0000 0000 1000 0000 …
      Buffer.concat([
        ascii('0200'),
        hexBytes('5020040000800000'),
        ascii('1770020009109876543000000150000123456019TRN12345'),
      ]),
    ],
    [
      'ASCII, hexadecimal bitmap',
      { bitmap: 'hex' },
      sale,
      ascii('020050200400008000001770020009109876543000000150000123456019TRN12345'),
    ],
    [
      'packed digits with packed lengths, odd ones behind a zero',
      { numeric: 'bcd', lengths: 'bcd' },
      sale,
      // length 17 in one byte; 17 digits in nine; 3 digits in two
      hexBytes('0200 5020040000800000 17 070020009109876543 000000150000 123456 0019 54524e3132333435'),
    ],
    [
      'lengths as binary numbers, second bitmap, bytes',
      { lengths: 'binary' },
      { ...sale, mac: hexBytes('00ff7f8001020304'), account: 'AB', key: 'DEADBEEF' },
      Buffer.concat([
        ascii('0200'),
        // bits 1, 2, 4, 11, 22, 41, 64, then 102 (= 64 + 38) and 105 (= 64 + 41)
        hexBytes('d020040000800001 0000000004800000'),
        hexBytes('11'),
        ascii('70020009109876543000000150000123456019TRN12345'),
        hexBytes('00ff7f8001020304 02 4142 0004 deadbeef'),
      ]),
    ],
  ]
  for (const [name, wire, value, bytes] of golden) {
    test(`${name}: encodes to them`, () => assert.equal(bytesOf(encode(Sale, value, wire)), bytesOf(bytes)))
    test(`${name}: decodes from them`, () => {
      const { mac, ...rest } = value
      assert.deepEqual(decode(Sale, bytes, wire), { ...rest, ...(mac && { mac: new Uint8Array(mac) }) })
    })
  }
})

describe('bitmap', () => {
  for (const bitmap of ['binary', 'hex'] as const) {
    test(`every element from 2 to 128 has its own bit (${bitmap})`, () => {
      for (let de = 2; de <= 128; de += 1) {
        const One = message('0800', { only: { de, is: text(1) } })
        const bytes = encode(One, { only: 'x' }, { bitmap })
        const bits = Buffer.alloc(de > 64 ? 16 : 8)
        if (de > 64) bits[0] = 0x80
        bits[(de - 1) >> 3]! |= 0x80 >> ((de - 1) & 7)
        const written = bitmap === 'hex' ? ascii(bits.toString('hex').toUpperCase()) : bits
        assert.equal(bytesOf(bytes), bytesOf(Buffer.concat([ascii('0800'), written, ascii('x')])))
        assert.deepEqual(decode(One, bytes, { bitmap }), { only: 'x' })
        assert.deepEqual(peek(bytes, { bitmap }), { mti: '0800', elements: [de] })
      }
    })
  }
  test('a second bitmap without a bit in it is read, though never written', () => {
    const Stan = message('0800', { stan: { de: 11, is: digits(6) } })
    const long = Buffer.concat([ascii('0800'), hexBytes('8020000000000000 0000000000000000'), ascii('123456')])
    assert.deepEqual(decode(Stan, long), { stan: '123456' })
  })
  test('a hexadecimal bitmap may be in lower case, and must be hexadecimal', () => {
    const Acceptor = message('0800', { a: { de: 5, is: text(1) }, b: { de: 7, is: text(1) } })
    assert.deepEqual(decode(Acceptor, ascii('08000a00000000000000xy'), { bitmap: 'hex' }), { a: 'x', b: 'y' })
    refuses('bitmap', ['bitmap'], () => decode(Acceptor, ascii('08000g00000000000000xy'), { bitmap: 'hex' }))
  })
})

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

describe('as', () => {
  test('refuses what its check calls undefined, and gives its type to the rest', () => {
    const Even = message('0800', { n: { de: 3, is: as(digits(2), (n) => (Number(n) % 2 === 0 ? n : undefined)) } })
    assert.deepEqual(decode(Even, encode(Even, { n: '42' })), { n: '42' })
    refuses('refused', ['DE 3'], () => decode(Even, encode(Even, { n: '43' })))
  })
  test('twice asks both checks, the first one first', () => {
    const asked: string[] = []
    const noting = (name: string) => (value: string) => {
      asked.push(name)
      return value
    }
    const both = as(as(digits(1), noting('first')), noting('second'))
    decode(
      message('0800', { n: { de: 3, is: both } }),
      Buffer.concat([ascii('0800'), hexBytes('2000000000000000'), ascii('7')]),
    )
    assert.deepEqual(asked, ['first', 'second'])
  })
})

describe('a table that contradicts itself is refused at definition', () => {
  const one = { de: 3, is: digits(6) } as const
  const wrong: readonly (readonly [string, () => unknown])[] = [
    ['a message type of three digits', () => message('200', {})],
    ['element 1, which is the bitmap', () => message('0200', { a: { ...one, de: 1 } })],
    ['element 129', () => message('0200', { a: { ...one, de: 129 } })],
    ['one element twice', () => message('0200', { a: one, b: one })],
    ['a name that every object has', () => message('0200', { constructor: one })],
    ['LLVAR over 99', () => digits(100, 2)],
    ['a length of zero', () => text(0)],
    ['a minimum over the length', () => text(3, 2, { min: 4 })],
    ['a fixed element with a minimum', () => text(3, 0, { min: 1 })],
    ['packed letters', () => text(3, 0, { encoding: 'bcd' })],
  ]
  for (const [name, define] of wrong) test(name, () => assert.throws(define, RangeError))
})

test('types follow from the table', () => {
  const value: Decoded<typeof Sale> = sale
  const amount: bigint = value.amount
  const account: string | undefined = value.account
  // @ts-expect-error an amount is a bigint
  const wrong: string = value.amount
  // @ts-expect-error the terminal is required
  const short: Decoded<typeof Sale> = { card: '1', amount: 1n, stan: '123456', entryMode: '019' }
  assert.ok([amount, account, wrong, short])
})

describe('peek', () => {
  test('reads type and bitmap of a packed message', () => {
    const bytes = encode(Sale, sale, { numeric: 'bcd', bitmap: 'hex' })
    assert.deepEqual(peek(bytes, { numeric: 'bcd', bitmap: 'hex' }), { mti: '0200', elements: [2, 4, 11, 22, 41] })
  })
  test('refuses what has no message type', () => {
    refuses('truncated', ['MTI'], () => peek(ascii('02')))
    refuses('mti', ['MTI'], () => peek(ascii('02x0')))
    refuses('truncated', ['bitmap'], () => peek(ascii('0200')))
  })
})
