import type { PendingQuery, Row } from 'postgres'
import { toRfc3339 } from '../base/clock.ts'
import {
  type AccountId,
  accountIdOf,
  accountKey,
  type PaymentId,
  parseAccountId,
  parseAccountNumber,
  parseIfsc,
  parseMobile,
  parsePaymentId,
  parseRrn,
  paymentIdOf,
  paymentKey,
} from '../base/identifiers.ts'
import { parseRupees } from '../base/money.ts'
import type { Vault } from '../base/vault.ts'
import type { Tx, Db as Whole } from '../db/pool.ts'
import { type PublicStatus, reasonPrefixes, type StateKind, statesOf } from './payment.ts'
import { type PaymentRow, paymentsOf } from './store.ts'
import type { StoredPayment } from './stored.ts'

/**
 * The history of payments, newest first. Every filter, and every combination, does a bounded amount of work whatever the
 * data look like: this file chooses the index, not the planner, whose statistics cannot know that one account made half of
 * all payments or that the last decline was a year ago.
 */

export type HistoryFilters = {
  readonly status?: PublicStatus | undefined
  readonly state?: StateKind | undefined
  readonly direction?: 'outward' | 'inward' | undefined
  readonly rrn?: string | undefined
  readonly reference?: string | undefined
  /** An account of the hub, or an account number: the tenant's own, or the other side's. */
  readonly account?: string | undefined
  /** Of the beneficiary of an outward payment. */
  readonly ifsc?: string | undefined
  /** Of an account of the tenant, or of the other side. */
  readonly mobile?: string | undefined
  /** Paise, both inclusive. */
  readonly minAmount?: bigint | undefined
  readonly maxAmount?: bigint | undefined
  /** Epoch milliseconds of `createdAt`: from this instant, and before that one. */
  readonly from?: number | undefined
  readonly to?: number | undefined
  /** What somebody typed into a search box. */
  readonly q?: string | undefined
}

/**
 * A page. `next` is where the following page begins; undefined at the end. A page may be short, even empty, and still have
 * a `next`: then the bound on the work was reached before the page was full.
 */
export type HistoryPage = { readonly payments: readonly StoredPayment[]; readonly next: PaymentId | undefined }

/** Candidates that one call looks at, at most; a quarter of them when each has to be opened for its names. */
const MAX_LOOKED_AT = 16_384
/** Candidates in one statement, at most. */
const MAX_CHUNK = 4_096
/** How far candidates of competing indexes are counted to find the sparsest. */
const PROBE = 1_024
/** An amount range with more payments than this is not collected and sorted: the newest payments are looked through instead. */
const MAX_IN_RANGE = 12_500
/** A payment's id is made when it is asked for, its `created_at` when it is written: this much later at most. */
const ID_BEFORE_ROW_MS = 10_000

const ABOVE_ALL = 'ffffffff-ffff-ffff-ffff-ffffffffffff'
const BELOW_ALL = '00000000-0000-0000-0000-000000000000'

type Db = Whole | Tx

/** A piece of SQL with its parameters. */
type Sql = PendingQuery<Row[]>

/** Where candidates come from: one index, walked from the newest payment to the oldest. */
type Source = {
  /** The id of the candidate number `count` below `below`: with those above it, a chunk. Undefined when fewer are left. */
  readonly end: (below: string, floor: string, count: number) => Promise<string | undefined>
  /** The newest candidates from `end` on and below `below` that fit. */
  readonly rows: (below: string, end: string, fits: Sql, count: number) => Promise<readonly PaymentRow[]>
}

/**
 * A tenant's payments that fit all filters, newest first.
 * @param before  the last id of the page before
 * @param limit   payments at most, 1 to 100
 */
