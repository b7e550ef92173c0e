import { toRfc3339 } from '../base/clock.ts'
import {
  type AccountId,
  accountIdOf,
  accountKey,
  LANES,
  type Lane,
  laneOf,
  laneOfAccount,
} from '../base/identifiers.ts'
import { paise } from '../base/money.ts'
import type { Beneficiary, Channel } from '../base/party.ts'
import type { Vault } from '../base/vault.ts'
import { numbers, words } from '../db/arrays.ts'
import type { Db, Tx } from '../db/pool.ts'
import { holdJudgement, joinJudgement } from '../db/tenant.ts'
import type { Policy, Rules } from './policy.ts'

/** What door 1 must obey for a tenant. */
export type TenantPolicy = {
  readonly stopped: boolean
  /** Goes up with every change of what is here. */
  readonly version: number
  /** Who asks a customer for their factors: the hub, the institution (which says how), or nobody. */
  readonly authentication: 'none' | 'hub' | 'evidence'
  readonly policies: readonly Policy[]
  /** Blind indexes of accounts and mobiles that nothing is paid to or from. */
  readonly blocked: ReadonlySet<string>
  /** Whether the tenant has rules of risk. */
  readonly risk: boolean
}

/** Policies by tenant, read again when their version went up. */
export type PolicyBook = {
  /** In the read phase of a batch: one small statement, and the policies themselves only when they are new. */
  readonly read: (tx: Tx, tenantIds: Iterable<number>) => Promise<ReadonlyMap<number, TenantPolicy>>
}

type PolicyHead = {
  tenant_id: number
  policy_version: number
  stopped: boolean
  customer_authentication: TenantPolicy['authentication']
}

export function createPolicyBook(): PolicyBook {
  const known = new Map<number, Pick<TenantPolicy, 'version' | 'policies' | 'blocked' | 'risk'>>()
  return {
    async read(tx, tenantIds) {
      const ids = [...new Set(tenantIds)].sort((a, b) => a - b)
      // Held until the commit of what is judged by it. In a statement of its own: the next one then sees what a stop that was waited for wrote.
      const [, rows] = await Promise.all([
        joinJudgement(tx, ids),
        tx<PolicyHead[]>`
          select tenant_id, policy_version, stopped_at is not null as stopped, customer_authentication
          from tenant where tenant_id = any(${ids}::integer[])`,
      ])
      const fresh = rows.filter((row) => known.get(row.tenant_id)?.version !== row.policy_version)
      if (fresh.length > 0) {
        const changed = fresh.map((row) => row.tenant_id)
        const [policies, blocked, judged] = await Promise.all([
          findPolicies(tx, changed),
          findBlocked(tx, changed),
          findJudged(tx, changed),
        ])
        for (const row of fresh) {
          known.set(row.tenant_id, {
            version: row.policy_version,
            policies: policies.get(row.tenant_id) ?? [],
            blocked: blocked.get(row.tenant_id) ?? nobody,
            risk: judged.has(row.tenant_id),
          })
        }
      }
      return new Map(
        rows.map(({ tenant_id, stopped, policy_version: version, customer_authentication: authentication }) => {
          const { policies = [], blocked = nobody, risk = false } = known.get(tenant_id) ?? {}
          return [tenant_id, { stopped, version, authentication, policies, blocked, risk }]
        }),
      )
    },
  }
}

const nobody: ReadonlySet<string> = new Set()

export async function findBlocked(tx: Db | Tx, tenantIds: readonly number[]): Promise<Map<number, Set<string>>> {
  const rows = await tx<{ tenant_id: number; what: string }[]>`
    select tenant_id, what from blocked where tenant_id = any(${[...tenantIds]}::integer[]) and lifted_at is null`
  const found = new Map<number, Set<string>>()
  for (const { tenant_id, what } of rows)
    found.set(tenant_id, (found.get(tenant_id) ?? new Set()).add(what.replaceAll('-', '')))
  return found
}

