import type { IsoDialect } from '../imps/iso8583/dialect.ts'
import type { WireProfile } from '../imps/profile.ts'
import type { FundTransferRequest, FundTransferResponse, Reference, VerificationRequest } from '../imps/rail-message.ts'
import { strikes, type Wire } from './faults.ts'
import type { EntryId, Journal } from './journal.ts'
import type { Link } from './link.ts'
import { afterVerification, chosenOutcomes, noRoute, type Outcome, ordinary, outcomesByPaise } from './outcomes.ts'
import { registeredName } from './registered-name.ts'
import type { Violations } from './violations.ts'

/** What an own institution said about a forwarded original; undefined when it said nothing in time. */
export type Forwarded = { readonly answer: FundTransferResponse; readonly bytes: Uint8Array } | undefined

export type OutwardOptions = {
  readonly wire: Wire
  readonly dialect: IsoDialect
  readonly profile: WireProfile
  readonly journal: Journal
  readonly violations: Violations
  /** Any link that carries answers to the hub now: for those whose own link is gone. */
  readonly linkForAnswers: () => Link | undefined
  /** Hands an original to the hub as beneficiary bank; false when no link leads there. `late` comes after `inTime(undefined)`. */
  readonly forward: (
    request: FundTransferRequest,
    bytes: Uint8Array,
    told: { inTime(forwarded: Forwarded): void; late(forwarded: Forwarded): void },
  ) => boolean
}

/** The switch as the hub's remitter side meets it: originals and verifications in, answers out. */
export interface Outward {
  /** Writes down that a request was on the wire, before any fault can lose it. */
  arrived(request: FundTransferRequest | VerificationRequest): EntryId
  original(id: EntryId, link: Link, bytes: Uint8Array, request: FundTransferRequest): void
  verification(id: EntryId, link: Link, bytes: Uint8Array, request: VerificationRequest): void
  /** True when an original too broken to be judged may be answered with RC 30: nothing else was said about it before. */
  mayRefuse(answer: FundTransferResponse): boolean
}

