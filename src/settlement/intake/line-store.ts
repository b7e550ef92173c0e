import { randomUUID } from 'node:crypto'
import { toRfc3339 } from '../../base/clock.ts'
import { paise } from '../../base/money.ts'
import type { Vault } from '../../base/vault.ts'
import { bytes, numbers, texts } from '../../db/arrays.ts'
import type { Db, Tx } from '../../db/pool.ts'
import type {
  AdjustmentRow,
  Day,
  Ntsl,
  NtslDispute,
  NtslRow,
  SubType,
  TimeoutRow,
  UdirRow,
} from '../../imps/files/rows.ts'
import type { SettlementFile } from './file.ts'

/** Rows of one statement. */
const AT_ONCE = 2_000

const personal = ['remitterAccount', 'beneficiaryAccount', 'remitterMobile', 'beneficiaryMobile'] as const

/** A row in two parts: what may stand in the clear, and what is personal. Paise are digits. */
function split(row: object): { readonly fields: string; readonly secret: string | undefined } {
  const fields: Record<string, unknown> = {}
  const secret: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(row)) {
    if (name === 'line') continue
    const target = personal.some((one) => one === name) ? secret : fields
    target[name] = typeof value === 'bigint' ? String(value) : value
  }
  return {
    fields: JSON.stringify(fields),
    secret: Object.keys(secret).length === 0 ? undefined : JSON.stringify(secret),
  }
}

/** The parts together again, as they were. */
function join<T>(line: number, fields: Readonly<Record<string, unknown>>, secret: string | undefined): T {
  const row: Record<string, unknown> = { line, ...fields, ...(secret === undefined ? {} : JSON.parse(secret)) }
  for (const [name, value] of Object.entries(row))
    if (name.endsWith('Paise') && typeof value === 'string') row[name] = paise(BigInt(value))
  return row as T
}

const fileKey = ({ id }: SettlementFile): string => id.slice(4)
const newKey = (): string => randomUUID().replaceAll('-', '')

export async function insertNtsl(tx: Tx, file: SettlementFile, { rows, disputes, totals }: Ntsl): Promise<void> {
  type Line = {
    block: string
    line: number
    description: string
    count: number
    debit: bigint
    credit: bigint
    dispute?: NtslDispute
  }
  const lines: Line[] = [
    ...rows.map(({ line, description, count, debitPaise, creditPaise }) => ({
      block: 'line',
      line,
      description,
      count,
      debit: debitPaise,
      credit: creditPaise,
    })),
    ...Object.entries(totals).map(([description, net], line) => ({
      block: 'total',
      line,
      description,
      count: 0,
      debit: net < 0n ? -net : 0n,
      credit: net > 0n ? net : 0n,
    })),
    ...disputes.map((dispute) => ({
      block: 'dispute',
      line: dispute.line,
      description: dispute.adjustment,
      count: 0,
      debit: dispute.debitPaise,
      credit: dispute.creditPaise,
      dispute,
    })),
  ]
  await tx`
    insert into ntsl_line (file_id, tenant_id, block, line, description, count, debit, credit, direction, bank, bank_ref, rrn, txn_on, sub_type)
    select ${fileKey(file)}::uuid, ${file.tenantId}, s.* from unnest(
      ${texts(lines, (l) => l.block)}::text[], ${numbers(lines, (l) => l.line)}::integer[],
      ${texts(lines, (l) => l.description)}::text[], ${numbers(lines, (l) => l.count)}::bigint[],
      ${numbers(lines, (l) => l.debit)}::bigint[], ${numbers(lines, (l) => l.credit)}::bigint[],
      ${texts(lines, (l) => l.dispute?.direction ?? null)}::text[], ${texts(lines, (l) => l.dispute?.bank ?? null)}::text[],
      ${texts(lines, (l) => l.dispute?.bankRef ?? null)}::text[], ${texts(lines, (l) => l.dispute?.rrn ?? null)}::text[],
      ${texts(lines, (l) => l.dispute?.txnDate ?? null)}::date[], ${texts(lines, (l) => l.dispute?.subType ?? null)}::text[]) as s`
}

type AnyAdjustment = (AdjustmentRow | UdirRow) & Partial<Pick<AdjustmentRow, 'adjAmountPaise' | 'compensationPaise'>>

/** Writes the rows of an adjustment report or of UDIR's. The vault must be prepared. */
export async function insertAdjustments(
  tx: Tx,
  vault: Vault,
  file: SettlementFile,
  report: 'adjustment' | 'udir',
  rows: readonly AnyAdjustment[],
): Promise<void> {
  for (let from = 0; from < rows.length; from += AT_ONCE) {
    const some = rows.slice(from, from + AT_ONCE).map((row) => ({ row, key: newKey(), ...split(row) }))
    await tx`
      insert into adjustment_line (file_id, tenant_id, report, line_id, line, flag, reason_code, rrn, remitter_bank, beneficiary_bank, txn_on,
        adjusted_on, amount, adjusted, compensation, fields, sealed)
      select ${fileKey(file)}::uuid, ${file.tenantId}, ${report}, s.* from unnest(
        ${texts(some, (s) => s.key)}::uuid[], ${numbers(some, (s) => s.row.line)}::integer[], ${texts(some, (s) => s.row.flag)}::text[],
        ${texts(some, (s) => s.row.reasonCode)}::text[], ${texts(some, (s) => s.row.rrn)}::text[],
        ${texts(some, (s) => s.row.remitterBank)}::text[], ${texts(some, (s) => s.row.beneficiaryBank)}::text[],
        ${texts(some, (s) => s.row.txnDate)}::date[], ${texts(some, (s) => s.row.adjDate)}::date[],
        ${numbers(some, (s) => s.row.amountPaise)}::bigint[], ${numbers(some, (s) => s.row.adjAmountPaise ?? 0n)}::bigint[],
        ${numbers(some, (s) => s.row.compensationPaise ?? 0n)}::bigint[], ${texts(some, (s) => s.fields)}::text[]::jsonb[],
        ${bytes(some, (s) => (s.secret === undefined ? null : vault.seal('adjustment_line.sealed', file.tenantId, s.key, s.secret)))}::bytea[]) as s`
  }
}

