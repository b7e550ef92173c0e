import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import type { Vault } from '../../src/base/vault.ts'
import type { KeyStore } from '../../src/secrecy/key-store.ts'
import type { DataKey, KeyTable } from '../../src/secrecy/key-table.ts'
import { openVault } from '../../src/secrecy/vault.ts'

function memoryTable(): KeyTable {
  const rows: DataKey[] = []
  return {
    find: async (kids) => rows.filter((row) => kids.includes(row.kid)),
    async reserve(tenantId, month, _uses, make) {
      const found = rows.find((row) => row.tenantId === tenantId && row.month === month)
      if (found !== undefined) return found
      const key = await make()
      const made = { kid: rows.length + 1, tenantId, month, retired: false, ...key }
      rows.push(made)
      return made
    },
    indexKeys: async () => rows.filter((row) => row.month === 'index'),
    version: async () => 0n,
  }
}

function memoryStore(): KeyStore {
  const key = randomBytes(32)
  return {
    name: 'memory',
    current: async () => 'kek',
    list: async () => ['kek'],
    async wrap(_kek, plain) {
      const cipher = createCipheriv('aes-256-gcm', key, Buffer.alloc(12))
      return Buffer.concat([cipher.update(plain), cipher.final()])
    },
    async unwrap(_kek, wrapped) {
      const cipher = createDecipheriv('aes-256-gcm', key, Buffer.alloc(12))
      return cipher.update(wrapped)
    },
    rotate: async () => 'kek',
    destroy: async () => undefined,
    sign: async () => new Uint8Array(64),
    auditKey: async () => new Uint8Array(91),
    close: async () => undefined,
  }
}

/** The vault of a test process. Its keys are in memory only, also the wrapped ones, so that nothing of it waits for anything. */
export const testVault: Vault = await openVault({ keys: memoryStore(), table: memoryTable(), block: 1_000_000 })
