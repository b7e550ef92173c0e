import { randomBytes } from 'node:crypto'
import type { PaymentId } from '../base/identifiers.ts'
import type { Tx } from '../db/pool.ts'
import type { AsTenant } from '../db/tenant.ts'
import { authenticationOptions } from '../identity/passkeys.ts'
import { languageOf, type Messenger, paymentText } from '../message/message.ts'
import type { Pumping } from '../message/pumping.ts'
import { areTwoFactors, boundDigest } from '../payment/evidence.ts'
import { awaitedBy } from '../payment/payment.ts'
import { type Proof, recordProved } from '../payment/record.ts'
import type { PaymentRoom } from '../payment/room.ts'
import { findEvents, findPayment } from '../payment/store.ts'
import type { PaymentEvent, StoredPayment } from '../payment/stored.ts'
import {
  CHALLENGE_MS,
  type Challenge,
  claimTry,
  countChallenges,
  type DynamicKind,
  insertChallenge,
  lockChallenge,
  MAX_TRIES,
  useChallenge,
  voidChallenges,
} from './challenge-store.ts'
import { type Customer, findPayer, writeFailures } from './customer-store.ts'
import {
  type EnrolledKind,
  enrolledKinds,
  type Factor,
  findFactorsOfPayer,
  lockFactors,
  useFactors,
} from './factor-store.ts'
import {
  type Answers,
  codeDigest,
  makeCode,
  type ProofDeps,
  type Proved,
  passkeyChallenge,
  proveDynamic,
  proveMpin,
  readPasskey,
} from './proof.ts'

/** What is written down about an authentication: into the audit chain, in the same commit. */
export type NoteAct = (
  tx: Tx,
  asked: Asking,
  act: {
    readonly action: 'authentication.done' | 'authentication.refused' | 'authentication.locked' | 'authentication.void'
    readonly detail: Readonly<Record<string, string | number | boolean | null>>
  },
) => Promise<void>

export type AuthenticateDeps = ProofDeps & {
  readonly room: PaymentRoom
  readonly asTenant: AsTenant
  /** On connections of its own: who authenticates waits for nobody's page of history. */
  readonly asTenantAtOnce: AsTenant
  readonly messenger: Messenger
  readonly pumping: Pumping
  /** The origin of the page or app into which a code is typed; undefined: none is named in messages. */
  readonly codeOrigin?: string | undefined
  readonly noted: NoteAct
  /** A message that did not go; the fields carry no number and no code. */
  readonly unsent: (why: string) => void
}

/** Who asks, about which payment. */
export type Asking = {
  readonly tenantId: number
  readonly paymentId: PaymentId
  readonly actor: { readonly kind: string; readonly id: string }
  readonly address: string
  readonly requestId: string | null
}

/** Why an authentication cannot go on. */
export type Hindered =
  | { readonly kind: 'unknown' } //                                                     no such payment of this tenant
  | { readonly kind: 'not_awaiting'; readonly payment: StoredPayment } //               it does not wait for factors
  | { readonly kind: 'stopped' } //                                                     the customer's kill switch
  | { readonly kind: 'locked'; readonly retryAfterS: number } //                        too many wrong tries

export type Begun =
  | Hindered
  | {
      readonly kind: 'begun'
      readonly challenge: Challenge
      readonly payment: StoredPayment
      readonly customer: Customer
      readonly passkey: object | null
    }
  | { readonly kind: 'not_enrolled'; readonly factors: readonly EnrolledKind[] }
  | { readonly kind: 'too_many_challenges' }
  | { readonly kind: 'too_many_messages'; readonly retryAfterS: number }
  | { readonly kind: 'not_sent' }

/** Milliseconds: the commit of the try, the MPIN's hash, the commit of door 2. */
export type Took = { readonly claim: number; readonly mpin: number; readonly door: number }

export type Submitted =
  | Hindered
  | {
      readonly kind: 'done'
      readonly payment: StoredPayment
      /** All its steps, where they are known. */
      readonly steps: readonly PaymentEvent[]
      readonly took: Took
    }
  | { readonly kind: 'not_two_factors' }
  | { readonly kind: 'not_begun' } //                       nobody was asked for this factor, or that is over
  | { readonly kind: 'changed' } //                         the payment is not what the customer agreed to
  | { readonly kind: 'wrong'; readonly triesLeft: number }

