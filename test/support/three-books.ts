import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { paise } from '../../src/base/money.ts'
import { literal } from '../../src/imps/files/duckdb.ts'
import { defaultLayouts } from '../../src/imps/files/layouts.ts'
import type { NtslRow } from '../../src/imps/files/rows.ts'
import { plainHeads } from '../../src/settlement/match/sources.ts'

/**
 * Three books of one cycle as files, with differences injected by seed: what the hub, the core and NPCI would have of the bank 1234 in the
 * cycle that ends at 11:00 on 27 November 2026. Which break each difference is follows from the reference, not from the engine.
 */

export type Expected = {
  readonly type: string
  readonly direction: string
  readonly rrn: string
  readonly nbin: string
}

export type ThreeBooks = {
  readonly core: string
  readonly hub: string
  readonly rawRemitter: string
  readonly rawBeneficiary: string
  /** In the order of type, direction, RRN. */
  readonly expected: readonly Expected[]
  /** Rows of core, hub and NPCI. */
  readonly rows: { readonly core: number; readonly hub: number; readonly raw: number }
  /** What a statement says of the raw files. */
  readonly ntsl: readonly NtslRow[]
}

const OWN = '1234'
const FROM = Date.parse('2026-11-27T09:00:00+05:30')

type Side = 'outward' | 'inward'
type One = {
  readonly side: Side
  readonly rrn: string
  readonly other: string
  readonly amount: number
  /** Seconds after 09:00. */
  readonly second: number
}
type Place = 'core' | 'hub' | 'raw'
type Row = One & {
  readonly place: Place
  readonly status: string
  readonly rrnShown?: string
  readonly parent?: string
  readonly own?: string
}

/** A difference: what each book says of one payment, and what the reference calls it. */
type Kind = {
  readonly type: string
  readonly side: Side
  readonly rows: (one: One) => readonly Row[]
  readonly expected?: (one: One) => readonly Expected[]
  /** Within 30 minutes of the cut. */
  readonly late?: boolean
}

const in_ =
  (place: Place, status: string) =>
  (one: One): Row => ({ ...one, place, status })
const [core, hub] = [in_('core', 'S'), in_('hub', 'S')]
const raw = (status: string) => in_('raw', status)

