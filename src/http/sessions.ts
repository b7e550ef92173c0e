import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import { type Clock, toRfc3339 } from '../base/clock.ts'
import type { AsTenant } from '../db/tenant.ts'
import { proofOptions } from '../identity/factors.ts'
import { HashingBusy } from '../identity/passwords.ts'
import { findPerson, listCredentials, type Person } from '../identity/person-store.ts'
import { rightsOf, roleNames } from '../identity/rights.ts'
import { endSession, IDLE_MS, listSessions, type Session } from '../identity/session-store.ts'
import { csrfTokenOf } from '../identity/sessions.ts'
import {
  type From,
  type NotSignedIn,
  proveAgain,
  type SignedIn,
  signInWithPasskey,
  signInWithPassword,
} from '../identity/sign-in.ts'
import { actOf, type Noting } from './acts.ts'
import { AuthenticationOptions, AuthenticationWord, CeremonyWord } from './passkey-words.ts'
import { refuseBody } from './payments.ts'
import { open, signedIn } from './policy.ts'
import { Problem, type ProblemCode } from './problems.ts'
import { answers, InstantWord, strict } from './schemas.ts'
import {
  clearSession,
  csrfTokenOfRequest,
  refuseForeign,
  type SessionDeps,
  sessionTokenOf,
  setSession,
} from './session-cookie.ts'

export type SessionRouteDeps = SessionDeps & Noting & { readonly clock: Clock; readonly asTenant: AsTenant }

const SessionIdWord = Type.String({
  pattern: '^ses_[0-9a-f]{32}$',
  maxLength: 36,
  description: 'a session id: ses_ and 32 hex digits',
})
const SessionDocument = strict({
  id: SessionIdWord,
  by: Type.String({ description: 'passkey or password' }),
  address: Type.String({ description: 'where it was signed in from' }),
  current: Type.Boolean(),
  createdAt: InstantWord,
  lastSeenAt: InstantWord,
  provedAt: InstantWord,
  expiresAt: InstantWord,
})
/** A session as its owner gets it, with what the next request needs. */
export const OwnSession = strict({
  ...SessionDocument.properties,
  idleEndsAt: InstantWord,
  csrfToken: Type.String({ description: 'for X-CSRF-Token of every request that changes something' }),
  person: strict({
    id: Type.String(),
    name: Type.String(),
    login: Type.String(),
    roles: Type.Array(Type.Unsafe<string>({ type: 'string', enum: [...roleNames] })),
  }),
  rights: Type.Array(Type.String()),
})

const PasswordWord = Type.String({ minLength: 1, maxLength: 800, description: 'a password' })
export const CodeWord = Type.String({ pattern: '^[0-9]{6}$', maxLength: 6, description: 'six digits' })
const ByPasskey = strict({ kind: Type.Literal('passkey'), ceremony: CeremonyWord, answer: AuthenticationWord })
const ByPassword = strict({
  kind: Type.Literal('password'),
  tenant: Type.Integer({ minimum: 1, maximum: 2_147_483_647, description: "your tenant's number" }),
  login: Type.String({ minLength: 1, maxLength: 100, description: 'a login of 1 to 100 characters' }),
  password: PasswordWord,
  code: CodeWord,
})
const ByPasswordAgain = strict({ kind: Type.Literal('password'), password: PasswordWord, code: CodeWord })
/** One of two objects, told apart by `kind`: the refusal then names the fields of the one that was meant. */
const eitherKind = <A extends typeof ByPasskey, B extends typeof ByPassword | typeof ByPasswordAgain>(a: A, b: B) =>
  Type.Unsafe<Static<A> | Static<B>>({
    type: 'object',
    required: ['kind'],
    discriminator: { propertyName: 'kind' },
    oneOf: [a, b],
    description: 'a proof whose kind is passkey or password',
  })
const SignIn = eitherKind(ByPasskey, ByPassword)
const Proof = eitherKind(ByPasskey, ByPasswordAgain)
const SessionPath = strict({ id: SessionIdWord })

/** What a call that reads a body can end in, whatever it does. */
export const readingBody: readonly ProblemCode[] = [
  'invalid_request',
  'invalid_json',
  'duplicate_field',
  'json_too_deep',
  'body_too_large',
  'unsupported_media_type',
  'csrf_refused',
  'too_busy',
  'database_unavailable',
]
const own: readonly ProblemCode[] = ['unauthorized', 'csrf_refused', 'database_unavailable']
const gone = (description: string) => ({ 204: { description, type: 'null' } })
const tags = ['Sessions']

