import { toRfc3339 } from '../../base/clock.ts'
import type { Vault } from '../../base/vault.ts'
import type { Db, Tx } from '../../db/pool.ts'
import type { Cycle } from '../../imps/cycles.ts'
import type { CycleNumber, Day, FileCycle } from '../../imps/files/rows.ts'
import type { ArrivingKind, FileState, IntakeFault, IntakeRefusal, SettlementFile } from './file.ts'

/** What a file is, apart from its content: one of a kind counts for a bank and a cycle. */
export type FileIdentity = {
  readonly institution: string
  readonly kind: ArrivingKind
  readonly settlementDate: Day
  readonly cycle: CycleNumber | null
  readonly serial: string
}

type Row = {
  file_id: string
  tenant_id: number
  institution: string | null
  kind: ArrivingKind | null
  layout: string | null
  name: string
  day: string | null
  cycle: string | null
  serial: string
  sha256: string
  bytes: bigint
  encrypted: boolean
  signed: boolean
  state: FileState
  supersedes: string | null
  rows: bigint | null
  amount: bigint | null
  fault: IntakeFault | null
  refusal: Omit<IntakeRefusal, 'fault'> | null
  kept: boolean
  sealed: Uint8Array
  came_by: 'inbox' | 'api'
  received_by: string
  received_at: number
}

const idOf = (uuid: string): string => `fil_${uuid.replaceAll('-', '')}`
/** The row's key of a file's id; undefined when it is none. */
export const fileKeyOf = (id: string): string | undefined => /^fil_([0-9a-f]{32})$/.exec(id)?.[1]
const keyOf = (id: string): string => {
  const key = fileKeyOf(id)
  if (key === undefined) throw new Error('not the id of a file')
  return key
}

const fileOf = (row: Row): SettlementFile => ({
  id: idOf(row.file_id),
  tenantId: row.tenant_id,
  institution: row.institution,
  kind: row.kind,
  layout: row.layout,
  name: row.name,
  settlementDate: row.day,
  cycle: row.cycle,
  serial: row.serial,
  sha256: row.sha256,
  bytes: Number(row.bytes),
  encrypted: row.encrypted,
  signed: row.signed,
  state: row.state,
  supersedes: row.supersedes === null ? null : idOf(row.supersedes),
  rows: row.rows === null ? null : Number(row.rows),
  amountPaise: row.amount,
  refusal: row.fault === null || row.refusal === null ? null : { fault: row.fault, ...row.refusal },
  kept: row.kept,
  cameBy: row.came_by,
  receivedBy: row.received_by,
  receivedAt: row.received_at,
})

const columns = (db: Db | Tx) => db`f.*, f.settled_on::text as day`

/** The tenant whose bank an institution is; 0 where none is. */
export async function tenantOfInstitution(db: Db | Tx, institution: string): Promise<number> {
  const [row] = await db<{ tenant_id: number }[]>`
    select tenant_id from tenant where institution = ${institution} and kind in ('member_bank', 'sub_member')
    order by tenant_id limit 1`
  return row?.tenant_id ?? 0
}

export async function findFile(db: Db | Tx, id: string): Promise<SettlementFile | undefined> {
  const [row] = await db<Row[]>`select ${columns(db)} from settlement_file f where file_id = ${keyOf(id)}::uuid`
  return row && fileOf(row)
}

const same = (db: Db | Tx, { institution, kind, settlementDate, cycle, serial }: FileIdentity) => db`
  f.institution = ${institution} and f.kind = ${kind} and f.settled_on = ${settlementDate}::date
  and coalesce(f.cycle, '') = ${cycle ?? ''} and f.serial = ${serial}`

/** The file with this content that is or was in use. */
export async function findSame(
  db: Db | Tx,
  identity: FileIdentity,
  sha256: string,
): Promise<SettlementFile | undefined> {
  const [row] = await db<Row[]>`
    select ${columns(db)} from settlement_file f
    where ${same(db, identity)} and f.sha256 = ${sha256} and f.state <> 'refused'`
  return row && fileOf(row)
}

/** The file that counts. */
export async function findInUse(db: Db | Tx, identity: FileIdentity): Promise<SettlementFile | undefined> {
  const [row] = await db<Row[]>`
    select ${columns(db)} from settlement_file f where ${same(db, identity)} and f.state = 'accepted'`
  return row && fileOf(row)
}

