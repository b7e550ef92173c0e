import type { Clock } from '../../base/clock.ts'
import { parseRrn, type Rrn } from '../../base/identifiers.ts'
import type { Cycle } from '../../imps/cycles.ts'
import { cycleAt, findCycle, formatCycle, nextCycle, previousCycle } from '../../imps/cycles.ts'
import type { AdjustmentRow, FileCycle, NtslDispute, RawRow, Side, TimeoutRow, UdirRow } from '../../imps/files/rows.ts'
import type { Institution, WireProfile } from '../../imps/profile.ts'
import type { BankNumbers } from '../bank-numbers.ts'
import type { EntryId, Journal } from '../journal.ts'
import { BENEFICIARY_WAIT_MS } from '../outcomes.ts'
import { adjust, isOver, type Queued } from './adjusting.ts'
import type { Habits } from './banks-behind.ts'
import { type Asked, type Case, isAnswered, type Moment, type Refusal, type SettledPayment } from './cases.ts'
import { type FeeTable, feesOn } from './fees.ts'
import { adjustmentRow, type CyclePayment, ntslDispute, rawRow, timeoutRow, udirRow } from './rows.ts'
import { createPicked, createSelector, type Direction, type Picked } from './select.ts'
import { count, createTally, type Tally } from './tally.ts'

/**
 * The other side of settlement: NPCI's books of what it switched. Each payment of the journal is settled exactly once, in the first cut
 * after it is known what NPCI writes of it; what is raised about it later is in one cut each. Nothing here comes from the hub but
 * what the hub uploads as a member.
 */

/** What one member gets of one cycle, before it is written and before anybody spoils it. */
export type MemberCycle = {
  readonly institution: Institution
  readonly cycle: Cycle
  readonly asOf: number
  readonly table: FeeTable
  readonly tally: Tally
  /** The raw files, in the order of the journal. */
  readonly raw: Readonly<Record<Side, RawRows>>
  readonly timeouts: readonly TimeoutRow[]
  readonly adjustments: readonly AdjustmentRow[]
  readonly disputes: readonly NtslDispute[]
  readonly udir: readonly UdirRow[]
  /** For days after T+1: paid as beneficiary bank, got as remitter bank. */
  readonly compensation: { readonly count: number; readonly debitPaise: bigint; readonly creditPaise: bigint }
}

/** Rows that are made when they are asked for: a cycle may have millions. */
export type RawRows = {
  readonly length: number
  codeAt(index: number): string
  rowAt(index: number): RawRow
}

export type Cut = {
  readonly number: number
  readonly cycle: Cycle
  readonly members: readonly MemberCycle[]
  /** Payments that the journal forgot before they were in a file. */
  readonly lost: number
  /** As if it had not been cut: for files that could not be written. Before anything else is done. */
  readonly undo: () => void
}

export type CutRefusal = 'no_such_cycle' | 'cut_already' | 'cutting'

export type SettlementOptions = {
  readonly clock: Clock
  readonly profile: WireProfile
  readonly timerScale: number
  readonly journal: Readonly<Record<Direction, Journal>>
  readonly numbers: BankNumbers
  readonly habits: Habits
  /** Late answers and verifications change no raw file; TCC and RET follow. */
  readonly udir?: boolean
  readonly fees?: readonly FeeTable[]
  /** What an earlier run kept. */
  readonly kept?: Kept
}

/** What must outlive the program: cases that can still be raised about, and which cycle was the last. */
export type Kept = {
  readonly cut: number
  readonly last: FileCycle | undefined
  readonly refs: number
  readonly cases: readonly Case[]
  /** Which cycle a cut was of, by its number; of the last cuts. */
  readonly cycles?: readonly (readonly [cut: number, cycle: FileCycle])[]
}

