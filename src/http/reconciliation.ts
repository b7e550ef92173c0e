import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import { type Clock, toRfc3339 } from '../base/clock.ts'
import { inTransaction } from '../db/transaction.ts'
import { type CycleGrid, findCycle, formatCycle, isDay, parseCycle } from '../imps/cycles.ts'
import { reverseCycle } from '../settlement/books/reverse.ts'
import type { BegunMatch, MatchRequest } from '../settlement/match/match-cycle.ts'
import { type RollBackRefusal, rollBackRun } from '../settlement/match/roll-back.ts'
import { type ReconRun, runStates } from '../settlement/match/rows.ts'
import { findRun, listRuns } from '../settlement/match/run-store.ts'
import { actOf, type Noting } from './acts.ts'
import { idCursor, readIdCursor, toPage } from './page.ts'
import { needs } from './policy.ts'
import { invalidField, Problem, type ProblemCode } from './problems.ts'
import { answers, Cursor, InstantWord, Limit, nullable, pageOf, SignedAmount, strict } from './schemas.ts'
import { bankOf, banksOf, type SettlementBankDeps } from './settlement-bank.ts'

export type ReconciliationDeps = SettlementBankDeps &
  Noting & {
    readonly matching: {
      readonly clock: Clock
      readonly cycles: readonly CycleGrid[]
      /** Begins a run, which goes on after the answer. */
      readonly begin: (request: Omit<MatchRequest, 'tenantId'>) => Promise<BegunMatch>
    }
  }

export const RunIdWord = Type.String({
  pattern: '^run_[0-9a-f]{32}$',
  maxLength: 36,
  description: 'a run id: run_ and 32 hex digits',
})
export const CycleWord = Type.String({
  pattern: '^20[0-9]{2}-[0-9]{2}-[0-9]{2}/([1-9][0-9]?|DC[1-9])$',
  maxLength: 13,
  description: 'a settlement cycle: its date in IST and its number, such as 2026-11-27/5',
})
const StateWord = Type.Unsafe<ReconRun['state']>({
  type: 'string',
  enum: [...runStates],
  description:
    'running; held (files and statement differ, nothing was matched); matched; failed (nothing was written); rolled_back',
})
const RunDocument = strict({
  id: RunIdWord,
  institution: Type.String(),
  cycle: CycleWord,
  state: StateWord,
  step: Type.String({ description: 'while it runs: load, match or write' }),
  progress: Type.Integer({ minimum: 0, maximum: 100, description: 'per cent' }),
  rules: Type.String({ description: 'of the tables it was judged by' }),
  inputs: Type.Array(
    strict({
      what: Type.String({ description: 'core, hub, raw_remitter, raw_beneficiary or ntsl' }),
      file: nullable(Type.String({ description: 'a settlement file' })),
      name: Type.String(),
      sha256: nullable(Type.String()),
      rows: Type.Integer(),
    }),
  ),
  totals: Type.Array(
    strict({
      what: Type.String({ description: 'side and status' }),
      count: Type.Integer(),
      amount: SignedAmount,
      statedCount: nullable(Type.Integer({ description: 'by the statement; null: the cycle has none' })),
      statedAmount: nullable(SignedAmount),
      agrees: Type.Boolean(),
    }),
  ),
  counts: Type.Record(Type.String(), Type.Integer(), {
    description: 'payments by the pass that matched them, paid and unpaid, and breaks by type',
  }),
  outcomeHash: nullable(Type.String({ description: 'SHA-256 of all it found: the same again has the same' })),
  failure: nullable(Type.String()),
  startedBy: Type.String(),
  startedAt: InstantWord,
  endedAt: nullable(InstantWord),
  rolledBackBy: nullable(Type.String()),
  rolledBackAt: nullable(InstantWord),
})
const NewRun = strict(
  {
    cycle: CycleWord,
    institution: Type.Optional(
      Type.String({
        pattern: '^[A-Z0-9]{1,20}$',
        minLength: 1,
        maxLength: 20,
        description: 'the code of a bank of this hub; not given: yours',
      }),
    ),
  },
  'the cycle that is to be matched',
)
const Filters = strict({
  institution: Type.Optional(Type.String({ pattern: '^[A-Z0-9]{1,20}$', maxLength: 20 })),
  cycle: Type.Optional(CycleWord),
  date: Type.Optional(
    Type.String({ pattern: '^20[0-9]{2}-[0-9]{2}-[0-9]{2}$', maxLength: 10, description: 'a settlement date in IST' }),
  ),
  state: Type.Optional(StateWord),
  limit: Limit,
  cursor: Cursor,
})
const RollBack = Type.Union([
  strict({
    journals: Type.Optional(
      Type.Boolean({
        description:
          'true: journals of the cycle itself (settlement, fees, penalties, compensation) are turned round first',
      }),
    ),
  }),
  Type.Null(),
])
const RunPath = strict({ id: RunIdWord })
const reading: readonly ProblemCode[] = ['invalid_request', 'unauthorized', 'forbidden', 'database_unavailable']
const writing: readonly ProblemCode[] = [
  ...reading,
  'invalid_json',
  'duplicate_field',
  'json_too_deep',
  'body_too_large',
  'unsupported_media_type',
]

