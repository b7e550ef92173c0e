import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { crc32 } from 'node:zlib'

/**
 * identity: who may do what. It promises that a secret is kept and compared only as a digest, in constant time; that nobody acts on a
 * tenant without a right in it; and that what was taken away is gone within a second everywhere.
 *
 * API keys: `trnt_live_` or `trnt_test_`, an id of 12 characters by which it is found, 43 characters of secret, and six of a check sum,
 * so that a mistyped key is told from a wrong one without a look at the database, and scanners find keys that leaked.
 */
export type NewKey = {
  /** The whole key: shown once, and kept by nobody here. */
  readonly key: string
  readonly keyId: string
  readonly sha256: Uint8Array
  readonly lastFour: string
}

const form = /^trnt_(live|test)_([0-9A-Za-z]{12})_([0-9A-Za-z]{43})([0-9a-f]{6})$/

/** The check sum of all that stands before it. */
const checkSum = (text: string): string => (crc32(text) >>> 0).toString(16).padStart(8, '0').slice(0, 6)

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** So many characters of 62, all equally likely. */
function letters(count: number): string {
  let text = ''
  while (text.length < count) {
    // 248 is four times 62: above it some letters would come more often.
    for (const byte of randomBytes(count)) if (byte < 248 && text.length < count) text += ALPHABET[byte % 62]
  }
  return text
}

/** Makes a key. 43 characters of 62 are 256 bits. */
export function makeKey(live: boolean): NewKey {
  const keyId = letters(12)
  const text = `trnt_${live ? 'live' : 'test'}_${keyId}_${letters(43)}`
  const key = text + checkSum(text)
  return { key, keyId, sha256: digestOfKey(key), lastFour: key.slice(-4) }
}

/** What a key says of itself; undefined for what is not a key, or was mistyped. */
export function readKey(text: string): { readonly keyId: string; readonly live: boolean } | undefined {
  const [, kind, keyId] = form.exec(text) ?? []
  if (keyId === undefined || checkSum(text.slice(0, -6)) !== text.slice(-6)) return undefined
  return { keyId, live: kind === 'live' }
}

export const digestOfKey = (key: string): Uint8Array => createHash('sha256').update(key).digest()

export const sameDigest = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && timingSafeEqual(a, b)

/** How every token begins, so that it is told from a key at a look. */
export const TOKEN_PREFIX = 'trnt_token_'

/** Makes a token of OAuth 2: 256 bits, and nothing else in it. It is found by its digest. */
export function makeToken(): string {
  const text = `${TOKEN_PREFIX}${letters(43)}`
  return text + checkSum(text)
}

/** Whether a text has the form of a token. */
export const readToken = (text: string): boolean =>
  /^trnt_token_[0-9A-Za-z]{43}[0-9a-f]{6}$/.test(text) && checkSum(text.slice(0, -6)) === text.slice(-6)
