import assert from 'node:assert/strict'
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { AckPolicy, jetstream, jetstreamManager } from '@nats-io/jetstream'
import { connect } from '@nats-io/transport-node'
import fc from 'fast-check'
import { openTestDatabase } from '../../test/support/database.ts'
import { testLog } from '../../test/support/logs.ts'
import { createTestRoom, requestFrom } from '../../test/support/payment-room.ts'
import { testVault } from '../../test/support/vault.ts'
import { testView } from '../../test/support/webhooks.ts'
import { systemClock } from '../base/clock.ts'
import { createDescribe } from '../http/event-view.ts'
import { initiate } from '../payment/initiate.ts'
import { record } from '../payment/record.ts'
import { findEvents, findPayments } from '../payment/store.ts'
import type { StoredPayment } from '../payment/stored.ts'
import { findLinkEvents } from '../payment-link/events.ts'
import { openKafka } from './kafka.ts'
import { openNats } from './nats.ts'
import { findSettlementEvents } from './settlement-events.ts'
import { inRounds, type Sink, startStream } from './stream.ts'

// Goal: every event reaches a stream at least once, those of a payment in order, though the server goes away in between. Against a real
// nats-server with JetStream, and for Kafka against the broker that librdkafka has for tests, inside kcat, which also reads what is there.
// Both are in Debian; CI sets STREAM_TESTS=required.

const { db, url } = await openTestDatabase()
const t = await createTestRoom(url)
after(() => t.close())
const account = await t.open(1_000_000_000n)
const describe = createDescribe({
  findPayments: (ids) => findPayments(db, testVault, ids),
  findEvents: (ids) => findEvents(db, ids),
  findLinkEvents: (refs) => findLinkEvents(db, testVault, refs),
  findSettlementEvents: (refs) => findSettlementEvents(db, refs),
  origin: () => undefined,
  view: testView,
})
async function pay(): Promise<StoredPayment> {
  const result = await initiate(t.room, requestFrom(account.id))
  if (result.kind !== 'accepted') throw new Error(result.reason)
  await record(t.room, result.payment, { kind: 'approved', responseCode: '00' })
  return result.payment
}
const begin = (sink: Sink, reader: 'nats' | 'kafka' = 'nats') =>
  startStream({ db, clock: systemClock, log: testLog, describe, reader, sink, holder: 'test' })
const until = async (done: () => boolean | Promise<boolean>): Promise<void> => {
  while (!(await done())) await new Promise((resolve) => setTimeout(resolve, 10))
}
const hasBegun = (reader: string) => async () =>
  (await db`select 1 from outbox_reader where reader = ${reader}`).length > 0

const isRequired = process.env.STREAM_TESTS === 'required'
const has = (program: string): boolean => spawnSync(program, ['--help'], { stdio: 'ignore' }).error === undefined
const whyNot = (program: string): string | false =>
  isRequired || has(program) ? false : `${program} is not installed: apt-get install ${program}`

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return address !== null && typeof address === 'object' ? address.port : 0
}

test('rounds have one event of a payment each, in its order, and nothing is left out', () => {
  fc.assert(
    fc.property(fc.array(fc.record({ subject: fc.constantFrom('a', 'b', 'c'), n: fc.nat() })), (events) => {
      const rounds = inRounds(events)
      for (const round of rounds) assert.equal(new Set(round.map(({ subject }) => subject)).size, round.length)
      for (const id of ['a', 'b', 'c'])
        assert.deepEqual(
          rounds.flat().filter(({ subject }) => subject === id),
          events.filter(({ subject }) => subject === id),
        )
    }),
  )
})

