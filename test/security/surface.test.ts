import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { after, before, test } from 'node:test'
import type { InjectOptions } from 'fastify'
import { createServer, type Server } from '../../src/http/server.ts'
import { createFakeHub, KEY } from '../support/http.ts'

// What can be reached from outside, and by what it cannot be reached: methods, kinds of body, addresses, tricks of HTTP. Numbers in comments
// are those of OWASP ASVS 5.0.

const hub = createFakeHub()
let server: Server
let port = 0
type Schema = { readonly [name: string]: unknown }
type Operation = {
  readonly parameters?: readonly { readonly in: string; readonly name: string; readonly schema: Schema }[]
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> }
  readonly security?: readonly Readonly<Record<string, readonly string[]>>[]
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, object>> }>>
}
let paths: Readonly<Record<string, Readonly<Record<string, Operation>>>> = {}
before(async () => {
  server = await createServer(hub.deps)
  port = await server.listen({ host: '127.0.0.1', port: 0 })
  paths = (await server.app.inject('/openapi.json')).json().paths
})
after(() => server.close())

const authorization = `Bearer ${KEY}`
const pay = {
  amount: '100',
  from: 'acc_1',
  to: { kind: 'account', ifsc: 'HDFC0000123', account: '50100123456789' },
}
const post = (payload: string, headers: Record<string, string>): InjectOptions => ({
  method: 'POST',
  url: '/v1/payments',
  headers: { authorization, 'idempotency-key': crypto.randomUUID(), 'content-type': 'application/json', ...headers },
  payload,
})

/** What comes back for these bytes, until the server closes or five seconds of silence are over. */
const raw = (bytes: string): Promise<string> =>
  new Promise((resolve) => {
    let text = ''
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes, 'latin1'))
    socket.setTimeout(5_000, () => socket.destroy())
    socket.on('data', (part) => {
      text += part
    })
    socket.on('error', () => undefined)
    socket.on('close', () => resolve(text))
  })

const operations = () =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation, name: `${method} ${path}` })),
  )

// ASVS 2.2.1, 1.3.3: every word that comes in has a form and a length, every number a range, every list an end.
test('every field of every request is bounded, and no request may have a field that nobody named', () => {
  const loose: string[] = []
  const visit = (value: unknown, at: string): void => {
    if (typeof value !== 'object' || value === null) return
    const one = value as Schema
    const has = (...names: string[]): boolean => names.some((name) => one[name] !== undefined)
    if (one.type === 'string' && !has('enum', 'const', 'maxLength', 'pattern', 'format')) loose.push(at)
    if ((one.type === 'integer' || one.type === 'number') && !(has('minimum') && has('maximum'))) loose.push(at)
    if (one.type === 'array' && !has('maxItems')) loose.push(at)
    if (one.type === 'object' && one.additionalProperties !== false && !has('anyOf', 'oneOf', 'patternProperties'))
      loose.push(at)
    for (const [name, inner] of Object.entries(one)) visit(inner, `${at}/${name}`)
  }
  let seen = 0
  for (const { name, path, operation } of operations()) {
    // Headers are read where they are used, each with its own test; what goes to the simulator is the simulator's to check.
    for (const { in: place, name: field, schema } of operation.parameters ?? [])
      if (place !== 'header') visit(schema, `${name} ${field}`)
    if (path !== '/sandbox/faults') visit(operation.requestBody?.content, name)
    seen += 1
  }
  assert.ok(seen > 40)
  assert.deepEqual(loose, [])
})

