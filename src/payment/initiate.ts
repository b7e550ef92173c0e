import { hash } from 'node:crypto'
import type { AccountId, AccountNumber, Ifsc, Lane, Mmid, Mobile, PaymentId, Rrn } from '../base/identifiers.ts'
import { laneOfAccount, paymentIdOf, paymentKey } from '../base/identifiers.ts'
import { type Paise, paise } from '../base/money.ts'
import type { Beneficiary, Channel } from '../base/party.ts'
import type { Vault } from '../base/vault.ts'
import { words } from '../db/arrays.ts'
import type { Db, Tx } from '../db/pool.ts'
import { runTransaction } from '../db/transaction.ts'
import { hubAccount } from '../ledger/chart.ts'
import { lockAccounts, writeBooks } from '../ledger/store.ts'
import type { Books, LockedAccount } from '../ledger/transfer.ts'
import { covers, locked, transfer } from '../ledger/transfer.ts'
import {
  insertRefunds,
  lockRefundable,
  type Refundable,
  type RefundOf,
  refundablePaise,
} from '../payment-link/refund.ts'
import { insertApprovals, type NewApproval, type PaymentApproval, paymentDigest, writeWaits } from './approval-store.ts'
import { type Customers, lockCustomers, provenCustomers, writeCustomers } from './customer-usage.ts'
import { type Evidence, type InstitutionEvidence, isFresh } from './evidence.ts'
import { insertEvidence } from './evidence-store.ts'
import { oneChecker } from './four-eyes.ts'
import { overLimit } from './limits.ts'
import { inOrder, isFinal, reasonOfWaits, type Wait, waitsOf } from './payment.ts'
import { judgePolicies, looksAt, type OverRule, type PolicyRefusal } from './policy.ts'
import {
  accountPayer,
  beneficiaryIndex,
  customerPayer,
  findSeen,
  isBlocked,
  type Payer,
  type Seen,
  seenKey,
  type TenantPolicy,
  writeSeen,
} from './policy-store.ts'
import { type Assessed, riskText } from './risk.ts'
import type { PaymentRoom, UsableLink } from './room.ts'
import { findPayments, insertHolds, insertPayments, lockEpochs, stanOf } from './store.ts'
import type { StoredPayment } from './stored.ts'
import { readUsage, type Usage, withPayment, writeUsage } from './usage.ts'
import {
  announceWithin,
  answerWithin,
  findPayees,
  lockWithin,
  type Payees,
  passOn,
  payeeAccounts,
  type Within,
  writeWithin,
} from './within-bank.ts'

/** Why the hub will not take a payment. Nothing was written then, and the same key may be tried again. */
export type Refusal =
  | 'account_not_found'
  | 'account_frozen'
  | 'account_closed'
  | 'insufficient_funds'
  | PolicyRefusal
  | 'stopped' //             the tenant's kill switch
  | 'customer_stopped' //    the customer's
  | 'beneficiary_blocked' // the tenant pays nothing to this account or mobile
  | EvidenceRefusal
  | 'remitter_blocked' //    nor anything from this one
  | 'risk_refused' //        what judges risk said no
  | 'risk_unavailable' //    nobody could judge, and that is not allowed
  | 'refund_over_paid' //    it would give back more than came in by the payment that it is a refund of
  | 'key_reused' //          the same Idempotency-Key with another body
  | 'capacity_exhausted' //  the institution's RRNs of this hour are used up
  | 'net_debit_cap_used' //  nothing more may leave of this bank before it is settled
  | 'too_busy' //            a queue of the hub is full

/** Why what is said, or not said, about the customer's factors is not accepted. */
type EvidenceRefusal =
  | 'authentication_evidence_required' //     the institution authenticates its customers, and must say how
  | 'authentication_evidence_stale' //        that was too long ago, or is yet to come
  | 'authentication_evidence_not_expected' // the hub asks this tenant's customers itself, or nobody does

