import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { must, parseAccountNumber, parseIfsc } from '../base/identifiers.ts'
import { MAX_PAISE, paise } from '../base/money.ts'
import { type AccountQr, MAX_QR_ACCOUNT, qrChecksum, readAccountQr, writeAccountQr } from './qr.ts'

const example: AccountQr = {
  ifsc: must(parseIfsc('YESB0000078'), 'IFSC'),
  accountNumber: must(parseAccountNumber('007861100000033'), 'account'),
  merchantName: 'Asha Stores',
  amountPaise: paise(12_345_600n),
  reference: 'ORDER-17',
}

// The check value that every description of CRC-16/CCITT-FALSE gives, and the codes printed in EMVCo's own specification and guidance.
const checksums: readonly (readonly [text: string, crc: string])[] = [
  ['123456789', '29B1'],
  ['', 'FFFF'],
  [
    '00020101021229300012D156000000000510A93FO3230Q31280012D15600000001030812345678520441115802CN5914BEST TRANSPORT6007BEIJING64200002ZH0104最佳运输0202北京540523.7253031565502016233030412340603***0708A60086670902ME91320016A0112233449988770708123456786304',
    'A13A',
  ],
]
for (const [text, crc] of checksums) {
  test(`the checksum of "${text.slice(0, 24)}" is ${crc}`, () => assert.equal(qrChecksum(text), crc))
}

test('an account with an amount, element by element', () => {
  // 08: 26 bytes, as in the sample of protocol.md §7.3.
  const body =
    '000201' +
    '010212' +
    '0826YESB0000078007861100000033' +
    '52045999' +
    '5303356' +
    '5409123456.00' +
    '5802IN' +
    '5911Asha Stores' +
    '6005INDIA' +
    '62120508ORDER-17' +
    '6304'
  assert.equal(writeAccountQr(example), body + qrChecksum(body))
})

test('without an amount it is for many payments, and there is no tag 54', () => {
  const text = writeAccountQr({ ...example, amountPaise: null, reference: null })
  assert.match(text ?? '', /^000201010211.*53033565802IN/)
})

test('a name in another script leaves what a scanner can read', () => {
  const nameOf = (merchantName: string) =>
    readAccountQr(writeAccountQr({ ...example, merchantName }) ?? '')?.merchantName
  assert.equal(nameOf('Café  Déjà Vu'), 'Cafe Deja Vu')
  assert.equal(nameOf('आशा'), 'MERCHANT')
  assert.equal(nameOf('The very longest name of a shop'), 'The very longest name o')
})

test('an account that tag 08 has no room for has no code', () => {
  const accountNumber = must(parseAccountNumber('1'.repeat(MAX_QR_ACCOUNT + 1)), 'account')
  assert.equal(writeAccountQr({ ...example, accountNumber }), undefined)
})

const some: fc.Arbitrary<AccountQr> = fc.record(
  {
    ifsc: fc.stringMatching(/^[A-Z]{4}0[A-Z0-9]{6}$/).map((text) => must(parseIfsc(text), 'IFSC')),
    accountNumber: fc.stringMatching(/^[A-Za-z0-9]{1,26}$/).map((text) => must(parseAccountNumber(text), 'account')),
    merchantName: fc.stringMatching(/^[!-~]([ -~]{0,21}[!-~])?$/).filter((text) => !text.includes('  ')),
    amountPaise: fc.option(fc.bigInt(1n, MAX_PAISE).map(paise)),
    reference: fc.option(fc.stringMatching(/^[!-~]{1,25}$/)),
  },
  { noNullPrototype: true },
)

test('what is written is read back', () => {
  fc.assert(fc.property(some, (qr) => assert.deepEqual(readAccountQr(writeAccountQr(qr) ?? ''), qr)))
})

test('a code with one sign changed is refused, and a stranger to the form too', () => {
  fc.assert(
    fc.property(some, fc.nat(), fc.constantFrom(...'0123456789ABCDEF~'), (qr, where, sign) => {
      const text = writeAccountQr(qr) ?? ''
      const at = where % text.length
      const changed = text.slice(0, at) + sign + text.slice(at + 1)
      if (changed !== text) assert.equal(readAccountQr(changed), undefined)
    }),
  )
  fc.assert(fc.property(fc.string(), (text) => assert.equal(readAccountQr(text + qrChecksum(text)), undefined)))
})
