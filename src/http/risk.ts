import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import { toRfc3339 } from '../base/clock.ts'
import { must, parseAccountId } from '../base/identifiers.ts'
import type { Tx } from '../db/pool.ts'
import { actions, type RuleSet, suggested } from '../risk/rules.ts'
import {
  closeFlag,
  type DatedRules,
  type Flag,
  insertRuleSet,
  listFlags,
  listRuleSets,
  rulesAt,
} from '../risk/store.ts'
import { actOf } from './acts.ts'
import { type ApprovalDeps, ApprovalDocument, approvalView, changeBy } from './approvals.ts'
import { readTimedCursor, timedCursor, toPage } from './page.ts'
import { needs } from './policy.ts'
import { invalidField, Problem, type ProblemCode } from './problems.ts'
import {
  AccountIdWord,
  Amount,
  answers,
  Cursor,
  DirectionWord,
  InstantWord,
  Limit,
  nullable,
  PaymentIdWord,
  pageOf,
  strict,
} from './schemas.ts'
import { parseInstant } from './validation.ts'

export type RiskDeps = ApprovalDeps & {
  /** Rules of a tenant changed: what judges reads them again. */
  readonly forgetRisk: (tenantId: number) => void
}

const DAY_MINUTES = 1_440
const integer = (minimum: number, maximum: number, what: string) =>
  Type.Integer({ minimum, maximum, description: `a number of ${what} from ${minimum} to ${maximum}` })
const minutes = integer(1, DAY_MINUTES, 'minutes')
const action = Type.Optional(
  Type.Unsafe<(typeof actions)[number]>({
    type: 'string',
    enum: [...actions],
    description: 'review (when not given) or refuse',
  }),
)
const hour = Type.Integer({ minimum: 0, maximum: 23, description: 'an hour of India from 0 to 23' })

const RulesDocument = strict(
  {
    velocity: Type.Optional(strict({ count: integer(2, 60, 'payments'), minutes, action })),
    passThrough: Type.Optional(strict({ percent: integer(1, 100, 'percent'), minutes, least: Amount, action })),
    fanIn: Type.Optional(strict({ remitters: integer(2, 60, 'remitters'), minutes, action })),
    fanOut: Type.Optional(strict({ beneficiaries: integer(2, 60, 'beneficiaries'), minutes, action })),
    structuring: Type.Optional(
      strict({
        amount: Amount,
        percent: integer(1, 50, 'percent'),
        count: integer(2, 60, 'payments'),
        minutes,
        action,
      }),
    ),
    dormant: Type.Optional(strict({ days: integer(2, 3_650, 'days'), amount: Amount, action })),
    roundTrips: Type.Optional(strict({ times: integer(1, 30, 'times'), minutes, action })),
    oddHours: Type.Optional(strict({ from: hour, to: hour, amount: Amount, action })),
    probing: Type.Optional(strict({ probe: Amount, amount: Amount, minutes, action })),
  },
  'the rules that look; one that is not there does not',
)
const SetDocument = strict({
  version: Type.Integer(),
  rules: RulesDocument,
  validFrom: InstantWord,
  createdBy: Type.String(),
  createdAt: InstantWord,
})
const RuleSets = strict({
  current: nullable(SetDocument),
  suggested: RulesDocument,
  data: Type.Array(SetDocument),
})
const NewSet = strict(
  { rules: RulesDocument, validFrom: Type.Optional(InstantWord) },
  'the rules of risk from an instant on',
)
type NewSet = Static<typeof NewSet>

const FlagDocument = strict({
  id: Type.String(),
  account: AccountIdWord,
  direction: DirectionWord,
  verdict: Type.String({ description: 'review, refuse, or flag: a credit that was looked at' }),
  reasons: Type.Array(Type.String()),
  ruleSet: Type.String(),
  payment: nullable(PaymentIdWord),
  amount: Amount,
  times: Type.Integer({ description: 'how often the same came within the hour' }),
  firstAt: InstantWord,
  lastAt: InstantWord,
  closedBy: nullable(Type.String()),
  closedAt: nullable(InstantWord),
  note: nullable(Type.String()),
})
const FlagFilters = strict({
  account: Type.Optional(AccountIdWord),
  all: Type.Optional(Type.Boolean({ description: 'true or false: also those that somebody has closed' })),
  limit: Limit,
  cursor: Cursor,
})
const FlagPath = strict({
  id: Type.String({ pattern: '^flg_[0-9a-f]{32}$', maxLength: 36, description: 'a flag id: flg_ and 32 hex digits' }),
})
const Closing = strict(
  {
    note: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 200,
        pattern: '^[^\\p{Cc}\\p{Cs}]+$',
        description: 'what was found, in 1 to 200 characters, without anybody in it',
      }),
    ),
  },
  'what was found',
)
const reading: readonly ProblemCode[] = ['invalid_request', 'unauthorized', 'database_unavailable']
const changing: readonly ProblemCode[] = [
  ...reading,
  'invalid_json',
  'duplicate_field',
  'json_too_deep',
  'body_too_large',
  'unsupported_media_type',
  'reauthentication_required',
]

