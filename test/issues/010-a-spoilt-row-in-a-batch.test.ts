import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { createPool } from '../../src/db/pool.ts'
import { asTenant } from '../../src/db/tenant.ts'
import { inTransaction, runTransaction } from '../../src/db/transaction.ts'
import { initiate } from '../../src/payment/initiate.ts'
import { openTestDatabase } from '../support/database.ts'
import { createTestRoom, requestFrom } from '../support/payment-room.ts'

// An account whose sealed owner was altered fails in the read phase of a batch, while other reads of the same transaction are under way. One
// of them, which reads again for what it found, went on after the rollback, on a connection that was somebody else's by then: answers
// came to the wrong statements.

const { url, db } = await openTestDatabase()

test('a payment from an account whose row was altered fails alone, in a hub that has just started too', async () => {
  for (let round = 0; round < 5; round += 1) {
    const t = await createTestRoom(url, { seed: round + 1 }) // what a batch remembers of policies is empty again
    const [bad, good] = await Promise.all([t.open(), t.open()])
    await db`update account set sealed = set_byte(sealed, 40, 255 - get_byte(sealed, 40)) where account_id = ${bad.id.slice(4)}`
    await assert.rejects(initiate(t.room, requestFrom(bad.id)), /account\.sealed of row \d+ was altered/)
    const results = await Promise.all(Array.from({ length: 5 }, () => initiate(t.room, requestFrom(good.id))))
    assert.deepEqual(new Set(results.map(({ kind }) => kind)), new Set(['accepted']))
    await t.proveBooks()
    await t.close()
  }
})

test('a statement that comes after the end of its transaction is refused, and touches no connection', async () => {
  const pool = createPool(url, { connections: 1, name: 'turant test' })
  after(() => pool.end({ timeout: 1 }))
  await pool`create temporary table late (n integer)`
  const moments = {
    batch: Promise.withResolvers<void>(),
    plain: Promise.withResolvers<void>(),
    tenant: Promise.withResolvers<void>(),
  }
  const late: Promise<unknown>[] = []
  const failing = (go: PromiseWithResolvers<void>) => async (tx: Parameters<Parameters<typeof asTenant>[2]>[0]) => {
    const straggler = go.promise.then(() => tx`insert into late values (1)`)
    late.push(assert.rejects(straggler, /its transaction is over/))
    return Promise.all([tx`select 1`.then(() => Promise.reject(new Error('spoilt'))), straggler])
  }
  await assert.rejects(
    runTransaction(pool, failing(moments.batch), () => ({ result: 0, writes: [] })),
    /spoilt/,
  )
  await assert.rejects(inTransaction(pool, failing(moments.plain)), /spoilt/)
  await assert.rejects(asTenant(pool, 1, failing(moments.tenant)), /spoilt/)
  for (const go of Object.values(moments)) go.resolve()
  await Promise.all(late)
  assert.equal((await pool`select from late`).length, 0)
})
