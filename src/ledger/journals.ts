import { createHash } from 'node:crypto'
import { toRfc3339 } from '../base/clock.ts'
import type { AccountId, Lane } from '../base/identifiers.ts'
import { accountIdOf, accountKey, laneOfAccount } from '../base/identifiers.ts'
import { numbers, words } from '../db/arrays.ts'
import type { Db, Tx } from '../db/pool.ts'
import { insertEntries } from './store.ts'
import { type EnterableAccount, type Entry, type EntryKind, enter } from './transfer.ts'

/** One side of a journal: credit positive, debit negative, in paise. */
export type Leg = { readonly account: AccountId; readonly amountPaise: bigint }

export type NewJournal = {
  /** What it is about: `pay:<32 hex digits>`, `cycle:TRN/2026-11-27/5`, `adj:<NPCI's reference>`, `dsp:<32 hex digits>`. */
  readonly transferKey: string
  /** What happened: with the key and the occurrence it is unique, so that it is booked once. */
  readonly event: string
  /** Counts from 1, where the same thing may rightly happen again. */
  readonly occurrence?: number
  readonly kind: EntryKind
  /** Which table of rules or fees was applied. */
  readonly ruleVersion: string
  /** 0: the hub's own, for an institution. */
  readonly tenantId: number
  readonly institution: string
  /** The cycle that brought it. */
  readonly cycle?: { readonly settlementDate: string; readonly number: string }
  /** Sum to zero. Legs of nothing are left out; two of one account are one. */
  readonly legs: readonly Leg[]
  /** Epoch milliseconds. */
  readonly at: number
}

export type Posted =
  | { readonly kind: 'posted' | 'repeated'; readonly journalId: string }
  /** A customer's account cannot cover its leg; nothing was written. */
  | { readonly kind: 'insufficient_funds'; readonly account: AccountId }

type LockedRow = {
  lane: number
  account_id: bigint
  balance: bigint
  floor: bigint | null
  lien: bigint
  entry_no: bigint
  entry_at: number
}

/**
 * Books a journal of any number of legs, once: one with the same transfer key, event and occurrence that is there already is the same
 * journal, and nothing is written. In the caller's transaction, which must be the hub's own; accounts are locked in their one order.
 *
 * @throws when the legs do not sum to zero or an account is not there: bugs of the caller
 * @source settlement.md §6.1
 */
export async function postJournal(tx: Tx, journal: NewJournal): Promise<Posted> {
  const legs = netted(journal.legs)
  const sum = legs.reduce((total, { amountPaise }) => total + amountPaise, 0n)
  if (sum !== 0n) throw new Error(`journal ${journal.transferKey} ${journal.event} does not balance: ${sum}`)
  const { occurrence = 1, cycle } = journal
  const id = journalIdOf(journal.transferKey, journal.event, occurrence)
  if (await isPosted(tx, journal.transferKey, journal.event, occurrence)) return { kind: 'repeated', journalId: id }
  const accounts = await lockBalances(tx, legs)
  for (const { account, amountPaise } of legs) {
    const found = accounts.get(account)
    if (found === undefined) throw new Error(`journal ${journal.transferKey}: no account ${account}`)
    const floor = found.floor === null ? undefined : found.floor + found.lien
    if (amountPaise < 0n && floor !== undefined && found.balance + amountPaise < floor)
      return { kind: 'insufficient_funds', account }
  }
  // Behind the locks: whoever books the same journal at this moment waits here, and finds it made.
  const made = await tx`
    insert into journal (journal_id, tenant_id, institution, transfer_key, event, occurrence, rule_version, settled_on, cycle, at)
    values (${id}::uuid, ${journal.tenantId}, ${journal.institution}, ${journal.transferKey}, ${journal.event}, ${occurrence},
            ${journal.ruleVersion}, ${cycle?.settlementDate ?? null}::date, ${cycle?.number ?? null}, ${toRfc3339(journal.at)}::timestamptz)
    on conflict do nothing returning journal_id`
  if (made.length === 0) return { kind: 'repeated', journalId: id }
  const entries: Entry[] = []
  // All legs at one instant, so that a day balances by itself.
  const together = Math.max(journal.at, ...[...accounts.values()].map(({ entryAt }) => entryAt))
  for (const { account, amountPaise } of legs) {
    const found = accounts.get(account)
    if (found !== undefined) enter({ entries }, id, journal.kind, found, amountPaise, together)
  }
  if (entries.length === 0) return { kind: 'posted', journalId: id }
  const changed = [...accounts.values()]
  await tx`
    update account a set balance = s.balance, entry_no = s.entry_no, entry_at = to_timestamp(s.entry_at / 1000.0)
    from unnest(${numbers(changed, (a) => a.lane)}::smallint[], ${words(changed, (a) => accountKey(a.id))}::bigint[],
                ${numbers(changed, (a) => a.balance)}::bigint[], ${numbers(changed, (a) => a.entryNo)}::bigint[],
                ${numbers(changed, (a) => a.entryAt)}::bigint[]) as s (lane, account_id, balance, entry_no, entry_at)
    where a.lane = s.lane and a.account_id = s.account_id`
  await insertEntries(tx, entries)
  return { kind: 'posted', journalId: id }
}

