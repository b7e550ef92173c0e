import type { PaymentId } from '../../base/identifiers.ts'
import type { Tx } from '../../db/pool.ts'
import { istDay } from '../../imps/disputes/days.ts'
import { isClosed, nameOfRule, type Rule } from '../../imps/disputes/rule.ts'
import { note } from '../notes.ts'
import type { Said } from '../said.ts'
import { newDispute } from './apply.ts'
import { type DisputeDeps, versionOf } from './deps.ts'
import { advanceDispute, type Direction, none, opens, partyOf, type Refusal, untilOf } from './dispute.ts'
import { hasPapers } from './evidence.ts'
import { type DisputedPayment, findDisputed, lockPaymentOfDisputes, standingOf } from './facts.ts'
import { refusal } from './refusals.ts'
import {
  addEvent,
  disputeIdOf,
  insertDispute,
  lockDispute,
  lockDisputes,
  type StoredDispute,
  saveDispute,
} from './store.ts'

/** A row for the next upload file of its purpose: what NPCI is to be told once people let it go. */
export type QueuedRow = {
  readonly tenantId: number
  readonly institution: string
  readonly purpose: 'chargeback' | 'representment' | 'good_faith' | 'other'
  readonly flag: string
  readonly reasonCode: string
  readonly rrn: string
  readonly remitterBank: string
  readonly direction: Direction
  readonly paymentId: PaymentId
  readonly amountPaise: bigint
  readonly transactionOn: string
  readonly dueAt: number | null
}

export type AskDeps = Pick<DisputeDeps, 'clock' | 'rules' | 'newId'> & {
  /** Puts a row before people, in the transaction of the asking. @returns false when the same was said before */
  readonly queue: (tx: Tx, row: QueuedRow) => Promise<boolean>
}

export type Ask = {
  readonly tenantId: number
  readonly paymentId: PaymentId
  /** The dispute that is answered; absent: one is raised. */
  readonly disputeId?: string
  readonly flag: string
  readonly reason: string
  /** The whole amount when absent. */
  readonly amountPaise?: bigint
  readonly actor: string
}

export type Asked =
  | { readonly kind: 'asked'; readonly dispute: StoredDispute }
  | {
      readonly kind: 'refused'
      readonly why: Refusal | 'stayed_within' | 'pending' | 'is_open' | 'not_ours' | 'given'
      readonly says: Said
    }
  | { readonly kind: 'unknown' }

const refused = (why: Extract<Asked, { kind: 'refused' }>['why'], says: Said): Asked => ({
  kind: 'refused',
  why,
  says,
})

/**
 * Asks for a flag: judged by the rules of today, written down, and put before people as a row of an upload file. Moves neither the dispute
 * nor money: a report does, when NPCI has taken it.
 * @throws when the database is away; nothing was written then
 */
export async function ask(tx: Tx, deps: AskDeps, request: Ask): Promise<Asked> {
  const payment = await findDisputed(tx, request.tenantId, request.paymentId)
  if (payment === undefined) return { kind: 'unknown' }
  if (payment.stayedWithin) return refused('stayed_within', refusal('stayed_within'))
  await lockPaymentOfDisputes(tx, payment.id)
  const disputes = await lockDisputes(tx, payment.id)
  const family = opens(deps.rules, request.flag)
  const before =
    request.disputeId === undefined
      ? disputes.find((one) => one.family === family && !isClosed(one.state))
      : disputes.find((one) => one.id === request.disputeId)
  if (request.disputeId !== undefined && before === undefined) return { kind: 'unknown' }
  if (before?.pending !== undefined && before.pending !== null)
    return refused('pending', refusal('asked_for', { flag: before.pending.flag }))
  if (request.disputeId === undefined) {
    if (family === undefined) return refused('unknown_flag', refusal('raises_none', { flag: request.flag }))
    if (before !== undefined && before.state !== 'new')
      return refused('is_open', refusal('is_open', { dispute: before.id }))
  }
  return judgeAndWrite(tx, deps, request, payment, disputes, before, before?.family ?? family ?? 'chargeback')
}