test('to a real NATS JetStream: all, once each by their ids, in order, as CloudEvents, over a restart of the server', {
  skip: whyNot('nats-server'),
}, async (x) => {
  const store = mkdtempSync(join(tmpdir(), 'turant-nats-'))
  const port = await freePort()
  const start = async (): Promise<ChildProcess> => {
    const child = spawn('nats-server', ['-js', '-sd', store, '-a', '127.0.0.1', '-p', String(port)], {
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    let said = ''
    while (!said.includes('Server is ready')) {
      const [bytes] = await once(child.stderr ?? child, 'data')
      said += String(bytes)
    }
    child.stderr?.resume()
    return child
  }
  let server = await start()
  x.after(() => {
    server.kill('SIGKILL')
    rmSync(store, { recursive: true, force: true })
  })
  const connection = await connect({ servers: `127.0.0.1:${port}`, maxReconnectAttempts: -1, reconnectTimeWait: 100 })
  x.after(() => connection.close())
  const manager = await jetstreamManager(connection)
  await manager.streams.add({ name: 'turant', subjects: ['turant.events.>'] })
  await manager.consumers.add('turant', { durable_name: 'all', ack_policy: AckPolicy.Explicit })
  const stream = begin(openNats({ url: `nats://127.0.0.1:${port}`, prefix: 'turant.events' }))
  x.after(() => stream.stop())
  await until(hasBegun('nats'))

  const payments = await Promise.all([pay(), pay(), pay()])
  const consumer = await jetstream(connection).consumers.get('turant', 'all')
  const got: { subject: string; id: string; body: ReturnType<typeof JSON.parse> }[] = []
  const receive = async (count: number): Promise<void> => {
    while (got.length < count) {
      const message = await consumer.next({ expires: 5_000 })
      if (message === null) continue
      message.ack()
      const id = message.headers?.get('Nats-Msg-Id') ?? ''
      // A consumer that was not heard when the server died gets messages again.
      if (!got.some((one) => one.id === id)) got.push({ subject: message.subject, id, body: message.json() })
    }
  }
  await receive(6)
  server.kill('SIGKILL')
  await once(server, 'exit')
  payments.push(...(await Promise.all([pay(), pay()])))
  server = await start()
  await receive(10)
  const count = async () => (await manager.streams.info('turant')).state.messages

  assert.equal(await count(), 10, 'the stream has each once')
  for (const { id: subject } of payments) {
    const own = got.filter(({ body }) => body.subject === subject)
    assert.deepEqual(
      own.map(({ subject }) => subject),
      [`turant.events.payment.processing.${subject}`, `turant.events.payment.succeeded.${subject}`],
    )
    for (const { id, body } of own) {
      assert.deepEqual(
        [body.specversion, body.id, body.source, body.datacontenttype, body.data.id],
        ['1.0', id, '/tenants/1', 'application/json', subject],
      )
      assert.ok(body.time === body.data.updatedAt)
    }
  }
})

test('to Kafka: all, keyed by the payment, in order, as CloudEvents', { skip: whyNot('kcat') }, async (x) => {
  const reader = spawn(
    'kcat',
    [
      '-C',
      '-u',
      '-t',
      'turant.events',
      '-b',
      'none',
      '-X',
      'test.mock.num.brokers=1',
      '-d',
      'mock',
      '-f',
      '%k %p %h %s\\n',
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  )
  x.after(() => reader.kill('SIGKILL'))
  let said = ''
  let read = ''
  reader.stderr.on('data', (bytes: Buffer) => {
    if (said.length < 100_000) said += bytes.toString()
  })
  reader.stdout.on('data', (bytes: Buffer) => {
    read += bytes.toString()
  })
  const place = /bootstrap\.servers=([0-9.]+:[0-9]+)/
  await until(() => place.test(said))
  const stream = begin(
    openKafka({ brokers: [place.exec(said)?.[1] ?? ''], topic: 'turant.events', isSecure: false }),
    'kafka',
  )
  x.after(() => stream.stop())
  await until(hasBegun('kafka'))
  const payments = await Promise.all([pay(), pay(), pay()])
  await until(() => read.split('\n').length > 6)
  const lines = read
    .trim()
    .split('\n')
    .map((line) => {
      const [key = '', partition = '', head = '', ...rest] = line.split(' ')
      return { key, partition, head, body: JSON.parse(rest.join(' ')) }
    })
  for (const { id } of payments) {
    const own = lines.filter(({ key }) => key === id)
    assert.equal(new Set(own.map(({ partition }) => partition)).size, 1)
    assert.deepEqual(
      own.map(({ body }) => body.type),
      ['payment.processing', 'payment.succeeded'],
    )
    assert.ok(
      own.every(({ head, body }) => head === 'content-type=application/cloudevents+json' && body.subject === id),
    )
  }
})

test('what a sink did not keep is published again, and nothing behind it of the same payment before', async () => {
  await db`delete from outbox_reader where reader = 'nats'`
  const published: string[] = []
  const kept: string[] = []
  let refusals = 3
  const stream = begin({
    async publish(events) {
      for (const { id } of events) {
        published.push(id)
        if (refusals > 0 && published.length % 2 === 1) {
          refusals -= 1
          throw new Error('not kept')
        }
        kept.push(id)
      }
    },
    close: async () => undefined,
  })
  await until(hasBegun('nats'))
  const payments = [await pay(), await pay()]
  await until(() => new Set(kept).size >= 4)
  await stream.stop()
  const firsts = [...new Set(kept)]
  for (const { id } of payments) {
    const own = firsts.filter((one) => one.startsWith(`evt_${id.slice(4)}`))
    assert.equal(own.length, 2)
    assert.deepEqual(own, own.toSorted())
  }
})
