import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import { type Clock, toRfc3339 } from '../base/clock.ts'
import type { AsTenant } from '../db/tenant.ts'
import { findClient } from '../identity/client-store.ts'
import { readPublicJwk, tokenAlgorithms } from '../identity/jwt.ts'
import { insertTokenKey, listTokenKeys, revokeTokenKey, type TokenKey } from '../identity/token-store.ts'
import { actOf, type Noting } from './acts.ts'
import { type ApprovalDeps, approvalView, changeBy } from './approvals.ts'
import { ClientIdWord, ClientPath, changing, type TokenKeyChange, waits } from './clients.ts'
import { refuseBody } from './payments.ts'
import { needs } from './policy.ts'
import { invalidField, Problem } from './problems.ts'
import { answers, InstantWord, nullable, strict } from './schemas.ts'

export type TokenKeyDeps = Noting & ApprovalDeps & { readonly clock: Clock; readonly asTenant: AsTenant }

const AlgorithmWord = Type.Unsafe<(typeof tokenAlgorithms)[number]>({
  type: 'string',
  enum: [...tokenAlgorithms],
  description: `one of ${tokenAlgorithms.join(', ')}`,
})
const TokenKeyDocument = strict({
  id: Type.String({ description: 'what its assertions may name as kid' }),
  algorithm: AlgorithmWord,
  thumbprint: Type.String({ description: 'SHA-256 of the key, RFC 7638' }),
  createdAt: InstantWord,
  revokedAt: nullable(InstantWord),
})
const member = (maxLength: number) => Type.Optional(Type.String({ maxLength }))
const Jwk = strict(
  {
    kty: Type.String({ maxLength: 3 }),
    crv: member(20),
    x: member(43),
    y: member(43),
    n: member(700),
    e: member(10),
    kid: member(200),
    use: member(10),
    alg: member(10),
    key_ops: Type.Optional(Type.Array(Type.String({ maxLength: 20 }), { maxItems: 10 })),
    ext: Type.Optional(Type.Boolean()),
    d: Type.Optional(
      Type.Never({ description: 'left out: nobody else may ever have the private part, so make another key' }),
    ),
  },
  'a public key as JWK: P-256, Ed25519, or RSA of 2048 to 4096 bits',
)
const NewTokenKey = strict(
  {
    algorithm: AlgorithmWord,
    jwk: Jwk,
  },
  'a public key that assertions are signed with',
)
const KeyPath = strict({
  id: ClientIdWord,
  keyId: Type.String({
    pattern: '^tky_[0-9a-f]{32}$',
    maxLength: 36,
    description: 'a token key id: tky_ and 32 hex digits',
  }),
})

/** Keys with which clients get tokens (`private_key_jwt`). Only public halves are taken; one that comes with its private half is refused. */
export function tokenKeyRoutes(app: FastifyInstance, deps: TokenKeyDeps): void {
  const { clock, asTenant, note } = deps
  const tags = ['Clients']

  app.get<{ Params: Static<typeof ClientPath> }>(
    '/v1/clients/:id/token-keys',
    {
      config: needs('clients:read'),
      schema: {
        tags,
        summary: 'The keys that a program gets tokens with',
        params: ClientPath,
        response: answers(200, strict({ data: Type.Array(TokenKeyDocument) }), [
          'invalid_request',
          'unauthorized',
          'not_found',
          'database_unavailable',
        ]),
      },
    },
    async ({ params, caller }) =>
      asTenant(caller.tenantId, async (tx) => {
        if ((await findClient(tx, caller.tenantId, params.id)) === undefined) throw noClient(params.id)
        return { data: (await listTokenKeys(tx, caller.tenantId, params.id)).map(view) }
      }),
  )

  app.post<{ Params: Static<typeof ClientPath>; Body: Static<typeof NewTokenKey> }>(
    '/v1/clients/:id/token-keys',
    {
      config: needs('clients:write', 'sensitive'),
      schema: {
        tags,
        summary: 'Register a public key for tokens',
        description:
          'The program signs its assertions with the private half (`private_key_jwt`), by this algorithm and no other. Two keys may work at the same time. Where a rule for `client` exists it waits for approval: 202.',
        params: ClientPath,
        body: NewTokenKey,
        response: { ...answers(201, TokenKeyDocument, [...changing, 'too_many_keys']), ...waits },
      },
    },
    async ({ params, body, caller, id }, reply) => {
      const read = await readPublicJwk(body.algorithm, body.jwk)
      if (typeof read === 'string') throw invalidField('jwk', read)
      const key = {
        algorithm: body.algorithm,
        spki: read.spki,
        thumbprint: read.thumbprint,
        madeBy: caller.same,
      }
      const made = await asTenant(caller.tenantId, async (tx) => {
        const client = await findClient(tx, caller.tenantId, params.id)
        if (client === undefined || client.disabledAt !== null) throw noClient(params.id)
        const change: TokenKeyChange = { make: 'token_key', ...key, spki: Buffer.from(key.spki).toString('base64') }
        const proposed = await deps.changes.propose(tx, changeBy(caller, 'client', client.id, change))
        const result = proposed ?? (await insertTokenKey(tx, client, key, clock.now()))
        if (result === undefined) throw new Problem('too_many_keys')
        const [action, subject] =
          'digest' in result
            ? (['token_key.proposed', `apr_${result.id}`] as const)
            : (['token_key.created', `${client.id}/${result.id}`] as const)
        const detail = { algorithm: key.algorithm, thumbprint: key.thumbprint }
        await note(tx, actOf(caller, id, clock.now(), action, subject, detail))
        return result
      })
      if ('digest' in made) {
        reply.code(202)
        return approvalView(deps, caller, made)
      }
      reply.code(201)
      return view(made)
    },
  )

  app.delete<{ Params: Static<typeof KeyPath> }>(
    '/v1/clients/:id/token-keys/:keyId',
    {
      config: needs('clients:write', 'sensitive'),
      schema: {
        tags,
        summary: 'Revoke a public key for tokens',
        description: 'The tokens that were given for it end with it, within a second.',
        params: KeyPath,
        response: { 204: { description: 'It is revoked.', type: 'null' }, ...answers(200, TokenKeyDocument, changing) },
      },
    },
    async (request, reply) => {
      refuseBody(request)
      const { params, caller, id } = request
      await asTenant(caller.tenantId, async (tx) => {
        if ((await findClient(tx, caller.tenantId, params.id)) === undefined) throw noClient(params.id)
        const known = (await listTokenKeys(tx, caller.tenantId, params.id)).some((key) => key.id === params.keyId)
        if (!known) throw new Problem('not_found', { detail: `There is no token key ${params.keyId}.` })
        if (await revokeTokenKey(tx, caller.tenantId, params.id, params.keyId, clock.now()))
          await note(tx, actOf(caller, id, clock.now(), 'token_key.revoked', `${params.id}/${params.keyId}`, {}))
      })
      return reply.code(204).send()
    },
  )
}

const noClient = (id: string): Problem => new Problem('not_found', { detail: `There is no client ${id}.` })

const view = ({ id, algorithm, thumbprint, createdAt, revokedAt }: TokenKey) => ({
  id,
  algorithm,
  thumbprint,
  createdAt: toRfc3339(createdAt),
  revokedAt: revokedAt === null ? null : toRfc3339(revokedAt),
})
