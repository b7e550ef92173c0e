import { toRfc3339 } from '../base/clock.ts'
import type { AccountNumber, Ifsc, Lane, Mmid, Mobile, PaymentId, Rrn, Stan } from '../base/identifiers.ts'
import { accountIdOf, accountKey, paymentIdOf, paymentKey } from '../base/identifiers.ts'
import type { Paise } from '../base/money.ts'
import type { Beneficiary, Channel } from '../base/party.ts'
import { bytes, numbers, texts, words } from '../db/arrays.ts'
import type { Db, Tx } from '../db/pool.ts'
import type { StateKind } from './payment.ts'
import type { PaymentEvent, StoredPayment } from './stored.ts'

export type PaymentRow = {
  lane: number
  payment_id: string
  tenant_id: number
  direction: 'outward' | 'inward'
  state: StateKind
  version: number
  amount: bigint
  channel: Channel
  institution: string
  account_id: bigint | null
  remitter_name: string | null
  remitter_account: AccountNumber | null
  remitter_mobile: Mobile | null
  remitter_mmid: Mmid | null
  remitter_ifsc: Ifsc | null
  beneficiary_kind: 'account' | 'mmid'
  beneficiary_name: string | null
  beneficiary_account: AccountNumber | null
  beneficiary_ifsc: Ifsc | null
  beneficiary_mobile: Mobile | null
  beneficiary_mmid: Mmid | null
  beneficiary_bank: string | null
  remarks: string | null
  reference: string | null
  remitter_bank: string
  rrn: Rrn | null
  link: string | null
  epoch: bigint | null
  transmitted_at: number | null
  response_code: string | null
  registered_name: string | null
  reason: string | null
  created_at: number
  updated_at: number
}

const beneficiaryOf = (row: PaymentRow): Beneficiary => {
  if (row.beneficiary_kind === 'mmid') {
    const mobile = row.beneficiary_mobile as Mobile
    const mmid = row.beneficiary_mmid as Mmid
    return row.beneficiary_bank === null
      ? { kind: 'mmid', mobile, mmid }
      : { kind: 'mmid', mobile, mmid, bank: row.beneficiary_bank }
  }
  const ifsc = row.beneficiary_ifsc as Ifsc
  const account = row.beneficiary_account as AccountNumber
  return row.beneficiary_name === null
    ? { kind: 'account', ifsc, account }
    : { kind: 'account', ifsc, account, name: row.beneficiary_name }
}