/** How people sign in. For whoever asks: nobody is known yet. */
export function signInRoutes(app: FastifyInstance, deps: SessionRouteDeps): void {
  const { people } = deps

  app.post(
    '/v1/sessions/passkey-options',
    {
      config: open,
      schema: {
        tags,
        summary: 'Begin to sign in with a passkey',
        description:
          'Give `options` to `navigator.credentials.get`, and send what it gives with `ceremony` to `POST /v1/sessions`.',
        response: answers(200, AuthenticationOptions, [
          'invalid_request',
          'csrf_refused',
          'passkeys_not_available',
          'database_unavailable',
        ]),
      },
    },
    async (request, reply) => {
      refuseForeign(deps, request)
      refuseBody(request)
      const options = await proofOptions(people, undefined)
      if (options === undefined) throw new Problem('passkeys_not_available')
      reply.header('cache-control', 'no-store')
      return options
    },
  )

  app.post<{ Body: Static<typeof SignIn> }>(
    '/v1/sessions',
    {
      config: open,
      schema: {
        tags,
        summary: 'Sign in',
        description:
          'The answer sets the cookie `__Host-turant`: it is refused together with `Authorization`. Whatever is wrong, the answer is the same. ' +
          'A session ends 15 minutes after its last request, and 8 hours after it began.',
        body: SignIn,
        response: answers(201, OwnSession, [...readingBody, 'sign_in_refused', 'too_many_tries']),
      },
    },
    async (request, reply) => {
      refuseForeign(deps, request)
      const { body } = request
      const from = fromOf(request)
      const result = await hashed(() =>
        body.kind === 'passkey'
          ? signInWithPasskey(people, { ceremony: body.ceremony, answer: answerOf(body.answer) }, from)
          : signInWithPassword(people, { ...body, tenantId: body.tenant }, from),
      )
      if (result.kind !== 'signed_in') throw refusalOf(result)
      await endBefore(deps, request)
      reply.code(201)
      return sessionBegun(reply, result)
    },
  )
}

/** What people do with their own sessions. */
export function sessionRoutes(app: FastifyInstance, deps: SessionRouteDeps): void {
  const { clock, people } = deps

  app.get(
    '/v1/sessions',
    {
      config: signedIn(),
      schema: {
        tags,
        summary: 'Your sessions',
        response: answers(200, strict({ data: Type.Array(SessionDocument) }), own),
      },
    },
    async (request) => {
      const { id, tenantId, personId } = sessionOf(request)
      const found = await deps.asTenant(tenantId, (tx) => listSessions(tx, tenantId, personId, clock.now()))
      return { data: found.map((one) => sessionView(one, id)) }
    },
  )

  app.get(
    '/v1/sessions/current',
    {
      config: signedIn(),
      schema: {
        tags,
        summary: 'This session, with its CSRF token',
        response: answers(200, OwnSession, own),
      },
    },
    async (request, reply) => {
      const session = sessionOf(request)
      const person = await findOwn(deps, session)
      reply.header('cache-control', 'no-store')
      return ownSessionView(session, person, csrfTokenOfRequest(request))
    },
  )

  app.delete(
    '/v1/sessions/current',
    {
      config: signedIn(),
      schema: {
        tags,
        summary: 'Sign out',
        response: { ...gone('You are signed out.'), ...answers(200, Type.Null(), own) },
      },
    },
    async (request, reply) => {
      refuseBody(request)
      const session = sessionOf(request)
      await end(deps, request, session.id)
      clearSession(reply)
      return reply.code(204).send()
    },
  )

  app.delete<{ Params: Static<typeof SessionPath> }>(
    '/v1/sessions/:id',
    {
      config: signedIn(),
      schema: {
        tags,
        summary: 'End one of your sessions',
        params: SessionPath,
        response: { ...gone('It has ended.'), ...answers(200, Type.Null(), [...own, 'invalid_request', 'not_found']) },
      },
    },
    async (request, reply) => {
      refuseBody(request)
      if (!(await end(deps, request, request.params.id)))
        throw new Problem('not_found', { detail: `You have no session ${request.params.id}.` })
      if (request.params.id === sessionOf(request).id) clearSession(reply)
      return reply.code(204).send()
    },
  )

  app.post(
    '/v1/sessions/current/passkey-options',
    {
      config: signedIn(),
      schema: {
        tags,
        summary: 'Begin to prove again who you are, with a passkey',
        response: answers(200, AuthenticationOptions, [...own, 'invalid_request', 'passkeys_not_available']),
      },
    },
    async (request, reply) => {
      refuseBody(request)
      const { tenantId, personId } = sessionOf(request)
      const credentials = await deps.asTenant(tenantId, (tx) => listCredentials(tx, tenantId, personId))
      const passkeys = credentials.flatMap(({ passkeyId }) => passkeyId ?? [])
      const options = passkeys.length === 0 ? undefined : await proofOptions(people, { personId, passkeys })
      if (options === undefined) throw new Problem('passkeys_not_available')
      reply.header('cache-control', 'no-store')
      return options
    },
  )

  app.post<{ Body: Static<typeof Proof> }>(
    '/v1/sessions/current/reauthenticate',
    {
      config: signedIn(),
      schema: {
        tags,
        summary: 'Prove again who you are',
        description:
          'What is sensitive can be done for five minutes after it. The session gets another cookie and another CSRF token; the ones before ' +
          'are nothing any more. Five wrong proofs in a row end the session.',
        body: Proof,
        response: answers(200, OwnSession, [...readingBody, 'unauthorized', 'sign_in_refused']),
      },
    },
    async (request, reply) => {
      const { body } = request
      const given = body.kind === 'passkey' ? { ...body, answer: answerOf(body.answer) } : body
      const result = await hashed(() => proveAgain(people, sessionOf(request), given, fromOf(request)))
      if (result.kind === 'signed_in') return sessionBegun(reply, result)
      if (result.kind === 'ended') clearSession(reply)
      throw new Problem(result.kind === 'ended' ? 'unauthorized' : 'sign_in_refused')
    },
  )
}

