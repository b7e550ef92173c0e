import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { openTestDatabase } from '../../test/support/database.ts'
import { createTestRoom, requestFrom } from '../../test/support/payment-room.ts'
import { testVault } from '../../test/support/vault.ts'
import { answerWith, createTestWebhooks, startReceiver } from '../../test/support/webhooks.ts'
import { type AccountId, paymentKey } from '../base/identifiers.ts'
import { inTransaction } from '../db/transaction.ts'
import { initiate } from '../payment/initiate.ts'
import { record } from '../payment/record.ts'
import type { StoredPayment } from '../payment/stored.ts'
import { eventIdOf } from './catalogue.ts'
import { addSecrets, insertEndpoint } from './endpoint-store.ts'
import { waitsMs } from './schedule.ts'
import { addToStrands, listDeadLetters, type Settled, settleStrands, takeDue } from './strand-store.ts'

// Goal: what the room promises, on a real database: order, at least once, nobody waits for somebody else's receiver.

const { db, url } = await openTestDatabase({ connections: 20 })
const t = await createTestRoom(url)
after(() => t.close())
const account = await t.open(1_000_000_000n)

let made = 0
async function endpointAt(address: string): Promise<string> {
  made += 1
  const id = `whe_${made.toString(16).padStart(32, '0')}`
  await testVault.prepare([1], Date.now())
  await inTransaction(db, async (tx) => {
    const endpoint = { id, tenantId: 1, schemes: ['v1'] as const }
    await insertEndpoint(tx, {
      ...endpoint,
      url: address,
      events: null,
      description: null,
      enabled: true,
      disabledReason: null,
    })
    await addSecrets(tx, testVault, endpoint, () => crypto.randomUUID().replaceAll('-', ''), Date.now())
  })
  return id
}
const endAll = () => db`update webhook_endpoint set enabled = false, disabled_reason = 'asked'`

async function pay(from: AccountId = account.id): Promise<StoredPayment> {
  const result = await initiate(t.room, requestFrom(from))
  if (result.kind !== 'accepted') throw new Error(result.reason)
  return result.payment
}
const succeed = (payment: StoredPayment) =>
  record(t.room, payment, { kind: 'approved', responseCode: '00', registeredName: 'ASHA DEVI' })

/** Starts the room for one test. */
async function run(test: { after: (fn: () => Promise<void>) => void }, change = {}): Promise<void> {
  const webhooks = createTestWebhooks(db, change)
  webhooks.start()
  test.after(async () => {
    await webhooks.stop()
    await endAll()
  })
}

test('an event waits for its predecessor at the same endpoint; other payments and other endpoints go on', async (x) => {
  const [stubborn, good] = [await startReceiver(), await startReceiver()]
  const first = await pay() // before there was an endpoint: told to nobody
  await endpointAt(stubborn.url)
  await endpointAt(good.url)
  const [held, free] = [await pay(), await pay()]
  const blocked = eventIdOf(held.id, 1)
  let failures = 0
  stubborn.behave = (received, response) => {
    const fails = received.id === blocked && failures < 2
    if (fails) failures += 1
    response.writeHead(fails ? 500 : 200).end()
  }
  await run(x)
  await succeed(held)
  await succeed(free)
  await succeed(first)
  await stubborn.until('all', (all) => all.filter(({ id }) => id === eventIdOf(held.id, 2)).length === 1)
  const order = stubborn.received.map(({ id }) => id)
  assert.deepEqual(
    order.filter((id) => id.startsWith(`evt_${paymentKey(held.id)}`)),
    [blocked, blocked, blocked, eventIdOf(held.id, 2)],
  )
  assert.ok(order.indexOf(eventIdOf(free.id, 2)) < order.lastIndexOf(blocked), 'another payment went on')
  await good.until('all', (all) => all.length === 5)
  assert.ok(!good.received.some(({ id }) => id === eventIdOf(first.id, 1)))
})

