import { hash } from 'node:crypto'
import type { Clock } from '../../src/base/clock.ts'
import {
  must,
  type PaymentId,
  parseAccountNumber,
  parseIfsc,
  parseMmid,
  parseMobile,
  parseRrn,
} from '../../src/base/identifiers.ts'
import { paise } from '../../src/base/money.ts'
import { type Beneficiary, channels } from '../../src/base/party.ts'
import { between, chance, type Random } from '../../src/base/random.ts'
import type { Hub } from '../../src/hub.ts'
import type { CustomerAccount } from '../../src/ledger/store.ts'
import type { Ballot } from '../../src/payment/approvals.ts'
import { insertEnquiry } from '../../src/payment/enquiry-store.ts'
import { oneChecker } from '../../src/payment/four-eyes.ts'
import type { InitiateRequest, InitiateResult } from '../../src/payment/initiate.ts'
import type { NameEnquiry } from '../../src/payment/name-enquiry.ts'
import type { StoredPayment } from '../../src/payment/stored.ts'
import type { InwardOrder, InwardResult } from '../../src/simulator/inward.ts'
import { outcomesByPaise } from '../../src/simulator/outcomes.ts'
import type { Simulator } from '../../src/simulator/simulator.ts'
import type { Process } from './process.ts'
import type { Trace } from './trace.ts'

/** A checker's word about a payment. */
const ballotOf = ({ id }: StoredPayment, decision: 'approved' | 'rejected'): Ballot => ({
  tenantId: 1,
  id: id.slice(4),
  verdict: decision === 'approved' ? 'approve' : 'reject',
  vote: { voter: 'usr_checker', same: ['usr_checker'], roles: ['checker'] },
  requestId: null,
  address: null,
})

/** What the callers know about one Idempotency-Key. */
export type Asked = {
  readonly key: string
  readonly request: InitiateRequest
  /** Every payment that an answer to this key named; more than one is a double payment. */
  readonly accepted: Set<PaymentId>
  readonly refusals: Set<string>
  /** The last definite answer. */
  answer: InitiateResult | undefined
  /** An answer said that it was cancelled. */
  cancelled: boolean
  /** It is to another name than the registered one, by a hub that has such payments approved. */
  readonly needsApproval: boolean
  /** Somebody approved it, or tried to and never heard; and an answer said that it was rejected. */
  approved: boolean
  rejected: boolean
  /** Steps that somebody who waited was told. */
  readonly told: { readonly version: number; readonly state: string }[]
  tries: number
  /** A repeat went unanswered, or another body took the key: what the key stands for, only the hub knows. */
  unsure: boolean
  /**
   * A try that nobody waited for any more, held up in a process that stood still, was accepted after a later one was refused. A refusal
   * answers its own request: the key was free then, and one payment is made of it at most.
   */
  landedLate: boolean
  /** How often the customer had the hub ask the switch: beside the schedule. */
  verifications: number
  /** Paid after the heal, and left alone. */
  readonly isProbe: boolean
}

/** An inward payment that some other bank's customer made. */
export type Ordered = { readonly order: InwardOrder; rrn: string | undefined; result: InwardResult | undefined }

export interface Customers {
  readonly asked: readonly Asked[]
  readonly ordered: readonly Ordered[]
  /** What the hub told them that cannot be. */
  readonly wrongs: readonly string[]
  /** True when every key has a definite answer. */
  satisfied(): boolean
  /** Pays this amount now, and leaves it alone. */
  probe(amountPaise: bigint): Asked
}

/** How long a caller waits for an answer before it asks again with the same key. */
const ANSWER_MS = 30_000
const MOST_TRIES = 200

const elsewhere: readonly Beneficiary[] = [
  {
    kind: 'account',
    ifsc: must(parseIfsc('HDFC0000123'), 'IFSC'),
    account: must(parseAccountNumber('50100123456789'), 'account'),
    name: 'Asha Devi',
  },
  {
    kind: 'account',
    ifsc: must(parseIfsc('SBIN0001234'), 'IFSC'),
    account: must(parseAccountNumber('30123456789'), 'account'),
  },
  {
    kind: 'mmid',
    mobile: must(parseMobile('9876543210'), 'mobile'),
    mmid: must(parseMmid('9229123'), 'MMID'),
  },
]

