import { toRfc3339 } from '../../base/clock.ts'
import type { Db } from '../../db/pool.ts'
import { addDays, startOfDay } from '../../imps/cycles.ts'
import { type ChartCode, chart, chartCodes } from '../../ledger/chart.ts'
import { ageBuckets, bucketOf, type ReportScope } from './report.ts'

/** What reports are made of, read from the books and from what NPCI has sent. Nothing personal is in any of it. */

/** Rows of one report at most: people who ask for more ask for fewer days. */
export const MAX_ROWS = 50_000

const DAY_MS = 86_400_000
/** Accounts below are the hub's own. */
const HUBS = 6_400
const first = (scope: ReportScope): string => toRfc3339(startOfDay(scope.from))
const end = (scope: ReportScope): string => toRfc3339(startOfDay(addDays(scope.to, 1)))

export type Moved = {
  readonly institution: string
  readonly settledOn: string
  readonly cycle: string
  readonly kind: string
  readonly event: string
  readonly code: ChartCode | 'CUST'
  readonly debitPaise: bigint
  readonly creditPaise: bigint
  readonly count: number
  /** Which table of rules or fees was applied: `fees:2016-12-01`. */
  readonly ruleVersion: string
}

/** What the journals of cycles did to each account of the chart. */
export async function movedByCycle(db: Db, scope: ReportScope): Promise<Moved[]> {
  const rows = await db<
    {
      institution: string
      settled_on: string
      cycle: string
      kind: string
      event: string
      number: number
      debit: bigint
      credit: bigint
      count: number
      rule_version: string
    }[]
  >`
    select j.institution, to_char(j.settled_on, 'YYYY-MM-DD') as settled_on, j.cycle, e.kind, j.event,
           case when e.account_id < ${HUBS} then (e.account_id / 64)::integer else 0 end as number,
           coalesce(-sum(e.amount) filter (where e.amount < 0), 0)::bigint as debit,
           coalesce(sum(e.amount) filter (where e.amount > 0), 0)::bigint as credit, count(*)::integer as count,
           max(j.rule_version) as rule_version
    from journal j join entry e on e.journal_id = j.journal_id and e.kind not in ('opening', 'hold', 'void', 'credit', 'return')
    where j.settled_on between ${scope.from}::date and ${scope.to}::date and j.institution = any(${scope.institutions}::text[])
      and (${scope.cycle ?? null}::text is null or j.cycle = ${scope.cycle ?? null})
    group by 1, 2, 3, 4, 5, 6
    order by 1, 2, length(j.cycle), 3, 4, 5, 6 limit ${MAX_ROWS + 1}`
  return rows.map((row) => ({
    institution: row.institution,
    settledOn: row.settled_on,
    cycle: row.cycle,
    kind: row.kind,
    event: row.event,
    code: chartCodes.find((code) => chart[code].number === row.number) ?? 'CUST',
    debitPaise: row.debit,
    creditPaise: row.credit,
    count: row.count,
    ruleVersion: row.rule_version,
  }))
}

export type StatementLine = {
  readonly institution: string
  readonly settledOn: string
  readonly cycle: string
  readonly block: string
  readonly description: string
  readonly count: bigint
  readonly debitPaise: bigint
  readonly creditPaise: bigint
}

/** What NPCI's settlement statements say, in their order. */
export async function statementLines(db: Db, scope: ReportScope): Promise<StatementLine[]> {
  const rows = await db<
    {
      institution: string
      settled_on: string
      cycle: string
      block: string
      description: string
      count: bigint
      debit: bigint
      credit: bigint
    }[]
  >`
    select f.institution, to_char(f.settled_on, 'YYYY-MM-DD') as settled_on, f.cycle, l.block, l.description, l.count, l.debit, l.credit
    from settlement_file f join ntsl_line l using (file_id)
    where f.kind = 'ntsl' and f.state = 'accepted' and f.settled_on between ${scope.from}::date and ${scope.to}::date
      and f.institution = any(${scope.institutions}::text[]) and (${scope.cycle ?? null}::text is null or f.cycle = ${scope.cycle ?? null})
    order by f.institution, f.settled_on, length(f.cycle), f.cycle, array_position(array['line', 'dispute', 'total'], l.block), l.line
    limit ${MAX_ROWS + 1}`
  return rows.map((row) => ({
    institution: row.institution,
    settledOn: row.settled_on,
    cycle: row.cycle,
    block: row.block,
    description: row.description,
    count: row.count,
    debitPaise: row.debit,
    creditPaise: row.credit,
  }))
}

