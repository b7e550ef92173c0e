import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openTestDatabase } from '../../test/support/database.ts'
import { acquireLease, releaseLease, renewLease } from './lease.ts'
import { takeBudget } from './store.ts'

const { db } = await openTestDatabase()
const DAY = 86_400_000

test('a lease is taken once: a stranger waits until it has run out, and gets the next epoch', async () => {
  assert.equal(await acquireLease(db, 'a', 'hub-1', DAY), 1)
  assert.equal(await acquireLease(db, 'a', 'hub-2', DAY), undefined)
  assert.equal(await renewLease(db, 'a', 'hub-1', 1, DAY), true)
  await db`update link_lease set expires_at = now() where link_id = 'a'`
  assert.equal(await acquireLease(db, 'a', 'hub-2', DAY), 2)
  assert.equal(await renewLease(db, 'a', 'hub-1', 1, DAY), false)
  assert.equal(await renewLease(db, 'a', 'hub-2', 2, DAY), true)
})

test('a restart under the same name takes its lease back at once, fencing its former life', async () => {
  assert.equal(await acquireLease(db, 'b', 'hub-1', DAY), 1)
  assert.equal(await acquireLease(db, 'b', 'hub-1', DAY), 2)
  assert.equal(await renewLease(db, 'b', 'hub-1', 1, DAY), false)
})

test('a released lease is free at once, and its epoch still goes up', async () => {
  assert.equal(await acquireLease(db, 'c', 'hub-1', DAY), 1)
  await releaseLease(db, 'c', 'hub-1', 1)
  assert.equal(await acquireLease(db, 'c', 'hub-2', DAY), 2)
  await releaseLease(db, 'c', 'hub-1', 1)
  assert.equal(await acquireLease(db, 'c', 'hub-1', DAY), undefined)
})

test('of many that want a lease that ran out, one gets it', async () => {
  await acquireLease(db, 'd', 'hub-0', DAY)
  await db`update link_lease set expires_at = now() where link_id = 'd'`
  const epochs = await Promise.all(Array.from({ length: 20 }, (_, i) => acquireLease(db, 'd', `hub-${i + 1}`, DAY)))
  assert.deepEqual(
    epochs.filter((epoch) => epoch !== undefined),
    [2],
  )
})

test('a take-over waits for a commit that relies on the old epoch', async () => {
  await acquireLease(db, 'e', 'hub-1', DAY)
  let taken: number | undefined
  let taking: Promise<unknown> = Promise.resolve()
  await db.begin(async (tx) => {
    await tx`select epoch from link_lease where link_id = 'e' for key share`
    taking = acquireLease(db, 'e', 'hub-1', DAY).then((epoch) => {
      taken = epoch
    })
    for (let waiting = 0; waiting === 0; ) {
      const [row] = await tx<{ waiting: number }[]>`
        select count(*)::integer as waiting from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock'`
      waiting = row?.waiting ?? 0
    }
    assert.equal(taken, undefined)
  })
  await taking
  assert.equal(taken, 2)
})

test('the verification budget: a burst, then so many a second, for all processes together', async () => {
  const limits = { perSecond: 10, burst: 50 }
  const now = Date.UTC(2026, 10, 22)
  assert.equal(await takeBudget(db, now, 30, limits), 30)
  assert.equal(await takeBudget(db, now, 30, limits), 20)
  assert.equal(await takeBudget(db, now, 30, limits), 0)
  assert.equal(await takeBudget(db, now + 1_000, 30, limits), 10)
  assert.equal(await takeBudget(db, now - 60_000, 30, limits), 0) //  another process, with a slow clock
  const shares = await Promise.all(Array.from({ length: 20 }, () => takeBudget(db, now + 3_000, 3, limits)))
  assert.equal(
    shares.reduce((sum, share) => sum + share, 0),
    20,
  )
  assert.equal(await takeBudget(db, now + 3_600_000, 100, limits), 50)
})
