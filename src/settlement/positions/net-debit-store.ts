import { toRfc3339 } from '../../base/clock.ts'
import { numbers, texts, words } from '../../db/arrays.ts'
import type { Db, Tx } from '../../db/pool.ts'
import { type Cap, type Level, noCap, type OnFull, type Second, type Sums } from './net-debit.ts'

/** A bank's use of its cap, as it was counted last. Instants are epoch milliseconds. */
export type NetDebit = Sums &
  Cap & {
    readonly institution: string
    readonly refreshedAt: number
    readonly level: Level
    readonly countedAt: number
  }

type Row = {
  institution: string
  refreshed_at: number
  outward: bigint
  inward: bigint
  in_flight: bigint
  cap: bigint | null
  on_full: OnFull
  level: Level
  counted_by: string
  counted_at: number
}

/** What was counted last, and by whom. */
export async function readNetDebits(
  db: Db | Tx,
): Promise<readonly { readonly position: NetDebit; readonly by: string }[]> {
  const rows = await db<Row[]>`select * from net_debit order by institution`
  return rows.map((row) => ({
    by: row.counted_by,
    position: {
      institution: row.institution,
      refreshedAt: row.refreshed_at,
      outwardPaise: row.outward,
      inwardPaise: row.inward,
      inFlightPaise: row.in_flight,
      capPaise: row.cap,
      onFull: row.on_full,
      level: row.level,
      countedAt: row.counted_at,
    },
  }))
}

/** Keeps what was counted, and each level that was crossed, in one commit. */
export async function saveNetDebits(
  db: Db,
  positions: readonly NetDebit[],
  crossed: readonly { readonly position: NetDebit; readonly level: number }[],
  by: string,
): Promise<void> {
  const at = (epochMs: number): string => toRfc3339(epochMs)
  await db`
    with said as (
      insert into net_debit_alert (institution, level, crossed_at, used, cap, refreshed_at)
      select * from unnest(
        ${texts(crossed, (c) => c.position.institution)}::text[], ${numbers(crossed, (c) => c.level)}::smallint[],
        ${texts(crossed, (c) => at(c.position.countedAt))}::timestamptz[],
        ${numbers(crossed, (c) => c.position.outwardPaise - c.position.inwardPaise)}::bigint[],
        ${numbers(crossed, (c) => c.position.capPaise)}::bigint[], ${texts(crossed, (c) => at(c.position.refreshedAt))}::timestamptz[])
      on conflict do nothing)
    insert into net_debit (institution, refreshed_at, outward, inward, in_flight, cap, on_full, level, counted_at, counted_by)
    select s.*, ${by} from unnest(
      ${texts(positions, (p) => p.institution)}::text[], ${texts(positions, (p) => at(p.refreshedAt))}::timestamptz[],
      ${numbers(positions, (p) => p.outwardPaise)}::bigint[], ${numbers(positions, (p) => p.inwardPaise)}::bigint[],
      ${numbers(positions, (p) => p.inFlightPaise)}::bigint[], ${numbers(positions, (p) => p.capPaise)}::bigint[],
      ${words(positions, (p) => p.onFull)}::text[], ${numbers(positions, (p) => p.level)}::smallint[],
      ${texts(positions, (p) => at(p.countedAt))}::timestamptz[]) as s
    on conflict (institution) do update set
      refreshed_at = excluded.refreshed_at, outward = excluded.outward, inward = excluded.inward, in_flight = excluded.in_flight,
      cap = excluded.cap, on_full = excluded.on_full, level = excluded.level, counted_by = excluded.counted_by,
      counted_at = excluded.counted_at`
}

export type CapRow = Cap & {
  readonly id: string
  readonly institution: string
  readonly validFrom: number
  readonly setBy: string
  readonly setAt: number
}

/** The cap of each bank that holds at an instant. */
export async function capsAt(db: Db | Tx, now: number): Promise<ReadonlyMap<string, Cap>> {
  const rows = await db<{ institution: string; cap: bigint | null; on_full: OnFull }[]>`
    select distinct on (institution) institution, cap, on_full from net_debit_cap
    where valid_from <= ${toRfc3339(now)}::timestamptz order by institution, valid_from desc, cap_id desc`
  return new Map(rows.map((row) => [row.institution, { capPaise: row.cap, onFull: row.on_full }]))
}

/** All that was ever said about the cap of a bank, the latest first. */
export async function listCaps(db: Db | Tx, institution: string, limit: number): Promise<readonly CapRow[]> {
  const rows = await db<
    {
      cap_id: string
      institution: string
      cap: bigint | null
      on_full: OnFull
      valid_from: number
      set_by: string
      set_at: number
    }[]
  >`
    select * from net_debit_cap where institution = ${institution} order by valid_from desc, cap_id desc limit ${limit}`
  return rows.map((row) => ({
    id: row.cap_id,
    institution: row.institution,
    capPaise: row.cap,
    onFull: row.on_full,
    validFrom: row.valid_from,
    setBy: row.set_by,
    setAt: row.set_at,
  }))
}

