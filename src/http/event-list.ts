import type { FastifyInstance } from 'fastify'
import { type Static, type TSchema, Type } from 'typebox'
import {
  type EventSubject,
  eventSubjectKey,
  eventSubjectOf,
  must,
  parsePaymentId,
  parseSettlementSubjectId,
} from '../base/identifiers.ts'
import type { Caller } from '../identity/caller.ts'
import { findEvents, findPayments } from '../payment/store.ts'
import { findLinkEvents } from '../payment-link/events.ts'
import { type EventType, eventIdOf, eventTypeNames, readEventId } from '../webhook/catalogue.ts'
import type { Message } from '../webhook/deliver.ts'
import { findEndpoint, listEndpoints } from '../webhook/endpoint-store.ts'
import { listEvents, type Place } from '../webhook/event-list.ts'
import { findSettlementEvents } from '../webhook/settlement-events.ts'
import { addToStrands } from '../webhook/strand-store.ts'
import { actOf } from './acts.ts'
import { createDescribe } from './event-view.ts'
import { readBytes } from './page.ts'
import { PaymentLinkDocument } from './payment-link-view.ts'
import type { PaymentLinkDeps } from './payment-links.ts'
import type { PaymentDeps } from './payments.ts'
import { needs } from './policy.ts'
import { Problem } from './problems.ts'
import {
  answers,
  Cursor,
  InstantWord,
  Limit,
  nullable,
  PaymentDocument,
  PaymentIdWord,
  pageOf,
  strict,
} from './schemas.ts'
import { bodyOptional, EndpointIdWord, EventTypeWord, type WebhookRouteDeps } from './webhooks.ts'

const EventIdWord = Type.String({
  pattern: '^evt_[0-9a-f]{36}$',
  maxLength: 40,
  description: 'an event id: evt_ and 36 hex digits',
})
const SettlementEventDocument = strict(
  {
    id: Type.String({ description: 'of the dispute, break, compensation or file; of a cycle TRN/2026-11-28/2' }),
    state: Type.String({ description: 'as it stood then' }),
    institution: nullable(Type.String()),
    cycle: nullable(Type.String({ description: 'its settlement date in IST and its number' })),
    payment: nullable(PaymentIdWord),
    rrn: nullable(Type.String()),
    direction: nullable(Type.Union([Type.Literal('outward'), Type.Literal('inward')])),
    amount: nullable(Type.String({ description: 'in paise' })),
    reason: nullable(
      Type.String({
        description: 'the flag and reason code, the type of the break, the kind of file, or what is wrong with it',
      }),
    ),
    dueAt: nullable(InstantWord),
  },
  'what became of a dispute, a break, compensation, a cycle or a file: as it stood then',
)
/** An event of some types, whose data is of one shape: whoever has looked at `type` knows what `data` has. */
const eventOf = <Prefix extends string, Data extends TSchema>(prefixes: readonly Prefix[], data: Data) =>
  strict({
    id: EventIdWord,
    type: Type.Unsafe<Extract<EventType, `${Prefix}.${string}`>>({
      type: 'string',
      enum: eventTypeNames.filter((name) => prefixes.some((prefix) => name.startsWith(`${prefix}.`))),
      description: 'a type of event (docs/reference/events.md)',
    }),
    timestamp: InstantWord,
    data,
  })
export const EventDocument = Type.Union(
  [
    eventOf(['payment'], PaymentDocument),
    eventOf(['payment_link'], PaymentLinkDocument),
    eventOf(
      ['dispute', 'break', 'compensation', 'settlement_cycle', 'settlement_file', 'upload_file'],
      SettlementEventDocument,
    ),
  ],
  { description: 'an event: what a webhook is told, and its id' },
)
const EventPath = strict({ id: EventIdWord })
const EventQuery = strict({
  limit: Limit,
  cursor: Cursor,
  type: Type.Optional(EventTypeWord),
  payment: Type.Optional(PaymentIdWord),
})
const Redelivery = strict({ endpoint: Type.Optional(EndpointIdWord) })
const RedeliveryDocument = strict({
  event: EventIdWord,
  endpoints: Type.Array(EndpointIdWord, { description: 'who is told again, as soon as may be' }),
})
/** A page that always says where it ends: who polls goes on from there. */
const EventPage = strict({
  ...pageOf(EventDocument).properties,
  nextCursor: Type.Union([Type.String(), Type.Null()], {
    description:
      'where the next call goes on, also when there is nothing more yet; null only when there never was an event',
  }),
})

