import assert from 'node:assert/strict'
import { createPublicKey, verify } from 'node:crypto'
import { after, test } from 'node:test'
import { Webhook } from 'standardwebhooks'
import { askUntil } from '../../test/support/ask-until.ts'
import { openTestDatabase } from '../../test/support/database.ts'
import { createTestRoom, requestFrom } from '../../test/support/payment-room.ts'
import { keyOf, startRealServer } from '../../test/support/real-server.ts'
import { answerWith, createTestWebhooks, startReceiver } from '../../test/support/webhooks.ts'
import type { AccountId } from '../base/identifiers.ts'
import { initiate } from '../payment/initiate.ts'
import { record } from '../payment/record.ts'
import type { StoredPayment } from '../payment/stored.ts'

// Goal: what a program does with webhooks over HTTP, against the real outbox, a real receiver, and the library that others verify with.

const { db, url } = await openTestDatabase()
await db`insert into tenant (tenant_id, kind, name) values (2, 'business', 'Other')`
const t = await createTestRoom(url)
const webhooks = createTestWebhooks(db)
const { server, call } = await startRealServer(
  db,
  t.room,
  [
    { tenantId: 1, name: 'program' },
    { tenantId: 2, name: 'program' },
    { tenantId: 1, name: 'teller', rights: ['payments:read', 'webhooks:write'] },
    { tenantId: 1, name: 'looker', rights: ['payments:read'] },
  ],
  { webhooks },
)
webhooks.start()
after(async () => {
  await webhooks.stop()
  await server.close()
  await t.close()
})
const program = keyOf(1, 'program')
const stranger = keyOf(2, 'program')
const looker = keyOf(1, 'looker')

async function pay(from: AccountId): Promise<StoredPayment> {
  const result = await initiate(t.room, requestFrom(from))
  if (result.kind !== 'accepted') throw new Error(result.reason)
  return result.payment
}
async function succeed(payment: StoredPayment): Promise<void> {
  const recorded = await record(t.room, payment, { kind: 'approved', responseCode: '00', registeredName: 'ASHA DEVI' })
  assert.equal(recorded.kind, 'moved')
}
const eventsOf = (payment: StoredPayment, count: number) =>
  askUntil(
    async () => (await call('get', `/v1/events?payment=${payment.id}`, program)).body.data,
    (events) => events.length >= count,
  )
const make = (body: object, key = program) => call('post', '/v1/webhook-endpoints', key, body)
const end = (id: string) => call('delete', `/v1/webhook-endpoints/${id}`, program)

test('an endpoint is made, told of a payment from beginning to end, and verifies what it is told', async () => {
  const receiver = await startReceiver()
  const account = await t.open()
  const made = await make({ url: receiver.url })
  assert.equal(made.status, 201, JSON.stringify(made.body))
  assert.match(made.body.secret, /^whsec_[A-Za-z0-9+/]{43}=$/)
  const shown = (await call('get', `/v1/webhook-endpoints/${made.body.id}`, program)).body
  assert.deepEqual({ ...shown, secret: made.body.secret }, made.body, 'the secret is shown once')

  const payment = await pay(account.id)
  await succeed(payment)
  await receiver.until('two events', (all) => all.length === 2)
  const webhook = new Webhook(made.body.secret)
  const [first, second] = receiver.received.map(({ body, headers }) => webhook.verify(body, headers))
  const events = await eventsOf(payment, 2)
  assert.deepEqual(
    events.map(({ type }: { type: string }) => type),
    ['payment.processing', 'payment.succeeded'],
  )
  for (const [i, told] of [first, second].entries()) {
    const { id, ...message } = events[i]
    assert.equal(receiver.received[i]?.id, id)
    assert.deepEqual(told, { ...message, data: JSON.parse(receiver.received[i]?.body ?? '').data })
    assert.deepEqual((await call('get', `/v1/events/${id}`, program)).body, events[i])
  }
  const { data } = JSON.parse(receiver.received[1]?.body ?? '')
  assert.deepEqual([data.id, data.status, data.amount], [payment.id, 'succeeded', '10000'])
  assert.equal(data.to.account, 'XXXXXXXXXX6789', 'what is told is masked')
  assert.doesNotMatch(receiver.received[1]?.body ?? '', /50100123456789|ASHA/)

  const read = async () => (await call('get', `/v1/webhook-endpoints/${made.body.id}/attempts`, program)).body.data
  let attempts = await read()
  while (attempts.length < 2) attempts = await read() // written down after the answer
  assert.deepEqual(
    attempts.map((one: { status: number; event: string }) => [one.status, one.event]),
    [
      [204, events[1].id],
      [204, events[0].id],
    ],
  )
  await end(made.body.id)
})