const kinds: readonly Kind[] = [
  { type: 'B01', side: 'outward', late: true, rows: (one) => [core(one), hub(one)] },
  { type: 'B01', side: 'inward', late: true, rows: (one) => [core(one), hub(one)] },
  { type: 'B02', side: 'inward', rows: (one) => [core(one), hub(one), raw('08')(one)] },
  { type: 'B02', side: 'inward', rows: (one) => [core(one), in_('hub', 'F')(one), raw('08')(one)] },
  { type: 'B03', side: 'inward', rows: (one) => [in_('hub', 'F')(one), raw('08')(one)] },
  { type: 'B03', side: 'inward', rows: (one) => [raw('08')(one)] },
  { type: 'B04', side: 'inward', rows: (one) => [in_('hub', 'X')(one), raw('08')(one)] },
  { type: 'B05', side: 'outward', rows: (one) => [core(one), hub(one), raw('91')(one)] },
  { type: 'B05', side: 'outward', rows: (one) => [core(one), in_('hub', 'P')(one), raw('51')(one)] },
  { type: 'B06', side: 'outward', rows: (one) => [raw('00')(one)] },
  { type: 'B06', side: 'outward', rows: (one) => [hub(one), raw('00')(one)] },
  {
    type: 'B06',
    side: 'outward',
    rows: (one) => [core(one), in_('core', 'V')(one), in_('hub', 'F')(one), raw('00')(one)],
  },
  { type: 'B07', side: 'inward', rows: (one) => [core(one), hub(one), raw('12')(one)] },
  { type: 'B08', side: 'outward', rows: (one) => [core(one), in_('hub', 'P')(one), raw('00')(one)] },
  { type: 'B08', side: 'inward', rows: (one) => [core(one), in_('hub', 'F')(one), raw('00')(one)] },
  { type: 'B08', side: 'outward', rows: (one) => [core(one), raw('00')(one)] },
  { type: 'B09', side: 'outward', rows: (one) => [core(one), core(one), hub(one), raw('00')(one)] },
  { type: 'B09', side: 'inward', rows: (one) => [core(one), core(one), hub(one), raw('00')(one)] },
  { type: 'B10', side: 'outward', rows: (one) => [core(one), hub(one), raw('00')(one), raw('00')(one)] },
  { type: 'B10', side: 'inward', rows: (one) => [core(one), hub(one), raw('00')(one), raw('00')(one)] },
  { type: 'B11', side: 'outward', rows: (one) => [core(one), hub(one), raw('00')({ ...one, amount: one.amount + 1 })] },
  {
    type: 'B11',
    side: 'inward',
    rows: (one) => [core({ ...one, amount: one.amount + 700 }), hub(one), raw('00')(one)],
  },
  { type: 'B12', side: 'outward', rows: (one) => [core(one), hub(one), raw('00')({ ...one, other: '3999' })] },
  {
    type: 'B12',
    side: 'inward',
    rows: (one) => [core(one), hub(one), raw('00')({ ...one, other: '3998' })],
    expected: (one) => [{ type: 'B12', direction: 'inward', rrn: one.rrn, nbin: '3998' }],
  },
  {
    type: 'B13',
    side: 'outward',
    rows: (one) => [core(one), hub(one), { ...raw('00')(one), rrnShown: one.rrn.slice(0, 9) }],
    expected: (one) => [{ type: 'B13', direction: 'outward', rrn: one.rrn.slice(0, 9), nbin: OWN }],
  },
  { type: 'B25', side: 'inward', rows: (one) => [hub(one), raw('00')(one)] },
  { type: 'B25', side: 'inward', rows: (one) => [in_('hub', 'F')(one), raw('00')(one)] },
  { type: 'B25', side: 'outward', rows: (one) => [hub(one), raw('08')(one)] },
  {
    type: 'B27',
    side: 'outward',
    rows: (one) => [{ ...raw('00')(one), other: OWN }],
    expected: (one) => [{ type: 'B27', direction: 'outward', rrn: one.rrn, nbin: OWN }],
  },
  { type: 'B30', side: 'outward', rows: (one) => [core(one), hub(one)] },
  { type: 'B30', side: 'inward', rows: (one) => [core(one), hub(one)] },
  { type: 'B30', side: 'outward', rows: (one) => [core(one), in_('hub', 'P')(one)] },
  // Not breaks: declined everywhere; taken back; settled by the next day in NPCI's file; deemed and debited.
  { type: '', side: 'outward', rows: (one) => [in_('hub', 'F')(one), raw('M1')(one)] },
  {
    type: '',
    side: 'outward',
    rows: (one) => [core(one), in_('core', 'V')(one), in_('hub', 'F')(one), raw('52')(one)],
  },
  { type: '', side: 'outward', rows: (one) => [core(one), in_('core', 'V')(one), in_('hub', 'F')(one)] },
  { type: '', side: 'outward', rows: (one) => [core(one), hub(one), raw('08')(one)] },
]

/** A bulk payment of three children; the debit covers one more than NPCI settled when it is a break. */
const bulkOf = (
  one: One,
  children: readonly One[],
  isBreak: boolean,
): { readonly rows: readonly Row[]; readonly expected: readonly Expected[] } => {
  const sum = children.reduce((total, child) => total + child.amount, 0)
  const parent = one.rrn
  return {
    rows: [
      { ...core({ ...one, amount: isBreak ? sum + 5_000 : sum }), parent: '' },
      ...children.flatMap((child) => [
        { ...hub(child), parent },
        { ...raw('00')(child), parent },
      ]),
    ],
    expected: isBreak ? [{ type: 'B26', direction: 'outward', rrn: parent, nbin: OWN }] : [],
  }
}

const istOf = (second: number): { readonly day: string; readonly time: string } => {
  const at = new Date(FROM + second * 1000 + 19_800_000).toISOString()
  return { day: at.slice(0, 10).replaceAll('-', ''), time: at.slice(11, 19).replaceAll(':', '') }
}
const rupees = (amount: number): string => `${Math.floor(amount / 100)}.${String(amount % 100).padStart(2, '0')}`

function plainLine(row: Row): string {
  const outward = row.side === 'outward'
  const [remitter, beneficiary] = outward ? [OWN, row.other] : [row.other, OWN]
  const at = FROM + row.second * 1000
  const lane = row.place === 'hub' ? String(Number(row.rrn.slice(-6)) % 64) : ''
  return `${row.side},${row.rrn},${row.amount},${row.status},${at},${remitter},${beneficiary},${row.rrn.slice(-4)},${row.rrn.slice(-6)},F3,${row.parent ?? ''},${row.place[0]}${row.rrn},${lane},cycle,0\n`
}

