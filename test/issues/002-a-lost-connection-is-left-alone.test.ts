import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { createPool, errorCode } from '../../src/db/pool.ts'
import { runTransaction } from '../../src/db/transaction.ts'
import { openTestDatabase } from '../support/database.ts'

// Found by `npm run crash -- --postgres`: PostgreSQL was killed under load and the hub died of
// "TypeError: Cannot read properties of null (reading 'write')" in the driver. See src/db/driver.ts.

const { url, db: admin } = await openTestDatabase()
const db = createPool(url, { connections: 1, name: 'lost' })
after(() => db.end({ timeout: 1 }))

const endSessions = () => admin`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'lost'`

// EPIPE is what a socket file says where TCP says ECONNRESET.
const isLoss = (error: unknown) => /^(CONNECTION_CLOSED|57P01|ECONNRESET|EPIPE)$/.test(errorCode(error) ?? '')

test('a transaction that lost its connection fails, and touches neither the connection nor who has it next', async () => {
  const first = await db.reserve()
  await first`begin`
  await endSessions()
  await assert.rejects(async () => {
    for (;;) await first`select 1`
  }, isLoss)

  const second = await db.reserve()
  await second`begin`
  await second`create table kept (n integer)`
  const [before] = await second`select pg_current_xact_id()::text as id`
  await assert.rejects(first`rollback`.execute(), isLoss)
  first.release()
  const stranger = db`select count(*)::integer as n from pg_class where relname = 'kept'`.execute()
  const [later] = await second`select pg_current_xact_id()::text as id`
  assert.deepEqual(later, before)
  await second`rollback`
  second.release()
  assert.equal((await stranger)[0]?.n, 0)
})

test('whatever a transaction was doing when its connection went, it fails in time and the pool goes on', async () => {
  for (let round = 0; round < 15; round += 1) {
    const work = Array.from({ length: 4 }, () =>
      runTransaction(
        db,
        (tx) => tx`select 1`,
        (tx) => ({ result: undefined, writes: [tx`select 2`.execute(), tx`select 3`.execute()] }),
      ).catch((error: unknown) => {
        if (!isLoss(error)) throw error
      }),
    )
    for (let turn = 0; turn < round % 5; turn += 1) await new Promise((resolve) => setImmediate(resolve))
    await Promise.all([endSessions(), ...work])
  }
  // The end of the last session may still be on its way: what is asked in that moment is lost once, and what is asked then is not.
  const ask = () => db`select 1 as one`
  const [row] = await ask().catch((error: unknown) => {
    if (!isLoss(error)) throw error
    return ask()
  })
  assert.equal(row?.one, 1)
})
