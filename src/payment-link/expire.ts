import { toRfc3339 } from '../base/clock.ts'
import { paymentLinkKey } from '../base/identifiers.ts'
import type { Vault } from '../base/vault.ts'
import { words } from '../db/arrays.ts'
import type { Db } from '../db/pool.ts'
import { inTransaction } from '../db/transaction.ts'
import { changed, writeChanges } from './change.ts'
import type { PaymentLink } from './link.ts'
import { type LinkRow, linksOf } from './store.ts'

/** Links in one commit. */
const MOST = 500

/**
 * Tells once of each link whose time is over and that was not paid. It changes nothing about money: a link is expired by the clock of whoever looks,
 * whether this ran or not. Beside any number of processes that do the same.
 * @param now  epoch milliseconds
 * @returns the links that it told of, as they stand now
 */
export async function tellExpired(db: Db, vault: Vault, now: number): Promise<readonly PaymentLink[]> {
  return inTransaction(db, async (tx) => {
    const rows = await tx<LinkRow[]>`
      select * from payment_link
      where state = 'open' and not expiry_told and expires_at <= ${toRfc3339(now)}::timestamptz
      order by expires_at limit ${MOST} for no key update skip locked`
    if (rows.length === 0) return []
    const links = await linksOf(
      vault,
      rows.map((row) => ({ ...row, payment_id: null, credited: null, rrn: null, outcome: null, credited_at: null })),
    )
    const changes = links.map((link) => changed(link, 'expired', now))
    await Promise.all([
      ...writeChanges(tx, changes, now),
      tx`update payment_link set expiry_told = true where link_id = any(${words(links, ({ id }) => paymentLinkKey(id))}::uuid[])`,
    ])
    return changes.map(({ link }) => link)
  })
}
