import { type Clock, istParts, nextDay1730Ist } from '../../base/clock.ts'
import { LANES } from '../../base/identifiers.ts'
import { formatRupees } from '../../base/money.ts'
import type { Vault } from '../../base/vault.ts'
import type { Db } from '../../db/pool.ts'
import type { AsTenant } from '../../db/tenant.ts'
import type { NbinOf } from '../../imps/banks.ts'
import { type CycleGrid, cycleAt, formatCycle } from '../../imps/cycles.ts'
import type { FileCycle } from '../../imps/files/rows.ts'
import { type ChartCode, chart, chartCodes } from '../../ledger/chart.ts'
import type { StoredPayment } from '../../payment/stored.ts'
import { stayedWithin } from '../../payment/within-bank.ts'
import { breakTypes } from '../match/break-types.ts'
import { readDetail, readNote } from '../notes.ts'
import type { Said } from '../said.ts'
import { type Found, findAll, findByRrn, isSettled } from './explain-store.ts'
import { type LineCode, line, lineWords, piece, type StoryLine, textOf, written } from './story-words.ts'

export type Story = {
  readonly payment: StoredPayment
  readonly lines: readonly StoryLine[]
  /** What it means now. */
  readonly now: readonly Said[]
  /** What happens next, and until when; empty: nothing more. */
  readonly next: readonly (Said & { readonly by: number | null })[]
}

/** A line of a file about a payment. */
export type FileLine = StoryLine & {
  /** Of a row of a raw file that counts as paid: the cycle that it is settled with. */
  readonly settledIn?: FileCycle
}

export type ExplainDeps = {
  readonly db: Db
  readonly vault: Vault
  readonly clock: Clock
  readonly cycles: readonly CycleGrid[]
  readonly asTenant: AsTenant
  readonly nbinOf: NbinOf
  /** What the files of settlement that were kept say about an RRN of a bank: raw rows, reports, statements. */
  readonly findFileLines: FindFileLines
}

/** `bank` is the hub's own; `remitterBank` tells payments of the same RRN apart where the file says it. */
export type FindFileLines = (
  payment: Pick<
    StoredPayment,
    'tenantId' | 'institution' | 'direction' | 'remitterBank' | 'amountPaise' | 'transmittedAt' | 'createdAt'
  > & {
    readonly rrn: string
  },
) => Promise<readonly FileLine[]>

/** The whole story of each payment of a tenant that has this RRN, everything in order. None: the tenant has no such payment. */
export async function explain(deps: ExplainDeps, tenantId: number, rrn: string): Promise<readonly Story[]> {
  const payments = await deps.asTenant(tenantId, (tx) => findByRrn(tx, deps.vault, rrn))
  return Promise.all(payments.map((payment) => tell(deps, payment)))
}

/** What is known of one payment, before it is put into words. */
export type Known = {
  readonly found: Found
  readonly files: readonly FileLine[]
  /** The cycle that settles it: as NPCI's files have it, else the one that it was made in. */
  readonly cycle: FileCycle
  readonly fromFile: boolean
  readonly settled: boolean
}

/** Looks up all about a payment. The caller has made sure that whoever asks may know it. */
export async function lookUp(deps: ExplainDeps, payment: StoredPayment): Promise<Known> {
  const { rrn } = payment
  const [found, files] = await Promise.all([
    findAll(deps.db, deps.nbinOf, payment),
    rrn === null ? [] : deps.findFileLines({ ...payment, rrn }),
  ])
  const inFile = files.flatMap(({ settledIn }) => settledIn ?? [])[0]
  const cycle = inFile ?? cycleAt(deps.cycles, payment.transmittedAt ?? payment.createdAt)
  const settled = await isSettled(deps.db, payment.institution, cycle.settlementDate, cycle.number)
  return { found, files, cycle, fromFile: inFile !== undefined, settled }
}

async function tell(deps: ExplainDeps, payment: StoredPayment): Promise<Story> {
  return storyOf(deps, payment, await lookUp(deps, payment))
}

