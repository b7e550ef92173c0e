import { existsSync } from 'node:fs'
import { copyFile, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Clock } from '../base/clock.ts'
import { migrate, readMigrations } from '../db/migrate.ts'
import { createPool, type Db } from '../db/pool.ts'
import { inTransaction } from '../db/transaction.ts'
import type { KeyStore } from '../secrecy/key-store.ts'
import { BackupError, type Manifest, openKey, proveArchive, readArchive, readManifest } from './archive.ts'
import { FILES, hashOf } from './backup.ts'
import { type Doubts, markDoubts } from './doubt.ts'
import type { Header } from './dump.ts'
import { load } from './load.ts'
import { renumberOutbox } from './outbox.ts'

export type Restored = { readonly manifest: Manifest; readonly doubts: Doubts }

/**
 * Puts a backup into an empty database, in one transaction: all of it, with what a restored hub must know (`doubt.ts`), or nothing. Every
 * byte of the backup is proved before the first is put anywhere.
 *
 * @param url  of the owner of the tables that will be made; the database has none, or those of this release without a customer in them
 * @param operator  who restores, for the audit log
 * @throws {BackupError} when the backup is broken, of another release, or under another key; or the target is in use
 */
export async function restoreBackup(
  { url, keys, filesDir, clock }: { url: string; keys: KeyStore; filesDir: string; clock: Clock },
  from: string,
  operator: string,
  progress: (what: string) => void,
): Promise<Restored> {
  const manifest = await readManifest(from)
  const key = await openKey(manifest, keys)
  progress('proving the backup')
  await proveArchive(from, manifest, key)
  await proveFiles(from, manifest)
  const own = readMigrations()
  if (own.at(-1)?.name !== manifest.lastMigration) throw otherRelease(manifest.lastMigration)
  await refuseUsed(url)
  await migrate(url)
  const db = createPool(url, { connections: 1, name: 'turant restore' })
  try {
    const doubts = await inTransaction(db, async (tx) => {
      const { header, end } = await load(tx, readArchive(from, key), {
        onHeader: (read) => refuseOther(read, own),
        onTable: progress,
      })
      progress('events')
      const at = clock.now()
      await renumberOutbox(tx, at)
      progress('what is in doubt')
      return markDoubts(tx, { takenAt: header.takenAt, at, sequences: end.sequences, actor: operator })
    })
    await putFiles(from, manifest, filesDir)
    progress('statistics')
    await db`analyze`
    return { manifest, doubts }
  } finally {
    await db.end({ timeout: 5 })
  }
}

const otherRelease = (last: string): BackupError =>
  new BackupError(
    `the backup was taken by another release (its tables are those of ${last}): restore it with that release, and upgrade then`,
  )

function refuseOther({ migrations }: Header, own: ReturnType<typeof readMigrations>): void {
  const same = own.length === migrations.length && own.every((one, i) => migrations[i]?.[1] === one.checksum)
  if (!same) throw otherRelease(migrations.at(-1)?.[0] ?? 'nothing')
}

async function refuseUsed(url: string): Promise<void> {
  const db: Db = createPool(url, { connections: 1, name: 'turant restore' })
  try {
    const tables = await db<{ name: string }[]>`
      select relname as name from pg_class where relnamespace = current_schema()::regnamespace and relkind in ('r', 'p', 'v', 'm')`
    if (tables.length === 0) return
    const names = tables.map(({ name }) => name)
    // Left by a restore that was broken off: the tables of a hub that nobody has used.
    const ours = ['schema_migration', 'account', 'act', 'data_key'].every((name) => names.includes(name))
    const [used] = ours
      ? await db`select from account union all select from act union all select from data_key limit 1`
      : [{ foreign: true }]
    if (used !== undefined)
      throw new BackupError('the database is not empty: a backup is restored into a new one, and nothing is replaced')
  } finally {
    await db.end({ timeout: 5 })
  }
}

async function proveFiles(from: string, { files }: Manifest): Promise<void> {
  for (const [name, hash] of Object.entries(files)) {
    const path = join(from, FILES, name)
    if (!existsSync(path) || (await hashOf(path)) !== hash)
      throw new BackupError(`the backup is broken: ${FILES}/${name} is not what was written`)
  }
}

async function putFiles(from: string, { files }: Manifest, to: string): Promise<void> {
  await mkdir(to, { recursive: true, mode: 0o700 })
  for (const name of Object.keys(files)) await copyFile(join(from, FILES, name), join(to, name))
}
