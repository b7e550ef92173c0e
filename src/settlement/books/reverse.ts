import type { Tx } from '../../db/pool.ts'
import { postJournal, readJournal } from '../../ledger/journals.ts'
import { type CycleOfBank, cycleKey } from './findings.ts'

/** The journals of a cycle that are about nothing but the cycle. */
export const cycleEvents = ['settled', 'fees', 'penalties', 'compensation'] as const
export type CycleEvent = (typeof cycleEvents)[number]

/** How often an event of a cycle was booked and taken back: the next time it is booked is that and one. */
export async function occurrenceOf(tx: Tx, transferKey: string, event: CycleEvent): Promise<number> {
  const [row] = await tx<{ count: number }[]>`
    select count(*)::integer as count from journal where transfer_key = ${transferKey} and event = ${`${event}_reversed`}`
  return (row?.count ?? 0) + 1
}

/**
 * Takes back what a cycle booked about itself: journals of the same lines turned round, beside those that stand. What it did about single
 * payments is not taken back: money that customers have had is recovered by people. In the caller's transaction, which rolls the run back
 * and notes the act; the steps of the cycle are done again after the next match.
 * @returns how many journals were turned round
 * @source settlement.md §6.1: correction = reversal + new
 */
export async function reverseCycle(tx: Tx, cycle: CycleOfBank, at: number): Promise<number> {
  const transferKey = cycleKey(cycle)
  let reversed = 0
  for (const event of cycleEvents) {
    const occurrence = await occurrenceOf(tx, transferKey, event)
    const journal = await readJournal(tx, transferKey, event, occurrence)
    if (journal === undefined) continue
    await postJournal(tx, {
      ...journal,
      event: `${event}_reversed`,
      occurrence,
      legs: journal.legs.map(({ account, amountPaise }) => ({ account, amountPaise: -amountPaise })),
      at,
    })
    reversed += 1
  }
  await tx`
    delete from pipeline_step
    where institution = ${cycle.institution} and settled_on = ${cycle.settlementDate}::date and cycle = ${cycle.number}
      and step in ('match', 'settle', 'consequences')`
  return reversed
}