/** What UDIR files for a complaint, and for one where the credit was confirmed. @source NPCI OC 117 */
export const complaints = [
  { flag: 'B', reason: '108' },
  { flag: 'FB', reason: '121' },
] as const

/**
 * A customer says that the money never arrived: the chargeback that the payment can have, or why it can have none. UDIR itself takes nothing
 * else. It goes with the next file, unless somebody tells NPCI over the wire before (`complaints.ts`).
 */
export async function complain(
  tx: Tx,
  deps: AskDeps,
  about: Pick<Ask, 'tenantId' | 'paymentId' | 'actor'>,
): Promise<{ readonly said: { readonly flag: string; readonly reason: string }; readonly asked: Asked }> {
  const payment = await findDisputed(tx, about.tenantId, about.paymentId)
  if (payment === undefined) return { said: complaints[0], asked: { kind: 'unknown' } }
  const { facts } = await standingOf(tx, payment, await lockDisputes(tx, payment.id), 'chargeback')
  const said = facts.has('tcc') ? complaints[1] : complaints[0]
  return { said, asked: await ask(tx, deps, { ...about, ...said }) }
}

async function judgeAndWrite(
  tx: Tx,
  deps: AskDeps,
  request: Ask,
  payment: DisputedPayment,
  disputes: readonly StoredDispute[],
  before: StoredDispute | undefined,
  family: StoredDispute['family'],
): Promise<Asked> {
  const { flag, reason, actor } = request
  const at = deps.clock.now()
  const standing = await standingOf(tx, payment, disputes, family)
  const amountPaise = request.amountPaise ?? before?.amountPaise ?? payment.amountPaise
  const there = before ?? none(family, standing)
  const hasEvidence = before !== undefined && (await hasPapers(tx, before.id))
  const isOwn =
    payment.direction === 'outward' && deps.rules.some((rule) => rule.flag === flag && rule.by.includes('bank'))
  const by = isOwn ? 'bank' : partyOf(payment.direction)
  // Papers for something that is not raised yet cannot be there: they are handed in with the dispute, before the file is let go.
  const step = advanceDispute(
    there,
    { kind: 'asked', flag, reason, by, at, amountPaise, hasEvidence: hasEvidence || before === undefined },
    standing,
    deps.rules,
  )
  if (step.kind === 'refused') return refused(step.why, step.says)
  if (step.kind !== 'moved' || step.rule === null) return refused('wrong_state', refusal('flag_said', { flag }))
  if (step.rule.format === null && !isOwn)
    return refused('not_ours', refusal('not_for_banks', { rule: step.rule.name, flag }))
  if (flag === 'RGRC' && before !== undefined && before.heldPaise === 0n)
    return refused('given', refusal('has_credit', { rule: step.rule.name, flag }))
  const pending = { flag, reason, at }
  const dispute = before ?? newDispute(deps, payment, family, { flag, reason, on: istDay(at), amountPaise }, actor)
  if (before === undefined) await insertDispute(tx, dispute)
  const saved = await saveDispute(tx, { ...dispute, pending, rules: versionOf(deps.rules), updatedAt: at })
  const queued =
    isOwn || (await deps.queue(tx, rowOf(payment, step.rule, reason, amountPaise, untilOf(step.rule, there, standing))))
  if (!queued) throw new Error(`${flag} about ${payment.id} is in an upload file already`)
  await addEvent(tx, saved, {
    at,
    kind: 'asked',
    flag,
    reason,
    actor,
    from: saved.state,
    to: saved.state,
    funds: 'none',
    amountPaise,
    source: null,
    rule: nameOfRule(step.rule),
    note: null,
  })
  return { kind: 'asked', dispute: saved }
}

function rowOf(
  payment: DisputedPayment,
  rule: Rule,
  reasonCode: string,
  amountPaise: bigint,
  dueAt: number | null,
): QueuedRow {
  const answers = !rule.from.includes('none')
  return {
    tenantId: payment.tenantId,
    institution: payment.institution,
    purpose: rule.format === 'good_faith' ? 'good_faith' : answers ? 'representment' : 'chargeback',
    flag: rule.flag,
    reasonCode,
    rrn: payment.rrn,
    remitterBank: payment.remitterBank,
    direction: payment.direction,
    paymentId: payment.id,
    amountPaise,
    transactionOn: payment.on,
    dueAt,
  }
}