export type InitiateRequest = {
  readonly tenantId: number
  readonly idempotencyKey: string
  /** SHA-256 of the canonical body, 64 hex digits: the same key with another body is refused. */
  readonly bodyHash: string
  readonly amountPaise: Paise
  readonly from: AccountId
  readonly to: Beneficiary
  readonly channel: Channel
  readonly remarks: string | null
  readonly reference: string | null
  /** Whether it goes to a beneficiary that the tenant has registered. */
  readonly registered?: boolean
  /** Who asks: the id of an actor. */
  readonly actor: string | null
  /** All the names of that actor, and of who registered its beneficiary: none of them can approve the payment. */
  readonly same?: readonly string[]
  /** What must come before it may leave; it is then `held`, whatever the links are. An approval is added for `approval`. */
  readonly waits?: readonly Wait[]
  /** Present: people must approve it. */
  readonly approval?: PaymentApproval
  /** What was said about its risk; written with it. */
  readonly risk?: Assessed
  /** Present: it gives back what came in for a payment link, and no more of it than is left. */
  readonly refundOf?: RefundOf
  /** How the institution authenticated its customer, where it does that itself. */
  readonly evidence?: InstitutionEvidence
}

export type InitiateResult =
  | { readonly kind: 'accepted'; readonly payment: StoredPayment; readonly replayed: boolean }
  | ({
      readonly kind: 'refused'
      readonly reason: Refusal
      readonly limitPaise?: Paise
      readonly riskReasons?: readonly string[]
    } & Partial<Omit<OverRule, 'reason'>>)

/** A request with all that must stay the same when its batch is run again. */
export type InitiateItem = {
  readonly request: InitiateRequest
  readonly lane: Lane
  readonly paymentId: PaymentId
  readonly keyHash: string
}

/**
 * Door 1: takes an outward payment. One commit holds the money (debit the remitter, credit outward clearing), writes the
 * payment with its RRN as `sent` (or `held` when no link is usable), its hold, its event and its idempotency key. Only then
 * may the original leave: intent before the first byte. Whose payee has its account at the same bank is credited in that commit, and nothing
 * leaves: the payment is `succeeded`, or `declined` and nothing is debited.
 *
 * @returns `accepted` with the payment as committed (`replayed` when the key was seen before with the same body), or `refused`
 * @throws when the database is away; the outcome is then unknown, and the same key asked again gives it
 */
export function initiate(room: PaymentRoom, request: InitiateRequest): Promise<InitiateResult> {
  const over = overLimit(room.limits, request.channel, request.amountPaise)
  if (over !== undefined) return Promise.resolve({ kind: 'refused', ...over })
  if (room.doors.initiate.waiting() >= room.maxWaiting) return Promise.resolve({ kind: 'refused', reason: 'too_busy' })
  const lane = laneOfAccount(request.from)
  return room.doors.initiate.submit({
    request,
    lane,
    paymentId: room.paymentIds(lane),
    keyHash: keyHash(request.tenantId, request.idempotencyKey),
  })
}

type SeenKey = { readonly bodyHash: string; readonly paymentId: PaymentId }
type Found = {
  readonly books: Books
  readonly customers: Customers
  readonly keys: Map<string, SeenKey>
  readonly epochs: Map<string, number>
  readonly held: Held
  readonly policies: ReadonlyMap<number, TenantPolicy>
  /** Beneficiaries that were paid before, where a policy cools. */
  readonly seen: Map<string, SeenNow>
  readonly refunds: Refundable
  readonly within: Within
}

/** What was paid to a beneficiary; `changed` when this batch pays it too. */
type SeenNow = Seen & { readonly changed?: Omit<Parameters<typeof writeSeen>[1][number], 'paidPaise'> }

/** Payments that wait: for a link, and for a person. */
type Held = { readonly held: number; readonly awaiting: number }

