import assert from 'node:assert/strict'
import { createPublicKey, randomBytes, verify } from 'node:crypto'
import { test } from 'node:test'
import type { KeyStore } from '../../src/secrecy/key-store.ts'

/**
 * What every store of key-encryption keys does, whatever it is made of.
 * @param open  opens the same, at first empty, store again and again, as several processes would
 */
export function keyStoreContract(what: string, open: () => Promise<KeyStore>): void {
  const key = randomBytes(32)

  test(`${what}: what was wrapped unwraps in its context, by its key, and not when a bit was changed`, async () => {
    const store = await open()
    const kek = await store.current()
    const wrapped = await store.wrap(kek, key, 'data key 1 2026-11')
    assert.ok(!Buffer.from(wrapped).includes(key))
    assert.deepEqual(Buffer.from(await store.unwrap(kek, wrapped, 'data key 1 2026-11')), key)
    await assert.rejects(store.unwrap(kek, wrapped, 'data key 2 2026-11'))
    for (const at of [0, 14, wrapped.length - 1]) {
      const bent = Buffer.from(wrapped)
      bent[at] = (bent[at] ?? 0) ^ 1
      await assert.rejects(store.unwrap(kek, bent, 'data key 1 2026-11'), `bit of byte ${at}`)
    }
    assert.notDeepEqual(wrapped, await store.wrap(kek, key, 'data key 1 2026-11'), 'no nonce twice')
    await assert.rejects(store.wrap('kek-nobody', key, 'x'), /has no key kek-nobody/)
    await store.close()
  })

  test(`${what}: a new key wraps from now on, also for processes that were open before, and the old ones still unwrap`, async () => {
    const [store, other] = [await open(), await open()]
    const before = await store.current()
    const wrapped = await store.wrap(before, key, 'a')
    const next = await store.rotate()
    assert.notEqual(next, before)
    assert.equal(await store.current(), next)
    assert.equal(await other.current(), next, 'another process finds it')
    assert.deepEqual((await store.list()).slice(-2), [before, next])
    const byNext = await other.wrap(next, key, 'a')
    const later = await open()
    for (const one of [store, other, later]) {
      assert.deepEqual(Buffer.from(await one.unwrap(before, wrapped, 'a')), key)
      assert.deepEqual(Buffer.from(await one.unwrap(next, byNext, 'a')), key)
      await assert.rejects(one.unwrap(next, wrapped, 'a'), 'another key')
      await one.close()
    }
  })

  test(`${what}: a destroyed key is gone for every process, and the current one is not destroyed`, async () => {
    const [store, other] = [await open(), await open()]
    const old = await store.current()
    const wrapped = await store.wrap(old, key, 'a')
    await assert.rejects(store.destroy(old), /is the current key: rotate first/)
    await store.rotate()
    await store.destroy(old)
    assert.ok(!(await store.list()).includes(old))
    await other.current()
    for (const one of [store, other]) {
      await assert.rejects(one.unwrap(old, wrapped, 'a'), /has no key/)
      await assert.rejects(one.destroy(old), /has no key/)
      await one.close()
    }
  })

  test(`${what}: signs with one P-256 key, the same for every process`, async () => {
    const [store, other] = [await open(), await open()]
    const bytes = Buffer.from('the root of a chain')
    const spki = await store.auditKey()
    assert.deepEqual(await other.auditKey(), spki)
    const publicKey = createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' })
    for (const one of [store, other]) {
      const signature = await one.sign(bytes)
      assert.equal(signature.length, 64)
      const check = (text: Buffer) => verify('sha256', text, { key: publicKey, dsaEncoding: 'ieee-p1363' }, signature)
      assert.ok(check(bytes))
      assert.ok(!check(Buffer.from('another root')))
      await one.close()
    }
  })
}
