import { randomUUID } from 'node:crypto'
import type { Vault } from '../../base/vault.ts'
import { bytes, numbers, texts } from '../../db/arrays.ts'
import type { Db, Tx } from '../../db/pool.ts'
import type { Day, FileCycle } from '../../imps/files/rows.ts'
import type { SettlementFile } from '../intake/file.ts'
import { cycleIn, plainReference, rrnIn } from './references.ts'
import { type BankStatement, refuse } from './statement.ts'

const newKey = (): string => randomUUID().replaceAll('-', '')
/** Lines of one statement of SQL. */
const AT_ONCE = 2_000

/**
 * Writes statements with their lines. The vault must be prepared.
 * @throws {IntakeError} when one of them is here already, by another file
 */
export async function insertStatements(
  tx: Tx,
  vault: Vault,
  file: SettlementFile,
  { institution, layout }: { readonly institution: string; readonly layout: string },
  statements: readonly BankStatement[],
): Promise<void> {
  for (const [at, statement] of statements.entries()) {
    const { account, number, row, from, until, openingPaise, closingPaise, lines } = statement
    const index = vault.index('account', account)
    const [known] = await tx`
      select from statement
      where institution = ${institution} and account_index = ${index}::uuid and number = ${number} and number <> ''
        and until_on = ${until}::text::date`
    if (known !== undefined) refuse('statement_known', 'a statement that is not here yet', `number ${number}`, row)
    const [before] = await tx<{ closing: bigint }[]>`
      select closing from statement where institution = ${institution} and account_index = ${index}::uuid
      order by until_on desc, statement_id desc limit 1`
    // Sorts by when it came: of two statements of a day the later one follows on the earlier.
    const key = `${file.id.slice(4, 16)}${String(at).padStart(4, '0')}${newKey().slice(16)}`
    await tx`
      insert into statement (statement_id, file_id, tenant_id, institution, ordinal, profile, account_index, number, from_on, until_on,
        opening, closing, lines, continues, sealed)
      values (${key}::uuid, ${file.id.slice(4)}::uuid, ${file.tenantId}, ${institution}, ${at + 1}, ${layout}, ${index}::uuid, ${number},
        ${from}::text::date, ${until}::text::date, ${openingPaise}, ${closingPaise}, ${lines.length},
        ${before === undefined || before.closing === openingPaise},
        ${vault.seal('statement.sealed', file.tenantId, key, JSON.stringify({ account }))})`
    await insertLines(tx, vault, file.tenantId, key, statement)
  }
}

async function insertLines(
  tx: Tx,
  vault: Vault,
  tenantId: number,
  statementKey: string,
  { lines }: BankStatement,
): Promise<void> {
  for (let from = 0; from < lines.length; from += AT_ONCE) {
    const some = lines.slice(from, from + AT_ONCE).map((line, index) => ({
      ...line,
      key: newKey(),
      ordinal: from + index + 1,
      cycle: cycleIn(line.narration),
    }))
    await tx`
      insert into statement_line (statement_id, tenant_id, line_id, ordinal, row, booked_on, value_on, amount, reference, rrn, settled_on,
        cycle, sealed)
      select ${statementKey}::uuid, ${tenantId}, s.* from unnest(
        ${texts(some, (s) => s.key)}::uuid[], ${numbers(some, (s) => s.ordinal)}::integer[], ${numbers(some, (s) => s.row)}::integer[],
        ${texts(some, (s) => s.bookedOn)}::date[], ${texts(some, (s) => s.valueOn)}::date[],
        ${numbers(some, (s) => s.amountPaise)}::bigint[], ${texts(some, (s) => plainReference(s.reference))}::text[],
        ${texts(some, (s) => rrnIn(`${s.reference} ${s.narration}`, s.bookedOn) ?? null)}::text[],
        ${texts(some, (s) => s.cycle?.settlementDate ?? null)}::date[], ${texts(some, (s) => s.cycle?.number ?? null)}::text[],
        ${bytes(some, (s) => vault.seal('statement_line.sealed', tenantId, s.key, JSON.stringify({ reference: s.reference, narration: s.narration })))}::bytea[]) as s`
  }
}

/** What moved at the bank's bank for a cycle: to hold against the Final Settlement Amount of its statement. */
export async function cashOfCycle(
  db: Db | Tx,
  institution: string,
  { settlementDate, number }: FileCycle,
): Promise<{ readonly lines: number; readonly amountPaise: bigint }> {
  const [row] = await db<{ lines: number; amount: bigint }[]>`
    select count(*)::integer as lines, coalesce(sum(l.amount), 0)::bigint as amount
    from statement_line l join statement s using (statement_id)
    where s.institution = ${institution} and l.settled_on = ${settlementDate}::date and l.cycle = ${number}`
  return { lines: row?.lines ?? 0, amountPaise: row?.amount ?? 0n }
}

export type StatementSummary = {
  readonly fileId: string
  readonly number: string
  readonly from: Day
  readonly until: Day
  readonly openingPaise: bigint
  readonly closingPaise: bigint
  readonly lines: number
  /** Its opening is the closing of the statement before it, or there was none before it. */
  readonly continues: boolean
}

/** The statements of a file, in its order. */
export async function statementsOf(db: Db | Tx, fileId: string): Promise<readonly StatementSummary[]> {
  const rows = await db<
    {
      number: string
      from_day: Day
      until_day: Day
      opening: bigint
      closing: bigint
      lines: number
      continues: boolean
    }[]
  >`select number, from_on::text as from_day, until_on::text as until_day, opening, closing, lines, continues from statement
    where file_id = ${fileId.slice(4)}::uuid order by ordinal`
  return rows.map((row) => ({
    fileId,
    number: row.number,
    from: row.from_day,
    until: row.until_day,
    openingPaise: row.opening,
    closingPaise: row.closing,
    lines: row.lines,
    continues: row.continues,
  }))
}
