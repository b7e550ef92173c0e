import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import { type Clock, toRfc3339 } from '../base/clock.ts'
import { type CustomerId, must, parseCustomerId, parseMobile } from '../base/identifiers.ts'
import type { Vault } from '../base/vault.ts'
import {
  type Customer,
  findCustomer,
  insertCustomer,
  listCustomers,
  lockCustomer,
  updateCustomer,
} from '../customer/customer-store.ts'
import { revokeFactors } from '../customer/factor-store.ts'
import type { Tx } from '../db/pool.ts'
import { languages } from '../message/message.ts'
import { setCustomerStopped } from '../payment/customer-stop.ts'
import { actOf } from './acts.ts'
import { readTextCursor, textCursor, toPage } from './page.ts'
import { needs } from './policy.ts'
import { invalidField, Problem, type ProblemCode } from './problems.ts'
import { Reveal, type RevealDeps, reveal, revealWords } from './reveal.ts'
import {
  answers,
  Cursor,
  CustomerIdWord,
  InstantWord,
  Limit,
  MobileWord,
  NameWord,
  nullable,
  pageOf,
  ReferenceWord,
  strict,
} from './schemas.ts'

const KEY = /^([1-9][0-9]{0,17})$/

export type CustomerDeps = RevealDeps & { readonly clock: Clock; readonly vault: Vault }

const LanguageWord = Type.Unsafe<(typeof languages)[number]>({
  type: 'string',
  enum: [...languages],
  description: `one of ${languages.join(', ')}: the language of messages`,
})
const CustomerDocument = strict({
  id: CustomerIdWord,
  name: Type.String(),
  mobile: nullable(Type.String()),
  language: Type.String(),
  reference: nullable(Type.String()),
  stoppedAt: nullable(InstantWord),
  stoppedBy: nullable(Type.String()),
  lockedUntil: nullable(InstantWord),
  createdAt: InstantWord,
})
const NewCustomer = strict(
  {
    name: NameWord,
    mobile: Type.Optional(MobileWord),
    language: Type.Optional(LanguageWord),
    reference: Type.Optional(ReferenceWord),
  },
  'a person whose money it is',
)
const CustomerChange = Type.Object(
  {
    name: Type.Optional(NameWord),
    mobile: Type.Optional(nullable(MobileWord)),
    language: Type.Optional(LanguageWord),
  },
  { additionalProperties: false, minProperties: 1, description: 'at least one thing to change of a customer' },
)
const Stopping = strict(
  {
    by: Type.Optional(
      Type.Unsafe<'customer' | 'operations'>({
        type: 'string',
        enum: ['customer', 'operations'],
        description: 'customer or operations: whose wish it is',
      }),
    ),
  },
  'whose wish it is',
)
export const CustomerPath = strict({ id: CustomerIdWord })

export const changingCustomers: readonly ProblemCode[] = [
  'invalid_request',
  'invalid_json',
  'duplicate_field',
  'json_too_deep',
  'body_too_large',
  'unsupported_media_type',
  'unauthorized',
  'reauthentication_required',
  'not_found',
  'database_unavailable',
]

