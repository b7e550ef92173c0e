import { createHash, createPublicKey, type KeyObject, timingSafeEqual, verify } from 'node:crypto'
import { type InnerList, type Parameters, parseDictionary, serializeInnerList } from 'structured-headers'
import { isSmallOrder } from './small-order.ts'

/**
 * Signatures of requests by RFC 9421, and digests of bodies by RFC 9530. Pure: which key is meant, what time it is, and whether a nonce
 * was seen before is the caller's to say.
 */

/** A message as its signature base sees it: names in lower case, values as they came, several of one name in their order. */
export type SignedMessage = {
  readonly method: string
  /** `https://host[:port]/path?query` as the client meant it. */
  readonly targetUri: string
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  /** Of an answer; undefined for a request. */
  readonly status?: number
}

export const signatureAlgorithms = ['ed25519', 'ecdsa-p256-sha256'] as const
export type SignatureAlgorithm = (typeof signatureAlgorithms)[number]

/** Why a signature is not accepted. */
export class SignatureError extends Error {
  override name = 'SignatureError'
  readonly code:
    | 'malformed'
    | 'missing'
    | 'several'
    | 'not_covered'
    | 'not_yet'
    | 'expired'
    | 'too_long'
    | 'no_nonce'
    | 'wrong_algorithm'
    | 'unknown_key'
    | 'replayed'
    | 'wrong_host'
    | 'bad_digest'
    | 'bad_signature'
  constructor(code: SignatureError['code'], message: string) {
    super(message)
    this.code = code
  }
}

const fail = (code: SignatureError['code'], message: string): never => {
  throw new SignatureError(code, message)
}

/** What a signature says about itself. Instants are epoch seconds. */
export type SignatureInput = {
  readonly label: string
  readonly components: InnerList
  readonly keyId: string
  readonly nonce: string | undefined
  readonly created: number | undefined
  readonly expires: number | undefined
  readonly algorithm: string | undefined
  readonly signature: Uint8Array
}

/** Longest headers that are looked at. */
const MAX_HEADER = 4_096
/** Components of one signature at most. */
const MAX_COMPONENTS = 20

/** A header by a name that a stranger chose: `constructor` is none. */
const headerOf = ({ headers }: SignedMessage, name: string): string | readonly string[] | undefined =>
  Object.hasOwn(headers, name) ? headers[name] : undefined

const single = (value: string | readonly string[] | undefined): string | undefined =>
  value === undefined ? undefined : typeof value === 'string' ? value : value.join(', ')

/** Reads the one signature of a message. @throws {SignatureError} when there is none, more than one, or it is not one */
export function readSignature(message: SignedMessage): SignatureInput {
  const inputs = single(message.headers['signature-input'])
  const signatures = single(message.headers.signature)
  if (inputs === undefined || signatures === undefined) return fail('missing', 'the request is not signed')
  if (inputs.length > MAX_HEADER || signatures.length > MAX_HEADER)
    fail('malformed', 'the signature headers are too long')
  try {
    const described = parseDictionary(inputs)
    const given = parseDictionary(signatures)
    if (described.size !== 1 || given.size !== 1) return fail('several', 'there must be one signature')
    const [[label, member] = fail('malformed', 'there must be one signature')] = described
    const value = given.get(label)?.[0]
    if (!Array.isArray(member[0])) return fail('malformed', 'Signature-Input must be a list of components')
    if (!(value instanceof ArrayBuffer)) return fail('malformed', 'Signature must be bytes of the same label')
    const components = member as InnerList
    if (components[0].length > MAX_COMPONENTS) fail('malformed', 'the signature covers too many components')
    const params: Parameters = components[1]
    const text = (name: string): string | undefined => {
      const found = params.get(name)
      return typeof found === 'string'
        ? found
        : found === undefined
          ? undefined
          : fail('malformed', `${name} must be a string`)
    }
    const instant = (name: string): number | undefined => {
      const found = params.get(name)
      return typeof found === 'number' && Number.isInteger(found)
        ? found
        : found === undefined
          ? undefined
          : fail('malformed', `${name} must be an integer`)
    }
    return {
      label,
      components,
      keyId: text('keyid') ?? fail('malformed', 'the signature has no keyid'),
      nonce: text('nonce'),
      created: instant('created'),
      expires: instant('expires'),
      algorithm: text('alg'),
      signature: new Uint8Array(value),
    }
  } catch (error) {
    if (error instanceof SignatureError) throw error
    return fail('malformed', 'the signature headers are not structured fields')
  }
}

