import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import { toRfc3339 } from '../base/clock.ts'
import type { EnquiryId } from '../base/identifiers.ts'
import { must, parsePaymentId } from '../base/identifiers.ts'
import { parsePaise } from '../base/money.ts'
import type { Caller } from '../identity/caller.ts'
import { roleNames } from '../identity/rights.ts'
import {
  type Approval,
  type ApprovalRule,
  type CastVote,
  endRule,
  findApproval,
  findVotes,
  insertRule,
  listApprovals,
  listRules,
  type NewApproval,
  subjectKinds,
} from '../payment/approval-store.ts'
import type { Ballot, Decided } from '../payment/approvals.ts'
import type { Changes } from '../payment/changes.ts'
import { findEnquiries } from '../payment/enquiry-store.ts'
import { MAX_STEPS } from '../payment/four-eyes.ts'
import { findPayments } from '../payment/store.ts'
import { actOf, type Noting } from './acts.ts'
import { type EnquiryRouteDeps, enquiryView } from './name-enquiries.ts'
import { hexCursor, readHexCursor, toPage } from './page.ts'
import { noSuchPayment, type PaymentDeps, refuseBody, stepsOf } from './payments.ts'
import { needs } from './policy.ts'
import { invalidField, Problem } from './problems.ts'
import { Amount, answers, Cursor, InstantWord, Limit, nullable, PaymentDocument, pageOf, strict } from './schemas.ts'
import { parseInstant } from './validation.ts'
import { paymentView } from './view.ts'

export type ApprovalDeps = Pick<PaymentDeps, 'findEvents' | 'draining' | 'clock'> &
  EnquiryRouteDeps &
  Noting & {
    /** Counts a vote, and carries out what it decides. */
    readonly decide: (ballot: Ballot) => Promise<Decided>
    readonly changes: Changes
  }

const anyWord = (values: readonly string[]) => Type.Unsafe<string>({ type: 'string', enum: [...values] })

const Step = strict(
  {
    anyOf: Type.Array(
      strict({
        role: anyWord(roleNames),
        count: Type.Integer({ minimum: 1, maximum: 5, description: 'a number of people from 1 to 5' }),
      }),
      { minItems: 1, maxItems: MAX_STEPS, description: 'one to five alternatives' },
    ),
  },
  'a step: any one of its alternatives passes it',
)
const Steps = Type.Array(Step, {
  minItems: 1,
  maxItems: MAX_STEPS,
  description: 'one to five steps; all must be passed, each by people of its own',
})

const VoteDocument = strict({ voter: Type.String(), verdict: anyWord(['approve', 'reject']), at: InstantWord })

export const ApprovalDocument = strict({
  id: Type.String(),
  subject: strict({ kind: anyWord(subjectKinds), id: Type.String() }),
  reason: Type.String(),
  digest: Type.String({ description: 'SHA-256, in hex, of exactly what is approved; any edit makes another' }),
  steps: Steps,
  maker: Type.String(),
  votes: Type.Array(VoteDocument),
  change: nullable(Type.Object({}, { description: 'what is to be changed' })),
  payment: nullable(PaymentDocument),
  nameEnquiry: nullable(
    Type.Object({}, { description: 'what the beneficiary bank said, as GET /v1/name-enquiries/{id} has it' }),
  ),
  decision: nullable(anyWord(['approved', 'rejected', 'cancelled', 'lapsed', 'void'])),
  decidedAt: nullable(InstantWord),
  createdAt: InstantWord,
  expiresAt: InstantWord,
})

const ApprovalFilters = strict({
  all: Type.Optional(Type.Boolean({ description: 'true: also what was decided', default: false })),
  limit: Limit,
  cursor: Cursor,
})
const ApprovalPath = strict({
  id: Type.String({
    pattern: '^(apr|pay)_[0-9a-f]{32}$',
    maxLength: 36,
    description: 'an approval id: apr_ and 32 hex digits, or the id of the payment that waits',
  }),
})
const Ballots = Type.Union([
  strict({
    digest: Type.Optional(
      Type.String({
        pattern: '^[0-9a-f]{64}$',
        maxLength: 64,
        description: 'the digest of what you looked at: your vote counts for that and nothing else',
      }),
    ),
  }),
  Type.Null(),
])

const RuleDocument = strict({
  id: Type.String(),
  subject: anyWord(subjectKinds),
  overAmount: nullable(Amount),
  steps: Steps,
  validFrom: InstantWord,
  validUntil: nullable(InstantWord),
})
const NewRule = strict(
  {
    subject: anyWord(subjectKinds),
    overAmount: Type.Optional(Amount),
    steps: Steps,
    validFrom: Type.Optional(InstantWord),
    validUntil: Type.Optional(InstantWord),
  },
  'when something needs approval, and whose',
)
const RulePath = strict({
  id: Type.String({ pattern: '^rul_[0-9a-f]{32}$', maxLength: 36, description: 'a rule id: rul_ and 32 hex digits' }),
})

