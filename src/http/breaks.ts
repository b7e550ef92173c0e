import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import { toRfc3339 } from '../base/clock.ts'
import { type Random, randomHex } from '../base/random.ts'
import type { Vault } from '../base/vault.ts'
import type { Tx } from '../db/pool.ts'
import { asHub } from '../db/tenant.ts'
import { inTransaction } from '../db/transaction.ts'
import type { Caller } from '../identity/caller.ts'
import { findPerson } from '../identity/person-store.ts'
import { isDay, parseCycle } from '../imps/cycles.ts'
import type { MakeChange } from '../payment/changes.ts'
import { oneChecker } from '../payment/four-eyes.ts'
import {
  assignBreak,
  type Break,
  type BreakFilter,
  type BreakSight,
  breakStates,
  closeBreaks,
  findBreak,
  insertComment,
  isBreakPending,
  listBreaks,
  lockBreaks,
  readComments,
  resolutions,
  whyNotForced,
} from '../settlement/match/break-store.ts'
import { type BreakType, breakTypeNames, breakTypes } from '../settlement/match/break-types.ts'
import { readDetail } from '../settlement/notes.ts'
import { actOf } from './acts.ts'
import { type ApprovalDeps, ApprovalDocument, approvalView, changeBy } from './approvals.ts'
import { readTimedCursor, timedCursor, toPage } from './page.ts'
import { needs } from './policy.ts'
import { invalidField, Problem, type ProblemCode } from './problems.ts'
import { CycleWord, RunIdWord } from './reconciliation.ts'
import {
  answers,
  anyWord,
  Cursor,
  InstantWord,
  Limit,
  nullable,
  PaymentIdWord,
  pageOf,
  SaidWords,
  SignedAmount,
  strict,
} from './schemas.ts'
import { banksOf, type SettlementBankDeps } from './settlement-bank.ts'

export type BreakDeps = SettlementBankDeps & ApprovalDeps & { readonly vault: Vault; readonly random: Random }

/** The hub itself, which sees what is no bank's. */
const HUB = 0

const BreakIdWord = Type.String({
  pattern: '^brk_[0-9a-f]{32}$',
  maxLength: 36,
  description: 'a break id: brk_ and 32 hex digits',
})
const TypeWord = Type.Unsafe<BreakType>({ type: 'string', enum: [...breakTypeNames], description: 'one of B01 to B30' })
const StateWord = anyWord(breakStates)
const PersonWord = Type.String({
  pattern: '^usr_[0-9a-f]{32}$',
  maxLength: 36,
  description: 'a person id: usr_ and 32 hex digits',
})

const BreakDocument = strict({
  id: BreakIdWord,
  type: TypeWord,
  name: Type.String({ description: 'of the type' }),
  state: StateWord,
  institution: nullable(Type.String()),
  cycle: nullable(CycleWord),
  direction: nullable(anyWord(['outward', 'inward'])),
  rrn: nullable(Type.String()),
  remitterBank: nullable(Type.String({ description: 'NBIN' })),
  amount: nullable(SignedAmount),
  payment: nullable(PaymentIdWord),
  run: nullable(RunIdWord),
  action: nullable(Type.String({ description: 'what is to be done about it' })),
  dueAt: nullable(InstantWord),
  assignee: nullable(Type.String()),
  resolution: nullable(Type.String()),
  resolvedBy: nullable(Type.String()),
  openedAt: InstantWord,
  closedAt: nullable(InstantWord),
})
/** Facts as the document has them: texts, numbers, lists of texts. */
const plain = (facts: Readonly<Record<string, unknown>>): Record<string, string | number | string[] | null> =>
  Object.fromEntries(
    Object.entries(facts).map(([name, value]) => {
      if (Array.isArray(value)) return [name, value.map(String)]
      return [name, typeof value === 'number' || value === null ? value : String(value)]
    }),
  )

