import { paymentKey } from '../../base/identifiers.ts'
import type { Db, Tx } from '../../db/pool.ts'
import { inTransaction } from '../../db/transaction.ts'
import { isClosed } from '../../imps/disputes/rule.ts'
import type { ChartCode } from '../../ledger/chart.ts'
import { hubAccount } from '../../ledger/chart.ts'
import { postJournal } from '../../ledger/journals.ts'
import { recordById } from '../../payment/record.ts'
import { type NoteCode, note, writeDetail } from '../notes.ts'
import type { DisputeDeps } from './deps.ts'
import { aboutPayment, type DisputedPayment, findDisputed } from './facts.ts'
import { heldCode } from './money.ts'
import { addEvent, findUnpaid, lockDispute, type StoredDispute, saveDispute } from './store.ts'

/**
 * Gives what was won to whom it belongs: the customer, by door 2 and once in the life of a payment; what comes a second time, or is not the
 * whole amount, to suspense with a break. Safe to call again: what a crash left is taken up.
 * @throws when the database is away
 */
export async function pay(deps: DisputeDeps, dispute: StoredDispute): Promise<void> {
  if (dispute.heldPaise === 0n || !isOwed(dispute)) return
  const payment = await inTransaction(deps.db, (tx) => findDisputed(tx, dispute.tenantId, dispute.paymentId))
  if (payment === undefined) throw new Error(`dispute ${dispute.id} is about no payment`)
  if (dispute.direction === 'inward') return payInward(deps, dispute, payment)
  if (dispute.heldPaise !== payment.amountPaise) return toSuspense(deps, dispute, payment, 'part_of_amount')
  const fact = heldCode(dispute.family, dispute.direction) === 'RET-PAY' ? 'refunded' : 'dispute_won'
  const credit = await creditOf(deps.db, dispute)
  if (credit !== undefined) {
    // Written in the commit of the credit: it was this one, and the process died before it said so here; or it was another's.
    if (credit.by === fact && !credit.settled) return paid(deps, dispute)
    if (isClosed(dispute.state)) return toSuspense(deps, dispute, payment, 'customer_had_it')
    return
  }
  const recorded = await recordById(deps.room, payment.id, { kind: fact })
  if (recorded.kind === 'moved') return paid(deps, dispute)
  if (recorded.kind === 'stuck') return stuck(deps, dispute, payment)
  if (isClosed(dispute.state)) await toSuspense(deps, dispute, payment, 'cannot_give_back')
}

/** What is won when it is over; and a good-faith credit, which is the customer's the day it comes. @source settlement.md R2, §6.2 */
const isOwed = ({ state, family, direction }: StoredDispute): boolean =>
  isClosed(state) || (family === 'beneficiary_good_faith' && direction === 'outward' && state === 'raised')

/** Who credited the customer of this payment, and whether one of its disputes says that it was it. */
async function creditOf(
  db: Db,
  { paymentId }: StoredDispute,
): Promise<{ readonly by: string; readonly settled: boolean } | undefined> {
  const [row] = await db<{ by: string; settled: boolean }[]>`
    select c.by, exists (select from dispute d join dispute_event e using (dispute_id)
                         where d.payment_id = c.payment_id and e.kind = 'settled' and e.note = ${note('to_customer')}) as settled
    from credit_once c where c.payment_id = ${paymentKey(paymentId)}::uuid and c.direction = 'outward'`
  return row
}

/** Good faith of the remitter bank: what we could not credit when it came can be credited now. */
async function payInward(deps: DisputeDeps, dispute: StoredDispute, payment: DisputedPayment): Promise<void> {
  if (payment.state !== 'declined' || dispute.heldPaise !== payment.amountPaise)
    return toSuspense(deps, dispute, payment, 'customer_had_it')
  await empty(deps, dispute, payment, 'IN-CLR', 'kept', 'to_be_credited')
  await recordById(deps.room, payment.id, { kind: 'credited_late' })
}

