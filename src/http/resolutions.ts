import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import { must, parsePaymentId } from '../base/identifiers.ts'
import { isBeingResolved, lockForResolution } from '../payment/approval-store.ts'
import type { Changes } from '../payment/changes.ts'
import { oneChecker } from '../payment/four-eyes.ts'
import type { Finding } from '../payment/payment.ts'
import { findPayment } from '../payment/store.ts'
import type { StoredPayment } from '../payment/stored.ts'
import { actOf } from './acts.ts'
import { type ApprovalDeps, ApprovalDocument, approvalView, changeBy } from './approvals.ts'
import { noSuchPayment } from './payments.ts'
import { needs } from './policy.ts'
import { Problem } from './problems.ts'
import { answers, PaymentPath, strict } from './schemas.ts'

export type ResolutionDeps = ApprovalDeps & { readonly changes: Changes }

/** What each outcome says was found out, and of which payments it can be found. */
const outcomes = {
  succeeded: { finding: 'found_paid', of: ['unconfirmed', 'deemed'] },
  failed: { finding: 'found_unpaid', of: ['unconfirmed'] },
  returned: { finding: 'found_returned', of: ['deemed'] },
} as const satisfies Record<string, { readonly finding: Finding; readonly of: readonly StoredPayment['state'][] }>

const sources = ['npci_settlement_file', 'npci_dispute_system', 'beneficiary_bank', 'remitter_bank_core'] as const

const NewResolution = strict(
  {
    outcome: Type.Unsafe<keyof typeof outcomes>({
      type: 'string',
      enum: Object.keys(outcomes),
      description: 'succeeded, failed or returned',
    }),
    evidence: strict(
      {
        source: Type.Unsafe<(typeof sources)[number]>({
          type: 'string',
          enum: [...sources],
          description: `one of ${sources.join(', ')}`,
        }),
        reference: Type.String({
          minLength: 1,
          maxLength: 100,
          pattern: '^[^\\p{Cc}]+$',
          description: 'where it is: the name and line of a file, a dispute number, a letter, of 1 to 100 characters',
        }),
        note: Type.Optional(
          Type.String({
            minLength: 1,
            maxLength: 1000,
            pattern: '^[^\\p{Cc}]+$',
            description: 'what it says, in 1 to 1000 characters',
          }),
        ),
        sha256: Type.Optional(
          Type.String({
            pattern: '^[0-9a-f]{64}$',
            maxLength: 64,
            description: 'the SHA-256, in hex, of the file or letter',
          }),
        ),
      },
      'what shows it: source and reference, and note and sha256 if there are any',
    ),
  },
  'what became of a payment, and what shows it',
)

/** What people found out about payments whose outcome the wire left open. Never one person alone. */
export function resolutionRoutes(app: FastifyInstance, deps: ResolutionDeps): void {
  app.post<{ Params: Static<typeof PaymentPath>; Body: Static<typeof NewResolution> }>(
    '/v1/payments/:id/resolve',
    {
      config: needs('payments:resolve', 'money', 'sensitive'),
      schema: {
        tags: ['Payments'],
        summary: 'Say what became of a payment, with evidence',
        description:
          'For a payment in `unconfirmed` or `deemed` that no answer and no verification decided. It always waits for somebody else: by the ' +
          'rules for `resolution`, or one checker where there is none. Their last vote moves the payment, if nothing else has moved it by then. ' +
          'A `deemed` payment counts as paid at NPCI: it can be found `succeeded` or `returned`, never `failed`.',
        params: PaymentPath,
        body: NewResolution,
        response: answers(202, ApprovalDocument, [
          'invalid_request',
          'invalid_json',
          'duplicate_field',
          'json_too_deep',
          'body_too_large',
          'unsupported_media_type',
          'unauthorized',
          'forbidden',
          'reauthentication_required',
          'signature_required',
          'signature_invalid',
          'not_found',
          'not_resolvable',
          'resolution_pending',
          'database_unavailable',
        ]),
      },
    },
    async ({ params, body, caller, id: requestId }, reply) => {
      const { finding, of } = outcomes[body.outcome]
      const approval = await deps.asTenant(caller.tenantId, async (tx) => {
        await lockForResolution(tx, params.id)
        // Behind the lock, and on its connection: a second one might not come while others wait for the lock with theirs.
        const payment = await findPayment(
          tx,
          deps.vault,
          caller.tenantId,
          must(parsePaymentId(params.id), 'payment id'),
        )
        if (payment === undefined) throw noSuchPayment(params.id)
        if (payment.direction !== 'outward' || !of.some((state) => state === payment.state)) {
          throw new Problem('not_resolvable', {
            detail: `The payment is ${payment.state}; what can be found ${body.outcome} is ${of.join(' or ')}.`,
          })
        }
        if (await isBeingResolved(tx, caller.tenantId, payment.id)) throw new Problem('resolution_pending')
        const { evidence } = body
        const content = {
          finding,
          outcome: body.outcome,
          evidence,
          amount: String(payment.amountPaise),
          rrn: payment.rrn,
        }
        const proposed = await deps.changes.propose(tx, changeBy(caller, 'resolution', payment.id, content), oneChecker)
        await deps.note(
          tx,
          actOf(caller, requestId, deps.clock.now(), 'resolution.proposed', payment.id, {
            approval: `apr_${proposed.id}`,
            outcome: body.outcome,
            source: evidence.source,
          }),
        )
        return proposed
      })
      reply.code(202)
      return approvalView(deps, caller, approval)
    },
  )
}
