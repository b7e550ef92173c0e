import { toRfc3339 } from '../../base/clock.ts'
import type { Lane, PaymentId } from '../../base/identifiers.ts'
import { paymentIdOf, paymentKey } from '../../base/identifiers.ts'
import type { Db, Tx } from '../../db/pool.ts'
import type { DisputeState, Family, Funds } from '../../imps/disputes/rule.ts'
import type { Direction } from './dispute.ts'

/** A dispute as its row has it. Instants are epoch milliseconds, days IST. */
export type StoredDispute = {
  /** `dsp_` and 32 hex digits that sort by time. */
  readonly id: string
  readonly tenantId: number
  readonly paymentId: PaymentId
  readonly lane: Lane
  readonly direction: Direction
  readonly institution: string
  readonly rrn: string
  readonly remitterBank: string
  readonly family: Family
  readonly state: DisputeState
  readonly amountPaise: bigint
  readonly transactionOn: string
  /** The last flag that counted, with its reason and its day. */
  readonly flag: string
  readonly reason: string
  readonly on: string
  readonly net: number
  /** What was asked for and no report has yet. */
  readonly pending: { readonly flag: string; readonly reason: string; readonly at: number } | null
  readonly dueAt: number | null
  readonly dueFlag: string | null
  readonly warnedAt: number | null
  readonly heldPaise: bigint
  readonly receivablePaise: bigint
  readonly shadowPaise: bigint
  readonly lienId: string | null
  /** The rule table that judged last, 16 hex digits. */
  readonly rules: string
  readonly version: number
  readonly openedBy: string
  readonly openedAt: number
  readonly updatedAt: number
  readonly closedAt: number | null
}

export const eventKinds = [
  'asked', //    somebody here wants to say it: a row of an upload file
  'told', //     NPCI was told over the wire, or says what it made of it
  'refused', //  people did not let it go, or NPCI did not take it
  'adjusted', // an adjustment report has it
  'lapsed', //   the time was over, and a later report had no answer
  'warned',
  'evidence',
  'settled', //  money went to the customer, or was taken from one, or nobody has it yet
] as const
export type EventKind = (typeof eventKinds)[number]

export type DisputeEvent = {
  readonly disputeId: string
  readonly sequence: number
  readonly tenantId: number
  readonly at: number
  readonly kind: EventKind
  readonly flag: string | null
  readonly reason: string | null
  readonly actor: string
  readonly from: DisputeState
  readonly to: DisputeState
  readonly funds: Funds
  readonly amountPaise: bigint
  readonly source: string | null
  readonly rule: string | null
  readonly note: string | null
}
export type NewEvent = Omit<DisputeEvent, 'disputeId' | 'sequence' | 'tenantId'>

type Row = {
  dispute_id: string
  tenant_id: number
  payment_id: string
  lane: Lane
  direction: Direction
  institution: string
  rrn: string
  remitter_bank: string
  family: Family
  state: DisputeState
  amount: bigint
  transaction_day: string
  flag: string
  reason_code: string
  stepped_day: string
  net: number
  pending_flag: string | null
  pending_reason: string | null
  pending_at: number | null
  due_at: number | null
  due_flag: string | null
  warned_at: number | null
  held: bigint
  receivable: bigint
  shadow: bigint
  lien_id: string | null
  rules: string
  version: number
  opened_by: string
  opened_at: number
  updated_at: number
  closed_at: number | null
}

export const disputeIdOf = (uuid: string): string => `dsp_${uuid.replaceAll('-', '')}`
export const disputeKey = (id: string): string => id.slice(4)

const disputeOf = (row: Row): StoredDispute => ({
  id: disputeIdOf(row.dispute_id),
  tenantId: row.tenant_id,
  paymentId: paymentIdOf(row.payment_id),
  lane: row.lane,
  direction: row.direction,
  institution: row.institution,
  rrn: row.rrn,
  remitterBank: row.remitter_bank,
  family: row.family,
  state: row.state,
  amountPaise: row.amount,
  transactionOn: row.transaction_day,
  flag: row.flag,
  reason: row.reason_code,
  on: row.stepped_day,
  net: row.net,
  pending:
    row.pending_flag === null || row.pending_reason === null || row.pending_at === null
      ? null
      : { flag: row.pending_flag, reason: row.pending_reason, at: row.pending_at },
  dueAt: row.due_at,
  dueFlag: row.due_flag,
  warnedAt: row.warned_at,
  heldPaise: row.held,
  receivablePaise: row.receivable,
  shadowPaise: row.shadow,
  lienId: row.lien_id === null ? null : `lie_${row.lien_id.replaceAll('-', '')}`,
  rules: row.rules,
  version: row.version,
  openedBy: row.opened_by,
  openedAt: row.opened_at,
  updatedAt: row.updated_at,
  closedAt: row.closed_at,
})

