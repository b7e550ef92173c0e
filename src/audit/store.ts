import { toRfc3339 } from '../base/clock.ts'
import type { Db, Tx } from '../db/pool.ts'
import type { Act, ChainedAct } from './acts.ts'

type ActRow = {
  tenant_id: number
  sequence: bigint
  at: number
  actor_kind: string
  actor: string
  action: string
  subject: string | null
  outcome: 'done' | 'refused'
  detail: string
  request_id: string | null
  address: string | null
  previous: string
  hash: string
}

/** An act as its row says. @throws when the detail is not JSON: somebody has been at it */
function actOfRow(row: ActRow): ChainedAct {
  return {
    tenantId: row.tenant_id,
    sequence: row.sequence,
    at: row.at,
    actor: { kind: row.actor_kind, id: row.actor },
    action: row.action,
    subject: row.subject,
    outcome: row.outcome,
    detail: JSON.parse(row.detail) as Act['detail'],
    requestId: row.request_id,
    address: row.address,
    previous: row.previous,
    hash: row.hash,
  }
}

/** A page of a chain as it is stored, the text of the detail beside it; oldest first. @param after  the last sequence of the page before */
export async function readChain(
  db: Db | Tx,
  tenantId: number,
  after: bigint,
  limit: number,
): Promise<{ readonly row: ActRow; readonly act: ChainedAct | undefined }[]> {
  const rows = await db<ActRow[]>`
    select * from act where tenant_id = ${tenantId} and sequence > ${after} order by sequence limit ${limit}`
  return rows.map((row) => {
    try {
      return { row, act: actOfRow(row) }
    } catch {
      return { row, act: undefined }
    }
  })
}

/** Where each chain ends, by what was last appended. */
export async function readEnds(
  db: Db,
): Promise<{ readonly tenantId: number; readonly sequence: bigint; readonly hash: string }[]> {
  const rows = await db<{ tenant_id: number; sequence: bigint; hash: string }[]>`
    select tenant_id, sequence, hash from act_chain order by tenant_id`
  return rows.map((row) => ({ tenantId: row.tenant_id, sequence: row.sequence, hash: row.hash }))
}

export type ActFilters = {
  readonly action?: string | undefined
  readonly actor?: string | undefined
  readonly subject?: string | undefined
  readonly from?: number | undefined
  readonly to?: number | undefined
}

/** A tenant's acts, newest first. @param before  the sequence of the last act of the page before */
export async function listActs(
  tx: Db | Tx,
  tenantId: number,
  filters: ActFilters,
  before: bigint | undefined,
  limit: number,
): Promise<ChainedAct[]> {
  const { action, actor, subject, from, to } = filters
  const rows = await tx<ActRow[]>`
    select * from act
    where tenant_id = ${tenantId} and sequence < ${before ?? 9223372036854775807n}
      ${action === undefined ? tx`` : tx`and action = ${action}`}
      ${actor === undefined ? tx`` : tx`and actor = ${actor}`}
      ${subject === undefined ? tx`` : tx`and subject = ${subject}`}
      ${from === undefined ? tx`` : tx`and at >= ${toRfc3339(from)}::timestamptz`}
      ${to === undefined ? tx`` : tx`and at < ${toRfc3339(to)}::timestamptz`}
    order by sequence desc limit ${limit}`
  return rows.map(actOfRow)
}

/** The hashes of acts, by `tenant/sequence`. */
export async function findHashes(
  db: Db,
  heads: readonly (readonly [number, string, string])[],
): Promise<Map<string, string>> {
  const rows = await db<{ tenant_id: number; sequence: bigint; hash: string }[]>`
    select a.tenant_id, a.sequence, a.hash
    from unnest(${heads.map(([tenantId]) => tenantId)}::integer[], ${heads.map(([, sequence]) => sequence)}::bigint[]) as h (tenant_id, sequence)
    join act a on a.tenant_id = h.tenant_id and a.sequence = h.sequence`
  return new Map(rows.map((row) => [`${row.tenant_id}/${row.sequence}`, row.hash]))
}

/** Payments whose row is not what their last step says, or that have more or fewer steps than they made. */
export async function findStepFaults(db: Db): Promise<string[]> {
  const rows = await db<{ wrong: string }[]>`
    select 'pay_' || replace(p.payment_id::text, '-', '') || ' is ' || p.state || ' after ' || p.version || ' steps, and its last step (' ||
           coalesce(e.steps, 0) || ') says ' || coalesce(e.state, 'nothing') as wrong
    from payment p left join (
      select payment_id, lane, count(*) as steps, (array_agg(state order by sequence desc))[1] as state
      from event group by payment_id, lane) e on e.payment_id = p.payment_id and e.lane = p.lane
    where e.state is distinct from p.state or e.steps is distinct from p.version
    limit 100`
  return rows.map((row) => row.wrong)
}

/** Something in the books that is not as the doors leave it. */
export async function findLedgerFaults(db: Db): Promise<string[]> {
  const rows = await db<{ wrong: string }[]>`
    select 'the balances of all accounts sum to ' || sum(balance) || ' and not to 0' as wrong from account having sum(balance) <> 0
    union all
    select 'entry ' || entry_no || ' of acc_' || account_id || ' does not follow the one before it' from (
      select account_id, entry_no, amount, balance_after,
             lag(balance_after, 1, 0) over w as before, lag(entry_no, 1, 0) over w as last
      from entry window w as (partition by lane, account_id order by entry_no)) chained
    where entry_no <> last + 1 or balance_after <> before + amount
    union all
    select 'acc_' || a.account_id || ' has a balance of ' || a.balance || ', and its last entry says ' || coalesce(e.balance_after, 0)
    from account a left join entry e on e.lane = a.lane and e.account_id = a.account_id and e.entry_no = a.entry_no
    where a.balance <> coalesce(e.balance_after, 0)
    union all
    select 'journal ' || journal_id || ' does not balance' from entry group by journal_id, kind having sum(amount) <> 0
    limit 100`
  return rows.map((row) => row.wrong)
}
