import { toRfc3339 } from '../base/clock.ts'
import { type PaymentId, paymentIdOf, paymentKey } from '../base/identifiers.ts'
import type { Vault } from '../base/vault.ts'
import { numbers, words } from '../db/arrays.ts'
import type { Db, Tx } from '../db/pool.ts'
import { inTransaction } from '../db/transaction.ts'
import type { WrappedKey } from '../imps/rail-message.ts'
import { type NewBreak, openBreaks, type PaymentRow, paymentsOf } from '../payment/store.ts'
import type { StoredPayment } from '../payment/stored.ts'
import { type Schedule, whatIsDue } from './schedule.ts'

/** The statements of the rail. None of them changes a payment: that is what the three doors are for. */

export type HeldPayment = { readonly payment: StoredPayment; readonly giveUpAt: number | null }

/**
 * Payments that wait for a link, and for nobody's approval, oldest first; those that another process is moving at this moment are skipped.
 * @param after  the last payment of the page before
 * @param dueBy  only those whose wait ended by then, epoch milliseconds; null for all
 */
export async function findHeld(
  db: Db,
  vault: Vault,
  page: { readonly after: PaymentId | undefined; readonly dueBy: number | null; readonly limit: number },
): Promise<HeldPayment[]> {
  const after = page.after === undefined ? null : paymentKey(page.after)
  const dueBy = page.dueBy === null ? null : toRfc3339(page.dueBy)
  const rows = await db<(PaymentRow & { due_at: number | null })[]>`
    with waiting as (
      select payment_id, due_at from hold
      where link is null and awaiting is null and (${after}::uuid is null or payment_id > ${after}::uuid)
        and (${dueBy}::timestamptz is null or due_at <= ${dueBy}::timestamptz)
      order by payment_id limit ${page.limit} for update skip locked)
    select p.*, w.due_at from waiting w join payment p on p.payment_id = w.payment_id
    where p.state = 'held' order by p.payment_id`
  const payments = await paymentsOf(vault, rows)
  return payments.map((payment, i) => ({ payment, giveUpAt: rows[i]?.due_at ?? null }))
}

/**
 * Originals whose answer nobody waits for any more, by whoever they were sent.
 * @param before  epoch milliseconds: sent earlier than this; over one of `slow.links`, earlier than `slow.before`
 */
export async function findOverdue(
  db: Db,
  vault: Vault,
  before: number,
  slow: { readonly links: readonly string[]; readonly before: number },
  limit: number,
): Promise<StoredPayment[]> {
  const rows = await db<PaymentRow[]>`
    select p.* from hold h join payment p on p.payment_id = h.payment_id
    where h.due_at is null and h.checks = 0 and h.sent_at <
      case when h.link = any(${slow.links}::text[]) then ${toRfc3339(slow.before)}::timestamptz else ${toRfc3339(before)}::timestamptz end
      and p.state = 'sent'
    order by h.sent_at, h.payment_id limit ${limit}`
  return paymentsOf(vault, rows)
}

/** Originals sent over a link under an older epoch than `epoch`: their answers went to a connection that is no more. */
export async function findOrphans(
  db: Db,
  vault: Vault,
  link: string,
  epoch: number,
  limit: number,
): Promise<StoredPayment[]> {
  const rows = await db<PaymentRow[]>`
    select p.* from hold h join payment p on p.payment_id = h.payment_id
    where h.due_at is null and h.checks = 0 and h.link = ${link} and h.epoch < ${epoch} and p.state = 'sent'
    order by h.sent_at, h.payment_id limit ${limit}`
  return paymentsOf(vault, rows)
}

export type BudgetLimits = { readonly perSecond: number; readonly burst: number }

