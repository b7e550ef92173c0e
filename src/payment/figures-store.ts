import { numbers, words } from '../db/arrays.ts'
import type { Db, Tx } from '../db/pool.ts'
import { BINS_PER_E, type Group, PIECE_MS, type Piece, type Span } from './figures.ts'
import type { StateKind } from './payment.ts'

/** The lowest id that a payment of an instant can have: ids begin with the milliseconds they were made in. */
const firstId = (at: number): string => at.toString(16).padStart(12, '0').padEnd(32, '0')

type Row = {
  at: bigint
  tenant_id: number
  direction: 'outward' | 'inward' | null
  state: StateKind | null
  response_code: string | null
  bank: string | null
  bin: number | null
  payments: bigint
  amount: bigint
}

/**
 * Counts the payments of some pieces, of all tenants, by the index they are stored under. What took longer than ten seconds is looked at more
 * closely: from when it left until it was first final, so that the time people took to approve it, and what settlement said a day later, are
 * not counted as the rail's.
 *
 * @param pieces  the instants at which they began, epoch milliseconds
 */
export async function countPieces(db: Db, pieces: readonly number[]): Promise<ReadonlyMap<number, Piece>> {
  const counted = new Map<number, { groups: Group[]; spans: Span[] }>(
    pieces.map((at) => [at, { groups: [], spans: [] }]),
  )
  if (pieces.length === 0) return counted
  const rows = await db<Row[]>`
    select r.at, p.* from unnest(
      ${numbers(pieces, (at) => at)}::bigint[], ${words(pieces, firstId)}::uuid[],
      ${words(pieces, (at) => firstId(at + PIECE_MS))}::uuid[]) as r (at, low, high)
    cross join lateral (
      select tenant_id, direction, state, response_code, bank, bin, count(*) as payments, sum(amount)::bigint as amount
      from (
        select tenant_id, direction, state, response_code, amount,
               case when direction = 'outward' then coalesce(left(beneficiary_ifsc, 4), beneficiary_bank) end as bank,
               case when direction = 'outward' and state in ('succeeded', 'deemed', 'declined', 'returned') then
                 -- date_part is double precision: the logarithm of a numeric costs more than all the rest of a row
                 ceil(ln(greatest(1, 1000 * date_part('epoch',
                   case when updated_at - created_at <= interval '10 seconds' then updated_at - created_at
                        -- within a bank: what it waited for was its customer, and then it was final at once
                        when transmitted_at is null then interval '0 seconds'
                        else (select min(at) filter (where e.state in ('succeeded', 'deemed', 'declined', 'returned'))
                                     - coalesce(min(at) filter (where e.state = 'sent'), min(at))
                              from event e where e.payment_id = p.payment_id) end))) * ${BINS_PER_E})::integer end as bin
        from payment p
        where p.payment_id >= r.low and p.payment_id < r.high) as paid
      group by grouping sets ((tenant_id, direction, state, response_code, bank), (tenant_id, bin))) as p`
  for (const row of rows) {
    const piece = counted.get(Number(row.at))
    const tenantId = row.tenant_id
    const payments = Number(row.payments)
    if (row.direction !== null && row.state !== null) {
      const { direction, state, response_code: responseCode, bank, amount: amountPaise } = row
      piece?.groups.push({ tenantId, direction, state, responseCode, bank, payments, amountPaise })
    } else if (row.bin !== null) piece?.spans.push({ tenantId, bin: row.bin, payments })
  }
  return counted
}

/** How many payments are open, by the piece they were made in. */
export async function openPieces(db: Db): Promise<ReadonlyMap<number, number>> {
  const rows = await db<{ piece: bigint; open: bigint }[]>`
    select ('x' || replace(left(payment_id::text, 13), '-', ''))::bit(48)::bigint / ${PIECE_MS} as piece, count(*) as open
    from hold group by 1`
  return new Map(rows.map((row) => [Number(row.piece) * PIECE_MS, Number(row.open)]))
}

/** When the last payment before an instant was made, epoch milliseconds; undefined: there is none from `since` on. */
export async function lastBefore(db: Db, before: number, since: number): Promise<number | undefined> {
  const [row] = await db<{ payment_id: string }[]>`
    select payment_id from payment where payment_id < ${firstId(before)}::uuid and payment_id >= ${firstId(since)}::uuid
    order by payment_id desc limit 1`
  return row && Number.parseInt(row.payment_id.replaceAll('-', '').slice(0, 12), 16)
}

export type Unconfirmed = {
  readonly payments: number
  readonly amountPaise: bigint
  /** The one that was made first; undefined when there is none. */
  readonly oldest: { readonly id: string; readonly createdAt: number } | undefined
}

/** A tenant's payments whose outcome is not known and asked about. They have a hold each: few, whatever was ever paid. */
export async function findUnconfirmed(tx: Tx, tenantId: number): Promise<Unconfirmed> {
  const [row] = await tx<{ payments: bigint; amount: bigint; oldest: string | null; created_at: number | null }[]>`
    with open as materialized (
      select p.payment_id, p.amount, p.created_at from hold h join payment p on p.payment_id = h.payment_id
      where h.tenant_id = ${tenantId} and h.sent_at is not null and p.state = 'unconfirmed')
    select count(*) as payments, coalesce(sum(amount), 0)::bigint as amount,
           (select payment_id from open order by payment_id limit 1) as oldest,
           (select created_at from open order by payment_id limit 1) as created_at
    from open`
  return {
    payments: Number(row?.payments ?? 0),
    amountPaise: row?.amount ?? 0n,
    oldest:
      row?.oldest === null || row?.created_at === null || row === undefined
        ? undefined
        : { id: row.oldest, createdAt: row.created_at },
  }
}
