import { createHash, createHmac, randomBytes } from 'node:crypto'
import type { Clock } from '../base/clock.ts'
import type { Db } from '../db/pool.ts'
import type { Caller } from './caller.ts'
import { sameDigest } from './keys.ts'
import { type Role, rightsOf } from './rights.ts'
import { findSession, IDLE_MS, noteSeen, type Session } from './session-store.ts'

/** A person who asks, by a session. */
export type Present = { readonly caller: Caller; readonly session: Session }

export type Sessions = {
  /**
   * Whose session this is; undefined for nobody's, and for one that has ended. Most answers come from memory: what another process
   * ended or changed is found out within a second.
   * @throws when the database is away
   */
  readonly identify: (token: string, address: string) => Present | undefined | Promise<Present | undefined>
  /** Whose session this still is, without its being used: an answer that goes on is no new request. */
  readonly peek: (token: string) => Promise<Present | undefined>
  /** Something about sessions or people changed here: look again. */
  readonly forget: () => void
}

const tokenForm = /^[A-Za-z0-9_-]{43}$/

/** A secret for one session, 256 bits. */
export const makeToken = (): string => randomBytes(32).toString('base64url')
export const digestOfToken = (token: string): Uint8Array => createHash('sha256').update(token).digest()

/**
 * What a page must send besides the cookie, which the browser sends whoever asks: follows from the session's secret, so that it is
 * another one in every session and nothing of it is kept.
 */
export const csrfTokenOf = (token: string): string =>
  createHmac('sha256', token).update('turant csrf').digest('base64url')

export const isCsrfToken = (token: string, given: string): boolean =>
  sameDigest(digestOfToken(csrfTokenOf(token)), digestOfToken(given))

/** How long what was found is believed. */
const FRESH_MS = 1_000
const MAX_KNOWN = 10_000
/** How often a session's use is written down: by so much earlier it may end than it should. */
const SEEN_EVERY_MS = 30_000

type Kept = { readonly session: Session; readonly roles: readonly Role[]; readonly at: number }

export function createSessions({ clock, db }: { readonly clock: Clock; readonly db: Db }): Sessions {
  const kept = new Map<string, Kept>()
  /** When the use of a session was last written down by this process. */
  const seen = new Map<string, number>()

  const use = ({ session, roles }: Kept, address: string, now: number): Present | undefined => {
    const seenAt = Math.max(session.seenAt, seen.get(session.id) ?? 0)
    if (session.expiresAt <= now || seenAt + IDLE_MS <= now) return undefined
    if (seenAt + SEEN_EVERY_MS <= now) {
      if (seen.size >= MAX_KNOWN) seen.clear()
      seen.set(session.id, now)
      noteSeen(db, session.id, now).catch(() => seen.delete(session.id)) // the next request writes it
    }
    return { session, caller: callerOf(session, roles, address) }
  }
  return {
    identify(token, address) {
      if (!tokenForm.test(token)) return undefined
      const now = clock.now()
      const sha256 = digestOfToken(token)
      const name = Buffer.from(sha256).toString('base64')
      const before = kept.get(name)
      if (before !== undefined && before.at + FRESH_MS > now && before.at <= now) return use(before, address, now)
      return findSession(db, sha256).then((found) => {
        kept.delete(name)
        if (found === undefined) return undefined
        if (kept.size >= MAX_KNOWN) kept.clear()
        const one = { ...found, at: now }
        kept.set(name, one)
        return use(one, address, now)
      })
    },
    async peek(token) {
      const found = tokenForm.test(token) ? await findSession(db, digestOfToken(token)) : undefined
      if (found === undefined) return undefined
      const { session, roles } = found
      const now = clock.now()
      const seenAt = Math.max(session.seenAt, seen.get(session.id) ?? 0)
      const isOver = session.expiresAt <= now || seenAt + IDLE_MS <= now
      return isOver ? undefined : { session, caller: callerOf(session, roles, session.address) }
    },
    forget: () => kept.clear(),
  }
}

const callerOf = (session: Session, roles: readonly Role[], address: string): Caller => ({
  tenantId: session.tenantId,
  actor: { kind: 'person', id: session.personId, name: session.personId },
  same: [session.personId],
  rights: rightsOf(roles),
  roles,
  via: 'session',
  live: false,
  reauthenticatedAt: session.provedAt,
  address,
})
