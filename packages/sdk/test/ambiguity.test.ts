import assert from 'node:assert/strict'
import { createServer as createTlsServer } from 'node:https'
import { createServer as createTcpServer } from 'node:net'
import { after, before, test } from 'node:test'
import { createServer, type Server } from '../../../src/http/server.ts'
import { makeAuthority } from '../../../test/support/certificates.ts'
import { createFakeHub, KEY } from '../../../test/support/http.ts'
import { ConnectionError, Turant } from '../src/index.ts'
import { type Cut, startCuttingProxy, uncut } from './cutting-proxy.ts'
import { refusedAddress } from './refused.ts'

// Goal: `ambiguous` is right every time. Method: the hub's own server behind a proxy that cuts the connection at each byte of the request and
// of the answer; what the hub did is compared with what the SDK said. Beside it the ways in which nothing can have left.

const hub = createFakeHub()
let server: Server
let proxy: Awaited<ReturnType<typeof startCuttingProxy>>
let turant: Turant
const to = { kind: 'account', ifsc: 'HDFC0000123', account: '50100123456789' } as const
const payment = { amount: '150000', from: 'acc_1', to, reference: 'INV-42' }
const once = { maxRetries: 0 }

before(async () => {
  server = await createServer(hub.deps)
  proxy = await startCuttingProxy(await server.listen({ host: '127.0.0.1', port: 0 }))
  turant = new Turant({ baseUrl: `http://127.0.0.1:${proxy.port}`, apiKey: KEY })
})
after(async () => {
  proxy.close()
  await server.close()
})

const failure = async (call: Promise<unknown>): Promise<ConnectionError> => {
  try {
    await call
  } catch (error) {
    assert.ok(error instanceof ConnectionError, String(error))
    return error
  }
  return assert.fail('it did not throw')
}

/** One payment over a connection that is cut, and the same again over one that is not. Gives the bytes that the hub and the SDK sent at first. */
async function payCut(cut: Cut, key: string): Promise<{ readonly request: number; readonly answer: number }> {
  const made = hub.payments.size
  proxy.next(cut)
  const error = await failure(turant.payments.create(payment, { ...once, idempotencyKey: key }))
  const sent = proxy.seen()
  assert.deepEqual(
    [error.code, error.ambiguous, error.idempotencyKey],
    ['connection_lost', true, key],
    JSON.stringify(cut),
  )
  proxy.next(uncut)
  const { id } = await turant.payments.create(payment, { ...once, idempotencyKey: key })
  assert.ok(id.startsWith('pay_'))
  assert.equal(hub.payments.size, made + 1, `one payment: ${JSON.stringify(cut)}`)
  return sent
}

for (const how of ['reset', 'end'] as const) {
  test(`cut at each byte of the request (${how}), a payment may have been made, and is made once`, async () => {
    const key = (at: number | string) => `${how}-request-${String(at).padStart(6, '0')}`
    proxy.next(uncut)
    await turant.payments.create(payment, { idempotencyKey: key('whole') })
    const whole = proxy.seen().request
    assert.ok(whole > 300)
    for (let at = 0; at <= whole; at += 1) await payCut({ ...uncut, request: at, how }, key(at))
  })

  test(`cut at each byte of the answer (${how}), up to its last but one, it may have been made, and is made once`, async () => {
    let at = 0
    while (at + 1 < (await payCut({ ...uncut, answer: at, how }, `${how}-answer-${at}`)).answer) at += 1
    assert.ok(at > 1_000)
  })
}

test('cut and asked again in one call, with the key that the SDK made, it is made once', async () => {
  for (const cut of [{ request: 200 }, { request: 400 }, { answer: 0 }, { answer: 500 }, { answer: 1_200 }]) {
    const made = hub.payments.size
    let tries = 0
    proxy.next({ ...uncut, ...cut })
    const again = new Turant({
      baseUrl: `http://127.0.0.1:${proxy.port}`,
      apiKey: KEY,
      fetch: (...call) => {
        tries += 1
        if (tries > 1) proxy.next(uncut)
        return fetch(...call)
      },
    })
    await again.payments.create(payment)
    assert.deepEqual([tries, hub.payments.size], [2, made + 1])
  }
})

test('where nothing can have left, it is not ambiguous: refused, no such host, a stranger’s certificate', async (t) => {
  const { key, cert } = await (await makeAuthority('a stranger')).issue('127.0.0.1')
  let asked = 0
  const stranger = createTlsServer({ key, cert }, () => {
    asked += 1
  })
  await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve))
  t.after(() => stranger.close())
  const refused = await refusedAddress()
  const nowhere = [
    refused,
    refused.replace('127.0.0.1', 'localhost'),
    'http://no-such-host.invalid',
    `https://127.0.0.1:${Object(stranger.address()).port}`,
  ]
  for (const baseUrl of nowhere) {
    const error = await failure(new Turant({ baseUrl, apiKey: KEY }).payments.create(payment, once))
    assert.deepEqual([error.code, error.ambiguous], ['connection_failed', false], `${baseUrl}: ${error.message}`)
  }
  assert.equal(asked, 0)
})

test('what is not sent again by itself is sent again when nothing has left', async () => {
  const refused = await refusedAddress()
  const error = await failure(
    new Turant({ baseUrl: refused, apiKey: KEY }).clients.create({ name: 'shop', rights: [] }),
  )
  assert.deepEqual([error.attempts, error.ambiguous], [3, false])
})

test('nothing reached at the second try says nothing of the first', async () => {
  const refused = await refusedAddress()
  let tries = 0
  const lucky = new Turant({
    baseUrl: `http://127.0.0.1:${proxy.port}`,
    apiKey: KEY,
    fetch: (url, how) => {
      tries += 1
      if (tries === 1) proxy.next({ ...uncut, answer: 10 })
      return fetch(tries === 1 ? url : `${refused}/v1/payments`, how)
    },
  })
  const error = await failure(lucky.payments.create(payment, { maxRetries: 1 }))
  assert.deepEqual([error.code, error.ambiguous, error.attempts], ['connection_failed', true, 2])
})

test('left before it began, it is not ambiguous; left or out of time after that, it is', async (t) => {
  const silent = createTcpServer(() => undefined)
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
  t.after(() => silent.close())
  const waiting = new Turant({
    baseUrl: `http://127.0.0.1:${Object(silent.address()).port}`,
    apiKey: KEY,
    maxRetries: 0,
  })
  const gone = await failure(waiting.payments.create(payment, { signal: AbortSignal.abort('enough') }))
  assert.deepEqual([gone.code, gone.ambiguous, gone.cause], ['aborted', false, 'enough'])
  const late = await failure(waiting.payments.create(payment, { timeoutMs: 50 }))
  assert.deepEqual([late.code, late.ambiguous], ['timeout', true])
  const leaver = new AbortController()
  const left = failure(waiting.payments.create(payment, { signal: leaver.signal }))
  silent.once('connection', () => leaver.abort('changed my mind'))
  const { code, ambiguous, cause } = await left
  assert.deepEqual([code, ambiguous, cause], ['aborted', true, 'changed my mind'])
})

test('a browser gives no cause, so there it is always ambiguous', async () => {
  const page = new Turant({
    baseUrl: 'http://hub.example',
    fetch: async () => assert.fail(new TypeError('Failed to fetch')),
  })
  const error = await failure(page.payments.create(payment, once))
  assert.deepEqual([error.code, error.ambiguous], ['connection_lost', true])
})
