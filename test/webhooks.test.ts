import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { Webhook } from 'standardwebhooks'
import { createSeededRandom } from '../src/base/random.ts'
import { openTestDatabase } from './support/database.ts'
import { keepLogFile, keepOutput } from './support/logs.ts'
import { answerWith, type Behave, startReceiver } from './support/webhooks.ts'

// Goal: whatever a receiver does, and though the hub is killed, after de-duplication by `webhook-id` every event of every payment is seen
// exactly once, those of one payment in their order, and every signature is right. Method: the hub as a process over a PostgreSQL that
// stays, its simulated switch, and a receiver that drops, stalls, resets, answers 500, redirects, lies and restarts, by seed.

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url))
const PAYMENTS = 60
const SEED = 5

type Sandbox = { readonly baseUrl: string; readonly apiKey: string; readonly accounts: { readonly remitter: string } }
type Event = { readonly id: string; readonly type: string; readonly data: { readonly id: string } }

const dataDir = mkdtempSync(join(tmpdir(), 'turant-webhooks-'))
after(() => {
  keepLogFile(join(dataDir, 'hub.log'))
  rmSync(dataDir, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
})
const { url } = await openTestDatabase()
const inherited = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^(TURANT_|DATABASE_URL$|NODE_TEST_CONTEXT$)/.test(name)),
)

