import { toRfc3339 } from '../base/clock.ts'
import type { AccountId, AccountNumber, Ifsc, Lane, Mmid, Mobile } from '../base/identifiers.ts'
import { accountIdOf, accountKey, LANES, laneOfAccount } from '../base/identifiers.ts'
import { numbers, words } from '../db/arrays.ts'
import type { Db, Tx } from '../db/pool.ts'
import { chart, chartCodes, hubAccount } from './chart.ts'
import type { AccountStatus, Books, Entry, EntryKind, LockedAccount } from './transfer.ts'

type AccountRow = {
  lane: number
  account_id: bigint
  tenant_id: number
  institution: string | null
  status: AccountStatus
  name: string
  account_number: string | null
  ifsc: string | null
  mobile: string | null
  mmid: string | null
  floor: bigint | null
  balance: bigint
  entry_no: bigint
  entry_at: number
}

/**
 * Locks accounts, in order of (lane, number), the one order in which anybody locks accounts.
 * Unknown ids are simply not in the books.
 */
export async function lockAccounts(tx: Tx, ids: Iterable<AccountId>): Promise<Books> {
  const wanted = [...new Set(ids)]
  const rows = await tx<AccountRow[]>`
    select a.lane, a.account_id, a.tenant_id, a.institution, a.status, a.name, a.account_number, a.ifsc, a.mobile, a.mmid,
           a.floor, a.balance, a.entry_no, a.entry_at
    from unnest(${numbers(wanted, laneOfAccount)}::smallint[], ${words(wanted, accountKey)}::bigint[]) as s (lane, account_id)
    join account a on a.lane = s.lane and a.account_id = s.account_id
    order by a.lane, a.account_id
    for update of a`
  const accounts = new Map<AccountId, LockedAccount>()
  for (const row of rows) {
    const id = accountIdOf(row.account_id)
    accounts.set(id, {
      id,
      lane: row.lane as Lane,
      tenantId: row.tenant_id,
      institution: row.institution,
      status: row.status,
      name: row.name,
      accountNumber: row.account_number,
      ifsc: row.ifsc,
      mobile: row.mobile,
      mmid: row.mmid,
      floor: row.floor,
      balance: row.balance,
      entryNo: row.entry_no,
      entryAt: Number.isFinite(row.entry_at) ? row.entry_at : 0,
      changed: false,
    })
  }
  return { accounts, entries: [] }
}

/** Writes what the batch did to the books: balances once per account, entries all at once. The promises are the caller's to await. */
export function writeBooks(tx: Tx, books: Books): Promise<unknown>[] {
  if (books.entries.length === 0) return []
  const changed = [...books.accounts.values()].filter((account) => account.changed)
  return [
    tx`
      update account a set balance = s.balance, entry_no = s.entry_no, entry_at = to_timestamp(s.entry_at / 1000.0)
      from unnest(${numbers(changed, (a) => a.lane)}::smallint[], ${words(changed, (a) => accountKey(a.id))}::bigint[],
                  ${numbers(changed, (a) => a.balance)}::bigint[], ${numbers(changed, (a) => a.entryNo)}::bigint[],
                  ${numbers(changed, (a) => a.entryAt)}::bigint[]) as s (lane, account_id, balance, entry_no, entry_at)
      where a.lane = s.lane and a.account_id = s.account_id`.execute(),
    insertEntries(tx, books.entries),
  ]
}

function insertEntries(tx: Tx, entries: readonly Entry[]): Promise<unknown> {
  return tx`
    insert into entry (lane, account_id, entry_no, journal_id, kind, amount, balance_after, at)
    select lane, account_id, entry_no, journal_id, kind, amount, balance_after, to_timestamp(at / 1000.0)
    from unnest(${numbers(entries, (e) => e.lane)}::smallint[], ${words(entries, (e) => accountKey(e.accountId))}::bigint[],
                ${numbers(entries, (e) => e.entryNo)}::bigint[], ${words(entries, (e) => e.journalKey)}::uuid[],
                ${words(entries, (e) => e.kind)}::text[], ${numbers(entries, (e) => e.amount)}::bigint[],
                ${numbers(entries, (e) => e.balanceAfter)}::bigint[], ${numbers(entries, (e) => e.at)}::bigint[])
      as s (lane, account_id, entry_no, journal_id, kind, amount, balance_after, at)`.execute()
}

