import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import { toRfc3339 } from '../base/clock.ts'
import { type CustomerId, must, parseCustomerId } from '../base/identifiers.ts'
import { findCustomer, lockCustomer, writeFailures } from '../customer/customer-store.ts'
import { type EnrolDeps, enrol, type NoteEnrolment, prove } from '../customer/enrol.ts'
import { enrolledKinds, type Factor, listFactors, revokeFactors } from '../customer/factor-store.ts'
import type { Tx } from '../db/pool.ts'
import type { Caller } from '../identity/caller.ts'
import { HashingBusy } from '../identity/passwords.ts'
import { actOf } from './acts.ts'
import { type CustomerDeps, CustomerPath, changingCustomers, noSuchCustomer } from './customers.ts'
import { refuseBody } from './payments.ts'
import { needs } from './policy.ts'
import { invalidField, Problem, type ProblemCode } from './problems.ts'
import { answers, byKind, CustomerIdWord, InstantWord, nullable, strict } from './schemas.ts'

export type FactorDeps = CustomerDeps & { readonly enrolment: EnrolDeps }

const KindWord = Type.Unsafe<(typeof enrolledKinds)[number]>({
  type: 'string',
  enum: [...enrolledKinds],
  description: `one of ${enrolledKinds.join(', ')}`,
})
const Base64Url = Type.String({
  pattern: '^[A-Za-z0-9_-]{1,8192}$',
  maxLength: 8_192,
  description: 'bytes in base64url',
})
export const SixDigits = Type.String({ pattern: '^[0-9]{6}$', maxLength: 6, description: 'six digits' })

export const FactorDocument = strict({
  id: Type.String(),
  kind: KindWord,
  enrolledAt: nullable(InstantWord),
  proveBy: nullable(InstantWord),
  createdAt: InstantWord,
})
export const MadeFactor = strict({
  ...FactorDocument.properties,
  totp: nullable(
    strict(
      { secret: Type.String(), uri: Type.String() },
      'for the authenticator app of the customer: shown now and never again',
    ),
  ),
  passkey: nullable(
    Type.Unsafe<object>({ type: 'object', description: 'what navigator.credentials.create takes, as JSON' }),
  ),
})
const NewFactor = byKind(
  [
    strict({ kind: Type.Literal('mpin'), mpin: SixDigits }),
    strict({ kind: Type.Literal('sms') }),
    strict({ kind: Type.Literal('totp') }),
    strict({ kind: Type.Literal('passkey') }),
  ],
  'a factor whose kind is mpin, sms, totp or passkey',
)
export const Registration = strict({
  id: Base64Url,
  rawId: Base64Url,
  type: Type.Literal('public-key'),
  response: strict({
    clientDataJSON: Base64Url,
    attestationObject: Base64Url,
    transports: Type.Optional(Type.Array(Type.String({ maxLength: 20, description: 'a transport' }), { maxItems: 10 })),
  }),
})
const FactorProof = strict(
  { code: Type.Optional(SixDigits), passkey: Type.Optional(Registration) },
  'the code that was sent or is shown, or what navigator.credentials.create gave',
)
const FactorPath = strict({
  id: CustomerIdWord,
  factorId: Type.String({
    pattern: '^fac_[0-9a-f]{32}$',
    maxLength: 36,
    description: 'a factor id: fac_ and 32 hex digits',
  }),
})

const messages: readonly ProblemCode[] = ['too_many_messages', 'message_not_sent']

