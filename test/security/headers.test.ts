import assert from 'node:assert/strict'
import { request } from 'node:http'
import { connect } from 'node:net'
import { after, before, test } from 'node:test'
import type { InjectOptions } from 'fastify'
import { createServer, type Server } from '../../src/http/server.ts'
import { createFakeHub, KEY } from '../support/http.ts'

// What browsers are told, by every route and every kind of failure. The table is written here by hand; there is no other list.

const onEverything: Readonly<Record<string, string>> = {
  'content-security-policy': "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()',
  'cache-control': 'no-store',
  'strict-transport-security': 'max-age=31536000; includeSubDomains',
}
type Headers = Readonly<Record<string, string | string[] | number | undefined>>

/** @param own  what a page says of itself instead */
function checkHeaders(headers: Headers, what: string, own: Readonly<Record<string, RegExp>> = {}): void {
  for (const [name, value] of Object.entries(onEverything)) {
    const said = String(headers[name])
    if (own[name] === undefined) assert.equal(said, value, `${what}: ${name}`)
    else assert.match(said, own[name], `${what}: ${name}`)
  }
  for (const name of Object.keys(headers)) {
    assert.doesNotMatch(name, /^(server|x-powered-by|via|x-aspnet|access-control-)/, `${what}: ${name}`)
  }
}

const hub = createFakeHub()
let server: Server
let port = 0
before(async () => {
  const away = async (): Promise<never> => {
    throw Object.assign(new Error('away'), { code: 'ECONNREFUSED' })
  }
  server = await createServer({ ...hub.deps, asTenant: away })
  port = await server.listen({ host: '127.0.0.1', port: 0 })
})
after(() => server.close())

const authorization = `Bearer ${KEY}`
const everyMethod = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const

// ASVS 3.2.1, 3.4.1, 3.4.4, 3.4.5, 3.4.6, 14.2.2, 14.3.2
test('every method of every path, asked by nobody, by a key and by a page of another origin', async () => {
  const { paths } = (await server.app.inject('/openapi.json')).json() as { paths: Record<string, object> }
  const all = [...Object.keys(paths), '/openapi.json', '/docs', '/nothing', '/v1', '/', '/..%2f..%2fetc/passwd']
  let answers = 0
  for (const path of all) {
    for (const method of everyMethod) {
      for (const headers of [
        {},
        { authorization },
        { origin: 'https://evil.example', 'access-control-request-method': method },
      ]) {
        const url = path.replaceAll(/\{\w+\}/g, 'nothing')
        const answer = await server.app.inject({ method, url, headers })
        checkHeaders(answer.headers, `${method} ${url} ${answer.statusCode}`)
        answers += 1
      }
    }
  }
  assert.ok(answers > 800, `${answers} answers`)
})

// ASVS 3.4.3, 3.4.8
test('the page says more about itself, and runs no script that is not its own', async () => {
  const document = await server.app.inject('/docs/')
  checkHeaders(document.headers, '/docs/', {
    'content-security-policy':
      /^default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'/,
    'cache-control': /^no-cache$/,
  })
  const page = await server.app.inject('/docs/api/')
  const policy = /^default-src 'none'; script-src 'self' 'sha256-[A-Za-z0-9+/]{43}='; style-src/
  checkHeaders(page.headers, '/docs/api/', { 'content-security-policy': policy, 'cache-control': /^no-cache$/ })
  const scripts = /script-src ([^;]+)/.exec(String(page.headers['content-security-policy']))?.[1] ?? ''
  assert.doesNotMatch(scripts, /unsafe|\*|https?:|data:|blob:/)
})

const to = { kind: 'account', ifsc: 'HDFC0000123', account: '50100123456789', name: 'Asha Devi' }
const good = { amount: '100', from: 'acc_100001', to }
const pay = (more: object, payload: string): InjectOptions => ({
  method: 'POST',
  url: '/v1/payments',
  headers: { authorization, 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID(), ...more },
  payload,
})
const failures: readonly (readonly [what: string, ask: InjectOptions, status: number])[] = [
  ['a payment', pay({}, JSON.stringify(good)), 201],
  ['bad JSON', pay({}, '{'), 400],
  ['a field too many', pay({}, JSON.stringify({ ...good, fee: 1 })), 400],
  ['a body too large', pay({}, JSON.stringify({ ...good, remarks: 'x'.repeat(70_000) })), 413],
  ['another media type', pay({ 'content-type': 'text/xml' }, '<x/>'), 415],
  ['no media type that is left', { url: '/v1/payments', headers: { authorization, accept: 'image/png' } }, 406],
  ['an address too long', { url: `/v1/payments/${'x'.repeat(300)}`, headers: { authorization } }, 414],
  ['an address that is none', { url: '/v1/payments/%ff', headers: { authorization } }, 400],
]
for (const [what, ask, status] of failures) {
  test(`${what}: ${status}`, async () => {
    const answer = await server.app.inject(ask)
    assert.equal(answer.statusCode, status, answer.body)
    checkHeaders(answer.headers, what)
  })
}

