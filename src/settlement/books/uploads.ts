import { createHash } from 'node:crypto'
import type { Clock } from '../../base/clock.ts'
import { laneOfPayment, type PaymentId, paymentIdOf } from '../../base/identifiers.ts'
import type { Vault } from '../../base/vault.ts'
import type { Db, Tx } from '../../db/pool.ts'
import { inTransaction } from '../../db/transaction.ts'
import { dayOf } from '../../imps/cycles.ts'
import { note, writeDetail } from '../notes.ts'
import { openBooksBreaks } from './breaks.ts'
import { findItem, setDuty } from './items.ts'
import { type BytesDeps, openRow, rowColumns, uploadBytes, type WaitingRow } from './upload-bytes.ts'
import { judgeAnswers } from './upload-judge.ts'
import { CREDITED_NOW, dropRows, type NewUpload, type Purpose, queueUpload } from './upload-rows.ts'
import { insertUpload } from './upload-store.ts'

/** A row that a dispute asked for. */
export type AskedRow = {
  readonly tenantId: number
  readonly paymentId: PaymentId
  readonly flag: string
  readonly amountPaise: bigint
}

/** What a file for NPCI is made with. */
export type UploadDeps = BytesDeps & {
  readonly db: Db
  readonly clock: Clock
  /** 32 hex digits that sort by time. */
  readonly newId: () => string
  /** Why what a dispute asked for is not to be said any more; it is dropped from the dispute then, in the same commit. */
  readonly judgeDispute: (tx: Tx, row: AskedRow) => Promise<string | undefined>
  readonly crashPoint?: (name: UploadCrashPoint) => void
}

/** A file for NPCI is made, and waits for people; one is judged and may leave; one has been handed over, and nothing says so yet. */
export type UploadCrashPoint = `upload:${'written' | 'leaving' | 'delivered'}`

/** Rows of one file at most; the rest has the next one. */
const MAX_ROWS = 5_000

export const FILE_PLACE = 'upload_file.sealed'

/**
 * Makes files of what waits to be said to NPCI, one for each purpose, in its format. They wait for people: nothing leaves by itself. One
 * commit for each file, which takes its rows; the same again finds none.
 * @returns how many were made
 * @source settlement.md §4.2; NPCI OC 129: a name that was used is refused, so names count up
 */
export async function makeUploads(deps: UploadDeps, institution: string): Promise<number> {
  let made = 0
  const purposes = await deps.db<{ purpose: Purpose; tenant_id: number }[]>`
    select distinct purpose, tenant_id from upload_row
    where institution = ${institution} and upload_id is null and dropped_at is null
      and complaint_id is null order by purpose, tenant_id`
  for (const { purpose, tenant_id } of purposes) {
    await deps.vault.prepare([tenant_id], deps.clock.now())
    if (await inTransaction(deps.db, (tx) => makeOne(deps, tx, institution, purpose, tenant_id))) made += 1
    deps.crashPoint?.('upload:written')
  }
  return made
}

async function makeOne(
  deps: UploadDeps,
  tx: Tx,
  institution: string,
  purpose: Purpose,
  tenantId: number,
): Promise<boolean> {
  const { vault, clock } = deps
  await tx`select pg_advisory_xact_lock(hashtextextended(${`uploads of ${institution}`}, 0))`
  const waiting = await keepDue(
    deps,
    tx,
    await tx<WaitingRow[]>`
      select ${rowColumns(tx)} from upload_row
      where institution = ${institution} and purpose = ${purpose} and tenant_id = ${tenantId} and upload_id is null and dropped_at is null
        and complaint_id is null
      order by due_at nulls last, row_id limit ${MAX_ROWS} for update`,
  )
  if (waiting.length === 0) return false
  const now = clock.now()
  const day = dayOf(now)
  const [{ sequence } = { sequence: 1 }] = await tx<{ sequence: number }[]>`
    select coalesce(max(sequence), 0)::integer + 1 as sequence from upload_file where institution = ${institution} and made_on = ${day}::date`
  const kind = purpose === 'good_faith' ? 'upload_good_faith' : 'upload_classic'
  const { file, bytes } = await uploadBytes(deps, { institution, kind, day, sequence }, waiting)
  const id = deps.newId()
  const due = waiting.flatMap(({ due_at }) => due_at ?? [])
  await insertUpload(tx, {
    id: `upl_${id}`,
    tenantId,
    institution,
    kind,
    purpose,
    name: file,
    madeOn: day,
    sequence,
    rows: waiting.length,
    amountPaise: sumOf(waiting),
    sealed: vault.seal(FILE_PLACE, tenantId, id, bytes.toString('utf8')),
    sha256: createHash('sha256').update(bytes).digest('hex'),
    dueAt: due.length === 0 ? null : Math.min(...due),
    madeAt: now,
  })
  await tx`
    update upload_row set upload_id = ${id}::uuid where row_id = any(${waiting.map(({ row_id }) => row_id)}::uuid[])`
  return true
}