/** Those of the tenants that have rules of risk, from whenever on. */
async function findJudged(tx: Tx, tenantIds: readonly number[]): Promise<ReadonlySet<number>> {
  const rows = await tx<{ tenant_id: number }[]>`
    select distinct tenant_id from risk_rule_set where tenant_id = any(${[...tenantIds]}::integer[])`
  return new Set(rows.map((row) => row.tenant_id))
}

/** Blocks an account number or a mobile for a tenant's payments, or lifts that. @returns false when it was so already */
export async function setBlocked(
  tx: Tx,
  tenantId: number,
  what: { readonly kind: 'account' | 'mobile'; readonly index: string },
  why: { readonly reason: string; readonly by: string; readonly at: number } | null,
  now: number,
): Promise<boolean> {
  const rows =
    why === null
      ? await tx`
          update blocked set lifted_at = ${toRfc3339(now)}::timestamptz
          where tenant_id = ${tenantId} and what = ${what.index}::uuid and lifted_at is null returning what`
      : await tx`
          insert into blocked (tenant_id, what, kind, reason, blocked_by, blocked_at)
          values (${tenantId}, ${what.index}::uuid, ${what.kind}, ${why.reason}, ${why.by}, ${toRfc3339(why.at)}::timestamptz)
          on conflict (tenant_id, what) do update
            set lifted_at = null, reason = excluded.reason, blocked_by = excluded.blocked_by, blocked_at = excluded.blocked_at
            where blocked.lifted_at is not null
          returning what`
  if (rows.length > 0) await raiseVersion(tx, tenantId)
  return rows.length > 0
}

/** What a block is kept and looked for under: an account number without the zeros that one bank writes in front of it and another does not. */
export const blockIndex = (vault: Vault, kind: 'account' | 'mobile', text: string): string =>
  vault.index(kind, kind === 'account' ? text.replace(/^0+(?=.)/, '') : text)

/** True when an account or a mobile of one side of a payment is one that nothing is paid to or from. */
export function isBlocked(
  vault: Vault,
  blocked: ReadonlySet<string>,
  { account, mobile }: { readonly account?: string; readonly mobile?: string },
): boolean {
  if (blocked.size === 0) return false
  return (
    (account !== undefined && blocked.has(blockIndex(vault, 'account', account))) ||
    (mobile !== undefined && blocked.has(blockIndex(vault, 'mobile', mobile)))
  )
}

type PolicyRow = {
  policy_id: string
  tenant_id: number
  channel: Channel | null
  account_id: bigint | null
  each_customer: boolean
  customer_id: bigint | null
  public_id: string | null
  rules: string
  valid_from: number
  valid_until: number | null
}

const policyOf = (row: PolicyRow): Policy => ({
  id: row.policy_id.replaceAll('-', ''),
  channel: row.channel,
  accountId: row.account_id === null ? null : accountIdOf(row.account_id),
  customer:
    row.customer_id !== null
      ? { id: row.customer_id, publicId: `cus_${(row.public_id ?? '').replaceAll('-', '')}` }
      : row.each_customer
        ? 'each'
        : null,
  rules: readRules(row.rules),
  validFrom: row.valid_from,
  validUntil: row.valid_until,
})

/** Amounts of rules are digits in JSON, as everywhere. */
const writeRules = (rules: Rules): string =>
  JSON.stringify(rules, (_, value) => (typeof value === 'bigint' ? `${value}p` : value))
const readRules = (text: string): Rules =>
  JSON.parse(text, (_, value) =>
    typeof value === 'string' && /^[0-9]+p$/.test(value) ? paise(BigInt(value.slice(0, -1))) : value,
  )

async function findPolicies(tx: Tx, tenantIds: readonly number[]): Promise<Map<number, Policy[]>> {
  const rows = await tx<PolicyRow[]>`
    select p.*, c.public_id from limit_policy p left join customer c on c.customer_id = p.customer_id
    where p.tenant_id = any(${[...tenantIds]}::integer[]) order by p.created_at, p.policy_id`
  const found = new Map<number, Policy[]>()
  for (const row of rows) found.set(row.tenant_id, [...(found.get(row.tenant_id) ?? []), policyOf(row)])
  return found
}

