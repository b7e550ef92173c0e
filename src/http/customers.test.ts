import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Secret, TOTP } from 'otpauth'
import { register } from '../../test/support/authenticator.ts'
import { CUSTOMER_ORIGIN } from '../../test/support/customers.ts'
import { openTestDatabase } from '../../test/support/database.ts'
import { rememberSecret } from '../../test/support/logs.ts'
import { createTestRoom } from '../../test/support/payment-room.ts'
import { type Answer, keyOf, type RealServer, startRealServer } from '../../test/support/real-server.ts'
import { type Clock, systemClock } from '../base/clock.ts'
import type { Right } from '../identity/rights.ts'

// Customers over HTTP: how they are made, how their factors are proved, and how their payments are let go.

let ahead = 0
const clock: Clock = { ...systemClock, now: () => systemClock.now() + ahead }
const { db, url } = await openTestDatabase()
await db`insert into tenant (tenant_id, kind, name, customer_authentication) values (2, 'business', 'Bank', 'evidence'), (3, 'business', 'None', 'none')`
await db`update tenant set customer_authentication = 'hub' where tenant_id = 1`
const t = await createTestRoom(url, { clock })
let real: RealServer
before(async () => {
  const limited: readonly Right[] = ['customers:read', 'payments:read', 'sandbox:use']
  real = await startRealServer(db, t.room, [
    { tenantId: 1, name: 'program' },
    { tenantId: 1, name: 'clerk', rights: limited },
    { tenantId: 2, name: 'program' },
    { tenantId: 3, name: 'program' },
  ])
})
after(() => Promise.all([real.server.close(), t.close()]))

const call = (method: string, path: string, body?: object, tenantId = 1): Promise<Answer> =>
  real.call(method, path, keyOf(tenantId, 'program'), body)
const made = async (path: string, body: object, tenantId = 1): Promise<ReturnType<typeof JSON.parse>> => {
  const answer = await call('post', path, body, tenantId)
  assert.equal(answer.status, 201, JSON.stringify(answer.body))
  return answer.body
}
const code = async (mobile: string): Promise<string> => {
  const { body } = await call('get', `/sandbox/messages?mobile=${mobile}&limit=1`)
  return rememberSecret(/[0-9]{6}/.exec(body.data[0].text)?.[0] ?? assert.fail('no code'))
}
const acts = async (subject: string): Promise<string[]> =>
  (await db<{ action: string }[]>`select action from act where subject like ${`${subject}%`} order by sequence`).map(
    ({ action }) => action,
  )
let people = 0
/** A customer with MPIN and SMS, as an institution would make one. */
async function aCustomer() {
  people += 1
  const mobile = `91234${String(people).padStart(5, '0')}`
  const customer = await made('/v1/customers', { name: 'Asha Devi', mobile, reference: `C-${people}` })
  await made(`/v1/customers/${customer.id}/factors`, { kind: 'mpin', mpin: '395174' })
  const sms = await made(`/v1/customers/${customer.id}/factors`, { kind: 'sms' })
  const proved = await call('post', `/v1/customers/${customer.id}/factors/${sms.id}/prove`, {
    code: await code(mobile),
  })
  assert.equal(proved.status, 200, JSON.stringify(proved.body))
  const account = await made('/v1/accounts', { name: 'Asha Devi', customer: customer.id, openingBalance: '10000000' })
  assert.equal(account.customer, customer.id)
  return { customer, account, mobile }
}
const to = { kind: 'account', ifsc: 'HDFC0000123', account: '50100123456789', name: 'Asha Devi' }
const problem = ({ status, body }: Answer) => [status, body.code]

test('a customer is made, found by mobile and by reference, changed, and masked for whoever may not see them', async () => {
  const { customer, mobile } = await aCustomer()
  assert.deepEqual(problem(await call('post', '/v1/customers', { name: 'X', reference: customer.reference })), [
    409,
    'reference_taken',
  ])
  for (const filter of [`mobile=${mobile}`, `reference=${customer.reference}`]) {
    const { body } = await call('get', `/v1/customers?${filter}`)
    assert.deepEqual(
      body.data.map(({ id }: { id: string }) => id),
      [customer.id],
    )
  }
  const seen = (await real.call('get', `/v1/customers/${customer.id}`, keyOf(1, 'clerk'))).body
  assert.deepEqual([seen.mobile, seen.name], [`XXXXXX${mobile.slice(-4)}`, 'A**a D**i'])
  const changed = await call('patch', `/v1/customers/${customer.id}`, { mobile: '9111111111', language: 'hi' })
  assert.deepEqual([changed.body.mobile, changed.body.language], ['9111111111', 'hi'])
  const { body: left } = await call('get', `/v1/customers/${customer.id}/factors`)
  assert.deepEqual(
    left.data.map(({ kind }: { kind: string }) => kind),
    ['mpin'],
    'codes go to no number that was not proved',
  )
  assert.deepEqual(await acts(customer.id), [
    'customer.created',
    'factor.enrolled',
    'factor.begun',
    'factor.enrolled',
    'customer.changed',
  ])
})

