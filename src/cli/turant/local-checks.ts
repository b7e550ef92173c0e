import { existsSync, statfsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { env } from 'node:process'
import { type Clock, systemClock } from '../../base/clock.ts'
import { readMigrations } from '../../db/migrate.ts'
import { createPool } from '../../db/pool.ts'
import { findDatabase } from '../database.ts'
import { Failure } from '../hub.ts'
import type { Finding } from './doctor.ts'

/** What can be seen on the hub's own machine. Elsewhere these are skipped. */

const GIB = 1024 ** 3
const FREE_SOON = 0.15
const FREE_WRONG = 0.05
const CLOCK_SOON_MS = 1_000

/** The database by itself: that it lets us in, has the tables that this program knows, and what time it is there. */
export async function checkOwnDatabase(
  dataDir: string,
  clock: Pick<Clock, 'now'> = systemClock,
): Promise<readonly Finding[]> {
  let url: string
  try {
    url = findDatabase(dataDir)
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    return [{ check: 'migrations', state: 'skipped', found: error.message }]
  }
  const db = createPool(url, { connections: 1, name: 'turant doctor' })
  try {
    const before = clock.now()
    const [row] = await db<{ at: number; made: number }[]>`
      select (extract(epoch from clock_timestamp()) * 1000)::float8 as at,
             (select count(*)::int from schema_migration) as made`
    const apartMs = Math.abs((row?.at ?? 0) - (before + clock.now()) / 2)
    const known = readMigrations().length
    const made = row?.made ?? 0
    const time: Finding =
      apartMs < CLOCK_SOON_MS
        ? { check: 'clock', state: 'well', found: 'the database has the same time' }
        : {
            check: 'clock',
            state: 'soon',
            found: `the database is ${(apartMs / 1000).toFixed(1)} s apart`,
            todo: 'have chrony or systemd-timesyncd set both clocks',
          }
    const tables: Finding =
      made >= known
        ? { check: 'migrations', state: 'well', found: `${made} of ${known} are made` }
        : {
            check: 'migrations',
            state: 'wrong',
            found: `${made} of ${known} are made`,
            todo: 'the hub makes them when it starts: start this version of it',
          }
    return [tables, time]
  } catch (error) {
    const { code, message } = Object(error)
    const todo = 'see that PostgreSQL runs, and DATABASE_URL or TURANT_OWNER_URL'
    return [{ check: 'migrations', state: 'wrong', found: `the database does not let us in: ${code ?? message}`, todo }]
  } finally {
    await db.end({ timeout: 2 })
  }
}

export function checkKeyFile(dataDir: string): Finding {
  const check = 'key file'
  const file = env.TURANT_KEY_FILE ?? join(dataDir, 'kek.json')
  if (!existsSync(file)) return { check, state: 'skipped', found: `there is no ${file} here` }
  const mode = statSync(file).mode & 0o777
  if ((mode & 0o077) === 0)
    return { check, state: 'well', found: `${file} is its owner's alone; is there a copy elsewhere?` }
  return {
    check,
    state: 'wrong',
    found: `${file} can be read by others (${mode.toString(8)})`,
    todo: `chmod 600 ${file}`,
  }
}

/** @param space  what there is under the folder, in blocks; read where it is not given */
export function checkDisk(
  dataDir: string,
  space?: { readonly bavail: number; readonly blocks: number; readonly bsize: number },
): Finding {
  const check = 'disk'
  if (!existsSync(dataDir)) return { check, state: 'skipped', found: `there is no ${dataDir} here` }
  const { bavail, blocks, bsize } = space ?? statfsSync(dataDir)
  const free = bavail / blocks
  const found = `${((bavail * bsize) / GIB).toFixed(1)} GiB free under ${dataDir} (${Math.floor(free * 100)} %)`
  if (free >= FREE_SOON || bavail * bsize > 100 * GIB) return { check, state: 'well', found }
  const todo = 'PostgreSQL stops when it is full: make room, or move it to a larger one'
  return { check, state: free < FREE_WRONG || bavail * bsize < GIB ? 'wrong' : 'soon', found, todo }
}

export function checkNode(version: string = process.versions.node): Finding {
  const [major = 0] = version.split('.').map(Number)
  const found = `Node ${version}, ${process.platform} ${process.arch}`
  if (major >= 26) return { check: 'Node', state: 'well', found }
  return { check: 'Node', state: 'wrong', found, todo: 'the hub brings its own: start it with npm start' }
}
