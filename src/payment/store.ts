import { toRfc3339 } from '../base/clock.ts'
import type { AccountNumber, Ifsc, Lane, Mmid, Mobile, PaymentId, Rrn, Stan } from '../base/identifiers.ts'
import { accountIdOf, accountKey, paymentIdOf, paymentKey } from '../base/identifiers.ts'
import type { Paise } from '../base/money.ts'
import type { Beneficiary, Channel } from '../base/party.ts'
import type { Vault } from '../base/vault.ts'
import { bytes, numbers, texts, words } from '../db/arrays.ts'
import type { Db, Tx } from '../db/pool.ts'
import { ERASED } from '../ledger/store.ts'
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
  sealed: Uint8Array
  registered: Uint8Array | null
  sealed_answer: Uint8Array | null
  actor: string | null
  remitter_ifsc: Ifsc | null
  beneficiary_kind: 'account' | 'mmid'
  beneficiary_ifsc: Ifsc | null
  beneficiary_bank: string | null
  reference: string | null
  remitter_bank: string
  rrn: Rrn | null
  link: string | null
  epoch: bigint | null
  transmitted_at: number | null
  response_code: string | null
  reason: string | null
  created_at: number
  updated_at: number
}

/** What is personal about a payment, in the order in which it is sealed. */
type Details = readonly [
  remitterName: string | null,
  remitterAccount: AccountNumber | null,
  remitterMobile: Mobile | null,
  remitterMmid: Mmid | null,
  beneficiaryName: string | null,
  beneficiaryAccount: AccountNumber | null,
  beneficiaryMobile: Mobile | null,
  beneficiaryMmid: Mmid | null,
  remarks: string | null,
]

const PLACE = 'payment.sealed'
const REGISTERED = 'payment.registered'
const ANSWER = 'payment.sealed_answer'

const detailsOf = ({ remitter, beneficiary, remarks }: StoredPayment): Details => {
  const account = beneficiary.kind === 'account' ? beneficiary : null
  const mmid = beneficiary.kind === 'mmid' ? beneficiary : null
  return [
    remitter.name ?? null,
    remitter.account ?? null,
    remitter.mobile ?? null,
    remitter.mmid ?? null,
    account?.name ?? null,
    account?.account ?? null,
    mmid?.mobile ?? null,
    mmid?.mmid ?? null,
    remarks,
  ]
}

/** What is left of a payment whose key was destroyed: that it was, and for how much. */
const erased: Details = [ERASED, null, null, null, ERASED, null, null, null, null]

const sealRegistered = (vault: Vault, tenantId: number, id: PaymentId, name: string | null): Uint8Array | null =>
  name === null ? null : vault.seal(REGISTERED, tenantId, paymentKey(id), name)

/** The registered name that a step brings, sealed for its row. For door 2. */
export const sealedName = (vault: Vault, { tenantId, id, registeredName }: StoredPayment): Uint8Array | null =>
  sealRegistered(vault, tenantId, id, registeredName)

/** The answer that was given to an inward original, opened. */
export const openAnswer = (vault: Vault, row: PaymentRow): Uint8Array | undefined =>
  row.sealed_answer === null
    ? undefined
    : vault.openBytes(ANSWER, row.tenant_id, row.payment_id.replaceAll('-', ''), row.sealed_answer)

function beneficiaryOf(row: PaymentRow, [, , , , name, account, mobile, mmid]: Details): Beneficiary {
  if (row.beneficiary_kind === 'mmid') {
    const p2p = { kind: 'mmid' as const, mobile: (mobile ?? ERASED) as Mobile, mmid: (mmid ?? ERASED) as Mmid }
    return row.beneficiary_bank === null ? p2p : { ...p2p, bank: row.beneficiary_bank }
  }
  const ifsc = row.beneficiary_ifsc as Ifsc
  const p2a = { kind: 'account' as const, ifsc, account: (account ?? ERASED) as AccountNumber }
  return name === null ? p2a : { ...p2a, name }
}

/** Rows of `payment` as the domain knows them. */
export async function paymentsOf(vault: Vault, rows: readonly PaymentRow[]): Promise<StoredPayment[]> {
  await vault.load(rows.flatMap((row) => [row.sealed, row.registered]))
  return rows.map((row) => paymentOf(vault, row))
}

