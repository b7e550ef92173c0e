import { toRfc3339 } from '../../base/clock.ts'
import { laneOfPayment, type PaymentId, paymentIdOf } from '../../base/identifiers.ts'
import { words } from '../../db/arrays.ts'
import type { Tx } from '../../db/pool.ts'
import { inTransaction } from '../../db/transaction.ts'
import { note, writeDetail } from '../notes.ts'
import { type BooksBreak, openBooksBreaks } from './breaks.ts'
import { findItem, setDuty } from './items.ts'
import { rowColumns, type WaitingRow } from './upload-bytes.ts'
import { CREDITED_NOW, dropRows, queueUpload } from './upload-rows.ts'
import { againOf, sumOf, type UploadDeps } from './uploads.ts'

/** A row that NPCI did not take, though it took the file. */
export type RefusedRow = {
  /** The bank's own reference of the row, as the file has it: 32 hex digits. */
  readonly reference: string
  /** NPCI's code or words, to 200 letters. */
  readonly why: string
  /** Whether it is to be said once more, in the next file, which people let go as every file. Only answers to time-outs. */
  readonly again?: boolean
}

export type AnswerDeps = Pick<UploadDeps, 'vault' | 'clock'> & {
  /** What a dispute asked for was not taken: in the same commit. */
  readonly onRefusedRow: (
    tx: Tx,
    row: { readonly paymentId: PaymentId; readonly flag: string },
    why: string,
  ) => Promise<unknown>
}

export type Answered =
  | { readonly kind: 'answered'; readonly refused: number }
  /** NPCI does not have this file. */
  | { readonly kind: 'not_sent' }
  /** No row of this file has this reference. */
  | { readonly kind: 'unknown_row'; readonly reference: string }
  /** What a dispute asked for is asked for again in the dispute. */
  | { readonly kind: 'not_an_answer'; readonly reference: string }

/**
 * Takes NPCI's word about the rows of a file that it has: those named were not said. What a dispute had asked for is dropped from it; an
 * answer to a time-out is owed again and, unless it is said again at once, before people, for what NPCI refuses it would refuse the next
 * time. The same word again changes nothing. Moves no money.
 * @param isAll  the rows that are not named were taken: nothing of the file is awaited any more
 * @source settlement.md §4.2, §7.3 B02 to B04; NPCI OC 93: an answer that is not there on T+1 costs a hundred rupees a day
 */
export async function answerUpload(
  deps: AnswerDeps,
  tx: Tx,
  uploadId: string,
  said: readonly RefusedRow[],
  isAll: boolean,
): Promise<Answered> {
  // Of two words about one row the last is meant.
  const refused = [...new Map(said.map((one) => [one.reference, one])).values()]
  const { vault, clock } = deps
  const key = uploadId.slice(4)
  const now = clock.now()
  const [file] = await tx<{ state: string }[]>`select state from upload_file where upload_id = ${key}::uuid for update`
  if (file?.state !== 'sent' && file?.state !== 'accepted') return { kind: 'not_sent' }
  const rows = await tx<
    (WaitingRow & { readonly reason_code: string; readonly open: boolean; readonly told: boolean })[]
  >`
    select ${rowColumns(tx)}, reason_code, dropped_at is null as open, refused_why is not null as told from upload_row
    where upload_id = ${key}::uuid and row_id = any(${words(refused, (one) => one.reference)}::uuid[]) order by row_id for update`
  const byReference = new Map(rows.map((row) => [row.row_id.replaceAll('-', ''), row]))
  for (const { reference, again } of refused) {
    const row = byReference.get(reference)
    if (row === undefined || (!row.open && !row.told)) return { kind: 'unknown_row', reference }
    if (again === true && row.purpose !== 'tcc_ret') return { kind: 'not_an_answer', reference }
  }
  await vault.load(rows.map(({ sealed }) => sealed))
  let count = 0
  for (const { reference, why, again = false } of refused) {
    const row = byReference.get(reference)
    if (row === undefined) continue
    if (row.open) {
      const paymentId = row.payment_id === null ? undefined : paymentIdOf(row.payment_id)
      if (row.purpose !== 'tcc_ret' && paymentId !== undefined)
        await deps.onRefusedRow(tx, { paymentId, flag: row.flag }, why)
      await dropRows(tx, [row.row_id], note('row_not_taken', { why }), now)
      await tx`update upload_row set refused_why = ${why} where row_id = ${row.row_id}::uuid`
      count += 1
    }
    if (row.purpose !== 'tcc_ret') continue
    const queued = again && (await queueUpload({ room: deps }, tx, againOf(vault, row)))
    if (queued || row.open) await owe(tx, row, queued ? undefined : why, now)
  }
  const dropped = rows.filter(({ open }) => open)
  await tx`
    update upload_file set rows = rows - ${dropped.length}, amount = amount - ${sumOf(dropped)},
      answered_at = case when ${isAll} then coalesce(answered_at, ${toRfc3339(now)}::timestamptz) else answered_at end
    where upload_id = ${key}::uuid`
  return { kind: 'answered', refused: count }
}