/** The text that is signed. @throws {SignatureError} for a component that the message does not have or that means nothing here. @source RFC 9421 §2.5 */
export function signatureBase(message: SignedMessage, components: InnerList): string {
  const seen = new Set<string>()
  const lines = components[0].map(([name, params]) => {
    if (typeof name !== 'string') return fail('malformed', 'a component must be a string')
    const id = serializeInnerList([[[name, params]], new Map()]).slice(1, -1)
    if (seen.has(id)) fail('malformed', `${id} is covered twice`)
    seen.add(id)
    return `${id}: ${componentValue(message, name, params)}`
  })
  return [...lines, `"@signature-params": ${serializeInnerList(components)}`].join('\n')
}

function componentValue(message: SignedMessage, name: string, params: Parameters): string {
  const names = [...params.keys()]
  if (name === '@query-param') return queryParam(message, params)
  if (names.length > 0) return fail('malformed', `the parameter ${names[0]} of ${name} is not known here`)
  if (!name.startsWith('@')) {
    const value = headerOf(message, name)
    if (value === undefined || name !== name.toLowerCase()) return fail('not_covered', `there is no header ${name}`)
    return (typeof value === 'string' ? [value] : value)
      .map((one) =>
        one
          .trim()
          .split(/\r?\n/)
          .map((line) => line.trim())
          .join(' '),
      )
      .join(', ')
  }
  const uri = new URL(message.targetUri)
  switch (name) {
    case '@method':
      return message.method
    case '@target-uri':
      return message.targetUri
    case '@authority':
      return uri.host
    case '@scheme':
      return uri.protocol.slice(0, -1)
    case '@request-target':
      return uri.pathname + uri.search
    case '@path':
      return uri.pathname
    case '@query':
      return uri.search === '' ? '?' : uri.search
    case '@status':
      return message.status === undefined ? fail('not_covered', 'a request has no status') : String(message.status)
    default:
      return fail('malformed', `${name} is not a component`)
  }
}

function queryParam(message: SignedMessage, params: Parameters): string {
  const name = params.get('name')
  if (typeof name !== 'string' || params.size !== 1) return fail('malformed', '@query-param needs a name')
  const values = new URL(message.targetUri).searchParams.getAll(decoded(name))
  const [value] = values
  if (value === undefined || values.length > 1) return fail('not_covered', `the query has not one ${name}`)
  return encodeURIComponent(value)
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name)
  } catch {
    return fail('malformed', 'the name of a @query-param cannot be decoded')
  }
}

/** True when the signature is right for this key. @param spki  the public key in DER */
export function isSignedBy(
  message: SignedMessage,
  { components, signature }: Pick<SignatureInput, 'components' | 'signature'>,
  algorithm: SignatureAlgorithm,
  key: KeyObject,
): boolean {
  const base = Buffer.from(signatureBase(message, components), 'utf8')
  if (signature.length !== 64) return false
  return algorithm === 'ed25519'
    ? verify(null, base, key, signature)
    : verify('sha256', base, { key, dsaEncoding: 'ieee-p1363' }, signature)
}

/** A public key for one of the algorithms. @throws one line that says why it is none */
export function readSigningKey(algorithm: SignatureAlgorithm, spki: Uint8Array): KeyObject {
  const key = createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' })
  const fits =
    algorithm === 'ed25519'
      ? key.asymmetricKeyType === 'ed25519'
      : key.asymmetricKeyType === 'ec' && key.asymmetricKeyDetails?.namedCurve === 'prime256v1'
  if (!fits || (algorithm === 'ed25519' && isSmallOrder(key))) throw new Error(`not a public key for ${algorithm}`)
  return key
}

