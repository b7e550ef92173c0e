import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { openTestDatabase } from '../../test/support/database.ts'
import { createTestRoom } from '../../test/support/payment-room.ts'
import { keyOf, startRealServer } from '../../test/support/real-server.ts'
import { clientRights, roles } from '../identity/rights.ts'

const { db, url } = await openTestDatabase()
await db`insert into tenant (tenant_id, kind, name) values (2, 'business', 'Other'), (3, 'business', 'Careful')`
const t = await createTestRoom(url)
const { server, call } = await startRealServer(db, t.room, [
  ...[1, 2, 3].map((tenantId) => ({ tenantId, name: 'program' })),
  { tenantId: 3, name: 'maker', rights: roles.maker },
  { tenantId: 3, name: 'checker', rights: roles.checker },
  // Whoever registers beneficiaries and may also decide: never about a payment to one of its own.
  { tenantId: 3, name: 'registrar', rights: clientRights },
])
after(() => Promise.all([server.close(), t.close()]))
const program = keyOf(1, 'program')

const asha = { kind: 'account', ifsc: 'HDFC0000123', account: '50100123456789', name: 'Asha Devi' }
const make = (to: object, key = program, label?: string) =>
  call('post', '/v1/beneficiaries', key, label === undefined ? { to } : { to, label })
const pay = (from: string, to: object, key = program, more: object = {}) =>
  call('post', '/v1/payments', key, { amount: '10000', from, to, ...more })

test('a beneficiary is registered once, read as it is, and paid by its id', async () => {
  const account = await t.open()
  const made = await make(asha, program, 'rent')
  assert.equal(made.status, 201, JSON.stringify(made.body))
  assert.deepEqual([made.body.to, made.body.label], [asha, 'rent'])
  assert.deepEqual((await make({ ...asha, name: 'Somebody Else' })).body.code, 'beneficiary_exists')
  assert.deepEqual((await call('get', `/v1/beneficiaries/${made.body.id}`, program)).body, made.body)

  const paid = await pay(account.id, { kind: 'beneficiary', id: made.body.id })
  assert.equal(paid.status, 201, JSON.stringify(paid.body))
  assert.deepEqual(paid.body.to, { ...asha, registeredName: null })

  assert.equal((await call('delete', `/v1/beneficiaries/${made.body.id}`, program)).status, 204)
  const late = await pay(account.id, { kind: 'beneficiary', id: made.body.id })
  assert.deepEqual([late.status, late.body.code, late.body.errors[0].field], [422, 'beneficiary_not_found', 'to.id'])
  assert.equal((await make(asha)).status, 201, 'one that has ended can be registered again')
})

test('the same key asked again after the beneficiary has ended is the payment it was', async () => {
  const account = await t.open()
  const made = await make({ kind: 'mmid', mobile: '9876543210', mmid: '9229123', name: 'Asha Devi' })
  const ask = () =>
    server.app.inject({
      method: 'POST',
      url: '/v1/payments',
      headers: { authorization: `Bearer ${program}`, 'idempotency-key': 'once', 'content-type': 'application/json' },
      payload: JSON.stringify({ amount: '100', from: account.id, to: { kind: 'beneficiary', id: made.body.id } }),
    })
  const first = await ask()
  assert.equal(first.statusCode, 201, first.body)
  await call('delete', `/v1/beneficiaries/${made.body.id}`, program)
  const again = await ask()
  assert.deepEqual([again.statusCode, again.headers['idempotency-replayed']], [201, 'true'])
  assert.equal(again.json().id, first.json().id)
})

test('pages go from the newest to the oldest, each beneficiary once', async () => {
  const ids: string[] = []
  for (let i = 0; i < 7; i += 1)
    ids.unshift((await make({ ...asha, account: `6020000000${i}` }, keyOf(2, 'program'))).body.id)
  const seen: string[] = []
  for (let cursor = ''; ; ) {
    const { body } = await call('get', `/v1/beneficiaries?limit=3${cursor}`, keyOf(2, 'program'))
    for (const one of body.data) seen.push(one.id)
    if (!body.hasMore) break
    cursor = `&cursor=${body.nextCursor}`
  }
  assert.deepEqual(seen, ids)
})