const ExplainedBreak = strict({
  break: BreakDocument,
  detail: Type.String({ description: 'what it was opened with, in words' }),
  said: nullable(SaidWords),
  found: Type.String({ description: 'how it is known' }),
  handling: anyWord(['auto', 'people', 'suggest', 'alert']),
  output: Type.String({ description: 'the journal or file that comes of it' }),
  deadline: Type.String({ description: 'by which rule it is due' }),
  facts: Type.Record(
    Type.String({ pattern: '^[a-zA-Z]{1,40}$' }),
    Type.Union([Type.String(), Type.Number(), Type.Array(Type.String()), Type.Null()]),
    { description: 'what each source says' },
  ),
  suggestion: nullable(
    Type.String({ description: 'the RRN of what looks like the same payment; nothing follows by itself' }),
  ),
  comments: Type.Array(strict({ author: Type.String(), text: nullable(Type.String()), at: InstantWord })),
})
const Filters = strict({
  institution: Type.Optional(Type.String({ pattern: '^[A-Z0-9]{1,20}$', maxLength: 20 })),
  type: Type.Optional(TypeWord),
  state: Type.Optional(StateWord),
  cycle: Type.Optional(CycleWord),
  date: Type.Optional(
    Type.String({ pattern: '^20[0-9]{2}-[0-9]{2}-[0-9]{2}$', maxLength: 10, description: 'a settlement date in IST' }),
  ),
  rrn: Type.Optional(Type.String({ pattern: '^[0-9]{6,12}$', maxLength: 12, description: '6 to 12 digits' })),
  run: Type.Optional(RunIdWord),
  assignee: Type.Optional(Type.String({ pattern: '^[!-~]{1,40}$', maxLength: 40, description: 'who has it' })),
  overdue: Type.Optional(Type.Boolean({ description: 'true: what should have been settled by now' })),
  limit: Limit,
  cursor: Cursor,
})
const BreakPath = strict({ id: BreakIdWord })
const Assignment = strict(
  { to: Type.Optional(nullable(PersonWord)) },
  'to whom: a person of yours, null for nobody; not given: you',
)
const Comment = strict(
  {
    text: Type.String({
      minLength: 1,
      maxLength: 1000,
      pattern: '^[^\\p{Cc}]+$',
      description: 'words of 1 to 1000 characters',
    }),
  },
  'what you have to say of it',
)
const NewResolution = strict(
  {
    resolution: anyWord(resolutions),
    with: Type.Optional(
      Type.Array(BreakIdWord, {
        minItems: 1,
        maxItems: 50,
        uniqueItems: true,
        description: 'forced: the breaks that it is matched with, 1 to 50',
      }),
    ),
    evidence: strict(
      {
        reference: Type.String({
          minLength: 1,
          maxLength: 100,
          pattern: '^[^\\p{Cc}]+$',
          description: 'where it is seen: a journal, a file and line, a letter, of 1 to 100 characters',
        }),
        note: Type.Optional(
          Type.String({ minLength: 1, maxLength: 1000, pattern: '^[^\\p{Cc}]+$', description: '1 to 1000 characters' }),
        ),
      },
      'what shows it: reference, and note if there is one',
    ),
  },
  'how it is settled, and what shows it',
)
const reading: readonly ProblemCode[] = ['invalid_request', 'unauthorized', 'forbidden', 'database_unavailable']
const writing: readonly ProblemCode[] = [
  ...reading,
  'invalid_json',
  'duplicate_field',
  'json_too_deep',
  'body_too_large',
  'unsupported_media_type',
  'not_found',
  'break_settled',
]