test('v1a is verified with the public key that the endpoint shows, beside v1', async () => {
  const receiver = await startReceiver()
  const made = (await make({ url: receiver.url, signatures: ['v1', 'v1a'] })).body
  const tried = await call('post', `/v1/webhook-endpoints/${made.id}/test`, program)
  assert.deepEqual([tried.status, tried.body.status], [200, 204], JSON.stringify(tried.body))
  const [one] = receiver.received
  assert.ok(one !== undefined)
  assert.equal(JSON.parse(one.body).type, 'webhook.test')
  new Webhook(made.secret).verify(one.body, one.headers)
  const [v1 = '', v1a = ''] = (one.headers['webhook-signature'] ?? '').split(' ').toSorted()
  assert.match(v1, /^v1,/)
  assert.match(v1a, /^v1a,/)
  const raw = Buffer.from(made.publicKeys[0].slice('whpk_'.length), 'base64')
  const key = createPublicKey({
    key: Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), raw]),
    format: 'der',
    type: 'spki',
  })
  const content = `${one.id}.${one.headers['webhook-timestamp']}.${one.body}`
  assert.ok(verify(null, Buffer.from(content), key, Buffer.from(v1a.slice(4), 'base64')))
  await end(made.id)
})

test('a secret is changed without a gap, and the old one ends with its overlap', async () => {
  const receiver = await startReceiver()
  const made = (await make({ url: receiver.url })).body
  const rotated = (await call('post', `/v1/webhook-endpoints/${made.id}/rotate-secret`, program, {})).body
  assert.notEqual(rotated.secret, made.secret)
  const tell = async () => {
    await call('post', `/v1/webhook-endpoints/${made.id}/test`, program)
    const one = receiver.received.at(-1)
    if (one === undefined) throw new Error('nothing came')
    return one
  }
  const both = await tell()
  for (const { secret } of [made, rotated]) new Webhook(secret).verify(both.body, both.headers)
  const last = (await call('post', `/v1/webhook-endpoints/${made.id}/rotate-secret`, program, { overlapHours: 0 })).body
  const one = await tell()
  new Webhook(last.secret).verify(one.body, one.headers)
  assert.throws(() => new Webhook(rotated.secret).verify(one.body, one.headers))
  await end(made.id)
})

test('an endpoint is told the types that it asked for, and nothing while it is disabled', async () => {
  const receiver = await startReceiver()
  const account = await t.open()
  const made = (await make({ url: receiver.url, events: ['payment.succeeded'] })).body
  const payment = await pay(account.id)
  await succeed(payment)
  await receiver.until('the one type', (all) => all.length > 0)
  const disabled = await call('patch', `/v1/webhook-endpoints/${made.id}`, program, { enabled: false, events: null })
  assert.deepEqual([disabled.body.enabled, disabled.body.disabledReason, disabled.body.events], [false, 'asked', null])
  const quiet = await pay(account.id)
  const enabled = await call('patch', `/v1/webhook-endpoints/${made.id}`, program, { enabled: true })
  assert.deepEqual([enabled.body.enabled, enabled.body.disabledReason], [true, null])
  await succeed(quiet)
  await receiver.until('what came after', (all) => all.length > 1)
  assert.deepEqual(
    receiver.received.map(({ body }) => JSON.parse(body)).map(({ type, data }) => [type, data.id]),
    [
      ['payment.succeeded', payment.id],
      ['payment.succeeded', quiet.id],
    ],
  )
  await end(made.id)
})

