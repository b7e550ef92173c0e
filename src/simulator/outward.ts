import type { AnswerParts } from '../imps/iso8583/dialect.ts'
import type { WireKind, WireProfile } from '../imps/profile.ts'
import type { FundTransferRequest, FundTransferResponse, Reference, VerificationRequest } from '../imps/rail-message.ts'
import { hasSeveralAccounts, ownerOf } from './accounts.ts'
import type { BankNumbers } from './bank-numbers.ts'
import { strikes, type Wire } from './faults.ts'
import type { Details, EntryId, Journal } from './journal.ts'
import {
  afterVerification,
  chosenOutcomes,
  noRoute,
  type Outcome,
  ordinary,
  outcomesByPaise,
  severalAccounts,
} from './outcomes.ts'
import type { Violations } from './violations.ts'

/** What an own institution said about a forwarded original; undefined when it said nothing in time. */
export type Forwarded =
  | { readonly answer: FundTransferResponse; readonly wire: WireKind; readonly bytes: Uint8Array }
  | undefined

/** Who sent an original or a verification, and how the answer finds back: over a link, or as a document of its own. */
export interface Caller {
  readonly wire: WireKind
  /** The request as it came; a view that may be good only until the call returns, but for a caller that was kept. */
  readonly bytes: Uint8Array
  /** The answer in full, ready to be sent, and sent again. */
  write(request: FundTransferRequest | VerificationRequest, parts: AnswerParts): Uint8Array
  send(answer: Uint8Array): void
  /** Closes the connection where it would carry the answer. */
  hangUp(): void
  /** The same caller, for an answer that comes later. */
  keep(): Caller
}

export type OutwardOptions = {
  readonly wire: Wire
  readonly profile: WireProfile
  readonly journal: Journal
  readonly violations: Violations
  readonly numbers: BankNumbers
  /** Hands an original to the hub as beneficiary bank; false when no way leads there. `late` comes after `inTime(undefined)`. */
  readonly forward: (
    request: FundTransferRequest,
    from: Caller,
    told: { inTime(forwarded: Forwarded): void; late(forwarded: Forwarded): void },
  ) => boolean
}

/** What the files will say of an original, and no answer does. */
export const detailsOf = (
  { stan, transmittedAt, remitter, beneficiary }: FundTransferRequest,
  numbers: BankNumbers,
): Details => ({
  stan,
  transmittedAt,
  beneficiaryBank: numbers.beneficiary(beneficiary),
  p2p: beneficiary.kind === 'mmid',
  remitterAccount: remitter.account ?? '',
  remitterMobile: remitter.mobile ?? '',
  beneficiaryAccount: beneficiary.kind === 'account' ? beneficiary.account : '',
  beneficiaryMobile: beneficiary.kind === 'mmid' ? beneficiary.mobile : '',
})

/** The switch as the hub's remitter side meets it: originals and verifications in, answers out. */
export interface Outward {
  /** Writes down that a request was on the wire, before any fault can lose it. */
  arrived(request: FundTransferRequest | VerificationRequest): EntryId
  original(id: EntryId, caller: Caller, request: FundTransferRequest): void
  verification(id: EntryId, caller: Caller, request: VerificationRequest): void
  /** True when an original too broken to be judged may be answered with RC 30: nothing else was said about it before. */
  mayRefuse(answer: FundTransferResponse, outcome: string): boolean
}

