import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import { toRfc3339 } from '../base/clock.ts'
import { appOptions, type FactorRefusal, type NewFactor, passkeyOptions } from '../identity/factors.ts'
import { acceptInvitation, readInvitation } from '../identity/invitations.ts'
import { MAX_PASSWORD, MIN_PASSWORD } from '../identity/passwords.ts'
import { CeremonyWord, RegistrationOptions, RegistrationWord } from './passkey-words.ts'
import { open } from './policy.ts'
import { invalidField, Problem } from './problems.ts'
import { answers, InstantWord, strict } from './schemas.ts'
import { refuseForeign } from './session-cookie.ts'
import {
  CodeWord,
  endBefore,
  fromOf,
  hashed,
  OwnSession,
  readingBody,
  type SessionRouteDeps,
  sessionBegun,
} from './sessions.ts'

/** A password that somebody wants to have; how long it may be is judged in characters, where it is checked. */
export const NewPasswordWord = Type.String({
  minLength: 1,
  maxLength: 800,
  description: `a password of ${MIN_PASSWORD} to ${MAX_PASSWORD} characters, whichever you like`,
})
export const LabelWord = Type.String({
  minLength: 1,
  maxLength: 50,
  pattern: '^[^\\p{Cc}]+$',
  description: 'a name for the passkey, of 1 to 50 characters',
})
export const NewPasskey = strict({
  kind: Type.Literal('passkey'),
  ceremony: CeremonyWord,
  answer: RegistrationWord,
  label: LabelWord,
})
export const NewApp = strict(
  { ceremony: CeremonyWord, code: CodeWord },
  'an authenticator app that shows codes already',
)
const FirstPassword = strict({ kind: Type.Literal('password'), password: NewPasswordWord, app: NewApp })
const FirstFactor = Type.Unsafe<Static<typeof NewPasskey> | Static<typeof FirstPassword>>({
  type: 'object',
  required: ['kind'],
  discriminator: { propertyName: 'kind' },
  oneOf: [NewPasskey, FirstPassword],
  description: 'a factor whose kind is passkey or password',
})
export const AppOptions = strict({
  ceremony: Type.String({ description: 'sealed: send it back with the first code, within five minutes' }),
  secret: Type.String({ description: 'for somebody who types it: base32' }),
  uri: Type.String({ description: 'for a QR code: otpauth://totp/…' }),
})

const TokenWord = Type.String({ minLength: 1, maxLength: 100, description: 'an invitation: inv_ and 43 characters' })
const Token = strict({ token: TokenWord }, 'an invitation')
const Acceptance = strict({ token: TokenWord, factor: FirstFactor }, 'an invitation and your first factor')
const InvitationDocument = strict({
  name: Type.String(),
  login: Type.String(),
  tenant: Type.Integer(),
  roles: Type.Array(Type.String()),
  expiresAt: InstantWord,
})

const tags = ['Invitations']
const ended = [...readingBody, 'invitation_invalid'] as const

/** What somebody does with an invitation, who is nobody here yet. Its token is in bodies only: addresses are written down everywhere. */
export function invitationRoutes(app: FastifyInstance, deps: SessionRouteDeps): void {
  const { people } = deps
  const personOf = async (token: string) => {
    const found = await readInvitation(people, token)
    if (found === undefined) throw new Problem('invitation_invalid')
    return found
  }

  app.post<{ Body: Static<typeof Token> }>(
    '/v1/invitations/look',
    {
      config: open,
      schema: {
        tags,
        summary: 'What an invitation is to',
        body: Token,
        response: answers(200, InvitationDocument, ended),
      },
    },
    async (request, reply) => {
      refuseForeign(deps, request)
      const { person, invitation } = await personOf(request.body.token)
      reply.header('cache-control', 'no-store')
      const { name, login, roles, tenantId } = person
      return { name, login, tenant: tenantId, roles, expiresAt: toRfc3339(invitation.expiresAt) }
    },
  )

  app.post<{ Body: Static<typeof Token> }>(
    '/v1/invitations/passkey-options',
    {
      config: open,
      schema: {
        tags,
        summary: 'Begin to make your first passkey',
        description:
          'Give `options` to `navigator.credentials.create`, and send what it gives with `ceremony` to accept the invitation.',
        body: Token,
        response: answers(200, RegistrationOptions, [...ended, 'passkeys_not_available']),
      },
    },
    async (request, reply) => {
      refuseForeign(deps, request)
      const { person } = await personOf(request.body.token)
      const options = await passkeyOptions(people, person, [])
      if (options === undefined) throw new Problem('passkeys_not_available')
      reply.header('cache-control', 'no-store')
      return options
    },
  )

  app.post<{ Body: Static<typeof Token> }>(
    '/v1/invitations/app-options',
    {
      config: open,
      schema: {
        tags,
        summary: 'Begin to set up an authenticator app',
        description: 'For those who will have a password and not a passkey.',
        body: Token,
        response: answers(200, AppOptions, ended),
      },
    },
    async (request, reply) => {
      refuseForeign(deps, request)
      const { person } = await personOf(request.body.token)
      reply.header('cache-control', 'no-store')
      return appOptions(people, person)
    },
  )

  app.post<{ Body: Static<typeof Acceptance> }>(
    '/v1/invitations/accept',
    {
      config: open,
      schema: {
        tags,
        summary: 'Accept an invitation, and sign in',
        description: 'With a passkey, or with a password and an authenticator app. The invitation is used up.',
        body: Acceptance,
        response: answers(201, OwnSession, ended),
      },
    },
    async (request, reply) => {
      refuseForeign(deps, request)
      const { token, factor } = request.body
      const result = await hashed(() => acceptInvitation(people, token, newFactorOf(factor), fromOf(request)))
      if (result.kind === 'unknown') throw new Problem('invitation_invalid')
      if (result.kind === 'factor_refused') throw factorRefused('factor.', result)
      await endBefore(deps, request)
      reply.code(201)
      return sessionBegun(reply, result)
    },
  )
}

/** A factor out of a body, without what browsers send and nobody looks at. */
export function newFactorOf(factor: Static<typeof NewPasskey> | Extract<NewFactor, { kind: 'password' }>): NewFactor {
  if (factor.kind === 'password') return factor
  const { id, rawId, type, response } = factor.answer
  const { clientDataJSON, attestationObject, transports } = response
  const answered = { clientDataJSON, attestationObject, ...(transports === undefined ? {} : { transports }) }
  return { ...factor, answer: { id, rawId, type, response: answered } }
}

export const factorRefused = (before: string, { field, why }: FactorRefusal): Problem =>
  invalidField(before + field, why)
