import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeActs } from '../../src/audit/acts.ts'
import { systemClock } from '../../src/base/clock.ts'
import {
  createPaymentIds,
  laneOf,
  laneOfAccount,
  must,
  type PaymentId,
  type PaymentLinkId,
  parseRrn,
  parseStan,
} from '../../src/base/identifiers.ts'
import { createOutbound } from '../../src/base/outbound.ts'
import { createSeededRandom } from '../../src/base/random.ts'
import { createWalletSessions } from '../../src/customer/sessions.ts'
import { createPool, type Db } from '../../src/db/pool.ts'
import { asTenant } from '../../src/db/tenant.ts'
import { createAdmission, noLimits } from '../../src/http/admission.ts'
import { createFeed, type Feed } from '../../src/http/feed.ts'
import { createMetrics } from '../../src/http/metrics.ts'
import type { LinkStatus } from '../../src/http/operations.ts'
import type { ServerDeps } from '../../src/http/server.ts'
import { createClients } from '../../src/identity/clients.ts'
import { digestOfKey } from '../../src/identity/keys.ts'
import { relyingPartyOf } from '../../src/identity/passkeys.ts'
import { createHashing } from '../../src/identity/passwords.ts'
import { createPeople } from '../../src/identity/people.ts'
import { createTokens } from '../../src/identity/tokens.ts'
import { createBankDirectory, createNbinOf } from '../../src/imps/banks.ts'
import { matrix } from '../../src/imps/disputes/matrix.ts'
import { defaultProfile } from '../../src/imps/profile.ts'
import { createMessageBox } from '../../src/message/box.ts'
import { capsOf, createPumping } from '../../src/message/pumping.ts'
import { createChanges } from '../../src/payment/changes.ts'
import type { InitiateRequest } from '../../src/payment/initiate.ts'
import { defaultNamePolicy, type Enquire } from '../../src/payment/name-enquiry.ts'
import type { PaymentEvent, StoredPayment } from '../../src/payment/stored.ts'
import { createToday } from '../../src/payment/today.ts'
import { findLinkByToken, findLinks } from '../../src/payment-link/store.ts'
import type { IntakeDeps } from '../../src/settlement/intake/arrival.ts'
import { openFileStore } from '../../src/settlement/intake/file-store.ts'
import { giveBack } from '../../src/settlement/intake/give-back.ts'
import { takeFile } from '../../src/settlement/intake/take.ts'
import { testLog } from './logs.ts'
import { testVault } from './vault.ts'

export const KEY = 'test-key'
/** Somebody else of the same tenant: what `KEY` makes, this one can decide about. */
export const CHECKER_KEY = 'checker-key'

/** A payment room without a database: accepts every payment as `sent`, keeps it in memory, moves it when told. */
export type FakeHub = {
  readonly deps: ServerDeps
  readonly feed: Feed
  readonly payments: Map<PaymentId, StoredPayment>
  readonly asked: InitiateRequest[]
  /** Moves a payment on, as door 2 would. */
  readonly move: (id: PaymentId, to: Partial<StoredPayment>) => StoredPayment
  /** What the next calls of door 1 throw, if anything. */
  failWith: Error | undefined
  links: readonly LinkStatus[]
  /** Whether payments by mobile number and bank can be made. */
  carriesMobile: boolean
  /** What the beneficiary bank answers to a name enquiry. */
  enquire: Enquire
  /** What was asked of the simulator, and what it answers. */
  readonly simulated: { readonly path: string; readonly body: object }[]
  simulator: { readonly status: number; readonly body: unknown }
}

