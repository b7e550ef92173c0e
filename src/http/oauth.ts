import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import { algorithmNames } from '../identity/jwt.ts'
import { clientRights } from '../identity/rights.ts'
import { OauthError } from '../identity/token-fault.ts'
import { type Asking, TOKEN_PATH, type Tokens } from '../identity/tokens.ts'
import { originOf } from './identify.ts'
import { open } from './policy.ts'
import { Problem } from './problems.ts'
import { answers, strict } from './schemas.ts'
import { createCertificates } from './tls.ts'

export type OauthDeps = {
  readonly tokens: Tokens
  readonly origins: () => readonly string[]
  /** Whether client certificates are asked for on this port. */
  readonly asksCertificates: boolean
}

const FORM = 'application/x-www-form-urlencoded'
const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
const REVOKE_PATH = '/oauth/revoke'
/** Bytes of a form at most: an assertion of 4 KB, a scope, and what is ignored. */
const MAX_FORM_BYTES = 16_384
const MAX_PARAMETERS = 20

const Assertion = {
  client_assertion_type: Type.String({ maxLength: 100, description: `\`${ASSERTION_TYPE}\`` }),
  client_assertion: Type.String({
    maxLength: 8_192,
    description: 'a JWT that the client signed: iss and sub the client id, aud this hub',
  }),
  client_id: Type.Optional(Type.String({ maxLength: 100, description: 'the client id, if it is said at all' })),
}
const TokenForm = strict({
  grant_type: Type.String({ maxLength: 100, description: '`client_credentials`' }),
  ...Assertion,
  scope: Type.Optional(
    Type.String({ maxLength: 1_000, description: 'rights with one space between them; all of the client when absent' }),
  ),
})
const RevokeForm = strict({ ...Assertion, token: Type.String({ maxLength: 1_000, description: 'the token to end' }) })
const TokenAnswer = strict({
  access_token: Type.String({ description: 'opaque, and bound to a key: of no use to whoever has not that key' }),
  token_type: Type.Unsafe<string>({ type: 'string', enum: ['DPoP', 'Bearer'] }),
  expires_in: Type.Integer({ description: 'seconds' }),
  scope: Type.String(),
})
const OauthProblem = strict({ error: Type.String(), error_description: Type.String() }, 'RFC 6749 §5.2')
const failing = (codes: string) => ({
  description: `\`error\`: ${codes}`,
  content: { 'application/json': { schema: OauthProblem } },
})
const failures = {
  400: failing('invalid_request, unsupported_grant_type, invalid_scope, invalid_dpop_proof, use_dpop_nonce'),
  401: failing('invalid_client'),
  429: failing('temporarily_unavailable'),
}
const Metadata = strict({
  issuer: Type.String(),
  token_endpoint: Type.String(),
  revocation_endpoint: Type.String(),
  grant_types_supported: Type.Array(Type.String()),
  response_types_supported: Type.Array(Type.String()),
  scopes_supported: Type.Array(Type.String()),
  token_endpoint_auth_methods_supported: Type.Array(Type.String()),
  token_endpoint_auth_signing_alg_values_supported: Type.Array(Type.String()),
  revocation_endpoint_auth_methods_supported: Type.Array(Type.String()),
  revocation_endpoint_auth_signing_alg_values_supported: Type.Array(Type.String()),
  dpop_signing_alg_values_supported: Type.Array(Type.String()),
  tls_client_certificate_bound_access_tokens: Type.Boolean(),
})

