import type { ActName } from '../base/act-names.ts'
import type { Clock } from '../base/clock.ts'
import type { Vault } from '../base/vault.ts'
import type { Db, Tx } from '../db/pool.ts'
import type { AsTenant } from '../db/tenant.ts'
import { type Ceremonies, createCeremonies } from './ceremonies.ts'
import { claimOnce } from './client-store.ts'
import { type RelyingParty, relyingPartyOf } from './passkeys.ts'
import { type CommonPasswords, createHashing, type Hashing, readCommonPasswords } from './passwords.ts'
import { forgetSessions } from './session-store.ts'
import { createSessions, type Sessions } from './sessions.ts'
import { createTries, type Tries } from './tries.ts'

/**
 * People: who they are, how they prove it, and how long that lasts. What all of it needs is put together here once.
 */

/** What is written down of something that a person did, or that was refused. In the shape of the audit chain's acts. */
export type Noted = {
  readonly tenantId: number
  readonly at: number
  readonly actor: { readonly kind: string; readonly id: string }
  readonly action: ActName
  readonly subject: string | null
  readonly outcome: 'done' | 'refused'
  readonly detail: Readonly<Record<string, string | number | boolean | null>>
  readonly requestId: string | null
  readonly address: string | null
}

export type PeopleDeps = {
  readonly clock: Clock
  /** The hub's own pool: before it is known who asks, there is no tenant. */
  readonly db: Db
  readonly vault: Vault
  readonly asTenant: AsTenant
  /** Writes down what was done, in its transaction. */
  readonly note: (tx: Tx, noted: Noted) => Promise<void>
  /** What the hub is called from outside. */
  readonly origins: () => readonly string[]
  readonly hashing?: Hashing
}

export type PeopleRoom = Omit<PeopleDeps, 'hashing'> & {
  readonly hashing: Hashing
  readonly sessions: Sessions
  readonly tries: Tries
  readonly ceremonies: Ceremonies
  readonly refusals: Refusals
  readonly common: () => CommonPasswords
  /** Undefined: the hub is called by addresses only, and passkeys belong to names. */
  readonly relyingParty: () => RelyingParty | undefined
  /** Forgets what has ended. */
  readonly sweep: () => Promise<void>
}

export function createPeople(deps: PeopleDeps): PeopleRoom {
  const { clock, db, vault } = deps
  const tries = createTries({ clock, db, vault })
  let common: CommonPasswords | undefined
  return {
    ...deps,
    hashing: deps.hashing ?? createHashing(),
    sessions: createSessions({ clock, db }),
    tries,
    ceremonies: createCeremonies({ clock, vault, claimOnce: (id, until) => claimOnce(db, id, until) }),
    refusals: createRefusals(clock),
    common() {
      common ??= readCommonPasswords()
      return common
    },
    relyingParty: () => relyingPartyOf(deps.origins()),
    async sweep() {
      await forgetSessions(db, clock.now())
      await tries.forget()
    },
  }
}

/** Which refusals are written down: enough to see an attack by, and never so many that they fill the record. */
export type Refusals = {
  /**
   * @param failures  in a row, with this one: the first five are told, then every doubling
   * @returns how many were passed over before this one; undefined when this one is passed over too
   */
  readonly tell: (tenantId: number, failures: number) => number | undefined
}

/** Of one tenant, in a minute. */
const TOLD_A_MINUTE = 30

function createRefusals(clock: Clock): Refusals {
  const tenants = new Map<number, { since: number; told: number; passedOver: number }>()
  return {
    tell(tenantId, failures) {
      const now = clock.monotonicMs()
      const one = tenants.get(tenantId) ?? { since: now, told: 0, passedOver: 0 }
      tenants.set(tenantId, one)
      if (now - one.since >= 60_000) {
        one.since = now
        one.told = 0
      }
      const loud = failures <= 5 || Number.isInteger(Math.log2(failures))
      if (!loud || one.told >= TOLD_A_MINUTE) {
        one.passedOver += 1
        return undefined
      }
      one.told += 1
      const before = one.passedOver
      one.passedOver = 0
      return before
    },
  }
}
