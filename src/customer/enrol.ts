import type { Clock } from '../base/clock.ts'
import type { CustomerId } from '../base/identifiers.ts'
import type { Tx } from '../db/pool.ts'
import { errorCode } from '../db/pool.ts'
import type { AsTenant } from '../db/tenant.ts'
import {
  makeChallenge,
  type RegistrationAnswer,
  registrationOptions,
  verifyRegistration,
} from '../identity/passkeys.ts'
import { checkTotp, makeTotpSecret, totpText, totpUri } from '../identity/totp.ts'
import { enrolmentText, languageOf, type Messenger } from '../message/message.ts'
import type { Pumping } from '../message/pumping.ts'
import { CHALLENGE_MS } from './challenge-store.ts'
import { type Customer, findCustomer, lockCustomer } from './customer-store.ts'
import {
  claimProofTry,
  type EnrolledKind,
  enrolFactor,
  type Factor,
  insertFactor,
  listFactors,
  type NewFactor,
  newFactorId,
} from './factor-store.ts'
import {
  codeDigest,
  handleOf,
  isTrivialMpin,
  makeCode,
  type ProofDeps,
  pepperedMpin,
  readPasskey,
  sameCode,
} from './proof.ts'

/** How a factor comes to be: an MPIN is set, everything else is proved once before it counts. */

export type EnrolDeps = ProofDeps & {
  readonly clock: Clock
  readonly asTenant: AsTenant
  readonly messenger: Messenger
  readonly pumping: Pumping
  readonly codeOrigin?: string | undefined
  readonly unsent: (why: string) => void
  /** Whose codes an authenticator app shows them as. */
  readonly issuer: string
}

/** Writes down what was done, in the transaction of it. */
export type NoteEnrolment = (
  tx: Tx,
  act: 'factor.enrolled' | 'factor.begun' | 'factor.refused',
  factor: Pick<Factor, 'id' | 'kind'>,
) => Promise<void>

export type Wanted =
  | { readonly kind: 'mpin'; readonly mpin: string }
  | { readonly kind: 'sms' }
  | { readonly kind: 'totp' }
  | { readonly kind: 'passkey' }

export type Enrolling =
  | { readonly kind: 'unknown' } //            no such customer of this tenant
  | { readonly kind: 'trivial' } //            an MPIN that everybody tries first
  | { readonly kind: 'taken' } //              one of this kind is enrolled: revoke it first
  | { readonly kind: 'too_many' } //           factors, enrolled or begun
  | { readonly kind: 'no_mobile' }
  | { readonly kind: 'no_name' } //            the hub has no name of its own that passkeys could be for
  | { readonly kind: 'too_many_messages'; readonly retryAfterS: number }
  | { readonly kind: 'not_sent' }
  /** `secret`, `uri` and `options` are for the customer, now and never again. */
  | {
      readonly kind: 'made'
      readonly factor: Factor
      readonly customer: Customer
      readonly secret?: string
      readonly uri?: string
      readonly options?: object
    }

/** Factors that a customer has at most, begun ones among them. */
const MAX_FACTORS = 10

/** Begins or makes a factor. @throws when the database is away, or {HashingBusy} */
export async function enrol(
  deps: EnrolDeps,
  { tenantId, id, address }: { readonly tenantId: number; readonly id: CustomerId; readonly address: string },
  wanted: Wanted,
  noted: NoteEnrolment,
): Promise<Enrolling> {
  const { vault, clock } = deps
  const customer = await deps.asTenant(tenantId, (tx) => findCustomer(tx, vault, tenantId, id))
  if (customer === undefined) return { kind: 'unknown' }
  const made = await prepare(deps, customer, wanted, address)
  if (made.kind !== 'prepared') return made
  await vault.prepare([tenantId], clock.now())
  const kept = await deps
    .asTenant(tenantId, async (tx): Promise<Enrolling> => {
      const locked = await lockCustomer(tx, vault, tenantId, id)
      if (locked === undefined) return { kind: 'unknown' }
      const others = await listFactors(tx, vault, locked)
      if (others.length >= MAX_FACTORS) return { kind: 'too_many' }
      if (wanted.kind !== 'passkey' && others.some((one) => one.kind === wanted.kind && one.enrolledAt !== null))
        return { kind: 'taken' }
      const factor = await insertFactor(tx, vault, locked, made.factor, clock.now())
      await noted(tx, factor.enrolledAt === null ? 'factor.begun' : 'factor.enrolled', factor)
      return { ...made.shown, kind: 'made', factor, customer: locked }
    })
    .catch((error: unknown): Enrolling => {
      if (errorCode(error) === '23505') return { kind: 'taken' }
      throw error
    })
  if (kept.kind !== 'made' || made.text === undefined || customer.mobile === null) return kept
  const language = languageOf(customer.language)
  const message = { tenantId, to: customer.mobile, kind: 'enrolment_code', language, text: made.text } as const
  const sent = await deps.messenger.send(message)
  if (sent.kind === 'sent') return kept
  deps.unsent(sent.why)
  return { kind: 'not_sent' }
}

type Prepared = {
  readonly kind: 'prepared'
  readonly factor: NewFactor
  readonly shown: { readonly secret?: string; readonly uri?: string; readonly options?: object }
  readonly text?: string
}