/** A tenant's policies that have not ended, in the order in which they were made. */
export async function listPolicies(db: Db | Tx, tenantId: number, now: number): Promise<Policy[]> {
  const rows = await db<PolicyRow[]>`
    select p.*, c.public_id from limit_policy p left join customer c on c.customer_id = p.customer_id
    where p.tenant_id = ${tenantId} and (p.valid_until is null or p.valid_until > ${toRfc3339(now)}::timestamptz)
    order by p.created_at, p.policy_id limit 1000`
  return rows.map(policyOf)
}

/** A customer of a tenant, as policies name one. @param publicId  cus_ and 32 hex digits */
export async function findPolicyCustomer(
  tx: Tx,
  tenantId: number,
  publicId: string,
): Promise<Exclude<Policy['customer'], 'each' | null> | undefined> {
  const [row] = await tx<{ customer_id: bigint }[]>`
    select customer_id from customer where public_id = ${publicId.slice(4)}::uuid and tenant_id = ${tenantId}`
  return row && { id: row.customer_id, publicId }
}

/** Makes a policy; the next batch of door 1 obeys it. */
export async function insertPolicy(tx: Tx, tenantId: number, policy: Omit<Policy, 'id'>, now: number): Promise<Policy> {
  const { customer } = policy
  const [row] = await tx<{ policy_id: string }[]>`
    insert into limit_policy (tenant_id, channel, account_id, each_customer, customer_id, rules, valid_from, valid_until, created_at)
    values (${tenantId}, ${policy.channel}, ${policy.accountId === null ? null : accountKey(policy.accountId)}::bigint,
            ${customer === 'each'}, ${customer === 'each' || customer === null ? null : customer.id}::bigint,
            ${writeRules(policy.rules)}, ${toRfc3339(policy.validFrom)}::timestamptz,
            ${policy.validUntil === null ? null : toRfc3339(policy.validUntil)}::timestamptz, ${toRfc3339(now)}::timestamptz)
    returning policy_id`
  if (row === undefined) throw new Error('a policy that was just made cannot be read')
  await raiseVersion(tx, tenantId)
  return { ...policy, id: row.policy_id.replaceAll('-', '') }
}

/** Ends a policy now. @returns false when the tenant has none of that id that still holds */
export async function endPolicy(tx: Tx, tenantId: number, id: string, now: number): Promise<boolean> {
  const at = toRfc3339(now)
  const rows = await tx`
    update limit_policy set valid_until = greatest(${at}::timestamptz, valid_from + interval '1 millisecond')
    where policy_id = ${id}::uuid and tenant_id = ${tenantId} and (valid_until is null or valid_until > ${at}::timestamptz)
    returning policy_id`
  if (rows.length > 0) await raiseVersion(tx, tenantId)
  return rows.length > 0
}

export const raiseVersion = (tx: Tx, tenantId: number): Promise<unknown> =>
  tx`update tenant set policy_version = policy_version + 1 where tenant_id = ${tenantId}`.execute()

/** The kill switch: nothing of this tenant leaves from its commit on. @param at  epoch milliseconds; null: payments go again */
export async function setStopped(tx: Tx, tenantId: number, at: number | null): Promise<boolean> {
  await holdJudgement(tx, tenantId)
  const rows = await tx`
    update tenant set stopped_at = ${at === null ? null : toRfc3339(at)}::timestamptz
    where tenant_id = ${tenantId} and (stopped_at is null) = ${at !== null} returning tenant_id`
  return rows.length > 0
}

/** Since when the kill switch stops all payments of a tenant, epoch milliseconds; null: they go. */
export async function findStopped(tx: Tx, tenantId: number): Promise<number | null> {
  const [row] = await tx<{ stopped_at: number | null }[]>`select stopped_at from tenant where tenant_id = ${tenantId}`
  return row?.stopped_at ?? null
}

