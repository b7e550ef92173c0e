import { type PaymentId, paymentIdOf } from '../../base/identifiers.ts'
import { texts, words } from '../../db/arrays.ts'
import type { Tx } from '../../db/pool.ts'

/** A row that waits to be said to NPCI, as far as it is judged. */
export type JudgedRow = {
  readonly row_id: string
  readonly tenant_id: number
  readonly purpose: string
  readonly flag: string
  readonly rrn: string
  readonly nbin: string
  readonly direction: 'outward' | 'inward'
  readonly payment_id: string | null
  readonly amount: bigint
}

/** Why an answer to a time-out is not due, and what follows for the payment; in words, for who looks at the file: `notes.ts`. */
export type NotDue = 'ended' | 'not_credited' | 'credited'

/**
 * Which of the answers to time-outs are not due any more, by what their payments are now. Locks the payments and what is owed about them
 * until `tx` ends, in the order of their ids.
 * @source settlement.md §6.3 (TCC_SENT, RET_SENT), §7.3 B18 and B19; NPCI OC 82: a TCC without a credit, and the return of a valid account,
 *   cost a penalty
 */
export async function judgeAnswers(tx: Tx, rows: readonly JudgedRow[]): Promise<ReadonlyMap<string, NotDue>> {
  const payments = await tx<{ payment_id: string; state: string }[]>`
    select payment_id, state from payment where payment_id = any(${words(
      rows.flatMap(({ payment_id }) => payment_id ?? []),
      (id) => id,
    )}::uuid[]) order by payment_id for share`
  const items = await tx<{ key: string; outcome: string | null }[]>`
    select i.rrn || ' ' || i.nbin || ' ' || i.direction as key, i.outcome from settlement_item i
    join unnest(${words(rows, (row) => row.rrn)}::text[], ${texts(rows, (row) => row.nbin)}::text[],
                ${words(rows, (row) => row.direction)}::text[]) as s (rrn, nbin, direction)
      on s.rrn = i.rrn and s.nbin = i.nbin and s.direction = i.direction
    order by i.item_id for share of i`
  const stateOf = new Map<PaymentId, string>(payments.map((one) => [paymentIdOf(one.payment_id), one.state]))
  const ended = new Set(items.flatMap(({ key, outcome }) => (outcome === null ? [] : [key])))
  return new Map(
    rows.flatMap((row) => {
      const state = row.payment_id === null ? undefined : stateOf.get(paymentIdOf(row.payment_id))
      const why = notDue(row.flag, state, ended.has(`${row.rrn} ${row.nbin} ${row.direction}`))
      return why === undefined ? [] : [[row.row_id, why] as const]
    }),
  )
}

/** The rule: a confirmation is of a credit, a return of none, and neither is said of what has ended. */
export function notDue(flag: string, state: string | undefined, ended: boolean): NotDue | undefined {
  if (ended) return 'ended'
  if (flag === 'TCC') return state === 'succeeded' ? undefined : 'not_credited'
  return state === 'succeeded' ? 'credited' : undefined
}
