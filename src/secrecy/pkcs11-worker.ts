import { createHash, randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { parentPort, workerData } from 'node:worker_threads'

/**
 * The thread that talks to a PKCS#11 module. Its calls are synchronous and may wait for a machine in another room; here nobody waits with them.
 * One session, logged in once. A token that went away is looked for again at the next call; a PIN that was wrong is never tried again.
 */

export type Opened = { readonly module: string; readonly token: string; readonly pinFile: string }

export type Order =
  | { readonly kind: 'open' }
  | { readonly kind: 'list' }
  | { readonly kind: 'rotate' }
  | { readonly kind: 'destroy'; readonly kek: string }
  | { readonly kind: 'wrap' | 'unwrap'; readonly kek: string; readonly bytes: Uint8Array; readonly context: string }
  | { readonly kind: 'sign'; readonly bytes: Uint8Array }
  | { readonly kind: 'auditKey' }
  | { readonly kind: 'close' }

export type Reply = { readonly id: number } & (
  | { readonly kind: 'done'; readonly value: Uint8Array | readonly string[] | string | undefined }
  | { readonly kind: 'failed'; readonly why: string; readonly wrongPin: boolean }
)

type Handle = Buffer
type Attribute = { readonly type: number; readonly value?: Buffer | string | number | boolean }
type Mechanism = { readonly mechanism: number; readonly parameter?: Buffer | object }

/** The part of pkcs11js 2.1.7 that is used here, as its own index.d.ts has it: the package is not there where nobody has a module. */
type Cryptoki = {
  load(path: string): void
  close(): void
  C_Initialize(): void
  C_Finalize(): void
  C_GetSlotList(withToken: boolean): Handle[]
  C_GetTokenInfo(slot: Handle): { readonly label: string; readonly flags: number }
  C_OpenSession(slot: Handle, flags: number): Handle
  C_Login(session: Handle, user: number, pin: string): void
  C_FindObjectsInit(session: Handle, template: readonly Attribute[]): void
  C_FindObjects(session: Handle, most: number): Handle[]
  C_FindObjectsFinal(session: Handle): void
  C_GetAttributeValue(session: Handle, object: Handle, template: readonly Attribute[]): { readonly value: Buffer }[]
  C_GenerateKey(session: Handle, mechanism: Mechanism, template: readonly Attribute[]): Handle
  C_GenerateKeyPair(
    session: Handle,
    mechanism: Mechanism,
    open: readonly Attribute[],
    own: readonly Attribute[],
  ): object
  C_DestroyObject(session: Handle, object: Handle): void
  C_EncryptInit(session: Handle, mechanism: Mechanism, key: Handle): void
  C_Encrypt(session: Handle, plain: Buffer, out: Buffer): Buffer
  C_DecryptInit(session: Handle, mechanism: Mechanism, key: Handle): void
  C_Decrypt(session: Handle, sealed: Buffer, out: Buffer): Buffer
  C_SignInit(session: Handle, mechanism: Mechanism, key: Handle): void
  C_Sign(session: Handle, bytes: Buffer, out: Buffer): Buffer
}

// Numbers of PKCS#11 v2.40, so that nothing of the package is needed to read this.
const CKA = {
  CLASS: 0x0,
  TOKEN: 0x1,
  PRIVATE: 0x2,
  LABEL: 0x3,
  KEY_TYPE: 0x100,
  ID: 0x102,
  SENSITIVE: 0x103,
  ENCRYPT: 0x104,
  DECRYPT: 0x105,
  WRAP: 0x106,
  UNWRAP: 0x107,
  SIGN: 0x108,
  VERIFY: 0x10a,
  VALUE_LEN: 0x161,
  EXTRACTABLE: 0x162,
  MODIFIABLE: 0x170,
  EC_PARAMS: 0x180,
  EC_POINT: 0x181,
} as const
const CKO = { PUBLIC_KEY: 2, PRIVATE_KEY: 3, SECRET_KEY: 4 } as const
const CKK = { EC: 3, AES: 0x1f } as const
const CKM = { EC_KEY_PAIR_GEN: 0x1040, ECDSA: 0x1041, AES_KEY_GEN: 0x1080, AES_GCM: 0x1087 } as const
const CKF = { RW_SESSION: 2, SERIAL_SESSION: 4, PIN_FINAL_TRY: 0x20000, PIN_LOCKED: 0x40000 } as const
const USER = 1
/** How pkcs11js calls the parameters of GCM with the length of the nonce in them. */
const GCM_PARAMETERS = 7
/** Wrong, of the wrong length or form, over, locked. */
const WRONG_PIN = [0xa0, 0xa1, 0xa2, 0xa3, 0xa4] as const
/** The token, the session or the log-in is gone, or the module is not itself any more: worth one more try over a new session. */
const GONE = [0x5, 0x6, 0x30, 0x32, 0x60, 0x82, 0xb0, 0xb3, 0xe0, 0xe1, 0x101, 0x190] as const

const KEK_ID = Buffer.from('turant-kek')
const AUDIT_ID = Buffer.from('turant-audit')
/** OBJECT IDENTIFIER 1.2.840.10045.3.1.7, and what stands before an uncompressed point of it in an SPKI. @source RFC 5480 §2 */
const P256 = Buffer.from('06082a8648ce3d030107', 'hex')
const SPKI_P256 = Buffer.from('3059301306072a8648ce3d020106082a8648ce3d030107034200', 'hex')
const NONCE_BYTES = 12
const TAG_BITS = 128

/** Something that no second try makes better. */
class Refusal extends Error {
  override readonly name = 'RefusalError'
}
class WrongPin extends Refusal {}
/** Not there, as a token looks that was pulled out under an open session: worth a look over a new one. */
class Missing extends Refusal {}

const codeOf = (error: unknown): number => (error instanceof Error && 'code' in error ? Number(error.code) : 0)
const named = (error: unknown): string =>
  error instanceof Error ? (/CKR_[A-Z_]+/.exec(error.message)?.[0] ?? error.name) : 'unknown'

const { module, token, pinFile } = workerData as Opened
const folder = new URL('../../packages/pkcs11/package.json', import.meta.url)

let cryptoki: Cryptoki | undefined
let session: Handle | undefined
let pinWasWrong = false

/** @throws {Refusal} */
function load(): Cryptoki {
  let loaded: Cryptoki
  try {
    const { PKCS11 } = createRequire(folder)('pkcs11js') as { readonly PKCS11: new () => Cryptoki }
    loaded = new PKCS11()
  } catch {
    throw new Refusal('pkcs11js is not installed: npm ci --prefix packages/pkcs11')
  }
  try {
    loaded.load(module)
  } catch {
    throw new Refusal(`TURANT_PKCS11_MODULE: ${module} cannot be loaded as a PKCS#11 module`)
  }
  return loaded
}

/** The session, logged in; opened when there is none. */
function open(): { readonly p: Cryptoki; readonly s: Handle } {
  if (pinWasWrong) throw new WrongPin('the PIN was refused and is not tried again')
  cryptoki ??= load()
  const p = cryptoki
  if (session !== undefined) return { p, s: session }
  try {
    p.C_Initialize()
  } catch (error) {
    if (named(error) !== 'CKR_CRYPTOKI_ALREADY_INITIALIZED') throw error
  }
  const slots = p.C_GetSlotList(true)
  const slot = slots.find((one) => p.C_GetTokenInfo(one).label.trimEnd() === token)
  if (slot === undefined)
    throw new Error(`TURANT_PKCS11_TOKEN: there is no token "${token}" in the ${slots.length} slots of ${module}`)
  const { flags } = p.C_GetTokenInfo(slot)
  if ((flags & CKF.PIN_LOCKED) !== 0)
    throw new WrongPin('the PIN is locked: the security officer of the token unlocks it')
  if ((flags & CKF.PIN_FINAL_TRY) !== 0)
    throw new WrongPin(
      'one more wrong PIN would lock the token, so the hub does not try: log in once with another program',
    )
  const s = p.C_OpenSession(slot, CKF.SERIAL_SESSION | CKF.RW_SESSION)
  try {
    p.C_Login(s, USER, readFileSync(pinFile, 'utf8').replace(/\r?\n$/, ''))
  } catch (error) {
    if (named(error) !== 'CKR_USER_ALREADY_LOGGED_IN') {
      if (!WRONG_PIN.some((code) => code === codeOf(error))) throw error
      pinWasWrong = true
      throw new WrongPin(
        `TURANT_PKCS11_PIN_FILE: the token "${token}" refuses the PIN (${named(error)}); it is not tried again`,
      )
    }
  }
  session = s
  return { p, s }
}

function forget(): void {
  session = undefined
  try {
    cryptoki?.C_Finalize()
  } catch {
    // It was gone already.
  }
}

function find(template: readonly Attribute[]): { readonly handle: Handle; readonly label: string }[] {
  const { p, s } = open()
  const handles: Handle[] = []
  p.C_FindObjectsInit(s, template)
  try {
    for (let some = p.C_FindObjects(s, 100); some.length > 0; some = p.C_FindObjects(s, 100)) handles.push(...some)
  } finally {
    p.C_FindObjectsFinal(s)
  }
  return handles
    .map((handle) => ({
      handle,
      label: String(p.C_GetAttributeValue(s, handle, [{ type: CKA.LABEL }])[0]?.value ?? ''),
    }))
    .sort((a, b) => (a.label < b.label ? -1 : 1))
}

/** Key-encryption keys, oldest first: their names begin with a number of fixed width. */
const keks = () =>
  find([
    { type: CKA.CLASS, value: CKO.SECRET_KEY },
    { type: CKA.ID, value: KEK_ID },
  ])

/** In the token for good, never readable, good for this and nothing else. */
function makeKek(): string {
  const { p, s } = open()
  const last = keks().at(-1)?.label
  const count = last === undefined ? 1 : Number(/^kek-([0-9]+)-/.exec(last)?.[1] ?? 0) + 1
  const label = `kek-${String(count).padStart(5, '0')}-${randomBytes(4).toString('hex')}`
  p.C_GenerateKey(s, { mechanism: CKM.AES_KEY_GEN }, [
    { type: CKA.CLASS, value: CKO.SECRET_KEY },
    { type: CKA.KEY_TYPE, value: CKK.AES },
    { type: CKA.VALUE_LEN, value: 32 },
    { type: CKA.LABEL, value: label },
    { type: CKA.ID, value: KEK_ID },
    { type: CKA.TOKEN, value: true },
    { type: CKA.PRIVATE, value: true },
    { type: CKA.SENSITIVE, value: true },
    { type: CKA.EXTRACTABLE, value: false },
    { type: CKA.ENCRYPT, value: true },
    { type: CKA.DECRYPT, value: true },
    { type: CKA.WRAP, value: false },
    { type: CKA.UNWRAP, value: false },
    { type: CKA.SIGN, value: false },
    { type: CKA.VERIFY, value: false },
  ])
  return label
}

function kek(name: string): Handle {
  const found = keks().find(({ label }) => label === name)
  if (found === undefined) throw new Missing(`the token "${token}" has no key ${name}`)
  return found.handle
}

const gcm = (iv: Buffer, context: string): Mechanism => ({
  mechanism: CKM.AES_GCM,
  parameter: { type: GCM_PARAMETERS, iv, ivBits: NONCE_BYTES * 8, aad: Buffer.from(context), tagBits: TAG_BITS },
})

function wrap(name: string, bytes: Uint8Array, context: string): Buffer {
  const key = kek(name)
  const { p, s } = open()
  const iv = randomBytes(NONCE_BYTES)
  p.C_EncryptInit(s, gcm(iv, context), key)
  return Buffer.concat([iv, p.C_Encrypt(s, Buffer.from(bytes), Buffer.alloc(bytes.length + TAG_BITS / 8))])
}

function unwrap(name: string, wrapped: Uint8Array, context: string): Buffer {
  const key = kek(name)
  const { p, s } = open()
  const bytes = Buffer.from(wrapped)
  p.C_DecryptInit(s, gcm(bytes.subarray(0, NONCE_BYTES), context), key)
  try {
    return p.C_Decrypt(s, bytes.subarray(NONCE_BYTES), Buffer.alloc(bytes.length))
  } catch (error) {
    // Modules call a tag that does not fit by many names, the general error among them.
    throw new Refusal(`what ${name} wrapped was altered, or wrapped in another context (${named(error)})`)
  }
}

/** The audit key. Of several, made by processes that started at once, the first by name is the one. */
function audit(kind: 'own' | 'open'): Handle {
  const half = () =>
    find([
      { type: CKA.CLASS, value: kind === 'own' ? CKO.PRIVATE_KEY : CKO.PUBLIC_KEY },
      { type: CKA.ID, value: AUDIT_ID },
    ])[0]
  const found = half()
  if (found !== undefined) return found.handle
  const { p, s } = open()
  const common = [
    { type: CKA.KEY_TYPE, value: CKK.EC },
    { type: CKA.LABEL, value: `audit-${randomBytes(4).toString('hex')}` },
    { type: CKA.ID, value: AUDIT_ID },
    { type: CKA.TOKEN, value: true },
  ]
  p.C_GenerateKeyPair(
    s,
    { mechanism: CKM.EC_KEY_PAIR_GEN },
    [
      ...common,
      { type: CKA.CLASS, value: CKO.PUBLIC_KEY },
      { type: CKA.EC_PARAMS, value: P256 },
      { type: CKA.VERIFY, value: true },
    ],
    [
      ...common,
      { type: CKA.CLASS, value: CKO.PRIVATE_KEY },
      { type: CKA.PRIVATE, value: true },
      { type: CKA.SENSITIVE, value: true },
      { type: CKA.EXTRACTABLE, value: false },
      { type: CKA.SIGN, value: true },
    ],
  )
  const made = half()
  if (made === undefined) throw new Refusal(`the token "${token}" does not keep the key that it just made`)
  return made.handle
}

function sign(bytes: Uint8Array): Buffer {
  const key = audit('own')
  const { p, s } = open()
  p.C_SignInit(s, { mechanism: CKM.ECDSA }, key)
  return p.C_Sign(s, createHash('sha256').update(bytes).digest(), Buffer.alloc(64))
}

function auditKey(): Buffer {
  const key = audit('open')
  const { p, s } = open()
  const point = p.C_GetAttributeValue(s, key, [{ type: CKA.EC_POINT }])[0]?.value ?? Buffer.alloc(0)
  // An OCTET STRING around the point, or the bare point: modules differ.
  return Buffer.concat([SPKI_P256, point.length === 67 ? point.subarray(2) : point])
}

function run(order: Order): Uint8Array | readonly string[] | string | undefined {
  switch (order.kind) {
    case 'open':
      return keks().length === 0 ? makeKek() : undefined
    case 'list': {
      const labels = keks().map(({ label }) => label)
      if (labels.length === 0) throw new Missing(`the token "${token}" has no key of the hub any more`)
      return labels
    }
    case 'rotate':
      return makeKek()
    case 'destroy': {
      const handle = kek(order.kek)
      const { p, s } = open()
      p.C_DestroyObject(s, handle)
      return undefined
    }
    case 'wrap':
      return wrap(order.kek, order.bytes, order.context)
    case 'unwrap':
      return unwrap(order.kek, order.bytes, order.context)
    case 'sign':
      return sign(order.bytes)
    case 'auditKey':
      return auditKey()
    case 'close':
      forget()
      return undefined
  }
}

/** Once more over a new session when the old one is gone. No order is harmed by being given twice. */
function runOnce(order: Order) {
  try {
    return run(order)
  } catch (error) {
    const gone =
      error instanceof Missing || (!(error instanceof Refusal) && GONE.some((code) => code === codeOf(error)))
    if (!gone) throw error
    forget()
    return run(order)
  }
}

parentPort?.on('message', ({ id, order }: { readonly id: number; readonly order: Order }) => {
  let reply: Reply
  try {
    reply = { id, kind: 'done', value: runOnce(order) }
  } catch (error) {
    if (!(error instanceof Refusal)) forget()
    const own = error instanceof Refusal || (error instanceof Error && error.message.startsWith('TURANT_'))
    const why = own && error instanceof Error ? error.message : `the token "${token}" does not answer (${named(error)})`
    reply = { id, kind: 'failed', why, wrongPin: error instanceof WrongPin }
  }
  parentPort?.postMessage(reply)
  if (order.kind === 'close') parentPort?.close()
})
