import { type BreakType, breakTypes, type Truth, truthTable } from './break-types.ts'
import { packRow } from './packed.ts'
import type { Direction, Facts, FoundBreak, MatchRow, Pass, Source } from './rows.ts'
import {
  compareRows,
  exactKey,
  fit,
  groupBy,
  join,
  nearDays,
  netReversals,
  order,
  rowOf,
  rowsOf,
  type Unit,
} from './units.ts'

/**
 * Compares three books row by row: what is equal in all of them is done, what is not gets a type. Pure: any order of the rows gives the
 * same answer. Rows that are equal and once in each source need not be given: `groups.ts` takes those away before, by the million.
 * @source settlement.md §7.1, §7.2, §7.3
 */

export type MatchInput = {
  readonly rows: readonly MatchRow[]
  /** When the cycle ends, epoch milliseconds. */
  readonly toAt: number
  /** Of children that were taken away before, by the parent's RRN. */
  readonly children: ReadonlyMap<string, Children>
}

/** Children of a bulk payment that are settled. */
export type Children = {
  readonly count: number
  readonly amountPaise: bigint
  readonly remitterBank: string
  /** The earliest, epoch milliseconds. */
  readonly at: number
}

/** A payment that the books must look at. `absent`: no raw file has it yet. */
export type MatchItem = {
  readonly direction: Direction
  readonly rrn: string
  readonly remitterBank: string
  readonly beneficiaryBank: string
  readonly paymentId: string | null
  readonly amountPaise: bigint
  readonly at: number
  readonly raw: '00' | '08' | 'declined' | 'absent'
  readonly responseCode: string | null
  readonly subType: MatchRow['subType']
  readonly verdict: Truth['case']
}

export type MatchOutcome = {
  readonly breaks: readonly FoundBreak[]
  readonly items: readonly MatchItem[]
  /** Rows of the raw files that are settled, of those given, with the hub's lane where the hub has the same amount. */
  readonly settled: readonly { readonly row: MatchRow; readonly lane: number | null }[]
  /** Carried rows that were found, or need not be looked for any more, as `direction rrn remitterBank`. */
  readonly closed: readonly string[]
  /** Payments by the pass that brought their rows together. */
  readonly passes: Readonly<Record<Pass, number>>
}

/** A payment made this long before the cut may be in the next files. @source settlement.md §7.3 B01 */
const CUT_MARGIN_MS = 30 * 60_000
/** What looks alike within two minutes is suggested. @source settlement.md §7.1, pass 5 */
const ALIKE_MS = 120_000
/** Cycles that something is waited for after its own. @source settlement.md §7.1, pass 7 */
export const CARRY_CYCLES = 2

export function matchRows({ rows: given, toAt, children }: MatchInput): MatchOutcome {
  const rows = [...given].sort(compareRows)
  const found = createFindings()
  const raws = takeOnUs(
    rows.filter(({ source }) => source === 'raw'),
    found,
  )
  const hubs = withBanks(
    rows.filter(({ source }) => source === 'hub'),
    raws,
  )
  const core = withBanks(
    rows.filter(({ source }) => source === 'core'),
    [...hubs, ...raws],
  )
  const { kept, reversed, loose } = netReversals(core)
  for (const row of loose) found.breakOf('B30', row, { why: 'a reversal of nothing', core: 'V' })

  const units = unitsOf([...kept, ...hubs, ...raws], reversed, found)
  const whole = relax(units, found)
  const left = settleBulk(whole, children, found)
  const open: Unit[] = []
  for (const unit of left) {
    if (unit.raw !== null) judge(unit, found)
    else if (isMissed(unit)) open.push(unit)
    else found.close(unit)
  }
  for (const unit of open) wait(unit, toAt, found)
  suggest(left, found)
  return found.outcome(raws, left)
}

/** One bank on both sides: such a payment is not NPCI's. It is not compared with anything. */
function takeOnUs(raws: readonly MatchRow[], found: Findings): MatchRow[] {
  return raws.filter((row) => {
    const isOnUs = row.remitterBank === row.beneficiaryBank
    if (isOnUs) found.breakOf('B27', row, { raw: row.status })
    return !isOnUs
  })
}

/**
 * Rows that do not know a bank get it from the payment with the same RRN, amount and day: a core may know neither, and of a payment to a
 * mobile number and MMID the hub knows the beneficiary bank by an MMID that is sealed.
 */
