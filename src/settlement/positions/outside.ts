import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { toRfc3339 } from '../../base/clock.ts'
import { LANES } from '../../base/identifiers.ts'
import type { Log } from '../../base/log.ts'
import type { Db } from '../../db/pool.ts'
import { addDays, startOfDay } from '../../imps/cycles.ts'
import type { Day } from '../../imps/files/rows.ts'
import { type ChartCode, chart, chartCodes } from '../../ledger/chart.ts'

/**
 * What others say an account of the chart held at the end of a day: the core in its balances of that day, banks in their statements. Debit
 * positive, paise.
 */
export type OutsideBalance = {
  readonly source: 'core' | 'statement'
  /** The day that it is of: of statements the last that all accounts have one of. */
  readonly on: Day
  /** Of statements: what moved since the first of them began, for what an account held before the hub knows nobody tells it. */
  readonly saysPaise: bigint
  /** What the ledger has for the same. */
  readonly ledgerPaise: bigint
  readonly differencePaise: bigint
  /** Days that they have differed without a break; 0: they do not, or since this day. */
  readonly ageDays: number
}
export type OutsideSaid = Omit<OutsideBalance, 'ageDays' | 'differencePaise'>

/** Days that a statement may differ: what is settled at night is in the books of one day and the statement of the next. */
export const OLD_DAYS = 3

/** Whether it speaks against the ledger: the core's balances at once, statements when it is not the night's doing any more. */
export const isAgainst = ({ source, differencePaise, ageDays }: OutsideBalance): boolean =>
  differencePaise !== 0n && (source === 'core' || ageDays >= OLD_DAYS)

/**
 * The balances that the cores of these banks have put into a folder for a day, `<bank>-<day>-balances.csv` with the head `account,balance`:
 * codes of the chart, rupees, debit positive. The chart is the hub's: a bank whose file is missing, or is no good, leaves all unsaid.
 */
export async function coreBalances(
  folder: string,
  banks: readonly string[],
  day: Day,
  log: Pick<Log, 'error'>,
): Promise<ReadonlyMap<ChartCode, bigint>> {
  const sums = new Map<ChartCode, bigint>()
  for (const bank of banks) {
    const text = await readFile(join(folder, `${bank}-${day}-balances.csv`), 'utf8').catch(() => undefined)
    if (text === undefined) return new Map()
    const found = readBalances(text)
    if (found === undefined) {
      log.error({ institution: bank }, 'the balances of the core cannot be read')
      return new Map()
    }
    for (const [code, paise] of found) sums.set(code, (sums.get(code) ?? 0n) + paise)
  }
  return sums
}

/** Lines at most: there are few accounts, and each once. */
const MOST_BYTES = 64 * 1024

/** Each account once, in rupees with two decimals; undefined: it is not that. */
export function readBalances(text: string): ReadonlyMap<ChartCode, bigint> | undefined {
  if (text.length > MOST_BYTES) return undefined
  const found = new Map<ChartCode, bigint>()
  try {
    const [head, ...rows]: string[][] = parse(text, { bom: true, skip_empty_lines: true, trim: true })
    if (head?.join() !== 'account,balance') return undefined
    for (const [name, amount = ''] of rows) {
      const code = chartCodes.find((one) => one === name)
      const [, minus = '', rupees, paise] = /^(-?)([0-9]{1,15})\.([0-9]{2})$/.exec(amount) ?? []
      if (code === undefined || rupees === undefined || found.has(code)) return undefined
      found.set(code, BigInt(`${minus}${rupees}${paise}`))
    }
    return found
  } catch {
    return undefined
  }
}

/** What statements say moved on the settlement account since the first of them, and what the ledger has; undefined: there are none. */
export async function statementBalance(db: Db, day: Day): Promise<OutsideSaid | undefined> {
  const [row] = await db<{ from_day: Day; on_day: Day; says: bigint; banks: string[] }[]>`
    with named as (
      select institution, account_index, min(from_on) as from_on, max(until_on) as until_on from statement
      where until_on <= ${day}::date group by 1, 2
    ), span as (select min(from_on) as from_on, min(until_on) as until_on, array_agg(distinct institution) as banks from named)
    select span.from_on::text as from_day, span.until_on::text as on_day, span.banks,
           sum((select closing from statement s where s.institution = named.institution and s.account_index = named.account_index
                  and s.until_on <= span.until_on order by s.until_on desc, s.statement_id desc limit 1)
             - (select opening from statement s where s.institution = named.institution and s.account_index = named.account_index
                  order by s.from_on, s.statement_id limit 1))::bigint as says
    from named cross join span group by span.from_on, span.until_on, span.banks`
  if (row === undefined) return undefined
  const { from_day, on_day: on, says, banks } = row
  const first = chart['RBI-STL'].number * LANES
  const [moved] = await db<{ ledger: bigint }[]>`
    select coalesce(-sum(e.amount), 0)::bigint as ledger
    from account a
    join entry e on e.lane = a.lane and e.account_id = a.account_id
      and e.entry_no > entry_before(a.lane, a.account_id, ${toRfc3339(startOfDay(from_day))}::timestamptz)
      and e.entry_no <= entry_before(a.lane, a.account_id, ${toRfc3339(startOfDay(addDays(on, 1)))}::timestamptz)
    join journal j on j.journal_id = e.journal_id and j.institution = any(${banks}::text[])
    where a.account_id >= ${first} and a.account_id < ${first + LANES}`
  return { source: 'statement', on, saysPaise: says, ledgerPaise: moved?.ledger ?? 0n }
}

const DAY_MS = 86_400_000

/** How long each has differed, from the proofs of the days before. */
export async function withAges(
  db: Db,
  code: ChartCode,
  day: Day,
  said: readonly OutsideSaid[],
): Promise<OutsideBalance[]> {
  if (said.length === 0) return []
  const before = await db<{ day: Day; outside: { source: string; says: string; ledger: string }[] }[]>`
    select day::text as day, outside from ledger_proof where code = ${code} and day < ${day}::date order by ledger_proof.day desc limit 90`
  return said.map((one) => {
    const differencePaise = one.ledgerPaise - one.saysPaise
    let since = day
    for (const proof of before) {
      const then = proof.outside.find(({ source }) => source === one.source)
      if (then === undefined || then.says === then.ledger) break
      since = proof.day
    }
    const ageDays = differencePaise === 0n ? 0 : Math.round((startOfDay(day) - startOfDay(since)) / DAY_MS)
    return { ...one, differencePaise, ageDays }
  })
}