type Judged =
  | { readonly kind: 'fresh'; readonly payment: StoredPayment; readonly approval: PaymentApproval | undefined }
  | { readonly kind: 'seen'; readonly paymentId: PaymentId; readonly own: boolean }
  | ({ readonly kind: 'refused'; readonly reason: Refusal } & Partial<Omit<OverRule, 'reason'>>)

/** One batch of door 1. Safe to run again: a payment that an earlier run did commit is found by its key. */
export async function runInitiate(
  room: PaymentRoom,
  items: readonly InitiateItem[],
): Promise<readonly InitiateResult[]> {
  const remitters = new Set(items.map((item) => item.request.from))
  const institutions = await room.directory.institutionsOf(remitters)
  const payees = await findPayees(room, withInstitution(items, institutions))
  const customerOf = room.directory.customersOf([...remitters, ...payeeAccounts(payees)])
  const tenants = items.map((item) => item.request.tenantId)
  const [{ links, rrns }] = await Promise.all([
    prepare(room, items, institutions, payees),
    room.vault.prepare(tenants, room.clock.now()),
  ])
  const anyHeld =
    [...institutions.values()].some((institution) => links.get(institution) === undefined) ||
    items.some((item) => waitsFor(item.request).length > 0)

  const { result: judged, within } = await runTransaction(
    room.db,
    async (tx): Promise<Found> => {
      const [within, refunds, customers, books, keys, epochs, held, rules] = await Promise.all([
        lockWithin(tx, room, payees),
        lockRefundable(
          tx,
          items.flatMap(({ request }) => request.refundOf ?? []),
        ),
        lockCustomers(tx, customerOf.values()),
        lockAccounts(tx, room.vault, [
          ...items.flatMap((item) => [item.request.from, hubAccount('OUT-CLR', item.lane)]),
          ...payeeAccounts(payees),
        ]),
        findKeys(tx, items),
        lockEpochs(
          tx,
          [...links.values()].map((link) => link?.link),
        ),
        anyHeld ? countHeld(tx) : none,
        readPolicies(tx, room, items, customerOf),
      ])
      const proven = provenCustomers(room.directory, books, customers)
      return { within, refunds, books, customers: proven, keys, epochs, held, ...rules }
    },
    (tx, found) => {
      const now = room.clock.now()
      const result = judge(room, items, found, institutions, links, rrns, now)
      const fresh = result.flatMap((one) => (one.kind === 'fresh' ? [one.payment] : []))
      const writes = fresh.length === 0 ? [] : writeAll(tx, room, items, result, fresh, found, now)
      room.crashPoint('initiate:before-commit')
      return { result: { result, within: found.within }, writes }
    },
  )
  room.crashPoint('initiate:after-commit')
  for (const [institution, unused] of rrns) room.serials.giveBack(institution, unused)
  const results = await publish(room, judged)
  announceWithin(room, within)
  return results
}

/** The payments that may come of a batch, as far as it matters to where they go. */
const withInstitution = (items: readonly InitiateItem[], institutions: ReadonlyMap<AccountId, string>) =>
  items.flatMap(({ paymentId: id, request: { tenantId, from, to: beneficiary } }) => {
    const institution = institutions.get(from)
    return institution === undefined ? [] : [{ id, tenantId, institution, beneficiary }]
  })

/**
 * The link each institution may use now, and RRNs for what will be sent and for what stays within the bank. Those of a batch that fails are not
 * used again.
 */
async function prepare(
  room: PaymentRoom,
  items: readonly InitiateItem[],
  institutions: ReadonlyMap<AccountId, string>,
  payees: Payees,
): Promise<{ links: Map<string, UsableLink | undefined>; rrns: Map<string, Rrn[]> }> {
  const links = new Map<string, UsableLink | undefined>()
  const counts = new Map<string, number>()
  for (const item of items) {
    const institution = institutions.get(item.request.from)
    if (institution === undefined) continue
    if (!links.has(institution)) links.set(institution, room.linkFor(institution))
    const needsRrn = payees.has(item.paymentId) || links.get(institution) !== undefined
    if (needsRrn) counts.set(institution, (counts.get(institution) ?? 0) + 1)
  }
  const rrns = new Map<string, Rrn[]>()
  await Promise.all(
    [...counts].map(async ([institution, count]) =>
      rrns.set(institution, await room.serials.reserve(institution, count)),
    ),
  )
  return { links, rrns }
}