/** Makes sure the hub's own accounts exist in every lane. Safe to call at every start. */
export async function ensureChart(db: Db, now: number): Promise<void> {
  const rows = chartCodes.flatMap((code) =>
    Array.from({ length: LANES }, (_, lane) => ({ code, id: hubAccount(code, lane as Lane) })),
  )
  await db`
    insert into account (lane, account_id, tenant_id, kind, name, floor, created_at)
    select s.account_id % 64, s.account_id, 0, s.kind, s.name, null, ${toRfc3339(now)}::timestamptz
    from unnest(${words(rows, (r) => accountKey(r.id))}::bigint[], ${words(rows, (r) => r.code)}::text[],
                ${rows.map((r) => chart[r.code].name)}::text[]) as s (account_id, kind, name)
    on conflict do nothing`
}

/** A customer's account as the API shows it. `available` can be spent; `balance` still counts what is held for payments under way. Paise. */
export type CustomerAccount = {
  readonly id: AccountId
  readonly institution: string
  readonly name: string
  readonly accountNumber: AccountNumber
  readonly ifsc: Ifsc
  readonly mobile: Mobile | null
  readonly mmid: Mmid | null
  readonly reference: string | null
  readonly status: AccountStatus
  readonly balance: bigint
  readonly available: bigint
  readonly createdAt: number
}

export type NewAccount = {
  readonly tenantId: number
  readonly institution: string
  readonly nbin: string
  readonly name: string
  readonly ifsc: Ifsc
  readonly mobile: Mobile | null
  readonly mmid: Mmid | null
  readonly reference: string | null
  /** Paise, from the settlement account; zero for none. */
  readonly openingBalance: bigint
}

/**
 * Opens a customer account with a number of its own (NBIN and ten digits) and, in the same commit, its opening balance.
 * @returns the account, or `mobile_taken` when another account already answers to this mobile and MMID
 */
export async function openAccount(db: Db, account: NewAccount, now: number): Promise<CustomerAccount | 'mobile_taken'> {
  const at = toRfc3339(now)
  const rows = await db<{ account_id: bigint }[]>`
    with made as (
      insert into account (lane, account_id, tenant_id, kind, institution, name, account_number, ifsc, mobile, mmid, reference,
                           balance, floor, entry_no, entry_at, created_at)
      select n % 64, n, ${account.tenantId}, 'customer', ${account.institution}, ${account.name},
             ${account.nbin}::text || lpad(n::text, 10, '0'), ${account.ifsc}, ${account.mobile}, ${account.mmid}, ${account.reference},
             ${account.openingBalance}, 0, case when ${account.openingBalance}::bigint = 0 then 0 else 1 end, ${at}::timestamptz,
             ${at}::timestamptz
      from nextval('account_number_seq') as n
      on conflict (mobile, mmid) where mmid is not null do nothing
      returning lane, account_id),
    funded as (
      update account set balance = account.balance - ${account.openingBalance}, entry_no = account.entry_no + 1,
                         entry_at = greatest(account.entry_at, ${at}::timestamptz)
      from made
      where account.lane = made.lane and account.account_id = ${chart['RBI-STL'].number * LANES}::bigint + made.lane
        and ${account.openingBalance}::bigint > 0
      returning account.lane, account.account_id, account.entry_no, account.balance, account.entry_at),
    journal as (
      insert into entry (lane, account_id, entry_no, journal_id, kind, amount, balance_after, at)
      select l.lane, l.account_id, l.entry_no, j.id, 'opening', l.amount, l.balance_after, l.at
      from (select gen_random_uuid() as id) j, (
        select lane, account_id, entry_no, -${account.openingBalance}::bigint as amount, balance as balance_after, entry_at as at from funded
        union all
        select made.lane, made.account_id, 1, ${account.openingBalance}::bigint, ${account.openingBalance}::bigint, ${at}::timestamptz
        from made join funded on funded.lane = made.lane) l)
    select account_id from made`
  const [made] = rows
  if (made === undefined) return 'mobile_taken'
  const opened = await findAccount(db, account.tenantId, accountIdOf(made.account_id))
  if (opened === undefined) throw new Error('an account that was just opened cannot be read')
  return opened
}

type CustomerRow = {
  account_id: bigint
  institution: string
  name: string
  account_number: AccountNumber
  ifsc: Ifsc
  mobile: Mobile | null
  mmid: Mmid | null
  reference: string | null
  status: AccountStatus
  balance: bigint
  held: bigint
  created_at: number
}

const customerOf = (row: CustomerRow): CustomerAccount => ({
  id: accountIdOf(row.account_id),
  institution: row.institution,
  name: row.name,
  accountNumber: row.account_number,
  ifsc: row.ifsc,
  mobile: row.mobile,
  mmid: row.mmid,
  reference: row.reference,
  status: row.status,
  balance: row.balance + row.held,
  available: row.balance,
  createdAt: row.created_at,
})