/** Endpoints that are told again at most: as many as a tenant can have. */
const MAX_ENDPOINTS = 100
const tags = ['Events']

export type EventListDeps = WebhookRouteDeps & Pick<PaymentDeps, 'view'> & Pick<PaymentLinkDeps, 'origins'>

/** Events for who polls, and to have them told again. */
export function eventListRoutes(app: FastifyInstance, deps: EventListDeps): void {
  /** Events as they are told, of one tenant, by its own sight. */
  const describe = (
    tenantId: number,
    refs: readonly { readonly subject: EventSubject; readonly sequence: number }[],
  ): Promise<ReadonlyMap<string, Message>> =>
    deps.asTenant(tenantId, (tx) =>
      createDescribe({
        findPayments: (ids) => findPayments(tx, deps.vault, ids),
        findEvents: (ids) => findEvents(tx, ids),
        findLinkEvents: (some) => findLinkEvents(tx, deps.vault, some),
        findSettlementEvents: (some) => findSettlementEvents(tx, some),
        origin: () => deps.origins()[0],
        view: deps.view,
      })(refs.map((ref) => ({ tenantId, ...ref }))),
    )
  const read = async (caller: Caller, id: string) => {
    const ref = readEventId(id)
    const mayRead = ref !== undefined && (parseSettlementSubjectId(ref.subject) === undefined || seesSettlement(caller))
    const message = mayRead ? (await describe(caller.tenantId, [ref])).get(id) : undefined
    if (ref === undefined || message === undefined) throw noSuchEvent(id)
    return { ref, event: { id, ...message } }
  }

  app.get<{ Querystring: Static<typeof EventQuery> }>(
    '/v1/events',
    {
      config: needs('payments:read'),
      schema: {
        tags,
        summary: 'What happened, oldest first',
        description:
          'For programs that ask instead of being told. Go on with `nextCursor` and the same filters; it is there also when `hasMore` is false, ' +
          'and nothing is missed. A page may be short, even empty, while `hasMore` is true. `payment`: its steps, what it did to its link, and what ' +
          'settlement found out about it; events of settlement are shown with `settlement:read`.',
        querystring: EventQuery,
        response: answers(200, EventPage, [
          'invalid_request',
          'invalid_cursor',
          'unauthorized',
          'database_unavailable',
        ]),
      },
    },
    async ({ query, caller }) => {
      const { tenantId } = caller
      const payment = query.payment === undefined ? undefined : must(parsePaymentId(query.payment), 'payment id')
      const type = eventTypeNames.find((name) => name === query.type)
      const after = query.cursor === undefined ? undefined : readPlace(query.cursor)
      const page = await deps.asTenant(tenantId, (tx) =>
        listEvents(tx, tenantId, { type, payment, settlement: seesSettlement(caller) }, after, query.limit ?? 25),
      )
      const told = await describe(tenantId, page.events)
      const data = page.events.flatMap(({ subject, sequence }) => {
        const id = eventIdOf(subject, sequence)
        const message = told.get(id)
        return message === undefined ? [] : [{ id, ...message }]
      })
      return { data, hasMore: page.hasMore, nextCursor: page.place === undefined ? null : writePlace(page.place) }
    },
  )

  app.get<{ Params: Static<typeof EventPath> }>(
    '/v1/events/:id',
    {
      config: needs('payments:read'),
      schema: {
        tags,
        summary: 'One event',
        params: EventPath,
        response: answers(200, EventDocument, ['invalid_request', 'unauthorized', 'not_found', 'database_unavailable']),
      },
    },
    async ({ params, caller }) => (await read(caller, params.id)).event,
  )

  app.post<{ Params: Static<typeof EventPath>; Body: Static<typeof Redelivery> }>(
    '/v1/events/:id/redeliver',
    {
      config: needs('webhooks:write'),
      preValidation: bodyOptional,
      schema: {
        tags,
        summary: 'Have an event told again',
        description:
          'To one endpoint, or to all that are enabled, with the same `webhook-id`, whether it was told, given up or never asked for. The schedule ' +
          'of tries begins anew. Events of that payment which are still to be told wait behind it.',
        params: EventPath,
        body: Redelivery,
        response: answers(202, RedeliveryDocument, [
          'invalid_request',
          'invalid_json',
          'duplicate_field',
          'json_too_deep',
          'body_too_large',
          'unsupported_media_type',
          'unauthorized',
          'forbidden',
          'not_found',
          'database_unavailable',
        ]),
      },
    },
    async ({ params, body, caller, id }, reply) => {
      const { tenantId } = caller
      const { event, ref } = await read(caller, params.id)
      const wanted = body.endpoint
      const now = deps.clock.now()
      const endpoints = await deps.asTenant(tenantId, async (tx) => {
        const named = wanted === undefined ? undefined : await findEndpoint(tx, tenantId, wanted)
        if (wanted !== undefined && named === undefined)
          throw new Problem('not_found', { detail: `There is no endpoint ${wanted}.` })
        const all = named === undefined ? await listEndpoints(tx, tenantId, undefined, MAX_ENDPOINTS) : [named]
        const told = all.filter(({ enabled }) => enabled)
        await addToStrands(
          tx,
          told.map((endpoint) => ({
            endpointId: endpoint.id,
            tenantId,
            subject: ref.subject,
            sequences: [ref.sequence],
          })),
          now,
          true,
        )
        await deps.note(
          tx,
          actOf(caller, id, now, 'event.redelivered', ref.subject, { step: ref.sequence, endpoints: told.length }),
        )
        return told.map((endpoint) => endpoint.id)
      })
      deps.webhooks.poke()
      reply.code(202)
      return { event: event.id, endpoints }
    },
  )
}