export async function listPayments(
  db: Db,
  vault: Vault,
  tenantId: number,
  filters: HistoryFilters,
  before: PaymentId | undefined,
  limit: number,
): Promise<HistoryPage> {
  const nothing = { payments: [], next: undefined }
  if (filters.ifsc !== undefined && filters.direction === 'inward') return nothing
  const search = filters.q === undefined ? undefined : readSearch(filters.q)
  const top = least(before === undefined ? ABOVE_ALL : dashed(paymentKey(before)), firstIdAt(filters.to) ?? ABOVE_ALL)
  const floor = firstIdAt(filters.from === undefined ? undefined : filters.from - ID_BEFORE_ROW_MS) ?? BELOW_ALL
  const accounts = await ownAccounts(db, vault, tenantId, filters, search)
  const source = await sparsest(await sources(db, vault, tenantId, filters, search, accounts), newest(db), top, floor)
  // Names are sealed: whether one begins like that is seen when it is opened, here.
  const byName = search?.name === undefined ? undefined : search
  const fits = condition(db, vault, tenantId, filters, byName === undefined ? search : undefined, accounts)

  const most = search?.name === undefined ? MAX_LOOKED_AT : MAX_LOOKED_AT / 4

  const found: StoredPayment[] = []
  let below = top
  let chunk = limit + 1
  for (let lookedAt = 0; lookedAt < most; lookedAt += chunk) {
    const end = await source.end(below, floor, chunk)
    const wanted = limit + 1 - found.length
    const rows = await source.rows(below, end ?? floor, fits, byName === undefined ? wanted : chunk)
    const opened = await paymentsOf(vault, rows)
    found.push(
      ...(byName === undefined
        ? opened
        : opened.filter((payment) => isMeant(payment, byName, accounts)).slice(0, wanted)),
    )
    if (found.length > limit) {
      const page = found.slice(0, limit)
      return { payments: page, next: page.at(-1)?.id }
    }
    if (end === undefined) return { payments: found, next: undefined }
    below = end
    chunk = Math.min(chunk * 6, MAX_CHUNK)
  }
  return { payments: found, next: paymentIdOf(below) }
}

const least = (a: string, b: string): string => (a < b ? a : b)
const highest = (ids: readonly string[]): string | undefined => [...ids].sort().at(-1)

/** The form in which PostgreSQL writes a UUID, so that ids compare as text. */
const dashed = (hex: string): string =>
  `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`

/** No id that was made before this instant is as high; the first 48 bits of a UUIDv7 are its milliseconds. */
const firstIdAt = (epochMs: number | undefined): string | undefined =>
  epochMs === undefined ? undefined : dashed(Math.max(0, epochMs).toString(16).padStart(12, '0').padEnd(32, '0'))

/** What a search box may have meant; each part is looked for where it could be. */
type Search = {
  readonly text: string
  readonly paymentId: PaymentId | undefined
  readonly accountId: AccountId | undefined
  readonly rrn: string | undefined
  readonly account: string | undefined
  readonly mobile: string | undefined
  readonly ifsc: string | undefined
  readonly amount: bigint | undefined
  /** Lower case; undefined where no name begins like that. */
  readonly name: string | undefined
}

