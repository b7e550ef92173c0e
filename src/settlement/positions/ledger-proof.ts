import { type Cancel, type Clock, toRfc3339 } from '../../base/clock.ts'
import type { Log } from '../../base/log.ts'
import { numbers, texts, words } from '../../db/arrays.ts'
import type { Db } from '../../db/pool.ts'
import { addDays, type CycleGrid, dayOf, findCycle, startOfDay } from '../../imps/cycles.ts'
import type { Day } from '../../imps/files/rows.ts'
import { type ChartCode, chart, chartCodes } from '../../ledger/chart.ts'
import { checkPaid } from '../books/compensation-check.ts'
import { breakTypes } from '../match/break-types.ts'
import { writeDetail } from '../notes.ts'
import {
  coreBalances,
  isAgainst,
  type OutsideBalance,
  type OutsideSaid,
  statementBalance,
  withAges,
} from './outside.ts'

/**
 * One account of the chart on one day. Debit is positive, as accountants write it.
 * `opening + debits − credits = closing`, and closing less the balance at the end of the day is nothing: B24 says otherwise.
 * @source settlement.md §7.3
 */
export type LedgerProof = {
  readonly code: ChartCode
  readonly day: Day
  readonly openingPaise: bigint
  readonly debitsPaise: bigint
  readonly creditsPaise: bigint
  readonly closingPaise: bigint
  readonly balancePaise: bigint
  /** What of the closing nobody can explain (I3); null where nothing but the sum is asked. */
  readonly unexplainedPaise: bigint | null
  readonly lines: readonly ProofLine[]
  /** What the core and banks say of it, where they say something. */
  readonly outside: readonly OutsideBalance[]
  readonly provedAt: number
}

/** What a part of a closing balance is. Debit positive. */
export type ProofLine = { readonly line: LineName; readonly count: number; readonly amountPaise: bigint }

/** The justification lines of outward and inward. @source settlement.md §7.3 */
export const lineNames = [
  'settlement', //  paid, of a cycle that has ended, to be settled with the next statement
  'cut_off', //     paid, of the cycle that ran at the end of the day
  'next_day', //    paid, of a cycle of the next day
  'in_flight', //   taken or sent, and the outcome was open
  'failed', //      NPCI says declined: to be refunded, or taken back
  'hanging', //     in no file yet
  'recovery', //    NPCI settled it and the customer's side is missing
] as const
export type LineName = (typeof lineNames)[number]

export type ProofDeps = {
  readonly db: Db
  readonly cycles: readonly CycleGrid[]
  readonly log: Log
  /** Where a core banking system puts its balances of each day; absent: it does not. */
  readonly coreDir?: string
}

/** Proves every account of the chart for a day, keeps what it found, and tells when a proof fails. Safe to do again. */
export async function proveLedger(deps: ProofDeps, day: Day, now: number): Promise<readonly LedgerProof[]> {
  const { db, log } = deps
  const end = startOfDay(addDays(day, 1))
  const until = Math.min(end, now)
  const sums = await sumDay(db, startOfDay(day), until)
  const [outward, inward] = [await justify(deps, 'outward', day, until), await justify(deps, 'inward', day, until)]
  const outside = await outsideOf(deps, day, sums)
  const proofs = chartCodes.map((code): LedgerProof => {
    const sum = sums.get(code) ?? zero
    const closingPaise = sum.openingPaise + sum.debitsPaise - sum.creditsPaise
    const lines = code === 'OUT-CLR' ? outward : code === 'IN-CLR' ? inward : undefined
    const explained = lines?.reduce((total, { amountPaise }) => total + amountPaise, 0n)
    return {
      ...sum,
      code,
      day,
      closingPaise,
      unexplainedPaise: explained === undefined ? null : closingPaise - explained,
      lines: lines ?? [],
      outside: outside.get(code) ?? [],
      provedAt: now,
    }
  })
  await saveProofs(db, proofs)
  for (const proof of proofs) if (!holds(proof)) log.error({ code: proof.code }, 'the ledger cannot be proved (B24)')
  return proofs
}

/**
 * Proves the day before, once it is over, and puts what cannot be proved before people (B24), and so where compensation that was paid is
 * not what its journals have (B22). Safe to call again and again: a day that was
 * proved after its end is not proved again. @returns whether it was proved now
 */