/** How customers prove who they are. Nothing secret comes back, but what an app or a browser must be given once. */
export function factorRoutes(app: FastifyInstance, deps: FactorDeps): void {
  const { clock, vault } = deps
  const tags = ['Customers']

  app.get<{ Params: Static<typeof CustomerPath> }>(
    '/v1/customers/:id/factors',
    {
      config: needs('customers:read'),
      schema: {
        tags,
        summary: 'The factors of a customer',
        params: CustomerPath,
        response: answers(200, strict({ data: Type.Array(FactorDocument) }), [
          'invalid_request',
          'unauthorized',
          'not_found',
          'database_unavailable',
        ]),
      },
    },
    async ({ params, caller }) => {
      const id = must(parseCustomerId(params.id), 'customer id')
      return deps.asTenant(caller.tenantId, async (tx) => {
        const customer = await findCustomer(tx, vault, caller.tenantId, id)
        if (customer === undefined) throw noSuchCustomer(id)
        const now = clock.now()
        const factors = await listFactors(tx, vault, customer)
        return { data: factors.filter((one) => one.proofUntil === null || one.proofUntil > now).map(factorView) }
      })
    },
  )

  app.post<{ Params: Static<typeof CustomerPath>; Body: Static<typeof NewFactor> }>(
    '/v1/customers/:id/factors',
    {
      config: needs('customers:write', 'sensitive'),
      schema: {
        tags,
        summary: 'Enrol a factor',
        description:
          'An MPIN counts at once. `sms` sends a code to the mobile number of the customer, `totp` answers with a secret for an authenticator ' +
          'app, `passkey` with options for the browser; each counts once it is proved within three minutes. One of each kind but passkeys.',
        params: CustomerPath,
        body: NewFactor,
        response: answers(201, MadeFactor, [
          ...changingCustomers,
          ...messages,
          'factor_taken',
          'too_many_factors',
          'not_available',
          'too_busy',
        ]),
      },
    },
    async ({ params, body, caller, id: requestId }, reply) => {
      const id = must(parseCustomerId(params.id), 'customer id')
      const who = { tenantId: caller.tenantId, id, address: caller.address }
      const made = await enrol(deps.enrolment, who, body, noteAs(deps, caller, requestId, id)).catch(orBusy)
      switch (made.kind) {
        case 'unknown':
          throw noSuchCustomer(id)
        case 'trivial':
          throw invalidField('mpin', 'must not be one that everybody tries first')
        case 'taken':
          throw new Problem('factor_taken')
        case 'too_many':
          throw new Problem('too_many_factors')
        case 'no_mobile':
          throw invalidField('kind', 'sms needs a customer with a mobile')
        case 'no_name':
          throw new Problem('not_available', {
            detail: 'Passkeys need a hub that is called by a name, not by an address.',
          })
        case 'too_many_messages':
          throw tooManyMessages(made.retryAfterS)
        case 'not_sent':
          throw new Problem('message_not_sent')
        case 'made': {
          reply.code(201).header('cache-control', 'no-store')
          const { secret, uri, options, factor } = made
          const totp = secret === undefined || uri === undefined ? null : { secret, uri }
          return { ...factorView(factor), totp, passkey: options ?? null }
        }
      }
    },
  )

  app.post<{ Params: Static<typeof FactorPath>; Body: Static<typeof FactorProof> }>(
    '/v1/customers/:id/factors/:factorId/prove',
    {
      config: needs('customers:write', 'sensitive'),
      schema: {
        tags,
        summary: 'Prove a factor that was begun',
        description: 'Three tries, three minutes.',
        params: FactorPath,
        body: FactorProof,
        response: answers(200, FactorDocument, [
          ...changingCustomers,
          'factor_not_proved',
          'factor_not_begun',
          'factor_taken',
        ]),
      },
    },
    async ({ params, body, caller, id: requestId }) => {
      if ((body.code === undefined) === (body.passkey === undefined))
        throw invalidField('code', 'or passkey must be there, and not both')
      const id = must(parseCustomerId(params.id), 'customer id')
      const who = { tenantId: caller.tenantId, id, factorId: params.factorId.slice(4) }
      const proved = await prove(deps.enrolment, who, body, noteAs(deps, caller, requestId, id))
      switch (proved.kind) {
        case 'unknown':
          throw new Problem('not_found', { detail: `There is no factor ${params.factorId}.` })
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
    '/v1/customers/:id/factors/:factorId',
    {
      config: needs('customers:write', 'sensitive'),
      schema: {
        tags,
        summary: 'Revoke a factor',
        description: 'It proves nothing from now on, also what was begun with it.',
        params: FactorPath,
        response: {
          204: { description: 'It is revoked.', type: 'null' },
          ...answers(200, FactorDocument, changingCustomers),
        },
      },
    },
    async (request, reply) => {
      refuseBody(request)
      const { params, caller, id: requestId } = request
      const id = must(parseCustomerId(params.id), 'customer id')
      const now = clock.now()
      await deps.asTenant(caller.tenantId, async (tx) => {
        const customer = await lockCustomer(tx, vault, caller.tenantId, id)
        const known = customer && (await revokeFactors(tx, customer, { id: params.factorId.slice(4) }, now))
        if (known === undefined || known.length === 0)
          throw new Problem('not_found', { detail: `There is no factor ${params.factorId}.` })
        const kind = known[0]?.kind ?? ''
        await deps.note(tx, actOf(caller, requestId, now, 'factor.revoked', `${id}/${params.factorId}`, { kind }))
      })
      return reply.code(204).send()
    },
  )

  app.post<{ Params: Static<typeof CustomerPath> }>(
    '/v1/customers/:id/factors/reset',
    {
      config: needs('customers:write', 'sensitive'),
      schema: {
        tags,
        summary: 'Begin anew: revoke all factors and unlock',
        description: 'For somebody who lost a phone or forgot an MPIN, after you made sure who they are.',
        params: CustomerPath,
        response: answers(200, strict({ data: Type.Array(FactorDocument) }), changingCustomers),
      },
    },
    async (request) => {
      refuseBody(request)
      const { params, caller, id: requestId } = request
      const id = must(parseCustomerId(params.id), 'customer id')
      const now = clock.now()
      await deps.asTenant(caller.tenantId, async (tx) => {
        const customer = await lockCustomer(tx, vault, caller.tenantId, id)
        if (customer === undefined) throw noSuchCustomer(id)
        const revoked = await revokeFactors(tx, customer, {}, now)
        await writeFailures(tx, customer.key, 0, null)
        await deps.note(tx, actOf(caller, requestId, now, 'factors.reset', id, { revoked: revoked.length }))
      })
      return { data: [] }
    },
  )
}

/** Writes down what became of a factor, in the transaction of it. */
export const noteAs =
  (deps: FactorDeps, caller: Caller, requestId: string, id: CustomerId): NoteEnrolment =>
  (tx: Tx, action, factor) =>
    deps.note(
      tx,
      actOf(
        caller,
        requestId,
        deps.clock.now(),
        action,
        `${id}/fac_${factor.id}`,
        { kind: factor.kind },
        action === 'factor.refused' ? 'refused' : 'done',
      ),
    )

export const tooManyMessages = (retryAfterS: number): Problem =>
  new Problem('too_many_messages', { headers: { 'retry-after': String(retryAfterS) } })

/** As many hashes wait as may: the caller comes again. */
export const orBusy = (error: unknown): never => {
  throw error instanceof HashingBusy ? new Problem('too_busy') : error
}

export const factorView = ({ id, kind, enrolledAt, proofUntil, createdAt }: Factor) => ({
  id: `fac_${id}`,
  kind,
  enrolledAt: enrolledAt === null ? null : toRfc3339(enrolledAt),
  proveBy: proofUntil === null ? null : toRfc3339(proofUntil),
  createdAt: toRfc3339(createdAt),
})
