import assert from 'node:assert/strict'
import { after, beforeEach, test } from 'node:test'
import { authenticate, type Ceremony } from '../../test/support/authenticator.ts'
import { openTestDatabase } from '../../test/support/database.ts'
import { KEY } from '../../test/support/http.ts'
import { type Browser, browserOf, type Call, createPeopleHub, ORIGIN, RP_ID } from '../../test/support/people.ts'

const database = await openTestDatabase()
const { db } = database
await db`insert into tenant (tenant_id, kind, name) values (2, 'business', 'Other')`
const hub = await createPeopleHub(database)
const { call, clock } = hub
after(() => hub.close())
// All of this comes from one address; what becomes of one that fails often is in test/security/sign-in.test.ts.
beforeEach(() => db`delete from sign_in_try`)

const current = (browser: Browser) => call('GET', '/v1/sessions/current', { as: browser })
const isIn = async (browser: Browser): Promise<boolean> => (await current(browser)).status === 200
const minutes = (count: number): void => clock.advance(count * 60_000)

// ASVS 7.2.2
test('who accepts an invitation with a passkey is in, with the roles that it was for and no others', async () => {
  const { id, browser } = await hub.signedIn(['viewer'])
  const { body } = await current(browser)
  assert.deepEqual(
    [body.person.id, body.person.roles, body.by, body.csrfToken],
    [id, ['viewer'], 'passkey', browser.csrf],
  )
  assert.equal((await call('GET', '/v1/accounts', { as: browser })).status, 200)
  const denied = await call('GET', '/v1/people', { as: browser })
  assert.deepEqual([denied.status, denied.body.code], [403, 'forbidden'])
})

// ASVS 3.3.1, 3.3.2, 3.3.3, 3.3.4, 7.2.3
test('the cookie is for this host, over TLS, for no script and no other site; the answer is kept by nobody', async () => {
  const { key } = await hub.signedIn(['viewer'])
  const answer = await hub.signIn(key)
  const cookie = String(answer.headers['set-cookie'])
  assert.match(cookie, /^__Host-turant=[A-Za-z0-9_-]{43}; Path=\/; HttpOnly; Secure; SameSite=Strict$/)
  assert.equal(answer.headers['cache-control'], 'no-store')
  const token = /=([^;]+)/.exec(cookie)?.[1] ?? ''
  const rows = await db<{ whole: string }[]>`select to_jsonb(s)::text as whole from session s`
  assert.ok(rows.length > 0 && rows.every(({ whole }) => !whole.includes(token)), 'the database has its digest only')
})

test('a password and a code sign in; each code once, also by many at the same time', async () => {
  const { proof, code } = await hub.withPassword(['maker'])
  const body = { ...proof, code: code() }
  const answers = await Promise.all(Array.from({ length: 4 }, () => call('POST', '/v1/sessions', { body })))
  assert.deepEqual(answers.map(({ status }) => status).sort(), [201, 401, 401, 401])
  assert.equal((await call('POST', '/v1/sessions', { body })).status, 401)
  clock.advance(30_000)
  const loud = { ...proof, login: proof.login.toUpperCase(), code: code() }
  assert.equal((await call('POST', '/v1/sessions', { body: loud })).status, 201, 'a login is the same in large letters')
})

// --- sessions -------------------------------------------------------------------------------------------------------

// ASVS 7.2.4
test('whatever cookie a browser had, who signs in gets another one, and the session before is over', async () => {
  const { key, browser } = await hub.signedIn(['viewer'])
  const planted: Browser = { cookie: `__Host-turant=${'A'.repeat(43)}`, csrf: '' }
  const first = browserOf(await hub.signIn(key, {}, { as: planted }))
  assert.notEqual(first.cookie, planted.cookie)
  assert.equal((await current(planted)).status, 401)
  const second = browserOf(await hub.signIn(key, {}, { as: first }))
  assert.deepEqual([await isIn(first), await isIn(second), await isIn(browser)], [false, true, true])
})

// ASVS 7.3.1
test('a session ends fifteen minutes after its last request', async () => {
  const { browser } = await hub.signedIn(['viewer'])
  for (let i = 0; i < 4; i += 1) {
    minutes(14)
    assert.ok(await isIn(browser), `after ${(i + 1) * 14} minutes with a request every 14`)
  }
  minutes(15)
  assert.ok(!(await isIn(browser)))
})

