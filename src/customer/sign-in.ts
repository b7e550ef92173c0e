import { randomBytes } from 'node:crypto'
import type { ActName } from '../base/act-names.ts'
import type { Clock } from '../base/clock.ts'
import { customerIdOf, type Mobile } from '../base/identifiers.ts'
import type { Db, Tx } from '../db/pool.ts'
import type { AsTenant } from '../db/tenant.ts'
import type { Ceremonies, Ceremony } from '../identity/ceremonies.ts'
import {
  type AuthenticationAnswer,
  authenticationOptions,
  makeChallenge,
  verifyAuthentication,
} from '../identity/passkeys.ts'
import type { Noted } from '../identity/people.ts'
import { digestOfToken, makeToken } from '../identity/sessions.ts'
import { addressBlock, patienceWithAddresses, type Tries } from '../identity/tries.ts'
import { languageOf, type Messenger, signInText } from '../message/message.ts'
import type { Pumping } from '../message/pumping.ts'
import { CHALLENGE_MS } from './challenge-store.ts'
import { type Customer, lockCustomer, writeFailures } from './customer-store.ts'
import { type Factor, listFactors, lockFactors, revokeFactors, useFactors } from './factor-store.ts'
import { codeDigest, handleOf, makeCode, type ProofDeps, pepperedMpin, readPasskey, sameCode } from './proof.ts'
import { insertWalletSession, type WalletSession } from './session-store.ts'
import {
  claimMpinTry,
  claimSignIn,
  findByHandle,
  findByMobile,
  findWalletTenant,
  insertSignIn,
  useSignIn,
} from './sign-in-store.ts'

/**
 * How a tenant's customers sign in to their wallet: with a code that is sent and the MPIN, or with a passkey whose user is verified: two
 * factors of different kinds either way. Whatever fails, fails alike, and costs one hash: nobody learns whose number it is.
 */

export type SignInDeps = ProofDeps & {
  readonly clock: Clock
  /** The hub's own pool: before it is known who asks, there is no tenant. */
  readonly db: Db
  readonly asTenant: AsTenant
  readonly messenger: Messenger
  readonly pumping: Pumping
  readonly tries: Tries
  readonly ceremonies: Ceremonies
  /** The origin of the page into which a code is typed; undefined: none is named in messages. */
  readonly codeOrigin?: string | undefined
  /** A message that did not go; the fields carry no number and no code. */
  readonly unsent: (why: string) => void
  /** Writes down what was done, in its transaction. */
  readonly note: (tx: Tx, noted: Noted) => Promise<void>
}

/** Where a request came from. */
export type From = { readonly address: string; readonly requestId: string }

export type SignInBegun =
  | { readonly kind: 'begun'; readonly id: string; readonly expiresAt: number }
  | { readonly kind: 'unknown_tenant' } //            or one that does not have its customers authenticated by the hub
  | { readonly kind: 'too_many_messages'; readonly retryAfterS: number }

/**
 * Sends a code to the customer of this number, if there is one; answers alike if there is none. Whether the message went out is not
 * waited for: how long that takes would tell whose number it is.
 * @param tenant  undefined: the only one there is
 */
export async function beginSignIn(
  deps: SignInDeps,
  { tenant, mobile }: { readonly tenant: number | undefined; readonly mobile: Mobile },
  { address }: Pick<From, 'address'>,
): Promise<SignInBegun> {
  const { clock, vault } = deps
  const tenantId = await findWalletTenant(deps.db, tenant)
  if (tenantId === undefined) return { kind: 'unknown_tenant' }
  const counted = await deps.pumping.count({ to: mobile, purpose: 'sign_in', tenantId, address })
  if (counted.kind === 'too_many') return { kind: 'too_many_messages', retryAfterS: counted.retryAfterS }
  const now = clock.now()
  const id = randomBytes(16).toString('hex')
  const code = makeCode()
  const expiresAt = now + CHALLENGE_MS
  const customer = await deps.asTenant(tenantId, async (tx) => {
    const found = await findByMobile(tx, vault, tenantId, mobile)
    const customerKey = found?.key ?? null
    await insertSignIn(tx, { id, tenantId, customerKey, code: codeDigest(vault, id, code), createdAt: now, expiresAt })
    return found
  })
  if (customer !== undefined) {
    const language = languageOf(customer.language)
    const text = signInText(language, code, deps.codeOrigin)
    deps.messenger.send({ tenantId, to: mobile, kind: 'sign_in_code', language, text }).then((sent) => {
      if (sent.kind === 'failed') deps.unsent(sent.why)
    }, deps.unsent)
  }
  return { kind: 'begun', id, expiresAt }
}

