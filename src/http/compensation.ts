import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import { toRfc3339 } from '../base/clock.ts'
import { must, parseAccountId } from '../base/identifiers.ts'
import { asHub } from '../db/tenant.ts'
import type { MakeChange } from '../payment/changes.ts'
import { oneChecker } from '../payment/four-eyes.ts'
import { payCompensation, waitReasons } from '../settlement/books/compensation-pay.ts'
import {
  type Compensation,
  compensationStates,
  findCompensation,
  isSameCustomers,
  listCompensation,
} from '../settlement/books/compensation-store.ts'
import { actOf } from './acts.ts'
import { type ApprovalDeps, ApprovalDocument, approvalView, changeBy } from './approvals.ts'
import { idCursor, readIdCursor, toPage } from './page.ts'
import { needs } from './policy.ts'
import { invalidField, Problem, type ProblemCode } from './problems.ts'
import {
  AccountIdWord,
  answers,
  anyWord,
  Cursor,
  InstantWord,
  Limit,
  nullable,
  PaymentIdWord,
  pageOf,
  strict,
} from './schemas.ts'

export type CompensationDeps = ApprovalDeps

const CompensationIdWord = Type.String({
  pattern: '^cmp_[0-9a-f]{32}$',
  maxLength: 36,
  description: 'a compensation id: cmp_ and 32 hex digits',
})
const CompensationPath = strict({ id: CompensationIdWord })
const CompensationDocument = strict({
  id: CompensationIdWord,
  institution: Type.String(),
  payment: nullable(PaymentIdWord),
  rrn: Type.String(),
  direction: anyWord(['outward', 'inward']),
  owedBy: anyWord(['us', 'other_bank']),
  from: Type.String({ description: 'the last day in time; each day after it costs 100 rupees' }),
  until: nullable(Type.String({ description: 'the day the money came, or went back' })),
  days: Type.Integer(),
  amount: Type.String({ description: 'in paise' }),
  reported: nullable(Type.String({ description: 'what NPCI’s report says, in paise' })),
  state: anyWord(compensationStates),
  waitsFor: nullable(anyWord(waitReasons)),
  tries: Type.Integer({ description: 'that found the account taking nothing' }),
  nextTryAt: nullable(InstantWord),
  paidTo: nullable(AccountIdWord),
  paidAt: nullable(InstantWord),
  updatedAt: InstantWord,
})
const Elsewhere = strict({ account: AccountIdWord }, 'another account of the same customer, which is open')
const Filters = strict({ state: Type.Optional(anyWord(compensationStates)), limit: Limit, cursor: Cursor })
const reading: readonly ProblemCode[] = ['invalid_request', 'unauthorized', 'database_unavailable']

