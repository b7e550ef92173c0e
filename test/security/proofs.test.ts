import assert from 'node:assert/strict'
import { createHash, generateKeyPairSync, randomUUID } from 'node:crypto'
import { after, beforeEach, test } from 'node:test'
import { openTestDatabase } from '../support/database.ts'
import { base64url, type Fields, jwkOf, makeJws, makeSigner, proofOf, type Signer } from '../support/token-client.ts'
import { ORIGIN, startTokenHub, TOKEN_URL } from '../support/token-hub.ts'

// Every way to use a DPoP proof wrongly that its authors could think of, at the token end point and at a resource. Each differs from the
// right one by one thing only, and the right one is tried beside it.

const { db } = await openTestDatabase()
const t = await startTokenHub(db)
after(() => t.server.close())
// Failures are counted by the minute: each test has one of its own.
beforeEach(() => t.clock.advance(61_000))

const PAYMENTS = `${ORIGIN}/v1/payments`
const seconds = (): number => Math.floor(t.clock.now() / 1000)

/** What a proof is for: the request, and the token when there is one already. */
type Place = {
  readonly method: string
  readonly uri: string
  readonly token: string | undefined
  readonly signer: Signer
}
type Forgery = (place: Place) => string
const parts = ({ signer, method, uri, token }: Place) => proofOf(signer, { method, uri }, t.clock.now(), { token })
const make = (place: Place, change: Fields = {}, header: Fields = {}): string => {
  const right = parts(place)
  return makeJws({ ...right.header, ...header }, { ...right.claims, ...change }, place.signer.privateKey)
}
const claims =
  (change: Fields | ((place: Place) => Fields)): Forgery =>
  (place) =>
    make(place, typeof change === 'function' ? change(place) : change)
const header =
  (change: Fields | ((place: Place) => Fields)): Forgery =>
  (place) =>
    make(place, {}, typeof change === 'function' ? change(place) : change)
const without =
  (name: string): Forgery =>
  (place) => {
    const { header: head, claims: all } = parts(place)
    const kept = Object.fromEntries(Object.entries(all).filter(([key]) => key !== name))
    return makeJws(head, kept, place.signer.privateKey)
  }
const segment =
  (index: 0 | 1 | 2, change: (text: string, place: Place) => string): Forgery =>
  (place) => {
    const segments = make(place).split('.')
    segments[index] = change(segments[index] ?? '', place)
    return segments.join('.')
  }
const rewritten =
  (change: (text: string) => string): Forgery =>
  (place) => {
    const { header: head, claims: all } = parts(place)
    return makeJws(head, change(JSON.stringify(all)), place.signer.privateKey)
  }
const stranger = makeSigner('ES256')
const small = generateKeyPairSync('rsa', { modulusLength: 1024 })
const other384 = generateKeyPairSync('ec', { namedCurve: 'P-384' })
const weak3 = generateKeyPairSync('rsa', { modulusLength: 2048, publicExponent: 3 })
const by =
  (alg: string, { privateKey, publicKey }: Pick<Signer, 'privateKey' | 'publicKey'>, change: Fields = {}): Forgery =>
  (place) => {
    const { header: head, claims: all } = parts(place)
    return makeJws({ ...head, alg, jwk: { ...jwkOf({ publicKey }), ...change } }, all, privateKey)
  }

