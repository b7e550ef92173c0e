import assert from 'node:assert/strict'
import { test } from 'node:test'
import { frame } from '@turant/iso8583'
import fc from 'fast-check'
import { createMemoryNetwork } from '../../test/support/memory-network.ts'
import { createStubLink, dialect, original, rupees, type StubLink } from '../../test/support/stub-hub.ts'
import { createVirtualClock, type VirtualClock } from '../../test/support/virtual-clock.ts'
import { must, parseStan } from '../base/identifiers.ts'
import { createSeededRandom } from '../base/random.ts'
import { defaultProfile } from '../imps/profile.ts'
import { FaultError, type Faults, readFaults, wireFaults } from './faults.ts'
import { createSimulator, type Simulator } from './simulator.ts'

const aStan = must(parseStan('000001'), 'STAN')

type Setting = {
  readonly clock: VirtualClock
  readonly simulator: Simulator
  readonly link: StubLink
}

function set(faults: Partial<Faults>, seed = 1): Setting {
  const clock = createVirtualClock()
  const random = createSeededRandom(seed)
  const network = createMemoryNetwork({ clock, random, latencyMs: [1, 3] })
  const simulator = createSimulator({ clock, random, profile: defaultProfile })
  const [hub, port] = network.pair()
  simulator.attach('remitter', port)
  const link = createStubLink(hub, clock)
  link.ask('logOn')
  clock.advance(10)
  link.heard.length = 0
  link.heardBytes.length = 0
  simulator.turn(faults)
  return { clock, simulator, link }
}

/** Pays `count` times and gives the RRNs answered, in the order of the answers. */
function pay({ clock, link }: Setting, count: number): string[] {
  for (let serial = 0; serial < count; serial += 1) link.send(original(clock, serial, rupees('1500.00')))
  clock.advance(60_000)
  return link.heard.map((message) => (message?.kind === 'fundTransferResponse' ? message.rrn.slice(6) : '?'))
}

const inOrder = (answered: readonly string[]): boolean => answered.join() === [...answered].sort().join()

test('drop loses some frames: on the way out the money has moved, on the way in it has not', () => {
  const out = set({ dropOut: 0.3 })
  assert.ok(pay(out, 200).length < 170)
  assert.equal(out.simulator.summary().outward.credited, 200)
  const inwards = set({ dropIn: 0.3 })
  const answered = pay(inwards, 200).length
  const { credited, originals } = inwards.simulator.summary().outward
  assert.ok(answered < 170)
  assert.deepEqual([credited, originals], [answered, 200], 'the journal counts what was on the wire')
})

test('duplicate repeats answers; a duplicated original is one payment, and not the hub’s fault', () => {
  const out = set({ duplicateOut: 1 })
  assert.equal(pay(out, 20).length, 40)
  const inwards = set({ duplicateIn: 1 })
  assert.equal(pay(inwards, 20).length, 40)
  const { outward, violations } = inwards.simulator.summary()
  assert.deepEqual([outward.credited, violations.original_repeated], [20, 0])
})

test('reorder and delay change the order and lose nothing', () => {
  for (const faults of [{ reorderOut: 0.5 }, { reorderIn: 0.5 }, { delayOut: 0.5 }, { delayIn: 0.5 }] as const) {
    const answered = pay(set(faults), 100)
    assert.equal(new Set(answered).size, 100)
    assert.equal(inOrder(answered), false, JSON.stringify(faults))
  }
})

test('delay holds a frame for a time within its range', () => {
  const setting = set({ delayOut: 1, delayMs: [2000, 3000] })
  for (let serial = 0; serial < 50; serial += 1) setting.link.send(original(setting.clock, serial, rupees('1.00')))
  setting.clock.advance(1990)
  assert.equal(setting.link.heard.length, 0)
  setting.clock.advance(1100)
  assert.equal(setting.link.heard.length, 50)
})

test('a corrupted answer does not decode as a different one; a corrupted original is never credited for another amount', () => {
  const out = set({ corruptOut: 1 })
  pay(out, 200)
  for (const message of out.link.heard) {
    if (message?.kind === 'fundTransferResponse') assert.equal(message.amountPaise, 150000n)
  }
  const inwards = set({ corruptIn: 1 })
  pay(inwards, 200)
  const { credited, originals, repeatedOriginals } = inwards.simulator.summary().outward
  assert.deepEqual([credited, originals, repeatedOriginals], [0, 200, 0])
})

test('a broken copy of a payment already credited is not declined', () => {
  const setting = set({ duplicateIn: 1 })
  const request = original(setting.clock, 1, rupees('1500.00'))
  setting.link.send(request)
  setting.clock.advance(10)
  setting.simulator.turn({ corruptIn: 1, duplicateIn: 0 })
  for (let time = 0; time < 100; time += 1) setting.link.send(request)
  setting.clock.advance(100)
  for (const message of setting.link.heard) {
    if (message?.kind === 'fundTransferResponse') assert.equal(message.responseCode, '00')
  }
  assert.equal(setting.simulator.journal.outward.byRrn(request.rrn)[0]?.stand, 'approved')
})

test('disconnect breaks the connection, and the switch takes the next one', () => {
  for (const faults of [{ disconnectOut: 1 }, { disconnectIn: 1 }] as const) {
    const setting = set(faults)
    assert.deepEqual(pay(setting, 3), [])
    assert.equal(setting.link.isOpen(), false)
    assert.equal(setting.simulator.summary().links.remitter.open, 0)
  }
})

test('splitFrames sends byte by byte, and every answer is still whole', () => {
  assert.equal(pay(set({ splitFrames: 1 }), 20).length, 20)
})