test('a page of customers follows another', async () => {
  for (let n = 0; n < 3; n += 1) await made('/v1/customers', { name: `Page ${n}` })
  const first = (await call('get', '/v1/customers?limit=2')).body
  assert.deepEqual([first.data.length, first.hasMore], [2, true])
  const second = (await call('get', `/v1/customers?limit=2&cursor=${first.nextCursor}`)).body
  assert.ok(second.data[0].id !== first.data[0].id && second.data[0].id !== first.data[1].id)
  assert.deepEqual(problem(await call('get', '/v1/customers?cursor=x')), [400, 'invalid_cursor'])
})

const refusedFactors: readonly (readonly [string, object, number, string])[] = [
  ['a trivial MPIN', { kind: 'mpin', mpin: '123456' }, 400, 'invalid_request'],
  ['an MPIN of letters', { kind: 'mpin', mpin: 'abcdef' }, 400, 'invalid_request'],
  ['a second MPIN', { kind: 'mpin', mpin: '395175' }, 409, 'factor_taken'],
  ['a second SMS', { kind: 'sms' }, 409, 'factor_taken'],
  ['a kind nobody knows', { kind: 'face' }, 400, 'invalid_request'],
]
test('factors that cannot be enrolled are refused, and nothing is half there', async () => {
  const { customer } = await aCustomer()
  for (const [what, body, status, name] of refusedFactors)
    assert.deepEqual(problem(await call('post', `/v1/customers/${customer.id}/factors`, body)), [status, name], what)
  assert.equal((await call('get', `/v1/customers/${customer.id}/factors`)).body.data.length, 2)
  const bare = await made('/v1/customers', { name: 'No Phone' })
  assert.deepEqual(problem(await call('post', `/v1/customers/${bare.id}/factors`, { kind: 'sms' })), [
    400,
    'invalid_request',
  ])
})

// ASVS 6.5.6, 6.6.1
test('a factor counts once it is proved: three tries, three minutes', async () => {
  const { customer } = await aCustomer()
  const totp = await made(`/v1/customers/${customer.id}/factors`, { kind: 'totp' })
  assert.deepEqual([totp.enrolledAt, totp.totp.uri.startsWith('otpauth://totp/Turant:cus_')], [null, true])
  const app = new TOTP({ secret: Secret.fromBase32(totp.totp.secret) })
  const prove = (id: string, body: object) => call('post', `/v1/customers/${customer.id}/factors/${id}/prove`, body)
  const right = () => ({ code: app.generate({ timestamp: clock.now() }) })
  for (let n = 0; n < 3; n += 1)
    assert.deepEqual(problem(await prove(totp.id, { code: '000000' })), [422, 'factor_not_proved'])
  assert.deepEqual(problem(await prove(totp.id, right())), [409, 'factor_not_begun'], 'the fourth try')
  const again = await made(`/v1/customers/${customer.id}/factors`, { kind: 'totp' })
  const second = new TOTP({ secret: Secret.fromBase32(again.totp.secret) })
  ahead += 180_000
  assert.deepEqual(problem(await prove(again.id, { code: second.generate({ timestamp: clock.now() }) })), [
    409,
    'factor_not_begun',
  ])
  const third = await made(`/v1/customers/${customer.id}/factors`, { kind: 'totp' })
  const last = new TOTP({ secret: Secret.fromBase32(third.totp.secret) })
  const proved = await prove(third.id, { code: last.generate({ timestamp: clock.now() }) })
  assert.ok(proved.status === 200 && proved.body.enrolledAt !== null && proved.body.totp === undefined)
  const listed = JSON.stringify((await call('get', `/v1/customers/${customer.id}/factors`)).body)
  assert.ok(!listed.includes(third.totp.secret))
})

test('a passkey is registered with the challenge that was given out, and with no other', async () => {
  const { customer } = await aCustomer()
  const begun = await made(`/v1/customers/${customer.id}/factors`, { kind: 'passkey' })
  assert.equal(begun.passkey.rp.id, 'bank.example')
  const answer = (challenge: string) =>
    register({ challenge, origin: CUSTOMER_ORIGIN, rpId: 'bank.example' }, begun.passkey.user.id).answer
  const prove = (passkey: object) => call('post', `/v1/customers/${customer.id}/factors/${begun.id}/prove`, { passkey })
  assert.deepEqual(problem(await prove(answer('AAAA'))), [422, 'factor_not_proved'])
  assert.equal((await prove(answer(begun.passkey.challenge))).status, 200)
})

