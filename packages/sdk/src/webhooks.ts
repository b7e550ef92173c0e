import type { Event } from './generated/resources.ts'
import { now } from './host.ts'
import { fromBase64 } from './signing.ts'

/**
 * Webhooks of the hub, verified: who sent it, when, and that nothing of it was changed. When it is not so, the reason says what to look at.
 * @source Standard Webhooks 1.0.0
 */

/** What arrived. `id` is the same over all deliveries of one event: what was seen before need not be done again. */
export type WebhookEvent = Event

/**
 * - `missing_header`  not a webhook, or a proxy took its headers away
 * - `bad_header`      a header is not what the standard says
 * - `bad_key`         the secret or public key itself is not one
 * - `body_parsed`     not the raw body was given, but what a parser made of it
 * - `body_reencoded`  the body was parsed and written again on the way here: its bytes are not the ones that were signed
 * - `key`             signed with another key, or changed
 * - `clock`           rightly signed, but not now: a clock is wrong, or somebody sends it again
 * - `not_an_event`    rightly signed, but not an event
 */
export type WebhookReason =
  | 'missing_header'
  | 'bad_header'
  | 'bad_key'
  | 'body_parsed'
  | 'body_reencoded'
  | 'key'
  | 'clock'
  | 'not_an_event'

/** A webhook that must not be believed. */
export class WebhookVerificationError extends Error {
  override name = 'WebhookVerificationError'
  readonly reason: WebhookReason
  constructor(reason: WebhookReason, message: string) {
    super(message)
    this.reason = reason
  }
}

/** As frameworks give them: of the web, of Node, or plain. */
export type WebhookHeaders =
  | { readonly get: (name: string) => string | null | undefined }
  | Readonly<Record<string, string | readonly string[] | undefined>>

export type VerifyOptions = {
  /** Seconds that the clocks may be apart, in either direction. */
  readonly toleranceS?: number
  /** Epoch milliseconds; now when absent. */
  readonly nowMs?: number
}

const TOLERANCE_S = 300
/** During a rotation there are two; nobody signs with more than a few. */
const MAX_SIGNATURES = 16

const fail = (reason: WebhookReason, message: string): never => {
  throw new WebhookVerificationError(reason, message)
}

/**
 * Verifies a webhook and gives its event.
 * @param body  the raw body, as it came
 * @param keys  `whsec_…` secrets or `whpk_…` public keys; one right signature by one of them is enough, so that keys are changed without a gap
 * @throws {WebhookVerificationError}
 */
export const verify: (
  body: string | Uint8Array,
  headers: WebhookHeaders,
  keys: string | readonly string[],
  options?: VerifyOptions,
) => Promise<WebhookEvent> = verifyAny

/** The same for what a framework took for the body. */
export async function verifyAny(
  body: unknown,
  headers: WebhookHeaders,
  keys: string | readonly string[],
  { toleranceS = TOLERANCE_S, nowMs = now() }: VerifyOptions = {},
): Promise<WebhookEvent> {
  const id = headerOf(headers, 'webhook-id')
  const timestamp = headerOf(headers, 'webhook-timestamp')
  const signatures = headerOf(headers, 'webhook-signature').split(' ').filter(Boolean)
  if (!/^\d{1,12}$/.test(timestamp)) fail('bad_header', 'webhook-timestamp is not a number of seconds.')
  if (signatures.length > MAX_SIGNATURES) fail('bad_header', 'webhook-signature has too many signatures.')
  const raw = bytesOf(body)
  const verifiers = await Promise.all((typeof keys === 'string' ? [keys] : keys).map(readKey))
  if (verifiers.length === 0) fail('bad_key', 'There is no key to verify with.')
  const isSigned = (content: Uint8Array): Promise<boolean> =>
    isSignedByOne(verifiers, signatures, join(`${id}.${timestamp}.`, content))
  if (!(await isSigned(raw))) {
    for (const other of rewritten(raw))
      if (await isSigned(other))
        fail(
          'body_reencoded',
          'The key is right, but the body was parsed and written again: verify the raw bytes, before any JSON parser.',
        )
    const schemes = [...new Set(verifiers.map(({ scheme }) => scheme))]
    if (!signatures.some((one) => schemes.some((scheme) => one.startsWith(`${scheme},`))))
      fail('key', `There is no ${schemes.join(' or ')} signature: v1 is for whsec_ secrets, v1a for whpk_ public keys.`)
    fail(
      'key',
      'No signature is right for any key: this is the secret of another endpoint, or the webhook was changed.',
    )
  }
  // After the signature, so that a wrong clock is told from a wrong key.
  const apartS = Math.round(nowMs / 1000) - Number(timestamp)
  if (Math.abs(apartS) > toleranceS)
    fail(
      'clock',
      `It is rightly signed, but ${Math.abs(apartS)} s ${apartS > 0 ? 'ago' : 'in the future'}: a clock is wrong, or an old webhook was sent again.`,
    )
  return eventOf(id, raw)
}

