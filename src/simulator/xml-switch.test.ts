import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createMemoryNetwork } from '../../test/support/memory-network.ts'
import { createMemoryWeb } from '../../test/support/memory-web.ts'
import { createStubLink, dialect, original, rupees, type StubLink } from '../../test/support/stub-hub.ts'
import { createStubXmlHub, HUB_ADDRESS, type StubXmlHub, UUID } from '../../test/support/stub-xml-hub.ts'
import { createVirtualClock, type VirtualClock } from '../../test/support/virtual-clock.ts'
import {
  must,
  parseAccountNumber,
  parseIfsc,
  parseMmid,
  parseMobile,
  parseRrn,
  parseStan,
} from '../base/identifiers.ts'
import type { Beneficiary } from '../base/party.ts'
import { createSeededRandom } from '../base/random.ts'
import { sandboxNbin } from '../imps/banks.ts'
import { defaultProfile, type LinkRole, type WireProfile } from '../imps/profile.ts'
import type { FundTransferRequest } from '../imps/rail-message.ts'
import { createXmlDialect } from '../imps/xml/dialect.ts'
import type { XmlMessage } from '../imps/xml/message.ts'
import { makeSigningKey } from '../sandbox-keys.ts'
import type { EnquiryResult } from './enquiries.ts'
import { type Faults, noFaults } from './faults.ts'
import type { InwardOrder, InwardResult } from './inward.ts'
import type { JournalEntry } from './journal.ts'
import type { ReversalResult } from './reversals.ts'
import { createSimulator, type Simulator } from './simulator.ts'

const START = Date.UTC(2026, 10, 22, 6, 30)
const span = { fromMs: START - 86_400_000, untilMs: START + 86_400_000 }
const keys = { hub: await makeSigningKey('hub', span), theSwitch: await makeSigningKey('switch', span) }
const xmlProfile: WireProfile = { ...defaultProfile, wire: 'xml' }

type Place = {
  readonly clock: VirtualClock
  readonly simulator: Simulator
  readonly hub: StubXmlHub
  readonly advance: (ms: number) => Promise<void>
  /** A link of the ISO wire, logged on. */
  readonly connect: (role: LinkRole) => Promise<StubLink>
}

async function place(faults: Partial<Faults> = {}, profile = xmlProfile): Promise<Place> {
  const clock = createVirtualClock(START)
  const random = createSeededRandom(11)
  const web = createMemoryWeb({ clock, random, latencyMs: [1, 1] })
  const simulator = createSimulator({
    clock,
    random,
    profile,
    faults,
    xml: {
      post: web.post,
      hubUrl: `https://${HUB_ADDRESS.host}:${HUB_ADDRESS.port}`,
      signingKey: () => keys.theSwitch,
      pinned: () => [keys.hub.certificate],
      secure: true,
    },
  })
  await web.serve({ host: 'switch', port: 7603 }, simulator.answerXml)
  const hub = await createStubXmlHub({ clock, web, profile, key: keys.hub, pinned: keys.theSwitch })
  const network = createMemoryNetwork({ clock, random, latencyMs: [1, 1] })
  const advance = (ms: number) => clock.advanceAsync(ms)
  const connect = async (role: LinkRole) => {
    const [end, port] = network.pair()
    simulator.attach(role, port)
    const link = createStubLink(end, clock)
    link.ask('logOn')
    await advance(10)
    link.heard.length = 0
    return link
  }
  return { clock, simulator, hub, advance, connect }
}

const remitterIfsc = must(parseIfsc('TRNT0000001'), 'IFSC')
const payment = (clock: VirtualClock, amount: string, to?: Beneficiary): FundTransferRequest => {
  const request = original(clock, 1, rupees(amount), to)
  return { ...request, remitter: { ...request.remitter, ifsc: remitterIfsc } }
}

const only = <T>(list: readonly T[]): T => {
  assert.equal(list.length, 1)
  return must(list[0], 'entry')
}
const entryOf = ({ simulator }: Place, { rrn }: { rrn: string }): JournalEntry =>
  only(simulator.journal.outward.byRrn(rrn))

/** What each answer said, in the order they came. */
const said = ({ heard }: StubXmlHub): string[] =>
  heard.flatMap((message) =>
    message.api === 'RespPay' || message.api === 'RespChkTxn'
      ? [`${message.api} ${message.answer.result} ${message.answer.responseCode}`]
      : [],
  )

test('an original is acknowledged, then answered by a signed document that says whose answer it is', async () => {
  const here = await place()
  const request = payment(here.clock, '1500.00')
  here.hub.pay(request)
  await here.advance(100)
  assert.deepEqual(here.hub.order, ['ack ReqPay', 'RespPay'])
  assert.deepEqual(here.hub.acks, ['ack'])
  const answer = only(here.hub.heard)
  assert.ok(answer.api === 'RespPay' && answer.answer.kind === 'fundTransferResponse')
  assert.equal(answer.transactionId, `TRN${UUID}`)
  assert.equal(answer.inReplyTo, `TRN${UUID.slice(0, 12)}1${UUID.slice(13)}`)
  const { rrn, stan, amountPaise, responseCode, result, registeredName } = answer.answer
  assert.deepEqual(
    { rrn, stan, amountPaise, responseCode, result, registeredName },
    {
      rrn: request.rrn,
      stan: request.stan,
      amountPaise: request.amountPaise,
      responseCode: '00',
      result: 'SUCCESS',
      registeredName: 'ASHA DEVI',
    },
  )
  const { remitterBank, originals, answers, credited, stand } = entryOf(here, request)
  assert.deepEqual([remitterBank, originals, answers, credited, stand], ['700001', 1, 1, true, 'approved'])
})

