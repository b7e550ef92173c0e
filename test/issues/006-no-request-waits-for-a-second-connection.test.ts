import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { must, parseIfsc } from '../../src/base/identifiers.ts'
import { createPool } from '../../src/db/pool.ts'
import { asTenant } from '../../src/db/tenant.ts'
import { findAccount, openAccount } from '../../src/ledger/store.ts'
import { initiate } from '../../src/payment/initiate.ts'
import { recordById } from '../../src/payment/record.ts'
import { openFileStore } from '../../src/secrecy/file-store.ts'
import { keyTable } from '../../src/secrecy/key-table.ts'
import { openVault } from '../../src/secrecy/vault.ts'
import { openTestDatabase } from '../support/database.ts'
import { createTestRoom, requestFrom } from '../support/payment-room.ts'
import { keyOf, startRealServer } from '../support/real-server.ts'

// A request that holds a connection and waits for another one of the same pool waits for ever once enough others do the same: eight
// resolutions, or eight limits, sent at once stopped every route of the hub until it was started again. With a pool of one connection a
// single such request shows it.

const { db, url } = await openTestDatabase({ connections: 1 })
const t = await createTestRoom(url)
const { server, call } = await startRealServer(db, t.room, [{ tenantId: 1, name: 'all' }])
after(() => Promise.all([server.close(), t.close()]))
const key = keyOf(1, 'all')

const steps = [{ anyOf: [{ role: 'checker', count: 1 }] }]
const asha = { kind: 'account', ifsc: 'HDFC0000123', account: '50100123456789', name: 'Asha Devi' }
const evidence = { source: 'npci_settlement_file', reference: 'NTSL 27-11 5C, line 42' }

const changes: readonly (readonly [path: string, body: object])[] = [
  ['/v1/limits', { rules: { day: '1000000' } }],
  ['/v1/beneficiaries', { to: asha }],
  ['/v1/clients', { name: 'shop', rights: ['payments:read'] }],
  ['/v1/approval-rules', { subject: 'limits', steps }],
]
for (const [path, body] of changes) {
  test(`POST ${path} needs one connection`, { timeout: 20_000 }, async () => {
    const made = await Promise.all([call('post', path, key, body), call('get', '/v1/limits', key)])
    assert.deepEqual(
      made.map(({ status }) => status),
      [201, 200],
    )
  })
}

test('POST /v1/payments/{id}/resolve needs one connection, also while others wait for its lock', {
  timeout: 20_000,
}, async () => {
  const account = await t.open(100_000n)
  const paid = await initiate(t.room, requestFrom(account.id))
  assert.ok(paid.kind === 'accepted')
  await recordById(t.room, paid.payment.id, { kind: 'lapsed' })
  const asked = await Promise.all(
    Array.from({ length: 4 }, () =>
      call('post', `/v1/payments/${paid.payment.id}/resolve`, key, { outcome: 'succeeded', evidence }),
    ),
  )
  assert.deepEqual(asked.map(({ status }) => status).sort(), [202, 409, 409, 409])
})

test('keys of a vault come over connections of its own: eight that open with a cold vault, holding all there are', {
  timeout: 20_000,
}, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'turant-cold-'))
  const pools = [createPool(url, { connections: 2 }), createPool(url, { connections: 2 })] as const
  after(() => {
    rmSync(folder, { recursive: true, force: true })
    return Promise.all(pools.map((pool) => pool.end({ timeout: 2 })))
  })
  const [reads, ofKeys] = pools
  const open = () => openVault({ keys: openFileStore(join(folder, 'kek.json'), undefined), table: keyTable(ofKeys) })
  const before = await open()
  const made = await openAccount(
    reads,
    before,
    {
      tenantId: 1,
      institution: 'TRN',
      nbin: '7001',
      name: 'Ramesh Kumar',
      ifsc: must(parseIfsc('TRNT0000001'), 'IFSC'),
      mobile: null,
      mmid: null,
      reference: null,
      openingBalance: 0n,
    },
    Date.now(),
  )
  assert.ok(typeof made !== 'string')
  const cold = await open()
  const found = await Promise.all(
    Array.from({ length: 8 }, () => asTenant(reads, 1, (tx) => findAccount(tx, cold, 1, made.id))),
  )
  assert.deepEqual([...new Set(found.map((account) => account?.name))], ['Ramesh Kumar'])
})
