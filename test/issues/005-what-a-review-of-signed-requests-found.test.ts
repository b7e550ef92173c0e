import assert from 'node:assert/strict'
import { createHash, generateKeyPairSync, sign } from 'node:crypto'
import { once } from 'node:events'
import { connect } from 'node:net'
import { after, test } from 'node:test'
import { readSignature, signatureBase } from '../../src/identity/signature.ts'
import { openTestDatabase } from '../support/database.ts'
import { startTokenHub } from '../support/token-hub.ts'

// Signed requests as an attacker sees them, over a real socket: what is between the signature and what the hub does.
// Found and mended: an absolute address as request target, and a component that cannot be decoded, were internal errors; a second
// Authorization or Idempotency-Key was dropped or joined in silence; who had stolen no more than a live key that may register keys could
// register a signing key of their own; outside the sandbox a test key moved money unsigned; an Ed25519 key of small order was taken,
// under which anybody's signature is right; a client could have any number of signing keys.

const { db } = await openTestDatabase()
const t = await startTokenHub(db)
const production = await startTokenHub(db, { sandbox: false })
after(() => Promise.all([t.server.close(), production.server.close()]))
const port = await t.server.listen({ host: '127.0.0.1', port: 0 })

const ed = generateKeyPairSync('ed25519')
const publicKey = ed.publicKey.export({ format: 'der', type: 'spki' }).toString('base64')
const body = JSON.stringify({
  amount: '150000',
  from: 'acc_1',
  to: { kind: 'account', ifsc: 'HDFC0000123', account: '50100123456789' },
})

async function liveClient(rights: readonly string[] = ['payments:create', 'payments:read'], live = true) {
  const client = await t.call('POST', '/v1/clients', { body: { name: 'shop', live, rights }, headers: t.admin })
  const { id } = client.body
  const made = await t.call('POST', `/v1/clients/${id}/keys`, { body: {}, headers: t.admin })
  const signing = await t.call('POST', `/v1/clients/${id}/signing-keys`, {
    body: { algorithm: 'ed25519', publicKey },
    headers: t.admin,
  })
  return { id: id as string, key: made.body.key as string, keyid: signing.body.id as string }
}
const { key, keyid } = await liveClient()

let requests = 0
type Lines = readonly (readonly [name: string, value: string])[]
type Change = {
  method?: string
  /** As it stands in the request line. */
  target?: string
  targetUri?: string
  body?: string
  /** Instead of the usual ones under the signature. */
  components?: string
  params?: string
  /** After signing. */
  lines?: (right: Lines) => Lines
  /** Before signing. */
  headers?: Lines
}

/** A right request, signed, changed in one thing, as bytes. */
function requestOf(change: Change = {}): string {
  requests += 1
  const { method = 'POST', target = '/v1/payments' } = change
  const text = change.body ?? body
  const headers: Lines = change.headers ?? [
    ['host', 'hub.example'],
    ['authorization', `Bearer ${key}`],
    ['content-type', 'application/json'],
    ['idempotency-key', `request-${requests}`],
    ['content-digest', `sha-256=:${createHash('sha256').update(text).digest('base64')}:`],
  ]
  const seconds = Math.floor(t.clock.now() / 1000)
  const components =
    change.components ?? '"@method" "@target-uri" "content-digest" "content-type" "idempotency-key" "authorization"'
  const params =
    change.params ??
    `;created=${seconds};expires=${seconds + 60};nonce="nonce-${String(requests).padStart(16, '0')}";keyid="${keyid}"`
  const input = `sig=(${components})${params}`
  const message = {
    method,
    targetUri: change.targetUri ?? `https://hub.example${target}`,
    headers: { ...Object.fromEntries(headers), 'signature-input': input, signature: 'sig=:AAAA:' },
  }
  let signature: string
  try {
    signature = sign(
      null,
      Buffer.from(signatureBase(message, readSignature(message).components)),
      ed.privateKey,
    ).toString('base64')
  } catch {
    signature = Buffer.alloc(64).toString('base64') // what cannot be signed is sent all the same
  }
  const right: Lines = [...headers, ['signature-input', input], ['signature', `sig=:${signature}:`]]
  const lines = change.lines?.(right) ?? right
  const length =
    ['GET', 'HEAD'].includes(method) && change.body === undefined
      ? ''
      : `content-length: ${Buffer.byteLength(text)}\r\n`
  const sent = length === '' ? '' : text
  return `${method} ${target} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}${length}connection: close\r\n\r\n${sent}`
}

