import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Known } from '../identity/clients.ts'
import type { PeopleRoom } from '../identity/people.ts'
import type { Session } from '../identity/session-store.ts'
import { csrfTokenOf, isCsrfToken } from '../identity/sessions.ts'
import { Problem } from './problems.ts'

export type SessionDeps = { readonly people: PeopleRoom; readonly origins: () => readonly string[] }

declare module 'fastify' {
  interface FastifyRequest {
    /** The session that a person asks by; null for a program. */
    session: Session | null
  }
}

/** `__Host-`: the browser takes it over TLS (or from localhost) only, for this host only, and from no other host. */
const COOKIE = '__Host-turant'
const attributes = { path: '/', secure: true, httpOnly: true, sameSite: 'strict' } as const

/** The secret of the session that a request's cookie has, if any. */
export const sessionTokenOf = (request: FastifyRequest): string | undefined => request.cookies[COOKIE]

/** Gives the browser its session: gone when it is closed, and here earlier than that. */
export function setSession(reply: FastifyReply, token: string): void {
  reply.header('cache-control', 'no-store').setCookie(COOKIE, token, attributes)
}
/** Takes the session back, and tells the browser to forget what it has of us: pages, stored things, the cookie. */
export function clearSession(reply: FastifyReply): void {
  reply.header('clear-site-data', '"cache", "cookies", "storage"')
  reply.header('cache-control', 'no-store').clearCookie(COOKIE, attributes)
}

const safe = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * Whether a browser says that a page of another site asks. Browsers say it in `Sec-Fetch-Site`, older ones in `Origin` alone.
 * @returns undefined when they say neither
 */
function isForeign(request: FastifyRequest, origins: readonly string[]): boolean | undefined {
  const site = request.headers['sec-fetch-site']
  const { origin } = request.headers
  if (site === undefined && origin === undefined) return undefined
  const isSafe = safe.has(request.method)
  // `none`: a person typed the address. That opens pages and changes nothing.
  if (site !== undefined && site !== 'same-origin' && !(isSafe && site === 'none')) return true
  return origin !== undefined && !origins.includes(origin)
}

/** For routes that anybody may use: a page of another site must not sign somebody in, or out of what they do. */
export function refuseForeign(deps: Pick<SessionDeps, 'origins'>, request: FastifyRequest): void {
  if (isForeign(request, deps.origins()) === true) throw new Problem('csrf_refused')
}

/**
 * Refuses what a page of another site may have sent. What changes anything must come from a page of this hub, by what the browser says, and
 * bring the session's token, which a page of another site cannot read; what only reads must not come from another site.
 * @param token  the secret of the session
 * @throws {Problem} `csrf_refused`
 */
export function refuseForged(request: FastifyRequest, origins: readonly string[], token: string): void {
  const foreign = isForeign(request, origins)
  if (foreign === true) throw new Problem('csrf_refused')
  if (safe.has(request.method)) return
  const given = request.headers['x-csrf-token']
  if (foreign === undefined || typeof given !== 'string' || !isCsrfToken(token, given))
    throw new Problem('csrf_refused')
}

/** Finds out which person asks. @throws {Problem} `csrf_refused` */
export function identifyPerson(
  { people, origins }: SessionDeps,
  request: FastifyRequest,
  token: string,
): Known | undefined | Promise<Known | undefined> {
  refuseForged(request, origins(), token)
  const found = people.sessions.identify(token, request.ip)
  if (!(found instanceof Promise)) return knownOf(request, found)
  return found.then((present) => knownOf(request, present))
}

const unsigned: Known['signing'] = new Map()

function knownOf(
  request: FastifyRequest,
  present: Awaited<ReturnType<PeopleRoom['sessions']['identify']>>,
): Known | undefined {
  if (present === undefined) return undefined
  request.session = present.session
  return { caller: present.caller, signing: unsigned }
}

/** The CSRF token of the session that a request's cookie has. */
export const csrfTokenOfRequest = (request: FastifyRequest): string => csrfTokenOf(sessionTokenOf(request) ?? '')