/** A row of `payment` whose keys are loaded. */
export function paymentOf(vault: Vault, row: PaymentRow): StoredPayment {
  const key = row.payment_id.replaceAll('-', '')
  const text = vault.open(PLACE, row.tenant_id, key, row.sealed)
  const details: Details = text === undefined ? erased : (JSON.parse(text) as Details)
  const [remitterName, remitterAccount, remitterMobile, remitterMmid, , , , , remarks] = details
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
      ...(remitterName === null ? {} : { name: remitterName }),
      ...(remitterAccount === null ? {} : { account: remitterAccount }),
      ...(remitterMobile === null ? {} : { mobile: remitterMobile }),
      ...(remitterMmid === null ? {} : { mmid: remitterMmid }),
      ...(row.remitter_ifsc === null ? {} : { ifsc: row.remitter_ifsc }),
    },
    beneficiary: beneficiaryOf(row, details),
    remarks,
    reference: row.reference,
    remitterBank: row.remitter_bank,
    rrn: row.rrn,
    stan: row.rrn === null ? null : stanOf(row.rrn),
    link: row.link,
    epoch: row.epoch === null ? null : Number(row.epoch),
    transmittedAt: row.transmitted_at,
    responseCode: row.response_code,
    registeredName:
      row.registered === null ? null : (vault.open(REGISTERED, row.tenant_id, key, row.registered) ?? ERASED),
    actor: row.actor,
    reason: row.reason,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}

/** The STAN is the last six digits of the RRN. @source protocol.md §3.1 */
export const stanOf = (rrn: Rrn): Stan => rrn.slice(6) as Stan

/** Reads payments, unlocked: for views, never for decisions. */
export async function findPayments(db: Db | Tx, vault: Vault, ids: readonly PaymentId[]): Promise<StoredPayment[]> {
  if (ids.length === 0) return []
  const rows = await db<PaymentRow[]>`
    select * from payment where payment_id = any(${words(ids, paymentKey)}::uuid[])`
  return paymentsOf(vault, rows)
}

/** One payment of a tenant, unlocked. */
export async function findPayment(
  db: Db | Tx,
  vault: Vault,
  tenantId: number,
  id: PaymentId,
): Promise<StoredPayment | undefined> {
  const [row] = await db<PaymentRow[]>`
    select * from payment where payment_id = ${paymentKey(id)} and tenant_id = ${tenantId}`
  const [found] = await paymentsOf(vault, row === undefined ? [] : [row])
  return found
}

/** How often the switch was asked about payments that are open, and when next; epoch milliseconds, null when not again. */
export async function findVerifications(
  db: Db | Tx,
  ids: readonly PaymentId[],
): Promise<ReadonlyMap<PaymentId, { readonly checks: number; readonly nextAt: number | null }>> {
  if (ids.length === 0) return new Map()
  const rows = await db<{ payment_id: string; checks: number; due_at: number | null }[]>`
    select payment_id, checks, due_at from hold where payment_id = any(${words(ids, paymentKey)}::uuid[])`
  return new Map(rows.map((row) => [paymentIdOf(row.payment_id), { checks: row.checks, nextAt: row.due_at }]))
}

/** The very bytes that an inward payment was answered with; undefined when it has none, or they are erased. */
export async function findAnswer(
  db: Db | Tx,
  vault: Vault,
  { id, tenantId }: Pick<StoredPayment, 'id' | 'tenantId'>,
): Promise<Uint8Array | undefined> {
  const [row] = await db<PaymentRow[]>`
    select * from payment where payment_id = ${paymentKey(id)} and tenant_id = ${tenantId}`
  if (row === undefined) return undefined
  await vault.load([row.sealed_answer])
  return openAnswer(vault, row)
}

/** Outward payments with this RRN, of whichever institution of the hub. */
export async function findOutwardByRrn(db: Db, vault: Vault, rrn: Rrn): Promise<StoredPayment[]> {
  const rows = await db<PaymentRow[]>`select * from payment where rrn = ${rrn} and direction = 'outward' limit 100`
  return paymentsOf(vault, rows)
}

