import { addDays } from '../../imps/cycles.ts'
import type { Direction, MatchRow, Pass, RowStatus } from './rows.ts'

/** Rows that speak of one payment: of each source one at most, after what is twice has been set aside. Pure. */

export type Unit = {
  readonly direction: Direction
  readonly rrn: string
  readonly remitterBank: string
  readonly beneficiaryBank: string
  core: MatchRow | null
  hub: MatchRow | null
  raw: MatchRow | null
  /** The core posted it and took it back. */
  reversed: boolean
  pass: Pass
}

/** The order of everything: by what a row is about, then by what it says, never by where it lay. */
export function compareRows(a: MatchRow, b: MatchRow): number {
  return (
    order(a.direction, b.direction) ||
    order(a.rrn, b.rrn) ||
    order(a.remitterBank, b.remitterBank) ||
    order(a.beneficiaryBank, b.beneficiaryBank) ||
    order(a.amountPaise, b.amountPaise) ||
    order(a.day, b.day) ||
    order(a.source, b.source) ||
    order(rank[a.status], rank[b.status]) ||
    order(originRank[a.origin], originRank[b.origin]) ||
    order(a.at, b.at) ||
    order(a.ref, b.ref) ||
    order(a.suffix, b.suffix) ||
    order(a.stan, b.stan) ||
    order(a.parentRrn, b.parentRrn) ||
    order(a.subType, b.subType) ||
    order(a.responseCode, b.responseCode) ||
    order(a.missed, b.missed) ||
    order(a.lane ?? -1, b.lane ?? -1)
  )
}

export const order = <T extends string | number | bigint>(a: T, b: T): number => (a < b ? -1 : a > b ? 1 : 0)

/** Of two rows of a source the one that says that money moved is the payment, and the other one too many. */
const rank = { S: 0, '00': 0, P: 1, '08': 1, X: 2, F: 3, V: 4 } as const satisfies Record<RowStatus, number>
const originRank = { cycle: 0, carried: 1, outside: 2 } as const

/** The core's postings without those it took back: the same RRN, amount and banks, that day or the next. */
export function netReversals(core: readonly MatchRow[]): {
  readonly kept: readonly MatchRow[]
  /** Postings that were taken back. */
  readonly reversed: readonly MatchRow[]
  /** Reversals of nothing. */
  readonly loose: readonly MatchRow[]
} {
  const groups = groupBy(
    core,
    (row) => `${row.direction} ${row.rrn} ${row.remitterBank} ${row.beneficiaryBank} ${row.amountPaise}`,
  )
  const kept: MatchRow[] = []
  const reversed: MatchRow[] = []
  const loose: MatchRow[] = []
  for (const rows of groups.values()) {
    const postings = rows.filter(({ status }) => status !== 'V')
    const open: (MatchRow | null)[] = rows.filter(({ status }) => status === 'V')
    const nets = (posting: MatchRow, days: number): boolean => {
      const at = open.findIndex((one) => one !== null && one.day === addDays(posting.day, days))
      if (at < 0) return false
      open[at] = null
      return true
    }
    const sameDay = postings.filter((posting) => !(nets(posting, 0) && reversed.push(posting) > 0))
    for (const posting of sameDay) (nets(posting, 1) ? reversed : kept).push(posting)
    for (const one of open) if (one !== null) loose.push(one)
  }
  return { kept, reversed, loose }
}

/** Everything equal: direction, RRN, banks, amount, day. */
export const exactKey = (row: MatchRow): string =>
  `${row.direction} ${row.rrn} ${row.remitterBank} ${row.beneficiaryBank} ${row.amountPaise} ${row.day}`

/** In order of first appearance. */
export function groupBy<T>(all: Iterable<T>, keyOf: (one: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const one of all) {
    const key = keyOf(one)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [one])
    else group.push(one)
  }
  return groups
}

/** The row that says most about a unit: NPCI's, else the hub's, else the core's. */
export function rowOf(unit: Unit): MatchRow {
  const row = unit.raw ?? unit.hub ?? unit.core
  if (row === null) throw new Error('a unit has a row')
  return row
}

export const rowsOf = ({ core, hub, raw }: Unit): readonly MatchRow[] => [core, hub, raw].filter((row) => row !== null)

/** Whether two units have no source in common: they can be one payment. */
export const fit = (a: Unit, b: Unit): boolean =>
  (a.core === null || b.core === null) && (a.hub === null || b.hub === null) && (a.raw === null || b.raw === null)

/** Takes the rows of `b` into `a`. */
export function join(a: Unit, b: Unit, pass: Pass): void {
  a.core ??= b.core
  a.hub ??= b.hub
  a.raw ??= b.raw
  a.reversed ||= b.reversed
  a.pass = pass
}

/** The day before, the same, or the day after. */
export const nearDays = (a: string, b: string): boolean => a === b || a === addDays(b, 1) || b === addDays(a, 1)
