import { toRfc3339 } from '../../base/clock.ts'
import type { Db, Tx } from '../../db/pool.ts'
import type { Purpose } from './upload-rows.ts'

/** Files for NPCI as rows: made by the hub, let go by two people, handed over once. Instants are epoch milliseconds. */

export const uploadStates = ['waiting', 'released', 'sent', 'accepted', 'refused', 'withdrawn'] as const
export type UploadState = (typeof uploadStates)[number]

export type NewUploadFile = {
  /** `upl_` and 32 hex digits. */
  readonly id: string
  readonly tenantId: number
  readonly institution: string
  readonly kind: 'upload_classic' | 'upload_good_faith'
  readonly purpose: Purpose
  readonly name: string
  readonly madeOn: string
  readonly sequence: number
  readonly rows: number
  readonly amountPaise: bigint
  readonly sealed: Uint8Array
  readonly sha256: string
  readonly dueAt: number | null
  readonly madeAt: number
}

export type UploadFile = Omit<NewUploadFile, 'sealed' | 'sequence'> & {
  readonly state: UploadState
  /** 32 hex digits: the approval that let it go, or that is asked for. */
  readonly approvalId: string | null
  readonly releasedAt: number | null
  readonly sentAt: number | null
  readonly answer: string | null
  /** When NPCI's word about each of its rows was here. */
  readonly answeredAt: number | null
  /** What people agreed to, where rows were taken out of it since. */
  readonly agreedSha256: string | null
  readonly withdrawal: { readonly at: number; readonly by: string | null; readonly why: string } | null
}

/** A row of one, without what is personal. */
export type UploadLine = {
  /** The bank's own, as the file has it: 32 hex digits. */
  readonly reference: string
  readonly flag: string
  readonly reasonCode: string
  readonly rrn: string
  readonly direction: 'outward' | 'inward'
  readonly paymentId: string | null
  readonly amountPaise: bigint
  readonly dueAt: number | null
  /** It was taken out before the file left, or NPCI did not take the file, or not the row. */
  readonly dropped: { readonly at: number; readonly why: string } | null
  /** NPCI's code or words for not taking it. */
  readonly refusedWhy: string | null
}

const key = (id: string): string => id.slice(4)

export const insertUpload = (tx: Tx, file: NewUploadFile): Promise<unknown> =>
  tx`
    insert into upload_file (upload_id, tenant_id, institution, kind, purpose, name, made_on, sequence, rows, amount, sealed, sha256, state,
      due_at, made_at)
    values (${key(file.id)}::uuid, ${file.tenantId}, ${file.institution}, ${file.kind}, ${file.purpose}, ${file.name},
      ${file.madeOn}::date, ${file.sequence}, ${file.rows}, ${file.amountPaise}, ${file.sealed}::bytea, ${file.sha256}, 'waiting',
      ${file.dueAt === null ? null : toRfc3339(file.dueAt)}::timestamptz, ${toRfc3339(file.madeAt)}::timestamptz)`

type FileRow = {
  upload_id: string
  tenant_id: number
  institution: string
  kind: UploadFile['kind']
  purpose: Purpose
  name: string
  made_on: string
  rows: number
  amount: bigint
  sha256: string
  state: UploadState
  approval_id: string | null
  due_at: number | null
  made_at: number
  released_at: number | null
  sent_at: number | null
  answer: string | null
  answered_at: number | null
  agreed_sha256: string | null
  withdrawn_at: number | null
  withdrawn_by: string | null
  withdrawn_why: string | null
}

const fileOf = (row: FileRow): UploadFile => ({
  id: `upl_${row.upload_id.replaceAll('-', '')}`,
  tenantId: row.tenant_id,
  institution: row.institution,
  kind: row.kind,
  purpose: row.purpose,
  name: row.name,
  madeOn: row.made_on,
  rows: row.rows,
  amountPaise: row.amount,
  sha256: row.sha256,
  state: row.state,
  approvalId: row.approval_id?.replaceAll('-', '') ?? null,
  dueAt: row.due_at,
  madeAt: row.made_at,
  releasedAt: row.released_at,
  sentAt: row.sent_at,
  answer: row.answer,
  answeredAt: row.answered_at,
  agreedSha256: row.agreed_sha256,
  withdrawal:
    row.withdrawn_at === null || row.withdrawn_why === null
      ? null
      : { at: row.withdrawn_at, by: row.withdrawn_by, why: row.withdrawn_why },
})