test('of a payment it is told who was told, who has yet to be, and what was answered, to who may read it', async () => {
  const [taking, refusing] = [await startReceiver(), await startReceiver()]
  refusing.behave = answerWith(503, {}, 'come back later')
  const taken = (await make({ url: taking.url })).body
  const refused = (await make({ url: refusing.url })).body
  const account = await t.open()
  const [payment, other] = [await pay(account.id), await pay(account.id)]
  const read = async (id: string, key = program, query = '') =>
    await call('get', `/v1/payments/${id}/deliveries${query}`, key)
  const settledOf = async (id: string) => {
    for (;;) {
      const { body } = await read(id)
      if (body.data.length >= 2 && body.pending[0]?.tries > 0) return body
    }
  }
  await settledOf(other.id)
  const found = await settledOf(payment.id)
  const event = `evt_${payment.id.slice(4)}0001`
  const of = (endpoint: string) => found.data.filter((one: { endpoint: string }) => one.endpoint === endpoint)
  assert.deepEqual(
    of(taken.id).map((one: { event: string; host: string; status: number }) => [one.event, one.host, one.status]),
    [[event, `127.0.0.1:${taking.port}`, 204]],
  )
  assert.deepEqual([of(refused.id)[0].status, of(refused.id)[0].body], [503, 'come back later'])
  const [waiting, ...more] = found.pending
  assert.deepEqual([waiting.endpoint, waiting.events, more], [refused.id, [event], []])
  assert.ok(Date.parse(waiting.nextTryAt) > 0)
  assert.deepEqual(found.givenUp, [])

  await call('patch', `/v1/webhook-endpoints/${refused.id}`, program, { enabled: false })
  assert.equal((await read(payment.id)).body.pending[0].nextTryAt, null, 'a disabled endpoint is told nothing')
  await db`
    insert into webhook_dead_letter (endpoint_id, payment_id, sequence, tenant_id, tries, given_up_at)
    values (${refused.id.slice(4)}::uuid, ${payment.id.slice(4)}::uuid, 1, 1, 25, clock_timestamp())`
  const given = (await read(payment.id)).body.givenUp
  assert.deepEqual([given[0].endpoint, given[0].event, given[0].tries], [refused.id, event, 25])

  const first = (await read(payment.id, program, '?limit=1')).body
  const second = (await read(payment.id, program, `?limit=1&cursor=${first.nextCursor}`)).body
  assert.deepEqual([first.hasMore, first.data[0].id !== second.data[0].id], [true, true])
  const answers = (await read(payment.id, looker)).body.data.map(({ body }: { body: string | null }) => body)
  assert.deepEqual(new Set(answers), new Set([null]), 'what receivers answer is for who may read webhooks')
  assert.equal((await read(payment.id, stranger)).status, 404)
  const bad = await read(payment.id, program, '?cursor=nonsense')
  assert.deepEqual([bad.status, bad.body.code, bad.body.errors[0].field], [400, 'invalid_cursor', 'cursor'])
  await Promise.all([end(taken.id), end(refused.id)])
})

test('an event is told again with the same id, also one that was never asked for', async () => {
  const receiver = await startReceiver()
  const account = await t.open()
  const payment = await pay(account.id)
  const made = (await make({ url: receiver.url })).body
  const [event] = await eventsOf(payment, 1)
  for (let round = 1; round <= 2; round += 1) {
    const again = await call('post', `/v1/events/${event.id}/redeliver`, program, { endpoint: made.id })
    assert.deepEqual([again.status, again.body], [202, { event: event.id, endpoints: [made.id] }])
    await receiver.until('told again', (all) => all.length === round)
  }
  assert.deepEqual(
    receiver.received.map(({ id }) => id),
    [event.id, event.id],
  )
  await end(made.id)
})

test('410 disables an endpoint; nothing else does', async () => {
  const receiver = await startReceiver()
  receiver.behave = answerWith(410)
  const account = await t.open()
  const made = (await make({ url: receiver.url })).body
  await pay(account.id)
  await receiver.until('one try', (all) => all.length === 1)
  const read = () => call('get', `/v1/webhook-endpoints/${made.id}`, program)
  while ((await read()).body.enabled) await new Promise((resolve) => setImmediate(resolve))
  assert.equal((await read()).body.disabledReason, 'gone')
  const acts = await db`select 1 from act where action = 'webhook_endpoint.gone' and subject = ${made.id}`
  assert.equal(acts.length, 1)
  receiver.behave = answerWith(204)
  await call('patch', `/v1/webhook-endpoints/${made.id}`, program, { enabled: true })
  await receiver.until('what had waited', (all) => all.length === 2)
  await end(made.id)
})

test('addresses that the hub does not call are refused, with the field', async () => {
  for (const [address, reason] of [
    ['http://example.com/', 'not_https'],
    ['https://user@example.com/', 'userinfo'],
    ['https://10.0.0.1/', 'address'],
    ['https://169.254.169.254/latest/meta-data', 'address'],
    ['https://example.com:22/', 'port'],
  ]) {
    const refused = await make({ url: address })
    assert.deepEqual([refused.status, refused.body.code, refused.body.errors[0].field], [400, 'invalid_request', 'url'])
    assert.match(refused.body.detail, new RegExp(`${reason}$`))
  }
})

