import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { openTestDatabase } from '../../test/support/database.ts'
import { createTestRoom } from '../../test/support/payment-room.ts'
import { keyOf, startRealServer } from '../../test/support/real-server.ts'
import { roles } from '../identity/rights.ts'

// What administrators and developers look at: the state of the hub, the proof of the audit chain, and the last requests.

const { db, url } = await openTestDatabase()
await db`insert into tenant (tenant_id, kind, name) values (2, 'business', 'Other')`
const t = await createTestRoom(url)
const { server, call } = await startRealServer(db, t.room, [
  { tenantId: 1, name: 'developer', rights: roles.developer },
  { tenantId: 1, name: 'administrator', rights: roles.administrator },
  { tenantId: 2, name: 'administrator', rights: roles.administrator },
])
after(() => Promise.all([server.close(), t.close()]))
const administrator = keyOf(1, 'administrator')

test('the state of the hub: versions, links, certificates, the size of the database', async () => {
  const { status, body } = await call('get', '/v1/system', administrator)
  assert.equal(status, 200, JSON.stringify(body))
  assert.match(body.database.version, /^\d+/)
  assert.ok(BigInt(body.database.bytes) > 1_000_000n)
  assert.deepEqual(body.certificates, [{ use: 'signing', subject: 'hub signing', daysLeft: 59 }])
  assert.deepEqual([body.links[0].id, body.links[0].usable], ['npci-remitter', true])
  assert.equal((await call('get', '/v1/system', keyOf(1, 'developer'))).status, 403)
})

const verified = async (key: string) => {
  for (;;) {
    const { body } = await call('get', '/v1/audit/verification', key)
    if (body.state !== 'running') return body
    await new Promise((resolve) => setImmediate(resolve))
  }
}

test('the audit chain is verified when somebody asks, and what was found stays until the next time', async () => {
  assert.equal((await call('get', '/v1/audit/verification', administrator)).body.state, 'never')
  const asked = await call('post', '/v1/audit/verification', administrator)
  assert.deepEqual([asked.status, asked.body.state], [202, 'running'])
  const found = await verified(administrator)
  assert.deepEqual([found.state, found.faults], ['done', []])
  assert.equal(found.actsRead, 1) // that it was asked for is an act itself
  assert.equal((await call('get', '/v1/audit/verification', keyOf(2, 'administrator'))).body.state, 'never')
})

test('an act that was changed is found, and named', async () => {
  await db.begin(async (tx) => {
    await tx`set local session_replication_role = replica`
    await tx`update act set action = 'nothing.done' where tenant_id = 1 and sequence = 1`
  })
  await call('post', '/v1/audit/verification', administrator)
  const { state, faults } = await verified(administrator)
  assert.equal(state, 'done')
  assert.match(faults[0], /tenant 1, act 1: it is not what was written/)
})

test('the last requests, newest first, of the own tenant, with what they were refused for and without ids', async () => {
  await call('get', '/v1/payments/pay_00000000000000000000000000000000', keyOf(1, 'developer'))
  await call('get', '/v1/banks?limit=1', keyOf(1, 'developer'))
  await call('get', '/v1/people', keyOf(2, 'administrator'))
  const see = async (query = '', key = keyOf(1, 'developer')) => (await call('get', `/v1/requests${query}`, key)).body
  const [newest, before] = (await see()).data
  assert.deepEqual([newest.method, newest.route, newest.status, newest.code], ['GET', '/v1/banks', 200, null])
  assert.deepEqual([before.route, before.status, before.code], ['/v1/payments/:id', 404, 'not_found'])
  assert.ok(newest.actor.length > 0 && newest.ms >= 0)
  const failed = (await see('?failed=true')).data
  assert.ok(failed.length > 0 && failed.every(({ status }: { status: number }) => status >= 400))
  const first = await see('?limit=1')
  const second = await see(`?limit=1&cursor=${first.nextCursor}`)
  assert.deepEqual([first.data[0].route, second.data[0].route], ['/v1/banks', '/v1/payments/:id'])
  assert.equal((await see('?cursor=abc')).code, 'invalid_cursor')
  assert.deepEqual(
    (await see('', keyOf(2, 'administrator'))).data.map(({ route }: { route: string }) => route),
    ['/v1/people', '/v1/audit/verification'],
  )
  for (let i = 0; i < 600; i += 1) await call('get', '/v1/banks?limit=1', keyOf(1, 'developer'))
  let pages = 0
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page = await see(`?limit=100${cursor === '' ? '' : `&cursor=${cursor}`}`)
    pages += page.data.length
    cursor = page.nextCursor
  }
  assert.equal(pages, 500)
})
