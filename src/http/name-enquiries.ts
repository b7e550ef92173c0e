import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import { toRfc3339 } from '../base/clock.ts'
import { must, parseAccountId, parseEnquiryId } from '../base/identifiers.ts'
import type { AsTenant } from '../db/tenant.ts'
import type { BankDirectory } from '../imps/banks.ts'
import type { Institution } from '../imps/profile.ts'
import { type CustomerAccount, findAccount } from '../ledger/store.ts'
import { findEnquiry } from '../payment/enquiry-store.ts'
import { remitterOf } from '../payment/initiate-verified.ts'
import { type EnquiryDeps, lookUpName, type NameEnquiry, nameMatchOf, type Unasked } from '../payment/name-enquiry.ts'
import { readBeneficiary } from './beneficiary.ts'
import { needs } from './policy.ts'
import { Problem } from './problems.ts'
import {
  AccountIdWord,
  answers,
  Beneficiary,
  ChannelWord,
  EnquiryIdWord,
  InstantWord,
  NameMatchView,
  NameWord,
  nullable,
  ReasonView,
  RrnWord,
  strict,
} from './schemas.ts'
import { addressView, reasonOfCode, type ViewSettings } from './view.ts'

export type EnquiryRouteDeps = EnquiryDeps & {
  readonly asTenant: AsTenant
  readonly view: ViewSettings
  readonly directory: BankDirectory
  /** The banks on this hub; the first is the one that asks when no account is named. */
  readonly institutions: readonly Institution[]
}

const NewEnquiry = strict(
  {
    to: Beneficiary,
    name: Type.Optional(NameWord),
    from: Type.Optional(AccountIdWord),
    channel: Type.Optional(ChannelWord),
  },
  'whose name to ask for',
)

export const EnquiryDocument = strict({
  id: EnquiryIdWord,
  to: Type.Object({ kind: Type.String() }, { description: 'whom the question was about' }),
  from: nullable(AccountIdWord),
  name: nullable(Type.String()),
  status: Type.Unsafe<string>({
    type: 'string',
    enum: ['verified', 'refused'],
    description: 'verified: the beneficiary bank has the account and would credit it; refused: it said why not',
  }),
  registeredName: nullable(Type.String({ description: 'masked, unless the hub is set not to' })),
  nameMatch: nullable(NameMatchView),
  reference: strict({ rrn: RrnWord, transactionId: nullable(Type.String()) }, 'of the look-up, as NPCI knows it'),
  reason: nullable(ReasonView),
  createdAt: InstantWord,
})

const EnquiryPath = strict({ id: EnquiryIdWord })

