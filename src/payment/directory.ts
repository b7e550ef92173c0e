import type { AccountId, Lane } from '../base/identifiers.ts'
import { accountIdOf, accountKey, laneOfAccount } from '../base/identifiers.ts'
import { remember } from '../base/remember.ts'
import type { Vault } from '../base/vault.ts'
import { numbers, words } from '../db/arrays.ts'
import type { Db } from '../db/pool.ts'
import { type AccountOwner, findAddressed, findOwner, type Resolved } from '../ledger/store.ts'

/** How an inward payment names an account. */
export type Address =
  | { readonly kind: 'account'; readonly ifsc: string; readonly account: string }
  | { readonly kind: 'mmid'; readonly mobile: string; readonly mmid: string }

/** What about an account never changes, kept in memory so that a batch can lock and number in one round trip. */
export interface AccountDirectory {
  /** The institution of each account; accounts that do not exist are missing from the answer. */
  institutionsOf(ids: Iterable<AccountId>): Promise<ReadonlyMap<AccountId, string>>
  /** The customers of those accounts that have one, once their institutions were asked for. */
  customersOf(ids: Iterable<AccountId>): ReadonlyMap<AccountId, bigint>
  /** What is remembered of an account was wrong: ask again. */
  forget(id: AccountId): void
  /** The account behind each address, in the order asked; of a default MMID the one account that is meant, as of now. */
  resolve(addresses: readonly Address[]): Promise<readonly (Resolved | undefined)[]>
  /** The tenants of accounts, and the hub itself, to which an original for nobody belongs. */
  tenantsOf(accounts: readonly (Resolved | undefined)[]): Promise<readonly number[]>
  /** Whose account it is, of whichever tenant. */
  ownerOf(id: AccountId): Promise<AccountOwner | undefined>
  /** The lane of an address that was resolved before. */
  laneOf(address: Address): Lane | undefined
}

/** Only what was found is remembered, so a new account is seen at once. */
const MAX_REMEMBERED = 100_000

/** NBIN and 000: nobody's own MMID, but whatever account is the default of the mobile number. @source NPCI OC 119 */
const isDefault = (address: Address): boolean => address.kind === 'mmid' && address.mmid.endsWith('000')

const addressKey = (address: Address): string =>
  address.kind === 'account' ? `${address.ifsc}|${address.account}` : `${address.mobile}/${address.mmid}`

export function createAccountDirectory(db: Db, vault: Vault): AccountDirectory {
  const institutions = new Map<AccountId, string>()
  const tenants = new Map<AccountId, number>()
  const customers = new Map<AccountId, bigint>()
  const addresses = new Map<string, AccountId>()
  const find = async (ids: Iterable<AccountId>): Promise<ReadonlyMap<AccountId, string>> => {
    const found = new Map<AccountId, string>()
    const missing: AccountId[] = []
    for (const id of ids) {
      const known = institutions.get(id)
      if (known === undefined) missing.push(id)
      else found.set(id, known)
    }
    if (missing.length === 0) return found
    // No `kind = 'customer'` here: it would let the planner walk the index of all customers instead of looking each one up.
    const rows = await db<
      { account_id: bigint; institution: string | null; tenant_id: number; customer_id: bigint | null }[]
    >`
      select a.account_id, a.institution, a.tenant_id, a.customer_id
      from unnest(${numbers(missing, laneOfAccount)}::smallint[], ${words(missing, accountKey)}::bigint[]) as s (lane, account_id)
      join account a on a.lane = s.lane and a.account_id = s.account_id`
    for (const row of rows) {
      if (row.institution === null) continue
      const id = accountIdOf(row.account_id)
      remember(institutions, id, row.institution, MAX_REMEMBERED)
      remember(tenants, id, row.tenant_id, MAX_REMEMBERED)
      if (row.customer_id !== null) remember(customers, id, row.customer_id, MAX_REMEMBERED)
      found.set(id, row.institution)
    }
    return found
  }
  return {
    institutionsOf: find,
    customersOf(ids) {
      const found = new Map<AccountId, bigint>()
      for (const id of ids) {
        const customer = customers.get(id)
        if (customer !== undefined) found.set(id, customer)
      }
      return found
    },
    forget(id) {
      institutions.delete(id)
      customers.delete(id)
    },
    async resolve(asked) {
      const found: (Resolved | undefined)[] = asked.map((address) => addresses.get(addressKey(address)))
      const missing = asked.filter((_, i) => found[i] === undefined)
      if (missing.length > 0) {
        const answers = await findAddressed(
          db,
          vault,
          missing.map((a) =>
            a.kind === 'account' ? { number: a.account, ifsc: a.ifsc } : { mobile: a.mobile, mmid: a.mmid },
          ),
        )
        for (let i = 0, m = 0; i < asked.length; i += 1) {
          if (found[i] !== undefined) continue
          const id = answers[m++]
          if (id === undefined) continue
          found[i] = id
          const address = asked[i] as Address
          if (id === 'several_accounts' || isDefault(address)) continue // an account opened, or a consent given, changes the answer
          remember(addresses, addressKey(address), id, MAX_REMEMBERED)
        }
      }
      return found
    },
    async tenantsOf(accounts) {
      const ids = accounts.flatMap((id) => (id === undefined || id === 'several_accounts' ? [] : [id]))
      await find(ids)
      return [0, ...new Set(ids.flatMap((id) => tenants.get(id) ?? []))]
    },
    ownerOf: (id) => findOwner(db, vault, id),
    laneOf(address) {
      const id = addresses.get(addressKey(address))
      return id === undefined ? undefined : laneOfAccount(id)
    },
  }
}
