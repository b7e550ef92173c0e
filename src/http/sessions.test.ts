import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { TOTP } from 'otpauth'
import { openTestDatabase } from '../../test/support/database.ts'
import { type Browser, browserOf, createPeopleHub } from '../../test/support/people.ts'

const database = await openTestDatabase()
const { db } = database
await db`insert into tenant (tenant_id, kind, name) values (2, 'business', 'Other')`
const hub = await createPeopleHub(database)
const { call, clock } = hub
after(() => hub.close())

const current = async (browser: Browser) => call('GET', '/v1/sessions/current', { as: browser })

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

test('the cookie is for this host, over TLS, for no script, and for no other site; and the answer is kept by nobody', async () => {
  const { key } = await hub.signedIn(['viewer'])
  const answer = await hub.signIn(key)
  assert.match(
    String(answer.headers['set-cookie']),
    /^__Host-turant=[A-Za-z0-9_-]{43}; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
  )
  assert.equal(answer.headers['cache-control'], 'no-store')
  const token = /=([^;]+)/.exec(String(answer.headers['set-cookie']))?.[1] ?? ''
  const rows = await db<{ whole: string }[]>`select to_jsonb(s)::text as whole from session s`
  assert.ok(rows.length > 0 && rows.every(({ whole }) => !whole.includes(token)))
})

/** A person with a password and an app. */
async function withPassword(tenantId = 1) {
  const { id, login, invitation } = await hub.aPerson(['maker'], tenantId)
  const password = `long words of ${id.slice(-6)}`
  const { body: app } = await call('POST', '/v1/invitations/app-options', { body: { token: invitation } })
  const totp = new TOTP({ secret: app.secret })
  const code = () => totp.generate({ timestamp: clock.now() })
  const factor = { kind: 'password', password, app: { ceremony: app.ceremony, code: code() } }
  const accepted = await call('POST', '/v1/invitations/accept', { body: { token: invitation, factor } })
  assert.equal(accepted.status, 201, JSON.stringify(accepted.body))
  clock.advance(30_000)
  const proof = { kind: 'password', tenant: tenantId, login, password }
  return { id, login, invitation, password, code, proof, browser: browserOf(accepted) }
}

test('a password and a code sign in; each code once, also by many at the same time', async () => {
  const { proof, code } = await withPassword()
  const body = { ...proof, code: code() }
  const answers = await Promise.all(Array.from({ length: 4 }, () => call('POST', '/v1/sessions', { body })))
  assert.deepEqual(answers.map(({ status }) => status).sort(), [201, 401, 401, 401])
  assert.equal((await call('POST', '/v1/sessions', { body })).status, 401)
  clock.advance(30_000)
  assert.equal(
    (await call('POST', '/v1/sessions', { body: { ...proof, login: proof.login.toUpperCase(), code: code() } })).status,
    201,
  )
})
