import { toRfc3339 } from '../base/clock.ts'
import {
  type EnquiryId,
  enquiryIdOf,
  enquiryKey,
  type PaymentId,
  paymentIdOf,
  paymentKey,
} from '../base/identifiers.ts'
import type { Vault } from '../base/vault.ts'
import { bytes, numbers, texts, words } from '../db/arrays.ts'
import type { Db, Tx } from '../db/pool.ts'
import { type ApprovalStep, digestOf, type Vote } from './four-eyes.ts'
import type { Finding, Stage } from './payment.ts'
import { findPayments } from './store.ts'
import type { StoredPayment } from './stored.ts'

/** What people decide about. */
export const subjectKinds = [
  'payment',
  'beneficiary',
  'limits',
  'client',
  'person',
  'resolution',
  'upload',
  'break',
  'compensation',
  'fee_rate',
] as const
export type SubjectKind = (typeof subjectKinds)[number]

/** How a wait for approval ended. `cancelled` is the maker's own word, `lapsed` nobody's; `void`: what it was about had changed. */
export type Decision = 'approved' | 'rejected' | 'cancelled' | 'lapsed' | 'void'

/** What people are asked to decide. Instants are epoch milliseconds, digests 64 hex digits. */
export type Approval = {
  /** 32 hex digits; of a payment: the payment's. */
  readonly id: string
  readonly tenantId: number
  readonly subject: { readonly kind: SubjectKind; readonly id: string }
  readonly reason: string
  readonly digest: string
  readonly content: Uint8Array | null
  readonly steps: readonly ApprovalStep[]
  readonly maker: string
  readonly makerSame: readonly string[]
  readonly enquiryId: EnquiryId | null
  readonly createdAt: number
  readonly expiresAt: number
  readonly decision: Decision | null
  readonly decidedAt: number | null
}

/** A vote as it was given. */
export type CastVote = Vote & { readonly verdict: 'approve' | 'reject'; readonly digest: string; readonly at: number }

/** Why a payment waits for people, and whose word it needs. */
export type PaymentApproval = {
  readonly reason: string
  readonly steps: readonly ApprovalStep[]
  readonly enquiryId: EnquiryId | null
  readonly maker: string
  readonly makerSame: readonly string[]
}

/** Exactly what is approved of a payment: whoever changes any of it needs another approval. */
export const paymentDigest = ({
  id,
  amountPaise,
  accountId,
  beneficiary,
  remarks,
  reference,
  channel,
}: StoredPayment): string =>
  digestOf(['payment', id, amountPaise, accountId, Object.entries(beneficiary).sort(), remarks, reference, channel])

export type NewApproval = Omit<Approval, 'decision' | 'decidedAt'>

/** Writes what must be approved. For door 1, and for whoever makes a change that waits. One statement. */
export function insertApprovals(tx: Tx, rows: readonly NewApproval[]): Promise<unknown> {
  return tx`
    insert into approval_request (approval_id, tenant_id, subject_kind, subject_id, reason, digest, content, steps, maker, maker_same,
                                  enquiry_id, created_at, expires_at)
    select id, tenant_id, subject_kind, subject_id, reason, decode(digest, 'hex'), content, steps, maker,
           array(select jsonb_array_elements_text(same::jsonb)), enquiry_id,
           to_timestamp(created_at / 1000.0), to_timestamp(expires_at / 1000.0)
    from unnest(
      ${words(rows, (row) => row.id)}::uuid[], ${numbers(rows, (row) => row.tenantId)}::integer[],
      ${words(rows, (row) => row.subject.kind)}::text[], ${words(rows, (row) => row.subject.id)}::text[],
      ${texts(rows, (row) => row.reason)}::text[], ${words(rows, (row) => row.digest)}::text[],
      ${bytes(rows, (row) => row.content)}::bytea[], ${texts(rows, (row) => JSON.stringify(row.steps))}::text[],
      ${texts(rows, (row) => row.maker)}::text[], ${texts(rows, (row) => JSON.stringify(row.makerSame))}::text[],
      ${words(rows, (row) => (row.enquiryId === null ? null : enquiryKey(row.enquiryId)))}::uuid[],
      ${numbers(rows, (row) => row.createdAt)}::bigint[], ${numbers(rows, (row) => row.expiresAt)}::bigint[])
      as s (id, tenant_id, subject_kind, subject_id, reason, digest, content, steps, maker, same, enquiry_id, created_at, expires_at)`.execute()
}

