import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import { toRfc3339 } from '../base/clock.ts'
import { inTransaction } from '../db/transaction.ts'
import { dayOf, formatCycle, isDay, parseCycle } from '../imps/cycles.ts'
import { type ExpectedCycle, expectedCycles, expectedKinds, incompleteCycles } from '../settlement/intake/expected.ts'
import { type CycleFault, clearFault, findBehind, findFaults } from '../settlement/pipeline-faults.ts'
import { steps } from '../settlement/pipeline-store.ts'
import { actOf, type Noting } from './acts.ts'
import { needs } from './policy.ts'
import { invalidField, Problem } from './problems.ts'
import { CycleWord } from './reconciliation.ts'
import { answers, InstantWord, nullable, strict } from './schemas.ts'
import { bankOf } from './settlement-bank.ts'
import type { SettlementFileDeps } from './settlement-files.ts'

const word = <const T extends readonly string[]>(values: T, description: string) =>
  Type.Unsafe<T[number]>({ type: 'string', enum: [...values], description })
const CycleDocument = strict({
  institution: Type.String(),
  cycle: Type.String({ description: 'its settlement date in IST and its number, such as 2026-11-27/5' }),
  from: InstantWord,
  to: InstantWord,
  dueAt: InstantWord,
  state: word(
    ['open', 'awaited', 'incomplete', 'complete'],
    'open (it has not ended), awaited (files may still come), incomplete (files are late) or complete (all are here)',
  ),
  settled: Type.Boolean({ description: 'its money is in the books' }),
  fault: nullable(
    strict(
      {
        state: word(
          ['retrying', 'aside'],
          'retrying (it is tried again by itself) or aside (not until somebody asks for it)',
        ),
        step: word(steps, `the step that fails: one of ${steps.join(', ')}`),
        tries: Type.Integer(),
        reason: Type.String({ description: 'what kind of error it was, and where' }),
        failedAt: InstantWord,
        nextTryAt: nullable(InstantWord),
      },
      'why it does not go on',
    ),
  ),
  waitsFor: nullable(
    Type.String({ description: 'the earlier cycle that fails, and that its adjustment report waits for' }),
  ),
  files: Type.Array(
    strict({
      kind: word(expectedKinds, `one of ${expectedKinds.join(', ')}`),
      state: word(['here', 'refused', 'awaited', 'missing'], 'here, refused, awaited or missing'),
      file: nullable(Type.String()),
    }),
  ),
})
const Filters = strict({
  institution: Type.Optional(
    Type.String({ pattern: '^[A-Z0-9]{1,20}$', maxLength: 20, description: 'the code of a bank of this hub' }),
  ),
  date: Type.Optional(
    Type.String({ pattern: '^20[0-9]{2}-[0-9]{2}-[0-9]{2}$', maxLength: 10, description: 'a settlement date in IST' }),
  ),
  missing: Type.Optional(
    Type.Boolean({ description: 'true: the cycles of the last 45 days of which files are missing or were refused' }),
  ),
})

const Retry = strict(
  {
    institution: Type.Optional(
      Type.String({ pattern: '^[A-Z0-9]{1,20}$', maxLength: 20, description: 'the code of a bank of this hub' }),
    ),
    cycle: CycleWord,
  },
  'a cycle that fails; of the first bank when none is named',
)

/** Which files each cycle should have, and has, and which does not go on. */
export function settlementCycleRoutes(app: FastifyInstance, deps: SettlementFileDeps & Noting): void {
  const { db, intake } = deps
  app.get<{ Querystring: Static<typeof Filters> }>(
    '/v1/settlement-cycles',
    {
      config: needs('settlement:read'),
      schema: {
        tags: ['Settlement'],
        summary: 'The settlement cycles of a day, and which of their files are here',
        description:
          'Of one bank; the latest first, today when no `date` is named. Cycles are expected from the first on that the bank had a file of, and ' +
          'a file is missing 30 minutes after the end of its cycle.',
        querystring: Filters,
        response: answers(200, strict({ data: Type.Array(CycleDocument) }), [
          'invalid_request',
          'unauthorized',
          'not_found',
          'database_unavailable',
        ]),
      },
    },
    async ({ query, caller }) => {
      const institution = await bankOf(deps, caller, query.institution)
      const now = intake.clock.now()
      if (query.missing === true) {
        if (query.date !== undefined) throw invalidField('date', 'must be left out where missing is true')
        return views(institution, await incompleteCycles(db, intake.cycles, institution, now))
      }
      const date = query.date ?? dayOf(now)
      if (!isDay(date)) throw invalidField('date', 'must be a day that exists')
      const found = await expectedCycles(db, intake.cycles, { institution, from: date, to: date, now })
      return views(institution, found)
    },
  )

  app.post<{ Body: Static<typeof Retry> }>(
    '/v1/settlement-cycles/retry',
    {
      config: needs('settlement:write'),
      schema: {
        tags: ['Settlement'],
        summary: 'Try a cycle again that fails',
        description:
          'For one that is put aside, or whose next try is far: the next look of the hub takes it on from the step that failed, with all tries ' +
          'before it.',
        body: Retry,
        response: answers(202, strict({ institution: Type.String(), cycle: CycleWord }), [
          'invalid_request',
          'invalid_json',
          'duplicate_field',
          'json_too_deep',
          'body_too_large',
          'unsupported_media_type',
          'unauthorized',
          'forbidden',
          'not_found',
          'cycle_not_failing',
          'database_unavailable',
        ]),
      },
    },
    async ({ body, caller, id: requestId }, reply) => {
      const institution = await bankOf(deps, caller, body.institution)
      const cycle = parseCycle(body.cycle)
      if (cycle === undefined) throw invalidField('cycle', 'must be of a day that exists')
      await inTransaction(db, async (tx) => {
        if (!(await clearFault(tx, { institution, ...cycle })))
          throw new Problem('cycle_not_failing', { detail: `${body.cycle} does not fail.` })
        const now = intake.clock.now()
        await deps.note(tx, actOf(caller, requestId, now, 'settlement_cycle.retried', body.cycle, { institution }))
      })
      reply.code(202)
      return { institution, cycle: body.cycle }
    },
  )

  async function views(
    institution: string,
    found: readonly ExpectedCycle[],
  ): Promise<{ data: Static<typeof CycleDocument>[] }> {
    const [faults, behind] = await Promise.all([findFaults(db, institution), findBehind(db, institution)])
    return {
      data: found.map((one) => {
        const name = formatCycle(one.cycle)
        return { ...viewOf(one), fault: faultView(faults.get(name)), waitsFor: behind.get(name) ?? null }
      }),
    }
  }
}

const faultView = (fault: CycleFault | undefined): Static<typeof CycleDocument>['fault'] =>
  fault === undefined
    ? null
    : {
        state: fault.tryAt === null ? 'aside' : 'retrying',
        step: fault.step,
        tries: fault.tries,
        reason: fault.reason,
        failedAt: toRfc3339(fault.failedAt),
        nextTryAt: fault.tryAt === null ? null : toRfc3339(fault.tryAt),
      }

const viewOf = (one: ExpectedCycle): Omit<Static<typeof CycleDocument>, 'fault' | 'waitsFor'> => ({
  institution: one.institution,
  cycle: formatCycle(one.cycle),
  from: toRfc3339(one.cycle.fromAt),
  to: toRfc3339(one.cycle.toAt),
  dueAt: toRfc3339(one.dueAt),
  state: one.state,
  settled: one.settled,
  files: one.files.map(({ kind, state, fileId }) => ({ kind, state, file: fileId })),
})
