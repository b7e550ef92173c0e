import { toRfc3339 } from '../base/clock.ts'
import { paymentKey, paymentLinkKey } from '../base/identifiers.ts'
import { numbers, words } from '../db/arrays.ts'
import type { Tx } from '../db/pool.ts'
import { type LinkCredit, type LinkEventType, type PaymentLink, statusOf } from './link.ts'

/** What happened to a link that is locked, as it stands afterwards. */
export type LinkChange = {
  readonly link: PaymentLink
  readonly event: LinkEventType
  /** What came in; null: nothing did. */
  readonly credit: LinkCredit | null
}

/** The link after one more event. @param now  epoch milliseconds */
export const changed = (
  link: PaymentLink,
  event: LinkEventType,
  now: number,
  more: Partial<Pick<PaymentLink, 'state' | 'receivedPaise' | 'lastCredit'>> = {},
  credit: LinkCredit | null = null,
): LinkChange => ({ link: { ...link, ...more, version: link.version + 1, updatedAt: now }, event, credit })

/**
 * Writes what changed, in order: each link as it stands after the last of its changes, and an event for every one. The links are locked by `tx`.
 * The promises are the caller's to await.
 */
export function writeChanges(tx: Tx, changes: readonly LinkChange[], now: number): Promise<unknown>[] {
  if (changes.length === 0) return []
  const links = [...new Map(changes.map(({ link }) => [link.id, link])).values()]
  const at = toRfc3339(now)
  return [
    tx`
      update payment_link l set state = s.state, received = s.received, version = s.version, updated_at = ${at}::timestamptz
      from unnest(${words(links, ({ id }) => paymentLinkKey(id))}::uuid[], ${words(links, ({ state }) => state)}::text[],
                  ${numbers(links, ({ receivedPaise }) => receivedPaise)}::bigint[], ${numbers(links, ({ version }) => version)}::integer[])
        as s (link_id, state, received, version)
      where l.link_id = s.link_id`.execute(),
    tx`
      insert into payment_link_event (link_id, sequence, tenant_id, type, payment_id, status, received, at)
      select link_id, sequence, tenant_id, type, payment_id, status, received, ${at}::timestamptz
      from unnest(${words(changes, ({ link }) => paymentLinkKey(link.id))}::uuid[], ${numbers(changes, ({ link }) => link.version)}::integer[],
                  ${numbers(changes, ({ link }) => link.tenantId)}::integer[], ${words(changes, ({ event }) => event)}::text[],
                  ${words(changes, ({ credit }) => (credit === null ? null : paymentKey(credit.paymentId)))}::uuid[],
                  ${words(changes, ({ link }) => statusOf(link, now))}::text[], ${numbers(changes, ({ link }) => link.receivedPaise)}::bigint[])
        as s (link_id, sequence, tenant_id, type, payment_id, status, received)`.execute(),
  ]
}
