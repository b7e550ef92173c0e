import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { readXmlVectors } from '../../../test/vectors/xml/read.ts'
import { MAX_PAISE, paise } from '../../base/money.ts'
import { defaultProfile } from '../profile.ts'
import { createXmlDialect } from './dialect.ts'
import { XmlError } from './error.ts'
import { instant, mobile, rupees, rupeesOrNone, spoken, text } from './rule.ts'

const dialect = createXmlDialect(defaultProfile)
const documents = new Map(readXmlVectors().map(({ name, text: document }) => [name, document]))

type FieldCase = readonly [
  vector: string,
  path: string,
  given: string,
  taken: readonly string[],
  refused: readonly string[],
]
const letters = (count: number): string => 'A'.repeat(count)

// protocol.md §2.4, one line per field: what it has in the vector, what else it may have, and what it may not.
const fields: readonly FieldCase[] = [
  [
    'req-pay-account',
    'Head@msgId',
    ' msgId="TRN0199a1b2c3d41e5f8a6b7c8d9e0f1a2b"',
    ['A', letters(9), letters(35)],
    [letters(36), 'a-b', 'ä'],
  ],
  [
    'req-pay-account',
    'Txn@id',
    ' id="TRN0199a1b2c3d47e5f8a6b7c8d9e0f1a2b"',
    ['A', letters(31), letters(35)],
    [letters(36), 'a b'],
  ],
  ['req-pay-account', 'Head@orgId', ' orgId="TRN"', ['N', letters(20)], [letters(21), '&#9;']],
  [
    'req-pay-account',
    'Head@ts',
    ' ts="2026-02-12T14:05:09.120+05:30" ver',
    ['2026-02-12T08:35:09Z', '2026-02-12T08:35:09.120000+00:00', '2024-02-29T00:00:00.000+05:30'],
    [
      '2026-02-12T02:05:09 PM',
      '2026-02-12T14:05:09.120',
      '12-02-2026T14:05:09Z',
      '2026-02-30T00:00:00Z',
      '2026-02-12T25:00:00Z',
      '2026-02-12',
    ],
  ],
  ['req-pay-account', 'Txn@type', ' type="PAY"></Txn>', ['CREDIT'], ['pay', 'NameEnq', letters(21)]],
  [
    'req-pay-account',
    'Txn@custRef',
    ' custRef="604314000371"',
    ['000000000000'],
    ['60431400037', '6043140003711', '60431400037A'],
  ],
  ['req-pay-account', 'Txn@refId', ' refId="000371"', ['1', letters(35)], [letters(36)]],
  ['req-pay-account', 'Txn@note', ' note="RENT MARCH"', [letters(50), 'किराया'], [letters(51), 'a&#xA;b']],
  ['req-pay-account', 'Txn@initiationMode', ' initiationMode="00"', ['01', '999'], ['0000']],
  ['req-pay-account', 'Payer@name', ' name="RAMESH KUMAR" seq', [letters(99)], [letters(100), 'a&#x0d;']],
  [
    'req-pay-account',
    'Payer/Amount@value',
    'curr="INR" value="1500.00"></Amount>\n  </Payer>',
    ['000000001500.00'],
    [
      '1500',
      '1500.0',
      '1500.000',
      '1,500.00',
      '1500,00',
      '-1500.00',
      '+1500.00',
      '0.00',
      '1e3',
      '1500.00 ',
      '9999999999999.00',
      ' ',
    ],
  ],
  ['req-pay-account', 'Payer/Ac@addrType', ' addrType="ACCOUNT">\n      <Detail', [], ['account', 'VPA', 'AADHAAR']],
  [
    'req-pay-account',
    'Payees/Payee/Ac/Detail[ACNUM]@value',
    'value="50100012345678"',
    ['1', letters(30), '0000'],
    [letters(31), '5010-0012', '50 10'],
  ],
  [
    'req-pay-account',
    'Payees/Payee/Ac/Detail[IFSC]@value',
    'value="QTAB0001234"',
    ['HDFC0ABC123'],
    ['QTAB0001', 'qtab0001234', 'QTAB1001234', 'QTAB00012345'],
  ],
  [
    'req-pay-mobile',
    'Payees/Payee/Ac/Detail[MMID]@value',
    'value="7028123"',
    ['0000000'],
    ['702812', '70281234', '702812A'],
  ],
  [
    'req-pay-mobile',
    'Payees/Payee/Ac/Detail[MOBNUM]@value',
    'value="919123456789"',
    ['916000000000'],
    ['9123456789', '09123456789', '915123456789', '9191234567890', '449123456789'],
  ],
  ['req-pay-remittance', 'Payer/Institution@type', ' type="BANK"', ['MTO'], ['NBFC']],
  ['req-pay-remittance', 'Payer/Institution@route', ' route="RDA"', ['MTSS'], ['SWIFT']],
  ['resp-pay-approved', 'Resp@result', ' result="SUCCESS"', ['FAILURE', 'DEEMED'], ['success', 'PARTIAL', 'PENDING']],
  ['resp-pay-declined', 'Resp@errCode', ' errCode="M5"', ['U01', 'UT', letters(20)], [letters(21), 'M 5']],
  [
    'resp-pay-approved',
    'Resp/Ref[PAYEE]@respCode',
    ' respCode="00" seqNum="1"',
    ['91', letters(20)],
    [letters(21), '0 0'],
  ],
  [
    'resp-pay-approved',
    'Resp/Ref[PAYEE]@orgAmount',
    ' orgAmount="1500.00" regName',
    ['0.00'],
    ['1500', '1500.001', '-1.00'],
  ],
  ['resp-pay-approved', 'Resp@reqMsgId', ' reqMsgId="TRN0199a1b2c3d41e5f8a6b7c8d9e0f1a2b"', ['A'], [letters(36), '']],
  ['req-hbt-end-of-day', 'HbtMsg@value', ' value="2026-02-12"', ['2026-12-31'], ['2026-13-01', '12/02/2026', 'NA', '']],
  ['req-hbt', 'HbtMsg@type', ' type="ALIVE"', [], ['DEAD', 'alive']],
  ['resp-list-acc-pvd', 'AccPvdList/AccPvd@iin', ' iin="7002"', ['0000'], ['702', '70021', 'ABCD', '']],
  ['resp-list-acc-pvd', 'AccPvdList/AccPvd@active', ' active="Y"', ['N'], ['YES', '1', '']],
]

