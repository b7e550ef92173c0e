import type { AccountId, PaymentId, PaymentLinkId } from '../base/identifiers.ts'
import { laneOfAccount, paymentKey } from '../base/identifiers.ts'
import type { Beneficiary } from '../base/party.ts'
import type { Tx } from '../db/pool.ts'
import { hubAccount } from '../ledger/chart.ts'
import type { Resolved } from '../ledger/store.ts'
import type { Books } from '../ledger/transfer.ts'
import { locked, transfer } from '../ledger/transfer.ts'
import type { LinkChange } from '../payment-link/change.ts'
import { takeCredit, writeCredits as writeLinkCredits } from '../payment-link/credit.ts'
import type { PaymentLink } from '../payment-link/link.ts'
import { lockLinks } from '../payment-link/store.ts'
import { answerCode, PROCESSED } from './answer-code.ts'
import type { Fact } from './payment.ts'
import { uncreditable } from './receive.ts'
import type { InstitutionOfHub, PaymentRoom } from './room.ts'
import { insertPayments } from './store.ts'
import type { StoredPayment } from './stored.ts'

/**
 * Payments within one bank: payer and payee have their accounts at the same institution of this hub. The commit that lets the payer's money go
 * credits the payee, so there is no outcome that nobody knows; NPCI never sees them, and no file of NPCI has them. There are two payments with
 * one RRN, the payer's outward one and the payee's inward one, and neither was ever transmitted. @source settlement.md §3
 */

/** Whether an address is one of an institution's own: of its IFSCs, or an MMID under its NBIN. */
export type IsOwnAddress = (institution: string, beneficiary: Beneficiary) => boolean

export function createIsOwnAddress(institutions: readonly InstitutionOfHub[]): IsOwnAddress {
  const own = new Map(institutions.map((one) => [one.code, one]))
  return (institution, beneficiary) => {
    const bank = own.get(institution)
    if (bank === undefined) return false
    return beneficiary.kind === 'account'
      ? beneficiary.ifsc.startsWith(bank.ifscPrefix)
      : beneficiary.mmid.startsWith(bank.nbin)
  }
}

/** Of a payment, what says that it stays within the bank: it has its reference, and was never stamped for the wire. */
export const stayedWithin = ({ rrn, transmittedAt }: Pick<StoredPayment, 'rrn' | 'transmittedAt'>): boolean =>
  rrn !== null && transmittedAt === null

/** The account behind the address, and the payment link whose virtual account it is. */
export type Payee = { readonly account: Resolved | undefined; readonly linkId: PaymentLinkId | undefined }
export type Payees = ReadonlyMap<PaymentId, Payee>

const nobody: Payees = new Map()

/**
 * The payees of those payments that stay within their bank. Asks nothing where there are none; else the directory, which remembers, and the
 * vault gets the keys of everybody's tenants ready.
 * @throws when the database is away
 */
export async function findPayees(
  room: PaymentRoom,
  payments: readonly Pick<StoredPayment, 'id' | 'tenantId' | 'institution' | 'beneficiary'>[],
): Promise<Payees> {
  const own = payments.filter(({ institution, beneficiary }) => room.isOwnAddress(institution, beneficiary))
  if (own.length === 0) return nobody
  const beneficiaries = own.map(({ beneficiary }) => beneficiary)
  const [named, virtual] = await Promise.all([
    room.directory.resolve(beneficiaries),
    room.virtualAccounts.resolve(beneficiaries),
  ])
  const payees = own.map((_, i): Payee => ({ account: virtual[i]?.accountId ?? named[i], linkId: virtual[i]?.linkId }))
  const tenants = await room.directory.tenantsOf(payees.map(({ account }) => account))
  await room.vault.prepare([...own.map(({ tenantId }) => tenantId), ...tenants], room.clock.now())
  return new Map(own.map(({ id }, i) => [id, payees[i] as Payee]))
}

const accountOf = ({ account }: Payee): AccountId | undefined => (account === 'several_accounts' ? undefined : account)

/** The accounts to lock. */
export const payeeAccounts = (payees: Payees): AccountId[] =>
  [...payees.values()].flatMap((payee) => accountOf(payee) ?? [])

/** What a batch knows of the payments in it that stay within their bank, and what came of them so far. */
export type Within = {
  readonly payees: Payees
  readonly links: Map<PaymentLinkId, PaymentLink>
  /** The inward sides. */
  readonly inward: StoredPayment[]
  readonly changes: LinkChange[]
}