/**
 * What door 1 answered to this key before, without asking it: for a request that could not be made now but may have been then, and
 * before something is done for a request that need not be done twice. Door 1 looks again, under its locks.
 * @returns undefined for a key that was never seen
 */
export async function replay(
  db: Db,
  vault: Vault,
  { tenantId, idempotencyKey, bodyHash }: Pick<InitiateRequest, 'tenantId' | 'idempotencyKey' | 'bodyHash'>,
): Promise<InitiateResult | undefined> {
  const [row] = await db<{ same: boolean; payment_id: string }[]>`
    select body_hash = ${bodyHash.slice(0, 32)}::uuid as same, payment_id from idempotency_key
    where key_hash = ${keyHash(tenantId, idempotencyKey)}::uuid and tenant_id = ${tenantId}`
  if (row === undefined) return undefined
  if (!row.same) return { kind: 'refused', reason: 'key_reused' }
  const [payment] = await findPayments(db, vault, [paymentIdOf(row.payment_id)])
  if (payment === undefined) throw new Error(`payment ${row.payment_id} of a known key cannot be read`)
  return { kind: 'accepted', payment, replayed: true }
}

const keyHash = (tenantId: number, idempotencyKey: string): string =>
  hash('sha256', `${tenantId}:${idempotencyKey}`).slice(0, 32)

async function findKeys(tx: Tx, items: readonly InitiateItem[]): Promise<Map<string, SeenKey>> {
  const rows = await tx<{ key_hash: string; body_hash: string; payment_id: string }[]>`
    select key_hash, body_hash, payment_id from idempotency_key
    where key_hash = any(${words(items, (item) => item.keyHash)}::uuid[])`
  return new Map(
    rows.map((row) => [
      row.key_hash.replaceAll('-', ''),
      { bodyHash: row.body_hash.replaceAll('-', ''), paymentId: paymentIdOf(row.payment_id) },
    ]),
  )
}

const none: Held = { held: 0, awaiting: 0 }

async function countHeld(tx: Tx): Promise<Held> {
  const [row] = await tx<Held[]>`
    select count(*) filter (where awaiting is null)::integer as held, count(awaiting)::integer as awaiting
    from hold where link is null`
  return row ?? none
}

