import { accountKey, laneOfAccount } from '../../base/identifiers.ts'
import type { Tx } from '../../db/pool.ts'
import { istDay } from '../../imps/disputes/days.ts'
import { nameOfRule } from '../../imps/disputes/rule.ts'
import { hubAccount } from '../../ledger/chart.ts'
import { type Leg, postJournal } from '../../ledger/journals.ts'
import { placeLien, releaseLien } from '../../ledger/liens.ts'
import { claimCredit } from '../../payment/credit-once.ts'
import type { Said } from '../said.ts'
import { type TakeDeps, take } from './apply.ts'
import { dropPending } from './ask.ts'
import { lastAsker } from './complaint-store.ts'
import type { DisputeDeps } from './deps.ts'
import { advanceDispute } from './dispute.ts'
import { hasPapers } from './evidence.ts'
import { type DisputedPayment, findDisputed, lockPaymentOfDisputes, standingOf } from './facts.ts'
import { type RefusalCode, refusal } from './refusals.ts'
import { lockDispute, lockDisputes, type StoredDispute } from './store.ts'

/**
 * Steps that a bank takes by itself, without NPCI: the shadow reversal of a fraud. One person asks, another agrees, and it is done in that
 * commit. Provisional credit is the customer's to see and not to spend: it stands under a lien until the case is decided.
 * @source settlement.md §6.5, R8: RBI/2026-27/167 to 173, from 1 January 2027
 */
export type OwnStep =
  | { readonly kind: 'done'; readonly dispute: StoredDispute }
  | { readonly kind: 'refused'; readonly says: Said }
  | { readonly kind: 'unknown' }

/** What deciding needs. */
export type OwnDeps = TakeDeps & Pick<DisputeDeps, 'clock'>

type Deciding = { readonly tenantId: number; readonly disputeId: string; readonly actor: string }

const refused = (code: RefusalCode): OwnStep => ({ kind: 'refused', says: refusal(code) })

/**
 * Takes the step that a dispute waits for, by somebody else than who asked, judged once more by the rules and the standing of now. In the hub's
 * own transaction.
 * @throws when the database is away; nothing was written then
 */
export async function agreeToOwn(tx: Tx, deps: OwnDeps, { tenantId, disputeId, actor }: Deciding): Promise<OwnStep> {
  const found = await findOwn(tx, deps, tenantId, disputeId)
  if ('kind' in found) return found
  const { dispute, payment, flag, reason, disputes } = found
  if ((await lastAsker(tx, dispute.id, flag)) === actor) return refused('asker_cannot_agree')
  const at = deps.clock.now()
  const { amountPaise } = dispute
  const standing = await standingOf(tx, payment, disputes, dispute.family)
  const hasEvidence = await hasPapers(tx, dispute.id)
  const step = advanceDispute(
    dispute,
    { kind: 'asked', flag, reason, by: 'bank', at, amountPaise, hasEvidence },
    standing,
    deps.rules,
  )
  if (step.kind === 'refused') return { kind: 'refused', says: step.says }
  if (step.kind !== 'moved' || step.rule === null) return refused('done_already')
  const given = standing.facts.has('credited')
  if (given && step.to === 'raised') return refused('has_money')
  if (given && step.to === 'for_remitter') return refused('has_money_otherwise')
  const books = await book(tx, deps, payment, dispute, step.to, nameOfRule(step.rule), actor)
  if (typeof books === 'string') return refused(books)
  const saved = await take(tx, deps, payment, { ...dispute, ...books }, step, {
    cycle: undefined,
    at,
    on: istDay(at),
    amountPaise,
    event: { kind: 'adjusted', flag, reason, actor, source: null, note: null },
  })
  return { kind: 'done', dispute: saved }
}

