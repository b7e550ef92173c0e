import { toRfc3339 } from '../base/clock.ts'
import { csvLine } from '../base/csv.ts'
import type { ChainedAct } from './acts.ts'

export const exportFormats = ['jsonl', 'csv'] as const
export type ExportFormat = (typeof exportFormats)[number]

/** Acts that are read at once. */
const PAGE = 1_000

const columns = [
  'sequence',
  'at',
  'actor',
  'action',
  'subject',
  'outcome',
  'detail',
  'request',
  'address',
  'hash',
] as const

/**
 * Acts as lines for auditors, the newest first: a page of them a piece, and no more is read before it was taken.
 * @param read  the acts before a place in the chain, the newest first: as many as it is asked for, fewer at the chain's beginning
 */
export async function* exportActs(
  read: (before: bigint | undefined, limit: number) => Promise<readonly ChainedAct[]>,
  format: ExportFormat,
): AsyncGenerator<string> {
  const lineOf = format === 'csv' ? csvOf : jsonOf
  if (format === 'csv') yield `${columns.join(',')}\r\n`
  for (let before: bigint | undefined; ; ) {
    const page = await read(before, PAGE)
    if (page.length > 0) yield page.map(lineOf).join('')
    if (page.length < PAGE) return
    before = page.at(-1)?.sequence
  }
}

const csvOf = (act: ChainedAct): string =>
  csvLine([
    String(act.sequence),
    toRfc3339(act.at),
    act.actor.id,
    act.action,
    act.subject ?? '',
    act.outcome,
    JSON.stringify(act.detail),
    act.requestId ?? '',
    act.address ?? '',
    act.hash,
  ])

const jsonOf = (act: ChainedAct): string =>
  `${JSON.stringify({ ...act, sequence: String(act.sequence), at: toRfc3339(act.at) })}\n`
