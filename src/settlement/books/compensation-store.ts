import type { AccountId } from '../../base/identifiers.ts'
import { accountIdOf, accountKey, laneOfAccount, laneOfPayment, must, parsePaymentId } from '../../base/identifiers.ts'
import type { Tx } from '../../db/pool.ts'
import type { WaitReason } from './compensation-pay.ts'

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
  /** Why it is due and not paid; null: nothing was found against it. */
  readonly waits: WaitReason | null
  /** Tries that found the account taking nothing. */
  readonly tries: number
  /** Not before then again; null: with the next sweep, or nothing is to be tried. */
  readonly tryAt: number | null
  readonly paidTo: AccountId | null
  readonly paidAt: number | null
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
  waits: WaitReason | null
  tries: number
  try_at: number | null
  paid_to: bigint | null
  paid_at: number | null
  updated_at: number
}

const ABOVE_ALL = 'ffffffffffffffffffffffffffffffff'

const columns = (tx: Tx) => tx`
  compensation_id, institution, payment_id, rrn, direction, owed_by, from_on::text as from_on, until_on::text as until_on, days,
  amount, reported, state, waits, tries, try_at, paid_to, paid_at, updated_at`

const compensationOf = (row: Row): Compensation => ({
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
  waits: row.waits,
  tries: row.tries,
  tryAt: row.try_at,
  paidTo: row.paid_to === null ? null : accountIdOf(row.paid_to),
  paidAt: row.paid_at,
  updatedAt: row.updated_at,
})

/** A tenant's, in one order that new ones do not change for long. @param before  the id of the last one of the page before */
export async function listCompensation(
  tx: Tx,
  tenantId: number,
  state: CompensationState | undefined,
  before: string | undefined,
  limit: number,
): Promise<Compensation[]> {
  const rows = await tx<Row[]>`
    select ${columns(tx)} from compensation
    where tenant_id = ${tenantId} and compensation_id < ${before === undefined ? ABOVE_ALL : before.slice(4)}::uuid
      ${state === undefined ? tx`` : tx`and state = ${state}`}
    order by tenant_id, compensation_id desc limit ${limit}`
  return rows.map(compensationOf)
}

/** One of a tenant's. */
export async function findCompensation(tx: Tx, tenantId: number, id: string): Promise<Compensation | undefined> {
  const [row] = await tx<Row[]>`
    select ${columns(tx)} from compensation where tenant_id = ${tenantId} and compensation_id = ${id.slice(4)}::uuid`
  return row && compensationOf(row)
}

/** Whether an account is open, and of the customer whose account a payment left. Nobody's account is nobody else's. */
export async function isSameCustomers(
  tx: Tx,
  tenantId: number,
  paymentId: string,
  account: AccountId,
): Promise<boolean> {
  const rows = await tx`
    select from payment p
    join account own on own.lane = p.lane and own.account_id = p.account_id
    join account other on other.customer_id = own.customer_id and other.tenant_id = own.tenant_id
    where p.lane = ${laneOfPayment(must(parsePaymentId(paymentId), 'payment'))} and p.payment_id = ${paymentId.slice(4)}::uuid
      and p.tenant_id = ${tenantId} and other.lane = ${laneOfAccount(account)} and other.account_id = ${accountKey(account)}
      and other.status = 'open'`
  return rows.length > 0
}