function readSearch(q: string): Search {
  const text = q.trim()
  const digits = text.replace(/^(\+?91)?[ -]?(?=[6-9][0-9]{9}$)/, '')
  const id = text.toLowerCase()
  return {
    text,
    paymentId: parsePaymentId(id),
    accountId: parseAccountId(id),
    rrn: parseRrn(text),
    account: parseAccountNumber(text),
    mobile: parseMobile(digits),
    ifsc: parseIfsc(text.toUpperCase()),
    amount: parseRupees(text.replace(/^(₹|rs\.?|inr) ?/i, '')),
    name: /^\p{L}[\p{L} .'-]*$/u.test(text) ? text.toLowerCase() : undefined,
  }
}

type OwnAccounts = { readonly byNumber: readonly AccountId[]; readonly byMobile: readonly AccountId[] }

/** The tenant's own accounts with that number or mobile: few, and found by a unique index. */
async function ownAccounts(
  db: Db,
  vault: Vault,
  tenantId: number,
  filters: HistoryFilters,
  search: Search | undefined,
): Promise<OwnAccounts> {
  const numbers = [filters.account, search?.account].filter((value) => value !== undefined)
  const mobiles = [filters.mobile, search?.mobile].filter((value) => value !== undefined)
  const [byNumber, byMobile] = await Promise.all([
    numbers.length === 0
      ? []
      : db<{ account_id: bigint }[]>`
          select account_id from account
          where number_index = any(${numbers.map((one) => vault.index('account', one))}::uuid[]) and tenant_id = ${tenantId} limit 10`,
    mobiles.length === 0
      ? []
      : db<{ account_id: bigint }[]>`
          select account_id from account
          where mobile_index = any(${mobiles.map((one) => vault.index('mobile', one))}::uuid[]) and mmid is not null and tenant_id = ${tenantId} limit 10`,
  ])
  return {
    byNumber: byNumber.map((row) => accountIdOf(row.account_id)),
    byMobile: byMobile.map((row) => accountIdOf(row.account_id)),
  }
}

/** Every filter that an index can serve. */
async function sources(
  db: Db,
  vault: Vault,
  tenantId: number,
  filters: HistoryFilters,
  search: Search | undefined,
  accounts: OwnAccounts,
): Promise<Source[]> {
  const found: Source[] = []
  const { rrn, reference, account, mobile, ifsc, status, state, minAmount, maxAmount } = filters
  if (rrn !== undefined) found.push(byRrn(db, rrn))
  if (reference !== undefined) found.push(byReference(db, reference))
  if (account !== undefined) {
    const own = parseAccountId(account)
    found.push(own === undefined ? merged(byNumber(db, vault, account, accounts.byNumber)) : byAccount(db, own))
  }
  if (mobile !== undefined) found.push(merged(byMobile(db, vault, mobile, accounts.byMobile)))
  if (ifsc !== undefined) found.push(byIfsc(db, ifsc))
  if (status !== undefined && status !== 'succeeded') found.push(byStatus(db, tenantId, status))
  if (state !== undefined && state !== 'succeeded') found.push(byState(db, tenantId, state))
  if (minAmount !== undefined || maxAmount !== undefined) {
    const source = await byAmountRange(db, minAmount ?? 1n, maxAmount ?? 999_999_999_999n)
    if (source !== undefined) found.push(source)
  }
  if (search !== undefined) {
    const source = await bySearch(db, vault, search, accounts)
    if (source !== undefined) found.push(source)
  }
  return found
}

/** The source whose candidates reach furthest back, so the one with the fewest; `otherwise` when there is none. */
async function sparsest(found: readonly Source[], otherwise: Source, top: string, floor: string): Promise<Source> {
  const [only = otherwise] = found
  if (found.length < 2) return only
  const ends = await Promise.all(found.map(async (source) => (await source.end(top, floor, PROBE)) ?? BELOW_ALL))
  return found[ends.indexOf(ends.reduce(least))] ?? otherwise
}

/** Several sources as one. A payment that more than one of them has comes once. */
function merged(parts: readonly Source[]): Source {
  return {
    async end(below, floor, count) {
      const ends = await Promise.all(parts.map((part) => part.end(below, floor, count)))
      return highest(ends.filter((end) => end !== undefined))
    },
    async rows(below, end, fits, count) {
      const lists = await Promise.all(parts.map((part) => part.rows(below, end, fits, count)))
      const once = new Map(lists.flat().map((row) => [row.payment_id, row]))
      return [...once.values()].sort((a, b) => (a.payment_id < b.payment_id ? 1 : -1)).slice(0, count)
    },
  }
}

type IdRow = { payment_id: string }

/**
 * An index of `payment`, walked backwards. The condition compares whole index rows, and the order names all their columns:
 * only this index gives that order, so the planner has no other way, whatever its statistics say.
 */
const along = (db: Db, within: (below: string, floor: string) => Sql, order: Sql): Source => ({
  async end(below, floor, count) {
    const [row] = await db<IdRow[]>`
      select p.payment_id from payment p where ${within(below, floor)} order by ${order} offset ${count - 1} limit 1`
    return row?.payment_id
  },
  // The inner limit, MAX_CHUNK in plain digits, tells the planner that few rows are wanted and keeps the conditions apart:
  // with `account_id = x` beside it, the walk would start at the newest payment of x, however deep the page is.
  rows: (below, end, fits, count) => db<PaymentRow[]>`
    select p.* from (select * from payment p where ${within(below, end)} order by ${order} limit 4096) p
    where ${fits} order by ${order} limit ${count}`,
})

/** Ids that another table, or a small part of `payment`, has: at most a chunk of them is looked up at once. */
const listed = (db: Db, within: (below: string, floor: string) => Sql): Source => ({
  async end(below, floor, count) {
    const [row] = await db<IdRow[]>`
      select payment_id from (${within(below, floor)}) listed order by payment_id desc offset ${count - 1} limit 1`
    return row?.payment_id
  },
  // A list of ids and not a join: a join in the order of ids may walk the newest payments until it meets enough of them.
  rows: (below, end, fits, count) => db<PaymentRow[]>`
    select p.* from (
      select * from payment where payment_id = any(array(
        select payment_id from (${within(below, end)}) listed order by payment_id desc limit 4096)) limit 4096) p
    where ${fits} order by p.payment_id desc limit ${count}`,
})

const newest = (db: Db): Source =>
  along(
    db,
    (below, floor) => db`p.payment_id < ${below}::uuid and p.payment_id >= ${floor}::uuid`,
    db`p.payment_id desc`,
  )

const byAccount = (db: Db, id: AccountId): Source => {
  const key = accountKey(id)
  return along(
    db,
    (below, floor) => db`
      (p.account_id, p.payment_id) < (${key}::bigint, ${below}::uuid)
      and (p.account_id, p.payment_id) >= (${key}::bigint, ${floor}::uuid)`,
    db`p.account_id desc, p.payment_id desc`,
  )
}

const byReference = (db: Db, reference: string): Source =>
  along(
    db,
    (below, floor) => db`
      p.reference is not null and (p.reference, p.payment_id) < (${reference}::text, ${below}::uuid)
      and (p.reference, p.payment_id) >= (${reference}::text, ${floor}::uuid)`,
    db`p.reference desc, p.payment_id desc`,
  )

const byIfsc = (db: Db, ifsc: string): Source =>
  along(
    db,
    (below, floor) => db`
      p.direction = 'outward' and (p.beneficiary_ifsc, p.payment_id) < (${ifsc}::text, ${below}::uuid)
      and (p.beneficiary_ifsc, p.payment_id) >= (${ifsc}::text, ${floor}::uuid)`,
    db`p.beneficiary_ifsc desc, p.payment_id desc`,
  )

const byNumber = (db: Db, vault: Vault, number: string, own: readonly AccountId[]): Source[] => {
  const index = vault.index('account', number)
  const source = along(
    db,
    (below, floor) => db`
      p.other_account is not null and (p.other_account, p.payment_id) < (${index}::uuid, ${below}::uuid)
      and (p.other_account, p.payment_id) >= (${index}::uuid, ${floor}::uuid)`,
    db`p.other_account desc, p.payment_id desc`,
  )
  return [source, ...own.map((id) => byAccount(db, id))]
}

const byMobile = (db: Db, vault: Vault, mobile: string, own: readonly AccountId[]): Source[] => {
  const index = vault.index('mobile', mobile)
  const source = along(
    db,
    (below, floor) => db`
      p.other_mobile is not null and (p.other_mobile, p.payment_id) < (${index}::uuid, ${below}::uuid)
      and (p.other_mobile, p.payment_id) >= (${index}::uuid, ${floor}::uuid)`,
    db`p.other_mobile desc, p.payment_id desc`,
  )
  return [source, ...own.map((id) => byAccount(db, id))]
}

/** An RRN names one payment per remitter bank and direction: hundreds at most. */
const byRrn = (db: Db, rrn: string): Source =>
  listed(
    db,
    (below, floor) => db`
      select payment_id from (select payment_id from payment where rrn = ${rrn} limit ${PROBE}) named
      where payment_id < ${below}::uuid and payment_id >= ${floor}::uuid`,
  )

const byAmount = (db: Db, amount: bigint): Source => {
  const paise = String(amount)
  return along(
    db,
    (below, floor) => db`
      (p.amount, p.payment_id) < (${paise}::bigint, ${below}::uuid)
      and (p.amount, p.payment_id) >= (${paise}::bigint, ${floor}::uuid)`,
    db`p.amount desc, p.payment_id desc`,
  )
}

/** A range of amounts is in order of amount, not of time: a small one is collected and sorted, a large one has no source. */
async function byAmountRange(db: Db, low: bigint, high: bigint): Promise<Source | undefined> {
  if (low === high) return byAmount(db, low)
  const range = db`select payment_id from payment where amount >= ${String(low)}::bigint and amount <= ${String(high)}::bigint
                   order by amount, payment_id`
  const [counted] = await db<{ many: boolean }[]>`
    select count(*) > ${MAX_IN_RANGE} as many from (${range} limit ${MAX_IN_RANGE + 1}) counted`
  if (counted?.many !== false) return undefined
  return listed(
    db,
    (below, floor) => db`
      select payment_id from (${range} limit ${MAX_IN_RANGE}) ranged
      where payment_id < ${below}::uuid and payment_id >= ${floor}::uuid`,
  )
}

/** Unresolved payments are the holds; what did not simply succeed has an event that says so. */
function byStatus(db: Db, tenantId: number, status: PublicStatus): Source {
  if (status === 'requires_approval' || status === 'requires_authentication') {
    const awaiting = status === 'requires_approval' ? 'approval' : 'authentication'
    return listed(
      db,
      (below, floor) => db`
        select payment_id from hold
        where awaiting = ${awaiting} and tenant_id = ${tenantId} and payment_id < ${below}::uuid and payment_id >= ${floor}::uuid`,
    )
  }
  if (status !== 'processing') return merged(statesOf(status).map((state) => byExceptionalEvent(db, state)))
  return listed(
    db,
    (below, floor) => db`
      select payment_id from hold
      where tenant_id = ${tenantId} and payment_id < ${below}::uuid and payment_id >= ${floor}::uuid`,
  )
}

/** What is open has a hold, sent or not; what ended otherwise than well an event. */
function byState(db: Db, tenantId: number, state: StateKind): Source {
  if (state !== 'held' && state !== 'sent' && state !== 'unconfirmed') return byExceptionalEvent(db, state)
  return listed(
    db,
    (below, floor) => db`
      select payment_id from hold
      where tenant_id = ${tenantId} and (sent_at is null) = ${state === 'held'} and payment_id < ${below}::uuid and payment_id >= ${floor}::uuid`,
  )
}

const byExceptionalEvent = (db: Db, state: StateKind): Source => {
  const within = (below: string, floor: string) => db`
    state in ('deemed', 'declined', 'returned', 'cancelled', 'refused', 'unconfirmed')
    and (state, payment_id) < (${state}::text, ${below}::uuid) and (state, payment_id) >= (${state}::text, ${floor}::uuid)`
  return {
    ...listed(db, (below, floor) => db`select payment_id from event where ${within(below, floor)}`),
    async end(below, floor, count) {
      const [row] = await db<IdRow[]>`
        select payment_id from event where ${within(below, floor)}
        order by state desc, payment_id desc offset ${count - 1} limit 1`
      return row?.payment_id
    },
  }
}

/** All that the search could mean and an index can find. Undefined when it is a name, for which the newest payments are looked through. */
async function bySearch(db: Db, vault: Vault, search: Search, accounts: OwnAccounts): Promise<Source | undefined> {
  const { paymentId, accountId, rrn, account, mobile, ifsc, amount, text, name } = search
  const source = merged([
    byReference(db, text),
    ...(paymentId === undefined ? [] : [byId(db, paymentId)]),
    ...(accountId === undefined ? [] : [byAccount(db, accountId)]),
    ...(rrn === undefined ? [] : [byRrn(db, rrn)]),
    ...(account === undefined ? [] : byNumber(db, vault, account, accounts.byNumber)),
    ...(mobile === undefined ? [] : byMobile(db, vault, mobile, accounts.byMobile)),
    ...(ifsc === undefined ? [] : [byIfsc(db, ifsc)]),
    ...(amount === undefined ? [] : [byAmount(db, amount)]),
  ])
  if (name === undefined) return source
  return (await source.end(ABOVE_ALL, BELOW_ALL, 1)) === undefined ? undefined : source
}

const byId = (db: Db, id: PaymentId): Source =>
  listed(
    db,
    (below, floor) => db`
      select payment_id from payment
      where payment_id = ${paymentKey(id)}::uuid and payment_id < ${below}::uuid and payment_id >= ${floor}::uuid`,
  )

/** All filters at once, as a condition on a row `p`. */
function condition(
  db: Db,
  vault: Vault,
  tenantId: number,
  filters: HistoryFilters,
  search: Search | undefined,
  accounts: OwnAccounts,
): Sql {
  const { status, state, direction, rrn, reference, account, ifsc, mobile, minAmount, maxAmount, from, to } = filters
  const own = account === undefined ? undefined : parseAccountId(account)
  const conditions = [db`p.tenant_id = ${tenantId}`]
  if (status !== undefined) conditions.push(db`p.state = any(${statesOf(status)}::text[])`)
  if (state !== undefined) conditions.push(db`p.state = ${state}`)
  if (status === 'requires_approval' || status === 'requires_authentication')
    conditions.push(db`starts_with(p.reason, ${reasonPrefixes[status]})`)
  if (status === 'processing')
    conditions.push(db`not starts_with(coalesce(p.reason, ''), ${reasonPrefixes.requires_approval})
      and not starts_with(coalesce(p.reason, ''), ${reasonPrefixes.requires_authentication})`)
  if (direction !== undefined) conditions.push(db`p.direction = ${direction}`)
  if (rrn !== undefined) conditions.push(db`p.rrn = ${rrn}`)
  if (reference !== undefined) conditions.push(db`p.reference = ${reference}`)
  if (own !== undefined) conditions.push(db`p.account_id = ${accountKey(own)}::bigint`)
  else if (account !== undefined) conditions.push(ofNumber(db, vault, account, accounts.byNumber))
  if (ifsc !== undefined) conditions.push(db`(p.direction = 'outward' and p.beneficiary_ifsc = ${ifsc})`)
  if (mobile !== undefined) conditions.push(ofMobile(db, vault, mobile, accounts.byMobile))
  if (minAmount !== undefined) conditions.push(db`p.amount >= ${String(minAmount)}::bigint`)
  if (maxAmount !== undefined) conditions.push(db`p.amount <= ${String(maxAmount)}::bigint`)
  if (from !== undefined) conditions.push(db`p.created_at >= ${toRfc3339(from)}::timestamptz`)
  if (to !== undefined) conditions.push(db`p.created_at < ${toRfc3339(to)}::timestamptz`)
  if (search !== undefined) conditions.push(meant(db, vault, search, accounts))
  return conditions.reduce((before, next) => db`${before} and ${next}`)
}

const keysOf = (own: readonly AccountId[]): string[] => own.map(accountKey)

const ofNumber = (db: Db, vault: Vault, number: string, own: readonly AccountId[]) => db`(
  p.other_account = ${vault.index('account', number)}::uuid or p.account_id = any(${keysOf(own)}::bigint[]))`

const ofMobile = (db: Db, vault: Vault, mobile: string, own: readonly AccountId[]) => db`(
  p.other_mobile = ${vault.index('mobile', mobile)}::uuid or p.account_id = any(${keysOf(own)}::bigint[]))`

/** One of the things that the search may have meant is true of the row `p`. */
function meant(db: Db, vault: Vault, search: Search, accounts: OwnAccounts) {
  const { rrn = null, account = null, mobile = null, ifsc = null } = search
  const paymentId = search.paymentId === undefined ? null : paymentKey(search.paymentId)
  const accountId = search.accountId === undefined ? null : accountKey(search.accountId)
  const amount = search.amount === undefined ? null : String(search.amount)
  return db`(
    p.reference = ${search.text}
    or p.payment_id = ${paymentId}::uuid
    or p.account_id = ${accountId}::bigint
    or p.rrn = ${rrn}
    or ${account === null ? db`false` : ofNumber(db, vault, account, accounts.byNumber)}
    or ${mobile === null ? db`false` : ofMobile(db, vault, mobile, accounts.byMobile)}
    or (p.direction = 'outward' and p.beneficiary_ifsc = ${ifsc})
    or p.amount = ${amount}::bigint)`
}

/**
 * The same for a search that may mean a name: letters, so besides a name only a reference or an account number can be meant.
 * @param search  one with a `name`
 */
function isMeant(
  { beneficiary, remitter, registeredName, reference, accountId }: StoredPayment,
  search: Search,
  own: OwnAccounts,
): boolean {
  const { text, name = '', account } = search
  if (reference === text) return true
  if (accountId !== null && own.byNumber.includes(accountId)) return true
  if (
    account !== undefined &&
    (remitter.account === account || (beneficiary.kind === 'account' && beneficiary.account === account))
  )
    return true
  const names = [beneficiary.kind === 'account' ? beneficiary.name : undefined, registeredName, remitter.name]
  return names.some((one) => one?.toLowerCase().startsWith(name))
}
