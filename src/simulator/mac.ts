import { createCipheriv } from 'node:crypto'
import { decode, encode, type Message, message, type Row, type Wire } from '@turant/iso8583'
import type { Random } from '../base/random.ts'
import { ReceivedRequest, Response } from '../imps/iso8583/messages.ts'
import type { IsoProfile, LinkRole } from '../imps/profile.ts'
import type { WrappedKey } from '../imps/rail-message.ts'
import { type Dials, strikes } from './faults.ts'

/**
 * MACs and keys as the switch sees them. Nothing of the hub's own MACs is used: block by block from the textbook, over decoded
 * elements and not over bytes, so that one mistake cannot fool both.
 */

const MAC_BYTES = 8

type Block = (input: Uint8Array) => Buffer

const block = (name: string, key: Uint8Array): Block => {
  return (input) => createCipheriv(name, key, null).setAutoPadding(false).update(input)
}

const xor = (a: Uint8Array, b: Uint8Array): Buffer => Buffer.from(a.map((byte, i) => byte ^ (b[i] ?? 0)))

/** ISO/IEC 9797-1, MAC algorithm 3: H = E(K, D(K', E(K, H ^ D))) at the last block. */
function textbookRetail(key: Uint8Array, input: Uint8Array): Buffer {
  const des = (half: Uint8Array): Block => block('des-ede3-ecb', Buffer.concat([half, half, half]))
  const [first, last] = [des(key.subarray(0, 8)), block('des-ede-ecb', key)]
  let chain: Buffer = Buffer.alloc(8)
  const count = Math.max(1, Math.ceil(input.length / 8))
  for (let i = 0; i < count; i += 1) {
    const piece = Buffer.alloc(8)
    piece.set(input.subarray(8 * i, 8 * i + 8))
    // E(K, D(K', E(K, x))) is what two-key triple DES calls one encryption.
    chain = (i === count - 1 ? last : first)(xor(chain, piece))
  }
  return chain
}

/** RFC 4493, section 2.3 and 2.4. */
function textbookCmac(key: Uint8Array, input: Uint8Array): Buffer {
  const aes = block('aes-128-ecb', key)
  const doubled = (of: Buffer): Buffer => {
    const shifted = (BigInt(`0x${of.toString('hex')}`) << 1n) & ((1n << 128n) - 1n)
    const bytes = Buffer.from(shifted.toString(16).padStart(32, '0'), 'hex')
    return (of[0] ?? 0) & 0x80 ? xor(bytes, Buffer.from('87'.padStart(32, '0'), 'hex')) : bytes
  }
  const k1 = doubled(aes(Buffer.alloc(16)))
  const count = Math.max(1, Math.ceil(input.length / 16))
  let chain: Buffer = Buffer.alloc(16)
  for (let i = 0; i < count; i += 1) {
    const rest = input.subarray(16 * i, 16 * i + 16)
    const piece = Buffer.alloc(16)
    piece.set(rest)
    if (i < count - 1) chain = aes(xor(chain, piece))
    else if (rest.length === 16) chain = aes(xor(xor(chain, piece), k1))
    else {
      piece[rest.length] = 0x80
      chain = aes(xor(xor(chain, piece), doubled(k1)))
    }
  }
  return chain
}

export type Opened = {
  readonly proof: 'good' | 'bad' | 'missing' /** The message less its MAC. */
  readonly bare: Uint8Array
}

export interface SwitchMacs {
  /** A message on its way to the hub, with its MAC or with what the dials make of it. */
  seal(role: LinkRole, bytes: Uint8Array): Uint8Array
  open(role: LinkRole, bytes: Uint8Array): Opened
  hasKey(role: LinkRole): boolean
  /** A new key for a port, under the key (ZMK) that both have. It counts once the hub has said yes. */
  offer(role: LinkRole, stan: string): WrappedKey
  answered(role: LinkRole, stan: string, responseCode: string): void
}

type Keys = { current: Uint8Array | undefined; readonly offered: Map<string, Uint8Array> }

/** Keys offered and not answered, kept for the day that the hub uses one after all. */
const MOST_OFFERED = 16

