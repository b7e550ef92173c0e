import { now, randomHex } from './host.ts'

/** Signatures of requests, as the hub asks of live keys: RFC 9421 over a digest of the body by RFC 9530. */

/** A key of WebCrypto, by the name that every host's types have for it. */
type PrivateKey = Parameters<typeof crypto.subtle.sign>[1]

export type SigningKey = {
  /** What the hub calls the public half: `sgk_…`. */
  readonly keyId: string
  /** Ed25519 or ECDSA P-256: PKCS#8 in PEM or base64, or a key of WebCrypto, which need not be extractable. */
  readonly privateKey: string | PrivateKey
}

/** Signs one request; called for each try, since a nonce is good once. */
export type Signer = (request: SignedRequest) => Promise<Record<string, string>>

export type SignedRequest = {
  readonly method: string
  /** As the hub knows itself: with the query. */
  readonly url: string
  /** In lower case, without the digest. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array<ArrayBuffer>
}

/** Seconds that a signature lives; the hub takes at most 300. */
const LIFE_S = 120

export const toBase64 = (bytes: ArrayBuffer | Uint8Array): string => btoa(String.fromCharCode(...new Uint8Array(bytes)))

/** @throws {DOMException} when it is not base64 */
export const fromBase64 = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))

const ed25519 = { name: 'Ed25519' }
const p256 = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }

/** @throws when the text is not a private key of one of the two kinds */
async function importKey(given: SigningKey['privateKey']): Promise<PrivateKey> {
  if (typeof given !== 'string') return given
  const der = fromBase64(given.replace(/-----[A-Z ]{1,40}-----|\s/g, ''))
  // PKCS#8 of an Ed25519 key has 48 bytes, always.
  return crypto.subtle.importKey('pkcs8', der, der.length === 48 ? ed25519 : p256, false, ['sign'])
}

/** The key is read when the first request is signed. */
export function createSigner({ keyId, privateKey }: SigningKey): Signer {
  let reading: Promise<PrivateKey> | undefined
  return async ({ method, url, headers, body }) => {
    reading ??= importKey(privateKey)
    const key = await reading
    const digest = `sha-256=:${toBase64(await crypto.subtle.digest('SHA-256', body))}:`
    const values: Record<string, string> = { '@method': method, '@target-uri': url, 'content-digest': digest }
    for (const name of ['content-type', 'idempotency-key', 'authorization'])
      if (headers[name] !== undefined) values[name] = headers[name]
    const created = Math.floor(now() / 1000)
    const names = Object.keys(values).map((name) => `"${name}"`)
    const input = `(${names.join(' ')});created=${created};expires=${created + LIFE_S};nonce="${randomHex(16)}";keyid="${keyId}"`
    const lines = Object.entries(values).map(([name, value]) => `"${name}": ${value}`)
    const base = new TextEncoder().encode(`${lines.join('\n')}\n"@signature-params": ${input}`)
    const signature = await crypto.subtle.sign(key.algorithm.name === 'ECDSA' ? p256 : ed25519, key, base)
    return {
      'content-digest': digest,
      'signature-input': `sig=${input}`,
      signature: `sig=:${toBase64(signature)}:`,
    }
  }
}