/** Takes up to `wanted` tokens out of the bucket that all processes share; the row stays locked until `tx` ends. */
export async function takeBudget(db: Db | Tx, now: number, wanted: number, limits: BudgetLimits): Promise<number> {
  const at = toRfc3339(now)
  await db`
    insert into verification_budget (tokens, refilled_at) values (${limits.burst}::double precision, ${at}::timestamptz)
    on conflict (only_row) do nothing`
  const [row] = await db<{ taken: number }[]>`
    with bucket as (
      select only_row, least(${limits.burst}::double precision,
        tokens + greatest(0, extract(epoch from ${at}::timestamptz - refilled_at)::double precision) * ${limits.perSecond}::double precision) as filled
      from verification_budget for update),
    taking as (select only_row, filled, least(floor(filled), ${wanted}::double precision) as taken from bucket)
    update verification_budget b set tokens = t.filled - t.taken, refilled_at = greatest(b.refilled_at, ${at}::timestamptz)
    from taking t where b.only_row = t.only_row returning t.taken`
  return row?.taken ?? 0
}

type DueRow = { payment_id: string; sent_at: number; checks: number }

/**
 * Claims unconfirmed payments that are due, within the budget: each is asked about by the process that claimed it, and is
 * due again later, whatever becomes of the verification. Those whose schedule is over get a break and are left to people.
 */
export async function claimDue(
  db: Db,
  vault: Vault,
  now: number,
  schedule: Schedule,
  settings: {
    readonly limit: number
    readonly lastWaitMs: number
    readonly budget: BudgetLimits
    /** Links that nothing can be asked over now: what they carried is left for later. */
    readonly notOver: readonly string[]
  },
): Promise<{ readonly ask: readonly StoredPayment[]; readonly exhausted: number; readonly more: boolean }> {
  return inTransaction(db, async (tx) => {
    const rows = await tx<DueRow[]>`
      select payment_id, sent_at, checks from hold
      where due_at <= ${toRfc3339(now)}::timestamptz and sent_at is not null and not (link = any(${settings.notOver}::text[]))
      order by due_at, payment_id limit ${settings.limit} for update skip locked`
    if (rows.length === 0) return { ask: [], exhausted: 0, more: false }
    const judged = rows.map((row) => ({
      row,
      due: whatIsDue(schedule, row.sent_at, row.checks, now, settings.lastWaitMs),
    }))
    const wanted = judged.filter(({ due }) => due.kind === 'ask').length
    let tokens = wanted === 0 ? 0 : await takeBudget(tx, now, wanted, settings.budget)
    const ask: string[] = []
    const exhausted: string[] = []
    const later: { id: string; dueAt: number | null; checks: number }[] = []
    for (const { row, due } of judged) {
      if (due.kind === 'wait') later.push({ id: row.payment_id, dueAt: due.dueAt, checks: row.checks })
      else if (due.kind === 'exhausted') {
        exhausted.push(row.payment_id)
        later.push({ id: row.payment_id, dueAt: null, checks: row.checks })
      } else if (tokens > 0) {
        tokens -= 1
        ask.push(row.payment_id)
        later.push({ id: row.payment_id, dueAt: due.dueAt, checks: row.checks + 1 })
      }
    }
    if (later.length > 0) {
      await tx`
        update hold h set due_at = to_timestamp(s.due_at / 1000.0), checks = s.checks
        from unnest(${words(later, (l) => l.id)}::uuid[], ${numbers(later, (l) => l.dueAt)}::bigint[],
                    ${numbers(later, (l) => l.checks)}::integer[]) as s (payment_id, due_at, checks)
        where h.payment_id = s.payment_id`
    }
    const payments = await readPayments(tx, vault, [...ask, ...exhausted])
    const given = exhausted.flatMap((id) => payments.get(paymentIdOf(id)) ?? [])
    if (given.length > 0) {
      const breaks = given.map(
        (payment): NewBreak => ({ payment, kind: 'unresolved', detail: 'no verification decided' }),
      )
      await openBreaks(tx, breaks, now)
    }
    return {
      ask: ask.flatMap((id) => payments.get(paymentIdOf(id)) ?? []),
      exhausted: given.length,
      // With the budget spent, the next page would be this one again.
      more: rows.length === settings.limit && ask.length === wanted,
    }
  })
}

async function readPayments(tx: Tx, vault: Vault, uuids: readonly string[]): Promise<Map<PaymentId, StoredPayment>> {
  if (uuids.length === 0) return new Map()
  const rows = await tx<PaymentRow[]>`
    select * from payment where payment_id = any(${words(uuids, (id) => id)}::uuid[]) and state = 'unconfirmed'`
  return new Map((await paymentsOf(vault, rows)).map((payment) => [payment.id, payment]))
}

