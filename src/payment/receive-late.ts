import type { AccountNumber, Ifsc, Lane, Mobile, Rrn } from '../base/identifiers.ts'
import { accountIdOf, laneOf, laneOfAccount } from '../base/identifiers.ts'
import type { Paise } from '../base/money.ts'
import type { Remitter } from '../base/party.ts'
import { runTransaction } from '../db/transaction.ts'
import { hubAccount } from '../ledger/chart.ts'
import { defaultAccount, lockAccounts, type Resolved, writeBooks } from '../ledger/store.ts'
import type { Books } from '../ledger/transfer.ts'
import type { LinkChange } from '../payment-link/change.ts'
import { takeCredit, writeCredits as writeLinkCredits } from '../payment-link/credit.ts'
import type { PaymentLink } from '../payment-link/link.ts'
import { lockLinks } from '../payment-link/store.ts'
import { findVirtualAccount } from '../payment-link/virtual-accounts.ts'
import { writeCredits } from './credit-once.ts'
import { creditAccount, type InwardDecline } from './receive.ts'
import type { PaymentRoom } from './room.ts'
import { findInwardByRrn, insertPayments, stanOf } from './store.ts'
import type { StoredPayment } from './stored.ts'

/** A payment that NPCI counts as ours and whose original never came: all that its file says. */
export type LateOriginal = {
  readonly institution: string
  readonly rrn: Rrn
  readonly remitterBank: string
  readonly amountPaise: Paise
  /** Epoch milliseconds. */
  readonly at: number
  readonly remitter: Remitter
  /** As the file has them: the account number, or else the mobile number. */
  readonly account: AccountNumber | undefined
  readonly mobile: Mobile | undefined
  /** Where the account is not known: of the bank's head office. */
  readonly ifsc: Ifsc
}

export type LateReceived =
  | { readonly kind: 'credited' | 'known'; readonly payment: StoredPayment }
  /** Nothing can be credited; the payment is written down as declined, so that an original that comes later is not credited either. */
  | { readonly kind: 'declined'; readonly payment: StoredPayment; readonly reason: InwardDecline }

/**
 * Door 3 for an original that came in a file: NPCI counts it as paid (08), so it is credited now, once, or written down as one that
 * cannot be and must be returned. One commit of payment, credit, token and event; nobody is answered.
 *
 * @throws when the database is away, or when the original comes over a link at this moment: the caller asks again
 * @source settlement.md §6.3 (SETTLED_DEEMED, not credited), §7.2 cases 8 and 11
 */
