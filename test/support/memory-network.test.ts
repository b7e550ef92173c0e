import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Connection } from '../../src/base/network.ts'
import { createSeededRandom } from '../../src/base/random.ts'
import { createMemoryNetwork } from './memory-network.ts'
import { createVirtualClock } from './virtual-clock.ts'

function set(
  options: { latencyMs?: readonly [number, number]; split?: number; highWater?: number; seed?: number } = {},
) {
  const { seed = 1, ...rest } = options
  const clock = createVirtualClock()
  return { clock, network: createMemoryNetwork({ clock, random: createSeededRandom(seed), ...rest }) }
}

function listenTo(connection: Connection) {
  const heard = { bytes: [] as number[], pieces: 0, closed: [] as string[], drains: 0 }
  connection.onData((bytes) => {
    heard.bytes.push(...bytes)
    heard.pieces += 1
  })
  connection.onClose((reason) => heard.closed.push(reason))
  connection.onDrain(() => {
    heard.drains += 1
  })
  return heard
}

test('what is written arrives whole and in order, however it is delayed and cut', () => {
  fc.assert(
    fc.property(
      fc.array(fc.uint8Array({ minLength: 1, maxLength: 20 }), { maxLength: 20 }),
      fc.nat(),
      (writes, seed) => {
        const { clock, network } = set({ latencyMs: [0, 40], split: 0.5, seed })
        const [a, b] = network.pair()
        const heard = listenTo(b)
        for (const bytes of writes) {
          const buffer = Buffer.from(bytes)
          a.write(buffer)
          buffer.fill(0)
          clock.advance(1)
        }
        clock.advance(1000)
        assert.deepEqual(
          heard.bytes,
          writes.flatMap((bytes) => [...bytes]),
        )
      },
    ),
  )
})

test('dial reaches who listens, and is refused or times out otherwise', async () => {
  const { clock, network } = set({ latencyMs: [5, 5] })
  const address = { host: 'switch', port: 1 }
  const refused = assert.rejects(network.dial(address, 100), /ECONNREFUSED/)
  await clock.advanceAsync(10)
  await refused
  const accepted: Connection[] = []
  const listener = await network.listen(address, (connection) => accepted.push(connection))
  const dialled = network.dial(address, 100)
  await clock.advanceAsync(10)
  const heard = listenTo(await dialled)
  accepted[0]?.write(Uint8Array.of(7))
  await clock.advanceAsync(10)
  assert.deepEqual(heard.bytes, [7])
  network.partition(true)
  const late = assert.rejects(network.dial(address, 100), /no connection within 100 ms/)
  await clock.advanceAsync(200)
  await late
  network.partition(false)
  await clock.advanceAsync(10)
  assert.equal(accepted.length, 1, 'a dial that was given up does not arrive after the heal')
  await listener.close()
  const again = assert.rejects(network.dial(address, 100), /ECONNREFUSED/)
  await clock.advanceAsync(10)
  await again
})

test('a partition holds bytes back, and the heal delivers them in order', () => {
  const { clock, network } = set()
  const [a, b] = network.pair()
  const heard = listenTo(b)
  network.partition(true)
  a.write(Uint8Array.of(1))
  a.write(Uint8Array.of(2))
  clock.advance(10_000)
  assert.deepEqual(heard.bytes, [])
  network.partition(false)
  a.write(Uint8Array.of(3))
  clock.advance(1)
  assert.deepEqual(heard.bytes, [1, 2, 3])
})

test('destroy and end are told to both sides once; end delivers what was written before', () => {
  for (const how of ['destroy', 'end'] as const) {
    const { clock, network } = set({ latencyMs: [3, 3] })
    const [a, b] = network.pair()
    const [near, far] = [listenTo(a), listenTo(b)]
    a.write(Uint8Array.of(1))
    a[how]()
    a[how]()
    a.write(Uint8Array.of(2))
    clock.advance(100)
    assert.deepEqual(far.bytes, [1])
    assert.deepEqual([near.closed.length, far.closed.length], [1, 1])
    assert.equal(network.open(), 0)
  }
})

test('a cut closes every connection and loses what was under way', () => {
  const { clock, network } = set({ latencyMs: [5, 5] })
  const [a, b] = network.pair()
  const [near, far] = [listenTo(a), listenTo(b)]
  a.write(Uint8Array.of(1))
  network.cut()
  clock.advance(100)
  assert.deepEqual([far.bytes, near.closed, far.closed], [[], ['cut'], ['cut']])
})

test('a slow peer is told by write, and onDrain follows once', () => {
  const { clock, network } = set({ latencyMs: [5, 5], highWater: 10 })
  const [a, b] = network.pair()
  const near = listenTo(a)
  listenTo(b)
  assert.equal(a.write(new Uint8Array(8)), true)
  assert.equal(a.write(new Uint8Array(8)), false)
  clock.advance(100)
  assert.equal(near.drains, 1)
  assert.equal(a.write(new Uint8Array(8)), true)
})
