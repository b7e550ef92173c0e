import { closeSync, existsSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs'
import type { Cancel, Clock } from '../../base/clock.ts'
import { must, parseRrn } from '../../base/identifiers.ts'
import type { Details, EntryId, Journal, JournalEntry } from '../journal.ts'
import type { Direction } from './select.ts'

/**
 * The journals on disk, so that a switch that was stopped or killed knows what it switched: a line of JSON for each payment that changed,
 * written a quarter of a second later, the last line of a payment being what holds. At the start they are read, and written anew.
 */
export interface JournalLog {
  /** Writes what has changed until now. */
  flush(): void
  /** The journals were emptied. */
  reset(): void
  close(): void
}

export type JournalLogOptions = {
  readonly path: string
  readonly clock: Clock
  readonly journal: Readonly<Record<Direction, Journal>>
  /** The last cut that was kept: what was settled in a later one was not. */
  readonly lastCut: number
}

type Line = readonly [Direction, JournalEntry, Details | null, settledIn: number]

const directions = ['outward', 'inward'] as const
const EVERY_MS = 250
/** Written anew when it is so much longer than what it says. */
const LEAST_BYTES = 67_108_864
const LINE_BYTES = 500
const WRITE_AT_ONCE = 4_096

/** Puts what the file says into the journals, which must be empty, and goes on writing. */
export function openJournalLog({ path, clock, journal, lastCut }: JournalLogOptions): JournalLog {
  for (const line of readLines(path)) restore(journal, line, lastCut)
  const changed: Record<Direction, Set<EntryId>> = { outward: new Set(), inward: new Set() }
  let file = -1
  let bytes = 0
  let timer: Cancel = () => undefined
  let waits = false

  const lineOf = (direction: Direction, id: EntryId): string | undefined => {
    const book = journal[direction]
    const entry = book.entry(id)
    if (entry === undefined) return undefined
    const line: Line = [direction, entry, book.details(id) ?? null, book.settledIn(id)]
    return `${JSON.stringify(line)}\n`
  }
  const write = (direction: Direction, ids: Iterable<EntryId>): void => {
    let held: string[] = []
    const put = (): void => {
      bytes += writeSync(file, held.join(''))
      held = []
    }
    for (const id of ids) {
      const line = lineOf(direction, id)
      if (line !== undefined) held.push(line)
      if (held.length === WRITE_AT_ONCE) put()
    }
    if (held.length > 0) put()
  }
  /** All that the journals know and nothing else, in the place of the file. */
  const rewrite = (): void => {
    if (file >= 0) closeSync(file)
    file = openSync(`${path}.new`, 'w', 0o600)
    bytes = 0
    for (const direction of directions) {
      const [first, end] = journal[direction].range()
      write(direction, idsFrom(first, end))
      changed[direction].clear()
    }
    renameSync(`${path}.new`, path)
  }
  const flush = (): void => {
    timer()
    waits = false
    for (const direction of directions) {
      write(direction, changed[direction])
      changed[direction].clear()
    }
    const entries = directions.reduce((sum, direction) => sum + journal[direction].totals().entries, 0)
    if (bytes > LEAST_BYTES + 3 * LINE_BYTES * entries) rewrite()
  }
  rewrite()
  for (const direction of directions) {
    journal[direction].watch((id) => {
      changed[direction].add(id)
      if (waits) return
      waits = true
      timer = clock.after(EVERY_MS, flush)
    })
  }
  return {
    flush,
    reset: rewrite,
    close() {
      flush()
      for (const direction of directions) journal[direction].watch(undefined)
      closeSync(file)
    },
  }
}

function* idsFrom(first: EntryId, end: EntryId): Generator<EntryId> {
  for (let id = first; id < end; id += 1) yield id
}

/** The last line of each payment, in the order in which the payments came. A line that a kill cut off is not there. */
function readLines(path: string): Iterable<Line> {
  const found = new Map<string, Line>()
  if (!existsSync(path)) return []
  const content = readFileSync(path)
  for (let from = 0; from < content.length; ) {
    const end = content.indexOf(0x0a, from)
    if (end === -1) break
    const line: Line = JSON.parse(content.toString('utf8', from, end))
    const [direction, { rrn, remitterBank }] = line
    found.set(`${direction}/${rrn}/${remitterBank}`, line)
    from = end + 1
  }
  return found.values()
}

function restore(
  journal: Readonly<Record<Direction, Journal>>,
  [direction, entry, details, settledIn]: Line,
  lastCut: number,
): void {
  const book = journal[direction]
  const { rrn, remitterBank, amountPaise, firstSeenAt, stand, outcome, responseCode, credited } = entry
  const id = book.open(must(parseRrn(rrn), 'RRN'), remitterBank, BigInt(amountPaise), firstSeenAt)
  for (const counter of ['originals', 'verifications', 'answers'] as const) {
    for (let count = 0; count < entry[counter]; count += 1) book.count(id, counter)
  }
  if (details !== null) book.describe(id, details)
  if (entry.verificationFirst) book.set(id, 'verificationFirst')
  if (entry.forwarded) book.set(id, 'forwarded')
  // Nobody decides any more what was being decided: the bank behind the switch has not credited it, and nobody is told before the files.
  if (direction === 'outward' && stand === 'inProgress') book.rule(id, 'silent', outcome, undefined, false)
  else if (stand !== 'unseen') book.rule(id, stand, outcome, responseCode ?? undefined, credited)
  if (settledIn > 0 && settledIn <= lastCut) book.settle(id, settledIn)
}
