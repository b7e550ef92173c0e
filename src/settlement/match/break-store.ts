import { toRfc3339 } from '../../base/clock.ts'
import type { Vault } from '../../base/vault.ts'
import type { Db, Tx } from '../../db/pool.ts'
import { type BreakAction, type BreakType, breakTypes } from './break-types.ts'

/** Breaks as people see them, and what people do about them. */

export const breakStates = ['open', 'assigned', 'resolved', 'carried'] as const
export type BreakState = (typeof breakStates)[number]

/** How people settle one. `forced`: it is matched with others that make the same amount on the other side. */
export const resolutions = ['corrected', 'accepted', 'forced'] as const
export type Resolution = (typeof resolutions)[number]

/** One break. Instants are epoch milliseconds, amounts paise. */
export type Break = {
  readonly id: string // brk_ and 32 hex digits
  readonly tenantId: number
  readonly type: BreakType
  /** Of a door's break its own word, else the type. */
  readonly kind: string
  readonly detail: string
  readonly runId: string | null
  readonly paymentId: string | null
  readonly institution: string | null
  readonly direction: 'outward' | 'inward' | null
  readonly rrn: string | null
  readonly remitterBank: string | null
  readonly amountPaise: bigint | null
  readonly settlementDate: string | null
  readonly cycle: string | null
  readonly action: BreakAction | null
  readonly state: BreakState
  readonly carried: number
  readonly facts: Readonly<Record<string, unknown>>
  readonly openedAt: number
  readonly dueAt: number | null
  readonly closedAt: number | null
  readonly assignee: string | null
  readonly resolution: string | null
  readonly resolvedBy: string | null
  readonly version: number
}

type Row = {
  break_id: string
  tenant_id: number
  type: BreakType
  kind: string
  detail: string
  run_id: string | null
  payment_id: string | null
  institution: string | null
  direction: Break['direction']
  rrn: string | null
  nbin: string | null
  amount: bigint | null
  day: string | null
  cycle: string | null
  action: BreakAction | null
  state: BreakState
  carried: number
  facts: Readonly<Record<string, unknown>>
  opened_at: number
  due_at: number | null
  closed_at: number | null
  assignee: string | null
  resolution: string | null
  resolved_by: string | null
  version: number
}

export const breakKeyOf = (id: string): string => id.slice(4)
const idOf = (prefix: string, uuid: string): string => `${prefix}_${uuid.replaceAll('-', '')}`

