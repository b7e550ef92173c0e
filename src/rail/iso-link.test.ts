import assert from 'node:assert/strict'
import { test } from 'node:test'
import { aPayment } from '../../test/support/a-payment.ts'
import { createMemoryNetwork } from '../../test/support/memory-network.ts'
import { createScriptedSwitch, type ScriptedSwitch } from '../../test/support/scripted-switch.ts'
import { createVirtualClock } from '../../test/support/virtual-clock.ts'
import { must, parseStan } from '../base/identifiers.ts'
import { silentLog } from '../base/log.ts'
import { createSeededRandom } from '../base/random.ts'
import { createIsoDialect } from '../imps/iso8583/dialect.ts'
import { defaultProfile } from '../imps/profile.ts'
import type { NetworkFunction } from '../imps/rail-message.ts'
import type { LinkState } from './carrier.ts'
import { createIsoLink, type FinancialMessage } from './iso-link.ts'
import { defaultRailOptions, type RailOptions } from './options.ts'
import { requestOf } from './request.ts'

const ID = 'npci-remitter'
const dialect = createIsoDialect(defaultProfile)
const stan = must(parseStan('000042'), 'STAN')
const original = (serial: number) => dialect.encode(requestOf('fundTransferRequest', aPayment({ serial })))

async function setUp(options: Partial<RailOptions> = {}, split = 0) {
  const clock = createVirtualClock()
  const network = createMemoryNetwork({ clock, random: createSeededRandom(1), latencyMs: [1, 3], split })
  const theSwitch = await createScriptedSwitch(network, clock, defaultProfile)
  const states: LinkState[] = []
  const messages: FinancialMessage[] = []
  const undecodable: Uint8Array[] = []
  const writes: number[] = []
  const gate = { open: true, drained: 0, refuseDials: false, dials: [] as number[] }
  const link = createIsoLink(
    {
      clock,
      random: createSeededRandom(2),
      dial: async (address, timeoutMs) => {
        gate.dials.push(clock.monotonicMs())
        if (gate.refuseDials) throw new Error('refused')
        const connection = await network.dial(address, timeoutMs)
        return {
          ...connection,
          write: (bytes) => {
            writes.push(bytes.length)
            return connection.write(bytes)
          },
        }
      },
      wire: defaultProfile,
      dialect,
      log: silentLog,
      options: { ...defaultRailOptions, ...options },
    },
    must(
      defaultProfile.iso.links.find(({ id }) => id === ID),
      'link',
    ),
    {
      onMessage: (message) => messages.push(message),
      onUnproved: () => undefined,
      onUndecodable: (bytes) => undecodable.push(bytes.slice()),
      onState: (state) => states.push(state),
      onDrained: () => {
        gate.drained += 1
      },
      mayConnect: () => gate.open,
    },
  )
  return { clock, network, theSwitch, link, states, messages, undecodable, writes, gate }
}

const asked = (theSwitch: ScriptedSwitch, wanted: NetworkFunction): number[] =>
  theSwitch.heard.flatMap(({ message, at }) =>
    message.kind === 'networkRequest' && message.function === wanted ? [at] : [],
  )

test('a link connects, logs on and says so', async () => {
  const { clock, link, states, theSwitch } = await setUp()
  link.open()
  await clock.advanceAsync(100)
  assert.deepEqual(states, ['connecting', 'connected', 'loggedOn'])
  assert.equal(asked(theSwitch, 'logOn').length, 1)
})

test('an unanswered log-on is repeated after 5 s and then every 300 s', async () => {
  const { clock, link, theSwitch } = await setUp()
  theSwitch.answerLogOn = 'refuse'
  link.open()
  await clock.advanceAsync(700_000)
  const times = asked(theSwitch, 'logOn')
  const gaps = times.slice(1).map((at, i) => Math.round((at - (times[i] ?? 0)) / 1_000))
  assert.deepEqual(gaps.slice(0, 3), [5, 300, 300])
  assert.equal(link.state(), 'connected')
})

test('an echo leaves every 180 s, and its answer is noted', async () => {
  const { clock, link, theSwitch } = await setUp()
  link.open()
  await clock.advanceAsync(600_000)
  const times = asked(theSwitch, 'echo')
  assert.equal(times.length, 3)
  assert.equal(Math.round(((times[1] ?? 0) - (times[0] ?? 0)) / 1_000), 180)
  assert.ok((link.status().lastEchoAt ?? 0) >= (times[2] ?? 0))
  assert.equal(link.status().counters.connects, 1)
})

test('no answer to an echo within 15 s closes the link, and it comes back by itself', async () => {
  const { clock, link, theSwitch, states } = await setUp()
  link.open()
  await clock.advanceAsync(100)
  theSwitch.answerEcho = false
  await clock.advanceAsync(180_000)
  assert.equal(link.state(), 'loggedOn')
  await clock.advanceAsync(14_800)
  assert.equal(link.state(), 'loggedOn')
  await clock.advanceAsync(300)
  theSwitch.answerEcho = true
  await clock.advanceAsync(1_000)
  assert.deepEqual(states.slice(3), ['down', 'connecting', 'connected', 'loggedOn'])
  assert.equal(link.status().counters.echoesMissed, 1)
})