/** An answer to a time-out that NPCI did not take is owed: in the next file, or before people. @param why  undefined: it is said again */
async function owe(
  tx: Tx,
  row: WaitingRow & { readonly reason_code: string },
  why: string | undefined,
  now: number,
): Promise<void> {
  const { rrn, nbin, direction, institution, amount: amountPaise } = row
  const item = await findItem(tx, { rrn, direction, institution })
  if (item !== undefined && item.nbin === nbin)
    await setDuty(tx, item.id, why === undefined ? 'say' : 'people', item.dueAt, now)
  if (why === undefined) return
  const id = row.payment_id === null ? null : paymentIdOf(row.payment_id)
  const payment = id === null ? null : { id, lane: laneOfPayment(id) }
  const detail = writeDetail('answer_not_taken', { flag: row.flag, reasonCode: row.reason_code, why })
  await openBooksBreaks(tx, [{ type: breakOf(row), payment, institution, direction, rrn, amountPaise, detail }], now)
}

const breakOf = (row: { readonly flag: string; readonly reason_code: string }): BooksBreak['type'] =>
  row.flag === 'RET' ? 'B04' : row.reason_code === CREDITED_NOW ? 'B03' : 'B02'

/** What NPCI says of the rows of a file; `open` rows wait for its next cycle. */
export type FileAnswer = { readonly refused: readonly RefusedRow[]; readonly open: number }

/** Where NPCI can be asked what became of files: by name. A file that it does not speak of is not in the answer. */
export type AskAnswers = (names: readonly string[]) => Promise<ReadonlyMap<string, FileAnswer>>

/** How long after a file has left NPCI is asked: rows are judged in its next cycle. */
const ASKED_FOR_MS = 3 * 86_400_000

/**
 * Asks NPCI what became of the rows of the files that it took, where it can be asked, and takes its word.
 * @returns how many rows it did not take
 */
export async function askUploadAnswers(
  deps: AnswerDeps & Pick<UploadDeps, 'db'>,
  institution: string,
  ask: AskAnswers,
): Promise<number> {
  const { db, vault, clock } = deps
  const since = toRfc3339(clock.now() - ASKED_FOR_MS)
  const files = await db<{ upload_id: string; tenant_id: number; name: string }[]>`
    select upload_id, tenant_id, name from upload_file
    where institution = ${institution} and state in ('sent', 'accepted') and answered_at is null and sent_at > ${since}::timestamptz
    order by upload_id limit 1000`
  if (files.length === 0) return 0
  const answers = await ask(files.map(({ name }) => name))
  let count = 0
  for (const { upload_id, tenant_id, name } of files) {
    const answer = answers.get(name)
    if (answer === undefined || (answer.refused.length === 0 && answer.open > 0)) continue
    await vault.prepare([tenant_id], clock.now())
    const id = `upl_${upload_id.replaceAll('-', '')}`
    const taken = await inTransaction(db, (tx) => answerUpload(deps, tx, id, answer.refused, answer.open === 0))
    if (taken.kind === 'answered') count += taken.refused
  }
  return count
}
