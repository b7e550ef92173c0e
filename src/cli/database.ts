import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { env } from 'node:process'
import { exitCodes, Failure } from './hub.ts'

/** The database that is set, or the one of the sandbox that runs in the data folder; as the owner of its tables. */
export function findDatabase(dataDir: string): string {
  const given = env.TURANT_OWNER_URL ?? env.DATABASE_URL
  if (given !== undefined && given !== '') return given
  const place = join(dataDir, 'postgres.place')
  const folder = existsSync(place) ? readFileSync(place, 'utf8').trim() : join(dataDir, 'postgres')
  try {
    const port = readFileSync(join(folder, 'data', 'postmaster.pid'), 'utf8').split('\n')[3]
    const password = readFileSync(join(dataDir, 'postgres.password'), 'utf8').trim()
    return `postgres://turant:${password}@127.0.0.1:${Number(port)}/turant`
  } catch {
    throw new Failure(exitCodes.unreachable, `no database runs in ${dataDir}: start the hub there, or set DATABASE_URL`)
  }
}
