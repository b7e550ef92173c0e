import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import {
  binary,
  type CharacterClass,
  DecodeError,
  decode,
  digits,
  type Element,
  encode,
  hex,
  type Message,
  message,
  minorUnits,
  type Prefix,
  peek,
  type Row,
  salvage,
  text,
  tlv,
  type Wire,
} from './index.ts'

/** An element and a value it can carry. */
type Pair = { readonly is: Element<unknown>; readonly value: unknown }

const alphabets: Record<CharacterClass, string> = {
  n: '0123456789',
  a: 'AZaz',
  an: 'AZaz09',
  ans: ' ~AZaz09/|{\\"',
  hex: '09AFaf',
}

const stringOf = (alphabet: string, min: number, max: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...alphabet), minLength: min, maxLength: max })

/** Fixed or variable, of at most 40 characters, so that runs stay short. */
const sized = (make: (max: number, prefix: Prefix, min: number) => fc.Arbitrary<Pair>): fc.Arbitrary<Pair> =>
  fc
    .record({ max: fc.integer({ min: 1, max: 40 }), prefix: fc.constantFrom(0, 2, 3), empty: fc.boolean() })
    .chain(({ max, prefix, empty }) => make(max, prefix, prefix === 0 ? max : empty ? 0 : 1))

const characters = sized((max, prefix, min) =>
  fc.constantFrom<CharacterClass>('n', 'a', 'an', 'ans', 'hex').chain((name) =>
    stringOf(alphabets[name], min, max).map((value) => ({
      is: text(max, prefix, { class: name, ...(prefix !== 0 && { min }) }),
      value,
    })),
  ),
)
const packed = sized((max, prefix, min) =>
  stringOf(alphabets.n, min, max).map((value) => ({
    is: digits(max, prefix, { encoding: 'bcd', ...(prefix !== 0 && { min }) }),
    value,
  })),
)
const units = fc
  .integer({ min: 1, max: 24 })
  .chain((width) =>
    fc.bigInt({ min: 0n, max: 10n ** BigInt(width) - 1n }).map((value) => ({ is: minorUnits(width), value })),
  )
const bytes = sized((max, prefix, min) =>
  fc
    .uint8Array({ minLength: min, maxLength: max })
    .map((value) => ({ is: binary(max, prefix, prefix === 0 ? {} : { min }), value })),
)
const hexadecimal = sized((max, prefix, min) =>
  fc.uint8Array({ minLength: min, maxLength: max }).map((value) => ({
    is: hex(max, prefix, prefix === 0 ? {} : { min }),
    value: Buffer.from(value).toString('hex').toUpperCase(),
  })),
)

const rows = {
  type: { tag: '001', is: digits(2) },
  name: { tag: '045', is: text(20, 3), optional: true },
  account: { tag: '062', is: text(30, 3, { class: 'an' }), optional: true },
} as const
const tagged: fc.Arbitrary<Pair> = fc
  .record(
    {
      type: stringOf(alphabets.n, 2, 2),
      name: stringOf(alphabets.ans, 1, 20),
      account: stringOf(alphabets.an, 1, 30),
      unknownTags: fc.uniqueArray(
        fc.record(
          { tag: fc.constantFrom('000', '002', '900', '999'), value: stringOf(alphabets.ans, 0, 9) },
          { noNullPrototype: true },
        ),
        { minLength: 1, selector: ({ tag }) => tag },
      ),
    },
    { requiredKeys: ['type'], noNullPrototype: true },
  )
  .map((value) => ({ is: tlv(999, 3, rows), value }))

const element = fc.oneof(characters, packed, units, bytes, hexadecimal, tagged)