async function send(bytes: string): Promise<{ status: number; text: string }> {
  const socket = connect(port, '127.0.0.1')
  let text = ''
  socket.setEncoding('utf8')
  socket.on('data', (part: string) => {
    text += part
  })
  socket.on('error', () => undefined)
  socket.write(bytes)
  await once(socket, 'close')
  return { status: Number(text.slice(9, 12)), text }
}
const set =
  (name: string, value: string | undefined) =>
  (right: Lines): Lines =>
    right.flatMap(([one, old]) =>
      one !== name ? [[one, old] as const] : value === undefined ? [] : [[one, value] as const],
    )
const add =
  (...more: Lines) =>
  (right: Lines): Lines => [...right, ...more]

test('the right request is taken, so that what follows is refused for the one thing in it', async () => {
  const { status, text } = await send(requestOf())
  assert.equal(status, 201, text)
})

const digestOf = (text: string) => createHash('sha256').update(text).digest('base64')
const attacks: readonly (readonly [what: string, change: Change, said: RegExp])[] = [
  // where it goes
  [
    'an absolute address of another host',
    { target: 'http://evil.example/v1/payments', targetUri: 'https://hub.example/v1/payments' },
    /"bad_http"/,
  ],
  [
    'an absolute address that makes no URL behind the name',
    { target: 'http://127.0.0.1:1/v1/payments', targetUri: 'https://hub.example/v1/payments' },
    /"bad_http"/,
  ],
  [
    'an absolute address of this host',
    { target: 'https://hub.example/v1/payments', targetUri: 'https://hub.example/v1/payments' },
    /"bad_http"/,
  ],
  [
    'another path than was signed',
    { target: '/v1/payments', targetUri: 'https://hub.example/v1/accounts' },
    /bad_signature/,
  ],
  [
    'the path in other letters',
    { target: '/v1/%70ayments', targetUri: 'https://hub.example/v1/payments' },
    /bad_signature/,
  ],
  [
    'a query that was not signed',
    { target: '/v1/payments?x=1', targetUri: 'https://hub.example/v1/payments' },
    /bad_signature/,
  ],
  ['two slashes', { target: '//v1/payments', targetUri: 'https://hub.example/v1/payments' }, /not_found|bad_signature/],
  [
    'a path with dots',
    { target: '/v1/x/../payments', targetUri: 'https://hub.example/v1/payments' },
    /not_found|bad_signature/,
  ],
  ['another Host', { lines: set('host', 'evil.example') }, /wrong_host/],
  ['the Host with a dot behind it', { lines: set('host', 'hub.example.') }, /wrong_host/],
  ['the Host in large letters', { lines: set('host', 'HUB.EXAMPLE') }, /wrong_host/],
  ['the Host with its port', { lines: set('host', 'hub.example:443') }, /wrong_host/],
  ['two Hosts', { lines: add(['host', 'evil.example']) }, /"bad_http"/],
  // what it does
  [
    'another method than was signed',
    { method: 'POST', lines: set('signature-input', undefined) },
    /signature_required/,
  ],
  [
    'a body that was not signed',
    {
      lines: (right) => right,
      body: `${body} `,
      headers: [
        ['host', 'hub.example'],
        ['authorization', `Bearer ${key}`],
        ['content-type', 'application/json'],
        ['idempotency-key', 'other-body'],
        ['content-digest', `sha-256=:${digestOf(body)}:`],
      ],
    },
    /bad_digest/,
  ],
  ['no digest', { lines: set('content-digest', undefined) }, /bad_digest/],
  [
    'no digest, and none signed',
    {
      lines: set('content-digest', undefined),
      components: '"@method" "@target-uri" "content-type" "idempotency-key" "authorization"',
    },
    /not_covered/,
  ],
  [
    'a digest that was not signed',
    { components: '"@method" "@target-uri" "content-type" "idempotency-key" "authorization"' },
    /not_covered/,
  ],
  [
    'a digest by SHA-512 only',
    {
      headers: [
        ['host', 'hub.example'],
        ['authorization', `Bearer ${key}`],
        ['content-type', 'application/json'],
        ['idempotency-key', 'sha-512'],
        ['content-digest', `sha-512=:${createHash('sha512').update(body).digest('base64')}:`],
      ],
    },
    /bad_digest/,
  ],
  [
    'a digest cut short',
    {
      headers: [
        ['host', 'hub.example'],
        ['authorization', `Bearer ${key}`],
        ['content-type', 'application/json'],
        ['idempotency-key', 'short'],
        [
          'content-digest',
          `sha-256=:${createHash('sha256').update(body).digest().subarray(0, 16).toString('base64')}:`,
        ],
      ],
    },
    /bad_digest/,
  ],
  ['no Idempotency-Key where one was signed', { lines: set('idempotency-key', undefined) }, /not_covered|idempotency/],
  [
    'an Idempotency-Key that was not signed',
    { components: '"@method" "@target-uri" "content-digest" "content-type" "authorization"' },
    /not_covered/,
  ],
  ['another Idempotency-Key', { lines: set('idempotency-key', 'again') }, /bad_signature/],
  ['two Idempotency-Keys', { lines: add(['idempotency-key', 'again']) }, /"bad_http"/],
  [
    'a Content-Type that was not signed',
    { components: '"@method" "@target-uri" "content-digest" "idempotency-key" "authorization"' },
    /not_covered/,
  ],
  ['two Content-Types', { lines: add(['content-type', 'application/json; charset=utf-7']) }, /"bad_http"/],
  ['an encoded body', { lines: add(['content-encoding', 'gzip']) }, /unsupported_media_type/],
  // who
  ['two Authorizations', { lines: add(['authorization', `Bearer ${key}`]) }, /"bad_http"/],
  [
    'an Authorization that was not signed',
    { components: '"@method" "@target-uri" "content-digest" "content-type" "idempotency-key"' },
    /not_covered/,
  ],
  // the signature
  [
    '@path instead of @target-uri',
    { components: '"@method" "@path" "content-digest" "content-type" "idempotency-key" "authorization"' },
    /not_covered/,
  ],
  [
    '@authority, @path and @query instead of @target-uri',
    {
      components:
        '"@method" "@authority" "@path" "@query" "content-digest" "content-type" "idempotency-key" "authorization"',
    },
    /not_covered/,
  ],
  [
    'the components of the request of an answer',
    { components: '"@method";req "@target-uri";req "content-digest" "content-type" "idempotency-key" "authorization"' },
    /not_covered/,
  ],
  [
    'a component twice',
    {
      components: '"@method" "@method" "@target-uri" "content-digest" "content-type" "idempotency-key" "authorization"',
    },
    /covered twice/,
  ],
  [
    'a component in large letters',
    { components: '"@method" "@target-uri" "Content-Digest" "content-type" "idempotency-key" "authorization"' },
    /not_covered/,
  ],
  [
    'a component that nobody knows',
    {
      components:
        '"@method" "@target-uri" "@everything" "content-digest" "content-type" "idempotency-key" "authorization"',
    },
    /malformed/,
  ],
  [
    'a component that is no text',
    {
      components:
        '"@method" "@target-uri" content-digest "content-digest" "content-type" "idempotency-key" "authorization"',
    },
    /malformed/,
  ],
  [
    'a parameter of the query that cannot be decoded',
    {
      components:
        '"@query-param";name="%" "@method" "@target-uri" "content-digest" "content-type" "idempotency-key" "authorization"',
    },
    /malformed/,
  ],
  [
    'a header with the name of a member of every object',
    {
      components:
        '"constructor" "@method" "@target-uri" "content-digest" "content-type" "idempotency-key" "authorization"',
    },
    /not_covered|malformed/,
  ],
  [
    '__proto__ as component',
    {
      components:
        '"__proto__" "@method" "@target-uri" "content-digest" "content-type" "idempotency-key" "authorization"',
    },
    /not_covered|malformed/,
  ],
  ['two Signature headers', { lines: add(['signature', 'sig=:AAAA:']) }, /"bad_http"/],
  ['two Signature-Input headers', { lines: add(['signature-input', 'sig=("@method")']) }, /"bad_http"/],
  [
    'two signatures in one header',
    {
      lines: (right) =>
        right.map(([name, value]): readonly [string, string] => {
          if (name === 'signature') return [name, `${value}, b=:AAAA:`]
          return name === 'signature-input' ? [name, `${value}, b=("@method")`] : [name, value]
        }),
    },
    /several/,
  ],
  [
    'a label that is another',
    {
      lines: (right) =>
        right.map(([name, value]) => [name, name === 'signature' ? value.replace('sig=', 'gis=') : value] as const),
    },
    /malformed/,
  ],
  [
    'no created',
    { params: `;expires=${Math.floor(t.clock.now() / 1000) + 60};nonce="nonce-without-created";keyid="${keyid}"` },
    /malformed/,
  ],
  [
    'created and expires as decimals',
    {
      params: `;created=${Math.floor(t.clock.now() / 1000)}.5;expires=${Math.floor(t.clock.now() / 1000) + 60}.5;nonce="nonce-with-decimals";keyid="${keyid}"`,
    },
    /malformed/,
  ],
  [
    'no nonce',
    {
      params: `;created=${Math.floor(t.clock.now() / 1000)};expires=${Math.floor(t.clock.now() / 1000) + 60};keyid="${keyid}"`,
    },
    /no_nonce/,
  ],
  [
    'an alg that is not the key’s',
    {
      params: `;created=${Math.floor(t.clock.now() / 1000)};expires=${Math.floor(t.clock.now() / 1000) + 60};nonce="nonce-of-other-alg";keyid="${keyid}";alg="hmac-sha256"`,
    },
    /wrong_algorithm/,
  ],
  [
    'keyid of the API key',
    {
      params: `;created=${Math.floor(t.clock.now() / 1000)};expires=${Math.floor(t.clock.now() / 1000) + 60};nonce="nonce-of-other-key";keyid="${key.slice(10, 22)}"`,
    },
    /unknown_key/,
  ],
]
for (const [what, change, said] of attacks) {
  test(`a signed request with ${what} is refused`, async () => {
    const { status, text } = await send(requestOf(change))
    assert.ok(status >= 400 && status < 500, text)
    assert.match(text, said)
  })
}

