import assert from 'node:assert/strict'
import { after, beforeEach, test } from 'node:test'
import { register } from '../../test/support/authenticator.ts'
import { openTestDatabase } from '../../test/support/database.ts'
import { type Browser, browserOf, createPeopleHub, ORIGIN, RP_ID } from '../../test/support/people.ts'
import { areCompatible, type Role, roleNames } from '../identity/rights.ts'

const database = await openTestDatabase()
const { db } = database
await db`insert into tenant (tenant_id, kind, name) values (2, 'business', 'Other')`
const hub = await createPeopleHub(database)
const { call, clock } = hub
after(() => hub.close())
// All of this comes from one address; what becomes of one that fails often is in test/security/sign-in.test.ts.
beforeEach(() => db`delete from sign_in_try`)
const admin = await hub.signedIn(['administrator'])
const second = await hub.signedIn(['administrator'])

/** An administrator at a browser, who has just proved who they are. */
async function fresh(who: typeof admin): Promise<Browser> {
  Object.assign(who.browser, browserOf(await hub.signIn(who.key)))
  return who.browser
}
const invite = async (body: object = {}, as?: Browser) =>
  call('POST', '/v1/people', {
    as: as ?? (await fresh(admin)),
    body: { name: 'Asha Devi', login: `${crypto.randomUUID().slice(0, 8)}@bank.example`, roles: ['viewer'], ...body },
  })
const look = (token: string) => call('POST', '/v1/invitations/look', { body: { token } })

/** Accepts with a passkey. */
async function accept(token: string) {
  const { status, body } = await call('POST', '/v1/invitations/passkey-options', { body: { token } })
  if (status !== 200) return { status, body, key: undefined, browser: undefined }
  const ceremony = { challenge: body.options.challenge, origin: ORIGIN, rpId: RP_ID }
  const { key, answer } = register(ceremony, body.options.user.id)
  const factor = { kind: 'passkey', ceremony: body.ceremony, answer, label: 'laptop' }
  const accepted = await call('POST', '/v1/invitations/accept', { body: { token, factor } })
  return { ...accepted, key, browser: accepted.status === 201 ? browserOf(accepted) : undefined }
}

// --- invitations ----------------------------------------------------------------------------------------------------

// ASVS 16.3.1
test('an administrator invites, the person accepts, and both are in the record without a name', async () => {
  const made = await invite({ name: 'Zubeida Quraishi', login: 'Zubeida.Q@Bank.example', roles: ['maker'] })
  assert.equal(made.status, 201, JSON.stringify(made.body))
  const { id, login, factors, invitation } = made.body
  assert.deepEqual([login, factors], ['zubeida.q@bank.example', []])
  assert.equal(invitation.link, `${ORIGIN}/console/invitation#${invitation.token}`)
  const seen = (await look(invitation.token)).body
  assert.deepEqual([seen.name, seen.tenant, seen.roles], ['Zubeida Quraishi', 1, ['maker']])
  assert.equal((await accept(invitation.token)).status, 201)
  const [found] = (await call('GET', '/v1/people', { as: admin.browser })).body.data.filter(
    (one: { id: string }) => one.id === id,
  )
  assert.deepEqual([found.name, found.factors], ['Zubeida Quraishi', ['passkey']])
  assert.deepEqual(
    (await hub.acts(id)).map(({ action }) => action),
    ['person.invited', 'invitation.accepted', 'factor.added', 'person.signed_in'],
  )
  const dump = await db<{ whole: string }[]>`
    select to_jsonb(x)::text as whole from person x union all select to_jsonb(x)::text from credential x
    union all select to_jsonb(x)::text from session x union all select to_jsonb(x)::text from invitation x
    union all select to_jsonb(x)::text from act x union all select to_jsonb(x)::text from sign_in_try x`
  const whole = dump.map((row) => row.whole).join('\n')
  for (const secret of ['Zubeida', 'zubeida', 'bank.example', invitation.token.slice(4), 'argon2'])
    assert.ok(!whole.includes(secret) && !whole.includes(Buffer.from(secret).toString('hex')), secret)
})

