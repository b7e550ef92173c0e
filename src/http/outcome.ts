import { classify, type ResponseClass, type ResponseCodeOverride } from '../imps/response-codes.ts'
import type { StoredPayment } from '../payment/stored.ts'

/** NPCI's own words for what became of a payment, and the hub's for what never reached NPCI. */
const outcomes = {
  success: 'approved',
  deemed: 'deemed',
  businessDecline: 'business_decline',
  technicalDecline: 'technical_decline',
  unknown: 'technical_decline',
} as const satisfies Record<ResponseClass, string>

export type Outcome = (typeof outcomes)[ResponseClass] | Exclude<StoredPayment['state'], 'succeeded' | 'declined'>

/** What became of a payment, or its state while that is open. @param at  epoch milliseconds: codes are read as they are then */
export function outcomeOf(
  { state, responseCode, direction }: Pick<StoredPayment, 'state' | 'responseCode' | 'direction'>,
  at: number,
  overrides: readonly ResponseCodeOverride[],
): Outcome {
  if (state === 'succeeded') return 'approved'
  if (state !== 'declined') return state
  const { class: responseClass } = classify('original', responseCode ?? '', at, overrides)
  return responseClass === 'success' && direction === 'outward' ? 'technical_decline' : outcomes[responseClass]
}