export type Aged = {
  readonly type: string
  readonly bucket: string
  readonly count: number
  readonly amountPaise: bigint
}

/** Open breaks by type and by how many days they have been open. */
export async function agedBreaks(db: Db, scope: ReportScope): Promise<Aged[]> {
  const rows = await db<{ type: string; days: number; count: number; amount: bigint }[]>`
    select type, floor(extract(epoch from ${toRfc3339(scope.now)}::timestamptz - opened_at) / 86400)::integer as days,
           count(*)::integer as count, coalesce(sum(amount), 0)::bigint as amount
    from break
    where closed_at is null and opened_at <= ${toRfc3339(scope.now)}::timestamptz
      and (tenant_id = ${scope.tenantId} or institution = any(${scope.institutions}::text[]))
    group by 1, 2 order by 1, 2`
  const found = new Map<string, Aged>()
  for (const row of rows) {
    const bucket = bucketOf(row.days)
    const key = `${row.type} ${bucket}`
    const before = found.get(key)
    found.set(key, {
      type: row.type,
      bucket,
      count: row.count + (before?.count ?? 0),
      amountPaise: row.amount + (before?.amountPaise ?? 0n),
    })
  }
  const place = (bucket: string): number => ageBuckets.findIndex(({ name }) => name === bucket)
  return [...found.values()].sort((a, b) => a.type.localeCompare(b.type) || place(a.bucket) - place(b.bucket))
}

export type BreakLine = {
  readonly id: string
  readonly type: string
  readonly institution: string | null
  readonly rrn: string | null
  readonly direction: string | null
  readonly amountPaise: bigint | null
  readonly state: string
  readonly action: string | null
  readonly detail: string
  readonly days: number
  readonly dueAt: number | null
  readonly assignee: string | null
  readonly openedAt: number
  readonly closedAt: number | null
  readonly resolution: string | null
}

/** Breaks that were opened in a span, or are open still. */
export async function breakLines(db: Db, scope: ReportScope): Promise<BreakLine[]> {
  const rows = await db<
    {
      break_id: string
      type: string
      institution: string | null
      rrn: string | null
      direction: string | null
      amount: bigint | null
      state: string
      action: string | null
      detail: string
      due_at: number | null
      assignee: string | null
      opened_at: number
      closed_at: number | null
      resolution: string | null
    }[]
  >`
    select break_id, type, institution, rrn, direction, amount, state, action, detail, due_at, assignee, opened_at, closed_at, resolution
    from break
    where (tenant_id = ${scope.tenantId} or institution = any(${scope.institutions}::text[]))
      and opened_at < ${end(scope)}::timestamptz and (opened_at >= ${first(scope)}::timestamptz or closed_at is null)
    order by opened_at, break_id limit ${MAX_ROWS + 1}`
  return rows.map((row) => ({
    id: `brk_${row.break_id.replaceAll('-', '')}`,
    type: row.type,
    institution: row.institution,
    rrn: row.rrn,
    direction: row.direction,
    amountPaise: row.amount,
    state: row.state,
    action: row.action,
    detail: row.detail,
    days: Math.max(0, Math.floor(((row.closed_at ?? scope.now) - row.opened_at) / DAY_MS)),
    dueAt: row.due_at,
    assignee: row.assignee,
    openedAt: row.opened_at,
    closedAt: row.closed_at,
    resolution: row.resolution,
  }))
}

