import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import { toRfc3339 } from '../base/clock.ts'
import type { Vault } from '../base/vault.ts'
import {
  endBeneficiary,
  findBeneficiary,
  insertBeneficiary,
  listBeneficiaries,
  type RegisteredBeneficiary,
} from '../payment/beneficiary-store.ts'
import type { MakeChange } from '../payment/changes.ts'
import { actOf } from './acts.ts'
import { type ApprovalDeps, ApprovalDocument, approvalView, changeBy } from './approvals.ts'
import { idCursor, readHexCursor, toPage } from './page.ts'
import { refuseBody } from './payments.ts'
import { needs } from './policy.ts'
import { Problem, type ProblemCode } from './problems.ts'
import { Reveal, reveal, revealWords } from './reveal.ts'
import {
  answers,
  Beneficiary,
  BeneficiaryIdWord,
  Cursor,
  InstantWord,
  Limit,
  nullable,
  pageOf,
  strict,
} from './schemas.ts'

const LabelWord = Type.String({
  pattern: '^[^\\p{Cc}\\p{Cs}]+$',
  minLength: 1,
  maxLength: 50,
  description: 'a label of your own, 1 to 50 characters, none of them a control character',
})
const BeneficiaryDocument = strict({
  id: BeneficiaryIdWord,
  to: Beneficiary,
  label: nullable(Type.String()),
  createdAt: InstantWord,
})
const NewBeneficiary = strict({ to: Beneficiary, label: Type.Optional(LabelWord) }, 'a beneficiary to register')
type NewBeneficiary = Static<typeof NewBeneficiary>
const BeneficiaryPath = strict({ id: BeneficiaryIdWord })
const Page = strict({ limit: Limit, cursor: Cursor })

const changing: readonly ProblemCode[] = [
  'invalid_request',
  'invalid_json',
  'duplicate_field',
  'json_too_deep',
  'body_too_large',
  'unsupported_media_type',
  'unauthorized',
  'forbidden',
  'reauthentication_required',
  'database_unavailable',
]