function withBanks(rows: readonly MatchRow[], others: readonly MatchRow[]): MatchRow[] {
  const lacks = ({ remitterBank, beneficiaryBank }: MatchRow): boolean => remitterBank === '' || beneficiaryBank === ''
  if (!rows.some(lacks)) return [...rows]
  const key = (row: MatchRow): string => `${row.direction} ${row.rrn} ${row.amountPaise} ${row.day}`
  const byKey = groupBy(others, key)
  const byRrn = groupBy(others, ({ direction, rrn }) => `${direction} ${rrn}`)
  return rows
    .map((row) => {
      if (!lacks(row)) return row
      const isSame = ({ remitterBank }: MatchRow): boolean =>
        row.remitterBank === '' || row.remitterBank === remitterBank
      const other = byKey.get(key(row))?.find(isSame) ?? byRrn.get(`${row.direction} ${row.rrn}`)?.find(isSame)
      return other === undefined
        ? row
        : { ...row, remitterBank: other.remitterBank, beneficiaryBank: other.beneficiaryBank }
    })
    .sort(compareRows)
}

const none: Omit<Unit, 'direction' | 'rrn' | 'remitterBank' | 'beneficiaryBank'> = {
  core: null,
  hub: null,
  raw: null,
  reversed: false,
  pass: 'exact',
}

const unitAt = ({ direction, rrn, remitterBank, beneficiaryBank }: MatchRow): Unit => ({
  direction,
  rrn,
  remitterBank,
  beneficiaryBank,
  ...none,
})

/** Pass 3, counting: of each source the first row of a key is the payment; each further one is one too many. */
function unitsOf(rows: readonly MatchRow[], reversed: readonly MatchRow[], found: Findings): Unit[] {
  const gone = groupBy(reversed, exactKey)
  const groups = groupBy(rows, exactKey)
  const units: Unit[] = []
  for (const [key, group] of groups) {
    const [first] = group
    if (first === undefined) continue
    const unit: Unit = { ...unitAt(first), reversed: gone.has(key), pass: gone.has(key) ? 'self' : 'exact' }
    for (const row of group) {
      if (unit[row.source] === null) unit[row.source] = row
      else found.surplus(row)
    }
    gone.delete(key)
    units.push(unit)
  }
  for (const [row] of gone.values()) if (row !== undefined) units.push({ ...unitAt(row), reversed: true, pass: 'self' })
  // NPCI may have one RRN of a bank twice with other amounts or days: the first is the payment.
  return units.sort(compareUnits)
}

const compareUnits = (a: Unit, b: Unit): number =>
  order(a.direction, b.direction) ||
  order(a.rrn, b.rrn) ||
  order(a.remitterBank, b.remitterBank) ||
  order(a.beneficiaryBank, b.beneficiaryBank) ||
  order(amountOf(a), amountOf(b)) ||
  order(dayOf(a), dayOf(b))

const amountOf = (unit: Unit): bigint => rowsOf(unit)[0]?.amountPaise ?? 0n
const dayOf = (unit: Unit): string => rowsOf(unit)[0]?.day ?? ''

type Relaxation = {
  readonly pass: Pass
  /** What brings two units together; null: this one is not for this step. */
  readonly key: (unit: Unit) => string | null
  readonly agree?: (a: Unit, b: Unit) => boolean
  /** What it is when they come together so; null: nothing is wrong. */
  readonly type: BreakType | null
  /** Both must be the only one of their kind. */
  readonly unique?: boolean
}

const banks = ({ remitterBank, beneficiaryBank }: Unit): string => `${remitterBank} ${beneficiaryBank}`
const sorted = (unit: Unit): string => [unit.remitterBank, unit.beneficiaryBank].sort().join(' ')

/** Pass 4, step by step: each later one is less sure. */
const relaxations: readonly Relaxation[] = [
  {
    pass: 'relaxed', // the day rolled over between the books
    key: (unit) => `${unit.direction} ${unit.rrn} ${banks(unit)} ${amountOf(unit)}`,
    agree: (a, b) => nearDays(dayOf(a), dayOf(b)),
    type: null,
  },
  {
    pass: 'relaxed',
    key: (unit) => `${unit.direction} ${unit.rrn} ${banks(unit)}`,
    agree: (a, b) => nearDays(dayOf(a), dayOf(b)),
    type: 'B11',
  },
  {
    pass: 'relaxed',
    key: (unit) => `${unit.direction} ${unit.rrn} ${amountOf(unit)}`,
    agree: (a, b) => nearDays(dayOf(a), dayOf(b)),
    type: 'B12',
  },
  {
    pass: 'relaxed',
    key: (unit) => `${unit.rrn} ${amountOf(unit)} ${sorted(unit)}`,
    agree: (a, b) => a.direction !== b.direction && nearDays(dayOf(a), dayOf(b)),
    type: 'B12',
  },
  {
    pass: 'relaxed',
    key: (unit) =>
      stanOf(unit) === '' ? null : `${unit.direction} ${stanOf(unit)} ${amountOf(unit)} ${dayOf(unit)} ${banks(unit)}`,
    agree: (a, b) => isCut(a) !== isCut(b),
    type: 'B13',
    unique: true,
  },
]

