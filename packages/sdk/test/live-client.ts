import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { Turant } from '../src/index.ts'
import type { Sandbox } from './sandbox.ts'

export type LiveClient = {
  readonly apiKey: string
  /** One of each kind. */
  readonly signing: readonly { readonly keyId: string; readonly privateKey: string }[]
}

/** A program with a live key, and what it signs with. */
export async function liveClient({ baseUrl, apiKey }: Sandbox): Promise<LiveClient> {
  const turant = new Turant({ baseUrl, apiKey })
  const client = await turant.clients.create({ name: 'shop', rights: ['payments:create', 'payments:read'], live: true })
  assert.ok('id' in client)
  const key = await turant.clients.keys.create(client.id, {})
  assert.ok('key' in key)
  const pairs = [
    ['ed25519', generateKeyPairSync('ed25519')],
    ['ecdsa-p256-sha256', generateKeyPairSync('ec', { namedCurve: 'P-256' })],
  ] as const
  const signing: { keyId: string; privateKey: string }[] = []
  for (const [algorithm, pair] of pairs) {
    const publicKey = pair.publicKey.export({ type: 'spki', format: 'der' }).toString('base64')
    const registered = await turant.clients.signingKeys.create(client.id, { algorithm, publicKey })
    assert.ok('algorithm' in registered)
    const privateKey = pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
    signing.push({ keyId: registered.id, privateKey })
  }
  return { apiKey: key.key, signing }
}