/** A row of `payment` (all columns but `answer`) as the domain knows it. */
export function paymentOf(row: PaymentRow): StoredPayment {
  return {
    id: paymentIdOf(row.payment_id),
    lane: row.lane as Lane,
    tenantId: row.tenant_id,
    direction: row.direction,
    state: row.state,
    version: row.version,
    amountPaise: row.amount as Paise,
    channel: row.channel,
    institution: row.institution,
    accountId: row.account_id === null ? null : accountIdOf(row.account_id),
    remitter: {
      ...(row.remitter_name === null ? {} : { name: row.remitter_name }),
      ...(row.remitter_account === null ? {} : { account: row.remitter_account }),
      ...(row.remitter_mobile === null ? {} : { mobile: row.remitter_mobile }),
      ...(row.remitter_mmid === null ? {} : { mmid: row.remitter_mmid }),
      ...(row.remitter_ifsc === null ? {} : { ifsc: row.remitter_ifsc }),
    },
    beneficiary: beneficiaryOf(row),
    remarks: row.remarks,
    reference: row.reference,
    remitterBank: row.remitter_bank,
    rrn: row.rrn,
    stan: row.rrn === null ? null : stanOf(row.rrn),
    link: row.link,
    epoch: row.epoch === null ? null : Number(row.epoch),
    transmittedAt: row.transmitted_at,
    responseCode: row.response_code,
    registeredName: row.registered_name,
    reason: row.reason,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}

/** The STAN is the last six digits of the RRN. @source protocol.md §3.1 */
export const stanOf = (rrn: Rrn): Stan => rrn.slice(6) as Stan

/** Reads payments, unlocked: for views, never for decisions. */
export async function findPayments(db: Db | Tx, ids: readonly PaymentId[]): Promise<StoredPayment[]> {
  if (ids.length === 0) return []
  const rows = await db<PaymentRow[]>`
    select * from payment where payment_id = any(${words(ids, paymentKey)}::uuid[])`
  return rows.map(paymentOf)
}

/** One payment of a tenant, unlocked. */
export async function findPayment(db: Db | Tx, tenantId: number, id: PaymentId): Promise<StoredPayment | undefined> {
  const [row] = await db<PaymentRow[]>`
    select * from payment where payment_id = ${paymentKey(id)} and tenant_id = ${tenantId}`
  return row && paymentOf(row)
}

/** Outward payments with this RRN, of whichever institution of the hub. */
export async function findOutwardByRrn(db: Db, rrn: Rrn): Promise<StoredPayment[]> {
  const rows = await db<PaymentRow[]>`select * from payment where rrn = ${rrn} and direction = 'outward' limit 100`
  return rows.map(paymentOf)
}

/** The payment that carried this reference on the rail: for answers that nobody is waiting for any more. */
export async function findByReference(
  db: Db,
  direction: 'outward' | 'inward',
  rrn: Rrn,
  remitterBank: string,
): Promise<StoredPayment | undefined> {
  const [row] = await db<PaymentRow[]>`
    select * from payment where rrn = ${rrn} and remitter_bank = ${remitterBank} and direction = ${direction}`
  return row && paymentOf(row)
}

/** The steps of a payment, oldest first. */
export async function findEvents(db: Db | Tx, ids: readonly PaymentId[]): Promise<PaymentEvent[]> {
  if (ids.length === 0) return []
  const rows = await db<
    { payment_id: string; sequence: number; state: StateKind; response_code: string | null; at: number }[]
  >`
    select payment_id, sequence, state, response_code, at from event
    where payment_id = any(${words(ids, paymentKey)}::uuid[]) order by payment_id, sequence`
  return rows.map((row) => ({
    paymentId: paymentIdOf(row.payment_id),
    sequence: row.sequence,
    state: row.state,
    responseCode: row.response_code,
    at: row.at,
  }))
}

/** Locks payments in order of their ids, the one order in which anybody locks payments; they come before accounts. */
export async function lockPayments(tx: Tx, ids: Iterable<PaymentId>): Promise<Map<PaymentId, StoredPayment>> {
  const wanted = [...new Set(ids)]
  const rows = await tx<PaymentRow[]>`
    select * from payment where payment_id = any(${words(wanted, paymentKey)}::uuid[]) order by payment_id for update`
  return new Map(rows.map((row) => [paymentIdOf(row.payment_id), paymentOf(row)]))
}

export type NewPayment = { readonly payment: StoredPayment; readonly answer: Uint8Array | null }

/** Writes new payments and the first event of each. One statement. */
export function insertPayments(tx: Tx, rows: readonly NewPayment[], at: number): Promise<unknown> {
  const account = (row: NewPayment) => (row.payment.beneficiary.kind === 'account' ? row.payment.beneficiary : null)
  const mmid = (row: NewPayment) => (row.payment.beneficiary.kind === 'mmid' ? row.payment.beneficiary : null)
  const instant = toRfc3339(at)
  return tx`
    with fresh as (
      insert into payment (
        lane, payment_id, tenant_id, direction, state, amount, channel, institution, account_id,
        remitter_name, remitter_account, remitter_mobile, remitter_mmid, remitter_ifsc,
        beneficiary_kind, beneficiary_name, beneficiary_account, beneficiary_ifsc, beneficiary_mobile, beneficiary_mmid, beneficiary_bank,
        remarks, reference, remitter_bank, rrn, link, epoch, transmitted_at, response_code, registered_name, reason, answer,
        created_at, updated_at)
      select s.lane, s.payment_id, s.tenant_id, s.direction, s.state, s.amount, s.channel, s.institution, s.account_id,
        s.remitter_name, s.remitter_account, s.remitter_mobile, s.remitter_mmid, s.remitter_ifsc,
        s.beneficiary_kind, s.beneficiary_name, s.beneficiary_account, s.beneficiary_ifsc, s.beneficiary_mobile, s.beneficiary_mmid,
        s.beneficiary_bank,
        s.remarks, s.reference, s.remitter_bank, s.rrn, s.link, s.epoch, to_timestamp(s.transmitted_at / 1000.0),
        s.response_code, s.registered_name, s.reason, s.answer, ${instant}::timestamptz, ${instant}::timestamptz
      from unnest(
        ${numbers(rows, (r) => r.payment.lane)}::smallint[], ${words(rows, (r) => paymentKey(r.payment.id))}::uuid[],
        ${numbers(rows, (r) => r.payment.tenantId)}::integer[], ${words(rows, (r) => r.payment.direction)}::text[],
        ${words(rows, (r) => r.payment.state)}::text[], ${numbers(rows, (r) => r.payment.amountPaise)}::bigint[],
        ${words(rows, (r) => r.payment.channel)}::text[], ${words(rows, (r) => r.payment.institution)}::text[],
        ${words(rows, (r) => (r.payment.accountId === null ? null : accountKey(r.payment.accountId)))}::bigint[],
        ${texts(rows, (r) => r.payment.remitter.name ?? null)}::text[],
        ${words(rows, (r) => r.payment.remitter.account ?? null)}::text[],
        ${words(rows, (r) => r.payment.remitter.mobile ?? null)}::text[],
        ${words(rows, (r) => r.payment.remitter.mmid ?? null)}::text[],
        ${words(rows, (r) => r.payment.remitter.ifsc ?? null)}::text[],
        ${words(rows, (r) => r.payment.beneficiary.kind)}::text[], ${texts(rows, (r) => account(r)?.name ?? null)}::text[],
        ${words(rows, (r) => account(r)?.account ?? null)}::text[], ${words(rows, (r) => account(r)?.ifsc ?? null)}::text[],
        ${words(rows, (r) => mmid(r)?.mobile ?? null)}::text[], ${words(rows, (r) => mmid(r)?.mmid ?? null)}::text[],
        ${texts(rows, (r) => mmid(r)?.bank ?? null)}::text[],
        ${texts(rows, (r) => r.payment.remarks)}::text[], ${texts(rows, (r) => r.payment.reference)}::text[],
        ${texts(rows, (r) => r.payment.remitterBank)}::text[], ${words(rows, (r) => r.payment.rrn)}::text[],
        ${texts(rows, (r) => r.payment.link)}::text[], ${numbers(rows, (r) => r.payment.epoch)}::bigint[],
        ${numbers(rows, (r) => r.payment.transmittedAt)}::bigint[], ${texts(rows, (r) => r.payment.responseCode)}::text[],
        ${texts(rows, (r) => r.payment.registeredName)}::text[], ${texts(rows, (r) => r.payment.reason)}::text[],
        ${bytes(rows, (r) => r.answer)}::bytea[]
      ) as s (lane, payment_id, tenant_id, direction, state, amount, channel, institution, account_id,
        remitter_name, remitter_account, remitter_mobile, remitter_mmid, remitter_ifsc,
        beneficiary_kind, beneficiary_name, beneficiary_account, beneficiary_ifsc, beneficiary_mobile, beneficiary_mmid, beneficiary_bank,
        remarks, reference, remitter_bank, rrn, link, epoch, transmitted_at, response_code, registered_name, reason, answer)
      returning lane, payment_id, tenant_id, state, response_code)
    insert into event (lane, payment_id, sequence, tenant_id, state, response_code, at)
    select lane, payment_id, 1, tenant_id, state, response_code, ${instant}::timestamptz from fresh`.execute()
}

/** Writes the holds of new outward payments. @param heldUntil  when a payment in `held` gives up, epoch milliseconds */
export function insertHolds(
  tx: Tx,
  rows: readonly { readonly payment: StoredPayment; readonly heldUntil: number | null }[],
): Promise<unknown> {
  return tx`
    insert into hold (lane, account_id, payment_id, tenant_id, amount, link, epoch, sent_at, due_at)
    select lane, account_id, payment_id, tenant_id, amount, link, epoch,
           to_timestamp(sent_at / 1000.0), to_timestamp(due_at / 1000.0)
    from unnest(
      ${numbers(rows, (r) => r.payment.lane)}::smallint[],
      ${words(rows, (r) => (r.payment.accountId === null ? null : accountKey(r.payment.accountId)))}::bigint[],
      ${words(rows, (r) => paymentKey(r.payment.id))}::uuid[], ${numbers(rows, (r) => r.payment.tenantId)}::integer[],
      ${numbers(rows, (r) => r.payment.amountPaise)}::bigint[], ${texts(rows, (r) => r.payment.link)}::text[],
      ${numbers(rows, (r) => r.payment.epoch)}::bigint[], ${numbers(rows, (r) => r.payment.transmittedAt)}::bigint[],
      ${numbers(rows, (r) => r.heldUntil)}::bigint[]
    ) as s (lane, account_id, payment_id, tenant_id, amount, link, epoch, sent_at, due_at)`.execute()
}

export type NewBreak = {
  readonly payment: { readonly id: PaymentId; readonly lane: Lane } | null
  readonly kind: 'contradiction' | 'amount_mismatch' | 'unresolved' | 'unmatched_answer' | 'unmatched_reversal'
  /** What was learned, without personal data. */
  readonly detail: string
}

/** Opens breaks for people to decide. The same break of the same payment is opened once. */
export function openBreaks(db: Db | Tx, breaks: readonly NewBreak[], at: number): Promise<unknown> {
  return db`
    insert into break (lane, payment_id, kind, detail, opened_at)
    select lane, payment_id, kind, detail, ${toRfc3339(at)}::timestamptz
    from unnest(${numbers(breaks, (b) => b.payment?.lane ?? null)}::smallint[],
                ${words(breaks, (b) => (b.payment === null ? null : paymentKey(b.payment.id)))}::uuid[],
                ${words(breaks, (b) => b.kind)}::text[], ${texts(breaks, (b) => b.detail)}::text[])
      as s (lane, payment_id, kind, detail)
    on conflict (payment_id, kind, detail) where payment_id is not null do nothing`.execute()
}

/**
 * Reads the fencing epoch of links under a key-share lock: a take-over (`for update`) waits for this commit, and a process that
 * lost its link while it was paused sees that here, in the transaction that would have used it. Not `for share`: a renewal of
 * the lease would wait for batch after batch, and run out under load.
 */
export async function lockEpochs(tx: Tx, links: readonly (string | undefined)[]): Promise<Map<string, number>> {
  const ids = [...new Set(links)].filter((link) => link !== undefined)
  if (ids.length === 0) return new Map()
  const rows = await tx<{ link_id: string; epoch: bigint }[]>`
    select link_id, epoch from link_lease where link_id = any(${ids}::text[]) order by link_id for key share`
  return new Map(rows.map((row) => [row.link_id, Number(row.epoch)]))
}