/** By amount: what the original is told by 70 s, what a check at 56 s and one at 66 s are told, whether it was credited. */
const table: readonly [amount: string, told: readonly string[], first: string, second: string, credited: boolean][] = [
  ['101.91', ['DEEMED 91'], 'DEEMED 91', 'DEEMED 91', true],
  ['102.91', ['DEEMED 91'], 'DEEMED 91', 'DEEMED 91', false],
  ['103.00', [], 'SUCCESS 00', 'SUCCESS 00', true],
  ['104.00', [], 'FAILURE M0', 'FAILURE M0', false],
  ['105.00', [], 'silence', 'silence', true],
  ['106.00', [], 'silence', 'silence', false],
  ['107.00', ['SUCCESS 00'], 'silence', 'SUCCESS 00', true],
  ['108.00', ['SUCCESS 00', 'SUCCESS 00'], 'SUCCESS 00', 'SUCCESS 00', true],
  ['109.00', ['FAILURE M1'], 'FAILURE M0', 'FAILURE M0', false],
  ['113.00', ['FAILURE 51'], 'FAILURE M0', 'FAILURE M0', false],
  ['114.00', ['FAILURE 08'], 'FAILURE M0', 'FAILURE M0', false],
  ['115.00', ['FAILURE ZZ'], 'SUCCESS 00', 'SUCCESS 00', true],
  ['116.00', [], 'SUCCESS 00', 'SUCCESS 00', true],
  ['1500.00', ['SUCCESS 00'], 'SUCCESS 00', 'SUCCESS 00', true],
]

for (const [amount, told, first, second, credited] of table) {
  test(`₹${amount} is answered ${told.join(' and ') || 'with silence'}, checks ${first} and ${second}`, async () => {
    const here = await place()
    const { hub, clock, advance } = here
    const request = payment(clock, amount)
    hub.pay(request)
    await advance(56_000)
    const checkedAt = async (untilMs: number) => {
      const before = said(hub).length
      hub.check(request)
      await advance(untilMs)
      return said(hub)
        .slice(before)
        .find((line) => line.startsWith('RespChkTxn'))
        ?.slice('RespChkTxn '.length)
    }
    assert.equal((await checkedAt(10_000)) ?? 'silence', first)
    assert.equal((await checkedAt(4_000)) ?? 'silence', second)
    const answers = said(hub).filter((line) => line.startsWith('RespPay'))
    assert.deepEqual(
      answers.map((line) => line.slice('RespPay '.length)),
      told,
    )
    assert.deepEqual([entryOf(here, request).credited, entryOf(here, request).verifications], [credited, 2])
    assert.equal(hub.acks.includes('nothing'), amount === '116.00', 'the connection ends without an Ack')
  })
}

test('an original that comes again is counted and answered with the first answer, the same document', async () => {
  const here = await place()
  const request = payment(here.clock, '1500.00')
  here.hub.pay(request)
  await here.advance(100)
  here.hub.pay(request)
  await here.advance(100)
  const [first, again] = here.hub.heard
  assert.deepEqual(again, first)
  assert.equal(entryOf(here, request).originals, 2)
  assert.equal(here.simulator.summary().violations.original_repeated, 1)
})

test('a check before its original is answered DEEMED 91, and a no that comes after it stays deemed', async () => {
  const here = await place()
  const request = payment(here.clock, '109.00')
  here.hub.check(request)
  await here.advance(100)
  here.hub.pay(request)
  await here.advance(100)
  assert.deepEqual(said(here.hub), ['RespChkTxn DEEMED 91', 'RespPay DEEMED 91'])
})

test('on either wire a payment is in the journal under the same bank', async () => {
  const here = await place()
  const toMobile: Beneficiary = {
    kind: 'mmid',
    mobile: must(parseMobile('9812345678'), 'mobile'),
    mmid: must(parseMmid('1234567'), 'MMID'),
  }
  const request = payment(here.clock, '1500.00', toMobile)
  here.hub.pay(request)
  await here.advance(100)
  assert.equal(entryOf(here, request).remitterBank, '700001')
})

// --- faults ----------------------------------------------------------------------------------------------------------

test('ackDrop: no Ack, and the message was taken; ackError: HTTP 500, and it was taken', async () => {
  for (const [faults, ack] of [
    [{ ackDrop: 1 }, 'nothing'],
    [{ ackError: 1 }, '500'],
  ] as const) {
    const here = await place(faults)
    const request = payment(here.clock, '1500.00')
    here.hub.pay(request)
    await here.advance(6_000)
    assert.deepEqual(here.hub.acks, [ack])
    assert.deepEqual(said(here.hub), ['RespPay SUCCESS 00'])
    assert.equal(entryOf(here, request).credited, true)
  }
})

