import type { ComplaintRequest, ComplaintResponse } from '../imps/rail-message.ts'
import type { ComplaintCheck, ComplaintMessage } from '../imps/xml/message.ts'
import type { Poster, XmlIds } from './xml-poster.ts'

/** Where complaints become disputes: the back office, which has what was settled. */
export type ComplaintDesk = (
  complaint: ComplaintRequest & { readonly reference: string },
  refused: (why: string) => void,
) => string | undefined

/** UDIR: members' complaints, raised for them in the next cut, and what became of each. */
export interface Complaints {
  asked(message: ComplaintMessage): void
  checked(message: ComplaintCheck): void
  clear(): void
}

/** @source NPCI OC 117: these and no others; the codes of refusals are this simulator's */
const allowed = new Map([
  ['B', '108'],
  ['FB', '121'],
])
const CODES: Readonly<Record<string, string>> = { not_allowed: 'CR', unknown_payment: 'CU' }
const REFUSED = 'CX'

export function createComplaints(
  poster: Poster,
  ids: XmlIds,
  noComplaintCode: string,
  desk: () => ComplaintDesk | undefined,
): Complaints {
  const known = new Map<string, ComplaintResponse>()

  const refusal = ({ rrn, stan }: Pick<ComplaintRequest, 'rrn' | 'stan'>, responseCode: string): ComplaintResponse => ({
    kind: 'complaintResponse',
    rrn,
    stan,
    result: 'FAILURE',
    responseCode,
  })
  const codeOf = (why: string): string => CODES[why] ?? REFUSED

  /** The same complaint again has the same answer. */
  const judge = ({ transactionId, request }: ComplaintMessage): ComplaintResponse => {
    const before = known.get(transactionId)
    if (before !== undefined) return before
    const reference = `CRN${transactionId.slice(-12).toUpperCase()}`
    const refused = (why: string): void => {
      known.set(transactionId, refusal(request, codeOf(why)))
    }
    const { rrn, stan } = request
    known.set(transactionId, { kind: 'complaintResponse', rrn, stan, result: 'SUCCESS', responseCode: '00', reference })
    if (allowed.get(request.flag) !== request.reason) refused('not_allowed')
    else {
      const why = desk()?.({ ...request, reference }, refused)
      if (why !== undefined) refused(why)
    }
    return known.get(transactionId) ?? refusal(request, REFUSED)
  }

  return {
    asked(message) {
      const common = { ...ids.envelope(message.transactionId), inReplyTo: message.msgId }
      poster.answer(poster.seal({ ...common, api: 'RespComplaint', answer: judge(message) }))
    },
    checked({ transactionId, msgId, asked }) {
      const answer = known.get(transactionId) ?? refusal(asked, noComplaintCode)
      const common = { ...ids.envelope(transactionId), inReplyTo: msgId }
      poster.answer(poster.seal({ ...common, api: 'RespChkTxn', about: 'complaint', answer }))
    },
    clear: () => known.clear(),
  }
}
