import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createVirtualClock } from '../../test/support/virtual-clock.ts'
import { must, parsePaymentId } from '../base/identifiers.ts'
import { type OutboundAnswer, OutboundFault } from '../base/outbound.ts'
import { createSeededRandom } from '../base/random.ts'
import { eventIdOf } from './catalogue.ts'
import type { Receiver } from './endpoint-store.ts'
import { type TellDeps, tell } from './tell.ts'

// Goal: how far a delivery of several events comes, for every way in which the receiver answers one of them.

const subject = must(parsePaymentId('pay_01a204e0828d7000a29a82a88b6613e0'), 'payment id')
const receiver: Receiver = {
  id: 'whe_01a204e0828d7000a29a82a88b6613e0',
  tenantId: 1,
  url: 'https://shop.example/hook',
  events: null,
  schemes: ['v1'],
  description: null,
  enabled: true,
  disabledReason: null,
  publicKeys: [],
  createdAt: 0,
  toldFrom: 0,
  keys: [],
}
const answer = (status: number): OutboundAnswer => ({ status, headers: {}, body: '' })

/** @param answers  one for each try: a status, or what is thrown; each takes a second */
async function run(answers: readonly (number | Error)[], { tries = 0, leaseMs = 60_000, none = 0 } = {}) {
  const clock = createVirtualClock(0)
  const sent: string[] = []
  const outbound: TellDeps['outbound'] = {
    check: (url) => new URL(url),
    close: async () => undefined,
    async send({ headers }) {
      clock.advance(1_000)
      const next = answers[sent.length] ?? assert.fail('a try too many')
      sent.push(headers?.['webhook-id'] ?? '')
      if (next instanceof Error) throw next
      return answer(next)
    },
  }
  const deps = { clock, outbound, newId: () => '0', timeoutMs: 15_000, random: createSeededRandom(1), timerScale: 1 }
  const sequences = [1, 2, 3]
  const messages = new Map(
    sequences.flatMap((n) =>
      n === none ? [] : [[eventIdOf(subject, n), { type: 'payment.processing', timestamp: '', data: n }] as const],
    ),
  )
  const delivery = { endpointId: receiver.id, subject, tenantId: 1, sequences, tries, round: 1, until: leaseMs }
  const { settled, attempts, gone, isWell } = await tell(deps, receiver, delivery, messages)
  assert.deepEqual(
    sent,
    attempts.map(({ eventId }) => eventId).concat(sent.slice(attempts.length)),
    'every try that left is kept, in order',
  )
  return [settled.told, settled.next?.kind, attempts.length, gone?.id, isWell] as const
}

test('all are told, one after the other', async () => {
  assert.deepEqual(await run([204, 200, 299]), [3, undefined, 3, undefined, true])
})

test('what fails comes again later; what was told before it stays told', async () => {
  assert.deepEqual(await run([500]), [0, 'later', 1, undefined, false])
  assert.deepEqual(await run([204, 302]), [1, 'later', 2, undefined, false])
  assert.deepEqual(await run([204, 204, new OutboundFault('timeout', true)]), [2, 'later', 3, undefined, false])
})

test('the tenth try that fails is the last, of the first of them; of the next it is the first', async () => {
  assert.deepEqual(await run([500], { tries: 9 }), [0, 'dead', 1, undefined, false])
  assert.deepEqual(await run([204, 500], { tries: 9 }), [1, 'later', 2, undefined, false])
})

test('410 ends it, and what is left waits', async () => {
  assert.deepEqual(await run([204, 410]), [1, 'postponed', 2, receiver.id, false])
})

test('what did not leave this machine is no try', async () => {
  assert.deepEqual(await run([204, new OutboundFault('busy', false)]), [1, 'postponed', 1, undefined, true])
})

test('no try begins that could end when others may take over', async () => {
  assert.deepEqual(await run([204, 204], { leaseMs: 16_500 }), [2, undefined, 2, undefined, true])
  assert.deepEqual(await run([], { leaseMs: 14_000 }), [0, 'postponed', 0, undefined, true])
})

test('an event that is none any more is passed over', async () => {
  assert.deepEqual(await run([204, 204], { none: 2 }), [3, undefined, 2, undefined, true])
})