export async function proveYesterday(deps: ProofDeps, now: number): Promise<boolean> {
  const day = addDays(dayOf(now), -1)
  const end = startOfDay(dayOf(now))
  const done = await deps.db`
    select from ledger_proof where day = ${day}::date and proved_at >= ${toRfc3339(end)}::timestamptz limit 1`
  if (done.length > 0) return false
  await checkPaid(deps.db, day, now)
  for (const proof of await proveLedger(deps, day, now)) if (!holds(proof)) await openUnproved(deps.db, proof, now)
  return true
}

/** What others say of each account, beside what the ledger has at the end of the day that they speak of. */
async function outsideOf(
  { db, log, coreDir }: ProofDeps,
  day: Day,
  sums: ReadonlyMap<ChartCode, Sum>,
): Promise<ReadonlyMap<ChartCode, readonly OutsideBalance[]>> {
  const found = new Map<ChartCode, readonly OutsideBalance[]>()
  const core =
    coreDir === undefined ? new Map<ChartCode, bigint>() : await coreBalances(coreDir, await banks(db), day, log)
  const statement = await statementBalance(db, day)
  for (const code of chartCodes) {
    const sum = sums.get(code) ?? zero
    const says = core.get(code)
    const said: OutsideSaid[] = []
    const ledgerPaise = sum.openingPaise + sum.debitsPaise - sum.creditsPaise
    if (says !== undefined) said.push({ source: 'core', on: day, saysPaise: says, ledgerPaise })
    if (code === 'RBI-STL' && statement !== undefined) said.push(statement)
    if (said.length > 0) found.set(code, await withAges(db, code, day, said))
  }
  return found
}

/** Once a day and account; it is the hub's own, and no payment's. */
async function openUnproved(db: Db, proof: LedgerProof, now: number): Promise<void> {
  const { code, day, closingPaise, balancePaise, unexplainedPaise, outside } = proof
  const against = outside.filter(isAgainst)
  const [one, other] = against
  const differs = {
    chart: code,
    day,
    paise: String(closingPaise - balancePaise),
    unexplained: String(unexplainedPaise ?? 0n),
  }
  const withOne = one && { ...differs, outside: one.source, outsideDay: one.on, more: String(-one.differencePaise) }
  const withBoth = withOne &&
    other && { ...withOne, other: other.source, otherDay: other.on, otherMore: String(-other.differencePaise) }
  const detail =
    withOne === undefined
      ? writeDetail('unproved', differs)
      : withBoth === undefined
        ? writeDetail('unproved_against', withOne)
        : writeDetail('unproved_against_both', withBoth)
  const inside = closingPaise === balancePaise ? (unexplainedPaise ?? 0n) : closingPaise - balancePaise
  const amount = inside === 0n ? (against[0]?.differencePaise ?? 0n) : inside
  await db`
    insert into break (kind, detail, tenant_id, amount, action, opened_at)
    select 'B24', ${detail}, 0, ${amount < 0n ? -amount : amount}::bigint, ${breakTypes.B24.action}, ${toRfc3339(now)}::timestamptz
    where not exists (select from break where kind = 'B24' and detail = ${detail})`
}

/** Looks every so often whether there is a day to prove; the cancel waits for the proof that runs. */
export function startProving(deps: ProofDeps & { readonly clock: Clock }, everyMs: number): () => Promise<void> {
  const { clock, log } = deps
  let cancel: Cancel = () => undefined
  let stopped = false
  const run = async (): Promise<void> => {
    try {
      if (await proveYesterday(deps, clock.now())) log.info({}, 'the ledger of yesterday was proved')
    } catch (error) {
      log.warn({ err: error }, 'the ledger cannot be proved now; it will be tried again')
    }
    if (!stopped) cancel = clock.after(everyMs, next)
  }
  let running = run()
  function next(): void {
    running = run()
  }
  return async () => {
    stopped = true
    cancel()
    await running
  }
}

/** Whether all that is asked of an account is so. */
export const holds = ({ closingPaise, balancePaise, unexplainedPaise, outside }: LedgerProof): boolean =>
  closingPaise === balancePaise && (unexplainedPaise === null || unexplainedPaise === 0n) && !outside.some(isAgainst)

