import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import { toRfc3339 } from '../base/clock.ts'
import { must, parsePaymentId } from '../base/identifiers.ts'
import type { Vault } from '../base/vault.ts'
import type { Tx } from '../db/pool.ts'
import type { AsTenant } from '../db/tenant.ts'
import type { Caller } from '../identity/caller.ts'
import { istDay } from '../imps/disputes/days.ts'
import { disputeStates, families, type Rule, rulesOn } from '../imps/disputes/rule.ts'
import { type Ask, type AskDeps, type Asked, ask, complain } from '../settlement/disputes/ask.ts'
import { type Complaint, complaintStates, lastComplaint } from '../settlement/disputes/complaint-store.ts'
import type { ComplaintDeps } from '../settlement/disputes/complaints.ts'
import { followUps, partyOf, untilOf } from '../settlement/disputes/dispute.ts'
import { type Evidence, listEvidence } from '../settlement/disputes/evidence.ts'
import { isOwnStep, type OwnDeps } from '../settlement/disputes/own-step.ts'
import { findDispute, listDisputes, listEvents, type StoredDispute } from '../settlement/disputes/store.ts'
import { readNote } from '../settlement/notes.ts'
import { actOf, type Noting } from './acts.ts'
import { idCursor, readIdCursor, toPage } from './page.ts'
import { needs } from './policy.ts'
import { disputeRefused, Problem, type ProblemCode } from './problems.ts'
import {
  Amount,
  answers,
  Cursor,
  DirectionWord,
  InstantWord,
  Limit,
  nullable,
  PaymentIdWord,
  PaymentPath,
  pageOf,
  RrnWord,
  SaidWords,
  strict,
} from './schemas.ts'
import { parseInstant } from './validation.ts'

export type DisputeRouteDeps = Noting & {
  readonly asTenant: AsTenant
  readonly vault: Vault
  readonly disputes: AskDeps & OwnDeps
  /** Absent: nothing is told NPCI over the wire. */
  readonly complaints?: ComplaintDeps
}

const wordOf = (values: readonly string[], description: string) =>
  Type.Unsafe<string>({ type: 'string', enum: [...values], description })
const Flag = Type.String({
  pattern: '^[A-Z]{1,4}$',
  maxLength: 4,
  description: 'a flag of NPCI: 1 to 4 capital letters, such as B or RGGC',
})
const Reason = Type.String({
  pattern: '^[A-Z0-9]{1,5}$',
  maxLength: 5,
  description: 'a reason code of NPCI: 1 to 5 capital letters and digits, such as 108',
})
export const DisputeIdWord = Type.String({
  pattern: '^dsp_[0-9a-f]{32}$',
  maxLength: 36,
  description: 'a dispute id: dsp_ and 32 hex digits',
})
export const DisputePath = strict({ id: DisputeIdWord })
const Family = wordOf(families, `one of ${families.join(', ')}`)
const states = disputeStates.filter((one) => one !== 'none')
const State = wordOf(states, `one of ${states.join(', ')}`)
const Paise = Type.String({ description: 'paise as a string of digits' })
const Day = Type.String({ description: 'a day in IST, such as 2026-11-27' })

const disputeFields = {
  id: Type.String(),
  payment: PaymentIdWord,
  rrn: RrnWord,
  direction: DirectionWord,
  institution: Type.String(),
  remitterBank: Type.String(),
  family: Family,
  state: State,
  amount: Amount,
  transactionOn: Day,
  flag: Flag,
  reason: Reason,
  steppedOn: Day,
  pending: nullable(
    strict(
      {
        flag: Flag,
        reason: Reason,
        at: InstantWord,
        own: Type.Boolean({
          description: 'whether this bank does it by itself, when somebody else agrees: `decision`',
        }),
      },
      'what was asked for, and no report has yet',
    ),
  ),
  dueAt: nullable(InstantWord),
  deemed: nullable(Type.String({ description: 'what NPCI takes as said when the time is over' })),
  held: Paise,
  receivable: Paise,
  hasLien: Type.Boolean(),
  openedBy: Type.String(),
  openedAt: InstantWord,
  updatedAt: InstantWord,
  closedAt: nullable(InstantWord),
}
const DisputeDocument = strict(disputeFields)
const EvidenceDocument = strict({
  id: Type.String(),
  name: Type.String(),
  mediaType: Type.String(),
  bytes: Type.Integer(),
  sha256: Type.String(),
  addedBy: Type.String(),
  addedAt: InstantWord,
})
export const DisputeDetail = strict({
  ...disputeFields,
  next: Type.Array(
    strict({
      flag: Flag,
      name: Type.String(),
      by: Type.Array(Type.String()),
      ours: Type.Boolean({ description: 'whether it is for the bank of this payment on this hub to say' }),
      reasons: Type.Array(Reason),
      until: nullable(InstantWord),
      moves: Type.String({ description: 'none, to_remitter, to_beneficiary or as_decided' }),
      needsEvidence: Type.Boolean(),
      source: Type.String(),
    }),
  ),
  events: Type.Array(
    strict({
      at: InstantWord,
      kind: Type.String(),
      flag: nullable(Type.String()),
      reason: nullable(Type.String()),
      actor: Type.String(),
      from: Type.String(),
      to: Type.String(),
      funds: Type.String(),
      amount: Paise,
      rule: nullable(Type.String()),
      note: nullable(Type.String()),
      said: nullable(SaidWords),
    }),
  ),
  evidence: Type.Array(EvidenceDocument),
  complaint: nullable(
    strict(
      {
        flag: Flag,
        reason: Reason,
        state: wordOf(complaintStates, `one of ${complaintStates.join(', ')}`),
        reference: nullable(Type.String({ description: 'what NPCI calls it' })),
        responseCode: nullable(Type.String()),
        askedBy: Type.String(),
        askedAt: InstantWord,
        checks: Type.Integer({ description: 'how often NPCI was asked what became of it' }),
        checkedAt: nullable(InstantWord),
        answeredAt: nullable(InstantWord),
      },
      'the last complaint that NPCI was told over the wire: asked, nobody knows whether it has it; unheard, it never came',
    ),
  ),
})

