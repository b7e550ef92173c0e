import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { asTenant, holdJudgement } from '../../src/db/tenant.ts'
import { inTransaction, runTransaction } from '../../src/db/transaction.ts'
import { createPolicyBook } from '../../src/payment/policy-store.ts'
import { openTestDatabase } from '../support/database.ts'

const { db } = await openTestDatabase({ connections: 4 })
const unhandled: unknown[] = []
const note = (reason: unknown) => unhandled.push(reason)
process.on('unhandledRejection', note)
after(() => process.off('unhandledRejection', note))

// Two statements left at once and one was waited for first: when the server went away the other's end was nobody's, and the hub stopped.
test('a batch that waits for a stop, and loses its connection, fails by itself', async () => {
  let waiting = Promise.resolve()
  await asTenant(db, 1, async (tx) => {
    await holdJudgement(tx, 1)
    const batch = runTransaction(
      db,
      (read) => createPolicyBook().read(read, [1]),
      () => ({ result: undefined, writes: [] }),
    )
    waiting = assert.rejects(batch)
    await inTransaction(db, async (other) => {
      for (;;) {
        const ended = await other`
          select pg_terminate_backend(pid) from pg_stat_activity
          where datname = current_database() and wait_event_type = 'Lock' and wait_event = 'advisory'`
        if (ended.length > 0) return
        await other`select pg_stat_clear_snapshot()`
      }
    })
    await waiting
  })
  await new Promise((resolve) => setImmediate(resolve))
  assert.deepEqual(unhandled, [])
})