const isCut = ({ rrn }: Unit): boolean => rrn.length < 12
/** The last six digits of an RRN are its STAN. @source protocol.md §1.4 */
const stanOf = (unit: Unit): string =>
  rowsOf(unit).find(({ stan }) => stan !== '')?.stan ?? (isCut(unit) ? '' : unit.rrn.slice(-6))

const lacks = (unit: Unit): boolean =>
  (unit.core === null || unit.hub === null || unit.raw === null) && !isUnpaid(unit) && !isWholeChild(unit)

/** Declined, and whoever debited gave it back: two sources say so, and no third is missed. */
const isUnpaid = ({ core, hub, raw, reversed }: Unit): boolean =>
  core === null && (hub?.status === 'F' || hub?.status === 'X') && (raw?.status === 'F' || (raw === null && reversed))

/** Its debit is the parent's. */
const isWholeChild = ({ direction, core, hub, raw }: Unit): boolean =>
  direction === 'outward' &&
  core === null &&
  hub?.status === 'S' &&
  raw?.status === '00' &&
  (hub.parentRrn !== '' || raw.parentRrn !== '')

/** What came together is left out of all later steps, unless a source is still missing and nothing is wrong. */
function relax(units: readonly Unit[], found: Findings): Unit[] {
  const gone = new Set<Unit>()
  const typed = new Set<Unit>()
  for (const { pass, key, agree, type, unique } of relaxations) {
    const lacking = units.filter(
      (unit) => !gone.has(unit) && !isBlank(unit) && lacks(unit) && (type !== 'B13' || !typed.has(unit)),
    )
    const groups = new Map<string, Unit[]>()
    for (const unit of lacking) {
      const at = key(unit)
      if (at !== null) groups.set(at, [...(groups.get(at) ?? []), unit])
    }
    for (const group of groups.values()) {
      if (group.length < 2) continue
      if (unique === true && !isUnique(group)) continue
      for (const [index, a] of group.entries()) {
        if (gone.has(a)) continue
        for (const b of group.slice(index + 1)) {
          if (gone.has(b) || !fit(a, b) || agree?.(a, b) === false) continue
          if (type !== null) {
            typed.add(a)
            typed.add(b)
            found.differ(type, a, b)
          }
          join(a, b, pass)
          gone.add(b)
        }
      }
    }
  }
  for (const unit of typed) if (!gone.has(unit)) found.typed(unit)
  return units.filter((unit) => !gone.has(unit) && !isBlank(unit) && !typed.has(unit))
}

/** Nothing but a posting that was taken back. */
const isBlank = (unit: Unit): boolean => unit.core === null && unit.hub === null && unit.raw === null

const isUnique = (group: readonly Unit[]): boolean =>
  group.filter(isCut).length === 1 && group.filter((unit) => !isCut(unit)).length === 1