/** Runs of the three-way match: begin one, follow it, take it back. */
export function reconciliationRoutes(app: FastifyInstance, deps: ReconciliationDeps): void {
  const { db, matching } = deps
  const tags = ['Settlement']

  app.post<{ Body: Static<typeof NewRun> }>(
    '/v1/reconciliation-runs',
    {
      config: needs('settlement:write'),
      schema: {
        tags,
        summary: 'Match a cycle',
        description:
          'Compares the core, the hub and NPCI, payment by payment, and opens breaks for what differs. The answer is the run, which goes on: ' +
          'ask for it until it is not `running` any more. A cycle is matched once: asked again the answer is 200 and the run there is. ' +
          'Online payments go before it.',
        body: NewRun,
        response: {
          ...answers(202, RunDocument, [...writing, 'not_found', 'cycle_not_over']),
          200: { description: 'There is a run of it.', content: { 'application/json': { schema: RunDocument } } },
        },
      },
    },
    async ({ body, caller, id: requestId }, reply) => {
      const institution = await bankOf(deps, caller, body.institution)
      const named = parseCycle(body.cycle)
      const cycle = named && findCycle(matching.cycles, named)
      if (cycle === undefined) throw invalidField('cycle', 'must be a cycle of a day that exists')
      const now = matching.clock.now()
      // A sandbox cuts cycles before their time.
      if ((deps.sandbox ? cycle.fromAt : cycle.toAt) > now)
        throw new Problem('cycle_not_over', { detail: `Cycle ${body.cycle} ends at ${toRfc3339(cycle.toAt)}.` })
      const begun = await matching.begin({ institution, cycle, startedBy: caller.actor.id })
      if (begun.kind === 'begun') {
        const detail = { run: begun.run.id, cycle: body.cycle }
        await inTransaction(db, (tx) =>
          deps.note(tx, actOf(caller, requestId, now, 'reconciliation.started', institution, detail)),
        )
      }
      reply.code(begun.kind === 'begun' ? 202 : 200)
      return viewOf(begun.run)
    },
  )

  app.get<{ Querystring: Static<typeof Filters> }>(
    '/v1/reconciliation-runs',
    {
      config: needs('settlement:read'),
      schema: {
        tags,
        summary: 'Reconciliation runs, the latest first',
        querystring: Filters,
        response: answers(200, pageOf(RunDocument), [...reading, 'invalid_cursor']),
      },
    },
    async ({ query, caller }) => {
      const { limit = 25, cursor, date, cycle, institution, state } = query
      if (date !== undefined && !isDay(date)) throw invalidField('date', 'must be a day that exists')
      const wanted = cycle === undefined ? undefined : parseCycle(cycle)
      if (cycle !== undefined && wanted === undefined) throw invalidField('cycle', 'must be of a day that exists')
      const banks = (await banksOf(deps, caller)).filter((code) => institution === undefined || code === institution)
      const filter = { settlementDate: wanted?.settlementDate ?? date, cycle: wanted?.number, state }
      const before = cursor === undefined ? undefined : readIdCursor(cursor, 'run')
      const found = await listRuns(db, banks, filter, before, limit + 1)
      return toPage(found, limit, viewOf, ({ id }) => idCursor(id))
    },
  )

  app.get<{ Params: Static<typeof RunPath> }>(
    '/v1/reconciliation-runs/:id',
    {
      config: needs('settlement:read'),
      schema: {
        tags,
        summary: 'One reconciliation run',
        params: RunPath,
        response: answers(200, RunDocument, [...reading, 'not_found']),
      },
    },
    async ({ params, caller }) => {
      const run = await findRun(db, params.id)
      if (run === undefined || !(await banksOf(deps, caller)).includes(run.institution)) throw noSuchRun(params.id)
      return viewOf(run)
    },
  )

  app.post<{ Params: Static<typeof RunPath>; Body: Static<typeof RollBack> }>(
    '/v1/reconciliation-runs/:id/roll-back',
    {
      config: needs('settlement:write', 'sensitive'),
      // It needs no body.
      preValidation: (request, _reply, done) => {
        request.body ??= {}
        done()
      },
      schema: {
        tags,
        summary: 'Take a run back',
        description:
          'Its breaks, sums and items are gone, and breaks of runs before it are as they were, to the byte. Refused while a later cycle was ' +
          'matched on what it carried, while journals of its cycle stand that no `_reversed` journal turns round (with `journals` those about the ' +
          'cycle itself are), and once something was done about a single payment, or people settled ' +
          'a break of it.',
        params: RunPath,
        body: RollBack,
        response: answers(200, RunDocument, [
          ...writing,
          'reauthentication_required',
          'not_found',
          'run_not_rolled_back',
        ]),
      },
    },
    async ({ params, body, caller, id: requestId }) => {
      const banks = await banksOf(deps, caller)
      const now = matching.clock.now()
      await inTransaction(db, async (tx) => {
        const found = await findRun(tx, params.id)
        if (found !== undefined && banks.includes(found.institution) && body?.journals === true) {
          const { institution, settlementDate, cycle: number } = found
          await reverseCycle(tx, { institution, settlementDate, number }, now)
        }
        const done = await rollBackRun(tx, banks, params.id, caller.actor.id, now)
        if (done.kind === 'unknown') throw noSuchRun(params.id)
        if (done.kind !== 'rolled_back') throw new Problem('run_not_rolled_back', { detail: whyNot(done) })
        const { run, breaks, marks } = done
        const detail = { cycle: formatCycle({ settlementDate: run.settlementDate, number: run.cycle }), breaks, marks }
        await deps.note(tx, actOf(caller, requestId, now, 'reconciliation.rolled_back', run.id, detail))
      })
      const run = await findRun(db, params.id)
      if (run === undefined) throw noSuchRun(params.id)
      return viewOf(run)
    },
  )
}

