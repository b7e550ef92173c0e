import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  type KeyObject,
  randomBytes,
  randomFillSync,
} from 'node:crypto'
import { toRfc3339 } from '../base/clock.ts'
import type { Vault } from '../base/vault.ts'
import type { KeyStore } from './key-store.ts'
import type { DataKey, KeyTable } from './key-table.ts'

export type VaultOptions = {
  readonly keys: KeyStore
  readonly table: KeyTable
  /** Seals that are taken from the database at once. */
  readonly block?: number
}

// version | key id | nonce | tag | text
const VERSION = 1
const KID_AT = 1
const NONCE_AT = 5
const TAG_AT = 17
const TEXT_AT = 33

/** What a process takes at once: few round trips, and little lost of 2^32 when it ends. */
const BLOCK = 2 ** 20
/** Unwrapped keys that a process remembers: ten years of a hundred tenants. */
const MAX_KEYS = 12_000
/** A month's key is fetched this long before the month begins. */
const AHEAD_MS = 60_000

export const monthOf = (at: number): string => toRfc3339(at).slice(0, 7)
export const contextOf = ({ tenantId, month }: Pick<DataKey, 'tenantId' | 'month'>): string =>
  `data key ${tenantId} ${month}`
const aadOf = (place: string, tenantId: number, row: string): Buffer => Buffer.from(`${place}:${tenantId}:${row}`)

/** `stale`: it was retired, and seals only until another is at hand. */
type Current = { readonly kid: number; readonly key: KeyObject; left: number; stale: boolean }

/** The vault of a process, which can be told that keys changed. */
export type OpenVault = Vault & {
  /** Lets go of keys that were destroyed or retired since the last look. @returns how many. @throws when the database is away */
  look(): Promise<number>
}

/** The key id that a sealed value names; undefined for what is not a sealed value. */
export const kidOf = (sealed: Uint8Array): number | undefined =>
  sealed.length >= TEXT_AT && sealed[0] === VERSION
    ? Buffer.from(sealed.buffer, sealed.byteOffset).readUInt32BE(KID_AT)
    : undefined

/** Opened values that are remembered: 20,000 accounts are some 8 MB. */
const MAX_OPENED = 20_000

/**
 * Opens the vault of a database: fetches the key of the blind indexes, or makes it.
 * @throws when the database or the key store is away, when the key store is another one than the keys were wrapped by, or while the
 *   blind indexes are on their way to a new key
 */
