import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { AccountId } from '../../src/base/identifiers.ts'
import {
  must,
  parseAccountNumber,
  parseIfsc,
  parseMmid,
  parseMobile,
  parseRrn,
  parseStan,
} from '../../src/base/identifiers.ts'
import { paise } from '../../src/base/money.ts'
import { createSeededRandom } from '../../src/base/random.ts'
import { createPool } from '../../src/db/pool.ts'
import type { WireKind } from '../../src/imps/profile.ts'
import type { FundTransferRequest } from '../../src/imps/rail-message.ts'
import type { XmlMessage } from '../../src/imps/xml/message.ts'
import { defaultRailOptions } from '../../src/rail/options.ts'
import { createXmlLink } from '../../src/rail/xml-link.ts'
import { aPayment } from '../support/a-payment.ts'
import { railProfiles, setUpRail } from '../support/a-rail.ts'
import { openTestDatabase } from '../support/database.ts'
import { testLog } from '../support/logs.ts'
import { proveBooks, requestFrom } from '../support/payment-room.ts'
import { createScriptedXmlSwitch, openSeal } from '../support/scripted-xml-switch.ts'
import { createVirtualClock } from '../support/virtual-clock.ts'

// Found by reading the code of the XML wire as somebody who wants its money.

const { url, db } = await openTestDatabase()
const doors = createPool(url, { connections: 8, indexOnly: true, name: 'turant test doors' })
after(() => doors.end({ timeout: 2 }))

const setUp = () => setUpRail({ db, doors }, 'xml')
const isOriginal = (message: XmlMessage): boolean => message.api === 'ReqPay' && message.leg === 'pay'
const balanceOf = async (account: AccountId): Promise<bigint> => {
  const [row] = await db<{ balance: bigint }[]>`select balance from account where account_id = ${account.slice(4)}`
  return row?.balance ?? 0n
}
/** From a bank that its NBIN names on either wire: XML has it from the MMID of a payer who is known by mobile number. */
const inward = (
  serial: number,
  at: number,
  to: { ifsc: string; accountNumber: string },
  wire: WireKind = 'xml',
): FundTransferRequest => {
  const { to: someone } = requestFrom('acc_1' as AccountId)
  if (someone.kind !== 'account') throw new Error('an account was wanted')
  return {
    kind: 'fundTransferRequest',
    rrn: must(parseRrn(`6398${String(serial).padStart(8, '0')}`), 'RRN'),
    stan: must(parseStan(String(serial).padStart(6, '0')), 'STAN'),
    remitterBank: '9229',
    amountPaise: paise(123_400n),
    transmittedAt: at,
    channel: 'mobile',
    remitter: {
      name: 'Asha Devi',
      ...(wire === 'iso8583' ? { account: someone.account } : {}),
      mobile: must(parseMobile('9876543210'), 'mobile number'),
      mmid: must(parseMmid('9229123'), 'MMID'),
    },
    beneficiary: {
      kind: 'account',
      ifsc: must(parseIfsc(to.ifsc), 'IFSC'),
      account: to.accountNumber as typeof someone.account,
    },
  }
}

test('a signing certificate that ends while the hub runs stops the wire, not the hub, and loses no payment', async () => {
  const { xmlSwitch, up, down, pay, becomes, until, account, clock, rail, stateOf } = await setUp()
  await up()
  const { sign } = openSeal
  openSeal.sign = () => {
    throw new Error('no signing certificate is valid now')
  }
  try {
    const payment = await pay()
    xmlSwitch.ask(inward(1, clock.now(), account))
    await until('the link is not used', () => rail.status().links[0]?.state === 'connected')
    assert.equal(xmlSwitch.originals().length, 0)
    const late = await pay()
    assert.equal((await stateOf(late.id)).state, 'held')
    openSeal.sign = sign
    xmlSwitch.onRequest = (request, reply) => {
      if (request.kind === 'fundTransferRequest') reply('00')
      else reply('M0')
    }
    clock.advance(60_000)
    await becomes(late.id, 'succeeded')
    clock.advance(60_000)
    await becomes(payment.id, 'declined')
    assert.equal(xmlSwitch.originals().length, 1)
  } finally {
    openSeal.sign = sign
  }
  await proveBooks(db)
  await down()
})

