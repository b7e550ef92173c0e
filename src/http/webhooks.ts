import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import { toRfc3339 } from '../base/clock.ts'
import { OutboundRefused } from '../base/outbound.ts'
import type { Vault } from '../base/vault.ts'
import { type Attempt, listAttempts } from '../webhook/attempt-store.ts'
import { eventIdOf, eventTypeNames } from '../webhook/catalogue.ts'
import {
  addSecrets,
  changeEndpoint,
  countEndpoints,
  type Endpoint,
  type EndpointChange,
  endEndpoint,
  endSecrets,
  findEndpoint,
  insertEndpoint,
  listEndpoints,
} from '../webhook/endpoint-store.ts'
import type { Webhooks } from '../webhook/room.ts'
import { schemes } from '../webhook/sign.ts'
import { listDeadLetters } from '../webhook/strand-store.ts'
import { actOf } from './acts.ts'
import type { ApprovalDeps } from './approvals.ts'
import { idCursor, readHexCursor, toPage } from './page.ts'
import { refuseBody } from './payments.ts'
import { needs } from './policy.ts'
import { invalidField, Problem, type ProblemCode } from './problems.ts'
import { answers, Cursor, InstantWord, Limit, nullable, pageOf, strict } from './schemas.ts'

export type WebhookRouteDeps = ApprovalDeps & {
  readonly vault: Vault
  readonly webhooks: Pick<Webhooks, 'test' | 'check' | 'poke'>
}

/** Endpoints of one tenant at most. */
const MAX_ENDPOINTS = 100
/** How long what was signed with before is still signed with, when nothing else is asked for, and at most; hours. */
const OVERLAP_HOURS = 24
const MAX_OVERLAP_HOURS = 168

export const EndpointIdWord = Type.String({
  pattern: '^whe_[0-9a-f]{32}$',
  maxLength: 36,
  description: 'an endpoint id: whe_ and 32 hex digits',
})
export const EventTypeWord = Type.Unsafe<(typeof eventTypeNames)[number]>({
  type: 'string',
  enum: [...eventTypeNames],
  description: 'a type of event (docs/reference/events.md)',
})
const SchemeWord = Type.Unsafe<(typeof schemes)[number]>({
  type: 'string',
  enum: [...schemes],
  description: 'v1 (HMAC-SHA256, a secret that both have) or v1a (Ed25519, a public key for the receiver)',
})
const UrlWord = Type.String({
  minLength: 1,
  maxLength: 2_048,
  pattern: '^[!-~]+$',
  description: 'an https URL without a user, of a public address; in a sandbox also one of this machine',
})
const TypesWord = Type.Array(EventTypeWord, {
  minItems: 1,
  maxItems: eventTypeNames.length,
  uniqueItems: true,
  description: 'types of events, each once',
})
const DescriptionWord = Type.String({
  pattern: '^[^\\p{Cc}\\p{Cs}]+$',
  minLength: 1,
  maxLength: 200,
  description: 'a description of 1 to 200 characters, none of them a control character',
})

const fields = {
  id: EndpointIdWord,
  url: UrlWord,
  events: nullable(TypesWord),
  signatures: Type.Array(SchemeWord),
  description: nullable(Type.String()),
  enabled: Type.Boolean(),
  disabledReason: nullable(
    Type.Union([Type.Literal('asked'), Type.Literal('gone')], {
      description: 'asked: by you; gone: the receiver answered 410',
    }),
  ),
  publicKeys: Type.Array(Type.String(), {
    description: 'whpk_… of the keys that v1a signs with now, the newest last',
  }),
  createdAt: InstantWord,
}
const EndpointDocument = strict(fields)
const SecretField = nullable(
  Type.String({ description: 'whsec_…, with which v1 is verified. It is shown this once; null without v1.' }),
)
const EndpointWithSecret = strict({ ...fields, secret: SecretField })
const NewEndpoint = strict(
  {
    url: UrlWord,
    events: Type.Optional(nullable(TypesWord)),
    signatures: Type.Optional(Type.Array(SchemeWord, { minItems: 1, maxItems: 2, uniqueItems: true })),
    description: Type.Optional(DescriptionWord),
  },
  'an endpoint to tell',
)
const EndpointPatch = strict(
  {
    url: Type.Optional(UrlWord),
    events: Type.Optional(nullable(TypesWord)),
    description: Type.Optional(nullable(DescriptionWord)),
    enabled: Type.Optional(Type.Boolean()),
  },
  'what to change of an endpoint',
)
const Rotation = strict({
  overlapHours: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: MAX_OVERLAP_HOURS,
      description: `a number of hours from 0 to ${MAX_OVERLAP_HOURS}, in which deliveries have signatures of both; ${OVERLAP_HOURS} when absent`,
    }),
  ),
})
export const attemptFields = {
  id: Type.String({ pattern: '^att_[0-9a-f]{32}$' }),
  event: Type.String(),
  at: InstantWord,
  durationMs: Type.Integer(),
  status: nullable(Type.Integer()),
  error: nullable(
    Type.String({
      description: 'why no answer came: timeout, unreachable, too_long, address_… (not an address to call)',
    }),
  ),
  body: nullable(Type.String({ description: 'the first 500 characters of the answer' })),
}
const AttemptDocument = strict(attemptFields)
const DeadLetterDocument = strict({ event: Type.String(), tries: Type.Integer(), givenUpAt: InstantWord })
const EndpointPath = strict({ id: EndpointIdWord })
const Page = strict({ limit: Limit, cursor: Cursor })

