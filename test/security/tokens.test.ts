import assert from 'node:assert/strict'
import { createHash, sign } from 'node:crypto'
import { after, beforeEach, test } from 'node:test'
import { verifyAudit } from '../../src/audit/verify.ts'
import { readToken } from '../../src/identity/keys.ts'
import { readSignature, signatureBase } from '../../src/identity/signature.ts'
import { openTestDatabase } from '../support/database.ts'
import { CHECKER_KEY, KEY } from '../support/http.ts'
import { ASSERTION_TYPE, type Fields, formOf, jwkOf, makeSigner, type Signer } from '../support/token-client.ts'
import { ORIGIN, startTokenHub, TOKEN_URL } from '../support/token-hub.ts'

// The life of a token: how it is had, who can use it, and everything that ends it.

const { db } = await openTestDatabase()
const t = await startTokenHub(db)
after(() => t.server.close())
// Failures are counted by the minute: each test has one of its own.
beforeEach(() => t.clock.advance(61_000))

const PAYMENTS = `${ORIGIN}/v1/payments`
const seconds = (): number => Math.floor(t.clock.now() / 1000)
const proofOf = (signer: Signer, token: string) => t.proofFor(signer, 'GET', PAYMENTS, { token })
/** What a use of a token is answered. */
const useBy = async (token: string, signer: Signer) => (await t.use(token, proofOf(signer, token))).status

for (const algorithm of ['ES256', 'PS256', 'EdDSA'] as const) {
  test(`a client with an ${algorithm} key gets a token, and the token works with its DPoP key`, async () => {
    const client = await t.enrol({}, makeSigner(algorithm))
    const bound = makeSigner(algorithm)
    const answer = await t.ask(t.assertionFor(client), t.proofFor(bound, 'POST', TOKEN_URL))
    assert.equal(answer.status, 200, JSON.stringify(answer.body))
    const { access_token: token, ...rest } = answer.body
    assert.deepEqual(rest, { token_type: 'DPoP', expires_in: 600, scope: 'payments:create payments:read' })
    assert.match(token, /^trnt_token_/)
    assert.equal(answer.headers['cache-control'], 'no-store')
    const used = await t.use(token, proofOf(bound, token))
    assert.equal(used.status, 200, JSON.stringify(used.body))
    const beyond = t.proofFor(bound, 'GET', `${ORIGIN}/v1/accounts`, { token })
    assert.equal((await t.use(token, beyond, { path: '/v1/accounts' })).body.code, 'forbidden')
  })
}

// ASVS 9.2.4, 10.1.1
test('the hub keeps a digest of the token and no more', async () => {
  const token = await t.tokenFor(await t.enrol(), makeSigner('ES256'))
  const [row] = await db<{ whole: string }[]>`
    select to_jsonb(a)::text as whole from access_token a where sha256 = ${createHash('sha256').update(token).digest()}`
  assert.ok(row !== undefined && !row.whole.includes(token.slice(15, 50)))
})

// --- what is right, and could be taken for wrong ----------------------------------------------------------------------

const accepted: readonly (readonly [what: string, change: () => Fields, header?: Fields])[] = [
  ['the token end point as audience', () => ({ aud: TOKEN_URL })],
  ['one audience in a list', () => ({ aud: [ORIGIN] })],
  ['a clock that is 30 s ahead', () => ({ iat: seconds() + 30, exp: seconds() + 90, nbf: seconds() + 30 })],
  ['five minutes to live', () => ({ exp: seconds() + 300 })],
  ['no typ', () => ({}), { typ: undefined }],
  ['the typ of the revised RFC', () => ({}), { typ: 'client-authentication+jwt' }],
  ['claims that nobody knows', () => ({ scope: 'admin', tenant: 2 })],
]
for (const [what, change, header] of accepted) {
  test(`an assertion with ${what} is accepted`, async () => {
    const client = await t.enrol()
    const { status, body } = await t.ask(
      t.assertionFor(client, change(), header),
      t.proofFor(makeSigner('ES256'), 'POST', TOKEN_URL),
    )
    assert.equal(status, 200, JSON.stringify(body))
    assert.equal(body.scope, 'payments:create payments:read')
  })
}