test('ackNegative: refused unread, never credited, and a check says so', async () => {
  const here = await place({ ackNegative: 1 })
  const request = payment(here.clock, '1500.00')
  here.hub.pay(request)
  await here.advance(100)
  assert.deepEqual(here.hub.acks, ['30'])
  const { stand, credited, outcome } = entryOf(here, request)
  assert.deepEqual([stand, credited, outcome], ['declined', false, 'negative Ack'])
  here.simulator.turn({ ackNegative: 0 })
  here.hub.check(request)
  await here.advance(100)
  assert.deepEqual(said(here.hub), ['RespChkTxn FAILURE M0'])
})

test('a payment of which something is known is not refused by an Ack', async () => {
  const here = await place()
  const request = payment(here.clock, '1500.00')
  here.hub.pay(request)
  await here.advance(100)
  here.simulator.turn({ ackNegative: 1 })
  here.hub.pay(request)
  await here.advance(100)
  assert.deepEqual(here.hub.acks, ['ack', 'ack'])
  assert.equal(entryOf(here, request).stand, 'approved')
})

test('responseBeforeAck: the answer is taken before the Ack of its question comes', async () => {
  const here = await place({ responseBeforeAck: 1 })
  here.hub.pay(payment(here.clock, '1500.00'))
  await here.advance(100)
  assert.deepEqual(here.hub.order, ['RespPay', 'ack ReqPay'])
})

test('responseTwice: two deliveries of the same document', async () => {
  const here = await place({ responseTwice: 1 })
  here.hub.pay(payment(here.clock, '1500.00'))
  await here.advance(100)
  const [first, second, ...more] = here.hub.heard
  assert.deepEqual(second, first)
  assert.equal(more.length, 0)
})

test('badSignature: what was changed after signing is refused, and delivered no better by trying again', async () => {
  const here = await place({ badSignature: 1 })
  here.hub.pay(payment(here.clock, '1500.00'))
  await here.advance(60_000)
  assert.deepEqual(here.hub.heard, [])
  assert.deepEqual(here.hub.order, ['ack ReqPay', ...Array(4).fill('refused bad_digest')])
  assert.equal(here.simulator.summary().xml?.undelivered, 1)
})

test('clockSkewMs: the stamp of each document is off, and nothing else', async () => {
  const here = await place({ clockSkewMs: -120_000 })
  const sentAt = here.clock.now()
  here.hub.pay(payment(here.clock, '1500.00'))
  await here.advance(100)
  const { at } = only(here.hub.heard)
  assert.ok(sentAt - 120_000 <= at && at <= sentAt - 119_000, String(at - sentAt))
})

test('drop, delay, duplicate and corrupt work on documents as on frames', async () => {
  const lost = await place({ dropIn: 1 })
  const request = payment(lost.clock, '1500.00')
  lost.hub.pay(request)
  await lost.advance(10_000)
  assert.deepEqual(
    [lost.hub.acks, entryOf(lost, request).stand, entryOf(lost, request).originals],
    [['nothing'], 'unseen', 1],
  )

  const unheard = await place({ dropOut: 1 })
  unheard.hub.pay(request)
  await unheard.advance(60_000)
  assert.deepEqual([unheard.hub.acks, unheard.hub.heard, entryOf(unheard, request).credited], [['ack'], [], true])

  const late = await place({ delayIn: 1, delayMs: [9_000, 9_000] })
  late.hub.pay(request)
  await late.advance(8_000)
  assert.deepEqual([late.hub.acks, late.hub.heard], [['nothing'], []])
  await late.advance(2_000)
  assert.deepEqual(said(late.hub), ['RespPay SUCCESS 00'])

  const doubled = await place({ duplicateIn: 1 })
  doubled.hub.pay(request)
  await doubled.advance(100)
  assert.deepEqual([doubled.hub.acks, doubled.hub.heard.length], [['ack'], 2])
  assert.equal(entryOf(doubled, request).originals, 1, 'not the hub’s fault')

  const damaged = await place({ corruptIn: 1 })
  damaged.hub.pay(request)
  await damaged.advance(100)
  assert.deepEqual([damaged.hub.acks, entryOf(damaged, request).stand], [['400'], 'unseen'])
})

test('the same seed gives the same documents', async () => {
  const run = async () => {
    const here = await place({ deemed: 0.3, businessDecline: 0.3, dropOut: 0.2, delayOut: 0.5, responseTwice: 0.3 })
    for (let serial = 0; serial < 12; serial += 1) {
      const request = payment(here.clock, '1500.00')
      here.hub.pay(request, UUID.slice(0, 30) + String(10 + serial))
      await here.advance(500)
    }
    await here.advance(60_000)
    return here.hub.heard
  }
  assert.deepEqual(await run(), await run())
})

// --- delivery --------------------------------------------------------------------------------------------------------