/** What the match, the doors and the clocks put before people. */
export function breakRoutes(app: FastifyInstance, deps: BreakDeps): void {
  const { db, clock, vault } = deps
  const tags = ['Settlement']
  const sightOf = async (caller: Caller): Promise<BreakSight> => {
    const banks = await banksOf(deps, caller)
    return { banks, tenantId: caller.tenantId, all: caller.tenantId === HUB }
  }
  const breakFor = async (tx: Tx | typeof db, caller: Caller, id: string): Promise<Break> => {
    const found = await findBreak(tx, await sightOf(caller), id)
    if (found === undefined) throw noSuchBreak(id)
    return found
  }

  app.get<{ Querystring: Static<typeof Filters> }>(
    '/v1/breaks',
    {
      config: needs('settlement:read'),
      schema: {
        tags,
        summary: 'Breaks, the latest first',
        description:
          'What is not as it should be between the core, the hub and NPCI, and what the doors would not decide. `carried` waits for a later ' +
          'cycle and asks nobody for anything.',
        querystring: Filters,
        response: answers(200, pageOf(BreakDocument), [...reading, 'invalid_cursor']),
      },
    },
    async ({ query, caller }) => {
      const { limit = 25, cursor } = query
      const before = cursor === undefined ? undefined : readTimedCursor(cursor, 'brk')
      const found = await listBreaks(db, await sightOf(caller), filterOf(query, clock.now()), before, limit + 1)
      return toPage(found, limit, viewOf, ({ openedAt, id }) => timedCursor({ at: openedAt, id }))
    },
  )

  app.get<{ Params: Static<typeof BreakPath> }>(
    '/v1/breaks/:id',
    {
      config: needs('settlement:read'),
      schema: {
        tags,
        summary: 'One break, explained',
        description:
          'What each source says, how it was found, what is to be done by whom until when, and what people said of it.',
        params: BreakPath,
        response: answers(200, ExplainedBreak, [...reading, 'not_found']),
      },
    },
    async ({ params, caller }) => explained(await breakFor(db, caller, params.id)),
  )

  app.post<{ Params: Static<typeof BreakPath>; Body: Static<typeof Assignment> }>(
    '/v1/breaks/:id/assign',
    {
      config: needs('settlement:write'),
      schema: {
        tags,
        summary: 'Give a break to somebody',
        params: BreakPath,
        body: Assignment,
        response: answers(200, BreakDocument, writing),
      },
    },
    async ({ params, body, caller, id: requestId }) => {
      const { to } = body
      if (typeof to === 'string' && (await findPerson(db, vault, caller.tenantId, to)) === undefined)
        throw invalidField('to', 'is not a person of yours')
      const assignee = to === undefined ? caller.actor.id : to
      await inTransaction(db, async (tx) => {
        const found = await breakFor(tx, caller, params.id)
        if (!(await assignBreak(tx, found.id, assignee))) throw settledAlready(found)
        const detail = { type: found.type, to: assignee ?? 'nobody' }
        await deps.note(tx, actOf(caller, requestId, clock.now(), 'break.assigned', found.id, detail))
      })
      return viewOf(await breakFor(db, caller, params.id))
    },
  )

  app.post<{ Params: Static<typeof BreakPath>; Body: Static<typeof Comment> }>(
    '/v1/breaks/:id/comments',
    {
      config: needs('settlement:write'),
      schema: {
        tags,
        summary: 'Say something of a break',
        description: 'It is kept sealed, and cannot be changed.',
        params: BreakPath,
        body: Comment,
        response: answers(201, ExplainedBreak, [...writing]),
      },
    },
    async ({ params, body, caller, id: requestId }, reply) => {
      const now = clock.now()
      const found = await breakFor(db, caller, params.id)
      await vault.prepare([found.tenantId], now)
      await inTransaction(db, async (tx) => {
        const id = now.toString(16).padStart(12, '0') + randomHex(deps.random, 20)
        await insertComment(tx, vault, found, { id, author: caller.actor.id, text: body.text, at: now })
        await deps.note(tx, actOf(caller, requestId, now, 'break.commented', found.id, { type: found.type }))
      })
      reply.code(201)
      return explained(found)
    },
  )

  app.post<{ Params: Static<typeof BreakPath>; Body: Static<typeof NewResolution> }>(
    '/v1/breaks/:id/resolve',
    {
      config: needs('settlement:write', 'sensitive'),
      schema: {
        tags,
        summary: 'Say how a break is settled, with evidence',
        description:
          'It always waits for somebody else: by the rules for `break`, or one checker where there is none. `corrected`: what was wrong has ' +
          'been put right. `accepted`: it stays as it is, and why is known. `forced`: it is matched with other breaks of the same bank and ' +
          'direction; what NPCI has and what it has not must make the same sum. No money moves by it.',
        params: BreakPath,
        body: NewResolution,
        response: answers(202, ApprovalDocument, [
          ...writing,
          'reauthentication_required',
          'break_pending',
          'break_not_forced',
        ]),
      },
    },
    async ({ params, body, caller, id: requestId }, reply) => {
      const found = await breakFor(db, caller, params.id)
      if (found.closedAt !== null || found.state === 'carried') throw settledAlready(found)
      const isForced = body.resolution === 'forced'
      if (isForced !== (body.with !== undefined)) throw invalidField('with', 'goes with forced, and forced with it')
      const others = await Promise.all((body.with ?? []).map((id) => breakFor(db, caller, id)))
      const why = isForced ? whyNotForced([found, ...others]) : undefined
      if (why !== undefined) throw new Problem('break_not_forced', { detail: `It cannot be: ${why}.` })
      const now = clock.now()
      const approval = await deps.asTenant(caller.tenantId, async (tx) => {
        if (await isBreakPending(tx, caller.tenantId, found.id)) throw new Problem('break_pending')
        const content = {
          ...body,
          by: caller.actor.id,
          type: found.type,
          amount: String(found.amountPaise ?? 0n),
          version: found.version,
        }
        const proposed = await deps.changes.propose(tx, changeBy(caller, 'break', found.id, content), oneChecker)
        const detail = { approval: `apr_${proposed.id}`, type: found.type, resolution: body.resolution }
        await deps.note(tx, actOf(caller, requestId, now, 'break.resolution_proposed', found.id, detail))
        return proposed
      })
      reply.code(202)
      return approvalView(deps, caller, approval)
    },
  )

  async function explained(found: Break): Promise<Static<typeof ExplainedBreak>> {
    const { detect, handling, output, deadline } = breakTypes[found.type]
    const { suggestion, ...facts } = found.facts
    const comments = await readComments(db, vault, found.id)
    return {
      break: viewOf(found),
      detail: found.detail,
      said: readDetail(found.detail),
      found: detect,
      handling,
      output,
      deadline,
      facts: plain(facts),
      suggestion: typeof suggestion === 'string' ? suggestion : null,
      comments: comments.map(({ author, text, at }) => ({ author, text, at: toRfc3339(at) })),
    }
  }
}

