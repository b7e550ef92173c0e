import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, test } from 'node:test'
import { openTestDatabase } from '../../test/support/database.ts'
import { createTestRoom, requestFrom } from '../../test/support/payment-room.ts'
import { testVault } from '../../test/support/vault.ts'
import { paymentIdOf } from '../base/identifiers.ts'
import { databaseUrl } from '../db/embedded.ts'
import { migrate, readMigrations } from '../db/migrate.ts'
import { createPool } from '../db/pool.ts'
import { findAccount } from '../ledger/store.ts'
import { release } from './approvals.ts'
import { initiate } from './initiate.ts'
import type { Fact } from './payment.ts'
import { record } from './record.ts'
import { sealOldRows } from './seal-old-rows.ts'
import { findPayments } from './store.ts'
import type { StoredPayment } from './stored.ts'

// A database as the hub left it before there were tenants and a vault, with payments in every state, written by that hub: brought up to
// now, it is paid from.

const { url: server } = await openTestDatabase({ connections: 1 })
const admin = createPool(databaseUrl(server, 'postgres'), { connections: 1, name: 'turant test' })
const name = `turant_old_${crypto.randomUUID().replaceAll('-', '')}`
await admin.unsafe(`create database ${name}`)
const url = databaseUrl(server, name)
const all = readMigrations()
await migrate(
  url,
  all.slice(
    0,
    all.findIndex((one) => one.name.startsWith('0005')),
  ),
)

const db = createPool(url, { connections: 2, name: 'turant test' })
const dump: Record<string, readonly object[]> = JSON.parse(
  readFileSync(new URL('../../test/vectors/databases/before-tenants.json', import.meta.url), 'utf8'),
)
const tables = ['name_enquiry', ...Object.keys(dump).filter((table) => table !== 'name_enquiry')]
for (const table of tables) {
  const rows = JSON.stringify(dump[table])
  await db.unsafe(`insert into ${table} select * from jsonb_populate_recordset(null::${table}, $1::text::jsonb)`, [
    rows,
  ])
}
await db`select setval('account_number_seq', (select max(account_id) from account where kind = 'customer'))`
const applied = await migrate(url, all, { '0007-sealed': (owner) => sealOldRows(owner, testVault, () => undefined) })
const t = await createTestRoom(url)
after(async () => {
  await t.close()
  await db.end({ timeout: 2 })
  await admin.unsafe(`drop database ${name} with (force)`)
  await admin.end({ timeout: 2 })
})

const ids = (await db<{ payment_id: string }[]>`select payment_id from payment order by payment_id`).map((row) =>
  paymentIdOf(row.payment_id),
)
const read = (): Promise<StoredPayment[]> => findPayments(db, testVault, ids)
const old = await read()
const inState = (state: string, reason?: string | null): StoredPayment =>
  old.find(
    (one) => one.direction === 'outward' && one.state === state && (reason === undefined || one.reason === reason),
  ) ?? assert.fail(`none is ${state}`)

test('every payment is there as it was, sealed, with the books as they were', async () => {
  assert.ok(applied.includes('0007-sealed') && applied.includes('0014-contract'))
  const states = old.map(({ direction, state }) => `${direction} ${state}`)
  for (const state of [
    'held',
    'sent',
    'unconfirmed',
    'deemed',
    'succeeded',
    'declined',
    'returned',
    'cancelled',
    'refused',
  ])
    assert.ok(states.includes(`outward ${state}`), state)
  assert.ok(states.includes('inward succeeded'))
  assert.equal(inState('succeeded').registeredName, 'ASHA DEVI')
  for (const { direction, remitter, beneficiary } of old) {
    if (direction === 'inward') assert.equal(remitter.name, 'Ravi')
    else assert.equal(remitter.name, 'Ramesh Kumar')
    if (direction === 'outward' && beneficiary.kind === 'account') assert.equal(beneficiary.account, '50100123456789')
  }
  await t.proveBooks()
  await sealOldRows(db, testVault, () => assert.fail('something was left')).catch((error: unknown) =>
    assert.match(String(error), /column .* does not exist/, 'there is nothing plain left to seal'),
  )
})

const moves: readonly (readonly [of: () => StoredPayment, fact: Fact, to: string])[] = [
  [() => inState('unconfirmed'), { kind: 'approved', responseCode: '00' }, 'succeeded'],
  [() => inState('deemed'), { kind: 'returned' }, 'returned'],
  [() => inState('sent'), { kind: 'declined', responseCode: 'M1' }, 'declined'],
  [() => inState('held', null), { kind: 'dispatched' }, 'sent'],
]
for (const [of, fact, to] of moves) {
  test(`what was there moves on: ${fact.kind} makes it ${to}`, async () => {
    const moved = await record(t.room, of(), fact)
    assert.ok(moved.kind === 'moved')
    assert.equal(moved.payment.state, to)
    await t.proveBooks()
  })
}

test('what waited for a person waits still, for one checker, and goes with their word', async () => {
  const waiting = inState('held', 'awaiting_approval')
  const [asked] = await db<{ steps: string; decision: string | null }[]>`
    select steps, decision from approval_request where subject_id = ${waiting.id}`
  assert.deepEqual(asked, { steps: '[{"anyOf":[{"role":"checker","count":1}]}]', decision: null })
  const released = await release(t.room, waiting, 'approval')
  assert.ok(released.kind === 'moved' && released.payment.state === 'sent')
  await t.proveBooks()
})

test('a key of before is the payment of before; a fresh one pays from the old account', async () => {
  const { accountId } = inState('succeeded')
  assert.ok(accountId !== null)
  const first = await initiate(t.room, {
    ...requestFrom(accountId),
    idempotencyKey: 'key-1',
    bodyHash: '1'.padStart(64, '0'),
  })
  assert.ok(first.kind === 'accepted' && first.replayed && ids.includes(first.payment.id))
  const before = (await findAccount(db, testVault, 1, accountId))?.available ?? 0n
  const paid = await initiate(t.room, { ...requestFrom(accountId), idempotencyKey: 'fresh' })
  assert.ok(paid.kind === 'accepted' && !paid.replayed && paid.payment.state === 'sent')
  assert.equal((await findAccount(db, testVault, 1, accountId))?.available, before - 10_000n)
  await t.proveBooks()
})