/** Everything about a new factor that needs no lock. */
async function prepare(
  deps: EnrolDeps,
  customer: Customer,
  wanted: Wanted,
  address: string,
): Promise<Prepared | Exclude<Enrolling, { kind: 'made' }>> {
  const { vault, clock } = deps
  const id = newFactorId()
  const proofUntil = clock.now() + CHALLENGE_MS
  switch (wanted.kind) {
    case 'mpin': {
      if (isTrivialMpin(wanted.mpin)) return { kind: 'trivial' }
      const secret = await deps.hashing.hash(pepperedMpin(vault, customer, wanted.mpin))
      return { kind: 'prepared', factor: { id, kind: 'mpin', secret, proof: null, proofUntil: null }, shown: {} }
    }
    case 'sms': {
      const { mobile, tenantId } = customer
      if (mobile === null) return { kind: 'no_mobile' }
      const counted = await deps.pumping.count({ to: mobile, purpose: 'factor', tenantId, address })
      if (counted.kind === 'too_many') return { kind: 'too_many_messages', retryAfterS: counted.retryAfterS }
      const code = makeCode()
      const factor = { id, kind: 'sms', secret: mobile, proof: codeDigest(vault, id, code), proofUntil } as const
      return {
        kind: 'prepared',
        factor,
        shown: {},
        text: enrolmentText(languageOf(customer.language), code, deps.codeOrigin),
      }
    }
    case 'totp': {
      const bytes = makeTotpSecret()
      const factor = { id, kind: 'totp', secret: Buffer.from(bytes).toString('hex'), proof: null, proofUntil } as const
      return {
        kind: 'prepared',
        factor,
        shown: { secret: totpText(bytes), uri: totpUri(bytes, deps.issuer, customer.id) },
      }
    }
    case 'passkey': {
      const party = deps.relyingParty()
      if (party === undefined) return { kind: 'no_name' }
      const challenge = makeChallenge()
      const others = await deps.asTenant(customer.tenantId, (tx) => listFactors(tx, vault, customer))
      const options = await registrationOptions(party, challenge, {
        handle: handleOf(customer),
        name: customer.id,
        shownAs: customer.name,
        exclude: others.flatMap((one) => readPasskey(one)?.id ?? []),
      })
      const secret = Buffer.from(challenge).toString('base64url')
      return { kind: 'prepared', factor: { id, kind: 'passkey', secret, proof: null, proofUntil }, shown: { options } }
    }
  }
}

export type Proving =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'over' } //      proved, revoked, too late, or tried three times
  | { readonly kind: 'taken' } //     one of this kind was enrolled meanwhile
  | { readonly kind: 'wrong' }
  | { readonly kind: 'enrolled'; readonly factor: Factor }

export type EnrolmentProof = { readonly code?: string | undefined; readonly passkey?: RegistrationAnswer | undefined }

/** Proves a factor that was begun: with the code that was sent or that the app shows, or with the new passkey. Three tries, three minutes. */
export async function prove(
  deps: EnrolDeps,
  { tenantId, id, factorId }: { readonly tenantId: number; readonly id: CustomerId; readonly factorId: string },
  given: EnrolmentProof,
  noted: NoteEnrolment,
): Promise<Proving> {
  const { vault, clock } = deps
  const at = clock.now()
  const begun = await deps.asTenant(tenantId, async (tx): Promise<Factor | Proving> => {
    const customer = await findCustomer(tx, vault, tenantId, id)
    const factor = customer && (await listFactors(tx, vault, customer)).find((one) => one.id === factorId)
    if (customer === undefined || factor === undefined) return { kind: 'unknown' }
    // A code is for the number that the customer has now.
    if (factor.kind === 'sms' && factor.secret !== customer.mobile) return { kind: 'over' }
    return (await claimProofTry(tx, factor.id, at)) ? factor : { kind: 'over' }
  })
  if (!('secret' in begun)) return begun
  const proved = await proof(deps, begun, given, at)
  await vault.prepare([tenantId], at)
  return deps
    .asTenant(tenantId, async (tx): Promise<Proving> => {
      if (proved === undefined) {
        await noted(tx, 'factor.refused', begun)
        return { kind: 'wrong' }
      }
      const customer = await lockCustomer(tx, vault, tenantId, id)
      if (customer === undefined || !(await enrolFactor(tx, vault, proved, at))) return { kind: 'over' }
      await noted(tx, 'factor.enrolled', proved)
      return { kind: 'enrolled', factor: { ...proved, enrolledAt: at, proof: null, proofUntil: null } }
    })
    .catch((error: unknown): Proving => {
      if (errorCode(error) === '23505') return { kind: 'taken' }
      throw error
    })
}

/** The factor as it is kept once proved; undefined when what was given does not prove it. */
async function proof(
  deps: EnrolDeps,
  factor: Factor,
  { code = '', passkey }: EnrolmentProof,
  at: number,
): Promise<Factor | undefined> {
  switch (factor.kind satisfies EnrolledKind) {
    case 'mpin':
      return undefined
    case 'sms':
      return factor.proof !== null && sameCode(codeDigest(deps.vault, factor.id, code), factor.proof)
        ? factor
        : undefined
    case 'totp': {
      const step = factor.secret === '' ? undefined : checkTotp(Buffer.from(factor.secret, 'hex'), code, at, null)
      return step === undefined ? undefined : { ...factor, counter: BigInt(step) }
    }
    case 'passkey': {
      const party = deps.relyingParty()
      if (party === undefined || passkey === undefined) return undefined
      const found = await verifyRegistration(party, Buffer.from(factor.secret, 'base64url'), passkey)
      if (found.kind !== 'verified') return undefined
      const { id, publicKey, counter, transports } = found.passkey
      const kept = { id, publicKey: Buffer.from(publicKey).toString('base64url'), transports }
      return { ...factor, counter: BigInt(counter), secret: JSON.stringify(kept) }
    }
  }
}