/** One customer account of a tenant, unlocked: for views, never for decisions. */
export async function findAccount(db: Db, tenantId: number, id: AccountId): Promise<CustomerAccount | undefined> {
  const [row] = await db<CustomerRow[]>`
    select a.*, (select coalesce(sum(h.amount), 0)::bigint from hold h where h.account_id = a.account_id) as held
    from account a
    where a.lane = ${laneOfAccount(id)} and a.account_id = ${accountKey(id)} and a.tenant_id = ${tenantId} and a.kind = 'customer'`
  return row && customerOf(row)
}

/** A tenant's accounts, newest first. @param before  the last id of the page before */
export async function listAccounts(
  db: Db,
  tenantId: number,
  limit: number,
  before: AccountId | undefined,
): Promise<CustomerAccount[]> {
  const below = before === undefined ? '9223372036854775807' : accountKey(before)
  const rows = await db<CustomerRow[]>`
    select a.*, (select coalesce(sum(h.amount), 0)::bigint from hold h where h.account_id = a.account_id) as held
    from account a
    where a.tenant_id = ${tenantId} and a.kind = 'customer' and a.account_id < ${below}
    order by a.account_id desc limit ${limit}`
  return rows.map(customerOf)
}

/** Finds the accounts that inward payments name, by number and IFSC or by mobile and MMID; the answer keeps the order asked. */
export async function findAddressed(
  db: Db,
  asked: readonly {
    readonly number?: string
    readonly ifsc?: string
    readonly mobile?: string
    readonly mmid?: string
  }[],
): Promise<(AccountId | undefined)[]> {
  const rows = await db<{ at: number; account_id: bigint }[]>`
    select s.at::integer, a.account_id
    from unnest(${words(asked, (q) => q.number ?? null)}::text[], ${words(asked, (q) => q.ifsc ?? null)}::text[])
      with ordinality as s (number, ifsc, at)
    join account a on a.account_number = s.number and a.ifsc = s.ifsc
    union all
    select s.at::integer, a.account_id
    from unnest(${words(asked, (q) => q.mobile ?? null)}::text[], ${words(asked, (q) => q.mmid ?? null)}::text[])
      with ordinality as s (mobile, mmid, at)
    join account a on a.mobile = s.mobile and a.mmid = s.mmid and a.mmid is not null`
  const found: (AccountId | undefined)[] = new Array(asked.length).fill(undefined)
  for (const row of rows) found[row.at - 1] = accountIdOf(row.account_id)
  return found
}

/** One line of a statement. Amounts in paise: credit positive, debit negative. */
export type StatementLine = {
  readonly entryNo: bigint
  readonly journalId: string
  readonly kind: EntryKind
  readonly amount: bigint
  readonly balanceAfter: bigint
  readonly at: number
}

type EntryRow = {
  entry_no: bigint
  journal_id: string
  kind: EntryKind
  amount: bigint
  balance_after: bigint
  at: number
}

/** An account's statement, newest first. @param before  the entry number of the last line of the page before */
export async function listEntries(
  db: Db,
  id: AccountId,
  limit: number,
  before: bigint | undefined,
): Promise<StatementLine[]> {
  const rows = await db<EntryRow[]>`
    select entry_no, journal_id, kind, amount, balance_after, at from entry
    where lane = ${laneOfAccount(id)} and account_id = ${accountKey(id)} and entry_no < ${before ?? 9223372036854775807n}
    order by entry_no desc limit ${limit}`
  return rows.map((row) => ({
    entryNo: row.entry_no,
    journalId: row.journal_id.replaceAll('-', ''),
    kind: row.kind,
    amount: row.amount,
    balanceAfter: row.balance_after,
    at: row.at,
  }))
}

/**
 * What could be spent at an instant: the balance after the last entry at or before it. Entry numbers have no gaps and an
 * account's entries never go back in time, so the entry is found by halving: about 23 index look-ups in five million entries.
 */
export async function balanceAt(db: Db, id: AccountId, at: number): Promise<bigint> {
  const [row] = await db<{ balance: bigint }[]>`
    with recursive step (low, high, depth) as (
      select 0::bigint, (select entry_no from account where lane = ${laneOfAccount(id)} and account_id = ${accountKey(id)}), 0
      union all
      select case when e.at <= ${at}::timestamptz then e.entry_no else s.low end,
             case when e.at <= ${at}::timestamptz then s.high else e.entry_no - 1 end, s.depth + 1
      from step s
      join entry e on e.lane = ${laneOfAccount(id)} and e.account_id = ${accountKey(id)} and e.entry_no = (s.low + s.high + 1) / 2
      where s.low < s.high and s.depth < 64)
    select coalesce((select balance_after from entry
                     where lane = ${laneOfAccount(id)} and account_id = ${accountKey(id)} and entry_no = found.low), 0) as balance
    from (select low from step order by depth desc limit 1) found`
  return row?.balance ?? 0n
}