/** The story of what is known of a payment. */
export function storyOf(
  deps: Pick<ExplainDeps, 'cycles'>,
  payment: StoredPayment,
  { found, files, cycle: named, settled }: Known,
): Story {
  const leftAt = payment.transmittedAt ?? payment.createdAt
  const cycle = cycleAt(deps.cycles, leftAt)
  const lines = [
    ...messages(payment, found),
    ...postings(payment, found),
    ...files,
    ...fromFiles(found),
    ...decisions(found),
  ].sort((a, b) => a.at - b.at || order[a.kind] - order[b.kind])
  return {
    payment,
    lines,
    now: meaning(payment, found, settled ? formatCycle(named) : undefined),
    next: nexts(payment, found, leftAt, settled, cycle),
  }
}

/** Of one instant: what came, what was decided for it, what was booked. */
const order = { message: 0, file: 1, decision: 2, posting: 3 } as const

const rupees = (paise: bigint): string => `₹${formatRupees(paise)}`
const withCode = (responseCode: string | null): readonly Said[] =>
  responseCode === null ? [] : [piece('with_code', { responseCode })]
const positive = (paise: bigint): string => String(paise < 0n ? -paise : paise)

const isLineCode = (code: string): code is LineCode => code in lineWords

/** A state that a payment came to. Within the bank nobody was asked, so some are said otherwise. */
function stepOf(payment: StoredPayment, state: string): Said {
  const { direction } = payment
  const within = `${direction}_within_${state}`
  if (stayedWithin(payment) && isLineCode(within)) return piece(within)
  const code = `${direction}_${state}`
  return isLineCode(code) ? piece(code) : piece('step', { step: state })
}

function messages(payment: StoredPayment, { events, strays, askedBefore }: Found): StoryLine[] {
  const seen = new Set<string>()
  const lines = events.map(({ state, responseCode, at }): StoryLine => {
    const again = seen.has(state) ? [piece('again')] : []
    seen.add(state)
    const decided = stayedWithin(payment) || state === 'cancelled' || state === 'refused' || state === 'held'
    const kind = decided ? 'decision' : 'message'
    return { at, kind, parts: [stepOf(payment, state), ...withCode(responseCode), ...again] }
  })
  return [
    ...lines,
    ...strays.map(({ reason, at }) => line(at, 'message', 'stray', { stray: reason })),
    ...askedBefore.map(({ times, at }): StoryLine => {
      const asked = piece(times === 1 ? 'asked_one' : 'asked_other', { count: times })
      return { at, kind: 'message', parts: [{ ...asked, code: 'asked' }] }
    }),
  ]
}

type Legs = readonly [debit: ChartCode | 'customer', credit: ChartCode | 'customer']

/** The legs that doors book, by the kind of the customer's leg. @source settlement.md §6.2, §6.3 */
const doorLegs: Readonly<Record<string, Legs>> = {
  hold: ['customer', 'OUT-CLR'],
  void: ['OUT-CLR', 'customer'],
  credit: ['IN-CLR', 'customer'],
  return: ['RET-PAY', 'customer'],
  award: ['DSP-HELD', 'customer'],
  recovery: ['customer', 'IN-CLR'],
  charge: ['customer', 'OUT-CLR'],
}

/** The same of one payment: within the bank a credit comes out of what the payer's debit put there. */
export const legsOf = (payment: StoredPayment): Readonly<Record<string, Legs>> =>
  stayedWithin(payment) ? { ...doorLegs, credit: ['OUT-CLR', 'customer'] } : doorLegs

