import { toRfc3339 } from '../base/clock.ts'
import type { AccountId, AccountNumber, CustomerId, Ifsc, Lane, Mmid, Mobile } from '../base/identifiers.ts'
import { accountIdOf, accountKey, customerIdOf, LANES, laneOfAccount } from '../base/identifiers.ts'
import type { Vault } from '../base/vault.ts'
import { lines, numbers, words } from '../db/arrays.ts'
import type { Db, Tx } from '../db/pool.ts'
import { inTransaction } from '../db/transaction.ts'
import { chart, chartCodes, hubAccount } from './chart.ts'
import type { AccountStatus, Books, Entry, EntryKind, LockedAccount } from './transfer.ts'

type AccountRow = {
  lane: number
  account_id: bigint
  tenant_id: number
  institution: string | null
  status: AccountStatus
  sealed: Uint8Array | null
  ifsc: string | null
  mmid: string | null
  floor: bigint | null
  lien: bigint
  customer_id: bigint | null
  usage: string
  balance: bigint
  entry_no: bigint
  entry_at: number
}

/**
 * Locks accounts, in order of (lane, number), the one order in which anybody locks accounts.
 * Unknown ids are simply not in the books.
 */
export async function lockAccounts(tx: Tx, vault: Vault, ids: Iterable<AccountId>): Promise<Books> {
  const wanted = [...new Set(ids)]
  const rows = await tx<AccountRow[]>`
    select a.lane, a.account_id, a.tenant_id, a.institution, a.status, a.sealed, a.ifsc, a.mmid,
           a.floor, a.lien, a.customer_id, a.usage, a.balance, a.entry_no, a.entry_at
    from unnest(${numbers(wanted, laneOfAccount)}::smallint[], ${words(wanted, accountKey)}::bigint[]) as s (lane, account_id)
    join account a on a.lane = s.lane and a.account_id = s.account_id
    order by a.lane, a.account_id
    for update of a`
  await vault.load(rows.map((row) => row.sealed))
  const accounts = new Map<AccountId, LockedAccount>()
  for (const row of rows) {
    const id = accountIdOf(row.account_id)
    accounts.set(id, {
      id,
      lane: row.lane as Lane,
      tenantId: row.tenant_id,
      institution: row.institution,
      status: row.status,
      ...openOwner(vault, row),
      ifsc: row.ifsc,
      mmid: row.mmid,
      floor: row.floor,
      lien: row.lien,
      customerId: row.customer_id,
      usage: row.usage,
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
      update account a set balance = s.balance, entry_no = s.entry_no, entry_at = to_timestamp(s.entry_at / 1000.0), usage = s.usage
      from unnest(${numbers(changed, (a) => a.lane)}::smallint[], ${words(changed, (a) => accountKey(a.id))}::bigint[],
                  ${numbers(changed, (a) => a.balance)}::bigint[], ${numbers(changed, (a) => a.entryNo)}::bigint[],
                  ${numbers(changed, (a) => a.entryAt)}::bigint[], string_to_array(${lines(changed, (a) => a.usage)}, chr(10)))
        as s (lane, account_id, balance, entry_no, entry_at, usage)
      where a.lane = s.lane and a.account_id = s.account_id`.execute(),
    insertEntries(tx, books.entries),
  ]
}

/** Writes legs. All legs of a journal in one statement: the database checks that they sum to zero. */
export function insertEntries(tx: Tx, entries: readonly Entry[]): Promise<unknown> {
  return tx`
    insert into entry (lane, account_id, entry_no, journal_id, kind, amount, balance_after, at)
    select lane, account_id, entry_no, journal_id, kind, amount, balance_after, to_timestamp(at / 1000.0)
    from unnest(${numbers(entries, (e) => e.lane)}::smallint[], ${words(entries, (e) => accountKey(e.accountId))}::bigint[],
                ${numbers(entries, (e) => e.entryNo)}::bigint[], ${words(entries, (e) => e.journalKey)}::uuid[],
                ${words(entries, (e) => e.kind)}::text[], ${numbers(entries, (e) => e.amount)}::bigint[],
                ${numbers(entries, (e) => e.balanceAfter)}::bigint[], ${numbers(entries, (e) => e.at)}::bigint[])
      as s (lane, account_id, entry_no, journal_id, kind, amount, balance_after, at)`.execute()
}

/** What is personal about an account: one sealed value. */
type Owner = { readonly name: string; readonly accountNumber: string | null; readonly mobile: string | null }

const PLACE = 'account.sealed'
/** What stands in the place of a name whose key was destroyed. */
export const ERASED = 'ERASED'

const sealOwner = (vault: Vault, tenantId: number, key: string, { name, accountNumber, mobile }: Owner): Uint8Array =>
  vault.seal(PLACE, tenantId, key, JSON.stringify([name, accountNumber, mobile]))

/** The hub's own accounts have no owner. */
function openOwner(
  vault: Vault,
  row: { readonly account_id: bigint; readonly tenant_id: number; readonly sealed: Uint8Array | null },
): Owner {
  if (row.sealed === null) return { name: '', accountNumber: null, mobile: null }
  const text = vault.openOften(PLACE, row.tenant_id, String(row.account_id), row.sealed)
  if (text === undefined) return { name: ERASED, accountNumber: null, mobile: null }
  const [name, accountNumber, mobile] = JSON.parse(text) as [string, string | null, string | null]
  return { name, accountNumber, mobile }
}

/** Makes sure the hub's own accounts exist in every lane. Safe to call at every start. */
export async function ensureChart(db: Db, now: number): Promise<void> {
  const rows = chartCodes.flatMap((code) =>
    Array.from({ length: LANES }, (_, lane) => ({ code, id: hubAccount(code, lane as Lane) })),
  )
  await db`
    insert into account (lane, account_id, tenant_id, kind, floor, created_at)
    select s.account_id % 64, s.account_id, 0, s.kind, null, ${toRfc3339(now)}::timestamptz
    from unnest(${words(rows, (r) => accountKey(r.id))}::bigint[], ${words(rows, (r) => r.code)}::text[]) as s (account_id, kind)
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
  /** The owner's consent: what comes for this mobile number and the bank's default MMID is for this account. */
  readonly defaultForMobile: boolean
  readonly reference: string | null
  readonly status: AccountStatus
  readonly balance: bigint
  readonly available: bigint
  /** Of the balance, what may not be spent. */
  readonly lien: bigint
  readonly customerId: bigint | null
  /** The same, as the API names it. */
  readonly customer: CustomerId | null
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
  readonly defaultForMobile?: boolean
  readonly customerId?: bigint
  readonly reference: string | null
  /** Paise, from the settlement account; zero for none. */
  readonly openingBalance: bigint
}

/**
 * Opens a customer account with a number of its own (NBIN and ten digits) and, in the same commit, its opening balance and the
 * owner's consent to be the default of the mobile number, which the tenant's account before it then loses.
 * @returns `mobile_taken` when another account already answers to this mobile and MMID, `default_taken` when the default of this
 *   mobile number at this institution is another tenant's account
 */
export async function openAccount(
  db: Db,
  vault: Vault,
  account: NewAccount,
  now: number,
): Promise<CustomerAccount | 'mobile_taken' | 'default_taken'> {
  const { tenantId, institution, mobile, defaultForMobile = false } = account
  await vault.prepare([tenantId], now)
  const made = await inTransaction(db, async (tx) => {
    if (defaultForMobile && mobile !== null && !(await takeDefault(tx, vault, tenantId, institution, mobile)))
      return 'default_taken'
    return insertAccount(tx, vault, account, toRfc3339(now))
  })
  if (typeof made === 'string') return made
  const opened = await findAccount(db, vault, tenantId, made.id)
  if (opened === undefined) throw new Error('an account that was just opened cannot be read')
  return opened
}

async function insertAccount(
  tx: Tx,
  vault: Vault,
  account: NewAccount,
  at: string,
): Promise<{ readonly id: AccountId } | 'mobile_taken'> {
  const [next] = await tx<{ n: bigint }[]>`select nextval('account_number_seq') as n`
  const key = String(next?.n)
  const accountNumber = account.nbin + key.padStart(10, '0')
  const { name, mobile, tenantId } = account
  const sealed = sealOwner(vault, tenantId, key, { name, accountNumber, mobile })
  const rows = await tx<{ account_id: bigint }[]>`
    with made as (
      insert into account (lane, account_id, tenant_id, kind, institution, sealed, number_index, ifsc, mobile_index, mmid,
                           default_for_mobile, reference, customer_id, balance, floor, entry_no, entry_at, created_at)
      select ${key}::bigint % 64, ${key}::bigint, ${tenantId}, 'customer', ${account.institution}, ${sealed}::bytea,
             ${vault.index('account', accountNumber)}::uuid, ${account.ifsc},
             ${mobile === null ? null : vault.index('mobile', mobile)}::uuid, ${account.mmid},
             ${account.defaultForMobile ?? false}, ${account.reference}, ${account.customerId ?? null}::bigint,
             ${account.openingBalance}, 0, case when ${account.openingBalance}::bigint = 0 then 0 else 1 end, ${at}::timestamptz,
             ${at}::timestamptz
      on conflict (mobile_index, mmid) where mmid is not null and mobile_index is not null do nothing
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
  return made === undefined ? 'mobile_taken' : { id: accountIdOf(made.account_id) }
}

/**
 * Clears the default of a mobile number at an institution for a tenant that is about to set it. Whoever else does so waits.
 * @returns false when the default is another tenant's account: one customer of a hub cannot take another's money
 */
async function takeDefault(
  tx: Tx,
  vault: Vault,
  tenantId: number,
  institution: string,
  mobile: string,
  id?: AccountId,
): Promise<boolean> {
  const index = vault.index('mobile', mobile)
  await tx`select pg_advisory_xact_lock(hashtextextended(${`default of ${index} at ${institution}`}, 0))`
  const rows = await tx<{ theirs: boolean }[]>`
    select tenant_id <> ${tenantId} and status <> 'closed' as theirs from account
    where mobile_index = ${index}::uuid and mmid is not null and institution = ${institution}
      and (default_for_mobile or tenant_id <> ${tenantId} or account_id = ${id === undefined ? null : accountKey(id)})
    order by lane, account_id for update`
  if (rows.some(({ theirs }) => theirs)) return false
  await tx`
    update account set default_for_mobile = false
    where mobile_index = ${index}::uuid and mmid is not null and institution = ${institution} and default_for_mobile`
  return true
}

/**
 * Records the owner's consent, or its end: what comes for the mobile number and the bank's default MMID is for this account,
 * and no longer for the tenant's account that had it before. Safe to call again.
 * @returns the account; undefined when the tenant has no such account
 */
export async function setDefaultForMobile(
  db: Db,
  vault: Vault,
  tenantId: number,
  id: AccountId,
  consent: boolean,
): Promise<CustomerAccount | 'no_mobile' | 'default_taken' | undefined> {
  const account = await findAccount(db, vault, tenantId, id)
  if (account === undefined) return undefined
  const { mobile, institution } = account
  if (mobile === null) return consent ? 'no_mobile' : account
  const done = await inTransaction(db, async (tx) => {
    if (consent && !(await takeDefault(tx, vault, tenantId, institution, mobile, id))) return false
    await tx`
      update account set default_for_mobile = ${consent}
      where lane = ${laneOfAccount(id)} and account_id = ${accountKey(id)} and tenant_id = ${tenantId}`
    return true
  })
  return done ? { ...account, defaultForMobile: consent } : 'default_taken'
}

type CustomerRow = {
  account_id: bigint
  tenant_id: number
  institution: string
  sealed: Uint8Array | null
  ifsc: Ifsc
  lien: bigint
  customer_id: bigint | null
  customer: string | null
  mmid: Mmid | null
  default_for_mobile: boolean
  reference: string | null
  status: AccountStatus
  balance: bigint
  held: bigint
  created_at: number
}

function customerOf(vault: Vault, row: CustomerRow): CustomerAccount {
  const { name, accountNumber, mobile } = openOwner(vault, row)
  return {
    id: accountIdOf(row.account_id),
    institution: row.institution,
    name,
    accountNumber: (accountNumber ?? ERASED) as AccountNumber,
    ifsc: row.ifsc,
    mobile: mobile as Mobile | null,
    mmid: row.mmid,
    defaultForMobile: row.default_for_mobile,
    reference: row.reference,
    status: row.status,
    balance: row.balance + row.held,
    available: row.balance - row.lien,
    lien: row.lien,
    customerId: row.customer_id,
    customer: row.customer === null ? null : customerIdOf(row.customer),
    createdAt: row.created_at,
  }
}

/** One customer account of a tenant, unlocked: for views, never for decisions. */
export async function findAccount(
  db: Db | Tx,
  vault: Vault,
  tenantId: number,
  id: AccountId,
): Promise<CustomerAccount | undefined> {
  const [row] = await db<CustomerRow[]>`
    select a.*, (select coalesce(sum(h.amount), 0)::bigint from hold h where h.account_id = a.account_id) as held,
           (select c.public_id from customer c where c.customer_id = a.customer_id) as customer
    from account a
    where a.lane = ${laneOfAccount(id)} and a.account_id = ${accountKey(id)} and a.tenant_id = ${tenantId} and a.kind = 'customer'`
  if (row === undefined) return undefined
  await vault.load([row.sealed])
  return customerOf(vault, row)
}

/** Whose account it is, for a name enquiry. */
export type AccountOwner = {
  readonly name: string
  readonly status: AccountStatus
  readonly accountNumber: string
  readonly ifsc: string
}

/** The owner of a customer account, of whichever tenant, unlocked. */
export async function findOwner(db: Db, vault: Vault, id: AccountId): Promise<AccountOwner | undefined> {
  const [row] = await db<Pick<AccountRow, 'account_id' | 'tenant_id' | 'sealed' | 'status' | 'ifsc'>[]>`
    select account_id, tenant_id, sealed, status, ifsc from account
    where lane = ${laneOfAccount(id)} and account_id = ${accountKey(id)} and kind = 'customer'`
  if (row === undefined) return undefined
  await vault.load([row.sealed])
  const { name, accountNumber } = openOwner(vault, row)
  return { name, status: row.status, accountNumber: accountNumber ?? ERASED, ifsc: row.ifsc ?? '' }
}

/** A tenant's accounts, newest first. @param before  the last id of the page before */
export async function listAccounts(
  db: Db | Tx,
  vault: Vault,
  tenantId: number,
  limit: number,
  before: AccountId | undefined,
): Promise<CustomerAccount[]> {
  const below = before === undefined ? '9223372036854775807' : accountKey(before)
  const rows = await db<CustomerRow[]>`
    select a.*, (select coalesce(sum(h.amount), 0)::bigint from hold h where h.account_id = a.account_id) as held,
           (select c.public_id from customer c where c.customer_id = a.customer_id) as customer
    from account a
    where a.tenant_id = ${tenantId} and a.kind = 'customer' and a.account_id < ${below}
    order by a.account_id desc limit ${limit}`
  await vault.load(rows.map((row) => row.sealed))
  return rows.map((row) => customerOf(vault, row))
}

/** The accounts of one customer of a tenant, oldest first; at most twenty. */
export async function listAccountsOf(
  db: Db | Tx,
  vault: Vault,
  tenantId: number,
  customerKey: bigint,
): Promise<CustomerAccount[]> {
  const rows = await db<CustomerRow[]>`
    select a.*, (select coalesce(sum(h.amount), 0)::bigint from hold h where h.account_id = a.account_id) as held,
           (select c.public_id from customer c where c.customer_id = a.customer_id) as customer
    from account a
    where a.customer_id = ${customerKey} and a.tenant_id = ${tenantId} and a.kind = 'customer'
    order by a.account_id limit 20`
  await vault.load(rows.map((row) => row.sealed))
  return rows.map((row) => customerOf(vault, row))
}

/** The account that an address means, or that a default MMID has several of them to mean. */
export type Resolved = AccountId | 'several_accounts'

/** One account behind a mobile number at a bank. */
export type Candidate = {
  readonly id: AccountId
  readonly status: AccountStatus
  readonly defaultForMobile: boolean
}

/**
 * The account that a mobile number and the bank's default MMID mean: the one its owner consented to, else the only one. Closed
 * accounts count only when there is nothing else, so that the payer is told the account is closed.
 * @source NPCI OC 119
 */
export function defaultAccount(candidates: readonly Candidate[]): Resolved | undefined {
  const living = candidates.filter(({ status }) => status !== 'closed')
  const [first] = living
  if (first === undefined) return candidates[0]?.id
  if (living.length === 1) return first.id
  return living.find(({ defaultForMobile }) => defaultForMobile)?.id ?? 'several_accounts'
}

/**
 * Finds the accounts that inward payments name, by number and IFSC or by mobile and MMID; the answer keeps the order asked. An
 * MMID that ends in 000 is the bank's default and means what `defaultAccount` says.
 */
export async function findAddressed(
  db: Db,
  vault: Vault,
  asked: readonly {
    readonly number?: string
    readonly ifsc?: string
    readonly mobile?: string
    readonly mmid?: string
  }[],
): Promise<(Resolved | undefined)[]> {
  const mmidOf = (q: { readonly mmid?: string }, ofDefault: boolean): string | null =>
    q.mmid !== undefined && q.mmid.endsWith('000') === ofDefault ? q.mmid : null
  const numberIndex = (q: { readonly number?: string }) =>
    q.number === undefined ? null : vault.index('account', q.number)
  const mobileIndex = (q: { readonly mobile?: string }) =>
    q.mobile === undefined ? null : vault.index('mobile', q.mobile)
  const rows = await db<
    { at: number; account_id: bigint; status: AccountStatus; default_for_mobile: boolean; by_default: boolean }[]
  >`
    select s.at::integer, a.account_id, a.status, a.default_for_mobile, false as by_default
    from unnest(${words(asked, numberIndex)}::uuid[], ${words(asked, (q) => q.ifsc ?? null)}::text[])
      with ordinality as s (number, ifsc, at)
    join account a on a.number_index = s.number and a.ifsc = s.ifsc
    union all
    select s.at::integer, a.account_id, a.status, a.default_for_mobile, false
    from unnest(${words(asked, mobileIndex)}::uuid[], ${words(asked, (q) => mmidOf(q, false))}::text[])
      with ordinality as s (mobile, mmid, at)
    join account a on a.mobile_index = s.mobile and a.mmid = s.mmid and a.mmid is not null
    union all
    select s.at::integer, a.account_id, a.status, a.default_for_mobile, true
    from unnest(${words(asked, mobileIndex)}::uuid[], ${words(asked, (q) => mmidOf(q, true))}::text[])
      with ordinality as s (mobile, mmid, at)
    join account a on a.mobile_index = s.mobile and a.mmid between s.mmid and left(s.mmid, 4) || '999' and a.mmid is not null
    order by 2`
  const found: (Resolved | undefined)[] = new Array(asked.length).fill(undefined)
  const candidates = new Map<number, Candidate[]>()
  for (const row of rows) {
    const id = accountIdOf(row.account_id)
    if (!row.by_default) {
      found[row.at - 1] = id
      continue
    }
    const behind = candidates.get(row.at - 1) ?? []
    behind.push({ id, status: row.status, defaultForMobile: row.default_for_mobile })
    candidates.set(row.at - 1, behind)
  }
  for (const [at, behind] of candidates) found[at] = defaultAccount(behind)
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
  db: Db | Tx,
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

/** What an account's ledger says of a span of time. */
export type Statement = {
  readonly opening: bigint
  readonly closing: bigint
  /** Oldest first, with the RRN of the payment that caused it. */
  readonly lines: readonly (StatementLine & { readonly rrn: string | null })[]
}

/**
 * The entries of an account from an instant on and before another, found by halving as `balanceAt` does. Epoch milliseconds.
 * @param limit  lines at most: ask for one more than is wanted to see that there are more
 */
export async function readStatement(
  tx: Tx,
  id: AccountId,
  from: number,
  until: number,
  limit: number,
): Promise<Statement> {
  const [lane, key] = [laneOfAccount(id), accountKey(id)]
  const rows = await tx<(EntryRow & { rrn: string | null })[]>`
    select e.entry_no, e.journal_id, e.kind, e.amount, e.balance_after, e.at, p.rrn
    from (select entry_before(${lane}::smallint, ${key}::bigint, ${toRfc3339(from)}::timestamptz) as low,
                 entry_before(${lane}::smallint, ${key}::bigint, ${toRfc3339(until)}::timestamptz) as high) as edge
    join entry e on e.lane = ${lane} and e.account_id = ${key} and e.entry_no > edge.low and e.entry_no <= edge.high
    left join payment p on p.payment_id = e.journal_id
    order by e.entry_no limit ${limit}`
  const lines = rows.map((row) => ({
    entryNo: row.entry_no,
    journalId: row.journal_id.replaceAll('-', ''),
    kind: row.kind,
    amount: row.amount,
    balanceAfter: row.balance_after,
    at: row.at,
    rrn: row.rrn,
  }))
  const [first, last] = [lines[0], lines.at(-1)]
  const opening = first === undefined ? await balanceAt(tx, id, from) : first.balanceAfter - first.amount
  return { opening, closing: last?.balanceAfter ?? opening, lines }
}

/**
 * What could be spent at an instant: the balance after the last entry at or before it. Entry numbers have no gaps and an
 * account's entries never go back in time, so the entry is found by halving: about 23 index look-ups in five million entries.
 */
export async function balanceAt(db: Db | Tx, id: AccountId, at: number): Promise<bigint> {
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
