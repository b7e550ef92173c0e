import type { Cancel } from '../base/clock.ts'
import type { Paise } from '../base/money.ts'
import { between } from '../base/random.ts'
import type { WireProfile } from '../imps/profile.ts'
import type { FundTransferRequest, ReversalRequest, ReversalResponse } from '../imps/rail-message.ts'
import { makeRrn, STANS_PER_HOUR, stanOfRrn } from '../imps/rrn.ts'
import type { Wire } from './faults.ts'
import type { EntryId, Journal } from './journal.ts'
import { BENEFICIARY_WAIT_MS } from './outcomes.ts'
import { type Poster, SWITCH, type XmlIds } from './xml-poster.ts'

/** UDIR: NPCI has a remitter bank credit its customer back. */
export type ReversalOrder = {
  /** Of a payment that came over the XML wire. */
  readonly rrn: string
  /** Another amount than the payment's; the hub should refuse it. */
  readonly amountPaise?: Paise
  /** Copies of the same document, sent at once. */
  readonly duplicates?: number
}

export type ReversalResult = {
  /** Of the reversal itself. */
  readonly rrn: string
  readonly verdict: 'credited' | 'refused' | 'unanswered'
  readonly responseCode: string | null
}

export interface Reversals {
  /** Keeps what a reversal of this payment would need. The oldest are forgotten. */
  remember(request: FundTransferRequest): void
  /** Asks the hub to give a payment back; undefined when no such payment came over this wire. `done` is called once. */
  send(order: ReversalOrder, done: (result: ReversalResult) => void): { readonly rrn: string } | undefined
  answered(inReplyTo: string, answer: ReversalResponse): void
  clear(): void
}

export type ReversalDeps = {
  readonly wire: Wire
  readonly profile: WireProfile
  readonly journal: Journal
  readonly poster: Poster
  readonly ids: XmlIds
}

const MOST_REMEMBERED = 20_000
const REFUSED_UNREAD = '30'

type Waiting = { readonly end: (answer: Pick<ReversalResponse, 'responseCode' | 'result'> | undefined) => void }

/** @param deps.journal of reversals alone: `credited` there is a remitter who has the money back */
export function createReversals(deps: ReversalDeps): Reversals {
  const { wire, journal, poster, ids } = deps
  const { clock, random, timerScale } = wire
  const known = new Map<string, FundTransferRequest>()
  const waiting = new Map<string, Waiting>()
  let serial: number | undefined

  const nextRrn = () => {
    serial = serial === undefined ? between(random, 0, STANS_PER_HOUR - 1) : (serial + 1) % STANS_PER_HOUR
    return makeRrn(clock.now(), serial)
  }

  const wait = (id: EntryId, msgId: string, rrn: string, done: (result: ReversalResult) => void): Waiting => {
    let cancel: Cancel = () => undefined
    const one: Waiting = {
      end(answer) {
        cancel()
        if (!waiting.delete(msgId)) return
        const credited = answer?.result === 'SUCCESS'
        const verdict = answer === undefined ? 'unanswered' : credited ? 'credited' : 'refused'
        const stand = answer === undefined ? 'silent' : credited ? 'approved' : 'declined'
        journal.rule(id, stand, verdict, answer?.responseCode, credited)
        done({ rrn, verdict, responseCode: answer?.responseCode ?? null })
      },
    }
    waiting.set(msgId, one)
    cancel = clock.after(BENEFICIARY_WAIT_MS * timerScale, () => one.end(undefined))
    return one
  }

  return {
    remember(request) {
      if (known.has(request.rrn)) return
      known.set(request.rrn, request)
      if (known.size <= MOST_REMEMBERED) return
      const [oldest] = known.keys()
      if (oldest !== undefined) known.delete(oldest)
    },
    send(order, done) {
      const payment = known.get(order.rrn)
      if (payment === undefined) return undefined
      const rrn = nextRrn()
      const { transactionId, remitter, remitterBank, transmittedAt } = payment
      const request: ReversalRequest = {
        kind: 'reversalRequest',
        rrn,
        stan: stanOfRrn(rrn),
        amountPaise: order.amountPaise ?? payment.amountPaise,
        transmittedAt: clock.now(),
        remitter,
        original: {
          rrn: payment.rrn,
          ...(transactionId === undefined ? {} : { transactionId }),
          transactedAt: transmittedAt,
        },
      }
      const common = ids.envelope(ids.transaction(SWITCH))
      const parcel = poster.seal({ ...common, api: 'ReqPay', leg: 'reversal', request })
      const id = journal.open(rrn, remitterBank, request.amountPaise, clock.now())
      journal.rule(id, 'inProgress', `of ${payment.rrn}`, undefined, false)
      const one = wait(id, common.msgId, rrn, done)
      for (let copy = 0; copy <= (order.duplicates ?? 0); copy += 1) {
        journal.count(id, 'originals')
        poster.request(parcel, () => one.end({ responseCode: REFUSED_UNREAD, result: 'FAILURE' }))
      }
      return { rrn }
    },
    answered: (inReplyTo, answer) => waiting.get(inReplyTo)?.end(answer),
    clear() {
      for (const one of [...waiting.values()]) one.end(undefined)
      known.clear()
    },
  }
}