export type SignedInCustomer = {
  readonly kind: 'signed_in'
  /** For the cookie: shown now and kept by nobody here. */
  readonly token: string
  readonly session: WalletSession
}
export type NotSignedIn = { readonly kind: 'refused' } | { readonly kind: 'too_many_tries'; readonly ms: number }
const refused: NotSignedIn = { kind: 'refused' }

/** A code that was sent, and the MPIN. @throws when the database is away, or {HashingBusy} */
export async function signInWithCode(
  deps: SignInDeps,
  given: { readonly id: string; readonly code: string; readonly mpin: string },
  from: From,
): Promise<SignedInCustomer | NotSignedIn> {
  const { clock, vault, hashing } = deps
  const block = addressBlock(from.address)
  const ofAddress = await deps.tries.take(`customer address ${block}`, patienceWithAddresses)
  if (ofAddress.kind === 'wait') return { kind: 'too_many_tries', ms: ofAddress.ms }
  const now = clock.now()
  const signIn = await claimSignIn(deps.db, given.id, now)
  const key = signIn?.customerKey ?? null
  const isCode = signIn !== undefined && sameCode(codeDigest(vault, given.id, given.code), signIn.code)
  // Who does not have the phone can neither guess at the MPIN nor lock its owner out.
  const found =
    isCode && key !== null
      ? await deps.asTenant(signIn.tenantId, async (tx) => {
          const customer = await claimMpinTry(tx, vault, key, now)
          return customer && { customer, factors: await enrolledOf(deps, tx, customer) }
        })
      : undefined
  const mpin = found?.factors.find(({ kind }) => kind === 'mpin')
  const { right } = await hashing.verify(
    pepperedMpin(vault, found?.customer ?? { id: nobody }, given.mpin),
    mpin?.secret || undefined,
  )
  const sms = found?.factors.find((one) => one.kind === 'sms' && one.secret === found.customer.mobile)
  if (found === undefined) return refused
  const proved = right && mpin !== undefined && sms !== undefined && signIn !== undefined
  const used = [mpin, sms].flatMap((one) => (one === undefined ? [] : [{ id: one.id, counter: 0n }]))
  const opened = proved
    ? await open(deps, found.customer, 'code', from, async (tx) => {
        const areUsable = await lockFactors(tx, used)
        return areUsable && (await useSignIn(tx, signIn.id, now))
      })
    : undefined
  if (opened === undefined) {
    await noteRefusal(deps, found.customer, 'code', from)
    return refused
  }
  await deps.tries.giveBack(`customer address ${block}`)
  return opened
}

/** Nobody's id: what is hashed for whoever is not there. */
const nobody = customerIdOf('0'.repeat(32))

const enrolledOf = async ({ vault }: SignInDeps, tx: Tx, customer: Customer): Promise<Factor[]> =>
  (await listFactors(tx, vault, customer)).filter(({ enrolledAt }) => enrolledAt !== null)

/** What a browser must have to ask its user for a passkey; undefined where the hub has no name that passkeys could be for. */
export async function passkeySignInOptions(deps: SignInDeps) {
  const party = deps.relyingParty()
  if (party === undefined) return undefined
  const challenge = makeChallenge()
  return {
    ceremony: await deps.ceremonies.begin('customer', { challenge, personId: null }),
    options: await authenticationOptions(party, challenge),
  }
}

/** A passkey says by itself whose it is. @throws when the database is away */
export async function signInWithPasskey(
  deps: SignInDeps,
  given: { readonly ceremony: string; readonly answer: AuthenticationAnswer },
  from: From,
): Promise<SignedInCustomer | NotSignedIn> {
  const block = addressBlock(from.address)
  const ofAddress = await deps.tries.take(`customer address ${block}`, patienceWithAddresses)
  if (ofAddress.kind === 'wait') return { kind: 'too_many_tries', ms: ofAddress.ms }
  const handle = Buffer.from(given.answer.response.userHandle ?? '', 'base64url').toString('hex')
  const ceremony = await deps.ceremonies.read('customer', given.ceremony)
  const customer = handle.length === 32 ? await findByHandle(deps.db, deps.vault, handle) : undefined
  if (customer === undefined || ceremony === undefined) return refused
  const opened = await openWithPasskey(deps, customer, ceremony, given.answer, from)
  if (opened === undefined) {
    await noteRefusal(deps, customer, 'passkey', from)
    return refused
  }
  await deps.tries.giveBack(`customer address ${block}`)
  return opened
}

