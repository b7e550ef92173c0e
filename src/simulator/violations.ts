/** What a correct hub never does, as seen from the wire. */
export const violationKinds = [
  'original_repeated', //          the same RRN and DE 32 sent twice: the one thing a remitter must never do
  'original_differs', //           and not even with the same amount
  'verification_differs', //       a verification for another amount than its original
  'answer_differs', //             a repeated inward original answered with other bytes than the first time
  'answer_for_another_amount', //  an answer whose DE 4 is not the request's
  'answer_unasked', //             an answer to nothing this side sent
  'verdict_contradicts', //        first yes, then no, or the other way round
  'before_log_on', //              a financial message on a link that is not logged on
  'not_for_this_port', //          a request on the port for the other direction
] as const
export type ViolationKind = (typeof violationKinds)[number]

export type Violation = { readonly kind: ViolationKind; readonly at: number; readonly rrn: string | null }

export interface Violations {
  report(kind: ViolationKind, at: number, rrn?: string): void
  counts(): Record<ViolationKind, number>
  /** The first ones, in full. */
  first(): readonly Violation[]
  clear(): void
}

const MOST_KEPT = 1000

export function createViolations(): Violations {
  const none = (): Record<ViolationKind, number> => ({
    original_repeated: 0,
    original_differs: 0,
    verification_differs: 0,
    answer_differs: 0,
    answer_for_another_amount: 0,
    answer_unasked: 0,
    verdict_contradicts: 0,
    before_log_on: 0,
    not_for_this_port: 0,
  })
  let counts = none()
  let kept: Violation[] = []
  return {
    report(kind, at, rrn) {
      counts[kind] += 1
      if (kept.length < MOST_KEPT) kept.push({ kind, at, rrn: rrn ?? null })
    },
    counts: () => ({ ...counts }),
    first: () => [...kept],
    clear() {
      counts = none()
      kept = []
    },
  }
}
