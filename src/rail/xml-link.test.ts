import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { setUpRail } from '../../test/support/a-rail.ts'
import { openTestDatabase } from '../../test/support/database.ts'
import { proveBooks, requestFrom } from '../../test/support/payment-room.ts'
import type { AccountId } from '../base/identifiers.ts'
import { must, parseIfsc, parseMmid, parseMobile, parseRrn, parseStan } from '../base/identifiers.ts'
import { paise } from '../base/money.ts'
import { createPool } from '../db/pool.ts'
import type { FundTransferRequest } from '../imps/rail-message.ts'
import type { PayAnswer, ReversalMessage, XmlMessage } from '../imps/xml/message.ts'
import type { StoredPayment } from '../payment/stored.ts'
import type { RailOptions } from './options.ts'

const { url, db } = await openTestDatabase()
const doors = createPool(url, { connections: 8, indexOnly: true, name: 'turant test doors' })
after(() => doors.end({ timeout: 2 }))

const setUp = (options: Partial<RailOptions> = {}) => setUpRail({ db, doors }, 'xml', options)
type Rail = Awaited<ReturnType<typeof setUp>>

const isOriginal = (message: XmlMessage): boolean => message.api === 'ReqPay' && message.leg === 'pay'
const balanceOf = async (account: AccountId): Promise<bigint> => {
  const [row] = await db<{ balance: bigint }[]>`select balance from account where account_id = ${account.slice(4)}`
  return row?.balance ?? 0n
}

// --- the Ack ----------------------------------------------------------------------------------------------------------

for (const fate of ['lost', 'error', 'refused'] as const) {
  test(`no Ack (${fate}) says nothing: the payment stays sent, is asked about in time, and leaves once`, async () => {
    const { xmlSwitch, up, down, pay, becomes, until, clock, stateOf } = await setUp()
    await up()
    xmlSwitch.ackFate = (message) => (isOriginal(message) ? fate : 'positive')
    xmlSwitch.onRequest = (request, reply) => {
      if (request.kind === 'verificationRequest') reply('00')
    }
    const payment = await pay()
    await until('posted', () => fate === 'refused' || xmlSwitch.originals().length === 1)
    clock.advance(6_000)
    await until('the Ack is given up', () => true)
    assert.equal((await stateOf(payment.id)).state, 'sent')
    clock.advance(50_000)
    await becomes(payment.id, 'unconfirmed')
    clock.advance(3_000)
    await becomes(payment.id, 'succeeded')
    assert.equal(xmlSwitch.originals().length, fate === 'refused' ? 0 : 1)
    await proveBooks(db)
    await down()
  })
}

test('without an Ack an answer still counts', async () => {
  const { xmlSwitch, up, down, pay, becomes } = await setUp()
  await up()
  xmlSwitch.ackFate = (message) => (isOriginal(message) ? 'lost' : 'positive')
  xmlSwitch.onRequest = (_, reply) => reply('00')
  const payment = await pay()
  await becomes(payment.id, 'succeeded')
  await down()
})

test('a negative Ack is a decline: the hold is voided at once, and an approval after it is a break for people', async () => {
  const { xmlSwitch, up, down, pay, becomes, until, stateOf, breaks, account, rail } = await setUp()
  await up()
  const before = await balanceOf(account.id)
  let asked: FundTransferRequest | undefined
  xmlSwitch.ackFate = (message) => {
    if (message.api === 'ReqPay' && message.leg === 'pay') asked = message.request
    return isOriginal(message) ? 'negative' : 'positive'
  }
  const payment = await pay()
  await becomes(payment.id, 'declined')
  assert.equal((await stateOf(payment.id)).responseCode, 'U30')
  assert.equal((await stateOf(payment.id)).reason, 'not_taken')
  assert.equal(await balanceOf(account.id), before)
  assert.equal(rail.status().counters.refused, 1)
  const message = { ...xmlSwitch.envelope(`TRN${payment.id.slice(4)}`), api: 'RespPay', leg: 'pay' } as const
  const { rrn, stan, remitterBank, amountPaise } = must(asked, 'original')
  const parts = { rrn, stan, remitterBank, amountPaise, responseCode: '00', result: 'SUCCESS' } as const
  void xmlSwitch.tell({ ...message, inReplyTo: 'NPC1', answer: { kind: 'fundTransferResponse', ...parts } })
  await until('a break', async () => (await breaks(payment.id)).length === 1)
  assert.equal((await stateOf(payment.id)).state, 'declined')
  await proveBooks(db)
  await down()
})

