import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openTestDatabase } from '../../test/support/database.ts'
import { ensureLogin, whyNoRoles } from './login.ts'
import { createPool, errorCode } from './pool.ts'
import { asTenant } from './tenant.ts'

const { url, db } = await openTestDatabase()

// ASVS 13.2.2
test('the log-in of the hub acts as the hub and as a tenant, and is nobody by itself', async () => {
  const login = await ensureLogin(url)
  assert.equal(await whyNoRoles(login), undefined)
  const hub = createPool(login, { connections: 1, name: 'turant test', role: 'turant_hub' })
  assert.equal((await hub`select tenant_id from tenant`).length, 2)
  assert.deepEqual(await asTenant(hub, 1, async (tx) => [...(await tx`select tenant_id from tenant`)]), [
    { tenant_id: 1 },
  ])
  await hub`set role none`
  await assert.rejects(hub`select tenant_id from tenant`, (error) => errorCode(error) === '42501')
  await hub.end({ timeout: 1 })
})

test('a log-in without the roles is told so at the start', async () => {
  const name = `turant_test_${process.pid}`
  await db.unsafe(`create role ${name} login password 'x'`)
  try {
    const stranger = new URL(url)
    stranger.username = name
    stranger.password = 'x'
    assert.match((await whyNoRoles(stranger.href)) ?? '', /grant turant_hub/)
  } finally {
    await db.unsafe(`drop role ${name}`)
  }
})