/** The vector with another value in one field; the field is the first attribute that starts as `given` does. */
function changed(vector: string, given: string, value: string): string {
  const document = documents.get(vector) ?? ''
  assert.ok(document.includes(given), `${vector} has no ${given}`)
  const attribute = /(\w+)="[^"]*"/g
  const last = given.startsWith('curr') ? 'value' : undefined
  const other = given.replace(attribute, (found, name: string, at: number) =>
    (last === undefined ? at <= 1 : name === last) ? `${name}="${value}"` : found,
  )
  return document.replace(given, other)
}

for (const [vector, path, given, taken, refused] of fields) {
  test(`${path} of ${vector} takes what the reference allows and nothing else`, () => {
    for (const value of taken) dialect.read(changed(vector, given, value))
    for (const value of refused) {
      assert.throws(
        () => dialect.read(changed(vector, given, value)),
        (error) => {
          assert.ok(error instanceof XmlError, String(error))
          assert.ok(path.endsWith(error.path), `${value}: ${error.message}`)
          assert.match(error.code, value === '' ? /^(missing|refused)$/ : /^refused$/)
          assert.ok(value === '' || value.length < 3 || !error.message.includes(value))
          return true
        },
        value,
      )
    }
  })
}

test('every required field that is left out is missed by its path', () => {
  const required: readonly (readonly [vector: string, attribute: RegExp, path: string])[] = [
    ['req-pay-account', / msgId="[^"]*"/, 'Head@msgId'],
    ['req-pay-account', / orgId="[^"]*"/, 'Head@orgId'],
    ['req-pay-account', / ts="[^"]*"/, 'Head@ts'],
    ['req-pay-account', / id="[^"]*" initiationMode/, 'Txn@id'],
    ['req-pay-account', / custRef="[^"]*"/, 'Txn@custRef'],
    ['req-pay-account', / type="PAY"/, 'Txn@type'],
    ['req-pay-account', /<Amount curr="INR" value="1500.00"><\/Amount>\n {2}<\/Payer>/, 'Payer/Amount@value'],
    ['req-pay-mobile', /<Detail name="MOBNUM" value="919123456789"><\/Detail>/, 'Payees/Payee/Ac/Detail[MOBNUM]@value'],
    ['req-pay-mobile', /<Detail name="MMID" value="7001000"><\/Detail>/, 'Payer/Ac/Detail[MMID]@value'],
    ['req-pay-account', /<Detail name="IFSC" value="TRNT0000001"><\/Detail>/, 'Payer/Ac/Detail[IFSC]@value'],
    ['req-pay-reversal', / orgRrn="[^"]*"/, 'Txn@orgRrn'],
    ['req-pay-remittance', /<Purpose [^>]*><\/Purpose>/, 'Payer/Institution/Purpose@code'],
    ['resp-pay-approved', / reqMsgId="[^"]*"/, 'Resp@reqMsgId'],
    ['resp-pay-approved', / result="[^"]*"/, 'Resp@result'],
  ]
  for (const [vector, attribute, path] of required) {
    const document = documents.get(vector) ?? ''
    const keep = attribute.source.includes('initiationMode')
      ? ' initiationMode'
      : attribute.source.includes('Payer>')
        ? '</Payer>'
        : ''
    const without = document.replace(attribute, keep)
    assert.notEqual(without, document, path)
    assert.throws(() => dialect.read(without), { code: 'missing', path })
  }
})

test('an amount is the same paisa for paisa on the wire, from one paisa to the largest', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 1n, max: MAX_PAISE }), (amount) => {
      const written = rupees.write(paise(amount)) ?? ''
      assert.match(written, /^(0|[1-9][0-9]*)\.[0-9]{2}$/)
      assert.ok(written.length <= 15)
      assert.equal(rupees.read(written), amount)
    }),
  )
})

test('an amount that is none, or more than the other wire could carry, is not written', () => {
  for (const amount of [0n, -1n, MAX_PAISE + 1n]) assert.equal(rupees.write(paise(amount)), undefined)
  assert.equal(rupees.read('0.00'), undefined)
  assert.equal(rupeesOrNone.read('0.00'), 0n)
})

test('an instant is written in Indian time with milliseconds, and comes back to the millisecond', () => {
  assert.equal(instant.write(Date.parse('2026-11-22T22:12:51.007Z')), '2026-11-23T03:42:51.007+05:30')
  const span = { min: Date.UTC(2000, 0, 2), max: Date.UTC(2099, 11, 30) }
  fc.assert(
    fc.property(fc.integer(span), (at) => {
      assert.equal(instant.read(instant.write(at) ?? ''), at)
    }),
  )
  for (const at of [Number.NaN, Number.POSITIVE_INFINITY, -1, 1e15]) assert.equal(instant.write(at), undefined)
})

test('what a person typed goes out in ASCII and no longer than its field; what a program made must fit', () => {
  assert.equal(spoken(5).write('José Pérez'), 'Jose ')
  assert.equal(text(5).write('José'), undefined)
  assert.equal(text(3).write('abcd'), undefined)
  assert.equal(mobile.read('919123456789'), '9123456789')
})
