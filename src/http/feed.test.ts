import assert from 'node:assert/strict'
import { test } from 'node:test'
import { aPayment } from '../../test/support/a-payment.ts'
import { createVirtualClock } from '../../test/support/virtual-clock.ts'
import type { StoredPayment } from '../payment/stored.ts'
import { createFeed, type Followed, waitUntilFinal } from './feed.ts'

const payment = aPayment({ serial: 1 })
const moved = (version: number, to: Partial<StoredPayment>): StoredPayment => ({ ...payment, version, ...to })
const succeeded = moved(2, { state: 'succeeded', responseCode: '00' })

/** A feed on a controlled clock over a database that has `stored`. */
function createTestFeed() {
  const clock = createVirtualClock()
  const database: { stored: readonly StoredPayment[]; reads: number; away: boolean } = {
    stored: [],
    reads: 0,
    away: false,
  }
  const feed = createFeed(clock, async (ids) => {
    database.reads += 1
    if (database.away) throw new Error('gone')
    return database.stored.filter((one) => ids.includes(one.id))
  })
  return { clock, database, feed }
}

const start: Followed = { payment, steps: [{ at: payment.createdAt, state: 'sent', responseCode: null }] }

test('a step of this process ends a wait at once, and the database is not asked', async () => {
  const { clock, database, feed } = createTestFeed()
  const waiting = waitUntilFinal(feed, clock, start, 30_000, () => undefined)
  feed.moved(moved(1, {}))
  feed.moved(succeeded)
  const followed = await waiting
  assert.equal(followed.payment.state, 'succeeded')
  assert.equal(followed.steps.length, 2)
  assert.equal(feed.following(), 0)
  assert.equal(database.reads, 0)
})

test('a step of another process is found in the database within two seconds, also after it was away', async () => {
  const { clock, database, feed } = createTestFeed()
  const waiting = waitUntilFinal(feed, clock, start, 30_000, () => undefined)
  database.away = true
  await clock.advanceAsync(3_000)
  database.away = false
  database.stored = [succeeded]
  await clock.advanceAsync(2_000)
  assert.equal((await waiting).payment.state, 'succeeded')
})

test('a wait ends when its time is over, and when the hub stops, with the payment as it stands', async () => {
  const { clock, feed } = createTestFeed()
  const short = waitUntilFinal(feed, clock, start, 5_000, () => undefined)
  const long = waitUntilFinal(feed, clock, start, 30_000, () => undefined)
  await clock.advanceAsync(5_000)
  assert.equal((await short).payment.state, 'sent')
  feed.moved(moved(2, { state: 'unconfirmed' }))
  feed.end()
  assert.equal((await long).payment.state, 'unconfirmed')
  assert.equal(feed.following(), 0)
})

test('steps come once and in order, whoever tells them', () => {
  const { feed } = createTestFeed()
  const versions: number[] = []
  const stop = feed.follow(payment, (one) => versions.push(one.version))
  for (const version of [1, 2, 2, 4, 3]) feed.moved(moved(version, {}))
  stop()
  feed.moved(moved(5, {}))
  assert.deepEqual(versions, [2, 4])
})
