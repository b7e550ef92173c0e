import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { openTestDatabase } from '../../test/support/database.ts'
import { createTestRoom } from '../../test/support/payment-room.ts'
import { keyOf, startRealServer } from '../../test/support/real-server.ts'
import { roles } from '../identity/rights.ts'

const { db, url } = await openTestDatabase()
await db`insert into tenant (tenant_id, kind, name) values (2, 'business', 'Other')`
const t = await createTestRoom(url)
const { server, call } = await startRealServer(db, t.room, [
  { tenantId: 1, name: 'program' },
  { tenantId: 1, name: 'auditor', rights: roles.auditor },
  { tenantId: 2, name: 'auditor', rights: roles.auditor },
])
after(() => Promise.all([server.close(), t.close()]))
const auditor = keyOf(1, 'auditor')

test('an auditor reads the chain, page by page, each act once, and finds acts by what they are about', async () => {
  const made: string[] = []
  for (let i = 0; i < 5; i += 1) {
    const answer = await call('post', '/v1/clients', keyOf(1, 'program'), { name: `c${i}`, rights: ['payments:read'] })
    made.push(answer.body.id)
  }
  const seen: string[] = []
  for (let cursor = ''; ; ) {
    const { body } = await call('get', `/v1/audit/acts?action=client.created&limit=2${cursor}`, auditor)
    for (const act of body.data) seen.push(act.subject)
    if (!body.hasMore) break
    cursor = `&cursor=${body.nextCursor}`
  }
  assert.deepEqual(seen, made.reverse())
  const one = await call('get', `/v1/audit/acts?subject=${made[0]}`, auditor)
  assert.equal(one.body.data.length, 1)
  assert.equal(one.body.data[0].actor.id, 'cli_program')
})

test("nobody sees another tenant's acts, and a bad filter is named", async () => {
  assert.deepEqual((await call('get', '/v1/audit/acts', keyOf(2, 'auditor'))).body.data, [])
  for (const [query, field] of [
    ['from=yesterday', 'from'],
    ['action=a b', 'action'],
    ['limit=0', 'limit'],
  ]) {
    const answer = await call('get', `/v1/audit/acts?${query}`, auditor)
    assert.deepEqual([answer.status, answer.body.errors[0].field], [400, field])
  }
  assert.equal((await call('get', '/v1/audit/acts?cursor=eHg', auditor)).body.code, 'invalid_cursor')
})
