import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import type { ActName } from '../base/act-names.ts'
import { toRfc3339 } from '../base/clock.ts'
import type { Tx } from '../db/pool.ts'
import type { Caller } from '../identity/caller.ts'
import { canSignIn, invitationLink, invite } from '../identity/invitations.ts'
import type { PeopleRoom } from '../identity/people.ts'
import {
  endCredentials,
  findPerson,
  hasOtherAdministrator,
  insertPerson,
  isLoginTaken,
  listKinds,
  listPeople,
  lockAmongAdministrators,
  lockPerson,
  type Person,
  setDisabled,
  setRoles,
} from '../identity/person-store.ts'
import { areCompatible, parseRole, type Role, roleNames } from '../identity/rights.ts'
import { endSessions, type Invitation, voidInvitations } from '../identity/session-store.ts'
import type { MakeChange } from '../payment/changes.ts'
import type { ApprovalStep } from '../payment/four-eyes.ts'
import { actOf } from './acts.ts'
import { type ApprovalDeps, ApprovalDocument, approvalView, changeBy } from './approvals.ts'
import { refuseBody } from './payments.ts'
import { needs } from './policy.ts'
import { invalidField, Problem, type ProblemCode } from './problems.ts'
import { answers, InstantWord, nullable, strict } from './schemas.ts'
import type { SessionRouteDeps } from './sessions.ts'

export type PeopleRouteDeps = SessionRouteDeps & ApprovalDeps

const PersonIdWord = Type.String({
  pattern: '^usr_[0-9a-f]{32}$',
  maxLength: 36,
  description: 'a person id: usr_ and 32 hex digits',
})
const RoleWord = Type.Unsafe<string>({
  type: 'string',
  enum: [...roleNames],
  description: `one of ${roleNames.join(', ')}`,
})
const Roles = Type.Array(RoleWord, {
  minItems: 1,
  maxItems: roleNames.length,
  uniqueItems: true,
  description: 'at least one role, each once',
})
export const PersonDocument = strict({
  id: PersonIdWord,
  name: Type.String(),
  login: Type.String(),
  roles: Type.Array(RoleWord),
  factors: Type.Array(Type.Unsafe<string>({ type: 'string', enum: ['passkey', 'password', 'totp'] }), {
    description: 'kinds of what they prove who they are with; none: they have not accepted their invitation yet',
  }),
  createdAt: InstantWord,
  disabledAt: nullable(InstantWord),
})
const InvitationDocument = strict({
  token: Type.String({ description: 'for the person and nobody else: shown now and never again' }),
  link: Type.String(),
  expiresAt: InstantWord,
})
const InvitedDocument = strict({ ...PersonDocument.properties, invitation: InvitationDocument })
const NewPerson = strict(
  {
    name: Type.String({
      minLength: 1,
      maxLength: 100,
      pattern: '^[^\\p{Cc}]+$',
      description: 'a name of 1 to 100 characters',
    }),
    login: Type.String({
      minLength: 3,
      maxLength: 100,
      pattern: '^[A-Za-z0-9._%+@-]+$',
      description:
        'a login of 3 to 100 letters, digits and . _ % + @ -, such as an e-mail address; large and small letters are the same',
    }),
    roles: Roles,
  },
  'a person who will act for you',
)
const RoleChange = strict({ roles: Roles }, 'roles in the place of those before')
const PersonPath = strict({ id: PersonIdWord })

const changing: readonly ProblemCode[] = [
  'invalid_request',
  'invalid_json',
  'duplicate_field',
  'json_too_deep',
  'body_too_large',
  'unsupported_media_type',
  'unauthorized',
  'csrf_refused',
  'own_work',
  'reauthentication_required',
  'not_found',
  'database_unavailable',
]
const done = { 204: { description: 'Done.', type: 'null' } }
const waits = {
  202: { description: 'It waits for approval.', content: { 'application/json': { schema: ApprovalDocument } } },
}
/** Whose word a recovery needs where no rule says it: another administrator's. */
const anotherAdministrator: readonly ApprovalStep[] = [{ anyOf: [{ role: 'administrator', count: 1 }] }]

