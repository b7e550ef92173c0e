import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createMemoryNetwork } from '../../test/support/memory-network.ts'
import { createStubLink, dialect, rupees } from '../../test/support/stub-hub.ts'
import { createVirtualClock } from '../../test/support/virtual-clock.ts'
import { must, parseAccountNumber, parseIfsc } from '../base/identifiers.ts'
import { createSeededRandom } from '../base/random.ts'
import { defaultProfile } from '../imps/profile.ts'
import type { FundTransferRequest, RailMessage, VerificationRequest } from '../imps/rail-message.ts'
import type { InwardOrder, InwardResult } from './inward.ts'
import { runLoad } from './load.ts'
import { createSimulator } from './simulator.ts'

const to = {
  kind: 'account',
  ifsc: must(parseIfsc('TRNT0000001'), 'IFSC'),
  account: must(parseAccountNumber('00012345'), 'account'),
} as const

type Asked = FundTransferRequest | VerificationRequest
type Told = string | Uint8Array | undefined

/** A hub that answers what `tell` says: a response code, bytes, or nothing. */
function set(tell: (asked: Asked, bytes: Uint8Array, number: number) => Told) {
  const clock = createVirtualClock()
  const random = createSeededRandom(7)
  const network = createMemoryNetwork({ clock, random, latencyMs: [1, 1] })
  const simulator = createSimulator({ clock, random, profile: defaultProfile })
  const [hub, port] = network.pair()
  simulator.attach('beneficiary', port)
  const link = createStubLink(hub, clock)
  link.ask('logOn')
  clock.advance(10)
  let number = 0
  link.onMessage = (message: RailMessage | undefined, bytes) => {
    if (message?.kind !== 'fundTransferRequest' && message?.kind !== 'verificationRequest') return
    number += 1
    const told = tell(message, bytes, number)
    if (typeof told === 'string') {
      link.sendBytes(
        dialect.answer(bytes, message, {
          responseCode: told,
          ...(told === '00' ? { registeredName: 'RAVI KUMAR' } : {}),
        }),
      )
    } else if (told !== undefined) link.sendBytes(told)
  }
  const results: InwardResult[] = []
  const send = (more: Partial<InwardOrder> = {}) =>
    simulator.sendInward({ amountPaise: rupees('250.00'), to, ...more }, (result) => results.push(result))
  const violations = () => Object.entries(simulator.summary().violations).filter(([, count]) => count > 0)
  return { clock, simulator, link, results, send, violations }
}

test('an inward payment is sent with an RRN of its own and settled by the answer', () => {
  const { clock, results, send, simulator, violations } = set(() => '00')
  const sent = send()
  send()
  clock.advance(100)
  const [result, other] = results
  assert.deepEqual(
    [result?.verdict, result?.responseCode, result?.registeredName, result?.by],
    ['approved', '00', 'RAVI KUMAR', 'answer'],
  )
  assert.equal(result?.rrn, sent?.rrn)
  assert.notEqual(result?.rrn, other?.rrn)
  assert.deepEqual(violations(), [])
  const { approved, creditedPaise, waiting } = simulator.summary().inward
  assert.deepEqual([approved, creditedPaise, waiting], [2, 50_000, 0])
  assert.equal(clock.pending(), 0)
})

test('a decline is a decline, and an unclear answer is asked about', () => {
  for (const [first, later, verdict, by] of [
    ['M1', '00', 'declined', 'answer'],
    ['91', '00', 'deemed', 'answer'],
    ['96', '00', 'approved', 'verification'],
    ['ZZ', 'M0', 'declined', 'verification'],
    ['08', '91', 'deemed', 'verification'],
  ] as const) {
    const { clock, results, send } = set((asked) => (asked.kind === 'fundTransferRequest' ? first : later))
    send()
    clock.advance(60_000)
    assert.deepEqual([results[0]?.verdict, results[0]?.by], [verdict, by], `${first} then ${later}`)
  }
})

test('silence is asked about at 56, 66 and 76 s, then at 5, 15, 30 and 60 minutes, then left to the files', () => {
  const at: number[] = []
  const { clock, results, send, simulator } = set((asked) => {
    if (asked.kind === 'verificationRequest') at.push(Math.round(clock.monotonicMs() / 1000))
    return undefined
  })
  send()
  clock.advance(7_200_000)
  assert.deepEqual(at, [56, 66, 76, 376, 976, 1876, 3676])
  assert.deepEqual([results[0]?.verdict, results[0]?.by], ['unresolved', 'nothing'])
  assert.equal(simulator.summary().inward.silent, 1)
})

test('a late answer counts, and one that takes back what was said is a violation', () => {
  const { clock, results, send, link, violations, simulator } = set((asked) =>
    asked.kind === 'verificationRequest' ? '00' : undefined,
  )
  send()
  clock.advance(60_000)
  assert.deepEqual([results[0]?.verdict, results[0]?.by], ['approved', 'verification'])
  const [original] = link.heard.filter((message) => message?.kind === 'fundTransferRequest')
  assert.ok(original?.kind === 'fundTransferRequest')
  const { rrn, stan, remitterBank, amountPaise } = original
  link.send({ kind: 'fundTransferResponse', rrn, stan, remitterBank, amountPaise, responseCode: '00' })
  clock.advance(10)
  assert.deepEqual(violations(), [])
  link.send({ kind: 'verificationResponse', rrn, stan, remitterBank, amountPaise, responseCode: 'M0' })
  clock.advance(10)
  assert.deepEqual(violations(), [['verdict_contradicts', 1]])
  assert.equal(simulator.summary().inward.approved, 1)
})