const columns = (db: Db | Tx) => db`
  d.*, to_char(d.transaction_on, 'YYYY-MM-DD') as transaction_day, to_char(d.stepped_on, 'YYYY-MM-DD') as stepped_day`

/** A payment's disputes, held until `tx` ends, the oldest first: what is open and what was. */
export async function lockDisputes(tx: Tx, paymentId: PaymentId): Promise<StoredDispute[]> {
  const rows = await tx<Row[]>`
    select ${columns(tx)} from dispute d where d.payment_id = ${paymentKey(paymentId)}::uuid order by d.dispute_id for update`
  return rows.map(disputeOf)
}

/** One dispute, held until `tx` ends. */
export async function lockDispute(tx: Tx, id: string): Promise<StoredDispute | undefined> {
  const [row] = await tx<
    Row[]
  >`select ${columns(tx)} from dispute d where d.dispute_id = ${disputeKey(id)}::uuid for update`
  return row && disputeOf(row)
}

/** One dispute of a tenant, unlocked: for views. */
export async function findDispute(db: Db | Tx, tenantId: number, id: string): Promise<StoredDispute | undefined> {
  const [row] = await db<Row[]>`
    select ${columns(db)} from dispute d where d.dispute_id = ${disputeKey(id)}::uuid and d.tenant_id = ${tenantId}`
  return row && disputeOf(row)
}

export async function insertDispute(tx: Tx, d: StoredDispute): Promise<void> {
  await tx`
    insert into dispute (dispute_id, tenant_id, payment_id, lane, direction, institution, rrn, remitter_bank, family, state, amount,
                         transaction_on, flag, reason_code, stepped_on, net, pending_flag, pending_reason, pending_at, rules, opened_by,
                         opened_at, updated_at)
    values (${disputeKey(d.id)}::uuid, ${d.tenantId}, ${paymentKey(d.paymentId)}::uuid, ${d.lane}, ${d.direction}, ${d.institution}, ${d.rrn},
            ${d.remitterBank}, ${d.family}, ${d.state}, ${d.amountPaise}, ${d.transactionOn}::date, ${d.flag}, ${d.reason}, ${d.on}::date,
            ${d.net}, ${d.pending?.flag ?? null}, ${d.pending?.reason ?? null}, ${instant(d.pending?.at ?? null)}::timestamptz, ${d.rules},
            ${d.openedBy}, ${instant(d.openedAt)}::timestamptz, ${instant(d.updatedAt)}::timestamptz)`
}

/** Saves the next state of a dispute that is locked. @throws when its version is not the one that was read */
export async function saveDispute(tx: Tx, d: StoredDispute): Promise<StoredDispute> {
  const saved = await tx`
    update dispute set state = ${d.state}, flag = ${d.flag}, reason_code = ${d.reason}, stepped_on = ${d.on}::date, net = ${d.net},
      pending_flag = ${d.pending?.flag ?? null}, pending_reason = ${d.pending?.reason ?? null},
      pending_at = ${instant(d.pending?.at ?? null)}::timestamptz, due_at = ${instant(d.dueAt)}::timestamptz, due_flag = ${d.dueFlag},
      warned_at = ${instant(d.warnedAt)}::timestamptz, held = ${d.heldPaise}, receivable = ${d.receivablePaise}, shadow = ${d.shadowPaise},
      lien_id = ${d.lienId === null ? null : d.lienId.slice(4)}::uuid, rules = ${d.rules}, updated_at = ${instant(d.updatedAt)}::timestamptz,
      closed_at = ${instant(d.closedAt)}::timestamptz, version = version + 1
    where dispute_id = ${disputeKey(d.id)}::uuid and version = ${d.version}`
  if (saved.count !== 1) throw new Error(`dispute ${d.id} changed while it was locked`)
  return { ...d, version: d.version + 1 }
}

const instant = (at: number | null): string | null => (at === null ? null : toRfc3339(at))

/** Appends what happened to a dispute that is locked. */
export async function addEvent(tx: Tx, { id, tenantId }: StoredDispute, event: NewEvent): Promise<void> {
  await tx`
    insert into dispute_event (dispute_id, sequence, tenant_id, at, kind, flag, reason_code, actor, from_state, to_state, funds, amount, source,
                               rule, note)
    select ${disputeKey(id)}::uuid, coalesce(max(sequence), 0) + 1, ${tenantId}::integer, ${instant(event.at)}::timestamptz, ${event.kind},
           ${event.flag}, ${event.reason}, ${event.actor}, ${event.from}, ${event.to}, ${event.funds}, ${event.amountPaise}::bigint,
           ${event.source}, ${event.rule}, ${event.note}
    from dispute_event where dispute_id = ${disputeKey(id)}::uuid`
}

/**
 * Writes down that a line of a report is taken, whatever comes of it: one that contradicted has its money in suspense, and must not count when
 * it comes again and would fit. @returns false when it was taken before
 */