const reading: readonly ProblemCode[] = ['invalid_request', 'invalid_cursor', 'unauthorized', 'database_unavailable']
const changing: readonly ProblemCode[] = [
  'invalid_request',
  'invalid_json',
  'duplicate_field',
  'json_too_deep',
  'body_too_large',
  'unsupported_media_type',
  'unauthorized',
  'forbidden',
  'reauthentication_required',
  'database_unavailable',
]
const tags = ['Webhooks']

/** Who is told of payments. */
export function webhookRoutes(app: FastifyInstance, deps: WebhookRouteDeps): void {
  const { clock, vault } = deps

  const find = async (tenantId: number, id: string): Promise<Endpoint> => {
    const found = await deps.asTenant(tenantId, (tx) => findEndpoint(tx, tenantId, id))
    if (found === undefined) throw noSuchEndpoint(id)
    return found
  }

  app.post<{ Body: Static<typeof NewEndpoint> }>(
    '/v1/webhook-endpoints',
    {
      config: needs('webhooks:write', 'sensitive'),
      schema: {
        tags,
        summary: 'Have somebody told',
        description:
          'Each event of the types in `events`, or of all types, from now on, by POST, as Standard Webhooks 1.0.0 has it. The answer has the ' +
          'secret that deliveries are verified with, and nothing shows it again.',
        body: NewEndpoint,
        response: answers(201, EndpointWithSecret, [...changing, 'too_many_endpoints']),
      },
    },
    async ({ body, caller, id }, reply) => {
      checkUrl(deps, body.url)
      const now = clock.now()
      await vault.prepare([caller.tenantId], now)
      const made = {
        id: `whe_${deps.changes.newId()}`,
        tenantId: caller.tenantId,
        url: body.url,
        events: body.events ?? null,
        schemes: schemes.filter((scheme) => (body.signatures ?? ['v1']).includes(scheme)),
        description: body.description ?? null,
        enabled: true,
        disabledReason: null,
      }
      const answer = await deps.asTenant(caller.tenantId, async (tx) => {
        if ((await countEndpoints(tx, caller.tenantId)) >= MAX_ENDPOINTS) throw new Problem('too_many_endpoints')
        await insertEndpoint(tx, made)
        const secret = await addSecrets(tx, vault, made, deps.changes.newId, now)
        await deps.note(
          tx,
          actOf(caller, id, now, 'webhook_endpoint.created', made.id, { host: new URL(made.url).host }),
        )
        return { found: await findEndpoint(tx, caller.tenantId, made.id), secret }
      })
      if (answer.found === undefined) throw noSuchEndpoint(made.id)
      reply.code(201).header('location', `/v1/webhook-endpoints/${made.id}`)
      return { ...endpointView(answer.found), secret: answer.secret }
    },
  )

  app.get<{ Querystring: Static<typeof Page> }>(
    '/v1/webhook-endpoints',
    {
      config: needs('webhooks:read'),
      schema: {
        tags,
        summary: 'Who is told, newest first',
        querystring: Page,
        response: answers(200, pageOf(EndpointDocument), reading),
      },
    },
    async ({ query, caller }) => {
      const limit = query.limit ?? 25
      const found = await deps.asTenant(caller.tenantId, (tx) =>
        listEndpoints(tx, caller.tenantId, readPlace(query.cursor), limit + 1),
      )
      return toPage(found, limit, endpointView, ({ id }) => idCursor(id))
    },
  )

  app.get<{ Params: Static<typeof EndpointPath> }>(
    '/v1/webhook-endpoints/:id',
    {
      config: needs('webhooks:read'),
      schema: {
        tags,
        summary: 'One endpoint',
        params: EndpointPath,
        response: answers(200, EndpointDocument, [...reading, 'not_found']),
      },
    },
    async ({ params, caller }) => endpointView(await find(caller.tenantId, params.id)),
  )

  app.patch<{ Params: Static<typeof EndpointPath>; Body: Static<typeof EndpointPatch> }>(
    '/v1/webhook-endpoints/:id',
    {
      config: needs('webhooks:write', 'sensitive'),
      schema: {
        tags,
        summary: 'Change an endpoint',
        description:
          'A disabled endpoint is told nothing; what it had yet to be told waits until it is enabled, and what happens meanwhile it is never told: ' +
          '`GET /v1/events` and `POST /v1/events/{id}/redeliver` are for that.',
        params: EndpointPath,
        body: EndpointPatch,
        response: answers(200, EndpointDocument, [...changing, 'not_found']),
      },
    },
    async ({ params, body, caller, id }) => {
      if (body.url !== undefined) checkUrl(deps, body.url)
      const change: EndpointChange = body
      return deps.asTenant(caller.tenantId, async (tx) => {
        const found = await findEndpoint(tx, caller.tenantId, params.id)
        if (found === undefined) throw noSuchEndpoint(params.id)
        const changed = await changeEndpoint(tx, found, change)
        await deps.note(
          tx,
          actOf(caller, id, clock.now(), 'webhook_endpoint.changed', found.id, {
            host: new URL(changed.url).host,
            enabled: changed.enabled,
          }),
        )
        return endpointView(changed)
      })
    },
  )

  app.delete<{ Params: Static<typeof EndpointPath> }>(
    '/v1/webhook-endpoints/:id',
    {
      config: needs('webhooks:write', 'sensitive'),
      schema: {
        tags,
        summary: 'End an endpoint',
        description: 'It is told nothing more, also not what it had yet to be told.',
        params: EndpointPath,
        response: {
          204: { description: 'It has ended.', type: 'null' },
          ...answers(200, EndpointDocument, [...changing, 'not_found']),
        },
      },
    },
    async (request, reply) => {
      refuseBody(request)
      const { params, caller, id } = request
      const now = clock.now()
      await deps.asTenant(caller.tenantId, async (tx) => {
        if (!(await endEndpoint(tx, caller.tenantId, params.id, now))) throw noSuchEndpoint(params.id)
        await deps.note(tx, actOf(caller, id, now, 'webhook_endpoint.ended', params.id, {}))
      })
      return reply.code(204).send()
    },
  )

  app.post<{ Params: Static<typeof EndpointPath>; Body: Static<typeof Rotation> }>(
    '/v1/webhook-endpoints/:id/rotate-secret',
    {
      config: needs('webhooks:write', 'sensitive'),
      preValidation: bodyOptional,
      schema: {
        tags,
        summary: 'Change the secret of an endpoint',
        description:
          'Until the overlap is over every delivery has a signature of the old secret and one of the new, so that there is no moment in which a ' +
          'receiver must have both changed at once. The same for keys of v1a.',
        params: EndpointPath,
        body: Rotation,
        response: answers(200, EndpointWithSecret, [...changing, 'not_found']),
      },
    },
    async ({ params, body, caller, id }) => {
      const now = clock.now()
      await vault.prepare([caller.tenantId], now)
      const hours = body.overlapHours ?? OVERLAP_HOURS
      return deps.asTenant(caller.tenantId, async (tx) => {
        const found = await findEndpoint(tx, caller.tenantId, params.id)
        if (found === undefined) throw noSuchEndpoint(params.id)
        await endSecrets(tx, found, now + hours * 3_600_000)
        const secret = await addSecrets(tx, vault, found, deps.changes.newId, now)
        await deps.note(tx, actOf(caller, id, now, 'webhook_endpoint.secret_changed', found.id, { hours }))
        const after = (await findEndpoint(tx, caller.tenantId, params.id)) ?? found
        return { ...endpointView(after), secret }
      })
    },
  )

  app.post<{ Params: Static<typeof EndpointPath> }>(
    '/v1/webhook-endpoints/:id/test',
    {
      config: needs('webhooks:write'),
      schema: {
        tags,
        summary: 'Try an endpoint',
        description:
          'One delivery now, of the type `webhook.test`, signed as all are; the answer is what came of it. It is not repeated.',
        params: EndpointPath,
        response: answers(200, AttemptDocument, [...changing, 'not_found']),
      },
    },
    async (request) => {
      refuseBody(request)
      const { params, caller } = request
      return attemptView(await deps.webhooks.test(await find(caller.tenantId, params.id)))
    },
  )

  app.get<{ Params: Static<typeof EndpointPath>; Querystring: Static<typeof Page> }>(
    '/v1/webhook-endpoints/:id/attempts',
    {
      config: needs('webhooks:read'),
      schema: {
        tags,
        summary: 'What was tried, newest first',
        description: 'Each try of the last thirty days, with what was answered.',
        params: EndpointPath,
        querystring: Page,
        response: answers(200, pageOf(AttemptDocument), [...reading, 'not_found']),
      },
    },
    async ({ params, query, caller }) => {
      const { id } = await find(caller.tenantId, params.id)
      const limit = query.limit ?? 25
      const found = await deps.asTenant(caller.tenantId, (tx) =>
        listAttempts(tx, vault, caller.tenantId, { endpointId: id }, readPlace(query.cursor), limit + 1),
      )
      return toPage(found, limit, attemptView, ({ id }) => idCursor(id))
    },
  )

  app.get<{ Params: Static<typeof EndpointPath>; Querystring: { readonly limit?: number } }>(
    '/v1/webhook-endpoints/:id/dead-letters',
    {
      config: needs('webhooks:read'),
      schema: {
        tags,
        summary: 'What was given up, newest first',
        description: 'Events that were not taken in three days. `POST /v1/events/{id}/redeliver` has one told again.',
        params: EndpointPath,
        querystring: strict({ limit: Limit }),
        response: answers(200, pageOf(DeadLetterDocument), [...reading, 'not_found']),
      },
    },
    async ({ params, query, caller }) => {
      const { id } = await find(caller.tenantId, params.id)
      const limit = query.limit ?? 25
      const found = await deps.asTenant(caller.tenantId, (tx) => listDeadLetters(tx, caller.tenantId, id, limit + 1))
      const data = found.slice(0, limit).map(({ subject, sequence, tries, givenUpAt }) => ({
        event: eventIdOf(subject, sequence),
        tries,
        givenUpAt: toRfc3339(givenUpAt),
      }))
      return { data, hasMore: found.length > limit, nextCursor: null }
    },
  )
}

