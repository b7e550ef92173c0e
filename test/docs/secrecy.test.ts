import assert from 'node:assert/strict'
import { createCipheriv, createDecipheriv, generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { keyStoreContract } from '../support/key-store-contract.ts'
import { type Kms, openCloudStore } from './cloud-key-store.ts'

// The key store for a cloud that docs/operating/secrecy.md shows is a program: the compiler reads it, and it does what every store does.

const text = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8')

test('the page shows the program that is tried here, whole', () => {
  const [, shown] = /```ts\n([\s\S]*?)```/.exec(text('../../docs/operating/secrecy.md')) ?? []
  const program = text('./cloud-key-store.ts').replace("'../../src/secrecy/key-store.ts'", "'./key-store.ts'")
  assert.equal(shown, program)
})

/** A key service in memory, with the manners of the real ones. */
function memoryKms(): Kms {
  const keys = new Map<string, Buffer>()
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const keyOf = (name: string): Buffer => {
    const key = keys.get(name)
    if (key === undefined) throw new Error('NotFoundException')
    return key
  }
  return {
    keys: async () => [...keys.keys()],
    async create(label) {
      const name = `${label}/${randomBytes(8).toString('hex')}`
      keys.set(name, randomBytes(32))
      return name
    },
    async encrypt(key, plain, context) {
      const iv = randomBytes(12)
      const cipher = createCipheriv('aes-256-gcm', keyOf(key), iv).setAAD(Buffer.from(context))
      const sealed = Buffer.concat([cipher.update(plain), cipher.final()])
      return Buffer.concat([iv, cipher.getAuthTag(), sealed])
    },
    async decrypt(key, sealed, context) {
      const bytes = Buffer.from(sealed)
      const cipher = createDecipheriv('aes-256-gcm', keyOf(key), bytes.subarray(0, 12)).setAAD(Buffer.from(context))
      cipher.setAuthTag(bytes.subarray(12, 28))
      return Buffer.concat([cipher.update(bytes.subarray(28)), cipher.final()])
    },
    scheduleDeletion: async (key) => void keys.delete(key),
    sign: async (bytes) => sign('sha256', bytes, { key: privateKey, dsaEncoding: 'ieee-p1363' }),
    publicKey: async () => publicKey.export({ format: 'der', type: 'spki' }),
  }
}
const kms = memoryKms()
keyStoreContract('the key store of the page', async () => openCloudStore(kms))
