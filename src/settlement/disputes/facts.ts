import type { AccountId, Lane, PaymentId } from '../../base/identifiers.ts'
import { accountIdOf, paymentIdOf, paymentKey } from '../../base/identifiers.ts'
import type { Db, Tx } from '../../db/pool.ts'
import { istDay } from '../../imps/disputes/days.ts'
import { type Condition, isClosed } from '../../imps/disputes/rule.ts'
import type { StateKind } from '../../payment/payment.ts'
import type { Direction, Standing } from './dispute.ts'
import type { StoredDispute } from './store.ts'

/** Of a payment, what disputes look at: nothing personal. */
export type DisputedPayment = {
  readonly id: PaymentId
  readonly lane: Lane
  readonly tenantId: number
  readonly direction: Direction
  readonly institution: string
  readonly accountId: AccountId | null
  readonly state: StateKind
  readonly amountPaise: bigint
  readonly responseCode: string | null
  readonly rrn: string
  readonly remitterBank: string
  /** Within the bank: NPCI has never seen it. */
  readonly stayedWithin: boolean
  /** The day of the transaction in IST, and its instant. */
  readonly on: string
  readonly at: number
}

type Row = {
  payment_id: string
  lane: Lane
  tenant_id: number
  direction: Direction
  institution: string
  account_id: bigint | null
  state: StateKind
  amount: bigint
  response_code: string | null
  rrn: string | null
  remitter_bank: string
  stayed_within: boolean
  at: number
}

const paymentOf = (row: Row): DisputedPayment => ({
  id: paymentIdOf(row.payment_id),
  lane: row.lane,
  tenantId: row.tenant_id,
  direction: row.direction,
  institution: row.institution,
  accountId: row.account_id === null ? null : accountIdOf(row.account_id),
  state: row.state,
  amountPaise: row.amount,
  responseCode: row.response_code,
  rrn: row.rrn ?? '',
  remitterBank: row.remitter_bank,
  stayedWithin: row.stayed_within,
  on: istDay(row.at),
  at: row.at,
})

const columns = (db: Db | Tx) => db`
  payment_id, lane, tenant_id, direction, institution, account_id, state, amount, response_code, rrn, remitter_bank,
  rrn is not null and transmitted_at is null as stayed_within, coalesce(transmitted_at, created_at) as at`

/** The payment that a line of a report is about; undefined when the hub has none, or more than one that could be it. */
export async function findByRrn(
  tx: Tx,
  about: {
    readonly institution: string
    readonly direction: Direction
    readonly rrn: string
    /** Where the report gives it: of two inward payments with one RRN only that of this day. */
    readonly on?: string
  },
): Promise<DisputedPayment | undefined> {
  const rows = await tx<Row[]>`
    select ${columns(tx)} from payment
    where rrn = ${about.rrn} and direction = ${about.direction} and institution = ${about.institution}
      and transmitted_at is not null limit 10`
  const found = rows.map(paymentOf)
  const fit = about.on === undefined || found.length < 2 ? found : found.filter((one) => one.on === about.on)
  return fit.length === 1 ? fit[0] : undefined
}

/** One payment of a tenant. */
export async function findDisputed(tx: Tx, tenantId: number, id: PaymentId): Promise<DisputedPayment | undefined> {
  const [row] = await tx<Row[]>`
    select ${columns(tx)} from payment where payment_id = ${paymentKey(id)}::uuid and tenant_id = ${tenantId} and rrn is not null`
  return row && paymentOf(row)
}

/** The disputes about a payment go one after the other, also the first of them. */
export async function lockPaymentOfDisputes(tx: Tx, id: PaymentId): Promise<void> {
  await tx`select pg_advisory_xact_lock(hashtextextended(${`disputes of ${id}`}, 0))`
}

/** What is on record about a payment, for the conditions of the rules. @param disputes  all about it */
export async function standingOf(
  tx: Tx,
  payment: DisputedPayment,
  disputes: readonly StoredDispute[],
  family: string,
): Promise<Standing> {
  const items = await tx<{ raw: string; outcome: string | null }[]>`
    select raw, outcome from settlement_item where payment_id = ${paymentKey(payment.id)}::uuid`
  const [credit] = await tx`select from credit_once where payment_id = ${paymentKey(payment.id)}::uuid`
  const outcomes = items.flatMap(({ outcome }) => outcome ?? [])
  const tcc = outcomes.some((one) => one === 'confirmed' || one.startsWith('tcc'))
  const returned = outcomes.some((one) => one === 'returned' || one.startsWith('ret_'))
  const declined =
    items.some(({ raw }) => raw === 'declined') ||
    (payment.direction === 'outward' && !['deemed', 'succeeded', 'returned', 'unconfirmed'].includes(payment.state))
  const deemed = items.some(({ raw }) => raw === '08') || payment.state === 'deemed' || saysDeemed(payment.responseCode)
  const credited = payment.direction === 'inward' ? payment.state === 'succeeded' : credit !== undefined
  const others = disputes.filter((one) => one.family !== family)
  const real = (one: StoredDispute): boolean => one.state !== 'dropped' && one.state !== 'new'
  const facts: readonly (readonly [Condition, boolean])[] = [
    ['deemed', deemed],
    ['tcc', tcc],
    ['no_tcc', !tcc],
    ['no_return', !returned],
    ['no_chargeback', !disputes.some((one) => one.family === 'chargeback' && real(one))],
    ['credited', credited],
    ['not_credited', !credited],
    ['not_declined', !declined],
    ['once', !disputes.some((one) => one.family === family && real(one))],
    ['other_over', others.every((one) => isClosed(one.state))],
  ]
  return {
    amountPaise: payment.amountPaise,
    on: payment.on,
    facts: new Set(facts.flatMap(([name, is]) => (is ? [name] : []))),
  }
}

const saysDeemed = (code: string | null): boolean => code === '08' || code === '91'

/** The words for a break about it. */
export const aboutPayment = ({ id, lane, tenantId, institution, rrn, direction }: DisputedPayment) => ({
  tenantId,
  institution,
  payment: { id, lane },
  rrn,
  direction,
})
