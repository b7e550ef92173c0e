/** For crash tests: a named point, and the how manieth time it is passed. */
export type CrashAt = { readonly point: string; readonly nth: number }

/** Kills these processes in their order, as a loss of power would, when the named point is passed for the n-th time. */
export function killAt({ point, nth }: CrashAt, pids: readonly number[]): (name: string) => void {
  let passed = 0
  return (name) => {
    if (name !== point) return
    passed += 1
    if (passed === nth) for (const pid of pids) process.kill(pid, 'SIGKILL')
  }
}
