import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import fc from 'fast-check'
import { openTestDatabase } from '../../test/support/database.ts'
import { openFileStore } from './file-store.ts'
import { keyTable } from './key-table.ts'
import { openVault } from './vault.ts'

const { db } = await openTestDatabase()
const folder = mkdtempSync(join(tmpdir(), 'turant-secrecy-'))
after(() => rmSync(folder, { recursive: true, force: true }))
const path = join(folder, 'kek.json')
const NOVEMBER = Date.UTC(2026, 10, 23)
const vault = await openVault({ keys: openFileStore(path, undefined), table: keyTable(db) })
await vault.prepare([1, 2], NOVEMBER)

test('what is sealed opens at its own place and nowhere else', () => {
  const sealed = vault.seal('payment.sealed', 1, 'row-1', '["Asha Devi"]')
  assert.ok(!Buffer.from(sealed).toString('latin1').includes('Asha'))
  assert.equal(vault.open('payment.sealed', 1, 'row-1', sealed), '["Asha Devi"]')
  assert.throws(() => vault.open('payment.sealed', 1, 'row-2', sealed), /altered, or is another row's/)
  assert.throws(() => vault.open('payment.sealed', 2, 'row-1', sealed), /altered/)
  assert.throws(() => vault.open('account.sealed', 1, 'row-1', sealed), /altered/)
  assert.throws(
    () => vault.open('payment.sealed', 3, 'row-1', vault.seal('payment.sealed', 3, 'row-1', 'x')),
    /prepare/,
  )
})

// ASVS 11.2.5, 11.3.3
test('any text opens as it was, and no flipped bit does', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), fc.nat(), (text, at) => {
      const sealed = Buffer.from(vault.seal('t.c', 1, 'r', text))
      assert.equal(vault.open('t.c', 1, 'r', sealed), text)
      const bit = at % (sealed.length * 8)
      sealed[bit >> 3] = (sealed[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      assert.throws(() => vault.open('t.c', 1, 'r', sealed))
    }),
  )
})

test('another process opens it with the same key store, a stranger does not', async () => {
  const sealed = vault.seal('t.c', 1, 'r', 'text')
  const other = await openVault({ keys: openFileStore(path, undefined), table: keyTable(db) })
  await other.load([sealed, null, undefined])
  assert.equal(other.open('t.c', 1, 'r', sealed), 'text')
  assert.equal(other.index('account', 'abc1'), vault.index('account', 'ABC1'))
  await assert.rejects(
    openVault({ keys: openFileStore(join(folder, 'other.json'), undefined), table: keyTable(db) }),
    /has no key/,
  )
})

test('each tenant and each month has a key of its own, and none is in the database in the clear', async () => {
  await vault.prepare([1], Date.UTC(2026, 11, 1))
  vault.seal('t.c', 1, 'r', 'text')
  const rows = await db<{ tenant_id: number; month: string; wrapped: Uint8Array }[]>`
    select tenant_id, month, wrapped from data_key order by tenant_id, month`
  assert.deepEqual(
    rows.map((row) => [row.tenant_id, row.month]),
    [
      [0, 'index'],
      [1, '2026-11'],
      [1, '2026-12'],
      [2, '2026-11'],
    ],
  )
  await vault.prepare([1], NOVEMBER)
})

test('while the key of the next month is fetched ahead, this month goes on sealing', async () => {
  const lastSecond = Date.UTC(2026, 11, 31, 23, 59, 59)
  await vault.prepare([1], lastSecond)
  await vault.prepare([1], Date.UTC(2027, 0, 1)) // the fetch ahead is over with this one
  await vault.prepare([1], lastSecond)
  assert.equal(vault.open('t.c', 1, 'r', vault.seal('t.c', 1, 'r', 'text')), 'text')
  await vault.prepare([1], NOVEMBER)
})

test('processes that ask at once share one key and no seal of it', async () => {
  const many = await Promise.all(
    Array.from({ length: 4 }, () =>
      openVault({ keys: openFileStore(path, undefined), table: keyTable(db), block: 1_000 }),
    ),
  )
  await Promise.all(many.map((one) => one.prepare([7], NOVEMBER)))
  const rows = await db<{ uses: bigint }[]>`select uses from data_key where tenant_id = 7`
  // 4,096 must be at hand, so each took another block at its next look; here each looked once.
  assert.deepEqual(
    rows.map((row) => Number(row.uses)),
    [4_000],
  )
})

// ASVS 11.3.4
test('a key near 2^32 seals is left for a new one', async () => {
  const one = await openVault({ keys: openFileStore(path, undefined), table: keyTable(db), block: 1_000 })
  await one.prepare([8], NOVEMBER)
  await db`update data_key set uses = ${2 ** 32 - 10} where tenant_id = 8`
  await one.prepare([8], NOVEMBER)
  assert.equal((await db`select kid from data_key where tenant_id = 8`).length, 2)
})

test('what a destroyed key sealed is gone, and says so instead of failing', async () => {
  const one = await openVault({ keys: openFileStore(path, undefined), table: keyTable(db) })
  await one.prepare([9], NOVEMBER)
  const sealed = one.seal('t.c', 9, 'r', 'text')
  await db`update data_key set wrapped = null, shredded_at = now() where tenant_id = 9`
  const later = await openVault({ keys: openFileStore(path, undefined), table: keyTable(db) })
  await later.load([sealed])
  assert.equal(later.open('t.c', 9, 'r', sealed), undefined)
})

test('blind indexes: equal for the same thing however it is written, different for its kind, and no hash that anybody could make', () => {
  assert.equal(vault.index('mobile', '919876543210'), vault.index('mobile', '9876543210'))
  assert.equal(vault.index('name', ' Asha  DEVI '), vault.index('name', 'asha devi'))
  assert.notEqual(vault.index('account', '9876543210'), vault.index('mobile', '9876543210'))
  assert.match(vault.index('account', '1'), /^[0-9a-f]{32}$/)
})

// ASVS 11.2.2, 11.4.4
test('the key file: mode 0600, sealed under a passphrase, and one line when it cannot be used', async () => {
  const sealedPath = join(folder, 'sealed.json')
  openFileStore(sealedPath, 'correct horse')
  assert.equal(statSync(sealedPath).mode & 0o777, 0o600)
  assert.throws(() => openFileStore(sealedPath, 'wrong'), /is not the one it was sealed under/)
  assert.throws(() => openFileStore(sealedPath, undefined), /set TURANT_KEY_PASSPHRASE/)
  writeFileSync(sealedPath, readFileSync(sealedPath, 'utf8').replace('"version": 1', '"version": 2'))
  assert.throws(() => openFileStore(sealedPath, 'correct horse'), /not a key file of this version/)
})
