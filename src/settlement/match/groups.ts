import type { DuckDBConnection } from '@duckdb/node-api'
import { literal } from '../../imps/files/duckdb.ts'
import type { Side, SubType } from '../../imps/files/rows.ts'
import type { Children } from './match.ts'
import type { MatchRow, RowStatus, Source } from './rows.ts'

/**
 * The rows that are equal in all sources and once in each, taken away by the million, in DuckDB: what is left goes to `match.ts`. What
 * goes away here is exactly what would need nothing there, and the test holds the two to each other. Nothing personal is loaded but the
 * last four characters of accounts, so what DuckDB spills to disk tells nobody anything.
 */

/** Statuses as numbers. Each has four bits of a sum of its own: up to fifteen rows of a status are counted in one number. */
const codes = {
  core: { S: 0, V: 1 },
  hub: { S: 2, P: 3, F: 4, X: 5 },
  raw: { '00': 6, '08': 7, F: 8 },
} as const satisfies Record<Source, Partial<Record<RowStatus, number>>>
const weight = (code: number): bigint => 1n << BigInt(4 * code)
const statusOf = new Map<number, RowStatus>([
  [codes.core.S, 'S'],
  [codes.core.V, 'V'],
  [codes.hub.S, 'S'],
  [codes.hub.P, 'P'],
  [codes.hub.F, 'F'],
  [codes.hub.X, 'X'],
  [codes.raw['00'], '00'],
  [codes.raw['08'], '08'],
  [codes.raw.F, 'F'],
])

const origins = ['cycle', 'carried', 'outside'] as const satisfies readonly MatchRow['origin'][]

/** Cannot be clean: on us, carried or looked up. A child of a bulk payment can, in its own way. */
const ODD = 1
const CHILD = 2

/** The columns of a row, as expressions over what a source reads from. `null` where a source has nothing. */
export type RowColumns = Readonly<
  Record<
    | 'direction'
    | 'rrn'
    | 'amount'
    | 'status'
    | 'at'
    | 'day'
    | 'remitterBank'
    | 'beneficiaryBank'
    | 'suffix'
    | 'stan'
    | 'subType'
    | 'parentRrn'
    | 'responseCode'
    | 'ref'
    | 'lane'
    | 'origin'
    | 'missed',
    string
  >
>

export type RowSource = {
  readonly source: Source
  readonly from: string
  readonly where?: string
  readonly columns: RowColumns
}

const EPOCH_DAY_OF_2000 = 10_957
const DAY_MS = 86_400_000
const IST_OFFSET_MS = 19_800_000

/** The day in IST of an instant, for a source that has the instant alone. */
export const dayOfInstant = (at: string): string =>
  `strftime(make_timestamp((${at} + ${IST_OFFSET_MS}) * 1000), '%Y-%m-%d')`

/**
 * Makes the tables that rows are loaded into: a row is 60 bytes and what it is called. `k` is the RRN, the direction and the RRN's length,
 * `ad` the amount and the day, `b` both banks. Rows keep the order of their files, so that their place there is known.
 */
export async function createTables(db: DuckDBConnection): Promise<void> {
  for (const source of ['core', 'hub', 'raw'] as const) {
    await db.run(`create or replace temp table ${source}_row (k bigint, code utinyint, ad bigint, b integer, made_at bigint, suffix varchar,
      stan uinteger, fc boolean, parent bigint, rc varchar, ref varchar, lane utinyint, origin utinyint, missed utinyint, odd utinyint)`)
  }
}

/** Loads rows of a source; of several files one after the other. @returns how many */
export async function loadRows(db: DuckDBConnection, { source, from, where, columns }: RowSource): Promise<number> {
  const of = columns
  const cases = (values: Readonly<Record<string, number>>): string =>
    Object.entries(values)
      .map(([name, code]) => `when ${literal(name)} then ${code}`)
      .join(' ')
  const bank = `try_cast(${of.remitterBank} as integer) * 10000 + try_cast(${of.beneficiaryBank} as integer)`
  const parent = `try_cast(nullif(${of.parentRrn}, '') as bigint)`
  const odd = `(case when ${of.remitterBank} = ${of.beneficiaryBank} or ${of.origin} <> 'cycle' then ${ODD} else 0 end
    + case when ${parent} is not null then ${CHILD} else 0 end)::utinyint`
  const result = await db.runAndReadAll(`insert into ${source}_row
    select (${of.rrn}::bigint * 2 + case ${of.direction} when 'outward' then 0 else 1 end) * 16 + length(${of.rrn}),
      case ${of.status} ${cases(codes[source])} end, ${of.amount}::bigint * 100000 + ${dayNumber(of.day)}, ${bank}, ${of.at}::bigint,
      ${of.suffix}, try_cast(${of.stan} as uinteger), ${of.subType} = 'FC', ${parent}, ${of.responseCode}, ${of.ref}, ${of.lane},
      case ${of.origin} when 'cycle' then 0 when 'carried' then 1 else 2 end, ${of.missed}, ${odd}
    from ${from} ${where === undefined ? '' : `where ${where}`}`)
  return Number(result.getRowsJS()[0]?.[0] ?? 0)
}

