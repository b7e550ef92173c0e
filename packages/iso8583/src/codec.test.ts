import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { as, type Decoded, decode, digits, encode, message, peek, text, type Wire } from './index.ts'
import { ascii, hexBytes, refuses, Sale, sale } from './test-support.ts'

const bytesOf = (value: Uint8Array): string => Buffer.from(value).toString('hex')

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
