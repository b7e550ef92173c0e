import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import { asHub } from '../db/tenant.ts'
import { agreeToOwn, refuseOwn } from '../settlement/disputes/own-step.ts'
import { actOf } from './acts.ts'
import { asking, DisputeDetail, DisputePath, type DisputeRouteDeps, detailOf, disputeOf } from './disputes.ts'
import { needs } from './policy.ts'
import { disputeRefused, Problem } from './problems.ts'
import { answers, strict } from './schemas.ts'

const Decision = strict({
  agree: Type.Boolean({ description: 'false: what was asked for is dropped; also by who asked' }),
  reason: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 400,
      pattern: '^[^\\p{Cc}]+$',
      description: 'why, in words of 1 to 400 characters',
    }),
  ),
})

/** What a bank does by itself in a dispute, and a second person agrees to: the shadow reversal. */
export function disputeDecisionRoutes(app: FastifyInstance, deps: DisputeRouteDeps): void {
  app.post<{ Params: Static<typeof DisputePath>; Body: Static<typeof Decision> }>(
    '/v1/disputes/:id/decision',
    {
      config: needs('settlement:write', 'sensitive'),
      schema: {
        tags: ['Disputes'],
        summary: 'Agree to what this bank does by itself, or drop it',
        description:
          'A shadow reversal (SR), and its end (SRC, SRX), go to no other bank: somebody else than who asked agrees, and it is done in that ' +
          'commit, judged once more by the rules of now. SR credits the customer provisionally: the amount is in the account, under a lien. SRC ' +
          'lets the lien go, at the cost of the bank; SRX takes the credit back. RBI/2026-27/167 to 173, from 1 January 2027.',
        params: DisputePath,
        body: Decision,
        response: answers(200, DisputeDetail, [...asking, 'reauthentication_required']),
      },
    },
    async ({ params, body, caller, id: requestId }) =>
      deps.asTenant(caller.tenantId, async (tx) => {
        await disputeOf(tx, caller, params.id)
        const about = { tenantId: caller.tenantId, disputeId: params.id, actor: caller.actor.id }
        const why = body.reason ?? 'not agreed to'
        const decided = await asHub(tx, (hub) =>
          body.agree ? agreeToOwn(hub, deps.disputes, about) : refuseOwn(hub, deps.disputes, about, why),
        )
        if (decided.kind === 'unknown') throw new Problem('not_found', { detail: `There is no dispute ${params.id}.` })
        if (decided.kind === 'refused') throw disputeRefused(decided.says)
        const { flag, reason } = decided.dispute
        const action = body.agree ? 'dispute.agreed' : 'dispute.dropped'
        await deps.note(tx, actOf(caller, requestId, deps.disputes.clock.now(), action, params.id, { flag, reason }))
        return detailOf(deps, tx, caller, decided.dispute)
      }),
  )
}
