import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import { type Clock, toRfc3339 } from '../base/clock.ts'
import { must, parseMobile, parsePaymentId } from '../base/identifiers.ts'
import type { Asking, Begun, Hindered, Submitted } from '../customer/authenticate.ts'
import { type Challenge, type DynamicKind, dynamicKinds, MAX_TRIES } from '../customer/challenge-store.ts'
import type { AuthenticationState, Payers } from '../customer/payer.ts'
import type { Answers } from '../customer/proof.ts'
import type { Caller } from '../identity/caller.ts'
import type { MessageBox } from '../message/box.ts'
import type { Evidence } from '../payment/evidence.ts'
import { awaitedBy, publicStatusOf } from '../payment/payment.ts'
import type { StoredPayment } from '../payment/stored.ts'
import { orBusy, SixDigits, tooManyMessages } from './factors.ts'
import { maskNumber } from './masking.ts'
import { find, noSuchPayment, type PaymentDeps, stepsOf } from './payments.ts'
import { needs } from './policy.ts'
import { invalidField, Problem, type ProblemCode } from './problems.ts'
import {
  answers,
  InstantWord,
  Limit,
  MobileWord,
  nullable,
  PaymentAuthentication,
  PaymentDocument,
  PaymentIdWord,
  PaymentPath,
  strict,
} from './schemas.ts'
import { paymentView } from './view.ts'

export type AuthenticationDeps = PaymentDeps & {
  readonly clock: Clock
  readonly payers: Payers
  /** Asks a customer for the factor that is made or proved for one payment. */
  readonly beginAuthentication: (asking: Asking, kind: DynamicKind) => Promise<Begun>
  /** Judges two factors, and lets the payment go when both are right. */
  readonly submitAuthentication: (asking: Asking, answers: Answers) => Promise<Submitted>
}

const Base64Url = Type.String({
  pattern: '^[A-Za-z0-9_-]{1,8192}$',
  maxLength: 8_192,
  description: 'bytes in base64url',
})
const PasskeyAnswer = strict(
  {
    id: Base64Url,
    rawId: Base64Url,
    type: Type.Literal('public-key'),
    response: strict({
      clientDataJSON: Base64Url,
      authenticatorData: Base64Url,
      signature: Base64Url,
      userHandle: Type.Optional(Base64Url),
    }),
  },
  'what navigator.credentials.get gave',
)
export const Authenticate = strict(
  {
    send: Type.Optional(
      Type.Unsafe<DynamicKind>({
        type: 'string',
        enum: [...dynamicKinds],
        description: `the factor to ask the customer for: one of ${dynamicKinds.join(', ')}`,
      }),
    ),
    mpin: Type.Optional(SixDigits),
    sms: Type.Optional(SixDigits),
    totp: Type.Optional(SixDigits),
    passkey: Type.Optional(PasskeyAnswer),
  },
  'either `send`, or two factors: mpin and one of sms, totp, passkey',
)
export const ChallengeDocument = strict({
  id: Type.String(),
  payment: PaymentIdWord,
  kind: Type.String(),
  digest: Type.String({
    description: 'SHA-256, in hex, of the payment, `nonce` and `expiresAt`: what the customer agrees to',
  }),
  nonce: Type.String(),
  expiresAt: InstantWord,
  triesLeft: Type.Integer(),
  sentTo: nullable(Type.String({ description: 'the mobile number, masked' })),
  passkey: nullable(
    Type.Unsafe<object>({ type: 'object', description: 'what navigator.credentials.get takes, as JSON' }),
  ),
})
const EvidenceDocument = strict({
  source: Type.String({ description: 'hub or institution: who asked the customer' }),
  factors: Type.Array(Type.String()),
  digest: nullable(Type.String()),
  nonce: nullable(Type.String()),
  expiresAt: nullable(InstantWord),
  reference: nullable(Type.String()),
  provedAt: InstantWord,
  recordedAt: InstantWord,
  recordedBy: Type.String(),
  policyVersion: Type.Integer(),
})
const StateDocument = strict({
  required: Type.Boolean({ description: 'whether the payment waits for the factors of its customer now' }),
  authentication: nullable(PaymentAuthentication),
  evidence: nullable(EvidenceDocument),
})

export const hindrances: readonly ProblemCode[] = [
  'not_found',
  'not_awaiting_authentication',
  'customer_stopped',
  'authentication_locked',
]

