import { type Act, writeActs } from './audit/acts.ts'
import { keepAudit } from './audit/keeper.ts'
import type { Signer } from './audit/roots.ts'
import { type Cancel, type Clock, sleep } from './base/clock.ts'
import type { CrashAt } from './base/crash-at.ts'
import { createPaymentIds, laneOf, must, type PaymentId, type PaymentLinkId, paymentKey } from './base/identifiers.ts'
import type { Log } from './base/log.ts'
import type { Dial } from './base/network.ts'
import type { Outbound } from './base/outbound.ts'
import type { Random } from './base/random.ts'
import type { Tracing } from './base/tracing.ts'
import type { Vault } from './base/vault.ts'
import type { Post, Serve } from './base/web.ts'
import { type Asking, type AuthenticateDeps, begin, submit } from './customer/authenticate.ts'
import { createPayers } from './customer/payer.ts'
import { forgetWalletSessions } from './customer/session-store.ts'
import { createWalletSessions } from './customer/sessions.ts'
import type { SignInDeps } from './customer/sign-in.ts'
import type { Db } from './db/pool.ts'
import { type AsTenant, asTenant, asTenantAtOnce } from './db/tenant.ts'
import { actOfToken } from './http/acts.ts'
import { type AdmissionLimits, createAdmission, noLimits, watchStrain } from './http/admission.ts'
import { makeBeneficiaryChange } from './http/beneficiaries.ts'
import { makeBreakResolution } from './http/breaks.ts'
import { makeClientChange } from './http/clients.ts'
import { makeCompensationPayment } from './http/compensation.ts'
import { createDescribe } from './http/event-view.ts'
import { makeFeeRates } from './http/fee-rates.ts'
import { createFeed } from './http/feed.ts'
import { makeLimitChange } from './http/limits.ts'
import type { Metrics, MetricsDeps, OpenPayments } from './http/metrics.ts'
import type { LinkStatus } from './http/operations.ts'
import type { LinkFeed } from './http/payment-links.ts'
import { makePersonChange } from './http/people.ts'
import type { SimulatorClient } from './http/sandbox.ts'
import type { ServerDeps } from './http/server.ts'
import type { About } from './http/system.ts'
import type { ApiTlsSource } from './http/tls.ts'
import { makeUploadRejection, makeUploadRelease } from './http/upload-files.ts'
import type { ViewSettings } from './http/view.ts'
import { forgetSeen } from './identity/client-store.ts'
import { createClients, type StaticKey } from './identity/clients.ts'
import { relyingPartyOf } from './identity/passkeys.ts'
import { createHashing } from './identity/passwords.ts'
import { createPeople } from './identity/people.ts'
import { forgetTokens } from './identity/token-store.ts'
import { createTokens, NONCE_PERIOD_MS } from './identity/tokens.ts'
import { createBankCodes } from './imps/bank-codes.ts'
import { type BankDirectory, createBankDirectory, createNbinOf } from './imps/banks.ts'
import type { Layouts } from './imps/files/detect.ts'
import type { IfscList } from './imps/ifsc.ts'
import type { WireProfile } from './imps/profile.ts'
import { hourKey, makeRrn } from './imps/rrn.ts'
import { wireOf } from './imps/wire.ts'
import type { Ending } from './imps/xml/key-ring.ts'
import type { Provider } from './imps/xml/message.ts'
import { ensureChart } from './ledger/store.ts'
import type { MessageBox } from './message/box.ts'
import { type Messenger, noMessenger } from './message/message.ts'
import { capsOf, createPumping, forgetCounts } from './message/pumping.ts'
import type { Approval } from './payment/approval-store.ts'
import { type Ballot, type DecideDeps, decide, startLapsing } from './payment/approvals.ts'
import { createChanges } from './payment/changes.ts'
import { listPayments } from './payment/history.ts'
import { type InitiateRequest, type InitiateResult, initiate, replay } from './payment/initiate.ts'
import { initiateAssessed } from './payment/initiate-assessed.ts'
import { initiateVerified } from './payment/initiate-verified.ts'
import { defaultNamePolicy, type EnquiryDeps, type NamePolicy } from './payment/name-enquiry.ts'
import { record } from './payment/record.ts'
import { createRiskCheck, type RiskPort, strictestOf, type Verdict } from './payment/risk.ts'
import { type CrashPoint, createPaymentRoom, type PaymentRoom } from './payment/room.ts'
import { findAnswer, findEvents, findPayment, findPayments, findVerifications } from './payment/store.ts'
import { createToday } from './payment/today.ts'
import { findLinkEvents } from './payment-link/events.ts'
import { tellExpired } from './payment-link/expire.ts'
import { findLinkByToken, findLinks } from './payment-link/store.ts'
import type { LinkKeyCustody } from './rail/link-mac.ts'
import { loadMembers, saveMembers } from './rail/members.ts'
import type { RailOptions } from './rail/options.ts'
import { createRail, type Rail } from './rail/room.ts'
import type { Seal } from './rail/xml-link.ts'
import { createRuleEngine } from './risk/engine.ts'
import { countDuties } from './settlement/books/duties.ts'
import type { AskAnswers } from './settlement/books/upload-answer.ts'
import type { Deliver } from './settlement/books/upload-leave.ts'
import { takeOutOfWaiting } from './settlement/books/upload-take-out.ts'
import type { AskDeps } from './settlement/disputes/ask.ts'
import { openDisputeBreak } from './settlement/disputes/breaks.ts'
import { startSweepingDisputes } from './settlement/disputes/clocks.ts'
import { type ComplaintDeps, heardOfComplaint, sweepComplaints } from './settlement/disputes/complaints.ts'
import type { DisputeDeps } from './settlement/disputes/deps.ts'
import { createQueue } from './settlement/disputes/queue.ts'
import type { IntakeDeps, PgpKeys } from './settlement/intake/arrival.ts'
import type { FileStore } from './settlement/intake/file-store.ts'
import { watchGaps } from './settlement/intake/gaps.ts'
import { giveBack } from './settlement/intake/give-back.ts'
import { openInbox, watchInbox } from './settlement/intake/inbox.ts'
import { forgetRefused, removeLeftOver } from './settlement/intake/left-over.ts'
import type { ProofProcesses } from './settlement/intake/proof-process.ts'
import { repeat } from './settlement/intake/repeat.ts'
import { tenantOfInstitution } from './settlement/intake/store.ts'
import { takeFile } from './settlement/intake/take.ts'
import { breakTypes } from './settlement/match/break-types.ts'
import { beginMatch } from './settlement/match/match-cycle.ts'
import { startSettling } from './settlement/pipeline.ts'
import { countFaults } from './settlement/pipeline-faults.ts'
import { createGauge, type Gauge } from './settlement/positions/gauge.ts'
import { startProving } from './settlement/positions/ledger-proof.ts'
import { reportStory } from './settlement/reports/explain-files.ts'
import { createSettling, type SettlementCrashPoint } from './settling.ts'
import { tracePayments } from './traced-payments.ts'
import type { Endpoint } from './webhook/endpoint-store.ts'
import { createWebhooks } from './webhook/room.ts'
import { findSettlementEvents } from './webhook/settlement-events.ts'
import { type Sink, type StreamDeps, startStream } from './webhook/stream.ts'

