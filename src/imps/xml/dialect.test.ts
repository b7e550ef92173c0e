import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { DOMParser } from '@xmldom/xmldom'
import fc from 'fast-check'
import { C14nCanonicalization } from 'xml-crypto'
import { readXmlVectors } from '../../../test/vectors/xml/read.ts'
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
import { channels } from '../../base/party.ts'
import { defaultProfile, xmlApis } from '../profile.ts'
import type { FundTransferRequest } from '../rail-message.ts'
import { createXmlDialect } from './dialect.ts'
import { XmlError } from './error.ts'
import type { PayAnswer, PayMessage, XmlMessage } from './message.ts'

const dialect = createXmlDialect(defaultProfile)
const now = Date.parse('2026-02-12T08:35:09.120Z')
const exact = { noNullPrototype: true } as const
const or = <T, U>(value: fc.Arbitrary<T>, other: U) => fc.oneof(value, fc.constant(other))

const id = fc.stringMatching(/^[A-Za-z0-9]{1,35}$/)
const ownId = fc
  .tuple(fc.constantFrom(...defaultProfile.institutions), fc.stringMatching(/^[0-9a-f]{32}$/, { size: 'max' }))
  .map(([{ bank3, remitterBank }, hex]) => ({ transactionId: bank3 + hex, remitterBank }))
const printable = (most: number) => fc.stringMatching(new RegExp(`^[\\x20-\\x7e]{1,${most}}$`))
const word = (most: number) => fc.stringMatching(new RegExp(`^[A-Z0-9_.-]{1,${most}}$`))
const digitsOf = (length: number) => fc.stringMatching(new RegExp(`^[0-9]{${length}}$`), { size: 'max' })
const rrn = digitsOf(12).map((text) => must(parseRrn(text), 'RRN'))
const stan = digitsOf(6).map((text) => must(parseStan(text), 'STAN'))
const mobile = fc.stringMatching(/^[6-9][0-9]{9}$/).map((text) => must(parseMobile(text), 'mobile'))
const mmid = digitsOf(7).map((text) => must(parseMmid(text), 'MMID'))
const ifsc = fc.stringMatching(/^[A-Z]{4}0[A-Z0-9]{6}$/).map((text) => must(parseIfsc(text), 'IFSC'))
const account = fc.stringMatching(/^[A-Za-z0-9]{1,30}$/).map((text) => must(parseAccountNumber(text), 'account'))
const amountPaise = fc.bigInt({ min: 1n, max: MAX_PAISE }).map(paise)
const instant = fc.integer({ min: Date.UTC(2001, 0, 1), max: Date.UTC(2098, 0, 1) })
const envelope = fc.record({ msgId: id, orgId: printable(20), at: instant, transactionId: id }, exact)

const beneficiary = fc.oneof(
  fc.record(
    { kind: fc.constant('account' as const), ifsc, account, name: printable(99) },
    { requiredKeys: ['kind', 'ifsc', 'account'], ...exact },
  ),
  fc.record({ kind: fc.constant('mmid' as const), mobile, mmid }, exact),
)
const fromAccount = fc.record(
  { account, ifsc, name: printable(99), mobile },
  { requiredKeys: ['account', 'ifsc'], ...exact },
)
const fromMobile = fc.record({ mobile, mmid, name: printable(99) }, { requiredKeys: ['mobile', 'mmid'], ...exact })

/** What both forms can carry as it is; the remitter bank is what the form itself says. */
const asked = fc
  .record(
    {
      rrn,
      stan,
      transmittedAt: instant,
      channel: fc.constantFrom(...channels.filter((one) => one !== 'ussd')),
      beneficiary,
      remarks: printable(50),
    },
    { requiredKeys: ['rrn', 'stan', 'transmittedAt', 'channel', 'beneficiary'], ...exact },
  )
  .chain((rest) =>
    fc
      .oneof(
        fromAccount
          // A payment to a mobile number goes out from one, where it can.
          .filter((one) => rest.beneficiary.kind === 'account' || one.mobile === undefined)
          .map((remitter) => ({ remitter, remitterBank: remitter.ifsc.slice(0, 4) })),
        fromMobile.map((remitter) => ({ remitter, remitterBank: remitter.mmid.slice(0, 4) })),
      )
      .map((payer) => ({ ...rest, ...payer })),
  )