function postings(payment: StoredPayment, { entries, journals }: Found): StoryLine[] {
  const legsBy = legsOf(payment)
  return [
    ...entries.map(({ kind, amountPaise, at }) => {
      const values = { booked: kind, amount: positive(amountPaise) }
      const legs = legsBy[kind]
      if (legs === undefined) return line(at, 'posting', 'booked_alone', values)
      return line(at, 'posting', 'booked', { ...values, debit: legs[0], credit: legs[1] })
    }),
    ...journals.map(({ event, cycle, legs, at }): StoryLine => {
      const sides = legs.map(({ account, amountPaise }, i) => {
        const side = amountPaise < 0n ? 'debit' : 'credit'
        return piece(i === 0 ? side : `and_${side}`, { account: nameOf(account), amount: positive(amountPaise) })
      })
      const why = cycle === null ? piece('event', { event }) : piece('event_of_cycle', { event, cycle })
      return { at, kind: 'posting', parts: [...sides, why] }
    }),
  ]
}

/** The code of a hub's own account; a customer's is not named. */
export const nameOf = (account: bigint): ChartCode | 'customer' =>
  chartCodes.find((one) => BigInt(chart[one].number) === account / BigInt(LANES)) ?? 'customer'

function fromFiles({ items, compensations, uploads }: Found): StoryLine[] {
  return [
    ...items.flatMap(({ raw, settledOn, cycle: number, responseCode, absentCycles, outcome, doneAt, updatedAt }) => {
      const cycle = `${settledOn}/${number}`
      const missing = absentCycles > 0 ? [piece('missing_in', { times: absentCycles })] : []
      return [
        line(updatedAt, 'file', `files_${raw}`, { cycle }, ...withCode(responseCode), ...missing),
        ...(outcome === null || doneAt === null ? [] : [line(doneAt, 'decision', 'done', { outcome })]),
      ]
    }),
    ...compensations.map(({ owedBy, days, amountPaise, state, fromOn, updatedAt }) =>
      line(updatedAt, 'decision', owedBy === 'us' ? 'compensation_us' : 'compensation_other_bank', {
        amount: String(amountPaise),
        days,
        from: fromOn,
        owed: state,
      }),
    ),
    ...uploads.flatMap(({ flag, reasonCode: why, file, state, madeAt, sentAt, droppedAt, droppedWhy }) => {
      const inFile = file === null ? [] : [piece('in_file', { file, fileState: state ?? '' })]
      return [
        line(madeAt, 'decision', 'to_be_told', { flag, why }, ...inFile),
        ...(droppedAt === null
          ? []
          : [
              line(
                droppedAt,
                'decision',
                'not_told',
                { flag, why },
                readNote(droppedWhy ?? '') ?? written(droppedWhy ?? ''),
              ),
            ]),
        ...(sentAt === null || droppedAt !== null
          ? []
          : [line(sentAt, 'file', 'told', { flag, why, file: file ?? '' })]),
      ]
    }),
  ]
}

function decisions({ breaks, approvals, factors, disputeEvents }: Found): StoryLine[] {
  return [
    ...factors.map(({ factors: proved, source, at }) =>
      line(at, 'decision', source === 'hub' ? 'proved_hub' : 'proved_institution', { factors: proved.join(' ') }),
    ),
    ...approvals.flatMap(({ subject, reason, decision, createdAt, decidedAt, votes }) => [
      subject === 'payment'
        ? line(createdAt, 'decision', 'needed_approval', { approval: reason })
        : line(createdAt, 'decision', 'stated'),
      ...(decision === null || decidedAt === null ? [] : [line(decidedAt, 'decision', 'decided', { decision, votes })]),
    ]),
    ...breaks.flatMap(({ type, kind, detail, openedAt, closedAt, resolution }) => {
      const { name } = breakTypes[type]
      const how = resolution === null ? [] : [piece('closed_as', { resolution })]
      return [
        type === kind
          ? line(openedAt, 'decision', 'break_opened', { type, name }, readDetail(detail) ?? written(detail))
          : line(
              openedAt,
              'decision',
              'break_opened_as',
              { type, name, breakKind: kind },
              readDetail(detail) ?? written(detail),
            ),
        ...(closedAt === null ? [] : [line(closedAt, 'decision', 'break_closed', { type }, ...how)]),
      ]
    }),
    ...disputeEvents.map(({ kind, flag, reasonCode, actor, state, funds, amountPaise, at }) => {
      const what = [flag, reasonCode].filter((word) => word !== null).join(' ')
      return line(
        at,
        kind === 'adjusted' ? 'file' : 'decision',
        'dispute',
        { disputeKind: kind },
        ...(what === '' ? [] : [piece('about', { what })]),
        piece('by', { actor, disputeState: state }),
        ...(funds === 'none' ? [] : [piece(funds, { amount: String(amountPaise) })]),
      )
    }),
  ]
}

