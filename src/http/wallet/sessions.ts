import type { FastifyInstance, FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import { toRfc3339 } from '../../base/clock.ts'
import { must, parseMobile } from '../../base/identifiers.ts'
import { endWalletSessions, type WalletSession } from '../../customer/session-store.ts'
import {
  beginSignIn,
  type From,
  passkeySignInOptions,
  type SignInDeps,
  signInWithCode,
  signInWithPasskey,
} from '../../customer/sign-in.ts'
import type { Tx } from '../../db/pool.ts'
import { IDLE_MS } from '../../identity/session-store.ts'
import { csrfTokenOf } from '../../identity/sessions.ts'
import { actOf, type Noting } from '../acts.ts'
import { orBusy, SixDigits, tooManyMessages } from '../factors.ts'
import { AuthenticationOptions, AuthenticationWord, CeremonyWord } from '../passkey-words.ts'
import { refuseBody } from '../payments.ts'
import { customerOnly, open } from '../policy.ts'
import { invalidField, Problem } from '../problems.ts'
import { answers, byKind, InstantWord, MobileWord, strict } from '../schemas.ts'
import { refuseForeign } from '../session-cookie.ts'
import { answerOf, readingBody } from '../sessions.ts'
import { clearWallet, setWallet, type WalletCookieDeps, walletOf, walletTokenOf } from './cookie.ts'

export type WalletSessionDeps = WalletCookieDeps & Noting & { readonly signIn: SignInDeps }

const SignInId = Type.String({
  pattern: '^[0-9a-f]{32}$',
  maxLength: 32,
  description: 'the id that asking for a code gave',
})
const NewCode = strict(
  {
    mobile: MobileWord,
    tenant: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 2_147_483_647,
        description: 'the number of the tenant whose customer you are, where the hub has several that sign in here',
      }),
    ),
  },
  'where to send a code',
)
const CodeDocument = strict({ id: Type.String(), expiresAt: InstantWord })
const ByCode = strict({ kind: Type.Literal('code'), id: SignInId, code: SixDigits, mpin: SixDigits })
const ByPasskey = strict({ kind: Type.Literal('passkey'), ceremony: CeremonyWord, answer: AuthenticationWord })
const SignIn = byKind([ByCode, ByPasskey], 'a proof whose kind is code or passkey')
const SessionDocument = strict({
  id: Type.String(),
  by: Type.String({ description: 'code or passkey' }),
  provedAt: InstantWord,
  idleEndsAt: InstantWord,
  expiresAt: InstantWord,
  csrfToken: Type.String({ description: 'for X-CSRF-Token of every request that changes something' }),
})

const tags = ['Wallet']