const remittance = fc.record(
  {
    institution: fc.constantFrom('MTO' as const, 'BANK' as const),
    route: fc.constantFrom('MTSS' as const, 'RDA' as const),
    name: printable(99),
    account,
    ifsc,
    purpose: fc.record({ code: word(20), note: printable(50) }, { requiredKeys: ['code'], ...exact }),
    originator: fc.record(
      { name: printable(99), reference: printable(35), kind: word(20), location: printable(255) },
      { requiredKeys: ['name'], ...exact },
    ),
    beneficiaryName: printable(99),
  },
  { requiredKeys: ['institution', 'route', 'name', 'purpose', 'originator'], ...exact },
)

const pay = fc
  .record({
    envelope,
    leg: fc.constantFrom('pay', 'credit'),
    asked,
    amountPaise,
    remittance: or(remittance, undefined),
  })
  .map(({ envelope: own, leg, asked: request, amountPaise: amount, remittance: foreign }) => ({
    ...own,
    api: 'ReqPay',
    leg,
    request: { kind: 'fundTransferRequest', ...request, amountPaise: amount, transactionId: own.transactionId },
    ...(foreign !== undefined && { remittance: foreign }),
  }))

const reversal = fc
  .record({
    envelope,
    rrn,
    stan,
    amountPaise,
    transmittedAt: instant,
    remitter: fc.oneof(fromAccount, fromMobile),
    original: fc.record({ rrn, transactionId: id, transactedAt: instant }, { requiredKeys: ['rrn'], ...exact }),
  })
  .map(({ envelope: own, ...request }) => ({
    ...own,
    api: 'ReqPay',
    leg: 'reversal',
    request: { kind: 'reversalRequest', ...request },
  }))

const result = fc.constantFrom('SUCCESS', 'FAILURE', 'DEEMED')

/** Answers as banks give them: a code always, a name and an account only with an approval. */
const answer = fc
  .record({
    ownId,
    rrn,
    stan,
    amountPaise: or(amountPaise, undefined),
    result,
    code: word(20),
    name: printable(99),
    approvalCode: word(6),
  })
  .map(({ ownId: own, amountPaise: amount, code, name, approvalCode, ...rest }) => {
    const approved = rest.result === 'SUCCESS'
    return {
      ...rest,
      ...own,
      ...(amount !== undefined && { amountPaise: amount }),
      responseCode: approved ? '00' : code === '00' ? '91' : code,
      ...(approved && { registeredName: name }),
      approvalCode,
    }
  })
const credited = fc.record(
  { account, ifsc, accountType: fc.constantFrom('SAVINGS', 'NRE', 'PPIWALLET') },
  { requiredKeys: ['account', 'ifsc'], ...exact },
)
const payAnswer = fc
  .record({ envelope, inReplyTo: id, leg: fc.constantFrom('pay', 'credit'), answer, credited: or(credited, undefined) })
  .map(({ envelope: own, inReplyTo, leg, answer: its, credited: to }) => ({
    ...own,
    transactionId: its.transactionId,
    api: 'RespPay',
    inReplyTo,
    leg,
    answer: { kind: 'fundTransferResponse', ...its },
    ...(to !== undefined && { credited: to }),
  }))
const reversalAnswer = fc
  .record({ envelope, inReplyTo: id, rrn, stan, amountPaise, responseCode: word(20), result })
  .map(({ envelope: own, inReplyTo, ...its }) => ({
    ...own,
    api: 'RespPay',
    inReplyTo,
    leg: 'reversal',
    answer: { kind: 'reversalResponse', ...its },
  }))

const original = fc.record({ transactionId: id, msgId: id }, { requiredKeys: ['transactionId'], ...exact })
const check = fc
  .record({ envelope, original, asked, amountPaise })
  .map(({ envelope: own, original: its, asked: request, amountPaise: amount }) => ({
    ...own,
    api: 'ReqChkTxn',
    request: { kind: 'verificationRequest', ...request, amountPaise: amount, transactionId: its.transactionId },
    original: its,
  }))
const checkAnswer = fc
  .record({ envelope, inReplyTo: id, answer, msgId: or(id, undefined) })
  .map(({ envelope: own, inReplyTo, answer: its, msgId }) => ({
    ...own,
    api: 'RespChkTxn',
    inReplyTo,
    answer: { kind: 'verificationResponse', ...its },
    original: { transactionId: its.transactionId, ...(msgId !== undefined && { msgId }) },
  }))

