import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { after } from 'node:test'
import { writeActs } from '../../src/audit/acts.ts'
import { systemClock } from '../../src/base/clock.ts'
import { createPaymentIds, laneOf } from '../../src/base/identifiers.ts'
import { createOutbound, type OutboundOptions } from '../../src/base/outbound.ts'
import { createSeededRandom } from '../../src/base/random.ts'
import type { Db } from '../../src/db/pool.ts'
import { createDescribe } from '../../src/http/event-view.ts'
import type { ViewSettings } from '../../src/http/view.ts'
import { findEvents, findPayments } from '../../src/payment/store.ts'
import { findLinkEvents } from '../../src/payment-link/events.ts'
import { createWebhooks, type WebhookDeps } from '../../src/webhook/room.ts'
import { findSettlementEvents } from '../../src/webhook/settlement-events.ts'
import { testLog } from './logs.ts'
import { testVault } from './vault.ts'

/** One delivery as a receiver saw it. */
export type Received = {
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly id: string
}

export type Behave = (received: Received, response: ServerResponse, request: IncomingMessage) => void

export const answerWith =
  (status: number, headers: Record<string, string> = {}, body = ''): Behave =>
  (_received, response) => {
    response.writeHead(status, headers).end(body)
  }

/** A receiver on this machine, that behaves as it is told: 204 to everything at first. */
export async function startReceiver(port = 0) {
  const received: Received[] = []
  const waiting: (() => void)[] = []
  const receiver = { behave: answerWith(204), received }
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('error', () => undefined)
    request.on('end', () => {
      const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]))
      const one = { headers, body: Buffer.concat(chunks).toString(), id: headers['webhook-id'] ?? '' }
      received.push(one)
      receiver.behave(one, response, request)
      for (const wake of waiting.splice(0)) wake()
    })
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const address = server.address()
  const bound = address !== null && typeof address === 'object' ? address.port : 0
  const close = () =>
    new Promise<void>((resolve) => {
      server.closeAllConnections()
      server.close(() => resolve())
    })
  after(close)
  return Object.assign(receiver, {
    url: `http://127.0.0.1:${bound}/hook`,
    port: bound,
    close,
    /** Waits until what was received satisfies `done`, for twenty seconds at most. */
    async until(what: string, done: (received: readonly Received[]) => boolean): Promise<void> {
      let late = false
      const timer = setTimeout(() => {
        late = true
        for (const wake of waiting.splice(0)) wake()
      }, 20_000)
      try {
        while (!done(received)) {
          if (late) throw new Error(`never received: ${what}; ${received.length} deliveries`)
          await new Promise<void>((resolve) => waiting.push(resolve))
        }
      } finally {
        clearTimeout(timer)
      }
    },
  })
}

export const testView: ViewSettings = {
  heldMs: 900_000,
  approvalMs: 86_400_000,
  authenticationMs: 600_000,
  answerMs: () => 60_000,
  overrides: [],
  severalAccountsCode: 'MT',
}

/** The room of webhooks on a real database and real sockets, to receivers of this machine. Its waits are 5 ms instead of 5 s. */
export function createTestWebhooks(
  db: Db,
  change: Partial<WebhookDeps> = {},
  outboundOptions: OutboundOptions = {},
): ReturnType<typeof createWebhooks> {
  const random = createSeededRandom(21)
  const ids = createPaymentIds(systemClock, createSeededRandom(change.holder === undefined ? 22 : 23))
  const outbound = createOutbound({ loopback: true, timeoutMs: 2_000, ...outboundOptions })
  after(() => outbound.close())
  return createWebhooks({
    db,
    clock: systemClock,
    random,
    log: testLog,
    vault: testVault,
    outbound,
    describe: createDescribe({
      findPayments: (some) => findPayments(db, testVault, some),
      findEvents: (some) => findEvents(db, some),
      findLinkEvents: (refs) => findLinkEvents(db, testVault, refs),
      findSettlementEvents: (refs) => findSettlementEvents(db, refs),
      origin: () => undefined,
      view: testView,
    }),
    newId: () => ids(laneOf(0)).slice(4),
    holder: 'test',
    timeoutMs: 500,
    stepBackAt: 1_000_000,
    timerScale: 0.001,
    noteGone: (tx, { tenantId, id }) =>
      writeActs(tx, [
        {
          tenantId,
          at: systemClock.now(),
          actor: { kind: 'hub', id: 'hub' },
          action: 'webhook_endpoint.gone',
          subject: id,
          outcome: 'done',
          detail: {},
          requestId: null,
          address: null,
        },
      ]),
    ...change,
  })
}
