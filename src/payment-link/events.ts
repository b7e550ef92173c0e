import type { PaymentLinkId } from '../base/identifiers.ts'
import { paymentLinkKey } from '../base/identifiers.ts'
import type { Vault } from '../base/vault.ts'
import { numbers, words } from '../db/arrays.ts'
import type { Db, Tx } from '../db/pool.ts'
import type { LinkEventType, LinkStatus, PaymentLink } from './link.ts'
import { linksOf, type WithCredit } from './store.ts'

/** One event of a link, by its number. */
export type LinkEventRef = { readonly id: PaymentLinkId; readonly sequence: number }
/** What happened, and the link as it stood then: of its credits the one that it was, or the newest before. */
export type LinkEvent = LinkEventRef & {
  readonly type: LinkEventType
  readonly at: number
  readonly link: PaymentLink
}

/** Events of links, of whichever tenant the caller may see. What is not there is not in the answer. */
export async function findLinkEvents(
  db: Db | Tx,
  vault: Vault,
  refs: readonly LinkEventRef[],
): Promise<readonly LinkEvent[]> {
  if (refs.length === 0) return []
  const rows = await db<
    (WithCredit & {
      event_sequence: number
      event_type: LinkEventType
      event_at: number
      event_status: LinkStatus
      event_received: bigint
    })[]
  >`
    select l.*, e.sequence as event_sequence, e.type as event_type, e.at as event_at, e.status as event_status, e.received as event_received, last.*
    from unnest(${words(refs, ({ id }) => paymentLinkKey(id))}::uuid[], ${numbers(refs, ({ sequence }) => sequence)}::integer[]) as r (link_id, sequence)
    join payment_link_event e on e.link_id = r.link_id and e.sequence = r.sequence
    join payment_link l on l.link_id = e.link_id
    left join lateral (
      select c.payment_id, c.amount as credited, c.rrn, c.outcome, c.credited_at from payment_link_credit c
      where c.link_id = e.link_id and case when e.payment_id is null then c.credited_at <= e.at else c.payment_id = e.payment_id end
      order by c.payment_id desc limit 1) last on true`
  const links = await linksOf(vault, rows)
  return rows.flatMap((row, i) => {
    const link = links[i]
    if (link === undefined) return []
    const { event_sequence: sequence, event_type: type, event_at: at, event_status: status } = row
    const state = status === 'expired' ? 'open' : status
    const then = { ...link, state, receivedPaise: row.event_received, version: sequence, updatedAt: at }
    return [{ id: link.id, sequence, type, at, link: then }]
  })
}