/** People and their roles. Nobody changes their own, and nobody becomes able both to pay and to decide about payments. */
export function peopleRoutes(app: FastifyInstance, deps: PeopleRouteDeps): void {
  const { clock, people } = deps
  const { vault } = people
  const tags = ['People']

  app.get(
    '/v1/people',
    {
      config: needs('people:read'),
      schema: {
        tags,
        summary: 'All people who may act for you',
        response: answers(200, strict({ data: Type.Array(PersonDocument) }), ['unauthorized', 'database_unavailable']),
      },
    },
    async ({ caller: { tenantId } }) => {
      const [found, kinds] = await deps.asTenant(tenantId, async (tx) => [
        await listPeople(tx, vault, tenantId),
        await listKinds(tx, tenantId),
      ])
      return { data: found.map((person) => personView(person, kinds.get(person.id) ?? [])) }
    },
  )

  app.post<{ Body: Static<typeof NewPerson> }>(
    '/v1/people',
    {
      config: needs('people:write', 'sensitive'),
      schema: {
        tags,
        summary: 'Invite a person',
        description:
          'The answer has a link that works once, for 72 hours: hand it over so that nobody else reads it. Where a rule for `person` exists the answer ' +
          'is 202 and the approval; once others have agreed, `POST /v1/people/{id}/invitation` gives the link.',
        body: NewPerson,
        response: { ...answers(201, InvitedDocument, [...changing, 'login_taken']), ...waits },
      },
    },
    async ({ body, caller, id }, reply) => {
      const { tenantId } = caller
      const wanted = { name: body.name, login: body.login.toLowerCase(), roles: readRoles(body.roles) }
      const now = clock.now()
      await vault.prepare([tenantId], now)
      const made = await deps.asTenant(tenantId, async (tx) => {
        if (await isLoginTaken(tx, vault, tenantId, wanted.login)) throw new Problem('login_taken')
        const proposed = await deps.changes.propose(
          tx,
          changeBy(caller, 'person', 'people', { make: 'person', ...wanted }),
        )
        const detail = { roles: wanted.roles.join(' ') }
        if (proposed !== undefined) {
          await deps.note(tx, actOf(caller, id, now, 'person.proposed', `apr_${proposed.id}`, detail))
          return proposed
        }
        const person = await add(tx, people, tenantId, wanted, caller.actor.id)
        await deps.note(tx, actOf(caller, id, now, 'person.invited', person.id, detail))
        return { person, ...(await invite(tx, person, caller.actor.id, now)) }
      })
      if ('digest' in made) {
        reply.code(202)
        return approvalView(deps, caller, made)
      }
      reply.code(201).header('cache-control', 'no-store').header('location', `/v1/people/${made.person.id}`)
      return { ...personView(made.person, []), invitation: invitationView(deps, made) }
    },
  )

  app.get<{ Params: Static<typeof PersonPath> }>(
    '/v1/people/:id',
    {
      config: needs('people:read'),
      schema: {
        tags,
        summary: 'One person',
        params: PersonPath,
        response: answers(200, PersonDocument, [
          'invalid_request',
          'unauthorized',
          'not_found',
          'database_unavailable',
        ]),
      },
    },
    async ({ params, caller: { tenantId } }) =>
      deps.asTenant(tenantId, async (tx) => {
        const person = await findPerson(tx, vault, tenantId, params.id)
        if (person === undefined) throw noSuchPerson(params.id)
        return personView(person, (await listKinds(tx, tenantId, person.id)).get(person.id) ?? [])
      }),
  )

  app.patch<{ Params: Static<typeof PersonPath>; Body: Static<typeof RoleChange> }>(
    '/v1/people/:id',
    {
      config: needs('people:write', 'sensitive'),
      schema: {
        tags,
        summary: 'Give a person other roles',
        description:
          'At once, also in sessions that are open. Where a rule for `person` exists it waits for approval: 202.',
        params: PersonPath,
        body: RoleChange,
        response: { ...answers(200, PersonDocument, [...changing, 'last_administrator']), ...waits },
      },
    },
    async ({ params, body, caller, id }, reply) => {
      const { tenantId } = caller
      const roles = readRoles(body.roles)
      const now = clock.now()
      await vault.prepare([tenantId], now)
      const made = await deps.asTenant(tenantId, async (tx) => {
        const person = await lockOther(tx, people, caller, params.id)
        const detail = { before: person.roles.join(' '), after: roles.join(' ') }
        const change = changeBy(caller, 'person', person.id, { make: 'roles', roles })
        const proposed = await deps.changes.propose(tx, change)
        if (proposed === undefined) await changeRoles(tx, person, roles)
        const action = proposed === undefined ? 'person.roles_changed' : 'person.roles_proposed'
        await deps.note(tx, actOf(caller, id, now, action, person.id, detail))
        const kinds = await listKinds(tx, tenantId, person.id)
        return proposed ?? personView({ ...person, roles }, kinds.get(person.id) ?? [])
      })
      people.sessions.forget()
      if ('digest' in made) {
        reply.code(202)
        return approvalView(deps, caller, made)
      }
      return made
    },
  )

  app.post<{ Params: Static<typeof PersonPath> }>(
    '/v1/people/:id/invitation',
    {
      config: needs('people:write', 'sensitive'),
      schema: {
        tags,
        summary: 'Make an invitation for a person who cannot sign in',
        description:
          'For somebody who has not accepted yet, or whose factors were reset. The invitation before is void.',
        params: PersonPath,
        response: answers(201, InvitationDocument, [...changing, 'has_factors']),
      },
    },
    async (request, reply) => {
      refuseBody(request)
      const { params, caller, id } = request
      const now = clock.now()
      const made = await deps.asTenant(caller.tenantId, async (tx) => {
        const person = await lockOther(tx, people, caller, params.id)
        if (person.disabledAt !== null) throw new Problem('not_found', { detail: `${person.id} is disabled.` })
        if (await canSignIn(tx, person)) throw new Problem('has_factors')
        await deps.note(tx, actOf(caller, id, now, 'person.invited', person.id, { roles: person.roles.join(' ') }))
        return invite(tx, person, caller.actor.id, now)
      })
      reply.code(201).header('cache-control', 'no-store')
      return invitationView(deps, made)
    },
  )

  app.post<{ Params: Static<typeof PersonPath> }>(
    '/v1/people/:id/disable',
    {
      config: needs('people:write', 'sensitive'),
      schema: {
        tags,
        summary: 'Let a person in no more',
        description: 'At once: all their sessions end, and an invitation that they have not used is void.',
        params: PersonPath,
        response: { ...done, ...answers(200, Type.Null(), [...changing, 'last_administrator']) },
      },
    },
    async (request, reply) => {
      refuseBody(request)
      const { params, caller, id } = request
      const now = clock.now()
      await deps.asTenant(caller.tenantId, async (tx) => {
        const person = await lockOther(tx, people, caller, params.id)
        if (person.disabledAt !== null) return
        await keepAnAdministrator(tx, person, [])
        await setDisabled(tx, person.tenantId, person.id, now)
        await voidInvitations(tx, person, now)
        const sessions = await endSessions(tx, person, null, now)
        await deps.note(tx, actOf(caller, id, now, 'person.disabled', person.id, { sessions }))
      })
      people.sessions.forget()
      return reply.code(204).send()
    },
  )

  app.post<{ Params: Static<typeof PersonPath> }>(
    '/v1/people/:id/sign-out',
    {
      config: needs('people:write'),
      schema: {
        tags,
        summary: 'End all sessions of a person',
        description: 'They can sign in again.',
        params: PersonPath,
        response: { ...done, ...answers(200, Type.Null(), changing) },
      },
    },
    async (request, reply) => {
      refuseBody(request)
      const { params, caller, id } = request
      const now = clock.now()
      await deps.asTenant(caller.tenantId, async (tx) => {
        const person = await lockPerson(tx, vault, caller.tenantId, params.id)
        if (person === undefined) throw noSuchPerson(params.id)
        const sessions = await endSessions(tx, person, null, now)
        await deps.note(tx, actOf(caller, id, now, 'person.signed_out', person.id, { sessions }))
      })
      people.sessions.forget()
      return reply.code(204).send()
    },
  )

  app.post<{ Params: Static<typeof PersonPath> }>(
    '/v1/people/:id/enable',
    {
      config: needs('people:write', 'sensitive'),
      schema: {
        tags,
        summary: 'Let a person in again',
        description:
          'With the roles and factors that they had. Where a rule for `person` exists it waits for approval: 202.',
        params: PersonPath,
        response: { ...done, ...answers(202, ApprovalDocument, changing) },
      },
    },
    async (request, reply) => {
      refuseBody(request)
      const { params, caller, id } = request
      const now = clock.now()
      const proposed = await deps.asTenant(caller.tenantId, async (tx) => {
        const person = await lockOther(tx, people, caller, params.id)
        if (person.disabledAt === null) return undefined
        const waiting = await deps.changes.propose(tx, changeBy(caller, 'person', person.id, { make: 'enable' }))
        if (waiting === undefined) await setDisabled(tx, person.tenantId, person.id, null)
        const action = waiting === undefined ? 'person.enabled' : 'person.enable_proposed'
        await deps.note(tx, actOf(caller, id, now, action, person.id, {}))
        return waiting
      })
      if (proposed === undefined) return reply.code(204).send()
      reply.code(202)
      return approvalView(deps, caller, proposed)
    },
  )

  app.post<{ Params: Static<typeof PersonPath> }>(
    '/v1/people/:id/reset',
    {
      config: needs('people:write', 'sensitive'),
      schema: {
        tags,
        summary: "Reset a person's factors, for somebody who lost them",
        description:
          'It always waits for another administrator, or for whom a rule for `person` names. Then all factors and sessions of the person are over, ' +
          'and `POST /v1/people/{id}/invitation` gives a link to begin again with.',
        params: PersonPath,
        response: answers(202, ApprovalDocument, changing),
      },
    },
    async (request, reply) => {
      refuseBody(request)
      const { params, caller, id } = request
      const now = clock.now()
      const proposed = await deps.asTenant(caller.tenantId, async (tx) => {
        const person = await lockOther(tx, people, caller, params.id)
        await deps.note(tx, actOf(caller, id, now, 'person.reset_proposed', person.id, {}))
        return deps.changes.propose(tx, changeBy(caller, 'person', person.id, { make: 'reset' }), anotherAdministrator)
      })
      reply.code(202)
      return approvalView(deps, caller, proposed)
    },
  )
}