/** What must be under the signature of a call that moves money. @source reliability-security.md §2.5 */
const COVERED = [
  '@method',
  '@target-uri',
  'content-digest',
  'content-type',
  'idempotency-key',
  'authorization',
] as const
/** A signature's longest life, and how far a clock may be off. */
const MAX_LIFE_S = 300
const SKEW_S = 30

export type RequestCheck = {
  readonly message: SignedMessage
  /** Of the body as it came, before anything read it. */
  readonly bodySha256: Uint8Array
  /** Epoch milliseconds. */
  readonly now: number
  /** Hosts that this hub is: a signature for another host is another's. */
  readonly hosts: readonly string[]
  /** The key that a `keyid` names for this caller. */
  readonly findKey: (keyId: string) => { readonly algorithm: SignatureAlgorithm; readonly key: KeyObject } | undefined
  /** True when this nonce of this key was not seen before, and is now. */
  readonly claimNonce: (keyId: string, nonce: string, expiresAt: number) => Promise<boolean>
}

/**
 * Checks the signature of a request: all of the profile covered, alive, for this host, over this body, by this caller's key, once.
 * The nonce is claimed last, so that a wrong signature uses none up.
 * @throws {SignatureError}
 */
export async function checkRequest(check: RequestCheck): Promise<void> {
  const { message, now, hosts } = check
  const input = readSignature(message)
  const covered = new Set(input.components[0].flatMap(([name, params]) => (params.size === 0 ? [name] : [])))
  for (const name of COVERED) {
    if (covered.has(name)) continue
    if (message.headers[name] === undefined && !name.startsWith('@') && name === 'idempotency-key') continue // the call has none
    if (name === 'content-type' && message.headers['content-type'] === undefined) continue // nor a body
    fail('not_covered', `${name} must be under the signature`)
  }
  const seconds = now / 1000
  const { created, expires, nonce } = input
  if (created === undefined || expires === undefined)
    return fail('malformed', 'the signature needs created and expires')
  if (created > seconds + SKEW_S) fail('not_yet', 'the signature is from the future')
  if (expires <= seconds) fail('expired', 'the signature has expired')
  if (expires - created > MAX_LIFE_S) fail('too_long', `a signature lives ${MAX_LIFE_S} seconds at most`)
  if (created < seconds - MAX_LIFE_S) fail('expired', 'the signature is too old')
  if (nonce === undefined || !/^[!-~]{16,128}$/.test(nonce))
    return fail('no_nonce', 'the signature needs a nonce of 16 to 128 characters')
  if (!URL.canParse(message.targetUri) || !hosts.includes(new URL(message.targetUri).host))
    fail('wrong_host', 'the signature is for another host')
  checkDigest(message, check.bodySha256)
  const found = check.findKey(input.keyId)
  if (found === undefined) return fail('unknown_key', 'the keyid is not a signing key of this client')
  if (input.algorithm !== undefined && input.algorithm !== found.algorithm)
    fail('wrong_algorithm', `the key is for ${found.algorithm}`)
  if (!isSignedBy(message, input, found.algorithm, found.key)) fail('bad_signature', 'the signature is not right')
  if (!(await check.claimNonce(input.keyId, nonce, (expires + SKEW_S) * 1000)))
    fail('replayed', 'the nonce was used before')
}

/** @throws {SignatureError} unless Content-Digest has the SHA-256 of the body. @source RFC 9530 §2 */
export function checkDigest(message: SignedMessage, bodySha256: Uint8Array): void {
  const header = single(message.headers['content-digest'])
  if (header === undefined || header.length > MAX_HEADER)
    throw new SignatureError('bad_digest', 'there is no Content-Digest')
  let value: unknown
  try {
    value = parseDictionary(header).get('sha-256')?.[0]
  } catch {
    throw new SignatureError('malformed', 'Content-Digest is not a structured field')
  }
  const right =
    value instanceof ArrayBuffer && value.byteLength === 32 && timingSafeEqual(new Uint8Array(value), bodySha256)
  if (!right) fail('bad_digest', 'the body is not the one that was signed')
}

/** Of no body. */
export const EMPTY_SHA256: Uint8Array = createHash('sha256').digest()
