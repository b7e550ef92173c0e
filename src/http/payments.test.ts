import assert from 'node:assert/strict'
import { once } from 'node:events'
import { request as httpRequest } from 'node:http'
import { after, before, test } from 'node:test'
import { createFakeHub, KEY } from '../../test/support/http.ts'
import type { PaymentId } from '../base/identifiers.ts'
import { createServer, type Server } from './server.ts'

const hub = createFakeHub()
let server: Server
let port = 0
before(async () => {
  server = await createServer(hub.deps)
  port = await server.listen({ host: '127.0.0.1', port: 0 })
})
after(() => server.close())

const to = { kind: 'account', ifsc: 'HDFC0000123', account: '50100123456789', name: 'Asha Devi' }
const body = { amount: '150000', from: 'acc_100001', to }
let keys = 0

async function pay(payload: object = body, headers: Record<string, string> = {}) {
  keys += 1
  return server.app.inject({
    method: 'POST',
    url: '/v1/payments',
    headers: {
      authorization: `Bearer ${KEY}`,
      'content-type': 'application/json',
      'idempotency-key': `key-${keys}`,
      ...headers,
    },
    payload: JSON.stringify(payload),
  })
}

const get = (url: string, headers: Record<string, string> = {}) =>
  server.app.inject({ url, headers: { authorization: `Bearer ${KEY}`, ...headers } })
const post = (url: string) => server.app.inject({ method: 'POST', url, headers: { authorization: `Bearer ${KEY}` } })

/** The next payment that the hub accepts. */
const nextPayment = async (): Promise<PaymentId> => {
  const before = hub.payments.size
  while (hub.payments.size === before) await new Promise((resolve) => setImmediate(resolve))
  return [...hub.payments.keys()].at(-1) as PaymentId
}

test('a payment is accepted with what it was asked for, and found again', async () => {
  const answer = await pay({ ...body, remarks: 'rent', reference: 'INV-1', channel: 'mobile' })
  assert.equal(answer.statusCode, 201)
  const payment = answer.json()
  assert.equal(answer.headers.location, `/v1/payments/${payment.id}`)
  assert.equal(payment.amount, '150000')
  assert.equal(payment.status, 'processing')
  assert.equal(payment.state, 'sent')
  assert.deepEqual(payment.to, { ...to, registeredName: null })
  assert.deepEqual([payment.remarks, payment.reference, payment.channel], ['rent', 'INV-1', 'mobile'])
  assert.deepEqual(payment.timeline, [{ at: payment.createdAt, state: 'sent' }])
  assert.ok(payment.resolvesBy > payment.createdAt)
  assert.deepEqual((await get(`/v1/payments/${payment.id}`)).json(), payment)
  assert.deepEqual((await get('/v1/payments?limit=1')).json().data, [payment])
})

test('the same key and body give the same payment again, however the JSON is written; another body is refused', async () => {
  const headers = { 'idempotency-key': 'same' }
  const first = await pay(body, headers)
  const again = await pay(
    { to: { ...to }, from: body.from, amount: body.amount, channel: 'internet' },
    { 'idempotency-key': '"same"' },
  )
  assert.equal(first.headers['idempotency-replayed'], undefined)
  assert.equal(again.headers['idempotency-replayed'], 'true')
  assert.equal(again.statusCode, 201)
  assert.equal(again.json().id, first.json().id)
  for (const other of [
    { ...body, amount: '150001' },
    { ...body, remarks: 'x' },
    { ...body, to: { ...to, name: 'Asha' } },
  ]) {
    const refused = await pay(other, headers)
    assert.equal(refused.statusCode, 422)
    assert.equal(refused.json().code, 'key_reused')
  }
})