/** Writes the rows of a time-out report. The vault must be prepared. */
export async function insertTimeouts(
  tx: Tx,
  vault: Vault,
  file: SettlementFile,
  rows: readonly TimeoutRow[],
): Promise<void> {
  for (let from = 0; from < rows.length; from += AT_ONCE) {
    const some = rows.slice(from, from + AT_ONCE).map((row) => ({ row, key: newKey(), ...split(row) }))
    await tx`
      insert into timeout_line (file_id, tenant_id, line_id, line, rrn, stan, remitter_bank, beneficiary_bank, at, amount, fields, sealed)
      select ${fileKey(file)}::uuid, ${file.tenantId}, s.* from unnest(
        ${texts(some, (s) => s.key)}::uuid[], ${numbers(some, (s) => s.row.line)}::integer[], ${texts(some, (s) => s.row.rrn)}::text[],
        ${texts(some, (s) => s.row.stan)}::text[], ${texts(some, (s) => s.row.remitterBank)}::text[],
        ${texts(some, (s) => s.row.beneficiaryBank)}::text[], ${texts(some, (s) => toRfc3339(s.row.at))}::timestamptz[],
        ${numbers(some, (s) => s.row.amountPaise)}::bigint[], ${texts(some, (s) => s.fields)}::text[]::jsonb[],
        ${bytes(some, (s) => vault.seal('timeout_line.sealed', file.tenantId, s.key, s.secret ?? '{}'))}::bytea[]) as s`
  }
}

type StoredLine = {
  file_id: string
  line_id: string
  tenant_id: number
  line: number
  fields: Readonly<Record<string, unknown>>
  sealed: Uint8Array | null
}

async function opened<T>(
  vault: Vault,
  place: string,
  rows: readonly StoredLine[],
): Promise<readonly (T & { readonly fileId: string })[]> {
  await vault.load(rows.map(({ sealed }) => sealed))
  return rows.map(({ file_id, line_id, tenant_id, line, fields, sealed }) => {
    const secret = sealed === null ? undefined : vault.open(place, tenant_id, line_id.replaceAll('-', ''), sealed)
    return { fileId: `fil_${file_id.replaceAll('-', '')}`, ...join<T>(line, fields, secret) }
  })
}

const uuidOf = (fileId: string): string => fileId.slice(4)

/** The rows of an adjustment report (`adjustment`), or of UDIR's, in the order of the file. */
export async function readAdjustments(
  db: Db | Tx,
  vault: Vault,
  fileIds: readonly string[],
): Promise<readonly (AdjustmentRow & { readonly fileId: string })[]> {
  const rows = await db<StoredLine[]>`
    select file_id, line_id, tenant_id, line, fields, sealed from adjustment_line
    where file_id = any(${fileIds.map(uuidOf)}::uuid[]) and report = 'adjustment' order by file_id, line`
  return opened<AdjustmentRow>(vault, 'adjustment_line.sealed', rows)
}

export async function readTimeouts(
  db: Db | Tx,
  vault: Vault,
  fileIds: readonly string[],
): Promise<readonly (TimeoutRow & { readonly fileId: string })[]> {
  const rows = await db<StoredLine[]>`
    select file_id, line_id, tenant_id, line, fields, sealed from timeout_line
    where file_id = any(${fileIds.map(uuidOf)}::uuid[]) order by file_id, line`
  return opened<TimeoutRow>(vault, 'timeout_line.sealed', rows)
}

type NtslLine = {
  block: 'line' | 'total' | 'dispute'
  line: number
  description: string
  count: bigint
  debit: bigint
  credit: bigint
  direction: 'from' | 'to' | null
  bank: string | null
  bank_ref: string | null
  rrn: string | null
  txn_day: Day | null
  sub_type: SubType | null
}

export type StoredNtsl = Pick<Ntsl, 'rows' | 'disputes'> & { readonly totals: Readonly<Record<string, bigint>> }

/** A settlement statement, as it was proved. */
export async function readNtsl(db: Db | Tx, fileId: string): Promise<StoredNtsl> {
  const lines = await db<NtslLine[]>`
    select block, line, description, count, debit, credit, direction, bank, bank_ref, rrn, txn_on::text as txn_day, sub_type
    from ntsl_line where file_id = ${uuidOf(fileId)}::uuid order by block, line`
  const of = (block: NtslLine['block']) => lines.filter((one) => one.block === block)
  return {
    rows: of('line').map(
      ({ line, description, count, debit, credit }): NtslRow => ({
        line,
        description,
        count: Number(count),
        debitPaise: paise(debit),
        creditPaise: paise(credit),
      }),
    ),
    disputes: of('dispute').map(
      (one): NtslDispute => ({
        line: one.line,
        adjustment: one.description,
        direction: one.direction ?? 'from',
        bank: one.bank ?? '',
        bankRef: one.bank_ref ?? '',
        rrn: one.rrn ?? '',
        txnDate: one.txn_day ?? '',
        subType: one.sub_type ?? 'F3',
        debitPaise: paise(one.debit),
        creditPaise: paise(one.credit),
      }),
    ),
    totals: Object.fromEntries(of('total').map(({ description, debit, credit }) => [description, credit - debit])),
  }
}