function rawLine(row: Row): string {
  const outward = row.side === 'outward'
  const [remitter, beneficiary] = outward ? [OWN, row.other] : [row.other, OWN]
  const { day, time } = istOf(row.second)
  const own = `5010${row.rrn.slice(-8)}`
  const [from, to] = outward ? [own, `9${row.rrn}`] : [`9${row.rrn}`, own]
  return `TRT,F3,${row.rrnShown ?? row.rrn},${row.status},${row.rrn.slice(-6)},${day},${time},20261127,356,${rupees(row.amount)},${remitter},${from},,${beneficiary},${to},,${row.parent ? '89' : ''},${row.parent ?? ''}\n`
}

/**
 * Writes the files.
 * @param rows  of each book, about
 * @param each  how often each kind of difference is injected
 * @param order  `mixed`: the rows of each file stand in another order
 */
export async function writeThreeBooks(
  folder: string,
  { rows, each, seed, order = 'kept' }: { rows: number; each: number; seed: number; order?: 'kept' | 'mixed' },
): Promise<ThreeBooks> {
  const instance = await DuckDBInstance.create(':memory:')
  const db = await instance.connect()
  try {
    return await write(db, folder, rows, each, seed, order)
  } finally {
    db.closeSync()
    instance.closeSync()
  }
}