/** Tokens for programs. What fails here is told as OAuth has it, not as a problem document. */
export async function oauthRoutes(app: FastifyInstance, deps: OauthDeps): Promise<void> {
  const certificateOf = createCertificates()
  const tags = ['Tokens']
  const security: readonly [] = []

  app.get(
    '/.well-known/oauth-authorization-server',
    {
      config: open,
      schema: {
        tags,
        summary: 'How tokens are had',
        description: 'RFC 8414.',
        security,
        response: answers(200, Metadata, ['not_found']),
      },
    },
    ({ headers }) => {
      const issuer = originOf(deps.origins(), headers.host)
      if (issuer === undefined)
        throw new Problem('not_found', { detail: 'This hub is not called by the name in Host.' })
      return metadataOf(issuer, deps.asksCertificates)
    },
  )

  await app.register(async (oauth) => {
    oauth.removeAllContentTypeParsers()
    oauth.addContentTypeParser(FORM, { parseAs: 'string', bodyLimit: MAX_FORM_BYTES }, (request, body, done) => {
      const { properties } = request.routeOptions.url === TOKEN_PATH ? TokenForm : RevokeForm
      try {
        done(null, readForm(String(body), Object.keys(properties)))
      } catch (error) {
        done(error instanceof Error ? error : new Error(String(error)))
      }
    })
    oauth.setErrorHandler((error, _request, reply) => {
      const found = oauthErrorOf(error)
      if (found === undefined) throw error
      return sendError(reply, found)
    })
    oauth.addHook('preValidation', (request, _reply, done) => {
      // RFC 6749 §3.2: parameters are in the body; §2.3: one way of saying who one is.
      if (request.url.includes('?')) done(new OauthError('invalid_request', 'parameters must be in the body'))
      else if (request.headers.authorization !== undefined)
        done(new OauthError('invalid_request', 'a client says who it is by client_assertion and nothing else'))
      else done()
    })

    const askingOf = (request: FastifyRequest, form: Static<typeof RevokeForm> | Static<typeof TokenForm>): Asking => {
      const origin = originOf(deps.origins(), request.headers.host)
      if (origin === undefined) throw new OauthError('invalid_request', 'this hub is not called by the name in Host')
      if (form.client_assertion_type !== ASSERTION_TYPE)
        throw new OauthError('invalid_client', `client_assertion_type must be ${ASSERTION_TYPE}`)
      return {
        assertion: form.client_assertion,
        clientId: form.client_id,
        origin,
        path: request.url,
        certificate: certificateOf(request.raw.socket),
        address: request.ip,
        requestId: request.id,
      }
    }

    oauth.post<{ Body: Static<typeof TokenForm> }>(
      TOKEN_PATH,
      {
        config: open,
        schema: {
          tags,
          summary: 'Get a token',
          description:
            'RFC 6749 §4.4 with `private_key_jwt` (RFC 7523). The token is bound to the key of the `DPoP` header (RFC 9449), or without one to the client certificate of the TLS connection (RFC 8705).',
          security,
          body: { content: { [FORM]: { schema: TokenForm } } },
          response: { ...answers(200, TokenAnswer, ['database_unavailable']), ...failures },
        },
      },
      async (request, reply) => {
        const { body } = request
        if (body.grant_type !== 'client_credentials')
          throw new OauthError('unsupported_grant_type', 'grant_type must be client_credentials')
        const { dpop } = request.headers
        const proof = typeof dpop === 'string' ? dpop : undefined
        const issued = await deps.tokens.issue({ ...askingOf(request, body), scope: body.scope, proof })
        if (issued.nonce !== undefined) reply.header('dpop-nonce', issued.nonce)
        reply.header('cache-control', 'no-store')
        return {
          access_token: issued.token,
          token_type: issued.type,
          expires_in: issued.expiresInS,
          scope: issued.rights.join(' '),
        }
      },
    )

    oauth.post<{ Body: Static<typeof RevokeForm> }>(
      REVOKE_PATH,
      {
        config: open,
        schema: {
          tags,
          summary: 'End a token before its time',
          description: 'RFC 7009. A token that is not there, or not yours, is answered the same way.',
          security,
          body: { content: { [FORM]: { schema: RevokeForm } } },
          response: { ...answers(200, strict({}), ['database_unavailable']), ...failures },
        },
      },
      async (request, reply) => {
        await deps.tokens.revoke({ ...askingOf(request, request.body), token: request.body.token })
        reply.header('cache-control', 'no-store')
        return {}
      },
    )
  })
}

const metadataOf = (issuer: string, asksCertificates: boolean): Static<typeof Metadata> => {
  const methods = ['private_key_jwt']
  const algorithms = [...algorithmNames]
  return {
    issuer,
    token_endpoint: `${issuer}${TOKEN_PATH}`,
    revocation_endpoint: `${issuer}${REVOKE_PATH}`,
    grant_types_supported: ['client_credentials'],
    response_types_supported: [],
    scopes_supported: [...clientRights],
    token_endpoint_auth_methods_supported: methods,
    token_endpoint_auth_signing_alg_values_supported: algorithms,
    revocation_endpoint_auth_methods_supported: methods,
    revocation_endpoint_auth_signing_alg_values_supported: algorithms,
    dpop_signing_alg_values_supported: algorithms,
    tls_client_certificate_bound_access_tokens: asksCertificates,
  }
}

/**
 * What is known of a form, each parameter once; one without a value is as good as absent, and so is one that nobody knows.
 * @source RFC 6749 §3.2
 * @throws {OauthError}
 */
function readForm(text: string, known: readonly string[]): Readonly<Record<string, string>> {
  if (!/^[!-~]*$/.test(text) || /%(?![0-9A-Fa-f]{2})/.test(text))
    throw new OauthError('invalid_request', 'the body is not a form')
  const form = new Map<string, string>()
  for (const [name, value] of new URLSearchParams(text)) {
    if (form.has(name)) throw new OauthError('invalid_request', 'a parameter is there twice')
    form.set(name, value)
    if (form.size > MAX_PARAMETERS) throw new OauthError('invalid_request', 'there are too many parameters')
  }
  if (form.has('client_secret'))
    throw new OauthError('invalid_request', 'a client says who it is by client_assertion and nothing else')
  return Object.fromEntries([...form].filter(([name, value]) => value !== '' && known.includes(name)))
}

/** What is OAuth's to say; undefined for what failed otherwise. */
function oauthErrorOf(error: unknown): OauthError | undefined {
  if (error instanceof OauthError) return error
  if (error instanceof Problem)
    return error.code === 'invalid_request' ? new OauthError('invalid_request', error.message) : undefined
  return undefined
}

function sendError(reply: FastifyReply, { code, message, headers }: OauthError): FastifyReply {
  const status = code === 'invalid_client' ? 401 : code === 'temporarily_unavailable' ? 429 : 400
  return reply
    .code(status)
    .headers({ 'content-type': 'application/json', 'cache-control': 'no-store', ...headers })
    .send(JSON.stringify({ error: code, error_description: message.replaceAll(/[^ !#-[\]-~]/g, '') }))
}
