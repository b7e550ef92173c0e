import type { Clock } from '../../base/clock.ts'
import { must, type PaymentId, parseRrn, paymentKey } from '../../base/identifiers.ts'
import type { Log } from '../../base/log.ts'
import { paise } from '../../base/money.ts'
import type { Db, Tx } from '../../db/pool.ts'
import { inTransaction } from '../../db/transaction.ts'
import type { ComplaintRequest, ComplaintResponse } from '../../imps/rail-message.ts'
import { stanOfRrn } from '../../imps/rrn.ts'
import { transactionIdOf, uuidOfTransaction } from '../../imps/xml/identifiers.ts'
import { note } from '../notes.ts'
import type { Said } from '../said.ts'
import { complaints, dropPending } from './ask.ts'
import {
  type Complaint,
  checkedComplaint,
  complaintsToCheck,
  findComplaint,
  insertComplaint,
  lastAsker,
  lastComplaint,
  lockComplaint,
  lockUploadRow,
  markUploadRow,
  saveComplaint,
} from './complaint-store.ts'
import { findDisputed } from './facts.ts'
import { type RefusalCode, refusal } from './refusals.ts'
import { addEvent, lockDispute, type StoredDispute } from './store.ts'

/**
 * Complaints on the wire (UDIR): what a dispute asks for, told to NPCI at once instead of in a file. It promises that a complaint leaves at
 * most once and is in a file or on the wire, never both; that what got no answer is asked about and taken for nothing; and that money moves by
 * the adjustment report alone, as for what was filed. @source settlement.md §4.5, NPCI OC 117
 */

/** Whether a message left. */
export type Sent = 'sent' | 'link_down' | 'unavailable'

export type ComplaintDeps = {
  readonly db: Db
  readonly clock: Clock
  readonly log: Log
  /** 32 hex digits that sort by time. */
  readonly newId: () => string
  /** The three characters of an institution whose payments go over the XML wire; undefined for any other. */
  readonly bank3Of: (institution: string) => string | undefined
  /** The id of the XML link, as payments name it. */
  readonly xmlLink: string
  /** What NPCI says of a complaint that it has not. */
  readonly noComplaintCode: string
  /** Takes a row out of a file that nobody has let go yet. @returns false when they have */
  readonly takeOut: (tx: Tx, uploadId: string, rowId: string) => Promise<boolean>
  readonly complain: (institution: string, request: ComplaintRequest, transactionId: string) => Sent
  readonly checkComplaint: (
    institution: string,
    asked: Pick<ComplaintRequest, 'rrn' | 'stan'>,
    transactionId: string,
  ) => Sent
}

export type Telling = { readonly tenantId: number; readonly disputeId: string; readonly actor: string }

export type Told =
  /** `send` is to be called once what was written is committed. */
  | { readonly kind: 'told'; readonly complaint: Complaint; readonly send: () => Sent }
  | { readonly kind: 'refused'; readonly says: Said }
  | { readonly kind: 'unknown' }

/**
 * Takes what a dispute asks for out of the files for NPCI and writes it down as a complaint. Whoever asked is not who tells: two people, as for a file.
 * @throws when the database is away; nothing was written then
 */
export async function tellNpci(tx: Tx, deps: ComplaintDeps, { tenantId, disputeId, actor }: Telling): Promise<Told> {
  const dispute = await lockDispute(tx, disputeId)
  if (dispute === undefined || dispute.tenantId !== tenantId) return { kind: 'unknown' }
  const refused = (code: RefusalCode, values: Said['values'] = {}): Told => ({
    kind: 'refused',
    says: refusal(code, values),
  })
  const { pending } = dispute
  const isComplaint = complaints.some(({ flag, reason }) => pending?.flag === flag && pending.reason === reason)
  if (pending === null || !isComplaint) return refused('no_complaint')
  const bank3 = deps.bank3Of(dispute.institution)
  if (bank3 === undefined) return refused('not_on_wire', { bank: dispute.institution })
  if ((await lastAsker(tx, disputeId, pending.flag)) === actor) return refused('asker_cannot_tell')
  const row = await lockUploadRow(tx, dispute.paymentId, pending.flag)
  if (row === undefined) return refused('taken_out')
  const before = await lastComplaint(tx, disputeId)
  const isTold = before?.flag === pending.flag && (before.state === 'asked' || before.state === 'taken')
  if (row.complaintId !== null || isTold) return refused('was_told')
  if (row.uploadId !== null && !(await deps.takeOut(tx, row.uploadId, row.id))) return refused('let_go')
  const at = deps.clock.now()
  const complaint: Complaint = {
    id: deps.newId(),
    tenantId,
    disputeId,
    paymentId: dispute.paymentId,
    institution: dispute.institution,
    rrn: dispute.rrn,
    flag: pending.flag,
    reason: pending.reason,
    amountPaise: row.amountPaise,
    state: 'asked',
    reference: null,
    responseCode: null,
    askedBy: actor,
    askedAt: at,
    checks: 0,
    checkedAt: null,
    answeredAt: null,
  }
  await insertComplaint(tx, complaint)
  await markUploadRow(tx, row.id, complaint.id)
  await addEvent(tx, dispute, { ...eventOf(dispute, complaint, at), kind: 'told', actor, note: null })
  const original = await originalOf(tx, deps, bank3, tenantId, dispute.paymentId)
  const transactionId = transactionIdOf(bank3, complaint.id)
  const request: ComplaintRequest = {
    kind: 'complaintRequest',
    ...askedOf(complaint),
    amountPaise: paise(complaint.amountPaise),
    flag: complaint.flag,
    reason: complaint.reason,
    original,
  }
  return { kind: 'told', complaint, send: () => deps.complain(dispute.institution, request, transactionId) }
}

