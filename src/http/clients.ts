import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import { parseNetwork } from '../base/address.ts'
import { toRfc3339 } from '../base/clock.ts'
import type { Tx } from '../db/pool.ts'
import type { Caller } from '../identity/caller.ts'
import {
  type Client,
  type ClientKey,
  disableClient,
  findClient,
  insertClient,
  insertKey,
  insertSigningKey,
  listClients,
  listKeys,
  listSigningKeys,
  revokeKey,
  revokeSigningKey,
  type SigningKey,
} from '../identity/client-store.ts'
import type { Clients } from '../identity/clients.ts'
import { makeKey } from '../identity/keys.ts'
import { clientRights, parseRight } from '../identity/rights.ts'
import { readSigningKey, signatureAlgorithms } from '../identity/signature.ts'
import { insertTokenKey, type TokenKey } from '../identity/token-store.ts'
import { findApproval } from '../payment/approval-store.ts'
import type { MakeChange } from '../payment/changes.ts'
import { actOf } from './acts.ts'
import { type ApprovalDeps, ApprovalDocument, approvalView, changeBy } from './approvals.ts'
import { refuseBody } from './payments.ts'
import { needs } from './policy.ts'
import { invalidField, Problem, type ProblemCode } from './problems.ts'
import { answers, InstantWord, nullable, strict } from './schemas.ts'
import { parseInstant } from './validation.ts'

export type ClientRouteDeps = ApprovalDeps & { readonly clients: Clients }

export const ClientIdWord = Type.String({
  pattern: '^cli_[0-9a-f]{32}$',
  maxLength: 36,
  description: 'a client id: cli_ and 32 hex digits',
})
const RightWord = Type.Unsafe<string>({
  type: 'string',
  enum: [...clientRights],
  description: `one of ${clientRights.join(', ')}`,
})
const KeyDocument = strict({
  id: Type.String(),
  lastFour: Type.String(),
  createdAt: InstantWord,
  expiresAt: nullable(InstantWord),
  revokedAt: nullable(InstantWord),
  lastUsedOn: nullable(Type.String()),
  approval: nullable(Type.String({ description: 'the approval that gave it; null: nobody had to agree' })),
})
const SigningKeyDocument = strict({
  id: Type.String({ description: 'the keyid of its signatures' }),
  algorithm: Type.String(),
  publicKey: Type.String({ description: 'SPKI in DER, base64' }),
  createdAt: InstantWord,
  revokedAt: nullable(InstantWord),
})
const ClientDocument = strict({
  id: ClientIdWord,
  name: Type.String(),
  live: Type.Boolean(),
  rights: Type.Array(Type.String()),
  networks: Type.Array(Type.String()),
  createdAt: InstantWord,
  disabledAt: nullable(InstantWord),
})
const OneClient = strict({
  ...ClientDocument.properties,
  keys: Type.Array(KeyDocument),
  signingKeys: Type.Array(SigningKeyDocument),
})
const NewClient = strict(
  {
    name: Type.String({
      minLength: 1,
      maxLength: 100,
      pattern: '^[^\\p{Cc}]+$',
      description: 'a name of 1 to 100 characters',
    }),
    live: Type.Optional(Type.Boolean({ description: 'true: its keys are live, and what moves money must be signed' })),
    rights: Type.Array(RightWord, {
      minItems: 1,
      maxItems: clientRights.length,
      uniqueItems: true,
      description: 'at least one right, each once',
    }),
    networks: Type.Optional(
      Type.Array(Type.String({ maxLength: 50 }), {
        maxItems: 50,
        description: 'at most 50 networks, such as 203.0.113.0/24',
      }),
    ),
  },
  'a program that will act for you',
)
const NewKeyBody = strict(
  {
    expiresAt: Type.Optional(InstantWord),
    approval: Type.Optional(
      Type.String({
        pattern: '^apr_[0-9a-f]{32}$',
        maxLength: 36,
        description: 'the approval of a key that you asked for: apr_ and 32 hex digits. The key is handed over once',
      }),
    ),
  },
  'a key to make',
)
const MadeKey = strict({
  ...KeyDocument.properties,
  key: Type.String({ description: 'the key: shown now and never again' }),
})
const NewSigningKey = strict(
  {
    algorithm: Type.Unsafe<(typeof signatureAlgorithms)[number]>({
      type: 'string',
      enum: [...signatureAlgorithms],
      description: 'ed25519 or ecdsa-p256-sha256',
    }),
    publicKey: Type.String({
      maxLength: 500,
      pattern: '^[A-Za-z0-9+/]+={0,2}$',
      description: 'a public key as SPKI in DER, base64',
    }),
  },
  'a public key that your requests are signed with',
)
export const ClientPath = strict({ id: ClientIdWord })
const KeyPath = strict({
  id: ClientIdWord,
  keyId: Type.String({ pattern: '^[0-9A-Za-z]{12}$', maxLength: 12, description: 'a key id: 12 letters and digits' }),
})
const SigningKeyPath = strict({
  id: ClientIdWord,
  keyId: Type.String({
    pattern: '^sgk_[0-9a-f]{32}$',
    maxLength: 36,
    description: 'a signing key id: sgk_ and 32 hex digits',
  }),
})

