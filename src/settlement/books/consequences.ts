import type { Clock } from '../../base/clock.ts'
import { nextDay1730Ist, toRfc3339 } from '../../base/clock.ts'
import type { Ifsc, PaymentId } from '../../base/identifiers.ts'
import { accountKey, laneOfPayment, must, parseAccountNumber, parseMobile, parseRrn } from '../../base/identifiers.ts'
import { paise } from '../../base/money.ts'
import type { Db } from '../../db/pool.ts'
import { inTransaction } from '../../db/transaction.ts'
import type { NbinOf } from '../../imps/banks.ts'
import { dayOf } from '../../imps/cycles.ts'
import { hubAccount } from '../../ledger/chart.ts'
import { postJournal } from '../../ledger/journals.ts'
import { placeLien } from '../../ledger/liens.ts'
import type { Fact } from '../../payment/payment.ts'
import type { InwardDecline } from '../../payment/receive.ts'
import { receiveLate } from '../../payment/receive-late.ts'
import { type Recorded, record } from '../../payment/record.ts'
import type { PaymentRoom } from '../../payment/room.ts'
import { findPayments } from '../../payment/store.ts'
import type { StoredPayment } from '../../payment/stored.ts'
import { writeDetail } from '../notes.ts'
import { openBooksBreaks } from './breaks.ts'
import { type CompensationCrashPoint, payLateReversal } from './compensation.ts'
import type { CycleOfBank, FoundItem } from './findings.ts'
import { ABSENT_CYCLES, finishItem, type Item, setDuty, setJudged, settleFound, writeItem } from './items.ts'
import { moveLegs } from './legs.ts'
import { CREDITED_NOW, CREDITED_ONLINE, isAnswered, queueUpload } from './upload-rows.ts'

export type BooksDeps = {
  readonly db: Db
  readonly room: PaymentRoom
  readonly clock: Clock
  /** What an institution's files, journals and uploads belong to. */
  readonly tenantOf: (institution: string) => Promise<number>
  /** The three letters that an institution has in NPCI's reports. */
  readonly codeOf: (institution: string) => string
  /** For an account that is not known: an IFSC of the institution. */
  readonly ifscOf: (institution: string) => Ifsc
  /** How NPCI's files number a bank. */
  readonly nbinOf: NbinOf
  readonly crashPoint?: (name: BooksCrashPoint | CompensationCrashPoint) => void
}

export type BooksCrashPoint = 'books:before-fact' | 'books:after-fact' | 'books:after-item'

/**
 * Does what a cycle's raw files ask for, payment by payment: facts by door 2, late credits by door 3, answers queued for NPCI, and
 * breaks where they contradict what the hub knows. Each item is safe to do again, so a run that was broken off simply runs again.
 * @source settlement.md §6.2, §6.3, §7.2
 */
export async function drawConsequences(
  deps: BooksDeps,
  cycle: CycleOfBank,
  items: readonly FoundItem[],
): Promise<number> {
  const { db, room, clock } = deps
  const ids = items.flatMap(({ paymentId }) => paymentId ?? [])
  const payments = new Map<PaymentId, StoredPayment>()
  for (let i = 0; i < ids.length; i += CHUNK) {
    for (const payment of await findPayments(db, room.vault, ids.slice(i, i + CHUNK))) payments.set(payment.id, payment)
  }
  // Side by side: facts of many payments become one batch of door 2.
  for (let i = 0; i < items.length; i += SIDE_BY_SIDE) {
    await Promise.all(
      items.slice(i, i + SIDE_BY_SIDE).map(async (found) => {
        const payment = found.paymentId === null ? undefined : payments.get(found.paymentId)
        await judge(deps, cycle, found, payment)
      }),
    )
  }
  await settleFound(db, cycle, items, clock.now())
  return items.length
}

const CHUNK = 1_000
const SIDE_BY_SIDE = 64

const note = (
  deps: BooksDeps,
  cycle: CycleOfBank,
  found: FoundItem,
  payment: StoredPayment | undefined,
): Promise<Item> =>
  inTransaction(deps.db, (tx) =>
    writeItem(
      tx,
      {
        tenantId: payment?.tenantId ?? 0,
        institution: cycle.institution,
        direction: found.direction,
        rrn: found.rrn,
        nbin: found.remitterBank,
        paymentId: payment?.id ?? null,
        amountPaise: found.amountPaise,
        transactedOn: dayOf(found.at),
        raw: found.raw,
        settledOn: cycle.settlementDate,
        cycle: cycle.number,
        responseCode: found.responseCode,
      },
      deps.clock.now(),
    ),
  )