/** Pass 6: the core has one debit for a bulk payment, hub and NPCI its children. @source NPCI OC 132 */
function settleBulk(units: readonly Unit[], before: MatchInput['children'], found: Findings): Unit[] {
  const parentOf = (unit: Unit): string => rowsOf(unit).find(({ parentRrn }) => parentRrn !== '')?.parentRrn ?? ''
  const sums = new Map(before)
  const childless: Unit[] = []
  const childUnits: Unit[] = []
  for (const unit of units) {
    const parent = unit.direction === 'outward' ? parentOf(unit) : ''
    if (parent === '') childless.push(unit)
    else {
      const { raw } = unit
      const { remitterBank, at } = rowOf(unit)
      const sum = sums.get(parent) ?? { count: 0, amountPaise: 0n, remitterBank, at }
      const isSettled = raw !== null && raw.status !== 'F' && unit.core === null
      sums.set(parent, {
        count: sum.count + (isSettled ? 1 : 0),
        amountPaise: sum.amountPaise + (isSettled ? raw.amountPaise : 0n),
        remitterBank: remitterBank < sum.remitterBank ? remitterBank : sum.remitterBank,
        at: Math.min(at, sum.at),
      })
      childUnits.push(unit)
    }
  }
  if (sums.size === 0) return childless
  const parents = new Map<string, Unit>()
  const rest = childless.filter((unit) => {
    const isParent = unit.direction === 'outward' && sums.has(unit.rrn) && unit.core !== null && unit.raw === null
    if (isParent) parents.set(unit.rrn, unit)
    return !isParent
  })
  for (const [parent, sum] of [...sums].sort(([a], [b]) => order(a, b))) {
    const debit = parents.get(parent)
    found.count('bulk', sum.count + (debit === undefined ? 0 : 1))
    if (debit !== undefined) found.close(debit)
    if ((debit?.core?.amountPaise ?? 0n) !== sum.amountPaise) found.bulk(parent, debit?.core ?? null, sum)
  }
  // What a child is missing in the core is in the parent's debit: its sum says so.
  for (const unit of childUnits) if (unit.core === null) unit.core = standIn(unit)
  return [...rest, ...childUnits].sort(compareUnits)
}

function standIn(unit: Unit): MatchRow | null {
  const row = rowOf(unit)
  return unit.raw?.status === 'F' ? null : { ...row, source: 'core', status: 'S', ref: row.parentRrn }
}

const coreSays = (unit: Unit): 'S' | 'F' => (unit.core === null ? 'F' : 'S')
const hubSays = (unit: Unit): 'S' | 'F' => (unit.hub?.status === 'S' ? 'S' : 'F')

function caseOf(unit: Unit): Truth {
  const raw = unit.raw === null || unit.raw.status === 'F' ? 'F' : unit.raw.status
  const truth = truthTable.find((one) => one.core === coreSays(unit) && one.hub === hubSays(unit) && one.raw === raw)
  if (truth === undefined) throw new Error(`no case of ${coreSays(unit)}, ${hubSays(unit)}, ${raw}`)
  return truth
}

/** The truth table, for what NPCI has. */
function judge(unit: Unit, found: Findings): void {
  const truth = caseOf(unit)
  found.count(unit.pass, 1)
  found.close(unit)
  const type = typeOf(unit, truth)
  if (type !== null) found.unit(type, unit, truth, 0)
  if (isForBooks(unit, truth)) found.item(unit, truth)
}

/** An account that cannot be credited turns a late credit into a return. */
const typeOf = (unit: Unit, truth: Truth): BreakType | null => {
  const type = truth[unit.direction]
  return type === 'B03' && unit.hub?.status === 'X' ? 'B04' : type
}

/** Paid in all three, or declined in all three, needs nothing; nor does a decline that the hub knows and nothing was posted for. */
const isForBooks = (unit: Unit, { case: number }: Truth): boolean =>
  number !== 1 && !(number === 12 && (unit.hub === null || unit.hub.status === 'F' || unit.hub.status === 'X'))

/** What no file has, and somebody's money, or the hub's word, says it should. */
const isMissed = (unit: Unit): boolean =>
  rowsOf(unit).some(({ origin }) => origin !== 'outside') &&
  (unit.core !== null || unit.hub?.status === 'S' || unit.hub?.status === 'P')

/** Pass 7: it waits for the next two cycles; then NPCI has not settled it, which is a decline. @source settlement.md §6.2, "hanging" */
function wait(unit: Unit, toAt: number, found: Findings): void {
  const row = rowOf(unit)
  const missed = Math.max(...rowsOf(unit).map((one) => one.missed)) + 1
  const truth = caseOf(unit)
  found.item(unit, truth)
  if (missed > CARRY_CYCLES) {
    found.close(unit)
    const type = typeOf(unit, truth)
    if (type !== null) found.unit(type, unit, truth, missed)
    return
  }
  const nearCut = missed > 1 ? unit.pass === 'carried' : row.at >= toAt - CUT_MARGIN_MS
  found.unit(nearCut ? 'B01' : 'B30', unit, truth, missed)
}

