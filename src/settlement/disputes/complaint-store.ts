import { toRfc3339 } from '../../base/clock.ts'
import { type PaymentId, paymentIdOf, paymentKey } from '../../base/identifiers.ts'
import type { Db, Tx } from '../../db/pool.ts'
import { disputeIdOf } from './store.ts'

export const complaintStates = ['asked', 'taken', 'refused', 'unheard'] as const

/** A complaint as its row has it. Instants are epoch milliseconds. */
export type Complaint = {
  /** 32 hex digits that sort by time: on the wire behind the three characters of the bank. */
  readonly id: string
  readonly tenantId: number
  readonly disputeId: string
  readonly paymentId: PaymentId
  readonly institution: string
  readonly rrn: string
  readonly flag: string
  readonly reason: string
  readonly amountPaise: bigint
  readonly state: (typeof complaintStates)[number]
  readonly reference: string | null
  readonly responseCode: string | null
  readonly askedBy: string
  readonly askedAt: number
  readonly checks: number
  readonly checkedAt: number | null
  readonly answeredAt: number | null
}

type Row = {
  complaint_id: string
  tenant_id: number
  dispute_id: string
  payment_id: string
  institution: string
  rrn: string
  flag: string
  reason_code: string
  amount: bigint
  state: Complaint['state']
  reference: string | null
  response_code: string | null
  asked_by: string
  asked_at: number
  checks: number
  checked_at: number | null
  answered_at: number | null
}

const complaintOf = (row: Row): Complaint => ({
  id: row.complaint_id.replaceAll('-', ''),
  tenantId: row.tenant_id,
  disputeId: disputeIdOf(row.dispute_id),
  paymentId: paymentIdOf(row.payment_id),
  institution: row.institution,
  rrn: row.rrn,
  flag: row.flag,
  reason: row.reason_code,
  amountPaise: row.amount,
  state: row.state,
  reference: row.reference,
  responseCode: row.response_code,
  askedBy: row.asked_by,
  askedAt: row.asked_at,
  checks: row.checks,
  checkedAt: row.checked_at,
  answeredAt: row.answered_at,
})

export async function insertComplaint(tx: Tx, one: Complaint): Promise<void> {
  await tx`
    insert into complaint (complaint_id, tenant_id, dispute_id, payment_id, institution, rrn, flag, reason_code, amount, state, asked_by, asked_at)
    values (${one.id}::uuid, ${one.tenantId}, ${one.disputeId.slice(4)}::uuid, ${paymentKey(one.paymentId)}::uuid, ${one.institution},
            ${one.rrn}, ${one.flag}, ${one.reason}, ${one.amountPaise}, ${one.state}, ${one.askedBy}, ${toRfc3339(one.askedAt)}::timestamptz)`
}

/** What NPCI said. */
export async function saveComplaint(tx: Tx, one: Complaint): Promise<void> {
  const at = one.answeredAt === null ? null : toRfc3339(one.answeredAt)
  await tx`
    update complaint set state = ${one.state}, reference = ${one.reference}, response_code = ${one.responseCode},
      answered_at = ${at}::timestamptz where complaint_id = ${one.id}::uuid`
}

export async function findComplaint(db: Db | Tx, id: string): Promise<Complaint | undefined> {
  const [row] = await db<Row[]>`select * from complaint where complaint_id = ${id}::uuid`
  return row && complaintOf(row)
}

/** After its dispute was locked. */
export async function lockComplaint(tx: Tx, id: string): Promise<Complaint | undefined> {
  const [row] = await tx<Row[]>`select * from complaint where complaint_id = ${id}::uuid for update`
  return row && complaintOf(row)
}

/** The last complaint of a dispute. */
export async function lastComplaint(db: Db | Tx, disputeId: string): Promise<Complaint | undefined> {
  const [row] = await db<Row[]>`
    select * from complaint where dispute_id = ${disputeId.slice(4)}::uuid order by complaint_id desc limit 1`
  return row && complaintOf(row)
}

/** Without an answer for a minute, two, four, at most an hour since it was asked or asked about; for 60 days. */
export async function complaintsToCheck(db: Db, now: number, limit: number): Promise<readonly Complaint[]> {
  const at = toRfc3339(now)
  const rows = await db<Row[]>`
    select * from complaint where state = 'asked' and asked_at > ${at}::timestamptz - interval '60 days'
      and coalesce(checked_at, asked_at) <= ${at}::timestamptz - least(60, power(2, least(checks, 6))) * interval '1 minute'
    order by coalesce(checked_at, asked_at) limit ${limit}`
  return rows.map(complaintOf)
}

export async function checkedComplaint(db: Db | Tx, id: string, at: number): Promise<void> {
  await db`
    update complaint set checks = checks + 1, checked_at = ${toRfc3339(at)}::timestamptz where complaint_id = ${id}::uuid`
}

/** Who asked for what is pending. */
export async function lastAsker(tx: Tx, disputeId: string, flag: string): Promise<string | undefined> {
  const [row] = await tx<{ actor: string }[]>`
    select actor from dispute_event where dispute_id = ${disputeId.slice(4)}::uuid and kind = 'asked' and flag = ${flag}
    order by sequence desc limit 1`
  return row?.actor
}

export type UploadRow = {
  readonly id: string
  readonly uploadId: string | null
  readonly complaintId: string | null
  readonly amountPaise: bigint
}

/** The last row for a file that says this of a payment. */
export async function lockUploadRow(tx: Tx, payment: PaymentId, flag: string): Promise<UploadRow | undefined> {
  const [row] = await tx<{ row_id: string; upload_id: string | null; complaint_id: string | null; amount: bigint }[]>`
    select row_id, upload_id, complaint_id, amount from upload_row
    where payment_id = ${paymentKey(payment)}::uuid and flag = ${flag} and dropped_at is null order by occurrence desc limit 1 for update`
  return (
    row && {
      id: row.row_id,
      uploadId: row.upload_id,
      complaintId: row.complaint_id?.replaceAll('-', '') ?? null,
      amountPaise: row.amount,
    }
  )
}

/** Says of a row for a file which complaint carries it; null: none, and the next file has it. */
export async function markUploadRow(tx: Tx, id: string, complaint: string | null): Promise<void> {
  await tx`update upload_row set complaint_id = ${complaint}::uuid where row_id = ${id}::uuid and upload_id is null`
}
