import { algorithmNames } from '../identity/jwt.ts'
import { TokenFault } from '../identity/token-fault.ts'
import { Problem } from './problems.ts'

const ALGORITHMS = `algs="${algorithmNames.join(' ')}"`

/** How one may say who one is, for whoever did not. */
export const challenge = { 'www-authenticate': `Bearer, DPoP ${ALGORITHMS}` }

/** Faults of the proof; every other is the token's. */
const ofProof: ReadonlySet<TokenFault['code']> = new Set([
  'malformed',
  'too_long',
  'wrong_algorithm',
  'wrong_type',
  'wrong_header',
  'wrong_key',
  'missing_claim',
  'wrong_method',
  'wrong_uri',
  'wrong_token',
  'not_yet',
  'expired',
  'replayed',
  'no_proof',
])

/** A token that is not accepted. @param nonce  what the next proof must repeat. @source RFC 9449 §7.1 and §9, RFC 6750 §3 */
export function problemOfToken(error: unknown, scheme: 'bearer' | 'dpop', nonce: string): unknown {
  if (!(error instanceof TokenFault)) return error
  const code =
    error.code === 'wants_nonce' ? 'use_dpop_nonce' : ofProof.has(error.code) ? 'invalid_dpop_proof' : 'invalid_token'
  const said = `error="${code}", error_description="${error.code}: ${error.message}"`
  const own = scheme === 'dpop' ? `DPoP ${said}, ${ALGORITHMS}` : `Bearer ${said}`
  return new Problem('unauthorized', {
    detail: `${error.code}: ${error.message}.`,
    headers: {
      'www-authenticate': own,
      ...(error.code === 'wants_nonce' ? { 'dpop-nonce': nonce } : {}),
    },
  })
}