/** The rules of risk, and what people should look at. */
export function riskRoutes(app: FastifyInstance, deps: RiskDeps): void {
  const { clock } = deps
  const tags = ['Risk']

  app.get(
    '/v1/risk/rules',
    {
      config: needs('risk:read'),
      schema: {
        tags,
        summary: 'The rules of risk',
        description: 'What holds now, what held and what will (newest first), and a set to begin with.',
        response: answers(200, RuleSets, reading),
      },
    },
    async ({ caller }) => {
      const sets = await deps.asTenant(caller.tenantId, (tx) => listRuleSets(tx, caller.tenantId))
      const current = rulesAt(sets, clock.now())
      return { current: current === undefined ? null : setView(current), suggested, data: sets.map(setView) }
    },
  )

  app.put<{ Body: NewSet }>(
    '/v1/risk/rules',
    {
      config: needs('limits:write', 'sensitive'),
      schema: {
        tags,
        summary: 'Set the rules of risk',
        description:
          'The whole set, from now on or from `validFrom`; `{"rules": {}}` looks at nothing. Sets are never changed and never deleted: ' +
          'a payment names the one that judged it. Where a rule for `limits` exists it waits for approval: 202.',
        body: NewSet,
        response: {
          ...answers(200, SetDocument, changing),
          202: { description: 'It waits for approval.', content: { 'application/json': { schema: ApprovalDocument } } },
        },
      },
    },
    async ({ body, caller, id }, reply) => {
      const now = clock.now()
      const set = readSet(body, now)
      const made = await deps.asTenant(caller.tenantId, async (tx) => {
        const content = { make: 'risk_rules', by: caller.actor.id, ...body }
        const proposed = await deps.changes.propose(tx, changeBy(caller, 'limits', 'risk_rules', content))
        const result = proposed ?? (await insertRuleSet(tx, caller.tenantId, { ...set, by: caller.actor.id }, now))
        const action = proposed === undefined ? 'risk_rules.set' : 'risk_rules.proposed'
        const subject = 'digest' in result ? `apr_${result.id}` : `rules/${result.version}`
        await deps.note(tx, actOf(caller, id, now, action, subject, { rules: Object.keys(body.rules).join(' ') }))
        return result
      })
      if ('digest' in made) {
        reply.code(202)
        return approvalView(deps, caller, made)
      }
      deps.forgetRisk(caller.tenantId)
      return setView(made)
    },
  )

  app.get<{ Querystring: Static<typeof FlagFilters> }>(
    '/v1/risk/flags',
    {
      config: needs('risk:read'),
      schema: {
        tags,
        summary: 'What people should look at, newest first',
        description:
          'Payments that were refused or put before people, and credits that stand out. The same of one account within an hour is one flag.',
        querystring: FlagFilters,
        response: answers(200, pageOf(FlagDocument), [...reading, 'invalid_cursor']),
      },
    },
    async ({ query, caller }) => {
      const limit = query.limit ?? 25
      const account = parseAccountId(query.account)
      const found = await deps.asTenant(caller.tenantId, (tx) =>
        listFlags(tx, caller.tenantId, {
          open: query.all !== true,
          ...(account === undefined ? {} : { account }),
          ...(query.cursor === undefined ? {} : { before: readTimedCursor(query.cursor, 'flg') }),
          limit: limit + 1,
        }),
      )
      return toPage(found, limit, flagView, ({ firstAt, id }) => timedCursor({ at: firstAt, id }))
    },
  )

  app.post<{ Params: Static<typeof FlagPath>; Body: Static<typeof Closing> }>(
    '/v1/risk/flags/:id/close',
    {
      config: needs('risk:write'),
      schema: {
        tags,
        summary: 'Close a flag',
        description: 'Says that somebody has looked. Closing it again changes nothing.',
        params: FlagPath,
        body: Closing,
        response: answers(200, FlagDocument, [...changing, 'not_found']),
      },
    },
    async ({ params, body, caller, id }) => {
      const now = clock.now()
      return deps.asTenant(caller.tenantId, async (tx) => {
        const by = { by: caller.actor.id, note: body.note ?? null }
        const closed = await closeFlag(tx, caller.tenantId, params.id, by, now)
        if (closed === undefined) throw new Problem('not_found', { detail: `There is no flag ${params.id}.` })
        if (closed.changed) await deps.note(tx, actOf(caller, id, now, 'risk_flag.closed', params.id, {}))
        return flagView(closed.flag)
      })
    },
  )
}

/** Rules out of a body, also out of one that was approved later. @throws {Problem} naming the field */
function readSet(body: NewSet, now: number): { readonly rules: RuleSet; readonly validFrom: number } {
  const from = body.validFrom === undefined ? now : must(parseInstant(body.validFrom), 'instant')
  const { probing, oddHours } = body.rules
  if (probing !== undefined && BigInt(probing.probe) >= BigInt(probing.amount))
    throw invalidField('rules.probing.probe', 'must be less than amount')
  if (oddHours !== undefined && oddHours.from === oddHours.to)
    throw invalidField('rules.oddHours.to', 'must be another hour than from')
  return { rules: body.rules, validFrom: Math.max(from, now) }
}

/** Makes rules of risk that people have agreed to. */
export const makeRiskRules = (
  tx: Tx,
  tenantId: number,
  content: NewSet & { readonly by: string },
  now: number,
): Promise<DatedRules> => insertRuleSet(tx, tenantId, { ...readSet(content, now), by: content.by }, now)

const setView = ({ version, rules, validFrom, createdBy, createdAt }: DatedRules) => ({
  version,
  rules,
  validFrom: toRfc3339(validFrom),
  createdBy,
  createdAt: toRfc3339(createdAt),
})

const flagView = (flag: Flag) => ({
  id: flag.id,
  account: flag.accountId,
  direction: flag.direction,
  verdict: flag.verdict,
  reasons: flag.reasons,
  ruleSet: flag.ruleSet,
  payment: flag.paymentId,
  amount: String(flag.amountPaise),
  times: flag.times,
  firstAt: toRfc3339(flag.firstAt),
  lastAt: toRfc3339(flag.lastAt),
  closedBy: flag.closedBy,
  closedAt: flag.closedAt === null ? null : toRfc3339(flag.closedAt),
  note: flag.note,
})
