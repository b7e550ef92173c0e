import type { Beneficiary } from '../base/party.ts'
import type { WireKind } from '../imps/profile.ts'
import type { FundTransferRequest, VerificationRequest } from '../imps/rail-message.ts'
import { answerCode, NOT_SEEN, PROCESSED } from '../payment/answer-code.ts'
import { type EncodeAnswer, receive } from '../payment/receive.ts'
import { findByReference } from '../payment/store.ts'
import type { Asked } from './carrier.ts'
import type { RailContext, RailLink } from './context.ts'
import { faultOf, LOGGED_EVERY } from './options.ts'
import { noteEarlyVerification } from './store.ts'

export interface Inbound {
  /** A request of the switch, with the way back. */
  onRequest(link: RailLink, asked: Asked<FundTransferRequest | VerificationRequest>): void
  /** A request that nothing proves to be the switch's. It is not processed, and its answer, if it gets one, proves nothing either. */
  onUnproved(link: RailLink, asked: Asked<FundTransferRequest | VerificationRequest>): void
  /** Requests under way. */
  pending(): number
}

/** A request on a port that does not carry it. @source protocol.md §4 */
const WRONG_PORT = '12'
const NOT_CREDITED = 'M0'

/**
 * True when a verification asks about another payment than the one with its RRN and bank, which was then answered 94: banks that
 * lend their IFSCs to others share them on the XML wire. An address in another form says nothing.
 */
function isAnother(ours: Beneficiary, asked: Beneficiary): boolean {
  if (ours.kind === 'account') return asked.kind === 'account' && asked.account !== ours.account
  return asked.kind === 'mmid' && asked.mobile !== ours.mobile
}

