import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { openTestDatabase } from '../../test/support/database.ts'
import { type Clock, systemClock } from '../base/clock.ts'
import { bytes, numbers, texts, words } from './arrays.ts'
import { createBatcher } from './batch.ts'
import { isTransient } from './pool.ts'
import { runTransaction } from './transaction.ts'

const { db } = await openTestDatabase({ connections: 4 })

const batcher = (run: (items: readonly number[]) => Promise<readonly number[]>, maxItems = 10) =>
  createBatcher<number, number>({ clock: systemClock, maxItems, partitions: 1, partitionOf: () => 0, run })

test('calls of one turn become one batch, in order of arrival, and each gets its own answer', async () => {
  const sizes: number[] = []
  const one = batcher((items) => {
    sizes.push(items.length)
    return Promise.resolve(items.map((item) => item * 2))
  })
  assert.deepEqual(await Promise.all([1, 2, 3, 4, 5].map((n) => one.submit(n))), [2, 4, 6, 8, 10])
  assert.deepEqual(sizes, [5])
})

test('a batch is never larger than its limit, and nothing is left behind', async () => {
  const sizes: number[] = []
  const one = batcher((items) => {
    sizes.push(items.length)
    return Promise.resolve(items)
  })
  await Promise.all(Array.from({ length: 25 }, (_, n) => one.submit(n)))
  assert.deepEqual(sizes, [10, 10, 5])
  assert.equal(one.waiting(), 0)
  await one.idle()
})

test('a poisonous item fails alone', async () => {
  const one = batcher((items) =>
    items.includes(3) ? Promise.reject(new Error('poison')) : Promise.resolve(items.map((item) => item)),
  )
  const results = await Promise.allSettled([1, 2, 3, 4].map((n) => one.submit(n)))
  assert.deepEqual(
    results.map((result) => result.status),
    ['fulfilled', 'fulfilled', 'rejected', 'fulfilled'],
  )
})

test('a lost connection is tried once more as a whole, then everybody is told', async () => {
  let runs = 0
  const lost = Object.assign(new Error('gone'), { code: 'CONNECTION_CLOSED' })
  assert.ok(isTransient(lost))
  const back = batcher((items) => (++runs === 1 ? Promise.reject(lost) : Promise.resolve(items)))
  assert.deepEqual(await Promise.all([1, 2].map((n) => back.submit(n))), [1, 2])
  assert.equal(runs, 2)
  const away = batcher(() => Promise.reject(lost))
  const results = await Promise.allSettled([1, 2].map((n) => away.submit(n)))
  assert.ok(results.every((result) => result.status === 'rejected'))
})

test('behind a busy batch the next one gathers; a call that comes alone waits for nothing', async () => {
  const sizes: number[] = []
  const waits: (() => void)[] = []
  const clock: Clock = {
    ...systemClock,
    after(_ms, fn) {
      waits.push(fn)
      return () => waits.splice(waits.indexOf(fn), 1)
    },
  }
  const one = createBatcher<number, number>({
    clock,
    maxItems: 20,
    partitions: 1,
    partitionOf: () => 0,
    gatherMs: 5,
    onBatch: (size) => sizes.push(size),
    run: (items) => Promise.resolve(items),
  })
  const submit = (count: number) => Array.from({ length: count }, (_, n) => one.submit(n))
  await Promise.all(submit(7))
  await one.idle()
  assert.deepEqual([sizes, waits.length], [[7], 0], 'seven are few: nobody gathers')
  await Promise.all(submit(8))
  assert.equal(waits.length, 1)
  const more = submit(3)
  await new Promise((resolve) => setImmediate(resolve))
  const still = [one.submit(3)]
  assert.deepEqual(sizes, [7, 8], 'they wait for each other')
  waits[0]?.()
  await Promise.all([...more, ...still])
  await one.idle()
  assert.deepEqual(sizes, [7, 8, 4])
  await Promise.all(submit(8))
  assert.equal(waits.length, 1)
  await Promise.all(submit(20)) // as many as a batch may have: nothing is left to wait for
  assert.deepEqual(sizes, [7, 8, 4, 8, 20])
  const idle = one.idle()
  for (const end of waits) end()
  await idle
  assert.equal(waits.length, 0, 'a wait that is over leaves no timer')
})

test('items of one partition never run in two batches at once', async () => {
  let running = 0
  const one = createBatcher<number, number>({
    clock: systemClock,
    maxItems: 2,
    partitions: 2,
    partitionOf: (n) => n,
    run: async (items) => {
      const odd = items.map((n) => n % 2)
      assert.ok(odd.every((n) => n === odd[0]))
      running += 1
      assert.ok(running <= 2)
      await new Promise((resolve) => setImmediate(resolve))
      running -= 1
      return items
    },
  })
  await Promise.all(Array.from({ length: 40 }, (_, n) => one.submit(n)))
})

test('array literals read back as what was written, whatever the text', async () => {
  const text = fc.option(
    fc.string({ unit: 'grapheme' }).filter((s) => !s.includes('\0')),
    { nil: null },
  )
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.record({
          t: text,
          n: fc.option(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), { nil: null }),
          b: fc.uint8Array(),
        }),
        {
          minLength: 1,
          maxLength: 5,
        },
      ),
      async (rows) => {
        const back = await db`
          select * from unnest(${texts(rows, (r) => r.t)}::text[], ${numbers(rows, (r) => r.n)}::bigint[], ${bytes(rows, (r) => r.b)}::bytea[])
            as s (t, n, b)`
        assert.deepEqual(
          back.map((row) => ({ t: row.t, n: row.n, b: Buffer.from(row.b) })),
          rows.map((row) => ({ t: row.t, n: row.n, b: Buffer.from(row.b) })),
        )
      },
    ),
    { numRuns: 60 },
  )
  assert.equal(
    words(['a', null], (word) => word),
    '{a,NULL}',
  )
})

// ASVS 1.4.3, 16.5.3
test('a transaction that fails anywhere leaves nothing behind and gives its connection back', async () => {
  await db`create table scrap (n integer primary key)`
  for (let i = 0; i < 10; i += 1) {
    await assert.rejects(
      runTransaction(
        db,
        (tx) => tx`select 1`,
        (tx) => ({
          result: 0,
          writes: [tx`insert into scrap values (1)`.execute(), tx`insert into scrap values (2), (2)`.execute()],
        }),
      ),
      /duplicate key/,
    )
    await assert.rejects(
      runTransaction(
        db,
        (tx) => tx`select 1`,
        (tx) => {
          void tx`insert into scrap values (7)`.execute()
          throw new Error('judged wrong')
        },
      ),
      /judged wrong/,
    )
  }
  assert.deepEqual([...(await db`select * from scrap`)], [])
})

test('the connection that was used last is taken, and the others are there when many are needed', async () => {
  const pid = async () => (await db<{ pid: number }[]>`select pg_backend_pid() as pid`)[0]?.pid
  const held = await Promise.all(Array.from({ length: 4 }, () => db.reserve()))
  const all = await Promise.all(held.map(async (one) => (await one`select pg_backend_pid() as pid`)[0]?.pid))
  assert.equal(new Set(all).size, 4)
  for (const one of held) one.release()
  const asked = []
  for (let i = 0; i < 12; i += 1) asked.push(await pid())
  assert.deepEqual(new Set(asked), new Set(all.slice(-1)))
})