type Wanted = { readonly name: string; readonly login: string; readonly roles: readonly Role[] }

/** What can be changed about people, as the approval keeps it. */
type PersonChange =
  | ({ readonly make: 'person' } & Wanted)
  | { readonly make: 'roles'; readonly roles: readonly Role[] }
  | { readonly make: 'enable' }
  | { readonly make: 'reset' }

/** Makes a change about a person that was agreed. */
export const makePersonChange =
  (people: PeopleRoom): MakeChange =>
  async (tx, tenantId, subjectId, content) => {
    const change = content as PersonChange
    const now = people.clock.now()
    const noted = (action: ActName, subject: string, detail: Readonly<Record<string, string | number>>) =>
      people.note(tx, {
        tenantId,
        at: now,
        actor: { kind: 'hub', id: 'hub' },
        action,
        subject,
        outcome: 'done',
        detail,
        requestId: null,
        address: null,
      })
    if (change.make === 'person') {
      await people.vault.prepare([tenantId], now)
      const person = await add(tx, people, tenantId, change, 'approval')
      await noted('person.created', person.id, { roles: change.roles.join(' ') })
      return
    }
    const person = await lockAmongAdministrators(tx, people.vault, tenantId, subjectId)
    if (person === undefined) throw noSuchPerson(subjectId)
    switch (change.make) {
      case 'roles':
        await changeRoles(tx, person, change.roles)
        await noted('person.roles_changed', person.id, {
          before: person.roles.join(' '),
          after: change.roles.join(' '),
        })
        break
      case 'enable':
        await setDisabled(tx, tenantId, person.id, null)
        await noted('person.enabled', person.id, {})
        break
      case 'reset': {
        const factors = await endCredentials(tx, person, null, now)
        const sessions = await endSessions(tx, person, null, now)
        await voidInvitations(tx, person, now)
        await noted('person.factors_reset', person.id, { factors, sessions })
      }
    }
    people.sessions.forget()
  }