test("another tenant's beneficiary cannot be read, ended or paid", async () => {
  const made = await make({ ...asha, account: '99887766554' })
  const stranger = keyOf(2, 'program')
  assert.equal((await call('get', `/v1/beneficiaries/${made.body.id}`, stranger)).status, 404)
  assert.equal((await call('delete', `/v1/beneficiaries/${made.body.id}`, stranger)).status, 404)
  const paid = await pay('acc_1', { kind: 'beneficiary', id: made.body.id }, stranger)
  assert.deepEqual([paid.status, paid.body.code], [422, 'beneficiary_not_found'])
  assert.equal((await call('get', `/v1/beneficiaries/${made.body.id}`, program)).status, 200)
})

test('with a rule for beneficiaries others agree first; until then there is none', async () => {
  const admin = keyOf(3, 'program')
  const steps = [{ anyOf: [{ role: 'checker', count: 1 }] }]
  assert.equal((await call('post', '/v1/approval-rules', admin, { subject: 'beneficiary', steps })).status, 201)
  const asked = await make(asha, keyOf(3, 'maker'))
  assert.equal(asked.status, 202)
  assert.equal(asked.body.change.to.ifsc, asha.ifsc)
  assert.deepEqual((await call('get', '/v1/beneficiaries', admin)).body.data, [])

  assert.equal((await call('post', `/v1/approvals/${asked.body.id}/approve`, keyOf(3, 'checker'), {})).status, 200)
  const [one] = (await call('get', '/v1/beneficiaries', admin)).body.data
  assert.deepEqual(one.to, asha)
  assert.equal(one.id, asked.body.subject.id)

  // The same one again, agreed to after it is there: the vote changes nothing.
  const twice = await make(asha, keyOf(3, 'maker'))
  const vote = await call('post', `/v1/approvals/${twice.body.id}/approve`, keyOf(3, 'checker'), {})
  assert.deepEqual([vote.status, vote.body.code], [409, 'beneficiary_exists'])
})

test('who registered a beneficiary cannot approve a payment to it; somebody else can', async () => {
  const admin = keyOf(3, 'program')
  const steps = [{ anyOf: [{ role: 'checker', count: 1 }] }]
  await call('post', '/v1/approval-rules', admin, { subject: 'payment', overAmount: '100', steps })
  const asked = await make({ ...asha, account: '11112222333' }, keyOf(3, 'registrar'))
  assert.equal((await call('post', `/v1/approvals/${asked.body.id}/approve`, keyOf(3, 'checker'), {})).status, 200)
  const account = await t.open(1_000_000n, 'TRN', 3)
  const paid = await pay(account.id, { kind: 'beneficiary', id: asked.body.subject.id }, admin)
  assert.deepEqual([paid.status, paid.body.status], [201, 'requires_approval'], JSON.stringify(paid.body))
  const own = await call('post', `/v1/approvals/${paid.body.id}/approve`, keyOf(3, 'registrar'), {})
  assert.deepEqual([own.status, own.body.code], [403, 'own_work'])
  assert.equal((await call('post', `/v1/approvals/${paid.body.id}/approve`, keyOf(3, 'checker'), {})).status, 200)
})

test('a policy can let payments go to registered beneficiaries only', async () => {
  const other = keyOf(2, 'program')
  const account = await t.open(1_000_000n, 'TRN', 2)
  const made = await make({ ...asha, account: '44445555666' }, other)
  assert.equal((await call('post', '/v1/limits', other, { rules: { registeredOnly: true } })).status, 201)
  const free = await pay(account.id, asha, other)
  assert.deepEqual([free.status, free.body.code], [422, 'beneficiary_not_registered'])
  assert.equal((await pay(account.id, { kind: 'beneficiary', id: made.body.id }, other)).status, 201)
})