const enquiry = fc.record({ envelope, asked }).map(({ envelope: own, asked: request }) => ({
  ...own,
  api: 'ReqValAdd',
  request: { kind: 'nameEnquiryRequest', ...request, transactionId: own.transactionId },
}))
const enquiryAnswer = fc
  .record({
    envelope,
    inReplyTo: id,
    answer: fc.oneof(
      fc.record(
        {
          kind: fc.constant('nameEnquiryResponse'),
          result: fc.constant('SUCCESS'),
          responseCode: fc.constant('00'),
          registeredName: printable(99),
          ifsc,
          account,
          accountType: fc.constantFrom('SAVINGS', 'CURRENT'),
          approvalCode: word(6),
        },
        { requiredKeys: ['kind', 'result', 'responseCode'], ...exact },
      ),
      fc.record(
        { kind: fc.constant('nameEnquiryResponse'), result: fc.constant('FAILURE'), responseCode: word(20) },
        exact,
      ),
    ),
  })
  .map(({ envelope: own, ...rest }) => ({ ...own, api: 'RespValAdd', ...rest }))

const heartbeat = fc
  .record({
    envelope,
    signal: fc.oneof(fc.constant('alive'), fc.record({ endOfDay: fc.constantFrom('2026-02-12', '2028-02-29') }, exact)),
  })
  .map(({ envelope: own, signal }) => ({ ...own, api: 'ReqHbt', signal }))
const simpleResult = { envelope, inReplyTo: id, result, errCode: or(word(20), undefined) }
const heartbeatAnswer = fc.record(simpleResult).map(({ envelope: own, errCode, ...rest }) => ({
  ...own,
  api: 'RespHbt',
  ...rest,
  ...(errCode !== undefined && { errCode }),
}))
const providers = envelope.map((own) => ({ ...own, api: 'ReqListAccPvd' }))
const provider = fc.record(
  {
    name: printable(99),
    nbin: digitsOf(4),
    bankCode: fc.stringMatching(/^[A-Z0-9]{1,3}$/),
    ifsc: fc.stringMatching(/^[A-Z]{4}$/),
    active: fc.boolean(),
    features: fc.array(fc.stringMatching(/^[A-Z0-9]{1,8}$/), { maxLength: 5 }),
    modifiedAt: printable(40),
  },
  { requiredKeys: ['name', 'nbin', 'bankCode', 'ifsc', 'active', 'features'], ...exact },
)
const providersAnswer = fc
  .record({ ...simpleResult, providers: fc.array(provider, { maxLength: 5 }) })
  .map(({ envelope: own, errCode, ...rest }) => ({
    ...own,
    api: 'RespListAccPvd',
    ...rest,
    ...(errCode !== undefined && { errCode }),
  }))

const upper = (most: number) => fc.stringMatching(new RegExp(`^[A-Z0-9]{1,${most}}$`))
const complaint = fc
  .record({
    envelope,
    rrn,
    stan,
    amountPaise,
    flag: upper(4),
    reason: upper(5),
    at: instant,
    transactionId: or(id, undefined),
  })
  .map(({ envelope: own, at, transactionId, ...its }) => ({
    ...own,
    api: 'ReqComplaint',
    request: {
      kind: 'complaintRequest',
      ...its,
      original: { transactedAt: at, ...(transactionId !== undefined && { transactionId }) },
    },
  }))
const complaintSaid = fc.oneof(
  fc.record(
    {
      kind: fc.constant('complaintResponse'),
      rrn,
      stan,
      result: fc.constant('SUCCESS'),
      responseCode: fc.constant('00'),
      reference: printable(35),
    },
    { requiredKeys: ['kind', 'rrn', 'stan', 'result', 'responseCode'], ...exact },
  ),
  fc.record(
    {
      kind: fc.constant('complaintResponse'),
      rrn,
      stan,
      result: fc.constant('FAILURE'),
      responseCode: fc.oneof(word(20), fc.constant('')),
    },
    exact,
  ),
)
const complaintAnswer = fc
  .record({ envelope, inReplyTo: id, answer: complaintSaid })
  .map(({ envelope: own, ...rest }) => ({ ...own, api: 'RespComplaint', ...rest }))
const complaintCheck = fc
  .record({ envelope, asked: fc.record({ rrn, stan }, exact) })
  .map(({ envelope: own, ...rest }) => ({ ...own, api: 'ReqChkTxn', about: 'complaint', ...rest }))
const complaintCheckAnswer = fc
  .record({ envelope, inReplyTo: id, answer: complaintSaid })
  .map(({ envelope: own, ...rest }) => ({ ...own, api: 'RespChkTxn', about: 'complaint', ...rest }))

