import {
  type AccountId,
  accountIdOf,
  type Lane,
  laneOfAccount,
  type PaymentLinkId,
  paymentLinkIdOf,
} from '../base/identifiers.ts'
import type { Beneficiary } from '../base/party.ts'
import { remember } from '../base/remember.ts'
import type { Vault } from '../base/vault.ts'
import { words } from '../db/arrays.ts'
import type { Db } from '../db/pool.ts'
import { isVirtualNumber } from './virtual-account.ts'

/** Whose order a virtual account was made for, and whose money comes of it. */
export type VirtualAccount = { readonly linkId: PaymentLinkId; readonly accountId: AccountId }

/** What about virtual accounts never changes, kept in memory: a payment to any other account asks nothing here. */
export interface VirtualAccounts {
  /** In the order asked; undefined for what is no virtual account. */
  resolve(beneficiaries: readonly Beneficiary[]): Promise<readonly (VirtualAccount | undefined)[]>
  /** The lane of one that was resolved before. */
  laneOf(beneficiary: Beneficiary): Lane | undefined
}

const MAX_REMEMBERED = 100_000

/** The number and IFSC, where it can be a virtual account at all. */
const addressOf = (beneficiary: Beneficiary): string | undefined =>
  beneficiary.kind === 'account' && isVirtualNumber(beneficiary.account)
    ? `${beneficiary.ifsc}|${beneficiary.account}`
    : undefined

export function createVirtualAccounts(db: Db, vault: Vault): VirtualAccounts {
  const known = new Map<string, VirtualAccount>()
  const find = async (addresses: readonly string[]): Promise<ReadonlyMap<string, VirtualAccount>> => {
    const found = new Map<string, VirtualAccount>()
    const rows = await db<{ at: number; link_id: string; account_id: bigint }[]>`
      select s.at::integer, l.link_id, l.account_id
      from unnest(${words(addresses, (one) => vault.index('account', one.slice(12)))}::uuid[], ${words(addresses, (one) => one.slice(0, 11))}::text[])
        with ordinality as s (number, ifsc, at)
      join payment_link l on l.number_index = s.number and l.ifsc = s.ifsc`
    for (const row of rows) {
      const address = addresses[row.at - 1] ?? ''
      const account = { linkId: paymentLinkIdOf(row.link_id), accountId: accountIdOf(row.account_id) }
      found.set(address, account)
      remember(known, address, account, MAX_REMEMBERED)
    }
    return found
  }
  return {
    async resolve(beneficiaries) {
      const addresses = beneficiaries.map(addressOf)
      const ready = addresses.map((one) => (one === undefined ? undefined : known.get(one)))
      const missing = new Set(addresses.flatMap((one, i) => (one === undefined || ready[i] !== undefined ? [] : [one])))
      if (missing.size === 0) return ready
      const found = await find([...missing])
      return addresses.map((one, i) => ready[i] ?? (one === undefined ? undefined : found.get(one)))
    },
    laneOf(beneficiary) {
      const address = addressOf(beneficiary)
      const account = address === undefined ? undefined : known.get(address)
      return account === undefined ? undefined : laneOfAccount(account.accountId)
    },
  }
}

/** The virtual account of this number at a bank of the hub: a settlement file has no IFSC. */
export async function findVirtualAccount(
  db: Db,
  vault: Vault,
  institution: string,
  number: string,
): Promise<VirtualAccount | undefined> {
  if (!isVirtualNumber(number)) return undefined
  const [row] = await db<{ link_id: string; account_id: bigint }[]>`
    select l.link_id, l.account_id from payment_link l
    join account a on a.lane = l.account_id % 64 and a.account_id = l.account_id
    where l.number_index = ${vault.index('account', number)}::uuid and a.institution = ${institution}`
  return row && { linkId: paymentLinkIdOf(row.link_id), accountId: accountIdOf(row.account_id) }
}