function judge(
  room: PaymentRoom,
  items: readonly InitiateItem[],
  found: Found,
  institutions: ReadonlyMap<AccountId, string>,
  links: ReadonlyMap<string, UsableLink | undefined>,
  rrns: ReadonlyMap<string, Rrn[]>,
  now: number,
): Judged[] {
  let { held, awaiting } = found.held
  const seenKeys = new Map(found.keys)
  return items.map((item): Judged => {
    const { request } = item
    const seen = seenKeys.get(item.keyHash)
    if (seen !== undefined) {
      if (seen.bodyHash !== request.bodyHash.slice(0, 32)) return { kind: 'refused', reason: 'key_reused' }
      return { kind: 'seen', paymentId: seen.paymentId, own: seen.paymentId === item.paymentId }
    }
    const remitter = found.books.accounts.get(request.from)
    const institution = institutions.get(request.from)
    if (remitter === undefined || institution === undefined || remitter.tenantId !== request.tenantId) {
      return { kind: 'refused', reason: 'account_not_found' }
    }
    if (remitter.status === 'frozen') return { kind: 'refused', reason: 'account_frozen' }
    if (remitter.status === 'closed') return { kind: 'refused', reason: 'account_closed' }

    const payee = found.within.payees.get(item.paymentId)
    // What stays within the bank is no position against other banks.
    if (payee === undefined && room.stopOf(institution) === 'refuse')
      return { kind: 'refused', reason: 'net_debit_cap_used' }
    const policy = found.policies.get(request.tenantId)
    const customer = remitter.customerId === null ? undefined : found.customers.get(remitter.customerId)
    if (policy?.stopped === true) return { kind: 'refused', reason: 'stopped' }
    if (customer?.stopped === true) return { kind: 'refused', reason: 'customer_stopped' }
    if (policy !== undefined && isBlocked(room.vault, policy.blocked, request.to))
      return { kind: 'refused', reason: 'beneficiary_blocked' }
    if (policy !== undefined && isBlocked(room.vault, policy.blocked, remitterOf(remitter)))
      return { kind: 'refused', reason: 'remitter_blocked' }
    const usage = readUsage(remitter.usage, now)
    const ofCustomer = customer === undefined ? undefined : readUsage(customer.usage, now)
    const policies = policy?.policies ?? []
    const beneficiary = remembers(policy) ? beneficiaryIndex(room.vault, request.to) : undefined
    const payers = payersOf(request.from, customer?.id)
    const seenOf = (payer: Payer | undefined): Seen | null =>
      beneficiary === undefined || payer === undefined
        ? null
        : (found.seen.get(seenKey({ ...payer, beneficiary })) ?? null)
    const ruled = judgePolicies(policies, {
      accountId: request.from,
      channel: request.channel,
      amountPaise: request.amountPaise,
      now,
      usage,
      registered: request.registered === true,
      seen: seenOf(payers[0]),
      ...(customer === undefined || ofCustomer === undefined
        ? {}
        : { customer: { id: customer.id, usage: ofCustomer, seen: seenOf(payers[1]) } }),
    })
    if (ruled.kind === 'over') return { ...ruled, kind: 'refused' }

    const unproved = evidenceRefused(policy, request, now)
    if (unproved !== undefined) return { kind: 'refused', reason: unproved }
    const asked: readonly Wait[] =
      policy?.authentication === 'hub' && remitter.customerId !== null ? [{ stage: 'authentication' }] : []

    const usable = links.get(institution)
    const approval = request.approval ?? (ruled.review ? reviewOf(request) : undefined)
    const waits = waitsFor({ waits: [...(request.waits ?? []), ...asked, ...ruled.waits], approval })
    const answer = payee && waits.length === 0 ? answerWithin(room, payee, found.books, { institution }) : undefined
    const mayLeave = payee === undefined && waits.length === 0
    const link = mayLeave && usable && found.epochs.get(usable.link) === usable.epoch ? usable : undefined
    if (link === undefined && answer === undefined && (waits.length > 0 ? awaiting : held) >= room.maxHeld)
      return { kind: 'refused', reason: 'too_busy' }
    const ready = rrns.get(institution) ?? []
    if ((link !== undefined || answer !== undefined) && ready.length === 0)
      return { kind: 'refused', reason: 'capacity_exhausted' }

    const refund = request.refundOf && found.refunds.get(request.refundOf.credit)
    if (request.refundOf !== undefined) {
      const leftPaise = refundablePaise(refund, request.tenantId, request.from)
      if (leftPaise < request.amountPaise)
        return { kind: 'refused', reason: 'refund_over_paid', leftPaise: paise(leftPaise) }
    }

    if (!covers(remitter, request.amountPaise)) return { kind: 'refused', reason: 'insufficient_funds' }
    // Of what the payee's side does not take nothing is debited, and nothing counts in a limit.
    if (answer?.kind !== 'declined_within') {
      const clearing = locked(found.books, hubAccount('OUT-CLR', item.lane))
      transfer(found.books, paymentKey(item.paymentId), 'hold', remitter, clearing, request.amountPaise, now)
      if (refund !== undefined) refund.refundedPaise += request.amountPaise
      const counted = (before: Usage): string =>
        writeUsage(withPayment(before, request.channel, request.amountPaise, now, looksAt(policies, 'velocity')))
      remitter.usage = counted(usage)
      if (customer !== undefined && ofCustomer !== undefined) {
        customer.usage = counted(ofCustomer)
        customer.changed = true
      }
      if (beneficiary !== undefined) {
        for (const payer of payers) {
          const before = seenOf(payer)
          found.seen.set(seenKey({ ...payer, beneficiary }), {
            firstAt: before?.firstAt ?? now,
            paidPaise: (before?.paidPaise ?? 0n) + request.amountPaise,
            changed: { ...payer, beneficiary, tenantId: request.tenantId },
          })
        }
      }
    }
    const rrn = link === undefined && answer === undefined ? undefined : ready.pop()
    if (waits.length > 0) awaiting += 1
    else if (rrn === undefined) held += 1
    seenKeys.set(item.keyHash, { bodyHash: request.bodyHash.slice(0, 32), paymentId: item.paymentId })
    const payment: StoredPayment = {
      id: item.paymentId,
      lane: item.lane,
      tenantId: request.tenantId,
      direction: 'outward',
      state: answer === undefined ? (link === undefined ? 'held' : 'sent') : stateOf[answer.kind],
      version: 1,
      amountPaise: request.amountPaise,
      channel: request.channel,
      institution,
      accountId: request.from,
      remitter: remitterOf(remitter),
      beneficiary: request.to,
      remarks: request.remarks,
      reference: request.reference,
      remitterBank: room.remitterBankOf(institution),
      rrn: rrn ?? null,
      stan: rrn === undefined ? null : stanOf(rrn),
      link: link?.link ?? null,
      epoch: link?.epoch ?? null,
      transmittedAt: link === undefined ? null : now,
      responseCode: answer?.responseCode ?? null,
      registeredName: answer?.kind === 'paid_within' ? answer.registeredName : null,
      actor: request.actor,
      reason: reasonOfWaits(waits),
      createdAt: now,
      updatedAt: now,
    }
    if (answer?.kind === 'paid_within') passOn(room, found.within, found.books, payment, now)
    return { kind: 'fresh', approval, payment }
  })
}

