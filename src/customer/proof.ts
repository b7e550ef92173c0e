import { createHash, randomInt, timingSafeEqual } from 'node:crypto'
import type { Vault } from '../base/vault.ts'
import { type AuthenticationAnswer, type RelyingParty, verifyAuthentication } from '../identity/passkeys.ts'
import type { Hashing } from '../identity/passwords.ts'
import { checkTotp } from '../identity/totp.ts'
import type { Challenge } from './challenge-store.ts'
import type { Customer } from './customer-store.ts'
import type { EnrolledKind, Factor } from './factor-store.ts'

/** How each factor is proved. Codes and MPINs are compared as keyed digests, in constant time. */

export type ProofDeps = {
  readonly vault: Vault
  readonly hashing: Hashing
  /** Whose passkeys customers have; undefined where the hub has no name of its own. */
  readonly relyingParty: () => RelyingParty | undefined
}

/** Six digits, all equally likely. */
export const makeCode = (): string => String(randomInt(1_000_000)).padStart(6, '0')

/** What is kept of a code: its HMAC, with what it is for, under the key of the blind indexes. */
export const codeDigest = (vault: Vault, purpose: string, code: string): string =>
  vault.index('code', `${purpose} ${code}`)

export const sameCode = (a: string, b: string): boolean =>
  timingSafeEqual(createHash('sha256').update(a).digest(), createHash('sha256').update(b).digest())

/** An MPIN with its pepper, as it is hashed: a stolen table of hashes is of no use without the vault's key. */
export const pepperedMpin = (vault: Vault, { id }: Pick<Customer, 'id'>, mpin: string): string =>
  vault.index('code', `mpin ${id} ${mpin}`)

/** MPINs that everybody tries first: one digit six times, two or three in turn, up or down. */
export const isTrivialMpin = (mpin: string): boolean => {
  if (/^(\d{1,3})\1+$/.test(mpin)) return true
  const steps = [...mpin].slice(1).map((digit, i) => (Number(digit) - Number(mpin[i]) + 10) % 10)
  return steps.every((step) => step === 1) || steps.every((step) => step === 9)
}

/** What a passkey signs for a payment: SHA-256 of digest and nonce, so that the signature is over the payment. */
export const passkeyChallenge = ({ digest, nonce }: Pick<Challenge, 'digest' | 'nonce'>): Uint8Array =>
  new Uint8Array(
    createHash('sha256')
      .update(Buffer.from(digest + nonce, 'hex'))
      .digest(),
  )

/** A passkey as a factor keeps it. */
export type KeptPasskey = { readonly id: string; readonly publicKey: string; readonly transports: readonly string[] }
export const readPasskey = (factor: Factor): KeptPasskey | undefined =>
  factor.kind === 'passkey' && factor.secret.startsWith('{"id"') ? JSON.parse(factor.secret) : undefined

/** The user handle of a customer's passkeys: not personal. */
export const handleOf = ({ id }: Pick<Customer, 'id'>): Uint8Array => new Uint8Array(Buffer.from(id.slice(4), 'hex'))

/** What a customer gave. */
export type Answers = {
  readonly mpin?: string | undefined
  readonly sms?: string | undefined
  readonly totp?: string | undefined
  readonly passkey?: AuthenticationAnswer | undefined
}

/** A factor that was proved, and the counter that it must not be proved with again. */
export type Proved = { readonly id: string; readonly kind: EnrolledKind; readonly counter: bigint }

type Asked = {
  readonly customer: Customer
  readonly factors: readonly Factor[]
  readonly challenge: Challenge
  readonly at: number
}

/** Whether the MPIN is the customer's; as slow for one who has none. @throws {HashingBusy} */
export async function proveMpin(
  { vault, hashing }: ProofDeps,
  { customer, factors }: Asked,
  mpin: string,
): Promise<Proved | undefined> {
  const factor = factors.find(({ kind }) => kind === 'mpin')
  const { right } = await hashing.verify(pepperedMpin(vault, customer, mpin), factor?.secret || undefined)
  return right && factor !== undefined ? { id: factor.id, kind: 'mpin', counter: 0n } : undefined
}

/** Whether what was given is the dynamic factor that the challenge asked for. Never throws. */
export async function proveDynamic(deps: ProofDeps, asked: Asked, answers: Answers): Promise<Proved | undefined> {
  const { challenge, factors, customer, at } = asked
  switch (challenge.kind) {
    case 'sms': {
      const factor = factors.find(({ kind }) => kind === 'sms')
      const right = sameCode(codeDigest(deps.vault, challenge.id, answers.sms ?? ''), challenge.code ?? '')
      return right && factor !== undefined ? { id: factor.id, kind: 'sms', counter: 0n } : undefined
    }
    case 'totp': {
      const factor = factors.find(({ kind }) => kind === 'totp')
      if (factor === undefined || factor.secret === '') return undefined
      const last = factor.counter === 0n ? null : Number(factor.counter)
      const step = checkTotp(Buffer.from(factor.secret, 'hex'), answers.totp ?? '', at, last)
      return step === undefined ? undefined : { id: factor.id, kind: 'totp', counter: BigInt(step) }
    }
    case 'passkey': {
      const party = deps.relyingParty()
      const { passkey: answer } = answers
      const factor = factors.find((one) => readPasskey(one)?.id === answer?.id)
      const kept = factor && readPasskey(factor)
      if (party === undefined || answer === undefined || factor === undefined || kept === undefined) return undefined
      const passkey = {
        id: kept.id,
        publicKey: Buffer.from(kept.publicKey, 'base64url'),
        counter: Number(factor.counter),
      }
      const found = await verifyAuthentication(party, passkeyChallenge(challenge), passkey, handleOf(customer), answer)
      return found.kind === 'verified' ? { id: factor.id, kind: 'passkey', counter: BigInt(found.counter) } : undefined
    }
  }
}
