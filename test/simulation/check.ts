import type { Db } from '../../src/db/pool.ts'
import type { Schedule } from '../../src/rail/schedule.ts'
import type { JournalEntry } from '../../src/simulator/journal.ts'
import type { Simulator } from '../../src/simulator/simulator.ts'
import { proveBooks } from '../support/payment-room.ts'
import type { Customers } from './customers.ts'
import type { WireTap, Written } from './wire-tap.ts'

/**
 * What must be true after every run. The rules are written here a second time, by hand: a checker that asked the hub's own
 * tables what is right would believe whatever they say.
 */

export type Row = {
  readonly payment_id: string
  readonly direction: 'outward' | 'inward'
  readonly state: string
  readonly version: number
  readonly amount: bigint
  readonly rrn: string | null
  readonly remitter_bank: string
  readonly reference: string | null
  readonly response_code: string | null
  readonly transmitted_at: number | null
  readonly checks: number | null
  readonly breaks: string[]
  readonly states: string[]
}

export type Findings = { readonly wrongs: readonly string[]; readonly rows: readonly Row[] }

/** Every step that settlement.md §6.2 knows, as far as this hub goes. */
const legal: Readonly<Record<string, readonly string[]>> = {
  held: ['held', 'sent', 'cancelled', 'refused'], // held once more: a person let it go on
  sent: ['unconfirmed', 'succeeded', 'deemed', 'declined', 'returned'],
  unconfirmed: ['succeeded', 'deemed', 'declined', 'returned'],
  deemed: ['succeeded', 'returned'],
  succeeded: ['returned'],
  declined: [],
  returned: [],
  cancelled: [],
  refused: [],
}
/** The same of what stays within a bank, where nothing is ever open but what waits. */
const legalWithin: Readonly<Record<string, readonly string[]>> = { held: ['held', 'succeeded', 'declined'] }
const firstWithin = { outward: ['held', 'succeeded', 'declined'], inward: ['succeeded'] } as const

const firstStates = { outward: ['held', 'sent'], inward: ['succeeded', 'declined'] } as const

export type CheckOptions = {
  readonly db: Db
  readonly simulator: Simulator
  readonly tap: WireTap
  readonly customers: Customers
  readonly schedule: Schedule
  readonly startMs: number
  /** False where somebody set the wall clock: then "before its time" has no meaning. */
  readonly timesHold: boolean
  /** RRNs that NPCI wanted given back, and those of them for which the hub said that it did. */
  readonly reversed: ReadonlySet<string>
  readonly credited: ReadonlySet<string>
}

export async function check(options: CheckOptions): Promise<Findings> {
  const { db, simulator, tap, customers } = options
  const wrongs: string[] = [...tap.wrongs, ...customers.wrongs]
  await proveBooks(db).catch((error: unknown) => wrongs.push(`books: ${String(error)}`))
  if (options.timesHold) await checkEpochs(db, wrongs)
  const rows = await readRows(db)
  for (const row of rows) checkHistory(row, wrongs)
  checkCustomers(customers, rows, wrongs)
  const outward = new Map(entriesOf(simulator.journal.outward.entries()))
  const inward = new Map(
    [...simulator.journal.inward.entries()].map((entry) => [inwardKey(entry.rrn, entry.amountPaise), entry]),
  )
  // Two institutions may have used one RRN: NPCI meant one of them.
  for (const rrn of options.credited) {
    if (!rows.some((row) => row.rrn === rrn && row.state === 'returned'))
      wrongs.push(`the hub told NPCI that RRN ${rrn} was given back`)
  }
  for (const row of rows) {
    if (isWithin(row)) checkWithin(row, rows, outward, tap, wrongs)
    else if (row.direction === 'outward') checkOutward(row, outward, tap, options, wrongs)
    else checkInward(row, inward, wrongs)
  }
  checkInwardAnswers(rows, inward, wrongs)
  const known = new Set(rows.flatMap((row) => (row.direction === 'outward' ? [referenceOf(row)] : [])))
  for (const written of tap.written()) {
    if (!known.has(`${written.rrn}/${written.remitterBank}`))
      wrongs.push(`RRN ${written.rrn} was written without a row`)
  }
  for (const { kind, rrn } of simulator.summary().firstViolations) wrongs.push(`the switch saw ${kind} of RRN ${rrn}`)
  return { wrongs, rows }
}

async function readRows(db: Db): Promise<Row[]> {
  return db<Row[]>`
    select p.payment_id, p.direction, p.state, p.version, p.amount, p.rrn, p.remitter_bank, p.reference, p.response_code,
      p.transmitted_at, h.checks,
      array(select b.kind || ': ' || b.detail from break b where b.payment_id = p.payment_id and b.closed_at is null order by b.kind, b.detail) as breaks,
      array(select e.state from event e where e.payment_id = p.payment_id order by e.sequence) as states
    from payment p left join hold h using (payment_id) order by p.payment_id`
}