// ASVS 5.1.1, 5.2.1, 5.2.2, 5.3.1, 1.3.1, 1.3.4: no file, no markup, no GraphQL comes in. Whatever takes them first must say how it is safe.
test('no call takes anything but JSON: no file, no form, no archive, no markup', async () => {
  const kinds = new Set(operations().flatMap(({ operation }) => Object.keys(operation.requestBody?.content ?? {})))
  for (const kind of kinds) assert.ok(allowedKinds.has(kind), kind)
  const types = [
    'multipart/form-data; boundary=x',
    'application/zip',
    'application/gzip',
    'application/octet-stream',
    'image/svg+xml',
    'image/png',
    'text/html',
    'text/xml',
    'application/xml',
    'application/graphql',
    'application/x-yaml',
    'text/plain',
    'text/csv',
  ]
  for (const { name, path, method, operation } of operations()) {
    if (method === 'get' || method === 'delete' || operation.requestBody === undefined) continue
    for (const type of types) {
      const answer = await server.app.inject({
        method: method.toUpperCase() as 'POST',
        url: path.replace(/\{\w+\}/g, 'x'),
        headers: { authorization, 'content-type': type, 'idempotency-key': 'k' },
        payload: 'x',
      })
      // What is about whoever is signed in, and what gives people rights, is not for a program: told before a word of its body is read.
      const isPeoples =
        path.startsWith('/v1/people') ||
        (operation.security?.length === 1 &&
          ['session', 'wallet'].some((way) => way in (operation.security?.[0] ?? {})))
      assert.equal(answer.statusCode, isPeoples ? 403 : 415, `${name} takes ${type}: ${answer.body}`)
    }
  }
})
/** The kinds of body that the document has: JSON; a form for tokens, as RFC 6749 wants it. */
const allowedKinds = new Set(['application/json', 'application/x-www-form-urlencoded'])

// ASVS 4.4.1: no WebSocket is there; a request that asks for one is an ordinary request.
test('no connection is turned into a WebSocket', async () => {
  for (const path of ['/', '/v1/payments', '/v1/payments/x/events', '/docs/']) {
    const answer = await raw(
      `GET ${path} HTTP/1.1\r\nhost: x\r\nauthorization: ${authorization}\r\nconnection: upgrade, close\r\nupgrade: websocket\r\n` +
        'sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\nsec-websocket-version: 13\r\n\r\n',
    )
    assert.match(answer, /^HTTP\/1\.1 [24]/, path)
    assert.doesNotMatch(answer, /sec-websocket-accept|^HTTP\/1\.1 101/i, path)
  }
})

// ASVS 13.4.4, 4.1.4
test('TRACE, CONNECT and methods of WebDAV do nothing and echo nothing', async () => {
  for (const method of ['TRACE', 'TRACK', 'PROPFIND', 'SEARCH', 'LOCK', 'MKCOL', 'COPY', 'MOVE', 'DEBUG']) {
    const answer = await raw(
      `${method} /v1/payments HTTP/1.1\r\nhost: x\r\nx-secret: do-not-echo\r\nconnection: close\r\n\r\n`,
    )
    assert.match(answer, /^HTTP\/1\.1 4\d\d /, method)
    assert.doesNotMatch(answer, /do-not-echo/, method)
  }
  assert.doesNotMatch(await raw('CONNECT example.com:443 HTTP/1.1\r\nhost: example.com\r\n\r\n'), /^HTTP\/1\.1 2/)
})

// ASVS 3.5.3
test('a method cannot be changed by a header or a field: what reads stays reading', async () => {
  const asked = hub.asked.length
  for (const name of ['x-http-method-override', 'x-http-method', 'x-method-override'])
    await server.app.inject({
      url: '/v1/payments',
      headers: { authorization, [name]: 'POST', 'idempotency-key': name },
    })
  await server.app.inject({ url: '/v1/payments?_method=POST', headers: { authorization, 'idempotency-key': 'q' } })
  assert.equal(hub.asked.length, asked)
})

