import { accountIdOf, paymentIdOf } from '../../src/base/identifiers.ts'
import type { Db } from '../../src/db/pool.ts'
import { advance, factKinds, type StateKind, stateKinds } from '../../src/payment/payment.ts'
import type { JournalEntry } from '../../src/simulator/journal.ts'
import type { Summary } from '../../src/simulator/simulator.ts'
import { proveBooks } from '../support/payment-room.ts'
import type { Asked } from './load.ts'

/**
 * What must hold after a run of crashes, once everything has settled. Three witnesses are compared: what callers were told
 * with a 2xx, what the database has, and what the switch saw on the wire. The switch never crashed.
 */

export type Found = {
  readonly violations: string[]
  /** Payments by where they ended. */
  readonly outward: Record<string, number>
  readonly inward: Record<string, number>
  /** How often each step of a history was made, such as `held sent`. */
  readonly steps: Record<string, number>
  /** Outward payments that went through `unconfirmed`, and those of them the switch was asked about. */
  readonly unconfirmed: number
  readonly askedAbout: number
  /** Inward originals that came more than once. */
  readonly repeatedInward: number
}

export type Row = {
  payment_id: string
  direction: 'outward' | 'inward'
  institution: string
  state: StateKind
  amount: bigint
  account_id: bigint | null
  reference: string | null
  rrn: string | null
  remitter_bank: string
  transmitted: boolean
  open_break: boolean
  doubted: boolean
}

/** Why a payment with a reference and what the switch saw of it cannot both be true; undefined when they agree. */
export type Disagreement = (row: Row, entry: JournalEntry) => string | undefined

const PAGE = 10_000
const MOST_REPORTED = 20

/** Steps that the machine can make. */
const legalSteps = new Set(
  stateKinds.flatMap((from) =>
    factKinds.flatMap((fact) => {
      const step = advance(from, fact)
      return step.kind === 'moved' ? [`${from} ${step.to}`] : []
    }),
  ),
)
const legalStarts = new Set([
  'outward held',
  'outward sent',
  'inward succeeded',
  'inward declined',
  'within outward held',
  'within outward succeeded',
  'within outward declined',
  'within inward succeeded',
])

/** Payments that still wait for something: neither final nor left to people. */
export const unsettled = (db: Db): Promise<{ payment_id: string; state: string; age: number }[]> => db`
  select h.payment_id, p.state, extract(epoch from now() - p.created_at)::integer as age
  from hold h left join payment p using (payment_id)
  where p.state is distinct from 'unconfirmed'
     or not exists (select from break b where b.payment_id = h.payment_id and b.closed_at is null)
  limit 10`