export type DisputeLine = {
  readonly id: string
  readonly rrn: string
  readonly institution: string
  readonly direction: string
  readonly family: string
  readonly flag: string
  readonly reason: string
  readonly state: string
  readonly amountPaise: bigint
  readonly heldPaise: bigint
  readonly receivablePaise: bigint
  readonly transactionOn: string
  readonly steppedOn: string
  readonly dueAt: number | null
  readonly closedAt: number | null
}

/** Disputes that were opened in a span, or are open still. */
export async function disputeLines(db: Db, scope: ReportScope): Promise<DisputeLine[]> {
  const rows = await db<
    {
      dispute_id: string
      rrn: string
      institution: string
      direction: string
      family: string
      flag: string
      reason_code: string
      state: string
      amount: bigint
      held: bigint
      receivable: bigint
      transaction_day: string
      stepped_day: string
      due_at: number | null
      closed_at: number | null
    }[]
  >`
    select dispute_id, rrn, institution, direction, family, flag, reason_code, state, amount, held, receivable,
           to_char(transaction_on, 'YYYY-MM-DD') as transaction_day, to_char(stepped_on, 'YYYY-MM-DD') as stepped_day, due_at, closed_at
    from dispute
    where (tenant_id = ${scope.tenantId} or institution = any(${scope.institutions}::text[]))
      and opened_at < ${end(scope)}::timestamptz and (opened_at >= ${first(scope)}::timestamptz or closed_at is null)
    order by dispute_id limit ${MAX_ROWS + 1}`
  return rows.map((row) => ({
    id: `dsp_${row.dispute_id.replaceAll('-', '')}`,
    rrn: row.rrn,
    institution: row.institution,
    direction: row.direction,
    family: row.family,
    flag: row.flag,
    reason: row.reason_code,
    state: row.state,
    amountPaise: row.amount,
    heldPaise: row.held,
    receivablePaise: row.receivable,
    transactionOn: row.transaction_day,
    steppedOn: row.stepped_day,
    dueAt: row.due_at,
    closedAt: row.closed_at,
  }))
}

export type CompensationLine = {
  readonly rrn: string
  readonly institution: string
  readonly direction: string
  readonly owedBy: string
  readonly fromOn: string
  readonly untilOn: string | null
  readonly days: number
  readonly amountPaise: bigint
  readonly reportedPaise: bigint | null
  readonly state: string
  readonly waits: string | null
  readonly tryAt: number | null
  /** What its journal has; null: there is none. */
  readonly bookedPaise: bigint | null
}

/** Compensation that began in a span, or is not paid yet. */
export async function compensationLines(db: Db, scope: ReportScope): Promise<CompensationLine[]> {
  const rows = await db<
    {
      rrn: string
      institution: string
      direction: string
      owed_by: string
      from_day: string
      until_day: string | null
      days: number
      amount: bigint
      reported: bigint | null
      state: string
      waits: string | null
      try_at: number | null
      booked: bigint | null
    }[]
  >`
    select rrn, institution, direction, owed_by, to_char(from_on, 'YYYY-MM-DD') as from_day, to_char(until_on, 'YYYY-MM-DD') as until_day,
           days, amount, reported, state, waits, try_at,
           (select -sum(e.amount)::bigint from journal j join entry e on e.journal_id = j.journal_id and e.account_id < ${HUBS}
              and e.kind not in ('opening', 'hold', 'void', 'credit', 'return')
            where j.transfer_key = 'pay:' || replace(c.payment_id::text, '-', '') and j.event = 'compensation') as booked
    from compensation c
    where (tenant_id = ${scope.tenantId} or institution = any(${scope.institutions}::text[]))
      and from_on <= ${scope.to}::date and (from_on >= ${scope.from}::date or state <> 'paid')
    order by from_on, rrn limit ${MAX_ROWS + 1}`
  return rows.map((row) => ({
    rrn: row.rrn,
    institution: row.institution,
    direction: row.direction,
    owedBy: row.owed_by,
    fromOn: row.from_day,
    untilOn: row.until_day,
    days: row.days,
    amountPaise: row.amount,
    reportedPaise: row.reported,
    state: row.state,
    waits: row.waits,
    tryAt: row.try_at,
    bookedPaise: row.booked,
  }))
}