test('duplicates answered with the first bytes are fine; with other bytes they are a violation', () => {
  const same = set(() => '00')
  same.send({ duplicates: 3 })
  same.clock.advance(100)
  assert.equal(same.simulator.journal.inward.latest(1)[0]?.originals, 4)
  assert.equal(same.simulator.journal.inward.latest(1)[0]?.answers, 4)
  assert.deepEqual(same.violations(), [])
  const other = set((_asked, _bytes, number) => (number === 1 ? '00' : 'M1'))
  other.send({ duplicates: 2 })
  other.clock.advance(100)
  assert.deepEqual(
    other.violations().map(([kind]) => kind),
    ['answer_differs', 'verdict_contradicts'],
  )
})

test('a verification before its original may be told 91, and the original decides', () => {
  const { clock, results, send, link } = set((asked) => (asked.kind === 'verificationRequest' ? '91' : '00'))
  send({ verificationFirst: true })
  clock.advance(100)
  assert.deepEqual([results[0]?.verdict, results[0]?.by], ['approved', 'answer'])
  assert.equal(link.heard.filter((message) => message?.kind === 'verificationRequest').length, 1)
})

test('RC 30 speaks of the bytes: it declines a lone original, and decides nothing while a copy is under way', () => {
  const alone = set(() => '30')
  alone.send({ repeatAfterMs: 1000 })
  alone.clock.advance(60_000)
  assert.deepEqual([alone.results[0]?.verdict, alone.simulator.summary().inward.originals], ['declined', 1])
  const copied = set((_asked, _bytes, number) => (number === 1 ? '30' : '00'))
  copied.send({ duplicates: 2 })
  copied.clock.advance(100)
  assert.deepEqual([copied.results[0]?.verdict, copied.simulator.summary().inward.originals], ['approved', 3])
  assert.deepEqual(copied.violations(), [])
})

test('an original repeated later must be answered as the first time, also on another link', () => {
  const { clock, send, results, link, simulator, violations } = set(() => '00')
  send({ repeatAfterMs: 5000 })
  clock.advance(6000)
  assert.equal(link.heard.filter((message) => message?.kind === 'fundTransferRequest').length, 2)
  assert.deepEqual([results.length, simulator.summary().inward.answers], [1, 2])
  assert.deepEqual(violations(), [])
})

test('an answer for another amount, or to nothing, moves nothing', () => {
  const { clock, results, send, violations } = set((asked) =>
    dialect.encode({
      kind: 'fundTransferResponse',
      rrn: asked.rrn,
      stan: asked.stan,
      remitterBank: asked.remitterBank,
      amountPaise: rupees('2500.00'),
      responseCode: '00',
    }),
  )
  send()
  clock.advance(100)
  assert.equal(results.length, 0)
  assert.deepEqual(violations(), [['answer_for_another_amount', 1]])
  const stranger = set((asked) =>
    dialect.encode({
      kind: 'fundTransferResponse',
      rrn: asked.rrn,
      stan: asked.stan,
      remitterBank: '600999',
      amountPaise: asked.amountPaise,
      responseCode: '00',
    }),
  )
  stranger.send()
  stranger.clock.advance(100)
  assert.equal(stranger.results.length, 0)
  assert.deepEqual(stranger.violations(), [['answer_unasked', 1]])
})

test('without a logged-on beneficiary link nothing is sent', () => {
  const { clock, link, send, simulator } = set(() => '00')
  link.ask('logOff')
  clock.advance(10)
  assert.equal(send(), undefined)
  assert.equal(simulator.summary().inward.entries, 0)
})

test('a load keeps as many unanswered as asked, and reports every outcome', async () => {
  let waiting = 0
  let most = 0
  let declined = 0
  const { clock, simulator, link } = set(() => undefined)
  link.onMessage = (message, bytes) => {
    if (message?.kind !== 'fundTransferRequest') return
    waiting += 1
    most = Math.max(most, waiting)
    clock.after(5, () => {
      waiting -= 1
      const no = message.stan.endsWith('0')
      if (no) declined += 1
      link.sendBytes(dialect.answer(bytes, message, { responseCode: no ? 'M1' : '00' }))
    })
  }
  const running = runLoad(simulator, clock, { count: 1000, concurrency: 16, amountPaise: rupees('1.00'), to: [to] })
  clock.advance(60_000)
  const result = await running
  assert.equal(most, 16)
  assert.deepEqual([result.sent, result.unsent, result.approved + result.declined], [1000, 0, 1000])
  assert.equal(result.declined, declined)
  assert.equal(result.failed, declined)
  for (const latency of [result.p50, result.p95, result.p99, result.max])
    assert.ok(latency >= 7 && latency < 12, `${latency} ms`)
})
