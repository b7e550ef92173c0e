import { hash } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Static } from 'typebox'
import { toRfc3339 } from '../base/clock.ts'
import {
  type AccountId,
  must,
  type PaymentId,
  type PaymentLinkId,
  parseAccountId,
  parsePaymentId,
} from '../base/identifiers.ts'
import { formatRupees, parsePaise } from '../base/money.ts'
import type { Beneficiary } from '../base/party.ts'
import type { Vault } from '../base/vault.ts'
import { canAuthenticate } from '../customer/authenticate.ts'
import type { Payers } from '../customer/payer.ts'
import type { Caller } from '../identity/caller.ts'
import type { BankDirectory } from '../imps/banks.ts'
import type { PaymentApproval } from '../payment/approval-store.ts'
import { findBeneficiary, type Payee } from '../payment/beneficiary-store.ts'
import type { Changes } from '../payment/changes.ts'
import { areTwoFactors, type InstitutionEvidence } from '../payment/evidence.ts'
import type { ApprovalStep } from '../payment/four-eyes.ts'
import type { InitiateRequest, InitiateResult } from '../payment/initiate.ts'
import type { VerifiedRequest, VerifiedResult } from '../payment/initiate-verified.ts'
import type { NamePolicy } from '../payment/name-enquiry.ts'
import { awaitedBy, isFinal } from '../payment/payment.ts'
import type { Recorded } from '../payment/record.ts'
import type { PaymentEvent, StoredPayment } from '../payment/stored.ts'
import { authenticationOf } from './authenticate.ts'
import { readBeneficiary } from './beneficiary.ts'
import { type Feed, type Followed, waitUntilFinal } from './feed.ts'
import { refusedByEnquiry, unasked } from './name-enquiries.ts'
import { needs } from './policy.ts'
import { invalidField, Problem, type ProblemCode } from './problems.ts'
import { Reveal, type RevealDeps, reveal, revealWords } from './reveal.ts'
import { answers, NewPayment, PayHeaders, PaymentDocument, PaymentPath, WaitHeaders } from './schemas.ts'
import { parseInstant, shown } from './validation.ts'
import { firstStep, paymentView, type Step, type ViewSettings } from './view.ts'

/** What asking the switch now came to. */
export type Asked = 'asked' | 'too_early' | 'known' | 'budget_spent' | 'link_down'

export type PaymentDeps = RevealDeps & {
  /** Who must prove that a payment is theirs. */
  readonly payers: Payers
  readonly feed: Feed
  readonly vault: Vault
  /** The rules that say which payments people must approve. */
  readonly changes: Changes
  readonly view: ViewSettings
  readonly draining: () => boolean
  readonly directory: BankDirectory
  /** Whether the bank of this account can pay by mobile number and bank; true for an account that is not there. */
  readonly carriesMobile: (from: AccountId) => Promise<boolean>
  /** Door 1. */
  readonly initiate: (request: InitiateRequest) => Promise<InitiateResult>
  /** What door 1 said to this key before, if anything. */
  readonly replay: (
    request: Pick<InitiateRequest, 'tenantId' | 'idempotencyKey' | 'bodyHash'>,
  ) => Promise<InitiateResult | undefined>
  /** Door 1 behind a look-up of the beneficiary's name. */
  readonly initiateVerified: (request: VerifiedRequest) => Promise<VerifiedResult>
  readonly names: NamePolicy
  /** The payment link whose virtual account on this hub that is, of whichever tenant. */
  readonly linkBehind: (to: Beneficiary) => Promise<PaymentLinkId | undefined>
  /** Door 2, with the one fact that the API may record. */
  readonly cancel: (payment: StoredPayment) => Promise<Recorded>
  /** Asks the switch about this payment now, within the budget; the answer comes by door 2. */
  readonly verify: (payment: StoredPayment) => Promise<Asked>
  readonly findPayment: (tenantId: number, id: PaymentId) => Promise<StoredPayment | undefined>
  readonly findEvents: (tenantId: number, ids: readonly PaymentId[]) => Promise<readonly PaymentEvent[]>
  /** How often the switch was asked about payments that are open, and when next. */
  readonly findVerifications: (
    tenantId: number,
    ids: readonly PaymentId[],
  ) => Promise<ReadonlyMap<PaymentId, { readonly checks: number; readonly nextAt: number | null }>>
}