const meanings: Readonly<Record<StoredPayment['state'], string>> = {
  held: 'The money is held and nothing was sent.',
  sent: 'It is on its way; the money is held.',
  unconfirmed: 'Nobody knows yet whether it was paid. The money is held, and it is never sent again.',
  deemed: 'It counts as paid at NPCI; the debit stands until the beneficiary bank confirms or returns it.',
  succeeded: 'It is paid.',
  declined: 'It was not paid.',
  returned: 'It came back: the customer has the money.',
  cancelled: 'It was cancelled; the customer has the money.',
  refused: 'It was given up before it was sent; the customer has the money.',
}
const inwardMeanings: Readonly<Partial<Record<StoredPayment['state'], string>>> = {
  succeeded: 'It came in and the customer has the money.',
  declined: 'It came in and was declined; nothing was credited.',
  returned: 'It was credited, and taken back because NPCI never settled it.',
}

function meaning(payment: StoredPayment, found: Found, settledIn: string | undefined): readonly Said[] {
  const { direction, state } = payment
  const inward = direction === 'inward' ? inwardMeanings[state] : undefined
  const isWithin = stayedWithin(payment)
  const open = found.breaks.filter(({ closedAt }) => closedAt === null).length
  return [
    { code: `${inward === undefined ? 'outward' : 'inward'}_${state}`, values: {}, text: inward ?? meanings[state] },
    ...(isWithin && state === 'succeeded'
      ? [{ code: 'within_bank', values: {}, text: 'Both accounts are at this bank: no cycle settles it.' }]
      : []),
    ...(!isWithin &&
    settledIn !== undefined &&
    (state === 'succeeded' || state === 'deemed') &&
    found.items.length === 0
      ? [{ code: 'settled', values: { cycle: settledIn }, text: `Settled with cycle ${settledIn}.` }]
      : []),
    ...(open > 0
      ? [
          {
            code: 'breaks_open',
            values: { count: open },
            text: `${open === 1 ? 'A break is' : `${open} breaks are`} open about it.`,
          },
        ]
      : []),
    ...found.disputes.flatMap(({ closedAt, family }) =>
      closedAt === null
        ? [
            {
              code: 'dispute_open',
              values: { family },
              text: `A dispute is open about it (${family.replaceAll('_', ' ')}).`,
            },
          ]
        : [],
    ),
  ]
}

const duties: Readonly<Record<string, string>> = {
  hear: 'the other bank says whether it credited (TCC) or returns it (RET)',
  say: 'this bank tells NPCI whether it credited (TCC) or returns it (RET)',
  people: 'people decide',
  watch: 'the files of the next two cycles are looked at',
}

