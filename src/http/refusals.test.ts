import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createFakeHub, KEY } from '../../test/support/http.ts'
import { readableLog } from '../../test/support/logs.ts'
import { systemClock } from '../base/clock.ts'
import { createServer } from './server.ts'

async function openServer() {
  const { log, lines } = readableLog()
  let monotonicMs = 5_000
  const clock = { ...systemClock, monotonicMs: () => monotonicMs }
  const server = await createServer({ ...createFakeHub().deps, clock, log })
  return {
    server,
    lines,
    pass: (ms: number): void => {
      monotonicMs += ms
    },
  }
}
const authorization = `Bearer ${KEY}`

// ASVS 16.3.2, 16.3.3, 16.2.1
test('who was refused, where, when and why is a line of the log; what they sent is not', async (t) => {
  const { server, lines } = await openServer()
  t.after(() => server.close())
  await server.app.inject({ url: '/v1/payments', headers: { authorization: 'Bearer trnt_live_guessed' } })
  await server.app.inject({ url: '/v1/payments?limit=0&q=Asha%20Devi', headers: { authorization } })
  await server.app.inject({
    method: 'POST',
    url: '/v1/payments',
    headers: { authorization, 'content-type': 'application/json', 'idempotency-key': 'k', 'x-request-id': 'mine-1' },
    payload: '{"amount":"1","amount":"2","name":"Asha Devi"}',
  })
  await server.app.inject({ url: `/v1/payments/pay_${'0'.repeat(32)}`, headers: { authorization } }) // not there: no attempt
  assert.deepEqual(
    lines.map(({ message, fields }) => [
      message,
      ...['code', 'method', 'route', 'tenant'].map((name) => Object(fields)[name]),
    ]),
    [
      ['a request was refused', 'unauthorized', 'GET', '/v1/payments', undefined],
      ['a request was not valid', 'invalid_request', 'GET', '/v1/payments', 1],
      ['a request was not valid', 'duplicate_field', 'POST', '/v1/payments', 1],
    ],
  )
  for (const { fields } of lines) {
    assert.equal(Object(fields).address, '127.0.0.1')
    assert.match(String(Object(fields).requestId), /^(req_|mine-1)/)
  }
  assert.doesNotMatch(JSON.stringify(lines), /Asha|guessed|limit=/)
})

// ASVS 16.4.1
test('a caller cannot write lines of its own into the log', async (t) => {
  const { server, lines } = await openServer()
  t.after(() => server.close())
  const forged = 'x\n{"level":50,"msg":"all is well"}'
  await server.app.inject({ url: `/v1/payments?${encodeURIComponent(forged)}=1`, headers: { authorization } })
  await server.app.inject({ url: '/v1/payments', headers: { 'x-request-id': 'a b', authorization: forged } })
  assert.equal(lines.length, 2)
  for (const line of lines) assert.doesNotMatch(JSON.stringify(line), /all is well|\\n/)
})

// ASVS 16.3.4, 16.5.4
test('what nobody expected is an error in the log, with its request and its place and without its message', async (t) => {
  const { log, lines } = readableLog()
  const hub = createFakeHub()
  const server = await createServer({ ...hub.deps, log })
  t.after(() => server.close())
  hub.failWith = new Error('account 50100123456789 of Asha Devi')
  const to = { kind: 'account', ifsc: 'HDFC0000123', account: '50100123456789' }
  const { statusCode } = await server.app.inject({
    method: 'POST',
    url: '/v1/payments',
    headers: { authorization, 'content-type': 'application/json', 'idempotency-key': 'k' },
    payload: JSON.stringify({ amount: '100', from: 'acc_1', to }),
  })
  assert.equal(statusCode, 500)
  assert.equal(lines.length, 1)
  assert.equal(lines[0]?.message, 'a request failed')
  assert.match(JSON.stringify(lines), /"route":"\/v1\/payments".*refusals\.test\.ts/)
  assert.doesNotMatch(JSON.stringify(lines), /Asha|50100123456789/)
})

test('a flood is twenty lines a second and a number', async (t) => {
  const { server, lines, pass } = await openServer()
  t.after(() => server.close())
  for (let i = 0; i < 50; i += 1) await server.app.inject({ url: '/v1/payments' })
  assert.equal(lines.length, 20)
  pass(1_000)
  await server.app.inject({ url: '/v1/payments' })
  assert.deepEqual(
    lines.slice(20).map(({ message, fields }) => [message, Object(fields).refused]),
    [
      ['more requests were refused than are told one by one', 30],
      ['a request was refused', undefined],
    ],
  )
})