test('a payment of a customer: created, asked about, let go by two factors, with its evidence to be read', async () => {
  const { account, mobile } = await aCustomer()
  const paid = await made('/v1/payments', { amount: '150000', from: account.id, to })
  assert.deepEqual(
    [paid.status, paid.state, paid.authentication.factors],
    ['requires_authentication', 'held', ['mpin', 'sms']],
  )
  assert.equal(paid.authentication.challenge, null)
  const path = `/v1/payments/${paid.id}`
  const asked = await call('post', `${path}/authenticate`, { send: 'sms' })
  assert.deepEqual([asked.status, asked.body.kind, asked.body.triesLeft], [202, 'sms', 3])
  assert.equal(asked.body.sentTo, `XXXXXX${mobile.slice(-4)}`)
  const open = (await call('get', path)).body.authentication.challenge
  assert.equal(open.digest, asked.body.digest)
  const sms = await code(mobile)
  const wrong = await call('post', `${path}/authenticate`, { mpin: '395175', sms })
  assert.deepEqual([...problem(wrong), wrong.body.detail], [422, 'authentication_failed', 'Tries left: 2.'])
  const alike = await call('post', `${path}/authenticate`, {
    mpin: '395174',
    sms: sms === '000000' ? '000001' : '000000',
  })
  assert.deepEqual(problem(alike), problem(wrong), 'which factor was wrong is not told')
  const done = await call('post', `${path}/authenticate`, { mpin: '395174', sms })
  assert.deepEqual([done.status, done.body.status, done.body.authentication], [200, 'processing', undefined])
  assert.match(Object(done.headers)['server-timing'], /^claim;dur=[\d.]+, mpin;dur=[\d.]+, door;dur=\d/)
  const { body: state } = await call('get', `${path}/authentication`)
  assert.deepEqual(
    [state.required, state.evidence.factors, state.evidence.digest, state.evidence.recordedBy],
    [false, ['mpin', 'sms'], asked.body.digest, 'cli_program'],
  )
  assert.deepEqual(problem(await call('post', `${path}/authenticate`, { mpin: '395174', sms })), [
    409,
    'not_awaiting_authentication',
  ])
})

test('bodies that are neither a question nor two factors are refused by name', async () => {
  const { account } = await aCustomer()
  const { id } = await made('/v1/payments', { amount: '150000', from: account.id, to })
  const path = `/v1/payments/${id}/authenticate`
  for (const [body, status, name] of [
    [{}, 422, 'two_factors_required'],
    [{ sms: '123456' }, 422, 'two_factors_required'],
    [{ sms: '123456', totp: '123456' }, 422, 'two_factors_required'],
    [{ send: 'sms', mpin: '395174' }, 400, 'invalid_request'],
    [{ send: 'mpin' }, 400, 'invalid_request'],
    [{ send: 'totp' }, 422, 'factors_missing'],
    [{ mpin: 395_174, sms: '123456' }, 400, 'invalid_request'],
    [{ mpin: '395174', sms: '123456' }, 409, 'authentication_not_begun'],
  ] as const)
    assert.deepEqual(problem(await call('post', path, body)), [status, name], JSON.stringify(body))
})

test('a customer without two factors cannot begin a payment, and holds no money for it', async () => {
  const customer = await made('/v1/customers', { name: 'Only Mpin' })
  await made(`/v1/customers/${customer.id}/factors`, { kind: 'mpin', mpin: '395174' })
  const account = await made('/v1/accounts', { name: 'Only Mpin', customer: customer.id, openingBalance: '1000' })
  assert.deepEqual(problem(await call('post', '/v1/payments', { amount: '100', from: account.id, to })), [
    422,
    'factors_missing',
  ])
  const { balance, available } = (await call('get', `/v1/accounts/${account.id}`)).body
  assert.deepEqual([balance, available], ['1000', '1000'])
})

test('messages are limited, with a time after which to come again', async () => {
  const { customer, account } = await aCustomer()
  let last: Answer | undefined
  for (let n = 0; n < 6; n += 1) {
    const { id } = await made('/v1/payments', { amount: '100', from: account.id, to })
    last = await call('post', `/v1/payments/${id}/authenticate`, { send: 'sms' })
  }
  assert.ok(last)
  assert.deepEqual(problem(last), [429, 'too_many_messages'])
  assert.ok(Number(Object(last.headers)['retry-after']) > 0)
  assert.equal((await call('post', `/v1/customers/${customer.id}/factors/reset`)).status, 200)
  assert.deepEqual((await call('get', `/v1/customers/${customer.id}/factors`)).body.data, [])
  assert.equal((await acts(customer.id)).at(-1), 'factors.reset')
})

