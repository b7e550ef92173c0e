import { type Jws, readJws, secondsClaim, textClaim, uniqueClaim } from './jwt.ts'
import { refuse } from './token-fault.ts'

/** How a client says who it is to the token end point: a JWT that it signs for each request. @source RFC 7523 §3, OpenID FAPI 2.0 §5.3.2.1 */
export type Assertion = {
  readonly clientId: string
  readonly jti: string
  /** Epoch milliseconds. */
  readonly expiresAt: number
  /** The key that it names, if it names one. */
  readonly keyId: string | undefined
  readonly jws: Jws
}

/** An assertion's longest life, and how far a clock may be off. */
const MAX_LIFE_S = 300
export const SKEW_S = 30

/** `JWT` by RFC 7519; the other by the revision of RFC 7523 that is under way. */
const TYPES: readonly unknown[] = [undefined, 'JWT', 'jwt', 'client-authentication+jwt']

/**
 * Reads an assertion and judges all of it but its signature, which needs the client's keys.
 * @param audiences  what this end point is called: one of them, and nothing beside it
 * @param now  epoch milliseconds
 * @throws {TokenFault}
 */
export function readAssertion(text: string, audiences: readonly string[], now: number): Assertion {
  const jws = readJws(text, ['typ', 'kid'])
  if (!TYPES.includes(jws.header.typ)) refuse('wrong_type', 'typ must be JWT')
  const { kid } = jws.header
  if (kid !== undefined && typeof kid !== 'string') return refuse('wrong_header', 'kid must be text')
  const clientId = textClaim(jws, 'iss')
  if (textClaim(jws, 'sub') !== clientId) refuse('wrong_subject', 'iss and sub must both be the client id')
  if (!/^cli_[0-9a-f]{32}$/.test(clientId)) refuse('wrong_subject', 'iss must be a client id')
  const { aud } = jws.claims
  // A list with one name is that name; with two, somebody else could show this assertion too.
  const audience: unknown = Array.isArray(aud) && aud.length === 1 ? aud[0] : aud
  if (!audiences.some((one) => one === audience)) refuse('wrong_audience', `aud must be ${audiences.join(' or ')}`)
  const seconds = now / 1000
  const [issued, expires] = [secondsClaim(jws, 'iat'), secondsClaim(jws, 'exp')]
  if (issued > seconds + SKEW_S) refuse('not_yet', 'iat is in the future')
  if (jws.claims.nbf !== undefined && secondsClaim(jws, 'nbf') > seconds + SKEW_S)
    refuse('not_yet', 'nbf is in the future')
  if (expires <= seconds) refuse('expired', 'exp is past')
  if (expires - issued > MAX_LIFE_S || expires > seconds + MAX_LIFE_S + SKEW_S)
    refuse('lives_too_long', `an assertion lives ${MAX_LIFE_S} seconds at most`)
  return { clientId, jti: uniqueClaim(jws), expiresAt: expires * 1000, keyId: kid, jws }
}