/** @param disagrees  about where a payment ended; after settlement that is more than the switch said online */
export async function check(
  db: Db,
  simulatorUrl: string,
  asked: ReadonlyMap<string, Asked>,
  disagrees: Disagreement = onlineDisagrees,
): Promise<Found> {
  const violations: string[] = []
  const found: Found = {
    violations,
    outward: {},
    inward: {},
    steps: {},
    unconfirmed: 0,
    askedAbout: 0,
    repeatedInward: 0,
  }
  const [outwardSeen, inwardSeen] = [
    await readJournal(simulatorUrl, 'outward', violations),
    await readJournal(simulatorUrl, 'inward', violations),
  ]
  const byKey = new Map<string, Row>()
  const within = { outward: new Map<string, Row>(), inward: new Map<string, Row>() }
  const counts = { unconfirmed: 0, askedAbout: 0, repeatedInward: 0 }
  const payments = db<Row[]>`
    select p.payment_id, p.direction, p.institution, p.state, p.amount, p.account_id, p.reference, p.rrn, p.remitter_bank, p.transmitted_at is not null as transmitted,
      exists (select from break b where b.payment_id = p.payment_id and b.closed_at is null) as open_break,
      exists (select from event e where e.payment_id = p.payment_id and e.state = 'unconfirmed') as doubted
    from payment p`
  await payments.cursor(PAGE, (rows) => {
    for (const row of rows) {
      const seen = row.direction === 'outward' ? outwardSeen : inwardSeen
      const wire = row.rrn === null ? undefined : isWithin(row) ? referenceOf(row) : keyIn(seen, row)
      const entry = wire === undefined ? undefined : seen.get(wire)
      if (wire !== undefined) seen.delete(wire)
      const wrong = isWithin(row)
        ? withinDisagrees(row, entry, within)
        : row.direction === 'outward'
          ? outwardDisagrees(row, entry, disagrees)
          : inwardDisagrees(row, entry)
      if (wrong !== undefined) violations.push(`${describe(row)}: ${wrong}; the switch saw ${JSON.stringify(entry)}`)
      const tally = found[row.direction]
      const end = row.state === 'unconfirmed' && row.open_break ? 'unconfirmed with a break' : row.state
      tally[end] = (tally[end] ?? 0) + 1
      if (row.direction === 'inward') {
        if ((entry?.originals ?? 0) > 1) counts.repeatedInward += 1
        continue
      }
      if (row.doubted) {
        counts.unconfirmed += 1
        if ((entry?.verifications ?? 0) > 0) counts.askedAbout += 1
      }
      const key = row.reference ?? ''
      const other = byKey.get(key)
      if (other !== undefined) violations.push(`key ${key} made two payments: ${describe(other)} and ${describe(row)}`)
      byKey.set(key, row)
      if (!asked.has(key)) violations.push(`${describe(row)} was never asked for`)
    }
  })

  checkWithin(within, violations)
  for (const one of asked.values()) {
    const row = byKey.get(one.key)
    if (one.id === undefined) violations.push(`key ${one.key} was asked for to the end and never acknowledged`)
    else if (row === undefined) violations.push(`${one.id} (key ${one.key}) was acknowledged and is lost`)
    else if (paymentIdOf(row.payment_id) !== one.id || Number(row.amount) !== one.amountPaise) {
      violations.push(`key ${one.key} was told ${one.id} of ${one.amountPaise} paise and the hub has ${describe(row)}`)
    } else if (row.account_id === null || accountIdOf(row.account_id) !== one.from) {
      violations.push(`${describe(row)} is of account ${row.account_id} and was asked for from ${one.from}`)
    } else if (one.rrn !== null && one.rrn !== row.rrn) {
      violations.push(`${describe(row)} was acknowledged with RRN ${one.rrn}`)
    }
  }
  for (const entry of outwardSeen.values()) {
    violations.push(`the switch has a payment that the hub does not: ${JSON.stringify(entry)}`)
  }
  for (const entry of inwardSeen.values()) {
    const told = entry.stand === 'approved' || entry.stand === 'declined'
    if (told) violations.push(`the hub answered an inward original that it does not have: ${JSON.stringify(entry)}`)
  }

  await checkHistories(db, found)
  await checkSwitch(simulatorUrl, violations)
  await proveBooks(db).catch((error: unknown) =>
    violations.push(`books: ${error instanceof Error ? error.message : error}`),
  )
  return { ...found, ...counts, violations: violations.slice(0, MOST_REPORTED) }
}

/**
 * Under what the journal has a payment. On the XML wire the hub knows the remitter bank of an inward payment by the payer's IFSC or
 * MMID and the journal by its number, so these are matched by RRN and amount.
 */
function keyIn(seen: ReadonlyMap<string, JournalEntry>, row: Row): string | undefined {
  const key = `${row.rrn}/${row.remitter_bank}`
  if (seen.has(key) || row.direction === 'outward') return key
  for (const [other, entry] of seen) {
    if (entry.rrn === row.rrn && entry.amountPaise === String(row.amount)) return other
  }
  return undefined
}

const describe = (row: Row): string =>
  `${row.direction} ${paymentIdOf(row.payment_id)} ${row.reference ?? ''} ${row.amount} paise ${row.state}`

/** It has its reference, and never left: payer and payee are of one bank. */
const isWithin = ({ rrn, transmitted }: Row): boolean => rrn !== null && !transmitted
const referenceOf = ({ rrn, remitter_bank }: Row): string => `${rrn}/${remitter_bank}`

/** Of a payment that stayed within its bank: final at once, once, and the switch has never heard of it. Kept, for its other side. */
function withinDisagrees(
  row: Row,
  entry: JournalEntry | undefined,
  sides: Readonly<Record<Row['direction'], Map<string, Row>>>,
): string | undefined {
  const side = sides[row.direction]
  const isSecond = side.has(referenceOf(row))
  side.set(referenceOf(row), row)
  if (isSecond) return 'two payments within the bank have its reference'
  if (entry !== undefined) return 'it stayed within the bank, and the switch has heard of it'
  if (row.open_break) return 'it stayed within the bank, and a break is open about it'
  const isFinal = row.state === 'succeeded' || (row.state === 'declined' && row.direction === 'outward')
  return isFinal ? undefined : `within the bank it is ${row.state}`
}

/** Both sides of what was paid within a bank, or neither. */
function checkWithin(sides: Readonly<Record<Row['direction'], ReadonlyMap<string, Row>>>, violations: string[]): void {
  for (const [reference, row] of sides.outward) {
    const other = sides.inward.get(reference)
    if (row.state === 'succeeded' ? other?.amount !== row.amount : other !== undefined)
      violations.push(`${describe(row)}: within the bank, its other side is ${other && describe(other)}`)
  }
  for (const [reference, row] of sides.inward)
    if (!sides.outward.has(reference)) violations.push(`${describe(row)}: credited within the bank, and nobody paid it`)
}