test('the kill switch stops a payment before and behind its factors; what operations stopped the customer cannot resume', async () => {
  const { customer, account, mobile } = await aCustomer()
  const { id } = await made('/v1/payments', { amount: '100', from: account.id, to })
  await call('post', `/v1/payments/${id}/authenticate`, { send: 'sms' })
  const stop = (body: object) => call('post', `/v1/customers/${customer.id}/stop`, body)
  const resume = (body: object) => call('post', `/v1/customers/${customer.id}/resume`, body)
  assert.equal((await stop({ by: 'customer' })).body.stoppedBy, 'customer')
  const answer = await call('post', `/v1/payments/${id}/authenticate`, { mpin: '395174', sms: await code(mobile) })
  assert.deepEqual(problem(answer), [422, 'customer_stopped'])
  assert.deepEqual(problem(await call('post', '/v1/payments', { amount: '100', from: account.id, to })), [
    422,
    'customer_stopped',
  ])
  assert.equal((await stop({})).body.stoppedBy, 'operations')
  assert.deepEqual(problem(await resume({ by: 'customer' })), [409, 'stopped_by_operations'])
  assert.equal((await resume({})).body.stoppedAt, null)
  assert.deepEqual((await acts(customer.id)).slice(-3), ['customer.stopped', 'customer.stopped', 'customer.resumed'])
})

test('an institution that authenticates its customers itself says how, or its payment is refused', async () => {
  const account = await made('/v1/accounts', { name: 'Bank Customer', openingBalance: '100000' }, 2)
  const body = { amount: '100', from: account.id, to }
  const authentication = { factors: ['password', 'sms'], reference: 'AUTH-7', at: new Date(clock.now()).toISOString() }
  const refused = (more: object) => call('post', '/v1/payments', { ...body, ...more }, 2)
  assert.deepEqual(problem(await refused({})), [422, 'authentication_evidence_required'])
  for (const [what, factors] of [
    ['of one kind', ['sms', 'totp']],
    ['none of them dynamic', ['password', 'card']],
  ] as const) {
    const answer = await refused({ authentication: { ...authentication, factors } })
    assert.deepEqual([answer.status, answer.body.errors[0].field], [400, 'authentication.factors'], what)
  }
  assert.deepEqual(problem(await refused({ authentication: { ...authentication, at: '2026-01-01T00:00:00Z' } })), [
    422,
    'authentication_evidence_stale',
  ])
  const paid = await made('/v1/payments', { ...body, authentication }, 2)
  const { body: state } = await call('get', `/v1/payments/${paid.id}/authentication`, undefined, 2)
  assert.deepEqual([state.evidence.source, state.evidence.reference], ['institution', 'AUTH-7'])
  assert.deepEqual(problem(await call('post', `/v1/payments/${paid.id}/authenticate`, { send: 'sms' }, 2)), [
    409,
    'not_awaiting_authentication',
  ])
  for (const tenantId of [1, 3]) {
    const own = await made('/v1/accounts', { name: 'X', openingBalance: '1000' }, tenantId)
    const answer = await call('post', '/v1/payments', { ...body, from: own.id, authentication }, tenantId)
    assert.deepEqual(problem(answer), [422, 'authentication_evidence_not_expected'], `tenant ${tenantId}`)
  }
})

test('the same key with other evidence is another body', async () => {
  const account = await made('/v1/accounts', { name: 'Bank Customer', openingBalance: '100000' }, 2)
  const at = new Date(clock.now()).toISOString()
  const pay = (authentication: object) =>
    real.server.app.inject({
      method: 'POST',
      url: '/v1/payments',
      headers: {
        authorization: `Bearer ${keyOf(2, 'program')}`,
        'content-type': 'application/json',
        'idempotency-key': 'one',
      },
      payload: JSON.stringify({ amount: '100', from: account.id, to, authentication }),
    })
  const first = await pay({ factors: ['password', 'sms'], reference: 'A', at })
  const same = await pay({ factors: ['password', 'sms'], reference: 'A', at })
  const other = await pay({ factors: ['password', 'sms'], reference: 'B', at })
  assert.deepEqual([first.statusCode, same.statusCode, other.statusCode], [201, 201, 422])
  assert.equal(other.json().code, 'key_reused')
})
