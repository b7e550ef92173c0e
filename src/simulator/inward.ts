import type { Cancel } from '../base/clock.ts'
import { must, parseAccountNumber } from '../base/identifiers.ts'
import type { Paise } from '../base/money.ts'
import type { Beneficiary, Remitter } from '../base/party.ts'
import { between } from '../base/random.ts'
import { scaleTimers, type WireKind, type WireProfile } from '../imps/profile.ts'
import type { FundTransferRequest, FundTransferResponse, VerificationResponse } from '../imps/rail-message.ts'
import { classify } from '../imps/response-codes.ts'
import { makeRrn, STANS_PER_HOUR, stanOfRrn } from '../imps/rrn.ts'
import type { BankNumbers } from './bank-numbers.ts'
import type { Wire } from './faults.ts'
import type { EntryId, Journal, Stand } from './journal.ts'
import { BENEFICIARY_WAIT_MS } from './outcomes.ts'
import { type Caller, detailsOf, type Forwarded } from './outward.ts'
import type { Violations } from './violations.ts'

/** A payment that a customer of another bank makes to one of the hub's. */
export type InwardOrder = {
  readonly amountPaise: Paise
  readonly to: Beneficiary
  readonly from?: Remitter
  readonly remarks?: string
  /** Copies of the original: one at once, the others after the answer. All must be answered with the same bytes. */
  readonly duplicates?: number
  /** Sends the original once more so long after the first, protocol milliseconds, whatever came of it and on whatever link there is then. */
  readonly repeatAfterMs?: number
  /** Asks about the payment before it is sent; the hub should say 91. */
  readonly verificationFirst?: boolean
}

export type InwardVerdict = 'approved' | 'declined' | 'deemed' | 'unresolved'

export type InwardResult = {
  readonly rrn: string
  readonly remitterBank: string
  readonly verdict: InwardVerdict
  readonly responseCode: string | null
  readonly registeredName: string | null
  /** What settled it. */
  readonly by: 'answer' | 'verification' | 'nothing'
  readonly tookMs: number
}

export type InwardSent = { readonly rrn: string; readonly remitterBank: string }

/** A message to the hub, ready to leave; to be sent any number of times. */
export type Parcel = {
  readonly bytes: Uint8Array
  /** Where on the hub's server; nothing on a link. */
  readonly path?: string
}

/** One wire on which the hub is reached as beneficiary bank. */
export interface Way {
  readonly wire: WireKind
  /** Where to send now: a logged-on link, each in turn, or the hub's callback; undefined when nothing leads to the hub. */
  exit(): Exit | undefined
  /** What this wire needs to know of a payment and the others do not. */
  prepare(request: FundTransferRequest): FundTransferRequest
  /** The same request gives the same bytes. @throws {EncodeError | XmlError} for what this wire cannot carry */
  original(request: FundTransferRequest): Parcel
  verification(request: FundTransferRequest): Parcel
  /** An original that came from another bank of the hub, on its way to the beneficiary; undefined when this wire cannot carry it. */
  forwarded(request: FundTransferRequest, from: Caller): Parcel | undefined
}

export interface Exit {
  /** `refused` is told when the hub says at once that it did not take the message; a link has no such word. */
  send(parcel: Parcel, refused: () => void): void
}

export type InwardOptions = {
  readonly wire: Wire
  /** With protocol times, not yet scaled. */
  readonly profile: WireProfile
  readonly journal: Journal
  readonly violations: Violations
  readonly numbers: BankNumbers
  /** How the bank of this beneficiary is reached. */
  readonly wayTo: (beneficiary: Beneficiary) => Way
}

/** The switch as the hub's beneficiary side meets it, with the remitter banks behind it: originals out, answers in. */
export interface Inward {
  /** Sends an original; undefined when no link is logged on or too many wait. `done` is called once, when it is settled or given up. */
  send(order: InwardOrder, done: (result: InwardResult) => void): InwardSent | undefined
  forward(
    request: FundTransferRequest,
    from: Caller,
    told: { inTime(forwarded: Forwarded): void; late(forwarded: Forwarded): void },
  ): boolean
  /** @param bytes what the answer says, to be compared with what a repeated one says */
  answered(wire: WireKind, bytes: Uint8Array, answer: FundTransferResponse): void
  verified(answer: VerificationResponse): void
  /** How many wait for an answer. */
  pending(): number
  /** Stops waiting for all of them. */
  clear(): void
}