for (const fate of ['foreign', 'rubbish'] as const) {
  test(`what comes back as an Ack and is none of this message (${fate}) refuses nothing`, async () => {
    const { xmlSwitch, up, down, pay, until, stateOf, rail } = await setUp()
    await up()
    xmlSwitch.ackFate = (message) => (isOriginal(message) ? fate : 'positive')
    const { id } = await pay()
    await until('posted', () => rail.status().links[0]?.counters.unacked === 1)
    assert.equal((await stateOf(id)).state, 'sent')
    assert.equal(rail.status().counters.refused, 0)
    await down()
  })
}

test('a negative Ack after the answer is too late: what the answer says counts, whether it decides or not', async () => {
  const { xmlSwitch, up, down, pay, becomes, until, clock, stateOf, rail, breaks } = await setUp()
  await up()
  xmlSwitch.ackFate = (message) => (isOriginal(message) ? 'negative after the answer' : 'positive')
  const left: [StoredPayment['id'], StoredPayment['state']][] = []
  for (const [code, state] of [
    ['00', 'succeeded'],
    ['08', 'unconfirmed'],
  ] as const) {
    xmlSwitch.onRequest = (_, reply) => reply(code)
    const nacked = rail.status().links[0]?.counters.nacked ?? 0
    const { id } = await pay()
    await becomes(id, state)
    await until('not taken, it says', () => {
      clock.advance(100)
      return rail.status().links[0]?.counters.nacked === nacked + 1
    })
    left.push([id, state])
  }
  xmlSwitch.ackFate = () => 'positive'
  xmlSwitch.onRequest = (_, reply) => reply('00')
  await becomes((await pay()).id, 'succeeded') // by now whatever the Acks did would be done
  for (const [id, state] of left) {
    assert.equal((await stateOf(id)).state, state)
    assert.deepEqual([...(await breaks(id))], [])
  }
  assert.equal(rail.status().counters.refused, 0)
  await proveBooks(db)
  await down()
})

test('each check has a message id that nothing had before, and the transaction id of its original', async () => {
  const { xmlSwitch, up, down, pay, becomes, until, clock } = await setUp()
  await up()
  const payment = await pay()
  await until('posted', () => xmlSwitch.originals().length === 1)
  clock.advance(56_000)
  await becomes(payment.id, 'unconfirmed')
  await until('three checks', () => {
    clock.advance(1_000)
    return xmlSwitch.verifications().length === 3
  })
  const legs = xmlSwitch.heard.flatMap(({ message }) =>
    message.api === 'ReqChkTxn' || isOriginal(message) ? [message] : [],
  )
  assert.equal(legs.length, 4)
  assert.equal(new Set(legs.map(({ msgId }) => msgId)).size, 4)
  assert.deepEqual([...new Set(legs.map(({ transactionId }) => transactionId))], [`TRN${payment.id.slice(4)}`])
  await down()
})

test('a response before its Ack, and a response twice, are one answer', async () => {
  const { xmlSwitch, up, down, pay, becomes, until, rail, breaks } = await setUp()
  await up()
  xmlSwitch.onRequest = (_, reply) => {
    reply('00')
    reply('00')
  }
  xmlSwitch.ackFate = (message) => (isOriginal(message) ? 'lost' : 'positive')
  const payment = await pay()
  await becomes(payment.id, 'succeeded')
  await until('the second one', () => rail.status().counters.lateAnswers === 1)
  assert.deepEqual([...(await breaks(payment.id))], [])
  await proveBooks(db)
  await down()
})

