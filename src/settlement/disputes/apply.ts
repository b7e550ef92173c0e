import { type AccountId, laneOf } from '../../base/identifiers.ts'
import type { Tx } from '../../db/pool.ts'
import { inTransaction } from '../../db/transaction.ts'
import { isClosed, nameOfRule, type Rule, rulesOn } from '../../imps/disputes/rule.ts'
import type { Day } from '../../imps/files/rows.ts'
import { hubAccount } from '../../ledger/chart.ts'
import { type Leg, postJournal } from '../../ledger/journals.ts'
import { placeLien, releaseLien } from '../../ledger/liens.ts'
import { writeDetail } from '../notes.ts'
import type { DisputeDeps } from './deps.ts'
import { versionOf } from './deps.ts'
import { advanceDispute, type Direction, none, opens, type Step } from './dispute.ts'
import { aboutPayment, type DisputedPayment, findByRrn, lockPaymentOfDisputes } from './facts.ts'
import { bears, type CodeLeg, comesIn, settles } from './money.ts'
import { pay } from './pay.ts'
import {
  addEvent,
  countLine,
  hasCounted,
  insertDispute,
  listEvents,
  lockDisputes,
  type NewEvent,
  type StoredDispute,
  saveDispute,
} from './store.ts'

/** One line of an adjustment report that is a dispute's. Amounts in paise. */
export type Adjustment = {
  /** What makes it itself, whatever file it comes in: `adj:` and NPCI's reference. */
  readonly source: string
  readonly institution: string
  readonly direction: Direction
  readonly rrn: string
  readonly flag: string
  readonly reason: string
  /** Of the adjustment, and of the transaction. */
  readonly on: Day
  readonly transactionOn: Day
  readonly amountPaise: bigint
  /** For a verdict: for whom, as the statement's money says. */
  readonly verdictFor?: 'remitter' | 'beneficiary'
}

export type CycleName = { readonly settlementDate: Day; readonly number: string }

export type Applied =
  | { readonly kind: 'moved'; readonly dispute: StoredDispute }
  | { readonly kind: 'repeated' } //     it has counted before
  | { readonly kind: 'orphan' } //       the hub has no such payment
  | { readonly kind: 'contradicted' } // cannot be true of this payment: its money is in suspense, and people look

/**
 * Takes one line of an adjustment report into the books: the dispute, its money and its event in one commit, or nothing. Safe to call
 * again with the same line. What nobody expects is never lost: its money stands in suspense beside a break.
 * @throws when the database is away; nothing of the line is written then
 */
export async function applyAdjustment(deps: DisputeDeps, cycle: CycleName, line: Adjustment): Promise<Applied> {
  const applied = await inTransaction(deps.db, async (tx): Promise<Applied> => {
    if ((await hasCounted(tx, line.source, line.flag)) || !(await countLine(tx, cycle, line, deps.clock.now())))
      return { kind: 'repeated' }
    const payment = await findByRrn(tx, { ...line, on: line.transactionOn })
    if (payment === undefined) return orphaned(tx, deps, cycle, line)
    await lockPaymentOfDisputes(tx, payment.id)
    const found = choose(deps.rules.filter(isNpcis), payment, await lockDisputes(tx, payment.id), line)
    if (found?.step.kind === 'repeated') return { kind: 'repeated' }
    const wrongSum =
      found?.step.kind === 'moved' &&
      found.dispute !== null &&
      found.dispute.state !== 'new' &&
      line.amountPaise !== found.dispute.amountPaise
    const moved =
      found?.step.kind === 'moved' && !wrongSum && line.amountPaise <= payment.amountPaise ? found.step : undefined
    if (found === undefined || moved === undefined) return contradicted(tx, deps, cycle, payment, line)
    const before = found.dispute ?? (await openNew(tx, deps, payment, found.family, line))
    const dispute = await take(tx, deps, payment, before, moved, {
      cycle,
      at: deps.clock.now(),
      on: line.on,
      amountPaise: line.amountPaise,
      event: { kind: 'adjusted', flag: line.flag, reason: line.reason, actor: 'npci', source: line.source, note: null },
    })
    return { kind: 'moved', dispute }
  })
  deps.crashPoint?.('dispute:applied')
  if (applied.kind === 'moved') await pay(deps, applied.dispute)
  return applied
}