test('an invitation works once, also when many accept it at the same time', async () => {
  const { invitation } = (await invite()).body
  const accepted = await Promise.all(Array.from({ length: 5 }, () => accept(invitation.token)))
  assert.deepEqual(accepted.map(({ status }) => status).sort(), [201, 404, 404, 404, 404])
  const again = await accept(invitation.token)
  assert.deepEqual([again.status, again.body.code], [404, 'invitation_invalid'])
  assert.equal((await look(invitation.token)).status, 404)
})

// ASVS 6.4.1
test('an invitation ends after 72 hours; a new one makes the one before void', async () => {
  const { id, invitation } = (await invite()).body
  clock.advance(72 * 3_600_000 - 1)
  assert.equal((await look(invitation.token)).status, 200)
  const again = await call('POST', `/v1/people/${id}/invitation`, { as: await fresh(admin) })
  assert.equal(again.status, 201)
  assert.equal((await look(invitation.token)).status, 404, 'replaced')
  clock.advance(72 * 3_600_000)
  assert.equal((await look(again.body.token)).status, 404, 'ended')
})

test('what is not an invitation is none, and whoever was disabled has none', async () => {
  for (const token of ['x', `inv_${'A'.repeat(43)}`, `inv_${'A'.repeat(42)}`, "inv_' or 1=1"])
    assert.deepEqual([(await look(token)).status, (await accept(token)).status], [404, 404])
  const { id, invitation } = (await invite()).body
  await call('POST', `/v1/people/${id}/disable`, { as: await fresh(admin) })
  assert.equal((await look(invitation.token)).status, 404)
})

test('who can sign in gets no other invitation', async () => {
  const { id } = await hub.signedIn(['viewer'])
  const answer = await call('POST', `/v1/people/${id}/invitation`, { as: await fresh(admin) })
  assert.deepEqual([answer.status, answer.body.code], [409, 'has_factors'])
})

test('a factor is for the invitation that it was begun with, and a ceremony is used once', async () => {
  const [one, two] = [(await invite()).body.invitation.token, (await invite()).body.invitation.token]
  const { body } = await call('POST', '/v1/invitations/passkey-options', { body: { token: one } })
  const ceremony = { challenge: body.options.challenge, origin: ORIGIN, rpId: RP_ID }
  const { answer } = register(ceremony, body.options.user.id)
  const factor = { kind: 'passkey', ceremony: body.ceremony, answer, label: 'x' }
  const other = await call('POST', '/v1/invitations/accept', { body: { token: two, factor } })
  assert.deepEqual([other.status, other.body.errors[0].field], [400, 'factor.ceremony'])
  assert.equal((await call('POST', '/v1/invitations/accept', { body: { token: one, factor } })).status, 201)
  const { body: app } = await call('POST', '/v1/invitations/app-options', { body: { token: two } })
  const swapped = { kind: 'passkey', ceremony: app.ceremony, answer, label: 'x' }
  assert.equal((await call('POST', '/v1/invitations/accept', { body: { token: two, factor: swapped } })).status, 400)
})

const weak: readonly (readonly [what: string, password: string, why: RegExp])[] = [
  ['that is short', 'elevenchars', /12 to 200/],
  ['of 201 characters', 'x'.repeat(201), /12 to 200/],
  ['that many use', 'qwertyqwerty', /many people/],
  ['of their name', 'ashadevi1234', /your name/],
]
for (const [what, password, why] of weak) {
  test(`a password ${what} is refused, and the invitation is still there`, async () => {
    const { token } = (await invite()).body.invitation
    const { body: app } = await call('POST', '/v1/invitations/app-options', { body: { token } })
    const factor = { kind: 'password', password, app: { ceremony: app.ceremony, code: '000000' } }
    const answer = await call('POST', '/v1/invitations/accept', { body: { token, factor } })
    assert.deepEqual([answer.status, answer.body.errors[0].field], [400, 'factor.password'])
    assert.match(answer.body.detail, why)
    assert.ok(!JSON.stringify(answer.body).includes(password))
    assert.equal((await look(token)).status, 200)
  })
}

