import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import { toRfc3339 } from '../../base/clock.ts'
import { remainingPaise, statusOf } from '../../payment-link/link.ts'
import type { PayableLink } from '../../payment-link/store.ts'
import type { AccountDeps } from '../accounts.ts'
import { LinkStatusWord, linkView, PaymentLinkDocument } from '../payment-link-view.ts'
import { askToBePaid, type PaymentLinkDeps } from '../payment-links.ts'
import { readIdempotencyKey } from '../payments.ts'
import { customerOnly } from '../policy.ts'
import { Problem, type ProblemCode } from '../problems.ts'
import {
  AccountIdWord,
  AccountNumberWord,
  Amount,
  answers,
  IfscWord,
  InstantWord,
  nullable,
  PayHeaders,
  SignedAmount,
  strict,
} from '../schemas.ts'
import { ownAccount } from './accounts.ts'
import { walletOf } from './cookie.ts'

export type WalletLinkDeps = AccountDeps &
  PaymentLinkDeps & { readonly findPayableLink: (token: string) => Promise<PayableLink | undefined> }

const NewRequest = strict(
  {
    account: AccountIdWord,
    amount: Type.Optional(Amount),
    description: Type.Optional(
      Type.String({
        pattern: '^[^\\p{Cc}\\p{Cs}]+$',
        minLength: 1,
        maxLength: 100,
        description: 'what the payer reads: 1 to 100 characters, none of them a control character',
      }),
    ),
  },
  'what to ask for',
)
/** In the body: whoever has it can see what is asked for, and addresses are written down on their way. */
const GivenLink = strict({
  link: Type.String({
    pattern: '^[A-Za-z0-9_-]{22}$',
    maxLength: 22,
    description: 'the last part of the address of a payment link',
  }),
})
const LinkToPay = strict({
  payee: Type.String(),
  status: LinkStatusWord,
  amount: nullable(Amount),
  amountRemaining: nullable(SignedAmount),
  description: nullable(Type.String()),
  virtualAccount: strict({ ifsc: IfscWord, accountNumber: AccountNumberWord }),
  expiresAt: nullable(InstantWord),
})

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

/** How a customer asks to be paid, by a link that they pass on; and what a link that they were given asks for. */
export function walletLinkRoutes(app: FastifyInstance, deps: WalletLinkDeps): void {
  const { clock } = deps

  app.post<{ Body: Static<typeof NewRequest> }>(
    '/v1/wallet/requests',
    {
      config: customerOnly(),
      schema: {
        tags,
        summary: 'Ask to be paid',
        description: 'Makes a payment link for one of your accounts: whoever has its `url` can pay it, from any bank.',
        headers: PayHeaders,
        body: NewRequest,
        response: answers(201, PaymentLinkDocument, [
          ...reading,
          ...body,
          'idempotency_key_missing',
          'idempotency_key_invalid',
          'key_reused',
          'account_frozen',
          'account_closed',
        ]),
      },
    },
    async (request, reply) => {
      const { body: asked, caller, id } = request
      const session = walletOf(request)
      await ownAccount(deps, session, asked.account)
      const key = readIdempotencyKey(request.headers['idempotency-key'])
      const { link, isNew } = await askToBePaid(deps, caller, id, asked, `wallet ${session.customerId} ${key}`)
      if (!isNew) reply.header('idempotency-replayed', 'true')
      reply.code(201)
      request.revealed = true // a number made for whoever has the link
      return linkView(link, clock.now(), deps.origins()[0])
    },
  )

  app.post<{ Body: Static<typeof GivenLink> }>(
    '/v1/wallet/links',
    {
      config: customerOnly(),
      schema: {
        tags,
        summary: 'What a payment link asks for',
        description: 'Pay it as a payment to its `virtualAccount`.',
        body: GivenLink,
        response: answers(200, LinkToPay, [...reading, ...body]),
      },
    },
    async (request) => {
      const found = await deps.findPayableLink(request.body.link)
      if (found === undefined) throw new Problem('not_found', { detail: 'There is no such payment link.' })
      const { link } = found
      const remaining = remainingPaise(link)
      request.revealed = true // whoever has the link may see what is asked for, and for whom
      return {
        payee: found.payee,
        status: statusOf(link, clock.now()),
        amount: link.amountPaise === null ? null : String(link.amountPaise),
        amountRemaining: remaining === null ? null : String(remaining),
        description: link.description,
        virtualAccount: link.virtualAccount,
        expiresAt: link.expiresAt === null ? null : toRfc3339(link.expiresAt),
      }
    },
  )
}
