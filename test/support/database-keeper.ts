import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { systemClock } from '../../src/base/clock.ts'
import { startEphemeralPostgres } from '../../src/db/embedded.ts'
import { createPool } from '../../src/db/pool.ts'
import { lockFolder } from '../../src/folder-lock.ts'
import { clusterFile, clusterFolder } from './cluster-place.ts'

/**
 * Keeps the PostgreSQL of the tests for as long as somebody is connected, plus a while: a program of its own, because no
 * single test process is the first and the last. What a killed keeper left behind, the next one removes.
 */

const IDLE_POLLS = 20
const POLL_MS = 500

const lock = lockFolder(clusterFolder, 'keeper.pid')
if (lock.kind === 'locked') {
  const cluster = join(clusterFolder, 'cluster')
  rmSync(clusterFile, { force: true })
  const server = await startEphemeralPostgres(systemClock, cluster)
  writeFileSync(`${clusterFile}.new`, `${server.url}\n`, { mode: 0o600 })
  renameSync(`${clusterFile}.new`, clusterFile)

  const db = createPool(server.url, { connections: 1, name: 'keeper' })
  for (let idle = 0; idle < IDLE_POLLS; ) {
    await wait(POLL_MS)
    const used = await db`
      select from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid() limit 1`
    idle = used.length === 0 ? idle + 1 : 0
  }
  rmSync(clusterFile, { force: true })
  await db.end({ timeout: 1 })
  await server.stop()
  lock.release()
}
