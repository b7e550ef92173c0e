import assert from 'node:assert/strict'
import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { after, test } from 'node:test'
import { openTestDatabase } from '../../test/support/database.ts'
import { CHECKER_KEY, createFakeHub, KEY } from '../../test/support/http.ts'
import { createVirtualClock } from '../../test/support/virtual-clock.ts'
import { writeActs } from '../audit/acts.ts'
import { createClients } from '../identity/clients.ts'
import { digestOfKey, makeKey, readKey } from '../identity/keys.ts'
import { readSignature, signatureBase } from '../identity/signature.ts'
import { createServer } from './server.ts'

const { db } = await openTestDatabase()
await db`insert into tenant (tenant_id, kind, name) values (2, 'business', 'Other')`
const clock = createVirtualClock(Date.UTC(2026, 10, 23, 6))
const hub = createFakeHub(db)
const staticKeys = [
  { tenantId: 1, name: 'admin', sha256: digestOfKey(KEY) },
  { tenantId: 2, name: 'other', sha256: digestOfKey(CHECKER_KEY) },
]
const clients = createClients({ clock, db, staticKeys })
const server = await createServer({ ...hub.deps, clock, clients, note: (tx, act) => writeActs(tx, [act]) })
after(() => server.close())

type Call = { key?: string; body?: object; headers?: Record<string, string>; from?: string }
const call = async (method: 'GET' | 'POST' | 'DELETE', url: string, { key = KEY, body, headers, from }: Call = {}) => {
  const answer = await server.app.inject({
    method,
    url,
    headers: {
      authorization: `Bearer ${key}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
    ...(from === undefined ? {} : { remoteAddress: from }),
  })
  return { status: answer.statusCode, body: answer.body === '' ? {} : answer.json() }
}
const aClient = async (change: object = {}) =>
  (
    await call('POST', '/v1/clients', {
      body: { name: 'shop', rights: ['payments:create', 'payments:read'], ...change },
    })
  ).body
const aKey = async (id: string, body: object = {}) => (await call('POST', `/v1/clients/${id}/keys`, { body })).body
const status = async (key: string, more: Call = {}) =>
  (await call('GET', '/v1/payments/pay_00000000000000000000000000000000', { key, ...more })).status

test('a key works at once, for what its client may do and nothing else; the hub keeps its digest only', async () => {
  const { id } = await aClient()
  const made = await aKey(id)
  assert.match(made.key, /^trnt_test_[0-9A-Za-z]{12}_[0-9A-Za-z]{43}[0-9a-f]{6}$/)
  assert.equal(await status(made.key), 404)
  assert.deepEqual((await call('GET', '/v1/accounts', { key: made.key })).body.code, 'forbidden')
  assert.equal(
    (await call('POST', '/v1/clients', { key: made.key, body: { name: 'x', rights: ['payments:read'] } })).status,
    403,
  )
  const [row] = await db<
    { whole: string }[]
  >`select to_jsonb(k)::text as whole from client_key k where key_id = ${made.id}`
  assert.ok(row && !row.whole.includes(made.key.slice(24, 60)))
  const shown = (await call('GET', `/v1/clients/${id}`)).body
  assert.equal(shown.keys[0].lastFour, made.key.slice(-4))
  assert.ok(!JSON.stringify(shown).includes(made.key))
})

// ASVS 8.3.2
test('two keys work at a time; one revoked is refused at once, here, and elsewhere within a second', async () => {
  const { id } = await aClient()
  const [one, two] = [await aKey(id), await aKey(id)]
  assert.equal((await aKey(id)).code, 'too_many_keys')
  const elsewhere = createClients({ clock, db, staticKeys })
  const there = async (key: string) => (await elsewhere.identify(`Bearer ${key}`, '127.0.0.1')) !== undefined
  assert.ok((await there(one.key)) && (await status(one.key)) === 404)
  assert.equal((await call('DELETE', `/v1/clients/${id}/keys/${one.id}`)).status, 204)
  assert.equal(await status(one.key), 401)
  assert.ok(await there(one.key), 'believed for a second at most')
  clock.advance(1_000)
  assert.ok(!(await there(one.key)))
  assert.equal(await status(two.key), 404)
  assert.equal((await aKey(id)).lastFour.length, 4)
})

test('of many requests with a key at the same moment one looks for it, and all are answered', async () => {
  let asked = 0
  const counting = new Proxy(db, {
    apply(target, self, words) {
      if (String(words[0]).includes('client_key k')) asked += 1
      return Reflect.apply(target, self, words)
    },
  })
  const { key } = await aKey((await aClient({ networks: ['10.0.0.0/8'] })).id)
  const fresh = createClients({ clock, db: counting, staticKeys: [] })
  const answers = await Promise.all(
    Array.from({ length: 60 }, (_, i) => fresh.identify(`Bearer ${key}`, i % 2 === 0 ? '10.0.0.1' : '192.0.2.1')),
  )
  assert.equal(asked, 1)
  answers.forEach((known, i) => {
    assert.equal(known?.caller.address, i % 2 === 0 ? '10.0.0.1' : undefined)
  })
  fresh.forget()
  await fresh.identify(`Bearer ${key}`, '10.0.0.1')
  assert.equal(asked, 2)
})

test('a key ends when it said it would, and with its client', async () => {
  const { id } = await aClient()
  const ends = await aKey(id, { expiresAt: new Date(clock.now() + 60_000).toISOString() })
  assert.equal(await status(ends.key), 404)
  clock.advance(60_000)
  assert.equal(await status(ends.key), 401)
  const { key } = await aKey(id)
  assert.equal(await status(key), 404)
  assert.equal((await call('DELETE', `/v1/clients/${id}`)).status, 204)
  assert.equal(await status(key), 401)
  assert.equal((await aKey(id)).code, 'not_found')
})

test('a key is refused from a network that it may not come from, also in the clothes of IPv6', async () => {
  const { id } = await aClient({ networks: ['203.0.113.0/24', '2001:db8::/32'] })
  const { key } = await aKey(id)
  for (const [from, expected] of [
    ['203.0.113.9', 404],
    ['::ffff:203.0.113.9', 404],
    ['2001:db8::1', 404],
    ['203.0.114.1', 401],
    ['::ffff:198.51.100.1', 401],
    ['2001:db9::1', 401],
    ['127.0.0.1', 401],
  ] as const) {
    assert.equal(await status(key, { from }), expected, from)
  }
})

test("another tenant's clients and keys are not there", async () => {
  const { id } = await aClient()
  const { id: keyId } = await aKey(id)
  const as = { key: CHECKER_KEY }
  assert.equal((await call('GET', `/v1/clients/${id}`, as)).status, 404)
  assert.equal((await call('DELETE', `/v1/clients/${id}`, as)).status, 404)
  assert.equal((await call('POST', `/v1/clients/${id}/keys`, { ...as, body: {} })).status, 404)
  assert.equal((await call('DELETE', `/v1/clients/${id}/keys/${keyId}`, as)).status, 404)
  assert.deepEqual((await call('GET', '/v1/clients', as)).body.data, [])
})

const wrongs: readonly (readonly [what: string, key: (key: string) => string])[] = [
  ['the last letter changed', (key) => key.slice(0, -1) + (key.endsWith('0') ? '1' : '0')],
  [
    'a letter of the secret changed, with a right check sum',
    (key) => remade(key, key.slice(0, 30) + (key[30] === 'a' ? 'b' : 'a') + key.slice(31, -6)),
  ],
  ['live instead of test', (key) => remade(key, key.slice(0, -6).replace('test', 'live'))],
  ['another id', (key) => remade(key, `${key.slice(0, 10)}AAAAAAAAAAAA${key.slice(22, -6)}`)],
  ['cut off', (key) => key.slice(0, 40)],
  ['twice', (key) => key + key],
  ['a quote in it', (key) => key.replace('_', "'")],
]
/** The same text with a check sum that fits it. */
const remade = (_key: string, text: string): string => {
  for (let i = 0; i < 0x1000000; i += 1) {
    const tried = text + i.toString(16).padStart(6, '0')
    if (readKey(tried) !== undefined) return tried
    if (i > 0xfffff) break
  }
  return `${text}000000`
}
for (const [what, change] of wrongs) {
  test(`a key with ${what} is nobody's`, async () => {
    const { id } = await aClient()
    const { key } = await aKey(id)
    assert.equal(await status(change(key)), 401)
    assert.equal(await status(key), 404)
  })
}

test('bad clients are refused with the field that is wrong', async () => {
  for (const [body, field] of [
    [{ rights: ['payments:read'] }, 'name'],
    [{ name: 'x', rights: [] }, 'rights'],
    [{ name: 'x', rights: ['everything'] }, 'rights.0'],
    [{ name: 'x', rights: ['details:reveal'] }, 'rights.0'],
    [{ name: 'x', rights: ['payments:read'], networks: ['203.0.113.0/24', 'home'] }, 'networks.1'],
    [{ name: 'x', rights: ['payments:read'], tenantId: 2 }, 'tenantId'],
    [{ name: 'x', rights: ['payments:read'], owner: 'usr_1' }, 'owner'],
  ] as const) {
    const answer = await call('POST', '/v1/clients', { body })
    assert.deepEqual([answer.status, answer.body.errors?.[0]?.field], [400, field])
  }
})

test('nobody makes a key that may more than its maker', async () => {
  const { id } = await aClient({ rights: ['clients:write', 'payments:read'] })
  const { key } = await aKey(id)
  const answer = await call('POST', '/v1/clients', { key, body: { name: 'x', rights: ['payments:create'] } })
  assert.deepEqual([answer.status, answer.body.errors[0].field], [400, 'rights'])
})

test('keys are 256 random bits in a form of their own', () => {
  const made = new Set(Array.from({ length: 500 }, () => makeKey(true).key))
  assert.equal(made.size, 500)
  for (const key of made) assert.equal(readKey(key)?.live, true)
})

// --- live keys sign what moves money --------------------------------------------------------------------------------

const ed = generateKeyPairSync('ed25519')
let nonces = 0

/** The headers of a signed request. */
function signed(
  {
    method,
    path,
    body,
    headers,
  }: { method: string; path: string; body: string | undefined; headers: Record<string, string> },
  keyid: string,
  key: KeyObject = ed.privateKey,
  life = 60,
): Record<string, string> {
  nonces += 1
  const seconds = Math.floor(clock.now() / 1000)
  const digest = createHash('sha256')
    .update(body ?? '')
    .digest('base64')
  const all: Record<string, string> = {
    ...headers,
    host: 'hub.example',
    'content-digest': `sha-256=:${digest}:`,
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
  }
  const components = ['@method', '@target-uri', 'content-digest', 'authorization', 'content-type', 'idempotency-key']
  const covered = components
    .filter((name) => name.startsWith('@') || all[name] !== undefined)
    .map((name) => `"${name}"`)
  all['signature-input'] =
    `sig=(${covered.join(' ')});created=${seconds};expires=${seconds + life};nonce="nonce-${String(nonces).padStart(16, '0')}";keyid="${keyid}"`
  const message = { method, targetUri: `https://hub.example${path}`, headers: { ...all, signature: 'sig=:AAAA:' } }
  const base = signatureBase(message, readSignature(message).components)
  return { ...all, signature: `sig=:${sign(null, Buffer.from(base), key).toString('base64')}:` }
}

const payment = {
  amount: '150000',
  from: 'acc_1',
  to: { kind: 'account', ifsc: 'HDFC0000123', account: '50100123456789' },
}

async function aLiveClient() {
  const client = await aClient({ live: true })
  const { key } = await aKey(client.id)
  const publicKey = ed.publicKey.export({ format: 'der', type: 'spki' }).toString('base64')
  const { body } = await call('POST', `/v1/clients/${client.id}/signing-keys`, {
    body: { algorithm: 'ed25519', publicKey },
  })
  assert.match(body.id, /^sgk_/)
  return { id: client.id, key, keyid: body.id as string }
}
const payWith = (key: string, headers: Record<string, string>, body: object = payment) =>
  call('POST', '/v1/payments', { key, headers, body })

// ASVS 4.1.5
test('a live key pays with a signature and not without; reading needs none', async () => {
  const { key, keyid } = await aLiveClient()
  assert.match(key, /^trnt_live_/)
  const plain = await payWith(key, { 'idempotency-key': 'live-1', host: 'hub.example' })
  assert.deepEqual([plain.status, plain.body.code], [401, 'signature_required'])
  assert.equal(await status(key), 404)
  const headers = signed(
    {
      method: 'POST',
      path: '/v1/payments',
      body: JSON.stringify(payment),
      headers: { authorization: `Bearer ${key}`, 'idempotency-key': 'live-1' },
    },
    keyid,
  )
  const paid = await payWith(key, headers)
  assert.equal(paid.status, 201, JSON.stringify(paid.body))
  const again = await payWith(key, headers)
  assert.deepEqual([again.status, again.body.code], [401, 'signature_invalid'])
  assert.match(again.body.detail, /replayed/)
})

test('of 40 copies of one signed request at the same moment one is taken', async () => {
  const { key, keyid } = await aLiveClient()
  const headers = signed(
    {
      method: 'POST',
      path: '/v1/payments',
      body: JSON.stringify(payment),
      headers: { authorization: `Bearer ${key}`, 'idempotency-key': 'live-many' },
    },
    keyid,
  )
  const all = await Promise.all(Array.from({ length: 40 }, () => payWith(key, headers)))
  assert.equal(all.filter((one) => one.status === 201).length, 1)
})

test('altered, expired, for another host, by a stranger or by a revoked key: refused, and told why', async () => {
  const { id, key, keyid } = await aLiveClient()
  const parts = {
    method: 'POST',
    path: '/v1/payments',
    body: JSON.stringify(payment),
    headers: { authorization: `Bearer ${key}`, 'idempotency-key': 'live-2' },
  }
  const why = async (headers: Record<string, string>, body: object = payment) => {
    const answer = await payWith(key, headers, body)
    assert.deepEqual([answer.status, answer.body.code], [401, 'signature_invalid'])
    return answer.body.detail as string
  }
  assert.match(await why(signed(parts, keyid), { ...payment, amount: '250000' }), /^bad_digest/)
  assert.match(await why({ ...signed(parts, keyid), 'idempotency-key': 'live-3' }), /^bad_signature/)
  assert.match(await why({ ...signed(parts, keyid), host: 'evil.example' }), /^wrong_host/)
  assert.match(await why(signed(parts, keyid, generateKeyPairSync('ed25519').privateKey)), /^bad_signature/)
  assert.match(await why(signed(parts, keyid, ed.privateKey, 3_600)), /^too_long/)
  const late = signed(parts, keyid)
  clock.advance(61_000)
  assert.match(await why(late), /^expired/)
  const theirs = await aLiveClient()
  assert.match(await why(signed(parts, theirs.keyid)), /^unknown_key/)
  await call('DELETE', `/v1/clients/${id}/signing-keys/${keyid}`)
  assert.match(await why(signed(parts, keyid)), /^unknown_key/)
})

test('what is done about clients and keys stands in the audit chain', async () => {
  const rows = await db<{ action: string }[]>`select distinct action from act where tenant_id = 1 order by action`
  assert.deepEqual(
    rows.map((row) => row.action),
    ['client.created', 'client.ended', 'key.created', 'key.revoked', 'signing_key.created', 'signing_key.revoked'],
  )
})
