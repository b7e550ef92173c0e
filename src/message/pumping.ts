import { type Clock, toRfc3339 } from '../base/clock.ts'
import type { Mobile } from '../base/identifiers.ts'
import type { Vault } from '../base/vault.ts'
import { numbers, texts } from '../db/arrays.ts'
import type { Db } from '../db/pool.ts'
import { inTransaction } from '../db/transaction.ts'

/**
 * Who has codes sent to numbers of a friend's network for a share of the price must find it not worth the while: messages are counted
 * by number, by the range that the number is from, by the address that asks, by tenant, and for the hub in all, in the database, so that
 * several processes have one count. Whoever knows a number can have codes to sign in sent to it; those have a count of their own by number,
 * so that nobody keeps its owner from paying by it.
 */

/** What a code is for: to open a session, which anybody may ask for, or to prove or enrol a factor, for which somebody is signed in. */
export type Purpose = 'sign_in' | 'factor'
export type Scope = 'number' | 'prefix' | 'address' | 'tenant' | 'hub'
/** So many in so many seconds, of all purposes or of one. Windows begin at multiples of their length. */
export type Cap = {
  readonly scope: Scope
  readonly purpose?: Purpose
  readonly seconds: number
  readonly most: number
}

/** @param perDay  the budget of one tenant; the hub's is `hubPerDay`: beyond it the breaker is open until the day is over */
export const capsOf = (perDay: number, hubPerDay: number): readonly Cap[] => [
  { scope: 'number', purpose: 'factor', seconds: 600, most: 5 },
  { scope: 'number', purpose: 'factor', seconds: 86_400, most: 20 },
  { scope: 'number', purpose: 'sign_in', seconds: 600, most: 5 },
  { scope: 'number', purpose: 'sign_in', seconds: 86_400, most: 15 },
  { scope: 'prefix', seconds: 600, most: 60 },
  { scope: 'address', seconds: 600, most: Math.max(60, Math.ceil(perDay / 20)) },
  { scope: 'tenant', seconds: 600, most: Math.max(60, Math.ceil(perDay / 20)) },
  { scope: 'tenant', seconds: 86_400, most: perDay },
  { scope: 'hub', seconds: 86_400, most: hubPerDay },
]

/** The first six digits of a mobile number: ten thousand numbers of one operator in one circle. */
const PREFIX = 6

export type Counted =
  | { readonly kind: 'counted' }
  | { readonly kind: 'too_many'; readonly scope: Scope; readonly retryAfterS: number }

export type Pumping = {
  /** Counts one message before it is sent, if all caps let it. What is refused is not counted, so that a flood of one number takes nothing from others. */
  readonly count: (message: {
    readonly to: Mobile
    readonly purpose: Purpose
    readonly tenantId: number
    readonly address: string
  }) => Promise<Counted>
}

class Over extends Error {}

export function createPumping(deps: {
  readonly db: Db
  readonly clock: Clock
  readonly vault: Vault
  readonly caps: readonly Cap[]
}): Pumping {
  const { db, clock, vault, caps } = deps
  return {
    async count({ to, purpose, tenantId, address }) {
      const names: Readonly<Record<Scope, string>> = {
        number: `number:${vault.index('mobile', to)}`,
        prefix: `prefix:${vault.index('code', `prefix ${to.slice(0, PREFIX)}`)}`,
        address: `address:${tenantId}:${address}`,
        tenant: `tenant:${tenantId}`,
        hub: 'hub',
      }
      const now = clock.now()
      const asked = caps
        .filter((cap) => cap.purpose === undefined || cap.purpose === purpose)
        .map((cap) => ({
          ...cap,
          name: cap.purpose === undefined ? names[cap.scope] : `${cap.purpose} ${names[cap.scope]}`,
          startsAt: Math.floor(now / (cap.seconds * 1000)) * cap.seconds * 1000,
        }))
        // One order for everybody: two that count the same rows never wait for each other in a ring.
        .sort((a, b) => (a.name === b.name ? a.seconds - b.seconds : a.name < b.name ? -1 : 1))
      const counted = new Set<string>()
      try {
        await inTransaction(db, async (tx) => {
          const rows = await tx<{ scope: string; seconds: number }[]>`
            insert into message_count as c (scope, seconds, starts_at, sent)
            select scope, seconds, to_timestamp(starts_at / 1000.0), 1
            from unnest(${texts(asked, (one) => one.name)}::text[], ${numbers(asked, (one) => one.seconds)}::integer[],
                        ${numbers(asked, (one) => one.startsAt)}::bigint[], ${numbers(asked, (one) => one.most)}::integer[])
              as s (scope, seconds, starts_at, most)
            where most > 0
            on conflict (scope, seconds, starts_at) do update set sent = c.sent + 1
              where c.sent < (
                select most from unnest(${texts(asked, (one) => one.name)}::text[], ${numbers(asked, (one) => one.seconds)}::integer[],
                                        ${numbers(asked, (one) => one.most)}::integer[]) as m (scope, seconds, most)
                where m.scope = excluded.scope and m.seconds = excluded.seconds)
            returning scope, seconds`
          for (const row of rows) counted.add(`${row.scope} ${row.seconds}`)
          if (rows.length < asked.length) throw new Over()
        })
      } catch (error) {
        if (!(error instanceof Over)) throw error
        const over = asked.filter((one) => !counted.has(`${one.name} ${one.seconds}`))
        // The longest wait of those that are full: before it, another try would be refused as well.
        const ends = over.map((one) => ({ scope: one.scope, at: one.startsAt + one.seconds * 1000 }))
        const last = ends.reduce((a, b) => (b.at > a.at ? b : a))
        return { kind: 'too_many', scope: last.scope, retryAfterS: Math.max(1, Math.ceil((last.at - now) / 1000)) }
      }
      return { kind: 'counted' }
    },
  }
}

/** Forgets windows that have long ended. */
export const forgetCounts = (db: Db, now: number): Promise<unknown> =>
  db`delete from message_count where starts_at < ${toRfc3339(now - 2 * 86_400_000)}::timestamptz`
