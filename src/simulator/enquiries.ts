import type { Cancel } from '../base/clock.ts'
import { must, parseAccountNumber, parseIfsc } from '../base/identifiers.ts'
import type { Beneficiary, Remitter } from '../base/party.ts'
import { between } from '../base/random.ts'
import type { BankDirectory } from '../imps/banks.ts'
import { bankCodeOf } from '../imps/ifsc.ts'
import { nbinOfMmid } from '../imps/mmid.ts'
import type { WireProfile } from '../imps/profile.ts'
import type { NameEnquiryRequest, NameEnquiryResponse } from '../imps/rail-message.ts'
import { makeRrn, STANS_PER_HOUR, stanOfRrn } from '../imps/rrn.ts'
import type { EnquiryAnswer, EnquiryMessage } from '../imps/xml/message.ts'
import { findAccount, masked, type NoAccount } from './accounts.ts'
import { strikes, type Wire } from './faults.ts'
import type { Poster, XmlIds } from './xml-poster.ts'

/** Who owns this account, or this mobile number and MMID? Asked by another bank of the hub. */
export type EnquiryOrder = { readonly to: Beneficiary; readonly from?: Remitter }

export type EnquiryResult = {
  readonly transactionId: string
  readonly rrn: string
  /** `unanswered`: not within the profile's `enquiryMs`. */
  readonly verdict: 'found' | 'refused' | 'unanswered'
  readonly responseCode: string | null
  readonly registeredName: string | null
  readonly tookMs: number
}

/** Name enquiries in both directions. They move no money, so none is written into a journal. */
export interface Enquiries {
  /** Asks the hub. `done` is called once. */
  ask(order: EnquiryOrder, done: (result: EnquiryResult) => void): void
  /** The hub asks; about one of its own banks it is asked itself. */
  asked(message: EnquiryMessage): void
  answered(message: EnquiryAnswer): void
  pending(): number
  clear(): void
}

export type EnquiryDeps = {
  readonly wire: Wire
  readonly profile: WireProfile
  readonly directory: BankDirectory
  readonly poster: Poster
  readonly ids: XmlIds
}

const ENQUIRER = 'R01'
const ENQUIRING: Remitter = {
  name: 'SUNITA RAO',
  account: must(parseAccountNumber('10987654321'), 'account'),
  ifsc: must(parseIfsc('SIMA0000001'), 'IFSC'),
}
/** What the switch keeps for itself of the time that the bank which asks will wait. */
const MARGIN_MS = 1_000
const MOST_WAITING = 20_000
const TIMED_OUT: NameEnquiryResponse = { kind: 'nameEnquiryResponse', result: 'FAILURE', responseCode: '91' }
const NOT_TAKEN: NameEnquiryResponse = { kind: 'nameEnquiryResponse', result: 'FAILURE', responseCode: '30' }

type Waiting = { readonly cancel: Cancel; readonly told: (answer: NameEnquiryResponse | undefined) => void }

/**
 * Name enquiries of one switch. What the banks behind it answer follows from the account alone; a question about a bank of the hub goes to
 * the hub, and what it says is handed on. @source NPCI OC 119
 */
export function createEnquiries(deps: EnquiryDeps): Enquiries {
  const { wire, profile, directory, poster, ids } = deps
  const { clock, random, timerScale, dials } = wire
  const waiting = new Map<string, Waiting>()
  let serial = 0

  /** Posts a question to the hub; `told` is called once, with nothing when `waitMs` of protocol time pass. */
  const post = (request: NameEnquiryRequest, transactionId: string, waitMs: number, told: Waiting['told']) => {
    const message: EnquiryMessage = { ...ids.envelope(transactionId), api: 'ReqValAdd', request }
    const { msgId } = message
    const parcel = poster.seal(message)
    const end = (answer: NameEnquiryResponse | undefined) => {
      const one = waiting.get(msgId)
      if (!waiting.delete(msgId)) return
      one?.cancel()
      told(answer)
    }
    waiting.set(msgId, { cancel: clock.after(waitMs * timerScale, () => end(undefined)), told })
    poster.request(parcel, () => end(NOT_TAKEN))
  }

  const refusals = {
    'no such account': 'M1',
    'no such bank': '92',
    'several accounts': profile.xml.severalAccountsCode,
  } as const satisfies Record<NoAccount, string>

  const answerOf = ({ beneficiary, stan }: NameEnquiryRequest): NameEnquiryResponse => {
    const found = findAccount(beneficiary, directory)
    if (typeof found === 'string') {
      return { kind: 'nameEnquiryResponse', result: 'FAILURE', responseCode: refusals[found] }
    }
    const { ifsc, account, name } = found
    return {
      kind: 'nameEnquiryResponse',
      result: 'SUCCESS',
      responseCode: '00',
      registeredName: strikes(random, dials.faults.maskNames) ? masked(name) : name,
      ifsc,
      account,
      accountType: 'SAVINGS',
      approvalCode: stan,
    }
  }

  const isOurs = (beneficiary: Beneficiary): boolean =>
    profile.institutions.some((one) =>
      beneficiary.kind === 'account'
        ? one.ifscPrefix === bankCodeOf(beneficiary.ifsc)
        : one.nbin === nbinOfMmid(beneficiary.mmid),
    )

  return {
    ask({ to, from }, done) {
      serial = (serial + 1) % STANS_PER_HOUR
      const rrn = makeRrn(clock.now(), serial === 1 ? between(random, 0, STANS_PER_HOUR - 1) : serial)
      const transactionId = ids.transaction(ENQUIRER)
      const startedAt = clock.monotonicMs()
      const request: NameEnquiryRequest = {
        kind: 'nameEnquiryRequest',
        rrn,
        stan: stanOfRrn(rrn),
        remitterBank: '600001',
        transmittedAt: clock.now(),
        channel: 'mobile',
        remitter: { ...ENQUIRING, ...from },
        beneficiary: to,
        transactionId,
      }
      const end = (answer: NameEnquiryResponse | undefined) =>
        done({
          transactionId,
          rrn,
          verdict: answer === undefined ? 'unanswered' : answer.result === 'SUCCESS' ? 'found' : 'refused',
          responseCode: answer?.responseCode ?? null,
          registeredName: answer?.registeredName ?? null,
          tookMs: clock.monotonicMs() - startedAt,
        })
      if (waiting.size >= MOST_WAITING) end(undefined)
      else post(request, transactionId, profile.xml.enquiryMs, end)
    },
    asked(message) {
      const { request, transactionId, msgId } = message
      const answer = (response: NameEnquiryResponse) =>
        poster.answer(
          poster.seal({ ...ids.envelope(transactionId), api: 'RespValAdd', inReplyTo: msgId, answer: response }),
        )
      if (!isOurs(request.beneficiary)) answer(answerOf(request))
      else if (waiting.size >= MOST_WAITING) answer(TIMED_OUT)
      else {
        const waitMs = Math.max(1, profile.xml.enquiryMs - MARGIN_MS)
        post(request, transactionId, waitMs, (told) => answer(told ?? TIMED_OUT))
      }
    },
    answered({ inReplyTo, answer }) {
      const one = waiting.get(inReplyTo)
      waiting.delete(inReplyTo)
      one?.cancel()
      one?.told(answer)
    },
    pending: () => waiting.size,
    clear() {
      for (const [msgId, { cancel, told }] of [...waiting]) {
        waiting.delete(msgId)
        cancel()
        told(undefined)
      }
    },
  }
}