const dayNumber = (day: string): string => `(${day}::date - date '2000-01-01')`

/** Sums of what is settled and clean: as in `CycleFindings`. */
export type CleanSum = {
  readonly side: 'remitter' | 'beneficiary'
  readonly subType: SubType
  readonly lane: number | null
  readonly overPaise: bigint
  readonly count: number
  readonly amountPaise: bigint
}

export type Residue = {
  readonly rows: readonly MatchRow[]
  readonly settled: readonly CleanSum[]
  readonly children: ReadonlyMap<string, Children>
  /** Payments that were clean, paid and not. */
  readonly paid: number
  readonly unpaid: number
}

/** Too many rows that do not match are a wrong file, not breaks. */
export class TooManyUnmatched extends Error {
  override readonly name = 'TooManyUnmatched'
}

/** Rows whose groups are made at a time: what is held in memory for it does not grow with the files. */
const AT_ONCE = 3_000_000

/**
 * Takes away what is clean.
 * @param slabs  the amounts in paise above which a fee is another, ascending, from 0 on
 * @param limit  rows that may be left
 * @throws {TooManyUnmatched}
 */
export async function findResidue(
  db: DuckDBConnection,
  slabs: readonly bigint[],
  limit: number,
  done: (share: number) => Promise<void> = async () => undefined,
): Promise<Residue> {
  const all = (columns: string, where = ''): string =>
    sourceNames.map((source) => `select ${columns} from ${source}_row ${where}`).join(' union all ')
  const [S, V] = [weight(codes.core.S), weight(codes.core.V)]
  const [rawF, hubS, hubF, hubX] = [codes.raw.F, codes.hub.S, codes.hub.F, codes.hub.X].map(weight)
  const unpaid = [
    S + V,
    ...[hubF, hubX].flatMap((hub = 0n) => [hub + (rawF ?? 0n), hub + S + V, hub + (rawF ?? 0n) + S + V]),
  ]
  const child = (hubS ?? 0n) + weight(codes.raw['00'])
  const slab = slabs
    .map((over) => `when ad // 100000 > ${over} then ${over}`)
    .reverse()
    .join(' ')
  await db.run('create or replace temp table dirty (k bigint)')
  await db.run(
    'create or replace temp table clean_sum (side utinyint, fc boolean, lane utinyint, over_amount bigint, count bigint, amount bigint)',
  )
  await db.run(
    'create or replace temp table clean_parent (parent bigint, count bigint, amount bigint, bank integer, made_at bigint)',
  )
  const counts = new Map<number, number>()
  const total = await count(db, all('k'))
  const parts = Math.max(1, Math.ceil(total / AT_ONCE))
  let left = 0
  for (let part = 0; part < parts; part += 1) {
    const own = parts === 1 ? '' : `where k // 32 % ${parts} = ${part}`
    await db.run(`create or replace temp table payment_group as
      select k, min(ad) as ad, max(lane) as lane, bool_or(fc) as fc, count(*)::uinteger as rows,
        case when count(*) > 4 or min(ad) <> max(ad) or min(b) <> max(b) then 0
             when max(odd) = 0 and sum(1::bigint << (4 * code)) = ${S + child} then 1
             when min(odd) = ${CHILD} and max(odd) = ${CHILD} and min(parent) = max(parent)
               and sum(1::bigint << (4 * code)) = ${child} and k // 16 % 2 = 0 then 2
             when max(odd) = 0 and sum(1::bigint << (4 * code)) in (${unpaid.join(', ')}) then 3
             else 0 end::utinyint as clean
      from (${all('k, code, ad, b, lane, fc, parent, odd', own)}) group by k`)
    await db.run('insert into dirty select k from payment_group where clean = 0')
    await db.run(`insert into clean_sum
      select k // 16 % 2, fc, lane, case ${slab} else 0 end, count(*), sum(ad // 100000)::bigint
      from payment_group where clean in (1, 2) group by all`)
    const counted = await db.runAndReadAll(
      'select clean, count(*), sum(rows)::bigint from payment_group group by clean',
    )
    for (const [clean, groups, rows] of counted.getRowsJS()) {
      counts.set(Number(clean), (counts.get(Number(clean)) ?? 0) + Number(groups))
      if (Number(clean) === 0) left += Number(rows)
    }
    if ((counts.get(2) ?? 0) > 0)
      await db.run(`insert into clean_parent
        select parent, count(*), sum(ad // 100000)::bigint, min(b // 10000), min(made_at)
        from raw_row semi join (select k from payment_group where clean = 2) c using (k) ${own} group by all`)
    if (left > limit) throw new TooManyUnmatched(`${left} rows do not match; ${limit} may be left`)
    await done((part + 1) / parts)
  }
  await db.run('drop table payment_group')
  const sums = await db.runAndReadAll(`
    select side, fc, lane, over_amount, sum(count)::bigint, sum(amount)::bigint from clean_sum group by all order by all`)
  const parents = await db.runAndReadAll(`
    select lpad(parent::varchar, 12, '0'), sum(count)::bigint, sum(amount)::bigint, min(bank), min(made_at)
    from clean_parent group by all order by all`)
  return {
    rows: (await Promise.all(sourceNames.map((source) => readRows(db, source)))).flat(),
    settled: sums.getRowsJS().map(([side, fc, lane, over, count, amount]) => ({
      side: Number(side) === 0 ? 'remitter' : 'beneficiary',
      subType: fc === true ? 'FC' : 'F3',
      lane: lane === null ? null : Number(lane),
      overPaise: BigInt(String(over)),
      count: Number(count),
      amountPaise: BigInt(String(amount)),
    })),
    children: new Map(
      parents.getRowsJS().map(([parent, count, amount, bank, at]) => [
        String(parent),
        {
          count: Number(count),
          amountPaise: BigInt(String(amount)),
          remitterBank: nbin(Number(bank)),
          at: Number(at),
        },
      ]),
    ),
    paid: (counts.get(1) ?? 0) + (counts.get(2) ?? 0),
    unpaid: counts.get(3) ?? 0,
  }
}

