import { must, parseIfsc } from '../base/identifiers.ts'
import type { WireProfile } from '../imps/profile.ts'
import type { FundTransferRequest, VerificationRequest } from '../imps/rail-message.ts'
import { XmlError } from '../imps/xml/error.ts'
import { remitterBanks, type Way } from './inward.ts'
import type { Poster, XmlIds } from './xml-poster.ts'

/** Where the message ids of one transaction's legs differ: the digit that a UUID has its version in. */
const LEG_AT = 15

/** The banks behind the switch begin their ids with `R01` to `R08`, where others have their participation code. */
const bank3Of = (remitterBank: string): string => `R0${remitterBanks.indexOf(remitterBank) + 1}`

/** DE 32 of such a bank, by how its transaction ids begin; undefined for all others. */
export const bankBehind = (transactionId: string): string | undefined =>
  /^R0[1-8]/.test(transactionId) ? remitterBanks[Number(transactionId.slice(1, 3)) - 1] : undefined

/**
 * How a payment reaches the hub over XML: ReqPay CREDIT, and ReqChkTxn when there is no answer. The transaction id is the request's
 * where it has one already; an original is the same document however often it is written.
 */
export function createXmlWay(profile: WireProfile, poster: Poster, ids: XmlIds): Way {
  const own = new Map(profile.institutions.map((one) => [one.remitterBank, one]))

  /** The IFSC that a payment comes from: of the hub's own bank, or `SIMA` to `SIMH` of the ones behind the switch. */
  const ifscOf = (remitterBank: string) => {
    const prefix = own.get(remitterBank)?.ifscPrefix ?? `SIM${'ABCDEFGH'.charAt(remitterBanks.indexOf(remitterBank))}`
    return must(parseIfsc(`${prefix}0000001`), 'IFSC')
  }

  const creditOf = (request: FundTransferRequest, at: number) => {
    const transactionId = must(request.transactionId, 'transaction id')
    const msgId = `${transactionId.slice(0, LEG_AT)}2${transactionId.slice(LEG_AT + 1)}`
    return poster.seal({ ...ids.envelope(transactionId, msgId), at, api: 'ReqPay', leg: 'credit', request })
  }

  return {
    wire: 'xml',
    exit: () => ({ send: poster.request }),
    prepare(request) {
      const { remitter, remitterBank } = request
      const bank3 = own.get(remitterBank)?.bank3 ?? bank3Of(remitterBank)
      return {
        ...request,
        // ISO 8583 has no IFSC of the remitter; XML needs one.
        remitter: { ...remitter, ifsc: remitter.ifsc ?? ifscOf(remitterBank) },
        transactionId: request.transactionId ?? ids.transaction(bank3),
      }
    },
    original: (request) => creditOf(request, request.transmittedAt),
    verification(request) {
      const transactionId = must(request.transactionId, 'transaction id')
      const asked: VerificationRequest = { ...request, kind: 'verificationRequest' }
      const common = ids.envelope(transactionId)
      return poster.seal({ ...common, api: 'ReqChkTxn', request: asked, original: { transactionId } })
    },
    forwarded(request) {
      try {
        return creditOf(request, ids.now())
      } catch (error) {
        if (error instanceof XmlError) return undefined
        throw error
      }
    },
  }
}
