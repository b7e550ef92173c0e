import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import type { Clock } from '../base/clock.ts'
import { type BankDirectory, bankOfIfsc, bankOfNbin } from '../imps/banks.ts'
import { nbinOfMmid } from '../imps/mmid.ts'
import type { ResponseCodeOverride } from '../imps/response-codes.ts'
import type { Ending } from '../imps/xml/key-ring.ts'
import { isFinal } from '../payment/payment.ts'
import type { Assessed } from '../payment/risk.ts'
import type { PaymentEvent, StoredPayment } from '../payment/stored.ts'
import { knownReasons } from '../risk/rules.ts'
import type { AdmissionState } from './admission.ts'
import { createHistogram } from './histogram.ts'
import type { LinkStatus } from './operations.ts'
import { outcomeOf } from './outcome.ts'
import { countSettlement, type SettlementCounts } from './settlement-metrics.ts'
import { countWebhooks } from './webhook-metrics.ts'

/** Payments whose outcome is open, as the database has them. */
export type OpenPayments = { readonly held: number; readonly sent: number; readonly unconfirmed: number }

export type MetricsDeps = {
  readonly clock: Clock
  readonly directory: BankDirectory
  readonly overrides: readonly ResponseCodeOverride[]
  readonly links: () => readonly LinkStatus[]
  /** What each link counts, by its own names. */
  readonly linkCounters: () => readonly { readonly id: string; readonly counters: Readonly<Record<string, number>> }[]
  /** When the certificates of the XML wire end. */
  readonly certificates: () => readonly Ending[]
  readonly waiting: () => { readonly initiate: number; readonly record: number; readonly receive: number }
  readonly countOpen: () => Promise<OpenPayments>
  readonly countSettlement: () => Promise<SettlementCounts>
  readonly admission: () => AdmissionState
}

export type Metrics = {
  /** The payment room's `onMoved`. */
  readonly moved: (payment: StoredPayment, event: PaymentEvent) => void
  /** The payment room's `onBatch`. */
  readonly batch: (door: string, size: number) => void
  /** One HTTP request answered. @param seconds  from its first byte to the last of the answer */
  readonly request: (route: string, status: number, seconds: number) => void
  /** One payment judged before it was taken, or not judged in time. */
  readonly assessed: (assessed: Assessed, seconds: number) => void
  /** The webhooks' `onTried`. */
  readonly webhookTried: ReturnType<typeof countWebhooks>['tried']
  /** Everything, in the text format of Prometheus. */
  readonly print: () => Promise<string>
}

const PAYMENT_BUCKETS_S = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800]
const REQUEST_BUCKETS_S = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30]
const RISK_BUCKETS_S = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1]
const BATCH_BUCKETS = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512]

const snakeCase = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