type Sum = Pick<LedgerProof, 'openingPaise' | 'debitsPaise' | 'creditsPaise' | 'balancePaise'>
const zero: Sum = { openingPaise: 0n, debitsPaise: 0n, creditsPaise: 0n, balancePaise: 0n }

/** The entries of a span, by account of the chart. What the ledger says an account held is read, and not added up: that is the proof. */
async function sumDay(db: Db, from: number, until: number): Promise<ReadonlyMap<ChartCode, Sum>> {
  const rows = await db<{ number: number; opening: bigint; debits: bigint; credits: bigint; balance: bigint }[]>`
    with edge as (
      select a.lane, a.account_id, entry_before(a.lane, a.account_id, ${toRfc3339(from)}::timestamptz) as low,
             entry_before(a.lane, a.account_id, ${toRfc3339(until)}::timestamptz) as high
      from account a where a.kind <> 'customer' and a.entry_no > 0)
    select (account_id / 64)::integer as number,
           sum(-coalesce((select balance_after from entry e where e.lane = edge.lane and e.account_id = edge.account_id
                          and e.entry_no = edge.low), 0))::bigint as opening,
           sum(-coalesce((select balance_after from entry e where e.lane = edge.lane and e.account_id = edge.account_id
                          and e.entry_no = edge.high), 0))::bigint as balance,
           sum(moved.debits)::bigint as debits, sum(moved.credits)::bigint as credits
    from edge cross join lateral (
      select coalesce(-sum(amount) filter (where amount < 0), 0) as debits, coalesce(sum(amount) filter (where amount > 0), 0) as credits
      from entry e where e.lane = edge.lane and e.account_id = edge.account_id and e.entry_no > edge.low and e.entry_no <= edge.high
    ) as moved
    group by 1`
  const found = new Map<ChartCode, Sum>()
  for (const code of chartCodes) {
    const row = rows.find(({ number }) => number === chart[code].number)
    if (row === undefined) continue
    found.set(code, {
      openingPaise: row.opening,
      debitsPaise: row.debits,
      creditsPaise: row.credits,
      balancePaise: row.balance,
    })
  }
  return found
}

/** A payment made so long before a span may have left in it: it waited for a link. Who waited for approval is found by that. */
const WAITED_MS = 3_600_000

type Span = { readonly institution: string; readonly from: number; readonly to: number }

/**
 * Explains what clearing held at an instant from the payments themselves: their state at that instant, in which cycle they are, and
 * whether that was settled by then. What stayed within a bank leaves nothing in clearing. Nothing of it is read from the accounts.
 */