/** The same refusal of the same content, if it was refused before. */
export async function findRefusal(
  db: Db | Tx,
  { tenantId, sha256, name, fault }: { tenantId: number; sha256: string; name: string; fault: IntakeFault },
): Promise<SettlementFile | undefined> {
  const [row] = await db<Row[]>`
    select ${columns(db)} from settlement_file f
    where f.tenant_id = ${tenantId} and f.sha256 = ${sha256} and f.name = ${name} and f.fault = ${fault} and f.state = 'refused'`
  return row && fileOf(row)
}

export type FileSecret = { readonly name: string; readonly key?: string }

/** Writes the row of a file, refused or not. The vault must be prepared for its tenant. */
export async function insertFile(tx: Tx, vault: Vault, file: SettlementFile, secret: FileSecret): Promise<void> {
  const key = keyOf(file.id)
  const { refusal } = file
  const { fault, ...where } = refusal ?? { fault: null }
  await tx`
    insert into settlement_file (file_id, tenant_id, institution, kind, layout, name, settled_on, cycle, serial, sha256, bytes, encrypted,
      signed, state, supersedes, rows, amount, fault, refusal, kept, sealed, came_by, received_by, received_at)
    values (${key}::uuid, ${file.tenantId}, ${file.institution}, ${file.kind}, ${file.layout}, ${file.name},
      ${file.settlementDate}::text::date, ${file.cycle}, ${file.serial}, ${file.sha256}, ${file.bytes}, ${file.encrypted}, ${file.signed},
      ${file.state}, ${file.supersedes === null ? null : keyOf(file.supersedes)}::uuid, ${file.rows}, ${file.amountPaise},
      ${fault}, ${refusal === null ? null : JSON.stringify(where)}::text::jsonb, ${file.kept},
      ${vault.seal('settlement_file.sealed', file.tenantId, key, JSON.stringify(secret))}, ${file.cameBy}, ${file.receivedBy},
      ${toRfc3339(file.receivedAt)}::timestamptz)`
}

/** Writes down that the content of a refused file is there now, under a key. The vault must be prepared for its tenant. */
export async function keepContent(
  tx: Tx,
  vault: Vault,
  { id, tenantId }: SettlementFile,
  secret: FileSecret,
): Promise<void> {
  const key = keyOf(id)
  await tx`
    update settlement_file set kept = true, sealed = ${vault.seal('settlement_file.sealed', tenantId, key, JSON.stringify(secret))}
    where file_id = ${key}::uuid and state = 'refused'`
}

/** Refused files whose content has been kept since before an instant. */
export async function refusedBefore(db: Db, before: number): Promise<readonly string[]> {
  const rows = await db<{ file_id: string }[]>`
    select file_id from settlement_file
    where state = 'refused' and kept and received_at < ${toRfc3339(before)}::timestamptz order by file_id limit 1000`
  return rows.map((row) => idOf(row.file_id))
}

/** Writes down that the content of a refused file is gone; its row stays. */
export async function forgetContent(db: Db | Tx, id: string): Promise<void> {
  await db`update settlement_file set kept = false where file_id = ${keyOf(id)}::uuid and state = 'refused'`
}

/** Takes a file out of use. @returns whether it was in use */
export async function supersedeFile(tx: Tx, id: string): Promise<boolean> {
  const changed = await tx`
    update settlement_file set state = 'superseded' where file_id = ${keyOf(id)}::uuid and state = 'accepted'`
  return changed.count === 1
}

/** The key of a file's content. @throws when its tenant's keys were destroyed, or nothing is kept */
export const openFileKey = async (db: Db | Tx, vault: Vault, file: SettlementFile): Promise<Uint8Array> =>
  (await openFileSecret(db, vault, file)).key

/** The name that a file came under, and the key of its content. @throws when its tenant's keys were destroyed, or nothing is kept */
export async function openFileSecret(
  db: Db | Tx,
  vault: Vault,
  file: SettlementFile,
): Promise<{ readonly name: string; readonly key: Uint8Array }> {
  const key = keyOf(file.id)
  const [row] = await db<{ sealed: Uint8Array }[]>`select sealed from settlement_file where file_id = ${key}::uuid`
  if (row === undefined || !file.kept) throw new Error(`nothing is kept of ${file.id}`)
  await vault.load([row.sealed])
  const text = vault.open('settlement_file.sealed', file.tenantId, key, row.sealed)
  if (text === undefined) throw new Error(`the keys of ${file.id} were destroyed`)
  const secret: FileSecret = JSON.parse(text)
  return { name: secret.name, key: Buffer.from(secret.key ?? '', 'base64') }
}