/**
 * The hub, put together from its rooms. Nothing here knows of processes, sockets, files or the environment: time, chance,
 * network and databases come in, so that a test can run a whole hub on a clock of its own. `main.ts` adds the process.
 */

export type HubOptions = {
  /** Timers already scaled. */
  readonly profile: WireProfile
  /** The pool of the doors (index-only plans), and the pool for everything that only reads. */
  readonly db: Db
  readonly readDb: Db
  /** The rail's own pool: a slow page of history must not delay the renewal of a lease. */
  readonly railDb: Db
  /** What customers who prove their payments wait for: index-only plans too. The doors' own when absent. */
  readonly promptDb?: Db
  readonly clock: Clock
  readonly random: Random
  readonly dial: Dial
  /** Where the keys for MACs of the ISO links are; needed when the profile has MACs. */
  readonly custody?: LinkKeyCustody
  /** What the XML wire needs; absent: it is not opened. */
  readonly xml?: {
    readonly post: Post
    readonly serve: Serve
    readonly seal: Seal
    /** When its certificates end, for the metrics. */
    readonly certificates?: () => readonly Ending[]
  }
  /** For calls to addresses that are settings or that callers gave; absent: such calls are not made. */
  readonly outbound?: Outbound
  /** How much each may ask; no limits when absent. */
  readonly admission?: AdmissionLimits
  /** Absent: nothing is traced. */
  readonly tracing?: Tracing
  /** How late the event loop is, milliseconds; absent: nobody looks at how hard it is. */
  readonly loopMs?: () => number
  readonly log: Log
  /** Everything personal goes through it on its way to the database. */
  readonly vault: Vault
  /** Keys that are settings. */
  readonly apiKeys: readonly StaticKey[]
  /** What the hub is called from outside; signatures are for one of these. */
  readonly origins?: () => readonly string[]
  /** The certificate of the API's port; absent: plain HTTP. */
  readonly tls?: ApiTlsSource
  /** When the certificates of the API's port and of the ISO links end, for the metrics. */
  readonly certificates?: () => readonly Ending[]
  /** Networks of the proxies in front, whose `X-Forwarded-For` is believed. */
  readonly trustedProxies?: readonly string[]
  /** Whether a DPoP proof must repeat a nonce of the hub; required when absent. */
  readonly dpopNonces?: 'required' | 'optional'
  readonly batch: { readonly size: number; readonly partitions: number; readonly gatherMs?: number }
  readonly maxWaiting: number
  readonly maxHeld: number
  readonly maxInFlight: number
  readonly verificationsPerSecond: number
  /** How messages reach customers; absent: none do. */
  readonly messages?: MessageOptions
  /** What the hub does with registered names, and how long a payment may wait for approval; its own defaults when absent. */
  readonly names?: NamePolicy
  readonly approvalMs?: number
  /** This hub's name on its leases: no other running hub has it, and the next run of this one has it again. */
  readonly holder: string
  /** How often the use of the net debit caps is counted, milliseconds; absent: by whoever calls `gauge.tick`. */
  readonly positionMs?: number
  /** What administrators are told of the process. */
  readonly about?: Omit<About, 'startedAt'>
  /** How often what was paid today is counted, milliseconds; absent: by whoever calls `http.today.tick`. */
  readonly todayMs?: number
  /** How settlement files come in, and where they are kept; absent: none do. */
  readonly files?: FileOptions
  /** How often the clocks of disputes are looked at, milliseconds, and that the ledger of each day is proved; absent: by whoever calls. */
  readonly disputeMs?: number
  /** How those are called who want to be told of payments; absent: nobody is. */
  readonly webhooks?: WebhookOptions
  /** Who judges payments before they are taken; the tenants' own rules when absent. */
  readonly risk?: RiskSettings
  /** Limits and waits of the rail that are not settings; its own defaults when absent. */
  readonly rail?: Partial<RailOptions>
  /** Every branch that the Reserve Bank lists; without it only well-known banks have names, and branches none. */
  readonly ifscList?: IfscList
  /** A sandbox has test routes and lets accounts open with money in them. */
  readonly sandbox: boolean
  readonly simulator?: SimulatorClient
  /** What signs the roots of the audit log, and the file they are copied to; absent: nothing is sealed. */
  readonly audit?: { readonly signer: Signer; readonly sink: string }
  /** Counting, for whoever is asked for it; absent: nothing is counted. */
  readonly createMetrics?: (deps: MetricsDeps) => Metrics
  /** Where a crash test stops the process; does nothing otherwise. */
  readonly crashPoint?: (name: CrashPoint | SettlementCrashPoint) => void
}

