import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { openTestDatabase } from '../../test/support/database.ts'
import { createTestRoom, testMobile } from '../../test/support/payment-room.ts'
import { testVault } from '../../test/support/vault.ts'
import { systemClock } from '../base/clock.ts'
import { type AccountId, accountKey } from '../base/identifiers.ts'
import { asTenant } from '../db/tenant.ts'
import { inTransaction } from '../db/transaction.ts'
import { insertCustomer } from './customer-store.ts'
import { type EnrolledKind, insertFactor, newFactorId } from './factor-store.ts'
import { createPayers } from './payer.ts'

const { db, url } = await openTestDatabase({ connections: 10 })
const t = await createTestRoom(url, { clock: systemClock })
after(() => t.close())
await db`insert into tenant (tenant_id, kind, name) values (2, 'business', 'Other'), (3, 'business', 'Third')`
await db`update tenant set customer_authentication = 'hub' where tenant_id < 3`

/** An account of a tenant; with `kinds`, of a customer who has these factors. */
async function anAccount(tenantId: number, kinds?: readonly EnrolledKind[]): Promise<AccountId> {
  const { id } = await t.open(1_000n)
  const now = systemClock.now()
  await testVault.prepare([tenantId], now)
  await db`update account set tenant_id = ${tenantId} where account_id = ${accountKey(id)}`
  if (kinds === undefined) return id
  await inTransaction(db, async (tx) => {
    const fresh = { tenantId, name: 'Asha Devi', mobile: testMobile, language: 'en', reference: null }
    const made = await insertCustomer(tx, testVault, fresh, now)
    assert.ok(made !== 'reference_taken')
    for (const kind of kinds) {
      const factor = { id: newFactorId(), kind, secret: `the ${kind}`, proof: null, proofUntil: null }
      await insertFactor(tx, testVault, made, factor, now)
    }
    await tx`update account set customer_id = ${made.key} where account_id = ${accountKey(id)}`
  })
  return id
}

test('payments that ask at once are answered together, each with the factors of its own payer and tenant', async () => {
  let transactions = 0
  const payers = createPayers({
    clock: systemClock,
    asTenant: (tenantId, run) => {
      transactions += 1
      return asTenant(db, tenantId, run)
    },
  })
  const both = await anAccount(1, ['totp', 'mpin'])
  const none = await anAccount(1, [])
  const nobodys = await anAccount(1)
  const others = await anAccount(2, ['passkey'])
  const unasked = await anAccount(3, ['mpin'])
  const asked: readonly [number, AccountId, readonly EnrolledKind[] | undefined][] = [
    [1, both, ['mpin', 'totp']],
    [1, none, []],
    [1, nobodys, undefined],
    [2, others, ['passkey']],
    [1, others, undefined], // another tenant's account is nobody's
    [3, unasked, undefined],
    [1, both, ['mpin', 'totp']],
  ]
  const many = Array.from({ length: 20 }, () => asked).flat()
  const found = await Promise.all(many.map(([tenantId, from]) => payers.factorsOf(tenantId, from)))
  assert.deepEqual(
    found,
    many.map(([, , kinds]) => kinds),
  )
  assert.ok(transactions <= 10, `${transactions} transactions`)
})
