import { toRfc3339 } from '../../base/clock.ts'
import { LANES } from '../../base/identifiers.ts'
import type { Db } from '../../db/pool.ts'
import { addDays, startOfDay } from '../../imps/cycles.ts'
import type { AdjustmentRow, Day } from '../../imps/files/rows.ts'
import { chart } from '../../ledger/chart.ts'
import { writeDetail } from '../notes.ts'
import { type BooksBreak, openBooksBreaks } from './breaks.ts'
import type { BooksDeps } from './consequences.ts'
import type { CycleOfBank } from './findings.ts'

/** Sums of compensation that must be the same, compared. What differs is put before people (B22); nothing is booked of it. */

/**
 * What the lines of a cycle's report give the bank for others' delay, less what they take for its own.
 * @param code  the three letters of the bank
 */
export const reportedNet = (
  lines: readonly Pick<AdjustmentRow, 'remitterBank' | 'compensationPaise'>[],
  code: string,
): bigint =>
  lines.reduce(
    (sum, { remitterBank, compensationPaise }) =>
      remitterBank === code ? sum + compensationPaise : sum - compensationPaise,
    0n,
  )

/** The line of compensation of a cycle's statement, and the lines of its report. @param statedPaise  undefined: the statement is not here */
export async function checkStatement(
  { db, clock, codeOf }: Pick<BooksDeps, 'db' | 'clock' | 'codeOf'>,
  { institution, settlementDate, number }: CycleOfBank,
  statedPaise: bigint | undefined,
  lines: readonly AdjustmentRow[],
): Promise<void> {
  if (statedPaise === undefined) return
  const net = reportedNet(lines, codeOf(institution))
  if (net === statedPaise) return
  const detail = writeDetail('compensation_sum', {
    bank: institution,
    cycle: `${settlementDate}/${number}`,
    paise: String(statedPaise),
    ours: String(net),
  })
  await openBooksBreaks(
    db,
    [{ type: 'B22', payment: null, institution, amountPaise: magnitude(statedPaise - net), detail }],
    clock.now(),
  )
}

const magnitude = (paise: bigint): bigint => (paise < 0n ? -paise : paise)

type Pair = {
  institution: string
  direction: 'outward' | null
  rrn: string | null
  transfer_key: string
  line: bigint | null
  booked: bigint | null
}

/**
 * What was paid on a day, line by line, against the journals of that day: a line without a journal, a journal without a line, and two that
 * differ. @returns how many differ
 */
export async function checkPaid(db: Db, day: Day, now: number): Promise<number> {
  const [from, until] = [toRfc3339(startOfDay(day)), toRfc3339(startOfDay(addDays(day, 1)))]
  const [low, high] = [chart['COMP-EXP'].number * LANES, (chart['COMP-REC'].number + 1) * LANES]
  const pairs = await db<Pair[]>`
    with line as (
      select institution, direction, rrn, 'pay:' || replace(payment_id::text, '-', '') as transfer_key, amount
      from compensation
      where state = 'paid' and direction = 'outward' and paid_at >= ${from}::timestamptz and paid_at < ${until}::timestamptz
    ), edge as (
      select lane, account_id, entry_before(lane, account_id, ${from}::timestamptz) as low, entry_before(lane, account_id, ${until}::timestamptz) as high
      from account where account_id >= ${low} and account_id < ${high}
    ), booked as (
      select j.institution, j.transfer_key, -sum(e.amount)::bigint as amount
      from edge join entry e on e.lane = edge.lane and e.account_id = edge.account_id and e.entry_no > edge.low and e.entry_no <= edge.high
      join journal j on j.journal_id = e.journal_id and j.event = 'compensation' and j.transfer_key like 'pay:%'
      where e.kind = 'compensation' group by 1, 2
    )
    -- An entry is never earlier than the one before it: it may be of the day after the line's, and is looked for by the line.
    select coalesce(line.institution, booked.institution) as institution, line.direction, line.rrn,
           coalesce(line.transfer_key, booked.transfer_key) as transfer_key,
           coalesce(line.amount, (select c.amount from compensation c where c.state = 'paid' and c.direction = 'outward'
                                  and c.payment_id = substring(booked.transfer_key from 5)::uuid)) as line,
           coalesce(booked.amount, (select -sum(e.amount)::bigint from journal j join entry e on e.journal_id = j.journal_id
                                    where j.transfer_key = line.transfer_key and j.event = 'compensation' and e.account_id < ${high}
                                      and e.kind not in ('opening', 'hold', 'void', 'credit', 'return'))) as booked
    from line full join booked on booked.transfer_key = line.transfer_key`
  const different = pairs.filter(({ line, booked }) => line !== booked)
  const breaks = different.map(({ institution, direction, rrn, transfer_key, line, booked }): BooksBreak => {
    const values = { key: transfer_key, day, paise: String(line), ours: String(booked) }
    const code =
      line === null ? 'compensation_no_line' : booked === null ? 'compensation_no_journal' : 'compensation_differs'
    const detail = writeDetail(code, values)
    const amountPaise = magnitude((line ?? 0n) - (booked ?? 0n))
    return {
      type: 'B22',
      payment: null,
      institution,
      amountPaise,
      detail,
      ...(direction === null ? {} : { direction }),
      ...(rrn === null ? {} : { rrn }),
    }
  })
  await openBooksBreaks(db, breaks, now)
  return different.length
}
