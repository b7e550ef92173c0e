import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openTestDatabase } from '../../test/support/database.ts'
import { createFakeHub, KEY } from '../../test/support/http.ts'
import { systemClock } from '../base/clock.ts'
import { ensureChart } from '../ledger/store.ts'
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
  assert.equal(account.mmid, '7001000')
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