/** Counting must not cost what it counts: the hot path adds to a number, and labels are made when somebody reads. */
export function createMetrics(deps: MetricsDeps): Metrics {
  const { clock, directory, overrides } = deps
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  countSettlement(registry, deps.countSettlement)
  const webhooks = countWebhooks(registry)

  const counted = new Map<string, number>()
  const count = (direction: string, outcome: string, bank: string): void => {
    const key = `${direction}|${outcome}|${bank}`
    counted.set(key, (counted.get(key) ?? 0) + 1)
  }
  new Counter({
    name: 'turant_payments_total',
    help: 'Payments that came to an end, by outcome in the words of NPCI and by the bank on the other side.',
    labelNames: ['direction', 'outcome', 'bank'],
    registers: [registry],
    collect() {
      this.reset()
      for (const [key, value] of counted) {
        const [direction = '', outcome = '', bank = ''] = key.split('|')
        this.inc({ direction, outcome, bank }, value)
      }
    },
  })
  let unconfirmedSoFar = 0
  new Counter({
    name: 'turant_unconfirmed_total',
    help: 'Payments that went without an answer that decides, and had to be asked about.',
    registers: [registry],
    collect() {
      this.reset()
      this.inc(unconfirmedSoFar)
    },
  })
  new Gauge({
    name: 'turant_open_payments',
    help: 'Payments whose outcome is open, by state. Absent when the database cannot be asked.',
    labelNames: ['state'],
    registers: [registry],
    async collect() {
      this.reset()
      const now = await deps.countOpen().catch(() => undefined)
      if (now === undefined) return
      for (const [state, value] of Object.entries(now)) this.set({ state }, value)
    },
  })
  new Counter({
    name: 'turant_refused_requests_total',
    help: 'Requests that a limiter refused (429 or 503), by limiter.',
    labelNames: ['limiter'],
    registers: [registry],
    collect() {
      this.reset()
      for (const [limiter, value] of deps.admission().refused) this.inc({ limiter }, value)
    },
  })
  new Gauge({
    name: 'turant_load_level',
    help: '0: nothing is refused. 1: all but money is. 2: everything but health is.',
    registers: [registry],
    collect() {
      this.set({ calm: 0, busy: 1, overloaded: 2 }[deps.admission().level])
    },
  })
  new Gauge({
    name: 'turant_requests_under_way',
    help: 'Requests under way, by what they are for.',
    labelNames: ['load'],
    registers: [registry],
    collect() {
      for (const [load, value] of Object.entries(deps.admission().inFlight)) this.set({ load }, value)
    },
  })
  new Gauge({
    name: 'turant_link_up',
    help: '1 when the link to the switch is logged on and usable.',
    labelNames: ['link', 'role'],
    registers: [registry],
    collect() {
      this.reset()
      for (const { id, role, usable } of deps.links()) this.set({ link: id, role }, usable ? 1 : 0)
    },
  })
  new Gauge({
    name: 'turant_link_in_flight',
    help: 'Requests on the link that wait for an answer.',
    labelNames: ['link'],
    registers: [registry],
    collect() {
      this.reset()
      for (const link of deps.links()) this.set({ link: link.id }, link.inFlight)
    },
  })
  new Counter({
    name: 'turant_link_events_total',
    help: 'What a link counts: frames or documents, bytes, connects, Acks missing or negative, bad signatures, heartbeats missed.',
    labelNames: ['link', 'event'],
    registers: [registry],
    collect() {
      this.reset()
      for (const { id, counters } of deps.linkCounters()) {
        for (const [event, value] of Object.entries(counters)) this.inc({ link: id, event: snakeCase(event) }, value)
      }
    },
  })
  new Gauge({
    name: 'turant_certificate_days_left',
    help: 'Whole days until the certificates of the XML wire end, by what they are for; negative when over.',
    labelNames: ['use', 'subject'],
    registers: [registry],
    collect() {
      this.reset()
      for (const { whose, subject, daysLeft } of deps.certificates()) this.set({ use: whose, subject }, daysLeft)
    },
  })
  new Gauge({
    name: 'turant_door_waiting',
    help: 'Calls that wait for the next commit of a door.',
    labelNames: ['door'],
    registers: [registry],
    collect() {
      for (const [door, value] of Object.entries(deps.waiting())) this.set({ door }, value)
    },
  })
  const judged = new Map<string, number>()
  const reasons = new Map<string, number>()
  const failures = new Map<string, number>()
  const more = (counts: Map<string, number>, key: string): void => {
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  for (const [name, help, label, counts] of [
    ['turant_risk_assessments_total', 'Payments judged before they were taken.', 'verdict', judged],
    ['turant_risk_reasons_total', 'What spoke against payments.', 'reason', reasons],
    ['turant_risk_failures_total', 'Payments that could not be judged.', 'failure', failures],
  ] as const) {
    new Counter({
      name,
      help,
      labelNames: [label],
      registers: [registry],
      collect() {
        this.reset()
        for (const [key, value] of counts) this.inc({ [label]: key }, value)
      },
    })
  }
  const assessing = createHistogram('turant_risk_seconds', 'How long payments were judged.', [], RISK_BUCKETS_S)
  const assessment = assessing.of()
  const duration = createHistogram(
    'turant_payment_duration_seconds',
    'From the request to the outcome of an outward payment.',
    [],
    PAYMENT_BUCKETS_S,
  )
  const requests = createHistogram(
    'turant_http_request_duration_seconds',
    'HTTP requests by route and status.',
    ['route', 'status'],
    REQUEST_BUCKETS_S,
  )
  const batches = createHistogram('turant_batch_size', 'Calls that shared one commit.', ['door'], BATCH_BUCKETS)
  const outward = duration.of()

  /** The code of the bank on the other side, when the directory has it: so there are never more labels than banks. */
  const bankOf = ({ direction, beneficiary, remitter }: StoredPayment): string => {
    const mmid = direction === 'inward' ? remitter.mmid : beneficiary.kind === 'mmid' ? beneficiary.mmid : undefined
    const ifsc = direction === 'inward' ? remitter.ifsc : beneficiary.kind === 'account' ? beneficiary.ifsc : undefined
    const bank =
      ifsc !== undefined
        ? bankOfIfsc(directory, ifsc)
        : mmid !== undefined
          ? bankOfNbin(directory, nbinOfMmid(mmid))
          : undefined
    return bank?.code ?? 'other'
  }

  return {
    moved(payment, event) {
      if (event.state === 'unconfirmed') unconfirmedSoFar += 1
      if (!isFinal(event.state)) return
      count(payment.direction, outcomeOf(payment, clock.now(), overrides), bankOf(payment))
      if (payment.direction === 'outward') outward.observe((event.at - payment.createdAt) / 1000)
    },
    batch: (door, size) => batches.of(door).observe(size),
    assessed({ kind, reasons: said, failure }, seconds) {
      more(judged, kind)
      if (failure === undefined) for (const one of said) more(reasons, knownReasons.includes(one) ? one : 'other')
      else more(failures, failure)
      assessment.observe(seconds)
    },
    webhookTried: webhooks.tried,
    request: (route, status, seconds) => requests.of(route, String(status)).observe(seconds),
    print: async () =>
      `${await registry.metrics()}\n${assessing.print()}${duration.print()}${requests.print()}${batches.print()}${webhooks.print()}`,
  }
}
