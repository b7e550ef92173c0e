import { paymentIdOf, paymentKey } from '../base/identifiers.ts'
import type { FundTransferResponse, VerificationResponse } from '../imps/rail-message.ts'
import { classify } from '../imps/response-codes.ts'
import { uuidOfTransaction } from '../imps/xml/identifiers.ts'
import type { Fact } from '../payment/payment.ts'
import { findByReference, findPayments } from '../payment/store.ts'
import type { StoredPayment } from '../payment/stored.ts'
import type { RailContext, RailLink } from './context.ts'
import { faultOf, perMinute } from './options.ts'
import { keepUnmatched, type UnmatchedAnswer } from './store.ts'

type Response = FundTransferResponse | VerificationResponse

export interface Answers {
  /** An answer of the switch, with its bytes (a view: copied before anything waits). */
  onAnswer(link: RailLink, answer: Response, key: string, bytes: Uint8Array): void
  /** The switch did not take a request and will never pass it on: an original is declined, a verification is asked again by schedule. */
  onRefused(link: RailLink, key: string, code: string): void
  /** An answer that nothing proves to be the switch's: kept for people, and its payment is asked about. */
  onUnproved(link: RailLink, rrn: string, bytes: Uint8Array): void
  /** Bytes that are no message and cannot be refused: very likely a broken answer. */
  onUndecodable(link: RailLink, bytes: Uint8Array): void
  /** Look-ups under way. */
  pending(): number
}

const bankOf = ({ beneficiary }: StoredPayment): string =>
  beneficiary.kind === 'account' ? beneficiary.ifsc.slice(0, 4) : beneficiary.mmid.slice(0, 4)

const DEEMED_CODE = '91'

/** Negative Acks that do not say that nothing was taken: there is a copy already, or it counts as paid. @source protocol.md §4 */
const notRefusals: readonly string[] = ['94', 'U01', DEEMED_CODE]

/** The wire that has transaction ids names the payment twice over: by the request that is answered, and by its own id. */
const isAbout = (payment: StoredPayment, { rrn, stan, transactionId }: Response): boolean => {
  if (payment.stan !== stan || payment.rrn !== rrn) return false
  const uuid = transactionId === undefined ? undefined : uuidOfTransaction(transactionId)
  return uuid === undefined || uuid === paymentKey(payment.id)
}

/** An answer that names no amount says nothing against ours. */
const isOtherAmount = (payment: StoredPayment, { amountPaise }: Response): boolean =>
  amountPaise !== undefined && amountPaise !== payment.amountPaise