test('Prefer: wait holds the answer until the payment is final', async () => {
  const accepted = nextPayment()
  const waiting = pay(body, { prefer: 'respond-async, wait=10' })
  const id = await accepted
  hub.move(id, { state: 'unconfirmed', reason: 'no_answer' })
  hub.move(id, { state: 'succeeded', responseCode: '00', registeredName: 'ASHA DEVI' })
  const answer = await waiting
  assert.equal(answer.headers['preference-applied'], 'wait=10')
  const payment = answer.json()
  assert.equal(payment.status, 'succeeded')
  assert.equal(payment.to.registeredName, 'ASHA DEVI')
  assert.deepEqual(
    payment.timeline.map((step: { state: string }) => step.state),
    ['sent', 'unconfirmed', 'succeeded'],
  )
  assert.equal(payment.timeline[2].responseCode, '00')
  assert.equal(hub.feed.following(), 0)
})

test('deemed ends a wait, and says by when it is settled', async () => {
  const accepted = nextPayment()
  const waiting = pay(body, { prefer: 'wait=10' })
  hub.move(await accepted, { state: 'deemed', responseCode: '91' })
  const payment = (await waiting).json()
  assert.equal(payment.status, 'deemed')
  assert.match(payment.resolvesBy, /T12:00:00\.000Z$/) // 17:30 in India
  assert.equal(payment.reason.raw, '91')
})

test('a wait that makes no sense is no wait', async () => {
  for (const prefer of ['wait=', 'wait=-1', 'wait=soon', 'return=minimal', 'wait=0']) {
    assert.equal((await pay(body, { prefer })).json().state, 'sent')
  }
})

test('a client that has gone is not waited for', async () => {
  const accepted = nextPayment()
  const request = httpRequest({
    port,
    method: 'POST',
    path: '/v1/payments',
    headers: {
      authorization: `Bearer ${KEY}`,
      'content-type': 'application/json',
      'idempotency-key': 'gone',
      prefer: 'wait=30',
    },
  })
  request.on('error', () => undefined)
  request.end(JSON.stringify(body))
  await accepted
  while (hub.feed.following() === 0) await new Promise((resolve) => setImmediate(resolve))
  request.destroy()
  while (hub.feed.following() > 0) await new Promise((resolve) => setImmediate(resolve))
})

/** Reads an event stream to its end. */
async function readEvents(id: string, headers: Record<string, string> = {}) {
  const request = httpRequest({
    port,
    path: `/v1/payments/${id}/events`,
    headers: { authorization: `Bearer ${KEY}`, ...headers },
  })
  request.end()
  const [response] = await once(request, 'response')
  let text = ''
  for await (const part of response) text += part
  const events = text
    .split('\n\n')
    .filter((part) => part.startsWith('id: '))
    .map((part) => ({ id: /^id: (.*)$/m.exec(part)?.[1], payment: JSON.parse(/^data: (.*)$/m.exec(part)?.[1] ?? '') }))
  return {
    status: response.statusCode,
    type: response.headers['content-type'],
    requestId: response.headers['x-request-id'],
    events,
  }
}

test('events follow a payment until it is final, step by step, and go on after the last one seen', async () => {
  const id = (await pay()).json().id as PaymentId
  const stream = readEvents(id)
  while (hub.feed.following() === 0) await new Promise((resolve) => setImmediate(resolve))
  hub.move(id, { state: 'unconfirmed', reason: 'no_answer' })
  hub.move(id, { state: 'declined', responseCode: 'M0' })
  const { type, requestId, events } = await stream
  assert.equal(type, 'text/event-stream')
  assert.ok(requestId)
  assert.deepEqual(
    events.map((event) => [event.id, event.payment.state, event.payment.status, event.payment.timeline.length]),
    [
      ['1', 'sent', 'processing', 1],
      ['2', 'unconfirmed', 'processing', 2],
      ['3', 'declined', 'failed', 3],
    ],
  )
  const rest = await readEvents(id, { 'last-event-id': '2' })
  assert.deepEqual(rest.events, events.slice(2))
  assert.equal((await readEvents(id, { 'last-event-id': '3' })).status, 204)
})