/** Inward payments with this RRN, of whichever sending bank. */
export async function findInwardByRrn(db: Db | Tx, vault: Vault, rrn: Rrn): Promise<StoredPayment[]> {
  const rows = await db<PaymentRow[]>`select * from payment where rrn = ${rrn} and direction = 'inward' limit 100`
  return paymentsOf(vault, rows)
}

/** The payment that carried this reference on the rail: for answers that nobody is waiting for any more. */
export async function findByReference(
  db: Db,
  vault: Vault,
  direction: 'outward' | 'inward',
  rrn: Rrn,
  remitterBank: string,
): Promise<StoredPayment | undefined> {
  const [row] = await db<PaymentRow[]>`
    select * from payment where rrn = ${rrn} and remitter_bank = ${remitterBank} and direction = ${direction}`
  const [found] = await paymentsOf(vault, row === undefined ? [] : [row])
  return found
}

/** The steps of a payment, oldest first. */
export async function findEvents(db: Db | Tx, ids: readonly PaymentId[]): Promise<PaymentEvent[]> {
  if (ids.length === 0) return []
  const rows = await db<
    {
      payment_id: string
      sequence: number
      state: StateKind
      response_code: string | null
      reason: string | null
      at: number
    }[]
  >`
    select payment_id, sequence, state, response_code, reason, at from event
    where payment_id = any(${words(ids, paymentKey)}::uuid[]) order by payment_id, sequence`
  return rows.map((row) => ({
    paymentId: paymentIdOf(row.payment_id),
    sequence: row.sequence,
    state: row.state,
    responseCode: row.response_code,
    reason: row.reason,
    at: row.at,
  }))
}

/** Locks payments in order of their ids, the one order in which anybody locks payments; they come before accounts. */
export async function lockPayments(
  tx: Tx,
  vault: Vault,
  ids: Iterable<PaymentId>,
): Promise<Map<PaymentId, StoredPayment>> {
  const wanted = [...new Set(ids)]
  const rows = await tx<PaymentRow[]>`
    select * from payment where payment_id = any(${words(wanted, paymentKey)}::uuid[]) order by payment_id for update`
  return new Map((await paymentsOf(vault, rows)).map((payment) => [payment.id, payment]))
}

export type NewPayment = {
  readonly payment: StoredPayment
  readonly answer: Uint8Array | null
  /** What was said about its risk. */
  readonly risk?: string | null
}

/** The other side's account number and mobile, of which blind indexes are kept: the beneficiary's of an outward payment, the remitter's of an inward one. */
function otherSide({ direction, remitter, beneficiary }: StoredPayment): {
  account: string | undefined
  mobile: string | undefined
} {
  if (direction === 'inward') return { account: remitter.account, mobile: remitter.mobile }
  return beneficiary.kind === 'account'
    ? { account: beneficiary.account, mobile: undefined }
    : { account: undefined, mobile: beneficiary.mobile }
}