const everything: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  pay,
  reversal,
  'pay answer': payAnswer,
  'reversal answer': reversalAnswer,
  check,
  'check answer': checkAnswer,
  complaint,
  'complaint answer': complaintAnswer,
  'complaint check': complaintCheck,
  'complaint check answer': complaintCheckAnswer,
  enquiry,
  'enquiry answer': enquiryAnswer,
  heartbeat,
  'heartbeat answer': heartbeatAnswer,
  providers,
  'providers answer': providersAnswer,
}

// ASVS 1.1.2
describe('what is written', () => {
  for (const [name, message] of Object.entries(everything)) {
    test(`${name}: comes back as it was`, () => {
      fc.assert(
        fc.property(message, (one) => {
          const typed = one as XmlMessage
          assert.deepEqual(dialect.read(dialect.write(typed)), typed)
        }),
      )
    })

    test(`${name}: is its own canonical form, by the library that verifies signatures`, () => {
      fc.assert(
        fc.property(message, (one) => {
          const text = dialect.write(one as XmlMessage)
          const root = new DOMParser().parseFromString(text, 'text/xml').documentElement
          const canonical = new C14nCanonicalization().process(
            root as unknown as Parameters<C14nCanonicalization['process']>[0],
            { ancestorNamespaces: [] },
          )
          assert.equal(String(canonical), text)
        }),
        { numRuns: 40 },
      )
    })
  }

  test('is there for every message of the wire', () => {
    const written = Object.values(everything).map((message) => {
      const [one] = fc.sample(message, 1)
      return (one as XmlMessage).api
    })
    assert.deepEqual([...new Set(written)].sort(), [...xmlApis].sort())
  })
})

const request: FundTransferRequest = {
  kind: 'fundTransferRequest',
  rrn: must(parseRrn('604314000371'), 'RRN'),
  stan: must(parseStan('000371'), 'STAN'),
  remitterBank: '700001',
  amountPaise: paise(150_000n),
  transmittedAt: now,
  channel: 'internet',
  remitter: {
    account: must(parseAccountNumber('000112233445'), 'account'),
    ifsc: must(parseIfsc('TRNT0000001'), 'IFSC'),
    mobile: must(parseMobile('9876543210'), 'mobile'),
  },
  beneficiary: {
    kind: 'account',
    ifsc: must(parseIfsc('QTAB0001234'), 'IFSC'),
    account: must(parseAccountNumber('50100012345678'), 'account'),
  },
}
const message: PayMessage = {
  api: 'ReqPay',
  leg: 'pay',
  msgId: 'TRN1',
  orgId: 'TRN',
  at: now,
  transactionId: 'TRN2',
  request,
}
const toMobile = {
  kind: 'mmid',
  mobile: must(parseMobile('9123456789'), 'mobile'),
  mmid: must(parseMmid('7028123'), 'MMID'),
} as const
const readPay = (text: string): PayMessage => {
  const read = dialect.read(text)
  assert.ok(read.api === 'ReqPay' && read.leg !== 'reversal')
  return read
}

describe('the payer', () => {
  test('names the remitter bank by the IFSC of the account form, and by nothing the profile says', () => {
    assert.equal(readPay(dialect.write(message)).request.remitterBank, 'TRNT')
  })

  test('of a payment to a mobile number is a mobile number, with the default MMID of the bank where it has none', () => {
    const { remitter, remitterBank } = readPay(
      dialect.write({ ...message, request: { ...request, beneficiary: toMobile } }),
    ).request
    assert.deepEqual(remitter, { mobile: '9876543210', mmid: '7001000' })
    assert.equal(remitterBank, '7001')
  })

  test('without a mobile number pays to one from the account', () => {
    const { account, ifsc } = request.remitter
    const remitter = { ...(account && { account }), ...(ifsc && { ifsc }) }
    const read = readPay(
      dialect.write({ ...message, request: { ...request, remitter, beneficiary: toMobile } }),
    ).request
    assert.deepEqual(read.remitter, remitter)
    assert.deepEqual(read.beneficiary, toMobile)
  })

  test('with an account and no IFSC cannot be written', () => {
    const { ifsc: _, ...remitter } = request.remitter
    assert.throws(() => dialect.write({ ...message, request: { ...request, remitter } }), {
      code: 'missing',
      path: 'Payer/Ac/Detail[IFSC]@value',
    })
  })

  test("whose device is a handset's menu (USSD) says mobile", () => {
    assert.equal(
      readPay(dialect.write({ ...message, request: { ...request, channel: 'ussd' } })).request.channel,
      'mobile',
    )
  })
})

