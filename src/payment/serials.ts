import type { Clock } from '../base/clock.ts'
import type { Rrn } from '../base/identifiers.ts'
import type { Db } from '../db/pool.ts'

/** How RRNs are written; given by the room that knows the rail. */
export type RrnFormat = {
  /** Y DDD HH of an instant in IST: the part of an RRN that changes each hour. */
  readonly hourKey: (epochMs: number) => string
  readonly makeRrn: (epochMs: number, serial: number) => Rrn
}

/** Serials an institution has in an hour: six digits of the RRN. 277 a second, sustained. @source protocol.md §3.1 */
const SERIALS_PER_HOUR = 1_000_000
/** In place of an institution: an hour of which a restored database cannot know what was used, so that nobody has serials in it. */
export const EVERY_INSTITUTION = '*'

const FIRST_BLOCK = 64
const LARGEST_BLOCK = 2048

/** Hands out RRNs, each once per institution and hour, across all processes and restarts. */
export interface Serials {
  /** Takes `count` RRNs out of stock for one batch; fewer when the institution's hour is used up. */
  reserve(institution: string, count: number): Promise<Rrn[]>
  /** Puts back what the batch did not use. */
  giveBack(institution: string, unused: readonly Rrn[]): void
}

type Stock = {
  readonly hourKey: string
  readonly madeAt: number
  block: number
  readonly ready: Rrn[]
  /** The block being fetched ahead of need. */
  coming: Promise<boolean> | undefined
}

/**
 * Blocks come from the row `stan_block`, doubling in size while they are used up fast: a restart wastes little, a rush asks
 * seldom. The next block is fetched when the last one is half used, so that a batch seldom waits for it.
 */
export function createSerials(db: Db, clock: Clock, format: RrnFormat): Serials {
  const stocks = new Map<string, Stock>()

  const current = (institution: string): Stock => {
    const now = clock.now()
    const hourKey = format.hourKey(now)
    let stock = stocks.get(institution)
    if (stock === undefined || stock.hourKey !== hourKey) {
      stock = { hourKey, madeAt: now, block: FIRST_BLOCK, ready: [], coming: undefined }
      stocks.set(institution, stock)
    }
    return stock
  }

  /** Adds one block to the stock; false when the hour has none left. A last block that would be cut short is left unused. */
  const restock = async (institution: string, stock: Stock, least: number): Promise<boolean> => {
    const size = Math.max(stock.block, least)
    const [row] = await db<{ next_stan: number }[]>`
      insert into stan_block (institution, hour_key, next_stan)
      select ${institution}, ${stock.hourKey}, ${size}
      where not exists (select from stan_block where institution = ${EVERY_INSTITUTION} and hour_key = ${stock.hourKey})
      on conflict (institution, hour_key) do update set next_stan = stan_block.next_stan + ${size}
        where stan_block.next_stan + ${size} <= ${SERIALS_PER_HOUR}
      returning next_stan`
    if (row === undefined) return false
    for (let serial = row.next_stan - 1; serial >= row.next_stan - size; serial -= 1) {
      stock.ready.push(format.makeRrn(stock.madeAt, serial))
    }
    stock.block = Math.min(stock.block * 2, LARGEST_BLOCK)
    return true
  }

  /** A failure is nobody's yet: the batch that needs the block asks again, and is told. */
  const fetchAhead = (institution: string, stock: Stock): void => {
    stock.coming ??= restock(institution, stock, 0)
      .catch(() => false)
      .finally(() => {
        stock.coming = undefined
      })
  }

  return {
    async reserve(institution, count) {
      for (;;) {
        const stock = current(institution)
        if (stock.ready.length >= count) {
          const taken = stock.ready.splice(stock.ready.length - count, count)
          if (stock.ready.length < stock.block / 4) fetchAhead(institution, stock)
          return taken
        }
        if (stock.coming !== undefined) await stock.coming
        else if (!(await restock(institution, stock, count - stock.ready.length))) return stock.ready.splice(0)
      }
    },
    giveBack(institution, unused) {
      const stock = current(institution)
      for (const rrn of unused) if (rrn.startsWith(stock.hourKey)) stock.ready.push(rrn)
    },
  }
}
