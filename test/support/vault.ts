import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Vault } from '../../src/base/vault.ts'
import type { Db } from '../../src/db/pool.ts'
import { openFileStore } from '../../src/secrecy/file-store.ts'
import { openVault } from '../../src/secrecy/vault.ts'

/** The vault of a test's own database, with keys that are in memory only. */
export async function testVault(db: Db): Promise<Vault> {
  const folder = mkdtempSync(join(tmpdir(), 'turant-vault-'))
  try {
    return await openVault({ keys: openFileStore(join(folder, 'kek.json'), undefined), db, block: 65_536 })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
