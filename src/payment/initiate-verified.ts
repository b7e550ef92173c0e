import type { Remitter } from '../base/party.ts'
import { type CustomerAccount, findAccount } from '../ledger/store.ts'
import { oneChecker } from './four-eyes.ts'
import { type InitiateRequest, type InitiateResult, type Refusal, replay } from './initiate.ts'
import { type Limits, overLimit } from './limits.ts'
import { type EnquiryDeps, lookUpName, type NameEnquiry, type Unasked } from './name-enquiry.ts'

/** A payment that must not leave before the beneficiary bank has told who gets it. */
export type VerifiedRequest = {
  readonly payment: InitiateRequest
  /** Whom the customer believes to pay; null where only the account must be known (mobile number and bank). */
  readonly name: string | null
}

export type VerifiedResult =
  | InitiateResult
  | { readonly kind: 'unasked'; readonly why: Unasked } //                              nobody told; nothing was written
  | { readonly kind: 'beneficiary_not_verified'; readonly enquiry: NameEnquiry } //                 the beneficiary bank would not take the money
  | { readonly kind: 'name_mismatch'; readonly enquiry: NameEnquiry } //                it is somebody else's, and the policy refuses that

export type VerifiedDeps = EnquiryDeps & {
  readonly limits: Limits
  /** Door 1. */
  readonly initiate: (request: InitiateRequest) => Promise<InitiateResult>
}

/**
 * Takes a payment whose beneficiary is looked up first. Whoever asks again with a key that door 1 has
 * seen gets its answer, and nobody is asked. Then the cheap refusals, then the look-up, then door 1, which judges everything once more.
 *
 * @throws when the database is away; nothing was paid then, or the same key asked again tells what was
 * @source NPCI OC 119: the remitter bank validates the beneficiary before a transfer to a mobile number and a bank
 */
export async function initiateVerified(
  deps: VerifiedDeps,
  { payment, name }: VerifiedRequest,
): Promise<VerifiedResult> {
  const earlier = await replay(deps.db, deps.vault, payment)
  if (earlier !== undefined) return earlier
  const over = overLimit(deps.limits, payment.channel, payment.amountPaise)
  if (over !== undefined) return { kind: 'refused', ...over }
  const account = await findAccount(deps.db, deps.vault, payment.tenantId, payment.from)
  if (account === undefined) return { kind: 'refused', reason: 'account_not_found' }
  if (account.status !== 'open') return { kind: 'refused', reason: unusable[account.status] }
  const enquiry = await lookUpName(deps, {
    tenantId: payment.tenantId,
    institution: account.institution,
    accountId: account.id,
    remitter: remitterOf(account),
    beneficiary: payment.to,
    channel: payment.channel,
    name,
  })
  if (typeof enquiry === 'string') return { kind: 'unasked', why: enquiry }
  if (enquiry.status === 'refused') return { kind: 'beneficiary_not_verified', enquiry }
  // A bank that tells no name has verified none.
  const matches = name === null || (enquiry.score ?? 0) >= deps.names.least
  if (matches) return deps.initiate(payment)
  if (deps.names.onMismatch === 'refuse') return { kind: 'name_mismatch', enquiry }
  const { approval = { steps: oneChecker, maker: payment.actor ?? 'unknown', makerSame: payment.same ?? [] } } = payment
  return deps.initiate({ ...payment, approval: { ...approval, reason: 'name_mismatch', enquiryId: enquiry.id } })
}

/** So that nobody is asked about for a payment that cannot be made; whether the money is there, door 1 judges under its locks. */
const unusable = { frozen: 'account_frozen', closed: 'account_closed' } as const satisfies Record<string, Refusal>

/** A customer as the rail names a remitter. */
export const remitterOf = ({ name, accountNumber, ifsc, mobile, mmid }: CustomerAccount): Remitter => ({
  name,
  account: accountNumber,
  ifsc,
  ...(mobile === null ? {} : { mobile }),
  ...(mmid === null ? {} : { mmid }),
})
