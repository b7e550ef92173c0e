import type { Cancel, Clock } from '../../base/clock.ts'

/** Does `job` again and again, `everyMs` after it has ended, until the returned function is called; it resolves when the last one has ended. */
export function repeat(clock: Clock, everyMs: number, job: () => Promise<void>): () => Promise<void> {
  let cancel: Cancel = () => undefined
  let stopped = false
  let running: Promise<void> = Promise.resolve()
  const next = (): void => {
    cancel = clock.after(everyMs, () => {
      running = job().finally(() => {
        if (!stopped) next()
      })
    })
  }
  next()
  return async () => {
    stopped = true
    cancel()
    await running
  }
}