export async function receiveLate(room: PaymentRoom, original: LateOriginal): Promise<LateReceived> {
  const virtual =
    original.account === undefined
      ? undefined
      : await findVirtualAccount(room.db, room.vault, original.institution, original.account)
  const found = virtual?.accountId ?? (await findAccount(room, original))
  const id = found === undefined || found === 'several_accounts' ? undefined : found
  await room.vault.prepare(id === undefined ? [0] : await room.directory.tenantsOf([id]), room.clock.now())
  const { result, fresh, changes } = await runTransaction(
    room.db,
    async (tx): Promise<Found> => {
      const [links, books, earlier] = await Promise.all([
        lockLinks(tx, room.vault, virtual === undefined ? [] : [virtual.linkId]),
        lockAccounts(tx, room.vault, id === undefined ? [] : [id, hubAccount('IN-CLR', laneOfAccount(id))]),
        findInwardByRrn(tx, room.vault, original.rrn),
      ])
      return { books, earlier, link: [...links.values()][0] }
    },
    (tx, { books, earlier, link }): { result: Late; writes: Promise<unknown>[] } => {
      const same = earlier.find(
        ({ remitterBank, amountPaise, institution }) =>
          remitterBank === original.remitterBank ||
          (amountPaise === original.amountPaise && institution === original.institution),
      )
      if (same !== undefined)
        return { result: { result: { kind: 'known', payment: same }, fresh: false, changes: [] }, writes: [] }
      const now = room.clock.now()
      const account = id === undefined ? undefined : books.accounts.get(id)
      const lane: Lane = account?.lane ?? laneOf(Number(original.rrn.slice(-6)))
      const paymentId = room.paymentIds(lane)
      const reason: InwardDecline | undefined =
        found === 'several_accounts'
          ? 'several_accounts'
          : creditAccount(account, books, paymentId, original.amountPaise, now)
      const payment: StoredPayment = {
        id: paymentId,
        lane,
        tenantId: account?.tenantId ?? 0,
        direction: 'inward',
        state: reason === undefined ? 'succeeded' : 'declined',
        version: 1,
        amountPaise: original.amountPaise,
        channel: 'internet',
        institution: original.institution,
        accountId: account?.id ?? null,
        remitter: original.remitter,
        beneficiary: {
          kind: 'account',
          ifsc: readIfsc(account?.ifsc) ?? original.ifsc,
          account:
            (virtual === undefined ? readNumber(account?.accountNumber) : undefined) ?? original.account ?? NO_ACCOUNT,
        },
        remarks: null,
        reference: link?.id ?? null,
        remitterBank: original.remitterBank,
        rrn: original.rrn,
        stan: stanOf(original.rrn),
        link: null,
        epoch: null,
        transmittedAt: original.at,
        responseCode: null,
        registeredName: reason === undefined ? (account?.name ?? null) : null,
        actor: null,
        reason: reason ?? 'credited_late',
        createdAt: now,
        updatedAt: now,
      }
      const { rrn, amountPaise } = original
      const changes =
        link === undefined || reason !== undefined ? [] : takeCredit(link, { paymentId, rrn, amountPaise }, now)
      const writes = [
        ...writeBooks(tx, books),
        insertPayments(tx, room.vault, [{ payment, answer: null }], now),
        ...(reason === undefined
          ? [writeCredits(tx, [{ payment, rrn: original.rrn, by: 'credited_late', ledger: 'credit' }], now)]
          : []),
        ...writeLinkCredits(tx, changes, now),
      ]
      room.crashPoint('receive:before-commit')
      const made: LateReceived =
        reason === undefined ? { kind: 'credited', payment } : { kind: 'declined', payment, reason }
      return { result: { result: made, fresh: true, changes }, writes }
    },
  )
  room.crashPoint('receive:after-commit')
  if (fresh) {
    const { payment } = result
    room.onMoved(payment, {
      paymentId: payment.id,
      sequence: 1,
      state: payment.state,
      responseCode: null,
      reason: payment.reason,
      at: payment.createdAt,
    })
  }
  for (const change of changes) room.onLinkMoved(change.link)
  return result
}

type Found = { readonly books: Books; readonly earlier: StoredPayment[]; readonly link: PaymentLink | undefined }
type Late = { readonly result: LateReceived; readonly fresh: boolean; readonly changes: readonly LinkChange[] }

/** What stands for an account number in a file that names none. */
const NO_ACCOUNT = '0' as AccountNumber
const readIfsc = (text: string | null | undefined): Ifsc | undefined => (text ? (text as Ifsc) : undefined)
const readNumber = (text: string | null | undefined): AccountNumber | undefined =>
  text ? (text as AccountNumber) : undefined

/** A raw file has no IFSC and no MMID: the number alone, or the mobile number, at this institution. */
async function findAccount({ db, vault }: PaymentRoom, original: LateOriginal): Promise<Resolved | undefined> {
  const { account, mobile, institution } = original
  const rows = await db<{ account_id: bigint; status: 'open' | 'frozen' | 'closed'; default_for_mobile: boolean }[]>`
    select account_id, status, default_for_mobile from account
    where institution = ${institution} and kind = 'customer' and
      case when ${account ?? null}::text is not null then number_index = ${account === undefined ? null : vault.index('account', account)}::uuid
           else mobile_index = ${mobile === undefined ? null : vault.index('mobile', mobile)}::uuid end
    order by account_id limit 20`
  return defaultAccount(
    rows.map((row) => ({
      id: accountIdOf(row.account_id),
      status: row.status,
      defaultForMobile: row.default_for_mobile,
    })),
  )
}
