import { toRfc3339 } from '../base/clock.ts'
import type { Db, Tx } from '../db/pool.ts'
import { holdJudgement } from '../db/tenant.ts'

/** Who uses the hub: a member bank on it, a sub-member behind one, or a business with accounts at one. */
export const tenantKinds = ['member_bank', 'sub_member', 'business'] as const
export type TenantKind = (typeof tenantKinds)[number]

/** What a payment by one of its customers needs: nothing, two factors that the hub asks for, or the tenant's own evidence of them. */
export const authenticationModes = ['none', 'hub', 'evidence'] as const
export type AuthenticationMode = (typeof authenticationModes)[number]

export type Tenant = {
  readonly id: number
  readonly kind: TenantKind | 'hub'
  readonly name: string
  /** The code of the bank where its accounts are; null: any bank of this hub. */
  readonly institution: string | null
  readonly parentId: number | null
  readonly authentication: AuthenticationMode
  readonly stoppedAt: number | null
  readonly createdAt: number
}

type Row = {
  tenant_id: number
  kind: Tenant['kind']
  name: string
  institution: string | null
  parent_id: number | null
  customer_authentication: AuthenticationMode
  stopped_at: number | null
  created_at: number
}

const tenantOf = (row: Row): Tenant => ({
  id: row.tenant_id,
  kind: row.kind,
  name: row.name,
  institution: row.institution,
  parentId: row.parent_id,
  authentication: row.customer_authentication,
  stoppedAt: row.stopped_at,
  createdAt: row.created_at,
})

export type NewTenant = Pick<Tenant, 'name' | 'institution' | 'parentId' | 'authentication'> & {
  readonly kind: TenantKind
}

/** Why a tenant cannot be made as it was asked for; undefined when it can. */
export async function whyNotTenant(tx: Tx, { kind, institution, parentId }: NewTenant): Promise<string | undefined> {
  if (kind === 'member_bank' && institution === null) return 'a member bank is a bank of this hub: name its institution'
  if (kind === 'member_bank' && parentId !== null) return 'a member bank has no other bank behind it'
  if (kind === 'sub_member' && parentId === null) return 'a sub-member is behind a member bank: name its parent'
  if (parentId === null) return undefined
  const parent = await findTenant(tx, parentId)
  if (parent === undefined) return `there is no tenant ${parentId}`
  return parent.kind === 'member_bank' ? undefined : `tenant ${parentId} is no member bank`
}

/** Makes a tenant, with the next number. @param db  as the hub or the owner: a tenant cannot make another */
export async function insertTenant(tx: Tx, made: NewTenant, now: number): Promise<Tenant> {
  await tx`lock table tenant in share row exclusive mode`
  const [row] = await tx<Row[]>`
    insert into tenant (tenant_id, kind, name, institution, parent_id, customer_authentication, created_at)
    select max(tenant_id) + 1, ${made.kind}, ${made.name}, ${made.institution}, ${made.parentId}::integer, ${made.authentication},
           ${toRfc3339(now)}::timestamptz from tenant
    returning *`
  if (row === undefined) throw new Error('a tenant that was just made cannot be read')
  return tenantOf(row)
}

export async function findTenant(db: Db | Tx, id: number): Promise<Tenant | undefined> {
  const [row] = await db<Row[]>`select * from tenant where tenant_id = ${id}`
  return row && tenantOf(row)
}

/** All tenants but the hub itself, in the order of their numbers. */
export async function listTenants(db: Db): Promise<Tenant[]> {
  const rows = await db<Row[]>`select * from tenant where kind <> 'hub' order by tenant_id`
  return rows.map(tenantOf)
}

/** Changes what a tenant's customers need; door 1 obeys with its next batch. @returns false when it was so already, or there is none */
export async function setAuthentication(tx: Tx, id: number, mode: AuthenticationMode): Promise<boolean> {
  const rows = await tx`
    update tenant set customer_authentication = ${mode}, policy_version = policy_version + 1
    where tenant_id = ${id} and kind <> 'hub' and customer_authentication <> ${mode} returning tenant_id`
  return rows.length > 0
}

/** Stops all payments of a tenant, or lets them go again. @param at  epoch milliseconds; null: they go again. @returns false when it was so already */
export async function stopTenant(tx: Tx, id: number, at: number | null): Promise<boolean> {
  await holdJudgement(tx, id)
  const rows = await tx`
    update tenant set stopped_at = ${at === null ? null : toRfc3339(at)}::timestamptz
    where tenant_id = ${id} and kind <> 'hub' and (stopped_at is null) = ${at !== null} returning tenant_id`
  return rows.length > 0
}
