import { createHmac, createPrivateKey, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'

/**
 * Signatures of Standard Webhooks 1.0.0: over `id.timestamp.body`, each with the version of its scheme in front, several with blanks
 * between. A receiver accepts a delivery when one of them is right, so that a secret can be changed without a gap.
 * @source https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */

export const schemes = ['v1', 'v1a'] as const
export type Scheme = (typeof schemes)[number]

/** `v1` signs with HMAC-SHA256 and a secret that both sides have; `v1a` with Ed25519, where the receiver has a public key. */
export type SigningKey = { readonly scheme: Scheme; readonly key: KeyObject | Uint8Array }

/** @property sealed  what is kept, sealed; @property secret  `whsec_…`, told once; @property publicKey  32 bytes in base64, without its prefix */
export type NewSecret = {
  readonly scheme: Scheme
  readonly kept: string
  readonly secret: string | null
  readonly publicKey: string | null
}

/** @source the standard: 24 to 64 bytes */
const SECRET_BYTES = 32
/** A raw Ed25519 public key is the end of its SPKI form. */
const RAW_KEY = 32

export function makeSecret(scheme: Scheme): NewSecret {
  if (scheme === 'v1') {
    const kept = randomBytes(SECRET_BYTES).toString('base64')
    return { scheme, kept, secret: `whsec_${kept}`, publicKey: null }
  }
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(-RAW_KEY)
  return {
    scheme,
    kept: privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64'),
    secret: null,
    publicKey: raw.toString('base64'),
  }
}

export const signingKeyOf = (scheme: Scheme, kept: string): SigningKey => {
  const bytes = Buffer.from(kept, 'base64')
  return { scheme, key: scheme === 'v1' ? bytes : createPrivateKey({ key: bytes, format: 'der', type: 'pkcs8' }) }
}

function signatureOf({ key }: SigningKey, content: string): string {
  return key instanceof Uint8Array
    ? `v1,${createHmac('sha256', key).update(content).digest('base64')}`
    : `v1a,${sign(null, Buffer.from(content), key).toString('base64')}`
}

/** The headers of one delivery. @param timestamp  of this try, epoch milliseconds */
export function signedHeaders(
  keys: readonly SigningKey[],
  id: string,
  timestamp: number,
  body: string,
): Readonly<Record<'webhook-id' | 'webhook-timestamp' | 'webhook-signature', string>> {
  const seconds = Math.floor(timestamp / 1000)
  const content = `${id}.${seconds}.${body}`
  return {
    'webhook-id': id,
    'webhook-timestamp': String(seconds),
    'webhook-signature': keys.map((key) => signatureOf(key, content)).join(' '),
  }
}
