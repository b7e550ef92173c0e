import type { Clock } from '../../base/clock.ts'
import { toRfc3339 } from '../../base/clock.ts'
import type { AccountId } from '../../base/identifiers.ts'
import {
  accountIdOf,
  accountKey,
  laneOfAccount,
  laneOfPayment,
  paymentIdOf,
  paymentKey,
} from '../../base/identifiers.ts'
import type { Db, Tx } from '../../db/pool.ts'
import { inTransaction } from '../../db/transaction.ts'
import { hubAccount } from '../../ledger/chart.ts'
import { postJournal } from '../../ledger/journals.ts'

/** Why compensation that is due has not been paid: what its account is. */
export const waitReasons = ['account_frozen', 'account_closed'] as const
export type WaitReason = (typeof waitReasons)[number]

/** Hours from a try that found the account taking nothing to the next one: an hour, four hours, and then a day, for as long as it takes. */
export const AGAIN_HOURS = [1, 4, 24] as const
const HOUR_MS = 3_600_000

/** When it is tried again after so many tries. @returns epoch milliseconds */
export const againAt = (tries: number, now: number): number =>
  now + (AGAIN_HOURS[Math.min(tries, AGAIN_HOURS.length) - 1] ?? AGAIN_HOURS[0]) * HOUR_MS

/** What came of a try. */
export type Paid =
  | { readonly kind: 'paid'; readonly to: AccountId }
  | { readonly kind: 'waits'; readonly reason: WaitReason }
  /** Paid before, still accruing, or nobody's. */
  | { readonly kind: 'not_due' }

/** Looked at in one sweep at most; the rest has the next one. */
const MAX_PAID = 1_000

/**
 * Pays what is due and whose time has come, the longest waiting first. Safe to call again, and beside others who do.
 * @returns how many were paid
 * @source RBI/2019-20/67: suo motu
 */
export async function payDue(
  { db, clock }: { readonly db: Db; readonly clock: Clock },
  institution: string,
): Promise<number> {
  const now = clock.now()
  const due = await db<{ compensation_id: string }[]>`
    select compensation_id from compensation
    where institution = ${institution} and state = 'due' and direction = 'outward' and payment_id is not null and amount > 0
      and (try_at is null or try_at <= ${toRfc3339(now)}::timestamptz)
    order by try_at nulls first, compensation_id limit ${MAX_PAID}`
  let paid = 0
  for (const { compensation_id } of due)
    if ((await inTransaction(db, (tx) => payCompensation(tx, compensation_id, now))).kind === 'paid') paid += 1
  return paid
}

/**
 * Dr COMP-REC or COMP-EXP Cr CUST, once. To the account that the payment left, or to another one, which the caller has made sure is the
 * same customer's. An account that is frozen or closed takes nothing: it stays due, with that as its reason, until it is tried again.
 * In the caller's transaction, which must be the hub's own.
 * @param id  the row's UUID
 */
export async function payCompensation(tx: Tx, id: string, now: number, to?: AccountId): Promise<Paid> {
  const [due] = await tx<
    {
      tenant_id: number
      institution: string
      payment_id: string | null
      owed_by: 'us' | 'other_bank'
      amount: bigint
      tries: number
    }[]
  >`
    select tenant_id, institution, payment_id, owed_by, amount, tries from compensation
    where compensation_id = ${id}::uuid and state = 'due' and direction = 'outward' for update`
  if (due === undefined || due.payment_id === null || due.amount === 0n) return { kind: 'not_due' }
  const payment = paymentIdOf(due.payment_id)
  const lane = laneOfPayment(payment)
  const [left] = await tx<{ account_id: bigint | null }[]>`
    select account_id from payment where lane = ${lane} and payment_id = ${due.payment_id}::uuid`
  if (left === undefined || left.account_id === null) return { kind: 'not_due' }
  const account = to ?? accountIdOf(left.account_id)
  const from = hubAccount(due.owed_by === 'us' ? 'COMP-EXP' : 'COMP-REC', lane)
  // Both, in the one order of all: it cannot be frozen or closed until this is done.
  const locked = await tx<{ account_id: bigint; status: 'open' | 'frozen' | 'closed' }[]>`
    select account_id, status from account
    where (lane = ${lane} and account_id = ${accountKey(from)})
       or (lane = ${laneOfAccount(account)} and account_id = ${accountKey(account)})
    order by lane, account_id for update`
  const status = locked.find((one) => accountIdOf(one.account_id) === account)?.status
  if (status !== 'open') {
    const reason: WaitReason = status === 'frozen' ? 'account_frozen' : 'account_closed'
    const tries = due.tries + 1
    if (to === undefined)
      await tx`
        update compensation set waits = ${reason}, tries = ${tries}, try_at = ${toRfc3339(againAt(tries, now))}::timestamptz,
          updated_at = ${toRfc3339(now)}::timestamptz
        where compensation_id = ${id}::uuid`
    return { kind: 'waits', reason }
  }
  await postJournal(tx, {
    transferKey: `pay:${paymentKey(payment)}`,
    event: 'compensation',
    kind: 'compensation',
    ruleVersion: 'compensation:2019-10-15',
    tenantId: due.tenant_id,
    institution: due.institution,
    legs: [
      { account: from, amountPaise: -due.amount },
      { account, amountPaise: due.amount },
    ],
    at: now,
  })
  await tx`
    update compensation set state = 'paid', waits = null, try_at = null, paid_to = ${accountKey(account)}::bigint,
      paid_at = ${toRfc3339(now)}::timestamptz, updated_at = ${toRfc3339(now)}::timestamptz
    where compensation_id = ${id}::uuid`
  return { kind: 'paid', to: account }
}