/** The longest `Prefer: wait=N`, in seconds. */
const MAX_WAIT_S = 30

/** What is refused on the way through door 1, whatever the payment is for. */
export const door1Problems: readonly ProblemCode[] = [
  'invalid_request',
  'invalid_json',
  'duplicate_field',
  'json_too_deep',
  'idempotency_key_missing',
  'idempotency_key_invalid',
  'unauthorized',
  'body_too_large',
  'unsupported_media_type',
  'account_not_found',
  'account_frozen',
  'account_closed',
  'insufficient_funds',
  'authentication_evidence_required',
  'authentication_evidence_stale',
  'authentication_evidence_not_expected',
  'factors_missing',
  'limit_exceeded',
  'channel_limit_exceeded',
  'window_limit_exceeded',
  'velocity_exceeded',
  'cooling_limit_exceeded',
  'stopped',
  'customer_stopped',
  'beneficiary_blocked',
  'beneficiary_not_registered',
  'remitter_blocked',
  'risk_refused',
  'risk_unavailable',
  'signature_required',
  'signature_invalid',
  'key_reused',
  'capacity_exhausted',
  'net_debit_cap_used',
  'too_busy',
  'link_down',
  'draining',
  'database_unavailable',
]

/** What a payment can be refused for, by whoever asks for it: its beneficiary is looked for, and its name asked, before door 1. */
export const payProblems: readonly ProblemCode[] = [
  ...door1Problems,
  'beneficiary_not_found',
  'not_available',
  'bank_not_reachable',
  'name_enquiry_not_available',
  'name_mismatch',
  'beneficiary_not_verified',
  'name_enquiry_unanswered',
]

/** `POST /v1/payments`, one payment, verify and cancel. The routes translate; every decision is in the payment room. */
export function paymentRoutes(app: FastifyInstance, deps: PaymentDeps): void {
  app.post<{ Body: NewPayment }>(
    '/v1/payments',
    {
      config: needs('payments:create', 'money'),
      schema: {
        tags: ['Payments'],
        summary: 'Pay',
        description:
          'Needs an `Idempotency-Key`. The same key with the same body gives the same payment again, as it stands then, with ' +
          '`Idempotency-Replayed: true`. A refusal answers its own request: an earlier one with the same key that was never answered may still ' +
          'be under way, and becomes the one payment of the key. `Prefer: wait=N` (at most 30) holds the answer until the payment is final. With ' +
          '`verifyName` the beneficiary bank is asked for the registered name first; when that is not `to.name`, the payment is refused as ' +
          '`name_mismatch` or waits in `requires_approval`, as the hub is set. A payment to a mobile number and a bank is always looked up.',
        headers: PayHeaders,
        body: NewPayment,
        response: answers(201, PaymentDocument, payProblems),
      },
    },
    async (request, reply) =>
      payAsAsked(deps, request, reply, request.body, readIdempotencyKey(request.headers['idempotency-key'])),
  )

  app.get<{ Params: Static<typeof PaymentPath>; Querystring: Static<typeof Reveal> }>(
    '/v1/payments/:id',
    {
      config: needs('payments:read'),
      schema: {
        tags: ['Payments'],
        summary: 'One payment',
        description: revealWords,
        headers: WaitHeaders,
        params: PaymentPath,
        querystring: Reveal,
        response: answers(200, PaymentDocument, [
          'invalid_request',
          'unauthorized',
          'forbidden',
          'not_found',
          'database_unavailable',
        ]),
      },
    },
    async (request, reply) => {
      const payment = await find(deps, request.caller, request.params.id)
      if (request.query.reveal === true) await reveal(deps, request, payment.id)
      return answer(deps, request, reply, payment)
    },
  )

  app.post<{ Params: Static<typeof PaymentPath> }>(
    '/v1/payments/:id/cancel',
    {
      config: needs('payments:create', 'money'),
      schema: {
        tags: ['Payments'],
        summary: 'Cancel what has not been sent',
        description: 'Only a payment in `held` can be cancelled. Cancelling it again gives the same answer.',
        params: PaymentPath,
        response: answers(200, PaymentDocument, [
          'invalid_request',
          'unauthorized',
          'not_found',
          'not_cancellable',
          'database_unavailable',
        ]),
      },
    },
    async (request) => {
      refuseBody(request)
      return cancelHeld(deps, await find(deps, request.caller, request.params.id))
    },
  )

  app.post<{ Params: Static<typeof PaymentPath> }>(
    '/v1/payments/:id/verify',
    {
      config: needs('payments:verify'),
      schema: {
        tags: ['Payments'],
        summary: 'Ask the switch now',
        headers: WaitHeaders,
        description:
          'Asks what became of a payment whose outcome is open, within the budget of verifications. The answer moves the payment ' +
          'when it comes: read it again, follow its events, or send `Prefer: wait=N`.',
        params: PaymentPath,
        response: answers(202, PaymentDocument, [
          'invalid_request',
          'unauthorized',
          'not_found',
          'nothing_to_verify',
          'too_early_to_verify',
          'verification_budget_spent',
          'link_down',
          'database_unavailable',
        ]),
      },
    },
    async (request, reply) => {
      refuseBody(request)
      const payment = await find(deps, request.caller, request.params.id)
      const asked = isFinal(payment.state)
        ? 'known'
        : payment.state === 'held'
          ? 'too_early'
          : await deps.verify(payment)
      if (asked === 'known') throw new Problem('nothing_to_verify', { detail: `The payment is ${payment.state}.` })
      if (asked === 'too_early')
        throw new Problem('too_early_to_verify', { detail: `The payment is ${payment.state}.` })
      if (asked === 'budget_spent') throw new Problem('verification_budget_spent')
      if (asked === 'link_down') throw new Problem('link_down')
      reply.code(202)
      return answer(deps, request, reply, payment)
    },
  )
}