export interface Settlement {
  /**
   * Cuts a cycle: the one of now, or the one after the last that was cut; or the one asked for, when it is later than the last.
   * Adjustments see the clock, held within the cycle's window.
   */
  cut(wanted?: FileCycle): Promise<Cut | CutRefusal>
  /** Every payment with this RRN that can be disputed now. */
  find(rrn: string): readonly Case[]
  /** Has NPCI take an adjustment in the next cut. */
  ask(one: Case, asked: Asked, done: (refusal: Refusal | undefined) => void): void
  /** The last cycle that was cut. */
  last(): FileCycle | undefined
  /** The cycle of now, and whether it was cut. */
  current(): { readonly cycle: Cycle; readonly done: boolean }
  /** The cycle that ended last, when it is later than the last that was cut; undefined before the first cut. */
  missed(): Cycle | undefined
  keep(): Kept
  /** The journals were emptied: cases go too, cycles go on. */
  forget(): void
}

/** Undefined of what is no RRN. */
const rrnOf = <T>(text: string, then: (rrn: Rrn) => T): T | undefined => {
  const rrn = parseRrn(text)
  return rrn === undefined ? undefined : then(rrn)
}

const keyOf = (payment: Pick<SettledPayment, 'rrn' | 'remitterBank'>): string =>
  `${payment.rrn}/${payment.remitterBank}`

/** Cases in the order they were opened, and by RRN: several banks may have used one. */
function createCases(kept: readonly Case[]) {
  const all = new Set<Case>()
  const byRrn = new Map<string, Case[]>()
  const cases = {
    add(one: Case) {
      if (all.has(one)) return
      all.add(one)
      byRrn.set(one.payment.rrn, [...(byRrn.get(one.payment.rrn) ?? []), one])
    },
    remove(one: Case) {
      all.delete(one)
      const left = (byRrn.get(one.payment.rrn) ?? []).filter((other) => other !== one)
      if (left.length === 0) byRrn.delete(one.payment.rrn)
      else byRrn.set(one.payment.rrn, left)
    },
    of: (rrn: string): readonly Case[] => byRrn.get(rrn) ?? [],
    values: (): ReadonlySet<Case> => all,
    clear() {
      all.clear()
      byRrn.clear()
    },
  }
  for (const one of kept) cases.add(one)
  return cases
}

/** A case as it is now: called, it is so again. */
function snapshot(one: Case): () => Case {
  const { raised, truth, paidDays } = one
  const length = raised.length
  return () => {
    raised.length = length
    return Object.assign(one, { truth, paidDays })
  }
}

/** Cuts whose cycle is remembered: of half a year. */
const MOST_CYCLES = 2_000

type Member = {
  readonly institution: Institution
  readonly tally: Tally
  /** `forwarded` is beneficiary side, too: both banks are the hub's, and the outward journal has the payment for both. */
  readonly picked: Readonly<Record<Side | 'forwarded', Picked>>
}