export const changing: readonly ProblemCode[] = [
  'invalid_request',
  'invalid_json',
  'duplicate_field',
  'json_too_deep',
  'body_too_large',
  'unsupported_media_type',
  'unauthorized',
  'reauthentication_required',
  'not_found',
  'database_unavailable',
]

/** Programs and their keys. Whoever gives a right must have it: nobody makes a key that may more than they may themselves. */
export function clientRoutes(app: FastifyInstance, deps: ClientRouteDeps): void {
  const { clock } = deps
  const tags = ['Clients']

  app.get(
    '/v1/clients',
    {
      config: needs('clients:read'),
      schema: {
        tags,
        summary: 'All programs that may act for you',
        response: answers(200, strict({ data: Type.Array(ClientDocument) }), ['unauthorized', 'database_unavailable']),
      },
    },
    async ({ caller }) => ({
      data: (await deps.asTenant(caller.tenantId, (tx) => listClients(tx, caller.tenantId))).map(clientView),
    }),
  )

  app.post<{ Body: Static<typeof NewClient> }>(
    '/v1/clients',
    {
      config: needs('clients:write', 'sensitive'),
      schema: {
        tags,
        summary: 'Let a program act for you',
        description:
          'It has the rights that are named and no others, and none that you do not have. It has no key yet. Where a rule for `client` exists ' +
          'it waits for approval: 202.',
        body: NewClient,
        response: { ...answers(201, ClientDocument, changing), ...waits },
      },
    },
    async ({ body, caller, id }, reply) => {
      const rights = body.rights.flatMap((right) => parseRight(right) ?? [])
      // A person who keeps keys gives rights they do not have themselves: nobody who can pay keeps keys.
      const beyond = caller.via === 'session' ? undefined : rights.find((right) => !caller.rights.has(right))
      if (beyond !== undefined) throw invalidField('rights', `must not have ${beyond}, which you do not have`)
      const networks = (body.networks ?? []).map((text, i) => parseNetwork(text) ?? badNetwork(i))
      const wanted = { name: body.name, live: body.live ?? false, rights, networks, madeBy: caller.same }
      const made = await deps.asTenant(caller.tenantId, async (tx) => {
        const detail = { live: wanted.live, rights: rights.join(' ') }
        const proposed = await deps.changes.propose(
          tx,
          changeBy(caller, 'client', 'clients', { make: 'client', ...wanted }),
        )
        const result = proposed ?? (await insertClient(tx, { tenantId: caller.tenantId, ...wanted }, clock.now()))
        const [action, subject] =
          'digest' in result
            ? (['client.proposed', `apr_${result.id}`] as const)
            : (['client.created', result.id] as const)
        await deps.note(tx, actOf(caller, id, clock.now(), action, subject, detail))
        return result
      })
      if ('digest' in made) {
        reply.code(202)
        return approvalView(deps, caller, made)
      }
      reply.code(201).header('location', `/v1/clients/${made.id}`)
      return clientView(made)
    },
  )

  app.get<{ Params: Static<typeof ClientPath> }>(
    '/v1/clients/:id',
    {
      config: needs('clients:read'),
      schema: {
        tags,
        summary: 'One program and its keys',
        params: ClientPath,
        response: answers(200, OneClient, ['invalid_request', 'unauthorized', 'not_found', 'database_unavailable']),
      },
    },
    async ({ params, caller }) =>
      deps.asTenant(caller.tenantId, async (tx) => {
        const client = await find(tx, caller.tenantId, params.id)
        const keys = await listKeys(tx, caller.tenantId, client.id)
        const signingKeys = await listSigningKeys(tx, caller.tenantId, client.id)
        return { ...clientView(client), keys: keys.map(keyView), signingKeys: signingKeys.map(signingKeyView) }
      }),
  )

  app.delete<{ Params: Static<typeof ClientPath> }>(
    '/v1/clients/:id',
    {
      config: needs('clients:write', 'sensitive'),
      schema: {
        tags,
        summary: 'End a program and all its keys',
        params: ClientPath,
        response: { 204: { description: 'It has ended.', type: 'null' }, ...answers(200, ClientDocument, changing) },
      },
    },
    async (request, reply) => {
      refuseBody(request)
      const { params, caller, id } = request
      await deps.asTenant(caller.tenantId, async (tx) => {
        await find(tx, caller.tenantId, params.id)
        if (await disableClient(tx, caller.tenantId, params.id, clock.now()))
          await deps.note(tx, actOf(caller, id, clock.now(), 'client.ended', params.id, {}))
      })
      deps.clients.forget()
      return reply.code(204).send()
    },
  )

  app.post<{ Params: Static<typeof ClientPath>; Body: Static<typeof NewKeyBody> }>(
    '/v1/clients/:id/keys',
    {
      config: needs('clients:write', 'sensitive'),
      schema: {
        tags,
        summary: 'Make a key',
        description:
          'Two keys of a program may work at the same time, so that one takes the place of the other: make, change over, revoke. The answer has the key; ' +
          'the hub keeps only its SHA-256. Where a rule for `client` exists the answer is 202 and the approval; once others have agreed, ask again ' +
          'with `approval`: the key is handed over once, to whoever asked for it.',
        params: ClientPath,
        body: NewKeyBody,
        response: {
          ...answers(201, MadeKey, [...changing, 'too_many_keys', 'not_approved', 'already_collected']),
          ...waits,
        },
      },
    },
    async ({ params, body, caller, id }, reply) => {
      const now = clock.now()
      const expiresAt = body.expiresAt === undefined ? null : (parseInstant(body.expiresAt) ?? null)
      if (expiresAt !== null && expiresAt <= now) throw invalidField('expiresAt', 'must be in the future')
      if (body.approval !== undefined && expiresAt !== null)
        throw invalidField('expiresAt', 'was agreed to: it cannot be changed now')
      const made = await deps.asTenant(caller.tenantId, async (tx) => {
        const client = await find(tx, caller.tenantId, params.id)
        if (client.disabledAt !== null) throw new Problem('not_found', { detail: `The client ${client.id} has ended.` })
        const agreed =
          body.approval === undefined ? undefined : await agreedKey(deps, tx, caller, client, body.approval)
        if (agreed === undefined) {
          const proposed = await deps.changes.propose(
            tx,
            changeBy(caller, 'client', client.id, { make: 'key', live: client.live, rights: client.rights, expiresAt }),
          )
          if (proposed !== undefined) {
            await deps.note(tx, actOf(caller, id, now, 'key.proposed', client.id, { approval: `apr_${proposed.id}` }))
            return proposed
          }
        }
        const fresh = makeKey(client.live)
        const key = await insertKey(
          tx,
          client,
          { ...fresh, expiresAt, approvalId: null, ...agreed, madeBy: caller.same },
          now,
        )
        if (key === 'collected') throw new Problem('already_collected')
        if (key === undefined) throw new Problem('too_many_keys')
        await deps.note(tx, actOf(caller, id, now, 'key.created', `${client.id}/${key.keyId}`, {}))
        return { ...keyView(key), key: fresh.key }
      })
      if ('digest' in made) {
        reply.code(202)
        return approvalView(deps, caller, made)
      }
      reply.code(201).header('cache-control', 'no-store')
      return made
    },
  )

  app.delete<{ Params: Static<typeof KeyPath> }>(
    '/v1/clients/:id/keys/:keyId',
    {
      config: needs('clients:write', 'sensitive'),
      schema: {
        tags,
        summary: 'Revoke a key',
        description: 'It is refused from now on; by other processes of the hub within a second.',
        params: KeyPath,
        response: { 204: { description: 'It is revoked.', type: 'null' }, ...answers(200, KeyDocument, changing) },
      },
    },
    async (request, reply) => {
      refuseBody(request)
      const { params, caller, id } = request
      await deps.asTenant(caller.tenantId, async (tx) => {
        await find(tx, caller.tenantId, params.id)
        const known = (await listKeys(tx, caller.tenantId, params.id)).some((key) => key.keyId === params.keyId)
        if (!known) throw new Problem('not_found', { detail: `There is no key ${params.keyId}.` })
        if (await revokeKey(tx, caller.tenantId, params.id, params.keyId, clock.now()))
          await deps.note(tx, actOf(caller, id, clock.now(), 'key.revoked', `${params.id}/${params.keyId}`, {}))
      })
      deps.clients.forget()
      return reply.code(204).send()
    },
  )

  app.post<{ Params: Static<typeof ClientPath>; Body: Static<typeof NewSigningKey> }>(
    '/v1/clients/:id/signing-keys',
    {
      config: needs('clients:write', 'sensitive'),
      schema: {
        tags,
        summary: 'Register a public key for signatures',
        description:
          'Requests signed with it name its id as `keyid` (RFC 9421). Several may work at the same time. Where a rule for `client` exists it ' +
          'waits for approval: 202.',
        params: ClientPath,
        body: NewSigningKey,
        response: { ...answers(201, SigningKeyDocument, [...changing, 'too_many_keys']), ...waits },
      },
    },
    async ({ params, body, caller, id }, reply) => {
      const spki = Buffer.from(body.publicKey, 'base64')
      try {
        readSigningKey(body.algorithm, spki)
      } catch {
        throw invalidField('publicKey', `must be a public key for ${body.algorithm}, as SPKI in DER, base64`)
      }
      const made = await deps.asTenant(caller.tenantId, async (tx) => {
        const client = await find(tx, caller.tenantId, params.id)
        const proposed = await deps.changes.propose(
          tx,
          changeBy(caller, 'client', client.id, { make: 'signing_key', ...body }),
        )
        const result = proposed ?? (await insertSigningKey(tx, client, body.algorithm, spki, clock.now()))
        if (result === undefined) throw tooManySigning()
        const [action, subject] =
          'digest' in result
            ? (['signing_key.proposed', `apr_${result.id}`] as const)
            : (['signing_key.created', `${client.id}/${result.id}`] as const)
        await deps.note(tx, actOf(caller, id, clock.now(), action, subject, { algorithm: body.algorithm }))
        return result
      })
      if ('digest' in made) {
        reply.code(202)
        return approvalView(deps, caller, made)
      }
      deps.clients.forget()
      reply.code(201)
      return signingKeyView(made)
    },
  )

  app.delete<{ Params: Static<typeof SigningKeyPath> }>(
    '/v1/clients/:id/signing-keys/:keyId',
    {
      config: needs('clients:write', 'sensitive'),
      schema: {
        tags,
        summary: 'Revoke a public key for signatures',
        params: SigningKeyPath,
        response: {
          204: { description: 'It is revoked.', type: 'null' },
          ...answers(200, SigningKeyDocument, changing),
        },
      },
    },
    async (request, reply) => {
      refuseBody(request)
      const { params, caller, id } = request
      await deps.asTenant(caller.tenantId, async (tx) => {
        await find(tx, caller.tenantId, params.id)
        const known = (await listSigningKeys(tx, caller.tenantId, params.id)).some((key) => key.id === params.keyId)
        if (!known) throw new Problem('not_found', { detail: `There is no signing key ${params.keyId}.` })
        if (await revokeSigningKey(tx, caller.tenantId, params.id, params.keyId, clock.now()))
          await deps.note(tx, actOf(caller, id, clock.now(), 'signing_key.revoked', `${params.id}/${params.keyId}`, {}))
      })
      deps.clients.forget()
      return reply.code(204).send()
    },
  )
}

