import { toRfc3339 } from '../../base/clock.ts'
import type { PaymentId } from '../../base/identifiers.ts'
import { must, paymentKey } from '../../base/identifiers.ts'
import { words } from '../../db/arrays.ts'
import type { Db, Tx } from '../../db/pool.ts'
import type { ClassicUploadRow, Day } from '../../imps/files/rows.ts'
import type { PaymentRoom } from '../../payment/room.ts'

export const purposes = ['tcc_ret', 'chargeback', 'representment', 'good_faith', 'other'] as const
/** What a file of uploads is for: one purpose, one file. */
export type Purpose = (typeof purposes)[number]

/** Something to be said to NPCI. It goes into the next file of its purpose, once people have let that go. */
export type NewUpload = {
  /** Of the institution. */
  readonly tenantId: number
  readonly institution: string
  readonly purpose: Purpose
  /** `TCC`, `RET`, `B`, `R` … @source settlement.md §4.1 */
  readonly flag: string
  readonly reasonCode: string
  readonly rrn: string
  /** NBIN of the remitter bank. */
  readonly nbin: string
  readonly direction: 'outward' | 'inward'
  readonly paymentId: PaymentId | null
  readonly amountPaise: bigint
  readonly txnDate: Day
  /** Shcrd: NBIN and account, or NBIN 00 product 00 mobile. */
  readonly card: string
  readonly evidenceFile?: string
  readonly other?: string
  /** By when NPCI must have it. */
  readonly dueAt: number | null
  /** Counts from 1, where the same may be said again. */
  readonly occurrence?: number
}

/** TCC 102: credited when it came. 103: credited now. @source NPCI OC 28 */
export const CREDITED_ONLINE = '102'
export const CREDITED_NOW = '103'

export const ROW_PLACE = 'upload_row.sealed'

/** What is sealed of a row: the file's own columns. */
export type SealedRow = Omit<ClassicUploadRow, 'line' | 'adjAmountPaise' | 'bankRef'> & { readonly amount: string }

/**
 * Queues a row, in the caller's transaction. What was said about a payment is not said again: neither the same flag, nor a TCC after a
 * RET or a RET after a TCC. What was taken out before it left was not said. @returns whether it is new
 */
export async function queueUpload(
  { room }: { readonly room: Pick<PaymentRoom, 'vault' | 'clock'> },
  tx: Tx,
  upload: NewUpload,
): Promise<boolean> {
  const now = room.clock.now()
  const { vault } = room
  await vault.prepare([upload.tenantId], now)
  const [named] = await tx<{ id: string }[]>`select gen_random_uuid() as id`
  const id = must(named?.id, 'row id').replaceAll('-', '')
  const sealed: SealedRow = {
    flag: upload.flag,
    txnDate: upload.txnDate,
    amount: String(upload.amountPaise),
    rrn: upload.rrn,
    card: upload.card,
    reasonCode: upload.reasonCode,
    ...(upload.evidenceFile === undefined ? {} : { evidenceFile: upload.evidenceFile }),
    ...(upload.other === undefined ? {} : { other: upload.other }),
  }
  const made = await tx`
    insert into upload_row (row_id, tenant_id, institution, purpose, flag, reason_code, rrn, nbin, direction, payment_id, amount, occurrence,
      sealed, due_at, made_at)
    select ${id}::uuid, ${upload.tenantId}, ${upload.institution}, ${upload.purpose}, ${upload.flag}, ${upload.reasonCode}, ${upload.rrn},
      ${upload.nbin}, ${upload.direction}, ${upload.paymentId === null ? null : paymentKey(upload.paymentId)}::uuid,
      ${upload.amountPaise}, ${upload.occurrence ?? 1} + (
        select count(*) from upload_row where rrn = ${upload.rrn} and nbin = ${upload.nbin} and direction = ${upload.direction}
          and flag = ${upload.flag} and purpose = 'tcc_ret' and dropped_at is not null)::integer, ${vault.seal(ROW_PLACE, upload.tenantId, id, JSON.stringify(sealed))}::bytea,
      ${upload.dueAt === null ? null : toRfc3339(upload.dueAt)}::timestamptz, ${toRfc3339(now)}::timestamptz
    where not (${upload.purpose} = 'tcc_ret' and exists (
      select from upload_row where rrn = ${upload.rrn} and nbin = ${upload.nbin} and direction = ${upload.direction}
        and purpose = 'tcc_ret' and dropped_at is null))
    on conflict (rrn, nbin, direction, flag, occurrence) do nothing
    returning row_id`
  return made.length > 0
}

/** Whether a TCC or RET about a payment was queued and not taken out again, whatever became of it since. */
export async function isAnswered(
  db: Db | Tx,
  { rrn, nbin, direction }: Pick<NewUpload, 'rrn' | 'nbin' | 'direction'>,
): Promise<boolean> {
  const rows = await db`
    select from upload_row where rrn = ${rrn} and nbin = ${nbin} and direction = ${direction} and purpose = 'tcc_ret'
      and dropped_at is null`
  return rows.length > 0
}

/** Takes rows out: they are not said any more, and the same may be said again as the next occurrence. @param why  in words, to 400 letters */
export const dropRows = (tx: Tx, ids: readonly string[], why: string, now: number): Promise<unknown> =>
  tx`
    update upload_row set dropped_at = ${toRfc3339(now)}::timestamptz, dropped_why = ${why.slice(0, 400)}
    where row_id = any(${words(ids, (id) => id)}::uuid[])`.execute()