export type MessageOptions = {
  readonly messenger: Messenger
  /** The sandbox's phones, when that is where messages go. */
  readonly box?: MessageBox
  /** Messages of one tenant, and of all together, in a day at most. */
  readonly perDay: number
  readonly hubPerDay: number
  /** Where customers type their codes and have their passkeys; absent: at what the hub is called. */
  readonly customerOrigin?: string
}

export type WebhookOptions = {
  readonly outbound: Outbound
  /** A try takes no longer, milliseconds. */
  readonly timeoutMs: number
  /** Steps of payments a second, from which on telling them steps back behind making them. */
  readonly stepBackAt: number
  /** Of the waits between tries; 1 outside a sandbox. */
  readonly timerScale: number
  /** Where all events are published too. */
  readonly streams: readonly { readonly reader: StreamDeps['reader']; readonly sink: Sink }[]
}

export type FileOptions = {
  readonly store: FileStore
  /** What is done with them; absent: they are kept. */
  readonly settling?: {
    /** Where archives of raw rows are kept, and where the match spills to. */
    readonly folder: string
    readonly everyMs: number
    readonly threads: number
    readonly memoryMb: number
    readonly tolerancePaise: bigint
    /** Where files for NPCI are handed over. */
    readonly deliver: Deliver
    /** Where NPCI can be asked what became of their rows. */
    readonly askAnswers?: AskAnswers
    /** Where a core banking system puts its rows of each cycle. */
    readonly coreDir?: string
    /** Of the database, for runs in processes of their own; absent: they are carried out in this one. */
    readonly url?: string
    /** For crash tests: where such a run kills this process and itself. */
    readonly crashAt?: CrashAt
  }
  /** The folder that files are put into, and how often it is looked at. */
  readonly inbox: string
  readonly everyMs: number
  /** How files lie; absent: as what ships. */
  readonly layouts?: Layouts
  /** Where large raw files are proved; absent: in this process. */
  readonly proofs?: ProofProcesses
  readonly pgp?: PgpKeys
}

export type RiskSettings = {
  /** False: nobody judges, and credits are not looked at. */
  readonly on: boolean
  /** An engine elsewhere, asked beside the tenants' own rules; the strictest of all holds. */
  readonly outside?: RiskPort
  readonly budgetMs: number
  /** What a payment gets that could not be judged in time. */
  readonly onFailure: Verdict
}
const rulesOnly: RiskSettings = { on: true, budgetMs: 50, onFailure: 'allow' }

export type Hub = {
  readonly room: PaymentRoom
  readonly rail: Rail
  /** How much of its net debit cap each bank has used. */
  readonly gauge: Gauge
  /** What disputes need: for whoever takes a cycle's reports into the books. */
  readonly disputes: DisputeDeps & AskDeps
  /** What the HTTP server needs. */
  readonly http: ServerDeps
  /** Opens the links, takes up what the last run left. */
  start(): Promise<void>
  /** Resolves when a payment would be sent at once, or when `withinMs` are over: payments are then held until a link is up. */
  sending(withinMs: number): Promise<boolean>
  /** No new payments; resolves when those under way are final or `withinMs` are over. What is left is asked about after the restart. */
  drain(withinMs: number): Promise<void>
  /** Logs off, closes the links, and waits for the commits that run. */
  close(): Promise<void>
}

