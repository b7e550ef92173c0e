import type { KeyStore } from '../../src/secrecy/key-store.ts'

/** What a cloud's key service has; its client, with its own log-in, time limits and retries, is wrapped into these. */
export type Kms = {
  /** Symmetric keys with this label that are neither disabled nor about to go, oldest first. */
  keys(label: string): Promise<readonly string[]>
  create(label: string): Promise<string>
  /** `context` is authenticated with it: EncryptionContext at AWS, additionalAuthenticatedData at Google. */
  encrypt(key: string, plain: Uint8Array, context: string): Promise<Uint8Array>
  decrypt(key: string, sealed: Uint8Array, context: string): Promise<Uint8Array>
  scheduleDeletion(key: string): Promise<void>
  /** With one P-256 key, over SHA-256, as r and s: AWS and Google answer in DER, which is turned into that. */
  sign(bytes: Uint8Array): Promise<Uint8Array>
  publicKey(): Promise<Uint8Array>
}

export function openCloudStore(kms: Kms): KeyStore {
  const list = () => kms.keys('turant-kek')
  const current = async () => (await list()).at(-1) ?? kms.create('turant-kek')
  const known = async (kek: string): Promise<string> => {
    if ((await list()).includes(kek)) return kek
    throw new Error(`the key service has no key ${kek}`)
  }
  return {
    name: 'cloud',
    list,
    current,
    wrap: async (kek, key, context) => kms.encrypt(await known(kek), key, context),
    unwrap: async (kek, wrapped, context) => kms.decrypt(await known(kek), wrapped, context),
    rotate: () => kms.create('turant-kek'),
    async destroy(kek) {
      if ((await current()) === kek) throw new Error(`${kek} is the current key: rotate first`)
      await kms.scheduleDeletion(await known(kek))
    },
    sign: (bytes) => kms.sign(bytes),
    auditKey: () => kms.publicKey(),
    close: async () => undefined,
  }
}