function nexts(
  payment: StoredPayment,
  { hold, items, disputes, uploads, breaks, compensations }: Found,
  leftAt: number,
  settled: boolean,
  cycle: { readonly settlementDate: string; readonly number: string; readonly toAt: number },
): Story['next'] {
  const { state, direction } = payment
  const next: Story['next'][number][] = []
  const say = (code: string, values: Said['values'], text: string, by: number | null): void => {
    next.push({ code, values, text, by })
  }
  if (state === 'held') {
    const reason = payment.reason ?? 'waits for a link'
    say('leaves', { reason: payment.reason ?? '' }, `it leaves, or is given up: ${reason}`, hold?.dueAt ?? null)
  }
  if (state === 'sent') say('answer_comes', {}, 'the answer comes, or the switch is asked', hold?.dueAt ?? null)
  if (state === 'unconfirmed') {
    const times = hold?.checks ?? 0
    if (hold === undefined || hold.dueAt === null)
      say(
        'files_decide',
        { times },
        `the settlement files decide; it was asked about ${times} times`,
        nextDay1730Ist(leftAt),
      )
    else say('asked_again', { times }, `the switch is asked again; so far ${times} times`, hold.dueAt)
  }
  if (state === 'deemed' && items.length === 0)
    say('bank_confirms', {}, 'the beneficiary bank confirms (TCC) or returns it (RET)', nextDay1730Ist(leftAt))
  const counts = state === 'succeeded' || state === 'deemed'
  if (counts && !stayedWithin(payment) && !settled && items.length === 0) {
    const named = formatCycle(cycle)
    say(
      'settles',
      { cycle: named },
      `it is settled with cycle ${named}, whose files are due`,
      cycle.toAt + FILES_AFTER_MS,
    )
  }
  for (const { duty, dueAt, doneAt } of items)
    if (doneAt === null && duty !== 'none') say(`duty_${duty}`, {}, duties[duty] ?? duty, dueAt)
  for (const { flag, file, state: of, dueAt, sentAt, droppedAt } of uploads) {
    if (sentAt !== null || droppedAt !== null) continue
    if (file === null) say('upload_next', { flag }, `${flag} leaves for NPCI with the next upload file`, dueAt)
    else say('upload_leaves', { flag, file }, `${flag} leaves for NPCI in ${file} (${of})`, dueAt)
  }
  for (const { family, dueAt, dueFlag, closedAt } of disputes) {
    if (closedAt !== null) continue
    const what = `dispute ${family.replaceAll('_', ' ')}`
    if (dueFlag === null) say('dispute_waits', { family }, `${what}: the other side, or people, act`, dueAt)
    else say('dispute_lapses', { family, flag: dueFlag }, `${what}: it lapses as ${dueFlag}`, dueAt)
  }
  for (const { state: of, owedBy } of compensations) {
    if (of === 'paid') continue
    const who = owedBy === 'us' ? 'this bank' : 'the other bank'
    say(`compensation_${owedBy}`, {}, `compensation goes on: ${of}, owed by ${who}`, null)
  }
  for (const { type, closedAt, action, assignee, dueAt } of breaks) {
    if (closedAt !== null) continue
    const how = action === null ? '' : `: ${action.replaceAll('_', ' ')}`
    say('break_settled', { type }, `the break ${type} is settled by ${assignee ?? 'people'}${how}`, dueAt)
  }
  return direction === 'inward' && state === 'declined' ? next.filter(({ by }) => by !== null) : next
}

/** When the files of a cycle are late. @source settlement.md §7.3 B29 */
export const FILES_AFTER_MS = 30 * 60_000

const two = (value: number): string => String(value).padStart(2, '0')

/** An instant as people in India write it: `2026-11-27 14:05:09 IST`. */
export function istText(epochMs: number): string {
  const { year, month, day, hour, minute, second } = istParts(epochMs)
  return `${year}-${two(month)}-${two(day)} ${two(hour)}:${two(minute)}:${two(second)} IST`
}

/** What was said, in one piece. */
export const wordsOf = (said: readonly Said[]): string => said.map(({ text }) => text).join(' ')

/** A story as text, one line a thing. */
export function storyText({ payment, lines, now, next }: Story): string {
  const { id, direction, amountPaise, institution, remitterBank, rrn } = payment
  const width = lines.reduce((most, { kind }) => Math.max(most, kind.length), 0)
  return [
    `${id}: ${direction}, ${rupees(amountPaise)}, RRN ${rrn ?? 'none'}, of ${institution}, remitter bank ${remitterBank}`,
    ...lines.map(({ at, kind, parts }) => `  ${istText(at)}  ${kind.padEnd(width)}  ${textOf(parts)}`),
    `Now: ${wordsOf(now)}`,
    ...(next.length === 0
      ? ['Next: nothing; it is done.']
      : next.map(({ text, by }) => `Next: ${text}${by === null ? '' : `, by ${istText(by)}`}.`)),
  ].join('\n')
}
