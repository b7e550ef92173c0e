import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import { toRfc3339 } from '../base/clock.ts'
import { must, parseAccountId, parseAccountNumber, parseMobile } from '../base/identifiers.ts'
import { type Paise, parsePaise } from '../base/money.ts'
import { channels } from '../base/party.ts'
import type { Vault } from '../base/vault.ts'
import type { Tx } from '../db/pool.ts'
import { type Lien, listLiens, placeLien, releaseLien, setFrozen } from '../ledger/liens.ts'
import { findAccount } from '../ledger/store.ts'
import { endRule, insertRule } from '../payment/approval-store.ts'
import type { MakeChange } from '../payment/changes.ts'
import type { Policy, Rules } from '../payment/policy.ts'
import {
  blockIndex,
  endPolicy,
  findPolicyCustomer,
  findStopped,
  insertPolicy,
  listPolicies,
  setBlocked,
  setStopped,
} from '../payment/policy-store.ts'
import { actOf } from './acts.ts'
import { type ApprovalDeps, ApprovalDocument, approvalView, changeBy, readRule } from './approvals.ts'
import { refuseBody } from './payments.ts'
import { needs } from './policy.ts'
import { invalidField, Problem, type ProblemCode } from './problems.ts'
import { makeRiskRules } from './risk.ts'
import { AccountIdWord, AccountPath, Amount, answers, ChannelWord, InstantWord, nullable, strict } from './schemas.ts'
import { parseInstant } from './validation.ts'

export type LimitDeps = ApprovalDeps & { readonly vault: Vault }

const count = (most: number, description: string) =>
  Type.Optional(Type.Integer({ minimum: 1, maximum: most, description }))

const RulesDocument = strict(
  {
    perPayment: Type.Optional(Amount),
    day: Type.Optional(Amount),
    dayCount: count(1_000_000, 'a number of payments'),
    week: Type.Optional(Amount),
    weekCount: count(1_000_000, 'a number of payments'),
    month: Type.Optional(Amount),
    monthCount: count(1_000_000, 'a number of payments'),
    velocity: Type.Optional(
      strict({
        count: Type.Integer({ minimum: 1, maximum: 60, description: 'a number of payments from 1 to 60' }),
        minutes: Type.Integer({ minimum: 1, maximum: 1_440, description: 'a number of minutes from 1 to 1440' }),
      }),
    ),
    cooling: Type.Optional(
      strict({
        hours: Type.Integer({ minimum: 1, maximum: 720, description: 'a number of hours from 1 to 720' }),
        amount: Amount,
      }),
    ),
    registeredOnly: Type.Optional(
      Type.Literal(true, { description: 'true: payments go to registered beneficiaries only' }),
    ),
    reviewOver: Type.Optional(Amount),
    lag: Type.Optional(
      strict({
        over: Amount,
        seconds: Type.Integer({ minimum: 1, maximum: 86_400, description: 'a number of seconds from 1 to 86400' }),
      }),
    ),
  },
  'at least one rule',
)
const LimitCustomer = Type.String({
  pattern: '^(each|cus_[0-9a-f]{32})$',
  maxLength: 36,
  description: 'each, or a customer id: cus_ and 32 hex digits',
})
const LimitDocument = strict({
  id: Type.String(),
  channel: nullable(ChannelWord),
  account: nullable(AccountIdWord),
  customer: nullable(LimitCustomer),
  rules: RulesDocument,
  validFrom: InstantWord,
  validUntil: nullable(InstantWord),
})
const NewLimit = strict(
  {
    channel: Type.Optional(ChannelWord),
    account: Type.Optional(AccountIdWord),
    customer: Type.Optional(LimitCustomer),
    rules: RulesDocument,
    validFrom: Type.Optional(InstantWord),
    validUntil: Type.Optional(InstantWord),
  },
  'what payments must keep to',
)
type NewLimit = Static<typeof NewLimit>
const LimitPath = strict({
  id: Type.String({ pattern: '^lim_[0-9a-f]{32}$', maxLength: 36, description: 'a limit id: lim_ and 32 hex digits' }),
})
const LienDocument = strict({
  id: Type.String(),
  amount: Amount,
  reference: Type.String(),
  placedBy: Type.String(),
  placedAt: InstantWord,
  releasedBy: nullable(Type.String()),
  releasedAt: nullable(InstantWord),
})
const Reference = Type.String({
  minLength: 1,
  maxLength: 100,
  pattern: '^[^\\p{Cc}]+$',
  description: 'a reference of 1 to 100 characters: an acknowledgement number, a court order',
})
const NewLien = strict({ amount: Amount, reference: Reference }, 'an amount to keep in the account')
const LienPath = strict({
  id: AccountIdWord,
  lienId: Type.String({
    pattern: '^lie_[0-9a-f]{32}$',
    maxLength: 36,
    description: 'a lien id: lie_ and 32 hex digits',
  }),
})
/** As people write numbers: with blanks and dashes, a mobile with 0, 91 or +91 in front. */
const Blocking = strict(
  {
    account: Type.Optional(
      Type.String({
        pattern: '^[A-Za-z0-9 -]{1,60}$',
        maxLength: 60,
        description: 'an account number, blanks and dashes aside',
      }),
    ),
    mobile: Type.Optional(
      Type.String({
        pattern: '^\\+?[0-9 -]{10,30}$',
        maxLength: 31,
        description: 'a mobile number in India, with or without 0, 91 or +91',
      }),
    ),
    reason: Reference,
  },
  'an account number or a mobile that nothing is paid to or from',
)
const bare = (text: string | undefined): string | undefined => text?.replaceAll(/[ -]/g, '')

