import { Readable } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import type { ChainedAct } from '../audit/acts.ts'
import { type ExportFormat, exportActs, exportFormats } from '../audit/export.ts'
import { listActs } from '../audit/store.ts'
import { type Clock, toRfc3339 } from '../base/clock.ts'
import type { AsTenant } from '../db/tenant.ts'
import { dayOf } from '../imps/cycles.ts'
import { actOf, type Noting } from './acts.ts'
import { readTextCursor, textCursor, toPage } from './page.ts'
import { needs } from './policy.ts'
import { invalidField } from './problems.ts'
import { answers, InstantWord, Limit, nullable, pageOf, strict } from './schemas.ts'
import { parseInstant } from './validation.ts'

const PLACE = /^act ([1-9][0-9]{0,17})$/

export type AuditDeps = Noting & { readonly asTenant: AsTenant; readonly clock: Clock }

const ActDocument = strict({
  sequence: Type.String({ description: 'its place in the chain' }),
  at: InstantWord,
  actor: strict({ kind: Type.String(), id: Type.String() }),
  action: Type.String(),
  subject: nullable(Type.String()),
  outcome: Type.Unsafe<string>({ type: 'string', enum: ['done', 'refused'] }),
  detail: Type.Unsafe<ChainedAct['detail']>({
    type: 'object',
    additionalProperties: { type: ['string', 'number', 'boolean', 'null'] },
    description: 'ids, codes and numbers; nothing personal',
  }),
  requestId: nullable(Type.String()),
  address: nullable(Type.String()),
  hash: Type.String({ description: 'SHA-256 of the act before it and of this one' }),
})
const Word = (what: string) =>
  Type.Optional(Type.String({ pattern: '^[\\w./-]{1,100}$', maxLength: 100, description: what }))
const actFilters = {
  action: Word('an action such as client.created'),
  actor: Word('the id of whoever did it'),
  subject: Word('the id of what it was done to'),
  from: Type.Optional(InstantWord),
  to: Type.Optional(InstantWord),
}
const ActFilters = strict({
  ...actFilters,
  limit: Limit,
  cursor: Type.Optional(
    Type.String({ pattern: '^[A-Za-z0-9_-]{1,200}$', maxLength: 200, description: 'a cursor that the hub gave out' }),
  ),
})

const ExportQuery = strict({
  ...actFilters,
  format: Type.Optional(
    Type.Unsafe<ExportFormat>({
      type: 'string',
      enum: [...exportFormats],
      default: 'jsonl',
      description: exportFormats.join(' or '),
    }),
  ),
})
const mediaTypes = { jsonl: 'application/x-ndjson', csv: 'text/csv; charset=utf-8' } as const

/** The audit chain of a tenant, for its auditors. The proof that it is whole is a command of the operator's. */
export function auditRoutes(app: FastifyInstance, deps: AuditDeps): void {
  app.get<{ Querystring: Static<typeof ActFilters> }>(
    '/v1/audit/acts',
    {
      config: needs('audit:read'),
      schema: {
        tags: ['Audit'],
        summary: 'What was done, by whom, newest first',
        querystring: ActFilters,
        response: answers(200, pageOf(ActDocument), [
          'invalid_request',
          'invalid_cursor',
          'unauthorized',
          'database_unavailable',
        ]),
      },
    },
    async ({ query, caller }) => {
      const limit = query.limit ?? 25
      const filters = readFilters(query)
      const before = query.cursor === undefined ? undefined : BigInt(readTextCursor(query.cursor, PLACE))
      const acts = await deps.asTenant(caller.tenantId, (tx) =>
        listActs(tx, caller.tenantId, filters, before, limit + 1),
      )
      return toPage(acts, limit, actView, ({ sequence }) => textCursor(`act ${sequence}`))
    },
  )

  app.get<{ Querystring: Static<typeof ExportQuery> }>(
    '/v1/audit/acts/export',
    {
      config: { ...needs('audit:read'), gives: /text\/(csv|\*)|ndjson/i },
      schema: {
        tags: ['Audit'],
        summary: 'The audit chain as a file: all of it, or what fits the filters',
        description:
          'Newest first, one act a line, each with its hash: JSON lines, or CSV in which no cell is a formula. It has no end but the first act ' +
          'of the chain, and is the same as `npm run audit -- export`. That it was taken is the newest act in it.',
        querystring: ExportQuery,
        response: {
          ...answers(200, Type.String(), ['invalid_request', 'unauthorized', 'database_unavailable']),
          200: {
            description: 'The acts.',
            content: {
              'application/x-ndjson': { schema: Type.String() },
              'text/csv': { schema: Type.String() },
            },
          },
        },
      },
    },
    async ({ query, caller, id }, reply) => {
      const { format = 'jsonl', ...given } = query
      const { tenantId } = caller
      const filters = readFilters(given)
      const now = deps.clock.now()
      await deps.asTenant(tenantId, (tx) => deps.note(tx, actOf(caller, id, now, 'audit.exported', null, { format })))
      // A page is a transaction: whoever reads slowly holds none.
      const read = (before: bigint | undefined, limit: number) =>
        deps.asTenant(tenantId, (tx) => listActs(tx, tenantId, filters, before, limit))
      return reply
        .header('content-type', mediaTypes[format])
        .header('content-disposition', `attachment; filename="audit-${tenantId}-${dayOf(now)}.${format}"`)
        .send(Readable.from(exportActs(read, format), { objectMode: false }))
    },
  )
}

function readFilters({ action, actor, subject, from, to }: Omit<Static<typeof ActFilters>, 'limit' | 'cursor'>) {
  return { action, actor, subject, from: instant('from', from), to: instant('to', to) }
}

function instant(field: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const at = parseInstant(text)
  if (at === undefined) throw invalidField(field, 'must be an instant as RFC 3339 has it')
  return at
}

const actView = ({ sequence, at, actor, action, subject, outcome, detail, requestId, address, hash }: ChainedAct) => ({
  sequence: String(sequence),
  at: toRfc3339(at),
  actor: { kind: actor.kind, id: actor.id },
  action,
  subject,
  outcome,
  detail,
  requestId,
  address,
  hash,
})
