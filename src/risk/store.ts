import { toRfc3339 } from '../base/clock.ts'
import { type AccountId, accountIdOf, accountKey, laneOfAccount, paymentIdOf, paymentKey } from '../base/identifiers.ts'
import { numbers, words } from '../db/arrays.ts'
import type { Db, Tx } from '../db/pool.ts'
import type { NewFlag } from '../payment/initiate-assessed.ts'
import { raiseVersion } from '../payment/policy-store.ts'
import { LOOKED_AT, type Past, type RuleSet } from './rules.ts'

/** The rules of a tenant from an instant on. Never changed; `version` counts from 1. Instants are epoch milliseconds. */
export type DatedRules = {
  readonly version: number
  readonly rules: RuleSet
  readonly validFrom: number
  readonly createdBy: string
  readonly createdAt: number
}

type RulesRow = {
  tenant_id: number
  version: number
  rules: string
  valid_from: number
  created_by: string
  created_at: number
}
const rulesOf = (row: RulesRow): DatedRules => ({
  version: row.version,
  rules: JSON.parse(row.rules) as RuleSet,
  validFrom: row.valid_from,
  createdBy: row.created_by,
  createdAt: row.created_at,
})

/** The rules that hold now and those that will, newest first. */
export async function listRuleSets(db: Db | Tx, tenantId: number, limit = 100): Promise<DatedRules[]> {
  const rows = await db<RulesRow[]>`
    select * from risk_rule_set where tenant_id = ${tenantId} order by version desc limit ${limit}`
  return rows.map(rulesOf)
}

/** Those of the list that hold: the last that was made and has begun. */
export const rulesAt = (sets: readonly DatedRules[], at: number): DatedRules | undefined =>
  sets.find((one) => one.validFrom <= at)

/** Makes rules that hold from an instant on; an empty set ends all of them. The tenant's row is locked: versions have no gaps. */
export async function insertRuleSet(
  tx: Tx,
  tenantId: number,
  made: { readonly rules: RuleSet; readonly validFrom: number; readonly by: string },
  now: number,
): Promise<DatedRules> {
  await raiseVersion(tx, tenantId)
  const [row] = await tx<RulesRow[]>`
    insert into risk_rule_set (tenant_id, version, rules, valid_from, created_by, created_at)
    select ${tenantId}, coalesce(max(version), 0) + 1, ${JSON.stringify(made.rules)}, ${toRfc3339(made.validFrom)}::timestamptz, ${made.by},
           ${toRfc3339(now)}::timestamptz
    from risk_rule_set where tenant_id = ${tenantId}
    returning *`
  if (row === undefined) throw new Error('rules that were just made cannot be read')
  return rulesOf(row)
}

/** What is known of an account. */
export type AccountPast = { readonly openedAt: number; readonly past: readonly Past[] }

/** The past of an account in one text: a row each would cost more to read than to find. Ids begin with the time they were made. */
const readPast = (text: string | null): Past[] =>
  text === null
    ? []
    : text.split(';').map((one) => {
        const [direction, state = '', amount = '0', id = '', account = '', mobile = ''] = one.split(':')
        return {
          id,
          direction: direction === 'i' ? 'inward' : 'outward',
          stands: !undone.includes(state),
          amountPaise: BigInt(amount),
          at: Number.parseInt(id.slice(0, 12), 16),
          other: account === '' ? (mobile === '' ? [] : [mobile]) : mobile === '' ? [account] : [account, mobile],
        }
      })
const undone = ['declined', 'returned', 'cancelled', 'refused']

/**
 * The last payments of accounts, newest first, by the index of account and payment: ids sort by time. Unlocked: what is being committed
 * at this moment is not seen, and rules need not be exact. At most `LOOKED_AT` rows an account.
 */
export async function findPasts(db: Db, accounts: readonly AccountId[]): Promise<Map<AccountId, AccountPast>> {
  const rows = await db<{ account_id: bigint; created_at: number; past: string | null }[]>`
    select a.account_id, a.created_at, p.past
    from unnest(${numbers(accounts, laneOfAccount)}::smallint[], ${words(accounts, accountKey)}::bigint[]) as s (lane, account_id)
    join account a on a.lane = s.lane and a.account_id = s.account_id
    cross join lateral (
      select string_agg(left(r.direction, 1) || ':' || r.state || ':' || r.amount || ':' || encode(uuid_send(r.payment_id), 'hex') || ':'
               || coalesce(encode(uuid_send(r.other_account), 'hex'), '') || ':'
               || coalesce(encode(uuid_send(r.other_mobile), 'hex'), ''), ';') as past
      from (select * from payment where account_id = s.account_id order by payment_id desc limit ${LOOKED_AT}) r) p`
  return new Map(
    rows.map((row) => [accountIdOf(row.account_id), { openedAt: row.created_at, past: readPast(row.past) }]),
  )
}

/** When accounts first paid beneficiaries, where that is remembered; unlocked. */
export async function findFirstPaid(
  db: Db,
  asked: readonly { readonly accountId: AccountId; readonly beneficiary: string }[],
): Promise<(number | null)[]> {
  const rows = await db<{ at: number; first_at: number }[]>`
    select s.at::integer, b.first_at
    from unnest(${words(asked, (one) => accountKey(one.accountId))}::bigint[], ${words(asked, (one) => one.beneficiary)}::uuid[])
      with ordinality as s (account_id, beneficiary, at)
    join beneficiary_seen b on b.account_id = s.account_id and b.beneficiary = s.beneficiary`
  const found: (number | null)[] = asked.map(() => null)
  for (const row of rows) found[row.at - 1] = row.first_at
  return found
}

