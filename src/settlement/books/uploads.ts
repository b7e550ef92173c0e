import { createHash } from 'node:crypto'
import type { Clock } from '../../base/clock.ts'
import { toRfc3339 } from '../../base/clock.ts'
import { parsePaise } from '../../base/money.ts'
import type { Vault } from '../../base/vault.ts'
import type { Db, Tx } from '../../db/pool.ts'
import { inTransaction } from '../../db/transaction.ts'
import { dayOf } from '../../imps/cycles.ts'
import { type Layouts, layoutFor } from '../../imps/files/detect.ts'
import type { ClassicUploadRow, GoodFaithUploadRow } from '../../imps/files/rows.ts'
import { type NewRow, writeTable } from '../../imps/files/write-table.ts'
import { type Purpose, ROW_PLACE, type SealedRow } from './upload-rows.ts'
import { insertUpload } from './upload-store.ts'

/** What a file for NPCI is made with. */
export type UploadDeps = {
  readonly db: Db
  readonly clock: Clock
  readonly vault: Vault
  /** 32 hex digits that sort by time. */
  readonly newId: () => string
  /** The three letters of an institution, and those of a bank by its NBIN. */
  readonly codeOf: (institution: string) => string
  readonly codeOfNbin: (nbin: string) => string | undefined
  /** How files for NPCI are laid out; absent: as what ships. */
  readonly layouts?: Layouts
  readonly crashPoint?: (name: UploadCrashPoint) => void
}

/** A file for NPCI is made, and waits for people; one has been handed over, and nothing says so yet. */
export type UploadCrashPoint = `upload:${'written' | 'delivered'}`

/** Rows of one file at most; the rest has the next one. */
const MAX_ROWS = 5_000

export const FILE_PLACE = 'upload_file.sealed'

type WaitingRow = {
  row_id: string
  tenant_id: number
  purpose: Purpose
  nbin: string
  due_at: number | null
  amount: bigint
  sealed: Uint8Array
}

/**
 * Makes files of what waits to be said to NPCI, one for each purpose, in its format. They wait for people: nothing leaves by itself. One
 * commit for each file, which takes its rows; the same again finds none.
 * @returns how many were made
 * @source settlement.md §4.2; NPCI OC 129: a name that was used is refused, so names count up
 */
export async function makeUploads(deps: UploadDeps, institution: string): Promise<number> {
  let made = 0
  const purposes = await deps.db<{ purpose: Purpose; tenant_id: number }[]>`
    select distinct purpose, tenant_id from upload_row where institution = ${institution} and upload_id is null order by purpose, tenant_id`
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
  const waiting = await tx<WaitingRow[]>`
    select row_id, tenant_id, purpose, nbin, due_at, amount, sealed from upload_row
    where institution = ${institution} and purpose = ${purpose} and tenant_id = ${tenantId} and upload_id is null
    order by due_at nulls last, row_id limit ${MAX_ROWS} for update`
  if (waiting.length === 0) return false
  await vault.load(waiting.map(({ sealed }) => sealed))
  const now = clock.now()
  const day = dayOf(now)
  const [{ sequence } = { sequence: 1 }] = await tx<{ sequence: number }[]>`
    select coalesce(max(sequence), 0)::integer + 1 as sequence from upload_file where institution = ${institution} and made_on = ${day}::date`
  const kind = purpose === 'good_faith' ? 'upload_good_faith' : 'upload_classic'
  const identity = { bank: deps.codeOf(institution), day, serial: String(sequence).padStart(3, '0') }
  const layout = layoutFor(kind, day, 'csv', deps.layouts)
  const { file, bytes } =
    kind === 'upload_classic'
      ? await writeTable(
          kind,
          layout,
          identity,
          waiting.map((row) => classicRow(vault, row)),
        )
      : await writeTable(
          kind,
          layout,
          identity,
          waiting.map((row) => goodFaithRow(deps, row, day)),
        )
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
    amountPaise: waiting.reduce((sum, { amount }) => sum + amount, 0n),
    sealed: vault.seal(FILE_PLACE, tenantId, id, bytes.toString('utf8')),
    sha256: createHash('sha256').update(bytes).digest('hex'),
    dueAt: due.length === 0 ? null : Math.min(...due),
    madeAt: now,
  })
  await tx`
    update upload_row set upload_id = ${id}::uuid where row_id = any(${waiting.map(({ row_id }) => row_id)}::uuid[])`
  return true
}