const said = {
  approve: [
    'Approve',
    'With the last vote that is needed a payment goes on to the rail at once, and a change is made.',
  ],
  reject: ['Reject', 'One vote is enough: the money goes back to the account, or the change is not made.'],
} as const

/** What waits for people, and the rules that say what does. */
export function approvalRoutes(app: FastifyInstance, deps: ApprovalDeps): void {
  app.get<{ Querystring: Static<typeof ApprovalFilters> }>(
    '/v1/approvals',
    {
      config: needs('approvals:read'),
      schema: {
        tags: ['Approvals'],
        summary: 'What waits for approval, newest first',
        description:
          'Payments in `requires_approval` and changes that a rule puts before people. Nobody deciding within the wait (`expiresAt`) gives ' +
          'the money back, or leaves things as they are. With `all=true` also what was decided.',
        querystring: ApprovalFilters,
        response: answers(200, pageOf(ApprovalDocument), [
          'invalid_request',
          'invalid_cursor',
          'unauthorized',
          'forbidden',
          'database_unavailable',
        ]),
      },
    },
    async ({ query, caller }) => {
      const limit = query.limit ?? 25
      const before = query.cursor === undefined ? undefined : readHexCursor(query.cursor)
      const found = await deps.asTenant(caller.tenantId, (tx) =>
        listApprovals(tx, caller.tenantId, query.all !== true, before, limit + 1),
      )
      const { data, ...rest } = toPage(
        found,
        limit,
        (one) => one,
        ({ id }) => hexCursor(id),
      )
      return { data: await viewsOf(deps, caller, data), ...rest }
    },
  )

  app.get<{ Params: Static<typeof ApprovalPath> }>(
    '/v1/approvals/:id',
    {
      config: needs('approvals:read'),
      schema: {
        tags: ['Approvals'],
        summary: 'One approval',
        params: ApprovalPath,
        response: answers(200, ApprovalDocument, [
          'invalid_request',
          'unauthorized',
          'forbidden',
          'not_found',
          'database_unavailable',
        ]),
      },
    },
    async ({ params, caller }) => {
      const found = await deps.asTenant(caller.tenantId, (tx) => findApproval(tx, caller.tenantId, params.id.slice(4)))
      if (found === undefined) throw noSuchApproval(params.id)
      return first(await viewsOf(deps, caller, [found]))
    },
  )

  for (const verdict of ['approve', 'reject'] as const) {
    const [summary, effect] = said[verdict]
    app.post<{ Params: Static<typeof ApprovalPath>; Body: Static<typeof Ballots> | undefined }>(
      `/v1/approvals/:id/${verdict}`,
      {
        config: needs('approvals:decide', 'sensitive'),
        // A vote needs no body.
        preValidation: (request, _reply, done) => {
          request.body ??= {}
          done()
        },
        schema: {
          tags: ['Approvals'],
          summary,
          description:
            `${effect} Whoever made it cannot decide about it, under whatever name. Asked again, the answer is the same. ` +
            'For a payment the answer is the payment, else the approval.',
          params: ApprovalPath,
          body: Ballots,
          response: answers(200, Type.Union([PaymentDocument, ApprovalDocument]), [
            'invalid_request',
            'invalid_json',
            'duplicate_field',
            'json_too_deep',
            'body_too_large',
            'unsupported_media_type',
            'unauthorized',
            'forbidden',
            'reauthentication_required',
            'own_work',
            'wrong_role',
            'approval_changed',
            'not_found',
            'not_awaiting_approval',
            'account_takes_no_money',
            'draining',
            'database_unavailable',
          ]),
        },
      },
      async ({ params, caller, body, id: requestId }) => {
        if (deps.draining()) throw new Problem('draining')
        const decided = await deps.decide({
          tenantId: caller.tenantId,
          id: params.id.slice(4),
          verdict,
          vote: { voter: caller.actor.id, same: caller.same, roles: caller.roles },
          digest: body?.digest,
          requestId,
          address: caller.address,
        })
        return answerOf(deps, caller, params.id, decided)
      },
    )
  }

  app.get(
    '/v1/approval-rules',
    {
      config: needs('approvals:read'),
      schema: {
        tags: ['Approvals'],
        summary: 'When something needs approval, and whose',
        response: answers(200, strict({ data: Type.Array(RuleDocument) }), [
          'unauthorized',
          'forbidden',
          'database_unavailable',
        ]),
      },
    },
    async ({ caller }) => ({
      data: (await deps.asTenant(caller.tenantId, (tx) => listRules(tx, caller.tenantId, deps.clock.now()))).map(
        ruleView,
      ),
    }),
  )

  app.post<{ Body: Static<typeof NewRule> }>(
    '/v1/approval-rules',
    {
      config: needs('limits:write', 'sensitive'),
      schema: {
        tags: ['Approvals'],
        summary: 'Make a rule',
        description:
          'All steps must be passed, each by any one of its alternatives and by people of its own. Of several rules for the same payment the ' +
          'one that asks for most people holds. Where a rule for `limits` exists, a new rule waits for approval itself: 202 and the approval.',
        body: NewRule,
        response: {
          ...answers(201, RuleDocument, [
            'invalid_request',
            'invalid_json',
            'duplicate_field',
            'json_too_deep',
            'body_too_large',
            'unsupported_media_type',
            'unauthorized',
            'forbidden',
            'reauthentication_required',
            'too_many_rules',
            'database_unavailable',
          ]),
          202: { description: 'It waits for approval.', content: { 'application/json': { schema: ApprovalDocument } } },
        },
      },
    },
    async ({ body, caller, id }, reply) => {
      const rule = readRule(body, deps.clock.now())
      const made = await deps.asTenant(caller.tenantId, async (tx) => {
        const content = { make: 'approval_rule', ...body }
        const waits = await deps.changes.propose(tx, changeBy(caller, 'limits', 'approval-rules', content))
        const result = waits ?? (await insertRule(tx, caller.tenantId, rule, deps.clock.now()))
        if (result === undefined) throw new Problem('too_many_rules')
        const what = 'digest' in result ? 'approval_rule.proposed' : 'approval_rule.created'
        await deps.note(
          tx,
          actOf(caller, id, deps.clock.now(), what, `${'digest' in result ? 'apr' : 'rul'}_${result.id}`, {
            subject: body.subject,
          }),
        )
        return result
      })
      deps.changes.forget(caller.tenantId)
      if ('digest' in made) {
        reply.code(202)
        return approvalView(deps, caller, made)
      }
      reply.code(201)
      return ruleView(made)
    },
  )

  app.delete<{ Params: Static<typeof RulePath> }>(
    '/v1/approval-rules/:id',
    {
      config: needs('limits:write', 'sensitive'),
      schema: {
        tags: ['Approvals'],
        summary: 'End a rule',
        description: 'Where a rule for `limits` exists, this waits for approval: 202 and the approval.',
        params: RulePath,
        response: {
          204: { description: 'It has ended.', type: 'null' },
          ...answers(202, ApprovalDocument, [
            'invalid_request',
            'unauthorized',
            'forbidden',
            'reauthentication_required',
            'not_found',
            'database_unavailable',
          ]),
        },
      },
    },
    async (request, reply) => {
      refuseBody(request)
      const { params, caller, id } = request
      const now = deps.clock.now()
      const waits = await deps.asTenant(caller.tenantId, async (tx) => {
        const rules = await listRules(tx, caller.tenantId, now)
        if (!rules.some((rule) => `rul_${rule.id}` === params.id))
          throw new Problem('not_found', { detail: `There is no rule ${params.id}.` })
        const proposed = await deps.changes.propose(
          tx,
          changeBy(caller, 'limits', params.id, { make: 'end_approval_rule', id: params.id.slice(4) }),
        )
        if (proposed === undefined) await endRule(tx, caller.tenantId, params.id.slice(4), now)
        await deps.note(
          tx,
          actOf(
            caller,
            id,
            now,
            proposed === undefined ? 'approval_rule.ended' : 'approval_rule.end_proposed',
            params.id,
            {},
          ),
        )
        return proposed
      })
      deps.changes.forget(caller.tenantId)
      if (waits === undefined) return reply.code(204).send()
      reply.code(202)
      return approvalView(deps, caller, waits)
    },
  )
}