/** Why an answer changes no payment. */
export const strayReasons = ['unknown_reference', 'amount_mismatch', 'undecodable', 'unproved'] as const

export type UnmatchedAnswer = {
  readonly link: string
  readonly reason: (typeof strayReasons)[number]
  readonly rrn: string | null
  readonly frame: Uint8Array
  /** The break to open with it: what people should look at. */
  readonly brk: NewBreak | null
}

/** Keeps an answer that changes no payment, with its bytes. */
export async function keepUnmatched(db: Db, vault: Vault, answer: UnmatchedAnswer, now: number): Promise<void> {
  await vault.prepare([0], now)
  await inTransaction(db, async (tx) => {
    const [next] = await tx<{ id: string }[]>`
      select nextval(pg_get_serial_sequence('unmatched_answer', 'answer_id'))::text as id`
    const id = next?.id ?? ''
    await tx`
      insert into unmatched_answer (answer_id, link, received_at, reason, rrn, sealed)
      overriding system value
      values (${id}::bigint, ${answer.link}, ${toRfc3339(now)}::timestamptz, ${answer.reason}, ${answer.rrn},
              ${vault.sealBytes('unmatched_answer.sealed', 0, id, answer.frame)}::bytea)`
    if (answer.brk !== null) await openBreaks(tx, [answer.brk], now)
  })
}

export type EarlyVerification = {
  readonly rrn: string
  readonly remitterBank: string
  readonly amountPaise: bigint
  readonly link: string
}

/** Notes that a verification came before its original. @source NPCI OC 74 */
export async function noteEarlyVerification(db: Db, seen: EarlyVerification, now: number): Promise<void> {
  const at = toRfc3339(now)
  await db`
    insert into inward_verification (rrn, remitter_bank, amount, link, first_at, last_at)
    values (${seen.rrn}, ${seen.remitterBank}, ${seen.amountPaise}, ${seen.link}, ${at}::timestamptz, ${at}::timestamptz)
    on conflict (rrn, remitter_bank) do update set last_at = excluded.last_at, times = inward_verification.times + 1`
}

/** `current`: it was the newest already, and is sent again because our answer got lost. `replayed`: an older one. */
export type KeySaved = 'saved' | 'current' | 'replayed' | 'not_ours'

/** Keeps a working key of a link as it came, under the epoch of our lease: a process that was overtaken keeps none. */
export async function saveLinkKey(
  db: Db,
  link: string,
  epoch: number,
  key: WrappedKey,
  now: number,
): Promise<KeySaved> {
  return inTransaction(db, async (tx) => {
    // Exclusive, so that two keys of one link come one after the other.
    const [ours] = await tx`select from link_lease where link_id = ${link} and epoch = ${epoch} for update`
    if (ours === undefined) return 'not_ours'
    const [newest] = await tx<{ cryptogram: string }[]>`
      select cryptogram from link_key where link_id = ${link} order by key_no desc limit 1`
    if (newest?.cryptogram === key.cryptogram) return 'current'
    const saved = await tx`
      insert into link_key (link_id, cryptogram, check_value, epoch, received_at)
      values (${link}, ${key.cryptogram}, ${key.checkValue}, ${epoch}, ${toRfc3339(now)}::timestamptz)
      on conflict (link_id, cryptogram) do nothing returning key_no`
    return saved.length === 1 ? 'saved' : 'replayed'
  })
}

/** The two newest keys of a link, the newest first; when it came is in epoch milliseconds. */
export async function loadLinkKeys(
  db: Db,
  link: string,
): Promise<readonly (WrappedKey & { readonly receivedAt: number })[]> {
  const rows = await db<{ cryptogram: string; check_value: string; received_at: number }[]>`
    select cryptogram, check_value, received_at from link_key where link_id = ${link} order by key_no desc limit 2`
  return rows.map(({ cryptogram, check_value: checkValue, received_at: receivedAt }) => ({
    cryptogram,
    checkValue,
    receivedAt,
  }))
}
