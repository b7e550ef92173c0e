import { paise } from '../../base/money.ts'
import { between, createSeededRandom, type Random } from '../../base/random.ts'
import type { RawRow, Side } from '../../imps/files/rows.ts'
import type { Says } from './files.ts'
import type { MemberCycle, RawRows } from './settlement.ts'
import { copyOf, count } from './tally.ts'

/**
 * Mistakes in files, by seed: how often each, in which rows and files chance decides. The statement adds up what the raw files say, mistakes
 * and all, so that each mistake is one break and not two; `statementOff` is how a statement differs from them.
 */

export const rowErrors = [
  'missing', //      the row is in no file
  'duplicate', //    the row is there twice
  'wrongAmount', //
  'wrongBank', //    the other side's NBIN is another bank's
  'truncatedRrn', // the last digits are cut off
  'late', //         the row is in the next cycle's file
] as const
export const fileErrors = [
  'sumOff', //       a raw file's trailer is a paisa off: not to be used
  'statementOff', // the statement is a paisa off, and adds up
  'repeatedFile', // the file comes again with the next cycle
  'halfFile', //     the second half is not there
  'missingFile', //  the file does not come
] as const
export type RowError = (typeof rowErrors)[number]
export type FileErrorKind = (typeof fileErrors)[number]
export type Errors = Partial<Readonly<Record<RowError | FileErrorKind, number>>>

/** One mistake, as the manifest has it. Accounts and names are in none. */
export type Injected = {
  readonly kind: RowError | FileErrorKind
  /** Settlement code of the member. */
  readonly bank: string
  readonly side?: Side
  readonly rrn?: string
  readonly file?: string
  readonly was?: string
  readonly is?: string
}

export type Spoilt = { readonly member: MemberCycle; readonly says: Says; readonly injected: readonly Injected[] }

/** Rows that wait for the next cycle of a member, by NBIN and side. */
export type LateRows = Map<string, RawRow[]>

const lateKey = (member: MemberCycle, side: Side): string => `${member.institution.nbin}/${side}`
const sides = ['remitter', 'beneficiary'] as const

type Place = { readonly at: number; readonly side: Side; readonly index: number }

/**
 * Each mistake is in a row of its own, of an approved payment: what is deemed is in other files as well.
 * @param late what an earlier cycle left; what this one leaves is in it afterwards
 */
export function spoil(members: readonly MemberCycle[], errors: Errors, seed: number, late: LateRows): Spoilt[] {
  const random = createSeededRandom(seed)
  const places: Place[] = []
  const wanted = rowErrors.flatMap((kind) => Array.from({ length: errors[kind] ?? 0 }, () => kind))
  if (wanted.length > 0) {
    for (const [at, { raw }] of members.entries()) {
      for (const side of sides) {
        for (let index = 0; index < raw[side].length; index += 1) {
          if (raw[side].codeAt(index) === '00') places.push({ at, side, index })
        }
      }
    }
  }
  const chosen = new Map<string, RowError>()
  for (const kind of wanted) {
    if (places.length === 0) break
    const drawn = between(random, 0, places.length - 1)
    const place = places[drawn]
    const last = places.pop()
    if (place === undefined || last === undefined) break
    if (drawn < places.length) places[drawn] = last
    chosen.set(`${place.at}/${place.side}/${place.index}`, kind)
  }
  const spoilt = members.map((member, at) => spoilRows(member, at, chosen, random, late))
  return spoilSums(spoilt, errors, random)
}

function spoilRows(
  member: MemberCycle,
  at: number,
  chosen: ReadonlyMap<string, RowError>,
  random: Random,
  late: LateRows,
): Spoilt {
  const { table, cycle, institution } = member
  const tally = copyOf(member.tally)
  const injected: Injected[] = []
  const raw = { ...member.raw }
  for (const side of sides) {
    const rows = member.raw[side]
    const held = late.get(lateKey(member, side)) ?? []
    late.delete(lateKey(member, side))
    const own = [...chosen].flatMap(([key, kind]) => {
      const [place, its, index] = key.split('/')
      return Number(place) === at && its === side ? [{ index: Number(index), kind }] : []
    })
    if (own.length === 0 && held.length === 0) continue
    own.sort((one, other) => one.index - other.index)
    const changed = new Map<number, readonly RawRow[]>()
    for (const { index, kind } of own) {
      const row = rows.rowAt(index)
      const instead = spoilRow(row, kind, random)
      count(tally, table, row, -1)
      for (const one of instead) count(tally, table, one)
      if (kind === 'late') late.set(lateKey(member, side), [...(late.get(lateKey(member, side)) ?? []), row])
      changed.set(index, instead)
      injected.push({ kind, bank: institution.bank3, side, rrn: row.rrn, ...differenceOf(row, instead[0], kind) })
    }
    const added = held.map((row) => ({ ...row, settlementDate: cycle.settlementDate }))
    for (const row of added) count(tally, table, row)
    raw[side] = withChanges(rows, changed, added)
  }
  return { member: { ...member, raw, tally }, says: {}, injected }
}

