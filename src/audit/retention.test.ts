import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openTestDatabase } from '../../test/support/database.ts'
import { toRfc3339 } from '../base/clock.ts'
import { createPool } from '../db/pool.ts'
import { dataClasses, findDue, removeDue } from './retention.ts'

const { db, url } = await openTestDatabase()
const NOW = Date.UTC(2026, 10, 27)
const DAY = 86_400_000

await db`
  insert into customer (public_id, tenant_id, sealed, created_at) values (gen_random_uuid(), 1, '\\x00', now())`
const challenge = (daysAgo: number) => db`
  insert into authentication (authentication_id, payment_id, tenant_id, customer_id, kind, digest, nonce, created_at, expires_at)
  select gen_random_uuid(), gen_random_uuid(), 1, customer_id, 'totp', sha256('x'), sha256('y'),
         ${toRfc3339(NOW - daysAgo * DAY)}::timestamptz, ${toRfc3339(NOW - daysAgo * DAY + 60_000)}::timestamptz
  from customer`

// ASVS 14.2.7
test('what shows who was there is kept for 180 days, to the day, and then deleted by the hub itself', async () => {
  for (const daysAgo of [0, 179, 180, 181, 400]) await challenge(daysAgo)
  assert.deepEqual(
    (await findDue(db, NOW)).map(({ table, rows }) => [table, rows]),
    [['authentication', 2]],
  )
  const hub = createPool(url, { connections: 1, role: 'turant_hub' })
  assert.deepEqual(await removeDue(hub, NOW), { authentication: 2 })
  await hub.end({ timeout: 2 })
  assert.equal((await db`select from authentication`).length, 3)
})

test('longer is possible, shorter is not', async () => {
  assert.equal((await findDue(db, NOW + DAY, { access: 365 }))[0]?.rows, 0)
  assert.equal((await findDue(db, NOW + DAY, { access: 1 }))[0]?.rows, 1)
})

test('records and acts are kept for five years at least, and no command deletes them', () => {
  assert.ok(dataClasses.records.days >= 5 * 365 && dataClasses.acts.days >= 5 * 365)
  assert.equal(dataClasses.records.ends, 'key destroyed')
})