/** What the raw file says, as door 2 understands it; undefined: nothing yet. */
function factOf(item: Item, responseCode: string | null): Fact | undefined {
  switch (item.raw) {
    case '00':
      return { kind: 'settled_paid', responseCode: '00' }
    case '08':
      return { kind: 'settled_deemed', responseCode: '08' }
    case 'declined':
      return { kind: 'settled_declined', responseCode: responseCode ?? '' }
    case 'absent':
      return item.absentCycles >= ABSENT_CYCLES ? { kind: 'settled_absent' } : undefined
  }
}

/** What a raw file says about one payment, in either direction: once, and not again. */
async function judge(
  deps: BooksDeps,
  cycle: CycleOfBank,
  found: FoundItem,
  payment: StoredPayment | undefined,
): Promise<void> {
  const { db, clock } = deps
  if (payment === undefined && (found.raw === 'declined' || found.raw === 'absent')) return
  const item = await note(deps, cycle, found, payment)
  deps.crashPoint?.('books:after-item')
  if (isOld(item, found)) return
  const now = clock.now()
  const fact = factOf(item, found.responseCode)
  if (fact === undefined) return setDuty(db, item.id, 'watch', null, now)
  if (item.raw !== found.raw) await setDuty(db, item.id, 'people', null, now)
  else if (item.outcome === null) {
    if (found.direction === 'inward') await judgeInward(deps, item, found, payment, fact)
    // Settled, and nobody here sent it: it stays in clearing, where it ages, beside the break of the match. @source settlement.md I3
    else if (payment === undefined) await setDuty(db, item.id, 'people', null, now)
    else await owe(deps, item, payment, await tell(deps, payment, fact))
  }
  await setJudged(db, item)
}

/** A cycle does not have what another one does, or says what was acted on: old news. */
const isOld = (item: Item, found: FoundItem): boolean =>
  item.judged === item.raw || (found.raw === 'absent' && item.raw !== 'absent')

async function tell(deps: BooksDeps, payment: StoredPayment, fact: Fact): Promise<Recorded> {
  deps.crashPoint?.('books:before-fact')
  const recorded = await record(deps.room, payment, fact)
  deps.crashPoint?.('books:after-fact')
  return recorded
}

/** What is owed about an outward item after the fact. */
async function owe(deps: BooksDeps, item: Item, before: StoredPayment, recorded: Recorded): Promise<void> {
  const { db, clock } = deps
  const now = clock.now()
  if (recorded.kind === 'unknown') return
  const payment = recorded.payment
  if (recorded.kind === 'stuck') {
    await openBooksBreaks(db, [{ type: 'B16', payment, detail: writeDetail('takes_no_money', { rrn: item.rrn }) }], now)
    if (before.state === 'deemed') await payLateReversal(deps, item, payment)
    return setDuty(db, item.id, 'watch', null, now)
  }
  // Door 2 has put it before people.
  if (recorded.kind === 'contradicted') return setDuty(db, item.id, 'people', null, now)
  switch (item.raw) {
    case '00':
      return finishItem(db, item, 'settled', now)
    case '08':
      // Also of one that succeeded, or was verified as not there: NPCI goes by the beneficiary bank's word. @source OC 117
      return setDuty(db, item.id, 'hear', nextDay1730Ist(payment.transmittedAt ?? payment.createdAt), now)
    case 'declined':
    case 'absent':
      if (payment.state === 'returned') await takeBackFromClearing(deps, item, payment)
      // Whatever it was until then, and also when a run that died here had moved it: the delay is told by the day it moved. @source R3
      if (payment.state === 'declined') await payLateReversal(deps, item, payment)
      return finishItem(db, item, 'declined', now)
  }
}