// ASVS 7.3.2
test('a session ends eight hours after it began, however busy it was', async () => {
  const { browser } = await hub.signedIn(['viewer'])
  for (let i = 0; i < 47; i += 1) {
    minutes(10)
    assert.ok(await isIn(browser), `after ${(i + 1) * 10} minutes`)
  }
  minutes(10)
  assert.ok(!(await isIn(browser)))
})

// ASVS 7.4.1, 14.3.1
test('who signs out is out; the cookie is taken back', async () => {
  const { browser, key } = await hub.signedIn(['viewer'])
  const other = browserOf(await hub.signIn(key))
  const out = await call('DELETE', '/v1/sessions/current', { as: browser })
  assert.equal(out.status, 204)
  assert.match(String(out.headers['set-cookie']), /^__Host-turant=; .*Expires=Thu, 01 Jan 1970/)
  assert.equal(out.headers['clear-site-data'], '"cache", "cookies", "storage"')
  assert.deepEqual([await isIn(browser), await isIn(other)], [false, true])
})

// ASVS 7.5.2
test("one's sessions are a list, and each can be ended; somebody else's are not there", async () => {
  const mine = await hub.signedIn(['viewer'])
  clock.advance(1)
  const other = browserOf(await hub.signIn(mine.key, {}, { from: '203.0.113.9' }))
  const stranger = await hub.signedIn(['administrator'])
  const { body } = await call('GET', '/v1/sessions', { as: mine.browser })
  assert.deepEqual(
    body.data.map((one: { address: string; current: boolean }) => [one.address, one.current]),
    [
      ['203.0.113.9', false],
      ['127.0.0.1', true],
    ],
  )
  const path = `/v1/sessions/${body.data[0].id}`
  assert.equal((await call('DELETE', path, { as: stranger.browser })).status, 404)
  assert.ok(await isIn(other))
  assert.equal((await call('DELETE', path, { as: mine.browser })).status, 204)
  assert.deepEqual([await isIn(other), await isIn(mine.browser)], [false, true])
  assert.equal((await call('DELETE', path, { as: mine.browser })).status, 404)
})

test('a person has ten sessions at most: the oldest makes room', async () => {
  const { key, browser } = await hub.signedIn(['viewer'])
  for (let i = 0; i < 10; i += 1) {
    clock.advance(1_000)
    assert.equal((await hub.signIn(key)).status, 201)
  }
  assert.ok(!(await isIn(browser)))
})

test('a session and a key in one request are refused: nobody knows by which of them it is meant', async () => {
  const { browser } = await hub.signedIn(['viewer'])
  for (const authorization of [`Bearer ${KEY}`, 'Bearer x', 'DPoP x', 'Basic eDp5']) {
    const answer = await call('GET', '/v1/accounts', { as: browser, headers: { authorization } })
    assert.deepEqual([answer.status, answer.body.code], [400, 'two_identities'])
  }
})

// ASVS 6.3.4, 7.2.1
test('what is not a session lets nobody in', async () => {
  for (const value of ['', 'x', 'A'.repeat(43), 'A'.repeat(5_000), "' or 1=1 --", '%00', `${'A'.repeat(42)}=`]) {
    const answer = await call('GET', '/v1/sessions', { as: { cookie: `__Host-turant=${value}`, csrf: '' } })
    assert.equal(answer.status, 401, value)
  }
  const { browser } = await hub.signedIn(['viewer'])
  const plain = browser.cookie.replace('__Host-', '')
  assert.equal(
    (await call('GET', '/v1/sessions', { as: { cookie: plain, csrf: '' } })).status,
    401,
    'only by its own name',
  )
})

// --- passkeys -------------------------------------------------------------------------------------------------------

