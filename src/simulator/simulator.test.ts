import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createMemoryNetwork } from '../../test/support/memory-network.ts'
import { createStubLink, original, rupees, type StubLink } from '../../test/support/stub-hub.ts'
import { createVirtualClock, type VirtualClock } from '../../test/support/virtual-clock.ts'
import { bytesOf, readVectors } from '../../test/vectors/read.ts'
import { must, parseAccountNumber, parseIfsc } from '../base/identifiers.ts'
import type { Beneficiary } from '../base/party.ts'
import { createSeededRandom } from '../base/random.ts'
import { defaultProfile } from '../imps/profile.ts'
import type { FundTransferRequest, RailMessage } from '../imps/rail-message.ts'
import type { Faults } from './faults.ts'
import type { JournalEntry } from './journal.ts'
import { createSimulator, type Simulator } from './simulator.ts'

type Setting = {
  readonly clock: VirtualClock
  readonly simulator: Simulator
  readonly connect: (role: 'remitter' | 'beneficiary', logOn?: boolean) => StubLink
}

function set(options: { faults?: Partial<Faults>; timerScale?: number; seed?: number; echoMs?: number } = {}): Setting {
  const { seed = 1, ...rest } = options
  const clock = createVirtualClock()
  const random = createSeededRandom(seed)
  const network = createMemoryNetwork({ clock, random, latencyMs: [1, 1] })
  const simulator = createSimulator({ clock, random, profile: defaultProfile, ...rest })
  return {
    clock,
    simulator,
    connect(role, logOn = true) {
      const [hub, port] = network.pair()
      simulator.attach(role, port)
      const link = createStubLink(hub, clock)
      if (logOn) {
        link.ask('logOn')
        clock.advance(10)
        link.heard.length = 0
        link.heardBytes.length = 0
      }
      return link
    },
  }
}

const answers = (link: StubLink): string[] =>
  link.heard.map((message) =>
    message?.kind === 'fundTransferResponse' || message?.kind === 'verificationResponse' ? message.responseCode : '?',
  )

const only = <T>(list: readonly T[]): T => {
  assert.equal(list.length, 1)
  return must(list[0], 'entry')
}

const entryOf = ({ simulator }: Setting, { rrn }: { rrn: string }): JournalEntry =>
  only(simulator.journal.outward.byRrn(rrn))

const asking = (request: FundTransferRequest): RailMessage => ({ ...request, kind: 'verificationRequest' })

/** What is told within the first 55 s; by 70 s in all; what a verification at 56 s and one at 66 s are told; whether it was credited. */
const table: readonly [
  amount: string,
  soon: readonly string[],
  later: readonly string[],
  first: string,
  second: string,
  credited: boolean,
][] = [
  ['101.91', ['91'], ['91'], '91', '91', true],
  ['102.91', ['91'], ['91'], '91', '91', false],
  ['103.00', [], [], '00', '00', true],
  ['104.00', [], [], 'M0', 'M0', false],
  ['105.00', [], [], 'silence', 'silence', true],
  ['106.00', [], [], 'silence', 'silence', false],
  ['107.00', [], ['00'], 'silence', '00', true],
  ['108.00', ['00', '00'], ['00', '00'], '00', '00', true],
  ['109.00', ['M1'], ['M1'], 'M0', 'M0', false],
  ['110.00', ['M3'], ['M3'], 'M0', 'M0', false],
  ['111.00', ['M5'], ['M5'], 'M0', 'M0', false],
  ['112.00', ['M2'], ['M2'], 'M0', 'M0', false],
  ['113.00', ['51'], ['51'], 'M0', 'M0', false],
  ['114.00', ['08'], ['08'], 'M0', 'M0', false],
  ['115.00', ['ZZ'], ['ZZ'], '00', '00', true],
  ['1500.00', ['00'], ['00'], '00', '00', true],
  ['1.00', ['00'], ['00'], '00', '00', true],
  ['500000.00', ['00'], ['00'], '00', '00', true],
]