/** The session that a request was let in by. */
export function sessionOf(request: FastifyRequest): Session {
  if (request.session === null) throw new Problem('forbidden')
  return request.session
}

export const fromOf = (request: FastifyRequest): From => ({ address: request.ip, requestId: request.id })

export async function findOwn(deps: SessionRouteDeps, { tenantId, personId }: Session): Promise<Person> {
  const person = await deps.asTenant(tenantId, (tx) => findPerson(tx, deps.people.vault, tenantId, personId))
  if (person === undefined) throw new Problem('unauthorized')
  return person
}

/** Runs what hashes a password. @throws {Problem} `too_busy` when too many wait for that */
export async function hashed<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (error) {
    throw error instanceof HashingBusy ? new Problem('too_busy') : error
  }
}

function refusalOf(result: NotSignedIn): Problem {
  if (result.kind === 'refused') return new Problem('sign_in_refused')
  return new Problem('too_many_tries', { headers: { 'retry-after': `${Math.ceil(result.ms / 1_000)}` } })
}

/** An answer that begins a session: the cookie, and what its owner needs. */
export function sessionBegun(reply: FastifyReply, { token, session, person }: SignedIn) {
  setSession(reply, token)
  return ownSessionView(session, person, csrfTokenOf(token))
}

/** Whoever signs in begins anew: the session that the browser had is over. */
export async function endBefore(deps: SessionRouteDeps, request: FastifyRequest): Promise<void> {
  const token = sessionTokenOf(request)
  const before = token === undefined ? undefined : await deps.people.sessions.identify(token, request.ip)
  if (before === undefined) return
  request.caller = before.caller
  request.session = before.session
  await end(deps, request, before.session.id)
}

async function end(deps: SessionRouteDeps, request: FastifyRequest, id: string): Promise<boolean> {
  const { caller } = request
  const { tenantId, personId } = sessionOf(request)
  const now = deps.clock.now()
  const ended = await deps.asTenant(tenantId, async (tx) => {
    const done = await endSession(tx, { id: personId, tenantId }, id, now)
    if (done) await deps.note(tx, actOf(caller, request.id, now, 'person.signed_out', personId, { session: id }))
    return done
  })
  deps.people.sessions.forget()
  return ended
}

/** The browser says `null` where there is no user handle. */
export const answerOf = ({ id, rawId, type, response }: Static<typeof AuthenticationWord>) => {
  const { clientDataJSON, authenticatorData, signature, userHandle } = response
  const common = { clientDataJSON, authenticatorData, signature }
  return { id, rawId, type, response: typeof userHandle === 'string' ? { ...common, userHandle } : common }
}

const sessionView = (one: Session, current: string) => ({
  id: one.id,
  by: one.by,
  address: one.address,
  current: one.id === current,
  createdAt: toRfc3339(one.createdAt),
  lastSeenAt: toRfc3339(one.seenAt),
  provedAt: toRfc3339(one.provedAt),
  expiresAt: toRfc3339(one.expiresAt),
})

const ownSessionView = (session: Session, { id, name, login, roles }: Person, csrfToken: string) => ({
  ...sessionView(session, session.id),
  idleEndsAt: toRfc3339(Math.min(session.seenAt + IDLE_MS, session.expiresAt)),
  csrfToken,
  person: { id, name, login, roles },
  rights: [...rightsOf(roles)],
})