test('an answer without an Ack is delivered again, the same document, a few times; a refused one is not', async () => {
  const here = await place()
  here.hub.onMessage = () => ({ status: 503, body: '' })
  here.hub.pay(payment(here.clock, '1500.00'))
  await here.advance(60_000)
  const [first, ...again] = here.hub.heard
  assert.equal(again.length, 3)
  for (const one of again) assert.deepEqual(one, first)
  const { redelivered, undelivered } = must(here.simulator.summary().xml, 'XML')
  assert.deepEqual([redelivered, undelivered], [3, 1])

  const refused = await place()
  refused.hub.onMessage = (message) => refused.hub.ack(message, 'U30')
  refused.hub.pay(payment(refused.clock, '1500.00'))
  await refused.advance(60_000)
  assert.equal(refused.hub.heard.length, 1)
})

test('what the hub did not sign is not looked at; what is signed and no message is refused by its Ack', async () => {
  const here = await place()
  here.hub.sayRaw('<ns2:ReqPay xmlns:ns2="http://npci.org/upi/schema/"></ns2:ReqPay>')
  here.hub.sayRaw('no XML')
  await here.advance(100)
  assert.deepEqual(here.hub.acks, ['400', '400'])
  const request = payment(here.clock, '1500.00')
  here.hub.say({ ...here.hub.envelope('TRNx'), api: 'ReqPay', leg: 'credit', request })
  await here.advance(100)
  assert.equal(here.simulator.summary().violations.not_for_this_port, 1)
  assert.deepEqual(here.hub.heard, [])
  assert.equal(here.simulator.summary().xml?.badSignatures, 2)
})

// --- inward ----------------------------------------------------------------------------------------------------------

const to = {
  kind: 'account',
  ifsc: remitterIfsc,
  account: must(parseAccountNumber('00012345'), 'account'),
} as const

function collecting({ simulator }: Place) {
  const results: InwardResult[] = []
  const send = (more: Partial<InwardOrder> = {}) =>
    simulator.sendInward({ amountPaise: rupees('250.00'), to, ...more }, (result) => results.push(result))
  const violations = () => Object.entries(simulator.summary().violations).filter(([, count]) => count > 0)
  return { results, send, violations }
}

test('an inward payment is a ReqPay CREDIT with ids of its own, settled by RespPay', async () => {
  const here = await place()
  const { results, send, violations } = collecting(here)
  here.hub.onMessage = (message) => {
    here.hub.answer(message, '00')
    return undefined
  }
  const sent = send()
  await here.advance(100)
  const credit = only(here.hub.heard)
  assert.ok(credit.api === 'ReqPay' && credit.leg === 'credit')
  assert.match(credit.transactionId, /^R0[1-8][0-9a-f]{32}$/)
  assert.match(credit.request.remitterBank, /^SIM[A-H]$/, 'each bank behind the switch has IFSCs of its own')
  assert.equal(credit.orgId, 'NPCI')
  const [result] = results
  assert.deepEqual(
    [result?.rrn, result?.verdict, result?.responseCode, result?.registeredName, result?.by],
    [sent?.rrn, 'approved', '00', 'RAVI KUMAR', 'answer'],
  )
  assert.deepEqual(violations(), [])
  assert.equal(here.simulator.summary().inward.creditedPaise, 25_000)
})

test('an answer is read with its result: a decline declines, what contradicts itself is asked about', async () => {
  for (const [code, result, verdict, by] of [
    ['M1', 'FAILURE', 'declined', 'answer'],
    ['91', 'DEEMED', 'deemed', 'answer'],
    ['M0', 'DEEMED', 'deemed', 'answer'],
    ['M1', 'SUCCESS', 'approved', 'verification'],
    ['00', 'FAILURE', 'approved', 'verification'],
  ] as const) {
    const here = await place()
    const { results, send } = collecting(here)
    here.hub.onMessage = (message) => {
      if (message.api === 'ReqPay') here.hub.answer(message, code, { result })
      else here.hub.answer(message, '00')
      return undefined
    }
    send()
    await here.advance(60_000)
    assert.deepEqual([results[0]?.verdict, results[0]?.by], [verdict, by], `${result} ${code}`)
  }
})

test('a CREDIT is posted once, whatever its Ack; silence is asked about with the same transaction id', async () => {
  const here = await place()
  const { results, send } = collecting(here)
  here.hub.onMessage = () => ({ status: 500, body: '' })
  send()
  await here.advance(7_200_000)
  const apis = here.hub.heard.map(({ api }) => api)
  assert.deepEqual(apis, ['ReqPay', ...Array(7).fill('ReqChkTxn')])
  assert.equal(new Set(here.hub.heard.map(({ transactionId }) => transactionId)).size, 1)
  assert.equal(new Set(here.hub.heard.map(({ msgId }) => msgId)).size, 8)
  assert.deepEqual([results[0]?.verdict, results[0]?.by], ['unresolved', 'nothing'])
})

test('a CREDIT that the hub refuses by its Ack is declined', async () => {
  const here = await place()
  const { results, send } = collecting(here)
  here.hub.onMessage = (message) => here.hub.ack(message, 'FORMAT')
  send()
  await here.advance(100)
  assert.deepEqual([results[0]?.verdict, results[0]?.responseCode], ['declined', '30'])
})