/** @param db  for what is read from the ledger; without it those routes have no database */
export function createFakeHub(db: Db = createPool('postgres://nobody@127.0.0.1:1/none', { connections: 1 })): FakeHub {
  const clock = systemClock
  const directory = createBankDirectory(defaultProfile)
  const changes = createChanges({
    clock,
    vault: testVault,
    asTenant: (tenantId, run) => asTenant(db, tenantId, run),
    newId: () => createPaymentIds(clock, random)(laneOf(0)).slice(4),
    approvalMs: 86_400_000,
    make: {},
  })
  const random = createSeededRandom(1)
  const paymentIds = createPaymentIds(clock, random)
  const payments = new Map<PaymentId, StoredPayment>()
  const events: PaymentEvent[] = []
  const keys = new Map<string, { readonly bodyHash: string; readonly id: PaymentId }>()
  const asked: InitiateRequest[] = []
  const feed = createFeed(clock, async (ids: readonly PaymentId[]) => ids.flatMap((id) => payments.get(id) ?? []))

  const messageBox = createMessageBox(clock)
  const people = createPeople({
    clock,
    db,
    vault: testVault,
    asTenant: (tenantId, run) => asTenant(db, tenantId, run),
    note: async () => undefined,
    origins: () => ['https://hub.example'],
  })
  const store = (payment: StoredPayment): StoredPayment => {
    payments.set(payment.id, payment)
    const { id: paymentId, version: sequence, state, responseCode, reason, updatedAt: at } = payment
    events.push({ paymentId, sequence, state, responseCode, reason, at })
    feed.moved(payment)
    return payment
  }

  const clients = createClients({
    clock,
    db,
    staticKeys: [
      { tenantId: 1, name: 'test', sha256: digestOfKey(KEY) },
      { tenantId: 1, name: 'checker', sha256: digestOfKey(CHECKER_KEY) },
    ],
  })
  const intake: IntakeDeps = {
    db,
    clock,
    random,
    vault: testVault,
    store: openFileStore(mkdtempSync(join(tmpdir(), 'turant-files-')), 'test'),
    institutions: defaultProfile.institutions,
    cycles: defaultProfile.cycles,
    note: (tx, act) => writeActs(tx, [act]),
  }
  const hub: FakeHub = {
    feed,
    payments,
    asked,
    failWith: undefined,
    links: [{ id: 'npci-remitter', role: 'remitter', state: 'loggedOn', usable: true, inFlight: 0 }],
    carriesMobile: false,
    enquire: async () => ({ kind: 'unavailable' }),
    simulated: [],
    simulator: { status: 202, body: { rrn: '632609000123' } },
    move: (id, to) => {
      const before = payments.get(id)
      if (before === undefined) throw new Error(`no payment ${id}`)
      return store({ ...before, version: before.version + 1, updatedAt: clock.now(), ...to })
    },
    deps: {
      clock,
      random,
      feed,
      linkFeed: createFeed(clock, async (ids: readonly PaymentLinkId[]) => findLinks(db, testVault, ids)),
      disputes: {
        clock: systemClock,
        rules: matrix,
        newId: () => crypto.randomUUID().replaceAll('-', ''),
        queue: async () => true,
        openBreak: async () => undefined,
      },
      explaining: {
        db,
        vault: testVault,
        clock,
        cycles: defaultProfile.cycles,
        asTenant: (tenantId, run) => asTenant(db, tenantId, run),
        nbinOf: createNbinOf(defaultProfile.institutions, directory),
        findFileLines: async () => [],
      },
      matching: {
        clock,
        cycles: defaultProfile.cycles,
        begin: async () => {
          throw new Error('nothing is matched here')
        },
      },
      intake: {
        clock,
        cycles: defaultProfile.cycles,
        take: (arrival) => takeFile(intake, arrival),
        giveBack: (file, act) => giveBack(intake, file, act),
      },
      webhooks: {
        poke: () => undefined,
        check: (url) => {
          createOutbound({ loopback: true }).check(url)
        },
        test: async ({ id, tenantId }) => ({
          id: `att_${'0'.repeat(32)}`,
          endpointId: id,
          tenantId,
          eventId: `evt_${'0'.repeat(36)}`,
          at: clock.now(),
          durationMs: 1,
          status: 204,
          error: null,
          body: null,
        }),
      },
      reporting: { db, cycles: defaultProfile.cycles, log: testLog },
      gauge: {
        stop: () => undefined,
        positions: () => [],
        tick: async () => undefined,
        start: () => async () => undefined,
      },
      log: testLog,
      view: {
        heldMs: 900_000,
        approvalMs: 86_400_000,
        authenticationMs: 600_000,
        answerMs: () => 60_000,
        overrides: [],
        severalAccountsCode: 'MT',
      },
      origins: () => ['https://hub.example'],
      clients,
      tokens: createTokens({
        clock,
        db,
        asTenant: (tenantId, run) => asTenant(db, tenantId, run),
        clients,
        noted: async () => undefined,
        nonces: 'required',
      }),
      payers: {
        factorsOf: async () => undefined,
        stateOf: async () => ({ factors: [], challenge: undefined, evidence: undefined }),
      },
      enrolment: {
        clock,
        vault: testVault,
        asTenant: (tenantId, run) => asTenant(db, tenantId, run),
        hashing: createHashing({ cost: { memory: 8, passes: 1, parallelism: 1 } }),
        relyingParty: () => relyingPartyOf(['https://hub.example']),
        messenger: messageBox,
        pumping: createPumping({ db, clock, vault: testVault, caps: capsOf(1_000, 1_000) }),
        unsent: () => undefined,
        issuer: 'Turant',
      },
      wallets: createWalletSessions({ clock, db }),
      findPayableLink: (token) => findLinkByToken(db, testVault, token),
      signIn: {
        clock,
        db,
        vault: testVault,
        asTenant: (tenantId, run) => asTenant(db, tenantId, run),
        hashing: createHashing({ cost: { memory: 8, passes: 1, parallelism: 1 } }),
        relyingParty: () => relyingPartyOf(['https://hub.example']),
        messenger: messageBox,
        pumping: createPumping({ db, clock, vault: testVault, caps: capsOf(1_000, 1_000) }),
        tries: people.tries,
        ceremonies: people.ceremonies,
        unsent: () => undefined,
        note: async () => undefined,
      },
      beginAuthentication: async () => ({ kind: 'unknown' }),
      submitAuthentication: async () => ({ kind: 'unknown' }),
      messageBox,
      admission: createAdmission(clock, noLimits),
      people,
      changes: { ...changes, stepsFor: async () => undefined },
      vault: testVault,
      note: async () => undefined,
      asTenant: (tenantId, run) => asTenant(db, tenantId, run),
      forgetRisk: () => undefined,
      draining: () => false,
      linkBehind: async () => undefined,
      carriesMobile: async () => hub.carriesMobile,
      names: defaultNamePolicy,
      enquire: (question) => hub.enquire(question),
      initiateVerified: ({ payment }) => hub.deps.initiate(payment),
      decide: async () => ({ kind: 'unknown' }),
      async replay({ tenantId, idempotencyKey, bodyHash }) {
        const seen = keys.get(`${tenantId}:${idempotencyKey}`)
        if (seen === undefined) return undefined
        if (seen.bodyHash !== bodyHash) return { kind: 'refused', reason: 'key_reused' }
        const payment = payments.get(seen.id)
        return payment && { kind: 'accepted', payment, replayed: true }
      },
      async initiate(request) {
        if (hub.failWith !== undefined) throw hub.failWith
        asked.push(request)
        const key = `${request.tenantId}:${request.idempotencyKey}`
        const seen = keys.get(key)
        if (seen !== undefined) {
          if (seen.bodyHash !== request.bodyHash) return { kind: 'refused', reason: 'key_reused' }
          const payment = payments.get(seen.id)
          if (payment === undefined) throw new Error('a key without its payment')
          return { kind: 'accepted', payment, replayed: true }
        }
        const now = clock.now()
        const lane = laneOfAccount(request.from)
        const payment = store({
          id: paymentIds(lane),
          lane,
          tenantId: request.tenantId,
          direction: 'outward',
          state: 'sent',
          version: 1,
          amountPaise: request.amountPaise,
          channel: request.channel,
          institution: 'TRN',
          accountId: request.from,
          remitter: { name: 'Test Remitter' },
          beneficiary: request.to,
          remarks: request.remarks,
          reference: request.reference,
          remitterBank: '700001',
          rrn: must(parseRrn('632609000123'), 'RRN'),
          stan: must(parseStan('000123'), 'STAN'),
          link: 'npci-remitter',
          epoch: 1,
          transmittedAt: now,
          responseCode: null,
          registeredName: null,
          actor: request.actor,
          reason: null,
          createdAt: now,
          updatedAt: now,
        })
        keys.set(key, { bodyHash: request.bodyHash, id: payment.id })
        return { kind: 'accepted', payment, replayed: false }
      },
      cancel: async (payment) => ({
        kind: 'moved',
        payment: hub.move(payment.id, { state: 'cancelled', reason: 'cancelled' }),
      }),
      verify: async () => 'asked',
      listPayments: async (tenantId, _filters, before, limit) => {
        const newestFirst = [...payments.values()].filter((one) => one.tenantId === tenantId).reverse()
        const rest = newestFirst.filter((one) => before === undefined || one.id < before)
        const page = rest.slice(0, limit)
        return { payments: page, next: rest.length > limit ? page.at(-1)?.id : undefined }
      },
      db,
      institutions: defaultProfile.institutions,
      sandbox: true,
      directory,
      findVerifications: async () => new Map(),
      certificates: () => [{ subject: 'hub signing', whose: 'signing', daysLeft: 59 }],
      about: { version: '0', node: '0', keyStore: 'file', startedAt: clock.now() },
      describeMessages: async () => undefined,
      links: () => hub.links,
      today: createToday({ db, clock, log: testLog }),
      linkHealth: () => hub.links.map((link) => ({ ...link, since: clock.now(), lastEchoAt: null })),
      sending: () => hub.links.some(({ role, usable }) => role !== 'beneficiary' && usable),
      pingDatabase: async () => {
        if (hub.failWith !== undefined) throw hub.failWith
      },
      metrics: createMetrics({
        clock,
        directory,
        overrides: [],
        links: () => hub.links,
        linkCounters: () => [{ id: 'npci-xml', counters: { badSignatures: 3 } }],
        certificates: () => [{ subject: 'hub signing', whose: 'signing', daysLeft: 59 }],
        waiting: () => ({ initiate: 0, record: 0, receive: 0 }),
        countOpen: async () => ({ held: 0, sent: payments.size, unconfirmed: 0 }),
        countSettlement: async () => ({ duties: [], faults: [] }),
        admission: () => hub.deps.admission.state(),
      }),
      simulator: {
        post: async (path, body) => {
          hub.simulated.push({ path, body })
          return hub.simulator
        },
        get: async () => hub.simulator,
      },
      findPayment: async (tenantId, id) => {
        const payment = payments.get(id)
        return payment?.tenantId === tenantId ? payment : undefined
      },
      findEvents: async (_tenantId, ids) => events.filter((event) => ids.includes(event.paymentId)),
    },
  }
  return hub
}
