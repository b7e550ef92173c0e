import { type Clock, toRfc3339 } from '../../base/clock.ts'
import type { Log } from '../../base/log.ts'
import type { Db, Tx } from '../../db/pool.ts'
import { inTransaction } from '../../db/transaction.ts'
import { addDays, type CycleGrid, dayOf, findCycle, formatCycle } from '../../imps/cycles.ts'
import type { CycleNumber, Day } from '../../imps/files/rows.ts'
import { breakTypes } from '../match/break-types.ts'
import { dueAtOf } from '../match/deadline.ts'
import { writeDetail } from '../notes.ts'
import { type ExpectedCycle, incompleteCycles, LOOK_BACK_DAYS } from './expected.ts'
import { repeat } from './repeat.ts'
import { lockFor, tenantOfInstitution } from './store.ts'

/**
 * What is said of whole cycles: files that should be here and are not (B29), and money that did not move at the bank's bank as the statement of
 * the cycle has it (B23). Each is one break for people, opened once and closed by itself when it is no longer so.
 */
export type GapDeps = { readonly db: Db; readonly cycles: readonly CycleGrid[] }

/** Looks at one bank. @param now  epoch milliseconds @returns how many breaks were opened, and closed */
export async function noteGaps(
  { db, cycles }: GapDeps,
  institution: string,
  now: number,
): Promise<{ readonly opened: number; readonly closed: number }> {
  const [known] = await db`select from settlement_cycle where institution = ${institution} limit 1`
  if (known === undefined) return { opened: 0, closed: 0 }
  const incomplete = await incompleteCycles(db, cycles, institution, now)
  const tenantId = await tenantOfInstitution(db, institution)
  const at: At = { tenantId, institution, now }
  return inTransaction(db, async (tx) => {
    await lockFor(tx, `gaps ${institution}`)
    const closed = (await closeGaps(tx, at)) + (await closeCash(tx, at))
    let opened = 0
    for (const one of incomplete) opened += await openGaps(tx, at, one)
    for (const one of await cashDifferences(tx, at)) opened += await openCash(tx, at, one, cycles)
    return { opened, closed }
  })
}

type At = { readonly tenantId: number; readonly institution: string; readonly now: number }

async function openGaps(tx: Tx, at: At, { cycle, dueAt, files }: ExpectedCycle): Promise<number> {
  let opened = 0
  for (const { kind, state } of files) {
    if (state === 'here') continue
    const { settlementDate, number } = cycle
    const result = await tx`
      insert into break (kind, detail, tenant_id, institution, settled_on, cycle, action, due_at, facts, opened_at)
      select 'B29', ${writeDetail('gap', { fileKind: kind, cycle: formatCycle(cycle) })}, ${at.tenantId}::integer, ${at.institution}, ${settlementDate}::date, ${number},
        ${breakTypes.B29.action}, ${toRfc3339(dueAt)}::timestamptz, ${JSON.stringify({ file: kind, state })}::text::jsonb,
        ${toRfc3339(at.now)}::timestamptz
      where not exists (select from break b where b.kind = 'B29' and b.institution = ${at.institution} and b.settled_on = ${settlementDate}::date
        and b.cycle = ${number} and b.facts->>'file' = ${kind} and b.closed_at is null)`
    opened += result.count
  }
  return opened
}

async function closeGaps(tx: Tx, { institution, now }: At): Promise<number> {
  const result = await tx`
    update break b set state = 'resolved', closed_at = ${toRfc3339(now)}::timestamptz, resolution = 'corrected', resolved_by = 'hub',
      version = version + 1
    where b.kind = 'B29' and b.institution = ${institution} and b.closed_at is null and exists (
      select from settlement_file f where f.institution = b.institution and f.settled_on = b.settled_on and f.cycle = b.cycle
        and f.kind = b.facts->>'file' and f.state = 'accepted')`
  return result.count
}

type Cash = { day: Day; cycle: CycleNumber; stated: bigint; moved: bigint }

/**
 * Cycles whose Final Settlement Amount is not what the account moved. Where nothing moved it is one only when a later cycle has: until then
 * the bank's statement may still come.
 */