test('a method that a header asks for is not the method', async () => {
  for (const name of ['x-http-method-override', 'x-http-method', 'x-method-override']) {
    const headers: Lines = [
      ['host', 'hub.example'],
      ['authorization', `Bearer ${key}`],
      [name, 'POST'],
      ['content-digest', `sha-256=:${digestOf('')}:`],
    ]
    const { status } = await send(
      requestOf({ method: 'GET', headers, components: '"@method" "@target-uri" "content-digest" "authorization"' }),
    )
    assert.equal(status, 200)
  }
})

test('a signed GET is read without the body that somebody put behind it, and HEAD is not GET', async () => {
  const headers: Lines = [
    ['host', 'hub.example'],
    ['authorization', `Bearer ${key}`],
    ['content-digest', `sha-256=:${digestOf('')}:`],
  ]
  const components = '"@method" "@target-uri" "content-digest" "authorization"'
  const get = requestOf({ method: 'GET', headers, components })
  assert.equal((await send(get)).status, 200)
  const other = requestOf({ method: 'GET', headers, components })
  assert.equal((await send(other.replace(/^GET/, 'HEAD'))).status, 401)
  const { status, text } = await send(requestOf({ method: 'GET', headers, components, body }))
  assert.ok(status === 200 || (status >= 400 && status < 500), text)
})

