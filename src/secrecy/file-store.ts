import {
  createCipheriv,
  createDecipheriv,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  scryptSync,
  sign,
} from 'node:crypto'
import { existsSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { type Static, Type } from 'typebox'
import { Check } from 'typebox/value'
import type { KeyStore } from './key-store.ts'

const KeyFile = Type.Object({
  version: Type.Literal(1),
  /** Present: the keys are sealed under a passphrase. Base64. */
  salt: Type.Union([Type.String(), Type.Null()]),
  current: Type.String(),
  /** Name to key, base64; sealed ones are nonce, tag and text. */
  keks: Type.Record(Type.String(), Type.String()),
  /** PKCS#8 of the key that signs the roots of the audit chain. */
  audit: Type.String(),
})
type KeyFile = Static<typeof KeyFile>

/** scrypt at N = 2^17, r = 8, p = 1: 128 MB and some tenths of a second, once per start. @source OWASP password storage */
const scrypt = { N: 131_072, r: 8, p: 1, maxmem: 256 * 1024 * 1024 }

function sealUnder(key: Uint8Array, plain: Uint8Array, context: string): Uint8Array {
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  cipher.setAAD(Buffer.from(context))
  const text = Buffer.concat([cipher.update(plain), cipher.final()])
  return Buffer.concat([nonce, cipher.getAuthTag(), text])
}

function openUnder(key: Uint8Array, sealed: Uint8Array, context: string): Uint8Array {
  const bytes = Buffer.from(sealed)
  const cipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12), { authTagLength: 16 })
  cipher.setAAD(Buffer.from(context))
  cipher.setAuthTag(bytes.subarray(12, 28))
  return Buffer.concat([cipher.update(bytes.subarray(28)), cipher.final()])
}

/**
 * Key-encryption keys in a file of mode 0600, sealed under a passphrase when one is given. Made at the first use.
 * @throws one line that says what is wrong with the file: unreadable, another passphrase, none given
 */
export function openFileStore(path: string, passphrase: string | undefined): KeyStore {
  const lock = (salt: string | null): Uint8Array | undefined => {
    if (salt === null) return undefined
    if (passphrase === undefined) throw new Error(`${path} is sealed under a passphrase: set TURANT_KEY_PASSPHRASE`)
    return scryptSync(passphrase, Buffer.from(salt, 'base64'), 32, scrypt)
  }
  if (!existsSync(path)) {
    const salt = passphrase === undefined ? null : randomBytes(16).toString('base64')
    const audit = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'der', type: 'pkcs8' })
    write(path, { version: 1, salt, current: '', keks: {}, audit: packed(lock(salt), audit, 'audit') })
  }
  let file = readFile(path)
  let readAt = stampOf(path)
  const key = lock(file.salt)
  const keks = new Map<string, Uint8Array>()
  let auditKey: KeyObject
  try {
    for (const [name, text] of Object.entries(file.keks)) keks.set(name, unpacked(key, text, name))
    auditKey = createPrivateKey({ key: Buffer.from(unpacked(key, file.audit, 'audit')), format: 'der', type: 'pkcs8' })
  } catch {
    throw new Error(
      `${path} does not open: it was damaged, or TURANT_KEY_PASSPHRASE is not the one it was sealed under`,
    )
  }
  /** What another process made or destroyed since. */
  const refresh = (): void => {
    const stamp = stampOf(path)
    if (stamp === readAt) return
    file = readFile(path)
    readAt = stamp
    for (const name of keks.keys()) if (file.keks[name] === undefined) keks.delete(name)
    for (const [name, text] of Object.entries(file.keks)) if (!keks.has(name)) keks.set(name, unpacked(key, text, name))
  }
  const kekOf = (name: string): Uint8Array => {
    if (!keks.has(name)) refresh()
    const found = keks.get(name)
    if (found === undefined) throw new Error(`${path} has no key ${name}`)
    return found
  }
  const save = (changed: KeyFile): void => {
    write(path, changed)
    file = changed
    readAt = stampOf(path)
  }
  const rotate = (): string => {
    refresh()
    const made = randomBytes(32)
    const last = Math.max(0, ...Object.keys(file.keks).map((name) => Number(/^kek-([0-9]+)-/.exec(name)?.[1] ?? 0)))
    const name = `kek-${last + 1}-${randomBytes(4).toString('hex')}`
    save({ ...file, current: name, keks: { ...file.keks, [name]: packed(key, made, name) } })
    keks.set(name, made)
    return name
  }
  if (keks.size === 0) rotate()
  return {
    name: 'file',
    async current() {
      refresh()
      return file.current
    },
    async list() {
      refresh()
      return Object.keys(file.keks)
    },
    wrap: async (kek, plain, context) => sealUnder(kekOf(kek), plain, context),
    unwrap: async (kek, wrapped, context) => openUnder(kekOf(kek), wrapped, context),
    rotate: async () => rotate(),
    async destroy(kek) {
      refresh()
      kekOf(kek)
      if (file.current === kek) throw new Error(`${kek} is the current key: rotate first`)
      const { [kek]: _gone, ...left } = file.keks
      save({ ...file, keks: left })
      keks.delete(kek)
    },
    sign: async (bytes) => sign('sha256', bytes, { key: auditKey, dsaEncoding: 'ieee-p1363' }),
    auditKey: async () => createPublicKey(auditKey).export({ format: 'der', type: 'spki' }),
    close: async () => undefined,
  }
}

/** Which file it is: a written one is a new one. */
const stampOf = (path: string): string => {
  const { ino, mtimeMs, size } = statSync(path)
  return `${ino} ${mtimeMs} ${size}`
}

const packed = (key: Uint8Array | undefined, plain: Uint8Array, name: string): string =>
  Buffer.from(key === undefined ? plain : sealUnder(key, plain, name)).toString('base64')

const unpacked = (key: Uint8Array | undefined, text: string, name: string): Uint8Array => {
  const bytes = Buffer.from(text, 'base64')
  return key === undefined ? bytes : openUnder(key, bytes, name)
}

function readFile(path: string): KeyFile {
  let value: unknown
  try {
    value = JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    throw new Error(`${path} cannot be read as a key file`)
  }
  if (!Check(KeyFile, value)) throw new Error(`${path} is not a key file of this version`)
  return value
}

/** Whole or not at all, mode 0600 from the first byte. */
function write(path: string, file: KeyFile): void {
  const draft = `${path}.new`
  rmSync(draft, { force: true })
  writeFileSync(draft, `${JSON.stringify(file, null, 2)}\n`, { mode: 0o600, flush: true })
  renameSync(draft, path)
}
