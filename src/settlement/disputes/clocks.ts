import { type Cancel, toRfc3339 } from '../../base/clock.ts'
import { paymentIdOf } from '../../base/identifiers.ts'
import type { Log } from '../../base/log.ts'
import { inTransaction } from '../../db/transaction.ts'
import { note, writeDetail } from '../notes.ts'
import { type CycleName, take } from './apply.ts'
import { type AskDeps, ask } from './ask.ts'
import type { DisputeDeps } from './deps.ts'
import { advanceDispute, followUps, partyOf } from './dispute.ts'
import { aboutPayment, findDisputed } from './facts.ts'
import { pay, payWon } from './pay.ts'
import { addEvent, findDue, lockDispute, type StoredDispute, saveDispute } from './store.ts'

/** The clocks of disputes. A clock warns and asks; what it means for money a report decides. @source settlement.md §6.4 */

const DAY_MS = 86_400_000
/** Looked at in one sweep at most; the rest has the next one. */
const MAX_SWEPT = 500
/** A lien without a court's order ends then: people are told. @source settlement.md R10 */
const LIEN_DAYS = 90

export type Swept = { readonly warned: number; readonly answered: number; readonly liens: number }

/**
 * Warns of answers that are due within a day (B20), answers chargebacks by the rules where the hub knows the answer, tells of liens that are
 * 90 days old (B28), and takes up money that is won and waits for its customer.
 * @throws when the database is away; the next sweep comes
 */
export async function sweepDisputes(deps: DisputeDeps & AskDeps): Promise<Swept> {
  const now = deps.clock.now()
  let [warned, answered] = [0, 0]
  for (const seen of await findDue(deps.db, now + DAY_MS, MAX_SWEPT)) {
    if (await answerBySelf(deps, seen)) answered += 1
    if (seen.warnedAt === null && (await warn(deps, seen))) warned += 1
  }
  const liens = await tellOldLiens(deps, now)
  await payWon(deps)
  return { warned, answered, liens }
}

/** Whether it is our turn in a dispute. */
const isOurs = (dispute: StoredDispute, rules: DisputeDeps['rules']): boolean =>
  followUps(dispute.family, dispute.state, dispute.on, rules).some(
    (rule) => rule.by.includes(partyOf(dispute.direction)) || rule.by.includes('bank'),
  )

async function warn(deps: DisputeDeps, seen: StoredDispute): Promise<boolean> {
  return inTransaction(deps.db, async (tx) => {
    const dispute = await lockDispute(tx, seen.id)
    if (dispute === undefined || dispute.dueAt === null || dispute.warnedAt !== null) return false
    const payment = await findDisputed(tx, dispute.tenantId, dispute.paymentId)
    if (payment === undefined) return false
    const at = deps.clock.now()
    const ours = isOurs(dispute, deps.rules) && dispute.pending === null
    const saved = await saveDispute(tx, { ...dispute, warnedAt: at, updatedAt: at })
    await addEvent(tx, saved, {
      at,
      kind: 'warned',
      flag: dispute.flag,
      reason: dispute.reason,
      actor: 'hub',
      from: dispute.state,
      to: dispute.state,
      funds: 'none',
      amountPaise: 0n,
      source: null,
      rule: null,
      note: note(ours ? 'our_answer_due' : 'their_answer_due'),
    })
    if (ours) {
      await deps.openBreak(tx, {
        type: 'B20',
        ...aboutPayment(payment),
        amountPaise: dispute.amountPaise,
        action:
          dispute.dueFlag === null
            ? writeDetail('answer_dispute', { flag: dispute.flag, dispute: dispute.id })
            : writeDetail('answer_or_deemed', { flag: dispute.flag, dispute: dispute.id, dueFlag: dispute.dueFlag }),
        deadline: dispute.dueAt,
      })
    }
    return ours
  })
}

/**
 * Answers what the hub knows the answer to, as a row for people to let go: a chargeback of a payment that we have credited is represented once
 * its papers are there, one that we have not is accepted, a good-faith credit that our customer does not need goes back, one that it has is kept.
 * Only within the last day: until then people may know better.
 */
async function answerBySelf(deps: DisputeDeps & AskDeps, seen: StoredDispute): Promise<boolean> {
  return inTransaction(deps.db, async (tx) => {
    const dispute = await lockDispute(tx, seen.id)
    if (dispute === undefined || dispute.state !== 'raised' || dispute.pending !== null) return false
    if (dispute.dueAt === null || dispute.dueAt < deps.clock.now()) return false
    const payment = await findDisputed(tx, dispute.tenantId, dispute.paymentId)
    if (payment === undefined) return false
    const answer = answerOf(dispute, payment.state === 'succeeded')
    if (answer === undefined) return false
    const asked = await ask(tx, deps, {
      tenantId: dispute.tenantId,
      paymentId: dispute.paymentId,
      disputeId: dispute.id,
      ...answer,
      actor: 'hub',
    })
    return asked.kind === 'asked'
  })
}

type Answer = { readonly flag: string; readonly reason: string }