export async function countLine(
  tx: Tx,
  cycle: { readonly settlementDate: string; readonly number: string },
  line: { readonly institution: string; readonly source: string; readonly flag: string },
  now: number,
): Promise<boolean> {
  const made = await tx`
    insert into adjustment_applied (institution, ref, settled_on, cycle, at)
    values (${line.institution}, ${`${line.flag}/${line.source}`}, ${cycle.settlementDate}::date, ${cycle.number}, ${toRfc3339(now)}::timestamptz)
    on conflict do nothing returning ref`
  return made.length > 0
}

/** Whether a line of a report has moved a dispute: before lines that were taken were written down, that was all there was to know. */
export async function hasCounted(tx: Tx, source: string, flag: string): Promise<boolean> {
  const found = await tx`select from dispute_event where source = ${source} and flag = ${flag}`
  return found.length > 0
}

type EventRow = {
  dispute_id: string
  sequence: number
  tenant_id: number
  at: number
  kind: EventKind
  flag: string | null
  reason_code: string | null
  actor: string
  from_state: DisputeState
  to_state: DisputeState
  funds: Funds
  amount: bigint
  source: string | null
  rule: string | null
  note: string | null
}

/** All that happened to a dispute, in order. */
export async function listEvents(db: Db | Tx, id: string): Promise<DisputeEvent[]> {
  const rows = await db<EventRow[]>`
    select * from dispute_event where dispute_id = ${disputeKey(id)}::uuid order by sequence limit 500`
  return rows.map((row) => ({
    disputeId: disputeIdOf(row.dispute_id),
    sequence: row.sequence,
    tenantId: row.tenant_id,
    at: row.at,
    kind: row.kind,
    flag: row.flag,
    reason: row.reason_code,
    actor: row.actor,
    from: row.from_state,
    to: row.to_state,
    funds: row.funds,
    amountPaise: row.amount,
    source: row.source,
    rule: row.rule,
    note: row.note,
  }))
}

export type DisputeFilters = {
  readonly state?: string | undefined
  readonly flag?: string | undefined
  readonly family?: string | undefined
  readonly direction?: string | undefined
  readonly rrn?: string | undefined
  readonly paymentId?: PaymentId | undefined
  /** Those whose time ends before this. */
  readonly dueBefore?: number | undefined
  readonly open?: boolean | undefined
}

/** A tenant's disputes, newest first. @param before  the last id of the page before */
export async function listDisputes(
  tx: Tx,
  tenantId: number,
  filters: DisputeFilters,
  limit: number,
  before: string | undefined,
): Promise<StoredDispute[]> {
  const { state, flag, family, direction, rrn, paymentId, dueBefore, open } = filters
  const rows = await tx<Row[]>`
    select ${columns(tx)} from dispute d
    where d.tenant_id = ${tenantId}
      ${before === undefined ? tx`` : tx`and d.dispute_id < ${disputeKey(before)}::uuid`}
      ${state === undefined ? tx`` : tx`and d.state = ${state}`}
      ${flag === undefined ? tx`` : tx`and d.flag = ${flag}`}
      ${family === undefined ? tx`` : tx`and d.family = ${family}`}
      ${direction === undefined ? tx`` : tx`and d.direction = ${direction}`}
      ${rrn === undefined ? tx`` : tx`and d.rrn = ${rrn}`}
      ${paymentId === undefined ? tx`` : tx`and d.payment_id = ${paymentKey(paymentId)}::uuid`}
      ${dueBefore === undefined ? tx`` : tx`and d.due_at < ${toRfc3339(dueBefore)}::timestamptz`}
      ${open === undefined ? tx`` : tx`and (d.closed_at is null) = ${open}`}
    order by d.dispute_id desc limit ${limit}`
  return rows.map(disputeOf)
}

/** Disputes whose time ends before an instant, the first to end first. For the sweep, which is the hub's own. @param institution  of one bank */
export async function findDue(
  db: Db,
  before: number,
  limit: number,
  institution: string | null = null,
): Promise<StoredDispute[]> {
  const rows = await db<Row[]>`
    select ${columns(db)} from dispute d where d.due_at < ${toRfc3339(before)}::timestamptz
      and (${institution}::text is null or d.institution = ${institution}) order by d.due_at, d.dispute_id limit ${limit}`
  return rows.map(disputeOf)
}

/** Disputes that were won and whose money is not with the customer yet; a good-faith credit is the customer's at once. */
export async function findUnpaid(db: Db, limit: number): Promise<StoredDispute[]> {
  const rows = await db<Row[]>`
    select ${columns(db)} from dispute d
    where d.held > 0 and (d.closed_at is not null or (d.family = 'beneficiary_good_faith' and d.direction = 'outward' and d.state = 'raised'))
    order by d.dispute_id limit ${limit}`
  return rows.map(disputeOf)
}