test('what Resp@result and the code say together: a contradiction is asked about, DEEMED with M0 keeps the debit', async () => {
  const cases = [
    ['SUCCESS', '00', 'succeeded'],
    ['SUCCESS', 'M1', 'unconfirmed'],
    ['FAILURE', '00', 'unconfirmed'],
    ['FAILURE', 'M1', 'declined'],
    ['DEEMED', 'M0', 'deemed'],
    ['DEEMED', '91', 'deemed'],
  ] as const
  const { xmlSwitch, up, down, pay, becomes } = await setUp()
  await up()
  for (const [result, responseCode, state] of cases) {
    const payment = await pay()
    const { rrn, stan, remitterBank, amountPaise } = payment
    const answer = {
      kind: 'fundTransferResponse',
      rrn: must(rrn ?? undefined, 'RRN'),
      stan: must(stan ?? undefined, 'STAN'),
      remitterBank,
      amountPaise,
      responseCode,
      result,
    } as const
    const envelope = xmlSwitch.envelope(`TRN${payment.id.slice(4)}`)
    void xmlSwitch.tell({ ...envelope, api: 'RespPay', leg: 'pay', inReplyTo: 'X', answer })
    await becomes(payment.id, state)
  }
  await proveBooks(db)
  await down()
})

// --- answers of ours --------------------------------------------------------------------------------------------------

const inward = (serial: number, at: number, account: { ifsc: string; accountNumber: string }): FundTransferRequest => ({
  kind: 'fundTransferRequest',
  rrn: must(parseRrn(`6399${String(serial).padStart(8, '0')}`), 'RRN'),
  stan: must(parseStan(String(serial).padStart(6, '0')), 'STAN'),
  remitterBank: 'OTHB',
  amountPaise: paise(123_400n),
  transmittedAt: at,
  channel: 'mobile',
  remitter: { name: 'Asha Devi', account: requestAccount(), ifsc: must(parseIfsc('OTHB0000001'), 'IFSC') },
  beneficiary: {
    kind: 'account',
    ifsc: must(parseIfsc(account.ifsc), 'IFSC'),
    account: must(requestAccount(account.accountNumber), 'account'),
  },
})
function requestAccount(number?: string) {
  const { to } = requestFrom('acc_1' as AccountId)
  if (to.kind !== 'account') throw new Error('an account was wanted')
  return number === undefined ? to.account : (number as typeof to.account)
}

test('an answer whose Ack is missing is delivered again, the same bytes, a few times; then never again', async () => {
  const { xmlSwitch, up, down, account, clock, until, rail } = await setUp()
  await up()
  const delivered: string[] = []
  xmlSwitch.ackFate = (message) => {
    if (message.api === 'RespPay') delivered.push(xmlSwitch.dialect.write(message))
    return message.api === 'RespPay' ? 'error' : 'positive'
  }
  xmlSwitch.ask(inward(800_001, clock.now(), account))
  await until('four deliveries', () => {
    clock.advance(1_000)
    return delivered.length === 4
  })
  clock.advance(120_000)
  await until('no more', () => true)
  assert.equal(delivered.length, 4)
  assert.equal(new Set(delivered).size, 1)
  assert.equal(rail.status().links[0]?.counters.undelivered, 1)
  assert.equal(await balanceOf(account.id), 100_123_400n)
  await down()
})

test('a credit asked for twice is one credit, answered twice with the same document', async () => {
  const { xmlSwitch, up, down, account, clock, until } = await setUp()
  await up()
  const request = inward(800_002, clock.now(), account)
  xmlSwitch.ask(request)
  await until('answered', () => xmlSwitch.said.length === 1)
  xmlSwitch.ask(request)
  await until('answered again', () => xmlSwitch.said.length === 2)
  assert.equal(xmlSwitch.said[0]?.raw, xmlSwitch.said[1]?.raw)
  assert.equal(xmlSwitch.said[0]?.responseCode, '00')
  assert.equal(await balanceOf(account.id), 100_123_400n)
  await proveBooks(db)
  await down()
})