function outwardDisagrees(row: Row, entry: JournalEntry | undefined, disagrees: Disagreement): string | undefined {
  if (row.rrn === null) {
    return row.state === 'cancelled' || row.state === 'refused' ? undefined : `it is ${row.state} without a reference`
  }
  if (entry === undefined) return 'it has a reference, and the switch was neither sent it nor asked about it'
  if (entry.originals > 1) return `its original was sent ${entry.originals} times`
  if (entry.amountPaise !== String(row.amount)) return 'the switch has another amount'
  return disagrees(row, entry)
}

/** As online answers left it, before any file. */
function onlineDisagrees(row: Row, entry: JournalEntry): string | undefined {
  switch (row.state) {
    case 'succeeded':
      return entry.stand === 'approved' ? undefined : 'the switch did not approve it'
    case 'declined':
      return entry.stand === 'declined' ? undefined : 'the switch did not decline it'
    case 'deemed':
      return entry.stand === 'deemed' || entry.verificationFirst ? undefined : 'the switch did not deem it approved'
    case 'unconfirmed':
      if (!row.open_break) return 'it is unconfirmed, and no break is open'
      return entry.verifications > 0 ? undefined : 'it is unconfirmed and was never asked about'
    default:
      return `it is ${row.state} after everything has settled`
  }
}

function inwardDisagrees(row: Row, entry: JournalEntry | undefined): string | undefined {
  if (entry === undefined || entry.originals === 0) return 'the switch never sent it'
  if (entry.amountPaise !== String(row.amount)) return 'the switch sent another amount'
  if (row.state === 'succeeded')
    return entry.stand === 'declined' ? 'it is credited, and was answered as declined' : undefined
  if (row.state === 'declined')
    return entry.stand === 'approved' ? 'it is not credited, and was answered as approved' : undefined
  return `an inward payment is ${row.state}`
}

/** Every payment's history is a path of the machine. */
async function checkHistories(db: Db, { violations, steps: made }: Found): Promise<void> {
  const steps = await db<{ step: string; times: number; example: string }[]>`
    select b.state || ' ' || a.state as step, count(*)::integer as times, min(a.payment_id::text) as example
    from event a join event b on b.payment_id = a.payment_id and b.sequence = a.sequence - 1 group by 1`
  for (const { step, times, example } of steps) {
    made[step] = times
    if (!legalSteps.has(step)) violations.push(`a history has the step ${step}: pay_${example.replaceAll('-', '')}`)
  }
  const starts = await db<{ start: string; example: string }[]>`
    select case when p.rrn is not null and p.transmitted_at is null then 'within ' else '' end || p.direction || ' ' || e.state as start, min(e.payment_id::text) as example
    from event e join payment p using (payment_id) where e.sequence = 1 group by 1`
  for (const { start, example } of starts) {
    if (!legalStarts.has(start)) violations.push(`a history begins with ${start}: pay_${example.replaceAll('-', '')}`)
  }
  const unmatched = await db<{ reason: string; rrn: string | null }[]>`select reason, rrn from unmatched_answer limit 5`
  for (const { reason, rrn } of unmatched)
    violations.push(`the switch answered ${rrn}, which the hub could not place: ${reason}`)
}

/** What the switch itself finds wrong with the hub: originals sent twice, answers that changed, and the like. */
async function checkSwitch(simulatorUrl: string, violations: string[]): Promise<void> {
  const summary = await get<Summary>(`${simulatorUrl}/summary`)
  for (const [kind, count] of Object.entries(summary.violations)) {
    if (count === 0) continue
    const first = summary.firstViolations.find((one) => one.kind === kind)
    violations.push(`the switch reports ${kind} ${count} times, first of ${first?.rrn}`)
  }
}

/** One side of the switch's journal, by RRN and sending bank. */
async function readJournal(
  simulatorUrl: string,
  direction: 'outward' | 'inward',
  violations: string[],
): Promise<Map<string, JournalEntry>> {
  const entries = new Map<string, JournalEntry>()
  for (let skip = 0; ; skip += PAGE) {
    const { data } = await get<{ data: JournalEntry[] }>(
      `${simulatorUrl}/journal?direction=${direction}&limit=${PAGE}&skip=${skip}`,
    )
    for (const entry of data) {
      const wire = `${entry.rrn}/${entry.remitterBank}`
      if (entries.has(wire)) violations.push(`the switch has ${wire} twice`)
      entries.set(wire, entry)
    }
    if (data.length < PAGE) return entries
  }
}

export async function get<T>(url: string): Promise<T> {
  const response = await fetch(url)
  if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`)
  return (await response.json()) as T
}