/** Whom a tenant pays, registered: a payment then names the beneficiary, and nobody can mistype an account. */
export function beneficiaryRoutes(app: FastifyInstance, deps: ApprovalDeps): void {
  const { clock, vault } = deps
  const tags = ['Beneficiaries']

  app.get<{ Querystring: Static<typeof Page> }>(
    '/v1/beneficiaries',
    {
      config: needs('beneficiaries:read'),
      schema: {
        tags,
        summary: 'Whom you pay, newest first',
        querystring: Page,
        response: answers(200, pageOf(BeneficiaryDocument), [
          'invalid_request',
          'invalid_cursor',
          'unauthorized',
          'database_unavailable',
        ]),
      },
    },
    async ({ query, caller }) => {
      const limit = query.limit ?? 25
      const before = query.cursor === undefined ? undefined : readHexCursor(query.cursor)
      const found = await deps.asTenant(caller.tenantId, (tx) =>
        listBeneficiaries(tx, vault, caller.tenantId, before, limit + 1),
      )
      return toPage(found, limit, beneficiaryView, ({ id }) => idCursor(id))
    },
  )

  app.post<{ Body: NewBeneficiary }>(
    '/v1/beneficiaries',
    {
      config: needs('beneficiaries:write', 'sensitive'),
      schema: {
        tags,
        summary: 'Register a beneficiary',
        description:
          'Each once. Where a rule for `beneficiary` exists it waits for approval: 202. Whoever registers a beneficiary cannot approve a ' +
          'payment to it. A payment names it as `"to": {"kind": "beneficiary", "id": "ben_…"}`.',
        body: NewBeneficiary,
        response: {
          ...answers(201, BeneficiaryDocument, [...changing, 'beneficiary_exists']),
          202: { description: 'It waits for approval.', content: { 'application/json': { schema: ApprovalDocument } } },
        },
      },
    },
    async ({ body, caller, id }, reply) => {
      const now = clock.now()
      await vault.prepare([caller.tenantId], now)
      const made: RegisteredBeneficiary = {
        id: `ben_${deps.changes.newId()}`,
        tenantId: caller.tenantId,
        to: body.to,
        label: body.label ?? null,
        madeBy: [caller.actor.id, ...caller.same.filter((name) => name !== caller.actor.id)],
        createdAt: now,
      }
      const waits = await deps.asTenant(caller.tenantId, async (tx) => {
        const proposed = await deps.changes.propose(
          tx,
          changeBy(caller, 'beneficiary', made.id, { make: 'beneficiary', ...body, madeBy: made.madeBy }),
        )
        if (proposed === undefined && !(await insertBeneficiary(tx, vault, made)))
          throw new Problem('beneficiary_exists')
        await deps.note(
          tx,
          actOf(caller, id, now, proposed === undefined ? 'beneficiary.created' : 'beneficiary.proposed', made.id, {
            kind: body.to.kind,
          }),
        )
        return proposed
      })
      if (waits !== undefined) {
        reply.code(202)
        return approvalView(deps, caller, waits)
      }
      reply.code(201).header('location', `/v1/beneficiaries/${made.id}`)
      return beneficiaryView(made)
    },
  )

  app.get<{ Params: Static<typeof BeneficiaryPath>; Querystring: Static<typeof Reveal> }>(
    '/v1/beneficiaries/:id',
    {
      config: needs('beneficiaries:read'),
      schema: {
        tags,
        summary: 'One beneficiary',
        description: revealWords,
        params: BeneficiaryPath,
        querystring: Reveal,
        response: answers(200, BeneficiaryDocument, [
          'invalid_request',
          'unauthorized',
          'not_found',
          'database_unavailable',
        ]),
      },
    },
    async (request) => {
      const { params, caller } = request
      const found = await deps.asTenant(caller.tenantId, (tx) => findBeneficiary(tx, vault, caller.tenantId, params.id))
      if (found === undefined) throw noSuchBeneficiary(params.id)
      if (request.query.reveal === true) await reveal(deps, request, found.id)
      return beneficiaryView(found)
    },
  )

  app.delete<{ Params: Static<typeof BeneficiaryPath> }>(
    '/v1/beneficiaries/:id',
    {
      config: needs('beneficiaries:write', 'sensitive'),
      schema: {
        tags,
        summary: 'End a beneficiary',
        description: 'No new payment can name it. Payments to it that wait already go on: cancel them by themselves.',
        params: BeneficiaryPath,
        response: {
          204: { description: 'It has ended.', type: 'null' },
          ...answers(200, BeneficiaryDocument, [...changing, 'not_found']),
        },
      },
    },
    async (request, reply) => {
      refuseBody(request)
      const { params, caller, id } = request
      await deps.asTenant(caller.tenantId, async (tx) => {
        if (!(await endBeneficiary(tx, caller.tenantId, params.id, clock.now()))) throw noSuchBeneficiary(params.id)
        await deps.note(tx, actOf(caller, id, clock.now(), 'beneficiary.ended', params.id, {}))
      })
      return reply.code(204).send()
    },
  )
}

const noSuchBeneficiary = (id: string): Problem =>
  new Problem('not_found', { detail: `There is no beneficiary ${id}.` })

const beneficiaryView = ({ id, to, label, createdAt }: RegisteredBeneficiary) => ({
  id,
  to,
  label,
  createdAt: toRfc3339(createdAt),
})

/** Registers a beneficiary once people have agreed. @param now  epoch milliseconds */
export const makeBeneficiaryChange =
  (vault: Vault, now: () => number): MakeChange =>
  async (tx, tenantId, subjectId, content) => {
    const { to, label, madeBy } = content as NewBeneficiary & { readonly madeBy: readonly string[] }
    await vault.prepare([tenantId], now())
    const made = { id: subjectId, tenantId, to, label: label ?? null, madeBy, createdAt: now() }
    if (!(await insertBeneficiary(tx, vault, made))) throw new Problem('beneficiary_exists')
  }