/** A message nobody designed, a value for it (optional elements present or not), and a wire. */
const messages = fc
  .record({
    mti: stringOf(alphabets.n, 4, 4),
    elements: fc.uniqueArray(
      fc.record({ de: fc.integer({ min: 2, max: 128 }), pair: element, optional: fc.boolean(), absent: fc.boolean() }),
      { maxLength: 24, selector: ({ de }) => de },
    ),
    wire: fc.record<Wire>({
      numeric: fc.constantFrom('ascii', 'bcd'),
      bitmap: fc.constantFrom('binary', 'hex'),
      lengths: fc.constantFrom('ascii', 'bcd', 'binary'),
    }),
  })
  .map(({ mti, elements, wire }) => {
    const table: Record<string, Row> = {}
    const value: Record<string, unknown> = {}
    for (const { de, pair, optional, absent } of elements) {
      table[`element${de}`] = { de, is: pair.is, ...(optional && { optional }) }
      if (!(optional && absent)) value[`element${de}`] = pair.value
    }
    return { table: message(mti, table), value, wire }
  })

/** Two forms are read that are never written: a second bitmap without a bit, and a bitmap in lower case. */
function isOrdinary(wire: Wire, written: Uint8Array): boolean {
  const start = wire.numeric === 'bcd' ? 2 : 4
  const width = wire.bitmap === 'hex' ? 32 : 16
  const bitmap = Buffer.from(written)
    .subarray(start, start + width)
    .toString('latin1')
  const { elements } = peek(written, wire)
  const announced = wire.bitmap === 'hex' ? /^[89A-F]/.test(bitmap) : bitmap.charCodeAt(0) > 127
  if (wire.bitmap === 'hex' && /[a-f]/.test(announced ? bitmap : bitmap.slice(0, 16))) return false
  return !announced || elements.some((de) => de > 64)
}

/** Decodes what a stranger sent: a refusal, or a value that encodes to the same bytes. */
function holds(table: Message, written: Uint8Array, wire: Wire): void {
  let value: Readonly<Record<string, unknown>>
  try {
    value = decode(table, written, wire)
  } catch (error) {
    assert.ok(error instanceof DecodeError, String(error))
    salvage(table, written, wire)
    return
  }
  if (!isOrdinary(wire, written)) return
  assert.equal(Buffer.from(encode(table, value, wire)).toString('latin1'), Buffer.from(written).toString('latin1'))
}

describe('round trips', () => {
  test('decode(encode(value)) is the value, for any table and wire', () => {
    fc.assert(
      fc.property(messages, ({ table, value, wire }) => {
        const written = encode(table, value, wire)
        assert.deepEqual(decode(table, written, wire), value)
        assert.deepEqual(decode(table, new Uint8Array(written), wire), value)
        holds(table, written, wire)
      }),
      { numRuns: 500 },
    )
  })

  test('bytes changed anywhere are refused as DecodeError, or decode to what encodes to the same bytes', () => {
    const change = fc.record({
      at: fc.nat(),
      byte: fc.oneof(fc.constantFrom(...Buffer.from('0129Aaf \x00\x80\xff', 'latin1')), fc.nat(255)),
      cut: fc.option(fc.nat()),
      more: fc.uint8Array({ maxLength: 3 }),
    })
    fc.assert(
      fc.property(messages, fc.array(change, { minLength: 1, maxLength: 4 }), ({ table, value, wire }, changes) => {
        let written = Buffer.from(encode(table, value, wire))
        for (const { at, byte, cut, more } of changes) {
          written[at % written.length] = byte
          if (cut !== null) written = written.subarray(0, 1 + (cut % written.length))
          written = Buffer.concat([written, more])
        }
        holds(table, written, wire)
      }),
      { numRuns: 1000 },
    )
  })

  test('a stranger’s bytes are refused as DecodeError, or decode to what encodes to the same bytes', () => {
    fc.assert(
      fc.property(
        messages,
        fc.uint8Array({ maxLength: 300 }),
        fc.boolean(),
        ({ table, value, wire }, noise, headed) => {
          const head = encode(table, value, wire).subarray(0, headed ? 20 : 0)
          holds(table, Buffer.concat([head, noise]), wire)
        },
      ),
      { numRuns: 500 },
    )
  })
})
