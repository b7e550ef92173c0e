import { createHash } from 'node:crypto'
import type { Clock } from '../../base/clock.ts'
import { toRfc3339 } from '../../base/clock.ts'
import type { Tx } from '../../db/pool.ts'
import { decideApproval } from '../../payment/approval-store.ts'
import { note } from '../notes.ts'
import { type BytesDeps, rowColumns, uploadBytes, type WaitingRow } from './upload-bytes.ts'
import { FILE_PLACE, sumOf } from './uploads.ts'

/**
 * Takes a row out of a file that nobody has let go, in the caller's transaction: the file is made anew without it, under its name, and what was
 * put before people of it is cancelled, for it is not what they would see. The row waits then as if it had been in none. For whoever says it
 * by another way.
 * @returns false when the file may have left, or people have let it go
 */
export async function takeOutOfWaiting(
  deps: BytesDeps & { readonly clock: Clock },
  tx: Tx,
  uploadId: string,
  rowId: string,
): Promise<boolean> {
  const { vault, clock } = deps
  const [file] = await tx<
    {
      tenant_id: number
      institution: string
      kind: 'upload_classic' | 'upload_good_faith'
      made_on: string
      sequence: number
      approval_id: string | null
    }[]
  >`
    select tenant_id, institution, kind, made_on::text as made_on, sequence, approval_id from upload_file
    where upload_id = ${uploadId}::uuid and state = 'waiting' for update`
  if (file === undefined) return false
  const now = clock.now()
  await tx`update upload_row set upload_id = null where row_id = ${rowId}::uuid and upload_id = ${uploadId}::uuid`
  const rows = await tx<WaitingRow[]>`
    select ${rowColumns(tx)} from upload_row where upload_id = ${uploadId}::uuid and dropped_at is null
    order by due_at nulls last, row_id for update`
  if (file.approval_id !== null) await decideApproval(tx, file.approval_id.replaceAll('-', ''), 'cancelled', now)
  if (rows.length === 0) {
    await tx`
      update upload_file set rows = 0, amount = 0, state = 'withdrawn', withdrawn_at = ${toRfc3339(now)}::timestamptz, withdrawn_by = 'hub',
        withdrawn_why = ${note('said_over_wire')}
      where upload_id = ${uploadId}::uuid`
    return true
  }
  await vault.prepare([file.tenant_id], now)
  await vault.load(rows.map(({ sealed }) => sealed))
  const { institution, kind, made_on: day, sequence } = file
  const { bytes } = await uploadBytes(deps, { institution, kind, day, sequence }, rows)
  const sealed = vault.seal(FILE_PLACE, file.tenant_id, uploadId.replaceAll('-', ''), bytes.toString('utf8'))
  await tx`
    update upload_file set rows = ${rows.length}, amount = ${sumOf(rows)}, sha256 = ${createHash('sha256').update(bytes).digest('hex')},
      sealed = ${sealed}::bytea
    where upload_id = ${uploadId}::uuid`
  return true
}
