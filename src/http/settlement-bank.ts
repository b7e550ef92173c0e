import type { Db } from '../db/pool.ts'
import type { Caller } from '../identity/caller.ts'
import { findTenant } from '../identity/tenants.ts'
import type { Institution } from '../imps/profile.ts'
import { Problem } from './problems.ts'

export type SettlementBankDeps = {
  readonly db: Db
  readonly institutions: readonly Institution[]
  readonly sandbox: boolean
}

/**
 * The banks whose settlement somebody may look at: the hub all of them, a member or sub-member its own. A business has accounts at a bank
 * and none of its books; in a sandbox, where it stands for everybody, it sees them.
 */
export async function banksOf(deps: SettlementBankDeps, caller: Caller): Promise<readonly string[]> {
  const tenant = await findTenant(deps.db, caller.tenantId)
  const all = deps.institutions.map(({ code }) => code)
  if (tenant === undefined) return []
  if (tenant.kind === 'hub' || (deps.sandbox && tenant.institution === null)) return all
  if (tenant.kind === 'business' && !deps.sandbox) return []
  return all.filter((code) => code === tenant.institution)
}

/** One of them: the one that is named, or the first. @throws {Problem} `not_found`, as if there were no other */
export async function bankOf(deps: SettlementBankDeps, caller: Caller, named: string | undefined): Promise<string> {
  const banks = await banksOf(deps, caller)
  const bank = banks.find((code) => named === undefined || code === named)
  if (bank === undefined)
    throw new Problem('not_found', {
      detail: named === undefined ? 'You have no bank here.' : 'There is no such bank.',
    })
  return bank
}