/** What late money costs. */
export function compensationRoutes(app: FastifyInstance, deps: CompensationDeps): void {
  const tags = ['Settlement']

  app.get<{ Querystring: Static<typeof Filters> }>(
    '/v1/compensation',
    {
      config: needs('settlement:read'),
      schema: {
        tags,
        summary: 'Compensation for late money',
        description:
          'A hundred rupees for each day after T+1, paid unasked. `accruing`: the money has not come. `due`: it has, and the account takes ' +
          'nothing: `waitsFor` says why, `nextTryAt` when it is tried again (after an hour, after four, and then every day). What NPCI reports ' +
          'otherwise is a break, B22.',
        querystring: Filters,
        response: answers(200, pageOf(CompensationDocument), [...reading, 'invalid_cursor']),
      },
    },
    async ({ query, caller }) => {
      const { limit = 25, cursor, state } = query
      const before = cursor === undefined ? undefined : readIdCursor(cursor, 'cmp')
      const found = await deps.asTenant(caller.tenantId, (tx) =>
        listCompensation(tx, caller.tenantId, state, before, limit + 1),
      )
      return toPage(found, limit, viewOf, ({ id }) => idCursor(id))
    },
  )

  app.get<{ Params: Static<typeof CompensationPath> }>(
    '/v1/compensation/:id',
    {
      config: needs('settlement:read'),
      schema: {
        tags,
        summary: 'Compensation for one late payment',
        params: CompensationPath,
        response: answers(200, CompensationDocument, [...reading, 'not_found']),
      },
    },
    async ({ params, caller }) => {
      const found = await deps.asTenant(caller.tenantId, (tx) => findCompensation(tx, caller.tenantId, params.id))
      if (found === undefined) throw noSuchCompensation(params.id)
      return viewOf(found)
    },
  )

  app.post<{ Params: Static<typeof CompensationPath>; Body: Static<typeof Elsewhere> }>(
    '/v1/compensation/:id/pay-elsewhere',
    {
      config: needs('settlement:write', 'sensitive'),
      schema: {
        tags,
        summary: 'Ask that compensation goes to another account of its customer',
        description:
          'For what is due while its account is frozen or closed. It always waits for somebody else: by the rules for `compensation`, or one ' +
          'checker where there is none. With their last vote it is paid, if it is still due and the account still takes it.',
        params: CompensationPath,
        body: Elsewhere,
        response: answers(202, ApprovalDocument, [
          ...reading,
          'invalid_json',
          'duplicate_field',
          'json_too_deep',
          'body_too_large',
          'unsupported_media_type',
          'forbidden',
          'reauthentication_required',
          'not_found',
          'compensation_not_waiting',
        ]),
      },
    },
    async ({ params, body, caller, id: requestId }, reply) => {
      const { tenantId } = caller
      const approval = await deps.asTenant(tenantId, async (tx) => {
        const found = await findCompensation(tx, tenantId, params.id)
        if (found === undefined) throw noSuchCompensation(params.id)
        const { paymentId } = found
        if (found.waits === null || paymentId === null)
          throw new Problem('compensation_not_waiting', { detail: `${params.id} is ${found.state}.` })
        const account = must(parseAccountId(body.account), 'account')
        if (!(await isSameCustomers(tx, tenantId, paymentId, account)))
          throw invalidField('account', 'must be an open account of the same customer')
        const content = { account: body.account, amount: String(found.amountPaise), payment: paymentId }
        const proposed = await deps.changes.propose(tx, changeBy(caller, 'compensation', found.id, content), oneChecker)
        const detail = { approval: `apr_${proposed.id}`, account: body.account, amount: content.amount }
        await deps.note(
          tx,
          actOf(caller, requestId, deps.clock.now(), 'compensation.pay_elsewhere_proposed', found.id, detail),
        )
        return proposed
      })
      reply.code(202)
      return approvalView(deps, caller, approval)
    },
  )
}

/** Pays to the account that people agreed about, if nothing has changed since. @throws {Problem} `compensation_not_waiting` */
export const makeCompensationPayment =
  (now: () => number): MakeChange =>
  async (tx, tenantId, subjectId, content) => {
    const account = 'account' in content ? parseAccountId(String(content.account)) : undefined
    const found = await findCompensation(tx, tenantId, subjectId)
    const refused = new Problem('compensation_not_waiting', { detail: `${subjectId} has changed since.` })
    if (account === undefined || found === undefined || found.paymentId === null) throw refused
    if (!(await isSameCustomers(tx, tenantId, found.paymentId, account))) throw refused
    const paid = await asHub(tx, (hub) => payCompensation(hub, subjectId.slice(4), now(), account))
    if (paid.kind !== 'paid') throw refused
  }

const noSuchCompensation = (id: string): Problem =>
  new Problem('not_found', { detail: `There is no compensation ${id}.` })

const viewOf = ({
  paymentId,
  fromOn,
  untilOn,
  amountPaise,
  reportedPaise,
  waits,
  tryAt,
  paidAt,
  updatedAt,
  ...one
}: Compensation): Static<typeof CompensationDocument> => ({
  ...one,
  payment: paymentId,
  from: fromOn,
  until: untilOn,
  amount: String(amountPaise),
  reported: reportedPaise === null ? null : String(reportedPaise),
  waitsFor: waits,
  nextTryAt: tryAt === null ? null : toRfc3339(tryAt),
  paidAt: paidAt === null ? null : toRfc3339(paidAt),
  updatedAt: toRfc3339(updatedAt),
})