export function createSettlement(options: SettlementOptions): Settlement {
  const { clock, profile, journal, numbers, habits, udir = false } = options
  const { cycles: grids, institutions } = profile
  const byNbin = new Map<string, Institution>(institutions.map((one) => [one.nbin, one]))
  const selector = createSelector({ clock, journal, waitMs: BENEFICIARY_WAIT_MS * options.timerScale, udir })
  const cases = createCases(options.kept?.cases ?? [])
  const cycles = new Map<number, FileCycle>(options.kept?.cycles)
  let cutNumber = options.kept?.cut ?? 0
  let lastCut = options.kept?.last
  let refs = options.kept?.refs ?? 0
  let queue: Queued[] = []
  let cutting = false

  /** Cycles in the order they end: of two with the same end the one that comes later in the grid is later. */
  const isAfter = (one: FileCycle, other: FileCycle): boolean => {
    const [first, second] = [findCycle(grids, one), findCycle(grids, other)]
    if (first === undefined || second === undefined) return one.settlementDate > other.settlementDate
    return first.toAt > second.toAt || (first.toAt === second.toAt && formatCycle(first) > formatCycle(second))
  }

  const choose = (wanted: FileCycle | undefined): Cycle | CutRefusal => {
    if (wanted !== undefined) {
      const found = findCycle(grids, wanted)
      if (found === undefined) return 'no_such_cycle'
      return lastCut === undefined || isAfter(found, lastCut) ? found : 'cut_already'
    }
    const now = cycleAt(grids, clock.now())
    if (lastCut === undefined || isAfter(now, lastCut)) return now
    const last = findCycle(grids, lastCut)
    return last === undefined ? now : nextCycle(grids, last)
  }

  const paymentOf = (direction: Direction, id: EntryId, responseCode: string, settled: FileCycle): CyclePayment => {
    const book = journal[direction]
    const entry = book.entry(id)
    const details = book.details(id)
    if (entry === undefined || details === undefined)
      throw new Error(`payment ${id} was forgotten while it was settled`)
    const { stan, transmittedAt: at, beneficiaryBank, p2p, ...parties } = details
    const { rrn } = entry
    const remitterBank = numbers.remitter(entry.remitterBank)
    const amountPaise = BigInt(entry.amountPaise)
    const subType = p2p ? 'FC' : 'F3'
    return { ...parties, rrn, stan, remitterBank, beneficiaryBank, amountPaise, at, subType, responseCode, settled }
  }

  /** What the bank behind the switch knows of a payment; the hub's own banks say it by upload, or by verification under UDIR. */
  const learn = (one: Case) => {
    const { payment } = one
    if (one.truth !== undefined) return
    const direction = byNbin.has(payment.remitterBank) ? 'outward' : 'inward'
    const own = byNbin.get(payment.beneficiaryBank)
    if (own !== undefined && (!udir || direction === 'outward')) return
    const book = journal[direction]
    const seen = book.byRrn(payment.rrn).find((entry) => numbers.remitter(entry.remitterBank) === payment.remitterBank)
    if (seen === undefined || seen.stand === 'inProgress' || seen.stand === 'unseen') return
    if (own !== undefined && seen.stand !== 'approved' && seen.stand !== 'declined') return
    one.truth = { credited: seen.credited, online: seen.stand !== 'silent' }
  }

  /** Under UDIR NPCI raises TCC and RET itself, from what the hub's bank answered late or to a verification. */
  const autoUpdates = (): Queued[] => {
    if (!udir) return []
    return [...cases.values()].flatMap((one) => {
      const { payment, truth } = one
      if (
        !byNbin.has(payment.beneficiaryBank) ||
        truth === undefined ||
        isAnswered(one) ||
        payment.responseCode !== '08'
      )
        return []
      const move = truth.credited ? { flag: 'TCC', reason: '102' } : { flag: 'RET', reason: '120' }
      const { amountPaise } = payment
      const asked: Asked = {
        ...move,
        by: 'beneficiary',
        amountPaise,
        bankRef: `UDIR${payment.rrn}`,
        channel: 'Online-VR',
      }
      return [{ one, asked, done: () => undefined }]
    })
  }

  const nextRef = (): string => {
    refs += 1
    return `NPCI${String(refs).padStart(10, '0')}`
  }

  const memberOf = (members: Map<string, Member>, nbin: string): Member | undefined => {
    const institution = byNbin.get(nbin)
    if (institution === undefined) return undefined
    const known = members.get(nbin)
    if (known !== undefined) return known
    const member: Member = {
      institution,
      tally: createTally(),
      picked: { remitter: createPicked(), forwarded: createPicked(), beneficiary: createPicked() },
    }
    members.set(nbin, member)
    return member
  }

  /** What holds now; called, it holds again. */
  const mark = (): (() => void) => {
    const before = { cutNumber, lastCut, refs, queue }
    const known = [...cases.values()].map(snapshot)
    return () => {
      selector.undo()
      cycles.delete(before.cutNumber + 1)
      ;({ cutNumber, lastCut, refs, queue } = before)
      cases.clear()
      for (const restore of known) cases.add(restore())
    }
  }

  const run = async (cycle: Cycle, undo: () => void): Promise<Cut> => {
    cutNumber += 1
    const cut = cutNumber
    const settled = { settlementDate: cycle.settlementDate, number: cycle.number }
    cycles.set(cut, settled)
    cycles.delete(cut - MOST_CYCLES)
    const asOf = Math.min(Math.max(clock.now(), cycle.fromAt), cycle.toAt)
    const table = feesOn(cycle.settlementDate, options.fees)
    const members = new Map<string, Member>()
    // The member itself has its files of every cycle; a sub-member of those in which something happened.
    const [principal] = institutions
    if (principal !== undefined) memberOf(members, principal.nbin)

    for (const one of cases.values()) learn(one)
    const opened: Case[] = []
    const { lost } = await selector.take(cut, (direction, id, _entry, responseCode) => {
      const payment = paymentOf(direction, id, responseCode, settled)
      for (const [side, bank] of [
        ['remitter', payment.remitterBank],
        ['beneficiary', payment.beneficiaryBank],
      ] as const) {
        const member = memberOf(members, bank)
        if (member === undefined) continue
        count(member.tally, table, { ...payment, side })
        member.picked[side === 'beneficiary' && direction === 'outward' ? 'forwarded' : side].add(id, responseCode)
      }
      if (responseCode !== '08') return
      const one: Case = { payment: { ...payment, responseCode, cut }, raised: [], truth: undefined, paidDays: 0 }
      cases.add(one)
      opened.push(one)
    })

    const moment: Moment = { cut, asOf, nextRef }
    const queued = [...queue, ...autoUpdates()]
    queue = []
    const adjusted = adjust(cases.values(), queued, moment, { habits, isOurs: (nbin) => byNbin.has(nbin) })
    for (const { one } of adjusted.raised) {
      memberOf(members, one.payment.remitterBank)
      memberOf(members, one.payment.beneficiaryBank)
    }
    for (const { one } of adjusted.compensation) {
      memberOf(members, one.payment.remitterBank)
      memberOf(members, one.payment.beneficiaryBank)
    }

    const rowsOf = (side: Side, parts: readonly (readonly [Direction, Picked])[]): RawRows => {
      const at = (index: number): readonly [Direction, { readonly id: EntryId; readonly responseCode: string }] => {
        let left = index
        for (const [direction, part] of parts) {
          if (left < part.length) return [direction, part.at(left)]
          left -= part.length
        }
        throw new Error(`a file has no row ${index}`)
      }
      return {
        length: parts.reduce((sum, [, part]) => sum + part.length, 0),
        codeAt: (index) => at(index)[1].responseCode,
        rowAt(index) {
          const [direction, { id, responseCode }] = at(index)
          return rawRow(side, paymentOf(direction, id, responseCode, settled), index + 1)
        },
      }
    }

    const of = ({ institution, tally, picked }: Member): MemberCycle => {
      const { nbin } = institution
      const mine = ({ payment }: Case) => payment.remitterBank === nbin || payment.beneficiaryBank === nbin
      const raised = adjusted.raised.filter(({ one }) => mine(one))
      const owed = adjusted.compensation.filter(({ one }) => mine(one))
      const sum = (side: Side) =>
        owed
          .filter(({ one }) => (side === 'remitter' ? one.payment.remitterBank : one.payment.beneficiaryBank) === nbin)
          .reduce((total, { days }) => total + BigInt(days) * table.compensationPaise, 0n)
      return {
        institution,
        cycle,
        asOf,
        table,
        tally,
        raw: {
          remitter: rowsOf('remitter', [['outward', picked.remitter]]),
          beneficiary: rowsOf('beneficiary', [
            ['outward', picked.forwarded],
            ['inward', picked.beneficiary],
          ]),
        },
        timeouts: opened.filter(mine).map(({ payment }, index) => timeoutRow(payment, index + 1)),
        adjustments: raised.map(({ one, raised: each }, index) =>
          adjustmentRow(one, each, {
            numbers,
            cycle: settled,
            compensationPaise: BigInt(each.penaltyDays) * table.compensationPaise,
            line: index + 1,
          }),
        ),
        disputes: raised
          .filter(({ raised: each }) => each.funds !== 'none')
          .map(({ one, raised: each }, index) => ntslDispute(one, each, { numbers, nbin, line: index + 1 })),
        udir: udir
          ? opened
              .filter(mine)
              .map((one, index) =>
                udirRow(one, { numbers, flag: 'BTO', asOf, adjRef: moment.nextRef(), line: index + 1 }),
              )
          : [],
        compensation: { count: owed.length, debitPaise: sum('beneficiary'), creditPaise: sum('remitter') },
      }
    }

    for (const one of cases.values()) if (isOver(one, asOf)) cases.remove(one)
    lastCut = settled
    const order = new Map(institutions.map(({ nbin }, index) => [nbin, index]))
    const sorted = [...members.values()].sort(
      (one, other) => (order.get(one.institution.nbin) ?? 0) - (order.get(other.institution.nbin) ?? 0),
    )
    return { number: cut, cycle, members: sorted.map(of), lost, undo }
  }

  /** A payment that was settled without being deemed becomes a case when somebody raises something about it. */
  const caseOf = (direction: Direction, rrn: string, remitterBank: string): Case | undefined => {
    const book = journal[direction]
    const found = book.byRrn(rrn).find((entry) => entry.remitterBank === remitterBank)
    const cutOf = (id: EntryId | undefined) => (id === undefined ? 0 : book.settledIn(id))
    if (found?.stand !== 'approved' || (direction === 'inward' && found.forwarded)) return undefined
    const id = rrnOf(rrn, (one) => book.find(one, remitterBank))
    const settled = cycles.get(cutOf(id))
    if (id === undefined || settled === undefined) return undefined
    const payment = paymentOf(direction, id, '00', settled)
    return {
      payment: { ...payment, responseCode: '00', cut: cutOf(id) },
      raised: [],
      truth: { credited: true, online: true },
      paidDays: 0,
    }
  }

  return {
    async cut(wanted) {
      if (cutting) return 'cutting'
      const cycle = choose(wanted)
      if (typeof cycle === 'string') return cycle
      cutting = true
      const undo = mark()
      try {
        return await run(cycle, undo)
      } catch (error) {
        undo()
        throw error
      } finally {
        cutting = false
      }
    },
    find(rrn) {
      const known = [...cases.of(rrn)]
      const keys = new Set(known.map(({ payment }) => keyOf(payment)))
      for (const direction of ['outward', 'inward'] as const) {
        for (const { remitterBank } of journal[direction].byRrn(rrn)) {
          const one = caseOf(direction, rrn, remitterBank)
          if (one !== undefined && !keys.has(keyOf(one.payment))) known.push(one)
        }
      }
      return known
    },
    ask(one, asked, done) {
      const known = cases.of(one.payment.rrn).find(({ payment }) => keyOf(payment) === keyOf(one.payment)) ?? one
      if (known === one) cases.add(one)
      queue.push({ one: known, asked, done })
    },
    last: () => lastCut,
    current() {
      const cycle = cycleAt(grids, clock.now())
      return { cycle, done: lastCut !== undefined && !isAfter(cycle, lastCut) }
    },
    missed() {
      const now = cycleAt(grids, clock.now())
      const ended = previousCycle(grids, now)
      return lastCut !== undefined && isAfter(ended, lastCut) ? ended : undefined
    },
    keep: () => ({ cut: cutNumber, last: lastCut, refs, cases: [...cases.values()], cycles: [...cycles] }),
    forget() {
      selector.forget()
      cases.clear()
      queue = []
    },
  }
}