test('garbage makes the stream unreadable for the hub, and not for the switch', () => {
  const setting = set({ garbage: 1 })
  const answered = pay(setting, 50)
  assert.ok(setting.link.isBroken() || answered.includes('?') || answered.length < 50)
  assert.equal(setting.simulator.summary().outward.credited, 50)
})

test('the same seed gives the same run, another seed another one', () => {
  const faults: Partial<Faults> = {
    dropOut: 0.2,
    delayOut: 0.3,
    duplicateOut: 0.2,
    reorderOut: 0.2,
    businessDecline: 0.2,
  }
  const run = (seed: number): string => {
    const setting = set(faults, seed)
    pay(setting, 100)
    return Buffer.concat(setting.link.heardBytes).toString('hex')
  }
  assert.equal(run(5), run(5))
  assert.notEqual(run(5), run(6))
})

// Goal: no bytes stop the switch, and none of them moves money. Method: strangers' bytes and damaged frames, then a payment.
test('hostile bytes are answered, ignored, or end the connection; the next connection works', () => {
  const clock = createVirtualClock()
  const random = createSeededRandom(3)
  const network = createMemoryNetwork({ clock, random, latencyMs: [0, 0] })
  const simulator = createSimulator({ clock, random, profile: defaultProfile })
  const connect = (): StubLink => {
    const [hub, port] = network.pair()
    simulator.attach('remitter', port)
    const link = createStubLink(hub, clock)
    link.ask('logOn')
    clock.advance(1)
    return link
  }
  let serial = 0
  const frames = fc.oneof(
    fc.uint8Array({ maxLength: 400 }),
    fc.tuple(fc.nat(400), fc.nat(255), fc.nat(400)).map(([at, value, cut]) => {
      serial += 1
      const link: Uint8Array[] = []
      const stub = createStubLink(
        {
          write: (bytes) => link.push(new Uint8Array(bytes)) > 0,
          destroy() {},
          end() {},
          onData() {},
          onDrain() {},
          onClose() {},
        },
        clock,
      )
      stub.send(original(clock, serial % 1_000_000, rupees('1500.00')))
      const bytes = link[0] ?? new Uint8Array()
      if (at < bytes.length) bytes[at] = value
      return cut < bytes.length ? bytes.subarray(0, cut) : bytes
    }),
  )
  fc.assert(
    fc.property(fc.array(frames, { maxLength: 5 }), (list) => {
      const link = connect()
      for (const bytes of list) link.sendRaw(bytes)
      clock.advance(10)
      link.close()
      clock.advance(10)
      const good = connect()
      serial += 1
      good.send(original(clock, serial % 1_000_000, rupees('1500.00')))
      clock.advance(10)
      const last = good.heard.at(-1)
      assert.equal(last?.kind === 'fundTransferResponse' && last.responseCode, '00')
      good.close()
      clock.advance(10)
    }),
    { numRuns: 300 },
  )
  assert.equal(simulator.summary().links.remitter.open, 0)
})

test('a hub that asks and does not read is cut off, and costs no more memory than the bound', () => {
  const clock = createVirtualClock()
  const simulator = createSimulator({ clock, random: createSeededRandom(1), profile: defaultProfile })
  let feed: (bytes: Uint8Array) => void = () => undefined
  let destroyed = false
  simulator.attach('remitter', {
    write: () => false,
    destroy: () => {
      destroyed = true
    },
    end: () => undefined,
    onData: (fn) => {
      feed = fn
    },
    onDrain: () => undefined,
    onClose: () => undefined,
  })
  const echo = Buffer.concat(
    Array.from({ length: 1000 }, () =>
      frame(
        dialect.encode({ kind: 'networkRequest', function: 'echo', stan: aStan, transmittedAt: clock.now() }),
        'binary2',
      ),
    ),
  )
  for (let turn = 0; turn < 1000 && !destroyed; turn += 1) {
    feed(echo)
    clock.advance(10)
  }
  assert.equal(destroyed, true)
})

test('dials are read with their names, and a bad one is named', () => {
  assert.deepEqual(readFaults({ drop: '0.5', delayMs: '10-20', refuseLogOn: true, dropOut: 0 }), {
    dropIn: 0.5,
    dropOut: 0,
    delayMs: [10, 20],
    refuseLogOn: -1,
  })
  assert.deepEqual(readFaults({ refuseLogOn: 3, delayMs: 7 }), { refuseLogOn: 3, delayMs: [7, 7] })
  assert.deepEqual(readFaults({ ackDrop: 1, badSignature: '0.01', clockSkewMs: '-90000' }), {
    ackDrop: 1,
    badSignature: 0.01,
    clockSkewMs: -90_000,
  })
  const bad: readonly Record<string, unknown>[] = [
    { drop: 2 },
    { drop: -1 },
    { drop: 'x' },
    { drop: null },
    { drop: [0.1] },
    { drop: true },
    { drop: Number.NaN },
    { nothing: 1 },
    { toString: 1 },
    { constructor: 1 },
    { delayMs: '20-10' },
    { delayMs: '1-2-3' },
    { delayMs: 0.5 },
    { delayMs: 1e12 },
    { refuseLogOn: -1 },
    { refuseLogOn: 0.5 },
    { refuseLogOn: 'maybe' },
    { deemed: {} },
    { ackDropIn: 0.1 },
    { clockSkewMs: 0.5 },
    { clockSkewMs: '1-2' },
    { clockSkewMs: 3_600_001 },
  ]
  for (const settings of bad) {
    assert.throws(
      () => readFaults(settings),
      (error) => error instanceof FaultError && error.field === Object.keys(settings)[0],
    )
  }
  assert.equal(wireFaults.length, 6)
})
