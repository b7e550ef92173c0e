import type { FastifyInstance, FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import { listActs } from '../audit/store.ts'
import { toRfc3339 } from '../base/clock.ts'
import type { Tx } from '../db/pool.ts'
import {
  appOptions,
  checkNewFactor,
  describePasskey,
  keepFactor,
  MAX_PASSKEYS,
  passkeyOptions,
  renamePasskey,
} from '../identity/factors.ts'
import { canSignIn } from '../identity/invitations.ts'
import { type Credential, endCredentials, listCredentials, lockPerson } from '../identity/person-store.ts'
import { endSessions } from '../identity/session-store.ts'
import { actOf } from './acts.ts'
import {
  AppOptions,
  factorRefused,
  LabelWord,
  NewApp,
  NewPasskey,
  NewPasswordWord,
  newFactorOf,
} from './invitations.ts'
import { RegistrationOptions } from './passkey-words.ts'
import { refuseBody } from './payments.ts'
import { PersonDocument, personView } from './people.ts'
import { signedIn } from './policy.ts'
import { Problem, type ProblemCode } from './problems.ts'
import { answers, InstantWord, nullable, strict } from './schemas.ts'
import { findOwn, hashed, readingBody, type SessionRouteDeps, sessionOf } from './sessions.ts'

const FactorIdWord = Type.String({
  pattern: '^fac_[0-9a-f]{32}$',
  maxLength: 36,
  description: 'a factor id: fac_ and 32 hex digits',
})
const FactorDocument = strict({
  id: FactorIdWord,
  kind: Type.String({ description: 'passkey, password or totp' }),
  label: nullable(Type.String()),
  synced: nullable(Type.Boolean({ description: 'whether a passkey is on several devices of yours' })),
  createdAt: InstantWord,
  lastUsedAt: nullable(InstantWord),
})
const OwnDocument = strict({
  ...PersonDocument.properties,
  factors: Type.Array(FactorDocument),
  securityEvents: Type.Array(
    strict({
      at: InstantWord,
      action: Type.String(),
      outcome: Type.String(),
      by: Type.String({ description: 'you, somebody else, or the hub' }),
      address: nullable(Type.String()),
      detail: Type.Record(Type.String(), Type.Unknown(), { description: 'ids and numbers' }),
    }),
    { description: 'the last 20: sign-ins, refused ones, factors, roles' },
  ),
})
const NewPassword = strict({
  kind: Type.Literal('password'),
  password: NewPasswordWord,
  app: Type.Optional(NewApp),
})
const AddedFactor = Type.Unsafe<Static<typeof NewPasskey> | Static<typeof NewPassword>>({
  type: 'object',
  required: ['kind'],
  discriminator: { propertyName: 'kind' },
  oneOf: [NewPasskey, NewPassword],
  description: 'a factor whose kind is passkey or password',
})
const FactorPath = strict({ id: FactorIdWord })
const NewLabel = strict({ label: LabelWord }, 'what the passkey is called from now on')

const changing: readonly ProblemCode[] = [...readingBody, 'unauthorized', 'reauthentication_required']
const tags = ['Your account']
const EVENTS = 20

/** What people see and change of themselves: what they prove who they are with, and what happened to it. */
export function ownAccountRoutes(app: FastifyInstance, deps: SessionRouteDeps): void {
  const { clock, people } = deps
  const credentialsOf = (request: FastifyRequest): Promise<Credential[]> => {
    const { tenantId, personId } = sessionOf(request)
    return deps.asTenant(tenantId, (tx) => listCredentials(tx, tenantId, personId))
  }

  app.get(
    '/v1/people/me',
    {
      config: signedIn(),
      schema: {
        tags,
        summary: 'You, your factors, and what happened lately',
        response: answers(200, OwnDocument, ['unauthorized', 'csrf_refused', 'database_unavailable']),
      },
    },
    async (request, reply) => {
      const { tenantId, personId } = sessionOf(request)
      const person = await findOwn(deps, sessionOf(request))
      const credentials = await credentialsOf(request)
      const acts = await deps.asTenant(tenantId, (tx) =>
        listActs(tx, tenantId, { subject: personId }, undefined, EVENTS),
      )
      reply.header('cache-control', 'no-store')
      return {
        ...personView(person, []),
        factors: await Promise.all(credentials.map((one) => factorView(deps, one))),
        securityEvents: acts.map(({ at, action, outcome, actor, address, detail }) => ({
          at: toRfc3339(at),
          action,
          outcome,
          by: actor.id === personId ? 'you' : actor.kind === 'hub' ? 'the hub' : 'somebody else',
          address,
          detail,
        })),
      }
    },
  )

  app.post(
    '/v1/people/me/passkey-options',
    {
      config: signedIn('sensitive'),
      schema: {
        tags,
        summary: 'Begin to make another passkey',
        response: answers(200, RegistrationOptions, [...changing, 'passkeys_not_available', 'too_many_passkeys']),
      },
    },
    async (request, reply) => {
      refuseBody(request)
      const credentials = await credentialsOf(request)
      refuseMore(credentials)
      const options = await passkeyOptions(people, await findOwn(deps, sessionOf(request)), credentials)
      if (options === undefined) throw new Problem('passkeys_not_available')
      reply.header('cache-control', 'no-store')
      return options
    },
  )

  app.post(
    '/v1/people/me/app-options',
    {
      config: signedIn('sensitive'),
      schema: { tags, summary: 'Begin to set up an authenticator app', response: answers(200, AppOptions, changing) },
    },
    async (request, reply) => {
      refuseBody(request)
      reply.header('cache-control', 'no-store')
      return appOptions(people, await findOwn(deps, sessionOf(request)))
    },
  )

  app.post<{ Body: Static<typeof AddedFactor> }>(
    '/v1/people/me/factors',
    {
      config: signedIn('sensitive'),
      schema: {
        tags,
        summary: 'Add a passkey, or set a password',
        description:
          'A password takes the place of the one before, and needs an authenticator app beside it: without `app` the one that is there stays. ' +
          'Your other sessions end.',
        body: AddedFactor,
        response: answers(201, strict({ data: Type.Array(FactorDocument) }), [...changing, 'too_many_passkeys']),
      },
    },
    async (request, reply) => {
      const { body, caller, id } = request
      const session = sessionOf(request)
      const before = await credentialsOf(request)
      const hasApp = before.some(({ kind }) => kind === 'totp')
      const self = await findOwn(deps, session)
      const checked = await hashed(() => checkNewFactor(people, self, newFactorOf(body), hasApp))
      if (checked.kind === 'factor_refused') throw factorRefused('', checked)
      const now = clock.now()
      await people.vault.prepare([session.tenantId], now)
      const after = await deps.asTenant(session.tenantId, async (tx) => {
        const person = await lockPerson(tx, people.vault, session.tenantId, session.personId)
        if (person === undefined) throw new Problem('unauthorized')
        if (checked.by === 'passkey') refuseMore(await listCredentials(tx, person.tenantId, person.id))
        const kept = await keepFactor(tx, people, person, checked)
        for (const [i, { kind }] of checked.credentials.entries())
          await deps.note(tx, actOf(caller, id, now, 'factor.added', person.id, { factor: kept[i] ?? null, kind }))
        await endSessions(tx, person, session.id, now)
        return listCredentials(tx, person.tenantId, person.id)
      })
      people.sessions.forget()
      reply.code(201)
      return { data: await Promise.all(after.map((one) => factorView(deps, one))) }
    },
  )

  app.patch<{ Params: Static<typeof FactorPath>; Body: Static<typeof NewLabel> }>(
    '/v1/people/me/factors/:id',
    {
      config: signedIn(),
      schema: {
        tags,
        summary: 'Rename a passkey',
        description: 'Only what it is called: it signs you in as before, and no session ends.',
        params: FactorPath,
        body: NewLabel,
        response: answers(200, FactorDocument, [...readingBody, 'unauthorized', 'not_found']),
      },
    },
    async (request) => {
      const { params, body, caller, id } = request
      const { tenantId, personId } = sessionOf(request)
      const now = clock.now()
      await people.vault.prepare([tenantId], now)
      const renamed = await deps.asTenant(tenantId, async (tx) => {
        const found = await findPasskey(tx, tenantId, personId, params.id)
        if (found === undefined || !(await renamePasskey(tx, people, found, body.label))) return undefined
        await deps.note(tx, actOf(caller, id, now, 'factor.renamed', personId, { factor: found.id, kind: found.kind }))
        return findPasskey(tx, tenantId, personId, params.id)
      })
      if (renamed === undefined) throw new Problem('not_found', { detail: `You have no passkey ${params.id}.` })
      return factorView(deps, renamed)
    },
  )

  app.delete<{ Params: Static<typeof FactorPath> }>(
    '/v1/people/me/factors/:id',
    {
      config: signedIn('sensitive'),
      schema: {
        tags,
        summary: 'Remove a factor',
        description:
          'A password goes together with its authenticator app. Your other sessions end. What remains must be enough to sign in.',
        params: FactorPath,
        response: {
          204: { description: 'It is gone.', type: 'null' },
          ...answers(200, Type.Null(), [...changing, 'not_found', 'last_factor']),
        },
      },
    },
    async (request, reply) => {
      refuseBody(request)
      const { params, caller, id } = request
      const session = sessionOf(request)
      const now = clock.now()
      await deps.asTenant(session.tenantId, async (tx) => {
        const person = await lockPerson(tx, people.vault, session.tenantId, session.personId)
        if (person === undefined) throw new Problem('unauthorized')
        const credentials = await listCredentials(tx, person.tenantId, person.id)
        const found = credentials.find((one) => one.id === params.id)
        if (found === undefined) throw new Problem('not_found', { detail: `You have no factor ${params.id}.` })
        const gone = credentials.filter((one) => one === found || (found.kind !== 'passkey' && one.kind !== 'passkey'))
        await endCredentials(
          tx,
          person,
          gone.map((one) => one.id),
          now,
        )
        if (!(await canSignIn(tx, person))) throw new Problem('last_factor')
        await endSessions(tx, person, session.id, now)
        for (const one of gone)
          await deps.note(tx, actOf(caller, id, now, 'factor.ended', person.id, { factor: one.id, kind: one.kind }))
      })
      people.sessions.forget()
      return reply.code(204).send()
    },
  )
}

async function findPasskey(tx: Tx, tenantId: number, personId: string, id: string): Promise<Credential | undefined> {
  const credentials = await listCredentials(tx, tenantId, personId)
  return credentials.find((one) => one.id === id && one.kind === 'passkey')
}

function refuseMore(credentials: readonly Credential[]): void {
  if (credentials.filter(({ kind }) => kind === 'passkey').length >= MAX_PASSKEYS)
    throw new Problem('too_many_passkeys')
}

async function factorView({ people }: SessionRouteDeps, one: Credential) {
  const described = one.kind === 'passkey' ? await describePasskey(people, one) : undefined
  return {
    id: one.id,
    kind: one.kind,
    label: described?.label ?? null,
    synced: described?.synced ?? null,
    createdAt: toRfc3339(one.createdAt),
    lastUsedAt: one.lastUsedAt === null ? null : toRfc3339(one.lastUsedAt),
  }
}