test('a key is named by its id or its thumbprint', async () => {
  const client = await t.enrol()
  const { body } = await t.call('GET', `/v1/clients/${client.id}/token-keys`, { headers: t.admin })
  for (const kid of [client.keyId, body.data[0].thumbprint]) {
    const answer = await t.ask(t.assertionFor(client, {}, { kid }), t.proofFor(makeSigner('ES256'), 'POST', TOKEN_URL))
    assert.equal(answer.status, 200)
  }
})

// --- the form ---------------------------------------------------------------------------------------------------------

type Form = Record<string, string>
const forms: readonly (readonly [what: string, error: string, form: (right: Form) => string, headers?: Form])[] = [
  ['no grant', 'invalid_request', ({ grant_type: _, ...rest }) => formOf(rest)],
  ['a grant of people', 'unsupported_grant_type', (right) => formOf({ ...right, grant_type: 'authorization_code' })],
  [
    'a password',
    'unsupported_grant_type',
    (right) => formOf({ ...right, grant_type: 'password', username: 'a', password: 'b' }),
  ],
  ['a refresh', 'unsupported_grant_type', (right) => formOf({ ...right, grant_type: 'refresh_token' })],
  ['the grant twice', 'invalid_request', (right) => `${formOf(right)}&grant_type=client_credentials`],
  ['the assertion twice', 'invalid_request', (right) => `${formOf(right)}&client_assertion=x`],
  ['a parameter twice that nobody knows', 'invalid_request', (right) => `${formOf(right)}&a=1&a=1`],
  [
    'a parameter twice, once written with percents',
    'invalid_request',
    (right) => `${formOf(right)}&%73cope=payments:read&scope=payments:read`,
  ],
  ['no assertion', 'invalid_request', ({ client_assertion: _, ...rest }) => formOf(rest)],
  ['an empty assertion', 'invalid_request', (right) => formOf({ ...right, client_assertion: '' })],
  ['no type of the assertion', 'invalid_request', ({ client_assertion_type: _, ...rest }) => formOf(rest)],
  [
    'an assertion of SAML',
    'invalid_client',
    (right) => formOf({ ...right, client_assertion_type: ASSERTION_TYPE.replace('jwt', 'saml2') }),
  ],
  ['a secret beside the assertion', 'invalid_request', (right) => formOf({ ...right, client_secret: 'x' })],
  ['a key beside the assertion', 'invalid_request', formOf, { authorization: `Bearer ${KEY}` }],
  ['a name and a password beside the assertion', 'invalid_request', formOf, { authorization: 'Basic YTpi' }],
  [
    "another client's id beside the assertion",
    'invalid_client',
    (right) => formOf({ ...right, client_id: `cli_${'1'.repeat(32)}` }),
  ],
  [
    'a right that the client does not have',
    'invalid_scope',
    (right) => formOf({ ...right, scope: 'payments:read accounts:read' }),
  ],
  ['a right that is none', 'invalid_scope', (right) => formOf({ ...right, scope: 'everything' })],
  ['a right twice', 'invalid_scope', (right) => formOf({ ...right, scope: 'payments:read payments:read' })],
  ['rights with two spaces', 'invalid_scope', (right) => formOf({ ...right, scope: 'payments:read  payments:create' })],
  ['rights with commas', 'invalid_scope', (right) => formOf({ ...right, scope: 'payments:read,payments:create' })],
  ['half a percent', 'invalid_request', (right) => `${formOf(right)}&a=%2`],
  ['letters that are not of a form', 'invalid_request', (right) => `${formOf(right)}&a=é`],
  [
    '100 parameters',
    'invalid_request',
    (right) => `${formOf(right)}&${Array.from({ length: 100 }, (_, i) => `a${i}=1`).join('&')}`,
  ],
  ['the name of another host', 'invalid_request', formOf, { host: 'evil.example' }],
  ['the name with a port', 'invalid_request', formOf, { host: 'hub.example:443' }],
  ['the name with a dot behind it', 'invalid_request', formOf, { host: 'hub.example.' }],
  [
    'the name in another header only',
    'invalid_request',
    formOf,
    { host: 'evil.example', 'x-forwarded-host': 'hub.example' },
  ],
]
// ASVS 10.4.4
for (const [what, error, form, headers] of forms) {
  test(`with ${what} there is no token: ${error}`, async () => {
    const client = await t.enrol()
    const right = t.fieldsOf(t.assertionFor(client))
    const dpop = t.proofFor(makeSigner('ES256'), 'POST', TOKEN_URL)
    const refused = await t.call('POST', '/oauth/token', { body: form(right), headers: { dpop, ...headers } })
    assert.equal(refused.body.error, error, JSON.stringify(refused.body))
    assert.equal(refused.status, error === 'invalid_client' ? 401 : 400)
    assert.equal(refused.headers['cache-control'], 'no-store')
    // What was refused for something else than itself used nothing up.
    const again = await t.call('POST', '/oauth/token', { body: formOf(right), headers: { dpop } })
    assert.equal(again.status, 200, JSON.stringify(again.body))
  })
}

