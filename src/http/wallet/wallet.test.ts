import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { authenticate, register } from '../../../test/support/authenticator.ts'
import { CUSTOMER_ORIGIN } from '../../../test/support/customers.ts'
import { openTestDatabase } from '../../../test/support/database.ts'
import { rememberSecret } from '../../../test/support/logs.ts'
import { createTestRoom } from '../../../test/support/payment-room.ts'
import { type Answer, keyOf, type RealServer, startRealServer } from '../../../test/support/real-server.ts'
import { type Clock, systemClock } from '../../base/clock.ts'

// Customers sign in, see what is theirs and nothing else, and pay with two factors. ASVS 6.3, 7.2, 8.2.

let ahead = 0
const clock: Clock = { ...systemClock, now: () => systemClock.now() + ahead }
const { db, url } = await openTestDatabase()
await db`update tenant set customer_authentication = 'hub' where tenant_id = 1`
await db`insert into tenant (tenant_id, kind, name, customer_authentication) values (2, 'business', 'None', 'none')`
const t = await createTestRoom(url, { clock })
let real: RealServer
before(async () => {
  real = await startRealServer(db, t.room, [{ tenantId: 1, name: 'program' }], { origins: () => [CUSTOMER_ORIGIN] })
})
after(() => Promise.all([real.server.close(), t.close()]))

const MPIN = '395174'
const bank = async (path: string, body: object): Promise<ReturnType<typeof JSON.parse>> => {
  const answer = await real.call('post', path, keyOf(1, 'program'), body)
  assert.ok(answer.status < 300, JSON.stringify(answer.body))
  return answer.body
}
const lastCode = async (mobile: string): Promise<string> => {
  const { body } = await real.call('get', `/sandbox/messages?mobile=${mobile}&limit=1`, keyOf(1, 'program'))
  return rememberSecret(/[0-9]{6}/.exec(body.data[0].text)?.[0] ?? assert.fail('no code'))
}
let people = 0
async function aCustomer(openingBalance = '10000000') {
  people += 1
  const mobile = `93345${String(people).padStart(5, '0')}`
  const customer = await bank('/v1/customers', { name: `Person ${people}`, mobile })
  await bank(`/v1/customers/${customer.id}/factors`, { kind: 'mpin', mpin: MPIN })
  const sms = await bank(`/v1/customers/${customer.id}/factors`, { kind: 'sms' })
  await bank(`/v1/customers/${customer.id}/factors/${sms.id}/prove`, { code: await lastCode(mobile) })
  const account = await bank('/v1/accounts', { name: `Person ${people}`, customer: customer.id, openingBalance })
  return { id: customer.id as string, mobile, account: account.id as string, number: account.accountNumber as string }
}