/** Whether a journal was booked. */
export async function isPosted(db: Db | Tx, transferKey: string, event: string, occurrence = 1): Promise<boolean> {
  const found = await db`
    select from journal where transfer_key = ${transferKey} and event = ${event} and occurrence = ${occurrence}`
  return found.length > 0
}

type JournalRow = {
  kind: EntryKind | null
  rule_version: string
  tenant_id: number
  institution: string
  settled_on: string | null
  cycle: string | null
}

/** A journal as it was booked; one of no lines has no kind, and none of its own. */
export async function readJournal(
  tx: Tx,
  transferKey: string,
  event: string,
  occurrence = 1,
): Promise<NewJournal | undefined> {
  const id = journalIdOf(transferKey, event, occurrence)
  const [row] = await tx<JournalRow[]>`
    select (select min(kind) from entry where journal_id = ${id}::uuid and kind not in ('opening', 'hold', 'void', 'credit', 'return')) as kind,
           rule_version, tenant_id, institution, settled_on::text as settled_on, cycle from journal where journal_id = ${id}::uuid`
  if (row === undefined) return undefined
  const legs = await tx<{ account_id: bigint; amount: bigint }[]>`
    select account_id, amount from entry
    where journal_id = ${id}::uuid and kind not in ('opening', 'hold', 'void', 'credit', 'return') order by account_id`
  return {
    transferKey,
    event,
    occurrence,
    kind: row.kind ?? 'correction',
    ruleVersion: row.rule_version,
    tenantId: row.tenant_id,
    institution: row.institution,
    ...(row.settled_on === null || row.cycle === null
      ? {}
      : { cycle: { settlementDate: row.settled_on, number: row.cycle } }),
    legs: legs.map(({ account_id, amount }) => ({ account: accountIdOf(account_id), amountPaise: amount })),
    at: 0,
  }
}

/** The same journal has the same id, whoever books it. */
export function journalIdOf(transferKey: string, event: string, occurrence: number): string {
  return createHash('sha256').update(`${transferKey}\n${event}\n${occurrence}`).digest('hex').slice(0, 32)
}

function netted(legs: readonly Leg[]): Leg[] {
  const sums = new Map<AccountId, bigint>()
  for (const { account, amountPaise } of legs) sums.set(account, (sums.get(account) ?? 0n) + amountPaise)
  return [...sums].flatMap(([account, amountPaise]) => (amountPaise === 0n ? [] : [{ account, amountPaise }]))
}

type Balance = EnterableAccount & { readonly floor: bigint | null; readonly lien: bigint }

async function lockBalances(tx: Tx, legs: readonly Leg[]): Promise<Map<AccountId, Balance>> {
  const rows = await tx<LockedRow[]>`
    select a.lane, a.account_id, a.balance, a.floor, a.lien, a.entry_no, a.entry_at
    from unnest(${numbers(legs, (leg) => laneOfAccount(leg.account))}::smallint[],
                ${words(legs, (leg) => accountKey(leg.account))}::bigint[]) as s (lane, account_id)
    join account a on a.lane = s.lane and a.account_id = s.account_id
    order by a.lane, a.account_id
    for update of a`
  return new Map(
    rows.map((row) => {
      const id = accountIdOf(row.account_id)
      return [
        id,
        {
          id,
          lane: row.lane as Lane,
          balance: row.balance,
          floor: row.floor,
          lien: row.lien,
          entryNo: row.entry_no,
          entryAt: Number.isFinite(row.entry_at) ? row.entry_at : 0,
          changed: false,
        },
      ]
    }),
  )
}
