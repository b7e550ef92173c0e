import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { systemClock } from '../base/clock.ts'
import { type Config, ConfigError, readEnvironment } from '../config.ts'
import { createPool, type Db } from '../db/pool.ts'
import { openKeyStore } from '../key-stores.ts'
import type { KeyStore } from '../secrecy/key-store.ts'
import { findDatabase } from './database.ts'
import { exitCodes, Failure } from './hub.ts'

export type Opened = { readonly db: Db; readonly keys: KeyStore; readonly config: Config }

/** The database and the key store, as the hub's settings have them. What cannot be done is said in one line. */
export async function withKeys(dataDir: string, name: string, run: (open: Opened) => Promise<void>): Promise<void> {
  let keys: KeyStore | undefined
  const db = createPool(findDatabase(dataDir), { connections: 2, name })
  try {
    const config = settingsOf(dataDir)
    const file = config.keyFile ?? join(dataDir, 'kek.json')
    if (config.keyStore === 'file' && !existsSync(file))
      throw new Failure(exitCodes.unreachable, `there is no key file ${file}`)
    keys = await openKeyStore(config, dataDir, systemClock)
    await run({ db, keys, config })
  } catch (error) {
    if (error instanceof Failure) throw error
    if (error instanceof Error && !('code' in error) && !(error instanceof TypeError))
      throw new Failure(exitCodes.failed, error.message)
    throw error
  } finally {
    if (process.stderr.isTTY) process.stderr.write('\r\x1b[K')
    await keys?.close()
    await db.end({ timeout: 5 })
  }
}

/** The settings of the hub, with this data folder. */
export function settingsOf(dataDir: string): Config {
  try {
    return { ...readEnvironment(), dataDir }
  } catch (error) {
    throw new Failure(exitCodes.usage, error instanceof ConfigError ? error.message : 'the settings cannot be read')
  }
}