test('an original that was answered on one wire and comes again on the other is left without an answer, and credited once', async () => {
  const made = await setUpRail({ db, doors }, 'both')
  const { xmlSwitch, isoSwitch, up, down, until, account, clock, rail } = made
  await up()
  for (const [serial, first, second] of [
    [2, isoSwitch, xmlSwitch],
    [3, xmlSwitch, isoSwitch],
  ] as const) {
    const before = await balanceOf(account.id)
    const silent = rail.status().counters.inwardSilent
    const at = clock.now()
    const wireOf = (side: unknown): WireKind => (side === isoSwitch ? 'iso8583' : 'xml')
    const answered = first.said.length
    const heard = second.said.length
    first.ask(inward(serial, at, account, wireOf(first)))
    await until('answered', () => first.said.length === answered + 1)
    second.ask(inward(serial, at, account, wireOf(second)))
    await until('left alone', () => rail.status().counters.inwardSilent === silent + 1)
    assert.equal(second.said.length, heard)
    assert.equal(await balanceOf(account.id), before + 123_400n)
  }
  await proveBooks(db)
  await down()
})

for (const code of ['U01', '94', '91'] as const) {
  test(`a negative Ack that says there is a copy already, or that it counts as paid (${code}), gives nothing back: it is asked about`, async () => {
    const { xmlSwitch, up, down, pay, becomes, clock } = await setUp()
    await up()
    xmlSwitch.ackFate = (message) => (isOriginal(message) ? 'negative' : 'positive')
    xmlSwitch.negativeCode = code
    xmlSwitch.onRequest = (_, reply) => reply('00')
    const payment = await pay()
    await becomes(payment.id, 'unconfirmed')
    clock.advance(57_000)
    await becomes(payment.id, 'succeeded')
    await proveBooks(db)
    await down()
  })
}

test('an answer to the check of one payment that names another payment decides neither', async () => {
  const { xmlSwitch, up, down, pay, becomes, until, clock, rail, stateOf } = await setUp()
  await up()
  const payment = await pay()
  const other = await pay()
  xmlSwitch.onRequest = () => undefined
  clock.advance(56_000)
  await becomes(payment.id, 'unconfirmed')
  await becomes(other.id, 'unconfirmed')
  clock.advance(2_000)
  await until('asked', () => xmlSwitch.verifications().length >= 2)
  const asked = must(
    xmlSwitch.heard.find(
      ({ message }) => message.api === 'ReqChkTxn' && message.transactionId === `TRN${payment.id.slice(4)}`,
    ),
    'check',
  ).message
  const { rrn, stan, remitterBank, amountPaise } = payment
  void xmlSwitch.tell({
    ...xmlSwitch.envelope(asked.transactionId),
    api: 'RespChkTxn',
    inReplyTo: asked.msgId,
    original: { transactionId: `TRN${other.id.slice(4)}` },
    answer: {
      kind: 'verificationResponse',
      rrn: must(rrn ?? undefined, 'RRN'),
      stan: must(stan ?? undefined, 'STAN'),
      remitterBank,
      amountPaise,
      responseCode: 'M0',
      result: 'FAILURE',
    },
  })
  await until('kept for people', () => rail.status().counters.unmatchedAnswers === 1)
  assert.equal((await stateOf(payment.id)).state, 'unconfirmed')
  assert.equal((await stateOf(other.id)).state, 'unconfirmed')
  await down()
})

test('an original of type PAY is what a remitter bank sends: coming in it credits nobody', async () => {
  const { xmlSwitch, up, down, account, clock } = await setUp()
  await up()
  const before = await balanceOf(account.id)
  const told = xmlSwitch.tell({
    ...xmlSwitch.envelope('OTH2'),
    api: 'ReqPay',
    leg: 'pay',
    request: inward(4, clock.now(), account),
  })
  clock.advance(5)
  assert.match((await told).body, /err="FORMAT"/)
  assert.equal(await balanceOf(account.id), before)
  await down()
})

for (const wire of ['iso8583', 'xml'] as const) {
  test(`a verification of a payment that was answered 94 says nothing about the other one with its RRN and bank (${wire})`, async () => {
    const { theSwitch, up, down, account, clock, until, rail } = await setUpRail({ db, doors }, wire)
    await up()
    const first = inward(wire === 'xml' ? 5 : 6, clock.now(), account, wire)
    theSwitch.ask(first)
    await until('credited', () => theSwitch.said.at(-1)?.responseCode === '00')
    const { beneficiary } = first
    if (beneficiary.kind !== 'account') throw new Error('an account was wanted')
    const other = { ...first, beneficiary: { ...beneficiary, account: must(parseAccountNumber('999'), 'account') } }
    theSwitch.ask(other)
    await until('a duplicate', () => theSwitch.said.at(-1)?.responseCode === '94')
    const said = theSwitch.said.length
    theSwitch.ask({ ...other, kind: 'verificationRequest' })
    await until('left alone', () => rail.status().counters.inwardSilent === 1)
    assert.equal(theSwitch.said.length, said)
    theSwitch.ask({ ...first, kind: 'verificationRequest' })
    await until('answered', () => theSwitch.said.length === said + 1)
    assert.equal(theSwitch.said.at(-1)?.responseCode, '00')
    await down()
  })
}