const Filters = strict({
  state: Type.Optional(State),
  family: Type.Optional(Family),
  flag: Type.Optional(Flag),
  direction: Type.Optional(DirectionWord),
  rrn: Type.Optional(RrnWord),
  payment: Type.Optional(PaymentIdWord),
  dueBefore: Type.Optional(InstantWord),
  open: Type.Optional(Type.Boolean({ description: 'true: those that are not over; false: those that are' })),
  limit: Limit,
  cursor: Cursor,
})
const NewDispute = strict(
  { payment: PaymentIdWord, flag: Flag, reason: Reason, amount: Type.Optional(Amount) },
  'a payment, and what is to be said about it',
)
const NoFields = strict({}, 'nothing')
const NewAnswer = strict(
  { flag: Flag, reason: Reason, amount: Type.Optional(Amount) },
  'what is to be said: one of `next` of the dispute',
)

export const bodyProblems: readonly ProblemCode[] = [
  'invalid_json',
  'duplicate_field',
  'json_too_deep',
  'body_too_large',
  'unsupported_media_type',
]
const reading: readonly ProblemCode[] = ['invalid_request', 'unauthorized', 'forbidden', 'database_unavailable']
export const asking: readonly ProblemCode[] = [...reading, ...bodyProblems, 'not_found', 'dispute_refused']
const tags = ['Disputes']