test('parameters in the address are refused, another kind of body too, and no other method does anything', async () => {
  const client = await t.enrol()
  const form = formOf(t.fieldsOf(t.assertionFor(client)))
  const dpop = t.proofFor(makeSigner('ES256'), 'POST', TOKEN_URL)
  const inAddress = await t.call('POST', `/oauth/token?${form}`, { body: form, headers: { dpop } })
  assert.deepEqual([inAddress.status, inAddress.body.error], [400, 'invalid_request'])
  assert.equal(
    (await t.call('POST', '/oauth/token', { body: Object.fromEntries(new URLSearchParams(form)) })).status,
    415,
  )
  assert.equal((await t.call('POST', '/oauth/token', { body: `${form}&a=${'x'.repeat(17_000)}` })).status, 413)
  for (const method of ['GET', 'PUT', 'DELETE'] as const) {
    assert.equal((await t.call(method, `/oauth/token?${form}`)).status, 405, method)
  }
})

// ASVS 10.3.2, 10.4.11
test('fewer rights are had by asking for fewer, and no more by asking again', async () => {
  const client = await t.enrol()
  const bound = makeSigner('ES256')
  const token = await t.tokenFor(client, bound, 'payments:create')
  const answer = await t.use(token, proofOf(bound, token))
  assert.deepEqual([answer.status, answer.body.code], [403, 'forbidden'])
})

// --- who can use it ---------------------------------------------------------------------------------------------------

// ASVS 10.3.5
test('a stolen token is of no use: without a proof, with a proof by another key, as Bearer', async () => {
  const client = await t.enrol()
  const [bound, thief] = [makeSigner('ES256'), makeSigner('ES256')]
  const token = await t.tokenFor(client, bound)
  const stolen = [
    ['without a proof', await t.use(token, undefined), 'no_proof'],
    ["with the thief's own proof", await t.use(token, proofOf(thief, token)), 'not_bound'],
    ["with a proof by the client's other key", await t.use(token, proofOf(client.signer, token)), 'not_bound'],
    ['as Bearer', await t.use(token, undefined, { scheme: 'Bearer' }), 'not_bound'],
    ['as Bearer with a right proof', await t.use(token, proofOf(bound, token), { scheme: 'Bearer' }), 'not_bound'],
    ['as bearer in small letters', await t.use(token, proofOf(bound, token), { scheme: 'bearer' }), 'not_bound'],
  ] as const
  for (const [what, { status, body, headers }, why] of stolen) {
    assert.deepEqual([status, body.code], [401, 'unauthorized'], what)
    assert.match(body.detail, new RegExp(`^${why}: `), what)
    assert.match(String(headers['www-authenticate']), /^(DPoP|Bearer) error="(invalid_token|invalid_dpop_proof)"/, what)
  }
  for (const scheme of ['Token', 'Basic', 'DPoP DPoP', 'Bearer DPoP']) {
    assert.equal((await t.use(token, proofOf(bound, token), { scheme })).status, 401, scheme)
  }
  assert.equal(await useBy(token, bound), 200)
})

test('a key is no token: sent as DPoP it is refused, with the best of proofs', async () => {
  const bound = makeSigner('ES256')
  const { status, body } = await t.use(KEY, proofOf(bound, KEY))
  assert.equal(status, 401)
  assert.match(body.detail, /^not_accepted/)
})

test('whoever says nothing is told both ways of saying who one is', async () => {
  const { status, headers } = await t.call('GET', '/v1/payments')
  assert.deepEqual([status, headers['www-authenticate']], [401, 'Bearer, DPoP algs="ES256 PS256 EdDSA Ed25519"'])
})