// ASVS 6.3.3
test('a password alone is no way in: it needs an app, and the app its first code', async () => {
  const { token } = (await invite()).body.invitation
  const { body: app } = await call('POST', '/v1/invitations/app-options', { body: { token } })
  const attempt = (factor: object) => call('POST', '/v1/invitations/accept', { body: { token, factor } })
  assert.equal((await attempt({ kind: 'password', password: 'quiet otter river' })).body.errors[0].field, 'factor.app')
  const wrong = { kind: 'password', password: 'quiet otter river', app: { ceremony: app.ceremony, code: '000000' } }
  assert.equal((await attempt(wrong)).body.errors[0].field, 'factor.app.code')
})

// --- who may do what to whom ----------------------------------------------------------------------------------------

const mixtures: readonly (readonly [roles: readonly Role[], taken: boolean])[] = [
  [['maker'], true],
  [['maker', 'viewer', 'developer'], true],
  [['checker', 'operations', 'auditor'], true],
  [['checker', 'administrator'], true],
  [['maker', 'checker'], false],
  [['maker', 'administrator'], false],
  [['viewer', 'maker', 'checker', 'auditor'], false],
]
for (const [roles, taken] of mixtures) {
  test(`${roles.join(' and ')} ${taken ? 'can' : 'cannot'} be one person`, async () => {
    const invited = await invite({ roles })
    assert.equal(invited.status, taken ? 201 : 400)
    if (!taken) assert.equal(invited.body.errors[0].field, 'roles')
    const { id } = await hub.signedIn(['viewer'])
    const changed = await call('PATCH', `/v1/people/${id}`, { as: await fresh(admin), body: { roles } })
    assert.equal(changed.status, taken ? 200 : 400)
  })
}

test('the table refuses the same mixtures as the program, and no roles at all', async () => {
  const { id } = await hub.signedIn(['viewer'])
  for (let mask = 0; mask < 1 << roleNames.length; mask += 1) {
    const roles = roleNames.filter((_, i) => mask & (1 << i))
    const taken = await db`update person set roles = ${roles}::text[] where person_id = ${id.slice(4)}::uuid`.then(
      () => true,
      () => false,
    )
    assert.equal(taken, roles.length > 0 && areCompatible(roles), roles.join(' '))
  }
})

test('nobody changes their own roles, disables, enables, invites or resets themselves', async () => {
  const as = await fresh(admin)
  const attempts = [
    await call('PATCH', `/v1/people/${admin.id}`, { as, body: { roles: ['checker'] } }),
    await call('POST', `/v1/people/${admin.id}/disable`, { as }),
    await call('POST', `/v1/people/${admin.id}/enable`, { as }),
    await call('POST', `/v1/people/${admin.id}/invitation`, { as }),
    await call('POST', `/v1/people/${admin.id}/reset`, { as }),
  ]
  for (const { status, body } of attempts) assert.deepEqual([status, body.code], [403, 'own_work'])
})

// ASVS 6.2.3, 7.5.1
test('all of it needs a fresh proof', async () => {
  const { id } = await hub.signedIn(['viewer'])
  const as = await fresh(admin)
  clock.advance(300_000)
  const attempts = [
    await invite({}, as),
    await call('PATCH', `/v1/people/${id}`, { as, body: { roles: ['checker'] } }),
    ...(await Promise.all(
      ['disable', 'enable', 'invitation', 'reset'].map((verb) => call('POST', `/v1/people/${id}/${verb}`, { as })),
    )),
  ]
  for (const { status, body } of attempts) assert.deepEqual([status, body.code], [403, 'reauthentication_required'])
})

test('a login is one person in a tenant, however it is written; another tenant may have it too', async () => {
  const login = 'ravi@bank.example'
  assert.equal((await invite({ login })).status, 201)
  const again = await invite({ login: 'RAVI@bank.example' })
  assert.deepEqual([again.status, again.body.code], [409, 'login_taken'])
  const other = await hub.signedIn(['administrator'], 2)
  assert.equal((await invite({ login }, other.browser)).status, 201)
  assert.equal((await call('GET', `/v1/people/${admin.id}`, { as: other.browser })).status, 404)
  assert.equal((await call('POST', `/v1/people/${admin.id}/disable`, { as: other.browser })).status, 404)
  const seen = (await call('GET', '/v1/people', { as: other.browser })).body.data
  assert.equal(seen.length, 2)
})

