import type { FastifyInstance, FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import { changeMpin } from '../../customer/change-mpin.ts'
import { lockCustomer } from '../../customer/customer-store.ts'
import { enrol, prove } from '../../customer/enrol.ts'
import { revokeFactors } from '../../customer/factor-store.ts'
import { actOf } from '../acts.ts'
import {
  type FactorDeps,
  FactorDocument,
  factorView,
  MadeFactor,
  noteAs,
  orBusy,
  Registration,
  SixDigits,
} from '../factors.ts'
import { refuseBody } from '../payments.ts'
import { customerOnly } from '../policy.ts'
import { invalidField, Problem, type ProblemCode } from '../problems.ts'
import { answers, strict } from '../schemas.ts'
import { walletOf } from './cookie.ts'

const NewMpin = strict({ mpin: SixDigits, next: SixDigits }, 'the MPIN that you have, and the one that you want')
const FactorPath = strict({
  factorId: Type.String({
    pattern: '^fac_[0-9a-f]{32}$',
    maxLength: 36,
    description: 'a factor id: fac_ and 32 hex digits',
  }),
})
const PasskeyProof = strict({ passkey: Registration }, 'what navigator.credentials.create gave')

const changing: readonly ProblemCode[] = [
  'invalid_request',
  'invalid_json',
  'duplicate_field',
  'json_too_deep',
  'body_too_large',
  'unsupported_media_type',
  'unauthorized',
  'csrf_refused',
  'reauthentication_required',
  'database_unavailable',
]
const gone = (description: string) => ({ 204: { description, type: 'null' } })
const tags = ['Wallet']

/** How customers change what they prove themselves with: after a fresh proof, and never to less than they had. */
export function walletFactorRoutes(app: FastifyInstance, deps: FactorDeps): void {
  const { clock, vault } = deps
  const noted = (request: FastifyRequest) => noteAs(deps, request.caller, request.id, walletOf(request).customerId)

  app.post<{ Body: Static<typeof NewMpin> }>(
    '/v1/wallet/mpin',
    {
      config: customerOnly('sensitive'),
      schema: {
        tags,
        summary: 'Change the MPIN',
        description: 'Your other sessions end. A wrong MPIN counts as a wrong try of a payment does.',
        body: NewMpin,
        response: {
          ...gone('It is changed.'),
          ...answers(200, Type.Null(), [...changing, 'authentication_failed', 'authentication_locked', 'too_busy']),
        },
      },
    },
    async (request, reply) => {
      const changed = await changeMpin(deps.enrolment, walletOf(request), request.body, noted(request)).catch(orBusy)
      switch (changed.kind) {
        case 'trivial':
          throw invalidField('next', 'must be another one, and not one that everybody tries first')
        case 'wrong':
          throw new Problem('authentication_failed')
        case 'locked':
          throw new Problem('authentication_locked')
        case 'done':
          return reply.code(204).send()
      }
    },
  )

  app.post(
    '/v1/wallet/passkeys',
    {
      config: customerOnly('sensitive'),
      schema: {
        tags,
        summary: 'Begin to make a passkey',
        description: 'Give `passkey` to `navigator.credentials.create`, and prove it within three minutes.',
        response: answers(201, MadeFactor, [...changing, 'passkeys_not_available', 'too_many_factors']),
      },
    },
    async (request, reply) => {
      refuseBody(request)
      const { tenantId, customerId: id } = walletOf(request)
      const made = await enrol(
        deps.enrolment,
        { tenantId, id, address: request.ip },
        { kind: 'passkey' },
        noted(request),
      )
      if (made.kind === 'too_many') throw new Problem('too_many_factors')
      if (made.kind === 'no_name') throw new Problem('passkeys_not_available')
      if (made.kind !== 'made') throw new Problem('unauthorized')
      reply.code(201).header('cache-control', 'no-store')
      return { ...factorView(made.factor), totp: null, passkey: made.options ?? null }
    },
  )

  app.post<{ Params: Static<typeof FactorPath>; Body: Static<typeof PasskeyProof> }>(
    '/v1/wallet/passkeys/:factorId/prove',
    {
      config: customerOnly('sensitive'),
      schema: {
        tags,
        summary: 'Prove a passkey that was begun',
        params: FactorPath,
        body: PasskeyProof,
        response: answers(200, FactorDocument, [
          ...changing,
          'not_found',
          'factor_not_begun',
          'factor_not_proved',
          'factor_taken',
        ]),
      },
    },
    async (request) => {
      const { tenantId, customerId: id } = walletOf(request)
      const { factorId } = request.params
      const proved = await prove(
        deps.enrolment,
        { tenantId, id, factorId: factorId.slice(4) },
        request.body,
        noted(request),
      )
      switch (proved.kind) {
        case 'unknown':
          throw noSuchFactor(factorId)
        case 'over':
          throw new Problem('factor_not_begun')
        case 'taken':
          throw new Problem('factor_taken')
        case 'wrong':
          throw new Problem('factor_not_proved')
        case 'enrolled':
          return factorView(proved.factor)
      }
    },
  )

  app.delete<{ Params: Static<typeof FactorPath> }>(
    '/v1/wallet/passkeys/:factorId',
    {
      config: customerOnly('sensitive'),
      schema: {
        tags,
        summary: 'Remove a passkey',
        params: FactorPath,
        response: { ...gone('It proves nothing any more.'), ...answers(200, Type.Null(), [...changing, 'not_found']) },
      },
    },
    async (request, reply) => {
      refuseBody(request)
      const { params, caller, id: requestId } = request
      const { tenantId, customerId } = walletOf(request)
      const now = clock.now()
      await deps.asTenant(tenantId, async (tx) => {
        const customer = await lockCustomer(tx, vault, tenantId, customerId)
        const which = { id: params.factorId.slice(4), kind: 'passkey' } as const
        if (customer === undefined || (await revokeFactors(tx, customer, which, now)).length === 0)
          throw noSuchFactor(params.factorId)
        const subject = `${customerId}/${params.factorId}`
        await deps.note(tx, actOf(caller, requestId, now, 'factor.revoked', subject, { kind: 'passkey' }))
      })
      return reply.code(204).send()
    },
  )
}

const noSuchFactor = (id: string): Problem => new Problem('not_found', { detail: `You have no passkey ${id}.` })
