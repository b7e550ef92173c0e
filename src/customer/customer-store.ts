import { randomBytes } from 'node:crypto'
import { toRfc3339 } from '../base/clock.ts'
import {
  type CustomerId,
  customerIdOf,
  customerKey,
  type Mobile,
  type PaymentId,
  paymentKey,
} from '../base/identifiers.ts'
import type { Vault } from '../base/vault.ts'
import type { Db, Tx } from '../db/pool.ts'

/**
 * customer: the people whose money a tenant's payments are, and how they prove who they are. It promises that a payment of theirs goes only with
 * two factors of different kinds, given for exactly that payment, once, in time; that tries are counted before they are judged; and that no secret
 * of theirs is anywhere in the clear.
 */

/** A customer. Instants are epoch milliseconds. */
export type Customer = {
  /** What accounts name. */
  readonly key: bigint
  readonly id: CustomerId
  readonly tenantId: number
  readonly name: string
  readonly mobile: Mobile | null
  readonly language: string
  readonly reference: string | null
  readonly stoppedAt: number | null
  readonly stoppedBy: 'customer' | 'operations' | null
  /** Wrong tries in a row, over all payments; the last claimed one may still be under way. */
  readonly failures: number
  readonly lockedUntil: number | null
  readonly createdAt: number
}

export type CustomerRow = {
  customer_id: bigint
  public_id: string
  tenant_id: number
  sealed: Uint8Array
  language: string
  reference: string | null
  stopped_at: number | null
  stopped_by: Customer['stoppedBy']
  failures: number
  locked_until: number | null
  created_at: number
}

const PLACE = 'customer.sealed'
const ERASED = 'ERASED'

const seal = (vault: Vault, tenantId: number, id: CustomerId, name: string, mobile: Mobile | null): Uint8Array =>
  vault.seal(PLACE, tenantId, customerKey(id), JSON.stringify([name, mobile]))

/** A row whose keys are loaded. */
export function customerOf(vault: Vault, row: CustomerRow): Customer {
  const id = customerIdOf(row.public_id)
  const text = vault.open(PLACE, row.tenant_id, customerKey(id), row.sealed)
  const [name, mobile] = text === undefined ? [ERASED, null] : (JSON.parse(text) as [string, Mobile | null])
  return {
    key: row.customer_id,
    id,
    tenantId: row.tenant_id,
    name,
    mobile,
    language: row.language,
    reference: row.reference,
    stoppedAt: row.stopped_at,
    stoppedBy: row.stopped_by,
    failures: row.failures,
    lockedUntil: row.locked_until,
    createdAt: row.created_at,
  }
}

async function customersOf(vault: Vault, rows: readonly CustomerRow[]): Promise<Customer[]> {
  await vault.load(rows.map((row) => row.sealed))
  return rows.map((row) => customerOf(vault, row))
}

export type NewCustomer = Pick<Customer, 'tenantId' | 'name' | 'mobile' | 'language' | 'reference'>

/** @returns `reference_taken` when the tenant has another customer of that reference. The tenant's keys are ready. */
export async function insertCustomer(
  tx: Tx,
  vault: Vault,
  { tenantId, name, mobile, language, reference }: NewCustomer,
  now: number,
): Promise<Customer | 'reference_taken'> {
  const id = customerIdOf(randomBytes(16).toString('hex'))
  const rows = await tx<CustomerRow[]>`
    insert into customer (public_id, tenant_id, sealed, mobile_index, language, reference, created_at)
    values (${customerKey(id)}::uuid, ${tenantId}, ${seal(vault, tenantId, id, name, mobile)}::bytea,
            ${mobile === null ? null : vault.index('mobile', mobile)}::uuid, ${language}, ${reference}, ${toRfc3339(now)}::timestamptz)
    on conflict (tenant_id, reference) where reference is not null do nothing
    returning *`
  const [made] = await customersOf(vault, rows)
  return made ?? 'reference_taken'
}

/** One customer of a tenant. */
export async function findCustomer(
  db: Db | Tx,
  vault: Vault,
  tenantId: number,
  id: CustomerId,
): Promise<Customer | undefined> {
  const rows = await db<CustomerRow[]>`
    select * from customer where public_id = ${customerKey(id)}::uuid and tenant_id = ${tenantId}`
  return (await customersOf(vault, rows))[0]
}

/** The same, locked until `tx` ends: whoever counts tries or changes factors of one customer takes turns. */
export async function lockCustomer(
  tx: Tx,
  vault: Vault,
  tenantId: number,
  id: CustomerId,
): Promise<Customer | undefined> {
  const rows = await tx<CustomerRow[]>`
    select * from customer where public_id = ${customerKey(id)}::uuid and tenant_id = ${tenantId} for no key update`
  return (await customersOf(vault, rows))[0]
}

/** The customer of a tenant's own reference. */
export async function findByReference(
  db: Db | Tx,
  vault: Vault,
  tenantId: number,
  reference: string,
): Promise<Customer | undefined> {
  const rows = await db<
    CustomerRow[]
  >`select * from customer where tenant_id = ${tenantId} and reference = ${reference}`
  return (await customersOf(vault, rows))[0]
}

export type CustomerFilters = { readonly mobile?: Mobile | undefined; readonly reference?: string | undefined }

/** A tenant's customers, newest first. @param before  the key of the last of the page before */
export async function listCustomers(
  db: Db | Tx,
  vault: Vault,
  tenantId: number,
  { mobile, reference }: CustomerFilters,
  limit: number,
  before: bigint | undefined,
): Promise<Customer[]> {
  const rows = await db<CustomerRow[]>`
    select * from customer
    where tenant_id = ${tenantId} and customer_id < ${before ?? 9223372036854775807n}
      ${mobile === undefined ? db`` : db`and mobile_index = ${vault.index('mobile', mobile)}::uuid`}
      ${reference === undefined ? db`` : db`and reference = ${reference}`}
    order by customer_id desc limit ${limit}`
  return customersOf(vault, rows)
}

/** What can change of a customer. */
export const updateCustomer = (
  tx: Tx,
  vault: Vault,
  { key, id, tenantId, name, mobile, language }: Customer,
): Promise<unknown> =>
  tx`
    update customer set sealed = ${seal(vault, tenantId, id, name, mobile)}::bytea, language = ${language},
      mobile_index = ${mobile === null ? null : vault.index('mobile', mobile)}::uuid
    where customer_id = ${key}`.execute()

/** Writes how many tries failed in a row, and until when no more count. */
export const writeFailures = (tx: Tx, key: bigint, failures: number, lockedUntil: number | null): Promise<unknown> =>
  tx`
    update customer set failures = ${failures}, locked_until = ${lockedUntil === null ? null : toRfc3339(lockedUntil)}::timestamptz
    where customer_id = ${key}`.execute()

/**
 * The customer whose account a payment is from.
 * @param lock  true: hold the customer's row until `tx` ends
 */
export async function findPayer(
  tx: Tx,
  vault: Vault,
  tenantId: number,
  id: PaymentId,
  lock: boolean,
): Promise<Customer | undefined> {
  const rows = await tx<CustomerRow[]>`
    select c.* from payment p
    join account a on a.lane = p.lane and a.account_id = p.account_id
    join customer c on c.customer_id = a.customer_id
    where p.payment_id = ${paymentKey(id)}::uuid and p.tenant_id = ${tenantId} ${lock ? tx`for no key update of c` : tx``}`
  return (await customersOf(vault, rows))[0]
}
