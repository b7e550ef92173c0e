import { toRfc3339 } from '../base/clock.ts'
import { type AccountId, accountKey, laneOfAccount } from '../base/identifiers.ts'
import type { Tx } from '../db/pool.ts'
import type { AccountStatus } from './transfer.ts'

/** A disputed amount that stays in its account until it is decided. Instants are epoch milliseconds. @source settlement.md R10 */
export type Lien = {
  readonly id: string
  readonly amountPaise: bigint
  readonly reference: string
  readonly placedBy: string
  readonly placedAt: number
  readonly releasedBy: string | null
  readonly releasedAt: number | null
}

type LienRow = {
  lien_id: string
  amount: bigint
  reference: string
  placed_by: string
  placed_at: number
  released_by: string | null
  released_at: number | null
}

const lienOf = (row: LienRow): Lien => ({
  id: `lie_${row.lien_id.replaceAll('-', '')}`,
  amountPaise: row.amount,
  reference: row.reference,
  placedBy: row.placed_by,
  placedAt: row.placed_at,
  releasedBy: row.released_by,
  releasedAt: row.released_at,
})

/**
 * Puts an amount of an account under lien; also more than is in it, for what comes in later is then under it too.
 * @returns undefined when the tenant has no such account
 */
export async function placeLien(
  tx: Tx,
  tenantId: number,
  id: AccountId,
  lien: { readonly amountPaise: bigint; readonly reference: string; readonly by: string },
  now: number,
): Promise<Lien | undefined> {
  const found = await tx`
    update account set lien = lien + ${lien.amountPaise}
    where lane = ${laneOfAccount(id)} and account_id = ${accountKey(id)} and tenant_id = ${tenantId} and kind = 'customer'
    returning account_id`
  if (found.length === 0) return undefined
  const [row] = await tx<LienRow[]>`
    insert into lien (tenant_id, account_id, amount, reference, placed_by, placed_at)
    values (${tenantId}, ${accountKey(id)}::bigint, ${lien.amountPaise}, ${lien.reference}, ${lien.by}, ${toRfc3339(now)}::timestamptz)
    returning *`
  if (row === undefined) throw new Error('a lien that was just placed cannot be read')
  return lienOf(row)
}

/** Lets the amount of a lien go. @returns false when it was let go before, or is not of this account */
export async function releaseLien(
  tx: Tx,
  tenantId: number,
  id: AccountId,
  lienId: string,
  by: string,
  now: number,
): Promise<boolean> {
  const [row] = await tx<{ amount: bigint }[]>`
    update lien set released_by = ${by}, released_at = ${toRfc3339(now)}::timestamptz
    where lien_id = ${lienId.slice(4)}::uuid and account_id = ${accountKey(id)}::bigint and tenant_id = ${tenantId} and released_at is null
    returning amount`
  if (row === undefined) return false
  await tx`
    update account set lien = lien - ${row.amount}
    where lane = ${laneOfAccount(id)} and account_id = ${accountKey(id)} and tenant_id = ${tenantId}`
  return true
}

/** The liens of an account, the newest first. */
export async function listLiens(tx: Tx, tenantId: number, id: AccountId): Promise<Lien[]> {
  const rows = await tx<LienRow[]>`
    select * from lien where account_id = ${accountKey(id)}::bigint and tenant_id = ${tenantId}
    order by placed_at desc, lien_id limit 500`
  return rows.map(lienOf)
}

/** Freezes an open account, or opens a frozen one. @returns undefined when the tenant has no such account; false when it is neither */
export async function setFrozen(
  tx: Tx,
  tenantId: number,
  id: AccountId,
  frozen: boolean,
): Promise<boolean | undefined> {
  const [row] = await tx<{ status: AccountStatus }[]>`
    select status from account
    where lane = ${laneOfAccount(id)} and account_id = ${accountKey(id)} and tenant_id = ${tenantId} and kind = 'customer' for update`
  if (row === undefined) return undefined
  if (row.status === 'closed') return false
  await tx`
    update account set status = ${frozen ? 'frozen' : 'open'}
    where lane = ${laneOfAccount(id)} and account_id = ${accountKey(id)} and tenant_id = ${tenantId}`
  return true
}
