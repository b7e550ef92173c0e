import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createFramer, frame } from '@turant/iso8583'
import { aPayment } from '../../test/support/a-payment.ts'
import { withMacs } from '../../test/support/link-keys.ts'
import { testLog } from '../../test/support/logs.ts'
import { createMemoryNetwork } from '../../test/support/memory-network.ts'
import { createVirtualClock } from '../../test/support/virtual-clock.ts'
import { must, parseStan } from '../base/identifiers.ts'
import type { Connection } from '../base/network.ts'
import { createSeededRandom } from '../base/random.ts'
import { createIsoDialect } from '../imps/iso8583/dialect.ts'
import { softKey } from '../imps/iso8583/mac.ts'
import { createMacPlace } from '../imps/iso8583/mac-place.ts'
import { defaultProfile, type LinkRole, type MacProfile } from '../imps/profile.ts'
import type { RailMessage, WrappedKey } from '../imps/rail-message.ts'
import type { LinkState } from './carrier.ts'
import { createIsoLink, type FinancialMessage } from './iso-link.ts'
import type { LinkMac } from './link-mac.ts'
import { defaultRailOptions } from './options.ts'
import { requestOf } from './request.ts'

// One link with MACs, over a network in memory, against a switch that says exactly what a test says. Its keys are a stub: what they do
// in the database has a test of its own (`link-mac.test.ts`).

const key = softKey('iso9797-1-alg3-pad1', Buffer.from('0123456789ABCDEFFEDCBA9876543210', 'hex'))
const stan = must(parseStan('000042'), 'STAN')
const wrapped: WrappedKey = { cryptogram: '034F9AA584C80FB6981BF2412B02777E', checkValue: '08D7B4' }

async function setUp(role: LinkRole, mac: Partial<MacProfile> = {}) {
  const profile = withMacs(mac)(defaultProfile)
  const { iso } = profile
  const dialect = createIsoDialect(profile)
  const place = createMacPlace(iso)
  const clock = createVirtualClock()
  const network = createMemoryNetwork({ clock, random: createSeededRandom(1), latencyMs: [1, 1] })
  const heard: RailMessage[] = []
  const bytesHeard: Uint8Array[] = []
  let peer: Connection | undefined
  const one = must(
    iso.links.find((link) => link.role === role),
    'link',
  )
  const send = (bytes: Uint8Array) => peer?.write(frame(bytes, iso.lengthHeader))
  const answerAlone = { logOn: true }
  await network.listen(one, (connection) => {
    peer = connection
    const framer = createFramer({
      header: iso.lengthHeader,
      max: iso.maxFrameBytes,
      onError: (error) => {
        throw error
      },
      onFrame(frameBytes) {
        const bytes = frameBytes.slice()
        bytesHeard.push(bytes)
        let message: RailMessage
        try {
          message = dialect.decode(bytes, clock.now())
        } catch {
          return // a refusal of what could not be read holds what could be
        }
        heard.push(message)
        if (message.kind === 'networkRequest' && (message.function !== 'logOn' || answerAlone.logOn)) {
          send(dialect.answerNetwork(message, '00'))
        }
      },
    })
    connection.onData((bytes) => framer.push(bytes))
    connection.onClose(() => undefined)
    connection.onDrain(() => undefined)
  })
  const keys = { ready: false, answer: '00', taken: [] as WrappedKey[], bad: 0, adopted: 0 }
  const linkMac: LinkMac = {
    load: async () => undefined,
    ready: () => keys.ready,
    seal: (message) => (keys.ready ? place.add(message, key) : undefined),
    prove: (message) => place.check(message, [key]),
    lostFaith: () => false,
    async take(given) {
      keys.taken.push(given)
      const adopt = () => {
        keys.adopted += 1
        if (keys.answer === '00') keys.ready = true
      }
      return { responseCode: keys.answer, adopt }
    },
  }
  const proved: FinancialMessage[] = []
  const unproved: FinancialMessage[] = []
  const states: LinkState[] = []
  const link = createIsoLink(
    {
      clock,
      random: createSeededRandom(2),
      dial: network.dial,
      wire: profile,
      dialect,
      log: testLog,
      options: defaultRailOptions,
      mac: linkMac,
    },
    one,
    {
      onMessage: (message) => proved.push(message),
      onUnproved: (message) => unproved.push(message),
      onUndecodable: () => undefined,
      onState: (state) => states.push(state),
      onDrained: () => undefined,
      mayConnect: () => true,
    },
  )
  const say = (message: RailMessage) => send(dialect.encode(message))
  const offer = () =>
    say({ kind: 'networkRequest', function: 'keyExchange', stan, transmittedAt: clock.now(), key: wrapped })
  link.open()
  await clock.advanceAsync(100)
  return { clock, link, keys, states, proved, unproved, heard, bytesHeard, send, say, offer, dialect, place }
}

const asks = (heard: readonly RailMessage[]): number =>
  heard.filter((one) => one.kind === 'networkRequest' && one.function === 'keyExchange').length

const request = requestOf('fundTransferRequest', aPayment({ serial: 7 }))