test('duplicates are the same document; answers that say the same are fine, others are a violation', async () => {
  const here = await place()
  const { send, violations } = collecting(here)
  const codes = ['00', '00', '00', '91']
  here.hub.onMessage = (message) => {
    here.hub.answer(message, codes.shift() ?? '00')
    return undefined
  }
  send({ duplicates: 2 })
  await here.advance(100)
  const [first, ...again] = here.hub.heard
  assert.equal(again.length, 2)
  for (const one of again) assert.deepEqual(one, first)
  assert.deepEqual(violations(), [])
  send({ repeatAfterMs: 1_000 })
  await here.advance(2_000)
  assert.deepEqual(violations(), [['answer_differs', 1]])
})

// --- both sides the hub's --------------------------------------------------------------------------------------------

test('a payment between two banks of the hub goes out again as a CREDIT of the same transaction', async () => {
  const here = await place()
  here.hub.onMessage = (message) => {
    if (message.api === 'ReqPay') here.hub.answer(message, '00')
    return undefined
  }
  const request = payment(here.clock, '1500.00', to)
  here.hub.pay(request)
  await here.advance(100)
  const [credit, answer] = here.hub.heard
  assert.ok(credit?.api === 'ReqPay' && credit.leg === 'credit' && answer?.api === 'RespPay' && answer.leg === 'pay')
  assert.equal(credit.transactionId, answer.transactionId)
  assert.notEqual(credit.msgId, answer.inReplyTo, 'a message id for each leg')
  assert.ok(answer.answer.kind === 'fundTransferResponse')
  assert.deepEqual([answer.answer.responseCode, answer.answer.registeredName], ['00', 'RAVI KUMAR'])
  assert.equal(entryOf(here, request).forwarded, true)
  assert.equal(here.simulator.summary().inward.approved, 1)
})

test('no word from the beneficiary bank of the hub within 30 s is DEEMED 91', async () => {
  const here = await place()
  here.hub.pay(payment(here.clock, '1500.00', to))
  await here.advance(29_000)
  assert.deepEqual(said(here.hub), [])
  await here.advance(2_000)
  assert.deepEqual(said(here.hub), ['RespPay DEEMED 91'])
})

test('where the bank of the beneficiary is still on ISO 8583 and has no link, there is no way to it', async () => {
  const here = await place({}, defaultProfile)
  here.hub.pay(payment(here.clock, '1500.00', to))
  await here.advance(100)
  assert.deepEqual(said(here.hub), ['RespPay FAILURE 92'])
})

/** The second institution on ISO 8583 while the first has moved to XML, or the other way round. */
const mixed = (first: 'xml' | 'iso8583', second: 'xml' | 'iso8583'): WireProfile => ({
  ...xmlProfile,
  institutions: defaultProfile.institutions.map((one, index) => ({
    ...one,
    wire: { outward: index === 0 ? first : second, inward: index === 0 ? first : second },
  })),
})
const second = {
  ...to,
  ifsc: must(parseIfsc(`${defaultProfile.institutions[1]?.ifscPrefix}0000001`), 'IFSC'),
}

test('a payment that came as XML reaches a bank of the hub that is still on ISO 8583, and its answer goes back as XML', async () => {
  const here = await place({}, mixed('xml', 'iso8583'))
  const link = await here.connect('beneficiary')
  link.onMessage = (message, bytes) => {
    if (message?.kind !== 'fundTransferRequest') return
    link.sendBytes(dialect.answer(bytes, message, { responseCode: '00', registeredName: 'RAVI KUMAR' }))
  }
  const request = payment(here.clock, '1500.00', second)
  here.hub.pay(request)
  await here.advance(100)
  assert.deepEqual(said(here.hub), ['RespPay SUCCESS 00'])
  const asked = link.heard.at(-1)
  assert.ok(asked?.kind === 'fundTransferRequest')
  assert.deepEqual([asked.rrn, asked.remitterBank, asked.amountPaise], [request.rrn, '700001', request.amountPaise])
  assert.equal(entryOf(here, request).forwarded, true)
})

test('a payment that came as ISO 8583 reaches a bank of the hub on XML, from an IFSC of its own bank', async () => {
  const here = await place({}, mixed('iso8583', 'xml'))
  const link = await here.connect('remitter')
  here.hub.onMessage = (message) => {
    here.hub.answer(message, '00')
    return undefined
  }
  link.send(original(here.clock, 1, rupees('1500.00'), second))
  await here.advance(100)
  const credit = only(here.hub.heard)
  assert.ok(credit.api === 'ReqPay' && credit.leg === 'credit')
  assert.deepEqual([credit.request.remitterBank, credit.request.remitter.ifsc], ['TRNT', 'TRNT0000001'])
  assert.match(credit.transactionId, /^TRN/)
  const answer = link.heard.at(-1)
  assert.ok(answer?.kind === 'fundTransferResponse')
  assert.deepEqual([answer.responseCode, answer.registeredName], ['00', 'RAVI KUMAR'])
})

