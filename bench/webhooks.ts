import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { systemClock } from '../src/base/clock.ts'
import { createPaymentIds, laneOf } from '../src/base/identifiers.ts'
import { silentLog } from '../src/base/log.ts'
import { createOutbound } from '../src/base/outbound.ts'
import { createSystemRandom } from '../src/base/random.ts'
import { migrate } from '../src/db/migrate.ts'
import { createPool } from '../src/db/pool.ts'
import { inTransaction } from '../src/db/transaction.ts'
import { createDescribe } from '../src/http/event-view.ts'
import type { CustomerAccount } from '../src/ledger/store.ts'
import { initiate } from '../src/payment/initiate.ts'
import { record } from '../src/payment/record.ts'
import { findEvents, findPayments } from '../src/payment/store.ts'
import { findLinkEvents } from '../src/payment-link/events.ts'
import { eventIdOf } from '../src/webhook/catalogue.ts'
import { addSecrets, insertEndpoint } from '../src/webhook/endpoint-store.ts'
import { createWebhooks } from '../src/webhook/room.ts'
import { findSettlementEvents } from '../src/webhook/settlement-events.ts'
import { createTestRoom, requestFrom } from '../test/support/payment-room.ts'
import { testVault } from '../test/support/vault.ts'
import { payOutward } from './payments.ts'
import type { Figure } from './support/figures.ts'
import { api, type BenchAccount, type BenchHub } from './support/hub.ts'
import { startPostgres } from './support/postgres.ts'

const ENDPOINTS = 100
const BAD = 10
const EVENTS = 10_000
const PER_SECOND = 1_000
const FIRST_TENANT = 1_000

/** Starts receivers in a process of their own. @param onGot  told what the good ones got, and when, epoch milliseconds */
export async function startReceivers(
  good: number,
  slow: number,
  dead: number,
  onGot: (id: string, at: number) => void,
) {
  const program = fileURLToPath(new URL('./support/receivers.ts', import.meta.url))
  const child = spawn(process.execPath, [program, `${good}`, `${slow}`, `${dead}`], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  })
  const lines = createInterface({ input: child.stdout ?? process.stdin })
  const urls = await new Promise<{ good: string[]; slow: string[]; dead: string[] }>((resolve) => {
    let isFirst = true
    lines.on('line', (line) => {
      if (isFirst) resolve(JSON.parse(line))
      else for (const [id, at] of JSON.parse(line)) onGot(id, at)
      isFirst = false
    })
  })
  return { urls, stop: () => child.kill('SIGKILL') }
}

const quantile = (sorted: readonly number[], q: number): number => sorted[Math.floor((sorted.length - 1) * q)] ?? 0

/**
 * 10,000 events at 1,000 a second to 100 endpoints of as many tenants, ten of them dead and ten slow: how long after the commit of a step a
 * healthy endpoint has it. Doors, outbox and deliveries are in this process, as in the hub; the receivers in another.
 */
export async function benchDelivery(): Promise<Figure[]> {
  const postgres = await startPostgres()
  await migrate(postgres.url)
  const db = createPool(postgres.url, { connections: 12, name: 'turant bench webhooks' })
  const got = new Map<string, number>()
  let doubles = 0
  const receivers = await startReceivers(ENDPOINTS - 2 * BAD, BAD, BAD, (id, at) => {
    if (got.has(id)) doubles += 1
    else got.set(id, at)
  })
  const t = await createTestRoom(postgres.url)
  const ids = createPaymentIds(systemClock, createSystemRandom())
  const newId = () => ids(laneOf(0)).slice(4)
  const { good, slow, dead } = receivers.urls
  const urls = [...good, ...slow, ...dead]
  await testVault.prepare(
    urls.map((_, i) => FIRST_TENANT + i),
    Date.now(),
  )
  const accounts: CustomerAccount[] = []
  for (const [i, url] of urls.entries()) {
    const tenantId = FIRST_TENANT + i
    await db`insert into tenant (tenant_id, kind, name) values (${tenantId}, 'business', 'Bench')`
    accounts.push(await t.open(1_000_000_000n, 'TRN', tenantId))
    await inTransaction(db, async (tx) => {
      const endpoint = { id: `whe_${newId()}`, tenantId, schemes: ['v1'] as const }
      const rest = { events: null, description: null, enabled: true, disabledReason: null }
      await insertEndpoint(tx, { ...endpoint, url, ...rest })
      await addSecrets(tx, testVault, endpoint, newId, Date.now())
    })
  }
  const outbound = createOutbound({ loopback: true, timeoutMs: 15_000, connections: 64, maxWaiting: 512 })
  const webhooks = createWebhooks({
    db,
    clock: systemClock,
    random: createSystemRandom(),
    log: silentLog,
    vault: testVault,
    outbound,
    describe: createDescribe({
      findPayments: (some) => findPayments(db, testVault, some),
      findEvents: (some) => findEvents(db, some),
      findLinkEvents: (refs) => findLinkEvents(db, testVault, refs),
      findSettlementEvents: (refs) => findSettlementEvents(db, refs),
      origin: () => undefined,
      view: {
        heldMs: 900_000,
        approvalMs: 86_400_000,
        authenticationMs: 600_000,
        answerMs: () => 60_000,
        overrides: [],
        severalAccountsCode: 'MT',
      },
    }),
    newId,
    holder: 'bench',
    timeoutMs: 15_000,
    stepBackAt: 1_000_000,
    timerScale: 1,
    noteGone: async () => undefined,
  })
  webhooks.start()
  await wait(1_000)
  /** When each event of a healthy endpoint was committed. */
  const committed = new Map<string, number>()
  let unmoved = 0
  const pay = async (n: number): Promise<void> => {
    const at = n % urls.length
    const account = accounts[at]
    if (account === undefined) return
    const result = await initiate(t.room, requestFrom(account.id, { tenantId: FIRST_TENANT + at }))
    if (result.kind !== 'accepted') throw new Error(result.reason)
    const { id } = result.payment
    if (at < good.length) committed.set(eventIdOf(id, 1), Date.now())
    webhooks.poke()
    await wait(100)
    const moved = await record(t.room, result.payment, { kind: 'approved', responseCode: '00' })
    if (moved.kind !== 'moved') unmoved += 1
    if (at < good.length) committed.set(eventIdOf(id, 2), Date.now())
    webhooks.poke()
  }
  const started = performance.now()
  const under: Promise<void>[] = []
  for (let n = 0; n < EVENTS / 2; n += 1) {
    const due = started + (n * 2_000) / PER_SECOND
    if (due > performance.now()) await wait(due - performance.now())
    under.push(pay(n))
  }
  await Promise.all(under)
  const seconds = (performance.now() - started) / 1000
  const deadline = performance.now() + 30_000
  while ([...committed.keys()].some((id) => !got.has(id)) && performance.now() < deadline) await wait(200)
  const late = [...committed].map(([id, at]) => Math.max(0, (got.get(id) ?? Number.POSITIVE_INFINITY) - at))
  late.sort((a, b) => a - b)
  receivers.stop()
  await webhooks.stop()
  await outbound.close()
  await t.close()
  await db.end({ timeout: 2 })
  await postgres.stop()
  return [
    {
      what: `webhooks: ${EVENTS.toLocaleString('en-IN')} events to ${ENDPOINTS} endpoints, ${BAD} dead and ${BAD} slow: from commit to a healthy receiver, p99`,
      value: quantile(late, 0.99),
      unit: 'ms',
      gate: { kind: 'atMost', value: 1_000 },
      note: `${(EVENTS / seconds).toFixed(0)} events/s; p50 ${quantile(late, 0.5).toFixed(0)} ms, max ${quantile(late, 1).toFixed(0)} ms; ${doubles} twice; ${unmoved} unmoved`,
    },
  ]
}

