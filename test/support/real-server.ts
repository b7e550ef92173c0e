import { writeActs } from '../../src/audit/acts.ts'
import { createPaymentIds, laneOf } from '../../src/base/identifiers.ts'
import { createSeededRandom } from '../../src/base/random.ts'
import { begin, submit } from '../../src/customer/authenticate.ts'
import { createPayers } from '../../src/customer/payer.ts'
import { createWalletSessions } from '../../src/customer/sessions.ts'
import type { Db } from '../../src/db/pool.ts'
import { asTenant } from '../../src/db/tenant.ts'
import { makeBeneficiaryChange } from '../../src/http/beneficiaries.ts'
import { makeBreakResolution } from '../../src/http/breaks.ts'
import { makeClientChange } from '../../src/http/clients.ts'
import { makeCompensationPayment } from '../../src/http/compensation.ts'
import { makeFeeRates } from '../../src/http/fee-rates.ts'
import { makeLimitChange } from '../../src/http/limits.ts'
import { createServer, type Server, type ServerDeps } from '../../src/http/server.ts'
import { makeUploadRejection, makeUploadRelease } from '../../src/http/upload-files.ts'
import { createCeremonies } from '../../src/identity/ceremonies.ts'
import { claimOnce } from '../../src/identity/client-store.ts'
import { createClients, type StaticKey } from '../../src/identity/clients.ts'
import { digestOfKey } from '../../src/identity/keys.ts'
import { clientRights, type Right } from '../../src/identity/rights.ts'
import { createTries } from '../../src/identity/tries.ts'
import { decide } from '../../src/payment/approvals.ts'
import { type ChangesDeps, createChanges } from '../../src/payment/changes.ts'
import { listPayments } from '../../src/payment/history.ts'
import { initiate, replay } from '../../src/payment/initiate.ts'
import { record } from '../../src/payment/record.ts'
import { findEvents, findPayment, findVerifications } from '../../src/payment/store.ts'
import { customersOf } from './customers.ts'
import { createFakeHub } from './http.ts'
import type { TestRoom } from './payment-room.ts'
import { testVault } from './vault.ts'

/** Somebody who may call: the key's text is `key-of-<tenant>-<name>`. */
export type TestCaller = { readonly tenantId: number; readonly name: string; readonly rights?: readonly Right[] }

export const keyOf = (tenantId: number, name: string): string => `key-of-${tenantId}-${name}`

export type Answer = { readonly status: number; readonly body: ReturnType<typeof JSON.parse>; readonly headers: object }

export type RealServer = {
  readonly server: Server
  /** Calls as somebody; undefined: as nobody. */
  readonly call: (method: string, path: string, key: string | undefined, body?: object) => Promise<Answer>
}

/** What is changed once people have agreed, as the hub has it. */
export const makeOf = (room: TestRoom['room']): ChangesDeps['make'] => ({
  limits: makeLimitChange(() => room.clock.now()),
  break: makeBreakResolution(() => room.clock.now()),
  upload: makeUploadRelease(() => room.clock.now()),
  compensation: makeCompensationPayment(() => room.clock.now()),
  fee_rate: makeFeeRates(() => room.clock.now()),
  client: makeClientChange(() => room.clock.now()),
  beneficiary: makeBeneficiaryChange(testVault, () => room.clock.now()),
})

/** The HTTP server over the real doors and a real database; only the rail is missing. */
export async function startRealServer(
  db: Db,
  room: TestRoom['room'],
  callers: readonly TestCaller[],
  more: Partial<ServerDeps> = {},
): Promise<RealServer> {
  const ofTenant = <T>(tenantId: number, run: Parameters<typeof asTenant<T>>[2]) => asTenant(db, tenantId, run)
  const staticKeys: StaticKey[] = callers.map(({ tenantId, name, rights = clientRights }) => ({
    tenantId,
    name,
    sha256: digestOfKey(keyOf(tenantId, name)),
    rights,
  }))
  const ids = createPaymentIds(room.clock, createSeededRandom(11))
  const changes = createChanges({
    clock: room.clock,
    vault: testVault,
    asTenant: ofTenant,
    newId: () => ids(laneOf(0)).slice(4),
    approvalMs: 86_400_000,
    make: makeOf(room),
    turnDown: { upload: makeUploadRejection({ vault: testVault, clock: room.clock }) },
  })
  const customers = customersOf(db, room)
  const server = await createServer({
    ...createFakeHub(db).deps,
    clock: room.clock,
    clients: createClients({ clock: room.clock, db, staticKeys }),
    changes,
    note: (tx, act) => writeActs(tx, [act]),
    initiate: (request) => initiate(room, request),
    linkBehind: async (to) => (await room.virtualAccounts.resolve([to]))[0]?.linkId,
    replay: (request) => replay(db, testVault, request),
    cancel: (payment) => record(room, payment, { kind: 'cancelled' }),
    verify: async () => 'asked',
    findPayment: (tenantId, id) => ofTenant(tenantId, (tx) => findPayment(tx, testVault, tenantId, id)),
    findVerifications: (tenantId, some) => ofTenant(tenantId, (tx) => findVerifications(tx, some)),
    findEvents: (tenantId, some) => ofTenant(tenantId, (tx) => findEvents(tx, some)),
    listPayments: (tenantId, filters, before, limit) =>
      ofTenant(tenantId, (tx) => listPayments(tx, testVault, tenantId, filters, before, limit)),
    payers: createPayers({ clock: room.clock, asTenant: ofTenant }),
    enrolment: customers,
    wallets: createWalletSessions({ clock: room.clock, db }),
    signIn: {
      ...customers,
      db,
      tries: createTries({ clock: room.clock, db, vault: testVault }),
      ceremonies: createCeremonies({
        clock: room.clock,
        vault: testVault,
        claimOnce: (id, until) => claimOnce(db, id, until),
      }),
      note: (tx, act) => writeActs(tx, [act]),
    },
    messageBox: customers.box,
    beginAuthentication: (asking, kind) => begin(customers, asking, kind),
    submitAuthentication: (asking, answers) => submit(customers, asking, answers),
    decide: (ballot) => decide({ room, asTenant: ofTenant, changes, noted: async () => undefined }, ballot),
    ...more,
  })
  return {
    server,
    async call(method, path, key, body) {
      const answer = await server.app.inject({
        method: method.toUpperCase() as 'GET',
        url: path,
        headers: {
          ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          'idempotency-key': crypto.randomUUID(),
        },
        ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
      })
      const isJson = /^application\/(problem\+)?json/.test(String(answer.headers['content-type']))
      return {
        status: answer.statusCode,
        body: isJson && answer.body !== '' ? answer.json() : {},
        headers: answer.headers,
      }
    },
  }
}