/** People did not let it go, or NPCI did not take it: what was asked for is gone, and a dispute that was nothing else with it. */
export async function dropPending(
  tx: Tx,
  deps: Pick<AskDeps, 'clock'>,
  dispute: StoredDispute,
  actor: string,
  note: string,
): Promise<StoredDispute> {
  const { pending } = dispute
  if (pending === null) return dispute
  const at = deps.clock.now()
  const gone = dispute.state === 'new'
  const saved = await saveDispute(tx, {
    ...dispute,
    pending: null,
    state: gone ? 'dropped' : dispute.state,
    closedAt: gone ? at : null,
    updatedAt: at,
  })
  await addEvent(tx, saved, {
    at,
    kind: 'refused',
    flag: pending.flag,
    reason: pending.reason,
    actor,
    from: dispute.state,
    to: saved.state,
    funds: 'none',
    amountPaise: 0n,
    source: null,
    rule: null,
    note: note.slice(0, 400),
  })
  return saved
}

/**
 * A file of uploads did not go, or NPCI did not take it: what its rows asked for is gone from their disputes. For whoever withdraws or refuses
 * a file, in that transaction.
 * @returns how many disputes had asked
 */
export async function dropUploaded(
  tx: Tx,
  deps: Pick<AskDeps, 'clock'>,
  uploadId: string,
  actor: string,
  note: string,
): Promise<number> {
  const rows = await tx<{ dispute_id: string }[]>`
    select d.dispute_id from upload_row r join dispute d on d.payment_id = r.payment_id and d.pending_flag = r.flag
    where r.upload_id = ${uploadId.slice(4)}::uuid and r.dropped_at is null order by d.dispute_id`
  for (const { dispute_id } of rows) {
    const dispute = await lockDispute(tx, disputeIdOf(dispute_id))
    if (dispute !== undefined) await dropPending(tx, deps, dispute, actor, note)
  }
  return rows.length
}

/** NPCI did not take what a dispute asked for: it is gone from the dispute. For whoever takes that word, in that transaction. */
export async function dropAsked(
  tx: Tx,
  deps: Pick<AskDeps, 'clock'>,
  asked: { readonly paymentId: PaymentId; readonly flag: string },
  actor: string,
  note: string,
): Promise<void> {
  const disputes = await lockDisputes(tx, asked.paymentId)
  const dispute = disputes.find(({ pending }) => pending?.flag === asked.flag)
  if (dispute !== undefined) await dropPending(tx, deps, dispute, actor, note)
}

/**
 * Judges once more what was asked for, before it leaves: by the rules and the standing of now. What they do not allow any more is dropped.
 * @returns why, in words; undefined when it may be said
 */
export async function dropUnlessAllowed(
  tx: Tx,
  deps: Pick<AskDeps, 'clock' | 'rules'>,
  asked: Pick<QueuedRow, 'tenantId' | 'paymentId' | 'flag' | 'amountPaise'>,
): Promise<string | undefined> {
  const payment = await findDisputed(tx, asked.tenantId, asked.paymentId)
  if (payment === undefined) return note('no_payment')
  await lockPaymentOfDisputes(tx, payment.id)
  const disputes = await lockDisputes(tx, payment.id)
  const dispute = disputes.find(({ pending }) => pending?.flag === asked.flag)
  if (dispute === undefined || dispute.pending === null) return note('not_asked_for')
  const { flag, reason } = dispute.pending
  // Its papers were looked at when it was asked for; the day is today's.
  const event = {
    kind: 'asked',
    flag,
    reason,
    by: partyOf(payment.direction),
    at: deps.clock.now(),
    amountPaise: asked.amountPaise,
    hasEvidence: true,
  } as const
  const step = advanceDispute(dispute, event, await standingOf(tx, payment, disputes, dispute.family), deps.rules)
  if (step.kind === 'moved') return undefined
  const why = step.kind === 'refused' ? step.says.text : note('said_already')
  await dropPending(tx, deps, dispute, 'hub', why)
  return why
}