export function createOutward(options: OutwardOptions): Outward {
  const { wire, dialect, journal, violations } = options
  const { clock, random, timerScale, dials } = wire
  const ownPrefixes = new Set(options.profile.institutions.map((one) => one.ifscPrefix))
  const ownNbins = new Set<string>(options.profile.institutions.map((one) => one.nbin))

  const isOurs = ({ beneficiary }: FundTransferRequest): boolean =>
    beneficiary.kind === 'account'
      ? ownPrefixes.has(beneficiary.ifsc.slice(0, 4))
      : ownNbins.has(beneficiary.mmid.slice(0, 4))

  const sendOn = (link: Link, bytes: Uint8Array) => (link.isOpen() ? link : options.linkForAnswers())?.send(bytes)

  const nameFor = ({ beneficiary }: FundTransferRequest | VerificationRequest): string =>
    beneficiary.kind === 'account'
      ? registeredName(beneficiary.ifsc, beneficiary.account)
      : registeredName(beneficiary.mmid, beneficiary.mobile)

  const answerTo = (bytes: Uint8Array, request: FundTransferRequest | VerificationRequest, responseCode: string) =>
    dialect.answer(
      bytes,
      request,
      responseCode === '00'
        ? { responseCode, registeredName: nameFor(request), approvalCode: request.stan }
        : { responseCode },
    )

  const outcomeFor = (request: FundTransferRequest): Outcome => {
    const { faults } = dials
    if (strikes(random, faults.deemed)) return chosenOutcomes.deemed(random.next32())
    if (strikes(random, faults.businessDecline)) return chosenOutcomes.businessDecline(random.next32())
    if (strikes(random, faults.technicalDecline)) return chosenOutcomes.technicalDecline(random.next32())
    return isOurs(request) ? noRoute : ordinary
  }

  const conclude = (id: EntryId, link: Link, bytes: Uint8Array, request: FundTransferRequest, outcome: Outcome) => {
    journal.rule(id, outcome.ruling, outcome.name, outcome.responseCode, outcome.credited)
    if (outcome.hangUp) link.hangUp()
    if (outcome.responseCode === undefined || outcome.times === 0) return
    const answer = answerTo(bytes, request, outcome.responseCode)
    journal.keepAnswer(id, answer)
    for (let time = 0; time < outcome.times; time += 1) {
      journal.count(id, 'answers')
      sendOn(link, answer)
    }
  }

  const startForward = (id: EntryId, link: Link, bytes: Uint8Array, request: FundTransferRequest): boolean => {
    const record = (responseCode: string, outcome: string) => {
      const approved = responseCode === '00'
      const stand = approved ? 'approved' : responseCode === '91' ? 'deemed' : 'declined'
      journal.rule(id, stand, outcome, responseCode, approved)
    }
    // The view of the read buffer is gone when the answer comes.
    const kept = new Uint8Array(bytes)
    const started = options.forward(request, kept, {
      inTime(forwarded) {
        record(forwarded?.answer.responseCode ?? '91', forwarded ? 'forwarded' : 'forwarded, no answer in time')
        const answer = (forwarded && new Uint8Array(forwarded.bytes)) ?? answerTo(kept, request, '91')
        journal.keepAnswer(id, answer)
        journal.count(id, 'answers')
        sendOn(link, answer)
      },
      // The remitter was told 91 and keeps it; what became of the money, the files will say.
      late(forwarded) {
        if (forwarded?.answer.responseCode === '00') journal.rule(id, 'deemed', 'forwarded, late 00', '91', true)
      },
    })
    if (started) {
      journal.set(id, 'forwarded')
      journal.rule(id, 'inProgress', 'forwarded', undefined, false)
    }
    return started
  }

  const original: Outward['original'] = (id, link, bytes, request) => {
    if (journal.stand(id) !== 'unseen') {
      // The first answer again, and none while there is none: a duplicate never starts anything.
      if (journal.counted(id, 'answers') === 0) return
      const first = journal.firstAnswer(id)
      if (first === undefined) return
      journal.count(id, 'answers')
      sendOn(link, new Uint8Array(first))
      return
    }
    const listed = outcomesByPaise.get(Number(request.amountPaise))
    if (listed === undefined && isOurs(request) && startForward(id, link, bytes, request)) return
    const chosen = listed ?? outcomeFor(request)
    const outcome = journal.has(id, 'verificationFirst') ? afterVerification(chosen) : chosen
    if (outcome.afterMs === 0) return conclude(id, link, bytes, request, outcome)
    journal.rule(id, 'inProgress', outcome.name, undefined, false)
    const kept = new Uint8Array(bytes)
    clock.after(outcome.afterMs * timerScale, () => conclude(id, link, kept, request, outcome))
  }

  /** What a verification is answered, by where its original stands. Undefined is silence. @source protocol.md §5.3, NPCI OC 74 */
  const verdict = (id: EntryId): string | undefined => {
    const stand = journal.stand(id)
    switch (stand) {
      case 'unseen':
        journal.set(id, 'verificationFirst')
        return '91'
      case 'approved':
        return '00'
      case 'declined':
        return 'M0'
      case 'deemed':
        return '91'
      case 'inProgress':
      case 'silent':
        return undefined
      default:
        return stand satisfies never
    }
  }

  const openOrFind = ({ rrn, remitterBank, amountPaise }: Reference): EntryId =>
    journal.find(rrn, remitterBank) ?? journal.open(rrn, remitterBank, amountPaise, clock.now())

  return {
    arrived(request) {
      const id = openOrFind(request)
      const isOriginal = request.kind === 'fundTransferRequest'
      const count = journal.count(id, isOriginal ? 'originals' : 'verifications')
      if (isOriginal && count > 1) violations.report('original_repeated', clock.now(), request.rrn)
      if (journal.amountPaise(id) !== Number(request.amountPaise)) {
        violations.report(isOriginal ? 'original_differs' : 'verification_differs', clock.now(), request.rrn)
      }
      return id
    },
    original,
    verification(id, link, bytes, request) {
      const differs = journal.amountPaise(id) !== Number(request.amountPaise)
      const responseCode = differs ? '12' : verdict(id)
      if (responseCode !== undefined) sendOn(link, answerTo(bytes, request, responseCode))
    },
    mayRefuse(answer) {
      const { amountPaise } = answer
      if (amountPaise === undefined) return false
      const id = openOrFind({ ...answer, amountPaise })
      if (journal.stand(id) !== 'unseen' || journal.has(id, 'verificationFirst')) return false
      journal.rule(id, 'declined', 'unreadable', answer.responseCode, false)
      journal.count(id, 'answers')
      return true
    },
  }
}