/** The answer that follows from what the hub's own books say; undefined: people must find out. */
export function answerOf(
  { family, direction, heldPaise }: Pick<StoredDispute, 'family' | 'direction' | 'heldPaise'>,
  credited: boolean,
): Answer | undefined {
  if (direction === 'inward') {
    if (family === 'chargeback') return credited ? { flag: 'R', reason: '208' } : { flag: 'A', reason: '111' }
    if (family === 'deferred') return credited ? { flag: 'FR', reason: '123' } : { flag: 'FA', reason: '122' }
    if (family === 'remitter_good_faith')
      return credited ? { flag: 'BGRC', reason: 'BGR1' } : { flag: 'BGAC', reason: 'BCA1' }
    return undefined
  }
  if (family !== 'beneficiary_good_faith') return undefined
  return heldPaise > 0n ? { flag: 'RGRC', reason: 'RGR1' } : { flag: 'RGAC', reason: 'RCA1' }
}

type OldLien = {
  lien_id: string
  tenant_id: number
  amount: bigint
  payment_id: string | null
  institution: string | null
  rrn: string | null
  lane: number | null
}

/** Liens of disputes that are older than 90 days. The break is opened once. */
async function tellOldLiens(deps: DisputeDeps, now: number): Promise<number> {
  const rows = await deps.db<OldLien[]>`
    select l.lien_id, l.tenant_id, l.amount, d.payment_id, d.institution, d.rrn, d.lane
    from dispute d join lien l on l.lien_id = d.lien_id
    where d.closed_at is null and l.released_at is null and l.placed_at < ${toRfc3339(now - LIEN_DAYS * DAY_MS)}::timestamptz
    order by l.lien_id limit ${MAX_SWEPT}`
  for (const row of rows) {
    if (row.payment_id === null) continue
    const id = paymentIdOf(row.payment_id)
    await inTransaction(deps.db, async (tx) => {
      const payment = await findDisputed(tx, row.tenant_id, id)
      if (payment === undefined) return
      await deps.openBreak(tx, {
        type: 'B28',
        ...aboutPayment(payment),
        amountPaise: row.amount,
        action: writeDetail('old_lien', { lien: `lie_${row.lien_id.replaceAll('-', '')}`, days: LIEN_DAYS }),
        deadline: null,
      })
    })
  }
  return rows.length
}

/**
 * What the silence of a cycle's report says: answers whose time was over before the cycle began, and that it still does not have, are given
 * as NPCI takes them. For the pipeline, after every line of the cycle. Safe to call again.
 * @param beganAt  of the cycle whose report is in: epoch milliseconds
 * @returns how many disputes moved
 */
export async function lapseDisputes(
  deps: DisputeDeps,
  cycle: CycleName & { readonly institution: string },
  beganAt: number,
): Promise<number> {
  let count = 0
  for (const seen of await findDue(deps.db, beganAt, MAX_SWEPT, cycle.institution)) {
    const moved = await inTransaction(deps.db, async (tx) => {
      const dispute = await lockDispute(tx, seen.id)
      if (dispute === undefined || dispute.dueAt === null || dispute.dueAt >= beganAt) return undefined
      const payment = await findDisputed(tx, dispute.tenantId, dispute.paymentId)
      if (payment === undefined) return undefined
      const standing = { amountPaise: payment.amountPaise, on: payment.on, facts: new Set<never>() }
      const step = advanceDispute(dispute, { kind: 'lapsed', at: beganAt }, standing, deps.rules)
      const at = deps.clock.now()
      const said = { kind: 'lapsed', actor: 'hub', source: null } as const
      if (step.kind === 'people') {
        const saved = await saveDispute(tx, { ...dispute, dueAt: null, dueFlag: null, updatedAt: at })
        const stays = { from: dispute.state, to: dispute.state, funds: 'none', amountPaise: 0n, rule: null } as const
        await addEvent(tx, saved, {
          ...said,
          ...stays,
          at,
          flag: dispute.flag,
          reason: dispute.reason,
          note: note('npci_says'),
        })
        await deps.openBreak(tx, {
          type: 'B20',
          ...aboutPayment(payment),
          amountPaise: dispute.amountPaise,
          action: writeDetail('no_answer_in_time', { flag: dispute.flag, dispute: dispute.id }),
          deadline: null,
        })
        return undefined
      }
      if (step.kind !== 'moved') return undefined
      return take(tx, deps, payment, dispute, step, {
        cycle,
        at,
        on: dispute.on,
        amountPaise: dispute.amountPaise,
        event: {
          ...said,
          flag: step.rule?.flag ?? dispute.flag,
          reason: step.rule?.reasons[0] ?? dispute.reason,
          note: null,
        },
      })
    })
    if (moved === undefined) continue
    count += 1
    await pay(deps, moved)
  }
  return count
}

/** Sweeps at once and then again and again, `everyMs` after the last one was done; the cancel waits for the one that runs. */
export function startSweepingDisputes(deps: DisputeDeps & AskDeps, log: Log, everyMs: number): () => Promise<void> {
  let cancel: Cancel = () => undefined
  let stopped = false
  let failing = false
  const run = async (): Promise<void> => {
    try {
      await sweepDisputes(deps)
      failing = false
    } catch (error) {
      if (!failing) log.warn({ err: error }, 'the clocks of disputes cannot be looked at now')
      failing = true
    }
    if (!stopped) cancel = deps.clock.after(everyMs, next)
  }
  let running = run()
  function next(): void {
    running = run()
  }
  return async () => {
    stopped = true
    cancel()
    await running
  }
}