for (const scale of [1, 0.05]) {
  for (const [amount, soon, later, first, second, credited] of table) {
    test(`₹${amount} is answered ${later.join(' and ') || 'with silence'}, verifications ${first} and ${second}, timers × ${scale}`, () => {
      const setting = set({ timerScale: scale })
      const { clock, connect } = setting
      const link = connect('remitter')
      const request = original(clock, 1, rupees(amount))
      const told = (by: number): string[] => {
        clock.advance(by * scale)
        return answers(link)
      }
      const ask = (): string => {
        const before = link.heard.length
        link.send(asking(request))
        clock.advance(10)
        const [answer] = link.heard.slice(before)
        return answer === undefined ? 'silence' : answer.kind === 'verificationResponse' ? answer.responseCode : '?'
      }
      link.send(request)
      assert.deepEqual(told(55_000), soon)
      assert.equal(ask(), first)
      clock.advance(10_000 * scale)
      assert.equal(ask(), second)
      const originals = link.heard.filter((message) => message?.kind === 'fundTransferResponse')
      assert.equal(originals.length, later.length)
      const entry = entryOf(setting, request)
      assert.equal(entry.credited, credited)
      assert.equal(entry.originals, 1)
      assert.equal(entry.verifications, 2)
      assert.equal(entry.answers, later.length)
      clock.advance(7_200_000)
      const verifications = [first, second].filter((code) => code !== 'silence').length
      assert.equal(link.heard.length, later.length + verifications, 'nothing more is ever said')
    })
  }
}

test('₹116.00 closes the connection; on the next one the first verification says 00', () => {
  const setting = set()
  const { clock, connect } = setting
  const link = connect('remitter')
  const [other, request] = [original(clock, 1, rupees('1500.00')), original(clock, 2, rupees('116.00'))]
  link.send(other)
  link.send(request)
  clock.advance(10)
  assert.equal(link.isOpen(), false)
  assert.deepEqual(answers(link), ['00'], 'what was answered before still leaves')
  const again = connect('remitter')
  again.send(asking(request))
  clock.advance(10)
  assert.deepEqual(answers(again), ['00'])
  assert.equal(entryOf(setting, request).credited, true)
})

test('an approval carries the registered name and an approval code', () => {
  const { clock, connect } = set()
  const link = connect('remitter')
  const request = original(clock, 371, rupees('1500.00'))
  link.send(request)
  link.send(asking(request))
  clock.advance(10)
  const same = {
    rrn: request.rrn,
    stan: request.stan,
    remitterBank: '700001',
    amountPaise: 150000n,
    responseCode: '00',
    registeredName: 'ASHA DEVI',
    approvalCode: '000371',
  }
  assert.deepEqual(link.heard, [
    { kind: 'fundTransferResponse', ...same },
    { kind: 'verificationResponse', ...same },
  ])
})

test('a verification before its original is answered 91, and the original is then handled as ever', () => {
  const setting = set()
  const { clock, connect } = setting
  const link = connect('remitter')
  const request = original(clock, 1, rupees('1500.00'))
  link.send(asking(request))
  clock.advance(10)
  assert.deepEqual(answers(link), ['91'])
  assert.equal(entryOf(setting, request).verificationFirst, true)
  link.send(request)
  link.send(asking(request))
  clock.advance(10)
  assert.deepEqual(answers(link), ['91', '00', '00'])
  assert.equal(entryOf(setting, request).credited, true)
})

test('an original that would be declined stays deemed when a verification was told 91 before it came', () => {
  const setting = set()
  const { clock, connect } = setting
  const link = connect('remitter')
  const request = original(clock, 1, rupees('109.00'))
  link.send(asking(request))
  link.send(request)
  link.send(asking(request))
  clock.advance(10)
  assert.deepEqual(answers(link), ['91', '91', '91'])
  assert.equal(entryOf(setting, request).credited, false)
})

test('an original sent twice is counted, answered with the same bytes, and credited once', () => {
  const setting = set()
  const { clock, connect, simulator } = setting
  const link = connect('remitter')
  const request = original(clock, 1, rupees('1500.00'))
  link.send(request)
  clock.advance(10)
  link.send({ ...request, amountPaise: rupees('109.00') })
  clock.advance(10)
  assert.deepEqual(link.heardBytes[1], link.heardBytes[0])
  assert.equal(link.heardBytes.length, 2)
  assert.equal(entryOf(setting, request).originals, 2)
  const { outward, violations } = simulator.summary()
  assert.deepEqual([outward.credited, outward.creditedPaise, outward.repeatedOriginals], [1, 150000, 1])
  assert.deepEqual([violations.original_repeated, violations.original_differs], [1, 1])
})