/** Nobody uses a link that somebody else has taken over. */
async function checkEpochs(db: Db, wrongs: string[]): Promise<void> {
  const late = await db<{ payment_id: string; direction: string; epoch: bigint; taken: bigint }[]>`
    select distinct on (p.payment_id) p.payment_id, p.direction, p.epoch, t.epoch as taken
    from payment p join sim.takeover t on t.link_id = p.link and t.epoch > p.epoch
    where t.at < case p.direction when 'outward' then p.transmitted_at else p.created_at end
    order by p.payment_id, t.epoch`
  for (const { payment_id, direction, epoch, taken } of late) {
    wrongs.push(`${direction} ${payment_id} was written under epoch ${epoch} when the link had epoch ${taken}`)
  }
}

const inwardKey = (rrn: string | null, amountPaise: string): string => `${rrn}, ${amountPaise} paise`

const referenceOf = (row: { rrn: string | null; remitter_bank: string }): string => `${row.rrn}/${row.remitter_bank}`

function* entriesOf(entries: Iterable<JournalEntry>): Generator<[string, JournalEntry]> {
  for (const entry of entries) yield [`${entry.rrn}/${entry.remitterBank}`, entry]
}

/** It has its reference, and never left: payer and payee are of one bank. */
const isWithin = ({ rrn, transmitted_at }: Row): boolean => rrn !== null && transmitted_at === null

/** Both sides or neither, no switch that has heard of it, and nothing for people to look into. */
function checkWithin(
  row: Row,
  rows: readonly Row[],
  journal: ReadonlyMap<string, JournalEntry>,
  tap: WireTap,
  wrongs: string[],
): void {
  const name = `${row.direction} ${row.payment_id} within the bank (${row.state}, RRN ${row.rrn}, ${row.amount} paise)`
  const others = rows.filter(
    (one) => one.direction !== row.direction && isWithin(one) && referenceOf(one) === referenceOf(row),
  )
  const expected = row.state === 'succeeded' ? 1 : 0
  if (others.length !== expected || others.some(({ amount }) => amount !== row.amount))
    wrongs.push(`${name}: ${others.length} payments on the other side`)
  if (row.direction === 'inward') return
  if (journal.has(referenceOf(row)) || tap.find(row.rrn ?? '', row.remitter_bank) !== undefined)
    wrongs.push(`${name}: the switch has heard of it`)
  if (row.breaks.length > 0) wrongs.push(`${name}: ${row.breaks}`)
}

/** A legal path from a legal first state, one event per version. */
function checkHistory(row: Row, wrongs: string[]): void {
  const [first, ...rest] = row.states
  const [firsts, paths] = isWithin(row) ? [firstWithin, legalWithin] : [firstStates, legal]
  if (first === undefined || !firsts[row.direction].some((state) => state === first)) {
    wrongs.push(`${row.payment_id} began as ${first}`)
  }
  let from = first ?? ''
  for (const to of rest) {
    if (paths[from]?.includes(to) !== true) wrongs.push(`${row.payment_id} went from ${from} to ${to}`)
    from = to
  }
  if (from !== row.state) wrongs.push(`${row.payment_id} is ${row.state} after ${from}`)
}

/** Nothing acknowledged is lost, and one key is one payment. */
function checkCustomers(customers: Customers, rows: readonly Row[], wrongs: string[]): void {
  const byKey = new Map<string, Row[]>()
  for (const row of rows) {
    if (row.reference !== null) byKey.set(row.reference, [...(byKey.get(row.reference) ?? []), row])
  }
  for (const one of customers.asked) {
    const made = byKey.get(one.key) ?? []
    if (made.length > 1) wrongs.push(`${one.key} became ${made.length} payments`)
    if (one.accepted.size > 1) wrongs.push(`${one.key} was answered with ${one.accepted.size} payments`)
    const [row] = made
    for (const id of one.accepted) {
      if (row === undefined || id !== `pay_${row.payment_id.replaceAll('-', '')}`) {
        wrongs.push(`${one.key} was accepted as ${id}, which is not there`)
      } else if (row.amount !== one.request.amountPaise) wrongs.push(`${one.key} changed its amount`)
    }
    if (
      one.answer?.kind === 'refused' &&
      one.accepted.size === 0 &&
      !one.unsure &&
      !one.landedLate &&
      row !== undefined
    ) {
      wrongs.push(`${one.key} was refused (${one.answer.reason}) and is a payment`)
    }
    for (const { version, state } of one.told) {
      if (row?.states[version - 1] !== state)
        wrongs.push(`${one.key} was told ${state} as step ${version}, which never was`)
    }
    if (one.needsApproval && row !== undefined) {
      if (row.states[0] !== 'held') wrongs.push(`${one.key} needed approval and began as ${row.states[0]}`)
      if (row.rrn !== null && !one.approved) wrongs.push(`${one.key} was sent, and nobody approved it`)
    } else if (row?.states[1] === 'held') wrongs.push(`${one.key} was released, and nothing barred it`)
    if (one.rejected && row?.state !== 'refused') wrongs.push(`${one.key} was rejected and is ${row?.state}`)
    if (one.cancelled && row?.state !== 'cancelled') wrongs.push(`${one.key} was cancelled and is ${row?.state}`)
  }
}