export async function insertCap(tx: Tx, cap: CapRow): Promise<void> {
  await tx`
    insert into net_debit_cap (cap_id, institution, cap, on_full, valid_from, set_by, set_at)
    values (${cap.id}::uuid, ${cap.institution}, ${cap.capPaise}, ${cap.onFull}, ${toRfc3339(cap.validFrom)}::timestamptz,
            ${cap.setBy}, ${toRfc3339(cap.setAt)}::timestamptz)`
}

export type Alert = {
  readonly level: number
  readonly crossedAt: number
  readonly usedPaise: bigint
  readonly capPaise: bigint
}

/** Levels that a bank crossed, the latest first. */
export async function listAlerts(db: Db | Tx, institution: string, limit: number): Promise<readonly Alert[]> {
  const rows = await db<{ level: number; crossed_at: number; used: bigint; cap: bigint }[]>`
    select level, crossed_at, used, cap from net_debit_alert where institution = ${institution}
    order by crossed_at desc, level desc limit ${limit}`
  return rows.map((row) => ({ level: row.level, crossedAt: row.crossed_at, usedPaise: row.used, capPaise: row.cap }))
}

/** The lowest id that a payment of a second can have: ids begin with the milliseconds they were made in. */
const firstId = (second: number): string => `${(second * 1000).toString(16).padStart(12, '0')}00000000000000000000`

/**
 * What was paid in some seconds, from the payments themselves, by the index they are stored under. `returned` was counted as paid, or it
 * would not have come back; an inward payment that is `returned` never was. What stayed within a bank was never transmitted, and is no position.
 * @param since  what left before it is settled
 */
export async function countSeconds(
  db: Db,
  seconds: readonly number[],
  since: number,
): Promise<ReadonlyMap<number, { readonly sums: Second; readonly open: number }>> {
  const counted = new Map<number, { sums: Map<string, Sums>; open: number }>(
    seconds.map((second) => [second, { sums: new Map(), open: 0 }]),
  )
  if (seconds.length === 0) return counted
  const rows = await db<
    { second: bigint; institution: string; outward: bigint; inward: bigint; in_flight: bigint; open: bigint }[]
  >`
    select r.second, p.institution, p.outward::bigint, p.inward::bigint, p.in_flight::bigint, p.open
    from unnest(${numbers(seconds, (second) => second)}::bigint[], ${words(seconds, firstId)}::uuid[],
                ${words(seconds, (second) => firstId(second + 1))}::uuid[]) as r (second, low, high)
    cross join lateral (
      select institution,
             coalesce(sum(amount) filter (where direction = 'outward' and state in ('succeeded', 'deemed', 'returned')
                                            and transmitted_at >= ${toRfc3339(since)}::timestamptz), 0) as outward,
             coalesce(sum(amount) filter (where direction = 'inward' and state = 'succeeded' and transmitted_at is not null
                                            and created_at >= ${toRfc3339(since)}::timestamptz), 0) as inward,
             coalesce(sum(amount) filter (where direction = 'outward' and state in ('sent', 'unconfirmed')), 0) as in_flight,
             count(*) filter (where state in ('held', 'sent', 'unconfirmed')) as open
      from payment where payment_id >= r.low and payment_id < r.high
      group by institution) as p`
  for (const row of rows) {
    const second = counted.get(Number(row.second))
    if (second === undefined) continue
    second.open += Number(row.open)
    second.sums.set(row.institution, {
      outwardPaise: row.outward,
      inwardPaise: row.inward,
      inFlightPaise: row.in_flight,
    })
  }
  return counted
}

/** How many payments are open, by the second they were made in. */
export async function openSeconds(db: Db): Promise<ReadonlyMap<number, number>> {
  const rows = await db<{ second: bigint; open: bigint }[]>`
    select ('x' || replace(left(payment_id::text, 13), '-', ''))::bit(48)::bigint / 1000 as second, count(*) as open
    from hold group by 1`
  return new Map(rows.map((row) => [Number(row.second), Number(row.open)]))
}

export type SettledCycle = {
  readonly institution: string
  readonly settlementDate: string
  readonly number: string
  /** Milliseconds since the epoch. Before the cycle's end where a sandbox cut it before its time. */
  readonly settledAt: number
}

/** The last cycles that were settled, of each bank. */
export async function settledCycles(db: Db | Tx): Promise<readonly SettledCycle[]> {
  const rows = await db<{ institution: string; settled_on: string; cycle: string; at: number }[]>`
    select institution, settled_on::text, cycle, extract(epoch from done_at)::float8 * 1000 as at from (
      select institution, settled_on, cycle, done_at,
             dense_rank() over (partition by institution order by settled_on desc) as day
      from pipeline_step where step = 'settle') as s
    where day <= 2`
  return rows.map((row) => ({
    institution: row.institution,
    settlementDate: row.settled_on,
    number: row.cycle,
    settledAt: row.at,
  }))
}

export const capOf = (caps: ReadonlyMap<string, Cap>, institution: string): Cap => caps.get(institution) ?? noCap