/** What is to be paid, before anybody has said who must agree to it. */
export type Order = Omit<InitiateRequest, 'actor' | 'approval' | 'waits' | 'evidence' | 'same'> & {
  readonly same: readonly string[]
}

/**
 * Takes a payment as a body asks for it, for whoever asks and may pay from that account.
 * @param idempotencyKey  the caller's own: what another caller of the tenant took under it is not theirs to see
 */
export async function payAsAsked(
  deps: PaymentDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  body: NewPayment,
  idempotencyKey: string,
) {
  if (deps.draining()) throw new Problem('draining')
  const from = must(parseAccountId(body.from), 'account id')
  const chosen = await choose(deps, request.caller, body)
  const lookUp = chosen instanceof Problem ? undefined : nameToVerify(chosen.to, body.verifyName)
  const asked = { tenantId: request.caller.tenantId, idempotencyKey, bodyHash: hashBody(body) }
  const to = chosen instanceof Problem ? chosen : await readPayable(deps, chosen.to, from)
  if (to instanceof Problem) {
    // A payment that was taken before its bank left must not look as if it never was.
    const earlier = await deps.replay(asked)
    if (earlier === undefined) throw to
    return created(deps, request, reply, earlier)
  }
  const order: Order = {
    ...asked,
    amountPaise: must(parsePaise(body.amount), 'amount'),
    from,
    to,
    channel: body.channel ?? 'internet',
    remarks: body.remarks ?? null,
    reference: body.reference ?? (await deps.linkBehind(to)) ?? null,
    same: chosen instanceof Problem ? request.caller.same : [...request.caller.same, ...chosen.madeBy],
    registered: body.to.kind === 'beneficiary',
  }
  return pay(deps, request, reply, order, body.authentication, lookUp)
}

/**
 * Takes a payment by door 1, with the approvals and factors that the tenant's rules ask for, and answers who asked for it. A customer proves
 * every one of theirs.
 */
