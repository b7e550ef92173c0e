import { digestOf } from './four-eyes.ts'
import type { StoredPayment } from './stored.ts'

/**
 * What proves that a payment is its customer's will: two factors of different kinds, one of them made or proved for this payment alone.
 * @source RBI (Authentication Mechanisms for Digital Payment Transactions) Directions, 2025
 */

/** What a factor is to its customer. Two that are the same to them are one: who has the phone has its messages too. */
export const factorKinds = {
  mpin: 'know',
  pin: 'know',
  password: 'know',
  sms: 'have',
  totp: 'have',
  passkey: 'have',
  device: 'have', //      a key in a device that signs the payment
  card: 'have',
  fingerprint: 'are',
  face: 'are',
} as const satisfies Readonly<Record<string, 'know' | 'have' | 'are'>>
export type FactorWord = keyof typeof factorKinds
export const factorWords = Object.freeze(Object.keys(factorKinds)) as readonly FactorWord[]

/** Those that are made or proved anew each time. */
const dynamic: ReadonlySet<string> = new Set<FactorWord>(['sms', 'totp', 'passkey', 'device'])

/** True when these are two factors as the law has them: of two kinds at least, and one of them dynamic. */
export const areTwoFactors = (words: readonly FactorWord[]): boolean =>
  new Set(words.map((word) => factorKinds[word])).size >= 2 && words.some((word) => dynamic.has(word))

/** What an institution says about how it authenticated its customer itself. */
export type InstitutionEvidence = {
  readonly factors: readonly FactorWord[]
  /** Of its own record. */
  readonly reference: string
  /** When the customer proved it, epoch milliseconds. */
  readonly at: number
  /** SHA-256 of what the customer agreed to, in the institution's own form; 64 hex digits. */
  readonly digest: string | null
}

/** How old an institution's authentication may be when its payment comes, and how far its clock may be ahead. */
const EVIDENCE_MAX_AGE_MS = 900_000
const CLOCK_SKEW_MS = 60_000
export const isFresh = ({ at }: InstitutionEvidence, now: number): boolean =>
  at <= now + CLOCK_SKEW_MS && at > now - EVIDENCE_MAX_AGE_MS

/** Evidence as it is kept with its payment. Instants are epoch milliseconds. */
export type Evidence = {
  readonly paymentId: StoredPayment['id']
  readonly tenantId: number
  readonly customerId: bigint | null
  readonly source: 'hub' | 'institution'
  readonly factors: readonly string[]
  /** 64 hex digits. Of the hub: `boundDigest` of the payment with `nonce` and `expiresAt`. */
  readonly digest: string | null
  /** 64 hex digits. */
  readonly nonce: string | null
  readonly expiresAt: number | null
  readonly reference: string | null
  readonly provedAt: number
  readonly recordedAt: number
  readonly recordedBy: string
  readonly policyVersion: number
}

/** What a customer agrees to: the payment as it stands, for one challenge. */
export type BoundPayment = Pick<StoredPayment, 'id' | 'amountPaise' | 'accountId' | 'remitter' | 'beneficiary'>

/**
 * SHA-256, 64 hex digits, over a JSON array of exactly what a customer's factors are for. Whoever changes any of it has another digest,
 * for which no code was ever made.
 * @param nonce      64 hex digits of the challenge
 * @param expiresAt  of the challenge, epoch milliseconds
 */
export function boundDigest(payment: BoundPayment, nonce: string, expiresAt: number): string {
  const { beneficiary: to } = payment
  const payee =
    to.kind === 'account'
      ? [to.kind, to.account, to.ifsc, to.name ?? null]
      : [to.kind, to.mobile, to.mmid, to.bank ?? null]
  const payer = [payment.accountId, payment.remitter.account ?? null]
  return digestOf(['authentication', payment.id, payment.amountPaise, 'INR', payee, payer, nonce, expiresAt])
}

/** True when evidence is of the two factors of this payment, as it stands now. */
export const proves = (evidence: Evidence | undefined, payment: BoundPayment): boolean =>
  evidence !== undefined &&
  evidence.source === 'hub' &&
  evidence.paymentId === payment.id &&
  evidence.nonce !== null &&
  evidence.expiresAt !== null &&
  evidence.digest === boundDigest(payment, evidence.nonce, evidence.expiresAt)
