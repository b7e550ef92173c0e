import { createHash } from 'node:crypto'
import { toRfc3339 } from '../../base/clock.ts'
import type { Tx } from '../../db/pool.ts'
import { inTransaction } from '../../db/transaction.ts'
import { note } from '../notes.ts'
import { rowColumns, uploadBytes, type WaitingRow } from './upload-bytes.ts'
import { FILE_PLACE, keepDue, requeueAnswers, sumOf, type UploadDeps } from './uploads.ts'

/** Where files that people have let go are put: NPCI's portal, its folder, in the sandbox the simulated switch. */
export type Deliver = (
  name: string,
  bytes: Uint8Array,
) => Promise<{ readonly kind: 'sent' | 'accepted' | 'refused'; readonly answer?: string }>

/**
 * Hands over what people have let go, after each row was judged once more. A file that may have left is `sent`: it is handed over again, as
 * it is, only when handing it over failed, and NPCI refuses a name that it has seen. What NPCI does not take at all was not said: its answers
 * wait for the next file, which people let go as this one.
 * @returns how many left
 */
export async function deliverUploads(
  deps: UploadDeps & {
    /** What follows for others when NPCI does not take one, in the commit that says so, before its rows are taken out. */
    readonly onRefused: (tx: Tx, uploadId: string, answer: string) => Promise<unknown>
  },
  institution: string,
  deliver: Deliver,
): Promise<number> {
  const { db, vault, clock } = deps
  const released = await db<{ upload_id: string; tenant_id: number }[]>`
    select upload_id, tenant_id from upload_file where institution = ${institution} and state = 'released' order by upload_id`
  let left = 0
  for (const { upload_id, tenant_id } of released) {
    await vault.prepare([tenant_id], clock.now())
    const file = await inTransaction(db, (tx) => leave(deps, tx, institution, upload_id))
    if (file === undefined) continue
    deps.crashPoint?.('upload:leaving')
    const { kind, answer } = await deliver(file.name, file.bytes)
    deps.crashPoint?.('upload:delivered')
    await inTransaction(db, async (tx) => {
      const told = await tx`
        update upload_file set state = ${kind}, sent_at = ${toRfc3339(clock.now())}::timestamptz, answer = ${answer?.slice(0, 400) ?? null}
        where upload_id = ${upload_id}::uuid and state = 'released'`
      if (kind !== 'refused' || told.count !== 1) return
      const id = `upl_${upload_id.replaceAll('-', '')}`
      const why = answer ?? 'refused'
      await deps.onRefused(tx, id, why)
      await requeueAnswers(deps, tx, id, note('file_not_taken', { why }))
    })
    left += 1
  }
  return left
}

type Released = {
  readonly tenant_id: number
  readonly name: string
  readonly kind: 'upload_classic' | 'upload_good_faith'
  readonly made_on: string
  readonly sequence: number
  readonly sealed: Uint8Array
  readonly leaving_at: number | null
}

/**
 * The last look at a file before it leaves: what is not due any more is taken out of it, and from this commit on it is what it is.
 * @returns undefined when nothing of it is left to say, or it was withdrawn
 */
async function leave(
  deps: UploadDeps,
  tx: Tx,
  institution: string,
  uploadId: string,
): Promise<{ readonly name: string; readonly bytes: Buffer } | undefined> {
  const { vault, clock } = deps
  const [file] = await tx<Released[]>`
    select tenant_id, name, kind, made_on::text as made_on, sequence, sealed, leaving_at from upload_file
    where upload_id = ${uploadId}::uuid and state = 'released' for update`
  if (file === undefined) return undefined
  const id = uploadId.replaceAll('-', '')
  const now = toRfc3339(clock.now())
  const rows =
    file.leaving_at !== null
      ? []
      : await tx<WaitingRow[]>`
          select ${rowColumns(tx)} from upload_row where upload_id = ${uploadId}::uuid and dropped_at is null
          order by due_at nulls last, row_id for update`
  const kept = await keepDue(deps, tx, rows)
  if (kept.length === rows.length) {
    await vault.load([file.sealed])
    const text = vault.open(FILE_PLACE, file.tenant_id, id, file.sealed)
    if (text === undefined) throw new Error(`the key of upload ${uploadId} was destroyed`)
    await tx`
      update upload_file set leaving_at = coalesce(leaving_at, ${now}::timestamptz) where upload_id = ${uploadId}::uuid`
    return { name: file.name, bytes: Buffer.from(text, 'utf8') }
  }
  if (kept.length === 0) {
    await tx`
      update upload_file set rows = 0, amount = 0, state = 'withdrawn', withdrawn_at = ${now}::timestamptz, withdrawn_by = 'hub',
        withdrawn_why = ${note('nothing_due')}
      where upload_id = ${uploadId}::uuid`
    return undefined
  }
  const { kind, made_on: day, sequence } = file
  const { bytes } = await uploadBytes(deps, { institution, kind, day, sequence }, kept)
  await tx`
    update upload_file set rows = ${kept.length}, amount = ${sumOf(kept)}, agreed_sha256 = sha256,
      sha256 = ${createHash('sha256').update(bytes).digest('hex')},
      sealed = ${vault.seal(FILE_PLACE, file.tenant_id, id, bytes.toString('utf8'))}::bytea, leaving_at = ${now}::timestamptz
    where upload_id = ${uploadId}::uuid`
  return { name: file.name, bytes }
}
