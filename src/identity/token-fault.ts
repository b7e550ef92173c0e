/** Why an assertion, a proof or a token is not accepted: a word for programs, a line for people. Neither quotes what came. */
export class TokenFault extends Error {
  override name = 'TokenFault'
  readonly code:
    | 'malformed'
    | 'too_long'
    | 'wrong_algorithm'
    | 'wrong_type'
    | 'wrong_header'
    | 'wrong_key'
    | 'missing_claim'
    | 'wrong_audience'
    | 'wrong_subject'
    | 'wrong_method'
    | 'wrong_uri'
    | 'wrong_token'
    | 'wants_nonce'
    | 'not_yet'
    | 'expired'
    | 'lives_too_long'
    | 'replayed'
    | 'not_accepted'
    | 'not_bound'
    | 'no_proof'
  constructor(code: TokenFault['code'], message: string) {
    super(message)
    this.code = code
  }
}

export const refuse = (code: TokenFault['code'], message: string): never => {
  throw new TokenFault(code, message)
}

/**
 * What the token end point answers when it gives none. @source RFC 6749 §5.2, RFC 9449 §5 and §8
 */
export class OauthError extends Error {
  override name = 'OauthError'
  readonly code:
    | 'invalid_request'
    | 'invalid_client'
    | 'invalid_scope'
    | 'unsupported_grant_type'
    | 'invalid_dpop_proof'
    | 'use_dpop_nonce'
    | 'temporarily_unavailable'
  /** Of the answer, besides those that every answer has. */
  readonly headers: Readonly<Record<string, string>>
  constructor(code: OauthError['code'], message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message)
    this.code = code
    this.headers = headers
  }
}
