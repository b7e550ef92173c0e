import type { Tx } from '../db/pool.ts'

/**
 * The outbox of a restored database. Its rows know the transactions that wrote them, and readers the snapshots in which they looked; in a new
 * database transactions are numbered from the beginning again, and neither means anything. So the rows get new numbers, below all that are to
 * come and in their old order, and readers begin again at the first step that they had not taken over. What they had taken over and is later
 * than that is told again, with the same ids.
 *
 * @param at  of the restore, epoch milliseconds: those who poll tell by it that their place is of another time
 */
export async function renumberOutbox(tx: Tx, at: number): Promise<void> {
  await tx`
    with step as (
      select written_by, written_at from event where written_by is not null
      union all select written_by, written_at from payment_link_event
      union all select written_by, written_at from settlement_event)
    update outbox_reader r set seen = '3:3:'::pg_snapshot, held_by = null, held_until = null, since = coalesce((
      select min(s.written_at) from step s
      where s.written_by >= pg_snapshot_xmin(r.seen) and not pg_visible_in_snapshot(s.written_by, r.seen)), clock_timestamp())`
  // A new number is from 3, the first there is, to the last before any that runs: as many different ones as there are.
  await tx`
    select set_config('turant.first', min(least)::text, true), set_config('turant.span', greatest(max(most) - min(least), 1)::text, true),
           set_config('turant.room', greatest(pg_snapshot_xmin(pg_current_snapshot())::text::numeric - 4, 0)::text, true)
    from (select min(written_by::text::numeric) as least, max(written_by::text::numeric) as most from event
          union all select min(written_by::text::numeric), max(written_by::text::numeric) from payment_link_event
          union all select min(written_by::text::numeric), max(written_by::text::numeric) from settlement_event) all_of_them`
  // Rewritten as a whole: an update would leave each row behind a second time.
  for (const table of ['event', 'payment_link_event', 'settlement_event'])
    await tx`
      alter table ${tx(table)} alter column written_by type xid8 using (
        3 + floor((written_by::text::numeric - current_setting('turant.first')::numeric)
                  / current_setting('turant.span')::numeric * current_setting('turant.room')::numeric))::bigint::text::xid8`
  await tx`update event_epoch set epoch = ${at}, begun_by = pg_current_xact_id()`
}
