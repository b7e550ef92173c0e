import ipaddr from 'ipaddr.js'
import { type Clock, toRfc3339 } from '../base/clock.ts'
import type { Vault } from '../base/vault.ts'
import type { Db } from '../db/pool.ts'

/**
 * How often somebody may fail to sign in. A try is counted before anything is looked at, in one statement, so that many at the same
 * time are as many as they are. Delays grow with every failure, have an end, and are not made longer by whoever goes on
 * trying while they last: nobody can lock somebody else out for good.
 */

/** So many failures are free; then each doubles the wait, up to the longest. */
type Patience = { readonly free: number; readonly firstMs: number; readonly longestMs: number }

/** A login may belong to somebody whom others want to keep out: the wait is short enough to live with. */
export const patienceWithLogins: Patience = { free: 5, firstMs: 30_000, longestMs: 900_000 }
/** Behind one address there may be a whole office. */
export const patienceWithAddresses: Patience = { free: 30, firstMs: 1_000, longestMs: 60_000 }

/** Failures that are older than this are forgotten. */
const MEMORY_MS = 86_400_000

export type Try =
  /** Go on. `failures`: with this one, should it fail. */
  { readonly kind: 'open'; readonly failures: number } | { readonly kind: 'wait'; readonly ms: number }

export type Tries = {
  /** Takes a try, as a failure. */
  readonly take: (countedFor: string, patience: Patience) => Promise<Try>
  /** It succeeded: all failures before it are forgotten. */
  readonly clear: (countedFor: string) => Promise<void>
  /** It succeeded, and says nothing about the others that are counted here. */
  readonly giveBack: (countedFor: string) => Promise<void>
  /** @returns how many were forgotten */
  readonly forget: () => Promise<number>
}

/** What is counted for an address: of IPv6 the first 64 bits, which one household has all of. */
export function addressBlock(address: string): string {
  if (!ipaddr.isValid(address)) return 'unknown'
  const found = ipaddr.process(address)
  return found.kind() === 'ipv4'
    ? found.toString()
    : ipaddr.IPv6.networkAddressFromCIDR(`${found.toString()}/64`).toString()
}

export function createTries({
  clock,
  db,
  vault,
}: {
  readonly clock: Clock
  readonly db: Db
  readonly vault: Vault
}): Tries {
  // Whose failures these are is nobody's business who reads the table.
  const keyOf = (countedFor: string): string => vault.index('email', `try:${countedFor}`)
  return {
    async take(countedFor, { free, firstMs, longestMs }) {
      const key = keyOf(countedFor)
      const now = clock.now()
      const at = toRfc3339(now)
      const forgotten = toRfc3339(now - MEMORY_MS)
      const [taken] = await db<{ failures: number }[]>`
        insert into sign_in_try as t (counted_for, failures, last_at, open_at)
        values (${key}::uuid, 1, ${at}::timestamptz, ${at}::timestamptz)
        on conflict (counted_for) do update set
          failures = case when t.last_at < ${forgotten}::timestamptz then 1 else least(t.failures + 1, 1000000) end,
          last_at = ${at}::timestamptz,
          open_at = case
            when t.last_at < ${forgotten}::timestamptz or t.failures + 1 < ${free} then ${at}::timestamptz
            else ${at}::timestamptz + interval '1 millisecond'
                 * least(${longestMs}::float8, ${firstMs}::float8 * power(2, least(t.failures + 1 - ${free}, 30))) end
        where t.open_at <= ${at}::timestamptz
        returning failures`
      if (taken !== undefined) return { kind: 'open', failures: taken.failures }
      const [row] = await db<{ open_at: number }[]>`select open_at from sign_in_try where counted_for = ${key}::uuid`
      return { kind: 'wait', ms: Math.max(1, (row?.open_at ?? now) - now) }
    },
    async clear(countedFor) {
      await db`delete from sign_in_try where counted_for = ${keyOf(countedFor)}::uuid`
    },
    async giveBack(countedFor) {
      await db`
        update sign_in_try set failures = greatest(failures - 1, 0) where counted_for = ${keyOf(countedFor)}::uuid`
    },
    async forget() {
      const rows = await db`
        delete from sign_in_try where counted_for = any(array(
          select counted_for from sign_in_try where last_at < ${toRfc3339(clock.now() - MEMORY_MS)}::timestamptz limit 10000))
        returning counted_for`
      return rows.length
    },
  }
}