const first = <T>(views: readonly T[]): T => must(views[0], 'approval')

const noSuchApproval = (id: string): Problem => new Problem('not_found', { detail: `There is no approval ${id}.` })

/** A change that waits now, as the API shows it. */
export const approvalView = async (deps: ApprovalDeps, caller: Caller, approval: NewApproval) =>
  first(await viewsOf(deps, caller, [{ ...approval, decision: null, decidedAt: null }]))

/** A change as somebody asks for it. */
export const changeBy = (
  caller: Caller,
  kind:
    | 'beneficiary'
    | 'limits'
    | 'client'
    | 'person'
    | 'resolution'
    | 'break'
    | 'upload'
    | 'compensation'
    | 'fee_rate',
  subjectId: string,
  content: object,
) => ({ tenantId: caller.tenantId, kind, subjectId, content, maker: caller.actor.id, makerSame: caller.same })

async function answerOf(deps: ApprovalDeps, caller: Caller, id: string, decided: Decided) {
  switch (decided.kind) {
    case 'unknown':
      throw id.startsWith('pay_') ? noSuchPayment(id) : noSuchApproval(id)
    case 'own_work':
    case 'wrong_role':
      throw new Problem(decided.kind)
    case 'stuck':
      throw new Problem('account_takes_no_money')
    case 'changed':
      throw new Problem('approval_changed')
    case 'too_late': {
      const { payment, approval } = decided
      const detail =
        payment === undefined ? `It is ${approval.decision ?? 'over'}.` : `The payment is ${payment.state}.`
      throw new Problem('not_awaiting_approval', { detail })
    }
    case 'counted':
    case 'done': {
      const { approval } = decided
      if (approval.subject.kind !== 'payment') return first(await viewsOf(deps, caller, [approval]))
      const view = first(await viewsOf(deps, caller, [approval]))
      if (decided.kind === 'counted' || decided.payment === undefined) return view.payment ?? view
      return paymentView(decided.payment, await stepsOf(deps, decided.payment, []), deps.view)
    }
  }
}