const forgeries: readonly (readonly [what: string, why: string, forge: Forgery])[] = [
  // the algorithm and the key
  ['alg none', 'malformed', header({ alg: 'none' })],
  [
    'alg none and an old signature',
    'wrong_algorithm',
    segment(0, (_text, place) => base64url(JSON.stringify({ ...parts(place).header, alg: 'none' }))),
  ],
  [
    'HS256 with the key in it as secret',
    'wrong_algorithm',
    (place) => {
      const { header: head, claims: all } = parts(place)
      return makeJws({ ...head, alg: 'HS256' }, all, place.signer.privateKey, JSON.stringify(jwkOf(place.signer)))
    },
  ],
  ['a symmetric key', 'wrong_key', header({ jwk: { kty: 'oct', k: 'AAAA' } })],
  ['RS256', 'wrong_algorithm', header({ alg: 'RS256' })],
  ['ES384 and its curve', 'wrong_algorithm', by('ES384', other384)],
  ['another curve under ES256', 'wrong_key', by('ES256', other384)],
  [
    'the curve of Bitcoin under ES256',
    'wrong_key',
    header(({ signer }) => ({ jwk: { ...jwkOf(signer), crv: 'secp256k1' } })),
  ],
  ['an RSA key of 1024 bits', 'wrong_key', by('PS256', small)],
  ['an RSA key with the exponent 3', 'wrong_key', by('PS256', weak3)],
  [
    'the private key in it',
    'wrong_key',
    header(({ signer }) => ({ jwk: { ...signer.privateKey.export({ format: 'jwk' }) } })),
  ],
  [
    'a point that is not on the curve',
    'wrong_key',
    header(({ signer }) => ({ jwk: { ...jwkOf(signer), y: jwkOf(signer).x } })),
  ],
  [
    'the point of no coordinates',
    'wrong_key',
    header(({ signer }) => ({
      jwk: { ...jwkOf(signer), x: base64url(Buffer.alloc(32)), y: base64url(Buffer.alloc(32)) },
    })),
  ],
  [
    'a key that says it is for encryption',
    'wrong_key',
    header(({ signer }) => ({ jwk: { ...jwkOf(signer), use: 'enc' } })),
  ],
  [
    'a key that says it is for another algorithm',
    'wrong_key',
    header(({ signer }) => ({ jwk: { ...jwkOf(signer), alg: 'RS256' } })),
  ],
  ['a key with certificates', 'wrong_key', header(({ signer }) => ({ jwk: { ...jwkOf(signer), x5c: ['MIIB'] } }))],
  [
    'a key with an address of certificates',
    'wrong_key',
    header(({ signer }) => ({ jwk: { ...jwkOf(signer), x5u: 'https://evil.example' } })),
  ],
  [
    'a key with padding, which would have another thumbprint',
    'wrong_key',
    header(({ signer }) => ({ jwk: { ...jwkOf(signer), x: `${jwkOf(signer).x}=` } })),
  ],
  ['no key', 'wrong_key', header({ jwk: undefined })],
  ['a key that is null', 'wrong_key', header({ jwk: null })],
  ['a key that is text', 'wrong_key', header({ jwk: 'key' })],
  ['a key by kid', 'wrong_header', header({ kid: 'key-1' })],
  ['a set of keys by jku', 'wrong_header', header({ jku: 'https://evil.example/jwks.json' })],
  ['a certificate by x5u', 'wrong_header', header({ x5u: 'https://evil.example' })],
  ['a critical extension', 'wrong_header', header({ crit: ['x'], x: 1 })],
  ['an unencoded payload', 'wrong_header', header({ b64: false, crit: ['b64'] })],
  [
    "a stranger's signature under the right key",
    'not_accepted',
    (place) => {
      const { header: head, claims: all } = parts(place)
      return makeJws(head, all, stranger.privateKey)
    },
  ],
  // the type
  ['no typ', 'wrong_type', header({ typ: undefined })],
  ['typ JWT', 'wrong_type', header({ typ: 'JWT' })],
  ['typ in large letters', 'wrong_type', header({ typ: 'DPOP+JWT' })],
  // the request
  ['another method', 'wrong_method', claims(({ method }) => ({ htm: method === 'GET' ? 'POST' : 'GET' }))],
  ['the method in small letters', 'wrong_method', claims(({ method }) => ({ htm: method.toLowerCase() }))],
  ['another path', 'wrong_uri', claims({ htu: `${ORIGIN}/v1/accounts` })],
  ['another host', 'wrong_uri', claims(({ uri }) => ({ htu: uri.replace('hub.example', 'evil.example') }))],
  [
    'a host that begins right',
    'wrong_uri',
    claims(({ uri }) => ({ htu: uri.replace('hub.example', 'hub.example.evil.example') })),
  ],
  [
    'a name before the host',
    'wrong_uri',
    claims(({ uri }) => ({ htu: uri.replace('hub.example', 'hub.example@evil.example') })),
  ],
  ['http', 'wrong_uri', claims(({ uri }) => ({ htu: uri.replace('https', 'http') }))],
  ['a port', 'wrong_uri', claims(({ uri }) => ({ htu: uri.replace('hub.example', 'hub.example:443') }))],
  ['a query in htu', 'wrong_uri', claims(({ uri }) => ({ htu: `${uri}?limit=1` }))],
  ['a fragment in htu', 'wrong_uri', claims(({ uri }) => ({ htu: `${uri}#x` }))],
  ['a slash more', 'wrong_uri', claims(({ uri }) => ({ htu: `${uri}/` }))],
  [
    'a path with dots',
    'wrong_uri',
    claims(({ uri }) => ({ htu: uri.replace('/v1/', '/v1/../v1/').replace('/oauth/', '/x/../oauth/') })),
  ],
  ['the path alone', 'wrong_uri', claims(({ uri }) => ({ htu: new URL(uri).pathname }))],
  ['a list of addresses', 'missing_claim', claims(({ uri }) => ({ htu: [uri] }))],
  // the time
  ['iat a minute and a second ago', 'expired', claims(() => ({ iat: seconds() - 61 }))],
  ['iat in the future', 'not_yet', claims(() => ({ iat: seconds() + 32 }))],
  ['iat as text', 'missing_claim', claims(() => ({ iat: String(seconds()) }))],
  ['iat with a fraction', 'missing_claim', claims(() => ({ iat: seconds() - 0.5 }))],
  ['a nonce that nobody gave', 'wants_nonce', claims({ nonce: 'AAAAAAAAAAAAAAAAAAAAAA' })],
  ['a nonce that is a number', 'missing_claim', claims({ nonce: 1 })],
  ...['jti', 'htm', 'htu', 'iat'].map((name) => [`no ${name}`, 'missing_claim', without(name)] as const),
  ['a jti that is short', 'missing_claim', claims({ jti: '1' })],
  ['htm twice', 'malformed', rewritten((text) => text.replace('{', '{"htm":"PUT",'))],
  ['htu twice', 'malformed', rewritten((text) => text.replace('{', '{"htu":"https://evil.example",'))],
  // the text
  [
    'altered claims',
    'not_accepted',
    segment(1, (text) => base64url(Buffer.from(text, 'base64url').toString().replace('{', '{"a":1,'))),
  ],
  ['a signature of zeros', 'not_accepted', segment(2, () => base64url(Buffer.alloc(64)))],
  ['padding', 'malformed', segment(2, (text) => `${text}=`)],
  ['more than 4096 characters', 'too_long', claims({ note: 'x'.repeat(4_000) })],
  ['another proof behind it', 'malformed', (place) => `${make(place)}, ${make(place)}`],
  ['another proof behind it, with a space', 'malformed', (place) => `${make(place)} ${make(place)}`],
]