test("another tenant sees neither endpoints nor events, and is not told of somebody else's payments", async () => {
  const receiver = await startReceiver()
  const mine = (await make({ url: receiver.url })).body
  const account = await t.open()
  const payment = await pay(account.id)
  await receiver.until('mine', (all) => all.length === 1)
  const [event] = await eventsOf(payment, 1)
  assert.deepEqual((await call('get', '/v1/webhook-endpoints', stranger)).body.data, [])
  assert.deepEqual((await call('get', '/v1/events', stranger)).body, { data: [], hasMore: false, nextCursor: null })
  for (const [method, path] of [
    ['get', `/v1/webhook-endpoints/${mine.id}`],
    ['patch', `/v1/webhook-endpoints/${mine.id}`],
    ['delete', `/v1/webhook-endpoints/${mine.id}`],
    ['post', `/v1/webhook-endpoints/${mine.id}/test`],
    ['get', `/v1/webhook-endpoints/${mine.id}/attempts`],
    ['get', `/v1/events/${event.id}`],
    ['post', `/v1/events/${event.id}/redeliver`],
  ] as const) {
    const answer = await call(method, path, stranger, method === 'patch' ? { enabled: false } : undefined)
    assert.equal(answer.status, 404, `${method} ${path}`)
  }
  await end(mine.id)
})

test('who polls sees every event once, in order, and goes on from where it was', async () => {
  const account = await t.open()
  let cursor: string | null = null
  const poll = async (): Promise<string[]> => {
    const ids: string[] = []
    for (;;) {
      const path = `/v1/events?limit=3${cursor === null ? '' : `&cursor=${cursor}`}`
      const { body } = await call('get', path, program)
      ids.push(...body.data.map((event: { id: string }) => event.id))
      cursor = body.nextCursor
      if (!body.hasMore) return ids
    }
  }
  const seen = await poll()
  const payments = await Promise.all([1, 2, 3, 4].map(() => pay(account.id)))
  await Promise.all(payments.map(succeed))
  const ofOne = (id: string) => seen.filter((event) => event.startsWith(`evt_${id.slice(4)}`))
  await askUntil(poll, (ids) => {
    seen.push(...ids)
    return payments.every(({ id }) => ofOne(id).length >= 2)
  })
  assert.equal(new Set(seen).size, seen.length)
  for (const { id } of payments) {
    assert.deepEqual(ofOne(id), ofOne(id).toSorted())
    assert.equal(ofOne(id).length, 2)
  }
  assert.deepEqual(await poll(), [])
})

test('a dispute is told like a payment, is among the events of its payment, and is shown to whoever may see settlement', async () => {
  const receiver = await startReceiver()
  const account = await t.open()
  const payment = await pay(account.id)
  await succeed(payment)
  const made = (await make({ url: receiver.url, events: ['dispute.opened', 'break.opened'] })).body
  await db`
    insert into dispute (dispute_id, tenant_id, payment_id, lane, direction, institution, rrn, remitter_bank, family, state, amount,
      transaction_on, flag, reason_code, stepped_on, rules, opened_by, opened_at, updated_at)
    values (gen_random_uuid(), 1, ${payment.id.slice(4)}::uuid, 0, 'outward', 'TRN', '632701000001', '0000', 'chargeback', 'raised', 150000,
      '2026-11-27', 'CB', '101', '2026-11-27', '0123456789abcdef', 'npci', now(), now())`
  await receiver.until('the dispute', (all) => all.length === 1)
  const told = new Webhook(made.secret).verify(receiver.received[0]?.body ?? '', receiver.received[0]?.headers ?? {})
  const events = await eventsOf(payment, 3)
  assert.deepEqual(
    events.map(({ type }: { type: string }) => type),
    ['payment.processing', 'payment.succeeded', 'dispute.opened'],
  )
  const { id, ...event } = events[2]
  assert.deepEqual(told, event)
  assert.deepEqual([event.data.payment, event.data.amount, event.data.reason], [payment.id, '150000', 'CB 101'])
  assert.deepEqual((await call('get', `/v1/events/${id}`, program)).body, events[2])
  assert.equal((await call('post', `/v1/events/${id}/redeliver`, program, {})).status, 202)
  await receiver.until('told again', (all) => all.length === 2)

  const teller = keyOf(1, 'teller')
  const seen = (await call('get', `/v1/events?payment=${payment.id}`, teller)).body.data
  assert.deepEqual(
    seen.map(({ type }: { type: string }) => type),
    ['payment.processing', 'payment.succeeded'],
  )
  assert.equal((await call('get', `/v1/events/${id}`, teller)).status, 404)
  assert.equal((await call('post', `/v1/events/${id}/redeliver`, teller, {})).status, 404)
  await end(made.id)
})
