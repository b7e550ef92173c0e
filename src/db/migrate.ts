import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createPool, type Db } from './pool.ts'

/**
 * Brings a database to the tables that this code expects: `migrations/NNNN-name/up.sql`, each applied once, in order, in a
 * transaction of its own together with its `check.sql`, whose every row is a reason to refuse. `why.md` tells people why.
 */

export type Migration = {
  readonly name: string
  readonly up: string
  readonly check: string
  readonly checksum: string
}

export const MIGRATIONS_FOLDER: string = fileURLToPath(new URL('./migrations', import.meta.url))

/** What code must do after a migration and before the next one, as the owner of the tables. Safe to run again: a start that was broken off repeats it. */
export type Step = (db: Db) => Promise<void>

// 'turant' as a number: hubs that start together take turns.
const LOCK = 0x747572616e74

const nameForm = /^[0-9]{4}-[a-z0-9-]+$/

/** Reads the migrations of a folder, in order. @throws when a name or a file is missing or a number is used twice */
export function readMigrations(folder: string = MIGRATIONS_FOLDER): Migration[] {
  const names = readdirSync(folder).sort()
  return names.map((name, i) => {
    if (!nameForm.test(name)) throw new Error(`migration ${name}: the name is not NNNN-words`)
    if (Number(name.slice(0, 4)) !== i + 1) throw new Error(`migration ${name}: number ${i + 1} was expected here`)
    const up = readFileSync(join(folder, name, 'up.sql'), 'utf8')
    const check = readFileSync(join(folder, name, 'check.sql'), 'utf8')
    readFileSync(join(folder, name, 'why.md'))
    return { name, up, check, checksum: createHash('sha256').update(up).digest('hex') }
  })
}

/**
 * Applies what is missing; returns the names applied. Safe when several hubs start at once.
 *
 * @throws when an applied migration was edited since, when the database is newer than this code, when a check finds
 *   something (nothing of that migration stays), or when PostgreSQL is older than 15
 */
export async function migrate(
  url: string,
  migrations: readonly Migration[] = readMigrations(),
  steps: Readonly<Record<string, Step>> = {},
): Promise<string[]> {
  const db = createPool(url, { connections: 1, name: 'turant migrate' })
  try {
    const [server] = await db<{ version: number }[]>`select current_setting('server_version_num')::int as version`
    if (server === undefined || server.version < 150000) throw new Error('the database is older than PostgreSQL 15')
    await db`select pg_advisory_lock(${LOCK})`
    return await applyMissing(db, migrations, steps)
  } finally {
    await db.end({ timeout: 5 })
  }
}

async function applyMissing(
  db: Db,
  migrations: readonly Migration[],
  steps: Readonly<Record<string, Step>>,
): Promise<string[]> {
  await db`
    create table if not exists schema_migration (
      name text primary key,
      checksum text not null,
      applied_at timestamptz not null default now()
    )`
  const applied = await db<
    { name: string; checksum: string }[]
  >`select name, checksum from schema_migration order by name`
  applied.forEach((row, i) => {
    const known = migrations[i]
    if (known === undefined || known.name !== row.name) {
      throw new Error(`the database has migration ${row.name}, which this code does not: it was used by a newer hub`)
    }
    if (known.checksum !== row.checksum) {
      throw new Error(`migration ${row.name} was edited after it was applied: undo the edit and add a new migration`)
    }
  })
  const missing = migrations.slice(applied.length)
  const last = applied.at(-1)?.name
  if (missing.length > 0 && last !== undefined) await steps[last]?.(db)
  for (const migration of missing) {
    await db.begin(async (tx) => {
      await tx.unsafe(migration.up)
      const found: readonly unknown[] = await tx.unsafe(migration.check)
      const rows = found.flat()
      if (rows.length > 0)
        throw new Error(`migration ${migration.name}: its check found ${JSON.stringify(rows.slice(0, 5))}`)
      await tx`insert into schema_migration (name, checksum) values (${migration.name}, ${migration.checksum})`
    })
    await steps[migration.name]?.(db)
  }
  return missing.map((migration) => migration.name)
}