export const waits = {
  202: { description: 'It waits for approval.', content: { 'application/json': { schema: ApprovalDocument } } },
} as const

/** What people agreed to about a key that this caller asked for. @throws {Problem} unless they did, about this client, and nobody has altered it */
async function agreedKey(
  { changes }: ClientRouteDeps,
  tx: Tx,
  { tenantId, actor }: Caller,
  client: Client,
  approvalId: string,
): Promise<{ readonly approvalId: string; readonly expiresAt: number | null }> {
  const approval = await findApproval(tx, tenantId, approvalId.slice(4))
  if (approval === undefined || approval.subject.kind !== 'client' || approval.subject.id !== client.id)
    throw invalidField('approval', 'is not about a key of this client')
  if (approval.maker !== actor.id) throw new Problem('forbidden', { detail: 'Only whoever asked for the key gets it.' })
  const content: { make?: unknown; expiresAt?: unknown } = Object(await changes.read(approval))
  if (content.make !== 'key') throw invalidField('approval', 'is not about a key of this client')
  if (approval.decision !== 'approved' || !(await changes.intact(approval))) throw new Problem('not_approved')
  return { approvalId: approval.id, expiresAt: typeof content.expiresAt === 'number' ? content.expiresAt : null }
}

/** A key for tokens that waits for approval. `spki` is base64. */
export type TokenKeyChange = Pick<TokenKey, 'algorithm' | 'thumbprint'> & {
  readonly make: 'token_key'
  readonly spki: string
  readonly madeBy: readonly string[]
}