type SuspenseReason = 'part_of_amount' | 'customer_had_it' | 'cannot_give_back'

async function toSuspense(
  deps: DisputeDeps,
  dispute: StoredDispute,
  payment: DisputedPayment,
  why: SuspenseReason,
): Promise<void> {
  const code = dispute.direction === 'outward' ? 'SUSP-OUT' : 'SUSP-IN'
  await empty(deps, dispute, payment, code, 'suspended', why, async (tx, amountPaise) =>
    deps.openBreak(tx, {
      type: 'B18',
      ...aboutPayment(payment),
      amountPaise,
      action: writeDetail(`suspended_${why}`, { dispute: dispute.id }),
      deadline: null,
    }),
  )
}

/** Moves what a dispute holds to another account of the hub, once. */
async function empty(
  deps: DisputeDeps,
  seen: StoredDispute,
  payment: DisputedPayment,
  to: ChartCode,
  event: string,
  why: NoteCode,
  tell?: (tx: Tx, amountPaise: bigint) => Promise<void>,
): Promise<void> {
  const at = deps.clock.now()
  await inTransaction(deps.db, async (tx) => {
    const dispute = await lockDispute(tx, seen.id)
    if (dispute === undefined || dispute.heldPaise === 0n) return
    const amountPaise = dispute.heldPaise
    await postJournal(tx, {
      transferKey: `dsp:${dispute.id.slice(4)}`,
      event,
      occurrence: dispute.version,
      kind: event === 'suspended' ? 'suspense' : 'dispute',
      ruleVersion: dispute.rules,
      tenantId: dispute.tenantId,
      institution: dispute.institution,
      legs: [
        { account: hubAccount(heldCode(dispute.family, dispute.direction), payment.lane), amountPaise: -amountPaise },
        { account: hubAccount(to, payment.lane), amountPaise },
      ],
      at,
    })
    const saved = await saveDispute(tx, { ...dispute, heldPaise: 0n, updatedAt: at })
    await addEvent(tx, saved, settled(saved, amountPaise, at, why))
    await tell?.(tx, amountPaise)
  })
}

/** Door 2 has credited the customer: the dispute holds nothing any more. */
async function paid({ db, clock, crashPoint }: DisputeDeps, seen: StoredDispute): Promise<void> {
  crashPoint?.('dispute:paid')
  await inTransaction(db, async (tx) => {
    const dispute = await lockDispute(tx, seen.id)
    if (dispute === undefined || dispute.heldPaise === 0n) return
    const at = clock.now()
    const saved = await saveDispute(tx, { ...dispute, heldPaise: 0n, updatedAt: at })
    await addEvent(tx, saved, settled(saved, dispute.heldPaise, at, 'to_customer'))
  })
}

const settled = ({ state }: StoredDispute, amountPaise: bigint, at: number, why: NoteCode) =>
  ({
    at,
    kind: 'settled',
    flag: null,
    reason: null,
    actor: 'hub',
    from: state,
    to: state,
    funds: 'none',
    amountPaise,
    source: null,
    rule: null,
    note: note(why),
  }) as const

/** The account is frozen or closed: the money waits, ages, and is tried again with every sweep. */
async function stuck(deps: DisputeDeps, dispute: StoredDispute, payment: DisputedPayment): Promise<void> {
  await inTransaction(deps.db, (tx) =>
    deps.openBreak(tx, {
      type: 'B16',
      ...aboutPayment(payment),
      amountPaise: dispute.heldPaise,
      action: writeDetail('dispute_stuck', { dispute: dispute.id }),
      deadline: null,
    }),
  )
}

/** Disputes that are paid in one sweep at most; the rest has the next one. */
const MAX_PAID = 500

/** Takes up what is won and not with its customer yet. @returns how many were looked at */
export async function payWon(deps: DisputeDeps): Promise<number> {
  const found = await findUnpaid(deps.db, MAX_PAID)
  for (const dispute of found) await pay(deps, dispute)
  return found.length
}