export function createOutward(options: OutwardOptions): Outward {
  const { wire, journal, violations } = options
  const { clock, random, timerScale, dials } = wire
  const ownPrefixes = new Set(options.profile.institutions.map((one) => one.ifscPrefix))
  const ownNbins = new Set<string>(options.profile.institutions.map((one) => one.nbin))

  const isOurs = ({ beneficiary }: FundTransferRequest): boolean =>
    beneficiary.kind === 'account'
      ? ownPrefixes.has(beneficiary.ifsc.slice(0, 4))
      : ownNbins.has(beneficiary.mmid.slice(0, 4))

  const answerTo = (caller: Caller, request: FundTransferRequest | VerificationRequest, responseCode: string) =>
    caller.write(
      request,
      responseCode === '00'
        ? { responseCode, registeredName: ownerOf(request.beneficiary), approvalCode: request.stan }
        : { responseCode },
    )

  const outcomeFor = (request: FundTransferRequest): Outcome => {
    const { faults } = dials
    if (strikes(random, faults.deemed)) return chosenOutcomes.deemed(random.next32())
    if (strikes(random, faults.businessDecline)) return chosenOutcomes.businessDecline(random.next32())
    if (strikes(random, faults.technicalDecline)) return chosenOutcomes.technicalDecline(random.next32())
    return isOurs(request) ? noRoute : ordinary
  }

  const conclude = (id: EntryId, caller: Caller, request: FundTransferRequest, outcome: Outcome) => {
    journal.rule(id, outcome.ruling, outcome.name, outcome.responseCode, outcome.credited)
    if (outcome.hangUp) caller.hangUp()
    if (outcome.responseCode === undefined || outcome.times === 0) return
    const answer = answerTo(caller, request, outcome.responseCode)
    journal.keepAnswer(id, answer)
    for (let time = 0; time < outcome.times; time += 1) {
      journal.count(id, 'answers')
      caller.send(answer)
    }
  }

  const startForward = (id: EntryId, from: Caller, request: FundTransferRequest): boolean => {
    const record = (responseCode: string, outcome: string) => {
      const approved = responseCode === '00'
      const stand = approved ? 'approved' : responseCode === '91' ? 'deemed' : 'declined'
      journal.rule(id, stand, outcome, responseCode, approved)
    }
    const caller = from.keep()
    const answerOf = (forwarded: Forwarded): Uint8Array => {
      if (forwarded === undefined) return answerTo(caller, request, '91')
      // An answer on the same wire goes through as it is.
      if (forwarded.wire === 'iso8583' && caller.wire === 'iso8583') return new Uint8Array(forwarded.bytes)
      const { responseCode, registeredName, approvalCode } = forwarded.answer
      return caller.write(request, {
        responseCode,
        ...(registeredName === undefined ? {} : { registeredName }),
        ...(approvalCode === undefined ? {} : { approvalCode }),
      })
    }
    const started = options.forward(request, caller, {
      inTime(forwarded) {
        record(forwarded?.answer.responseCode ?? '91', forwarded ? 'forwarded' : 'forwarded, no answer in time')
        const answer = answerOf(forwarded)
        journal.keepAnswer(id, answer)
        journal.count(id, 'answers')
        caller.send(answer)
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

  const original: Outward['original'] = (id, caller, request) => {
    if (journal.stand(id) !== 'unseen') {
      // The first answer again, and none while there is none: a duplicate never starts anything.
      if (journal.counted(id, 'answers') === 0) return
      const first = journal.firstAnswer(id)
      if (first === undefined) return
      journal.count(id, 'answers')
      caller.send(new Uint8Array(first))
      return
    }
    const listed = outcomesByPaise.get(Number(request.amountPaise))
    if (listed === undefined && isOurs(request) && startForward(id, caller, request)) return
    // Only XML has a code for it.
    const unclear = caller.wire === 'xml' && !isOurs(request) && hasSeveralAccounts(request.beneficiary)
    const chosen = listed ?? (unclear ? severalAccounts(options.profile.xml.severalAccountsCode) : outcomeFor(request))
    const outcome = journal.has(id, 'verificationFirst') ? afterVerification(chosen) : chosen
    if (outcome.afterMs === 0) return conclude(id, caller, request, outcome)
    journal.rule(id, 'inProgress', outcome.name, undefined, false)
    const later = caller.keep()
    clock.after(outcome.afterMs * timerScale, () => conclude(id, later, request, outcome))
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
      if (request.kind === 'fundTransferRequest' && count === 1)
        journal.describe(id, detailsOf(request, options.numbers))
      if (isOriginal && count > 1) violations.report('original_repeated', clock.now(), request.rrn)
      if (journal.amountPaise(id) !== Number(request.amountPaise)) {
        violations.report(isOriginal ? 'original_differs' : 'verification_differs', clock.now(), request.rrn)
      }
      return id
    },
    original,
    verification(id, caller, request) {
      const differs = journal.amountPaise(id) !== Number(request.amountPaise)
      const responseCode = differs ? '12' : verdict(id)
      if (responseCode !== undefined) caller.send(answerTo(caller, request, responseCode))
    },
    mayRefuse(answer, outcome) {
      const { amountPaise } = answer
      if (amountPaise === undefined) return false
      const id = openOrFind({ ...answer, amountPaise })
      if (journal.stand(id) !== 'unseen' || journal.has(id, 'verificationFirst')) return false
      journal.rule(id, 'declined', outcome, answer.responseCode, false)
      journal.count(id, 'answers')
      return true
    },
  }
}