/** What a payment is that its own bank has answered. */
const stateOf = { paid_within: 'succeeded', declined_within: 'declined' } as const

/** Whether what the request says about the customer's factors is what its tenant owes. */
function evidenceRefused(
  policy: TenantPolicy | undefined,
  { evidence }: InitiateRequest,
  now: number,
): EvidenceRefusal | undefined {
  if (policy?.authentication !== 'evidence')
    return evidence === undefined ? undefined : 'authentication_evidence_not_expected'
  if (evidence === undefined) return 'authentication_evidence_required'
  return isFresh(evidence, now) ? undefined : 'authentication_evidence_stale'
}

/** A payment that a policy lets nobody make alone. */
const reviewOf = ({ actor, same = [] }: InitiateRequest): PaymentApproval => ({
  reason: 'over_review_amount',
  steps: oneChecker,
  enquiryId: null,
  maker: actor ?? 'unknown',
  makerSame: same,
})

/** All that a request waits for, in order. */
const waitsFor = ({
  waits = [],
  approval,
}: {
  readonly waits?: readonly Wait[]
  readonly approval?: PaymentApproval | undefined
}): Wait[] => inOrder(approval === undefined ? waits : [...waits, { stage: 'approval' }])

const remitterOf = (account: LockedAccount): StoredPayment['remitter'] => ({
  name: account.name,
  ...(account.accountNumber === null ? {} : { account: account.accountNumber as AccountNumber }),
  ...(account.ifsc === null ? {} : { ifsc: account.ifsc as Ifsc }),
  ...(account.mobile === null ? {} : { mobile: account.mobile as Mobile }),
  ...(account.mmid === null ? {} : { mmid: account.mmid as Mmid }),
})