for (const [wanted, state] of [
  ['logOn', 'loggedOn'],
  ['logOff', 'connected'],
  ['echo', 'loggedOn'],
  ['cutOver', 'loggedOn'],
] as const) {
  test(`a ${wanted} of the switch is answered 00 and leaves the link ${state}`, async () => {
    const { clock, link, theSwitch } = await setUp()
    link.open()
    await clock.advanceAsync(100)
    theSwitch.say(ID, { kind: 'networkRequest', function: wanted, stan, transmittedAt: clock.now() })
    await clock.advanceAsync(100)
    const answers = theSwitch.heard.flatMap(({ message }) => (message.kind === 'networkResponse' ? [message] : []))
    assert.deepEqual(answers, [{ kind: 'networkResponse', function: wanted, stan, responseCode: '00' }])
    assert.equal(link.state(), state)
  })
}

test('after a log-off of the switch the link stays quiet until the switch logs on', async () => {
  const { clock, link, theSwitch } = await setUp()
  link.open()
  await clock.advanceAsync(100)
  theSwitch.say(ID, { kind: 'networkRequest', function: 'logOff', stan, transmittedAt: clock.now() })
  await clock.advanceAsync(1_000_000)
  assert.equal(asked(theSwitch, 'logOn').length, 1)
  assert.equal(asked(theSwitch, 'echo').length, 0)
  theSwitch.say(ID, { kind: 'networkRequest', function: 'logOn', stan, transmittedAt: clock.now() })
  await clock.advanceAsync(100)
  assert.equal(link.state(), 'loggedOn')
})

test('while nobody listens, tries come ever more rarely, each wait in its bounds; a stable log-on starts again from the shortest', async () => {
  const { clock, link, network, gate } = await setUp()
  link.open()
  await clock.advanceAsync(20_000)
  gate.refuseDials = true
  gate.dials = []
  network.cut()
  const cutAt = clock.monotonicMs()
  await clock.advanceAsync(120_000)
  const waits = gate.dials.map((at, i) => at - (gate.dials[i - 1] ?? cutAt))
  assert.ok(waits.length >= 8)
  waits.forEach((wait, i) => {
    const ceiling = Math.min(250 * 2 ** i, 30_000)
    assert.ok(wait >= ceiling / 2 - 1 && wait <= ceiling + 1, `wait ${i} was ${wait} of ${ceiling}`)
  })
  gate.refuseDials = false
  await clock.advanceAsync(50_000)
  assert.equal(link.state(), 'loggedOn')
  gate.dials = []
  const againAt = clock.monotonicMs()
  network.cut()
  await clock.advanceAsync(1_000)
  assert.ok((gate.dials[0] ?? 0) - againAt <= 251)
})

test('messages of one turn of the event loop leave in one write', async () => {
  const { clock, link, theSwitch, writes } = await setUp()
  link.open()
  await clock.advanceAsync(100)
  const before = writes.length
  for (let serial = 1; serial <= 200; serial += 1) assert.ok(link.send(original(serial)))
  await clock.advanceAsync(100)
  assert.equal(writes.length - before, 1)
  assert.equal(theSwitch.originals().length, 200)
})

test('a peer that takes nothing makes the link congested, then refuse, then go on', async () => {
  const { clock, link, theSwitch, gate, network } = await setUp({ maxQueuedBytes: 2_000_000 })
  link.open()
  await clock.advanceAsync(100)
  network.partition(true)
  let serial = 0
  let taken = 0
  while (serial < 30_000) {
    serial += 1
    if (!link.send(original(serial))) break
    taken += 1
    if (serial % 1_000 === 0) await clock.advanceAsync(1)
  }
  assert.ok(link.congested())
  assert.ok(taken < 30_000 && link.status().counters.notWritten === 1)
  network.partition(false)
  await clock.advanceAsync(1_000)
  assert.ok(!link.congested())
  assert.ok(gate.drained > 0)
  assert.equal(theSwitch.originals().length, taken)
})

test('what was queued when the link went down is not written later', async () => {
  const { clock, link, theSwitch, network } = await setUp()
  link.open()
  await clock.advanceAsync(100)
  assert.ok(link.send(original(1)))
  network.cut()
  await clock.advanceAsync(60_000)
  assert.equal(link.state(), 'loggedOn')
  assert.equal(theSwitch.originals().length, 0)
  assert.equal(link.status().counters.notWritten, 1)
})