test('a failure inside, and a database that is away', async () => {
  for (const error of [new Error('inside'), Object.assign(new Error('away'), { code: 'ECONNREFUSED' })]) {
    hub.failWith = error
    const answer = await server.app.inject(pay({}, JSON.stringify(good)))
    hub.failWith = undefined
    assert.ok(answer.statusCode >= 500)
    checkHeaders(answer.headers, error.message)
  }
})

/** Bytes to the real socket, and all that comes back until it is closed. */
const speak = (bytes: string): Promise<string> =>
  new Promise((resolve) => {
    let text = ''
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes, 'latin1'))
    socket.on('data', (part) => {
      text += part.toString('latin1')
    })
    socket.on('error', () => undefined)
    socket.on('close', () => resolve(text))
  })
const parse = (text: string): { status: number; headers: Headers } => {
  const [first = '', ...lines] = (text.split('\r\n\r\n')[0] ?? '').split('\r\n')
  const pairs = lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 2)])
  return { status: Number(first.split(' ')[1]), headers: Object.fromEntries(pairs) }
}

const raw: readonly (readonly [what: string, bytes: string, status: number])[] = [
  ['what is not HTTP', 'nonsense\r\n\r\n', 400],
  ['a TLS hello', '\x16\x03\x01\x02\x00\x01\x00', 400],
  ['headers without an end', `GET / HTTP/1.1\r\nhost: x\r\nbig: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
  ['an expectation', 'GET /healthz HTTP/1.1\r\nhost: x\r\nexpect: coffee\r\n\r\n', 417],
  ['TRACE', 'TRACE /healthz HTTP/1.1\r\nhost: x\r\nx-secret: 1\r\nconnection: close\r\n\r\n', 405],
  ['TRACK', 'TRACK /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n', 400],
  ['PROPFIND', 'PROPFIND /v1/payments HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n', 405],
  ['two Hosts', 'GET /healthz HTTP/1.1\r\nhost: x\r\nHost: y\r\nconnection: close\r\n\r\n', 400],
  ['no Host', 'GET /healthz HTTP/1.1\r\nconnection: close\r\n\r\n', 400],
]
for (const [what, bytes, status] of raw) {
  test(`${what} on the wire: ${status}`, async () => {
    const text = await speak(bytes)
    const answer = parse(text)
    assert.equal(answer.status, status, text)
    checkHeaders(answer.headers, what)
    assert.match(String(answer.headers['content-type']), /^application\/problem\+json/)
    assert.doesNotMatch(text, /x-secret/)
  })
}

test('nobody is connected on to anywhere, and no protocol is changed', async () => {
  const tunnelled = await speak('CONNECT 127.0.0.1:22 HTTP/1.1\r\nhost: 127.0.0.1:22\r\n\r\n')
  assert.doesNotMatch(tunnelled, /^HTTP\/1\.1 2/)
  const upgraded = await speak(
    'GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: upgrade, close\r\nupgrade: h2c\r\nhttp2-settings: AAMAAABkAAQAAP__\r\n\r\n',
  )
  assert.doesNotMatch(upgraded, /^HTTP\/1\.1 101/)
})

test('a stream of events', async () => {
  const paid = await server.app.inject(pay({}, JSON.stringify(good)))
  const stream = await new Promise<{ headers: Headers; destroy: () => void }>((resolve) => {
    const asked = request(
      { port, path: `/v1/payments/${paid.json().id}/events`, headers: { authorization } },
      (answer) => resolve({ headers: answer.headers, destroy: () => asked.destroy() }),
    )
    asked.on('error', () => undefined)
    asked.end()
  })
  checkHeaders(stream.headers, 'events')
  assert.equal(stream.headers['content-type'], 'text/event-stream')
  assert.ok(stream.headers['x-request-id'])
  stream.destroy()
})

test('a hub that is called by http alone asks nobody for https', async () => {
  const plain = await createServer({ ...createFakeHub().deps, origins: () => ['http://127.0.0.1:8080'] })
  const answer = await plain.app.inject('/healthz')
  assert.equal(answer.headers['strict-transport-security'], undefined)
  assert.equal(answer.headers['x-content-type-options'], 'nosniff')
  await plain.close()
})
