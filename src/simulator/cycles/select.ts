import type { Clock } from '../../base/clock.ts'
import type { EntryId, Journal, JournalEntry } from '../journal.ts'

/** Which payments of the journal fall into a cut, and with which response code: each in one, the first after it is known what NPCI writes. */

/** Payments in the order of the journal, with what NPCI writes down for each. Ten bytes apiece: a cycle may have five million. */
export interface Picked {
  readonly length: number
  add(id: EntryId, responseCode: string): void
  at(index: number): { readonly id: EntryId; readonly responseCode: string }
}

export function createPicked(): Picked {
  let ids = new Float64Array(256)
  let codes = new Uint16Array(256)
  const texts: string[] = []
  let length = 0
  return {
    get length() {
      return length
    },
    add(id, responseCode) {
      if (length === ids.length) {
        const [oldIds, oldCodes] = [ids, codes]
        ids = new Float64Array(2 * length)
        codes = new Uint16Array(2 * length)
        ids.set(oldIds)
        codes.set(oldCodes)
      }
      let code = texts.indexOf(responseCode)
      if (code < 0) code = texts.push(responseCode) - 1
      ids[length] = id
      codes[length] = code
      length += 1
    },
    at: (index) => ({ id: ids[index]!, responseCode: texts[codes[index]!]! }),
  }
}

export type Direction = 'outward' | 'inward'

export type StatusRules = {
  /** How long NPCI waits for a beneficiary bank before it writes 08, milliseconds as the clock runs. */
  readonly waitMs: number
  /** With UDIR a late answer and a verification change no raw file: it stays 08, and TCC or RET follow. @source NPCI OC 117 */
  readonly udir: boolean
}

/**
 * The response code of the raw file, or undefined while it is open: nothing but a verification has come, or NPCI still waits for the
 * beneficiary bank. What is known late changes the code until the cut, and never after. @source settlement.md §2.2, §3
 */
export function rawCode(
  direction: Direction,
  entry: JournalEntry,
  now: number,
  rules: StatusRules,
): string | undefined {
  const { stand, responseCode, outcome } = entry
  switch (stand) {
    case 'unseen':
      return undefined
    case 'inProgress':
      return now - entry.firstSeenAt >= rules.waitMs ? '08' : undefined
    case 'deemed':
    case 'silent':
      return '08'
    case 'approved':
    case 'declined': {
      if (rules.udir && wasLate(direction, responseCode, outcome)) return '08'
      if (stand === 'approved') return '00'
      // 08 would mean deemed, and this was not credited.
      return responseCode === null || responseCode === '08' || responseCode === '91' || responseCode === '00'
        ? 'M0'
        : responseCode
    }
    default:
      return stand satisfies never
  }
}

/** Not by the answer to the original, in time: nothing was answered, or a verification said it, or the answer came after the wait. */
const wasLate = (direction: Direction, responseCode: string | null, outcome: string): boolean =>
  direction === 'outward' ? responseCode === null || outcome === 'late 00' : outcome !== 'by answer'

export type Selection = Readonly<Record<Direction, Picked>> & {
  /** Payments that the journal forgot before any cut: they are in no file. */
  readonly lost: number
}

export interface Selector {
  /** The journals were emptied on purpose: nothing before now is owed to anybody. */
  forget(): void
  /**
   * Everything that is known now and in no cut yet; marked as settled in this one. Between slices others have their turn.
   * @param visit told of each, in order
   */
  take(
    cut: number,
    visit: (direction: Direction, id: EntryId, entry: JournalEntry, code: string) => void,
  ): Promise<Selection>
  /** As if nothing had been taken the last time, all of it or the part that was taken before something went wrong. */
  undo(): void
}

/** So many payments are looked at in one turn of the event loop: about 5 ms. */
const SLICE = 2_500

export type SelectorOptions = StatusRules & {
  readonly clock: Clock
  readonly journal: Readonly<Record<Direction, Journal>>
}

export function createSelector(options: SelectorOptions): Selector {
  const { clock, journal } = options
  /** Where the next cut begins to look, and what older ones left open. */
  const cursors: Record<Direction, EntryId> = { outward: 1, inward: 1 }
  const open: Record<Direction, EntryId[]> = { outward: [], inward: [] }
  let undo: () => void = () => undefined

  return {
    forget() {
      for (const direction of ['outward', 'inward'] as const) {
        cursors[direction] = journal[direction].range()[0]
        open[direction] = []
      }
    },
    async take(cut, visit) {
      const selection = { outward: createPicked(), inward: createPicked(), lost: 0 }
      const before = { cursors: { ...cursors }, open: { ...open } }
      undo = () => {
        Object.assign(cursors, before.cursors)
        Object.assign(open, before.open)
        for (const direction of ['outward', 'inward'] as const) {
          const picked = selection[direction]
          for (let index = 0; index < picked.length; index += 1) journal[direction].settle(picked.at(index).id, 0)
        }
      }
      for (const direction of ['outward', 'inward'] as const) {
        const book = journal[direction]
        const stillOpen: EntryId[] = []
        const look = (id: EntryId): void => {
          const entry = book.entry(id)
          if (entry === undefined) {
            selection.lost += 1
            return
          }
          // In the files of an earlier run of the switch.
          if (book.settledIn(id) !== 0) return
          // Both sides of it are the hub's: the outward journal has it, for both.
          if (direction === 'inward' && entry.forwarded) return
          // Refused unread: nothing of it was taken.
          if (book.details(id) === undefined && entry.stand !== 'unseen') return
          const code = rawCode(direction, entry, clock.now(), options)
          if (code === undefined) {
            stillOpen.push(id)
            return
          }
          book.settle(id, cut)
          selection[direction].add(id, code)
          visit(direction, id, entry, code)
        }
        const [first, end] = book.range()
        const from = Math.max(first, cursors[direction])
        selection.lost += from - cursors[direction]
        const waiting = open[direction]
        for (const [index, id] of waiting.entries()) {
          look(id)
          if (index % SLICE === SLICE - 1) await turn(clock)
        }
        for (let id = from; id < end; id += 1) {
          look(id)
          if (id % SLICE === 0) await turn(clock)
        }
        cursors[direction] = end
        open[direction] = stillOpen
      }
      return selection
    },
    undo: () => undo(),
  }
}

const turn = (clock: Clock): Promise<void> => new Promise((resolve) => clock.soon(resolve))
