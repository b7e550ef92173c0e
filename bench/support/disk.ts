import { closeSync, fdatasyncSync, openSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { Figure } from './figures.ts'

const FLUSHES = 500
/** A page of PostgreSQL's log, the least that a commit writes. */
const PAGE = 8192

/** What the disk takes for one commit's least: a page written and flushed, one after the other, with nothing else under way. */
export function benchFlush(folder: string): Figure {
  const path = join(folder, 'flush')
  const file = openSync(path, 'w')
  const page = new Uint8Array(PAGE)
  const took: number[] = []
  for (let n = 0; n < FLUSHES; n += 1) {
    const begun = performance.now()
    writeSync(file, page, 0, PAGE, n * PAGE)
    fdatasyncSync(file)
    took.push(performance.now() - begun)
  }
  closeSync(file)
  rmSync(path)
  took.sort((a, b) => a - b)
  const at = (share: number) => took[Math.floor(took.length * share)] ?? 0
  return {
    what: 'one flush of 8 KB to this disk, nothing else under way: p99',
    value: at(0.99),
    unit: 'ms',
    note: `${FLUSHES}, p50 / p90 / p99: ${at(0.5).toFixed(1)} / ${at(0.9).toFixed(1)} / ${at(0.99).toFixed(1)} ms; each commit that is waited for waits for one`,
  }
}