test('a payment that the other wire cannot carry has no way there', async () => {
  const here = await place({}, mixed('iso8583', 'xml'))
  const link = await here.connect('remitter')
  const beneficiary = mobile('9812345678', `${defaultProfile.institutions[1]?.nbin}001`)
  // ISO 8583 lets a remitter to a mobile number be nobody in particular; XML does not.
  link.send({ ...original(here.clock, 1, rupees('1500.00'), beneficiary), remitter: { name: 'RAVI' } })
  await here.advance(100)
  const answer = link.heard.at(-1)
  assert.ok(answer?.kind === 'fundTransferResponse')
  assert.equal(answer.responseCode, '92')
  assert.deepEqual(here.hub.heard, [])
})

test('whatever is posted is answered or left alone, and the next payment goes through', async () => {
  const here = await place({ ackError: 0.2, ackNegative: 0.2, responseBeforeAck: 0.2, corruptIn: 0.1, delayIn: 0.1 })
  const post = (body: Uint8Array) => here.simulator.answerXml({ path: '/', body })
  const sample = Buffer.from('<ns2:ReqPay xmlns:ns2="http://npci.org/upi/schema/"><Head msgId="A"></Head></ns2:ReqPay>')
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(fc.uint8Array({ maxLength: 300 }), fc.string({ maxLength: 300 }).map(Buffer.from)),
      fc.nat(sample.length),
      async (bytes, at) => {
        for (const body of [bytes, Buffer.concat([sample.subarray(0, at), bytes, sample.subarray(at)])]) {
          const { status } = await post(body)
          assert.equal(status, 400)
        }
      },
    ),
    { numRuns: 200 },
  )
  here.simulator.turn(noFaults())
  const request = payment(here.clock, '1500.00')
  here.hub.pay(request)
  await here.advance(100)
  assert.deepEqual(said(here.hub), ['RespPay SUCCESS 00'])
})

test('without security documents go as they are, and nobody asks for keys', async () => {
  const clock = createVirtualClock(START)
  const documents = createXmlDialect(xmlProfile)
  const posted: XmlMessage[] = []
  const simulator = createSimulator({
    clock,
    random: createSeededRandom(1),
    profile: xmlProfile,
    xml: {
      post: async ({ body }) => {
        posted.push(documents.read(Buffer.from(body).toString()))
        return { status: 200, body: '' }
      },
      hubUrl: 'https://hub',
      signingKey: () => assert.fail('no key'),
      pinned: () => assert.fail('no certificate'),
      secure: false,
    },
  })
  const transactionId = `TRN${UUID}`
  const envelope = { msgId: 'TRN1', orgId: '700001', at: clock.now(), transactionId }
  const document = documents.write({ ...envelope, api: 'ReqPay', leg: 'pay', request: payment(clock, '1500.00') })
  const { status } = await simulator.answerXml({ path: '/', body: Buffer.from(document) })
  await clock.advanceAsync(10)
  assert.deepEqual([status, only(posted).api], [200, 'RespPay'])
  simulator.close()
})

// --- names, members, heartbeats ----------------------------------------------------------------------------------------

const mobile = (number: string, mmid: string): Beneficiary => ({
  kind: 'mmid',
  mobile: must(parseMobile(number), 'mobile'),
  mmid: must(parseMmid(mmid), 'MMID'),
})
const account = (number: string): Beneficiary => ({
  kind: 'account',
  ifsc: must(parseIfsc('HDFC0000123'), 'IFSC'),
  account: must(parseAccountNumber(number), 'account'),
})
const HDFC = sandboxNbin('HDFC')
const SEVERAL = xmlProfile.xml.severalAccountsCode

function enquiry({ clock, hub }: Place, beneficiary: Beneficiary): XmlMessage {
  const { amountPaise: _amount, ...request } = payment(clock, '1.00', beneficiary)
  const transactionId = `TRN${UUID}`
  return { ...hub.envelope(transactionId), api: 'ReqValAdd', request: { ...request, kind: 'nameEnquiryRequest' } }
}

const namesTable: readonly [what: string, beneficiary: Beneficiary, code: string, name: string | undefined][] = [
  ['an account', account('50100123456789'), '00', 'ASHA DEVI'],
  ['an account that ends in 0000', account('50100120000'), 'M1', undefined],
  ['an MMID of no bank', mobile('9812345678', '0001000'), '92', undefined],
  ['a default MMID with several accounts', mobile('9812345699', `${HDFC}000`), SEVERAL, undefined],
]

for (const [what, beneficiary, code, name] of namesTable) {
  test(`a name enquiry for ${what} is answered ${code}`, async () => {
    const here = await place()
    const asked = enquiry(here, beneficiary)
    here.hub.say(asked)
    await here.advance(100)
    const answer = only(here.hub.heard)
    assert.ok(answer.api === 'RespValAdd')
    assert.equal(answer.inReplyTo, asked.msgId)
    assert.deepEqual(
      [answer.answer.result, answer.answer.responseCode, answer.answer.registeredName],
      [code === '00' ? 'SUCCESS' : 'FAILURE', code, name],
    )
    assert.equal(here.simulator.summary().outward.entries, 0, 'no money moves')
  })
}

