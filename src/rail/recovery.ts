import { record } from '../payment/record.ts'
import type { StoredPayment } from '../payment/stored.ts'
import type { RailContext } from './context.ts'
import { faultOf } from './options.ts'
import { findOrphans, findOverdue } from './store.ts'

export interface Recovery {
  /** After taking a link over: what was sent over it before gets no answer here any more. */
  adopt(link: string, epoch: number): Promise<void>
  /** What nobody waits for any more, whoever sent it. */
  sweep(): Promise<void>
}

/** After a crash or a take-over: `sent` without an answer becomes `unconfirmed` and is asked about. Nothing is sent again. */
export function createRecovery(context: RailContext): Recovery {
  const { db, clock, log, wire, room, options, counters } = context
  const overdueMs = wire.timers.responseMs + options.sweepMarginMs
  const xmlOverdueMs = wire.xml.responseMs + options.sweepMarginMs
  let sweeping = false

  /** Door 2 with each, page by page; a page that moves nothing ends it, so that a stubborn row cannot keep it busy. */
  const lapseAll = async (find: () => Promise<StoredPayment[]>): Promise<number> => {
    let total = 0
    for (;;) {
      const payments = await find()
      const recorded = await Promise.all(payments.map((payment) => record(room, payment, { kind: 'lapsed' })))
      const moved = recorded.filter((one) => one.kind === 'moved').length
      total += moved
      counters.lapsed += moved
      if (payments.length < options.pageSize || moved === 0) return total
    }
  }

  return {
    async adopt(link, epoch) {
      try {
        const lapsed = await lapseAll(() => findOrphans(db, room.vault, link, epoch, options.pageSize))
        if (lapsed > 0) log.warn({ link, epoch, lapsed }, 'payments sent before the take-over are asked about')
      } catch (error) {
        log.warn({ link, fault: faultOf(error) }, 'take-over is not finished; the sweep goes on with it')
      }
    },
    async sweep() {
      if (sweeping) return
      sweeping = true
      try {
        const slow = () => ({ links: [wire.xml.id], before: clock.now() - xmlOverdueMs })
        await lapseAll(() => findOverdue(db, room.vault, clock.now() - overdueMs, slow(), options.pageSize))
      } catch (error) {
        log.warn({ fault: faultOf(error) }, 'unanswered payments cannot be swept')
      } finally {
        sweeping = false
      }
    },
  }
}
