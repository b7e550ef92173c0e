import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import { toRfc3339 } from '../base/clock.ts'
import type { Vault } from '../base/vault.ts'
import type { AsTenant } from '../db/tenant.ts'
import { type Attempt, listAttempts } from '../webhook/attempt-store.ts'
import { eventIdOf } from '../webhook/catalogue.ts'
import { findHosts } from '../webhook/endpoint-store.ts'
import { listUntold } from '../webhook/strand-store.ts'
import { idCursor, toPage } from './page.ts'
import { find, type PaymentDeps } from './payments.ts'
import { needs } from './policy.ts'
import { answers, Cursor, InstantWord, Limit, nullable, PaymentPath, pageOf, strict } from './schemas.ts'
import { attemptFields, attemptView, EndpointIdWord, readPlace } from './webhooks.ts'

type PaymentDeliveryDeps = Pick<PaymentDeps, 'findPayment'> & {
  readonly asTenant: AsTenant
  readonly vault: Vault
}

const receiver = {
  endpoint: EndpointIdWord,
  host: nullable(Type.String({ description: 'of its URL; null when nothing is known of the endpoint any more' })),
}
const DeliveryDocument = strict({
  ...attemptFields,
  ...receiver,
  body: nullable(
    Type.String({ description: 'the first 500 characters of the answer; null for who may not read webhooks' }),
  ),
})
const DeliveriesDocument = strict({
  ...pageOf(DeliveryDocument).properties,
  pending: Type.Array(
    strict({
      ...receiver,
      events: Type.Array(Type.String(), { description: 'yet to be told, the next first' }),
      tries: Type.Integer({ description: 'of the first of them, so far' }),
      nextTryAt: Type.Union([InstantWord, Type.Null()], {
        description: 'null: the endpoint is disabled, and is told nothing until it is enabled',
      }),
    }),
  ),
  givenUp: Type.Array(strict({ ...receiver, event: Type.String(), tries: Type.Integer(), givenUpAt: InstantWord })),
})

/** Who was told of a payment, who has yet to be, and who was given up. */
export function paymentDeliveryRoutes(app: FastifyInstance, deps: PaymentDeliveryDeps): void {
  const { vault } = deps
  app.get<{
    Params: Static<typeof PaymentPath>
    Querystring: { readonly limit?: number; readonly cursor?: string }
  }>(
    '/v1/payments/:id/deliveries',
    {
      config: needs('payments:read'),
      schema: {
        tags: ['Payments'],
        summary: 'Who was told of it, newest try first',
        description:
          'Each try of the last thirty days to tell an endpoint of one of its events, what is still to be told, and what was given up. What ' +
          'receivers answered is there for who may read webhooks. `POST /v1/events/{id}/redeliver` has an event told again.',
        params: PaymentPath,
        querystring: strict({ limit: Limit, cursor: Cursor }),
        response: answers(200, DeliveriesDocument, [
          'invalid_request',
          'invalid_cursor',
          'unauthorized',
          'not_found',
          'database_unavailable',
        ]),
      },
    },
    async ({ params, query, caller }) => {
      const { tenantId } = caller
      const before = readPlace(query.cursor)
      const { id } = await find(deps, caller, params.id)
      const limit = query.limit ?? 25
      const { attempts, untold, receivers } = await deps.asTenant(tenantId, async (tx) => {
        const attempts = await listAttempts(tx, vault, tenantId, { subject: id }, before, limit + 1)
        const untold = await listUntold(tx, tenantId, id)
        const all = [...attempts, ...untold.pending, ...untold.dead].map(({ endpointId }) => endpointId)
        return { attempts, untold, receivers: await findHosts(tx, tenantId, [...new Set(all)]) }
      })
      const receiverOf = (endpointId: string) => ({
        endpoint: endpointId,
        host: receivers.get(endpointId)?.host ?? null,
      })
      const seesAnswers = caller.rights.has('webhooks:read')
      const view = (one: Attempt) => {
        const { body, ...shown } = attemptView(one)
        return { ...shown, body: seesAnswers ? body : null, ...receiverOf(one.endpointId) }
      }
      return {
        ...toPage(attempts, limit, view, (last) => idCursor(last.id)),
        pending: untold.pending.map(({ endpointId, sequences, tries, dueAt }) => ({
          ...receiverOf(endpointId),
          events: sequences.map((sequence) => eventIdOf(id, sequence)),
          tries,
          nextTryAt: receivers.get(endpointId)?.enabled === true ? toRfc3339(dueAt) : null,
        })),
        givenUp: untold.dead.map(({ endpointId, sequence, tries, givenUpAt }) => ({
          ...receiverOf(endpointId),
          event: eventIdOf(id, sequence),
          tries,
          givenUpAt: toRfc3339(givenUpAt),
        })),
      }
    },
  )
}