const cashOf = (tx: Tx, institution: string, from: Day) => tx`
  with stated as (
    select f.settled_on, f.cycle, c.window_to, l.credit - l.debit as amount
    from settlement_file f
    join settlement_cycle c on c.institution = f.institution and c.settled_on = f.settled_on and c.cycle = f.cycle
    join ntsl_line l on l.file_id = f.file_id and l.block = 'total' and l.description = 'finalPaise'
    where f.institution = ${institution} and f.kind = 'ntsl' and f.state = 'accepted' and f.settled_on >= ${from}::date
  ), moved as (
    select l.settled_on, l.cycle, sum(l.amount)::bigint as amount
    from statement_line l join statement s using (statement_id)
    where s.institution = ${institution} and l.settled_on >= ${from}::date
    group by l.settled_on, l.cycle
  ), compared as (
    select s.settled_on, s.cycle, s.amount as stated, coalesce(m.amount, 0) as moved
    from stated s left join moved m on m.settled_on = s.settled_on and m.cycle = s.cycle
    where m.amount is not null or s.window_to < (
      select max(n.window_to) from stated n join moved o on o.settled_on = n.settled_on and o.cycle = n.cycle)
  )`

async function cashDifferences(tx: Tx, { institution, now }: At): Promise<readonly Cash[]> {
  return tx<Cash[]>`
    ${cashOf(tx, institution, addDays(dayOf(now), -LOOK_BACK_DAYS))}
    select settled_on::text as day, cycle, stated, moved from compared where stated <> moved order by settled_on, cycle`
}

async function openCash(tx: Tx, at: At, cash: Cash, grids: readonly CycleGrid[]): Promise<number> {
  const cycle = findCycle(grids, { settlementDate: cash.day, number: cash.cycle })
  const due = cycle === undefined ? null : dueAtOf('B23', cycle.toAt, cycle, grids)
  const { stated, moved } = cash
  const difference = moved - stated
  const facts = JSON.stringify({ stated: String(stated), moved: String(moved) })
  const result = await tx`
    insert into break (kind, detail, tenant_id, institution, settled_on, cycle, amount, action, due_at, facts, opened_at)
    select 'B23', ${writeDetail('cash', { cycle: `${cash.day}/${cash.cycle}` })}, ${at.tenantId}::integer, ${at.institution}, ${cash.day}::date,
      ${cash.cycle}, ${difference < 0n ? -difference : difference}::bigint, ${breakTypes.B23.action},
      ${due === null ? null : toRfc3339(due)}::timestamptz, ${facts}::text::jsonb, ${toRfc3339(at.now)}::timestamptz
    where not exists (select from break b where b.kind = 'B23' and b.institution = ${at.institution} and b.settled_on = ${cash.day}::date
      and b.cycle = ${cash.cycle} and b.closed_at is null)`
  return result.count
}

async function closeCash(tx: Tx, { institution, now }: At): Promise<number> {
  const result = await tx`
    ${cashOf(tx, institution, addDays(dayOf(now), -LOOK_BACK_DAYS))}
    update break b set state = 'resolved', closed_at = ${toRfc3339(now)}::timestamptz, resolution = 'corrected', resolved_by = 'hub',
      version = version + 1
    from compared c
    where b.kind = 'B23' and b.institution = ${institution} and b.closed_at is null and b.settled_on = c.settled_on and b.cycle = c.cycle
      and c.stated = c.moved`
  return result.count
}

/** Looks at every bank each minute, until the returned function is called; it resolves when the last look has ended. */
export function watchGaps(
  deps: GapDeps & { readonly clock: Clock; readonly log: Log },
  institutions: readonly string[],
): () => Promise<void> {
  const { clock, log } = deps
  return repeat(clock, EVERY_MS, async () => {
    for (const institution of institutions) {
      try {
        const { opened } = await noteGaps(deps, institution, clock.now())
        if (opened > 0) log.warn({ institution, missed: opened }, 'files or money of settlement cycles are missing')
      } catch (error) {
        log.error({ err: error, institution }, 'settlement cycles cannot be looked at; it is tried again')
      }
    }
  })
}
const EVERY_MS = 60_000
