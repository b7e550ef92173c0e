import { createHash } from 'node:crypto'
import type { Cycle, CycleGrid } from '../../imps/cycles.ts'
import { dueAtOf } from './deadline.ts'
import type { CleanSum, Residue } from './groups.ts'
import { CARRY_CYCLES, type MatchItem, type MatchOutcome } from './match.ts'
import type { FoundBreak } from './rows.ts'
import { order } from './units.ts'

/** A break as its row will have it. */
export type NewBreakRow = FoundBreak & {
  /** 32 hex digits, made from what it is about: the same again is the same break. */
  readonly id: string
  /** Epoch milliseconds. */
  readonly dueAt: number | null
}

/** What is settled and alike, added up. */
export type SettledSum = CleanSum & { readonly status: '00' | '08' }

/** Everything a run says. In one order, and the same for the same rows. */
export type RunOutcome = {
  readonly breaks: readonly NewBreakRow[]
  /** Breaks of runs before it that wait for one cycle more, as `direction rrn remitterBank`. */
  readonly waiting: readonly string[]
  /** And those that wait no more: what became of them. */
  readonly ended: readonly { readonly key: string; readonly resolution: 'matched' | 'superseded' }[]
  readonly items: readonly MatchItem[]
  readonly settled: readonly SettledSum[]
  readonly counts: Readonly<Record<string, number>>
  /** SHA-256 over all of it. */
  readonly hash: string
}

export type OutcomeInput = {
  readonly institution: string
  readonly cycle: Cycle
  readonly grids: readonly CycleGrid[]
  /** Ascending, from 0 on: above which a fee is another. */
  readonly slabs: readonly bigint[]
  readonly residue: Pick<Residue, 'settled' | 'paid' | 'unpaid'>
  readonly matched: MatchOutcome
  /** Breaks about the cycle itself. */
  readonly aboutCycle: readonly FoundBreak[]
}

export const breakKey = (one: {
  readonly direction: string | null
  readonly rrn: string
  readonly remitterBank: string
}): string => `${one.direction} ${one.rrn} ${one.remitterBank}`

export function outcomeOf(input: OutcomeInput): RunOutcome {
  const { institution, cycle, grids, matched, residue } = input
  const all = [...input.aboutCycle, ...matched.breaks]
  const waiting = all.filter(({ state, missed }) => state === 'carried' && missed > 1).map(breakKey)
  const breaks = all
    .filter(({ state, missed }) => !(state === 'carried' && missed > 1 && missed <= CARRY_CYCLES))
    .map((one) => ({
      ...one,
      id: breakId(institution, cycle, one),
      dueAt: dueAtOf(one.type, one.at ?? cycle.toAt, cycle, grids),
    }))
    .sort((a, b) => order(a.type, b.type) || order(breakKey(a), breakKey(b)) || a.ordinal - b.ordinal)
  const opened = new Set(breaks.map(breakKey))
  const ended = matched.closed.map((key) => ({ key, resolution: opened.has(key) ? 'superseded' : 'matched' }) as const)
  const settled = sumsOf(residue.settled, matched, input.slabs)
  const counts: Record<string, number> = { paid: residue.paid, unpaid: residue.unpaid }
  for (const [pass, count] of Object.entries(matched.passes)) counts[pass] = (counts[pass] ?? 0) + count
  counts.exact = (counts.exact ?? 0) + residue.paid + residue.unpaid
  for (const { type } of breaks) counts[type] = (counts[type] ?? 0) + 1
  counts.waiting = waiting.length
  const found = { breaks, waiting: waiting.sort(order), ended, items: matched.items, settled, counts }
  return { ...found, hash: createHash('sha256').update(textOf(found)).digest('hex') }
}

/** JSON with paise as digits. */
export const textOf = (value: unknown): string =>
  JSON.stringify(value, (_, one) => (typeof one === 'bigint' ? String(one) : one))

const breakId = (institution: string, cycle: Cycle, one: FoundBreak): string =>
  createHash('sha256')
    .update(`${institution} ${cycle.settlementDate}/${cycle.number} ${one.type} ${breakKey(one)} ${one.ordinal}`)
    .digest('hex')
    .slice(0, 32)

function sumsOf(clean: readonly CleanSum[], { settled }: MatchOutcome, slabs: readonly bigint[]): SettledSum[] {
  const sums = new Map<string, SettledSum>()
  const add = (one: SettledSum): void => {
    const key = `${one.side} ${one.status} ${one.subType} ${one.lane ?? -1} ${one.overPaise}`
    const before = sums.get(key)
    sums.set(key, {
      ...one,
      count: one.count + (before?.count ?? 0),
      amountPaise: one.amountPaise + (before?.amountPaise ?? 0n),
    })
  }
  for (const one of clean) add({ ...one, status: '00' })
  for (const { row, lane } of settled) {
    const { amountPaise, subType, status } = row
    const side = row.direction === 'outward' ? 'remitter' : 'beneficiary'
    const overPaise = slabs.filter((over) => over < amountPaise).at(-1) ?? 0n
    add({ side, status: status === '08' ? '08' : '00', subType, lane, overPaise, count: 1, amountPaise })
  }
  return [...sums.values()].sort(
    (a, b) =>
      order(a.side, b.side) ||
      order(a.status, b.status) ||
      order(a.subType, b.subType) ||
      (a.lane ?? -1) - (b.lane ?? -1) ||
      order(a.overPaise, b.overPaise),
  )
}
