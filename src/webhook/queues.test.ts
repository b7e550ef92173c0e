import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createVirtualClock } from '../../test/support/virtual-clock.ts'
import { createQueues } from './queues.ts'

// Goal: how much is taken and told at once, for endpoints that answer as they like. No network: a try ends when the test says so.

function create(options: { readonly most?: number; readonly inAll?: number } = {}) {
  const clock = createVirtualClock(0)
  const open: { readonly item: string; readonly end: (isWell: boolean) => void }[] = []
  const back: string[] = []
  const queues = createQueues<string>({
    clock,
    first: 2,
    most: options.most ?? 4,
    inAll: options.inAll ?? 100,
    aheadMs: 500,
    ahead: 20,
    begin: (item) => new Promise((end) => open.push({ item, end })),
    giveBack: (items) => back.push(...items),
  })
  const settle = () => new Promise((resolve) => setImmediate(resolve))
  return {
    clock,
    queues,
    open,
    back,
    async end(isWell: boolean, tookMs = 0) {
      clock.advance(tookMs)
      open.shift()?.end(isWell)
      await settle()
    },
    names: () => open.map(({ item }) => item),
  }
}

test('an endpoint begins with few at once, and gets more with every good answer', async () => {
  const t = create()
  assert.equal(t.queues.room('a'), 2)
  for (const item of ['1', '2', '3', '4', '5', '6']) t.queues.add('a', item)
  assert.deepEqual(t.names(), ['1', '2'])
  await t.end(true)
  assert.deepEqual(t.names(), ['2', '3', '4'])
  await t.end(true)
  await t.end(true)
  assert.deepEqual(t.names(), ['4', '5', '6'])
})

test('who fails is told one at a time, and what waited for it is given back', async () => {
  const t = create()
  for (const item of ['1', '2', '3', '4']) t.queues.add('a', item)
  await t.end(false)
  assert.deepEqual([t.back, t.names(), t.queues.room('a')], [['3', '4'], ['2'], 0])
  await t.end(false)
  assert.equal(t.queues.room('a'), 1)
  assert.equal(t.queues.taken(), 0)
})

test('ahead is taken what an endpoint answers in half a second: much of a quick one, of a slow one no more than it is told at once', async () => {
  const t = create()
  for (let i = 0; i < 40; i += 1) {
    t.queues.add('quick', String(i))
    await t.end(true, 1)
    t.queues.add('slow', String(i))
    await t.end(true, 2_000)
  }
  assert.deepEqual([t.queues.room('quick'), t.queues.room('slow')], [20, 4])
})

test('no more than so many at once in all; one that waited for others begins when they are over', async () => {
  const t = create({ inAll: 3 })
  for (const item of ['1', '2']) t.queues.add('a', item)
  for (const item of ['3', '4']) t.queues.add('b', item)
  assert.deepEqual(t.names(), ['1', '2', '3'])
  await t.end(true)
  assert.deepEqual(t.names(), ['2', '3', '4'])
})

test('whatever the answers: each is told or given back once, in its order, and nothing is left taken', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ endpoint: fc.constantFrom('a', 'b', 'c'), isWell: fc.boolean() }), { maxLength: 60 }),
      async (all) => {
        const t = create({ inAll: 5 })
        const told: string[] = []
        for (const [i, { endpoint, isWell }] of all.entries()) {
          t.queues.add(endpoint, `${endpoint} ${i}`)
          if (i % 3 === 0) {
            told.push(...t.names().slice(0, 1))
            await t.end(isWell)
          }
        }
        while (t.open.length > 0) {
          told.push(...t.names().slice(0, 1))
          await t.end(true)
        }
        assert.equal(t.queues.taken(), 0)
        assert.deepEqual([...told, ...t.back].sort(), all.map(({ endpoint }, i) => `${endpoint} ${i}`).sort())
        for (const endpoint of ['a', 'b', 'c']) {
          const numbers = told.flatMap((item) => (item.startsWith(endpoint) ? [Number(item.slice(2))] : []))
          assert.deepEqual(
            numbers,
            numbers.toSorted((x, y) => x - y),
          )
        }
      },
    ),
    { numRuns: 100 },
  )
})
