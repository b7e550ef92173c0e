import { parseRrn, type Rrn } from '../base/identifiers.ts'
import { createPartyStore, type Parties } from './parties.ts'

/** Where a payment stands, as this side of the wire knows it. */
export const stands = [
  'unseen', //     only a verification came, or the original was lost on the way in
  'inProgress', // received, not decided
  'approved',
  'declined',
  'deemed',
  'silent', //     decided, and nobody will be told before the files
] as const
export type Stand = (typeof stands)[number]

/** One payment of the journal, for people and tests. Instants are epoch milliseconds. */
export type JournalEntry = {
  readonly rrn: string
  /** DE 32. */
  readonly remitterBank: string
  readonly amountPaise: string
  readonly firstSeenAt: number
  /** How often the original was on the wire; more than 1 is a hub that sends twice, or a duplicate this side sent on purpose. */
  readonly originals: number
  readonly verifications: number
  readonly answers: number
  readonly stand: Stand
  readonly credited: boolean
  /** A verification was answered before the original was there. */
  readonly verificationFirst: boolean
  /** Both sides of it are the hub's. */
  readonly forwarded: boolean
  readonly responseCode: string | null
  readonly outcome: string
}

export type Counter = 'originals' | 'verifications' | 'answers'
export type Flag = 'credited' | 'verificationFirst' | 'forwarded' | 'p2p'
export type JournalTotals = {
  entries: number
  /** Entries given up to stay within the limit. */
  forgotten: number
  originals: number
  /** Originals after the first of the same payment. */
  repeatedOriginals: number
  verifications: number
  answers: number
  credited: number
  creditedPaise: number
} & Record<Stand, number>

/** What the switch's own files say of a payment beyond what the journal counts: as the first original had it on the wire. */
export type Details = Parties & {
  /** DE 11. */
  readonly stan: string
  /** DE 7, epoch milliseconds, in whole seconds. */
  readonly transmittedAt: number
  /** NBIN. */
  readonly beneficiaryBank: string
  /** It goes to a mobile number and MMID. */
  readonly p2p: boolean
}

export type JournalOptions = {
  /** Entries kept at most; the oldest go first. */
  readonly limit: number
  /** First answers kept byte for byte, in bytes; the oldest go first. */
  readonly answerBytes?: number
}

/** A payment in the journal, until it is forgotten. */
export type EntryId = number

/**
 * What one side of the switch saw, by RRN and DE 32. About 75 bytes an entry, in columns, and 25 for who paid whom, so that five
 * million fit; nothing is ever rehashed or copied, so a long run has no pauses.
 */
export interface Journal {
  find(rrn: Rrn, bank: string): EntryId | undefined
  open(rrn: Rrn, bank: string, amountPaise: bigint, at: number): EntryId
  /** Adds one and returns the new count. */
  count(id: EntryId, counter: Counter): number
  counted(id: EntryId, counter: Counter): number
  stand(id: EntryId): Stand
  amountPaise(id: EntryId): number
  has(id: EntryId, flag: Flag): boolean
  set(id: EntryId, flag: Flag): void
  /** Writes down what the first original said; nothing of a later one. */
  describe(id: EntryId, details: Details): void
  /** Undefined while only a verification has come, and of what is forgotten. */
  details(id: EntryId): Details | undefined
  /** Writes down that the payment was in the files of this cut, numbered from 1; 0: of none after all. */
  settle(id: EntryId, cut: number): void
  /** The cut it was settled in; 0 when in none yet. */
  settledIn(id: EntryId): number
  /** The ids that are kept now, from the first to before the end. */
  range(): readonly [first: EntryId, end: EntryId]
  entry(id: EntryId): JournalEntry | undefined
  /** Writes down what was decided. */
  rule(id: EntryId, stand: Stand, outcome: string, responseCode: string | undefined, credited: boolean): void
  /** Keeps the first answer; a later one is not kept. */
  keepAnswer(id: EntryId, bytes: Uint8Array): void
  /** The first answer, unless there was none or it is too long ago. */
  firstAnswer(id: EntryId): Uint8Array | undefined
  /** Every bank's payment with this RRN. */
  byRrn(rrn: string): JournalEntry[]
  /** The newest first, without the newest `skip`. */
  latest(limit: number, skip?: number): JournalEntry[]
  /** All of them, the oldest first. */
  entries(): Generator<JournalEntry>
  totals(): JournalTotals
  clear(): void
  /** Tells `changed` of each payment that changes from now on; undefined: nobody. */
  watch(changed: ((id: EntryId) => void) | undefined): void
}