function open(vault: Vault, { row_id, tenant_id, sealed }: WaitingRow): SealedRow {
  const text = vault.open(ROW_PLACE, tenant_id, row_id.replaceAll('-', ''), sealed)
  if (text === undefined) throw new Error(`the key of upload row ${row_id} was destroyed`)
  return JSON.parse(text)
}

const paiseOf = (text: string) => {
  const amount = parsePaise(text)
  if (amount === undefined) throw new Error('an upload row has no amount')
  return amount
}

function classicRow(vault: Vault, row: WaitingRow): NewRow<'upload_classic'> {
  const { amount, ...fields } = open(vault, row)
  return { ...fields, bankRef: row.row_id.replaceAll('-', ''), adjAmountPaise: paiseOf(amount) } satisfies Omit<
    ClassicUploadRow,
    'line'
  >
}

/** Good faith names banks by their letters and the account by itself. @source NPCI OC 129 */
function goodFaithRow({ vault, codeOfNbin }: UploadDeps, row: WaitingRow, day: string): NewRow<'upload_good_faith'> {
  const { amount, card, txnDate, rrn, reasonCode, flag } = open(vault, row)
  const bank = (nbin: string): string => {
    const code = codeOfNbin(nbin)
    if (code === undefined) throw new Error(`no settlement code of NBIN ${nbin}`)
    return code
  }
  return {
    txnDate,
    amountPaise: paiseOf(amount),
    rrn,
    remitterBank: bank(row.nbin),
    beneficiaryBank: bank(card.slice(0, 4)),
    bankRef: row.row_id.replaceAll('-', ''),
    npciRef: 'NA',
    adjDate: day,
    reasonCode,
    flag,
    account: card.slice(4),
    subType: card.slice(4, 9) === '00000' ? 'FC' : 'F3',
  } satisfies Omit<GoodFaithUploadRow, 'line'>
}

/** Where files that people have let go are put: NPCI's portal, its folder, in the sandbox the simulated switch. */
export type Deliver = (
  name: string,
  bytes: Uint8Array,
) => Promise<{ readonly kind: 'sent' | 'accepted' | 'refused'; readonly answer?: string }>

type Released = { upload_id: string; tenant_id: number; name: string; sealed: Uint8Array }

/**
 * Hands over what people have let go. A file that may have left is `sent`: it is handed over again only when handing it over failed, and
 * NPCI refuses a name that it has seen.
 * @returns how many left
 */
export async function deliverUploads(
  deps: UploadDeps & {
    /** What follows when NPCI does not take one, in the commit that says so. */
    readonly onRefused: (tx: Tx, uploadId: string, answer: string) => Promise<unknown>
  },
  institution: string,
  deliver: Deliver,
): Promise<number> {
  const { db, vault, clock } = deps
  const files = await db<Released[]>`
    select upload_id, tenant_id, name, sealed from upload_file where institution = ${institution} and state = 'released' order by upload_id`
  await vault.load(files.map(({ sealed }) => sealed))
  for (const { upload_id, tenant_id, name, sealed } of files) {
    const text = vault.open(FILE_PLACE, tenant_id, upload_id.replaceAll('-', ''), sealed)
    if (text === undefined) throw new Error(`the key of upload ${upload_id} was destroyed`)
    const { kind, answer } = await deliver(name, Buffer.from(text, 'utf8'))
    deps.crashPoint?.('upload:delivered')
    await inTransaction(db, async (tx) => {
      const told = await tx`
        update upload_file set state = ${kind}, sent_at = ${toRfc3339(clock.now())}::timestamptz, answer = ${answer?.slice(0, 400) ?? null}
        where upload_id = ${upload_id}::uuid and state = 'released'`
      if (kind === 'refused' && told.count === 1)
        await deps.onRefused(tx, `upl_${upload_id.replaceAll('-', '')}`, answer ?? 'refused')
    })
  }
  return files.length
}