test('the name in the answer to an enquiry is the one in the answer to the payment, for a mobile number too', async () => {
  const here = await place()
  const beneficiary = mobile('9812345678', `${HDFC}000`)
  here.hub.say(enquiry(here, beneficiary))
  here.hub.pay(payment(here.clock, '1500.00', beneficiary))
  await here.advance(100)
  const names = here.hub.heard.map(
    (message) => 'answer' in message && 'registeredName' in message.answer && message.answer.registeredName,
  )
  assert.equal(new Set(names).size, 1)
  assert.equal(typeof names[0], 'string')
})

test('a payment to a default MMID behind which several accounts are is declined with the profile’s code', async () => {
  const here = await place()
  here.hub.pay(payment(here.clock, '1500.00', mobile('9812345699', `${HDFC}000`)))
  await here.advance(100)
  assert.deepEqual(said(here.hub), [`RespPay FAILURE ${SEVERAL}`])
})

test('maskNames shows initials', async () => {
  const here = await place({ maskNames: 1 })
  here.hub.say(enquiry(here, account('50100123456789')))
  await here.advance(100)
  const answer = only(here.hub.heard)
  assert.ok(answer.api === 'RespValAdd')
  assert.equal(answer.answer.registeredName, 'A*** D***')
})

test('a name enquiry about a bank of the hub is asked of the hub, and its word handed on', async () => {
  const here = await place()
  here.hub.onMessage = (message) => {
    if (message.api !== 'ReqValAdd') return undefined
    const common = { ...here.hub.envelope(message.transactionId), inReplyTo: message.msgId }
    const answer = {
      kind: 'nameEnquiryResponse',
      result: 'SUCCESS',
      responseCode: '00',
      registeredName: 'R*** K****',
    } as const
    here.hub.say({ ...common, api: 'RespValAdd', answer })
    return undefined
  }
  here.hub.say(enquiry(here, to))
  await here.advance(100)
  const answer = must(
    here.hub.heard.find(({ api }) => api === 'RespValAdd'),
    'answer',
  )
  assert.ok(answer.api === 'RespValAdd')
  assert.equal(answer.answer.registeredName, 'R*** K****')
  here.hub.onMessage = () => undefined
  here.hub.say(enquiry(here, to))
  await here.advance(10_000)
  const late = must(
    here.hub.heard.findLast(({ api }) => api === 'RespValAdd'),
    'answer',
  )
  assert.ok(late.api === 'RespValAdd')
  assert.equal(late.answer.responseCode, '91', 'and when the hub says nothing, the switch does')
})

test('the hub is asked for names, and has the profile’s time to answer', async () => {
  const here = await place()
  const results: EnquiryResult[] = []
  here.simulator.enquire({ to }, (result) => results.push(result))
  await here.advance(100)
  const asked = only(here.hub.heard)
  assert.ok(asked.api === 'ReqValAdd')
  const common = { ...here.hub.envelope(asked.transactionId), inReplyTo: asked.msgId, api: 'RespValAdd' } as const
  here.hub.say({
    ...common,
    answer: { kind: 'nameEnquiryResponse', result: 'SUCCESS', responseCode: '00', registeredName: 'RAVI KUMAR' },
  })
  await here.advance(100)
  here.simulator.enquire({ to }, (result) => results.push(result))
  await here.advance(20_000)
  assert.deepEqual(
    results.map(({ verdict, registeredName }) => [verdict, registeredName]),
    [
      ['found', 'RAVI KUMAR'],
      ['unanswered', null],
    ],
  )
})

test('the member directory is the profile’s, with what the sandbox made up', async () => {
  const here = await place()
  here.hub.say({ ...here.hub.envelope(`TRN${UUID}`), api: 'ReqListAccPvd' })
  await here.advance(100)
  const answer = only(here.hub.heard)
  assert.ok(answer.api === 'RespListAccPvd')
  assert.equal(answer.result, 'SUCCESS')
  const hdfc = answer.providers.find(({ ifsc }) => ifsc === 'HDFC')
  assert.deepEqual([hdfc?.name, hdfc?.nbin, hdfc?.active], ['HDFC Bank', HDFC, true])
  assert.ok(answer.providers.some(({ nbin }) => nbin === '7001'))
})

test('heartbeats go both ways, and the end of the day is announced', async () => {
  const here = await place()
  here.hub.say({ ...here.hub.envelope(`TRN${UUID}`), api: 'ReqHbt', signal: 'alive' })
  here.simulator.announce('echo')
  here.simulator.announce('cutOver')
  await here.advance(100)
  assert.deepEqual(
    here.hub.heard.map((message) => (message.api === 'ReqHbt' ? message.signal : message.api)).sort(),
    ['RespHbt', 'alive', { endOfDay: '2026-11-22' }].sort(),
  )
  const { heartbeatsFromHub, heartbeatsSent } = must(here.simulator.summary().xml, 'XML')
  assert.deepEqual([heartbeatsFromHub, heartbeatsSent], [1, 2])
})

// --- reversals ---------------------------------------------------------------------------------------------------------

