import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import { toRfc3339 } from '../base/clock.ts'
import { asHub } from '../db/tenant.ts'
import type { Caller } from '../identity/caller.ts'
import { dayOf, isDay } from '../imps/cycles.ts'
import type { MakeChange } from '../payment/changes.ts'
import { oneChecker } from '../payment/four-eyes.ts'
import {
  type FeeTable,
  insertFeeTable,
  type KeptFeeRate,
  listFeeRates,
  lockFees,
  tableOn,
  whyNoTable,
} from '../settlement/books/fee-store.ts'
import { actOf } from './acts.ts'
import { type ApprovalDeps, ApprovalDocument, approvalView, changeBy } from './approvals.ts'
import { needs } from './policy.ts'
import { invalidField, Problem, type ProblemCode } from './problems.ts'
import { answers, anyWord, InstantWord, nullable, strict } from './schemas.ts'
import { banksOf, type SettlementBankDeps } from './settlement-bank.ts'

export type FeeRateDeps = SettlementBankDeps & ApprovalDeps

const kinds = ['interchange', 'switching'] as const
const sides = ['remitter', 'beneficiary'] as const
const SubTypeWord = anyWord(['F3', 'FC'])
/** What the raw file says: paid, or deemed. */
const RawWord = anyWord(['00', '08'])
const RoundingWord = anyWord(['sum_then_round', 'round_then_sum'])
const Paise = Type.String({
  pattern: '^(0|[1-9][0-9]{0,11})$',
  maxLength: 12,
  description: 'paise as a string of digits, "0" for none',
})
const GstBps = Type.Integer({
  minimum: 0,
  maximum: 10_000,
  description: 'hundredths of a percent, 0 to 10000: 1800 is 18 %',
})
const DayWord = Type.String({
  pattern: '^20[0-9]{2}-[0-9]{2}-[0-9]{2}$',
  maxLength: 10,
  description: 'a settlement date in IST',
})

const FeeRateDocument = strict({
  kind: anyWord(kinds),
  side: anyWord(sides),
  subType: nullable(SubTypeWord),
  raw: nullable(RawWord),
  overAmount: Type.String({ description: 'in paise: of payments of more than this' }),
  fee: Type.String({ description: 'in paise' }),
  gstBps: GstBps,
  rounding: RoundingWord,
  validFrom: Type.String(),
  state: anyWord(['past', 'in_force', 'to_come']),
  source: Type.String({ description: 'the circular or letter that it is from' }),
  proposedBy: nullable(Type.String({ description: 'null: the hub came with it' })),
  approval: nullable(Type.String()),
  setAt: nullable(InstantWord),
})
const Slab = strict(
  {
    overAmount: Paise,
    fee: Paise,
    subType: Type.Optional(SubTypeWord),
    raw: Type.Optional(RawWord),
  },
  'a slab: payments of more than overAmount cost fee',
)
const NewTable = strict(
  {
    kind: anyWord(kinds),
    side: anyWord(sides),
    validFrom: DayWord,
    gstBps: GstBps,
    rounding: RoundingWord,
    slabs: Type.Array(Slab, { minItems: 1, maxItems: 50, description: '1 to 50 slabs' }),
    source: Type.String({
      minLength: 1,
      maxLength: 200,
      pattern: '^[^\\p{Cc}]+$',
      description: 'the circular or letter that it is from, 1 to 200 characters',
    }),
  },
  'a table of rates, which holds as a whole from a day on',
)
const reading: readonly ProblemCode[] = ['invalid_request', 'unauthorized', 'database_unavailable']