/** Answers the requests of the switch. What it does not know for certain it does not answer. @source protocol.md §5.2, §5.3 */
export function createInbound(context: RailContext): Inbound {
  const { db, clock, log, wire, room, options, counters } = context
  /** Originals between arrival and commit, by RRN and sending bank: a verification of one of them is not answered yet. */
  const underWay = new Map<string, number>()
  let pending = 0

  const keyOf = (request: FundTransferRequest | VerificationRequest): string => request.rrn + request.remitterBank

  const kindOf = (link: string): WireKind => (link === wire.xml.id ? 'xml' : 'iso8583')

  const silent = (link: RailLink, rrn: string, why: string): void => {
    counters.inwardSilent += 1
    if (counters.inwardSilent % LOGGED_EVERY !== 1) return
    log.warn({ link: link.carrier.id, rrn, why }, 'a request is left without an answer')
  }

  const takeOriginal = (link: RailLink, asked: Asked<unknown>, request: FundTransferRequest): void => {
    const epoch = link.lease.epoch()
    if (epoch === undefined) {
      silent(link, request.rrn, 'the lease of the link is in doubt')
      return
    }
    const encodeAnswer: EncodeAnswer = (outcome) => {
      const responseCode = answerCode(outcome, wire.xml.severalAccountsCode)
      const parts =
        outcome.kind === 'credited'
          ? { responseCode, registeredName: outcome.registeredName, beneficiaryAccount: outcome.account }
          : { responseCode }
      return { bytes: asked.encode(parts), responseCode }
    }
    const key = keyOf(request)
    underWay.set(key, (underWay.get(key) ?? 0) + 1)
    pending += 1
    receive(room, request, { link: link.carrier.id, epoch }, encodeAnswer)
      .then(({ answer, answeredOver }) => {
        // The first answer is in the bytes of its wire, and they mean nothing on the other: a verification is answered on either.
        if (kindOf(answeredOver) === link.carrier.wire) asked.reply(answer)
        else silent(link, request.rrn, 'it was answered on the other wire')
      })
      .catch((error: unknown) => silent(link, request.rrn, faultOf(error)))
      .finally(() => {
        pending -= 1
        const left = (underWay.get(key) ?? 1) - 1
        if (left === 0) underWay.delete(key)
        else underWay.set(key, left)
      })
  }

  const answerVerification = async (
    link: RailLink,
    asked: Asked<unknown>,
    request: VerificationRequest,
  ): Promise<void> => {
    if (underWay.has(keyOf(request))) return silent(link, request.rrn, 'its original is under way')
    const payment = await findByReference(db, room.vault, 'inward', request.rrn, request.remitterBank)
    if (payment === undefined) {
      const { rrn, remitterBank, amountPaise } = request
      // Came meanwhile: its own commit decides.
      if (underWay.has(keyOf(request))) return silent(link, rrn, 'its original is under way')
      // M0 would let the remitter bank give the money back while the original is still on its way. @source NPCI OC 74
      await noteEarlyVerification(db, { rrn, remitterBank, amountPaise, link: link.carrier.id }, clock.now())
      asked.reply(asked.encode({ responseCode: NOT_SEEN }))
      return
    }
    if (payment.amountPaise !== request.amountPaise) {
      return silent(link, request.rrn, 'the original had another amount')
    }
    if (isAnother(payment.beneficiary, request.beneficiary)) {
      return silent(link, request.rrn, 'the original had another beneficiary')
    }
    if (payment.state !== 'succeeded') {
      // What was answered 91 stays 91.
      const responseCode = payment.responseCode === NOT_SEEN ? NOT_SEEN : NOT_CREDITED
      asked.reply(asked.encode({ responseCode }))
      return
    }
    const registeredName = payment.registeredName === null ? {} : { registeredName: payment.registeredName }
    asked.reply(asked.encode({ responseCode: PROCESSED, ...registeredName }))
  }

  /** A no to the copy of what was credited would pay it back: only what nobody has heard of gets one. */
  const refuseUnknown = async (link: RailLink, asked: Asked<FundTransferRequest>): Promise<void> => {
    const { rrn, remitterBank } = asked.request
    const isKnown = (): boolean => underWay.has(keyOf(asked.request))
    const known = isKnown() || (await findByReference(db, room.vault, 'inward', rrn, remitterBank)) !== undefined
    if (known || isKnown()) return silent(link, rrn, 'a copy without proof of what came before')
    asked.reply(asked.encode({ responseCode: wire.iso.mac.badRequestCode }))
  }

  return {
    onUnproved(link, asked) {
      counters.inwardUnproved += 1
      const { request } = asked
      const say = (responseCode: string): void => asked.reply(asked.encode({ responseCode }))
      if (link.carrier.role === 'remitter') return say(WRONG_PORT)
      // No answer to a verification gives money back but M0.
      if (request.kind === 'verificationRequest') return say(wire.iso.mac.badRequestCode)
      if (pending >= options.maxInward) return silent(link, request.rrn, 'too many requests at once')
      pending += 1
      refuseUnknown(link, { ...asked, request })
        .catch((error: unknown) => silent(link, request.rrn, faultOf(error)))
        .finally(() => {
          pending -= 1
        })
    },
    onRequest(link, asked) {
      const { request } = asked
      if (link.carrier.role === 'remitter') {
        asked.reply(asked.encode({ responseCode: WRONG_PORT }))
        return
      }
      const original = request.kind === 'fundTransferRequest'
      if (original) counters.inwardOriginals += 1
      else counters.inwardVerifications += 1
      if (pending >= options.maxInward) {
        // Silence, not a decline: this may be the second copy of an original that was credited, and a no would pay it back.
        counters.inwardRefused += 1
        silent(link, request.rrn, 'too many requests at once')
        return
      }
      if (original) {
        takeOriginal(link, asked, request)
        return
      }
      pending += 1
      answerVerification(link, asked, request)
        .catch((error: unknown) => silent(link, request.rrn, faultOf(error)))
        .finally(() => {
          pending -= 1
        })
    },
    pending: () => pending,
  }
}
