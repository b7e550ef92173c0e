import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { openTestDatabase } from '../../test/support/database.ts'
import { errorCode } from '../db/pool.ts'
import { asTenant } from '../db/tenant.ts'
import { type Act, writeActs } from './acts.ts'
import { listActs } from './store.ts'
import { verifyAudit } from './verify.ts'

const { db } = await openTestDatabase()
await db`insert into tenant (tenant_id, kind, name) values (2, 'business', 'Other')`
const AT = Date.UTC(2026, 10, 23)
const act = (n: number, change: Partial<Act> = {}): Act => ({
  tenantId: 1,
  at: AT + n * 1000,
  actor: { kind: 'person', id: `usr_${n}` },
  action: 'client.created',
  subject: `cli_${n}`,
  outcome: 'done',
  detail: { live: true, rights: 'payments:read', count: n },
  requestId: `req_${n}`,
  address: '203.0.113.7',
  ...change,
})
const quiet = { told: () => undefined }

test('acts are a chain per tenant, without gaps, also when many write at once', async () => {
  await Promise.all(
    Array.from({ length: 40 }, (_, n) =>
      asTenant(db, 1 + (n % 2), (tx) => writeActs(tx, [act(n, { tenantId: 1 + (n % 2) })])),
    ),
  )
  await asTenant(db, 1, (tx) => writeActs(tx, [act(100), act(101), act(102)]))
  const verdict = await verifyAudit(db, quiet)
  assert.deepEqual(verdict, { chains: 2, acts: 43, sealed: 0, roots: 0, faults: [] })
  assert.equal((await asTenant(db, 2, (tx) => listActs(tx, 1, {}, undefined, 100))).length, 0)
  assert.equal((await asTenant(db, 1, (tx) => listActs(tx, 1, { actor: 'usr_100' }, undefined, 100))).length, 1)
})

test('an act is in the commit of what it tells of: taken back with it', async () => {
  await assert.rejects(
    asTenant(db, 1, async (tx) => {
      await writeActs(tx, [act(200)])
      throw new Error('and then it failed')
    }),
  )
  assert.equal((await asTenant(db, 1, (tx) => listActs(tx, 1, { subject: 'cli_200' }, undefined, 1))).length, 0)
  assert.deepEqual((await verifyAudit(db, quiet)).faults, [])
})

// ASVS 16.4.2
test('neither the hub nor a tenant can change, delete or write into the middle', async () => {
  for (const role of ['turant_hub', 'turant_tenant']) {
    for (const statement of ["update act set detail = '{}'", 'delete from act', 'truncate act']) {
      const tx = await db.reserve()
      await tx`begin`
      await tx.unsafe(`set local role ${role}`)
      await assert.rejects(tx.unsafe(statement), (error) => errorCode(error) === '42501', `${role}: ${statement}`)
      await tx`rollback`
      tx.release()
    }
  }
  await assert.rejects(db`update act set detail = '{}'`, /append-only/)
})

/** Runs as somebody who owns the database and has switched the triggers off, and takes it back. */
async function tampered(change: string): Promise<readonly string[]> {
  const tx = await db.reserve()
  try {
    await tx`begin`
    await tx`set local session_replication_role = replica`
    await tx.unsafe(change)
    return (await verifyAudit(tx as unknown as typeof db, quiet)).faults
  } finally {
    await tx`rollback`
    tx.release()
  }
}

const columns = [
  'actor_kind',
  'actor',
  'action',
  'subject',
  'outcome',
  'detail',
  'request_id',
  'address',
  'previous',
  'hash',
]
test('any single flipped bit of any field of any act is found', async () => {
  await db`alter table act drop constraint act_outcome_check, drop constraint act_previous_check, drop constraint act_hash_check`
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...columns),
      fc.integer({ min: 1, max: 20 }),
      fc.nat(),
      fc.integer({ min: 0, max: 6 }),
      async (column, sequence, at, bit) => {
        const [row] = await db.unsafe<{ text: string }[]>(
          `select ${column} as text from act where tenant_id = 1 and sequence = ${sequence}`,
        )
        const text = Buffer.from(row?.text ?? '', 'latin1')
        const i = at % text.length
        text[i] = (text[i] ?? 0) ^ (1 << bit)
        if (text.includes(0)) return // PostgreSQL has no NUL in a text
        const changed = text.toString('latin1').replaceAll("'", "''")
        const faults = await tampered(
          `update act set ${column} = '${changed}' where tenant_id = 1 and sequence = ${sequence}`,
        )
        assert.ok(faults.length > 0, `${column} of ${sequence}: ${changed}`)
      },
    ),
    { numRuns: 300 },
  )
})

const acts: readonly (readonly [what: string, change: string, told: RegExp])[] = [
  ['an act gone from the middle', 'delete from act where tenant_id = 1 and sequence = 5', /act 5 is missing/],
  ['the first act gone', 'delete from act where tenant_id = 1 and sequence = 1', /act 1 is missing/],
  [
    'the last act gone',
    'delete from act where tenant_id = 1 and sequence = (select max(sequence) from act where tenant_id = 1)',
    /ends at act/,
  ],
  ['all acts gone', 'delete from act where tenant_id = 1', /ends at act 0/],
  [
    'two acts swapped',
    'update act set sequence = 1003 where tenant_id = 1 and sequence = 3; update act set sequence = 3 where tenant_id = 1 and sequence = 4; update act set sequence = 4 where sequence = 1003',
    /act 3: /,
  ],
  [
    'an instant moved',
    "update act set at = at + interval '1 second' where tenant_id = 1 and sequence = 7",
    /act 7: it is not what was written/,
  ],
  [
    'an act of another tenant',
    'update act set tenant_id = 2, sequence = 1000 where tenant_id = 1 and sequence = 7',
    /act 7 is missing/,
  ],
  [
    'the end of the chain',
    "update act_chain set hash = repeat('0', 64) where tenant_id = 1",
    /not the one that was written last/,
  ],
  [
    'a subject taken out',
    'update act set subject = null where tenant_id = 1 and sequence = 7',
    /act 7: it is not what was written/,
  ],
  [
    'a number that became a word',
    `update act set detail = replace(detail, 'true', '"true"') where tenant_id = 1 and sequence = 7`,
    /act 7/,
  ],
]
for (const [what, change, told] of acts) {
  test(`found: ${what}`, async () => assert.match((await tampered(change)).join('\n'), told))
}

test('the ledger is proved too: an amount, a balance and a leg that were touched are found', async () => {
  await db`
    insert into account (lane, account_id, tenant_id, kind, floor, balance, entry_no, created_at)
    values (1, 65, 0, 'OUT-CLR', null, 5, 1, now()), (2, 66, 0, 'OUT-CLR', null, -5, 1, now())`
  await db`
    insert into entry (lane, account_id, entry_no, journal_id, kind, amount, balance_after, at)
    values (1, 65, 1, '00000000-0000-0000-0000-000000000001', 'hold', 5, 5, now()),
           (2, 66, 1, '00000000-0000-0000-0000-000000000001', 'hold', -5, -5, now())`
  assert.deepEqual((await verifyAudit(db, quiet)).faults, [])
  assert.match(
    (await tampered('update entry set amount = 6 where account_id = 65')).join(),
    /entry 1 of acc_65 does not follow/,
  )
  assert.match(
    (await tampered('update account set balance = 6 where account_id = 65')).join(),
    /acc_65 has a balance of 6/,
  )
  assert.match((await tampered('delete from entry where account_id = 65')).join(), /journal .* does not balance/)
})