test('a reversal names the payment to give back, is journaled, and settled by its own answer', async () => {
  const here = await place()
  const request = payment(here.clock, '1500.00')
  here.hub.pay(request)
  await here.advance(100)
  here.hub.onMessage = (message) => {
    if (message.api !== 'ReqPay' || message.leg !== 'reversal') return undefined
    const { rrn, stan, amountPaise } = message.request
    const common = { ...here.hub.envelope(message.transactionId), inReplyTo: message.msgId }
    const answer = { kind: 'reversalResponse', rrn, stan, amountPaise, responseCode: '00', result: 'SUCCESS' } as const
    here.hub.say({ ...common, api: 'RespPay', leg: 'reversal', answer })
    return undefined
  }
  const results: ReversalResult[] = []
  const sent = here.simulator.reverse({ rrn: request.rrn, duplicates: 1 }, (result) => results.push(result))
  await here.advance(100)
  const reversals = here.hub.heard.filter((message) => message.api === 'ReqPay')
  assert.equal(reversals.length, 2)
  const [first, second] = reversals
  assert.deepEqual(second, first)
  assert.ok(first?.api === 'ReqPay' && first.leg === 'reversal')
  assert.equal(first.request.amountPaise, request.amountPaise)
  assert.equal(first.request.original.rrn, request.rrn)
  assert.equal(first.request.original.transactionId, `TRN${UUID}`)
  assert.deepEqual(results, [{ rrn: sent?.rrn, verdict: 'credited', responseCode: '00' }])
  assert.equal(only(here.simulator.journal.reversal.byRrn(sent?.rrn ?? '')).credited, true)
  assert.equal(here.simulator.summary().inward.entries, 0)
})

test('a reversal of what never came over this wire is not sent; one without an answer is given up', async () => {
  const here = await place()
  assert.equal(
    here.simulator.reverse({ rrn: '632611999991' }, () => undefined),
    undefined,
  )
  const request = payment(here.clock, '1500.00')
  here.hub.pay(request)
  await here.advance(100)
  const results: ReversalResult[] = []
  here.simulator.reverse({ rrn: request.rrn }, (result) => results.push(result))
  await here.advance(40_000)
  assert.equal(only(results).verdict, 'unanswered')
})

test('reset forgets what was known on the XML wire, and nothing waits any more', async () => {
  const here = await place()
  const { send, results } = collecting(here)
  const request = payment(here.clock, '1500.00')
  here.hub.pay(request)
  send()
  here.simulator.enquire({ to }, () => undefined)
  await here.advance(100)
  here.simulator.reset()
  await here.advance(10_000)
  assert.equal(
    here.simulator.reverse({ rrn: request.rrn }, () => undefined),
    undefined,
  )
  assert.equal(results.length, 1)
  const { posted, documents } = must(here.simulator.summary().xml, 'XML')
  assert.deepEqual([posted, documents], [0, 0])
  assert.equal(here.clock.pending(), 0)
})

// --- complaints --------------------------------------------------------------------------------------------------------

test('a complaint is judged once, by what was settled; of one that it has not the switch says so', async () => {
  const here = await place()
  const known = must(parseRrn('632609000123'), 'RRN')
  const refusers: ((why: string) => void)[] = []
  here.simulator.setDesk(({ rrn }, refused) => {
    refusers.push(refused)
    return rrn === known ? undefined : 'unknown_payment'
  })
  const say = async (uuid: string, rrn: string, reason = '108') => {
    const transactionId = `TRN${uuid.padStart(32, '0')}`
    const request = {
      kind: 'complaintRequest',
      rrn: must(parseRrn(rrn), 'RRN'),
      stan: must(parseStan(rrn.slice(6)), 'STAN'),
      amountPaise: rupees('1500.00'),
      flag: 'B',
      reason,
      original: { transactedAt: START },
    } as const
    here.hub.say({ ...here.hub.envelope(transactionId), api: 'ReqComplaint', request })
    await here.advance(100)
    const said = here.hub.heard.findLast((message) => message.api === 'RespComplaint')
    assert.ok(said?.api === 'RespComplaint')
    return said.answer
  }
  const check = async (uuid: string) => {
    const transactionId = `TRN${uuid.padStart(32, '0')}`
    here.hub.say({
      ...here.hub.envelope(transactionId),
      api: 'ReqChkTxn',
      about: 'complaint',
      asked: { rrn: known, stan: must(parseStan('000123'), 'STAN') },
    })
    await here.advance(100)
    const said = here.hub.heard.findLast((message) => message.api === 'RespChkTxn')
    assert.ok(said?.api === 'RespChkTxn' && said.about === 'complaint')
    return said.answer
  }
  const taken = await say('1', known)
  assert.deepEqual([taken.result, taken.reference], ['SUCCESS', 'CRN000000000001'])
  assert.deepEqual(await say('1', known), taken)
  assert.equal(refusers.length, 1)
  assert.deepEqual(await check('1'), taken)
  assert.deepEqual((await say('2', '632609000999')).responseCode, 'CU')
  assert.deepEqual((await say('3', known, '121')).responseCode, 'CR')
  assert.deepEqual((await check('4')).responseCode, 'NC')
  refusers[0]?.('tcc_present')
  assert.deepEqual([(await check('1')).result, (await check('1')).responseCode], ['FAILURE', 'CX'])
  await here.hub.close()
})
