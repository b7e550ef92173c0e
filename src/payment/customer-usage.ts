import type { AccountId } from '../base/identifiers.ts'
import { lines, numbers } from '../db/arrays.ts'
import type { Tx } from '../db/pool.ts'
import type { Books } from '../ledger/transfer.ts'
import type { AccountDirectory } from './directory.ts'

/** A customer as its locked row says, and as the batch changes it. */
export type LockedCustomer = {
  readonly id: bigint
  /** The customer's kill switch. */
  readonly stopped: boolean
  /** What was paid from all its accounts, as `usage.ts` writes it. */
  usage: string
  /** True once this batch has written to it. */
  changed: boolean
}

export type Customers = ReadonlyMap<bigint, LockedCustomer>

const nobody: Customers = new Map()

/**
 * Locks customers in order of their numbers, behind payments and before accounts: the one order in which anybody locks them. Those of a
 * batch without customers cost no statement. Whoever only refers to a customer does not wait for it.
 */
export async function lockCustomers(tx: Tx, ids: Iterable<bigint>): Promise<Customers> {
  const wanted = [...new Set(ids)]
  if (wanted.length === 0) return nobody
  const rows = await tx<{ customer_id: bigint; stopped: boolean; usage: string }[]>`
    select customer_id, stopped_at is not null as stopped, usage from customer
    where customer_id = any(${numbers(wanted, (id) => id)}::bigint[]) order by customer_id for no key update`
  return new Map(
    rows.map(({ customer_id: id, stopped, usage }) => [id, { id, stopped, usage, changed: false } as LockedCustomer]),
  )
}

/** Writes what the batch changed of customers. */
export function writeCustomers(tx: Tx, customers: Customers): Promise<unknown>[] {
  const changed = [...customers.values()].filter((customer) => customer.changed)
  if (changed.length === 0) return []
  return [
    tx`
      update customer c set usage = s.usage
      from unnest(${numbers(changed, (one) => one.id)}::bigint[], string_to_array(${lines(changed, (one) => one.usage)}, chr(10))) as s (customer_id, usage)
      where c.customer_id = s.customer_id`.execute(),
  ]
}

/**
 * Proves that the customers of all locked accounts are locked too.
 * @throws when an account got its customer after it was looked up; it is then looked up anew, and the batch is run again item by item
 */
export function provenCustomers(directory: AccountDirectory, { accounts }: Books, customers: Customers): Customers {
  const stale: AccountId[] = []
  for (const { id, customerId } of accounts.values()) {
    if (customerId !== null && !customers.has(customerId)) stale.push(id)
  }
  for (const id of stale) directory.forget(id)
  if (stale.length > 0) throw new Error(`account ${stale[0]} has got a customer meanwhile`)
  return customers
}
