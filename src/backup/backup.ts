import { createHash } from 'node:crypto'
import { createReadStream, existsSync } from 'node:fs'
import { copyFile, mkdir, readdir, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { type Clock, toRfc3339 } from '../base/clock.ts'
import type { Db } from '../db/pool.ts'
import type { KeyStore } from '../secrecy/key-store.ts'
import { BackupError, type Manifest, SEALED_NAME, writeArchive } from './archive.ts'
import { dump, type End, type Header } from './dump.ts'

/** Of settlement files, beside the content. */
export const FILES = 'files'

/**
 * Takes a backup of a hub that may be working. The folder appears under its name when everything in it is on the disk, and not before.
 *
 * @param to  must not exist yet
 * @param filesDir  where the hub keeps settlement files; copied as they lie there, sealed
 * @param progress  told what is being written
 * @throws {BackupError} when the folder is taken, or the log-in does not see every row
 */
export async function takeBackup(
  {
    db,
    keys,
    filesDir,
    clock,
  }: { readonly db: Db; readonly keys: KeyStore; readonly filesDir: string; readonly clock: Clock },
  to: string,
  progress: (what: string) => void,
): Promise<Manifest> {
  if (existsSync(to)) throw new BackupError(`${to} is there already`)
  const draft = `${to}.part`
  await rm(draft, { recursive: true, force: true })
  await mkdir(dirname(to), { recursive: true })
  await mkdir(draft, { mode: 0o700 })
  try {
    let seen: { header: Header; end: End } | undefined
    // The database first: a file that came later has no row in it, and a row without its file would be a hole.
    const content = dump({ db, clock }, { onTable: progress, onEnd: (header, end) => (seen = { header, end }) })
    let files: Record<string, string> = {}
    const whole = async function* () {
      yield* content
      files = await copyFiles(filesDir, join(draft, FILES), progress)
    }
    const manifest = await writeArchive(draft, keys, whole(), () => {
      if (seen === undefined) throw new BackupError('the database was not read to its end')
      return {
        takenAt: toRfc3339(seen.header.takenAt),
        lastMigration: seen.header.migrations.at(-1)?.[0] ?? '',
        rows: seen.end.rows,
        files,
      }
    })
    await rename(draft, to)
    return manifest
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
}

async function copyFiles(from: string, to: string, progress: (what: string) => void): Promise<Record<string, string>> {
  if (!existsSync(from)) return {}
  const names = (await readdir(from)).filter((name) => SEALED_NAME.test(name)).sort()
  if (names.length === 0) return {}
  progress(`${names.length} settlement files`)
  await mkdir(to, { mode: 0o700 })
  const hashes: Record<string, string> = {}
  for (const name of names) {
    await copyFile(join(from, name), join(to, name))
    hashes[name] = await hashOf(join(to, name))
  }
  return hashes
}

/** SHA-256 of a file, 64 hex digits. */
export async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  return hash.digest('hex')
}