/** The two factors of a customer, for one payment. */
export function authenticationRoutes(app: FastifyInstance, deps: AuthenticationDeps): void {
  const tags = ['Payments']

  app.post<{ Params: Static<typeof PaymentPath>; Body: Static<typeof Authenticate> }>(
    '/v1/payments/:id/authenticate',
    {
      config: needs('payments:authenticate', 'money'),
      schema: {
        tags,
        summary: 'Authenticate a payment with the two factors of its customer',
        description:
          'First `{"send": "sms"}` (or `totp`, `passkey`): the customer is asked for the factor that is for this payment alone; 202. Then the two ' +
          'factors, `{"mpin": "…", "sms": "…"}`: the payment goes on; 200. Whatever changes of the payment in between voids what was sent. Three ' +
          'tries, three minutes, one use; asking again voids what was asked before. Wrong tries count over all payments of a customer.',
        params: PaymentPath,
        body: Authenticate,
        response: {
          202: {
            description: 'The customer was asked.',
            content: { 'application/json': { schema: ChallengeDocument } },
          },
          ...answers(200, PaymentDocument, [
            'invalid_request',
            'invalid_json',
            'duplicate_field',
            'json_too_deep',
            'body_too_large',
            'unsupported_media_type',
            'unauthorized',
            'signature_required',
            'signature_invalid',
            ...hindrances,
            'two_factors_required',
            'factors_missing',
            'authentication_not_begun',
            'authentication_changed',
            'authentication_failed',
            'too_many_challenges',
            'too_many_messages',
            'message_not_sent',
            'too_busy',
            'database_unavailable',
          ]),
        },
      },
    },
    async (request, reply) => authenticate(deps, request, reply, request.params.id, request.body),
  )

  app.get<{ Params: Static<typeof PaymentPath> }>(
    '/v1/payments/:id/authentication',
    {
      config: needs('payments:read'),
      schema: {
        tags,
        summary: 'What proves that a payment is its customer’s will',
        description:
          'The evidence is kept with the payment and never changes: which factors, over what, when, passed on by whom, under which version of ' +
          'the policies.',
        params: PaymentPath,
        response: answers(200, StateDocument, ['invalid_request', 'unauthorized', 'not_found', 'database_unavailable']),
      },
    },
    async ({ params, caller }) => {
      const payment = await find(deps, caller, params.id)
      const state = await deps.payers.stateOf(payment)
      const required = awaitedBy(payment) === 'authentication'
      return {
        required,
        authentication: required ? authenticationView(payment, state, deps) : null,
        evidence: state.evidence === undefined ? null : evidenceView(state.evidence),
      }
    },
  )
}

/** Asks the customer of a payment for a factor, or judges two that were given; for whoever may pass them on. */
export async function authenticate(
  deps: AuthenticationDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  paymentId: string,
  body: Static<typeof Authenticate>,
) {
  const asking = askingOf(request.caller, paymentId, request.id)
  const { send, ...given } = body
  if (send !== undefined) {
    const extra = Object.keys(given)[0]
    if (extra !== undefined) throw invalidField(extra, 'is not for asking: send the two factors by themselves')
    const begun = await deps.beginAuthentication(asking, send)
    if (begun.kind !== 'begun') throw begunProblem(begun, paymentId)
    reply.code(202).header('cache-control', 'no-store')
    return challengeView(begun)
  }
  const submitted = await deps.submitAuthentication(asking, given).catch(orBusy)
  if (submitted.kind !== 'done') throw submittedProblem(submitted, paymentId)
  // So that what an MPIN costs, which is meant to be slow, can be told from what everything else does.
  const { claim, mpin, door } = submitted.took
  const timing = `claim;dur=${claim.toFixed(1)}, mpin;dur=${mpin.toFixed(1)}, door;dur=${door.toFixed(1)}`
  reply.header('server-timing', timing)
  return paymentView(submitted.payment, await stepsOf(deps, submitted.payment, submitted.steps), deps.view)
}

/** What a payment that waits for its customer's factors says about them; undefined for every other. */
export async function authenticationOf(
  deps: Pick<AuthenticationDeps, 'payers' | 'view' | 'clock'>,
  payment: StoredPayment,
): Promise<Static<typeof PaymentAuthentication> | undefined> {
  if (publicStatusOf(payment) !== 'requires_authentication') return undefined
  return authenticationView(payment, await deps.payers.stateOf(payment), deps)
}

function authenticationView(
  payment: StoredPayment,
  { factors, challenge }: AuthenticationState,
  { view, clock }: Pick<AuthenticationDeps, 'view' | 'clock'>,
): Static<typeof PaymentAuthentication> {
  const open =
    challenge !== undefined && challenge.expiresAt > clock.now() && challenge.tries < MAX_TRIES ? challenge : null
  return {
    factors: [...factors],
    expiresAt: toRfc3339(payment.updatedAt + view.authenticationMs),
    challenge:
      open === null
        ? null
        : {
            kind: open.kind,
            digest: open.digest,
            expiresAt: toRfc3339(open.expiresAt),
            triesLeft: MAX_TRIES - open.tries,
          },
  }
}

