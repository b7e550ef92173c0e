import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { request } from 'node:https'
import { connect as connectPlain } from 'node:net'
import { after, before, test } from 'node:test'
import { type ConnectionOptions, connect, createServer as createLax, type TLSSocket } from 'node:tls'
import { silentLog } from '../../src/base/log.ts'
import { type ApiTls, createTlsServer } from '../../src/http/tls.ts'
import { makeAuthority, type Pem } from '../support/certificates.ts'
import { openTestDatabase } from '../support/database.ts'
import { formOf, makeSigner } from '../support/token-client.ts'
import { startTokenHub, TOKEN_URL, type TokenHub } from '../support/token-hub.ts'

// The API's own port over real sockets: which TLS it speaks, and tokens that are bound to the certificate of a connection.

const { db } = await openTestDatabase()
const [ours, clientsOf, stranger] = await Promise.all([
  makeAuthority('who vouches for the hub'),
  makeAuthority('who vouches for clients'),
  makeAuthority('a stranger'),
])
let material: ApiTls
let t: TokenHub
let port = 0
before(async () => {
  material = { ...(await ours.issue('hub one')), ca: clientsOf.cert }
  t = await startTokenHub(db, { tls: () => material })
  port = await t.server.listen({ host: '127.0.0.1', port: 0 })
})
after(() => t.server.close())

