import { writeActs } from '../audit/acts.ts'
import { toRfc3339 } from '../base/clock.ts'
import { numbers } from '../db/arrays.ts'
import type { Db } from '../db/pool.ts'
import { inTransaction } from '../db/transaction.ts'
import { sealedPlaces } from './places.ts'
import { clearIndexes, type ResealDeps, reseal } from './reseal.ts'
import { actOfOperator, type Operator, raiseKeyVersion } from './rotate.ts'
import { monthOf } from './vault.ts'

/** How long records of payments are kept. @source PMLA 2002 §12(3): five years from the transaction */
const RETENTION_YEARS = 5

export type Shredded = {
  readonly keys: number
  /** Key-encryption keys that wrapped them: whoever has one of these and a backup from before can still read it. */
  readonly keks: readonly string[]
  /** Rows that lasted and were sealed again under this month's key. */
  readonly kept: number
  /** Payments whose blind indexes were removed. */
  readonly cleared: number
}

export type ShredOptions = {
  readonly tenantId: number
  /** `2021-11`, in UTC. */
  readonly month: string
  /** Why it may go although the law still wants it kept: words for the audit chain, without personal data. */
  readonly despiteRetention: string | undefined
}

/**
 * Destroys what is known about a tenant's customers of one month: its payments, look-ups, messages and what was asked for. Sums, times,
 * branches and references stay, and so do accounts and people, which last. Written down in the tenant's audit chain with the keys' end.
 * Broken off before that end, nothing is destroyed; run again, it goes on.
 * @throws in one line, when the month is not over, is to be kept by law, or has something that is not final
 */
export async function shred(deps: ResealDeps, operator: Operator, options: ShredOptions): Promise<Shredded> {
  const { tenantId, month, despiteRetention } = options
  const { db } = deps
  const now = operator.clock.now()
  if (month >= monthOf(now - 86_400_000))
    throw new Error(`${month} is not over: what happens in it is still sealed under its key`)
  const keptUntil = `${Number(month.slice(0, 4)) + RETENTION_YEARS}${month.slice(4)}`
  if (keptUntil >= monthOf(now) && despiteRetention === undefined)
    throw new Error(
      `records of ${month} must be kept until the end of ${keptUntil} (PMLA, five years): --despite-retention "<reason>" goes against that`,
    )
  const keys = await db<{ kid: number; kek: string; wrapped: boolean }[]>`
    select kid, kek, wrapped is not null as wrapped from data_key where tenant_id = ${tenantId} and month = ${month}`
  const kids = keys.map(({ kid }) => kid)
  if (!keys.some(({ wrapped }) => wrapped))
    return { keys: 0, keks: [], kept: 0, cleared: await clearIndexes(deps, kids) }
  await refuseWhatIsOpen(db, kids)

  const lasting = sealedPlaces.filter((place) => place.lasting)
  const due = kids.map((kid) => ({ kid, tenantId, month }))
  const { rows: kept, broken } = await reseal(deps, due, lasting)
  if (broken.length > 0)
    throw new Error(`${broken.length} rows that last do not open, ${broken[0]} among them: nothing was destroyed`)
  const cleared = await clearIndexes(deps, kids)

  await inTransaction(db, async (tx) => {
    const at = toRfc3339(now)
    await tx`
      update data_key set wrapped = null, shredded_at = ${at}::timestamptz, retired_at = coalesce(retired_at, ${at}::timestamptz)
      where kid = any(${numbers(kids, (kid) => kid)}::integer[]) and wrapped is not null`
    await raiseKeyVersion(tx)
    await writeActs(tx, [
      actOfOperator(operator, tenantId, 'data_key.shredded', month, {
        keys: kids.join(' '),
        ...(despiteRetention === undefined ? {} : { despiteRetention }),
      }),
    ])
  })
  return { keys: kids.length, keks: [...new Set(keys.map(({ kek }) => kek))], kept, cleared }
}

/** Money that is on its way, and decisions that are open, need what their rows say. */
async function refuseWhatIsOpen(db: Db, kids: readonly number[]): Promise<void> {
  const all = numbers(kids, (kid) => kid)
  const [open] = await db<{ payments: bigint; approvals: bigint }[]>`
    with due as (select int4send(kid) as name from unnest(${all}::integer[]) as k (kid))
    select
      (select count(*) from hold h join payment p using (payment_id, lane) join due on substring(p.sealed from 2 for 4) = due.name) as payments,
      (select count(*) from approval_request a join due on substring(a.content from 2 for 4) = due.name where a.decision is null) as approvals`
  if (open !== undefined && open.payments > 0n)
    throw new Error(`${open.payments} payments of that month are not final yet`)
  if (open !== undefined && open.approvals > 0n)
    throw new Error(`${open.approvals} changes of that month still wait for approval`)
}
