import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import { type Clock, toRfc3339 } from '../base/clock.ts'
import { listDuties, type OpenDuty } from '../settlement/books/duties.ts'
import { readTimedCursor, timedCursor, toPage } from './page.ts'
import { needs } from './policy.ts'
import { Amount, answers, Cursor, InstantWord, Limit, nullable, PaymentIdWord, pageOf, strict } from './schemas.ts'
import { banksOf, type SettlementBankDeps } from './settlement-bank.ts'

export type DutyDeps = SettlementBankDeps & { readonly clock: Clock }

const DutyDocument = strict({
  id: Type.String(),
  institution: Type.String(),
  rrn: Type.String(),
  payment: nullable(PaymentIdWord),
  amount: Amount,
  transactedOn: Type.String({ description: 'T, a day in IST' }),
  waitsFor: Type.Unsafe<'upload' | 'people'>({
    type: 'string',
    enum: ['upload', 'people'],
    description: 'upload: a file must leave. people: somebody must decide what the answer is',
  }),
  answer: nullable(Type.String({ description: 'the flag and the reason code, such as TCC 102' })),
  uploadFile: nullable(Type.String()),
  dueAt: InstantWord,
  late: Type.Boolean(),
  warnings: Type.Integer({ description: '0; 1 since 12:00 of the day it is due; 2 since 16:00' }),
  warnedAt: nullable(InstantWord),
})
const Filters = strict({
  institution: Type.Optional(
    Type.String({ pattern: '^[A-Z0-9]{1,20}$', maxLength: 20, description: 'the code of a bank of this hub' }),
  ),
  limit: Limit,
  cursor: Cursor,
})

/** What banks owe NPCI, and until when. */
export function dutyRoutes(app: FastifyInstance, deps: DutyDeps): void {
  app.get<{ Querystring: Static<typeof Filters> }>(
    '/v1/duties',
    {
      config: needs('settlement:read'),
      schema: {
        tags: ['Settlement'],
        summary: 'Answers that are owed to NPCI, the most urgent first',
        description:
          'Confirmations (TCC 102, 103) and returns of inward time-outs that have not left: due on T+1 at 17:30 IST, warned of at 12:00 and at ' +
          '16:00 of that day. What has left is with NPCI, and not here.',
        querystring: Filters,
        response: answers(200, pageOf(DutyDocument), [
          'invalid_request',
          'invalid_cursor',
          'unauthorized',
          'database_unavailable',
        ]),
      },
    },
    async ({ query, caller }) => {
      const { limit = 25, cursor, institution } = query
      const banks = (await banksOf(deps, caller)).filter((code) => institution === undefined || code === institution)
      const after = cursor === undefined ? undefined : readTimedCursor(cursor, 'dty')
      const found = await listDuties(deps.db, banks, after, limit + 1)
      const now = deps.clock.now()
      return toPage(
        found,
        limit,
        (one) => viewOf(one, now),
        ({ dueAt, id }) => timedCursor({ at: dueAt, id }),
      )
    },
  )
}

const viewOf = (one: OpenDuty, now: number): Static<typeof DutyDocument> => ({
  id: one.id,
  institution: one.institution,
  rrn: one.rrn,
  payment: one.paymentId,
  amount: String(one.amountPaise),
  transactedOn: one.transactedOn,
  waitsFor: one.duty === 'say' ? 'upload' : 'people',
  answer: one.flag === null ? null : `${one.flag} ${one.reasonCode ?? ''}`.trimEnd(),
  uploadFile: one.uploadId,
  dueAt: toRfc3339(one.dueAt),
  late: one.dueAt <= now,
  warnings: one.warned,
  warnedAt: one.warnedAt === null ? null : toRfc3339(one.warnedAt),
})