// ASVS 9.2.2
for (const [what, why, forge] of forgeries) {
  test(`a proof with ${what} gets no token: ${why}`, async () => {
    const client = await t.enrol()
    const place: Place = { method: 'POST', uri: TOKEN_URL, token: undefined, signer: makeSigner('ES256') }
    const refused = await t.ask(t.assertionFor(client), forge(place))
    const expected = why === 'wants_nonce' ? 'use_dpop_nonce' : 'invalid_dpop_proof'
    assert.deepEqual([refused.status, refused.body.error], [400, expected], JSON.stringify(refused.body))
    if (why !== 'wants_nonce') assert.match(refused.body.error_description, new RegExp(`^${why}: `))
    assert.equal((await t.ask(t.assertionFor(client), make(place))).status, 200)
  })
}

test('at a resource the same proofs are refused, and told as RFC 9449 has it', async () => {
  const client = await t.enrol()
  const signer = makeSigner('ES256')
  const token = await t.tokenFor(client, signer)
  const place: Place = { method: 'GET', uri: PAYMENTS, token, signer }
  for (const [what, why, forge] of forgeries) {
    const refused = await t.use(token, forge(place))
    assert.deepEqual([refused.status, refused.body.code], [401, 'unauthorized'], what)
    // At a resource a proof by another key than the token's is not even read further; both words say no.
    const said = String(refused.headers['www-authenticate'])
    assert.match(said, /^DPoP error="(invalid_dpop_proof|invalid_token|use_dpop_nonce)", /, what)
    assert.match(said, /algs="ES256 PS256 EdDSA Ed25519"$/, what)
    assert.match(refused.body.detail, new RegExp(`^(${why}|not_bound): `), what)
  }
  assert.equal((await t.use(token, make(place))).status, 200)
})

