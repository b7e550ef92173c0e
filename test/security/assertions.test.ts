import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, beforeEach, test } from 'node:test'
import { openTestDatabase } from '../support/database.ts'
import { assertionOf, base64url, type Fields, jwkOf, makeJws, makeSigner } from '../support/token-client.ts'
import { ORIGIN, startTokenHub, TOKEN_URL } from '../support/token-hub.ts'

// Every way to get a token with an assertion that is not right that its authors could think of. Each differs from the right one by one
// thing only, and the right one is tried beside it, so that nothing is refused for another reason.

const { db } = await openTestDatabase()
const t = await startTokenHub(db)
after(() => t.server.close())
// Failures are counted by the minute: each test has one of its own.
beforeEach(() => t.clock.advance(61_000))

const seconds = (): number => Math.floor(t.clock.now() / 1000)
const now = () => t.clock.now()
type Client = Awaited<ReturnType<typeof t.enrol>>

/** Changes to a right assertion: its claims, its header; or the whole text. */
type Forgery = (client: Client) => string | Promise<string>
const claims =
  (change: Fields | (() => Fields)): Forgery =>
  (client) =>
    t.assertionFor(client, typeof change === 'function' ? change() : change)
const header =
  (change: Fields): Forgery =>
  (client) =>
    t.assertionFor(client, {}, change)
const parts = (client: Client) => assertionOf(client.signer, client.id, ORIGIN, now())
const without =
  (name: string): Forgery =>
  (client) => {
    const { header: head, claims: all } = parts(client)
    return makeJws(
      head,
      Object.fromEntries(Object.entries(all).filter(([key]) => key !== name)),
      client.signer.privateKey,
    )
  }
const segment =
  (index: 0 | 1 | 2, change: (text: string) => string): Forgery =>
  (client) => {
    const segments = t.assertionFor(client).split('.')
    segments[index] = change(segments[index] ?? '')
    return segments.join('.')
  }
/** Signed with another algorithm than the key is registered for. */
const signedAs =
  (alg: string, secret?: (client: Client) => string | Buffer): Forgery =>
  (client) => {
    const { header: head, claims: all } = parts(client)
    return makeJws({ ...head, alg }, all, client.signer.privateKey, secret?.(client))
  }
const stranger = makeSigner('ES256')
const byStranger =
  (change: Fields): Forgery =>
  (client) => {
    const { header: head, claims: all } = parts(client)
    return makeJws({ ...head, ...change }, all, stranger.privateKey)
  }
const pem = ({ signer }: Client) => signer.publicKey.export({ type: 'spki', format: 'pem' })

