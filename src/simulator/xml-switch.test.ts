import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createMemoryWeb } from '../../test/support/memory-web.ts'
import { original, rupees } from '../../test/support/stub-hub.ts'
import { createStubXmlHub, HUB_ADDRESS, type StubXmlHub, UUID } from '../../test/support/stub-xml-hub.ts'
import { createVirtualClock, type VirtualClock } from '../../test/support/virtual-clock.ts'
import { must, parseAccountNumber, parseIfsc, parseMmid, parseMobile } from '../base/identifiers.ts'
import type { Beneficiary } from '../base/party.ts'
import { createSeededRandom } from '../base/random.ts'
import { defaultProfile, type WireProfile } from '../imps/profile.ts'
import type { FundTransferRequest } from '../imps/rail-message.ts'
import type { XmlMessage } from '../imps/xml/message.ts'
import { makeSigningKey } from '../sandbox-keys.ts'
import type { EnquiryResult } from './enquiries.ts'
import type { Faults } from './faults.ts'
import type { InwardOrder, InwardResult } from './inward.ts'
import type { JournalEntry } from './journal.ts'
import type { ReversalResult } from './reversals.ts'
import { createSimulator, type Simulator } from './simulator.ts'

const START = Date.UTC(2026, 10, 22, 6, 30)
const span = { fromMs: START - 86_400_000, untilMs: START + 86_400_000 }
const keys = { hub: makeSigningKey('hub', span), theSwitch: makeSigningKey('switch', span) }
const xmlProfile: WireProfile = { ...defaultProfile, wire: 'xml' }

type Place = {
  readonly clock: VirtualClock
  readonly simulator: Simulator
  readonly hub: StubXmlHub
  readonly advance: (ms: number) => Promise<void>
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
  return { clock, simulator, hub, advance: (ms) => clock.advanceAsync(ms) }
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