async function startHub(): Promise<{ readonly child: ChildProcess; readonly sandbox: Sandbox }> {
  const file = join(dataDir, 'sandbox.json')
  rmSync(file, { force: true })
  const child = spawn(process.execPath, [MAIN], {
    env: {
      ...inherited,
      DATABASE_URL: url,
      TURANT_DATA_DIR: dataDir,
      TURANT_PORT: '0',
      TURANT_TIMER_SCALE: '0.01',
      TURANT_WEBHOOK_TIMEOUT_MS: '300',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  keepOutput(child)
  after(() => child.kill('SIGKILL'))
  while (!existsSync(file)) {
    assert.equal(child.exitCode, null, 'the hub ended')
    await wait(20)
  }
  return { child, sandbox: JSON.parse(readFileSync(file, 'utf8')) }
}

async function call<T>(
  { baseUrl, apiKey }: Sandbox,
  method: string,
  path: string,
  body?: object,
  headers: Record<string, string> = {},
): Promise<T> {
  const answer = await fetch(`${baseUrl}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${apiKey}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await answer.text()
  assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${text}`)
  return JSON.parse(text)
}

async function allEvents(sandbox: Sandbox): Promise<Event[]> {
  const events: Event[] = []
  for (let cursor = ''; ; ) {
    const page = await call<{ data: Event[]; hasMore: boolean; nextCursor: string }>(
      sandbox,
      'GET',
      `/v1/events?limit=100${cursor}`,
    )
    events.push(...page.data)
    if (!page.hasMore) return events
    cursor = `&cursor=${page.nextCursor}`
  }
}

const random = createSeededRandom(SEED)
/** Ways to be a bad receiver, each of which must lead to the event coming again. */
const bad: readonly Behave[] = [
  (_received, _response, request) => request.socket.destroy(), //               drops
  () => undefined, //                                                           stalls, until the hub has had enough
  (_received, _response, request) => request.socket.resetAndDestroy(), //       resets
  answerWith(500, {}, 'out of memory'),
  answerWith(302, { location: 'http://127.0.0.1:1/' }),
  (_received, response) => {
    response.writeHead(200, { 'content-length': '100' }).write('half') //        breaks off in the middle
    setImmediate(() => response.destroy())
  },
]

test('a receiver that drops, stalls, resets, fails, lies and restarts, and a hub that is killed: all is seen once, in order', async () => {
  let receiver = await startReceiver()
  const { port } = receiver
  let hub = await startHub()
  const made = await call<{ id: string; secret: string }>(hub.sandbox, 'POST', '/v1/webhook-endpoints', {
    url: receiver.url,
  })
  const webhook = new Webhook(made.secret)
  /** In the order in which they came first; what a program keeps that remembers ids. */
  const firsts: Event[] = []
  const seen = new Set<string>()
  const counts = new Map<string, number>()
  const lied = new Set<string>()
  let lies: Promise<unknown>[] = []
  const behave: Behave = (received, response, request) => {
    const message = webhook.verify(received.body, received.headers) as Event
    const times = (counts.get(received.id) ?? 0) + 1
    counts.set(received.id, times)
    // Twice at most for one event: the next wait of the schedule is half an hour, 18 seconds here.
    if (times <= 2 && random.next32() % 10 < 3) {
      bad[random.next32() % bad.length]?.(received, response, request)
      return
    }
    if (!seen.has(received.id)) {
      seen.add(received.id)
      firsts.push({ ...message, id: received.id })
    }
    response.writeHead(200).end()
    // Lies: it has said that it has it, and asks for it again.
    if (random.next32() % 10 === 0 && !lied.has(received.id)) {
      lied.add(received.id)
      lies.push(
        call(hub.sandbox, 'POST', `/v1/events/${received.id}/redeliver`, { endpoint: made.id }).catch(() =>
          lied.delete(received.id),
        ),
      )
    }
  }
  receiver.behave = behave

  let paid = 0
  const pay = async (): Promise<void> => {
    paid += 1
    const n = paid
    for (;;) {
      try {
        await call(
          hub.sandbox,
          'POST',
          '/v1/payments',
          {
            // Some with outcomes of their own: deemed, lost and found by a verification, declined.
            amount: ['15000', '10191', '10300', '10900'][n % 4],
            from: hub.sandbox.accounts.remitter,
            to: { kind: 'account', ifsc: 'HDFC0000123', account: '50100123456789' },
          },
          { 'idempotency-key': `proof-${n}` },
        )
        return
      } catch (error) {
        if (error instanceof assert.AssertionError) throw error
        await wait(50) // the hub is away: the same key again
      }
    }
  }
  const burst = (count: number) => Promise.all(Array.from({ length: count }, pay))

  await burst(PAYMENTS / 3)
  await receiver.close() // restarts: connections are refused for a while
  await burst(PAYMENTS / 3)
  const again = await startReceiver(port)
  again.behave = behave
  receiver = again
  const during = burst(PAYMENTS / 3)
  await receiver.until('some, before the hub is killed', (all) => all.length >= 10)
  hub.child.kill('SIGKILL')
  await once(hub.child, 'exit')
  hub = await startHub()
  await during

  const isFinal = (type: string) => type !== 'payment.processing'
  const deadline = performance.now() + 90_000
  let events: Event[] = []
  for (;;) {
    await Promise.all(lies)
    lies = []
    events = await allEvents(hub.sandbox)
    const finals = events.filter(({ type }) => isFinal(type))
    if (finals.length >= PAYMENTS && events.every(({ id }) => seen.has(id))) break
    assert.ok(
      performance.now() < deadline,
      `${finals.length} final events of ${PAYMENTS}; not seen: ${events.filter(({ id }) => !seen.has(id)).length}`,
    )
    await wait(100)
  }

  assert.deepEqual(new Set(firsts.map(({ id }) => id)), new Set(events.map(({ id }) => id)), 'nothing else was told')
  assert.equal(firsts.length, events.length)
  const byPayment = Map.groupBy(firsts, ({ data }) => data.id)
  assert.equal(byPayment.size, PAYMENTS)
  for (const [payment, own] of byPayment) {
    const ids = own.map(({ id }) => id)
    assert.deepEqual(ids, ids.toSorted(), `${payment} out of order`)
    const finals = own.filter(({ type }) => isFinal(type))
    assert.equal(finals.length, 1, `${payment}: ${own.map(({ type }) => type).join(' ')}`)
  }
  const types = new Set(firsts.map(({ type }) => type))
  for (const type of ['payment.succeeded', 'payment.deemed', 'payment.failed']) assert.ok(types.has(type), type)
  const repeats = [...counts.values()].reduce((sum, times) => sum + times, 0) - counts.size
  assert.ok(repeats > PAYMENTS / 4, `only ${repeats} repeated deliveries: the receiver was too good`)
  assert.ok(lied.size > 0, 'it never lied')
  const ended = once(hub.child, 'exit')
  hub.child.kill('SIGTERM')
  await ended
})