test('only a held payment is cancelled', async () => {
  const id = (await pay()).json().id as PaymentId
  const refused = await post(`/v1/payments/${id}/cancel`)
  assert.equal(refused.statusCode, 409)
  assert.equal(refused.json().code, 'not_cancellable')
  hub.move(id, { state: 'held' })
  const cancelled = await post(`/v1/payments/${id}/cancel`)
  assert.equal(cancelled.statusCode, 200)
  assert.equal(cancelled.json().status, 'cancelled')
})

test('the switch is asked about a payment that is open, and about no other', async () => {
  const id = (await pay()).json().id as PaymentId
  hub.move(id, { state: 'unconfirmed', reason: 'no_answer' })
  const asked = await post(`/v1/payments/${id}/verify`)
  assert.equal(asked.statusCode, 202)
  assert.equal(asked.json().reason.retryable, false)
  hub.move(id, { state: 'succeeded', responseCode: '00' })
  const known = await post(`/v1/payments/${id}/verify`)
  assert.equal(known.statusCode, 409)
  assert.equal(known.json().code, 'nothing_to_verify')
})

test('readiness tells the truth about the database and the links', async () => {
  assert.equal((await get('/readyz')).statusCode, 200)
  const { links } = hub
  hub.links = links.map((link) => ({ ...link, state: 'connecting', usable: false }))
  const noLink = await get('/readyz')
  assert.equal(noLink.statusCode, 503)
  assert.equal(noLink.json().links[0].state, 'connecting')
  hub.links = links
  hub.failWith = new Error('gone')
  const noDatabase = await get('/readyz')
  assert.equal(noDatabase.statusCode, 503)
  assert.equal(noDatabase.json().database.reachable, false)
  assert.equal((await get('/healthz')).statusCode, 200)
  hub.failWith = undefined
})

test('metrics count outcomes in the words of NPCI, by bank, and say when a link is down', async () => {
  const { metrics } = hub.deps
  const id = (await pay()).json().id as PaymentId
  const tell = (to: Parameters<typeof hub.move>[1]) => {
    const { id: paymentId, version: sequence, state, responseCode, reason, updatedAt: at, ...rest } = hub.move(id, to)
    metrics.moved(
      { ...rest, id: paymentId, version: sequence, state, responseCode, reason, updatedAt: at },
      { paymentId, sequence, state, responseCode, reason, at },
    )
  }
  tell({ state: 'unconfirmed', reason: 'no_answer' })
  tell({ state: 'deemed', responseCode: '91' })
  tell({ state: 'succeeded', responseCode: '00' })
  tell({ state: 'declined', responseCode: 'M1' })
  tell({ state: 'declined', responseCode: '92' })
  const text = (await get('/metrics')).body
  for (const outcome of ['approved', 'deemed', 'business_decline', 'technical_decline']) {
    assert.match(text, new RegExp(`turant_payments_total\\{direction="outward",outcome="${outcome}",bank="HDFC"\\} 1`))
  }
  assert.match(text, /turant_unconfirmed_total 1/)
  assert.match(text, /turant_link_up\{link="npci-remitter",role="remitter"\} 1/)
  assert.match(text, /turant_link_events_total\{link="npci-xml",event="bad_signatures"\} 3/)
  assert.match(text, /turant_certificate_days_left\{use="signing",subject="hub signing"\} 59/)
  assert.match(text, /turant_payment_duration_seconds_bucket\{le="\+Inf"\} 4/)
})

test('the simulator is told what the sandbox is told, and its refusal comes back', async () => {
  const answer = await server.app.inject({
    method: 'POST',
    url: '/sandbox/inward',
    headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
    payload: '{"amount":"5000","to":{"ifsc":"TRNT0000001","account":"70010000100000"}}',
  })
  assert.equal(answer.statusCode, 202)
  assert.equal(hub.simulated[0]?.path, '/inward')
  hub.simulator = {
    status: 400,
    body: { detail: 'no such dial', errors: [{ field: 'x', message: 'is not known here' }] },
  }
  const refused = await server.app.inject({
    method: 'POST',
    url: '/sandbox/faults',
    headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
    payload: '{"x":1}',
  })
  assert.equal(refused.statusCode, 400)
  assert.equal(refused.json().errors[0].field, 'x')
})