/** Locks the links of payees, before customers and accounts. No statement where there are none. */
export async function lockWithin(tx: Tx, room: PaymentRoom, payees: Payees): Promise<Within> {
  const links = [...payees.values()].flatMap(({ linkId }) => linkId ?? [])
  return { payees, links: await lockLinks(tx, room.vault, links), inward: [], changes: [] }
}

type Answer = Extract<Fact, { readonly kind: 'paid_within' | 'declined_within' }>

/** What the payee's side says to a payment, by the rules and in the codes of a credit from another bank. Its accounts are locked. */
export function answerWithin(
  room: PaymentRoom,
  payee: Payee,
  books: Books,
  { institution }: Pick<StoredPayment, 'institution'>,
): Answer {
  const id = accountOf(payee)
  const found = id === undefined ? undefined : books.accounts.get(id)
  // Whose account is at another bank of the hub has not this address.
  const account = found?.institution === institution ? found : undefined
  const reason = payee.account === 'several_accounts' ? ('several_accounts' as const) : uncreditable(account)
  if (reason === undefined && account !== undefined)
    return { kind: 'paid_within', responseCode: PROCESSED, registeredName: account.name }
  const declined = { kind: 'declined', reason: reason ?? 'account_not_found' } as const
  return { kind: 'declined_within', responseCode: answerCode(declined, room.severalAccountsCode) }
}

/**
 * Credits the payee of a payment that `answerWithin` took: Dr OUT-CLR Cr CUST, the inward payment, and what it is to its payment link. Written
 * by `writeWithin`.
 * @param outward  with its RRN; it is held by now, or was debited in this batch
 */
export function passOn(room: PaymentRoom, within: Within, books: Books, outward: StoredPayment, now: number): void {
  const payee = within.payees.get(outward.id)
  const id = payee && accountOf(payee)
  const { rrn, amountPaise } = outward
  if (id === undefined || rrn === null) throw new Error(`payment ${outward.id} has no payee within the bank`)
  const account = locked(books, id)
  const paymentId = room.paymentIds(laneOfAccount(id))
  const clearing = locked(books, hubAccount('OUT-CLR', outward.lane))
  const refused = transfer(books, paymentKey(paymentId), 'credit', clearing, account, amountPaise, now)
  if (refused !== undefined) throw new Error(`outward clearing refuses ${paymentId}: ${refused}`)
  const link = payee?.linkId === undefined ? undefined : within.links.get(payee.linkId)
  within.inward.push({
    ...outward,
    id: paymentId,
    lane: account.lane,
    tenantId: account.tenantId,
    direction: 'inward',
    state: 'succeeded',
    version: 1,
    accountId: id,
    beneficiary: asReceived(outward.beneficiary),
    reference: link?.id ?? null,
    responseCode: PROCESSED,
    registeredName: account.name,
    actor: null,
    reason: null,
    createdAt: now,
    updatedAt: now,
  })
  if (link === undefined) return
  for (const change of takeCredit(link, { paymentId, rrn, amountPaise }, now)) {
    within.changes.push(change)
    within.links.set(link.id, change.link)
  }
}

/** That the payer named a bank and not an MMID is the payer's. */
const asReceived = (to: Beneficiary): Beneficiary =>
  to.kind === 'mmid' ? { kind: to.kind, mobile: to.mobile, mmid: to.mmid } : to

/** Writes the inward sides; the books are written with all else. No statement where nothing was passed on. */
export function writeWithin(
  tx: Tx,
  room: PaymentRoom,
  { inward, changes }: Within,
  now: number,
): readonly Promise<unknown>[] {
  if (inward.length === 0) return []
  const rows = inward.map((payment) => ({ payment, answer: null }))
  return [insertPayments(tx, room.vault, rows, now), ...writeLinkCredits(tx, changes, now)]
}

/** Tells of the inward sides, after the commit. */
export function announceWithin(room: PaymentRoom, { inward, changes }: Within): void {
  for (const payment of inward) {
    room.onMoved(payment, {
      paymentId: payment.id,
      sequence: 1,
      state: payment.state,
      responseCode: payment.responseCode,
      reason: null,
      at: payment.createdAt,
    })
  }
  for (const { link } of changes) room.onLinkMoved(link)
}