/** What NPCI takes and gives per payment: read, and changed by two people for days to come. */
export function feeRateRoutes(app: FastifyInstance, deps: FeeRateDeps): void {
  const { db, clock } = deps
  const tags = ['Settlement']

  app.get(
    '/v1/fee-rates',
    {
      config: needs('settlement:read'),
      schema: {
        tags,
        summary: 'What NPCI takes per payment',
        description:
          'All rates there have been, and those to come. Of a kind and side those with the latest `validFrom` that has come hold, as a whole; ' +
          'the report settlement-statement says which were applied to a cycle.',
        response: answers(200, strict({ data: Type.Array(FeeRateDocument) }), [...reading]),
      },
    },
    async () => {
      const rates = await listFeeRates(db)
      const today = dayOf(clock.now())
      const inForce = new Set(kinds.flatMap((kind) => sides.flatMap((side) => tableOn(rates, kind, side, today))))
      return {
        data: rates.map((rate) =>
          viewOf(rate, inForce.has(rate) ? 'in_force' : rate.validFrom > today ? 'to_come' : 'past'),
        ),
      }
    },
  )

  app.post<{ Body: Static<typeof NewTable> }>(
    '/v1/fee-rates',
    {
      config: needs('settlement:write', 'sensitive'),
      schema: {
        tags,
        summary: 'Ask that other rates hold from a day on',
        description:
          'A table takes the place of the one of its kind and side as a whole. Its day must be after today, and after every cycle that is in ' +
          'the books. It always waits for somebody else: by the rules for `fee_rate`, or one checker where there is none. Rates are of all ' +
          'banks of the hub: whoever has only one of several cannot change them.',
        body: NewTable,
        response: answers(202, ApprovalDocument, [
          ...reading,
          'invalid_json',
          'duplicate_field',
          'json_too_deep',
          'body_too_large',
          'unsupported_media_type',
          'forbidden',
          'reauthentication_required',
          'fee_rates_set',
        ]),
      },
    },
    async ({ body, caller, id: requestId }, reply) => {
      await ofAllBanks(deps, caller)
      const table = readTable(body)
      const approval = await deps.asTenant(caller.tenantId, async (tx) => {
        const why = await asHub(tx, (hub) => whyNoTable(hub, table, dayOf(clock.now())))
        if (why === 'past' || why === 'settled')
          throw invalidField('validFrom', 'must be after today, and after every cycle that is in the books')
        if (why === 'taken') throw taken(table)
        const content = { ...body, by: caller.actor.id }
        const subject = `frt_${deps.changes.newId()}`
        const proposed = await deps.changes.propose(tx, changeBy(caller, 'fee_rate', subject, content), oneChecker)
        const { kind, side, validFrom } = body
        const detail = { approval: `apr_${proposed.id}`, kind, side, validFrom, slabs: body.slabs.length }
        await deps.note(tx, actOf(caller, requestId, clock.now(), 'fee_rates.proposed', subject, detail))
        return proposed
      })
      reply.code(202)
      return approvalView(deps, caller, approval)
    },
  )
}

/** Puts in the table that people agreed about, if its day is still to come. @throws {Problem} `fee_rates_set` */
export const makeFeeRates =
  (now: () => number): MakeChange =>
  async (tx, tenantId, subjectId, content) => {
    const { by, ...body } = content as Static<typeof NewTable> & { readonly by: string }
    const table = readTable(body)
    const [approval] = await tx<{ approval_id: string }[]>`
      select approval_id from approval_request
      where tenant_id = ${tenantId} and subject_kind = 'fee_rate' and subject_id = ${subjectId}`
    if (approval === undefined) throw new Error(`no approval is about ${subjectId}`)
    await asHub(tx, async (hub) => {
      await lockFees(hub)
      if ((await whyNoTable(hub, table, dayOf(now()))) !== undefined) throw taken(table)
      await insertFeeTable(hub, table, { proposedBy: by, approvalId: approval.approval_id, at: now() })
    })
  }

/** @throws {Problem} `forbidden`: the rates are of banks that are not the caller's too */
async function ofAllBanks(deps: SettlementBankDeps, caller: Caller): Promise<void> {
  if ((await banksOf(deps, caller)).length < deps.institutions.length)
    throw new Problem('forbidden', { detail: 'The rates are of all banks of this hub.' })
}

/** @throws {Problem} naming the field */
function readTable({ slabs, ...body }: Static<typeof NewTable>): FeeTable {
  if (!isDay(body.validFrom)) throw invalidField('validFrom', 'must be a day that exists')
  const keys = slabs.map(({ overAmount, subType, raw }) => `${overAmount} ${subType} ${raw}`)
  const twice = keys.findIndex((key, at) => keys.indexOf(key) !== at)
  if (twice >= 0) throw invalidField(`slabs.${twice}.overAmount`, 'is there twice')
  return {
    ...body,
    slabs: slabs.map(({ overAmount, fee, subType = null, raw = null }) => ({
      subType,
      status: raw,
      overPaise: BigInt(overAmount),
      feePaise: BigInt(fee),
    })),
  }
}

const taken = ({ kind, side, validFrom }: Pick<FeeTable, 'kind' | 'side' | 'validFrom'>): Problem =>
  new Problem('fee_rates_set', { detail: `${side} ${kind} from ${validFrom}: the day has come, or its rates are set.` })

const viewOf = (
  { overPaise, feePaise, status, approvalId, setAt, ...rate }: KeptFeeRate,
  state: 'past' | 'in_force' | 'to_come',
): Static<typeof FeeRateDocument> => ({
  ...rate,
  raw: status,
  overAmount: String(overPaise),
  fee: String(feePaise),
  state,
  approval: approvalId === null ? null : `apr_${approvalId}`,
  setAt: setAt === null ? null : toRfc3339(setAt),
})