/** What a bank does by itself no report can say. */
const isNpcis = ({ by }: Rule): boolean => !by.includes('bank')

type Moved = Extract<Step, { kind: 'moved' }>
type Chosen = { readonly family: StoredDispute['family']; readonly dispute: StoredDispute | null; readonly step: Step }

/** Which of a payment's disputes a flag is for: the open one that it moves, before those that are over. */
function choose(
  rules: readonly Rule[],
  payment: DisputedPayment,
  disputes: readonly StoredDispute[],
  line: Pick<Adjustment, 'flag' | 'reason' | 'on' | 'verdictFor'>,
): Chosen | undefined {
  const event = {
    kind: 'reported',
    flag: line.flag,
    reason: line.reason,
    on: line.on,
    ...(line.verdictFor !== undefined && { verdictFor: line.verdictFor }),
  } as const
  const standing = { amountPaise: payment.amountPaise, on: payment.on, facts: new Set<never>() }
  const sorted = [...disputes].sort((a, b) => Number(isClosed(a.state)) - Number(isClosed(b.state)))
  const judged = sorted.map(
    (dispute): Chosen => ({ family: dispute.family, dispute, step: advanceDispute(dispute, event, standing, rules) }),
  )
  const best = judged.find(({ step }) => step.kind === 'moved') ?? judged.find(({ step }) => step.kind === 'repeated')
  if (best !== undefined) return best
  const family = opens(rules, line.flag)
  // One of a kind at a time: NPCI raises nothing again that is not over.
  if (family === undefined || disputes.some((one) => one.family === family && !isClosed(one.state))) return judged[0]
  return { family, dispute: null, step: advanceDispute(none(family, standing), event, standing, rules) }
}

async function openNew(
  tx: Tx,
  deps: DisputeDeps,
  payment: DisputedPayment,
  family: StoredDispute['family'],
  line: Pick<Adjustment, 'flag' | 'reason' | 'on' | 'amountPaise'>,
): Promise<StoredDispute> {
  const dispute = newDispute(deps, payment, family, line, 'npci')
  await insertDispute(tx, dispute)
  return dispute
}

/** A dispute that begins, as `new`: NPCI has not reported it. */
export function newDispute(
  { clock, newId, rules }: Pick<DisputeDeps, 'clock' | 'newId' | 'rules'>,
  payment: DisputedPayment,
  family: StoredDispute['family'],
  { flag, reason, on, amountPaise }: Pick<Adjustment, 'flag' | 'reason' | 'on' | 'amountPaise'>,
  openedBy: string,
): StoredDispute {
  const now = clock.now()
  return {
    id: `dsp_${newId()}`,
    tenantId: payment.tenantId,
    paymentId: payment.id,
    lane: payment.lane,
    direction: payment.direction,
    institution: payment.institution,
    rrn: payment.rrn,
    remitterBank: payment.remitterBank,
    family,
    state: 'new',
    amountPaise,
    transactionOn: payment.on,
    flag,
    reason,
    on,
    net: 0,
    pending: null,
    dueAt: null,
    dueFlag: null,
    warnedAt: null,
    heldPaise: 0n,
    receivablePaise: 0n,
    shadowPaise: 0n,
    lienId: null,
    rules: versionOf(rules),
    version: 1,
    openedBy,
    openedAt: now,
    updatedAt: now,
    closedAt: null,
  }
}

export type Taking = {
  /** The cycle that brought it; undefined: none did. */
  readonly cycle: CycleName | undefined
  readonly at: number
  readonly on: Day
  readonly amountPaise: bigint
  readonly event: Pick<NewEvent, 'kind' | 'flag' | 'reason' | 'actor' | 'source' | 'note'>
}

const netBy = { none: 0, to_remitter: 1, to_beneficiary: -1 } as const

