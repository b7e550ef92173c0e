import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openTestDatabase } from '../../test/support/database.ts'
import { createPool } from './pool.ts'

// ASVS 12.3.1
test('a connection that must be encrypted is not made to a server that cannot, and nothing is sent to it', async (t) => {
  const { url, db } = await openTestDatabase()
  await db`select 1` // in the clear, on this machine, it is there
  const strict = createPool(`${url}${url.includes('?') ? '&' : '?'}sslmode=verify-full`, {
    connections: 1,
    name: 'strict',
  })
  t.after(() => strict.end({ timeout: 1 }))
  await assert.rejects(async () => strict`select 1`)
  const [{ count = -1 } = {}] = await db`select count(*)::int from pg_stat_activity where application_name = 'strict'`
  assert.equal(count, 0)
})
