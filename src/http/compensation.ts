import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import { toRfc3339 } from '../base/clock.ts'
import type { Db } from '../db/pool.ts'
import type { AsTenant } from '../db/tenant.ts'
import { compensationStates, listCompensation } from '../settlement/books/compensation-store.ts'
import { findFeeRates } from '../settlement/books/fee-store.ts'
import { needs } from './policy.ts'
import { Problem, type ProblemCode } from './problems.ts'
import { Amount, answers, Cursor, InstantWord, Limit, nullable, PaymentIdWord, pageOf, strict } from './schemas.ts'

export type CompensationDeps = { readonly db: Db; readonly asTenant: AsTenant }

const anyWord = <const T extends readonly string[]>(values: T) =>
  Type.Unsafe<T[number]>({ type: 'string', enum: [...values], description: `one of ${values.join(', ')}` })

const CompensationDocument = strict({
  id: Type.String(),
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
  updatedAt: InstantWord,
})
const Filters = strict({ state: Type.Optional(anyWord(compensationStates)), limit: Limit, cursor: Cursor })
const FeeRateDocument = strict({
  kind: anyWord(['interchange', 'switching']),
  side: anyWord(['remitter', 'beneficiary']),
  subType: nullable(anyWord(['F3', 'FC'])),
  status: nullable(anyWord(['00', '08'])),
  overAmount: Type.String({ description: 'in paise: of payments of more than this' }),
  fee: Amount,
  gstBps: Type.Integer({ description: 'hundredths of a percent' }),
  rounding: anyWord(['sum_then_round', 'round_then_sum']),
  validFrom: Type.String(),
})
const reading: readonly ProblemCode[] = ['invalid_request', 'unauthorized', 'database_unavailable']

/** What late money costs, and what NPCI takes. */
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
          'nothing. What NPCI reports otherwise is a break, B22.',
        querystring: Filters,
        response: answers(200, pageOf(CompensationDocument), [...reading, 'invalid_cursor']),
      },
    },
    async ({ query, caller }) => {
      const { limit = 25, cursor, state } = query
      const before = cursor === undefined ? undefined : readCursor(cursor)
      const found = await deps.asTenant(caller.tenantId, (tx) =>
        listCompensation(tx, caller.tenantId, state, before, limit + 1),
      )
      const page = found.slice(0, limit)
      const last = found.length > limit ? page.at(-1) : undefined
      return {
        data: page.map(({ paymentId, fromOn, untilOn, amountPaise, reportedPaise, updatedAt, ...one }) => ({
          ...one,
          payment: paymentId,
          from: fromOn,
          until: untilOn,
          amount: String(amountPaise),
          reported: reportedPaise === null ? null : String(reportedPaise),
          updatedAt: toRfc3339(updatedAt),
        })),
        hasMore: last !== undefined,
        nextCursor: last === undefined ? null : Buffer.from(last.id.slice(4), 'hex').toString('base64url'),
      }
    },
  )

  app.get(
    '/v1/fee-rates',
    {
      config: needs('settlement:read'),
      schema: {
        tags,
        summary: 'What NPCI takes per payment',
        description:
          'All rates there have been. Of a kind and side those with the latest `validFrom` that has come hold, as a whole.',
        response: answers(200, strict({ data: Type.Array(FeeRateDocument) }), [...reading]),
      },
    },
    async () => ({
      data: (await findFeeRates(deps.db)).map(({ overPaise, feePaise, ...rate }) => ({
        ...rate,
        overAmount: String(overPaise),
        fee: String(feePaise),
      })),
    }),
  )
}

/** @throws {Problem} `invalid_cursor` */
function readCursor(cursor: string): string {
  const bytes = Buffer.from(cursor, 'base64url')
  if (bytes.length !== 16 || bytes.toString('base64url') !== cursor)
    throw new Problem('invalid_cursor', { errors: [{ field: 'cursor', message: 'is not one that the hub gave out' }] })
  return `cmp_${bytes.toString('hex')}`
}