test('who has stolen no more than a live key cannot give it a signing key, a token key or another client', async () => {
  const theirs = await liveClient(['clients:write', 'clients:read', 'payments:create', 'limits:write'])
  const headers = { authorization: `Bearer ${theirs.key}` }
  const path = `/v1/clients/${theirs.id}`
  const tries: readonly (readonly [string, object | undefined, 'POST' | 'DELETE'])[] = [
    [`${path}/signing-keys`, { algorithm: 'ed25519', publicKey }, 'POST'],
    [`${path}/signing-keys/${theirs.keyid}`, undefined, 'DELETE'],
    [`${path}/token-keys`, { algorithm: 'EdDSA', jwk: { ...ed.publicKey.export({ format: 'jwk' }) } }, 'POST'],
    [`${path}/keys`, {}, 'POST'],
    ['/v1/clients', { name: 'unsigned', live: false, rights: ['payments:create'] }, 'POST'],
    ['/v1/limits', { rules: { day: '99999999999' } }, 'POST'],
  ]
  for (const [url, sent, method] of tries) {
    const { status, body: told } = await t.call(method, url, { headers, body: sent })
    assert.deepEqual([status, told.code], [401, 'signature_required'], url)
  }
})

test('outside the sandbox a test key moves no money unsigned', async () => {
  const tests = await liveClient(['payments:create'], false)
  const headers = { authorization: `Bearer ${tests.key}`, 'idempotency-key': 'unsigned-test-key' }
  assert.equal((await t.call('POST', '/v1/payments', { headers, body: JSON.parse(body) })).status, 201)
  const refused = await production.call('POST', '/v1/payments', { headers, body: JSON.parse(body) })
  assert.deepEqual([refused.status, refused.body.code], [401, 'signature_required'])
})