/** Turns answers into facts: awaited ones at once, late ones by way of the database, all by door 2. */
export function createAnswers(context: RailContext): Answers {
  const { db, room, clock, log, wire, options, counters, onAnswer, tell } = context
  let lookups = 0
  const mayKeepOne = perMinute(clock, options.maxUnmatchedPerMinute)

  const settle = (payment: StoredPayment, answer: Response, tookMs: number | undefined): void => {
    const asked = answer.kind === 'fundTransferResponse' ? 'original' : 'verification'
    const { responseCode } = answer
    const read = classify(asked, responseCode, clock.now(), wire.responseCodes, answer.result)
    onAnswer({ wire: asked, class: read.class, responseCode, bank: bankOf(payment), tookMs })
    const fact = factOf(asked, read, answer)
    if (fact !== undefined) tell(payment, fact)
  }

  /** At most so many a minute: a peer that sends rubbish fills a counter, not the disk. */
  const mayKeep = (): boolean => {
    counters.unmatchedAnswers += 1
    return mayKeepOne()
  }

  const keep = async (answer: UnmatchedAnswer): Promise<void> => {
    if (!mayKeep()) return
    log.error({ link: answer.link, rrn: answer.rrn, reason: answer.reason }, 'an answer matches no payment')
    await keepUnmatched(db, room.vault, answer, clock.now())
  }

  /** Another amount: the payment stays as it is, and people look. */
  const mismatch = (link: RailLink, payment: StoredPayment, answer: Response, frame: Uint8Array): Promise<void> =>
    keep({
      link: link.carrier.id,
      reason: 'amount_mismatch',
      rrn: answer.rrn,
      frame,
      brk: {
        payment,
        kind: 'amount_mismatch',
        detail: `the answer ${answer.responseCode} says ${answer.amountPaise} paise, the payment ${payment.amountPaise}`,
      },
    })

  /** By the transaction id where the wire has one, for it is the payment's own id; else by RRN and remitter bank. */
  const findAnswered = async ({ transactionId, rrn, remitterBank }: Response): Promise<StoredPayment | undefined> => {
    const uuid = transactionId === undefined ? undefined : uuidOfTransaction(transactionId)
    if (uuid === undefined) return findByReference(db, room.vault, 'outward', rrn, remitterBank)
    const [payment] = await findPayments(db, room.vault, [paymentIdOf(uuid)])
    return payment?.direction === 'outward' ? payment : undefined
  }

  const settleLate = async (link: RailLink, answer: Response, frame: Uint8Array): Promise<void> => {
    const payment = await findAnswered(answer)
    if (payment === undefined || payment.stan !== answer.stan || payment.rrn !== answer.rrn) {
      await keep({
        link: link.carrier.id,
        reason: 'unknown_reference',
        rrn: answer.rrn,
        frame,
        brk: {
          payment: null,
          kind: 'unmatched_answer',
          detail: `link ${link.carrier.id}, RRN ${answer.rrn}, response code ${answer.responseCode}`,
        },
      })
    } else if (isOtherAmount(payment, answer)) {
      await mismatch(link, payment, answer, frame)
    } else {
      counters.lateAnswers += 1
      settle(payment, answer, undefined)
    }
  }

  /** Work that waits for the database: so much at once, and a fault of it is a counter and a line in the log. */
  const lookUp = (work: () => Promise<void>): void => {
    if (lookups >= options.maxLookups) {
      counters.droppedAnswers += 1
      return
    }
    lookups += 1
    work()
      .catch((error: unknown) => {
        counters.droppedAnswers += 1
        log.warn({ fault: faultOf(error) }, 'an answer could not be looked up; its payment is asked about')
      })
      .finally(() => {
        lookups -= 1
      })
  }

  /**
   * An answer to a verification could be made to look like one to the original where its MAC does not say which it is, and a code
   * that only says that the question was not understood would give the money back. So a late no counts as an answer to a verification.
   */
  const mayBeAnother = (link: RailLink, answer: Response, key: string, waiting: boolean): boolean =>
    !link.carrier.provesKind &&
    answer.kind === 'fundTransferResponse' &&
    (!waiting || link.verifications.find(key) !== undefined) &&
    classify('original', answer.responseCode, clock.now(), wire.responseCodes).action === 'reverse'

  const unproved = (link: RailLink, rrn: string, bytes: Uint8Array): void => {
    const frame = bytes.slice()
    lookUp(() => keep({ link: link.carrier.id, reason: 'unproved', rrn, frame, brk: null }))
  }

  return {
    onUnproved: unproved,
    onAnswer(link, answer, key, bytes) {
      const waiting = answer.kind === 'fundTransferResponse' ? link.originals : link.verifications
      const found = waiting.find(key)
      if (mayBeAnother(link, answer, key, found !== undefined)) unproved(link, answer.rrn, bytes)
      else if (found === undefined || !isAbout(found.payment, answer)) {
        const frame = bytes.slice()
        lookUp(() => settleLate(link, answer, frame))
      } else if (isOtherAmount(found.payment, answer)) {
        const frame = bytes.slice()
        lookUp(() => mismatch(link, found.payment, answer, frame))
      } else {
        waiting.remove(key)
        settle(found.payment, answer, clock.monotonicMs() - found.sentAt)
      }
    },
    onRefused(link, key, code) {
      if (link.verifications.remove(key)) return
      const found = link.originals.find(key)
      // Answered already, or asked about by now: then whatever that says counts, and not what came of the first delivery.
      if (found === undefined) return
      link.originals.remove(key)
      counters.refused += 1
      if (notRefusals.includes(code)) tell(found.payment, { kind: 'unclear', responseCode: code })
      else tell(found.payment, { kind: 'declined', responseCode: code, notTaken: true })
    },
    onUndecodable(link, bytes) {
      const frame = bytes.slice()
      lookUp(() => keep({ link: link.carrier.id, reason: 'undecodable', rrn: null, frame, brk: null }))
    },
    pending: () => lookups,
  }
}

/**
 * What an answer says about the money; undefined when it says nothing new: a verification that decides nothing, whose payment is
 * asked about again by schedule. Only a code whose action is `reverse` gives money back. @source protocol.md §4
 */
export function factOf(
  asked: 'original' | 'verification',
  read: Pick<ReturnType<typeof classify>, 'action' | 'class'>,
  answer: Pick<Response, 'responseCode' | 'registeredName' | 'result'>,
): Fact | undefined {
  const { responseCode, registeredName } = answer
  switch (read.action) {
    case 'ask':
      return asked === 'verification' ? undefined : { kind: 'unclear', responseCode }
    case 'reverse':
      return { kind: 'declined', responseCode }
    case 'keep':
      // Resp@result DEEMED counts whatever code stands beside it; what is stored is the code that means it.
      if (read.class === 'deemed') {
        return { kind: 'deemed', responseCode: answer.result === 'DEEMED' ? DEEMED_CODE : responseCode }
      }
      return registeredName === undefined
        ? { kind: 'approved', responseCode }
        : { kind: 'approved', responseCode, registeredName }
  }
}
