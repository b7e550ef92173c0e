import { createHash } from 'node:crypto'

/** What happened, in order: the same seed writes the same lines, which is how a run is known to have been replayed. */
export interface Trace {
  note(line: string): void
  /** The last lines, oldest first. */
  last(count: number): readonly string[]
  /** SHA-256 of all lines. Call it once, at the end. */
  digest(): string
}

const KEPT = 4096

/** @param at  where the clock stands, in milliseconds since the start @param print  shows each line at once */
export function createTrace(at: () => number, print?: (line: string) => void): Trace {
  const hash = createHash('sha256')
  let lines: string[] = []
  return {
    note(line) {
      const stamped = `${(at() / 1000).toFixed(3)} ${line}`
      hash.update(stamped).update('\n')
      print?.(stamped)
      lines.push(stamped)
      if (lines.length > 2 * KEPT) lines = lines.slice(-KEPT)
    },
    last: (count) => lines.slice(-count),
    digest: () => hash.digest('hex').slice(0, 16),
  }
}