async function openWithPasskey(
  deps: SignInDeps,
  customer: Customer,
  ceremony: Ceremony,
  answer: AuthenticationAnswer,
  from: From,
): Promise<SignedInCustomer | undefined> {
  const { clock } = deps
  const party = deps.relyingParty()
  const factors = await deps.asTenant(customer.tenantId, (tx) => enrolledOf(deps, tx, customer))
  const factor = factors.find((one) => readPasskey(one)?.id === answer.id)
  const kept = factor && readPasskey(factor)
  if (party === undefined || factor === undefined || kept === undefined) return undefined
  const passkey = {
    id: kept.id,
    publicKey: Buffer.from(kept.publicKey, 'base64url'),
    counter: Number(factor.counter),
  }
  const found = await verifyAuthentication(party, ceremony.challenge, passkey, handleOf(customer), answer)
  if (found.kind === 'refused' || !(await deps.ceremonies.claim(ceremony))) return undefined
  if (found.kind === 'cloned') {
    // Two devices sign with one passkey: nobody knows which of them is its owner's, so it is nobody's any more.
    await deps.asTenant(customer.tenantId, async (tx) => {
      await revokeFactors(tx, customer, { id: factor.id }, clock.now())
      const subject = `${customer.id}/fac_${factor.id}`
      await deps.note(
        tx,
        noted(customer, from, clock.now(), 'factor.revoked', subject, { kind: 'passkey', why: 'cloned' }),
      )
    })
    return undefined
  }
  const used = [{ id: factor.id, counter: BigInt(found.counter) }]
  return open(deps, customer, 'passkey', from, async (tx) => {
    if (!(await lockFactors(tx, used))) return false
    await useFactors(tx, used)
    return true
  })
}

/** Opens a session for what was proved, once; undefined when the proof was used up meanwhile, or the customer is locked. */
async function open(
  deps: SignInDeps,
  { id, tenantId }: Customer,
  by: WalletSession['by'],
  from: From,
  use: (tx: Tx) => Promise<boolean>,
): Promise<SignedInCustomer | undefined> {
  const { vault, clock } = deps
  const now = clock.now()
  const token = makeToken()
  return deps.asTenant(tenantId, async (tx): Promise<SignedInCustomer | undefined> => {
    const customer = await lockCustomer(tx, vault, tenantId, id)
    if (customer === undefined) return undefined
    // With a code the lock that stands is what this very try counted; a passkey waits for the end of one.
    if (by === 'passkey' && customer.lockedUntil !== null && customer.lockedUntil > now) return undefined
    if (!(await use(tx))) return undefined
    if (by === 'code') await writeFailures(tx, customer.key, 0, null)
    const made = { by, address: addressBlock(from.address), sha256: digestOfToken(token) }
    const session = await insertWalletSession(tx, customer, made, now)
    await deps.note(tx, noted(customer, from, now, 'customer.signed_in', customer.id, { session: session.id, by }))
    return { kind: 'signed_in', token, session }
  })
}

const noteRefusal = (deps: SignInDeps, customer: Customer, by: WalletSession['by'], from: From): Promise<void> =>
  deps.asTenant(customer.tenantId, (tx) =>
    deps.note(tx, {
      ...noted(customer, from, deps.clock.now(), 'customer.sign_in_refused', customer.id, { by }),
      actor: { kind: 'hub', id: 'hub' }, // nobody has proved to be the customer
      outcome: 'refused',
    }),
  )

/** What a customer did themselves, as the record has it. */
const noted = (
  { id, tenantId }: Pick<Customer, 'id' | 'tenantId'>,
  from: From,
  at: number,
  action: ActName,
  subject: string,
  detail: Noted['detail'],
): Noted => ({
  tenantId,
  at,
  actor: { kind: 'customer', id },
  action,
  subject,
  outcome: 'done',
  detail,
  requestId: from.requestId,
  address: from.address,
})