/** A beneficiary as `beneficiary_seen` knows it. */
export const beneficiaryIndex = (vault: Vault, to: Beneficiary): string =>
  to.kind === 'account'
    ? vault.index('account', `${to.ifsc}/${to.account}`)
    : vault.index('account', `${to.mobile}/${to.mmid}`)

export type Seen = { readonly firstAt: number; readonly paidPaise: bigint }
/** Who paid, as `beneficiary_seen.account_id` has it: an account by its number, a customer by the negative of its own. */
export type Payer = { readonly lane: Lane; readonly payer: string }
type SeenKey = Payer & { readonly beneficiary: string }
export const accountPayer = (id: AccountId): Payer => ({ lane: laneOfAccount(id), payer: accountKey(id) })
export const customerPayer = (id: bigint): Payer => ({ lane: laneOf(Number(id % BigInt(LANES))), payer: `-${id}` })
export const seenKey = ({ payer, beneficiary }: Pick<SeenKey, 'payer' | 'beneficiary'>): string =>
  `${payer}/${beneficiary.replaceAll('-', '')}`

/** When beneficiaries were first paid, behind the locks of those who pay. */
export async function findSeen(tx: Tx, asked: readonly SeenKey[]): Promise<Map<string, Seen>> {
  const rows = await tx<{ account_id: bigint; beneficiary: string; first_at: number; amount: bigint }[]>`
    select b.account_id, b.beneficiary, b.first_at, b.amount
    from unnest(${words(asked, (one) => one.payer)}::bigint[], ${words(asked, (one) => one.beneficiary)}::uuid[])
      as s (account_id, beneficiary)
    join beneficiary_seen b on b.account_id = s.account_id and b.beneficiary = s.beneficiary`
  return new Map(
    rows.map((row) => [
      seenKey({ payer: String(row.account_id), beneficiary: row.beneficiary }),
      { firstAt: row.first_at, paidPaise: row.amount },
    ]),
  )
}

/** What came back was not paid: it counts no more of what a new beneficiary gets. Behind the locks of those who paid. */
export const takeBackSeen = (
  tx: Tx,
  rows: readonly (SeenKey & { readonly paidPaise: bigint; readonly madeAt: number })[],
): Promise<unknown> =>
  tx`
    update beneficiary_seen b set amount = greatest(b.amount - s.amount, 0)
    from (select account_id, beneficiary, sum(amount)::bigint as amount, min(made_at) as made_at
          from unnest(${words(rows, (row) => row.payer)}::bigint[], ${words(rows, (row) => row.beneficiary)}::uuid[],
                      ${numbers(rows, (row) => row.paidPaise)}::bigint[], ${numbers(rows, (row) => row.madeAt)}::bigint[])
            as a (account_id, beneficiary, amount, made_at)
          group by account_id, beneficiary) s
    where b.account_id = s.account_id and b.beneficiary = s.beneficiary and b.first_at <= to_timestamp(s.made_at / 1000.0)`.execute()

/** Writes what was paid to beneficiaries that are new. @param now  when those that were never paid before are first paid */
export const writeSeen = (
  tx: Tx,
  rows: readonly (SeenKey & { readonly tenantId: number; readonly paidPaise: bigint })[],
  now: number,
): Promise<unknown> =>
  tx`
    insert into beneficiary_seen (lane, account_id, tenant_id, beneficiary, first_at, amount)
    select s.lane, s.account_id, s.tenant_id, s.beneficiary, ${toRfc3339(now)}::timestamptz, s.amount
    from unnest(${numbers(rows, (row) => row.lane)}::smallint[], ${words(rows, (row) => row.payer)}::bigint[],
                ${numbers(rows, (row) => row.tenantId)}::integer[], ${words(rows, (row) => row.beneficiary)}::uuid[],
                ${numbers(rows, (row) => row.paidPaise)}::bigint[]) as s (lane, account_id, tenant_id, beneficiary, amount)
    on conflict (account_id, beneficiary, lane) do update set amount = excluded.amount`.execute()
