import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DecodeError, EncodeError } from '@turant/iso8583'
import fc from 'fast-check'
import {
  must,
  parseAccountNumber,
  parseIfsc,
  parseMmid,
  parseMobile,
  parseRrn,
  parseStan,
} from '../../base/identifiers.ts'
import { MAX_PAISE, paise } from '../../base/money.ts'
import type { Beneficiary, Remitter } from '../../base/party.ts'
import { defaultProfile, type WireProfile } from '../profile.ts'
import type { FundTransferRequest, RailMessage, VerificationRequest } from '../rail-message.ts'
import { createIsoDialect, networkCodes } from './dialect.ts'

const dialect = createIsoDialect(defaultProfile)
const now = Date.parse('2026-02-12T08:35:09Z')

const digitsOf = (length: number) => fc.stringMatching(new RegExp(`^[0-9]{${length}}$`), { size: 'max' })
const rrn = digitsOf(12).map((text) => must(parseRrn(text), 'RRN'))
const stan = digitsOf(6).map((text) => must(parseStan(text), 'STAN'))
const mobile = fc.stringMatching(/^[6-9][0-9]{9}$/).map((text) => must(parseMobile(text), 'mobile'))
const mmid = digitsOf(7).map((text) => must(parseMmid(text), 'MMID'))
const ifsc = fc
  .oneof(
    fc.stringMatching(/^[A-Z]{4}0[A-Z0-9]{6}$/),
    fc.constantFrom('HDFC0000123', 'TRNT0000001', 'QTAB0001234', 'ZZZZ0000000'),
  )
  .map((text) => must(parseIfsc(text), 'IFSC'))
const account = (most: number) =>
  fc.stringMatching(new RegExp(`^[A-Za-z0-9]{1,${most}}$`)).map((text) => must(parseAccountNumber(text), 'account'))
const wireText = (most: number) =>
  fc.stringMatching(new RegExp(`^[\\x20-\\x7e]{1,${most}}$`)).filter((text) => text.length > 0)
const seconds = fc.integer({ min: -15_000_000, max: 15_000_000 }).map((away) => now + away * 1000)
const remitterBank = fc.oneof(
  fc.stringMatching(/^[0-9]{1,11}$/),
  fc.constantFrom(...defaultProfile.institutions.map((institution) => institution.remitterBank)),
)
const optional = { noNullPrototype: true }

const beneficiary: fc.Arbitrary<Beneficiary> = fc.oneof(
  fc.record(
    { kind: fc.constant('account' as const), ifsc, account: account(30), name: wireText(20) },
    { requiredKeys: ['kind', 'ifsc', 'account'], ...optional },
  ),
  fc.record({ kind: fc.constant('mmid' as const), mobile, mmid }, optional),
)
const remitter: fc.Arbitrary<Remitter> = fc
  .record(
    { account: account(28), name: wireText(50), phone: fc.record({ mobile, mmid }, optional) },
    {
      requiredKeys: ['account'],
      ...optional,
    },
  )
  .map(({ phone, ...rest }) => ({ ...rest, ...phone }))

/** Requests whose every part fits the wire as it is. Channels that share DE 18 and 22 cannot come back apart. */
const request: fc.Arbitrary<FundTransferRequest | VerificationRequest> = fc.record(
  {
    kind: fc.constantFrom('fundTransferRequest' as const, 'verificationRequest' as const),
    rrn,
    stan,
    remitterBank,
    amountPaise: fc.bigInt({ min: 1n, max: MAX_PAISE }).map(paise),
    transmittedAt: seconds,
    channel: fc.constantFrom('mobile' as const, 'internet' as const, 'atm' as const, 'sms' as const),
    remitter,
    beneficiary,
    remarks: wireText(50),
  },
  {
    requiredKeys: [
      'kind',
      'rrn',
      'stan',
      'remitterBank',
      'amountPaise',
      'transmittedAt',
      'channel',
      'remitter',
      'beneficiary',
    ],
    ...optional,
  },
)

const answer: fc.Arbitrary<RailMessage> = fc.record(
  {
    kind: fc.constantFrom('fundTransferResponse' as const, 'verificationResponse' as const),
    rrn,
    stan,
    remitterBank,
    amountPaise: fc.bigInt({ min: 1n, max: MAX_PAISE }).map(paise),
    responseCode: fc.stringMatching(/^[A-Z0-9]{1,2}$/),
    approvalCode: fc.stringMatching(/^[A-Z0-9]{1,6}$/),
  },
  { requiredKeys: ['kind', 'rrn', 'stan', 'remitterBank', 'amountPaise', 'responseCode'], ...optional },
)
const networkFunction = fc.constantFrom('logOn' as const, 'logOff' as const, 'echo' as const, 'cutOver' as const)
const network: fc.Arbitrary<RailMessage> = fc.oneof(
  fc.record(
    { kind: fc.constant('networkRequest' as const), function: networkFunction, stan, transmittedAt: seconds },
    optional,
  ),
  fc.record(
    { kind: fc.constant('networkResponse' as const), function: networkFunction, stan, responseCode: digitsOf(2) },
    optional,
  ),
)

