import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import { must, parsePaymentId } from '../base/identifiers.ts'
import type { Tx } from '../db/pool.ts'
import { isBeingResolved, isQuestioned, lockForResolution } from '../payment/approval-store.ts'
import type { Changes } from '../payment/changes.ts'
import { findingOf, notFindable, type Outcome, outcomes, saidByFile, whyNotFound } from '../payment/findable.ts'
import { oneChecker } from '../payment/four-eyes.ts'
import { findPayment } from '../payment/store.ts'
import type { StoredPayment } from '../payment/stored.ts'
import { stayedWithin } from '../payment/within-bank.ts'
import { ABSENT_CYCLES, rawOf } from '../settlement/books/items.ts'
import { actOf } from './acts.ts'
import { type ApprovalDeps, ApprovalDocument, approvalView, changeBy } from './approvals.ts'
import { noSuchPayment } from './payments.ts'
import { needs } from './policy.ts'
import { invalidField, Problem } from './problems.ts'
import { answers, PaymentPath, strict } from './schemas.ts'

export type ResolutionDeps = ApprovalDeps & { readonly changes: Changes }

const sources = ['npci_settlement_file', 'npci_dispute_system', 'beneficiary_bank', 'remitter_bank_core'] as const

const NewResolution = strict(
  {
    outcome: Type.Unsafe<Outcome>({
      type: 'string',
      enum: [...outcomes],
      description: `one of ${outcomes.join(', ')}; the last two by NPCI’s settlement file only`,
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
        fileCode: Type.Optional(
          Type.String({
            pattern: '^([0-9A-Z]{2}|absent)$',
            maxLength: 6,
            description: 'what NPCI’s settlement file has of the payment: its response code, or absent',
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
      'what shows it: source and reference; fileCode for settled and not_settled; note and sha256 if there are any',
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
          'For a payment in `unconfirmed` or `deemed` that no answer and no verification decided, and for one of either direction that NPCI’s ' +
          'settlement file decides otherwise than the hub has it: `settled` (00) or `not_settled` (a decline, or in none of three cycles). It ' +
          'always waits for somebody else: by the rules for `resolution`, or one checker where there is none. Their last vote moves the ' +
          'payment, if nothing else has moved it by then. A `deemed` payment counts as paid at NPCI: it can be found `succeeded` or ' +
          '`returned`, or `not_settled` by NPCI’s own file, never `failed`.',
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
      const { outcome, evidence } = body
      mustBeShown(outcome, evidence)
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
        const why = whyNotFound(outcome, payment)
        if (why !== undefined)
          throw new Problem('not_resolvable', { detail: `The payment is ${payment.state}: ${notFindable[why]}.` })
        if (payment.accountId === null)
          throw new Problem('not_resolvable', { detail: 'No account is known that its money could go to: return it.' })
        await mustNotBeRead(tx, outcome, evidence.fileCode, payment)
        if (await isBeingResolved(tx, caller.tenantId, payment.id)) throw new Problem('resolution_pending')
        const content = {
          finding: findingOf[outcome],
          outcome,
          evidence,
          amount: String(payment.amountPaise),
          rrn: payment.rrn,
        }
        const proposed = await deps.changes.propose(tx, changeBy(caller, 'resolution', payment.id, content), oneChecker)
        await deps.note(
          tx,
          actOf(caller, requestId, deps.clock.now(), 'resolution.proposed', payment.id, {
            approval: `apr_${proposed.id}`,
            outcome,
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

/** What NPCI's file decides is shown by NPCI's file, and by what it has of the payment. @throws {Problem} `invalid_request` */
function mustBeShown(outcome: Outcome, evidence: Static<typeof NewResolution>['evidence']): void {
  const file = saidByFile[outcome]
  if (file === undefined) return
  if (evidence.source !== 'npci_settlement_file')
    throw invalidField(
      'evidence.source',
      `must be npci_settlement_file: nothing else shows that a payment is ${outcome}`,
    )
  if (evidence.fileCode === undefined || !file.says(evidence.fileCode))
    throw invalidField('evidence.fileCode', `must be what the file has of a payment that is ${outcome}: ${file.words}`)
}

/** What the hub has read in NPCI's files itself stands over what somebody says of them. @throws {Problem} `not_resolvable` */
async function mustNotBeRead(
  tx: Tx,
  outcome: Outcome,
  code: string | undefined,
  payment: StoredPayment,
): Promise<void> {
  if (stayedWithin(payment))
    throw new Problem('not_resolvable', {
      detail: 'The payment stayed within the bank: it is decided, and no file of NPCI has it.',
    })
  const file = saidByFile[outcome]
  if (file === undefined) return
  const read = await rawOf(tx, payment.id)
  if (read === undefined) {
    // What is paid here and in NPCI's file has no item: without a break, nothing speaks against it but what somebody says.
    if (outcome === 'not_settled' && payment.state === 'succeeded' && !(await isQuestioned(tx, payment.id)))
      throw new Problem('not_resolvable', {
        detail: 'The payment is succeeded, and nothing in the files of NPCI that the hub has read is against it.',
      })
    return
  }
  if (read.raw !== 'absent' && !file.says(read.raw))
    throw new Problem('not_resolvable', {
      detail: `NPCI’s file, which the hub has read, has the payment as ${read.raw}.`,
    })
  if (read.raw === 'absent' && code === 'absent' && read.absentCycles < ABSENT_CYCLES)
    throw new Problem('not_resolvable', {
      detail: `It is missing from ${read.absentCycles} of ${ABSENT_CYCLES} cycles; NPCI may still have it.`,
    })
}