async function justify(
  { db, cycles }: ProofDeps,
  direction: 'outward' | 'inward',
  day: Day,
  until: number,
): Promise<readonly ProofLine[]> {
  const settled = await settledSpans(db, cycles, until)
  const open = openSpans(settled, await banks(db), until)
  const nextDay = startOfDay(addDays(day, 1)) - 3 * 3_600_000
  const running = runningFrom(cycles, day, until)
  const rows = await db<{ line: LineName; count: number; amount: bigint }[]>`
    with span as (
      select * from unnest(${texts(open, (s) => s.institution)}::text[], ${texts(open, (s) => instant(s.from))}::timestamptz[],
                           ${texts(open, (s) => instant(s.to))}::timestamptz[],
                           ${words(open, (s) => firstId(s.from - WAITED_MS))}::uuid[],
                           ${words(open, (s) => firstId(s.to))}::uuid[]) as s (institution, began, ended, low, high)
    ), candidate as (
      select p.payment_id from span join payment p on p.payment_id >= span.low and p.payment_id < span.high
                                                  and p.institution = span.institution and p.direction = ${direction}
      union select e.payment_id from event e where ${direction} = 'outward' and e.state = 'unconfirmed' and e.payment_id >= ${firstId(until - 7 * DAY_MS)}::uuid
      union select h.payment_id from hold h where ${direction} = 'outward'
      union select r.approval_id from approval_request r
        where ${direction} = 'outward' and r.subject_kind = 'payment' and r.decided_at >= ${instant(until - 2 * DAY_MS)}::timestamptz
    ), item as (
      select p.payment_id, p.institution, p.amount, e.state, p.rrn is not null and p.transmitted_at is null as stayed,
             case when p.direction = 'outward' then coalesce(p.transmitted_at, p.created_at) else p.created_at end as left_at,
             (select c.ledger from credit_once c where c.payment_id = p.payment_id and c.at < ${instant(until)}::timestamptz) as back
      from candidate join payment p using (payment_id)
      cross join lateral (
        select state from event e where e.payment_id = p.payment_id and e.at < ${instant(until)}::timestamptz
        order by sequence desc limit 1) as e
      where p.direction = ${direction}
    ), own as (
      select *, state in ('held', 'sent', 'unconfirmed') as open,
             exists (select from span s where s.institution = item.institution and item.left_at >= s.began and item.left_at < s.ended) as unsettled,
             exists (select from settlement_item i where i.payment_id = item.payment_id) as told
      from item
    )
    select case when open then 'in_flight'
                when left_at >= ${instant(nextDay)}::timestamptz then 'next_day'
                when left_at >= ${instant(running)}::timestamptz then 'cut_off'
                else 'settlement' end as line,
           count(*)::integer as count, sum(amount)::bigint as amount
    from own
    where open or (unsettled and not told and not stayed
                   and (state in ('succeeded', 'deemed') or (state = 'returned' and back in ('return', 'award'))))
    group by 1
    union all
    select case when i.raw in ('00', '08') then 'recovery'
                when i.raw = 'declined' then 'failed' else 'hanging' end,
           count(*)::integer, sum(case when i.raw in ('00', '08') then -i.amount else i.amount end)::bigint
    from settlement_item i
    join payment p on p.payment_id = i.payment_id and p.lane = i.lane
    cross join lateral (
      select e.state in ('succeeded', 'deemed') or (e.state = 'returned' and exists (
               select from credit_once c where c.payment_id = p.payment_id and c.ledger in ('return', 'award') and c.at < ${instant(until)}::timestamptz)) as counts,
             e.state in ('held', 'sent', 'unconfirmed') as open
      from event e where e.payment_id = p.payment_id and e.at < ${instant(until)}::timestamptz order by sequence desc limit 1) as s
    where i.direction = ${direction} and i.updated_at < ${instant(until)}::timestamptz
      and case when i.raw in ('00', '08') then not s.counts else s.counts end
    group by 1`
  const sign = direction === 'outward' ? -1n : 1n
  const merged = new Map<LineName, ProofLine>()
  for (const { line, count, amount } of rows) {
    const before = merged.get(line)
    merged.set(line, {
      line,
      count: count + (before?.count ?? 0),
      amountPaise: sign * amount + (before?.amountPaise ?? 0n),
    })
  }
  return lineNames.flatMap((name) => merged.get(name) ?? [])
}

const DAY_MS = 86_400_000
const instant = (epochMs: number): string => toRfc3339(epochMs)
const firstId = (epochMs: number): string =>
  `${Math.max(0, epochMs).toString(16).padStart(12, '0')}00000000000000000000`

/** When the last cycle that had begun by then began. */
function runningFrom(cycles: readonly CycleGrid[], day: Day, until: number): number {
  const near = [day, addDays(day, 1)].flatMap((one) => {
    const found = cycles.filter(({ from }) => from <= one).at(-1)
    return found === undefined
      ? []
      : found.windows.flatMap(({ number }) => findCycle(cycles, { settlementDate: one, number }) ?? [])
  })
  return near.reduce((latest, { fromAt }) => (fromAt < until && fromAt > latest ? fromAt : latest), 0)
}

async function banks(db: Db): Promise<readonly string[]> {
  const rows = await db<{ institution: string }[]>`
    select distinct institution from account where institution is not null and kind = 'customer'`
  return rows.map(({ institution }) => institution)
}

/** Cycles whose settlement was in the books at an instant. */
async function settledSpans(db: Db, cycles: readonly CycleGrid[], until: number): Promise<readonly Span[]> {
  const rows = await db<{ institution: string; settled_on: string; cycle: string; done_at: number }[]>`
    select institution, settled_on::text, cycle, done_at from pipeline_step
    where step = 'settle' and done_at < ${instant(until)}::timestamptz order by done_at`
  const last = new Map<string, number>()
  return rows.flatMap(({ institution, settled_on: settlementDate, cycle: number, done_at: doneAt }) => {
    const found = findCycle(cycles, { settlementDate, number })
    if (found === undefined || found.carries === 'disputes') return []
    // What was made after a cycle was settled is not in it. In a sandbox cycles are cut before their time, even before they begin.
    const to = Math.min(found.toAt, doneAt)
    const from = Math.min(found.fromAt, last.get(institution) ?? found.fromAt, to)
    last.set(institution, to)
    return [{ institution, from: found.fromAt > to ? from : found.fromAt, to }]
  })
}