const wires: readonly (readonly [string, Partial<WireProfile['iso']>])[] = [
  ['the default wire', {}],
  ['a hexadecimal bitmap', { bitmap: 'hex' }],
  ['packed digits and lengths', { numeric: 'bcd', lengths: 'bcd' }],
]

for (const [name, iso] of wires) {
  const own = createIsoDialect({ ...defaultProfile, iso: { ...defaultProfile.iso, ...iso } })

  test(`every message comes back from ${name} as it was`, () => {
    fc.assert(
      fc.property(fc.oneof(request, answer, network), (message) => {
        assert.deepEqual(own.decode(own.encode(message), now), message)
      }),
    )
  })

  test(`an answer over ${name} is about its request, whatever the answer`, () => {
    fc.assert(
      fc.property(request, fc.stringMatching(/^[A-Z0-9]{2}$/), fc.string({ maxLength: 40 }), (asked, code, name) => {
        const bytes = own.encode(asked)
        const reply = own.decode(own.answer(bytes, asked, { responseCode: code, registeredName: name }), now)
        assert.ok(reply.kind === 'fundTransferResponse' || reply.kind === 'verificationResponse')
        assert.equal(reply.kind === 'verificationResponse', asked.kind === 'verificationRequest')
        const { rrn, stan, remitterBank, amountPaise } = asked
        assert.deepEqual(
          { rrn, stan, remitterBank, amountPaise, code },
          {
            rrn: reply.rrn,
            stan: reply.stan,
            remitterBank: reply.remitterBank,
            amountPaise: reply.amountPaise,
            code: reply.responseCode,
          },
        )
      }),
    )
  })

  test(`bytes damaged on ${name} are read, or refused as DecodeError; the answer to them never throws`, () => {
    fc.assert(
      fc.property(
        request,
        fc.array(fc.tuple(fc.nat(600), fc.nat(255)), { minLength: 1, maxLength: 6 }),
        fc.nat(700),
        (asked, damage, length) => {
          const bytes = Buffer.from(own.encode(asked)).subarray(0, length < 600 ? undefined : length - 600)
          for (const [at, byte] of damage) if (at < bytes.length) bytes[at] = byte
          try {
            own.decode(bytes, now)
          } catch (error) {
            assert.ok(error instanceof DecodeError)
            const refusal = own.refuse(bytes)
            if (refusal !== undefined) own.describe(refusal)
          }
          own.describe(bytes)
        },
      ),
      { numRuns: 500 },
    )
  })
}

test("a stranger's bytes are read, or refused as DecodeError", () => {
  const mti = fc.constantFrom('0200', '0210', '0800', '0810', '0420', '9999')
  fc.assert(
    fc.property(mti, fc.uint8Array({ maxLength: 300 }), (type, rest) => {
      const bytes = Buffer.concat([Buffer.from(type), rest])
      try {
        dialect.decode(bytes, now)
      } catch (error) {
        assert.ok(error instanceof DecodeError)
        dialect.refuse(bytes)
      }
      dialect.describe(bytes)
    }),
  )
})

const reference = {
  rrn: must(parseRrn('604314000371'), 'RRN'),
  stan: must(parseStan('000371'), 'STAN'),
  remitterBank: '700001',
  amountPaise: paise(150_000n),
}
const toAccount = {
  kind: 'account',
  ifsc: must(parseIfsc('QTAB0001234'), 'IFSC'),
  account: must(parseAccountNumber('50100012345678'), 'account'),
} as const
const original: FundTransferRequest = {
  kind: 'fundTransferRequest',
  ...reference,
  transmittedAt: now,
  channel: 'internet',
  remitter: { account: must(parseAccountNumber('000112233445'), 'account') },
  beneficiary: toAccount,
}
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1')

test('names and remarks that the wire cannot carry go out folded and cut', () => {
  const message: FundTransferRequest = {
    ...original,
    remitter: { ...original.remitter, name: `José ${'x'.repeat(80)}` },
    remarks: 'चाय for ₹20',
  }
  const read = dialect.decode(dialect.encode(message), now)
  assert.ok(read.kind === 'fundTransferRequest')
  assert.equal(read.remitter.name, `Jose ${'x'.repeat(45)}`)
  assert.equal(read.remarks, '??? for Rs20')
})

test('a mobile number alone goes out with the default MMID of its bank', () => {
  const phone = must(parseMobile('9876543210'), 'mobile')
  const read = dialect.decode(dialect.encode({ ...original, remitter: { ...original.remitter, mobile: phone } }), now)
  assert.ok(read.kind === 'fundTransferRequest')
  assert.equal(read.remitter.mmid, '7001000')
})

test('a verification has the elements of its original: only the transaction type differs', () => {
  const first = text(dialect.encode(original))
  const asked = text(dialect.encode({ ...original, kind: 'verificationRequest' }))
  assert.equal(asked, first.replace('00100248', '00100234'))
})

