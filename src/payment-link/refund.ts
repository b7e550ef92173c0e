import { toRfc3339 } from '../base/clock.ts'
import type { AccountId, PaymentId, PaymentLinkId } from '../base/identifiers.ts'
import { accountIdOf, paymentIdOf, paymentKey, paymentLinkKey } from '../base/identifiers.ts'
import type { Paise } from '../base/money.ts'
import { numbers, words } from '../db/arrays.ts'
import type { Db, Tx } from '../db/pool.ts'

/** What a payment gives back: one credit of a link. */
export type RefundOf = { readonly link: PaymentLinkId; readonly credit: PaymentId }

type Credit = {
  readonly tenantId: number
  readonly accountId: AccountId
  readonly amountPaise: bigint
  /** Counted on by the batch, for the next refund in it. */
  refundedPaise: bigint
}
/** Credits that are locked, by their payments. */
export type Refundable = ReadonlyMap<PaymentId, Credit>

/**
 * What was given back of the credit `c`: the sum of its refunds but those whose money is back with the merchant. One whose outcome nobody knows counts.
 */
export const refundedOf = (db: Db | Tx) => db`
  select coalesce(sum(r.amount), 0)::bigint from payment_link_refund r join payment p on p.payment_id = r.payment_id
  where r.credit_id = c.payment_id and p.state not in ('declined', 'refused', 'cancelled', 'returned')`

/**
 * Locks credits and says what was given back of them, for door 1. The sum is another statement than the lock: it must see what whoever had the
 * lock before has committed.
 */
export async function lockRefundable(tx: Tx, refunds: readonly RefundOf[]): Promise<Refundable> {
  if (refunds.length === 0) return new Map()
  const ids = words([...new Set(refunds.map(({ credit }) => credit))], paymentKey)
  const locked = tx`
    select from payment_link_credit where payment_id = any(${ids}::uuid[]) order by payment_id for no key update`.execute()
  const [rows] = await Promise.all([
    tx<{ payment_id: string; tenant_id: number; account_id: bigint; amount: bigint; refunded: bigint }[]>`
      select c.payment_id, c.tenant_id, l.account_id, c.amount, (${refundedOf(tx)}) as refunded
      from payment_link_credit c join payment_link l on l.link_id = c.link_id
      where c.payment_id = any(${ids}::uuid[])`,
    locked,
  ])
  return new Map(
    rows.map((row) => [
      paymentIdOf(row.payment_id),
      {
        tenantId: row.tenant_id,
        accountId: accountIdOf(row.account_id),
        amountPaise: row.amount,
        refundedPaise: row.refunded,
      },
    ]),
  )
}

/** How much of a credit this account can still give back, in paise; nothing of what is not its own. */
export const refundablePaise = (credit: Credit | undefined, tenantId: number, from: AccountId): bigint =>
  credit === undefined || credit.tenantId !== tenantId || credit.accountId !== from
    ? 0n
    : credit.amountPaise - credit.refundedPaise

/** Writes what payments give back, in the commit that takes them. */
export function insertRefunds(
  tx: Tx,
  refunds: readonly {
    readonly refundOf: RefundOf
    readonly payment: { readonly id: PaymentId; readonly tenantId: number; readonly amountPaise: Paise }
  }[],
  now: number,
): Promise<unknown> {
  return tx`
    insert into payment_link_refund (payment_id, credit_id, link_id, tenant_id, amount, made_at)
    select payment_id, credit_id, link_id, tenant_id, amount, ${toRfc3339(now)}::timestamptz
    from unnest(${words(refunds, ({ payment }) => paymentKey(payment.id))}::uuid[], ${words(refunds, ({ refundOf }) => paymentKey(refundOf.credit))}::uuid[],
                ${words(refunds, ({ refundOf }) => paymentLinkKey(refundOf.link))}::uuid[], ${numbers(refunds, ({ payment }) => payment.tenantId)}::integer[],
                ${numbers(refunds, ({ payment }) => payment.amountPaise)}::bigint[])
      as s (payment_id, credit_id, link_id, tenant_id, amount)`.execute()
}