/** NPCI had the customer credited, and then settled nothing: the money is in clearing, not on its way to us. */
function takeBackFromClearing({ db, clock }: BooksDeps, item: Item, payment: StoredPayment): Promise<unknown> {
  return inTransaction(db, async (tx) => {
    const [paid] =
      await tx`select from credit_once where payment_id = ${payment.id.slice(4)}::uuid and ledger = 'return'`
    if (paid === undefined) return
    await postJournal(tx, {
      transferKey: `pay:${payment.id.slice(4)}`,
      event: 'never_settled',
      kind: 'correction',
      ruleVersion: RULES,
      tenantId: payment.tenantId,
      institution: payment.institution,
      legs: moveLegs('OUT-CLR', 'RET-PAY', item.amountPaise, payment.lane),
      at: clock.now(),
    })
  })
}

/** Of what is done here; a change of it is a change of the books. */
export const RULES = 'books:1'

async function judgeInward(
  deps: BooksDeps,
  item: Item,
  found: FoundItem,
  payment: StoredPayment | undefined,
  fact: Fact,
): Promise<void> {
  const { db, clock } = deps
  if (item.raw === '08') return answerTimeout(deps, item, found, payment)
  // Settled as paid, and it never came.
  if (payment === undefined) return setDuty(db, item.id, 'people', null, clock.now())
  const recorded = await tell(deps, payment, fact)
  const now = clock.now()
  if (recorded.kind !== 'contradicted') return finishItem(db, item, item.raw === '00' ? 'settled' : 'declined', now)
  if (item.raw !== '00') await keepForRecovery(deps, payment)
  await setDuty(db, item.id, 'people', nextDay1730Ist(found.at), now)
}

/** Credited, and NPCI pays us nothing: the amount is kept in the account until two people take it back. @source settlement.md §7.3 B07 */
async function keepForRecovery({ db, clock }: BooksDeps, payment: StoredPayment): Promise<void> {
  const { accountId } = payment
  if (accountId === null) return
  const now = clock.now()
  await inTransaction(db, async (tx) => {
    await tx`select from account where lane = ${payment.lane} and account_id = ${accountKey(accountId)} for update`
    const [kept] = await tx`select from lien where reference = ${payment.id}`
    if (kept !== undefined) return
    const lien = { amountPaise: payment.amountPaise, reference: payment.id, by: 'hub' }
    await placeLien(tx, payment.tenantId, accountId, lien, now)
  })
}

/** Reasons of a payment that was credited after its answer. */
const creditedByHand: readonly (string | null)[] = ['credited_late', 'found_settled']

/** Why an account cannot be credited, in the words of RET. @source NPCI OC 28 */
const returnReasons: Readonly<Record<InwardDecline, string>> = {
  account_closed: '114',
  account_not_found: '115',
  foreign_remittance_refused: '117',
  account_frozen: '118',
  several_accounts: '119',
  limit_exceeded: '120',
  duplicate: '120',
}

/**
 * A deemed inward payment: said to NPCI as credited when it was, credited once and then said so when it was not, returned with the
 * reason when it cannot be. All of it at once, as OC 28 wants it within two hours; due on T+1 at 17:30. @source settlement.md §6.3
 */
async function answerTimeout(
  deps: BooksDeps,
  item: Item,
  found: FoundItem,
  payment: StoredPayment | undefined,
): Promise<void> {
  const { db, clock } = deps
  const dueAt = nextDay1730Ist(found.at)
  // What was said is said: an account that can be credited today is not, when its money is on the way back.
  if (await isAnswered(db, item)) return setDuty(db, item.id, 'say', dueAt, clock.now())
  if (payment === undefined && found.beneficiaryAccount === '' && found.beneficiaryMobile === undefined)
    throw new Error(`nobody can say whose inward RRN ${item.rrn} is: its row of the raw file cannot be read`)
  const answer = await creditOnce(deps, item, found, payment)
  const now = clock.now()
  await inTransaction(db, async (tx) => {
    await queueUpload(deps, tx, {
      tenantId: await deps.tenantOf(item.institution),
      institution: item.institution,
      purpose: 'tcc_ret',
      flag: answer.flag,
      reasonCode: answer.reasonCode,
      rrn: item.rrn,
      nbin: item.nbin,
      direction: 'inward',
      paymentId: answer.paymentId,
      amountPaise: item.amountPaise,
      txnDate: item.transactedOn,
      card: cardOf(found),
      dueAt,
    })
    await setDuty(tx, item.id, 'say', dueAt, now)
    if (answer.paymentId !== null && item.paymentId === null) {
      // It was settled in no lane when nobody knew whose it was: to where its credit is.
      if (answer.flag === 'TCC') {
        await postJournal(tx, {
          transferKey: `pay:${answer.paymentId.slice(4)}`,
          event: 'found',
          kind: 'correction',
          ruleVersion: RULES,
          tenantId: answer.tenantId,
          institution: item.institution,
          legs: [
            { account: hubAccount('IN-CLR', item.lane), amountPaise: -item.amountPaise },
            { account: hubAccount('IN-CLR', laneOfPayment(answer.paymentId)), amountPaise: item.amountPaise },
          ],
          at: now,
        })
      }
      await tx`
        update settlement_item set payment_id = ${answer.paymentId.slice(4)}::uuid, tenant_id = ${answer.tenantId},
          updated_at = ${toRfc3339(now)}::timestamptz where item_id = ${item.id}::uuid`
    }
  })
}

