import type { Answer } from '../../api/shapes.ts'

type Payment = Answer<'get', '/v1/payments/{id}'>

/** Under which key the words for a payment stand (`means`): its state, but where something else says more. */
export function wordOf({ state, status, withinBank }: Pick<Payment, 'state' | 'status' | 'withinBank'>): string {
  if (status === 'requires_approval' || status === 'requires_authentication') return status
  return withinBank && (state === 'succeeded' || state === 'declined') ? `${state}Within` : state
}