/** What a step needs. */
export type TakeDeps = Pick<DisputeDeps, 'rules' | 'openBreak'>

/** Moves a dispute that is locked: its journals, its row, its event. */
export async function take(
  tx: Tx,
  deps: TakeDeps,
  payment: DisputedPayment,
  before: StoredDispute,
  step: Moved,
  { cycle, at, on, amountPaise, event }: Taking,
): Promise<StoredDispute> {
  const { to, rule, funds, due } = step
  const closed = isClosed(to)
  const moved = settles(before.family, before.direction, funds, amountPaise, before)
  const occurrence =
    (await listEvents(tx, before.id)).filter((one) => one.flag === event.flag && one.kind === event.kind).length + 1
  if (moved.legs.length > 0) {
    await postJournal(tx, {
      transferKey: `dsp:${before.id.slice(4)}`,
      event: `adj_${(event.flag ?? 'lapse').toLowerCase()}`,
      occurrence,
      kind: 'dispute',
      ruleVersion: rule === null ? versionOf(deps.rules) : nameOfRule(rule),
      tenantId: before.tenantId,
      institution: before.institution,
      ...(cycle === undefined ? {} : { cycle }),
      legs: moved.legs.map((leg) => inLane(leg, payment)),
      at,
    })
  }
  const fresh = before.state === 'new' && !closed
  let after: StoredDispute = {
    ...before,
    state: to,
    amountPaise: before.state === 'new' ? amountPaise : before.amountPaise,
    flag: rule === null ? before.flag : rule.flag,
    reason: event.reason ?? before.reason,
    on: rule === null ? before.on : on,
    net: before.net + netBy[funds],
    pending: closed || before.pending?.flag === event.flag ? null : before.pending,
    dueAt: due?.at ?? null,
    dueFlag: due !== null && due.lapse.kind === 'deemed' ? due.lapse.flag : null,
    warnedAt: null,
    heldPaise: moved.heldPaise,
    receivablePaise: moved.receivablePaise,
    rules: versionOf(deps.rules),
    updatedAt: at,
    closedAt: closed ? at : null,
  }
  if (fresh && isKeptFromCustomer(after, payment) && payment.accountId !== null) {
    const lien = await placeLien(
      tx,
      after.tenantId,
      payment.accountId,
      { amountPaise, reference: after.id, by: 'hub' },
      at,
    )
    after = { ...after, lienId: lien?.id ?? null }
  }
  if (closed) after = await close(tx, deps, payment, after, { cycle, at })
  const saved = await saveDispute(tx, after)
  await addEvent(tx, saved, {
    ...event,
    at,
    from: before.state === 'new' ? 'none' : before.state,
    to,
    funds,
    amountPaise: funds === 'none' ? 0n : amountPaise,
    rule: rule === null ? null : nameOfRule(rule),
  })
  return saved
}

const inLane = ({ code, amountPaise }: CodeLeg, { lane }: DisputedPayment): Leg => ({
  account: hubAccount(code, lane),
  amountPaise,
})

/** A fraud or a wrong payment that we credited: the disputed amount stays in the account, and only that. @source settlement.md R10 */
const isKeptFromCustomer = ({ family, direction }: StoredDispute, { state }: DisputedPayment): boolean =>
  direction === 'inward' &&
  state === 'succeeded' &&
  ['fraud', 'deferred_fraud', 'wrong_payment', 'deferred_wrong_payment'].includes(family)