/** Shcrd: NBIN and account, or NBIN 00 product 00 mobile. @source NPCI OC 28 Annexure D */
const cardOf = ({ beneficiaryBank, beneficiaryAccount, beneficiaryMobile }: FoundItem): string =>
  beneficiaryMobile !== undefined && beneficiaryAccount === ''
    ? `${beneficiaryBank}00000${beneficiaryMobile.slice(-10)}`
    : `${beneficiaryBank}${beneficiaryAccount}`

type Answer = {
  readonly flag: 'TCC' | 'RET'
  readonly reasonCode: string
  readonly paymentId: PaymentId | null
  readonly tenantId: number
}

async function creditOnce(
  deps: BooksDeps,
  item: Item,
  found: FoundItem,
  payment: StoredPayment | undefined,
): Promise<Answer> {
  if (payment === undefined) {
    deps.crashPoint?.('books:before-fact')
    const received = await receiveLate(deps.room, {
      institution: item.institution,
      rrn: must(parseRrn(found.rrn), 'RRN'),
      remitterBank: found.remitterBank,
      amountPaise: paise(found.amountPaise),
      at: found.at,
      remitter: {},
      // Where the wire named no account a file has the NBIN and the mobile number in its place.
      account:
        found.beneficiaryMobile !== undefined && found.beneficiaryAccount.endsWith(found.beneficiaryMobile.slice(-10))
          ? undefined
          : parseAccountNumber(found.beneficiaryAccount),
      mobile: parseMobile(found.beneficiaryMobile?.slice(-10)),
      ifsc: deps.ifscOf(item.institution),
    })
    deps.crashPoint?.('books:after-fact')
    if (received.kind === 'credited') return answerOf('TCC', CREDITED_NOW, received.payment)
    if (received.kind === 'declined') return answerOf('RET', returnReasons[received.reason], received.payment)
    return creditOnce(deps, item, found, received.payment)
  }
  if (payment.state === 'succeeded')
    return answerOf('TCC', creditedByHand.includes(payment.reason) ? CREDITED_NOW : CREDITED_ONLINE, payment)
  const reason = declineOf(payment)
  // A limit, or a bank that takes nothing from abroad, says no today as it did then.
  if (payment.accountId === null || reason === 'limit_exceeded' || reason === 'foreign_remittance_refused')
    return answerOf('RET', returnReasons[reason], payment)
  const recorded = await tell(deps, payment, { kind: 'credited_late' })
  if (recorded.kind === 'moved' || recorded.kind === 'repeated') return answerOf('TCC', CREDITED_NOW, payment)
  // What keeps it out today, whatever did when it came.
  const [account] = await deps.db<{ status: 'open' | 'frozen' | 'closed' }[]>`
    select status from account where lane = ${payment.lane} and account_id = ${accountKey(payment.accountId)}`
  return answerOf('RET', returnReasons[account?.status === 'closed' ? 'account_closed' : 'account_frozen'], payment)
}

const answerOf = (flag: Answer['flag'], reasonCode: string, { id, tenantId }: StoredPayment): Answer => ({
  flag,
  reasonCode,
  paymentId: id,
  tenantId,
})

const declines = Object.keys(returnReasons)
const isDecline = (reason: string | null): reason is InwardDecline => reason !== null && declines.includes(reason)
const declineOf = ({ reason }: StoredPayment): InwardDecline => (isDecline(reason) ? reason : 'account_not_found')
