import type { FastifyInstance, FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import { must, type PaymentId, parsePaymentId } from '../../base/identifiers.ts'
import type { WalletSession } from '../../customer/session-store.ts'
import type { Tries } from '../../identity/tries.ts'
import { remitterOf } from '../../payment/initiate-verified.ts'
import { lookUpName } from '../../payment/name-enquiry.ts'
import { maskName } from '../../payment/name-match.ts'
import type { PaymentEvent, StoredPayment } from '../../payment/stored.ts'
import type { AccountDeps } from '../accounts.ts'
import { Authenticate, type AuthenticationDeps, authenticate, ChallengeDocument, hindrances } from '../authenticate.ts'
import { readBeneficiary } from '../beneficiary.ts'
import { followAnswers, type Streams } from '../events.ts'
import { type HistoryDeps, readCursor, writeCursor } from '../history.ts'
import { maskNumber } from '../masking.ts'
import { EnquiryDocument, type EnquiryRouteDeps, enquiryView, unasked } from '../name-enquiries.ts'
import {
  answer,
  cancelHeld,
  noSuchPayment,
  payAsAsked,
  payProblems,
  readIdempotencyKey,
  refuseBody,
} from '../payments.ts'
import { customerOnly } from '../policy.ts'
import { Problem, type ProblemCode } from '../problems.ts'
import {
  AccountIdWord,
  Amount,
  answers,
  Beneficiary,
  Cursor,
  Limit,
  PayHeaders,
  PaymentDocument,
  PaymentPath,
  pageOf,
  RemarksWord,
  strict,
  WaitHeaders,
} from '../schemas.ts'
import { paymentView } from '../view.ts'
import { ownAccount } from './accounts.ts'
import { walletOf } from './cookie.ts'

export type WalletPaymentDeps = AuthenticationDeps &
  HistoryDeps &
  AccountDeps &
  EnquiryRouteDeps & { readonly signIn: { readonly tries: Tries } }

const WalletPayment = strict(
  { amount: Amount, from: AccountIdWord, to: Beneficiary, remarks: Type.Optional(RemarksWord) },
  'a payment to make',
)
const WalletEnquiry = strict({ from: AccountIdWord, to: Beneficiary }, 'whose name to ask for')
const Filters = strict({ account: AccountIdWord, limit: Limit, cursor: Cursor })

const reading: readonly ProblemCode[] = [
  'invalid_request',
  'unauthorized',
  'csrf_refused',
  'not_found',
  'database_unavailable',
]
const body: readonly ProblemCode[] = [
  'invalid_json',
  'duplicate_field',
  'json_too_deep',
  'body_too_large',
  'unsupported_media_type',
]
const tags = ['Wallet']

/** Streams of one customer at once: more phones than anybody follows a payment with. */
const MAX_STREAMS = 5
/** Names that a customer may ask for and not pay: then each next one waits longer. A payment that is taken makes it new. */
const patienceWithNames = { free: 20, firstMs: 30_000, longestMs: 3_600_000 }

type Whole = ReturnType<typeof paymentView> & { readonly authentication?: unknown }

/** What a customer pays and receives. The doors are everybody's: only whose accounts they are is looked at here. */
export function walletPaymentRoutes(app: FastifyInstance, deps: WalletPaymentDeps, streams: Streams): void {
  const { tries } = deps.signIn
  /** What the customer sees of a payment: of numbers the last four, of a name that a bank told what the policy shows. */
  const view = (whole: Whole) => walletView(whole, (name) => maskName(name, deps.names.mask))
  const shown = (request: FastifyRequest, whole: Whole) => {
    request.revealed = true // masked by the view
    return view(whole)
  }

  app.post<{ Body: Static<typeof WalletEnquiry> }>(
    '/v1/wallet/name-enquiries',
    {
      config: customerOnly(),
      schema: {
        tags,
        summary: 'Ask whose account it is, before paying',
        body: WalletEnquiry,
        response: answers(201, EnquiryDocument, [
          ...reading,
          ...body,
          'too_many_tries',
          'bank_not_reachable',
          'name_enquiry_not_available',
          'name_enquiry_unanswered',
          'link_down',
        ]),
      },
    },
    async (request, reply) => {
      const session = walletOf(request)
      const { to, from } = request.body
      const account = await ownAccount(deps, session, from)
      const beneficiary = readBeneficiary(to, deps.directory)
      if (beneficiary instanceof Problem) throw beneficiary
      const taken = await tries.take(namesOf(session), patienceWithNames)
      if (taken.kind === 'wait') {
        const headers = { 'retry-after': `${Math.ceil(taken.ms / 1_000)}` }
        throw new Problem('too_many_tries', { detail: 'You asked for many names and paid none of them.', headers })
      }
      const enquiry = await lookUpName(deps, {
        tenantId: session.tenantId,
        institution: account.institution,
        accountId: account.id,
        remitter: remitterOf(account),
        beneficiary,
        channel: 'internet',
        name: to.name ?? null,
      })
      if (typeof enquiry === 'string') throw unasked(enquiry)
      reply.code(201)
      const whole = enquiryView(deps, enquiry)
      request.revealed = true // its name is masked by the policy already
      return { ...whole, to: maskedAddress(whole.to) }
    },
  )

  app.post<{ Body: Static<typeof WalletPayment> }>(
    '/v1/wallet/payments',
    {
      config: { ...customerOnly(), load: 'money' },
      schema: {
        tags,
        summary: 'Pay from one of your accounts',
        description:
          'The payment waits in `requires_authentication` for the two factors of its customer. `Idempotency-Key` is the customer’s own: the ' +
          'same key with the same body gives the same payment again.',
        headers: PayHeaders,
        body: WalletPayment,
        response: answers(201, PaymentDocument, [...payProblems, 'csrf_refused', 'not_found']),
      },
    },
    async (request, reply) => {
      const session = walletOf(request)
      const { from } = request.body
      const key = readIdempotencyKey(request.headers['idempotency-key'])
      const account = await ownAccount(deps, session, from)
      // Under a key of its own, and never so long as to be cut: another customer's payment must not answer.
      const whole = await payAsAsked(deps, request, reply, request.body, `wallet ${session.customerId} ${key}`)
      await tries.clear(namesOf(session))
      reply.header('location', `/v1/wallet/payments/${whole.id}`)
      return shown(request, { ...whole, account: account.id })
    },
  )

  app.get<{ Querystring: Static<typeof Filters> }>(
    '/v1/wallet/payments',
    {
      config: customerOnly(),
      schema: {
        tags,
        summary: 'What one of your accounts paid and received, newest first',
        querystring: Filters,
        response: answers(200, pageOf(PaymentDocument), [...reading, 'invalid_cursor']),
      },
    },
    async (request) => {
      const { account, limit, cursor } = request.query
      const session = walletOf(request)
      const { id } = await ownAccount(deps, session, account)
      const before = cursor === undefined ? undefined : readCursor(cursor)
      const page = await deps.listPayments(session.tenantId, { account: id }, before, limit ?? 25)
      const own = page.payments.filter(({ accountId }) => accountId === id)
      const steps = new Map<PaymentId, PaymentEvent[]>(own.map((payment) => [payment.id, []]))
      for (const event of await deps.findEvents(session.tenantId, [...steps.keys()]))
        steps.get(event.paymentId)?.push(event)
      request.revealed = true
      return {
        data: own.map((payment) => view(paymentView(payment, steps.get(payment.id) ?? [], deps.view))),
        hasMore: page.next !== undefined,
        nextCursor: page.next === undefined ? null : writeCursor(page.next),
      }
    },
  )

  app.get<{ Params: Static<typeof PaymentPath> }>(
    '/v1/wallet/payments/:id',
    {
      config: customerOnly(),
      schema: {
        tags,
        summary: 'One of your payments',
        headers: WaitHeaders,
        params: PaymentPath,
        response: answers(200, PaymentDocument, reading),
      },
    },
    async (request, reply) => {
      const payment = await ownPayment(deps, walletOf(request), request.params.id)
      return shown(request, await answer(deps, request, reply, payment))
    },
  )

  app.get<{ Params: Static<typeof PaymentPath> }>(
    '/v1/wallet/payments/:id/events',
    {
      config: { ...customerOnly(), load: 'stream' },
      exposeHeadRoute: false, // a stream without a body would say nothing and stay open
      schema: {
        tags,
        summary: 'Follow one of your payments',
        description: 'Server-sent events, as for `/v1/payments/{id}/events`.',
        params: PaymentPath,
        response: followAnswers,
      },
    },
    async (request, reply) => {
      const session = walletOf(request)
      const payment = await ownPayment(deps, session, request.params.id)
      return streams.follow(request, reply, { payment, who: `wallet ${session.customerId}`, most: MAX_STREAMS, view })
    },
  )

  app.post<{ Params: Static<typeof PaymentPath>; Body: Static<typeof Authenticate> }>(
    '/v1/wallet/payments/:id/authenticate',
    {
      config: { ...customerOnly(), load: 'money' },
      schema: {
        tags,
        summary: 'Prove that a payment is yours, with two factors',
        description: 'As `/v1/payments/{id}/authenticate`: `send` first, then both factors.',
        params: PaymentPath,
        body: Authenticate,
        response: {
          202: { description: 'You were asked.', content: { 'application/json': { schema: ChallengeDocument } } },
          ...answers(200, PaymentDocument, [
            ...reading,
            ...body,
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
          ]),
        },
      },
    },
    async (request, reply) => {
      const { id } = await ownPayment(deps, walletOf(request), request.params.id)
      const done = await authenticate(deps, request, reply, id, request.body)
      return 'amount' in done ? shown(request, done) : done
    },
  )

  app.post<{ Params: Static<typeof PaymentPath> }>(
    '/v1/wallet/payments/:id/cancel',
    {
      config: { ...customerOnly(), load: 'money' },
      schema: {
        tags,
        summary: 'Cancel what has not been sent',
        params: PaymentPath,
        response: answers(200, PaymentDocument, [...reading, 'not_cancellable']),
      },
    },
    async (request) => {
      refuseBody(request)
      return shown(request, await cancelHeld(deps, await ownPayment(deps, walletOf(request), request.params.id)))
    },
  )
}

/** A payment from or to an account of the customer who asks; anybody else's does not exist. @throws {Problem} `not_found` */
async function ownPayment(deps: WalletPaymentDeps, session: WalletSession, id: string): Promise<StoredPayment> {
  const payment = await deps.findPayment(session.tenantId, must(parsePaymentId(id), 'payment id'))
  if (payment === undefined || payment.accountId === null) throw noSuchPayment(id)
  await ownAccount(deps, session, payment.accountId).catch(() => {
    throw noSuchPayment(id)
  })
  return payment
}

const namesOf = ({ customerId }: WalletSession): string => `names ${customerId}`

/** Where a payment goes, its numbers masked. */
const maskedAddress = <T extends { readonly account?: string; readonly mobile?: string }>(to: T): T => ({
  ...to,
  ...(to.account === undefined ? {} : { account: maskNumber(to.account) }),
  ...(to.mobile === undefined ? {} : { mobile: maskNumber(to.mobile) }),
})

/** A payment as its customer sees it. @param shownName  of a name that a bank told, what may be seen */
function walletView<T extends Whole>(whole: T, shownName: (name: string) => string): T {
  const { to, remitter } = whole
  const masked = (value: string | null): string | null => (value === null ? null : maskNumber(value))
  return {
    ...whole,
    to: { ...maskedAddress(to), registeredName: to.registeredName === null ? null : shownName(to.registeredName) },
    remitter: { ...remitter, account: masked(remitter.account), mobile: masked(remitter.mobile) },
  }
}
