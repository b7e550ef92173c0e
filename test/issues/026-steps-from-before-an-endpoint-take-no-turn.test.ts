import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { inTransaction } from '../../src/db/transaction.ts'
import { initiate } from '../../src/payment/initiate.ts'
import { addSecrets, insertEndpoint } from '../../src/webhook/endpoint-store.ts'
import { createReceivers, tailOnce } from '../../src/webhook/tail.ts'
import { openTestDatabase } from '../support/database.ts'
import { createTestRoom, requestFrom } from '../support/payment-room.ts'
import { testVault } from '../support/vault.ts'

// Found by `npm run bench -- --only told`: an endpoint that was made under full load heard of nothing until the load was over. While payments are
// pressed the outbox is read some hundred steps at a time, and those were the steps of the second before there was an endpoint.

const MOST = 8

const { db, url } = await openTestDatabase()
const t = await createTestRoom(url)
after(() => t.close())

test('steps written before anybody was to be told of them take no turn from those after', async () => {
  const receivers = createReceivers(testVault)
  const account = await t.open(1_000_000_000n)
  const pay = async () => {
    const taken = await initiate(t.room, requestFrom(account.id))
    assert.equal(taken.kind, 'accepted')
    return taken.payment
  }
  assert.equal((await tailOnce(db, receivers, Date.now(), MOST)).isAll, true)
  for (let n = 0; n < 2 * MOST; n += 1) await pay()

  await testVault.prepare([1], Date.now())
  const id = 'whe_00000000000000000000000000000001'
  await inTransaction(db, async (tx) => {
    const endpoint = { id, tenantId: 1, schemes: ['v1'] as const }
    const rest = {
      url: 'http://127.0.0.1:1/hook',
      events: null,
      description: null,
      enabled: true,
      disabledReason: null,
    }
    await insertEndpoint(tx, { ...endpoint, ...rest })
    await addSecrets(tx, testVault, endpoint, () => crypto.randomUUID().replaceAll('-', ''), Date.now())
  })
  const { id: paid } = await pay()

  assert.deepEqual(await tailOnce(db, receivers, Date.now(), MOST), { isOurs: true, added: 1, isAll: true })
  const strands = await db<{ subject: string }[]>`select payment_id::text as subject from webhook_strand`
  assert.deepEqual(
    strands.map(({ subject }) => subject.replaceAll('-', '')),
    [paid.slice(4)],
  )
})
