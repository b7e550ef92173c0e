import type { Clock } from '../base/clock.ts'
import type { AccountId, EnquiryId, Rrn } from '../base/identifiers.ts'
import type { Beneficiary, Channel, Remitter } from '../base/party.ts'
import type { Vault } from '../base/vault.ts'
import type { Db } from '../db/pool.ts'
import { insertEnquiry } from './enquiry-store.ts'
import { maskName, type NameMask, type NameVerdict, nameMatchScore, verdictOf } from './name-match.ts'

/** What the rail answers to a question about a name. It asks once; nothing is moved, so whoever wants may ask again. */
export type EnquiryAnswer =
  | {
      readonly kind: 'answered'
      readonly response: { readonly result: string; readonly responseCode: string; readonly registeredName?: string }
      /** Txn@id and RRN of the look-up. */
      readonly reference: { readonly transactionId: string; readonly rrn: Rrn }
    }
  | { readonly kind: 'unavailable' } // the wire of the institution has no name enquiry
  | { readonly kind: 'link_down' }
  | { readonly kind: 'no_answer' }

/** The rail's port. @throws never for what the other side does */
export type Enquire = (question: {
  readonly institution: string
  readonly remitter: Remitter
  readonly beneficiary: Beneficiary
  readonly channel: Channel
}) => Promise<EnquiryAnswer>

/** What a hub does with names. */
export type NamePolicy = {
  /** The score of a match, 1 to 100. */
  readonly least: number
  /** What becomes of a payment to somebody else's name. */
  readonly onMismatch: 'refuse' | 'approve'
  readonly mask: NameMask
}
export const defaultNamePolicy: NamePolicy = { least: 80, onMismatch: 'refuse', mask: 'partial' }

/** One look-up of a name, as it is stored: for good, and with the name masked. */
export type NameEnquiry = {
  readonly id: EnquiryId
  readonly tenantId: number
  readonly institution: string
  /** The customer on whose behalf it was asked; null: the institution's own. */
  readonly accountId: AccountId | null
  readonly beneficiary: Beneficiary
  readonly askedName: string | null
  /** `verified`: the beneficiary bank has this account, and would take the money; `refused`: it said why not. */
  readonly status: 'verified' | 'refused'
  readonly registeredName: string | null
  /** How alike the two names are, 0 to 100; null when no name was given or the bank told none. */
  readonly score: number | null
  readonly responseCode: string
  readonly transactionId: string | null
  readonly rrn: Rrn
  readonly createdAt: number
}

/** Why there is no answer about a name. */
export type Unasked = 'unavailable' | 'link_down' | 'no_answer'

export type EnquiryRequest = {
  readonly tenantId: number
  readonly institution: string
  readonly accountId: AccountId | null
  readonly remitter: Remitter
  readonly beneficiary: Beneficiary
  readonly channel: Channel
  /** Whom the customer believes to pay. */
  readonly name: string | null
}

export type EnquiryDeps = {
  readonly db: Db
  readonly vault: Vault
  readonly clock: Clock
  readonly enquire: Enquire
  readonly names: NamePolicy
}

/**
 * Asks the beneficiary bank who owns an account, compares the name, and stores both with the reference of the look-up. The name
 * is compared as it came and stored as the policy masks it.
 *
 * @returns the look-up, or why nobody answered; then nothing is stored
 * @throws when the database is away
 */
export async function lookUpName(deps: EnquiryDeps, request: EnquiryRequest): Promise<NameEnquiry | Unasked> {
  const { institution, remitter, beneficiary, channel, name } = request
  const answer = await deps.enquire({ institution, remitter, beneficiary, channel })
  if (answer.kind !== 'answered') return answer.kind
  const { result, responseCode, registeredName } = answer.response
  const verified = result === 'SUCCESS' && responseCode === '00'
  const told = verified && registeredName !== undefined && registeredName.trim() !== '' ? registeredName.trim() : null
  return insertEnquiry(deps.db, deps.vault, {
    tenantId: request.tenantId,
    institution,
    accountId: request.accountId,
    beneficiary,
    askedName: name,
    status: verified ? 'verified' : 'refused',
    registeredName: told === null ? null : maskName(told, deps.names.mask),
    score: told === null || name === null ? null : nameMatchScore(name, told),
    responseCode,
    transactionId: answer.reference.transactionId,
    rrn: answer.reference.rrn,
    createdAt: deps.clock.now(),
  })
}

export type NameMatch = { readonly score: number; readonly verdict: NameVerdict }

/** The score of a look-up with what it means under this policy; null when there was nothing to compare. */
export const nameMatchOf = ({ score }: NameEnquiry, policy: NamePolicy): NameMatch | null =>
  score === null ? null : { score, verdict: verdictOf(score, policy.least) }