async function write(
  db: DuckDBConnection,
  folder: string,
  rows: number,
  each: number,
  seed: number,
  order: 'kept' | 'mixed',
): Promise<ThreeBooks> {
  // Injected payments have RRNs of hours 10 (outward and inward alike), the plain ones of hour 09 and 08.
  let state = seed >>> 0 || 1
  const chance = (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 0x1_0000_0000) * below)
  }
  const injected: Row[] = []
  const expected: Expected[] = []
  let serial = 0
  const next = (side: Side, late = false): One => {
    serial += 1 + chance(3)
    return {
      side,
      rrn: `633110${String(serial).padStart(6, '0')}`,
      other: String(2000 + chance(40)),
      amount: 10_000 + chance(9_000_000),
      second: late ? 5_400 + 1 + chance(1_798) : chance(5_399),
    }
  }
  for (let n = 0; n < each; n += 1) {
    for (const kind of kinds) {
      const one = next(kind.side, kind.late)
      injected.push(...kind.rows(one))
      const nbin = kind.side === 'outward' ? OWN : one.other
      if (kind.type !== '')
        expected.push(...(kind.expected?.(one) ?? [{ type: kind.type, direction: kind.side, rrn: one.rrn, nbin }]))
    }
    for (const isBreak of [true, false]) {
      const bulk = bulkOf(next('outward'), [next('outward'), next('outward'), next('outward')], isBreak)
      injected.push(...bulk.rows)
      expected.push(...bulk.expected)
    }
  }
  await db.run('create table extra (place varchar, side varchar, n integer, line varchar)')
  const appender = await db.createAppender('extra')
  for (const [n, row] of injected.entries()) {
    appender.appendVarchar(row.place)
    appender.appendVarchar(row.side)
    appender.appendInteger(n)
    appender.appendVarchar((row.place === 'raw' ? rawLine(row) : plainLine(row)).trimEnd())
    appender.endRow()
  }
  appender.closeSync()

  const plain = Math.max(0, rows - Math.round(injected.length / 3))
  // A million serials an hour: hours 00 to 09 of the day, outward and inward in turn.
  await db.run(`create view base as select i, i % 2 = 0 as outward, '633109'::varchar as head,
    (633100000000 + (i // 2))::varchar as rrn, 2000 + hash(i + ${seed}) % 40 as other, (10000 + hash(i * 7 + ${seed}) % 9000000)::bigint as amount,
    (hash(i * 13 + ${seed}) % 7199)::bigint as second from range(${plain}) t(i)`)
  const shuffled = (salt: number): string =>
    order === 'mixed' ? `order by hash(line) % 1000003, hash(line || '${salt}')` : ''
  const plainOf = (place: 'core' | 'hub'): string => `
    select (case when outward then 'outward' else 'inward' end) || ',' || rrn || ',' || amount || ',S,' || (${FROM} + second * 1000) || ',' ||
      (case when outward then '${OWN}' else other::varchar end) || ',' || (case when outward then other::varchar else '${OWN}' end) || ',' ||
      right(rrn, 4) || ',' || right(rrn, 6) || ',F3,,${place[0]}' || rrn || ',' || ${place === 'hub' ? '(i % 64)' : "''"} || ',cycle,0' as line from base`
  const rawOf = (outward: boolean): string => `
    select 'TRT,F3,' || rrn || ',00,' || right(rrn, 6) || ',20261127,' || strftime(make_timestamp((${FROM} + 19800000 + second * 1000) * 1000), '%H%M%S') ||
      ',20261127,356,' || (amount // 100) || '.' || lpad((amount % 100)::varchar, 2, '0') || ',' ||
      ${outward ? `'${OWN},5010' || right(rrn, 8) || ',,' || other || ',9' || rrn || ',,,'` : `other || ',9' || rrn || ',,${OWN},5010' || right(rrn, 8) || ',,,'`} as line
    from base where ${outward ? '' : 'not '}outward`
  const paths = {
    core: join(folder, 'core.csv'),
    hub: join(folder, 'hub.csv'),
    rawRemitter: join(folder, 'raw_remitter.csv'),
    rawBeneficiary: join(folder, 'raw_beneficiary.csv'),
  }
  const layout = defaultLayouts.find(({ id }) => id === 'raw_remitter/csv/2')
  if (layout === undefined) throw new Error('no layout')
  const rawHead = layout.fields.map(({ column }) => column).join(',')
  const sum = await db.runAndReadAll('select outward, count(*), sum(amount)::bigint from base group by all')
  const base = new Map(
    sum
      .getRowsJS()
      .map(([outward, count, amount]) => [outward === true, { count: Number(count), amount: BigInt(String(amount)) }]),
  )
  const dump = async (path: string, head: string, from: string, salt: number): Promise<void> => {
    // The whole line is one column, named by the head.
    await db.run(
      `copy (select line as "${head}" from (${from}) ${shuffled(salt)}) to ${literal(path)} (format csv, header true, delim '\x1f', quote '', escape '')`,
    )
  }
  for (const [n, place] of (['core', 'hub'] as const).entries())
    await dump(
      paths[place],
      plainHeads.join(','),
      `${plainOf(place)} union all select line from extra where place = '${place}'`,
      n,
    )
  const counted = (side: Side): { count: number; amount: bigint } => {
    const extra = injected.filter((row) => row.place === 'raw' && row.side === side)
    const plainly = base.get(side === 'outward') ?? { count: 0, amount: 0n }
    return {
      count: plainly.count + extra.length,
      amount: plainly.amount + extra.reduce((total, { amount }) => total + BigInt(amount), 0n),
    }
  }
  for (const side of ['outward', 'inward'] as const) {
    const path = side === 'outward' ? paths.rawRemitter : paths.rawBeneficiary
    await dump(
      path,
      rawHead,
      `${rawOf(side === 'outward')} union all select line from extra where place = 'raw' and side = '${side}'`,
      7,
    )
    const { count, amount } = counted(side)
    appendFileSync(path, `TRAILER,TRT,20261127,5C,${count},${rupeesOf(amount)}\n`)
  }
  const stated = (side: Side, status: '00' | '08') => {
    const extra = injected.filter((row) => row.place === 'raw' && row.side === side && row.status === status)
    const plainly =
      status === '00' ? (base.get(side === 'outward') ?? { count: 0, amount: 0n }) : { count: 0, amount: 0n }
    return {
      count: plainly.count + extra.length,
      amount: plainly.amount + extra.reduce((total, row) => total + BigInt(row.amount), 0n),
    }
  }
  const zero = paise(0n)
  const ntsl: NtslRow[] = [
    ['Remitter P2A Approved Transaction Amount', 'outward', '00'],
    ['Remitter P2A-08 Approved Transaction Amount', 'outward', '08'],
    ['Beneficiary P2A Approved Transaction Amount', 'inward', '00'],
    ['Beneficiary P2A-08 Approved Transaction Amount', 'inward', '08'],
  ].map(([description = '', side, status], index) => {
    const { count, amount } = stated(side === 'outward' ? 'outward' : 'inward', status === '00' ? '00' : '08')
    const [debitPaise, creditPaise] = side === 'outward' ? [paise(amount), zero] : [zero, paise(amount)]
    return { line: index + 5, description, count, debitPaise, creditPaise }
  })
  const rowsOf = (place: Place): number => plain + injected.filter((row) => row.place === place).length
  return {
    ...paths,
    expected: expected.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1)),
    rows: { core: rowsOf('core'), hub: rowsOf('hub'), raw: rowsOf('raw') },
    ntsl,
  }
}

export const keyOf = ({ type, direction, rrn, nbin }: Expected): string => `${type} ${direction} ${rrn} ${nbin}`
const rupeesOf = (amount: bigint): string => `${amount / 100n}.${String(amount % 100n).padStart(2, '0')}`