/** Each approval with its votes, and with the payment and the look-up, or the change, that it is about. */
async function viewsOf(deps: ApprovalDeps, caller: Caller, approvals: readonly Approval[]) {
  const ids = approvals.flatMap(({ subject }) => (subject.kind === 'payment' ? (parsePaymentId(subject.id) ?? []) : []))
  const enquiryIds = approvals.flatMap(({ enquiryId }): EnquiryId[] => (enquiryId === null ? [] : [enquiryId]))
  const { tenantId } = caller
  const [payments, enquiries, events, votes, changes] = await Promise.all([
    deps.asTenant(tenantId, (tx) => findPayments(tx, deps.vault, ids)),
    deps.asTenant(tenantId, (tx) => findEnquiries(tx, deps.vault, tenantId, enquiryIds)),
    deps.findEvents(tenantId, ids),
    deps.asTenant(tenantId, (tx) =>
      findVotes(
        tx,
        approvals.map(({ id }) => id),
      ),
    ),
    Promise.all(approvals.map((approval) => deps.changes.read(approval))),
  ])
  const byId = new Map(payments.map((payment) => [`${payment.id}`, payment]))
  return approvals.map((approval, i) => {
    const payment = byId.get(approval.subject.id)
    const enquiry = approval.enquiryId === null ? undefined : enquiries.get(approval.enquiryId)
    return {
      id: `apr_${approval.id}`,
      subject: approval.subject,
      reason: approval.reason,
      digest: approval.digest,
      steps: approval.steps,
      maker: approval.maker,
      votes: votes.filter((vote) => vote.id === approval.id).map(voteView),
      change: changes[i] ?? null,
      payment:
        payment === undefined
          ? null
          : paymentView(
              payment,
              events.filter((event) => event.paymentId === payment.id && event.sequence <= payment.version),
              deps.view,
            ),
      nameEnquiry: enquiry === undefined ? null : enquiryView(deps, enquiry),
      decision: approval.decision,
      decidedAt: approval.decidedAt === null ? null : toRfc3339(approval.decidedAt),
      createdAt: toRfc3339(approval.createdAt),
      expiresAt: toRfc3339(approval.expiresAt),
    }
  })
}

const voteView = ({ voter, verdict, at }: CastVote) => ({ voter, verdict, at: toRfc3339(at) })

const ruleView = (rule: ApprovalRule) => ({
  id: `rul_${rule.id}`,
  subject: rule.subjectKind,
  overAmount: rule.overPaise === null ? null : String(rule.overPaise),
  steps: rule.steps,
  validFrom: toRfc3339(rule.validFrom),
  validUntil: rule.validUntil === null ? null : toRfc3339(rule.validUntil),
})

/** A rule out of a body, also out of one that was approved later. @throws {Problem} naming the field */
export function readRule(body: Static<typeof NewRule>, now: number): Omit<ApprovalRule, 'id'> {
  const subjectKind = must(
    subjectKinds.find((kind) => kind === body.subject),
    'kind of subject',
  )
  if (body.overAmount !== undefined && subjectKind !== 'payment')
    throw invalidField('overAmount', 'is for payments only')
  const validFrom = body.validFrom === undefined ? now : must(parseInstant(body.validFrom), 'instant')
  const validUntil = body.validUntil === undefined ? null : must(parseInstant(body.validUntil), 'instant')
  if (validUntil !== null && validUntil <= Math.max(validFrom, now))
    throw invalidField('validUntil', 'must be later than validFrom and now')
  return {
    subjectKind,
    overPaise: parsePaise(body.overAmount) ?? null,
    steps: body.steps.map(({ anyOf }) => ({ anyOf: anyOf.map(({ role, count }) => ({ role, count })) })),
    validFrom: Math.max(validFrom, now),
    validUntil,
  }
}