/** The people whose accounts a tenant's are. How they prove who they are is in `factors.ts`. */
export function customerRoutes(app: FastifyInstance, deps: CustomerDeps): void {
  const { clock, vault } = deps
  const tags = ['Customers']

  app.post<{ Body: Static<typeof NewCustomer> }>(
    '/v1/customers',
    {
      config: needs('customers:write'),
      schema: {
        tags,
        summary: 'Make a customer',
        description:
          'Accounts are opened for a customer by naming them (`POST /v1/accounts`). A `reference` belongs to one customer only: who asks again ' +
          'with it makes no second one.',
        body: NewCustomer,
        response: answers(201, CustomerDocument, [...changingCustomers, 'reference_taken']),
      },
    },
    async ({ body, caller, id }, reply) => {
      const now = clock.now()
      const { name, language = 'en', reference = null } = body
      const mobile = parseMobile(body.mobile) ?? null
      await vault.prepare([caller.tenantId], now)
      const made = await deps.asTenant(caller.tenantId, async (tx) => {
        const fresh = { tenantId: caller.tenantId, name, mobile, language, reference }
        const customer = await insertCustomer(tx, vault, fresh, now)
        if (customer === 'reference_taken') throw referenceTaken()
        await deps.note(tx, actOf(caller, id, now, 'customer.created', customer.id, {}))
        return customer
      })
      reply.code(201).header('location', `/v1/customers/${made.id}`)
      return customerView(made, now)
    },
  )

  app.get<{ Querystring: { limit?: number; cursor?: string; mobile?: string; reference?: string } }>(
    '/v1/customers',
    {
      config: needs('customers:read'),
      schema: {
        tags,
        summary: 'Customers, newest first',
        querystring: strict({
          mobile: Type.Optional(MobileWord),
          reference: Type.Optional(ReferenceWord),
          limit: Limit,
          cursor: Cursor,
        }),
        response: answers(200, pageOf(CustomerDocument), [
          'invalid_request',
          'invalid_cursor',
          'unauthorized',
          'database_unavailable',
        ]),
      },
    },
    async ({ query, caller }) => {
      const limit = query.limit ?? 25
      const filters = { mobile: parseMobile(query.mobile), reference: query.reference }
      const before = query.cursor === undefined ? undefined : BigInt(readTextCursor(query.cursor, KEY))
      const found = await deps.asTenant(caller.tenantId, (tx) =>
        listCustomers(tx, vault, caller.tenantId, filters, limit + 1, before),
      )
      return toPage(
        found,
        limit,
        (one) => customerView(one, clock.now()),
        ({ key }) => textCursor(String(key)),
      )
    },
  )

  app.get<{ Params: Static<typeof CustomerPath>; Querystring: Static<typeof Reveal> }>(
    '/v1/customers/:id',
    {
      config: needs('customers:read'),
      schema: {
        tags,
        summary: 'One customer',
        description: revealWords,
        params: CustomerPath,
        querystring: Reveal,
        response: answers(200, CustomerDocument, [
          'invalid_request',
          'unauthorized',
          'not_found',
          'database_unavailable',
        ]),
      },
    },
    async (request) => {
      const { params, caller, query } = request
      const id = must(parseCustomerId(params.id), 'customer id')
      const customer = await deps.asTenant(caller.tenantId, (tx) => findCustomer(tx, vault, caller.tenantId, id))
      if (customer === undefined) throw noSuchCustomer(id)
      if (query.reveal === true) await reveal(deps, request, id)
      return customerView(customer, clock.now())
    },
  )

  app.patch<{ Params: Static<typeof CustomerPath>; Body: Static<typeof CustomerChange> }>(
    '/v1/customers/:id',
    {
      config: needs('customers:write', 'sensitive'),
      schema: {
        tags,
        summary: 'Change a customer',
        description:
          'With another mobile number the factor `sms` ends: codes go to no number that was not proved. Enrol it again.',
        params: CustomerPath,
        body: CustomerChange,
        response: answers(200, CustomerDocument, changingCustomers),
      },
    },
    async ({ params, body, caller, id: requestId }) => {
      const now = clock.now()
      await vault.prepare([caller.tenantId], now)
      return deps.asTenant(caller.tenantId, async (tx) => {
        const before = await lock(deps, tx, caller.tenantId, params.id)
        const mobile = body.mobile === undefined ? before.mobile : (parseMobile(body.mobile) ?? null)
        const after = { ...before, name: body.name ?? before.name, mobile, language: body.language ?? before.language }
        await updateCustomer(tx, vault, after)
        const revoked = mobile === before.mobile ? [] : await revokeFactors(tx, before, { kind: 'sms' }, now)
        const detail = { fields: Object.keys(body).sort().join(' '), factorsRevoked: revoked.length }
        await deps.note(tx, actOf(caller, requestId, now, 'customer.changed', before.id, detail))
        return customerView(after, now)
      })
    },
  )

  for (const [verb, on] of [
    ['stop', true],
    ['resume', false],
  ] as const) {
    app.post<{ Params: Static<typeof CustomerPath>; Body: Static<typeof Stopping> }>(
      `/v1/customers/:id/${verb}`,
      {
        // Stopping is for a moment in which nobody should be asked for more.
        config: on ? needs('customers:write') : needs('customers:write', 'sensitive'),
        schema: {
          tags,
          summary: on ? 'Stop all payments of a customer' : 'Let payments of a customer go again',
          description:
            'Nothing of theirs leaves while it is stopped; what has left is not touched. `by` says whose wish it is, `operations` when it is ' +
            'not there: what operations stopped the customer cannot let go again, and operations only with the right `limits:write`.',
          params: CustomerPath,
          body: Stopping,
          response: answers(200, CustomerDocument, [...changingCustomers, 'stopped_by_operations']),
        },
      },
      async ({ params, body, caller, id }) => {
        const now = clock.now()
        const { by = 'operations' } = body
        return deps.asTenant(caller.tenantId, async (tx) => {
          const customer = await lock(deps, tx, caller.tenantId, params.id)
          if (!on && by === 'customer' && customer.stoppedBy === 'operations')
            throw new Problem('stopped_by_operations')
          if (!on && customer.stoppedBy === 'operations' && !caller.rights.has('limits:write'))
            throw new Problem('forbidden', { detail: 'What operations stopped needs the right limits:write.' })
          const set = await setCustomerStopped(tx, caller.tenantId, customer.id, on ? by : null, now)
          if (set === 'done')
            await deps.note(
              tx,
              actOf(caller, id, now, on ? 'customer.stopped' : 'customer.resumed', customer.id, { by }),
            )
          return customerView(await lock(deps, tx, caller.tenantId, params.id), now)
        })
      },
    )
  }
}

/** A customer of the caller's tenant, locked; anybody else's does not exist. */
async function lock({ vault }: CustomerDeps, tx: Tx, tenantId: number, id: string): Promise<Customer> {
  const customerId = must(parseCustomerId(id), 'customer id')
  const customer = await lockCustomer(tx, vault, tenantId, customerId)
  if (customer === undefined) throw noSuchCustomer(customerId)
  return customer
}

export const noSuchCustomer = (id: CustomerId): Problem =>
  new Problem('not_found', { detail: `There is no customer ${id}.` })

const referenceTaken = (): Problem =>
  new Problem('reference_taken', { errors: [{ field: 'reference', message: 'is of another customer' }] })

const instant = (at: number | null): string | null => (at === null ? null : toRfc3339(at))

const customerView = (
  { id, name, mobile, language, reference, stoppedAt, stoppedBy, lockedUntil, createdAt }: Customer,
  now: number,
) => ({
  id,
  name,
  mobile,
  language,
  reference,
  stoppedAt: instant(stoppedAt),
  stoppedBy,
  lockedUntil: instant(lockedUntil !== null && lockedUntil > now ? lockedUntil : null),
  createdAt: toRfc3339(createdAt),
})

/** The customer that a new account is for. @throws {Problem} when the tenant has none of that id */
export async function customerForAccount(deps: CustomerDeps, tenantId: number, id: string): Promise<bigint> {
  const customerId = must(parseCustomerId(id), 'customer id')
  const customer = await deps.asTenant(tenantId, (tx) => findCustomer(tx, deps.vault, tenantId, customerId))
  if (customer === undefined) throw invalidField('customer', 'must be a customer of yours')
  return customer.key
}
