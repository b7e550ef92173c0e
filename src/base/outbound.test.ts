import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer as createPlain, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createTls } from 'node:https'
import { createServer as createTcp, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, type TestContext, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { createVirtualClock } from '../../test/support/virtual-clock.ts'
import { loadKeys } from '../keys.ts'
import { makeSandboxKeys } from '../sandbox-keys.ts'
import { createOutbound, OutboundFault, type OutboundOptions } from './outbound.ts'

// What is not called at all is in test/security/ssrf.test.ts.

const place = mkdtempSync(join(tmpdir(), 'turant-outbound-'))
after(() => rmSync(place, { recursive: true, force: true }))
await makeSandboxKeys(place)
const keys = loadKeys(join(place, 'hub')).tls
type Serving = (request: IncomingMessage, response: ServerResponse) => void

/** A server of any kind on this machine, and a client of it; both end with the test. */
async function open(t: TestContext, server: Server, options: OutboundOptions = {}) {
  const sockets = new Set<Socket>()
  let connections = 0
  server.on('connection', (socket: Socket) => {
    connections += 1
    sockets.add(socket)
    socket.on('error', () => undefined)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const client = createOutbound({ loopback: true, ...options })
  t.after(async () => {
    await client.close()
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  const address = server.address()
  assert.ok(address !== null && typeof address === 'object')
  const url = `http://127.0.0.1:${address.port}/`
  return {
    client,
    url,
    connections: () => connections,
    get: () => client.send({ method: 'GET', url }),
  }
}

const fault = (kind: string, left: boolean) => (error: unknown) => {
  assert.ok(error instanceof OutboundFault, String(error))
  assert.deepEqual([error.kind, error.left], [kind, left])
  assert.doesNotMatch(error.message, /127|http/)
  return true
}

test('a request goes and its answer comes back, over connections that are kept', async (t) => {
  const echo: Serving = (request, response) => {
    let body = ''
    request.on('data', (part) => {
      body += part
    })
    request.on('end', () =>
      response.writeHead(201, { 'x-one': ['a', 'b'] }).end(`${request.method} ${request.url} ${body}`),
    )
  }
  const { client, url, connections } = await open(t, createPlain(echo))
  for (let i = 0; i < 5; i += 1) {
    const answer = await client.send({ method: 'POST', url: `${url}x?y=1`, body: `é${i}`, headers: { 'x-a': '1' } })
    assert.deepEqual([answer.status, answer.body], [201, `POST /x?y=1 é${i}`])
    assert.match(answer.headers['x-one'] ?? '', /^a/)
  }
  assert.ok(connections() <= 2)
})

test('a header cannot be split', async (t) => {
  const { client, url } = await open(
    t,
    createPlain((_request, response) => response.end()),
  )
  for (const value of ['a\r\nx: b', 'a\nb', 'a\u0000'])
    await assert.rejects(client.send({ method: 'GET', url, headers: { 'x-a': value } }), OutboundFault)
})

const tooMuch: readonly (readonly [what: string, answer: Serving])[] = [
  [
    'a body that says it is too long',
    (_, response) => response.writeHead(200, { 'content-length': 70_000 }).end('x'.repeat(70_000)),
  ],
  [
    'a body that does not say so',
    (_, response) => {
      response.write('x'.repeat(40_000))
      response.end('x'.repeat(40_000))
    },
  ],
  [
    'a body without an end',
    (_, response) => {
      const more = (): void => {
        while (response.write('x'.repeat(1_000)));
        response.once('drain', more)
      }
      more()
    },
  ],
  [
    'headers without an end',
    (_, response) => {
      for (let i = 0; i < 50; i += 1) response.setHeader(`x-${i}`, 'x'.repeat(1_000))
      response.end()
    },
  ],
]
for (const [what, serving] of tooMuch) {
  test(`${what} is not taken in`, async (t) => {
    const { get } = await open(t, createPlain(serving))
    await assert.rejects(get(), fault('too_long', true))
  })
}

test('64 KB are taken, and what is packed is not unpacked', async (t) => {
  const { get } = await open(
    t,
    createPlain((_, response) => response.end('x'.repeat(65_536))),
  )
  assert.equal((await get()).body.length, 65_536)
  const bomb = gzipSync(Buffer.alloc(10_000_000))
  const packed = await open(
    t,
    createPlain((_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb)),
  )
  assert.ok((await packed.get()).body.length < 65_536)
})

test('all of it has to happen in ten seconds, however little comes and comes', async (t) => {
  const clock = createVirtualClock()
  for (const head of ['', 'HTTP/1.1 200 OK\r\n', 'HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nx']) {
    let came = (): void => undefined
    const here = new Promise<void>((resolve) => {
      came = resolve
    })
    const dribbling = createTcp((socket) => {
      socket.write(head)
      socket.once('data', () => came())
    })
    const { get } = await open(t, dribbling, { clock })
    const asked = get()
    await here
    clock.advance(9_999)
    clock.advance(1)
    await assert.rejects(asked, fault('timeout', true))
  }
})

test('a name that nobody resolves in time is a time-out too', async (t) => {
  const clock = createVirtualClock()
  const client = createOutbound({ clock, resolve: () => new Promise(() => undefined) })
  t.after(() => client.close())
  const asked = client.send({ method: 'GET', url: 'https://slow.example/', timeoutMs: 500 })
  clock.advance(500)
  await assert.rejects(asked, fault('timeout', true))
})

// ASVS 13.2.6
test('one host gets so many connections and so many who wait, and another host none of it', async (t) => {
  const waiting: ServerResponse[] = []
  const slow = await open(
    t,
    createPlain((_, response) => waiting.push(response)),
    { connections: 2, maxWaiting: 5 },
  )
  const asked = Array.from({ length: 5 }, () => slow.get())
  await assert.rejects(slow.get(), fault('busy', false))
  const other = createPlain((_, response) => response.end('other'))
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
  t.after(() => other.close())
  const address = other.address()
  assert.ok(address !== null && typeof address === 'object')
  assert.equal((await slow.client.send({ method: 'GET', url: `http://127.0.0.1:${address.port}/` })).body, 'other')
  for (let done = 0; done < 5; ) {
    const one = waiting.shift()
    if (one === undefined) await new Promise((resolve) => setImmediate(resolve))
    else {
      one.end()
      done += 1
    }
  }
  await Promise.all(asked)
  assert.equal(slow.connections(), 2)
  const again = slow.get()
  while (waiting.length === 0) await new Promise((resolve) => setImmediate(resolve))
  waiting.shift()?.end()
  assert.equal((await again).status, 200)
})

test('a certificate of nobody, or of somebody else, gets no request', async (t) => {
  let requests = 0
  const serving: Serving = (_, response) => {
    requests += 1
    response.end('private')
  }
  const own = await open(t, createTls({ key: keys.key, cert: keys.cert }, serving), {
    ca: [keys.ca],
    networks: ['127.0.0.1/32'],
    resolve: async () => [{ address: '127.0.0.1', family: 4 }],
  })
  const https = own.url.replace('http:', 'https:')
  const stranger = createOutbound({ loopback: true })
  t.after(() => stranger.close())
  await assert.rejects(stranger.send({ method: 'GET', url: https }), fault('unreachable', false))
  const port = new URL(own.url).port
  const elsewhere = createOutbound({
    ca: [keys.ca],
    ports: [Number(port)],
    networks: ['127.0.0.1/32'],
    resolve: async () => [{ address: '127.0.0.1', family: 4 }],
  })
  t.after(() => elsewhere.close())
  await assert.rejects(
    elsewhere.send({ method: 'GET', url: `https://another.example:${port}/` }),
    fault('unreachable', false),
  )
  assert.equal(requests, 0)
  assert.equal((await own.client.send({ method: 'GET', url: https })).body, 'private')
})

test('nobody at home is known not to have got it', async (t) => {
  const { client, url } = await open(t, createTcp())
  const free = createTcp()
  await new Promise<void>((resolve) => free.listen(0, '127.0.0.1', resolve))
  const address = free.address()
  assert.ok(address !== null && typeof address === 'object')
  await new Promise((resolve) => free.close(resolve))
  assert.ok(url)
  await assert.rejects(
    client.send({ method: 'GET', url: `http://127.0.0.1:${address.port}/` }),
    fault('unreachable', false),
  )
})

test('a connection that breaks after the request leaves it open whether it was taken', async (t) => {
  const { get } = await open(
    t,
    createTcp((socket) => socket.once('data', () => socket.destroy())),
  )
  await assert.rejects(get(), fault('unreachable', true))
})