/** What is argued about payments that NPCI has settled: what stands, what may be said, and saying it. */
export function disputeRoutes(app: FastifyInstance, deps: DisputeRouteDeps): void {
  app.get<{ Querystring: Static<typeof Filters> }>(
    '/v1/disputes',
    {
      config: needs('settlement:read'),
      schema: {
        tags,
        summary: 'Disputes, newest first',
        description:
          'All filters together must fit. `dueBefore` finds what must be answered by then, by us or the other bank.',
        querystring: Filters,
        response: answers(200, pageOf(DisputeDocument), [...reading, 'invalid_cursor']),
      },
    },
    async ({ query, caller }) => {
      const limit = query.limit ?? 25
      const before = query.cursor === undefined ? undefined : readIdCursor(query.cursor, 'dsp')
      const dueBefore = query.dueBefore === undefined ? undefined : must(parseInstant(query.dueBefore), 'instant')
      const paymentId = query.payment === undefined ? undefined : must(parsePaymentId(query.payment), 'payment id')
      const { state, family, flag, direction, rrn, open } = query
      const filters = { state, family, flag, direction, rrn, open, dueBefore, paymentId }
      const found = await deps.asTenant(caller.tenantId, (tx) =>
        listDisputes(tx, caller.tenantId, filters, limit + 1, before),
      )
      return toPage(
        found,
        limit,
        (one) => disputeView(deps, one),
        ({ id }) => idCursor(id),
      )
    },
  )

  app.get<{ Params: Static<typeof DisputePath> }>(
    '/v1/disputes/:id',
    {
      config: needs('settlement:read'),
      schema: {
        tags,
        summary: 'One dispute: what happened, what papers there are, and what may follow by when',
        params: DisputePath,
        response: answers(200, DisputeDetail, [...reading, 'not_found']),
      },
    },
    async ({ params, caller }) =>
      deps.asTenant(caller.tenantId, async (tx) => detailOf(deps, tx, caller, await disputeOf(tx, caller, params.id))),
  )

  app.post<{ Body: Static<typeof NewDispute> }>(
    '/v1/disputes',
    {
      config: needs('settlement:write', 'sensitive'),
      schema: {
        tags,
        summary: 'Raise a dispute, or give a credit in good faith',
        description:
          'Judged by the rules of today: `dispute_refused` says why not, and what may be raised instead. It moves no money: it becomes a row ' +
          'of an upload file, which other people must let go, and the dispute is `raised` when a report of NPCI says so.',
        body: NewDispute,
        response: answers(201, DisputeDetail, [...asking, 'reauthentication_required']),
      },
    },
    async ({ body, caller, id: requestId }, reply) => {
      const paymentId = must(parsePaymentId(body.payment), 'payment id')
      const request = { paymentId, ...saidIn(body) }
      const answer = await say(deps, caller, requestId, request, noPayment(body.payment))
      reply.code(201)
      return answer
    },
  )

  app.post<{ Params: Static<typeof PaymentPath>; Body: Static<typeof NoFields> | undefined }>(
    '/v1/payments/:id/complaint',
    {
      config: needs('settlement:write', 'sensitive'),
      // A complaint needs no body.
      preValidation: (request, _reply, done) => {
        request.body ??= {}
        done()
      },
      schema: {
        tags,
        summary: 'The customer complains that the money never arrived',
        description:
          'What UDIR files for a complaint: a chargeback (B 108) of a deemed payment, or, where the beneficiary bank has confirmed the credit ' +
          '(TCC), a deferred one (FB 121). Which of the two the hub finds on record. It waits for people like any dispute. NPCI OC 117.',
        params: PaymentPath,
        body: NoFields,
        response: answers(201, DisputeDetail, [...asking, 'reauthentication_required']),
      },
    },
    async ({ params, caller, id: requestId }, reply) => {
      const paymentId = must(parsePaymentId(params.id), 'payment id')
      const answer = await deps.asTenant(caller.tenantId, async (tx) => {
        const asked = await complain(tx, deps.disputes, {
          tenantId: caller.tenantId,
          paymentId,
          actor: caller.actor.id,
        })
        return written(deps, tx, caller, requestId, { paymentId, ...asked.said }, asked.asked, noPayment(params.id))
      })
      reply.code(201)
      return answer
    },
  )

  app.post<{ Params: Static<typeof DisputePath>; Body: Static<typeof NewAnswer> }>(
    '/v1/disputes/:id/actions',
    {
      config: needs('settlement:write', 'sensitive'),
      schema: {
        tags,
        summary: 'Say what follows in a dispute: accept, represent, pre-arbitration, arbitration, withdraw …',
        description:
          '`next` of the dispute has what may be said, by whom, with which reasons and until when. It moves no money: it becomes a row of an ' +
          'upload file, which other people must let go, and the dispute moves when a report of NPCI says so.',
        params: DisputePath,
        body: NewAnswer,
        response: answers(202, DisputeDetail, [...asking, 'reauthentication_required']),
      },
    },
    async ({ params, body, caller, id: requestId }, reply) => {
      const { paymentId } = await deps.asTenant(caller.tenantId, (tx) => disputeOf(tx, caller, params.id))
      const request = { paymentId, disputeId: params.id, ...saidIn(body) }
      const answer = await say(deps, caller, requestId, request, `There is no dispute ${params.id}.`)
      reply.code(202)
      return answer
    },
  )
}

const saidIn = ({ flag, reason, amount }: Static<typeof NewAnswer>) => ({
  flag,
  reason,
  ...(amount === undefined ? {} : { amountPaise: BigInt(amount) }),
})

/** Asks for a flag, with its act, in one commit. @throws {Problem} */
const say = (
  deps: DisputeRouteDeps,
  caller: Caller,
  requestId: string,
  request: Omit<Ask, 'tenantId' | 'actor'>,
  unknown: string,
): Promise<Static<typeof DisputeDetail>> =>
  deps.asTenant(caller.tenantId, async (tx) => {
    const asked = await ask(tx, deps.disputes, { ...request, tenantId: caller.tenantId, actor: caller.actor.id })
    return written(deps, tx, caller, requestId, request, asked, unknown)
  })

const noPayment = (id: string): string => `There is no payment ${id} with an RRN.`

