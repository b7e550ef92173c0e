import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { takeBackup } from '../src/backup/backup.ts'
import { restoreBackup } from '../src/backup/restore.ts'
import { systemClock } from '../src/base/clock.ts'
import { type PaymentId, paymentKey } from '../src/base/identifiers.ts'
import { databaseUrl, startEmbeddedPostgres } from '../src/db/embedded.ts'
import { createPool, type Db } from '../src/db/pool.ts'
import { asTenant } from '../src/db/tenant.ts'
import { inTransaction } from '../src/db/transaction.ts'
import { initiate } from '../src/payment/initiate.ts'
import { openFileStore } from '../src/secrecy/file-store.ts'
import { eventIdOf } from '../src/webhook/catalogue.ts'
import { addSecrets, insertEndpoint } from '../src/webhook/endpoint-store.ts'
import { listEvents, type Place } from '../src/webhook/event-list.ts'
import { type StreamEvent, startStream } from '../src/webhook/stream.ts'
import { askUntil } from './support/ask-until.ts'
import { openTestDatabase } from './support/database.ts'
import { testLog } from './support/logs.ts'
import { createTestRoom, requestFrom } from './support/payment-room.ts'
import { testVault } from './support/vault.ts'
import { answerWith, createTestWebhooks, startReceiver } from './support/webhooks.ts'

// Goal: a database is lost and restored into a new PostgreSQL, which numbers transactions from the beginning again: whoever is told of events, by
// webhooks, by a stream or by asking, misses none that the backup has, and none that comes after.

const folder = mkdtempSync(join(tmpdir(), 'turant-restore-events-'))
after(() => rmSync(folder, { recursive: true, force: true }))
const keys = openFileStore(join(folder, 'kek.json'), undefined)

/** A PostgreSQL of its own, whose transactions begin at the beginning. */
async function newDatabase(): Promise<string> {
  const server = await startEmbeddedPostgres({ dataDir: join(folder, 'new'), clock: systemClock })
  after(() => server.stop())
  const admin = createPool(server.url, { connections: 1, name: 'turant test' })
  await admin`create database turant`
  await admin.end()
  return databaseUrl(server.url, 'turant')
}

/** The next step of a payment, as a door writes it. */
const step = (db: Db, id: PaymentId) => db`
  insert into event (lane, payment_id, sequence, tenant_id, state, at)
  select lane, payment_id, 2, tenant_id, 'succeeded', now() from event where payment_id = ${paymentKey(id)}::uuid and sequence = 1`

/** What somebody sees who asks from `place` on until there is nothing more, and where that is. */
async function poll(db: Db, place: Place | undefined) {
  const ids: string[] = []
  for (let from = place; ; ) {
    const page = await asTenant(db, 1, (tx) => listEvents(tx, 1, { settlement: true }, from, 2))
    ids.push(...page.events.map(({ subject, sequence }) => eventIdOf(subject, sequence)))
    from = page.place
    if (!page.hasMore) return { ids, place: from }
  }
}

/** A stream that keeps everything, on a database. */
function streamTo(db: Db, kept: string[]) {
  const publish = async (events: readonly StreamEvent[]) => {
    kept.push(...events.map(({ id }) => id))
  }
  return startStream({
    db,
    clock: systemClock,
    log: testLog,
    describe: async (events) =>
      new Map(
        events.map(({ subject, sequence }) => [
          eventIdOf(subject, sequence),
          { type: 'payment.processing', timestamp: '', data: {} },
        ]),
      ),
    reader: 'nats',
    sink: { publish, close: async () => undefined },
    holder: 'test',
  })
}

