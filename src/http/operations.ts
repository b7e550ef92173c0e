import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import type { Clock } from '../base/clock.ts'
import type { Metrics } from './metrics.ts'
import { open as openToAll } from './policy.ts'
import { strict } from './schemas.ts'

/** A link to the switch, as the rail sees it. */
export type LinkStatus = {
  readonly id: string
  readonly role: 'remitter' | 'beneficiary' | 'both'
  /** In the words of the rail: `loggedOn`, `connecting`, … */
  readonly state: string
  /** True when payments can go over it now. */
  readonly usable: boolean
  /** Requests that wait for an answer. */
  readonly inFlight: number
}

export type OperationsDeps = {
  readonly clock: Clock
  readonly draining: () => boolean
  readonly links: () => readonly LinkStatus[]
  /** True when a new payment would leave at once, on the wire that the profile names for most. */
  readonly sending: () => boolean
  /** Asks the database anything; rejects when it is away. */
  readonly pingDatabase: () => Promise<void>
  readonly metrics: Metrics
}

/** How long the database may take to show that it is there. */
const PING_MS = 1_000

/** What is said of a link. */
export const linkFields = {
  id: Type.String(),
  role: Type.String(),
  state: Type.String(),
  usable: Type.Boolean(),
  inFlight: Type.Integer(),
} as const
const LinkDocument = strict(linkFields)
const Readiness = strict({
  status: Type.Unsafe<string>({ type: 'string', enum: ['ready', 'not_ready'] }),
  database: strict({ reachable: Type.Boolean(), latencyMs: Type.Union([Type.Number(), Type.Null()]) }),
  links: Type.Array(LinkDocument),
  draining: Type.Boolean(),
})

/** Nobody is asked for, and nobody is refused because the process has too much to do. */
const always = { ...openToAll, load: 'health' } as const

/** Health that tells the truth, and metrics. No API key: they say nothing about anybody's money. */
export function operationsRoutes(app: FastifyInstance, deps: OperationsDeps): void {
  const open: readonly [] = []

  app.get(
    '/healthz',
    {
      config: always,
      schema: {
        tags: ['Operations'],
        summary: 'Whether the process is alive',
        security: open,
        response: {
          200: {
            description: 'It is.',
            content: { 'application/json': { schema: strict({ status: Type.Literal('ok') }) } },
          },
        },
      },
    },
    () => ({ status: 'ok' }),
  )

  app.get(
    '/readyz',
    {
      config: always,
      schema: {
        tags: ['Operations'],
        summary: 'Whether payments can be made now',
        description: 'Ready: the database answers, at least one remitter link is usable, and the hub is not stopping.',
        security: open,
        response: {
          200: { description: 'Ready.', content: { 'application/json': { schema: Readiness } } },
          503: { description: 'Not ready, and why.', content: { 'application/json': { schema: Readiness } } },
        },
      },
    },
    async (_request, reply) => {
      const latencyMs = await ping(deps)
      const links = deps.links()
      const draining = deps.draining()
      const ready = latencyMs !== null && deps.sending() && !draining
      reply.code(ready ? 200 : 503)
      return {
        status: ready ? 'ready' : 'not_ready',
        database: { reachable: latencyMs !== null, latencyMs },
        links,
        draining,
      }
    },
  )

  app.get(
    '/metrics',
    {
      config: always,
      schema: {
        tags: ['Operations'],
        summary: 'Metrics in the text format of Prometheus',
        security: open,
        response: { 200: { description: 'Metrics.', content: { 'text/plain': { schema: Type.String() } } } },
      },
    },
    async (_request, reply) => {
      reply.header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
      return deps.metrics.print()
    },
  )
}

/** How long the database took to answer, in milliseconds; null when it did not. */
function ping({ clock, pingDatabase }: OperationsDeps): Promise<number | null> {
  return new Promise((resolve) => {
    const startedAt = clock.monotonicMs()
    const stop = clock.after(PING_MS, () => resolve(null))
    pingDatabase()
      .then(() => resolve(Math.round((clock.monotonicMs() - startedAt) * 100) / 100))
      .catch(() => resolve(null))
      .finally(stop)
  })
}