test('values that do not fit their fields are not written', () => {
  const wrong: readonly (readonly [Partial<PayMessage>, path: string])[] = [
    [{ msgId: 'a-b' }, 'Head@msgId'],
    [{ msgId: 'A'.repeat(36) }, 'Head@msgId'],
    [{ orgId: 'Ä' }, 'Head@orgId'],
    [{ transactionId: '' }, 'Txn@id'],
    [{ at: Number.NaN }, 'Head@ts'],
    [{ request: { ...request, amountPaise: paise(0n) } }, 'Payees/Payee/Amount@value'],
  ]
  for (const [change, path] of wrong) {
    assert.throws(
      () => dialect.write({ ...message, ...change }),
      (error) =>
        error instanceof XmlError && error.code === 'refused' && (error.path === path || path.endsWith('Amount@value')),
    )
  }
})

test('names and remarks go out folded to ASCII and cut, as on the ISO wire', () => {
  const remitter = { ...request.remitter, name: `José ${'x'.repeat(120)}` }
  const read = readPay(
    dialect.write({ ...message, request: { ...request, remitter, remarks: 'चाय & ₹20 <"now">' } }),
  ).request
  assert.equal(read.remitter.name, `Jose ${'x'.repeat(94)}`)
  assert.equal(read.remarks, '??? & Rs20 <"now">')
})

test('an answer names its bank by the first three characters of Txn@id: an institution of the profile, or those three', () => {
  const answered = (transactionId: string): string => {
    const whole: PayAnswer = {
      api: 'RespPay',
      leg: 'pay',
      msgId: 'NPC1',
      orgId: 'NPCI',
      at: now,
      inReplyTo: 'TRN1',
      transactionId,
      answer: {
        kind: 'fundTransferResponse',
        rrn: request.rrn,
        stan: request.stan,
        remitterBank: '',
        responseCode: 'M1',
      },
    }
    const read = dialect.read(dialect.write(whole))
    assert.ok(read.api === 'RespPay' && read.answer.kind === 'fundTransferResponse')
    return read.answer.remitterBank
  }
  assert.equal(answered('TRN0199a1b2c3d47e5f8a6b7c8d9e0f1a2b'), '700001')
  assert.equal(answered('S020199a1b2c3d47e5f8a6b7c8d9e0f1a2b'), '700002')
  assert.equal(answered('HDF0199a1b2c3d47e5f8a6b7c8d9e0f1a2b'), 'HDF')
})

test('the code of an answer is the payee’s, else errCode, else what the result alone says', () => {
  const template = readXmlVectors().find(({ name }) => name === 'resp-pay-declined')?.text ?? ''
  const bare = template.replace(/ {4}<Ref[^>]*><\/Ref>\n/g, '')
  const codeOf = (text: string): string | undefined => {
    const read = dialect.read(text)
    return read.api === 'RespPay' ? read.answer.responseCode : undefined
  }
  assert.equal(codeOf(template.replace('errCode="M5"', 'errCode="ZZ"')), 'M5')
  assert.equal(codeOf(bare.replace('errCode="M5"', 'errCode="UT"')), 'UT')
  assert.equal(codeOf(bare.replace('errCode="M5"', '').replace('FAILURE', 'SUCCESS')), '00')
  assert.equal(codeOf(bare.replace('errCode="M5"', '').replace('FAILURE', 'DEEMED')), '91')
  assert.equal(codeOf(bare.replace('errCode="M5"', '')), '')
})

