import type { Tx } from '../../db/pool.ts'

/** What was owed to customers for late money, as rows. Instants are epoch milliseconds, dates days in IST. */

export const compensationStates = ['accruing', 'due', 'paid'] as const
export type CompensationState = (typeof compensationStates)[number]

export type Compensation = {
  /** `cmp_` and 32 hex digits. */
  readonly id: string
  readonly institution: string
  readonly paymentId: string | null
  readonly rrn: string
  readonly direction: 'outward' | 'inward'
  readonly owedBy: 'us' | 'other_bank'
  /** The last day in time. */
  readonly fromOn: string
  readonly untilOn: string | null
  readonly days: number
  readonly amountPaise: bigint
  /** What NPCI's report said; null: it has said nothing. */
  readonly reportedPaise: bigint | null
  readonly state: CompensationState
  readonly updatedAt: number
}

type Row = {
  compensation_id: string
  institution: string
  payment_id: string | null
  rrn: string
  direction: 'outward' | 'inward'
  owed_by: 'us' | 'other_bank'
  from_on: string
  until_on: string | null
  days: number
  amount: bigint
  reported: bigint | null
  state: CompensationState
  updated_at: number
}

const ABOVE_ALL = 'ffffffffffffffffffffffffffffffff'

/** A tenant's, in one order that new ones do not change for long. @param before  the id of the last one of the page before */
export async function listCompensation(
  tx: Tx,
  tenantId: number,
  state: CompensationState | undefined,
  before: string | undefined,
  limit: number,
): Promise<Compensation[]> {
  const rows = await tx<Row[]>`
    select compensation_id, institution, payment_id, rrn, direction, owed_by, from_on::text as from_on, until_on::text as until_on, days,
           amount, reported, state, updated_at
    from compensation
    where tenant_id = ${tenantId} and compensation_id < ${before === undefined ? ABOVE_ALL : before.slice(4)}::uuid
      ${state === undefined ? tx`` : tx`and state = ${state}`}
    order by tenant_id, compensation_id desc limit ${limit}`
  return rows.map((row) => ({
    id: `cmp_${row.compensation_id.replaceAll('-', '')}`,
    institution: row.institution,
    paymentId: row.payment_id === null ? null : `pay_${row.payment_id.replaceAll('-', '')}`,
    rrn: row.rrn,
    direction: row.direction,
    owedBy: row.owed_by,
    fromOn: row.from_on,
    untilOn: row.until_on,
    days: row.days,
    amountPaise: row.amount,
    reportedPaise: row.reported,
    state: row.state,
    updatedAt: row.updated_at,
  }))
}