// ASVS 10.3.1
test('of each bit of a token that is turned over, none is accepted', async () => {
  const client = await t.enrol()
  const bound = makeSigner('ES256')
  const token = await t.tokenFor(client, bound)
  const tokens = t.tokensOf()
  const identify = (text: string) =>
    tokens.identify({
      scheme: 'dpop',
      token: text,
      proof: proofOf(bound, text),
      certificate: undefined,
      method: 'GET',
      uri: PAYMENTS,
      address: '127.0.0.1',
    })
  await identify(token)
  for (let at = 0; at < token.length; at += 1) {
    for (let bit = 0; bit < 8; bit += 1) {
      const turned = token.slice(0, at) + String.fromCharCode(token.charCodeAt(at) ^ (1 << bit)) + token.slice(at + 1)
      assert.equal(readToken(turned), false, turned)
      await assert.rejects(identify(turned), { name: 'TokenFault' })
    }
  }
})

test('of each bit of an assertion that is turned over, none is accepted', async () => {
  const [{ readAssertion }, { isSignedWith }] = await Promise.all([
    import('../../src/identity/assertion.ts'),
    import('../../src/identity/jwt.ts'),
  ])
  const client = { id: `cli_${'a'.repeat(32)}`, signer: makeSigner('EdDSA') }
  const right = t.assertionFor(client)
  const passes = async (text: string): Promise<boolean> => {
    try {
      return await isSignedWith(readAssertion(text, [ORIGIN], t.clock.now()).jws, client.signer.publicKey)
    } catch (error) {
      assert.equal(error instanceof Error && error.name, 'TokenFault')
      return false
    }
  }
  assert.ok(await passes(right))
  for (let at = 0; at < right.length; at += 1) {
    for (let bit = 0; bit < 8; bit += 1) {
      const turned = right.slice(0, at) + String.fromCharCode(right.charCodeAt(at) ^ (1 << bit)) + right.slice(at + 1)
      assert.ok(!(await passes(turned)), `bit ${bit} of character ${at}`)
    }
  }
})

test('a client may come from its networks only, with an assertion and with a token', async () => {
  const client = await t.enrol({ networks: ['203.0.113.0/24'] })
  const bound = makeSigner('ES256')
  const askFrom = (from: string) => t.ask(t.assertionFor(client), t.proofFor(bound, 'POST', TOKEN_URL), {}, { from })
  assert.equal((await askFrom('198.51.100.1')).body.error, 'invalid_client')
  const { body } = await askFrom('203.0.113.9')
  const token = body.access_token
  const from = async (address: string) => (await t.use(token, proofOf(bound, token), { from: address })).status
  assert.equal(await from('203.0.113.10'), 200)
  assert.equal(await from('198.51.100.1'), 401)
})

// --- what ends it -----------------------------------------------------------------------------------------------------

const ends: readonly (readonly [
  what: string,
  end: (client: Awaited<ReturnType<typeof t.enrol>>, token: string) => Promise<unknown>,
])[] = [
  ['ten minutes', async () => t.clock.advance(600_000)],
  ['the end of its client', ({ id }) => t.call('DELETE', `/v1/clients/${id}`, { headers: t.admin })],
  [
    'the end of the key that it was given for',
    ({ id, keyId }) => t.call('DELETE', `/v1/clients/${id}/token-keys/${keyId}`, { headers: t.admin }),
  ],
  ['its own end', (client, token) => revoke(client, token)],
  [
    'the loss of the right',
    ({ id }) => db`update client set rights = '{payments:create}' where client_id = ${id.slice(4)}::uuid`,
  ],
]
const revoke = (client: { id: string; signer: Signer }, token: string) =>
  t.call('POST', '/oauth/revoke', {
    body: formOf({ client_assertion_type: ASSERTION_TYPE, client_assertion: t.assertionFor(client), token }),
  })
// ASVS 10.4.9
for (const [what, end] of ends) {
  test(`a token ends with ${what}, everywhere within a second`, async () => {
    const client = await t.enrol()
    const bound = makeSigner('ES256')
    const token = await t.tokenFor(client, bound)
    assert.equal(await useBy(token, bound), 200)
    await end(client, token)
    t.clock.advance(1_000)
    assert.ok([401, 403].includes(await useBy(token, bound)))
  })
}