const CHUNK = 8192
/** No answer kept. */
const NONE = -1
/** The end of a chain; ids start at 1. Four thousand million of them are enough. */
const LAST = 0
const flagBits = { credited: 1, verificationFirst: 2, forwarded: 4, p2p: 8 } as const satisfies Record<Flag, number>
/** Nothing written down by `describe`. */
const NOT_DESCRIBED = 0xffff_ffff
const LARGEST_COUNT = 0xffff

const createChunk = () => ({
  rrn: new Float64Array(CHUNK),
  amountPaise: new Float64Array(CHUNK),
  firstSeenAt: new Float64Array(CHUNK),
  answerAt: new Float64Array(CHUNK),
  answerLength: new Uint16Array(CHUNK),
  next: new Uint32Array(CHUNK),
  stan: new Uint32Array(CHUNK),
  transmittedS: new Uint32Array(CHUNK),
  settledIn: new Uint32Array(CHUNK),
  bank: new Uint16Array(CHUNK),
  beneficiaryBank: new Uint16Array(CHUNK),
  originals: new Uint16Array(CHUNK),
  verifications: new Uint16Array(CHUNK),
  answers: new Uint16Array(CHUNK),
  outcome: new Uint16Array(CHUNK),
  responseCode: new Uint16Array(CHUNK),
  stand: new Uint8Array(CHUNK),
  flags: new Uint8Array(CHUNK),
  parties: createPartyStore(CHUNK),
})

/** Small numbers for texts that repeat; the last number is shared by all that come after 65,535 different ones. */
function createNumbering() {
  const numbers = new Map<string, number>()
  const texts: string[] = []
  return {
    numberOf(text: string): number {
      const known = numbers.get(text)
      if (known !== undefined) return known
      if (texts.length === LARGEST_COUNT) return LARGEST_COUNT
      numbers.set(text, texts.length)
      return texts.push(text) - 1
    },
    textOf: (number: number): string => texts[number] ?? '?',
  }
}

const emptyTotals = (): JournalTotals => ({
  entries: 0,
  forgotten: 0,
  originals: 0,
  repeatedOriginals: 0,
  verifications: 0,
  answers: 0,
  credited: 0,
  creditedPaise: 0,
  unseen: 0,
  inProgress: 0,
  approved: 0,
  declined: 0,
  deemed: 0,
  silent: 0,
})