test('the same RRN of two banks is two payments', () => {
  const { clock, connect, simulator } = set()
  const link = connect('remitter')
  const request = original(clock, 1, rupees('1500.00'))
  link.send(request)
  link.send({ ...request, remitterBank: '700002' })
  clock.advance(10)
  assert.equal(simulator.journal.outward.byRrn(request.rrn).length, 2)
  assert.equal(simulator.summary().violations.original_repeated, 0)
})

test('a verification for another amount than its original decides nothing', () => {
  const { clock, connect, simulator } = set()
  const link = connect('remitter')
  const request = original(clock, 1, rupees('1500.00'))
  link.send(request)
  link.send(asking({ ...request, amountPaise: rupees('15000.00') }))
  clock.advance(10)
  assert.deepEqual(answers(link), ['00', '12'])
  assert.equal(simulator.summary().violations.verification_differs, 1)
})

test('a late answer whose connection is gone arrives on the next one', () => {
  const { clock, connect } = set()
  const link = connect('remitter')
  link.send(original(clock, 1, rupees('107.00')))
  clock.advance(10)
  link.close()
  clock.advance(10)
  const again = connect('remitter')
  clock.advance(62_000)
  assert.deepEqual(answers(again), ['00'])
})

test('both ports answer log-on, echo, cut-over and log-off', () => {
  for (const role of ['remitter', 'beneficiary'] as const) {
    const { clock, connect, simulator } = set()
    const link = connect(role, false)
    for (const what of ['logOn', 'echo', 'cutOver'] as const) link.ask(what)
    clock.advance(10)
    assert.deepEqual(
      link.heard.map((message) => message?.kind === 'networkResponse' && `${message.function} ${message.responseCode}`),
      ['logOn 00', 'echo 00', 'cutOver 00'],
    )
    assert.equal(simulator.summary().links[role].loggedOn, 1)
    link.ask('logOff')
    clock.advance(10)
    assert.equal(simulator.summary().links[role].loggedOn, 0)
  }
})

test('before log-on, and on the wrong port, requests move nothing', () => {
  const { clock, connect, simulator } = set()
  const early = connect('remitter', false)
  early.send(original(clock, 1, rupees('1500.00')))
  const wrong = connect('beneficiary')
  wrong.send(original(clock, 2, rupees('1500.00')))
  clock.advance(10)
  assert.deepEqual([early.heard.length, wrong.heard.length], [0, 0])
  const { violations, outward } = simulator.summary()
  assert.deepEqual([violations.before_log_on, violations.not_for_this_port, outward.credited], [1, 1, 0])
})

test('log-ons are refused as often as the dial says', () => {
  const { clock, connect, simulator } = set({ faults: { refuseLogOn: 2 } })
  const link = connect('remitter', false)
  for (let time = 0; time < 3; time += 1) link.ask('logOn')
  clock.advance(10)
  assert.deepEqual(
    link.heard.map((message) => message?.kind === 'networkResponse' && message.responseCode),
    ['05', '05', '00'],
  )
  simulator.turn({ refuseLogOn: -1 })
  for (let time = 0; time < 3; time += 1) link.ask('logOn')
  clock.advance(10)
  assert.equal(simulator.summary().wire.logOnsRefused, 5)
})

test('the switch sends its own echoes, and its own log-off on demand', () => {
  const { clock, connect, simulator } = set({ echoMs: 180_000 })
  const link = connect('remitter')
  link.onMessage = (message) => {
    if (message?.kind === 'networkRequest') {
      link.send({ kind: 'networkResponse', function: message.function, stan: message.stan, responseCode: '00' })
    }
  }
  clock.advance(1_000_000)
  assert.equal(simulator.summary().wire.echoesSent, 5)
  assert.equal(simulator.summary().wire.echoesAnswered, 5)
  assert.equal(simulator.announce('logOff'), 1)
  clock.advance(10)
  const last = link.heard.at(-1)
  assert.equal(last?.kind === 'networkRequest' && last.function, 'logOff')
})