function headerOf(headers: WebhookHeaders, name: string): string {
  const value =
    typeof headers.get === 'function'
      ? headers.get(name)
      : Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1]
  const text = typeof value === 'string' ? value : Array.isArray(value) ? value.join(' ') : ''
  return text === ''
    ? fail('missing_header', `There is no ${name}: this is no webhook, or a proxy took it away.`)
    : text
}

function bytesOf(body: unknown): Uint8Array {
  if (typeof body === 'string') return new TextEncoder().encode(body)
  if (body instanceof Uint8Array) return body
  if (body instanceof ArrayBuffer) return new Uint8Array(body)
  return fail('body_parsed', 'The body was parsed already: give the raw bytes or text, as they came.')
}

/** What the sender may have sent, had somebody between written it anew: compact JSON, or without what an editor or a framework adds. */
function rewritten(raw: Uint8Array): Uint8Array[] {
  const text = new TextDecoder().decode(raw)
  const texts = [text.trim()]
  try {
    texts.push(JSON.stringify(JSON.parse(text)))
  } catch {
    // Not JSON any more: then only the key is to blame.
  }
  return texts.filter((one) => one !== text).map((one) => new TextEncoder().encode(one))
}

function join(head: string, body: Uint8Array): Uint8Array<ArrayBuffer> {
  const start = new TextEncoder().encode(head)
  const all = new Uint8Array(start.length + body.length)
  all.set(start)
  all.set(body, start.length)
  return all
}

type Verifier = {
  readonly scheme: 'v1' | 'v1a'
  readonly verify: (signature: Uint8Array<ArrayBuffer>, content: Uint8Array<ArrayBuffer>) => Promise<boolean>
}

async function readKey(key: string): Promise<Verifier> {
  const isPublic = key.startsWith('whpk_')
  const bytes = decoded(key.replace(/^wh(sec|pk)_/, ''))
  if (bytes === undefined || key.startsWith('whsk_') || (isPublic ? bytes.length !== 32 : bytes.length < 16))
    return fail('bad_key', 'The key is neither a whsec_ secret nor a whpk_ public key.')
  const name = isPublic ? { name: 'Ed25519' } : { name: 'HMAC', hash: 'SHA-256' }
  const made = await crypto.subtle.importKey('raw', bytes, name, false, ['verify'])
  return {
    scheme: isPublic ? 'v1a' : 'v1',
    verify: (signature, content) => crypto.subtle.verify(name, made, signature, content),
  }
}

async function isSignedByOne(
  verifiers: readonly Verifier[],
  signatures: readonly string[],
  content: Uint8Array<ArrayBuffer>,
): Promise<boolean> {
  for (const { scheme, verify: isRight } of verifiers)
    for (const one of signatures) {
      const bytes = one.startsWith(`${scheme},`) ? decoded(one.slice(scheme.length + 1)) : undefined
      if (bytes !== undefined && (await isRight(bytes, content))) return true
    }
  return false
}

/** Undefined when it is not base64. */
function decoded(text: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return fromBase64(text)
  } catch {
    return undefined
  }
}

function eventOf(id: string, raw: Uint8Array): WebhookEvent {
  let found: WebhookEvent | null
  try {
    found = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(raw))
  } catch {
    return fail('not_an_event', 'It is rightly signed, but not JSON.')
  }
  const { type, timestamp, data }: Partial<Record<string, unknown>> = found ?? {}
  if (
    found === null ||
    typeof type !== 'string' ||
    typeof timestamp !== 'string' ||
    typeof data !== 'object' ||
    data === null
  )
    return fail('not_an_event', 'It is rightly signed, but has no type, timestamp and data.')
  return { ...found, id }
}