/** Something for people to look at. */
export type Flag = NewFlag & {
  readonly id: string
  /** How often the same came within the hour. */
  readonly times: number
  readonly firstAt: number
  readonly lastAt: number
  readonly closedBy: string | null
  readonly closedAt: number | null
  readonly note: string | null
}

const HOUR_MS = 3_600_000

/** Keeps flags; the same of one account within an hour is one row. */
export async function writeFlags(db: Db, flags: readonly NewFlag[], now: number): Promise<void> {
  const once = new Map<string, NewFlag & { times: number }>()
  for (const flag of flags) {
    const key = [flag.tenantId, flag.accountId, flag.direction, flag.verdict, ...flag.reasons].join('|')
    const same = once.get(key)
    if (same === undefined) once.set(key, { ...flag, times: 1 })
    else same.times += 1
  }
  const rows = [...once.values()]
  const at = toRfc3339(now)
  await db`
    insert into risk_flag (tenant_id, account_id, direction, verdict, reasons, rule_set, payment_id, amount, hour, times, first_at, last_at)
    select s.tenant_id, s.account_id, s.direction, s.verdict, string_to_array(s.reasons, '/'), s.rule_set, s.payment_id, s.amount,
           ${toRfc3339(now - (now % HOUR_MS))}::timestamptz, s.times, ${at}::timestamptz, ${at}::timestamptz
    from unnest(
      ${numbers(rows, (one) => one.tenantId)}::integer[], ${words(rows, (one) => accountKey(one.accountId))}::bigint[],
      ${words(rows, (one) => one.direction)}::text[], ${words(rows, (one) => one.verdict)}::text[],
      ${words(rows, (one) => one.reasons.join('/'))}::text[], ${words(rows, (one) => `"${one.ruleSet}"`)}::text[],
      ${words(rows, (one) => (one.paymentId === null ? null : paymentKey(one.paymentId)))}::uuid[],
      ${numbers(rows, (one) => one.amountPaise)}::bigint[], ${numbers(rows, (one) => one.times)}::integer[])
      as s (tenant_id, account_id, direction, verdict, reasons, rule_set, payment_id, amount, times)
    order by s.tenant_id, s.account_id
    on conflict (tenant_id, account_id, hour, direction, verdict, reasons) do update
      set times = risk_flag.times + excluded.times, last_at = excluded.last_at`
}

type FlagRow = {
  flag_id: string
  tenant_id: number
  account_id: bigint
  direction: Flag['direction']
  verdict: Flag['verdict']
  reasons: string[]
  rule_set: string
  payment_id: string | null
  amount: bigint
  times: number
  first_at: number
  last_at: number
  closed_by: string | null
  closed_at: number | null
  note: string | null
}
const flagOf = (row: FlagRow): Flag => ({
  id: `flg_${row.flag_id.replaceAll('-', '')}`,
  tenantId: row.tenant_id,
  accountId: accountIdOf(row.account_id),
  direction: row.direction,
  verdict: row.verdict,
  reasons: row.reasons,
  ruleSet: row.rule_set,
  paymentId: row.payment_id === null ? null : paymentIdOf(row.payment_id),
  amountPaise: row.amount as Flag['amountPaise'],
  times: row.times,
  firstAt: row.first_at,
  lastAt: row.last_at,
  closedBy: row.closed_by,
  closedAt: row.closed_at,
  note: row.note,
})

export type FlagPosition = { readonly at: number; readonly id: string }

/** A tenant's flags, newest first. @param before  the last of the page before */
export async function listFlags(
  tx: Db | Tx,
  tenantId: number,
  {
    open,
    account,
    before,
    limit,
  }: {
    readonly open: boolean
    readonly account?: AccountId
    readonly before?: FlagPosition
    readonly limit: number
  },
): Promise<Flag[]> {
  const rows = await tx<FlagRow[]>`
    select * from risk_flag
    where tenant_id = ${tenantId} ${open ? tx`and closed_at is null` : tx``}
      ${account === undefined ? tx`` : tx`and account_id = ${accountKey(account)}`}
      ${before === undefined ? tx`` : tx`and (first_at, flag_id) < (${toRfc3339(before.at)}::timestamptz, ${before.id.slice(4)}::uuid)`}
    order by first_at desc, flag_id desc limit ${limit}`
  return rows.map(flagOf)
}

/** Somebody has looked. @returns undefined when the tenant has no such flag; closing it again changes nothing */
export async function closeFlag(
  tx: Tx,
  tenantId: number,
  id: string,
  closed: { readonly by: string; readonly note: string | null },
  now: number,
): Promise<{ readonly flag: Flag; readonly changed: boolean } | undefined> {
  const changed = await tx`
    update risk_flag set closed_by = ${closed.by}, closed_at = ${toRfc3339(now)}::timestamptz, note = ${closed.note}
    where flag_id = ${id.slice(4)}::uuid and tenant_id = ${tenantId} and closed_at is null returning flag_id`
  const [row] = await tx<FlagRow[]>`
    select * from risk_flag where flag_id = ${id.slice(4)}::uuid and tenant_id = ${tenantId}`
  return row && { flag: flagOf(row), changed: changed.length > 0 }
}
