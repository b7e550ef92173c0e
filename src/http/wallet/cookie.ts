import type { FastifyReply, FastifyRequest } from 'fastify'
import type { WalletSession } from '../../customer/session-store.ts'
import type { WalletSessions } from '../../customer/sessions.ts'
import type { Known } from '../../identity/clients.ts'
import { Problem } from '../problems.ts'
import { refuseForged } from '../session-cookie.ts'

export type WalletCookieDeps = { readonly wallets: WalletSessions; readonly origins: () => readonly string[] }

declare module 'fastify' {
  interface FastifyRequest {
    /** The session that a customer asks by; null for everybody else. */
    wallet: WalletSession | null
  }
}

/** Beside the cookie of people: a customer's browser may be one that somebody of the institution used. */
const COOKIE = '__Host-turant-wallet'
const attributes = { path: '/', secure: true, httpOnly: true, sameSite: 'strict' } as const

/** The secret of the wallet session that a request's cookie has, if any. */
export const walletTokenOf = (request: FastifyRequest): string | undefined => request.cookies[COOKIE]

/** Gives the browser its session: gone when it is closed, and here earlier than that. */
export function setWallet(reply: FastifyReply, token: string): void {
  reply.header('cache-control', 'no-store').setCookie(COOKIE, token, attributes)
}

/** Takes the session back. What the page keeps for a connection that was lost stays: it has no secret in it. */
export function clearWallet(reply: FastifyReply): void {
  reply.header('cache-control', 'no-store').clearCookie(COOKIE, attributes)
}

const unsigned: Known['signing'] = new Map()

/** Finds out which customer asks; as strict about pages of other sites as for people. @throws {Problem} `csrf_refused` */
export async function identifyCustomer(
  { wallets, origins }: WalletCookieDeps,
  request: FastifyRequest,
  token: string,
): Promise<Known | undefined> {
  refuseForged(request, origins(), token)
  const present = await wallets.identify(token, request.ip)
  if (present === undefined) return undefined
  request.wallet = present.session
  return { caller: present.caller, signing: unsigned }
}

/** The session of a request behind the policy of customers. */
export function walletOf(request: FastifyRequest): WalletSession {
  if (request.wallet === null) throw new Problem('unauthorized')
  return request.wallet
}