test('reversals of nothing are refused, and so many a minute are listed', async () => {
  const { xmlSwitch, up, down, until, clock, rail } = await setUpRail({ db, doors }, 'xml', {
    maxUnmatchedPerMinute: 2,
  })
  await up()
  const listed = async () => {
    const [row] = await db<{ n: number }[]>`select count(*)::integer as n from break where kind = 'unmatched_reversal'`
    return row?.n ?? 0
  }
  const before = await listed()
  for (let i = 1; i <= 4; i += 1) {
    void xmlSwitch.tell({
      ...xmlSwitch.envelope(`UDR${i}`),
      api: 'ReqPay',
      leg: 'reversal',
      request: {
        kind: 'reversalRequest',
        rrn: must(parseRrn(`63267700001${i}`), 'RRN'),
        stan: must(parseStan('000001'), 'STAN'),
        amountPaise: paise(100n),
        transmittedAt: clock.now(),
        remitter: inward(7, clock.now(), { ifsc: 'TRNT0000001', accountNumber: '1' }).remitter,
        original: { rrn: must(parseRrn('639899999999'), 'RRN') },
      },
    })
  }
  await until('refused', () => rail.status().counters.reversalsRefused === 4)
  assert.equal((await listed()) - before, 2)
  await down()
})

test('a payment of a bank that the profile no longer has is not asked about under the id of another bank', async () => {
  const made = await setUp()
  const { xmlSwitch, start, up, down, pay, becomes, until, profile, clock, account, breaks } = made
  const old = start('hub-a', profile)
  await up(old.rail)
  const payment = await pay(account.id, 1500, old.room)
  await until('posted', () => xmlSwitch.originals().length === 1)
  await down(old.rail)
  const institutions = profile.institutions.filter(({ code }) => code !== payment.institution)
  const next = start('hub-a', { ...profile, institutions })
  await up(next.rail)
  await becomes(payment.id, 'unconfirmed')
  await until('people are told', async () => {
    clock.advance(60_000)
    return (await breaks(payment.id)).length === 1
  })
  assert.equal(xmlSwitch.verifications().length, 0)
  await down(next.rail)
})

test('what waits for its signature does not leave once the lease may be gone', async () => {
  const clock = createVirtualClock(Date.UTC(2026, 10, 22))
  const wire = railProfiles.xml
  const xmlSwitch = createScriptedXmlSwitch(clock, wire)
  let owned = true
  const unused = (): never => {
    throw new Error('nobody asked for this')
  }
  const link = createXmlLink(
    {
      clock,
      random: createSeededRandom(1),
      post: xmlSwitch.post,
      serve: xmlSwitch.serve,
      wire,
      dialect: xmlSwitch.dialect,
      seal: openSeal,
      log: testLog,
      options: defaultRailOptions,
    },
    {
      onAnswer: unused,
      onRequest: unused,
      onRefused: unused,
      onUnproved: unused,
      onReversal: unused,
      onEnquiry: unused,
      onComplaint: unused,
      onProviders: unused,
      onUndecodable: unused,
      onState: () => undefined,
      onDrained: () => undefined,
      mayConnect: () => owned,
    },
  )
  const turn = async (): Promise<void> => {
    for (let i = 0; i < 20; i += 1) {
      clock.advance(1)
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
  link.open()
  await turn()
  assert.equal(link.state(), 'loggedOn')
  const original = (serial: number) => {
    const payment = aPayment({ serial })
    return link.original({
      ...payment,
      remitter: { ...payment.remitter, ifsc: must(parseIfsc('TRNT0000001'), 'IFSC') },
    })
  }
  assert.equal(link.send(original(1)), true)
  await turn()
  assert.equal(xmlSwitch.originals().length, 1)
  assert.equal(link.send(original(2)), true)
  owned = false
  await turn()
  assert.equal(xmlSwitch.originals().length, 1)
  assert.equal(link.status().counters.notWritten, 1)
  link.close('the test is over')
})

test('an answer that comes while the lease cannot be renewed is taken; a request is not', async () => {
  const { xmlSwitch, up, down, pay, becomes, until, clock, account, rail } = await setUp()
  await up()
  const payment = await pay()
  await until('posted', () => xmlSwitch.originals().length === 1)
  const other = await db.reserve()
  await other`begin`
  await other`lock table link_lease in access exclusive mode`
  clock.advance(86_400_001)
  await until('in doubt', () => rail.status().links[0]?.epoch === null)
  const request = inward(8, clock.now(), account)
  const told = xmlSwitch.tell({ ...xmlSwitch.envelope('OTH3'), api: 'ReqPay', leg: 'credit', request })
  clock.advance(5)
  assert.equal((await told).status, 503)
  xmlSwitch.answer(must(xmlSwitch.originals()[0], 'original'), '00')
  await becomes(payment.id, 'succeeded')
  await other`rollback`
  other.release()
  await down()
})