/** Each payment of the main load is two events: it is on its way, and it has succeeded. */
const EVENTS_OF_A_PAYMENT = 2
/** How long the last event may take after the load, milliseconds. */
const LAST_EVENT_MS = 120_000

/**
 * The main load with an endpoint that is told of every payment, over the same with nobody told: pairs, in turn. Before the next pair begins all
 * events of the one before have arrived, signed, each payment's in their order.
 */
export async function benchPaymentsWithWebhooks(
  hub: BenchHub,
  accounts: readonly BenchAccount[],
  { connections, seconds, pairs }: { readonly connections: number; readonly seconds: number; readonly pairs: number },
): Promise<Figure[]> {
  const got = new Set<string>()
  let twice = 0
  let unordered = 0
  const receivers = await startReceivers(1, 0, 0, (id) => {
    if (got.has(id)) twice += 1
    // The event of the step before has the number before: it comes first.
    if (id.endsWith('0002') && !got.has(`${id.slice(0, -4)}0001`)) unordered += 1
    got.add(id)
  })
  const [url = ''] = receivers.urls.good
  const endpoint = await api<{ id: string }>(hub, 'POST', '/v1/webhook-endpoints', { url })
  const turn = (enabled: boolean) => api(hub, 'PATCH', `/v1/webhook-endpoints/${endpoint.id}`, { enabled })
  await turn(false)
  await payOutward(hub, accounts, connections, 4_000)
  const ratios: number[] = []
  const notes: string[] = []
  const after = { events: 0, seconds: 0, cpu: 0 }
  let missing = 0
  for (let i = 0; i < pairs; i += 1) {
    const off = await payOutward(hub, accounts, connections, seconds * 1000)
    await turn(true)
    const before = got.size
    const on = await payOutward(hub, accounts, connections, seconds * 1000)
    const expected = before + on.done * EVENTS_OF_A_PAYMENT
    const during = got.size - before
    const started = performance.now()
    const cpu = hub.cpuSeconds()
    while (got.size < expected && performance.now() - started < LAST_EVENT_MS) await wait(100)
    const took = (performance.now() - started) / 1000
    after.cpu += hub.cpuSeconds() - cpu
    after.events += got.size - before - during
    after.seconds += took
    missing += expected - got.size
    await turn(false)
    ratios.push(on.perSecond / off.perSecond)
    notes.push(
      `${off.perSecond.toFixed(0)} and ${on.perSecond.toFixed(0)}/s, ${(during / seconds).toFixed(0)} events/s meanwhile, the last of ${on.done * EVENTS_OF_A_PAYMENT} ${took.toFixed(1)} s later`,
    )
  }
  receivers.stop()
  ratios.sort((a, b) => a - b)
  return [
    {
      what: 'payments with every one of them told to an endpoint, over the same with nobody told',
      value: quantile(ratios, 0.5),
      unit: '×',
      gate: { kind: 'atLeast', value: 0.9 },
      note: `median of ${pairs} pairs of ${seconds} s: ${notes.join('; ')}`,
    },
    {
      what: 'events of those payments that did not arrive, or before the one before them',
      value: missing + unordered,
      unit: '',
      gate: { kind: 'atMost', value: 0 },
      note: `${got.size} arrived, ${twice} twice`,
    },
    {
      what: 'the rest of the events, to that one endpoint, when the load is over',
      value: after.events / after.seconds,
      unit: '/s',
    },
    {
      what: 'hub CPU for one event told',
      value: (after.cpu / after.events) * 1e6,
      unit: 'µs',
    },
  ]
}