const changing: readonly ProblemCode[] = [
  'invalid_request',
  'invalid_json',
  'duplicate_field',
  'json_too_deep',
  'body_too_large',
  'unsupported_media_type',
  'unauthorized',
  'reauthentication_required',
  'not_found',
  'database_unavailable',
]
const done = { 204: { description: 'Done.', type: 'null' } }
const waits = {
  202: { description: 'It waits for approval.', content: { 'application/json': { schema: ApprovalDocument } } },
}

/** Limits, the kill switch, frozen accounts, liens, and whom nothing is paid to. */
export function limitRoutes(app: FastifyInstance, deps: LimitDeps): void {
  const { clock } = deps
  const tags = ['Limits']

  app.get(
    '/v1/limits',
    {
      config: needs('limits:read'),
      schema: {
        tags,
        summary: 'What payments must keep to',
        description:
          "Besides these NPCI's own limits hold always: ₹5,00,000 a payment, ₹5,000 over SMS, IVR and USSD. The strictest holds.",
        response: answers(200, strict({ data: Type.Array(LimitDocument) }), ['unauthorized', 'database_unavailable']),
      },
    },
    async ({ caller }) => ({
      data: (await deps.asTenant(caller.tenantId, (tx) => listPolicies(tx, caller.tenantId, clock.now()))).map(
        limitView,
      ),
    }),
  )

  app.post<{ Body: NewLimit }>(
    '/v1/limits',
    {
      config: needs('limits:write', 'sensitive'),
      schema: {
        tags,
        summary: 'Set a limit',
        description:
          'For each account by itself, or for one; with `customer` over all accounts of each customer, or of one. Over one channel, or over all together. Days, weeks (from Monday) and months are those of ' +
          'India. Sums are exact: what came back counts no more. Where a rule for `limits` exists it waits for approval: 202.',
        body: NewLimit,
        response: { ...answers(201, LimitDocument, [...changing, 'account_not_found']), ...waits },
      },
    },
    async ({ body, caller, id }, reply) => {
      const limit = readLimit(body, clock.now())
      const made = await deps.asTenant(caller.tenantId, async (tx) => {
        const policy = { ...limit, customer: await customerOf(tx, caller.tenantId, body.customer) }
        // A limit on an account that is not there would protect nobody and look as if it did.
        if (
          policy.accountId !== null &&
          (await findAccount(tx, deps.vault, caller.tenantId, policy.accountId)) === undefined
        )
          throw new Problem('account_not_found', {
            errors: [{ field: 'account', message: 'is not an account of yours' }],
          })
        const proposed = await deps.changes.propose(
          tx,
          changeBy(caller, 'limits', 'limits', { make: 'limit', ...body }),
        )
        const result = proposed ?? (await insertPolicy(tx, caller.tenantId, policy, clock.now()))
        const action = proposed === undefined ? 'limit.created' : 'limit.proposed'
        await deps.note(
          tx,
          actOf(caller, id, clock.now(), action, result.id, { rules: Object.keys(body.rules).join(' ') }),
        )
        return result
      })
      if ('digest' in made) {
        reply.code(202)
        return approvalView(deps, caller, made)
      }
      reply.code(201)
      return limitView(made)
    },
  )

  app.delete<{ Params: Static<typeof LimitPath> }>(
    '/v1/limits/:id',
    {
      config: needs('limits:write', 'sensitive'),
      schema: {
        tags,
        summary: 'End a limit',
        params: LimitPath,
        response: { ...done, ...answers(202, ApprovalDocument, changing) },
      },
    },
    async (request, reply) => {
      refuseBody(request)
      const { params, caller, id } = request
      const now = clock.now()
      const proposed = await deps.asTenant(caller.tenantId, async (tx) => {
        const known = (await listPolicies(tx, caller.tenantId, now)).some((one) => `lim_${one.id}` === params.id)
        if (!known) throw new Problem('not_found', { detail: `There is no limit ${params.id}.` })
        const waiting = await deps.changes.propose(
          tx,
          changeBy(caller, 'limits', params.id, { make: 'end_limit', id: params.id.slice(4) }),
        )
        if (waiting === undefined) await endPolicy(tx, caller.tenantId, params.id.slice(4), now)
        await deps.note(
          tx,
          actOf(caller, id, now, waiting === undefined ? 'limit.ended' : 'limit.end_proposed', params.id, {}),
        )
        return waiting
      })
      if (proposed === undefined) return reply.code(204).send()
      reply.code(202)
      return approvalView(deps, caller, proposed)
    },
  )

  app.get(
    '/v1/stopped',
    {
      config: needs('limits:read'),
      schema: {
        tags,
        summary: 'Whether all payments are stopped',
        description: 'Since when the kill switch (`POST /v1/stop`) stops them; null: payments go.',
        response: answers(200, strict({ stoppedAt: nullable(InstantWord) }), ['unauthorized', 'database_unavailable']),
      },
    },
    async ({ caller }) => {
      const at = await deps.asTenant(caller.tenantId, (tx) => findStopped(tx, caller.tenantId))
      return { stoppedAt: at === null ? null : toRfc3339(at) }
    },
  )

  for (const [path, stop] of [
    ['/v1/stop', true],
    ['/v1/resume', false],
  ] as const) {
    app.post(
      path,
      {
        config: stop ? needs('accounts:freeze') : needs('limits:write', 'sensitive'),
        schema: {
          tags,
          summary: stop ? 'Stop all payments' : 'Let payments go again',
          description: stop
            ? 'The kill switch: from now on nothing new is taken and nothing that waits leaves. What is on the wire already is followed to its end.'
            : 'Whoever may stop payments may not let them go again by the same right.',
          response: { ...done, ...answers(200, Type.Null(), changing) },
        },
      },
      async (request, reply) => {
        refuseBody(request)
        const { caller, id } = request
        await deps.asTenant(caller.tenantId, async (tx) => {
          if (await setStopped(tx, caller.tenantId, stop ? clock.now() : null))
            await deps.note(
              tx,
              actOf(caller, id, clock.now(), stop ? 'payments.stopped' : 'payments.resumed', null, {}),
            )
        })
        return reply.code(204).send()
      },
    )
  }

  for (const [verb, frozen] of [
    ['freeze', true],
    ['unfreeze', false],
  ] as const) {
    app.post<{ Params: Static<typeof AccountPath> }>(
      `/v1/accounts/:id/${verb}`,
      {
        config: needs('accounts:freeze', 'sensitive'),
        schema: {
          tags: ['Accounts'],
          summary: frozen ? 'Freeze an account' : 'Open a frozen account',
          description: 'Of a frozen account nothing is paid and nothing is taken in; what waits is given back.',
          params: AccountPath,
          response: { ...done, ...answers(200, Type.Null(), [...changing, 'account_closed']) },
        },
      },
      async (request, reply) => {
        refuseBody(request)
        const { params, caller, id } = request
        await deps.asTenant(caller.tenantId, async (tx) => {
          const set = await setFrozen(tx, caller.tenantId, must(parseAccountId(params.id), 'account id'), frozen)
          if (set === undefined) throw noSuchAccount(params.id)
          if (!set) throw new Problem('account_closed')
          await deps.note(
            tx,
            actOf(caller, id, clock.now(), frozen ? 'account.frozen' : 'account.unfrozen', params.id, {}),
          )
        })
        return reply.code(204).send()
      },
    )
  }

  app.get<{ Params: Static<typeof AccountPath> }>(
    '/v1/accounts/:id/liens',
    {
      config: needs('accounts:read'),
      schema: {
        tags: ['Accounts'],
        summary: 'What is under lien',
        params: AccountPath,
        response: answers(200, strict({ data: Type.Array(LienDocument) }), [
          'invalid_request',
          'unauthorized',
          'database_unavailable',
        ]),
      },
    },
    async ({ params, caller }) => ({
      data: (
        await deps.asTenant(caller.tenantId, (tx) =>
          listLiens(tx, caller.tenantId, must(parseAccountId(params.id), 'account id')),
        )
      ).map(lienView),
    }),
  )

  app.post<{ Params: Static<typeof AccountPath>; Body: Static<typeof NewLien> }>(
    '/v1/accounts/:id/liens',
    {
      config: needs('accounts:freeze', 'sensitive'),
      schema: {
        tags: ['Accounts'],
        summary: 'Put an amount under lien',
        description:
          'The disputed amount stays in the account; the rest can be spent. It may be more than there is: what comes in is then under it too.',
        params: AccountPath,
        body: NewLien,
        response: answers(201, LienDocument, changing),
      },
    },
    async ({ params, body, caller, id }, reply) => {
      const account = must(parseAccountId(params.id), 'account id')
      const amountPaise = must(parsePaise(body.amount), 'amount')
      const lien = await deps.asTenant(caller.tenantId, async (tx) => {
        const placed = await placeLien(
          tx,
          caller.tenantId,
          account,
          { amountPaise, reference: body.reference, by: caller.actor.id },
          clock.now(),
        )
        if (placed === undefined) throw noSuchAccount(params.id)
        await deps.note(
          tx,
          actOf(caller, id, clock.now(), 'lien.placed', `${params.id}/${placed.id}`, { amount: body.amount }),
        )
        return placed
      })
      reply.code(201)
      return lienView(lien)
    },
  )

  app.delete<{ Params: Static<typeof LienPath> }>(
    '/v1/accounts/:id/liens/:lienId',
    {
      config: needs('accounts:freeze', 'sensitive'),
      schema: {
        tags: ['Accounts'],
        summary: 'Release a lien',
        params: LienPath,
        response: { ...done, ...answers(200, LienDocument, changing) },
      },
    },
    async (request, reply) => {
      refuseBody(request)
      const { params, caller, id } = request
      const account = must(parseAccountId(params.id), 'account id')
      await deps.asTenant(caller.tenantId, async (tx) => {
        const known = (await listLiens(tx, caller.tenantId, account)).some((one) => one.id === params.lienId)
        if (!known) throw new Problem('not_found', { detail: `There is no lien ${params.lienId}.` })
        if (await releaseLien(tx, caller.tenantId, account, params.lienId, caller.actor.id, clock.now()))
          await deps.note(tx, actOf(caller, id, clock.now(), 'lien.released', `${params.id}/${params.lienId}`, {}))
      })
      return reply.code(204).send()
    },
  )

  for (const [verb, on] of [
    ['block', true],
    ['unblock', false],
  ] as const) {
    app.post<{ Body: Static<typeof Blocking> }>(
      `/v1/risk/${verb}`,
      {
        config: needs('risk:write'),
        schema: {
          tags: ['Limits'],
          summary: on
            ? 'Pay nothing to or from an account or a mobile'
            : 'Let an account or a mobile pay and be paid again',
          body: Blocking,
          response: { ...done, ...answers(200, Type.Null(), changing) },
        },
      },
      async ({ body, caller, id }, reply) => {
        if ((body.account === undefined) === (body.mobile === undefined))
          throw invalidField('account', 'or mobile must be there, and not both')
        const account = parseAccountNumber(bare(body.account))
        const mobile = parseMobile(bare(body.mobile)?.replace(/^(\+?91|0)(?=[0-9]{10}$)/, ''))
        if (body.account !== undefined && account === undefined)
          throw invalidField('account', 'is not an account number')
        if (body.mobile !== undefined && mobile === undefined)
          throw invalidField('mobile', 'is not a mobile number in India')
        const what =
          account === undefined
            ? { kind: 'mobile' as const, index: blockIndex(deps.vault, 'mobile', mobile ?? '') }
            : { kind: 'account' as const, index: blockIndex(deps.vault, 'account', account) }
        const why = on ? { reason: body.reason, by: caller.actor.id, at: clock.now() } : null
        await deps.asTenant(caller.tenantId, async (tx) => {
          if (await setBlocked(tx, caller.tenantId, what, why, clock.now()))
            await deps.note(
              tx,
              actOf(caller, id, clock.now(), `beneficiary.${verb}ed`, what.index, {
                kind: what.kind,
                reason: body.reason,
              }),
            )
        })
        return reply.code(204).send()
      },
    )
  }
}