const ours: Beneficiary = {
  kind: 'account',
  ifsc: must(parseIfsc('QTAB0001234'), 'IFSC'),
  account: must(parseAccountNumber('50100012345678'), 'account'),
}

test('an original for one of the hub’s own banks goes out on the beneficiary link, and the answer comes back', () => {
  const setting = set()
  const { clock, connect, simulator } = setting
  const [remitter, beneficiary] = [connect('remitter'), connect('beneficiary')]
  const request = original(clock, 1, rupees('1500.00'), ours)
  beneficiary.onMessage = (message) => {
    if (message?.kind !== 'fundTransferRequest') return
    assert.deepEqual(message, request)
    const { rrn, stan, remitterBank, amountPaise } = message
    beneficiary.send({ kind: 'fundTransferResponse', rrn, stan, remitterBank, amountPaise, responseCode: 'M3' })
  }
  remitter.send(request)
  remitter.send(asking(request))
  clock.advance(100)
  assert.deepEqual(answers(remitter), ['M3'], 'a verification in between meets silence')
  remitter.send(asking(request))
  clock.advance(100)
  assert.deepEqual(answers(remitter), ['M3', 'M0'])
  const [out, back] = [entryOf(setting, request), only(simulator.journal.inward.byRrn(request.rrn))]
  assert.deepEqual([out.stand, out.forwarded, back.stand, back.forwarded], ['declined', true, 'declined', true])
})

test('an own bank that says nothing in 30 s makes it deemed; its late yes stays in the journals', () => {
  const setting = set()
  const { clock, connect, simulator } = setting
  const [remitter, beneficiary] = [connect('remitter'), connect('beneficiary')]
  const request = original(clock, 1, rupees('1500.00'), ours)
  remitter.send(request)
  clock.advance(29_990)
  assert.equal(remitter.heard.length, 0)
  clock.advance(30)
  assert.deepEqual(answers(remitter), ['91'])
  const { rrn, stan, remitterBank, amountPaise } = request
  beneficiary.send({ kind: 'fundTransferResponse', rrn, stan, remitterBank, amountPaise, responseCode: '00' })
  remitter.send(asking(request))
  clock.advance(100)
  assert.deepEqual(answers(remitter), ['91', '91'])
  const out = entryOf(setting, request)
  assert.deepEqual([out.stand, out.credited], ['deemed', true])
  assert.equal(only(simulator.journal.inward.byRrn(rrn)).stand, 'approved')
})

test('an original for an own bank with no link to it is declined 92', () => {
  const { clock, connect } = set()
  const link = connect('remitter')
  link.send(original(clock, 1, rupees('1500.00'), ours))
  clock.advance(10)
  assert.deepEqual(answers(link), ['92'])
})

test('the dials for ordinary amounts decide ordinary amounts only', () => {
  const cases = [
    [{ businessDecline: 1 }, /^(M[1235]|51|52|57)$/, 'M0'],
    [{ technicalDecline: 1 }, /^(08|92|96|MP|UB)$/, 'M0'],
    [{ deemed: 1 }, /^91$/, '91'],
  ] as const
  for (const [faults, code, verdict] of cases) {
    const { clock, connect } = set({ faults })
    const link = connect('remitter')
    const listed = original(clock, 0, rupees('108.00'))
    const request = original(clock, 1, rupees('1500.00'))
    link.send(request)
    clock.advance(31_000)
    link.send(asking(request))
    clock.advance(10)
    link.send(listed)
    clock.advance(10)
    const [told = '', asked, ...rest] = answers(link)
    assert.match(told, code)
    assert.equal(asked, verdict)
    assert.deepEqual(rest, ['00', '00'])
  }
})

test('what it keeps in mind is bounded: the oldest payments are forgotten, and counted', () => {
  const clock = createVirtualClock()
  const random = createSeededRandom(1)
  const network = createMemoryNetwork({ clock, random })
  const simulator = createSimulator({ clock, random, profile: defaultProfile, journalLimit: 1 })
  const [hub, port] = network.pair()
  simulator.attach('remitter', port)
  const link = createStubLink(hub, clock)
  link.ask('logOn')
  for (let serial = 0; serial < 9000; serial += 1) link.send(original(clock, serial, rupees('1.00')))
  clock.advance(10)
  const { entries, forgotten } = simulator.summary().outward
  assert.deepEqual([entries, forgotten], [8192, 808])
  assert.equal(link.heard.length, 9001)
})

