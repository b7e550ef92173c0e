import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import { toRfc3339 } from '../base/clock.ts'
import { must, type PaymentId, parsePaymentId } from '../base/identifiers.ts'
import { type Approval, listApprovals } from '../payment/approval-store.ts'
import type { Decided } from '../payment/approvals.ts'
import { findEnquiries } from '../payment/enquiry-store.ts'
import type { NameEnquiry } from '../payment/name-enquiry.ts'
import { findPayments } from '../payment/store.ts'
import type { StoredPayment } from '../payment/stored.ts'
import { readCursor, writeCursor } from './history.ts'
import { type EnquiryRouteDeps, enquiryView } from './name-enquiries.ts'
import { noSuchPayment, type PaymentDeps, refuseBody, stepsOf } from './payments.ts'
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
import { paymentView } from './view.ts'

export type ApprovalDeps = Pick<PaymentDeps, 'findEvents' | 'draining'> &
  EnquiryRouteDeps & {
    /** By door 2: lets the payment go on, or gives the money back. */
    readonly decide: (tenantId: number, id: PaymentId, decision: 'approved' | 'rejected') => Promise<Decided>
  }

const ApprovalDocument = strict({
  payment: PaymentDocument,
  reason: Type.Literal('name_mismatch'),
  nameEnquiry: Type.Object(
    {},
    { description: 'what the beneficiary bank said, as GET /v1/name-enquiries/{id} has it' },
  ),
  decision: nullable(Type.Unsafe<string>({ type: 'string', enum: ['approved', 'rejected', 'cancelled', 'lapsed'] })),
  decidedAt: nullable(InstantWord),
  expiresAt: InstantWord,
})

const ApprovalFilters = strict({
  all: Type.Optional(Type.Boolean({ description: 'true: also what was decided', default: false })),
  limit: Limit,
  cursor: Cursor,
})
const ApprovalPath = strict({ paymentId: PaymentIdWord })

const words = {
  approve: ['approved', 'Approve a payment', 'It goes on to the rail at once, or waits for a link.'],
  reject: ['rejected', 'Reject a payment', 'The money goes back to the account.'],
} as const

/** Payments that wait for a person. */
export function approvalRoutes(app: FastifyInstance, deps: ApprovalDeps): void {
  app.get<{ Querystring: Static<typeof ApprovalFilters> }>(
    '/v1/approvals',
    {
      config: needs('approvals:read'),
      schema: {
        tags: ['Approvals'],
        summary: 'What waits for approval, newest first',
        description:
          "Payments in `requires_approval`: their beneficiary is registered under another name than the one given. Nobody's decision " +
          'within the wait (`expiresAt`) gives the money back. With `all=true` also what was decided.',
        querystring: ApprovalFilters,
        response: answers(200, pageOf(ApprovalDocument), [
          'invalid_request',
          'invalid_cursor',
          'unauthorized',
          'database_unavailable',
        ]),
      },
    },
    async ({ query, caller }) => {
      const limit = query.limit ?? 25
      const before = query.cursor === undefined ? undefined : readCursor(query.cursor)
      const found = await deps.asTenant(caller.tenantId, (tx) =>
        listApprovals(tx, caller.tenantId, query.all !== true, before, limit + 1),
      )
      const data = await viewsOf(deps, caller.tenantId, found.slice(0, limit))
      const last = found[limit - 1]
      const hasMore = found.length > limit && last !== undefined
      return { data, hasMore, nextCursor: hasMore ? writeCursor(last.paymentId) : null }
    },
  )

  for (const verb of ['approve', 'reject'] as const) {
    const [decision, summary, effect] = words[verb]
    app.post<{ Params: Static<typeof ApprovalPath> }>(
      `/v1/approvals/:paymentId/${verb}`,
      {
        config: needs('approvals:decide', 'sensitive'),
        schema: {
          tags: ['Approvals'],
          summary,
          description:
            `${effect} Asked again, the answer is the same. Any key of the tenant may decide for now: roles, and that nobody approves ` +
            'what they entered, come with users.',
          params: ApprovalPath,
          response: answers(200, PaymentDocument, [
            'invalid_request',
            'unauthorized',
            'not_found',
            'not_awaiting_approval',
            'draining',
            'database_unavailable',
          ]),
        },
      },
      async (request) => {
        refuseBody(request)
        if (deps.draining()) throw new Problem('draining')
        const id = must(parsePaymentId(request.params.paymentId), 'payment id')
        const decided = await deps.decide(request.caller.tenantId, id, decision)
        if (decided.kind === 'unknown') throw noSuchPayment(id)
        const { payment } = decided
        if (decided.kind === 'too_late') {
          throw new Problem('not_awaiting_approval', { detail: `The payment is ${payment.state}.` })
        }
        return paymentView(payment, await stepsOf(deps, payment, []), deps.view)
      },
    )
  }
}

/** Each approval with its payment and the look-up that caused it. */
async function viewsOf(deps: ApprovalDeps, tenantId: number, approvals: readonly Approval[]) {
  const ids = approvals.map((one) => one.paymentId)
  const [payments, enquiries, events] = await Promise.all([
    deps.asTenant(tenantId, (tx) => findPayments(tx, ids)),
    deps.asTenant(tenantId, (tx) =>
      findEnquiries(
        tx,
        tenantId,
        approvals.map((one) => one.enquiryId),
      ),
    ),
    deps.findEvents(tenantId, ids),
  ])
  const byId = new Map(payments.map((payment) => [payment.id, payment]))
  const view = (approval: Approval, payment: StoredPayment, enquiry: NameEnquiry) => ({
    payment: paymentView(
      payment,
      events.filter((event) => event.paymentId === payment.id && event.sequence <= payment.version),
      deps.view,
    ),
    reason: 'name_mismatch' as const,
    nameEnquiry: enquiryView(deps, enquiry),
    decision: approval.decision,
    decidedAt: approval.decidedAt === null ? null : toRfc3339(approval.decidedAt),
    expiresAt: toRfc3339(approval.expiresAt),
  })
  return approvals.flatMap((approval) => {
    const payment = byId.get(approval.paymentId)
    const enquiry = enquiries.get(approval.enquiryId)
    return payment === undefined || enquiry === undefined ? [] : [view(approval, payment, enquiry)]
  })
}