const sourceNames = ['core', 'hub', 'raw'] as const satisfies readonly Source[]

async function count(db: DuckDBConnection, rows: string): Promise<number> {
  const found = await db.runAndReadAll(`select count(*) from (${rows})`)
  return Number(found.getRowsJS()[0]?.[0] ?? 0)
}

/** What the raw files come to, by side and status: for the control totals. */
export async function rawSums(
  db: DuckDBConnection,
): Promise<
  readonly { readonly side: Side; readonly status: '00' | '08'; readonly count: number; readonly amountPaise: bigint }[]
> {
  const found = await db.runAndReadAll(`
    select k // 16 % 2, code, count(*), sum(ad // 100000)::bigint from raw_row where code <> ${codes.raw.F} group by all order by all`)
  return found.getRowsJS().map(([side, code, rows, amount]) => ({
    side: Number(side) === 0 ? 'remitter' : 'beneficiary',
    status: Number(code) === codes.raw['08'] ? '08' : '00',
    count: Number(rows),
    amountPaise: BigInt(String(amount)),
  }))
}

const nbin = (number: number): string => String(number).padStart(4, '0')

async function readRows(db: DuckDBConnection, source: Source): Promise<MatchRow[]> {
  const found = await db.runAndReadAll(`
    select k, code, ad, b, made_at, suffix, stan, fc, parent, rc, ref, lane, origin, missed from ${source}_row
    semi join dirty using (k)`)
  return found.getRowsJS().map(([k, code, ad, b, at, suffix, stan, fc, parent, rc, ref, lane, origin, missed]) => {
    const key = BigInt(String(k))
    const both = BigInt(String(ad))
    const status = statusOf.get(Number(code))
    if (status === undefined) throw new Error(`a row of ${source} without a status`)
    const text = (value: unknown): string => (value === null ? '' : String(value))
    const days = Number(both % 100_000n) + EPOCH_DAY_OF_2000
    return {
      source,
      direction: (key >> 4n) % 2n === 0n ? 'outward' : 'inward',
      rrn: String(key >> 5n).padStart(Number(key % 16n), '0'),
      amountPaise: both / 100_000n,
      day: new Date(days * DAY_MS).toISOString().slice(0, 10),
      remitterBank: b === null ? '' : nbin(Math.floor(Number(b) / 10_000)),
      beneficiaryBank: b === null ? '' : nbin(Number(b) % 10_000),
      status,
      at: Number(at),
      suffix: text(suffix),
      stan: stan === null ? '' : String(stan).padStart(6, '0'),
      subType: fc === true ? 'FC' : 'F3',
      parentRrn: parent === null ? '' : String(parent).padStart(12, '0'),
      responseCode: text(rc),
      ref: text(ref),
      lane: lane === null ? null : Number(lane),
      origin: origins[Number(origin)] ?? 'cycle',
      missed: Number(missed),
    }
  })
}