/** Settles what people agreed about. It may have been settled, or have changed, since it was asked for: then nothing is done. */
export const makeBreakResolution =
  (now: () => number): MakeChange =>
  (tx, _tenantId, subjectId, content) =>
    asHub(tx, async (hub) => {
      const { resolution, by, with: others = [] } = readContent(content)
      const breaks = await lockBreaks(hub, [subjectId, ...others])
      const why = others.length > 0 ? whyNotForced(breaks) : undefined
      const done = why === undefined && (await closeBreaks(hub, [subjectId, ...others], { resolution, by, at: now() }))
      if (!done)
        throw new Problem('break_settled', { detail: `${subjectId} has changed since: ${why ?? 'it is settled'}.` })
    })

type Content = {
  readonly resolution: (typeof resolutions)[number]
  readonly by: string
  readonly with?: readonly string[]
}

function readContent(content: object): Content {
  const resolution = resolutions.find((one) => 'resolution' in content && content.resolution === one)
  const by = 'by' in content && typeof content.by === 'string' ? content.by : undefined
  if (resolution === undefined || by === undefined) throw new Error('not how a break is settled')
  const others =
    'with' in content && Array.isArray(content.with) ? content.with.filter((id) => typeof id === 'string') : []
  return { resolution, by, with: others }
}

const noSuchBreak = (id: string): Problem => new Problem('not_found', { detail: `There is no break ${id}.` })
const settledAlready = ({ id, state }: Break): Problem =>
  new Problem('break_settled', {
    detail: state === 'carried' ? `${id} waits for a later cycle.` : `${id} is ${state}.`,
  })

/** @throws {Problem} naming the field */
function filterOf(query: Static<typeof Filters>, now: number): BreakFilter {
  const { institution, type, state, cycle, date, rrn, run, assignee, overdue } = query
  if (date !== undefined && !isDay(date)) throw invalidField('date', 'must be a day that exists')
  const wanted = cycle === undefined ? undefined : parseCycle(cycle)
  if (cycle !== undefined && wanted === undefined) throw invalidField('cycle', 'must be of a day that exists')
  return {
    ...(institution !== undefined && { institution }),
    ...(type !== undefined && { type }),
    ...(state !== undefined && { state }),
    ...(date !== undefined && { settlementDate: date }),
    ...(wanted !== undefined && { settlementDate: wanted.settlementDate, cycle: wanted.number }),
    ...(rrn !== undefined && { rrn }),
    ...(run !== undefined && { run }),
    ...(assignee !== undefined && { assignee }),
    ...(overdue === true && { dueBefore: now }),
  }
}

const viewOf = (one: Break): Static<typeof BreakDocument> => ({
  id: one.id,
  type: one.type,
  name: breakTypes[one.type].name,
  state: one.state,
  institution: one.institution,
  cycle: one.settlementDate === null || one.cycle === null ? null : `${one.settlementDate}/${one.cycle}`,
  direction: one.direction,
  rrn: one.rrn,
  remitterBank: one.remitterBank,
  amount: one.amountPaise === null ? null : String(one.amountPaise),
  payment: one.paymentId,
  run: one.runId,
  action: one.action,
  dueAt: one.dueAt === null ? null : toRfc3339(one.dueAt),
  assignee: one.assignee,
  resolution: one.resolution,
  resolvedBy: one.resolvedBy,
  openedAt: toRfc3339(one.openedAt),
  closedAt: one.closedAt === null ? null : toRfc3339(one.closedAt),
})