/** Banks that exist nowhere else; a number that no institution of the hub has. @source protocol.md §1.4, DE 32 */
export const remitterBanks: readonly string[] = [
  '600001',
  '600002',
  '600003',
  '600004',
  '600005',
  '600006',
  '600007',
  '600008',
]
const nobody = () => undefined
const MOST_PENDING = 200_000
const LATE_ANSWERS_MS = 600_000
/** Format error. @source protocol.md §4 */
const UNREADABLE = '30'

type Waiting = {
  readonly id: EntryId
  readonly way: Way
  readonly request: FundTransferRequest
  readonly sentAt: number
  cancel: Cancel
  readonly done: ((result: InwardResult) => void) | undefined
  readonly told: { inTime(forwarded: Forwarded): void; late(forwarded: Forwarded): void } | undefined
  duplicates: number
  /** The hub answered RC 30: the bytes were damaged on the way. */
  unreadable: boolean
}

const standOf = {
  approved: 'approved',
  declined: 'declined',
  deemed: 'deemed',
  unresolved: 'silent',
} as const satisfies {
  [V in InwardVerdict]: Stand
}

const defaultRemitter: Remitter = { name: 'SUNITA RAO', account: must(parseAccountNumber('10987654321'), 'account') }

export function createInward(options: InwardOptions): Inward {
  const { wire, journal, violations } = options
  const { clock, random, timerScale } = wire
  const { timers, responseCodes } = scaleTimers(options.profile, timerScale)
  const lastOfFirst = timers.verifyAtMs.at(-1) ?? 0
  const verifyAtMs = [...timers.verifyAtMs, ...timers.thenMs.map((ms) => lastOfFirst + ms)]
  const waiting = new Map<string, Waiting>()
  // Serials start anywhere, so that a simulator that is started again within the hour does not repeat the last one's.
  const serials = remitterBanks.map(() => between(random, 0, STANS_PER_HOUR - 1))
  let turn = 0

  const keyOf = ({ rrn, remitterBank }: { rrn: string; remitterBank: string }): string => remitterBank + rrn

  const nextReference = () => {
    turn = (turn + 1) % remitterBanks.length
    const serial = serials[turn]!
    serials[turn] = (serial + 1) % STANS_PER_HOUR
    const rrn = makeRrn(clock.now(), serial)
    return { rrn, stan: stanOfRrn(rrn), remitterBank: remitterBanks[turn]! }
  }

  const settle = (
    one: Waiting,
    verdict: InwardVerdict,
    by: InwardResult['by'],
    answer?: FundTransferResponse | VerificationResponse,
  ) => {
    const { rrn, remitterBank } = one.request
    one.cancel()
    waiting.delete(keyOf(one.request))
    journal.rule(one.id, standOf[verdict], `by ${by}`, answer?.responseCode, verdict === 'approved')
    one.done?.({
      rrn,
      remitterBank,
      verdict,
      responseCode: answer?.responseCode ?? null,
      registeredName: answer?.registeredName ?? null,
      by,
      tookMs: clock.monotonicMs() - one.sentAt,
    })
  }

  /** Asks at each time of the schedule, then gives up: the files decide. */
  const askLater = (one: Waiting, stage: number) => {
    const at = verifyAtMs[stage]
    if (at === undefined) {
      settle(one, 'unresolved', 'nothing')
      return
    }
    one.cancel = clock.after(Math.max(0, one.sentAt + at - clock.monotonicMs()), () => {
      const exit = one.way.exit()
      if (exit !== undefined) sendVerification(one, exit)
      askLater(one, stage + 1)
    })
  }

  const sendVerification = (one: Waiting, exit: Exit) => {
    journal.count(one.id, 'verifications')
    exit.send(one.way.verification(one.request), nobody)
  }

  const sendOriginal = (one: Waiting, exit: Exit, parcel: Parcel) => {
    journal.count(one.id, 'originals')
    exit.send(parcel, () => notTaken(one))
  }

  const sendDuplicates = (one: Waiting, count: number) => {
    const exit = one.way.exit()
    if (exit === undefined || count === 0) return
    one.duplicates -= count
    const parcel = one.way.original(one.request)
    for (let copy = 0; copy < count; copy += 1) sendOriginal(one, exit, parcel)
  }

  const differs = (answer: FundTransferResponse | VerificationResponse, id: EntryId): boolean => {
    const { amountPaise } = answer
    if (amountPaise === undefined || Number(amountPaise) === journal.amountPaise(id)) return false
    violations.report('answer_for_another_amount', clock.now(), answer.rrn)
    return true
  }

  /** Takes what comes after the matter was settled: a later yes counts, a yes and a no together are the hub's fault. */
  const afterwards = (
    id: EntryId,
    verdict: InwardVerdict | undefined,
    answer: FundTransferResponse | VerificationResponse,
  ) => {
    if (verdict !== 'approved' && verdict !== 'declined') return
    const stand = journal.stand(id)
    if (stand === 'silent' || (stand === 'deemed' && verdict === 'approved')) {
      journal.rule(id, verdict, 'late', answer.responseCode, verdict === 'approved')
    } else if (stand !== verdict) violations.report('verdict_contradicts', clock.now(), answer.rrn)
  }

  const verdictOf = (
    question: 'original' | 'verification',
    { responseCode, result }: FundTransferResponse | VerificationResponse,
  ): InwardVerdict | undefined => {
    const { class: meaning, action } = classify(question, responseCode, clock.now(), responseCodes, result)
    if (meaning === 'success') return 'approved'
    if (meaning === 'deemed') return 'deemed'
    return action === 'reverse' ? 'declined' : undefined
  }

  const answered: Inward['answered'] = (wireKind, bytes, answer) => {
    const id = journal.find(answer.rrn, answer.remitterBank)
    if (id === undefined || journal.counted(id, 'originals') === 0) {
      violations.report('answer_unasked', clock.now(), answer.rrn)
      return
    }
    if (differs(answer, id)) return
    journal.count(id, 'answers')
    const one = waiting.get(keyOf(answer))
    if (answer.responseCode === UNREADABLE) {
      // It speaks of the bytes and not of the payment: while another copy is under way it decides nothing.
      if (one === undefined || journal.counted(id, 'originals') > 1) return
      one.unreadable = true
    } else {
      const first = journal.firstAnswer(id)
      if (first === undefined) journal.keepAnswer(id, bytes)
      else if (Buffer.compare(first, bytes) !== 0) violations.report('answer_differs', clock.now(), answer.rrn)
    }
    const verdict = verdictOf('original', answer)
    if (one === undefined) {
      afterwards(id, verdict, answer)
      return
    }
    if (one.told !== undefined) {
      const inTime = journal.stand(id) === 'inProgress'
      settle(one, verdict ?? 'unresolved', 'answer', answer)
      const forwarded = { answer, wire: wireKind, bytes }
      if (inTime) one.told.inTime(forwarded)
      else one.told.late(forwarded)
      return
    }
    if (verdict !== undefined) settle(one, verdict, 'answer', answer)
    if (!one.unreadable) sendDuplicates(one, one.duplicates)
  }

  /** Refused as a message: the same as an answer that says the bytes could not be read. */
  const notTaken = ({ way, request }: Waiting) => {
    const { rrn, stan, remitterBank, amountPaise } = request
    answered(way.wire, Buffer.alloc(0), {
      kind: 'fundTransferResponse',
      rrn,
      stan,
      remitterBank,
      amountPaise,
      responseCode: UNREADABLE,
    })
  }

  return {
    send(order, done) {
      const way = options.wayTo(order.to)
      const exit = way.exit()
      if (exit === undefined || waiting.size >= MOST_PENDING) return undefined
      const reference = nextReference()
      const request = way.prepare({
        kind: 'fundTransferRequest',
        ...reference,
        amountPaise: order.amountPaise,
        transmittedAt: clock.now(),
        channel: 'mobile',
        remitter: { ...defaultRemitter, ...order.from },
        beneficiary: order.to,
        ...(order.remarks === undefined ? {} : { remarks: order.remarks }),
      })
      // Before anything is written down: a message the wire cannot carry is the caller's mistake.
      const parcel = way.original(request)
      const id = journal.open(request.rrn, request.remitterBank, request.amountPaise, clock.now())
      journal.describe(id, detailsOf(request, options.numbers))
      const one: Waiting = {
        id,
        way,
        request,
        sentAt: clock.monotonicMs(),
        cancel: () => undefined,
        done,
        told: undefined,
        duplicates: order.duplicates ?? 0,
        unreadable: false,
      }
      waiting.set(keyOf(request), one)
      journal.rule(id, 'inProgress', '', undefined, false)
      if (order.verificationFirst === true) {
        journal.set(id, 'verificationFirst')
        sendVerification(one, exit)
      }
      sendOriginal(one, exit, parcel)
      sendDuplicates(one, Math.min(one.duplicates, 1))
      if (order.repeatAfterMs !== undefined) {
        clock.after(order.repeatAfterMs * timerScale, () => {
          const later = way.exit()
          if (later !== undefined && !one.unreadable) sendOriginal(one, later, way.original(request))
        })
      }
      askLater(one, 0)
      return { rrn: request.rrn, remitterBank: request.remitterBank }
    },
    forward(original, from, told) {
      const way = options.wayTo(original.beneficiary)
      const exit = way.exit()
      if (exit === undefined || waiting.has(keyOf(original)) || waiting.size >= MOST_PENDING) return false
      const request = way.prepare(original)
      const parcel = way.forwarded(request, from)
      if (parcel === undefined) return false
      const id =
        journal.find(request.rrn, request.remitterBank) ??
        journal.open(request.rrn, request.remitterBank, request.amountPaise, clock.now())
      journal.describe(id, detailsOf(request, options.numbers))
      journal.set(id, 'forwarded')
      journal.rule(id, 'inProgress', 'forwarded', undefined, false)
      const one: Waiting = {
        id,
        way,
        request,
        sentAt: clock.monotonicMs(),
        cancel: () => undefined,
        done: undefined,
        told,
        duplicates: 0,
        unreadable: false,
      }
      waiting.set(keyOf(request), one)
      sendOriginal(one, exit, parcel)
      one.cancel = clock.after(BENEFICIARY_WAIT_MS * timerScale, () => {
        journal.rule(id, 'deemed', 'forwarded, no answer in time', '91', false)
        // What the hub says late still belongs into both journals.
        one.cancel = clock.after(LATE_ANSWERS_MS * timerScale, () => waiting.delete(keyOf(request)))
        told.inTime(undefined)
      })
      return true
    },
    answered,
    verified(answer) {
      const id = journal.find(answer.rrn, answer.remitterBank)
      if (id === undefined || journal.counted(id, 'verifications') === 0) {
        violations.report('answer_unasked', clock.now(), answer.rrn)
        return
      }
      if (differs(answer, id)) return
      const verdict = verdictOf('verification', answer)
      const one = waiting.get(keyOf(answer))
      if (one === undefined) afterwards(id, verdict, answer)
      // Before its original a verification is answered 91, which settles nothing while the original may still be answered.
      else if (
        verdict === 'approved' ||
        verdict === 'declined' ||
        (verdict === 'deemed' && !journal.has(id, 'verificationFirst'))
      ) {
        settle(one, verdict, 'verification', answer)
      }
    },
    pending: () => waiting.size,
    clear() {
      for (const one of [...waiting.values()]) settle(one, 'unresolved', 'nothing')
    },
  }
}
