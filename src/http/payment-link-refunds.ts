import { hash } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import { must, parsePaymentId } from '../base/identifiers.ts'
import { parsePaise } from '../base/money.ts'
import type { Payee } from '../payment/beneficiary-store.ts'
import type { StoredPayment } from '../payment/stored.ts'
import { findOwn } from './payment-links.ts'
import { door1Problems, noSuchPayment, type PaymentDeps, pay, readIdempotencyKey, readPayable } from './payments.ts'
import { needs } from './policy.ts'
import { invalidField, Problem } from './problems.ts'
import {
  AccountNumberWord,
  Amount,
  answers,
  IfscWord,
  NameWord,
  NewPayment,
  PayHeaders,
  PaymentDocument,
  PaymentIdWord,
  PaymentLinkIdWord,
  RemarksWord,
  strict,
} from './schemas.ts'

const NewRefund = strict(
  {
    payment: PaymentIdWord,
    amount: Amount,
    to: Type.Optional(
      strict(
        { ifsc: IfscWord, account: AccountNumberWord, name: Type.Optional(NameWord) },
        'the account that the money came from, where its bank did not say: ifsc and account',
      ),
    ),
    remarks: Type.Optional(RemarksWord),
    authentication: NewPayment.properties.authentication,
  },
  'what to give back of what came in',
)
type NewRefund = Static<typeof NewRefund>
const LinkPath = strict({ id: PaymentLinkIdWord })

/** A refund is a payment like any other, which gives back no more than came in. */
export function paymentLinkRefundRoutes(app: FastifyInstance, deps: PaymentDeps): void {
  app.post<{ Params: Static<typeof LinkPath>; Body: NewRefund }>(
    '/v1/payment-links/:id/refunds',
    {
      config: needs('payments:create', 'money'),
      schema: {
        tags: ['Payment links'],
        summary: 'Give back what came in',
        description:
          'Makes an outward payment from the account of the link to the account that `payment` came from, with the limits, approvals and factors of ' +
          'any payment. The refunds of one payment that have not failed are together never more than it was. A bank that speaks ISO 8583 does not tell ' +
          'the IFSC of its customer, and one that pays by mobile number no account: give `to` then. Needs an `Idempotency-Key`, as `POST /v1/payments` does.',
        headers: PayHeaders,
        params: LinkPath,
        body: NewRefund,
        response: answers(201, PaymentDocument, [
          ...door1Problems,
          'not_found',
          'refund_over_paid',
          'refund_to_unknown',
        ]),
      },
    },
    async (request, reply) => {
      if (deps.draining()) throw new Problem('draining')
      const { body, caller, params } = request
      const idempotencyKey = readIdempotencyKey(request.headers['idempotency-key'])
      const link = await findOwn(deps, caller, params.id)
      const credit = await deps.findPayment(caller.tenantId, must(parsePaymentId(body.payment), 'payment id'))
      if (credit === undefined || credit.direction !== 'inward' || credit.reference !== link.id)
        throw noSuchPayment(body.payment)
      const to = await readPayable(deps, payerOf(credit, body.to), link.accountId)
      if (to instanceof Problem) throw to
      return pay(
        deps,
        request,
        reply,
        {
          tenantId: caller.tenantId,
          idempotencyKey,
          bodyHash: hashBody(link.id, body),
          amountPaise: must(parsePaise(body.amount), 'amount'),
          from: link.accountId,
          to,
          channel: 'internet',
          remarks: body.remarks ?? `refund of ${credit.rrn}`,
          reference: link.id,
          same: caller.same,
          refundOf: { link: link.id, credit: credit.id },
        },
        body.authentication,
      )
    },
  )
}

/** Where a credit came from: as the wire says, and where it does not, as the caller says. @throws {Problem} `refund_to_unknown` */
function payerOf({ remitter }: StoredPayment, told: NewRefund['to']): Payee {
  const { account, ifsc, name } = remitter
  if (told === undefined) {
    if (account === undefined || ifsc === undefined)
      throw new Problem('refund_to_unknown', {
        errors: [{ field: 'to', message: 'is needed: the account that the money came from' }],
      })
    return { kind: 'account', account, ifsc, ...(name === undefined ? {} : { name }) }
  }
  if (account !== undefined && told.account !== account)
    throw invalidField('to.account', 'must be the account that the money came from')
  if (ifsc !== undefined && told.ifsc !== ifsc)
    throw invalidField('to.ifsc', 'must be that of the account that the money came from')
  return { kind: 'account', ...told }
}

/** SHA-256 over the fields in one fixed order; no payment's body has the same. */
const hashBody = (link: string, { payment, amount, to, remarks, authentication }: NewRefund): string =>
  hash(
    'sha256',
    JSON.stringify([
      'refund',
      link,
      payment,
      amount,
      to === undefined ? null : [to.ifsc, to.account, to.name],
      remarks,
      authentication === undefined
        ? null
        : [authentication.factors, authentication.reference, authentication.at, authentication.digest],
    ]),
  )