export async function pay(
  deps: PaymentDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  order: Order,
  authentication: NewPayment['authentication'],
  lookUp?: { readonly name: string | null },
) {
  const { caller } = request
  const steps = await deps.changes.stepsFor(caller.tenantId, 'payment', order.amountPaise)
  const evidence = readEvidence(authentication)
  const factors = await deps.payers.factorsOf(caller.tenantId, order.from)
  if (factors === undefined && caller.via === 'wallet') throw new Problem('not_available')
  if (factors !== undefined && !canAuthenticate(factors)) {
    const earlier = await deps.replay(order)
    if (earlier === undefined) throw new Problem('factors_missing')
    return created(deps, request, reply, earlier)
  }
  const payment: InitiateRequest = {
    ...order,
    actor: caller.actor.id,
    ...(steps === undefined ? {} : { approval: ruled(caller, order.same, steps) }),
    ...(factors === undefined ? {} : { waits: [{ stage: 'authentication' }] }),
    ...(evidence === undefined ? {} : { evidence }),
  }
  const result =
    lookUp === undefined ? await deps.initiate(payment) : await deps.initiateVerified({ payment, name: lookUp.name })
  if (result.kind === 'unasked') throw unasked(result.why)
  if (result.kind === 'beneficiary_not_verified' || result.kind === 'name_mismatch')
    throw refusedByEnquiry(deps, result.enquiry, result.kind)
  return created(deps, request, reply, result)
}

/** Cancels a payment that has not been sent. @throws {Problem} `not_cancellable` */
export async function cancelHeld(deps: PaymentDeps, payment: StoredPayment) {
  if (payment.state !== 'held' && payment.state !== 'cancelled') throw notCancellable(payment)
  const recorded = await deps.cancel(payment)
  if (recorded.kind === 'unknown') throw noSuchPayment(payment.id)
  if (recorded.kind === 'contradicted') throw notCancellable(recorded.payment)
  return paymentView(recorded.payment, await stepsOf(deps, recorded.payment, []), deps.view)
}

/** A payment that a rule puts before people. */
const ruled = ({ actor }: Caller, same: readonly string[], steps: readonly ApprovalStep[]): PaymentApproval => ({
  reason: 'rule',
  steps,
  enquiryId: null,
  maker: actor.id,
  makerSame: same,
})

/** The answer to who asked for a payment. */
function created(deps: PaymentDeps, request: FastifyRequest, reply: FastifyReply, result: InitiateResult) {
  if (result.kind === 'refused') throw refusal(result)
  if (result.replayed) reply.header('idempotency-replayed', 'true')
  reply.code(201).header('location', `/v1/payments/${result.payment.id}`)
  return answer(deps, request, reply, result.payment)
}

/** The view of a payment, after the wait that `Prefer` asks for. */
export async function answer(deps: PaymentDeps, request: FastifyRequest, reply: FastifyReply, payment: StoredPayment) {
  const waitMs = readWaitMs(request.headers.prefer)
  const seen: readonly Step[] = payment.version === 1 ? [firstStep(payment)] : []
  // What has just come and waits for somebody who has yet to be asked: a wait would only keep them waiting.
  const isToAsk = reply.statusCode === 201 && awaitedBy(payment) === 'authentication'
  if (waitMs === 0 || isToAsk) return fullView(deps, payment, seen)
  reply.header('preference-applied', `wait=${waitMs / 1000}`)
  const followed: Followed = await waitUntilFinal(deps.feed, deps.clock, { payment, steps: seen }, waitMs, (leave) =>
    reply.raw.once('close', leave),
  )
  return fullView(deps, followed.payment, followed.steps)
}

/** The view of one payment, with what its customer must prove while that is what it waits for. */
async function fullView(deps: PaymentDeps, payment: StoredPayment, seen: readonly Step[]) {
  const view = paymentView(payment, await stepsOf(deps, payment, seen), deps.view)
  const authentication = await authenticationOf(deps, payment)
  if (authentication !== undefined) return { ...view, authentication }
  if (payment.state !== 'unconfirmed') return view
  return { ...view, ...(await verificationsOf(deps, payment.tenantId, [payment]))(payment) }
}

/** Of those that are unconfirmed, how often the switch was asked, and when next. */
export async function verificationsOf(
  deps: Pick<PaymentDeps, 'findVerifications'>,
  tenantId: number,
  payments: readonly StoredPayment[],
) {
  const open = payments.filter(({ state }) => state === 'unconfirmed').map(({ id }) => id)
  const found = open.length === 0 ? undefined : await deps.findVerifications(tenantId, open)
  return ({ id, state }: StoredPayment) => {
    const one = state === 'unconfirmed' ? found?.get(id) : undefined
    if (one === undefined) return {}
    return { verification: { checks: one.checks, nextCheckAt: one.nextAt === null ? null : toRfc3339(one.nextAt) } }
  }
}