export async function openVault({ keys, table, block = BLOCK }: VaultOptions): Promise<OpenVault> {
  /** Null: destroyed for good. */
  const known = new Map<number, KeyObject | null>()
  const current = new Map<string, Current>()
  const fetching = new Map<string, Promise<void>>()
  /** The month in which each tenant was last prepared: `seal` needs no clock. */
  const monthFor = new Map<number, string>()

  const remember = async (found: DataKey): Promise<KeyObject | null> => {
    const kept = known.get(found.kid)
    if (kept !== undefined) return kept
    const key =
      found.wrapped === null ? null : createSecretKey(await keys.unwrap(found.kek, found.wrapped, contextOf(found)))
    if (known.size >= MAX_KEYS) {
      const [oldest] = known.keys()
      if (oldest !== undefined) known.delete(oldest)
    }
    known.set(found.kid, key)
    return key
  }
  const reserve = async (
    tenantId: number,
    month: string,
    uses = block,
  ): Promise<{ readonly kid: number; readonly key: KeyObject }> => {
    const found = await table.reserve(tenantId, month, uses, async () => {
      const kek = await keys.current()
      return { kek, wrapped: await keys.wrap(kek, randomBytes(32), contextOf({ tenantId, month })) }
    })
    const key = await remember(found)
    if (key === null) throw new Error(`the data key ${found.kid} is destroyed`)
    return { kid: found.kid, key }
  }
  /** One fetch at a time for each tenant and month, whoever waits for it. */
  const fetch = (tenantId: number, month: string): Promise<void> => {
    const name = `${tenantId}:${month}`
    const under = fetching.get(name)
    if (under !== undefined) return under
    const done = reserve(tenantId, month)
      .then(({ kid, key }) => {
        const before = current.get(name)
        current.set(name, { kid, key, left: block + (before?.kid === kid ? before.left : 0), stale: false })
        // Months that are over seal nothing any more; the present one does, also while the next is fetched ahead.
        const present = monthFor.get(tenantId) ?? month
        for (const other of [...current.keys()])
          if (other.startsWith(`${tenantId}:`) && other.slice(-7) < present) current.delete(other)
      })
      .finally(() => fetching.delete(name))
    fetching.set(name, done)
    return done
  }

  const indexKeys = await openIndexKeys(table, await reserve(0, 'index', 0), remember)
  const opened = new Map<string, { readonly sealed: Uint8Array; readonly text: string }>()
  let seen: bigint | undefined
  let nonces = Buffer.alloc(0)
  let nonceAt = 0
  const nonce = (): Buffer => {
    if (nonceAt >= nonces.length) {
      nonces = randomFillSync(Buffer.allocUnsafe(12 * 512))
      nonceAt = 0
    }
    nonceAt += 12
    return nonces.subarray(nonceAt - 12, nonceAt)
  }
  const lacks = (tenantId: number, month: string, least: number): boolean => {
    const use = current.get(`${tenantId}:${month}`)
    return use === undefined || use.stale || use.left < least
  }

  const sealBytes: Vault['sealBytes'] = (place, tenantId, row, bytes) => {
    const month = monthFor.get(tenantId)
    const use = month === undefined ? undefined : current.get(`${tenantId}:${month}`)
    if (use === undefined || use.left <= 0)
      throw new Error(`tenant ${tenantId} has no data key ready: prepare comes first`)
    use.left -= 1
    const iv = nonce()
    const cipher = createCipheriv('aes-256-gcm', use.key, iv)
    cipher.setAAD(aadOf(place, tenantId, row))
    const text = cipher.update(bytes)
    cipher.final()
    const sealed = Buffer.allocUnsafe(TEXT_AT + text.length)
    sealed[0] = VERSION
    sealed.writeUInt32BE(use.kid, KID_AT)
    iv.copy(sealed, NONCE_AT)
    cipher.getAuthTag().copy(sealed, TAG_AT)
    text.copy(sealed, TEXT_AT)
    return sealed
  }
  const openBytes: Vault['openBytes'] = (place, tenantId, row, sealed) => {
    const kid = kidOf(sealed)
    const key = kid === undefined ? undefined : known.get(kid)
    if (kid === undefined) throw new Error(`${place} of row ${row} is not a sealed value`)
    if (key === undefined) throw new Error(`the data key ${kid} is not loaded: load comes first`)
    if (key === null) return undefined
    const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.length)
    const cipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(NONCE_AT, TAG_AT), { authTagLength: 16 })
    cipher.setAAD(aadOf(place, tenantId, row))
    cipher.setAuthTag(bytes.subarray(TAG_AT, TEXT_AT))
    const text = cipher.update(bytes.subarray(TEXT_AT))
    try {
      cipher.final()
    } catch {
      throw new Error(`${place} of row ${row} was altered, or is another row's`)
    }
    return text
  }

  return {
    async prepare(tenantIds, at) {
      const month = monthOf(at)
      const soon = monthOf(at + AHEAD_MS)
      const waits: Promise<void>[] = []
      for (const tenantId of new Set(tenantIds)) {
        if (monthFor.get(tenantId) !== month) monthFor.set(tenantId, month)
        if (lacks(tenantId, month, 4_096)) waits.push(fetch(tenantId, month))
        else if (lacks(tenantId, month, block / 8)) fetch(tenantId, month).catch(() => undefined) // in time, without a wait
        if (soon !== month && lacks(tenantId, soon, 1)) fetch(tenantId, soon).catch(() => undefined)
      }
      await Promise.all(waits)
    },
    seal: (place, tenantId, row, text) => sealBytes(place, tenantId, row, Buffer.from(text)),
    sealBytes,
    async load(sealed) {
      const missing = new Set<number>()
      for (const one of sealed) {
        const kid = one === null || one === undefined ? undefined : kidOf(one)
        if (kid !== undefined && !known.has(kid)) missing.add(kid)
      }
      if (missing.size === 0) return
      for (const found of await table.find([...missing])) await remember(found)
    },
    open(place, tenantId, row, sealed) {
      const bytes = openBytes(place, tenantId, row, sealed)
      return bytes === undefined ? undefined : Buffer.from(bytes).toString()
    },
    openOften(place, tenantId, row, sealed) {
      const name = `${place} ${tenantId} ${row}`
      const before = opened.get(name)
      if (before !== undefined && Buffer.compare(before.sealed, sealed) === 0) return before.text
      const bytes = openBytes(place, tenantId, row, sealed)
      if (bytes === undefined) return undefined
      const text = Buffer.from(bytes).toString()
      if (opened.size >= MAX_OPENED) opened.clear()
      opened.set(name, { sealed: Buffer.from(sealed), text })
      return text
    },
    openBytes,
    index: (kind, value) => blindIndex(indexKeys, kind, value),
    async look() {
      const version = await table.version()
      if (version === seen) return 0
      let gone = 0
      for (const { kid, wrapped, retired } of await table.find([...known.keys()])) {
        if (wrapped === null && known.get(kid) !== null) {
          known.set(kid, null)
          gone += 1
        }
        for (const use of current.values()) {
          if (use.kid !== kid || use.stale || !(retired || wrapped === null)) continue
          use.stale = true
          gone += 1
        }
      }
      seen = version
      if (gone > 0) opened.clear() // what a destroyed key sealed is gone here too
      return gone
    },
  }
}