test('without a key the link is connected and not logged on: it asks for one, and nothing financial leaves', async () => {
  const { clock, link, heard, offer, keys } = await setUp('remitter')
  assert.equal(link.state(), 'connected')
  assert.equal(asks(heard), 1)
  assert.equal(link.send(Buffer.from('0200')), false)
  await clock.advanceAsync(15_500)
  assert.equal(asks(heard), 2)
  offer()
  await clock.advanceAsync(10)
  assert.equal(link.state(), 'loggedOn')
  assert.deepEqual(keys.taken, [wrapped])
  await clock.advanceAsync(100_000)
  assert.equal(asks(heard), 2)
})

test('a key is answered before it is used, and what leaves then has its MAC', async () => {
  const { clock, link, heard, bytesHeard, offer, dialect, place } = await setUp('remitter')
  offer()
  await clock.advanceAsync(10)
  assert.ok(link.send(dialect.encode(request)))
  await clock.advanceAsync(10)
  const [answer, original] = heard.slice(-2)
  assert.deepEqual([answer?.kind, original?.kind], ['networkResponse', 'fundTransferRequest'])
  assert.equal(place.check(must(bytesHeard.at(-1), 'bytes'), [key]), 'good')
})

test('a key that is refused is answered so, and asked for again when the wait is over, not before', async () => {
  const { clock, link, heard, keys, offer } = await setUp('remitter')
  keys.answer = '63'
  for (let i = 0; i < 20; i += 1) offer()
  await clock.advanceAsync(100)
  assert.equal(asks(heard), 1)
  assert.equal(heard.filter((one) => one.kind === 'networkResponse' && one.responseCode === '63').length, 20)
  assert.equal(link.state(), 'connected')
  assert.equal(link.status().counters.keysRefused, 20)
})

test('a switch that answers with the key itself is understood; one that asks us for a key is told that there is no such request', async () => {
  const { clock, link, heard, say } = await setUp('remitter')
  say({ kind: 'networkRequest', function: 'keyExchange', stan, transmittedAt: clock.now() })
  await clock.advanceAsync(10)
  const said = heard.find((one) => one.kind === 'networkResponse')
  assert.equal(said?.kind === 'networkResponse' && said.responseCode, '12')
  say({ kind: 'networkResponse', function: 'keyExchange', stan, responseCode: '00', key: wrapped })
  await clock.advanceAsync(10)
  assert.equal(link.state(), 'loggedOn')
})

test('a log-off while a key is missing stays one', async () => {
  const { clock, link, say, offer } = await setUp('remitter')
  say({ kind: 'networkRequest', function: 'logOff', stan, transmittedAt: clock.now() })
  await clock.advanceAsync(10)
  offer()
  await clock.advanceAsync(10)
  assert.equal(link.state(), 'connected')
  say({ kind: 'networkRequest', function: 'logOn', stan, transmittedAt: clock.now() })
  await clock.advanceAsync(10)
  assert.equal(link.state(), 'loggedOn')
})

for (const carrier of ['48.099', '64/128'] as const) {
  test(`${carrier}: what we said ourselves is not believed when it comes back, though the MAC is right`, async () => {
    const remitter = await setUp('remitter', { carrier })
    const beneficiary = await setUp('beneficiary', { carrier })
    const sent = remitter.place.add(remitter.dialect.encode(request), key)
    const answer = remitter.place.add(remitter.dialect.answer(sent, request, { responseCode: 'M1' }), key)
    remitter.send(sent)
    remitter.send(answer)
    beneficiary.send(sent)
    beneficiary.send(answer)
    await remitter.clock.advanceAsync(10)
    await beneficiary.clock.advanceAsync(10)
    assert.deepEqual(
      [remitter.proved, remitter.unproved, beneficiary.proved, beneficiary.unproved].map((some) =>
        some.map(({ kind }) => kind),
      ),
      [['fundTransferResponse'], ['fundTransferRequest'], ['fundTransferRequest'], ['fundTransferResponse']],
    )
  })

  test(`${carrier}: of an answer with one bit flipped, any bit, nothing gets through but what the MAC leaves out, and that decides the same`, async () => {
    const { clock, link, send, dialect, place, proved, unproved } = await setUp('remitter', { carrier })
    const whole = place.add(
      dialect.answer(dialect.encode(request), request, { responseCode: 'M1', registeredName: 'ASHA DEVI' }),
      key,
    )
    for (let bit = 0; bit < whole.length * 8; bit += 1) {
      const flipped = Uint8Array.from(whole)
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      send(flipped)
      if (bit % 64 === 0) await clock.advanceAsync(5)
    }
    await clock.advanceAsync(10)
    const { counters } = link.status()
    assert.equal(counters.framesIn, whole.length * 8 + 2)
    assert.equal(counters.badMacs + counters.missingMacs, unproved.length)
    assert.ok(unproved.length > 100, `${unproved.length}`)
    if (carrier === '64/128') assert.equal(proved.length, 0)
    const decisions = proved.map((one) => {
      assert.equal(one.kind, 'fundTransferResponse')
      return one.kind === 'fundTransferResponse' ? `${one.responseCode} ${one.rrn} ${one.stan} ${one.amountPaise}` : ''
    })
    assert.deepEqual(
      [...new Set(decisions)],
      carrier === '64/128' ? [] : [`M1 ${request.rrn} ${request.stan} ${request.amountPaise}`],
    )
    send(whole)
    await clock.advanceAsync(10)
    assert.equal(proved.at(-1)?.rrn, request.rrn)
  })
}