/** The history of a payment: what was seen of it when that is all, else from the database. */
export async function stepsOf(
  deps: Pick<PaymentDeps, 'findEvents'>,
  payment: StoredPayment,
  seen: readonly Step[],
): Promise<readonly Step[]> {
  if (seen.length === payment.version) return seen
  const events = await deps.findEvents(payment.tenantId, [payment.id])
  return events.filter((event) => event.sequence <= payment.version)
}

export const noSuchPayment = (id: string): Problem => new Problem('not_found', { detail: `There is no payment ${id}.` })

const notCancellable = (payment: StoredPayment): Problem =>
  new Problem('not_cancellable', { detail: `The payment is ${payment.state}; only one that is held can be cancelled.` })

/** A payment of the caller's own tenant; anybody else's does not exist. */
export async function find(deps: Pick<PaymentDeps, 'findPayment'>, caller: Caller, id: string): Promise<StoredPayment> {
  const payment = await deps.findPayment(caller.tenantId, must(parsePaymentId(id), 'payment id'))
  if (payment === undefined) throw noSuchPayment(id)
  return payment
}

/** Bare, or a quoted string as structured headers have it. */
export function readIdempotencyKey(header: string | string[] | undefined): string {
  if (header === undefined || header === '') throw new Problem('idempotency_key_missing')
  if (typeof header === 'string') {
    const key = /^"(.*)"$/.exec(header)?.[1]?.replaceAll(/\\(["\\])/g, '$1') ?? header
    if (/^[ -~]{1,255}$/.test(key)) return key
  }
  throw new Problem('idempotency_key_invalid', {
    errors: [{ field: 'Idempotency-Key', message: 'must be 1 to 255 printable ASCII characters' }],
  })
}

/** SHA-256 over the fields in one fixed order: the order, blanks and escapes of the JSON make no other body. */
function hashBody({ amount, from, to, remarks, reference, channel, verifyName, authentication }: NewPayment): string {
  const party =
    to.kind === 'beneficiary'
      ? [to.id]
      : to.kind === 'account'
        ? [to.ifsc, to.account, to.name]
        : to.kind === 'mmid'
          ? [to.mobile, to.mmid, ...named(to.name)]
          : [to.mobile, to.bank, ...named(to.name)]
  const fields: unknown[] = [amount, from, to.kind, party, remarks, reference, channel ?? 'internet']
  // What is not there leaves the hash as it was before there was such a thing.
  if (verifyName === true) fields.push('verifyName')
  if (authentication !== undefined) {
    const { factors, reference: record, at, digest } = authentication
    fields.push('authentication', factors, record, at, digest)
  }
  return hash('sha256', JSON.stringify(fields))
}

/** What an institution says about its customer's factors: two of different kinds, one of them dynamic. */
function readEvidence(stated: NewPayment['authentication']): InstitutionEvidence | undefined {
  if (stated === undefined) return undefined
  if (!areTwoFactors(stated.factors))
    throw invalidField(
      'authentication.factors',
      'must be of two kinds (know, have, are), one of them sms, totp, passkey or device',
    )
  const { factors, reference, digest = null } = stated
  return { factors, reference, digest, at: must(parseInstant(stated.at), 'instant') }
}

const named = (name: string | undefined): string[] => (name === undefined ? [] : [name])

/** Whom the payment names, and who cannot approve it because they registered whom it names. */
async function choose(
  { asTenant, vault }: PaymentDeps,
  { tenantId }: Caller,
  { to, verifyName }: NewPayment,
): Promise<{ readonly to: Payee; readonly madeBy: readonly string[] } | Problem> {
  if (to.kind !== 'beneficiary') return { to, madeBy: [] }
  const found = await asTenant(tenantId, (tx) => findBeneficiary(tx, vault, tenantId, to.id))
  if (found === undefined) {
    return new Problem('beneficiary_not_found', {
      errors: [{ field: 'to.id', message: 'is not a beneficiary of yours' }],
    })
  }
  // A payment to an MMID carries a name only where it is verified.
  const { name, ...nameless } = found.to
  const isNamed = found.to.kind !== 'mmid' || (verifyName === true && name !== undefined)
  return { to: isNamed ? found.to : nameless, madeBy: found.madeBy }
}

/**
 * Whether the beneficiary is looked up first, and the name to compare with: when it was asked for, and always for a mobile number and a bank.
 * @source NPCI OC 119
 */
function nameToVerify(to: Payee, verifyName: boolean | undefined): { readonly name: string | null } | undefined {
  if (verifyName === true) {
    if (to.name === undefined) throw invalidField('to.name', 'is needed to verify it')
    return { name: to.name }
  }
  if (to.kind === 'mobile') return { name: to.name ?? null }
  // A name that nobody compares would be lost: these payments carry none.
  if (to.kind === 'mmid' && to.name !== undefined) throw invalidField('to.name', 'needs verifyName here')
  return undefined
}

/**
 * Whom to pay, or why a mobile number and a bank cannot be. Validating the beneficiary before such a transfer is mandatory, and
 * only one of the wires can. @source NPCI OC 119
 */
export async function readPayable(deps: PaymentDeps, to: Payee, from: AccountId): Promise<Beneficiary | Problem> {
  if (to.kind === 'mobile' && !(await deps.carriesMobile(from))) {
    return new Problem('not_available', {
      detail:
        'Payments by mobile number and bank are not available on the rail of this bank; use an account or an MMID.',
      errors: [{ field: 'to.kind', message: 'mobile is not available on this rail' }],
    })
  }
  return readBeneficiary(to, deps.directory)
}

function refusal(result: Extract<InitiateResult, { kind: 'refused' }>): Problem {
  const { reason, limitPaise, leftPaise, limitCount, rule, riskReasons } = result
  if (riskReasons !== undefined) return new Problem(reason, { riskReasons })
  if (limitCount !== undefined) {
    return new Problem(reason, { detail: `The limit (${rule}) is ${limitCount} payments.` })
  }
  if (limitPaise !== undefined && leftPaise !== undefined && leftPaise !== limitPaise) {
    return new Problem(reason, {
      detail: `The limit (${rule}) is ₹${formatRupees(limitPaise)}; ₹${formatRupees(leftPaise)} of it is left.`,
      errors: [{ field: 'amount', message: `must be at most ${leftPaise}` }],
    })
  }
  if (limitPaise !== undefined) {
    const message = `must be at most ${limitPaise}`
    return new Problem(reason, {
      detail: `The limit is ₹${formatRupees(limitPaise)}.`,
      errors: [{ field: 'amount', message }],
    })
  }
  if (reason === 'refund_over_paid' && leftPaise !== undefined)
    return new Problem(reason, {
      detail: `Of what came in by this payment ₹${formatRupees(leftPaise)} is left to give back.`,
      errors: [{ field: 'amount', message: `must be at most ${leftPaise}` }],
    })
  if (reason === 'account_not_found')
    return new Problem(reason, { errors: [{ field: 'from', message: 'is not an account of yours' }] })
  return new Problem(reason)
}

/** `Prefer: wait=N` in milliseconds; 0 for none. A preference that makes no sense is ignored. @source RFC 7240 §4.3 */
function readWaitMs(prefer: string | string[] | undefined): number {
  if (prefer === undefined) return 0
  const seconds = /(?:^|[,;]) *wait *= *"?([0-9]{1,9})"?(?= *(?:[,;]|$))/i.exec(String(prefer))?.[1]
  return seconds === undefined ? 0 : Math.min(Number(seconds), MAX_WAIT_S) * 1000
}

/** These calls have no body: whatever is in one would be ignored, so it is refused. */
export function refuseBody(request: FastifyRequest): void {
  const { body } = request
  if (body === undefined || body === null) return
  const fields = typeof body === 'object' ? Object.keys(body) : ['body']
  const [first] = fields
  if (first !== undefined) throw invalidField(shown(first), 'is not known here')
}