export function createHub(options: HubOptions): Hub {
  const { profile, db, readDb, clock, random, log, vault } = options
  const approvalIds = createPaymentIds(clock, random)
  let draining = false
  const ofTenant: AsTenant = (tenantId, run) => asTenant(readDb, tenantId, run)

  const riskSettings = options.risk ?? rulesOnly
  const engine = createRuleEngine({ clock, log, vault, db })
  const { outside, budgetMs, onFailure } = riskSettings
  const assess = strictestOf(
    [engine.port, ...(outside === undefined ? [] : [outside])].map((port) =>
      createRiskCheck({
        clock,
        log,
        port,
        budgetMs,
        onFailure,
        onAssessed: (assessed, seconds) => metrics.assessed(assessed, seconds),
      }),
    ),
  )
  const gauge = createGauge({
    db: readDb,
    clock,
    log,
    cycles: profile.cycles,
    institutions: profile.institutions.map(({ code }) => code),
    holder: options.holder,
  })
  const startedAt = clock.now()
  const today = createToday({ db: readDb, clock, log })
  const { files } = options
  const crash = options.crashPoint === undefined ? {} : { crashPoint: options.crashPoint }
  const intake: IntakeDeps | undefined = files && {
    db: readDb,
    clock,
    random,
    vault,
    store: files.store,
    institutions: profile.institutions,
    cycles: profile.cycles,
    note: (tx, act) => writeActs(tx, [act]),
    ...(files.pgp === undefined ? {} : { pgp: files.pgp }),
    ...(files.layouts === undefined ? {} : { layouts: files.layouts }),
    ...(files.proofs === undefined ? {} : { proveRaw: files.proofs.prove }),
    ...crash,
  }
  const feed = createFeed(clock, (ids: readonly PaymentId[]) => findPayments(readDb, vault, ids))
  const linkFeed: LinkFeed = createFeed(clock, (ids: readonly PaymentLinkId[]) => findLinks(readDb, vault, ids))
  const traced = options.tracing && tracePayments(options.tracing)
  const room = createPaymentRoom({
    db,
    ...(options.promptDb === undefined ? {} : { promptDb: options.promptDb }),
    clock,
    vault,
    paymentIds: createPaymentIds(clock, random),
    rrn: { hourKey, makeRrn },
    limits: profile.limits,
    institutions: profile.institutions,
    severalAccountsCode: profile.xml.severalAccountsCode,
    linkFor: (institution) => rail.linkFor(institution),
    stopOf: (institution) => gauge.stop(institution),
    onSent(payments) {
      traced?.sent(payments)
      rail.onSent(payments)
    },
    onMoved(payment, event) {
      traced?.moved(payment)
      feed.moved(payment)
      webhooks?.poke()
      metrics.moved(payment, event)
      today.moved(payment.id)
      if (riskSettings.on) engine.watch(payment)
    },
    onLinkMoved(link) {
      linkFeed.moved(link)
      webhooks?.poke()
    },
    onBatch: (door, size) => metrics.batch(door, size),
    ...crash,
    ...(traced === undefined ? {} : { watch: traced.watch }),
    maxBatch: options.batch.size,
    partitions: options.batch.partitions,
    ...(options.batch.gatherMs === undefined ? {} : { gatherMs: options.batch.gatherMs }),
    maxWaiting: options.maxWaiting,
    maxHeld: options.maxHeld,
    heldMs: profile.timers.heldMs,
    ...(options.approvalMs === undefined ? {} : { approvalMs: options.approvalMs }),
  })
  const directory = createBankDirectory(profile, options.ifscList)
  const rail: Rail = createRail({
    db: options.railDb,
    clock,
    random,
    dial: options.dial,
    ...(options.custody === undefined ? {} : { custody: options.custody }),
    ...(options.xml === undefined ? {} : { xml: options.xml }),
    profile,
    paymentRoom: room,
    log,
    holder: options.holder,
    onProviders: (members) => {
      keepMembers(options.railDb, directory, members, clock.now()).catch((error: unknown) =>
        log.warn({ err: error }, "NPCI's list of members is not kept; the next one will be"),
      )
    },
    onComplaint: (transactionId, answer) => {
      heardOfComplaint(complaints, transactionId, answer).catch((error: unknown) =>
        log.warn({ err: error }, 'what NPCI says of a complaint is not written down; it is asked again'),
      )
    },
    options: {
      maxInflight: options.maxInFlight,
      verificationsPerSecond: options.verificationsPerSecond,
      ...options.rail,
    },
  })
  const uploadBytesDeps = {
    vault,
    clock,
    codeOf: (institution: string) =>
      must(
        profile.institutions.find(({ code }) => code === institution),
        'institution',
      ).bank3,
    codeOfNbin: createBankCodes(profile, directory).ofNbin,
    ...(files?.layouts === undefined ? {} : { layouts: files.layouts }),
  }
  const complaints: ComplaintDeps = {
    db: readDb,
    clock,
    log,
    newId: () => paymentKey(approvalIds(laneOf(0))),
    bank3Of(institution) {
      const bank = profile.institutions.find(({ code }) => code === institution)
      return bank !== undefined && wireOf(profile, bank, 'outward') === 'xml' ? bank.bank3 : undefined
    },
    xmlLink: profile.xml.id,
    noComplaintCode: profile.xml.noComplaintCode,
    takeOut: (tx, uploadId, rowId) => takeOutOfWaiting(uploadBytesDeps, tx, uploadId, rowId),
    complain: rail.complain,
    checkComplaint: rail.checkComplaint,
  }
  const nbinOf = createNbinOf(profile.institutions, directory)
  const disputes: DisputeDeps & AskDeps = {
    db: readDb,
    room,
    clock,
    rules: profile.disputeRules,
    newId: () => paymentKey(approvalIds(laneOf(0))),
    openBreak: (tx, found) => openDisputeBreak(tx, found, breakTypes[found.type].action, clock.now()),
    queue: createQueue({ vault, clock, nbinOf }),
    ...crash,
  }
  const settling =
    files?.settling === undefined
      ? undefined
      : createSettling({
          db: readDb,
          clock,
          log,
          vault,
          profile,
          directory,
          room,
          store: files.store,
          ...(files.layouts === undefined ? {} : { layouts: files.layouts }),
          disputes,
          newId: () => approvalIds(laneOf(0)).slice(4),
          ...files.settling,
          ...crash,
        })
  const links = (): LinkStatus[] =>
    rail.status().links.map(({ id, role, state, epoch, inflight, verifying }) => ({
      id,
      role,
      state,
      usable: state === 'loggedOn' && epoch !== null,
      inFlight: inflight + verifying,
    }))
  const admission = createAdmission(clock, options.admission ?? noLimits)
  const certificates = (): readonly Ending[] => [
    ...(options.xml?.certificates?.() ?? []),
    ...(options.certificates?.() ?? []),
  ]
  const metrics = (options.createMetrics ?? (() => uncounted))({
    clock,
    directory,
    overrides: profile.responseCodes,
    links,
    linkCounters: () => rail.status().links,
    certificates,
    waiting: () => ({
      initiate: room.doors.initiate.waiting(),
      record: room.doors.record.waiting(),
      receive: room.doors.receive.waiting(),
    }),
    countOpen: () => countOpen(readDb),
    countSettlement: async () => ({
      duties: await countDuties(readDb, clock.now()),
      faults: await countFaults(readDb),
    }),
    admission: admission.state,
  })

  const view: ViewSettings = {
    heldMs: profile.timers.heldMs,
    approvalMs: room.approvalMs,
    authenticationMs: room.authenticationMs,
    answerMs: (link) => (link === profile.xml.id ? profile.xml.responseMs : profile.timers.responseMs),
    overrides: profile.responseCodes,
    severalAccountsCode: profile.xml.severalAccountsCode,
  }
  const describe = createDescribe({
    findPayments: (ids) => findPayments(readDb, vault, ids),
    findEvents: (ids) => findEvents(readDb, ids),
    findLinkEvents: (refs) => findLinkEvents(readDb, vault, refs),
    findSettlementEvents: (refs) => findSettlementEvents(readDb, refs),
    origin: () => options.origins?.()[0],
    view,
  })
  let streams: readonly { readonly stop: () => Promise<void> }[] = []
  const webhooks =
    options.webhooks === undefined
      ? undefined
      : createWebhooks({
          db: readDb,
          clock,
          random,
          log,
          vault,
          ...options.webhooks,
          describe,
          newId: () => paymentKey(approvalIds(laneOf(0))),
          holder: options.holder,
          onTried: metrics.webhookTried,
          ...(traced === undefined ? {} : { watch: traced.webhook }),
          noteGone: (tx, endpoint) => writeActs(tx, [actOfGone(endpoint, clock.now())]),
        })
  const enquiries: EnquiryDeps = {
    db: readDb,
    vault,
    clock,
    names: options.names ?? defaultNamePolicy,
    enquire: (question) => rail.enquire(question),
  }
  const door1 = (request: InitiateRequest): Promise<InitiateResult> =>
    riskSettings.on
      ? initiateAssessed(
          {
            assess,
            flag: engine.flag,
            replay: (earlier) => replay(readDb, vault, earlier),
            initiate: (judged) => initiate(room, judged),
          },
          request,
        )
      : initiate(room, request)
  const clients = createClients({ clock, db: readDb, staticKeys: options.apiKeys })
  const tokens = createTokens({
    clock,
    db: readDb,
    asTenant: ofTenant,
    clients,
    noted: (tx, act) => writeActs(tx, [actOfToken(act, clock.now())]),
    nonces: options.dpopNonces ?? 'required',
  })
  // Three of the four threads that Node has: one is left for files and names. Who floods the sign-in of people, where anybody may try,
  // has one of them, and customers prove their payments with the others.
  const hashing = createHashing({ atOnce: 2 })
  const people = createPeople({
    clock,
    db: readDb,
    vault,
    asTenant: ofTenant,
    note: (tx, act) => writeActs(tx, [act]),
    origins: options.origins ?? (() => []),
    hashing: createHashing({ atOnce: 1 }),
  })
  const changes = createChanges({
    clock,
    vault,
    asTenant: ofTenant,
    newId: () => paymentKey(approvalIds(laneOf(0))),
    approvalMs: room.approvalMs,
    make: {
      limits: makeLimitChange(() => clock.now()),
      client: makeClientChange(() => clock.now()),
      person: makePersonChange(people),
      beneficiary: makeBeneficiaryChange(vault, () => clock.now()),
      break: makeBreakResolution(() => clock.now()),
      upload: makeUploadRelease(() => clock.now()),
      compensation: makeCompensationPayment(() => clock.now()),
      fee_rate: makeFeeRates(() => clock.now()),
    },
    turnDown: { upload: makeUploadRejection({ vault, clock }) },
  })
  const decideDeps: DecideDeps = {
    room,
    asTenant: ofTenant,
    changes,
    noted: (tx, ballot, approval, outcome) => writeActs(tx, [actOfVote(ballot, approval, outcome, clock.now())]),
  }
  const origins = options.origins ?? (() => [])
  const messages: MessageOptions = options.messages ?? { messenger: noMessenger, perDay: 0, hubPerDay: 0 }
  const { customerOrigin } = messages
  const coreDir = files?.settling?.coreDir
  const ledgerProof = { db: readDb, cycles: profile.cycles, log, ...(coreDir === undefined ? {} : { coreDir }) }
  const proving = {
    vault,
    clock,
    asTenant: ofTenant,
    hashing,
    relyingParty: () => relyingPartyOf(customerOrigin === undefined ? origins() : [customerOrigin]),
    messenger: messages.messenger,
    pumping: createPumping({ db: readDb, clock, vault, caps: capsOf(messages.perDay, messages.hubPerDay) }),
    ...(customerOrigin === undefined ? {} : { codeOrigin: customerOrigin }),
    unsent: (why: string) => log.warn({ why }, 'a message to a customer did not go out'),
  }
  const authenticating: AuthenticateDeps = {
    ...proving,
    room,
    asTenantAtOnce: (tenantId, run) => asTenantAtOnce(room.promptDb, tenantId, run),
    noted: (tx, asked, act) => writeActs(tx, [actOfAuthentication(asked, act, clock.now())]),
  }
  const signIn: SignInDeps = {
    ...proving,
    db: readDb,
    tries: people.tries,
    ceremonies: people.ceremonies,
    note: (tx, act) => writeActs(tx, [act]),
  }
  let stopLapsing: Cancel = () => undefined
  let stopWatching: Cancel = () => undefined
  const ping = async (): Promise<void> => {
    await readDb`select 1`
  }
  let stopGauge: () => Promise<void> = async () => undefined
  let stopToday: () => Promise<void> = async () => undefined
  let stopInbox: () => Promise<void> = async () => undefined
  let stopSettling: () => Promise<void> = async () => undefined
  let stopSweeping: () => Promise<void> = async () => undefined
  let stopProving: () => Promise<void> = async () => undefined
  let stopExpiring: () => Promise<void> = async () => undefined
  let stopSealing: () => Promise<void> = async () => undefined

  return {
    room,
    rail,
    gauge,
    disputes,
    http: {
      ...(options.tracing === undefined ? {} : { tracing: options.tracing }),
      gauge,
      disputes,
      reporting: ledgerProof,
      complaints,
      explaining: {
        db: readDb,
        vault,
        clock,
        cycles: profile.cycles,
        asTenant: ofTenant,
        nbinOf,
        findFileLines: settling?.findFileLines ?? reportStory(readDb),
      },
      ...(settling === undefined
        ? {}
        : {
            matching: {
              clock,
              cycles: profile.cycles,
              begin: async (request) =>
                beginMatch(settling.match, {
                  ...request,
                  tenantId: await tenantOfInstitution(readDb, request.institution),
                }),
            },
          }),
      ...(intake === undefined
        ? {}
        : {
            intake: {
              clock,
              cycles: profile.cycles,
              take: (arrival) => takeFile(intake, arrival),
              giveBack: (file, act) => giveBack(intake, file, act),
            },
          }),
      certificates,
      about: {
        ...(options.about ?? { version: 'unknown', node: 'unknown', keyStore: 'file' }),
        startedAt,
      },
      async describeMessages(payment) {
        const kept =
          payment.direction === 'outward'
            ? undefined
            : await ofTenant(payment.tenantId, (tx) => findAnswer(tx, vault, payment))
        return rail.describe(payment, kept)
      },
      ...enquiries,
      random,
      log,
      feed,
      linkFeed,
      findPayableLink: (token) => findLinkByToken(readDb, vault, token),
      walletPath: '/wallet',
      clients,
      tokens,
      ...(options.tls === undefined ? {} : { tls: options.tls }),
      ...(options.trustedProxies === undefined ? {} : { trustedProxies: options.trustedProxies }),
      origins,
      payers: createPayers({ clock, asTenant: ofTenant }),
      enrolment: { ...proving, issuer: 'Turant' },
      wallets: createWalletSessions({ clock, db: readDb }),
      signIn,
      beginAuthentication: (asking, kind) => begin(authenticating, asking, kind),
      submitAuthentication: (asking, answers) => submit(authenticating, asking, answers),
      ...(messages.box === undefined ? {} : { messageBox: messages.box }),
      admission,
      people,
      asTenant: ofTenant,
      view,
      ...(webhooks === undefined ? {} : { webhooks }),
      draining: () => draining,
      linkBehind: async (to) => (await room.virtualAccounts.resolve([to]))[0]?.linkId,
      async carriesMobile(from) {
        const institution = (await room.directory.institutionsOf([from])).get(from)
        const bank = profile.institutions.find(({ code }) => code === institution)
        return institution === undefined || wireOf(profile, bank, 'outward') === 'xml'
      },
      initiate: door1,
      forgetRisk: engine.forget,
      replay: (request) => replay(readDb, vault, request),
      initiateVerified: (request) => initiateVerified({ ...enquiries, limits: room.limits, initiate: door1 }, request),
      decide: (ballot) => decide(decideDeps, ballot),
      changes,
      note: (tx, act) => writeActs(tx, [act]),
      cancel: (payment) => record(room, payment, { kind: 'cancelled' }),
      verify: (payment) => rail.verifyNow(payment),
      findPayment: (tenantId: number, id: PaymentId) =>
        ofTenant(tenantId, (tx) => findPayment(tx, vault, tenantId, id)),
      findEvents: (tenantId, ids) => ofTenant(tenantId, (tx) => findEvents(tx, ids)),
      findVerifications: (tenantId, ids) => ofTenant(tenantId, (tx) => findVerifications(tx, ids)),
      listPayments: (tenantId, filters, before, limit) =>
        ofTenant(tenantId, (tx) => listPayments(tx, vault, tenantId, filters, before, limit)),
      institutions: profile.institutions,
      sandbox: options.sandbox,
      directory,
      ...(options.ifscList === undefined ? {} : { ifscList: options.ifscList }),
      links,
      today,
      linkHealth: () =>
        rail
          .status()
          .links.flatMap(({ id, since, lastEchoAt }) =>
            links().flatMap((link) => (link.id === id ? [{ ...link, since, lastEchoAt }] : [])),
          ),
      sending: () => rail.status().sending,
      pingDatabase: ping,
      metrics,
      ...(options.simulator === undefined ? {} : { simulator: options.simulator }),
    },
    async start() {
      await ensureChart(db, clock.now())
      directory.replace(await loadMembers(readDb))
      if (riskSettings.on) await engine.warm()
      if (options.positionMs !== undefined) stopGauge = gauge.start(options.positionMs)
      if (options.todayMs !== undefined) stopToday = today.start(options.todayMs)
      if (options.disputeMs !== undefined) {
        stopProving = startProving({ ...ledgerProof, clock }, PROVE_MS)
        const stopDisputes = startSweepingDisputes(disputes, log, options.disputeMs)
        const stopComplaints = repeat(clock, options.disputeMs, async () => {
          await sweepComplaints(complaints).catch((error: unknown) =>
            log.warn({ err: error }, 'open complaints cannot be asked about now'),
          )
        })
        stopSweeping = async () => {
          await Promise.all([stopDisputes(), stopComplaints()])
        }
      }
      rail.start()
      webhooks?.start()
      const { holder } = options
      streams = (options.webhooks?.streams ?? []).map((to) =>
        startStream({ db: readDb, clock, log, describe, holder, ...to }),
      )
      if (intake !== undefined && files !== undefined) {
        await removeLeftOver(readDb, intake.store)
        const forget = async (): Promise<void> => {
          await forgetRefused(readDb, intake.store, clock.now())
        }
        await forget()
        const stopLooking = [
          repeat(clock, FORGET_MS, () =>
            forget().catch((error: unknown) => log.error({ err: error }, 'old refused files are not removed yet')),
          ),
          watchInbox({ clock, log }, openInbox(intake, files.inbox), files.everyMs),
          watchGaps(
            { db: readDb, cycles: profile.cycles, clock, log },
            profile.institutions.map(({ code }) => code),
          ),
        ]
        stopInbox = async () => {
          await Promise.all(stopLooking.map((stop) => stop()))
        }
      }
      if (settling !== undefined && files?.settling !== undefined) {
        const banks = profile.institutions.map(({ code }) => code)
        stopSettling = startSettling(settling.pipeline, banks, files.settling.everyMs).stop
      }
      if (options.audit !== undefined) stopSealing = keepAudit({ db: readDb, clock, log, ...options.audit }).stop
      if (options.loopMs !== undefined) {
        const doors = (): number => room.doors.initiate.waiting() / options.maxWaiting
        stopWatching = watchStrain({ clock, loopMs: options.loopMs, ping, doors }, admission.sample)
      }
      stopExpiring = repeat(clock, EXPIRE_MS, async () => {
        const told = await tellExpired(readDb, vault, clock.now()).catch((error: unknown) => {
          log.warn({ err: error }, 'links whose time is over are not told of yet')
          return []
        })
        for (const link of told) linkFeed.moved(link)
      })
      stopLapsing = startLapsing(room, LAPSE_MS, () => Promise.all([forgetEnded(db, clock.now()), people.sweep()]))
    },
    async sending(withinMs) {
      const until = clock.monotonicMs() + withinMs
      while (!rail.status().sending && clock.monotonicMs() < until) await sleep(clock, SENDING_POLL_MS)
      return rail.status().sending
    },
    async drain(withinMs) {
      draining = true
      await rail.drain(withinMs)
      await room.idle()
      await engine.idle()
    },
    async close() {
      draining = true
      stopLapsing()
      await files?.proofs?.stop()
      const webhooksEnded = Promise.all([webhooks?.stop(), ...streams.map((stream) => stream.stop())])
      await stopInbox()
      await settling?.stop()
      await stopSettling()
      await stopGauge()
      await stopToday()
      await stopSweeping()
      await stopProving()
      await stopExpiring()
      stopWatching()
      await rail.drain(0)
      await room.idle()
      await engine.idle()
      await webhooksEnded
      await stopSealing()
    },
  }
}