test('a proof is for one token: without ath, with that of another token, or with the token itself it is refused', async () => {
  const client = await t.enrol()
  const signer = makeSigner('ES256')
  const [token, another] = [await t.tokenFor(client, signer), await t.tokenFor(client, signer)]
  const place: Place = { method: 'GET', uri: PAYMENTS, token, signer }
  const sha256 = createHash('sha256').update(token)
  for (const [what, why, forge] of [
    ['none', 'missing_claim', without('ath')],
    ["another token's", 'wrong_token', claims({ ath: createHash('sha256').update(another).digest('base64url') })],
    ['in hexadecimal digits', 'wrong_token', claims({ ath: sha256.copy().digest('hex') })],
    ['with padding', 'wrong_token', claims({ ath: sha256.copy().digest('base64') })],
    ['the token itself', 'wrong_token', claims({ ath: token })],
    ['a list', 'missing_claim', claims({ ath: [sha256.copy().digest('base64url')] })],
  ] as const) {
    const refused = await t.use(token, forge(place))
    assert.equal(refused.status, 401, what)
    assert.match(refused.body.detail, new RegExp(`^${why}: `), what)
  }
  // A proof made for one token with the other one.
  assert.match((await t.use(another, make(place))).body.detail, /^wrong_token/)
  assert.equal((await t.use(token, make(place))).status, 200)
})

test('a proof is used once, here and at the token end point, also by 40 at the same moment', async () => {
  const client = await t.enrol()
  const signer = makeSigner('EdDSA')
  const proof = t.proofFor(signer, 'POST', TOKEN_URL)
  const all = await Promise.all(Array.from({ length: 8 }, () => t.ask(t.assertionFor(client), proof)))
  assert.equal(all.filter(({ status }) => status === 200).length, 1)
  assert.ok(all.every(({ status, body }) => status === 200 || /^replayed/.test(body.error_description)))
  const token = all.find(({ status }) => status === 200)?.body.access_token
  const used = t.proofFor(signer, 'GET', PAYMENTS, { token })
  const uses = await Promise.all(Array.from({ length: 40 }, () => t.use(token, used)))
  assert.equal(uses.filter(({ status }) => status === 200).length, 1)
  assert.ok(uses.every(({ status, body }) => status === 200 || /^replayed/.test(body.detail)))
  // The same jti in a proof of another second, signed anew, is the same proof.
  const jti = randomUUID()
  assert.equal((await t.use(token, t.proofFor(signer, 'GET', PAYMENTS, { token }, { jti }))).status, 200)
  t.clock.advance(5_000)
  assert.match((await t.use(token, t.proofFor(signer, 'GET', PAYMENTS, { token }, { jti }))).body.detail, /^replayed/)
})

test('a proof that is refused is not used up', async () => {
  const client = await t.enrol()
  const signer = makeSigner('ES256')
  const token = await t.tokenFor(client, signer)
  const proof = t.proofFor(signer, 'GET', PAYMENTS, { token })
  assert.equal((await t.use(token, proof, { headers: { host: 'evil.example' } })).status, 401)
  assert.equal((await t.use(token, proof)).status, 200)
})

test('whatever is in the query or behind it, the proof is for the path', async () => {
  const client = await t.enrol()
  const signer = makeSigner('ES256')
  const token = await t.tokenFor(client, signer)
  const proof = () => t.proofFor(signer, 'GET', PAYMENTS, { token })
  assert.equal((await t.use(token, proof(), { path: '/v1/payments?limit=3' })).status, 200)
  for (const path of ['/v1/payments/', '//v1/payments', '/v1/%70ayments', '/V1/payments']) {
    assert.notEqual((await t.use(token, proof(), { path })).status, 200, path)
  }
})

test('of each bit of a right proof that is turned over, none is accepted', async () => {
  const { checkProof } = await import('../../src/identity/dpop.ts')
  const signer = makeSigner('EdDSA')
  const token = 'trnt_token_x'
  const place: Place = { method: 'GET', uri: PAYMENTS, token, signer }
  const right = make(place)
  const { thumbprint } = await checkProof(make({ ...place, token: undefined }), {
    method: 'GET',
    uri: PAYMENTS,
    now: t.clock.now(),
    takesNonce: () => true,
  })
  const check = (text: string) =>
    checkProof(text, {
      method: 'GET',
      uri: PAYMENTS,
      now: t.clock.now(),
      token: { text: token, thumbprint },
      takesNonce: () => true,
    })
  await check(right)
  let tried = 0
  for (let at = 0; at < right.length; at += 1) {
    for (let bit = 0; bit < 8; bit += 1) {
      const turned = right.slice(0, at) + String.fromCharCode(right.charCodeAt(at) ^ (1 << bit)) + right.slice(at + 1)
      await assert.rejects(check(turned), { name: 'TokenFault' }, `bit ${bit} of character ${at}`)
      tried += 1
    }
  }
  assert.ok(tried > 3_000)
})