export function createJournal({ limit, answerBytes = 8 << 20 }: JournalOptions): Journal {
  const capacity = Math.ceil(limit / CHUNK) * CHUNK
  const mask = 2 ** Math.max(10, Math.ceil(Math.log2(capacity / 2))) - 1
  const banks = createNumbering()
  const outcomes = createNumbering()
  const codes = createNumbering()
  const chunks: ReturnType<typeof createChunk>[] = []
  const heads = new Uint32Array(mask + 1)
  let kept = Buffer.alloc(0)
  let written = 0
  let first: EntryId = 1
  let end: EntryId = 1
  let totals = emptyTotals()
  let changed: (id: EntryId) => void = () => undefined

  // Ids only go up; an entry lies at its id modulo the capacity, so the oldest makes room for the newest.
  const chunkOf = (id: EntryId) => chunks[Math.floor((id % capacity) / CHUNK)]!
  const rowOf = (id: EntryId): number => (id % capacity) % CHUNK
  const bucketOf = (rrn: number): number => {
    const mixed = Math.imul((rrn >>> 0) ^ Math.floor(rrn / 0x1_0000_0000), 0x9e3779b1)
    return (mixed ^ (mixed >>> 15)) & mask
  }

  const forgetOldest = () => {
    const chunk = chunkOf(first)
    const row = rowOf(first)
    const bucket = bucketOf(chunk.rrn[row]!)
    const after = chunk.next[row]!
    if (heads[bucket] === first) heads[bucket] = after
    else {
      let at = heads[bucket]!
      while (chunkOf(at).next[rowOf(at)] !== first) at = chunkOf(at).next[rowOf(at)]!
      chunkOf(at).next[rowOf(at)] = after
    }
    first += 1
    totals.entries -= 1
    totals.forgotten += 1
  }

  const view = (id: EntryId): JournalEntry => {
    const chunk = chunkOf(id)
    const row = rowOf(id)
    const code = codes.textOf(chunk.responseCode[row]!)
    return {
      rrn: String(chunk.rrn[row]).padStart(12, '0'),
      remitterBank: banks.textOf(chunk.bank[row]!),
      amountPaise: String(chunk.amountPaise[row]),
      firstSeenAt: chunk.firstSeenAt[row]!,
      originals: chunk.originals[row]!,
      verifications: chunk.verifications[row]!,
      answers: chunk.answers[row]!,
      stand: stands[chunk.stand[row]!]!,
      credited: (chunk.flags[row]! & flagBits.credited) !== 0,
      verificationFirst: (chunk.flags[row]! & flagBits.verificationFirst) !== 0,
      forwarded: (chunk.flags[row]! & flagBits.forwarded) !== 0,
      responseCode: code === '' ? null : code,
      outcome: outcomes.textOf(chunk.outcome[row]!),
    }
  }

  return {
    find(rrn, bank) {
      const wanted = Number(rrn)
      const bankNumber = banks.numberOf(bank)
      for (let id = heads[bucketOf(wanted)]!; id !== LAST; ) {
        const chunk = chunkOf(id)
        const row = rowOf(id)
        if (chunk.rrn[row] === wanted && chunk.bank[row] === bankNumber) return id
        id = chunk.next[row]!
      }
      return undefined
    },
    open(rrn, bank, amountPaise, at) {
      if (end - first === capacity) forgetOldest()
      const id = end
      end += 1
      if (Math.floor((id % capacity) / CHUNK) === chunks.length) chunks.push(createChunk())
      const chunk = chunkOf(id)
      const row = rowOf(id)
      const number = Number(rrn)
      const bucket = bucketOf(number)
      chunk.rrn[row] = number
      chunk.amountPaise[row] = Number(amountPaise)
      chunk.firstSeenAt[row] = at
      chunk.answerAt[row] = NONE
      chunk.next[row] = heads[bucket]!
      chunk.bank[row] = banks.numberOf(bank)
      chunk.originals[row] = 0
      chunk.verifications[row] = 0
      chunk.answers[row] = 0
      chunk.outcome[row] = outcomes.numberOf('')
      chunk.responseCode[row] = codes.numberOf('')
      chunk.stand[row] = 0
      chunk.flags[row] = 0
      chunk.stan[row] = NOT_DESCRIBED
      chunk.settledIn[row] = 0
      heads[bucket] = id
      totals.entries += 1
      totals.unseen += 1
      changed(id)
      return id
    },
    count(id, counter) {
      if (id < first) return 0
      totals[counter] += 1
      const column = chunkOf(id)[counter]
      const row = rowOf(id)
      const count = Math.min(column[row]! + 1, LARGEST_COUNT)
      column[row] = count
      if (counter === 'originals' && count > 1) totals.repeatedOriginals += 1
      changed(id)
      return count
    },
    counted: (id, counter) => (id < first ? 0 : chunkOf(id)[counter][rowOf(id)]!),
    stand: (id) => (id < first ? 'unseen' : stands[chunkOf(id).stand[rowOf(id)]!]!),
    amountPaise: (id) => chunkOf(id).amountPaise[rowOf(id)]!,
    has: (id, flag) => id >= first && (chunkOf(id).flags[rowOf(id)]! & flagBits[flag]) !== 0,
    set(id, flag) {
      if (id < first) return
      chunkOf(id).flags[rowOf(id)]! |= flagBits[flag]
      changed(id)
    },
    describe(id, details) {
      if (id < first) return
      const chunk = chunkOf(id)
      const row = rowOf(id)
      if (chunk.stan[row] !== NOT_DESCRIBED) return
      chunk.stan[row] = Number(details.stan)
      chunk.transmittedS[row] = Math.floor(details.transmittedAt / 1000)
      chunk.beneficiaryBank[row] = banks.numberOf(details.beneficiaryBank)
      if (details.p2p) chunk.flags[row]! |= flagBits.p2p
      chunk.parties.put(row, details)
      changed(id)
    },
    details(id) {
      if (id < first || id >= end) return undefined
      const chunk = chunkOf(id)
      const row = rowOf(id)
      if (chunk.stan[row] === NOT_DESCRIBED) return undefined
      return {
        ...chunk.parties.get(row),
        stan: String(chunk.stan[row]).padStart(6, '0'),
        transmittedAt: chunk.transmittedS[row]! * 1000,
        beneficiaryBank: banks.textOf(chunk.beneficiaryBank[row]!),
        p2p: (chunk.flags[row]! & flagBits.p2p) !== 0,
      }
    },
    settle(id, cut) {
      if (id < first) return
      chunkOf(id).settledIn[rowOf(id)] = cut
      changed(id)
    },
    settledIn: (id) => (id < first ? 0 : chunkOf(id).settledIn[rowOf(id)]!),
    range: () => [first, end],
    entry: (id) => (id < first || id >= end ? undefined : view(id)),
    rule(id, stand, outcome, responseCode, credited) {
      if (id < first) return
      const chunk = chunkOf(id)
      const row = rowOf(id)
      totals[stands[chunk.stand[row]!]!] -= 1
      totals[stand] += 1
      chunk.stand[row] = stands.indexOf(stand)
      chunk.outcome[row] = outcomes.numberOf(outcome)
      chunk.responseCode[row] = codes.numberOf(responseCode ?? '')
      if (credited && (chunk.flags[row]! & flagBits.credited) === 0) {
        chunk.flags[row]! |= flagBits.credited
        totals.credited += 1
        totals.creditedPaise += chunk.amountPaise[row]!
      }
      changed(id)
    },
    keepAnswer(id, bytes) {
      if (id < first || bytes.length > LARGEST_COUNT || bytes.length > answerBytes) return
      const chunk = chunkOf(id)
      const row = rowOf(id)
      if (chunk.answerAt[row] !== NONE) return
      if (kept.length === 0) kept = Buffer.alloc(answerBytes)
      // An answer lies in one piece: what would wrap starts again at the front.
      const room = answerBytes - (written % answerBytes)
      if (bytes.length > room) written += room
      kept.set(bytes, written % answerBytes)
      chunk.answerAt[row] = written
      chunk.answerLength[row] = bytes.length
      written += bytes.length
    },
    firstAnswer(id) {
      if (id < first) return undefined
      const at = chunkOf(id).answerAt[rowOf(id)]!
      if (at === NONE || at < written - answerBytes) return undefined
      return kept.subarray(at % answerBytes, (at % answerBytes) + chunkOf(id).answerLength[rowOf(id)]!)
    },
    byRrn(rrn) {
      const parsed = parseRrn(rrn)
      const found: JournalEntry[] = []
      if (parsed === undefined) return found
      const wanted = Number(parsed)
      for (let id = heads[bucketOf(wanted)]!; id !== LAST; id = chunkOf(id).next[rowOf(id)]!) {
        if (chunkOf(id).rrn[rowOf(id)] === wanted) found.push(view(id))
      }
      return found
    },
    latest(limit, skip = 0) {
      const found: JournalEntry[] = []
      for (let id = end - 1 - skip; id >= first && found.length < limit; id -= 1) found.push(view(id))
      return found
    },
    *entries() {
      for (let id = first; id < end; id += 1) if (id >= first) yield view(id)
    },
    totals: () => ({ ...totals }),
    clear() {
      // Ids go on upwards: a timer that still holds one finds it forgotten.
      heads.fill(LAST)
      first = end
      totals = emptyTotals()
    },
    watch(next) {
      changed = next ?? (() => undefined)
    },
  }
}
