import type { Db, Tx } from '../../db/pool.ts'
import { addDays, type Cycle, type CycleGrid, cyclesOn, dayOf, formatCycle } from '../../imps/cycles.ts'
import type { CycleNumber, Day } from '../../imps/files/rows.ts'
import type { ArrivingKind } from './file.ts'

/** Which files a cycle should have, which are here, and which are missing: from the first cycle on that a bank had a file of. */

/** What every cycle has; a report without rows comes all the same. */
export const expectedKinds = [
  'ntsl',
  'raw_remitter',
  'raw_beneficiary',
  'timeout',
  'adjustment',
] as const satisfies readonly ArrivingKind[]
export type ExpectedKind = (typeof expectedKinds)[number]

/** A cycle of disputes alone has no payments in it. */
const ofDisputes: readonly ExpectedKind[] = ['ntsl', 'adjustment']

/** So long after the end of its cycle a file is missing. @source settlement.md §7.3 B29 */
export const DUE_MS = 30 * 60_000
/** How far back is looked for what is missing: so long can anything be raised about a payment. @source settlement.md §7.3 */
export const LOOK_BACK_DAYS = 45

export type ExpectedFile = {
  readonly kind: ExpectedKind
  /** `refused`: one came and was no good; `awaited`: it is not late yet. */
  readonly state: 'here' | 'refused' | 'awaited' | 'missing'
  readonly fileId: string | null
}

export type ExpectedCycle = {
  readonly institution: string
  readonly cycle: Cycle
  readonly dueAt: number
  /** `open`: it has not ended; `complete`: all files are here. */
  readonly state: 'open' | 'awaited' | 'incomplete' | 'complete'
  readonly settled: boolean
  readonly files: readonly ExpectedFile[]
}

type Found = {
  day: Day
  cycle: CycleNumber
  kind: ArrivingKind
  state: 'accepted' | 'refused'
  file_id: string
}

/** The cycles of a bank that ended or end on these days, the latest first; none before the first that it had a file of. */
export async function expectedCycles(
  db: Db | Tx,
  grids: readonly CycleGrid[],
  { institution, from, to, now }: { institution: string; from: Day; to: Day; now: number },
): Promise<readonly ExpectedCycle[]> {
  const [first] = await db<{ window_to: number | null }[]>`
    select min(window_to) as window_to from settlement_cycle where institution = ${institution}`
  if (first === undefined || first.window_to === null) return []
  const firstEnd = first.window_to
  const [files, settled] = await Promise.all([
    db<Found[]>`
      select settled_on::text as day, cycle, kind, state, file_id from settlement_file
      where institution = ${institution} and settled_on between ${from}::date and ${to}::date and cycle is not null and state <> 'superseded'
      order by file_id`,
    db<{ day: Day; cycle: CycleNumber }[]>`
      select settled_on::text as day, cycle from pipeline_step
      where institution = ${institution} and settled_on between ${from}::date and ${to}::date and step = 'settle'`,
  ])
  const found = new Map<string, Found>()
  for (const one of files) {
    const key = `${one.day}/${one.cycle} ${one.kind}`
    // What is in use counts, and of what was refused the last.
    if (found.get(key)?.state !== 'accepted') found.set(key, one)
  }
  const early = new Set(files.map(({ day, cycle }) => `${day}/${cycle}`)) // a sandbox is not patient
  const done = new Set(settled.map(({ day, cycle }) => `${day}/${cycle}`))
  return daysOf(from, to)
    .flatMap((day) => cyclesOn(grids, day))
    .filter((cycle) => cycle.toAt >= firstEnd && (cycle.fromAt <= now || early.has(formatCycle(cycle))))
    .reverse()
    .map((cycle): ExpectedCycle => {
      const dueAt = cycle.toAt + DUE_MS
      const name = formatCycle(cycle)
      const kinds = cycle.carries === 'disputes' ? ofDisputes : expectedKinds
      const its = kinds.map((kind): ExpectedFile => {
        const one = found.get(`${name} ${kind}`)
        const fileId = one === undefined ? null : `fil_${one.file_id.replaceAll('-', '')}`
        if (one !== undefined) return { kind, state: one.state === 'accepted' ? 'here' : 'refused', fileId }
        return { kind, state: now > dueAt ? 'missing' : 'awaited', fileId }
      })
      const complete = its.every(({ state }) => state === 'here')
      const state = complete ? 'complete' : now > dueAt ? 'incomplete' : now < cycle.toAt ? 'open' : 'awaited'
      return { institution, cycle, dueAt, state, settled: done.has(name), files: its }
    })
}

/** Those of the last 45 days whose files should be here and are not. */
export async function incompleteCycles(
  db: Db | Tx,
  grids: readonly CycleGrid[],
  institution: string,
  now: number,
): Promise<readonly ExpectedCycle[]> {
  const to = addDays(dayOf(now), 1)
  const cycles = await expectedCycles(db, grids, { institution, from: addDays(to, -LOOK_BACK_DAYS), to, now })
  return cycles.filter(({ state }) => state === 'incomplete')
}

function daysOf(from: Day, to: Day): readonly Day[] {
  const days: Day[] = []
  for (let day = from; day <= to; day = addDays(day, 1)) days.push(day)
  return days
}
