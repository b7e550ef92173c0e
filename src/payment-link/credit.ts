import { toRfc3339 } from '../base/clock.ts'
import { paymentKey, paymentLinkKey } from '../base/identifiers.ts'
import { numbers, words } from '../db/arrays.ts'
import type { Tx } from '../db/pool.ts'
import { changed, type LinkChange, writeChanges } from './change.ts'
import { judgeCredit, type LinkCredit, type PaymentLink, toldOf } from './link.ts'

/**
 * What a payment that is being credited is to the link it names, by the rules of `judgeCredit`: one change for each thing there is to tell.
 * The link is locked. @param now  epoch milliseconds, of the commit
 */
export function takeCredit(
  link: PaymentLink,
  paid: Pick<LinkCredit, 'paymentId' | 'amountPaise' | 'rrn'>,
  now: number,
): readonly LinkChange[] {
  const { outcome, state } = judgeCredit(link, paid.amountPaise, now)
  const credit: LinkCredit = { ...paid, outcome, at: now }
  let latest: PaymentLink = {
    ...link,
    state,
    receivedPaise: link.receivedPaise + paid.amountPaise,
    lastCredit: credit,
  }
  return toldOf[outcome].map((event) => {
    const change = changed(latest, event, now, {}, credit)
    latest = change.link
    return change
  })
}

/** Writes credits, and what came of them. The promises are the caller's to await. */
export function writeCredits(tx: Tx, changes: readonly LinkChange[], now: number): Promise<unknown>[] {
  const credits = new Map(
    changes.flatMap(({ link, credit }) => (credit === null ? [] : [[credit.paymentId, { link, credit }] as const])),
  )
  if (credits.size === 0) return []
  const rows = [...credits.values()]
  return [
    tx`
      insert into payment_link_credit (payment_id, link_id, tenant_id, amount, rrn, outcome, credited_at)
      select payment_id, link_id, tenant_id, amount, rrn, outcome, ${toRfc3339(now)}::timestamptz
      from unnest(${words(rows, ({ credit }) => paymentKey(credit.paymentId))}::uuid[], ${words(rows, ({ link }) => paymentLinkKey(link.id))}::uuid[],
                  ${numbers(rows, ({ link }) => link.tenantId)}::integer[], ${numbers(rows, ({ credit }) => credit.amountPaise)}::bigint[],
                  ${words(rows, ({ credit }) => credit.rrn)}::text[], ${words(rows, ({ credit }) => credit.outcome)}::text[])
        as s (payment_id, link_id, tenant_id, amount, rrn, outcome)`.execute(),
    ...writeChanges(tx, changes, now),
  ]
}
