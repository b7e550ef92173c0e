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

test('the chain is taken as a file: what fits, with its hashes, of no other tenant, and that it was taken is in it', async () => {
  const take = (query: string, key = auditor) =>
    server.app.inject({
      method: 'GET',
      url: `/v1/audit/acts/export?${query}`,
      headers: { authorization: `Bearer ${key}` },
    })
  const whole = await take('')
  assert.equal(whole.statusCode, 200, whole.body)
  assert.match(String(whole.headers['content-disposition']), /^attachment; filename="audit-1-\d{4}-\d\d-\d\d\.jsonl"$/)
  const acts = whole.body
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
  assert.equal(acts[0].action, 'audit.exported')
  const listed = (await call('get', '/v1/audit/acts?limit=100', auditor)).body.data
  assert.deepEqual(
    acts.map(({ sequence, hash }) => [sequence, hash]),
    listed.map(({ sequence, hash }: { sequence: string; hash: string }) => [sequence, hash]),
  )
  const csv = await take('format=csv&action=client.created')
  assert.match(String(csv.headers['content-type']), /^text\/csv/)
  assert.equal(csv.body.trimEnd().split('\r\n').length, 6, 'a head and five clients')
  const other = await take('', keyOf(2, 'auditor'))
  assert.equal(other.body.trimEnd().split('\n').length, 1, 'its own taking, and nothing else')
  const bad = await call('get', '/v1/audit/acts/export?format=pdf', auditor)
  assert.deepEqual([bad.status, bad.body.errors[0].field], [400, 'format'])
})