test('a remittance from abroad is credited only where the bank takes them, and declined with M4 elsewhere', async () => {
  for (const takes of [false, true]) {
    const made = await setUpRail({ db, doors }, 'xml', {}, (profile) => ({
      ...profile,
      institutions: profile.institutions.map((one) => ({ ...one, foreignRemittance: takes })),
    }))
    const { xmlSwitch, up, down, account, clock, until } = made
    await up()
    const request = inward(takes ? 800_004 : 800_005, clock.now(), account)
    void xmlSwitch.tell({
      ...xmlSwitch.envelope(`OTH${request.rrn}`),
      api: 'ReqPay',
      leg: 'credit',
      request,
      remittance: {
        institution: 'BANK',
        route: 'RDA',
        name: 'A bank abroad',
        purpose: { code: 'P1301' },
        originator: { name: 'Mohan Lal' },
      },
    })
    await until('answered', () => xmlSwitch.said.length === 1)
    assert.equal(xmlSwitch.said[0]?.responseCode, takes ? '00' : 'M4')
    assert.equal(await balanceOf(account.id), takes ? 100_123_400n : 100_000_000n)
    await proveBooks(db)
    await down()
  }
})

test('the Ack says what was taken: not another bank, not rubbish, not while another process has the link', async () => {
  const { xmlSwitch, up, down, clock, account, rail } = await setUp()
  await up()
  const request = inward(800_003, clock.now(), account)
  const tell = async (change: Partial<XmlMessage>, at = clock.now()) => {
    const message = {
      ...xmlSwitch.envelope('OTH1'),
      at,
      api: 'ReqPay',
      leg: 'credit',
      request,
      ...change,
    } as XmlMessage
    const going = xmlSwitch.tell(message)
    clock.advance(5)
    return going
  }
  assert.match((await tell({})).body, /<[^>]*Ack(?![^>]*err=)/)
  assert.match((await tell({ orgId: 'SOMEONE' })).body, /err="ORGID"/)
  const raw = xmlSwitch.tellRaw('ReqPay', '<not a message')
  clock.advance(5)
  assert.match((await raw).body, /err="FORMAT"/)
  await tell({}, clock.now() - 3_600_000)
  assert.equal(rail.status().links[0]?.counters.skewed, 1)
  await db`update link_lease set epoch = epoch + 1, holder = 'hub-b', expires_at = now() + interval '1 day'`
  clock.advance(86_400_001)
  assert.equal((await tell({})).status, 503)
  await down()
})

// --- the link ---------------------------------------------------------------------------------------------------------

test('three heartbeats without an answer take the link down, and payments wait until one is answered', async () => {
  const { xmlSwitch, down, pay, becomes, until, rail, clock } = await setUpRail({ db, doors }, 'both')
  rail.start()
  const xml = () =>
    must(
      rail.status().links.find(({ id }) => id === 'npci-xml'),
      'link',
    )
  await until('up', () => xml().state === 'loggedOn')
  xmlSwitch.answerHeartbeat = false
  await until('down', () => {
    clock.advance(1_000)
    return xml().state === 'connected'
  })
  assert.ok((xml().counters.heartbeatsMissed ?? 0) >= 3)
  xmlSwitch.answerHeartbeat = true
  await until('up again', () => {
    clock.advance(1_000)
    return xml().state === 'loggedOn'
  })
  const payment = await pay()
  assert.equal(payment.link, 'npci-remitter')
  await becomes(payment.id, 'sent')
  await down()
})

test('five posts in a row without an Ack: payments wait until a heartbeat is answered, and none is lost on the way', async () => {
  const { xmlSwitch, up, down, pay, becomes, until, rail, stateOf } = await setUp()
  await up()
  const gate = { shut: true }
  xmlSwitch.ackFate = () => (gate.shut ? 'refused' : 'positive')
  xmlSwitch.onRequest = (_, reply) => reply('00')
  const lost = []
  for (let i = 0; i < 5; i += 1) lost.push(await pay())
  await until('not believed in', () => rail.status().links[0]?.state === 'connected')
  const waiting = await pay()
  assert.equal((await stateOf(waiting.id)).state, 'held')
  assert.equal(rail.status().sending, false)
  for (const { id } of lost) assert.equal((await stateOf(id)).state, 'sent')
  gate.shut = false
  await becomes(waiting.id, 'succeeded')
  assert.equal(xmlSwitch.originals().length, 1)
  await down()
})

