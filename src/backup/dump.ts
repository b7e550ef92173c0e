import type { Clock } from '../base/clock.ts'
import type { Db, Tx } from '../db/pool.ts'
import { BackupError } from './archive.ts'

/**
 * The database as a stream: lines of JSON that say what comes, and after each table's line its rows as PostgreSQL's own COPY has them,
 * ended by `\.`. In that form no row can be taken for an end.
 */

export type Header = {
  /** When the backup shows the hub, epoch milliseconds: nothing later than this is in it. */
  readonly takenAt: number
  /** Name and checksum of every migration, in order. */
  readonly migrations: readonly (readonly [name: string, checksum: string])[]
}
export type Table = { readonly table: string; readonly columns: readonly string[] }
/** The last line: rows of each table, and where each sequence stood. */
export type End = {
  readonly rows: Readonly<Record<string, number>>
  readonly sequences: Readonly<Record<string, string>>
}

export const END_OF_ROWS = '\\.\n'

/** Tables that say which tables there are: made by migrations, never copied. */
const OWN = 'schema_migration'

const line = (value: Header | Table | End): Uint8Array => Buffer.from(`${JSON.stringify(value)}\n`)

/**
 * One instant of the whole database; whoever reads it as the owner of its tables. The hub works on meanwhile.
 * @param onTable  told before each table, for who waits
 * @param onEnd  told what was in it
 * @throws {BackupError} when the one who asks would not see every row
 */
export async function* dump(
  { db, clock }: { readonly db: Db; readonly clock: Clock },
  told: { readonly onTable: (table: string) => void; readonly onEnd: (header: Header, end: End) => void },
): AsyncGenerator<Uint8Array> {
  const reserved = await db.reserve()
  // Before the first look at the tables: what is committed from now on may be missing.
  const takenAt = clock.now()
  try {
    await reserved`begin isolation level repeatable read, read only`
    // A policy that hides rows must be an error here, and not a backup with holes.
    await reserved`set local row_security = off`
    const migrations = await reserved<{ name: string; checksum: string }[]>`
      select name, checksum from schema_migration order by name`
    const header: Header = {
      takenAt,
      migrations: migrations.map(({ name, checksum }) => [name, checksum] as const),
    }
    yield line(header)
    const rows: Record<string, number> = {}
    for (const one of await tablesOf(reserved)) {
      told.onTable(one.table)
      yield line(one)
      let count = 0
      const copy = reserved`copy ${reserved(one.table)} (${reserved([...one.columns])}) to stdout`
      for await (const chunk of await copy.readable()) {
        count += newlines(chunk)
        yield chunk
      }
      rows[one.table] = count
      yield Buffer.from(END_OF_ROWS)
    }
    const end: End = { rows, sequences: await sequencesOf(reserved) }
    yield line(end)
    await reserved`commit`
    told.onEnd(header, end)
  } catch (error) {
    await reserved`rollback`.catch(() => undefined)
    if (error instanceof Error && 'code' in error && error.code === '42501')
      throw new BackupError(
        `the database lets this log-in not see everything (${error.message}): use that of the owner`,
      )
    throw error
  } finally {
    reserved.release()
  }
}

export function newlines(chunk: Uint8Array): number {
  let count = 0
  for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, at + 1)) count += 1
  return count
}

/** Every table with its columns, what others refer to before those that refer to it. */
export async function tablesOf(db: Db | Tx): Promise<Table[]> {
  const found = await db<{ table: string; columns: string[] }[]>`
    select c.relname as table, array_agg(a.attname order by a.attnum)::text[] as columns
    from pg_class c join pg_attribute a on a.attrelid = c.oid
    where c.relnamespace = current_schema()::regnamespace and c.relkind = 'r' and c.relname <> ${OWN}
      and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
    group by c.relname order by c.relname`
  const needs = await db<{ table: string; needed: string }[]>`
    select conrelid::regclass::text as table, confrelid::regclass::text as needed from pg_constraint
    where contype = 'f' and conrelid <> confrelid and connamespace = current_schema()::regnamespace`
  const left = new Map(found.map((one) => [one.table, one]))
  const ordered: Table[] = []
  while (left.size > 0) {
    const ready = [...left.values()].filter(
      (one) => !needs.some((need) => need.table === one.table && left.has(need.needed)),
    )
    if (ready.length === 0)
      throw new BackupError(`tables refer to each other in a circle: ${[...left.keys()].join(', ')}`)
    for (const one of ready) {
      ordered.push({ table: one.table, columns: one.columns })
      left.delete(one.table)
    }
  }
  return ordered
}

async function sequencesOf(db: Db | Tx): Promise<Record<string, string>> {
  const rows = await db<{ name: string; last: string }[]>`
    select sequencename as name, coalesce(last_value, start_value - 1)::text as last from pg_sequences
    where schemaname = current_schema()`
  return Object.fromEntries(rows.map(({ name, last }) => [name, last]))
}