const noSuchRun = (id: string): Problem => new Problem('not_found', { detail: `There is no run ${id}.` })

function whyNot(refusal: Exclude<RollBackRefusal, { kind: 'unknown' }>): string {
  switch (refusal.kind) {
    case 'not_live':
      return `It is ${refusal.state}.`
    case 'later_run':
      return `Cycle ${refusal.cycle} was matched after it: take that back first.`
    case 'consequences':
      // Which journals of which number the explanations of its breaks tell: an answer of refusal repeats no long number.
      return `It was acted on: ${refusal.what.join('; ').replaceAll(/[0-9A-Za-z]{9,}/g, withoutNumber)}.`
  }
}

const withoutNumber = (word: string): string => (/[0-9a-f]{9}/.test(word) ? '…' : word)

const viewOf = (run: ReconRun): Static<typeof RunDocument> => ({
  id: run.id,
  institution: run.institution,
  cycle: formatCycle({ settlementDate: run.settlementDate, number: run.cycle }),
  state: run.state,
  step: run.step,
  progress: run.progress,
  rules: run.ruleVersion,
  inputs: run.inputs.map(({ what, fileId, name, sha256, rows }) => ({ what, file: fileId, name, sha256, rows })),
  totals: run.totals.map(({ what, count, amount, statedCount, statedAmount, agrees }) => ({
    what,
    count,
    amount,
    statedCount,
    statedAmount,
    agrees,
  })),
  counts: { ...run.counts },
  outcomeHash: run.outcomeHash,
  failure: run.failure,
  startedBy: run.startedBy,
  startedAt: toRfc3339(run.startedAt),
  endedAt: run.endedAt === null ? null : toRfc3339(run.endedAt),
  rolledBackBy: run.rolledBackBy,
  rolledBackAt: run.rolledBackAt === null ? null : toRfc3339(run.rolledBackAt),
})
