import { monitorEventLoopDelay } from 'node:perf_hooks'

/** How late the event loop of this process is. */
export type LoopDelay = {
  /** On average since the last time it was read, in milliseconds, without the resolution of the measurement. */
  readonly read: () => number
  readonly stop: () => void
}

const RESOLUTION_MS = 20

export function watchLoopDelay(): LoopDelay {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
  histogram.enable()
  return {
    read() {
      const lateMs = histogram.count === 0 ? 0 : histogram.mean / 1_000_000 - RESOLUTION_MS
      histogram.reset()
      return Math.max(0, lateMs)
    },
    stop: () => {
      histogram.disable()
    },
  }
}
