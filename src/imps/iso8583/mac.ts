import { createCipheriv, createDecipheriv, timingSafeEqual } from 'node:crypto'
import { cmac } from '@noble/ciphers/aes.js'
import type { MacAlgorithm } from '../profile.ts'
import type { WrappedKey } from '../rail-message.ts'

/**
 * Message authentication codes and the keys that make them, from the ciphers of node:crypto and the CMAC of @noble/ciphers.
 * Always eight bytes: what DE 64 and 128 hold, and 16 hex digits in DE 48. What they cost is in `bench/macs.ts`.
 */

export const MAC_BYTES = 8
/** Double-length DES, or AES-128. */
export const KEY_BYTES = 16

/** What makes MACs for one link: in this process, or in a module that lets no key out. */
export interface MacKey {
  /** @returns eight bytes */
  mac(input: Uint8Array): Uint8Array
}

const zeros = (count: number): Uint8Array => new Uint8Array(count)

/**
 * MAC algorithm 3 of ISO/IEC 9797-1 with padding method 1, the retail MAC: CBC under the first half of the key, and the last
 * block once more through the second and the first. DES by itself is `des-ede3` with one key three times.
 */
export function retailMac(key: Uint8Array, input: Uint8Array): Uint8Array {
  const padded = zeros(Math.max(MAC_BYTES, Math.ceil(input.length / 8) * 8))
  padded.set(input)
  const last = padded.length - 8
  let chained: Uint8Array = zeros(8)
  if (last > 0) {
    const half = key.subarray(0, 8)
    const cbc = createCipheriv('des-ede3-cbc', Buffer.concat([half, half, half]), chained).setAutoPadding(false)
    chained = cbc.update(padded.subarray(0, last)).subarray(-8)
  }
  return createCipheriv('des-ede-cbc', key, chained).setAutoPadding(false).update(padded.subarray(last))
}

/** AES-CMAC, its first eight bytes. @source NIST SP 800-38B, RFC 4493 */
export const aesMac = (key: Uint8Array, input: Uint8Array): Uint8Array => cmac(input, key).subarray(0, MAC_BYTES)

/** Halves that are the same make triple DES single, whatever their parity bits say. */
const isSingle = (key: Uint8Array): boolean =>
  key.subarray(0, 8).every((byte, i) => byte >> 1 === (key[i + 8] ?? 0) >> 1)

/**
 * The check value of a key, upper-case hex: eight zero bytes through DES, or the CMAC of sixteen through AES.
 * @source ANSI X9.24-1:2017, Annex A
 */
export function checkValueOf(algorithm: MacAlgorithm, key: Uint8Array): string {
  if (algorithm === 'aes-cmac')
    return Buffer.from(cmac(zeros(16), key).subarray(0, 8))
      .toString('hex')
      .toUpperCase()
  const name = key.length === 24 ? 'des-ede3-ecb' : 'des-ede-ecb'
  return createCipheriv(name, key, null).setAutoPadding(false).update(zeros(8)).toString('hex').toUpperCase()
}

const wrapping = (algorithm: MacAlgorithm, zmk: Uint8Array): string => {
  if (algorithm === 'aes-cmac') return zmk.length === 32 ? 'aes-256-ecb' : 'aes-128-ecb'
  return zmk.length === 24 ? 'des-ede3-ecb' : 'des-ede-ecb'
}

/** Whether a key can be one that wraps others: 16 or 24 bytes of DES with halves that differ, 16 or 32 of AES. */
export const isZmk = (algorithm: MacAlgorithm, key: Uint8Array): boolean =>
  algorithm === 'aes-cmac'
    ? key.length === 16 || key.length === 32
    : (key.length === 16 || key.length === 24) && !isSingle(key)

/** Wraps a working key for the other side. */
export function wrapKey(algorithm: MacAlgorithm, zmk: Uint8Array, key: Uint8Array): WrappedKey {
  const cipher = createCipheriv(wrapping(algorithm, zmk), zmk, null).setAutoPadding(false)
  return {
    cryptogram: cipher.update(key).toString('hex').toUpperCase(),
    checkValue: checkValueOf(algorithm, key).slice(0, 6),
  }
}

/**
 * Opens a working key. Undefined when its check value is another: it was made under another ZMK, or altered on the way; and when
 * it is one that single DES could be broken with.
 */
export function unwrapKey(algorithm: MacAlgorithm, zmk: Uint8Array, wrapped: WrappedKey): Uint8Array | undefined {
  const cryptogram = Buffer.from(wrapped.cryptogram, 'hex')
  if (cryptogram.length !== KEY_BYTES) return undefined
  const key = createDecipheriv(wrapping(algorithm, zmk), zmk, null).setAutoPadding(false).update(cryptogram)
  const expected = wrapped.checkValue.toUpperCase()
  if (expected.length < 6 || checkValueOf(algorithm, key).slice(0, expected.length) !== expected) return undefined
  return algorithm !== 'aes-cmac' && isSingle(key) ? undefined : key
}

/** A key that is in this process. */
export const softKey = (algorithm: MacAlgorithm, key: Uint8Array): MacKey => ({
  mac: algorithm === 'aes-cmac' ? (input) => aesMac(key, input) : (input) => retailMac(key, input),
})

/** Compared in the same time whatever differs. */
export const sameMac = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && timingSafeEqual(a, b)