/** Somebody does not agree, or takes back what was asked for: nothing is done. In the hub's own transaction. */
export async function refuseOwn(
  tx: Tx,
  deps: OwnDeps,
  { tenantId, disputeId, actor }: Deciding,
  why: string,
): Promise<OwnStep> {
  const found = await findOwn(tx, deps, tenantId, disputeId)
  if ('kind' in found) return found
  return { kind: 'done', dispute: await dropPending(tx, deps, found.dispute, actor, why) }
}

/** Whether a flag is for a bank to do by itself, without NPCI. */
export const isOwnStep = (flag: string, rules: DisputeDeps['rules']): boolean =>
  rules.some((rule) => rule.flag === flag && rule.by.includes('bank'))

type Found = {
  readonly dispute: StoredDispute
  readonly payment: DisputedPayment
  readonly disputes: readonly StoredDispute[]
  readonly flag: string
  readonly reason: string
}

async function findOwn(
  tx: Tx,
  { rules }: Pick<DisputeDeps, 'rules'>,
  tenantId: number,
  disputeId: string,
): Promise<Found | OwnStep> {
  const seen = await lockDispute(tx, disputeId)
  const payment = seen === undefined ? undefined : await findDisputed(tx, tenantId, seen.paymentId)
  if (payment === undefined) return { kind: 'unknown' }
  await lockPaymentOfDisputes(tx, payment.id)
  const disputes = await lockDisputes(tx, payment.id)
  const dispute = disputes.find(({ id }) => id === disputeId)
  if (dispute === undefined) return { kind: 'unknown' }
  const { pending } = dispute
  if (pending === null || !isOwnStep(pending.flag, rules)) return refused('nothing_of_its_own')
  return { dispute, payment, disputes, flag: pending.flag, reason: pending.reason }
}

type Books = Pick<StoredDispute, 'shadowPaise' | 'lienId'>

/** The journal of a step, and the lien. @returns what of the dispute is so from now on, or why it cannot be, with nothing written */
async function book(
  tx: Tx,
  deps: OwnDeps,
  payment: DisputedPayment,
  dispute: StoredDispute,
  to: StoredDispute['state'],
  ruleVersion: string,
  by: string,
): Promise<Books | RefusalCode> {
  const { accountId, lane } = payment
  if (accountId === null) return 'account_elsewhere'
  const at = deps.clock.now()
  const { tenantId, institution, id, lienId } = dispute
  const post = (event: string, legs: readonly Leg[]) =>
    postJournal(tx, {
      transferKey: `dsp:${id.slice(4)}`,
      event,
      kind: 'dispute',
      ruleVersion,
      tenantId,
      institution,
      legs,
      at,
    })
  const shadow = hubAccount('SHADOW-REC', lane)
  if (to === 'raised') {
    const [account] = await tx<{ status: string }[]>`
      select status from account where lane = ${laneOfAccount(accountId)} and account_id = ${accountKey(accountId)}::bigint for update`
    if (account?.status !== 'open') return 'account_takes_none'
    const amountPaise = dispute.amountPaise
    await post('shadow_credit', [
      { account: shadow, amountPaise: -amountPaise },
      { account: accountId, amountPaise },
    ])
    const lien = await placeLien(tx, tenantId, accountId, { amountPaise, reference: id, by }, at)
    if (lien === undefined) throw new Error(`account of ${payment.id} is gone`)
    return { shadowPaise: amountPaise, lienId: lien.id }
  }
  const amountPaise = dispute.shadowPaise
  if (lienId !== null) await releaseLien(tx, tenantId, accountId, lienId, by, at)
  if (to === 'for_remitter') {
    await claimCredit(tx, payment, 'shadow_reversal', at)
    await post('shadow_made_good', [
      { account: hubAccount('COMP-EXP', lane), amountPaise: -amountPaise },
      { account: shadow, amountPaise },
    ])
  } else {
    const posted = await post('shadow_taken_back', [
      { account: accountId, amountPaise: -amountPaise },
      { account: shadow, amountPaise },
    ])
    if (posted.kind === 'insufficient_funds') throw new Error(`${id}: what was under lien is not there`)
  }
  return { shadowPaise: 0n, lienId: null }
}
