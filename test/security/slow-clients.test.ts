import assert from 'node:assert/strict'
import { connect, type Socket } from 'node:net'
import { type TestContext, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { createServer, type Front } from '../../src/http/server.ts'
import { createFakeHub, KEY } from '../support/http.ts'

// Callers that take their time, on purpose. Each of them is cut off, or costs no more than a buffer; and while they are at it a payment
// goes through as ever. The limits are short here, and Node's own timers keep them: its clock is not ours.

const authorization = `authorization: Bearer ${KEY}\r\n`
const body =
  '{"amount":"100","from":"acc_100001","to":{"kind":"account","ifsc":"HDFC0000123","account":"50100123456789"}}'

async function open(t: TestContext, front: Partial<Front> = {}) {
  const hub = createFakeHub()
  const server = await createServer({ ...hub.deps, front: { headersMs: 700, requestMs: 1_000, ...front } })
  const port = await server.listen({ host: '127.0.0.1', port: 0 })
  const sockets = new Set<Socket>()
  t.after(async () => {
    for (const socket of sockets) socket.destroy()
    await server.close()
  })
  /** A connection, all that came over it, and when it was closed by the other side. */
  const dial = () => {
    const socket = connect(port, '127.0.0.1')
    sockets.add(socket)
    socket.on('error', () => undefined)
    let text = ''
    socket.on('data', (part) => {
      text += part.toString('latin1')
    })
    const closed = new Promise<string>((resolve) => socket.once('close', () => resolve(text)))
    return { socket, closed, text: () => text }
  }
  /** A byte every so often, for as long as it is taken. */
  const dribble = (bytes: string, everyMs: number) => {
    const one = dial()
    const go = async (): Promise<void> => {
      for (const byte of bytes) {
        if (!one.socket.writable) return
        one.socket.write(byte, 'latin1')
        await wait(everyMs)
      }
    }
    void go()
    return one
  }
  const pay = async (): Promise<void> => {
    const answer = await fetch(`http://127.0.0.1:${port}/v1/payments`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${KEY}`,
        'content-type': 'application/json',
        'idempotency-key': crypto.randomUUID(),
      },
      body,
      signal: AbortSignal.timeout(2_000),
    })
    assert.equal(answer.status, 201)
    await answer.text()
  }
  return { hub, server, port, dial, dribble, pay }
}

const head = `POST /v1/payments HTTP/1.1\r\nhost: x\r\n${authorization}content-type: application/json\r\nidempotency-key: slow\r\n`
const slow: readonly (readonly [what: string, bytes: string, answer: RegExp])[] = [
  ['headers that never end', `${head}x-slow: ${'a'.repeat(10_000)}`, /^HTTP\/1\.1 408 [\s\S]*"code":"request_timeout"/],
  ['a request line that never ends', `GET /${'a'.repeat(10_000)}`, /^HTTP\/1\.1 408 /],
  ['nothing at all', '', /^(HTTP\/1\.1 408 |$)/],
]
for (const [what, bytes, answer] of slow) {
  test(`${what}, byte by byte, is cut off`, async (t) => {
    const { dribble, pay } = await open(t)
    const clients = Array.from({ length: 30 }, () => dribble(bytes, 25))
    await pay()
    for (const { closed } of clients) assert.match(await closed, answer)
    await pay()
  })
}

test('a body that comes byte by byte is cut off, and nothing was paid', async (t) => {
  const { hub, dribble, dial, pay } = await open(t)
  const dribbling = Array.from({ length: 10 }, () => {
    const one = dial()
    one.socket.write(`${head}content-length: ${body.length}\r\n\r\n`)
    void (async () => {
      for (const byte of body) {
        if (!one.socket.writable) return
        one.socket.write(byte)
        await wait(50)
      }
    })()
    return one
  })
  const chunked = dribble(`${head}transfer-encoding: chunked\r\n\r\n${'1\r\nx\r\n'.repeat(200)}`, 15)
  const stalled = dial()
  stalled.socket.write(`${head}content-length: 60000\r\n\r\n{"amount":`)
  await pay()
  const before = hub.asked.length
  for (const { closed } of [...dribbling, chunked, stalled]) assert.match(await closed, /^(HTTP\/1\.1 4|$)/)
  assert.equal(hub.asked.length, before)
  await pay()
})

test('connections beyond the limit are closed at once; those that are there go on', async (t) => {
  const { dial, port } = await open(t, { connections: 50, headersMs: 10_000, requestMs: 10_000 })
  const first = dial()
  first.socket.write('GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n')
  while (!first.text().includes('200 OK')) await wait(5)
  const idle = Array.from({ length: 49 }, dial)
  await Promise.all(idle.map(({ socket }) => new Promise((resolve) => socket.once('connect', resolve))))
  const beyond = Array.from({ length: 20 }, dial)
  for (const { closed } of beyond) assert.equal(await closed, '')
  first.socket.write('GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n')
  while (first.text().split('200 OK').length < 3) await wait(5)
  for (const { socket } of idle.slice(0, 5)) socket.destroy()
  for (let tried = 0; ; tried += 1) {
    const answer = await fetch(`http://127.0.0.1:${port}/healthz`).catch(() => undefined)
    if (answer?.status === 200) break
    assert.ok(tried < 100)
    await wait(10)
  }
})

test('a caller that does not read its answers gets no more of them: what waits for it is bounded', async (t) => {
  const { server, dial, pay } = await open(t)
  for (let i = 0; i < 100; i += 1) await pay()
  const reader = dial()
  reader.socket.pause()
  const list = `GET /v1/payments?limit=100 HTTP/1.1\r\nhost: x\r\n${authorization}\r\n`
  let answered = 0
  server.app.server.on('request', () => {
    answered += 1
  })
  let asked = 0
  for (let i = 0; i < 200; i += 1) {
    reader.socket.write(list.repeat(10))
    asked += 10
    await wait(1)
  }
  await wait(300)
  // The server stops reading from a connection whose answers pile up: of 2,000 lists of about 60 KB it made a small part.
  assert.ok(answered < asked / 2, `${answered} of ${asked} were answered`)
  const waiting = process.memoryUsage().arrayBuffers
  assert.ok(waiting < 200_000_000, `${waiting} bytes`)
  await pay()
})

test('a caller that neither reads nor writes is let go', async (t) => {
  const { server, dial, pay } = await open(t, { silentMs: 500 })
  for (let i = 0; i < 100; i += 1) await pay()
  const reader = dial()
  reader.socket.pause()
  const gone = new Promise((resolve) =>
    server.app.server.once('request', ({ socket }) => socket.once('close', resolve)),
  )
  reader.socket.write(`GET /v1/payments?limit=100 HTTP/1.1\r\nhost: x\r\n${authorization}\r\n`.repeat(200))
  await gone
  await pay()
})

test('a stream that nobody reads is ended before it fills the memory', async (t) => {
  const { hub, server, dial, pay } = await open(t)
  await pay()
  const [payment] = hub.payments.values()
  assert.ok(payment)
  const reader = dial()
  reader.socket.pause()
  let ended = false
  server.app.server.once('request', (_request, response) =>
    response.once('close', () => {
      ended = true
    }),
  )
  reader.socket.write(`GET /v1/payments/${payment.id}/events HTTP/1.1\r\nhost: x\r\n${authorization}\r\n`)
  let moves = 0
  for (; !ended && moves < 60_000; moves += 1) {
    hub.move(payment.id, { reason: null })
    if (moves % 20 === 0) await new Promise((resolve) => setImmediate(resolve))
  }
  assert.ok(ended, `${moves} steps were written to nobody`)
  await pay()
})

test('a tenant has so many streams, and others have theirs', async (t) => {
  const { hub, dial, pay } = await open(t, { streamsPerTenant: 3 })
  await pay()
  const [payment] = hub.payments.values()
  const ask = `GET /v1/payments/${payment?.id}/events HTTP/1.1\r\nhost: x\r\n${authorization}\r\n`
  const follow = async (status: string): Promise<Socket> => {
    const one = dial()
    one.socket.write(ask)
    while (!one.text().includes('\r\n\r\n')) await wait(5)
    assert.match(one.text(), new RegExp(`^HTTP/1.1 ${status} `))
    return one.socket
  }
  const [first] = [await follow('200'), await follow('200'), await follow('200')]
  await follow('429')
  first?.destroy()
  await wait(50)
  await follow('200')
})

test('a stream behind another answer on one connection is refused: it would have no end', async (t) => {
  const { hub, dial, pay } = await open(t)
  await pay()
  const [payment] = hub.payments.values()
  const ask = `GET /v1/payments/${payment?.id}/events HTTP/1.1\r\nhost: x\r\n${authorization}\r\n`
  const one = dial()
  one.socket.write(ask + ask)
  while (!one.text().includes('200 OK')) await wait(5)
  hub.move(payment?.id ?? assert.fail(), { state: 'succeeded' })
  while (!one.text().includes('503 ')) await wait(5)
})