async function add(
  tx: Tx,
  { vault, clock }: PeopleRoom,
  tenantId: number,
  wanted: Wanted,
  by: string,
): Promise<Person> {
  const person = await insertPerson(tx, vault, { tenantId, ...wanted }, by, clock.now())
  if (person === undefined) throw new Problem('login_taken')
  return person
}

async function changeRoles(tx: Tx, person: Person, roles: readonly Role[]): Promise<void> {
  await keepAnAdministrator(tx, person, roles)
  await setRoles(tx, person.tenantId, person.id, roles)
}

/** A tenant without an administrator could not get one any more. */
async function keepAnAdministrator(tx: Tx, person: Person, after: readonly Role[]): Promise<void> {
  if (!person.roles.includes('administrator') || person.disabledAt !== null || after.includes('administrator')) return
  if (!(await hasOtherAdministrator(tx, person.tenantId, person.id))) throw new Problem('last_administrator')
}

/** Somebody else than whoever asks, locked. */
async function lockOther(tx: Tx, { vault }: PeopleRoom, caller: Caller, id: string): Promise<Person> {
  const person = await lockAmongAdministrators(tx, vault, caller.tenantId, id)
  if (person === undefined) throw noSuchPerson(id)
  if (caller.same.includes(person.id))
    throw new Problem('own_work', { detail: 'Nobody changes what they may do themselves.' })
  return person
}

function readRoles(names: readonly string[]): Role[] {
  const roles = names.flatMap((name) => parseRole(name) ?? [])
  if (!areCompatible(roles))
    throw invalidField('roles', 'must not let one person both pay and decide, set limits, or give rights')
  return roles
}

export const noSuchPerson = (id: string): Problem => new Problem('not_found', { detail: `There is no person ${id}.` })

export const personView = ({ id, name, login, roles, createdAt, disabledAt }: Person, kinds: readonly string[]) => ({
  id,
  name,
  login,
  roles,
  factors: kinds,
  createdAt: toRfc3339(createdAt),
  disabledAt: disabledAt === null ? null : toRfc3339(disabledAt),
})

function invitationView(
  { people, origins }: PeopleRouteDeps,
  { token, invitation }: { readonly token: string; readonly invitation: Invitation },
) {
  const origin = people.relyingParty()?.origins[0] ?? origins()[0] ?? ''
  return { token, link: invitationLink(origin, token), expiresAt: toRfc3339(invitation.expiresAt) }
}