function spoilRow(row: RawRow, kind: RowError, random: Random): readonly RawRow[] {
  switch (kind) {
    case 'missing':
    case 'late':
      return []
    case 'duplicate':
      return [row, row]
    case 'wrongAmount':
      return [{ ...row, amountPaise: paise(row.amountPaise + BigInt(between(random, 1, 9_999))) }]
    case 'wrongBank': {
      const name = row.side === 'remitter' ? 'beneficiaryBank' : 'remitterBank'
      // 8xxx is nobody's.
      const other = String(8_000 + between(random, 0, 999))
      return [{ ...row, [name]: other }]
    }
    case 'truncatedRrn':
      return [{ ...row, rrn: row.rrn.slice(0, between(random, 9, 11)) }]
    default:
      return kind satisfies never
  }
}

function differenceOf(was: RawRow, is: RawRow | undefined, kind: RowError): Pick<Injected, 'was' | 'is'> {
  if (is === undefined) return {}
  if (kind === 'wrongAmount') return { was: String(was.amountPaise), is: String(is.amountPaise) }
  if (kind === 'truncatedRrn') return { was: was.rrn, is: is.rrn }
  if (kind !== 'wrongBank') return {}
  return was.side === 'remitter'
    ? { was: was.beneficiaryBank, is: is.beneficiaryBank }
    : { was: was.remitterBank, is: is.remitterBank }
}

/** The rows with some of them replaced, and more at the end. */
function withChanges(
  rows: RawRows,
  changed: ReadonlyMap<number, readonly RawRow[]>,
  added: readonly RawRow[],
): RawRows {
  // Where the rows that come after each change begin, and how many there are more or fewer by then.
  const marks = [...changed].map(([index, instead]) => ({ index, instead }))
  const more = marks.reduce((sum, { instead }) => sum + instead.length - 1, 0)
  const length = rows.length + more + added.length
  const find = (wanted: number): RawRow | number => {
    if (wanted >= rows.length + more) {
      const row = added[wanted - rows.length - more]
      if (row === undefined) throw new Error(`a file has no row ${wanted}`)
      return row
    }
    let shift = 0
    for (const { index, instead } of marks) {
      if (wanted < index + shift) break
      const row = instead[wanted - index - shift]
      if (row !== undefined) return row
      shift += instead.length - 1
    }
    return wanted - shift
  }
  const numbered = (row: RawRow, index: number): RawRow => ({ ...row, line: index + 1 })
  return {
    length,
    codeAt(index) {
      const found = find(index)
      return typeof found === 'number' ? rows.codeAt(found) : found.responseCode
    },
    rowAt(index) {
      const found = find(index)
      return numbered(typeof found === 'number' ? rows.rowAt(found) : found, index)
    },
  }
}

/** One file each: of a paisa more in a trailer nothing else can be said. */
function spoilSums(spoilt: readonly Spoilt[], errors: Errors, random: Random): Spoilt[] {
  const all = [...spoilt]
  const pick = <T>(from: T[]): T | undefined =>
    from.length === 0 ? undefined : from.splice(between(random, 0, from.length - 1), 1)[0]
  const files = all.flatMap(({ member }, at) =>
    sides.flatMap((side) => (member.raw[side].length > 0 ? [{ at, side }] : [])),
  )
  for (let left = errors.sumOff ?? 0; left > 0; left -= 1) {
    const found = pick(files)
    const one = found === undefined ? undefined : all[found.at]
    if (found === undefined || one === undefined) break
    const { bank3 } = one.member.institution
    all[found.at] = {
      ...one,
      says: { ...one.says, trailerOffPaise: { ...one.says.trailerOffPaise, [found.side]: 1n } },
      injected: [...one.injected, { kind: 'sumOff', bank: bank3, side: found.side }],
    }
  }
  const statements = all.flatMap(({ member }, at) =>
    sides.some((side) => member.tally[side].approved.count > 0) ? [at] : [],
  )
  for (let left = errors.statementOff ?? 0; left > 0; left -= 1) {
    const at = pick(statements)
    const one = at === undefined ? undefined : all[at]
    if (at === undefined || one === undefined) break
    const { bank3 } = one.member.institution
    all[at] = {
      ...one,
      says: { ...one.says, lineOffPaise: 1n },
      injected: [...one.injected, { kind: 'statementOff', bank: bank3 }],
    }
  }
  return all
}