/** What a hold waits for from now on, and until when; `awaiting` null: for a link, as any other. */
export type NewWait = { readonly paymentId: PaymentId; readonly awaiting: Stage | null; readonly dueAt: number }

/** Bars holds from the rail, or lets them go on to it. For doors 1 and 2, behind `insertHolds`. One statement. */
export const writeWaits = (tx: Tx, rows: readonly NewWait[]): Promise<unknown> =>
  tx`
    update hold h set awaiting = s.awaiting, due_at = to_timestamp(s.due_at / 1000.0)
    from unnest(${words(rows, (row) => paymentKey(row.paymentId))}::uuid[], ${words(rows, (row) => row.awaiting)}::text[],
                ${numbers(rows, (row) => row.dueAt)}::bigint[]) as s (payment_id, awaiting, due_at)
    where h.payment_id = s.payment_id`.execute()

/** Writes how waits for people ended, in the commit of the step. For door 2, which holds the payments locked. */
export const writeDecisions = (
  tx: Tx,
  rows: readonly { readonly payment: StoredPayment; readonly decision: Decision }[],
  at: number,
): Promise<unknown> =>
  tx`
    update approval_request a set decision = s.decision, decided_at = ${toRfc3339(at)}::timestamptz
    from unnest(${words(rows, (row) => paymentKey(row.payment.id))}::uuid[], ${words(rows, (row) => row.decision)}::text[])
      as s (payment_id, decision)
    where a.approval_id = s.payment_id and a.decision is null`.execute()

/**
 * Writes what became of what people found out about payments, and closes the breaks that called for them: in the commit of the step.
 * What NPCI's file says answers also what the match, and door 2 of the same file, had put before people. One that came too late is `void`.
 * For door 2.
 */
export function writeResolutions(
  tx: Tx,
  rows: readonly {
    readonly payment: StoredPayment
    readonly finding: Finding
    readonly approvalId: string
    readonly made: boolean
  }[],
  at: number,
): Promise<unknown>[] {
  const made = rows.filter((row) => row.made)
  const byFile = made.filter(({ finding }) => finding === 'found_settled' || finding === 'found_unsettled')
  const keys = (some: typeof made) => words(some, (row) => paymentKey(row.payment.id))
  return [
    tx`
      update approval_request a set decision = s.decision, decided_at = ${toRfc3339(at)}::timestamptz
      from unnest(${words(rows, (row) => row.approvalId)}::uuid[], ${words(rows, (row) => (row.made ? 'approved' : 'void'))}::text[])
        as s (approval_id, decision)
      where a.approval_id = s.approval_id and a.subject_kind = 'resolution' and a.decision is null`.execute(),
    tx`
      update break set closed_at = ${toRfc3339(at)}::timestamptz, resolution = 'corrected', version = version + 1
      where closed_at is null and (
        (payment_id = any(${keys(made)}::uuid[]) and kind = 'unresolved')
        or (payment_id = any(${keys(byFile)}::uuid[])
            and ${saysOtherwise(tx)}))`.execute(),
  ]
}

/** Breaks that say that NPCI's file has a payment otherwise than the hub. */
const saysOtherwise = (tx: Tx) =>
  tx`(kind in ('B05', 'B06', 'B07', 'B08', 'B25') or (kind = 'settlement_conflict' and detail like '% but settled_%'))`

/** Whether such a break of a payment is open. */
export async function isQuestioned(tx: Tx, payment: PaymentId): Promise<boolean> {
  const rows = await tx`
    select from break where payment_id = ${paymentKey(payment)}::uuid and closed_at is null and ${saysOtherwise(tx)} limit 1`
  return rows.length > 0
}

/** Those of the approvals that nothing has decided yet, locked: behind accounts, in order of their ids. For door 2. */
export async function lockOpenApprovals(tx: Tx, ids: readonly string[]): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set()
  const rows = await tx<{ approval_id: string }[]>`
    select approval_id from approval_request
    where approval_id = any(${words(ids, (id) => id)}::uuid[]) and decision is null order by approval_id for update`
  return new Set(rows.map((row) => row.approval_id.replaceAll('-', '')))
}

/** Until the end of the transaction nobody else says what became of this payment. */
export const lockForResolution = (tx: Tx, id: string): Promise<unknown> =>
  tx`select pg_advisory_xact_lock(hashtextextended(${`resolution ${id}`}, 0))`.execute()