/** Pass 5: looks alike and is the only one that does, on both sides. Said, never done. */
function suggest(units: readonly Unit[], found: Findings): void {
  const key = (unit: Unit): string | null => {
    const { suffix, amountPaise } = rowOf(unit)
    const known = suffix === '' ? rowsOf(unit).find((row) => row.suffix !== '')?.suffix : suffix
    return known === undefined ? null : `${unit.direction} ${amountPaise} ${known}`
  }
  const alone = units.filter(
    (unit) => !isBlank(unit) && lacks(unit) && (unit.raw === null) !== (unit.core === null && unit.hub === null),
  )
  const groups = new Map<string, Unit[]>()
  for (const unit of alone) {
    const at = key(unit)
    if (at !== null) groups.set(at, [...(groups.get(at) ?? []), unit])
  }
  for (const group of groups.values()) {
    const near = (a: Unit): Unit[] =>
      group.filter(
        (b) =>
          (a.raw === null) !== (b.raw === null) && a.rrn !== b.rrn && Math.abs(rowOf(a).at - rowOf(b).at) <= ALIKE_MS,
      )
    for (const a of group) {
      const [only, ...more] = near(a)
      if (only !== undefined && more.length === 0 && near(only).length === 1) found.suggestion(a, only)
    }
  }
}

type Findings = ReturnType<typeof createFindings>
/** What a break is about. */
type About = Pick<MatchRow, 'direction' | 'rrn' | 'remitterBank' | 'amountPaise' | 'at'>
type Draft = Omit<FoundBreak, 'ordinal'> & { suggestion?: string }

const keyOf = (unit: Pick<Unit, 'direction' | 'rrn' | 'remitterBank'>): string =>
  `${unit.direction} ${unit.rrn} ${unit.remitterBank}`

function createFindings() {
  const drafts: Draft[] = []
  const byUnit = new Map<Unit, Draft[]>()
  const items: MatchItem[] = []
  const closed = new Set<string>()
  const passes: Record<Pass, number> = { self: 0, exact: 0, relaxed: 0, fallback: 0, bulk: 0, carried: 0 }

  const add = (type: BreakType, row: About, facts: Facts, missed = 0, paymentId: string | null = null): Draft => {
    const draft: Draft = {
      type,
      direction: row.direction,
      rrn: row.rrn,
      remitterBank: row.remitterBank,
      amountPaise: row.amountPaise,
      action: breakTypes[type].action,
      state: missed > 0 && missed <= CARRY_CYCLES ? 'carried' : 'open',
      missed,
      paymentId,
      at: row.at,
      facts,
    }
    drafts.push(draft)
    return draft
  }
  const paymentOf = (unit: Unit): string | null => unit.hub?.ref ?? null
  const close = (unit: Unit): void => {
    for (const row of rowsOf(unit)) if (row.origin === 'carried') closed.add(keyOf(row))
  }
  return {
    breakOf(type: BreakType, row: MatchRow, facts: Facts): void {
      add(type, row, facts, 0, row.source === 'hub' ? row.ref : null)
    },
    /** One row too many of a source. */
    surplus(row: MatchRow): void {
      const types = { core: 'B09', hub: 'B30', raw: 'B10' } as const satisfies Record<Source, BreakType>
      add(
        types[row.source],
        row,
        { why: 'once more', [row.source]: row.status, ref: row.ref },
        0,
        row.source === 'hub' ? row.ref : null,
      )
    },
    /** Two that are one payment, and do not say the same. */
    differ(type: BreakType, a: Unit, b: Unit): void {
      const row = [a, b]
        .map(rowOf)
        .sort((x, y) => order(sourceRank[x.source], sourceRank[y.source]) || compareRows(x, y))[0]
      if (row === undefined) return
      const own = byUnit.get(a)
      if (own?.some((draft) => draft.type === type)) return
      const draft = add(type, row, {}, 0, paymentOf(a) ?? paymentOf(b))
      byUnit.set(a, [...(own ?? []), draft])
    },
    /** What the sources of a unit that does not agree say, once all of them are known. */
    typed(unit: Unit): void {
      passes.relaxed += 1
      close(unit)
      for (const draft of byUnit.get(unit) ?? []) {
        const at = drafts.indexOf(draft)
        if (at >= 0) drafts[at] = { ...draft, paymentId: paymentOf(unit), facts: factsOf(unit) }
      }
    },
    unit(type: BreakType, unit: Unit, truth: Truth, missed: number): void {
      const draft = add(
        type,
        rowOf(unit),
        {
          ...factsOf(unit),
          case: truth.case,
          ...(missed > 0 && { missed }),
          ...(missed > 0 && missed <= CARRY_CYCLES && { carry: rowsOf(unit).map(packRow) }),
        },
        missed,
        paymentOf(unit),
      )
      byUnit.set(unit, [...(byUnit.get(unit) ?? []), draft])
    },
    item(unit: Unit, truth: Truth): void {
      const row = rowOf(unit)
      items.push({
        direction: unit.direction,
        rrn: row.rrn,
        remitterBank: row.remitterBank,
        beneficiaryBank: row.beneficiaryBank,
        paymentId: paymentOf(unit),
        amountPaise: row.amountPaise,
        at: row.at,
        raw:
          unit.raw === null
            ? 'absent'
            : unit.raw.status === '00' || unit.raw.status === '08'
              ? unit.raw.status
              : 'declined',
        responseCode: unit.raw === null || unit.raw.responseCode === '' ? null : unit.raw.responseCode,
        subType: row.subType,
        verdict: truth.case,
      })
    },
    bulk(parent: string, debit: MatchRow | null, { count, amountPaise, remitterBank, at }: Children): void {
      const debited = debit?.amountPaise ?? 0n
      const difference = debited > amountPaise ? debited - amountPaise : amountPaise - debited
      const about = {
        direction: 'outward',
        rrn: parent,
        remitterBank: debit?.remitterBank ?? remitterBank,
        amountPaise: difference,
        at: debit?.at ?? at,
      } as const
      add('B26', about, { debited: String(debited), children: String(amountPaise), count })
    },
    suggestion(unit: Unit, other: Unit): void {
      passes.fallback += 1
      for (const draft of byUnit.get(unit) ?? []) draft.suggestion = other.rrn
    },
    close,
    count(pass: Pass, more: number): void {
      passes[pass] += more
    },
    outcome(raws: readonly MatchRow[], units: readonly Unit[]): MatchOutcome {
      const lanes = new Map<MatchRow, number | null>()
      for (const { raw, hub } of units)
        if (raw !== null && hub !== null && raw.amountPaise === hub.amountPaise) lanes.set(raw, hub.lane)
      const settled = raws
        .filter(({ status, origin }) => status !== 'F' && origin === 'cycle')
        .map((row) => ({ row, lane: lanes.get(row) ?? null }))
      return { breaks: numbered(drafts), items: items.sort(compareItems), settled, closed: [...closed].sort(), passes }
    },
  }
}

