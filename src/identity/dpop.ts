import { createHash } from 'node:crypto'
import { SKEW_S } from './assertion.ts'
import { isSignedWith, readJws, readPublicJwk, secondsClaim, textClaim, uniqueClaim } from './jwt.ts'
import { refuse } from './token-fault.ts'

/** Proof that whoever sends a request has a key: a JWT over the request, with the public key in it. @source RFC 9449 §4.2 */
export type Proof = {
  /** Of the key. @source RFC 7638 */
  readonly thumbprint: string
  /** What must be claimed once, and until when that must be remembered: epoch milliseconds. */
  readonly once: string
  readonly rememberUntil: number
  readonly nonce: string | undefined
}

/** How old a proof may be. */
const MAX_AGE_S = 60

export type ProofCheck = {
  readonly method: string
  /** `https://host/path` as this hub is called, without a query. */
  readonly uri: string
  /** Epoch milliseconds. */
  readonly now: number
  /** At a resource: the token that it comes with, and the key that the token is bound to. */
  readonly token?: { readonly text: string; readonly thumbprint: string }
  /** Whether this is a nonce that the hub gave out lately, or may be missing. */
  readonly takesNonce: (nonce: string | undefined) => boolean
}

/**
 * Checks all of a proof but that it is seen once, which is the caller's to claim, last.
 * @source RFC 9449 §4.3
 * @throws {TokenFault} `wants_nonce` when nothing is wrong with it but its nonce
 */
export async function checkProof(text: string, check: ProofCheck): Promise<Proof> {
  const jws = readJws(text, ['typ', 'jwk'])
  if (jws.header.typ !== 'dpop+jwt') refuse('wrong_type', 'typ must be dpop+jwt')
  const found = await readPublicJwk(jws.algorithm, jws.header.jwk)
  if (typeof found === 'string') return refuse('wrong_key', `jwk ${found}`)
  const { key, thumbprint } = found
  const jti = uniqueClaim(jws)
  if (textClaim(jws, 'htm') !== check.method) refuse('wrong_method', 'htm must be the method of this request')
  if (textClaim(jws, 'htu') !== check.uri)
    refuse('wrong_uri', 'htu must be the address of this request as the hub is called, without a query')
  const seconds = check.now / 1000
  const issued = secondsClaim(jws, 'iat')
  if (issued > seconds + SKEW_S) refuse('not_yet', 'iat is in the future')
  if (issued < seconds - MAX_AGE_S) refuse('expired', `a proof is good for ${MAX_AGE_S} seconds`)
  if (check.token !== undefined) {
    const ath = createHash('sha256').update(check.token.text).digest('base64url')
    if (textClaim(jws, 'ath') !== ath) refuse('wrong_token', 'ath is not of this token')
    if (thumbprint !== check.token.thumbprint) refuse('not_bound', 'the token is bound to another key')
  }
  if (!(await isSignedWith(jws, key))) refuse('not_accepted', 'the signature is not right')
  const nonce = jws.claims.nonce === undefined ? undefined : textClaim(jws, 'nonce')
  if (!check.takesNonce(nonce)) refuse('wants_nonce', 'the proof must repeat the nonce of DPoP-Nonce')
  return { thumbprint, once: `dpop ${thumbprint} ${jti}`, rememberUntil: (issued + MAX_AGE_S + SKEW_S) * 1000, nonce }
}