/** The end of a dispute: who bears what was taken from us, and the lien that was for it. */
async function close(
  tx: Tx,
  deps: TakeDeps,
  payment: DisputedPayment,
  dispute: StoredDispute,
  { cycle, at }: Pick<Taking, 'cycle' | 'at'>,
): Promise<StoredDispute> {
  const { receivablePaise: taken, lienId } = dispute
  const { accountId } = payment
  if (lienId !== null && accountId !== null) await releaseLien(tx, dispute.tenantId, accountId, lienId, 'hub', at)
  if (taken === 0n) return { ...dispute, lienId: null }
  const kept = lienId === null || accountId === null ? 0n : await spendable(tx, accountId)
  const credited = payment.state === 'succeeded' || payment.state === 'returned'
  const { legs, customerPaise, lostPaise } = bears(dispute.direction, credited, taken, kept)
  await postJournal(tx, {
    transferKey: `dsp:${dispute.id.slice(4)}`,
    event: 'borne',
    occurrence: dispute.version,
    kind: 'recovery',
    ruleVersion: dispute.rules,
    tenantId: dispute.tenantId,
    institution: dispute.institution,
    ...(cycle === undefined ? {} : { cycle }),
    legs: [
      ...legs.map((leg) => inLane(leg, payment)),
      ...(customerPaise > 0n && accountId !== null ? [{ account: accountId, amountPaise: -customerPaise }] : []),
    ],
    at,
  })
  if (lostPaise > 0n) {
    await deps.openBreak(tx, {
      type: 'B30',
      ...aboutPayment(payment),
      amountPaise: lostPaise,
      action: writeDetail('dispute_lost', { dispute: dispute.id }),
      deadline: null,
    })
  }
  return { ...dispute, lienId: null, receivablePaise: 0n }
}

/** What may be taken from an account, its row held. */
async function spendable(tx: Tx, id: AccountId): Promise<bigint> {
  const key = id.slice(4)
  const [row] = await tx<{ free: bigint }[]>`
    select greatest(balance - coalesce(floor, 0) - lien, 0)::bigint as free from account
    where lane = ${key}::bigint % 64 and account_id = ${key}::bigint for update`
  return row?.free ?? 0n
}

/** A line about a payment that the hub does not have. */
async function orphaned(tx: Tx, deps: DisputeDeps, cycle: CycleName, line: Adjustment): Promise<Applied> {
  await suspend(tx, deps, cycle, line, null)
  await deps.openBreak(tx, {
    type: 'B21',
    tenantId: 0,
    institution: line.institution,
    payment: null,
    rrn: line.rrn,
    direction: line.direction,
    amountPaise: line.amountPaise,
    action: writeDetail('adjustment_of_nobody', { flag: line.flag, reasonCode: line.reason, source: line.source }),
    deadline: null,
  })
  return { kind: 'orphan' }
}

async function contradicted(
  tx: Tx,
  deps: DisputeDeps,
  cycle: CycleName,
  payment: DisputedPayment,
  line: Adjustment,
): Promise<Applied> {
  await suspend(tx, deps, cycle, line, payment)
  await deps.openBreak(tx, {
    type: 'B25',
    ...aboutPayment(payment),
    amountPaise: line.amountPaise,
    action: writeDetail('cannot_be_true', { flag: line.flag, reasonCode: line.reason, source: line.source }),
    deadline: null,
  })
  return { kind: 'contradicted' }
}

/** The cycle moved the money whatever we make of the line: it stands in suspense. Booked once for each line. */
async function suspend(
  tx: Tx,
  deps: DisputeDeps,
  cycle: CycleName,
  line: Adjustment,
  payment: DisputedPayment | null,
): Promise<void> {
  const rule = rulesOn(deps.rules, line.on).find(
    (one) => one.flag === line.flag && (line.verdictFor === undefined || one.verdictFor === line.verdictFor),
  )
  if (rule === undefined || rule.funds === 'none' || rule.funds === 'as_decided') return
  const sign = comesIn(line.direction, rule.funds) ? 1n : -1n
  const lane = payment?.lane ?? laneOf(0)
  await postJournal(tx, {
    transferKey: line.source,
    event: `suspended_${line.flag.toLowerCase()}`,
    kind: 'suspense',
    ruleVersion: nameOfRule(rule),
    tenantId: payment?.tenantId ?? 0,
    institution: line.institution,
    cycle,
    legs: [
      { account: hubAccount('RBI-STL', lane), amountPaise: -sign * line.amountPaise },
      {
        account: hubAccount(line.direction === 'outward' ? 'SUSP-OUT' : 'SUSP-IN', lane),
        amountPaise: sign * line.amountPaise,
      },
    ],
    at: deps.clock.now(),
  })
}