// ASVS 4.2.1
const smuggled: readonly (readonly [what: string, bytes: string])[] = [
  [
    'both lengths',
    'POST /v1/payments HTTP/1.1\r\nhost: x\r\ncontent-length: 4\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
  ],
  [
    'two content-lengths',
    'POST /v1/payments HTTP/1.1\r\nhost: x\r\ncontent-length: 4\r\ncontent-length: 5\r\n\r\nabcd',
  ],
  ['a signed length', 'POST /v1/payments HTTP/1.1\r\nhost: x\r\ncontent-length: +4\r\n\r\nabcd'],
  ['a blank before the colon', 'POST /v1/payments HTTP/1.1\r\nhost: x\r\ntransfer-encoding : chunked\r\n\r\n0\r\n\r\n'],
  ['lines that end in LF', 'GET /healthz HTTP/1.1\nhost: x\n\n'],
  ['a folded header', 'GET /healthz HTTP/1.1\r\nhost: x\r\nx: a\r\n b\r\n\r\n'],
  ['a chunk with no length', 'POST /v1/payments HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\nZ\r\n\r\n'],
  ['NUL in a header', 'GET /healthz HTTP/1.1\r\nhost: x\r\nx: a\0b\r\n\r\n'],
  ['no host', 'GET /healthz HTTP/1.1\r\n\r\n'],
  ...[
    ['a coding that is not chunked', 'transfer-encoding: xchunked\r\n\r\n'],
    ['chunked before another coding', 'transfer-encoding: chunked, identity\r\n\r\n0\r\n\r\n'],
    ['chunked twice, in two headers', 'transfer-encoding: chunked\r\ntransfer-encoding: cow\r\n\r\n0\r\n\r\n'],
    ['chunked behind a control character', 'transfer-encoding: \x0bchunked\r\n\r\n0\r\n\r\n'],
    ['a length in hexadecimal', 'content-length: 0x4\r\n\r\nabcd'],
    ['two lengths in one header', 'content-length: 4, 5\r\n\r\nabcd'],
    ['a negative length', 'content-length: -1\r\n\r\n'],
    ['a length beyond all numbers', `content-length: ${'9'.repeat(30)}\r\n\r\n`],
    ['a chunk length in another form', 'transfer-encoding: chunked\r\n\r\n0x1\r\na\r\n0\r\n\r\n'],
    ['a negative chunk', 'transfer-encoding: chunked\r\n\r\n-1\r\na\r\n0\r\n\r\n'],
    ['a chunk length beyond all numbers', `transfer-encoding: chunked\r\n\r\n${'f'.repeat(30)}\r\na\r\n0\r\n\r\n`],
    ['chunks that end in LF', 'transfer-encoding: chunked\r\n\r\n1\na\n0\n\n'],
    ['a chunk longer than it says', 'transfer-encoding: chunked\r\n\r\n1\r\nab\r\n0\r\n\r\n'],
    [
      'an extension of a chunk without an end',
      `transfer-encoding: chunked\r\n\r\n1;${'a'.repeat(20_000)}\r\na\r\n0\r\n\r\n`,
    ],
    ['a CR alone in a header', 'x: a\rb: c\r\ncontent-length: 0\r\n\r\n'],
    ['a header without a name', ': a\r\ncontent-length: 0\r\n\r\n'],
    ['a first header that begins with a blank', ' content-length: 4\r\n\r\nabcd'],
  ].map(([what = '', rest]): readonly [string, string] => [what, `POST /healthz HTTP/1.1\r\nhost: x\r\n${rest}`]),
]
for (const [what, bytes] of smuggled) {
  test(`a request whose end two programs could see differently is refused and the connection closed: ${what}`, async () => {
    const second = 'GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n'
    const answer = await raw(bytes + second)
    assert.match(answer, /^HTTP\/1\.1 4\d\d /)
    assert.doesNotMatch(answer, /HTTP\/1\.1 200/, 'what came behind it was answered')
  })
}

// ASVS 1.1.1
test('an address is decoded once: what was encoded twice stays a text', async () => {
  const answer = await server.app.inject({ url: '/v1/payments/pay_%252e%252e', headers: { authorization } })
  assert.equal(answer.statusCode, 400)
  for (const url of [
    '/v1/%2e%2e/healthz',
    '/v1/../healthz',
    '/v1/..%2fhealthz',
    '/docs/..%5c..%5cpackage.json',
    '/docs/../package.json',
  ]) {
    const text = await raw(
      `GET ${url} HTTP/1.1\r\nhost: x\r\nauthorization: ${authorization}\r\nconnection: close\r\n\r\n`,
    )
    assert.match(text, /^HTTP\/1\.1 40[04] /, url)
  }
  const twice = await server.app.inject(post(JSON.stringify({ ...pay, remarks: 'a\\u0041b' }), {}))
  assert.equal(twice.json().remarks, 'a\\u0041b')
})

