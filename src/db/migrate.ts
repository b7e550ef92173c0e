import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { TransactionSql } from 'postgres'
import { createPool, type Db, errorCode } from './pool.ts'

/**
 * Brings a database to the tables that this code expects: `migrations/NNNN-name/up.sql`, each applied once, in order, in a
 * transaction of its own together with its `check.sql`, whose every row is a reason to refuse. `why.md` tells people why.
 */

export type Migration = {
  readonly name: string
  readonly up: string
  readonly check: string
  readonly checksum: string
  /**
   * The oldest migration whose code still works when this one is applied; undefined: any, because it takes nothing away. Of a migration
   * that contracts, the first line of its SQL says it: `-- serves 0031-words and later`.
   */
  readonly serves?: string
}

export const MIGRATIONS_FOLDER: string = fileURLToPath(new URL('./migrations', import.meta.url))

/** What code must do after a migration and before the next one, as the owner of the tables. Safe to run again: a start that was broken off repeats it. */
export type Step = (db: Db) => Promise<void>

// 'turant' as a number: hubs that start together take turns.
const LOCK = 0x747572616e74

// A statement that waits for a lock keeps everybody behind it waiting: it gives up at once, and is tried again a moment later.
const LOCK_TIMEOUT = '2s'
const LOCK_TRIES = 30

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
    const checksum = createHash('sha256').update(up).digest('hex')
    const [, serves] = /^-- serves ([0-9]{4}-[a-z0-9-]+) and later\n/.exec(up) ?? []
    return { name, up, check, checksum, ...(serves === undefined ? {} : { serves }) }
  })
}

/**
 * Applies what is missing; returns the names applied. Safe when several hubs start at once, and while hubs of the release before serve:
 * a lock that does not come within two seconds is let go and tried for again, for a minute.
 *
 * @throws when an applied migration was edited since, when the database has one that this code cannot work with, when a check finds
 *   something (nothing of that migration stays), when a lock never comes, or when PostgreSQL is older than 15
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
  await db`alter table schema_migration add column if not exists serves text`
  const applied = await db<
    { name: string; checksum: string; serves: string | null }[]
  >`select name, checksum, serves from schema_migration order by name`
  const own = migrations.at(-1)?.name ?? ''
  applied.forEach((row, i) => {
    const known = migrations[i]
    // Of a newer hub, beside which this one still works: somebody is in the middle of an upgrade, or went back from one.
    if (known === undefined && (row.serves === null || row.serves <= own)) return
    if (known === undefined || known.name !== row.name) {
      throw new Error(
        `the database has migration ${row.name}, with which this code does not work: it was used by a newer hub, so start that release${known === undefined ? `, or one with ${row.serves}` : ''}`,
      )
    }
    if (known.checksum !== row.checksum) {
      throw new Error(`migration ${row.name} was edited after it was applied: undo the edit and add a new migration`)
    }
  })
  const missing = migrations.slice(applied.length)
  const last = applied.at(-1)?.name
  if (missing.length > 0 && last !== undefined) await steps[last]?.(db)
  for (const migration of missing) {
    await patiently(db, migration, async (tx) => {
      await tx.unsafe(migration.up)
      const found: readonly unknown[] = await tx.unsafe(migration.check)
      const rows = found.flat()
      if (rows.length > 0)
        throw new Error(`migration ${migration.name}: its check found ${JSON.stringify(rows.slice(0, 5))}`)
      await tx`insert into schema_migration (name, checksum, serves) values (${migration.name}, ${migration.checksum}, ${migration.serves ?? null})`
    })
    await steps[migration.name]?.(db)
  }
  return missing.map((migration) => migration.name)
}

/** Runs one migration in a transaction that waits for no lock long. @throws when a lock never comes; nothing of it stays */
async function patiently(db: Db, { name }: Migration, run: (tx: TransactionSql) => Promise<void>): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await db.begin(async (tx) => {
        await tx`select set_config('lock_timeout', ${LOCK_TIMEOUT}, true)`
        await run(tx)
      })
      return
    } catch (error) {
      if (errorCode(error) !== '55P03') throw error
      if (tries === LOCK_TRIES)
        throw new Error(
          `migration ${name} found a table locked for a minute and changed nothing: see who holds it in pg_locks`,
        )
      await db`select pg_sleep(0.2)`
    }
  }
}