describe('a document from anybody', () => {
  const documents = readXmlVectors().map(({ text }) => text)
  const piece = fc.oneof(
    fc.constantFrom(
      '<',
      '>',
      '/',
      '"',
      "'",
      '&',
      '&amp;',
      '&#0;',
      '&x;',
      '<!--',
      '-->',
      '<![CDATA[',
      ']]>',
      '<!DOCTYPE a>',
      '<?a?>',
    ),
    fc.constantFrom(
      '<Head/>',
      '<Txn>',
      '</Txn>',
      ' xmlns=""',
      ' xmlns:a="b"',
      'a:',
      '\0',
      '\ud800',
      '\ufeff',
      '  ',
      '=""',
    ),
    fc.string({ maxLength: 4 }),
  )

  test('is read or refused as XmlError, whatever was done to it, and its masked view never throws', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...documents),
        fc.array(fc.tuple(fc.nat(2_500), fc.nat(8), piece), { minLength: 1, maxLength: 5 }),
        (document, changes) => {
          let text = document
          for (const [at, cut, put] of changes) text = text.slice(0, at) + put + text.slice(at + cut)
          for (const read of [dialect.read, dialect.readAck]) {
            try {
              read(text)
            } catch (error) {
              assert.ok(error instanceof XmlError, String(error))
            }
          }
          dialect.describe(text)
          dialect.headOf(text)
        },
      ),
      { numRuns: 2_000 },
    )
  })

  test('that is large, deep, wide or never ends is refused, and quickly', () => {
    const most = defaultProfile.xml.maxBytes
    const hostile: Readonly<Record<string, string>> = {
      'too long': `<a>${'x'.repeat(most)}</a>`,
      'too long in bytes': `<a>${'क'.repeat(most / 2)}</a>`,
      deep: '<a>'.repeat(20_000),
      'deep and whole': `${'<a>'.repeat(17)}${'</a>'.repeat(17)}`,
      wide: `<a>${'<b></b>'.repeat(20_000)}</a>`,
      'many attributes': `<a ${Array.from({ length: 5_000 }, (_, i) => `b${i}="x"`).join(' ')}></a>`,
      'many namespaces': `<a ${Array.from({ length: 5_000 }, (_, i) => `xmlns:b${i}="x"`).join(' ')}></a>`,
      spaces: `<a${' '.repeat(100_000)}`,
      references: `<a>${'&#x41;'.repeat(20_000)}`,
      quotes: `<a b="${'<'.repeat(100_000)}`,
    }
    for (const [name, text] of Object.entries(hostile)) {
      const started = process.hrtime.bigint()
      assert.throws(() => dialect.read(text), XmlError, name)
      const ms = Number(process.hrtime.bigint() - started) / 1e6
      assert.ok(ms < 200, `${name} took ${ms} ms`)
    }
  })

  test('that is broken further in still says which message an Ack is for', () => {
    const text = dialect.write(message).replaceAll('1500.00', 'a lot')
    assert.throws(() => dialect.read(text), { code: 'refused' })
    assert.deepEqual(dialect.headOf(text), { api: 'ReqPay', msgId: 'TRN1' })
    assert.equal(dialect.headOf('<a></a>'), undefined)
    assert.equal(dialect.headOf('not XML'), undefined)
    assert.equal(dialect.headOf(text.replace('TRN1', 'TRN 1')), undefined)
  })

  test('that is an Ack is no message, and a message is no Ack', () => {
    const ack = dialect.writeAck({ api: 'ReqPay', reqMsgId: 'TRN1', at: now })
    assert.throws(() => dialect.read(ack), { code: 'unknown', path: 'Ack' })
    assert.throws(() => dialect.readAck(dialect.write(message)), { code: 'unknown', path: 'ReqPay' })
  })

  test('may have a signature in it, which is neither read nor shown', () => {
    const signature =
      '<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"><SignatureValue>c2VjcmV0</SignatureValue></Signature>'
    const text = dialect.write(message).replace('</ns2:ReqPay>', `${signature}</ns2:ReqPay>`)
    assert.deepEqual(dialect.read(text), dialect.read(dialect.write(message)))
    assert.ok(!dialect.describe(text).includes('c2VjcmV0'))
  })

  test('with elements of the right names in another namespace has none of them', () => {
    const text = dialect.write(message).replace('<Head ', '<x:Head xmlns:x="urn:x" ').replace('</Head>', '</x:Head>')
    assert.throws(() => dialect.read(text), { code: 'missing', path: 'Head@msgId' })
  })
})

test('the masked view keeps four characters of an account and nothing of what nobody knows', () => {
  const text = dialect
    .write(message)
    .replace('<Payees>', '<Otp value="1234"></Otp><Payees pin="4321">')
    .replace('addrType', 'secret="s3cret" addrType')
  const shown = dialect.describe(text).split('\n')
  assert.ok(shown.includes('  Payer/Ac/Detail[ACNUM]@value ********3445'))
  assert.ok(shown.includes('  Payer/Amount@value 1500.00'))
  assert.ok(shown.includes('  Payer/Ac@(unknown) ******'))
  assert.ok(shown.includes('  (unknown)'))
  assert.ok(
    !/1234|4321|s3cret|Otp/.test(
      shown
        .join('\n')
        .replace('********3445', '')
        .replace(/IFSC.*/g, ''),
    ),
  )
  assert.equal(
    dialect.describe('<a'),
    'unreadable document of 2 characters: document: not well-formed XML, or more in it than elements, attributes and text',
  )
})