const sourceRank = { raw: 0, hub: 1, core: 2 } as const satisfies Record<Source, number>

function factsOf(unit: Unit): Facts {
  const all = rowsOf(unit)
  const values = (pick: (row: MatchRow) => string): readonly string[] | null =>
    new Set(all.map(pick)).size < 2 ? null : all.map((row) => `${row.source}: ${pick(row)}`)
  const differing = {
    amounts: values((row) => String(row.amountPaise)),
    days: values((row) => row.day),
    banks: values((row) => `${row.remitterBank}-${row.beneficiaryBank}`),
    rrns: values((row) => row.rrn),
    directions: values((row) => row.direction),
  }
  return {
    core: unit.core?.status ?? (unit.reversed ? 'V' : '-'),
    hub: unit.hub?.status ?? '-',
    raw: unit.raw?.status ?? '-',
    pass: unit.pass,
    ...Object.fromEntries(Object.entries(differing).filter(([, value]) => value !== null)),
  }
}

const compareItems = (a: MatchItem, b: MatchItem): number =>
  order(a.direction, b.direction) ||
  order(a.rrn, b.rrn) ||
  order(a.remitterBank, b.remitterBank) ||
  order(a.amountPaise, b.amountPaise) ||
  order(a.verdict, b.verdict) ||
  order(a.at, b.at)

/** In their order, those of one key counted from 1. */
function numbered(drafts: readonly Draft[]): FoundBreak[] {
  const text = (draft: Draft): string =>
    `${draft.type} ${draft.direction} ${draft.rrn} ${draft.remitterBank} ${String(draft.amountPaise).padStart(20, '0')} ${draft.at} ${JSON.stringify(draft.facts)}`
  const ordered = drafts.map((draft) => ({ draft, text: text(draft) })).sort((a, b) => order(a.text, b.text))
  const seen = new Map<string, number>()
  return ordered.map(({ draft: { suggestion, ...draft } }) => {
    const key = `${draft.type} ${draft.direction} ${draft.rrn} ${draft.remitterBank}`
    const ordinal = (seen.get(key) ?? 0) + 1
    seen.set(key, ordinal)
    return { ...draft, ordinal, facts: suggestion === undefined ? draft.facts : { ...draft.facts, suggestion } }
  })
}