// ASVS 1.2.3, 1.2.1: JSON is written by its serializer, whatever the text.
test('text with the signs of JSON, HTML and JavaScript comes back as it was, inside its string', async () => {
  for (const remarks of [
    '"},{"status":"succeeded',
    '</script><script>alert(1)</script>',
    "';alert(1);//",
    '\\"\\',
    '{{7*7}}#{7*7}<%=7*7%>',
  ]) {
    const answer = await server.app.inject(post(JSON.stringify({ ...pay, remarks }), {}))
    assert.equal(answer.statusCode, 201, answer.body)
    assert.equal(answer.json().remarks, remarks)
    assert.notEqual(answer.json().status, '"},{"status":"succeeded')
    assert.match(String(answer.headers['content-type']), /^application\/json/)
  }
})

// ASVS 4.1.1
test('every answer with a body says what it is, text with its character set', async () => {
  const answers: readonly (readonly [InjectOptions | string, RegExp])[] = [
    ['/healthz', /^application\/json/],
    ['/readyz', /^application\/json/],
    ['/metrics', /^text\/plain;.*charset=utf-8/],
    ['/docs/', /^text\/html; charset=utf-8/],
    ['/openapi.json', /^application\/json/],
    ['/nothing', /^application\/problem\+json/],
    [{ url: '/v1/payments', headers: { authorization } }, /^application\/json/],
    [post('{', {}), /^application\/problem\+json/],
  ]
  for (const [request, type] of answers)
    assert.match(String((await server.app.inject(request)).headers['content-type']), type, JSON.stringify(request))
})

// ASVS 13.4.1, 13.4.3
test('nothing of the disk is served: no repository, no source, no settings, no listing', async () => {
  const names = [
    '/.git/HEAD',
    '/.git/config',
    '/.svn/entries',
    '/.env',
    '/package.json',
    '/src/main.ts',
    '/.turant/sandbox.json',
    '/kek.json',
    '/docs/js/',
    '/static/',
    '/console/.git/config',
    '/',
  ]
  for (const url of names) {
    const answer = await server.app.inject({ url, headers: { authorization } })
    assert.ok([404, 301, 302].includes(answer.statusCode), `${url} ${answer.statusCode}`)
    assert.doesNotMatch(answer.body, /Index of|ref: refs|"dependencies"|apiKey/, url)
  }
})

// ASVS 13.4.6
test('no answer says what the hub is built with', async () => {
  const broken = post('{', {})
  for (const request of ['/healthz', '/metrics', '/nothing', broken, { url: '/v1/payments' }]) {
    const { headers, body } = await server.app.inject(request)
    for (const name of ['server', 'x-powered-by', 'via', 'x-aspnet-version'])
      assert.equal(headers[name], undefined, name)
    if (request !== '/metrics') assert.doesNotMatch(body, /fastify|node\/|v26|postgres/i)
  }
})

// ASVS 14.2.1: a key or a code in an address ends in logs of everything on its way.
test('no secret is taken from an address, and none has a place in one', async () => {
  for (const name of ['access_token', 'api_key', 'apiKey', 'key', 'token', 'authorization'])
    for (const query of [`${name}=${KEY}`, `${name}=Bearer%20${KEY}`])
      assert.equal((await server.app.inject(`/v1/payments?${query}`)).statusCode, 401, query)
  for (const { name, operation } of operations()) {
    for (const { in: place, name: field } of operation.parameters ?? [])
      if (place !== 'header')
        assert.doesNotMatch(field, /secret|password|token|^pin$|otp|passphrase/i, `${name} ${field}`)
  }
})