/** Whether people are asked already what became of this payment. */
export async function isBeingResolved(tx: Tx, tenantId: number, id: PaymentId): Promise<boolean> {
  const rows = await tx`
    select from approval_request
    where tenant_id = ${tenantId} and subject_kind = 'resolution' and subject_id = ${id} and decision is null`
  return rows.length > 0
}

/** Ends the wait of something that is not a payment. @returns false when it had ended before */
export async function decideApproval(tx: Tx, id: string, decision: Decision, at: number): Promise<boolean> {
  const rows = await tx`
    update approval_request set decision = ${decision}, decided_at = ${toRfc3339(at)}::timestamptz
    where approval_id = ${id}::uuid and decision is null returning approval_id`
  return rows.length > 0
}

type ApprovalRow = {
  approval_id: string
  tenant_id: number
  subject_kind: SubjectKind
  subject_id: string
  reason: string
  digest: Uint8Array
  content: Uint8Array | null
  steps: string
  maker: string
  maker_same: string[]
  enquiry_id: string | null
  created_at: number
  expires_at: number
  decision: Decision | null
  decided_at: number | null
}

const approvalOf = (row: ApprovalRow): Approval => ({
  id: row.approval_id.replaceAll('-', ''),
  tenantId: row.tenant_id,
  subject: { kind: row.subject_kind, id: row.subject_id },
  reason: row.reason,
  digest: Buffer.from(row.digest).toString('hex'),
  content: row.content,
  steps: JSON.parse(row.steps) as ApprovalStep[],
  maker: row.maker,
  makerSame: row.maker_same,
  enquiryId: row.enquiry_id === null ? null : enquiryIdOf(row.enquiry_id),
  createdAt: row.created_at,
  expiresAt: row.expires_at,
  decision: row.decision,
  decidedAt: row.decided_at,
})

/** What was asked; undefined when a tenant has no such approval. */
export async function findApproval(db: Db | Tx, tenantId: number, id: string): Promise<Approval | undefined> {
  const [row] = await db<ApprovalRow[]>`
    select * from approval_request where approval_id = ${id}::uuid and tenant_id = ${tenantId}`
  return row && approvalOf(row)
}

/** The same, locked: votes about one thing are counted one after the other. */
export async function lockApproval(tx: Tx, tenantId: number, id: string): Promise<Approval | undefined> {
  const [row] = await tx<ApprovalRow[]>`
    select * from approval_request where approval_id = ${id}::uuid and tenant_id = ${tenantId} for update`
  return row && approvalOf(row)
}

const ABOVE_ALL = 'ffffffffffffffffffffffffffffffff'

/**
 * A tenant's approvals, newest first.
 * @param open    true: only those that wait; the index of the open ones keeps that cheap however many were decided
 * @param before  the last id of the page before
 */
export async function listApprovals(
  db: Db | Tx,
  tenantId: number,
  open: boolean,
  before: string | undefined,
  limit: number,
): Promise<Approval[]> {
  const rows = await db<ApprovalRow[]>`
    select * from approval_request
    where tenant_id = ${tenantId} and approval_id < ${before ?? ABOVE_ALL}::uuid ${open ? db`and decision is null` : db``}
    order by tenant_id, approval_id desc limit ${limit}`
  return rows.map(approvalOf)
}

/** Writes a vote; the same person's second vote about the same thing changes nothing. */
export const insertVote = (tx: Tx, approval: Approval, vote: CastVote): Promise<unknown> =>
  tx`
    insert into approval_vote (approval_id, tenant_id, voter, voter_same, roles, verdict, digest, at)
    values (${approval.id}::uuid, ${approval.tenantId}, ${vote.voter}, ${[...vote.same]}::text[], ${[...vote.roles]}::text[],
            ${vote.verdict}, decode(${vote.digest}, 'hex'), ${toRfc3339(vote.at)}::timestamptz)
    on conflict do nothing`.execute()

/** The votes about several things, oldest first. */
export async function findVotes(db: Db | Tx, ids: readonly string[]): Promise<(CastVote & { readonly id: string })[]> {
  if (ids.length === 0) return []
  const rows = await db<
    {
      approval_id: string
      voter: string
      voter_same: string[]
      roles: string[]
      verdict: 'approve' | 'reject'
      digest: Uint8Array
      at: number
    }[]
  >`
    select approval_id, voter, voter_same, roles, verdict, digest, at from approval_vote
    where approval_id = any(${[...ids]}::uuid[]) order by at, voter`
  return rows.map((row) => ({
    id: row.approval_id.replaceAll('-', ''),
    voter: row.voter,
    same: row.voter_same,
    roles: row.roles,
    verdict: row.verdict,
    digest: Buffer.from(row.digest).toString('hex'),
    at: row.at,
  }))
}

