import { constants, createHash, createHmac, generateKeyPairSync, type KeyObject, randomUUID, sign } from 'node:crypto'
import type { TokenAlgorithm } from '../../src/identity/jwt.ts'

/** What a client of the token end point has and does; and how to do it wrong. */

export type Signer = {
  readonly algorithm: TokenAlgorithm
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
}
export type Fields = Readonly<Record<string, unknown>>

const pairOf = {
  ES256: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  EdDSA: () => generateKeyPairSync('ed25519'),
  PS256: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
} as const satisfies Record<TokenAlgorithm, () => { readonly privateKey: KeyObject; readonly publicKey: KeyObject }>

export const makeSigner = (algorithm: TokenAlgorithm): Signer => ({ algorithm, ...pairOf[algorithm]() })

export const jwkOf = ({ publicKey }: Pick<Signer, 'publicKey'>): Record<string, unknown> => ({
  ...publicKey.export({ format: 'jwk' }),
})

export const base64url = (value: string | Uint8Array): string => Buffer.from(value).toString('base64url')

/** Whatever a key can sign, by the algorithm that `alg` names; `none` and HS256 too, for those who try. */
export function signText(alg: unknown, text: string, privateKey: KeyObject, secret: string | Buffer = ''): Buffer {
  switch (alg) {
    case 'none':
      return Buffer.alloc(0)
    case 'HS256':
      return createHmac('sha256', secret).update(text).digest()
    case 'EdDSA':
    case 'Ed25519':
      return sign(null, Buffer.from(text), privateKey)
    case 'PS256':
      return sign('sha256', Buffer.from(text), {
        key: privateKey,
        padding: constants.RSA_PKCS1_PSS_PADDING,
        saltLength: 32,
      })
    case 'RS256':
      return sign('sha256', Buffer.from(text), privateKey)
    case 'ES384':
    case 'ES512':
      return sign(alg === 'ES384' ? 'sha384' : 'sha512', Buffer.from(text), {
        key: privateKey,
        dsaEncoding: 'ieee-p1363',
      })
    default:
      return sign('sha256', Buffer.from(text), { key: privateKey, dsaEncoding: 'ieee-p1363' })
  }
}

/** A compact JWS of these; header and claims as objects, or as the very text. */
export function makeJws(
  header: Fields | string,
  claims: Fields | string,
  privateKey: KeyObject,
  secret?: string | Buffer,
): string {
  const textOf = (value: Fields | string): string => (typeof value === 'string' ? value : JSON.stringify(value))
  const { alg } = JSON.parse(textOf(header)) as { alg?: unknown }
  const signed = `${base64url(textOf(header))}.${base64url(textOf(claims))}`
  return `${signed}.${base64url(signText(alg, signed, privateKey, secret))}`
}

/** Both parts of an assertion that is right. @param now  epoch milliseconds */
export const assertionOf = (signer: Signer, clientId: string, audience: string, now: number) => {
  const seconds = Math.floor(now / 1000)
  return {
    header: { alg: signer.algorithm, typ: 'JWT' } as Fields,
    claims: {
      iss: clientId,
      sub: clientId,
      aud: audience,
      jti: randomUUID(),
      iat: seconds,
      exp: seconds + 60,
    } as Fields,
  }
}

/** Both parts of a proof that is right. @param now  epoch milliseconds */
export const proofOf = (
  signer: Signer,
  request: { readonly method: string; readonly uri: string },
  now: number,
  more: { readonly token?: string | undefined; readonly nonce?: string | undefined } = {},
) => ({
  header: { typ: 'dpop+jwt', alg: signer.algorithm, jwk: jwkOf(signer) } as Fields,
  claims: {
    jti: randomUUID(),
    htm: request.method,
    htu: request.uri,
    iat: Math.floor(now / 1000),
    ...(more.token === undefined ? {} : { ath: createHash('sha256').update(more.token).digest('base64url') }),
    ...(more.nonce === undefined ? {} : { nonce: more.nonce }),
  } as Fields,
})

export const formOf = (fields: Readonly<Record<string, string>>): string => new URLSearchParams(fields).toString()
export const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
