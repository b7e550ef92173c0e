import type { FastifyInstance } from 'fastify'
import { must, type PaymentId, parsePaymentId } from '../base/identifiers.ts'
import { parsePaise } from '../base/money.ts'
import type { HistoryFilters, HistoryPage } from '../payment/history.ts'
import { publicStatuses } from '../payment/payment.ts'
import type { PaymentEvent } from '../payment/stored.ts'
import { idCursor, readIdCursor } from './page.ts'
import { type PaymentDeps, verificationsOf } from './payments.ts'
import { needs } from './policy.ts'
import { invalidField } from './problems.ts'
import { answers, PaymentDocument, PaymentFilters, pageOf } from './schemas.ts'
import { parseInstant } from './validation.ts'
import { paymentView } from './view.ts'

export type HistoryDeps = Pick<PaymentDeps, 'view' | 'findEvents' | 'findVerifications'> & {
  readonly listPayments: (
    tenantId: number,
    filters: HistoryFilters,
    before: PaymentId | undefined,
    limit: number,
  ) => Promise<HistoryPage>
}

/** `GET /v1/payments`: the history, newest first. */
export function historyRoutes(app: FastifyInstance, deps: HistoryDeps): void {
  app.get<{ Querystring: PaymentFilters }>(
    '/v1/payments',
    {
      config: needs('payments:read'),
      schema: {
        tags: ['Payments'],
        summary: 'History',
        description:
          'Newest first. All filters together must fit. `from` and `to` are instants of `createdAt`, the first inclusive, the second ' +
          'not; amounts are inclusive; `ifsc` is the beneficiary branch of an outward payment; `account` and `mobile` are looked for ' +
          'on both sides. A page may be short, even empty, while `hasMore` is true: the hub looks at a bounded number of ' +
          'payments per call. Go on with `nextCursor` and the same filters.',
        querystring: PaymentFilters,
        response: answers(200, pageOf(PaymentDocument), [
          'invalid_request',
          'invalid_cursor',
          'unauthorized',
          'database_unavailable',
        ]),
      },
    },
    async (request) => {
      const { query } = request
      const filters = readFilters(query)
      const before = query.cursor === undefined ? undefined : readCursor(query.cursor)
      const { tenantId } = request.caller
      const page =
        filters === 'none'
          ? { payments: [], next: undefined }
          : await deps.listPayments(tenantId, filters, before, query.limit ?? 25)
      const steps = new Map<PaymentId, PaymentEvent[]>(page.payments.map((payment) => [payment.id, []]))
      for (const event of await deps.findEvents(tenantId, [...steps.keys()])) steps.get(event.paymentId)?.push(event)
      const verification = await verificationsOf(deps, tenantId, page.payments)
      return {
        data: page.payments.map((payment) => ({
          ...paymentView(payment, steps.get(payment.id) ?? [], deps.view),
          ...verification(payment),
        })),
        hasMore: page.next !== undefined,
        nextCursor: page.next === undefined ? null : writeCursor(page.next),
      }
    },
  )
}

/** The filters as the domain knows them; `none` when no payment can have them yet (nothing waits for authentication). */
export function readFilters(query: PaymentFilters): HistoryFilters | 'none' {
  const status = publicStatuses.find((known) => known === query.status)
  if (query.status !== undefined && status === undefined) return 'none'
  const minAmount = parsePaise(query.minAmount)
  const maxAmount = parsePaise(query.maxAmount)
  if (minAmount !== undefined && maxAmount !== undefined && minAmount > maxAmount) {
    throw invalidField('minAmount', 'must not be more than maxAmount')
  }
  const from = query.from === undefined ? undefined : parseInstant(query.from)
  const to = query.to === undefined ? undefined : parseInstant(query.to)
  if (from !== undefined && to !== undefined && from > to) throw invalidField('from', 'must not be later than to')
  const { state, direction, rrn, reference, account, ifsc, mobile, q } = query
  return { status, state, direction, rrn, reference, account, ifsc, mobile, minAmount, maxAmount, from, to, q }
}

/** Where a page of payments ends, and the next one begins. */
export const writeCursor = (id: PaymentId): string => idCursor(id)

/** @throws {Problem} `invalid_cursor` */
export const readCursor = (cursor: string): PaymentId => must(parsePaymentId(readIdCursor(cursor, 'pay')), 'payment id')