function writeAll(
  tx: Tx,
  room: PaymentRoom,
  items: readonly InitiateItem[],
  judged: readonly Judged[],
  fresh: readonly StoredPayment[],
  { books, customers, seen, policies, within }: Pick<Found, 'books' | 'customers' | 'seen' | 'policies' | 'within'>,
  now: number,
): Promise<unknown>[] {
  const keys = items.filter((_, i) => judged[i]?.kind === 'fresh')
  const waiting = fresh.flatMap((payment) => {
    const [first] = waitsOf(payment)
    return first === undefined
      ? []
      : [{ paymentId: payment.id, awaiting: first.stage, dueAt: room.waitEnds(first, now) }]
  })
  const asked = new Map(
    judged.flatMap((one) => (one.kind === 'fresh' ? [[one.payment.id, one.approval] as const] : [])),
  )
  const risks = new Map(
    items.flatMap(({ request }, i) => {
      const one = judged[i]
      return one?.kind === 'fresh' && request.risk !== undefined
        ? [[one.payment.id, riskText(request.risk)] as const]
        : []
    }),
  )
  const approvals = fresh.flatMap((payment) => {
    const approval = asked.get(payment.id)
    return approval === undefined ? [] : [approvalOf(payment, approval, room.approvalMs)]
  })
  const evidence = items.flatMap(({ request }, i) => {
    const one = judged[i]
    if (one?.kind !== 'fresh' || request.evidence === undefined) return []
    const customerId = books.accounts.get(request.from)?.customerId ?? null
    const policyVersion = policies.get(request.tenantId)?.version ?? 0
    return [evidenceOf(one.payment, request.evidence, customerId, policyVersion)]
  })
  const refunds = items.flatMap(({ request: { refundOf } }, i) => {
    const one = judged[i]
    return one?.kind === 'fresh' && refundOf !== undefined ? [{ refundOf, payment: one.payment }] : []
  })
  const open = fresh.filter((payment) => !isFinal(payment.state))
  return [
    ...writeCustomers(tx, customers),
    ...writeBooks(tx, books),
    insertPayments(
      tx,
      room.vault,
      fresh.map((payment) => ({ payment, answer: null, risk: risks.get(payment.id) ?? null })),
      now,
    ),
    ...writeWithin(tx, room, within, now),
    ...(open.length > 0
      ? [
          insertHolds(
            tx,
            open.map((payment) => ({ payment, heldUntil: payment.state === 'held' ? now + room.heldMs : null })),
          ),
        ]
      : []),
    tx`
      insert into idempotency_key (tenant_id, key_hash, body_hash, payment_id)
      select * from unnest(${keys.map((key) => key.request.tenantId)}::integer[], ${words(keys, (key) => key.keyHash)}::uuid[],
        ${words(keys, (key) => key.request.bodyHash.slice(0, 32))}::uuid[], ${words(keys, (key) => paymentKey(key.paymentId))}::uuid[])`.execute(),
    ...(waiting.length > 0 ? [writeWaits(tx, waiting)] : []),
    ...(approvals.length > 0 ? [insertApprovals(tx, approvals)] : []),
    ...(evidence.length > 0 ? [insertEvidence(tx, evidence)] : []),
    ...writeNew(tx, seen, now),
    ...(refunds.length > 0 ? [insertRefunds(tx, refunds, now)] : []),
  ]
}

/** What this batch paid to beneficiaries, where a policy cools. */
function writeNew(tx: Tx, seen: Found['seen'], now: number): Promise<unknown>[] {
  const rows = [...seen.values()].flatMap(({ changed, paidPaise }) =>
    changed === undefined ? [] : [{ ...changed, paidPaise }],
  )
  return rows.length === 0 ? [] : [writeSeen(tx, rows, now)]
}