type Asked = { pem?: Pem | undefined; body?: string; headers?: Record<string, string> }
/** One request on a connection of its own. */
function call(method: string, path: string, { pem, body, headers }: Asked = {}) {
  return new Promise<{ status: number; body: ReturnType<typeof JSON.parse>; headers: object }>((resolve, reject) => {
    const sent = request(
      {
        host: '127.0.0.1',
        port,
        method,
        path,
        servername: 'hub.example',
        ca: ours.cert,
        agent: false,
        headers: {
          host: 'hub.example',
          ...(body === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
          ...headers,
        },
        ...pem,
      },
      (answer) => {
        let text = ''
        answer.setEncoding('utf8')
        answer.on('data', (part: string) => {
          text += part
        })
        answer.on('end', () =>
          resolve({
            status: answer.statusCode ?? 0,
            body: text === '' ? {} : JSON.parse(text),
            headers: answer.headers,
          }),
        )
      },
    )
    sent.on('error', reject)
    sent.end(body)
  })
}

/** A connection, or the code of what went wrong. */
async function shake(options: ConnectionOptions): Promise<TLSSocket | string> {
  const socket = connect({ host: '127.0.0.1', port, servername: 'hub.example', ca: ours.cert, ...options })
  try {
    await once(socket, 'secureConnect')
    return socket
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : String(error)
  }
}

const limits = {
  requireHostHeader: false,
  keepAliveTimeout: 1_000,
  requestTimeout: 1_000,
  headersTimeout: 1_000,
  maxHeaderSize: 8_192,
}
const spoken: readonly (readonly [what: string, options: ConnectionOptions, version: string])[] = [
  ['TLS 1.3', { minVersion: 'TLSv1.3' }, 'TLSv1.3'],
  ['TLS 1.2 with ECDHE and GCM', { maxVersion: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES128-GCM-SHA256' }, 'TLSv1.2'],
  ['TLS 1.2 with ECDHE and ChaCha20', { maxVersion: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-CHACHA20-POLY1305' }, 'TLSv1.2'],
]
for (const [what, options, version] of spoken) {
  test(`${what} is spoken`, async () => {
    const socket = await shake(options)
    assert.ok(typeof socket !== 'string', String(socket))
    assert.equal(socket.getProtocol(), version)
    socket.destroy()
  })
}

const ended = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1' } as const
const refused: readonly (readonly [what: string, rsa: boolean, options: ConnectionOptions])[] = [
  ['TLS 1.1', false, { ...ended, minVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' }],
  ['TLS 1.0', false, { ...ended, maxVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' }],
  ['CBC', false, { maxVersion: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES128-SHA256' }],
  ['CBC with SHA-1', false, { maxVersion: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES128-SHA' }],
  ['key agreement without forward secrecy', true, { maxVersion: 'TLSv1.2', ciphers: 'AES128-GCM-SHA256' }],
  ['Diffie-Hellman in finite fields', true, { maxVersion: 'TLSv1.2', ciphers: 'DHE-RSA-AES128-GCM-SHA256' }],
  ['a curve that is not in the list', true, { maxVersion: 'TLSv1.2', ecdhCurve: 'secp521r1' }],
]
for (const [what, rsa, options] of refused) {
  test(`${what} is refused, which a server that does not mind would take`, async () => {
    const pem = await ours.issue('hub', 365, rsa)
    const lax = createLax({
      ...pem,
      minVersion: 'TLSv1',
      ciphers: 'ALL:@SECLEVEL=0',
      ecdhCurve: 'secp521r1:X25519:P-256',
      dhparam: 'auto',
    })
    const strict = createTlsServer(
      () => pem,
      silentLog,
      limits,
      (_request, response) => response.end(),
    )
    try {
      for (const [server, expected] of [
        [lax, 'object'],
        [strict, 'string'],
      ] as const) {
        server.listen(0, '127.0.0.1')
        await once(server, 'listening')
        const address = server.address()
        const found = await shake({ ...options, port: typeof address === 'object' ? (address?.port ?? 0) : 0 })
        assert.equal(typeof found, expected, `${found}`)
        if (typeof found !== 'string') found.destroy()
      }
    } finally {
      lax.close()
      strict.close()
    }
  })
}

test('the key agreement is safe from the computers of tomorrow where the other side can do it', async () => {
  const hybrid = await shake({ ecdhCurve: 'X25519MLKEM768' })
  assert.ok(typeof hybrid !== 'string', String(hybrid))
  hybrid.destroy()
})

test('no session is taken up again: who comes back is asked who it is', async () => {
  for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
    const first = await shake({ maxVersion })
    assert.ok(typeof first !== 'string')
    let session = first.getSession()
    first.on('session', (one) => {
      session = one
    })
    first.write('GET /healthz HTTP/1.1\r\nhost: hub.example\r\nconnection: close\r\n\r\n')
    first.resume()
    await once(first, 'close')
    const again = await shake({ maxVersion, ...(session === undefined ? {} : { session }) })
    assert.ok(typeof again !== 'string')
    assert.equal(again.isSessionReused(), false, maxVersion)
    again.destroy()
  }
})

// ASVS 4.1.2
test('whoever speaks plain HTTP to this port is not answered in it', async () => {
  const socket = connectPlain(port, '127.0.0.1')
  socket.write('GET /healthz HTTP/1.1\r\nhost: hub.example\r\n\r\n')
  let said = ''
  socket.setEncoding('latin1')
  socket.on('data', (part: string) => {
    said += part
  })
  socket.on('error', () => undefined)
  await once(socket, 'close')
  assert.ok(!said.includes('ok'), said)
})

test('keys need no certificate, and are not hindered by one that nobody vouches for', async () => {
  for (const pem of [undefined, await clientsOf.issue('shop'), await stranger.issue('shop')]) {
    const { status } = await call('GET', '/v1/payments', { pem, headers: t.admin })
    assert.equal(status, 200)
  }
})

const askBy = async (pem: Pem | undefined, change: object = {}) => {
  const client = await t.enrol(change)
  const body = formOf(t.fieldsOf(t.assertionFor(client)))
  return { client, answer: await call('POST', '/oauth/token', { pem, body }) }
}

// ASVS 12.1.3
test('a token that is asked for with a certificate works on connections of this certificate and nowhere else', async () => {
  const pem = await clientsOf.issue('shop')
  const { answer } = await askBy(pem)
  assert.equal(answer.status, 200, JSON.stringify(answer.body))
  assert.equal(answer.body.token_type, 'Bearer')
  const headers = { authorization: `Bearer ${answer.body.access_token}` }
  assert.equal((await call('GET', '/v1/payments', { pem, headers })).status, 200)
  const others: readonly (readonly [string, Pem | undefined])[] = [
    ['no certificate', undefined],
    ['another certificate of the same authority', await clientsOf.issue('other')],
    ['another certificate of the same name', await clientsOf.issue('shop')],
    ["a stranger's certificate of the same name", await stranger.issue('shop')],
  ]
  for (const [what, other] of others) {
    const refusedBy = await call('GET', '/v1/payments', { pem: other, headers })
    assert.deepEqual([refusedBy.status, refusedBy.body.code], [401, 'unauthorized'], what)
    assert.match(refusedBy.body.detail, /^not_bound/, what)
  }
  const asDpop = { authorization: `DPoP ${answer.body.access_token}` }
  assert.match((await call('GET', '/v1/payments', { pem, headers: asDpop })).body.detail, /^not_bound/)
})

test('a certificate in a header is no certificate', async () => {
  const pem = await clientsOf.issue('shop')
  const { answer } = await askBy(pem)
  const authorization = `Bearer ${answer.body.access_token}`
  const shown = new X509Certificate(pem.cert).raw.toString('base64')
  for (const name of ['x-client-cert', 'client-cert', 'x-forwarded-client-cert', 'x-ssl-client-cert']) {
    const { status } = await call('GET', '/v1/payments', { headers: { authorization, [name]: `:${shown}:` } })
    assert.equal(status, 401, name)
  }
})

// ASVS 10.4.14
test('without a proof and without a certificate that somebody vouches for there is no token', async () => {
  for (const pem of [undefined, await stranger.issue('shop'), await clientsOf.issue('shop', -1)]) {
    const { answer } = await askBy(pem)
    assert.deepEqual([answer.status, answer.body.error], [400, 'invalid_request'])
  }
})

test('with a proof and a certificate the token is bound to the key of the proof', async () => {
  const [pem, client, bound] = [await clientsOf.issue('shop'), await t.enrol(), makeSigner('ES256')]
  const dpop = t.proofFor(bound, 'POST', TOKEN_URL)
  const body = formOf(t.fieldsOf(t.assertionFor(client)))
  const answer = await call('POST', '/oauth/token', { pem, body, headers: { dpop } })
  assert.equal(answer.body.token_type, 'DPoP')
  const headers = { authorization: `Bearer ${answer.body.access_token}` }
  assert.match((await call('GET', '/v1/payments', { pem, headers })).body.detail, /^not_bound/)
})

test('the document tells that tokens can be bound to certificates', async () => {
  const { body } = await call('GET', '/.well-known/oauth-authorization-server')
  assert.equal(body.tls_client_certificate_bound_access_tokens, true)
})

test('a certificate that is read again counts from the next connection on; one that cannot be used changes nothing', async () => {
  const nameOf = async () => {
    const socket = await shake({})
    assert.ok(typeof socket !== 'string')
    const name = socket.getPeerCertificate().subject.CN
    socket.destroy()
    return name
  }
  assert.equal(await nameOf(), 'hub one')
  material = { ...(await ours.issue('hub two')), ca: clientsOf.cert }
  assert.equal(await nameOf(), 'hub two')
  material = { key: 'nonsense', cert: 'nonsense' }
  assert.equal(await nameOf(), 'hub two')
  material = { ...(await ours.issue('hub three')), ca: clientsOf.cert }
  assert.equal(await nameOf(), 'hub three')
})