/** Writes new payments and the first event of each. One statement; their tenants' keys are ready. */
export function insertPayments(tx: Tx, vault: Vault, rows: readonly NewPayment[], at: number): Promise<unknown> {
  const ifscOf = ({ beneficiary }: StoredPayment) => (beneficiary.kind === 'account' ? beneficiary.ifsc : null)
  const bankOf = ({ beneficiary }: StoredPayment) => (beneficiary.kind === 'mmid' ? (beneficiary.bank ?? null) : null)
  const instant = toRfc3339(at)
  const index = (kind: 'account' | 'mobile', value: string | undefined) =>
    value === undefined ? null : vault.index(kind, value)
  return tx`
    with fresh as (
      insert into payment (
        lane, payment_id, tenant_id, direction, state, amount, channel, institution, account_id,
        sealed, registered, sealed_answer, other_account, other_mobile, actor,
        remitter_ifsc, beneficiary_kind, beneficiary_ifsc, beneficiary_bank,
        reference, remitter_bank, rrn, link, epoch, transmitted_at, response_code, reason, risk, created_at, updated_at)
      select s.lane, s.payment_id, s.tenant_id, s.direction, s.state, s.amount, s.channel, s.institution, s.account_id,
        s.sealed, s.registered, s.sealed_answer, s.other_account, s.other_mobile, s.actor,
        s.remitter_ifsc, s.beneficiary_kind, s.beneficiary_ifsc, s.beneficiary_bank,
        s.reference, s.remitter_bank, s.rrn, s.link, s.epoch, to_timestamp(s.transmitted_at / 1000.0),
        s.response_code, s.reason, s.risk, ${instant}::timestamptz, ${instant}::timestamptz
      from unnest(
        ${numbers(rows, (r) => r.payment.lane)}::smallint[], ${words(rows, (r) => paymentKey(r.payment.id))}::uuid[],
        ${numbers(rows, (r) => r.payment.tenantId)}::integer[], ${words(rows, (r) => r.payment.direction)}::text[],
        ${words(rows, (r) => r.payment.state)}::text[], ${numbers(rows, (r) => r.payment.amountPaise)}::bigint[],
        ${words(rows, (r) => r.payment.channel)}::text[], ${words(rows, (r) => r.payment.institution)}::text[],
        ${words(rows, (r) => (r.payment.accountId === null ? null : accountKey(r.payment.accountId)))}::bigint[],
        ${bytes(rows, ({ payment }) => vault.seal(PLACE, payment.tenantId, paymentKey(payment.id), JSON.stringify(detailsOf(payment))))}::bytea[],
        ${bytes(rows, ({ payment }) => sealedName(vault, payment))}::bytea[],
        ${bytes(rows, ({ payment, answer }) => (answer === null ? null : vault.sealBytes(ANSWER, payment.tenantId, paymentKey(payment.id), answer)))}::bytea[],
        ${words(rows, ({ payment }) => index('account', otherSide(payment).account))}::uuid[],
        ${words(rows, ({ payment }) => index('mobile', otherSide(payment).mobile))}::uuid[],
        ${texts(rows, (r) => r.payment.actor)}::text[],
        ${words(rows, (r) => r.payment.remitter.ifsc ?? null)}::text[],
        ${words(rows, (r) => r.payment.beneficiary.kind)}::text[],
        ${words(rows, (r) => ifscOf(r.payment))}::text[],
        ${texts(rows, (r) => bankOf(r.payment))}::text[],
        ${texts(rows, (r) => r.payment.reference)}::text[],
        ${texts(rows, (r) => r.payment.remitterBank)}::text[], ${words(rows, (r) => r.payment.rrn)}::text[],
        ${texts(rows, (r) => r.payment.link)}::text[], ${numbers(rows, (r) => r.payment.epoch)}::bigint[],
        ${numbers(rows, (r) => r.payment.transmittedAt)}::bigint[], ${texts(rows, (r) => r.payment.responseCode)}::text[],
        ${texts(rows, (r) => r.payment.reason)}::text[], ${texts(rows, (r) => r.risk ?? null)}::text[]
      ) as s (lane, payment_id, tenant_id, direction, state, amount, channel, institution, account_id,
        sealed, registered, sealed_answer, other_account, other_mobile, actor,
        remitter_ifsc, beneficiary_kind, beneficiary_ifsc, beneficiary_bank,
        reference, remitter_bank, rrn, link, epoch, transmitted_at, response_code, reason, risk)
      returning lane, payment_id, tenant_id, state, response_code, reason)
    insert into event (lane, payment_id, sequence, tenant_id, state, response_code, reason, at)
    select lane, payment_id, 1, tenant_id, state, response_code, reason, ${instant}::timestamptz from fresh`.execute()
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

/** What the doors and the rail put before people, who know no types of breaks. */
export const breakKinds = [
  'contradiction',
  'amount_mismatch',
  'unresolved',
  'unmatched_answer',
  'unmatched_reversal',
  'double_credit', //       B18: money for the customer a second time, and not given
  'settlement_conflict', // B25: a file of NPCI says what cannot be true of this payment
] as const

export type NewBreak = {
  readonly payment: { readonly id: PaymentId; readonly lane: Lane } | null
  readonly kind: (typeof breakKinds)[number]
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
    -- What the match has put before people already is not put there twice.
    where not (s.kind = 'settlement_conflict' and exists (
      select from break b where b.payment_id = s.payment_id and b.type in ('B05', 'B06', 'B07', 'B25') and b.closed_at is null))
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