/** A vote, as the audit chain keeps it: with the digest of what it was about. */
const actOfVote = (
  { tenantId, vote, verdict, requestId, address }: Ballot,
  approval: Approval,
  outcome: string,
  at: number,
): Act => ({
  tenantId,
  at,
  actor: { kind: vote.voter.startsWith('usr_') ? 'person' : 'client', id: vote.voter },
  action: `approval.${verdict}`,
  subject: `apr_${approval.id}`,
  outcome: 'done',
  detail: { about: approval.subject.id, digest: approval.digest, outcome },
  requestId,
  address,
})

async function forgetEnded(db: Db, now: number): Promise<void> {
  await forgetSeen(db, now)
  await forgetCounts(db, now)
  await forgetWalletSessions(db, now)
  await forgetTokens(db, now, Math.floor(now / NONCE_PERIOD_MS))
}

/** A customer's factors, as the audit chain keeps them: which, over what, and whether they were right. */
const actOfAuthentication = (
  { tenantId, paymentId, actor, requestId, address }: Asking,
  { action, detail }: Parameters<AuthenticateDeps['noted']>[2],
  at: number,
): Act => ({
  tenantId,
  at,
  actor: { kind: actor.kind, id: actor.id },
  action,
  subject: paymentId,
  outcome: action === 'authentication.done' ? 'done' : 'refused',
  detail,
  requestId,
  address,
})

