import { Gauge, type Registry } from 'prom-client'
import type { DutyCount } from '../settlement/books/duties.ts'
import type { FaultCount } from '../settlement/pipeline-faults.ts'

/** What settlement has open, counted when somebody reads. */
export type SettlementCounts = {
  readonly duties: readonly DutyCount[]
  readonly faults: readonly FaultCount[]
}

/** Adds what is open to what is printed. Absent when the database cannot be asked. */
export function countSettlement(registry: Registry, count: () => Promise<SettlementCounts>): void {
  new Gauge({
    name: 'turant_duties_due',
    help: 'Answers about time-outs that are owed to NPCI, by bank, by warnings given (12:00 and 16:00 of T+1) and whether they are late.',
    labelNames: ['institution', 'warnings', 'late'],
    registers: [registry],
    async collect() {
      this.reset()
      const now = await count().catch(() => undefined)
      for (const { institution, warned, late, count: value } of now?.duties ?? [])
        this.set({ institution, warnings: String(warned), late: String(late) }, value)
    },
  })
  new Gauge({
    name: 'turant_cycles_failing',
    help: 'Settlement cycles whose steps fail, by bank: retrying (tried again by itself) or aside (waits for people).',
    labelNames: ['institution', 'state'],
    registers: [registry],
    async collect() {
      this.reset()
      const now = await count().catch(() => undefined)
      for (const { institution, aside, count: value } of now?.faults ?? [])
        this.set({ institution, state: aside ? 'aside' : 'retrying' }, value)
    },
  })
}