/** What no settled cycle covers: before the first, between two, and since the last. */
export function openSpans(settled: readonly Span[], institutions: readonly string[], until: number): readonly Span[] {
  return institutions.flatMap((institution) => {
    const own = settled.filter((span) => span.institution === institution).sort((a, b) => a.from - b.from)
    const open: Span[] = []
    let at = 0
    for (const { from, to } of own) {
      if (from > at) open.push({ institution, from: at, to: from })
      at = Math.max(at, to)
    }
    if (at < until) open.push({ institution, from: at, to: until })
    return open
  })
}

async function saveProofs(db: Db, proofs: readonly LedgerProof[]): Promise<void> {
  const lines = (proof: LedgerProof): string =>
    JSON.stringify(proof.lines.map(({ line, count, amountPaise }) => ({ line, count, amount: String(amountPaise) })))
  const others = (proof: LedgerProof): string =>
    JSON.stringify(
      proof.outside.map(({ source, on, saysPaise, ledgerPaise, ageDays }) => ({
        source,
        on,
        says: String(saysPaise),
        ledger: String(ledgerPaise),
        ageDays,
      })),
    )
  await db`
    insert into ledger_proof (code, day, opening, debits, credits, closing, balance, source, unexplained, lines, outside, proved_at)
    select code, day, opening, debits, credits, closing, balance, 'ledger', unexplained, lines::jsonb, outside::jsonb,
      to_timestamp(proved_at / 1000.0)
    from unnest(${texts(proofs, (p) => p.code)}::text[], ${texts(proofs, (p) => p.day)}::date[],
                ${numbers(proofs, (p) => p.openingPaise)}::bigint[], ${numbers(proofs, (p) => p.debitsPaise)}::bigint[],
                ${numbers(proofs, (p) => p.creditsPaise)}::bigint[], ${numbers(proofs, (p) => p.closingPaise)}::bigint[],
                ${numbers(proofs, (p) => p.balancePaise)}::bigint[], ${numbers(proofs, (p) => p.unexplainedPaise)}::bigint[],
                ${texts(proofs, lines)}::text[], ${texts(proofs, others)}::text[], ${numbers(proofs, (p) => p.provedAt)}::bigint[])
      as s (code, day, opening, debits, credits, closing, balance, unexplained, lines, outside, proved_at)
    on conflict (code, day) do update set
      opening = excluded.opening, debits = excluded.debits, credits = excluded.credits, closing = excluded.closing,
      balance = excluded.balance, unexplained = excluded.unexplained, lines = excluded.lines, outside = excluded.outside,
      proved_at = excluded.proved_at`
}

/** What was proved of a day. */
export async function readProofs(db: Db, day: Day): Promise<readonly LedgerProof[]> {
  const rows = await db<
    {
      code: string
      opening: bigint
      debits: bigint
      credits: bigint
      closing: bigint
      balance: bigint
      unexplained: bigint | null
      lines: { line: LineName; count: number; amount: string }[]
      outside: { source: OutsideBalance['source']; on: Day; says: string; ledger: string; ageDays: number }[]
      proved_at: number
    }[]
  >`select * from ledger_proof where day = ${day}::date`
  return chartCodes.flatMap((code) => {
    const row = rows.find((one) => one.code === code)
    if (row === undefined) return []
    return [
      {
        code,
        day,
        openingPaise: row.opening,
        debitsPaise: row.debits,
        creditsPaise: row.credits,
        closingPaise: row.closing,
        balancePaise: row.balance,
        unexplainedPaise: row.unexplained,
        lines: row.lines.map(({ line, count, amount }) => ({ line, count, amountPaise: BigInt(amount) })),
        outside: row.outside.map(({ source, on, says, ledger, ageDays }) => ({
          source,
          on,
          saysPaise: BigInt(says),
          ledgerPaise: BigInt(ledger),
          differencePaise: BigInt(ledger) - BigInt(says),
          ageDays,
        })),
        provedAt: row.proved_at,
      },
    ]
  })
}