/** When a kind of thing needs approval. `overPaise` null: always. */
export type ApprovalRule = {
  readonly id: string
  readonly subjectKind: SubjectKind
  readonly overPaise: bigint | null
  readonly steps: readonly ApprovalStep[]
  readonly validFrom: number
  readonly validUntil: number | null
}

type RuleRow = {
  rule_id: string
  subject_kind: SubjectKind
  over_amount: bigint | null
  steps: string
  valid_from: number
  valid_until: number | null
}

const ruleOf = (row: RuleRow): ApprovalRule => ({
  id: row.rule_id.replaceAll('-', ''),
  subjectKind: row.subject_kind,
  overPaise: row.over_amount,
  steps: JSON.parse(row.steps) as ApprovalStep[],
  validFrom: row.valid_from,
  validUntil: row.valid_until,
})

/** A tenant's rules that have not ended, in the order in which they were made. */
export async function listRules(db: Db | Tx, tenantId: number, now: number): Promise<ApprovalRule[]> {
  const rows = await db<RuleRow[]>`
    select rule_id, subject_kind, over_amount, steps, valid_from, valid_until from approval_rule
    where tenant_id = ${tenantId} and (valid_until is null or valid_until > ${toRfc3339(now)}::timestamptz)
    order by created_at, rule_id`
  return rows.map(ruleOf)
}

/** Rules of a tenant that have not ended, at most: each payment is held against all of them. */
const MAX_RULES = 500

/** @returns undefined when the tenant has as many rules as one may have */
export async function insertRule(
  tx: Tx,
  tenantId: number,
  rule: Omit<ApprovalRule, 'id'>,
  now: number,
): Promise<ApprovalRule | undefined> {
  await tx`select pg_advisory_xact_lock(hashtextextended('approval rules ' || ${tenantId}::integer, 0))`
  if ((await listRules(tx, tenantId, now)).length >= MAX_RULES) return undefined
  const [row] = await tx<RuleRow[]>`
    insert into approval_rule (tenant_id, subject_kind, over_amount, steps, valid_from, valid_until, created_at)
    values (${tenantId}, ${rule.subjectKind}, ${rule.overPaise}, ${JSON.stringify(rule.steps)}, ${toRfc3339(rule.validFrom)}::timestamptz,
            ${rule.validUntil === null ? null : toRfc3339(rule.validUntil)}::timestamptz, ${toRfc3339(now)}::timestamptz)
    returning rule_id, subject_kind, over_amount, steps, valid_from, valid_until`
  if (row === undefined) throw new Error('a rule that was just made cannot be read')
  return ruleOf(row)
}

/** Ends a rule now. @returns false when the tenant has no such rule, or it has ended */
export async function endRule(tx: Tx, tenantId: number, id: string, now: number): Promise<boolean> {
  const at = toRfc3339(now)
  const rows = await tx`
    update approval_rule set valid_until = greatest(${at}::timestamptz, valid_from + interval '1 millisecond')
    where rule_id = ${id}::uuid and tenant_id = ${tenantId} and (valid_until is null or valid_until > ${at}::timestamptz)
    returning rule_id`
  return rows.length > 0
}

/** Payments whose wait was over at `now`, longest due first. By the index of all that is due: one of its own would cost every payment. */
export async function findLapsed(db: Db, vault: Vault, now: number, limit: number): Promise<StoredPayment[]> {
  const rows = await db<{ payment_id: string }[]>`
    select payment_id from hold where awaiting is not null and due_at <= ${toRfc3339(now)}::timestamptz
    order by due_at, payment_id limit ${limit}`
  return findPayments(
    db,
    vault,
    rows.map((row) => paymentIdOf(row.payment_id)),
  )
}

/** Ends the waits of changes that nobody decided in time. @returns how many */
export async function lapseChanges(db: Db, now: number): Promise<number> {
  const at = toRfc3339(now)
  const rows = await db`
    update approval_request set decision = 'lapsed', decided_at = ${at}::timestamptz
    where decision is null and subject_kind <> 'payment' and expires_at <= ${at}::timestamptz returning approval_id`
  return rows.length
}