/** Whoever commits something about this file or cycle does so alone. Held until the transaction ends. */
export async function lockFor(tx: Tx, what: string): Promise<void> {
  await tx`select pg_advisory_xact_lock(hashtextextended(${`settlement ${what}`}, 0))`
}
export const lockOfCycle = (institution: string, settlementDate: Day, cycle: CycleNumber): string =>
  `cycle ${institution} ${settlementDate}/${cycle}`

/** Whether money of a cycle was settled: its files are then no more replaced. */
export async function isSettled(db: Db | Tx, institution: string, cycle: FileCycle): Promise<boolean> {
  const [row] = await db`
    select from pipeline_step where institution = ${institution} and settled_on = ${cycle.settlementDate}::date
      and cycle = ${cycle.number} and step = 'settle'`
  return row !== undefined
}

/** Writes a cycle down when the first file speaks of it. */
export async function ensureCycle(
  tx: Tx,
  of: { readonly tenantId: number; readonly institution: string; readonly at: number },
  { settlementDate, number, fromAt, toAt, carries }: Cycle,
): Promise<void> {
  await tx`
    insert into settlement_cycle (tenant_id, institution, settled_on, cycle, window_from, window_to, carries, opened_at)
    values (${of.tenantId}, ${of.institution}, ${settlementDate}::date, ${number}, ${toRfc3339(fromAt)}::timestamptz,
            ${toRfc3339(toAt)}::timestamptz, ${carries}, ${toRfc3339(of.at)}::timestamptz)
    on conflict do nothing`
}

export type FileFilters = {
  readonly institution?: string
  readonly kind?: ArrivingKind
  readonly state?: FileState
  readonly settlementDate?: Day
  readonly cycle?: CycleNumber
}

/**
 * Files, the latest first.
 * @param seen  banks whose files may be seen, and the tenant whose files of no bank may; `all`: those of the inbox too
 * @param before  the id of the last one that was shown
 */
export async function listFiles(
  db: Db | Tx,
  seen: { readonly institutions: readonly string[]; readonly tenantId: number; readonly all: boolean },
  filters: FileFilters,
  before: string | undefined,
  limit: number,
): Promise<{ readonly files: readonly SettlementFile[]; readonly next: string | undefined }> {
  const { institution, kind, state, settlementDate, cycle } = filters
  const rows = await db<Row[]>`
    select ${columns(db)} from settlement_file f
    where (f.institution = any(${[...seen.institutions]}) or (f.institution is null and (f.tenant_id = ${seen.tenantId} or (${seen.all} and f.tenant_id = 0))))
      ${institution === undefined ? db`` : db`and f.institution = ${institution}`}
      ${kind === undefined ? db`` : db`and f.kind = ${kind}`}
      ${state === undefined ? db`` : db`and f.state = ${state}`}
      ${settlementDate === undefined ? db`` : db`and f.settled_on = ${settlementDate}::date`}
      ${cycle === undefined ? db`` : db`and f.cycle = ${cycle}`}
      ${before === undefined ? db`` : db`and f.file_id < ${keyOf(before)}::uuid`}
    order by f.file_id desc limit ${limit + 1}`
  const files = rows.slice(0, limit).map(fileOf)
  return { files, next: rows.length > limit ? files.at(-1)?.id : undefined }
}

/** The files in use of one cycle, in the order of their kinds. */
export async function filesInUse(
  db: Db | Tx,
  institution: string,
  { settlementDate, number }: FileCycle,
): Promise<readonly SettlementFile[]> {
  const rows = await db<Row[]>`
    select ${columns(db)} from settlement_file f
    where f.institution = ${institution} and f.settled_on = ${settlementDate}::date and f.cycle = ${number} and f.state = 'accepted'
    order by f.kind, f.serial`
  return rows.map(fileOf)
}

/** Ids of files whose content should be there. */
export async function keptFiles(db: Db | Tx, ids: readonly string[]): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set()
  const rows = await db<{ file_id: string }[]>`
    select file_id from settlement_file where file_id = any(${ids.map(keyOf)}::uuid[]) and kept`
  return new Set(rows.map((row) => idOf(row.file_id)))
}
