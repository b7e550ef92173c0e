import { toRfc3339 } from '../base/clock.ts'
import type { Mobile } from '../base/identifiers.ts'
import type { Vault } from '../base/vault.ts'
import type { Db, Tx } from '../db/pool.ts'
import { MAX_TRIES } from './challenge-store.ts'
import { type Customer, type CustomerRow, customerOf } from './customer-store.ts'
import { lockTable } from './lock.ts'

/** A code that was sent to sign somebody in. `customerKey` null: to nobody. Instants are epoch milliseconds. */
export type SignInCode = {
  /** 32 hex digits. */
  readonly id: string
  readonly tenantId: number
  readonly customerKey: bigint | null
  /** HMAC of the code. */
  readonly code: string
  readonly createdAt: number
  readonly expiresAt: number
}

type SignInRow = {
  sign_in_id: string
  tenant_id: number
  customer_id: bigint | null
  code: string
  created_at: number
  expires_at: number
}

const plain = (uuid: string): string => uuid.replaceAll('-', '')

/**
 * The tenant whose customers sign in: the one that is named, or the only one there is.
 * @returns undefined when the hub does not authenticate that tenant's customers, or none is named and there are several
 */
export async function findWalletTenant(db: Db, named: number | undefined): Promise<number | undefined> {
  const rows = await db<{ tenant_id: number }[]>`
    select tenant_id from tenant
    where kind <> 'hub' and customer_authentication = 'hub' ${named === undefined ? db`` : db`and tenant_id = ${named}`}
    order by tenant_id limit 2`
  return rows.length === 1 ? rows[0]?.tenant_id : undefined
}

/** The one customer of a tenant whose codes go to this number, proved; undefined when there is none, or more than one. */
export async function findByMobile(
  tx: Tx,
  vault: Vault,
  tenantId: number,
  mobile: Mobile,
): Promise<Customer | undefined> {
  const rows = await tx<CustomerRow[]>`
    select c.* from customer c
    where c.tenant_id = ${tenantId} and c.mobile_index = ${vault.index('mobile', mobile)}::uuid
      and exists (select from factor f where f.customer_id = c.customer_id and f.kind = 'sms' and f.enrolled_at is not null
                    and f.revoked_at is null)
    limit 2`
  const [row, more] = rows
  if (row === undefined || more !== undefined) return undefined
  await vault.load([row.sealed])
  return customerOf(vault, row)
}

/** The customer of a passkey's user handle, of whichever tenant the hub authenticates. @param handle  32 hex digits */
export async function findByHandle(db: Db, vault: Vault, handle: string): Promise<Customer | undefined> {
  const [row] = await db<CustomerRow[]>`
    select c.* from customer c join tenant t on t.tenant_id = c.tenant_id and t.customer_authentication = 'hub'
    where c.public_id = ${handle}::uuid`
  if (row === undefined) return undefined
  await vault.load([row.sealed])
  return customerOf(vault, row)
}

export const insertSignIn = (tx: Tx, one: SignInCode): Promise<unknown> =>
  tx`
    insert into wallet_sign_in (sign_in_id, tenant_id, customer_id, code, created_at, expires_at)
    values (${one.id}::uuid, ${one.tenantId}, ${one.customerKey}, ${one.code}::uuid, ${toRfc3339(one.createdAt)}::timestamptz,
            ${toRfc3339(one.expiresAt)}::timestamptz)`.execute()

/** Takes one of the three tries of a code, before anything of it is judged. @param db  the hub's own pool @returns undefined when there is none to take */
export async function claimSignIn(db: Db, id: string, now: number): Promise<SignInCode | undefined> {
  const [row] = await db<SignInRow[]>`
    update wallet_sign_in set tries = tries + 1
    where sign_in_id = ${id}::uuid and used_at is null and tries < ${MAX_TRIES} and expires_at > ${toRfc3339(now)}::timestamptz
    returning *`
  return (
    row && {
      id: plain(row.sign_in_id),
      tenantId: row.tenant_id,
      customerKey: row.customer_id,
      code: plain(row.code),
      createdAt: row.created_at,
      expiresAt: row.expires_at,
    }
  )
}

/** Uses a code up. @returns false when somebody was faster */
export async function useSignIn(tx: Tx, id: string, now: number): Promise<boolean> {
  const rows = await tx`
    update wallet_sign_in set used_at = ${toRfc3339(now)}::timestamptz
    where sign_in_id = ${id}::uuid and used_at is null returning sign_in_id`
  return rows.length > 0
}

/**
 * Counts a try of a customer's MPIN as failed, before it is looked at: many at once are as many as they are.
 * @returns undefined when the customer is locked, and the try does not count
 */
export async function claimMpinTry(tx: Tx, vault: Vault, key: bigint, now: number): Promise<Customer | undefined> {
  const at = toRfc3339(now)
  const [row] = await tx<CustomerRow[]>`
    update customer set failures = failures + 1,
      locked_until = ${at}::timestamptz
        + nullif((${lockTable}::bigint[])[least(failures + 1, ${lockTable.length})], 0) * interval '1 millisecond'
    where customer_id = ${key} and (locked_until is null or locked_until <= ${at}::timestamptz)
    returning *`
  if (row === undefined) return undefined
  await vault.load([row.sealed])
  return customerOf(vault, row)
}
