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

const monthOf = (at: number): string => toRfc3339(at).slice(0, 7)
const contextOf = ({ tenantId, month }: Pick<DataKey, 'tenantId' | 'month'>): string => `data key ${tenantId} ${month}`
const aadOf = (place: string, tenantId: number, row: string): Buffer => Buffer.from(`${place}:${tenantId}:${row}`)

type Current = { readonly kid: number; readonly key: KeyObject; left: number }

/** The key id that a sealed value names; undefined for what is not a sealed value. */
const kidOf = (sealed: Uint8Array): number | undefined =>
  sealed.length >= TEXT_AT && sealed[0] === VERSION
    ? Buffer.from(sealed.buffer, sealed.byteOffset).readUInt32BE(KID_AT)
    : undefined

/**
 * Opens the vault of a database: fetches the key of the blind indexes, or makes it.
 * @throws when the database or the key store is away, or the key store is another one than the keys were wrapped by
 */
export async function openVault({ keys, table, block = BLOCK }: VaultOptions): Promise<Vault> {
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
  ): Promise<{ readonly kid: number; readonly key: KeyObject }> => {
    const found = await table.reserve(tenantId, month, block, async () => {
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
        current.set(name, { kid, key, left: block + (before?.kid === kid ? before.left : 0) })
        // Months that are over seal nothing any more; the present one does, also while the next is fetched ahead.
        const present = monthFor.get(tenantId) ?? month
        for (const other of [...current.keys()])
          if (other.startsWith(`${tenantId}:`) && other.slice(-7) < present) current.delete(other)
      })
      .finally(() => fetching.delete(name))
    fetching.set(name, done)
    return done
  }

  const indexKey = (await reserve(0, 'index')).key
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
  const lacks = (tenantId: number, month: string, least: number): boolean =>
    (current.get(`${tenantId}:${month}`)?.left ?? 0) < least

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
    openBytes,
    index(kind, value) {
      return createHmac('sha256', indexKey)
        .update(`${kind}:${normal[kind](value)}`)
        .digest('hex')
        .slice(0, 32)
    },
  }
}

/** One spelling for everything that means the same. */
const normal = {
  account: (text: string) => text.toUpperCase(),
  mobile: (text: string) => text.slice(-10),
  email: (text: string) => text.trim().toLowerCase(),
  name: (text: string) => text.trim().toLowerCase().replaceAll(/\s+/g, ' '),
  code: (text: string) => text, // a short secret together with what it is for: the key is its pepper
} as const
