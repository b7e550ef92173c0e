import type { StateKind } from './payment.ts'

/**
 * What was paid today, added up in memory by pieces of ten seconds: a piece that is counted anew replaces what it was, and the sums of its
 * hour move by the difference. Nothing here is asked for by a payment on its way.
 */

/** One group of payments of a piece, as the database counted them. */
export type Group = {
  readonly tenantId: number
  readonly direction: 'outward' | 'inward'
  readonly state: StateKind
  readonly responseCode: string | null
  /** The first four letters of the beneficiary branch of an outward payment; null where an MMID hides it. */
  readonly bank: string | null
  readonly payments: number
  readonly amountPaise: bigint
}

/** How many outward payments of a piece took so long to become final: `bin` is of `binOf`. */
export type Span = { readonly tenantId: number; readonly bin: number; readonly payments: number }

export type Piece = { readonly groups: readonly Group[]; readonly spans: readonly Span[] }

export const PIECE_MS = 10_000
const HOUR_MS = 3_600_000
/** Which bank it was matters for so long. */
const BANKS_MS = HOUR_MS

/** A span of time as a bin: each is a twentieth longer than the one before, so that what is read from it is right to 5 per cent. */
export const binOf = (ms: number): number => Math.ceil(Math.log(Math.max(ms, 1)) * BINS_PER_E)
/** The upper end of a bin in milliseconds. */
export const msOfBin = (bin: number): number => Math.round(Math.exp(bin / BINS_PER_E))
export const BINS_PER_E = 20

/** What became of payments of one hour, or of all of them. */
export type Tally = Omit<Group, 'tenantId' | 'bank'>
/** Of one bank, in one piece. */
export type BankTally = Omit<Group, 'tenantId' | 'amountPaise'> & { readonly bank: string; readonly at: number }

export type TenantFigures = {
  /** By the instant an hour of the Indian day began. */
  readonly hours: ReadonlyMap<number, readonly Tally[]>
  readonly spans: ReadonlyMap<number, number>
  /** Of the last hour, the oldest piece first. */
  readonly banks: readonly BankTally[]
}

export interface Figures {
  /** Puts what was counted in a piece in the place of what it held. @param at  when the piece began, epoch milliseconds */
  replace(at: number, piece: Piece): void
  /** Forgets what is from before an instant. */
  forget(before: number): void
  /** What one tenant's payments come to. @param now  epoch milliseconds */
  of(tenantId: number, now: number): TenantFigures
}

/** @param startOfDay  the instant at which the day began: hours are counted from it */
export function createFigures(startOfDay: number): Figures {
  const pieces = new Map<number, Piece>()
  const hours = new Map<number, Map<number, Map<string, Tally>>>()
  const spans = new Map<number, Map<number, number>>()

  const add = (at: number, { groups, spans: took }: Piece, sign: 1 | -1): void => {
    const hour = startOfDay + Math.floor((at - startOfDay) / HOUR_MS) * HOUR_MS
    for (const { tenantId, bank: _, ...group } of groups) {
      const own = mapAt(mapAt(hours, tenantId), hour)
      const key = `${group.direction} ${group.state} ${group.responseCode}`
      const before = own.get(key)
      const payments = (before?.payments ?? 0) + sign * group.payments
      if (payments === 0) own.delete(key)
      else {
        const amountPaise = (before?.amountPaise ?? 0n) + BigInt(sign) * group.amountPaise
        own.set(key, { ...group, payments, amountPaise })
      }
    }
    for (const { tenantId, bin, payments } of took) {
      const own = mapAt(spans, tenantId)
      own.set(bin, (own.get(bin) ?? 0) + sign * payments)
    }
  }

  return {
    replace(at, piece) {
      const before = pieces.get(at)
      if (before !== undefined) add(at, before, -1)
      add(at, piece, 1)
      if (piece.groups.length === 0) pieces.delete(at)
      else pieces.set(at, piece)
    },
    forget(before) {
      for (const [at, piece] of pieces) {
        if (at >= before) continue
        add(at, piece, -1)
        pieces.delete(at)
      }
    },
    of(tenantId, now) {
      const banks: BankTally[] = []
      for (let at = pieceOf(now - BANKS_MS); at <= now; at += PIECE_MS) {
        for (const { tenantId: whose, bank, amountPaise: _, ...group } of pieces.get(at)?.groups ?? [])
          if (whose === tenantId && bank !== null) banks.push({ ...group, bank, at })
      }
      const own = [...(hours.get(tenantId) ?? [])].filter(([, tallies]) => tallies.size > 0)
      return {
        hours: new Map(own.sort(([a], [b]) => a - b).map(([hour, tallies]) => [hour, [...tallies.values()]])),
        spans: spans.get(tenantId) ?? new Map(),
        banks,
      }
    },
  }
}

/** The instant at which the piece of an instant began. */
export const pieceOf = (epochMs: number): number => Math.floor(epochMs / PIECE_MS) * PIECE_MS

/** The map under a key, made when there is none. */
function mapAt<K, J, V>(maps: Map<K, Map<J, V>>, key: K): Map<J, V> {
  const found = maps.get(key) ?? new Map<J, V>()
  maps.set(key, found)
  return found
}

/**
 * The span that so large a part of payments did not exceed, in milliseconds; undefined when there is none.
 * @param part  0.5 is the median
 */
export function percentile(spans: ReadonlyMap<number, number>, part: number): number | undefined {
  const bins = [...spans].filter(([, payments]) => payments > 0).sort(([a], [b]) => a - b)
  const all = bins.reduce((sum, [, payments]) => sum + payments, 0)
  let seen = 0
  for (const [bin, payments] of bins) {
    seen += payments
    if (seen >= all * part) return msOfBin(bin)
  }
  return undefined
}