test('when NPCI acknowledges too slowly new payments wait, and go on when it has caught up', async () => {
  const maxUnacked = 4
  const { xmlSwitch, up, down, pay, becomes, until, rail, clock, stateOf } = await setUpRail(
    { db, doors },
    'xml',
    {},
    // The clock goes on while the database works: long enough for five payments on a busy machine.
    (profile) => ({ ...profile, xml: { ...profile.xml, maxUnacked, ackMs: 30_000 } }),
  )
  await up()
  const waiting: (() => void)[] = []
  xmlSwitch.ackFate = (message) => (isOriginal(message) ? 'lost' : 'positive')
  xmlSwitch.onRequest = (_, reply) => waiting.push(() => reply('00'))
  const first = []
  for (let i = 0; i < maxUnacked; i += 1) first.push(await pay())
  const late = await pay()
  assert.equal((await stateOf(late.id)).state, 'held')
  assert.equal(rail.status().sending, false)
  for (const reply of waiting.splice(0)) reply()
  clock.advance(31_000)
  await becomes(must(first[0], 'payment').id, 'succeeded')
  await until('it leaves', async () => {
    clock.advance(100)
    return (await stateOf(late.id)).state !== 'held'
  })
  await down()
})

test('the directory of members is asked for once the link is up', async () => {
  const { xmlSwitch, up, down, until, providers } = await setUp()
  await up()
  await until('asked', () => xmlSwitch.heard.some(({ message }) => message.api === 'ReqListAccPvd'))
  const asked = must(
    xmlSwitch.heard.find(({ message }) => message.api === 'ReqListAccPvd'),
    'request',
  )
  const provider = { name: 'HDFC Bank', nbin: '9229', bankCode: 'HDF', ifsc: 'HDFC', active: true, features: [] }
  void xmlSwitch.tell({
    ...xmlSwitch.envelope(asked.message.transactionId),
    api: 'RespListAccPvd',
    inReplyTo: asked.message.msgId,
    result: 'SUCCESS',
    providers: [provider],
  })
  await until('told', () => providers.length === 1)
  assert.equal(providers[0]?.nbin, '9229')
  await down()
})

// --- both wires at once -------------------------------------------------------------------------------------------------

for (const [before, later] of [
  ['iso8583', 'xml'],
  ['xml', 'iso8583'],
] as const) {
  test(`a payment that left on ${before} before a restart is verified on ${before} after it, though new ones leave on ${later}`, async () => {
    const made = await setUpRail({ db, doors }, 'both')
    const { isoSwitch, xmlSwitch, profile, start, up, down, pay, becomes, until, clock, account } = made
    const sides = { iso8583: isoSwitch, xml: xmlSwitch }
    const old = start('hub-a', { ...profile, wire: before })
    await up(old.rail)
    const payment = await pay(account.id, 1500, old.room)
    await until('on the wire', () => sides[before].originals().length === 1)
    isoSwitch.hangUp()
    await down(old.rail)
    const next = start('hub-a', { ...profile, wire: later })
    await up(next.rail)
    await becomes(payment.id, 'unconfirmed')
    sides[before].onRequest = (_, reply) => reply('00')
    sides[later].onRequest = (request, reply) => {
      if (request.kind === 'fundTransferRequest') reply('00')
    }
    const fresh = await pay(account.id, 1600, next.room)
    await becomes(fresh.id, 'succeeded')
    assert.equal(sides[later].originals().length, 1)
    clock.advance(57_000)
    await until('asked', () => {
      clock.advance(500)
      return sides[before].verifications().length === 1
    })
    await becomes(payment.id, 'succeeded')
    assert.equal(sides[later].verifications().length, 0)
    assert.equal(sides[before].originals().length, 1)
    await down(next.rail)
  })
}