/** Challenges that one payment has at most: each can be a message. */
const MAX_CHALLENGES = 5

type Seen = {
  readonly payment: StoredPayment
  readonly customer: Customer
  readonly factors: readonly Factor[]
}

/** The kinds that a customer can prove with, each once. */
export const kindsOf = (factors: readonly Factor[]): EnrolledKind[] =>
  enrolledKinds.filter((kind) => factors.some((factor) => factor.kind === kind))

/** Whether somebody with these can authenticate a payment at all. */
export const canAuthenticate = (kinds: readonly EnrolledKind[]): boolean => areTwoFactors(kinds)

/** The payment, its customer (locked) and what they can prove; or why nobody need prove anything. */
async function look(deps: AuthenticateDeps, tx: Tx, { tenantId, paymentId }: Asking): Promise<Seen | Hindered> {
  const { room } = deps
  const [payment, customer, factors] = await Promise.all([
    findPayment(tx, room.vault, tenantId, paymentId),
    findPayer(tx, room.vault, tenantId, paymentId, true),
    findFactorsOfPayer(tx, room.vault, tenantId, paymentId),
  ])
  return judge(payment, customer, factors, room.clock.now())
}

/** @param now  undefined: a try was taken, so that it was looked at already whether the customer is stopped or locked */
function judge(
  payment: StoredPayment | undefined,
  customer: Customer | undefined,
  factors: readonly Factor[],
  now: number | undefined,
): Seen | Hindered {
  if (payment === undefined) return { kind: 'unknown' }
  if (awaitedBy(payment) !== 'authentication' || customer === undefined) return { kind: 'not_awaiting', payment }
  if (now === undefined) return { payment, customer, factors }
  if (customer.stoppedAt !== null) return { kind: 'stopped' }
  if (customer.lockedUntil !== null && customer.lockedUntil > now)
    return { kind: 'locked', retryAfterS: Math.ceil((customer.lockedUntil - now) / 1000) }
  return { payment, customer, factors }
}

/**
 * Asks a customer for the factor that is made or proved for this payment: sends a code, or says what a passkey must sign. What was asked
 * before about the same payment is void then.
 * @throws when the database is away; a code that was sent then is worth nothing
 */
export async function begin(deps: AuthenticateDeps, asking: Asking, kind: DynamicKind): Promise<Begun> {
  const { room } = deps
  const ready = await deps.asTenant(asking.tenantId, async (tx): Promise<Exclude<Begun, { kind: 'begun' }> | Seen> => {
    const seen = await look(deps, tx, asking)
    if ('kind' in seen) return seen
    const kinds = kindsOf(seen.factors)
    if (!kinds.includes('mpin') || !kinds.includes(kind)) return { kind: 'not_enrolled', factors: kinds }
    if ((await countChallenges(tx, asking.paymentId)) >= MAX_CHALLENGES) return { kind: 'too_many_challenges' }
    return seen
  })
  if ('kind' in ready) return ready
  const { payment, customer, factors } = ready
  const party = kind === 'passkey' ? deps.relyingParty() : undefined
  if (kind === 'passkey' && party === undefined) return { kind: 'not_enrolled', factors: kindsOf(factors) }
  const mobile = kind === 'sms' ? factors.find((one) => one.kind === 'sms')?.secret : undefined
  const to = mobile === customer.mobile ? customer.mobile : null
  if (kind === 'sms' && to === null) return { kind: 'not_enrolled', factors: kindsOf(factors) }
  if (kind === 'sms' && to !== null) {
    const { tenantId, address } = asking
    const counted = await deps.pumping.count({ to, purpose: 'factor', tenantId, address })
    if (counted.kind === 'too_many') return { kind: 'too_many_messages', retryAfterS: counted.retryAfterS }
  }
  const code = makeCode()
  const challenge = challengeFor(deps, payment, customer, kind, code)
  const made = await deps.asTenant(asking.tenantId, async (tx) => {
    const again = await look(deps, tx, asking) // locks: of two that ask at once the later one's challenge stands
    if ('kind' in again) return again
    // Counted behind the lock: many that ask at once are as many as they are.
    if ((await countChallenges(tx, asking.paymentId)) >= MAX_CHALLENGES) return { kind: 'too_many_challenges' as const }
    await voidChallenges(tx, asking.paymentId, challenge.createdAt)
    await insertChallenge(tx, challenge)
    return undefined
  })
  if (made !== undefined) return made
  if (to !== null && kind === 'sms') {
    const language = languageOf(customer.language)
    const text = paymentText(language, code, payment.amountPaise, payment.beneficiary, deps.codeOrigin)
    const sent = await deps.messenger.send({ tenantId: asking.tenantId, to, kind: 'payment_code', language, text })
    if (sent.kind === 'failed') {
      deps.unsent(sent.why)
      await deps.asTenant(asking.tenantId, (tx) => voidChallenges(tx, asking.paymentId, room.clock.now()))
      return { kind: 'not_sent' }
    }
  }
  const ids = factors.flatMap((factor) => readPasskey(factor)?.id ?? [])
  const passkey = party === undefined ? null : await authenticationOptions(party, passkeyChallenge(challenge), ids)
  return { kind: 'begun', challenge: { ...challenge, code: null }, payment, customer, passkey }
}

