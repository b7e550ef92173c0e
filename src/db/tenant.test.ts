import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openTestDatabase } from '../../test/support/database.ts'
import { createPool, errorCode, type Tx } from './pool.ts'
import { asHub, asTenant, asTenantAtOnce } from './tenant.ts'

const { url, db } = await openTestDatabase()
await db`insert into tenant (tenant_id, kind, name) values (2, 'business', 'Other')`
await db`
  insert into name_enquiry (tenant_id, institution, beneficiary_kind, sealed, beneficiary_ifsc, status, response_code, rrn, created_at)
  select 1 + n % 2, 'TRN', 'account', '', 'HDFC0000123', 'refused', '00', '1', now() from generate_series(1, 10) n`

const count = 'select count(*)::int as count from name_enquiry'

// ASVS 8.3.3, 8.4.1
test('a request sees the rows of its tenant, whatever its statement says', async () => {
  const seen = await asTenant(db, 2, async (tx) => [
    ...(await tx.unsafe('select distinct tenant_id from name_enquiry')),
  ])
  assert.deepEqual(seen, [{ tenant_id: 2 }])
  const asked = await asTenant(db, 2, async (tx) => [...(await tx.unsafe(`${count} where tenant_id = 1`))])
  assert.deepEqual(asked, [{ count: 0 }])
})

test('without a tenant the role sees nothing at all', async () => {
  const tx = await db.reserve()
  await tx`begin`
  await tx`set local role turant_tenant`
  assert.deepEqual([...(await tx.unsafe(count))], [{ count: 0 }])
  await tx`rollback`
  tx.release()
})

test('a row cannot be written into another tenant', async () => {
  const write = asTenant(
    db,
    2,
    (tx) => tx`insert into idempotency_key (tenant_id, key_hash, body_hash, payment_id)
               values (1, gen_random_uuid(), gen_random_uuid(), gen_random_uuid())`,
  )
  await assert.rejects(write, (error) => errorCode(error) === '42501')
})

test('what it saw is gone with the transaction, also after a failure', async () => {
  const one = createPool(url, { connections: 1, name: 'turant test' })
  await assert.rejects(asTenant(one, 2, (tx) => tx`select 1 / 0`))
  await asTenant(one, 2, async () => undefined)
  const [row] = await one<{ role: string; tenant: string | null }[]>`
    select current_setting('role') as role, current_setting('turant.tenant', true) as tenant`
  assert.deepEqual({ ...row }, { role: 'none', tenant: '' })
  await one.end({ timeout: 1 })
})

test('what the hub does for a request is over with it: the tenant sees its own rows again, also when it failed', async () => {
  const seen = (tx: Tx) => tx.unsafe<{ count: number }[]>(count).then(([row]) => row?.count)
  await asTenant(db, 2, async (tx) => {
    assert.deepEqual([await seen(tx), await asHub(tx, seen), await seen(tx)], [5, 10, 5])
    const fails = asHub(tx, async () => {
      throw new Error('not found')
    })
    await assert.rejects(fails, /not found/)
    assert.equal(await seen(tx), 5)
  })
  const broken = asTenant(db, 2, (tx) => asHub(tx, (hub) => hub`select 1 / 0`))
  await assert.rejects(
    broken,
    (error) => errorCode(error) === '22012',
    'and what failed in the database is said as it is',
  )
})

test('the hub itself sees all tenants and can change no table, no policy and no history', async () => {
  const hub = createPool(url, { connections: 1, name: 'turant test', role: 'turant_hub' })
  assert.deepEqual([...(await hub.unsafe(count))], [{ count: 10 }])
  for (const statement of [
    'alter table payment disable row level security',
    'drop table payment',
    'drop policy tenant on payment',
    'alter table entry disable trigger entry_append_only',
    'delete from payment',
    'update entry set amount = 1',
    'delete from event',
    'truncate name_enquiry',
    'create table mine (n int)',
  ]) {
    await assert.rejects(hub.unsafe(statement), (error) => errorCode(error) === '42501', statement)
  }
  await hub.end({ timeout: 1 })
})

test('every table has its wall: row security on, owned by neither role, policies for both or for the hub alone', async () => {
  const tables = await db<{ name: string; secured: boolean; owner: string; tenant: boolean; policies: string[] }[]>`
    select c.relname as name, c.relrowsecurity as secured, r.rolname as owner,
      exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped) as tenant,
      coalesce((select array_agg(p.polname::text order by p.polname) from pg_policy p where p.polrelid = c.oid), '{}') as policies
    from pg_class c join pg_roles r on r.oid = c.relowner
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and c.relname <> 'schema_migration'`
  assert.ok(tables.length > 10)
  for (const table of tables) {
    assert.ok(table.secured, table.name)
    assert.doesNotMatch(table.owner, /^turant_(hub|tenant)$/)
    assert.ok(table.policies.includes('hub'), `${table.name} has no policy: call separate_tenants or hub_only`)
  }
})

test('what is asked at once is done in one transaction that sees its tenant alone, or not done at all', async () => {
  const one = createPool(url, { connections: 1, name: 'turant test' })
  const add = (tx: Tx, status: string) => tx`
    insert into name_enquiry (tenant_id, institution, beneficiary_kind, sealed, beneficiary_ifsc, status, response_code, rrn, created_at)
    values (2, 'ATO', 'account', '', 'HDFC0000123', ${status}, '00', '1', now())`
  const [, seen] = await asTenantAtOnce(one, 2, (tx) =>
    Promise.all([add(tx, 'refused'), tx.unsafe('select distinct tenant_id from name_enquiry')]),
  )
  assert.deepEqual([...seen], [{ tenant_id: 2 }])
  const kept = async () => (await one`select from name_enquiry where institution = 'ATO'`).length
  assert.equal(await kept(), 1)
  const failing = asTenantAtOnce(one, 2, (tx) =>
    Promise.all([add(tx, 'refused'), tx`select 1 / 0`, add(tx, 'refused')]),
  )
  await assert.rejects(failing, (error) => errorCode(error) === '22012')
  const never = asTenantAtOnce(one, 2, (tx) => {
    add(tx, 'refused').catch(() => undefined)
    throw new Error('no')
  })
  await assert.rejects(never, /no/)
  const late = asTenantAtOnce(one, 2, async (tx) => {
    await tx`select 1`
    return add(tx, 'refused')
  })
  await assert.rejects(late, /transaction is over/)
  assert.equal(await kept(), 1)
  const [row] = await one<{ role: string; tenant: string | null }[]>`
    select current_setting('role') as role, current_setting('turant.tenant', true) as tenant`
  assert.deepEqual({ ...row }, { role: 'none', tenant: '' })
  await one.end({ timeout: 1 })
})