test('the last administrator who can sign in stays one', async () => {
  const alone = await hub.signedIn(['administrator'], 2)
  const others = (await call('GET', '/v1/people', { as: alone.browser })).body.data.filter(
    ({ id, roles }: { id: string; roles: string[] }) => id !== alone.id && roles.includes('administrator'),
  )
  for (const { id } of others)
    assert.equal(
      (await call('PATCH', `/v1/people/${id}`, { as: alone.browser, body: { roles: ['viewer'] } })).status,
      200,
    )
  // An administrator who was invited and has not accepted could not take over.
  await invite({ roles: ['administrator'] }, alone.browser)
  await db`update person set roles = '{administrator}' where person_id = ${others[0].id.slice(4)}::uuid`
  await db`update credential set ended_at = now() where person_id = ${others[0].id.slice(4)}::uuid`
  const helper = await hub.signedIn(['administrator'], 2)
  const demote = (by: typeof alone, whom: typeof alone) =>
    call('PATCH', `/v1/people/${whom.id}`, { as: by.browser, body: { roles: ['viewer'] } })
  // Both try to demote the other at the same time: one of them stays. Both are let in before either has happened.
  let asked: ReturnType<typeof demote>[] = []
  await db.begin(async (tx) => {
    await tx`select from person where tenant_id = 2 order by person_id for update`
    asked = [demote(alone, helper), demote(helper, alone)]
    for (let waiting = 0; waiting < asked.length; ) {
      const [row] = await tx<{ count: number }[]>`
        select count(*)::integer from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`
      waiting = row?.count ?? 0
    }
  })
  const both = await Promise.all(asked)
  assert.deepEqual(both.map(({ status }) => status).sort(), [200, 409])
  assert.ok(both.some(({ body }) => body.code === 'last_administrator'))
})

// --- more than one person -------------------------------------------------------------------------------------------

const approve = (id: string, as: Browser) => call('POST', `/v1/approvals/${id}/approve`, { as, body: {} })

// ASVS 6.4.3, 6.4.4
test('a reset needs two administrators: then nothing of the person works any more, and they begin again', async () => {
  const lost = await hub.signedIn(['viewer'])
  const asked = await call('POST', `/v1/people/${lost.id}/reset`, { as: await fresh(admin) })
  assert.equal(asked.status, 202)
  assert.equal((await hub.signIn(lost.key)).status, 201, 'nothing has happened yet')
  const own = await approve(asked.body.id, admin.browser)
  assert.deepEqual([own.status, own.body.code], [403, 'own_work'])
  assert.equal((await approve(asked.body.id, await fresh(second))).status, 200)
  assert.equal((await hub.signIn(lost.key)).status, 401)
  assert.equal((await call('GET', '/v1/sessions/current', { as: lost.browser })).status, 401)
  const { body: link } = await call('POST', `/v1/people/${lost.id}/invitation`, { as: await fresh(admin) })
  const begun = await accept(link.token)
  assert.equal(begun.status, 201)
  const acts = (await hub.acts(lost.id)).map(({ action }) => action)
  assert.ok(acts.includes('person.reset_proposed') && acts.includes('person.factors_reset'))
})