test('reset forgets payments and dials; connections stay logged on', () => {
  const { clock, connect, simulator } = set()
  const link = connect('remitter')
  simulator.turn({ dropOut: 1 })
  const request = original(clock, 1, rupees('1500.00'))
  link.send(request)
  clock.advance(10)
  simulator.reset()
  assert.equal(simulator.faults.dropOut, 0)
  assert.equal(simulator.journal.outward.byRrn(request.rrn).length, 0)
  link.send(original(clock, 2, rupees('1500.00')))
  clock.advance(10)
  assert.deepEqual(answers(link), ['00'])
})

test('hand-written vectors: verifications of the unseen, forwarded originals and network messages, byte for byte', () => {
  const vectors = new Map(readVectors().map((vector) => [vector.name, vector]))
  const bytes = (name: string): Uint8Array => bytesOf(must(vectors.get(name), `vector ${name}`))
  for (const forwarded of ['p2a-response-approved', 'p2a-response-declined', 'p2a-response-deemed']) {
    const { clock, connect } = set()
    clock.jump(Date.parse('2026-02-12T08:35:10Z') - clock.now())
    const [remitter, beneficiary] = [connect('remitter'), connect('beneficiary')]
    remitter.sendBytes(bytes('p2a-request'))
    clock.advance(100)
    assert.deepEqual(hexOf(beneficiary.heardBytes), hexOf([bytes('p2a-request')]))
    beneficiary.sendBytes(bytes(forwarded))
    clock.advance(100)
    assert.deepEqual(hexOf(remitter.heardBytes), hexOf([bytes(forwarded)]))
  }
  const exchanges = [
    ['verify-p2a-request', 'verify-p2a-response-unseen'],
    ['network-log-on-request', 'network-log-on-response'],
    ['network-echo-request', 'network-echo-response'],
    ['network-cut-over-request', 'network-cut-over-response'],
    ['network-log-off-request', 'network-log-off-response'],
  ] as const
  for (const [request, response] of exchanges) {
    const { clock, connect } = set()
    clock.jump(Date.parse('2026-02-12T08:35:10Z') - clock.now())
    const link = connect('remitter')
    link.sendBytes(bytes(request))
    clock.advance(10)
    assert.deepEqual(hexOf(link.heardBytes), hexOf([bytes(response)]), request)
  }
  const silent = set()
  silent.clock.jump(Date.parse('2026-02-12T08:35:10Z') - silent.clock.now())
  const link = silent.connect('remitter')
  silent.connect('beneficiary')
  link.sendBytes(bytes('p2a-request'))
  silent.clock.advance(31_000)
  assert.deepEqual(hexOf(link.heardBytes), hexOf([bytes('p2a-response-deemed')]))
})

const hexOf = (list: readonly Uint8Array[]): string[] => list.map((bytes) => Buffer.from(bytes).toString('hex'))

test('hand-written broken messages get the response code they should, or silence, and good traffic goes on', () => {
  for (const vector of readVectors().filter(({ name }) => name.startsWith('bad-'))) {
    const { clock, connect, simulator } = set()
    clock.jump(Date.parse('2026-02-12T08:35:10Z') - clock.now())
    const link = connect('remitter')
    link.sendBytes(bytesOf(vector))
    clock.advance(10)
    // DE 39 stands behind the RRN, or behind the STAN of a network message.
    const codes = link.heardBytes.map(
      (bytes) =>
        /(?:604314000371|0212083509\d{6})(\d\d)(?:TRN|\d{3}$)/.exec(Buffer.from(bytes).toString('latin1'))?.[1],
    )
    assert.deepEqual(codes, vector.refusedWith === null ? [] : [vector.refusedWith], vector.name)
    assert.equal(simulator.summary().outward.credited, 0)
    link.send(original(clock, 7, rupees('1500.00')))
    clock.advance(10)
    assert.equal(answers(link).at(-1), '00', vector.name)
  }
})