const noSuchAccount = (id: string): Problem => new Problem('not_found', { detail: `There is no account ${id}.` })

/** A limit out of a body, also out of one that was approved later. @throws {Problem} naming the field */
function readLimit(body: NewLimit, now: number): Omit<Policy, 'id' | 'customer'> {
  const { rules } = body
  if (body.account !== undefined && body.customer !== undefined)
    throw invalidField('customer', 'cannot be there with account')
  if (Object.keys(rules).length === 0) throw invalidField('rules', 'must have at least one rule')
  const validFrom = body.validFrom === undefined ? now : must(parseInstant(body.validFrom), 'instant')
  const validUntil = body.validUntil === undefined ? null : must(parseInstant(body.validUntil), 'instant')
  if (validUntil !== null && validUntil <= Math.max(validFrom, now))
    throw invalidField('validUntil', 'must be later than validFrom and now')
  const amount = <K extends string>(key: K, text: string | undefined): { readonly [P in K]?: Paise } => {
    const value = parsePaise(text)
    return value === undefined ? {} : ({ [key]: value } as { readonly [P in K]?: Paise })
  }
  const read: Rules = {
    ...amount('perPaymentPaise', rules.perPayment),
    ...amount('dayPaise', rules.day),
    ...amount('weekPaise', rules.week),
    ...amount('monthPaise', rules.month),
    ...amount('reviewOverPaise', rules.reviewOver),
    ...(rules.registeredOnly === true ? { registeredOnly: true } : {}),
    ...(rules.dayCount === undefined ? {} : { dayCount: rules.dayCount }),
    ...(rules.weekCount === undefined ? {} : { weekCount: rules.weekCount }),
    ...(rules.monthCount === undefined ? {} : { monthCount: rules.monthCount }),
    ...(rules.velocity === undefined ? {} : { velocity: rules.velocity }),
    ...(rules.cooling === undefined
      ? {}
      : { cooling: { hours: rules.cooling.hours, paise: must(parsePaise(rules.cooling.amount), 'amount') } }),
    ...(rules.lag === undefined
      ? {}
      : { lag: { overPaise: must(parsePaise(rules.lag.over), 'amount'), seconds: rules.lag.seconds } }),
  }
  return {
    channel: channels.find((one) => one === body.channel) ?? null,
    accountId: body.account === undefined ? null : (parseAccountId(body.account) ?? null),
    rules: read,
    validFrom: Math.max(validFrom, now),
    validUntil,
  }
}