test('where a rule says so, invitations, roles and enabling wait for somebody else', async () => {
  const boss = await hub.signedIn(['administrator'], 2)
  const other = await hub.signedIn(['administrator'], 2)
  const as = boss.browser
  const steps = [{ anyOf: [{ role: 'administrator', count: 1 }] }]
  assert.equal((await call('POST', '/v1/approval-rules', { as, body: { subject: 'person', steps } })).status, 201)
  const { id } = await hub.signedIn(['viewer'], 2)

  const invited = await invite({ login: 'late@bank.example' }, as)
  assert.deepEqual([invited.status, invited.body.subject.kind], [202, 'person'])
  assert.equal((await approve(invited.body.id, other.browser)).status, 200)
  const people = (await call('GET', '/v1/people', { as })).body.data
  const made = people.find((one: { login: string }) => one.login === 'late@bank.example')
  const link = await call('POST', `/v1/people/${made.id}/invitation`, { as })
  assert.equal((await accept(link.body.token)).status, 201)

  const roles = await call('PATCH', `/v1/people/${id}`, { as, body: { roles: ['checker'] } })
  assert.equal(roles.status, 202)
  const before = (await call('GET', `/v1/people/${id}`, { as })).body.roles
  assert.equal((await approve(roles.body.id, other.browser)).status, 200)
  assert.deepEqual([before, (await call('GET', `/v1/people/${id}`, { as })).body.roles], [['viewer'], ['checker']])

  assert.equal((await call('POST', `/v1/people/${id}/disable`, { as })).status, 204, 'taking away never waits')
  const enable = await call('POST', `/v1/people/${id}/enable`, { as })
  assert.equal(enable.status, 202)
  assert.equal((await approve(enable.body.id, other.browser)).status, 200)
  assert.equal((await call('GET', `/v1/people/${id}`, { as })).body.disabledAt, null)
})

// --- what people change of themselves -------------------------------------------------------------------------------

const me = (as: Browser) => call('GET', '/v1/people/me', { as })
const add = (as: Browser, body: object) => call('POST', '/v1/people/me/factors', { as, body })

async function anotherPasskey(as: Browser) {
  const { status, body } = await call('POST', '/v1/people/me/passkey-options', { as })
  if (status !== 200) return { status, body, key: undefined }
  const { key, answer } = register(
    { challenge: body.options.challenge, origin: ORIGIN, rpId: RP_ID },
    body.options.user.id,
  )
  return { ...(await add(as, { kind: 'passkey', ceremony: body.ceremony, answer, label: 'phone' })), key }
}

test('a passkey is called something else by its owner alone, and signs in as before', async () => {
  const { id, key, browser } = await hub.signedIn(['viewer'])
  const [{ id: factor }] = (await me(browser)).body.factors
  const rename = (as: Browser, of: string, body: object) => call('PATCH', `/v1/people/me/factors/${of}`, { as, body })
  for (const [body, field] of [
    [{}, 'label'],
    [{ label: '' }, 'label'],
    [{ label: 'x'.repeat(51) }, 'label'],
    [{ label: 'two\nlines' }, 'label'],
    [{ label: 'a', synced: true }, 'synced'],
  ] as const) {
    const bad = await rename(browser, factor, body)
    assert.deepEqual([bad.status, bad.body.errors?.[0].field], [400, field], JSON.stringify(bad.body))
  }
  const stranger = await hub.signedIn(['viewer'])
  assert.equal((await rename(stranger.browser, factor, { label: 'mine' })).status, 404)
  assert.equal((await rename(browser, `fac_${'0'.repeat(32)}`, { label: 'none' })).status, 404)
  const renamed = await rename(browser, factor, { label: 'key ring' })
  assert.deepEqual([renamed.status, renamed.body.label], [200, 'key ring'], JSON.stringify(renamed.body))
  const { body } = await me(browser)
  assert.deepEqual([body.factors[0].label, body.securityEvents[0].action], ['key ring', 'factor.renamed'])
  assert.equal((await hub.signIn(key)).status, 201)
  assert.ok(!JSON.stringify(await hub.acts(id)).includes('key ring'), 'what it is called is nobody else’s')
})

// ASVS 7.4.3
test('a person adds a passkey and removes one; what remains must be enough; others of their sessions end', async () => {
  const { id, key, browser } = await hub.signedIn(['viewer'])
  const elsewhere = browserOf(await hub.signIn(key))
  const only = (await me(browser)).body.factors
  assert.deepEqual(
    only.map((one: { label: string }) => one.label),
    ['laptop'],
  )
  const last = await call('DELETE', `/v1/people/me/factors/${only[0].id}`, { as: browser })
  assert.deepEqual([last.status, last.body.code], [409, 'last_factor'])
  const added = await anotherPasskey(browser)
  assert.equal(added.status, 201, JSON.stringify(added.body))
  assert.ok(added.key && (await hub.signIn(added.key)).status === 201)
  assert.equal((await call('DELETE', `/v1/people/me/factors/${only[0].id}`, { as: browser })).status, 204)
  assert.equal((await hub.signIn(key)).status, 401)
  assert.equal((await me(elsewhere)).status, 401)
  const { body } = await me(browser)
  const events = body.securityEvents.map((one: { action: string }) => one.action)
  assert.deepEqual(events.slice(0, 3).sort(), ['factor.added', 'factor.ended', 'person.signed_in'])
  assert.ok(body.securityEvents.every((one: { by: string }) => one.by === 'you'))
  const stranger = await hub.signedIn(['viewer'])
  assert.equal(
    (await call('DELETE', `/v1/people/me/factors/${body.factors[0].id}`, { as: stranger.browser })).status,
    404,
  )
  assert.ok((await hub.acts(id)).length > 5)
})

