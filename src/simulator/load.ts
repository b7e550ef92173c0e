import type { Clock } from '../base/clock.ts'
import type { Beneficiary } from '../base/party.ts'
import type { EnquiryResult } from './enquiries.ts'
import type { InwardVerdict } from './inward.ts'
import type { LoadOrder } from './order.ts'
import type { Simulator } from './simulator.ts'

export type LoadResult<Verdict extends string = InwardVerdict> = {
  readonly sent: number
  /** Not sent: nothing led to the hub when it was their turn. */
  readonly unsent: number
  /** Everything that did not end as the best verdict, the unsent included. */
  readonly failed: number
} & Readonly<Record<Verdict, number>> & {
    readonly seconds: number
    readonly perSecond: number
  } & /** Milliseconds from the message to what settled it. */ Readonly<Record<'p50' | 'p95' | 'p99' | 'max', number>>

type Settled<Verdict> = { readonly verdict: Verdict; readonly tookMs: number }
type Sending<Verdict> = (to: Beneficiary, done: (result: Settled<Verdict>) => void) => boolean

/** How often a load with a rate of its own sends what is due. */
const TICK_MS = 5

/** Sends `count` inward payments, `concurrency` of them unanswered at any time, to the beneficiaries in turn. */
export const runLoad = (simulator: Simulator, clock: Clock, order: LoadOrder): Promise<LoadResult> => {
  const none: Record<InwardVerdict, number> = { approved: 0, declined: 0, deemed: 0, unresolved: 0 }
  const { amountPaise } = order
  return run(
    clock,
    order,
    none,
    'approved',
    (to, done) => simulator.sendInward({ amountPaise, to }, done) !== undefined,
  )
}

/** The same with name enquiries. */
export const runEnquiries = (
  simulator: Simulator,
  clock: Clock,
  order: LoadOrder,
): Promise<LoadResult<EnquiryResult['verdict']>> => {
  const none: Record<EnquiryResult['verdict'], number> = { found: 0, refused: 0, unanswered: 0 }
  return run(clock, order, none, 'found', (to, done) => simulator.enquire({ to }, done))
}

function run<Verdict extends string>(
  clock: Clock,
  order: Pick<LoadOrder, 'count' | 'concurrency' | 'perSecond' | 'to'>,
  verdicts: Record<Verdict, number>,
  best: NoInfer<Verdict>,
  send: Sending<Verdict>,
): Promise<LoadResult<Verdict>> {
  const { promise, resolve } = Promise.withResolvers<LoadResult<Verdict>>()
  const { count, concurrency, perSecond, to } = order
  const tookMs = new Float64Array(count)
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
      failed: count - verdicts[best],
      ...verdicts,
      seconds: Math.round(seconds * 1000) / 1000,
      perSecond: Math.round(settled / seconds),
      p50: at(0.5),
      p95: at(0.95),
      p99: at(0.99),
      max: at(1),
    })
  }

  /** Sends the next one; `then` when it is settled, or could not be sent. */
  const next = (then: () => void) => {
    if (begun === count) return
    const beneficiary = to[begun % to.length]!
    begun += 1
    const given = send(beneficiary, (result) => {
      verdicts[result.verdict] += 1
      tookMs[settled] = result.tookMs
      settled += 1
      if (settled + unsent === count) finish()
      else then()
    })
    if (given) sent += 1
    else {
      unsent += 1
      if (settled + unsent === count) finish()
      else clock.soon(then)
    }
  }

  if (perSecond === undefined) {
    const lane = () => next(lane)
    for (let started = 0; started < Math.min(concurrency, count); started += 1) lane()
  } else {
    const nothing = () => undefined
    const tick = () => {
      const due = Math.min(count, Math.floor(((clock.monotonicMs() - startedAt) / 1000) * perSecond) + 1)
      while (begun < due && sent - settled < concurrency) next(nothing)
      if (begun < count) clock.after(TICK_MS, tick)
    }
    tick()
  }
  return promise
}
