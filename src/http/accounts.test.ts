import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openTestDatabase } from '../../test/support/database.ts'
import { createFakeHub, KEY } from '../../test/support/http.ts'
import { testVault } from '../../test/support/vault.ts'
import { systemClock } from '../base/clock.ts'
import { must, parseIfsc, parseMmid, parseMobile } from '../base/identifiers.ts'
import { ensureChart, openAccount } from '../ledger/store.ts'
import { createServer, type Server } from './server.ts'

const { db } = await openTestDatabase()
await ensureChart(db, systemClock.now())
const hub = createFakeHub(db)
let server: Server
let production: Server
before(async () => {
  server = await createServer(hub.deps)
  production = await createServer({ ...hub.deps, sandbox: false })
})
after(() => Promise.all([server.close(), production.close()]))

const headers = { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' }
const open = (body: object, on = server) =>
  on.app.inject({ method: 'POST', url: '/v1/accounts', headers, payload: JSON.stringify(body) })
const get = (url: string) => server.app.inject({ url, headers })

test('an account opens with a number, an IFSC and an MMID of its own, and its opening balance is its first entry', async () => {
  const answer = await open({ name: 'Ramesh Kumar', mobile: '9000000002', reference: 'C-1', openingBalance: '500000' })
  assert.equal(answer.statusCode, 201)
  const account = answer.json()
  assert.equal(answer.headers.location, `/v1/accounts/${account.id}`)
  assert.match(account.accountNumber, /^7001\d{10}$/)
  assert.equal(account.ifsc, 'TRNT0000001')
  assert.equal(account.mmid, '7001001')
  assert.equal(account.defaultForMobile, false)
  assert.deepEqual([account.balance, account.available, account.status], ['500000', '500000', 'open'])
  assert.deepEqual((await get(`/v1/accounts/${account.id}`)).json(), account)
  const { data, hasMore, nextCursor } = (await get(`/v1/accounts/${account.id}/entries`)).json()
  assert.deepEqual([hasMore, nextCursor], [false, null])
  assert.deepEqual(data, [
    { number: '1', at: account.createdAt, kind: 'opening', amount: '500000', balanceAfter: '500000', paymentId: null },
  ])
})

test('what could be spent at an instant is asked with `at`', async () => {
  const account = (await open({ name: 'Past', openingBalance: '700' })).json()
  const early = (await get(`/v1/accounts/${account.id}?at=2020-01-01T00:00:00%2B05:30`)).json()
  assert.deepEqual(early.asOf, { at: '2019-12-31T18:30:00.000Z', available: '0' })
  const now = (await get(`/v1/accounts/${account.id}?at=${account.createdAt}`)).json()
  assert.deepEqual(now.asOf, { at: account.createdAt, available: '700' })
})

test('a mobile number has ten accounts at an institution, each with its own MMID, and no more', async () => {
  const mmids = new Set<string>()
  for (let n = 0; n < 10; n += 1) mmids.add((await open({ name: 'Many', mobile: '9000000003' })).json().mmid)
  assert.equal(mmids.size, 10)
  const refused = await open({ name: 'Many', mobile: '9000000003' })
  assert.equal(refused.statusCode, 409)
  assert.equal(refused.json().code, 'mobile_taken')
  assert.equal((await open({ name: 'Many', mobile: '9000000003', institution: 'S02' })).statusCode, 201)
})

test('consent to the default MMID is given when the account opens or later, by one account at a time', async () => {
  const patch = (id: string, body: object) =>
    server.app.inject({ method: 'PATCH', url: `/v1/accounts/${id}`, headers, payload: JSON.stringify(body) })
  const first = (await open({ name: 'First', mobile: '9000000004', defaultForMobile: true })).json()
  const second = (await open({ name: 'Second', mobile: '9000000004' })).json()
  assert.deepEqual([first.defaultForMobile, second.defaultForMobile], [true, false])
  const changed = await patch(second.id, { defaultForMobile: true })
  assert.deepEqual([changed.statusCode, changed.json().defaultForMobile], [200, true])
  assert.equal((await get(`/v1/accounts/${first.id}`)).json().defaultForMobile, false)
  assert.equal((await get(`/v1/accounts/${second.id}`)).json().defaultForMobile, true)

  const none = (await open({ name: 'No Phone' })).json()
  for (const refused of [
    await patch(none.id, { defaultForMobile: true }),
    await patch(second.id, {}),
    await open({ name: 'No Phone', defaultForMobile: true }),
  ]) {
    assert.equal(refused.statusCode, 400)
    assert.equal(refused.json().errors[0].field, 'defaultForMobile')
  }
  assert.equal((await patch('acc_999999999', { defaultForMobile: true })).statusCode, 404)

  await openAccount(
    db,
    testVault,
    {
      tenantId: 2,
      institution: 'TRN',
      nbin: '7001',
      name: 'Theirs',
      ifsc: must(parseIfsc('TRNT0000001'), 'IFSC'),
      mobile: must(parseMobile('9000000005'), 'mobile'),
      mmid: must(parseMmid('7001777'), 'MMID'),
      defaultForMobile: true,
      reference: null,
      openingBalance: 0n,
    },
    systemClock.now(),
  )
  const ours = (await open({ name: 'Ours', mobile: '9000000005' })).json()
  for (const refused of [
    await patch(ours.id, { defaultForMobile: true }),
    await open({ name: 'Ours Too', mobile: '9000000005', defaultForMobile: true }),
  ])
    assert.deepEqual([refused.statusCode, refused.json().code], [409, 'default_taken'])
})

test('accounts are listed newest first, page by page', async () => {
  const made: string[] = []
  for (let n = 0; n < 3; n += 1) made.unshift((await open({ name: `Listed ${n}` })).json().id)
  const first = (await get('/v1/accounts?limit=2')).json()
  assert.equal(first.hasMore, true)
  const second = (await get(`/v1/accounts?limit=2&cursor=${first.nextCursor}`)).json()
  const ids = [...first.data, ...second.data].map((account: { id: string }) => account.id)
  assert.deepEqual(ids.slice(0, 3), made)
})

test('money out of nothing is only for a sandbox', async () => {
  const refused = await open({ name: 'Rich', openingBalance: '1' }, production)
  assert.equal(refused.statusCode, 400)
  assert.equal(refused.json().errors[0].field, 'openingBalance')
  assert.equal((await open({ name: 'Poor' }, production)).json().balance, '0')
})

test('an account that is not there is not found, and a bank that is not on the hub is named', async () => {
  for (const url of ['/v1/accounts/acc_1', '/v1/accounts/acc_999999999/entries'])
    assert.equal((await get(url)).statusCode, 404)
  const refused = await open({ name: 'Nowhere', institution: 'XXX' })
  assert.equal(refused.json().errors[0].field, 'institution')
})