test('the same passkey is not registered twice, by nobody', async () => {
  const one = await hub.signedIn(['viewer'])
  const { body } = await call('POST', '/v1/people/me/passkey-options', { as: one.browser })
  assert.equal(body.options.excludeCredentials.length, 1)
  const ceremony = { challenge: body.options.challenge, origin: ORIGIN, rpId: RP_ID }
  const { answer, key } = register(ceremony, body.options.user.id)
  assert.equal((await add(one.browser, { kind: 'passkey', ceremony: body.ceremony, answer, label: 'x' })).status, 201)
  const two = await hub.signedIn(['viewer'])
  const { body: other } = await call('POST', '/v1/people/me/passkey-options', { as: two.browser })
  const copy = register({ ...ceremony, challenge: other.options.challenge }, other.options.user.id, key.id).answer
  const answered = await add(two.browser, { kind: 'passkey', ceremony: other.ceremony, answer: copy, label: 'x' })
  assert.deepEqual([answered.status, answered.body.errors[0].field], [400, 'answer'])
})

test('a person has ten passkeys at most', async () => {
  const { browser } = await hub.signedIn(['viewer'])
  for (let i = 0; i < 9; i += 1) assert.equal((await anotherPasskey(browser)).status, 201)
  const more = await anotherPasskey(browser)
  assert.deepEqual([more.status, more.body.code], [409, 'too_many_passkeys'])
})

// ASVS 6.2.2, 6.2.10
test('a new password ends the one before and other sessions; the app stays; the two go together', async () => {
  const { browser, proof, code } = await hub.withPassword(['maker'])
  const elsewhere = browserOf(await call('POST', '/v1/sessions', { body: { ...proof, code: code() } }))
  clock.advance(30_000)
  assert.equal((await add(browser, { kind: 'password', password: 'another quiet river' })).status, 201)
  assert.equal((await me(elsewhere)).status, 401)
  assert.equal((await call('POST', '/v1/sessions', { body: { ...proof, code: code() } })).status, 401)
  const renewed = { ...proof, password: 'another quiet river', code: code() }
  assert.equal((await call('POST', '/v1/sessions', { body: renewed })).status, 201)
  assert.equal((await anotherPasskey(browser)).status, 201)
  const [password] = (await me(browser)).body.factors.filter((one: { kind: string }) => one.kind === 'totp')
  assert.equal((await call('DELETE', `/v1/people/me/factors/${password.id}`, { as: browser })).status, 204)
  assert.deepEqual(
    (await me(browser)).body.factors.map((one: { kind: string }) => one.kind),
    ['passkey'],
  )
  clock.advance(30_000)
  assert.equal((await call('POST', '/v1/sessions', { body: { ...renewed, code: code() } })).status, 401)
})

// ASVS 6.3.7
test("somebody else's act about a person is among what that person sees", async () => {
  const { id, key, browser } = await hub.signedIn(['viewer'])
  await call('PATCH', `/v1/people/${id}`, { as: await fresh(admin), body: { roles: ['auditor'] } })
  await hub.signIn(key, { userVerified: false })
  const { securityEvents } = (await me(browser)).body
  assert.deepEqual(
    securityEvents.slice(0, 2).map((one: { action: string; by: string }) => [one.action, one.by]),
    [
      ['person.sign_in_refused', 'the hub'],
      ['person.roles_changed', 'somebody else'],
    ],
  )
})