// @source RFC 8032 §5.1.7, RFC 7748 §6; the points of order 1, 2, 4 and 8 and their other spellings
const smallOrder = [
  '0100000000000000000000000000000000000000000000000000000000000000',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0000000000000000000000000000000000000000000000000000000000000080',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
  '0100000000000000000000000000000000000000000000000000000000000080',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
]
test('a key of small order, under which anybody can sign, is refused for signatures and for tokens', async () => {
  const { id } = await liveClient()
  for (const hex of smallOrder) {
    const point = Buffer.from(hex, 'hex')
    const spki = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), point]).toString('base64')
    const signing = await t.call('POST', `/v1/clients/${id}/signing-keys`, {
      body: { algorithm: 'ed25519', publicKey: spki },
      headers: t.admin,
    })
    assert.deepEqual([signing.status, signing.body.errors?.[0]?.field], [400, 'publicKey'], hex)
    const jwk = { kty: 'OKP', crv: 'Ed25519', x: point.toString('base64url') }
    const token = await t.call('POST', `/v1/clients/${id}/token-keys`, {
      body: { algorithm: 'EdDSA', jwk },
      headers: t.admin,
    })
    assert.deepEqual([token.status, token.body.errors?.[0]?.field], [400, 'jwk'], hex)
  }
})

test('a client has ten signing keys at most', async () => {
  const { id } = await liveClient()
  const register = () =>
    t.call('POST', `/v1/clients/${id}/signing-keys`, { body: { algorithm: 'ed25519', publicKey }, headers: t.admin })
  for (let i = 1; i < 10; i += 1) assert.equal((await register()).status, 201)
  assert.deepEqual((await register()).body.code, 'too_many_keys')
})