function challengeFor(
  { room: { clock }, vault }: AuthenticateDeps,
  payment: StoredPayment,
  { key }: Customer,
  kind: DynamicKind,
  code: string,
): Challenge {
  const now = clock.now()
  const id = randomBytes(16).toString('hex')
  const nonce = randomBytes(32).toString('hex')
  const expiresAt = now + CHALLENGE_MS
  return {
    id,
    paymentId: payment.id,
    tenantId: payment.tenantId,
    customerKey: key,
    kind,
    digest: boundDigest(payment, nonce, expiresAt),
    nonce,
    code: kind === 'sms' ? codeDigest(vault, id, code) : null,
    tries: 0,
    createdAt: now,
    expiresAt,
  }
}

/** A try that was taken, and what it is judged against. */
type Claimed = {
  readonly seen: Seen
  readonly challenge: Challenge
  readonly steps: readonly PaymentEvent[]
  readonly triesLeft: number
  readonly locked: boolean
  readonly at: number
}

/** True when these are the two factors that a challenge of that kind is met with. */
const arePair = (answers: Answers): DynamicKind | undefined => {
  const given = enrolledKinds.filter((kind) => answers[kind] !== undefined)
  const [first, second, ...more] = given
  if (first !== 'mpin' || second === undefined || second === 'mpin' || more.length > 0) return undefined
  return areTwoFactors(given) ? second : undefined
}

/**
 * Judges the two factors that a customer gave for a payment and, when both are right, lets it go. Two commits: the try is taken, whatever
 * comes of it, and is on the disk before anybody is told what came of it; then what was proved is used up, kept as evidence, and lets the payment go by door 2, all at once or not at all. Safe to call
 * again.
 * @throws when the database is away, or {HashingBusy}; the try is then taken
 */
export async function submit(deps: AuthenticateDeps, asking: Asking, answers: Answers): Promise<Submitted> {
  const kind = arePair(answers)
  if (kind === undefined || answers.mpin === undefined) return { kind: 'not_two_factors' }
  const { clock } = deps.room
  const begunAt = clock.monotonicMs()
  const claimed = await claim(deps, asking, kind)
  const claimedAt = clock.monotonicMs()
  if ('kind' in claimed) return claimed
  const { challenge, seen, steps } = claimed
  if (challenge.digest !== boundDigest(seen.payment, challenge.nonce, challenge.expiresAt))
    return voidChanged(deps, asking, challenge)
  const asked = { ...seen, challenge, at: claimed.at }
  // Both are always looked at: which of them was wrong is nobody's business.
  const dynamic = await proveDynamic(deps, asked, answers)
  const startedAt = clock.monotonicMs()
  const known = await proveMpin(deps, asked, answers.mpin)
  const provedAt = clock.monotonicMs()
  if (known === undefined || dynamic === undefined) return refuse(deps, asking, claimed)
  const made = await recordProved(deps.room, seen.payment, proofOf(deps, asking, claimed, [known, dynamic]))
  const took = { claim: claimedAt - begunAt, mpin: provedAt - startedAt, door: clock.monotonicMs() - provedAt }
  const { recorded } = made
  switch (recorded.kind) {
    case 'unknown':
      return recorded
    case 'moved':
      return { kind: 'done', payment: recorded.payment, steps: [...steps, ...made.steps.map(stepOf)], took }
    case 'repeated':
      return { kind: 'done', payment: recorded.payment, steps, took }
    default:
      // Somebody was faster with the same payment, or with what it was proved with.
      return awaitedBy(recorded.payment) === 'authentication'
        ? { kind: 'not_begun' }
        : { kind: 'not_awaiting', payment: recorded.payment }
  }
}