const forgeries: readonly (readonly [what: string, why: string, forge: Forgery])[] = [
  // the algorithm
  ['alg none and no signature', 'malformed', signedAs('none')],
  ['alg none and an old signature', 'wrong_algorithm', segment(0, () => base64url('{"alg":"none","typ":"JWT"}'))],
  ['alg None', 'wrong_algorithm', segment(0, () => base64url('{"alg":"None"}'))],
  ['alg empty', 'wrong_algorithm', header({ alg: '' })],
  ['alg null', 'wrong_algorithm', segment(0, () => base64url('{"alg":null}'))],
  ['alg a list', 'wrong_algorithm', segment(0, () => base64url('{"alg":["ES256"]}'))],
  ['no alg', 'wrong_algorithm', segment(0, () => base64url('{"typ":"JWT"}'))],
  ['HS256 with the public key in PEM as secret', 'wrong_algorithm', signedAs('HS256', pem)],
  [
    'HS256 with the public key in DER as secret',
    'wrong_algorithm',
    signedAs('HS256', ({ signer }) => signer.publicKey.export({ type: 'spki', format: 'der' })),
  ],
  [
    'HS256 with the public JWK as secret',
    'wrong_algorithm',
    signedAs('HS256', ({ signer }) => JSON.stringify(jwkOf(signer))),
  ],
  ['HS256 with no secret', 'wrong_algorithm', signedAs('HS256', () => '')],
  ['RS256', 'wrong_algorithm', byStranger({ alg: 'RS256' })],
  ['ES384', 'wrong_algorithm', header({ alg: 'ES384' })],
  ['ES256K', 'wrong_algorithm', header({ alg: 'ES256K' })],
  ['es256 in small letters', 'wrong_algorithm', header({ alg: 'es256' })],
  ['Ed448', 'wrong_algorithm', header({ alg: 'Ed448' })],
  // the header
  ["a key of the forger's in jwk", 'wrong_header', byStranger({ jwk: jwkOf(stranger) })],
  [
    "the client's own key in jwk",
    'wrong_header',
    (client) => t.assertionFor(client, {}, { jwk: jwkOf(client.signer) }),
  ],
  ["a set of the forger's keys by jku", 'wrong_header', byStranger({ jku: 'https://evil.example/jwks.json' })],
  ['a certificate by x5u', 'wrong_header', byStranger({ x5u: 'https://evil.example/key.pem' })],
  ['a certificate in x5c', 'wrong_header', byStranger({ x5c: ['MIIB'] })],
  ['a thumbprint in x5t', 'wrong_header', byStranger({ x5t: 'AAAA' })],
  ['a critical extension', 'wrong_header', header({ crit: ['exp'], exp: 1 })],
  ['crit with nothing in it', 'wrong_header', header({ crit: [] })],
  ['an unencoded payload, b64 false', 'wrong_header', header({ b64: false })],
  ['a compressed payload', 'wrong_header', header({ zip: 'DEF' })],
  ['a content type', 'wrong_header', header({ cty: 'JWT' })],
  ["kid of somebody else's key", 'not_accepted', async (client) => header({ kid: (await t.enrol()).keyId })(client)],
  ['kid with SQL in it', 'not_accepted', header({ kid: "x' or '1'='1" })],
  ['kid with a path in it', 'not_accepted', header({ kid: '../../../../dev/null' })],
  ['kid a number', 'wrong_header', header({ kid: 1 })],
  ['kid a list', 'wrong_header', header({ kid: ['a'] })],
  ['typ of a proof', 'wrong_type', header({ typ: 'dpop+jwt' })],
  ['typ of an access token', 'wrong_type', header({ typ: 'at+jwt' })],
  ['typ a list', 'wrong_type', header({ typ: ['JWT'] })],
  ['two algs in the header', 'malformed', segment(0, () => base64url('{"alg":"ES256","alg":"none"}'))],
  ['alg written with an escape', 'malformed', segment(0, () => base64url('{"alg":"none","\\u0061lg":"ES256"}'))],
  ['__proto__ in the header', 'wrong_header', segment(0, () => base64url('{"alg":"ES256","__proto__":{"kid":"x"}}'))],
  // the claims
  ['the audience of another server', 'wrong_audience', claims({ aud: 'https://other.example' })],
  ['the audience with a slash more', 'wrong_audience', claims({ aud: `${ORIGIN}/` })],
  ['the audience in large letters', 'wrong_audience', claims({ aud: ORIGIN.toUpperCase() })],
  ['the audience over http', 'wrong_audience', claims({ aud: 'http://hub.example' })],
  ['the audience with a port', 'wrong_audience', claims({ aud: `${ORIGIN}:443` })],
  ['an audience that only begins right', 'wrong_audience', claims({ aud: `${ORIGIN}.evil.example` })],
  ['an audience that is the revocation end point', 'wrong_audience', claims({ aud: `${ORIGIN}/oauth/revoke` })],
  ['two audiences, one of them right', 'wrong_audience', claims({ aud: [ORIGIN, 'https://other.example'] })],
  ['no audience in a list', 'wrong_audience', claims({ aud: [] })],
  ['an audience in two lists', 'wrong_audience', claims({ aud: [[ORIGIN]] })],
  ['iss of another client', 'wrong_subject', claims({ iss: `cli_${'0'.repeat(32)}` })],
  ['sub of another client', 'wrong_subject', claims({ sub: `cli_${'0'.repeat(32)}` })],
  [
    'iss and sub of a client that is not there',
    'not_accepted',
    claims({ iss: `cli_${'0'.repeat(32)}`, sub: `cli_${'0'.repeat(32)}` }),
  ],
  [
    'iss and sub of another client that is there',
    'not_accepted',
    async (client) => {
      const { id } = await t.enrol()
      return t.assertionFor(client, { iss: id, sub: id })
    },
  ],
  [
    'iss and sub in large letters',
    'wrong_subject',
    (client) => t.assertionFor(client, { iss: client.id.toUpperCase(), sub: client.id.toUpperCase() }),
  ],
  ['iss and sub with SQL in them', 'wrong_subject', claims({ iss: "cli_' or true --", sub: "cli_' or true --" })],
  ['iss and sub of a static key', 'wrong_subject', claims({ iss: 'cli_default', sub: 'cli_default' })],
  ['iss a list', 'missing_claim', claims({ iss: ['cli_1'] })],
  ['exp that is past', 'expired', claims(() => ({ exp: seconds() }))],
  ['exp long past', 'expired', claims({ iat: 1, exp: 2 })],
  ['exp an hour away', 'lives_too_long', claims(() => ({ exp: seconds() + 3_600 }))],
  ['exp a second too far away', 'lives_too_long', claims(() => ({ exp: seconds() + 301 }))],
  [
    'iat and exp shifted, so that it lives into the future',
    'not_yet',
    claims(() => ({ iat: seconds() + 600, exp: seconds() + 700 })),
  ],
  [
    'an old iat, so that it lives long',
    'lives_too_long',
    claims(() => ({ iat: seconds() - 300, exp: seconds() + 60 })),
  ],
  ['exp as text', 'missing_claim', claims(() => ({ exp: String(seconds() + 60) }))],
  ['exp with a fraction', 'missing_claim', claims(() => ({ exp: seconds() + 60.5 }))],
  [
    'exp endless',
    'malformed',
    (client) => {
      const { header: head, claims: all } = parts(client)
      return makeJws(head, JSON.stringify(all).replace(/"exp":\d+/, '"exp":Infinity'), client.signer.privateKey)
    },
  ],
  [
    'exp beyond what a number holds',
    'missing_claim',
    (client) => {
      const { header: head, claims: all } = parts(client)
      return makeJws(head, JSON.stringify(all).replace(/"exp":\d+/, '"exp":1e400'), client.signer.privateKey)
    },
  ],
  ['exp below zero', 'missing_claim', claims({ exp: -1 })],
  ['iat in the future', 'not_yet', claims(() => ({ iat: seconds() + 31 }))],
  ['nbf in the future', 'not_yet', claims(() => ({ nbf: seconds() + 31 }))],
  ['nbf as text', 'missing_claim', claims({ nbf: 'now' })],
  ...['iss', 'sub', 'exp', 'iat', 'jti'].map((name) => [`no ${name}`, 'missing_claim', without(name)] as const),
  ['no aud', 'wrong_audience', without('aud')],
  ['a jti that is short', 'missing_claim', claims({ jti: 'short' })],
  ['a jti that is long', 'missing_claim', claims({ jti: 'x'.repeat(129) })],
  ['a jti with a line break', 'missing_claim', claims({ jti: `${randomUUID()}\n` })],
  ['a jti that is a number', 'missing_claim', claims({ jti: 1234567890123456 })],
  [
    'iss twice',
    'malformed',
    (client) => {
      const { header: head, claims: all } = parts(client)
      return makeJws(head, JSON.stringify(all).replace('{', '{"iss":"cli_other",'), client.signer.privateKey)
    },
  ],
  [
    'aud twice',
    'malformed',
    (client) => {
      const { header: head, claims: all } = parts(client)
      return makeJws(
        head,
        JSON.stringify(all).replace('{', '{"aud":"https://other.example",'),
        client.signer.privateKey,
      )
    },
  ],
  ['claims that are a list', 'malformed', (client) => makeJws(parts(client).header, '[]', client.signer.privateKey)],
  ['claims that are null', 'malformed', (client) => makeJws(parts(client).header, 'null', client.signer.privateKey)],
  [
    'claims that are no JSON',
    'malformed',
    (client) => makeJws(parts(client).header, '{iss:1}', client.signer.privateKey),
  ],
  [
    'claims with a byte order mark',
    'malformed',
    (client) => {
      const { header: head, claims: all } = parts(client)
      return makeJws(head, `\uFEFF${JSON.stringify(all)}`, client.signer.privateKey)
    },
  ],
  // the text
  [
    'altered claims',
    'not_accepted',
    segment(1, (text) => base64url(Buffer.from(text, 'base64url').toString().replace('"exp"', '"a":1,"exp"'))),
  ],
  [
    'the signature of another assertion',
    'not_accepted',
    (client) => segment(2, () => t.assertionFor(client).split('.')[2] ?? '')(client),
  ],
  ['a signature of zeros', 'not_accepted', segment(2, () => base64url(Buffer.alloc(64)))],
  [
    'a signature in DER',
    'not_accepted',
    segment(2, () => base64url(Buffer.concat([Buffer.from('3006020101020101', 'hex')]))),
  ],
  [
    'a signature cut short',
    'not_accepted',
    segment(2, (text) => base64url(Buffer.from(text, 'base64url').subarray(0, 63))),
  ],
  [
    'a signature with a byte more',
    'not_accepted',
    segment(2, (text) => base64url(Buffer.concat([Buffer.from(text, 'base64url'), Buffer.alloc(1)]))),
  ],
  ['no signature', 'malformed', segment(2, () => '')],
  ['padding', 'malformed', segment(2, (text) => `${text}==`)],
  ['the letters of base64', 'malformed', segment(2, (text) => `+${text.slice(1)}`)],
  ['spaces', 'malformed', segment(1, (text) => ` ${text}`)],
  ['four parts', 'malformed', segment(2, (text) => `${text}.${text}`)],
  ['five parts, as if it were encrypted', 'malformed', segment(2, (text) => `${text}.AA.AA`)],
  ['two parts', 'malformed', (client) => t.assertionFor(client).split('.').slice(0, 2).join('.')],
  [
    'JSON instead of the compact form',
    'malformed',
    () => JSON.stringify({ payload: 'e30', signatures: [{ protected: 'e30', signature: 'AA' }] }),
  ],
  ['more than 4096 characters', 'too_long', claims({ note: 'x'.repeat(4_000) })],
  [
    'deep nesting',
    'malformed',
    (client) =>
      makeJws(parts(client).header, `{"a":${'['.repeat(1_000)}${']'.repeat(1_000)}}`, client.signer.privateKey),
  ],
  ["a stranger's signature", 'not_accepted', byStranger({})],
]

// ASVS 6.8.2, 9.1.1, 9.1.2, 9.1.3, 9.2.1, 9.2.3, 10.4.10, 10.4.16
for (const [what, why, forge] of forgeries) {
  test(`an assertion with ${what} gets no token: ${why}`, async () => {
    const client = await t.enrol()
    const bound = makeSigner('ES256')
    const refused = await t.ask(await forge(client), t.proofFor(bound, 'POST', TOKEN_URL))
    assert.deepEqual([refused.status, refused.body.error], [401, 'invalid_client'], JSON.stringify(refused.body))
    assert.match(refused.body.error_description, new RegExp(`^${why}: `))
    const right = await t.ask(t.assertionFor(client), t.proofFor(bound, 'POST', TOKEN_URL))
    assert.equal(right.status, 200, JSON.stringify(right.body))
  })
}
