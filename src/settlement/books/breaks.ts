import { toRfc3339 } from '../../base/clock.ts'
import type { Lane, PaymentId } from '../../base/identifiers.ts'
import { paymentKey } from '../../base/identifiers.ts'
import { numbers, texts, words } from '../../db/arrays.ts'
import type { Db, Tx } from '../../db/pool.ts'
import { breakTypes } from '../match/break-types.ts'

/** What the books put before people; where core, hub and raw files differ the match does. @source settlement.md §7.3 */
export type BooksBreak = {
  readonly type: 'B02' | 'B03' | 'B04' | 'B11' | 'B14' | 'B15' | 'B16' | 'B18' | 'B19' | 'B21' | 'B22'
  readonly payment: { readonly id: PaymentId; readonly lane: Lane } | null
  readonly institution?: string
  readonly direction?: 'outward' | 'inward'
  readonly rrn?: string
  readonly amountPaise?: bigint
  /** What was learned, without personal data; with the type and the payment it is opened once. */
  readonly detail: string
}

/** Opens breaks, each once while it is open. */
export async function openBooksBreaks(db: Db | Tx, breaks: readonly BooksBreak[], at: number): Promise<void> {
  if (breaks.length === 0) return
  await db`
    insert into break (lane, payment_id, kind, detail, institution, direction, rrn, amount, action, opened_at)
    select s.lane, s.payment_id, s.kind, s.detail, coalesce(s.institution, p.institution), coalesce(s.direction, p.direction),
           coalesce(s.rrn, p.rrn), coalesce(s.amount, p.amount), s.action, ${toRfc3339(at)}::timestamptz
    from unnest(${numbers(breaks, (b) => b.payment?.lane ?? null)}::smallint[],
                ${words(breaks, (b) => (b.payment === null ? null : paymentKey(b.payment.id)))}::uuid[],
                ${words(breaks, (b) => b.type)}::text[], ${texts(breaks, (b) => b.detail)}::text[],
                ${texts(breaks, (b) => b.institution ?? null)}::text[], ${texts(breaks, (b) => b.direction ?? null)}::text[],
                ${texts(breaks, (b) => b.rrn ?? null)}::text[], ${numbers(breaks, (b) => b.amountPaise ?? null)}::bigint[],
                ${words(breaks, (b) => breakTypes[b.type].action)}::text[])
      as s (lane, payment_id, kind, detail, institution, direction, rrn, amount, action)
    left join payment p on p.payment_id = s.payment_id and p.lane = s.lane
    where not exists (select from break b where b.kind = s.kind and b.detail = s.detail
                      and b.payment_id is not distinct from s.payment_id and b.closed_at is null)
    on conflict (payment_id, kind, detail) where payment_id is not null do nothing`
}