/** Whose payments a limit is over. @throws {Problem} when the tenant has no such customer */
async function customerOf(tx: Tx, tenantId: number, text: string | undefined): Promise<Policy['customer']> {
  if (text === undefined) return null
  const found = text === 'each' ? text : await findPolicyCustomer(tx, tenantId, text)
  if (found === undefined) throw invalidField('customer', 'is not a customer of yours')
  return found
}

const digits = <K extends string>(key: K, value: bigint | undefined) =>
  value === undefined ? {} : { [key]: String(value) }

function limitView({ id, channel, accountId, customer, rules, validFrom, validUntil }: Policy) {
  const { registeredOnly, velocity, cooling, lag, dayCount, weekCount, monthCount } = rules
  return {
    id: `lim_${id}`,
    channel,
    account: accountId,
    customer: customer === null || customer === 'each' ? customer : customer.publicId,
    rules: {
      ...digits('perPayment', rules.perPaymentPaise),
      ...digits('day', rules.dayPaise),
      ...digits('week', rules.weekPaise),
      ...digits('month', rules.monthPaise),
      ...(registeredOnly === true ? { registeredOnly } : {}),
      ...digits('reviewOver', rules.reviewOverPaise),
      ...(dayCount === undefined ? {} : { dayCount }),
      ...(weekCount === undefined ? {} : { weekCount }),
      ...(monthCount === undefined ? {} : { monthCount }),
      ...(velocity === undefined ? {} : { velocity }),
      ...(cooling === undefined ? {} : { cooling: { hours: cooling.hours, amount: String(cooling.paise) } }),
      ...(lag === undefined ? {} : { lag: { over: String(lag.overPaise), seconds: lag.seconds } }),
    },
    validFrom: toRfc3339(validFrom),
    validUntil: validUntil === null ? null : toRfc3339(validUntil),
  }
}

