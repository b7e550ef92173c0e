import type { Clock } from '../base/clock.ts'
import { type Db, errorCode, type Tx } from '../db/pool.ts'
import { inTransaction } from '../db/transaction.ts'
import { type Act, writeActs } from './acts.ts'

/**
 * Steps of payments and legs of the ledger, sealed in windows of time. Once a window is over, the SHA-256 of all that was written in it
 * is an act in the chain of its tenant (`payments.sealed`, `ledger.sealed`); from then on no bit of it can change, and no row come or go,
 * without its showing.
 */

/** The lock that every insert shares and that closes a window: 0016-audit-roots. */
const WINDOW_LOCK = 8_390_880_576n
/** How long a window may wait for those who are writing; then the next attempt takes a longer window. */
const CLOSE_MS = 250
/** Seconds between the end of a window and its sealing: what a clock that was set back may jump. */
const LAG_S = 5
/** Seconds of one window at most, unless little was written. */
const WINDOW_S = 60
/** Rows of a window that is longer than that. */
const FEW_ROWS = 200_000

export type Sealed = { readonly tenantId: number; readonly rows: number; readonly digest: string }
export type SealedKind = 'payments' | 'ledger'

/** What the instants of a window are: RFC 3339 in whole seconds, UTC. */
export type Window = { readonly from: string; readonly until: string }

/**
 * The digest of what was written in a window, for each tenant that wrote: SHA-256 over the SHA-256 of every row, in the order of their
 * keys. A step has what never changes of its payment beside it: its amount and parties with the first, its RRN with the one that sent it.
 */
export async function digestsOf(
  db: Db | Tx,
  kind: SealedKind,
  { from, until }: Window,
  tenantId?: number,
): Promise<Sealed[]> {
  const rows =
    kind === 'payments'
      ? await db<Sealed[]>`
          select tenant_id as "tenantId", count(*)::integer as rows,
                 encode(sha256(string_agg(hash, ''::bytea order by payment_id, sequence)), 'hex') as digest
          from (
            select e.tenant_id, e.payment_id, e.sequence, sha256(convert_to(row(
                     e.payment_id, e.sequence, e.lane, e.tenant_id, e.state, e.response_code, (extract(epoch from e.at) * 1000000)::bigint,
                     case when e.sequence = 1 then row(p.payment_id, p.tenant_id, p.direction, p.amount, p.channel, p.institution, p.account_id,
                       p.remitter_ifsc, p.beneficiary_kind, p.beneficiary_ifsc, p.beneficiary_bank, p.reference, p.remitter_bank, p.actor,
                       (extract(epoch from p.created_at) * 1000000)::bigint)::text end,
                     case when e.state = 'sent' or p.direction = 'inward' then p.rrn end)::text, 'UTF8')) as hash
            from event e left join payment p on p.payment_id = e.payment_id and p.lane = e.lane
            where e.written_at >= ${from}::timestamptz and e.written_at < ${until}::timestamptz
              ${tenantId === undefined ? db`` : db`and e.tenant_id = ${tenantId}`}) steps
          group by tenant_id order by tenant_id`
      : await db<Sealed[]>`
          select tenant_id as "tenantId", count(*)::integer as rows,
                 encode(sha256(string_agg(hash, ''::bytea order by lane, account_id, entry_no)), 'hex') as digest
          from (
            select a.tenant_id, e.lane, e.account_id, e.entry_no, sha256(convert_to(row(
                     e.lane, e.account_id, e.entry_no, e.journal_id, e.kind, e.amount, e.balance_after,
                     (extract(epoch from e.at) * 1000000)::bigint)::text, 'UTF8')) as hash
            from entry e join account a on a.lane = e.lane and a.account_id = e.account_id
            where e.written_at >= ${from}::timestamptz and e.written_at < ${until}::timestamptz
              ${tenantId === undefined ? db`` : db`and a.tenant_id = ${tenantId}`}) legs
          group by tenant_id order by tenant_id`
  return rows.map(({ tenantId: tenant, rows: count, digest }) => ({ tenantId: tenant, rows: count, digest }))
}

/**
 * Ends the open window. All that was written before the instant that comes back is committed, and nothing with an earlier one can come.
 * @returns undefined when somebody wrote for longer than a window may wait
 */
async function closeWindow(
  db: Db,
  lagSeconds: number,
): Promise<{ readonly from: string; readonly until: string; readonly seconds: number } | undefined> {
  try {
    return await inTransaction(db, async (tx) => {
      await tx`select set_config('lock_timeout', ${`${CLOSE_MS}ms`}, true)`
      await tx`select pg_advisory_xact_lock(${WINDOW_LOCK})`
      const [row] = await tx<{ from: string; until: string; seconds: number }[]>`
        select to_char(sealed_until at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as from,
               to_char(closed at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as until,
               extract(epoch from closed - sealed_until)::float8 as seconds
        from seal_state, (select date_trunc('second', clock_timestamp()) - make_interval(secs => ${lagSeconds}) as closed) c`
      return row
    })
  } catch (error) {
    if (errorCode(error) === '55P03') return undefined // lock_not_available
    throw error
  }
}

/**
 * Seals all that is over and not sealed yet. Processes that do it at the same time take turns; what one has sealed the next finds sealed.
 * @returns how many rows were sealed
 * @throws when the database is away; nothing of the window under way is then sealed
 */
export async function sealWindows(db: Db, clock: Clock, lagSeconds = LAG_S): Promise<number> {
  const open = await closeWindow(db, lagSeconds)
  if (open === undefined || open.seconds <= 0) return 0
  const few = open.seconds > WINDOW_S && (await countWritten(db, open)) <= FEW_ROWS
  let sealed = 0
  for (;;) {
    const done = await inTransaction(db, async (tx) => {
      const [state] = await tx<{ from: string; until: string; over: boolean }[]>`
        select to_char(sealed_until at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as from,
               to_char(until at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as until, sealed_until >= ${open.until}::timestamptz as over
        from seal_state s, least(s.sealed_until + make_interval(secs => ${few ? 3e9 : WINDOW_S}), ${open.until}::timestamptz) as until
        for update of s`
      if (state === undefined || state.over) return undefined
      const { from, until } = state
      const acts: Act[] = []
      let rows = 0
      for (const kind of ['payments', 'ledger'] as const) {
        for (const one of await digestsOf(tx, kind, { from, until })) {
          rows += one.rows
          acts.push({
            tenantId: one.tenantId,
            at: clock.now(),
            actor: { kind: 'hub', id: 'hub' },
            action: `${kind}.sealed`,
            subject: null,
            outcome: 'done',
            detail: { from, until, rows: one.rows, digest: one.digest },
            requestId: null,
            address: null,
          })
        }
      }
      await writeActs(tx, acts)
      await tx`update seal_state set sealed_until = ${until}::timestamptz`
      return rows
    })
    if (done === undefined) return sealed
    sealed += done
  }
}

/** How many rows a window has, over all tenants. */
export async function countWritten(db: Db | Tx, { from, until }: Window): Promise<number> {
  const [row] = await db<{ n: number }[]>`
    select ((select count(*) from event where written_at >= ${from}::timestamptz and written_at < ${until}::timestamptz) +
            (select count(*) from entry where written_at >= ${from}::timestamptz and written_at < ${until}::timestamptz))::integer as n`
  return row?.n ?? 0
}