test('an institution with a wire of its own pays over that one', async () => {
  const made = await setUpRail({ db, doors }, 'both')
  const { start, up, down, pay, until, profile, isoSwitch, xmlSwitch, account } = made
  const institutions = profile.institutions.map((one) =>
    one.code === 'TRN' ? { ...one, wire: { outward: 'xml' as const } } : one,
  )
  const { rail, room } = start('hub-a', { ...profile, institutions })
  await up(rail)
  const payment = await pay(account.id, 1500, room)
  await until('posted', () => xmlSwitch.originals().length === 1)
  assert.equal(payment.link, 'npci-xml')
  assert.equal(rail.linkFor('S02')?.link, 'npci-remitter')
  assert.equal(isoSwitch.originals().length, 0)
  await down(rail)
})

// --- reversals ----------------------------------------------------------------------------------------------------------

const reversalOf = (
  made: Rail,
  payment: StoredPayment,
  change: Partial<ReversalMessage['request']> = {},
): ReversalMessage => ({
  ...made.xmlSwitch.envelope(`UDR${payment.id.slice(4)}`),
  api: 'ReqPay',
  leg: 'reversal',
  request: {
    kind: 'reversalRequest',
    rrn: must(parseRrn('632677000001'), 'RRN'),
    stan: must(parseStan('000001'), 'STAN'),
    amountPaise: payment.amountPaise,
    transmittedAt: made.clock.now(),
    remitter: payment.remitter,
    original: { rrn: must(payment.rrn ?? undefined, 'RRN'), transactionId: `TRN${payment.id.slice(4)}` },
    ...change,
  },
})
const reversalAnswers = (made: Rail): PayAnswer[] =>
  made.xmlSwitch.heard.flatMap(({ message }) =>
    message.api === 'RespPay' && message.answer.kind === 'reversalResponse' ? [message] : [],
  )

for (const [code, state, outcome] of [
  ['', 'sent', 'credited'],
  ['08', 'unconfirmed', 'credited'],
  ['91', 'deemed', 'credited'],
  ['00', 'succeeded', 'credited'],
  ['M1', 'declined', 'refused'],
] as const) {
  test(`a reversal of a payment that is ${state} is ${outcome}, once, whatever comes after it`, async () => {
    const made = await setUp()
    const { xmlSwitch, up, down, pay, becomes, until, account, breaks, stateOf } = made
    await up()
    const before = await balanceOf(account.id)
    xmlSwitch.onRequest = (request, reply) => {
      if (code !== '' && request.kind === 'fundTransferRequest') reply(code)
    }
    const payment = await pay()
    await becomes(payment.id, state)
    const original = must(xmlSwitch.originals()[0], 'original')
    for (const turn of [1, 2]) {
      void xmlSwitch.tell(reversalOf(made, payment))
      await until('answered', () => reversalAnswers(made).length === turn)
    }
    const results = reversalAnswers(made).map(({ answer }) => answer.result)
    assert.deepEqual(results, outcome === 'credited' ? ['SUCCESS', 'SUCCESS'] : ['FAILURE', 'FAILURE'])
    assert.equal(await balanceOf(account.id), before)
    assert.equal((await stateOf(payment.id)).state, outcome === 'credited' ? 'returned' : 'declined')
    if (outcome === 'credited') assert.equal((await stateOf(payment.id)).reason, 'reversed_by_npci')
    xmlSwitch.answer(original, 'M1')
    xmlSwitch.answer(original, '00')
    await until('looked at', async () => (await breaks(payment.id)).length >= (outcome === 'credited' ? 2 : 1))
    assert.equal(await balanceOf(account.id), before, 'a second credit, or a second debit')
    await proveBooks(db)
    await down()
  })
}