test("a client ends its own tokens; of another's, and of what is none, it is told nothing", async () => {
  const [client, other] = [await t.enrol(), await t.enrol()]
  const bound = makeSigner('ES256')
  const token = await t.tokenFor(client, bound)
  for (const [who, what] of [
    [other, token],
    [client, 'trnt_token_nonsense'],
    [client, KEY],
  ] as const) {
    const { status, body } = await revoke(who, what)
    assert.deepEqual([status, body], [200, {}])
  }
  assert.equal(await useBy(token, bound), 200)
  assert.equal((await revoke(client, token)).status, 200)
  assert.equal(await useBy(token, bound), 401)
  const unsigned = await t.call('POST', '/oauth/revoke', { body: formOf({ token }) })
  assert.deepEqual([unsigned.status, unsigned.body.error], [400, 'invalid_request'])
})

test('one assertion gets one token, also from 8 at the same moment, and none is used up by a failure', async () => {
  const client = await t.enrol()
  const assertion = t.assertionFor(client)
  assert.equal((await t.ask(assertion, undefined)).body.error, 'invalid_request')
  const ask = () => t.ask(assertion, t.proofFor(makeSigner('ES256'), 'POST', TOKEN_URL))
  const all = await Promise.all(Array.from({ length: 8 }, ask))
  assert.equal(all.filter(({ status }) => status === 200).length, 1)
  assert.ok(all.every(({ status, body }) => status === 200 || /^replayed/.test(body.error_description)))
  // The same jti signed anew is the same assertion.
  const jti = 'one-of-its-kind-0001'
  const anew = () => t.ask(t.assertionFor(client, { jti }), t.proofFor(makeSigner('ES256'), 'POST', TOKEN_URL))
  t.clock.advance(61_000)
  assert.equal((await anew()).status, 200)
  t.clock.advance(61_000)
  assert.match((await anew()).body.error_description, /^replayed/)
})

test('a client has a hundred tokens at a time at most', async () => {
  const client = await t.enrol()
  const bound = makeSigner('EdDSA')
  await t.tokenFor(client, bound)
  await db`
    insert into access_token (sha256, client_id, tenant_id, token_key_id, rights, jkt, issued_at, expires_at)
    select sha256(convert_to(i::text || ${client.id}, 'UTF8')), client_id, tenant_id, token_key_id, rights, jkt, issued_at, expires_at
    from access_token, generate_series(1, 99) i where client_id = ${client.id.slice(4)}::uuid`
  const ask = () => t.ask(t.assertionFor(client), t.proofFor(bound, 'POST', TOKEN_URL))
  const refused = await ask()
  assert.deepEqual(
    [refused.status, refused.body.error, refused.headers['retry-after']],
    [429, 'temporarily_unavailable', '60'],
  )
  t.clock.advance(600_000)
  assert.equal((await ask()).status, 200)
})

// --- keys -------------------------------------------------------------------------------------------------------------

const keys: readonly (readonly [what: string, algorithm: string, jwk: () => Fields, field: string])[] = [
  ['a private key', 'ES256', () => ({ ...makeSigner('ES256').privateKey.export({ format: 'jwk' }) }), 'jwk.d'],
  ['a private RSA key', 'PS256', () => ({ ...makeSigner('PS256').privateKey.export({ format: 'jwk' }) }), 'jwk.d'],
  ['a symmetric key', 'ES256', () => ({ kty: 'oct', k: 'AAAA' }), 'jwk.k'],
  ['a key of another algorithm', 'EdDSA', () => jwkOf(makeSigner('ES256')), 'jwk'],
  ['a key that names another algorithm', 'ES256', () => ({ ...jwkOf(makeSigner('ES256')), alg: 'ES384' }), 'jwk'],
  ['a key for encryption', 'ES256', () => ({ ...jwkOf(makeSigner('ES256')), use: 'enc' }), 'jwk'],
  ['X25519', 'EdDSA', () => ({ ...jwkOf(makeSigner('EdDSA')), crv: 'X25519' }), 'jwk'],
  ['half a point', 'ES256', () => ({ kty: 'EC', crv: 'P-256', x: jwkOf(makeSigner('ES256')).x }), 'jwk'],
  ['a certificate in it', 'ES256', () => ({ ...jwkOf(makeSigner('ES256')), x5c: ['MIIB'] }), 'jwk.x5c'],
  ['an algorithm that is none of the list', 'RS256', () => jwkOf(makeSigner('PS256')), 'algorithm'],
  ['an algorithm of secrets', 'HS256', () => ({ kty: 'oct' }), 'algorithm'],
]
for (const [what, algorithm, jwk, field] of keys) {
  test(`${what} is refused as a key for tokens, with the field that is wrong and not its value`, async () => {
    const { id } = await t.enrol()
    const body = { algorithm, jwk: jwk() }
    const answer = await t.call('POST', `/v1/clients/${id}/token-keys`, { body, headers: t.admin })
    const fields = answer.body.errors?.map((one: { field: string }) => one.field)
    assert.ok(answer.status === 400 && fields.includes(field), JSON.stringify(answer.body))
    const secret = String(body.jwk.d ?? body.jwk.k ?? 'nothing to hide')
    assert.ok(!JSON.stringify(answer.body).includes(secret))
  })
}