const columns = (db: Db | Tx) => db`
  upload_id, tenant_id, institution, kind, purpose, name, made_on::text as made_on, rows, amount, sha256, state, approval_id, due_at, made_at,
  released_at, sent_at, answer, answered_at, agreed_sha256, withdrawn_at, withdrawn_by, withdrawn_why`

const ABOVE_ALL = 'ffffffffffffffffffffffffffffffff'

/** Files of institutions, the newest first. @param before  the id of the last file of the page before */
export async function listUploads(
  db: Db | Tx,
  institutions: readonly string[],
  state: UploadState | undefined,
  before: string | undefined,
  limit: number,
): Promise<UploadFile[]> {
  const rows = await db<FileRow[]>`
    select ${columns(db)} from upload_file
    where institution = any(${[...institutions]}::text[]) and upload_id < ${before === undefined ? ABOVE_ALL : key(before)}::uuid
      ${state === undefined ? db`` : db`and state = ${state}`}
    order by upload_id desc limit ${limit}`
  return rows.map(fileOf)
}

/** One of them. @param lock  holds its row until the transaction ends */
export async function findUpload(
  db: Db | Tx,
  institutions: readonly string[],
  id: string,
  lock = false,
): Promise<UploadFile | undefined> {
  const [row] = await db<FileRow[]>`
    select ${columns(db)} from upload_file
    where upload_id = ${key(id)}::uuid and institution = any(${[...institutions]}::text[]) ${lock ? db`for update` : db``}`
  return row && fileOf(row)
}

type LineRow = {
  row_id: string
  flag: string
  reason_code: string
  rrn: string
  direction: 'outward' | 'inward'
  payment_id: string | null
  amount: bigint
  due_at: number | null
  dropped_at: number | null
  dropped_why: string | null
  refused_why: string | null
}

/** What a file says, as far as it is not personal. */
export async function listUploadLines(db: Db | Tx, id: string): Promise<UploadLine[]> {
  const rows = await db<LineRow[]>`
    select row_id, flag, reason_code, rrn, direction, payment_id, amount, due_at, dropped_at, dropped_why, refused_why
    from upload_row where upload_id = ${key(id)}::uuid order by due_at nulls last, row_id limit 5000`
  return rows.map((row) => ({
    reference: row.row_id.replaceAll('-', ''),
    flag: row.flag,
    reasonCode: row.reason_code,
    rrn: row.rrn,
    direction: row.direction,
    paymentId: row.payment_id === null ? null : `pay_${row.payment_id.replaceAll('-', '')}`,
    amountPaise: row.amount,
    dueAt: row.due_at,
    dropped: row.dropped_at === null || row.dropped_why === null ? null : { at: row.dropped_at, why: row.dropped_why },
    refusedWhy: row.refused_why,
  }))
}

/** The approval that was asked for it. */
export const setUploadApproval = (tx: Tx, id: string, approvalId: string): Promise<unknown> =>
  tx`update upload_file set approval_id = ${approvalId}::uuid where upload_id = ${key(id)}::uuid`.execute()

/** Lets a file go: people have agreed. @returns false when it is not the file that was put before them, or has left */
export async function releaseUpload(tx: Tx, id: string, sha256: string, now: number): Promise<boolean> {
  const rows = await tx`
    update upload_file set state = 'released', released_at = ${toRfc3339(now)}::timestamptz
    where upload_id = ${key(id)}::uuid and state = 'waiting' and sha256 = ${sha256} returning upload_id`
  return rows.length > 0
}

/**
 * Takes a file back that has not left; its row is locked until the transaction ends.
 * @param approvalId  only when this is the approval that it waits for
 * @returns false when it may have left, or was taken back before
 */
export async function withdrawUpload(
  tx: Tx,
  id: string,
  { by, why, approvalId }: { readonly by: string; readonly why: string; readonly approvalId?: string },
  now: number,
): Promise<boolean> {
  const rows = await tx`
    update upload_file set state = 'withdrawn', withdrawn_at = ${toRfc3339(now)}::timestamptz, withdrawn_by = ${by}, withdrawn_why = ${why}
    where upload_id = ${key(id)}::uuid and state in ('waiting', 'released') and leaving_at is null
      ${approvalId === undefined ? tx`` : tx`and state = 'waiting' and approval_id = ${approvalId}::uuid`}
    returning upload_id`
  return rows.length > 0
}