export function createSwitchMacs(options: {
  readonly iso: IsoProfile
  readonly zmk: Uint8Array
  readonly random: Random
  readonly dials: Dials
}): SwitchMacs {
  const { iso, zmk, random, dials } = options
  const aes = iso.mac.algorithm === 'aes-cmac'
  const inTag = iso.mac.carrier === '48.099'
  const wire: Wire = { numeric: iso.numeric, bitmap: iso.bitmap, lengths: iso.lengths }
  const macOf = (key: Uint8Array, input: Uint8Array): Buffer =>
    (aes ? textbookCmac : textbookRetail)(key, input).subarray(0, MAC_BYTES)
  const keys: Record<LinkRole, Keys> = {
    remitter: { current: undefined, offered: new Map() },
    beneficiary: { current: undefined, offered: new Map() },
  }

  const tableOf = (bytes: Uint8Array): Message => {
    const type = Buffer.from(bytes.subarray(0, 4))
    const mti = iso.numeric === 'bcd' ? type.subarray(0, 2).toString('hex') : type.toString('latin1')
    return mti === '0200' ? ReceivedRequest : Response
  }
  const read = (table: Message, bytes: Uint8Array): Record<string, unknown> => ({ ...decode(table, bytes, wire) })

  /** An element as it would lie on the wire by itself, without its length. */
  const textOf = (row: Row, value: unknown): Uint8Array => {
    const prefix = row.is.prefix === 0 ? 0 : iso.lengths === 'bcd' ? row.is.prefix - 1 : row.is.prefix
    const head = (iso.numeric === 'bcd' ? 2 : 4) + (iso.bitmap === 'hex' ? 2 : 1) * (row.de > 64 ? 16 : 8)
    return encode(message('0000', { only: row }), { only: value }, wire).subarray(head + prefix)
  }

  const inputOf = (table: Message, fields: Readonly<Record<string, unknown>>): Uint8Array => {
    if (!inTag) return encode(table, { ...fields, mac2: Buffer.alloc(MAC_BYTES) }, wire).subarray(0, -MAC_BYTES)
    const rows = Object.entries(table.rows)
    return Buffer.concat(
      iso.mac.fields.map((de): Uint8Array => {
        if (de === 0) return Buffer.from(table.mti, iso.numeric === 'bcd' ? 'hex' : 'latin1')
        const [name, row] = rows.find(([, one]) => one.de === de) ?? []
        const value = name === undefined ? undefined : fields[name]
        return row === undefined || value === undefined ? Buffer.alloc(0) : textOf(row, value)
      }),
    )
  }

  const tagged = /099016([0-9A-Fa-f]{16})$/

  /** Takes the MAC out of decoded elements. */
  const takeOut = (fields: Record<string, unknown>): Uint8Array | undefined => {
    if (!inTag) {
      const found = fields.mac2
      fields.mac2 = undefined
      return found instanceof Uint8Array ? found : undefined
    }
    const text = typeof fields.additional === 'string' ? fields.additional : ''
    const found = tagged.exec(text)
    fields.additional = found === null ? undefined : text.slice(0, found.index) || undefined
    return found === null ? undefined : Buffer.from(found[1] ?? '', 'hex')
  }

  const put = (table: Message, fields: Readonly<Record<string, unknown>>, mac: Uint8Array): Uint8Array => {
    if (!inTag) return encode(table, { ...fields, mac2: mac }, wire)
    const others = typeof fields.additional === 'string' ? fields.additional : ''
    return encode(
      table,
      { ...fields, additional: `${others}099016${Buffer.from(mac).toString('hex').toUpperCase()}` },
      wire,
    )
  }

  const newKey = (): Uint8Array => {
    const key = Buffer.alloc(16)
    for (let at = 0; at < 16; at += 4) key.writeUInt32BE(random.next32(), at)
    return key
  }

  const wrap = (key: Uint8Array): WrappedKey => {
    const cipher = aes ? 'aes-128-ecb' : 'des-ede-ecb'
    const checkValue = aes ? textbookCmac(key, Buffer.alloc(16)) : block('des-ede-ecb', key)(Buffer.alloc(8))
    return {
      cryptogram: block(cipher, zmk)(key).toString('hex').toUpperCase(),
      checkValue: checkValue.subarray(0, 3).toString('hex').toUpperCase(),
    }
  }

  /** What somebody on the line would like it to say. */
  const forge = (fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> => {
    const { responseCode, amountPaise } = fields
    if (responseCode !== undefined) return { ...fields, responseCode: responseCode === '00' ? 'M1' : '00' }
    return typeof amountPaise === 'bigint'
      ? { ...fields, amountPaise: (amountPaise * 10n) % 1_000_000_000_000n }
      : fields
  }

  return {
    seal(role, bytes) {
      const { current } = keys[role]
      const { faults } = dials
      const table = tableOf(bytes)
      const fields = read(table, bytes)
      takeOut(fields)
      if (current === undefined || strikes(random, faults.noMac)) return encode(table, fields, wire)
      const key = strikes(random, faults.wrongKey) ? newKey() : current
      const mac = macOf(key, inputOf(table, fields))
      if (strikes(random, faults.badMac)) mac.writeUInt8(mac.readUInt8(0) ^ (1 << (random.next32() % 8)))
      return put(table, strikes(random, faults.forged) ? forge(fields) : fields, mac)
    },
    open(role, bytes) {
      const table = tableOf(bytes)
      const fields = read(table, bytes)
      const found = takeOut(fields)
      const bare = encode(table, fields, wire)
      if (found === undefined) return { proof: 'missing', bare }
      const own = keys[role]
      const input = inputOf(table, fields)
      if (own.current !== undefined && macOf(own.current, input).equals(found)) return { proof: 'good', bare }
      for (const key of own.offered.values()) {
        if (!macOf(key, input).equals(found)) continue
        // Its answer got lost, and the hub uses it: so do we.
        own.current = key
        return { proof: 'good', bare }
      }
      return { proof: 'bad', bare }
    },
    hasKey: (role) => keys[role].current !== undefined,
    offer(role, stan) {
      const { offered } = keys[role]
      const key = newKey()
      const [oldest] = offered.keys()
      if (offered.size >= MOST_OFFERED && oldest !== undefined) offered.delete(oldest)
      offered.set(stan, key)
      return wrap(key)
    },
    answered(role, stan, responseCode) {
      const own = keys[role]
      const key = own.offered.get(stan)
      own.offered.delete(stan)
      if (key !== undefined && responseCode === '00') own.current = key
    },
  }
}
