import { toRfc3339 } from '../base/clock.ts'
import { parseNbin } from '../base/identifiers.ts'
import { texts, words } from '../db/arrays.ts'
import type { Db } from '../db/pool.ts'
import { inTransaction } from '../db/transaction.ts'
import type { Provider } from '../imps/xml/message.ts'

/**
 * Keeps NPCI's list of members in place of the one before, in one commit. An empty list is no list: it is not taken.
 * @returns how many members are kept; a number (NBIN) that is listed twice is kept once, as it came first
 */
export async function saveMembers(db: Db, members: readonly Provider[], now: number): Promise<number> {
  const kept = new Map<string, Provider>()
  for (const member of members) {
    if (parseNbin(member.nbin) !== undefined && !kept.has(member.nbin)) kept.set(member.nbin, member)
  }
  const rows = [...kept.values()]
  if (rows.length === 0) return 0
  await inTransaction(db, async (tx) => {
    // Two processes with a list each: one after the other, for no order of the rows keeps a delete and an upsert apart.
    await tx`select pg_advisory_xact_lock(hashtextextended('member_bank', 0))`
    await tx`
    with listed as (
      select * from unnest(${words(rows, (r) => r.nbin)}::text[], ${texts(rows, (r) => r.bankCode)}::text[],
        ${texts(rows, (r) => r.name)}::text[], ${texts(rows, (r) => r.ifsc)}::text[],
        ${words(rows, (r) => String(r.active))}::boolean[], ${texts(rows, (r) => JSON.stringify(r.features))}::jsonb[],
        ${texts(rows, (r) => r.modifiedAt ?? null)}::text[]) as s (nbin, bank_code, name, ifsc, active, features, modified_at)),
    gone as (delete from member_bank m where not exists (select from listed l where l.nbin = m.nbin))
    insert into member_bank (nbin, bank_code, name, ifsc, active, features, modified_at, listed_at)
    select nbin, bank_code, name, ifsc, active, array(select jsonb_array_elements_text(features)), modified_at,
           ${toRfc3339(now)}::timestamptz
    from listed
    on conflict (nbin) do update set bank_code = excluded.bank_code, name = excluded.name, ifsc = excluded.ifsc,
      active = excluded.active, features = excluded.features, modified_at = excluded.modified_at, listed_at = excluded.listed_at`
  })
  return rows.length
}

type MemberRow = {
  nbin: string
  bank_code: string
  name: string
  ifsc: string
  active: boolean
  features: string[]
  modified_at: string | null
}

/** NPCI's members as last listed, by number; none when they never were. */
export async function loadMembers(db: Db): Promise<Provider[]> {
  const rows = await db<MemberRow[]>`
    select nbin, bank_code, name, ifsc, active, features, modified_at from member_bank order by nbin`
  return rows.map(({ nbin, bank_code: bankCode, name, ifsc, active, features, modified_at: modifiedAt }) => ({
    nbin,
    bankCode,
    name,
    ifsc,
    active,
    features,
    ...(modifiedAt === null ? {} : { modifiedAt }),
  }))
}