test('two keys work at a time, so that one takes the place of the other', async () => {
  const client = await t.enrol()
  const next = makeSigner('PS256')
  const added = await t.register(client.id, next)
  assert.equal((await t.register(client.id, makeSigner('EdDSA'))).body.code, 'too_many_keys')
  const bound = makeSigner('ES256')
  const old = await t.tokenFor(client, bound)
  const fresh = await t.tokenFor({ ...client, signer: next }, bound)
  await t.call('DELETE', `/v1/clients/${client.id}/token-keys/${client.keyId}`, { headers: t.admin })
  t.clock.advance(1_000)
  assert.deepEqual([await useBy(old, bound), await useBy(fresh, bound)], [401, 200])
  const late = await t.ask(t.assertionFor(client), t.proofFor(bound, 'POST', TOKEN_URL))
  assert.match(late.body.error_description, /^not_accepted/)
  assert.equal((await t.register(client.id, makeSigner('EdDSA'))).status, 201)
  const { body } = await t.call('GET', `/v1/clients/${client.id}/token-keys`, { headers: t.admin })
  assert.deepEqual(
    body.data
      .map(({ id, revokedAt }: { id: string; revokedAt: string | null }) => [id === added.body.id, revokedAt === null])
      .sort(),
    [
      [false, false],
      [false, true],
      [true, true],
    ].sort(),
  )
})

test("another tenant's client has no keys to be seen, added or revoked", async () => {
  const client = await t.enrol()
  const headers = { authorization: `Bearer ${CHECKER_KEY}` }
  const path = `/v1/clients/${client.id}/token-keys`
  assert.equal((await t.call('GET', path, { headers })).status, 404)
  const body = { algorithm: 'ES256', jwk: jwkOf(makeSigner('ES256')) }
  assert.equal((await t.call('POST', path, { headers, body })).status, 404)
  assert.equal((await t.call('DELETE', `${path}/${client.keyId}`, { headers })).status, 404)
})

// --- who only tries ---------------------------------------------------------------------------------------------------

test('whoever fails ten times in a minute must wait, and the client can still come from elsewhere', async () => {
  const client = await t.enrol()
  const wrong = (from: string) =>
    t.ask(
      t.assertionFor({ ...client, signer: makeSigner('ES256') }),
      t.proofFor(makeSigner('ES256'), 'POST', TOKEN_URL),
      {},
      { from },
    )
  const right = (from: string) =>
    t.ask(t.assertionFor(client), t.proofFor(makeSigner('ES256'), 'POST', TOKEN_URL), {}, { from })
  for (let i = 0; i < 10; i += 1) assert.equal((await wrong('192.0.2.1')).status, 401)
  const told = await right('192.0.2.1')
  assert.deepEqual([told.status, told.body.error], [429, 'temporarily_unavailable'])
  assert.ok(Number(told.headers['retry-after']) > 0 && Number(told.headers['retry-after']) <= 60)
  assert.equal((await right('192.0.2.2')).status, 200)
  t.clock.advance(60_000)
  assert.equal((await right('192.0.2.1')).status, 200)
})

test('an address that fails a hundred times in a minute must wait, whichever clients it names', async () => {
  const client = await t.enrol()
  const from = '192.0.2.77'
  for (let i = 0; i < 100; i += 1) {
    const id = `cli_${String(i).padStart(32, '0')}`
    assert.equal((await t.ask(t.assertionFor({ id, signer: client.signer }), undefined, {}, { from })).status, 401)
  }
  const told = await t.ask(t.assertionFor(client), undefined, {}, { from })
  assert.equal(told.status, 429)
})

