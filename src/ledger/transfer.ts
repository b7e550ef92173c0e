import type { AccountId, Lane } from '../base/identifiers.ts'
import type { Paise } from '../base/money.ts'

/** What a leg needs to know of its account. */
export type EnterableAccount = Pick<LockedAccount, 'id' | 'lane' | 'balance' | 'entryNo' | 'entryAt' | 'changed'>

export type AccountStatus = 'open' | 'frozen' | 'closed'

/** An account as its locked row says, and as the batch changes it. Balances: credit positive, in paise. */
export type LockedAccount = {
  readonly id: AccountId
  readonly lane: Lane
  readonly tenantId: number
  readonly institution: string | null
  readonly status: AccountStatus
  readonly name: string
  readonly accountNumber: string | null
  readonly ifsc: string | null
  readonly mobile: string | null
  readonly mmid: string | null
  readonly floor: bigint | null
  /** Of the balance, what may not be spent: a part of it is disputed. */
  readonly lien: bigint
  readonly customerId: bigint | null
  /** What was paid in the windows that limits look at, as `payment/usage.ts` writes it; written back with the balance. */
  usage: string
  balance: bigint
  entryNo: bigint
  entryAt: number
  /** True once this batch has written to it. */
  changed: boolean
}

/** Why money moved: the doors' own, and those of settlement's journals (`journals.ts`). */
export const entryKinds = [
  'opening',
  'hold',
  'void',
  'credit',
  'return',
  'award', //    a dispute won: its money to the customer
  'recovery', // an inward credit taken back
  'charge', //   a debit that was due after all
  'settlement',
  'fees',
  'received', // money that came back from another bank
  'compensation',
  'penalty',
  'dispute',
  'suspense',
  'correction',
] as const
export type EntryKind = (typeof entryKinds)[number]

/** One leg, ready to be written. */
export type Entry = {
  readonly lane: Lane
  readonly accountId: AccountId
  readonly entryNo: bigint
  readonly journalKey: string
  readonly kind: EntryKind
  readonly amount: bigint
  readonly balanceAfter: bigint
  readonly at: number
}

/** The accounts a batch has locked and the entries it will write; nothing here is durable yet. */
export type Books = {
  readonly accounts: ReadonlyMap<AccountId, LockedAccount>
  readonly entries: Entry[]
}

export type TransferRefusal = 'insufficient_funds'

/** Whether an account may be debited so many paise: it may not fall below its floor and what is under lien. */
export const covers = ({ floor, balance, lien }: LockedAccount, amountPaise: bigint): boolean =>
  floor === null || balance - amountPaise >= floor + lien

/**
 * Moves `amountPaise` from one locked account to another: two legs of one journal. The debited account may not fall below
 * its floor and what is under lien; the last rupee goes to the first who asked.
 *
 * @param journalKey  32 hex digits: the id of what caused it (a payment)
 * @param at          epoch milliseconds; an account's entries never go back in time, so a slow clock is lifted to the last entry
 * @returns `undefined` when done, or why not; a refused transfer leaves no trace
 */
export function transfer(
  books: Books,
  journalKey: string,
  kind: EntryKind,
  debit: LockedAccount,
  credit: LockedAccount,
  amountPaise: Paise,
  at: number,
): TransferRefusal | undefined {
  if (!covers(debit, amountPaise)) return 'insufficient_funds'
  // Both legs at one instant, so that a day balances by itself.
  const together = Math.max(at, debit.entryAt, credit.entryAt)
  enter(books, journalKey, kind, debit, -amountPaise, together)
  enter(books, journalKey, kind, credit, amountPaise, together)
  return undefined
}

/** One leg by itself: for journals of several legs, whose caller has proved that they sum to zero. */
export function enter(
  books: Pick<Books, 'entries'>,
  journalKey: string,
  kind: EntryKind,
  account: EnterableAccount,
  amount: bigint,
  at: number,
): void {
  account.balance += amount
  account.entryNo += 1n
  account.entryAt = Math.max(at, account.entryAt)
  account.changed = true
  books.entries.push({
    lane: account.lane,
    accountId: account.id,
    entryNo: account.entryNo,
    journalKey,
    kind,
    amount,
    balanceAfter: account.balance,
    at: account.entryAt,
  })
}

/** The locked account; its absence is a bug of the caller, who must lock what it moves. */
export function locked(books: Books, id: AccountId): LockedAccount {
  const account = books.accounts.get(id)
  if (account === undefined) throw new Error(`account ${id} is not locked by this batch`)
  return account
}
