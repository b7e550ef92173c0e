import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'
import { isoCBOR } from '@simplewebauthn/server/helpers'
import type { AuthenticationAnswer, RegistrationAnswer } from '../../src/identity/passkeys.ts'

/** An authenticator in software: ES256, no attestation. Everything that a real one would not do can be asked of it. */
export type Ceremony = {
  readonly challenge: string
  readonly origin: string
  readonly rpId: string
  /** False: it did not ask for a PIN or a finger. */
  readonly userVerified?: boolean
  readonly crossOrigin?: boolean
  /** What it says its counter is; absent: one more than before. */
  readonly counter?: number
  readonly type?: string
}

export type SoftKey = {
  readonly id: string
  readonly handle: string
  readonly privateKey: KeyObject
  counter: number
}

const sha256 = (data: string | Uint8Array): Buffer => createHash('sha256').update(data).digest()

const clientData = ({ challenge, origin, crossOrigin = false, type }: Ceremony, usual: string): Buffer =>
  Buffer.from(JSON.stringify({ type: type ?? usual, challenge, origin, crossOrigin }))

function authenticatorData({ rpId, userVerified = true }: Ceremony, counter: number, attested?: Buffer): Buffer {
  const head = Buffer.alloc(37)
  sha256(rpId).copy(head)
  head[32] = 0x01 | (userVerified ? 0x04 : 0) | (attested === undefined ? 0 : 0x40)
  head.writeUInt32BE(counter, 33)
  return attested === undefined ? head : Buffer.concat([head, attested])
}

/**
 * Makes a key for a user, as `navigator.credentials.create` would.
 * @param handle  the user id of the options, base64url
 * @param called  the id of the key; a real authenticator takes a new one each time
 */
export function register(
  ceremony: Ceremony,
  handle: string,
  called?: string,
): { readonly key: SoftKey; readonly answer: RegistrationAnswer } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' })
  const rawId = called === undefined ? randomBytes(32) : Buffer.from(called, 'base64url')
  const cose = isoCBOR.encode(
    new Map<number, number | Uint8Array<ArrayBuffer>>([
      [1, 2],
      [3, -7],
      [-1, 1],
      [-2, Uint8Array.from(Buffer.from(x, 'base64url'))],
      [-3, Uint8Array.from(Buffer.from(y, 'base64url'))],
    ]),
  )
  const size = Buffer.alloc(2)
  size.writeUInt16BE(rawId.length)
  const counter = ceremony.counter ?? 0
  const authData = authenticatorData(ceremony, counter, Buffer.concat([Buffer.alloc(16), size, rawId, cose]))
  const attestation = isoCBOR.encode(
    new Map<string, string | Map<string, string> | Uint8Array<ArrayBuffer>>([
      ['fmt', 'none'],
      ['attStmt', new Map()],
      ['authData', Uint8Array.from(authData)],
    ]),
  )
  const id = rawId.toString('base64url')
  return {
    key: { id, handle, privateKey, counter },
    answer: {
      id,
      rawId: id,
      type: 'public-key',
      response: {
        clientDataJSON: clientData(ceremony, 'webauthn.create').toString('base64url'),
        attestationObject: Buffer.from(attestation).toString('base64url'),
        transports: ['internal'],
      },
    },
  }
}

/** Signs with a key, as `navigator.credentials.get` would. */
export function authenticate(ceremony: Ceremony, key: SoftKey): AuthenticationAnswer {
  key.counter = ceremony.counter ?? key.counter + 1
  const data = clientData(ceremony, 'webauthn.get')
  const authData = authenticatorData(ceremony, key.counter)
  return {
    id: key.id,
    rawId: key.id,
    type: 'public-key',
    response: {
      clientDataJSON: data.toString('base64url'),
      authenticatorData: authData.toString('base64url'),
      signature: sign('sha256', Buffer.concat([authData, sha256(data)]), key.privateKey).toString('base64url'),
      userHandle: key.handle,
    },
  }
}