/** What settlement finds out is for those who may see it. */
const seesSettlement = (caller: Caller): boolean => caller.rights.has('settlement:read')

const noSuchEvent = (id: string): Problem => new Problem('not_found', { detail: `There is no event ${id}.` })

/** 8 bytes of the transaction, 16 of what it is of, 2 of the step; in a database that was restored 6 more of the time of that. */
const PLACE_BYTES = 26
const EPOCH_BYTES = 6

function writePlace({ epoch, writer, subject, sequence }: Place): string {
  const bytes = Buffer.alloc(PLACE_BYTES + (epoch === 0 ? 0 : EPOCH_BYTES))
  bytes.writeBigUInt64BE(BigInt(writer))
  bytes.write(eventSubjectKey(subject), 8, 'hex')
  bytes.writeUInt16BE(Math.min(sequence, 0xffff), 24)
  if (epoch !== 0) bytes.writeUIntBE(epoch, PLACE_BYTES, EPOCH_BYTES)
  return bytes.toString('base64url')
}

/** @throws {Problem} `invalid_cursor` */
function readPlace(cursor: string): Place {
  const isShort = cursor.length <= Math.ceil((PLACE_BYTES * 4) / 3)
  const bytes = readBytes(cursor, PLACE_BYTES + (isShort ? 0 : EPOCH_BYTES))
  const subject = eventSubjectOf(bytes.subarray(8, 24).toString('hex'))
  const epoch = isShort ? 0 : bytes.readUIntBE(PLACE_BYTES, EPOCH_BYTES)
  return { epoch, writer: String(bytes.readBigUInt64BE()), subject, sequence: bytes.readUInt16BE(24) }
}