// ASVS 10.3.3
test('what is done about tokens and their keys stands in the audit chain; of refusals, the first of a minute', async () => {
  const client = await t.enrol()
  const bound = makeSigner('ES256')
  const token = await t.tokenFor(client, bound)
  const wrong = () => t.assertionFor({ ...client, signer: makeSigner('ES256') })
  for (let i = 0; i < 5; i += 1) await t.ask(wrong(), t.proofFor(bound, 'POST', TOKEN_URL))
  t.clock.advance(61_000)
  await t.ask(wrong(), t.proofFor(bound, 'POST', TOKEN_URL))
  await revoke(client, token)
  await t.call('DELETE', `/v1/clients/${client.id}/token-keys/${client.keyId}`, { headers: t.admin })
  const acts = await t.actsOf(client.id)
  assert.deepEqual(
    acts.map(({ action, outcome, actor }) => [action, outcome, actor === client.id]),
    [
      ['client.created', 'done', false],
      ['token_key.created', 'done', false],
      ['token.issued', 'done', true],
      ['assertion.refused', 'refused', false],
      ['assertion.refused', 'refused', false],
      ['token.revoked', 'done', true],
      ['token_key.revoked', 'done', false],
    ],
  )
  assert.ok(!JSON.stringify(acts).includes('trnt_token'))
  assert.deepEqual((await verifyAudit(db, { told: () => undefined })).faults, [])
})

// --- a live client ----------------------------------------------------------------------------------------------------

test("a live client's token pays with a signature and not without; a test client's needs none", async () => {
  const payment = {
    amount: '150000',
    from: 'acc_1',
    to: { kind: 'account', ifsc: 'HDFC0000123', account: '50100123456789' },
  }
  const body = JSON.stringify(payment)
  const signer = makeSigner('EdDSA')
  const bound = makeSigner('ES256')
  const pay = async (token: string, key: string, more: Record<string, string> = {}) =>
    t.use(token, t.proofFor(bound, 'POST', PAYMENTS, { token }), {
      method: 'POST',
      body: payment,
      headers: { 'idempotency-key': key, ...more },
    })
  const testing = await t.enrol()
  assert.equal((await pay(await t.tokenFor(testing, bound), 'token-1')).status, 201)

  const live = await t.enrol({ live: true })
  const token = await t.tokenFor(live, bound)
  assert.deepEqual((await pay(token, 'token-2')).body.code, 'signature_required')
  const publicKey = signer.publicKey.export({ format: 'der', type: 'spki' }).toString('base64')
  const key = await t.call('POST', `/v1/clients/${live.id}/signing-keys`, {
    body: { algorithm: 'ed25519', publicKey },
    headers: t.admin,
  })
  const digest = `sha-256=:${createHash('sha256').update(body).digest('base64')}:`
  const headers: Record<string, string> = {
    authorization: `DPoP ${token}`,
    'idempotency-key': 'token-2',
    'content-type': 'application/json',
    'content-digest': digest,
    'signature-input': `sig=("@method" "@target-uri" "content-digest" "content-type" "idempotency-key" "authorization");created=${seconds()};expires=${seconds() + 60};nonce="nonce-of-a-token-1";keyid="${key.body.id}"`,
  }
  const message = { method: 'POST', targetUri: PAYMENTS, headers: { ...headers, signature: 'sig=:AAAA:' } }
  const base = signatureBase(message, readSignature(message).components)
  headers.signature = `sig=:${sign(null, Buffer.from(base), signer.privateKey).toString('base64')}:`
  t.clock.advance(1_000) // the signing key was registered after the token was first looked at
  const { authorization: _, ...signed } = headers
  const paid = await pay(token, 'token-2', signed)
  assert.equal(paid.status, 201, JSON.stringify(paid.body))
})

// --- the document -----------------------------------------------------------------------------------------------------

test('the document of RFC 8414 names this hub as it is called, and nothing by another name', async () => {
  const { status, body } = await t.call('GET', '/.well-known/oauth-authorization-server')
  assert.equal(status, 200)
  assert.deepEqual(
    [body.issuer, body.token_endpoint, body.revocation_endpoint],
    [ORIGIN, TOKEN_URL, `${ORIGIN}/oauth/revoke`],
  )
  assert.deepEqual(body.token_endpoint_auth_methods_supported, ['private_key_jwt'])
  assert.equal(body.tls_client_certificate_bound_access_tokens, false)
  const elsewhere = await t.call('GET', '/.well-known/oauth-authorization-server', {
    headers: { host: 'evil.example' },
  })
  assert.deepEqual([elsewhere.status, JSON.stringify(elsewhere.body).includes('evil')], [404, false])
})
