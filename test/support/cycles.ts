import { must, parseRrn, type Rrn } from '../../src/base/identifiers.ts'
import { createBankDirectory } from '../../src/imps/banks.ts'
import type { RawRow, Side } from '../../src/imps/files/rows.ts'
import type { Institution } from '../../src/imps/profile.ts'
import { defaultProfile } from '../../src/imps/profile.ts'
import { createBankNumbers } from '../../src/simulator/bank-numbers.ts'
import { defaultHabits, type Habits } from '../../src/simulator/cycles/banks-behind.ts'
import { type Cut, createSettlement, type Kept, type MemberCycle } from '../../src/simulator/cycles/settlement.ts'
import { createJournal, type EntryId, type Stand } from '../../src/simulator/journal.ts'
import { createVirtualClock } from './virtual-clock.ts'

/** A switch's journal filled by hand, and its settlement on a clock of ours: for tests of what follows from a journal. */

export const ist = (text: string): number => Date.parse(`${text}+05:30`)

export type Seen = {
  readonly direction?: 'outward' | 'inward'
  readonly stand?: Stand
  readonly responseCode?: string
  readonly outcome?: string
  readonly credited?: boolean
  readonly paise?: bigint
  readonly remitterBank?: string
  readonly beneficiaryBank?: string
  readonly p2p?: boolean
}

export const member: Institution = must(defaultProfile.institutions[0], 'institution')

export function setCycles(options: { at?: string; udir?: boolean; habits?: Partial<Habits>; kept?: Kept } = {}) {
  const clock = createVirtualClock(ist(options.at ?? '2026-11-27T10:15:00'))
  const journal = { outward: createJournal({ limit: 20_000 }), inward: createJournal({ limit: 20_000 }) }
  const numbers = createBankNumbers(defaultProfile, createBankDirectory(defaultProfile))
  const settlement = createSettlement({
    clock,
    profile: defaultProfile,
    timerScale: 1,
    journal,
    numbers,
    habits: { ...defaultHabits, chargebacks: 0, ...options.habits },
    udir: options.udir ?? false,
    ...(options.kept === undefined ? {} : { kept: options.kept }),
  })
  let serial = 0

  const see = (seen: Seen = {}): { readonly rrn: Rrn; readonly id: EntryId } => {
    const { direction = 'outward', stand = 'approved', credited = stand === 'approved', outcome = 'approved' } = seen
    serial += 1
    const rrn = must(parseRrn(`633110${String(serial).padStart(6, '0')}`), 'RRN')
    const bank = seen.remitterBank ?? (direction === 'outward' ? member.remitterBank : '600001')
    const book = journal[direction]
    const id = book.open(rrn, bank, seen.paise ?? 150_000n, clock.now())
    book.count(id, 'originals')
    book.describe(id, {
      stan: rrn.slice(6),
      transmittedAt: clock.now(),
      beneficiaryBank: seen.beneficiaryBank ?? (direction === 'outward' ? '1234' : member.nbin),
      p2p: seen.p2p ?? false,
      remitterAccount: '10987654321',
      remitterMobile: '9000000001',
      beneficiaryAccount: seen.p2p === true ? '' : '50100123456789',
      beneficiaryMobile: seen.p2p === true ? '9876543210' : '',
    })
    book.rule(id, stand, outcome, seen.responseCode ?? (stand === 'approved' ? '00' : undefined), credited)
    return { rrn, id }
  }

  const cut = async (cycle?: string): Promise<Cut> => {
    const [settlementDate, number] = cycle?.split('/') ?? []
    const wanted = settlementDate === undefined || number === undefined ? undefined : { settlementDate, number }
    const done = settlement.cut(wanted)
    await clock.advanceAsync(0)
    const result = await done
    if (typeof result === 'string') throw new Error(result)
    return result
  }

  return { clock, journal, numbers, settlement, see, cut }
}

/** The principal member's part of a cut. */
export const own = (cut: Cut): MemberCycle =>
  must(
    cut.members.find(({ institution }) => institution.nbin === member.nbin),
    'member',
  )

export const rawOf = ({ raw }: MemberCycle, side: Side): RawRow[] =>
  Array.from({ length: raw[side].length }, (_, index) => raw[side].rowAt(index))