test('a transaction that ends late loses nothing: its steps are told when they are seen, and nobody waited for them', async (x) => {
  const receiver = await startReceiver()
  await endpointAt(receiver.url)
  await run(x)
  const late = await pay()
  await receiver.until('the first step', (all) => all.length === 1)
  let finish: () => void = () => undefined
  const held = new Promise<void>((resolve) => {
    finish = resolve
  })
  let begun: () => void = () => undefined
  const written = new Promise<void>((resolve) => {
    begun = resolve
  })
  // As a door would write it, in a transaction that began before and ends after others.
  const slow = inTransaction(db, async (tx) => {
    await tx`
      insert into event (lane, payment_id, sequence, tenant_id, state, at)
      select lane, payment_id, 2, tenant_id, 'succeeded', now() from event where payment_id = ${paymentKey(late.id)}::uuid`
    begun()
    await held
  })
  await written
  const others = await Promise.all([pay(), pay(), pay()])
  await receiver.until('those that began later', (all) => all.length === 4)
  finish()
  await slow
  await receiver.until('the late one', (all) => all.length === 5)
  assert.deepEqual(
    receiver.received.map(({ id }) => id).toSorted(),
    [eventIdOf(late.id, 1), eventIdOf(late.id, 2), ...others.map(({ id }) => eventIdOf(id, 1))].toSorted(),
  )
})

test('receivers that are dead, slow or refuse connections delay nobody else', async (x) => {
  const [dead, slow, good] = [await startReceiver(), await startReceiver(), await startReceiver()]
  dead.behave = () => undefined
  slow.behave = (_received, response) => {
    setTimeout(() => response.writeHead(200).end(), 400)
  }
  await endpointAt('http://127.0.0.1:1/')
  for (const { url: address } of [dead, dead, slow, slow, good]) await endpointAt(address)
  await run(x)
  const started = performance.now()
  const payments = await Promise.all(Array.from({ length: 60 }, () => pay()))
  await good.until('all of its own', (all) => all.length === payments.length)
  assert.ok(performance.now() - started < 5_000, `${performance.now() - started} ms`)
})

test('after the last try an event is a dead letter; the next of its payment goes on; told again, it is none any more', async (x) => {
  const receiver = await startReceiver()
  const endpointId = await endpointAt(receiver.url)
  const payment = await pay()
  const first = eventIdOf(payment.id, 1)
  const state = { isBad: true }
  receiver.behave = (received, response) =>
    answerWith(state.isBad && received.id === first ? 503 : 204)(received, response, response.req)
  await run(x, { timerScale: 0.000_000_1 })
  await succeed(payment)
  await receiver.until('the second step', (all) => all.some(({ id }) => id === eventIdOf(payment.id, 2)))
  assert.equal(receiver.received.filter(({ id }) => id === first).length, waitsMs.length + 1)
  const letters = () => inTransaction(db, (tx) => listDeadLetters(tx, 1, endpointId, 10))
  assert.deepEqual(
    (await letters()).map(({ subject, sequence, tries }) => [subject, sequence, tries]),
    [[payment.id, 1, 10]],
  )
  state.isBad = false
  await inTransaction(db, (tx) =>
    addToStrands(tx, [{ endpointId, tenantId: 1, subject: payment.id, sequences: [1] }], Date.now(), true),
  )
  await receiver.until('once more', (all) => all.filter(({ id }) => id === first).length === waitsMs.length + 2)
  while ((await letters()).length > 0) await new Promise((resolve) => setImmediate(resolve))
})

test('several processes share the work, and each event is told once when nothing fails', async (x) => {
  const receiver = await startReceiver()
  await endpointAt(receiver.url)
  await run(x, { holder: 'one' })
  await run(x, { holder: 'two' })
  const payments = await Promise.all(Array.from({ length: 40 }, () => pay()))
  await Promise.all(payments.map(succeed))
  await receiver.until('all', (all) => all.length >= 80)
  const ids = receiver.received.map(({ id }) => id)
  assert.equal(new Set(ids).size, 80)
  assert.equal(ids.length, 80)
})