/** For a route whose body may be left away: then it is an empty one. */
export const bodyOptional = (request: FastifyRequest, _reply: FastifyReply, done: () => void): void => {
  request.body ??= {}
  done()
}

/** @throws {Problem} naming `url` */
function checkUrl({ webhooks }: WebhookRouteDeps, url: string): void {
  try {
    webhooks.check(url)
  } catch (error) {
    if (!(error instanceof OutboundRefused)) throw error
    throw invalidField('url', `is not an address that the hub calls: ${error.reason}`)
  }
}

const noSuchEndpoint = (id: string): Problem => new Problem('not_found', { detail: `There is no endpoint ${id}.` })

const endpointView = (endpoint: Endpoint) => ({
  id: endpoint.id,
  url: endpoint.url,
  events: endpoint.events === null ? null : [...endpoint.events],
  signatures: [...endpoint.schemes],
  description: endpoint.description,
  enabled: endpoint.enabled,
  disabledReason: endpoint.disabledReason,
  publicKeys: endpoint.publicKeys.map((key) => `whpk_${key}`),
  createdAt: toRfc3339(endpoint.createdAt),
})

export const attemptView = ({ id, eventId, at, durationMs, status, error, body }: Attempt) => ({
  id,
  event: eventId,
  at: toRfc3339(at),
  durationMs,
  status,
  error,
  body,
})

/** @returns 32 hex digits. @throws {Problem} `invalid_cursor` */
export const readPlace = (cursor: string | undefined): string | undefined =>
  cursor === undefined ? undefined : readHexCursor(cursor)
