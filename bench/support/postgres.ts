import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '../../src/base/clock.ts'
import { databaseUrl, startEmbeddedPostgres } from '../../src/db/embedded.ts'
import { createPool, type Db } from '../../src/db/pool.ts'

/** A PostgreSQL with the hub's own settings (fsync and synchronous_commit on), which outlives the hubs that a benchmark starts on it. */
export type BenchPostgres = {
  readonly url: string
  readonly db: Db
  /** The key-encryption keys of all hubs on it. */
  readonly keyFile: string
  stop(): Promise<void>
}

export async function startPostgres(): Promise<BenchPostgres> {
  const dataDir = mkdtempSync(join(tmpdir(), 'turant-bench-db-'))
  const server = await startEmbeddedPostgres({ dataDir, clock: systemClock })
  const admin = createPool(server.url, { connections: 1, name: 'turant bench' })
  await admin`create database turant`
  await admin.end()
  const url = databaseUrl(server.url, 'turant')
  const db = createPool(url, { connections: 2, name: 'turant bench' })
  return {
    url,
    db,
    keyFile: join(dataDir, 'kek.json'),
    async stop() {
      await db.end({ timeout: 2 })
      await server.stop()
      rmSync(dataDir, { recursive: true, force: true })
      if (!server.folder.startsWith(dataDir)) rmSync(server.folder, { recursive: true, force: true })
    },
  }
}