/** A receiver's 410, as the audit chain keeps it. */
const actOfGone = ({ tenantId, id }: Endpoint, at: number): Act => ({
  tenantId,
  at,
  actor: { kind: 'hub', id: 'hub' },
  action: 'webhook_endpoint.gone',
  subject: id,
  outcome: 'done',
  detail: {},
  requestId: null,
  address: null,
})

const SENDING_POLL_MS = 10

/** Kept first, then used: what a restart would know is what is known now. */
async function keepMembers(db: Db, directory: BankDirectory, members: readonly Provider[], now: number): Promise<void> {
  if ((await saveMembers(db, members, now)) > 0) directory.replace(await loadMembers(db))
}
/** How often payments are looked for that nobody approved in time. */
const LAPSE_MS = 60_000
/** How often payment links are looked for whose time is over. */
const EXPIRE_MS = 5_000
/** How often refused files are looked for that have been kept long enough. */
const FORGET_MS = 3_600_000
/** How often is looked whether a day is over whose ledger is to be proved. */
const PROVE_MS = 900_000

const uncounted: Metrics = {
  moved: () => undefined,
  batch: () => undefined,
  request: () => undefined,
  assessed: () => undefined,
  webhookTried: () => undefined,
  print: async () => '',
}

/** Payments whose outcome is open: each has a hold, sent or not, waiting for its answer or for its next verification. */
async function countOpen(db: Db): Promise<OpenPayments> {
  const [row] = await db<OpenPayments[]>`
    select count(*) filter (where sent_at is null)::int as held,
           count(*) filter (where sent_at is not null and due_at is null)::int as sent,
           count(*) filter (where sent_at is not null and due_at is not null)::int as unconfirmed
    from hold`
  return row ?? { held: 0, sent: 0, unconfirmed: 0 }
}