/** The keys of the blind indexes, in the order in which they are used. @throws while rows are on their way to a newer one */
async function openIndexKeys(
  table: KeyTable,
  newest: { readonly kid: number },
  open: (key: DataKey) => Promise<KeyObject | null>,
): Promise<KeyObject[]> {
  const all = await table.indexKeys()
  if (all.some(({ kid }) => kid > newest.kid))
    throw new Error('the blind indexes are on their way to a new key: npm run keys -- rotate-index goes on with that')
  const keys = await Promise.all(all.map(open))
  return keys.map((key) => {
    if (key === null) throw new Error('a key of the blind indexes was destroyed: nothing can be searched for')
    return key
  })
}

/**
 * The blind index of a value: its HMAC under the first key, and the HMAC of that under each later one. So a new key needs no plain value: what
 * is stored is put through it once more, and whoever has only the keys of before can no longer tell.
 */
export function blindIndex(keys: readonly KeyObject[], kind: keyof typeof normal, value: string): string {
  const [first] = keys
  if (first === undefined) throw new Error('there is no key for the blind indexes')
  let index = createHmac('sha256', first)
    .update(`${kind}:${normal[kind](value)}`)
    .digest('hex')
    .slice(0, 32)
  // What is made of a code or a PIN is hashed again, or gone in minutes: it cannot be put through another key, and keeps its first.
  const last = kind === 'code' ? 1 : keys.length
  for (let at = 1; at < last; at += 1) index = indexUnder(keys[at] ?? first, index)
  return index
}

/** A blind index put through one more key. @param index  32 hex digits, or a UUID */
export const indexUnder = (key: KeyObject, index: string): string =>
  createHmac('sha256', key)
    .update(Buffer.from(index.replaceAll('-', ''), 'hex'))
    .digest('hex')
    .slice(0, 32)

/** One spelling for everything that means the same. */
const normal = {
  account: (text: string) => text.toUpperCase(),
  mobile: (text: string) => text.slice(-10),
  email: (text: string) => text.trim().toLowerCase(),
  name: (text: string) => text.trim().toLowerCase().replaceAll(/\s+/g, ' '),
  code: (text: string) => text, // a short secret together with what it is for: the key is its pepper
} as const
