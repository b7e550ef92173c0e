import type { Clock } from '../base/clock.ts'
import type { Db } from '../db/pool.ts'
import type { Caller } from '../identity/caller.ts'
import { digestOfToken } from '../identity/sessions.ts'
import { findWalletSession, noteWalletSeen, type WalletSession } from './session-store.ts'

/** A customer who asks, by a session. */
export type PresentCustomer = { readonly caller: Caller; readonly session: WalletSession }

export type WalletSessions = {
  /** Whose session this is; undefined for nobody's, and for one that has ended. @throws when the database is away */
  readonly identify: (token: string, address: string) => Promise<PresentCustomer | undefined>
  /** Whether it still is one, without its being used: an answer that goes on is no new request. */
  readonly isOpen: (token: string) => Promise<boolean>
}

const tokenForm = /^[A-Za-z0-9_-]{43}$/
/** How often a session's use is written down: by so much earlier it may end than it should. */
const SEEN_EVERY_MS = 30_000

/** Sessions of customers. Nothing is remembered: one that was ended is over with the next request. */
export function createWalletSessions({ clock, db }: { readonly clock: Clock; readonly db: Db }): WalletSessions {
  const find = async (token: string): Promise<WalletSession | undefined> =>
    tokenForm.test(token) ? findWalletSession(db, digestOfToken(token), clock.now()) : undefined
  return {
    async identify(token, address) {
      const session = await find(token)
      if (session === undefined) return undefined
      const now = clock.now()
      if (session.seenAt + SEEN_EVERY_MS <= now) await noteWalletSeen(db, session.id, now)
      return { session, caller: callerOf(session, address) }
    },
    isOpen: async (token) => (await find(token)) !== undefined,
  }
}

/** A customer has no right: what is theirs is behind routes of their own, and everything else is denied. */
const callerOf = ({ tenantId, customerId, provedAt }: WalletSession, address: string): Caller => ({
  tenantId,
  actor: { kind: 'customer', id: customerId, name: customerId },
  same: [customerId],
  rights: new Set(),
  roles: [],
  via: 'wallet',
  live: false,
  reauthenticatedAt: provedAt,
  address,
})
