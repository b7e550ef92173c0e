import type { FastifyInstance } from 'fastify'
import type { Static } from 'typebox'
import { lastComplaint } from '../settlement/disputes/complaint-store.ts'
import { askAboutComplaint, type Sent, tellNpci } from '../settlement/disputes/complaints.ts'
import { type RefusalCode, refusal } from '../settlement/disputes/refusals.ts'
import { actOf } from './acts.ts'
import { asking, DisputeDetail, DisputePath, type DisputeRouteDeps, detailOf, disputeOf } from './disputes.ts'
import { needs } from './policy.ts'
import { disputeRefused, Problem } from './problems.ts'
import { answers, strict } from './schemas.ts'

const NoFields = strict({}, 'nothing')
const tags = ['Disputes']

/** What a dispute asks for, told to NPCI over the wire (UDIR), and what became of it. */
export function disputeComplaintRoutes(app: FastifyInstance, deps: DisputeRouteDeps): void {
  const complaintsOf = () => {
    if (deps.complaints === undefined) throw disputeRefused(refusal('no_wire'))
    return deps.complaints
  }
  const common = {
    config: needs('settlement:write', 'sensitive'),
    // Neither needs a body.
    preValidation: (request: { body: unknown }, _reply: unknown, done: () => void) => {
      request.body ??= {}
      done()
    },
  }
  const response = answers(202, DisputeDetail, [...asking, 'reauthentication_required'])

  app.post<{ Params: Static<typeof DisputePath>; Body: Static<typeof NoFields> | undefined }>(
    '/v1/disputes/:id/complaint',
    {
      ...common,
      schema: {
        tags,
        summary: 'Tell NPCI of a complaint now, over the wire',
        description:
          'Where a dispute asks for B 108 or FB 121 of a bank on the XML wire: it leaves as a ReqComplaint, and goes into no file. Somebody else ' +
          'than who asked must say so. 202 says that it left, not that NPCI has it: `complaint` of the dispute tells, and money moves when an ' +
          'adjustment report has it. What got no answer is asked about and never sent again. NPCI OC 117.',
        params: DisputePath,
        body: NoFields,
        response,
      },
    },
    async ({ params, caller, id: requestId }, reply) => {
      const { clock } = deps.disputes
      const { detail, send } = await deps.asTenant(caller.tenantId, async (tx) => {
        await disputeOf(tx, caller, params.id)
        const told = await tellNpci(tx, complaintsOf(), {
          tenantId: caller.tenantId,
          disputeId: params.id,
          actor: caller.actor.id,
        })
        if (told.kind === 'unknown') throw new Problem('not_found', { detail: `There is no dispute ${params.id}.` })
        if (told.kind === 'refused') throw disputeRefused(told.says)
        const { flag, reason, id } = told.complaint
        const act = { flag, reason, complaint: id }
        await deps.note(tx, actOf(caller, requestId, clock.now(), 'dispute.told', params.id, act))
        const dispute = await disputeOf(tx, caller, params.id)
        return { detail: await detailOf(deps, tx, caller, dispute), send: told.send }
      })
      // What does not leave now is a complaint that NPCI says it never had, when it is asked; it goes with the next file then.
      send()
      reply.code(202)
      return detail
    },
  )

  app.post<{ Params: Static<typeof DisputePath>; Body: Static<typeof NoFields> | undefined }>(
    '/v1/disputes/:id/status',
    {
      ...common,
      schema: {
        tags,
        summary: 'Ask NPCI what became of a complaint',
        description:
          'As the hub does by itself while nothing is known. The answer comes later, in `complaint` of the dispute.',
        params: DisputePath,
        body: NoFields,
        response,
      },
    },
    async ({ params, caller, id: requestId }, reply) => {
      const detail = await deps.asTenant(caller.tenantId, async (tx) => {
        const dispute = await disputeOf(tx, caller, params.id)
        const complaints = complaintsOf()
        const complaint = await lastComplaint(tx, dispute.id)
        if (complaint === undefined) throw disputeRefused(refusal('told_nothing'))
        const sent = await askAboutComplaint(tx, complaints, complaint)
        if (sent !== 'sent') throw disputeRefused(refusal(notSent[sent]))
        const about = { complaint: complaint.id }
        await deps.note(
          tx,
          actOf(caller, requestId, deps.disputes.clock.now(), 'dispute.asked_about', dispute.id, about),
        )
        return detailOf(deps, tx, caller, dispute)
      })
      reply.code(202)
      return detail
    },
  )
}

const notSent = { link_down: 'no_link', unavailable: 'bank_not_on_wire' } as const satisfies Readonly<
  Record<Exclude<Sent, 'sent'>, RefusalCode>
>