// ASVS 4.1.3, 15.3.4: who calls is the address of the connection; what a caller writes about itself is not believed.
test('no header of a proxy changes who is asking', async () => {
  const forged = [
    'x-forwarded-for',
    'x-real-ip',
    'forwarded',
    'x-client-ip',
    'x-user-id',
    'x-tenant-id',
    'x-forwarded-user',
    'x-forwarded-host',
  ]
  const seen: string[] = []
  const inner = createFakeHub()
  const watched = await createServer({
    ...inner.deps,
    clients: {
      ...inner.deps.clients,
      identify: (...asked) => {
        seen.push(String(asked[1]))
        return inner.deps.clients.identify(...asked)
      },
    },
  })
  for (const name of forged) {
    const value = name === 'forwarded' ? 'for=203.0.113.9;host=evil.example' : '203.0.113.9'
    const { statusCode } = await watched.app.inject({ url: '/v1/banks', headers: { authorization, [name]: value } })
    assert.equal(statusCode, 200)
    assert.equal((await watched.app.inject({ url: '/v1/payments', headers: { [name]: value } })).statusCode, 401)
  }
  await watched.close()
  assert.ok(seen.length >= forged.length && seen.every((ip) => ip === '127.0.0.1'), seen.join())
})

// ASVS 4.1.2, 3.7.2: no redirect to another host, and none from HTTP to HTTPS.
test('the only redirect leads to the page of the document, on the same host', async () => {
  for (const { path } of operations()) {
    const { statusCode } = await server.app.inject(path.replace(/\{\w+\}/g, 'x'))
    assert.ok(statusCode < 300 || statusCode >= 400, path)
  }
  for (const host of ['evil.example', 'hub.example'])
    for (const url of ['/docs', '//evil.example/docs', '/docs?next=https://evil.example']) {
      const { headers } = await server.app.inject({ url, headers: { host, 'x-forwarded-proto': 'http' } })
      assert.ok(headers.location === undefined || headers.location === '/docs/', String(headers.location))
    }
})