/** What the beneficiary bank said when it was asked whose account that is. */
const lookUpOf = (request: InitiateRequest, now: number): Omit<NameEnquiry, 'id'> => ({
  tenantId: request.tenantId,
  institution: 'TRN',
  accountId: request.from,
  beneficiary: request.to,
  askedName: 'Ravi Shah',
  status: 'verified',
  registeredName: 'A**A D**I',
  score: 0,
  responseCode: '00',
  transactionId: null,
  rrn: must(parseRrn('632609000123'), 'RRN'),
  createdAt: now,
})

export const addressOf = (account: CustomerAccount): Beneficiary =>
  account.mobile !== null && account.mmid !== null && account.balance % 2n === 0n
    ? { kind: 'mmid', mobile: account.mobile, mmid: account.mmid }
    : { kind: 'account', ifsc: account.ifsc, account: account.accountNumber }

export function createCustomers(options: {
  readonly clock: Clock
  readonly random: Random
  readonly trace: Trace
  readonly processes: readonly Process[]
  readonly simulator: Simulator
  readonly accounts: readonly CustomerAccount[]
  readonly payments: number
  readonly inwards: number
  readonly withinMs: number
}): Customers {
  const { clock, random, trace, processes, simulator, accounts, withinMs } = options
  const asked: Asked[] = []
  const ordered: Ordered[] = []
  const wrongs: string[] = []
  const listed = [...outcomesByPaise.keys()]

  const pick = <T>(from: readonly T[]): T => from[between(random, 0, from.length - 1)] as T

  const amount = (): bigint => {
    if (chance(random, 0.55)) return BigInt(pick(listed))
    if (chance(random, 0.04)) return 50_000_000n + BigInt(between(random, 0, 1))
    return BigInt(between(random, 1, 200_000))
  }

  const newAsked = (amountPaise: bigint, from: CustomerAccount, to: Beneficiary, isProbe = false): Asked => {
    const key = `key-${asked.length + 1}`
    const request: InitiateRequest = {
      tenantId: 1,
      idempotencyKey: key,
      bodyHash: hash('sha256', key),
      amountPaise: paise(amountPaise),
      from: from.id,
      to,
      channel: chance(random, 0.8) ? 'internet' : pick(channels),
      remarks: chance(random, 0.5) ? 'rent march' : null,
      reference: key,
      actor: null,
    }
    const one: Asked = {
      key,
      request,
      accepted: new Set(),
      refusals: new Set(),
      answer: undefined,
      cancelled: false,
      needsApproval: !isProbe && chance(random, 0.12),
      approved: false,
      rejected: false,
      told: [],
      tries: 0,
      unsure: false,
      landedLate: false,
      verifications: 0,
      isProbe,
    }
    asked.push(one)
    return one
  }

  /** A process that answers, as a load balancer finds one. */
  const serving = () => {
    const up = processes.flatMap((process) => process.hub() ?? [])
    return up.length === 0 ? undefined : pick(up)
  }

  /** One call over HTTP: an answer, a failure, or nothing if the process dies first. `late` hears what came when nobody listened any more. */
  const call = <T>(
    work: (hub: NonNullable<ReturnType<typeof serving>>['hub']) => Promise<T>,
    late: (value: T) => void = () => undefined,
  ): Promise<T> =>
    new Promise((resolve, reject) => {
      let gone = false
      const found = serving()
      if (found === undefined) {
        reject(new Error('nobody answers'))
        return
      }
      const cancel = clock.after(ANSWER_MS, () => {
        gone = true
        reject(new Error('no answer in time'))
      })
      work(found.hub).then(
        (value) => {
          cancel()
          if (gone && found.life.isAlive()) late(value)
          if (found.life.isAlive()) clock.soon(() => resolve(value))
          else reject(new Error('connection reset'))
        },
        (error: unknown) => {
          cancel()
          clock.soon(() => reject(error))
        },
      )
    })

  /** @param known  the key had an answer already when this call was made */
  const learn = (one: Asked, result: InitiateResult, known: boolean) => {
    if (result.kind === 'refused') {
      trace.note(`${one.key} refused ${result.reason}`)
      one.refusals.add(result.reason)
      if (known && !one.unsure) wrongs.push(`${one.key} was accepted, then refused (${result.reason})`)
    } else {
      trace.note(`${one.key} is ${result.payment.id} ${result.payment.state}${result.replayed ? ' (replayed)' : ''}`)
      if (known && !result.replayed) wrongs.push(`${one.key} was accepted anew after an answer`)
      one.accepted.add(result.payment.id)
    }
    one.answer = result
  }

  const tryAgain = (one: Asked, why: string) => {
    trace.note(`${one.key} unanswered: ${why}`)
    if (one.answer !== undefined || one.tries >= MOST_TRIES) return
    clock.after(between(random, 200, 5_000), () => pay(one))
  }

  /** The hub's own refusals for lack of room are not final for a caller. */
  const isDefinite = (result: InitiateResult): boolean =>
    result.kind === 'accepted' || (result.reason !== 'too_busy' && result.reason !== 'capacity_exhausted')

  /** Door 1, behind the look-up that a payment to another name has had. */
  const initiate = async (hub: Hub, one: Asked, request: InitiateRequest): Promise<InitiateResult> => {
    if (!one.needsApproval) return hub.http.initiate(request)
    const { id: enquiryId } = await insertEnquiry(hub.http.db, hub.http.vault, lookUpOf(request, clock.now()))
    return hub.http.initiate({
      ...request,
      approval: { reason: 'name_mismatch', steps: oneChecker, enquiryId, maker: 'cli_maker', makerSame: ['cli_maker'] },
    })
  }

  const pay = (one: Asked) => {
    one.tries += 1
    const known = one.accepted.size > 0
    const late = (result: InitiateResult) => {
      if (result.kind === 'accepted' && one.answer?.kind === 'refused') one.landedLate = true
    }
    call((hub) => initiate(hub, one, one.request), late).then(
      (result) => {
        learn(one, result, known)
        if (!isDefinite(result)) {
          one.answer = undefined
          tryAgain(one, 'busy')
          return
        }
        if (one.isProbe) return
        if (chance(random, 0.25)) clock.after(between(random, 0, 60_000), () => repeat(one))
        if (result.kind === 'accepted') follow(one, result.payment)
      },
      (error: unknown) => tryAgain(one, String(error)),
    )
  }

  /** The same key again, or the same key for something else. */
  const repeat = (one: Asked) => {
    const other = chance(random, 0.3)
    const known = one.accepted.size > 0
    const request = other ? { ...one.request, bodyHash: hash('sha256', `not ${one.key}`) } : one.request
    call((hub) => initiate(hub, one, request)).then(
      (result) => {
        if (!other) {
          if (isDefinite(result)) learn(one, result, known)
          return
        }
        const refused = result.kind === 'refused' && (result.reason === 'key_reused' || !isDefinite(result))
        // A key whose request was refused is still free: then another body takes it, and the first one may not.
        if (!refused && known) wrongs.push(`${one.key} was taken for another body`)
        if (!refused && result.kind === 'accepted') {
          one.unsure = true
          one.accepted.add(result.payment.id)
          one.answer = result
        }
      },
      () => {
        one.unsure = true
      },
    )
  }

  /** As `Prefer: wait` and the event stream do: what is told there must have been committed. */
  const watch = (one: Asked, payment: StoredPayment) => {
    const found = serving()
    if (found === undefined) return
    const stop = found.hub.http.feed.follow(payment, ({ version, state }) => one.told.push({ version, state }))
    clock.after(between(random, 1_000, 60_000), stop)
  }

  /** A person decides, or two at once, and not always the same. Some payments are left alone until their wait is over. */
  const decide = (one: Asked, payment: StoredPayment) => {
    const decision = chance(random, 0.7) ? 'approved' : 'rejected'
    clock.after(between(random, 0, 90_000), () => {
      if (decision === 'approved') one.approved = true
      call((hub) => hub.http.decide(ballotOf(payment, decision))).then(
        (decided) => {
          trace.note(`${one.key} ${decision}: ${decided.kind}`)
          if (decided.kind === 'unknown') wrongs.push(`${one.key} waits for approval and is not there`)
          else if (decided.kind === 'done' && decision === 'rejected') one.rejected = true
        },
        () => undefined,
      )
    })
  }

  const follow = (one: Asked, payment: StoredPayment) => {
    if (one.needsApproval) {
      if (chance(random, 0.9)) decide(one, payment)
      if (chance(random, 0.3)) decide(one, payment)
    }
    if (chance(random, 0.2)) watch(one, payment)
    if (chance(random, 0.15)) {
      clock.after(chance(random, 0.5) ? 0 : between(random, 0, 20_000), () => {
        // As the route does it: what is on its way already is not cancelled, unless it left at this very moment.
        call(async (hub) => {
          const found = await hub.http.findPayment(1, payment.id)
          return found?.state === 'held' ? hub.http.cancel(found) : undefined
        }).then(
          (recorded) => {
            if (recorded === undefined) return
            const state = recorded.kind === 'unknown' ? 'unknown' : recorded.payment.state
            trace.note(`${one.key} cancel: ${recorded.kind} ${state}`)
            if (recorded.kind === 'unknown') wrongs.push(`${one.key} was accepted and is unknown`)
            else if (recorded.kind === 'moved' && state === 'cancelled') one.cancelled = true
          },
          () => undefined,
        )
      })
    }
    if (chance(random, 0.15)) {
      clock.after(between(random, 0, 90_000), () => {
        one.verifications += 1
        call(async (hub) => {
          const found = await hub.http.findPayment(1, payment.id)
          return found === undefined ? 'unknown' : hub.http.verify(found)
        }).then(
          (said) => {
            trace.note(`${one.key} verify: ${said}`)
            if (said === 'unknown') wrongs.push(`${one.key} was accepted and is not there`)
          },
          () => undefined,
        )
      })
    }
  }

  const beneficiary = (from: CustomerAccount): Beneficiary => {
    if (!chance(random, 0.15)) return pick(elsewhere)
    const other = pick(accounts.filter((account) => account.id !== from.id))
    return addressOf(other)
  }

  for (let n = 0; n < options.payments; n += 1) {
    const from = pick(accounts)
    const one = newAsked(amount(), from, beneficiary(from))
    const at = chance(random, 0.2) ? 0 : between(random, 0, withinMs)
    clock.after(at, () => pay(one))
    // A double click: the same call twice at once, perhaps to two processes.
    if (chance(random, 0.1)) clock.after(at, () => pay(one))
  }

  for (let n = 0; n < options.inwards; n += 1) {
    const to = pick(accounts)
    const unknown = chance(random, 0.15)
    const one: Ordered = {
      order: {
        amountPaise: paise(BigInt(between(random, 1, 100_000))),
        to: unknown
          ? { kind: 'account', ifsc: to.ifsc, account: must(parseAccountNumber('70019999999999'), 'account') }
          : addressOf(to),
        ...(chance(random, 0.4) ? { duplicates: between(random, 1, 3) } : {}),
        ...(chance(random, 0.25) ? { verificationFirst: true } : {}),
      },
      rrn: undefined,
      result: undefined,
    }
    ordered.push(one)
    clock.after(between(random, 0, withinMs), () => {
      const sent = simulator.sendInward(one.order, (result) => {
        one.result = result
        trace.note(`inward ${result.rrn} ${result.verdict} by ${result.by}`)
      })
      one.rrn = sent?.rrn
      trace.note(sent === undefined ? 'inward: no link' : `inward ${sent.rrn} sent`)
    })
  }

  return {
    asked,
    ordered,
    wrongs,
    satisfied: () => asked.every((one) => one.answer !== undefined || one.tries >= MOST_TRIES),
    probe(amountPaise) {
      const one = newAsked(amountPaise, accounts[0] as CustomerAccount, elsewhere[0] as Beneficiary, true)
      pay(one)
      return one
    },
  }
}
