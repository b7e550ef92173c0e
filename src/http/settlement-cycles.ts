import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import { toRfc3339 } from '../base/clock.ts'
import { dayOf, formatCycle, isDay } from '../imps/cycles.ts'
import { type ExpectedCycle, expectedCycles, expectedKinds, incompleteCycles } from '../settlement/intake/expected.ts'
import { needs } from './policy.ts'
import { invalidField } from './problems.ts'
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

/** Which files each cycle should have, and has. */
export function settlementCycleRoutes(app: FastifyInstance, deps: SettlementFileDeps): void {
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
        return { data: (await incompleteCycles(db, intake.cycles, institution, now)).map(viewOf) }
      }
      const date = query.date ?? dayOf(now)
      if (!isDay(date)) throw invalidField('date', 'must be a day that exists')
      const found = await expectedCycles(db, intake.cycles, { institution, from: date, to: date, now })
      return { data: found.map(viewOf) }
    },
  )
}

const viewOf = (one: ExpectedCycle): Static<typeof CycleDocument> => ({
  institution: one.institution,
  cycle: formatCycle(one.cycle),
  from: toRfc3339(one.cycle.fromAt),
  to: toRfc3339(one.cycle.toAt),
  dueAt: toRfc3339(one.dueAt),
  state: one.state,
  settled: one.settled,
  files: one.files.map(({ kind, state, fileId }) => ({ kind, state, file: fileId })),
})