const askingOf = ({ tenantId, actor, address }: Caller, id: string, requestId: string): Asking => ({
  tenantId,
  paymentId: must(parsePaymentId(id), 'payment id'),
  actor,
  address,
  requestId,
})

const viewOfChallenge = ({ id, paymentId, kind, digest, nonce, expiresAt, tries }: Challenge) => ({
  id: `aut_${id}`,
  payment: paymentId,
  kind,
  digest,
  nonce,
  expiresAt: toRfc3339(expiresAt),
  triesLeft: MAX_TRIES - tries,
})

const challengeView = ({ challenge, customer, passkey }: Extract<Begun, { kind: 'begun' }>) => ({
  ...viewOfChallenge(challenge),
  sentTo: challenge.kind === 'sms' && customer.mobile !== null ? maskNumber(customer.mobile) : null,
  passkey,
})

const evidenceView = (one: Evidence): Static<typeof EvidenceDocument> => ({
  source: one.source,
  factors: [...one.factors],
  digest: one.digest,
  nonce: one.nonce,
  expiresAt: one.expiresAt === null ? null : toRfc3339(one.expiresAt),
  reference: one.reference,
  provedAt: toRfc3339(one.provedAt),
  recordedAt: toRfc3339(one.recordedAt),
  recordedBy: one.recordedBy,
  policyVersion: one.policyVersion,
})

function hindered(why: Hindered, id: string): Problem {
  switch (why.kind) {
    case 'unknown':
      return noSuchPayment(id)
    case 'not_awaiting':
      return new Problem('not_awaiting_authentication', { detail: `The payment is ${publicStatusOf(why.payment)}.` })
    case 'stopped':
      return new Problem('customer_stopped')
    case 'locked':
      return new Problem('authentication_locked', { headers: { 'retry-after': String(why.retryAfterS) } })
  }
}

function begunProblem(why: Exclude<Begun, { kind: 'begun' }>, id: string): Problem {
  switch (why.kind) {
    case 'not_enrolled':
      return new Problem('factors_missing', {
        detail: `The customer has ${why.factors.length === 0 ? 'no factors' : why.factors.join(', ')}; this needs mpin and the one that was named.`,
      })
    case 'too_many_challenges':
      return new Problem('too_many_challenges')
    case 'too_many_messages':
      return tooManyMessages(why.retryAfterS)
    case 'not_sent':
      return new Problem('message_not_sent')
    default:
      return hindered(why, id)
  }
}

function submittedProblem(why: Exclude<Submitted, { kind: 'done' }>, id: string): Problem {
  switch (why.kind) {
    case 'not_two_factors':
      return new Problem('two_factors_required')
    case 'not_begun':
      return new Problem('authentication_not_begun')
    case 'changed':
      return new Problem('authentication_changed')
    case 'wrong':
      return new Problem('authentication_failed', {
        detail: why.triesLeft === 0 ? 'No tries are left: ask the customer anew.' : `Tries left: ${why.triesLeft}.`,
      })
    default:
      return hindered(why, id)
  }
}

const MessagesDocument = strict({
  data: Type.Array(
    strict({
      at: InstantWord,
      mobile: Type.String(),
      kind: Type.String(),
      language: Type.String(),
      text: Type.String(),
    }),
  ),
})

/** Only in a sandbox: the phones of customers. */
export function messageBoxRoutes(app: FastifyInstance, box: MessageBox): void {
  app.get<{ Querystring: { mobile?: string; limit?: number } }>(
    '/sandbox/messages',
    {
      config: needs('sandbox:use'),
      schema: {
        tags: ['Sandbox'],
        summary: 'The last messages to your customers, newest first',
        description: 'They go to no phone in a sandbox. Kept in memory, a thousand of them.',
        querystring: strict({ mobile: Type.Optional(MobileWord), limit: Limit }),
        response: answers(200, MessagesDocument, ['invalid_request', 'unauthorized']),
      },
    },
    async ({ query, caller }, reply) => {
      reply.header('cache-control', 'no-store')
      const messages = box.list(caller.tenantId, parseMobile(query.mobile), query.limit ?? 25)
      return {
        data: messages.map(({ at, to, kind, language, text }) => ({
          at: toRfc3339(at),
          mobile: to,
          kind,
          language,
          text,
        })),
      }
    },
  )
}
