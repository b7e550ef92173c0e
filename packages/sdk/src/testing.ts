import { now, randomHex } from './host.ts'
import { fromBase64, toBase64 } from './signing.ts'

/** For tests of what receives webhooks: keys, and webhooks signed as the hub signs them. */

export type SignedWebhook = {
  readonly body: string
  readonly headers: Readonly<Record<'content-type' | 'webhook-id' | 'webhook-timestamp' | 'webhook-signature', string>>
}

export type WebhookToSign = {
  /** The event, or the very text of the body. */
  readonly event: string | { readonly type: string; readonly timestamp?: string; readonly data: object }
  readonly id?: string
  /** Epoch milliseconds of the delivery; now when absent. */
  readonly atMs?: number
}

/** PKCS#8 of an Ed25519 key, up to its 32 bytes. @source RFC 8410 §7 */
const PKCS8_HEAD = fromBase64('MC4CAQAwBQYDK2VwBCIEIA==')

const hmac = { name: 'HMAC', hash: 'SHA-256' }

/** A new secret: `whsec_…`. */
export const makeSecret = (): string => `whsec_${toBase64(crypto.getRandomValues(new Uint8Array(32)))}`

/** A new key pair: `whsk_…` signs, `whpk_…` verifies. */
export async function makeKeyPair(): Promise<{ readonly privateKey: string; readonly publicKey: string }> {
  const pair = await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify'])
  if (!('privateKey' in pair)) throw new Error('Ed25519 has key pairs')
  const pkcs8 = new Uint8Array(await crypto.subtle.exportKey('pkcs8', pair.privateKey))
  const raw = await crypto.subtle.exportKey('raw', pair.publicKey)
  return { privateKey: `whsk_${toBase64(pkcs8.slice(-32))}`, publicKey: `whpk_${toBase64(raw)}` }
}

/** A webhook as the hub would deliver it. @param keys  `whsec_…` or `whsk_…`, several as during a rotation */
export async function signWebhook(
  keys: string | readonly string[],
  { event, id = `evt_${randomHex(16)}`, atMs = now() }: WebhookToSign,
): Promise<SignedWebhook> {
  const body = typeof event === 'string' ? event : JSON.stringify({ timestamp: new Date(atMs).toISOString(), ...event })
  const timestamp = String(Math.floor(atMs / 1000))
  const content = new TextEncoder().encode(`${id}.${timestamp}.${body}`)
  const signatures = await Promise.all(
    (typeof keys === 'string' ? [keys] : keys).map((key) => signatureOf(key, content)),
  )
  return {
    body,
    headers: {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': timestamp,
      'webhook-signature': signatures.join(' '),
    },
  }
}

async function signatureOf(key: string, content: Uint8Array<ArrayBuffer>): Promise<string> {
  const bytes = fromBase64(key.replace(/^wh(sec|sk)_/, ''))
  if (!key.startsWith('whsk_')) {
    const secret = await crypto.subtle.importKey('raw', bytes, hmac, false, ['sign'])
    return `v1,${toBase64(await crypto.subtle.sign(hmac, secret, content))}`
  }
  const pkcs8 = new Uint8Array([...PKCS8_HEAD, ...bytes.slice(0, 32)])
  const signer = await crypto.subtle.importKey('pkcs8', pkcs8, { name: 'Ed25519' }, false, ['sign'])
  return `v1a,${toBase64(await crypto.subtle.sign(signer.algorithm, signer, content))}`
}