const lienView = ({ id, amountPaise, reference, placedBy, placedAt, releasedBy, releasedAt }: Lien) => ({
  id,
  amount: String(amountPaise),
  reference,
  placedBy,
  placedAt: toRfc3339(placedAt),
  releasedBy,
  releasedAt: releasedAt === null ? null : toRfc3339(releasedAt),
})

/** How limits and approval rules are changed once people have agreed. @param now  epoch milliseconds */
export const makeLimitChange =
  (now: () => number): MakeChange =>
  async (tx: Tx, tenantId, _subjectId, content) => {
    const change = content as { readonly make: string; readonly id: string } & NewLimit & Parameters<typeof readRule>[0]
    switch (change.make) {
      case 'limit':
        await insertPolicy(
          tx,
          tenantId,
          { ...readLimit(change, now()), customer: await customerOf(tx, tenantId, change.customer) },
          now(),
        )
        return
      case 'end_limit':
        await endPolicy(tx, tenantId, change.id, now())
        return
      case 'approval_rule':
        if ((await insertRule(tx, tenantId, readRule(change, now()), now())) === undefined)
          throw new Problem('too_many_rules')
        return
      case 'risk_rules':
        await makeRiskRules(tx, tenantId, content as Parameters<typeof makeRiskRules>[2], now())
        return
      case 'end_approval_rule':
        await endRule(tx, tenantId, change.id, now())
        return
      default:
        throw new Error(`nobody knows how to make ${change.make}`)
    }
  }