const forged: readonly (readonly [what: string, change: Partial<Ceremony>])[] = [
  ['without user verification', { userVerified: false }],
  ['from another origin', { origin: 'https://evil.example' }],
  ['from a look-alike', { origin: 'https://hub.example.evil' }],
  ['from a sub-domain', { origin: 'https://a.hub.example' }],
  ['over http', { origin: 'http://hub.example' }],
  ['for another relying party', { rpId: 'evil.example' }],
  ['in a frame', { crossOrigin: true }],
  ['of another kind', { type: 'webauthn.create' }],
  ['for a challenge of its own', { challenge: 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' }],
]
for (const [what, change] of forged) {
  test(`a passkey ${what} signs nobody in`, async () => {
    const { key } = await hub.signedIn(['viewer'])
    const answer = await hub.signIn(key, change)
    assert.deepEqual(
      [answer.status, answer.body.code, answer.headers['set-cookie']],
      [401, 'sign_in_refused', undefined],
    )
    assert.equal((await hub.signIn(key)).status, 201)
  })
}

/** What a browser would send to sign in with a passkey. */
async function assertion(key: Awaited<ReturnType<typeof hub.signedIn>>['key']) {
  const { body } = await call('POST', '/v1/sessions/passkey-options')
  const answer = authenticate({ challenge: body.options.challenge, origin: ORIGIN, rpId: RP_ID }, key)
  return { kind: 'passkey', ceremony: body.ceremony, answer }
}

// ASVS 7.6.2
test('an assertion is used once, also by many at the same time, and within five minutes', async () => {
  const { key } = await hub.signedIn(['viewer'])
  const body = await assertion(key)
  const answers = await Promise.all(Array.from({ length: 6 }, () => call('POST', '/v1/sessions', { body })))
  assert.deepEqual(answers.map(({ status }) => status).sort(), [201, 401, 401, 401, 401, 401])
  const late = await assertion(key)
  minutes(5)
  assert.equal((await call('POST', '/v1/sessions', { body: late })).status, 401)
})

test('also of a passkey that does not count, as those on several devices', async () => {
  const { key } = await hub.signedIn(['viewer'])
  const { body } = await call('POST', '/v1/sessions/passkey-options')
  const answer = authenticate({ challenge: body.options.challenge, origin: ORIGIN, rpId: RP_ID, counter: 0 }, key)
  const sent = { kind: 'passkey', ceremony: body.ceremony, answer }
  const answers = await Promise.all(Array.from({ length: 6 }, () => call('POST', '/v1/sessions', { body: sent })))
  assert.deepEqual(answers.map(({ status }) => status).sort(), [201, 401, 401, 401, 401, 401])
})

test('an assertion does not fit another ceremony, and a ceremony no other purpose', async () => {
  const { key, browser } = await hub.signedIn(['viewer'])
  const [one, two] = [await assertion(key), await assertion(key)]
  assert.equal((await call('POST', '/v1/sessions', { body: { ...one, ceremony: two.ceremony } })).status, 401)
  assert.equal(
    (await call('POST', '/v1/sessions', { body: { ...one, ceremony: `${one.ceremony.slice(0, -2)}AA` } })).status,
    401,
  )
  const { body } = await call('POST', '/v1/sessions/current/passkey-options', { as: browser })
  const answer = authenticate({ challenge: body.options.challenge, origin: ORIGIN, rpId: RP_ID }, key)
  const elsewhere = { kind: 'passkey', ceremony: body.ceremony, answer }
  assert.equal((await call('POST', '/v1/sessions', { body: elsewhere })).status, 401)
  assert.equal((await call('POST', '/v1/sessions/current/reauthenticate', { as: browser, body: one })).status, 401)
})

test('a passkey whose counter goes back is two of one: it ends, and the record says so', async () => {
  const { id, key } = await hub.signedIn(['viewer'])
  assert.equal((await hub.signIn(key, { counter: 10 })).status, 201)
  assert.equal((await hub.signIn(key, { counter: 10 })).status, 401)
  assert.equal((await hub.signIn(key, { counter: 11 })).status, 401, 'neither of the two signs in any more')
  const ended = (await hub.acts(id)).find(({ action }) => action === 'factor.ended')
  assert.match(ended?.detail ?? '', /"why":"cloned"/)
})

test("a passkey is its person's alone: with another user handle it is refused", async () => {
  const [one, two] = [await hub.signedIn(['viewer']), await hub.signedIn(['viewer'])]
  assert.equal((await hub.signIn({ ...one.key, handle: two.key.handle })).status, 401)
})

// --- pages of other sites -------------------------------------------------------------------------------------------

const CSRF = 'x-csrf-token'
const crossing: readonly (readonly [what: string, headers: Call['headers'], status: number])[] = [
  ['from a page of the hub', {}, 204],
  ['by an older browser, from a page of the hub', { 'sec-fetch-site': undefined }, 204],
  ['by a browser that sends no Origin, from a page of the hub', { origin: undefined }, 204],
  ['from another site', { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }, 403],
  ['from another site, with Origin alone', { 'sec-fetch-site': undefined, origin: 'https://evil.example' }, 403],
  ['from a sister host', { 'sec-fetch-site': 'same-site', origin: 'https://a.hub.example' }, 403],
  ['from a sister host, with Origin alone', { 'sec-fetch-site': undefined, origin: 'https://a.hub.example' }, 403],
  ['from the same host over http', { 'sec-fetch-site': undefined, origin: 'http://hub.example' }, 403],
  ['from another port', { 'sec-fetch-site': undefined, origin: 'https://hub.example:8443' }, 403],
  ['from a frame without origin', { 'sec-fetch-site': undefined, origin: 'null' }, 403],
  ['that a person typed', { 'sec-fetch-site': 'none', origin: undefined }, 403],
  ['that says nothing of where it comes from', { 'sec-fetch-site': undefined, origin: undefined }, 403],
  ['that contradicts itself', { 'sec-fetch-site': 'same-origin', origin: 'https://evil.example' }, 403],
  ['without the token', { [CSRF]: undefined }, 403],
  ['with an empty token', { [CSRF]: '' }, 403],
  ['with a token of nobody', { [CSRF]: 'A'.repeat(43) }, 403],
]
// ASVS 3.5.1
for (const [what, headers, status] of crossing) {
  test(`a change ${what} is ${status === 204 ? 'made' : 'refused'}`, async () => {
    const { browser } = await hub.signedIn(['viewer'])
    const answer = await call('DELETE', '/v1/sessions/current', { as: browser, ...(headers && { headers }) })
    assert.equal(answer.status, status)
    if (status === 403) assert.equal(answer.body.code, 'csrf_refused')
    assert.equal(await isIn(browser), status === 403)
  })
}

test("another session's CSRF token is none", async () => {
  const [one, two] = [await hub.signedIn(['viewer']), await hub.signedIn(['viewer'])]
  const answer = await call('DELETE', '/v1/sessions/current', { as: { ...one.browser, csrf: two.browser.csrf } })
  assert.deepEqual([answer.status, answer.body.code], [403, 'csrf_refused'])
})

test('no page of another site reads by a session, and none signs anybody in', async () => {
  const { browser, key } = await hub.signedIn(['viewer'])
  for (const site of ['cross-site', 'same-site']) {
    const headers = { 'sec-fetch-site': site }
    assert.equal((await call('GET', '/v1/sessions/current', { as: browser, headers })).status, 403)
    assert.equal((await call('POST', '/v1/sessions/passkey-options', { headers })).status, 403)
    assert.equal((await call('POST', '/v1/sessions', { body: await assertion(key), headers })).status, 403)
    assert.equal((await call('POST', '/v1/invitations/look', { body: { token: 'x' }, headers })).status, 403)
  }
  const typed = await call('GET', '/v1/sessions/current', { as: browser, headers: { 'sec-fetch-site': 'none' } })
  assert.equal(typed.status, 200)
  const form = await call('POST', '/v1/sessions', { headers: { 'content-type': 'application/x-www-form-urlencoded' } })
  assert.equal(form.status, 415)
})

// --- proving again --------------------------------------------------------------------------------------------------

const asSensitive = (browser: Browser) => call('POST', '/v1/people/me/passkey-options', { as: browser })

// ASVS 7.5.3
test('what is sensitive needs a proof that is five minutes old at most; a new one brings a new cookie', async () => {
  const { id, key, browser } = await hub.signedIn(['viewer'])
  assert.equal((await asSensitive(browser)).status, 200)
  minutes(5)
  const refused = await asSensitive(browser)
  assert.deepEqual([refused.status, refused.body.code], [403, 'reauthentication_required'])
  const before = { ...browser }
  assert.equal((await hub.proveAgain(browser, key)).status, 200)
  assert.notEqual(browser.cookie, before.cookie)
  assert.notEqual(browser.csrf, before.csrf)
  assert.deepEqual([(await asSensitive(browser)).status, await isIn(before)], [200, false])
  assert.ok((await hub.acts(id)).some(({ action }) => action === 'person.proved'))
})

test("somebody else's passkey proves nothing here", async () => {
  const [one, two] = [await hub.signedIn(['viewer']), await hub.signedIn(['viewer'])]
  assert.equal((await hub.proveAgain(one.browser, two.key)).status, 401)
  assert.ok(await isIn(one.browser))
})

test('a password and a code prove it too; five wrong ones end the session, the fifth by many at the same time', async () => {
  const { id, browser, password, code } = await hub.withPassword(['maker'])
  const prove = (body: object) => call('POST', '/v1/sessions/current/reauthenticate', { as: browser, body })
  const right = await prove({ kind: 'password', password, code: code() })
  assert.equal(right.status, 200)
  Object.assign(browser, browserOf(right))
  clock.advance(30_000)
  const wrong = { kind: 'password', password: 'not the password', code: code() }
  const answers = await Promise.all(Array.from({ length: 8 }, () => prove(wrong)))
  assert.ok(answers.every(({ status }) => status === 401))
  assert.ok(!(await isIn(browser)))
  assert.equal((await prove({ kind: 'password', password, code: code() })).status, 401)
  assert.ok(
    (await hub.acts(id)).some(({ action, detail }) => action === 'person.proof_refused' && /"ended":true/.test(detail)),
  )
})

// --- what is taken away ---------------------------------------------------------------------------------------------

test('other roles hold at once, in sessions that are open; within a second also in other processes', async () => {
  const admin = await hub.signedIn(['administrator'])
  await hub.signedIn(['administrator'])
  const { id, browser } = await hub.signedIn(['auditor'])
  const elsewhere = await createPeopleHub(database)
  const there = () => elsewhere.call('GET', '/v1/people', { as: browser })
  elsewhere.clock.advance(clock.now() - elsewhere.clock.now())
  assert.equal((await there()).status, 200)
  const changed = await call('PATCH', `/v1/people/${id}`, { as: admin.browser, body: { roles: ['viewer'] } })
  assert.deepEqual([changed.status, changed.body.roles], [200, ['viewer']])
  assert.equal((await call('GET', '/v1/people', { as: browser })).status, 403)
  elsewhere.clock.advance(1_000)
  assert.equal((await there()).status, 403)
  await elsewhere.close()
})

/** An address of which nobody has failed: the tests above have used up the patience with theirs. */
const elsewhere = { from: '203.0.113.7' }

// ASVS 7.4.5
test('an administrator ends all sessions of a person, who can sign in again', async () => {
  const admin = await hub.signedIn(['administrator'])
  const { id, key, browser } = await hub.signedIn(['viewer'])
  const other = browserOf(await hub.signIn(key, {}, elsewhere))
  assert.equal((await call('POST', `/v1/people/${id}/sign-out`, { as: admin.browser })).status, 204)
  assert.deepEqual([await isIn(browser), await isIn(other), await isIn(admin.browser)], [false, false, true])
  assert.equal((await hub.signIn(key, {}, elsewhere)).status, 201)
})

// ASVS 7.4.2
test('who is disabled is out at once, and cannot come back in', async () => {
  const admin = await hub.signedIn(['administrator'])
  const { id, key, browser } = await hub.signedIn(['viewer'])
  assert.equal((await call('POST', `/v1/people/${id}/disable`, { as: admin.browser })).status, 204)
  assert.equal((await current(browser)).status, 401)
  assert.equal((await hub.signIn(key, {}, elsewhere)).status, 401)
  assert.equal((await call('POST', `/v1/people/${id}/enable`, { as: admin.browser })).status, 204)
  assert.equal((await current(browser)).status, 401, 'the session does not come back')
  const back = browserOf(await hub.signIn(key, {}, elsewhere))
  // By whatever hand it was done: a session lives no longer than its person's right to it.
  await db`update person set disabled_at = now() where person_id = ${id.slice(4)}::uuid`
  clock.advance(1_000)
  assert.equal((await current(back)).status, 401)
})