const askedOf = ({ rrn }: Complaint) => {
  const its = must(parseRrn(rrn), 'RRN')
  return { rrn: its, stan: stanOfRrn(its) }
}

/** How the payment is called on the wire, where it was on that one. */
async function originalOf(
  tx: Tx,
  { xmlLink }: ComplaintDeps,
  bank3: string,
  tenantId: number,
  id: PaymentId,
): Promise<ComplaintRequest['original']> {
  const payment = must(await findDisputed(tx, tenantId, id), 'payment')
  const [row] = await tx<{ link: string | null }[]>`select link from payment where payment_id = ${paymentKey(id)}::uuid`
  return {
    transactedAt: payment.at,
    ...(row?.link === xmlLink && { transactionId: transactionIdOf(bank3, paymentKey(id)) }),
  }
}

const eventOf = ({ state }: StoredDispute, { flag, reason, amountPaise }: Complaint, at: number) =>
  ({ at, flag, reason, from: state, to: state, funds: 'none', amountPaise, source: null, rule: null }) as const

/**
 * Writes down what NPCI says of a complaint, whenever it says it. The same again changes nothing, and what says nothing leaves it open.
 * @returns whether something changed
 */
export async function heardOfComplaint(
  deps: ComplaintDeps,
  transactionId: string,
  answer: ComplaintResponse,
): Promise<boolean> {
  const id = uuidOfTransaction(transactionId)
  const to = stateOf(deps, answer)
  if (id === undefined || to === undefined) return false
  return inTransaction(deps.db, async (tx) => {
    const seen = await findComplaint(tx, id)
    if (seen === undefined) return false
    const dispute = must(await lockDispute(tx, seen.disputeId), 'dispute')
    const before = must(await lockComplaint(tx, id), 'complaint')
    // What NPCI took it may refuse when it looks closer; what it refused stays so, and what it has once had it does not lose.
    if (before.state === to || before.state === 'refused' || (before.state === 'taken' && to === 'unheard'))
      return false
    const at = deps.clock.now()
    const complaint: Complaint = {
      ...before,
      state: to,
      reference: to === 'unheard' ? null : (answer.reference ?? before.reference),
      responseCode: answer.responseCode === '' ? null : answer.responseCode,
      answeredAt: at,
    }
    await saveComplaint(tx, complaint)
    const row = await lockUploadRow(tx, dispute.paymentId, complaint.flag)
    if (to === 'unheard') {
      // It never came: the next file has it.
      if (row?.complaintId === id) await markUploadRow(tx, row.id, null)
    } else if (row !== undefined && row.complaintId === null && row.uploadId === null) {
      await markUploadRow(tx, row.id, id)
    }
    const isPending = dispute.pending?.flag === complaint.flag
    if (to === 'refused' && isPending) {
      await dropPending(
        tx,
        deps,
        dispute,
        'npci',
        complaint.responseCode === null
          ? note('complaint_without')
          : note('complaint_with', { responseCode: complaint.responseCode }),
      )
    } else {
      const event = {
        ...eventOf(dispute, complaint, at),
        kind: 'told',
        actor: 'npci',
        note: noteOf(complaint),
      } as const
      await addEvent(tx, dispute, event)
    }
    return true
  })
}

const noteOf = ({ state, reference, responseCode }: Complaint): string => {
  if (state === 'taken') return reference === null ? note('npci_has_it') : note('npci_has_it_as', { reference })
  if (state === 'unheard') return note('never_had_it')
  return responseCode === null ? note('refused_without') : note('refused_with', { responseCode })
}

/** Undefined where an answer decides nothing: then it is asked again. */
function stateOf({ noComplaintCode }: ComplaintDeps, answer: ComplaintResponse): Complaint['state'] | undefined {
  if (answer.result === 'SUCCESS') return 'taken'
  if (answer.result !== 'FAILURE' || answer.responseCode === '') return undefined
  return answer.responseCode === noComplaintCode ? 'unheard' : 'refused'
}

/** Asks what became of a complaint. */
export async function askAboutComplaint(db: Db | Tx, deps: ComplaintDeps, complaint: Complaint): Promise<Sent> {
  const bank3 = deps.bank3Of(complaint.institution)
  if (bank3 === undefined) return 'unavailable'
  const sent = deps.checkComplaint(complaint.institution, askedOf(complaint), transactionIdOf(bank3, complaint.id))
  if (sent === 'sent') await checkedComplaint(db, complaint.id, deps.clock.now())
  return sent
}

/** Complaints asked about in one sweep. */
const MOST_ASKED = 50

/** Asks about the complaints that got no answer, each less and less often, for as long as NPCI answers: 60 days. @source NPCI OC 117 */
export async function sweepComplaints(deps: ComplaintDeps): Promise<number> {
  let asked = 0
  for (const complaint of await complaintsToCheck(deps.db, deps.clock.now(), MOST_ASKED)) {
    if ((await askAboutComplaint(deps.db, deps, complaint)) === 'sent') asked += 1
  }
  return asked
}
