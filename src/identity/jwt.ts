import { createPublicKey, type KeyObject } from 'node:crypto'
import { calculateJwkThumbprint, compactVerify } from 'jose'
import { parseJson } from '../base/json.ts'
import { isSmallOrder } from './small-order.ts'
import { refuse } from './token-fault.ts'

/**
 * Signed JSON of strangers: compact JWS with one spelling each, and the public keys that may sign it. The mathematics is jose's; what is
 * refused before it is asked is here.
 */

export const tokenAlgorithms = ['ES256', 'PS256', 'EdDSA'] as const
export type TokenAlgorithm = (typeof tokenAlgorithms)[number]

/** How algorithms may be called. @source RFC 9864 §2.2: EdDSA over this curve is Ed25519 by its newer name */
const names: ReadonlyMap<unknown, TokenAlgorithm> = new Map<unknown, TokenAlgorithm>([
  ['ES256', 'ES256'],
  ['PS256', 'PS256'],
  ['EdDSA', 'EdDSA'],
  ['Ed25519', 'EdDSA'],
])
export const algorithmNames: readonly string[] = [...names.keys()].map(String)

export type Jws = {
  readonly algorithm: TokenAlgorithm
  readonly header: Readonly<Record<string, unknown>>
  readonly claims: Readonly<Record<string, unknown>>
  readonly text: string
}

/** The longest one that is looked at: a key of 4096 bits in it and its signature leave room. */
const MAX_LENGTH = 4_096

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * Reads a compact JWS: base64url without spare bits, JSON without a field twice, a known algorithm, and no header that is not expected,
 * so that nothing in it can name a key, a place where keys are, or an extension.
 * @param headers  besides `alg`
 * @throws {TokenFault}
 */
export function readJws(text: string, headers: readonly string[]): Jws {
  if (text.length > MAX_LENGTH) refuse('too_long', `it is longer than ${MAX_LENGTH} characters`)
  const parts = text.split('.')
  const [head, body, signature] = parts.map((part) => {
    const bytes = Buffer.from(part, 'base64url')
    // Spare bits of the last character, padding and other letters would be second spellings of the same bytes.
    if (bytes.length === 0 || bytes.toString('base64url') !== part) refuse('malformed', 'it is not a compact JWS')
    return bytes
  })
  if (parts.length !== 3 || head === undefined || body === undefined || signature === undefined)
    return refuse('malformed', 'it is not a compact JWS')
  const header = objectOf(head)
  const algorithm = names.get(header.alg)
  if (algorithm === undefined) return refuse('wrong_algorithm', `alg must be ${algorithmNames.join(', ')}`)
  const strange = Object.keys(header).find((name) => name !== 'alg' && !headers.includes(name))
  if (strange !== undefined)
    refuse('wrong_header', `its header may have alg, ${headers.join(', ')}, and has something else`)
  return { algorithm, header, claims: objectOf(body), text }
}

function objectOf(bytes: Buffer): Readonly<Record<string, unknown>> {
  let value: unknown
  try {
    value = parseJson(bytes)
  } catch {
    return refuse('malformed', 'it is not JSON that the hub accepts')
  }
  return isObject(value) ? value : refuse('malformed', 'it is not a JSON object')
}

/** True when this key signed it with the algorithm that its header names. */
export async function isSignedWith({ text, header }: Jws, key: KeyObject): Promise<boolean> {
  try {
    await compactVerify(text, key, { algorithms: [String(header.alg)] })
    return true
  } catch {
    return false
  }
}

/** A claim that is text. @throws {TokenFault} */
export function textClaim({ claims }: Jws, name: string): string {
  const value = claims[name]
  return typeof value === 'string' ? value : refuse('missing_claim', `${name} must be there, as text`)
}

/** A claim that is an instant in whole seconds. @throws {TokenFault} */
export function secondsClaim({ claims }: Jws, name: string): number {
  const value = claims[name]
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0
    ? value
    : refuse('missing_claim', `${name} must be there, in whole seconds`)
}

/** What makes one of its kind: long enough not to be guessed or met twice by chance. @throws {TokenFault} */
export function uniqueClaim(jws: Jws): string {
  const jti = textClaim(jws, 'jti')
  return /^[!-~]{16,128}$/.test(jti) ? jti : refuse('missing_claim', 'jti must have 16 to 128 visible characters')
}

export type PublicKey = {
  readonly key: KeyObject
  readonly spki: Uint8Array
  /** SHA-256, base64url. @source RFC 7638 */
  readonly thumbprint: string
}

const shapes = {
  ES256: { kty: 'EC', crv: 'P-256', members: ['x', 'y'] },
  EdDSA: { kty: 'OKP', crv: 'Ed25519', members: ['x'] },
  PS256: { kty: 'RSA', crv: undefined, members: ['n', 'e'] },
} as const satisfies Record<TokenAlgorithm, { kty: string; crv: string | undefined; members: readonly string[] }>

/** Members that say something about a key and are not the key. */
const REMARKS = ['kid', 'use', 'alg', 'key_ops', 'ext']
const PRIVATE = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k']
const RSA_BITS = { least: 2_048, most: 4_096 }

/**
 * A public key for one algorithm, of the strength that this hub takes: P-256, Ed25519, RSA of 2048 to 4096 bits with the exponent 65537.
 * @returns what is wrong with it, as the end of a sentence, when it is none
 */
export async function readPublicJwk(algorithm: TokenAlgorithm, value: unknown): Promise<PublicKey | string> {
  if (!isObject(value)) return 'is not a JSON Web Key'
  if (PRIVATE.some((name) => name in value))
    return 'has its private part in it: nobody else may ever have it, so make another key'
  const { kty, crv, members } = shapes[algorithm]
  if (value.kty !== kty || value.crv !== crv)
    return `must have kty ${kty}${crv === undefined ? '' : ` and crv ${crv}`} for ${algorithm}`
  const known: readonly string[] = ['kty', ...(crv === undefined ? [] : ['crv']), ...members, ...REMARKS]
  if (Object.keys(value).some((name) => !known.includes(name))) return 'has a member that is not known here'
  if (value.alg !== undefined && names.get(value.alg) !== algorithm) return `is not for ${algorithm}`
  if (value.use !== undefined && value.use !== 'sig') return 'is not for signatures'
  const plain: Record<string, string> = crv === undefined ? { kty } : { kty, crv }
  for (const name of members) {
    const text = value[name]
    if (typeof text !== 'string') return `must have ${members.join(' and ')}`
    plain[name] = text
  }
  let key: KeyObject
  try {
    key = createPublicKey({ key: plain, format: 'jwk' })
  } catch {
    return `is not a public key for ${algorithm}`
  }
  const written = new Map<string, unknown>(Object.entries(key.export({ format: 'jwk' })))
  // Another spelling of the same key would have another thumbprint.
  if (members.some((name) => written.get(name) !== plain[name])) return 'is not spelt as RFC 7518 has it'
  if (crv === 'Ed25519' && isSmallOrder(key)) return 'is a point under which anybody can sign'
  const { modulusLength = 0, publicExponent } = key.asymmetricKeyDetails ?? {}
  if (
    kty === 'RSA' &&
    !(modulusLength >= RSA_BITS.least && modulusLength <= RSA_BITS.most && publicExponent === 65_537n)
  )
    return `must have ${RSA_BITS.least} to ${RSA_BITS.most} bits and the exponent 65537`
  const thumbprint = await calculateJwkThumbprint(plain)
  return { key, spki: key.export({ format: 'der', type: 'spki' }), thumbprint }
}