test('a reversal of nothing, or of another amount, is refused and listed for people', async () => {
  const made = await setUp()
  const { xmlSwitch, up, down, pay, becomes, until, account, breaks } = made
  await up()
  xmlSwitch.onRequest = (_, reply) => reply('91')
  const payment = await pay()
  await becomes(payment.id, 'deemed')
  const before = await balanceOf(account.id)
  const nobody = must(parseRrn('632688123456'), 'RRN')
  const refused = [
    { amountPaise: paise(payment.amountPaise - 1n) },
    { original: { rrn: nobody } },
    { original: { rrn: nobody, transactionId: `TRN${payment.id.slice(4)}` } },
  ]
  for (const [i, change] of refused.entries()) {
    void xmlSwitch.tell(reversalOf(made, payment, change))
    await until('answered', () => reversalAnswers(made).length === i + 1)
  }
  assert.ok(reversalAnswers(made).every(({ answer }) => answer.result === 'FAILURE'))
  assert.equal((await breaks(payment.id))[0]?.kind, 'amount_mismatch')
  const listed = await db`select from break where kind = 'unmatched_reversal' and detail like ${`%${nobody}`}`
  assert.equal(listed.length, 2)
  // By RRN alone it is found as well.
  void xmlSwitch.tell(reversalOf(made, payment, { original: { rrn: must(payment.rrn ?? undefined, 'RRN') } }))
  await becomes(payment.id, 'returned')
  assert.equal(await balanceOf(account.id), before + payment.amountPaise)
  await proveBooks(db)
  await down()
})

// --- name enquiries -----------------------------------------------------------------------------------------------------

test('a name enquiry is asked and answered by message id; no answer is no answer, and may be asked again', async () => {
  const made = await setUp()
  const { xmlSwitch, rail, up, down, until, clock } = made
  const { to } = requestFrom('acc_1' as AccountId)
  const remitter = { name: 'Ramesh Kumar', account: requestAccount(), ifsc: must(parseIfsc('TRNT0000001'), 'IFSC') }
  const question = { institution: 'TRN', remitter, beneficiary: to, channel: 'internet' } as const
  assert.deepEqual(await rail.enquire(question), { kind: 'link_down' })
  await up()
  const asked = () => xmlSwitch.heard.flatMap(({ message }) => (message.api === 'ReqValAdd' ? [message] : []))
  const first = rail.enquire(question)
  await until('asked', () => asked().length === 1)
  const { msgId, transactionId } = must(asked()[0], 'enquiry')
  void xmlSwitch.tell({
    ...xmlSwitch.envelope(transactionId),
    api: 'RespValAdd',
    inReplyTo: msgId,
    answer: { kind: 'nameEnquiryResponse', result: 'SUCCESS', responseCode: '00', registeredName: 'ASHA DEVI' },
  })
  let answered: Awaited<typeof first> | undefined
  void first.then((one) => {
    answered = one
  })
  await until('answered', () => answered !== undefined)
  assert.ok(answered?.kind === 'answered')
  assert.equal(answered.response.registeredName, 'ASHA DEVI')
  assert.equal(answered.reference.transactionId, transactionId)

  const second = rail.enquire(question)
  await until('asked again', () => asked().length === 2)
  clock.advance(10_001)
  assert.deepEqual(await second, { kind: 'no_answer' })

  xmlSwitch.ackFate = (message) => (message.api === 'ReqValAdd' ? 'negative' : 'positive')
  let third: Awaited<typeof first> | undefined
  void rail.enquire(question).then((one) => {
    third = one
  })
  await until('refused', () => third !== undefined)
  assert.ok(third?.kind === 'answered' && third.response.responseCode === 'U30')
  await down()
})

test('on the ISO wire there is no name enquiry', async () => {
  const { rail, up, down } = await setUpRail({ db, doors }, 'iso8583')
  await up()
  const { to } = requestFrom('acc_1' as AccountId)
  const question = { institution: 'TRN', remitter: {}, beneficiary: to, channel: 'internet' } as const
  assert.deepEqual(await rail.enquire(question), { kind: 'unavailable' })
  await down()
})

