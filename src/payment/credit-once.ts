import { toRfc3339 } from '../base/clock.ts'
import type { PaymentId, Rrn } from '../base/identifiers.ts'
import { paymentIdOf, paymentKey } from '../base/identifiers.ts'
import { numbers, texts, words } from '../db/arrays.ts'
import type { Tx } from '../db/pool.ts'
import type { StoredPayment } from './stored.ts'

/**
 * One credit to the customer in the life of a payment: a token per (RRN, remitter bank, direction), written in the commit of the credit,
 * whatever brings it: a decline, a UDIR reversal, a RET, a chargeback, people. @source settlement.md §4.5, I4
 */
export type NewCredit = {
  readonly payment: StoredPayment
  readonly rrn: Rrn
  /** The fact. */
  readonly by: string
  readonly ledger: 'void' | 'return' | 'award' | 'credit'
}

/** Which of these payments have had their one credit. Read behind the lock on the payments. */
export async function findCredits(tx: Tx, payments: readonly StoredPayment[]): Promise<Set<PaymentId>> {
  const rows = await tx<{ payment_id: string }[]>`
    select c.payment_id from credit_once c where c.payment_id = any(${words(payments, (p) => paymentKey(p.id))}::uuid[])`
  return new Set(rows.map((row) => paymentIdOf(row.payment_id)))
}

/** @throws through its promise when one of them has had it: nothing of the batch is written then */
export function writeCredits(tx: Tx, credits: readonly NewCredit[], now: number): Promise<unknown> {
  return tx`
    insert into credit_once (rrn, nbin, direction, tenant_id, payment_id, by, ledger, at)
    select rrn, nbin, direction, tenant_id, payment_id, by, ledger, ${toRfc3339(now)}::timestamptz
    from unnest(${words(credits, (c) => c.rrn)}::text[], ${texts(credits, (c) => c.payment.remitterBank)}::text[],
                ${words(credits, (c) => c.payment.direction)}::text[], ${numbers(credits, (c) => c.payment.tenantId)}::integer[],
                ${words(credits, (c) => paymentKey(c.payment.id))}::uuid[], ${words(credits, (c) => c.by)}::text[],
                ${words(credits, (c) => c.ledger)}::text[])
      as s (rrn, nbin, direction, tenant_id, payment_id, by, ledger)`.execute()
}

/** What was put under lien for a payment that is to be taken back. */
export type PaymentLien = { readonly lienId: string; readonly accountId: bigint; readonly amountPaise: bigint }

/** The open liens that were placed for these payments: their reference is the payment's id. */
export async function lockLiensFor(tx: Tx, ids: readonly PaymentId[]): Promise<Map<PaymentId, PaymentLien>> {
  const found = new Map<PaymentId, PaymentLien>()
  if (ids.length === 0) return found
  const rows = await tx<{ lien_id: string; account_id: bigint; amount: bigint; reference: PaymentId }[]>`
    select lien_id, account_id, amount, reference from lien
    where reference = any(${words(ids, (id) => id)}::text[]) and released_at is null order by lien_id for update`
  for (const row of rows) {
    found.set(row.reference, { lienId: row.lien_id, accountId: row.account_id, amountPaise: row.amount })
  }
  return found
}

/** Lets liens go in the commit that takes the money. */
export function releaseLiensFor(tx: Tx, liens: readonly PaymentLien[], now: number): Promise<unknown>[] {
  if (liens.length === 0) return []
  const at = toRfc3339(now)
  return [
    tx`
      with gone as (
        update lien set released_by = 'hub', released_at = ${at}::timestamptz
        where lien_id = any(${words(liens, (l) => l.lienId)}::uuid[]) and released_at is null returning account_id, amount)
      update account a set lien = a.lien - s.amount
      from (select account_id, sum(amount)::bigint as amount from gone group by account_id) s
      where a.lane = s.account_id % 64 and a.account_id = s.account_id`.execute(),
  ]
}

/**
 * The one credit of an outward payment that no fact of it brings: the bank's own money, given for good. What another way brings later finds
 * that the customer has had it.
 * @throws through its promise when it has had it before
 */
export function claimCredit(
  tx: Tx,
  payment: {
    readonly id: PaymentId
    readonly rrn: string
    readonly remitterBank: string
    readonly tenantId: number
  },
  by: string,
  now: number,
): Promise<unknown> {
  return tx`
    insert into credit_once (rrn, nbin, direction, tenant_id, payment_id, by, ledger, at)
    values (${payment.rrn}, ${payment.remitterBank}, 'outward', ${payment.tenantId}, ${paymentKey(payment.id)}::uuid, ${by}, 'award',
            ${toRfc3339(now)}::timestamptz)`.execute()
}