// ASVS 3.5.6, 3.5.7, 3.4.2
test('no JSONP, no data in a script, and no other origin is let in', async () => {
  for (const name of ['callback', 'jsonp', 'cb']) {
    const answer = await server.app.inject({ url: `/v1/payments?${name}=x`, headers: { authorization } })
    assert.equal(answer.statusCode, 400)
    assert.doesNotMatch(answer.body, /^x\(/)
  }
  for (const { operation, name } of operations())
    for (const { content } of Object.values(operation.responses))
      for (const type of Object.keys(content ?? {})) assert.doesNotMatch(type, /javascript|ecmascript/, name)
  const headers = { authorization, origin: 'https://evil.example', 'access-control-request-method': 'POST' }
  for (const request of [
    { method: 'OPTIONS' as const, url: '/v1/payments', headers },
    { url: '/v1/payments', headers },
    post(JSON.stringify(pay), { origin: 'https://evil.example' }),
  ]) {
    const answer = await server.app.inject(request)
    for (const name of Object.keys(answer.headers)) assert.doesNotMatch(name, /^access-control-/)
  }
})

// ASVS 3.5.2: what a page of another origin can send without being asked about it is no request that the hub takes.
test('a request that a foreign page could send without a preflight does nothing', async () => {
  const asked = hub.asked.length
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', ''])
    assert.notEqual((await server.app.inject(post(JSON.stringify(pay), { 'content-type': type }))).statusCode, 201)
  assert.equal(hub.asked.length, asked)
})

// ASVS 15.3.1: an answer has the fields that its schema names and no others; the schemas are closed.
test('every answer of the document is of closed objects: nothing of a row comes out by accident', () => {
  const loose: string[] = []
  const visit = (value: unknown, at: string): void => {
    if (typeof value !== 'object' || value === null) return
    const one = value as Schema
    // Whom a question was about, a change and a look-up inside an approval: their own schemas close them where they come from.
    const elsewhere = /properties\/(to|change\/anyOf\/0|nameEnquiry\/anyOf\/0)$/.test(at)
    if (one.type === 'object' && one.properties !== undefined && one.additionalProperties !== false && !elsewhere)
      loose.push(at)
    for (const [name, inner] of Object.entries(one)) visit(inner, `${at}/${name}`)
  }
  for (const { name, path, operation } of operations())
    if (!path.startsWith('/sandbox/')) visit(operation.responses, name)
  assert.deepEqual(loose, [])
})

// ASVS 15.2.3: what only a sandbox has is not there elsewhere.
test('without a simulated switch and simulated phones no call of the sandbox is there, and the document has none', async (t) => {
  const { simulator: _, messageBox: __, ...production } = createFakeHub().deps
  const bare = await createServer({ ...production, sandbox: false })
  t.after(() => bare.close())
  const document = (await bare.app.inject('/openapi.json')).json()
  const sandboxOnly = Object.keys(paths).filter((path) => path.startsWith('/sandbox/'))
  assert.ok(sandboxOnly.length >= 2)
  for (const path of sandboxOnly) {
    assert.ok(document.paths[path] === undefined, path)
    const { statusCode } = await bare.app.inject({ method: 'POST', url: path, headers: { authorization }, payload: {} })
    assert.equal(statusCode, 404, path)
  }
})

// ASVS 3.7.1
test('no page asks a browser for a plug-in or for anything that browsers have given up', async () => {
  const { body } = await server.app.inject('/docs/')
  assert.doesNotMatch(
    body,
    /<(object|embed|applet|frameset|bgsound|marquee)\b|application\/x-shockwave|document\.domain/i,
  )
})

// ASVS 4.3.1, 4.3.2
test('there is no GraphQL to ask about itself', async () => {
  const query = JSON.stringify({ query: '{ __schema { types { name } } }' })
  for (const url of ['/graphql', '/v1/graphql', '/graphiql', '/api/graphql'])
    for (const type of ['application/json', 'application/graphql'])
      assert.equal((await server.app.inject({ ...post(query, { 'content-type': type }), url })).statusCode, 404, url)
})

// ASVS 10.4.1, 10.4.2, 10.4.3, 10.4.5, 10.4.6, 10.4.7, 10.4.8, 10.4.13
test('no authorization code, no redirect, no refresh token and no registration: there is nowhere to ask for one', async () => {
  const named = Object.keys(paths).filter((path) =>
    /authori[sz]e$|register|callback|par$|device|userinfo|refresh/.test(path),
  )
  assert.deepEqual(named, [])
  for (const url of [
    '/oauth2/authorize',
    '/oauth/authorize',
    '/authorize',
    '/oauth2/register',
    '/oauth/register',
    '/oauth2/par',
    '/oauth2/device',
  ])
    for (const method of ['GET', 'POST'] as const)
      assert.equal(
        (await server.app.inject({ method, url, query: { redirect_uri: 'https://evil.example' } })).statusCode,
        404,
        url,
      )
  for (const url of ['/.well-known/oauth-authorization-server', '/.well-known/openid-configuration']) {
    const answer = await server.app.inject(url)
    if (answer.statusCode !== 200) continue
    const said = answer.json()
    assert.deepEqual(said.grant_types_supported, ['client_credentials'])
    for (const name of ['authorization_endpoint', 'registration_endpoint', 'device_authorization_endpoint'])
      assert.equal(said[name], undefined, name)
  }
})

// ASVS 6.4.2
test('nobody is asked for the name of a pet: no hints and no questions', () => {
  // `hints` of a passkey tell the browser what kind of key to look for.
  const form = /"(?:(?:password|login|pin)?hint|(?:secret|security)(?:Question|Answer)|maidenName|pet)s?":/gi
  const found = [...JSON.stringify(paths).matchAll(form)].map((one) => one[0]).filter((one) => one !== '"hints":')
  assert.deepEqual(found, [])
})