test('a name enquiry about an account of the hub is answered with its name, about any other with M1', async () => {
  const made = await setUp()
  const { xmlSwitch, up, down, until, account, clock } = made
  await up()
  const answers = () => xmlSwitch.heard.flatMap(({ message }) => (message.api === 'RespValAdd' ? [message] : []))
  const beneficiaries = [
    { kind: 'account', ifsc: account.ifsc, account: account.accountNumber },
    { kind: 'account', ifsc: account.ifsc, account: requestAccount('999999') },
    { kind: 'mmid', mobile: must(parseMobile('9876599999'), 'mobile'), mmid: must(parseMmid('7001999'), 'MMID') },
  ] as const
  for (const [i, beneficiary] of beneficiaries.entries()) {
    const { remitter, rrn, stan, channel } = inward(800_010 + i, clock.now(), account)
    const request = {
      kind: 'nameEnquiryRequest',
      rrn,
      stan,
      channel,
      remitter,
      beneficiary,
      remitterBank: 'OTHB',
      transmittedAt: clock.now(),
    } as const
    void xmlSwitch.tell({ ...xmlSwitch.envelope('OTH2'), api: 'ReqValAdd', request })
    await until('answered', () => answers().length === i + 1)
  }
  assert.deepEqual(
    answers().map(({ answer }) => [answer.result, answer.responseCode, answer.registeredName]),
    [
      ['SUCCESS', '00', 'Ramesh Kumar'],
      ['FAILURE', 'M1', undefined],
      ['FAILURE', 'M1', undefined],
    ],
  )
  await down()
})

// --- complaints -------------------------------------------------------------------------------------------------------

const aComplaint = {
  kind: 'complaintRequest',
  rrn: must(parseRrn('632609000123'), 'RRN'),
  stan: must(parseStan('000123'), 'STAN'),
  amountPaise: paise(150_000n),
  flag: 'B',
  reason: '108',
  original: { transactedAt: Date.UTC(2026, 10, 20, 6) },
} as const

test('a complaint leaves once; what NPCI says of it is told whenever it comes, and that nothing came says nothing', async () => {
  const { xmlSwitch, up, down, until, rail, complaints, clock } = await setUp()
  const id = `TRN${'a'.repeat(32)}`
  assert.equal(rail.complain('TRN', aComplaint, id), 'link_down')
  await up()
  xmlSwitch.ackFate = (message) => (message.api === 'ReqComplaint' ? 'lost' : 'positive')
  assert.equal(rail.complain('TRN', aComplaint, id), 'sent')
  const sent = () => xmlSwitch.heard.filter(({ message }) => message.api === 'ReqComplaint')
  await until('heard', () => sent().length === 1)
  const [first] = sent()
  assert.ok(first?.message.api === 'ReqComplaint')
  assert.deepEqual(first.message.request, aComplaint)
  clock.advance(120_000)
  await until('time goes by', () => true)
  assert.deepEqual([sent().length, complaints.length], [1, 0])

  assert.equal(rail.checkComplaint('TRN', aComplaint, id), 'sent')
  await until('asked', () => xmlSwitch.heard.some(({ message }) => message.api === 'ReqChkTxn'))
  const { rrn, stan } = aComplaint
  const answer = {
    kind: 'complaintResponse',
    rrn,
    stan,
    result: 'SUCCESS',
    responseCode: '00',
    reference: 'CRN1',
  } as const
  const common = { ...xmlSwitch.envelope(id), inReplyTo: 'TRN1' }
  void xmlSwitch.tell({ ...common, api: 'RespChkTxn', about: 'complaint', answer })
  void xmlSwitch.tell({ ...common, ...xmlSwitch.envelope(id), api: 'RespComplaint', answer })
  await until('told', () => complaints.length === 2)
  assert.deepEqual(complaints, [
    { transactionId: id, answer },
    { transactionId: id, answer },
  ])
  await down()
})

test('a complaint that NPCI does not take was refused; over another wire there is none', async () => {
  const { xmlSwitch, up, down, until, rail, complaints } = await setUp()
  await up()
  xmlSwitch.ackFate = (message) => (message.api === 'ReqComplaint' ? 'negative' : 'positive')
  const id = `TRN${'b'.repeat(32)}`
  assert.equal(rail.complain('TRN', aComplaint, id), 'sent')
  await until('refused', () => complaints.length === 1)
  assert.deepEqual([complaints[0]?.answer.result, complaints[0]?.answer.responseCode], ['FAILURE', 'U30'])
  assert.equal(rail.complain('NOBODY', aComplaint, id), 'unavailable')
  await down()
  const iso = await setUpRail({ db, doors }, 'iso8583', {})
  assert.equal(iso.rail.complain('TRN', aComplaint, id), 'unavailable')
})