test('what waited for a slow peer when the link went down is not written later, and the link works again', async () => {
  const { clock, link, theSwitch, network } = await setUp()
  link.open()
  await clock.advanceAsync(100)
  network.partition(true)
  let serial = 0
  while (!link.congested()) {
    serial += 1
    link.send(original(serial))
    if (serial % 1_000 === 0) await clock.advanceAsync(1)
  }
  assert.ok(link.send(original(serial + 1)))
  network.cut()
  network.partition(false)
  await clock.advanceAsync(60_000)
  assert.equal(link.state(), 'loggedOn')
  assert.ok(!link.congested())
  assert.ok(link.send(original(serial + 2)))
  await clock.advanceAsync(100)
  assert.deepEqual(
    theSwitch.originals().map(({ stan }) => Number(stan)),
    [serial + 2],
  )
})

test('a link that is down takes nothing', async () => {
  const { link } = await setUp()
  assert.ok(!link.send(original(1)))
})

test('frames arrive whole however the network cuts them', async () => {
  const { clock, link, theSwitch, messages } = await setUp({}, 1)
  link.open()
  await clock.advanceAsync(100)
  for (let serial = 1; serial <= 50; serial += 1) {
    const bytes = original(serial)
    const request = dialect.decode(bytes, clock.now())
    assert.ok(request.kind === 'fundTransferRequest')
    theSwitch.say(ID, dialect.answer(bytes, request, { responseCode: '00' }))
  }
  await clock.advanceAsync(1_000)
  assert.equal(messages.length, 50)
  assert.equal(link.status().counters.connects, 1)
})

test('a broken request is answered 30, bytes without sense are kept, and good traffic goes on', async () => {
  const { clock, link, theSwitch, messages, undecodable } = await setUp()
  link.open()
  await clock.advanceAsync(100)
  const broken = original(7).slice(0, -3)
  const heardBefore = theSwitch.heard.length
  const answers: string[] = []
  theSwitch.connections
    .get(ID)
    ?.at(-1)
    ?.onData((bytes) => answers.push(Buffer.from(bytes).toString('latin1')))
  theSwitch.say(ID, broken)
  theSwitch.say(ID, Buffer.from('0210 this is no message'))
  const good = original(8)
  const request = dialect.decode(good, clock.now())
  assert.ok(request.kind === 'fundTransferRequest')
  theSwitch.say(ID, dialect.answer(good, request, { responseCode: '00' }))
  await clock.advanceAsync(1_000)
  assert.equal(theSwitch.heard.length, heardBefore)
  assert.match(answers.join(''), /0210/)
  assert.match(answers.join(''), /30/)
  assert.equal(undecodable.length, 1)
  assert.equal(messages.length, 1)
  assert.equal(link.state(), 'loggedOn')
  assert.equal(link.status().counters.badFrames, 2)
})

for (const [what, bytes] of [
  ['a length of zero', Buffer.from([0, 0])],
  ['a length over the limit', Buffer.from([0xff, 0xff, 1, 2, 3])],
] as const) {
  test(`${what} closes the link, which comes back`, async () => {
    const { clock, link, theSwitch, states } = await setUp()
    link.open()
    await clock.advanceAsync(100)
    theSwitch.raw(ID, bytes)
    await clock.advanceAsync(1_000)
    assert.deepEqual(states.slice(3), ['down', 'connecting', 'connected', 'loggedOn'])
    assert.equal(link.status().counters.lostFraming, 1)
  })
}

test('half a frame and silence closes the link after the reply wait', async () => {
  const { clock, link, theSwitch } = await setUp()
  link.open()
  await clock.advanceAsync(100)
  theSwitch.raw(ID, Buffer.from([0, 200, 48, 50]))
  await clock.advanceAsync(14_900)
  assert.equal(link.status().counters.lostFraming, 0)
  await clock.advanceAsync(2_000)
  assert.equal(link.status().counters.lostFraming, 1)
  assert.equal(link.state(), 'loggedOn')
  assert.equal(link.status().counters.connects, 2)
})

test('without the lease the link does not connect, and with it again it does', async () => {
  const { clock, link, gate, theSwitch } = await setUp()
  gate.open = false
  link.open()
  await clock.advanceAsync(60_000)
  assert.equal(theSwitch.connections.get(ID)?.length, 0)
  gate.open = true
  await clock.advanceAsync(60_000)
  assert.equal(link.state(), 'loggedOn')
})

test('logging off waits for the answer, closes, and stays closed', async () => {
  const { clock, link, theSwitch } = await setUp()
  link.open()
  await clock.advanceAsync(100)
  const off = link.logOff(15_000)
  assert.equal(link.state(), 'connected', 'nothing financial may follow a log-off')
  await clock.advanceAsync(100)
  await off
  assert.equal(asked(theSwitch, 'logOff').length, 1)
  await clock.advanceAsync(600_000)
  assert.equal(link.state(), 'down')
  assert.equal(theSwitch.connections.get(ID)?.length, 1)
})
