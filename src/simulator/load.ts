import type { Clock } from '../base/clock.ts'
import type { InwardVerdict } from './inward.ts'
import type { LoadOrder } from './order.ts'
import type { Simulator } from './simulator.ts'

export type LoadResult = {
  readonly sent: number
  /** Not sent: the hub had no beneficiary link logged on when it was their turn. */
  readonly unsent: number
  /** Everything that was not approved, the unsent included. */
  readonly failed: number
} & Readonly<Record<InwardVerdict, number>> & {
    readonly seconds: number
    readonly perSecond: number
  } & /** Milliseconds from the original to what settled it. */ Readonly<Record<'p50' | 'p95' | 'p99' | 'max', number>>

/** Sends `count` inward payments, `concurrency` of them unanswered at any time, to the beneficiaries in turn. */
export function runLoad(simulator: Simulator, clock: Clock, order: LoadOrder): Promise<LoadResult> {
  const { promise, resolve } = Promise.withResolvers<LoadResult>()
  const { count, amountPaise, to } = order
  const tookMs = new Float64Array(count)
  const verdicts: Record<InwardVerdict, number> = { approved: 0, declined: 0, deemed: 0, unresolved: 0 }
  const startedAt = clock.monotonicMs()
  let begun = 0
  let sent = 0
  let settled = 0
  let unsent = 0

  const finish = () => {
    const seconds = (clock.monotonicMs() - startedAt) / 1000
    const sorted = tookMs.subarray(0, settled).sort()
    const at = (share: number): number =>
      settled === 0 ? 0 : Math.round(sorted[Math.min(settled - 1, Math.floor(settled * share))]! * 100) / 100
    resolve({
      sent,
      unsent,
      failed: count - verdicts.approved,
      ...verdicts,
      seconds: Math.round(seconds * 1000) / 1000,
      perSecond: Math.round(settled / seconds),
      p50: at(0.5),
      p95: at(0.95),
      p99: at(0.99),
      max: at(1),
    })
  }

  const next = () => {
    if (begun === count) return
    const beneficiary = to[begun % to.length]!
    begun += 1
    const given = simulator.sendInward({ amountPaise, to: beneficiary }, (result) => {
      verdicts[result.verdict] += 1
      tookMs[settled] = result.tookMs
      settled += 1
      if (settled + unsent === count) finish()
      else next()
    })
    if (given === undefined) {
      unsent += 1
      if (settled + unsent === count) finish()
      else clock.soon(next)
    } else sent += 1
  }
  for (let lane = 0; lane < Math.min(order.concurrency, count); lane += 1) next()
  return promise
}