/** The policies of the batch's tenants, and behind the locks of the accounts what was paid to whom, where one of them cools. */
async function readPolicies(
  tx: Tx,
  room: PaymentRoom,
  items: readonly InitiateItem[],
  customerOf: ReadonlyMap<AccountId, bigint>,
): Promise<Pick<Found, 'policies' | 'seen'>> {
  const policies = await room.policies.read(
    tx,
    items.map((item) => item.request.tenantId),
  )
  const remembered = items.filter(({ request }) => remembers(policies.get(request.tenantId)))
  if (remembered.length === 0) return { policies, seen: new Map() }
  const asked = remembered.flatMap(({ request }) => {
    const beneficiary = beneficiaryIndex(room.vault, request.to)
    return payersOf(request.from, customerOf.get(request.from)).map((payer) => ({ ...payer, beneficiary }))
  })
  return { policies, seen: await findSeen(tx, asked) }
}

/** What an institution says about its customer's factors, as door 1 writes it beside the payment. */
const evidenceOf = (
  payment: StoredPayment,
  { factors, reference, at, digest }: InstitutionEvidence,
  customerId: bigint | null,
  policyVersion: number,
): Evidence => ({
  paymentId: payment.id,
  tenantId: payment.tenantId,
  customerId,
  source: 'institution',
  factors,
  digest,
  nonce: null,
  expiresAt: null,
  reference,
  provedAt: at,
  recordedAt: payment.createdAt,
  recordedBy: payment.actor ?? 'unknown',
  policyVersion,
})

/** Whether it is written down when a beneficiary is first paid: where a policy cools, and where rules of risk look at what is new. */
const remembers = (policy: TenantPolicy | undefined): boolean =>
  policy !== undefined && (policy.risk || looksAt(policy.policies, 'cooling'))

/** Those for whom a beneficiary is new or not: the account, and its customer. */
const payersOf = (account: AccountId, customer: bigint | undefined): readonly Payer[] =>
  customer === undefined ? [accountPayer(account)] : [accountPayer(account), customerPayer(customer)]

/** What people are asked about a payment, as door 1 writes it beside the payment. */
const approvalOf = (payment: StoredPayment, approval: PaymentApproval, approvalMs: number): NewApproval => ({
  id: paymentKey(payment.id),
  tenantId: payment.tenantId,
  subject: { kind: 'payment', id: payment.id },
  reason: approval.reason,
  digest: paymentDigest(payment),
  content: null,
  steps: approval.steps,
  maker: approval.maker,
  makerSame: approval.makerSame,
  enquiryId: approval.enquiryId,
  createdAt: payment.createdAt,
  expiresAt: payment.createdAt + approvalMs,
})

/** Tells each caller its own result, and after that the rail: what a batch before this one committed is sent too if it was ours. */
async function publish(room: PaymentRoom, judged: readonly Judged[]): Promise<readonly InitiateResult[]> {
  const wanted = judged.flatMap((one) => (one.kind === 'seen' ? [one.paymentId] : []))
  const fresh = new Map(judged.flatMap((one) => (one.kind === 'fresh' ? [[one.payment.id, one.payment] as const] : [])))
  const stored = new Map(
    (
      await findPayments(
        room.db,
        room.vault,
        wanted.filter((id) => !fresh.has(id)),
      )
    ).map((payment) => [payment.id, payment]),
  )
  const results = judged.map((one): InitiateResult => {
    if (one.kind === 'refused') return one
    if (one.kind === 'fresh') return { kind: 'accepted', payment: one.payment, replayed: false }
    const payment = fresh.get(one.paymentId) ?? stored.get(one.paymentId)
    if (payment === undefined) throw new Error(`payment ${one.paymentId} of a known key cannot be read`)
    if (one.own && payment.version === 1) fresh.set(payment.id, payment)
    return { kind: 'accepted', payment, replayed: !one.own }
  })
  const sent: StoredPayment[] = []
  for (const payment of fresh.values()) {
    if (payment.state === 'sent') sent.push(payment)
    room.onMoved(payment, {
      paymentId: payment.id,
      sequence: payment.version,
      state: payment.state,
      responseCode: payment.responseCode,
      reason: payment.reason,
      at: payment.createdAt,
    })
  }
  if (sent.length > 0) room.onSent(sent)
  return results
}