/** What is done about programs once people have agreed. A key is only agreed to: whoever asked for it collects it. @param now  epoch milliseconds */
export const makeClientChange =
  (now: () => number): MakeChange =>
  async (tx, tenantId, subjectId, content) => {
    const change = content as
      | ({ readonly make: 'client' } & Pick<Client, 'name' | 'live' | 'rights' | 'networks' | 'madeBy'>)
      | ({ readonly make: 'signing_key' } & Static<typeof NewSigningKey>)
      | TokenKeyChange
      | { readonly make: 'key' }
    if (change.make === 'client') {
      await insertClient(tx, { ...change, tenantId }, now())
      return
    }
    const client = await find(tx, tenantId, subjectId)
    if (client.disabledAt !== null) throw new Problem('not_found', { detail: `The client ${client.id} has ended.` })
    if (change.make === 'signing_key') {
      const spki = Buffer.from(change.publicKey, 'base64')
      if ((await insertSigningKey(tx, client, change.algorithm, spki, now())) === undefined) throw tooManySigning()
    } else if (change.make === 'token_key') {
      const key = { ...change, spki: Buffer.from(change.spki, 'base64') }
      if ((await insertTokenKey(tx, client, key, now())) === undefined) throw new Problem('too_many_keys')
    }
  }

const tooManySigning = (): Problem =>
  new Problem('too_many_keys', { detail: 'Ten signing keys of this client work already: revoke one first.' })