const stepOf = ({ id, version, state, responseCode, reason, updatedAt }: StoredPayment): PaymentEvent => ({
  paymentId: id,
  sequence: version,
  state,
  responseCode,
  reason,
  at: updatedAt,
})

/** Takes a try, of the challenge and of the customer, before anything is judged; and reads, behind it, what it will be judged against. */
async function claim(
  deps: AuthenticateDeps,
  { tenantId, paymentId }: Asking,
  kind: DynamicKind,
): Promise<Claimed | Exclude<Submitted, { kind: 'done' | 'wrong' | 'not_two_factors' }>> {
  const { clock, vault } = deps.room
  const at = clock.now()
  const [taken, payment, customer, factors, steps] = await deps.asTenantAtOnce(tenantId, (tx) =>
    Promise.all([
      claimTry(tx, tenantId, paymentId, kind, at),
      findPayment(tx, vault, tenantId, paymentId),
      findPayer(tx, vault, tenantId, paymentId, false),
      findFactorsOfPayer(tx, vault, tenantId, paymentId),
      findEvents(tx, [paymentId]),
    ]),
  )
  const seen = judge(payment, customer, factors, taken === undefined ? at : undefined)
  if ('kind' in seen) return seen
  if (taken === undefined) return { kind: 'not_begun' }
  const { challenge, lockedUntil } = taken
  return { seen, challenge, steps, triesLeft: MAX_TRIES - challenge.tries, locked: lockedUntil !== null, at }
}

/** What was asked about is not what is to be paid: no code was ever made for that. */
async function voidChanged(deps: AuthenticateDeps, asking: Asking, { id }: Challenge): Promise<Submitted> {
  await deps.asTenant(asking.tenantId, async (tx) => {
    await voidChallenges(tx, asking.paymentId, deps.room.clock.now())
    await deps.noted(tx, asking, { action: 'authentication.void', detail: { challenge: `aut_${id}` } })
  })
  return { kind: 'changed' }
}

/** Writes down that a try was wrong; it was counted before. */
async function refuse(
  deps: AuthenticateDeps,
  asking: Asking,
  { challenge, triesLeft, locked, seen }: Claimed,
): Promise<Submitted> {
  const detail = { customer: seen.customer.id, challenge: `aut_${challenge.id}`, factor: challenge.kind, triesLeft }
  await deps.asTenant(asking.tenantId, async (tx) => {
    await deps.noted(tx, asking, { action: 'authentication.refused', detail })
    if (locked)
      await deps.noted(tx, asking, { action: 'authentication.locked', detail: { customer: seen.customer.id } })
  })
  return { kind: 'wrong', triesLeft }
}

/**
 * What was proved, for the commit of door 2: the challenge is used, the factors' counters go on, the customer's count goes back, and it is in
 * the chain. Locks come in the one order in which anybody takes them: payment, customer, account, challenge, factors, chain.
 */
function proofOf(
  { room: { clock }, noted }: AuthenticateDeps,
  asking: Asking,
  { challenge, seen: { customer } }: Claimed,
  proved: readonly Proved[],
): Proof {
  const now = clock.now()
  const { id, digest, nonce, expiresAt } = challenge
  const factors = proved.map((one) => one.kind)
  const act = {
    action: 'authentication.done' as const,
    detail: { customer: customer.id, challenge: `aut_${id}`, factors: factors.join(' '), digest },
  }
  return {
    evidence: {
      paymentId: asking.paymentId,
      tenantId: asking.tenantId,
      customerId: customer.key,
      source: 'hub',
      factors,
      digest,
      nonce,
      expiresAt,
      reference: null,
      provedAt: now,
      recordedAt: now,
      recordedBy: asking.actor.id,
    },
    async lock(tx) {
      const [isOpen, areUsable] = await Promise.all([lockChallenge(tx, id), lockFactors(tx, proved)])
      return isOpen && areUsable
    },
    use: (tx) => [
      writeFailures(tx, customer.key, 0, null),
      useChallenge(tx, id, now),
      useFactors(tx, proved),
      noted(tx, asking, act),
    ],
  }
}