/** `POST /v1/name-enquiries`: who owns this account, by name, before paying. Moves nothing, so it needs no key and may be asked again. */
export function nameEnquiryRoutes(app: FastifyInstance, deps: EnquiryRouteDeps): void {
  app.post<{ Body: Static<typeof NewEnquiry> }>(
    '/v1/name-enquiries',
    {
      config: needs('names:ask'),
      schema: {
        tags: ['Payments'],
        summary: 'Ask whose account it is',
        description:
          'Asks the beneficiary bank for the registered name of an account, or of a mobile number with an MMID or a bank. With `name` ' +
          '(or `to.name`) the two names are compared: `score` is 0 to 100, `match` is what a payment with `verifyName` lets pass. Moves no ' +
          'money. Not available where the bank is on the ISO 8583 rail: IMPS has no name enquiry there.',
        body: NewEnquiry,
        response: answers(201, EnquiryDocument, [
          'invalid_request',
          'invalid_json',
          'duplicate_field',
          'json_too_deep',
          'unauthorized',
          'body_too_large',
          'unsupported_media_type',
          'account_not_found',
          'bank_not_reachable',
          'name_enquiry_not_available',
          'name_enquiry_unanswered',
          'link_down',
          'database_unavailable',
        ]),
      },
    },
    async (request, reply) => {
      const { to, name, from, channel } = request.body
      const beneficiary = readBeneficiary(to, deps.directory)
      if (beneficiary instanceof Problem) throw beneficiary
      const { tenantId } = request.caller
      const account = from === undefined ? undefined : await findRemitter(deps, tenantId, from)
      const [bank] = deps.institutions
      const enquiry = await lookUpName(deps, {
        tenantId,
        institution: account?.institution ?? bank?.code ?? '',
        accountId: account?.id ?? null,
        remitter: account === undefined ? { name: bank?.name ?? '' } : remitterOf(account),
        beneficiary,
        channel: channel ?? 'internet',
        name: name ?? to.name ?? null,
      })
      if (typeof enquiry === 'string') throw unasked(enquiry)
      reply.code(201).header('location', `/v1/name-enquiries/${enquiry.id}`)
      return enquiryView(deps, enquiry)
    },
  )

  app.get<{ Params: Static<typeof EnquiryPath> }>(
    '/v1/name-enquiries/:id',
    {
      config: needs('names:ask'),
      schema: {
        tags: ['Payments'],
        summary: 'One look-up of a name',
        params: EnquiryPath,
        response: answers(200, EnquiryDocument, [
          'invalid_request',
          'unauthorized',
          'not_found',
          'database_unavailable',
        ]),
      },
    },
    async ({ params, caller }) => {
      const enquiry = await deps.asTenant(caller.tenantId, (tx) =>
        findEnquiry(tx, deps.vault, caller.tenantId, must(parseEnquiryId(params.id), 'enquiry id')),
      )
      if (enquiry === undefined) throw new Problem('not_found', { detail: `There is no name enquiry ${params.id}.` })
      return enquiryView(deps, enquiry)
    },
  )
}

async function findRemitter(deps: EnquiryRouteDeps, tenantId: number, from: string): Promise<CustomerAccount> {
  const account = await deps.asTenant(tenantId, (tx) =>
    findAccount(tx, deps.vault, tenantId, must(parseAccountId(from), 'account id')),
  )
  if (account !== undefined) return account
  throw new Problem('account_not_found', { errors: [{ field: 'from', message: 'is not an account of yours' }] })
}

/** Why nobody told a name. */
export function unasked(why: Unasked): Problem {
  switch (why) {
    case 'unavailable':
      return new Problem('name_enquiry_not_available')
    case 'link_down':
      return new Problem('link_down')
    case 'no_answer':
      return new Problem('name_enquiry_unanswered')
  }
}

/** A payment that is refused for what its look-up said. */
export function refusedByEnquiry(
  deps: Pick<EnquiryRouteDeps, 'names' | 'view'>,
  enquiry: NameEnquiry,
  code: 'name_mismatch' | 'beneficiary_not_verified',
): Problem {
  const { id, registeredName, beneficiary, responseCode, createdAt } = enquiry
  const nameMatch = nameMatchOf(enquiry, deps.names)
  const seen = { nameEnquiry: { id, registeredName, nameMatch } }
  if (code === 'beneficiary_not_verified') {
    const { message } = reasonOfCode(responseCode, beneficiary, createdAt, deps.view)
    return new Problem(code, { detail: `The beneficiary bank says: ${message}`, ...seen })
  }
  const detail =
    registeredName === null
      ? 'The beneficiary bank tells no name for this account, so there is nothing that the name given could match.'
      : `The account belongs to ${registeredName}. The match is ${nameMatch?.score ?? 0} of 100; ${deps.names.least} is needed.`
  return new Problem(code, { detail, errors: [{ field: 'to.name', message: 'is not the registered name' }], ...seen })
}

/** A look-up as the API shows it. */
export function enquiryView(deps: Pick<EnquiryRouteDeps, 'names' | 'view'>, enquiry: NameEnquiry) {
  const { id, beneficiary, accountId, askedName, status, registeredName, rrn, transactionId, createdAt } = enquiry
  return {
    id,
    to: addressView(beneficiary),
    from: accountId,
    name: askedName,
    status,
    registeredName,
    nameMatch: nameMatchOf(enquiry, deps.names),
    reference: { rrn, transactionId },
    reason: status === 'verified' ? null : reasonOfCode(enquiry.responseCode, beneficiary, createdAt, deps.view),
    createdAt: toRfc3339(createdAt),
  }
}