test('what was on its way when a process died is due again: at once for its next run, after its time for others', async () => {
  const endpointId = await endpointAt('http://127.0.0.1:1/')
  const payment = await pay()
  const strand = { endpointId, tenantId: 1, subject: payment.id, sequences: [1, 2] }
  await inTransaction(db, (tx) => addToStrands(tx, [strand], 0))
  const wanted = [{ endpointId, room: 5 }]
  const [taken] = await takeDue(db, wanted, 9, 1_000, 60_000, 'dead')
  assert.ok(taken !== undefined)
  assert.deepEqual(await takeDue(db, wanted, 9, 60_999, 60_000, 'other'), [])
  const [over] = await takeDue(db, wanted, 9, 61_000, 60_000, 'other')
  assert.deepEqual([over?.sequences, over?.tries], [[1, 2], 0])
  // The one that was thought dead ends now: it told the first, then failed, and changes nothing that `other` does.
  const settle = (one: Omit<Settled, 'delivery'>) =>
    inTransaction(db, (tx) => settleStrands(tx, [{ delivery: taken, ...one }], 62_000))
  await settle({ told: 1 })
  await settle({ told: 0, next: { kind: 'later', dueAt: 1 } })
  await settle({ told: 2 })
  const [next] = await takeDue(db, wanted, 9, 62_000, 60_000, 'other')
  assert.deepEqual(next?.sequences, [2], 'told is told, whoever told it')
  await endAll()
})

const outcomes: readonly [
  what: string,
  settled: Omit<Settled, 'delivery'>,
  left: readonly [sequences: readonly number[], tries: number, dueAt: number] | undefined,
  letters: readonly [sequence: number, tries: number][],
][] = [
  ['all told', { told: 3 }, undefined, []],
  ['one told, the time over', { told: 1 }, [[2, 3], 0, 5_000], []],
  ['the first failed', { told: 0, next: { kind: 'later', dueAt: 9_000 } }, [[1, 2, 3], 3, 9_000], []],
  ['the first was not tried', { told: 0, next: { kind: 'postponed', dueAt: 9_000 } }, [[1, 2, 3], 2, 9_000], []],
  ['one told, the next failed', { told: 1, next: { kind: 'later', dueAt: 9_000 } }, [[2, 3], 1, 9_000], []],
  ['one told, the next not tried', { told: 1, next: { kind: 'postponed', dueAt: 9_000 } }, [[2, 3], 0, 9_000], []],
  ['the first given up', { told: 0, next: { kind: 'dead' } }, [[2, 3], 0, 5_000], [[1, 3]]],
  ['two told, the last given up', { told: 2, next: { kind: 'dead' } }, undefined, [[3, 1]]],
]
for (const [what, settled, left, letters] of outcomes) {
  test(`what a delivery leaves: ${what}`, async () => {
    const endpointId = await endpointAt('http://127.0.0.1:1/')
    const { id: subject } = await pay()
    const strand = { endpointId, tenantId: 1, subject, sequences: [1, 2, 3] }
    await inTransaction(db, (tx) => addToStrands(tx, [strand], 0))
    await db`update webhook_strand set tries = 2 where payment_id = ${paymentKey(subject)}::uuid`
    const [delivery] = await takeDue(db, [{ endpointId, room: 1 }], 1, 1_000, 60_000, 'one')
    assert.ok(delivery !== undefined)
    await inTransaction(db, (tx) => settleStrands(tx, [{ delivery, ...settled }], 5_000))
    const rows = await db`
      select sequences, tries, due_at, taken_by from webhook_strand where payment_id = ${paymentKey(subject)}::uuid`
    assert.deepEqual(
      rows.map(({ sequences, tries, due_at, taken_by }) => [sequences, tries, due_at, taken_by]),
      left === undefined ? [] : [[...left, null]],
    )
    const dead = await inTransaction(db, (tx) => listDeadLetters(tx, 1, endpointId, 10))
    assert.deepEqual(
      dead.map(({ sequence, tries }) => [sequence, tries]),
      letters,
    )
    await endAll()
  })
}

test('while payments wait for one another telling steps back, and the rest is told when they do not', async (x) => {
  const receiver = await startReceiver()
  await endpointAt(receiver.url)
  const webhooks = createTestWebhooks(db)
  x.after(async () => {
    await webhooks.stop()
    await endAll()
  })
  webhooks.start()
  // Many that move in one commit, again and again, as when as many wait behind it.
  let isCrowded = true
  const crowd = (async () => {
    while (isCrowded) {
      for (let i = 0; i < 256; i += 1) webhooks.poke()
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  })()
  await new Promise((resolve) => setTimeout(resolve, 1_500))
  const before = receiver.received.length
  const payments = await Promise.all(Array.from({ length: 300 }, () => pay()))
  await receiver.until('some of them', (all) => all.length > before)
  const told = receiver.received.length - before
  assert.ok(told < payments.length / 2, `${told} were told at once`)
  isCrowded = false
  await crowd
  await receiver.until('the rest', (all) => all.length === before + payments.length)
})