/** What was kept so that a row can be carried on is nobody's to read. */
const shown = ({ carry: _, ...facts }: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> => facts

const breakOf = (row: Row): Break => ({
  id: idOf('brk', row.break_id),
  tenantId: row.tenant_id,
  type: row.type,
  kind: row.kind,
  detail: row.detail,
  runId: row.run_id === null ? null : idOf('run', row.run_id),
  paymentId: row.payment_id === null ? null : idOf('pay', row.payment_id),
  institution: row.institution,
  direction: row.direction,
  rrn: row.rrn,
  remitterBank: row.nbin,
  amountPaise: row.amount,
  settlementDate: row.day,
  cycle: row.cycle,
  action: row.action ?? breakTypes[row.type].action,
  state: row.state,
  carried: row.carried,
  facts: shown(row.facts),
  openedAt: row.opened_at,
  dueAt: row.due_at,
  closedAt: row.closed_at,
  assignee: row.assignee,
  resolution: row.resolution,
  resolvedBy: row.resolved_by,
  version: row.version,
})

/** Whose breaks may be seen: those of these banks, and of no bank those of the tenant, or of everybody. */
export type BreakSight = { readonly banks: readonly string[]; readonly tenantId: number; readonly all: boolean }

const seenBy = (db: Db | Tx, { banks, tenantId, all }: BreakSight) => db`
  (b.institution = any(${[...banks]}::text[]) or (b.institution is null and (${all} or b.tenant_id = ${tenantId})))`

export type BreakFilter = {
  readonly institution?: string
  readonly type?: BreakType
  readonly state?: BreakState
  readonly settlementDate?: string
  readonly cycle?: string
  readonly rrn?: string
  readonly run?: string
  readonly assignee?: string
  /** Due before this instant and not settled. */
  readonly dueBefore?: number
}

export type BreakPlace = { readonly at: number; readonly id: string }

/** Breaks, the latest first. @param before  the last one of the page before */
export async function listBreaks(
  db: Db | Tx,
  sight: BreakSight,
  filter: BreakFilter,
  before: BreakPlace | undefined,
  limit: number,
): Promise<Break[]> {
  const { institution, type, state, settlementDate, cycle, rrn, run, assignee, dueBefore } = filter
  const rows = await db<Row[]>`
    select b.*, b.settled_on::text as day from break b
    where ${seenBy(db, sight)}
      ${institution === undefined ? db`` : db`and b.institution = ${institution}`}
      ${type === undefined ? db`` : db`and b.type = ${type}`}
      ${state === undefined ? db`` : db`and b.state = ${state}`}
      ${settlementDate === undefined ? db`` : db`and b.settled_on = ${settlementDate}::date`}
      ${cycle === undefined ? db`` : db`and b.cycle = ${cycle}`}
      ${rrn === undefined ? db`` : db`and b.rrn = ${rrn}`}
      ${run === undefined ? db`` : db`and b.run_id = ${run.slice(4)}::uuid`}
      ${assignee === undefined ? db`` : db`and b.assignee = ${assignee}`}
      ${dueBefore === undefined ? db`` : db`and b.due_at < ${toRfc3339(dueBefore)}::timestamptz and b.closed_at is null`}
      ${
        before === undefined
          ? db``
          : db`and (b.opened_at, b.break_id) < (${toRfc3339(before.at)}::timestamptz, ${breakKeyOf(before.id)}::uuid)`
      }
    order by b.opened_at desc, b.break_id desc limit ${limit}`
  return rows.map(breakOf)
}

export async function findBreak(db: Db | Tx, sight: BreakSight, id: string): Promise<Break | undefined> {
  const [row] = await db<Row[]>`
    select b.*, b.settled_on::text as day from break b where b.break_id = ${breakKeyOf(id)}::uuid and ${seenBy(db, sight)}`
  return row && breakOf(row)
}

/** The same, held until the transaction ends; several in the order of their ids. */
export async function lockBreaks(tx: Tx, ids: readonly string[]): Promise<Break[]> {
  const rows = await tx<Row[]>`
    select b.*, b.settled_on::text as day from break b
    where b.break_id = any(${ids.map(breakKeyOf)}::uuid[]) order by b.break_id for update`
  return rows.map(breakOf)
}

/** Gives a break that is not settled to somebody, or to nobody. @returns whether it was */
export async function assignBreak(tx: Tx, id: string, assignee: string | null): Promise<boolean> {
  const rows = await tx`
    update break set assignee = ${assignee}, state = ${assignee === null ? 'open' : 'assigned'}, version = version + 1
    where break_id = ${breakKeyOf(id)}::uuid and state in ('open', 'assigned') returning break_id`
  return rows.length > 0
}

/** Settles breaks that nobody has settled since they were looked at. @returns whether all were */
export async function closeBreaks(
  tx: Tx,
  ids: readonly string[],
  how: { readonly resolution: Resolution; readonly by: string; readonly at: number },
): Promise<boolean> {
  const rows = await tx`
    update break set state = 'resolved', resolution = ${how.resolution}, resolved_by = ${how.by},
      closed_at = ${toRfc3339(how.at)}::timestamptz, version = version + 1
    where break_id = any(${ids.map(breakKeyOf)}::uuid[]) and closed_at is null returning break_id`
  return rows.length === new Set(ids).size
}

export type BreakComment = { readonly author: string; readonly text: string | null; readonly at: number }

const PLACE = 'break_comment.sealed'

/** Writes down what somebody says of a break. The vault must be prepared for its tenant. @param id  32 hex digits */
export async function insertComment(
  tx: Tx,
  vault: Vault,
  of: Pick<Break, 'id' | 'tenantId'>,
  comment: { readonly id: string; readonly author: string; readonly text: string; readonly at: number },
): Promise<void> {
  await tx`
    insert into break_comment (comment_id, break_id, tenant_id, author, sealed, at)
    values (${comment.id}::uuid, ${breakKeyOf(of.id)}::uuid, ${of.tenantId}, ${comment.author},
            ${vault.seal(PLACE, of.tenantId, comment.id, comment.text)}, ${toRfc3339(comment.at)}::timestamptz)`
}

const MOST_COMMENTS = 200

/** What was said of a break, the oldest first; the words are null when their keys were destroyed. */
export async function readComments(db: Db | Tx, vault: Vault, id: string): Promise<BreakComment[]> {
  const rows = await db<{ comment_id: string; tenant_id: number; author: string; sealed: Uint8Array; at: number }[]>`
    select comment_id, tenant_id, author, sealed, at from break_comment
    where break_id = ${breakKeyOf(id)}::uuid order by comment_id limit ${MOST_COMMENTS}`
  await vault.load(rows.map(({ sealed }) => sealed))
  return rows.map(({ comment_id, tenant_id, author, sealed, at }) => ({
    author,
    text: vault.open(PLACE, tenant_id, comment_id.replaceAll('-', ''), sealed) ?? null,
    at,
  }))
}

/**
 * Why these cannot be matched with each other by force; undefined: they can. What NPCI has and what only we have must make the same sum.
 * @source settlement.md §7.3, controls: force match only if ΣLHS − ΣRHS = 0
 */
export function whyNotForced(breaks: readonly Break[]): string | undefined {
  const [first] = breaks
  if (first === undefined || breaks.length < 2) return 'a forced match is of two breaks or more'
  if (breaks.some(({ closedAt }) => closedAt !== null)) return 'one of them is settled'
  if (breaks.some(({ institution, direction }) => institution !== first.institution || direction !== first.direction))
    return 'they are of one bank and one direction'
  const sum = breaks.reduce((total, { facts, amountPaise }) => {
    const hasRaw = facts.raw === '00' || facts.raw === '08'
    return total + (hasRaw ? (amountPaise ?? 0n) : -(amountPaise ?? 0n))
  }, 0n)
  return sum === 0n ? undefined : 'what NPCI has and what it has not are different sums'
}

/** Whether people are asked already how this break is settled. Held until the transaction ends, so that nobody else asks meanwhile. */
export async function isBreakPending(tx: Tx, tenantId: number, id: string): Promise<boolean> {
  await tx`select pg_advisory_xact_lock(hashtextextended(${`break ${id}`}, 0))`
  const rows = await tx`
    select from approval_request
    where tenant_id = ${tenantId} and subject_kind = 'break' and subject_id = ${id} and decision is null`
  return rows.length > 0
}