export const sumOf = (rows: readonly WaitingRow[]): bigint => rows.reduce((sum, { amount }) => sum + amount, 0n)

/**
 * Judges rows by what their payments and disputes are now, and takes out those that are not due, each with its reason. Payments are locked
 * until `tx` ends. What was to be returned and is credited is confirmed instead; a credit that is gone is for people.
 * @returns those that stay
 */
export async function keepDue(deps: UploadDeps, tx: Tx, rows: readonly WaitingRow[]): Promise<readonly WaitingRow[]> {
  const { vault, clock } = deps
  await vault.load(rows.map(({ sealed }) => sealed))
  const answers = await judgeAnswers(
    tx,
    rows.filter(({ purpose }) => purpose === 'tcc_ret'),
  )
  const kept: WaitingRow[] = []
  for (const row of rows) {
    const paymentId = row.payment_id === null ? null : paymentIdOf(row.payment_id)
    const notDue = answers.get(row.row_id)
    const asked = { tenantId: row.tenant_id, flag: row.flag, amountPaise: row.amount }
    const why =
      notDue !== undefined
        ? note(notDue)
        : row.purpose === 'tcc_ret' || paymentId === null
          ? undefined
          : await deps.judgeDispute(tx, { ...asked, paymentId })
    if (why === undefined) {
      kept.push(row)
      continue
    }
    await dropRows(tx, [row.row_id], why, clock.now())
    if (notDue === 'credited')
      await queueUpload({ room: deps }, tx, { ...againOf(vault, row), flag: 'TCC', reasonCode: CREDITED_NOW })
    if (notDue === 'not_credited') await putBeforePeople(tx, row, clock.now())
  }
  return kept
}

/** @source NPCI OC 82: a TCC without a credit costs a penalty, and the other bank's customer the money */
async function putBeforePeople(tx: Tx, row: WaitingRow, now: number): Promise<void> {
  const { rrn, nbin, direction, institution, amount: amountPaise } = row
  const id = row.payment_id === null ? null : paymentIdOf(row.payment_id)
  const payment = id === null ? null : { id, lane: laneOfPayment(id) }
  const detail = writeDetail('confirmation_taken_out', { rrn })
  await openBooksBreaks(tx, [{ type: 'B19', payment, institution, direction, rrn, amountPaise, detail }], now)
  const item = await findItem(tx, { rrn, direction, institution })
  if (item !== undefined && item.nbin === nbin) await setDuty(tx, item.id, 'people', item.dueAt, now)
}

/** The same once more, as it can be queued. */
export function againOf(vault: Vault, row: WaitingRow): NewUpload {
  const { flag, reasonCode, txnDate, card, evidenceFile, other } = openRow(vault, row)
  return {
    tenantId: row.tenant_id,
    institution: row.institution,
    purpose: row.purpose,
    flag,
    reasonCode,
    rrn: row.rrn,
    nbin: row.nbin,
    direction: row.direction,
    paymentId: row.payment_id === null ? null : paymentIdOf(row.payment_id),
    amountPaise: row.amount,
    txnDate,
    card,
    ...(evidenceFile === undefined ? {} : { evidenceFile }),
    ...(other === undefined ? {} : { other }),
    dueAt: row.due_at,
  }
}

/**
 * What becomes of the rows of a file that was withdrawn, or that NPCI did not take, in the commit that says so: all are taken out of it;
 * answers to time-outs wait for the next file, under another name, which takes those that are still due: what NPCI's report has by then is
 * not said again. What disputes asked for is theirs to ask again.
 * @param why  in words, to 400 letters
 */
export async function requeueAnswers(
  deps: Pick<UploadDeps, 'vault' | 'clock'>,
  tx: Tx,
  uploadId: string,
  why: string,
): Promise<void> {
  const { vault, clock } = deps
  const rows = await tx<WaitingRow[]>`
    select ${rowColumns(tx)} from upload_row
    where upload_id = ${uploadId.slice(4)}::uuid and dropped_at is null order by row_id for update`
  const answers = rows.filter(({ purpose }) => purpose === 'tcc_ret')
  await vault.load(answers.map(({ sealed }) => sealed))
  const ids = rows.map(({ row_id }) => row_id)
  await dropRows(tx, ids, why, clock.now())
  await tx`update upload_file set rows = 0, amount = 0 where upload_id = ${uploadId.slice(4)}::uuid`
  for (const row of answers) await queueUpload({ room: deps }, tx, againOf(vault, row))
}