test('P2A without the account of the remitter is refused before it is sent', () => {
  assert.throws(() => dialect.encode({ ...original, remitter: {} }), EncodeError)
})

test('an account too long for DE 102 is refused before it is sent', () => {
  const long = must(parseAccountNumber('1'.repeat(29)), 'account')
  assert.throws(() => dialect.encode({ ...original, remitter: { account: long } }), EncodeError)
})

test('an account too long for DE 103 does not stop the answer', () => {
  const long = must(parseAccountNumber('1'.repeat(30)), 'account')
  const message: FundTransferRequest = { ...original, beneficiary: { ...toAccount, account: long } }
  const bytes = dialect.encode(message)
  const read = dialect.decode(dialect.answer(bytes, message, { responseCode: '00' }), now)
  assert.ok(read.kind === 'fundTransferResponse')
  assert.equal(read.responseCode, '00')
})

/** The original with more tags in DE 120, by hand. */
function withTags(tags: string): Uint8Array {
  const whole = text(dialect.encode(original))
  const at = whole.indexOf('00100248') - 3
  const body = whole.slice(at + 3) + tags
  return Buffer.from(whole.slice(0, at) + String(body.length).padStart(3, '0') + body, 'latin1')
}

test('unknown tags come back in the answer, untouched', () => {
  const bytes = withTags('071003A~B199000')
  const reply = text(dialect.answer(bytes, original, { responseCode: '00', registeredName: 'ASHA DEVI' }))
  assert.ok(reply.includes('071003A~B199000'))
  assert.ok(reply.includes('046009ASHA DEVI'))
})

test('a DE 120 that is full comes back full: the registered name gives way, the answer does not fail', () => {
  const room = 999 - text(dialect.encode(original)).split('00100248')[1]!.length - 8
  const bytes = withTags(`071${String(room - 6).padStart(3, '0')}${'x'.repeat(room - 6)}`)
  assert.ok(text(bytes).includes('99900100248'))
  const reply = text(dialect.answer(bytes, original, { responseCode: '00', registeredName: 'ASHA DEVI' }))
  assert.ok(!reply.includes('ASHA DEVI'))
  assert.ok(reply.includes('99900100248'))
})

test('of a broken DE 120 only the transaction type goes back, and only if it opens the element', () => {
  const good = text(dialect.encode(original))
  const broken = Buffer.from(good.replace('059011', '0590A1'), 'latin1')
  assert.ok(text(dialect.refuse(broken) ?? Buffer.of()).endsWith('00800100248'))
  const elsewhere = Buffer.from(good.replace('00100248', '00100a48'), 'latin1')
  assert.ok(text(dialect.refuse(elsewhere) ?? Buffer.of()).endsWith('12000112233445'))
})

test('the code of an answer says which name to believe: a declined one may only repeat what was typed', () => {
  const message: FundTransferRequest = { ...original, beneficiary: { ...toAccount, name: 'TYPED' } }
  for (const responseCode of ['00', '91', 'M1']) {
    const echoed = text(dialect.encode(message)).replace(/^0200/, '0210')
    assert.ok(echoed.includes('TYPED'))
    const named = dialect.encode({ kind: 'fundTransferResponse', ...reference, responseCode, registeredName: 'ASHA' })
    const read = dialect.decode(named, now)
    assert.ok(read.kind === 'fundTransferResponse')
    assert.equal(read.registeredName, responseCode === '00' ? 'ASHA' : undefined)
  }
})

test('the masked view of a message shows codes and hides people', () => {
  const message: FundTransferRequest = {
    ...original,
    remitter: { ...original.remitter, name: 'RAMESH KUMAR', mobile: must(parseMobile('9876543210'), 'mobile') },
    remarks: 'SECRET',
  }
  const view = dialect.describe(dialect.encode(message))
  for (const shown of ['604314000371', '150000', 'QTAB0001234', '700001']) assert.ok(view.includes(shown), shown)
  for (const hidden of ['RAMESH', 'SECRET', '9876543210', '000112233445', '50100012345678', '43210']) {
    assert.ok(!view.includes(hidden), hidden)
  }
})

test('network management speaks the four codes of IMPS', () => {
  assert.deepEqual(networkCodes, {
    logOn: '001',
    logOff: '002',
    cutOver: '201',
    echo: '301',
    keyExchange: '184',
  })
})

test('another profile speaks with its own numbers', () => {
  const { iso } = defaultProfile
  const other = createIsoDialect({
    ...defaultProfile,
    iso: { ...iso, de3: '910000', types: { ...iso.types, p2a: '58' }, stripFromResponse: [] },
  })
  const bytes = other.encode(original)
  assert.ok(text(bytes).includes('00100258'))
  assert.equal(other.decode(bytes, now).kind, 'fundTransferRequest')
  assert.throws(() => dialect.decode(bytes, now), DecodeError)
  assert.equal(text(other.answer(bytes, original, { responseCode: '00' })).includes('4829'), true)
})