async function written(
  deps: DisputeRouteDeps,
  tx: Tx,
  caller: Caller,
  requestId: string,
  { flag, reason, paymentId, disputeId }: Omit<Ask, 'tenantId' | 'actor'>,
  asked: Asked,
  unknown: string,
): Promise<Static<typeof DisputeDetail>> {
  if (asked.kind === 'unknown') throw new Problem('not_found', { detail: unknown })
  if (asked.kind === 'refused') throw disputeRefused(asked.says)
  const action = disputeId === undefined ? 'dispute.raised' : 'dispute.answered'
  const detail = { flag, reason, payment: paymentId }
  await deps.note(tx, actOf(caller, requestId, deps.disputes.clock.now(), action, asked.dispute.id, detail))
  return detailOf(deps, tx, caller, asked.dispute)
}

/** @throws {Problem} `not_found` */
export async function disputeOf(tx: Tx, caller: Caller, id: string): Promise<StoredDispute> {
  const found = await findDispute(tx, caller.tenantId, id)
  if (found === undefined) throw new Problem('not_found', { detail: `There is no dispute ${id}.` })
  return found
}

/** A dispute with what happened to it. */
export async function detailOf(
  deps: DisputeRouteDeps,
  tx: Tx,
  caller: Caller,
  dispute: StoredDispute,
): Promise<Static<typeof DisputeDetail>> {
  const { clock, rules } = deps.disputes
  const [events, evidence, complaint] = await Promise.all([
    listEvents(tx, dispute.id),
    listEvidence(tx, deps.vault, caller.tenantId, dispute.id),
    lastComplaint(tx, dispute.id),
  ])
  const basis = dispute.state === 'new' ? istDay(clock.now()) : dispute.on
  const possible =
    dispute.state === 'new' || dispute.pending !== null
      ? []
      : followUps(dispute.family, dispute.state, basis, rulesOn(rules, basis))
  return {
    ...disputeView(deps, dispute),
    next: possible.map((rule) => nextView(dispute, rule)),
    events: events.map((event) => ({
      at: toRfc3339(event.at),
      kind: event.kind,
      flag: event.flag,
      reason: event.reason,
      actor: event.actor,
      from: event.from,
      to: event.to,
      funds: event.funds,
      amount: String(event.amountPaise),
      rule: event.rule,
      note: event.note,
      said: event.note === null ? null : readNote(event.note),
    })),
    evidence: evidence.map(evidenceView),
    complaint: complaint === undefined ? null : complaintView(complaint),
  }
}

const instantOf = (at: number | null): string | null => (at === null ? null : toRfc3339(at))

const complaintView = (one: Complaint) => ({
  flag: one.flag,
  reason: one.reason,
  state: one.state,
  reference: one.reference,
  responseCode: one.responseCode,
  askedBy: one.askedBy,
  askedAt: toRfc3339(one.askedAt),
  checks: one.checks,
  checkedAt: instantOf(one.checkedAt),
  answeredAt: instantOf(one.answeredAt),
})

function nextView(dispute: StoredDispute, rule: Rule) {
  const until = untilOf(rule, dispute, { on: dispute.transactionOn })
  return {
    flag: rule.flag,
    name: rule.name,
    by: [...rule.by],
    ours: rule.by.includes('bank')
      ? dispute.direction === 'outward'
      : rule.by.includes(partyOf(dispute.direction)) && rule.format !== null,
    reasons: [...rule.reasons],
    until: until === null ? null : toRfc3339(until),
    moves: rule.funds,
    needsEvidence: rule.evidence === true,
    source: rule.source,
  }
}

export const evidenceView = (one: Evidence): Static<typeof EvidenceDocument> => ({
  id: one.id,
  name: one.name,
  mediaType: one.mediaType,
  bytes: one.bytes,
  sha256: one.sha256,
  addedBy: one.addedBy,
  addedAt: toRfc3339(one.addedAt),
})

const disputeView = (deps: DisputeRouteDeps, one: StoredDispute): Static<typeof DisputeDocument> => ({
  id: one.id,
  payment: one.paymentId,
  rrn: one.rrn,
  direction: one.direction,
  institution: one.institution,
  remitterBank: one.remitterBank,
  family: one.family,
  state: one.state,
  amount: String(one.amountPaise),
  transactionOn: one.transactionOn,
  flag: one.flag,
  reason: one.reason,
  steppedOn: one.on,
  pending:
    one.pending === null
      ? null
      : {
          flag: one.pending.flag,
          reason: one.pending.reason,
          at: toRfc3339(one.pending.at),
          own: isOwnStep(one.pending.flag, deps.disputes.rules),
        },
  dueAt: one.dueAt === null ? null : toRfc3339(one.dueAt),
  deemed: one.dueFlag,
  held: String(one.heldPaise),
  receivable: String(one.receivablePaise),
  hasLien: one.lienId !== null,
  openedBy: one.openedBy,
  openedAt: toRfc3339(one.openedAt),
  updatedAt: toRfc3339(one.updatedAt),
  closedAt: one.closedAt === null ? null : toRfc3339(one.closedAt),
})
