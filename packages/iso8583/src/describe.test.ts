import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { binary, describe, digits, encode, message, minorUnits, text, tlv } from './index.ts'

const Transfer = message('0200', {
  beneficiary: { de: 2, is: digits(19, 2), mask: 'last4' },
  amount: { de: 4, is: minorUnits(12) },
  stan: { de: 11, is: digits(6) },
  secret: { de: 48, is: text(99, 2), optional: true },
  mac: { de: 64, is: binary(8), optional: true },
  imps: {
    de: 120,
    is: tlv(999, 3, {
      type: { tag: '001', is: digits(2), mask: 'show' },
      name: { tag: '045', is: text(50, 3), optional: true },
      account: { tag: '062', is: text(30, 3), optional: true, mask: 'last4' },
    }),
    optional: true,
  },
})
const Echo = message('0800', { stan: { de: 11, is: digits(6) }, code: { de: 70, is: digits(3) } })

const transfer = {
  beneficiary: '7002000919876543210',
  amount: 150000n,
  stan: '123456',
  secret: 'x'.repeat(60),
  imps: { type: '48', name: 'ASHA', account: '50100012345678', unknownTags: [{ tag: '900', value: 'abc' }] },
}
const shown = `0200
  DE 2      beneficiary          ***************3210
  DE 4      amount               150000
  DE 11     stan                 123456
  DE 48     secret               ${'*'.repeat(40)}… (60)
  DE 120    imps
    tag 001 type                 48
    tag 045 name                 ****
    tag 062 account              **********5678
    tag 900 (unknown)            ***`

test('a value is shown element by element, masked as its table says', () => {
  assert.equal(describe(Transfer, transfer), shown)
})

test('bytes find their table by message type', () => {
  assert.equal(describe([Echo, Transfer], encode(Transfer, transfer)), shown)
  assert.equal(
    describe([Echo, Transfer], encode(Echo, { stan: '000001', code: '301' })),
    '0800\n  DE 11     stan                 000001\n  DE 70     code                 301',
  )
})

test('of two tables of one type, the first that decodes is used', () => {
  const Short = message('0200', { stan: { de: 11, is: digits(6) } })
  assert.equal(describe([Short, Transfer], encode(Transfer, transfer)), shown)
})

test('a broken message shows what could be read, and why not the rest', () => {
  const broken = encode(Transfer, transfer).subarray(0, 70)
  assert.equal(
    describe([Transfer], broken),
    `0200
  DE 2      beneficiary          ***************3210
  DE 4      amount               150000
  DE 11     stan                 123456
  elements 2 4 11 48 120
  unreadable: DE 48: the bytes end too early`,
  )
})

test('what is no message at all is one line', () => {
  assert.equal(
    describe([Transfer], Buffer.from('GET / HTTP/1.1')),
    'unreadable message of 14 bytes: MTI: not the expected message type',
  )
  assert.equal(
    describe([], Buffer.from('0100\0\0\0\0\0\0\0\0')),
    '0100\n  elements none\n  unreadable: no table for this message type',
  )
})

test('hidden values never show, whatever they are', () => {
  const secret = fc.string({ unit: fc.constantFrom(...'QXZ'), minLength: 8, maxLength: 20 })
  fc.assert(
    fc.property(secret, (value) => {
      const text = describe(
        Transfer,
        encode(Transfer, { ...transfer, secret: value, imps: { type: '48', name: value } }),
      )
      assert.ok(!/[QXZ]/.test(text))
    }),
  )
})

test('a short value keeps none of its last four', () => {
  assert.match(describe(Transfer, { ...transfer, beneficiary: '1234567' }), /beneficiary {10}\*{7}\n/)
})