const badNetwork = (i: number): never => {
  throw invalidField(`networks.${i}`, 'must be a network such as 203.0.113.0/24 or 2001:db8::/32')
}

async function find(tx: Tx, tenantId: number, id: string): Promise<Client> {
  const client = await findClient(tx, tenantId, id)
  if (client === undefined) throw new Problem('not_found', { detail: `There is no client ${id}.` })
  return client
}

const instant = (at: number | null): string | null => (at === null ? null : toRfc3339(at))

const clientView = ({ id, name, live, rights, networks, createdAt, disabledAt }: Client) => ({
  id,
  name,
  live,
  rights,
  networks,
  createdAt: toRfc3339(createdAt),
  disabledAt: instant(disabledAt),
})

const keyView = ({ keyId, lastFour, createdAt, expiresAt, revokedAt, lastUsedOn, approvalId }: ClientKey) => ({
  id: keyId,
  lastFour,
  createdAt: toRfc3339(createdAt),
  expiresAt: instant(expiresAt),
  revokedAt: instant(revokedAt),
  lastUsedOn,
  approval: approvalId === null ? null : `apr_${approvalId}`,
})

const signingKeyView = ({ id, algorithm, spki, createdAt, revokedAt }: SigningKey) => ({
  id,
  algorithm,
  publicKey: Buffer.from(spki).toString('base64'),
  createdAt: toRfc3339(createdAt),
  revokedAt: instant(revokedAt),
})