/** The hub and the switch must tell the same story about one outward payment. */
function checkOutward(
  row: Row,
  journal: ReadonlyMap<string, JournalEntry>,
  tap: WireTap,
  options: CheckOptions,
  wrongs: string[],
): void {
  const name = `${row.payment_id} (${row.state}, RRN ${row.rrn}, ${row.amount} paise)`
  const seen = row.rrn === null ? undefined : journal.get(referenceOf(row))
  const written = row.rrn === null ? undefined : tap.find(row.rrn, row.remitter_bank)
  const originals = written?.originals.length ?? 0
  if (originals > 1) wrongs.push(`${name}: the hub wrote the original ${originals} times`)
  const isReversed = options.reversed.has(row.rrn ?? '')
  // What comes after a reversal contradicts it, and is listed.
  if (!isReversed && row.breaks.some((one) => !one.startsWith('unresolved')))
    wrongs.push(`${name}: honest switch, yet a break: ${row.breaks}`)
  switch (row.state) {
    case 'succeeded':
      if (seen?.stand !== 'approved' || !seen.credited) wrongs.push(`${name}: the switch says ${say(seen)}`)
      break
    case 'declined':
      if (seen === undefined || seen.credited || seen.stand !== 'declined') {
        wrongs.push(`${name}: the switch says ${say(seen)}`)
      }
      break
    case 'deemed':
      // Verified before the original came: 91 then, and whatever the original met later if its answer was lost.
      if (seen?.stand !== 'deemed' && seen?.verificationFirst !== true)
        wrongs.push(`${name}: the switch says ${say(seen)}`)
      break
    case 'unconfirmed':
      if (!row.breaks.some((one) => one.startsWith('unresolved'))) wrongs.push(`${name}: nobody was told`)
      if (row.checks !== options.schedule.length) wrongs.push(`${name}: given up after ${row.checks} verifications`)
      break
    case 'returned':
      if (!isReversed) wrongs.push(`${name}: nobody asked for it`)
      break
    case 'refused':
    case 'cancelled':
      if (row.rrn !== null || written !== undefined || seen !== undefined) {
        wrongs.push(`${name}: given up, and it was sent`)
      }
      break
    default:
      wrongs.push(`${name}: not final after the heal`)
  }
  if (written !== undefined) checkVerifications(row, written, name, options, wrongs)
}

const say = (entry: JournalEntry | undefined): string =>
  entry === undefined
    ? 'nothing'
    : `${entry.stand}${entry.credited ? ', credited' : ''}${entry.verificationFirst ? ', verified first' : ''} (${entry.outcome})`

/** Never more verifications than the schedule has, and none before its time. */
function checkVerifications(row: Row, written: Written, name: string, options: CheckOptions, wrongs: string[]): void {
  const { schedule, customers } = options
  const asked = customers.asked.find((one) => one.key === row.reference)?.verifications ?? 0
  if (written.verifications.length > schedule.length + asked) {
    wrongs.push(`${name}: ${written.verifications.length} verifications`)
  }
  if (!options.timesHold || asked > 0 || row.transmitted_at === null) return
  const sentAt = row.transmitted_at - options.startMs
  written.verifications.forEach((at, i) => {
    const due = sentAt + (schedule[i] ?? Number.POSITIVE_INFINITY)
    if (at + 1 < due) wrongs.push(`${name}: verification ${i + 1} ${Math.round(due - at)} ms before its time`)
  })
}

/**
 * A credit only where the switch sent an original, of that amount. Found by RRN and amount: on the XML wire the hub knows the
 * remitter bank by the payer's IFSC or MMID, the journal by its number.
 */
function checkInward(row: Row, journal: ReadonlyMap<string, JournalEntry>, wrongs: string[]): void {
  const name = `inward ${row.rrn} (${row.state})`
  const seen = journal.get(inwardKey(row.rrn, String(row.amount)))
  if (seen === undefined || seen.originals === 0) wrongs.push(`${name}: the switch never sent it, or another amount`)
}

/** What the switch was told about an inward payment is what the hub did. */
function checkInwardAnswers(rows: readonly Row[], journal: ReadonlyMap<string, JournalEntry>, wrongs: string[]): void {
  const byReference = new Map(
    rows.flatMap((row) =>
      row.direction === 'inward' && !isWithin(row) ? [[inwardKey(row.rrn, String(row.amount)), row]] : [],
    ),
  )
  for (const [reference, entry] of journal) {
    const row = byReference.get(reference)
    const credited = row?.state === 'succeeded'
    if (entry.credited && !credited)
      wrongs.push(`inward ${reference}: the switch counts a credit that the hub did not make`)
    if (entry.stand === 'declined' && credited) wrongs.push(`inward ${reference}: declined, and credited`)
    if (entry.stand === 'inProgress') wrongs.push(`inward ${reference}: still in progress`)
  }
}