/** How a tenant's customers sign in. For whoever asks: nobody is known yet. */
export function walletSignInRoutes(app: FastifyInstance, deps: WalletSessionDeps): void {
  const { signIn } = deps

  app.post<{ Body: Static<typeof NewCode> }>(
    '/v1/wallet/codes',
    {
      config: open,
      schema: {
        tags,
        summary: 'Ask for a code to sign in with',
        description:
          'The answer is the same whether somebody has this number or not. A code has three tries and three minutes.',
        body: NewCode,
        response: answers(202, CodeDocument, [...readingBody, 'too_many_messages']),
      },
    },
    async (request, reply) => {
      refuseForeign(deps, request)
      const { tenant, mobile } = request.body
      const asked = { tenant, mobile: must(parseMobile(mobile), 'mobile') }
      const begun = await beginSignIn(signIn, asked, { address: request.ip })
      switch (begun.kind) {
        case 'unknown_tenant':
          throw invalidField('tenant', 'must be the number of a tenant whose customers sign in here')
        case 'too_many_messages':
          throw tooManyMessages(begun.retryAfterS)
        case 'begun':
          reply.code(202).header('cache-control', 'no-store')
          return { id: begun.id, expiresAt: toRfc3339(begun.expiresAt) }
      }
    },
  )

  app.post(
    '/v1/wallet/passkey-options',
    {
      config: open,
      schema: {
        tags,
        summary: 'Begin to sign in with a passkey',
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
      const options = await passkeySignInOptions(signIn)
      if (options === undefined) throw new Problem('passkeys_not_available')
      reply.header('cache-control', 'no-store')
      return options
    },
  )

  app.post<{ Body: Static<typeof SignIn> }>(
    '/v1/wallet/sessions',
    {
      config: open,
      schema: {
        tags,
        summary: 'Sign in to a wallet',
        description:
          'With the code that was sent and the MPIN, or with a passkey. The answer sets the cookie `__Host-turant-wallet`. Whatever is ' +
          'wrong, the answer is the same. A session ends 15 minutes after its last request, and 8 hours after it began.',
        body: SignIn,
        response: answers(201, SessionDocument, [...readingBody, 'sign_in_refused', 'too_many_tries']),
      },
    },
    async (request, reply) => {
      refuseForeign(deps, request)
      const { body } = request
      const from: From = { address: request.ip, requestId: request.id }
      const result =
        body.kind === 'passkey'
          ? await signInWithPasskey(signIn, { ceremony: body.ceremony, answer: answerOf(body.answer) }, from)
          : await signInWithCode(signIn, body, from).catch(orBusy)
      if (result.kind === 'too_many_tries')
        throw new Problem('too_many_tries', { headers: { 'retry-after': `${Math.ceil(result.ms / 1_000)}` } })
      if (result.kind === 'refused') throw refused()
      await endBefore(deps, request)
      setWallet(reply.code(201), result.token)
      return sessionView(result.session, result.token)
    },
  )
}

const refused = (): Problem =>
  new Problem('sign_in_refused', {
    detail:
      'The number, the code or the MPIN is not right, or after wrong MPINs the wallet waits: at most an hour. Ask for another code.',
  })

/** Whoever signs in begins anew: the session that the browser had is over. */
async function endBefore(deps: WalletSessionDeps, request: FastifyRequest): Promise<void> {
  const before = await deps.wallets.identify(walletTokenOf(request) ?? '', request.ip)
  if (before === undefined) return
  const { session } = before
  await deps.signIn.asTenant(session.tenantId, (tx) =>
    endWalletSessions(tx, session.customerKey, { only: session.id }, deps.signIn.clock.now()),
  )
}

/** What a customer does with the session they have. */
export function walletSessionRoutes(app: FastifyInstance, deps: WalletSessionDeps): void {
  app.get(
    '/v1/wallet/sessions/current',
    {
      config: customerOnly(),
      schema: {
        tags,
        summary: 'This session, with its CSRF token',
        response: answers(200, SessionDocument, ['unauthorized', 'csrf_refused', 'database_unavailable']),
      },
    },
    async (request, reply) => {
      reply.header('cache-control', 'no-store')
      return sessionView(walletOf(request), walletTokenOf(request) ?? '')
    },
  )

  app.delete(
    '/v1/wallet/sessions/current',
    {
      config: customerOnly(),
      schema: {
        tags,
        summary: 'Sign out',
        response: {
          204: { description: 'The session has ended.', type: 'null' },
          ...answers(200, Type.Null(), ['invalid_request', 'unauthorized', 'csrf_refused', 'database_unavailable']),
        },
      },
    },
    async (request, reply) => {
      refuseBody(request)
      const { id, customerKey, tenantId } = walletOf(request)
      const { caller } = request
      const now = deps.signIn.clock.now()
      await deps.signIn.asTenant(tenantId, async (tx: Tx) => {
        await endWalletSessions(tx, customerKey, { only: id }, now)
        await deps.note(tx, actOf(caller, request.id, now, 'customer.signed_out', caller.actor.id, { session: id }))
      })
      clearWallet(reply)
      return reply.code(204).send()
    },
  )
}

const sessionView = ({ id, by, provedAt, seenAt, expiresAt }: WalletSession, token: string) => ({
  id,
  by,
  provedAt: toRfc3339(provedAt),
  idleEndsAt: toRfc3339(Math.min(seenAt + IDLE_MS, expiresAt)),
  expiresAt: toRfc3339(expiresAt),
  csrfToken: csrfTokenOf(token),
})