/** A customer's browser. */
type Wallet = { cookie: string; csrf: string }
const ask = async (
  method: 'GET' | 'POST' | 'DELETE',
  path: string,
  as: Wallet | undefined,
  body?: object,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer & { readonly text: string }> => {
  const answer = await real.server.app.inject({
    method,
    url: path,
    headers: {
      'sec-fetch-site': 'same-origin',
      ...(method === 'GET' ? {} : { origin: CUSTOMER_ORIGIN }),
      ...(as === undefined ? {} : { cookie: as.cookie, 'x-csrf-token': as.csrf }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
  })
  const isJson = String(answer.headers['content-type']).includes('json') && answer.body !== ''
  return { status: answer.statusCode, body: isJson ? answer.json() : {}, headers: answer.headers, text: answer.body }
}
const problem = ({ status, body }: Answer) => [status, body.code]
const walletOf = ({ body, headers }: Answer): Wallet => {
  const [cookie = ''] = [(headers as { 'set-cookie'?: string | string[] })['set-cookie'] ?? []].flat()
  assert.match(cookie, /^__Host-turant-wallet=.*HttpOnly; Secure; SameSite=Strict/)
  return { cookie: cookie.split(';', 1)[0] ?? '', csrf: body.csrfToken }
}
const askCode = async (mobile: string): Promise<string> => {
  const asked = await ask('POST', '/v1/wallet/codes', undefined, { mobile })
  assert.equal(asked.status, 202, JSON.stringify(asked.body))
  return asked.body.id
}
const give = (id: string, code: string, mpin: string): Promise<Answer & { readonly text: string }> =>
  ask('POST', '/v1/wallet/sessions', undefined, { kind: 'code', id, code, mpin })
async function signIn(mobile: string): Promise<Wallet> {
  const id = await askCode(mobile)
  const signedIn = await give(id, await lastCode(mobile), MPIN)
  assert.equal(signedIn.status, 201, JSON.stringify(signedIn.body))
  return walletOf(signedIn)
}
const to = { kind: 'account', ifsc: 'HDFC0000123', account: '50100123456789', name: 'Asha Devi' }
const payKey = () => ({ 'idempotency-key': crypto.randomUUID() })

test('a code and the MPIN open a wallet that shows its own accounts, masked; signing out ends it', async () => {
  const asha = await aCustomer()
  const wallet = await signIn(asha.mobile)
  const { body: me } = await ask('GET', '/v1/wallet/me', wallet)
  assert.deepEqual([me.id, me.mobile], [asha.id, `XXXXXX${asha.mobile.slice(-4)}`])
  assert.deepEqual(
    me.accounts.map((one: { id: string; balance: string; accountNumber: string }) => [
      one.id,
      one.balance,
      one.accountNumber,
    ]),
    [[asha.account, '10000000', `${'X'.repeat(10)}${asha.number.slice(-4)}`]],
  )
  const full = await ask('GET', `/v1/wallet/accounts/${asha.account}?full=true`, wallet)
  assert.equal(full.body.accountNumber, asha.number)
  const acts = await db`select action from act where actor = ${asha.id} order by sequence`
  assert.deepEqual(
    acts.map(({ action }) => action),
    ['customer.signed_in', 'details.revealed'],
  )
  assert.equal((await ask('DELETE', '/v1/wallet/sessions/current', wallet)).status, 204)
  assert.deepEqual(problem(await ask('GET', '/v1/wallet/me', wallet)), [401, 'unauthorized'])
})

test('whoever fails to sign in learns nothing: nobody’s number, a wrong code, a wrong MPIN and a used code are one answer', async () => {
  const { mobile } = await aCustomer()
  const nobody = await askCode('9999999999')
  const known = await askCode(mobile)
  const code = await lastCode(mobile)
  const wrong = code === '123456' ? '654321' : '123456'
  const answers = [
    await give(nobody, wrong, MPIN),
    await give('0'.repeat(32), wrong, MPIN),
    await give(known, wrong, MPIN),
    await give(known, code, '111222'),
  ]
  for (const { status, body } of answers) {
    const { instance, requestId, ...rest } = body
    assert.deepEqual([status, rest.code, rest.detail], [401, 'sign_in_refused', answers[0]?.body.detail])
  }
  assert.equal((await give(known, code, MPIN)).status, 201)
  assert.deepEqual(problem(await give(known, code, MPIN)), [401, 'sign_in_refused'], 'a code is used once')
})

test('without the phone nobody can lock its owner out; with it, wrong MPINs do, for a while that ends', async () => {
  const { mobile } = await aCustomer()
  for (let n = 0; n < 3; n += 1) {
    const id = await askCode(mobile)
    const code = await lastCode(mobile)
    for (let i = 0; i < 3; i += 1) await give(id, code === '123456' ? '654321' : '123456', '000111')
  }
  await ask('GET', '/v1/wallet/me', await signIn(mobile))
  ahead += 700_000 // another window of messages
  const id = await askCode(mobile)
  const code = await lastCode(mobile)
  for (let i = 0; i < 3; i += 1) assert.deepEqual(problem(await give(id, code, '000111')), [401, 'sign_in_refused'])
  const next = await askCode(mobile)
  assert.deepEqual(problem(await give(next, await lastCode(mobile), MPIN)), [401, 'sign_in_refused'], 'locked')
  ahead += 31_000
  await signIn(mobile)
})

test('codes to one number are few, whether somebody has it or not', async () => {
  const { mobile } = await aCustomer()
  ahead += 700_000
  for (const number of [mobile, '9999999998']) {
    let refused = 0
    for (let n = 0; n < 7; n += 1) {
      const { status, body } = await ask('POST', '/v1/wallet/codes', undefined, { mobile: number })
      if (status === 429) refused += 1
      if (status === 429) assert.equal(body.code, 'too_many_messages')
    }
    assert.equal(refused, 2)
  }
})

test('the tenant is the only one whose customers sign in, or the one that is named', async () => {
  const asked = await ask('POST', '/v1/wallet/codes', undefined, { mobile: '9876543210', tenant: 2 })
  assert.deepEqual([asked.status, asked.body.errors[0].field], [400, 'tenant'])
})

test('a payment waits for its customer’s two factors, over this amount to this payee, and is one payment however often it is sent', async () => {
  const asha = await aCustomer()
  const wallet = await signIn(asha.mobile)
  const key = payKey()
  const body = { amount: '15000', from: asha.account, to }
  const made = await ask('POST', '/v1/wallet/payments', wallet, body, key)
  assert.deepEqual([made.status, made.body.status], [201, 'requires_authentication'], JSON.stringify(made.body))
  assert.deepEqual([made.body.to.account, made.body.to.name], ['XXXXXXXXXX6789', 'Asha Devi'])
  const again = await ask('POST', '/v1/wallet/payments', wallet, body, key)
  assert.deepEqual(
    [again.body.id, (again.headers as { 'idempotency-replayed'?: string })['idempotency-replayed']],
    [made.body.id, 'true'],
  )
  const path = `/v1/wallet/payments/${made.body.id}/authenticate`
  const begun = await ask('POST', path, wallet, { send: 'sms' })
  assert.equal(begun.status, 202, JSON.stringify(begun.body))
  const wrong = await ask('POST', path, wallet, { sms: await lastCode(asha.mobile), mpin: '000111' })
  assert.deepEqual(problem(wrong), [422, 'authentication_failed'])
  const done = await ask('POST', path, wallet, { sms: await lastCode(asha.mobile), mpin: MPIN })
  assert.deepEqual([done.status, done.body.status], [200, 'processing'], JSON.stringify(done.body))
  const { body: page } = await ask('GET', `/v1/wallet/payments?account=${asha.account}`, wallet)
  assert.deepEqual(
    page.data.map(({ id }: { id: string }) => id),
    [made.body.id],
  )
  const [evidence] = await db`select recorded_by from evidence`
  assert.equal(evidence?.recorded_by, asha.id, 'nobody passed the factors on')
})

test('the same key of two customers is two payments: neither sees the other’s', async () => {
  const [one, two] = [await aCustomer(), await aCustomer()]
  const key = payKey()
  const ids: string[] = []
  for (const { mobile, account } of [one, two]) {
    const made = await ask(
      'POST',
      '/v1/wallet/payments',
      await signIn(mobile),
      { amount: '100', from: account, to },
      key,
    )
    assert.equal(made.status, 201, JSON.stringify(made.body))
    ids.push(made.body.id)
  }
  assert.notEqual(ids[0], ids[1])
})

test('what is another customer’s is not there', async () => {
  const [asha, ravi] = [await aCustomer(), await aCustomer()]
  const wallet = await signIn(asha.mobile)
  const theirs = await ask(
    'POST',
    '/v1/wallet/payments',
    await signIn(ravi.mobile),
    { amount: '100', from: ravi.account, to },
    payKey(),
  )
  const payment = `/v1/wallet/payments/${theirs.body.id}`
  const tried: readonly (readonly ['GET' | 'POST' | 'DELETE', string, object?])[] = [
    ['GET', `/v1/wallet/accounts/${ravi.account}`],
    ['GET', `/v1/wallet/accounts/${ravi.account}?full=true`],
    ['GET', `/v1/wallet/accounts/${ravi.account}/entries`],
    ['GET', `/v1/wallet/accounts/${ravi.account}/statement?format=csv`],
    ['GET', `/v1/wallet/payments?account=${ravi.account}`],
    ['GET', payment],
    ['GET', `${payment}/events`],
    ['POST', `${payment}/cancel`],
    ['POST', `${payment}/authenticate`, { send: 'sms' }],
    ['POST', '/v1/wallet/payments', { amount: '100', from: ravi.account, to }],
    ['POST', '/v1/wallet/name-enquiries', { from: ravi.account, to }],
    ['DELETE', `/v1/wallet/passkeys/fac_${'0'.repeat(32)}`],
  ]
  for (const [method, path, body] of tried)
    assert.deepEqual(problem(await ask(method, path, wallet, body, payKey())), [404, 'not_found'], `${method} ${path}`)
  const { body } = await ask('GET', `/v1/wallet/payments?account=${asha.account}`, wallet)
  assert.deepEqual(body.data, [])
})

test('a wallet opens no other route of the hub, and nothing else opens a wallet', async () => {
  const { mobile } = await aCustomer()
  const wallet = await signIn(mobile)
  const { paths } = (await ask('GET', '/openapi.json', undefined)).body as {
    paths: Record<string, Record<string, { security?: object[] }>>
  }
  let cells = 0
  for (const [path, methods] of Object.entries(paths))
    for (const [method, { security }] of Object.entries(methods)) {
      if (security?.length === 0) continue
      const address = path.replaceAll(/\{\w+\}/g, 'x')
      const body = method === 'get' ? {} : { payload: '{}', headers: { 'content-type': 'application/json' } }
      const headers = {
        cookie: wallet.cookie,
        'x-csrf-token': wallet.csrf,
        origin: CUSTOMER_ORIGIN,
        'sec-fetch-site': 'same-origin',
      }
      const own = path.startsWith('/v1/wallet/')
      if (own && !path.endsWith('/current') && !path.endsWith('/events') && !path.endsWith('/stop')) {
        const key = { ...body.headers, authorization: `Bearer ${keyOf(1, 'program')}` }
        const answer = await real.server.app.inject({
          method: method.toUpperCase() as 'GET',
          url: address,
          ...body,
          headers: key,
        })
        assert.equal(answer.statusCode, 403, `a key: ${method} ${path}`)
      }
      if (own) continue
      const answer = await real.server.app.inject({
        method: method.toUpperCase() as 'GET',
        url: address,
        ...body,
        headers: { ...headers, ...body.headers },
      })
      assert.equal(answer.statusCode, 401, `${method} ${path}`)
      cells += 1
    }
  assert.ok(cells > 100, `${cells} calls`)
})

test('what changes anything needs the token of its session, and no page of another site gets in', async () => {
  const { mobile, account } = await aCustomer()
  const wallet = await signIn(mobile)
  const body = { amount: '100', from: account, to }
  const refused = [
    await ask('POST', '/v1/wallet/payments', { ...wallet, csrf: 'x' }, body, payKey()),
    await ask('POST', '/v1/wallet/payments', wallet, body, { ...payKey(), 'sec-fetch-site': 'cross-site' }),
    await ask('POST', '/v1/wallet/payments', wallet, body, { ...payKey(), origin: 'https://evil.example' }),
    await ask('POST', '/v1/wallet/codes', undefined, { mobile }, { 'sec-fetch-site': 'cross-site' }),
  ]
  for (const one of refused) assert.deepEqual(problem(one), [403, 'csrf_refused'])
})

test('a session ends when nobody uses it, and after eight hours whoever does', async () => {
  const { mobile } = await aCustomer()
  ahead += 700_000
  const idle = await signIn(mobile)
  ahead += 900_001
  assert.deepEqual(problem(await ask('GET', '/v1/wallet/me', idle)), [401, 'unauthorized'])
  const used = await signIn(mobile)
  for (let minutes = 0; minutes < 480; minutes += 10) {
    assert.equal((await ask('GET', '/v1/wallet/me', used)).status, 200, `after ${minutes} minutes`)
    ahead += 600_000
  }
  assert.deepEqual(problem(await ask('GET', '/v1/wallet/me', used)), [401, 'unauthorized'])
})

test('another MPIN needs a fresh proof and the one before; other sessions end', async () => {
  const { mobile } = await aCustomer()
  ahead += 700_000
  const other = await signIn(mobile)
  const wallet = await signIn(mobile)
  const change = (mpin: string, next: string) => ask('POST', '/v1/wallet/mpin', wallet, { mpin, next })
  assert.deepEqual((await change(MPIN, '111111')).body.errors[0].field, 'next')
  assert.deepEqual(problem(await change('862057', '862059')), [422, 'authentication_failed'])
  assert.equal((await change(MPIN, '862057')).status, 204)
  assert.deepEqual(problem(await ask('GET', '/v1/wallet/me', other)), [401, 'unauthorized'])
  const id = await askCode(mobile)
  assert.deepEqual(problem(await give(id, await lastCode(mobile), MPIN)), [401, 'sign_in_refused'])
  assert.equal((await give(id, await lastCode(mobile), '862057')).status, 201)
  ahead += 300_000
  assert.deepEqual(problem(await change('862057', '395174')), [403, 'reauthentication_required'])
})

test('a passkey is enrolled in a wallet, and then opens it by itself, once for each challenge', async () => {
  const { mobile, id } = await aCustomer()
  ahead += 700_000
  const wallet = await signIn(mobile)
  const begun = await ask('POST', '/v1/wallet/passkeys', wallet)
  assert.equal(begun.status, 201, JSON.stringify(begun.body))
  const { challenge, user } = begun.body.passkey
  const rpId = new URL(CUSTOMER_ORIGIN).hostname
  const { key, answer } = register({ challenge, origin: CUSTOMER_ORIGIN, rpId }, user.id)
  const proved = await ask('POST', `/v1/wallet/passkeys/${begun.body.id}/prove`, wallet, { passkey: answer })
  assert.equal(proved.status, 200, JSON.stringify(proved.body))
  const { body: asked } = await ask('POST', '/v1/wallet/passkey-options', undefined)
  const given = {
    kind: 'passkey',
    ceremony: asked.ceremony,
    answer: authenticate({ challenge: asked.options.challenge, origin: CUSTOMER_ORIGIN, rpId }, key),
  }
  const signedIn = await ask('POST', '/v1/wallet/sessions', undefined, given)
  assert.equal(signedIn.status, 201, JSON.stringify(signedIn.body))
  assert.equal((await ask('GET', '/v1/wallet/me', walletOf(signedIn))).body.id, id)
  assert.deepEqual(problem(await ask('POST', '/v1/wallet/sessions', undefined, given)), [401, 'sign_in_refused'])
})

test('a customer stops what leaves their accounts at once, and lets it go again after a fresh proof; what operations stopped stays', async () => {
  const { mobile, account, id } = await aCustomer()
  ahead += 700_000
  const wallet = await signIn(mobile)
  ahead += 300_000
  const stopped = await ask('POST', '/v1/wallet/stop', wallet)
  assert.deepEqual([stopped.status, stopped.body.stoppedBy], [200, 'customer'])
  const paid = await ask('POST', '/v1/wallet/payments', wallet, { amount: '100', from: account, to }, payKey())
  assert.deepEqual(problem(paid), [422, 'customer_stopped'])
  assert.deepEqual(problem(await ask('POST', '/v1/wallet/resume', wallet)), [403, 'reauthentication_required'])
  const fresh = await signIn(mobile)
  assert.equal((await ask('POST', '/v1/wallet/resume', fresh)).body.stoppedBy, null)
  await bank(`/v1/customers/${id}/stop`, { by: 'operations' })
  assert.deepEqual(problem(await ask('POST', '/v1/wallet/resume', fresh)), [409, 'stopped_by_operations'])
})

test('a statement is a CSV or a PDF of the account’s entries', async () => {
  const { mobile, account, number } = await aCustomer()
  ahead += 700_000
  const wallet = await signIn(mobile)
  const path = `/v1/wallet/accounts/${account}/statement`
  const csv = await ask('GET', `${path}?format=csv`, wallet, undefined, { accept: 'text/csv' })
  assert.match(csv.text, /Opening balance,100000\.00,100000\.00/)
  assert.ok(!csv.text.includes(number))
  const pdf = await ask('GET', `${path}?format=pdf`, wallet, undefined, { accept: 'application/pdf' })
  assert.match(pdf.text, /^%PDF-1/)
  const { body } = await ask('GET', `/v1/wallet/accounts/${account}/entries`, wallet)
  assert.deepEqual(
    body.data.map(({ kind }: { kind: string }) => kind),
    ['opening'],
  )
})

test('a customer asks to be paid by a link, once for each key, to their own account only; whoever has it sees what it asks for', async () => {
  const [asha, ravi] = [await aCustomer(), await aCustomer()]
  ahead += 700_000
  const wallet = await signIn(asha.mobile)
  const key = payKey()
  const body = { account: asha.account, amount: '25000', description: 'दूध' }
  const made = await ask('POST', '/v1/wallet/requests', wallet, body, key)
  assert.equal(made.status, 201, JSON.stringify(made.body))
  assert.equal((await ask('POST', '/v1/wallet/requests', wallet, body, key)).body.id, made.body.id)
  const theirs = await ask('POST', '/v1/wallet/requests', wallet, { account: ravi.account }, payKey())
  assert.deepEqual(problem(theirs), [404, 'not_found'])
  const token = String(made.body.url).split('/').at(-1)
  const { body: seen } = await ask('POST', '/v1/wallet/links', await signIn(ravi.mobile), { link: token })
  assert.deepEqual([seen.status, seen.amountRemaining, seen.description], ['open', '25000', 'दूध'])
  assert.deepEqual(seen.virtualAccount, made.body.virtualAccount)
  const nothing = await ask('POST', '/v1/wallet/links', wallet, { link: 'A'.repeat(22) })
  assert.deepEqual(problem(nothing), [404, 'not_found'])
})

test('names that are asked for and never paid become slow', async () => {
  const { mobile, account } = await aCustomer()
  ahead += 700_000
  const wallet = await signIn(mobile)
  const askName = () => ask('POST', '/v1/wallet/name-enquiries', wallet, { from: account, to })
  let slowed = 0
  for (let n = 0; n < 22; n += 1) if ((await askName()).status === 429) slowed += 1
  assert.equal(slowed, 2)
  await ask('POST', '/v1/wallet/payments', wallet, { amount: '100', from: account, to }, payKey())
  assert.deepEqual(problem(await askName()), [422, 'name_enquiry_not_available'])
})
