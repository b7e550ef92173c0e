import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import { type Clock, toRfc3339 } from '../base/clock.ts'
import { readTextCursor, textCursor, toPage } from './page.ts'
import { needs } from './policy.ts'
import type { ProblemCode } from './problems.ts'
import { answers, Cursor, InstantWord, Limit, nullable, pageOf, strict } from './schemas.ts'

const PLACE = /^req ([1-9][0-9]{0,15})$/

/** One request as its developer sees it again: no body, no query, no id, nothing personal. */
type LoggedRequest = {
  readonly sequence: number
  readonly at: number
  readonly requestId: string
  readonly method: string
  /** The route as the document names it, so without ids. */
  readonly route: string
  readonly status: number
  readonly code: ProblemCode | null
  readonly ms: number
  readonly actor: string
}

/** The last requests of each tenant that this process answered. A request costs it one object, and no database. */
export interface RequestLog {
  readonly add: (request: FastifyRequest, reply: FastifyReply) => void
  /** The newest first. @param before  a sequence number: those before it */
  readonly list: (
    tenantId: number,
    isWanted: (one: LoggedRequest) => boolean,
    before: number,
  ) => readonly LoggedRequest[]
}

/** Requests of one tenant that are kept, and tenants whose are kept. */
const KEPT = 500
const TENANTS = 1_000

export function createRequestLog(clock: Pick<Clock, 'now'>): RequestLog {
  const rings = new Map<number, LoggedRequest[]>()
  let sequence = 0
  return {
    add(request, reply) {
      // Who was not let in is nobody's tenant; who asks for this log is not in it.
      const { caller } = request
      const route = request.routeOptions.url
      if (caller === undefined || route === undefined || route === '/v1/requests') return
      const ring = rings.get(caller.tenantId) ?? []
      if (!rings.has(caller.tenantId)) {
        if (rings.size >= TENANTS) rings.clear()
        rings.set(caller.tenantId, ring)
      }
      sequence += 1
      ring[sequence % KEPT] = {
        sequence,
        at: clock.now(),
        requestId: request.id,
        method: request.method,
        route,
        status: reply.statusCode,
        code: request.refusedAs,
        ms: Math.round(reply.elapsedTime * 10) / 10,
        actor: caller.actor.id,
      }
    },
    list: (tenantId, isWanted, before) =>
      (rings.get(tenantId) ?? [])
        .filter((one) => one !== undefined && one.sequence < before && isWanted(one))
        .sort((a, b) => b.sequence - a.sequence),
  }
}

const RequestDocument = strict({
  id: Type.String({ description: 'X-Request-Id' }),
  at: InstantWord,
  method: Type.String(),
  route: Type.String({ description: 'as the document names it' }),
  status: Type.Integer(),
  code: nullable(Type.String({ description: 'of the problem that it was answered with' })),
  ms: Type.Number(),
  actor: Type.String({ description: 'the client or person who asked' }),
})
const RequestQuery = strict({
  failed: Type.Optional(Type.Boolean({ description: 'true: only what was answered with 400 or more' })),
  method: Type.Optional(
    Type.Unsafe<'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'>({
      type: 'string',
      enum: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
      description: 'GET, POST, PUT, PATCH or DELETE',
    }),
  ),
  limit: Limit,
  cursor: Cursor,
})

/** `GET /v1/requests`: what was asked of the API lately, for whoever builds on it. */
export function requestLogRoutes(app: FastifyInstance, { requests }: { readonly requests: RequestLog }): void {
  app.get<{ Querystring: Static<typeof RequestQuery> }>(
    '/v1/requests',
    {
      config: needs('clients:read'),
      schema: {
        tags: ['Clients'],
        summary: 'What was asked of the API lately, newest first',
        description:
          `The last ${KEPT} requests of the tenant that this process answered, since it began: route, answer, time and who asked, without ` +
          'bodies, queries or ids. It is kept in memory; where several processes serve, each has its own.',
        querystring: RequestQuery,
        response: answers(200, pageOf(RequestDocument), ['invalid_request', 'invalid_cursor', 'unauthorized']),
      },
    },
    ({ query, caller }) => {
      const { limit = 25, failed, method } = query
      const isWanted = (one: LoggedRequest): boolean =>
        (failed !== true || one.status >= 400) && (method === undefined || one.method === method)
      const before = query.cursor === undefined ? Number.POSITIVE_INFINITY : Number(readTextCursor(query.cursor, PLACE))
      const found = requests.list(caller.tenantId, isWanted, before)
      return toPage(
        found,
        limit,
        ({ sequence: _, at, requestId, ...one }) => ({ id: requestId, at: toRfc3339(at), ...one }),
        ({ sequence }) => textCursor(`req ${sequence}`),
      )
    },
  )
}