test('after a restore what was not told is told, with the same ids; who polls or follows a stream goes on, and misses nothing', async () => {
  const { db, url } = await openTestDatabase({ connections: 8 })
  // The lost database has come far: what is new in the restored one has smaller numbers.
  await db.unsafe('do $$ begin for i in 1..20000 loop perform pg_current_xact_id(); commit; end loop; end $$')
  const room = await createTestRoom(url)
  after(() => room.close())
  const account = await room.open(100_000_000n)
  const pay = async () => {
    const result = await initiate(room.room, requestFrom(account.id))
    assert.ok(result.kind === 'accepted')
    return result.payment
  }
  const receiver = await startReceiver()
  await testVault.prepare([1], Date.now())
  await inTransaction(db, async (tx) => {
    const endpoint = { id: `whe_${'1'.padStart(32, '0')}`, tenantId: 1, schemes: ['v1'] as const }
    const rest = { events: null, description: null, enabled: true, disabledReason: null }
    await insertEndpoint(tx, { ...endpoint, url: receiver.url, ...rest })
    await addSecrets(tx, testVault, endpoint, () => '2'.padStart(32, '0'), Date.now())
  })
  const kept: string[] = []
  const [one, stream] = [createTestWebhooks(db, { timerScale: 1 }), streamTo(db, kept)]
  one.start()
  const told = await pay()
  const first = eventIdOf(told.id, 1)
  await receiver.until('the first', (all) => all.some(({ id }) => id === first))
  while (!kept.includes(first)) await new Promise((resolve) => setImmediate(resolve))
  const polled = await askUntil(
    () => poll(db, undefined),
    ({ ids }) => ids.includes(first),
  )
  receiver.behave = answerWith(500)
  const tried = await pay()
  const second = eventIdOf(tried.id, 1)
  await receiver.until('a try that failed', (all) => all.some(({ id }) => id === second))
  await one.stop()
  await stream.stop()
  const third = eventIdOf((await pay()).id, 1) // taken over by nobody

  const backup = join(folder, 'backup')
  await takeBackup({ db, keys, clock: systemClock, filesDir: join(folder, 'none') }, backup, () => undefined)
  const lost = eventIdOf((await pay()).id, 1)
  const polledLate = await askUntil(
    () => poll(db, polled.place),
    ({ ids }) => ids.includes(lost),
  )

  const target = await newDatabase()
  const into = { url: target, keys, clock: systemClock, filesDir: join(folder, 'put') }
  await restoreBackup(into, backup, 'test', () => undefined)
  const restored = createPool(target, { connections: 8, name: 'turant test' })
  after(() => restored.end({ timeout: 1 }))

  // Everything is listed at once, in its order, also before anything new has happened.
  assert.deepEqual((await poll(restored, undefined)).ids, [first, second, third])
  const already = receiver.received.length
  receiver.behave = answerWith(204)
  kept.length = 0
  const [two, again] = [createTestWebhooks(restored, { holder: 'two' }), streamTo(restored, kept)]
  after(() => Promise.all([two.stop(), again.stop()]))
  two.start()
  await restored`update webhook_strand set due_at = now()`
  const since = () => receiver.received.slice(already).map(({ id }) => id)
  await receiver.until('what was not told', () => [second, third].every((id) => since().includes(id)))
  while (!kept.includes(third)) await new Promise((resolve) => setImmediate(resolve))
  assert.ok(!kept.includes(first) || kept.indexOf(first) < kept.indexOf(third))

  // What comes after the restore is told, and comes to those whose place is of the lost database.
  await step(restored, told.id)
  const next = eventIdOf(told.id, 2)
  await receiver.until('what came after', () => since().includes(next))
  while (!kept.includes(next)) await new Promise((resolve) => setImmediate(resolve))
  const early = await askUntil(
    () => poll(restored, polled.place),
    ({ ids }) => ids.includes(next),
  )
  assert.deepEqual(
    early.ids.filter((id) => id !== first),
    [second, third, next],
  )
  const late = await askUntil(
    () => poll(restored, polledLate.place),
    ({ ids }) => ids.includes(next),
  )
  assert.deepEqual(late.ids, [next], 'behind a step that was lost: from the restore on')
  assert.deepEqual((await poll(restored, late.place)).ids, [])
})
